/* xml/scan.h - where a run of characters that stand for themselves ends: the inner loops of the reader.
 *
 * Each function gives the first byte that is not part of the run, or end. Everything before it is whole,
 * valid UTF-8 [RFC3629 3] and characters of XML 1.0 [XML1 2.2]; what the byte there means is for the caller.
 * No byte at or beyond end is read. Where the processor always has 16-byte vectors (x86-64, 64-bit ARM) they
 * are used; the _bytewise twins are the portable form, and what the tests compare with.
 */
#ifndef BARK_XML_SCAN_H
#define BARK_XML_SCAN_H

#include "soapbark/base.h"

/* White space [XML1 2.3]. */
const uint8_t *bark_scan_space(const uint8_t *at, const uint8_t *end);

/* Character data: ends at '<', '&', ']' (it may begin the forbidden "]]>"), a carriage return, and whatever
 * is not allowed. */
const uint8_t *bark_scan_text(const uint8_t *at, const uint8_t *end);
const uint8_t *bark_scan_text_bytewise(const uint8_t *at, const uint8_t *end);

/* The same for an attribute value: ends at '<', '&', either quote, a tab or line end, and whatever is not
 * allowed. */
const uint8_t *bark_scan_value(const uint8_t *at, const uint8_t *end);
const uint8_t *bark_scan_value_bytewise(const uint8_t *at, const uint8_t *end);

#endif
