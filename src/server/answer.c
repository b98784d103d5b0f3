/* server/answer.c - answers on their way out, and the log line of each.
 *
 * An answer's body is written into the loop's reply buffer behind room for a head; the head is put right
 * before it when its length is known, so that both leave in one send(). What the peer does not take at once
 * moves to a buffer of its connection.
 */
#include "server/loop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

static const uint64_t NS_PER_MS = 1000u * 1000u;
static const uint64_t LAST_WORD_NS = 2u * UINT64_C(1000000000);

enum { LOG_METHOD = 32, LOG_PATH = 256 };

/* make_room of the reply: doubles, up to limits.reply_bytes behind the room for the head. */
static bool reply_grow(struct bark_out *o, size_t need)
{
    struct bark_loop *loop = o->user;
    size_t max = BARK_LOOP_HEAD_ROOM + (size_t)loop->limits.reply_bytes;
    size_t cap = loop->reply.cap > max / 2 ? max : loop->reply.cap * 2;
    uint8_t *grown;
    if (need > max - o->pos)
        return false;
    if (cap < o->pos + need)
        cap = o->pos + need;
    grown = realloc(loop->reply.ptr, cap);
    if (!grown)
        return false;
    loop->reply.ptr = grown;
    loop->reply.cap = cap;
    o->base = grown;
    o->cap = cap;
    return true;
}

/* The buffer may be larger than the limit, which then is what counts. */
static struct bark_out reply_start(struct bark_loop *loop)
{
    const size_t max = BARK_LOOP_HEAD_ROOM + (size_t)loop->limits.reply_bytes;
    return (struct bark_out){ .base = loop->reply.ptr,
                              .pos = BARK_LOOP_HEAD_ROOM,
                              .cap = loop->reply.cap < max ? loop->reply.cap : max,
                              .make_room = reply_grow,
                              .user = loop };
}

/* Head and body as one piece of the reply buffer; a head that cannot be written becomes a bare 500. */
static struct bark_slice reply_frame(struct bark_loop *loop, struct bark_http_answer *answer, size_t body_len)
{
    uint8_t head[BARK_LOOP_HEAD_ROOM];
    struct bark_out o;
    answer->content_length = body_len;
    bark_out_init(&o, head, sizeof head);
    bark_http_answer_write(&o, answer);
    if (!bark_out_ok(&o)) {
        body_len = 0;
        *answer =
            (struct bark_http_answer){ .status = 500, .now_ns = answer->now_ns, .close = answer->close };
        bark_out_init(&o, head, sizeof head);
        bark_http_answer_write(&o, answer);
    }
    memcpy(loop->reply.ptr + (BARK_LOOP_HEAD_ROOM - o.pos), head, o.pos);
    return (struct bark_slice){ loop->reply.ptr + (BARK_LOOP_HEAD_ROOM - o.pos), o.pos + body_len };
}

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

static void request_log(struct bark_loop *loop, const struct bark_connection *c, unsigned status,
                        struct bark_text operation, const struct bark_error *error, uint64_t wall_ns,
                        size_t bytes_out)
{
    uint64_t number = 1 + atomic_fetch_add_explicit(&loop->driver->request_count, 1, memory_order_relaxed);
    char method[LOG_METHOD], path[LOG_PATH];
    struct bark_request_log entry = {
        .request = number,
        .now_ns = wall_ns,
        .peer = { c->peer_text, strlen(c->peer_text) },
        .method = text_copy(method, sizeof method, c->reader.message.method),
        .path = text_copy(path, sizeof path, c->reader.message.path),
        .operation = operation,
        .status = status,
        .bytes_in = c->reader.offset,
        .bytes_out = bytes_out,
        .arena_peak = loop->arena.peak,
        .error = error,
    };
    uint64_t now_ns = bark_net_monotonic_ns();
    entry.duration_ns = c->request_ns && now_ns > c->request_ns ? now_ns - c->request_ns : 0;
    bark_driver_log(loop->driver, &entry);
}

void bark_answer_serve(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_error error = { 0 };
    struct bark_text operation = { "", 0 };
    struct bark_http_answer answer = { .status = 500, .now_ns = bark_net_wall_ns() };
    struct bark_out out = reply_start(loop);
    struct bark_loop_request request = { .reader = &c->reader,
                                         .body = c->body_span.len
                                                     ? c->body_span
                                                     : (struct bark_slice){ c->body.ptr, c->body.len },
                                         .peer = { c->peer_text, strlen(c->peer_text) },
                                         .wall_ns = answer.now_ns,
                                         .arena = &loop->arena,
                                         .answer = &answer,
                                         .operation = &operation,
                                         .error = &error };
    struct bark_slice bytes;
    c->requests++;
    c->closing = !c->reader.message.keep_alive || c->requests >= loop->limits.requests_per_connection ||
                 loop->stopping;
    answer.close = c->closing;
    bark_arena_reset(&loop->arena);
    loop->driver->service.serve(loop->driver->service.user, &request, &out);
    if (!bark_out_ok(&out))
        answer = (struct bark_http_answer){ .status = 500, .now_ns = answer.now_ns, .close = answer.close };
    bytes = reply_frame(loop, &answer, bark_out_ok(&out) ? out.pos - BARK_LOOP_HEAD_ROOM : 0);
    if (loop->driver->log)
        request_log(loop, c, answer.status, operation, error.code ? &error : NULL, answer.now_ns, bytes.len);
    reply_send(loop, c, bytes);
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

void bark_answer_refuse(struct bark_loop *loop, struct bark_connection *c, const struct bark_refusal *refusal,
                        const struct bark_error *error)
{
    struct bark_error own = { 0 };
    struct bark_out out = reply_start(loop);
    struct bark_http_answer answer = { .status = refusal->status,
                                       .content_type = "text/plain; charset=utf-8",
                                       .allow = refusal->allow,
                                       .retry_after_s = refusal->status == 503 ? 1 : 0,
                                       .now_ns = bark_net_wall_ns(),
                                       .close = true };
    struct bark_slice bytes;
    c->closing = true;
    c->refused = true;
    refusal_write(&out, refusal, error);
    bytes = reply_frame(loop, &answer, out.pos - BARK_LOOP_HEAD_ROOM);
    if (!error) {
        (void)bark_fail(&own, BARK_ERR_HTTP, (size_t)c->reader.offset, refusal->rule);
        error = &own;
    }
    loop->arena.peak = 0; /* of the request before */
    if (loop->driver->log)
        request_log(loop, c, answer.status, (struct bark_text){ "", 0 }, error, answer.now_ns, bytes.len);
    reply_send(loop, c, bytes);
}

void bark_answer_continue(struct bark_loop *loop, struct bark_connection *c)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    size_t n = 0;
    if (c->stream.ops->send(&c->stream, text, sizeof text - 1, &n) != BARK_NET_DONE || n != sizeof text - 1)
        bark_connection_close(loop, c); /* a peer that cannot take 25 bytes will not send a body either */
}
