/* server/authenticate.c - where HTTP's credentials meet a request: who calls, what is answered to who calls
 * wrongly, and whether this caller may call this operation.
 *
 * Wrong credentials end a request here, whatever it asks for [R11]. A request without any goes on, and stops
 * when its operation is known and wants more: so the operations that are for everybody need no second rule.
 */
#include "server/loop.h"

#include "http/chars.h"
#include "soap/dispatch.h"

#include <string.h>

static void refuse(const struct bark_loop_request *request, unsigned status, const char *rule,
                   struct bark_out *out)
{
    request->answer->status = status;
    request->answer->content_type = "text/plain; charset=utf-8";
    request->answer->retry_after_s = status == 429 || status == 503 ? 5 : 0;
    bark_out_text(out, bark_http_reason(status));
    bark_out_byte(out, '\n');
    (void)bark_fail(request->error, BARK_ERR_USE, 0, rule); /* for the log; the peer learns nothing of it */
}

void bark_caller_challenge(const struct bark_soap_host *host, const struct bark_loop_request *request,
                           bool stale)
{
    uint8_t *room = bark_arena_alloc(request->arena, 1, BARK_AUTH_CHALLENGE_BYTES);
    struct bark_out lines;
    if (!room)
        return; /* a 401 without a challenge: the peer may try again when there is memory */
    bark_out_init(&lines, room, BARK_AUTH_CHALLENGE_BYTES);
    bark_auth_challenge_write(host->auth, request->secure, stale, bark_net_monotonic_ns(), &lines);
    if (bark_out_ok(&lines))
        request->answer->fields = (struct bark_slice){ room, lines.pos };
}

bool bark_caller_check(const struct bark_soap_host *host, const struct bark_loop_request *request,
                       bool may_be_empty, struct bark_identity *who, struct bark_out *out)
{
    const struct bark_http_message *m = &request->reader->message;
    struct bark_auth_request asked = { .method = m->method,
                                       .target = m->target,
                                       .secure = request->secure,
                                       .wall_ns = request->wall_ns,
                                       .monotonic_ns = bark_net_monotonic_ns() };
    const char *rule;
    enum bark_auth_result result;
    asked.authorization_count = bark_http_field(request->reader, "Authorization", &asked.authorization);
    memcpy(asked.peer, request->peer_key.bytes, sizeof asked.peer);
    if (request->identity)
        asked.certificate =
            (struct bark_slice){ request->identity->key_sha256, sizeof request->identity->key_sha256 };
    result = bark_auth_check(host->auth, &asked, who, &rule);
    switch (result) {
    case BARK_AUTH_ANONYMOUS:
        /* [RFC9110 11.6.1] A client that knows it will be asked sends its message with the answer only: curl
         * --digest posts nothing first. There is no such message, so nothing is lost by asking. */
        if (may_be_empty || request->body.len > 0 || request->streamed ||
            !bark_slice_reads(m->method, "POST"))
            return true;
        refuse(request, 401, "an empty request asks for a challenge", out);
        bark_caller_challenge(host, request, false);
        return false;
    case BARK_AUTH_KNOWN:
        *request->user = (struct bark_text){ who->name, strlen(who->name) };
        return true;
    case BARK_AUTH_WRONG:
    case BARK_AUTH_STALE:
        refuse(request, 401, rule, out);
        bark_caller_challenge(host, request, result == BARK_AUTH_STALE);
        return false;
    case BARK_AUTH_BROKEN:
        refuse(request, 400, rule, out);
        return false;
    case BARK_AUTH_WAIT:
        refuse(request, 429, rule, out);
        return false;
    case BARK_AUTH_BUSY:
        refuse(request, 503, rule, out);
        return false;
    }
    return false;
}

bool bark_caller_may_get(const struct bark_soap_host *host, const struct bark_loop_request *request,
                         const struct bark_resource *resource, const struct bark_identity *who,
                         struct bark_out *out)
{
    if (bark_access_allowed((enum bark_access)resource->access, who->level))
        return true;
    if (who->level == BARK_LEVEL_ANONYMOUS) {
        refuse(request, 401, "the resource wants to know who calls", out);
        bark_caller_challenge(host, request, false);
    } else {
        refuse(request, 403, "the caller's level does not allow the resource", out);
    }
    return false;
}

enum bark_soap_permission bark_caller_permit(const struct bark_soap_request *request,
                                             const struct bark_service *service, uint16_t operation)
{
    uint8_t access = service->access && operation < service->access_count ? service->access[operation]
                                                                          : (uint8_t)BARK_ACCESS_NOBODY;
    if (service->access_now)
        access = service->access_now(service, operation, access);
    if (bark_access_allowed((enum bark_access)access,
                            request->who ? request->who->level : BARK_LEVEL_ANONYMOUS))
        return BARK_SOAP_ALLOWED;
    return request->who ? BARK_SOAP_FORBIDDEN : BARK_SOAP_UNKNOWN;
}

bool bark_caller_may_call_any(const struct bark_soap_host *host, const struct bark_loop_request *request,
                              const struct bark_service *service, uint16_t only, struct bark_slice action,
                              const struct bark_identity *who, struct bark_out *out)
{
    const struct bark_soap_request asked = { .who = who->level != BARK_LEVEL_ANONYMOUS ? who : NULL };
    const uint16_t first = service->image->services[service->service_row].first;
    const uint16_t count = service->image->services[service->service_row].count;
    for (uint16_t i = 0; i < count; i++) {
        const uint16_t operation = (uint16_t)(first + i);
        if ((only == BARK_NONE ? bark_soap_action_agrees(service->image, operation, action)
                               : operation == only) &&
            bark_caller_permit(&asked, service, i) == BARK_SOAP_ALLOWED)
            return true;
    }
    if (asked.who) {
        refuse(request, 403, "the caller's level allows no operation that the request can be for", out);
    } else {
        refuse(request, 401, "every operation that the request can be for wants to know who calls", out);
        bark_caller_challenge(host, request, false);
    }
    return false;
}
