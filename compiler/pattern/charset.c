/* pattern/charset.c - sets of characters: union by appending, everything else on sorted ranges.
 */
#include "pattern/charset.h"

#include <stdlib.h>
#include <string.h>

void soapc_charset_init(struct soapc_charset *set, struct bark_arena *arena)
{
    *set = (struct soapc_charset){ .arena = arena };
}

static bool charset_reserve(struct soapc_charset *set, size_t more)
{
    if (set->failed)
        return false;
    if (more <= set->cap - set->count)
        return true;
    size_t cap = (set->count + more) * 2;
    struct soapc_range *grown = bark_arena_alloc(set->arena, cap, sizeof *grown);
    if (!grown) {
        set->failed = true;
        return false;
    }
    if (set->count)
        memcpy(grown, set->ranges, set->count * sizeof *grown);
    set->ranges = grown;
    set->cap = cap;
    return true;
}

void soapc_charset_add(struct soapc_charset *set, uint32_t first, uint32_t last)
{
    if (charset_reserve(set, 1))
        set->ranges[set->count++] = (struct soapc_range){ first, last };
}

void soapc_charset_add_set(struct soapc_charset *set, const struct soapc_charset *other)
{
    set->failed = set->failed || other->failed;
    if (other->count && charset_reserve(set, other->count)) {
        memcpy(set->ranges + set->count, other->ranges, other->count * sizeof *set->ranges);
        set->count += other->count;
    }
}

static int range_compare(const void *a, const void *b)
{
    const struct soapc_range *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

void soapc_charset_normalise(struct soapc_charset *set)
{
    if (set->count < 2)
        return;
    qsort(set->ranges, set->count, sizeof *set->ranges, range_compare);
    size_t kept = 0;
    for (size_t i = 1; i < set->count; i++) {
        struct soapc_range *top = &set->ranges[kept], next = set->ranges[i];
        if (next.first <= top->last + 1) {
            if (next.last > top->last)
                top->last = next.last;
        } else {
            set->ranges[++kept] = next;
        }
    }
    set->count = kept + 1;
}

void soapc_charset_complement(struct soapc_charset *set)
{
    struct soapc_charset out;
    soapc_charset_init(&out, set->arena);
    soapc_charset_add(set, 0xd800, 0xdfff); /* so that the complement does not hold surrogates */
    soapc_charset_normalise(set);
    uint32_t next = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (set->ranges[i].first > next)
            soapc_charset_add(&out, next, set->ranges[i].first - 1);
        next = set->ranges[i].last + 1;
    }
    if (next <= SOAPC_CODE_POINT_LAST)
        soapc_charset_add(&out, next, SOAPC_CODE_POINT_LAST);
    out.failed = out.failed || set->failed;
    *set = out;
}

void soapc_charset_subtract(struct soapc_charset *set, struct soapc_charset *other)
{
    /* A - B = not (not A or B) */
    soapc_charset_complement(set);
    soapc_charset_add_set(set, other);
    soapc_charset_complement(set);
}
