/* base/slice.h - equality of slices, and without regard to case. Not for secrets: it ends at the first byte
 * that differs. */
#ifndef BARK_BASE_SLICE_H
#define BARK_BASE_SLICE_H

#include "soapbark/base.h"

#include <string.h>

static inline bool bark_slice_equal(struct bark_slice a, struct bark_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* text is NUL-terminated. */
static inline bool bark_slice_is(struct bark_slice s, const char *text)
{
    return bark_slice_equal(s, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

/* Letters of ASCII only: no locale is asked. */
static inline uint8_t bark_byte_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* Equal but for the case of ASCII letters. */
static inline bool bark_slice_alike(struct bark_slice a, struct bark_slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (bark_byte_lower(a.ptr[i]) != bark_byte_lower(b.ptr[i]))
            return false;
    return true;
}

/* text is NUL-terminated. */
static inline bool bark_slice_reads(struct bark_slice s, const char *text)
{
    return bark_slice_alike(s, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

#endif
