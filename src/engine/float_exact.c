/* engine/float_exact.c - exact conversion with big naturals.
 *
 * The decimal is a fraction A / B of naturals. Scaled by a power of two so that the quotient lies
 * near 1, binary long division gives two bits more than the significand has, and whether anything is left;
 * that is all that rounding needs. Where it is known that one of two neighbours is nearest, there is no
 * division: one compare with the point half way between them tells which. Digits beyond DIGITS_MAX cannot
 * change the result except by not being zero, so one more digit stands for all of them.
 */
#include "engine/float_exact.h"

#include "engine/natural.h"

#include <assert.h>

const struct bark_float_format bark_float_binary32 = { 24, -149, 104 };
const struct bark_float_format bark_float_binary64 = { 53, -1074, 971 };

enum {
    DIGITS_MAX = 770, /* a half way point between doubles has at most 767 digits */
    POINT_MIN = -330, /* decimals below 10^-330 round to zero, those from 10^310 on to infinity */
    POINT_MAX = 310,
    /* At most 771 digits (2562 bits), and 5^1101 (2557 bits) for the smallest values; lining them up and
     * dividing adds a bit to the larger. */
    READ_LIMBS = 82
};

/* The significant digits: those of d without zeros on either side. */
struct digits {
    const struct bark_float_decimal *d;
    size_t first, last; /* places, counted from the first digit of whole; last is one behind */
    int64_t exponent; /* of the last digit */
};

static uint8_t digit_at(const struct bark_float_decimal *d, size_t place)
{
    return (uint8_t)((place < d->whole.len ? d->whole.ptr[place] : d->fraction.ptr[place - d->whole.len]) -
                     '0');
}

static struct digits digits_of(const struct bark_float_decimal *d)
{
    struct digits s = { d, 0, d->whole.len + d->fraction.len, 0 };
    while (s.first < s.last && digit_at(d, s.first) == 0)
        s.first++;
    while (s.first < s.last && digit_at(d, s.last - 1) == 0)
        s.last--;
    s.exponent = d->exponent + (int64_t)d->whole.len - (int64_t)s.last;
    return s;
}

/* n = the digits as a natural; more than DIGITS_MAX become DIGITS_MAX and a 1. */
static void digits_natural(struct digits *s, struct bark_natural *n)
{
    const size_t count = s->last - s->first;
    const size_t kept = count > DIGITS_MAX ? DIGITS_MAX : count;
    const uint32_t most = 1000000000; /* nine digits at a time: a limb holds them */
    size_t i = 0;
    bark_natural_set(n, 0);
    while (i < kept) {
        uint32_t power = 1, some = 0;
        for (; i < kept && power < most; i++, power *= 10)
            some = some * 10 + digit_at(s->d, s->first + i);
        bark_natural_mul_add(n, power, some);
    }
    if (kept < count) {
        bark_natural_mul_add(n, 10, 1);
        s->exponent += (int64_t)(count - kept - 1);
    }
}

static uint64_t infinity_of(const struct bark_float_format *format)
{
    return (uint64_t)(format->exponent_max - format->exponent_min + 2) << (format->precision - 1);
}

uint64_t bark_float_round(const struct bark_float_format *format, uint64_t quotient, int64_t exponent,
                          bool rest)
{
    assert(format->precision > 0);
    const int64_t wanted = exponent + 64 - __builtin_clzll(quotient) - format->precision;
    const int64_t unit = wanted > format->exponent_min ? wanted : format->exponent_min;
    const int64_t drop = unit - exponent;
    const uint64_t hidden = UINT64_C(1) << (format->precision - 1);
    uint64_t significand, half, tail;
    assert(drop > 0); /* the quotient has more bits than the significand */
    if (drop > 63)
        return 0;
    significand = quotient >> drop;
    half = UINT64_C(1) << (drop - 1);
    tail = quotient & (2 * half - 1);
    if (tail > half || (tail == half && (rest || significand & 1)))
        significand++;
    /* A carry out of the significand becomes the exponent's next value by itself. */
    if (unit > format->exponent_max)
        return infinity_of(format);
    if (significand < hidden)
        return significand; /* subnormal: unit is exponent_min */
    significand += (uint64_t)(unit - format->exponent_min) << (format->precision - 1);
    return significand < infinity_of(format) ? significand : infinity_of(format);
}

/* floor(a / b * 2^shift) for a / b between 1/2 and 2; a becomes what is left. */
static uint64_t divide(struct bark_natural *a, const struct bark_natural *b, size_t shift)
{
    uint64_t quotient = 0;
    size_t i;
    for (i = 0; i <= shift; i++) {
        quotient <<= 1;
        if (bark_natural_compare(a, b) >= 0) {
            bark_natural_sub(a, b);
            quotient |= 1;
        }
        if (i < shift)
            bark_natural_shift(a, 1);
    }
    return quotient;
}

uint64_t bark_float_from_decimal(const struct bark_float_format *format, const struct bark_float_decimal *d)
{
    uint32_t a_limbs[READ_LIMBS], b_limbs[READ_LIMBS];
    struct bark_natural a = bark_natural_init(a_limbs, READ_LIMBS),
                        b = bark_natural_init(b_limbs, READ_LIMBS);
    const size_t shift = (size_t)format->precision + 2;
    struct digits s = digits_of(d);
    const int64_t point = s.exponent + (int64_t)(s.last - s.first);
    int64_t scale;
    uint64_t quotient;
    if (s.first == s.last || point < POINT_MIN)
        return 0;
    if (point > POINT_MAX)
        return infinity_of(format);
    digits_natural(&s, &a);
    bark_natural_set(&b, 1);
    if (s.exponent >= 0)
        bark_natural_mul_pow5(&a, (uint32_t)s.exponent);
    else
        bark_natural_mul_pow5(&b, (uint32_t)-s.exponent);
    scale = (int64_t)bark_natural_bits(&a) - (int64_t)bark_natural_bits(&b);
    if (scale < 0)
        bark_natural_shift(&a, (size_t)-scale);
    else
        bark_natural_shift(&b, (size_t)scale);
    quotient = divide(&a, &b, shift);
    return bark_float_round(format, quotient, scale + s.exponent - (int64_t)shift, a.count > 0);
}

uint64_t bark_float_nearer(const struct bark_float_format *format, const struct bark_float_decimal *d,
                           uint64_t bits)
{
    uint32_t a_limbs[READ_LIMBS], b_limbs[READ_LIMBS];
    struct bark_natural a = bark_natural_init(a_limbs, READ_LIMBS),
                        b = bark_natural_init(b_limbs, READ_LIMBS);
    const uint64_t hidden = UINT64_C(1) << (format->precision - 1), field = bits / hidden;
    const uint64_t significand = field ? bits % hidden + hidden : bits;
    struct digits s = digits_of(d);
    int64_t shift; /* of a, in bits, to be of the same unit as b */
    int order;
    digits_natural(&s, &a);
    bark_natural_set(&b, 2 * significand + 1); /* half way: of half a unit each */
    if (s.exponent >= 0)
        bark_natural_mul_pow5(&a, (uint32_t)s.exponent);
    else
        bark_natural_mul_pow5(&b, (uint32_t)-s.exponent);
    shift = s.exponent - (format->exponent_min + (int64_t)(field ? field - 1 : 0) - 1);
    bark_natural_shift(shift > 0 ? &a : &b, (size_t)(shift > 0 ? shift : -shift));
    order = bark_natural_compare(&a, &b);
    return bits + (order > 0 || (order == 0 && bits & 1));
}
