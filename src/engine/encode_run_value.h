/* engine/encode_run_value.h - values in the quick way (encode_run.c), written where they belong.
 *
 * A cursor goes from function to function instead of the output's own place: each gives the place behind the
 * value that it wrote from `to` on, or NULL when that is for the general way, which asks for the room or says
 * what is wrong. out->pos is then where it was, and bytes behind it do not count.
 */
#ifndef BARK_ENGINE_ENCODE_RUN_VALUE_H
#define BARK_ENGINE_ENCODE_RUN_VALUE_H

#include "base/bytes.h"
#include "base/digits.h"
#include "engine/encode.h"
#include "engine/value_kind.h"

enum { FORM_MAX = 128 }; /* more than the canonical form of any number or time */
enum { OTHER_FORM_MAX = 512 }; /* and than any form that a pattern may ask for */

BARK_INLINE uint8_t *bark_run_end(const struct bark_out *out)
{
    return &out->base[out->cap];
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

/* An integer of limited size; FORM_MAX is room for it. */
static uint8_t *int_put(uint8_t *to, uint8_t kind, const void *member)
{
    uint64_t magnitude = 0;
    int64_t value = 0;
    switch (kind) {
    case BARK_KIND_INT8:
        value = (int)*(const int8_t *)member;
        break;
    case BARK_KIND_INT16:
        value = *(const int16_t *)member;
        break;
    case BARK_KIND_INT32:
        value = *(const int32_t *)member;
        break;
    case BARK_KIND_INT64:
        value = *(const int64_t *)member;
        break;
    case BARK_KIND_UINT8:
        magnitude = *(const uint8_t *)member;
        break;
    case BARK_KIND_UINT16:
        magnitude = *(const uint16_t *)member;
        break;
    case BARK_KIND_UINT32:
        magnitude = *(const uint32_t *)member;
        break;
    default:
        magnitude = *(const uint64_t *)member;
        break;
    }
    if (value < 0)
        *to++ = '-';
    if (value)
        magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (magnitude < 10) {
        *to = (uint8_t)('0' + magnitude);
        return to + 1;
    }
    return to + bark_digits(to, magnitude);
}

/* Lets a value's own function write at `to`, where the output has room for whatever it writes. */
static uint8_t *form_write(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                           uint8_t *to)
{
    const struct bark_value_call call = { &e->scope, type, &e->error, 0 };
    struct bark_out *out = e->out;
    const size_t before = out->pos;
    enum bark_code code;
    uint8_t *at;
    out->pos = (size_t)(to - out->base);
    code = type->flags & BARK_TYPE_PLAIN
               ? bark_kind_row((enum bark_kind)type->kind)->write(&call, member, out)
               : bark_value_write(&e->scope, (uint16_t)(type - e->image->types), member, out, &e->error);
    at = out->base + out->pos;
    out->pos = before;
    return code == BARK_OK && at > to ? at : NULL;
}

/* A number or time, or octets: everything but text. An empty one has no content, and an element of it another
 * form. */
static uint8_t *form_put(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                         uint8_t *to)
{
    const size_t left = (size_t)(bark_run_end(e->out) - to), need = value_room(type->kind, member);
    const bool plain = type->flags & BARK_TYPE_PLAIN;
    if (left < FORM_MAX || left - FORM_MAX < need || (!plain && left - need < OTHER_FORM_MAX) ||
        (e->xop && type->kind == BARK_KIND_BASE64))
        return NULL;
    if (type->kind == BARK_KIND_BOOLEAN && plain) {
        const bool truth = bark_boolean_get(member);
        memcpy(to, truth ? "true " : "false", 5);
        return to + (truth ? 4 : 5);
    }
    return form_write(e, type, member, to);
}

/* Whether a string's bytes are so few that none of its facets, all longest lengths, can refuse it: characters
 * are never more than bytes. */
BARK_INLINE bool short_enough(const struct bark_image *image, const struct bark_type_row *type, size_t len)
{
    const struct bark_facet_row *facet = image->facets + type->extra;
    uint16_t i;
    for (i = 0; i < type->presence; i++, facet++)
        if (facet->kind != BARK_FACET_MAX_LENGTH || len > (uint64_t)facet->value)
            return false;
    return type->kind == BARK_KIND_STRING;
}

/* The text of a member, if it is one that a reader would take as it is; its characters are looked at when it
 * is copied. */
BARK_INLINE bool text_of(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                         struct bark_slice *text)
{
    const struct bark_value_call call = { &e->scope, type, &e->error, 0 };
    const bool plain = type->flags & BARK_TYPE_PLAIN;
    if (type->kind == BARK_KIND_ENUM)
        return bark_value_text(&e->scope, (uint16_t)(type - e->image->types), member, text, &e->error) ==
               BARK_OK;
    if (type->kind < BARK_KIND_STRING || type->kind > BARK_KIND_ANYURI)
        return false;
    text->ptr = (const uint8_t *)((const struct bark_text *)member)->ptr;
    text->len = ((const struct bark_text *)member)->len;
    if (!plain && text->ptr && short_enough(e->image, type, text->len))
        return true;
    return text->ptr != NULL && bark_white_done(bark_white_of(e->image, type), *text) &&
           bark_text_form_is((enum bark_kind)type->kind, *text) &&
           (plain ||
            bark_facets_write(&call, member, bark_kind_row((enum bark_kind)type->kind)->write) == BARK_OK);
}

BARK_INLINE uint8_t *text_copy(struct bark_slice text, enum bark_xml_place place, uint8_t *to,
                               const uint8_t *end)
{
    if (!text.ptr || (text.len == 0 && place == BARK_XML_IN_TEXT))
        return NULL;
    return bark_xml_escape_into(to, (size_t)(end - to), text, place);
}

/* An enumeration without more facets. */
BARK_INLINE uint8_t *enum_put(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                              enum bark_xml_place place, uint8_t *to, const uint8_t *end)
{
    const uint32_t value = bark_enum_get(type, member);
    if (value == 0 || value > type->count)
        return NULL;
    return text_copy(bark_image_name(e->image, e->image->lists[type->first + value - 1]), place, to, end);
}

/* A QName without facets, whose prefix the root declares. */
static uint8_t *qname_put(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                          uint8_t *to)
{
    const struct bark_qname *name = member;
    const struct bark_slice uri = { (const uint8_t *)name->ns.ptr, name->ns.len };
    const size_t left = (size_t)(bark_run_end(e->out) - to);
    size_t prefix = 0;
    if (!(type->flags & BARK_TYPE_PLAIN) || e->locals)
        return NULL;
    if (uri.len > 0 && (prefix = bark_encode_prefix(e, uri).len) == 0)
        return NULL;
    if (left < FORM_MAX || left - FORM_MAX < prefix || left - FORM_MAX - prefix < name->local.len)
        return NULL;
    return form_write(e, type, member, to);
}

static uint8_t *other_put(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                          enum bark_xml_place place, uint8_t *to)
{
    const uint64_t allocs = e->arena->allocs;
    struct bark_slice text = { NULL, 0 };
    if (type->kind == BARK_KIND_QNAME)
        to = qname_put(e, type, member, to);
    else if (type->kind >= BARK_KIND_BOOLEAN && type->kind <= BARK_KIND_HEX)
        to = form_put(e, type, member, to);
    else
        to = text_of(e, type, member, &text) ? text_copy(text, place, to, bark_run_end(e->out)) : NULL;
    if (!to)
        e->arena->allocs = allocs; /* the general way asks for the same again */
    return to;
}

/* A value of any kind, up to `end`, the output's. What comes most often is done at once. */
BARK_INLINE uint8_t *value_put(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                               enum bark_xml_place place, uint8_t *to, const uint8_t *end)
{
    const uint8_t kind = type->kind;
    if (!(type->flags & BARK_TYPE_PLAIN))
        return other_put(e, type, member, place, to);
    if (kind >= BARK_KIND_INT8 && kind <= BARK_KIND_UINT64)
        return end - to >= FORM_MAX ? int_put(to, kind, member) : NULL;
    if (kind == BARK_KIND_STRING) {
        const struct bark_text *text = member;
        return text_copy((struct bark_slice){ (const uint8_t *)text->ptr, text->len }, place, to, end);
    }
    if (kind == BARK_KIND_ENUM)
        return enum_put(e, type, member, place, to, end);
    return kind >= BARK_KIND_BOOLEAN && kind <= BARK_KIND_HEX ? form_put(e, type, member, to)
                                                              : other_put(e, type, member, place, to);
}

#endif
