/* engine/float_exact_test.c - conversion against the C library, and the cases that broke other programs.
 *
 * The library's strtod and printf are correctly rounded here and serve as the second opinion; the engine
 * itself uses neither.
 */
#include "engine/float_exact.h"
#include "engine/float_fast.h"
#include "engine/float_shortest.h"
#include "testkit.h"

#include <math.h>
#include <stdlib.h>

static uint64_t seed = 0x9e3779b97f4a7c15u;

static uint64_t random_next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Digits and exponent of printf's form d.dddde+xx, or of any decimal. */
static struct bark_float_decimal decimal_of(const char *text)
{
    struct bark_float_decimal d = { .exponent = 0 };
    d.whole.ptr = (const uint8_t *)text;
    d.whole.len = strspn(text, "0123456789");
    text += d.whole.len;
    text += *text == '.';
    d.fraction.ptr = (const uint8_t *)text;
    d.fraction.len = strspn(text, "0123456789");
    text += d.fraction.len;
    if (*text == 'e' || *text == 'E')
        d.exponent = strtoll(text + 1, NULL, 10);
    return d;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static uint64_t bits_of_float(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Digits d1 d2 ... of the shortest decimal, as 0.d1d2... * 10^*point. */
static size_t shortest_digits(const struct bark_float_format *format, uint64_t bits,
                              uint8_t digits[BARK_FLOAT_DIGITS], int *point)
{
    char text[32];
    int exponent;
    const uint64_t number = bark_float_shortest(format, bits, &exponent);
    const size_t count = (size_t)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    size_t i;
    CHECK(count <= BARK_FLOAT_DIGITS);
    for (i = 0; i < count && i < BARK_FLOAT_DIGITS; i++)
        digits[i] = (uint8_t)(text[i] - '0');
    *point = (int)count + exponent;
    return count;
}

static bool reads_like_library(const char *text)
{
    const struct bark_float_decimal d = decimal_of(text);
    return bark_float_from_decimal(&bark_float_binary64, &d) == bits_of(strtod(text, NULL)) &&
           bark_float_from_decimal(&bark_float_binary32, &d) == bits_of_float(strtof(text, NULL));
}

TEST(hard_decimals_are_read_as_the_library_reads_them)
{
    static const char *const texts[] = {
        "0",
        "0.0e99999",
        "1",
        "2.2250738585072011e-308", /* PHP and Java looped on it */
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327208299439634110764e-324", /* just under half of the smallest: 0 */
        "2.4703282292062327209e-324", /* just over */
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.797693134862315807e308",
        "1."
        "7976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797758720709"
        "6336e308", /* near half way to infinity */
        "1.7976931348623159e308",
        "1e308",
        "1e309",
        "1e-400",
        "1e400",
        "123456789012345678901234567890e-15",
        "9007199254740993", /* half way between two doubles: to even */
        "9007199254740995",
        "9007199254740993.00000000000000000000000000000000000001",
        "9007199254740992.99999999999999999999999999999999999999",
        "16777217",
        "16777219",
        "16777217.0000000000000000001",
        "0.500000059604644775390625", /* half way between floats */
        "0.50000005960464477539062500000000000001",
        "1.00000017881393421514957253748434595763683319091796875001", /* double rounding would err */
        "7.0064923216240853546186479164495e-46", /* half of the smallest float */
        "7.0064923216240853546186479164496e-46",
        "1.1754942807573642918e-38",
        "1.1754943508222875e-38",
        "3.4028235677973366e38", /* half way between the largest float and 2^128 */
        "3.4028235677973365e38",
        "6.631236846766476e-316",
        "3.237883913302901e-319",
        "5e-324",
        "8.5e-45",
        "0.1",
        "0.3",
        "1e23",
        "8.41e21",
        "9.5367431640625e-7",
        "6250000000000000000000000000000000e-33",
    };
    size_t i;
    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_IN(texts[i], reads_like_library(texts[i]));
}

TEST(decimals_of_many_digits_are_read_exactly)
{
    static char text[100100];
    struct bark_float_decimal d;
    size_t len;
    /* 2^53 + 1 with 10^5 zeros and a last digit: over half way, by very little. */
    len = (size_t)snprintf(text, sizeof text, "9007199254740993.");
    memset(text + len, '0', 100000);
    text[len + 99999] = '1';
    text[len + 100000] = '\0';
    d = decimal_of(text);
    CHECK(bark_float_from_decimal(&bark_float_binary64, &d) == bits_of(9007199254740994.0));
    text[len + 99999] = '0';
    d = decimal_of(text);
    CHECK(bark_float_from_decimal(&bark_float_binary64, &d) == bits_of(9007199254740992.0));
    /* 10^5 digits that an exponent makes up for. */
    memset(text, '0', 100000);
    text[0] = '7';
    memcpy(text + 100000, "e-99999", 8);
    d = decimal_of(text);
    CHECK(bark_float_from_decimal(&bark_float_binary64, &d) == bits_of(7.0));
    memset(text, '9', 100000);
    d = decimal_of(text);
    CHECK(bark_float_from_decimal(&bark_float_binary64, &d) == bits_of(10.0));
    /* The longest half way point there is: 2^-1074 + 2^-1075. */
    snprintf(text, sizeof text, "%.1074f", double_of(3) / 2);
    CHECK(reads_like_library(text));
    snprintf(text, sizeof text, "%.1075f", double_of(0x000fffffffffffffu));
    CHECK(reads_like_library(text));
}

TEST(random_decimals_are_read_as_the_library_reads_them)
{
    char text[64];
    size_t i;
    for (i = 0; i < 40000; i++) {
        const int exponent = (int)(random_next() % 680) - 340;
        snprintf(text, sizeof text, "%llu.%lluE%d", (unsigned long long)(random_next() >> random_next() % 64),
                 (unsigned long long)(random_next() >> random_next() % 64), exponent);
        CHECK_IN(text, reads_like_library(text));
    }
}

/* The midpoint of a float and the next one is exact in a double, and has to go to the even one. */
/* Of a value and either neighbour, the value is what its own decimal is nearest to. */
static void nearer_check(const struct bark_float_format *format, const char *text)
{
    const struct bark_float_decimal d = decimal_of(text);
    const uint64_t bits = bark_float_from_decimal(format, &d);
    if (bits < 2 || bits >= (uint64_t)(format->exponent_max - format->exponent_min + 2)
                                << (format->precision - 1))
        return;
    CHECK_IN(text, bark_float_nearer(format, &d, bits) == bits);
    CHECK_IN(text, bark_float_nearer(format, &d, bits - 1) == bits);
}

TEST(the_nearer_of_two_neighbours)
{
    char text[1200];
    int i, digits;
    for (i = 0; i < 3000; i++) {
        const uint64_t bits = random_next() >> 1;
        const double x = double_of(bits), y = double_of(bits + 1);
        if (!isfinite(x) || !isfinite(y))
            continue;
        digits = (int)(random_next() % 30);
        snprintf(text, sizeof text, "%.*e", digits, x);
        nearer_check(&bark_float_binary64, text);
        snprintf(text, sizeof text, "%.*e", digits, (double)float_of((uint32_t)bits));
        if (isfinite(float_of((uint32_t)bits)) && text[0] != '-')
            nearer_check(&bark_float_binary32, text);
    }
    /* [XSD2 3.2.5] half way between: to even, and a digit behind a hundred zeros decides */
    for (i = 0; i < 200; i++) {
        const uint64_t odd = (UINT64_C(1) << 53) + 2 * (random_next() >> 12) + 1;
        const double x = (double)odd;
        snprintf(text, sizeof text, "%llu", (unsigned long long)odd);
        nearer_check(&bark_float_binary64, text);
        CHECK((bits_of(x) & 1) == 0);
        snprintf(text, sizeof text, "%llu.%0100d1", (unsigned long long)odd, 0);
        nearer_check(&bark_float_binary64, text);
        snprintf(text, sizeof text, "%llu.%0400d1e-700", (unsigned long long)odd, 0);
        nearer_check(&bark_float_binary64, text);
        snprintf(text, sizeof text, "%llu.%0800d1e-300", (unsigned long long)odd, 0);
        nearer_check(&bark_float_binary64, text);
        snprintf(text, sizeof text, "%llue200", (unsigned long long)odd);
        nearer_check(&bark_float_binary64, text);
    }
}

TEST(half_way_points_between_floats_go_to_even)
{
    char text[200];
    size_t i;
    for (i = 0; i < 10000; i++) {
        const uint32_t bits = (uint32_t)(random_next() % 0x7f7fffff);
        const double half = ((double)float_of(bits) + (double)float_of(bits + 1)) / 2;
        struct bark_float_decimal d;
        snprintf(text, sizeof text, "%.160e", half);
        d = decimal_of(text);
        CHECK_IN(text, bark_float_from_decimal(&bark_float_binary32, &d) == bits + (bits & 1));
    }
}

static void digits_text(const uint8_t *digits, size_t count, int point, char *text, size_t size)
{
    char digit_text[BARK_FLOAT_DIGITS + 1] = "";
    size_t i;
    for (i = 0; i < count; i++)
        digit_text[i] = (char)('0' + digits[i]);
    snprintf(text, size, "0.%se%d", digit_text, point);
}

/* The digits read back, no zero on either side, and %.{count-1}e does not: one digit less is not enough. */
static void double_check(uint64_t bits)
{
    uint8_t digits[BARK_FLOAT_DIGITS];
    char text[64], shorter[64];
    size_t i;
    int point;
    const double x = double_of(bits);
    const size_t count = shortest_digits(&bark_float_binary64, bits, digits, &point);
    digits_text(digits, count, point, text, sizeof text);
    CHECK_IN(text, strtod(text, NULL) == x);
    CHECK_IN(text, digits[0] != 0 && digits[count - 1] != 0);
    if (count > 1) {
        snprintf(shorter, sizeof shorter, "%.*e", (int)count - 2, x);
        CHECK_IN(text, strtod(shorter, NULL) != x);
    }
    /* When the nearest decimal of that many digits reads back, it is the one. */
    snprintf(shorter, sizeof shorter, "%.*e", (int)count - 1, x);
    if (strtod(shorter, NULL) == x) {
        const struct bark_float_decimal d = decimal_of(shorter);
        CHECK_IN(text, digits[0] == d.whole.ptr[0] - '0');
        for (i = 1; i < count; i++)
            CHECK_IN(text, digits[i] == d.fraction.ptr[i - 1] - '0');
    }
}

static void float_check(uint32_t bits)
{
    uint8_t digits[BARK_FLOAT_DIGITS];
    char text[64], shorter[64];
    int point;
    const float x = float_of(bits);
    const size_t count = shortest_digits(&bark_float_binary32, bits, digits, &point);
    digits_text(digits, count, point, text, sizeof text);
    CHECK_IN(text, count <= 9 && strtof(text, NULL) == x);
    CHECK_IN(text, digits[0] != 0 && digits[count - 1] != 0);
    if (count > 1) {
        snprintf(shorter, sizeof shorter, "%.*e", (int)count - 2, (double)x);
        CHECK_IN(text, strtof(shorter, NULL) != x);
    }
}

TEST(random_values_are_written_with_the_fewest_digits)
{
    size_t i;
    for (i = 0; i < 25000; i++) {
        const uint64_t bits = random_next() >> 1;
        if (bits < 0x7ff0000000000000u && bits > 0)
            double_check(bits);
        if ((uint32_t)(bits >> 8) % 0x7f800000 > 0)
            float_check((uint32_t)(bits >> 8) % 0x7f800000);
    }
}

TEST(powers_of_two_and_their_neighbours_are_written_with_the_fewest_digits)
{
    uint64_t field;
    int delta;
    for (field = 1; field < 2047; field++)
        for (delta = -2; delta <= 2; delta++)
            double_check((field << 52) + (uint64_t)delta);
    for (field = 1; field < 255; field++)
        for (delta = -2; delta <= 2; delta++)
            float_check((uint32_t)(field << 23) + (uint32_t)delta);
    for (field = 1; field < 2000; field++) {
        double_check(field);
        float_check((uint32_t)field);
    }
    double_check(0x7fefffffffffffffu);
    float_check(0x7f7fffff);
}

TEST(short_decimals_come_back_as_they_were)
{
    char text[64];
    unsigned i;
    for (i = 1; i < 30000; i++) {
        uint8_t digits[BARK_FLOAT_DIGITS];
        int point;
        size_t count;
        struct bark_float_decimal d;
        snprintf(text, sizeof text, "%u.%03u", i / 1000, i % 1000);
        d = decimal_of(text);
        count = shortest_digits(&bark_float_binary64, bark_float_from_decimal(&bark_float_binary64, &d),
                                digits, &point);
        CHECK_IN(text, count <= 5 && point <= 2 && point >= -2);
    }
}

TEST_MAIN(RUN(hard_decimals_are_read_as_the_library_reads_them) RUN(decimals_of_many_digits_are_read_exactly)
              RUN(random_decimals_are_read_as_the_library_reads_them) RUN(the_nearer_of_two_neighbours)
                  RUN(half_way_points_between_floats_go_to_even)
                      RUN(random_values_are_written_with_the_fewest_digits)
                          RUN(powers_of_two_and_their_neighbours_are_written_with_the_fewest_digits)
                              RUN(short_decimals_come_back_as_they_were))
