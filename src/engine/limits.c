/* engine/limits.c - the two profiles, and the check that no limit is missing.
 *
 * The figures are those of docs/security-model.md, which says why each is what it is. A limit of 0 would mean
 * that someone forgot it, so it is refused instead of being read as "unlimited" [R4].
 */
#include "soapbark/limits.h"

#include "base/report.h"

const struct bark_limits bark_limits_device = {
    .body_bytes = 256 * 1024,
    .arena_bytes = 512 * 1024,
    .reply_bytes = 256 * 1024,
    .expansion = 20,
    .depth = 64,
    .attributes = 32,
    .namespaces = 16,
    .elements = 8192,
    .text_bytes = 64 * 1024,
    .name_bytes = 256,
    .items = 256,
    .http_headers = 32,
    .http_head_bytes = 8 * 1024,
    .mime_parts = 8,
    .mime_head_bytes = 1024,
    .head_ms = 5 * 1000,
    .request_ms = 30 * 1000,
    .body_bytes_per_s = 1024,
    .connections = 16,
    .connections_per_peer = 4,
    .requests_per_connection = 100,
};

const struct bark_limits bark_limits_server = {
    .body_bytes = 8 * 1024 * 1024,
    .arena_bytes = 16 * 1024 * 1024,
    .reply_bytes = 8 * 1024 * 1024,
    .expansion = 50,
    .depth = 128,
    .attributes = 64,
    .namespaces = 64,
    .elements = 262144,
    .text_bytes = 1024 * 1024,
    .name_bytes = 1024,
    .items = 65536,
    .http_headers = 64,
    .http_head_bytes = 32 * 1024,
    .mime_parts = 32,
    .mime_head_bytes = 4 * 1024,
    .head_ms = 10 * 1000,
    .request_ms = 120 * 1000,
    .body_bytes_per_s = 4 * 1024,
    .connections = 1024,
    .connections_per_peer = 32,
    .requests_per_connection = 1000,
};

enum bark_code bark_limits_check(const struct bark_limits *limits, struct bark_error *err)
{
    const struct {
        const char *name;
        uint64_t value;
    } members[] = {
        { "body_bytes", limits->body_bytes },
        { "arena_bytes", limits->arena_bytes },
        { "reply_bytes", limits->reply_bytes },
        { "expansion", limits->expansion },
        { "depth", limits->depth },
        { "attributes", limits->attributes },
        { "namespaces", limits->namespaces },
        { "elements", limits->elements },
        { "text_bytes", limits->text_bytes },
        { "name_bytes", limits->name_bytes },
        { "items", limits->items },
        { "http_headers", limits->http_headers },
        { "http_head_bytes", limits->http_head_bytes },
        { "mime_parts", limits->mime_parts },
        { "mime_head_bytes", limits->mime_head_bytes },
        { "head_ms", limits->head_ms },
        { "request_ms", limits->request_ms },
        { "body_bytes_per_s", limits->body_bytes_per_s },
        { "connections", limits->connections },
        { "connections_per_peer", limits->connections_per_peer },
        { "requests_per_connection", limits->requests_per_connection },
    };
    size_t i;
    for (i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].value == 0) {
            bark_fail(err, BARK_ERR_USE, 0, "[R4] a limit of 0 is invalid, it does not mean unlimited");
            if (err && err->code == BARK_ERR_USE && err->expected[0] == '\0')
                bark_report_say(err->expected, sizeof err->expected, members[i].name);
            return BARK_ERR_USE;
        }
    return BARK_OK;
}
