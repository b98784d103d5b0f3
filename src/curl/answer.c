/* curl/answer.c - what libcurl hands over, as the bytes of an HTTP/1.1 message that ends with its connection.
 *
 * A head comes line by line, of HTTP/1 as it was sent, of HTTP/2 as libcurl writes it. The status line is
 * written anew, fields of framing are left out (libcurl has undone what they say), and the client's own
 * reader judges the rest. Where two fields of framing contradict each other nobody knows where the answer
 * ends (row 31), so that is an error here. Lines behind the body are trailers, which nobody reads.
 */
#include "curl/state.h"

#include "base/slice.h"

#include <string.h>

static bool bytes_take(struct bark_curl_state *s, const void *bytes, size_t len)
{
    const enum bark_code code =
        s->request.take(s->request.user, (struct bark_slice){ (const uint8_t *)bytes, len });
    if (code != BARK_MORE && code != BARK_OK)
        s->code = code;
    return s->code == BARK_OK;
}

static bool refuse(struct bark_curl_state *s, const char *rule)
{
    s->code = bark_fail(&s->own, BARK_ERR_HTTP, 0, rule);
    return false;
}

/* [RFC9112 4] "HTTP/1.1 200 OK", [RFC9113 8.3.2] as "HTTP/2 200 ". */
static bool status_take(struct bark_curl_state *s, const char *line, size_t len)
{
    const char *space = memchr(line, ' ', len);
    char text[] = "HTTP/1.1 000 \r\n";
    size_t at = space ? (size_t)(space - line) + 1 : len;
    s->status = 0;
    s->length = s->chunked = false;
    for (size_t i = 0; i < 3; i++, at++) {
        if (at >= len || line[at] < '0' || line[at] > '9')
            return refuse(s, "[RFC9112 4] the status line has no status");
        s->status = 10 * s->status + (unsigned)(line[at] - '0');
        text[9 + i] = line[at];
    }
    s->part = BARK_CURL_FIELDS;
    return bytes_take(s, text, sizeof text - 1);
}

static bool is_field(const char *line, size_t len, const char *name)
{
    const size_t name_len = strlen(name);
    return len > name_len && line[name_len] == ':' &&
           bark_slice_reads((struct bark_slice){ (const uint8_t *)line, name_len }, name);
}

static bool field_take(struct bark_curl_state *s, const char *line, size_t len)
{
    static const char *const others[] = { "connection", "keep-alive", "proxy-connection", "upgrade" };
    const bool length = is_field(line, len, "content-length");
    const bool chunked = is_field(line, len, "transfer-encoding");
    if (length || chunked) {
        if (s->length || s->chunked)
            return refuse(s, "[RFC9112 6.3] the answer says twice how long it is");
        s->length = length;
        s->chunked = chunked;
        return true;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (is_field(line, len, others[i]))
            return true;
    }
    return bytes_take(s, line, len);
}

size_t bark_curl_line_take(char *line, size_t size, size_t count, void *user)
{
    struct bark_curl_state *s = user;
    const size_t len = size * count;
    bool fine = true;
    switch (s->part) {
    case BARK_CURL_STATUS:
        fine = status_take(s, line, len);
        break;
    case BARK_CURL_FIELDS:
        if (len == 2 && line[0] == '\r' && line[1] == '\n') {
            s->part = s->status < 200 ? BARK_CURL_STATUS : BARK_CURL_BODY;
            fine = bytes_take(s, line, len);
        } else {
            fine = field_take(s, line, len);
        }
        break;
    case BARK_CURL_BODY:
        break;
    }
    return fine ? len : 0;
}

size_t bark_curl_body_take(char *bytes, size_t size, size_t count, void *user)
{
    struct bark_curl_state *s = user;
    const size_t len = size * count;
    if (len == 0)
        return 0;
    if (s->part != BARK_CURL_BODY && !refuse(s, "[RFC9112 2.1] the answer has no head"))
        return 0;
    return bytes_take(s, bytes, len) ? len : 0;
}

/* The request's body where a source follows it: what is in memory first. */
size_t bark_curl_body_give(char *room, size_t size, size_t count, void *user)
{
    struct bark_curl_state *s = user;
    const struct bark_carry_request *r = &s->request;
    const size_t cap = size * count, left = r->body.len - s->body_at;
    size_t len = left < cap ? left : cap;
    enum bark_code code = BARK_MORE;
    if (len > 0) {
        memcpy(room, r->body.ptr + s->body_at, len);
        s->body_at += len;
        return len;
    }
    while (len == 0 && code == BARK_MORE && !s->more_over)
        code = r->more(r->user, (uint8_t *)room, cap, &len);
    if (code == BARK_OK)
        s->more_over = true;
    else if (code != BARK_MORE)
        s->code = code;
    return s->code == BARK_OK ? len : CURL_READFUNC_ABORT;
}
