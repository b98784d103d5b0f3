/* engine/decode_run_struct.c - elements of structs in the quick way (decode_run.c): attributes and frames.
 *
 * Room is taken from the arena as the general way takes it, but only when it is there for the asking: a
 * refusal, and the error that belongs to it, is the general way's. What was taken for an element that turns
 * out not to be plain is given back, and its member is zero again.
 */
#ifndef BARK_COMPACT

#include "engine/decode_run.h"

#include "engine/base64.h"

#include <string.h>

/* bark_member_room() in the same way. */
static uint8_t *member_room(struct bark_run *run, const struct bark_field_row *f, size_t size)
{
    struct bark_arena *a = run->r->arena;
    struct bark_decode_frame *frame = run->d->top;
    uint8_t *room = frame->base + f->offset;
    if (f->bits & BARK_F_REPEATED) {
        if (f->bits & BARK_F_NILLABLE)
            return NULL;
        if (!frame->array) {
            frame->array = true;
            frame->array_mark = bark_scratch_mark(a);
        }
        room = bark_run_push(a, size);
        return room ? memset(room, 0, size) : NULL;
    }
    if (!(f->bits & BARK_F_POINTER))
        return room;
    if (!bark_run_grants(a, bark_run_aligned(size)))
        return NULL;
    return bark_arena_alloc(a, 1, size);
}

bool bark_run_finish(struct bark_run *run, struct bark_decode_frame *frame)
{
    const struct bark_field_row *f = &run->image->fields[frame->at];
    const size_t size = bark_field_size(run->image, f);
    struct bark_arena *a = run->r->arena;
    if (f->bits & BARK_F_NILLABLE || frame->count > (a->cap - a->used - a->scratch) / size ||
        !bark_run_grants(a, bark_run_aligned(frame->count * size)))
        return false;
    return bark_member_finish(run->d, frame) == BARK_OK;
}

const uint8_t *bark_run_octets(const struct bark_run *run, const uint8_t *at, uint8_t stop,
                               struct bark_bytes *bytes)
{
    struct bark_arena *a = run->r->arena;
    uint8_t *const to = a->base + a->used;
    const size_t left = (size_t)(run->r->end - at), most = (a->cap - a->used - a->scratch) / 3 * 4;
    size_t len = 4 * bark_base64_groups((struct bark_slice){ at, left < most ? left : most }, to), pads = 0;
    const size_t whole = len / 4 * 3;
    uint8_t last[4];
    if (left - len < sizeof last + 1)
        return NULL;
    if (at[len] != stop) { /* one more group, which may be padded */
        size_t i;
        pads = at[len + 3] == '=' ? 1U + (at[len + 2] == '=') : 0;
        for (i = 0; i < sizeof last; i++)
            last[i] = i < sizeof last - pads ? bark_base64_values[at[len + i]] : 0;
        if ((last[0] | last[1] | last[2] | last[3]) == BARK_BASE64_NONE)
            return NULL;
        len += sizeof last;
    }
    if (len == 0 || at[len] != stop || len > run->r->limits->text_bytes ||
        !bark_run_grants(a, bark_run_aligned(len / 4 * 3)))
        return NULL;
    if (len / 4 * 3 > whole && !bark_base64_group(last, pads, to + whole))
        return NULL;
    *bytes = (struct bark_bytes){ to, len / 4 * 3 - pads };
    a->used += bark_run_aligned(len / 4 * 3);
    bark_run_count(a);
    a->used = (size_t)(to - a->base) + bark_run_aligned(bytes->len);
    return at + len;
}

/* A value with facets, quickly: its kind's usual form, then the facets. */
static const uint8_t *restricted_take(struct bark_run *run, const struct bark_type_row *type,
                                      const uint8_t *at, uint8_t stop, void *room)
{
    const struct bark_kind_ops *ops = bark_kind_row((enum bark_kind)type->kind);
    const struct bark_value_call call = { &run->d->scope, type, &run->d->error };
    const uint8_t *to = NULL;
    /* White space is what facets of a text kind may change; of the others, a quick form has none. */
    if (type->kind == BARK_KIND_STRING && bark_white_of(run->image, type) == BARK_WHITE_PRESERVE)
        to = bark_run_text(run, at, stop, room);
    else if (ops->quick && type->kind >= BARK_KIND_BOOLEAN)
        to = ops->quick(&call, at, stop, room);
    if (!to || bark_facets_read(&call, (struct bark_slice){ at, (size_t)(to - at) }, room) != BARK_OK)
        return NULL;
    return to;
}

const uint8_t *bark_run_value(struct bark_run *run, const struct bark_type_row *type, const uint8_t *at,
                              uint8_t stop, void *room)
{
    const uint8_t *const end = run->r->end, *to;
    struct bark_slice text = { at, 0 };
    if (!(type->flags & BARK_TYPE_PLAIN) && (size_t)(end - at) >= BARK_QUICK_AHEAD) {
        to = restricted_take(run, type, at, stop, room);
        if (to)
            return to;
        memset(room, 0, type->size);
    }
    to = stop == '<' ? bark_scan_text(at, end) : bark_scan_value(at, end);
    text.len = (size_t)(to - at);
    if (to == end || *to != stop || text.len > run->r->limits->text_bytes)
        return NULL;
    return bark_value_read(&run->d->scope, (uint16_t)(type - run->image->types), text, room,
                           &run->d->error) == BARK_OK
               ? to
               : NULL;
}

/* One attribute of the tag, ` name="value"` at `at`: the address behind it; NULL when it is not there or not
 * plain. */
static const uint8_t *attribute_take(struct bark_run *run, const struct bark_field_row *f, const uint8_t *at,
                                     uint8_t *room)
{
    const struct bark_slice name = bark_image_name(run->image, f->name);
    if ((size_t)(run->r->end - at) < name.len + 4 || *at != ' ' || at[name.len + 1] != '=' ||
        at[name.len + 2] != '"' || !bark_bytes_equal(at + 1, name.ptr, name.len) || f->ns != 0 ||
        f->bits & BARK_F_FIXED || name.len > run->r->limits->name_bytes)
        return NULL;
    at = bark_run_quick(run, &run->image->types[f->type], at + name.len + 3, '"', room);
    return at ? at + 1 : NULL;
}

/* The attributes of a tag, in the order of the fields, from `at` up to the '>' or "/>" that it gives. */
static const uint8_t *attributes_take(struct bark_run *run, const struct bark_run_tag *tag,
                                      const struct bark_type_row *type, uint8_t *base)
{
    const struct bark_field_row *f = &run->image->fields[type->first], *const end = f + type->extra;
    const uint8_t *at = tag->at + tag->len + 1;
    uint32_t count = 0;
    for (; f < end; f++) {
        if (bark_field_kind(f) == BARK_FIELD_POSITION) {
            const size_t offset = bark_xml_place(run->r, tag->at);
            const uint32_t offset32 = offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset;
            memcpy(base + f->offset, &offset32, sizeof offset32);
        } else if (bark_field_kind(f) == BARK_FIELD_ATTRIBUTE) {
            const uint8_t *next = attribute_take(run, f, at, base + f->offset);
            if (next) {
                at = next;
                bark_run_mark(type, base, f);
                count++;
            } else if (f->bits & (BARK_F_REQUIRED | BARK_F_DEFAULT | BARK_F_FIXED)) {
                return NULL;
            }
        }
    }
    return count <= run->r->limits->attributes && (size_t)(run->r->end - at) > 1 ? at : NULL;
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
    uint8_t *room = member_room(run, f, type->size);
    bool empty;
    if (!room)
        return false;
    at = attributes_take(run, tag, type, room);
    if (!at || (*at != '>' && (*at != '/' || at[1] != '>')))
        return bark_run_undone(r->arena, &undo, room, type->size);
    empty = *at == '/';
    if (empty ? !bark_run_fields_met(run->image, (uint32_t)type->first + type->extra,
                                     (uint32_t)type->first + type->count, 0)
              : !frame_push(run, f->type, type, room, secret_before))
        return bark_run_undone(r->arena, &undo, room, type->size);
    frame->count++;
    if (f->bits & BARK_F_POINTER)
        memcpy(frame->base + f->offset, &room, sizeof room);
    bark_run_mark(run->row, frame->base, f);
    r->elements++;
    r->at = at + 1 + empty;
    if (empty)
        return true;
    r->secret = secret_before || f->bits & BARK_F_SECRET;
    element_enter(run, tag, f->bits & BARK_F_REPEATED ? frame->count : 0);
    return true;
}

#endif
