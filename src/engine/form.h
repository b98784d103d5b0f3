/* engine/form.h - names and values without a document: queries, form bodies, paths with values in them.
 *
 * A source gives raw pairs, one after the other; whoever takes one resolves its escapes. form.c knows the
 * grammar, decode_form.c and encode_form.c know the tables.
 */
#ifndef BARK_ENGINE_FORM_H
#define BARK_ENGINE_FORM_H

#include "soapbark/codec.h"

/* Where pairs come from. Copied to look ahead. */
struct bark_form_source {
    const struct bark_image *image;
    uint16_t type; /* the struct of the parameters */
    struct bark_slice in; /* "a=1&b=2", or a path */
    struct bark_slice pattern; /* of a path: the location with its "(part)"; ptr NULL: pairs */
    size_t at, pattern_at;
    bool broken; /* the path does not follow its pattern */
};

struct bark_form_pair {
    struct bark_slice name, value; /* as they came */
    size_t name_at, value_at; /* in the source */
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

#endif
