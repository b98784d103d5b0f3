/* soap/httpbind_related.c - messages of HTTP bindings in multipart/related [WSDL11 5.4]: each member of the
 * struct is a part of the body, as its text, its octets or a document.
 *
 * Which part is which is told as for attachments (soap/parts.c), and the same is refused (rows 22 and 23):
 * all that the WSDL binds came, of its type, once, and nothing else. `start` and `type` of the whole say
 * nothing here that the WSDL leaves open; they have to be true.
 */
#include "soap/httpbind_related.h"

#include "base/slice.h"
#include "engine/bare.h"
#include "engine/form.h"
#include "soap/parts.h"
#include "table/http_lines.h"

#include <string.h>

static const char memory_rule[] = "[R3] the message does not fit the memory budget";

static struct bark_slice slice_of(struct bark_text t)
{
    return (struct bark_slice){ (const uint8_t *)t.ptr, t.len };
}

static uint16_t type_of(const struct bark_related *r)
{
    const uint16_t operation = r->image->https[r->row].operation;
    return bark_root_type(r->image, r->answer ? bark_operation_output(r->image, operation)
                                              : r->image->operations[operation].input);
}

static struct bark_slice lines_of(const struct bark_image *image, uint16_t row, bool answer)
{
    const struct bark_http_row *http = &image->https[row];
    return bark_http_lines(image, http, answer ? bark_http_answer_line(image, http) : 0);
}

/* The parts that the row binds, member by member; false: no memory. */
static bool bound_make(const struct bark_related *r, struct bark_parts *bound)
{
    const uint16_t count = r->image->types[type_of(r)].count;
    struct bark_part *items = bark_arena_alloc(r->arena, count, sizeof *items);
    struct bark_slice rest = lines_of(r->image, r->row, r->answer), line, name, types;
    *bound = (struct bark_parts){ items, count };
    for (uint16_t i = 0; items && i < count; i++) {
        if (!bark_http_line_take(&rest, &line) || !bark_http_line_read(line, &name, &types))
            return false; /* not in an image that was checked: T41 */
        items[i].name = bark_arena_text(r->arena, name.ptr, name.len);
        items[i].types = bark_arena_text(r->arena, types.ptr, types.len);
        if (!items[i].name || !items[i].types)
            return false;
    }
    return items != NULL;
}

static bool is_document(const struct bark_part *part)
{
    return bark_http_types_are_xml((struct bark_slice){ (const uint8_t *)part->types, strlen(part->types) });
}

static struct bark_bare bare_of(const struct bark_related *r, size_t member)
{
    const uint16_t type = type_of(r);
    return (struct bark_bare){ .image = r->image,
                               .type = type,
                               .field = (uint16_t)(r->image->types[type].first + member),
                               .limits = r->limits,
                               .arena = r->arena,
                               .err = r->err };
}

/* ---- in ---- */

/* [RFC2387 3.1, 3.2] What the whole says of its root. `type` is often left out where no envelope needs it. */
static const char *root_check(const struct bark_mime_type *outer, const struct bark_soap_package *p)
{
    struct bark_mime_type own;
    size_t root;
    if (!bark_soap_root_find(outer->start, p->parts, p->count, &root))
        return "[RFC2387 3.2] start names a part that the message does not have";
    if (outer->type.ptr && (!bark_mime_type_read(slice_of(p->parts[root].content_type), &own) ||
                            !bark_slice_alike(outer->type, own.media_type)))
        return "[RFC2387 3.1] type of multipart/related is the media type of the root part";
    return NULL;
}

/* Texts and documents are UTF-8. */
static bool charset_fits(struct bark_text content_type)
{
    struct bark_mime_type type;
    if (!content_type.len)
        return true;
    return bark_mime_type_read(slice_of(content_type), &type) &&
           (!type.charset.ptr || bark_mime_is(type.charset, "utf-8") ||
            bark_mime_is(type.charset, "us-ascii"));
}

/* What is passed over in one document goes behind that of the others. */
static void unknown_join(struct bark_unknown *all, const struct bark_unknown *more)
{
    all->count += more->count;
    if (!more->first)
        return;
    if (all->last)
        all->last->next = more->first;
    else
        all->first = more->first;
    all->last = more->last;
}

static enum bark_code member_read(const struct bark_related *r, size_t member, bool document,
                                  const struct bark_attachment *part, struct bark_slice body,
                                  const struct bark_decode_options *options, uint8_t *base)
{
    const struct bark_bare bare = bare_of(r, member);
    struct bark_unknown *all = options ? options->unknown : NULL;
    struct bark_unknown unknown = { .policy = all ? all->policy : BARK_UNKNOWN_REFUSE };
    const struct bark_decode_options own = { .unknown = all ? &unknown : NULL };
    const size_t at = (size_t)(part->content.ptr - body.ptr);
    const uint16_t type = r->image->fields[bare.field].type;
    enum bark_code code;
    if ((document || !bark_form_is_octets(r->image, type)) && !charset_fits(part->content_type))
        return bark_fail(r->err, BARK_ERR_UTF8, at, "[RFC3629 3] texts and documents in a part are UTF-8");
    code = bark_bare_read(&bare, document, (struct bark_slice){ part->content.ptr, part->content.len }, &own,
                          base);
    if (code != BARK_OK) { /* lines are counted in a document, and the message has several */
        r->err->offset += at;
        r->err->line = r->err->column = 0;
        return code;
    }
    if (all)
        unknown_join(all, &unknown);
    return BARK_OK;
}

enum bark_code bark_http_related_read(const struct bark_related *r, struct bark_slice content_type,
                                      struct bark_slice body, const struct bark_decode_options *options,
                                      void **msg)
{
    struct bark_soap_package p = { .xop = false };
    struct bark_mime_type outer;
    struct bark_parts bound;
    const char *rule;
    uint8_t *base;
    enum bark_code code;
    *msg = NULL;
    *r->err = (struct bark_error){ 0 };
    if (options && options->unknown)
        *options->unknown = (struct bark_unknown){ .policy = options->unknown->policy };
    if (!bark_mime_type_read(content_type, &outer))
        return bark_fail(r->err, BARK_ERR_HTTP, 0, "[RFC2045 5.1] the Content-Type is malformed");
    code = bark_soap_parts_read(outer.boundary, body, r->limits, r->arena, &p.parts, &p.count, r->err);
    if (code != BARK_OK)
        return code;
    rule = root_check(&outer, &p);
    if (rule)
        return bark_fail(r->err, BARK_ERR_HTTP, 0, rule);
    base = bark_arena_alloc(r->arena, 1, r->image->types[type_of(r)].size);
    if (!base || !bound_make(r, &bound))
        return bark_fail(r->err, BARK_ERR_MEMORY, 0, memory_rule);
    code = bark_soap_parts_judge(&bound, &p, false, r->err);
    for (size_t i = 0; code == BARK_OK && i < bound.count; i++)
        code = member_read(r, i, is_document(&bound.items[i]), bark_part_find(&bound, i, p.parts, p.count),
                           body, options, base);
    if (code == BARK_OK)
        *msg = base;
    else if (options && options->unknown)
        *options->unknown = (struct bark_unknown){ .policy = options->unknown->policy };
    return code;
}

/* ---- out ---- */

/* What a member is said to be: the first type of the WSDL, and that a text is UTF-8. A text of any type is
 * text/plain. */
static void type_put(const struct bark_part *part, bool octets, struct bark_out *out)
{
    struct bark_text type = bark_part_type(part, (struct bark_text){ NULL, 0 });
    if (!octets && strncmp(part->types, "*/*", 3) == 0)
        type = bark_text("text/plain");
    bark_out_put(out, type.ptr, type.len);
    if (!octets && (is_document(part) || (type.len > 5 && memcmp(type.ptr, "text/", 5) == 0)))
        bark_out_text(out, "; charset=utf-8");
}

/* The head of a member's part. */
static enum bark_code head_put(const struct bark_related *r, const struct bark_part *part, size_t member,
                               bool octets, const char *boundary, struct bark_out *out)
{
    const size_t room = strlen(part->types) + 32, id_room = 3 * strlen(part->name) + 32;
    void *type_room = bark_arena_alloc(r->arena, room, 1), *id = bark_arena_alloc(r->arena, id_room, 1);
    struct bark_out type, name;
    if (!type_room || !id)
        return bark_fail(r->err, BARK_ERR_MEMORY, 0, memory_rule);
    bark_out_init(&type, type_room, room);
    type_put(part, octets, &type);
    bark_out_init(&name, id, id_room);
    bark_part_id_write(&name, part->name);
    bark_out_u64(&name, member + 1);
    bark_out_text(&name, "@soapbark");
    bark_mime_part_write(out, boundary, member == 0, bark_out_bytes(&type), bark_out_bytes(&name));
    return bark_out_ok(out) ? BARK_OK
                            : bark_fail(r->err, BARK_ERR_LIMIT, 0, "[R2] the parts do not fit their room");
}

enum bark_code bark_http_related_write(const struct bark_related *r, const void *msg, const char *boundary,
                                       struct bark_out *out, bool *clash)
{
    struct bark_parts bound;
    enum bark_code code = BARK_OK;
    *clash = false;
    *r->err = (struct bark_error){ 0 };
    if (!msg)
        return bark_fail(r->err, BARK_ERR_USE, 0, "a message of several parts needs a struct");
    if (!bound_make(r, &bound))
        return bark_fail(r->err, BARK_ERR_MEMORY, 0, memory_rule);
    for (size_t i = 0; code == BARK_OK && i < bound.count; i++) {
        const struct bark_bare bare = bare_of(r, i);
        const bool document = is_document(&bound.items[i]);
        const bool octets = !document && bark_form_is_octets(r->image, r->image->fields[bare.field].type);
        size_t start;
        code = head_put(r, &bound.items[i], i, octets, boundary, out);
        start = out->pos;
        if (code == BARK_OK)
            code = bark_bare_write(&bare, document, msg, out);
        if (code == BARK_OK &&
            bark_mime_boundary_occurs((struct bark_slice){ out->base + start, out->pos - start }, boundary))
            *clash = true;
    }
    if (code != BARK_OK)
        return code;
    bark_mime_end_write(out, boundary);
    return bark_out_ok(out) ? BARK_OK
                            : bark_fail(r->err, BARK_ERR_LIMIT, 0, "[R2] the parts do not fit their room");
}

void bark_http_related_type(const struct bark_image *image, uint16_t row, bool answer, const char *boundary,
                            struct bark_out *out)
{
    const struct bark_related r = { .image = image, .row = row, .answer = answer };
    struct bark_slice rest = lines_of(image, row, answer), line, name, types;
    const struct bark_type_row *type = &image->types[type_of(&r)];
    char list[512] = "";
    bark_out_text(out, "multipart/related; ");
    /* [RFC2387 3.1] The first part is the root. A range too long to be said is left out. */
    if (bark_http_line_take(&rest, &line) && bark_http_line_read(line, &name, &types) &&
        types.len < sizeof list) {
        struct bark_out root;
        uint8_t room[512 + 32];
        struct bark_mime_type said;
        memcpy(list, types.ptr, types.len);
        bark_out_init(&root, room, sizeof room);
        type_put(&(struct bark_part){ "", list },
                 !bark_http_types_are_xml(types) &&
                     bark_form_is_octets(image, image->fields[type->first].type),
                 &root);
        if (bark_mime_type_read(bark_out_bytes(&root), &said)) {
            bark_out_text(out, "type=\"");
            bark_out_put(out, said.media_type.ptr, said.media_type.len);
            bark_out_text(out, "\"; ");
        }
    }
    bark_out_text(out, "boundary=\"");
    bark_out_text(out, boundary);
    bark_out_byte(out, '"');
}
