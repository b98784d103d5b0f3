/* engine/decode_plain.c - the element that nearly always comes: one of the next few that a sequence allows.
 *
 * A message that follows its schema brings the member in turn again, or the one after it, or one behind a few
 * optional ones. Their names are compared with the tag's bytes; what does not fit, is no plain element, or
 * breaks a limit, is left for the general way (decode_place.c), which also knows what to say about it.
 */
#ifndef BARK_COMPACT

#include "engine/decode.h"

enum { CANDIDATES = 4 }; /* fields looked at before the general way is quicker */

/* The field may come `count` times already; how often it must and can come in all. */
static struct bark_occurs occurs_of(const struct bark_image *image, const struct bark_field_row *f)
{
    if (bark_field_bits(image, f) & BARK_F_OCCURS)
        return bark_decode_occurs(image, f);
    return (struct bark_occurs){ (bark_field_bits(image, f) & BARK_F_REQUIRED) != 0,
                                 bark_field_bits(image, f) & BARK_F_REPEATED ? UINT32_MAX : 1 };
}

bool bark_place_plain(const struct bark_decoder *d, struct bark_place *place, size_t *offset)
{
    const struct bark_decode_frame *frame = d->top;
    const struct bark_image *image = d->image;
    const struct bark_type_row *row = &image->types[frame->type];
    const uint32_t end = (uint32_t)row->first + row->count;
    struct bark_xml_plain plain;
    uint32_t at = frame->at, count = frame->count, looked;
    if (row->model != BARK_MODEL_SEQUENCE || !bark_xml_plain_tag(d->r, &plain))
        return false;
    for (looked = 0; looked < CANDIDATES && at < end; looked++, at++, count = 0) {
        const struct bark_field_row *f = &image->fields[at];
        const struct bark_occurs occurs = occurs_of(image, f);
        if (bark_field_kind(image, f) != BARK_FIELD_ELEMENT)
            return false;
        if (count < occurs.max && bark_field_ns(image, f) == plain.ns) {
            if (count < d->r->limits->items &&
                bark_xml_plain_enter(d->r, &plain, bark_image_name(image, f->name))) {
                *place = (struct bark_place){ .frame = d->top, .at = (uint16_t)at, .count = count };
                *offset = bark_xml_place(d->r, plain.tag);
                return true;
            }
        }
        if (count < occurs.min)
            return false;
    }
    return false;
}

#endif
