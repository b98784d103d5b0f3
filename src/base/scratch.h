/* base/scratch.h - the scratch end of an arena: a stack for arrays whose length is not known yet.
 *
 * Items pushed one after the other stand in memory in reverse order, each rounded up to BARK_ALIGN; what is
 * pushed does not move until it is popped.
 */
#ifndef BARK_BASE_SCRATCH_H
#define BARK_BASE_SCRATCH_H

#include "soapbark/arena.h"

/* The current height, to pop back to. */
static inline size_t bark_scratch_mark(const struct bark_arena *a)
{
    return a->scratch;
}

/* Zeroed room for one item, or NULL when the ceiling is reached. */
void *bark_scratch_push(struct bark_arena *a, size_t size);

/* The same without the zeroes. */
void *bark_scratch_room(struct bark_arena *a, size_t size);

/* Forgets everything pushed since the mark. */
void bark_scratch_pop(struct bark_arena *a, size_t mark);

/* As bark_arena_alloc(), without the zeroes: for stacks and buffers of which nothing is read that was not
 * written before [R16]. A message pays for what it uses of them, not for what the limits allow. */
void *bark_arena_room(struct bark_arena *a, size_t count, size_t size);

#endif
