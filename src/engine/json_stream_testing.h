/* engine/json_stream_testing.h - one JSON text decoded twice, as a whole and through a window: everything
 * that a caller can see must be the same.
 */
#ifndef BARK_ENGINE_JSON_STREAM_TESTING_H
#define BARK_ENGINE_JSON_STREAM_TESTING_H

#include "engine/stream_testing.h"
#include "soapbark/json_stream.h"

static inline void json_outcome_write(const struct twice *t, struct bark_arena *a, const void *msg,
                                      uint8_t *text, struct outcome *o)
{
    struct bark_out out;
    struct bark_error err;
    bark_out_init(&out, text, t->text_room);
    o->encoded =
        bark_encode_json(t->image, o->root, msg, BARK_JSON_COMPACT, t->limits, a, &out, &err) == BARK_OK;
    if (!o->encoded)
        bark_out_text(&out, err.rule ? err.rule : "refused");
    o->len = out.pos;
}

static inline void json_decode_whole(const struct twice *t, struct bark_slice in, struct outcome *o)
{
    struct bark_arena a;
    void *msg;
    *o = (struct outcome){ .root = t->root };
    bark_arena_init(&a, t->memory, t->room);
    o->code = bark_decode_json(t->image, t->root, in, t->limits, &a, &msg, &o->err);
    if (o->code == BARK_OK)
        json_outcome_write(t, &a, msg, t->text[0], o);
}

/* Feeds an open stream the text in its pieces; *msg is what came of it. */
static inline void json_window_feed(struct bark_json_stream *s, struct bark_slice in, struct cuts cuts,
                                    void **msg, struct outcome *o)
{
    size_t at = 0, piece = cuts.first;
    o->code = BARK_MORE;
    while (o->code == BARK_MORE && at < in.len) {
        const size_t len = piece < in.len - at ? piece : in.len - at;
        o->code = bark_json_stream_feed(s, (struct bark_slice){ in.ptr + at, len });
        at += len;
        piece = cuts.then;
    }
    if (o->code == BARK_MORE)
        o->code = bark_json_stream_finish(s, msg);
}

/* With sinks, or count 0. fail_at as in the arena. *allocs: how many allocations were made. */
static inline void json_decode_window(const struct twice *t, struct bark_slice in, struct cuts cuts,
                                      const struct bark_sink *sinks, size_t count, uint64_t fail_at,
                                      uint64_t *allocs, struct outcome *o)
{
    struct bark_json_stream s;
    struct bark_arena a;
    void *msg = NULL;
    *o = (struct outcome){ .root = t->root };
    bark_arena_init(&a, t->memory, t->room);
    a.fail_at = fail_at;
    o->code = bark_json_stream_open(&s, t->image, t->root, t->limits, &a, t->window, t->window_size, &o->err);
    (void)sinks, (void)count;
    if (o->code == BARK_OK)
        json_window_feed(&s, in, cuts, &msg, o);
    *allocs = a.allocs;
    memset(t->window, 0xa5, t->window_size); /* nothing may need it any more */
    a.fail_at = 0;
    if (o->code == BARK_OK)
        json_outcome_write(t, &a, msg, t->text[1], o);
}

#endif
