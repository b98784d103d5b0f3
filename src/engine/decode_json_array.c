/* engine/decode_json_array.c - items of arrays, and the attributes of a wildcard: as many as come, up to a
 * bound.
 *
 * Items are built on the scratch end, each with a byte for nil behind it. At the end of the array they are
 * copied once, at their exact number, to the permanent end.
 */
#include "engine/division.h"
#include "engine/engine.h"
#include "engine/json_decode.h"
#include "xml/chars.h"

#include <string.h>

/* The most items that the schema and limits.items allow, and which of the two it is. */
static uint32_t items_max(const struct bark_json_decoder *d, bool *schema)
{
    const struct bark_field_row *f = d->frame->field;
    uint32_t max = UINT32_MAX;
    if (d->frame->kind == BARK_JSON_FRAME_ITEMS && (bark_field_bits(d->image, f) & BARK_F_OCCURS))
        max = bark_field_extra(d->image, f)->occurs_max;
    if (d->frame->kind == BARK_JSON_FRAME_ATTRIBUTES)
        max = d->r.limits->attributes;
    *schema = d->frame->kind == BARK_JSON_FRAME_ITEMS && max <= d->r.limits->items;
    return max < d->r.limits->items ? max : d->r.limits->items;
}

/* Room for one more item; NULL with the failure in *code. */
static uint8_t *item_push(struct bark_json_decoder *d, size_t at, enum bark_code *code)
{
    struct bark_json_frame *f = d->frame;
    bool schema;
    const uint32_t max = items_max(d, &schema);
    if (f->count >= max) {
        *code = schema
                    ? bark_json_refuse(d, BARK_ERR_UNEXPECTED, at, "[XSD1 3.8.4] more items than maxOccurs")
                    : bark_json_refuse(d, BARK_ERR_LIMIT, at, "limits.items: an array has too many items");
        return NULL;
    }
    f->last = bark_scratch_push(d->arena, f->stride);
    if (!f->last) {
        *code = bark_json_no_memory(d, at);
        return NULL;
    }
    f->count++;
    return f->last;
}

/* Copies the items to their final place, first item first. */
static enum bark_code array_finish(struct bark_json_decoder *d, size_t at)
{
    const struct bark_json_frame *f = d->frame;
    uint8_t *items, *nil = NULL;
    size_t i;
    items = bark_arena_alloc(d->arena, f->count, f->item_size);
    if (items && f->any_nil)
        nil = bark_arena_alloc(d->arena, f->count, 1);
    if (!items || (f->any_nil && !nil))
        return bark_json_no_memory(d, at);
    for (i = 0; i < f->count; i++) {
        const uint8_t *item = f->last + (f->count - 1 - i) * f->stride;
        memcpy(items + i * f->item_size, item, f->item_size);
        if (nil)
            nil[i] = item[f->item_size];
    }
    if (f->count > 0)
        *f->array = (struct bark_array){ items, f->count, nil };
    return BARK_OK;
}

/* [XSD1 3.8.4] The schema's least number of items. */
static bool too_few(const struct bark_json_decoder *d)
{
    const struct bark_json_frame *f = d->frame;
    return f->kind == BARK_JSON_FRAME_ITEMS && f->count < bark_field_least(d->image, f->field);
}

static enum bark_code array_end(struct bark_json_decoder *d, size_t at)
{
    const struct bark_json_frame f = *d->frame;
    enum bark_code code;
    if (too_few(d))
        return bark_json_refuse(d, BARK_ERR_MISSING, at, "[XSD1 3.8.4] fewer items than minOccurs");
    code = array_finish(d, at);
    if (code == BARK_OK && f.kind == BARK_JSON_FRAME_ITEMS &&
        bark_field_bits(d->image, f.field) & BARK_F_DIVIDES &&
        !bark_division_holds(d->image, f.field, f.array))
        code = bark_json_refuse(d, BARK_ERR_MISSING, at, BARK_RULE_DIVISION);
    if (code == BARK_OK && f.kind == BARK_JSON_FRAME_LIST)
        code = bark_json_list_check(&d->r, d->image, f.offset, f.type, f.array);
    if (code != BARK_OK)
        return code;
    bark_json_end_frame(d);
    if (f.kind == BARK_JSON_FRAME_LIST && d->frame &&
        (d->frame->kind == BARK_JSON_FRAME_OBJECT || d->frame->kind == BARK_JSON_FRAME_VALUE))
        return bark_json_fixed_check(d, f.type, f.array, f.offset);
    return BARK_OK;
}

enum bark_code bark_json_array_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_json_frame *f = d->frame;
    enum bark_code code = BARK_OK;
    uint8_t *item;
    if (ev->kind == BARK_JSON_ARRAY_END)
        return array_end(d, ev->offset);
    item = item_push(d, ev->offset, &code);
    if (!item)
        return code;
    if (f->kind == BARK_JSON_FRAME_LIST)
        return bark_json_value_read(&d->r, d->image, ev, d->image->types[f->type].first, item);
    if (ev->kind == BARK_JSON_NULL) {
        if ((bark_field_bits(d->image, f->field) & BARK_F_NILLABLE) == 0)
            return bark_json_refuse(d, BARK_ERR_TYPE, ev->offset,
                                    "[XSD1 3.3.4] null is for nillable elements");
        item[f->item_size] = 1;
        f->any_nil = true;
        return BARK_OK;
    }
    if (f->type == BARK_NONE)
        return bark_json_place_text(d, ev, f->field, (struct bark_text *)(void *)item);
    return bark_json_place(d, ev, f->type, item);
}

void bark_json_name_split(struct bark_slice name, struct bark_slice *uri, struct bark_slice *local)
{
    const uint8_t *close = name.len > 0 && name.ptr[0] == '{' ? memchr(name.ptr, '}', name.len) : NULL;
    *uri = (struct bark_slice){ NULL, 0 };
    *local = name;
    if (!close)
        return;
    *uri = (struct bark_slice){ name.ptr + 1, (size_t)(close - name.ptr) - 1 };
    *local = (struct bark_slice){ close + 1, name.len - uri->len - 2 };
}

static enum bark_code name_split(struct bark_json_decoder *d, struct bark_slice name, size_t at,
                                 struct bark_qname *qname)
{
    struct bark_slice uri;
    bark_json_name_split(name, &uri, &name);
    if (!bark_xml_is_name(name, BARK_XML_NCNAME))
        return bark_json_refuse(d, BARK_ERR_TYPE, at, "[XMLNS 4] an attribute is named {uri}local or local");
    if (bark_json_wildcard_check(d, d->frame->field, uri, at) != BARK_OK)
        return BARK_ERR_UNEXPECTED;
    qname->ns.ptr = bark_arena_text(d->arena, uri.ptr, uri.len);
    qname->local.ptr = bark_arena_text(d->arena, name.ptr, name.len);
    if (!qname->ns.ptr || !qname->local.ptr)
        return bark_json_no_memory(d, at);
    qname->ns.len = uri.len;
    qname->local.len = name.len;
    return BARK_OK;
}

static bool texts_equal(const struct bark_text *a, const struct bark_text *b)
{
    return a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0;
}

/* [XML1 3.1] No attribute twice. There are at most limits.attributes of them. */
static bool attribute_repeated(const struct bark_json_frame *f, const struct bark_any_attribute *newest)
{
    size_t i;
    for (i = 1; i < f->count; i++) {
        const struct bark_any_attribute *other = (const void *)(f->last + i * f->stride);
        if (texts_equal(&newest->name.local, &other->name.local) &&
            texts_equal(&newest->name.ns, &other->name.ns))
            return true;
    }
    return false;
}

static enum bark_code attribute_name(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_any_attribute *attribute;
    struct bark_slice name;
    enum bark_code code = BARK_OK;
    attribute = (void *)item_push(d, ev->offset, &code);
    if (!attribute)
        return code;
    code = bark_json_text(&d->r, ev, &name);
    if (code == BARK_OK)
        code = name_split(d, name, ev->offset, &attribute->name);
    if (code != BARK_OK)
        return code;
    if (attribute_repeated(d->frame, attribute))
        return bark_json_refuse(d, BARK_ERR_JSON, ev->offset,
                                "[RFC8259 4] a name stands only once in an object");
    d->frame->in_member = true;
    return BARK_OK;
}

enum bark_code bark_json_attributes_event(struct bark_json_decoder *d, const struct bark_json_event *ev)
{
    struct bark_any_attribute *const newest = (void *)d->frame->last;
    if (d->frame->in_member) {
        d->frame->in_member = false;
        return bark_json_place_text(d, ev, d->frame->field, &newest->value);
    }
    return ev->kind == BARK_JSON_OBJECT_END ? array_end(d, ev->offset) : attribute_name(d, ev);
}
