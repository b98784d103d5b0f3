/* engine/encode_run.c - elements and attributes in their usual form, written without asking twice.
 *
 * Most of a message is "<p:name>value</p:name>" of members that are there, and structs and groups of such,
 * with a prefix that the root declares. Where the output has room for all of a simple element, it is written
 * in one go; so are a struct's start tag with its attributes, and its end tag. Else nothing of it is, and the
 * general way (encode.c) writes it, asks for room, or says what is wrong. So nothing here fails: a refusal
 * needs no reason. The frames are the general way's, which may go on at any of them.
 */
#ifndef BARK_COMPACT

#include "engine/encode_run_tag.h"
#include "engine/encode_run_value.h"
#include "engine/run.h"

/* What became of a field. */
enum outcome {
    REFUSED, /* nothing was written: it is for the general way */
    WRITTEN, /* or is not there and need not be */
    ENTERED /* a frame of its own is the top one now */
};

bool bark_tag_lead_set(struct bark_encoder *e, uint8_t ns)
{
    const struct bark_namespace_row *row = &e->image->namespaces[ns];
    struct bark_encode_lead *lead = &e->lead;
    size_t len = 1;
    lead->of = 0;
    lead->pool_steps =
        e->image->pool + (e->image->pool_size > BARK_TAG_STEP ? e->image->pool_size - BARK_TAG_STEP : 0);
    if (row->prefix_len + 3U > BARK_ENCODE_LEAD || (ns != 0 && !bark_encode_on_root(e, ns)))
        return false;
    lead->open[0] = lead->close[0] = '<';
    lead->close[1] = '/';
    if (row->prefix_len) {
        memcpy(lead->open + 1, e->image->pool + row->prefix, row->prefix_len);
        len += row->prefix_len;
        lead->open[len++] = ':';
        memcpy(lead->close + 2, lead->open + 1, len - 1);
    }
    lead->len = (uint8_t)len;
    lead->of = (uint16_t)(ns + 1);
    return true;
}

/* One element of a value that is there. */
BARK_INLINE bool element_put(struct bark_encoder *e, const struct bark_field_row *field,
                             const struct bark_type_row *type, const void *member)
{
    struct bark_out *out = e->out;
    uint8_t *const before = out->base + out->pos, *const end = bark_run_end(out);
    const struct bark_slice local = bark_tag_local(e->image, field->name);
    const size_t need = bark_tag_room(e, local.len);
    const uint8_t *name;
    uint8_t *to;
    if (need > (size_t)(end - before))
        return false;
    name = before + e->tag_open + 1; /* behind the '<' */
    to = bark_tag_open_put(e, before, local);
    *to++ = '>';
    to = value_put(e, type, member, BARK_XML_IN_TEXT, to, end);
    if (!to || need > (size_t)(end - to))
        return false;
    to = bark_tag_again_put(to, (struct bark_slice){ name, e->lead.len + local.len });
    out->pos = (size_t)(to - out->base);
    e->tag_open = false;
    return true;
}

BARK_INLINE bool in_choice(const struct bark_encode_frame *frame)
{
    return frame->type->model == BARK_MODEL_CHOICE;
}

/* The has_ byte of a field; present when it has none. */
BARK_INLINE uint8_t has_of(const struct bark_encode_frame *frame, const struct bark_trait_row *trait)
{
    return trait->has == BARK_NO_HAS
               ? (uint8_t)BARK_PRESENT
               : frame->base[frame->type->presence + (in_choice(frame) ? 2U : 0U) + trait->has];
}

/* Whether a single member of a simple type is there; *sure when that is all there is to say about it. */
BARK_INLINE bool is_there(const struct bark_encode_frame *frame, const struct bark_field_row *field,
                          const struct bark_trait_row *trait, const struct bark_type_row *type, bool *sure)
{
    const void *member = bark_encode_member(frame, field);
    const bool tells = bark_kind_row((enum bark_kind)type->kind)->tells_absence;
    if (trait->has != BARK_NO_HAS) {
        const uint8_t has = has_of(frame, trait);
        *sure = (has == BARK_PRESENT || has == BARK_ABSENT) && !tells;
        return has == BARK_PRESENT;
    }
    *sure = true;
    if (!tells)
        return true;
    if (type->kind == BARK_KIND_ENUM)
        return bark_enum_get(type, member) != 0;
    *sure = type->kind != BARK_KIND_UNION;
    if (type->kind == BARK_KIND_QNAME)
        return ((const struct bark_qname *)member)->local.ptr != NULL;
    return *(const void *const *)member != NULL; /* struct bark_text and struct bark_bytes begin with ptr */
}

/* Gives the place behind the attribute, or `to` when it is not there; NULL when it is not for the quick way.
 */
BARK_INLINE uint8_t *attribute_put(struct bark_encoder *e, const struct bark_encode_frame *frame,
                                   const struct bark_field_row *field, const struct bark_trait_row *trait,
                                   uint8_t *to, const uint8_t *end)
{
    const struct bark_type_row *type = &e->image->types[field->type];
    struct bark_slice local;
    bool sure;
    if (trait->ns != 0 || trait->bits & BARK_F_FIXED)
        return NULL;
    if (!is_there(frame, field, trait, type, &sure))
        return sure && !(trait->bits & BARK_F_REQUIRED) ? to : NULL;
    local = bark_tag_local(e->image, field->name);
    if (!sure || local.len + BARK_TAG_STEP + BARK_TAG_MARKS > (size_t)(end - to))
        return NULL;
    *to++ = ' ';
    to = bark_tag_local_put(e, to, local);
    memcpy(to, "=\"", 2);
    to = value_put(e, type, bark_encode_member(frame, field), BARK_XML_IN_ATTRIBUTE, to + 2, end);
    if (!to || to == end)
        return NULL;
    *to = '"';
    return to + 1;
}

bool bark_encode_run_attribute(struct bark_encoder *e, const struct bark_field_row *field)
{
    struct bark_out *out = e->out;
    uint8_t *to;
    if (out->failed || !out->base)
        return false;
    to = attribute_put(e, e->top, field, bark_field_trait(e->image, field), out->base + out->pos,
                       bark_run_end(out));
    if (to)
        out->pos = (size_t)(to - out->base);
    return to != NULL;
}

/* All attributes of the top frame's struct from `to` on; NULL when one is not for the quick way. */
BARK_INLINE uint8_t *attributes_put(struct bark_encoder *e, uint8_t *to)
{
    struct bark_encode_frame *frame = e->top;
    const struct bark_field_row *field = &e->image->fields[frame->type->first];
    const struct bark_field_row *const last = field + frame->type->extra;
    const uint8_t *const end = bark_run_end(e->out);
    for (; field < last && to; field++) {
        const struct bark_trait_row *trait = bark_field_trait(e->image, field);
        const unsigned kind = trait->bits & BARK_F_KIND;
        if (kind == BARK_FIELD_ATTRIBUTE)
            to = attribute_put(e, frame, field, trait, to, end);
        else if (kind == BARK_FIELD_ANY_ATTRIBUTE &&
                 ((const struct bark_array *)bark_encode_member(frame, field))->count)
            to = NULL;
    }
    frame->next = frame->type->extra;
    return to;
}

/* A frame as encode.c makes it; NULL when there is no room. */
BARK_INLINE struct bark_encode_frame *frame_push(struct bark_encoder *e, const struct bark_field_row *field,
                                                 const struct bark_type_row *type, const void *base)
{
    const size_t mark = bark_scratch_mark(e->arena);
    struct bark_encode_frame *frame = (void *)bark_run_push(e->arena, sizeof *frame);
    if (!frame)
        return NULL;
    *frame = (struct bark_encode_frame){ .up = e->top,
                                         .type = type,
                                         .base = base,
                                         .holder = field,
                                         .holder_item = e->top->item,
                                         .mark = mark,
                                         .end = type->count,
                                         .name = BARK_NONE };
    e->top->field = field;
    e->top = frame;
    return frame;
}

/* The start tag of a struct, and a frame for what is in it. */
static bool struct_enter(struct bark_encoder *e, const struct bark_field_row *field,
                         const struct bark_type_row *type, const void *base)
{
    struct bark_out *out = e->out;
    const size_t before = out->pos;
    const struct bark_slice local = bark_tag_local(e->image, field->name);
    struct bark_encode_frame *frame;
    uint8_t *to;
    if (type->flags & BARK_TYPE_ABSTRACT || bark_tag_room(e, local.len) > out->cap - before)
        return false;
    frame = frame_push(e, field, type, base);
    if (!frame)
        return false;
    to = attributes_put(e, bark_tag_open_put(e, out->base + before, local));
    if (!to) {
        e->top = frame->up;
        e->arena->allocs--; /* the general way asks for the same again */
        bark_scratch_pop(e->arena, frame->mark);
        return false;
    }
    out->pos = (size_t)(to - out->base);
    frame->name = field->name;
    frame->ns = bark_field_ns(e->image, field);
    e->depth++;
    e->tag_open = true;
    return true;
}

/* A group has no tag, and of a choice only the field that `which` tells. */
static bool group_enter(struct bark_encoder *e, const struct bark_field_row *field,
                        const struct bark_type_row *type, const void *base)
{
    uint16_t which = 0;
    struct bark_encode_frame *frame;
    if (type->model == BARK_MODEL_CHOICE) {
        memcpy(&which, (const uint8_t *)base + type->presence, sizeof which);
        if (which == 0 || which > type->count)
            return false;
    }
    frame = frame_push(e, field, type, base);
    if (!frame)
        return false;
    if (which) {
        frame->next = (uint16_t)(which - 1);
        frame->end = which;
    }
    return true;
}

BARK_INLINE bool part_enter(struct bark_encoder *e, const struct bark_field_row *field,
                            const struct bark_type_row *type, const void *base)
{
    if (!base)
        return false;
    return bark_field_kind(e->image, field) == BARK_FIELD_GROUP ? group_enter(e, field, type, base)
                                                                : struct_enter(e, field, type, base);
}

/* A single struct or group. */
static enum outcome part_put(struct bark_encoder *e, const struct bark_field_row *field,
                             const struct bark_type_row *type)
{
    struct bark_encode_frame *frame = e->top;
    const struct bark_trait_row *trait = bark_field_trait(e->image, field);
    const void *member = bark_encode_member(frame, field);
    const uint8_t has = has_of(frame, trait);
    bool there = has == BARK_PRESENT;
    if (!there && has != BARK_ABSENT)
        return REFUSED;
    if (trait->bits & BARK_F_POINTER) {
        member = *(const void *const *)member;
        if ((member != NULL) != there && trait->has != BARK_NO_HAS)
            return REFUSED;
        there = member != NULL;
    }
    if (!there)
        return bark_field_bits(e->image, field) & BARK_F_REQUIRED || in_choice(frame) ? REFUSED : WRITTEN;
    if (!part_enter(e, field, type, member))
        return REFUSED;
    frame->next++;
    return ENTERED;
}

/* The items of a repeated member from where it stands: of a simple type all, else the next one. */
static enum outcome items_put(struct bark_encoder *e, const struct bark_field_row *field,
                              const struct bark_type_row *type)
{
    struct bark_encode_frame *frame = e->top;
    const struct bark_array *array = bark_encode_member(frame, field);
    const uint8_t *items = array->items;
    size_t i = frame->items_begun;
    if (array->nil || bark_field_bits(e->image, field) & (BARK_F_OCCURS | BARK_F_DIVIDES) ||
        (array->count && !items) || (array->count == 0 && bark_field_bits(e->image, field) & BARK_F_REQUIRED))
        return REFUSED;
    if (type->model == BARK_MODEL_NONE) {
        while (i < array->count && element_put(e, field, type, items + i * type->size))
            i++;
    } else if (i < array->count) {
        frame->item = i;
        if (!part_enter(e, field, type, items + i * type->size))
            return REFUSED;
        frame->items_begun = i + 1;
        return ENTERED;
    }
    frame->items_begun = i == array->count ? 0 : i;
    frame->item = 0;
    return i == array->count ? WRITTEN : REFUSED;
}

/* The value of a struct with simple content. */
static enum outcome text_put(struct bark_encoder *e, const struct bark_field_row *field)
{
    const struct bark_type_row *type = &e->image->types[field->type];
    const struct bark_field_row *holder = e->top->holder;
    struct bark_out *out = e->out;
    bool sure;
    uint8_t *to = out->base + out->pos;
    if ((holder && bark_field_bits(e->image, holder) & (BARK_F_DEFAULT | BARK_F_FIXED)) ||
        type->model != BARK_MODEL_NONE || out->pos == out->cap ||
        !is_there(e->top, field, bark_field_trait(e->image, field), type, &sure) || !sure)
        return REFUSED;
    if (e->tag_open)
        *to++ = '>';
    to = value_put(e, type, bark_encode_member(e->top, field), BARK_XML_IN_TEXT, to, bark_run_end(out));
    if (!to)
        return REFUSED;
    out->pos = (size_t)(to - out->base);
    e->tag_open = false;
    return WRITTEN;
}

/* A wildcard that nothing was put into. */
static enum outcome nothing_put(const struct bark_encode_frame *frame, const struct bark_field_row *field,
                                const struct bark_trait_row *trait)
{
    const void *member = bark_encode_member(frame, field);
    if (trait->bits & (BARK_F_REQUIRED | BARK_F_OCCURS) || in_choice(frame) || trait->has != BARK_NO_HAS)
        return REFUSED;
    if (trait->bits & BARK_F_REPEATED)
        return ((const struct bark_array *)member)->count ? REFUSED : WRITTEN;
    return trait->bits & BARK_F_POINTER || ((const struct bark_any *)member)->xml.ptr ? REFUSED : WRITTEN;
}

BARK_INLINE bool element_fits(struct bark_encoder *e, uint8_t ns)
{
    return bark_tag_lead(e, ns) && e->depth < e->limits->depth;
}

/* A single element of a simple type: most of all there are. */
BARK_INLINE enum outcome simple_put(struct bark_encoder *e, const struct bark_field_row *field,
                                    const struct bark_trait_row *trait, const struct bark_type_row *type)
{
    bool sure;
    if (!element_fits(e, trait->ns))
        return REFUSED;
    if (is_there(e->top, field, trait, type, &sure))
        return sure && element_put(e, field, type, bark_encode_member(e->top, field)) ? WRITTEN : REFUSED;
    return sure && !(trait->bits & BARK_F_REQUIRED) && !in_choice(e->top) ? WRITTEN : REFUSED;
}

BARK_INLINE enum outcome field_put(struct bark_encoder *e, const struct bark_field_row *field)
{
    const unsigned constraints = BARK_F_DEFAULT | BARK_F_FIXED | BARK_F_NILLABLE;
    const struct bark_trait_row *trait = bark_field_trait(e->image, field);
    const enum bark_field_kind kind = (enum bark_field_kind)(trait->bits & BARK_F_KIND);
    const struct bark_type_row *type;
    if (trait->bits & constraints)
        return REFUSED;
    if (kind != BARK_FIELD_ELEMENT && kind != BARK_FIELD_GROUP)
        return kind == BARK_FIELD_TEXT  ? text_put(e, field)
               : kind == BARK_FIELD_ANY ? nothing_put(e->top, field, trait)
                                        : REFUSED;
    type = &e->image->types[field->type];
    if (!(trait->bits & (BARK_F_KIND | BARK_F_REPEATED | BARK_F_POINTER)) && type->model == BARK_MODEL_NONE)
        return simple_put(e, field, trait, type);
    if (type->model == BARK_MODEL_TYPED || (kind == BARK_FIELD_ELEMENT && !element_fits(e, trait->ns)))
        return REFUSED;
    if (trait->bits & BARK_F_REPEATED)
        return items_put(e, field, type);
    return type->model == BARK_MODEL_NONE ? REFUSED : part_put(e, field, type);
}

/* The end of the top frame, which is not the root's. */
BARK_INLINE bool frame_end(struct bark_encoder *e)
{
    struct bark_encode_frame *frame = e->top;
    struct bark_out *out = e->out;
    uint8_t *to = out->base + out->pos;
    if (!frame->up)
        return false;
    if (frame->name != BARK_NONE) {
        const struct bark_slice local = bark_tag_local(e->image, frame->name);
        if (!bark_tag_lead(e, frame->ns) || bark_tag_room(e, local.len) > out->cap - out->pos)
            return false;
        if (e->tag_open) {
            *to++ = '/';
            *to++ = '>';
        } else {
            to = bark_tag_close_put(e, to, local);
        }
        out->pos = (size_t)(to - out->base);
        e->tag_open = false;
        e->depth--;
    }
    e->top = frame->up;
    bark_scratch_pop(e->arena, frame->mark);
    return true;
}

void bark_encode_run(struct bark_encoder *e)
{
    enum outcome outcome = WRITTEN;
    if (e->locals || e->out->failed || !e->out->base)
        return;
    while (outcome != REFUSED) {
        struct bark_encode_frame *frame = e->top;
        const struct bark_field_row *fields = &e->image->fields[frame->type->first];
        outcome = WRITTEN;
        while (frame->next < frame->end && outcome == WRITTEN) {
            outcome = field_put(e, &fields[frame->next]);
            frame->next = (uint16_t)(frame->next + (outcome == WRITTEN));
        }
        if (outcome == WRITTEN && !frame_end(e))
            return;
    }
}

#endif
