/* engine/value_scan.h - the small steps that dates and durations are read with: each takes from the front of
 * a slice, or takes nothing.
 */
#ifndef BARK_ENGINE_VALUE_SCAN_H
#define BARK_ENGINE_VALUE_SCAN_H

#include "engine/value_kind.h"

static inline bool bark_scan_byte(struct bark_slice *text, uint8_t byte)
{
    if (text->len == 0 || text->ptr[0] != byte)
        return false;
    text->ptr++;
    text->len--;
    return true;
}

/* All digits at the front; none gives an empty slice. */
struct bark_slice bark_scan_digits(struct bark_slice *text);

/* Exactly two digits. */
bool bark_scan_two(struct bark_slice *text, uint8_t *n);

/* Value of at most 19 digits. */
uint64_t bark_scan_number(struct bark_slice digits);

/* The digits after a decimal point, at least one, as nanoseconds; a tenth digit that is not 0 is refused. */
enum bark_code bark_scan_nanoseconds(const struct bark_value_call *call, struct bark_slice *text,
                                     uint32_t *nanoseconds);

/* The point and the digits of nanoseconds, below 10^9, without trailing zeros; nothing for 0. Returns how
 * many bytes that took. */
enum { BARK_FRACTION_MAX = 10 };
size_t bark_fraction(uint8_t *to, uint32_t nanoseconds);
void bark_fraction_write(struct bark_out *out, uint32_t nanoseconds);

#endif
