/* base/digits.h - decimal digits, two at a time: half the divisions, and one load for two digits.
 *
 * Used by everything that writes numbers; the functions do not check room, their callers have it.
 */
#ifndef BARK_BASE_DIGITS_H
#define BARK_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BARK_DIGITS_MAX = 20 }; /* of a uint64_t */

extern const uint8_t bark_digit_pairs[200]; /* "00" "01" ... "99" */

/* n < 100 as two digits. */
static inline void bark_digits_two(uint8_t *to, uint32_t n)
{
    memcpy(to, bark_digit_pairs + 2 * (size_t)n, 2);
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

#endif
