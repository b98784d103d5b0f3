/* engine/float_power_test.c - the fast conversion gives what the exact one gives, or says that it cannot
 * tell.
 */
#include "engine/float_power.h"

#include "soapbark/out.h"
#include "testkit.h"

static uint64_t exact(const struct bark_float_format *format, uint64_t number, int64_t exponent)
{
    uint8_t text[24];
    struct bark_float_decimal d = { .exponent = exponent };
    struct bark_out out;
    bark_out_init(&out, text, sizeof text);
    bark_out_u64(&out, number);
    d.whole = bark_out_bytes(&out);
    d.fraction.ptr = text;
    return bark_float_from_decimal(format, &d);
}

/* True when the fast way says nothing, or the truth; counts how often it says something. */
static bool right(uint64_t number, int64_t exponent, size_t *told)
{
    uint64_t bits;
    if (bark_float_power_read(&bark_float_binary64, number, exponent, &bits)) {
        ++*told;
        if (bits != exact(&bark_float_binary64, number, exponent))
            return false;
    }
    if (!bark_float_power_read(&bark_float_binary32, number, exponent, &bits))
        return true;
    return bits == exact(&bark_float_binary32, number, exponent);
}

TEST(every_exponent)
{
    static const uint64_t numbers[] = { 1,
                                        2,
                                        3,
                                        7,
                                        9,
                                        5,
                                        123456789,
                                        9007199254740993,
                                        17976931348623157,
                                        22250738585072014,
                                        49406564584124654,
                                        24703282292062327,
                                        34028234663852886,
                                        11754943508222875,
                                        UINT64_C(9999999999999999999),
                                        UINT64_C(18446744073709551615),
                                        UINT64_C(1) << 63 };
    size_t i, told = 0, tried = 0;
    int64_t exponent;
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (exponent = -400; exponent <= 400; exponent++, tried++)
            CHECK(right(numbers[i], exponent, &told));
    CHECK(told > tried / 2);
}

TEST(random_numbers)
{
    uint64_t seed = 1;
    size_t i, told = 0;
    for (i = 0; i < 40000; i++) {
        uint64_t number;
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        number = (seed ^ seed >> 29) >> (seed >> 58);
        CHECK(right(number, (int64_t)(seed >> 20 & 0x3ff) % 640 - 330, &told));
    }
    CHECK(told > 30000);
}

/* Half way between two doubles, exactly and by one digit more or less. */
TEST(half_way_points_are_left_to_exact_arithmetic)
{
    uint64_t bits, i;
    size_t told = 0;
    for (i = 1; i < 2000; i += 2) {
        const uint64_t half = (UINT64_C(1) << 53) + i;
        CHECK(!bark_float_power_read(&bark_float_binary64, half, 0, &bits));
        CHECK(right(half * 10 - 1, -1, &told) && right(half * 10 + 1, -1, &told));
    }
    CHECK(told == 2000);
}

TEST_MAIN(RUN(every_exponent) RUN(random_numbers) RUN(half_way_points_are_left_to_exact_arithmetic))
