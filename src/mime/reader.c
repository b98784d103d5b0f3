/* mime/reader.c - finds the parts of a multipart body, in one pass, whatever pieces it comes in.
 *
 * A boundary line is CR LF "--" boundary. Its CR cannot stand in a boundary, so a match that fails never has
 * to look back further than itself: one counter (matched) is the whole state of the search. Bytes that
 * matched and then did not are handed on from our own copy of the delimiter, since they are the same, and the
 * input they came in may be gone.
 *
 *   PREAMBLE --delimiter--> TAIL --CRLF--> HEAD --empty line--> BODY --delimiter--> TAIL ...
 *                            | "--"
 *                            +-----> EPILOGUE
 *
 * At the start of the body, and of each part, a CR LF counts as read (implied): the first boundary may stand
 * first, and a part may end where its head does.
 */
#include "mime/head.h"
#include "soapbark/mime.h"

#include <string.h>

enum state { PREAMBLE, TAIL, TAIL_DASH, TAIL_PAD, TAIL_LF, HEAD, BODY, EPILOGUE, REFUSED };

enum { PADDING_MAX = 64 };

static bool byte_is_boundary(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("'()+_,-./:=? ", c));
}

bool bark_mime_reader_init(struct bark_mime_reader *r, struct bark_slice boundary,
                           const struct bark_limits *limits, void *head, size_t head_cap)
{
    *r = (struct bark_mime_reader){ .head = head, .head_cap = head_cap, .state = REFUSED };
    if (boundary.len == 0 || boundary.len > BARK_MIME_BOUNDARY_MAX || boundary.ptr[boundary.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < boundary.len; i++)
        if (!byte_is_boundary(boundary.ptr[i]))
            return false;
    memcpy(r->delimiter, "\r\n--", 4);
    memcpy(r->delimiter + 4, boundary.ptr, boundary.len);
    r->delimiter_len = (uint8_t)(boundary.len + 4);
    r->parts_max = limits->mime_parts;
    r->skipped_max = limits->mime_head_bytes;
    if (r->head_cap > limits->mime_head_bytes)
        r->head_cap = limits->mime_head_bytes;
    r->matched = r->implied = 2;
    r->state = PREAMBLE;
    return true;
}

static enum bark_mime_event refuse(struct bark_mime_reader *r, enum bark_code code, const char *rule,
                                   struct bark_error *err)
{
    r->state = REFUSED;
    (void)bark_fail(err, code, (size_t)r->offset, rule);
    return BARK_MIME_REFUSED;
}

static void consume(struct bark_mime_reader *r, struct bark_slice *in, size_t n)
{
    in->ptr += n;
    in->len -= n;
    r->offset += n;
}

enum found { FOUND_NOTHING, FOUND_SPAN, FOUND_DELIMITER };

/* Bytes from the front that no delimiter begins in: up to a CR that the rest of the input does not rule out.
 * Spans are as long as they can be, since whoever takes them pays for each. */
static size_t plain_len(const struct bark_mime_reader *r, struct bark_slice in)
{
    size_t at = 0;
    while (at < in.len) {
        const uint8_t *cr = memchr(in.ptr + at, '\r', in.len - at);
        size_t n;
        if (!cr)
            return in.len;
        at = (size_t)(cr - in.ptr);
        n = in.len - at < r->delimiter_len ? in.len - at : r->delimiter_len;
        if (memcmp(cr, r->delimiter, n) == 0)
            return at;
        at++;
    }
    return at;
}

/* Goes on searching for the delimiter; *span is what stands before it, when there is something. */
static enum found delimiter_find(struct bark_mime_reader *r, struct bark_slice *in, struct bark_slice *span)
{
    while (in->len > 0) {
        if (r->matched == 0) {
            const size_t before = plain_len(r, *in);
            if (before) {
                *span = (struct bark_slice){ in->ptr, before };
                consume(r, in, before);
                return FOUND_SPAN;
            }
        }
        if (in->ptr[0] == r->delimiter[r->matched]) {
            consume(r, in, 1);
            if (++r->matched < r->delimiter_len)
                continue;
            r->matched = r->implied = 0;
            return FOUND_DELIMITER;
        }
        *span = (struct bark_slice){ r->delimiter + r->implied, (size_t)(r->matched - r->implied) };
        r->matched = r->implied = 0;
        if (span->len)
            return FOUND_SPAN;
    }
    return FOUND_NOTHING;
}

/* What nobody reads, before the first boundary and after the last. */
static bool skip(struct bark_mime_reader *r, size_t len)
{
    if (len > r->skipped_max - r->skipped)
        return false;
    r->skipped += (uint32_t)len;
    return true;
}

static const char skip_rule[] =
    "[SECURITY row 23] limits.mime_head_bytes: before the first or after the last "
    "boundary of a multipart body stands more";
static const char line_rule[] =
    "[RFC2046 5.1.1] a line starts with the boundary and goes on: readers disagree about what it is";

/* One byte behind a delimiter; MORE: go on. */
static enum bark_mime_event tail_step(struct bark_mime_reader *r, uint8_t c, struct bark_error *err)
{
    if (r->state == TAIL_LF) {
        if (c != '\n')
            return refuse(r, BARK_ERR_HTTP, line_rule, err);
        r->skipped = 0;
        r->head_len = 0;
        r->state = r->closing ? EPILOGUE : HEAD;
        if (!r->closing && r->parts == r->parts_max)
            return refuse(r, BARK_ERR_LIMIT, "[SECURITY row 23] limits.mime_parts: the message has more",
                          err);
        r->parts += !r->closing;
    } else if (r->state == TAIL_DASH) {
        if (c != '-')
            return refuse(r, BARK_ERR_HTTP, line_rule, err);
        r->closing = true;
        r->state = TAIL_PAD;
    } else if (c == '-' && r->state == TAIL) {
        r->state = TAIL_DASH;
    } else if (c == '\r') {
        r->state = TAIL_LF;
    } else if ((c == ' ' || c == '\t') && r->padding < PADDING_MAX) {
        r->padding++;
        r->state = TAIL_PAD;
    } else {
        return refuse(r, BARK_ERR_HTTP, line_rule, err);
    }
    return BARK_MIME_MORE;
}

static enum bark_mime_event head_complete(struct bark_mime_reader *r, struct bark_error *err)
{
    const char *rule = bark_mime_head_read((struct bark_slice){ r->head, r->head_len }, r->head, &r->part);
    if (rule)
        return refuse(r, BARK_ERR_HTTP, rule, err);
    r->index = r->parts - 1;
    r->part_bytes = 0;
    r->matched = r->implied = 2;
    r->state = BODY;
    return BARK_MIME_PART;
}

/* One byte of a head; MORE: go on. The line ends are looked at when it is complete. */
static enum bark_mime_event head_step(struct bark_mime_reader *r, uint8_t c, struct bark_error *err)
{
    const uint8_t *h = r->head;
    if (r->head_len == r->head_cap)
        return refuse(r, BARK_ERR_LIMIT,
                      "[SECURITY row 23] limits.mime_head_bytes: the head of a part is longer", err);
    r->head[r->head_len++] = c;
    if (c != '\n')
        return BARK_MIME_MORE;
    if (r->head_len < 2 || h[r->head_len - 2] != '\r')
        return refuse(r, BARK_ERR_HTTP, "[RFC2046 5.1] a line of a part's head ends without CR", err);
    if (r->head_len == 2 || (r->head_len >= 4 && h[r->head_len - 3] == '\n'))
        return head_complete(r, err);
    return BARK_MIME_MORE;
}

static enum bark_mime_event delimiter_met(struct bark_mime_reader *r, bool body)
{
    r->state = TAIL;
    r->padding = 0;
    return body ? BARK_MIME_PART_END : BARK_MIME_MORE;
}

enum bark_mime_event bark_mime_read(struct bark_mime_reader *r, struct bark_slice *in,
                                    struct bark_slice *span, struct bark_error *err)
{
    enum bark_mime_event event = BARK_MIME_MORE;
    struct bark_slice before;
    *span = (struct bark_slice){ NULL, 0 };
    while (event == BARK_MIME_MORE && (in->len > 0 || r->state == REFUSED)) {
        const bool body = r->state == BODY;
        uint8_t c;
        switch ((enum state)r->state) {
        case PREAMBLE:
        case BODY:
            switch (delimiter_find(r, in, &before)) {
            case FOUND_NOTHING:
                break;
            case FOUND_DELIMITER:
                event = delimiter_met(r, body);
                break;
            case FOUND_SPAN:
                if (!body && !skip(r, before.len))
                    return refuse(r, BARK_ERR_LIMIT, skip_rule, err);
                if (!body)
                    break;
                r->part_bytes += before.len;
                *span = before;
                event = BARK_MIME_BODY;
                break;
            }
            break;
        case TAIL:
        case TAIL_DASH:
        case TAIL_PAD:
        case TAIL_LF:
        case HEAD:
            c = in->ptr[0];
            consume(r, in, 1);
            event = r->state == HEAD ? head_step(r, c, err) : tail_step(r, c, err);
            break;
        case EPILOGUE:
            if (!skip(r, in->len))
                return refuse(r, BARK_ERR_LIMIT, skip_rule, err);
            consume(r, in, in->len);
            break;
        case REFUSED:
            return refuse(r, BARK_ERR_USE, "a multipart body that was refused is read on", err);
        }
    }
    return event;
}

enum bark_code bark_mime_read_end(struct bark_mime_reader *r, struct bark_error *err)
{
    if (r->state == EPILOGUE || (r->closing && r->state == TAIL_PAD)) {
        if (r->parts > 0)
            return BARK_OK;
        (void)refuse(r, BARK_ERR_HTTP, "[RFC2046 5.1.1] the multipart body has no part", err);
        return BARK_ERR_HTTP;
    }
    (void)refuse(r, BARK_ERR_HTTP, "[RFC2046 5.1.1] the multipart body ends without its last boundary", err);
    return BARK_ERR_HTTP;
}
