/* soapbark/canonical.h - canonical XML: the one form that two documents of the same meaning share.
 *
 * Signatures are made over it. A document, or one element of it, is written piece by piece while it is read:
 * out may be a buffer, or one with a make_room that hands each piece to a digest and starts anew.
 *
 * [C14N10] and [C14N11] write every namespace in scope, [EXCC14N] only those that names use, so that an
 * element keeps its form when it is moved to another document. What they share: UTF-8, LF, double quotes, no
 * empty tags, declarations and attributes in order, nothing of CDATA sections and of character references
 * left but what must be escaped, no XML declaration.
 */
#ifndef SOAPBARK_CANONICAL_H
#define SOAPBARK_CANONICAL_H

#include "soapbark/arena.h"
#include "soapbark/limits.h"
#include "soapbark/out.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bark_canonical_method {
    BARK_CANONICAL_INCLUSIVE, /* [C14N10] */
    BARK_CANONICAL_INCLUSIVE_11, /* [C14N11] */
    BARK_CANONICAL_EXCLUSIVE, /* [EXCC14N] */
    BARK_CANONICAL_SUITE /* the first canonical form of the W3C conformance suite [XMLCONF]; whole documents
                          */
};

/** What is written, and how. All zero: the whole document, inclusive, without comments. */
struct bark_canonical {
    enum bark_canonical_method method;
    bool comments; /* keep them */
    bool instructions; /* the document may hold processing instructions, which are kept. Leave it off for
                        * messages: SOAP forbids them [R5] */
    bool part; /* only the element whose '<' stands at byte offset `element`, as a subset of its document: it
                * gets the declarations, and xml: attributes where the method asks for them, of what is around
                */
    bool omits; /* all but the element at byte offset `omitted`: an enveloped signature */
    size_t element, omitted;
    const struct bark_slice *prefixes; /* EXCLUSIVE: the PrefixList; an empty slice is #default */
    size_t prefix_count;
};

/** Writes the canonical form.
 *
 *  in     the document, UTF-8. With a part, what follows the element is not read.
 *  arena  lends room for the frames that the limits allow, and gets it back.
 *
 *  Errors: those of reading; BARK_ERR_USE when no element begins at the offset; BARK_ERR_LIMIT when out
 * refuses. What was written before an error is to be thrown away. Cost: linear in in.len, and for each tag
 * n log n in its attributes and in limits->namespaces; for a part by INCLUSIVE_11, the lengths of the
 * xml:base attributes around it times their number, which limits.attributes bounds. Threads: safe while outs
 * and arenas differ. Rules: [C14N10 2, 3], [C14N11 2.4], [EXCC14N 3]. */
BARK_MUST_CHECK enum bark_code bark_canonical_write(struct bark_slice in, const struct bark_canonical *what,
                                                    const struct bark_limits *limits,
                                                    struct bark_arena *arena, struct bark_out *out,
                                                    struct bark_error *err);

/** An attribute that identifies elements: Id of the WS-Security utility namespace, xml:id, ID of SAML ... */
struct bark_canonical_id {
    struct bark_slice uri, local; /* uri is empty for an attribute in no namespace */
};

/** Finds the one element that has one of these attributes with this value. The whole document is read,
 * because two elements with one Id are an attack [SECURITY row 14]: which of them was signed is anyone's
 * guess.
 *
 *  element  its byte offset, for struct bark_canonical.
 *  Errors: those of reading, BARK_ERR_MISSING, and BARK_ERR_UNEXPECTED for a second one, with its place.
 *  Cost: linear in in.len times count. arena lends room. Threads: safe while arenas differ. */
BARK_MUST_CHECK enum bark_code bark_canonical_find(struct bark_slice in, const struct bark_canonical_id *ids,
                                                   size_t count, struct bark_slice value,
                                                   const struct bark_limits *limits, struct bark_arena *arena,
                                                   size_t *element, struct bark_error *err);

#ifdef __cplusplus
}
#endif
#endif
