/* table/check_typed.c - proves the types that an element may have by xsi:type (T18 to T20, T22, T23, T27,
 * T37).
 *
 * A TYPED row is a tagged union in C: `which`, then one pointer to a struct or one value for each type. The
 * types stand in the order of their names, so that a name from the wire is found in few steps however many
 * there are.
 */
#include "table/check.h"
#include "table/typed.h"

#include <string.h>

static int slices_compare(struct bark_slice a, struct bark_slice b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

int bark_typed_compare(const struct bark_image *image, const struct bark_field_row *f, struct bark_slice uri,
                       struct bark_slice local)
{
    const struct bark_namespace_row *ns = &image->namespaces[bark_field_ns(image, f)];
    const int names = slices_compare(bark_image_name(image, f->name), local);
    return names ? names : slices_compare((struct bark_slice){ image->pool + ns->uri, ns->uri_len }, uri);
}

/* T37 for a field and the one after it. */
static bool in_order(const struct bark_image *im, const struct bark_field_row *f)
{
    const struct bark_namespace_row *ns = &im->namespaces[bark_field_ns(im, f + 1)];
    return bark_typed_compare(im, f, (struct bark_slice){ im->pool + ns->uri, ns->uri_len },
                              bark_image_name(im, f[1].name)) < 0;
}

/* T22 and T23: the pointer or value, and that it leaves `which` alone. */
static const char *place_broken(const struct bark_type_row *row, const struct bark_field_row *f,
                                const struct bark_type_row *type)
{
    size_t size = sizeof(void *), align = _Alignof(void *);
    if (type->kind == BARK_KIND_ENUM)
        size = align = type->size;
    else if (bark_kind_is_value(type->kind))
        (void)bark_kind_layout(type->kind, &size, &align);
    if (size > row->size || f->offset > row->size - size || f->offset % align != 0 ||
        align > bark_struct_align(row))
        return "T22: a member lies inside its struct, aligned";
    if (f->offset < row->presence + sizeof(uint16_t) && f->offset + size > row->presence)
        return "T23: members of a struct do not overlap";
    return NULL;
}

static const char *alternative_broken(const struct bark_image *im, const struct bark_type_row *row,
                                      const struct bark_field_row *f)
{
    const struct bark_trait_row *trait = bark_field_trait(im, f);
    const struct bark_type_row *type;
    unsigned bits = BARK_FIELD_TYPE;
    if (bark_field_kind(im, f) != BARK_FIELD_TYPE)
        return "T18: the content fits the model";
    if (f->name >= im->name_count || trait->ns >= im->namespace_count || f->type >= im->type_count)
        return BARK_RULE_T11;
    type = &im->types[f->type];
    if (type->kind == BARK_KIND_GROUP || type->model == BARK_MODEL_TYPED)
        return "T20: the type of a field suits its kind";
    if (type->kind == BARK_KIND_STRUCT)
        bits |= BARK_F_POINTER;
    if (trait->bits != bits)
        return "T19: a field has only bits that mean something for its kind";
    if (trait->has != BARK_NO_HAS)
        return "T24: a has_ byte is there exactly when absence or nil needs it";
    if (trait->extra != BARK_NONE)
        return "T25: an extra row is there exactly when a bit asks for it, and agrees with the bits";
    return place_broken(row, f, type);
}

enum bark_code bark_check_typed(struct bark_check *c, size_t index)
{
    const struct bark_image *im = c->image;
    const struct bark_type_row *row = &im->types[index];
    const uint32_t end = (uint32_t)row->first + row->count;
    const uint32_t sorted = row->first + (row->flags & BARK_TYPE_ABSTRACT ? 0U : 1U);
    uint32_t i;
    if (row->presence % sizeof(uint16_t) != 0 || row->presence + sizeof(uint16_t) > row->size ||
        bark_struct_align(row) < sizeof(uint16_t))
        return bark_check_refuse(c, BARK_SECTION_TYPES, index, "T27: which lies inside the struct, aligned");
    for (i = row->first; i < end; i++) {
        const char *rule = alternative_broken(im, row, &im->fields[i]);
        if (rule)
            return bark_check_refuse(c, BARK_SECTION_FIELDS, i, rule);
        if (i > sorted && !in_order(im, &im->fields[i - 1]))
            return bark_check_refuse(c, BARK_SECTION_FIELDS, i,
                                     "T37: the types that xsi:type may name stand in order, each once");
    }
    return BARK_OK;
}
