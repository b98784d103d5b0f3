/* soap/attach_write.c - writes a message of several parts into one output: envelope first, octets behind it.
 *
 * The boundary is written before what it must not occur in is known. So it is looked for at the end, and
 * where a part does hold it, another one of the same length takes its place. Random bytes make that a matter
 * of 2^-128; correctness does not depend on them.
 */
#include "soap/attach_write.h"
#include "soap/parts.h"

#include <string.h>

enum { TRIES = 16, NUMBER = 12 };

static void part_begin(const struct bark_soap_parts *p, const struct bark_soap_part *part,
                       struct bark_out *out)
{
    bark_mime_part_write(
        out, p->boundary, false,
        (struct bark_slice){ (const uint8_t *)part->content_type.ptr, part->content_type.len },
        (struct bark_slice){ (const uint8_t *)part->content_id.ptr, part->content_id.len });
}

/* The part that a mark stands for. */
static const struct bark_soap_part *marked_find(const struct bark_soap_parts *p, struct bark_bytes octets)
{
    for (const struct bark_soap_part *part = p->first; part && octets.len == 0; part = part->next)
        if (part->source && part->content.ptr == octets.ptr)
            return part;
    return NULL;
}

static bool octets_later(void *user, struct bark_bytes octets, uint64_t *length)
{
    const struct bark_soap_part *part = marked_find(user, octets);
    if (part)
        *length = part->source->length;
    return part != NULL;
}

static struct bark_slice octets_href(void *user, struct bark_bytes octets, struct bark_slice media_type)
{
    struct bark_soap_parts *p = user;
    struct bark_text type = { (const char *)media_type.ptr, media_type.len };
    const struct bark_soap_part *part = marked_find(p, octets);
    char *href;
    if (!part && octets.len < p->octets_min)
        return (struct bark_slice){ NULL, 0 };
    if (!type.len)
        type = bark_text("application/octet-stream");
    if (!part)
        part = bark_soap_parts_add(p, NULL, type, octets);
    href = part ? bark_arena_alloc(p->arena, part->content_id.len + 5, 1) : NULL;
    if (!href)
        return (struct bark_slice){ NULL, 0 };
    memcpy(href, "cid:", 4);
    memcpy(href + 4, part->content_id.ptr, part->content_id.len);
    return (struct bark_slice){ (const uint8_t *)href, part->content_id.len + 4 };
}

static struct bark_slice slice_of(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static const char root_id[] = "root@soapbark";

void bark_soap_parts_begin(struct bark_soap_parts *p, const uint8_t seed[16], struct bark_out *out)
{
    uint8_t room[128];
    struct bark_out type;
    bark_mime_boundary_make(seed, p->boundary);
    p->writer = (struct bark_xop_writer){ octets_href, p, octets_later };
    p->start = out->pos;
    bark_out_init(&type, room, sizeof room);
    bark_out_text(&type, p->xop ? "application/xop+xml; charset=utf-8; type=\"" : p->dialect->media_type);
    bark_out_text(&type, p->xop ? p->dialect->media_type : "; charset=utf-8");
    bark_out_text(&type, p->xop ? "\"" : "");
    bark_mime_part_write(out, p->boundary, true, bark_out_bytes(&type), slice_of(root_id));
}

struct bark_soap_part *bark_soap_parts_add(struct bark_soap_parts *p, const char *name,
                                           struct bark_text content_type, struct bark_bytes content)
{
    const size_t room = NUMBER + sizeof "@soapbark" + (name ? 3 * strlen(name) + 1 : 0);
    struct bark_soap_part *part = p->left ? bark_arena_alloc(p->arena, 1, sizeof *part) : NULL;
    uint8_t *text = part ? bark_arena_alloc(p->arena, room, 1) : NULL;
    struct bark_out id;
    if (!text)
        return NULL;
    bark_out_init(&id, text, room - 1); /* the memory is zero: a NUL follows */
    if (name)
        bark_part_id_write(&id, name);
    bark_out_u64(&id, p->count + 1u);
    bark_out_text(&id, "@soapbark");
    part->content_id = (struct bark_text){ (const char *)text, id.pos };
    part->content_type = content_type;
    part->content = content;
    if (p->last)
        p->last->next = part;
    else
        p->first = part;
    p->last = part;
    p->count++;
    p->left--;
    return part;
}

struct bark_soap_part *bark_soap_parts_send(struct bark_soap_parts *p, struct bark_text content_type,
                                            const struct bark_source *source)
{
    struct bark_source *own = bark_arena_alloc(p->arena, 1, sizeof *own);
    struct bark_soap_part *part =
        own ? bark_soap_parts_add(p, NULL, content_type, (struct bark_bytes){ NULL, 0 }) : NULL;
    if (!part) {
        if (source->close)
            source->close(source->state, BARK_ERR_LIMIT);
        return NULL;
    }
    *own = *source;
    part->source = own;
    part->content.ptr = (const uint8_t *)part->content_id.ptr; /* an address that nothing else has */
    p->sources++;
    return part;
}

/* A message that is wanted in one piece: the octets of all sources, now. */
static bool sources_gather(struct bark_soap_parts *p, struct bark_out *out)
{
    uint8_t room[1024];
    bool ok = true;
    for (struct bark_soap_part *part = p->first; part && ok; part = part->next) {
        const struct bark_source *source = part->source;
        uint64_t octets = 0;
        size_t len = 1;
        enum bark_code code = BARK_OK;
        if (!source)
            continue;
        part_begin(p, part, out);
        while (code == BARK_OK && bark_out_ok(out) && len > 0) {
            code = source->read(source->state, room, sizeof room, &len);
            if (code == BARK_OK && len <= sizeof room)
                bark_out_put(out, room, len);
            octets += len;
        }
        if (code == BARK_OK && source->length != BARK_LENGTH_UNKNOWN && octets != source->length)
            code = BARK_ERR_USE;
        if (code == BARK_OK && !bark_out_ok(out))
            code = BARK_ERR_LIMIT;
        part->source = NULL;
        if (source->close)
            source->close(source->state, code);
        ok = code == BARK_OK;
    }
    return ok;
}

static bool boundary_occurs(const struct bark_soap_parts *p, struct bark_slice envelope)
{
    if (bark_mime_boundary_occurs(envelope, p->boundary))
        return true;
    for (const struct bark_soap_part *part = p->first; part; part = part->next)
        if (bark_mime_boundary_occurs((struct bark_slice){ part->content.ptr, part->content.len },
                                      p->boundary))
            return true;
    return false;
}

/* Another boundary of the same length, as long as some part holds it; false: every try did. */
static bool boundary_settle(struct bark_soap_parts *p, struct bark_out *out)
{
    const size_t first = p->start + 2, len = strlen(p->boundary);
    const struct bark_slice envelope = { out->base + first + len, out->pos - first - len };
    for (unsigned i = 0; i < TRIES; i++) {
        if (!boundary_occurs(p, envelope)) {
            memcpy(out->base + first, p->boundary, len);
            return true;
        }
        p->boundary[4] = "_abcdefghijklmnop"[i + 1];
    }
    return false;
}

static const char *content_type_make(const struct bark_soap_parts *p, const struct bark_joined *action)
{
    const size_t action_len = action ? action->head.len + action->tail.len : 0;
    const size_t room = 256 + action_len;
    uint8_t *text = bark_arena_alloc(p->arena, room, 1);
    struct bark_out o;
    if (!text)
        return NULL;
    bark_out_init(&o, text, room - 1);
    bark_out_text(&o, "multipart/related; type=\"");
    bark_out_text(&o, p->xop ? "application/xop+xml" : p->dialect->media_type);
    bark_out_text(&o, "\"; boundary=\"");
    bark_out_text(&o, p->boundary);
    bark_out_text(&o, "\"; start=\"<");
    bark_out_text(&o, root_id);
    bark_out_text(&o, ">\"; start-info=\"");
    bark_out_text(&o, p->dialect->media_type);
    bark_out_byte(&o, '"');
    if (action_len && p->dialect->version == BARK_SOAP_12) {
        bark_out_text(&o, "; action=\"");
        bark_out_put(&o, action->head.ptr, action->head.len);
        bark_out_put(&o, action->tail.ptr, action->tail.len);
        bark_out_byte(&o, '"');
    }
    return bark_out_ok(&o) ? (const char *)text : NULL;
}

const char *bark_soap_parts_end(struct bark_soap_parts *p, const struct bark_joined *action,
                                struct bark_out *out)
{
    if (!bark_out_ok(out) || !boundary_settle(p, out))
        return NULL;
    for (const struct bark_soap_part *part = p->first; part; part = part->next) {
        if (part->source)
            continue;
        part_begin(p, part, out);
        bark_out_put(out, part->content.ptr, part->content.len);
    }
    if (p->streams && p->sources)
        return bark_out_ok(out) ? content_type_make(p, action) : NULL;
    if (!sources_gather(p, out))
        return NULL;
    bark_mime_end_write(out, p->boundary);
    return content_type_make(p, action);
}
