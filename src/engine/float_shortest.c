/* engine/float_shortest.c - shortest decimals with three multiplications.
 *
 * Giulietti's method (Schubfach): scale by the power of ten 10^-k for which the interval of decimals that
 * read back as the value is between 1 and 10 wide. Then it holds one multiple of 10 at most, and some whole
 * number. The multiple of 10, if there is one, is the shortest decimal; else the whole number nearest to the
 * value is. The power is known to 128 bits; the products are cut with their lowest bit set when anything was
 * cut off, which keeps every comparison with a whole or half number true.
 */
#include "engine/float_shortest.h"

#include "base/wide.h"
#include "engine/float_power.h"

/* The upper 64 bits of the 192-bit product, the lowest of them set when the rest is more than the power's own
 * error. */
static uint64_t scaled(struct bark_wide power, uint64_t n)
{
    const struct bark_wide low = bark_wide_product(power.low, n);
    struct bark_wide high = bark_wide_product(power.high, n);
    high.low += low.high;
    high.high += high.low < low.high;
    return high.high | (high.low > 1);
}

/* floor(log10(2^exponent)), or of three quarters of it, for |exponent| < 1500. */
static int power_log10(int exponent, bool three_quarters)
{
    return bark_float_floor_shift(exponent * 1262611 - (three_quarters ? 524031 : 0), 22);
}

static uint64_t without_zeros(uint64_t number, int *exponent)
{
    const uint64_t eight = 100000000;
    if (number % eight == 0) {
        number /= eight;
        *exponent += 8;
    }
    for (; number % 100 == 0; *exponent += 2)
        number /= 100;
    if (number % 10 == 0) {
        number /= 10;
        ++*exponent;
    }
    return number;
}

/* [lower, upper], in quarters, holds the decimals that read back; value is in quarters too. */
static uint64_t choose(uint64_t lower, uint64_t value, uint64_t upper, int *exponent)
{
    const uint64_t whole = value / 4, tens = whole / 10;
    const bool tens_in = lower <= 40 * tens, next_tens_in = 40 * tens + 40 <= upper;
    const bool whole_in = lower <= 4 * whole, next_in = 4 * whole + 4 <= upper;
    if (whole >= 10 && tens_in != next_tens_in) {
        ++*exponent;
        return without_zeros(tens + next_tens_in, exponent);
    }
    if (whole_in != next_in)
        return without_zeros(whole + next_in, exponent);
    return without_zeros(whole + (value % 4 > 2 || (value % 4 == 2 && whole % 2 == 1)), exponent);
}

uint64_t bark_float_shortest(const struct bark_float_format *format, uint64_t bits, int *exponent)
{
    const uint64_t hidden = UINT64_C(1) << (format->precision - 1);
    const uint64_t field = bits >> (format->precision - 1);
    const uint64_t significand = field ? (bits & (hidden - 1)) | hidden : bits;
    const int unit = format->exponent_min + (field ? (int)field - 1 : 0);
    /* The neighbour below a power of two is nearer; ends of the interval read back as even significands. */
    const bool narrow = significand == hidden && field > 1, odd = significand & 1;
    struct bark_wide power;
    uint64_t lower, value, upper;
    int shift;
    *exponent = power_log10(unit, narrow);
    power = bark_float_power(-*exponent);
    shift = unit + bark_float_power_log2(-*exponent) + 1;
    lower = scaled(power, (4 * significand - (narrow ? 1 : 2)) << shift);
    value = scaled(power, 4 * significand << shift);
    upper = scaled(power, (4 * significand + 2) << shift);
    return choose(lower + odd, value, upper - odd, exponent);
}
