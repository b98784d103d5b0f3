/* auth/hex.c - bytes as hex digits and back, for digests and nonces. */
#include "auth/auth.h"

#include "base/digits.h"
#include "http/chars.h"

void bark_auth_hex(const uint8_t *bytes, size_t n, char *digits)
{
    for (size_t i = 0; i < n; i++) {
        digits[2 * i] = (char)bark_hex_lower[bytes[i] >> 4];
        digits[2 * i + 1] = (char)bark_hex_lower[bytes[i] & 15];
    }
}

bool bark_auth_unhex(struct bark_slice text, uint8_t *bytes, size_t n)
{
    if (text.len != 2 * n || !bark_http_all(text, BARK_HTTP_HEX))
        return false;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(bark_http_hex(text.ptr[2 * i]) << 4 | bark_http_hex(text.ptr[2 * i + 1]));
    return true;
}
