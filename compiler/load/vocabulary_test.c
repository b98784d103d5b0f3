/* load/vocabulary_test.c - the hand-made image passes the checker that every image passes, and its kinds line
 * up. */
#include "load/node.h"
#include "testkit.h"

TEST(vocabulary_is_a_proved_image)
{
    struct bark_image image;
    struct bark_error err = { .code = BARK_OK };
    enum bark_code code = bark_image_open(&image, soapc_vocabulary(), &err);
    char text[512];
    bark_error_text(&err, text, sizeof text);
    CHECK_TEXT(text, "no error");
    CHECK(code == BARK_OK);
}

/* The kind worked out from a child's place must be the name of the field at that place. */
static void kinds_compare(const struct bark_image *image, uint16_t root, const char *prefix)
{
    const struct bark_type_row *node = &image->types[bark_root_type(image, root)];
    const struct bark_field_row *children = &image->fields[node->first + node->count - 1];
    const struct bark_type_row *choice = &image->types[children->type];
    for (uint16_t which = 1; which <= choice->count; which++) {
        const struct bark_field_row *f = &image->fields[choice->first + which - 1];
        uint8_t soap = 0;
        enum soapc_node_kind kind =
            root == SOAPC_ROOT_SCHEMA ? soapc_xs_kind(which) : soapc_wsdl_kind(which, &soap);
        const char *name = soapc_kind_name(kind);
        if (bark_field_kind(image, f) == BARK_FIELD_ANY) {
            CHECK(kind == SOAPC_WSDL_ANY);
            continue;
        }
        struct bark_slice local = bark_image_name(image, f->name);
        bool raw = image->types[f->type].model == BARK_MODEL_RAW;
        const char *colon = strchr(name, ':');
        CHECK_IN(name, colon != NULL);
        CHECK_IN(name, soapc_kind_is_raw(kind) == raw);
        if (colon && strncmp(name, prefix, strlen(prefix)) == 0)
            CHECK_IN(name, strlen(colon + 1) == local.len && memcmp(colon + 1, local.ptr, local.len) == 0);
    }
}

TEST(kinds_follow_the_choice)
{
    struct bark_image image;
    struct bark_error err = { .code = BARK_OK };
    CHECK(bark_image_open(&image, soapc_vocabulary(), &err) == BARK_OK);
    if (testkit.failed_checks)
        return;
    kinds_compare(&image, SOAPC_ROOT_SCHEMA, "xs:");
    kinds_compare(&image, SOAPC_ROOT_DEFINITIONS, "");
}

TEST_MAIN(RUN(vocabulary_is_a_proved_image) RUN(kinds_follow_the_choice))
