/* engine/encode_run.c - elements and attributes of simple types, written whole.
 *
 * Most of a message is "<p:name>value</p:name>" of members that are there, with a prefix that the root
 * declares and a value without facets. Where the output has room for all of it, such an element is written in
 * one go; else nothing of it is, and the general way (encode.c) writes it, asks for room, or says what is
 * wrong. So nothing here fails: a refusal needs no reason.
 */
#ifndef BARK_COMPACT

#include "base/bytes.h"
#include "engine/encode.h"
#include "engine/value_kind.h"

enum {
    STEP = 16,
    FORM_MAX = 128, /* more than any form of a number or time */
    MARKS = 16 /* more than the marks of two tags */
};

/* Copies in whole steps, which costs less than a call for names: up to a step more is read and written. */
BARK_INLINE uint8_t *steps_copy(uint8_t *to, const uint8_t *from, size_t len)
{
    size_t i;
    for (i = 0; i < len; i += STEP)
        memcpy(to + i, from + i, STEP);
    return to + len;
}

/* The name of a tag, of which a step more lies in the pool. */
struct tag {
    const uint8_t *prefix, *local;
    size_t prefix_len, local_len;
};

BARK_INLINE bool tag_of(const struct bark_image *image, const struct bark_field_row *field, struct tag *tag)
{
    const struct bark_namespace_row *ns = &image->namespaces[field->ns];
    const uint32_t name = image->names[field->name];
    tag->prefix = image->pool + ns->prefix;
    tag->prefix_len = ns->prefix_len;
    tag->local = image->pool + bark_name_offset(name);
    tag->local_len = bark_name_len(name);
    return ns->prefix + tag->prefix_len + STEP <= image->pool_size &&
           bark_name_offset(name) + tag->local_len + STEP <= image->pool_size;
}

BARK_INLINE uint8_t *tag_put(uint8_t *to, const struct tag *tag)
{
    if (tag->prefix_len) {
        to = steps_copy(to, tag->prefix, tag->prefix_len);
        *to++ = ':';
    }
    return steps_copy(to, tag->local, tag->local_len);
}

/* How many bytes the value may need, besides a form of limited length. */
BARK_INLINE size_t value_room(uint8_t kind, const void *member)
{
    if (kind == BARK_KIND_INTEGER || kind == BARK_KIND_DECIMAL)
        return ((const struct bark_text *)member)->len;
    if (kind != BARK_KIND_BASE64 && kind != BARK_KIND_HEX)
        return 0;
    return 2 * ((const struct bark_bytes *)member)->len;
}

/* The value behind what the output holds; false when anything about it is not plain. An empty one has no
 * content, and an element of it another form. */
static bool value_put(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                      enum bark_xml_place place)
{
    const struct bark_value_call call = { &e->scope, type, &e->error };
    struct bark_out *out = e->out;
    const size_t left = out->cap - out->pos;
    const uint16_t row = (uint16_t)(type - e->image->types);
    const bool plain = type->flags & BARK_TYPE_PLAIN;
    struct bark_slice text = { NULL, 0 };
    uint8_t *to;
    if (e->xop && type->kind == BARK_KIND_BASE64)
        return false;
    if (plain && type->kind == BARK_KIND_STRING) {
        text.ptr = (const uint8_t *)((const struct bark_text *)member)->ptr;
        text.len = ((const struct bark_text *)member)->len;
    } else if (type->kind == BARK_KIND_ENUM ||
               (type->kind >= BARK_KIND_STRING && type->kind <= BARK_KIND_ANYURI)) {
        if (plain && type->kind == BARK_KIND_ENUM
                ? bark_enum_judge(&call, member, &text) != BARK_OK
                : bark_value_text(&e->scope, row, member, &text, &e->error) != BARK_OK)
            return false;
    } else if (type->kind >= BARK_KIND_BOOLEAN && type->kind <= BARK_KIND_HEX) {
        const size_t before = out->pos, need = value_room(type->kind, member);
        return left >= FORM_MAX && left - FORM_MAX >= need &&
               (plain ? bark_kind_row((enum bark_kind)type->kind)->write(&call, member, out)
                      : bark_value_write(&e->scope, row, member, out, &e->error)) == BARK_OK &&
               out->pos > before;
    }
    if (!text.ptr || (text.len == 0 && place == BARK_XML_IN_TEXT))
        return false;
    to = bark_xml_escape_into(out->base + out->pos, left, text, place);
    if (to)
        out->pos = (size_t)(to - out->base);
    return to != NULL;
}

/* One element of a value that is there. */
BARK_INLINE bool element_put(struct bark_encoder *e, const struct bark_field_row *field,
                             const struct bark_type_row *type, const void *member)
{
    struct bark_out *out = e->out;
    const size_t before = out->pos, left = out->cap - before;
    struct tag tag;
    uint8_t *to;
    size_t need;
    if (!tag_of(e->image, field, &tag))
        return false;
    need = tag.prefix_len + tag.local_len + 2 * STEP + MARKS;
    if (need > left)
        return false;
    to = out->base + before;
    if (e->tag_open)
        *to++ = '>';
    *to++ = '<';
    to = tag_put(to, &tag);
    *to++ = '>';
    out->pos = (size_t)(to - out->base);
    if (!value_put(e, type, member, BARK_XML_IN_TEXT) || need > out->cap - out->pos) {
        out->pos = before;
        return false;
    }
    to = out->base + out->pos;
    *to++ = '<';
    *to++ = '/';
    to = tag_put(to, &tag);
    *to++ = '>';
    out->pos = (size_t)(to - out->base);
    e->tag_open = false;
    return true;
}

/* Whether a single member is there; *sure when that is all there is to say about it. */
BARK_INLINE bool is_there(const struct bark_encode_frame *frame, const struct bark_field_row *field,
                          const struct bark_type_row *type, bool *sure)
{
    const void *member = bark_encode_member(frame, field);
    const bool tells = bark_kind_row((enum bark_kind)type->kind)->tells_absence;
    uint8_t has = BARK_PRESENT;
    if (field->has != BARK_NO_HAS)
        has = frame->base[frame->type->presence + field->has];
    *sure = (has == BARK_PRESENT || has == BARK_ABSENT) && !(tells && field->has != BARK_NO_HAS);
    if (!tells || !*sure)
        return has == BARK_PRESENT;
    if (type->kind == BARK_KIND_ENUM)
        return bark_enum_get(type, member) != 0;
    *sure = type->kind != BARK_KIND_UNION && type->kind != BARK_KIND_QNAME;
    return *(const void *const *)member != NULL; /* struct bark_text and struct bark_bytes begin with ptr */
}

/* The items of a repeated member from where it stands; true when all are written. */
static bool items_put(struct bark_encoder *e, const struct bark_field_row *field,
                      const struct bark_type_row *type)
{
    struct bark_encode_frame *frame = e->top;
    const struct bark_array *array = bark_encode_member(frame, field);
    const uint8_t *items = array->items;
    size_t i = frame->items_begun;
    if (array->nil || field->bits & BARK_F_OCCURS || (array->count && !items) ||
        (array->count == 0 && field->bits & BARK_F_REQUIRED))
        return false;
    while (i < array->count && element_put(e, field, type, items + i * type->size))
        i++;
    frame->items_begun = i == array->count ? 0 : i;
    return i == array->count;
}

BARK_INLINE bool field_put(struct bark_encoder *e, const struct bark_field_row *field)
{
    const struct bark_type_row *type;
    bool sure;
    if (bark_field_kind(field) != BARK_FIELD_ELEMENT ||
        field->bits & (BARK_F_DEFAULT | BARK_F_FIXED | BARK_F_POINTER | BARK_F_NILLABLE) ||
        (field->ns != 0 && !bark_encode_on_root(e, field->ns)))
        return false;
    type = &e->image->types[field->type];
    if (type->model != BARK_MODEL_NONE)
        return false;
    if (field->bits & BARK_F_REPEATED)
        return items_put(e, field, type);
    if (is_there(e->top, field, type, &sure))
        return sure && element_put(e, field, type, bark_encode_member(e->top, field));
    return sure && !(field->bits & BARK_F_REQUIRED);
}

void bark_encode_run(struct bark_encoder *e)
{
    struct bark_encode_frame *frame = e->top;
    if (e->locals || e->out->failed || e->depth >= e->limits->depth ||
        frame->type->model == BARK_MODEL_CHOICE)
        return;
    while (frame->next < frame->end && field_put(e, &e->image->fields[frame->type->first + frame->next]))
        frame->next++;
}

bool bark_encode_run_attribute(struct bark_encoder *e, const struct bark_field_row *field)
{
    const struct bark_type_row *type = &e->image->types[field->type];
    struct bark_out *out = e->out;
    const size_t before = out->pos, left = out->cap - before;
    struct tag tag;
    uint8_t *to;
    bool sure;
    if (field->ns != 0 || field->bits & BARK_F_FIXED || out->failed || !tag_of(e->image, field, &tag) ||
        tag.local_len + STEP + MARKS > left)
        return false;
    if (!is_there(e->top, field, type, &sure))
        return sure && !(field->bits & BARK_F_REQUIRED);
    to = out->base + before;
    *to++ = ' ';
    to = steps_copy(to, tag.local, tag.local_len);
    *to++ = '=';
    *to++ = '"';
    out->pos = (size_t)(to - out->base);
    if (!sure || !value_put(e, type, bark_encode_member(e->top, field), BARK_XML_IN_ATTRIBUTE) ||
        out->pos == out->cap) {
        out->pos = before;
        return false;
    }
    out->base[out->pos++] = '"';
    return true;
}

#endif
