/* engine/float_fast.c - number * 10^exponent by a 128-bit power of ten.
 *
 * The method of Eisel and Lemire with a bound of our own. The power is less than one unit of its last bit too
 * large, so the 192-bit product is less than 2^64 too large. While its middle 64 bits are not all zero, the
 * upper 64 are right and something is left below them: that is all that rounding needs. When they are zero,
 * the product lies just above or just below the upper bits; where the two would round differently, exact
 * arithmetic must tell.
 */
#include "engine/float_fast.h"

#include "base/wide.h"
#include "engine/float_power.h"

/* Shifts the first bit of n to the top. */
static int top_shift(uint64_t *n)
{
    const int zeros = __builtin_clzll(*n);
    *n <<= zeros;
    return zeros;
}

/* bark_float_round() of 63 bits of which more is left, for what is neither subnormal nor near infinity. */
static inline bool normal_round(const struct bark_float_format *format, uint64_t quotient, int scale,
                                uint64_t *bits)
{
    const int drop = 63 - format->precision, unit = scale + drop;
    const uint64_t half = UINT64_C(1) << ((drop - 1) & 63), tail = quotient & (2 * half - 1);
    if (quotient >> 62 == 0 || unit < format->exponent_min || unit >= format->exponent_max)
        return false;
    *bits = (quotient >> (drop & 63)) + (tail >= half) +
            ((uint64_t)(unit - format->exponent_min) << ((format->precision - 1) & 63));
    return true;
}

bool bark_float_fast_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                          uint64_t *bits)
{
    struct bark_wide power, high, low;
    bool exact, rest;
    uint64_t below;
    int scale;
    *bits = 0;
    if (number == 0)
        return true;
    if (exponent < BARK_FLOAT_POWER_MIN || exponent > BARK_FLOAT_POWER_MAX)
        return false;
    exact = exponent >= 0 && exponent <= BARK_FLOAT_POWER_EXACT_MAX;
    scale = bark_float_power_log2((int)exponent) - top_shift(&number) + 1;
    power = bark_float_power((int)exponent);
    high = bark_wide_product(power.high, number);
    low = bark_wide_product(power.low, number);
    high.low += low.high;
    high.high += high.low < low.high;
    rest = high.low > 0 || (exact && low.low > 0);
    if (high.high >> 63) { /* 63 bits leave room for the roundings */
        rest = rest || high.high & 1;
        high.high >>= 1;
        scale++;
    }
    if (rest && normal_round(format, high.high, scale, bits))
        return true;
    *bits = bark_float_round(format, high.high, scale, rest);
    if (rest || exact)
        return true;
    below = bark_float_round(format, high.high - 1, scale, true);
    if (bark_float_round(format, high.high, scale, true) == below)
        return true;
    *bits = below;
    return false;
}
