/* engine/decode_form.c - parameters to a C struct, by the rows that decode XML and JSON.
 *
 * The struct is flat: a member is a value or an array of values [docs/table-format.md, T41]. Two passes over
 * the pairs: the first finds each name's member, counts, and refuses what may not be there; so the arrays of
 * the second have their exact size, and no member is written twice. Values are read by the readers that XML
 * uses, facets and all. The result is all zero, or complete.
 */
#include "base/report.h"
#include "base/scratch.h"
#include "engine/decode.h"
#include "engine/form.h"
#include "engine/xop.h"
#include "xml/chars.h"

#include <string.h>

struct form_decoder {
    struct bark_form_source source; /* from its start */
    const struct bark_image *image;
    const struct bark_type_row *row;
    const struct bark_limits *limits;
    struct bark_arena *arena;
    struct bark_unknown *unknown;
    struct bark_error *err;
    uint32_t *counts; /* of each field */
    uint8_t *base; /* the struct */
    uint16_t guess; /* the field that may be next */
};

/* ---- errors: each names the parameter ---- */

static enum bark_code form_refuse(struct form_decoder *d, enum bark_code code, size_t at, const char *rule,
                                  struct bark_slice name)
{
    if (d->err->code != BARK_OK)
        return d->err->code;
    bark_report_add(d->err->path, sizeof d->err->path, name);
    (void)(bark_fail)(d->err, code, at, rule);
    return code;
}
#ifdef BARK_TERSE
#define form_refuse(d, code, at, rule, ...) form_refuse(d, code, at, BARK_RULE(rule), __VA_ARGS__)
#endif

static enum bark_code no_memory(struct form_decoder *d, size_t at)
{
    return form_refuse(d, BARK_ERR_MEMORY, at, "[R3] the message does not fit the memory budget",
                       (struct bark_slice){ NULL, 0 });
}

static struct bark_slice field_name(const struct form_decoder *d, uint16_t field)
{
    return bark_image_name(d->image, d->image->fields[field].name);
}

static enum bark_code value_refuse(struct form_decoder *d, uint16_t field, enum bark_code code,
                                   const struct bark_value_error *error, struct bark_slice text, size_t at)
{
    static const char hidden[] = "***";
    if (d->err->code != BARK_OK)
        return d->err->code;
    if ((bark_field_bits(d->image, &d->image->fields[field]) & BARK_F_SECRET) && text.len)
        text = (struct bark_slice){ (const uint8_t *)hidden, sizeof hidden - 1 };
    bark_value_explain(error, code, text, d->err);
    d->err->offset = at;
    bark_report_add(d->err->path, sizeof d->err->path, field_name(d, field));
    return code;
}

/* ---- texts ---- */

/* Resolves the escapes of a text, onto the scratch end; those of parts have none. path: no "+" for spaces. */
static enum bark_code text_take(struct form_decoder *d, struct bark_slice raw, size_t at, size_t max,
                                struct bark_slice name, struct bark_slice *text)
{
    uint8_t *room = d->source.parts ? NULL : bark_scratch_room(d->arena, raw.len + 1);
    size_t bad = raw.len;
    if (!room && !d->source.parts)
        return no_memory(d, at);
    *text = raw;
    if (room)
        *text = (struct bark_slice){ room, bark_form_unescape(raw, !d->source.pattern.ptr, room, &bad) };
    if (bad < raw.len)
        return form_refuse(d, BARK_ERR_TYPE, at + bad,
                           raw.ptr[bad] == '%' ? "[RFC3986 2.1] \"%\" is followed by two hex digits"
                                               : "[RFC3986 2] this octet has to be escaped",
                           name);
    if (text->len > max)
        return form_refuse(d, BARK_ERR_LIMIT, at, "[R4] a parameter is longer than limits allow", name);
    if (bark_xml_chars_span(*text) < text->len)
        return form_refuse(d, BARK_ERR_UTF8, at,
                           "[XML1 2.2] [RFC3629 3] parameters are UTF-8, of characters that XML knows", name);
    return BARK_OK;
}

/* ---- first pass ---- */

static enum bark_code unknown_collect(struct form_decoder *d, const struct bark_form_pair *pair,
                                      struct bark_slice name, struct bark_slice value)
{
    struct bark_skipped *s = bark_arena_alloc(d->arena, 1, sizeof *s);
    if (s) {
        s->local = (struct bark_text){ bark_arena_text(d->arena, name.ptr, name.len), name.len };
        s->text = (struct bark_text){ bark_arena_text(d->arena, value.ptr, value.len), value.len };
    }
    if (!s || !s->local.ptr || !s->text.ptr)
        return no_memory(d, pair->name_at);
    s->path = s->local;
    s->ns = (struct bark_text){ "", 0 };
    s->offset = pair->name_at;
    if (d->unknown->last)
        d->unknown->last->next = s;
    else
        d->unknown->first = s;
    d->unknown->last = s;
    return BARK_OK;
}

static enum bark_code unknown_take(struct form_decoder *d, const struct bark_form_pair *pair,
                                   struct bark_slice name)
{
    struct bark_slice value;
    enum bark_code code;
    uint16_t i;
    if (!d->unknown || d->unknown->policy == BARK_UNKNOWN_REFUSE) {
        form_refuse(d, BARK_ERR_UNEXPECTED, pair->name_at, "[WSDL11 4.6] the operation has no such parameter",
                    name);
        for (i = 0; i < d->row->count; i++)
            bark_report_expect(d->err, field_name(d, (uint16_t)(d->row->first + i)));
        return BARK_ERR_UNEXPECTED;
    }
    code = text_take(d, pair->value, pair->value_at, d->limits->text_bytes, name, &value);
    if (code != BARK_OK)
        return code;
    d->unknown->count++;
    return d->unknown->policy == BARK_UNKNOWN_COLLECT ? unknown_collect(d, pair, name, value) : BARK_OK;
}

/* One more value of a field: whether it may have it. */
static enum bark_code field_count(struct form_decoder *d, uint16_t field, size_t at)
{
    const struct bark_field_row *f = &d->image->fields[field];
    const bool list = d->image->types[f->type].kind == BARK_KIND_LIST;
    const uint32_t count = ++d->counts[field - d->row->first];
    if (!(bark_field_bits(d->image, f) & BARK_F_REPEATED) && !list && count > 1)
        return form_refuse(d, BARK_ERR_UNEXPECTED, at, "[WSDL11 4.6] this parameter stands only once",
                           field_name(d, field));
    if (count > d->limits->items)
        return form_refuse(d, BARK_ERR_LIMIT, at, "[R4] a parameter repeats more often than limits.items",
                           field_name(d, field));
    if ((bark_field_bits(d->image, f) & BARK_F_OCCURS) && count > bark_field_extra(d->image, f)->occurs_max)
        return form_refuse(d, BARK_ERR_UNEXPECTED, at, "[XSD1 3.8.4] the parameter repeats too often",
                           field_name(d, field));
    return BARK_OK;
}

/* The field of a pair, BARK_NONE when it is passed over. */
static enum bark_code field_find(struct form_decoder *d, const struct bark_form_pair *pair, uint16_t *field,
                                 bool count)
{
    const size_t mark = bark_scratch_mark(d->arena);
    struct bark_slice name = pair->name;
    enum bark_code code = BARK_OK;
    if (!d->source.pattern.ptr)
        code = text_take(d, pair->name, pair->name_at, d->limits->name_bytes, (struct bark_slice){ NULL, 0 },
                         &name);
    if (code == BARK_OK) {
        *field = bark_form_field(d->image, (uint16_t)(d->row - d->image->types), name, d->guess);
        if (*field != BARK_NONE)
            d->guess = *field;
        if (count && *field == BARK_NONE)
            code = unknown_take(d, pair, name);
        else if (count)
            code = field_count(d, *field, pair->name_at);
    }
    bark_scratch_pop(d->arena, mark);
    return code;
}

static enum bark_code pairs_count(struct form_decoder *d)
{
    struct bark_form_source s = d->source;
    struct bark_form_pair pair;
    uint32_t total = 0;
    while (bark_form_next(&s, &pair)) {
        uint16_t field;
        enum bark_code code;
        if (++total > d->limits->elements)
            return form_refuse(d, BARK_ERR_LIMIT, pair.name_at, "[R4] more parameters than limits.elements",
                               (struct bark_slice){ NULL, 0 });
        code = field_find(d, &pair, &field, true);
        if (code != BARK_OK)
            return code;
    }
    return s.broken ? form_refuse(d, BARK_ERR_UNEXPECTED, s.at, "[WSDL11 4.7] the path is not the location's",
                                  (struct bark_slice){ NULL, 0 })
                    : BARK_OK;
}

/* What must be there is; arrays get their room. */
static enum bark_code members_prepare(struct form_decoder *d)
{
    uint16_t i;
    for (i = 0; i < d->row->count; i++) {
        const struct bark_field_row *f = &d->image->fields[d->row->first + i];
        struct bark_array array = { .count = d->counts[i] };
        if (d->counts[i] < bark_decode_occurs(d->image, f).min)
            return form_refuse(d, BARK_ERR_MISSING, d->source.in.len,
                               "[WSDL11 4.6] a parameter of the operation is missing",
                               field_name(d, (uint16_t)(d->row->first + i)));
        if (!(bark_field_bits(d->image, f) & BARK_F_REPEATED) || array.count == 0)
            continue;
        array.items = bark_arena_alloc(d->arena, array.count, d->image->types[f->type].size);
        if (!array.items)
            return no_memory(d, 0);
        memcpy(d->base + f->offset, &array, sizeof array);
    }
    return BARK_OK;
}

/* ---- second pass ---- */

/* A QName in a parameter has no prefix, for nothing declares one; it is in no namespace. The characters were
 * looked at before. */
static enum bark_code value_read(struct form_decoder *d, uint16_t field, struct bark_slice text, size_t at,
                                 void *room)
{
    const struct bark_value_scope scope = {
        .image = d->image, .limits = d->limits, .arena = d->arena, .checked = true
    };
    struct bark_value_error error;
    const enum bark_code code = bark_value_read(&scope, d->image->fields[field].type, text, room, &error);
    return code == BARK_OK ? BARK_OK : value_refuse(d, field, code, &error, text, at);
}

/* The text of a pair. */
static enum bark_code pair_text(struct form_decoder *d, const struct bark_form_pair *pair, uint16_t field,
                                struct bark_slice *text)
{
    if (pair->foreign)
        return form_refuse(d, BARK_ERR_UTF8, pair->value_at,
                           "[RFC7578 5.1.2] the text of a part is UTF-8, and says so or nothing",
                           field_name(d, field));
    return text_take(d, pair->value, pair->value_at, d->limits->text_bytes, field_name(d, field), text);
}

/* A list may come as one text, or item by item: the texts are joined as the list's own form joins them
 * [XSD2 2.5.1.2]. rest goes on behind the first of them. */
static enum bark_code list_join(struct form_decoder *d, struct bark_form_source rest, uint16_t field,
                                struct bark_slice first, struct bark_slice *text)
{
    uint8_t *room = bark_scratch_room(d->arena, d->source.in.len + 1);
    struct bark_form_pair pair;
    if (!room)
        return no_memory(d, rest.at);
    memcpy(room, first.ptr, first.len);
    *text = (struct bark_slice){ room, first.len };
    while (bark_form_next(&rest, &pair)) {
        const size_t mark = bark_scratch_mark(d->arena);
        struct bark_slice more = { NULL, 0 };
        uint16_t found;
        enum bark_code code = field_find(d, &pair, &found, false);
        if (code == BARK_OK && found == field)
            code = pair_text(d, &pair, field, &more);
        if (code == BARK_OK && found == field) { /* name and "=" took more room than the space needs */
            room[text->len] = ' ';
            memcpy(room + text->len + 1, more.ptr, more.len);
            text->len += more.len + 1;
        }
        bark_scratch_pop(d->arena, mark);
        if (code != BARK_OK)
            return code;
    }
    if (text->len > d->limits->text_bytes)
        return form_refuse(d, BARK_ERR_LIMIT, rest.at, "[R4] a parameter is longer than limits allow",
                           field_name(d, field));
    return BARK_OK;
}

/* A part of a binary type is its octets. */
static enum bark_code octets_read(struct form_decoder *d, uint16_t field, const struct bark_form_pair *pair,
                                  void *room)
{
    const struct bark_value_scope scope = { .image = d->image, .limits = d->limits, .arena = d->arena };
    const struct bark_bytes octets = {
        (const uint8_t *)bark_arena_text(d->arena, pair->value.ptr, pair->value.len), pair->value.len
    };
    struct bark_value_error error;
    enum bark_code code;
    if (!octets.ptr)
        return no_memory(d, pair->value_at);
    memcpy(room, &octets, sizeof octets);
    code = bark_xop_judge(&scope, d->image->fields[field].type, room, &error);
    return code == BARK_OK
               ? BARK_OK
               : value_refuse(d, field, code, &error, (struct bark_slice){ NULL, 0 }, pair->value_at);
}

/* done counts, of each field, the values that were read. */
static enum bark_code pair_read(struct form_decoder *d, const struct bark_form_source *rest,
                                const struct bark_form_pair *pair, uint32_t *done)
{
    const struct bark_field_row *f;
    struct bark_slice text = { pair->value.ptr, 0 };
    struct bark_array array;
    uint16_t field, i;
    uint8_t *room;
    bool octets;
    enum bark_code code = field_find(d, pair, &field, false);
    if (code != BARK_OK || field == BARK_NONE)
        return code;
    f = &d->image->fields[field];
    i = (uint16_t)(field - d->row->first);
    if (!(bark_field_bits(d->image, f) & BARK_F_REPEATED) && done[i] > 0)
        return BARK_OK; /* an item of a list, read with the first */
    octets = d->source.parts && bark_form_is_octets(d->image, f->type);
    if (!octets)
        code = pair_text(d, pair, field, &text);
    if (!octets && code == BARK_OK && d->counts[i] > 1 && !(bark_field_bits(d->image, f) & BARK_F_REPEATED))
        code = list_join(d, *rest, field, text, &text);
    if (code != BARK_OK)
        return code;
    room = d->base + f->offset;
    if (bark_field_bits(d->image, f) & BARK_F_REPEATED) {
        memcpy(&array, room, sizeof array);
        room = (uint8_t *)array.items + done[i] * (size_t)d->image->types[f->type].size;
    }
    done[i]++;
    if (bark_field_has(d->image, f) != BARK_NO_HAS)
        d->base[d->row->presence + bark_field_has(d->image, f)] = BARK_PRESENT;
    return octets ? octets_read(d, field, pair, room) : value_read(d, field, text, pair->value_at, room);
}

static enum bark_code pairs_read(struct form_decoder *d, uint32_t *done)
{
    struct bark_form_source s = d->source;
    struct bark_form_pair pair;
    while (bark_form_next(&s, &pair)) {
        const size_t mark = bark_scratch_mark(d->arena);
        const enum bark_code code = pair_read(d, &s, &pair, done);
        bark_scratch_pop(d->arena, mark);
        if (code != BARK_OK)
            return code;
    }
    return BARK_OK;
}

/* ---- the whole ---- */

bool bark_form_is_flat(const struct bark_image *image, uint16_t root)
{
    const struct bark_type_row *row;
    uint16_t i;
    if (bark_root_type(image, root) == BARK_NONE)
        return false;
    row = &image->types[bark_root_type(image, root)];
    for (i = 0; row->kind == BARK_KIND_STRUCT && i < row->count; i++) {
        const struct bark_field_row *f = &image->fields[row->first + i];
        if (bark_field_kind(image, f) != BARK_FIELD_ELEMENT ||
            image->types[f->type].model != BARK_MODEL_NONE ||
            (bark_field_bits(image, f) & (BARK_F_POINTER | BARK_F_NILLABLE | BARK_F_DEFAULT | BARK_F_FIXED)))
            return false;
    }
    return row->kind == BARK_KIND_STRUCT && row->model == BARK_MODEL_SEQUENCE;
}

static enum bark_code form_decode(struct form_decoder *d)
{
    uint32_t *done;
    enum bark_code code = bark_limits_check(d->limits, d->err);
    if (code != BARK_OK)
        return code;
    d->counts = bark_scratch_push(d->arena, 2 * sizeof *d->counts * (d->row->count + 1U));
    d->base = bark_arena_alloc(d->arena, 1, d->row->size);
    if (!d->counts || !d->base)
        return no_memory(d, 0);
    done = d->counts + d->row->count + 1;
    code = pairs_count(d);
    if (code == BARK_OK)
        code = members_prepare(d);
    return code == BARK_OK ? pairs_read(d, done) : code;
}

/* A source from its start, and what may become of parameters that the struct does not have. */
static enum bark_code source_decode(struct form_decoder *d, uint16_t root,
                                    const struct bark_decode_options *options, void **msg)
{
    const struct bark_image *image = d->image;
    const size_t mark = bark_scratch_mark(d->arena);
    enum bark_code code;
    *msg = NULL;
    *d->err = (struct bark_error){ 0 };
    bark_decode_unknown_begin(options);
    d->unknown = options ? options->unknown : NULL;
    if (!bark_form_is_flat(image, root))
        return bark_fail(d->err, BARK_ERR_USE, 0, "bark_decode_form: the root is no flat struct of values");
    d->row = &image->types[bark_root_type(image, root)];
    d->guess = d->row->first;
    d->source.image = image;
    d->source.type = bark_root_type(image, root);
    code = form_decode(d);
    if (code == BARK_OK)
        *msg = d->base;
    else
        bark_decode_unknown_begin(options);
    bark_scratch_pop(d->arena, mark);
    return code;
}

enum bark_code bark_decode_form(const struct bark_image *image, uint16_t root, struct bark_slice pattern,
                                struct bark_slice in, const struct bark_decode_options *options,
                                const struct bark_limits *limits, struct bark_arena *arena, void **msg,
                                struct bark_error *err)
{
    struct bark_error own = { 0 };
    struct form_decoder d = { .image = image, .limits = limits, .arena = arena, .err = err ? err : &own };
    d.source.in = in;
    d.source.pattern = pattern;
    return source_decode(&d, root, options, msg);
}

enum bark_code bark_decode_parts(const struct bark_image *image, uint16_t root,
                                 const struct bark_form_source *source, const struct bark_limits *limits,
                                 struct bark_arena *arena, void **msg, struct bark_error *err)
{
    struct bark_error own = { 0 };
    struct form_decoder d = {
        .source = *source, .image = image, .limits = limits, .arena = arena, .err = err ? err : &own
    };
    return source_decode(&d, root, NULL, msg);
}
