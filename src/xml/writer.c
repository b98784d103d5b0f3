/* xml/writer.c - escapes text for XML.
 *
 * What must be escaped is ASCII, so no character is looked at as a whole, and runs between are copied as they
 * are. ">" is always escaped, because "]]>" may not stand in text [XML1 2.4]. Carriage returns, and in
 * attributes tabs and line feeds too, go as character references: a reader would turn them into line feeds
 * and spaces [XML1 2.11, 3.3.3].
 */
#include "xml/writer.h"

#include "xml/chars.h"
#include "xml/vector.h"

#include <stddef.h>

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
