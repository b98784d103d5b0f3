/* http/framing.c - where a message ends, decided once, when its head is complete [RFC9112 6.3].
 *
 * What could be read in two ways is refused and not resolved by precedence: a message with both a length and
 * a transfer coding is how requests are smuggled past a proxy (row 31).
 */
#include "http/chars.h"
#include "http/reader.h"

static enum bark_code request_checks(struct bark_http_reader *r, const uint8_t *end, struct bark_error *err)
{
    struct bark_http_message *m = &r->message;
    if (m->minor == 1 && !m->host.ptr)
        return bark_http_refuse(r, 400, end, "[RFC9112 3.2] an HTTP/1.1 request carries Host, once", err);
    if (r->authority.ptr && m->host.ptr && !bark_slice_alike(r->authority, m->host))
        return bark_http_refuse(r, 400, m->host.ptr,
                                "[RFC9112 3.2.2] Host differs from the authority of the target", err);
    if (r->authority.ptr && !m->host.ptr) {
        uint16_t port;
        if (!bark_http_authority_read(r->authority, &m->host_name, &port, &m->host_bracketed))
            return bark_http_refuse(r, 400, r->authority.ptr,
                                    "[RFC9112 3.2.2] the target's authority is a host and an optional port",
                                    err);
        m->host = r->authority;
    }
    if (m->minor == 0)
        m->expect_continue = false; /* [RFC9110 10.1.1] ignored from an HTTP/1.0 client */
    return BARK_OK;
}

/* [RFC9112 6.3] rule 1: these answers have no body, whatever their fields say. */
static bool response_is_bare(const struct bark_http_reader *r)
{
    unsigned status = r->message.status;
    return r->role == BARK_HTTP_RESPONSE && (status < 200 || status == 204 || status == 304);
}

enum bark_code bark_http_framing_decide(struct bark_http_reader *r, struct bark_error *err)
{
    struct bark_http_message *m = &r->message;
    const uint8_t *end = r->head + r->line_start;
    m->keep_alive = m->minor == 1 && (r->seen & BARK_HTTP_SEEN_CLOSE) == 0;
    if (r->role == BARK_HTTP_REQUEST && request_checks(r, end, err) != BARK_OK)
        return BARK_ERR_HTTP;
    if (m->has_content_length && m->chunked)
        return bark_http_refuse(r, 400, end,
                                "[RFC9112 6.1] Content-Length and Transfer-Encoding exclude each other", err);
    if (m->chunked && m->minor == 0)
        return bark_http_refuse(r, 400, end, "[RFC9112 6.1] an HTTP/1.0 message has no transfer coding", err);
    if (response_is_bare(r)) {
        r->state = BARK_HTTP_IN_LENGTH;
        return BARK_OK;
    }
    if (m->content_length > r->body_max)
        return bark_http_refuse(r, 413, end, "limits.body_bytes: Content-Length is over it", err);
    if (m->chunked) {
        r->state = BARK_HTTP_IN_CHUNKS;
    } else if (r->role == BARK_HTTP_RESPONSE && !m->has_content_length) {
        r->state = BARK_HTTP_IN_CLOSE;
        m->keep_alive = false;
    } else {
        r->state = BARK_HTTP_IN_LENGTH;
        r->body_left = m->content_length;
    }
    return BARK_OK;
}
