/* soap/encoded_terms.h - what the attributes of SOAP encoding say about an element.
 */
#ifndef BARK_SOAP_ENCODED_TERMS_H
#define BARK_SOAP_ENCODED_TERMS_H

#include "soap/dialect.h"
#include "xml/reader.h"

struct bark_soap_term {
    struct bark_slice text; /* empty: it did not come */
    size_t at; /* of the attribute, in the reader's text */
};

struct bark_soap_terms {
    struct bark_soap_term href; /* without '#' */
    struct bark_soap_term type; /* xsi:type, where it names no type of the encoding */
    struct bark_soap_term position; /* in an array */
    struct bark_slice id; /* empty: none, or one that no reference could spell */
    size_t nil_at;
    bool refers, array, nil;
};

/* Reads the attributes of the element that the reader has just started. What our structs cannot hold fails
 * the reader at the attribute that says it. */
BARK_MUST_CHECK enum bark_code bark_soap_terms_read(struct bark_xml_reader *xml,
                                                    const struct bark_soap_dialect *dialect,
                                                    const struct bark_xml_event *start,
                                                    struct bark_soap_terms *t);

/* The namespace of a QName in scope of the reader, and its local part; empty when its prefix is not bound. */
struct bark_slice bark_soap_qname_uri(const struct bark_xml_reader *xml, struct bark_slice qname,
                                      struct bark_slice *local);

#endif
