/* engine/float_exact.h - decimal text to IEEE 754 binary, correctly rounded, without the C library.
 *
 * strtod() obeys a locale and may allocate; this does neither.
 */
#ifndef BARK_ENGINE_FLOAT_EXACT_H
#define BARK_ENGINE_FLOAT_EXACT_H

#include "soapbark/base.h"

/* A binary format: its bit pattern is sign, exponent, fraction in a uint64_t. */
struct bark_float_format {
    uint8_t precision; /* bits of the significand, the hidden one included */
    int16_t exponent_min; /* of the last bit of the smallest values: they are n * 2^exponent_min */
    int16_t exponent_max; /* the same of the largest ones */
};

extern const struct bark_float_format bark_float_binary32;
extern const struct bark_float_format bark_float_binary64;

/* A positive decimal: the digits of whole then fraction, the point between them, times 10^exponent. */
struct bark_float_decimal {
    struct bark_slice whole, fraction;
    int64_t exponent;
};

/* The bits of the nearest value, ties to even [XSD2 3.2.5]; of infinity when that is nearer than any. Time is
 * linear in the digits. */
uint64_t bark_float_from_decimal(const struct bark_float_format *format, const struct bark_float_decimal *d);

/* The same when one of bits and bits + 1 is known to be nearest; bits is not 0, nor infinity. */
uint64_t bark_float_nearer(const struct bark_float_format *format, const struct bark_float_decimal *d,
                           uint64_t bits);

/* quotient * 2^exponent, and a little more when rest, rounded to the format: its bits, or infinity's. The
 * quotient is not 0, and has more bits than the significand and at most 63. */
uint64_t bark_float_round(const struct bark_float_format *format, uint64_t quotient, int64_t exponent,
                          bool rest);

#endif
