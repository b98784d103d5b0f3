/* engine/form.h - names and values without a document: queries, form bodies, paths with values in them, and
 * the parts of a multipart form.
 *
 * A source gives raw pairs, one after the other; whoever takes one resolves its escapes. form.c knows the
 * grammar, decode_form.c and encode_form.c know the tables.
 */
#ifndef BARK_ENGINE_FORM_H
#define BARK_ENGINE_FORM_H

#include "soapbark/codec.h"

struct bark_form_pair {
    struct bark_slice name, value; /* as they came */
    size_t name_at, value_at; /* in the source */
    bool foreign; /* a part whose text is not UTF-8, by what it says of itself */
};

/* Where pairs come from. Copied to look ahead. */
struct bark_form_source {
    const struct bark_image *image;
    uint16_t type; /* the struct of the parameters */
    struct bark_slice in; /* "a=1&b=2", or a path */
    struct bark_slice pattern; /* of a path: the location with its "(part)"; ptr NULL: pairs */
    const struct bark_form_pair *parts; /* of a multipart form, which is `in`; NULL: another source */
    size_t part_count;
    size_t at, pattern_at; /* at: of parts, the next one */
    bool broken; /* the path does not follow its pattern */
};

/* The next pair, or false at the end. Empty stretches ("a=1&&b=2") are none. */
bool bark_form_next(struct bark_form_source *s, struct bark_form_pair *pair);

/* The field of a parameter's name, tried from a field row on; BARK_NONE: no parameter has it. */
uint16_t bark_form_field(const struct bark_image *image, uint16_t type, struct bark_slice name,
                         uint16_t from);

/* Whether the root is a struct whose members are values, or arrays of them. */
bool bark_form_is_flat(const struct bark_image *image, uint16_t root);

/* Writes raw with its escapes resolved, at most raw.len bytes, to room. *bad is where an octet may not stand,
 * raw.len when there is none. [RFC3986 2.1]; plus: "+" is a space, as HTML forms write it. */
size_t bark_form_unescape(struct bark_slice raw, bool plus, uint8_t *room, size_t *bad);

/* Writes text with everything but unreserved characters escaped [RFC3986 2.3]; also is one more that is. */
void bark_form_escape(struct bark_out *out, struct bark_slice text, uint8_t also);

/* What bark_decode_form() does, from the parts of a form. Names and values are as they are, without escapes;
 * the parts of binary types are octets. */
BARK_MUST_CHECK enum bark_code bark_decode_parts(const struct bark_image *image, uint16_t root,
                                                 const struct bark_form_source *source,
                                                 const struct bark_limits *limits, struct bark_arena *arena,
                                                 void **msg, struct bark_error *err);

/* The other way: the whole body [RFC7578 4]. */
BARK_MUST_CHECK enum bark_code bark_encode_parts(const struct bark_image *image, uint16_t root,
                                                 const char *boundary, const void *msg,
                                                 const struct bark_limits *limits, struct bark_arena *arena,
                                                 struct bark_out *out, struct bark_error *err);

static inline bool bark_form_is_octets(const struct bark_image *image, uint16_t type)
{
    return image->types[type].kind == BARK_KIND_BASE64 || image->types[type].kind == BARK_KIND_HEX;
}

#endif
