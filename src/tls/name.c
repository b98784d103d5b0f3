/* tls/name.c - is a certificate's name the one that was meant? And pins as text.
 *
 * OpenSSL has a check of names of its own, which the OpenSSL back end uses; mbedTLS 2.28 knows no addresses
 * and looks at the common name, which [RFC9525 2] does not allow any more.
 */
#define _GNU_SOURCE
#include "tls/tls.h"

#include "base/digits.h"
#include "base/slice.h"

#include <arpa/inet.h>
#include <string.h>

bool bark_tls_name_matches(struct bark_slice stated, const char *host)
{
    const char *dot = strchr(host, '.');
    if (stated.len > 2 && stated.ptr[0] == '*' && stated.ptr[1] == '.') {
        const struct bark_slice rest = { stated.ptr + 1, stated.len - 1 };
        /* "*.com" would be every site of a registry: two labels must follow the star. */
        if (!memchr(rest.ptr + 1, '.', rest.len - 1) || memchr(rest.ptr, '*', rest.len))
            return false;
        return dot && dot != host && bark_slice_reads(rest, dot);
    }
    return stated.len > 0 && !memchr(stated.ptr, '*', stated.len) && bark_slice_reads(stated, host);
}

size_t bark_tls_address_read(const char *host, uint8_t bytes[16])
{
    if (inet_pton(AF_INET, host, bytes) == 1)
        return 4;
    return inet_pton(AF_INET6, host, bytes) == 1 ? 16 : 0;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool pin_hex(const char *text, uint8_t *pin)
{
    for (size_t i = 0; i < 2u * BARK_TLS_PIN_BYTES; i++) {
        const int value = bark_hex_value((uint8_t)text[i]);
        if (value < 0)
            return false;
        pin[i / 2] = (uint8_t)(pin[i / 2] << 4 | value);
    }
    return true;
}

/* [RFC4648 4] 43 characters hold 258 bits: the two lowest are zero. */
static bool pin_base64(const char *text, uint8_t *pin)
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < 43; i++) {
        const int value = base64_value(text[i]);
        if (value < 0)
            return false;
        held = (held << 6 | (uint32_t)value) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            pin[n++] = (uint8_t)(held >> bits);
        }
    }
    return text[43] == '=' && (held & 3) == 0;
}

enum bark_code bark_tls_pin_read(const char *text, uint8_t pin[BARK_TLS_PIN_BYTES], struct bark_error *err)
{
    const char *digits = text;
    memset(pin, 0, BARK_TLS_PIN_BYTES);
    if (strncmp(digits, "sha256/", 7) == 0)
        digits += digits[7] == '/' ? 8 : 7;
    if ((strlen(digits) == 64 && pin_hex(digits, pin)) || (strlen(digits) == 44 && pin_base64(digits, pin)))
        return BARK_OK;
    memset(pin, 0, BARK_TLS_PIN_BYTES);
    return bark_fail(err, BARK_ERR_USE, 0,
                     "[RFC7469 2.4] a pin is a SHA-256: 64 hexadecimal digits, or 44 characters of Base64");
}
