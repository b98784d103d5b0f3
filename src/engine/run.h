/* engine/run.h - what the quick ways of both directions share: arena room for the asking.
 *
 * A quick way takes room only when it is granted: a refusal, and the error that belongs to it, is the general
 * way's, which asks for the same again.
 */
#ifndef BARK_ENGINE_RUN_H
#define BARK_ENGINE_RUN_H

#include "base/bytes.h"
#include "base/scratch.h"

/* Whether the next allocation, of so many bytes rounded to BARK_ALIGN, will be granted. */
BARK_INLINE bool bark_run_grants(const struct bark_arena *a, size_t need)
{
    return need <= a->cap - a->used - a->scratch && a->allocs + 1 != a->fail_at;
}

BARK_INLINE void bark_run_count(struct bark_arena *a)
{
    a->allocs++;
    if (a->used + a->scratch > a->peak)
        a->peak = a->used + a->scratch;
}

BARK_INLINE size_t bark_run_aligned(size_t size)
{
    return (size + BARK_ALIGN - 1) & ~(size_t)(BARK_ALIGN - 1);
}

/* bark_scratch_push() that refuses instead of failing, and leaves it to the caller what is zero. */
BARK_INLINE uint8_t *bark_run_push(struct bark_arena *a, size_t size)
{
    const size_t need = bark_run_aligned(size);
    if (!bark_run_grants(a, need))
        return NULL;
    a->scratch += need;
    bark_run_count(a);
    return a->base + (a->cap - a->scratch);
}

#endif
