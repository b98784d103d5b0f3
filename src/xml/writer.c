/* xml/writer.c - escapes text for XML.
 *
 * What must be escaped is ASCII, so no character is looked at as a whole, and runs between are copied as they
 * are. ">" is always escaped, because "]]>" may not stand in text [XML1 2.4]. Carriage returns, and in
 * attributes tabs and line feeds too, go as character references: a reader would turn them into line feeds
 * and spaces [XML1 2.11, 3.3.3].
 */
#include "xml/writer.h"

#include "base/bytes.h"
#include "xml/chars.h"
#include "xml/scan.h"
#include "xml/vector.h"

#include <stddef.h>
#include <string.h>

/* The reference for a byte, or NULL when it stands for itself. */
static const char *reference_of(uint8_t byte, enum bark_xml_place place)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\r':
        return "&#xD;";
    case '"':
        return place == BARK_XML_IN_ATTRIBUTE ? "&quot;" : NULL;
    case '\t':
        return place == BARK_XML_IN_ATTRIBUTE ? "&#x9;" : NULL;
    case '\n':
        return place == BARK_XML_IN_ATTRIBUTE ? "&#xA;" : NULL;
    default:
        return NULL;
    }
}

#ifdef BARK_VECTOR

static inline bark_vector referenced(bark_vector v, enum bark_xml_place place)
{
    const bark_vector text = bark_vector_or(bark_vector_or(bark_vector_is(v, '&'), bark_vector_is(v, '\r')),
                                            bark_vector_or(bark_vector_is(v, '<'), bark_vector_is(v, '>')));
    if (place == BARK_XML_IN_TEXT)
        return text;
    return bark_vector_or(bark_vector_or(text, bark_vector_is(v, '"')),
                          bark_vector_or(bark_vector_is(v, '\t'), bark_vector_is(v, '\n')));
}

#endif

/* The first byte that has a reference, or end. */
static const uint8_t *plain_end(const uint8_t *at, const uint8_t *end, enum bark_xml_place place)
{
#ifdef BARK_VECTOR
    while (end - at >= BARK_VECTOR) {
        const uint64_t mask = bark_vector_mask(referenced(bark_vector_load(at), place));
        if (mask)
            return at + bark_vector_first(mask);
        at += BARK_VECTOR;
    }
#endif
    while (at < end && (*at > '>' || !reference_of(*at, place)))
        at++;
    return at;
}

void bark_xml_escape(struct bark_out *out, struct bark_slice text, enum bark_xml_place place)
{
    const uint8_t *from = text.ptr, *const end = text.ptr + text.len;
    while (from < end) {
        const uint8_t *const at = plain_end(from, end, place);
        bark_out_put(out, from, (size_t)(at - from));
        if (at == end)
            return;
        bark_out_text(out, reference_of(*at, place));
        from = at + 1;
    }
}

#ifdef BARK_VECTOR

/* Bytes that do not stand for themselves, or have still to be checked. */
static inline uint64_t stops_of(bark_vector v, enum bark_xml_place place, bool checked)
{
    const bark_vector odd = checked ? bark_vector_below(v, 0x20) : bark_vector_odd(v);
    const bark_vector space = bark_vector_or(bark_vector_is(v, '\t'), bark_vector_is(v, '\n'));
    return bark_vector_mask(bark_vector_or(
        referenced(v, place), place == BARK_XML_IN_TEXT ? bark_vector_and_not(odd, space) : odd));
}

/* Copies what stands for itself from *at on, 16 bytes at a time; bytes of other characters stop it unless
 * they have been checked. Up to 15 bytes behind what counts are written. */
static inline uint8_t *plain_copy(uint8_t *to, const uint8_t **at, const uint8_t *end,
                                  enum bark_xml_place place, bool checked)
{
    static const uint8_t zeros[BARK_VECTOR];
    const size_t tail = (size_t)(end - *at) % BARK_VECTOR;
    uint64_t stops;
    size_t len;
    for (; (size_t)(end - *at) >= BARK_VECTOR; *at += BARK_VECTOR, to += BARK_VECTOR) {
        const bark_vector v = bark_vector_load(*at);
        bark_vector_store(to, v);
        stops = stops_of(v, place, checked);
        if (stops) {
            *at += bark_vector_first(stops);
            return to + bark_vector_first(stops);
        }
    }
    bark_vector_store(to, bark_vector_load(zeros)); /* a zero ends the rest, if nothing in it does */
    bark_bytes_copy_short(to, *at, tail);
    len = bark_vector_first(stops_of(bark_vector_load(to), place, checked));
    *at += len;
    return to + len;
}

#else

static uint8_t *plain_copy(uint8_t *to, const uint8_t **at, const uint8_t *end, enum bark_xml_place place,
                           bool checked)
{
    while (*at < end && (**at < 0x80 || checked) && (**at >= 0x20 || **at == '\t' || **at == '\n') &&
           (**at > '>' || !reference_of(**at, place)))
        *to++ = *(*at)++;
    return to;
}

#endif

enum { REFERENCE_MAX = 8, AHEAD = 32 };

/* The reference for a byte; NULL when there is none, or no room for it with what is left and AHEAD. */
static uint8_t *reference_put(uint8_t *to, size_t room, uint8_t byte, size_t left, enum bark_xml_place place)
{
    const char *const reference = reference_of(byte, place);
    size_t i;
    if (!reference || room < left + REFERENCE_MAX + AHEAD)
        return NULL;
    for (i = 0; reference[i]; i++)
        *to++ = (uint8_t)reference[i];
    return to;
}

/* Characters of any length in text: one pass finds how far they are whole and stand for themselves, but for
 * ">"; then they are copied. */
static uint8_t *wide_copy(uint8_t *to, const uint8_t *room_end, const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        const uint8_t *const stop = bark_scan_text(at, end);
        const uint8_t *mark;
        do {
            size_t len = (size_t)(stop - at);
            mark = len ? memchr(at, '>', len) : NULL;
            if (mark)
                len = (size_t)(mark - at);
            memcpy(to, at, len);
            to += len;
            at += len;
            if (mark) {
                to = reference_put(to, (size_t)(room_end - to), *at, (size_t)(end - at), BARK_XML_IN_TEXT);
                at++;
            }
        } while (mark && to);
        if (!to || at == end)
            return to;
        if (*at == ']')
            *to++ = *at;
        else
            to = reference_put(to, (size_t)(room_end - to), *at, (size_t)(end - at), BARK_XML_IN_TEXT);
        if (!to || ++at == end)
            return to;
    }
}

uint8_t *bark_xml_escape_into(uint8_t *to, size_t room, struct bark_slice text, enum bark_xml_place place)
{
    const uint8_t *at = text.ptr, *const end = text.ptr + text.len;
    uint8_t *const room_end = to + room;
    bool checked = false;
    if (room < AHEAD || text.len > room - AHEAD)
        return NULL;
    for (;;) { /* always: room for what is left, and AHEAD */
        to = plain_copy(to, &at, end, place, checked);
        if (at == end)
            return to;
        if (*at >= 0x80 && !checked) {
            if (place == BARK_XML_IN_TEXT)
                return wide_copy(to, room_end, at, end);
            if (bark_xml_chars_span((struct bark_slice){ at, (size_t)(end - at) }) != (size_t)(end - at))
                return NULL;
            checked = true;
            continue;
        }
        to = reference_put(to, (size_t)(room_end - to), *at, (size_t)(end - at), place);
        if (!to)
            return NULL;
        at++;
    }
}

static void text_write(struct bark_out *out, struct bark_slice text, enum bark_xml_place place)
{
    if (bark_xml_chars_span(text) != text.len) {
        out->failed = true;
        return;
    }
    bark_xml_escape(out, text, place);
}

void bark_write_text(struct bark_out *out, struct bark_slice text)
{
    text_write(out, text, BARK_XML_IN_TEXT);
}

void bark_write_attribute_text(struct bark_out *out, struct bark_slice text)
{
    text_write(out, text, BARK_XML_IN_ATTRIBUTE);
}
