/* engine/encode_attribute.c - the attributes of a struct: declared ones, and those that a wildcard let in.
 *
 * Attributes of a wildcard come from a handler as names and texts, so everything about them is checked: that
 * a name is a name, that it is no declaration in disguise, that the wildcard allows its namespace, that no
 * two are the same [XML1 3.1].
 */
#include "engine/encode.h"

#include "engine/typed.h"

#include "xml/chars.h"

#include <string.h>

static struct bark_slice text_of(const struct bark_text *text)
{
    const struct bark_slice s = { (const uint8_t *)text->ptr, text->len };
    return s;
}

static enum bark_code declared_write(struct bark_encoder *e, const struct bark_field_row *field)
{
    const void *member = bark_encode_member(e->top, field);
    const struct bark_slice local = bark_image_name(e->image, field->name);
    const struct bark_slice uri = bark_encode_uri(e->image, bark_field_ns(e->image, field));
    const enum bark_presence presence = bark_encode_presence(e, e->top, field);
    enum bark_code code;
    if (presence == BARK_NIL)
        return bark_encode_fail(e, BARK_ERR_TYPE, "[XSD1 3.4.4] an attribute cannot be nil");
    if (presence == BARK_ABSENT) {
        if (bark_field_bits(e->image, field) & BARK_F_REQUIRED)
            return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.4.4] a required attribute is missing");
        return BARK_OK; /* a default is the reader's to fill in [XSD1 3.4.4] */
    }
    code = bark_encode_declare(e, uri);
    if (code == BARK_OK)
        code = bark_encode_value_declare(e, field->type, member);
    if (code != BARK_OK)
        return code;
    bark_out_byte(e->out, ' ');
    bark_encode_name(e, uri, local);
    bark_out_text(e->out, "=\"");
    code = bark_encode_value(e, field, field->type, member, BARK_XML_IN_ATTRIBUTE);
    bark_out_byte(e->out, '"');
    return code;
}

bool bark_encode_allows(const struct bark_image *image, const struct bark_wildcard_row *wildcard,
                        struct bark_slice uri)
{
    bool listed = false;
    uint16_t i;
    for (i = 0; i < wildcard->count; i++) {
        const uint8_t row = (uint8_t)image->lists[wildcard->first + i];
        listed |= bark_encode_same(bark_encode_uri(image, row), uri);
    }
    if (wildcard->mode == BARK_WILDCARD_NOT)
        return !listed && uri.len > 0;
    return wildcard->mode == BARK_WILDCARD_ANY || listed;
}

/* Whether the struct's type declares an attribute of that name. */
static bool declared_has(const struct bark_encoder *e, struct bark_slice uri, struct bark_slice local)
{
    const struct bark_type_row *type = e->top->type;
    uint16_t i;
    for (i = 0; i < type->extra; i++) {
        const struct bark_field_row *field = &e->image->fields[type->first + i];
        if (bark_field_kind(e->image, field) == BARK_FIELD_ATTRIBUTE &&
            bark_encode_same(bark_image_name(e->image, field->name), local) &&
            bark_encode_same(bark_encode_uri(e->image, bark_field_ns(e->image, field)), uri))
            return true;
    }
    return false;
}

static bool earlier_has(const struct bark_any_attribute *items, size_t index)
{
    size_t i;
    for (i = 0; i < index; i++)
        if (bark_encode_same(text_of(&items[i].name.ns), text_of(&items[index].name.ns)) &&
            bark_encode_same(text_of(&items[i].name.local), text_of(&items[index].name.local)))
            return true;
    return false;
}

static bool is_xsi(struct bark_slice uri)
{
    static const char xsi[] = "http://www.w3.org/2001/XMLSchema-instance";
    return bark_encode_same(uri, (struct bark_slice){ (const uint8_t *)xsi, sizeof xsi - 1 });
}

/* Names that mean something else than an attribute of the message: xmlns, and the xsi ones, which are the
 * encoder's own. Only the type of an anyType is its holder's to say. */
static bool is_reserved(const struct bark_encoder *e, struct bark_slice uri, struct bark_slice local)
{
    if (uri.len == 0)
        return local.len == 5 && memcmp(local.ptr, "xmlns", 5) == 0;
    return is_xsi(uri) &&
           !(local.len == 4 && memcmp(local.ptr, "type", 4) == 0 && bark_type_is_any(e->image, e->top->type));
}

static enum bark_code extra_check(struct bark_encoder *e, const struct bark_field_row *field,
                                  const struct bark_any_attribute *items, size_t index)
{
    const struct bark_slice uri = text_of(&items[index].name.ns), local = text_of(&items[index].name.local);
    const struct bark_slice value = text_of(&items[index].value);
    if (!bark_xml_is_name(local, BARK_XML_NCNAME) || is_reserved(e, uri, local))
        return bark_encode_fail(e, BARK_ERR_NAMESPACE, "[XMLNS 3] this is no name for an attribute");
    if (!bark_encode_allows(e->image, &e->image->wildcards[field->name], uri))
        return bark_encode_fail(e, BARK_ERR_UNEXPECTED, "[XSD1 3.10.4] the wildcard excludes the namespace");
    if (declared_has(e, uri, local) || earlier_has(items, index))
        return bark_encode_fail(e, BARK_ERR_XML, "[XML1 3.1] an attribute appears twice in one tag");
    if (bark_xml_chars_span(value) != value.len)
        return bark_encode_fail(e, BARK_ERR_TYPE, "[XML1 2.2] the value holds a character XML cannot carry");
    return BARK_OK;
}

/* xsi:type of an anyType, kept as {uri}local. */
static enum bark_code type_write(struct bark_encoder *e, struct bark_slice name)
{
    const uint8_t *close = name.len > 0 && name.ptr[0] == '{' ? memchr(name.ptr, '}', name.len) : NULL;
    struct bark_slice uri = { NULL, 0 };
    if (close) {
        uri = (struct bark_slice){ name.ptr + 1, (size_t)(close - name.ptr) - 1 };
        name = (struct bark_slice){ close + 1, name.len - uri.len - 2 };
    }
    if (!bark_xml_is_name(name, BARK_XML_NCNAME))
        return bark_encode_fail(e, BARK_ERR_TYPE, "[XSD1 2.6.1] a type is named {uri}local or local");
    return bark_encode_xsi_type(e, uri, name);
}

static enum bark_code extra_write(struct bark_encoder *e, const struct bark_any_attribute *attribute)
{
    const struct bark_slice uri = text_of(&attribute->name.ns), local = text_of(&attribute->name.local);
    enum bark_code code;
    if (is_xsi(uri))
        return type_write(e, text_of(&attribute->value));
    code = bark_encode_declare(e, uri);
    if (code != BARK_OK)
        return code;
    bark_out_byte(e->out, ' ');
    bark_encode_name(e, uri, local);
    bark_out_text(e->out, "=\"");
    bark_xml_escape(e->out, text_of(&attribute->value), BARK_XML_IN_ATTRIBUTE);
    bark_out_byte(e->out, '"');
    return BARK_OK;
}

static enum bark_code extras_write(struct bark_encoder *e, const struct bark_field_row *field)
{
    const struct bark_array *array = bark_encode_member(e->top, field);
    const struct bark_any_attribute *items = array->items;
    size_t i;
    if (array->count > e->limits->attributes) /* bounds the search for equal names too [R7] */
        return bark_encode_fail(e, BARK_ERR_LIMIT, "[R4] more attributes than limits.attributes");
    if (array->count > 0 && !items)
        return bark_encode_fail(e, BARK_ERR_USE, "[codec] a repeated member counts items and has none");
    for (i = 0; i < array->count; i++) {
        enum bark_code code;
        e->top->item = i;
        code = extra_check(e, field, items, i);
        if (code == BARK_OK)
            code = extra_write(e, &items[i]);
        if (code != BARK_OK)
            return code;
    }
    e->top->item = 0;
    return BARK_OK;
}

/* A nil element may have no struct behind it: then there are no attributes, unless one must be. */
static enum bark_code none_check(struct bark_encoder *e, const struct bark_field_row *field)
{
    if (bark_field_kind(e->image, field) == BARK_FIELD_ATTRIBUTE &&
        bark_field_bits(e->image, field) & BARK_F_REQUIRED)
        return bark_encode_fail(e, BARK_ERR_MISSING, "[XSD1 3.4.4] a required attribute is missing");
    return BARK_OK;
}

enum bark_code bark_encode_attributes(struct bark_encoder *e)
{
    struct bark_encode_frame *frame = e->top;
    enum bark_code code = BARK_OK;
    for (frame->next = 0; frame->next < frame->type->extra && code == BARK_OK; frame->next++) {
        frame->field = &e->image->fields[frame->type->first + frame->next];
        if (!frame->base)
            code = none_check(e, frame->field);
        else if (bark_field_kind(e->image, frame->field) == BARK_FIELD_ATTRIBUTE)
            code = bark_encode_run_attribute(e, frame->field) ? BARK_OK : declared_write(e, frame->field);
        else if (BARK_HAS_WILDCARD && bark_field_kind(e->image, frame->field) == BARK_FIELD_ANY_ATTRIBUTE)
            code = extras_write(e, frame->field);
    }
    if (code == BARK_OK)
        frame->field = NULL;
    return code;
}
