/* xml/scan_blocks.h - runs of plain characters a vector at a time, whatever a vector is: scan.c includes this
 * with sixteen bytes, scan_wide.c with thirty-two.
 *
 * The one who includes it gives the vectors first: xml/vector.h, or the wide ones.
 *
 * A block of ASCII costs a handful of compares. A block with other characters is checked as UTF-8 with all
 * its bytes at once: each is compared with what the three bytes before it announce. The vector form decides
 * only what it can prove; where it stops for another reason than a byte that ends the run, the bytewise form
 * says why.
 */
#ifndef BARK_XML_SCAN_BLOCKS_H
#define BARK_XML_SCAN_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bark_vector text_stops(bark_vector v)
{
    const bark_vector control = bark_vector_and_not(
        bark_vector_below(v, 0x20), bark_vector_or(bark_vector_is(v, '\t'), bark_vector_is(v, '\n')));
    return bark_vector_or(bark_vector_or(control, bark_vector_is(v, ']')),
                          bark_vector_or(bark_vector_is(v, '<'), bark_vector_is(v, '&')));
}

static inline bark_vector value_stops(bark_vector v)
{
    return bark_vector_or(bark_vector_or(bark_vector_below(v, 0x20),
                                         bark_vector_or(bark_vector_is(v, '<'), bark_vector_is(v, '&'))),
                          bark_vector_or(bark_vector_is(v, '"'), bark_vector_is(v, '\'')));
}

/* Bytes that are tails where none is announced, or none where one is. [RFC3629 3] */
static inline bark_vector tail_errors(bark_vector v, bark_vector before1, bark_vector before2,
                                      bark_vector before3)
{
    /* The highest bit is set where the byte before announces a tail here. */
    const bark_vector wanted = bark_vector_or(
        bark_vector_minus(before1, 0xc0 - 0x80),
        bark_vector_or(bark_vector_minus(before2, 0xe0 - 0x80), bark_vector_minus(before3, 0xf0 - 0x80)));
    return bark_vector_high(bark_vector_xor(bark_vector_tails(v), wanted));
}

/* Lead bytes about which there is more to say: E0, ED and EF, F0 and up; C0, C1. */
static inline bark_vector special_leads(bark_vector v)
{
    const bark_vector two = bark_vector_or(bark_vector_is(v, 0xc0), bark_vector_is(v, 0xc1));
    const bark_vector three = bark_vector_or(
        bark_vector_is(v, 0xe0), bark_vector_or(bark_vector_is(v, 0xed), bark_vector_is(v, 0xef)));
    return bark_vector_or(bark_vector_from(v, 0xf0), bark_vector_or(two, three));
}

/* Bytes that cannot stand where they stand behind a special lead. [RFC3629 4] */
static inline bark_vector special_errors(bark_vector v, bark_vector before1, bark_vector before2)
{
    /* C0, C1: overlong; F5 and up: past U+10FFFF */
    const bark_vector never = bark_vector_or(
        bark_vector_from(v, 0xf5), bark_vector_and_not(bark_vector_from(v, 0xc0), bark_vector_from(v, 0xc2)));
    /* the second byte's narrower ranges: E0 A0.., ED ..9F, F0 90.., F4 ..8F */
    const bark_vector narrow = bark_vector_or(
        bark_vector_or(bark_vector_and_not(bark_vector_is(before1, 0xe0), bark_vector_from(v, 0xa0)),
                       bark_vector_and(bark_vector_is(before1, 0xed), bark_vector_from(v, 0xa0))),
        bark_vector_or(bark_vector_and_not(bark_vector_is(before1, 0xf0), bark_vector_from(v, 0x90)),
                       bark_vector_and(bark_vector_is(before1, 0xf4), bark_vector_from(v, 0x90))));
    /* [XML1 2.2] U+FFFE and U+FFFF are EF BF BE and EF BF BF */
    const bark_vector no_char =
        bark_vector_and(bark_vector_from(v, 0xbe),
                        bark_vector_and(bark_vector_is(before1, 0xbf), bark_vector_is(before2, 0xef)));
    return bark_vector_or(never, bark_vector_or(narrow, no_char));
}

/* The start of the character that the bytes up to `at` leave unfinished, or `at`. */
static const uint8_t *char_start(const uint8_t *from, const uint8_t *at)
{
    size_t back;
    for (back = 1; back <= 3 && back <= (size_t)(at - from); back++) {
        const uint8_t byte = *(at - back);
        if (byte >= 0xc0) /* a lead byte that announces more than stands there? */
            return (byte >= 0xf0 ? 4U : byte >= 0xe0 ? 3U : 2U) > back ? at - back : at;
    }
    return at;
}

/* Goes on over blocks, the first of which has characters beyond ASCII and starts with a whole one; *done when
 * the byte that it gives ends the run. */
static inline const uint8_t *mixed_skip(const uint8_t *at, const uint8_t *end,
                                        bark_vector (*stops)(bark_vector), bool *done)
{
    const uint8_t *const from = at;
    bark_vector v = bark_vector_load(at), before1 = bark_vector_later(v, 1),
                before2 = bark_vector_later(v, 2), before3 = bark_vector_later(v, 3);
    uint64_t special_before = 0; /* its tails may be in the next block */
    for (;;) {
        const uint64_t special = bark_vector_mask(special_leads(v)), ends = bark_vector_mask(stops(v));
        uint64_t errors = bark_vector_mask(tail_errors(v, before1, before2, before3));
        if (special | special_before)
            errors |= bark_vector_mask(special_errors(v, before1, before2));
        special_before = special;
        if (ends) {
            const uint64_t upto = ends ^ (ends - 1); /* the first that ends, and all before it */
            *done = (errors & upto) == 0;
            return *done ? at + bark_vector_first(ends) : char_start(from, at);
        }
        if (errors)
            return char_start(from, at);
        at += BARK_VECTOR;
        if ((size_t)(end - at) < BARK_VECTOR)
            return char_start(from, at);
        v = bark_vector_load(at);
        before1 = bark_vector_load(at - 1);
        before2 = bark_vector_load(at - 2);
        before3 = bark_vector_load(at - 3);
    }
}

/* The run from `at` on as far as whole blocks tell; *done when the byte that it gives ends it. */
static inline const uint8_t *blocks_skip(const uint8_t *at, const uint8_t *end,
                                         bark_vector (*stops)(bark_vector), bool *done)
{
    *done = false;
    while ((size_t)(end - at) >= BARK_VECTOR) {
        const bark_vector v = bark_vector_load(at);
        const uint64_t high = bark_vector_mask(bark_vector_from(v, 0x80)), ends = bark_vector_mask(stops(v));
        if (high == 0 ? ends != 0 : ends && (ends & (0 - ends)) < (high & (0 - high))) {
            *done = true;
            return at + bark_vector_first(ends);
        }
        if (high)
            return mixed_skip(at, end, stops, done);
        at += BARK_VECTOR;
    }
    return at;
}

#endif
