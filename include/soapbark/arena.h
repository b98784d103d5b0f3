/* soapbark/arena.h - one message, one block of memory, one reset.
 *
 * The ceiling is fixed before the first byte is read [R3]. There is no free(): everything of a message ends
 * with bark_arena_reset() [R10].
 *
 *   base |  permanent results, growing up  | free |  scratch, growing down  | base + cap
 *
 * The scratch end lets a decoder build an array of unknown length without waste: items are pushed there, and
 * the finished array is copied once to the permanent end at its exact size.
 */
#ifndef SOAPBARK_ARENA_H
#define SOAPBARK_ARENA_H

#include "soapbark/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { BARK_ALIGN = 8 };

struct bark_arena {
    uint8_t *base;
    size_t cap; /* bytes in all */
    size_t used; /* permanent bytes, from base */
    size_t scratch; /* scratch bytes, from base + cap downwards */
    size_t peak; /* the most that used + scratch has been */
    uint64_t allocs; /* calls so far */
    uint64_t fail_at; /* test hook: the call with this number (from 1) is refused; 0 refuses none */
};

/** Gives the arena the caller's memory; mem must be aligned to BARK_ALIGN. Nothing to free. */
void bark_arena_init(struct bark_arena *a, void *mem, size_t cap);

/** Forgets everything; the memory is used again. Keeps fail_at, clears the counters. */
void bark_arena_reset(struct bark_arena *a);

/** Room for count objects of the given size, zeroed and aligned to BARK_ALIGN, or NULL when the ceiling is
 * reached. count may be 0 (gives a non-NULL address). A refusal leaves the arena usable. */
void *bark_arena_alloc(struct bark_arena *a, size_t count, size_t size);

/** A copy of len bytes plus a NUL, or NULL when the ceiling is reached. */
char *bark_arena_text(struct bark_arena *a, const void *ptr, size_t len);

#ifdef __cplusplus
}
#endif
#endif
