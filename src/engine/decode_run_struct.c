/* engine/decode_run_struct.c - elements of structs in the quick way (decode_run.c): attributes and frames.
 *
 * Room is taken from the arena as the general way takes it, but only when it is there for the asking: a
 * refusal, and the error that belongs to it, is the general way's. What was taken for an element that turns
 * out not to be plain is given back, and its member is zero again.
 */
#ifndef BARK_COMPACT

#include "engine/decode_run.h"

#include <string.h>

uint8_t *bark_run_room(struct bark_run *run, const struct bark_field_row *f, size_t size)
{
    struct bark_arena *a = run->r->arena;
    struct bark_decode_frame *frame = run->d->top;
    uint8_t *room = frame->base + f->offset;
    if (bark_field_bits(run->image, f) & BARK_F_REPEATED) {
        if (bark_field_bits(run->image, f) & BARK_F_NILLABLE)
            return NULL;
        if (!frame->array) {
            frame->array = true;
            frame->array_mark = bark_scratch_mark(a);
        }
        room = bark_run_push(a, size);
        return room ? memset(room, 0, size) : NULL;
    }
    if (!(bark_field_bits(run->image, f) & BARK_F_POINTER))
        return room;
    size = bark_run_aligned(size);
    if (!bark_run_grants(a, size))
        return NULL;
    room = a->base + a->used;
    a->used += size;
    bark_run_count(a);
    return memset(room, 0, size);
}

bool bark_run_finish(struct bark_run *run, struct bark_decode_frame *frame)
{
    const struct bark_field_row *f = &run->image->fields[frame->at];
    const size_t size = bark_field_size(run->image, f);
    struct bark_arena *a = run->r->arena;
    if (bark_field_bits(run->image, f) & (BARK_F_NILLABLE | BARK_F_DIVIDES) ||
        frame->count > (a->cap - a->used - a->scratch) / size ||
        !bark_run_grants(a, bark_run_aligned(frame->count * size)))
        return false;
    return bark_member_finish(run->d, frame) == BARK_OK;
}

/* The attributes of a start tag: where they may end, and how long their names may be. */
struct attributes {
    const struct bark_image *image;
    const struct bark_field_row *fields, *end;
    size_t name_max;
};

/* Whether the attribute whose name is at `at` is the field's: its name, '=' and a quote. A word and name_max
 * and two bytes are readable there; a longer name is left to the general way, and so is a fixed value. */
BARK_INLINE bool attribute_is(const struct attributes *all, const struct bark_field_row *f, const uint8_t *at,
                              size_t *len)
{
    const struct bark_trait_row *trait = bark_field_trait(all->image, f);
    uint32_t row;
    if ((trait->bits & (BARK_F_KIND | BARK_F_FIXED)) != BARK_FIELD_ATTRIBUTE || trait->ns != 0)
        return false;
    row = all->image->names[f->name];
    *len = bark_name_len(row);
    return *len <= all->name_max && at[*len] == '=' && bark_run_name(all->image, row, at) &&
           (at[*len + 1] == '"' || at[*len + 1] == '\'');
}

enum {
    ATTRIBUTES = 64, /* fields that a word can tell apart */
    ATTRIBUTE_AHEAD =
        16 /* bytes that are readable where a name begins: a word, and more than "=" and a quote */
};

/* The field of the attribute at `at`, which is not the one at `from`: one behind that, or before it; or end.
 */
static const struct bark_field_row *attribute_find(const struct attributes *all,
                                                   const struct bark_field_row *from, const uint8_t *at,
                                                   size_t *len)
{
    const struct bark_field_row *f;
    for (f = from; f < all->end; f++)
        if (f != from && attribute_is(all, f, at, len))
            return f;
    for (f = all->fields; f < from; f++)
        if (attribute_is(all, f, at, len))
            return f;
    return all->end;
}

/* What fields say about attributes that did not come, one bit for each that did. */
static bool absent_met(struct bark_run *run, const struct bark_run_tag *tag, const struct bark_type_row *type,
                       uint8_t *base, uint64_t seen)
{
    const struct bark_field_row *f = &run->image->fields[type->first];
    uint32_t i;
    for (i = 0; i < type->extra; i++, f++, seen >>= 1) {
        if (bark_field_kind(run->image, f) == BARK_FIELD_POSITION) {
            const size_t offset = bark_xml_place(run->r, tag->at);
            const uint32_t offset32 = offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset;
            memcpy(base + f->offset, &offset32, sizeof offset32);
        } else if (!(seen & 1) &&
                   bark_field_bits(run->image, f) & (BARK_F_REQUIRED | BARK_F_DEFAULT | BARK_F_FIXED)) {
            return false;
        }
    }
    return true;
}

/* The name of an attribute, behind white space of any kind; NULL when the input ends near. Less near it
 * makes the names that are looked for shorter, so that a tag behind a huge value is not read twice. */
BARK_APART const uint8_t *attribute_name_rest(struct attributes *all, const uint8_t *at, const uint8_t *end)
{
    if (end - at <= ATTRIBUTE_AHEAD || !bark_xml_byte_is(*at, BARK_XML_SPACE_BYTE))
        return NULL;
    at = bark_scan_space(at, end);
    if (end - at < ATTRIBUTE_AHEAD)
        return NULL;
    if (all->name_max > (size_t)(end - at) - 2)
        all->name_max = (size_t)(end - at) - 2;
    return at;
}

/* The attributes of a tag, in any order, up to the '>' or "/>" that it gives; NULL when one of them is not
 * plain, or one that must be there is not. Which have come is a bit each. */
static const uint8_t *attributes_take(struct bark_run *run, const struct bark_run_tag *tag,
                                      const struct bark_type_row *type, uint8_t *base)
{
    const struct bark_type_row *const types = run->image->types;
    const struct bark_field_row *f = &run->image->fields[type->first];
    const size_t name_max = run->r->limits->name_bytes, ahead = BARK_QUICK_AHEAD - 2;
    struct attributes all = { run->image, f, f + type->extra, name_max < ahead ? name_max : ahead };
    const uint8_t *const end = run->r->end, *at = tag->at + tag->len + 1;
    uint64_t seen = 0, bit = 1;
    if (type->extra > ATTRIBUTES || type->extra > run->r->limits->attributes)
        return NULL;
    while (*at != '>' && *at != '/') {
        size_t len = 0;
        if (*at == ' ' && at[1] > ' ' && end - at > BARK_QUICK_AHEAD)
            at++;
        else if (!(at = attribute_name_rest(&all, at, end)))
            return NULL;
        if (f == all.end || !attribute_is(&all, f, at, &len)) {
            f = attribute_find(&all, f, at, &len);
            if (f == all.end)
                return NULL;
            bit = UINT64_C(1) << (f - all.fields);
        }
        if (seen & bit)
            return NULL;
        at = bark_run_quick(run, &types[f->type], at + len + 2, at[len + 1], base + f->offset);
        if (!at || end - ++at < 2)
            return NULL;
        bark_run_mark(run, type, base, f);
        seen |= bit;
        bit <<= 1;
        f++;
    }
    if (*at == '/' && at[1] != '>')
        return NULL;
    return (f == all.end && seen == bit - 1) || absent_met(run, tag, type, base, seen) ? at : NULL;
}

/* A frame for the struct at base, whose tag was taken. False: there is no room for it. */
static bool frame_push(struct bark_run *run, uint16_t type, const struct bark_type_row *row, uint8_t *base,
                       bool secret_before)
{
    struct bark_decoder *d = run->d;
    const size_t mark = bark_scratch_mark(run->r->arena);
    struct bark_decode_frame *frame = (void *)bark_run_push(run->r->arena, sizeof *frame);
    if (!frame)
        return false;
    *frame = (struct bark_decode_frame){ .up = d->top,
                                         .base = base,
                                         .mark = mark,
                                         .type = type,
                                         .at = (uint16_t)(row->first + row->extra),
                                         .secret_before = secret_before };
    d->top = frame;
    return true;
}

static void element_enter(struct bark_run *run, const struct bark_run_tag *tag, uint32_t index)
{
    struct bark_xml_reader *r = run->r;
    r->open[r->depth++] = (struct bark_xml_open){ .name = tag->at + 1,
                                                  .len = (uint32_t)tag->len,
                                                  .prefix_len = run->lead.len > 1 ? run->lead.len - 2U : 0,
                                                  .binding = run->lead.binding,
                                                  .bindings = r->binding_count,
                                                  .index = index };
}

bool bark_run_struct(struct bark_run *run, const struct bark_run_tag *tag, const struct bark_field_row *f,
                     const struct bark_type_row *type)
{
    struct bark_xml_reader *r = run->r;
    struct bark_decode_frame *frame = run->d->top;
    const struct bark_run_undo undo = bark_run_undo_of(r->arena);
    const bool secret_before = r->secret;
    const uint8_t *at;
    uint8_t *room = bark_run_room(run, f, type->size);
    bool empty;
    if (!room)
        return false;
    at = attributes_take(run, tag, type, room);
    if (!at)
        return bark_run_undone(r->arena, &undo, room, type->size);
    empty = *at == '/';
    if (empty ? !bark_run_fields_met(run->image, (uint32_t)type->first + type->extra,
                                     (uint32_t)type->first + type->count, 0)
              : !frame_push(run, f->type, type, room, secret_before))
        return bark_run_undone(r->arena, &undo, room, type->size);
    if (bark_field_bits(run->image, f) & BARK_F_POINTER)
        memcpy(frame->base + f->offset, &room, sizeof room);
    bark_run_taken(run, frame, f);
    r->at = at + 1 + empty;
    if (empty)
        return true;
    r->secret = secret_before || bark_field_bits(run->image, f) & BARK_F_SECRET;
    element_enter(run, tag, bark_field_bits(run->image, f) & BARK_F_REPEATED ? frame->count : 0);
    return true;
}

bool bark_run_simple(struct bark_run *run, const struct bark_run_tag *tag, const struct bark_field_row *f,
                     const struct bark_type_row *type)
{
    struct bark_xml_reader *r = run->r;
    struct bark_decode_frame *frame = run->d->top;
    const struct bark_run_undo undo = bark_run_undo_of(r->arena);
    const struct bark_field_row *inner = &run->image->fields[type->first + type->extra];
    const struct bark_type_row *value = &run->image->types[inner->type];
    const uint8_t *at;
    uint8_t *room;
    if (bark_field_bits(run->image, inner) & (BARK_F_DEFAULT | BARK_F_FIXED) ||
        value->model != BARK_MODEL_NONE || !(room = bark_run_room(run, f, type->size)))
        return false;
    at = attributes_take(run, tag, type, room);
    if (at)
        at = *at == '>' ? bark_run_quick(run, value, at + 1, '<', room + inner->offset) : NULL;
    if (at)
        at = bark_run_leaf_end(run, tag, at);
    if (!at)
        return bark_run_undone(r->arena, &undo, room, type->size);
    bark_run_mark(run, type, room, inner);
    if (bark_field_bits(run->image, f) & BARK_F_POINTER)
        memcpy(frame->base + f->offset, &room, sizeof room);
    bark_run_taken(run, frame, f);
    r->at = at;
    return true;
}

#endif
