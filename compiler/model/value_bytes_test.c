/* model/value_bytes_test.c - bytes are equal exactly when the engine's order says that the values are.
 */
#include "model/value.h"

#include "testkit.h"

static const struct {
    enum soapc_builtin type;
    const char *texts[16];
} groups[] = {
    { SOAPC_BUILTIN_DATE_TIME,
      { "2000-01-01T00:00:00Z", "1999-12-31T24:00:00Z", "2000-01-01T01:00:00+01:00",
        "1999-12-31T10:00:00-14:00", "2000-01-01T00:00:00", "1999-12-31T24:00:00", "2000-01-01T00:00:00.5Z",
        "2000-01-01T00:00:00.500Z", "2000-02-29T23:30:00-01:00", "2000-03-01T00:30:00Z",
        "1900-02-28T23:30:00-01:00", "1900-03-01T00:30:00Z", "12000-01-01T00:00:00Z", "-0044-03-15T00:00:00Z",
        "2000-01-01T00:00:01Z", "2000-01-01T00:01:00Z" } },
    { SOAPC_BUILTIN_DATE,
      { "2000-01-01Z", "2000-01-01+00:00", "2000-01-01", "2000-01-01+12:00", "1999-12-31-12:00",
        "2000-01-02Z", "1999-12-31Z", "2000-01-01-00:00" } },
    { SOAPC_BUILTIN_TIME,
      { "00:00:00Z", "01:00:00+01:00", "00:00:00", "23:59:59Z", "00:00:00.0Z", "12:00:00-01:00",
        "13:00:00Z" } },
    { SOAPC_BUILTIN_G_YEAR, { "2000", "2000Z", "2001", "2000+14:00", "-0001" } },
    { SOAPC_BUILTIN_G_YEAR_MONTH, { "2000-01", "2000-01Z", "2000-02", "2000-01-05:00" } },
    { SOAPC_BUILTIN_G_MONTH, { "--01", "--01Z", "--02", "--12Z", "--01+00:00" } },
    { SOAPC_BUILTIN_G_MONTH_DAY,
      { "--02-29", "--02-29Z", "--03-01Z", "--02-28Z", "--12-31-14:00", "--12-31Z" } },
    { SOAPC_BUILTIN_G_DAY, { "---01", "---01Z", "---31", "---31Z", "---02+00:00", "---02Z" } },
    { SOAPC_BUILTIN_DURATION,
      { "P1Y", "P12M", "P365D", "P366D", "PT24H", "P1D", "-P1D", "PT0S", "P0Y", "PT1.5S", "PT1.50S",
        "-PT1.5S", "P400Y", "P146097D", "P1M", "P30D" } },
};

TEST(same_bytes_same_value)
{
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (size_t i = 0; i < 16 && groups[g].texts[i]; i++)
            for (size_t k = 0; k < 16 && groups[g].texts[k]; k++) {
                const char *x = groups[g].texts[i], *y = groups[g].texts[k];
                char a[SOAPC_VALUE_BYTES], b[SOAPC_VALUE_BYTES], label[128];
                const size_t m = soapc_value_bytes(groups[g].type,
                                                   (struct bark_slice){ (const uint8_t *)x, strlen(x) }, a);
                const size_t n = soapc_value_bytes(groups[g].type,
                                                   (struct bark_slice){ (const uint8_t *)y, strlen(y) }, b);
                const bool same = m == n && memcmp(a, b, m) == 0;
                snprintf(label, sizeof label, "%s %s", x, y);
                CHECK_IN(label, m && n && m < SOAPC_VALUE_BYTES);
                CHECK_IN(label, same == (soapc_value_order(groups[g].type, x, y) == SOAPC_EQUAL));
            }
}

TEST(longest)
{
    static const char text[] =
        "-P4294967295Y4294967295M4294967295DT4294967295H4294967295M4294967295.999999999S";
    char out[SOAPC_VALUE_BYTES];
    const size_t len = soapc_value_bytes(SOAPC_BUILTIN_DURATION,
                                         (struct bark_slice){ (const uint8_t *)text, sizeof text - 1 }, out);
    CHECK(len > 40 && len < SOAPC_VALUE_BYTES);
}

TEST(others_have_none)
{
    const struct bark_slice one = { (const uint8_t *)"1", 1 };
    char out[SOAPC_VALUE_BYTES];
    CHECK(soapc_value_bytes(SOAPC_BUILTIN_INT, one, out) == 0);
    CHECK(soapc_value_bytes(SOAPC_BUILTIN_STRING, one, out) == 0);
    CHECK(soapc_value_bytes(SOAPC_BUILTIN_DATE, one, out) == 0);
    CHECK(soapc_value_bytes(SOAPC_BUILTIN_DURATION, (struct bark_slice){ NULL, 0 }, out) == 0);
}

TEST_MAIN(RUN(same_bytes_same_value) RUN(longest) RUN(others_have_none))
