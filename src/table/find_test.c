/* table/find_test.c - rows found by name, and names that are not there. */
#include "base/slice.h"
#include "sample_image.h"
#include "testkit.h"

static struct image_builder builder;
static struct sample_rows rows;
static struct bark_image image;

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static bool image_ready(void)
{
    struct bark_error err = { 0 };
    return bark_image_open(&image, sample_image(&builder, &rows), &err) == BARK_OK;
}

TEST(roots_are_found_by_namespace_and_name)
{
    CHECK(image_ready());
    CHECK(bark_image_find_root(&image, slice("urn:sample"), slice("Tree")) == rows.tree_root);
    CHECK(bark_image_find_root(&image, slice("urn:other"), slice("Tree")) == BARK_NONE);
    CHECK(bark_image_find_root(&image, slice(""), slice("Tree")) == BARK_NONE);
    CHECK(bark_image_find_root(&image, slice("urn:sample"), slice("Tre")) == BARK_NONE);
    CHECK(bark_image_find_root(&image, slice("urn:sample"), (struct bark_slice){ NULL, 0 }) == BARK_NONE);
}

/* Tree and TreeResponse are two sides of a row. */
TEST(both_sides_of_a_row_are_roots)
{
    struct bark_joined name;
    CHECK(image_ready());
    CHECK(rows.answer_root == image.root_count + rows.tree_root);
    CHECK(bark_image_find_root(&image, slice("urn:sample"), slice("TreeResponse")) == rows.answer_root);
    CHECK(bark_image_find_root(&image, slice("urn:sample"), slice("Response")) == BARK_NONE);
    CHECK(bark_image_find_root(&image, slice("urn:sample"), slice("TreeResponses")) == BARK_NONE);
    CHECK(bark_image_find_root(&image, slice("urn:sample"), slice("TreeRespons")) == BARK_NONE);
    CHECK(bark_root_type(&image, rows.answer_root) == rows.tree);
    CHECK(bark_root_ns(&image, rows.answer_root) == 1 && bark_root_bits(&image, rows.answer_root) == 0);
    CHECK(bark_root_namespaces(&image, rows.answer_root) == 2);
    name = bark_root_name(&image, rows.answer_root);
    CHECK(bark_joined_is(&name, slice("TreeResponse")) && !bark_joined_is(&name, slice("Tree")));
    CHECK(!bark_joined_is(&name, slice("TrueResponse")) && !bark_joined_is(&name, slice("TreeRespinse")));
    name = bark_root_name(&image, rows.tree_root);
    CHECK(name.tail.len == 0 && bark_joined_is(&name, slice("Tree")));
}

TEST(numbers_that_are_no_roots)
{
    CHECK(image_ready());
    CHECK(bark_root_type(&image, image.root_count + rows.item_root) == BARK_NONE); /* it has one side */
    CHECK(!bark_root_is(&image, image.root_count + rows.item_root, slice("Item")));
    CHECK(bark_root_type(&image, bark_root_end(&image)) == BARK_NONE);
    CHECK(bark_root_type(&image, BARK_NONE) == BARK_NONE && bark_root_type(&image, UINT32_MAX) == BARK_NONE);
    CHECK(!bark_root_is(&image, BARK_NONE, (struct bark_slice){ NULL, 0 }));
}

TEST(operations_say_what_their_rows_leave_out)
{
    struct bark_joined action;
    CHECK(image_ready());
    CHECK(bark_slice_equal(bark_operation_name(&image, 0), slice("GetItem")));
    CHECK(bark_slice_equal(bark_operation_name(&image, 2), slice("Tree")));
    CHECK(bark_operation_output(&image, 0) == rows.item_root);
    CHECK(bark_operation_output(&image, 1) == BARK_NONE);
    CHECK(bark_operation_output(&image, 2) == rows.answer_root);
    action = bark_operation_action(&image, 2);
    CHECK(bark_joined_is(&action, slice("urn:sample/Tree")));
    action = bark_operation_action(&image, 1);
    CHECK(bark_joined_is(&action, (struct bark_slice){ NULL, 0 }));
}

TEST(operations_are_found_by_name)
{
    CHECK(image_ready());
    CHECK(bark_image_find_operation(&image, BARK_NONE, slice("Tell")) == 1);
    CHECK(bark_image_find_operation(&image, 0, slice("GetItem")) == 0);
    CHECK(bark_image_find_operation(&image, 0, slice("Tree")) == 2);
    CHECK(bark_image_find_operation(&image, 1, slice("GetItem")) == BARK_NONE);
    CHECK(bark_image_find_operation(&image, 0, slice("Get")) == BARK_NONE);
}

TEST(enumerators_have_texts)
{
    CHECK(image_ready());
    CHECK(bark_text_equal(bark_image_enum_text(&image, rows.color, SAMPLE_RED), "red"));
    CHECK(bark_text_equal(bark_image_enum_text(&image, rows.color, SAMPLE_BLUE), "blue"));
    CHECK(bark_image_enum_text(&image, rows.color, 0).ptr == NULL);
    CHECK(bark_image_enum_text(&image, rows.color, 4).ptr == NULL);
    CHECK(bark_image_enum_text(&image, rows.item, 1).ptr == NULL);
    CHECK(bark_image_enum_text(&image, BARK_NONE, 1).ptr == NULL);
}

TEST_MAIN(RUN(roots_are_found_by_namespace_and_name) RUN(both_sides_of_a_row_are_roots)
              RUN(numbers_that_are_no_roots) RUN(operations_say_what_their_rows_leave_out)
                  RUN(operations_are_found_by_name) RUN(enumerators_have_texts))
