/* client/exchange.c - posts one message and reads the answer, under one deadline, step by step.
 *
 * The server may be hostile too: its head is bounded by the limits of a head, its body by limits.body_bytes,
 * and the body's buffer grows with what came, never with what was announced [R3].
 */
#include "client/exchange.h"

#include "base/report.h"
#include "client/pool.h"
#include "soapbark/crypto.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
    INTERIM_ANSWERS_MAX = 8,
    BODY_BYTES_FIRST = 8192,
    FIXED_HEAD_BYTES = 320,
    CHUNK_ROOM = 32,
    WAIT_MS_MAX = 1000000
};

enum bark_code bark_exchange_open_with(struct bark_exchange *x, const struct bark_exchange_options *options,
                                       struct bark_error *err)
{
    enum bark_code code;
    *x = (struct bark_exchange){ .limits = *options->limits,
                                 .pool = options->pool,
                                 .once = options->once,
                                 .carrier = options->carrier,
                                 .stream = { .ops = &bark_net_plain, .fd = -1 } };
    code = bark_exchange_place(x, options, err);
    if (code != BARK_OK)
        return code;
    x->head = malloc((size_t)x->limits.http_head_bytes + BARK_EXCHANGE_INPUT);
    if (!x->head)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the connection's buffers");
    x->input = x->head + x->limits.http_head_bytes;
    if (!x->carrier)
        return BARK_OK;
    x->carried = x->carrier->open(x->carrier, err);
    return x->carried ? BARK_OK : BARK_ERR_MEMORY;
}

enum bark_code bark_exchange_open(struct bark_exchange *x, const char *url, const struct bark_limits *limits,
                                  struct bark_tls_client *tls, struct bark_error *err)
{
    const struct bark_exchange_options options = { .url = url, .limits = limits, .tls = tls };
    return bark_exchange_open_with(x, &options, err);
}

void bark_exchange_close(struct bark_exchange *x)
{
    bark_exchange_disconnect(x);
    if (x->carried)
        x->carrier->close(x->carried);
    if (x->texts)
        bark_secret_wipe(x->texts, x->texts_len); /* what a proxy is told is among them */
    free(x->texts);
    free(x->head);
    free(x->body);
    *x = (struct bark_exchange){ .stream = { .ops = &bark_net_plain, .fd = -1 } };
}

size_t bark_exchange_head_room(const struct bark_exchange *x)
{
    return FIXED_HEAD_BYTES + 2 * strlen(x->authority) + strlen(x->target) +
           (x->via_authorization ? strlen(x->via_authorization) : 0);
}

enum bark_code bark_exchange_resolve(struct bark_exchange *x, struct bark_error *err)
{
    enum bark_code code = BARK_OK;
    if (!x->path && !x->carrier) /* a carrier looks up itself */
        code = bark_net_resolve(x->via ? x->via : x->host, x->via ? x->via_port : x->port, true, x->addresses,
                                &x->address_count, err);
    x->resolved = code == BARK_OK;
    return code;
}

void bark_exchange_status_say(struct bark_error *err, unsigned status)
{
    const char text[] = { 'H',
                          'T',
                          'T',
                          'P',
                          ' ',
                          (char)('0' + status / 100),
                          (char)('0' + status / 10 % 10),
                          (char)('0' + status % 10),
                          '\0' };
    if (err)
        bark_report_say(err->found, sizeof err->found, text);
}

static struct bark_slice text_slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* [RFC9112 3.2.2] a proxy is told the whole URL. Its parts have been read as those of a URL. */
static void request_line_write(struct bark_out *o, const struct bark_exchange *x, const char *method,
                               const char *target)
{
    if (!x->via || x->tunnel) {
        bark_http_request_line_write(o, method, text_slice(target));
        return;
    }
    bark_out_text(o, method);
    bark_out_text(o, " http://");
    bark_out_text(o, x->authority);
    bark_out_text(o, target);
    bark_out_text(o, " HTTP/1.1\r\n");
    if (x->via_authorization)
        bark_http_field_write(o, "Proxy-Authorization", text_slice(x->via_authorization));
}

static bool is_chunked(const struct bark_exchange_more *more)
{
    return more && more->length == UINT64_MAX;
}

void bark_exchange_fields_write(struct bark_out *o, const struct bark_exchange_request *request)
{
    const struct {
        const char *name, *value;
    } fields[] = { { "Content-Type", request->content_type },
                   { "SOAPAction", request->action },
                   { "Accept-Encoding", request->accept_coding },
                   { "Content-Encoding", request->coding } };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (fields[i].value)
            bark_http_field_write(o, fields[i].name, text_slice(fields[i].value));
    }
    if (request->authorization.ptr)
        bark_http_field_write(o, "Authorization", request->authorization);
}

/* The head right before the body, so that both leave as one piece. */
static enum bark_code message_frame(struct bark_exchange *x, const struct bark_exchange_request *request,
                                    struct bark_error *err)
{
    struct bark_out o;
    bark_out_init(&o, request->room, request->room_len);
    request_line_write(&o, x, request->content_type ? "POST" : "GET",
                       request->target ? request->target : x->target);
    bark_http_field_write(&o, "Host", text_slice(x->authority));
    bark_exchange_fields_write(&o, request);
    if (is_chunked(request->more))
        bark_http_field_write(&o, "Transfer-Encoding", text_slice("chunked"));
    else if (request->content_type)
        bark_http_field_u64_write(&o, "Content-Length",
                                  request->body_len + (request->more ? request->more->length : 0));
    if (is_chunked(request->more))
        bark_http_chunk_write(&o, request->body_len);
    else
        bark_http_head_end_write(&o);
    if (!bark_out_ok(&o))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC9110 5.5] the action cannot stand in a header field");
    memmove(request->room + (request->room_len - o.pos), request->room, o.pos);
    x->message =
        (struct bark_slice){ request->room + (request->room_len - o.pos), o.pos + request->body_len };
    return BARK_OK;
}

enum bark_code bark_exchange_keep(struct bark_exchange *x, struct bark_slice span, struct bark_error *err)
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

/* The final head is here: whose is the body? */
static enum bark_code answer_begin(struct bark_exchange *x, struct bark_error *err)
{
    if (!x->sink || x->reader.message.status < 200)
        return BARK_OK;
    x->sinking = x->sink->begin(x->sink->user, &x->reader);
    return bark_http_body_limit(&x->reader, x->sinking ? x->sink->body_bytes : x->limits.body_bytes, err);
}

static enum bark_code body_add(struct bark_exchange *x, struct bark_slice span, struct bark_error *err)
{
    if (!x->sinking)
        return bark_exchange_keep(x, span, err);
    x->deadline_ns = bark_net_monotonic_ns() + x->patience_ns;
    return x->sink->data(x->sink->user, span, err);
}

/* Feeds one piece of input: BARK_OK when the answer is complete, BARK_MORE when it is not. */
enum bark_code bark_exchange_feed(struct bark_exchange *x, struct bark_slice *in, struct bark_error *err)
{
    for (;;) {
        struct bark_slice span;
        enum bark_code code;
        switch (bark_http_read(&x->reader, in, &span, err)) {
        case BARK_HTTP_MORE:
            return BARK_MORE;
        case BARK_HTTP_HEAD:
            code = answer_begin(x, err);
            if (code != BARK_OK)
                return code;
            break;
        case BARK_HTTP_BODY:
            code = body_add(x, span, err);
            if (code != BARK_OK)
                return code;
            break;
        case BARK_HTTP_END: /* [RFC9110 15.2] interim answers come before the one that counts */
            if (x->reader.message.status >= 200)
                return BARK_OK;
            if (x->reader.message.status == 101 || ++x->interim > INTERIM_ANSWERS_MAX)
                return bark_fail(err, BARK_ERR_HTTP, 0, "[RFC9110 15.2] no final answer comes");
            bark_http_reader_next(&x->reader);
            break;
        case BARK_HTTP_REFUSED:
            return x->reader.status == 413 || x->reader.status == 431 ? BARK_ERR_LIMIT : BARK_ERR_HTTP;
        }
    }
}

/* The server has closed: fine where an answer may end so. */
enum bark_code bark_exchange_answer_end(struct bark_exchange *x)
{
    struct bark_error *err = &x->own;
    if (!x->answered)
        return bark_fail(err, BARK_ERR_IO, 0, "the connection was closed before the answer");
    if (bark_http_reader_idle(&x->reader) || bark_http_read_close(&x->reader, err) != BARK_OK)
        return bark_fail(err, BARK_ERR_HTTP, 0, "[RFC9112 8] the connection ended inside the answer");
    return BARK_OK;
}

/* What has come, until there is nothing more for now: BARK_MORE until the answer is complete. */
static enum bark_code receive_step(struct bark_exchange *x)
{
    for (;;) {
        size_t n = 0;
        enum bark_net_result result = x->stream.ops->recv(&x->stream, x->input, BARK_EXCHANGE_INPUT, &n);
        struct bark_slice in = { x->input, n };
        enum bark_code code;
        switch (result) {
        case BARK_NET_DONE:
            x->answered = true;
            code = bark_exchange_feed(x, &in, &x->own);
            if (code == BARK_OK && in.len > 0) /* nobody asked for more: do not read it as the next answer */
                x->reader.message.keep_alive = false;
            if (code != BARK_MORE)
                return code;
            break;
        case BARK_NET_WANT_READ:
        case BARK_NET_WANT_WRITE:
            x->want = result == BARK_NET_WANT_READ ? POLLIN : POLLOUT;
            return BARK_MORE;
        case BARK_NET_END:
            return bark_exchange_answer_end(x);
        case BARK_NET_FAILED:
            /* A kept connection that failed before the answer is made anew, whatever TLS says about its end.
             */
            if (x->stream.ops->explain && (x->answered || !x->reused))
                x->stream.ops->explain(&x->stream, &x->own);
            code = bark_fail(&x->own, BARK_ERR_IO, 0, "the connection broke before the answer was complete");
            if (x->answered && x->reader.message.status) /* what had come says more than that */
                bark_exchange_status_say(&x->own, x->reader.message.status);
            return code;
        }
        if (bark_net_monotonic_ns() >= x->deadline_ns) {
            x->want = POLLIN;
            return BARK_MORE; /* the next step says what that means */
        }
    }
}

/* The next piece of what follows the body. */
static enum bark_code more_read(struct bark_exchange *x)
{
    uint8_t *data = x->input + CHUNK_ROOM, room[CHUNK_ROOM];
    struct bark_out frame;
    size_t len = 0;
    const enum bark_code code = x->more->read(x->more->user, data, BARK_EXCHANGE_INPUT - CHUNK_ROOM, &len);
    if (code != BARK_OK && code != BARK_MORE)
        return bark_fail(&x->own, code, 0, "a source of the request ends before its end");
    x->more_begun = true;
    x->more_over = code == BARK_OK;
    bark_out_init(&frame, room, sizeof room);
    if (is_chunked(x->more))
        bark_http_chunk_write(&frame, len);
    memcpy(data - frame.pos, room, frame.pos);
    x->unsent = (struct bark_slice){ data - frame.pos, frame.pos + len };
    x->deadline_ns = bark_net_monotonic_ns() + x->patience_ns;
    return BARK_OK;
}

/* A server that does not want the rest answers before it has all of it. In TLS other records come too, so
 * there the close has to tell. */
static bool is_answered(const struct bark_exchange *x)
{
    return !x->tls && x->more_begun && bark_net_wait(x->stream.fd, POLLIN, 0) == BARK_OK;
}

void bark_exchange_answer_await(struct bark_exchange *x)
{
    x->interim = 0;
    bark_http_reader_init(&x->reader, BARK_HTTP_RESPONSE, &x->limits, x->head, x->limits.http_head_bytes);
    if (x->sink && x->sink->body_bytes > x->reader.body_max)
        x->reader.body_max = x->sink->body_bytes; /* until its head is complete */
}

static enum bark_code send_step(struct bark_exchange *x)
{
    enum bark_code code = bark_exchange_send(x);
    while (code == BARK_OK && x->unsent.len == 0 && x->more && !x->more_over && !is_answered(x)) {
        code = more_read(x);
        if (code == BARK_OK)
            code = bark_exchange_send(x);
    }
    if (code == BARK_MORE && is_answered(x))
        code = BARK_OK;
    if (code == BARK_MORE && x->more_begun && !x->tls)
        x->want |= POLLIN; /* the answer may come first */
    if (code != BARK_OK)
        return code;
    x->stage = BARK_EXCHANGE_RECEIVE;
    bark_exchange_answer_await(x);
    return BARK_OK;
}

static enum bark_code deadline_report(struct bark_exchange *x)
{
    switch (x->stage) {
    case BARK_EXCHANGE_CONNECT:
        return bark_fail(&x->own, BARK_ERR_TIMEOUT, 0, "the connection was not made in time");
    case BARK_EXCHANGE_TUNNEL_ASK:
    case BARK_EXCHANGE_TUNNEL_ANSWER:
        return bark_fail(&x->own, BARK_ERR_TIMEOUT, 0, "the proxy did not open the tunnel in time");
    case BARK_EXCHANGE_HANDSHAKE:
        return bark_fail(&x->own, BARK_ERR_TIMEOUT, 0, "the TLS handshake was not done in time");
    case BARK_EXCHANGE_SEND:
        return bark_fail(&x->own, BARK_ERR_TIMEOUT, 0, "the request was not taken in time");
    default:
        return bark_fail(&x->own, BARK_ERR_TIMEOUT, 0, "the answer did not come in time");
    }
}

static void attempt_begin(struct bark_exchange *x)
{
    x->own = (struct bark_error){ 0 };
    x->stage = BARK_EXCHANGE_CONNECT;
    x->answered = false;
    x->sinking = false;
    x->body_len = 0;
}

/* One stage after the other, until one of them waits, or the attempt ends. */
static enum bark_code attempt_step(struct bark_exchange *x)
{
    for (;;) {
        enum bark_code code;
        if (x->stage != BARK_EXCHANGE_RECEIVE && bark_net_monotonic_ns() >= x->deadline_ns)
            return deadline_report(x);
        if (x->stage == BARK_EXCHANGE_RECEIVE) {
            return receive_step(x);
        } else if (x->stage == BARK_EXCHANGE_SEND) {
            code = send_step(x);
        } else {
            code = bark_exchange_connect(x);
            if (code == BARK_OK && x->stage == BARK_EXCHANGE_SEND)
                x->unsent = x->message;
        }
        if (code != BARK_OK)
            return code;
    }
}

enum bark_code bark_exchange_begin(struct bark_exchange *x, const struct bark_exchange_request *request,
                                   struct bark_error *err)
{
    bark_exchange_cancel(x);
    if (!x->carrier && message_frame(x, request, err) != BARK_OK)
        return BARK_ERR_USE;
    x->deadline_ns = request->deadline_ns;
    x->patience_ns = request->patience_ns;
    x->more = request->more;
    x->sink = request->sink;
    x->more_begun = x->more_over = false;
    x->lookup = request->lookup;
    x->again = false;
    x->reused = false;
    attempt_begin(x);
    if (!x->carrier)
        return BARK_OK;
    const enum bark_code code = bark_exchange_carry(x, request, err);
    if (code != BARK_OK)
        bark_exchange_cancel(x);
    return code;
}

void bark_exchange_cancel(struct bark_exchange *x)
{
    if (x->stage == BARK_EXCHANGE_IDLE)
        return;
    if (x->carrier)
        x->carrier->cancel(x->carried);
    bark_exchange_disconnect(x);
    x->stage = BARK_EXCHANGE_IDLE;
    x->body_len = 0;
}

/* The answer is there. A connection that did not take the whole request is of no more use. */
static void connection_keep(struct bark_exchange *x)
{
    if (x->carrier)
        return;
    if (!x->reader.message.keep_alive || x->unsent.len > 0 || (x->more && !x->more_over))
        bark_exchange_disconnect(x);
    else if (x->pool)
        bark_pool_give(x->pool, x->origin, x->tls, &x->stream);
    else
        x->kept = true;
}

enum bark_code bark_exchange_step(struct bark_exchange *x, struct bark_exchange_answer *answer,
                                  struct bark_error *err)
{
    enum bark_code code;
    *answer = (struct bark_exchange_answer){ 0 };
    if (x->stage == BARK_EXCHANGE_IDLE)
        return bark_fail(err, BARK_ERR_USE, 0, "no request is under way");
    code = x->carrier ? bark_exchange_carry_step(x) : attempt_step(x);
    if (code == BARK_ERR_IO && x->reused && !x->answered && !x->again && !x->once && !x->more_begun) {
        bark_exchange_disconnect(x); /* the server closed it while the request was on its way */
        bark_pool_note(x->pool, BARK_POOL_AGAIN);
        x->again = true;
        attempt_begin(x);
        code = attempt_step(x);
    }
    if (code == BARK_MORE && bark_net_monotonic_ns() >= x->deadline_ns)
        code = deadline_report(x);
    if (code == BARK_MORE)
        return code;
    if (code != BARK_OK) {
        bark_exchange_cancel(x);
        if (err && err->code == BARK_OK)
            *err = x->own;
        return code;
    }
    x->stage = BARK_EXCHANGE_IDLE;
    connection_keep(x);
    *answer = (struct bark_exchange_answer){ x->reader.message.status,
                                             x->reader.message.content_type,
                                             { x->body, x->body_len } };
    return BARK_OK;
}

struct bark_client_wait bark_exchange_wants(const struct bark_exchange *x)
{
    const uint64_t now = bark_net_monotonic_ns();
    const uint64_t left_ms = x->deadline_ns > now ? (x->deadline_ns - now + 999999u) / 1000000u : 0;
    struct bark_client_wait wait = { x->stream.fd, x->want, WAIT_MS_MAX };
    if (x->carrier)
        wait = x->wait;
    if (left_ms < (uint64_t)wait.timeout_ms)
        wait.timeout_ms = (int)left_ms;
    return wait;
}

enum bark_code bark_exchange_wait(const struct bark_exchange *x, struct bark_error *err)
{
    const struct bark_client_wait wait = bark_exchange_wants(x);
    const uint64_t until = bark_net_monotonic_ns() + UINT64_C(1000000) * (unsigned)wait.timeout_ms;
    enum bark_code code = bark_net_wait(wait.fd, wait.events, until);
    if (code == BARK_OK || code == BARK_ERR_TIMEOUT) /* the next step knows which of the deadlines it was */
        return BARK_OK;
    return bark_fail(err, code, 0, "waiting for the connection failed");
}

enum bark_code bark_exchange_post(struct bark_exchange *x, const struct bark_exchange_request *request,
                                  struct bark_exchange_answer *answer, struct bark_error *err)
{
    struct bark_exchange_request mine = *request;
    enum bark_code code;
    mine.lookup = true;
    *answer = (struct bark_exchange_answer){ 0 };
    code = bark_exchange_begin(x, &mine, err);
    if (code != BARK_OK)
        return code;
    while ((code = bark_exchange_step(x, answer, err)) == BARK_MORE) {
        code = bark_exchange_wait(x, err);
        if (code != BARK_OK) {
            bark_exchange_cancel(x);
            return code;
        }
    }
    return code;
}
