/* engine/decode_place.c - which member the next element belongs to.
 *
 * From where a frame stands, the schema allows some members and no others: the field in turn while it may
 * repeat, then each following one up to the first that is required, then what follows the group. This file
 * walks those candidates in schema order. The decoder takes the first that fits [XSD1 3.8.6: one look is
 * enough]; but a member that has the element's name goes before a wildcard, because schemas in use put ##any
 * before their own elements, against that rule. The same walk finds what is missing at an end tag, and lists
 * what was expected in an error.
 *
 * A struct without order (`all`, and what SOAP encoding sends) has each member that may still come as a
 * candidate, wherever it stands in the schema; groups in it keep their own order.
 */
#include "base/bytes.h"
#include "engine/decode.h"

#include <string.h>

struct bark_occurs bark_decode_occurs(const struct bark_image *image, const struct bark_field_row *f)
{
    return (struct bark_occurs){ bark_field_least(image, f), bark_field_occurs(image, f).max };
}

bool bark_name_is(const struct bark_image *image, const struct bark_xml_name *name, uint16_t name_row,
                  uint8_t ns)
{
    const struct bark_slice local = bark_image_name(image, name_row);
    return name->ns == ns && name->local.len == local.len &&
           bark_bytes_equal(name->local.ptr, local.ptr, local.len);
}

/* [XSD1 3.10.4] Wildcard allows Namespace Name. */
bool bark_wildcard_takes(const struct bark_image *image, uint16_t wildcard, const struct bark_xml_name *name)
{
    const struct bark_wildcard_row *row = &image->wildcards[wildcard];
    bool listed = false;
    uint16_t i;
    for (i = 0; i < row->count; i++)
        listed = listed || image->lists[row->first + i] == name->ns;
    switch ((enum bark_wildcard_mode)row->mode) {
    case BARK_WILDCARD_ANY:
        return true;
    case BARK_WILDCARD_NOT:
        return !listed && name->ns != 0;
    case BARK_WILDCARD_LIST:
        return listed;
    case BARK_WILDCARD_DECLARED: /* no field refers to it (T38) */
        break;
    }
    return false;
}

/* How a group's FIRSTS take the element: a name before a wildcard. */
static enum bark_takes group_takes(const struct bark_image *image, const struct bark_type_row *group,
                                   const struct bark_xml_name *name)
{
    enum bark_takes takes = BARK_TAKES_NOT;
    uint16_t i;
    for (i = 0; i < group->name; i++) {
        const struct bark_first_row *first = &image->firsts[group->extra + i];
        if (first->kind != BARK_FIELD_ANY) {
            if (bark_name_is(image, name, first->name, first->ns))
                return BARK_TAKES_NAME;
        } else if (bark_wildcard_takes(image, first->name, name)) {
            takes = BARK_TAKES_ANY;
        }
    }
    return takes;
}

enum bark_takes bark_field_takes(const struct bark_image *image, const struct bark_field_row *f,
                                 const struct bark_xml_name *name)
{
    switch (bark_field_kind(image, f)) {
    case BARK_FIELD_ELEMENT:
        return bark_name_is(image, name, f->name, bark_field_ns(image, f)) ? BARK_TAKES_NAME : BARK_TAKES_NOT;
    case BARK_FIELD_ANY:
        return bark_wildcard_takes(image, f->name, name) ? BARK_TAKES_ANY : BARK_TAKES_NOT;
    case BARK_FIELD_GROUP:
        if (!BARK_HAS_GROUP)
            break;
        return group_takes(image, &image->types[f->type], name);
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_TEXT:
    case BARK_FIELD_ANY_ATTRIBUTE:
    case BARK_FIELD_CONTENT:
    case BARK_FIELD_POSITION:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return BARK_TAKES_NOT;
}

/* One past the last field row of a frame's type. */
static uint32_t fields_end(const struct bark_decoder *d, const struct bark_decode_frame *frame)
{
    const struct bark_type_row *row = &d->image->types[frame->type];
    return (uint32_t)row->first + row->count;
}

/* Leaves the frame of the place towards the one around it; false when it is an element's. */
static bool place_up(struct bark_place *place)
{
    if (!BARK_HAS_GROUP || !place->frame->group)
        return false;
    place->frame = place->frame->up;
    place->at = place->frame->at;
    place->count = place->frame->count;
    return true;
}

/* Moves to the next field of the same frame, or out of it. False: the walk is over. */
static bool place_leave(const struct bark_decoder *d, struct bark_place *place)
{
    const struct bark_type_row *row = &d->image->types[place->frame->type];
    const bool choice = BARK_HAS_GROUP && row->model == BARK_MODEL_CHOICE;
    const bool unmade = choice && place->frame->at == BARK_NONE;
    if (!unmade && place->count < bark_decode_occurs(d->image, &d->image->fields[place->at]).min) {
        place->blocked = true;
        return false;
    }
    if (choice && !unmade)
        return place_up(place);
    place->count = 0;
    if (++place->at < fields_end(d, place->frame))
        return true;
    if (unmade && !(row->flags & BARK_TYPE_NULLABLE)) {
        place->blocked = true;
        place->at--;
        return false;
    }
    return place_up(place);
}

/* The first row behind the attributes of a struct. */
static uint32_t members_first(const struct bark_decoder *d, const struct bark_decode_frame *frame)
{
    const struct bark_type_row *row = &d->image->types[frame->type];
    return (uint32_t)row->first + row->extra;
}

/* Items of a field of a frame without order that are there already, with or without others between them. */
static uint32_t items_of(const struct bark_decoder *d, const struct bark_decode_frame *frame, uint32_t at)
{
    const struct bark_field_row *f = &d->image->fields[at];
    struct bark_array array;
    if (!(bark_field_bits(d->image, f) & BARK_F_REPEATED))
        return frame->seen[at - d->image->types[frame->type].first];
    if (frame->at == at)
        return frame->count;
    memcpy(&array, frame->base + f->offset, sizeof array);
    return (uint32_t)array.count;
}

/* The walk through the fields of a frame without order, from field i on: each one that may come (again)
 * [XSD1 3.8.1, SOAP11 5.1]. */
static bool place_next_all(const struct bark_decoder *d, struct bark_place *place, uint32_t i)
{
    for (; i < fields_end(d, place->frame); i++) {
        place->at = (uint16_t)i;
        place->count = items_of(d, place->frame, i);
        if (place->count < bark_decode_occurs(d->image, &d->image->fields[i]).max)
            return true;
    }
    for (i = members_first(d, place->frame); i < fields_end(d, place->frame); i++) {
        place->at = (uint16_t)i;
        place->count = items_of(d, place->frame, i);
        place->blocked = place->count < bark_decode_occurs(d->image, &d->image->fields[i]).min;
        if (place->blocked)
            break;
    }
    return false;
}

bool bark_place_next(const struct bark_decoder *d, struct bark_place *place)
{
    const struct bark_decode_frame *before = place->started ? place->frame : NULL;
    bool leave = place->started; /* the candidate of the call before */
    if (!place->started) {
        place->started = true;
        place->at =
            place->frame->at == BARK_NONE ? d->image->types[place->frame->type].first : place->frame->at;
        place->count = place->frame->count;
        if (!place->frame->seen && place->at >= fields_end(d, place->frame) && !place_up(place))
            return false; /* no content at all */
    }
    while (!place->frame->seen) {
        if (!leave && place->count < bark_decode_occurs(d->image, &d->image->fields[place->at]).max)
            return true;
        if (!place_leave(d, place))
            return false;
        leave = false;
    }
    /* A struct: the walk goes no further up. Who comes out of a group in it begins anew. */
    return place_next_all(d, place, place->frame == before ? place->at + 1U : members_first(d, place->frame));
}

bool bark_place_find(const struct bark_decoder *d, const struct bark_xml_name *name, struct bark_place *place)
{
    struct bark_place wild = { 0 };
    *place = (struct bark_place){ .frame = d->top };
    while (bark_place_next(d, place)) {
        const enum bark_takes takes = bark_field_takes(d->image, &d->image->fields[place->at], name);
        if (takes == BARK_TAKES_NAME)
            return true;
        if (takes == BARK_TAKES_ANY && !wild.frame)
            wild = *place;
    }
    if (wild.frame)
        *place = wild;
    return wild.frame != NULL;
}
