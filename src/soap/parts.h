/* soap/parts.h - parts that a WSDL binds beside the envelope.
 */
#ifndef BARK_SOAP_PARTS_H
#define BARK_SOAP_PARTS_H

#include "soap/attach.h"

/* What an attachment of the part is said to be: what was given, else the first type of the WSDL. */
struct bark_text bark_part_type(const struct bark_part *part, struct bark_text given);

/* The Content-ID of a part, up to what makes it unique: its name and "=". */
void bark_part_id_write(struct bark_out *id, const char *name);

/* All that is bound came, of its type, and nothing else unless loose. */
BARK_MUST_CHECK enum bark_code bark_soap_parts_judge(const struct bark_parts *bound,
                                                     const struct bark_soap_package *p, bool loose,
                                                     struct bark_error *err);

/* All that is bound goes with the answer. */
BARK_MUST_CHECK enum bark_code bark_soap_parts_complete(const struct bark_parts *bound,
                                                        const struct bark_soap_parts *p,
                                                        struct bark_error *err);

#endif
