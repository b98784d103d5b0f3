/* soap/attach.c - takes a multipart/related message apart: the envelope, and the parts that it may refer to.
 *
 * Two forms [MTOM 3, SWA 3]: MTOM, whose envelope holds an xop:Include where octets were, and SOAP with
 * attachments, whose envelope is an ordinary one. A reference is a cid: URL of a part of this very message,
 * and each part is taken once (row 22): nothing is opened, fetched, or shared between two members.
 */
#include "soap/attach.h"

#include "base/digits.h"
#include "base/report.h"
#include "base/slice.h"
#include "soap/attach_write.h"
#include "soap/media.h"
#include "soap/outgoing.h"
#include "soap/parts.h"
#include "soap/receive.h"

#include <string.h>

static bool is_multipart(struct bark_slice content_type)
{
    struct bark_mime_type type;
    return bark_mime_type_read(content_type, &type) && bark_mime_is(type.media_type, "multipart/related");
}

/* The bytes of a text that lives in the arena. */
static bool text_keep(struct bark_arena *arena, struct bark_slice s, struct bark_text *text)
{
    *text = (struct bark_text){ NULL, 0 };
    if (!s.ptr)
        return true;
    text->ptr = bark_arena_text(arena, s.ptr, s.len);
    text->len = s.len;
    return text->ptr != NULL;
}

static struct bark_slice slice_of(struct bark_text t)
{
    return (struct bark_slice){ (const uint8_t *)t.ptr, t.len };
}

/* [RFC2392 2] Two parts of one identifier: a reference to it could mean either. */
static bool id_is_new(const struct bark_attachment *parts, size_t count, struct bark_slice id)
{
    for (size_t i = 0; i < count && id.ptr; i++)
        if (parts[i].content_id.ptr && bark_slice_equal(slice_of(parts[i].content_id), id))
            return false;
    return true;
}

static enum bark_code part_begin(const struct bark_mime_reader *r, struct bark_slice body,
                                 struct bark_attachment *parts, struct bark_arena *arena,
                                 struct bark_error *err)
{
    struct bark_attachment *part = &parts[r->index];
    if (!id_is_new(parts, r->index, r->part.content_id))
        return bark_fail(err, BARK_ERR_SOAP, (size_t)r->offset,
                         "[SECURITY row 23] two parts of the message have the same Content-ID");
    if (!text_keep(arena, r->part.content_id, &part->content_id) ||
        !text_keep(arena, r->part.content_type, &part->content_type) ||
        !text_keep(arena, r->part.content_location, &part->content_location))
        return bark_fail(err, BARK_ERR_MEMORY, (size_t)r->offset, "[R3] the heads of the parts do not fit");
    part->content.ptr = body.ptr + r->offset;
    return BARK_OK;
}

/* All parts, in order, with their content where it lies in the body. */
static enum bark_code parts_read(struct bark_slice boundary, struct bark_slice body,
                                 const struct bark_limits *limits, struct bark_arena *arena,
                                 struct bark_attachment **parts, size_t *count, struct bark_error *err)
{
    struct bark_mime_reader *r = bark_arena_alloc(arena, 1, sizeof *r);
    uint8_t *head = bark_arena_alloc(arena, limits->mime_head_bytes, 1);
    struct bark_slice in = body, span;
    enum bark_code code = BARK_OK;
    *parts = bark_arena_alloc(arena, limits->mime_parts, sizeof **parts);
    if (!r || !head || !*parts)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "[R3] the heads of the parts do not fit");
    if (!bark_mime_reader_init(r, boundary, limits, head, limits->mime_head_bytes))
        return bark_fail(err, BARK_ERR_SOAP, 0,
                         "[RFC2046 5.1.1] multipart/related names a boundary of 1 to 70 characters");
    while (code == BARK_OK) {
        switch (bark_mime_read(r, &in, &span, err)) {
        case BARK_MIME_MORE:
            *count = r->parts;
            return bark_mime_read_end(r, err);
        case BARK_MIME_PART:
            code = part_begin(r, body, *parts, arena, err);
            break;
        case BARK_MIME_BODY:
            break;
        case BARK_MIME_PART_END:
            (*parts)[r->index].content.len = (size_t)r->part_bytes;
            break;
        case BARK_MIME_REFUSED:
            return err->code;
        }
    }
    return code;
}

/* [RFC2387 3.2] start names the root; without it the first part is. Angle brackets belong to the value. */
static bool root_find(struct bark_slice start, const struct bark_attachment *parts, size_t count,
                      size_t *root)
{
    *root = 0;
    if (!start.ptr)
        return true;
    if (start.len >= 2 && start.ptr[0] == '<' && start.ptr[start.len - 1] == '>')
        start = (struct bark_slice){ start.ptr + 1, start.len - 2 };
    while (*root < count &&
           !(parts[*root].content_id.ptr && bark_slice_equal(slice_of(parts[*root].content_id), start)))
        ++*root;
    return *root < count;
}

/* What the root part is: an ordinary envelope, or one with holes, whose own type then stands in `type`. */
const char *bark_soap_package_root(struct bark_soap_package *p, const struct bark_mime_type *outer,
                                   struct bark_slice content_type)
{
    struct bark_mime_type own;
    struct bark_mime_type inner = { 0 };
    if (!bark_mime_type_read(content_type, &own) || (own.charset.ptr && !bark_mime_is(own.charset, "utf-8")))
        return "[MTOM 3.2] the root part has a Content-Type, in charset utf-8";
    if (!outer->type.ptr || !bark_slice_alike(outer->type, own.media_type))
        return "[RFC2387 3.1] type of multipart/related is the media type of the root part";
    p->xop = bark_mime_is(own.media_type, "application/xop+xml");
    if (p->xop && !bark_mime_type_read(own.type, &inner))
        return "[XOP 4.1] the root part says in `type` what it would be without XOP";
    p->dialect = bark_soap_dialect_of_media(p->xop ? inner.media_type : own.media_type);
    if (!p->dialect)
        return "[MTOM 3.2] the root part is text/xml (SOAP 1.1) or application/soap+xml (SOAP 1.2)";
    p->action = outer->action.ptr ? outer->action : own.action;
    if (outer->action.ptr && own.action.ptr && !bark_slice_equal(outer->action, own.action))
        return "[SECURITY row 12] the message and its root part name different actions";
    if (inner.action.ptr && p->action.ptr && !bark_slice_equal(inner.action, p->action))
        return "[SECURITY row 12] the message and its root part name different actions";
    if (!p->action.ptr)
        p->action = inner.action;
    return NULL;
}

bool bark_percent_take(struct bark_slice *text, uint8_t *byte)
{
    size_t len = 1;
    *byte = text->ptr[0];
    if (*byte == '%') {
        const int high = text->len > 2 ? bark_hex_value(text->ptr[1]) : -1;
        const int low = text->len > 2 ? bark_hex_value(text->ptr[2]) : -1;
        if (high < 0 || low < 0)
            return false;
        *byte = (uint8_t)(high << 4 | low);
        len = 3;
    }
    *text = (struct bark_slice){ text->ptr + len, text->len - len };
    return true;
}

/* [RFC2392 2] The identifier is percent-encoded in a cid: URL. */
bool bark_soap_cid_equal(struct bark_slice url, struct bark_slice id)
{
    size_t n = 0;
    uint8_t c;
    while (url.len && n < id.len)
        if (!bark_percent_take(&url, &c) || c != id.ptr[n++])
            return false;
    return url.len == 0 && n == id.len;
}

bool bark_soap_cid_take(struct bark_slice *href, const char **rule)
{
    if (href->len < 4 || !bark_mime_is((struct bark_slice){ href->ptr, 4 }, "cid:")) {
        *rule = "[SECURITY row 22] xop:Include refers to a part of the message by cid:, and to nothing else";
        return false;
    }
    *href = (struct bark_slice){ href->ptr + 4, href->len - 4 };
    return true;
}

/* An xop:Include asks for its octets (row 22). */
static enum bark_code octets_find(void *user, struct bark_slice href, struct bark_bytes *octets,
                                  const char **rule)
{
    struct bark_soap_package *p = user;
    *octets = (struct bark_bytes){ NULL, 0 };
    if (!bark_soap_cid_take(&href, rule))
        return BARK_ERR_SOAP;
    for (size_t i = 0; i < p->count; i++) {
        struct bark_attachment *part = &p->parts[i];
        if (!part->content_id.ptr || !bark_soap_cid_equal(href, slice_of(part->content_id)))
            continue;
        if (part->included) {
            *rule = "[SECURITY row 22] a part of the message is referred to twice";
            return BARK_ERR_SOAP;
        }
        part->included = true;
        *octets = part->content;
        return BARK_OK;
    }
    *rule =
        "[SECURITY row 22] xop:Include refers to a part that the message does not have beside its envelope";
    return BARK_ERR_SOAP;
}

static enum bark_code package_open(struct bark_soap_package *p, struct bark_slice content_type,
                                   struct bark_slice body, const struct bark_limits *limits,
                                   struct bark_arena *arena, struct bark_error *err)
{
    struct bark_mime_type outer;
    size_t root;
    const char *rule = NULL;
    *p = (struct bark_soap_package){ .xop = false };
    if (!bark_mime_type_read(content_type, &outer) || !bark_mime_is(outer.media_type, "multipart/related"))
        return bark_fail(err, BARK_ERR_SOAP, 0, "[RFC2387 3] the Content-Type is not multipart/related");
    enum bark_code code = parts_read(outer.boundary, body, limits, arena, &p->parts, &p->count, err);
    if (code != BARK_OK)
        return code;
    if (!root_find(outer.start, p->parts, p->count, &root))
        return bark_fail(err, BARK_ERR_SOAP, 0,
                         "[RFC2387 3.2] start names a part that the message does not have");
    rule = bark_soap_package_root(p, &outer, slice_of(p->parts[root].content_type));
    if (rule)
        return bark_fail(err, BARK_ERR_SOAP, 0, rule);
    p->envelope = (struct bark_slice){ p->parts[root].content.ptr, p->parts[root].content.len };
    p->count--;
    memmove(p->parts + root, p->parts + root + 1, (p->count - root) * sizeof *p->parts);
    p->reader = (struct bark_xop_reader){ .octets = octets_find, .user = p };
    return BARK_OK;
}

const struct bark_soap_attachments bark_soap_attachments = { .is_multipart = is_multipart,
                                                             .open = package_open,
                                                             .begin = bark_soap_parts_begin,
                                                             .add = bark_soap_parts_add,
                                                             .send = bark_soap_parts_send,
                                                             .end = bark_soap_parts_end,
                                                             .judge = bark_soap_parts_judge,
                                                             .complete = bark_soap_parts_complete,
                                                             .type = bark_part_type,
                                                             .sending = &bark_soap_sending,
                                                             .receiving = &bark_soap_receiving };
