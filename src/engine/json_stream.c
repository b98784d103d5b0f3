/* engine/json_stream.c - the JSON decoder, fed through a window.
 *
 * There is one decoder. Its frames and the reader's state are data in the arena; where the window ends inside
 * a token the reader says BARK_MORE, and the decoder has not heard of it yet. This file holds the state
 * between two calls, fills the window, and calls again.
 */
#include "soapbark/json_stream.h"

#include "base/scratch.h"
#include "engine/engine.h"
#include "engine/json_sink.h"

struct bark_json_stream_state {
    struct bark_json_decoder d;
    struct bark_json_window w;
    struct bark_error own; /* the decoder wants one, always */
    struct bark_error *err; /* the caller's, or NULL */
    size_t mark; /* scratch height below the decoder's frames */
    enum bark_code code; /* BARK_MORE; or how it ended */
    bool fed;
};

static enum bark_code stop(struct bark_json_stream_state *s, enum bark_code code)
{
    s->code = code;
    if (code != BARK_OK && s->err) {
        bark_json_path_report(&s->d, &s->own);
        *s->err = s->own;
    }
    bark_scratch_pop(s->d.arena, s->mark);
    return code;
}

size_t bark_json_stream_bytes(const struct bark_limits *l)
{
    const size_t stack = (size_t)l->depth / 8 + 1, mask = BARK_ALIGN - 1;
    return ((sizeof(struct bark_json_stream_state) + mask) & ~mask) + ((stack + mask) & ~mask);
}

static enum bark_code state_open(struct bark_json_stream_state *s, const struct bark_limits *limits)
{
    struct bark_json_decoder *d = &s->d;
    enum bark_code code = bark_json_open_window(&d->r, &s->w, limits, d->arena, &s->own);
    if (code != BARK_OK)
        return code;
    d->msg = bark_arena_alloc(d->arena, 1, d->image->types[bark_root_type(d->image, d->root)].size);
    return d->msg ? BARK_OK : bark_json_no_memory(d, 0);
}

enum bark_code bark_json_stream_open(struct bark_json_stream *stream, const struct bark_image *image,
                                     uint16_t root, const struct bark_limits *limits,
                                     struct bark_arena *arena, void *window, size_t window_size,
                                     struct bark_error *err)
{
    struct bark_json_stream_state *s;
    enum bark_code code;
    stream->state = NULL;
    if (err)
        *err = (struct bark_error){ 0 };
    if (!BARK_HAS_WINDOW)
        return bark_fail(err, BARK_ERR_USE, 0, "[codec] this engine was built without windows");
    if (!window || window_size < BARK_WINDOW_MIN)
        return bark_fail(err, BARK_ERR_USE, 0, "[R4] a window has at least BARK_WINDOW_MIN bytes");
    if (bark_root_type(image, root) == BARK_NONE)
        return bark_fail(err, BARK_ERR_USE, 0, "bark_json_stream_open: the image has no such root");
    code = bark_limits_check(limits, err);
    if (code != BARK_OK)
        return code;
    s = bark_arena_alloc(arena, 1, sizeof *s);
    if (!s)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "[R3] the memory budget does not hold the decoder's state");
    *s = (struct bark_json_stream_state){ .d = { .image = image, .arena = arena, .root = root },
                                          .w = { .memory = window, .size = window_size },
                                          .err = err,
                                          .mark = bark_scratch_mark(arena),
                                          .code = BARK_MORE };
    code = state_open(s, limits);
    if (code != BARK_OK)
        return stop(s, code);
    stream->state = s;
    return BARK_OK;
}

enum bark_code bark_json_stream_sinks(struct bark_json_stream *stream, const struct bark_sink *sinks,
                                      size_t count)
{
    struct bark_json_stream_state *s = stream->state;
    struct bark_json_sinks *made;
    enum bark_code code;
    if (!s)
        return BARK_ERR_USE;
    if (s->code != BARK_MORE)
        return s->code == BARK_OK ? BARK_ERR_USE : s->code;
    if (s->d.sinks || s->fed)
        return stop(
            s, bark_json_refuse(&s->d, BARK_ERR_USE, 0, "sinks are told once, before the message begins"));
    made = bark_arena_alloc(s->d.arena, 1, sizeof *made);
    code = made ? bark_json_sinks_open(&s->d, sinks, count, made) : bark_json_no_memory(&s->d, 0);
    return code == BARK_OK ? BARK_OK : stop(s, code);
}

enum bark_code bark_json_stream_feed(struct bark_json_stream *stream, struct bark_slice bytes)
{
    struct bark_json_stream_state *s = stream->state;
    if (!s)
        return BARK_ERR_USE;
    if (s->code == BARK_OK)
        return stop(s, bark_json_refuse(&s->d, BARK_ERR_USE, s->d.r.before, "the message has ended"));
    s->fed = s->fed || bytes.len > 0;
    while (s->code == BARK_MORE && bytes.len > 0) {
        const size_t taken = bark_json_window_add(&s->d.r, bytes);
        enum bark_code code = taken ? bark_json_decode_go(&s->d)
                                    : bark_json_window_full(&s->d.r); /* nothing was read last time */
        if (code != BARK_MORE)
            return stop(s, code);
        bytes.ptr += taken;
        bytes.len -= taken;
    }
    return s->code;
}

enum bark_code bark_json_stream_finish(struct bark_json_stream *stream, void **msg)
{
    struct bark_json_stream_state *s = stream->state;
    *msg = NULL;
    if (!s)
        return BARK_ERR_USE;
    if (s->code == BARK_MORE) {
        s->d.r.grows = false;
        (void)stop(s, bark_json_decode_go(&s->d));
    }
    if (s->code == BARK_OK)
        *msg = s->d.msg;
    return s->code;
}
