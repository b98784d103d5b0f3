/* base/report_test.c - texts of the error record: cut, cleaned, listed; places counted.
 */
#include "base/report.h"
#include "base/utf8.h"
#include "testkit.h"

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

TEST(what_a_peer_sent_is_cleaned)
{
    char field[64] = "";
    bark_report_add(field, sizeof field,
                    slice("a\nb\x01\x7f\xff\xc3(\xc2\x85\xe2\x82\xac\xef\xbf\xbf\xef\xbf\xbe\xef\xbf\xbd"));
    CHECK_TEXT(field, "a?b???\?(?\xe2\x82\xac?\?\xef\xbf\xbd");
}

TEST(a_text_is_cut_between_characters)
{
    size_t size, len;
    for (size = 4; size < 40; size++)
        for (len = 0; len < 30; len++) {
            char text[128] = "", field[64] = "";
            const uint8_t *at = (const uint8_t *)field;
            uint32_t point;
            size_t i, taken;
            for (i = 0; i < len; i++)
                strcat(text, i % 3 == 0 ? "\xe2\x82\xac" : i % 3 == 1 ? "x" : "\xf0\x9f\x8c\xb3");
            bark_report_add(field, size, slice(text));
            CHECK(strlen(field) < size);
            CHECK(strlen(text) < size ? strcmp(field, text) == 0 : strstr(field, "...") != NULL);
            for (; *at; at += taken) {
                taken = bark_utf8_take(at, (const uint8_t *)field + strlen(field), &point);
                CHECK(taken != 0);
                if (taken == 0)
                    break;
            }
        }
}

TEST(nothing_follows_a_cut)
{
    char field[12] = "";
    bark_report_add(field, sizeof field, slice("0123456789abcdef"));
    CHECK_TEXT(field, "01234567...");
    bark_report_say(field, sizeof field, "x");
    CHECK_TEXT(field, "01234567...");
}

TEST(alternatives_become_a_list)
{
    struct bark_error err = { 0 };
    int i;
    bark_report_expect(&err, slice("A"));
    CHECK_TEXT(err.expected, "A");
    bark_report_expect(&err, slice("B"));
    CHECK_TEXT(err.expected, "one of: A, B");
    bark_report_expect(&err, slice("C"));
    CHECK_TEXT(err.expected, "one of: A, B, C");
    for (i = 0; i < 100; i++)
        bark_report_expect(&err, slice("another"));
    CHECK(strlen(err.expected) < sizeof err.expected);
    CHECK_TEXT(err.expected + strlen(err.expected) - 3, "...");
}

static const struct {
    const char *text;
    size_t at;
    unsigned line, column;
} places[] = {
    { "", 0, 1, 1 },           { "abc", 2, 1, 3 },       { "a\nb", 2, 2, 1 },   { "a\r\nb", 3, 2, 1 },
    { "a\rb", 2, 2, 1 },       { "a\r\rb", 3, 3, 1 },    { "\n\n\n", 3, 4, 1 }, { "a\r", 2, 2, 1 },
    { "\r\n\r\nxy", 5, 3, 2 }, { "\xc3\xa9x", 2, 1, 3 },
};

TEST(places_are_counted_in_lines_and_bytes)
{
    size_t i;
    for (i = 0; i < sizeof places / sizeof *places; i++) {
        struct bark_error err = { 0 };
        bark_report_place(&err, (const uint8_t *)places[i].text, places[i].at);
        CHECK_IN(places[i].text, err.line == places[i].line && err.column == places[i].column);
    }
}

TEST_MAIN(RUN(what_a_peer_sent_is_cleaned) RUN(a_text_is_cut_between_characters) RUN(nothing_follows_a_cut)
              RUN(alternatives_become_a_list) RUN(places_are_counted_in_lines_and_bytes))
