/* http/chars.c - the class table, and the few text helpers that lean on it. */
#include "http/chars.h"

#include <string.h>

#define V BARK_HTTP_VALUE
#define T (BARK_HTTP_VALUE | BARK_HTTP_TOKEN)
#define U (BARK_HTTP_VALUE | BARK_HTTP_TARGET)
#define TU (BARK_HTTP_VALUE | BARK_HTTP_TOKEN | BARK_HTTP_TARGET)
#define TUH (TU | BARK_HTTP_HOST)
#define X (TUH | BARK_HTTP_HEX)
#define D (X | BARK_HTTP_DIGIT)

/* One row is sixteen bytes. Bytes from 0x80 are obs-text: legal in a field value, nowhere else. */
/* clang-format off */
const uint8_t bark_http_class[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, V, 0, 0, 0, 0, 0, 0, /* HTAB */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    V, TU, V, T, TU, TU, TU, TU, U, U, TU, TU, U, TUH, TUH, U, /* SP ! " # $ % & ' ( ) * + , - . / */
    D, D, D, D, D, D, D, D, D, D, U, U, V, U, V, U, /* 0123456789 : ; < = > ? */
    U, X, X, X, X, X, X, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, /* @ A ... O */
    TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, V, V, V, T, TUH, /* P ... Z [ \ ] ^ _ */
    T, X, X, X, X, X, X, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, /* ` a ... o */
    TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, TUH, V, T, V, TUH, 0, /* p ... z { | } ~ DEL */
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
    V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V,
};
/* clang-format on */

bool bark_http_all(struct bark_slice s, unsigned class_bit)
{
    unsigned common = class_bit;
    for (size_t i = 0; i < s.len; i++)
        common &= bark_http_class[s.ptr[i]];
    return common != 0;
}

static bool blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

struct bark_slice bark_http_trim(struct bark_slice s)
{
    while (s.len && blank(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

struct bark_slice bark_http_split(struct bark_slice *rest, uint8_t separator)
{
    struct bark_slice part = *rest;
    const uint8_t *at = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (!at) {
        *rest = (struct bark_slice){ 0 };
        return part;
    }
    part.len = (size_t)(at - rest->ptr);
    rest->ptr = at + 1;
    rest->len -= part.len + 1;
    return part;
}

bool bark_http_digits(struct bark_slice s, uint64_t *value)
{
    *value = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        uint64_t next;
        if (!bark_http_is(s.ptr[i], BARK_HTTP_DIGIT) || __builtin_mul_overflow(*value, 10, &next) ||
            __builtin_add_overflow(next, (uint64_t)(s.ptr[i] - '0'), &next)) {
            *value = 0;
            return false;
        }
        *value = next;
    }
    return true;
}
