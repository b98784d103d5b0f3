/* server/answer.c - answers on their way out, and the log line of each.
 *
 * Head and body leave a reply buffer in one send(). What the peer does not take at once moves to a buffer of
 * its connection.
 */
#include "server/loop.h"

#include <assert.h>
#include <stdio.h>
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
    if (bytes.len == 0 && !c->download) {
        bark_connection_answered(loop, c);
        return;
    }
    if (bytes.len > 0 && !bark_buffer_add(loop, c, &c->out, bytes, SIZE_MAX)) {
        bark_connection_close(loop, c);
        return;
    }
    c->state = BARK_CONNECTION_WRITE;
    if (c->download)
        bark_connection_deadline(loop, c, loop->now_ns + BARK_LOOP_RATE_NS);
    else
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

/* What happened, by what was answered. Only who sent credentials has failed to log in. */
static enum bark_log_event event_of(const struct bark_connection *c, const struct bark_answer *answer)
{
    struct bark_slice credentials;
    switch (answer->http.status) {
    case 0:
        return BARK_LOG_HANDSHAKE_FAILED;
    case 401:
        return bark_http_field(&c->reader, "Authorization", &credentials) > 0 && answer->user.len == 0
                   ? BARK_LOG_LOGIN_FAILED
                   : BARK_LOG_DENIED;
    case 403:
        return BARK_LOG_DENIED;
    case 408:
        return BARK_LOG_LATE;
    case 429:
        return BARK_LOG_LOCKED_OUT;
    case 503:
        return BARK_LOG_SHED;
    default:
        break;
    }
    if (answer->framing)
        return BARK_LOG_FRAMING_REFUSED;
    if (answer->error.code == BARK_OK)
        return BARK_LOG_REQUEST;
    return c->refused ? BARK_LOG_REFUSED : BARK_LOG_MESSAGE_REFUSED;
}

static void request_log(struct bark_loop *loop, const struct bark_connection *c,
                        const struct bark_answer *answer, uint64_t bytes_out)
{
    const uint32_t group = c->headed ? c->route.group : loop->driver->service.group_count;
    const uint64_t now_ns = bark_net_monotonic_ns();
    char method[LOG_METHOD], path[LOG_PATH];
    struct bark_request_log entry = {
        .event = event_of(c, answer),
        .request = answer->number,
        .secure = c->listener->tls != NULL,
        .now_ns = answer->http.now_ns,
        .operation = answer->operation,
        .user = answer->user,
        .status = answer->http.status,
        .bytes_in = c->reader.offset,
        .bytes_out = bytes_out,
        .arena_peak = answer->arena_peak,
        .duration_ns = c->request_ns && now_ns > c->request_ns ? now_ns - c->request_ns : 0,
        .error = answer->error.code ? &answer->error : NULL,
    };
    uint64_t due_ns;
    bark_metrics_request(&loop->metrics, &entry, group, answer->fault);
    if (!loop->driver->log)
        return;
    entry.id = (struct bark_text){ answer->id, strlen(answer->id) };
    entry.peer = (struct bark_text){ c->peer_text, strlen(c->peer_text) };
    entry.method = text_copy(method, sizeof method, c->reader.message.method);
    entry.path = text_copy(path, sizeof path, c->reader.message.path);
    due_ns = bark_event_log(loop->driver, &entry, now_ns);
    if (due_ns && (!loop->log_ns || due_ns < loop->log_ns))
        loop->log_ns = due_ns;
    if (loop->log_ns && loop->log_ns < loop->due_ns)
        loop->due_ns = loop->log_ns;
}

void bark_answer_send(struct bark_loop *loop, struct bark_connection *c, struct bark_answer *answer,
                      struct bark_reply *reply)
{
    struct bark_slice bytes;
    c->requests++;
    c->closing = !c->reader.message.keep_alive || c->requests >= loop->limits.requests_per_connection ||
                 loop->stopping || c->refused;
    answer->http.close = c->closing;
    answer->http.server = loop->driver->server_name;
    if (!answer->number)
        bark_request_name(loop->driver, c, answer);
    else if (answer->id[0])
        answer->http.request_id = answer->id; /* it may be another head by now */
    if (answer->download) {
        bark_download_begin(answer->download, answer, &c->reader.message, loop->now_ns);
        answer->http.close = c->closing = c->closing || answer->http.until_close;
    }
    bytes = bark_reply_frame(reply, answer);
    c->download = answer->download;
    answer->download = NULL;
    request_log(loop, c, answer,
                bytes.len +
                    (c->download && c->download->length != BARK_LENGTH_UNKNOWN ? c->download->length : 0));
    reply_send(loop, c, bytes);
}

void bark_answer_serve(struct bark_loop *loop, struct bark_connection *c)
{
    bark_reply_make(&loop->answer, loop->driver, c, &loop->arena, &loop->reply);
    bark_reply_compress(&loop->reply, &loop->answer, loop->driver, &c->reader);
    bark_answer_send(loop, c, &loop->answer, &loop->reply);
}

void bark_answer_deliver(struct bark_loop *loop, struct bark_worker *worker)
{
    struct bark_connection *c = worker->connection;
    if (c->state == BARK_CONNECTION_GONE) {
        bark_download_drop(worker->answer.download, BARK_ERR_IO);
        worker->answer.download = NULL;
        bark_connection_close(loop, c); /* its end was logged when it came */
    } else {
        c->state = BARK_CONNECTION_READ; /* no longer the worker's */
        bark_answer_send(loop, c, &worker->answer, &worker->reply);
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
    none.number = 1 + atomic_fetch_add_explicit(&loop->driver->request_count, 1, memory_order_relaxed);
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
                                            .accept_encoding = refusal->accept_encoding,
                                            .retry_after_s = refusal->status == 503 ? 1 : 0,
                                            .server = loop->driver->server_name,
                                            .now_ns = bark_net_wall_ns(),
                                            .close = true },
                                  .operation = { "", 0 },
                                  .user = { "", 0 } };
    struct bark_slice bytes;
    refusal_write(&out, refusal, error);
    answer.body_len = out.pos - BARK_LOOP_HEAD_ROOM;
    answer.framing = error != NULL;
    if (error)
        answer.error = *error;
    else
        (void)bark_fail(&answer.error, BARK_ERR_HTTP, (size_t)c->reader.offset, refusal->rule);
    if (c->upload && c->upload->answer.number) { /* what its handler was told */
        answer.number = c->upload->answer.number;
        memcpy(answer.id, c->upload->answer.id, sizeof answer.id);
        answer.http.request_id = answer.id[0] ? answer.id : NULL;
    } else {
        bark_request_name(loop->driver, c, &answer);
    }
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
