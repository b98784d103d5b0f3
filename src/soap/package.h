/* soap/package.h - the parts of a multipart/related body in memory [RFC2387].
 */
#ifndef BARK_SOAP_PACKAGE_H
#define BARK_SOAP_PACKAGE_H

#include "soapbark/mime.h"
#include "soapbark/soap.h"

bool bark_soap_is_related(struct bark_slice content_type);

/* All parts in their order, each with its content where it lies in the body (rows 22 and 23). */
BARK_MUST_CHECK enum bark_code bark_soap_parts_read(struct bark_slice boundary, struct bark_slice body,
                                                    const struct bark_limits *limits,
                                                    struct bark_arena *arena, struct bark_attachment **parts,
                                                    size_t *count, struct bark_error *err);

/* The part that `start` names, the first without it; false: no part is so named. */
bool bark_soap_root_find(struct bark_slice start, const struct bark_attachment *parts, size_t count,
                         size_t *root);

/* The next byte of a percent-encoded text; false: '%' without two digits. The text is not empty. */
bool bark_percent_take(struct bark_slice *text, uint8_t *byte);

#endif
