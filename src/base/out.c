/* base/out.c - the output cursor. */
#include "soapbark/out.h"

#include "base/digits.h"

#include <string.h>

void bark_out_init(struct bark_out *o, void *mem, size_t cap)
{
    *o = (struct bark_out){ .base = mem, .cap = cap };
}

/* The one copy of each for callers that do not inline [C11 6.7.4]. */
extern inline void bark_out_put(struct bark_out *o, const void *ptr, size_t len);
extern inline void bark_out_byte(struct bark_out *o, uint8_t byte);
extern inline void bark_out_text(struct bark_out *o, const char *text);

void bark_out_put_slow(struct bark_out *o, const void *ptr, size_t len)
{
    if (o->failed)
        return;
    if (len > o->cap - o->pos && (!o->make_room || !o->make_room(o, len) || len > o->cap - o->pos)) {
        o->failed = true;
        return;
    }
    memcpy(o->base + o->pos, ptr, len);
    o->pos += len;
}

void bark_out_u64(struct bark_out *o, uint64_t value)
{
    uint8_t digits[BARK_DIGITS_MAX];
    bark_out_put(o, digits, bark_digits(digits, value));
}
