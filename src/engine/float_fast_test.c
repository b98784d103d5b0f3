/* engine/float_fast_test.c - where the fast conversion answers, it gives what the exact one gives. */
#include "engine/float_fast.h"
#include "testkit.h"

#include <stdlib.h>

static uint64_t seed = 0xda942042e4dd58b5u;

static uint64_t random_next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static const struct bark_float_format *const formats[] = { &bark_float_binary64, &bark_float_binary32 };

static uint64_t exact_read(const struct bark_float_format *format, uint64_t number, int64_t exponent)
{
    char text[24];
    struct bark_float_decimal d = { .exponent = exponent };
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    d.whole = (struct bark_slice){ (const uint8_t *)text, strlen(text) };
    return bark_float_from_decimal(format, &d);
}

static unsigned answered;

static void read_check(const struct bark_float_format *format, uint64_t number, int64_t exponent)
{
    uint64_t bits;
    if (!bark_float_fast_read(format, number, exponent, &bits))
        return;
    answered++;
    CHECK(bits == exact_read(format, number, exponent));
}

TEST(short_decimals_are_read_as_exactly)
{
    unsigned i;
    answered = 0;
    for (i = 0; i < 40000; i++) {
        const uint64_t number = (random_next() >> (14 + random_next() % 50)) % UINT64_C(1000000000000000);
        read_check(formats[i % 2], number, (int64_t)(random_next() % 60) - 30);
    }
    CHECK(answered > 20000);
}

/* Decimals that lie half way between two floats, and next to it, where rounding twice would err. */
TEST(half_way_points_between_floats_are_read_as_exactly)
{
    unsigned i, k;
    for (i = 0; i < 5000; i++) {
        const uint64_t odd = (UINT64_C(1) << 23 | (random_next() & 0x7fffff)) * 2 + 1; /* 25 bits, a half */
        for (k = 0; k < 3; k++) {
            read_check(&bark_float_binary32, odd + k - 1, 0);
            read_check(&bark_float_binary32, (odd * 5 + k - 1) % UINT64_C(1000000000000000), -1);
            read_check(&bark_float_binary32, (odd * 1000000 + k - 1) % UINT64_C(1000000000000000), -6);
        }
    }
}

TEST(every_exponent_is_read_as_exactly)
{
    static const uint64_t numbers[] = { 1,
                                        2,
                                        3,
                                        7,
                                        123456789,
                                        9007199254740993,
                                        17976931348623157,
                                        22250738585072014,
                                        49406564584124654,
                                        24703282292062327,
                                        34028234663852886,
                                        11754943508222875,
                                        UINT64_C(9999999999999999999),
                                        UINT64_MAX,
                                        UINT64_C(1) << 63 };
    size_t i;
    int64_t exponent;
    answered = 0;
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (exponent = -400; exponent <= 400; exponent++)
            read_check(formats[exponent & 1], numbers[i], exponent);
    CHECK(answered > 9000);
}

/* Every digit counts, and every exponent: what strtod() says. */
TEST(numbers_of_up_to_twenty_digits_are_read_as_the_library_reads_them)
{
    unsigned i;
    answered = 0;
    for (i = 0; i < 60000; i++) {
        const uint64_t number = random_next() >> random_next() % 64;
        const int exponent = (int)(random_next() % 700) - 350;
        char text[40];
        double x;
        uint64_t want, bits;
        snprintf(text, sizeof text, "%lluE%d", (unsigned long long)number, exponent);
        x = strtod(text, NULL);
        memcpy(&want, &x, sizeof want);
        if (!bark_float_fast_read(&bark_float_binary64, number, exponent, &bits))
            continue;
        answered++;
        CHECK_IN(text, bits == want);
    }
    CHECK(answered > 50000);
}

/* Half way points between doubles that have 17 to 19 digits, and their neighbours. */
TEST(half_way_points_between_doubles_are_read_as_exactly)
{
    unsigned i, k;
    for (i = 0; i < 5000; i++) {
        const uint64_t odd = (UINT64_C(1) << 52 | (random_next() >> 12)) * 2 + 1; /* 54 bits */
        for (k = 0; k < 3; k++) {
            read_check(&bark_float_binary64, odd + k - 1, 0);
            read_check(&bark_float_binary64, odd * 5 + k - 1, -1);
            read_check(&bark_float_binary64, odd * 25 + k - 1, -2);
            read_check(&bark_float_binary64, odd * 125 + k - 1, -3);
            read_check(&bark_float_binary64, odd * 64 + k - 1, 0);
            read_check(&bark_float_binary64, odd + k - 1, (int64_t)(random_next() % 30));
        }
    }
}

TEST_MAIN(RUN(short_decimals_are_read_as_exactly) RUN(every_exponent_is_read_as_exactly)
              RUN(half_way_points_between_floats_are_read_as_exactly)
                  RUN(numbers_of_up_to_twenty_digits_are_read_as_the_library_reads_them)
                      RUN(half_way_points_between_doubles_are_read_as_exactly))
