/* engine/float_power.c - 667 powers of ten from 26.
 *
 * 10^exponent is 10^(27 * n) times 5^rest times a power of two. The first factor is kept to 128 bits, rounded
 * down, the second is exact in 64; their product is at most 3 less than it ought to be, and two bits for each
 * power say by how much. 0.8 KB instead of 10.4, for two multiplications more. The test computes every power
 * exactly.
 */
#include "engine/float_power.h"

#include <assert.h>
#include <stddef.h>

enum { STEP = 27, BASE_FIRST = -13 };

/* floor(10^(27 * n) / 2^(log2 - 127)) from n = BASE_FIRST on. */
static const struct bark_wide bases[] = {
    { UINT64_C(0x8049a4ac0c5811ae), UINT64_C(0x205b896d777d6278) },
    { UINT64_C(0xcf42894a5dce35ea), UINT64_C(0x52064cac828675b9) },
    { UINT64_C(0xa76c582338ed2621), UINT64_C(0xaf2af2b80af6f24e) },
    { UINT64_C(0x873e4f75e2224e68), UINT64_C(0x5a7744a6e804a291) },
    { UINT64_C(0xda7f5bf590966848), UINT64_C(0xaf39a475506a899e) },
    { UINT64_C(0xb080392cc4349dec), UINT64_C(0xbd8d794d96aacfb3) },
    { UINT64_C(0x8e938662882af53e), UINT64_C(0x547eb47b7282ee9c) },
    { UINT64_C(0xe65829b3046b0afa), UINT64_C(0x0cb4a5a3112a5112) },
    { UINT64_C(0xba121a4650e4ddeb), UINT64_C(0x92f34d62616ce413) },
    { UINT64_C(0x964e858c91ba2655), UINT64_C(0x3a6a07f8d510f86f) },
    { UINT64_C(0xf2d56790ab41c2a2), UINT64_C(0xfae27299423fb9c3) },
    { UINT64_C(0xc428d05aa4751e4c), UINT64_C(0xaa97e14c3c26b886) },
    { UINT64_C(0x9e74d1b791e07e48), UINT64_C(0x775ea264cf55347d) },
    { UINT64_C(0x8000000000000000), UINT64_C(0x0000000000000000) },
    { UINT64_C(0xcecb8f27f4200f3a), UINT64_C(0x0000000000000000) },
    { UINT64_C(0xa70c3c40a64e6c51), UINT64_C(0x999090b65f67d924) },
    { UINT64_C(0x86f0ac99b4e8dafd), UINT64_C(0x69a028bb3ded71a3) },
    { UINT64_C(0xda01ee641a708de9), UINT64_C(0xe80e6f4820cc9495) },
    { UINT64_C(0xb01ae745b101e9e4), UINT64_C(0x5ec05dcff72e7f8f) },
    { UINT64_C(0x8e41ade9fbebc27d), UINT64_C(0x14588f13be847307) },
    { UINT64_C(0xe5d3ef282a242e81), UINT64_C(0x8f1668c8a86da5fa) },
    { UINT64_C(0xb9a74a0637ce2ee1), UINT64_C(0x6d953e2bd7173692) },
    { UINT64_C(0x95f83d0a1fb69cd9), UINT64_C(0x4abdaf101564f98e) },
    { UINT64_C(0xf24a01a73cf2dccf), UINT64_C(0xbc633b39673c8cec) },
    { UINT64_C(0xc3b8358109e84f07), UINT64_C(0x0a862f80ec4700c8) },
    { UINT64_C(0x9e19db92b4e31ba9), UINT64_C(0x6c07a2c26a8346d1) },
};

/* 5^0 to 5^26, shifted up to 64 bits. */
static const uint64_t fives[STEP] = {
    UINT64_C(0x8000000000000000), UINT64_C(0xa000000000000000), UINT64_C(0xc800000000000000),
    UINT64_C(0xfa00000000000000), UINT64_C(0x9c40000000000000), UINT64_C(0xc350000000000000),
    UINT64_C(0xf424000000000000), UINT64_C(0x9896800000000000), UINT64_C(0xbebc200000000000),
    UINT64_C(0xee6b280000000000), UINT64_C(0x9502f90000000000), UINT64_C(0xba43b74000000000),
    UINT64_C(0xe8d4a51000000000), UINT64_C(0x9184e72a00000000), UINT64_C(0xb5e620f480000000),
    UINT64_C(0xe35fa931a0000000), UINT64_C(0x8e1bc9bf04000000), UINT64_C(0xb1a2bc2ec5000000),
    UINT64_C(0xde0b6b3a76400000), UINT64_C(0x8ac7230489e80000), UINT64_C(0xad78ebc5ac620000),
    UINT64_C(0xd8d726b7177a8000), UINT64_C(0x878678326eac9000), UINT64_C(0xa968163f0a57b400),
    UINT64_C(0xd3c21bcecceda100), UINT64_C(0x84595161401484a0), UINT64_C(0xa56fa5b99019a5c8),
};

/* What the products lack, two bits each, the lowest first. */
static const uint32_t lacks[] = {
    0xaa9aaaa5, 0x5566aaaa, 0x6955a959, 0x55565a69, 0x9569555a, 0xaaba66a5, 0x59afaaea, 0xa56a66a6,
    0xaaaa596a, 0xa9abae9e, 0x5569965a, 0x5666596a, 0x55aa5596, 0x55559565, 0x55555555, 0xaafaaa55,
    0x9aebaa9a, 0x55569655, 0xaaa55595, 0xa659a969, 0x9baa69aa, 0x26a6996a, 0x00000000, 0x00000000,
    0x00000000, 0x55554000, 0x55555555, 0xebeaaab9, 0xa96bafba, 0xaaaaaa6a, 0xa99a9695, 0xaaa9a6a6,
    0x59555596, 0xa5955599, 0xa6aaa9aa, 0x69666aa6, 0xa5a665a9, 0x5555555a, 0x55555595, 0x55655655,
    0x55555555, 0x55555555, 0x00000055,
};

struct bark_wide bark_float_power(int exponent)
{
    const size_t place = (size_t)(exponent - BASE_FIRST * STEP);
    const uint64_t five = fives[place % STEP], lack = lacks[place / 16] >> 2 * (place % 16) & 3;
    struct bark_wide base, high, low;
    assert(exponent >= BARK_FLOAT_POWER_MIN);
    assert(exponent <= BARK_FLOAT_POWER_MAX);
    base = bases[place / STEP];
    high = bark_wide_product(base.high, five);
    low = bark_wide_product(base.low, five);
    high.low += low.high;
    high.high += high.low < low.high;
    if (high.high >> 63 == 0) {
        high.high = high.high << 1 | high.low >> 63;
        high.low = high.low << 1 | low.low >> 63;
    }
    high.low += lack;
    high.high += high.low < lack;
    return high;
}
