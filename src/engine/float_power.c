/* engine/float_power.c - decimals of up to 19 digits to binary with two or three multiplications.
 *
 * number * 10^exponent is number * 5^exponent * 2^exponent, and of 5^exponent the upper 128 bits nearly
 * always decide which value is nearest (Lemire, "Number parsing at a gigabyte per second"). They are put
 * together from a power at a step of 27, cut to 128 bits, and a small power, which is exact in 64: 616 bytes
 * of tables instead of ten thousand. What was cut makes the product too small by a known amount at most; only
 * where that amount could move it over a half way point is the answer left to exact arithmetic.
 */
#include "engine/float_power.h"

#if defined __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

enum {
    STEP = 27, /* 5^27 is the largest power that fits 63 bits */
    POWER_MIN = -13 * STEP,
    POWER_MAX = 12 * STEP - 1,
    /* A large power is too small by less than 1, its product with a small one by less than 2, or 4 when that
     * is shifted up; times number by less than 5, or 10 when that is shifted up. */
    SLACK = 10,
    WIDE_BITS = 128
};

/* Upper 128 bits of 5^(27 n), from n = -13 on. */
static const struct {
    uint64_t high, low;
} large[] = {
    { UINT64_C(0x8049a4ac0c5811ae), UINT64_C(0x205b896d777d6278) }, /* -351 */
    { UINT64_C(0xcf42894a5dce35ea), UINT64_C(0x52064cac828675b9) }, /* -324 */
    { UINT64_C(0xa76c582338ed2621), UINT64_C(0xaf2af2b80af6f24e) }, /* -297 */
    { UINT64_C(0x873e4f75e2224e68), UINT64_C(0x5a7744a6e804a291) }, /* -270 */
    { UINT64_C(0xda7f5bf590966848), UINT64_C(0xaf39a475506a899e) }, /* -243 */
    { UINT64_C(0xb080392cc4349dec), UINT64_C(0xbd8d794d96aacfb3) }, /* -216 */
    { UINT64_C(0x8e938662882af53e), UINT64_C(0x547eb47b7282ee9c) }, /* -189 */
    { UINT64_C(0xe65829b3046b0afa), UINT64_C(0x0cb4a5a3112a5112) }, /* -162 */
    { UINT64_C(0xba121a4650e4ddeb), UINT64_C(0x92f34d62616ce413) }, /* -135 */
    { UINT64_C(0x964e858c91ba2655), UINT64_C(0x3a6a07f8d510f86f) }, /* -108 */
    { UINT64_C(0xf2d56790ab41c2a2), UINT64_C(0xfae27299423fb9c3) }, /* -81 */
    { UINT64_C(0xc428d05aa4751e4c), UINT64_C(0xaa97e14c3c26b886) }, /* -54 */
    { UINT64_C(0x9e74d1b791e07e48), UINT64_C(0x775ea264cf55347d) }, /* -27 */
    { UINT64_C(0x8000000000000000), UINT64_C(0x0000000000000000) }, /* 0 */
    { UINT64_C(0xcecb8f27f4200f3a), UINT64_C(0x0000000000000000) }, /* 27 */
    { UINT64_C(0xa70c3c40a64e6c51), UINT64_C(0x999090b65f67d924) }, /* 54 */
    { UINT64_C(0x86f0ac99b4e8dafd), UINT64_C(0x69a028bb3ded71a3) }, /* 81 */
    { UINT64_C(0xda01ee641a708de9), UINT64_C(0xe80e6f4820cc9495) }, /* 108 */
    { UINT64_C(0xb01ae745b101e9e4), UINT64_C(0x5ec05dcff72e7f8f) }, /* 135 */
    { UINT64_C(0x8e41ade9fbebc27d), UINT64_C(0x14588f13be847307) }, /* 162 */
    { UINT64_C(0xe5d3ef282a242e81), UINT64_C(0x8f1668c8a86da5fa) }, /* 189 */
    { UINT64_C(0xb9a74a0637ce2ee1), UINT64_C(0x6d953e2bd7173692) }, /* 216 */
    { UINT64_C(0x95f83d0a1fb69cd9), UINT64_C(0x4abdaf101564f98e) }, /* 243 */
    { UINT64_C(0xf24a01a73cf2dccf), UINT64_C(0xbc633b39673c8cec) }, /* 270 */
    { UINT64_C(0xc3b8358109e84f07), UINT64_C(0x0a862f80ec4700c8) }, /* 297 */
};

static const uint64_t small[STEP] = { UINT64_C(1),
                                      UINT64_C(5),
                                      UINT64_C(25),
                                      UINT64_C(125),
                                      UINT64_C(625),
                                      UINT64_C(3125),
                                      UINT64_C(15625),
                                      UINT64_C(78125),
                                      UINT64_C(390625),
                                      UINT64_C(1953125),
                                      UINT64_C(9765625),
                                      UINT64_C(48828125),
                                      UINT64_C(244140625),
                                      UINT64_C(1220703125),
                                      UINT64_C(6103515625),
                                      UINT64_C(30517578125),
                                      UINT64_C(152587890625),
                                      UINT64_C(762939453125),
                                      UINT64_C(3814697265625),
                                      UINT64_C(19073486328125),
                                      UINT64_C(95367431640625),
                                      UINT64_C(476837158203125),
                                      UINT64_C(2384185791015625),
                                      UINT64_C(11920928955078125),
                                      UINT64_C(59604644775390625),
                                      UINT64_C(298023223876953125),
                                      UINT64_C(1490116119384765625) };

static unsigned leading_zeros(uint64_t n)
{
    return (unsigned)__builtin_clzll(n);
}

/* The upper 128 bits of power * factor, and up to one place more when the top bit is 0. */
static wide upper(wide power, uint64_t factor, int *shifted)
{
    const wide low = (wide)(uint64_t)power * factor, high = (wide)(uint64_t)(power >> 64) * factor;
    const wide product = high + (low >> 64);
    *shifted = !(product >> (WIDE_BITS - 1));
    return product << *shifted;
}

/* floor(log2(10^exponent)), for exponents of three digits. */
static int log2_of(int exponent)
{
    return (int)((217706 * (int64_t)exponent + INT64_C(4000) * 65536) / 65536) - 4000;
}

bool bark_float_power_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                           uint64_t *bits)
{
    size_t step, rest;
    int shifted, scale, last, drop;
    wide power, product, half, below;
    uint64_t significand;
    if (number == 0 || exponent < POWER_MIN || exponent > POWER_MAX)
        return false;
    step = (size_t)(exponent - POWER_MIN) / STEP;
    rest = (size_t)(exponent - POWER_MIN) % STEP;
    power = upper((wide)large[step].high << 64 | large[step].low, small[rest] << leading_zeros(small[rest]),
                  &shifted);
    product = upper(power, number << leading_zeros(number), &shifted);
    /* the number is product * 2^scale */
    scale = log2_of((int)exponent) - (WIDE_BITS - 1) + 64 - (int)leading_zeros(number) - shifted;
    last = scale + WIDE_BITS - format->precision; /* exponent of the last bit that is kept */
    last = last < format->exponent_min ? format->exponent_min : last;
    drop = last - scale;
    if (drop >= WIDE_BITS - 1 || last > format->exponent_max)
        return false;
    half = (wide)1 << (drop - 1);
    below = product & (2 * half - 1);
    if (below <= half && half - below <= SLACK)
        return false;
    significand = (uint64_t)(product >> drop) + (below > half);
    *bits = ((uint64_t)(last - format->exponent_min) << (format->precision - 1)) + significand;
    return true;
}

#else

bool bark_float_power_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                           uint64_t *bits)
{
    (void)format, (void)number, (void)exponent, (void)bits;
    return false;
}

#endif
