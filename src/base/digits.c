/* base/digits.c - a number as digits, eight at a time from the end; in a build for size, one at a time. */
#include "base/digits.h"

#include "base/bytes.h"

#ifndef BARK_COMPACT

/* Not a string: the NUL would be a 201st byte. */
#define ROW(tens) \
    tens, '0', tens, '1', tens, '2', tens, '3', tens, '4', tens, '5', tens, '6', tens, '7', tens, '8', tens, \
        '9'

const uint8_t bark_digit_pairs[200] = { ROW('0'), ROW('1'), ROW('2'), ROW('3'), ROW('4'),
                                        ROW('5'), ROW('6'), ROW('7'), ROW('8'), ROW('9') };

#endif

const uint8_t bark_hex_upper[16] = { '0', '1', '2', '3', '4', '5', '6', '7',
                                     '8', '9', 'A', 'B', 'C', 'D', 'E', 'F' };
const uint8_t bark_hex_lower[16] = { '0', '1', '2', '3', '4', '5', '6', '7',
                                     '8', '9', 'a', 'b', 'c', 'd', 'e', 'f' };

const uint32_t bark_digits_power[9] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };

#ifdef BARK_COMPACT

size_t bark_digits(uint8_t *to, uint64_t n)
{
    uint8_t digits[BARK_DIGITS_MAX];
    size_t at = sizeof digits;
    do {
        digits[--at] = (uint8_t)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    memcpy(to, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

#else

/* n < 10^8 without leading zeros. */
BARK_INLINE size_t front(uint8_t *to, uint32_t n)
{
    const uint32_t high = n / 100;
    size_t count, at;
    if (n < 10) {
        *to = (uint8_t)('0' + n);
        return 1;
    }
    if (n < 100) {
        bark_digits_two(to, n);
        return 2;
    }
    if (high < 10) {
        *to = (uint8_t)('0' + high);
        bark_digits_two(to + 1, n % 100);
        return 3;
    }
    if (high < 100) {
        bark_digits_two(to, high);
        bark_digits_two(to + 2, n % 100);
        return 4;
    }
    count = 5U + (n >= 100000) + (n >= 1000000) + (n >= 10000000);
    for (at = count; at >= 2; n /= 100)
        bark_digits_two(to + (at -= 2), n % 100);
    if (at)
        *to = (uint8_t)('0' + n);
    return count;
}

/* From 10^8 on. */
static size_t long_digits(uint8_t *to, uint64_t n)
{
    const uint64_t eight = 100000000;
    const bool two = n < eight * eight;
    size_t count = front(to, (uint32_t)(two ? n / eight : n / (eight * eight)));
    if (!two) {
        bark_digits_eight(to + count, (uint32_t)(n / eight % eight));
        count += 8;
    }
    bark_digits_eight(to + count, (uint32_t)(n % eight));
    return count + 8;
}

size_t bark_digits(uint8_t *to, uint64_t n)
{
    return n < 100000000 ? front(to, (uint32_t)n) : long_digits(to, n);
}

uint8_t *bark_digits_ahead(uint8_t *to, uint64_t n)
{
    const uint64_t eight = 100000000;
    uint64_t front;
    if (n < eight)
        return bark_digits_short(to, (uint32_t)n);
    front = n / eight;
    if (front < eight) {
        to = bark_digits_short(to, (uint32_t)front);
    } else {
        const uint32_t first = (uint32_t)(front / eight);
        *to = (uint8_t)('0' + first); /* seventeen digits in all, most often */
        to = first < 10 ? to + 1 : bark_digits_short(to, first);
        to = bark_digits_whole(to, (uint32_t)(front % eight));
    }
    return bark_digits_whole(to, (uint32_t)(n % eight));
}

#endif
