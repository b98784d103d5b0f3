/* store/sum.h - Adler-32 of what passes [RFC1950 8.2]: enough to see that nothing was lost or changed places.
 */
#ifndef STORE_SUM_H
#define STORE_SUM_H

#include "soapbark/base.h"

struct sum {
    uint32_t a, b;
};

static inline void sum_add(struct sum *s, const uint8_t *bytes, size_t len)
{
    enum { RUN = 5552, PRIME = 65521 }; /* so many additions cannot wrap */
    while (len > 0) {
        const size_t n = len < RUN ? len : RUN;
        for (size_t i = 0; i < n; i++) {
            s->a += bytes[i];
            s->b += s->a;
        }
        s->a %= PRIME;
        s->b %= PRIME;
        bytes += n;
        len -= n;
    }
}

static inline uint32_t sum_value(const struct sum *s)
{
    return s->b << 16 | s->a;
}

#endif
