/* engine/float_fast.h - the short decimals that people write, in a few hardware operations.
 */
#ifndef BARK_ENGINE_FLOAT_FAST_H
#define BARK_ENGINE_FLOAT_FAST_H

#include "engine/float_exact.h"

/* Numbers below this are exact in a double, and two different decimals of so many digits are never the same
 * double. */
#define BARK_FLOAT_FAST_END UINT64_C(1000000000000000)

/* Bits of number * 10^exponent, number being below BARK_FLOAT_FAST_END; false when only exact arithmetic can tell. */
bool bark_float_fast_read(const struct bark_float_format *format, uint64_t number, int64_t exponent,
                          uint64_t *bits);

/* number * 10^-places, with as few digits as there are, that reads back as the bits; false when there is none
 * of at most 15 digits (6 for binary32), or it is hard to find. */
bool bark_float_fast_write(const struct bark_float_format *format, uint64_t bits, uint64_t *number,
                           int *places);

#endif
