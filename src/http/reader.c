/* http/reader.c - the state machine of one message: collects the head line by line, then hands out the body.
 *
 * A head line is judged when its LF has come, so a hostile head is refused at its first bad line and not at
 * its end; what has come so far of a line only counts against the limit. Body bytes never pass through a
 * buffer of ours: spans point into the input.
 */
#include "http/reader.h"

#include "http/chars.h"

#include <string.h>

void bark_http_reader_init(struct bark_http_reader *r, enum bark_http_role role,
                           const struct bark_limits *limits, void *head, size_t head_cap)
{
    *r = (struct bark_http_reader){
        .role = (uint8_t)role,
        .head = head,
        .head_cap = head_cap < limits->http_head_bytes ? head_cap : limits->http_head_bytes,
        .headers_max = limits->http_headers,
        .body_max = limits->body_bytes,
    };
}

void bark_http_reader_next(struct bark_http_reader *r)
{
    *r = (struct bark_http_reader){
        .role = r->role,
        .head = r->head,
        .head_cap = r->head_cap,
        .headers_max = r->headers_max,
        .body_max = r->body_max,
    };
}

bool bark_http_reader_idle(const struct bark_http_reader *r)
{
    return r->state == BARK_HTTP_IN_HEAD && r->head_len == 0;
}

enum bark_code bark_http_refuse(struct bark_http_reader *r, unsigned status, const uint8_t *at,
                                const char *rule, struct bark_error *err)
{
    enum bark_code code = status == 413 || status == 414 || status == 431 ? BARK_ERR_LIMIT : BARK_ERR_HTTP;
    bool in_head = at != NULL;
    r->state = BARK_HTTP_IN_REFUSED;
    r->status = (uint16_t)status;
    code = bark_fail(err, code, in_head ? (size_t)(at - r->head) : (size_t)r->offset, rule);
    if (in_head && err && err->line == 0) {
        err->line = r->line + 1;
        err->column = (uint32_t)((size_t)(at - r->head) - r->line_start) + 1;
    }
    return code;
}

/* Moves n bytes of the input past the reader. */
static struct bark_slice input_take(struct bark_http_reader *r, struct bark_slice *in, size_t n)
{
    struct bark_slice taken = { in->ptr, n };
    in->ptr += n;
    in->len -= n;
    r->offset += n;
    return taken;
}

/* One complete line stands at line_start ... head_len. The last line of a head is empty. */
static enum bark_code line_read(struct bark_http_reader *r, bool *complete, struct bark_error *err)
{
    struct bark_slice line = { r->head + r->line_start, r->head_len - r->line_start };
    enum bark_code code = BARK_OK;
    if (line.len < 2 || line.ptr[line.len - 2] != '\r')
        return bark_http_refuse(r, 400, line.ptr + line.len - 1,
                                "[RFC9112 2.2] a head line ends in CRLF, not in a bare LF", err);
    line.len -= 2;
    if (line.len == 0 && (r->seen & BARK_HTTP_SEEN_START) == 0) {
        if (r->role == BARK_HTTP_RESPONSE || (r->seen & BARK_HTTP_SEEN_BLANK) != 0)
            return bark_http_refuse(r, 400, line.ptr, "[RFC9112 2.2] a message starts with its start line",
                                    err);
        r->seen |= BARK_HTTP_SEEN_BLANK;
    } else if (line.len == 0) {
        *complete = true;
        return bark_http_framing_decide(r, err);
    } else if ((r->seen & BARK_HTTP_SEEN_START) == 0) {
        r->seen |= BARK_HTTP_SEEN_START;
        code = bark_http_start_line_read(r, line, err);
    } else {
        code = bark_http_field_line_read(r, line, err);
    }
    r->line_start = r->head_len;
    r->line++;
    return code;
}

/* The head does not fit: 414 when even the request line does not. */
static enum bark_http_event head_over(struct bark_http_reader *r, struct bark_error *err)
{
    bool in_target = (r->seen & BARK_HTTP_SEEN_START) == 0 && r->role == BARK_HTTP_REQUEST;
    (void)bark_http_refuse(r, in_target ? 414 : 431, r->head + r->head_len,
                           "limits.http_head_bytes: the head is longer than that", err);
    return BARK_HTTP_REFUSED;
}

static enum bark_http_event head_read(struct bark_http_reader *r, struct bark_slice *in,
                                      struct bark_error *err)
{
    if (r->head_len == 0 && in->len > 0) {
        if (!bark_http_is(in->ptr[0], BARK_HTTP_TOKEN) && in->ptr[0] != '\r') {
            (void)bark_http_refuse(r, 400, r->head, "[RFC9112 2.1] this is not the start of an HTTP message",
                                   err);
            return BARK_HTTP_REFUSED;
        }
    }
    while (in->len > 0) {
        const uint8_t *lf = memchr(in->ptr, '\n', in->len);
        size_t n = lf ? (size_t)(lf - in->ptr) + 1 : in->len;
        size_t room = r->head_cap - r->head_len;
        struct bark_slice piece = input_take(r, in, n < room ? n : room);
        bool complete = false;
        memcpy(r->head + r->head_len, piece.ptr, piece.len);
        r->head_len += piece.len;
        if (piece.len < n)
            return head_over(r, err);
        if (!lf)
            return BARK_HTTP_MORE;
        if (line_read(r, &complete, err) != BARK_OK)
            return BARK_HTTP_REFUSED;
        if (complete)
            return BARK_HTTP_HEAD;
    }
    return BARK_HTTP_MORE;
}

static enum bark_http_event length_read(struct bark_http_reader *r, struct bark_slice *in,
                                        struct bark_slice *body)
{
    size_t n = in->len;
    if (r->body_left == 0) {
        r->state = BARK_HTTP_IN_DONE;
        return BARK_HTTP_END;
    }
    if (n == 0)
        return BARK_HTTP_MORE;
    if (n > r->body_left)
        n = (size_t)r->body_left;
    r->body_left -= n;
    *body = input_take(r, in, n);
    return BARK_HTTP_BODY;
}

static enum bark_http_event close_read(struct bark_http_reader *r, struct bark_slice *in,
                                       struct bark_slice *body, struct bark_error *err)
{
    const uint64_t left = r->body_max - r->chunks.total;
    size_t n = in->len;
    if (n == 0)
        return BARK_HTTP_MORE;
    if (left == 0) {
        (void)bark_http_refuse(r, 413, NULL, "limits.body_bytes: the body is longer than that", err);
        return BARK_HTTP_REFUSED;
    }
    if (n > left)
        n = (size_t)left;
    r->chunks.total += n;
    *body = input_take(r, in, n);
    return BARK_HTTP_BODY;
}

static enum bark_http_event chunks_read(struct bark_http_reader *r, struct bark_slice *in,
                                        struct bark_slice *body, struct bark_error *err)
{
    enum bark_http_event event = bark_http_chunks_read(r, in, body, err);
    if (event == BARK_HTTP_END)
        r->state = BARK_HTTP_IN_DONE;
    return event;
}

enum bark_http_event bark_http_read(struct bark_http_reader *r, struct bark_slice *in,
                                    struct bark_slice *body, struct bark_error *err)
{
    *body = (struct bark_slice){ 0 };
    switch ((enum bark_http_state)r->state) {
    case BARK_HTTP_IN_HEAD:
        return head_read(r, in, err);
    case BARK_HTTP_IN_LENGTH:
        return length_read(r, in, body);
    case BARK_HTTP_IN_CHUNKS:
        return chunks_read(r, in, body, err);
    case BARK_HTTP_IN_CLOSE:
        return close_read(r, in, body, err);
    case BARK_HTTP_IN_DONE:
        return BARK_HTTP_END;
    case BARK_HTTP_IN_REFUSED:
        break;
    }
    (void)bark_fail(err, BARK_ERR_USE, (size_t)r->offset, "the message was refused before");
    return BARK_HTTP_REFUSED;
}

enum bark_code bark_http_body_limit(struct bark_http_reader *r, uint64_t max, struct bark_error *err)
{
    if (r->message.content_length > max || bark_http_chunks_known(&r->chunks) > max)
        return bark_http_refuse(
            r, 413, NULL, "limits.body_bytes (of a stream bark_streaming.body_bytes): the body is longer",
            err);
    r->body_max = max;
    return BARK_OK;
}

enum bark_code bark_http_read_close(struct bark_http_reader *r, struct bark_error *err)
{
    if (bark_http_reader_idle(r) || r->state == BARK_HTTP_IN_DONE)
        return BARK_OK;
    if (r->state == BARK_HTTP_IN_CLOSE) {
        r->state = BARK_HTTP_IN_DONE;
        return BARK_OK;
    }
    return bark_http_refuse(r, 400, NULL, "[RFC9112 8] the connection ended inside a message", err);
}
