/* json/writer_test.c - commas, lines, escapes, and a full output. */
#include "testkit.h"
#include "json/writer.h"

static char text[512];

static struct bark_slice slice(const char *s)
{
    return (struct bark_slice){ (const uint8_t *)s, strlen(s) };
}

static void name(struct bark_json_writer *w, const char *s)
{
    bark_json_write_start(w);
    bark_json_write_piece(w, slice(s));
    bark_json_write_name_end(w);
}

/* {"a":[1,[],{}],"b":{"c":null},"d":"x"} */
static bool sample_write(enum bark_json_style style, size_t room)
{
    struct bark_json_writer w;
    struct bark_out out;
    bark_out_init(&out, text, room);
    bark_json_writer_init(&w, &out, style);
    bark_json_write_open(&w, '{');
    name(&w, "a");
    bark_json_write_open(&w, '[');
    bark_json_write_literal(&w, slice("1"));
    bark_json_write_open(&w, '[');
    bark_json_write_close(&w, ']');
    bark_json_write_open(&w, '{');
    bark_json_write_close(&w, '}');
    bark_json_write_close(&w, ']');
    name(&w, "b");
    bark_json_write_open(&w, '{');
    name(&w, "c");
    bark_json_write_literal(&w, slice("null"));
    bark_json_write_close(&w, '}');
    name(&w, "d");
    bark_json_write_string(&w, slice("x"));
    bark_json_write_close(&w, '}');
    text[out.pos] = '\0';
    return bark_out_ok(&out);
}

TEST(both_styles)
{
    CHECK(sample_write(BARK_JSON_COMPACT, sizeof text - 1));
    CHECK_TEXT(text, "{\"a\":[1,[],{}],\"b\":{\"c\":null},\"d\":\"x\"}");
    CHECK(sample_write(BARK_JSON_PRETTY, sizeof text - 1));
    CHECK_TEXT(
        text,
        "{\n  \"a\": [\n    1,\n    [],\n    {}\n  ],\n  \"b\": {\n    \"c\": null\n  },\n  \"d\": \"x\"\n}");
}

TEST(a_full_output_stays_full)
{
    size_t room;
    for (room = 0; room < 39; room++)
        CHECK(sample_write(BARK_JSON_COMPACT, room) == (room == 38));
}

/* [RFC8259 7] Every byte below 0x20, the quote and the backslash are escaped, and what steers terminals: DEL
 * and U+0080 to U+009F; nothing else is. */
TEST(escapes)
{
    static const char want[] =
        "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
        "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c"
        "\\u001d\\u001e\\u001f !\\\"/\\\\\\u007f\xe2\x80\xa8\\u0080\\u009f\xc2\xa0\"";
    uint8_t all[64];
    struct bark_json_writer w;
    struct bark_out out;
    size_t len = 0;
    while (len < 0x20) {
        all[len] = (uint8_t)len;
        len++;
    }
    memcpy(all + len, " !\"/\\\x7f\xe2\x80\xa8\xc2\x80\xc2\x9f\xc2\xa0", 15);
    bark_out_init(&out, text, sizeof text - 1);
    bark_json_writer_init(&w, &out, BARK_JSON_COMPACT);
    bark_json_write_string(&w, (struct bark_slice){ all, len + 15 });
    text[out.pos] = '\0';
    CHECK_TEXT(text, want);
}

TEST_MAIN(RUN(both_styles) RUN(a_full_output_stays_full) RUN(escapes))
