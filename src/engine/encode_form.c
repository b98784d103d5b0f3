/* engine/encode_form.c - a flat struct to parameters: a query, a form body, a path with values in it, the
 * parts of a multipart form.
 *
 * Everything but unreserved characters is escaped [RFC3986 2.3], in forms too: that reads the same by the
 * rules of URIs and of HTML forms. Values are judged by their facets, as on every way out.
 */
#include "base/report.h"
#include "engine/encode.h"
#include "engine/form.h"
#include "engine/xop.h"

#include <string.h>

struct form_encoder {
    const struct bark_image *image;
    const struct bark_type_row *row;
    const uint8_t *base;
    struct bark_value_scope scope;
    struct bark_out *out;
    struct bark_error *err;
    uint8_t also; /* one more character to escape */
    bool plain; /* nothing is escaped: the value stands alone, or between boundaries */
    const char *boundary; /* of a multipart form, or NULL */
    bool any; /* a pair is written already */
};

static enum bark_code form_refuse(const struct form_encoder *e, uint16_t field, enum bark_code code,
                                  const char *rule)
{
    if (e->err && e->err->code == BARK_OK)
        bark_report_add(e->err->path, sizeof e->err->path,
                        bark_image_name(e->image, e->image->fields[field].name));
    return (bark_fail)(e->err, code, 0, rule);
}
#ifdef BARK_TERSE
#define form_refuse(e, field, code, rule) form_refuse(e, field, code, BARK_RULE(rule))
#endif

static bool escaping_flush(struct bark_out *o, size_t need)
{
    const struct form_encoder *e = o->user;
    if (e->plain)
        bark_out_put(e->out, o->base, o->pos);
    else
        bark_form_escape(e->out, bark_out_bytes(o), e->also);
    o->pos = 0;
    return need <= o->cap;
}

static enum bark_code octets_put(struct form_encoder *e, uint16_t field, const void *member)
{
    const struct bark_bytes *octets = member;
    struct bark_value_error error;
    const enum bark_code code = bark_xop_judge(&e->scope, e->image->fields[field].type, member, &error);
    if (code != BARK_OK)
        return form_refuse(e, field, code, error.rule);
    bark_out_put(e->out, octets->ptr, octets->len);
    return bark_out_ok(e->out)
               ? BARK_OK
               : form_refuse(e, field, BARK_ERR_LIMIT, "[R2] the parameters do not fit their room");
}

static enum bark_code value_put(struct form_encoder *e, uint16_t field, const void *member)
{
    if (e->boundary && bark_form_is_octets(e->image, e->image->fields[field].type))
        return octets_put(e, field, member);
    uint8_t buffer[256];
    struct bark_out out;
    struct bark_value_error error;
    enum bark_code code;
    bark_out_init(&out, buffer, sizeof buffer);
    out.make_room = escaping_flush;
    out.user = e;
    code = bark_value_write(&e->scope, e->image->fields[field].type, member, &out, &error);
    (void)escaping_flush(&out, 0);
    if (code != BARK_OK)
        return form_refuse(e, field, code, error.rule);
    return bark_out_ok(e->out)
               ? BARK_OK
               : form_refuse(e, field, BARK_ERR_LIMIT, "[R2] the parameters do not fit their room");
}

static bool is_there(const struct form_encoder *e, uint16_t field)
{
    const struct bark_field_row *f = &e->image->fields[field];
    if (bark_field_has(e->image, f) != BARK_NO_HAS)
        return e->base[e->row->presence + bark_field_has(e->image, f)] != 0;
    return !bark_value_absent(e->image, f->type, e->base + f->offset);
}

/* [RFC7578 4.2] A name has no quote and no line end, being one of XML. Octets get what makes readers of forms
 * take them for a file. */
static void part_begin(struct form_encoder *e, uint16_t field)
{
    const struct bark_slice name = bark_image_name(e->image, e->image->fields[field].name);
    bark_out_text(e->out, e->any ? "\r\n--" : "--");
    bark_out_text(e->out, e->boundary);
    bark_out_text(e->out, "\r\nContent-Disposition: form-data; name=\"");
    bark_out_put(e->out, name.ptr, name.len);
    if (bark_form_is_octets(e->image, e->image->fields[field].type)) {
        bark_out_text(e->out, "\"; filename=\"");
        bark_out_put(e->out, name.ptr, name.len);
        bark_out_text(e->out, "\"\r\nContent-Type: application/octet-stream\r\n\r\n");
    } else {
        bark_out_text(e->out, "\"\r\n\r\n");
    }
    e->any = true;
}

static void name_put(struct form_encoder *e, uint16_t field)
{
    if (e->boundary) {
        part_begin(e, field);
        return;
    }
    if (e->any)
        bark_out_byte(e->out, '&');
    e->any = true;
    bark_form_escape(e->out, bark_image_name(e->image, e->image->fields[field].name), 0);
    bark_out_byte(e->out, '=');
}

static bool count_fits(const struct form_encoder *e, const struct bark_field_row *f, size_t count,
                       bool too_many)
{
    const struct bark_extra_row *extra =
        bark_field_bits(e->image, f) & BARK_F_OCCURS ? bark_field_extra(e->image, f) : NULL;
    if (too_many)
        return !extra || extra->occurs_max == UINT32_MAX || count <= extra->occurs_max;
    return count >= (extra ? extra->occurs_min : bark_field_bits(e->image, f) & BARK_F_REQUIRED ? 1u : 0u);
}

static enum bark_code items_put(struct form_encoder *e, uint16_t field)
{
    const struct bark_field_row *f = &e->image->fields[field];
    const struct bark_array *array = (const void *)(e->base + f->offset);
    size_t i;
    if (!count_fits(e, f, array->count, false))
        return form_refuse(e, field, BARK_ERR_MISSING, "[XSD1 3.8.4] the parameter repeats too seldom");
    if (!count_fits(e, f, array->count, true))
        return form_refuse(e, field, BARK_ERR_UNEXPECTED, "[XSD1 3.8.4] the parameter repeats too often");
    if (array->count && !array->items)
        return form_refuse(e, field, BARK_ERR_USE, "an array of that many items has none");
    for (i = 0; i < array->count; i++) {
        enum bark_code code;
        name_put(e, field);
        code = value_put(e, field, (const uint8_t *)array->items + i * e->image->types[f->type].size);
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}

static enum bark_code single_put(struct form_encoder *e, uint16_t field, bool named)
{
    const struct bark_field_row *f = &e->image->fields[field];
    if (!is_there(e, field)) {
        if ((bark_field_bits(e->image, f) & BARK_F_REQUIRED) || !named)
            return form_refuse(e, field, BARK_ERR_MISSING, "[WSDL11 4.6] a parameter has no value");
        return BARK_OK;
    }
    if (named)
        name_put(e, field);
    return value_put(e, field, e->base + f->offset);
}

/* [WSDL11 4.7] Values in the place of "(part)". The first character of what follows a value is escaped in it,
 * so that a reader finds its end. */
static enum bark_code path_put(struct form_encoder *e, struct bark_slice pattern)
{
    size_t at = 0;
    while (at < pattern.len) {
        const uint8_t *const from = pattern.ptr + at;
        const uint8_t *const close = *from == '(' ? memchr(from, ')', pattern.len - at) : NULL;
        uint16_t field = BARK_NONE;
        enum bark_code code;
        if (close)
            field =
                bark_form_field(e->image, (uint16_t)(e->row - e->image->types),
                                (struct bark_slice){ from + 1, (size_t)(close - from) - 1 }, e->row->first);
        if (field == BARK_NONE) {
            bark_out_byte(e->out, *from);
            at++;
            continue;
        }
        at = (size_t)(close - pattern.ptr) + 1;
        e->also = at < pattern.len ? pattern.ptr[at] : 0;
        code = single_put(e, field, false);
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}

static enum bark_code encoder_open(struct form_encoder *e, const struct bark_image *image, uint16_t root,
                                   const void *msg, const struct bark_limits *limits,
                                   struct bark_arena *arena, struct bark_out *out, struct bark_error *err)
{
    *e = (struct form_encoder){ .image = image, .base = msg, .out = out, .err = err };
    e->scope = (struct bark_value_scope){ .image = image, .limits = limits, .arena = arena };
    if (err)
        *err = (struct bark_error){ 0 };
    if (!bark_form_is_flat(image, root) || !msg) {
        (void)bark_fail(err, BARK_ERR_USE, 0, "the root is no flat struct of values");
        return BARK_ERR_USE;
    }
    e->row = &image->types[bark_root_type(image, root)];
    return BARK_OK;
}

static enum bark_code members_put(struct form_encoder *e)
{
    enum bark_code code = BARK_OK;
    for (uint16_t i = 0; code == BARK_OK && i < e->row->count; i++) {
        const uint16_t field = (uint16_t)(e->row->first + i);
        code = bark_field_bits(e->image, &e->image->fields[field]) & BARK_F_REPEATED
                   ? items_put(e, field)
                   : single_put(e, field, true);
    }
    return code;
}

enum bark_code bark_encode_form(const struct bark_image *image, uint16_t root, struct bark_slice pattern,
                                const void *msg, const struct bark_limits *limits, struct bark_arena *arena,
                                struct bark_out *out, struct bark_error *err)
{
    struct form_encoder e;
    enum bark_code code = encoder_open(&e, image, root, msg, limits, arena, out, err);
    if (code == BARK_OK)
        code = pattern.ptr ? path_put(&e, pattern) : members_put(&e);
    if (code == BARK_OK && !bark_out_ok(out))
        code = bark_fail(err, BARK_ERR_LIMIT, 0, "[R2] the parameters do not fit their room");
    return code;
}

enum bark_code bark_encode_parts(const struct bark_image *image, uint16_t root, const char *boundary,
                                 const void *msg, const struct bark_limits *limits, struct bark_arena *arena,
                                 struct bark_out *out, struct bark_error *err)
{
    struct form_encoder e;
    enum bark_code code = encoder_open(&e, image, root, msg, limits, arena, out, err);
    e.boundary = boundary;
    e.plain = true;
    if (code == BARK_OK)
        code = members_put(&e);
    if (code != BARK_OK)
        return code;
    bark_out_text(out, e.any ? "\r\n--" : "--");
    bark_out_text(out, boundary);
    bark_out_text(out, "--\r\n");
    return bark_out_ok(out) ? BARK_OK
                            : bark_fail(err, BARK_ERR_LIMIT, 0, "[R2] the parameters do not fit their room");
}
