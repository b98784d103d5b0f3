/* engine/value_number.c - integers of every width, and integer and decimal of any length.
 *
 * Widths up to 64 bits become C integers; overflow is refused, never wrapped [R1]. What has no bound in the
 * schema stays text: the lexical form is checked and kept, and order and digits are worked out on the text,
 * so a number of 10^5 digits costs its own length and nothing else.
 */
#include "base/bytes.h"
#include "base/digits.h"
#include "engine/value_kind.h"

#include <string.h>

/* [XSD2 3.3.16 to 3.3.24] The value spaces. */
static const struct int_range {
    uint64_t below_zero; /* how far the smallest value lies below 0 */
    uint64_t max;
} int_ranges[] = {
    [BARK_KIND_INT8 - BARK_KIND_INT8] = { UINT64_C(1) << 7, INT8_MAX },
    [BARK_KIND_INT16 - BARK_KIND_INT8] = { UINT64_C(1) << 15, INT16_MAX },
    [BARK_KIND_INT32 - BARK_KIND_INT8] = { UINT64_C(1) << 31, INT32_MAX },
    [BARK_KIND_INT64 - BARK_KIND_INT8] = { UINT64_C(1) << 63, INT64_MAX },
    [BARK_KIND_UINT8 - BARK_KIND_INT8] = { 0, UINT8_MAX },
    [BARK_KIND_UINT16 - BARK_KIND_INT8] = { 0, UINT16_MAX },
    [BARK_KIND_UINT32 - BARK_KIND_INT8] = { 0, UINT32_MAX },
    [BARK_KIND_UINT64 - BARK_KIND_INT8] = { 0, UINT64_MAX },
};

struct int_value {
    bool negative; /* never with magnitude 0 */
    uint64_t magnitude;
};

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static struct int_value signed_value(int64_t n)
{
    const struct int_value v = { n < 0, n < 0 ? UINT64_C(0) - (uint64_t)n : (uint64_t)n };
    return v;
}

static struct int_value int_get(enum bark_kind kind, const void *member)
{
    struct int_value v = { false, 0 };
    if (kind == BARK_KIND_INT8)
        return signed_value(*(const int8_t *)member);
    if (kind == BARK_KIND_INT16)
        return signed_value(*(const int16_t *)member);
    if (kind == BARK_KIND_INT32)
        return signed_value(*(const int32_t *)member);
    if (kind == BARK_KIND_INT64)
        return signed_value(*(const int64_t *)member);
    if (kind == BARK_KIND_UINT8)
        v.magnitude = *(const uint8_t *)member;
    else if (kind == BARK_KIND_UINT16)
        v.magnitude = *(const uint16_t *)member;
    else if (kind == BARK_KIND_UINT32)
        v.magnitude = *(const uint32_t *)member;
    else
        v.magnitude = *(const uint64_t *)member;
    return v;
}

/* The value is in the kind's range; two's complement makes signed and unsigned of one width the same bits. */
BARK_INLINE void int_set(enum bark_kind kind, struct int_value v, void *member)
{
    const uint64_t bits = v.negative ? UINT64_C(0) - v.magnitude : v.magnitude;
    const uint8_t bits8 = (uint8_t)bits;
    const uint16_t bits16 = (uint16_t)bits;
    const uint32_t bits32 = (uint32_t)bits;
    if (kind == BARK_KIND_INT32 || kind == BARK_KIND_UINT32)
        memcpy(member, &bits32, sizeof bits32);
    else if (kind == BARK_KIND_INT64 || kind == BARK_KIND_UINT64)
        memcpy(member, &bits, sizeof bits);
    else if (kind == BARK_KIND_INT8 || kind == BARK_KIND_UINT8)
        memcpy(member, &bits8, sizeof bits8);
    else
        memcpy(member, &bits16, sizeof bits16);
}

/* Digits to a magnitude; false past 64 bits. Leading zeros are free [XSD2 3.3.13.1]. */
static bool magnitude_read(struct bark_slice digits, uint64_t *magnitude)
{
    uint64_t n = 0;
    size_t i;
    for (i = 0; i < digits.len; i++)
        if (__builtin_mul_overflow(n, UINT64_C(10), &n) ||
            __builtin_add_overflow(n, (uint64_t)(digits.ptr[i] - '0'), &n))
            return false;
    *magnitude = n;
    return true;
}

/* The parts of a lexical form: sign, digits before and after the point. Slices are empty when there are none.
 */
struct decimal {
    bool negative;
    struct bark_slice whole, fraction;
};

/* [XSD2 3.2.3.1] (+|-)? digits (. digits?)? or (+|-)? . digits; false for anything else. */
static bool decimal_split(struct bark_slice text, struct decimal *d)
{
    const uint8_t *at = text.ptr, *const end = text.ptr + text.len;
    *d = (struct decimal){ .negative = text.len > 0 && *at == '-' };
    if (text.len > 0 && (*at == '-' || *at == '+'))
        at++;
    d->whole.ptr = at;
    while (at < end && is_digit(*at))
        at++;
    d->whole.len = (size_t)(at - d->whole.ptr);
    d->fraction.ptr = at;
    if (at < end && *at == '.') {
        d->fraction.ptr = ++at;
        while (at < end && is_digit(*at))
            at++;
        d->fraction.len = (size_t)(at - d->fraction.ptr);
    }
    return at == end && d->whole.len + d->fraction.len > 0;
}

/* [XSD2 3.3.13.1] A decimal without a point. */
static bool integer_split(struct bark_slice text, struct decimal *d)
{
    return decimal_split(text, d) && d->whole.ptr + d->whole.len == text.ptr + text.len;
}

enum bark_code bark_int_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    struct int_value v;
    struct decimal d;
    if (!integer_split(text, &d) || !magnitude_read(d.whole, &v.magnitude))
        return BARK_ERR_TYPE;
    if (v.magnitude >
        (d.negative ? int_ranges[kind - BARK_KIND_INT8].below_zero : int_ranges[kind - BARK_KIND_INT8].max))
        return BARK_ERR_TYPE;
    v.negative = d.negative;
    int_set(kind, v, member);
    return BARK_OK;
}

#ifndef BARK_COMPACT

BARK_INLINE bool int_fits(enum bark_kind kind, struct int_value v)
{
    return v.magnitude <= (v.negative ? int_ranges[kind - BARK_KIND_INT8].below_zero
                                      : int_ranges[kind - BARK_KIND_INT8].max);
}

/* Up to 19 digits, which 64 bits hold. */
BARK_APART const uint8_t *long_int_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                                         void *member)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    struct int_value v = { *at == '-', 0 };
    unsigned digits, run = 8;
    at += *at == '-' || *at == '+';
    for (digits = 0; run == 8 && digits < 24; digits += run) {
        const uint64_t bare = bark_digits_bare(bark_word_little(at));
        run = bark_digits_run(bare);
        if (run)
            v.magnitude = v.magnitude * bark_digits_power[run] + bark_digits_number(bare, run);
        at += run;
    }
    if (digits > BARK_DIGITS_MAX - 1 || *at != stop || !int_fits(kind, v))
        return NULL;
    int_set(kind, v, member);
    return at;
}

/* Nearly all have less than eight digits, one word; those with more are read anew. */
const uint8_t *bark_int_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                              void *member)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    const bool negative = *at == '-';
    const uint8_t *const first = at + (negative || *at == '+');
    const uint64_t bare = bark_digits_bare(bark_word_little(first));
    const unsigned run = bark_digits_run(bare);
    struct int_value v;
    if (run == 0)
        return NULL;
    if (run == 8)
        return long_int_quick(call, at, stop, member);
    v = (struct int_value){ negative, bark_digits_number(bare, run) };
    if (first[run] != stop || !int_fits(kind, v))
        return NULL;
    int_set(kind, v, member);
    return first + run;
}

#endif

/* With leading zeros, so many digits at least: for patterns such as [0-9]{5}. */
static void padded_write(struct int_value v, unsigned least, struct bark_out *out)
{
    uint8_t digits[BARK_DIGITS_MAX];
    size_t count = bark_digits(digits, v.magnitude), zeros;
    if (v.negative)
        bark_out_byte(out, '-');
    for (zeros = count; zeros < least; zeros++)
        bark_out_byte(out, '0');
    bark_out_put(out, digits, count);
}

enum bark_code bark_int_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    const struct int_value v = int_get((enum bark_kind)call->type->kind, member);
    uint8_t *const window = call->form ? NULL : bark_out_window(out, 1 + BARK_DIGITS_MAX);
    if (call->form) {
        padded_write(v, call->form, out);
        return BARK_OK;
    }
    if (window) {
        *window = '-';
        bark_out_take(out, v.negative + bark_digits(window + v.negative, v.magnitude));
        return BARK_OK;
    }
    if (v.negative)
        bark_out_byte(out, '-');
    bark_out_u64(out, v.magnitude);
    return BARK_OK;
}

static enum bark_order order_of(bool less, bool greater)
{
    return less ? BARK_ORDER_LESS : greater ? BARK_ORDER_GREATER : BARK_ORDER_EQUAL;
}

static enum bark_order int_compare(struct int_value x, struct int_value y)
{
    if (x.negative != y.negative)
        return x.negative ? BARK_ORDER_LESS : BARK_ORDER_GREATER;
    return x.negative ? order_of(x.magnitude > y.magnitude, x.magnitude < y.magnitude)
                      : order_of(x.magnitude<y.magnitude, x.magnitude> y.magnitude);
}

enum bark_order bark_int_order(enum bark_kind kind, const void *a, const void *b)
{
    return int_compare(int_get(kind, a), int_get(kind, b));
}

enum bark_order bark_int_order_bound(enum bark_kind kind, const void *member, int64_t bound)
{
    const struct int_value bits = { false, (uint64_t)bound };
    return int_compare(int_get(kind, member), kind == BARK_KIND_UINT64 ? bits : signed_value(bound));
}

static bool number_ok(enum bark_kind kind, struct bark_slice text)
{
    struct decimal d;
    return kind == BARK_KIND_INTEGER ? integer_split(text, &d) : decimal_split(text, &d);
}

enum bark_code bark_decimal_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    if (!number_ok((enum bark_kind)call->type->kind, text))
        return BARK_ERR_TYPE;
    return bark_text_keep(call, text, member);
}

enum bark_code bark_decimal_write(const struct bark_value_call *call, const void *member,
                                  struct bark_out *out)
{
    const struct bark_text *text = member;
    const struct bark_slice slice = { (const uint8_t *)text->ptr, text->len };
    if (!number_ok((enum bark_kind)call->type->kind, slice))
        return BARK_ERR_TYPE;
    bark_text_put(out, slice);
    return BARK_OK;
}

/* Drops the zeros that say nothing: leading ones of the whole part, trailing ones of the fraction. */
static struct decimal decimal_of(const struct bark_text *text)
{
    const struct bark_slice slice = { (const uint8_t *)text->ptr, text->len };
    struct decimal d;
    if (!decimal_split(slice, &d))
        return (struct decimal){ .negative = false };
    while (d.whole.len > 0 && d.whole.ptr[0] == '0') {
        d.whole.ptr++;
        d.whole.len--;
    }
    while (d.fraction.len > 0 && d.fraction.ptr[d.fraction.len - 1] == '0')
        d.fraction.len--;
    if (d.whole.len + d.fraction.len == 0)
        d.negative = false;
    return d;
}

/* Compares without sign: a longer whole part wins; equal ones and fractions compare digit by digit. */
static int magnitude_compare(const struct decimal *x, const struct decimal *y)
{
    const size_t common = x->fraction.len < y->fraction.len ? x->fraction.len : y->fraction.len;
    int c;
    if (x->whole.len != y->whole.len)
        return x->whole.len < y->whole.len ? -1 : 1;
    c = x->whole.len ? memcmp(x->whole.ptr, y->whole.ptr, x->whole.len) : 0;
    if (c == 0 && common > 0)
        c = memcmp(x->fraction.ptr, y->fraction.ptr, common);
    if (c == 0 && x->fraction.len != y->fraction.len)
        c = x->fraction.len < y->fraction.len ? -1 : 1;
    return c;
}

enum bark_order bark_decimal_order(enum bark_kind kind, const void *a, const void *b)
{
    const struct decimal x = decimal_of(a), y = decimal_of(b);
    int c;
    (void)kind;
    if (x.negative != y.negative)
        return x.negative ? BARK_ORDER_LESS : BARK_ORDER_GREATER;
    c = magnitude_compare(&x, &y);
    return x.negative ? order_of(c > 0, c < 0) : order_of(c<0, c> 0);
}

void bark_number_digits(enum bark_kind kind, const void *member, size_t *total, size_t *fraction)
{
    *fraction = 0;
    if (kind == BARK_KIND_INTEGER || kind == BARK_KIND_DECIMAL) {
        const struct decimal d = decimal_of(member);
        *fraction = d.fraction.len;
        *total = d.whole.len + d.fraction.len;
    } else {
        uint64_t magnitude = int_get(kind, member).magnitude;
        for (*total = 0; magnitude > 0; magnitude /= 10)
            ++*total;
    }
}
