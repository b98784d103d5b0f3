/* client/request.c - struct to envelope, in a buffer that grows up to limits.reply_bytes. */
#include "client/client.h"

#include "soap/dialect.h"

#include <stdlib.h>
#include <string.h>

enum { MULTIPART_TYPE_MAX = 256 }; /* besides the action: see soap/attach_write.c */

/* make_room of the request: doubles, up to the room for a head and limits.reply_bytes. */
static bool request_grow(struct bark_out *o, size_t need)
{
    struct bark_client *c = o->user;
    size_t cap = c->request_cap, wanted;
    uint8_t *grown;
    if (__builtin_add_overflow(o->pos, need, &wanted) || wanted > c->limits.reply_bytes)
        return false;
    while (cap < wanted)
        cap = cap > SIZE_MAX / 2 ? wanted : cap * 2;
    grown = realloc(c->request, cap);
    if (!grown)
        return false;
    c->request = grown;
    c->request_cap = cap;
    o->base = grown;
    o->cap = cap;
    return true;
}

struct bark_out bark_client_request_out(struct bark_client *c)
{
    return (
        struct bark_out){ .base = c->request, .cap = c->request_cap, .make_room = request_grow, .user = c };
}

/* The version asked for, else what the operation is bound to: 1.2 unless only 1.1 is named. */
static enum bark_soap_version version_choose(const struct bark_client *c, uint16_t operation)
{
    unsigned bound =
        bark_operation_flags(c->image, operation) & (BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12);
    if (c->version)
        return c->version;
    return bound == BARK_OPERATION_SOAP11 ? BARK_SOAP_11 : BARK_SOAP_12;
}

static bool unquotable(struct bark_slice s)
{
    return s.len && (memchr(s.ptr, '"', s.len) || memchr(s.ptr, '\\', s.len));
}

/* [SOAP11 6.1.1] the action is quoted in SOAPAction; [SOAP12-2 7.1.4] it is a parameter of the type. The two
 * texts stand in the request buffer, behind the head's room. A quote or a backslash would end the quoted text
 * or change it, and no URI has one. */
static enum bark_code action_write(struct bark_out *o, const struct bark_joined *action,
                                   enum bark_soap_version version, struct bark_error *err)
{
    if (unquotable(action->head) || unquotable(action->tail))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC9110 5.6.4] the action cannot stand in a quoted string");
    bark_out_text(o, bark_soap_dialect(version)->content_type);
    if (version == BARK_SOAP_12 && action->head.len + action->tail.len > 0) {
        bark_out_text(o, "; action=\"");
        bark_out_put(o, action->head.ptr, action->head.len);
        bark_out_put(o, action->tail.ptr, action->tail.len);
        bark_out_byte(o, '"');
    }
    bark_out_byte(o, '\0');
    bark_out_byte(o, '"');
    bark_out_put(o, action->head.ptr, action->head.len);
    bark_out_put(o, action->tail.ptr, action->tail.len);
    bark_out_byte(o, '"');
    bark_out_byte(o, '\0');
    return BARK_OK;
}

/* The request buffer holds: the two texts of action_write(), room for the head, the envelope. Of a message of
 * several parts the rest, and its Content-Type, follow. */
enum bark_code bark_client_request_make(struct bark_client *c, uint16_t operation, const void *headers,
                                        const void *in, struct bark_exchange_request *request,
                                        struct bark_error *err)
{
    enum bark_soap_version version = version_choose(c, operation);
    struct bark_out out = bark_client_request_out(c);
    const bool multipart = c->mtom || c->waiting_count > 0;
    size_t texts, body, room, end, type = 0;
    const struct bark_joined action = bark_operation_action(c->image, operation);
    enum bark_code code = action_write(&out, &action, version, err);
    if (code != BARK_OK)
        return code;
    texts = out.pos;
    room = bark_exchange_head_room(&c->exchange) + texts + c->authorization_cap;
    if (c->redirects)
        room += 3 * BARK_REDIRECT_MAX; /* an authority twice and a target, in the worst case */
    if (c->coding)
        room += 2 * strlen(c->coding->name);
    if (multipart)
        room += MULTIPART_TYPE_MAX + action.head.len + action.tail.len;
    for (size_t i = 0; i < room && bark_out_ok(&out); i++)
        bark_out_byte(&out, 0);
    body = out.pos;
    if (multipart)
        code = bark_client_parts_write(c, operation, version, headers, in, &out, &type, err);
    else
        code = bark_soap_request_write_headers(c->image, operation, version, headers, in, &c->limits,
                                               &c->arena, &out, err);
    end = multipart ? type : out.pos;
    if (code != BARK_OK)
        return code;
    request->content_type = (const char *)c->request;
    request->action =
        version == BARK_SOAP_11 ? (const char *)c->request + strlen(request->content_type) + 1 : NULL;
    if (multipart)
        request->content_type = (const char *)c->request + type;
    request->room = c->request + texts;
    request->room_len = room;
    request->body_len = end - body;
    if (c->coding && !c->receiver)
        request->accept_coding = c->coding->name;
    bark_client_request_compress(c, request);
    return BARK_OK;
}
