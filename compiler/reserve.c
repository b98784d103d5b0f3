/* compiler/reserve.c - what reserve.h describes.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "reserve.h"

#include <sys/mman.h>

void *soapc_reserve(size_t size)
{
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void soapc_reserve_free(void *memory, size_t size)
{
    if (memory)
        munmap(memory, size);
}
