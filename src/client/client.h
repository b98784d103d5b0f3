/* client/client.h - a client from inside: what a call goes through, and in which file.
 *
 *     request.c   struct to envelope
 *     http.c      or to parameters, and their answer to a struct
 *     attach.c    and to the parts beside it
 *     receive.c   parts of an answer that nobody holds
 *     call.c      rounds: a request and its answer, again with credentials or at another place when it must
 *                 be
 *     redirect.c  where the other place is
 *     expand.c    what is compressed on the way
 *     answer.c    envelope to struct
 */
#ifndef BARK_CLIENT_CLIENT_H
#define BARK_CLIENT_CLIENT_H

#include "client/credentials.h"
#include "client/exchange.h"
#include "soap/attach.h"
#include "soapbark/client.h"

enum {
    BARK_REDIRECT_MAX = 2048, /* bytes of a Location that is followed */
    BARK_CLIENT_TARGET_MAX = 8192 /* bytes of a target with parameters */
};

/* A part that goes with the next call. */
struct bark_client_part {
    const char *name; /* of the part that the WSDL binds, or NULL */
    struct bark_text content_type;
    struct bark_bytes content;
    struct bark_source source; /* read NULL: there is none, or it has gone on */
    bool is_source;
    char id[32];
};

/* The envelope of an answer whose parts are still coming. In the client's arena. */
struct bark_receiving_answer {
    const void *headers;
    void *out;
    enum bark_code code; /* BARK_OK or BARK_ERR_FAULT */
};

struct bark_client {
    const struct bark_image *image;
    enum bark_soap_version version; /* 0: as the operation is bound */
    struct bark_limits limits;
    uint64_t timeout_ns;
    struct bark_exchange exchange;
    struct bark_arena arena;
    void *arena_memory;
    uint8_t *request;
    size_t request_cap;
    struct bark_soap_fault fault;
    struct bark_unknown unknown;
    struct bark_slice raw;

    const struct bark_http_binding *http; /* NULL: none */
    enum bark_call_by by;
    uint16_t http_row; /* of the call under way, or BARK_NONE */
    const struct bark_soap_attachments *attachments; /* NULL: none */
    bool mtom;
    uint32_t mtom_bytes;
    struct bark_client_part *waiting; /* limits.mime_parts of them, to go with the next call */
    uint32_t waiting_count;
    bool waiting_members; /* some source is the value of a member: the request is MTOM */
    struct bark_outgoing *outgoing; /* what follows the request in the buffer; NULL: nothing */
    struct bark_exchange_more more; /* the same, for the exchange */
    struct bark_soap_package package; /* of the last answer */

    const struct bark_receiver *receiver; /* of the next answer's parts, or of this one's; NULL: nobody */
    void *receiver_state;
    const struct bark_streaming *bounds;
    struct bark_exchange_sink sink;
    struct bark_soap_receive
        *receive; /* its envelope is read, or its parts are; NULL: it is held as a whole */
    struct bark_error receive_error; /* why no more of it is taken */
    struct bark_receiving_answer *came; /* once the envelope is read: what it said */

    struct bark_credentials credentials;
    uint8_t *authorization; /* one value of that field */
    size_t authorization_cap;

    unsigned redirects, redirects_left;
    bool redirects_other_origins;
    char *location; /* BARK_REDIRECT_MAX + 1 bytes where redirects are followed: the target now */
    struct bark_exchange elsewhere; /* another origin's, after a redirect */
    struct bark_exchange_options way; /* url aside, how it is reached; of the options */
    char *proxy; /* own copies of its texts; one allocation, at proxy */
    size_t proxy_len;

    const struct bark_http_coding *coding; /* NULL: none */
    uint32_t compress_bytes;

    bool under_way;
    uint16_t operation;
    struct bark_exchange *now; /* &exchange or &elsewhere */
    struct bark_exchange_request sending;
};

/* request.c */
BARK_MUST_CHECK enum bark_code bark_client_request_make(struct bark_client *c, uint16_t operation,
                                                        const void *headers, const void *in,
                                                        struct bark_exchange_request *request,
                                                        struct bark_error *err);

/* http.c: the first HTTP row of the operation, of the verb asked for, or BARK_NONE. */
uint16_t bark_client_http_row(const struct bark_image *image, uint16_t operation, enum bark_call_by by);
/* Whether a call goes by an HTTP binding. */
bool bark_client_http_is_way(const struct bark_client *c, uint16_t operation);
/* The same as above for such a call. */
BARK_MUST_CHECK enum bark_code bark_client_http_make(struct bark_client *c, uint16_t operation,
                                                     const void *in, struct bark_exchange_request *request,
                                                     struct bark_error *err);
BARK_MUST_CHECK enum bark_code bark_client_http_take(struct bark_client *c,
                                                     const struct bark_exchange_answer *answer, void **out,
                                                     struct bark_error *err);
/* request.c: the request buffer as an output, from its start. */
struct bark_out bark_client_request_out(struct bark_client *c);
/* answer.c: HTTP's status is all there is to report, by the rule of the status or by the other one. */
enum bark_code bark_client_status_report(const struct bark_exchange_answer *answer, const char *otherwise,
                                         struct bark_error *err);

/* attach.c: envelope and parts; the Content-Type of them all is put behind, *type bytes from the start. */
BARK_MUST_CHECK enum bark_code bark_client_parts_write(struct bark_client *c, uint16_t operation,
                                                       enum bark_soap_version version, const void *headers,
                                                       const void *in, struct bark_out *out, size_t *type,
                                                       struct bark_error *err);

/* Sources that wait for a call, or are part of the one that ends, are closed. */
void bark_client_sources_close(struct bark_client *c, enum bark_code verdict);

/* receive.c: the answer that begins goes to the receiver, if there is one. */
void bark_client_receive_begin(struct bark_client *c);
/* The call is over. Returns what it ends with. */
BARK_MUST_CHECK enum bark_code bark_client_receive_end(struct bark_client *c, enum bark_code code,
                                                       struct bark_error *err);

/* redirect.c: the answer is a redirect that is followed; then c->now and c->sending.target say where to. */
BARK_MUST_CHECK bool bark_client_redirected(struct bark_client *c);
/* Back to the URL of the options. */
void bark_client_return(struct bark_client *c);

/* expand.c: the answer's body, expanded where it has to be; and the request's body, compressed in its place
 * when that is wanted and helps. */
BARK_MUST_CHECK enum bark_code
bark_client_answer_expand(struct bark_client *c, struct bark_exchange_answer *answer, struct bark_error *err);
void bark_client_request_compress(struct bark_client *c, struct bark_exchange_request *request);

/* answer.c */
BARK_MUST_CHECK enum bark_code bark_client_answer_take(struct bark_client *c,
                                                       const struct bark_exchange_answer *answer,
                                                       const void **headers, void **out,
                                                       struct bark_error *err);

#endif
