/* table/check_type.c - proves type rows: kind against size, alignment, ranges, and facets (T13 to T16, T28 to
 * T31). What stands inside structs is proved by check_struct.c, when every type row has been here.
 */
#include "table/check.h"
#include "table/kind_layout.h"

#define TYPES BARK_SECTION_TYPES

/* Families of kinds to which the same facets apply [XSD2 4.1.5]. */
enum { LENGTHS = 1, BOUNDS = 2, DIGITS = 4, CHOICES = 8, SPACES = 16 };

static uint8_t kind_facets(uint8_t kind)
{
    if (kind == BARK_KIND_ENUM)
        return LENGTHS | SPACES; /* the enumeration itself is the type's list */
    if (kind == BARK_KIND_LIST || kind == BARK_KIND_BASE64 || kind == BARK_KIND_HEX ||
        kind == BARK_KIND_QNAME || (kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI))
        return LENGTHS | CHOICES | SPACES;
    if (kind == BARK_KIND_UNION)
        return CHOICES;
    if (kind == BARK_KIND_BOOLEAN)
        return SPACES;
    if (kind >= BARK_KIND_INT8 && kind <= BARK_KIND_DECIMAL)
        return BOUNDS | DIGITS | CHOICES | SPACES;
    return BOUNDS | CHOICES | SPACES; /* float, double, times, duration */
}

bool bark_kind_layout(uint8_t kind, size_t *size, size_t *align)
{
    if (kind >= BARK_KIND_COUNT || bark_kind_layouts[kind].size == 0)
        return false;
    *size = bark_kind_layouts[kind].size;
    *align = bark_kind_layouts[kind].align;
    return true;
}

/* T31. What a facet row must hold, by its kind; T30's question whether it applies comes with it. */
static const char *facet_broken(const struct bark_check *c, const struct bark_facet_row *row, uint8_t kind)
{
    static const char applies[] = "T30: a facet applies to the kind of its type";
    static const char range[] = "T31: the value of a facet is in range";
    const uint8_t facets = kind_facets(kind);
    bool text = false;
    switch (row->kind) {
    case BARK_FACET_LENGTH:
    case BARK_FACET_MIN_LENGTH:
    case BARK_FACET_MAX_LENGTH:
        if (!(facets & LENGTHS))
            return applies;
        if (row->value < 0)
            return range;
        break;
    case BARK_FACET_PATTERN:
        if (row->value < 0 || row->value >= (int64_t)c->image->pattern_count)
            return range;
        break;
    case BARK_FACET_ENUMERATION:
        if (!(facets & CHOICES))
            return applies;
        text = true;
        break;
    case BARK_FACET_MIN_INCLUSIVE:
    case BARK_FACET_MAX_INCLUSIVE:
    case BARK_FACET_MIN_EXCLUSIVE:
    case BARK_FACET_MAX_EXCLUSIVE:
        if (!(facets & BOUNDS))
            return applies;
        text = true;
        break;
    case BARK_FACET_TOTAL_DIGITS:
    case BARK_FACET_FRACTION_DIGITS:
        if (!(facets & DIGITS))
            return applies;
        if (row->value < 0)
            return range;
        break;
    case BARK_FACET_WHITESPACE:
        if (!(facets & SPACES))
            return applies;
        if (row->value < 0 || row->value > 2)
            return range;
        break;
    case BARK_FACET_MEDIA: /* it becomes a line of a part's head */
        if (kind != BARK_KIND_BASE64)
            return applies;
        if (row->text_len == 0)
            return range;
        text = true;
        break;
    default:
        return "T12: the kind of the facet is not known";
    }
    if (row->reserved != 0)
        return "T12: reserved bytes are 0";
    if (!bark_check_text(c, row->text, row->text_len))
        return BARK_RULE_T9;
    for (uint16_t i = 0; row->kind == BARK_FACET_MEDIA && i < row->text_len; i++)
        if (c->image->pool[row->text + i] < 0x20 || c->image->pool[row->text + i] > 0x7e)
            return range;
    return text || row->text_len == 0 ? NULL : "T31: only enumeration, bounds and media have a text";
}

static enum bark_code facets_check(struct bark_check *c, const struct bark_type_row *row, size_t index)
{
    uint32_t i;
    if (!bark_check_range(row->extra, row->presence, c->image->facet_count, &c->facets_end))
        return bark_check_refuse(c, TYPES, index, "T30: facet ranges exist, in type order, without overlap");
    for (i = row->extra; i < (uint32_t)row->extra + row->presence; i++) {
        const char *rule = facet_broken(c, &c->image->facets[i], row->kind);
        if (rule)
            return bark_check_refuse(c, BARK_SECTION_FACETS, i, rule);
    }
    return BARK_OK;
}

/* T14, T29. */
static enum bark_code enum_check(struct bark_check *c, const struct bark_type_row *row, size_t index)
{
    uint32_t i;
    if ((row->size != 1 && row->size != 2 && row->size != 4) || (row->size == 1 && row->count > UINT8_MAX))
        return bark_check_refuse(c, TYPES, index,
                                 "T14: an enumeration has 1, 2 or 4 bytes, enough for its values");
    if (row->count == 0 || !bark_check_range(row->first, row->count, c->image->list_count, &c->lists_end))
        return bark_check_refuse(c, TYPES, index, "T29: list ranges exist, in type order, without overlap");
    for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
        if (c->image->lists[i] >= c->image->name_count)
            return bark_check_refuse(c, BARK_SECTION_LISTS, i, BARK_RULE_T11);
    }
    return BARK_OK;
}

/* T28. The member's own row is proved at its turn. */
static bool union_member_ok(const struct bark_image *im, uint16_t member)
{
    const uint8_t kind = im->types[member].kind;
    return bark_kind_is_value(kind) && kind != BARK_KIND_UNION;
}

static enum bark_code union_check(struct bark_check *c, const struct bark_type_row *row, size_t index)
{
    uint32_t i;
    if (row->count == 0 || !bark_check_range(row->first, row->count, c->image->list_count, &c->lists_end))
        return bark_check_refuse(c, TYPES, index, "T29: list ranges exist, in type order, without overlap");
    for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
        if (c->image->lists[i] >= c->image->type_count)
            return bark_check_refuse(c, BARK_SECTION_LISTS, i, BARK_RULE_T11);
        if (!union_member_ok(c->image, c->image->lists[i]))
            return bark_check_refuse(c, TYPES, index, "T28: union members are values, but not unions");
    }
    return BARK_OK;
}

static enum bark_code list_check(struct bark_check *c, const struct bark_type_row *row, size_t index)
{
    const struct bark_image *im = c->image;
    if (row->first >= im->type_count)
        return bark_check_refuse(c, TYPES, index, BARK_RULE_T11);
    if (!bark_kind_is_value(im->types[row->first].kind) || im->types[row->first].kind == BARK_KIND_LIST)
        return bark_check_refuse(c, TYPES, index, "T28: the items of a list are values, but not lists");
    return BARK_OK;
}

static enum bark_code value_check(struct bark_check *c, const struct bark_type_row *row, size_t index)
{
    enum bark_code code = BARK_OK;
    size_t size, align;
    if (row->model != BARK_MODEL_NONE || (row->flags & ~BARK_TYPE_PLAIN) != 0 ||
        ((row->flags & BARK_TYPE_PLAIN) && row->presence != 0))
        return bark_check_refuse(c, TYPES, index, "T13: kind, model and flags of a type go together");
    if (bark_kind_layout(row->kind, &size, &align) && row->size != size)
        return bark_check_refuse(c, TYPES, index, "T14: the size of a value type is that of its C type");
    switch (row->kind) {
    case BARK_KIND_ENUM:
        code = enum_check(c, row, index);
        break;
    case BARK_KIND_UNION:
        code = union_check(c, row, index);
        break;
    case BARK_KIND_LIST:
        code = row->count == 0
                   ? list_check(c, row, index)
                   : bark_check_refuse(c, TYPES, index, "T12: unused members of a type row are 0");
        break;
    default:
        if (row->first != 0 || row->count != 0)
            code = bark_check_refuse(c, TYPES, index, "T12: unused members of a type row are 0");
    }
    return code == BARK_OK ? facets_check(c, row, index) : code;
}

static bool struct_model_ok(const struct bark_type_row *row)
{
    const unsigned align = BARK_TYPE_ALIGN;
    if (row->kind == BARK_KIND_GROUP)
        return (row->flags & ~(align | BARK_TYPE_NULLABLE)) == 0 &&
               (row->model == BARK_MODEL_SEQUENCE || row->model == BARK_MODEL_CHOICE);
    if ((row->flags & BARK_TYPE_ARRAY) &&
        (row->model != BARK_MODEL_SEQUENCE || row->count != 1 || row->extra != 0))
        return false;
    if ((row->flags & BARK_TYPE_MIXED) && row->model != BARK_MODEL_SEQUENCE && row->model != BARK_MODEL_ALL)
        return false;
    return (row->flags & ~(align | BARK_TYPE_ABSTRACT | BARK_TYPE_MIXED | BARK_TYPE_ARRAY)) == 0 &&
           (row->model == BARK_MODEL_SEQUENCE || row->model == BARK_MODEL_ALL ||
            row->model == BARK_MODEL_VALUE || row->model == BARK_MODEL_RAW ||
            (row->model == BARK_MODEL_TYPED && row->extra == 0));
}

enum bark_code bark_check_type(struct bark_check *c, size_t index)
{
    const struct bark_image *im = c->image;
    const struct bark_type_row *row = &im->types[index];
    const bool group = row->kind == BARK_KIND_GROUP;
    if (row->kind >= BARK_KIND_COUNT)
        return bark_check_refuse(c, TYPES, index, "T12: the kind of the type is not known");
    if (row->ns >= im->namespace_count || (!group && row->name != BARK_NONE && row->name >= im->name_count))
        return bark_check_refuse(c, TYPES, index, BARK_RULE_T11);
    if (bark_kind_is_value(row->kind))
        return value_check(c, row, index);
    if (!struct_model_ok(row))
        return bark_check_refuse(c, TYPES, index, "T13: kind, model and flags of a type go together");
    if (row->size == 0 || row->size % bark_struct_align(row) != 0)
        return bark_check_refuse(c, TYPES, index, "T15: a struct's size is a multiple of its alignment");
    if (((group || row->model == BARK_MODEL_TYPED) && row->count == 0) ||
        !bark_check_range(row->first, row->count, im->field_count, &c->fields_end))
        return bark_check_refuse(c, TYPES, index, "T16: field ranges exist, in type order, without overlap");
    return BARK_OK;
}
