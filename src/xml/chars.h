/* xml/chars.h - which characters XML 1.0 knows: in text, in names.
 *
 * The reader, the writer and the name types of XSD share these, so that a name that one accepts the others
 * accept. Names follow the fifth edition of XML 1.0, whose classes are a superset of the earlier ones.
 */
#ifndef BARK_XML_CHARS_H
#define BARK_XML_CHARS_H

#include "soapbark/base.h"

/* [XML1 2.2] Char, for a code point that UTF-8 can carry. */
static inline bool bark_xml_is_char(uint32_t point)
{
    return point >= 0x20 ? point != 0xfffe && point != 0xffff
                         : point == '\t' || point == '\n' || point == '\r';
}

/* [XML1 2.3] S */
static inline bool bark_xml_is_space(uint32_t point)
{
    return point == ' ' || point == '\t' || point == '\n' || point == '\r';
}

/* [XML1 2.3] NameStartChar and NameChar, the colon included. */
bool bark_xml_is_name_start(uint32_t point);
bool bark_xml_is_name_char(uint32_t point);

enum bark_xml_name_form {
    BARK_XML_NMTOKEN, /* [XML1 2.3] any name characters */
    BARK_XML_NAME, /* the first one a start character */
    BARK_XML_NCNAME /* [XMLNS 3] the same without colons */
};

/* True when the whole text is one name of that form. */
bool bark_xml_is_name(struct bark_slice text, enum bark_xml_name_form form);

/* Bytes at the start of text that are valid UTF-8 and characters of XML 1.0; text.len when all are. */
size_t bark_xml_chars_span(struct bark_slice text);

#endif
