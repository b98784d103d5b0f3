/* soapbark/client.h - calls an operation over HTTP and waits for the answer.
 */
#ifndef SOAPBARK_CLIENT_H
#define SOAPBARK_CLIENT_H

#include "soapbark/soap.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bark_client_options {
    const char *url; /* "http://host:port/path"; IPv6 hosts in brackets */
    const struct bark_image *image; /* proved; must outlive the client */
    enum bark_soap_version version; /* 0: SOAP 1.2, or what the operation is bound to */
    const struct bark_limits *limits; /* NULL: bark_limits_server */
    uint32_t timeout_ms; /* of one call, connecting included; 0: limits->request_ms */
};

struct bark_client; /* one connection, one call at a time; not to be shared between threads at once */

/** A client, or NULL with *err. Connects at the first call. Copies the options' texts. */
struct bark_client *bark_client_new(const struct bark_client_options *options, struct bark_error *err);
void bark_client_free(struct bark_client *client);

/** Calls an operation row of the image with its input struct. *out points to the output struct, which lives
 * in the client until the next call; NULL for one-way operations and on failure. Errors: BARK_ERR_FAULT (see
 * bark_client_fault()), BARK_ERR_IO, BARK_ERR_TIMEOUT, BARK_ERR_HTTP, and what decoding finds. */
BARK_MUST_CHECK enum bark_code bark_client_call(struct bark_client *client, uint16_t operation,
                                                const void *in, void **out, struct bark_error *err);

/** The fault of the last call that gave BARK_ERR_FAULT; lives until the next call. */
const struct bark_soap_fault *bark_client_fault(const struct bark_client *client);

/** The raw body of the last answer, for diagnostics; empty when there was none. */
struct bark_slice bark_client_raw_reply(const struct bark_client *client);

#ifdef __cplusplus
}
#endif
#endif
