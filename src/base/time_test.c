/* base/time_test.c - the calendar against dates that are known, and against itself. */
#include "soapbark/values.h"

#include "testkit.h"

static const struct {
    int64_t seconds;
    struct bark_time time;
} known[] = {
    { 0, { .year = 1970, .month = 1, .day = 1, .has_zone = true } },
    { -1,
      { .year = 1969, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 59, .has_zone = true } },
    { 951782400, { .year = 2000, .month = 2, .day = 29, .has_zone = true } },
    { 951868800, { .year = 2000, .month = 3, .day = 1, .has_zone = true } },
    { 1709164800, { .year = 2024, .month = 2, .day = 29, .has_zone = true } },
    { 4107542400, { .year = 2100, .month = 3, .day = 1, .has_zone = true } }, /* 2100 has no leap day */
    { 2147483648,
      { .year = 2038, .month = 1, .day = 19, .hour = 3, .minute = 14, .second = 8, .has_zone = true } },
    { 253402300799,
      { .year = 9999, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 59, .has_zone = true } },
    { -62167219200, { .year = 0, .month = 1, .day = 1, .has_zone = true } },
    { -62198755200, { .year = -1, .month = 1, .day = 1, .has_zone = true } },
};

TEST(dates_that_are_known)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct bark_time t = bark_time_of_unix(known[i].seconds, 0);
        int64_t seconds;
        CHECK(t.year == known[i].time.year && t.month == known[i].time.month && t.day == known[i].time.day);
        CHECK(t.hour == known[i].time.hour && t.minute == known[i].time.minute);
        CHECK(t.second == known[i].time.second && t.has_zone && t.zone_minutes == 0);
        CHECK(bark_time_to_unix(&known[i].time, &seconds) && seconds == known[i].seconds);
    }
}

/* Every day of 800 years follows the one before it, by a calendar that is written in another way. */
TEST(every_day_of_800_years)
{
    static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    struct bark_time t = bark_time_of_unix(-12219292800, 0); /* 1582-10-15 */
    int64_t year = 1582;
    uint8_t month = 10, day = 15;
    for (int64_t n = 0; n < 800 * 365; n++) {
        int64_t seconds;
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        uint8_t last = (uint8_t)(lengths[month - 1] + (month == 2 && leap));
        CHECK(t.year == year && t.month == month && t.day == day);
        CHECK(bark_time_to_unix(&t, &seconds) && seconds == -12219292800 + n * 86400);
        struct bark_time beyond = t;
        beyond.day = (uint8_t)(last + 1);
        CHECK(!bark_time_to_unix(&beyond, &seconds) && seconds == 0);
        day = day == last ? 1 : (uint8_t)(day + 1);
        month = day > 1 ? month : (uint8_t)(month % 12 + 1);
        year += day == 1 && month == 1;
        t = bark_time_of_unix(-12219292800 + (n + 1) * 86400, 0);
    }
}

TEST(zones_and_edges)
{
    struct bark_time t = { .year = 2026, .month = 1, .day = 1, .has_zone = true, .zone_minutes = 60 };
    int64_t seconds;
    CHECK(bark_time_to_unix(&t, &seconds) && seconds == 1767225600 - 3600);
    t.has_zone = false; /* then the number means nothing */
    CHECK(bark_time_to_unix(&t, &seconds) && seconds == 1767225600);
    t.hour = 24;
    CHECK(bark_time_to_unix(&t, &seconds) && seconds == 1767225600 + 86400);
    t.second = 1;
    CHECK(!bark_time_to_unix(&t, &seconds));
    t = (struct bark_time){ .year = 2026, .month = 6, .day = 30, .hour = 23, .minute = 59, .second = 60 };
    CHECK(bark_time_to_unix(&t, &seconds) && seconds == 1782864000);
    t.second = 61;
    CHECK(!bark_time_to_unix(&t, &seconds));
    t.second = 0;
    t.month = 13;
    CHECK(!bark_time_to_unix(&t, &seconds));
    t.month = 0;
    CHECK(!bark_time_to_unix(&t, &seconds));
    t.month = 6;
    t.year = 10000;
    CHECK(!bark_time_to_unix(&t, &seconds));
}

TEST_MAIN(RUN(dates_that_are_known) RUN(every_day_of_800_years) RUN(zones_and_edges))
