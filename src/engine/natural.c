/* engine/natural.c - schoolbook arithmetic on a few dozen limbs. */
#include "engine/natural.h"

#include <assert.h>

static void limb_push(struct bark_natural *n, uint32_t limb)
{
    if (limb == 0)
        return;
    assert(n->count < n->cap);
    n->limbs[n->count++] = limb;
}

static void top_trim(struct bark_natural *n)
{
    while (n->count > 0 && n->limbs[n->count - 1] == 0)
        n->count--;
}

void bark_natural_set(struct bark_natural *n, uint64_t value)
{
    assert(n->cap >= 2);
    n->limbs[0] = (uint32_t)value;
    n->limbs[1] = (uint32_t)(value >> 32);
    n->count = 2;
    top_trim(n);
}

void bark_natural_mul_add(struct bark_natural *n, uint32_t factor, uint32_t summand)
{
    uint64_t carry = summand;
    size_t i;
    for (i = 0; i < n->count; i++) {
        carry += (uint64_t)n->limbs[i] * factor;
        n->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    limb_push(n, (uint32_t)carry);
}

void bark_natural_mul_pow5(struct bark_natural *n, uint32_t exponent)
{
    uint32_t factor = 1;
    for (; exponent >= 13; exponent -= 13)
        bark_natural_mul_add(n, UINT32_C(1220703125), 0); /* 5^13, the largest that fits a limb */
    for (; exponent > 0; exponent--)
        factor *= 5;
    bark_natural_mul_add(n, factor, 0);
}

void bark_natural_shift(struct bark_natural *n, size_t exponent)
{
    const size_t whole = exponent / 32;
    const uint32_t bits = (uint32_t)(exponent % 32);
    size_t i;
    if (n->count == 0)
        return;
    bark_natural_mul_add(n, UINT32_C(1) << bits, 0);
    assert(whole <= n->cap - n->count);
    for (i = n->count; whole > 0 && i-- > 0;)
        n->limbs[i + whole] = n->limbs[i];
    for (i = 0; i < whole; i++)
        n->limbs[i] = 0;
    n->count += whole;
}

int bark_natural_compare(const struct bark_natural *n, const struct bark_natural *m)
{
    size_t i;
    if (n->count != m->count)
        return n->count < m->count ? -1 : 1;
    for (i = n->count; i-- > 0;)
        if (n->limbs[i] != m->limbs[i])
            return n->limbs[i] < m->limbs[i] ? -1 : 1;
    return 0;
}

void bark_natural_sub(struct bark_natural *n, const struct bark_natural *m)
{
    uint64_t borrow = 0;
    size_t i;
    assert(bark_natural_compare(n, m) >= 0);
    for (i = 0; i < n->count; i++) {
        const uint64_t take = (i < m->count ? m->limbs[i] : 0) + borrow;
        borrow = n->limbs[i] < take;
        n->limbs[i] = (uint32_t)(n->limbs[i] - take);
    }
    top_trim(n);
}

size_t bark_natural_bits(const struct bark_natural *n)
{
    size_t bits = 0;
    uint32_t top;
    if (n->count == 0)
        return 0;
    for (top = n->limbs[n->count - 1]; top > 0; top >>= 1)
        bits++;
    return (n->count - 1) * 32 + bits;
}
