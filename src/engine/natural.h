/* engine/natural.h - natural numbers of bounded size, for the exact conversion of floats.
 *
 * Little-endian limbs of 32 bits in the caller's array. The callers know how large their numbers can get, so
 * running out of limbs is our own mistake: asserted, never input's doing.
 */
#ifndef BARK_ENGINE_NATURAL_H
#define BARK_ENGINE_NATURAL_H

#include "soapbark/base.h"

struct bark_natural {
    uint32_t *limbs;
    size_t cap, count; /* limbs at and above count are not looked at; the top one is not 0 */
};

static inline struct bark_natural bark_natural_init(uint32_t *limbs, size_t cap)
{
    const struct bark_natural n = { limbs, cap, 0 };
    return n;
}

void bark_natural_set(struct bark_natural *n, uint64_t value);

/* n = n * factor + summand */
void bark_natural_mul_add(struct bark_natural *n, uint32_t factor, uint32_t summand);

/* n = n * 5^exponent; n = n * 2^exponent */
void bark_natural_mul_pow5(struct bark_natural *n, uint32_t exponent);
void bark_natural_shift(struct bark_natural *n, size_t exponent);

/* -1, 0, 1; and n = n - m, where n >= m. */
int bark_natural_compare(const struct bark_natural *n, const struct bark_natural *m);
void bark_natural_sub(struct bark_natural *n, const struct bark_natural *m);

/* 0 has 0 bits. */
size_t bark_natural_bits(const struct bark_natural *n);

#endif
