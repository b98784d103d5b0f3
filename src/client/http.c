/* client/http.c - calls by HTTP bindings: the URL is the port's address, and each call has a target of its
 * own below it.
 */
#include "client/client.h"

#include "base/report.h"
#include "soap/httpbind.h"
#include "soapbark/mime.h"

#include <string.h>
#include <sys/random.h>

enum { TYPE_MAX = 128 }; /* bytes of a Content-Type */

bool bark_client_http_is_way(const struct bark_client *c, uint16_t operation)
{
    return c->by == BARK_CALL_BY_GET || c->by == BARK_CALL_BY_POST ||
           bark_operation_is_http(c->image, operation);
}

uint16_t bark_client_http_row(const struct bark_image *image, uint16_t operation, enum bark_call_by by)
{
    for (uint32_t i = 0; i < image->http_count && by != BARK_CALL_BY_SOAP; i++) {
        const struct bark_http_row *row = &image->https[i];
        const bool post = (row->flags & BARK_HTTP_POST) != 0;
        if (row->operation == operation && (by == BARK_CALL_BY_ANY || post == (by == BARK_CALL_BY_POST)))
            return (uint16_t)i;
    }
    return BARK_NONE;
}

/* The URL's path, without the slash at its end: the location brings one. */
static void address_write(const struct bark_client *c, bool location, struct bark_out *out)
{
    const char *target = c->exchange.target;
    size_t len = strlen(target);
    if (location && len && target[len - 1] == '/')
        len--;
    bark_out_put(out, target, len);
}

/* Of several parts. No value can hold it but by a guess at 16 random bytes. */
static enum bark_code boundary_make(const struct bark_client *c, char text[BARK_MIME_BOUNDARY_TEXT],
                                    struct bark_error *err)
{
    uint8_t seed[16];
    text[0] = '\0';
    if (!(c->image->https[c->http_row].flags & (BARK_HTTP_PARTS | BARK_HTTP_RELATED)))
        return BARK_OK;
    if (getrandom(seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        return bark_fail(err, BARK_ERR_IO, 0, "the system has no random bytes yet");
    bark_mime_boundary_make(seed, text);
    return BARK_OK;
}

/* The request buffer holds: the target, the Content-Type, room for the head, the body. */
enum bark_code bark_client_http_make(struct bark_client *c, uint16_t operation, const void *in,
                                     struct bark_exchange_request *request, struct bark_error *err)
{
    struct bark_out out = bark_client_request_out(c);
    char boundary[BARK_MIME_BOUNDARY_TEXT];
    size_t texts, type, room;
    bool typed;
    enum bark_code code;
    c->http_row = bark_client_http_row(c->image, operation, c->by);
    if (!c->http || c->http_row == BARK_NONE || c->mtom || c->waiting_count)
        return bark_fail(err, BARK_ERR_USE, 0,
                         !c->http ? "a call by an HTTP binding wants bark_client_options.http"
                         : c->http_row == BARK_NONE ? "the operation has no binding of bark_client_options.by"
                                                    : "[WSDL11 4] an HTTP binding carries no attachments");
    if (strchr(c->exchange.target, '?'))
        return bark_fail(err, BARK_ERR_USE, 0, "[WSDL11 4.3] the address of an HTTP port has no query");
    code = boundary_make(c, boundary, err);
    if (code != BARK_OK)
        return code;
    address_write(c, c->image->https[c->http_row].location_len > 0, &out);
    code = c->http->request_target(c->image, c->http_row, in, &c->limits, &c->arena, &out, err);
    if (code == BARK_OK && out.pos > BARK_CLIENT_TARGET_MAX)
        code = bark_fail(err, BARK_ERR_LIMIT, 0, "the parameters are longer than a target may be");
    if (code != BARK_OK)
        return code;
    bark_out_byte(&out, '\0');
    type = out.pos;
    typed = c->http->request_type(c->image, c->http_row, boundary, &out);
    bark_out_byte(&out, '\0');
    texts = out.pos;
    room = bark_exchange_head_room(&c->exchange) + texts + c->authorization_cap + TYPE_MAX;
    if (c->redirects)
        room += 3 * BARK_REDIRECT_MAX; /* as in request.c */
    for (size_t i = 0; i < room && bark_out_ok(&out); i++)
        bark_out_byte(&out, 0);
    code = c->http->request_body(c->image, c->http_row, boundary, in, &c->limits, &c->arena, &out, err);
    if (code == BARK_OK && !bark_out_ok(&out))
        code = bark_fail(err, BARK_ERR_LIMIT, 0, "the request is larger than limits.reply_bytes");
    if (code != BARK_OK)
        return code;
    request->target = (const char *)c->request;
    request->content_type = typed ? (const char *)c->request + type : NULL;
    request->room = c->request + texts;
    request->room_len = room;
    request->body_len = out.pos - texts - room;
    return BARK_OK;
}

enum bark_code bark_client_http_take(struct bark_client *c, const struct bark_exchange_answer *answer,
                                     void **out, struct bark_error *err)
{
    const struct bark_decode_options options = { .unknown = &c->unknown };
    struct bark_slice said = answer->body;
    enum bark_code code;
    if (answer->status >= 200 && answer->status < 300) {
        return c->http->reply_read(c->image, c->http_row, answer->content_type, answer->body, &options,
                                   &c->limits, &c->arena, out, err);
    }
    code = bark_client_status_report(answer, BARK_RULE("[RFC9110 15] the server did not do what was asked"),
                                     err);
    if (err && said.len) { /* what our servers, and others, say in a line of text */
        while (said.len && (said.ptr[said.len - 1] == '\n' || said.ptr[said.len - 1] == '\r'))
            said.len--;
        bark_report_say(err->found, sizeof err->found, ": ");
        bark_report_add(err->found, sizeof err->found, said);
    }
    return code;
}
