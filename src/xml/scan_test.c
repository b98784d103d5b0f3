/* xml/scan_test.c - the vector scans agree with the bytewise ones, and read nothing beyond the end.
 */
#include "xml/scan.h"
#include "xml/scan_wide.h"

#include "guard.h"
#include "testkit.h"

enum { BLOCK = 32, LONGEST = 140 }; /* of the widest vectors; and what is longer than where those begin */

typedef const uint8_t *scanner(const uint8_t *at, const uint8_t *end);

static struct guard guard;

#ifdef BARK_SCAN_WIDE
/* What the widest vectors tell is true, and where they do not tell, the rest is the same. */
static bool wide_agrees(const uint8_t *at, const uint8_t *end)
{
    static const struct {
        const uint8_t *(*wide)(const uint8_t *at, const uint8_t *end, bool *done);
        scanner *slow;
    } pairs[] = { { bark_scan_text_wide, bark_scan_text_bytewise },
                  { bark_scan_value_wide, bark_scan_value_bytewise } };
    size_t i;
    for (i = 0; bark_scan_is_wide() && i < sizeof pairs / sizeof *pairs; i++) {
        bool done;
        const uint8_t *const to = pairs[i].wide(at, end, &done), *const want = pairs[i].slow(at, end);
        if (done ? to != want : to > want || pairs[i].slow(to, end) != want)
            return false;
    }
    return true;
}
#else
static bool wide_agrees(const uint8_t *at, const uint8_t *end)
{
    (void)at, (void)end;
    return true;
}
#endif

/* Both forms stop at the same byte of text, whose end is the end of memory. */
static bool agree(const uint8_t *text, size_t len)
{
    static const struct {
        scanner *fast, *slow;
    } pairs[] = { { bark_scan_text, bark_scan_text_bytewise },
                  { bark_scan_value, bark_scan_value_bytewise } };
    const struct bark_slice in = guard_put(&guard, text, len);
    size_t i;
    for (i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].fast(in.ptr, in.ptr + len) != pairs[i].slow(in.ptr, in.ptr + len))
            return false;
    return wide_agrees(in.ptr, in.ptr + len);
}

TEST(every_byte_at_every_place_of_a_block)
{
    uint8_t text[2 * BLOCK + 1];
    size_t at, len;
    unsigned byte;
    CHECK(guard_open(&guard, 1));
    for (len = 1; len <= sizeof text; len++)
        for (at = 0; at < len; at++)
            for (byte = 0; byte < 256; byte++) {
                memset(text, 'a', sizeof text);
                text[at] = (uint8_t)byte;
                CHECK(agree(text, len));
            }
}

/* Two lead and tail bytes from every class that UTF-8 and XML tell apart, then any third and fourth. */
TEST(every_kind_of_sequence_across_a_block_border)
{
    static const uint8_t edges[] = { 0x00, 0x1f, 0x20, '<',  0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xb6,
                                     0xbd, 0xbe, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
                                     0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff };
    enum { EDGES = sizeof edges };
    uint8_t text[3 * BLOCK];
    size_t a, b, c, d, at;
    for (a = 15; a < EDGES; a++) /* a lead, or what looks like one */
        for (b = 0; b < EDGES; b++)
            for (c = 0; c < EDGES; c++)
                for (d = 0; d < EDGES; d += 3)
                    for (at = BLOCK - 4; at <= BLOCK; at += 2) {
                        memset(text, 'a', sizeof text);
                        text[2] = 0xc3; /* so that the block is not ASCII from the start */
                        text[3] = 0xa4;
                        text[at] = edges[a];
                        text[at + 1] = edges[b];
                        text[at + 2] = edges[c];
                        text[at + 3] = edges[(c + d) % EDGES];
                        CHECK(agree(text, sizeof text));
                    }
}

/* Mostly valid characters of one to four bytes with a few damaged bytes, of every length. */
TEST(random_texts)
{
    static const char *const parts[] = { "a",
                                         " ",
                                         "\n",
                                         "\xc2\x80",
                                         "\xd0\xb6",
                                         "\xe0\xa0\x80",
                                         "\xe8\xa8\xad",
                                         "\xef\xbf\xbd",
                                         "\xf0\x9f\x98\x80",
                                         "\xf4\x8f\xbf\xbd",
                                         "words of ASCII " };
    uint64_t seed = 1;
    size_t damaged = 0;
    unsigned round;
    for (round = 0; round < 200000; round++) {
        uint8_t text[LONGEST + 16];
        size_t len = 0, wanted;
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        wanted = (size_t)(seed >> 33) % LONGEST;
        while (len < wanted) {
            const char *part;
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            part = parts[(seed >> 40) % (sizeof parts / sizeof *parts)];
            memcpy(text + len, part, strlen(part));
            len += strlen(part);
        }
        if (len > 0 && (seed >> 60) < 6) {
            text[(seed >> 20) % len] = (uint8_t)(seed >> 50);
            damaged++;
        }
        CHECK(agree(text, (seed >> 59) & 1 ? len : len - len / 8));
    }
    CHECK(damaged > 10000);
}

TEST(what_ends_a_run)
{
    static const struct {
        const char *text;
        size_t in_text, in_value;
    } cases[] = {
        { "0123456789abcdef<", 16, 16 },       { "0123456789abcde&", 15, 15 },
        { "0123456789\"bcdef'0", 18, 10 },     { "0123456789'bcdef]0", 16, 10 },
        { "\t\n0123456789abcd\r", 16, 0 },     { "0123456789abcd\xc3\xa4>0", 18, 18 },
        { "0123456789abcd\xc3(0123", 14, 14 }, { "0123456789abcdef\xef\xbf\xbf", 16, 16 },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t *text = (const uint8_t *)cases[i].text, *end = text + strlen(cases[i].text);
        CHECK((size_t)(bark_scan_text(text, end) - text) == cases[i].in_text);
        CHECK((size_t)(bark_scan_value(text, end) - text) == cases[i].in_value);
    }
}

TEST(white_space_ends_at_any_other_byte)
{
    uint8_t text[40];
    size_t len, at;
    unsigned byte;
    for (len = 0; len < sizeof text; len++)
        for (at = 0; at <= len; at++)
            for (byte = 0; byte < 256; byte++) {
                const bool space = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
                memset(text, "\n \t\r"[at % 4], sizeof text);
                text[at] = (uint8_t)byte;
                CHECK(bark_scan_space(text, text + len) == text + (space || at == len ? len : at));
            }
}

TEST_MAIN(RUN(white_space_ends_at_any_other_byte) RUN(every_byte_at_every_place_of_a_block)
              RUN(every_kind_of_sequence_across_a_block_border) RUN(random_texts) RUN(what_ends_a_run))
