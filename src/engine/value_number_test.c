/* engine/value_number_test.c - integers to the last value of each width, and numbers without bounds. */
#include "engine/value_testing.h"

static const struct lexical int32_cases[] = {
    { "0", "0", BARK_OK },
    { "-0", "0", BARK_OK },
    { "+0", "0", BARK_OK },
    { "+7", "7", BARK_OK }, /* [XSD2 3.3.13.1] a leading plus is legal */
    { "007", "7", BARK_OK },
    { "-007", "-7", BARK_OK },
    { "2147483647", "2147483647", BARK_OK },
    { "-2147483648", "-2147483648", BARK_OK },
    { "00000000000000000000000000002147483647", "2147483647", BARK_OK },
    { " \t\r\n12\n", "12", BARK_OK },
    { "2147483648", NULL, BARK_ERR_TYPE }, /* one past: refused, not wrapped */
    { "-2147483649", NULL, BARK_ERR_TYPE },
    { "4294967296", NULL, BARK_ERR_TYPE },
    { "18446744073709551616", NULL, BARK_ERR_TYPE }, /* 2^64 would wrap to 0 */
    { "99999999999999999999999999", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
    { " ", NULL, BARK_ERR_TYPE },
    { "+", NULL, BARK_ERR_TYPE },
    { "-", NULL, BARK_ERR_TYPE },
    { "--1", NULL, BARK_ERR_TYPE },
    { "+-1", NULL, BARK_ERR_TYPE },
    { "1-", NULL, BARK_ERR_TYPE },
    { "1 2", NULL, BARK_ERR_TYPE },
    { "1.", NULL, BARK_ERR_TYPE },
    { "1.0", NULL, BARK_ERR_TYPE },
    { ".1", NULL, BARK_ERR_TYPE },
    { "1e3", NULL, BARK_ERR_TYPE },
    { "0x10", NULL, BARK_ERR_TYPE },
    { "1a", NULL, BARK_ERR_TYPE },
    { "1,000", NULL, BARK_ERR_TYPE },
    { "INF", NULL, BARK_ERR_TYPE },
    { "\xd9\xa1", NULL, BARK_ERR_TYPE }, /* ARABIC-INDIC DIGIT ONE */
    { "\xc2\xa0"
      "1",
      NULL, BARK_ERR_TYPE }, /* U+00A0 is not white space here */
};

TEST(int32_lexicals)
{
    LEXICALS(BARK_KIND_INT32, int32_cases);
}

/* The borders of the 64-bit widths; the narrow ones are tried out whole below. */
static const struct lexical int64_cases[] = {
    { "9223372036854775807", "9223372036854775807", BARK_OK },
    { "-9223372036854775808", "-9223372036854775808", BARK_OK },
    { "+0009223372036854775807", "9223372036854775807", BARK_OK },
    { "-0", "0", BARK_OK },
    { "-1", "-1", BARK_OK },
    { "9223372036854775808", NULL, BARK_ERR_TYPE },
    { "-9223372036854775809", NULL, BARK_ERR_TYPE },
    { "18446744073709551615", NULL, BARK_ERR_TYPE },
    { "18446744073709551616", NULL, BARK_ERR_TYPE },
    { "-18446744073709551616", NULL, BARK_ERR_TYPE },
    { "100000000000000000000", NULL, BARK_ERR_TYPE },
};

static const struct lexical uint64_cases[] = {
    { "18446744073709551615", "18446744073709551615", BARK_OK },
    { "+18446744073709551615", "18446744073709551615", BARK_OK },
    { "0", "0", BARK_OK },
    { "-0", "0", BARK_OK }, /* [XSD2 3.3.20.1] a zero may have a minus */
    { "18446744073709551616", NULL, BARK_ERR_TYPE },
    { "18446744073709551625", NULL, BARK_ERR_TYPE },
    { "184467440737095516150", NULL, BARK_ERR_TYPE },
    { "-1", NULL, BARK_ERR_TYPE },
    { "-18446744073709551615", NULL, BARK_ERR_TYPE },
};

static const struct lexical uint32_cases[] = {
    { "4294967295", "4294967295", BARK_OK },
    { "0", "0", BARK_OK },
    { "4294967296", NULL, BARK_ERR_TYPE },
    { "-1", NULL, BARK_ERR_TYPE },
};

TEST(wide_integers_stop_at_their_borders)
{
    LEXICALS(BARK_KIND_INT64, int64_cases);
    LEXICALS(BARK_KIND_UINT64, uint64_cases);
    LEXICALS(BARK_KIND_UINT32, uint32_cases);
}

/* Every number from -70000 to 70000 against every narrow kind. */
TEST(narrow_integers_are_exactly_their_range)
{
    static const struct {
        enum bark_kind kind;
        long min, max;
    } kinds[] = {
        { BARK_KIND_INT8, INT8_MIN, INT8_MAX },
        { BARK_KIND_UINT8, 0, UINT8_MAX },
        { BARK_KIND_INT16, INT16_MIN, INT16_MAX },
        { BARK_KIND_UINT16, 0, UINT16_MAX },
    };
    static struct values v;
    char text[24];
    size_t i;
    long n;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const uint16_t type = values_open(&v, kinds[i].kind);
        for (n = -70000; n <= 70000; n++) {
            const bool inside = n >= kinds[i].min && n <= kinds[i].max;
            enum bark_code code;
            snprintf(text, sizeof text, "%ld", n);
            code = values_read(&v, type, text, strlen(text));
            CHECK_IN(text, code == (inside ? BARK_OK : BARK_ERR_TYPE));
            if (inside)
                CHECK_TEXT(values_write(&v, type, &code), text);
            else
                CHECK_IN(text, values_member_zero(&v));
        }
    }
}

static const struct lexical integer_cases[] = {
    { "0", "0", BARK_OK },
    { "-0", "-0", BARK_OK }, /* the lexical form is kept */
    { "+12", "+12", BARK_OK },
    { "000", "000", BARK_OK },
    { " 123456789012345678901234567890 ", "123456789012345678901234567890", BARK_OK },
    { "-99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", BARK_OK },
    { "", NULL, BARK_ERR_TYPE },
    { "-", NULL, BARK_ERR_TYPE },
    { "1.", NULL, BARK_ERR_TYPE },
    { "1.0", NULL, BARK_ERR_TYPE },
    { ".0", NULL, BARK_ERR_TYPE },
    { "1E2", NULL, BARK_ERR_TYPE },
    { "1 000", NULL, BARK_ERR_TYPE },
    { "- 1", NULL, BARK_ERR_TYPE },
    { "++1", NULL, BARK_ERR_TYPE },
    { "NaN", NULL, BARK_ERR_TYPE },
    { "0x1", NULL, BARK_ERR_TYPE },
    { "1_000", NULL, BARK_ERR_TYPE },
    { "1\xc2\xa0", NULL, BARK_ERR_TYPE },
    { "\xef\xbc\x91", NULL, BARK_ERR_TYPE }, /* FULLWIDTH DIGIT ONE */
};

static const struct lexical decimal_cases[] = {
    { "0", "0", BARK_OK },
    { "-1.23", "-1.23", BARK_OK },
    { "12678967.543233", "12678967.543233", BARK_OK },
    { "+100000.00", "+100000.00", BARK_OK },
    { "210", "210", BARK_OK },
    { "210.", "210.", BARK_OK }, /* [XSD2 3.2.3.1] the digits of the fraction may be missing ... */
    { ".5", ".5", BARK_OK }, /* ... or those before the point */
    { "-.5", "-.5", BARK_OK },
    { "00.00", "00.00", BARK_OK },
    { "\n0.000000000000000000000000000000000000000000001", "0.000000000000000000000000000000000000000000001",
      BARK_OK },
    { "", NULL, BARK_ERR_TYPE },
    { ".", NULL, BARK_ERR_TYPE },
    { "-.", NULL, BARK_ERR_TYPE },
    { "+", NULL, BARK_ERR_TYPE },
    { "1.2.3", NULL, BARK_ERR_TYPE },
    { "1..2", NULL, BARK_ERR_TYPE },
    { "1e5", NULL, BARK_ERR_TYPE },
    { "1E5", NULL, BARK_ERR_TYPE },
    { "INF", NULL, BARK_ERR_TYPE },
    { "NaN", NULL, BARK_ERR_TYPE },
    { "1,5", NULL, BARK_ERR_TYPE },
    { "1. 5", NULL, BARK_ERR_TYPE },
    { "--1", NULL, BARK_ERR_TYPE },
    { "1-", NULL, BARK_ERR_TYPE },
};

TEST(unbounded_number_lexicals)
{
    LEXICALS(BARK_KIND_INTEGER, integer_cases);
    LEXICALS(BARK_KIND_DECIMAL, decimal_cases);
}

/* [SECURITY row 27] A number of 10^5 digits costs its length: kept where unbounded, refused where not. */
TEST(numbers_of_many_digits)
{
    enum { many = 100000 };
    static struct values v;
    static char text[many + 1];
    enum bark_code code;
    uint16_t type;
    memset(text, '9', many);
    type = values_open(&v, BARK_KIND_INTEGER);
    CHECK(values_read(&v, type, text, many) == BARK_OK);
    CHECK(v.member.text.len == many);
    CHECK_TEXT(values_write(&v, type, &code), text);
    type = values_open(&v, BARK_KIND_INT64);
    CHECK(values_read(&v, type, text, many) == BARK_ERR_TYPE);
    memset(text, '0', many);
    text[many - 1] = '7';
    CHECK(values_read(&v, type, text, many) == BARK_OK);
    CHECK(v.member.word == 7);
}

static enum bark_order decimals_order(const char *a, const char *b)
{
    const struct bark_text x = bark_text(a), y = bark_text(b);
    return bark_decimal_order(BARK_KIND_DECIMAL, &x, &y);
}

TEST(decimals_are_ordered_by_value)
{
    /* Each less than the next; equal ones share a line. */
    static const char *const ladder[][3] = {
        { "-1000000000000000000000000000001", "-1000000000000000000000000000001.0",
          "-01000000000000000000000000000001" },
        { "-1000000000000000000000000000000", "-1000000000000000000000000000000.",
          "-1000000000000000000000000000000" },
        { "-10.5", "-10.50", "-010.5" },
        { "-10.49", "-10.490", "-10.49" },
        { "-0.001", "-.001", "-00.0010" },
        { "0", "-0", "+.0" },
        { "0.0009", ".00090", "+0.0009" },
        { "0.001", ".001", "0.0010" },
        { "9.99", "9.990", "+9.99" },
        { "10", "10.0", "0010." },
        { "100", "100.000", "+100" },
    };
    const size_t count = sizeof ladder / sizeof *ladder;
    size_t i, j, k;
    for (i = 0; i < count; i++)
        for (j = 0; j < count; j++)
            for (k = 0; k < 9; k++) {
                const enum bark_order want = i < j   ? BARK_ORDER_LESS
                                             : i > j ? BARK_ORDER_GREATER
                                                     : BARK_ORDER_EQUAL;
                CHECK_IN(ladder[i][k / 3], decimals_order(ladder[i][k / 3], ladder[j][k % 3]) == want);
            }
}

/* A handler may put anything into the struct. */
TEST(texts_that_are_no_numbers_are_not_written)
{
    static const char *const bad[] = { "", "x", "1e5", "1.0.", "- 1", " 1", "1 ", "<", "\x01" };
    static struct values v;
    enum bark_code code;
    size_t i;
    const uint16_t type = values_open(&v, BARK_KIND_DECIMAL);
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        v.member.text = bark_text(bad[i]);
        values_write(&v, type, &code);
        CHECK_IN(bad[i], code == BARK_ERR_TYPE && v.error.rule);
    }
}

TEST_MAIN(RUN(int32_lexicals) RUN(wide_integers_stop_at_their_borders)
              RUN(narrow_integers_are_exactly_their_range) RUN(unbounded_number_lexicals)
                  RUN(numbers_of_many_digits) RUN(decimals_are_ordered_by_value)
                      RUN(texts_that_are_no_numbers_are_not_written))
