/* server/buffer.c - buffers that grow with bytes received, never with bytes announced [R3].
 *
 * All buffers of a loop draw on one budget, so a thousand peers cannot each be worth a whole body.
 */
#include "server/loop.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 4096 };

bool bark_buffer_add(struct bark_loop *loop, struct bark_buffer *b, const void *ptr, size_t len, size_t max)
{
    if (len > max - b->len)
        return false;
    if (len > b->cap - b->len) {
        size_t cap = b->cap > max / 2 ? max : b->cap * 2;
        uint8_t *grown;
        if (cap < FIRST_BYTES)
            cap = FIRST_BYTES < max ? FIRST_BYTES : max;
        if (cap < b->len + len) /* no overflow: the sum is at most max */
            cap = b->len + len;
        if (cap - b->cap > loop->buffer_bytes_max - loop->buffer_bytes)
            return false;
        grown = realloc(b->ptr, cap);
        if (!grown)
            return false;
        loop->buffer_bytes += cap - b->cap;
        b->ptr = grown;
        b->cap = cap;
    }
    if (len)
        memcpy(b->ptr + b->len, ptr, len);
    b->len += len;
    return true;
}

void bark_buffer_drop(struct bark_loop *loop, struct bark_buffer *b)
{
    loop->buffer_bytes -= b->cap;
    free(b->ptr);
    *b = (struct bark_buffer){ 0 };
}
