/* json/window.c - the window itself: filling it, lines, and strings that come in pieces.
 */
#include "json/window.h"

#include "base/report.h"
#include "base/scratch.h"
#include "soapbark/out.h"

#include <string.h>

static const size_t nowhere = SIZE_MAX / 2;

static size_t offset_of(const struct bark_json_reader *r, const uint8_t *at)
{
    return r->before + (size_t)(at - r->begin);
}

static void lines_advance(struct bark_lines *lines, const struct bark_json_reader *r, size_t to)
{
    if (to > lines->upto)
        bark_lines_advance(lines, r->begin + (lines->upto - r->before), to - lines->upto);
}

/* Where that offset is, when it has not left the window. */
static struct bark_json_mark mark_of(const struct bark_json_reader *r, size_t at)
{
    struct bark_lines lines = r->window->lines;
    lines_advance(&lines, r, at);
    return (struct bark_json_mark){ at, lines.line, at - lines.start + 1 };
}

static void window_place(const struct bark_json_reader *r, size_t at)
{
    const struct bark_json_window *w = r->window;
    struct bark_json_mark mark = w->kept;
    if (at != mark.offset && at - w->string.offset <= 1) { /* its quote, or behind it */
        mark = w->string;
        mark.column += at - mark.offset;
    } else if (at != mark.offset) {
        mark = mark_of(r, at);
    }
    bark_lines_report(r->err, mark.line, mark.column);
}

static void window_keep(struct bark_json_reader *r, size_t at)
{
    r->window->kept = mark_of(r, at);
}

/* Room for len more bytes of the string above what the arena has given; NULL when there is none. */
static uint8_t *collect_room(struct bark_json_reader *r, size_t len)
{
    struct bark_json_window *w = r->window;
    struct bark_arena *a = r->arena;
    const size_t free = a->cap - a->used - a->scratch;
    uint8_t *const to = a->base + a->used + w->collected;
    if (w->collected > free || len > free - w->collected)
        return NULL;
    w->collected += len;
    return to;
}

/* The string is complete: what was collected is taken from the arena, with a NUL behind it. */
static enum bark_code collected_take(struct bark_json_reader *r, struct bark_json_event *ev)
{
    uint8_t *const text = bark_arena_room(r->arena, r->window->collected + 1, 1);
    if (!text)
        return bark_json_fail(r, BARK_ERR_MEMORY, ev->offset, "the memory budget has no room for a string");
    text[r->window->collected] = '\0';
    ev->raw = (struct bark_slice){ text, r->window->collected };
    ev->plain = ev->kept = true;
    return BARK_OK;
}

uint8_t *bark_json_window_flat(struct bark_json_reader *r, const struct bark_json_event *ev, size_t *len)
{
    struct bark_json_window *w = r->window;
    uint8_t *const text = w->memory + (ev->raw.ptr - w->memory);
    if (!r->inside)
        w->string = mark_of(r, ev->offset);
    lines_advance(&w->lines, r, offset_of(r, r->at)); /* before the bytes are others */
    *len = ev->plain ? ev->raw.len : bark_json_flatten(ev->raw, text);
    return text;
}

static enum bark_code window_piece(struct bark_json_reader *r, struct bark_json_event *ev, bool last)
{
    struct bark_json_window *w = r->window;
    const bool first = !r->inside;
    uint8_t *text, *to;
    enum bark_code code = BARK_OK;
    size_t len;
    text = bark_json_window_flat(r, ev, &len);
    if (first) {
        w->collected = 0;
        w->wanted = false;
        if (w->taker)
            code = w->taker->begin(w->taker->user, ev->offset, &w->wanted);
    }
    if (code == BARK_OK && w->wanted && len > 0) {
        code = w->taker->take(w->taker->user, text, len);
    } else if (code == BARK_OK && len > 0) {
        to = collect_room(r, len);
        if (!to)
            return bark_json_fail(r, BARK_ERR_MEMORY, ev->offset,
                                  "the memory budget has no room for a string");
        memcpy(to, text, len);
    }
    if (code != BARK_OK || !last)
        return code;
    ev->raw = (struct bark_slice){ text, 0 };
    ev->taken = w->wanted;
    return w->wanted ? BARK_OK : collected_take(r, ev);
}

static const struct bark_json_window_ops window_ops = { window_place, window_piece, window_keep };

enum bark_code bark_json_open_window(struct bark_json_reader *r, struct bark_json_window *w,
                                     const struct bark_limits *limits, struct bark_arena *arena,
                                     struct bark_error *err)
{
    enum bark_code code;
    *w = (struct bark_json_window){ .ops = &window_ops,
                                    .memory = w->memory,
                                    .size = w->size,
                                    .lines = { .line = 1 },
                                    .string = { nowhere, 1, 1 },
                                    .kept = { 0, 1, 1 } };
    code = bark_json_open(r, (struct bark_slice){ w->memory, 0 }, limits, arena, err);
    r->window = w;
    r->grows = true;
    return code;
}

size_t bark_json_window_add(struct bark_json_reader *r, struct bark_slice bytes)
{
    struct bark_json_window *w = r->window;
    const size_t left = (size_t)(r->end - r->at), room = w->size - left;
    const size_t taken = bytes.len < room ? bytes.len : room;
    lines_advance(&w->lines, r, offset_of(r, r->at));
    r->before = offset_of(r, r->at);
    memmove(w->memory, r->at, left);
    memcpy(w->memory + left, bytes.ptr, taken);
    r->begin = r->at = w->memory;
    r->end = w->memory + left + taken;
    return taken;
}

enum bark_code bark_json_window_full(struct bark_json_reader *r)
{
    const enum bark_code code =
        bark_json_fail(r, BARK_ERR_LIMIT, r->before, "[R4] a name or number is longer than the window");
    char text[32];
    struct bark_out out;
    bark_out_init(&out, text, sizeof text);
    bark_out_u64(&out, r->window->size);
    bark_out_text(&out, " bytes at most");
    bark_report_expect(r->err, bark_out_bytes(&out));
    return code;
}
