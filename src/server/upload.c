/* server/upload.c - a request whose parts are taken as they come: its envelope is collected, the rest passes.
 *
 *     COLLECT --(envelope complete, its operation streams, the handler ran)--> PASSING
 *        \--(another operation, the envelope is not the first part)--> held in memory, as any other body
 *
 * Between wake-ups the request has its own arena: that of the loop is for others by then. Its size is
 * bark_streaming.arena_bytes, of the same budget as bodies in memory, and taken before a byte is read.
 */
#include "server/loop.h"
#include "soap/receive.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 128 * 1024 };

static const uint64_t NS_PER_MS = 1000u * 1000u;
static const char buffers_full[] = "the buffers of the server, or of this peer, are full";

/* A body of this length is taken; false: the request is refused. */
static bool body_limit(struct bark_loop *loop, struct bark_connection *c, uint64_t max)
{
    struct bark_error err = { 0 };
    if (bark_http_body_limit(&c->reader, max, &err) == BARK_OK)
        return true;
    bark_answer_refuse(loop, c, &(struct bark_refusal){ .status = 413, .rule = err.rule }, &err);
    return false;
}

static struct bark_upload *upload_new(struct bark_loop *loop, struct bark_connection *c,
                                      const struct bark_streaming *streaming)
{
    const size_t own = (sizeof(struct bark_upload) + BARK_ALIGN - 1) / BARK_ALIGN * BARK_ALIGN;
    size_t arena = streaming->arena_bytes ? streaming->arena_bytes : ARENA_BYTES;
    struct bark_upload *u;
    if (arena > loop->limits.arena_bytes)
        arena = (size_t)loop->limits.arena_bytes;
    if (!bark_budget_take(&loop->driver->budget, c->peer, own + arena))
        return NULL;
    u = malloc(own + arena);
    if (!u) {
        bark_budget_give(&loop->driver->budget, c->peer, own + arena);
        return NULL;
    }
    *u = (struct bark_upload){ .size = own + arena };
    bark_arena_init(&u->arena, (uint8_t *)u + own, arena);
    return u;
}

/* [R11] The head alone may say that this caller can call nothing here: then no byte of the body is read. */
static bool caller_judge(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_answer answer;
    if (bark_reply_judge(&answer, loop->driver, c, &loop->arena, &loop->reply) != BARK_CODED_ANSWERED)
        return true;
    c->refused = true;
    bark_answer_send(loop, c, &answer, &loop->reply);
    return false;
}

bool bark_upload_begin(struct bark_loop *loop, struct bark_connection *c)
{
    const struct bark_loop_service *service = &loop->driver->service;
    const struct bark_streaming *streaming = NULL;
    if (service->streamed_max == 0)
        return true;
    if (!c->encoded) /* what is compressed is expanded as a whole */
        streaming = service->streams(service->user, &c->reader, &c->route);
    if (!body_limit(loop, c, streaming ? streaming->body_bytes : loop->limits.body_bytes))
        return false;
    if (!streaming)
        return true;
    c->upload = upload_new(loop, c, streaming);
    if (!c->upload) {
        bark_answer_refuse(loop, c, &(struct bark_refusal){ .status = 503, .rule = buffers_full }, NULL);
        return false;
    }
    if (!caller_judge(loop, c))
        return false;
    c->upload->request = bark_reply_ask(&c->upload->answer, c, &c->upload->arena);
    bark_request_name(loop->driver, c, &c->upload->answer);
    c->upload->request.id = (struct bark_text){ c->upload->answer.id, strlen(c->upload->answer.id) };
    if (c->caller)
        c->upload->answer.user = (struct bark_text){ c->caller->name, strlen(c->caller->name) };
    if (service->uploads->begin(service->user, c->upload))
        return true;
    bark_upload_drop(loop, c);
    return body_limit(loop, c, loop->limits.body_bytes);
}

/* complete: nothing more of the body is to come. */
static void upload_answer(struct bark_loop *loop, struct bark_connection *c, struct bark_out *out,
                          bool complete)
{
    struct bark_answer answer;
    bark_reply_done(&c->upload->answer, &c->upload->request, out);
    answer = c->upload->answer;
    c->refused = !complete;
    if (complete)
        bark_reply_compress(&loop->reply, &answer, loop->driver, &c->reader);
    bark_answer_send(loop, c, &answer, &loop->reply);
}

static void message_answer(struct bark_loop *loop, struct bark_connection *c, bool complete)
{
    const struct bark_loop_service *service = &loop->driver->service;
    struct bark_out out = bark_reply_start(&loop->reply);
    c->upload->soap->answer(c->upload->receive, &out);
    service->uploads->answered(service->user, c->upload, &out);
    upload_answer(loop, c, &out, complete);
}

static bool body_keep(struct bark_loop *loop, struct bark_connection *c, struct bark_slice bytes)
{
    if (bark_buffer_add(loop, c, &c->body, bytes, SIZE_MAX))
        return true;
    bark_answer_refuse(loop, c, &(struct bark_refusal){ .status = 503, .rule = buffers_full }, NULL);
    return false;
}

/* As if it had never been meant to stream: what has come is in the body's buffer, what follows will be. */
static void upload_hold(struct bark_loop *loop, struct bark_connection *c, struct bark_slice rest)
{
    bark_upload_drop(loop, c);
    if (body_limit(loop, c, loop->limits.body_bytes))
        (void)body_keep(loop, c, rest);
}

static void parts_feed(struct bark_loop *loop, struct bark_connection *c, struct bark_slice span)
{
    if (!c->upload->soap->feed(c->upload->receive, span))
        message_answer(loop, c, false);
}

/* The envelope is here: whose is it, and what does the handler say? in: what has come of the parts. */
static void envelope_serve(struct bark_loop *loop, struct bark_connection *c, struct bark_slice in)
{
    struct bark_upload *u = c->upload;
    const struct bark_slice body = { c->body.ptr, c->body.len };
    bark_arena_reset(&loop->arena);
    if (!u->soap->streams(u->receive, body, &loop->arena)) {
        upload_hold(loop, c, in);
    } else if (!u->soap->run(u->receive, body)) {
        message_answer(loop, c, false);
    } else {
        u->passing = true;
        u->mark_ns = loop->now_ns;
        u->mark_bytes = c->reader.offset;
        parts_feed(loop, c, in);
    }
}

void bark_upload_feed(struct bark_loop *loop, struct bark_connection *c, struct bark_slice span)
{
    struct bark_upload *u = c->upload;
    struct bark_slice in = span;
    enum bark_soap_collected got;
    if (u->passing) {
        parts_feed(loop, c, span);
        return;
    }
    got = u->soap->collect(u->receive, &in);
    if (!body_keep(loop, c, (struct bark_slice){ span.ptr, span.len - in.len }))
        return;
    switch (got) {
    case BARK_SOAP_COLLECT_MORE:
        break;
    case BARK_SOAP_COLLECT_ROOT:
        envelope_serve(loop, c, in);
        break;
    case BARK_SOAP_COLLECT_WHOLE:
        upload_hold(loop, c, in);
        break;
    case BARK_SOAP_COLLECT_REFUSED:
        message_answer(loop, c, false);
        break;
    }
}

bool bark_upload_end(struct bark_loop *loop, struct bark_connection *c)
{
    if (!c->upload->passing) {
        bark_upload_drop(loop, c);
        return false;
    }
    c->upload->soap->finish(c->upload->receive);
    message_answer(loop, c, true);
    return true;
}

void bark_upload_abort(struct bark_connection *c, enum bark_code why)
{
    if (c->upload && c->upload->receive)
        c->upload->soap->abort(c->upload->receive, why);
}

void bark_upload_drop(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_upload *u = c->upload;
    if (!u)
        return;
    bark_upload_abort(c, BARK_ERR_IO);
    bark_budget_give(&loop->driver->budget, c->peer, u->size);
    free(u);
    c->upload = NULL;
}

/* The rate is that of the last seconds, not of all: who was fast at first may not stop then. */
bool bark_upload_slow(const struct bark_loop *loop, struct bark_connection *c, uint64_t grace_ns)
{
    struct bark_upload *u = c->upload;
    const uint64_t took = loop->now_ns - u->mark_ns, bytes = c->reader.offset - u->mark_bytes;
    if (took < grace_ns)
        return false;
    if (bytes < took / NS_PER_MS * loop->limits.body_bytes_per_s / 1000u)
        return true;
    u->mark_ns = loop->now_ns;
    u->mark_bytes = c->reader.offset;
    return false;
}
