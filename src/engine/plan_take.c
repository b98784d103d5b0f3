/* engine/plan_take.c - the half of a plan that reading goes by: one row for each field row, unpacked.
 *
 * The conditions are those under which decode_run.c takes a member without asking the general way, and fewer:
 * what is not understood here is GENERAL, which is always right.
 */
#ifndef BARK_COMPACT

#include "engine/plan.h"

#include "base/bytes.h"
#include "engine/value_kind.h"
#include "xml/parts.h"

#include <string.h>

/* Whether each text of an enumeration stands for itself in a document, wherever it is. */
static bool enum_is_plain(const struct bark_image *image, const struct bark_type_row *type)
{
    const unsigned plain = BARK_XML_TEXT_BYTE | BARK_XML_VALUE_BYTE;
    uint32_t i;
    size_t k;
    for (i = 0; i < type->count; i++) {
        const struct bark_slice text = bark_image_name(image, image->lists[type->first + i]);
        for (k = 0; k < text.len; k++)
            if ((bark_xml_classes[text.ptr[k]] & plain) != plain)
                return false;
    }
    return true;
}

static enum bark_take_value value_of(const struct bark_image *image, const struct bark_plan_field *written,
                                     const struct bark_type_row *type)
{
    if (type->kind == BARK_KIND_STRING)
        return written->value == BARK_PLAN_STRING ? BARK_TAKE_STRING : BARK_TAKE_OTHER;
    if (!(type->flags & BARK_TYPE_PLAIN))
        return BARK_TAKE_OTHER;
    switch ((enum bark_kind)type->kind) {
    case BARK_KIND_ANYURI:
        return BARK_TAKE_URI;
    case BARK_KIND_ENUM:
        return enum_is_plain(image, type) ? BARK_TAKE_ENUM : BARK_TAKE_QUICK;
    case BARK_KIND_BOOLEAN:
        return BARK_TAKE_BOOLEAN;
    case BARK_KIND_INT32:
        return BARK_TAKE_INT32;
    case BARK_KIND_INT64:
        return BARK_TAKE_INT64;
    default:
        return bark_kind_row((enum bark_kind)type->kind)->quick ? BARK_TAKE_QUICK : BARK_TAKE_OTHER;
    }
}

/* The name, and behind that of an attribute its '=' and quote; false when it is too long. */
static bool name_take(const struct bark_image *image, const struct bark_field_row *field,
                      const struct bark_plan_field *written, struct bark_plan_take *take)
{
    const bool element = (bark_field_bits(image, field) & BARK_F_KIND) == BARK_FIELD_ELEMENT;
    struct bark_slice name = { NULL, 0 };
    uint8_t word[sizeof take->name] = { 0 };
    if (element)
        name = bark_image_name(image, field->name);
    else if (written->tag_len)
        name = (struct bark_slice){ written->tag + 1, written->tag_len - 1U };
    if (name.len == 0 || name.len > BARK_TAKE_NAME_MAX)
        return false;
    memcpy(word, name.ptr, name.len < sizeof word ? name.len : sizeof word);
    take->name = bark_word_little(word);
    take->text = name.ptr;
    take->len = (uint8_t)name.len;
    take->shift = name.len < sizeof word ? (uint8_t)(64 - 8 * name.len) : 0;
    return true;
}

static enum bark_take_op op_of(const struct bark_image *image, const struct bark_field_row *field,
                               const struct bark_plan_field *written, struct bark_plan_take *take)
{
    const struct bark_trait_row *trait = bark_field_trait(image, field);
    const struct bark_type_row *type = take->type;
    switch ((enum bark_field_kind)(trait->bits & BARK_F_KIND)) {
    case BARK_FIELD_ANY_ATTRIBUTE:
        return BARK_TAKE_SKIP;
    case BARK_FIELD_POSITION:
        return BARK_TAKE_POSITION;
    case BARK_FIELD_ATTRIBUTE:
        return trait->ns == 0 && !(trait->bits & (BARK_F_FIXED | BARK_F_POINTER)) &&
                       name_take(image, field, written, take)
                   ? BARK_TAKE_VALUE
                   : BARK_TAKE_GENERAL;
    case BARK_FIELD_ELEMENT:
        break;
    default:
        return BARK_TAKE_GENERAL;
    }
    if (trait->bits & (BARK_F_FIXED | BARK_F_DEFAULT | BARK_F_OCCURS) ||
        (trait->bits & BARK_F_REPEATED && trait->bits & BARK_F_NILLABLE) ||
        !name_take(image, field, written, take))
        return BARK_TAKE_GENERAL;
    if (type->model == BARK_MODEL_NONE)
        return trait->bits & BARK_F_POINTER ? BARK_TAKE_GENERAL : BARK_TAKE_VALUE;
    return type->kind == BARK_KIND_STRUCT && type->model == BARK_MODEL_SEQUENCE &&
                   !(type->flags & BARK_TYPE_ABSTRACT)
               ? BARK_TAKE_STRUCT
               : BARK_TAKE_GENERAL;
}

static void field_take(const struct bark_image *image, const struct bark_type_row *owner,
                       const struct bark_field_row *field, const struct bark_plan_field *written,
                       struct bark_plan_take *take)
{
    const struct bark_trait_row *trait = bark_field_trait(image, field);
    const size_t has_at = trait->has == BARK_NO_HAS ? 0 : owner->presence + (size_t)trait->has;
    unsigned must = BARK_F_REQUIRED;
    if ((trait->bits & BARK_F_KIND) != BARK_FIELD_ELEMENT &&
        field < &image->fields[owner->first + owner->extra])
        must |= BARK_F_DEFAULT | BARK_F_FIXED; /* an attribute that does not come has something done for it */
    take->flags = (uint8_t)((trait->bits & must || trait->bits & BARK_F_OCCURS ? BARK_TAKE_MUST : 0) |
                            (trait->bits & BARK_F_REPEATED ? BARK_TAKE_MANY : 0) |
                            (trait->bits & BARK_F_OCCURS ? BARK_TAKE_BOUNDS : 0) |
                            (trait->bits & BARK_F_POINTER ? BARK_TAKE_BEHIND : 0) |
                            (trait->bits & BARK_F_SECRET ? BARK_TAKE_SECRET : 0) |
                            (trait->has == BARK_NO_HAS ? 0 : BARK_TAKE_HAS));
    take->offset = field->offset;
    take->where = (uint16_t)has_at;
    take->ns = trait->ns;
    if (field->type != BARK_NONE) {
        take->type = &image->types[field->type];
        take->size = take->type->size;
        take->most = written->most;
        if (take->most == BARK_TAKE_ANY_LENGTH && !(take->type->flags & BARK_TYPE_PLAIN))
            take->most--;
        take->value = take->type->model == BARK_MODEL_NONE ? (uint8_t)value_of(image, written, take->type)
                                                           : BARK_TAKE_OTHER;
    }
    take->op = has_at > UINT16_MAX ? BARK_TAKE_GENERAL : (uint8_t)op_of(image, field, written, take);
}

void bark_plan_takes_make(const struct bark_image *image, const struct bark_plan_field *written,
                          struct bark_plan_take *takes)
{
    uint32_t i, k;
    for (i = 0; i < image->type_count; i++) {
        const struct bark_type_row *type = &image->types[i];
        bool rest = true; /* nothing behind it must come */
        if (type->model != BARK_MODEL_SEQUENCE)
            continue;
        for (k = (uint32_t)type->first + type->count; k > type->first;) {
            struct bark_plan_take *take = &takes[--k];
            field_take(image, type, &image->fields[k], &written[k], take);
            take->flags |= rest ? BARK_TAKE_REST : 0;
            rest = rest && !(take->flags & BARK_TAKE_MUST);
        }
    }
}

#endif
