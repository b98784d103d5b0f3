/* engine/value_float.c - float and double.
 *
 * [XSD2 3.2.4, 3.2.5] A decimal with or without an exponent, INF, -INF or NaN. Reading gives the nearest
 * value, whatever the number of digits; writing gives the fewest digits that read back as the same value,
 * plainly between 0.001 and 10^15 and with an exponent beyond, as in 1.5E21.
 */
#include "engine/float_exact.h"
#include "engine/float_fast.h"
#include "engine/float_power.h"
#include "engine/value_scan.h"

#include <float.h>
#include <string.h>

enum { PLAIN_POINT_MIN = -2, PLAIN_POINT_MAX = 15 };

static bool is_word(struct bark_slice text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static const struct bark_float_format *format_of(enum bark_kind kind)
{
    return kind == BARK_KIND_FLOAT ? &bark_float_binary32 : &bark_float_binary64;
}

/* The bits without the sign, which goes to *negative. */
static uint64_t bits_get(enum bark_kind kind, const void *member, bool *negative)
{
    uint64_t bits = 0;
    if (kind == BARK_KIND_FLOAT) {
        uint32_t bits32;
        memcpy(&bits32, member, sizeof bits32);
        *negative = bits32 >> 31;
        return bits32 & INT32_MAX;
    }
    memcpy(&bits, member, sizeof bits);
    *negative = bits >> 63;
    return bits & INT64_MAX;
}

static void bits_set(enum bark_kind kind, void *member, uint64_t bits, bool negative)
{
    if (kind == BARK_KIND_FLOAT) {
        const uint32_t bits32 = (uint32_t)bits | (uint32_t)negative << 31;
        memcpy(member, &bits32, sizeof bits32);
    } else {
        bits |= (uint64_t)negative << 63;
        memcpy(member, &bits, sizeof bits);
    }
}

static uint64_t infinity_of(enum bark_kind kind)
{
    return kind == BARK_KIND_FLOAT ? UINT64_C(0x7f800000) : UINT64_C(0x7ff0000000000000);
}

/* Digits after E or e; far exponents all mean zero or infinity, unless as many digits make up for them, so
 * the cut lies beyond any text's length. */
static bool exponent_read(struct bark_slice *text, int64_t *exponent)
{
    const bool negative = text->len > 0 && text->ptr[0] == '-';
    struct bark_slice digits;
    if (!bark_scan_byte(text, '-'))
        bark_scan_byte(text, '+');
    digits = bark_scan_digits(text);
    if (digits.len == 0)
        return false;
    while (digits.len > 1 && digits.ptr[0] == '0') {
        digits.ptr++;
        digits.len--;
    }
    *exponent = digits.len <= 17 ? (int64_t)bark_scan_number(digits) : INT64_C(100000000000000000);
    *exponent = negative ? -*exponent : *exponent;
    return true;
}

/* The number behind the sign; the whole of text. */
static bool number_read(struct bark_slice text, struct bark_float_decimal *d)
{
    d->exponent = 0;
    d->whole = bark_scan_digits(&text);
    d->fraction = (struct bark_slice){ text.ptr, 0 };
    if (bark_scan_byte(&text, '.'))
        d->fraction = bark_scan_digits(&text);
    if (d->whole.len + d->fraction.len == 0)
        return false;
    if (bark_scan_byte(&text, 'E') || bark_scan_byte(&text, 'e'))
        return exponent_read(&text, &d->exponent) && text.len == 0;
    return text.len == 0;
}

/* The digits as one number, when they are few. */
static bool number_of(const struct bark_float_decimal *d, uint64_t *number)
{
    size_t i;
    *number = 0;
    if (d->whole.len + d->fraction.len > BARK_FLOAT_POWER_DIGITS)
        return false;
    for (i = 0; i < d->whole.len; i++)
        *number = *number * 10 + (uint64_t)(d->whole.ptr[i] - '0');
    for (i = 0; i < d->fraction.len; i++)
        *number = *number * 10 + (uint64_t)(d->fraction.ptr[i] - '0');
    return true;
}

static uint64_t bits_of(const struct bark_float_format *format, const struct bark_float_decimal *d)
{
    const int64_t exponent = d->exponent - (int64_t)d->fraction.len;
    uint64_t number, bits;
    if (number_of(d, &number)) {
        if (number < BARK_FLOAT_FAST_END && bark_float_fast_read(format, number, exponent, &bits))
            return bits;
        if (bark_float_power_read(format, number, exponent, &bits))
            return bits;
    }
    return bark_float_from_decimal(format, d);
}

enum bark_code bark_float_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    const bool negative = text.len > 0 && text.ptr[0] == '-';
    struct bark_float_decimal d;
    if (is_word(text, "INF") || is_word(text, "-INF")) {
        bits_set(kind, member, infinity_of(kind), negative);
        return BARK_OK;
    }
    if (is_word(text, "NaN")) {
        bits_set(kind, member, infinity_of(kind) | infinity_of(kind) >> 1, false);
        return BARK_OK;
    }
    if (!bark_scan_byte(&text, '-'))
        bark_scan_byte(&text, '+');
    if (!number_read(text, &d))
        return BARK_ERR_TYPE;
    bits_set(kind, member, bits_of(format_of(kind), &d), negative);
    return BARK_OK;
}

static void zeros_write(struct bark_out *out, int zeros)
{
    for (; zeros > 0; zeros--)
        bark_out_byte(out, '0');
}

/* 0.d1d2... * 10^point without an exponent. */
static void plain_write(struct bark_out *out, const uint8_t *digits, size_t count, int point)
{
    const size_t whole = point <= 0 ? 0 : (size_t)point < count ? (size_t)point : count;
    if (whole == 0)
        bark_out_byte(out, '0');
    bark_out_put(out, digits, whole);
    if (whole == count) {
        zeros_write(out, point - (int)count);
        return;
    }
    bark_out_byte(out, '.');
    zeros_write(out, -point);
    bark_out_put(out, digits + whole, count - whole);
}

/* [XSD2 3.2.5.2] One digit before the point and at least one behind it. */
static void exponent_write(struct bark_out *out, const uint8_t *digits, size_t count, int point)
{
    bark_out_put(out, digits, 1);
    bark_out_byte(out, '.');
    if (count == 1)
        bark_out_byte(out, '0');
    bark_out_put(out, digits + 1, count - 1);
    bark_out_text(out, point <= 0 ? "E-" : "E");
    bark_out_u64(out, (uint64_t)(point <= 0 ? 1 - point : point - 1));
}

/* The shortest digits, as text, of a finite positive value. */
static size_t digits_of(const struct bark_float_format *format, uint64_t bits,
                        uint8_t digits[BARK_FLOAT_DIGITS], int *point)
{
    uint64_t number, rest;
    size_t i, count;
    int places;
    if (!bark_float_fast_write(format, bits, &number, &places)) {
        count = bark_float_to_digits(format, bits, digits, point);
        for (i = 0; i < count; i++)
            digits[i] = (uint8_t)(digits[i] + '0');
        return count;
    }
    for (count = 0, rest = number; rest > 0; rest /= 10)
        count++;
    *point = (int)count - places;
    for (; number % 10 == 0; number /= 10)
        count--;
    for (i = count; i-- > 0; number /= 10)
        digits[i] = (uint8_t)('0' + number % 10);
    return count;
}

enum bark_code bark_float_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    uint8_t digits[BARK_FLOAT_DIGITS];
    bool negative;
    const uint64_t bits = bits_get(kind, member, &negative);
    size_t count;
    int point;
    if (bits > infinity_of(kind)) {
        bark_out_text(out, "NaN");
        return BARK_OK;
    }
    if (negative)
        bark_out_byte(out, '-');
    if (bits == 0 || bits == infinity_of(kind)) {
        bark_out_text(out, bits ? "INF" : "0");
        return BARK_OK;
    }
    count = digits_of(format_of(kind), bits, digits, &point);
    if (point >= PLAIN_POINT_MIN && point <= PLAIN_POINT_MAX)
        plain_write(out, digits, count, point);
    else
        exponent_write(out, digits, count, point);
    return BARK_OK;
}

/* [XSD2 3.2.4] NaN equals itself and is not ordered. */
enum bark_order bark_float_order(enum bark_kind kind, const void *a, const void *b)
{
    bool a_negative, b_negative;
    const uint64_t x = bits_get(kind, a, &a_negative), y = bits_get(kind, b, &b_negative);
    const bool less = a_negative != b_negative ? a_negative : a_negative ? x > y : x < y;
    if (x > infinity_of(kind) || y > infinity_of(kind))
        return x > infinity_of(kind) && y > infinity_of(kind) ? BARK_ORDER_EQUAL : BARK_ORDER_NONE;
    if ((x == 0 && y == 0) || (x == y && a_negative == b_negative))
        return BARK_ORDER_EQUAL;
    return less ? BARK_ORDER_LESS : BARK_ORDER_GREATER;
}
