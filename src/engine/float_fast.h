/* engine/float_fast.h - decimals of up to 19 digits to floats with two multiplications.
 */
#ifndef BARK_ENGINE_FLOAT_FAST_H
#define BARK_ENGINE_FLOAT_FAST_H

#include "engine/float_exact.h"

/* Any so many digits fit a uint64_t. */
enum { BARK_FLOAT_FAST_DIGITS = 19 };

/* Bits of number * 10^exponent; false when only exact arithmetic can tell: then one of *bits and *bits + 1 is
 * nearest, also when digits follow the number's 19, or *bits is 0 and nothing is known. */
bool bark_float_fast_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                          uint64_t *bits);

#endif
