/* base/utf8_test.c - every sequence of one to three bytes, and the borders of four, against the definition.
 */
#include "base/utf8.h"
#include "testkit.h"

/* Encodes as [RFC3629 3] says; the other direction, so that the two can disagree. */
static size_t encode(uint32_t point, uint8_t out[4])
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xc0 | point >> 6);
        out[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xe0 | point >> 12);
        out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | point >> 18);
    out[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (point & 0x3f));
    return 4;
}

TEST(every_code_point_comes_back)
{
    uint32_t point, got;
    for (point = 0; point <= 0x10ffff; point++) {
        uint8_t bytes[4];
        const size_t len = encode(point, bytes);
        const bool legal = point < 0xd800 || point > 0xdfff;
        CHECK(bark_utf8_take(bytes, bytes + len, &got) == (legal ? len : 0));
        CHECK(!legal || got == point);
        CHECK(len == 1 || bark_utf8_take(bytes, bytes + len - 1, &got) == 0);
    }
}

TEST(short_sequences_that_no_code_point_gives_are_refused)
{
    uint32_t n, got, accepted = 0;
    for (n = 0; n < 0x1000000; n++) {
        const uint8_t bytes[3] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
        accepted += bark_utf8_take(bytes, bytes + 3, &got) == 3;
    }
    CHECK(accepted == 0x10000 - 0x800 - 0x800); /* exactly the code points that need three bytes */
}

TEST(four_byte_borders_and_stray_bytes_are_refused)
{
    static const char *const bad[] = { "\xf0\x8f\xbf\xbf",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xff",
                                       "\x80",
                                       "\xc0\x80",
                                       "\xc1\xbf",
                                       "\xfe" };
    size_t i;
    uint32_t got;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        const uint8_t *bytes = (const uint8_t *)bad[i];
        CHECK(bark_utf8_take(bytes, bytes + strlen(bad[i]), &got) == 0);
    }
}

TEST(characters_are_counted_not_bytes)
{
    const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\xb3z";
    const struct bark_slice s = { (const uint8_t *)text, sizeof text - 1 };
    CHECK(bark_utf8_count(s) == 5);
}

TEST_MAIN(RUN(every_code_point_comes_back) RUN(short_sequences_that_no_code_point_gives_are_refused)
              RUN(four_byte_borders_and_stray_bytes_are_refused) RUN(characters_are_counted_not_bytes))
