/* engine/base64.c - octets as groups of four digits and back, sixteen digits at a time. [RFC4648 4]
 *
 * The alphabet is five runs of ASCII, so a digit's value is the byte plus a number for its run, and compares
 * tell the runs. Joining sixteen values of six bits to twelve octets, and the way back, are shifts within
 * ever wider lanes. This is written in the compiler's own vectors, which are the same for every machine that
 * xml/vector.h knows; all of those have the lowest byte of a lane at its lowest address. What is left at the
 * end goes group by group, and so does everything in a build for size.
 */
#include "engine/base64.h"

#include "base/bytes.h"
#include "xml/vector.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* [RFC4648 4] What each byte stands for. */
#define NO BARK_BASE64_NONE
const uint8_t bark_base64_values[256] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63, 52, 53, 54, 55,
    56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO, NO, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
    13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO, NO, 26, 27, 28, 29, 30, 31, 32,
    33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
};
#undef NO

#if defined BARK_VECTOR && !defined BARK_COMPACT
#define WIDE

enum {
    TAKEN = 12, /* octets of sixteen digits */
    HALF = 6,
    REACH = 20 /* digits whose octets leave room for the last store, which is two bytes too long */
};

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint16_t pairs __attribute__((vector_size(16)));
typedef uint32_t fours __attribute__((vector_size(16)));
typedef uint64_t eights __attribute__((vector_size(16)));

/* The values of sixteen digits; false when one is none. */
BARK_INLINE bool values_of(bytes v, bytes *values)
{
    const bytes letter = (v | 0x20) - 'a', digit = v - '0';
    const bytes is_letter = (bytes)(letter < 26), is_digit = (bytes)(digit < 10);
    const bytes is_plus = (bytes)(v == '+'), is_slash = (bytes)(v == '/');
    const bytes lower = (bytes)bark_vector_from((bark_vector)v, 'a') & 26;
    *values = (is_letter & (letter + lower)) | (is_digit & (digit + 52)) | (is_plus & 62) | (is_slash & 63);
    return bark_vector_mask((bark_vector)(bytes) ~(is_letter | is_digit | is_plus | is_slash)) == 0;
}

/* As many as there are: digits, not groups. */
static size_t wide_read(struct bark_slice text, uint8_t *octets)
{
    size_t i;
    for (i = 0; text.len - i >= REACH; i += 16, octets += TAKEN) {
        uint64_t word;
        pairs two;
        fours four;
        eights eight;
        bytes values;
        if (!values_of((bytes)bark_vector_load(text.ptr + i), &values))
            break;
        two = (pairs)values;
        two = (two << 6 & 0xfc0) | two >> 8; /* the first digit is the higher one */
        four = (fours)two;
        four = (four << 12 & 0xfff000) | four >> 16;
        eight = (eights)four;
        eight = eight << 40 | eight >> 16; /* six octets from the top down */
        word = __builtin_bswap64(eight[0]);
        memcpy(octets, &word, sizeof word);
        word = __builtin_bswap64(eight[1]);
        memcpy(octets + HALF, &word, sizeof word);
    }
    return i;
}

/* As many octets as there are with two more behind them. */
static size_t wide_form(uint8_t *to, const uint8_t *octets, size_t len)
{
    size_t i;
    for (i = 0; len - i >= TAKEN + 2; i += TAKEN, to += 16) {
        const eights eight = { __builtin_bswap64(bark_word_at(octets + i)),
                               __builtin_bswap64(bark_word_at(octets + i + HALF)) };
        const fours four = (fours)(eight >> 40 | (eight << 16 & UINT64_C(0xffffff00000000)));
        const pairs two = (pairs)(four >> 12 | (four << 16 & 0xfff0000));
        const bytes v = (bytes)(two >> 6 | (two << 8 & 0x3f00));
        bytes form = v + 'A';
        form += (bytes)bark_vector_from((bark_vector)v, 26) & ('a' - 'Z' - 1);
        form -= (bytes)bark_vector_from((bark_vector)v, 52) & ('z' + 1 - '0');
        form -= (bytes)bark_vector_from((bark_vector)v, 62) & ('9' + 1 - '+');
        form += (bytes)bark_vector_from((bark_vector)v, 63) & ('/' - '+' - 1);
        bark_vector_store(to, (bark_vector)form);
    }
    return i;
}

#endif

bool bark_base64_group(const uint8_t group[4], size_t pads, uint8_t *octets)
{
    const uint32_t bits =
        (uint32_t)group[0] << 18 | (uint32_t)group[1] << 12 | (uint32_t)group[2] << 6 | group[3];
    octets[0] = (uint8_t)(bits >> 16);
    if (pads < 2)
        octets[1] = (uint8_t)(bits >> 8);
    if (pads < 1)
        octets[2] = (uint8_t)bits;
    return (bits & ((UINT32_C(1) << (8 * pads)) - 1)) == 0;
}

size_t bark_base64_groups(struct bark_slice text, uint8_t *octets)
{
    size_t i = 0;
#ifdef WIDE
    i = wide_read(text, octets);
#endif
    for (; i + 4 < text.len; i += 4) {
        uint8_t *const to = octets + i / 4 * 3;
        const uint8_t a = bark_base64_values[text.ptr[i]], b = bark_base64_values[text.ptr[i + 1]],
                      c = bark_base64_values[text.ptr[i + 2]], d = bark_base64_values[text.ptr[i + 3]];
        if ((a | b | c | d) == BARK_BASE64_NONE)
            break;
        to[0] = (uint8_t)(a << 2 | b >> 4);
        to[1] = (uint8_t)(b << 4 | c >> 2);
        to[2] = (uint8_t)(c << 6 | d);
    }
    return i / 4;
}

/* Three octets as four digits. */
static void triple_form(uint8_t *to, uint32_t bits)
{
    to[0] = (uint8_t)digits[bits >> 18];
    to[1] = (uint8_t)digits[bits >> 12 & 63];
    to[2] = (uint8_t)digits[bits >> 6 & 63];
    to[3] = (uint8_t)digits[bits & 63];
}

size_t bark_base64_form(uint8_t *to, const uint8_t *octets, size_t len)
{
    uint8_t *at = to;
    size_t i = 0;
#ifdef WIDE
    i = wide_form(to, octets, len);
    at += i / 3 * 4;
#endif
    for (; len - i >= 3; i += 3, at += 4)
        triple_form(at, (uint32_t)octets[i] << 16 | (uint32_t)octets[i + 1] << 8 | octets[i + 2]);
    if (i == len)
        return (size_t)(at - to);
    triple_form(at, (uint32_t)octets[i] << 16 | (len - i > 1 ? (uint32_t)octets[i + 1] << 8 : 0));
    at[3] = '=';
    if (len - i == 1)
        at[2] = '=';
    return (size_t)(at + 4 - to);
}
