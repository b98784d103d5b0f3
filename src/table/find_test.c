/* table/find_test.c - rows found by name, and names that are not there. */
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

TEST(operations_are_found_by_name)
{
    CHECK(image_ready());
    CHECK(bark_image_find_operation(&image, BARK_NONE, slice("Tell")) == 1);
    CHECK(bark_image_find_operation(&image, 0, slice("GetItem")) == 0);
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

TEST_MAIN(RUN(roots_are_found_by_namespace_and_name) RUN(operations_are_found_by_name)
              RUN(enumerators_have_texts))
