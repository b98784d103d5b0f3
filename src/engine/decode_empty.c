/* engine/decode_empty.c - "<GetProfiles/>": nothing in the tag or behind it, of a type that has no members.
 *
 * Most questions to a device are such. Nothing of them can be wrong, so no decoder is set up for them; any
 * other form of the element, be it "<GetProfiles></GetProfiles>", is the decoder's.
 */
#include "engine/decode.h"

bool bark_empty_is(const struct bark_xml_reader *r, const struct bark_image *image,
                   const struct bark_xml_event *start, uint16_t type)
{
    const struct bark_type_row *row;
    if (type == BARK_NONE || !r->pending_end || start->attribute_count > 0)
        return false;
    row = &image->types[type];
    return row->kind == BARK_KIND_STRUCT && row->model == BARK_MODEL_SEQUENCE && row->count == 0 &&
           row->extra == 0 && !(row->flags & BARK_TYPE_ABSTRACT);
}

enum bark_code bark_empty_read(struct bark_xml_reader *r, const struct bark_image *image, uint16_t type,
                               void **msg)
{
    struct bark_xml_event end;
    void *const base = bark_arena_alloc(r->arena, 1, image->types[type].size);
    enum bark_code code;
    *msg = NULL;
    if (!base)
        return bark_decode_full(&(struct bark_decoder){ .r = r, .image = image });
    code = bark_xml_next(r, &end);
    *msg = code == BARK_OK ? base : NULL;
    return code;
}
