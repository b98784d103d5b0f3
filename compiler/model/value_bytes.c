/* model/value_bytes.c - times and durations as bytes that equal values share.
 *
 * The engine orders these kinds and calls them equal when neither comes first. The bytes are the instants
 * that it compares: one in UTC for the kinds of time, a mark telling those with a zone from those without, as
 * they are never equal [XSD2 3.2.7.4]; four for a duration, the sums with the four dates of [XSD2 3.2.6.2].
 */
#include "engine/value_kind.h"
#include "model/value.h"

#include <inttypes.h>
#include <stdio.h>

enum { ROOM = 512, DAY_SECONDS = 86400, YEARS_MAX = 1000000000 };

/* Where parts that a kind lacks stand; 2000 is a leap year. */
enum { YEAR_ABSENT = 2000 };

/* Days from the first of March of year 0 to the first of a month, which counts from 0 and may lie outside its
 * year; proleptic Gregorian. */
static int64_t month_days(int64_t year, int64_t month)
{
    const int64_t months = year * 12 + month - 2; /* from March, so that the leap day comes last */
    const int64_t y = months >= 0 ? months / 12 : -((11 - months) / 12), m = months - y * 12;
    const int64_t fours = y >= 0 ? y / 4 : -((3 - y) / 4);
    const int64_t hundreds = y >= 0 ? y / 100 : -((99 - y) / 100);
    const int64_t longs = y >= 0 ? y / 400 : -((399 - y) / 400);
    return y * 365 + fours - hundreds + longs + (153 * m + 2) / 5;
}

static size_t time_bytes(enum soapc_builtin type, const struct bark_time *t, char *out)
{
    const bool no_year = type == SOAPC_BUILTIN_TIME || type == SOAPC_BUILTIN_G_MONTH ||
                         type == SOAPC_BUILTIN_G_MONTH_DAY || type == SOAPC_BUILTIN_G_DAY;
    const int64_t year = no_year ? YEAR_ABSENT : t->year;
    const int64_t month = t->month ? t->month - 1 : 0, day = t->day ? t->day - 1 : 0;
    int64_t seconds;
    if (year > YEARS_MAX || year < -YEARS_MAX)
        return 0;
    seconds = (month_days(year, month) + day) * DAY_SECONDS + t->hour * 3600 + t->minute * 60 + t->second;
    if (t->has_zone)
        seconds -= t->zone_minutes * 60;
    return (size_t)snprintf(out, SOAPC_VALUE_BYTES, "%" PRId64 ".%" PRIu32 "%s", seconds, t->nanosecond,
                            t->has_zone ? "Z" : "");
}

static size_t duration_bytes(const struct bark_duration *d, char *out)
{
    static const struct {
        int16_t year;
        int8_t month; /* from 0 */
    } dates[] = { { 1696, 8 }, { 1697, 1 }, { 1903, 2 }, { 1903, 6 } };
    const int64_t months = (int64_t)d->years * 12 + d->months;
    const int64_t rest = ((int64_t)d->days * 24 + d->hours) * 3600 + (int64_t)d->minutes * 60 + d->seconds;
    const int64_t sign = d->negative ? -1 : 1, below = d->negative && d->nanoseconds;
    size_t len = 0;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        const int64_t days = month_days(dates[i].year, dates[i].month + sign * months);
        len += (size_t)snprintf(out + len, SOAPC_VALUE_BYTES - len, "%" PRId64 ",",
                                days * DAY_SECONDS + sign * rest - below);
    }
    return len + (size_t)snprintf(out + len, SOAPC_VALUE_BYTES - len, "%" PRIu32,
                                  below ? 1000000000 - d->nanoseconds : d->nanoseconds);
}

size_t soapc_value_bytes(enum soapc_builtin type, struct bark_slice text, char *out)
{
    uint64_t memory[ROOM / 8];
    struct bark_arena arena;
    union bark_value_room value;
    bark_arena_init(&arena, memory, sizeof memory);
    switch (type) {
    case SOAPC_BUILTIN_DATE_TIME:
    case SOAPC_BUILTIN_DATE:
    case SOAPC_BUILTIN_TIME:
    case SOAPC_BUILTIN_G_YEAR:
    case SOAPC_BUILTIN_G_YEAR_MONTH:
    case SOAPC_BUILTIN_G_MONTH:
    case SOAPC_BUILTIN_G_MONTH_DAY:
    case SOAPC_BUILTIN_G_DAY:
        return soapc_builtin_read(type, text, &value, &arena) == BARK_OK ? time_bytes(type, &value.time, out)
                                                                         : 0;
    case SOAPC_BUILTIN_DURATION:
        return soapc_builtin_read(type, text, &value, &arena) == BARK_OK
                   ? duration_bytes(&value.duration, out)
                   : 0;
    default:
        return 0;
    }
}
