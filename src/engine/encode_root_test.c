/* engine/encode_root_test.c - roots whose name is of two pieces: in tags, in paths, and in what was expected.
 */
#include "engine/encode_testing.h"

static struct encoding e;

#define S " xmlns:s=\"urn:sample\""

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* Encodes to the text wanted, which is decoded by its name and by its number, and encoded once more. */
static void round_trip(uint16_t root, const struct sample_tree *tree, const char *want)
{
    static char first[sizeof e.text];
    uint16_t found;
    void *msg = NULL;
    CHECK_IN(want, encoding_run(&e, root, tree) == BARK_OK);
    CHECK_TEXT(e.text, want);
    memcpy(first, e.text, sizeof first);
    CHECK_IN(want,
             bark_decode(&e.image, root, slice(first), &e.limits, &e.arena, &msg, NULL, &e.err) == BARK_OK);
    CHECK_IN(want, bark_decode(&e.image, BARK_NONE, slice(first), &e.limits, &e.arena, &msg, &found,
                               &e.err) == BARK_OK &&
                       found == root);
    CHECK_IN(want, msg && encoding_run(&e, root, msg) == BARK_OK);
    CHECK_TEXT(e.text, want);
    bark_arena_init(&e.arena, e.memory, sizeof e.memory);
}

TEST(an_answer_whose_name_goes_on)
{
    struct sample_tree leaf = { .name = bark_text("n") }, tree = { .name = bark_text("t") };
    encoding_open(&e);
    round_trip(e.rows.answer_root, &tree, "<s:TreeResponse" S " name=\"t\"/>");
    tree.trees = (struct bark_array){ .items = &leaf, .count = 1 };
    round_trip(e.rows.answer_root, &tree,
               "<s:TreeResponse" S " name=\"t\"><s:Tree name=\"n\"/></s:TreeResponse>");
    round_trip(e.rows.tree_root, &tree, "<s:Tree" S " name=\"t\"><s:Tree name=\"n\"/></s:Tree>");
    leaf.name.ptr = NULL;
    CHECK(encoding_run(&e, e.rows.answer_root, &tree) != BARK_OK);
    CHECK_TEXT(e.err.path, "/TreeResponse/Tree[1]/@name");
}

TEST(a_side_that_is_no_root)
{
    const struct sample_tree tree = { .name = bark_text("t") };
    uint16_t none;
    encoding_open(&e);
    none = (uint16_t)(e.image.root_count + e.rows.item_root);
    CHECK(encoding_run(&e, none, &tree) == BARK_ERR_USE);
    CHECK(encoding_run(&e, (uint16_t)bark_root_end(&e.image), &tree) == BARK_ERR_USE);
    CHECK(encoding_run(&e, BARK_NONE, &tree) == BARK_ERR_USE);
}

TEST(whole_names_are_expected)
{
    static const char other[] = "<s:TreeRespons" S " name=\"t\"/>";
    void *msg;
    encoding_open(&e);
    CHECK(bark_decode(&e.image, BARK_NONE, slice(other), &e.limits, &e.arena, &msg, NULL, &e.err) ==
          BARK_ERR_UNEXPECTED);
    CHECK_TEXT(e.err.expected, "one of: Item, Tree, Color, Box, TreeResponse");
    CHECK(bark_decode(&e.image, e.rows.answer_root, slice(other), &e.limits, &e.arena, &msg, NULL, &e.err) ==
          BARK_ERR_UNEXPECTED);
    CHECK_TEXT(e.err.expected, "TreeResponse");
}

TEST(json_has_paths_of_whole_names)
{
    static const char json[] = "{\"@name\":\"t\",\"Tree\":[{}]}";
    void *msg;
    encoding_open(&e);
    CHECK(bark_decode_json(&e.image, e.rows.answer_root, slice(json), &e.limits, &e.arena, &msg, &e.err) !=
          BARK_OK);
    CHECK(strncmp(e.err.path, "/TreeResponse/Tree", strlen("/TreeResponse/Tree")) == 0);
    CHECK(bark_decode_json(&e.image, (uint16_t)(e.image.root_count + e.rows.item_root), slice(json),
                           &e.limits, &e.arena, &msg, &e.err) == BARK_ERR_USE);
}

TEST_MAIN(RUN(an_answer_whose_name_goes_on) RUN(a_side_that_is_no_root) RUN(whole_names_are_expected)
              RUN(json_has_paths_of_whole_names))
