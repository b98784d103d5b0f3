/* base/slice.h - equality of slices. Not for secrets: it ends at the first byte that differs. */
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

#endif
