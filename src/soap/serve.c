/* soap/serve.c - one request through the whole house: media type, envelope, headers, dispatch, handler,
 * answer.
 *
 * Each step either goes on or decides the fault. Everything of the message lives in the arena, this file's
 * own state included; when not even that fits, a constant fault is the answer. What the peer is told about
 * its own message is all we know (rule, place, expectation); what it is told about our troubles is one
 * sentence, and the rest goes to the log through reply->error.
 */
#include "soap/serve.h"

#include "soap/dispatch.h"
#include "soap/fault.h"
#include "soap/media.h"
#include "soap/outgoing.h"
#include "soap/receive.h"

#include "base/scratch.h"

#include <string.h>

enum serving_stage { STAGE_ENVELOPE, STAGE_CHILD, STAGE_REST };

struct bark_soap_serving {
    const struct bark_service *service;
    const struct bark_limits *limits;
    const struct bark_soap_request *request;
    struct bark_arena *arena;
    struct bark_out *out;
    struct bark_soap_reply *reply;
    const struct bark_soap_dialect *dialect; /* to answer in */
    struct bark_slice action;
    struct bark_slice body; /* the envelope */
    size_t out_start;
    unsigned refused_status; /* of HTTP, when it is another than the fault's code says; else 0 */
    struct bark_soap_envelope envelope;
    struct bark_call call;
    void *in; /* input struct; NULL for an empty body */
    void *msg; /* output struct */
    enum bark_code code; /* of the first step that failed */
    struct bark_soap_package package; /* of a multipart request */
    struct bark_soap_parts parts; /* of its answer */
    bool prepared; /* the package is the caller's, and its parts are yet to come */
    enum serving_stage stage;
    struct bark_soap_windowed *window; /* NULL: the message is in memory */
};

enum { REASON_BYTES = 3 * BARK_ERROR_TEXT + 256, MTOM_BYTES = 768 };

/* The envelope's own version wins over the announced one, once it is known. */
static void dialect_settle(struct bark_soap_serving *s)
{
    if (s->envelope.dialect)
        s->dialect = s->envelope.dialect;
    s->reply->version = s->dialect->version;
    s->reply->content_type = s->dialect->content_type;
}

static enum bark_code fault_set(struct bark_soap_serving *s, enum bark_fault_code code, const char *reason)
{
    s->call.fault =
        (struct bark_fault){ .code = code, .reason = bark_text(reason), .detail_root = BARK_NONE };
    return BARK_ERR_FAULT;
}

/* The service's own word for a refusal of the engine. Version and header faults have a code that says it all.
 */
static enum bark_code subcode_set(struct bark_soap_serving *s, enum bark_code why)
{
    enum bark_fault_code code = s->call.fault.code;
    if (s->service->subcodes && (code == BARK_FAULT_SENDER || code == BARK_FAULT_RECEIVER))
        s->call.fault.subcodes[0] = s->service->subcodes[why];
    return BARK_ERR_FAULT;
}

/* The message is to blame, and its sender is told why: rule, place, expected, found. */
static enum bark_code message_refuse(struct bark_soap_serving *s, enum bark_code code)
{
    enum bark_fault_code fault = bark_soap_envelope_fault(&s->envelope, code);
    const char *reason;
    char *told = NULL;
    if (s->window && s->window->w.cut && s->envelope.xml.failed != BARK_OK) {
        code = bark_xml_window_judge(&s->envelope.xml); /* is it the window that is too small? */
        fault = bark_soap_envelope_fault(&s->envelope, code);
    }
    reason = bark_code_text(code);
    (void)bark_fail(&s->reply->error, code, 0, reason);
    if (code == BARK_ERR_MEMORY)
        reason = "the message needs more memory than one message may have";
    else if (fault == BARK_FAULT_RECEIVER)
        reason = "the service could not process the message";
    else
        told = bark_arena_alloc(s->arena, REASON_BYTES, 1);
    if (told)
        (void)bark_error_text(&s->reply->error, told, REASON_BYTES);
    (void)fault_set(s, fault, told ? told : reason);
    return subcode_set(s, code);
}

static enum bark_code media_refuse(struct bark_soap_serving *s, const char *rule)
{
    s->refused_status = 415;
    return message_refuse(s, bark_fail(&s->reply->error, BARK_ERR_SOAP, 0, rule));
}

/* A message of several parts: from here on its envelope is the message. */
static enum bark_code package_read(struct bark_soap_serving *s)
{
    struct bark_soap_package *p = &s->package;
    enum bark_code code = BARK_OK;
    if (!s->prepared)
        code = s->service->attachments->open(p, s->request->content_type, s->request->body, s->limits,
                                             s->arena, &s->reply->error);
    if (code != BARK_OK)
        return message_refuse(s, code);
    s->body = p->envelope;
    s->dialect = s->envelope.announced = p->dialect;
    s->action = bark_soap_action_bare(p->action);
    s->call.attachments = p->parts;
    s->call.attachment_count = p->count;
    dialect_settle(s);
    return BARK_OK;
}

/* What the WSDL binds beside the messages of the operation. */
static const struct bark_operation_parts *bound_parts(const struct bark_soap_serving *s)
{
    static const struct bark_operation_parts none;
    const struct bark_service *service = s->service;
    const uint16_t first = service->image->services[service->service_row].first;
    return service->parts ? &service->parts[s->call.operation - first] : &none;
}

static enum bark_code package_judge(struct bark_soap_serving *s)
{
    const struct bark_soap_attachments *a = s->service->attachments;
    const enum bark_code code = a && !s->prepared ? a->judge(&bound_parts(s)->input, &s->package,
                                                             s->service->loose_attachments, &s->reply->error)
                                                  : BARK_OK;
    return code ? message_refuse(s, code) : BARK_OK;
}

static enum bark_code media_read(struct bark_soap_serving *s)
{
    const struct bark_soap_attachments *a = s->service->attachments;
    struct bark_soap_media media;
    s->body = s->request->body;
    if (s->prepared || (a && !s->window && a->is_multipart(s->request->content_type)))
        return package_read(s);
    if (!bark_soap_media_read(s->request->content_type, &media))
        return media_refuse(s, "[SOAP11 6, RFC3902 2] the Content-Type is text/xml for SOAP 1.1 or "
                               "application/soap+xml for SOAP 1.2, in charset utf-8");
    s->dialect = s->envelope.announced = media.dialect;
    s->action = bark_soap_action_bare(media.action);
    dialect_settle(s);
    return BARK_OK;
}

/* Both places where a transport can name the action must agree with the body. */
static enum bark_code action_check(struct bark_soap_serving *s, uint16_t operation)
{
    const struct bark_image *image = s->service->image;
    if (bark_soap_action_agrees(image, operation, s->action) &&
        bark_soap_action_agrees(image, operation, bark_soap_action_bare(s->request->soap_action)))
        return BARK_OK;
    return message_refuse(s, bark_fail(&s->reply->error, BARK_ERR_SOAP, 0,
                                       "[WSI-BP11 R1109] the action names another operation than the body"));
}

static enum bark_code operation_refuse(struct bark_soap_serving *s, const struct bark_xml_event *start,
                                       bool empty)
{
    struct bark_error *err = &s->reply->error;
    enum bark_code code =
        bark_xml_fail(&s->envelope.xml, BARK_ERR_UNEXPECTED, start->offset,
                      empty ? "[WSDL11 3.5] the Body is empty, which names no operation of this service"
                            : "[WSDL11 3.5] the Body's element names no operation of this service");
    if (!empty)
        bark_soap_name_report(err, start->name.uri, start->name.local);
    return message_refuse(s, code);
}

/* May the peer call this operation? Nothing of its message was decoded yet. */
static enum bark_code permission_check(struct bark_soap_serving *s, uint16_t operation)
{
    const struct bark_soap_request *request = s->request;
    const struct bark_service *service = s->service;
    const uint16_t first = service->image->services[service->service_row].first;
    enum bark_soap_permission permission = BARK_SOAP_ALLOWED;
    if (request->permit)
        permission = request->permit(request, service, (uint16_t)(operation - first));
    if (permission == BARK_SOAP_ALLOWED)
        return BARK_OK;
    s->refused_status = permission == BARK_SOAP_UNKNOWN ? 401 : 403;
    (void)bark_fail(&s->reply->error, BARK_ERR_USE, 0,
                    permission == BARK_SOAP_UNKNOWN ? "the operation wants to know who calls"
                                                    : "the caller's level does not allow the operation");
    (void)fault_set(s, BARK_FAULT_SENDER, "the sender is not authorized to call this operation");
    if (service->not_authorized)
        s->call.fault.subcodes[0] = *service->not_authorized;
    return BARK_ERR_FAULT;
}

/* The headers of the operation, and what a layer says of all of them. */
static enum bark_code headers_take(struct bark_soap_serving *s, uint16_t operation)
{
    const struct bark_header_roots h = bark_image_headers(s->service->image, operation);
    const struct bark_soap_layer *layer = s->service->layer;
    void *headers;
    enum bark_code code = bark_soap_headers_settle(&s->envelope, h.input, h.input_count, &headers);
    if (!code && layer && layer->check)
        code = layer->check(&s->envelope);
    if (!code && h.output_count) {
        s->call.answer_headers = bark_soap_headers_new(s->arena, h.output_count);
        code = s->call.answer_headers ? BARK_OK : BARK_ERR_MEMORY;
    }
    s->call.headers = headers;
    return code ? message_refuse(s, code) : BARK_OK;
}

/* ---- the body's child, when it comes through a window ---- */

static enum bark_code child_go(struct bark_soap_serving *s)
{
    const enum bark_code code = bark_decode_go(&s->window->decoder);
    if (code)
        return code;
    bark_scratch_pop(s->arena, s->window->mark);
    s->envelope.xml.secret = false;
    return BARK_OK;
}

static enum bark_code child_begin(struct bark_soap_serving *s, const struct bark_xml_event *start,
                                  uint16_t type)
{
    struct bark_decoder *d = &s->window->decoder;
    enum bark_code code;
    *d = (struct bark_decoder){ .r = &s->envelope.xml,
                                .image = s->service->image,
                                .sinks = s->window->sinks.count ? &s->window->sinks : NULL };
    s->window->mark = bark_scratch_mark(s->arena);
    s->stage = STAGE_CHILD;
    code = bark_decode_element_begin(d, start, type, NULL, &s->in);
    return code ? code : child_go(s);
}

static enum bark_code body_read(struct bark_soap_serving *s, struct bark_xml_event *start, bool empty)
{
    const struct bark_image *image = s->service->image;
    uint16_t row = s->service->service_row;
    struct bark_slice field = bark_soap_action_bare(s->request->soap_action);
    struct bark_slice action = s->action.len ? s->action : field;
    uint16_t operation = empty ? bark_soap_operation_of_nothing(image, row, action)
                               : bark_soap_operation_of_element(image, row, &start->name, action);
    if (operation == BARK_NONE)
        return operation_refuse(s, start, empty);
    s->reply->operation = s->call.operation = operation;
    enum bark_code code = permission_check(s, operation);
    if (!code)
        code = action_check(s, operation);
    if (!code)
        code = headers_take(s, operation);
    if (code || empty)
        return code;
    /* [SOAP12-1 5.1.1] encodingStyle may stand on the body's child and says how it is encoded: literally,
     * here. The attribute is SOAP's, not the operation's schema's, so the decoder does not get to see it. */
    if (!(bark_operation_flags(image, operation) & BARK_OPERATION_ENCODED))
        code = bark_soap_attributes_take(&s->envelope, start, false);
    if (code)
        return message_refuse(s, code);
    uint16_t type = bark_root_type(image, image->operations[operation].input);
    const struct bark_decode_options options = { .xop = s->package.xop ? &s->package.reader : NULL };
    if (s->window)
        code = child_begin(s, start, type);
    else
        code = bark_soap_body_read(&s->envelope, operation, start, type, &options, &s->in);
    return code && code != BARK_MORE ? message_refuse(s, code) : code;
}

static enum bark_code request_open(struct bark_soap_serving *s)
{
    const struct bark_service_row *row = &s->service->image->services[s->service->service_row];
    const struct bark_image *image = s->service->image;
    struct bark_error *err = &s->reply->error;
    enum bark_code code = media_read(s);
    if (code)
        return code;
    code = s->window ? bark_soap_envelope_open_window(&s->envelope, image, &s->window->w, &s->window->decoder,
                                                      s->limits, s->arena, err)
                     : bark_soap_envelope_open(&s->envelope, image, s->body, s->limits, s->arena, err);
    s->envelope.layer = s->service->layer;
    s->envelope.first_operation = row->first;
    s->envelope.operation_count = row->count;
    return code ? message_refuse(s, code) : BARK_OK;
}

/* The envelope up to the body's child, and that child, or what of it is there. */
static enum bark_code head_read(struct bark_soap_serving *s)
{
    struct bark_xml_event start;
    bool empty = false;
    enum bark_code code = bark_soap_envelope_body(&s->envelope, &start, &empty);
    if (code == BARK_MORE)
        return code;
    if (s->envelope.dialect && s->envelope.dialect != s->dialect) {
        dialect_settle(s);
        if (!code)
            return media_refuse(s, "[SOAP12-2 7.1.4] the Content-Type announces another version of SOAP than "
                                   "the envelope has");
    }
    return code ? message_refuse(s, code) : body_read(s, &start, empty);
}

/* What is there of an opened request: all, or as much as the window has; BARK_MORE then. */
static enum bark_code request_read(struct bark_soap_serving *s)
{
    enum bark_code code = BARK_OK;
    if (s->stage == STAGE_ENVELOPE) {
        code = head_read(s);
        if (code)
            return code;
    } else if (s->stage == STAGE_CHILD) {
        code = child_go(s);
    }
    if (!code) {
        s->stage = STAGE_REST;
        code = bark_soap_envelope_end(&s->envelope);
    }
    if (code == BARK_MORE)
        return code;
    return code ? message_refuse(s, code) : package_judge(s);
}

/* Our side failed: the log gets the record, the peer a sentence. */
static enum bark_code service_fail(struct bark_soap_serving *s, const struct bark_error *why,
                                   enum bark_code code, const char *reason)
{
    if (s->reply->error.code == BARK_OK && why && why->code)
        s->reply->error = *why;
    (void)bark_fail(&s->reply->error, code, 0, reason);
    (void)fault_set(s, BARK_FAULT_RECEIVER, reason);
    return subcode_set(s, code == BARK_ERR_MEMORY ? code : BARK_ERR_USE);
}

/* What the handler attaches gathers here, and what leaves the envelope of an MTOM answer. */
static void parts_prepare(struct bark_soap_serving *s)
{
    if (!s->service->attachments)
        return;
    s->parts =
        (struct bark_soap_parts){ .dialect = s->dialect,
                                  .arena = s->arena,
                                  .xop = s->package.xop,
                                  .streams = s->request->streams,
                                  .octets_min = s->service->mtom_bytes ? s->service->mtom_bytes : MTOM_BYTES,
                                  .left = s->limits->mime_parts - 1 };
    s->call.answer_parts = &s->parts;
}

/* What a handler's verdict means for the answer. */
static enum bark_code handler_judge(struct bark_soap_serving *s, enum bark_code code)
{
    if (code == BARK_OK && s->call.error.code)
        code = s->call.error.code;
    if (code == BARK_ERR_MEMORY)
        return service_fail(s, &s->call.error, code,
                            "the answer needs more memory than one message may have");
    if (code == BARK_ERR_FAULT && s->call.fault.reason.ptr)
        return BARK_ERR_FAULT;
    return code ? service_fail(s, &s->call.error, code, "the operation failed") : BARK_OK;
}

static enum bark_code handler_run(struct bark_soap_serving *s, void **out)
{
    const struct bark_image *image = s->service->image;
    uint16_t operation = s->call.operation, output = bark_operation_output(image, operation);
    uint16_t first = image->services[s->service->service_row].first;
    *out = NULL;
    if (output != BARK_NONE) {
        *out = bark_arena_alloc(s->arena, 1, image->types[bark_root_type(image, output)].size);
        if (!*out)
            return message_refuse(s, BARK_ERR_MEMORY);
    }
    s->call.fault = (struct bark_fault){ .detail_root = BARK_NONE };
    parts_prepare(s);
    enum bark_code code =
        s->service->dispatch(s->service->handlers, (uint16_t)(operation - first), s->in, *out, &s->call);
    if (code == BARK_OK && !s->prepared)
        code = bark_receiver_whole(&s->call);
    if (code == BARK_OK && !s->call.receiver && s->call.receive &&
        s->service->attachments->receiving->awaits_any(s->call.receive))
        code = bark_fail(&s->call.error, BARK_ERR_USE, 0,
                         "the operation streams, and its handler does not receive the parts of its message");
    return handler_judge(s, code);
}

/* All that the WSDL binds beside the answer is there, once its handler and receiver have had their say. */
static enum bark_code parts_complete(struct bark_soap_serving *s)
{
    if (!s->call.answer_parts || bark_operation_output(s->service->image, s->call.operation) == BARK_NONE)
        return BARK_OK;
    return handler_judge(
        s, s->service->attachments->complete(&bound_parts(s)->output, &s->parts, &s->call.error));
}

static void out_rewind(struct bark_soap_serving *s)
{
    s->out->pos = s->out_start;
    s->out->failed = false;
}

static enum bark_code parts_end(struct bark_soap_serving *s)
{
    const char *content_type = s->service->attachments->end(&s->parts, NULL, s->out);
    if (!content_type)
        return BARK_ERR_LIMIT;
    s->reply->content_type = content_type;
    return BARK_OK;
}

static enum bark_code answer_write(struct bark_soap_serving *s, const void *msg)
{
    enum bark_code code = BARK_OK;
    if (bark_operation_flags(s->service->image, s->call.operation) & BARK_OPERATION_ONE_WAY) {
        s->reply->http_status = 202; /* [SOAP12-2 7.5.2.2, WSI-BP11 R1112] */
        return BARK_OK;
    }
    const bool multipart = s->parts.xop || s->parts.first;
    const struct bark_encode_options encode = { .xop = s->parts.xop ? &s->parts.writer : NULL };
    if (multipart)
        s->service->attachments->begin(&s->parts, s->request->random, s->out);
    const struct bark_header_roots h = bark_image_headers(s->service->image, s->call.operation);
    const struct bark_soap_blocks blocks = { .image = s->service->image,
                                             .dialect = s->dialect,
                                             .roots = h.output,
                                             .count = h.output_count,
                                             .headers = s->call.answer_headers,
                                             .encode = &encode,
                                             .limits = s->limits,
                                             .arena = s->arena };
    const uint16_t output = bark_operation_output(s->service->image, s->call.operation);
    code = bark_soap_envelope_begin(&blocks, s->service->layer, &s->envelope, s->out, &s->reply->error);
    if (!code && output != BARK_NONE)
        code = bark_soap_body_write(&blocks, s->call.operation, output, msg, s->out, &s->reply->error);
    bark_soap_body_end(s->out);
    if (code && code != BARK_ERR_LIMIT)
        return service_fail(s, NULL, code, "the answer could not be written");
    if (!code && multipart)
        code = parts_end(s);
    if (code || !bark_out_ok(s->out))
        return service_fail(s, NULL, BARK_ERR_LIMIT, "the answer is larger than limits.reply_bytes");
    s->reply->http_status = 200;
    return BARK_OK;
}

static void fault_answer(struct bark_soap_serving *s)
{
    struct bark_soap_fault_message m = { .dialect = s->dialect,
                                         .fault = &s->call.fault,
                                         .request = &s->envelope,
                                         .layer = s->service->layer,
                                         .image = s->service->image,
                                         .limits = s->limits,
                                         .arena = s->arena };
    struct bark_error err = { 0 };
    out_rewind(s);
    s->reply->is_fault = true;
    s->reply->content_type = s->dialect->content_type;
    s->reply->fault = s->call.fault.code;
    s->reply->http_status =
        s->refused_status ? s->refused_status : bark_soap_fault_status(s->dialect, s->call.fault.code);
    if (bark_soap_fault_write(&m, s->out, &err) == BARK_OK)
        return;
    /* The fault's own detail was at fault, or there is no room for it. */
    if (s->reply->error.code == BARK_OK)
        s->reply->error = err;
    s->reply->http_status = 500;
    out_rewind(s);
    bark_soap_fault_minimal(s->dialect, s->out);
    if (!bark_out_ok(s->out))
        out_rewind(s);
}

struct bark_soap_serving *bark_soap_serving_new(const struct bark_service *service,
                                                const struct bark_limits *limits,
                                                const struct bark_soap_request *request,
                                                struct bark_arena *arena, struct bark_soap_reply *reply)
{
    struct bark_soap_serving *s = bark_arena_alloc(arena, 1, sizeof *s); /* zeroed: a call, an envelope ... */
    bark_soap_reply_begin(reply);
    if (!s)
        return NULL;
    s->service = service;
    s->limits = limits;
    s->request = request;
    s->arena = arena;
    s->reply = reply;
    s->call.service = service;
    s->call.arena = arena;
    s->call.limits = limits;
    s->call.user = service->user;
    s->call.operation = BARK_NONE;
    s->call.host = request->host;
    s->call.peer = request->peer;
    s->call.request_id = request->request_id;
    s->call.secure = request->secure;
    s->call.who = request->who;
    s->call.now_ns = request->now_ns;
    s->dialect = bark_soap_dialect(BARK_SOAP_11);
    dialect_settle(s);
    return s;
}

bool bark_soap_serving_run(struct bark_soap_serving *s, const struct bark_soap_package *package)
{
    if (package) {
        s->package = *package;
        s->prepared = true;
    }
    s->code = request_open(s);
    if (!s->code)
        s->code = request_read(s);
    s->call.version = s->dialect->version;
    if (!s->code)
        s->code = handler_run(s, &s->msg);
    return s->code == BARK_OK;
}

bool bark_soap_serving_open(struct bark_soap_serving *s, struct bark_soap_windowed *window)
{
    s->window = window;
    s->code = request_open(s);
    return s->code == BARK_OK;
}

bool bark_soap_serving_read(struct bark_soap_serving *s)
{
    const enum bark_code code = request_read(s);
    if (code == BARK_MORE)
        return true;
    s->call.version = s->dialect->version;
    s->code = code;
    if (!code)
        s->code = handler_run(s, &s->msg);
    return false;
}

struct bark_xml_reader *bark_soap_serving_reader(struct bark_soap_serving *s)
{
    return &s->envelope.xml;
}

void bark_soap_serving_fail(struct bark_soap_serving *s, enum bark_code code)
{
    s->code = service_fail(s, NULL, code, "the service could not process the message");
}

void bark_soap_serving_refuse(struct bark_soap_serving *s, enum bark_code code, unsigned status)
{
    s->refused_status = status;
    s->code = message_refuse(s, code);
}

bool bark_soap_serving_judge(struct bark_soap_serving *s, enum bark_code said)
{
    s->code = handler_judge(s, said);
    return s->code == BARK_OK;
}

struct bark_call *bark_soap_serving_call(struct bark_soap_serving *s)
{
    return &s->call;
}

void bark_soap_serving_answer(struct bark_soap_serving *s, struct bark_out *out)
{
    s->out = out;
    s->out_start = out->pos;
    if (!s->code)
        s->code = parts_complete(s);
    if (!s->code)
        s->code = answer_write(s, s->msg);
    if (s->code)
        fault_answer(s);
    if (!s->code && s->parts.sources && s->parts.streams)
        s->reply->parts = &s->parts; /* whoever sends the answer takes its sources over */
    bark_soap_serving_abort(s, s->code && s->reply->error.code ? s->reply->error.code : s->code);
}

void bark_soap_serving_abort(struct bark_soap_serving *s, enum bark_code why)
{
    bark_receiver_close(&s->call, why);
    if (s->parts.sources && !s->reply->parts)
        s->service->attachments->sending->drop(&s->parts, why ? why : BARK_ERR_USE);
}
