/* soapbark/client.h - calls an operation over HTTP and waits for the answer.
 *
 * The connection is kept open between calls. One that the server closed meanwhile is made anew, once a call,
 * and only while no byte of an answer has come; nothing else is ever sent twice. Redirects are not followed,
 * and no address found in an answer is opened [R12].
 */
#ifndef SOAPBARK_CLIENT_H
#define SOAPBARK_CLIENT_H

#include "soapbark/soap.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bark_tls_client;

struct bark_client_options {
    const char *url; /* "http://host:port/path", or "https://..."; IPv6 hosts in brackets */
    const struct bark_image *image; /* proved; must outlive the client */
    struct bark_tls_client *tls; /* for an https URL: see soapbark/tls.h; must outlive the client */
    enum bark_soap_version version; /* 0: SOAP 1.2, or what the operation is bound to */
    const struct bark_limits *limits; /* NULL: bark_limits_server */
    /* Of one call, connecting included; 0: limits->request_ms. Looking up a host name keeps the time of the
     * system's resolver; addresses are not looked up. */
    uint32_t timeout_ms;
    enum bark_unknown_policy unknown; /* what answers may hold that the schema does not know; 0: nothing */
};

struct bark_client; /* one connection, one call at a time; not to be shared between threads at once */

/** A client, or NULL with *err. Connects at the first call. Copies the options' texts. */
struct bark_client *bark_client_new(const struct bark_client_options *options, struct bark_error *err);
void bark_client_free(struct bark_client *client);

/** Calls an operation row of the image with its input struct. *out points to the output struct, which lives
 * in the client until the next call; NULL for one-way operations and on failure. Errors: BARK_ERR_FAULT (see
 * bark_client_fault()), BARK_ERR_IO, BARK_ERR_TLS, BARK_ERR_TIMEOUT, BARK_ERR_HTTP (the answer breaks HTTP,
 * or is not SOAP), BARK_ERR_LIMIT (the answer is over limits->body_bytes, the request over
 * limits->reply_bytes), and what encoding and decoding find. out may be NULL. */
BARK_MUST_CHECK enum bark_code bark_client_call(struct bark_client *client, uint16_t operation,
                                                const void *in, void **out, struct bark_error *err);

/** The same with header blocks: headers is the operation's generated header struct, or NULL; *answer_headers
 * points to the one of the answer, which lives as *out does, and is NULL when the WSDL declares none or on
 * failure. answer_headers may be NULL. */
BARK_MUST_CHECK enum bark_code bark_client_call_headers(struct bark_client *client, uint16_t operation,
                                                        const void *headers, const void *in,
                                                        const void **answer_headers, void **out,
                                                        struct bark_error *err);

/** The fault of the last call that gave BARK_ERR_FAULT; lives until the next call. */
const struct bark_soap_fault *bark_client_fault(const struct bark_client *client);

/** What the last answer held that the schema does not know, by the options' policy; lives until the next
 * call. */
const struct bark_unknown *bark_client_unknown(const struct bark_client *client);

/** The raw body of the last answer, for diagnostics; empty when there was none. */
struct bark_slice bark_client_raw_reply(const struct bark_client *client);

#ifdef __cplusplus
}
#endif
#endif
