/* base/error_test.c - the first failure wins, and its text is complete, bounded and counted. */
#include "soapbark/base.h"

#include "testkit.h"

TEST(first_failure_wins)
{
    struct bark_error err = { 0 };
    CHECK(bark_fail(&err, BARK_ERR_XML, 7, "first") == BARK_ERR_XML);
    CHECK(bark_fail(&err, BARK_ERR_LIMIT, 9, "second") == BARK_ERR_XML);
    CHECK(err.offset == 7);
    CHECK_TEXT(err.rule, "first");
    CHECK(bark_fail(NULL, BARK_ERR_IO, 0, "nobody listens") == BARK_ERR_IO);
}

TEST(every_code_has_a_text)
{
    for (unsigned code = 0; code < BARK_CODE_COUNT; code++)
        CHECK(bark_code_text((enum bark_code)code)[0] != '\0');
    CHECK_TEXT(bark_code_text(BARK_CODE_COUNT), "unknown code");
}

TEST(text_names_place_path_rule_and_both_sides)
{
    struct bark_error err = { .code = BARK_ERR_TYPE,
                              .line = 12,
                              .column = 4294967295,
                              .rule = "[XSD2 3.3.17] an int",
                              .path = "/a/b[3]",
                              .expected = "a number",
                              .found = "x" };
    const char *want = "12:4294967295: /a/b[3]: [XSD2 3.3.17] an int; expected a number; found \"x\"";
    char text[128];
    CHECK(bark_error_text(&err, text, sizeof text) == strlen(want));
    CHECK_TEXT(text, want);
    err = (struct bark_error){ .code = BARK_ERR_IO };
    (void)bark_error_text(&err, text, sizeof text);
    CHECK_TEXT(text, "an input or output operation failed");
}

/* Each size from nothing to one too many: what fits is there, the NUL is inside, the count is the whole. */
TEST(text_is_cut_to_its_room)
{
    const struct bark_error err = { .code = BARK_ERR_XML, .line = 1, .column = 2, .rule = "rule" };
    const char *want = "1:2: rule";
    for (size_t size = 0; size <= strlen(want) + 2; size++) {
        char text[32];
        memset(text, '#', sizeof text);
        CHECK(bark_error_text(&err, text, size) == strlen(want));
        if (size > 0) {
            const size_t len = size - 1 < strlen(want) ? size - 1 : strlen(want);
            CHECK(strlen(text) == len);
            CHECK(memcmp(text, want, len) == 0);
        }
        CHECK(text[size] == '#');
    }
}

TEST_MAIN(RUN(first_failure_wins) RUN(every_code_has_a_text) RUN(text_names_place_path_rule_and_both_sides)
              RUN(text_is_cut_to_its_room))
