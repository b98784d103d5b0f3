/* auth/base64.c - base64 of credentials, read strictly [RFC4648 3].
 *
 * Two texts for the same bytes would be two names for one token, so padding stands exactly where the alphabet
 * asks for it, and the bits that do not fill a byte are zero.
 */
#include "auth/auth.h"

static int digit_value(uint8_t c, bool url)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == (url ? '-' : '+'))
        return 62;
    return c == (url ? '_' : '/') ? 63 : -1;
}

bool bark_auth_base64(struct bark_slice text, bool url, uint8_t *bytes, size_t cap, size_t *len)
{
    uint32_t bits = 0;
    unsigned held = 0;
    *len = 0;
    if (!url) {
        if (text.len % 4 != 0)
            return false;
        for (int pad = 0; pad < 2 && text.len > 0 && text.ptr[text.len - 1] == '='; pad++)
            text.len--;
    }
    if (text.len % 4 == 1)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        int value = digit_value(text.ptr[i], url);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held < 8)
            continue;
        if (*len == cap)
            return false;
        held -= 8;
        bytes[(*len)++] = (uint8_t)(bits >> held);
        bits &= (1u << held) - 1;
    }
    return bits == 0;
}
