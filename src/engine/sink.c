/* engine/sink.c - a value on its way to a callback: white space, form and facets, piece by piece.
 *
 * Everything happens in the window's own bytes: references are resolved there, white space is made what the
 * type wants, digits become octets, and what is left is handed over. What decides about the value as a whole
 * (its length, where each pattern's automaton stands, digits that are no whole octets yet) is a few words.
 *
 * A value that turns out wrong is refused where its text ends, not where it goes wrong: the whole-message
 * mode, which says the same of the same message, looks at the characters of all the text first.
 */
#include "engine/sink.h"

#include "base/utf8.h"
#include "engine/decode.h"
#include "xml/chars.h"
#include "xml/parts.h"

static const char sink_rule[] = "the sink of this value refused it";

static enum bark_code told(struct bark_decoder *d, enum bark_code code, size_t offset)
{
    if (code == BARK_OK)
        return BARK_OK;
    if (code == BARK_MORE || (unsigned)code >= BARK_CODE_COUNT)
        code = BARK_ERR_USE;
    return bark_xml_fail(d->r, code, offset, sink_rule);
}

static bool is_octets(const struct bark_type_row *type)
{
    return type->kind == BARK_KIND_BASE64 || type->kind == BARK_KIND_HEX;
}

/* ---- begin ---- */

static enum bark_code sink_begin(struct bark_decoder *d, uint16_t type)
{
    struct bark_sinks *s = d->sinks;
    struct bark_sink_value *v = &s->value;
    const struct bark_type_row *row = &d->image->types[type];
    const bool plain = row->flags & BARK_TYPE_PLAIN;
    char path[BARK_ERROR_PATH] = "";
    uint16_t i;
    s->open = bark_sink_find(d);
    if (!s->open)
        return BARK_OK;
    v->type = row;
    v->white = bark_white_of(d->image, row);
    v->started = v->space = v->wrong = v->over = false;
    v->length = 0;
    v->length_max = UINT64_MAX;
    v->in_group = v->pads = 0;
    v->pattern_count = v->head_len = 0;
    for (i = 0; !plain && i < row->presence; i++) {
        const struct bark_facet_row *facet = &d->image->facets[row->extra + i];
        if (facet->kind == BARK_FACET_PATTERN && v->pattern_count < BARK_SINK_PATTERNS)
            v->patterns[v->pattern_count++] = bark_pattern_start(d->image, &d->image->patterns[facet->value]);
        if ((facet->kind == BARK_FACET_MAX_LENGTH || facet->kind == BARK_FACET_LENGTH) &&
            (uint64_t)facet->value < v->length_max)
            v->length_max = (uint64_t)facet->value;
    }
    if (!s->open->begin)
        return BARK_OK;
    bark_xml_path(d->r, path, sizeof path, (struct bark_slice){ NULL, 0 });
    return told(d, s->open->begin(s->open->user, path), bark_xml_offset(d->r));
}

/* ---- pieces ---- */

static enum bark_code give(struct bark_decoder *d, struct bark_slice piece)
{
    const struct bark_sink *sink = d->sinks->open;
    return piece.len ? told(d, sink->take(sink->user, piece), d->r->window->offset) : BARK_OK;
}

/* Text whose white space is as the type wants it. */
static enum bark_code treated_take(struct bark_decoder *d, uint8_t *text, size_t len)
{
    struct bark_sink_value *v = &d->sinks->value;
    struct bark_sink_octets octets = { .len = len };
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
    if (give(d, (struct bark_slice){ octets.own, octets.own_len }) != BARK_OK)
        return d->r->failed;
    return give(d, (struct bark_slice){ text, octets.len });
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

static enum bark_code sink_piece(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    struct bark_sink_value *v = &d->sinks->value;
    size_t len = ev->text_len;
    uint8_t *text, space[1] = { ' ' };
    bool before = false;
    if (len == 0)
        return BARK_OK;
    text = bark_xml_window_flat(d->r, ev);
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
    if (before && treated_take(d, space, sizeof space) != BARK_OK)
        return d->r->failed;
    return treated_take(d, text, len);
}

/* ---- end ---- */

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

static enum bark_code value_done(struct bark_decoder *d, void *member, size_t offset)
{
    struct bark_sinks *s = d->sinks;
    const struct bark_sink *sink = s->open;
    member_empty(s->value.type, member);
    s->open = NULL;
    return sink->end ? told(d, sink->end(sink->user), offset) : BARK_OK;
}

static enum bark_code sink_end(struct bark_decoder *d, size_t offset, void *member)
{
    const struct bark_sink_value *v = &d->sinks->value;
    const struct bark_value_call call = { &d->scope, v->type, &d->error, 0 };
    enum bark_code code = BARK_OK;
    bark_value_error_clear(&d->error);
    if (v->wrong || (is_octets(v->type) && v->in_group != 0))
        code = BARK_ERR_TYPE;
    else if (!(v->type->flags & BARK_TYPE_PLAIN))
        code = facets_check(&call, v);
    if (code == BARK_OK)
        return value_done(d, member, offset);
    if (!d->error.rule)
        d->error.rule = bark_kind_rule(bark_kind_row((enum bark_kind)v->type->kind));
    return bark_value_fail(d, &d->error, code, (struct bark_slice){ v->head, v->head_len }, offset);
}

static enum bark_code sink_whole(struct bark_decoder *d, void *member)
{
    const struct bark_type_row *type = d->sinks->value.type;
    const struct bark_bytes *octets = member;
    const struct bark_text *text = member;
    struct bark_slice value = { octets->ptr, octets->len };
    if (!is_octets(type))
        value = (struct bark_slice){ (const uint8_t *)text->ptr, text->len };
    if (give(d, value) != BARK_OK)
        return d->r->failed;
    return value_done(d, member, bark_xml_offset(d->r));
}

const struct bark_sink_ops bark_sink_ops = { sink_begin, sink_piece, sink_end, sink_whole };
