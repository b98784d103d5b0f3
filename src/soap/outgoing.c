/* soap/outgoing.c - parts from sources: heads that are made at once, octets that are read when there is room
 * for them.
 *
 *     head of part 1, octets of source 1, head of part 2, ... , last boundary
 *
 * The message's arena is for other messages by the time its last octet leaves, so what is needed is copied
 * out of it first. Every source is closed exactly once: at its end, or when nobody wants more of it.
 */
#include "soap/outgoing.h"

#include <assert.h>
#include <string.h>

static struct bark_slice slice_of(struct bark_text t)
{
    return (struct bark_slice){ (const uint8_t *)t.ptr, t.len };
}

/* Heads and end, to anywhere; NULL counts only. */
static size_t texts_write(const struct bark_soap_parts *p, struct bark_out *out, struct bark_outgoing *o)
{
    size_t i = 0, start;
    for (const struct bark_soap_part *part = p->first; part; part = part->next) {
        if (!part->source)
            continue;
        start = out->pos;
        bark_mime_part_write(out, p->boundary, false, slice_of(part->content_type),
                             slice_of(part->content_id));
        if (o)
            o->parts[i].head = (struct bark_slice){ out->base + start, out->pos - start };
        i++;
    }
    start = out->pos;
    bark_mime_end_write(out, p->boundary);
    if (o)
        o->end = (struct bark_slice){ out->base + start, out->pos - start };
    return i;
}

static bool count_only(struct bark_out *out, size_t need)
{
    size_t *counted = out->user;
    *counted += out->pos;
    out->pos = 0;
    return need <= out->cap;
}

static size_t texts_len(const struct bark_soap_parts *p, size_t *count)
{
    uint8_t room[256];
    size_t counted = 0;
    struct bark_out out;
    bark_out_init(&out, room, sizeof room);
    out.make_room = count_only;
    out.user = &counted;
    *count = texts_write(p, &out, NULL);
    return counted + out.pos;
}

size_t bark_outgoing_bytes(const struct bark_soap_parts *p)
{
    size_t count;
    const size_t texts = texts_len(p, &count);
    return count == 0 ? 0 : sizeof(struct bark_outgoing) + count * sizeof(struct bark_outgoing_part) + texts;
}

struct bark_outgoing *bark_outgoing_init(void *memory, struct bark_soap_parts *p)
{
    struct bark_outgoing *o = memory;
    struct bark_out out;
    size_t i = 0;
    const size_t texts = texts_len(p, &i);
    *o = (struct bark_outgoing){ .parts = (struct bark_outgoing_part *)(o + 1), .count = i, .length = texts };
    bark_out_init(&out, o->parts + o->count, texts);
    (void)texts_write(p, &out, o);
    assert(bark_out_ok(&out));
    i = 0;
    for (struct bark_soap_part *part = p->first; part; part = part->next) {
        if (!part->source)
            continue;
        o->parts[i].source = *part->source;
        o->parts[i].closed = false;
        part->source = NULL;
        if (o->length != BARK_LENGTH_UNKNOWN &&
            __builtin_add_overflow(o->length, o->parts[i].source.length, &o->length))
            o->length = BARK_LENGTH_UNKNOWN;
        if (o->parts[i++].source.length == BARK_LENGTH_UNKNOWN)
            o->length = BARK_LENGTH_UNKNOWN;
    }
    return o;
}

static void source_close(struct bark_outgoing_part *part, enum bark_code verdict)
{
    if (!part->closed && part->source.close)
        part->source.close(part->source.state, verdict);
    part->closed = true;
}

/* The next bytes of a text; false: it is written as a whole. */
static bool text_take(struct bark_outgoing *o, struct bark_slice text, uint8_t *room, size_t cap, size_t *len)
{
    const size_t left = text.len - o->written;
    *len = left < cap ? left : cap;
    if (*len)
        memcpy(room, text.ptr + o->written, *len);
    o->written += *len;
    return *len > 0;
}

/* Octets of the part under way; *len 0: it is over. */
static enum bark_code octets_take(struct bark_outgoing *o, uint8_t *room, size_t cap, size_t *len)
{
    struct bark_outgoing_part *part = &o->parts[o->at];
    const bool known = part->source.length != BARK_LENGTH_UNKNOWN;
    const uint64_t left = known ? part->source.length - o->octets : cap;
    enum bark_code code;
    *len = 0;
    if (known && left == 0)
        return BARK_OK; /* not asked for more than it said */
    code = part->source.read(part->source.state, room, left < cap ? (size_t)left : cap, len);
    if (code != BARK_OK)
        return code;
    if (*len > cap || *len > left || (known && *len == 0))
        return BARK_ERR_USE;
    o->octets += *len;
    return BARK_OK;
}

enum bark_code bark_outgoing_read(struct bark_outgoing *o, uint8_t *room, size_t cap, size_t *len)
{
    assert(cap > 0);
    while (o->at < o->count) {
        struct bark_outgoing_part *part = &o->parts[o->at];
        enum bark_code code;
        if (!o->reading && text_take(o, part->head, room, cap, len))
            return BARK_MORE;
        if (!o->reading) {
            o->reading = true;
            o->octets = 0;
        }
        code = octets_take(o, room, cap, len);
        if (code != BARK_OK) {
            *len = 0;
            bark_outgoing_close(o, code);
            return code;
        }
        if (*len)
            return BARK_MORE;
        source_close(part, BARK_OK);
        o->at++;
        o->written = 0;
        o->reading = false;
    }
    return text_take(o, o->end, room, cap, len) ? BARK_MORE : BARK_OK;
}

void bark_outgoing_close(struct bark_outgoing *o, enum bark_code verdict)
{
    for (size_t i = 0; i < o->count; i++)
        source_close(&o->parts[i], verdict);
}

static void sources_drop(struct bark_soap_parts *p, enum bark_code verdict)
{
    for (struct bark_soap_part *part = p->first; part; part = part->next) {
        const struct bark_source *source = part->source;
        part->source = NULL;
        if (source && source->close)
            source->close(source->state, verdict);
    }
}

const struct bark_soap_sending bark_soap_sending = { bark_outgoing_bytes, bark_outgoing_init,
                                                     bark_outgoing_read, bark_outgoing_close, sources_drop };
