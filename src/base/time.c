/* base/time.c - dates and seconds of the Gregorian calendar, there and back.
 *
 * Years are counted from March here, so that the leap day is the last of its year and the lengths of months
 * repeat every five (153 days). 400 years have 146097 days, always. Day 0 is the first of March of the year
 * 0, which is 719468 days before 1970-01-01.
 */
#include "soapbark/values.h"

enum { DAYS_400_YEARS = 146097, DAYS_TO_1970 = 719468, SECONDS_A_DAY = 86400, YEAR_MAX = 9999 };

/* Floor division for a positive divisor: C rounds towards zero. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_of_date(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    int64_t era = floor_div(y, 400), in_era = y - era * 400;
    return era * DAYS_400_YEARS + in_era * 365 + in_era / 4 - in_era / 100 + (m * 153 + 2) / 5 + day - 1 -
           DAYS_TO_1970;
}

static int64_t month_days(int64_t year, int64_t month)
{
    return month == 12 ? 31 : days_of_date(year, month + 1, 1) - days_of_date(year, month, 1);
}

struct bark_time bark_time_of_unix(int64_t seconds, uint32_t nanosecond)
{
    int64_t days = floor_div(seconds, SECONDS_A_DAY), second = seconds - days * SECONDS_A_DAY;
    int64_t n = days + DAYS_TO_1970, era = floor_div(n, DAYS_400_YEARS), d = n - era * DAYS_400_YEARS;
    /* The year of the era: days without the leap days that came before them. */
    int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int64_t in_year = d - (y * 365 + y / 4 - y / 100), m = (in_year * 5 + 2) / 153;
    return (struct bark_time){ .year = era * 400 + y + (m >= 10),
                               .month = (uint8_t)(m < 10 ? m + 3 : m - 9),
                               .day = (uint8_t)(in_year - (m * 153 + 2) / 5 + 1),
                               .hour = (uint8_t)(second / 3600),
                               .minute = (uint8_t)(second / 60 % 60),
                               .second = (uint8_t)(second % 60),
                               .nanosecond = nanosecond,
                               .has_zone = true };
}

bool bark_time_to_unix(const struct bark_time *t, int64_t *seconds)
{
    *seconds = 0;
    if (t->year < -YEAR_MAX || t->year > YEAR_MAX || t->month < 1 || t->month > 12)
        return false;
    if (t->day < 1 || t->day > month_days(t->year, t->month) || t->hour > 24 || t->minute > 59 ||
        t->second > 60)
        return false;
    if (t->hour == 24 && (t->minute || t->second || t->nanosecond)) /* [XSD2 3.2.7] the end of a day */
        return false;
    *seconds = days_of_date(t->year, t->month, t->day) * SECONDS_A_DAY + t->hour * 3600 + t->minute * 60 +
               t->second - (t->has_zone ? t->zone_minutes * 60 : 0);
    return true;
}
