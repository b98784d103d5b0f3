/* xml/window.c - the window itself: filling it, when a token is whole, lines, and what outlives a token.
 *
 * A tag is whole when its '>' is there, quotes heeded, or a '<', at which every reading of it fails. So the
 * reader, which is let at it only then, never meets the end of the window inside a tag, and says what it
 * would have said of the whole message. The scan for that end goes on where it stopped, so that bytes that
 * come one by one cost no more than all at once [R7].
 */
#include "xml/window.h"

#include "base/report.h"
#include "base/scratch.h"
#include "soapbark/out.h"
#include "xml/parts.h"

enum { SLOT_BYTES_MIN = 16, JUDGE_AHEAD = 64, DECLARATION_AHEAD = 64 };

static const char memory_rule[] = "[R3] the memory budget does not hold this name or namespace";

static void lines_advance(struct bark_lines *lines, const struct bark_xml_reader *r, size_t to)
{
    if (to > lines->upto)
        bark_lines_advance(lines, r->begin + (lines->upto - r->before), to - lines->upto);
}

void bark_xml_window_place(const struct bark_xml_reader *r, struct bark_error *err, size_t at)
{
    const struct bark_xml_window *w = r->window;
    size_t line = w->line, column = w->column;
    if (at == 0) { /* what is said of the message as a whole */
        line = column = 1;
    } else if (at != w->offset || line == 0) { /* not where the last text began */
        struct bark_lines lines = w->lines;
        if (at < lines.upto)
            return;
        lines_advance(&lines, r, at);
        line = lines.line;
        column = at - lines.start + 1;
    }
    bark_lines_report(err, line, column);
}

size_t bark_xml_window_add(struct bark_xml_reader *r, struct bark_slice bytes)
{
    struct bark_xml_window *w = r->window;
    const size_t left = bark_xml_left(r), room = w->size - left;
    const size_t taken = bytes.len < room ? bytes.len : room;
    lines_advance(&w->lines, r, bark_xml_offset(r));
    r->before = bark_xml_offset(r);
    memmove(w->memory, r->at, left);
    if (taken)
        memcpy(w->memory + left, bytes.ptr, taken);
    r->begin = r->at = w->memory;
    r->end = w->memory + left + taken;
    return taken;
}

static bool decided(const struct bark_xml_window *w)
{
    return w->final || w->cut;
}

bool bark_xml_window_short(const struct bark_xml_reader *r)
{
    return r->window && !decided(r->window) && bark_xml_left(r) < BARK_WINDOW_LOOK;
}

/* The declaration is read when it has its "?>" and some bytes follow, or cannot get them. */
bool bark_xml_window_opens(struct bark_xml_reader *r)
{
    const uint8_t *at = r->at;
    if (bark_xml_window_short(r))
        return true;
    if (decided(r->window))
        return false;
    if (bark_xml_at(r, "\xef\xbb\xbf"))
        at += 3;
    if (memcmp(at, "<?xml", 5) != 0)
        return false;
    while (r->end - at > DECLARATION_AHEAD && memcmp(at, "?>", 2) != 0)
        at++;
    return r->end - at <= DECLARATION_AHEAD;
}

/* A character reference at r->at whose last byte is not there. Other references are short. */
static bool reference_open(const struct bark_xml_reader *r)
{
    const uint8_t *at = r->at + 1;
    if (at == r->end || *at != '#')
        return false;
    for (at++; at < r->end; at++) {
        const uint8_t c = *at | 0x20;
        if (!(*at >= '0' && *at <= '9') && !(c >= 'a' && c <= 'f') && c != 'x')
            return false;
    }
    return true;
}

bool bark_xml_window_holds(const struct bark_xml_reader *r)
{
    if (!r->window)
        return false;
    if (*r->at == '<') /* a piece has no markup in it */
        return true;
    return !decided(r->window) &&
           (bark_xml_left(r) < BARK_WINDOW_LOOK || (*r->at == '&' && reference_open(r)));
}

bool bark_xml_window_tag(struct bark_xml_reader *r)
{
    struct bark_xml_window *w = r->window;
    const size_t left = bark_xml_left(r);
    bool whole = false;
    if (!w || decided(w))
        return false;
    if (left < 2 || r->at[1] == '!' || r->at[1] == '?')
        return left < BARK_WINDOW_LOOK;
    if (w->scanned == 0)
        w->scanned = 1;
    for (; w->scanned < left && !whole; w->scanned++) {
        const uint8_t c = r->at[w->scanned];
        if (c == '<' || (c == '>' && w->quote == 0))
            whole = true;
        else if (c == w->quote)
            w->quote = 0;
        else if (w->quote == 0 && (c == '"' || c == '\'') && r->at[1] != '/')
            w->quote = c;
    }
    if (!whole)
        return true;
    w->scanned = w->quote = 0;
    return false;
}

static void run_begin(struct bark_xml_reader *r)
{
    struct bark_xml_window *w = r->window;
    w->run = true;
    w->blank = true;
    w->len = 0;
    w->raw_len = 0;
    w->offset = bark_xml_offset(r);
    lines_advance(&w->lines, r, w->offset);
    w->line = w->lines.line;
    w->column = w->offset - w->lines.start + 1;
}

/* The TEXT that the pieces were of. Its raw is a head of it, to show, and as long as shows that it is cut. */
static enum bark_code run_end(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    struct bark_xml_window *w = r->window;
    w->run = false;
    ev->kind = BARK_XML_TEXT;
    ev->offset = w->offset;
    ev->raw = (struct bark_slice){ w->head, w->raw_len < BARK_WINDOW_HEAD ? w->raw_len : BARK_WINDOW_HEAD };
    ev->text_len = w->len;
    ev->blank = w->blank;
    return BARK_OK;
}

static enum bark_code piece_read(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    struct bark_xml_window *w = r->window;
    w->cdata = false;
    if (w->section == BARK_SECTION_NONE && *r->at != '<')
        return bark_xml_text_run(r, ev);
    if (w->section == BARK_SECTION_NONE) {
        w->section = r->at[2] == '-' ? BARK_SECTION_COMMENT : BARK_SECTION_CDATA;
        r->at += w->section == BARK_SECTION_COMMENT ? 4 : 9;
    }
    if (w->section == BARK_SECTION_COMMENT)
        return bark_xml_comment_rest(r);
    w->cdata = true;
    if (bark_xml_cdata_rest(r, ev) != BARK_OK)
        return r->failed;
    return r->at < r->end ? bark_xml_text_check(r, ev->text_len) : BARK_OK;
}

static enum bark_code piece_take(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    struct bark_xml_window *w = r->window;
    const uint8_t *const from = r->at;
    size_t i;
    if (!w->run)
        run_begin(r);
    ev->text_len = w->len;
    ev->blank = w->blank;
    ev->plain = true;
    if (piece_read(r, ev) != BARK_OK)
        return r->failed;
    ev->kind = BARK_XML_PIECE;
    if (r->at == from)
        return BARK_MORE;
    if (w->raw_len < BARK_WINDOW_HEAD) {
        i = BARK_WINDOW_HEAD - w->raw_len;
        memcpy(w->head + w->raw_len, from, (size_t)(r->at - from) < i ? (size_t)(r->at - from) : i);
    }
    w->raw_len += (size_t)(r->at - from);
    w->blank = ev->blank;
    i = w->len;
    w->len = ev->text_len;
    ev->text_len -= i;
    return BARK_OK;
}

enum bark_code bark_xml_window_inside(struct bark_xml_reader *r, struct bark_xml_event *ev, bool *tag)
{
    struct bark_xml_window *w = r->window;
    const size_t left = bark_xml_left(r);
    *tag = false;
    if (left == 0 && !w->final)
        return BARK_MORE;
    if (w->section == BARK_SECTION_NONE) {
        if (left && *r->at == '<' && (left < 2 || r->at[1] == '!') && bark_xml_window_short(r))
            return BARK_MORE;
        if (left == 0 || bark_xml_at_tag(r)) {
            *tag = !w->run;
            return w->run ? run_end(r, ev) : BARK_OK;
        }
    }
    return piece_take(r, ev);
}

uint8_t *bark_xml_window_flat(struct bark_xml_reader *r, const struct bark_xml_event *piece)
{
    struct bark_xml_window *w = r->window;
    uint8_t *const text = w->memory + (piece->raw.ptr - w->memory);
    lines_advance(&w->lines, r, bark_xml_offset(r));
    if (w->cdata)
        bark_xml_flatten(piece->raw, BARK_XML_FLATTEN_CDATA, text);
    else if (!piece->plain)
        bark_xml_flatten(piece->raw, BARK_XML_FLATTEN_TEXT, text);
    return text;
}

/* Room of a slot; what is collected makes way. */
static bool slot_grow(struct bark_xml_reader *r, struct bark_xml_slot *slot, size_t need)
{
    struct bark_arena *a = r->arena;
    size_t cap = SLOT_BYTES_MIN;
    uint8_t *made;
    if (need <= slot->cap)
        return true;
    if (need > SIZE_MAX / 2)
        return false;
    while (cap < need)
        cap *= 2;
    if (r->window->collecting) {
        if (cap > a->cap - a->used - a->scratch || r->window->collected > a->cap - a->used - a->scratch - cap)
            return false;
        memmove(a->base + a->used + cap, a->base + a->used, r->window->collected);
    }
    made = bark_arena_room(a, cap, 1);
    if (!made)
        return false;
    *slot = (struct bark_xml_slot){ made, cap };
    return true;
}

enum bark_code bark_xml_window_keep_name(struct bark_xml_reader *r)
{
    struct bark_xml_open *open = &r->open[r->depth - 1];
    struct bark_xml_slot *slot = &r->window->names[r->depth - 1];
    if (!slot_grow(r, slot, open->len))
        return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_place(r, open->name), memory_rule);
    memcpy(slot->ptr, open->name, open->len);
    open->name = slot->ptr;
    return BARK_OK;
}

static void part_keep(uint8_t **to, struct bark_slice *part)
{
    if (part->len)
        memcpy(*to, part->ptr, part->len);
    part->ptr = *to;
    *to += part->len;
}

enum bark_code bark_xml_window_keep_bindings(struct bark_xml_reader *r, uint32_t first)
{
    uint32_t i, same;
    for (i = first; i < r->binding_count; i++) {
        struct bark_xml_binding *b = &r->bindings[i];
        struct bark_xml_slot *slot = &r->window->bindings[i];
        uint8_t *to;
        /* Equal URIs in scope stand at one address (scope.c), also when kept. */
        for (same = 0; same < i && !bark_slice_equal(r->bindings[same].uri, b->uri); same++)
            ;
        if (!slot_grow(r, slot, b->prefix.len + b->quoted.len + b->uri.len))
            return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_offset(r), memory_rule);
        to = slot->ptr;
        part_keep(&to, &b->prefix);
        part_keep(&to, &b->quoted);
        if (same < i)
            b->uri = r->bindings[same].uri;
        else
            part_keep(&to, &b->uri);
    }
    return BARK_OK;
}

enum bark_code bark_xml_window_judge(struct bark_xml_reader *r)
{
    static const char rule[] = "[R4] a tag, declaration or reference is longer than the window";
    const bool near = bark_xml_left(r) < JUDGE_AHEAD || (*r->at == '&' && reference_open(r));
    if (r->failed == BARK_ERR_LIMIT || r->failed == BARK_ERR_MEMORY || !near)
        return r->failed;
    if (r->err)
        *r->err = (struct bark_error){ 0 };
    r->failed = BARK_OK;
    bark_xml_fail(r, BARK_ERR_LIMIT, r->before, rule);
    if (r->err) {
        char text[32];
        struct bark_out out;
        bark_out_init(&out, text, sizeof text);
        bark_out_u64(&out, r->window->size);
        bark_out_text(&out, " bytes at most");
        bark_report_expect(r->err, bark_out_bytes(&out));
    }
    return r->failed;
}

void bark_xml_collect_begin(struct bark_xml_reader *r)
{
    r->window->collecting = true;
    r->window->collected = 0;
}

bool bark_xml_collect_fits(const struct bark_xml_reader *r)
{
    const struct bark_arena *a = r->arena;
    return r->window->collected <= a->cap - a->used - a->scratch;
}

static uint8_t *collect_room(struct bark_xml_reader *r, size_t len)
{
    struct bark_xml_window *w = r->window;
    struct bark_arena *a = r->arena;
    const size_t free = a->cap - a->used - a->scratch;
    uint8_t *to = a->base + a->used + w->collected;
    if (w->collected > free || len > free - w->collected)
        return NULL;
    w->collected += len;
    if (a->used + a->scratch + w->collected > a->peak)
        a->peak = a->used + a->scratch + w->collected;
    return to;
}

bool bark_xml_collect(struct bark_xml_reader *r, const uint8_t *bytes, size_t len)
{
    uint8_t *to = collect_room(r, len);
    if (to && len)
        memcpy(to, bytes, len);
    return to != NULL;
}

bool bark_xml_collect_piece(struct bark_xml_reader *r, const struct bark_xml_event *piece)
{
    uint8_t *to = collect_room(r, piece->text_len);
    if (!to || piece->text_len == 0)
        return to != NULL;
    if (r->window->cdata)
        bark_xml_flatten(piece->raw, BARK_XML_FLATTEN_CDATA, to);
    else
        bark_xml_flatten(piece->raw, BARK_XML_FLATTEN_TEXT, to);
    return true;
}

struct bark_slice bark_xml_collected(const struct bark_xml_reader *r)
{
    return (struct bark_slice){ r->arena->base + r->arena->used, r->window->collected };
}

void bark_xml_collect_end(struct bark_xml_reader *r)
{
    r->window->collecting = false;
}
