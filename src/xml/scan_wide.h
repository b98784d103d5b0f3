/* xml/scan_wide.h - the scans of scan.h in vectors of thirty-two bytes, where the processor has them (AVX2).
 *
 * Not every x86-64 does, so it is asked, and only about runs that are long enough to be worth it. Left out of
 * builds that are small, freestanding or without vectors.
 */
#ifndef BARK_XML_SCAN_WIDE_H
#define BARK_XML_SCAN_WIDE_H

#include <stdbool.h>
#include <stdint.h>

#if defined __x86_64__ && defined __GNUC__ && __STDC_HOSTED__ && !defined BARK_SCALAR && \
    !defined BARK_COMPACT && !defined __OPTIMIZE_SIZE__
#define BARK_SCAN_WIDE 1
#endif

/* As far as whole vectors tell; *done when the byte that they give ends the run. To be called where
 * bark_scan_is_wide(). */
const uint8_t *bark_scan_text_wide(const uint8_t *at, const uint8_t *end, bool *done);
const uint8_t *bark_scan_value_wide(const uint8_t *at, const uint8_t *end, bool *done);

#ifdef BARK_SCAN_WIDE
static inline bool bark_scan_is_wide(void)
{
    return __builtin_cpu_supports("avx2");
}
#endif

#endif
