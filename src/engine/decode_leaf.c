/* engine/decode_leaf.c - elements without members: a value, nothing at all, or what is passed over or kept as
 * text.
 *
 * Such an element needs no frame, only a note of what is done with its events until its END: the leaf. It is
 * read event by event, so that the decoder can stop in the middle of it and go on when there is more input.
 */
#include "base/scratch.h"
#include "engine/decode.h"
#include "engine/sink.h"
#include "engine/xop.h"
#include "xml/parts.h"

#include <assert.h>
#include <string.h>

static enum bark_code leaf_open(struct bark_decoder *d, const struct bark_leaf *leaf)
{
    assert(d->leaf.kind == BARK_LEAF_NONE);
    d->leaf = *leaf;
    d->leaf.secret_before = d->r->secret;
    d->leaf.depth = d->r->depth;
    return BARK_OK;
}

static enum bark_code leaf_close(struct bark_decoder *d)
{
    d->leaf.kind = BARK_LEAF_NONE;
    if (bark_xml_windowed(d->r))
        bark_xml_collect_end(d->r);
    d->r->secret = d->leaf.secret_before;
    return BARK_OK;
}

/* An element that starts where only text may stand. */
static enum bark_code child_refuse(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                               "[XSD1 3.3.4] a value of a simple type has no elements in it", ev->name.local);
}

static bool is_sunk(const struct bark_decoder *d)
{
    return BARK_HAS_WINDOW && d->sinks && d->sinks->open;
}

/* The value of an element without text: [XSD1 3.3.4] a default or fixed value stands in, and where xsi:type
 * names another type than the declared one, the fixed value must be one of that type too. */
static enum bark_code empty_read(struct bark_decoder *d, const struct bark_leaf *leaf, size_t offset)
{
    static const uint8_t nothing[1];
    const struct bark_slice text = { nothing, 0 };
    enum bark_code code;
    if (leaf->f && bark_field_bits(d->image, leaf->f) & (BARK_F_DEFAULT | BARK_F_FIXED))
        code = bark_default_read(d, leaf->type, leaf->f, offset, leaf->room);
    else
        code = bark_text_read_value(d, leaf->type, text, offset, leaf->room);
    if (code == BARK_OK && leaf->f && bark_field_bits(d->image, leaf->f) & BARK_F_FIXED)
        code = bark_fixed_check(d, leaf->f, leaf->type, text, offset, leaf->room);
    return code == BARK_OK && is_sunk(d) ? d->sinks->ops->whole(d, leaf->room) : code;
}

/* The text that was collected from its pieces. A plain string stays where it is; another text makes way for
 * what its value takes from the arena. */
static enum bark_code collected_take(struct bark_decoder *d, struct bark_slice *text, bool *is_value)
{
    const struct bark_type_row *row = &d->image->types[d->leaf.type];
    struct bark_arena *a = d->r->arena;
    uint8_t *copy;
    *text = bark_xml_collected(d->r);
    bark_xml_collect_end(d->r);
    *is_value = row->kind == BARK_KIND_STRING && row->flags & BARK_TYPE_PLAIN;
    copy = *is_value ? bark_arena_room(a, text->len + 1, 1) : bark_scratch_room(a, text->len);
    if (!copy)
        return bark_decode_full(d);
    memmove(copy, text->ptr, text->len);
    text->ptr = copy;
    if (*is_value) {
        copy[text->len] = '\0';
        *(struct bark_text *)d->leaf.room = (struct bark_text){ (const char *)copy, text->len };
    }
    return BARK_OK;
}

/* All of the text, at once or after its last piece. */
static enum bark_code text_read(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    const struct bark_leaf *leaf = &d->leaf;
    const size_t mark = bark_scratch_mark(d->r->arena);
    struct bark_slice text;
    bool is_value = false;
    if (ev->text_len == 0) /* comments alone */
        return empty_read(d, leaf, ev->offset);
    if (is_sunk(d))
        return d->sinks->ops->end(d, ev->offset, leaf->room);
    if ((bark_xml_windowed(d->r)
             ? collected_take(d, &text, &is_value)
             : bark_text_flat(d, ev->raw, ev->plain, ev->text_len, false, &text)) != BARK_OK)
        return d->r->failed;
    if (!is_value && bark_text_read_value(d, leaf->type, text, ev->offset, leaf->room) != BARK_OK)
        return d->r->failed;
    if (leaf->f && bark_field_bits(d->image, leaf->f) & BARK_F_FIXED &&
        bark_fixed_check(d, leaf->f, leaf->type, text, ev->offset, leaf->room) != BARK_OK)
        return d->r->failed;
    bark_scratch_pop(d->r->arena, mark);
    return BARK_OK;
}

/* What follows an xop:Include: its END, then that of the element whose whole content it is. */
static enum bark_code xop_event(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    if (ev->kind == BARK_XML_PIECE)
        return BARK_OK;
    if (ev->kind != BARK_XML_END)
        return bark_xml_fail(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                             "[XOP 3.2] xop:Include is empty, and the only content of its element");
    return d->r->depth == d->leaf.depth ? leaf_close(d) : BARK_OK;
}

static enum bark_code value_event(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    if (BARK_HAS_XOP && d->leaf.xop)
        return xop_event(d, ev);
    switch (ev->kind) {
    case BARK_XML_PIECE:
        if (is_sunk(d))
            return d->sinks->ops->piece(d, ev);
        return bark_xml_windowed(d->r) && bark_xml_collect_piece(d->r, ev) ? BARK_OK : bark_decode_full(d);
    case BARK_XML_TEXT:
        d->leaf.read = true;
        return text_read(d, ev);
    case BARK_XML_END:
        if (!d->leaf.read && empty_read(d, &d->leaf, ev->offset) != BARK_OK)
            return d->r->failed;
        return leaf_close(d);
    case BARK_XML_START:
        if (!BARK_HAS_XOP || d->leaf.read || !bark_xop_is(d, ev, d->leaf.type))
            break;
        d->leaf.xop = true;
        if (bark_xop_read(d, ev, d->leaf.type, d->leaf.f, d->leaf.room) != BARK_OK)
            return d->r->failed;
        return is_sunk(d) ? d->sinks->ops->whole(d, d->leaf.room) : BARK_OK;
    case BARK_XML_EOF:
        break;
    }
    return child_refuse(d, ev);
}

static enum bark_code value_open(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 void *room, bool read)
{
    if (BARK_HAS_WINDOW && d->sinks && d->sinks->ops->begin(d, type) != BARK_OK)
        return d->r->failed;
    if (bark_xml_windowed(d->r) && !is_sunk(d))
        bark_xml_collect_begin(d->r);
    return leaf_open(
        d, &(struct bark_leaf){ .kind = BARK_LEAF_VALUE, .type = type, .f = f, .room = room, .read = read });
}

enum bark_code bark_content_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 void *room)
{
    struct bark_slice text;
    size_t offset = bark_xml_offset(d->r);
    if (!bark_xml_plain_text(d->r, &text))
        return value_open(d, type, f, room, false);
    if (bark_text_read_value(d, type, text, offset, room) != BARK_OK)
        return d->r->failed;
    if (f && bark_field_bits(d->image, f) & BARK_F_FIXED &&
        bark_fixed_check(d, f, type, text, offset, room) != BARK_OK)
        return d->r->failed;
    return bark_xml_plain_end(d->r, &offset) ? BARK_OK : value_open(d, type, f, room, true);
}

static enum bark_code nil_event(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    if (ev->kind == BARK_XML_PIECE || (ev->kind == BARK_XML_TEXT && ev->text_len == 0))
        return BARK_OK;
    if (ev->kind == BARK_XML_END)
        return leaf_close(d);
    return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                               "[XSD1 3.3.4] a nil element has no content",
                               ev->kind == BARK_XML_TEXT ? ev->raw : ev->name.local);
}

enum bark_code bark_nil_read(struct bark_decoder *d)
{
    return leaf_open(d, &(struct bark_leaf){ .kind = BARK_LEAF_NIL });
}

enum bark_code bark_leaf_skip(struct bark_decoder *d)
{
    return leaf_open(d, &(struct bark_leaf){ .kind = BARK_LEAF_SKIP });
}

enum bark_code bark_leaf_capture(struct bark_decoder *d, const struct bark_xml_event *start,
                                 struct bark_text *text, struct bark_skipped *skipped)
{
    struct bark_leaf leaf = { .kind = BARK_LEAF_CAPTURE, .text = text, .skipped = skipped };
    const enum bark_code code = bark_capture_begin(d->r, start, &leaf.capture);
    return code == BARK_OK ? leaf_open(d, &leaf) : code;
}

static enum bark_code capture_read(struct bark_decoder *d)
{
    bool done;
    const enum bark_code code = bark_capture_next(d->r, &d->leaf.capture, d->leaf.text, &done);
    if (code != BARK_OK || !done)
        return code;
    if (d->leaf.skipped)
        bark_unknown_add(d, d->leaf.skipped);
    return leaf_close(d);
}

enum bark_code bark_leaf_read(struct bark_decoder *d)
{
    enum bark_code code = BARK_OK;
    while (d->leaf.kind != BARK_LEAF_NONE && code == BARK_OK) {
        struct bark_xml_event ev;
        if (BARK_HAS_CAPTURE && d->leaf.kind == BARK_LEAF_CAPTURE) {
            code = capture_read(d);
            continue;
        }
        code = bark_xml_next(d->r, &ev);
        if (code != BARK_OK)
            break;
        if (d->leaf.kind == BARK_LEAF_VALUE)
            code = value_event(d, &ev);
        else if (BARK_HAS_NIL && d->leaf.kind == BARK_LEAF_NIL)
            code = nil_event(d, &ev);
        else if (ev.kind == BARK_XML_END && d->r->depth == d->leaf.depth)
            code = leaf_close(d);
    }
    return code;
}
