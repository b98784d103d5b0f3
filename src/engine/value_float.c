/* engine/value_float.c - float and double.
 *
 * [XSD2 3.2.4, 3.2.5] A decimal with or without an exponent, INF, -INF or NaN. Reading gives the nearest
 * value, whatever the number of digits; writing gives the fewest digits that read back as the same value,
 * plainly between 0.001 and 10^15 and with an exponent beyond, as in 1.5E21.
 */
#include "base/bytes.h"
#include "base/digits.h"
#include "engine/float_exact.h"
#include "engine/float_fast.h"
#include "engine/float_shortest.h"
#include "engine/value_scan.h"

#include <float.h>
#include <string.h>

enum { PLAIN_POINT_MIN = -2, PLAIN_POINT_MAX = 15 };

/* Sign, "0.00" or a point, 17 digits; or sign, point, 17 digits and E-324. */
enum { FORM_MAX = BARK_FLOAT_FORM_MAX };

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

#ifdef BARK_COMPACT

/* Exact arithmetic tells what the fast way would, and what it would not. */
static uint64_t bits_of(const struct bark_float_format *format, const struct bark_float_decimal *d)
{
    return bark_float_from_decimal(format, d);
}

#else

/* The first digits as one number, as many as fit; how many did not. */
static size_t number_of(const struct bark_float_decimal *d, uint64_t *number)
{
    const struct bark_slice parts[] = { d->whole, d->fraction };
    size_t i, part, taken = 0, left = 0;
    *number = 0;
    for (part = 0; part < 2; part++)
        for (i = 0; i < parts[part].len; i++) {
            if (taken == BARK_FLOAT_FAST_DIGITS) {
                left += parts[part].len - i;
                break;
            }
            *number = *number * 10 + (uint64_t)(parts[part].ptr[i] - '0');
            taken += *number > 0; /* leading zeros are free */
        }
    return left;
}

static uint64_t bits_of(const struct bark_float_format *format, const struct bark_float_decimal *d)
{
    uint64_t number, bits, above;
    const size_t left = number_of(d, &number);
    const int64_t exponent = d->exponent + (int64_t)left - (int64_t)d->fraction.len;
    bool neighbours = !bark_float_fast_read(format, number, exponent, &bits);
    if (!neighbours) {
        bool sure;
        if (left == 0)
            return bits;
        sure = bark_float_fast_read(format, number + 1, exponent, &above);
        if (sure && above == bits)
            return bits; /* digits that were left out make it less than one more */
        neighbours = above == bits + sure;
    }
    return neighbours && bits != 0 ? bark_float_nearer(format, d, bits) : bark_float_from_decimal(format, d);
}

#endif

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

#ifndef BARK_COMPACT

/* Digits at *at, eight at a time, joined to *number while 64 bits hold it; how many there were. */
BARK_INLINE unsigned digits_join(const uint8_t **at, uint64_t *number, unsigned before)
{
    unsigned digits = 0, run;
    do {
        const uint64_t bare = bark_digits_bare(bark_word_little(*at));
        run = bark_digits_run(bare);
        if (run == 0)
            break;
        *number = *number * bark_digits_power[run] + bark_digits_number(bare, run);
        *at += run;
        digits += run;
    } while (run == 8 && before + digits <= BARK_FLOAT_FAST_DIGITS);
    return digits;
}

/* Up to 19 digits, a point among them or not, a short exponent or none; what the fast way can decide. */
const uint8_t *bark_float_quick(const struct bark_value_call *call, const uint8_t *at, uint8_t stop,
                                void *member)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    const bool negative = *at == '-';
    uint64_t number = 0, power = 0, bits;
    unsigned whole, fraction = 0;
    int64_t exponent;
    at += negative || *at == '+';
    whole = digits_join(&at, &number, 0);
    if (*at == '.') {
        at++;
        fraction = digits_join(&at, &number, whole);
    }
    if (whole + fraction == 0 || whole + fraction > BARK_FLOAT_FAST_DIGITS)
        return NULL;
    exponent = -(int64_t)fraction;
    if (*at == 'e' || *at == 'E') {
        const bool below = at[1] == '-';
        unsigned run;
        at += 1 + (below || at[1] == '+');
        run = digits_join(&at, &power, BARK_FLOAT_FAST_DIGITS - 7);
        if (run == 0 || run > 8)
            return NULL;
        exponent += below ? -(int64_t)power : (int64_t)power;
    }
    if (*at != stop || !bark_float_fast_read(format_of(kind), number, exponent, &bits))
        return NULL;
    bits_set(kind, member, bits, negative);
    return at;
}

#endif

static uint8_t *bytes_form(uint8_t *to, const uint8_t *bytes, size_t len)
{
    memcpy(to, bytes, len);
    return to + len;
}

/* [XSD2 3.2.5.2] One digit before the point and at least one behind it. */
static uint8_t *exponent_form(uint8_t *to, const uint8_t *digits, size_t count, int point)
{
    *to++ = digits[0];
    *to++ = '.';
    if (count == 1)
        *to++ = '0';
    to = bytes_form(to, digits + 1, count - 1);
    *to++ = 'E';
    if (point <= 0)
        *to++ = '-';
    return to + bark_digits(to, (uint64_t)(point <= 0 ? 1 - point : point - 1));
}

/* A whole number of six digits at most, of which each has a value of its own in both formats, so that none is
 * shorter; 0 for any other value. */
static uint32_t small_whole(const struct bark_float_format *format, uint64_t bits)
{
    enum { BITS = 18 }; /* behind the first one: no more than 524287 */
    const unsigned stored = format->precision - 1U; /* bits of the significand */
    const uint64_t one = UINT64_C(1) << stored;
    int behind; /* bits behind the point */
    if (bits & ((one >> BITS) - 1))
        return 0;
    behind = 1 - (int)(bits >> stored) - format->exponent_min;
    if (behind > (int)stored || behind < (int)stored - BITS || bits & ((UINT64_C(1) << behind) - 1))
        return 0;
    return (uint32_t)(((bits & (one - 1)) | one) >> behind);
}

#ifdef BARK_COMPACT

static uint8_t *zeros_form(uint8_t *to, int zeros)
{
    for (; zeros > 0; zeros--)
        *to++ = '0';
    return to;
}

/* 0.d1d2... * 10^point without an exponent. */
static uint8_t *plain_form(uint8_t *to, const uint8_t *digits, size_t count, int point)
{
    const size_t whole = point <= 0 ? 0 : (size_t)point < count ? (size_t)point : count;
    if (whole == 0)
        *to++ = '0';
    to = bytes_form(to, digits, whole);
    if (whole == count)
        return zeros_form(to, point - (int)count);
    *to++ = '.';
    to = zeros_form(to, -point);
    return bytes_form(to, digits + whole, count - whole);
}

/* The form of a positive number with that many zeros behind it. */
static uint8_t *number_form(uint8_t *to, uint64_t number, int exponent)
{
    uint8_t digits[BARK_DIGITS_MAX];
    const size_t count = bark_digits(digits, number);
    const int point = (int)count + exponent;
    return point >= PLAIN_POINT_MIN && point <= PLAIN_POINT_MAX ? plain_form(to, digits, count, point)
                                                                : exponent_form(to, digits, count, point);
}

#else

enum { DIGITS_ROOM = 24 }; /* more than a double's 17 */

struct digits_step {
    uint64_t words[DIGITS_ROOM / sizeof(uint64_t)];
};

BARK_INLINE void digits_copy(uint8_t *to, const uint8_t *digits)
{
    struct digits_step step;
    memcpy(&step, digits, sizeof step);
    memcpy(to, &step, sizeof step);
}

/* The same, in copies of fixed length that go beyond what counts: FORM_MAX has room for that too. */
static uint8_t *number_form(uint8_t *to, uint64_t number, int exponent)
{
    uint8_t digits[DIGITS_ROOM + BARK_DIGITS_AHEAD];
    const size_t count = (size_t)(bark_digits_ahead(digits, number) - digits);
    const int point = (int)count + exponent;
    if (point < PLAIN_POINT_MIN || point > PLAIN_POINT_MAX) {
        const unsigned power = (unsigned)(point <= 0 ? 1 - point : point - 1);
        to[0] = digits[0];
        to[1] = '.';
        digits_copy(to + 2, digits + 1);
        if (count == 1)
            to[2] = '0';
        to += count + 1 + (count == 1);
        to[0] = 'E';
        to[1] = '-';
        to += 1 + (point <= 0);
        if (power >= 100)
            *to++ = (uint8_t)('0' + power / 100);
        bark_digits_two(to, power % 100);
        *to = power < 10 ? (uint8_t)('0' + power) : *to;
        return to + 1 + (power >= 10);
    }
    if (point <= 0) {
        memcpy(to, "0.00", 4);
        digits_copy(to + (2 - point), digits);
        return to + (2 - point) + count;
    }
    digits_copy(to, digits);
    if ((size_t)point >= count) {
        memset(to + count, '0', PLAIN_POINT_MAX);
        return to + point;
    }
    to[point] = '.';
    digits_copy(to + point + 1, digits + point);
    return to + count + 1;
}

#endif

/* The form of a finite positive value; FORM_MAX has room for it. */
static uint8_t *finite_form(uint8_t *to, const struct bark_float_format *format, uint64_t bits)
{
    const uint32_t whole = small_whole(format, bits);
    int exponent;
    uint64_t number;
    if (whole > 0)
        return to + bark_digits(to, whole);
    number = bark_float_shortest(format, bits, &exponent);
    return number_form(to, number, exponent);
}

size_t bark_float_form(uint8_t *to, enum bark_kind kind, const void *member)
{
    bool negative;
    const uint64_t bits = bits_get(kind, member, &negative);
    uint8_t *at = to;
    if (bits > infinity_of(kind))
        return (size_t)(bytes_form(at, (const uint8_t *)"NaN", 3) - to);
    if (negative)
        *at++ = '-';
    if (bits == 0)
        *at++ = '0';
    else if (bits == infinity_of(kind))
        at = bytes_form(at, (const uint8_t *)"INF", 3);
    else
        at = finite_form(at, format_of(kind), bits);
    return (size_t)(at - to);
}

/* The other forms of a number, for patterns: without an exponent, with 0 to 9 digits after the point at
 * least; then with one, which has E or e before it and ".0" behind a single digit or not. */
enum { PLAIN_FORMS = 10 };
static_assert(PLAIN_FORMS + 4 == BARK_FLOAT_FORMS, "the forms below");

static void plain_write(struct bark_out *out, const uint8_t *digits, size_t count, int point, int least)
{
    const int held = (int)count, fraction = held - point > least ? held - point : least;
    int i;
    if (point <= 0)
        bark_out_byte(out, '0');
    for (i = point <= 0 ? point : 0; i < point + fraction; i++) {
        if (i == point)
            bark_out_byte(out, '.');
        bark_out_byte(out, i >= 0 && i < held ? digits[i] : '0');
    }
}

static void exponent_write(struct bark_out *out, const uint8_t *digits, size_t count, int point, unsigned way)
{
    uint8_t room[FORM_MAX];
    const size_t len = (size_t)(exponent_form(room, digits, count, point) - room);
    size_t i;
    for (i = 0; i < len; i++) {
        if (count == 1 && way & 2 && (i == 1 || i == 2))
            continue;
        bark_out_byte(out, room[i] == 'E' && way & 1 ? 'e' : room[i]);
    }
}

static void other_write(const struct bark_value_call *call, uint64_t bits, bool negative,
                        struct bark_out *out)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    uint8_t digits[BARK_DIGITS_MAX];
    int exponent = 0;
    const size_t count =
        bark_digits(digits, bits ? bark_float_shortest(format_of(kind), bits, &exponent) : 0);
    const int point = (int)count + exponent;
    if (negative)
        bark_out_byte(out, '-');
    if (call->form <= PLAIN_FORMS)
        plain_write(out, digits, count, point, call->form - 1);
    else
        exponent_write(out, digits, count, point, call->form - PLAIN_FORMS - 1U);
}

enum bark_code bark_float_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    const enum bark_kind kind = (enum bark_kind)call->type->kind;
    bool negative;
    const uint64_t bits = bits_get(kind, member, &negative);
    if (call->form > 0 && bits < infinity_of(kind)) {
        other_write(call, bits, negative, out);
        return BARK_OK;
    }
    uint8_t *const window = bark_out_window(out, FORM_MAX);
    uint8_t room[FORM_MAX];
    if (window)
        bark_out_take(out, bark_float_form(window, kind, member));
    else
        bark_out_put(out, room, bark_float_form(room, kind, member));
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
