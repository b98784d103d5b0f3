/* engine/xop.h - octets that travel beside the XML.
 */
#ifndef BARK_ENGINE_XOP_H
#define BARK_ENGINE_XOP_H

#include "engine/decode.h"
#include "engine/encode.h"

/* Whether the element just started stands for the content of a value of that type. */
bool bark_xop_is(const struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type);

/* Takes its value; two ENDs are to follow, its own and that of the element around it. f as of
 * bark_content_read(). */
enum bark_code bark_xop_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                             const struct bark_field_row *f, void *room);

/* Writes a reference to the value in its place; false: nothing was written, write the digits. *code tells
 * that the value breaks its type. */
bool bark_xop_write(struct bark_encoder *e, uint16_t type, const void *member, enum bark_code *code);

/* Judges octets that travel as they are by the facets of their type. */
BARK_MUST_CHECK enum bark_code bark_xop_judge(const struct bark_value_scope *scope, uint16_t type,
                                              const void *member, struct bark_value_error *error);

#endif
