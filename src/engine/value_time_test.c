/* engine/value_time_test.c - the calendar's edges, zones, and the partial order. */
#include "engine/value_testing.h"

static const struct lexical datetime_cases[] = {
    { "2026-02-28T23:59:59Z", "2026-02-28T23:59:59Z", BARK_OK },
    { "2026-02-28T23:59:59", "2026-02-28T23:59:59", BARK_OK },
    { " 2000-02-29T00:00:00+01:30\n", "2000-02-29T00:00:00+01:30", BARK_OK },
    { "1999-12-31T24:00:00", "2000-01-01T00:00:00",
      BARK_OK }, /* [XSD2 3.2.7.1] the next day's first instant */
    { "1999-12-31T24:00:00.000Z", "2000-01-01T00:00:00Z", BARK_OK },
    { "2004-02-28T24:00:00", "2004-02-29T00:00:00", BARK_OK },
    { "-0001-12-31T24:00:00", "0001-01-01T00:00:00", BARK_OK }, /* there is no year 0 */
    { "2026-01-01T00:00:00.1", "2026-01-01T00:00:00.1", BARK_OK },
    { "2026-01-01T00:00:00.123456789", "2026-01-01T00:00:00.123456789", BARK_OK },
    { "2026-01-01T00:00:00.000000001", "2026-01-01T00:00:00.000000001", BARK_OK },
    { "2026-01-01T00:00:00.50000000000000000", "2026-01-01T00:00:00.5", BARK_OK }, /* zeros lose nothing */
    { "2026-01-01T00:00:00.000", "2026-01-01T00:00:00", BARK_OK },
    { "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00Z", BARK_OK },
    { "2026-01-01T00:00:00-00:00", "2026-01-01T00:00:00Z", BARK_OK },
    { "2026-01-01T00:00:00+14:00", "2026-01-01T00:00:00+14:00", BARK_OK },
    { "2026-01-01T00:00:00-14:00", "2026-01-01T00:00:00-14:00", BARK_OK },
    { "2026-01-01T00:00:00-00:30", "2026-01-01T00:00:00-00:30", BARK_OK },
    { "12026-01-01T00:00:00", "12026-01-01T00:00:00", BARK_OK },
    { "-0044-03-15T12:00:00", "-0044-03-15T12:00:00", BARK_OK },
    { "-12026-01-01T00:00:00", "-12026-01-01T00:00:00", BARK_OK },
    { "999999999999999999-12-31T23:59:59Z", "999999999999999999-12-31T23:59:59Z", BARK_OK },
    { "1000000000000000000-01-01T00:00:00Z", NULL, BARK_ERR_LIMIT },
    { "2026-01-01T00:00:00.1234567891", NULL, BARK_ERR_LIMIT }, /* cutting it would be silent */
    { "0000-01-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "-0000-01-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "02026-01-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "026-01-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "+2026-01-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-00-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-13-01T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-00T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-32T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-04-31T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-02-29T00:00:00", NULL, BARK_ERR_TYPE },
    { "1900-02-29T00:00:00", NULL, BARK_ERR_TYPE },
    { "2100-02-29T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-02-30T24:00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01T24:00:01", NULL, BARK_ERR_TYPE },
    { "2026-01-01T24:01:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01T24:00:00.001", NULL, BARK_ERR_TYPE },
    { "2026-01-01T25:00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:60:00", NULL, BARK_ERR_TYPE },
    { "2026-12-31T23:59:60Z", NULL, BARK_ERR_TYPE }, /* [XSD2 D.2] no leap seconds */
    { "2026-01-01T00:00:00.", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00,5", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01 00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01t00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00z", NULL, BARK_ERR_TYPE },
    { "2026-1-1T0:0:0", NULL, BARK_ERR_TYPE },
    { "20260101T000000", NULL, BARK_ERR_TYPE },
    { "2026-01-01", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00+14:01", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00-14:01", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00+15:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00+01:60", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00+1:00", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00+0100", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00 Z", NULL, BARK_ERR_TYPE },
    { "2026-01-01T00:00:00ZZ", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
    { "T", NULL, BARK_ERR_TYPE },
    { "-", NULL, BARK_ERR_TYPE },
};

TEST(datetime_lexicals)
{
    LEXICALS(BARK_KIND_DATETIME, datetime_cases);
}

static const struct lexical date_cases[] = {
    { "2026-02-28", "2026-02-28", BARK_OK },
    { "2024-02-29Z", "2024-02-29Z", BARK_OK },
    { "2026-12-31-14:00", "2026-12-31-14:00", BARK_OK },
    { "-0004-02-29", "-0004-02-29", BARK_OK }, /* [XSD2 E.1] divisible by 4 */
    { "10000-01-01", "10000-01-01", BARK_OK },
    { "2026-02-29", NULL, BARK_ERR_TYPE },
    { "2026-02-28T00:00:00", NULL, BARK_ERR_TYPE },
    { "2026-06-31", NULL, BARK_ERR_TYPE },
    { "2026-02", NULL, BARK_ERR_TYPE },
    { "2026-02-", NULL, BARK_ERR_TYPE },
    { "2026-2-28", NULL, BARK_ERR_TYPE },
    { "26-02-28", NULL, BARK_ERR_TYPE },
    { "2026/02/28", NULL, BARK_ERR_TYPE },
    { "28.02.2026", NULL, BARK_ERR_TYPE },
    { "2026-02-281", NULL, BARK_ERR_TYPE },
    { "2026-02-28+", NULL, BARK_ERR_TYPE },
    { "2026-02-28 Z", NULL, BARK_ERR_TYPE },
    { "2026--02-28", NULL, BARK_ERR_TYPE },
    { "--02-28", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
};

static const struct lexical time_cases[] = {
    { "00:00:00", "00:00:00", BARK_OK },
    { "23:59:59.999999999", "23:59:59.999999999", BARK_OK },
    { "24:00:00", "00:00:00", BARK_OK },
    { "12:30:00Z", "12:30:00Z", BARK_OK },
    { "12:30:00-05:00", "12:30:00-05:00", BARK_OK },
    { " 01:02:03 ", "01:02:03", BARK_OK },
    { "01:02:03.10", "01:02:03.1", BARK_OK },
    { "24:00:01", NULL, BARK_ERR_TYPE },
    { "24:00", NULL, BARK_ERR_TYPE },
    { "1:02:03", NULL, BARK_ERR_TYPE },
    { "01:02", NULL, BARK_ERR_TYPE },
    { "010203", NULL, BARK_ERR_TYPE },
    { "T01:02:03", NULL, BARK_ERR_TYPE },
    { "01:02:60", NULL, BARK_ERR_TYPE },
    { "01:60:00", NULL, BARK_ERR_TYPE },
    { "-01:02:03", NULL, BARK_ERR_TYPE },
    { "01:02:03 PM", NULL, BARK_ERR_TYPE },
    { "01:02:03+14:30", NULL, BARK_ERR_TYPE },
    { "01:02:03.1234567890001", NULL, BARK_ERR_LIMIT },
    { "", NULL, BARK_ERR_TYPE },
};

TEST(date_and_time_lexicals)
{
    LEXICALS(BARK_KIND_DATE, date_cases);
    LEXICALS(BARK_KIND_TIME, time_cases);
}

static const struct lexical gyear_cases[] = {
    { "2026", "2026", BARK_OK },
    { "2026Z", "2026Z", BARK_OK },
    { "2026+05:30", "2026+05:30", BARK_OK },
    { "-2026-05:30", "-2026-05:30", BARK_OK },
    { "0001", "0001", BARK_OK },
    { "123456789", "123456789", BARK_OK },
    { "0000", NULL, BARK_ERR_TYPE },
    { "26", NULL, BARK_ERR_TYPE },
    { "02026", NULL, BARK_ERR_TYPE },
    { "+2026", NULL, BARK_ERR_TYPE },
    { "2026-", NULL, BARK_ERR_TYPE },
    { "2026-01", NULL, BARK_ERR_TYPE },
};
static const struct lexical gyearmonth_cases[] = {
    { "2026-02", "2026-02", BARK_OK },     { "-0002-12Z", "-0002-12Z", BARK_OK },
    { "2026-00", NULL, BARK_ERR_TYPE },    { "2026-13", NULL, BARK_ERR_TYPE },
    { "2026-1", NULL, BARK_ERR_TYPE },     { "2026", NULL, BARK_ERR_TYPE },
    { "2026-01-01", NULL, BARK_ERR_TYPE },
};
static const struct lexical gmonth_cases[] = {
    { "--02", "--02", BARK_OK },       { "--12+14:00", "--12+14:00", BARK_OK },
    { "--02--", NULL, BARK_ERR_TYPE }, /* the first edition's mistake */
    { "--00", NULL, BARK_ERR_TYPE },   { "--13", NULL, BARK_ERR_TYPE },
    { "-02", NULL, BARK_ERR_TYPE },    { "02", NULL, BARK_ERR_TYPE },
    { "--2", NULL, BARK_ERR_TYPE },
};
static const struct lexical gmonthday_cases[] = {
    { "--02-29", "--02-29", BARK_OK }, /* some years have it */
    { "--12-31Z", "--12-31Z", BARK_OK }, { "--02-30", NULL, BARK_ERR_TYPE },
    { "--04-31", NULL, BARK_ERR_TYPE },  { "--12-32", NULL, BARK_ERR_TYPE },
    { "--12-00", NULL, BARK_ERR_TYPE },  { "--12", NULL, BARK_ERR_TYPE },
    { "12-31", NULL, BARK_ERR_TYPE },
};
static const struct lexical gday_cases[] = {
    { "---31", "---31", BARK_OK },    { "---01-14:00", "---01-14:00", BARK_OK },
    { "---32", NULL, BARK_ERR_TYPE }, { "---00", NULL, BARK_ERR_TYPE },
    { "--31", NULL, BARK_ERR_TYPE },  { "---1", NULL, BARK_ERR_TYPE },
    { "31", NULL, BARK_ERR_TYPE },    { "---31T00:00:00", NULL, BARK_ERR_TYPE },
};

TEST(g_type_lexicals)
{
    LEXICALS(BARK_KIND_GYEAR, gyear_cases);
    LEXICALS(BARK_KIND_GYEARMONTH, gyearmonth_cases);
    LEXICALS(BARK_KIND_GMONTH, gmonth_cases);
    LEXICALS(BARK_KIND_GMONTHDAY, gmonthday_cases);
    LEXICALS(BARK_KIND_GDAY, gday_cases);
}

/* Every day of the years around the century rules exists, and no other. */
TEST(months_have_their_days)
{
    static const int years[] = { 1896, 1899, 1900, 1904, 2000, 2001, 2004, 2100, 2400 };
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DATE);
    char text[32];
    size_t i;
    int month, day;
    for (i = 0; i < sizeof years / sizeof *years; i++)
        for (month = 1; month <= 12; month++)
            for (day = 1; day <= 31; day++) {
                const int y = years[i];
                const bool leap = y == 1896 || y == 1904 || y == 2000 || y == 2004 || y == 2400;
                const bool exists = day <= days[month - 1] + (month == 2 && leap);
                snprintf(text, sizeof text, "%04d-%02d-%02d", y, month, day);
                CHECK_IN(text, (values_read(&v, type, text, strlen(text)) == BARK_OK) == exists);
            }
}

static enum bark_order order(enum bark_kind kind, const char *a, const char *b)
{
    static struct values v;
    const uint16_t type = values_open(&v, kind);
    struct bark_time first;
    CHECK_IN(a, values_read(&v, type, a, strlen(a)) == BARK_OK);
    first = v.member.time;
    CHECK_IN(b, values_read(&v, type, b, strlen(b)) == BARK_OK);
    return bark_kind_row(kind)->order(kind, &first, &v.member.time);
}

TEST(times_are_ordered_across_zones)
{
    static const struct {
        enum bark_kind kind;
        const char *a, *b;
        enum bark_order want;
    } cases[] = {
        { BARK_KIND_DATETIME, "2000-01-15T00:00:00", "2000-02-15T00:00:00", BARK_ORDER_LESS },
        { BARK_KIND_DATETIME, "2000-01-15T12:00:00", "2000-01-16T12:00:00Z", BARK_ORDER_LESS },
        { BARK_KIND_DATETIME, "2000-01-01T12:00:00", "1999-12-31T23:00:00Z", BARK_ORDER_NONE },
        { BARK_KIND_DATETIME, "2000-01-16T12:00:00", "2000-01-16T12:00:00Z", BARK_ORDER_NONE },
        { BARK_KIND_DATETIME, "2000-01-16T00:00:00", "2000-01-16T12:00:00Z", BARK_ORDER_NONE },
        { BARK_KIND_DATETIME, "2000-01-17T12:00:00", "2000-01-16T12:00:00Z", BARK_ORDER_GREATER },
        { BARK_KIND_DATETIME, "2000-01-16T12:00:00Z", "2000-01-15T12:00:00", BARK_ORDER_GREATER },
        { BARK_KIND_DATETIME, "2000-01-16T12:00:00Z", "2000-01-17T12:00:00", BARK_ORDER_LESS },
        { BARK_KIND_DATETIME, "2000-01-01T00:00:00+01:00", "1999-12-31T23:00:00Z", BARK_ORDER_EQUAL },
        { BARK_KIND_DATETIME, "2000-02-29T23:30:00-01:00", "2000-03-01T00:30:00Z", BARK_ORDER_EQUAL },
        { BARK_KIND_DATETIME, "0001-01-01T00:00:00+14:00", "-0001-12-31T10:00:00Z", BARK_ORDER_EQUAL },
        { BARK_KIND_DATETIME, "2000-01-01T00:00:00.5", "2000-01-01T00:00:00.50", BARK_ORDER_EQUAL },
        { BARK_KIND_DATETIME, "2000-01-01T00:00:00.5", "2000-01-01T00:00:00.500000001", BARK_ORDER_LESS },
        { BARK_KIND_DATETIME, "-0002-01-01T00:00:00", "-0001-01-01T00:00:00", BARK_ORDER_LESS },
        { BARK_KIND_DATETIME, "10000-01-01T00:00:00", "9999-12-31T23:59:59", BARK_ORDER_GREATER },
        { BARK_KIND_DATE, "2000-01-01+13:00", "2000-01-01Z", BARK_ORDER_LESS },
        { BARK_KIND_DATE, "2000-01-01", "2000-01-02", BARK_ORDER_LESS },
        { BARK_KIND_TIME, "12:00:00Z", "13:00:00+01:00", BARK_ORDER_EQUAL },
        { BARK_KIND_TIME, "00:00:00+14:00", "23:00:00Z", BARK_ORDER_LESS },
        { BARK_KIND_TIME, "10:00:00", "11:00:00", BARK_ORDER_LESS },
        { BARK_KIND_GYEAR, "1999", "2000", BARK_ORDER_LESS },
        { BARK_KIND_GYEARMONTH, "1999-12", "2000-01", BARK_ORDER_LESS },
        { BARK_KIND_GMONTH, "--11", "--12", BARK_ORDER_LESS },
        { BARK_KIND_GMONTHDAY, "--02-29", "--03-01", BARK_ORDER_LESS },
        { BARK_KIND_GDAY, "---31", "---30", BARK_ORDER_GREATER },
        { BARK_KIND_GDAY, "---15", "---15Z", BARK_ORDER_NONE },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_IN(cases[i].a, order(cases[i].kind, cases[i].a, cases[i].b) == cases[i].want);
}

/* Parts that no reader would accept are not written. */
TEST(impossible_times_are_not_written)
{
    static const struct bark_time bad[] = {
        { .year = 0, .month = 1, .day = 1 },
        { .year = INT64_MAX, .month = 1, .day = 1 },
        { .year = INT64_MIN, .month = 1, .day = 1 },
        { .year = 2026, .month = 0, .day = 1 },
        { .year = 2026, .month = 13, .day = 1 },
        { .year = 2026, .month = 255, .day = 1 },
        { .year = 2026, .month = 2, .day = 29 },
        { .year = 2026, .month = 1, .day = 0 },
        { .year = 2026, .month = 1, .day = 1, .hour = 24 },
        { .year = 2026, .month = 1, .day = 1, .minute = 60 },
        { .year = 2026, .month = 1, .day = 1, .second = 60 },
        { .year = 2026, .month = 1, .day = 1, .nanosecond = 1000000000 },
        { .year = 2026, .month = 1, .day = 1, .has_zone = true, .zone_minutes = 841 },
        { .year = 2026, .month = 1, .day = 1, .has_zone = true, .zone_minutes = -841 },
        { .year = 2026, .month = 1, .day = 1, .has_zone = true, .zone_minutes = INT16_MIN },
    };
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DATETIME);
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        enum bark_code code;
        v.member.time = bad[i];
        values_write(&v, type, &code);
        CHECK(code == BARK_ERR_TYPE && v.error.rule);
    }
}

TEST_MAIN(RUN(datetime_lexicals) RUN(date_and_time_lexicals) RUN(g_type_lexicals) RUN(months_have_their_days)
              RUN(times_are_ordered_across_zones) RUN(impossible_times_are_not_written))
