/* base/wide.h - the 128-bit product of two 64-bit numbers, on machines that have one and on those that do
 * not.
 */
#ifndef BARK_BASE_WIDE_H
#define BARK_BASE_WIDE_H

#include <stdint.h>

struct bark_wide {
    uint64_t high, low;
};

/* Four products of halves; the portable form, and what the tests compare with. */
static inline struct bark_wide bark_wide_product_by_halves(uint64_t a, uint64_t b)
{
    const uint64_t half = UINT32_MAX;
    const uint64_t low = (a & half) * (b & half), right = (a >> 32) * (b & half);
    const uint64_t left = (a & half) * (b >> 32), high = (a >> 32) * (b >> 32);
    const uint64_t middle = (low >> 32) + (right & half) + (left & half);
    const struct bark_wide product = { high + (right >> 32) + (left >> 32) + (middle >> 32),
                                       middle << 32 | (low & half) };
    return product;
}

static inline struct bark_wide bark_wide_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    const unsigned __int128 whole = (unsigned __int128)a * b;
    const struct bark_wide product = { (uint64_t)(whole >> 64), (uint64_t)whole };
    return product;
#else
    return bark_wide_product_by_halves(a, b);
#endif
}

#endif
