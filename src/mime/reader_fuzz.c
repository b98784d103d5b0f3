/* mime/reader_fuzz.c - any bytes as a multipart body: the same parts, whatever the pieces they come in.
 *
 * The first byte of an input says how long the pieces of the second delivery are; the boundary is "b".
 */
#include "soapbark/mime.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    uint64_t digest;
    unsigned parts;
    bool refused;
};

static void note(struct outcome *o, struct bark_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        o->digest = (o->digest ^ s.ptr[i]) * 1099511628211u; /* FNV-1a: only compared with itself */
}

static struct outcome body_read(const uint8_t *data, size_t size, size_t step)
{
    static const struct bark_limits limits = { .mime_parts = 4, .mime_head_bytes = 200 };
    uint8_t *head = malloc(200); /* its own allocation, so that a sanitizer sees its end */
    struct outcome o = { .refused = false };
    struct bark_mime_reader r;
    struct bark_error err = { 0 };
    if (!head ||
        !bark_mime_reader_init(&r, (struct bark_slice){ (const uint8_t *)"b", 1 }, &limits, head, 200))
        abort();
    for (size_t at = 0; at < size && !o.refused; at += step) {
        struct bark_slice in = { data + at, step < size - at ? step : size - at }, span;
        enum bark_mime_event event = BARK_MIME_PART;
        while (event != BARK_MIME_MORE && !o.refused) {
            event = bark_mime_read(&r, &in, &span, &err);
            o.refused = event == BARK_MIME_REFUSED;
            if (event == BARK_MIME_PART) {
                o.parts++;
                note(&o, r.part.content_id);
                note(&o, r.part.content_type);
            } else if (event == BARK_MIME_BODY) {
                if (span.len == 0)
                    abort();
                note(&o, span);
            } else if (event == BARK_MIME_PART_END) {
                note(&o, (struct bark_slice){ (const uint8_t *)"|", 1 });
            }
        }
    }
    if (!o.refused)
        o.refused = bark_mime_read_end(&r, &err) != BARK_OK;
    if (o.refused != (err.code != BARK_OK) || r.offset > size)
        abort();
    free(head);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, pieces;
    if (size < 2)
        return 0;
    whole = body_read(data + 1, size - 1, size);
    pieces = body_read(data + 1, size - 1, (size_t)data[0] % 9 + 1);
    if (whole.digest != pieces.digest || whole.parts != pieces.parts || whole.refused != pieces.refused)
        abort();
    return 0;
}
