/* server/buffer.c - buffers that grow with bytes received, never with bytes announced [R3].
 *
 * All buffers of a server draw on one budget, so a thousand peers cannot each be worth a whole body; and each
 * peer on its share of it, so that one peer cannot be worth all of them.
 */
#include "server/loop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 4096 };

static bool counter_take(atomic_size_t *used, size_t max, size_t bytes)
{
    size_t now = atomic_load_explicit(used, memory_order_relaxed);
    do {
        if (now > max || bytes > max - now)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(used, &now, now + bytes, memory_order_relaxed,
                                                    memory_order_relaxed));
    return true;
}

bool bark_budget_take(struct bark_budget *budget, struct bark_peer *peer, size_t bytes)
{
    if (peer && !counter_take(&peer->buffer_bytes, budget->max_per_peer, bytes))
        return false;
    if (counter_take(&budget->used, budget->max, bytes))
        return true;
    if (peer)
        atomic_fetch_sub_explicit(&peer->buffer_bytes, bytes, memory_order_relaxed);
    return false;
}

void bark_budget_give(struct bark_budget *budget, struct bark_peer *peer, size_t bytes)
{
    assert(atomic_load_explicit(&budget->used, memory_order_relaxed) >= bytes);
    atomic_fetch_sub_explicit(&budget->used, bytes, memory_order_relaxed);
    if (!peer)
        return;
    assert(atomic_load_explicit(&peer->buffer_bytes, memory_order_relaxed) >= bytes);
    atomic_fetch_sub_explicit(&peer->buffer_bytes, bytes, memory_order_relaxed);
}

bool bark_buffer_add(struct bark_loop *loop, struct bark_connection *c, struct bark_buffer *b,
                     struct bark_slice bytes, size_t max)
{
    if (bytes.len > max - b->len)
        return false;
    if (bytes.len > b->cap - b->len) {
        size_t cap = b->cap > max / 2 ? max : b->cap * 2;
        uint8_t *grown;
        if (cap < FIRST_BYTES)
            cap = FIRST_BYTES < max ? FIRST_BYTES : max;
        if (cap < b->len + bytes.len) /* no overflow: the sum is at most max */
            cap = b->len + bytes.len;
        if (!bark_budget_take(&loop->driver->budget, c->peer, cap - b->cap))
            return false;
        grown = realloc(b->ptr, cap);
        if (!grown) {
            bark_budget_give(&loop->driver->budget, c->peer, cap - b->cap);
            return false;
        }
        b->ptr = grown;
        b->cap = cap;
    }
    if (bytes.len)
        memcpy(b->ptr + b->len, bytes.ptr, bytes.len);
    b->len += bytes.len;
    return true;
}

void bark_buffer_drop(struct bark_loop *loop, struct bark_connection *c, struct bark_buffer *b)
{
    if (!b->ptr)
        return;
    bark_budget_give(&loop->driver->budget, c->peer, b->cap);
    free(b->ptr);
    *b = (struct bark_buffer){ 0 };
}
