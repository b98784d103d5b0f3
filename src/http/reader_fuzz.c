/* http/reader_fuzz.c - any bytes as requests and as answers: one outcome, whatever the pieces they come in.
 *
 * The first byte of an input says which direction it is and where the second delivery is cut. The reader is
 * fed once as a whole and once in pieces; both must see the same messages, bodies and refusals.
 */
#include "soapbark/http.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD_BYTES = 512 };

/* What came out of a stream, as one number. */
struct outcome {
    uint64_t digest;
    unsigned messages, refused;
};

static void note(struct outcome *o, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        o->digest = (o->digest ^ bytes[i]) * 1099511628211u; /* FNV-1a: only compared with itself */
}

/* Feeds one piece; false when the stream was refused. */
static bool piece_feed(struct bark_http_reader *r, struct bark_slice in, struct outcome *o)
{
    for (;;) {
        struct bark_error err = { 0 };
        struct bark_slice body;
        switch (bark_http_read(r, &in, &body, &err)) {
        case BARK_HTTP_MORE:
            if (in.len != 0 || err.code != BARK_OK)
                abort();
            return true;
        case BARK_HTTP_HEAD:
            note(o, r->message.path.ptr, r->message.path.len);
            note(o, r->message.content_type.ptr, r->message.content_type.len);
            break;
        case BARK_HTTP_BODY:
            if (body.len == 0)
                abort();
            note(o, body.ptr, body.len);
            break;
        case BARK_HTTP_END:
            note(o, (const uint8_t *)"|", 1);
            o->messages++;
            bark_http_reader_next(r);
            if (in.len == 0)
                return true;
            break;
        case BARK_HTTP_REFUSED:
            if (err.rule == NULL || r->status < 400)
                abort();
            o->refused = r->status;
            note(o, (const uint8_t *)err.rule, 8);
            return false;
        }
    }
}

static struct outcome stream_read(enum bark_http_role role, const uint8_t *data, size_t size, size_t step)
{
    static const struct bark_limits limits = { .body_bytes = 300,
                                               .http_headers = 6,
                                               .http_head_bytes = HEAD_BYTES };
    uint8_t *head = malloc(HEAD_BYTES); /* its own allocation, so that a sanitizer sees its end */
    struct outcome o = { 0 };
    struct bark_http_reader r;
    if (!head)
        abort();
    bark_http_reader_init(&r, role, &limits, head, HEAD_BYTES);
    for (size_t at = 0; at < size; at += step) {
        size_t n = step < size - at ? step : size - at;
        if (!piece_feed(&r, (struct bark_slice){ data + at, n }, &o))
            break;
    }
    free(head);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum bark_http_role role;
    struct outcome whole, pieces;
    if (size < 2)
        return 0;
    role = data[0] & 1 ? BARK_HTTP_RESPONSE : BARK_HTTP_REQUEST;
    whole = stream_read(role, data + 1, size - 1, size);
    pieces = stream_read(role, data + 1, size - 1, (size_t)(data[0] >> 1) % 9 + 1);
    if (whole.digest != pieces.digest || whole.messages != pieces.messages || whole.refused != pieces.refused)
        abort();
    return 0;
}
