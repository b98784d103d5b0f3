/* server/expand.c - bodies and answers in a content coding, when the server has one.
 *
 * A body is expanded when all of it has come, and only for who may call something here: wrong credentials,
 * and none where every operation wants some, are answered first [R11]. It goes into a buffer of the same
 * budget, by limits that are known before the first byte: so a bomb costs what any other body may cost (row
 * 24). An answer is compressed when
 * the peer accepts it and the server was told to.
 */
#include "server/loop.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = BARK_HTTP_CODING_PIECE };
static const char buffers_full[] = "the buffers of the server, or of this peer, are full";

/* What a compressed body expands to gathers in a buffer like any other, of the same budget. */
struct expansion {
    struct bark_loop *loop;
    struct bark_connection *connection;
    struct bark_buffer buffer;
    size_t max;
    bool over; /* the limit was reached, not the budget of the buffers */
};

static bool expansion_flush(struct bark_out *o, size_t need)
{
    struct expansion *e = o->user;
    e->over = o->pos > e->max - e->buffer.len;
    if (e->over ||
        !bark_buffer_add(e->loop, e->connection, &e->buffer, (struct bark_slice){ o->base, o->pos }, e->max))
        return false;
    o->pos = 0;
    return need <= o->cap;
}

/* Puts the expanded body in the place of the compressed one; false: the request was refused. */
static bool body_expand(struct bark_loop *loop, struct bark_connection *c)
{
    const struct bark_slice in =
        c->body_span.len ? c->body_span : (struct bark_slice){ c->body.ptr, c->body.len };
    struct expansion e = { .loop = loop,
                           .connection = c,
                           .max = bark_http_expansion_max(&loop->limits, in.len) };
    struct bark_error err = { 0 };
    uint8_t piece[PIECE];
    struct bark_out out;
    unsigned status = 400;
    bark_out_init(&out, piece, sizeof piece);
    out.make_room = expansion_flush;
    out.user = &e;
    enum bark_code code = loop->driver->coding->decode(in, &out, &err);
    if (code == BARK_OK && !expansion_flush(&out, 0))
        code = bark_fail(&err, BARK_ERR_LIMIT, in.len,
                         "[SECURITY row 24] the body expands to more than its limit");
    if (code == BARK_OK) {
        bark_buffer_drop(loop, c, &c->body);
        c->body = e.buffer;
        c->body_span = (struct bark_slice){ 0 };
        return true;
    }
    bark_buffer_drop(loop, c, &e.buffer);
    if (code == BARK_ERR_LIMIT)
        status = e.over ? 413 : 503;
    else if (code == BARK_ERR_MEMORY)
        status = 503;
    bark_answer_refuse(
        loop, c, &(struct bark_refusal){ .status = status, .rule = status == 503 ? buffers_full : err.rule },
        &err);
    return false;
}

bool bark_body_expand(struct bark_loop *loop, struct bark_connection *c)
{
    struct bark_answer answer;
    switch (bark_reply_judge(&answer, loop->driver, c, &loop->arena, &loop->reply)) {
    case BARK_CODED_EXPAND:
        return body_expand(loop, c);
    case BARK_CODED_LEAVE:
        return true;
    case BARK_CODED_ANSWERED:
        bark_answer_send(loop, c, &answer, &loop->reply);
        return false;
    }
    return false;
}

/* The packed answer takes the place of the reply buffer. */
void bark_reply_compress(struct bark_reply *r, struct bark_answer *answer, const struct bark_driver *driver,
                         const struct bark_http_reader *request)
{
    const struct bark_http_coding *coding = driver->coding;
    const size_t cap = BARK_LOOP_HEAD_ROOM + answer->body_len;
    struct bark_out out;
    uint8_t *packed;
    if (!coding || !driver->compress_bytes || answer->body_len < driver->compress_bytes ||
        answer->head_only || answer->download || answer->http.content_encoding ||
        !bark_http_accepts_coding(request, coding->name))
        return;
    packed = malloc(cap);
    if (!packed)
        return; /* as it is, then */
    bark_out_init(&out, packed, cap);
    out.pos = BARK_LOOP_HEAD_ROOM;
    if (!coding->encode((struct bark_slice){ r->ptr + BARK_LOOP_HEAD_ROOM, answer->body_len }, &out) ||
        out.pos >= cap) {
        free(packed);
        return;
    }
    free(r->ptr);
    r->ptr = packed;
    r->cap = cap;
    answer->body_len = out.pos - BARK_LOOP_HEAD_ROOM;
    answer->http.content_encoding = coding->name;
}
