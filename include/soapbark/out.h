/* soapbark/out.h - where bytes are written: a cursor whose put refuses [R2].
 *
 * Errors are sticky: after the first refusal every put does nothing, so a writer checks once, at its end.
 */
#ifndef SOAPBARK_OUT_H
#define SOAPBARK_OUT_H

#include "soapbark/base.h"

#include <assert.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bark_out {
    uint8_t *base;
    size_t pos, cap; /* pos <= cap */
    bool failed;
    /* Called when need bytes do not fit. It may enlarge base and cap or send base[0..pos) and set pos to 0;
     * it returns false when it can do neither. NULL: a fixed buffer. */
    bool (*make_room)(struct bark_out *o, size_t need);
    void *user; /* for make_room */
};

/** A fixed buffer of the caller's. */
void bark_out_init(struct bark_out *o, void *mem, size_t cap);

/** What bark_out_put() does when the bytes do not simply fit: asks make_room, or fails. */
void bark_out_put_slow(struct bark_out *o, const void *ptr, size_t len);

/* In line for speed; a build for size calls the copies in the library. */
inline void bark_out_put(struct bark_out *o, const void *ptr, size_t len)
{
    if (len == 0)
        return;
    if (o->failed || len > o->cap - o->pos) {
        bark_out_put_slow(o, ptr, len);
        return;
    }
    assert(o->base); /* len <= cap - pos: there is a buffer */
    memcpy(o->base + o->pos, ptr, len);
    o->pos += len;
}

inline void bark_out_byte(struct bark_out *o, uint8_t byte)
{
    bark_out_put(o, &byte, 1);
}

/* NUL-terminated, written as it is. */
inline void bark_out_text(struct bark_out *o, const char *text)
{
    bark_out_put(o, text, strlen(text));
}

void bark_out_u64(struct bark_out *o, uint64_t value); /* decimal digits */

/** Room for len bytes at the cursor, for a writer that knows the most it can write, or NULL when there is
 * none as things are: then the bytes go through bark_out_put(), which may make room. What is written there
 * counts when it is taken, and no more than was asked for may be. */
static inline uint8_t *bark_out_window(const struct bark_out *o, size_t len)
{
    return !o->failed && len <= o->cap - o->pos ? o->base + o->pos : NULL;
}

static inline void bark_out_take(struct bark_out *o, size_t len)
{
    o->pos += len;
}

static inline bool bark_out_ok(const struct bark_out *o)
{
    return !o->failed;
}

static inline struct bark_slice bark_out_bytes(const struct bark_out *o)
{
    struct bark_slice s = { o->base, o->pos };
    return s;
}

#ifdef __cplusplus
}
#endif
#endif
