/* xml/writer.h - text made safe for the place where it is written.
 *
 * [SECURITY row 29] The only ways from a caller's text to the wire: nothing written here can open a tag, end
 * an attribute or smuggle in a character that XML 1.0 cannot carry.
 */
#ifndef BARK_XML_WRITER_H
#define BARK_XML_WRITER_H

#include "soapbark/out.h"

enum bark_xml_place { BARK_XML_IN_TEXT, BARK_XML_IN_ATTRIBUTE };

/* Writes text with &, <, > (and " in attributes) escaped; bytes that are not UTF-8 and characters that
 * XML 1.0 cannot carry make out fail. */
void bark_write_text(struct bark_out *out, struct bark_slice text);
void bark_write_attribute_text(struct bark_out *out, struct bark_slice text);

/* The same for text whose characters are known to be fine. May be called with pieces of a text, cut
 * anywhere. */
void bark_xml_escape(struct bark_out *out, struct bark_slice text, enum bark_xml_place place);

/* Checks and escapes text into room bytes at `to`, in one pass where it is ASCII: the address behind, or NULL
 * when the text may not fit or holds what XML 1.0 cannot carry. */
uint8_t *bark_xml_escape_into(uint8_t *to, size_t room, struct bark_slice text, enum bark_xml_place place);

#endif
