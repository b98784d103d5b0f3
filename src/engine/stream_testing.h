/* engine/stream_testing.h - one message decoded twice, as a whole and through a window: everything that a
 * caller can see must be the same.
 */
#ifndef BARK_ENGINE_STREAM_TESTING_H
#define BARK_ENGINE_STREAM_TESTING_H

#include "engine/engine.h"
#include "soapbark/stream.h"

#include <stdlib.h>
#include <string.h>

/* What one decoding gave. */
struct outcome {
    enum bark_code code;
    struct bark_error err;
    uint16_t root;
    size_t len; /* of the struct, written again */
    bool encoded; /* the encoder took it */
    uint32_t unknown; /* what was forgiven */
};

struct twice {
    const struct bark_image *image;
    const struct bark_limits *limits;
    uint16_t root;
    enum bark_unknown_policy policy;
    uint8_t *memory; /* room bytes for an arena, aligned */
    size_t room;
    uint8_t *text[2]; /* text_room bytes each, for structs written again */
    size_t text_room;
    uint8_t *window; /* of window_size bytes */
    size_t window_size;
};

/* Cuts of the message: the first piece, and each piece after it. */
struct cuts {
    size_t first, then;
};

static inline void outcome_write(const struct twice *t, struct bark_arena *a, const void *msg,
                                 const struct bark_unknown *unknown, uint8_t *text, struct outcome *o)
{
    const struct bark_skipped *s;
    struct bark_out out;
    struct bark_error err;
    bark_out_init(&out, text, t->text_room);
    o->unknown = unknown->count;
    o->encoded = bark_encode(t->image, o->root, msg, t->limits, a, &out, &err) == BARK_OK;
    if (!o->encoded)
        bark_out_text(&out, err.rule ? err.rule : "refused");
    for (s = unknown->first; s; s = s->next) {
        bark_out_put(&out, s->path.ptr, s->path.len);
        bark_out_put(&out, s->ns.ptr, s->ns.len);
        bark_out_put(&out, s->local.ptr, s->local.len);
        bark_out_put(&out, s->text.ptr, s->text.len);
        bark_out_u64(&out, s->offset);
    }
    o->len = out.pos;
}

static inline void decode_whole(const struct twice *t, struct bark_slice in, struct outcome *o)
{
    struct bark_unknown unknown = { .policy = t->policy };
    const struct bark_decode_options options = { .unknown = &unknown };
    struct bark_arena a;
    void *msg;
    *o = (struct outcome){ 0 };
    bark_arena_init(&a, t->memory, t->room);
    o->code = bark_decode_with(t->image, t->root, in, &options, t->limits, &a, &msg, &o->root, &o->err);
    if (o->code == BARK_OK && o->root != BARK_NONE)
        outcome_write(t, &a, msg, &unknown, t->text[0], o);
}

/* Feeds an open stream the message in its pieces; *msg and o->root are what came of it. */
static inline void window_feed(struct bark_stream *s, struct bark_slice in, struct cuts cuts, void **msg,
                               struct outcome *o)
{
    size_t at = 0, piece = cuts.first;
    o->code = BARK_MORE;
    while (o->code == BARK_MORE && at < in.len) {
        const size_t len = piece < in.len - at ? piece : in.len - at;
        o->code = bark_stream_feed(s, (struct bark_slice){ in.ptr + at, len });
        at += len;
        piece = cuts.then;
    }
    if (o->code == BARK_MORE)
        o->code = bark_stream_finish(s, msg, &o->root);
}

/* fail_at as in the arena. *allocs: how many allocations were made. */
static inline void decode_window(const struct twice *t, struct bark_slice in, struct cuts cuts,
                                 uint64_t fail_at, uint64_t *allocs, struct outcome *o)
{
    struct bark_unknown unknown = { .policy = t->policy };
    const struct bark_decode_options options = { .unknown = &unknown };
    struct bark_stream s;
    struct bark_arena a;
    void *msg = NULL;
    *o = (struct outcome){ .root = BARK_NONE };
    bark_arena_init(&a, t->memory, t->room);
    a.fail_at = fail_at;
    o->code =
        bark_stream_open(&s, t->image, t->root, &options, t->limits, &a, t->window, t->window_size, &o->err);
    if (o->code == BARK_OK)
        window_feed(&s, in, cuts, &msg, o);
    *allocs = a.allocs;
    memset(t->window, 0xa5, t->window_size); /* nothing may need it any more */
    a.fail_at = 0;
    if (o->code == BARK_OK && o->root != BARK_NONE)
        outcome_write(t, &a, msg, &unknown, t->text[1], o);
}

/* Why the outcomes are not the same; NULL when they are. */
static inline const char *outcomes_differ(const struct twice *t, const struct outcome *whole,
                                          const struct outcome *window)
{
    if (window->code != whole->code)
        return "code";
    if (whole->code != BARK_OK) {
        if (window->err.code != whole->err.code || window->err.rule != whole->err.rule)
            return "rule";
        if (window->err.offset != whole->err.offset)
            return "offset";
        if (window->err.line != whole->err.line || window->err.column != whole->err.column)
            return "line or column";
        if (strcmp(window->err.path, whole->err.path) != 0)
            return "path";
        if (strcmp(window->err.expected, whole->err.expected) != 0)
            return "expected";
        return strcmp(window->err.found, whole->err.found) != 0 ? "found" : NULL;
    }
    if (window->root != whole->root || window->unknown != whole->unknown)
        return "root or count of unknown";
    return window->len != whole->len || memcmp(t->text[0], t->text[1], whole->len) != 0 ? "struct" : NULL;
}

#endif
