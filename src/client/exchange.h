/* client/exchange.h - one HTTP request and its answer over one connection that is kept open between calls.
 */
#ifndef BARK_CLIENT_EXCHANGE_H
#define BARK_CLIENT_EXCHANGE_H

#include "net/net.h"
#include "soapbark/http.h"

enum { BARK_EXCHANGE_INPUT = 16 * 1024 };

struct bark_exchange {
    struct bark_limits limits;
    struct bark_net_tls *tls; /* NULL: plain */
    char *host, *authority, *target; /* one allocation, at host */
    uint16_t port;
    struct bark_net_stream stream; /* fd is -1 while not connected */
    struct bark_http_reader reader;
    uint8_t *head, *input; /* one allocation, at head */
    uint8_t *body;
    size_t body_len, body_cap;
    bool reused; /* the connection has carried an answer before */
    bool answered; /* a byte of the answer under way has come */
};

/* What one request sends. Its bytes stand in one buffer: room for a head, then the body. */
struct bark_exchange_request {
    const char *content_type; /* NULL: GET, without a body */
    const char *action; /* value of SOAPAction, or NULL for no such field */
    uint8_t *room; /* room_len bytes before the body, for the head */
    size_t room_len;
    size_t body_len; /* bytes that follow the room */
    uint64_t deadline_ns; /* monotonic */
};

struct bark_exchange_answer {
    unsigned status;
    struct bark_slice content_type; /* until the next call, as the body */
    struct bark_slice body;
};

/* Takes the URL apart and copies it; does not connect. tls is for an https URL, and may be NULL for others.
 * What was taken is freed by bark_exchange_close() also when this fails. */
BARK_MUST_CHECK enum bark_code bark_exchange_open(struct bark_exchange *x, const char *url,
                                                  const struct bark_limits *limits,
                                                  struct bark_tls_client *tls, struct bark_error *err);
void bark_exchange_close(struct bark_exchange *x);

/* Bytes of room that the head of any request of this exchange may need, action and content type not counted.
 */
size_t bark_exchange_head_room(const struct bark_exchange *x);

/* Posts and waits. A kept-alive connection that turns out to be closed before a byte of the answer came is
 * made anew, once. Redirects are answers like others: nothing is followed [R12]. Errors: BARK_ERR_IO, _TLS,
 * _TIMEOUT, _HTTP, _LIMIT, _MEMORY. */
BARK_MUST_CHECK enum bark_code bark_exchange_post(struct bark_exchange *x,
                                                  const struct bark_exchange_request *request,
                                                  struct bark_exchange_answer *answer,
                                                  struct bark_error *err);

#endif
