/* engine/decode_json_xml.c - XML inside JSON: what wildcards and mixed content hold.
 *
 * It is checked as it would be on its way out [row 29], so that a struct from JSON can be sent: well-formed
 * by itself, and of a namespace that the wildcard lets in.
 */
#include "engine/encode.h"
#include "engine/engine.h"
#include "engine/json_decode.h"
#include "xml/chars.h"

/* Lets a checked fragment fall. */
static bool room_forget(struct bark_out *o, size_t need)
{
    o->pos = 0;
    return need <= o->cap;
}

static enum bark_code well_formed(struct bark_json_decoder *d, bool element, struct bark_slice text,
                                  size_t at)
{
    const size_t mark = bark_scratch_mark(d->arena);
    struct bark_error error = { 0 };
    struct bark_out out;
    enum bark_code code;
    uint8_t *room = bark_scratch_push(d->arena, text.len + 1); /* a fragment may be put in one piece */
    if (!room)
        return bark_json_no_memory(d, at);
    bark_out_init(&out, room, text.len + 1);
    out.make_room = room_forget;
    code = element ? bark_write_fragment(&out, text, d->r.limits, d->arena, &error)
                   : bark_write_content(&out, text, d->r.limits, d->arena, &error);
    bark_scratch_pop(d->arena, mark);
    return code == BARK_OK ? BARK_OK : bark_json_refuse(d, code, at, error.rule);
}

enum bark_code bark_json_wildcard_check(struct bark_json_decoder *d, const struct bark_field_row *field,
                                        struct bark_slice uri, size_t at)
{
    if (bark_encode_allows(d->image, &d->image->wildcards[field->name], uri))
        return BARK_OK;
    return bark_json_refuse(d, BARK_ERR_UNEXPECTED, at, "[XSD1 3.10.4] the wildcard excludes the namespace");
}

/* The namespace of a well-formed element against the wildcard. */
static enum bark_code element_check(struct bark_json_decoder *d, const struct bark_field_row *field,
                                    struct bark_slice text, size_t at)
{
    const size_t used = d->arena->used;
    struct bark_slice uri = { NULL, 0 };
    struct bark_xml_event ev = { .kind = BARK_XML_EOF };
    struct bark_xml_reader r;
    enum bark_code code = bark_xml_open(&r, text, d->r.limits, d->arena, NULL);
    if (code == BARK_OK)
        code = bark_xml_next(&r, &ev);
    if (code == BARK_OK && ev.kind == BARK_XML_START)
        uri = ev.name.uri; /* stands in text, or is constant */
    d->arena->used = used;
    if (code != BARK_OK) /* the text was read before: only memory can fail */
        return bark_json_no_memory(d, at);
    return bark_json_wildcard_check(d, field, uri, at);
}

enum bark_code bark_json_place_text(struct bark_json_decoder *d, const struct bark_json_event *ev,
                                    const struct bark_field_row *field, struct bark_text *text)
{
    const enum bark_field_kind kind = bark_field_kind(d->image, field);
    struct bark_slice slice;
    enum bark_code code;
    if (ev->kind != BARK_JSON_STRING)
        return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset, "docs/json.md: a string is wanted here");
    code = bark_json_text(&d->r, ev, &slice);
    if (code != BARK_OK)
        return code;
    if (bark_xml_chars_span(slice) < slice.len)
        return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset,
                                "[XML1 2.2] the string has a character that XML cannot carry");
    if (kind != BARK_FIELD_ANY_ATTRIBUTE)
        code = well_formed(d, kind == BARK_FIELD_ANY, slice, ev->offset);
    if (code == BARK_OK && kind == BARK_FIELD_ANY)
        code = element_check(d, field, slice, ev->offset);
    if (code != BARK_OK)
        return code;
    text->ptr = ev->kept ? (const char *)slice.ptr : bark_arena_text(d->arena, slice.ptr, slice.len);
    if (!text->ptr)
        return bark_json_no_memory(d, ev->offset);
    if (!ev->kept)
        text->ptr = bark_json_settle(&d->r, text->ptr);
    text->len = slice.len;
    return BARK_OK;
}
