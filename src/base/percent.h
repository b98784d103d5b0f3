/* base/percent.h - the escape of a byte that may not stand in a URI as it is. [RFC3986 2.1]
 */
#ifndef BARK_BASE_PERCENT_H
#define BARK_BASE_PERCENT_H

#include "base/digits.h"

enum { BARK_PERCENT_BYTES = 3 };

/* Writes "%XX"; the place behind it. */
static inline char *bark_percent_put(char *to, uint8_t byte)
{
    to[0] = '%';
    to[1] = (char)bark_hex_upper[byte >> 4];
    to[2] = (char)bark_hex_upper[byte & 15];
    return to + BARK_PERCENT_BYTES;
}

#endif
