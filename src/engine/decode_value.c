/* engine/decode_value.c - a text as a value; default and fixed values.
 */
#include "base/report.h"
#include "base/scratch.h"
#include "engine/decode.h"
#include "engine/value_kind.h"
#include "xml/parts.h"

struct bark_slice bark_extra_text(const struct bark_image *image, const struct bark_field_row *f)
{
    const struct bark_extra_row *extra = bark_field_extra(image, f);
    return (struct bark_slice){ image->pool + extra->text, extra->text_len };
}

enum bark_code bark_text_flat(struct bark_decoder *d, struct bark_slice raw, bool plain, size_t text_len,
                              bool attribute, struct bark_slice *text)
{
    uint8_t *copy;
    *text = raw;
    if (plain)
        return BARK_OK;
    copy = bark_scratch_push(d->r->arena, text_len ? text_len : 1);
    if (!copy)
        return bark_decode_full(d);
    bark_xml_flatten(raw, attribute ? BARK_XML_FLATTEN_VALUE : BARK_XML_FLATTEN_TEXT, copy);
    *text = (struct bark_slice){ copy, text_len };
    return BARK_OK;
}

/* The text itself is shown unless it is a secret. */
enum bark_code bark_value_fail(struct bark_decoder *d, const struct bark_value_error *error,
                               enum bark_code code, struct bark_slice text, size_t offset)
{
    static const char hidden[] = "***";
    if (d->r->secret && text.len)
        text = (struct bark_slice){ (const uint8_t *)hidden, sizeof hidden - 1 };
    if (bark_xml_fail_place(d->r, code, offset))
        bark_value_explain(error, code, text, d->r->err);
    return d->r->failed;
}

enum bark_code bark_text_read_value(struct bark_decoder *d, uint16_t type, struct bark_slice text,
                                    size_t offset, void *room)
{
    const enum bark_code code = bark_value_read(&d->scope, type, text, room, &d->error);
    return code == BARK_OK ? BARK_OK : bark_value_fail(d, &d->error, code, text, offset);
}

enum bark_code bark_default_read(struct bark_decoder *d, uint16_t type, const struct bark_field_row *f,
                                 size_t offset, void *room)
{
    enum bark_code code;
    d->scope.checked = false; /* the text comes from the image, and so do its names */
    d->scope.no_prefixes = true;
    code = bark_text_read_value(d, type, bark_extra_text(d->image, f), offset, room);
    d->scope.checked = true;
    d->scope.no_prefixes = false;
    return code;
}

/* [XSD1 3.3.4] Values are compared, not texts: a fixed 1 is met by 01. */
enum bark_code bark_fixed_check(struct bark_decoder *d, const struct bark_field_row *f, uint16_t type,
                                struct bark_slice text, size_t offset, const void *room)
{
    const struct bark_slice fixed = bark_extra_text(d->image, f);
    struct bark_value_error error;
    bool same;
    const enum bark_code code = bark_value_is(&d->scope, type, room, fixed, &same, &error);
    if (code != BARK_OK)
        return bark_value_fail(d, &error, code, text, offset);
    if (same)
        return BARK_OK;
    bark_xml_fail_found(d->r, BARK_ERR_FACET, offset, "[XSD1 3.3.4] the value is fixed by the schema", text);
    if (d->r->err)
        bark_report_expect(d->r->err, fixed);
    return d->r->failed;
}
