/* soap/httpbind_parts.h - requests of HTTP bindings whose parameters are the parts of a multipart form
 * [RFC7578], as browsers send them with files.
 */
#ifndef BARK_SOAP_HTTPBIND_PARTS_H
#define BARK_SOAP_HTTPBIND_PARTS_H

#include "soapbark/codec.h"

/* Whether a Content-Type is that of a multipart form. */
bool bark_http_is_parts(struct bark_slice content_type);

/* The struct of a multipart form's parameters, one a part; BARK_ERR_HTTP when it is none. */
BARK_MUST_CHECK enum bark_code bark_http_parts_read(const struct bark_image *image, uint16_t root,
                                                    struct bark_slice content_type, struct bark_slice body,
                                                    const struct bark_limits *limits,
                                                    struct bark_arena *arena, void **msg,
                                                    struct bark_error *err);

#endif
