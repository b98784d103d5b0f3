/* engine/decode_member.c - where the value of a member goes.
 *
 * A single value is embedded in the struct or stands behind a pointer. The items of a repeated member are
 * pushed on the arena's scratch end while they come, because nobody knows how many there will be and the
 * message is not asked [R3]; when the member is complete they are copied once to an array of exactly their
 * number. Open arrays are strictly nested, so the scratch end is a stack. Where members have no order, items
 * may come after those of another member: then the array is copied once more, to one that holds both.
 */
#include "engine/decode.h"

#include "base/scratch.h"

#include <string.h>

size_t bark_field_size(const struct bark_image *image, const struct bark_field_row *f)
{
    switch (bark_field_kind(image, f)) {
    case BARK_FIELD_ANY:
        return sizeof(struct bark_any);
    case BARK_FIELD_ANY_ATTRIBUTE:
        return sizeof(struct bark_any_attribute);
    case BARK_FIELD_CONTENT:
        return sizeof(struct bark_text);
    case BARK_FIELD_POSITION:
        return sizeof(uint32_t);
    case BARK_FIELD_ELEMENT:
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_TEXT:
    case BARK_FIELD_GROUP:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return image->types[f->type].size;
}

/* Bytes of one item on the scratch end: the item, a byte for nil if it can be, rounded up. */
static size_t item_stride(const struct bark_image *image, size_t size, const struct bark_field_row *f)
{
    return (size + (bark_field_bits(image, f) & BARK_F_NILLABLE ? 1 : 0) + BARK_ALIGN - 1) / BARK_ALIGN *
           BARK_ALIGN;
}

uint8_t *bark_member_room(struct bark_decoder *d, struct bark_decode_frame *frame,
                          const struct bark_field_row *f)
{
    const size_t size = bark_field_size(d->image, f);
    uint8_t *room;
    if (bark_field_bits(d->image, f) & BARK_F_REPEATED) {
        if (!frame->array) {
            frame->array = true;
            frame->array_mark = bark_scratch_mark(d->r->arena);
        }
        room = bark_scratch_push(d->r->arena, item_stride(d->image, size, f));
    } else if (bark_field_bits(d->image, f) & BARK_F_POINTER) {
        room = bark_arena_alloc(d->r->arena, 1, size);
        memcpy(frame->base + f->offset, &room, sizeof room);
    } else {
        return frame->base + f->offset;
    }
    if (!room)
        bark_decode_full(d);
    return room;
}

void bark_member_mark(const struct bark_decoder *d, struct bark_decode_frame *frame,
                      const struct bark_field_row *f, uint8_t *room, bool nil)
{
    const struct bark_type_row *row = &d->image->types[frame->type];
    if (bark_field_bits(d->image, f) & BARK_F_REPEATED) {
        if (bark_field_bits(d->image, f) & BARK_F_NILLABLE)
            room[bark_field_size(d->image, f)] = nil;
        return;
    }
    if (bark_field_has(d->image, f) != BARK_NO_HAS)
        frame->base[row->presence +
                    (BARK_HAS_GROUP && row->model == BARK_MODEL_CHOICE ? sizeof(uint16_t) : 0) +
                    bark_field_has(d->image, f)] = nil ? BARK_NIL : BARK_PRESENT;
}

/* The byte for each item that says whether it is nil; NULL in the array when none is. The items behind those
 * of the array before are still on the scratch end. */
static enum bark_code nils_copy(struct bark_decoder *d, const uint8_t *newest, size_t stride, size_t size,
                                const struct bark_array *before, struct bark_array *array)
{
    const size_t fresh = array->count - before->count;
    bool some = before->nil != NULL;
    size_t i;
    for (i = 0; i < fresh && !some; i++)
        some = newest[i * stride + size] != 0;
    if (!some)
        return BARK_OK;
    array->nil = bark_arena_alloc(d->r->arena, array->count, 1);
    if (!array->nil)
        return bark_decode_full(d);
    if (before->nil)
        memcpy(array->nil, before->nil, before->count);
    for (i = 0; i < fresh; i++)
        array->nil[array->count - 1 - i] = newest[i * stride + size];
    return BARK_OK;
}

enum bark_code bark_member_finish(struct bark_decoder *d, struct bark_decode_frame *frame)
{
    struct bark_arena *arena = d->r->arena;
    const struct bark_field_row *f;
    struct bark_array before = { .count = 0 }, array = { .count = frame->count };
    const uint8_t *newest;
    size_t size, stride, i;
    if (!frame->array)
        return BARK_OK;
    frame->array = false;
    f = &d->image->fields[frame->at];
    size = bark_field_size(d->image, f);
    stride = item_stride(d->image, size, f);
    newest = arena->base + (arena->cap - arena->scratch);
    if (frame->seen)
        memcpy(&before, frame->base + f->offset, sizeof before);
    array.items = bark_arena_alloc(arena, array.count, size);
    if (!array.items)
        return bark_decode_full(d);
    if (before.count > 0)
        memcpy(array.items, before.items, before.count * size);
    for (i = 0; i < array.count - before.count;
         i++) /* scratch grows downwards: the newest item comes first */
        memcpy((uint8_t *)array.items + (array.count - 1 - i) * size, newest + i * stride, size);
    if (bark_field_bits(d->image, f) & BARK_F_NILLABLE &&
        nils_copy(d, newest, stride, size, &before, &array) != BARK_OK)
        return d->r->failed;
    bark_scratch_pop(arena, frame->array_mark);
    memcpy(frame->base + f->offset, &array, sizeof array);
    return BARK_OK;
}
