/* engine/base64_test.c - sixteen digits at a time are the same as one by one. */
#include "engine/base64.h"
#include "testkit.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 96, GUARD = 0xa5 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* What a byte stands for, by looking for it; -1 for none. */
static int value_of(uint8_t byte)
{
    const char *at = byte ? strchr(alphabet, byte) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* The groups before the last four bytes and before the first byte that is no digit. */
static size_t groups_expect(const uint8_t *text, size_t len, uint8_t *octets)
{
    size_t i, k;
    for (i = 0; i + 4 < len; i += 4) {
        uint32_t bits = 0;
        for (k = 0; k < 4; k++) {
            if (value_of(text[i + k]) < 0)
                return i / 4;
            bits = bits << 6 | (uint32_t)value_of(text[i + k]);
        }
        for (k = 0; k < 3; k++)
            octets[i / 4 * 3 + k] = (uint8_t)(bits >> (16 - 8 * k));
    }
    return i / 4;
}

/* Both in memory of their own and of the exact size, for the sanitizers. */
static void compare(const uint8_t *text, size_t len)
{
    const size_t room = len / 4 * 3;
    uint8_t *in = malloc(len + 1), *octets = malloc(room + 1), expected[DIGITS_MAX];
    size_t count;
    CHECK(in && octets);
    memcpy(in + 1, text, len);
    octets[room] = GUARD;
    count = bark_base64_groups((struct bark_slice){ in + 1, len }, octets);
    CHECK(count == groups_expect(text, len, expected));
    CHECK(memcmp(octets, expected, 3 * count) == 0 && octets[room] == GUARD);
    free(octets);
    free(in);
}

/* Every byte at every place of a text of every length. */
TEST(every_byte_in_every_place)
{
    uint8_t text[DIGITS_MAX] = { 0 };
    size_t len, at;
    unsigned byte;
    for (len = 0; len <= 56; len++) {
        for (at = 0; at < len; at++)
            text[at] = (uint8_t)alphabet[at * 11 % 64];
        compare(text, len);
        for (at = 0; at < len; at++)
            for (byte = 0; byte < 256; byte++) {
                const uint8_t before = text[at];
                text[at] = (uint8_t)byte;
                compare(text, len);
                text[at] = before;
            }
    }
}

/* Every pair of digits that meet in an octet, in each place of a vector. */
TEST(every_pair_of_digits)
{
    uint8_t text[DIGITS_MAX] = { 0 };
    size_t a, b, at;
    for (a = 0; a < 64; a++)
        for (b = 0; b < 64; b++)
            for (at = 0; at < 2; at++) {
                size_t i;
                for (i = 0; i < 40; i++)
                    text[i] = (uint8_t)alphabet[(i + at) % 2 ? a : b];
                compare(text, 40);
            }
}

static void form_check(const uint8_t *octets, size_t len)
{
    const size_t size = (len + 2) / 3 * 4;
    uint8_t *from = malloc(len + 1), *to = malloc(size + 1), text[DIGITS_MAX], back[DIGITS_MAX];
    size_t i;
    CHECK(from && to);
    memcpy(from, octets, len);
    to[size] = GUARD;
    CHECK(bark_base64_form(to, from, len) == size);
    CHECK(to[size] == GUARD);
    for (i = 0; i < len / 3 * 4; i++) {
        const size_t bit = 6 * i;
        const unsigned two = (unsigned)octets[bit / 8] << 8 | (bit / 8 + 1 < len ? octets[bit / 8 + 1] : 0);
        CHECK(to[i] == (uint8_t)alphabet[two >> (10 - bit % 8) & 63]);
    }
    for (; i < size; i++)
        CHECK(i < (len * 8 + 5) / 6 || to[i] == '=');
    memcpy(text, to, size);
    memcpy(text + size, "....", 4); /* the last four are left out */
    CHECK(bark_base64_groups((struct bark_slice){ text, len / 3 * 4 + 4 }, back) == len / 3);
    CHECK(memcmp(back, octets, len / 3 * 3) == 0);
    free(to);
    free(from);
}

TEST(every_octet_in_every_place)
{
    uint8_t octets[64] = { 0 };
    size_t len, at;
    unsigned byte;
    for (len = 0; len <= 45; len++) {
        for (at = 0; at < len; at++)
            octets[at] = (uint8_t)(at * 37 + len);
        form_check(octets, len);
        for (at = 0; at < len; at++)
            for (byte = 0; byte < 256; byte++) {
                const uint8_t before = octets[at];
                octets[at] = (uint8_t)byte;
                form_check(octets, len);
                octets[at] = before;
            }
    }
}

TEST_MAIN(RUN(every_byte_in_every_place) RUN(every_pair_of_digits) RUN(every_octet_in_every_place))
