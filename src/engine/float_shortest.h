/* engine/float_shortest.h - the shortest decimal that reads back as a float.
 */
#ifndef BARK_ENGINE_FLOAT_SHORTEST_H
#define BARK_ENGINE_FLOAT_SHORTEST_H

#include "engine/float_exact.h"

enum { BARK_FLOAT_DIGITS = 17 };

/* number, of at most BARK_FLOAT_DIGITS digits, such that number * 10^*exponent reads back as these bits,
 * which are finite and positive, with as few digits as possible; of those decimals the nearest. The last
 * digit is not 0. */
uint64_t bark_float_shortest(const struct bark_float_format *format, uint64_t bits, int *exponent);

#endif
