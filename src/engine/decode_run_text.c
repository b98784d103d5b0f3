/* engine/decode_run_text.c - values in the quick way (decode_run.c): texts with references, facets, base64.
 *
 * A text goes to the arena while it is scanned, its references resolved and its line ends made one on the
 * way [XML1 2.11, 3.3.3, 4.6]. So it needs no second room; where the general way takes a copy first and the
 * value then, this takes the value alone.
 */
#ifndef BARK_COMPACT

#include "engine/decode_run.h"

#include "engine/base64.h"
#include "xml/chars.h"

#include <string.h>

enum { REFERENCE_AHEAD = 8 }; /* more than any name of a reference */

/* The reference at `at`: bytes taken and its character, 0 when it is none that may stand here. */
static size_t reference_take(const uint8_t *at, const uint8_t *end, uint32_t *point)
{
    static const struct {
        char text[REFERENCE_AHEAD];
        uint8_t len;
        char point;
    } known[] = { { "&amp;", 5, '&' },
                  { "&lt;", 4, '<' },
                  { "&gt;", 4, '>' },
                  { "&quot;", 6, '"' },
                  { "&apos;", 6, '\'' } };
    size_t i, taken;
    if ((size_t)(end - at) >= REFERENCE_AHEAD && at[1] != '#')
        for (i = 0; i < sizeof known / sizeof *known; i++) {
            const uint64_t wanted = bark_word_little((const uint8_t *)known[i].text);
            if (((bark_word_little(at) ^ wanted) << (64 - 8 * known[i].len)) == 0) {
                *point = (uint8_t)known[i].point;
                return known[i].len;
            }
        }
    taken = bark_xml_reference_take(at, end, point);
    return taken && *point <= 0x10ffff && (*point < 0xd800 || *point > 0xdfff) && bark_xml_is_char(*point)
               ? taken
               : 0;
}

/* What stands at `at` and not for itself, to `to`, where there is room for four bytes: bytes taken, 0 when it
 * may not stand there. *put: bytes written. */
BARK_INLINE size_t special_take(const uint8_t *at, const uint8_t *end, uint8_t stop, uint8_t *to, size_t *put)
{
    const bool content = stop == '<';
    uint32_t point;
    size_t taken;
    *put = 1;
    switch (*at) {
    case '&':
        taken = reference_take(at, end, &point);
        if (taken)
            *put = bark_xml_utf8_put(point, to);
        return taken;
    case '\r': /* of an attribute */
        *to = ' ';
        return end - at > 1 && at[1] == '\n' ? 2 : 1;
    case '\n':
    case '\t':
        *to = ' ';
        return !content; /* else the run went on over it */
    case ']':
        *to = ']';
        return content && end - at > 2 && !(at[1] == ']' && at[2] == '>');
    case '"':
    case '\'':
        *to = *at;
        return !content; /* the other quote */
    default:
        return 0;
    }
}

const uint8_t *bark_run_text_rest(const struct bark_run *run, const uint8_t *at, size_t len, uint8_t stop,
                                  struct bark_text *text)
{
    const struct bark_arena *a = run->r->arena;
    uint8_t *const to = a->base + a->used;
    const uint8_t *const end = run->r->end;
    const enum bark_xml_class plain = stop == '<' ? BARK_XML_TEXT_BYTE : BARK_XML_VALUE_BYTE;
    const size_t most = a->cap - a->used - a->scratch;
    at += len;
    while (len <= run->r->limits->text_bytes) {
        uint8_t bytes[4];
        size_t put, taken;
        if (at == end)
            return NULL;
        if (*at >= 0x80 || bark_xml_byte_is(*at, plain)) {
            const uint8_t *const from = at;
            at = stop == '<' ? bark_scan_text(at, end) : bark_scan_value(at, end);
            if (at == from || (size_t)(at - from) > most - len)
                return NULL;
            memcpy(to + len, from, (size_t)(at - from));
            len += (size_t)(at - from);
            continue;
        }
        if (*at == stop)
            return bark_run_text_keep(run, len, text) ? at : NULL;
        if (*at == '\r' && stop == '<') {
            if (len == most)
                return NULL;
            to[len++] = '\n';
            at += end - at > 1 && at[1] == '\n' ? 2 : 1;
            continue;
        }
        taken = special_take(at, end, stop, bytes, &put);
        if (taken == 0 || put > most - len)
            return NULL;
        if (most - len >= sizeof bytes)
            memcpy(to + len, bytes, sizeof bytes); /* a copy of a known length is one move */
        else
            memcpy(to + len, bytes, put);
        at += taken;
        len += put;
    }
    return NULL;
}

const uint8_t *bark_run_octets(const struct bark_run *run, const uint8_t *at, uint8_t stop,
                               struct bark_bytes *bytes)
{
    struct bark_arena *a = run->r->arena;
    uint8_t *const to = a->base + a->used;
    const size_t left = (size_t)(run->r->end - at), most = (a->cap - a->used - a->scratch) / 3 * 4;
    size_t len = 4 * bark_base64_groups((struct bark_slice){ at, left < most ? left : most }, to), pads = 0;
    const size_t whole = len / 4 * 3;
    uint8_t last[4];
    if (left - len < sizeof last + 1)
        return NULL;
    if (at[len] != stop) { /* one more group, which may be padded */
        size_t i;
        pads = at[len + 3] == '=' ? 1U + (at[len + 2] == '=') : 0;
        for (i = 0; i < sizeof last; i++)
            last[i] = i < sizeof last - pads ? bark_base64_values[at[len + i]] : 0;
        if ((last[0] | last[1] | last[2] | last[3]) == BARK_BASE64_NONE)
            return NULL;
        len += sizeof last;
    }
    if (len == 0 || at[len] != stop || len > run->r->limits->text_bytes ||
        !bark_run_grants(a, bark_run_aligned(len / 4 * 3)))
        return NULL;
    if (len / 4 * 3 > whole && !bark_base64_group(last, pads, to + whole))
        return NULL;
    *bytes = (struct bark_bytes){ to, len / 4 * 3 - pads };
    a->used += bark_run_aligned(len / 4 * 3);
    bark_run_count(a);
    a->used = (size_t)(to - a->base) + bark_run_aligned(bytes->len);
    return at + len;
}

/* A text that needs no change of its white space, and has the form of its kind. */
static const uint8_t *form_take(struct bark_run *run, const struct bark_type_row *type, const uint8_t *at,
                                uint8_t stop, struct bark_text *text)
{
    const uint8_t *to = bark_run_text(run, at, stop, text);
    struct bark_slice s;
    if (!to)
        return NULL;
    s = (struct bark_slice){ (const uint8_t *)text->ptr, text->len };
    return bark_white_done(bark_white_of(run->image, type), s) &&
                   bark_text_form_is((enum bark_kind)type->kind, s)
               ? to
               : NULL;
}

/* A URI with the commonest beginnings and no byte that takes a second look: no white space, '%' or '#'. */
static const uint8_t *uri_take(const struct bark_run *run, const uint8_t *at, uint8_t stop,
                               struct bark_text *text)
{
#ifdef BARK_VECTOR
    const struct bark_arena *a = run->r->arena;
    uint8_t *const to = a->base + a->used;
    const size_t left = (size_t)(run->r->end - at), free = a->cap - a->used - a->scratch;
    const uint64_t begin = bark_word_little(at), http = bark_word_little((const uint8_t *)"http://");
    size_t len = 0;
    if (begin << 8 != http << 8 && begin != bark_word_little((const uint8_t *)"https://"))
        return NULL;
    while (left - len >= BARK_VECTOR && free - len > BARK_VECTOR) {
        const bark_vector v = bark_vector_load(at + len);
        const bark_vector marks = bark_vector_or(bark_vector_is(v, '%'), bark_vector_is(v, '#'));
        const bark_vector others = bark_vector_or(bark_vector_below(v, ' ' + 1), marks);
        const uint64_t ends = bark_vector_mask(bark_vector_or(bark_run_stops(v, stop), others));
        bark_vector_store(to + len, v);
        if (ends) {
            len += bark_vector_first(ends);
            return at[len] == stop && bark_run_text_keep(run, len, text) ? at + len : NULL;
        }
        len += BARK_VECTOR;
    }
#else
    (void)run, (void)at, (void)stop, (void)text;
#endif
    return NULL;
}

/* A value with facets, quickly: its kind's usual form, then the facets. */
static const uint8_t *restricted_take(struct bark_run *run, const struct bark_type_row *type,
                                      const uint8_t *at, uint8_t stop, void *room)
{
    const struct bark_kind_ops *ops = bark_kind_row((enum bark_kind)type->kind);
    const struct bark_value_call call = { &run->d->scope, type, &run->d->error, 0 };
    const struct bark_text *read = room;
    struct bark_slice text = { at, 0 };
    const uint8_t *to = NULL;
    if (type->kind >= BARK_KIND_STRING && type->kind <= BARK_KIND_ANYURI) {
        to = form_take(run, type, at, stop, room);
        text = (struct bark_slice){ (const uint8_t *)read->ptr, read->len };
    } else if (ops->quick && type->kind >= BARK_KIND_BOOLEAN) { /* no white space stands in a quick form */
        to = ops->quick(&call, at, stop, room);
        text.len = to ? (size_t)(to - at) : 0;
    }
    if (!to)
        return NULL;
    return type->flags & BARK_TYPE_PLAIN || bark_facets_read(&call, text, room) == BARK_OK ? to : NULL;
}

const uint8_t *bark_run_value(struct bark_run *run, const struct bark_type_row *type, const uint8_t *at,
                              uint8_t stop, void *room)
{
    const uint8_t *const end = run->r->end, *to;
    struct bark_slice text = { at, 0 };
    if ((size_t)(end - at) >= BARK_QUICK_AHEAD) {
        const struct bark_run_undo undo = bark_run_undo_of(run->r->arena);
        to = type->kind == BARK_KIND_ANYURI && type->flags & BARK_TYPE_PLAIN ? uri_take(run, at, stop, room)
                                                                             : NULL;
        if (to)
            return to;
        to = restricted_take(run, type, at, stop, room);
        if (to)
            return to;
        bark_run_undone(run->r->arena, &undo, room, type->size);
    }
    to = stop == '<' ? bark_scan_text(at, end) : bark_scan_value(at, end);
    text.len = (size_t)(to - at);
    if (to == end || *to != stop || text.len > run->r->limits->text_bytes)
        return NULL;
    return bark_value_read(&run->d->scope, (uint16_t)(type - run->image->types), text, room,
                           &run->d->error) == BARK_OK
               ? to
               : NULL;
}

#endif
