/* engine/plan.c - makes a plan: looks at each field row once and writes down what the quick way does with it.
 *
 * The conditions are those under which encode_run.c writes a field without asking the general way; what is
 * not understood here is GENERAL, which is always right. In a build without the quick ways there are no
 * plans.
 */
#include "engine/plan.h"

#include "base/report.h"
#include "soapbark/codec.h"

#ifdef BARK_COMPACT

size_t bark_plan_size(const struct bark_image *image)
{
    (void)image;
    return 0;
}

enum bark_code bark_plan_make(struct bark_image *image, void *memory, size_t size)
{
    (void)memory, (void)size;
    image->plan = NULL;
    return BARK_OK;
}

#else

#include "engine/value_kind.h"

#include <string.h>

/* The type whose field it is; attributes come first. */
struct owner {
    const struct bark_image *image;
    const struct bark_type_row *type;
    bool choice;
};

static bool is_element(unsigned bits)
{
    return (bits & BARK_F_KIND) == BARK_FIELD_ELEMENT;
}

static struct bark_slice prefix_of(const struct bark_image *image, uint8_t ns)
{
    const struct bark_namespace_row *row = &image->namespaces[ns];
    const struct bark_slice prefix = { image->pool + row->prefix, row->prefix_len };
    return prefix;
}

/* Length of the start tag or of the attribute's name with its marks; 0: there is none for the quick way. */
static size_t tag_len(const struct bark_image *image, const struct bark_field_row *field)
{
    const struct bark_trait_row *trait = bark_field_trait(image, field);
    size_t len;
    if (!is_element(trait->bits) && (trait->bits & BARK_F_KIND) != BARK_FIELD_ATTRIBUTE)
        return 0;
    len = bark_image_name(image, field->name).len;
    if (!is_element(trait->bits))
        len = trait->ns == 0 ? len + 3 : 0;
    else if (trait->ns == 0)
        len += 2;
    else
        len =
            trait->ns < 64 && prefix_of(image, trait->ns).len ? prefix_of(image, trait->ns).len + len + 3 : 0;
    return len > BARK_PLAN_TAG_MAX ? 0 : len;
}

static uint8_t *text_put(uint8_t *to, struct bark_slice text)
{
    if (text.len)
        memcpy(to, text.ptr, text.len);
    return to + text.len;
}

static uint8_t *name_put(uint8_t *to, const struct bark_image *image, const struct bark_field_row *field,
                         uint8_t ns)
{
    to = text_put(to, prefix_of(image, ns));
    if (ns)
        *to++ = ':';
    to = text_put(to, bark_image_name(image, field->name));
    *to = '>';
    return to + 1;
}

/* Writes the texts of the row's tag, which has one. */
static uint8_t *tag_put(uint8_t *to, const struct bark_image *image, const struct bark_field_row *field)
{
    const struct bark_trait_row *trait = bark_field_trait(image, field);
    if (!is_element(trait->bits)) {
        *to++ = ' ';
        to = text_put(to, bark_image_name(image, field->name));
        *to++ = '=';
        *to++ = '"';
        return to;
    }
    *to++ = '<';
    to = name_put(to, image, field, trait->ns);
    *to++ = '<';
    *to++ = '/';
    return name_put(to, image, field, trait->ns);
}

/* A string without facets, or with longest lengths only: characters are never more than bytes. */
static void string_plan(const struct bark_image *image, struct bark_plan_field *f)
{
    const struct bark_facet_row *facet = f->type->presence ? image->facets + f->type->extra : NULL;
    uint16_t i;
    f->most = UINT16_MAX;
    f->value = BARK_PLAN_STRING;
    for (i = 0; i < f->type->presence; i++, facet++) {
        if (facet->kind != BARK_FACET_MAX_LENGTH)
            f->value = BARK_PLAN_OTHER;
        else if (facet->value < f->most)
            f->most = (uint16_t)facet->value;
    }
}

static void value_plan(const struct owner *owner, struct bark_plan_field *f)
{
    static const uint8_t values[BARK_KIND_COUNT] = {
        [BARK_KIND_ENUM] = BARK_PLAN_ENUM,         [BARK_KIND_BOOLEAN] = BARK_PLAN_BOOLEAN,
        [BARK_KIND_INT32] = BARK_PLAN_INT32,       [BARK_KIND_UINT32] = BARK_PLAN_UINT32,
        [BARK_KIND_INT64] = BARK_PLAN_INT64,       [BARK_KIND_FLOAT] = BARK_PLAN_FLOAT,
        [BARK_KIND_DOUBLE] = BARK_PLAN_FLOAT,      [BARK_KIND_NORMALIZED] = BARK_PLAN_TOKEN,
        [BARK_KIND_TOKEN] = BARK_PLAN_TOKEN,       [BARK_KIND_ANYURI] = BARK_PLAN_URI,
        [BARK_KIND_QNAME] = BARK_PLAN_NAME,        [BARK_KIND_DATETIME] = BARK_PLAN_TIME,
        [BARK_KIND_DURATION] = BARK_PLAN_DURATION,
    };
    if (f->type->kind == BARK_KIND_STRING) {
        string_plan(owner->image, f);
    } else if (f->type->flags & BARK_TYPE_PLAIN) {
        f->value = values[f->type->kind];
    }
}

/* How a single member of a simple type tells that it is there; false when it is not for the quick way. */
static bool presence_plan(const struct bark_trait_row *trait, size_t has_at, struct bark_plan_field *f)
{
    const bool tells = bark_kind_row((enum bark_kind)f->type->kind)->tells_absence;
    size_t where = f->offset;
    f->presence = BARK_PLAN_ALWAYS;
    if (trait->has != BARK_NO_HAS) {
        f->presence = BARK_PLAN_HAS;
        where = has_at;
    } else if (f->type->kind == BARK_KIND_ENUM) {
        f->presence = BARK_PLAN_NUMBER;
    } else if (tells) {
        f->presence = BARK_PLAN_POINTER; /* struct bark_text and struct bark_bytes begin with it */
        if (f->type->kind == BARK_KIND_QNAME)
            where += offsetof(struct bark_qname, local.ptr);
    }
    f->where = (uint16_t)where;
    return where <= UINT16_MAX && !(tells && trait->has != BARK_NO_HAS) && f->type->kind != BARK_KIND_UNION &&
           f->type->kind != BARK_KIND_LIST;
}

/* A struct or group. */
static enum bark_plan_op part_op(const struct bark_type_row *type, unsigned bits)
{
    const unsigned many = bits & BARK_F_REPEATED ? 1 : 0;
    if (!is_element(bits))
        return (enum bark_plan_op)(BARK_PLAN_GROUP + many);
    if (type->flags & BARK_TYPE_ABSTRACT || type->model == BARK_MODEL_TYPED)
        return BARK_PLAN_GENERAL;
    return (enum bark_plan_op)((type->count == type->extra ? BARK_PLAN_LEAF : BARK_PLAN_STRUCT) + many);
}

static enum bark_plan_op member_op(const struct owner *owner, const struct bark_trait_row *trait,
                                   size_t has_at, struct bark_plan_field *f)
{
    const bool simple = f->type->model == BARK_MODEL_NONE;
    if (is_element(trait->bits) && !f->tag_len)
        return BARK_PLAN_GENERAL;
    if (simple)
        value_plan(owner, f);
    if (trait->bits & BARK_F_REPEATED) {
        if (trait->bits & (BARK_F_OCCURS | BARK_F_DIVIDES) || f->type->kind == BARK_KIND_UNION ||
            f->type->kind == BARK_KIND_LIST)
            return BARK_PLAN_GENERAL;
        return simple ? BARK_PLAN_VALUES : part_op(f->type, trait->bits);
    }
    if (simple)
        return !(trait->bits & BARK_F_POINTER) && presence_plan(trait, has_at, f) ? BARK_PLAN_VALUE
                                                                                  : BARK_PLAN_GENERAL;
    f->presence = trait->has == BARK_NO_HAS ? BARK_PLAN_ALWAYS : BARK_PLAN_HAS;
    f->where = (uint16_t)has_at;
    f->flags |= trait->bits & BARK_F_POINTER ? BARK_PLAN_BEHIND : 0;
    return has_at <= UINT16_MAX ? part_op(f->type, trait->bits) : BARK_PLAN_GENERAL;
}

/* A wildcard: the word that is 0 when nothing was put into it. */
static enum bark_plan_op wildcard_op(const struct owner *owner, const struct bark_trait_row *trait,
                                     struct bark_plan_field *f)
{
    const bool many =
        trait->bits & BARK_F_REPEATED || (trait->bits & BARK_F_KIND) == BARK_FIELD_ANY_ATTRIBUTE;
    const size_t where =
        f->offset + (many ? offsetof(struct bark_array, count) : offsetof(struct bark_any, xml.ptr));
    const bool any = (trait->bits & BARK_F_KIND) == BARK_FIELD_ANY;
    f->where = (uint16_t)where;
    if (where > UINT16_MAX || (any && (trait->bits & (BARK_F_REQUIRED | BARK_F_OCCURS | BARK_F_POINTER) ||
                                       owner->choice || trait->has != BARK_NO_HAS)))
        return BARK_PLAN_GENERAL;
    return BARK_PLAN_NOTHING;
}

static enum bark_plan_op op_of(const struct owner *owner, const struct bark_trait_row *trait, size_t has_at,
                               struct bark_plan_field *f)
{
    if (trait->bits & (BARK_F_FIXED | BARK_F_NILLABLE))
        return BARK_PLAN_GENERAL;
    switch ((enum bark_field_kind)(trait->bits & BARK_F_KIND)) {
    case BARK_FIELD_ATTRIBUTE: /* a default is the reader's to fill in [XSD1 3.4.4] */
        value_plan(owner, f);
        return f->tag_len && presence_plan(trait, has_at, f) ? BARK_PLAN_VALUE : BARK_PLAN_GENERAL;
    case BARK_FIELD_ELEMENT:
    case BARK_FIELD_GROUP:
        return trait->bits & BARK_F_DEFAULT ? BARK_PLAN_GENERAL : member_op(owner, trait, has_at, f);
    case BARK_FIELD_TEXT:
        value_plan(owner, f);
        return !(trait->bits & BARK_F_DEFAULT) && f->type->model == BARK_MODEL_NONE &&
                       presence_plan(trait, has_at, f)
                   ? BARK_PLAN_TEXT
                   : BARK_PLAN_GENERAL;
    case BARK_FIELD_ANY:
    case BARK_FIELD_ANY_ATTRIBUTE:
        return trait->bits & BARK_F_DEFAULT ? BARK_PLAN_GENERAL : wildcard_op(owner, trait, f);
    case BARK_FIELD_POSITION:
        return BARK_PLAN_SKIP;
    case BARK_FIELD_CONTENT:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return BARK_PLAN_GENERAL;
}

static void field_plan(const struct owner *owner, const struct bark_field_row *field,
                       struct bark_plan_field *f)
{
    const struct bark_trait_row *trait = bark_field_trait(owner->image, field);
    const size_t has_at =
        trait->has == BARK_NO_HAS
            ? 0
            : owner->type->presence + (owner->choice ? sizeof(uint16_t) : 0) + (size_t)trait->has;
    f->offset = field->offset;
    f->name = field->name;
    f->ns = f->tag_len ? trait->ns : 0;
    if (field->type != BARK_NONE) {
        f->type = &owner->image->types[field->type];
        f->size = f->type->size;
    }
    if (!(trait->bits & BARK_F_REQUIRED) && !owner->choice)
        f->flags = BARK_PLAN_MAY_LACK;
    f->op = (uint8_t)op_of(owner, trait, has_at, f);
}

static size_t texts_size(const struct bark_image *image)
{
    size_t size = 0;
    uint32_t i;
    for (i = 0; i < image->field_count; i++) {
        const size_t len = tag_len(image, &image->fields[i]);
        size += is_element(bark_field_bits(image, &image->fields[i])) && len ? 2 * len + 1 : len;
    }
    return size;
}

size_t bark_plan_size(const struct bark_image *image)
{
    return (sizeof(struct bark_plan) +
            image->field_count * (sizeof(struct bark_plan_field) + sizeof(struct bark_plan_take)) +
            texts_size(image) + BARK_PLAN_STEP + BARK_ALIGN) &
           ~(size_t)(BARK_ALIGN - 1);
}

enum bark_code bark_plan_make(struct bark_image *image, void *memory, size_t size)
{
    struct bark_plan *plan = memory;
    struct bark_plan_field *fields;
    struct bark_plan_take *takes;
    uint8_t *text;
    uint32_t i, k;
    image->plan = NULL;
    if (!memory || size < bark_plan_size(image) || (uintptr_t)memory % BARK_ALIGN)
        return BARK_ERR_USE;
    memset(memory, 0, size);
    takes = (void *)(plan + 1);
    fields = (void *)(takes + image->field_count);
    text = (uint8_t *)(fields + image->field_count);
    for (i = 0; i < image->field_count; i++) {
        fields[i].tag = text;
        fields[i].tag_len = (uint8_t)tag_len(image, &image->fields[i]);
        if (fields[i].tag_len)
            text = tag_put(text, image, &image->fields[i]);
    }
    for (i = 0; i < image->type_count; i++) {
        const struct bark_type_row *type = &image->types[i];
        const struct owner owner = { image, type, type->model == BARK_MODEL_CHOICE };
        if (type->kind != BARK_KIND_STRUCT && type->kind != BARK_KIND_GROUP)
            continue;
        for (k = type->first; k < (uint32_t)type->first + type->count; k++)
            field_plan(&owner, &image->fields[k], &fields[k]);
    }
    bark_plan_takes_make(image, fields, takes);
    *plan = (struct bark_plan){ bark_encode_plan, bark_decode_plan, fields, takes };
    image->plan = plan;
    return BARK_OK;
}

#endif
