/* engine/base64.h - octets as groups of four digits and back, many at once. [RFC4648 4] */
#ifndef BARK_ENGINE_BASE64_H
#define BARK_ENGINE_BASE64_H

#include "soapbark/base.h"

enum { BARK_BASE64_NONE = 0xff };

/* What each byte stands for; BARK_BASE64_NONE for what is no digit. */
extern const uint8_t bark_base64_values[256];

/* Whole groups of digits from the front of the text, up to a byte that is none, the last four bytes left out;
 * how many groups. octets has room for three a group of the whole text, and may be written to its end. */
size_t bark_base64_groups(struct bark_slice text, uint8_t *octets);

/* One group of values, pads of them "=" and 0, to 3 - pads octets; false when the spare bits are not zero. */
bool bark_base64_group(const uint8_t group[4], size_t pads, uint8_t *octets);

/* Groups of four digits, the last one padded; returns how many bytes that took. */
size_t bark_base64_form(uint8_t *to, const uint8_t *octets, size_t len);

#endif
