/* tls/random.c - random bytes, from the kernel's generator whatever the library. */
#define _GNU_SOURCE
#include "tls/tls.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* [getrandom(2)] may be cut short by a signal, and at most 256 bytes are safe from that. */
enum bark_code bark_tls_random(void *mem, size_t size)
{
    uint8_t *at = mem;
    for (size_t left = size; left > 0;) {
        ssize_t n = getrandom(at, left < 256 ? left : 256, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            memset(mem, 0, size);
            return BARK_ERR_IO;
        }
        at += n;
        left -= (size_t)n;
    }
    return BARK_OK;
}
