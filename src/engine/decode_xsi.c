/* engine/decode_xsi.c - the attributes that speak of the element itself: xsi:nil, xsi:type [XSD1 2.6].
 */
#include "base/report.h"
#include "base/scratch.h"
#include "base/slice.h"
#include "engine/decode.h"
#include "engine/typed.h"
#include "xml/chars.h"

#include <string.h>

static struct bark_slice trim(struct bark_slice text)
{
    while (text.len > 0 && memchr(" \t\r\n", text.ptr[0], 4)) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && memchr(" \t\r\n", text.ptr[text.len - 1], 4))
        text.len--;
    return text;
}

/* [XSD2 3.2.2] */
static enum bark_code nil_read(struct bark_decoder *d, const struct bark_xml_attribute *a,
                               struct bark_slice text, bool *nil)
{
    text = trim(text);
    *nil = bark_slice_is(text, "true") || bark_slice_is(text, "1");
    if (*nil || bark_slice_is(text, "false") || bark_slice_is(text, "0"))
        return BARK_OK;
    return bark_attribute_fail(d, a, BARK_ERR_TYPE, "[XSD1 2.6.2] xsi:nil is a boolean", text);
}

/* The name that xsi:type gives, resolved. */
static enum bark_code name_resolve(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                   struct bark_slice text, struct bark_slice *uri, struct bark_slice *local)
{
    struct bark_slice prefix = { 0 };
    const uint8_t *colon;
    *local = trim(text);
    colon = local->len ? memchr(local->ptr, ':', local->len) : NULL;
    if (colon) {
        prefix = (struct bark_slice){ local->ptr, (size_t)(colon - local->ptr) };
        *local = (struct bark_slice){ colon + 1, local->len - prefix.len - 1 };
    }
    if ((colon && prefix.len == 0) || !bark_xml_is_name(*local, BARK_XML_NCNAME) ||
        !bark_xml_lookup(d->r, prefix, uri))
        return bark_attribute_fail(d, a, BARK_ERR_NAMESPACE, "[XSD1 2.6.1] xsi:type is a QName in scope",
                                   text);
    return BARK_OK;
}

/* What could have been named: the types of a TYPED row, or the declared type. */
static void types_expect(struct bark_decoder *d, const struct bark_type_row *row)
{
    uint32_t i;
    if (!BARK_HAS_REPORT || !d->r->err)
        return;
    for (i = 0; row->model == BARK_MODEL_TYPED && i < row->count; i++)
        bark_report_expect(d->r->err, bark_image_name(d->image, d->image->fields[row->first + i].name));
    if (row->model != BARK_MODEL_TYPED && row->name != BARK_NONE)
        bark_report_expect(d->r->err, bark_image_name(d->image, row->name));
}

/* [XSD1 2.6.1, 3.3.4] The type named is the declared one, or one of those derived from it that the image
 * holds and `block` does not exclude. */
static enum bark_code type_read(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                struct bark_slice text, uint16_t type, uint16_t *field)
{
    const struct bark_type_row *row = &d->image->types[type];
    struct bark_slice uri = { NULL, 0 }, local = { NULL, 0 };
    if (name_resolve(d, a, text, &uri, &local) != BARK_OK)
        return d->r->failed;
    if (BARK_HAS_TYPED && row->model == BARK_MODEL_TYPED)
        *field = bark_typed_find(d->image, type, uri, local);
    else if (bark_type_is_named(d->image, row, uri, local) || bark_type_is_builtin(row, uri, local) ||
             bark_type_is_any(d->image, row))
        return BARK_OK;
    if (*field != BARK_NONE)
        return BARK_OK;
    bark_attribute_fail(d, a, BARK_ERR_UNEXPECTED,
                        row->model == BARK_MODEL_TYPED
                            ? "[XSD1 3.3.4] xsi:type must name the declared type or one derived from it"
                            : "[XSD1 3.3.4] xsi:type must name the declared type: these tables hold no type "
                              "derived from it",
                        text);
    types_expect(d, row);
    return d->r->failed;
}

enum bark_code bark_xsi_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                             bool nillable, struct bark_xsi *xsi)
{
    size_t i;
    *xsi = (struct bark_xsi){ .field = BARK_NONE };
    for (i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        const size_t mark = bark_scratch_mark(d->r->arena);
        struct bark_slice text;
        enum bark_code code = BARK_OK;
        if (a->name.ns != BARK_NS_XSI)
            continue;
        xsi->count++;
        if (bark_text_flat(d, a->raw, a->plain, a->text_len, true, &text) != BARK_OK)
            return d->r->failed;
        if (bark_slice_is(a->name.local, "nil")) {
            code = BARK_HAS_NIL && nillable
                       ? nil_read(d, a, text, &xsi->nil)
                       : bark_attribute_fail(d, a, BARK_ERR_UNEXPECTED,
                                             "[XSD1 3.3.4] this element is not nillable", text);
        } else if (bark_slice_is(a->name.local, "type")) {
            code = type_read(d, a, text, type, &xsi->field);
            xsi->type = bark_type_is_any(d->image, &d->image->types[type]) ? a : NULL;
        } else if (!bark_slice_is(a->name.local, "schemaLocation") &&
                   !bark_slice_is(a->name.local, "noNamespaceSchemaLocation")) { /* never looked at [R12] */
            code = bark_attribute_fail(d, a, BARK_ERR_UNEXPECTED, "[XSD1 3.2.7] no such attribute of xsi",
                                       a->name.local);
        }
        bark_scratch_pop(d->r->arena, mark);
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}

enum bark_code bark_xsi_type_keep(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                  struct bark_any_attribute *kept)
{
    const size_t mark = bark_scratch_mark(d->r->arena);
    struct bark_slice text, uri = { NULL, 0 }, local = { NULL, 0 };
    uint8_t *value;
    size_t len;
    if (bark_text_flat(d, a->raw, a->plain, a->text_len, true, &text) != BARK_OK ||
        name_resolve(d, a, text, &uri, &local) != BARK_OK)
        return d->r->failed;
    len = local.len + (uri.len ? uri.len + 2 : 0);
    value = bark_arena_alloc(d->r->arena, len + 1, 1);
    kept->name.ns.ptr = bark_arena_text(d->r->arena, a->name.uri.ptr, a->name.uri.len);
    kept->name.local.ptr = bark_arena_text(d->r->arena, a->name.local.ptr, a->name.local.len);
    if (!value || !kept->name.ns.ptr || !kept->name.local.ptr)
        return bark_decode_full(d);
    kept->name.ns.len = a->name.uri.len;
    kept->name.local.len = a->name.local.len;
    kept->value = (struct bark_text){ (const char *)value, len };
    if (uri.len) {
        *value++ = '{';
        memcpy(value, uri.ptr, uri.len);
        value += uri.len;
        *value++ = '}';
    }
    memcpy(value, local.ptr, local.len); /* the byte behind is 0 */
    bark_scratch_pop(d->r->arena, mark);
    return BARK_OK;
}
