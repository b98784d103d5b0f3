/* soap/httpbind_serve.c - one request for an operation without an envelope: parameters in, an XML document or
 * one value out.
 *
 * The order is that of SOAP requests: who may call is asked before a parameter is decoded, everything is
 * decoded before the handler runs, and a refusal replaces whatever of an answer was written. There is no
 * fault here to carry it, so it is a status and one line of plain text: the rule, the parameter, the place.
 */
#include "soap/httpbind.h"
#include "soap/httpbind_parts.h"
#include "soap/httpbind_related.h"
#include "soap/media.h"
#include "soap/package.h"

#include "base/report.h"
#include "engine/form.h"
#include "soapbark/mime.h"

#include <string.h>

struct http_serving {
    const struct bark_service *service;
    const struct bark_limits *limits;
    const struct bark_http_call *asked;
    const struct bark_http_row *row;
    struct bark_arena *arena;
    struct bark_out *out;
    struct bark_soap_reply *reply;
    size_t out_start;
    struct bark_call call;
    void *in;
};

enum { REASON_BYTES = 3 * BARK_ERROR_TEXT + 256, TYPE_BYTES = 1024, BOUNDARY_TRIES = 16 };

static const char plain_text[] = "text/plain; charset=utf-8";

/* The answer is this line. */
static enum bark_code line_answer(struct http_serving *s, unsigned status, const char *line)
{
    s->out->pos = s->out_start;
    s->out->failed = false;
    s->reply->http_status = status;
    s->reply->content_type = plain_text;
    bark_out_text(s->out, line);
    bark_out_byte(s->out, '\n');
    if (!bark_out_ok(s->out)) {
        s->out->pos = s->out_start;
        s->out->failed = false;
    }
    return BARK_ERR_FAULT;
}

/* The message is to blame, and its sender is told why. */
static enum bark_code message_refuse(struct http_serving *s, enum bark_code code, unsigned status)
{
    struct bark_error *err = &s->reply->error;
    char *told = NULL;
    (void)bark_fail(err, code, 0, bark_code_text(code));
    if (code == BARK_ERR_MEMORY)
        return line_answer(s, 413, "the message needs more memory than one message may have");
    if (code == BARK_ERR_IMAGE || code == BARK_ERR_USE)
        return line_answer(s, 500, "the service could not process the message");
    told = bark_arena_alloc(s->arena, REASON_BYTES, 1);
    if (!told)
        return line_answer(s, status, bark_code_text(code));
    const size_t len = bark_error_text(err, told, REASON_BYTES - 32);
    if (len < REASON_BYTES - 32 && !err->line) {
        struct bark_out more;
        bark_out_init(&more, (uint8_t *)told + len, 31);
        bark_out_text(&more, " (at byte ");
        bark_out_u64(&more, err->offset);
        bark_out_byte(&more, ')');
        told[len + more.pos] = '\0';
    }
    return line_answer(s, status, told);
}

/* Our side failed: the log gets the record, the peer a sentence. */
static enum bark_code service_fail(struct http_serving *s, enum bark_code code, const char *reason)
{
    if (s->reply->error.code == BARK_OK && s->call.error.code)
        s->reply->error = s->call.error;
    (void)bark_fail(&s->reply->error, code, 0, reason);
    return line_answer(s, 500, reason);
}

static enum bark_code permission_check(struct http_serving *s)
{
    const struct bark_soap_request *request = s->asked->request;
    const uint16_t first = s->service->image->services[s->service->service_row].first;
    enum bark_soap_permission permission = BARK_SOAP_ALLOWED;
    if (request->permit)
        permission = request->permit(request, s->service, (uint16_t)(s->row->operation - first));
    if (permission == BARK_SOAP_ALLOWED)
        return BARK_OK;
    (void)bark_fail(&s->reply->error, BARK_ERR_USE, 0,
                    permission == BARK_SOAP_UNKNOWN ? "the operation wants to know who calls"
                                                    : "the caller's level does not allow the operation");
    return line_answer(s, permission == BARK_SOAP_UNKNOWN ? 401 : 403,
                       "the sender is not authorized to call this operation");
}

/* ---- the request ---- */

static bool content_takes(const struct bark_image *image, const struct bark_http_row *row,
                          struct bark_slice content_type)
{
    if (row->flags & BARK_HTTP_XML)
        return bark_soap_media_is_xml(content_type);
    if (row->flags & BARK_HTTP_PARTS)
        return bark_http_is_parts(content_type);
    if (row->flags & BARK_HTTP_RELATED)
        return bark_soap_is_related(content_type);
    if (!content_type.len) /* what has no parameters has no form */
        return image->operations[row->operation].input == BARK_NONE || (row->flags & BARK_HTTP_REPLACED);
    return bark_soap_media_is(content_type, "application/x-www-form-urlencoded");
}

static bool http_takes(const struct bark_service *service, uint16_t row, struct bark_slice content_type)
{
    const struct bark_http_row *http = &service->image->https[row];
    return !(http->flags & BARK_HTTP_POST) || content_takes(service->image, http, content_type);
}

/* Parameters where none may stand: a query of a POST, the body of a GET, a form for values in the path. */
static enum bark_code rest_check(struct http_serving *s, struct bark_slice rest)
{
    if (rest.len == 0)
        return BARK_OK;
    return message_refuse(s,
                          bark_fail(&s->reply->error, BARK_ERR_UNEXPECTED, 0,
                                    "[WSDL11 4.6] the operation has no parameters in this place"),
                          400);
}

static struct bark_related related_of(const struct http_serving *s, bool answer)
{
    return (struct bark_related){ .image = s->service->image,
                                  .row = s->asked->row,
                                  .answer = answer,
                                  .limits = s->limits,
                                  .arena = s->arena,
                                  .err = &s->reply->error };
}

static enum bark_code related_read(struct http_serving *s, struct bark_slice in)
{
    const struct bark_related r = related_of(s, false);
    return bark_http_related_read(&r, s->asked->request->content_type, in, NULL, &s->in);
}

static enum bark_code parameters_read(struct http_serving *s)
{
    const struct bark_image *image = s->service->image;
    const uint16_t input = image->operations[s->row->operation].input;
    const bool post = (s->row->flags & BARK_HTTP_POST) != 0;
    const bool replaced = bark_http_replaces(image, s->asked->row);
    const struct bark_slice body = s->asked->request->body, query = s->asked->query;
    struct bark_slice pattern = { NULL, 0 }, in = post ? body : query;
    enum bark_code code = BARK_OK;
    if (replaced) {
        pattern = bark_http_location(image, s->asked->row);
        if (!bark_http_tail(s->service->path, s->asked->path, &in))
            return message_refuse(s, BARK_ERR_USE, 500);
    }
    if (replaced || post)
        code = rest_check(s, query);
    if (code == BARK_OK && (replaced || !post))
        code = rest_check(s, body);
    if (code == BARK_OK && input == BARK_NONE)
        code = rest_check(s, in);
    if (code != BARK_OK || input == BARK_NONE)
        return code;
    if (s->row->flags & BARK_HTTP_XML)
        code = bark_decode(image, input, in, s->limits, s->arena, &s->in, NULL, &s->reply->error);
    else if (s->row->flags & BARK_HTTP_PARTS)
        code = bark_http_parts_read(image, input, s->asked->request->content_type, in, s->limits, s->arena,
                                    &s->in, &s->reply->error);
    else if (s->row->flags & BARK_HTTP_RELATED)
        code = related_read(s, in);
    else
        code =
            bark_decode_form(image, input, pattern, in, NULL, s->limits, s->arena, &s->in, &s->reply->error);
    return code == BARK_OK ? BARK_OK : message_refuse(s, code, 400);
}

/* ---- the answer ---- */

static enum bark_code handler_run(struct http_serving *s, void **out)
{
    const struct bark_image *image = s->service->image;
    const uint16_t operation = s->row->operation, output = bark_operation_output(image, operation);
    const uint16_t first = image->services[s->service->service_row].first;
    *out = NULL;
    if (output != BARK_NONE) {
        *out = bark_arena_alloc(s->arena, 1, image->types[bark_root_type(image, output)].size);
        if (!*out)
            return message_refuse(s, BARK_ERR_MEMORY, 413);
    }
    s->call.fault = (struct bark_fault){ .detail_root = BARK_NONE };
    enum bark_code code =
        s->service->dispatch(s->service->handlers, (uint16_t)(operation - first), s->in, *out, &s->call);
    if (code == BARK_OK && s->call.error.code)
        code = s->call.error.code;
    if (code == BARK_ERR_MEMORY)
        return service_fail(s, code, "the answer needs more memory than one message may have");
    if (code == BARK_ERR_FAULT && s->call.fault.reason.ptr) {
        s->reply->is_fault = true;
        s->reply->fault = s->call.fault.code;
        return line_answer(s, s->call.fault.code == BARK_FAULT_SENDER ? 400 : 500, s->call.fault.reason.ptr);
    }
    return code ? service_fail(s, code, "the operation failed") : BARK_OK;
}

/* The type of a bare answer: texts are UTF-8, and say so. */
static const char *media_make(struct http_serving *s)
{
    static const char charset[] = "; charset=utf-8";
    const struct bark_slice media = { s->service->image->pool + s->row->media, s->row->media_len };
    const bool is_text =
        media.len > 5 && memcmp(media.ptr, "text/", 5) == 0 && !memchr(media.ptr, ';', media.len);
    char *text = bark_arena_alloc(s->arena, media.len + sizeof charset, 1);
    if (!text)
        return NULL;
    memcpy(text, media.ptr, media.len);
    if (is_text)
        memcpy(text + media.len, charset, sizeof charset);
    return text;
}

/* The boundary is tried until no part holds it; random bytes make that once. */
static enum bark_code related_write(struct http_serving *s, const void *msg)
{
    const struct bark_related r = related_of(s, true);
    const size_t start = s->out->pos;
    char boundary[BARK_MIME_BOUNDARY_TEXT];
    uint8_t *type = bark_arena_alloc(s->arena, TYPE_BYTES, 1);
    struct bark_out o;
    bool clash = true;
    enum bark_code code = type ? BARK_OK : BARK_ERR_MEMORY;
    bark_mime_boundary_make(s->asked->request->random, boundary);
    for (unsigned i = 0; i < BOUNDARY_TRIES && clash && code == BARK_OK; i++) {
        s->out->pos = start;
        boundary[4] = "_abcdefghijklmnop"[i];
        code = bark_http_related_write(&r, msg, boundary, s->out, &clash);
    }
    if (code != BARK_OK)
        return code;
    if (clash)
        return BARK_ERR_LIMIT;
    bark_out_init(&o, type, TYPE_BYTES - 1); /* the memory is zero: a NUL follows */
    bark_http_related_type(s->service->image, s->asked->row, true, boundary, &o);
    s->reply->content_type = (const char *)type;
    return bark_out_ok(&o) ? BARK_OK : BARK_ERR_LIMIT;
}

static enum bark_code answer_write(struct http_serving *s, const void *msg)
{
    const uint16_t output = bark_operation_output(s->service->image, s->row->operation);
    struct bark_error *err = &s->reply->error;
    enum bark_code code = BARK_OK;
    s->reply->content_type = NULL;
    s->reply->http_status =
        bark_operation_flags(s->service->image, s->row->operation) & BARK_OPERATION_ONE_WAY ? 202 : 200;
    if (output == BARK_NONE)
        return BARK_OK;
    if (s->row->flags & BARK_HTTP_CONTENT) {
        s->reply->content_type = media_make(s);
        code = s->reply->content_type
                   ? bark_encode_bare(s->service->image, output, msg, s->limits, s->arena, s->out, err)
                   : BARK_ERR_MEMORY;
    } else if (s->row->flags & BARK_HTTP_ANSWER_RELATED) {
        code = related_write(s, msg);
    } else {
        s->reply->content_type = "text/xml; charset=utf-8";
        bark_out_text(s->out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        code = bark_encode(s->service->image, output, msg, s->limits, s->arena, s->out, err);
    }
    if (code && code != BARK_ERR_LIMIT)
        return service_fail(s, code, "the answer could not be written");
    if (code || !bark_out_ok(s->out))
        return service_fail(s, BARK_ERR_LIMIT, "the answer is larger than limits.reply_bytes");
    return BARK_OK;
}

static void http_serve(const struct bark_service *service, const struct bark_limits *limits,
                       const struct bark_http_call *call, struct bark_arena *arena, struct bark_out *out,
                       struct bark_soap_reply *reply)
{
    const struct bark_soap_request *request = call->request;
    struct http_serving s = { .service = service,
                              .limits = limits,
                              .asked = call,
                              .row = &service->image->https[call->row],
                              .arena = arena,
                              .out = out,
                              .reply = reply,
                              .out_start = out->pos,
                              .call = { .service = service,
                                        .arena = arena,
                                        .limits = limits,
                                        .user = service->user,
                                        .host = request->host,
                                        .peer = request->peer,
                                        .request_id = request->request_id,
                                        .secure = request->secure,
                                        .who = request->who,
                                        .now_ns = request->now_ns } };
    void *msg;
    *reply = (struct bark_soap_reply){ .operation = s.row->operation };
    s.call.operation = s.row->operation;
    enum bark_code code = permission_check(&s);
    if (!code && !http_takes(service, call->row, request->content_type))
        code = message_refuse(&s,
                              bark_fail(&reply->error, BARK_ERR_HTTP, 0,
                                        "[WSDL11 5.3] the operation takes another Content-Type"),
                              415);
    if (!code)
        code = parameters_read(&s);
    if (!code)
        code = handler_run(&s, &msg);
    if (!code)
        (void)answer_write(&s, msg);
}

const struct bark_http_binding bark_http_binding = { bark_http_row_find,
                                                     http_takes,
                                                     http_serve,
                                                     bark_http_request_type,
                                                     bark_http_request_target,
                                                     bark_http_request_body,
                                                     bark_http_reply_read,
                                                     bark_http_show_target,
                                                     bark_http_show_body,
                                                     bark_http_show_answer };
