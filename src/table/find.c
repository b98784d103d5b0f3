/* table/find.c - finds rows by name, for callers outside the engine's loop.
 *
 * Linear searches: an image has tens of roots and operations, and none of this runs per element.
 */
#include "soapbark/image.h"

#include "base/slice.h"

static struct bark_slice namespace_uri(const struct bark_image *image, uint8_t ns)
{
    const struct bark_namespace_row *row = &image->namespaces[ns];
    return (struct bark_slice){ image->pool + row->uri, row->uri_len };
}

uint16_t bark_image_find_root(const struct bark_image *image, struct bark_slice ns, struct bark_slice local)
{
    uint32_t i;
    for (i = 0; i < bark_root_end(image); i++)
        if (bark_root_is(image, i, local) &&
            bark_slice_equal(namespace_uri(image, bark_root_ns(image, (uint16_t)i)), ns))
            return (uint16_t)i;
    return BARK_NONE;
}

uint16_t bark_image_find_operation(const struct bark_image *image, uint16_t service, struct bark_slice name)
{
    uint32_t i;
    for (i = 0; i < image->operation_count; i++)
        if ((service == BARK_NONE ||
             bark_operation_binding(image, (uint16_t)i)[BARK_BINDING_SERVICE] == service) &&
            bark_slice_equal(bark_operation_name(image, (uint16_t)i), name))
            return (uint16_t)i;
    return BARK_NONE;
}

struct bark_text bark_image_enum_text(const struct bark_image *image, uint16_t type, uint32_t value)
{
    struct bark_text text = { NULL, 0 };
    if (type < image->type_count && image->types[type].kind == BARK_KIND_ENUM && value >= 1 &&
        value <= image->types[type].count) {
        const uint16_t name = image->lists[image->types[type].first + (value - 1)];
        const struct bark_slice slice = bark_image_name(image, name);
        text = (struct bark_text){ (const char *)slice.ptr, slice.len };
    }
    return text;
}
