/* soapbark/client.h - calls an operation over HTTP, and waits for the answer or does not.
 *
 * The connection is kept open between calls, by the client or by a pool that several share. One that the
 * server closed meanwhile is made anew, once a call, and only while no byte of an answer has come; nothing
 * else is ever sent twice. A server that asks who calls (401) is answered where the options say how.
 * Redirects are not followed and no address found in an answer is opened [R12], unless the options say so.
 */
#ifndef SOAPBARK_CLIENT_H
#define SOAPBARK_CLIENT_H

#include "soapbark/carry.h"
#include "soapbark/soap.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bark_tls_client;
struct bark_crypto;
struct bark_client_pool;
struct bark_http_coding;

/** By which binding an operation is called that has several. */
enum bark_call_by {
    BARK_CALL_BY_ANY, /* SOAP; where only HTTP bindings have it, the first of them */
    BARK_CALL_BY_SOAP,
    BARK_CALL_BY_GET, /* the first HTTP binding of that verb */
    BARK_CALL_BY_POST
};

/** Texts are copied, secrets among them; these copies are overwritten when they are not needed any more. */
struct bark_client_options {
    /* "http://host:port/path", or "https://..."; IPv6 hosts in brackets; "unix:/socket:/path" for a Unix
     * socket, whose path ends before the first ":/". */
    const char *url;
    const struct bark_image *image; /* proved; must outlive the client */
    struct bark_tls_client *tls; /* for an https URL: see soapbark/tls.h; must outlive the client */
    enum bark_soap_version version; /* 0: SOAP 1.2, or what the operation is bound to */
    const struct bark_limits *limits; /* NULL: bark_limits_server */
    /* Of one call, connecting and all rounds included; 0: limits->request_ms. Looking up a host name keeps
     * the time of the system's resolver; addresses are not looked up. */
    uint32_t timeout_ms;
    enum bark_unknown_policy unknown; /* what answers may hold that the schema does not know; 0: nothing */

    /* Who calls: both or neither. Told to the URL's origin only, when it asks: by Digest with SHA-256, else
     * by Basic over https. Digest needs crypto: bark_crypto_default(), which is in soapbark_tls. */
    const char *user, *password;
    const struct bark_crypto *crypto; /* must outlive the client */
    bool digest_md5; /* Digest with MD5 too, for old devices; a listener can guess passwords at ease */
    bool insecure_basic_without_tls; /* Basic without https too: whoever listens has the password */
    const char *token; /* instead: a bearer token, sent with every request; https only */

    struct bark_client_pool
        *pool; /* where connections are kept; must outlive the client. NULL: one of its own */
    const char *proxy; /* "http://host:port": everything but Unix sockets goes through it. NULL: none */
    const char *proxy_user, *proxy_password; /* told to the proxy (Basic), and to nobody else */
    /* Who carries requests instead of the library: bark_curl_carrier() (soapbark/curl.h). It must outlive the
     * client. Then tls, pool and proxy are NULL, and the URL is no Unix socket's. */
    const struct bark_carrier *carrier;
    bool send_once; /* a request that met a closed connection is not made anew either */
    uint32_t redirects; /* 307 and 308 that one call follows, to the same scheme, host and port; 0: none */
    /* And to others too, without user or token, and never from https to http. The message goes there as it
     * is; a client certificate of tls is shown there when it is asked for. */
    bool redirects_other_origins;
    /* &bark_soap_attachments: answers may be MTOM or SOAP with attachments, and so may requests. NULL: a
     * multipart answer is BARK_ERR_HTTP. */
    const struct bark_soap_attachments *attachments;
    /* &bark_http_binding: operations can be called by HTTP bindings; url is the address of their port. NULL:
     * such a call is BARK_ERR_USE. */
    const struct bark_http_binding *http;
    enum bark_call_by by; /* an operation that has no such binding is BARK_ERR_USE */
    /* &bark_gzip (soapbark/gzip.h): answers may come with that Content-Encoding, and are asked for; they
     * expand within limits.expansion and limits.body_bytes. NULL: a compressed answer is BARK_ERR_HTTP. */
    const struct bark_http_coding *coding;
    /* With coding, requests of so many bytes and more are sent in it, but for those with a source; 0: none. A
     * server that does not read them answers 415 (BARK_ERR_HTTP). What is secret and what somebody else chose
     * should not be compressed together: the length tells about both. */
    uint32_t compress_bytes;
    bool mtom; /* requests are MTOM: octets of mtom_bytes and more travel beside the envelope */
    uint32_t mtom_bytes; /* 0: 768 */
};

struct bark_client; /* one call at a time; not to be shared between threads at once */

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

/* ---- without waiting ----
 *
 *     bark_client_start(client, operation, NULL, &in, &err);
 *     while ((code = bark_client_step(client, &wait, NULL, &out, &err)) == BARK_MORE)
 *         ...poll wait.fd for wait.events, for wait.timeout_ms at most, beside whatever else there is...
 *
 * wait.fd is -1 when the call is over.
 */

/** Begins a call, as bark_client_call_headers() does, and returns at once. `in` and headers are not needed
 * any more then. The URL's host has to be an address, or looked up before. Errors: BARK_ERR_USE while a call
 * is under way, and what encoding finds. */
BARK_MUST_CHECK enum bark_code bark_client_start(struct bark_client *client, uint16_t operation,
                                                 const void *headers, const void *in, struct bark_error *err);

/** Goes on with it as far as that is possible without waiting: BARK_MORE with *wait filled, or the end, as
 * bark_client_call_headers() ends. Stepping too early does no harm. A redirect to a host that is not an
 * address gives BARK_ERR_USE here. Cost: no more than what has come and can be sent, and at the end the
 * decoding of the answer. */
BARK_MUST_CHECK enum bark_code bark_client_step(struct bark_client *client, struct bark_client_wait *wait,
                                                const void **answer_headers, void **out,
                                                struct bark_error *err);

/** bark_client_step() where the caller knows the operation, and so the type of *out, as the functions do that
 * `soapbark compile --async` makes: BARK_ERR_USE, and the call stays as it is, when another one is under way.
 * *out and *answer_headers are set as there, and untouched by that error. */
BARK_MUST_CHECK enum bark_code bark_client_step_of(struct bark_client *client, uint16_t operation,
                                                   struct bark_client_wait *wait, const void **answer_headers,
                                                   void **out, struct bark_error *err);

/** Gives up the call under way, and its connection: the server may have acted on it. */
void bark_client_cancel(struct bark_client *client);

/** Looks up the URL's host (or the proxy's), once and for all connections that follow. Blocks as long as the
 * system's resolver does; may be called again to see changes. BARK_ERR_IO when there is no address. */
BARK_MUST_CHECK enum bark_code bark_client_resolve(struct bark_client *client, struct bark_error *err);

/* ---- connections for several clients ---- */

struct bark_client_pool_options {
    uint32_t
        connections; /* that wait for a next call, all origins together; 0: 16. The oldest one gives way */
    uint32_t idle_ms; /* an older one is closed, not used; 0: 30,000 */
};

/** A pool, or NULL with *err. Threads: any, at once. It only ever holds idle connections: how many are in use
 * is up to the clients. Connections are shared by clients whose URLs have the same scheme, host and port, and
 * whose tls and proxy are the same. */
struct bark_client_pool *bark_client_pool_new(const struct bark_client_pool_options *options,
                                              struct bark_error *err);
void bark_client_pool_free(struct bark_client_pool *pool); /* after its clients, before their tls */

struct bark_pool_counts {
    uint64_t made; /* connections */
    uint64_t reused; /* requests on one that was there */
    uint64_t closed_by_peer; /* found closed before a request was sent on it */
    uint64_t again; /* requests made anew: it was closed while they were on their way */
    uint64_t expired, displaced; /* closed by the pool: too old; by a newer one */
    uint64_t idle; /* now */
};
struct bark_pool_counts bark_client_pool_counts(struct bark_client_pool *pool);

/** The fault of the last call that gave BARK_ERR_FAULT; lives until the next call. */
const struct bark_soap_fault *bark_client_fault(const struct bark_client *client);

/** What the last answer held that the schema does not know, by the options' policy; lives until the next
 * call. */
const struct bark_unknown *bark_client_unknown(const struct bark_client *client);

/** Sends octets beside the envelope of the next call, and gives their Content-ID, which lives until that
 * call. Type and content must live until then. NULL when the client has no attachments, or limits.mime_parts
 * are there. Rule: [SWA 3]. */
const char *bark_client_attach(struct bark_client *client, struct bark_text content_type,
                               struct bark_bytes content);

/** The same for a part that the WSDL binds beside the request; content_type may be absent: the first that the
 * WSDL names. False when the client has no attachments, or limits.mime_parts are there. Generated code has a
 * function for each part: OPERATION_PART_attach(). Rule: [WSDL11 5.3, WSI-AP10 R2933]. */
BARK_MUST_CHECK bool bark_client_attach_part(struct bark_client *client, const struct bark_part *part,
                                             struct bark_text content_type, struct bark_bytes content);

/** bark_client_attach() with octets that are read while they are sent, behind all other parts, so that none
 * of them is held in memory. The source is copied, and closed whatever becomes of the call, also when this
 * gives NULL. It can be read once: a call whose server asks for credentials or redirects after a source was
 * begun is BARK_ERR_HTTP, and is never made anew; make a call without a source first where the server asks.
 * The deadline of the call starts anew whenever a piece of a source was taken. */
const char *bark_client_attach_source(struct bark_client *client, struct bark_text content_type,
                                      const struct bark_source *source);

/** The same as the value of a base64Binary member of the next call's input: a mark of length 0 to put there.
 * That request is MTOM. A type with other facets than lengths, or lengths that source->length is unknown for
 * or breaks, cannot be sent so: BARK_ERR_FACET. ptr NULL as above. */
struct bark_bytes bark_client_octets_source(struct bark_client *client, struct bark_text content_type,
                                            const struct bark_source *source);

/** The parts of the next call's answer go to a receiver as they come, so that none of them is held in memory;
 * its functions get NULL for the call. The envelope is read first: it is in *out when the call ends, and its
 * members that a part belongs to have length 0 and the mark that part->member had. finish() is told when all
 * is there, also when there were no parts; close() once, BARK_OK when the call gives that. bounds (may be
 * NULL: a body of any length, for as long as it keeps coming) and what receiver points to must live until
 * then: body_bytes, part_bytes, message_bytes count, the rest does not. The deadline of the call starts anew
 * with each piece that comes. An answer whose envelope is not its first part is BARK_ERR_SOAP; an answer to
 * another status than 200, and one of a single part, is read as ever; a compressed one is not asked for, and
 * BARK_ERR_HTTP. BARK_ERR_USE without attachments, while
 * a call is under way, and the second time before one. */
BARK_MUST_CHECK enum bark_code bark_client_receive(struct bark_client *client,
                                                   const struct bark_streaming *bounds,
                                                   const struct bark_receiver *receiver, void *state,
                                                   struct bark_error *err);

/** The parts beside the envelope of the last answer, in order; they live until the next call. */
const struct bark_attachment *bark_client_attachments(const struct bark_client *client, size_t *count);

/** The raw body of the last answer, for diagnostics; of one in several parts its envelope. Empty when there
 * was none. */
struct bark_slice bark_client_raw_reply(const struct bark_client *client);

#ifdef __cplusplus
}
#endif
#endif
