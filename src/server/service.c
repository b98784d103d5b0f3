/* server/service.c - where HTTP and SOAP meet: which requests are admitted, and how they are served.
 *
 * A request is judged by its head, before a byte of its body is read or a buffer for it exists.
 */
#include "base/slice.h"
#include "server/loop.h"
#include "soap/attach.h"
#include "soap/dispatch.h"
#include "soap/media.h"
#include "soap/outgoing.h"
#include "soap/receive.h"

#include <string.h>
#include <sys/random.h>

/* Exact match only (row 36): no decoding, no normalising, no prefix, no query. */
static const struct bark_service *service_find(const struct bark_soap_host *host,
                                               const struct bark_http_message *m)
{
    for (size_t i = 0; i < host->service_count; i++) {
        if (!m->query.ptr && bark_slice_is(m->path, host->services[i]->path))
            return host->services[i];
    }
    return NULL;
}

static bool multipart_taken(const struct bark_service *service, struct bark_slice content_type)
{
    return service->attachments && service->attachments->is_multipart(content_type);
}

static bool is_metrics(const struct bark_soap_host *host, const struct bark_http_message *m)
{
    return host->metrics_path && !m->query.ptr && bark_slice_is(m->path, host->metrics_path);
}

uint32_t bark_soap_host_group(void *user, const struct bark_http_reader *reader)
{
    const struct bark_soap_host *host = user;
    const struct bark_service *service = service_find(host, &reader->message);
    uint32_t i = 0;
    while (i < host->service_count && host->services[i] != service)
        i++;
    return i;
}

const char *bark_soap_host_group_name(void *user, uint32_t group)
{
    const struct bark_soap_host *host = user;
    return host->services[group]->path;
}

static bool is_get(struct bark_slice method)
{
    return bark_slice_is(method, "GET") || bark_slice_is(method, "HEAD");
}

/* What may be asked of a target that exists. */
static void method_judge(const struct bark_http_message *m, const struct bark_service *service,
                         bool is_resource, struct bark_refusal *refusal)
{
    struct bark_soap_media media;
    if (is_resource && is_get(m->method))
        return;
    if (!service || !bark_slice_is(m->method, "POST"))
        *refusal = (struct bark_refusal){ .status = 405,
                                          .allow = !is_resource ? "POST"
                                                   : service    ? "POST, GET, HEAD"
                                                                : "GET, HEAD",
                                          .rule = service ? "[SOAP12-2 7.4] a service is called with POST"
                                                          : "[RFC9110 15.5.6] this is got with GET or HEAD" };
    else if (!bark_soap_media_read(m->content_type, &media) && !multipart_taken(service, m->content_type))
        *refusal = (struct bark_refusal){
            .status = 415, .rule = "[SOAP12-2 7.1] Content-Type is text/xml or application/soap+xml, in UTF-8"
        };
}

void bark_soap_host_admit(void *user, const struct bark_http_reader *reader, struct bark_refusal *refusal)
{
    const struct bark_soap_host *host = user;
    const struct bark_http_message *m = &reader->message;
    const struct bark_service *service = service_find(host, m);
    const bool is_resource = bark_resource_find(host, m) != NULL || is_metrics(host, m);
    *refusal = (struct bark_refusal){ 0 };
    if (m->host.ptr && !bark_http_host_allowed(m->host, host->host_names, host->host_name_count))
        *refusal = (struct bark_refusal){ .status = 403,
                                          .rule = "Host is neither an address nor a name of this server" };
    else if (!service && !is_resource)
        *refusal = (struct bark_refusal){ .status = 404, .rule = "no service has this path" };
    else
        method_judge(m, service, is_resource, refusal);
}

/* A message that names no operation is refused soon, wherever that happens. */
bool bark_soap_host_slow(void *user, const struct bark_http_reader *reader, struct bark_slice body,
                         struct bark_arena *arena)
{
    const struct bark_soap_host *host = user;
    const struct bark_service *service = NULL;
    const struct bark_slow_service *slow = NULL;
    const struct bark_http_message *m = &reader->message;
    struct bark_soap_media media;
    struct bark_slice action;
    uint16_t operation;
    if (is_get(m->method)) {
        const struct bark_resource *resource = bark_resource_find(host, m);
        return resource && resource->slow;
    }
    if (host->slow_count > 0)
        service = service_find(host, m);
    for (size_t i = 0; i < host->slow_count && !slow; i++) {
        if (host->slow[i].service == service)
            slow = &host->slow[i];
    }
    if (!slow || !slow->operations)
        return slow != NULL;
    if (multipart_taken(service, m->content_type)) {
        struct bark_soap_package *p = bark_arena_alloc(arena, 1, sizeof *p);
        struct bark_error ignored = { 0 };
        if (!p ||
            service->attachments->open(p, m->content_type, body, host->limits, arena, &ignored) != BARK_OK)
            return false;
        body = p->envelope;
        media.action = p->action;
    } else if (!bark_soap_media_read(m->content_type, &media)) {
        return false;
    }
    action = bark_soap_action_bare(media.action.len ? media.action : m->soap_action);
    operation =
        bark_soap_operation_peek(service->image, service->service_row, body, action, host->limits, arena);
    for (size_t i = 0; i < slow->operation_count; i++) {
        if (slow->operations[i] == operation)
            return true;
    }
    return false;
}

static void exchange_capture(const struct bark_soap_host *host, const struct bark_service *service,
                             const struct bark_loop_request *request, const struct bark_soap_reply *reply,
                             struct bark_slice answer)
{
    const struct bark_http_message *m = &request->reader->message;
    const struct bark_slice name =
        bark_image_name(service->image, service->image->operations[reply->operation].name);
    const struct bark_capture_exchange exchange = { .image = service->image,
                                                    .limits = host->limits,
                                                    .arena = request->arena,
                                                    .operation = { (const char *)name.ptr, name.len },
                                                    .path = m->path,
                                                    .content_type = m->content_type,
                                                    .soap_action = m->soap_action,
                                                    .request = request->body,
                                                    .answer = answer,
                                                    .status = reply->http_status,
                                                    .answer_type = reply->content_type };
    bark_capture_put(host->capture, &exchange);
}

/* What the transport knows, for the service. */
static void message_ask(const struct bark_service *service, const struct bark_loop_request *request,
                        const struct bark_identity *who, struct bark_soap_request *soap)
{
    const struct bark_http_message *m = &request->reader->message;
    *soap = (struct bark_soap_request){ .content_type = m->content_type,
                                        .soap_action = m->soap_action,
                                        .body = request->body,
                                        .peer = request->peer,
                                        .request_id = request->id,
                                        .secure = request->secure,
                                        .now_ns = request->wall_ns };
    soap->who = who && who->level != BARK_LEVEL_ANONYMOUS ? who : NULL;
    soap->permit = who ? bark_caller_permit : NULL;
    if (m->host.ptr)
        soap->host =
            (struct bark_text){ bark_arena_text(request->arena, m->host.ptr, m->host.len), m->host.len };
    if (!soap->host.ptr)
        soap->host.len = 0;
    /* Without random bytes boundaries are still looked for in every part, and sources are not streamed. */
    soap->streams = service->attachments && getrandom(soap->random, sizeof soap->random, GRND_NONBLOCK) ==
                                                (ssize_t)sizeof soap->random;
}

/* Parts from sources follow what is in out; without memory for that there is no answer. */
static void sources_take(const struct bark_service *service, const struct bark_loop_request *request,
                         struct bark_soap_reply *reply, struct bark_out *out)
{
    if (!reply->parts)
        return;
    *request->download = bark_download_new(service->attachments->sending, reply->parts);
    if (*request->download)
        return;
    service->attachments->sending->drop(reply->parts, BARK_ERR_MEMORY);
    (void)bark_fail(&reply->error, BARK_ERR_MEMORY, 0, "no memory for the sources of an answer");
    out->failed = true;
}

/* What the answer's head, the counters and the log are told. */
static void reply_report(const struct bark_soap_host *host, const struct bark_service *service,
                         const struct bark_loop_request *request, struct bark_soap_reply *reply,
                         struct bark_out *out)
{
    sources_take(service, request, reply, out);
    request->answer->status = reply->http_status;
    request->answer->content_type = reply->content_type;
    if (reply->http_status == 401)
        bark_caller_challenge(host, request, false);
    *request->fault = reply->is_fault ? 1u + (unsigned)reply->fault : 0;
    if (reply->error.code)
        *request->error = reply->error;
    if (reply->operation != BARK_NONE) {
        struct bark_slice name =
            bark_image_name(service->image, service->image->operations[reply->operation].name);
        *request->operation = (struct bark_text){ (const char *)name.ptr, name.len };
    }
}

static void service_serve(const struct bark_soap_host *host, const struct bark_loop_request *request,
                          const struct bark_identity *who, struct bark_out *out)
{
    const struct bark_service *service = service_find(host, &request->reader->message);
    struct bark_soap_request soap;
    struct bark_soap_reply reply = { 0 };
    const size_t start = out->pos;
    if (!service)
        return; /* never for a request that was admitted; the answer stays 500 */
    message_ask(service, request, who, &soap);
    bark_soap_serve(service, host->limits, &soap, request->arena, out, &reply);
    reply_report(host, service, request, &reply, out);
    if (host->capture && !reply.parts && reply.error.code == BARK_OK && reply.operation != BARK_NONE)
        exchange_capture(host, service, request, &reply,
                         (struct bark_slice){ out->base + start, out->pos - start });
}

const struct bark_streaming *bark_soap_host_streams(void *user, const struct bark_http_reader *reader)
{
    const struct bark_http_message *m = &reader->message;
    const struct bark_service *service = service_find(user, m);
    if (!service || !service->streaming || !bark_slice_is(m->method, "POST") ||
        (m->content_length == 0 && !m->chunked) || !multipart_taken(service, m->content_type))
        return NULL;
    return service->streaming;
}

static bool upload_begin(void *user, struct bark_upload *u)
{
    const struct bark_soap_host *host = user;
    const struct bark_service *service = service_find(host, &u->request.reader->message);
    u->soap = service->attachments->receiving;
    message_ask(service, &u->request, host->auth ? u->request.caller : NULL, &u->message);
    u->receive = u->soap->begin(service, host->limits, &u->message, &u->arena, &u->reply);
    return u->receive != NULL;
}

static void upload_answered(void *user, struct bark_upload *u, struct bark_out *out)
{
    const struct bark_soap_host *host = user;
    reply_report(host, service_find(host, &u->request.reader->message), &u->request, &u->reply, out);
}

const struct bark_loop_uploads bark_soap_host_uploads = { upload_begin, upload_answered };

/* Peers on this machine, and those whose level has the right; nobody else, auth or not. */
static void metrics_serve(const struct bark_soap_host *host, const struct bark_loop_request *request,
                          const struct bark_identity *who, struct bark_out *out)
{
    const struct bark_resource counts = { .access = host->metrics_access };
    if (!request->local && !who) {
        request->answer->status = 403;
        (void)bark_fail(request->error, BARK_ERR_USE, 0, "metrics are for peers on this machine");
        return;
    }
    if (!request->local && !bark_caller_may_get(host, request, &counts, who, out))
        return;
    request->answer->status = 200;
    request->answer->content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    bark_metrics_write(host->driver, out);
}

/* What the head says about the operation: the body's element decides, but may not disagree [row 12]. */
static struct bark_slice action_of_head(const struct bark_http_message *m)
{
    struct bark_soap_media media;
    if (bark_soap_media_read(m->content_type, &media) && media.action.len)
        return bark_soap_action_bare(media.action);
    return bark_soap_action_bare(m->soap_action);
}

enum bark_coded_verdict bark_soap_host_judge(void *user, const struct bark_loop_request *request,
                                             struct bark_identity *who, struct bark_out *out)
{
    const struct bark_soap_host *host = user;
    const struct bark_http_message *m = &request->reader->message;
    const struct bark_service *service = service_find(host, m);
    if (is_get(m->method) || !service)
        return BARK_CODED_LEAVE;
    if (host->auth && (!bark_caller_check(host, request, who, out) ||
                       !bark_caller_may_call_any(host, request, service, action_of_head(m), who, out)))
        return BARK_CODED_ANSWERED;
    return BARK_CODED_EXPAND;
}

/* The caller of a request: judged before its body was expanded, or now. False: the answer is made already. */
static bool caller_find(const struct bark_soap_host *host, const struct bark_loop_request *request,
                        struct bark_identity *who, struct bark_out *out)
{
    if (!request->caller) /* [R11] once a request: a nonce count is good once */
        return bark_caller_check(host, request, who, out);
    *who = *request->caller;
    *request->user = (struct bark_text){ who->name, strlen(who->name) };
    return true;
}

void bark_soap_host_serve(void *user, const struct bark_loop_request *request, struct bark_out *out)
{
    const struct bark_soap_host *host = user;
    const struct bark_resource *resource;
    struct bark_identity *who = NULL;
    if (host->auth) {
        who = bark_arena_alloc(request->arena, 1, sizeof *who);
        if (!who || !caller_find(host, request, who, out))
            return;
    }
    if (!is_get(request->reader->message.method)) {
        service_serve(host, request, who, out);
        return;
    }
    if (is_metrics(host, &request->reader->message)) {
        metrics_serve(host, request, who, out);
        return;
    }
    resource = bark_resource_find(host, &request->reader->message);
    if (resource && (!who || bark_caller_may_get(host, request, resource, who, out)))
        bark_resource_serve(resource, request, out);
}
