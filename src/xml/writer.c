/* xml/writer.c - escapes text for XML.
 *
 * What must be escaped is ASCII, so one class a byte tells, and runs between are copied whole. ">" is always
 * escaped, because "]]>" may not stand in text [XML1 2.4]. Carriage returns, and in attributes tabs and line
 * feeds too, go as character references: a reader would turn them into line feeds and spaces [XML1 2.11,
 * 3.3.3].
 */
#include "xml/writer.h"

#include "xml/chars.h"

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

void bark_xml_escape(struct bark_out *out, struct bark_slice text, enum bark_xml_place place)
{
    size_t i, from = 0;
    for (i = 0; i < text.len; i++) {
        const char *reference;
        if (text.ptr[i] > '>')
            continue;
        reference = reference_of(text.ptr[i], place);
        if (!reference)
            continue;
        bark_out_put(out, text.ptr + from, i - from);
        bark_out_text(out, reference);
        from = i + 1;
    }
    if (text.len)
        bark_out_put(out, text.ptr + from, text.len - from);
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
