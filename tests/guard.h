/* tests/guard.h - input that ends where memory ends: reading one byte too far stops the test program.
 */
#ifndef GUARD_H
#define GUARD_H

#include "soapbark/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct guard {
    uint8_t *map;
    size_t room; /* readable bytes, up to the page that is not there */
    size_t page;
};

/* Takes memory for that many pages and one that cannot be read. */
static inline bool guard_open(struct guard *guard, size_t pages)
{
    const long page = sysconf(_SC_PAGESIZE);
    const int zero = open("/dev/zero", O_RDWR);
    void *map;
    if (page <= 0 || zero < 0)
        return false;
    guard->page = (size_t)page;
    guard->room = pages * guard->page;
    map = mmap(NULL, guard->room + guard->page, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    close(zero);
    guard->map = map;
    return map != MAP_FAILED && mprotect(guard->map + guard->room, guard->page, PROT_NONE) == 0;
}

/* Copies len bytes (at most room) to the end of the readable memory. */
static inline struct bark_slice guard_put(struct guard *guard, const void *bytes, size_t len)
{
    uint8_t *at = guard->map + guard->room - len;
    memcpy(at, bytes, len);
    return (struct bark_slice){ at, len };
}

static inline void guard_close(struct guard *guard)
{
    munmap(guard->map, guard->room + guard->page);
}

#endif
