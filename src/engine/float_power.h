/* engine/float_power.h - the decimals that programs write: up to 19 digits, any exponent.
 */
#ifndef BARK_ENGINE_FLOAT_POWER_H
#define BARK_ENGINE_FLOAT_POWER_H

#include "engine/float_exact.h"

enum { BARK_FLOAT_POWER_DIGITS = 19 };

/* Bits of the value nearest to number * 10^exponent; false when only exact arithmetic can tell, or where the
 * compiler has no 128-bit integers. */
BARK_MUST_CHECK bool bark_float_power_read(const struct bark_float_format *format, uint64_t number,
                                           int64_t exponent, uint64_t *bits);

#endif
