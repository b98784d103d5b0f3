/* model/order.c - what must come first, and what runs in a circle: a depth-first walk with its own stack.
 */
#include "model/build.h"

enum colour { WHITE, GREY, BLACK };

/* Stable counting sort by `from`; first[i] becomes the first need of i, first[count] the end. */
static size_t *needs_sort(struct soapc_builder *b, struct soapc_need *needs, size_t need_count, size_t count)
{
    size_t *first = soapc_pool_alloc(b->pool, (count + 2) * sizeof *first);
    struct soapc_need *sorted = soapc_pool_alloc(b->pool, (need_count + 1) * sizeof *sorted);
    for (size_t i = 0; i < need_count; i++)
        first[needs[i].from + 2]++;
    for (size_t i = 2; i < count + 2; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < need_count; i++)
        sorted[first[needs[i].from + 1]++] = needs[i];
    if (need_count)
        memcpy(needs, sorted, need_count * sizeof *needs);
    return first;
}

const uint32_t *soapc_order(struct soapc_builder *b, struct soapc_need *needs, size_t need_count,
                            size_t count)
{
    size_t *first = needs_sort(b, needs, need_count, count);
    size_t *next = soapc_pool_alloc(b->pool, (count + 1) * sizeof *next);
    uint32_t *stack = soapc_pool_alloc(b->pool, (count + 1) * sizeof *stack);
    uint32_t *order = soapc_pool_alloc(b->pool, (count + 1) * sizeof *order);
    uint8_t *colour = soapc_pool_alloc(b->pool, count + 1);
    size_t done = 0;
    for (size_t i = 0; i < count; i++)
        next[i] = first[i];
    for (size_t start = 0; start < count; start++) {
        size_t depth = 0;
        if (colour[start] != WHITE)
            continue;
        colour[start] = GREY;
        stack[depth++] = (uint32_t)start;
        while (depth > 0) {
            uint32_t at = stack[depth - 1];
            if (next[at] == first[at + 1]) {
                colour[at] = BLACK;
                order[done++] = at;
                depth--;
                continue;
            }
            struct soapc_need *need = &needs[next[at]++];
            if (colour[need->to] == GREY) {
                need->closes_cycle = true;
            } else if (colour[need->to] == WHITE) {
                colour[need->to] = GREY;
                stack[depth++] = need->to;
            }
        }
    }
    return order;
}
