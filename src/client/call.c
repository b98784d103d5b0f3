/* client/call.c - a call in rounds, step by step.
 *
 *     begin: the envelope is written, once
 *     round: a head before it, sent and answered by the exchange
 *            401, and there is something to say that was not said yet: another round, with credentials
 *            307 or 308, and redirects are followed: another round, at another place
 *     end:   any other answer
 *
 * The blocking call is a loop around the same steps. Credentials go to the URL's own origin only.
 */
#include "client/client.h"

#include "soapbark/crypto.h"

#include <poll.h>
#include <string.h>

static void call_end(struct bark_client *c, enum bark_code verdict)
{
    struct bark_exchange_request *r = &c->sending;
    c->under_way = false;
    bark_client_sources_close(c, verdict);
    if (c->authorization) { /* both have been copies of secrets */
        bark_secret_wipe(c->authorization, c->authorization_cap);
        bark_secret_wipe(r->room, r->room_len);
    }
}

static enum bark_code round_begin(struct bark_client *c, struct bark_error *err)
{
    struct bark_exchange_request *r = &c->sending;
    const char *target = r->target ? r->target : c->now->target;
    enum bark_code code = BARK_OK;
    struct bark_out out;
    r->authorization = (struct bark_slice){ 0 };
    if (c->authorization && c->now == &c->exchange) {
        bark_out_init(&out, c->authorization, c->authorization_cap);
        code =
            bark_credentials_write(&c->credentials, r->content_type ? "POST" : "GET",
                                   (struct bark_slice){ (const uint8_t *)target, strlen(target) }, &out, err);
        if (out.pos > 0)
            r->authorization = bark_out_bytes(&out);
    }
    return code == BARK_OK ? bark_exchange_begin(c->now, r, err) : code;
}

static enum bark_code call_begin(struct bark_client *c, uint16_t operation, const void *headers,
                                 const void *in, bool lookup, struct bark_error *err)
{
    enum bark_code code;
    if (c->under_way)
        return bark_fail(err, BARK_ERR_USE, 0, "a call of this client is under way");
    c->fault = (struct bark_soap_fault){ 0 };
    c->unknown = (struct bark_unknown){ .policy = c->unknown.policy };
    c->raw = (struct bark_slice){ 0 };
    c->package = (struct bark_soap_package){ 0 };
    if (operation >= c->image->operation_count)
        return bark_fail(err, BARK_ERR_USE, 0, "the image has no such operation");
    c->sending = (struct bark_exchange_request){ .deadline_ns = bark_net_monotonic_ns() + c->timeout_ns,
                                                 .lookup = lookup };
    c->operation = operation;
    c->redirects_left = c->redirects;
    c->http_row = BARK_NONE;
    if (bark_client_http_is_way(c, operation))
        code = headers ? bark_fail(err, BARK_ERR_USE, 0, "[WSDL11 4] an HTTP binding carries no headers")
                       : bark_client_http_make(c, operation, in, &c->sending, err);
    else
        code = bark_client_request_make(c, operation, headers, in, &c->sending, err);
    bark_arena_reset(&c->arena); /* not before: `in` may point into the answer of the call before */
    if (code != BARK_OK) {
        bark_client_sources_close(c, code);
        return bark_client_receive_end(c, code, err);
    }
    c->waiting_count = 0; /* those that are sources are in c->outgoing */
    c->waiting_members = false;
    c->sending.more = c->outgoing ? &c->more : NULL;
    bark_client_receive_begin(c);
    c->sending.patience_ns = c->timeout_ns;
    const char *target = c->sending.target;
    bark_client_return(c);
    c->sending.target = target;
    bark_credentials_begin(&c->credentials);
    c->under_way = true;
    code = round_begin(c, err);
    if (code != BARK_OK) {
        call_end(c, code);
        code = bark_client_receive_end(c, code, err);
    }
    return code;
}

/* The message would have to be sent again, and a source can be read once. */
static enum bark_code source_refuse(struct bark_client *c, struct bark_error *err)
{
    bark_exchange_cancel(c->now);
    return bark_fail(err, BARK_ERR_HTTP, 0,
                     "the server wants the request again, and a part of it came from a source");
}

static enum bark_code call_step(struct bark_client *c, const void **headers, void **out,
                                struct bark_error *err)
{
    for (;;) {
        struct bark_exchange_answer answer;
        enum bark_code code = bark_exchange_step(c->now, &answer, err);
        if (code == BARK_MORE)
            return code;
        if (code == BARK_OK && ((answer.status == 401 && c->now == &c->exchange &&
                                 bark_credentials_challenged(&c->credentials, &c->now->reader)) ||
                                bark_client_redirected(c))) {
            code = c->outgoing && c->now->more_begun ? source_refuse(c, err) : round_begin(c, err);
            if (code == BARK_OK)
                continue;
        }
        if (code == BARK_OK)
            code = bark_client_answer_expand(c, &answer, err);
        call_end(c, code);
        if (code == BARK_OK) {
            c->raw = answer.body;
            code = bark_client_answer_take(c, &answer, headers, out, err);
        }
        return bark_client_receive_end(c, code, err);
    }
}

enum bark_code bark_client_start(struct bark_client *client, uint16_t operation, const void *headers,
                                 const void *in, struct bark_error *err)
{
    return call_begin(client, operation, headers, in, false, err);
}

enum bark_code bark_client_step(struct bark_client *client, struct bark_client_wait *wait,
                                const void **answer_headers, void **out, struct bark_error *err)
{
    void *unused;
    const void *unread;
    enum bark_code code;
    if (!out)
        out = &unused;
    if (!answer_headers)
        answer_headers = &unread;
    *out = NULL;
    *answer_headers = NULL;
    *wait = (struct bark_client_wait){ .fd = -1 };
    if (!client->under_way)
        return bark_fail(err, BARK_ERR_USE, 0, "no call of this client is under way");
    code = call_step(client, answer_headers, out, err);
    if (code == BARK_MORE)
        *wait = bark_exchange_wants(client->now);
    return code;
}

enum bark_code bark_client_step_of(struct bark_client *client, uint16_t operation,
                                   struct bark_client_wait *wait, const void **answer_headers, void **out,
                                   struct bark_error *err)
{
    if (client->under_way && client->operation != operation) {
        *wait = (struct bark_client_wait){ .fd = -1 };
        return bark_fail(err, BARK_ERR_USE, 0, "the call under way is one of another operation");
    }
    return bark_client_step(client, wait, answer_headers, out, err);
}

void bark_client_cancel(struct bark_client *client)
{
    if (!client->under_way)
        return;
    bark_exchange_cancel(client->now);
    call_end(client, BARK_ERR_IO);
    (void)!bark_client_receive_end(client, BARK_ERR_IO, NULL);
}

enum bark_code bark_client_call(struct bark_client *client, uint16_t operation, const void *in, void **out,
                                struct bark_error *err)
{
    return bark_client_call_headers(client, operation, NULL, in, NULL, out, err);
}

enum bark_code bark_client_call_headers(struct bark_client *client, uint16_t operation, const void *headers,
                                        const void *in, const void **answer_headers, void **out,
                                        struct bark_error *err)
{
    void *unused;
    const void *unread;
    enum bark_code code;
    if (!out)
        out = &unused;
    if (!answer_headers)
        answer_headers = &unread;
    *out = NULL;
    *answer_headers = NULL;
    code = call_begin(client, operation, headers, in, true, err);
    if (code != BARK_OK)
        return code;
    while ((code = call_step(client, answer_headers, out, err)) == BARK_MORE) {
        code = bark_exchange_wait(client->now, err);
        if (code != BARK_OK) {
            bark_client_cancel(client);
            return code;
        }
    }
    return code;
}
