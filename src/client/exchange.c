/* client/exchange.c - posts one message and reads the answer, under one deadline.
 *
 * The server may be hostile too: its head is bounded by the limits of a head, its body by limits.body_bytes,
 * and the body's buffer grows with what came, never with what was announced [R3].
 */
#include "client/exchange.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { INTERIM_ANSWERS_MAX = 8, BODY_BYTES_FIRST = 8192, FIXED_HEAD_BYTES = 256 };

static char *text_append(char *at, struct bark_slice s)
{
    memcpy(at, s.ptr, s.len);
    at[s.len] = '\0';
    return at + s.len + 1;
}

enum bark_code bark_exchange_open(struct bark_exchange *x, const char *url, const struct bark_limits *limits,
                                  struct bark_tls_client *tls, struct bark_error *err)
{
    struct bark_http_url parts;
    struct bark_slice text = { (const uint8_t *)url, strlen(url) };
    char *at;
    *x = (struct bark_exchange){ .limits = *limits, .stream = { .ops = &bark_net_plain, .fd = -1 } };
    if (bark_http_url_read(text, &parts, err) != BARK_OK)
        return BARK_ERR_USE;
    if (parts.secure && !tls)
        return bark_fail(err, BARK_ERR_USE, 0, "an https URL needs the option tls: see soapbark/tls.h");
    x->tls = parts.secure ? &tls->net : NULL;
    x->host = malloc(parts.host.len + parts.authority.len + parts.target.len + 3);
    x->head = malloc((size_t)limits->http_head_bytes + BARK_EXCHANGE_INPUT);
    if (!x->host || !x->head)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the connection's buffers");
    x->input = x->head + limits->http_head_bytes;
    at = text_append(x->host, parts.host);
    x->authority = at;
    at = text_append(at, parts.authority);
    x->target = at;
    (void)text_append(at, parts.target);
    x->port = parts.port;
    return BARK_OK;
}

static void disconnect(struct bark_exchange *x)
{
    x->stream.ops->close(&x->stream);
    x->reused = false;
}

void bark_exchange_close(struct bark_exchange *x)
{
    disconnect(x);
    free(x->host);
    free(x->head);
    free(x->body);
    *x = (struct bark_exchange){ .stream = { .ops = &bark_net_plain, .fd = -1 } };
}

size_t bark_exchange_head_room(const struct bark_exchange *x)
{
    return FIXED_HEAD_BYTES + strlen(x->authority) + strlen(x->target);
}

/* Nothing may come on an idle connection: readable means closed, or a peer that speaks out of turn. */
static bool still_open(struct bark_exchange *x)
{
    size_t n;
    return x->stream.ops->recv(&x->stream, x->input, 1, &n) == BARK_NET_WANT_READ;
}

/* Waits for what a stream asked for. */
static enum bark_code stream_wait(struct bark_exchange *x, enum bark_net_result want, uint64_t deadline_ns,
                                  struct bark_error *err)
{
    enum bark_code code =
        bark_net_wait(x->stream.fd, want == BARK_NET_WANT_READ ? POLLIN : POLLOUT, deadline_ns);
    if (code == BARK_ERR_TIMEOUT)
        return bark_fail(err, code, 0, "the answer did not come in time");
    return code == BARK_OK ? code : bark_fail(err, code, 0, "waiting for the connection failed");
}

/* Until the server is who it should be, and not one byte is sent before. */
static enum bark_code tls_begin(struct bark_exchange *x, uint64_t deadline_ns, struct bark_error *err)
{
    enum bark_code code = x->tls->attach(x->tls, &x->stream, x->host, x->port, err);
    while (code == BARK_OK) {
        const enum bark_net_result result = x->stream.ops->handshake(&x->stream);
        if (result == BARK_NET_DONE)
            return BARK_OK;
        if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE) {
            code = stream_wait(x, result, deadline_ns, err);
            if (code == BARK_OK && bark_net_monotonic_ns() >= deadline_ns)
                code = bark_fail(err, BARK_ERR_TIMEOUT, 0, "the TLS handshake was not done in time");
        } else {
            x->stream.ops->explain(&x->stream, err);
            code = bark_fail(err, BARK_ERR_TLS, 0, "the TLS handshake failed");
        }
    }
    return code;
}

static enum bark_code connect_when_needed(struct bark_exchange *x, uint64_t deadline_ns,
                                          struct bark_error *err)
{
    enum bark_code code;
    if (x->stream.fd >= 0 && still_open(x))
        return BARK_OK;
    disconnect(x);
    code = bark_net_connect(x->host, x->port, deadline_ns, &x->stream.fd, err);
    return code == BARK_OK && x->tls ? tls_begin(x, deadline_ns, err) : code;
}

static struct bark_slice text_slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* The head right before the body, so that both leave as one piece. */
static enum bark_code message_frame(const struct bark_exchange *x,
                                    const struct bark_exchange_request *request, struct bark_slice *message,
                                    struct bark_error *err)
{
    struct bark_out o;
    bark_out_init(&o, request->room, request->room_len);
    bark_http_request_line_write(&o, request->content_type ? "POST" : "GET", text_slice(x->target));
    bark_http_field_write(&o, "Host", text_slice(x->authority));
    if (request->content_type)
        bark_http_field_write(&o, "Content-Type", text_slice(request->content_type));
    if (request->action)
        bark_http_field_write(&o, "SOAPAction", text_slice(request->action));
    if (request->content_type)
        bark_http_field_u64_write(&o, "Content-Length", request->body_len);
    bark_http_head_end_write(&o);
    if (!bark_out_ok(&o))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC9110 5.5] the action cannot stand in a header field");
    memmove(request->room + (request->room_len - o.pos), request->room, o.pos);
    *message = (struct bark_slice){ request->room + (request->room_len - o.pos), o.pos + request->body_len };
    return BARK_OK;
}

/* A send that fails is not the end yet: a server that refuses early has answered before it closed. */
static enum bark_code message_send(struct bark_exchange *x, struct bark_slice message, uint64_t deadline_ns,
                                   struct bark_error *err)
{
    while (message.len > 0) {
        size_t n = 0;
        enum bark_net_result result = x->stream.ops->send(&x->stream, message.ptr, message.len, &n);
        if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE) {
            enum bark_code code = stream_wait(x, result, deadline_ns, err);
            if (code != BARK_OK)
                return code;
        } else if (result != BARK_NET_DONE) {
            return BARK_OK;
        }
        message.ptr += n;
        message.len -= n;
    }
    return BARK_OK;
}

static enum bark_code body_add(struct bark_exchange *x, struct bark_slice span, struct bark_error *err)
{
    size_t need;
    if (__builtin_add_overflow(x->body_len, span.len, &need) || need > x->limits.body_bytes)
        return bark_fail(err, BARK_ERR_LIMIT, x->body_len,
                         "limits.body_bytes: the answer is longer than that");
    if (need > x->body_cap) {
        size_t cap = x->body_cap < BODY_BYTES_FIRST ? BODY_BYTES_FIRST : x->body_cap;
        uint8_t *grown;
        while (cap < need)
            cap = cap > SIZE_MAX / 2 ? need : cap * 2;
        grown = realloc(x->body, cap);
        if (!grown)
            return bark_fail(err, BARK_ERR_MEMORY, x->body_len, "no memory for the answer");
        x->body = grown;
        x->body_cap = cap;
    }
    memcpy(x->body + x->body_len, span.ptr, span.len);
    x->body_len = need;
    return BARK_OK;
}

/* Feeds one piece of input: BARK_OK when the answer is complete, BARK_MORE when it is not. */
static enum bark_code input_feed(struct bark_exchange *x, struct bark_slice *in, unsigned *interim,
                                 struct bark_error *err)
{
    for (;;) {
        struct bark_slice span;
        enum bark_code code;
        switch (bark_http_read(&x->reader, in, &span, err)) {
        case BARK_HTTP_MORE:
            return BARK_MORE;
        case BARK_HTTP_HEAD:
            break;
        case BARK_HTTP_BODY:
            code = body_add(x, span, err);
            if (code != BARK_OK)
                return code;
            break;
        case BARK_HTTP_END: /* [RFC9110 15.2] interim answers come before the one that counts */
            if (x->reader.message.status >= 200)
                return BARK_OK;
            if (x->reader.message.status == 101 || ++*interim > INTERIM_ANSWERS_MAX)
                return bark_fail(err, BARK_ERR_HTTP, 0, "[RFC9110 15.2] no final answer comes");
            bark_http_reader_next(&x->reader);
            break;
        case BARK_HTTP_REFUSED:
            return x->reader.status == 413 || x->reader.status == 431 ? BARK_ERR_LIMIT : BARK_ERR_HTTP;
        }
    }
}

/* The server has closed: fine where an answer may end so. */
static enum bark_code close_feed(struct bark_exchange *x, struct bark_error *err)
{
    if (!x->answered)
        return bark_fail(err, BARK_ERR_IO, 0, "the connection was closed before the answer");
    if (bark_http_reader_idle(&x->reader) || bark_http_read_close(&x->reader, err) != BARK_OK)
        return bark_fail(err, BARK_ERR_HTTP, 0, "[RFC9112 8] the connection ended inside the answer");
    return BARK_OK;
}

/* One recv() and what follows from it: BARK_MORE until the answer is complete. */
static enum bark_code answer_step(struct bark_exchange *x, unsigned *interim, uint64_t deadline_ns,
                                  struct bark_error *err)
{
    size_t n = 0;
    enum bark_net_result result = x->stream.ops->recv(&x->stream, x->input, BARK_EXCHANGE_INPUT, &n);
    struct bark_slice in = { x->input, n };
    enum bark_code code;
    switch (result) {
    case BARK_NET_DONE:
        x->answered = true;
        code = input_feed(x, &in, interim, err);
        if (code == BARK_OK && in.len > 0) /* nobody asked for more: do not read it as the next answer */
            x->reader.message.keep_alive = false;
        if (code == BARK_MORE && bark_net_monotonic_ns() >= deadline_ns)
            return bark_fail(err, BARK_ERR_TIMEOUT, 0, "the answer did not come in time");
        return code;
    case BARK_NET_WANT_READ:
    case BARK_NET_WANT_WRITE:
        code = stream_wait(x, result, deadline_ns, err);
        return code == BARK_OK ? BARK_MORE : code;
    case BARK_NET_END:
        return close_feed(x, err);
    case BARK_NET_FAILED:
        break;
    }
    /* A kept-alive connection that failed before the answer is made anew, whatever TLS says about its end. */
    if (x->stream.ops->explain && (x->answered || !x->reused))
        x->stream.ops->explain(&x->stream, err);
    return bark_fail(err, BARK_ERR_IO, 0, "the connection broke before the answer was complete");
}

static enum bark_code answer_receive(struct bark_exchange *x, uint64_t deadline_ns, struct bark_error *err)
{
    unsigned interim = 0;
    enum bark_code code = BARK_MORE;
    bark_http_reader_init(&x->reader, BARK_HTTP_RESPONSE, &x->limits, x->head, x->limits.http_head_bytes);
    while (code == BARK_MORE)
        code = answer_step(x, &interim, deadline_ns, err);
    return code;
}

enum bark_code bark_exchange_post(struct bark_exchange *x, const struct bark_exchange_request *request,
                                  struct bark_exchange_answer *answer, struct bark_error *err)
{
    struct bark_error own = { 0 };
    enum bark_code code;
    struct bark_slice message = { 0 };
    *answer = (struct bark_exchange_answer){ 0 };
    if (message_frame(x, request, &message, err) != BARK_OK)
        return BARK_ERR_USE;
    for (bool second = false;; second = true) {
        own = (struct bark_error){ 0 };
        x->answered = false;
        x->body_len = 0;
        code = connect_when_needed(x, request->deadline_ns, &own);
        if (code == BARK_OK)
            code = message_send(x, message, request->deadline_ns, &own);
        if (code == BARK_OK)
            code = answer_receive(x, request->deadline_ns, &own);
        if (code != BARK_ERR_IO || second || !x->reused || x->answered)
            break;
        disconnect(x); /* the server closed an idle connection while the request was on its way */
    }
    if (code != BARK_OK) {
        disconnect(x);
        x->body_len = 0;
        if (err && err->code == BARK_OK)
            *err = own;
        return code;
    }
    *answer = (struct bark_exchange_answer){ x->reader.message.status,
                                             x->reader.message.content_type,
                                             { x->body, x->body_len } };
    if (x->reader.message.keep_alive)
        x->reused = true;
    else
        disconnect(x);
    return BARK_OK;
}
