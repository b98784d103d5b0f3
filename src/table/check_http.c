/* table/check_http.c - proves the rows of HTTP bindings (T40, T41).
 *
 * What travels as parameters is a flat struct: its members are values, one parameter each, or an array of
 * them. The readers of queries and forms lean on that, and look at nothing twice.
 */
#include "table/check.h"
#include "table/http_lines.h"

#include "soapbark/out.h"

#define KNOWN_FLAGS \
    (BARK_HTTP_POST | BARK_HTTP_REPLACED | BARK_HTTP_XML | BARK_HTTP_CONTENT | BARK_HTTP_PARTS | \
     BARK_HTTP_RELATED | BARK_HTTP_ANSWER_RELATED)

static enum bark_code http_refuse(const struct bark_check *c, size_t index, const char *rule)
{
    struct bark_out path;
    if (!c->err || c->err->code != BARK_OK)
        return BARK_ERR_IMAGE;
    bark_out_init(&path, c->err->path, sizeof c->err->path - 1);
    bark_out_text(&path, "https[");
    bark_out_u64(&path, index);
    bark_out_byte(&path, ']');
    c->err->path[path.pos] = '\0';
    return bark_fail(c->err, BARK_ERR_IMAGE,
                     (size_t)((const uint8_t *)&c->image->https[index] - c->image->base), rule);
}

#ifdef BARK_TERSE
#define http_refuse(c, index, rule) http_refuse(c, index, BARK_RULE(rule))
#endif

/* T41: a struct whose members are values. */
static bool is_flat(const struct bark_image *im, uint16_t root, bool repeated_too)
{
    const struct bark_type_row *row = &im->types[bark_root_type(im, root)];
    uint32_t i;
    if (row->kind != BARK_KIND_STRUCT || row->model != BARK_MODEL_SEQUENCE || row->extra != 0 ||
        (row->flags & (BARK_TYPE_ABSTRACT | BARK_TYPE_MIXED)))
        return false;
    for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
        const struct bark_field_row *f = &im->fields[i];
        const unsigned bits = bark_field_bits(im, f);
        if (bark_field_kind(im, f) != BARK_FIELD_ELEMENT || !bark_kind_is_value(im->types[f->type].kind) ||
            (bits & (BARK_F_POINTER | BARK_F_NILLABLE | BARK_F_DEFAULT | BARK_F_FIXED)) ||
            (!repeated_too && (bits & BARK_F_REPEATED)))
            return false;
    }
    return true;
}

/* T41: a struct whose members are parts of a multipart/related message: values, and documents that are roots.
 */
static bool is_related(const struct bark_image *im, uint16_t root, struct bark_slice *lines)
{
    const struct bark_type_row *row = &im->types[bark_root_type(im, root)];
    if (row->kind != BARK_KIND_STRUCT || row->model != BARK_MODEL_SEQUENCE || row->extra != 0 ||
        row->count == 0 || (row->flags & (BARK_TYPE_ABSTRACT | BARK_TYPE_MIXED)))
        return false;
    for (uint32_t i = row->first; i < (uint32_t)row->first + row->count; i++) {
        const struct bark_field_row *f = &im->fields[i];
        const unsigned bits = bark_field_bits(im, f);
        struct bark_slice line, name, types;
        if (bark_field_kind(im, f) != BARK_FIELD_ELEMENT ||
            (bits & (BARK_F_REPEATED | BARK_F_NILLABLE | BARK_F_DEFAULT | BARK_F_FIXED | BARK_F_OCCURS)) ||
            !bark_http_line_take(lines, &line) || !bark_http_line_read(line, &name, &types))
            return false;
        if (bark_http_types_are_xml(types)
                ? bark_http_document_root(im, f) == BARK_NONE
                : !bark_kind_is_value(im->types[f->type].kind) || (bits & BARK_F_POINTER))
            return false;
    }
    return true;
}

/* T40: what is written into heads. */
static bool media_is_text(const struct bark_image *im, const struct bark_http_row *row)
{
    for (uint32_t i = 0; i < row->media_len; i++) {
        const uint8_t c = im->pool[row->media + i];
        if (c == '\n' ? i == 0 || i + 1u == row->media_len : c < ' ' || c == 0x7f)
            return false;
    }
    return true;
}

/* T40: flags that go together, for the roots that the operation has. */
static bool flags_fit(const struct bark_image *im, const struct bark_http_row *row)
{
    const struct bark_operation_row *op = &im->operations[row->operation];
    const bool content = (row->flags & BARK_HTTP_CONTENT) != 0;
    const bool related = (row->flags & BARK_HTTP_ANSWER_RELATED) != 0;
    const unsigned way = row->flags & (BARK_HTTP_XML | BARK_HTTP_PARTS | BARK_HTTP_RELATED);
    return !(bark_operation_flags(im, row->operation) & BARK_OPERATION_OUTBOUND) && !(content && related) &&
           media_is_text(im, row) &&
           (content || related || (row->flags & BARK_HTTP_RELATED)) == (row->media_len != 0) &&
           (!(content || related) || bark_operation_output(im, row->operation) != BARK_NONE) &&
           (way == 0 || ((way & (way - 1)) == 0 && (row->flags & BARK_HTTP_POST) &&
                         !(row->flags & BARK_HTTP_REPLACED) && op->input != BARK_NONE));
}

static bool messages_fit(const struct bark_image *im, const struct bark_http_row *row)
{
    const struct bark_operation_row *op = &im->operations[row->operation];
    const uint16_t output = bark_operation_output(im, row->operation);
    struct bark_slice lines = bark_http_lines(im, row, 0), line;
    if ((row->flags & BARK_HTTP_RELATED) && !is_related(im, op->input, &lines))
        return false;
    if ((row->flags & BARK_HTTP_ANSWER_RELATED) && !is_related(im, output, &lines))
        return false;
    if ((row->flags & BARK_HTTP_CONTENT) && !bark_http_line_take(&lines, &line))
        return false;
    if (lines.len)
        return false;
    if (!(row->flags & (BARK_HTTP_XML | BARK_HTTP_RELATED)) && op->input != BARK_NONE &&
        !is_flat(im, op->input, !(row->flags & BARK_HTTP_REPLACED)))
        return false;
    return !(row->flags & BARK_HTTP_CONTENT) ||
           (is_flat(im, output, false) && im->types[bark_root_type(im, output)].count == 1);
}

enum bark_code bark_check_https(struct bark_check *c)
{
    const struct bark_image *im = c->image;
    uint32_t i;
    for (i = 0; i < im->http_count; i++) {
        const struct bark_http_row *row = &im->https[i];
        if (row->operation >= im->operation_count)
            return http_refuse(c, i, BARK_RULE_T11);
        if ((row->flags & ~KNOWN_FLAGS) != 0)
            return http_refuse(c, i, "T12: reserved bits and bytes are 0");
        if (!bark_check_text(c, row->location, row->location_len) ||
            !bark_check_text(c, row->media, row->media_len))
            return http_refuse(c, i, BARK_RULE_T9);
        if ((i > 0 && row->operation < im->https[i - 1].operation) || !flags_fit(im, row))
            return http_refuse(c, i,
                               "T40: HTTP rows stand in the order of their operations, and their flags go "
                               "together");
        if (!messages_fit(im, row))
            return http_refuse(
                c, i, "T41: parameters are the members of a flat struct, and each part has its line");
    }
    return BARK_OK;
}
