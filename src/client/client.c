/* client/client.c - an operation call: struct to envelope, over the wire, and the answer back into a struct.
 *
 * Memory: one arena for the answer's values, reset by each call; one buffer for the request that grows up to
 * limits.reply_bytes; the exchange's own buffers. All of it lives as long as the client.
 */
#include "soapbark/client.h"

#include "base/report.h"
#include "client/exchange.h"
#include "soap/dialect.h"
#include "soap/media.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_BYTES_FIRST = 8192 };

struct bark_client {
    const struct bark_image *image;
    enum bark_soap_version version; /* 0: as the operation is bound */
    struct bark_limits limits;
    uint64_t timeout_ns;
    struct bark_exchange exchange;
    struct bark_arena arena;
    void *arena_memory;
    uint8_t *request;
    size_t request_cap;
    struct bark_soap_fault fault;
    struct bark_unknown unknown;
    struct bark_slice raw;
};

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

static enum bark_code client_open(struct bark_client *c, const struct bark_client_options *options,
                                  struct bark_error *err)
{
    enum bark_code code;
    if (!options->url || !options->image)
        return bark_fail(err, BARK_ERR_USE, 0, "a client needs a URL and an image");
    code = bark_limits_check(&c->limits, err);
    if (code == BARK_OK)
        code = bark_exchange_open(&c->exchange, options->url, &c->limits, options->tls, err);
    if (code != BARK_OK)
        return code;
    if (c->limits.arena_bytes > SIZE_MAX / 4)
        return bark_fail(err, BARK_ERR_USE, 0, "limits.arena_bytes: more than this machine can address");
    c->arena_memory = malloc((size_t)c->limits.arena_bytes);
    c->request = malloc(REQUEST_BYTES_FIRST);
    c->request_cap = REQUEST_BYTES_FIRST;
    if (!c->arena_memory || !c->request)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the client's arena");
    bark_arena_init(&c->arena, c->arena_memory, (size_t)c->limits.arena_bytes);
    return BARK_OK;
}

struct bark_client *bark_client_new(const struct bark_client_options *options, struct bark_error *err)
{
    struct bark_client *c = calloc(1, sizeof *c);
    uint32_t timeout_ms;
    if (!c) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the client");
        return NULL;
    }
    c->image = options->image;
    c->version = options->version;
    c->unknown.policy = options->unknown;
    c->limits = options->limits ? *options->limits : bark_limits_server;
    timeout_ms = options->timeout_ms ? options->timeout_ms : c->limits.request_ms;
    c->timeout_ns = UINT64_C(1000000) * timeout_ms;
    c->exchange.stream = (struct bark_net_stream){ .ops = &bark_net_plain, .fd = -1 };
    if (client_open(c, options, err) != BARK_OK) {
        bark_client_free(c);
        return NULL;
    }
    return c;
}

void bark_client_free(struct bark_client *client)
{
    if (!client)
        return;
    bark_exchange_close(&client->exchange);
    free(client->arena_memory);
    free(client->request);
    free(client);
}

/* The version asked for, else what the operation is bound to: 1.2 unless only 1.1 is named. */
static enum bark_soap_version version_choose(const struct bark_client *c,
                                             const struct bark_operation_row *row)
{
    unsigned bound = row->flags & (BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12);
    if (c->version)
        return c->version;
    return bound == BARK_OPERATION_SOAP11 ? BARK_SOAP_11 : BARK_SOAP_12;
}

/* [SOAP11 6.1.1] the action is quoted in SOAPAction; [SOAP12-2 7.1.4] it is a parameter of the type. The two
 * texts stand in the request buffer, behind the head's room. A quote or a backslash would end the quoted text
 * or change it, and no URI has one. */
static enum bark_code action_write(struct bark_out *o, const struct bark_operation_row *row,
                                   const struct bark_image *image, enum bark_soap_version version,
                                   struct bark_error *err)
{
    const uint8_t *action = image->pool + row->action;
    if (row->action_len && (memchr(action, '"', row->action_len) || memchr(action, '\\', row->action_len)))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC9110 5.6.4] the action cannot stand in a quoted string");
    bark_out_text(o, bark_soap_dialect(version)->content_type);
    if (version == BARK_SOAP_12 && row->action_len) {
        bark_out_text(o, "; action=\"");
        bark_out_put(o, action, row->action_len);
        bark_out_byte(o, '"');
    }
    bark_out_byte(o, '\0');
    bark_out_byte(o, '"');
    bark_out_put(o, action, row->action_len);
    bark_out_byte(o, '"');
    bark_out_byte(o, '\0');
    return BARK_OK;
}

/* The request buffer holds: the two texts of action_write(), room for the head, the envelope. */
static enum bark_code request_make(struct bark_client *c, uint16_t operation, const void *headers,
                                   const void *in, struct bark_exchange_request *request,
                                   struct bark_error *err)
{
    const struct bark_operation_row *row = &c->image->operations[operation];
    enum bark_soap_version version = version_choose(c, row);
    struct bark_out out = { .base = c->request, .cap = c->request_cap, .make_room = request_grow, .user = c };
    size_t texts, body, room;
    enum bark_code code = action_write(&out, row, c->image, version, err);
    if (code != BARK_OK)
        return code;
    texts = out.pos;
    room = bark_exchange_head_room(&c->exchange) + texts;
    for (size_t i = 0; i < room && bark_out_ok(&out); i++)
        bark_out_byte(&out, 0);
    body = out.pos;
    code = bark_soap_request_write_headers(c->image, operation, version, headers, in, &c->limits, &c->arena,
                                           &out, err);
    if (code != BARK_OK)
        return code;
    request->content_type = (const char *)c->request;
    request->action =
        version == BARK_SOAP_11 ? (const char *)c->request + strlen(request->content_type) + 1 : NULL;
    request->room = c->request + texts;
    request->room_len = room;
    request->body_len = out.pos - body;
    return BARK_OK;
}

/* An answer that is no SOAP message: what HTTP said is all there is to report. */
static enum bark_code status_report(const struct bark_exchange_answer *answer, struct bark_error *err)
{
    char digits[] = { (char)('0' + answer->status / 100), (char)('0' + answer->status / 10 % 10),
                      (char)('0' + answer->status % 10), '\0' };
    enum bark_code code =
        bark_fail(err, BARK_ERR_HTTP, 0,
                  answer->status >= 300 && answer->status < 400
                      ? "[SOAP12-2 7.5.2.2] the server redirects, and redirects are not followed"
                      : "[SOAP12-2 7.5.2] the answer is not a SOAP message");
    if (err) {
        bark_report_say(err->found, sizeof err->found, "HTTP ");
        bark_report_say(err->found, sizeof err->found, digits);
        if (answer->content_type.len) {
            bark_report_say(err->found, sizeof err->found, " with ");
            bark_report_add(err->found, sizeof err->found, answer->content_type);
        }
    }
    return code;
}

static enum bark_code answer_take(struct bark_client *c, uint16_t operation,
                                  const struct bark_exchange_answer *answer, const void **headers, void **out,
                                  struct bark_error *err)
{
    struct bark_soap_media media;
    const struct bark_decode_options options = { .unknown = &c->unknown };
    enum bark_code code;
    bool one_way = (c->image->operations[operation].flags & BARK_OPERATION_ONE_WAY) != 0;
    if (one_way && answer->body.len == 0 && answer->status >= 200 && answer->status < 300)
        return BARK_OK;
    if (answer->body.len == 0 || !bark_soap_media_read(answer->content_type, &media))
        return status_report(answer, err);
    code = bark_soap_reply_read_with(c->image, operation, answer->body, &options, &c->limits, &c->arena,
                                     headers, out, &c->fault, err);
    if (code != BARK_ERR_FAULT)
        return code;
    (void)bark_fail(err, BARK_ERR_FAULT, 0, "the operation answered with a fault");
    if (err && c->fault.reason.ptr)
        bark_report_add(err->found, sizeof err->found,
                        (struct bark_slice){ (const uint8_t *)c->fault.reason.ptr, c->fault.reason.len });
    return code;
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
    struct bark_exchange_request request = { .deadline_ns = bark_net_monotonic_ns() + client->timeout_ns };
    struct bark_exchange_answer answer;
    void *unused;
    const void *unread;
    enum bark_code code;
    if (!out)
        out = &unused;
    if (!answer_headers)
        answer_headers = &unread;
    *out = NULL;
    *answer_headers = NULL;
    client->fault = (struct bark_soap_fault){ 0 };
    client->unknown = (struct bark_unknown){ .policy = client->unknown.policy };
    client->raw = (struct bark_slice){ 0 };
    if (operation >= client->image->operation_count)
        return bark_fail(err, BARK_ERR_USE, 0, "the image has no such operation");
    code = request_make(client, operation, headers, in, &request, err);
    bark_arena_reset(&client->arena); /* not before: `in` may point into the answer of the call before */
    if (code == BARK_OK)
        code = bark_exchange_post(&client->exchange, &request, &answer, err);
    if (code != BARK_OK)
        return code;
    client->raw = answer.body;
    return answer_take(client, operation, &answer, answer_headers, out, err);
}

const struct bark_soap_fault *bark_client_fault(const struct bark_client *client)
{
    return &client->fault;
}

const struct bark_unknown *bark_client_unknown(const struct bark_client *client)
{
    return &client->unknown;
}

struct bark_slice bark_client_raw_reply(const struct bark_client *client)
{
    return client->raw;
}
