/* soap/package.c - a multipart/related body in memory: its parts, where they lie, and which of them is the
 * root.
 *
 * What the parts are for is somebody else's: attachments beside an envelope (soap/attach.c), or the members
 * of a message without one (soap/httpbind_related.c).
 */
#include "soap/package.h"

#include "base/digits.h"
#include "base/slice.h"

bool bark_soap_is_related(struct bark_slice content_type)
{
    struct bark_mime_type type;
    return bark_mime_type_read(content_type, &type) && bark_mime_is(type.media_type, "multipart/related");
}

/* The bytes of a text that lives in the arena. */
static bool text_keep(struct bark_arena *arena, struct bark_slice s, struct bark_text *text)
{
    *text = (struct bark_text){ NULL, 0 };
    if (!s.ptr)
        return true;
    text->ptr = bark_arena_text(arena, s.ptr, s.len);
    text->len = s.len;
    return text->ptr != NULL;
}

static struct bark_slice slice_of(struct bark_text t)
{
    return (struct bark_slice){ (const uint8_t *)t.ptr, t.len };
}

/* [RFC2392 2] Two parts of one identifier: a reference to it could mean either. */
static bool id_is_new(const struct bark_attachment *parts, size_t count, struct bark_slice id)
{
    for (size_t i = 0; i < count && id.ptr; i++)
        if (parts[i].content_id.ptr && bark_slice_equal(slice_of(parts[i].content_id), id))
            return false;
    return true;
}

static enum bark_code part_begin(const struct bark_mime_reader *r, struct bark_slice body,
                                 struct bark_attachment *parts, struct bark_arena *arena,
                                 struct bark_error *err)
{
    struct bark_attachment *part = &parts[r->index];
    if (!id_is_new(parts, r->index, r->part.content_id))
        return bark_fail(err, BARK_ERR_SOAP, (size_t)r->offset,
                         "[SECURITY row 23] two parts of the message have the same Content-ID");
    if (!text_keep(arena, r->part.content_id, &part->content_id) ||
        !text_keep(arena, r->part.content_type, &part->content_type) ||
        !text_keep(arena, r->part.content_location, &part->content_location))
        return bark_fail(err, BARK_ERR_MEMORY, (size_t)r->offset, "[R3] the heads of the parts do not fit");
    part->content.ptr = body.ptr + r->offset;
    return BARK_OK;
}

/* All parts, in order, with their content where it lies in the body. */
enum bark_code bark_soap_parts_read(struct bark_slice boundary, struct bark_slice body,
                                    const struct bark_limits *limits, struct bark_arena *arena,
                                    struct bark_attachment **parts, size_t *count, struct bark_error *err)
{
    struct bark_mime_reader *r = bark_arena_alloc(arena, 1, sizeof *r);
    uint8_t *head = bark_arena_alloc(arena, limits->mime_head_bytes, 1);
    struct bark_slice in = body, span;
    enum bark_code code = BARK_OK;
    *parts = bark_arena_alloc(arena, limits->mime_parts, sizeof **parts);
    if (!r || !head || !*parts)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "[R3] the heads of the parts do not fit");
    if (!bark_mime_reader_init(r, boundary, limits, head, limits->mime_head_bytes))
        return bark_fail(err, BARK_ERR_SOAP, 0,
                         "[RFC2046 5.1.1] multipart/related names a boundary of 1 to 70 characters");
    while (code == BARK_OK) {
        switch (bark_mime_read(r, &in, &span, err)) {
        case BARK_MIME_MORE:
            *count = r->parts;
            return bark_mime_read_end(r, err);
        case BARK_MIME_PART:
            code = part_begin(r, body, *parts, arena, err);
            break;
        case BARK_MIME_BODY:
            break;
        case BARK_MIME_PART_END:
            (*parts)[r->index].content.len = (size_t)r->part_bytes;
            break;
        case BARK_MIME_REFUSED:
            return err->code;
        }
    }
    return code;
}

/* [RFC2387 3.2] start names the root; without it the first part is. Angle brackets belong to the value. */
bool bark_soap_root_find(struct bark_slice start, const struct bark_attachment *parts, size_t count,
                         size_t *root)
{
    *root = 0;
    if (!start.ptr)
        return true;
    if (start.len >= 2 && start.ptr[0] == '<' && start.ptr[start.len - 1] == '>')
        start = (struct bark_slice){ start.ptr + 1, start.len - 2 };
    while (*root < count &&
           !(parts[*root].content_id.ptr && bark_slice_equal(slice_of(parts[*root].content_id), start)))
        ++*root;
    return *root < count;
}

bool bark_percent_take(struct bark_slice *text, uint8_t *byte)
{
    size_t len = 1;
    *byte = text->ptr[0];
    if (*byte == '%') {
        const int high = text->len > 2 ? bark_hex_value(text->ptr[1]) : -1;
        const int low = text->len > 2 ? bark_hex_value(text->ptr[2]) : -1;
        if (high < 0 || low < 0)
            return false;
        *byte = (uint8_t)(high << 4 | low);
        len = 3;
    }
    *text = (struct bark_slice){ text->ptr + len, text->len - len };
    return true;
}
