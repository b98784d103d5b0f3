/* pattern/charset.h - sets of Unicode characters as sorted ranges.
 */
#ifndef SOAPC_PATTERN_CHARSET_H
#define SOAPC_PATTERN_CHARSET_H

#include "soapbark/arena.h"

enum { SOAPC_CODE_POINT_LAST = 0x10ffff };

struct soapc_range {
    uint32_t first, last;
};

/* After soapc_charset_normalise() the ranges are sorted, disjoint and not adjacent. */
struct soapc_charset {
    struct soapc_range *ranges;
    size_t count, cap;
    struct bark_arena *arena; /* where ranges grow */
    bool failed; /* the arena was full; sticky */
};

/* An empty set. */
void soapc_charset_init(struct soapc_charset *set, struct bark_arena *arena);

void soapc_charset_add(struct soapc_charset *set, uint32_t first, uint32_t last);
void soapc_charset_add_set(struct soapc_charset *set, const struct soapc_charset *other);

void soapc_charset_normalise(struct soapc_charset *set);

/* Every character that is not in the set; surrogates are no characters. Normalises. */
void soapc_charset_complement(struct soapc_charset *set);

/* Takes the members of other away. Normalises both. */
void soapc_charset_subtract(struct soapc_charset *set, struct soapc_charset *other);

#endif
