/* server/service.c - where HTTP and SOAP meet: which requests are admitted, and how they are served.
 *
 * A request is judged by its head, before a byte of its body is read or a buffer for it exists.
 */
#include "base/scratch.h"
#include "base/slice.h"
#include "server/loop.h"
#include "soap/attach.h"
#include "soap/dispatch.h"
#include "soap/httpbind.h"
#include "soap/media.h"
#include "soap/outgoing.h"
#include "soap/receive.h"

#include <string.h>
#include <sys/random.h>

static bool is_get(struct bark_slice method)
{
    return bark_slice_is(method, "GET") || bark_slice_is(method, "HEAD");
}

/* Whether SOAP messages can mean anything to a service; one of HTTP bindings alone may share its path. */
static bool speaks_soap(const struct bark_service *service)
{
    if (!service->http)
        return true;
    const struct bark_service_row *row = &service->image->services[service->service_row];
    for (uint32_t i = row->first; i < (uint32_t)row->first + row->count; i++)
        if (!bark_operation_is_http(service->image, (uint16_t)i))
            return true;
    return false;
}

/* Exact match only (row 36): no decoding, no normalising, no prefix, no query. */
static const struct bark_service *service_find(const struct bark_soap_host *host,
                                               const struct bark_http_message *m)
{
    for (size_t i = 0; i < host->service_count; i++) {
        if (!m->query.ptr && bark_slice_is(m->path, host->services[i]->path) &&
            speaks_soap(host->services[i]))
            return host->services[i];
    }
    return NULL;
}

/* What a request means by an HTTP binding. */
static void http_find(const struct bark_soap_host *host, const struct bark_http_message *m,
                      struct bark_route *route)
{
    const bool post = bark_slice_is(m->method, "POST"), other_method = !post && !is_get(m->method);
    for (size_t i = 0; i < host->service_count; i++) {
        const struct bark_service *service = host->services[i];
        bool other = false;
        if (!service->http)
            continue;
        route->http_row = service->http->find(service, m->path, post, &other);
        if (route->http_row != BARK_NONE && !other_method) {
            route->http = service;
            return;
        }
        if (other)
            route->http_allow = post || route->http_row != BARK_NONE ? "GET, HEAD" : "POST";
        else if (route->http_row != BARK_NONE)
            route->http_allow = "GET, HEAD";
    }
}

static bool has_http(const struct bark_soap_host *host)
{
    size_t i = 0;
    while (i < host->service_count && !host->services[i]->http)
        i++;
    return i < host->service_count;
}

/* The service that serves a route, or NULL. */
static const struct bark_service *route_service(const struct bark_route *route)
{
    return route->http ? route->http : route->soap;
}

static uint32_t group_of(const struct bark_soap_host *host, const struct bark_service *service)
{
    uint32_t i = 0;
    while (i < host->service_count && host->services[i] != service)
        i++;
    return i;
}

/* [SECURITY row 35] Queries and forms are what a page of another site can make a browser send, with the
 * user's credentials and without asking first. A browser says where such a request comes from: by Origin with
 * every POST, by Sec-Fetch-Site with everything over https. */
static bool is_of_another_site(const struct bark_http_reader *reader)
{
    const struct bark_slice host = reader->message.host;
    struct bark_slice origin, site;
    size_t skip, count = bark_http_field(reader, "Sec-Fetch-Site", &site);
    if (count > 1 || (count == 1 && !bark_slice_is(site, "same-origin") && !bark_slice_is(site, "none")))
        return true;
    count = bark_http_field(reader, "Origin", &origin);
    if (count != 1)
        return count > 1;
    skip = origin.len > 8 && memcmp(origin.ptr, "https://", 8) == 0  ? 8
           : origin.len > 7 && memcmp(origin.ptr, "http://", 7) == 0 ? 7
                                                                     : origin.len;
    return !host.ptr || host.len == 0 ||
           !bark_slice_equal((struct bark_slice){ origin.ptr + skip, origin.len - skip }, host);
}

/* [RFC9110 9.2.1] A GET is safe, and any page can make a browser send one; over plain HTTP nothing in it says
 * so. So an operation whose class says that it changes something is not served by GET. */
static bool changes_something(const struct bark_route *route)
{
    const struct bark_service *s = route->http;
    const size_t index =
        s->image->https[route->http_row].operation - (size_t)s->image->services[s->service_row].first;
    const uint8_t access =
        s->access && index < s->access_count ? s->access[index] : (uint8_t)BARK_ACCESS_NOBODY;
    return access == BARK_ACCESS_WRITE_SYSTEM || access == BARK_ACCESS_UNRECOVERABLE ||
           access == BARK_ACCESS_ACTUATE;
}

static bool multipart_taken(const struct bark_service *service, struct bark_slice content_type)
{
    return service->attachments && service->attachments->is_multipart(content_type);
}

static bool is_metrics(const struct bark_soap_host *host, const struct bark_http_message *m)
{
    return host->metrics_path && !m->query.ptr && bark_slice_is(m->path, host->metrics_path);
}

/* Where a request belongs. What both bindings could mean is SOAP's when its media type is. */
static void route_find(const struct bark_soap_host *host, const struct bark_http_message *m,
                       const struct bark_soap_media *media, struct bark_route *route)
{
    *route = (struct bark_route){ .soap = service_find(host, m),
                                  .resource = bark_resource_find(host, m),
                                  .http_row = BARK_NONE,
                                  .is_metrics = is_metrics(host, m) };
    if (has_http(host) && !(route->soap && bark_slice_is(m->method, "POST") && media->dialect))
        http_find(host, m, route);
    route->group = group_of(host, route_service(route));
}

const char *bark_soap_host_group_name(void *user, uint32_t group)
{
    const struct bark_soap_host *host = user;
    return host->services[group]->path;
}

/* What may be asked of a target that exists. */
static void method_judge(const struct bark_http_message *m, const struct bark_soap_media *media,
                         const struct bark_service *service, bool is_resource, struct bark_refusal *refusal)
{
    if (is_resource && is_get(m->method))
        return;
    if (!service || !bark_slice_is(m->method, "POST"))
        *refusal = (struct bark_refusal){ .status = 405,
                                          .allow = !is_resource ? "POST"
                                                   : service    ? "POST, GET, HEAD"
                                                                : "GET, HEAD",
                                          .rule = service ? "[SOAP12-2 7.4] a service is called with POST"
                                                          : "[RFC9110 15.5.6] this is got with GET or HEAD" };
    else if (!media->dialect && !multipart_taken(service, m->content_type))
        *refusal = (struct bark_refusal){
            .status = 415, .rule = "[SOAP12-2 7.1] Content-Type is text/xml or application/soap+xml, in UTF-8"
        };
}

static void http_judge(const struct bark_http_reader *reader, const struct bark_route *route,
                       struct bark_refusal *refusal)
{
    if (is_of_another_site(reader))
        *refusal = (struct bark_refusal){ .status = 403,
                                          .rule = "[SECURITY row 35] the request comes from another site" };
    else if (is_get(reader->message.method) && changes_something(route))
        *refusal =
            (struct bark_refusal){ .status = 403,
                                   .rule = "[RFC9110 9.2.1] the operation changes something, and is not "
                                           "called by GET" };
    else if (!route->http->http->takes(route->http, route->http_row, reader->message.content_type))
        *refusal = (struct bark_refusal){ .status = 415,
                                          .rule = "[WSDL11 5.3] the operation takes another Content-Type" };
}

void bark_soap_host_admit(void *user, const struct bark_http_reader *reader, struct bark_route *route,
                          struct bark_refusal *refusal)
{
    const struct bark_soap_host *host = user;
    const struct bark_http_message *m = &reader->message;
    struct bark_soap_media media;
    bool is_resource;
    (void)bark_soap_media_read(m->content_type, &media); /* its dialect says it all */
    route_find(host, m, &media, route);
    is_resource = route->resource || route->is_metrics;
    *refusal = (struct bark_refusal){ 0 };
    if (m->host.ptr && !bark_http_message_host_allowed(m, host->host_names, host->host_name_count))
        *refusal = (struct bark_refusal){ .status = 403,
                                          .rule = "Host is neither an address nor a name of this server" };
    else if (route->http && !is_resource)
        http_judge(reader, route, refusal);
    else if (route->http_allow && !route->soap && !is_resource)
        *refusal = (struct bark_refusal){ .status = 405,
                                          .allow = route->http_allow,
                                          .rule = "[WSDL11 4.4] the operation has another verb" };
    else if (!route->soap && !is_resource)
        *refusal = (struct bark_refusal){ .status = 404, .rule = "no service has this path" };
    else
        method_judge(m, &media, route->soap, is_resource, refusal);
}

static bool slow_has(const struct bark_slow_service *slow, uint16_t operation)
{
    for (size_t i = 0; i < slow->operation_count; i++) {
        if (slow->operations[i] == operation)
            return true;
    }
    return false;
}

/* A message that names no operation is refused soon, wherever that happens. */
bool bark_soap_host_slow(void *user, const struct bark_http_reader *reader, const struct bark_route *route,
                         struct bark_slice body, struct bark_arena *arena)
{
    const struct bark_soap_host *host = user;
    const struct bark_service *service = route_service(route);
    const struct bark_slow_service *slow = NULL;
    const struct bark_http_message *m = &reader->message;
    struct bark_soap_media media;
    struct bark_slice action;
    uint16_t operation;
    if (route->resource && is_get(m->method))
        return route->resource->slow;
    for (size_t i = 0; i < host->slow_count && !slow; i++) {
        if (host->slow[i].service == service)
            slow = &host->slow[i];
    }
    if (!slow || !slow->operations)
        return slow != NULL;
    if (route->http)
        return slow_has(slow, service->image->https[route->http_row].operation);
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
    return slow_has(slow, operation);
}

static void exchange_capture(const struct bark_soap_host *host, const struct bark_service *service,
                             const struct bark_loop_request *request, const struct bark_soap_reply *reply,
                             struct bark_slice answer)
{
    const struct bark_http_message *m = &request->reader->message;
    const struct bark_slice name = bark_operation_name(service->image, reply->operation);
    struct bark_capture_exchange exchange = { .image = service->image,
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
    if (request->route->http) {
        const size_t len = strlen(service->path), base = len + (len == 0 || service->path[len - 1] != '/');
        exchange.http = service->http;
        exchange.http_row = request->route->http_row;
        exchange.query = m->query;
        exchange.base = base < m->path.len ? base : m->path.len;
        exchange.is_fault = reply->is_fault;
        exchange.is_get = is_get(m->method);
    }
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
    soap->streams =
        (service->attachments || service->http) &&
        getrandom(soap->random, sizeof soap->random, GRND_NONBLOCK) == (ssize_t)sizeof soap->random;
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
        struct bark_slice name = bark_operation_name(service->image, reply->operation);
        *request->operation = (struct bark_text){ (const char *)name.ptr, name.len };
    }
}

/* An answer without an envelope may be what a browser shows or keeps: it is what it says it is, and is kept
 * by nobody. */
static const char bare_text[] = "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n";
static const struct bark_slice bare_fields = { (const uint8_t *)bare_text, sizeof bare_text - 1 };

static void service_serve(const struct bark_soap_host *host, const struct bark_loop_request *request,
                          const struct bark_identity *who, struct bark_out *out)
{
    const struct bark_route *route = request->route;
    const struct bark_service *service = route_service(route);
    const struct bark_http_message *m = &request->reader->message;
    struct bark_soap_request soap;
    struct bark_soap_reply *const reply = bark_arena_room(request->arena, 1, sizeof *reply);
    const size_t start = out->pos;
    if (!service || !reply)
        return; /* never for a request that was admitted, in an arena just reset; the answer stays 500 */
    message_ask(service, request, who, &soap);
    if (route->http) {
        const struct bark_http_call call = { route->http_row, m->path, m->query, &soap };
        service->http->serve(service, host->limits, &call, request->arena, out, reply);
    } else {
        bark_soap_serve(service, host->limits, &soap, request->arena, out, reply);
    }
    if (route->http)
        request->answer->fields = bare_fields;
    reply_report(host, service, request, reply, out);
    if (host->capture && !reply->parts && reply->error.code == BARK_OK && reply->operation != BARK_NONE)
        exchange_capture(host, service, request, reply,
                         (struct bark_slice){ out->base + start, out->pos - start });
}

const struct bark_streaming *bark_soap_host_streams(void *user, const struct bark_http_reader *reader,
                                                    const struct bark_route *route)
{
    const struct bark_http_message *m = &reader->message;
    const struct bark_service *service = route->soap;
    (void)user;
    if (!service || !service->streaming || !bark_slice_is(m->method, "POST") ||
        (m->content_length == 0 && !m->chunked) || !multipart_taken(service, m->content_type))
        return NULL;
    return service->streaming;
}

static bool upload_begin(void *user, struct bark_upload *u)
{
    const struct bark_soap_host *host = user;
    const struct bark_service *service = u->request.route->soap;
    u->soap = service->attachments->receiving;
    message_ask(service, &u->request, host->auth ? u->request.caller : NULL, &u->message);
    u->receive = u->soap->begin(service, host->limits, &u->message, &u->arena, &u->reply);
    return u->receive != NULL;
}

static void upload_answered(void *user, struct bark_upload *u, struct bark_out *out)
{
    const struct bark_soap_host *host = user;
    reply_report(host, u->request.route->soap, &u->request, &u->reply, out);
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
    const struct bark_route *route = request->route;
    const struct bark_service *service = route_service(route);
    const uint16_t only = route->http ? service->image->https[route->http_row].operation : BARK_NONE;
    if (is_get(m->method) || !service)
        return BARK_CODED_LEAVE;
    if (host->auth && (!bark_caller_check(host, request, route->http != NULL, who, out) ||
                       !bark_caller_may_call_any(host, request, service, only, action_of_head(m), who, out)))
        return BARK_CODED_ANSWERED;
    return BARK_CODED_EXPAND;
}

/* The caller of a request: judged before its body was expanded, or now. False: the answer is made already. */
static bool caller_find(const struct bark_soap_host *host, const struct bark_loop_request *request,
                        bool may_be_empty, struct bark_identity *who, struct bark_out *out)
{
    if (!request->caller) /* [R11] once a request: a nonce count is good once */
        return bark_caller_check(host, request, may_be_empty, who, out);
    *who = *request->caller;
    *request->user = (struct bark_text){ who->name, strlen(who->name) };
    return true;
}

void bark_soap_host_serve(void *user, const struct bark_loop_request *request, struct bark_out *out)
{
    const struct bark_soap_host *host = user;
    const struct bark_route *route = request->route;
    struct bark_identity *who = NULL;
    if (host->auth) {
        who = bark_arena_alloc(request->arena, 1, sizeof *who);
        if (!who || !caller_find(host, request, route->http != NULL, who, out))
            return;
    }
    if (!is_get(request->reader->message.method) || (route->http && !route->resource && !route->is_metrics)) {
        service_serve(host, request, who, out);
        return;
    }
    if (route->is_metrics) {
        metrics_serve(host, request, who, out);
        return;
    }
    if (route->resource && (!who || bark_caller_may_get(host, request, route->resource, who, out)))
        bark_resource_serve(route->resource, request, out);
}
