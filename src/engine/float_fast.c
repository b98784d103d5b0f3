/* engine/float_fast.c - the short decimals that people write, in a few hardware operations.
 *
 * Up to 10^15 integers, and up to 10^22 powers of ten, are exact in a double. So one multiplication or one
 * division rounds once, and gives the nearest double (Clinger). The other way round, a value that is such a
 * quotient is found by trying the powers, smallest first. Whatever is not found here is left to the exact
 * conversion; so is everything where the compiler keeps more precision than a double has.
 */
#include "engine/float_fast.h"

#include <float.h>
#include <string.h>

#if FLT_EVAL_METHOD == 0

enum { POWER_MAX = 22, FLOAT_SHIFT = 29 };

static const double powers[POWER_MAX + 1] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

static uint64_t double_bits(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The float nearest to a number whose nearest double is x. Rounding twice goes wrong only where x lies half
 * way between two floats; there, and outside the normal floats, the exact conversion must tell. */
static bool float_bits(double x, uint64_t *bits)
{
    const uint64_t half = UINT64_C(1) << (FLOAT_SHIFT - 1);
    float narrow;
    uint32_t narrow_bits;
    if (x < (double)FLT_MIN || x > 1e38 || (double_bits(x) & (2 * half - 1)) == half)
        return false;
    narrow = (float)x;
    memcpy(&narrow_bits, &narrow, sizeof narrow_bits);
    *bits = narrow_bits;
    return true;
}

static bool format_bits(const struct bark_float_format *format, double x, uint64_t *bits)
{
    if (format == &bark_float_binary32)
        return float_bits(x, bits);
    *bits = double_bits(x);
    return true;
}

bool bark_float_fast_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                          uint64_t *bits)
{
    if (exponent < -POWER_MAX || exponent > POWER_MAX)
        return false;
    return format_bits(
        format, exponent < 0 ? (double)number / powers[-exponent] : (double)number * powers[exponent], bits);
}

static double value_of(const struct bark_float_format *format, uint64_t bits)
{
    const uint32_t narrow_bits = (uint32_t)bits;
    float narrow;
    double x;
    if (format == &bark_float_binary32) {
        memcpy(&narrow, &narrow_bits, sizeof narrow);
        return (double)narrow;
    }
    memcpy(&x, &bits, sizeof x);
    return x;
}

bool bark_float_fast_write(const struct bark_float_format *format, uint64_t bits, uint64_t *number,
                           int *places)
{
    const double x = value_of(format, bits), limit = format == &bark_float_binary32 ? 1e6 : 1e15;
    int i;
    if (x < 1e-5)
        return false;
    for (i = 0; i <= POWER_MAX && x * powers[i] < limit - 1; i++) {
        const uint64_t n = (uint64_t)(x * powers[i] + 0.5);
        uint64_t got;
        if (n > 0 && format_bits(format, (double)n / powers[i], &got) && got == bits) {
            *number = n;
            *places = i;
            return true;
        }
    }
    return false;
}

#else

bool bark_float_fast_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                          uint64_t *bits)
{
    (void)format, (void)number, (void)exponent, (void)bits;
    return false;
}

bool bark_float_fast_write(const struct bark_float_format *format, uint64_t bits, uint64_t *number,
                           int *places)
{
    (void)format, (void)bits, (void)number, (void)places;
    return false;
}

#endif
