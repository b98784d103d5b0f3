/* engine/json_value.c - which JSON form each kind of value has, and both directions of it.
 *
 * Writing: numbers are JSON numbers while every reader keeps them exact, that is up to 2^53 and up to 15
 * digits [RFC7493 2.2]; longer ones, INF and NaN are strings. Booleans are booleans, lists are arrays, a
 * QName is
 * "{uri}local", everything else is the lexical form of XSD in a string. Reading: the same, and a string with
 * the lexical form is right for every kind.
 */
#include "engine/json_value.h"

#include "base/report.h"
#include "engine/value_kind.h"
#include "xml/chars.h"

#include <string.h>

/* ---- reading */

/* Records what the value functions found, with the place of the event. */
enum bark_code bark_json_value_refuse(struct bark_json_reader *r, size_t at, enum bark_code code,
                                      const struct bark_value_error *error, struct bark_slice text)
{
    if (r->err && r->err->code == BARK_OK) {
        bark_value_explain(error, code, text, r->err);
        r->err->offset = at;
        bark_json_place_report(r, at);
    }
    return code;
}

static enum bark_code text_value_read(struct bark_json_reader *r, const struct bark_image *image,
                                      struct bark_slice text, size_t at, uint16_t type, void *member)
{
    const struct bark_value_scope scope = {
        .image = image, .limits = r->limits, .arena = r->arena, .no_prefixes = true
    };
    struct bark_value_error error = { 0 };
    const enum bark_code code = bark_value_read(&scope, type, text, member, &error);
    return code == BARK_OK ? BARK_OK : bark_json_value_refuse(r, at, code, &error, text);
}

enum bark_code bark_json_characters_refuse(struct bark_json_reader *r, size_t at)
{
    return bark_json_fail(r, BARK_ERR_TYPE, at,
                          "[XML1 2.2] the string has a character that XML cannot carry");
}

/* Which JSON scalars a kind takes beside a string. */
static bool number_fits(uint8_t kind)
{
    return kind == BARK_KIND_UNION || (kind >= BARK_KIND_INT8 && kind <= BARK_KIND_DOUBLE);
}

static bool boolean_fits(uint8_t kind)
{
    return kind == BARK_KIND_UNION || kind == BARK_KIND_BOOLEAN;
}

/* The value has been read from the text that bark_json_text() gave, which is needed no longer. */
static void text_settle(struct bark_json_reader *r, uint8_t kind, void *member)
{
    struct bark_text *text = member;
    struct bark_bytes *octets = member;
    if (kind == BARK_KIND_BASE64 || kind == BARK_KIND_HEX)
        octets->ptr = bark_json_settle(r, octets->ptr);
    else if ((kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI) || kind == BARK_KIND_INTEGER ||
             kind == BARK_KIND_DECIMAL)
        text->ptr = bark_json_settle(r, text->ptr);
    else
        (void)bark_json_settle(r, NULL);
}

enum bark_code bark_json_value_read(struct bark_json_reader *r, const struct bark_image *image,
                                    const struct bark_json_event *ev, uint16_t type, void *member)
{
    const uint8_t kind = image->types[type].kind;
    const bool boolean = ev->kind == BARK_JSON_TRUE || ev->kind == BARK_JSON_FALSE;
    struct bark_slice text;
    enum bark_code code;
    size_t good;
    if (!(ev->kind == BARK_JSON_STRING || (ev->kind == BARK_JSON_NUMBER && number_fits(kind)) ||
          (boolean && boolean_fits(kind))))
        return bark_json_fail(r, BARK_ERR_TYPE, ev->offset, "JSON: the value's type wants another JSON form");
    code = bark_json_text(r, ev, &text);
    if (code != BARK_OK)
        return code;
    if (boolean && kind == BARK_KIND_BOOLEAN) {
        const char *form = bark_boolean_form(image, &image->types[type], ev->kind == BARK_JSON_TRUE);
        text = (struct bark_slice){ (const uint8_t *)form, strlen(form) };
    }
    good = bark_xml_chars_span(text);
    if (good < text.len)
        return bark_json_characters_refuse(r, ev->offset);
    if (ev->kept && kind == BARK_KIND_STRING && image->types[type].flags & BARK_TYPE_PLAIN) {
        *(struct bark_text *)member = (struct bark_text){ (const char *)text.ptr, text.len };
        return BARK_OK;
    }
    code = text_value_read(r, image, text, ev->offset, type, member);
    if (code == BARK_OK)
        text_settle(r, kind, member);
    return code;
}

enum bark_code bark_json_value_preset(struct bark_json_reader *r, const struct bark_image *image,
                                      struct bark_slice text, size_t at, uint16_t type, void *member)
{
    return text_value_read(r, image, text, at, type, member);
}

/* ---- writing */

/* Lets everything fall: for checks. */
static bool room_forget(struct bark_out *o, size_t need)
{
    o->pos = 0;
    return need <= o->cap;
}

/* Sends a full buffer on as a piece of a string. */
static bool room_send(struct bark_out *o, size_t need)
{
    bark_json_write_piece(o->user, bark_out_bytes(o));
    o->pos = 0;
    return need <= o->cap;
}

static enum bark_code text_value_write(const struct bark_value_scope *scope, uint16_t type,
                                       const void *member, struct bark_out *out, struct bark_error *err)
{
    struct bark_value_scope own = *scope;
    struct bark_value_error error = { 0 };
    const struct bark_slice nothing = { NULL, 0 };
    enum bark_code code;
    own.no_prefixes = true;
    code = bark_value_write(&own, type, member, out, &error);
    if (code != BARK_OK)
        bark_value_explain(&error, code, nothing, err);
    return code;
}

static enum bark_code value_check(const struct bark_value_scope *scope, uint16_t type, const void *member,
                                  struct bark_error *err)
{
    uint8_t room[64];
    struct bark_out out;
    bark_out_init(&out, room, sizeof room);
    out.make_room = room_forget;
    return text_value_write(scope, type, member, &out, err);
}

enum bark_code bark_json_list_check(struct bark_json_reader *r, const struct bark_image *image, size_t at,
                                    uint16_t type, const void *member)
{
    const struct bark_value_scope scope = { .image = image, .limits = r->limits, .arena = r->arena };
    const enum bark_code code = value_check(&scope, type, member, r->err);
    if (code != BARK_OK && r->err && r->err->line == 0) {
        r->err->offset = at;
        bark_json_place_report(r, at);
    }
    return code;
}

/* [RFC7493 2.2] A number that a reader with doubles keeps exact: at most 15 digits, or an integer up to
 * 2^53 - 1. A form with an exponent is a double already. */
static bool number_exact(struct bark_slice text)
{
    static const char integer_max[] = "9007199254740991";
    const bool minus = text.len > 0 && text.ptr[0] == '-';
    const bool point = memchr(text.ptr, '.', text.len) != NULL;
    const size_t digits = text.len - minus - point;
    if (!bark_json_is_number(text))
        return false;
    return digits <= 15 ||
           (!point && digits == 16 && memcmp(text.ptr + minus, integer_max, sizeof integer_max - 1) <= 0);
}

/* A number as a JSON number when it may be one; *done says whether it was written. */
static enum bark_code number_write(struct bark_json_writer *w, const struct bark_value_scope *scope,
                                   uint16_t type, const void *member, bool *done, struct bark_error *err)
{
    const uint8_t kind = scope->image->types[type].kind;
    uint8_t room[40];
    struct bark_out out;
    enum bark_code code;
    bark_out_init(&out, room, sizeof room);
    code = text_value_write(scope, type, member, &out, err);
    *done = code == BARK_OK && bark_out_ok(&out) && out.pos > 0 &&
            (kind == BARK_KIND_FLOAT || kind == BARK_KIND_DOUBLE ? bark_json_is_number(bark_out_bytes(&out))
                                                                 : number_exact(bark_out_bytes(&out)));
    if (*done)
        bark_json_write_literal(w, bark_out_bytes(&out));
    return code;
}

static enum bark_code string_write(struct bark_json_writer *w, const struct bark_value_scope *scope,
                                   uint16_t type, const void *member, struct bark_error *err)
{
    uint8_t room[256];
    struct bark_out out;
    enum bark_code code;
    bark_out_init(&out, room, sizeof room);
    out.make_room = room_send;
    out.user = w;
    bark_json_write_start(w);
    code = text_value_write(scope, type, member, &out, err);
    if (code == BARK_OK && !bark_out_ok(&out))
        return bark_fail(err, BARK_ERR_LIMIT, 0, "a piece of a value is longer than the writer's buffer");
    bark_json_write_piece(w, bark_out_bytes(&out));
    bark_json_write_end(w);
    return code;
}

static enum bark_code atom_write(struct bark_json_writer *w, const struct bark_value_scope *scope,
                                 uint16_t type, const void *member, struct bark_error *err)
{
    const uint8_t kind = scope->image->types[type].kind;
    bool done = false;
    enum bark_code code;
    if (kind == BARK_KIND_BOOLEAN) {
        code = value_check(scope, type, member, err);
        if (code == BARK_OK)
            bark_json_write_literal(w, bark_boolean_get(member)
                                           ? (struct bark_slice){ (const uint8_t *)"true", 4 }
                                           : (struct bark_slice){ (const uint8_t *)"false", 5 });
        return code;
    }
    if (kind >= BARK_KIND_INT8 && kind <= BARK_KIND_DOUBLE) {
        code = number_write(w, scope, type, member, &done, err);
        if (code != BARK_OK || done)
            return code;
    }
    return string_write(w, scope, type, member, err);
}

enum bark_code bark_json_value_write(struct bark_json_writer *w, const struct bark_value_scope *scope,
                                     uint16_t type, const void *member, struct bark_error *err)
{
    const struct bark_type_row *row = &scope->image->types[type];
    const struct bark_array *list = member;
    enum bark_code code;
    size_t i;
    if (row->kind != BARK_KIND_LIST)
        return atom_write(w, scope, type, member, err);
    code = value_check(scope, type, member, err);
    if (code != BARK_OK)
        return code;
    bark_json_write_open(w, '[');
    for (i = 0; i < list->count && code == BARK_OK; i++)
        code = atom_write(w, scope, row->first,
                          (const uint8_t *)list->items + i * scope->image->types[row->first].size, err);
    bark_json_write_close(w, ']');
    return code;
}
