/* engine/stream.c - the decoder, fed through a window.
 *
 * There is one decoder. Its state is data: frames and a leaf, the reader's stacks, a position. Where the
 * window ends inside a token, the reader says BARK_MORE before it has changed anything, and so does the
 * decoder; this file holds the state between two calls, fills the window, and calls again.
 */
#include "soapbark/stream.h"

#include "base/scratch.h"
#include "engine/decode.h"
#include "engine/sink.h"
#include "xml/window.h"

#include <assert.h>

enum stream_phase { PHASE_ROOT, PHASE_CONTENT, PHASE_END, PHASE_DONE };

struct bark_stream_state {
    struct bark_xml_reader r;
    struct bark_xml_window w;
    struct bark_decoder d;
    const struct bark_image *image;
    const struct bark_decode_options *options;
    void *msg;
    size_t mark; /* scratch height below the decoder's frames */
    enum stream_phase phase;
    uint16_t root;
};

_Static_assert((int)BARK_WINDOW_MIN == (int)BARK_WINDOW_BYTES_MIN,
               "one figure, told to callers and to the reader");

static enum bark_code root_start(struct bark_stream_state *s)
{
    struct bark_xml_event ev;
    enum bark_code code = bark_xml_next(&s->r, &ev);
    if (code == BARK_OK)
        code = bark_decode_root_find(&s->r, s->image, &ev, &s->root);
    if (code != BARK_OK)
        return code;
    s->mark = bark_scratch_mark(s->r.arena);
    code = bark_decode_begin(&s->d, &ev, s->root, s->options, &s->msg);
    s->phase = PHASE_CONTENT;
    return code;
}

/* Goes as far as the bytes in the window allow. BARK_OK only at the end of the message. */
static enum bark_code go(struct bark_stream_state *s)
{
    struct bark_xml_event ev;
    enum bark_code code = BARK_OK;
    if (s->phase == PHASE_ROOT)
        code = root_start(s);
    if (code == BARK_OK && s->phase == PHASE_CONTENT) {
        code = bark_decode_go(&s->d);
        if (code == BARK_OK) {
            bark_scratch_pop(s->r.arena, s->mark);
            s->r.secret = false;
            s->phase = PHASE_END;
        }
    }
    if (code == BARK_OK && s->phase == PHASE_END) {
        code = bark_xml_next(&s->r, &ev);
        if (code == BARK_OK) {
            assert(ev.kind == BARK_XML_EOF);
            s->phase = PHASE_DONE;
        }
    }
    return code;
}

size_t bark_stream_bytes(const struct bark_limits *l)
{
    return sizeof(struct bark_stream_state) + bark_xml_frames_bytes(l) +
           ((size_t)l->depth + l->namespaces + 1) * sizeof(struct bark_xml_slot);
}

enum bark_code bark_stream_open(struct bark_stream *stream, const struct bark_image *image, uint16_t root,
                                const struct bark_decode_options *options, const struct bark_limits *limits,
                                struct bark_arena *arena, void *window, size_t window_size,
                                struct bark_error *err)
{
    struct bark_stream_state *s;
    enum bark_code code;
    stream->state = NULL;
    if (err)
        *err = (struct bark_error){ 0 };
    if (!BARK_HAS_WINDOW)
        return bark_fail(err, BARK_ERR_USE, 0, "[codec] this engine was built without windows");
    if (!window || window_size < BARK_WINDOW_MIN)
        return bark_fail(err, BARK_ERR_USE, 0, "[R4] a window has at least BARK_WINDOW_MIN bytes");
    s = bark_arena_alloc(arena, 1, sizeof *s);
    if (!s)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "[R3] the memory budget does not hold the decoder's state");
    s->w.memory = window;
    s->w.size = window_size;
    s->image = image;
    s->options = options;
    s->root = root;
    s->d.r = &s->r;
    bark_decode_unknown_begin(options);
    code = bark_xml_open_window(&s->r, &s->w, limits, arena, err);
    if (code != BARK_OK)
        return code;
    bark_xml_use_image(&s->r, image);
    s->d.image = image;
    stream->state = s;
    return BARK_OK;
}

enum bark_code bark_stream_sinks(struct bark_stream *stream, const struct bark_sink *sinks, size_t count)
{
    struct bark_stream_state *s = stream->state;
    struct bark_sinks *made;
    if (!s)
        return BARK_ERR_USE;
    if (s->r.failed != BARK_OK)
        return s->r.failed;
    if (s->d.sinks || s->w.opened || s->r.end != s->r.begin || s->w.final)
        return bark_xml_fail(&s->r, BARK_ERR_USE, 0, "sinks are told once, before the message begins");
    made = bark_arena_alloc(s->r.arena, 1, sizeof *made);
    if (!made)
        return bark_xml_fail(&s->r, BARK_ERR_MEMORY, 0,
                             "[R3] the memory budget does not hold the decoder's state");
    if (bark_sinks_open(&s->d, s->root, 1, sinks, count, made) != BARK_OK)
        return s->r.failed;
    s->d.sinks = made;
    return BARK_OK;
}

static enum bark_code refuse(struct bark_stream_state *s, enum bark_code code)
{
    assert(code == s->r.failed);
    bark_decode_unknown_begin(s->options);
    return code;
}

enum bark_code bark_stream_feed(struct bark_stream *stream, struct bark_slice bytes)
{
    struct bark_stream_state *s = stream->state;
    if (!s)
        return BARK_ERR_USE;
    if (s->r.failed != BARK_OK)
        return s->r.failed;
    if (s->w.final)
        return bark_xml_fail(&s->r, BARK_ERR_USE, bark_xml_place(&s->r, s->r.at), "the message has ended");
    while (bytes.len > 0) {
        const size_t taken = bark_xml_window_add(&s->r, bytes);
        enum bark_code code;
        s->w.cut = taken == 0; /* what is read is gone already: the window is full of one token */
        code = go(s);
        if (s->w.cut && code != BARK_MORE)
            code = bark_xml_window_judge(&s->r);
        if (code != BARK_MORE)
            return refuse(s, code);
        bytes.ptr += taken;
        bytes.len -= taken;
    }
    return BARK_MORE;
}

enum bark_code bark_stream_finish(struct bark_stream *stream, void **msg, uint16_t *root_out)
{
    struct bark_stream_state *s = stream->state;
    enum bark_code code;
    *msg = NULL;
    if (root_out)
        *root_out = BARK_NONE;
    if (!s)
        return BARK_ERR_USE;
    if (s->r.failed != BARK_OK)
        return s->r.failed;
    s->w.final = true;
    code = go(s);
    if (code != BARK_OK)
        return refuse(s, code);
    *msg = s->msg;
    if (root_out)
        *root_out = s->root;
    return BARK_OK;
}
