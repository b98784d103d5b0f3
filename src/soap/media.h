/* soap/media.h - reads a request's Content-Type [RFC9110 8.3, SOAP11 6, RFC3902].
 */
#ifndef BARK_SOAP_MEDIA_H
#define BARK_SOAP_MEDIA_H

#include "soap/dialect.h"

struct bark_soap_media {
    const struct bark_soap_dialect *dialect;
    struct bark_slice action; /* value of the action parameter, unquoted; empty when there is none */
};

/* False when the field is malformed, names neither SOAP media type, or names a charset other than UTF-8. */
bool bark_soap_media_read(struct bark_slice content_type, struct bark_soap_media *media);

/* Whether the field names this media type (in lower case), with whatever parameters, and no charset but
 * UTF-8.
 */
bool bark_soap_media_is(struct bark_slice content_type, const char *type);

/* The same of the two types that an XML document without an envelope may have. */
bool bark_soap_media_is_xml(struct bark_slice content_type);

#endif
