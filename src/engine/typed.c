/* engine/typed.c - looks into tagged unions by their rows.
 */
#include "engine/typed.h"

#include "table/typed.h"

#include <string.h>

bool bark_type_is_named(const struct bark_image *image, const struct bark_type_row *row,
                        struct bark_slice uri, struct bark_slice local)
{
    const struct bark_namespace_row *ns = &image->namespaces[row->ns];
    struct bark_slice name;
    if (row->kind == BARK_KIND_GROUP || row->name == BARK_NONE)
        return false;
    name = bark_image_name(image, row->name);
    return uri.len == ns->uri_len && (uri.len == 0 || memcmp(uri.ptr, image->pool + ns->uri, uri.len) == 0) &&
           name.len == local.len && memcmp(name.ptr, local.ptr, name.len) == 0;
}

/* [XSD1 3.4.7] Every type is derived from anyType. */
bool bark_type_is_any(const struct bark_image *image, const struct bark_type_row *row)
{
    static const char uri[] = "http://www.w3.org/2001/XMLSchema", local[] = "anyType";
    return row->kind == BARK_KIND_STRUCT && row->model != BARK_MODEL_TYPED &&
           bark_type_is_named(image, row, (struct bark_slice){ (const uint8_t *)uri, sizeof uri - 1 },
                              (struct bark_slice){ (const uint8_t *)local, sizeof local - 1 });
}

uint16_t bark_typed_declared(const struct bark_image *image, uint16_t type)
{
    const struct bark_type_row *row = &image->types[type];
    return row->flags & BARK_TYPE_ABSTRACT ? (uint16_t)BARK_NONE : row->first;
}

/* All fields but the declared type's stand in order [T37]. */
uint16_t bark_typed_find(const struct bark_image *image, uint16_t type, struct bark_slice uri,
                         struct bark_slice local)
{
    const struct bark_type_row *row = &image->types[type];
    const uint16_t declared = bark_typed_declared(image, type);
    uint32_t low = row->first, high = (uint32_t)row->first + row->count;
    if (declared != BARK_NONE) {
        if (bark_typed_compare(image, &image->fields[declared], uri, local) == 0)
            return declared;
        low++;
    }
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = bark_typed_compare(image, &image->fields[middle], uri, local);
        if (order == 0)
            return (uint16_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return BARK_NONE;
}

uint16_t bark_typed_which(const struct bark_image *image, uint16_t type, const void *member)
{
    uint16_t which;
    memcpy(&which, (const uint8_t *)member + image->types[type].presence, sizeof which);
    return which;
}

void bark_typed_choose(const struct bark_image *image, uint16_t type, uint16_t field, void *member)
{
    const uint16_t which = (uint16_t)(field - image->types[type].first + 1);
    memcpy((uint8_t *)member + image->types[type].presence, &which, sizeof which);
}

const void *bark_typed_value(const struct bark_image *image, uint16_t field, const void *member)
{
    const struct bark_field_row *f = &image->fields[field];
    const void *value = (const uint8_t *)member + f->offset;
    if (bark_field_bits(image, f) & BARK_F_POINTER)
        memcpy(&value, value, sizeof value);
    return value;
}
