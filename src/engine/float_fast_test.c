/* engine/float_fast_test.c - where the fast conversion answers, it gives what the exact one gives. */
#include "engine/float_fast.h"
#include "testkit.h"

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
            uint64_t bits;
            read_check(&bark_float_binary32, odd + k - 1, 0);
            read_check(&bark_float_binary32, (odd * 5 + k - 1) % UINT64_C(1000000000000000), -1);
            read_check(&bark_float_binary32, (odd * 1000000 + k - 1) % UINT64_C(1000000000000000), -6);
            CHECK(k != 1 ||
                  !bark_float_fast_read(&bark_float_binary32, odd, 0, &bits)); /* left to the exact */
        }
    }
}

static void write_check(const struct bark_float_format *format, uint64_t bits)
{
    uint8_t digits[BARK_FLOAT_DIGITS];
    uint64_t number, exact = 0;
    int places, point;
    size_t i, count, len = 0;
    if (!bark_float_fast_write(format, bits, &number, &places))
        return;
    answered++;
    CHECK(exact_read(format, number, -places) == bits);
    count = bark_float_to_digits(format, bits, digits, &point);
    for (i = 0; i < count; i++)
        exact = exact * 10 + digits[i];
    for (i = number; i > 0; i /= 10)
        len++;
    CHECK((int)len - places == point);
    while (number % 10 == 0 && number > 0)
        number /= 10;
    CHECK(number == exact);
}

TEST(what_is_found_is_the_shortest)
{
    unsigned i;
    answered = 0;
    for (i = 0; i < 40000; i++) {
        const struct bark_float_format *format = formats[i % 2];
        const uint64_t number = (random_next() >> (14 + random_next() % 50)) % UINT64_C(1000000000000000) + 1;
        write_check(format, exact_read(format, number, (int64_t)(random_next() % 30) - 22));
    }
    CHECK(answered > 10000);
    for (i = 0; i < 10000; i++) /* neighbours of short ones, which are not short themselves */
        write_check(&bark_float_binary64,
                    exact_read(&bark_float_binary64, random_next() % 100000 + 1, -3) + random_next() % 3 - 1);
}

TEST_MAIN(RUN(short_decimals_are_read_as_exactly) RUN(half_way_points_between_floats_are_read_as_exactly)
              RUN(what_is_found_is_the_shortest))
