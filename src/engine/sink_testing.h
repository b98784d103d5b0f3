/* engine/sink_testing.h - one message decoded as a whole, and through a window with sinks for every member
 * that can have one: what the sinks got and what is left in the struct must be the whole message's values.
 *
 * The paths are those of the message's own elements, tried one by one. The two structs are written again and
 * read side by side: an element that went to a sink is empty in one, and in the other has what the sink got.
 * Where the encoder refuses the empty member, by its facets, only the values are compared.
 */
#ifndef BARK_ENGINE_SINK_TESTING_H
#define BARK_ENGINE_SINK_TESTING_H

#include "engine/base64.h"
#include "engine/stream_testing.h"
#include "xml/parts.h"

#include <stdio.h>

enum { SUNK_MAX = 8, SUNK_ROOM = 128 * 1024 };

/* What one sink got: its values one after the other, a length before each. */
struct sunk_values {
    char path[BARK_ERROR_PATH];
    uint8_t *bytes; /* SUNK_ROOM of them */
    size_t len, at, begun; /* at: the next value to look at; begun: where the open value's length stands */
    bool open, broken, full;
};

struct sunk {
    struct sunk_values values[SUNK_MAX];
    struct bark_sink sinks[SUNK_MAX];
    size_t count;
    unsigned long total; /* values that went to sinks and were compared */
};

static inline enum bark_code sunk_begin(void *user, const char *path)
{
    struct sunk_values *v = (struct sunk_values *)user;
    v->broken = v->broken || v->open || path[0] != '/';
    v->open = true;
    v->begun = v->len;
    v->full = v->full || v->len + sizeof(size_t) > SUNK_ROOM;
    v->len += v->full ? 0 : sizeof(size_t);
    return BARK_OK;
}

static inline enum bark_code sunk_take(void *user, struct bark_slice piece)
{
    struct sunk_values *v = (struct sunk_values *)user;
    v->broken = v->broken || !v->open || piece.len == 0;
    v->full = v->full || piece.len > SUNK_ROOM - v->len;
    if (v->full)
        return BARK_OK;
    memcpy(v->bytes + v->len, piece.ptr, piece.len);
    v->len += piece.len;
    return BARK_OK;
}

static inline enum bark_code sunk_end(void *user)
{
    struct sunk_values *v = (struct sunk_values *)user;
    const size_t len = v->len - v->begun - sizeof(size_t);
    v->broken = v->broken || !v->open;
    v->open = false;
    if (!v->full)
        memcpy(v->bytes + v->begun, &len, sizeof len);
    return BARK_OK;
}

static inline void sunk_init(struct sunk *k)
{
    size_t i;
    memset(k, 0, sizeof *k);
    for (i = 0; i < SUNK_MAX; i++)
        k->values[i].bytes = malloc(SUNK_ROOM);
}

/* Whether the tables let a sink stand at the path. */
static inline bool sunk_may(const struct twice *t, const struct bark_sink *sink)
{
    struct bark_stream s;
    struct bark_arena a;
    bark_arena_init(&a, t->memory, t->room);
    return bark_stream_open(&s, t->image, t->root, NULL, t->limits, &a, t->window, t->window_size, NULL) ==
               BARK_OK &&
           bark_stream_sinks(&s, sink, 1) == BARK_OK;
}

static inline void sunk_try(const struct twice *t, struct sunk *k, const char *path)
{
    struct sunk_values *v = &k->values[k->count];
    size_t i;
    for (i = 0; i < k->count; i++)
        if (strcmp(k->values[i].path, path) == 0)
            return;
    if (k->count == SUNK_MAX || strlen(path) > BARK_ERROR_PATH / 2)
        return;
    strcpy(v->path, path);
    v->len = v->at = 0;
    v->open = v->broken = v->full = false;
    k->sinks[k->count] = (struct bark_sink){ v->path, sunk_begin, sunk_take, sunk_end, v };
    if (sunk_may(t, &k->sinks[k->count]))
        k->count++;
}

/* A sink for each path of the message, as far as it can be read. */
static inline void sunk_paths(const struct twice *t, struct bark_slice in, struct sunk *k)
{
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    struct bark_arena a;
    /* The upper half: the lower one is sunk_may()'s. */
    struct twice half = *t;
    half.room = t->room / 2;
    k->count = 0;
    bark_arena_init(&a, t->memory + half.room, t->room - half.room);
    if (bark_xml_open(&r, in, t->limits, &a, NULL) != BARK_OK)
        return;
    while (bark_xml_next(&r, &ev) == BARK_OK && ev.kind != BARK_XML_EOF) {
        char path[BARK_ERROR_PATH] = "";
        if (ev.kind != BARK_XML_START)
            continue;
        bark_xml_path(&r, path, sizeof path, (struct bark_slice){ NULL, 0 });
        sunk_try(&half, k, path);
    }
}

/* Decodes with the sinks; the struct's text goes to t->text[1]. */
static inline void decode_sunk(const struct twice *t, struct bark_slice in, struct cuts cuts, struct sunk *k,
                               struct outcome *o)
{
    struct bark_unknown unknown = { .policy = t->policy };
    const struct bark_decode_options options = { .unknown = &unknown };
    struct bark_stream s;
    struct bark_arena a;
    void *msg = NULL;
    *o = (struct outcome){ .root = BARK_NONE };
    bark_arena_init(&a, t->memory, t->room);
    o->code =
        bark_stream_open(&s, t->image, t->root, &options, t->limits, &a, t->window, t->window_size, &o->err);
    if (o->code == BARK_OK)
        o->code = bark_stream_sinks(&s, k->sinks, k->count);
    if (o->code == BARK_OK)
        window_feed(&s, in, cuts, &msg, o);
    memset(t->window, 0xa5, t->window_size);
    if (o->code == BARK_OK && o->root != BARK_NONE)
        outcome_write(t, &a, msg, &unknown, t->text[1], o);
}

/* The next value of a sink, in the form that the whole message has it in. */
static inline bool sunk_value_is(struct sunk_values *v, struct bark_slice text)
{
    static uint8_t form[2 * SUNK_ROOM];
    const uint8_t *value;
    struct bark_out out;
    size_t len, i;
    if (v->at == v->len)
        return false;
    memcpy(&len, v->bytes + v->at, sizeof len);
    value = v->bytes + v->at + sizeof len;
    v->at += sizeof len + len;
    if (text.len == len && (len == 0 || memcmp(text.ptr, value, len) == 0))
        return true;
    bark_out_init(&out, form, sizeof form);
    if (text.len == bark_base64_form(form, value, len) && memcmp(form, text.ptr, text.len) == 0)
        return true;
    for (i = 0; i < len; i++) {
        bark_out_byte(&out, (uint8_t) "0123456789ABCDEF"[value[i] >> 4]);
        bark_out_byte(&out, (uint8_t) "0123456789ABCDEF"[value[i] & 15]);
    }
    return text.len == out.pos && memcmp(form, text.ptr, text.len) == 0;
}

static inline bool sunk_is_nil(const struct bark_xml_event *ev)
{
    size_t i;
    for (i = 0; i < ev->attribute_count; i++)
        if (ev->attributes[i].name.ns == BARK_NS_XSI && ev->attributes[i].name.local.len == 3)
            return true;
    return false;
}

/* An element that went to a sink: both readers stand behind its START; *sunk's text is empty, *whole's is
 * the value. sunk is NULL when its struct could not be written. */
static inline const char *sunk_element(struct sunk *k, struct sunk_values *v, struct bark_xml_reader *whole,
                                       struct bark_xml_reader *sunk)
{
    struct bark_xml_event ev, empty;
    struct bark_slice text = { (const uint8_t *)"", 0 };
    if (bark_xml_next(whole, &ev) != BARK_OK || (sunk && bark_xml_next(sunk, &empty) != BARK_OK))
        return "an element has no end";
    if (sunk && empty.kind != BARK_XML_END)
        return "a member that went to a sink is not empty";
    if (ev.kind == BARK_XML_TEXT && (bark_xml_text(whole, &ev, &text) != BARK_OK ||
                                     bark_xml_next(whole, &ev) != BARK_OK || ev.kind != BARK_XML_END))
        return "a value is no text";
    k->total++;
    return sunk_value_is(v, text) ? NULL : "a sink got another value";
}

static inline const char *sunk_event(const struct bark_xml_event *a, const struct bark_xml_event *b)
{
    if (a->kind != b->kind)
        return "other events";
    if (a->kind == BARK_XML_TEXT && !bark_slice_equal(a->raw, b->raw))
        return "another text";
    if (!bark_slice_equal(a->name.local, b->name.local) || a->attribute_count != b->attribute_count)
        return "another element";
    return NULL;
}

/* The sink that the element just started went to, or NULL. One that a wildcard took may have the same path,
 * but is of another namespace than the root. */
static inline struct sunk_values *sunk_find(struct sunk *k, const struct bark_xml_reader *r,
                                            const struct bark_xml_event *ev, struct bark_slice root)
{
    char path[BARK_ERROR_PATH] = "";
    size_t i;
    if (sunk_is_nil(ev) || (ev->name.uri.len && !bark_slice_equal(ev->name.uri, root)))
        return NULL;
    bark_xml_path(r, path, sizeof path, (struct bark_slice){ NULL, 0 });
    for (i = 0; i < k->count; i++)
        if (strcmp(k->values[i].path, path) == 0)
            return &k->values[i];
    return NULL;
}

/* The two structs as they were written, side by side. NULL when all is well. */
static inline const char *sunk_compare(const struct twice *t, size_t whole_len, size_t sunk_len, bool both,
                                       struct sunk *k)
{
    struct bark_xml_reader r[2];
    struct bark_xml_event a, b;
    struct bark_slice root = { NULL, 0 };
    struct bark_arena arena;
    size_t i;
    bark_arena_init(&arena, t->memory, t->room);
    if (bark_xml_open(&r[0], (struct bark_slice){ t->text[0], whole_len }, t->limits, &arena, NULL) ||
        bark_xml_open(&r[1], (struct bark_slice){ t->text[1], sunk_len }, t->limits, &arena, NULL))
        return "no room to compare in";
    for (;;) {
        struct sunk_values *v;
        const char *what;
        if (bark_xml_next(&r[0], &a) != BARK_OK)
            return NULL; /* what outcome_write() adds behind the element */
        if (both && bark_xml_next(&r[1], &b) != BARK_OK)
            return "one text is shorter";
        if (both && sunk_event(&a, &b))
            return sunk_event(&a, &b);
        if (a.kind == BARK_XML_EOF)
            break;
        if (a.kind != BARK_XML_START)
            continue;
        root = r[0].depth == 1 ? a.name.uri : root;
        v = sunk_find(k, &r[0], &a, root);
        what = v ? sunk_element(k, v, &r[0], both ? &r[1] : NULL) : NULL;
        if (what)
            return what;
    }
    for (i = 0; i < k->count; i++)
        if (k->values[i].at != k->values[i].len)
            return "a sink got more values";
    return NULL;
}

/* Decodes with sinks and compares with *whole, whose text stands in t->text[0]. NULL when all is well. */
static inline const char *sunk_check(const struct twice *t, struct bark_slice in, const struct outcome *whole,
                                     struct cuts cuts, struct sunk *k, struct outcome *window)
{
    size_t i;
    for (i = 0; i < k->count; i++) {
        struct sunk_values *v = &k->values[i];
        v->len = v->at = 0;
        v->open = v->broken = v->full = false;
    }
    decode_sunk(t, in, cuts, k, window);
    if (window->code == BARK_OK && whole->code == BARK_OK) {
        if (window->root != whole->root || window->unknown != whole->unknown)
            return "root or count of unknown";
        for (i = 0; i < k->count; i++) {
            if (k->values[i].broken || k->values[i].open)
                return "calls of a sink out of order";
            if (k->values[i].full)
                return NULL;
        }
        if (window->root == BARK_NONE || !whole->encoded)
            return NULL;
        return sunk_compare(t, whole->len, window->len, window->encoded, k);
    }
    return outcomes_differ(t, whole, window);
}

#endif
