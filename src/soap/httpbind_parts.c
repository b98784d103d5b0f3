/* soap/httpbind_parts.c - a multipart form [RFC7578]: its body taken apart into names and values.
 *
 * The reader is the one of attachments, so what it refuses of boundaries, heads and counts is refused here
 * too (row 23). The body is in memory as a whole, so a value is a stretch of it. Two passes: the first counts
 * and judges, the second fills a table of exact size.
 */
#include "soap/httpbind_parts.h"

#include "base/report.h"
#include "engine/form.h"
#include "soapbark/mime.h"

#include <string.h>

struct parts_reader {
    struct bark_mime_reader mime;
    struct bark_slice body;
    struct bark_arena *arena;
    struct bark_error *err;
    struct bark_form_pair *pairs; /* NULL: count */
    size_t count;
};

bool bark_http_is_parts(struct bark_slice content_type)
{
    struct bark_mime_type type;
    return bark_mime_type_read(content_type, &type) && bark_mime_is(type.media_type, "multipart/form-data");
}

static enum bark_code part_refuse(const struct parts_reader *p, const char *rule)
{
    return bark_fail(p->err, BARK_ERR_HTTP, (size_t)p->mime.offset, rule);
}

/* [RFC7578 4.3] A part that holds parts is of the past; [RFC7578 5.1.2] texts are UTF-8. */
static enum bark_code type_check(const struct parts_reader *p, struct bark_slice content_type, bool *foreign)
{
    struct bark_mime_type type;
    *foreign = false;
    if (!content_type.len)
        return BARK_OK;
    if (!bark_mime_type_read(content_type, &type))
        return part_refuse(p, "[RFC2045 5.1] the Content-Type of a part is malformed");
    if (type.media_type.len >= 10 &&
        bark_mime_is((struct bark_slice){ type.media_type.ptr, 10 }, "multipart/"))
        return part_refuse(p, "[RFC7578 4.3] a part of a form holds no parts of its own");
    *foreign =
        type.charset.ptr && !bark_mime_is(type.charset, "utf-8") && !bark_mime_is(type.charset, "us-ascii");
    return BARK_OK;
}

static enum bark_code part_begin(struct parts_reader *p)
{
    const struct bark_mime_part *part = &p->mime.part;
    const size_t at = (size_t)p->mime.offset;
    struct bark_slice name;
    bool foreign;
    enum bark_code code = type_check(p, part->content_type, &foreign);
    if (code != BARK_OK)
        return code;
    if (!bark_mime_form_name(part->content_disposition, &name))
        return part_refuse(p, "[RFC7578 4.2] each part of a form is form-data and has one name");
    if (p->pairs) {
        const char *kept = bark_arena_text(p->arena, name.ptr, name.len);
        if (!kept)
            return bark_fail(p->err, BARK_ERR_MEMORY, at, "[R3] the message does not fit the memory budget");
        p->pairs[p->count] = (struct bark_form_pair){ .name = { (const uint8_t *)kept, name.len },
                                                      .value = { p->body.ptr + at, 0 },
                                                      .name_at = at,
                                                      .value_at = at,
                                                      .foreign = foreign };
    }
    p->count++;
    return BARK_OK;
}

/* One pass over the body. Browsers send a form without any part as its last boundary alone. */
static enum bark_code parts_pass(struct parts_reader *p)
{
    struct bark_slice in = p->body, span;
    enum bark_code code = BARK_OK;
    p->count = 0;
    while (code == BARK_OK) {
        switch (bark_mime_read(&p->mime, &in, &span, p->err)) {
        case BARK_MIME_MORE:
            if (p->mime.closing && p->count == 0)
                return BARK_OK;
            return bark_mime_read_end(&p->mime, p->err);
        case BARK_MIME_PART:
            code = part_begin(p);
            break;
        case BARK_MIME_BODY:
            break;
        case BARK_MIME_PART_END:
            if (p->pairs)
                p->pairs[p->count - 1].value.len = (size_t)p->mime.part_bytes;
            break;
        case BARK_MIME_REFUSED:
            return p->err->code;
        }
    }
    return code;
}

enum bark_code bark_http_parts_read(const struct bark_image *image, uint16_t root,
                                    struct bark_slice content_type, struct bark_slice body,
                                    const struct bark_limits *limits, struct bark_arena *arena, void **msg,
                                    struct bark_error *err)
{
    static const char memory_rule[] = "[R3] the message does not fit the memory budget";
    struct parts_reader p = { .body = body, .arena = arena, .err = err };
    struct bark_form_source source = { .in = body };
    struct bark_mime_type type;
    const size_t head_len = limits->mime_head_bytes;
    uint8_t *head = bark_arena_alloc(arena, head_len, 1);
    *msg = NULL;
    *err = (struct bark_error){ 0 };
    if (!head)
        return bark_fail(err, BARK_ERR_MEMORY, 0, memory_rule);
    for (int pass = 0; pass < 2; pass++) {
        enum bark_code code;
        if (!bark_mime_type_read(content_type, &type) ||
            !bark_mime_reader_init(&p.mime, type.boundary, limits, head, head_len))
            return bark_fail(err, BARK_ERR_HTTP, 0, "[RFC7578 4.1] the form's Content-Type has no boundary");
        code = parts_pass(&p);
        if (code != BARK_OK)
            return code;
        if (pass == 0)
            p.pairs = bark_arena_alloc(arena, p.count + 1, sizeof *p.pairs);
        if (!p.pairs)
            return bark_fail(err, BARK_ERR_MEMORY, 0, memory_rule);
    }
    source.parts = p.pairs;
    source.part_count = p.count;
    return bark_decode_parts(image, root, &source, limits, arena, msg, err);
}
