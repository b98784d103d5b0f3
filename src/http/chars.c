/* http/chars.c - the class table, and the few text helpers that lean on it. */
#include "http/chars.h"

#include "base/bytes.h"

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

/* Eight bytes at once: true when each is from SP to '~', or beyond ASCII. Neither sum carries from one byte
 * to the next: the high bits are taken away before. */
static bool word_is_value(uint64_t word)
{
    const uint64_t high = UINT64_C(0x8080808080808080), low = word & ~high;
    const uint64_t printable = low + UINT64_C(0x6060606060606060); /* 0x20 and more reach the high bit */
    const uint64_t del = low + UINT64_C(0x0101010101010101); /* and so does 0x7f */
    return (((printable & ~del) | word) & high) == high;
}

bool bark_http_value_valid(struct bark_slice s)
{
    const size_t word = sizeof(uint64_t);
    size_t i = 0;
    while (s.len - i > word && word_is_value(bark_word_at(s.ptr + i)))
        i += word;
    if (s.len >= word && s.len - i <= word && word_is_value(bark_word_at(s.ptr + s.len - word)))
        return true; /* the last word overlaps the one before it */
    return bark_http_all((struct bark_slice){ s.ptr + i, s.len - i }, BARK_HTTP_VALUE); /* an HTAB perhaps */
}

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
    enum { DIGITS_THAT_FIT = 19 }; /* whatever they are */
    uint64_t number = 0;
    *value = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned digit = s.ptr[i] - 0u - '0';
        if (digit > 9)
            return false;
        if (i < DIGITS_THAT_FIT)
            number = number * 10 + digit;
        else if (__builtin_mul_overflow(number, 10, &number) ||
                 __builtin_add_overflow(number, digit, &number))
            return false;
    }
    *value = number;
    return true;
}
