/* soap/attach.c - takes a multipart/related message apart: the envelope, and the parts that it may refer to.
 *
 * Two forms [MTOM 3, SWA 3]: MTOM, whose envelope holds an xop:Include where octets were, and SOAP with
 * attachments, whose envelope is an ordinary one. A reference is a cid: URL of a part of this very message,
 * and each part is taken once (row 22): nothing is opened, fetched, or shared between two members.
 */
#include "soap/attach.h"

#include "base/report.h"
#include "base/slice.h"
#include "soap/attach_write.h"
#include "soap/media.h"
#include "soap/outgoing.h"
#include "soap/parts.h"
#include "soap/receive.h"

#include <string.h>

static struct bark_slice slice_of(struct bark_text t)
{
    return (struct bark_slice){ (const uint8_t *)t.ptr, t.len };
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
    enum bark_code code =
        bark_soap_parts_read(outer.boundary, body, limits, arena, &p->parts, &p->count, err);
    if (code != BARK_OK)
        return code;
    if (!bark_soap_root_find(outer.start, p->parts, p->count, &root))
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

const struct bark_soap_attachments bark_soap_attachments = { .is_multipart = bark_soap_is_related,
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
