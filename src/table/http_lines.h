/* table/http_lines.h - the lines of an HTTP row's media: one for each part of a multipart/related message,
 * and the Content-Type of an answer that is one value.
 */
#ifndef BARK_TABLE_HTTP_LINES_H
#define BARK_TABLE_HTTP_LINES_H

#include "base/slice.h"
#include "soapbark/image.h"

#include <string.h>

/* Takes the next line from the front of *rest; false: there is none. */
static inline bool bark_http_line_take(struct bark_slice *rest, struct bark_slice *line)
{
    const uint8_t *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
    const size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
    if (!rest->len)
        return false;
    *line = (struct bark_slice){ rest->ptr, len };
    *rest = (struct bark_slice){ rest->ptr + len + (end != NULL), rest->len - len - (end != NULL) };
    return true;
}

/* The lines of a row from one on. */
static inline struct bark_slice bark_http_lines(const struct bark_image *image,
                                                const struct bark_http_row *row, uint32_t from)
{
    struct bark_slice rest = { image->pool + row->media, row->media_len }, line;
    while (from > 0 && bark_http_line_take(&rest, &line))
        from--;
    return rest;
}

/* The first line of the answer: behind those of a RELATED input. */
static inline uint32_t bark_http_answer_line(const struct bark_image *image, const struct bark_http_row *row)
{
    const uint16_t input = image->operations[row->operation].input;
    return row->flags & BARK_HTTP_RELATED && input != BARK_NONE
               ? image->types[bark_root_type(image, input)].count
               : 0;
}

/* "name types" taken apart; false: it is something else. */
static inline bool bark_http_line_read(struct bark_slice line, struct bark_slice *name,
                                       struct bark_slice *types)
{
    const uint8_t *space = line.len ? memchr(line.ptr, ' ', line.len) : NULL;
    if (!space || space == line.ptr || space + 1 == line.ptr + line.len)
        return false;
    *name = (struct bark_slice){ line.ptr, (size_t)(space - line.ptr) };
    *types = (struct bark_slice){ space + 1, line.len - name->len - 1 };
    return true;
}

/* Whether the first of the types is one of XML [RFC7303]: the part is a document. */
static inline bool bark_http_types_are_xml(struct bark_slice types)
{
    size_t len = 0;
    while (len < types.len && types.ptr[len] != ',' && types.ptr[len] != ';' && types.ptr[len] != ' ')
        len++;
    types.len = len;
    if (bark_slice_reads(types, "text/xml") || bark_slice_reads(types, "application/xml"))
        return true;
    return len > 4 && bark_slice_reads((struct bark_slice){ types.ptr + len - 4, 4 }, "+xml");
}

/* The root that a member is when it is a document: of its name, namespace and type; BARK_NONE: none. */
static inline uint16_t bark_http_document_root(const struct bark_image *image, const struct bark_field_row *f)
{
    const struct bark_slice local = bark_image_name(image, f->name);
    for (uint32_t i = 0; i < bark_root_end(image) && i < BARK_NONE; i++)
        if (bark_root_type(image, i) == f->type && bark_root_is(image, i, local) &&
            bark_root_ns(image, (uint16_t)i) == bark_field_ns(image, f))
            return (uint16_t)i;
    return BARK_NONE;
}

#endif
