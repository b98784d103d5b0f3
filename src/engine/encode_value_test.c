/* engine/encode_value_test.c - values longer than the escaping buffer, defaults and fixed texts, names. */
#include "engine/encode_testing.h"

static struct encoding e;

/* Texts that end before, at and after the buffer's end, with something to escape at every place. */
TEST(texts_longer_than_the_buffer_come_back)
{
    static char name[1200];
    struct sample_item item = encoding_item();
    size_t len, at;
    encoding_open(&e);
    for (len = 240; len < 1100; len += 43)
        for (at = 0; at < len; at += 37) {
            void *msg;
            memset(name, 'x', len);
            name[len] = '\0';
            name[at] = '<';
            memcpy(name + len - 3, "\xe2\x82\xac", 3); /* may be cut by the buffer, not by the result */
            item.name = item.token = bark_text(name);
            CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
            CHECK(bark_decode(&e.image, e.rows.item_root,
                              (struct bark_slice){ (uint8_t *)e.text, strlen(e.text) }, &e.limits, &e.arena,
                              &msg, NULL, &e.err) == BARK_OK);
            if (msg)
                CHECK(bark_text_equal(((struct sample_item *)msg)->name, name) &&
                      bark_text_equal(((struct sample_item *)msg)->token, name));
            bark_arena_reset(&e.arena);
        }
}

TEST(an_empty_text_is_refused_where_it_would_mean_the_default)
{
    struct sample_item item = encoding_item();
    struct wide_field *name;
    encoding_open(&e);
    name = encoding_field(&e, e.rows.item, "Name");
    name->extra = encoding_field(&e, e.rows.item, "Level")->extra; /* "3" */
    name->bits |= BARK_F_DEFAULT;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    item.name = bark_text("");
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_FACET);
    CHECK_TEXT(e.err.path, "/Item/Name");
    item.name = bark_text(NULL); /* absent and required: the empty element asks for the default */
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    CHECK(strstr(e.text, "<s:Name/>"));
}

/* The simple content of a struct; its default or fixed text may stand at the element. */
TEST(simple_content_minds_the_defaults_of_its_element)
{
    struct sample_item item = encoding_item();
    struct sample_length length = { 3, { NULL, 0 } };
    struct wide_field *holder;
    uint16_t text, string;
    encoding_open(&e);
    item.length = &length;
    holder = encoding_field(&e, e.rows.item, "Length");
    holder->extra = encoding_field(&e, e.rows.item, "Level")->extra;
    holder->bits |= BARK_F_FIXED;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    length.value = 3.5;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_FACET);
    CHECK_TEXT(e.err.path, "/Item/Length");
    /* A text content that is absent: fine with a default, missing without. */
    text = (uint16_t)(e.types[holder->type].first + 1);
    string = e.fields[e.types[holder->type].first].type;
    e.fields[text].type = string;
    e.fields[text].offset = offsetof(struct sample_length, unit);
    holder->bits ^= BARK_F_FIXED | BARK_F_DEFAULT;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    CHECK(strstr(e.text, "<s:Length/>"));
    holder->bits ^= BARK_F_DEFAULT;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_MISSING);
    CHECK_TEXT(e.err.path, "/Item/Length");
}

TEST(a_list_of_names_brings_its_namespaces)
{
    struct sample_item item = encoding_item();
    struct bark_qname names[] = { { { "urn:x", 5 }, { "a", 1 } },
                                  { { "urn:sample", 10 }, { "b", 1 } },
                                  { { "urn:y", 5 }, { "c", 1 } },
                                  { { "urn:x", 5 }, { "d", 1 } } };
    const struct wide_field *numbers, *kind;
    encoding_open(&e);
    numbers = encoding_field(&e, e.rows.item, "Numbers");
    kind = encoding_field(&e, e.rows.item, "Kind");
    e.types[numbers->type].first = kind->type;
    item.numbers = (struct bark_array){ .items = names, .count = 4 };
    item.has_numbers = BARK_PRESENT;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    CHECK(strstr(e.text, "<s:Numbers xmlns:_1=\"urn:x\" xmlns:_2=\"urn:y\">_1:a s:b _2:c _1:d</s:Numbers>"));
    e.limits.namespaces = 1;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_LIMIT);
    CHECK_TEXT(e.err.path, "/Item/Numbers");
}

TEST(fixed_enumerations_and_names_are_compared)
{
    struct sample_item item = encoding_item();
    struct wide_field *color;
    encoding_open(&e);
    color = encoding_field(&e, e.rows.item, "Color");
    color->extra = encoding_field(&e, e.rows.item, "Level")->extra;
    e.extras[color->extra].text =
        bark_name_offset(e.image.names[e.image.lists[e.types[color->type].first + 1]]);
    e.extras[color->extra].text_len = 5; /* green */
    color->bits |= BARK_F_FIXED;
    item.color = SAMPLE_GREEN;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_OK);
    item.color = SAMPLE_RED;
    CHECK(encoding_run(&e, e.rows.item_root, &item) == BARK_ERR_FACET);
}

TEST_MAIN(RUN(texts_longer_than_the_buffer_come_back)
              RUN(an_empty_text_is_refused_where_it_would_mean_the_default)
                  RUN(simple_content_minds_the_defaults_of_its_element)
                      RUN(a_list_of_names_brings_its_namespaces)
                          RUN(fixed_enumerations_and_names_are_compared))
