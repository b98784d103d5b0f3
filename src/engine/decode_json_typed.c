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

/* The object or other value at ev, of the type that the field stands for. */
static enum bark_code field_place(struct bark_json_decoder *d, const struct bark_json_event *ev,
                                  uint16_t type, uint16_t field, void *member, bool named)
{
    uint8_t *room;
    enum bark_code code;
    if (field == BARK_NONE)
        return bark_json_refuse(d, BARK_ERR_UNEXPECTED, ev->offset, first_rule);
    code = type_hold(d, type, field, ev->offset, member, &room);
    return code == BARK_OK ? bark_json_value_place(d, ev, d->image->fields[field].type, room, named) : code;
}

enum bark_code bark_json_typed_place(struct bark_json_decoder *d, const struct bark_json_event *ev,
                                     uint16_t type, void *member)
{
    if (ev->kind != BARK_JSON_OBJECT)
        return field_place(d, ev, type, bark_typed_declared(d->image, type), member, false);
    bark_json_keep(&d->r, ev->offset);
    d->look = (struct bark_json_look){ .on = true, .type = type, .member = member, .offset = ev->offset };
    return BARK_OK;
}

/* The value of "#type". */
static enum bark_code name_read(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    const struct bark_json_look look = d->look;
    const struct bark_json_event object = { .kind = BARK_JSON_OBJECT, .offset = look.offset };
    struct bark_slice text, uri, local;
    uint16_t field;
    enum bark_code code;
    if (ev->kind != BARK_JSON_STRING)
        return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset, "docs/json.md: #type is a string: {uri}local");
    code = bark_json_text(&d->r, ev, &text);
    if (code != BARK_OK)
        return code;
    bark_json_name_split(text, &uri, &local);
    field = bark_typed_find(d->image, look.type, uri, local);
    if (field == BARK_NONE)
        return types_refuse(d, look.type, ev->offset, text);
    d->look.on = false;
    return field_place(d, &object, look.type, field, look.member, true);
}

/* What an object begins with. When it is no "#type", the object is of the declared type, and the event is the
 * first one inside it. */
enum bark_code bark_json_look_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    const struct bark_json_look look = d->look;
    const struct bark_json_event object = { .kind = BARK_JSON_OBJECT, .offset = look.offset };
    const size_t used = d->arena->used;
    struct bark_slice name = { NULL, 0 };
    enum bark_code code = BARK_OK;
    if (look.named)
        return name_read(d, ev);
    if (ev->kind == BARK_JSON_NAME)
        code = bark_json_text(&d->r, ev, &name);
    d->arena->used = used;
    if (code != BARK_OK)
        return code;
    if (name.ptr && bark_slice_is(name, "#type")) {
        d->look.named = true;
        return BARK_OK;
    }
    d->look.on = false;
    code = field_place(d, &object, look.type, bark_typed_declared(d->image, look.type), look.member, false);
    return code == BARK_OK ? bark_json_frame_event(d, ev) : code;
}

/* The value of "#text". */
static enum bark_code typed_value(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_json_frame *f = d->frame;
    enum bark_code code;
    f->count = 1;
    code = bark_json_place(d, ev, f->type, f->last);
    if (code != BARK_OK || bark_json_has_begun(d, f)) /* a list has begun, and its end decides */
        return code;
    f->in_member = false;
    return bark_json_fixed_check(d, f->type, f->last, ev->offset);
}

enum bark_code bark_json_typed_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_json_frame *f = d->frame;
    struct bark_slice name;
    enum bark_code code;
    if (ev->kind == BARK_JSON_OBJECT_END) {
        if (f->count == 0)
            return bark_json_refuse(d, BARK_ERR_MISSING, ev->offset,
                                    "docs/json.md: the value of a simple type is in \"#text\"");
        bark_json_end_frame(d);
        return BARK_OK;
    }
    if (f->in_member)
        return typed_value(d, ev);
    code = bark_json_text(&d->r, ev, &name);
    if (code == BARK_OK && (f->count > 0 || !bark_slice_is(name, "#text")))
        code = bark_json_refuse(d, BARK_ERR_UNEXPECTED, ev->offset,
                                "docs/json.md: beside \"#type\" a simple type has one \"#text\"");
    f->in_member = code == BARK_OK;
    return code;
}
