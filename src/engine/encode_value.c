/* engine/encode_value.c - values on their way out: written by their kind, escaped for their place.
 *
 * Numbers, dates and octets have nothing to escape and go straight to the output. Texts are judged, then
 * escaped from where they are. What is put together from texts passes a small buffer whose make_room escapes
 * what it holds.
 */
#include "engine/encode.h"
#include "engine/xop.h"

struct escaping {
    struct bark_encoder *encoder;
    enum bark_xml_place place;
    bool empty; /* nothing has come through yet */
};

static void escaping_flush(struct bark_out *out)
{
    struct escaping *escaping = out->user;
    if (out->pos == 0)
        return;
    if (escaping->place == BARK_XML_IN_TEXT)
        bark_encode_content(escaping->encoder);
    bark_xml_escape(escaping->encoder->out, bark_out_bytes(out), escaping->place);
    escaping->empty = false;
    out->pos = 0;
}

static bool escaping_room(struct bark_out *out, size_t need)
{
    escaping_flush(out);
    return need <= out->cap;
}

/* Whether the form has no character to escape; *empty when it has none at all. */
static bool goes_straight(uint8_t kind, const void *member, bool *empty)
{
    if (kind == BARK_KIND_BASE64 || kind == BARK_KIND_HEX)
        *empty = ((const struct bark_bytes *)member)->len == 0;
    return kind >= BARK_KIND_BOOLEAN && kind <= BARK_KIND_HEX;
}

static enum bark_code straight_put(struct bark_encoder *e, uint16_t type, const void *member,
                                   enum bark_xml_place place, bool empty)
{
    enum bark_code code;
    if (BARK_HAS_XOP && place == BARK_XML_IN_TEXT && bark_xop_write(e, type, member, &code))
        return code;
    if (place == BARK_XML_IN_TEXT && !empty)
        bark_encode_content(e);
    return bark_value_write(&e->scope, type, member, e->out, &e->error);
}

/* Texts and enumerations need no copy on the way. */
static enum bark_code text_put(struct bark_encoder *e, uint16_t type, const void *member,
                               enum bark_xml_place place, bool *empty)
{
    struct bark_slice text;
    const enum bark_code code = bark_value_text(&e->scope, type, member, &text, &e->error);
    if (code != BARK_OK)
        return code;
    *empty = text.len == 0;
    if (place == BARK_XML_IN_TEXT && !*empty)
        bark_encode_content(e);
    bark_xml_escape(e->out, text, place);
    return BARK_OK;
}

static enum bark_code escaped_put(struct bark_encoder *e, uint16_t type, const void *member,
                                  enum bark_xml_place place, bool *empty)
{
    struct escaping escaping = { e, place, true };
    uint8_t buffer[256];
    struct bark_out out;
    enum bark_code code;
    bark_out_init(&out, buffer, sizeof buffer);
    out.make_room = escaping_room;
    out.user = &escaping;
    code = bark_value_write(&e->scope, type, member, &out, &e->error);
    escaping_flush(&out);
    *empty = escaping.empty;
    return code;
}

static enum bark_code value_put(struct bark_encoder *e, uint16_t type, const void *member,
                                enum bark_xml_place place, bool *empty)
{
    const uint8_t kind = e->image->types[type].kind;
    enum bark_code code;
    *empty = false;
    if (goes_straight(kind, member, empty))
        code = straight_put(e, type, member, place, *empty);
    else if (kind == BARK_KIND_ENUM || (kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI))
        code = text_put(e, type, member, place, empty);
    else
        code = escaped_put(e, type, member, place, empty);
    if (code == BARK_OK)
        return BARK_OK;
    bark_value_explain(&e->error, code, (struct bark_slice){ NULL, 0 }, e->err);
    return bark_encode_fail(e, code, e->error.rule);
}

static bool is_constrained(const struct bark_image *image, const struct bark_field_row *field)
{
    return BARK_HAS_DEFAULT && field && bark_field_bits(image, field) & (BARK_F_FIXED | BARK_F_DEFAULT);
}

/* [XSD1 3.3.4, 3.4.4] A fixed value admits no other; and nothing written means the default, so that an empty
 * value cannot be said where the default is another. */
static enum bark_code constraint_check(struct bark_encoder *e, const struct bark_field_row *field,
                                       uint16_t type, const void *member, enum bark_xml_place place,
                                       bool empty)
{
    struct bark_slice text;
    bool same;
    text = (struct bark_slice){ e->image->pool + bark_field_extra(e->image, field)->text,
                                bark_field_extra(e->image, field)->text_len };
    if (bark_field_bits(e->image, field) & BARK_F_FIXED) {
        const enum bark_code code = bark_value_is(&e->scope, type, member, text, &same, &e->error);
        if (code != BARK_OK)
            return bark_encode_fail(e, code, e->error.rule);
        if (!same)
            return bark_encode_fail(e, BARK_ERR_FACET, "[XSD1 3.3.4] the value is not the fixed one");
    }
    if (bark_field_bits(e->image, field) & BARK_F_DEFAULT && place == BARK_XML_IN_TEXT && empty &&
        text.len > 0)
        return bark_encode_fail(e, BARK_ERR_FACET, "[XSD1 3.3.4] an empty element would mean the default");
    return BARK_OK;
}

enum bark_code bark_encode_value(struct bark_encoder *e, const struct bark_field_row *field, uint16_t type,
                                 const void *member, enum bark_xml_place place)
{
    bool empty;
    enum bark_code code = value_put(e, type, member, place, &empty);
    if (code == BARK_OK && is_constrained(e->image, field))
        code = constraint_check(e, field, type, member, place, empty);
    /* The simple content of a struct may have its default or fixed text at the element [XSD1 3.3.2]. */
    if (code == BARK_OK && field && bark_field_kind(e->image, field) == BARK_FIELD_TEXT &&
        is_constrained(e->image, e->top->holder))
        code = constraint_check(e, e->top->holder, type, member, place, empty);
    return code;
}

enum bark_code bark_encode_qnames_declare(struct bark_encoder *e, uint16_t type, const void *member)
{
    const struct bark_type_row *row = &e->image->types[type];
    const struct bark_array *list = member;
    const struct bark_qname *names = member;
    size_t i, count = row->kind == BARK_KIND_QNAME;
    enum bark_code code = BARK_OK;
    if (row->kind == BARK_KIND_LIST && e->image->types[row->first].kind == BARK_KIND_QNAME) {
        names = list->items;
        count = names ? list->count : 0;
    }
    for (i = 0; i < count && code == BARK_OK; i++)
        code =
            bark_encode_declare(e, (struct bark_slice){ (const uint8_t *)names[i].ns.ptr, names[i].ns.len });
    return code;
}
