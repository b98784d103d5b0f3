/* engine/float_power.h - powers of ten to 128 bits, for reading and writing floats.
 */
#ifndef BARK_ENGINE_FLOAT_POWER_H
#define BARK_ENGINE_FLOAT_POWER_H

#include "base/wide.h"

/* What 64-bit significands and the finite doubles need. */
enum { BARK_FLOAT_POWER_MIN = -342, BARK_FLOAT_POWER_MAX = 324 };

/* The powers whose 128 bits say everything: 5^55 < 2^128. */
enum { BARK_FLOAT_POWER_EXACT_MAX = 55 };

/* 10^exponent / 2^(bark_float_power_log2(exponent) - 127), which is between 2^127 and 2^128, rounded up. */
struct bark_wide bark_float_power(int exponent);

/* n / 2^bits, rounded down. */
static inline int bark_float_floor_shift(int n, int bits)
{
    const uint32_t above =
        (uint32_t)n + UINT32_C(0x80000000); /* shifts of what is negative are not defined */
    return (int)(above >> bits) - (int)(UINT32_C(0x80000000) >> bits);
}

/* floor(log2(10^exponent)), for |exponent| < 1233. */
static inline int bark_float_power_log2(int exponent)
{
    return bark_float_floor_shift(exponent * 1741647, 19);
}

#endif
