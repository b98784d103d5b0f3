/* engine/decode_attribute.c - attributes of a start tag: the schema's own, xsi: ones, wildcards, what is
 * missing.
 *
 * The reader has already checked that no name comes twice. Fields are walked in schema order and each looks
 * for its attribute from where the last one was found, so that a tag that follows the schema costs one
 * compare an attribute. The number of attributes is bounded by limits.attributes [R4].
 */
#include "base/report.h"
#include "base/scratch.h"
#include "engine/decode.h"
#include "xml/chars.h"

#include <string.h>

static bool slice_is(struct bark_slice s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.ptr, text, s.len) == 0;
}

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

static enum bark_code attribute_fail(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                     enum bark_code code, const char *rule, struct bark_slice found)
{
    bark_xml_fail_found(d->r, code, (size_t)(a->name.local.ptr - d->r->begin), rule, found);
    bark_decode_at_attribute(d, a->name.local);
    return d->r->failed;
}

/* [XSD2 3.2.2] */
static enum bark_code nil_read(struct bark_decoder *d, const struct bark_xml_attribute *a,
                               struct bark_slice text, bool *nil)
{
    text = trim(text);
    *nil = slice_is(text, "true") || slice_is(text, "1");
    if (*nil || slice_is(text, "false") || slice_is(text, "0"))
        return BARK_OK;
    return attribute_fail(d, a, BARK_ERR_TYPE, "[XSD1 2.6.2] xsi:nil is a boolean", text);
}

/* True when a type row has that name. */
static bool type_is_named(const struct bark_image *image, const struct bark_type_row *row,
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

/* [XSD1 3.4.7] Every type is derived from anyType, whose content is kept as it comes. */
static bool type_is_any(const struct bark_image *image, const struct bark_type_row *row)
{
    static const char uri[] = "http://www.w3.org/2001/XMLSchema", local[] = "anyType";
    return row->model == BARK_MODEL_RAW &&
           type_is_named(image, row, (struct bark_slice){ (const uint8_t *)uri, sizeof uri - 1 },
                         (struct bark_slice){ (const uint8_t *)local, sizeof local - 1 });
}

/* [XSD1 2.6.1, 3.3.4] Only the declared type itself may be named: its derived types are not in the image. */
static enum bark_code type_read(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                struct bark_slice text, uint16_t type)
{
    const struct bark_type_row *row = &d->image->types[type];
    struct bark_slice prefix = { 0 }, local = trim(text), uri;
    const uint8_t *colon = local.len ? memchr(local.ptr, ':', local.len) : NULL;
    if (colon) {
        prefix = (struct bark_slice){ local.ptr, (size_t)(colon - local.ptr) };
        local = (struct bark_slice){ colon + 1, local.len - prefix.len - 1 };
    }
    if ((colon && prefix.len == 0) || !bark_xml_is_name(local, BARK_XML_NCNAME) ||
        !bark_xml_lookup(d->r, prefix, &uri))
        return attribute_fail(d, a, BARK_ERR_NAMESPACE, "[XSD1 2.6.1] xsi:type is a QName in scope", text);
    if (type_is_named(d->image, row, uri, local) || bark_type_is_builtin(row, uri, local) ||
        type_is_any(d->image, row))
        return BARK_OK;
    return attribute_fail(
        d, a, BARK_ERR_UNEXPECTED,
        "[XSD1 3.3.4] xsi:type must name the declared type; derived types are not supported", text);
}

enum bark_code bark_xsi_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                             bool nillable, struct bark_xsi *xsi)
{
    size_t i;
    *xsi = (struct bark_xsi){ 0 };
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
        if (slice_is(a->name.local, "nil")) {
            code = nillable ? nil_read(d, a, text, &xsi->nil)
                            : attribute_fail(d, a, BARK_ERR_UNEXPECTED,
                                             "[XSD1 3.3.4] this element is not nillable", text);
        } else if (slice_is(a->name.local, "type")) {
            code = type_read(d, a, text, type);
        } else if (!slice_is(a->name.local, "schemaLocation") &&
                   !slice_is(a->name.local, "noNamespaceSchemaLocation")) { /* never looked at [R12] */
            code = attribute_fail(d, a, BARK_ERR_UNEXPECTED, "[XSD1 3.2.7] no such attribute of xsi",
                                  a->name.local);
        }
        bark_scratch_pop(d->r->arena, mark);
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}

static const char unknown_rule[] = "[XSD1 3.4.4] this attribute is not declared";

enum bark_code bark_attributes_refuse(struct bark_decoder *d, const struct bark_xml_event *ev,
                                      const struct bark_xsi *xsi)
{
    size_t i;
    for (i = 0; i < ev->attribute_count && xsi->count < ev->attribute_count; i++)
        if (ev->attributes[i].name.ns != BARK_NS_XSI)
            return attribute_fail(d, &ev->attributes[i], BARK_ERR_UNEXPECTED, unknown_rule,
                                  ev->attributes[i].name.local);
    return BARK_OK;
}

/* The value of an attribute the tag has. */
static enum bark_code present_read(struct bark_decoder *d, const struct bark_field_row *f,
                                   const struct bark_xml_attribute *a, uint8_t *room)
{
    const size_t mark = bark_scratch_mark(d->r->arena), offset = (size_t)(a->raw.ptr - d->r->begin);
    const bool secret_before = d->r->secret;
    struct bark_slice text;
    enum bark_code code;
    d->r->secret = secret_before || f->bits & BARK_F_SECRET;
    code = bark_text_flat(d, a->raw, a->plain, a->text_len, true, &text);
    if (code == BARK_OK)
        code = bark_text_read_value(d, f->type, text, offset, room);
    if (code == BARK_OK && f->bits & BARK_F_FIXED)
        code = bark_fixed_check(d, f, f->type, text, offset, room);
    if (code != BARK_OK)
        bark_decode_at_attribute(d, a->name.local);
    d->r->secret = secret_before;
    bark_scratch_pop(d->r->arena, mark);
    return code;
}

/* An attribute the tag does not have: a default, or nothing, or an error. */
static enum bark_code absent_read(struct bark_decoder *d, const struct bark_field_row *f,
                                  struct bark_decode_frame *whole, size_t offset)
{
    uint8_t *room;
    enum bark_code code;
    if (f->bits & BARK_F_REQUIRED) {
        code = bark_xml_fail(d->r, BARK_ERR_MISSING, offset, "[XSD1 3.4.4] a required attribute is missing");
        if (d->r->err)
            bark_report_expect(d->r->err, bark_image_name(d->image, f->name));
        return code;
    }
    if (!(f->bits & (BARK_F_DEFAULT | BARK_F_FIXED)))
        return BARK_OK;
    room = bark_member_room(d, whole, f);
    if (!room)
        return d->r->failed;
    bark_member_mark(d, whole, f, room, false);
    return bark_text_read_value(d, f->type, bark_extra_text(d->image, f), offset, room);
}

/* The attribute of the tag that a field declares; *from is where to look first. */
static const struct bark_xml_attribute *attribute_find(const struct bark_decoder *d,
                                                       const struct bark_xml_event *ev,
                                                       const struct bark_field_row *f, size_t *from)
{
    size_t n, i = *from;
    for (n = 0; n < ev->attribute_count; n++) {
        if (i >= ev->attribute_count)
            i = 0;
        if (bark_name_is(d->image, &ev->attributes[i].name, f->name, f->ns)) {
            *from = i + 1;
            return &ev->attributes[i];
        }
        i++;
    }
    return NULL;
}

/* True when a field of the type declares this attribute. */
static bool is_declared(const struct bark_decoder *d, const struct bark_type_row *row,
                        const struct bark_xml_attribute *a)
{
    uint32_t i;
    for (i = row->first; i < (uint32_t)row->first + row->extra; i++) {
        const struct bark_field_row *f = &d->image->fields[i];
        if (bark_field_kind(f) == BARK_FIELD_ATTRIBUTE && bark_name_is(d->image, &a->name, f->name, f->ns))
            return true;
    }
    return false;
}

static bool text_keep(struct bark_decoder *d, struct bark_slice text, struct bark_text *kept)
{
    *kept = (struct bark_text){ bark_arena_text(d->r->arena, text.ptr, text.len), text.len };
    return kept->ptr != NULL;
}

static enum bark_code wildcard_keep(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                    struct bark_any_attribute *kept)
{
    const size_t mark = bark_scratch_mark(d->r->arena);
    struct bark_slice text;
    if (bark_text_flat(d, a->raw, a->plain, a->text_len, true, &text) != BARK_OK)
        return d->r->failed;
    if (!text_keep(d, a->name.uri, &kept->name.ns) || !text_keep(d, a->name.local, &kept->name.local) ||
        !text_keep(d, text, &kept->value))
        return bark_decode_full(d);
    bark_scratch_pop(d->r->arena, mark);
    return BARK_OK;
}

/* Attributes that no field declares: captured by the wildcard any, or refused. */
static enum bark_code others_read(struct bark_decoder *d, const struct bark_xml_event *ev,
                                  const struct bark_type_row *row, const struct bark_field_row *any,
                                  size_t count, uint8_t *base)
{
    const bool keep = any && !d->image->wildcards[any->name].drop;
    struct bark_any_attribute *items = NULL;
    struct bark_array array;
    size_t i, kept = 0;
    if (keep && !(items = bark_arena_alloc(d->r->arena, count, sizeof *items)))
        return bark_decode_full(d);
    for (i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (a->name.ns == BARK_NS_XSI || is_declared(d, row, a))
            continue;
        if (!any || !bark_wildcard_takes(d->image, any->name, &a->name))
            return attribute_fail(d, a, BARK_ERR_UNEXPECTED, unknown_rule, a->name.local);
        if (keep && wildcard_keep(d, a, &items[kept++]) != BARK_OK)
            return d->r->failed;
    }
    if (!keep)
        return BARK_OK;
    array = (struct bark_array){ .items = items, .count = kept };
    memcpy(base + any->offset, &array, sizeof array);
    return BARK_OK;
}

enum bark_code bark_attributes_read(struct bark_decoder *d, const struct bark_xml_event *ev, uint16_t type,
                                    uint8_t *base, const struct bark_xsi *xsi)
{
    const struct bark_type_row *row = &d->image->types[type];
    const struct bark_field_row *any = NULL;
    struct bark_decode_frame whole = { .base = base, .type = type };
    size_t left = ev->attribute_count - xsi->count, from = 0;
    uint32_t i;
    for (i = row->first; i < (uint32_t)row->first + row->extra; i++) {
        const struct bark_field_row *f = &d->image->fields[i];
        const enum bark_field_kind kind = bark_field_kind(f);
        const struct bark_xml_attribute *a;
        if (kind == BARK_FIELD_ANY_ATTRIBUTE)
            any = f;
        if (kind == BARK_FIELD_POSITION) {
            const uint32_t offset = ev->offset > UINT32_MAX ? UINT32_MAX : (uint32_t)ev->offset;
            memcpy(base + f->offset, &offset, sizeof offset);
        }
        if (kind != BARK_FIELD_ATTRIBUTE)
            continue;
        a = left ? attribute_find(d, ev, f, &from) : NULL;
        if (a) {
            uint8_t *room = bark_member_room(d, &whole, f);
            if (!room || present_read(d, f, a, room) != BARK_OK)
                return d->r->failed;
            bark_member_mark(d, &whole, f, room, false);
            left--;
        } else if (absent_read(d, f, &whole, ev->offset) != BARK_OK) {
            return d->r->failed;
        }
    }
    return left ? others_read(d, ev, row, any, left, base) : BARK_OK;
}
