/* client/exchange.h - one HTTP request and its answer, step by step, over a connection that is kept between
 * calls: by the exchange itself, or by a pool that others share.
 *
 *     CONNECT --> (TUNNEL_ASK --> TUNNEL_ANSWER) --> (HANDSHAKE) --> SEND --> RECEIVE --> IDLE
 *        ^                                                             |         |
 *        +------ once, when a kept connection was closed before a byte of the answer came
 *
 * Or CARRY --> IDLE, where a carrier moves the bytes (carry.c).
 *
 * A step never waits. What it needs stands in want and stream.fd.
 */
#ifndef BARK_CLIENT_EXCHANGE_H
#define BARK_CLIENT_EXCHANGE_H

#include "net/net.h"
#include "soapbark/client.h"
#include "soapbark/http.h"

enum { BARK_EXCHANGE_INPUT = 16 * 1024 };

enum bark_exchange_stage {
    BARK_EXCHANGE_IDLE,
    BARK_EXCHANGE_CONNECT,
    BARK_EXCHANGE_TUNNEL_ASK,
    BARK_EXCHANGE_TUNNEL_ANSWER,
    BARK_EXCHANGE_HANDSHAKE,
    BARK_EXCHANGE_SEND,
    BARK_EXCHANGE_RECEIVE,
    BARK_EXCHANGE_CARRY
};

/* The rest of a request, a piece at a time, once. */
struct bark_exchange_more {
    uint64_t length; /* UINT64_MAX: it goes in chunks */
    enum bark_code (*read)(void *user, uint8_t *room, size_t cap, size_t *len); /* as bark_outgoing_read() */
    void *user;
};

/* Who takes the body of an answer as it comes. */
struct bark_exchange_sink {
    uint64_t body_bytes; /* in place of limits.body_bytes */
    bool (*begin)(void *user,
                  const struct bark_http_reader *reader); /* the head is here; false: collect it */
    enum bark_code (*data)(void *user, struct bark_slice span, struct bark_error *err);
    void *user;
};

/* What one request sends. Its bytes stand in one buffer: room for a head, then the body. */
struct bark_exchange_request {
    const char *content_type; /* NULL: GET, without a body */
    const char *action; /* value of SOAPAction, or NULL for no such field */
    const char *target; /* path and query; NULL: the URL's */
    struct bark_slice authorization; /* value of Authorization; ptr NULL: no such field */
    const char *accept_coding,
        *coding; /* values of Accept-Encoding and Content-Encoding; NULL: no such field */
    uint8_t *room; /* room_len bytes before the body, for the head */
    size_t room_len;
    size_t body_len; /* bytes that follow the room */
    uint64_t deadline_ns; /* monotonic */
    uint64_t patience_ns; /* the deadline starts anew with each piece of `more`, so far away */
    const struct bark_exchange_more *more; /* what follows the body; NULL: nothing */
    const struct bark_exchange_sink *sink; /* NULL: the answer's body is collected */
    bool lookup; /* a host name may be looked up, which blocks */
};

struct bark_exchange_answer {
    unsigned status;
    struct bark_slice content_type; /* until the next call, as the body */
    struct bark_slice body;
};

struct bark_exchange_options {
    const char *url; /* http, https, or "unix:/path:/service" */
    const struct bark_limits *limits;
    struct bark_tls_client *tls; /* for an https URL; may be NULL for others */
    struct bark_client_pool *pool; /* NULL: one connection of its own */
    const char *proxy; /* "http://host:port", or NULL */
    const char *proxy_authorization; /* value of Proxy-Authorization, or NULL */
    const struct bark_carrier *carrier; /* instead of sockets of its own, tls, pool and proxy; NULL: none */
    bool once; /* nothing is sent a second time, whatever happened to the first */
};

struct bark_exchange {
    struct bark_limits limits;
    struct bark_net_tls *tls; /* NULL: plain */
    struct bark_client_pool *pool;
    char *texts; /* one allocation for those below */
    char *host, *authority, *target;
    char *via, *via_authorization; /* the proxy's host and what it wants to see; NULL: none */
    char *path; /* of a Unix socket; NULL: none */
    char *origin; /* what connections of the pool are told apart by, with tls */
    char *tunnel; /* head of the CONNECT request; NULL: none is needed */
    size_t texts_len;
    uint16_t port, via_port;
    bool once, secure;
    const struct bark_carrier *carrier; /* NULL: the stream below */
    void *carried; /* its state */
    struct bark_client_wait wait; /* what it wants */
    bool complete; /* it may bring no more of the answer under way */

    struct bark_net_address addresses[BARK_NET_ADDRESSES]; /* that are left to try */
    size_t address_count, address_at;
    bool resolved; /* beforehand: they stay */

    struct bark_net_stream stream; /* fd is -1 while not connected */
    enum bark_exchange_stage stage;
    short want; /* POLLIN or POLLOUT */
    uint64_t deadline_ns;
    struct bark_slice unsent;
    unsigned interim;
    struct bark_error own; /* of the attempt under way */

    struct bark_http_reader reader;
    uint8_t *head, *input; /* one allocation, at head */
    uint8_t *body;
    size_t body_len, body_cap;
    struct bark_slice message;
    const struct bark_exchange_more *more;
    uint64_t patience_ns;
    bool more_begun, more_over;
    const struct bark_exchange_sink *sink;
    bool sinking; /* the answer under way goes there */
    bool lookup;
    bool kept; /* the open connection has carried an answer before, and waits for the next request */
    bool reused; /* the request under way uses such a connection */
    bool again; /* the second attempt */
    bool answered; /* a byte of the answer under way has come */
};

/* Takes the URL apart and copies the texts; does not connect. What was taken is freed by
 * bark_exchange_close() also when this fails. */
BARK_MUST_CHECK enum bark_code bark_exchange_open_with(struct bark_exchange *x,
                                                       const struct bark_exchange_options *options,
                                                       struct bark_error *err);
BARK_MUST_CHECK enum bark_code bark_exchange_open(struct bark_exchange *x, const char *url,
                                                  const struct bark_limits *limits,
                                                  struct bark_tls_client *tls, struct bark_error *err);
void bark_exchange_close(struct bark_exchange *x);

/* Bytes of room that the head of any request of this exchange may need; action, content type, authorization
 * and a target of the request's own not counted. */
size_t bark_exchange_head_room(const struct bark_exchange *x);

/* Looks the host name up now (blocking), for all connections to come. */
BARK_MUST_CHECK enum bark_code bark_exchange_resolve(struct bark_exchange *x, struct bark_error *err);

/* Begins a request; its buffer stays as it is until the end. Then steps: BARK_MORE until want is met or the
 * deadline has come, BARK_OK with the answer, or an error. A kept connection that turns out to be closed
 * before a byte of the answer came is made anew, once. Redirects are answers like others. Errors:
 * BARK_ERR_IO, _TLS, _TIMEOUT, _HTTP, _LIMIT, _MEMORY, _USE. */
BARK_MUST_CHECK enum bark_code bark_exchange_begin(struct bark_exchange *x,
                                                   const struct bark_exchange_request *request,
                                                   struct bark_error *err);
BARK_MUST_CHECK enum bark_code
bark_exchange_step(struct bark_exchange *x, struct bark_exchange_answer *answer, struct bark_error *err);
/* Gives up what is under way, and its connection. */
void bark_exchange_cancel(struct bark_exchange *x);

/* Waits for what the last step wanted. An error other than a deadline's has to be followed by a cancel. */
BARK_MUST_CHECK enum bark_code bark_exchange_wait(const struct bark_exchange *x, struct bark_error *err);

/* All of it: begins and waits. Host names are looked up. */
BARK_MUST_CHECK enum bark_code bark_exchange_post(struct bark_exchange *x,
                                                  const struct bark_exchange_request *request,
                                                  struct bark_exchange_answer *answer,
                                                  struct bark_error *err);

/* What the last step wanted, for the loop of somebody else. */
struct bark_client_wait bark_exchange_wants(const struct bark_exchange *x);

/* Adds to the body that is collected, up to limits.body_bytes. */
BARK_MUST_CHECK enum bark_code bark_exchange_keep(struct bark_exchange *x, struct bark_slice span,
                                                  struct bark_error *err);

/* connect.c: stages up to the one where the request can be sent; BARK_OK when the stage is over, BARK_MORE
 * when it waits. Errors go to x->own. */
BARK_MUST_CHECK enum bark_code bark_exchange_connect(struct bark_exchange *x);
void bark_exchange_disconnect(struct bark_exchange *x);
/* Sends what is unsent. A send that fails is no error yet: the other side may have answered before. */
BARK_MUST_CHECK enum bark_code bark_exchange_send(struct bark_exchange *x);

/* The fields of a request, but for Host and framing. */
void bark_exchange_fields_write(struct bark_out *o, const struct bark_exchange_request *request);
/* An answer is to come; its bytes; and their end, where that ends it. */
void bark_exchange_answer_await(struct bark_exchange *x);
BARK_MUST_CHECK enum bark_code bark_exchange_feed(struct bark_exchange *x, struct bark_slice *in,
                                                  struct bark_error *err);
BARK_MUST_CHECK enum bark_code bark_exchange_answer_end(struct bark_exchange *x);

/* carry.c: begins a request by the carrier, and goes on with it. Errors of a step go to x->own. */
BARK_MUST_CHECK enum bark_code bark_exchange_carry(struct bark_exchange *x,
                                                   const struct bark_exchange_request *request,
                                                   struct bark_error *err);
BARK_MUST_CHECK enum bark_code bark_exchange_carry_step(struct bark_exchange *x);

/* Adds "HTTP 503" to what was found. */
void bark_exchange_status_say(struct bark_error *err, unsigned status);

/* place.c: URL and proxy into the texts of an exchange. */
BARK_MUST_CHECK enum bark_code bark_exchange_place(struct bark_exchange *x,
                                                   const struct bark_exchange_options *options,
                                                   struct bark_error *err);

#endif
