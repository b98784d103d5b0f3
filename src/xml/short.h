/* xml/short.h - short texts that stand for themselves, copied without a call.
 *
 * Most texts of a message have less than 64 bytes and nothing in them to escape. Such a text is read in whole
 * words or vectors, the last of which overlaps the one before, and they are looked at and written as they
 * are; no byte outside the text is touched on either side.
 */
#ifndef BARK_XML_SHORT_H
#define BARK_XML_SHORT_H

#include "base/bytes.h"
#include "xml/vector.h"
#include "xml/writer.h"

enum { BARK_XML_SHORT_MAX = 64 };

/* Texts that are taken: ASCII without control characters and what has a reference in text; flags for less. */
enum bark_xml_short {
    BARK_XML_SHORT_QUOTED = 1, /* no quotes either: for attributes */
    BARK_XML_SHORT_ONE = 2, /* no space */
    BARK_XML_SHORT_URI = 4 /* no "%" and no "#" */
};

#ifdef BARK_VECTOR

BARK_INLINE bark_vector bark_xml_short_marks(bark_vector v, unsigned flags)
{
    bark_vector marks = bark_vector_or(bark_vector_or(bark_vector_is(v, '&'), bark_vector_is(v, '<')),
                                       bark_vector_or(bark_vector_odd(v), bark_vector_is(v, '>')));
    if (flags & BARK_XML_SHORT_QUOTED)
        marks = bark_vector_or(marks, bark_vector_is(v, '"'));
    if (flags & BARK_XML_SHORT_ONE)
        marks = bark_vector_or(marks, bark_vector_is(v, ' '));
    if (flags & BARK_XML_SHORT_URI)
        marks = bark_vector_or(marks, bark_vector_or(bark_vector_is(v, '%'), bark_vector_is(v, '#')));
    return marks;
}

/* Less than a vector, at least one byte, as a vector that has nothing else in it. */
BARK_INLINE bark_vector bark_xml_short_word(uint8_t *to, const uint8_t *text, size_t len)
{
    if (len >= sizeof(uint64_t)) {
        const uint64_t first = bark_word_at(text), last = bark_word_at(text + len - sizeof last);
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
        return bark_vector_of(first, last);
    }
    if (len >= sizeof(uint32_t)) {
        const uint32_t first = bark_half_word_at(text), last = bark_half_word_at(text + len - sizeof last);
        const uint64_t both = first | (uint64_t)last << 32;
        memcpy(to, &first, sizeof first);
        memcpy(to + len - sizeof last, &last, sizeof last);
        return bark_vector_of(both, both);
    }
    const uint8_t first = text[0], middle = text[len / 2], last = text[len - 1];
    const uint64_t all = first | (uint64_t)middle << 8 | (uint64_t)last << 16 | (uint64_t)last << 24;
    to[0] = first;
    to[len / 2] = middle;
    to[len - 1] = last;
    return bark_vector_of(all | all << 32, all | all << 32);
}

/* Writes a text of at most BARK_XML_SHORT_MAX bytes; false when something in it is not taken. Then bytes up
 * to its length may have been written. */
BARK_INLINE bool bark_xml_short_put(uint8_t *to, const uint8_t *text, size_t len, unsigned flags)
{
    bark_vector v, marks;
    size_t i;
    if (len < BARK_VECTOR)
        return len == 0 ||
               bark_vector_mask(bark_xml_short_marks(bark_xml_short_word(to, text, len), flags)) == 0;
    v = bark_vector_load(text + len - BARK_VECTOR);
    bark_vector_store(to + len - BARK_VECTOR, v);
    marks = bark_xml_short_marks(v, flags);
    for (i = 0; i < len - BARK_VECTOR; i += BARK_VECTOR) {
        v = bark_vector_load(text + i);
        bark_vector_store(to + i, v);
        marks = bark_vector_or(marks, bark_xml_short_marks(v, flags));
    }
    return bark_vector_mask(marks) == 0;
}

#else

BARK_INLINE bool bark_xml_short_put(uint8_t *to, const uint8_t *text, size_t len, unsigned flags)
{
    (void)to, (void)text, (void)flags;
    return len == 0;
}

#endif

#endif
