/* base/digits_test.c - numbers as the C library writes them. */
#include "base/digits.h"

#include "testkit.h"

static void check_one(uint64_t n)
{
    char want[32];
    uint8_t got[BARK_DIGITS_MAX + 1];
    const size_t len = (size_t)snprintf(want, sizeof want, "%llu", (unsigned long long)n);
    memset(got, '#', sizeof got);
    CHECK(bark_digits(got, n) == len);
    CHECK(memcmp(got, want, len) == 0);
    CHECK(got[len] == '#' || len > BARK_DIGITS_MAX);
#ifndef BARK_COMPACT
    uint8_t ahead[BARK_DIGITS_AHEAD + 1];
    ahead[BARK_DIGITS_AHEAD] = '#';
    CHECK(bark_digits_ahead(ahead, n) == ahead + len && memcmp(ahead, want, len) == 0);
    CHECK(ahead[BARK_DIGITS_AHEAD] == '#');
#endif
}

TEST(around_every_power_of_ten)
{
    uint64_t power = 1;
    int i;
    for (i = 0; i < 20; i++) {
        check_one(power - 1);
        check_one(power);
        check_one(power + 1);
        check_one(power * 9 / 10 * 3);
        power *= 10; /* wraps at the last turn, where it is not used any more */
    }
    check_one(UINT64_MAX);
    check_one(UINT64_MAX - 1);
}

TEST(every_number_of_up_to_four_digits)
{
    uint64_t n;
    for (n = 0; n < 10000; n++) {
        check_one(n);
        check_one(n * 99991);
        check_one(n * UINT64_C(999999999989));
    }
}

TEST_MAIN(RUN(around_every_power_of_ten) RUN(every_number_of_up_to_four_digits))
