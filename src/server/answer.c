/* server/answer.c - answers on their way out, and the log line of each.
 *
 * Head and body leave a reply buffer in one send(). What the peer does not take at once moves to a buffer of
 * its connection.
 */
#include "server/loop.h"

#include <assert.h>
#include <string.h>
#include <sys/epoll.h>

static const uint64_t NS_PER_MS = 1000u * 1000u;
static const uint64_t LAST_WORD_NS = 2u * UINT64_C(1000000000);

enum { LOG_METHOD = 32, LOG_PATH = 256 };

/* Sends what the peer takes now and keeps the rest; the connection may be gone afterwards. */
static void reply_send(struct bark_loop *loop, struct bark_connection *c, struct bark_slice bytes)
{
    uint64_t whole = c->request_ns + loop->limits.request_ms * NS_PER_MS;
    uint64_t last_word = loop->now_ns + LAST_WORD_NS;
    while (bytes.len > 0) {
        size_t n = 0;
        enum bark_net_result result = c->stream.ops->send(&c->stream, bytes.ptr, bytes.len, &n);
        if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE)
            break;
        if (result != BARK_NET_DONE) {
            bark_connection_close(loop, c);
            return;
        }
        bytes.ptr += n;
        bytes.len -= n;
    }
    if (bytes.len == 0) {
        bark_connection_answered(loop, c);
        return;
    }
    if (!bark_buffer_add(loop, c, &c->out, bytes, SIZE_MAX)) {
        bark_connection_close(loop, c);
        return;
    }
    c->state = BARK_CONNECTION_WRITE;
    bark_connection_deadline(loop, c, whole > last_word ? whole : last_word);
    bark_connection_interest(loop, c, EPOLLOUT);
}

/* A slice as NUL-terminated text, cut to its room. */
static struct bark_text text_copy(char *room, size_t size, struct bark_slice s)
{
    size_t len = s.len < size ? s.len : size - 1;
    if (len)
        memcpy(room, s.ptr, len);
    room[len] = '\0';
    return (struct bark_text){ room, len };
}

static void request_log(struct bark_loop *loop, const struct bark_connection *c,
                        const struct bark_answer *answer, size_t bytes_out)
{
    char method[LOG_METHOD], path[LOG_PATH];
    struct bark_request_log entry;
    uint64_t now_ns;
    if (!loop->driver->log)
        return;
    now_ns = bark_net_monotonic_ns();
    entry = (struct bark_request_log){
        .request = 1 + atomic_fetch_add_explicit(&loop->driver->request_count, 1, memory_order_relaxed),
        .now_ns = answer->http.now_ns,
        .peer = { c->peer_text, strlen(c->peer_text) },
        .method = text_copy(method, sizeof method, c->reader.message.method),
        .path = text_copy(path, sizeof path, c->reader.message.path),
        .operation = answer->operation,
        .user = answer->user,
        .status = answer->http.status,
        .bytes_in = c->reader.offset,
        .bytes_out = bytes_out,
        .arena_peak = answer->arena_peak,
        .duration_ns = c->request_ns && now_ns > c->request_ns ? now_ns - c->request_ns : 0,
        .error = answer->error.code ? &answer->error : NULL,
    };
    bark_driver_log(loop->driver, &entry);
}

/* A served request's answer, made in this reply buffer. */
static void answer_send(struct bark_loop *loop, struct bark_connection *c, struct bark_answer *answer,
                        struct bark_reply *reply)
{
    struct bark_slice bytes;
    c->requests++;
    c->closing = !c->reader.message.keep_alive || c->requests >= loop->limits.requests_per_connection ||
                 loop->stopping;
    answer->http.close = c->closing;
    answer->http.server = loop->driver->server_name;
    bytes = bark_reply_frame(reply, answer);
    request_log(loop, c, answer, bytes.len);
    reply_send(loop, c, bytes);
}

void bark_answer_serve(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_answer answer;
    bark_reply_make(&answer, &loop->driver->service, c, &loop->arena, &loop->reply);
    answer_send(loop, c, &answer, &loop->reply);
}

void bark_answer_deliver(struct bark_loop *loop, struct bark_worker *worker)
{
    struct bark_connection *c = worker->connection;
    if (c->state == BARK_CONNECTION_GONE) {
        bark_connection_close(loop, c); /* its end was logged when it came */
    } else {
        c->state = BARK_CONNECTION_READ; /* no longer the worker's */
        answer_send(loop, c, &worker->answer, &worker->reply);
        bark_connection_resume(loop, c);
    }
    bark_worker_release(worker);
}

void bark_answer_handshake_failed(struct bark_loop *loop, const struct bark_connection *c)
{
    struct bark_answer none = { .http = { .now_ns = bark_net_wall_ns() },
                                .operation = { "", 0 },
                                .user = { "", 0 } };
    c->stream.ops->explain(&c->stream, &none.error);
    request_log(loop, c, &none, 0);
}

/* "400 Bad Request", the rule, and where it was broken: enough to find the mistake, nothing of the input. */
static void refusal_write(struct bark_out *o, const struct bark_refusal *refusal,
                          const struct bark_error *error)
{
    bark_out_u64(o, refusal->status);
    bark_out_byte(o, ' ');
    bark_out_text(o, bark_http_reason(refusal->status));
    bark_out_byte(o, '\n');
    bark_out_text(o, refusal->rule ? refusal->rule : "");
    if (error && error->line) {
        bark_out_text(o, "; line ");
        bark_out_u64(o, error->line);
        bark_out_text(o, ", column ");
        bark_out_u64(o, error->column);
    }
    if (error) {
        bark_out_text(o, "; byte ");
        bark_out_u64(o, error->offset);
    }
    bark_out_byte(o, '\n');
}

/* The refusal, framed in the loop's reply buffer, and logged. */
static struct bark_slice refusal_make(struct bark_loop *loop, struct bark_connection *c,
                                      const struct bark_refusal *refusal, const struct bark_error *error)
{
    struct bark_out out = bark_reply_start(&loop->reply);
    struct bark_answer answer = { .http = { .status = refusal->status,
                                            .content_type = "text/plain; charset=utf-8",
                                            .allow = refusal->allow,
                                            .retry_after_s = refusal->status == 503 ? 1 : 0,
                                            .server = loop->driver->server_name,
                                            .now_ns = bark_net_wall_ns(),
                                            .close = true },
                                  .operation = { "", 0 },
                                  .user = { "", 0 } };
    struct bark_slice bytes;
    refusal_write(&out, refusal, error);
    answer.body_len = out.pos - BARK_LOOP_HEAD_ROOM;
    if (error)
        answer.error = *error;
    else
        (void)bark_fail(&answer.error, BARK_ERR_HTTP, (size_t)c->reader.offset, refusal->rule);
    bytes = bark_reply_frame(&loop->reply, &answer);
    request_log(loop, c, &answer, bytes.len);
    return bytes;
}

void bark_answer_refuse(struct bark_loop *loop, struct bark_connection *c, const struct bark_refusal *refusal,
                        const struct bark_error *error)
{
    c->closing = true;
    c->refused = true;
    reply_send(loop, c, refusal_make(loop, c, refusal, error));
}

void bark_answer_abandon(struct bark_loop *loop, struct bark_connection *c, const char *rule)
{
    struct bark_slice bytes =
        refusal_make(loop, c, &(struct bark_refusal){ .status = 503, .rule = rule }, NULL);
    size_t n = 0;
    assert(c->state == BARK_CONNECTION_WORK);
    (void)c->stream.ops->send(&c->stream, bytes.ptr, bytes.len, &n); /* it either fits or is too late */
    bark_connection_close(loop, c);
}

void bark_answer_continue(struct bark_loop *loop, struct bark_connection *c)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    size_t n = 0;
    if (c->stream.ops->send(&c->stream, text, sizeof text - 1, &n) != BARK_NET_DONE || n != sizeof text - 1)
        bark_connection_close(loop, c); /* a peer that cannot take 25 bytes will not send a body either */
}
