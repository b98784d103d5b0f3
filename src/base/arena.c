/* base/arena.c - a bump allocator with a ceiling, and a scratch stack that grows towards it. */
#include "base/scratch.h"

#include <assert.h>
#include <string.h>

void bark_arena_init(struct bark_arena *a, void *mem, size_t cap)
{
    assert((uintptr_t)mem % BARK_ALIGN == 0);
    *a = (struct bark_arena){ .base = mem, .cap = cap - cap % BARK_ALIGN };
}

void bark_arena_reset(struct bark_arena *a)
{
    a->used = 0;
    a->scratch = 0;
    a->peak = 0;
    a->allocs = 0;
}

/* Rounds count * size up to BARK_ALIGN into *need; false when that is more than is free, or the test hook
 * says no. */
static bool room_take(struct bark_arena *a, size_t count, size_t size, size_t *need)
{
    const size_t mask = BARK_ALIGN - 1;
    assert(size > 0);
    a->allocs++;
    if (a->fail_at != 0 && a->allocs == a->fail_at)
        return false;
    if (count > (SIZE_MAX - mask) / size)
        return false;
    *need = (count * size + mask) & ~mask;
    if (*need > a->cap - a->used - a->scratch)
        return false;
    if (a->used + a->scratch + *need > a->peak)
        a->peak = a->used + a->scratch + *need;
    return true;
}

void *bark_arena_room(struct bark_arena *a, size_t count, size_t size)
{
    size_t need;
    uint8_t *mem;
    if (!room_take(a, count, size, &need))
        return NULL;
    mem = a->base + a->used;
    a->used += need;
    return mem;
}

void *bark_arena_alloc(struct bark_arena *a, size_t count, size_t size)
{
    const size_t used = a->used;
    void *mem = bark_arena_room(a, count, size);
    return mem ? memset(mem, 0, a->used - used) : NULL; /* an absent optional member must read as NULL or 0 */
}

char *bark_arena_text(struct bark_arena *a, const void *ptr, size_t len)
{
    char *copy;
    if (len == SIZE_MAX)
        return NULL;
    copy = bark_arena_room(a, len + 1, 1);
    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, ptr, len);
    copy[len] = '\0';
    return copy;
}

void *bark_scratch_room(struct bark_arena *a, size_t size)
{
    size_t need;
    if (!room_take(a, 1, size, &need))
        return NULL;
    a->scratch += need;
    return a->base + (a->cap - a->scratch);
}

void *bark_scratch_push(struct bark_arena *a, size_t size)
{
    const size_t scratch = a->scratch;
    void *mem = bark_scratch_room(a, size);
    return mem ? memset(mem, 0, a->scratch - scratch) : NULL;
}

void bark_scratch_pop(struct bark_arena *a, size_t mark)
{
    assert(mark <= a->scratch);
    a->scratch = mark;
}
