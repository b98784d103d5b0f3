/* engine/value_scan.c - digits and fractions of seconds. */
#include "engine/value_scan.h"

#include "base/digits.h"

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

struct bark_slice bark_scan_digits(struct bark_slice *text)
{
    struct bark_slice digits = { text->ptr, 0 };
    while (digits.len < text->len && is_digit(digits.ptr[digits.len]))
        digits.len++;
    text->len -= digits.len;
    text->ptr = digits.len ? text->ptr + digits.len : text->ptr;
    return digits;
}

bool bark_scan_two(struct bark_slice *text, uint8_t *n)
{
    if (text->len < 2 || !is_digit(text->ptr[0]) || !is_digit(text->ptr[1]))
        return false;
    *n = (uint8_t)((text->ptr[0] - '0') * 10 + (text->ptr[1] - '0'));
    text->ptr += 2;
    text->len -= 2;
    return true;
}

uint64_t bark_scan_number(struct bark_slice digits)
{
    uint64_t n = 0;
    size_t i;
    for (i = 0; i < digits.len; i++)
        n = n * 10 + (uint64_t)(digits.ptr[i] - '0');
    return n;
}

enum bark_code bark_scan_nanoseconds(const struct bark_value_call *call, struct bark_slice *text,
                                     uint32_t *nanoseconds)
{
    const struct bark_slice digits = bark_scan_digits(text);
    uint32_t n = 0;
    size_t i;
    if (digits.len == 0)
        return BARK_ERR_TYPE;
    for (i = 0; i < 9; i++)
        n = n * 10 + (i < digits.len ? (uint32_t)(digits.ptr[i] - '0') : 0);
    for (; i < digits.len; i++)
        if (digits.ptr[i] != '0')
            return bark_value_refuse(call, BARK_ERR_LIMIT, "[XSD2 5.4] a fraction finer than a nanosecond");
    *nanoseconds = n;
    return BARK_OK;
}

size_t bark_fraction(uint8_t *to, uint32_t nanoseconds)
{
    size_t len = BARK_FRACTION_MAX;
    if (nanoseconds == 0)
        return 0;
    to[0] = '.';
    to[1] = (uint8_t)('0' + nanoseconds / 100000000);
    bark_digits_eight(to + 2, nanoseconds % 100000000);
    while (to[len - 1] == '0')
        len--;
    return len;
}

void bark_fraction_write(struct bark_out *out, uint32_t nanoseconds)
{
    uint8_t digits[BARK_FRACTION_MAX];
    bark_out_put(out, digits, bark_fraction(digits, nanoseconds));
}
