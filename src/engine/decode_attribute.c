/* engine/decode_attribute.c - attributes of a start tag: the schema's own, wildcards, what is missing.
 *
 * The reader has already checked that no name comes twice. Fields are walked in schema order and each looks
 * for its attribute from where the last one was found, so that a tag that follows the schema costs one
 * compare an attribute. The number of attributes is bounded by limits.attributes [R4].
 */
#include "base/report.h"
#include "base/scratch.h"
#include "engine/decode.h"

#include <assert.h>
#include <string.h>

enum bark_code(bark_attribute_fail)(struct bark_decoder *d, const struct bark_xml_attribute *a,
                                    enum bark_code code, const char *rule, struct bark_slice found)
{
    bark_xml_fail_found(d->r, code, bark_xml_place(d->r, a->name.local.ptr), rule, found);
    bark_decode_at_attribute(d, a->name.local);
    return d->r->failed;
}

static const char unknown_rule[] = "[XSD1 3.4.4] this attribute is not declared";

enum bark_code bark_attributes_refuse(struct bark_decoder *d, const struct bark_xml_event *ev,
                                      const struct bark_xsi *xsi)
{
    size_t i;
    for (i = 0; i < ev->attribute_count && xsi->count < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (a->name.ns == BARK_NS_XSI)
            continue;
        if (!BARK_HAS_UNKNOWN || !bark_unknown_attribute_is(d, a))
            return bark_attribute_fail(d, a, BARK_ERR_UNEXPECTED, unknown_rule, a->name.local);
        if (bark_unknown_attribute_skip(d, a) != BARK_OK)
            return d->r->failed;
    }
    return BARK_OK;
}

/* The value of an attribute the tag has. */
enum bark_code bark_attribute_read(struct bark_decoder *d, const struct bark_field_row *f,
                                   const struct bark_xml_attribute *a, uint8_t *room)
{
    const size_t mark = bark_scratch_mark(d->r->arena), offset = bark_xml_place(d->r, a->raw.ptr);
    const bool secret_before = d->r->secret;
    struct bark_slice text;
    enum bark_code code;
    d->r->secret = secret_before || bark_field_bits(d->image, f) & BARK_F_SECRET;
    code = bark_text_flat(d, a->raw, a->plain, a->text_len, true, &text);
    if (code == BARK_OK)
        code = bark_text_read_value(d, f->type, text, offset, room);
    if (code == BARK_OK && bark_field_bits(d->image, f) & BARK_F_FIXED)
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
    if (bark_field_bits(d->image, f) & BARK_F_REQUIRED) {
        code = bark_xml_fail(d->r, BARK_ERR_MISSING, offset, "[XSD1 3.4.4] a required attribute is missing");
        if (d->r->err)
            bark_report_expect(d->r->err, bark_image_name(d->image, f->name));
        return code;
    }
    if (!(bark_field_bits(d->image, f) & (BARK_F_DEFAULT | BARK_F_FIXED)))
        return BARK_OK;
    room = bark_member_room(d, whole, f);
    if (!room)
        return d->r->failed;
    bark_member_mark(d, whole, f, room, false);
    return bark_default_read(d, f->type, f, offset, room);
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
        if (bark_name_is(d->image, &ev->attributes[i].name, f->name, bark_field_ns(d->image, f))) {
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
        if (bark_field_kind(d->image, f) == BARK_FIELD_ATTRIBUTE &&
            bark_name_is(d->image, &a->name, f->name, bark_field_ns(d->image, f)))
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
                                  const struct bark_xsi *xsi, size_t count, uint8_t *base)
{
    const bool assess = BARK_HAS_VALIDATION && any && bark_assess_is_on(d->image);
    const bool keep = BARK_HAS_WILDCARD && any && !assess && !d->image->wildcards[any->name].drop;
    struct bark_any_attribute *items = NULL;
    struct bark_array array;
    size_t i, kept = 0;
    assert(ev->attributes || ev->attribute_count == 0);
    if (keep && !(items = bark_arena_alloc(d->r->arena, count + 1, sizeof *items)))
        return bark_decode_full(d);
    if (keep && xsi->type && bark_xsi_type_keep(d, xsi->type, &items[kept++]) != BARK_OK)
        return d->r->failed;
    for (i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (a->name.ns == BARK_NS_XSI || is_declared(d, row, a))
            continue;
        if (!any || !bark_wildcard_takes(d->image, any->name, &a->name)) {
            if (!BARK_HAS_UNKNOWN || !bark_unknown_attribute_is(d, a))
                return bark_attribute_fail(d, a, BARK_ERR_UNEXPECTED, unknown_rule, a->name.local);
            if (bark_unknown_attribute_skip(d, a) != BARK_OK)
                return d->r->failed;
            continue;
        }
        if (assess && bark_assess_attribute(d, a, d->image->wildcards[any->name].process) != BARK_OK)
            return d->r->failed;
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
        const enum bark_field_kind kind = bark_field_kind(d->image, f);
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
            if (!room || bark_attribute_read(d, f, a, room) != BARK_OK)
                return d->r->failed;
            bark_member_mark(d, &whole, f, room, false);
            left--;
        } else if (absent_read(d, f, &whole, ev->offset) != BARK_OK) {
            return d->r->failed;
        }
    }
    return left || (any && xsi->type) ? others_read(d, ev, row, any, xsi, left, base) : BARK_OK;
}
