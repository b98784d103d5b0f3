/* compiler/reserve.h - memory of which most is never touched.
 *
 * Working memory is taken at its largest, because an arena does not grow, and used from its start on. Pages
 * that are not touched cost nothing, and neither do they under AddressSanitizer, which would mark every byte
 * of malloc()'s.
 */
#ifndef SOAPC_RESERVE_H
#define SOAPC_RESERVE_H

#include <stddef.h>

/* That many bytes of zeros, aligned to a page; NULL when there is no room. To be given back with the same
 * size. */
void *soapc_reserve(size_t size);

/* NULL is allowed. */
void soapc_reserve_free(void *memory, size_t size);

#endif
