/* compiler/codes_test.c - the table of codes is whole, and its examples do what they say. */
#include "codes.h"
#include "lower/plan.h"
#include "model/model_testing.h"
#include "testkit.h"

#include <stdio.h>

static struct test_world world;

TEST(rows_are_sorted_and_complete)
{
    const struct soapc_code_info *info;
    unsigned last = 0;
    for (size_t i = 0; (info = soapc_code_at(i)) != NULL; i++) {
        CHECK((unsigned)info->code > last);
        CHECK(soapc_code_find(info->code) == info);
        CHECK(info->title[0] && info->spec[0]);
        CHECK(info->text[0] && info->text[strlen(info->text) - 1] == '\n');
        CHECK(!info->right || info->wrong);
        last = (unsigned)info->code;
    }
    CHECK(last == SOAPC_E_OVERRIDE_TAKEN);
}

TEST(codes_are_printed)
{
    char text[SOAPC_CODE_TEXT];
    soapc_code_print(SOAPC_E_UNKNOWN_NAME, text);
    CHECK_TEXT(text, "E0301");
    soapc_code_print(SOAPC_W_IMPORT_UNUSED, text);
    CHECK_TEXT(text, "W0106");
    soapc_code_print(SOAPC_NO_CODE, text);
    CHECK_TEXT(text, "");
    soapc_code_print((enum soapc_code)9999, text);
    CHECK_TEXT(text, "");
}

/* Loads, resolves and lowers the example; world.diag has the verdict. */
static void example_compile(const char *body)
{
    char schema[4096];
    const struct test_file files[] = { { "example.xsd", schema }, { NULL, NULL } };
    const struct soapc_lower_options options = { .all_elements = true };
    int len = snprintf(schema, sizeof schema, "<xs:schema " TEST_XS ">\n%s</xs:schema>", body);
    CHECK(len > 0 && (size_t)len < sizeof schema);
    test_load(&world, files);
    if (world.model && world.diag->error_count == 0)
        soapc_plan_free(soapc_lower(world.model, &options, world.diag));
}

static bool was_said(enum soapc_code code)
{
    for (size_t i = 0; i < world.diag->message_count; i++)
        if (world.diag->messages[i].code == code)
            return true;
    return false;
}

TEST(examples_do_what_they_say)
{
    const struct soapc_code_info *info;
    size_t wrong = 0, right = 0;
    for (size_t i = 0; (info = soapc_code_at(i)) != NULL; i++) {
        char code[SOAPC_CODE_TEXT];
        soapc_code_print(info->code, code);
        if (info->wrong) {
            example_compile(info->wrong);
            CHECK_TEXT(was_said(info->code) ? code : world.messages, code);
            CHECK((world.diag->error_count > 0) == !info->warning);
            test_free(&world);
            wrong++;
        }
        if (info->right) {
            example_compile(info->right);
            CHECK_TEXT(world.diag->message_count ? world.diag->messages[0].text : "", "");
            test_free(&world);
            right++;
        }
    }
    CHECK(wrong >= 28 && right >= 22);
}

TEST_MAIN(RUN(rows_are_sorted_and_complete) RUN(codes_are_printed) RUN(examples_do_what_they_say))
