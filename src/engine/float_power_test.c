/* engine/float_power_test.c - every power, worked out exactly. */
#include "engine/float_power.h"

#include "engine/natural.h"
#include "testkit.h"

enum { LIMBS = 80 };

/* n = high * 2^64 + low */
static void wide_natural(struct bark_natural *n, uint64_t high, uint64_t low)
{
    bark_natural_set(n, high);
    bark_natural_mul_add(n, UINT32_C(1) << 31, 0);
    bark_natural_mul_add(n, 2, (uint32_t)(low >> 32));
    bark_natural_mul_add(n, UINT32_C(1) << 31, 0);
    bark_natural_mul_add(n, 2, (uint32_t)low);
}

/* power - 1 < 10^exponent * 2^(127 - log2) <= power, multiplied out so that all are whole. */
static void power_check(int exponent)
{
    const struct bark_wide power = bark_float_power(exponent);
    const int shift = 127 - bark_float_power_log2(exponent) + exponent; /* 10^e is 5^e * 2^e */
    uint32_t want_limbs[LIMBS], have_limbs[LIMBS], less_limbs[LIMBS];
    struct bark_natural want = bark_natural_init(want_limbs, LIMBS);
    struct bark_natural have = bark_natural_init(have_limbs, LIMBS);
    struct bark_natural less = bark_natural_init(less_limbs, LIMBS);
    bark_natural_set(&want, 1);
    wide_natural(&have, power.high, power.low);
    wide_natural(&less, power.high - (power.low == 0), power.low - 1);
    if (exponent > 0)
        bark_natural_mul_pow5(&want, (uint32_t)exponent);
    bark_natural_mul_pow5(&have, exponent < 0 ? (uint32_t)-exponent : 0);
    bark_natural_mul_pow5(&less, exponent < 0 ? (uint32_t)-exponent : 0);
    bark_natural_shift(&want, shift > 0 ? (size_t)shift : 0);
    bark_natural_shift(&have, shift < 0 ? (size_t)-shift : 0);
    bark_natural_shift(&less, shift < 0 ? (size_t)-shift : 0);
    CHECK(power.high >> 63 == 1);
    CHECK(bark_natural_compare(&want, &have) <= 0);
    CHECK(bark_natural_compare(&less, &want) < 0);
    if (exponent >= 0)
        CHECK((bark_natural_compare(&want, &have) == 0) == (exponent <= BARK_FLOAT_POWER_EXACT_MAX));
}

TEST(every_power_is_exact_to_its_last_bit)
{
    int exponent;
    for (exponent = BARK_FLOAT_POWER_MIN; exponent <= BARK_FLOAT_POWER_MAX; exponent++)
        power_check(exponent);
}

TEST_MAIN(RUN(every_power_is_exact_to_its_last_bit))
