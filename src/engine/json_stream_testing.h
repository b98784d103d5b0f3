/* engine/json_stream_testing.h - one JSON text decoded twice, as a whole and through a window: everything
 * that a caller can see must be the same.
 */
#ifndef BARK_ENGINE_JSON_STREAM_TESTING_H
#define BARK_ENGINE_JSON_STREAM_TESTING_H

#include "engine/base64.h"
#include "engine/stream_testing.h"
#include "soapbark/json_stream.h"
#include "json/reader.h"

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
    if (o->code == BARK_OK && count)
        o->code = bark_json_stream_sinks(&s, sinks, count);
    if (o->code == BARK_OK)
        json_window_feed(&s, in, cuts, &msg, o);
    *allocs = a.allocs;
    memset(t->window, 0xa5, t->window_size); /* nothing may need it any more */
    a.fail_at = 0;
    if (o->code == BARK_OK)
        json_outcome_write(t, &a, msg, t->text[1], o);
}

enum { JSON_SUNK_ROOM = 128 * 1024, JSON_SUNK_VALUES = 4096 };

/* What all sinks got: values one after the other. */
struct json_sunk {
    uint8_t bytes[JSON_SUNK_ROOM];
    size_t len, begun, count;
    struct bark_slice values[JSON_SUNK_VALUES]; /* those that are not empty; compared ones get ptr NULL */
    char path[BARK_ERROR_PATH]; /* of the last one */
    bool open, broken, full;
};

static inline enum bark_code json_sunk_begin(void *user, const char *path)
{
    struct json_sunk *k = (struct json_sunk *)user;
    k->broken = k->broken || k->open || path[0] != '/';
    strcpy(k->path, path);
    k->open = true;
    k->begun = k->len;
    return BARK_OK;
}

static inline enum bark_code json_sunk_take(void *user, struct bark_slice piece)
{
    struct json_sunk *k = (struct json_sunk *)user;
    k->broken = k->broken || !k->open || piece.len == 0;
    k->full = k->full || piece.len > JSON_SUNK_ROOM - k->len || k->count == JSON_SUNK_VALUES;
    if (k->full)
        return BARK_OK;
    memcpy(k->bytes + k->len, piece.ptr, piece.len);
    k->len += piece.len;
    return BARK_OK;
}

static inline enum bark_code json_sunk_end(void *user)
{
    struct json_sunk *k = (struct json_sunk *)user;
    k->broken = k->broken || !k->open;
    k->open = false;
    if (!k->full && k->len > k->begun)
        k->values[k->count++] = (struct bark_slice){ k->bytes + k->begun, k->len - k->begun };
    return BARK_OK;
}

/* A value of the whole text, which the other struct has empty: takes it from what the sinks got. */
static inline bool json_sunk_has(struct json_sunk *k, struct bark_slice text)
{
    static uint8_t form[2 * JSON_SUNK_ROOM];
    size_t i;
    for (i = 0; i < k->count; i++) {
        struct bark_slice *const v = &k->values[i];
        const bool same = v->ptr && v->len == text.len && memcmp(v->ptr, text.ptr, text.len) == 0;
        if (!same && (!v->ptr || bark_base64_form(form, v->ptr, v->len) != text.len ||
                      memcmp(form, text.ptr, text.len) != 0))
            continue;
        v->ptr = NULL;
        return true;
    }
    return false;
}

/* The two structs as they were written, side by side: strings that differ are empty with sinks. */
static inline const char *json_sunk_compare(const struct twice *t, size_t whole_len, size_t sunk_len,
                                            struct json_sunk *k)
{
    struct bark_json_reader r[2];
    struct bark_json_event a, b;
    struct bark_arena arena;
    struct bark_slice text;
    size_t i;
    bark_arena_init(&arena, t->memory, t->room);
    if (bark_json_open(&r[0], (struct bark_slice){ t->text[0], whole_len }, t->limits, &arena, NULL) ||
        bark_json_open(&r[1], (struct bark_slice){ t->text[1], sunk_len }, t->limits, &arena, NULL))
        return "no room to compare in";
    do {
        if (bark_json_next(&r[0], &a) != BARK_OK || bark_json_next(&r[1], &b) != BARK_OK)
            return "a struct was not written as JSON";
        if (a.kind != b.kind)
            return "other events";
        if (a.raw.len == b.raw.len && (a.raw.len == 0 || memcmp(a.raw.ptr, b.raw.ptr, a.raw.len) == 0))
            continue;
        if (a.kind != BARK_JSON_STRING || b.raw.len != 0)
            return "another value";
        if (bark_json_text(&r[0], &a, &text) != BARK_OK)
            return NULL; /* no room to compare in */
        if (!json_sunk_has(k, text))
            return "a sink got another value";
    } while (a.kind != BARK_JSON_EOF);
    for (i = 0; i < k->count; i++)
        if (k->values[i].ptr)
            return "a sink got more values";
    return NULL;
}

/* Decodes with sinks at those paths and compares with *whole, whose text stands in t->text[0]. NULL when all
 * is well. */
static inline const char *json_sunk_check(const struct twice *t, struct bark_slice in,
                                          const struct outcome *whole, struct cuts cuts,
                                          const char *const *paths, size_t count, struct json_sunk *k,
                                          struct outcome *window)
{
    struct bark_sink sinks[16];
    uint64_t allocs;
    size_t i;
    for (i = 0; i < count && i < 16; i++)
        sinks[i] = (struct bark_sink){ paths[i], json_sunk_begin, json_sunk_take, json_sunk_end, k };
    k->len = k->count = 0;
    k->open = k->broken = k->full = false;
    json_decode_window(t, in, cuts, sinks, count, 0, &allocs, window);
    if (window->code != BARK_OK || whole->code != BARK_OK)
        return outcomes_differ(t, whole, window);
    if (k->broken || k->open)
        return "calls of a sink out of order";
    if (k->full || !whole->encoded || !window->encoded) /* the encoder may refuse an empty member */
        return NULL;
    return json_sunk_compare(t, whole->len, window->len, k);
}

#endif
