/* engine/xop.c - base64Binary content that travels beside the XML: xop:Include in place of its digits [XOP
 * 3].
 *
 * The engine knows what such an element looks like and whose value it stands for; where the octets are is
 * known to whoever took the message apart (soap/attach.c). Without a reader or writer in the options nothing
 * here runs: an xop:Include in a plain message is an element that does not belong there.
 */
#include "engine/xop.h"

#include "base/slice.h"
#include "xml/writer.h"

#include <string.h>

static const char xop_ns[] = "http://www.w3.org/2004/08/xop/include";

static bool discard(struct bark_out *out, size_t need)
{
    out->pos = 0;
    return need <= out->cap;
}

/* [XMIME 3] What the schema expects the octets of the type to be; facets of a type are few. */
static const struct bark_facet_row *media_find(const struct bark_image *image,
                                               const struct bark_type_row *row)
{
    for (uint16_t i = 0; !(row->flags & BARK_TYPE_PLAIN) && i < row->presence; i++)
        if (image->facets[row->extra + i].kind == BARK_FACET_MEDIA)
            return &image->facets[row->extra + i];
    return NULL;
}

/* How many octets a value may have. */
struct lengths {
    uint64_t min, max;
};

/* Whether the type's facets say nothing about a value but its length. */
static bool lengths_read(const struct bark_image *image, const struct bark_type_row *row,
                         struct lengths *lengths)
{
    *lengths = (struct lengths){ 0, UINT64_MAX };
    for (uint16_t i = 0; !(row->flags & BARK_TYPE_PLAIN) && i < row->presence; i++) {
        const struct bark_facet_row *facet = &image->facets[row->extra + i];
        const uint64_t bound = (uint64_t)facet->value;
        const bool exact = facet->kind == BARK_FACET_LENGTH;
        if (facet->kind == BARK_FACET_MEDIA)
            continue;
        if (!exact && facet->kind != BARK_FACET_MIN_LENGTH && facet->kind != BARK_FACET_MAX_LENGTH)
            return false;
        if ((exact || facet->kind == BARK_FACET_MIN_LENGTH) && bound > lengths->min)
            lengths->min = bound;
        if ((exact || facet->kind == BARK_FACET_MAX_LENGTH) && bound < lengths->max)
            lengths->max = bound;
    }
    return true;
}

static bool takes_any(struct lengths lengths)
{
    return lengths.min == 0 && lengths.max == UINT64_MAX;
}

/* Facets of octets that are not written as text here: lengths and enumerations look at the value, patterns at
 * the digits that it would have had. */
enum bark_code bark_xop_judge(const struct bark_value_scope *scope, uint16_t type, const void *member,
                              struct bark_value_error *error)
{
    const struct bark_type_row *row = &scope->image->types[type];
    uint8_t room[256];
    struct lengths lengths;
    struct bark_out out;
    if (lengths_read(scope->image, row, &lengths) && takes_any(lengths))
        return BARK_OK;
    bark_out_init(&out, room, sizeof room);
    out.make_room = discard;
    return bark_value_write(scope, type, member, &out, error);
}

bool bark_xop_is(const struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type)
{
    return d->xop && d->image->types[type].kind == BARK_KIND_BASE64 && bark_slice_is(ev->name.uri, xop_ns) &&
           bark_slice_is(ev->name.local, "Include");
}

/* [XOP 2.1] href, and attributes of other namespaces, which are passed over. */
static enum bark_code href_read(struct bark_decoder *d, const struct bark_xml_event *ev,
                                struct bark_slice *href)
{
    *href = (struct bark_slice){ NULL, 0 };
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (a->name.uri.len)
            continue;
        if (!bark_slice_is(a->name.local, "href"))
            return bark_xml_fail_found(d->r, BARK_ERR_UNEXPECTED, ev->offset,
                                       "[XOP 2.1] xop:Include has one attribute, href", a->name.local);
        if (bark_xml_attribute_text(d->r, a, href) != BARK_OK)
            return d->r->failed;
    }
    if (href->ptr)
        return BARK_OK;
    return bark_xml_fail(d->r, BARK_ERR_MISSING, ev->offset, "[XOP 2.1] xop:Include has no href");
}

enum bark_code bark_xop_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                             const struct bark_field_row *f, void *room)
{
    struct bark_bytes *bytes = room;
    struct bark_slice href;
    const char *rule = NULL;
    enum bark_code code = href_read(d, ev, &href);
    if (code != BARK_OK)
        return code;
    code = d->xop->octets(d->xop->user, href, bytes, &rule);
    if (code != BARK_OK)
        return bark_xml_fail_found(d->r, code, ev->offset, rule, href);
    if (d->xop->later) {
        struct lengths lengths;
        if (!lengths_read(d->image, &d->image->types[type], &lengths) ||
            (f && bark_field_bits(d->image, f) & BARK_F_FIXED))
            return bark_xml_fail_found(
                d->r, BARK_ERR_FACET, ev->offset,
                "[XOP 3] octets that come after the message cannot be judged by the facets "
                "of this type",
                href);
        d->xop->later(d->xop->user, lengths.min, lengths.max);
        return BARK_OK;
    }
    code = bark_xop_judge(&d->scope, type, room, &d->error);
    if (code != BARK_OK) {
        if (bark_xml_fail_place(d->r, code, ev->offset))
            bark_value_explain(&d->error, code, href, d->r->err);
        return d->r->failed;
    }
    if (f && bark_field_bits(d->image, f) & BARK_F_FIXED)
        return bark_fixed_check(d, f, type, href, ev->offset, room);
    return BARK_OK;
}

/* Octets that come from a source later, by what is known of them. */
static enum bark_code source_judge(const struct bark_encoder *e, uint16_t type, uint64_t length)
{
    struct lengths lengths;
    if (!lengths_read(e->image, &e->image->types[type], &lengths))
        return BARK_ERR_FACET;
    if (takes_any(lengths))
        return BARK_OK;
    return length != UINT64_MAX && length >= lengths.min && length <= lengths.max ? BARK_OK : BARK_ERR_FACET;
}

bool bark_xop_write(struct bark_encoder *e, uint16_t type, const void *member, enum bark_code *code)
{
    const struct bark_bytes *bytes = member;
    const struct bark_facet_row *media;
    struct bark_slice href, media_type = { NULL, 0 };
    uint64_t length;
    *code = BARK_OK;
    if (!e->xop || e->image->types[type].kind != BARK_KIND_BASE64 || !bytes->ptr)
        return false;
    if (e->xop->later && e->xop->later(e->xop->user, *bytes, &length))
        *code = source_judge(e, type, length);
    else if (bytes->len == 0)
        return false;
    else
        *code = bark_xop_judge(&e->scope, type, member, &e->error);
    if (*code != BARK_OK)
        return true;
    media = media_find(e->image, &e->image->types[type]);
    if (media)
        media_type = (struct bark_slice){ e->image->pool + media->text, media->text_len };
    href = e->xop->href(e->xop->user, *bytes, media_type);
    if (!href.ptr)
        return false;
    bark_encode_content(e);
    bark_out_text(e->out, "<xop:Include xmlns:xop=\"");
    bark_out_text(e->out, xop_ns);
    bark_out_text(e->out, "\" href=\"");
    bark_xml_escape(e->out, href, BARK_XML_IN_ATTRIBUTE);
    bark_out_text(e->out, "\"/>");
    return true;
}
