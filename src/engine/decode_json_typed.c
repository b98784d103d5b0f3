/* engine/decode_json_typed.c - values that may be of several types: "#type" says which, as xsi:type does in
 * XML.
 *
 * It stands first in its object, because everything after it is read by the type that it names. A simple type
 * that is not the declared one has an object of its own for that: { "#type": "{uri}int", "#text": 5 }.
 */
#include "base/report.h"
#include "base/slice.h"
#include "engine/json_decode.h"
#include "engine/typed.h"

#include <string.h>

static const char first_rule[] =
    "docs/json.md: the declared type is abstract: \"#type\" stands first and names one derived from it";

static enum bark_code types_refuse(struct bark_json_decoder *d, uint16_t type, size_t at,
                                   struct bark_slice found)
{
    const struct bark_type_row *row = &d->image->types[type];
    uint32_t i;
    bark_json_refuse(d, BARK_ERR_UNEXPECTED, at,
                     "[XSD1 3.3.4] #type must name the declared type or one derived from it");
    for (i = row->first; i < (uint32_t)row->first + row->count; i++)
        bark_report_expect(d->r.err, bark_image_name(d->image, d->image->fields[i].name));
    bark_report_add(d->r.err->found, sizeof d->r.err->found, found);
    return BARK_ERR_UNEXPECTED;
}

/* The value of "#type": *field is the one that it names. */
static enum bark_code name_read(struct bark_json_decoder *d, uint16_t type, uint16_t *field)
{
    struct bark_json_event ev;
    struct bark_slice text, uri, local;
    enum bark_code code = bark_json_next(&d->r, &ev);
    if (code == BARK_OK && ev.kind != BARK_JSON_STRING)
        code = bark_json_refuse(d, BARK_ERR_TYPE, ev.offset, "docs/json.md: #type is a string: {uri}local");
    if (code == BARK_OK)
        code = bark_json_text(&d->r, &ev, &text);
    if (code != BARK_OK)
        return code;
    bark_json_name_split(text, &uri, &local);
    *field = bark_typed_find(d->image, type, uri, local);
    return *field == BARK_NONE ? types_refuse(d, type, ev.offset, text) : BARK_OK;
}

/* Looks whether "#type" is the first name of the object that has begun. When it is not, nothing was read. */
static enum bark_code type_look(struct bark_json_decoder *d, uint16_t type, uint16_t *field)
{
    const struct bark_json_reader before = d->r;
    const size_t used = d->arena->used;
    struct bark_json_event ev;
    struct bark_slice name = { NULL, 0 };
    enum bark_code code = bark_json_next(&d->r, &ev);
    if (code == BARK_OK && ev.kind == BARK_JSON_NAME)
        code = bark_json_text(&d->r, &ev, &name);
    if (code != BARK_OK)
        return code;
    if (name.ptr && bark_slice_is(name, "#type"))
        return name_read(d, type, field);
    d->r = before;
    d->arena->used = used;
    return BARK_OK;
}

/* Makes the union hold the field's type; *room is where its value goes. */
static enum bark_code type_hold(struct bark_json_decoder *d, uint16_t type, uint16_t field, size_t at,
                                uint8_t *member, uint8_t **room)
{
    const struct bark_field_row *f = &d->image->fields[field];
    bark_typed_choose(d->image, type, field, member);
    *room = member + f->offset;
    if (!(bark_field_bits(d->image, f) & BARK_F_POINTER))
        return BARK_OK;
    *room = bark_arena_alloc(d->arena, 1, d->image->types[f->type].size);
    memcpy(member + f->offset, room, sizeof *room);
    return *room ? BARK_OK : bark_json_no_memory(d, at);
}

enum bark_code bark_json_type_choose(struct bark_json_decoder *d, const struct bark_json_event *ev,
                                     uint16_t *type, void **member, bool *named)
{
    uint16_t field = BARK_NONE;
    uint8_t *room;
    enum bark_code code = BARK_OK;
    if (ev->kind == BARK_JSON_OBJECT)
        code = type_look(d, *type, &field);
    if (code != BARK_OK)
        return code;
    *named = field != BARK_NONE;
    if (!*named)
        field = bark_typed_declared(d->image, *type);
    if (field == BARK_NONE)
        return bark_json_refuse(d, BARK_ERR_UNEXPECTED, ev->offset, first_rule);
    code = type_hold(d, *type, field, ev->offset, *member, &room);
    *type = d->image->fields[field].type;
    *member = room;
    return code;
}

enum bark_code bark_json_typed_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_json_frame *f = d->frame;
    struct bark_json_event value;
    struct bark_slice name;
    enum bark_code code;
    if (ev->kind == BARK_JSON_OBJECT_END) {
        if (f->count == 0)
            return bark_json_refuse(d, BARK_ERR_MISSING, ev->offset,
                                    "docs/json.md: the value of a simple type is in \"#text\"");
        bark_json_end_frame(d);
        return BARK_OK;
    }
    code = bark_json_text(&d->r, ev, &name);
    if (code == BARK_OK && (f->count > 0 || !bark_slice_is(name, "#text")))
        code = bark_json_refuse(d, BARK_ERR_UNEXPECTED, ev->offset,
                                "docs/json.md: beside \"#type\" a simple type has one \"#text\"");
    if (code == BARK_OK)
        code = bark_json_next(&d->r, &value);
    if (code != BARK_OK)
        return code;
    f->count = 1;
    code = bark_json_place(d, &value, f->type, f->last);
    if (code != BARK_OK || d->frame != f) /* a list has begun, and its end decides */
        return code;
    return bark_json_fixed_check(d, f->type, f->last, value.offset);
}
