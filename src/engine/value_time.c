/* engine/value_time.c - dateTime, date, time and the five g-types.
 *
 * One reader and one writer serve all eight: a table says which parts a kind has and what stands between
 * them. [XSD2 3.2.7 to 3.2.14, D] Months have their days, years that are divisible have theirs, hour 24 is
 * the first instant of the next day and nothing else. Fractions go to the nanosecond; more digits than that
 * are refused unless they are zeros, because dropping them would change the value in silence.
 */
#include "base/bytes.h"
#include "base/digits.h"
#include "engine/value_kind.h"
#include "engine/value_scan.h"

enum part { PART_YEAR = 1, PART_MONTH = 2, PART_DAY = 4, PART_CLOCK = 8 };

static uint8_t parts_of(enum bark_kind kind)
{
    static const uint8_t parts[] = {
        [BARK_KIND_DATETIME - BARK_KIND_DATETIME] = PART_YEAR | PART_MONTH | PART_DAY | PART_CLOCK,
        [BARK_KIND_DATE - BARK_KIND_DATETIME] = PART_YEAR | PART_MONTH | PART_DAY,
        [BARK_KIND_TIME - BARK_KIND_DATETIME] = PART_CLOCK,
        [BARK_KIND_GYEAR - BARK_KIND_DATETIME] = PART_YEAR,
        [BARK_KIND_GYEARMONTH - BARK_KIND_DATETIME] = PART_YEAR | PART_MONTH,
        [BARK_KIND_GMONTH - BARK_KIND_DATETIME] = PART_MONTH,
        [BARK_KIND_GMONTHDAY - BARK_KIND_DATETIME] = PART_MONTH | PART_DAY,
        [BARK_KIND_GDAY - BARK_KIND_DATETIME] = PART_DAY,
    };
    return parts[kind - BARK_KIND_DATETIME];
}

#define YEAR_MAX INT64_C(999999999999999999)
enum { ZONE_MAX = 14 * 60, YEAR_DIGITS_MAX = 18, DAY_MINUTES = 24 * 60 };

/* Year of 18 digits and a minus, -MM-DDTHH:MM:SS, ten of the fraction, six of the zone; digits come eight at
 * a time. */
enum { FORM_MAX = 64 };

/* [XSD2 E.1] Days of a month; year 0 stands for "no year", where February may have 29. */
static uint8_t month_days(int64_t year, uint8_t month)
{
    static const uint8_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && !leap ? 28 : days[month - 1];
}

/* [XSD2 3.2.7.1] Four digits or more, no leading zero beyond four, not 0000, a minus but no plus. */
static enum bark_code year_read(const struct bark_value_call *call, struct bark_slice *text, int64_t *year)
{
    const bool negative = bark_scan_byte(text, '-');
    const struct bark_slice digits = bark_scan_digits(text);
    uint64_t n;
    if (digits.len < 4 || (digits.len > 4 && digits.ptr[0] == '0'))
        return BARK_ERR_TYPE;
    if (digits.len > YEAR_DIGITS_MAX)
        return bark_value_refuse(call, BARK_ERR_LIMIT, "[XSD2 5.4] a year of more than 18 digits");
    n = bark_scan_number(digits);
    *year = negative ? -(int64_t)n : (int64_t)n;
    return n ? BARK_OK : BARK_ERR_TYPE;
}

static enum bark_code clock_read(const struct bark_value_call *call, struct bark_slice *text,
                                 struct bark_time *time)
{
    if (!bark_scan_two(text, &time->hour) || !bark_scan_byte(text, ':') ||
        !bark_scan_two(text, &time->minute) || !bark_scan_byte(text, ':') ||
        !bark_scan_two(text, &time->second))
        return BARK_ERR_TYPE;
    if (time->hour > 24 || time->minute > 59 || time->second > 59)
        return BARK_ERR_TYPE;
    return bark_scan_byte(text, '.') ? bark_scan_nanoseconds(call, text, &time->nanosecond) : BARK_OK;
}

/* [XSD2 3.2.7.3] Z, or a sign and hh:mm up to 14:00. */
static bool zone_read(struct bark_slice *text, struct bark_time *time)
{
    const bool west = text->len > 0 && text->ptr[0] == '-';
    uint8_t hours, minutes;
    if (text->len == 0)
        return true;
    time->has_zone = true;
    if (bark_scan_byte(text, 'Z'))
        return true;
    if (!bark_scan_byte(text, '-') && !bark_scan_byte(text, '+'))
        return false;
    if (!bark_scan_two(text, &hours) || !bark_scan_byte(text, ':') || !bark_scan_two(text, &minutes))
        return false;
    if (minutes > 59 || hours * 60 + minutes > ZONE_MAX)
        return false;
    time->zone_minutes = (int16_t)(west ? -(hours * 60 + minutes) : hours * 60 + minutes);
    return true;
}

static void next_day(struct bark_time *time)
{
    if (++time->day <= month_days(time->year, time->month))
        return;
    time->day = 1;
    if (++time->month <= 12)
        return;
    time->month = 1;
    time->year += time->year == -1 ? 2 : 1; /* [XSD2 3.2.7.1] there is no year 0 */
}

static void previous_day(struct bark_time *time)
{
    if (--time->day > 0)
        return;
    if (--time->month == 0) {
        time->month = 12;
        time->year -= time->year == 1 ? 2 : 1;
    }
    time->day = month_days(time->year, time->month);
}

/* Whether the parts that the kind has are in range. */
static bool parts_ok(uint8_t parts, const struct bark_time *time)
{
    if ((parts & PART_YEAR) && (time->year == 0 || time->year > YEAR_MAX || time->year < -YEAR_MAX))
        return false;
    if ((parts & PART_MONTH) && (time->month < 1 || time->month > 12))
        return false;
    if ((parts & PART_DAY) &&
        (time->day < 1 || time->day > month_days(time->year, parts & PART_MONTH ? time->month : 1)))
        return false;
    if (!(parts & PART_CLOCK))
        return true;
    return time->hour < 24 && time->minute < 60 && time->second < 60 && time->nanosecond < 1000000000;
}

/* [XSD2 3.2.7.1] 24:00:00 is the first instant of the following day, and no other time has hour 24. */
static bool midnight_settle(uint8_t parts, struct bark_time *time)
{
    if (time->hour != 24)
        return true;
    if (time->minute || time->second || time->nanosecond)
        return false;
    time->hour = 0;
    if (parts & PART_DAY && parts_ok(parts, time))
        next_day(time);
    return true;
}

/* The dashes that stand for missing parts and between present ones. */
static enum bark_code date_read(const struct bark_value_call *call, struct bark_slice *text, uint8_t parts,
                                struct bark_time *time)
{
    const bool year = parts & PART_YEAR, month = parts & PART_MONTH, day = parts & PART_DAY;
    if (year) {
        const enum bark_code code = year_read(call, text, &time->year);
        if (code != BARK_OK)
            return code;
    } else if (!bark_scan_byte(text, '-')) {
        return BARK_ERR_TYPE;
    }
    if ((month || day) && !bark_scan_byte(text, '-'))
        return BARK_ERR_TYPE;
    if (month && !bark_scan_two(text, &time->month))
        return BARK_ERR_TYPE;
    if (day && (!bark_scan_byte(text, '-') || !bark_scan_two(text, &time->day)))
        return BARK_ERR_TYPE;
    return BARK_OK;
}

enum bark_code bark_time_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const uint8_t parts = parts_of((enum bark_kind)call->type->kind);
    struct bark_time *time = member;
    enum bark_code code = BARK_OK;
    if (parts != PART_CLOCK)
        code = date_read(call, &text, parts, time);
    if (code == BARK_OK && parts == (PART_YEAR | PART_MONTH | PART_DAY | PART_CLOCK) &&
        !bark_scan_byte(&text, 'T'))
        return BARK_ERR_TYPE;
    if (code == BARK_OK && parts & PART_CLOCK)
        code = clock_read(call, &text, time);
    if (code != BARK_OK)
        return code;
    if (!zone_read(&text, time) || text.len > 0 || !midnight_settle(parts, time))
        return BARK_ERR_TYPE;
    return parts_ok(parts, time) ? BARK_OK : BARK_ERR_TYPE;
}

#ifndef BARK_COMPACT

/* Whether each byte of the word has the shape of the one in form, where 0 stands for any digit; then *pairs
 * has at each place what the digit there and the one behind it make together. */
static bool shape_read(const uint8_t *at, const char *form, uint64_t digits, uint64_t *pairs)
{
    const uint64_t high = UINT64_C(0x8080808080808080), word = bark_word_little(at);
    const uint64_t bare = word ^ bark_word_little((const uint8_t *)form);
    /* A digit's value may be 9, another byte must be equal: more reaches the high bit. */
    if (((bare + (UINT64_C(0x7f7f7f7f7f7f7f7f) - 9 * digits)) | bare) & high)
        return false;
    *pairs = bare * 10 + (bare >> 8);
    return true;
}

/* YYYY-MM-DDTHH:MM:SS, up to nine digits of a fraction, Z or nothing. */
const uint8_t *bark_time_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                               void *member)
{
    struct bark_time *time = member;
    uint64_t date, clock, second;
    if (call->type->kind != BARK_KIND_DATETIME ||
        !shape_read(at, "0000-00-", UINT64_C(0x0001010001010101), &date) ||
        !shape_read(at + 8, "00T00:00", UINT64_C(0x0101000101000101), &clock) ||
        !shape_read(at + 11, "00:00:00", UINT64_C(0x0101000101000101), &second))
        return NULL;
    time->year = (int64_t)((date & 0xff) * 100 + (date >> 16 & 0xff));
    time->month = date >> 40 & 0xff;
    time->day = clock & 0xff;
    time->hour = clock >> 24 & 0xff;
    time->minute = clock >> 48 & 0xff;
    time->second = second >> 48 & 0xff;
    at += 19;
    if (*at == '.') {
        uint64_t bare = bark_digits_bare(bark_word_little(at + 1));
        const unsigned run = bark_digits_run(bare);
        if (run == 0 || (run == 8 && at[9] != 'Z' && at[9] != stop))
            return NULL;
        time->nanosecond = bark_digits_number(bare, run) * bark_digits_power[8 - run] * 10;
        at += 1 + run;
    }
    time->has_zone = *at == 'Z';
    at += time->has_zone;
    return *at == stop && parts_ok(parts_of(BARK_KIND_DATETIME), time) ? at : NULL;
}

#endif

/* n below 100 */
static uint8_t *two_form(uint8_t *to, unsigned n)
{
    bark_digits_two(to, n);
    return to + 2;
}

static uint8_t *year_form(uint8_t *to, int64_t year)
{
    const uint64_t n = year < 0 ? UINT64_C(0) - (uint64_t)year : (uint64_t)year;
    if (year < 0)
        *to++ = '-';
    if (n >= 10000)
        return to + bark_digits(to, n);
    to = two_form(to, (unsigned)n / 100); /* four digits at least */
    return two_form(to, (unsigned)n % 100);
}

static uint8_t *date_form(uint8_t *to, uint8_t parts, const struct bark_time *time)
{
    if (parts & PART_YEAR)
        to = year_form(to, time->year);
    else
        *to++ = '-';
    if (parts & (PART_MONTH | PART_DAY))
        *to++ = '-';
    if (parts & PART_MONTH)
        to = two_form(to, time->month);
    if (parts & PART_DAY) {
        *to++ = '-';
        to = two_form(to, time->day);
    }
    return to;
}

/* What patterns may ask for beside the canonical form: zeros at the end of the fraction, UTC in figures. */
enum { FRACTION_FORMS = 10 };

static unsigned fraction_least(unsigned which)
{
    return which ? (which - 1) % FRACTION_FORMS : 0;
}

static uint8_t *clock_form(uint8_t *to, const struct bark_time *time, unsigned which)
{
    unsigned least = fraction_least(which), digits;
    to = two_form(to, time->hour);
    *to++ = ':';
    to = two_form(to, time->minute);
    *to++ = ':';
    to = two_form(to, time->second);
    digits = (unsigned)bark_fraction(to, time->nanosecond);
    if (digits == 0 && least > 0)
        to[digits++] = '.';
    while (digits > 0 && digits <= least)
        to[digits++] = '0';
    return to + digits;
}

static uint8_t *zone_form(uint8_t *to, int minutes, unsigned which)
{
    const unsigned n = (unsigned)(minutes < 0 ? -minutes : minutes);
    const bool letter = n == 0 && which <= FRACTION_FORMS;
    *to++ = letter ? 'Z' : minutes < 0 ? '-' : '+';
    if (letter)
        return to;
    to = two_form(to, n / 60);
    *to++ = ':';
    return two_form(to, n % 60);
}

/* Its parts and zone are in range; FORM_MAX has room for it. */
static size_t form(uint8_t *to, uint8_t parts, const struct bark_time *time, unsigned which)
{
    uint8_t *at = to;
    if (parts != PART_CLOCK)
        at = date_form(at, parts, time);
    if (parts & PART_CLOCK && parts != PART_CLOCK)
        *at++ = 'T';
    if (parts & PART_CLOCK)
        at = clock_form(at, time, which);
    if (time->has_zone)
        at = zone_form(at, time->zone_minutes, which);
    return (size_t)(at - to);
}

static bool zone_ok(const struct bark_time *time)
{
    return !time->has_zone || (time->zone_minutes >= -ZONE_MAX && time->zone_minutes <= ZONE_MAX);
}

enum bark_code bark_time_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    const uint8_t parts = parts_of((enum bark_kind)call->type->kind);
    const struct bark_time *time = member;
    uint8_t *const window = bark_out_window(out, FORM_MAX);
    uint8_t room[FORM_MAX];
    if (!parts_ok(parts, time) || !zone_ok(time))
        return BARK_ERR_TYPE;
    if (window)
        bark_out_take(out, form(window, parts, time, call->form));
    else
        bark_out_put(out, room, form(room, parts, time, call->form));
    return BARK_OK;
}

#ifndef BARK_COMPACT

uint8_t *bark_time_form(uint8_t *to, enum bark_kind kind, const struct bark_time *time)
{
    const uint8_t parts = parts_of(kind);
    return parts_ok(parts, time) && zone_ok(time) ? to + form(to, parts, time, 0) : NULL;
}

#endif

/* The instant in UTC; parts that the kind lacks get a value that every other one can have beside it. */
static struct bark_time instant_of(uint8_t parts, const struct bark_time *time, int zone_minutes)
{
    struct bark_time t = *time;
    int minutes;
    t.year = parts & PART_YEAR ? t.year : 2000;
    t.month = parts & PART_MONTH ? t.month : 1;
    t.day = parts & PART_DAY ? t.day : 1;
    minutes = t.hour * 60 + t.minute - zone_minutes;
    if (minutes < 0) {
        previous_day(&t);
        minutes += DAY_MINUTES;
    } else if (minutes >= DAY_MINUTES) {
        next_day(&t);
        minutes -= DAY_MINUTES;
    }
    t.hour = (uint8_t)(minutes / 60);
    t.minute = (uint8_t)(minutes % 60);
    return t;
}

static int sign_of(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int instants_compare(const struct bark_time *a, const struct bark_time *b)
{
    int c = sign_of(a->year, b->year);
    c = c ? c : sign_of(a->month, b->month);
    c = c ? c : sign_of(a->day, b->day);
    c = c ? c : sign_of(a->hour, b->hour);
    c = c ? c : sign_of(a->minute, b->minute);
    c = c ? c : sign_of(a->second, b->second);
    return c ? c : sign_of(a->nanosecond, b->nanosecond);
}

static int zoned_compare(uint8_t parts, const struct bark_time *a, int a_zone, const struct bark_time *b,
                         int b_zone)
{
    const struct bark_time x = instant_of(parts, a, a_zone), y = instant_of(parts, b, b_zone);
    return instants_compare(&x, &y);
}

/* [XSD2 3.2.7.4] Without a zone a value may be any instant within 14 hours either side: it is ordered against
 * one with a zone only when both extremes agree. */
enum bark_order bark_time_order(enum bark_kind kind, const void *a, const void *b)
{
    const struct bark_time *x = a, *y = b;
    const uint8_t parts = parts_of(kind);
    const int x_zone = x->has_zone ? x->zone_minutes : 0, y_zone = y->has_zone ? y->zone_minutes : 0;
    int c;
    if (x->has_zone == y->has_zone) {
        c = zoned_compare(parts, x, x_zone, y, y_zone);
        return c < 0 ? BARK_ORDER_LESS : c > 0 ? BARK_ORDER_GREATER : BARK_ORDER_EQUAL;
    }
    if (x->has_zone) {
        if (zoned_compare(parts, x, x_zone, y, ZONE_MAX) < 0)
            return BARK_ORDER_LESS;
        return zoned_compare(parts, x, x_zone, y, -ZONE_MAX) > 0 ? BARK_ORDER_GREATER : BARK_ORDER_NONE;
    }
    if (zoned_compare(parts, x, -ZONE_MAX, y, y_zone) < 0)
        return BARK_ORDER_LESS;
    return zoned_compare(parts, x, ZONE_MAX, y, y_zone) > 0 ? BARK_ORDER_GREATER : BARK_ORDER_NONE;
}
