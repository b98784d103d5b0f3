/* engine/decode_value.c - character content as a value: text, default, fixed, nil.
 */
#include "base/report.h"
#include "base/scratch.h"
#include "engine/decode.h"
#include "engine/value_kind.h"
#include "engine/xop.h"
#include "xml/parts.h"

struct bark_slice bark_extra_text(const struct bark_image *image, const struct bark_field_row *f)
{
    const struct bark_extra_row *extra = &image->extras[f->extra];
    return (struct bark_slice){ image->pool + extra->text, extra->text_len };
}

enum bark_code bark_text_flat(struct bark_decoder *d, struct bark_slice raw, bool plain, size_t text_len,
                              bool attribute, struct bark_slice *text)
{
    uint8_t *copy;
    *text = raw;
    if (plain)
        return BARK_OK;
    copy = bark_scratch_push(d->r->arena, text_len ? text_len : 1);
    if (!copy)
        return bark_decode_full(d);
    bark_xml_flatten(raw, attribute ? BARK_XML_FLATTEN_VALUE : BARK_XML_FLATTEN_TEXT, copy);
    *text = (struct bark_slice){ copy, text_len };
    return BARK_OK;
}

/* The reader's place and path, the value's rule and expected set; the text itself unless it is a secret. */
static enum bark_code value_fail(struct bark_decoder *d, const struct bark_value_error *error,
                                 enum bark_code code, struct bark_slice text, size_t offset)
{
    static const char hidden[] = "***";
    if (d->r->secret && text.len)
        text = (struct bark_slice){ (const uint8_t *)hidden, sizeof hidden - 1 };
    if (bark_xml_fail_place(d->r, code, offset))
        bark_value_explain(error, code, text, d->r->err);
    return d->r->failed;
}

enum bark_code bark_text_read_value(struct bark_decoder *d, uint16_t type, struct bark_slice text,
                                    size_t offset, void *room)
{
    const enum bark_code code = bark_value_read(&d->scope, type, text, room, &d->error);
    return code == BARK_OK ? BARK_OK : value_fail(d, &d->error, code, text, offset);
}

enum bark_code bark_default_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 size_t offset, void *room)
{
    enum bark_code code;
    d->scope.checked = false; /* the text comes from the image */
    code = bark_text_read_value(d, type, bark_extra_text(d->image, f), offset, room);
    d->scope.checked = true;
    return code;
}

/* [XSD1 3.3.4] Values are compared, not texts: a fixed 1 is met by 01. */
enum bark_code bark_fixed_check(struct bark_decoder *d, const struct bark_field_row *f, uint16_t type,
                                struct bark_slice text, size_t offset, const void *room)
{
    const struct bark_slice fixed = bark_extra_text(d->image, f);
    struct bark_value_error error;
    bool same;
    const enum bark_code code = bark_value_is(&d->scope, type, room, fixed, &same, &error);
    if (code != BARK_OK)
        return value_fail(d, &error, code, text, offset);
    if (same)
        return BARK_OK;
    bark_xml_fail_found(d->r, BARK_ERR_FACET, offset, "[XSD1 3.3.4] the value is fixed by the schema", text);
    if (d->r->err)
        bark_report_expect(d->r->err, fixed);
    return d->r->failed;
}

/* An element that starts where only text may stand. */
static enum bark_code child_refuse(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                               "[XSD1 3.3.4] a value of a simple type has no elements in it", ev->name.local);
}

static enum bark_code end_read(struct bark_decoder *d)
{
    struct bark_xml_event ev;
    if (bark_xml_next(d->r, &ev) != BARK_OK)
        return d->r->failed;
    return ev.kind == BARK_XML_END ? BARK_OK : child_refuse(d, &ev);
}

/* The value of an element without text: [XSD1 3.3.4] a default or fixed value stands in. */
static enum bark_code empty_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 size_t offset, void *room)
{
    static const uint8_t nothing[1];
    const struct bark_slice text = { nothing, 0 };
    if (f && f->bits & (BARK_F_DEFAULT | BARK_F_FIXED))
        return bark_default_read(d, type, f, offset, room);
    return bark_text_read_value(d, type, text, offset, room);
}

/* Any content: with references, comments, none at all, or what does not belong here. */
static enum bark_code content_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                   void *room)
{
    const size_t mark = bark_scratch_mark(d->r->arena);
    struct bark_xml_event ev;
    struct bark_slice text;
    if (bark_xml_next(d->r, &ev) != BARK_OK)
        return d->r->failed;
    if (ev.kind == BARK_XML_START)
        return bark_xop_is(d, &ev, type) ? bark_xop_read(d, &ev, type, f, room) : child_refuse(d, &ev);
    if (ev.kind == BARK_XML_END)
        return empty_read(d, type, f, ev.offset, room);
    if (ev.text_len == 0) { /* comments alone */
        if (empty_read(d, type, f, ev.offset, room) != BARK_OK)
            return d->r->failed;
        return end_read(d);
    }
    if (bark_text_flat(d, ev.raw, ev.plain, ev.text_len, false, &text) != BARK_OK ||
        bark_text_read_value(d, type, text, ev.offset, room) != BARK_OK)
        return d->r->failed;
    if (f && f->bits & BARK_F_FIXED && bark_fixed_check(d, f, type, text, ev.offset, room) != BARK_OK)
        return d->r->failed;
    bark_scratch_pop(d->r->arena, mark);
    return end_read(d);
}

enum bark_code bark_content_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 void *room)
{
    struct bark_slice text;
    size_t offset = (size_t)(d->r->at - d->r->begin);
    if (!bark_xml_plain_text(d->r, &text))
        return content_read(d, type, f, room);
    if (bark_text_read_value(d, type, text, offset, room) != BARK_OK)
        return d->r->failed;
    if (f && f->bits & BARK_F_FIXED && bark_fixed_check(d, f, type, text, offset, room) != BARK_OK)
        return d->r->failed;
    return bark_xml_plain_end(d->r, &offset) ? BARK_OK : end_read(d);
}

enum bark_code bark_nil_read(struct bark_decoder *d)
{
    struct bark_xml_event ev;
    do {
        if (bark_xml_next(d->r, &ev) != BARK_OK)
            return d->r->failed;
    } while (ev.kind == BARK_XML_TEXT && ev.text_len == 0);
    if (ev.kind == BARK_XML_END)
        return BARK_OK;
    return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev.offset,
                               "[XSD1 3.3.4] a nil element has no content",
                               ev.kind == BARK_XML_TEXT ? ev.raw : ev.name.local);
}
