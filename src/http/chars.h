/* http/chars.h - byte classes of HTTP, in one table: no locale, no <ctype.h>. */
#ifndef BARK_HTTP_CHARS_H
#define BARK_HTTP_CHARS_H

#include "base/slice.h"

enum {
    BARK_HTTP_TOKEN = 1, /* [RFC9110 5.6.2] tchar */
    BARK_HTTP_VALUE = 2, /* [RFC9110 5.5] VCHAR, obs-text, SP, HTAB */
    BARK_HTTP_TARGET = 4, /* [RFC3986 3.3, 3.4] pchar, '/', '?'; '%' is checked by its user */
    BARK_HTTP_HOST = 8, /* [RFC3986 3.2.2] reg-name and address bytes, without brackets and percent */
    BARK_HTTP_HEX = 16,
    BARK_HTTP_DIGIT = 32
};

extern const uint8_t bark_http_class[256];

static inline bool bark_http_is(uint8_t byte, unsigned class_bits)
{
    return (bark_http_class[byte] & class_bits) != 0;
}

/* Are all bytes of the one class? True for no bytes. */
bool bark_http_all(struct bark_slice s, unsigned class_bit);

/* The same of class BARK_HTTP_VALUE, of which most bytes of a head are. */
bool bark_http_value_valid(struct bark_slice s);

/* The value of a byte of class BARK_HTTP_HEX. */
static inline unsigned bark_http_hex(uint8_t byte)
{
    return byte <= '9' ? byte - 0u - '0' : bark_byte_lower(byte) + 10u - 'a';
}

/* The slice without SP and HTAB at both ends. */
struct bark_slice bark_http_trim(struct bark_slice s);

/* Takes the part before the first separator off *rest; *rest becomes what follows it (ptr NULL at the end).
 */
struct bark_slice bark_http_split(struct bark_slice *rest, uint8_t separator);

/* Decimal digits, one at least, into *value; false for anything else and for what does not fit. */
bool bark_http_digits(struct bark_slice s, uint64_t *value);

#endif
