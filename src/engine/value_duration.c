/* engine/value_duration.c - duration: years to seconds, as written.
 *
 * P12M and P1Y are the same value and different texts; the struct keeps the parts so that both survive.
 * [XSD2 3.2.6.2] Order is partial, because months differ: two durations are ordered when adding them to each
 * of four dates gives the same order.
 */
#include "base/digits.h"
#include "engine/value_scan.h"

struct part {
    uint8_t letter;
    size_t offset;
};

static const struct part date_parts[] = {
    { 'Y', offsetof(struct bark_duration, years) },
    { 'M', offsetof(struct bark_duration, months) },
    { 'D', offsetof(struct bark_duration, days) },
};
static const struct part time_parts[] = {
    { 'H', offsetof(struct bark_duration, hours) },
    { 'M', offsetof(struct bark_duration, minutes) },
    { 'S', offsetof(struct bark_duration, seconds) },
};
enum { PARTS = 3 };

static enum bark_code number_read(const struct bark_value_call *call, struct bark_slice digits, uint32_t *n)
{
    uint64_t value;
    while (digits.len > 1 && digits.ptr[0] == '0') {
        digits.ptr++;
        digits.len--;
    }
    if (digits.len == 0)
        return BARK_ERR_TYPE;
    value = digits.len <= 10 ? bark_scan_number(digits) : UINT64_MAX;
    if (value > UINT32_MAX)
        return bark_value_refuse(call, BARK_ERR_LIMIT, "[XSD2 5.4] a part of a duration is over 4294967295");
    *n = (uint32_t)value;
    return BARK_OK;
}

/* Numbers with their letters, each at most once and in order; *count tells how many there were. */
static enum bark_code parts_read(const struct bark_value_call *call, struct bark_slice *text,
                                 const struct part parts[PARTS], struct bark_duration *d, size_t *count)
{
    size_t i = 0;
    for (*count = 0; text->len > 0 && text->ptr[0] != 'T'; ++*count) {
        uint32_t n;
        enum bark_code code = number_read(call, bark_scan_digits(text), &n);
        const bool fraction = code == BARK_OK && parts == time_parts && bark_scan_byte(text, '.');
        if (fraction)
            code = bark_scan_nanoseconds(call, text, &d->nanoseconds);
        if (code != BARK_OK)
            return code;
        while (i < PARTS && !(text->len > 0 && text->ptr[0] == parts[i].letter))
            i++;
        if (i == PARTS || (fraction && text->ptr[0] != 'S'))
            return BARK_ERR_TYPE;
        *(uint32_t *)((uint8_t *)d + parts[i++].offset) = n;
        bark_scan_byte(text, text->ptr[0]);
    }
    return BARK_OK;
}

enum bark_code bark_duration_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    struct bark_duration *d = member;
    size_t date_count, time_count;
    enum bark_code code;
    d->negative = bark_scan_byte(&text, '-');
    if (!bark_scan_byte(&text, 'P'))
        return BARK_ERR_TYPE;
    code = parts_read(call, &text, date_parts, d, &date_count);
    if (code != BARK_OK)
        return code;
    if (!bark_scan_byte(&text, 'T'))
        return date_count > 0 ? BARK_OK : BARK_ERR_TYPE;
    code = parts_read(call, &text, time_parts, d, &time_count);
    if (code != BARK_OK)
        return code;
    return text.len == 0 && time_count > 0 ? BARK_OK : BARK_ERR_TYPE;
}

static uint32_t part_get(const struct bark_duration *d, const struct part *part)
{
    return *(const uint32_t *)((const uint8_t *)d + part->offset);
}

static void part_write(struct bark_out *out, const struct bark_duration *d, const struct part *part)
{
    if (part_get(d, part) == 0)
        return;
    bark_out_u64(out, part_get(d, part));
    bark_out_byte(out, part->letter);
}

enum bark_code bark_duration_write(const struct bark_value_call *call, const void *member,
                                   struct bark_out *out)
{
    const struct bark_duration *d = member;
    const bool any_date = d->years || d->months || d->days;
    const bool any_time = d->hours || d->minutes || d->seconds || d->nanoseconds;
    size_t i;
    (void)call;
    if (d->nanoseconds >= 1000000000)
        return BARK_ERR_TYPE;
    if (!any_date && !any_time) {
        bark_out_text(out, "PT0S");
        return BARK_OK;
    }
    bark_out_text(out, d->negative ? "-P" : "P");
    for (i = 0; i < PARTS; i++)
        part_write(out, d, &date_parts[i]);
    if (any_time)
        bark_out_byte(out, 'T');
    for (i = 0; i < PARTS - 1; i++)
        part_write(out, d, &time_parts[i]);
    if (d->seconds || d->nanoseconds) {
        bark_out_u64(out, d->seconds);
        bark_fraction_write(out, d->nanoseconds);
        bark_out_byte(out, 'S');
    }
    return BARK_OK;
}

#ifndef BARK_COMPACT

static uint8_t *part_form(uint8_t *to, uint32_t number, char letter)
{
    if (number == 0)
        return to;
    to = number < 100000000 ? bark_digits_short(to, number) : bark_digits_ahead(to, number);
    *to = (uint8_t)letter;
    return to + 1;
}

uint8_t *bark_duration_form(uint8_t *to, const struct bark_duration *d)
{
    const uint8_t *const begin = to;
    if (d->nanoseconds)
        return NULL;
    if (d->negative)
        *to++ = '-';
    *to++ = 'P';
    if (d->years | d->months | d->days) {
        to = part_form(to, d->years, 'Y');
        to = part_form(to, d->months, 'M');
        to = part_form(to, d->days, 'D');
    }
    if (d->hours | d->minutes | d->seconds) {
        *to++ = 'T';
        to = part_form(to, d->hours, 'H');
        to = part_form(to, d->minutes, 'M');
        to = part_form(to, d->seconds, 'S');
    }
    return to - begin > 2 ? to : NULL;
}

#endif

/* Days from 0000-03-01 to the first of the month, in the proleptic Gregorian calendar; month counts from 0
 * and may lie outside its year. */
static int64_t month_start(int64_t year, int64_t month)
{
    const int64_t months = year * 12 + month - 2; /* counted from March, so that leap days come last */
    const int64_t y = months >= 0 ? months / 12 : -((11 - months) / 12), m = months - y * 12;
    const int64_t leap4 = y >= 0 ? y / 4 : -((3 - y) / 4);
    const int64_t leap100 = y >= 0 ? y / 100 : -((99 - y) / 100);
    const int64_t leap400 = y >= 0 ? y / 400 : -((399 - y) / 400);
    return y * 365 + leap4 - leap100 + leap400 + (153 * m + 2) / 5;
}

/* The instant of the first of a month plus the duration: seconds, and nanoseconds of the same sign. */
static int64_t sum_seconds(const struct bark_duration *d, int64_t year, int64_t month)
{
    const int64_t sign = d->negative ? -1 : 1;
    const int64_t months = (int64_t)d->years * 12 + d->months;
    const int64_t seconds = ((int64_t)d->days * 24 + d->hours) * 3600 + (int64_t)d->minutes * 60 + d->seconds;
    return month_start(year, month + sign * months) * 86400 + sign * seconds;
}

static int sums_compare(const struct bark_duration *a, const struct bark_duration *b, int64_t year,
                        int64_t month)
{
    const int64_t x = sum_seconds(a, year, month), y = sum_seconds(b, year, month);
    const int64_t x_nanos = a->negative ? -(int64_t)a->nanoseconds : (int64_t)a->nanoseconds;
    const int64_t y_nanos = b->negative ? -(int64_t)b->nanoseconds : (int64_t)b->nanoseconds;
    /* Nanoseconds are less than a second, so they may outweigh a difference of one second, not of two. */
    const int64_t seconds = x - y, nanos = x_nanos - y_nanos;
    if (seconds > 1 || seconds < -1)
        return seconds < 0 ? -1 : 1;
    return seconds * 1000000000 + nanos < 0 ? -1 : seconds * 1000000000 + nanos > 0;
}

enum bark_order bark_duration_order(enum bark_kind kind, const void *a, const void *b)
{
    /* [XSD2 3.2.6.2] The four dates; months from 0. */
    static const struct {
        int16_t year;
        int8_t month;
    } dates[] = { { 1696, 8 }, { 1697, 1 }, { 1903, 2 }, { 1903, 6 } };
    const int first = sums_compare(a, b, dates[0].year, dates[0].month);
    size_t i;
    (void)kind;
    for (i = 1; i < sizeof dates / sizeof *dates; i++)
        if (sums_compare(a, b, dates[i].year, dates[i].month) != first)
            return BARK_ORDER_NONE;
    return first < 0 ? BARK_ORDER_LESS : first > 0 ? BARK_ORDER_GREATER : BARK_ORDER_EQUAL;
}
