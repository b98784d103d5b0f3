/* base/digits.h - decimal digits, written two at a time and read eight at a time; and what a hexadecimal one
 * stands for.
 *
 * Two digits from a table are half the divisions. Eight digits in one word are told from other bytes, and
 * made a number, in a handful of operations on all of them at once. Used by everything that writes numbers,
 * and by what reads the plain ones; the functions do not check room, their callers have it.
 */
#ifndef BARK_BASE_DIGITS_H
#define BARK_BASE_DIGITS_H

#include "base/bytes.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BARK_DIGITS_ASCII UINT64_C(0x3030303030303030)

enum { BARK_DIGITS_MAX = 20 }; /* of a uint64_t */

extern const uint8_t bark_digit_pairs[200]; /* "00" "01" ... "99"; not in a build for size */

/* n < 100 as two digits. */
static inline void bark_digits_two(uint8_t *to, uint32_t n)
{
#ifdef BARK_COMPACT
    to[0] = (uint8_t)('0' + n / 10);
    to[1] = (uint8_t)('0' + n % 10);
#else
    memcpy(to, bark_digit_pairs + 2 * (size_t)n, 2);
#endif
}

/* n < 10^8 as eight digits. Divisions of a whole are done side by side, not one after the other. */
static inline void bark_digits_eight(uint8_t *to, uint32_t n)
{
    const uint32_t high = n / 10000, low = n % 10000;
    bark_digits_two(to, high / 100);
    bark_digits_two(to + 2, high % 100);
    bark_digits_two(to + 4, low / 100);
    bark_digits_two(to + 6, low % 100);
}

/* Writes n, returns how many digits that took: up to BARK_DIGITS_MAX. */
size_t bark_digits(uint8_t *to, uint64_t n);

/* The same where BARK_DIGITS_AHEAD bytes may be written, whatever counts of them; the place behind the
 * digits. Not in a build for size. */
enum { BARK_DIGITS_AHEAD = 32 };
uint8_t *bark_digits_ahead(uint8_t *to, uint64_t n);

/* n < 10^8 as the values of its eight digits, the first one in the lowest byte: halves, then pairs, then
 * digits are divided side by side in one word. */
static inline uint64_t bark_digits_split(uint32_t n)
{
    const uint64_t halves = n / 10000 | (uint64_t)(n % 10000) << 32;
    const uint64_t hundreds = (halves * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    const uint64_t pairs = hundreds | (halves - 100 * hundreds) << 16;
    const uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (pairs - 10 * tens) << 8;
}

static inline void bark_digits_word(uint8_t *to, uint64_t word)
{
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(to, &word, sizeof word);
}

/* n < 10^8 without leading zeros, and without a branch for how many digits there are; returns the place
 * behind them. Eight bytes are written. */
BARK_INLINE uint8_t *bark_digits_short(uint8_t *to, uint32_t n)
{
    const uint64_t split = bark_digits_split(n);
    const unsigned zeros = (unsigned)__builtin_ctzll(split | UINT64_C(1) << 56) & ~7U; /* in bits */
    bark_digits_word(to, (split | BARK_DIGITS_ASCII) >> zeros);
    return to + 8 - zeros / 8;
}

/* n < 10^8 as eight digits. */
BARK_INLINE uint8_t *bark_digits_whole(uint8_t *to, uint32_t n)
{
    bark_digits_word(to, bark_digits_split(n) | BARK_DIGITS_ASCII);
    return to + 8;
}

/* Bytes of a little-endian word with its digits' values: 0 to 9 for '0' to '9', more for everything else. */
static inline uint64_t bark_digits_bare(uint64_t word)
{
    return word ^ BARK_DIGITS_ASCII;
}

/* How many digits stand at the start (lowest byte first) of a word that bark_digits_bare() made. */
static inline unsigned bark_digits_run(uint64_t bare)
{
    /* 10 and more reach the high bit; a carry goes up, past the first byte that is none. */
    const uint64_t others = ((bare + UINT64_C(0x7676767676767676)) | bare) & UINT64_C(0x8080808080808080);
    return others ? (unsigned)__builtin_ctzll(others) / 8 : 8;
}

/* The number that the first ones make, run of them, 1 to 8: neighbours join to pairs, pairs to fours, those
 * to eight. Zeros take the places in front. */
static inline uint32_t bark_digits_number(uint64_t bare, unsigned run)
{
    const uint64_t pair = UINT64_C(0x000000ff000000ff);
    bare <<= (64 - 8 * run) & 63;
    bare = bare * 10 + (bare >> 8);
    bare = (bare & pair) * UINT64_C(0x000f424000000064) + (bare >> 16 & pair) * UINT64_C(0x0000271000000001);
    return (uint32_t)(bare >> 32);
}

extern const uint32_t bark_digits_power[9]; /* 10^0 to 10^8 */

/* The sixteen hexadecimal digits. Not strings. */
extern const uint8_t bark_hex_upper[16], bark_hex_lower[16];

/* 0 to 15; -1 for what is no hexadecimal digit. */
static inline int bark_hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
