/* engine/sink_value.c - a value on its way to a callback: white space, form and facets, piece by piece.
 *
 * Everything happens in the window's own bytes: white space is made what the type wants, digits become
 * octets, and what is left is handed over. What decides about the value as a whole (its length, where each
 * pattern's automaton stands, digits that are no whole octets yet) is a few words.
 *
 * A value that turns out wrong is refused where its text ends, not where it goes wrong: the whole-message
 * mode, which says the same of the same message, looks at the characters of all the text first.
 */
#include "base/utf8.h"
#include "engine/sink.h"
#include "xml/chars.h"

static bool is_octets(const struct bark_type_row *type)
{
    return type->kind == BARK_KIND_BASE64 || type->kind == BARK_KIND_HEX;
}

/* What a sink said, as a code that ends a message. */
static enum bark_code said(enum bark_code code)
{
    return code == BARK_MORE || (unsigned)code >= BARK_CODE_COUNT ? BARK_ERR_USE : code;
}

enum bark_code bark_sink_value_begin(struct bark_sinks *s, const struct bark_image *image, uint16_t type,
                                     const char *path)
{
    struct bark_sink_value *v = &s->value;
    const struct bark_type_row *row = &image->types[type];
    const bool plain = row->flags & BARK_TYPE_PLAIN;
    uint16_t i;
    v->type = row;
    v->white = bark_white_of(image, row);
    v->started = v->space = v->wrong = v->over = false;
    v->length = 0;
    v->length_max = UINT64_MAX;
    v->in_group = v->pads = 0;
    v->pattern_count = v->head_len = 0;
    for (i = 0; !plain && i < row->presence; i++) {
        const struct bark_facet_row *facet = &image->facets[row->extra + i];
        if (facet->kind == BARK_FACET_PATTERN && v->pattern_count < BARK_SINK_PATTERNS)
            v->patterns[v->pattern_count++] = bark_pattern_start(image, &image->patterns[facet->value]);
        if ((facet->kind == BARK_FACET_MAX_LENGTH || facet->kind == BARK_FACET_LENGTH) &&
            (uint64_t)facet->value < v->length_max)
            v->length_max = (uint64_t)facet->value;
    }
    return s->open->begin ? said(s->open->begin(s->open->user, path)) : BARK_OK;
}

static enum bark_code give(const struct bark_sinks *s, struct bark_slice piece)
{
    return piece.len ? said(s->open->take(s->open->user, piece)) : BARK_OK;
}

/* Text whose white space is as the type wants it. */
static enum bark_code treated_take(struct bark_sinks *s, uint8_t *text, size_t len)
{
    struct bark_sink_value *v = &s->value;
    struct bark_sink_octets octets = { .len = len };
    enum bark_code code;
    size_t i;
    for (i = 0; i < v->pattern_count; i++)
        bark_pattern_feed(&v->patterns[i], (struct bark_slice){ text, len });
    if (is_octets(v->type)) {
        bark_sink_octets(v, text, len, &octets);
        v->length += octets.own_len + octets.len;
    } else {
        v->length += bark_utf8_count((struct bark_slice){ text, len });
    }
    v->over = v->over || v->length > v->length_max;
    if (v->over || v->wrong)
        return BARK_OK;
    code = give(s, (struct bark_slice){ octets.own, octets.own_len });
    return code == BARK_OK ? give(s, (struct bark_slice){ text, octets.len }) : code;
}

/* [XSD2 4.3.6] collapse: white space counts as one space, and only between other things. *before: one is
 * owed to what this piece begins with, and has no room in it. */
static size_t collapse(struct bark_sink_value *v, uint8_t *text, size_t len, bool *before)
{
    size_t i, kept = 0;
    *before = false;
    for (i = 0; i < len; i++) {
        if (bark_xml_is_space(text[i])) {
            v->space = v->started;
            continue;
        }
        if (v->space && kept == i)
            *before = true; /* it came with an earlier piece */
        else if (v->space)
            text[kept++] = ' ';
        v->space = false;
        v->started = true;
        text[kept++] = text[i];
    }
    return kept;
}

static size_t replace(uint8_t *text, size_t len)
{
    size_t i;
    for (i = 0; i < len; i++)
        if (bark_xml_is_space(text[i]))
            text[i] = ' ';
    return len;
}

enum bark_code bark_sink_value_text(struct bark_sinks *s, uint8_t *text, size_t len)
{
    struct bark_sink_value *v = &s->value;
    uint8_t space[1] = { ' ' };
    enum bark_code code = BARK_OK;
    bool before = false;
    if (v->head_len < sizeof v->head) {
        const size_t more = len < sizeof v->head - v->head_len ? len : sizeof v->head - v->head_len;
        memcpy(v->head + v->head_len, text, more);
        v->head_len += more;
    }
    if (v->wrong)
        return BARK_OK;
    if (v->white == BARK_WHITE_COLLAPSE)
        len = collapse(v, text, len, &before);
    else if (v->white == BARK_WHITE_REPLACE)
        len = replace(text, len);
    if (before)
        code = treated_take(s, space, sizeof space);
    return code == BARK_OK ? treated_take(s, text, len) : code;
}

/* The facets in the order in which facet.c looks at them: patterns first. */
static enum bark_code facets_check(const struct bark_value_call *call, const struct bark_sink_value *v)
{
    const struct bark_facet_row *rows = call->scope->image->facets + v->type->extra;
    size_t pattern = 0;
    uint16_t i;
    for (i = 0; i < v->type->presence; i++)
        if (rows[i].kind == BARK_FACET_PATTERN && !bark_pattern_accepts(&v->patterns[pattern++]))
            return bark_facet_refuse(call, &rows[i]);
    for (i = 0; i < v->type->presence; i++)
        if (rows[i].kind <= BARK_FACET_MAX_LENGTH && !bark_facet_length_ok(&rows[i], v->length))
            return bark_facet_refuse(call, &rows[i]);
    return BARK_OK;
}

/* Present, and empty: what it was is elsewhere. */
static void member_empty(const struct bark_type_row *type, void *member)
{
    static const char nothing[1] = "";
    if (is_octets(type))
        *(struct bark_bytes *)member = (struct bark_bytes){ (const uint8_t *)nothing, 0 };
    else
        *(struct bark_text *)member = (struct bark_text){ nothing, 0 };
}

enum bark_code bark_sink_value_judge(const struct bark_sinks *s, const struct bark_value_scope *scope,
                                     struct bark_value_error *error)
{
    const struct bark_sink_value *v = &s->value;
    const struct bark_value_call call = { scope, v->type, error, 0 };
    enum bark_code code = BARK_OK;
    bark_value_error_clear(error);
    if (v->wrong || (is_octets(v->type) && v->in_group != 0))
        code = BARK_ERR_TYPE;
    else if (!(v->type->flags & BARK_TYPE_PLAIN))
        code = facets_check(&call, v);
    if (code != BARK_OK && !error->rule)
        error->rule = bark_kind_rule(bark_kind_row((enum bark_kind)v->type->kind));
    return code;
}

enum bark_code bark_sink_value_whole(const struct bark_sinks *s, const void *member)
{
    const struct bark_bytes *octets = member;
    const struct bark_text *text = member;
    if (is_octets(s->value.type))
        return give(s, (struct bark_slice){ octets->ptr, octets->len });
    return give(s, (struct bark_slice){ (const uint8_t *)text->ptr, text->len });
}

enum bark_code bark_sink_value_end(struct bark_sinks *s, void *member)
{
    const struct bark_sink *sink = s->open;
    member_empty(s->value.type, member);
    s->open = NULL;
    return sink->end ? said(sink->end(sink->user)) : BARK_OK;
}
