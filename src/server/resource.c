/* server/resource.c - small fixed things that are got with GET and HEAD: a snapshot, the WSDL of a service.
 *
 * A resource has one exact target, query included ("/port?wsdl"), and no other spelling reaches it (row 36).
 * No file is ever opened here.
 */
#include "server/loop.h"

#include <string.h>

enum { TEXT_MAX = 120 };

static bool slice_is(struct bark_slice s, const char *text, size_t len)
{
    return s.len == len && (len == 0 || memcmp(s.ptr, text, len) == 0);
}

const struct bark_resource *bark_resource_find(const struct bark_soap_host *host,
                                               const struct bark_http_message *m)
{
    for (size_t i = 0; i < host->resource_count; i++) {
        const char *target = host->resources[i].target;
        const char *query = strchr(target, '?');
        size_t path = query ? (size_t)(query - target) : strlen(target);
        if (slice_is(m->path, target, path) && (query != NULL) == (m->query.ptr != NULL) &&
            (!query || slice_is(m->query, query + 1, strlen(query + 1))))
            return &host->resources[i];
    }
    return NULL;
}

/* [RFC9110 13.1.2] "*" or a list of tags, compared weakly: without their W/. A tag has no quote inside. */
static bool etag_listed(struct bark_slice list, const char *etag)
{
    const size_t len = strlen(etag);
    if (slice_is(list, "*", 1))
        return true;
    for (size_t at = 0; len <= list.len && at <= list.len - len; at++) {
        if (memcmp(list.ptr + at, etag, len) == 0)
            return true; /* its quotes are part of it, so it can only stand there as a whole */
    }
    return false;
}

static bool field_text_check(const char *text)
{
    size_t len = 0;
    for (; text[len]; len++) {
        if (text[len] < 0x20 || text[len] > 0x7e || len >= TEXT_MAX)
            return false;
    }
    return len > 0;
}

static bool etag_check(const char *etag)
{
    const size_t len = strlen(etag);
    return field_text_check(etag) && len > 2 && etag[0] == '"' && strchr(etag + 1, '"') == etag + len - 1 &&
           !strchr(etag, ','); /* what stands between two tags of a list must not look like one */
}

enum bark_code bark_resources_check(const struct bark_resource *resources, size_t count,
                                    const char *server_name, struct bark_error *err)
{
    if (server_name && !field_text_check(server_name))
        return bark_fail(err, BARK_ERR_USE, 0, "server_name: 1 to 120 printable characters of ASCII");
    for (size_t i = 0; i < count; i++) {
        const struct bark_resource *r = &resources[i];
        if (!r->target || r->target[0] != '/')
            return bark_fail(err, BARK_ERR_USE, i, "a resource's target starts with a slash");
        if (!r->content_type || !field_text_check(r->content_type))
            return bark_fail(err, BARK_ERR_USE, i,
                             "a resource's content_type: 1 to 120 printable characters");
        if (r->etag && !etag_check(r->etag))
            return bark_fail(
                err, BARK_ERR_USE, i,
                "[RFC9110 8.8.3] an etag stands in quotes and has neither a quote nor a comma inside");
    }
    return BARK_OK;
}

void bark_resource_serve(const struct bark_resource *r, const struct bark_loop_request *request,
                         struct bark_out *out)
{
    struct bark_resource_call call = { .arena = request->arena,
                                       .user = r->user,
                                       .peer = request->peer,
                                       .now_ns = request->wall_ns,
                                       .bytes = r->bytes };
    struct bark_slice listed;
    request->answer->etag = r->etag;
    if (r->etag && bark_http_field(request->reader, "If-None-Match", &listed) == 1 &&
        etag_listed(listed, r->etag)) {
        request->answer->status = 304;
        return;
    }
    if (r->fill && r->fill(&call) != BARK_OK) {
        request->answer->etag = NULL;
        (void)bark_fail(request->error, BARK_ERR_USE, 0, "the resource could not be made");
        return; /* the answer stays 500 */
    }
    request->answer->status = 200;
    request->answer->content_type = r->content_type;
    bark_out_put(out, call.bytes.ptr, call.bytes.len);
}
