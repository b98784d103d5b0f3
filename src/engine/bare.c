/* engine/bare.c - one member of a struct that travels by itself: the only value of an answer, or a part of a
 * multipart/related message.
 *
 * A value is its lexical form, or its octets where it is binary. A document is read and written as the root
 * that has the member's name and type.
 */
#include "engine/bare.h"

#include "base/report.h"
#include "engine/form.h"
#include "engine/xop.h"
#include "table/http_lines.h"

#include <string.h>

static enum bark_code bare_refuse(const struct bark_bare *b, enum bark_code code, const char *rule)
{
    if (b->err->code == BARK_OK)
        bark_report_add(b->err->path, sizeof b->err->path,
                        bark_image_name(b->image, b->image->fields[b->field].name));
    return (bark_fail)(b->err, code, 0, rule);
}
#ifdef BARK_TERSE
#define bare_refuse(b, code, rule) bare_refuse(b, code, BARK_RULE(rule))
#endif

static const struct bark_type_row *row_of(const struct bark_bare *b)
{
    return &b->image->types[b->type];
}

static const struct bark_field_row *field_of(const struct bark_bare *b)
{
    return &b->image->fields[b->field];
}

static enum bark_code value_explain(const struct bark_bare *b, enum bark_code code,
                                    const struct bark_value_error *error, struct bark_slice text)
{
    static const char hidden[] = "***";
    if (b->err->code != BARK_OK)
        return b->err->code;
    if ((bark_field_bits(b->image, field_of(b)) & BARK_F_SECRET) && text.len)
        text = (struct bark_slice){ (const uint8_t *)hidden, sizeof hidden - 1 };
    bark_value_explain(error, code, text, b->err);
    bark_report_add(b->err->path, sizeof b->err->path, bark_image_name(b->image, field_of(b)->name));
    return code;
}

/* ---- in ---- */

static enum bark_code document_read(const struct bark_bare *b, struct bark_slice in,
                                    const struct bark_decode_options *options, uint8_t *member)
{
    const uint16_t root = bark_http_document_root(b->image, field_of(b)); /* T41: there is one */
    void *msg;
    const enum bark_code code =
        bark_decode_with(b->image, root, in, options, b->limits, b->arena, &msg, NULL, b->err);
    if (code != BARK_OK)
        return code;
    if (bark_field_bits(b->image, field_of(b)) & BARK_F_POINTER)
        memcpy(member, &msg, sizeof msg);
    else
        memcpy(member, msg, b->image->types[field_of(b)->type].size);
    return BARK_OK;
}

static enum bark_code value_read(const struct bark_bare *b, struct bark_slice in, void *member)
{
    const struct bark_value_scope scope = { .image = b->image, .limits = b->limits, .arena = b->arena };
    struct bark_value_error error;
    struct bark_bytes octets;
    enum bark_code code;
    if (!bark_form_is_octets(b->image, field_of(b)->type)) {
        if (in.len > b->limits->text_bytes)
            return bare_refuse(b, BARK_ERR_LIMIT, "[R4] a text is longer than limits allow");
        code = bark_value_read(&scope, field_of(b)->type, in, member, &error);
        return code == BARK_OK ? BARK_OK : value_explain(b, code, &error, in);
    }
    octets = (struct bark_bytes){ (const uint8_t *)bark_arena_text(b->arena, in.ptr, in.len), in.len };
    if (!octets.ptr)
        return bare_refuse(b, BARK_ERR_MEMORY, "[R3] the message does not fit the memory budget");
    memcpy(member, &octets, sizeof octets);
    code = bark_xop_judge(&scope, field_of(b)->type, member, &error);
    return code == BARK_OK ? BARK_OK : value_explain(b, code, &error, (struct bark_slice){ NULL, 0 });
}

enum bark_code bark_bare_read(const struct bark_bare *b, bool document, struct bark_slice in,
                              const struct bark_decode_options *options, uint8_t *base)
{
    const struct bark_field_row *f = field_of(b);
    const enum bark_code code =
        document ? document_read(b, in, options, base + f->offset) : value_read(b, in, base + f->offset);
    if (code == BARK_OK && bark_field_has(b->image, f) != BARK_NO_HAS)
        base[row_of(b)->presence + bark_field_has(b->image, f)] = BARK_PRESENT;
    return code;
}

/* ---- out ---- */

bool bark_bare_is_there(const struct bark_bare *b, const uint8_t *base)
{
    const struct bark_field_row *f = field_of(b);
    const void *at;
    if (bark_field_has(b->image, f) != BARK_NO_HAS)
        return base[row_of(b)->presence + bark_field_has(b->image, f)] != 0;
    if (bark_field_bits(b->image, f) & BARK_F_POINTER) {
        memcpy(&at, base + f->offset, sizeof at);
        return at != NULL;
    }
    return !bark_value_absent(b->image, f->type, base + f->offset);
}

static enum bark_code value_write(const struct bark_bare *b, const void *member, struct bark_out *out)
{
    const struct bark_value_scope scope = { .image = b->image, .limits = b->limits, .arena = b->arena };
    const struct bark_bytes *octets = member;
    struct bark_value_error error;
    enum bark_code code;
    if (bark_form_is_octets(b->image, field_of(b)->type)) {
        code = bark_xop_judge(&scope, field_of(b)->type, member, &error);
        if (code == BARK_OK)
            bark_out_put(out, octets->ptr, octets->len);
    } else {
        code = bark_value_write(&scope, field_of(b)->type, member, out, &error);
    }
    if (code != BARK_OK)
        return bare_refuse(b, code, error.rule);
    return bark_out_ok(out) ? BARK_OK
                            : bare_refuse(b, BARK_ERR_LIMIT, "[R2] the value does not fit its room");
}

enum bark_code bark_bare_write(const struct bark_bare *b, bool document, const uint8_t *base,
                               struct bark_out *out)
{
    const struct bark_field_row *f = field_of(b);
    const void *member = base + f->offset;
    if (!bark_bare_is_there(b, base))
        return bare_refuse(b, BARK_ERR_MISSING, "[WSDL11 5.3] a part has no value");
    if (!document)
        return value_write(b, member, out);
    if (bark_field_bits(b->image, f) & BARK_F_POINTER)
        memcpy(&member, base + f->offset, sizeof member);
    return bark_encode(b->image, bark_http_document_root(b->image, f), member, b->limits, b->arena, out,
                       b->err);
}

/* ---- an answer of one value ---- */

static enum bark_code bare_open(struct bark_bare *b, uint16_t root)
{
    *b->err = (struct bark_error){ 0 };
    if (bark_form_is_flat(b->image, root)) {
        b->type = bark_root_type(b->image, root);
        b->field = b->image->types[b->type].first;
        if (row_of(b)->count == 1 && !(bark_field_bits(b->image, field_of(b)) & BARK_F_REPEATED))
            return BARK_OK;
    }
    return bark_fail(b->err, BARK_ERR_USE, 0, "a bare value is a flat struct of one member");
}

enum bark_code bark_encode_bare(const struct bark_image *image, uint16_t root, const void *msg,
                                const struct bark_limits *limits, struct bark_arena *arena,
                                struct bark_out *out, struct bark_error *err)
{
    struct bark_error own;
    struct bark_bare b = { .image = image, .limits = limits, .arena = arena, .err = err ? err : &own };
    const enum bark_code code = bare_open(&b, root);
    if (code != BARK_OK)
        return code;
    if (!msg)
        return bark_fail(b.err, BARK_ERR_USE, 0, "a bare value needs a message");
    return bark_bare_write(&b, false, msg, out);
}

enum bark_code bark_decode_bare(const struct bark_image *image, uint16_t root, struct bark_slice in,
                                const struct bark_limits *limits, struct bark_arena *arena, void **msg,
                                struct bark_error *err)
{
    struct bark_error own;
    struct bark_bare b = { .image = image, .limits = limits, .arena = arena, .err = err ? err : &own };
    enum bark_code code = bare_open(&b, root);
    uint8_t *base;
    *msg = NULL;
    if (code != BARK_OK)
        return code;
    base = bark_arena_alloc(arena, 1, row_of(&b)->size);
    if (!base)
        return bark_fail(b.err, BARK_ERR_MEMORY, 0, "[R3] the message does not fit the memory budget");
    code = bark_bare_read(&b, false, in, NULL, base);
    if (code == BARK_OK)
        *msg = base;
    return code;
}
