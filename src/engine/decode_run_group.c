/* engine/decode_run_group.c - groups in the quick way (decode_run.c): sequences and choices inside structs,
 * and structs whose members come in any order.
 *
 * Which member an element belongs to is asked of the general way (decode_place.c), which walks the schema
 * from here; what is saved is the event. Opening and closing groups follows from the element's name alone, so
 * it stays done when the element itself turns out not to be plain: the general way goes on from there, and
 * would have done the same.
 */
#ifndef BARK_COMPACT

#include "engine/decode_run.h"

#include <string.h>

/* Closes groups up to the frame, as far as the arena has room for their arrays. */
static bool groups_leave(struct bark_run *run, const struct bark_decode_frame *upto)
{
    struct bark_decoder *d = run->d;
    while (d->top != upto) {
        struct bark_decode_frame *frame = d->top;
        if (frame->array && !bark_run_finish(run, frame))
            return false;
        d->top = frame->up;
        run->r->secret = frame->secret_before;
        bark_scratch_pop(run->r->arena, frame->mark);
    }
    run->row = &run->image->types[upto->type];
    return true;
}

/* Makes the field of the place the one in turn, in the top frame. That it has come is not said yet. */
static bool place_move(struct bark_run *run, const struct bark_place *place)
{
    struct bark_decode_frame *frame = place->frame;
    if (!groups_leave(run, frame))
        return false;
    if (frame->at != place->at) {
        if (frame->array && !bark_run_finish(run, frame))
            return false;
        frame->at = place->at;
        frame->count = 0;
    }
    if (run->row->model == BARK_MODEL_CHOICE) {
        const uint16_t which = (uint16_t)(place->at - run->row->first + 1);
        memcpy(frame->base + run->row->presence, &which, sizeof which);
    }
    return true;
}

/* Opens the group that is the field in turn; or nothing. */
static bool group_open(struct bark_run *run, const struct bark_field_row *f)
{
    struct bark_arena *a = run->r->arena;
    struct bark_decoder *d = run->d;
    struct bark_decode_frame *frame = d->top, *group;
    const struct bark_type_row *type = &run->image->types[f->type];
    const struct bark_run_undo undo = bark_run_undo_of(a);
    uint8_t *room = bark_run_room(run, f, type->size);
    size_t mark;
    if (!room)
        return false;
    mark = bark_scratch_mark(a);
    group = (void *)bark_run_push(a, sizeof *group);
    if (!group)
        return bark_run_undone(a, &undo, room, type->size);
    *group = (struct bark_decode_frame){ .up = frame,
                                         .base = room,
                                         .mark = mark,
                                         .type = f->type,
                                         .at = type->model == BARK_MODEL_CHOICE ? (uint16_t)BARK_NONE
                                                                                : type->first,
                                         .group = true,
                                         .secret_before = run->r->secret };
    frame->count++;
    if (bark_field_bits(run->image, f) & BARK_F_POINTER)
        memcpy(frame->base + f->offset, &room, sizeof room);
    if (!(bark_field_bits(run->image, f) & BARK_F_REPEATED))
        bark_run_mark(run, run->row, frame->base, f);
    d->top = group;
    run->row = type;
    return true;
}

/* The element of this name in a choice of nothing but elements, or NULL. The compare is the quickest there
 * is, because a choice may have hundreds of fields. */
static const struct bark_field_row *choice_find(const struct bark_run *run, const struct bark_type_row *row,
                                                const struct bark_xml_name *name)
{
    const struct bark_field_row *f = &run->image->fields[row->first], *const end = f + row->count;
    for (; f < end; f++) {
        uint32_t text;
        if (bark_field_kind(run->image, f) != BARK_FIELD_ELEMENT)
            return NULL; /* a group has no name */
        text = run->image->names[f->name];
        if (bark_field_ns(run->image, f) == name->ns && bark_name_len(text) == name->local.len &&
            bark_run_name(run->image, text, name->local.ptr))
            return f;
    }
    return NULL;
}

/* The commonest of all groups: a choice that has been made, and may come again. NULL where it does not, or
 * the name is none of its own. */
static const struct bark_field_row *choice_again(struct bark_run *run, const struct bark_xml_name *name)
{
    struct bark_decode_frame *frame = run->d->top, *up = frame->up;
    const struct bark_image *image = run->image;
    const struct bark_field_row *holder, *f;
    struct bark_place place = { .frame = up };
    if (run->row->model != BARK_MODEL_CHOICE || frame->at == BARK_NONE || frame->count == 0 ||
        bark_field_bits(image, &image->fields[frame->at]) & BARK_F_REPEATED)
        return NULL;
    holder = &image->fields[up->at];
    if (bark_field_kind(image, holder) != BARK_FIELD_GROUP ||
        !(bark_field_bits(image, holder) & BARK_F_REPEATED) || holder->type != frame->type ||
        up->count >= run->r->limits->items ||
        (bark_field_bits(image, holder) & BARK_F_OCCURS &&
         up->count >= bark_field_extra(image, holder)->occurs_max) ||
        !(f = choice_find(run, run->row, name)))
        return NULL;
    place.at = up->at;
    if (!place_move(run, &place) || !group_open(run, holder))
        return NULL;
    place = (struct bark_place){ .frame = run->d->top, .at = (uint16_t)(f - image->fields) };
    return place_move(run, &place) ? f : NULL;
}

const struct bark_field_row *bark_run_place(struct bark_run *run, const uint8_t *local, size_t *len)
{
    const struct bark_decoder *d = run->d;
    const uint8_t *const end = run->r->end;
    struct bark_xml_name name = { .local = { local, 0 }, .ns = run->lead.ns };
    const struct bark_field_row *again;
    struct bark_place place;
    while ((size_t)(end - local) - name.local.len > 1 &&
           (local[name.local.len] >= 0x80 || bark_xml_byte_is(local[name.local.len], BARK_XML_NAME_BYTE)))
        name.local.len++;
    *len = name.local.len;
    if ((size_t)(end - local) < *len + BARK_QUICK_AHEAD ||
        (local[*len] != '>' && local[*len] != '/' && local[*len] > ' '))
        return NULL;
    again = choice_again(run, &name);
    if (again)
        return again;
    while (bark_place_find(d, &name, &place)) {
        const struct bark_field_row *f = &run->image->fields[place.at];
        const enum bark_field_kind kind = bark_field_kind(run->image, f);
        if ((kind != BARK_FIELD_ELEMENT && kind != BARK_FIELD_GROUP) ||
            place.count >= run->r->limits->items || !place_move(run, &place))
            return NULL;
        if (kind == BARK_FIELD_ELEMENT)
            return f;
        if (!group_open(run, f))
            return NULL;
    }
    return NULL;
}

bool bark_run_groups_end(struct bark_run *run)
{
    const struct bark_decoder *d = run->d;
    struct bark_place place = { .frame = d->top };
    const struct bark_decode_frame *owner = d->top;
    while (owner->group)
        owner = owner->up;
    if (!owner->up)
        return false; /* the frame that was pushed first */
    while (bark_place_next(d, &place))
        ;
    return !place.blocked && groups_leave(run, owner);
}

#endif
