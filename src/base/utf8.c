/* base/utf8.c - one decoder of UTF-8 for everyone. */
#include "base/utf8.h"

#include "base/bytes.h"

static bool is_tail(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* [RFC3629 4] The second byte's range is narrower after E0 (overlong), ED (surrogates), F0 (overlong) and F4
 * (past U+10FFFF). */
static bool second_ok(uint8_t first, uint8_t second)
{
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

size_t bark_utf8_take(const uint8_t *at, const uint8_t *end, uint32_t *point)
{
    const uint8_t first = at[0];
    size_t len, i;
    uint32_t value;
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    if (first < 0xc2 || first > 0xf4)
        return 0;
    len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (len > (size_t)(end - at) || !second_ok(first, at[1]))
        return 0;
    value = first & (0xffu >> (len + 1));
    for (i = 1; i < len; i++) {
        if (!is_tail(at[i]))
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    *point = value;
    return len;
}

size_t bark_utf8_count(struct bark_slice text)
{
    size_t i = 0, count = 0;
#ifndef BARK_COMPACT
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; text.len - i >= sizeof ones; i += sizeof ones) {
        const uint64_t word = bark_word_at(text.ptr + i), tails = word >> 7 & ~(word >> 6) & ones;
        count += sizeof ones - (size_t)(tails * ones >> 56);
    }
#endif
    for (; i < text.len; i++)
        count += !is_tail(text.ptr[i]);
    return count;
}
