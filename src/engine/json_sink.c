/* engine/json_sink.c - sinks of the JSON decoder: which member has one, its text, and errors in the reader.
 *
 * A sink's path is that of XML: local names of elements. Arrays, groups and "#text" are no steps of it.
 */
#include "engine/json_sink.h"

#include "base/report.h"
#include "base/slice.h"
#include "engine/typed.h"
#include "xml/chars.h"

#include <string.h>

/* ---- which */

/* Takes a text off the path's end, when it stands there. */
static bool text_back(const char *path, size_t *len, struct bark_slice text)
{
    if (*len < text.len ||
        !bark_slice_equal((struct bark_slice){ (const uint8_t *)path + *len - text.len, text.len }, text))
        return false;
    *len -= text.len;
    return true;
}

/* Takes the last step off the path, when it is this one. */
static bool step_back(const char *path, size_t *len, struct bark_joined name)
{
    static const uint8_t slash[] = { '/' };
    return text_back(path, len, name.tail) && text_back(path, len, name.head) &&
           text_back(path, len, (struct bark_slice){ slash, sizeof slash });
}

/* The field whose value an object's frame is at, or NULL. */
static const struct bark_field_row *field_of(const struct bark_json_frame *f)
{
    return f->kind == BARK_JSON_FRAME_OBJECT && f->in_member ? bark_json_field(&f->object, f->member) : NULL;
}

static bool path_is(const struct bark_json_decoder *d, const char *path)
{
    const struct bark_json_frame *f;
    size_t len = strlen(path);
    for (f = d->frame; f; f = f->up) {
        const struct bark_field_row *field = field_of(f);
        if (field && bark_field_kind(d->image, field) == BARK_FIELD_ELEMENT &&
            !step_back(path, &len, (struct bark_joined){ .head = bark_image_name(d->image, field->name) }))
            return false;
    }
    return step_back(path, &len, bark_root_name(d->image, d->root)) && len == 0;
}

/* The type that the innermost frame wants of a string that is an element's value, or its content; BARK_NONE:
 * it wants none. */
static uint16_t type_wanted(const struct bark_json_decoder *d)
{
    const struct bark_json_frame *f = d->frame;
    const struct bark_field_row *field = f ? field_of(f) : NULL;
    if (!f)
        return bark_root_type(d->image, d->root);
    if (!field)
        return f->kind == BARK_JSON_FRAME_ITEMS || (f->kind == BARK_JSON_FRAME_VALUE && f->in_member)
                   ? f->type
                   : BARK_NONE;
    if (bark_field_bits(d->image, field) & BARK_F_REPEATED)
        return BARK_NONE;
    switch (bark_field_kind(d->image, field)) {
    case BARK_FIELD_ELEMENT:
    case BARK_FIELD_TEXT:
        return field->type;
    default:
        return BARK_NONE;
    }
}

/* The sink of the string that comes, or NULL; *type is its own one then. */
static const struct bark_sink *sink_find(const struct bark_json_decoder *d, uint16_t *type)
{
    const struct bark_sinks *s = &d->sinks->sinks;
    size_t i;
    *type = d->look.on ? BARK_NONE : type_wanted(d);
    if (*type != BARK_NONE && bark_type_is_typed(d->image, *type)) {
        const uint16_t declared = bark_typed_declared(d->image, *type);
        *type = declared == BARK_NONE ? BARK_NONE : d->image->fields[declared].type;
    }
    if (*type == BARK_NONE || d->image->types[*type].kind < BARK_KIND_STRING)
        return NULL; /* an object is wanted */
    for (i = 0; i < s->count; i++)
        if (path_is(d, s->sinks[i].path))
            return &s->sinks[i];
    return NULL;
}

/* ---- its text */

static enum bark_code told(struct bark_json_decoder *d, enum bark_code code, size_t offset)
{
    return code == BARK_OK ? BARK_OK : bark_json_refuse(d, code, offset, bark_sink_rule);
}

static enum bark_code value_begin(struct bark_json_decoder *d, uint16_t type, size_t offset)
{
    struct bark_json_sinks *s = d->sinks;
    struct bark_error *const record = d->r.err; /* nothing is in it yet */
    enum bark_code code;
    s->string = offset;
    s->bad = false;
    bark_json_path_report(d, record);
    code = bark_sink_value_begin(&s->sinks, d->image, type, record->path);
    record->path[0] = '\0';
    return told(d, code, offset);
}

static enum bark_code value_text(struct bark_json_decoder *d, uint8_t *text, size_t len)
{
    struct bark_json_sinks *s = d->sinks;
    s->bad = s->bad || bark_xml_chars_span((struct bark_slice){ text, len }) < len;
    return s->bad ? BARK_OK : told(d, bark_sink_value_text(&s->sinks, text, len), s->string);
}

static enum bark_code value_end(struct bark_json_decoder *d, void *member)
{
    const struct bark_value_scope scope = { .image = d->image, .limits = d->r.limits, .arena = d->arena };
    struct bark_json_sinks *s = d->sinks;
    const struct bark_sink_value *v = &s->sinks.value;
    struct bark_value_error error = { 0 };
    enum bark_code code;
    if (s->bad)
        return bark_json_characters_refuse(&d->r, s->string);
    code = bark_sink_value_judge(&s->sinks, &scope, &error);
    if (code == BARK_OK)
        return told(d, bark_sink_value_end(&s->sinks, member), s->string);
    return bark_json_value_refuse(&d->r, s->string, code, &error,
                                  (struct bark_slice){ v->head, v->head_len });
}

/* A string begins, that comes in pieces. */
static enum bark_code pieces_begin(void *user, size_t offset, bool *wanted)
{
    struct bark_json_decoder *d = user;
    uint16_t type;
    d->sinks->sinks.open = sink_find(d, &type);
    *wanted = d->sinks->sinks.open != NULL;
    return *wanted ? value_begin(d, type, offset) : BARK_OK;
}

static enum bark_code pieces_take(void *user, uint8_t *text, size_t len)
{
    return value_text(user, text, len);
}

/* A string is complete, and what it is the value of is known. */
static enum bark_code sink_value(struct bark_json_decoder *d, const struct bark_json_event *ev, uint16_t type,
                                 void *member, bool *taken)
{
    enum bark_code code = BARK_OK;
    *taken = ev->taken;
    if (!ev->taken && !ev->kept) {
        d->sinks->sinks.open = sink_find(d, &type);
        *taken = d->sinks->sinks.open != NULL;
        if (*taken)
            code = value_begin(d, type, ev->offset);
        if (*taken && code == BARK_OK && ev->raw.len > 0) {
            size_t len;
            uint8_t *const text = bark_json_window_flat(&d->r, ev, &len);
            code = value_text(d, text, len);
        }
    }
    return *taken && code == BARK_OK ? value_end(d, member) : code;
}

static const struct bark_json_sink_ops sink_ops = { sink_value };

enum bark_code bark_json_sinks_open(struct bark_json_decoder *d, const struct bark_sink *sinks, size_t count,
                                    struct bark_json_sinks *made)
{
    struct bark_slice bad = { NULL, 0 };
    const char *const rule = bark_sinks_refusal(d->image, d->root, sinks, count, &bad);
    if (rule) {
        const enum bark_code code = bark_json_refuse(d, BARK_ERR_USE, 0, rule);
        bark_report_add(d->r.err->found, sizeof d->r.err->found, bad);
        return code;
    }
    *made = (struct bark_json_sinks){ .sinks = { .sinks = sinks, .count = count },
                                      .taker = { pieces_begin, pieces_take, d } };
    d->sinks = made;
    d->sink_ops = &sink_ops;
    d->r.window->taker = &made->taker;
    return BARK_OK;
}
