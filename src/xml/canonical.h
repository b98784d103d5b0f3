/* xml/canonical.h - the parts of canonical XML: canonical.c orders tags, canonical_text.c writes bytes,
 * canonical_base.c joins values of xml:base.
 */
#ifndef BARK_XML_CANONICAL_H
#define BARK_XML_CANONICAL_H

#include "soapbark/canonical.h"
#include "xml/reader.h"

/* What must be escaped differs by place [C14N10 2.3]. */
enum bark_canonical_place {
    BARK_CANONICAL_TEXT,
    BARK_CANONICAL_VALUE,
    BARK_CANONICAL_PLAIN, /* comments and instructions: line ends only */
    BARK_CANONICAL_ESCAPED /* text and values of the suite's form */
};

/* Writes the text of a TEXT event: references and CDATA sections resolved, comments when wanted,
 * instructions. */
void bark_canonical_text(struct bark_out *out, struct bark_slice raw, const struct bark_canonical *what);

/* Writes an attribute value, given as it stands between its quotes. */
void bark_canonical_value(struct bark_out *out, struct bark_slice raw, const struct bark_canonical *what);

/* Writes the comments and instructions of a stretch before or after the root element [C14N10 2.3]: a line
 * feed stands between each of them and the root. */
void bark_canonical_outside(struct bark_out *out, struct bark_slice raw, const struct bark_canonical *what,
                            bool after);

/* [C14N11 2.4] join-URI-References: adds the joined reference to out, which has room for two bytes more than
 * both together; so has room, which is lent. */
void bark_canonical_join(struct bark_slice base, struct bark_slice reference, uint8_t *room,
                         struct bark_out *out);

#endif
