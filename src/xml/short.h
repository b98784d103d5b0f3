/* xml/short.h - short texts that stand for themselves, copied without a call.
 *
 * Most texts of a message have less than 32 bytes and nothing in them to escape. Such a text is read as two
 * overlapping words or vectors, which are looked at together and written; no byte outside the text is touched
 * on either side.
 */
#ifndef BARK_XML_SHORT_H
#define BARK_XML_SHORT_H

#include "base/bytes.h"
#include "xml/vector.h"
#include "xml/writer.h"

enum { BARK_XML_SHORT_MAX = 32 };

#ifdef BARK_VECTOR

/* Whether every byte is ASCII and stands for itself. */
BARK_INLINE bool bark_xml_short_plain(bark_vector v, enum bark_xml_place place)
{
    const bark_vector marks = bark_vector_or(bark_vector_or(bark_vector_is(v, '&'), bark_vector_is(v, '<')),
                                             bark_vector_or(bark_vector_odd(v), bark_vector_is(v, '>')));
    return bark_vector_mask(place == BARK_XML_IN_TEXT ? marks
                                                      : bark_vector_or(marks, bark_vector_is(v, '"'))) == 0;
}

/* Writes a text of at most BARK_XML_SHORT_MAX bytes; false when something in it does not stand for itself, or
 * has to be looked at. Then bytes up to its length may have been written. */
BARK_INLINE bool bark_xml_short_put(uint8_t *to, const uint8_t *text, size_t len, enum bark_xml_place place)
{
    if (len >= BARK_VECTOR) {
        const bark_vector first = bark_vector_load(text), last = bark_vector_load(text + len - BARK_VECTOR);
        bark_vector_store(to, first);
        bark_vector_store(to + len - BARK_VECTOR, last);
        return bark_xml_short_plain(first, place) & bark_xml_short_plain(last, place);
    }
    if (len >= sizeof(uint64_t)) {
        const uint64_t first = bark_word_at(text), last = bark_word_at(text + len - sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
        return bark_xml_short_plain(bark_vector_of(first, last), place);
    }
    if (len >= sizeof(uint32_t)) {
        const uint32_t first = bark_half_word_at(text), last = bark_half_word_at(text + len - sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
        return bark_xml_short_plain(bark_vector_of(first | (uint64_t)last << 32, first), place);
    }
    if (len > 0) {
        const uint8_t first = text[0], middle = text[len / 2], last = text[len - 1];
        to[0] = first;
        to[len / 2] = middle;
        to[len - 1] = last;
        return bark_xml_short_plain(
            bark_vector_of(first | (uint64_t)middle << 8 | UINT64_C(0x2020202020200000),
                           last | UINT64_C(0x2020202020202000)),
            place);
    }
    return true;
}

#else

BARK_INLINE bool bark_xml_short_put(uint8_t *to, const uint8_t *text, size_t len, enum bark_xml_place place)
{
    (void)to, (void)text, (void)place;
    return len == 0;
}

#endif

#endif
