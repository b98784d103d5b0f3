/* engine/value_duration_test.c - durations as written, and their partial order. */
#include "engine/value_testing.h"

static const struct lexical cases[] = {
    { "P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6S", BARK_OK },
    { "P12M", "P12M", BARK_OK }, /* not P1Y: the parts are kept */
    { "-P120D", "-P120D", BARK_OK },
    { "PT0S", "PT0S", BARK_OK },
    { "P0Y", "PT0S", BARK_OK },
    { "-PT0S", "PT0S", BARK_OK },
    { "P1Y", "P1Y", BARK_OK },
    { "PT1M", "PT1M", BARK_OK },
    { "P1M", "P1M", BARK_OK },
    { "PT36H", "PT36H", BARK_OK },
    { "P0001D", "P1D", BARK_OK },
    { "PT1.5S", "PT1.5S", BARK_OK },
    { "PT0.000000001S", "PT0.000000001S", BARK_OK },
    { "PT1.500000000000S", "PT1.5S", BARK_OK },
    { "\tPT1S ", "PT1S", BARK_OK },
    { "P4294967295Y", "P4294967295Y", BARK_OK },
    { "P00000000000000000000000001Y", "P1Y", BARK_OK },
    { "P4294967296Y", NULL, BARK_ERR_LIMIT },
    { "P99999999999999999999D", NULL, BARK_ERR_LIMIT },
    { "PT0.0000000001S", NULL, BARK_ERR_LIMIT },
    { "", NULL, BARK_ERR_TYPE },
    { "P", NULL, BARK_ERR_TYPE },
    { "-P", NULL, BARK_ERR_TYPE },
    { "PT", NULL, BARK_ERR_TYPE },
    { "P1YT", NULL, BARK_ERR_TYPE },
    { "1Y", NULL, BARK_ERR_TYPE },
    { "P1", NULL, BARK_ERR_TYPE },
    { "PY", NULL, BARK_ERR_TYPE },
    { "P-1Y", NULL, BARK_ERR_TYPE },
    { "+P1Y", NULL, BARK_ERR_TYPE },
    { "--P1Y", NULL, BARK_ERR_TYPE },
    { "P1M1Y", NULL, BARK_ERR_TYPE },
    { "P1Y1Y", NULL, BARK_ERR_TYPE },
    { "P1H", NULL, BARK_ERR_TYPE },
    { "P1S", NULL, BARK_ERR_TYPE },
    { "PT1D", NULL, BARK_ERR_TYPE },
    { "PT1S1M", NULL, BARK_ERR_TYPE },
    { "P1.5Y", NULL, BARK_ERR_TYPE },
    { "PT1.5M", NULL, BARK_ERR_TYPE },
    { "PT1.S", NULL, BARK_ERR_TYPE },
    { "PT.5S", NULL, BARK_ERR_TYPE },
    { "PT1.5", NULL, BARK_ERR_TYPE },
    { "P1W", NULL, BARK_ERR_TYPE },
    { "P1Y T1H", NULL, BARK_ERR_TYPE },
    { "P1YT1HT1M", NULL, BARK_ERR_TYPE },
    { "p1y", NULL, BARK_ERR_TYPE },
};

TEST(duration_lexicals)
{
    LEXICALS(BARK_KIND_DURATION, cases);
}

static enum bark_order order(const char *a, const char *b)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DURATION);
    struct bark_duration first;
    CHECK_IN(a, values_read(&v, type, a, strlen(a)) == BARK_OK);
    first = v.member.duration;
    CHECK_IN(b, values_read(&v, type, b, strlen(b)) == BARK_OK);
    return bark_duration_order(BARK_KIND_DURATION, &first, &v.member.duration);
}

/* [XSD2 3.2.6.2] The table of the specification, and its mirror image. */
TEST(durations_are_partially_ordered)
{
    static const struct {
        const char *a, *b;
        enum bark_order want;
    } pairs[] = {
        { "P1Y", "P364D", BARK_ORDER_GREATER },
        { "P1Y", "P365D", BARK_ORDER_NONE },
        { "P1Y", "P366D", BARK_ORDER_NONE },
        { "P1Y", "P367D", BARK_ORDER_LESS },
        { "P1M", "P27D", BARK_ORDER_GREATER },
        { "P1M", "P28D", BARK_ORDER_NONE },
        { "P1M", "P29D", BARK_ORDER_NONE },
        { "P1M", "P30D", BARK_ORDER_NONE },
        { "P1M", "P31D", BARK_ORDER_NONE },
        { "P1M", "P32D", BARK_ORDER_LESS },
        { "P5M", "P149D", BARK_ORDER_GREATER },
        { "P5M", "P150D", BARK_ORDER_NONE },
        { "P5M", "P151D", BARK_ORDER_NONE },
        { "P5M", "P152D", BARK_ORDER_NONE },
        { "P5M", "P153D", BARK_ORDER_NONE },
        { "P5M", "P154D", BARK_ORDER_LESS },
        { "P12M", "P1Y", BARK_ORDER_EQUAL },
        { "PT24H", "P1D", BARK_ORDER_EQUAL },
        { "PT3600S", "PT1H", BARK_ORDER_EQUAL },
        { "-P1D", "P1D", BARK_ORDER_LESS },
        { "-P1D", "-PT23H", BARK_ORDER_LESS },
        { "PT0S", "-PT0S", BARK_ORDER_EQUAL },
        { "PT0.5S", "PT0.50S", BARK_ORDER_EQUAL },
        { "PT0.9S", "PT1.1S", BARK_ORDER_LESS },
        { "-PT0.9S", "PT0.9S", BARK_ORDER_LESS },
        { "-PT1.9S", "PT0.1S", BARK_ORDER_LESS },
        { "P4294967295Y4294967295M", "P4294967295D", BARK_ORDER_GREATER },
        { "-P4294967295Y", "P4294967295Y", BARK_ORDER_LESS },
    };
    size_t i;
    for (i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const enum bark_order want = pairs[i].want;
        const enum bark_order mirrored = want == BARK_ORDER_LESS      ? BARK_ORDER_GREATER
                                         : want == BARK_ORDER_GREATER ? BARK_ORDER_LESS
                                                                      : want;
        CHECK_IN(pairs[i].a, order(pairs[i].a, pairs[i].b) == want);
        CHECK_IN(pairs[i].a, order(pairs[i].b, pairs[i].a) == mirrored);
    }
}

TEST(a_whole_second_of_nanoseconds_is_not_written)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DURATION);
    enum bark_code code;
    v.member.duration = (struct bark_duration){ .nanoseconds = 1000000000 };
    values_write(&v, type, &code);
    CHECK(code == BARK_ERR_TYPE);
}

TEST_MAIN(RUN(duration_lexicals) RUN(durations_are_partially_ordered)
              RUN(a_whole_second_of_nanoseconds_is_not_written))
