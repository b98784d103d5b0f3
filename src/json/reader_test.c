/* json/reader_test.c - what [RFC8259] allows and refuses, every limit, and the same events from every cut. */
#include "testkit.h"
#include "json/reader.h"

#include <stdlib.h>

static _Alignas(BARK_ALIGN) uint8_t memory[65536];
static char trace[4096];

static const struct bark_limits *tight(void)
{
    static struct bark_limits limits;
    limits = (struct bark_limits){ .depth = 4, .elements = 12, .text_bytes = 16, .name_bytes = 8 };
    return &limits;
}

/* Reads everything; the events go to trace, one word each. */
static enum bark_code events_read(struct bark_slice in, const struct bark_limits *limits, uint64_t fail_at,
                                  struct bark_error *err)
{
    static const char *const words[] = { "{", "}", "[", "]", "n:", "s:", "", "", "", "", "." };
    struct bark_arena arena;
    struct bark_json_reader r;
    struct bark_json_event ev = { .kind = BARK_JSON_NULL };
    enum bark_code code;
    size_t used = 0;
    *err = (struct bark_error){ 0 };
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    trace[0] = '\0';
    code = bark_json_open(&r, in, limits, &arena, err);
    while (code == BARK_OK && ev.kind != BARK_JSON_EOF) {
        struct bark_slice text = { NULL, 0 };
        code = bark_json_next(&r, &ev);
        if (code == BARK_OK)
            code = bark_json_text(&r, &ev, &text);
        if (code == BARK_OK)
            used += (size_t)snprintf(trace + used, sizeof trace - used, "%s%.*s ", words[ev.kind],
                                     (int)text.len, text.ptr ? (const char *)text.ptr : "");
    }
    return code;
}

static enum bark_code text_read(const char *text, struct bark_error *err)
{
    return events_read((struct bark_slice){ (const uint8_t *)text, strlen(text) }, tight(), 0, err);
}

static const struct {
    const char *text, *events;
} good[] = {
    { "{}", "{ } . " },
    { " [ ] ", "[ ] . " },
    { "\t\r\n7 ", "7 . " },
    { "{\"a\":1,\"b\":[true,false,null]}", "{ n:a 1 n:b [ true false null ] } . " },
    { "[[[[]]]]", "[ [ [ [ ] ] ] ] . " },
    { "[{},{}]", "[ { } { } ] . " },
    { "-0", "-0 . " },
    { "[0.5,1e5,1E+5,-12.25e-3]", "[ 0.5 1e5 1E+5 -12.25e-3 ] . " },
    { "1234567890123456", "1234567890123456 . " }, /* longer than any C number is fine: it stays text */
    { "\"\"", "s: . " },
    { "\"\\\"\\\\\\/\\n\"", "s:\"\\/\n . " },
    { "\"\\u0041\\u00e9\"", "s:A\xc3\xa9 . " },
    { "\"\\ud834\\udd1e\"", "s:\xf0\x9d\x84\x9e . " }, /* a pair is one character */
    { "\"\\u20AC\"", "s:\xe2\x82\xac . " },
    { "\"\xf0\x9d\x84\x9e\"", "s:\xf0\x9d\x84\x9e . " },
    { "{\"a\":1,\"a\":2}", "{ n:a 1 n:a 2 } . " }, /* equal names are the decoder's to refuse */
};

TEST(good_texts)
{
    size_t i;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        struct bark_error err;
        CHECK_IN(good[i].text, text_read(good[i].text, &err) == BARK_OK);
        CHECK_TEXT(trace, good[i].events);
    }
}

static const struct {
    const char *text;
    enum bark_code code;
    uint64_t offset;
} bad[] = {
    { "", BARK_ERR_JSON, 0 },
    { " ", BARK_ERR_JSON, 1 },
    { "\xef\xbb\xbf{}", BARK_ERR_JSON, 0 }, /* [RFC8259 8.1] */
    { "{", BARK_ERR_JSON, 1 },
    { "}", BARK_ERR_JSON, 0 },
    { "]", BARK_ERR_JSON, 0 },
    { "[1,]", BARK_ERR_JSON, 3 },
    { "[,1]", BARK_ERR_JSON, 1 },
    { "[1 2]", BARK_ERR_JSON, 3 },
    { "[1}", BARK_ERR_JSON, 2 },
    { "{\"a\":1]", BARK_ERR_JSON, 6 },
    { "{\"a\":1,}", BARK_ERR_JSON, 7 },
    { "{\"a\"}", BARK_ERR_JSON, 4 },
    { "{\"a\" 1}", BARK_ERR_JSON, 5 },
    { "{\"a\":}", BARK_ERR_JSON, 5 },
    { "{a:1}", BARK_ERR_JSON, 1 },
    { "{'a':1}", BARK_ERR_JSON, 1 },
    { "{1:1}", BARK_ERR_JSON, 1 },
    { "{} {}", BARK_ERR_JSON, 3 },
    { "1,", BARK_ERR_JSON, 1 },
    { "01", BARK_ERR_JSON, 0 },
    { "+1", BARK_ERR_JSON, 0 },
    { "-", BARK_ERR_JSON, 0 },
    { ".5", BARK_ERR_JSON, 0 },
    { "1.", BARK_ERR_JSON, 0 },
    { "1e", BARK_ERR_JSON, 0 },
    { "1e+", BARK_ERR_JSON, 0 },
    { "0x10", BARK_ERR_JSON, 1 },
    { "NaN", BARK_ERR_JSON, 0 },
    { "Infinity", BARK_ERR_JSON, 0 },
    { "truth", BARK_ERR_JSON, 0 },
    { "True", BARK_ERR_JSON, 0 },
    { "nul", BARK_ERR_JSON, 0 },
    { "nulls", BARK_ERR_JSON, 4 },
    { "// x\n1", BARK_ERR_JSON, 0 },
    { "\"a", BARK_ERR_JSON, 2 },
    { "\"a\\\"", BARK_ERR_JSON, 4 },
    { "\"\\x41\"", BARK_ERR_JSON, 1 },
    { "\"\\u12\"", BARK_ERR_JSON, 1 },
    { "\"\\u12g4\"", BARK_ERR_JSON, 1 },
    { "\"\\ud834\"", BARK_ERR_JSON, 1 },
    { "\"\\ud834\\u0041\"", BARK_ERR_JSON, 1 },
    { "\"\\ud834\\ud834\"", BARK_ERR_JSON, 1 },
    { "\"\\udd1e\"", BARK_ERR_JSON, 1 },
    { "\"\\ud834\\n\"", BARK_ERR_JSON, 1 },
    { "\"a\nb\"", BARK_ERR_JSON, 2 },
    { "\"\t\"", BARK_ERR_JSON, 1 },
    { "\"\xc0\x80\"", BARK_ERR_UTF8, 1 },
    { "\"\xed\xa0\x80\"", BARK_ERR_UTF8, 1 },
    { "\"\xf5\x80\x80\x80\"", BARK_ERR_UTF8, 1 },
    { "\"\xff\"", BARK_ERR_UTF8, 1 },
    { "\xc3\xa9", BARK_ERR_JSON, 0 },
};

TEST(bad_texts)
{
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bark_error err;
        CHECK_IN(bad[i].text, text_read(bad[i].text, &err) == bad[i].code);
        CHECK_IN(bad[i].text, err.code == bad[i].code);
        CHECK_IN(bad[i].text, err.rule != NULL);
        if (err.offset != bad[i].offset)
            testkit_fail(__FILE__, __LINE__, "%s: offset %llu, want %llu", bad[i].text,
                         (unsigned long long)err.offset, (unsigned long long)bad[i].offset);
    }
}

TEST(nul_is_no_white_space)
{
    struct bark_error err;
    CHECK(events_read((struct bark_slice){ (const uint8_t *)"1\0", 2 }, tight(), 0, &err) == BARK_ERR_JSON);
    CHECK(events_read((struct bark_slice){ (const uint8_t *)"\"\\\0\"", 4 }, tight(), 0, &err) ==
          BARK_ERR_JSON);
    CHECK(events_read((struct bark_slice){ NULL, 0 }, tight(), 0, &err) == BARK_ERR_JSON);
}

TEST(errors_have_line_and_column)
{
    struct bark_error err;
    CHECK(text_read("{\n  \"a\": 1,\n  b\n}", &err) == BARK_ERR_JSON);
    CHECK(err.line == 3);
    CHECK(err.column == 3);
}

static const struct {
    const char *at_limit, *over;
} limit_cases[] = {
    { "[[[[]]]]", "[[[[[]]]]]" },
    { "[[[{}]]]", "[[[{\"a\":{}}]]]" },
    { "[1,2,3,4,5,6,7,8,9,10,11]", "[1,2,3,4,5,6,7,8,9,10,11,12]" },
    { "\"0123456789abcdef\"", "\"0123456789abcdefg\"" },
    { "1234567890123456", "12345678901234567" },
    { "{\"12345678\":1}", "{\"123456789\":1}" },
};

TEST(limits_hold_at_the_limit_and_one_past)
{
    size_t i;
    for (i = 0; i < sizeof limit_cases / sizeof *limit_cases; i++) {
        struct bark_error err;
        CHECK_IN(limit_cases[i].at_limit, text_read(limit_cases[i].at_limit, &err) == BARK_OK);
        CHECK_IN(limit_cases[i].over, text_read(limit_cases[i].over, &err) == BARK_ERR_LIMIT);
    }
}

/* A text that is cut anywhere is refused (but for numbers, which end anywhere), and nothing past its end is
 * read: each cut stands in memory of its own. */
TEST(every_cut_is_refused)
{
    size_t i;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        const size_t whole = strlen(good[i].text);
        size_t len;
        for (len = 0; len < whole; len++) {
            struct bark_error err;
            uint8_t *exact = malloc(len ? len : 1);
            enum bark_code code;
            memcpy(exact, good[i].text, len);
            code = events_read((struct bark_slice){ exact, len }, tight(), 0, &err);
            if (good[i].text[0] == '{' || good[i].text[0] == '[' || good[i].text[0] == '"')
                CHECK_IN(good[i].text, code == BARK_ERR_JSON || code == BARK_ERR_UTF8);
            free(exact);
        }
    }
}

TEST(memory_may_end_anywhere)
{
    const char *text = "{\"a\\n\":\"\\u0041\",\"b\\t\":\"x\"}";
    struct bark_error err;
    uint64_t n;
    for (n = 1;
         events_read((struct bark_slice){ (const uint8_t *)text, strlen(text) }, tight(), n, &err) != BARK_OK;
         n++) {
        CHECK(err.code == BARK_ERR_MEMORY);
        if (n > 10)
            break;
    }
    CHECK(n == 5); /* the stack, and three strings with escapes */
}

TEST_MAIN(RUN(good_texts) RUN(bad_texts) RUN(nul_is_no_white_space) RUN(errors_have_line_and_column)
              RUN(limits_hold_at_the_limit_and_one_past) RUN(every_cut_is_refused)
                  RUN(memory_may_end_anywhere))
