/* server/connection.c - one connection: from readable bytes to complete requests, and its deadlines.
 *
 * A connection inside a request has a head buffer, and a body buffer once the body does not fit into one
 * reading; between requests it has neither. Input is read into the loop's one buffer, so a peer that sends
 * without end fills nothing of ours.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include "base/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static const uint64_t NS_PER_MS = 1000u * 1000u;
static const uint64_t NS_PER_S = 1000u * 1000u * 1000u;
static const uint64_t LINGER_NS = 2u * UINT64_C(1000000000);
static const uint64_t LINGER_BYTES = 64u * 1024u * 1024u;
enum { PIECES_A_TURN = 16 };
static const char buffers_full[] = "the buffers of the server, or of this peer, are full";

void bark_connection_deadline(struct bark_loop *loop, struct bark_connection *c, uint64_t deadline_ns)
{
    c->deadline_ns = deadline_ns;
    if (deadline_ns < loop->due_ns)
        loop->due_ns = deadline_ns;
}

static uint64_t after_ms(const struct bark_loop *loop, uint32_t ms)
{
    return loop->now_ns + ms * NS_PER_MS;
}

static uint32_t index_of(const struct bark_loop *loop, const struct bark_connection *c)
{
    return (uint32_t)(c - loop->table);
}

void bark_connection_interest(struct bark_loop *loop, struct bark_connection *c, uint32_t events)
{
    if (c->events == events)
        return;
    c->events = events;
    if (!bark_loop_watch(loop, EPOLL_CTL_MOD, c->stream.fd, events, BARK_TAG_CONNECTION, index_of(loop, c)))
        bark_connection_close(loop, c);
}

void bark_connection_open(struct bark_loop *loop, struct bark_connection *c, int fd)
{
    c->stream = (struct bark_net_stream){ .ops = &bark_net_plain, .fd = fd };
    c->state = BARK_CONNECTION_READ;
    c->events = EPOLLIN;
    (void)bark_net_address_text(&c->address, c->peer_text);
    loop->open_count++;
    if (!bark_loop_watch(loop, EPOLL_CTL_ADD, fd, c->events, BARK_TAG_CONNECTION, index_of(loop, c))) {
        bark_connection_close(loop, c);
        return;
    }
    bark_connection_deadline(loop, c, after_ms(loop, loop->limits.head_ms));
    if (!c->listener->tls)
        return;
    if (c->listener->tls->attach(c->listener->tls, &c->stream, NULL, 0, NULL) == BARK_OK)
        c->handshaking = true;
    else
        bark_connection_close(loop, c);
}

/* What a stream waits for is not always what the state of its connection suggests: TLS may have to write
 * before it can read, and the other way round. */
static void stream_wait(struct bark_loop *loop, struct bark_connection *c, enum bark_net_result want)
{
    bark_connection_interest(loop, c, want == BARK_NET_WANT_WRITE ? EPOLLOUT : EPOLLIN);
}

/* Who the client has proved to be, for as long as the connection lasts. False when there is no memory for it.
 */
static bool identity_take(struct bark_connection *c)
{
    struct bark_net_identity identity;
    if (!c->stream.ops->identity(&c->stream, &identity))
        return true;
    c->identity = malloc(sizeof identity);
    if (c->identity)
        *c->identity = identity;
    return c->identity != NULL;
}

/* True when TLS is ready, and there may be something to read. The deadline of the head, which began with the
 * connection, is the handshake's too. */
static bool handshake_step(struct bark_loop *loop, struct bark_connection *c)
{
    const enum bark_net_result result = c->stream.ops->handshake(&c->stream);
    switch (result) {
    case BARK_NET_DONE:
        c->handshaking = false;
        if (!identity_take(c)) {
            bark_connection_close(loop, c);
            return false;
        }
        bark_connection_interest(loop, c, EPOLLIN);
        return c->state == BARK_CONNECTION_READ;
    case BARK_NET_WANT_READ:
    case BARK_NET_WANT_WRITE:
        stream_wait(loop, c, result);
        return false;
    case BARK_NET_END:
    case BARK_NET_FAILED:
        bark_answer_handshake_failed(loop, c);
        bark_connection_close(loop, c);
        return false;
    }
    return false;
}

/* Gives back what belongs to the request that ended. */
static void request_release(struct bark_loop *loop, struct bark_connection *c)
{
    bark_download_drop(c->download, BARK_ERR_IO);
    c->download = NULL;
    bark_upload_drop(loop, c);
    bark_buffer_drop(loop, c, &c->body);
    free(c->caller);
    c->caller = NULL;
    c->body_span = (struct bark_slice){ 0 };
    c->body_ns = 0;
    c->headed = false;
    if (c->reader.head)
        loop->heads[loop->heads_free++] = c->reader.head;
    c->reader = (struct bark_http_reader){ 0 };
}

void bark_connection_close(struct bark_loop *loop, struct bark_connection *c)
{
    uint32_t index = index_of(loop, c);
    bool spare = index >= loop->share;
    uint32_t *first = spare ? &loop->spare_first : &loop->free_first;
    assert(c->state != BARK_CONNECTION_FREE);
    if (c->state != BARK_CONNECTION_GONE)
        c->stream.ops->close(&c->stream);
    if (c->state == BARK_CONNECTION_WORK) {
        c->state = BARK_CONNECTION_GONE; /* the slot stays until the handler has returned */
        c->deadline_ns = UINT64_MAX;
        return;
    }
    free(c->identity); /* not before: a worker may look at it */
    c->identity = NULL;
    request_release(loop, c);
    bark_buffer_drop(loop, c, &c->out);
    bark_buffer_drop(loop, c, &c->held);
    c->state = BARK_CONNECTION_FREE;
    c->next_free = *first;
    *first = index;
    loop->open_count--;
    if (c->peer)
        bark_peers_leave(&loop->driver->peers, c->peer);
    c->peer = NULL;
    if (!spare)
        atomic_fetch_sub(&loop->used, 1); /* last: from here on the slot can be promised again */
}

/* The first byte of a request has come. A head buffer is always free: there is one for each slot. */
static void request_begin(struct bark_loop *loop, struct bark_connection *c)
{
    assert(loop->heads_free > 0);
    bark_http_reader_init(&c->reader, BARK_HTTP_REQUEST, &loop->limits, loop->heads[--loop->heads_free],
                          loop->limits.http_head_bytes);
    if (loop->driver->service.streamed_max > c->reader.body_max)
        c->reader.body_max = loop->driver->service.streamed_max; /* until its head is complete */
    c->request_ns = loop->now_ns;
    bark_connection_deadline(loop, c, after_ms(loop, loop->limits.head_ms));
}

/* When the whole request has to be here. Parts that pass have their rate instead: how long they may take
 * follows from bark_streaming.body_bytes and limits.body_bytes_per_s. */
static uint64_t whole_ns(const struct bark_loop *loop, const struct bark_connection *c)
{
    if (c->upload && c->upload->passing)
        return UINT64_MAX;
    return c->request_ns + loop->limits.request_ms * NS_PER_MS;
}

/* When a body under way must be looked at next: its rate is due, or the whole request is. */
static void body_deadline(struct bark_loop *loop, struct bark_connection *c)
{
    uint64_t whole = whole_ns(loop, c);
    uint64_t grace = c->body_ns + BARK_LOOP_RATE_NS;
    uint64_t next = loop->now_ns + NS_PER_S;
    if (next < grace)
        next = grace;
    bark_connection_deadline(loop, c, next < whole ? next : whole);
}

/* [RFC9110 15.5.16] A body in a coding that nobody here undoes, and which ones would do. */
static void coding_judge(const struct bark_driver *d, struct bark_connection *c, struct bark_refusal *refusal)
{
    if (!refusal->status && !bark_http_content_coding(&c->reader, d->coding, &c->encoded))
        *refusal = (struct bark_refusal){
            .status = 415,
            .accept_encoding = d->coding ? d->coding->name : "identity",
            .rule = "[RFC9110 8.4] the body has a Content-Encoding that is not taken here"
        };
}

static void head_complete(struct bark_loop *loop, struct bark_connection *c, size_t input_left)
{
    struct bark_refusal refusal = { 0 };
    c->headed = true;
    c->route = (struct bark_route){ .group = loop->driver->service.group_count };
    loop->driver->service.admit(loop->driver->service.user, &c->reader, &c->route, &refusal);
    coding_judge(loop->driver, c, &refusal);
    if (refusal.status) {
        bark_answer_refuse(loop, c, &refusal, NULL);
        return;
    }
    c->body_ns = loop->now_ns;
    if (!bark_upload_begin(loop, c))
        return;
    body_deadline(loop, c);
    if (c->reader.message.expect_continue && input_left == 0)
        bark_answer_continue(loop, c);
}

/* A body that lies in the input as a whole is served from there; else its pieces are collected. */
static void body_add(struct bark_loop *loop, struct bark_connection *c, struct bark_slice span)
{
    const struct bark_http_message *m = &c->reader.message;
    if (c->upload) {
        bark_upload_feed(loop, c, span);
        return;
    }
    if (m->has_content_length && m->content_length == span.len) {
        c->body_span = span;
        return;
    }
    if (!bark_buffer_add(loop, c, &c->body, span, (size_t)loop->limits.body_bytes))
        bark_answer_refuse(loop, c, &(struct bark_refusal){ .status = 503, .rule = buffers_full }, NULL);
}

static void work_begin(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_refusal full = { .status = 503, .rule = "the queue of slow requests is full" };
    const struct bark_slice span = c->body_span;
    c->body_span = (struct bark_slice){ 0 };
    if (!bark_buffer_add(loop, c, &c->body, span, (size_t)loop->limits.body_bytes)) {
        full.rule = buffers_full;
        bark_answer_refuse(loop, c, &full, NULL);
        return;
    }
    bark_connection_interest(loop, c, 0);
    if (c->state == BARK_CONNECTION_FREE)
        return;
    if (!bark_workers_give(&loop->driver->workers, loop, c)) {
        bark_answer_refuse(loop, c, &full, NULL);
        if (c->state == BARK_CONNECTION_LINGER)
            bark_connection_interest(loop, c, EPOLLIN);
        return;
    }
    c->state = BARK_CONNECTION_WORK;
    bark_connection_deadline(loop, c, c->request_ns + loop->limits.request_ms * NS_PER_MS);
}

/* A complete request: served here, or by a worker. */
static void request_complete(struct bark_loop *loop, struct bark_connection *c)
{
    const struct bark_driver *d = loop->driver;
    struct bark_slice body;
    bool slow = false;
    if (c->upload && bark_upload_end(loop, c))
        return;
    if (c->encoded && !bark_body_expand(loop, c))
        return;
    body = c->body_span.len ? c->body_span : (struct bark_slice){ c->body.ptr, c->body.len };
    if (d->workers.count > 0 && d->service.slow) {
        bark_arena_reset(&loop->arena);
        slow = d->service.slow(d->service.user, &c->reader, &c->route, body, &loop->arena);
    }
    if (slow)
        work_begin(loop, c);
    else
        bark_answer_serve(loop, c);
}

/* Everything that the input holds, or as much as can be answered now: what stays behind an answer that the
 * peer has not taken is held until it has. */
static void input_process(struct bark_loop *loop, struct bark_connection *c, struct bark_slice in)
{
    struct bark_error *const err = &loop->err; /* filled by a refusal, which ends the loop */
    bark_error_clear(err);
    while (c->state == BARK_CONNECTION_READ) {
        struct bark_slice span;
        if (!c->reader.head) {
            if (in.len == 0)
                break;
            request_begin(loop, c);
        }
        switch (bark_http_read(&c->reader, &in, &span, err)) {
        case BARK_HTTP_MORE:
            return;
        case BARK_HTTP_HEAD:
            head_complete(loop, c, in.len);
            break;
        case BARK_HTTP_BODY:
            body_add(loop, c, span);
            break;
        case BARK_HTTP_END:
            request_complete(loop, c);
            break;
        case BARK_HTTP_REFUSED:
            bark_upload_abort(c, err->code);
            bark_answer_refuse(loop, c,
                               &(struct bark_refusal){ .status = c->reader.status, .rule = err->rule }, err);
            break;
        }
    }
    if ((c->state == BARK_CONNECTION_WRITE || c->state == BARK_CONNECTION_WORK) && in.len > 0 &&
        !c->closing && !bark_buffer_add(loop, c, &c->held, in, BARK_LOOP_INPUT))
        bark_connection_close(loop, c);
}

void bark_connection_answered(struct bark_loop *loop, struct bark_connection *c)
{
    if (c->closing && (!c->refused || c->ended)) {
        bark_connection_close(loop, c);
        return;
    }
    request_release(loop, c);
    if (c->refused) {
        /* [RFC9112 9.6] closing a socket with unread input resets it, and the peer may lose the answer. */
        c->stream.ops->end(&c->stream);
        c->state = BARK_CONNECTION_LINGER;
        bark_connection_deadline(loop, c, loop->now_ns + LINGER_NS);
        return;
    }
    c->state = BARK_CONNECTION_READ;
    bark_connection_deadline(loop, c, after_ms(loop, loop->limits.request_ms)); /* idle as long as that */
}

static void linger_read(struct bark_loop *loop, struct bark_connection *c)
{
    size_t n;
    const enum bark_net_result result = c->stream.ops->recv(&c->stream, loop->input, BARK_LOOP_INPUT, &n);
    switch (result) {
    case BARK_NET_DONE:
        c->lingered += n;
        if (c->lingered > LINGER_BYTES)
            bark_connection_close(loop, c);
        return;
    case BARK_NET_WANT_READ:
    case BARK_NET_WANT_WRITE:
        stream_wait(loop, c, result);
        return;
    case BARK_NET_END:
    case BARK_NET_FAILED:
        bark_connection_close(loop, c);
        return;
    }
}

/* The peer has closed its side: in order between requests, else the request is refused (and the peer, which
 * may still read, is told so). */
static void peer_ended(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_error err = { 0 };
    c->ended = true;
    if (!c->reader.head || bark_http_read_close(&c->reader, &err) == BARK_OK) {
        bark_connection_close(loop, c);
        return;
    }
    bark_answer_refuse(loop, c, &(struct bark_refusal){ .status = 400, .rule = err.rule }, &err);
}

void bark_connection_readable(struct bark_loop *loop, struct bark_connection *c)
{
    enum bark_net_result result;
    size_t n;
    if (c->state == BARK_CONNECTION_LINGER) {
        linger_read(loop, c);
        return;
    }
    if (c->handshaking && !handshake_step(loop, c))
        return;
    result = c->stream.ops->recv(&c->stream, loop->input, BARK_LOOP_INPUT, &n);
    switch (result) {
    case BARK_NET_DONE:
        input_process(loop, c, (struct bark_slice){ loop->input, n });
        return;
    case BARK_NET_WANT_READ:
    case BARK_NET_WANT_WRITE:
        stream_wait(loop, c, result);
        return;
    case BARK_NET_END:
        peer_ended(loop, c);
        return;
    case BARK_NET_FAILED:
        bark_connection_close(loop, c);
        return;
    }
}

void bark_connection_resume(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_slice held;
    if (c->state == BARK_CONNECTION_READ || c->state == BARK_CONNECTION_LINGER)
        bark_connection_interest(loop, c, EPOLLIN);
    if (c->state != BARK_CONNECTION_READ || c->held.len == 0)
        return;
    /* Copied to the input buffer, where it would lie had it come only now. */
    held = (struct bark_slice){ loop->input, c->held.len };
    memcpy(loop->input, c->held.ptr, c->held.len);
    bark_buffer_drop(loop, c, &c->held);
    input_process(loop, c, held);
}

/* Pieces of a download, as many as the peer takes now; after a few of them others get their turn. */
static void download_send(struct bark_loop *loop, struct bark_connection *c)
{
    for (unsigned i = 0; i < PIECES_A_TURN; i++) {
        enum bark_code code;
        struct bark_slice bytes = bark_download_next(c->download, &loop->reply, &code);
        enum bark_net_result result = BARK_NET_DONE;
        if (code == BARK_OK) {
            bark_connection_answered(loop, c);
            bark_connection_resume(loop, c);
            return;
        }
        if (code != BARK_MORE) { /* the answer ends before its end, which its peer can see */
            bark_connection_close(loop, c);
            return;
        }
        while (bytes.len > 0 && result == BARK_NET_DONE) {
            size_t n = 0;
            result = c->stream.ops->send(&c->stream, bytes.ptr, bytes.len, &n);
            n = result == BARK_NET_DONE ? n : 0;
            bytes.ptr += n;
            bytes.len -= n;
            c->download->sent += n;
        }
        if (result == BARK_NET_DONE)
            continue;
        if ((result != BARK_NET_WANT_READ && result != BARK_NET_WANT_WRITE) ||
            !bark_buffer_add(loop, c, &c->out, bytes, SIZE_MAX))
            bark_connection_close(loop, c);
        else
            stream_wait(loop, c, result);
        return;
    }
    bark_connection_interest(loop, c, EPOLLOUT);
}

void bark_connection_writable(struct bark_loop *loop, struct bark_connection *c)
{
    size_t n = 0;
    enum bark_net_result result;
    if (c->download && c->out.len == 0) {
        download_send(loop, c);
        return;
    }
    result = c->stream.ops->send(&c->stream, c->out.ptr + c->out_sent, c->out.len - c->out_sent, &n);
    if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE) {
        stream_wait(loop, c, result);
        return;
    }
    if (result != BARK_NET_DONE) {
        bark_connection_close(loop, c);
        return;
    }
    c->out_sent += n;
    if (c->download)
        c->download->sent += n;
    if (c->out_sent < c->out.len)
        return;
    bark_buffer_drop(loop, c, &c->out);
    c->out_sent = 0;
    if (c->download) {
        download_send(loop, c);
        return;
    }
    bark_connection_answered(loop, c);
    bark_connection_resume(loop, c);
}

/* Has the body come at its minimum rate, once the grace is over? */
static bool body_is_slow(const struct bark_loop *loop, struct bark_connection *c)
{
    uint64_t took = loop->now_ns - c->body_ns;
    if (c->upload && c->upload->passing)
        return bark_upload_slow(loop, c, BARK_LOOP_RATE_NS);
    uint64_t bytes = c->reader.offset; /* the head counts in the peer's favour: it is bounded */
    return took >= BARK_LOOP_RATE_NS && bytes < took / NS_PER_MS * loop->limits.body_bytes_per_s / 1000u;
}

void bark_connection_late(struct bark_loop *loop, struct bark_connection *c)
{
    uint64_t whole = whole_ns(loop, c);
    if (c->state == BARK_CONNECTION_WORK) {
        bark_answer_abandon(loop, c, "limits.request_ms");
        return;
    }
    if (c->state == BARK_CONNECTION_WRITE && c->download) {
        if (!bark_download_slow(c->download, loop)) {
            bark_connection_deadline(loop, c, loop->now_ns + BARK_LOOP_RATE_NS);
            return;
        }
        bark_download_drop(c->download, BARK_ERR_TIMEOUT);
        c->download = NULL;
    }
    if (c->state != BARK_CONNECTION_READ || !c->reader.head) {
        bark_connection_close(loop, c);
        return;
    }
    if (c->body_ns && loop->now_ns < whole && !body_is_slow(loop, c)) {
        body_deadline(loop, c);
        return;
    }
    bark_upload_abort(c, BARK_ERR_TIMEOUT);
    bark_answer_refuse(loop, c,
                       &(struct bark_refusal){ .status = 408,
                                               .rule = !c->body_ns             ? "limits.head_ms"
                                                       : loop->now_ns >= whole ? "limits.request_ms"
                                                                               : "limits.body_bytes_per_s" },
                       NULL);
}
