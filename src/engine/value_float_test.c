/* engine/value_float_test.c - the lexical forms of float and double; float_exact_test.c has the digits. */
#include "engine/value_testing.h"

#include <math.h>
#include <stdio.h>

static const struct lexical double_cases[] = {
    { "0", "0", BARK_OK },
    { "-0", "-0", BARK_OK }, /* [XSD2 3.2.5] negative zero is a value */
    { "+0.0", "0", BARK_OK },
    { "1", "1", BARK_OK },
    { "+1.50", "1.5", BARK_OK },
    { ".5", "0.5", BARK_OK },
    { "5.", "5", BARK_OK },
    { "-1E4", "-10000", BARK_OK },
    { "12.78e-2", "0.1278", BARK_OK },
    { "12E+2", "1200", BARK_OK },
    { "0.001", "0.001", BARK_OK },
    { "0.0001", "1.0E-4", BARK_OK },
    { "0.00012345", "1.2345E-4", BARK_OK },
    { "123456789012345", "123456789012345", BARK_OK },
    { "1000000000000000", "1.0E15", BARK_OK },
    { "1267.43233E12", "1.26743233E15", BARK_OK },
    { "0.1", "0.1", BARK_OK },
    { "0.30000000000000004", "0.30000000000000004", BARK_OK },
    { "1.7976931348623157E308", "1.7976931348623157E308", BARK_OK },
    { "4.9E-324", "5.0E-324", BARK_OK },
    { "1e400", "INF", BARK_OK }, /* the nearest value [XSD2 3.2.5] */
    { "-1e400", "-INF", BARK_OK },
    { "1e-400", "0", BARK_OK },
    { "-1e-400", "-0", BARK_OK },
    { "0e99999999999999999999", "0", BARK_OK },
    { "1e99999999999999999999999999", "INF", BARK_OK },
    { "1e-99999999999999999999999999", "0", BARK_OK },
    { "1E00000000000000000000000002", "100", BARK_OK },
    { "INF", "INF", BARK_OK },
    { "-INF", "-INF", BARK_OK },
    { " NaN ", "NaN", BARK_OK },
    { "+INF", NULL, BARK_ERR_TYPE }, /* XSD 1.1 has it, 1.0 does not */
    { "inf", NULL, BARK_ERR_TYPE },
    { "Infinity", NULL, BARK_ERR_TYPE },
    { "nan", NULL, BARK_ERR_TYPE },
    { "-NaN", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
    { ".", NULL, BARK_ERR_TYPE },
    { "-", NULL, BARK_ERR_TYPE },
    { "e5", NULL, BARK_ERR_TYPE },
    { ".e5", NULL, BARK_ERR_TYPE },
    { "1e", NULL, BARK_ERR_TYPE },
    { "1e+", NULL, BARK_ERR_TYPE },
    { "1e5.0", NULL, BARK_ERR_TYPE },
    { "1e5e5", NULL, BARK_ERR_TYPE },
    { "1 e5", NULL, BARK_ERR_TYPE },
    { "--1", NULL, BARK_ERR_TYPE },
    { "+-1", NULL, BARK_ERR_TYPE },
    { "1,5", NULL, BARK_ERR_TYPE },
    { "0x1p3", NULL, BARK_ERR_TYPE },
    { "1f", NULL, BARK_ERR_TYPE },
    { "1d", NULL, BARK_ERR_TYPE },
};

static const struct lexical float_cases[] = {
    { "0.1", "0.1", BARK_OK }, /* not the double's digits */
    { "16777217", "16777216", BARK_OK }, /* half way: to even */
    { "16777219", "16777220", BARK_OK },
    { "3.4028235E38", "3.4028235E38", BARK_OK },
    { "3.4028236E38", "INF", BARK_OK },
    { "1e39", "INF", BARK_OK },
    { "1.4E-45", "1.0E-45", BARK_OK },
    { "1e-46", "0", BARK_OK },
    { "0.3333333333333333", "0.33333334", BARK_OK },
    { "-12.5", "-12.5", BARK_OK },
    { "1E10", "10000000000", BARK_OK },
    { "INF", "INF", BARK_OK },
    { "NaN", "NaN", BARK_OK },
    { "-INF", "-INF", BARK_OK },
    { "1.0.0", NULL, BARK_ERR_TYPE },
    { "abc", NULL, BARK_ERR_TYPE },
    { "1e1e", NULL, BARK_ERR_TYPE },
    { "INFINITY", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
    { "1 2", NULL, BARK_ERR_TYPE },
};

TEST(float_and_double_lexicals)
{
    LEXICALS(BARK_KIND_DOUBLE, double_cases);
    LEXICALS(BARK_KIND_FLOAT, float_cases);
}

/* Whole numbers around the place where they stop being written at once, and their neighbours. */
TEST(whole_numbers)
{
    static struct values v;
    unsigned i, n, half;
    for (i = 0; i < 2; i++) {
        const uint16_t type = values_open(&v, i ? BARK_KIND_FLOAT : BARK_KIND_DOUBLE);
        for (n = 1; n < 600000; n += n < 1100 || (n > 524200 && n < 524400) ? 1 : 997)
            for (half = 0; half < 2; half++) {
                char text[32];
                uint8_t back[32];
                struct bark_out out;
                const int len = snprintf(text, sizeof text, half ? "%u.5" : "%u", n);
                CHECK(values_read(&v, type, text, (size_t)len) == BARK_OK);
                bark_out_init(&out, back, sizeof back);
                CHECK(bark_value_write(&v.scope, type, &v.member, &out, &v.error) == BARK_OK);
                CHECK(out.pos == (size_t)len && memcmp(back, text, out.pos) == 0);
            }
    }
}

TEST(floats_are_ordered_and_nan_equals_itself)
{
    static const char *const ladder[] = {
        "-INF", "-1e300", "-1", "-5e-324", "0", "5e-324", "1", "1.5", "INF"
    };
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DOUBLE);
    const size_t count = sizeof ladder / sizeof *ladder;
    double x[sizeof ladder / sizeof *ladder], nan, minus_zero = -0.0;
    size_t i, j;
    for (i = 0; i < count; i++) {
        CHECK(values_read(&v, type, ladder[i], strlen(ladder[i])) == BARK_OK);
        x[i] = v.member.number;
    }
    CHECK(values_read(&v, type, "NaN", 3) == BARK_OK);
    nan = v.member.number;
    for (i = 0; i < count; i++) {
        for (j = 0; j < count; j++)
            CHECK(bark_float_order(BARK_KIND_DOUBLE, &x[i], &x[j]) == (i < j   ? BARK_ORDER_LESS
                                                                       : i > j ? BARK_ORDER_GREATER
                                                                               : BARK_ORDER_EQUAL));
        CHECK(bark_float_order(BARK_KIND_DOUBLE, &x[i], &nan) == BARK_ORDER_NONE);
        CHECK(bark_float_order(BARK_KIND_DOUBLE, &nan, &x[i]) == BARK_ORDER_NONE);
    }
    CHECK(bark_float_order(BARK_KIND_DOUBLE, &nan, &nan) == BARK_ORDER_EQUAL);
    CHECK(bark_float_order(BARK_KIND_DOUBLE, &minus_zero, &x[4]) == BARK_ORDER_EQUAL);
}

TEST(other_forms_are_the_same_value)
{
    static const struct {
        double value;
        uint8_t form;
        const char *text;
    } cases[] = {
        { 1.5, 1, "1.5" },
        { 1.5, 3, "1.50" },
        { -3, 3, "-3.00" },
        { 1e21, 1, "1000000000000000000000" },
        { 1e21, 2, "1000000000000000000000.0" },
        { 1e-5, 1, "0.00001" },
        { 1e-5, 10, "0.000010000" },
        { 0, 3, "0.00" },
        { 0, 11, "0.0E0" },
        { 200, 11, "2.0E2" },
        { 200, 12, "2.0e2" },
        { 200, 13, "2E2" },
        { 200, 14, "2e2" },
        { 2.5e-9, 14, "2.5e-9" },
        { (double)INFINITY, 3, "INF" },
        { -(double)INFINITY, 14, "-INF" },
        { (double)NAN, 1, "NaN" },
    };
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DOUBLE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bark_value_call call = { &v.scope, &v.types[type], &v.error, cases[i].form };
        struct bark_out out;
        char text[512];
        bark_out_init(&out, text, sizeof text - 1);
        CHECK_IN(cases[i].text, bark_float_write(&call, &cases[i].value, &out) == BARK_OK);
        text[out.pos] = 0;
        CHECK_TEXT(text, cases[i].text);
    }
    for (uint8_t form = 0; form <= BARK_FLOAT_FORMS; form++) {
        static const double values[] = { 5e-324, 1.7976931348623157e308, 0.1, -123456.789, 1e15, 1e-3 };
        const struct bark_value_call call = { &v.scope, &v.types[type], &v.error, form };
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            struct bark_out out;
            uint8_t text[512];
            double back = 0;
            bark_out_init(&out, text, sizeof text);
            CHECK(bark_float_write(&call, &values[i], &out) == BARK_OK && bark_out_ok(&out));
            CHECK(bark_float_read(&call, bark_out_bytes(&out), &back) == BARK_OK);
            CHECK(memcmp(&back, &values[i], sizeof back) == 0);
        }
    }
}

TEST_MAIN(RUN(other_forms_are_the_same_value) RUN(float_and_double_lexicals)
              RUN(floats_are_ordered_and_nan_equals_itself) RUN(whole_numbers))
