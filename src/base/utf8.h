/* base/utf8.h - takes code points out of UTF-8, refusing every form that is not the shortest.
 *
 * [RFC3629 3] Overlong forms, surrogates (U+D800 to U+DFFF), values past U+10FFFF and cut sequences are not
 * UTF-8. Two decoders that disagree about them are an attack, so there is this one.
 */
#ifndef BARK_BASE_UTF8_H
#define BARK_BASE_UTF8_H

#include "soapbark/base.h"

/* Bytes of the code point that starts at `at` (at < end), its value in *point; 0 when the bytes are not
 * UTF-8. */
size_t bark_utf8_take(const uint8_t *at, const uint8_t *end, uint32_t *point);

/* Code points in text that is known to be UTF-8. */
size_t bark_utf8_count(struct bark_slice text);

#endif
