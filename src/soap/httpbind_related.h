/* soap/httpbind_related.h - messages of HTTP bindings in multipart/related, without an envelope [WSDL11 5.4].
 */
#ifndef BARK_SOAP_HTTPBIND_RELATED_H
#define BARK_SOAP_HTTPBIND_RELATED_H

#include "soapbark/codec.h"
#include "soapbark/soap.h"

/* Which message: of an HTTP row, its RELATED input or its ANSWER_RELATED output. */
struct bark_related {
    const struct bark_image *image;
    uint16_t row;
    bool answer;
    const struct bark_limits *limits;
    struct bark_arena *arena;
    struct bark_error *err; /* not NULL */
};

/* The struct of a message, member by member from the parts. BARK_ERR_SOAP and BARK_ERR_HTTP: it is none. */
BARK_MUST_CHECK enum bark_code bark_http_related_read(const struct bark_related *r,
                                                      struct bark_slice content_type, struct bark_slice body,
                                                      const struct bark_decode_options *options, void **msg);

/* Writes a message between boundaries. *clash: a part holds the boundary, and what was written is no message.
 */
BARK_MUST_CHECK enum bark_code bark_http_related_write(const struct bark_related *r, const void *msg,
                                                       const char *boundary, struct bark_out *out,
                                                       bool *clash);

/* The Content-Type of what is written. */
void bark_http_related_type(const struct bark_image *image, uint16_t row, bool answer, const char *boundary,
                            struct bark_out *out);

#endif
