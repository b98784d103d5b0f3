/* soap/attach_write.h - messages of several parts, on their way out: see struct bark_soap_attachments.
 */
#ifndef BARK_SOAP_ATTACH_WRITE_H
#define BARK_SOAP_ATTACH_WRITE_H

#include "soap/attach.h"

void bark_soap_parts_begin(struct bark_soap_parts *p, const uint8_t seed[16], struct bark_out *out);
struct bark_soap_part *bark_soap_parts_add(struct bark_soap_parts *p, const char *name,
                                           struct bark_text content_type, struct bark_bytes content);
struct bark_soap_part *bark_soap_parts_send(struct bark_soap_parts *p, struct bark_text content_type,
                                            const struct bark_source *source);
const char *bark_soap_parts_end(struct bark_soap_parts *p, const struct bark_joined *action,
                                struct bark_out *out);

#endif
