/* http/chunks.c - removes chunked framing from a body [RFC9112 7.1].
 *
 *     3;name=value CRLF  abc CRLF  ...  0 CRLF  [Trailer: x CRLF ...]  CRLF
 *
 * A body arrives in pieces of any size; a piece may end inside a size line. The state is two bytes and four
 * counters. Sizes stop at the body limit, long before they could wrap. Extensions and trailers are checked
 * for their bytes, counted against the limits of a head, and dropped: nothing downstream may depend on a
 * field that came after the decision about its message.
 */
#include "http/chars.h"
#include "http/reader.h"

enum chunk_state {
    CHUNK_SIZE, /* hex digits */
    CHUNK_EXTENSION, /* after ';' */
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    TRAILER_END_LF
};

enum { SIZE_DIGITS_MAX = 16 };

uint64_t bark_http_chunks_known(const struct bark_http_chunks *c)
{
    const bool sized = c->state == CHUNK_SIZE || c->state == CHUNK_EXTENSION || c->state == CHUNK_SIZE_LF;
    return sized && c->left <= UINT64_MAX - c->total ? c->total + c->left : c->total;
}

static enum bark_http_event chunk_refuse(struct bark_http_reader *r, unsigned status, const char *rule,
                                         struct bark_error *err)
{
    (void)bark_http_refuse(r, status, NULL, rule, err);
    return BARK_HTTP_REFUSED;
}

static enum bark_http_event size_byte(struct bark_http_reader *r, uint8_t byte, struct bark_error *err)
{
    struct bark_http_chunks *c = &r->chunks;
    if (bark_http_is(byte, BARK_HTTP_HEX)) {
        if (c->digits == SIZE_DIGITS_MAX)
            return chunk_refuse(r, 400, "[RFC9112 7.1] a chunk size has more than 16 digits", err);
        c->digits++;
        c->left = c->left << 4 | bark_http_hex(byte); /* 16 digits are 64 bits: nothing is shifted out */
        if (c->left > r->body_max - c->total)
            return chunk_refuse(r, 413, "limits.body_bytes: the chunks are longer than that", err);
        return BARK_HTTP_MORE;
    }
    if (c->digits == 0 || (byte != ';' && byte != '\r'))
        return chunk_refuse(r, 400, "[RFC9112 7.1] a chunk starts with its size in hex digits", err);
    c->state = byte == ';' ? CHUNK_EXTENSION : CHUNK_SIZE_LF;
    return BARK_HTTP_MORE;
}

/* Bytes that carry nothing are counted together: an endless extension is not a way around the limits. The
 * counter stops at the limit and never passes it, so it cannot wrap however high the limit is [R1]. */
static bool extra_count(struct bark_http_reader *r)
{
    if (r->chunks.extra_bytes >= r->head_cap)
        return false;
    r->chunks.extra_bytes++;
    return true;
}

static enum bark_http_event extension_byte(struct bark_http_reader *r, uint8_t byte, struct bark_error *err)
{
    if (!extra_count(r))
        return chunk_refuse(r, 431, "limits.http_head_bytes: chunk extensions are longer than that", err);
    if (byte == '\r')
        r->chunks.state = CHUNK_SIZE_LF;
    else if (!bark_http_is(byte, BARK_HTTP_VALUE))
        return chunk_refuse(r, 400, "[RFC9112 7.1.1] a control byte is not legal in a chunk extension", err);
    return BARK_HTTP_MORE;
}

static enum bark_http_event trailer_byte(struct bark_http_reader *r, uint8_t byte, struct bark_error *err)
{
    struct bark_http_chunks *c = &r->chunks;
    if (!extra_count(r))
        return chunk_refuse(r, 431, "limits.http_head_bytes: trailers are longer than that", err);
    if (c->state == TRAILER_START && byte == '\r') {
        c->state = TRAILER_END_LF;
    } else if (c->state == TRAILER_START) {
        if (!bark_http_is(byte, BARK_HTTP_TOKEN))
            return chunk_refuse(r, 400, "[RFC9112 7.1.2] a trailer starts with a field name", err);
        if (c->trailers++ == r->headers_max)
            return chunk_refuse(r, 431, "limits.http_headers: more trailers than that", err);
        c->state = TRAILER_NAME;
    } else if (c->state == TRAILER_NAME) {
        if (byte == ':')
            c->state = TRAILER_VALUE;
        else if (!bark_http_is(byte, BARK_HTTP_TOKEN))
            return chunk_refuse(r, 400, "[RFC9112 5.1] a trailer's name is a token, a colon at once", err);
    } else if (byte == '\r') {
        c->state = TRAILER_LF;
    } else if (!bark_http_is(byte, BARK_HTTP_VALUE)) {
        return chunk_refuse(r, 400, "[RFC9110 5.5] a control byte is not legal in a trailer", err);
    }
    return BARK_HTTP_MORE;
}

/* The second half of a CRLF, or a whole one after a chunk's data. */
static enum bark_http_event line_end_byte(struct bark_http_reader *r, uint8_t byte, struct bark_error *err)
{
    struct bark_http_chunks *c = &r->chunks;
    if (byte != (c->state == CHUNK_DATA_CR ? '\r' : '\n'))
        return chunk_refuse(r, 400, "[RFC9112 7.1] a chunk line ends in CRLF", err);
    if (c->state == TRAILER_END_LF)
        return BARK_HTTP_END;
    if (c->state == CHUNK_DATA_CR) {
        c->state = CHUNK_DATA_LF;
    } else if (c->state == CHUNK_SIZE_LF) {
        c->total += c->left;
        c->state = c->left ? CHUNK_DATA : TRAILER_START;
    } else if (c->state == CHUNK_DATA_LF) {
        c->state = CHUNK_SIZE;
        c->digits = 0;
    } else {
        c->state = TRAILER_START;
    }
    return BARK_HTTP_MORE;
}

static enum bark_http_event framing_byte(struct bark_http_reader *r, uint8_t byte, struct bark_error *err)
{
    switch ((enum chunk_state)r->chunks.state) {
    case CHUNK_SIZE:
        return size_byte(r, byte, err);
    case CHUNK_EXTENSION:
        return extension_byte(r, byte, err);
    case TRAILER_START:
    case TRAILER_NAME:
    case TRAILER_VALUE:
        return trailer_byte(r, byte, err);
    case CHUNK_DATA: /* handled by the caller, in spans */
    case CHUNK_SIZE_LF:
    case CHUNK_DATA_CR:
    case CHUNK_DATA_LF:
    case TRAILER_LF:
    case TRAILER_END_LF:
        break;
    }
    return line_end_byte(r, byte, err);
}

enum bark_http_event bark_http_chunks_read(struct bark_http_reader *r, struct bark_slice *in,
                                           struct bark_slice *body, struct bark_error *err)
{
    struct bark_http_chunks *c = &r->chunks;
    while (in->len > 0) {
        enum bark_http_event event;
        if (c->state == CHUNK_DATA) {
            size_t n = in->len < c->left ? in->len : (size_t)c->left;
            *body = (struct bark_slice){ in->ptr, n };
            in->ptr += n;
            in->len -= n;
            r->offset += n;
            c->left -= n;
            if (c->left == 0)
                c->state = CHUNK_DATA_CR;
            return BARK_HTTP_BODY;
        }
        event = framing_byte(r, in->ptr[0], err);
        if (event == BARK_HTTP_REFUSED)
            return event;
        in->ptr++;
        in->len--;
        r->offset++;
        if (event == BARK_HTTP_END)
            return event;
    }
    return BARK_HTTP_MORE;
}
