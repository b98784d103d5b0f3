/* engine/encode.h - what the parts of the encoder share.
 *
 *   encode.c            walks structs: which element comes next
 *   encode_plan.c       elements and attributes by a plan, more quickly still
 *   encode_run.c        elements and attributes in their usual form, quickly
 *   encode_run_tag.h    its tags
 *   encode_run_value.h  its values
 *   encode_tag.c        tags, and the namespaces declared on them
 *   encode_attribute.c  the attributes of a struct
 *   encode_value.c      values, escaped for their place
 */
#ifndef BARK_ENGINE_ENCODE_H
#define BARK_ENGINE_ENCODE_H

#include "base/scratch.h"
#include "engine/engine.h"
#include "engine/value.h"

/* A struct or group that is being written. Frames are on the scratch end of the arena, one a level. */
struct bark_encode_frame {
    struct bark_encode_frame *up;
    const struct bark_type_row *type;
    const uint8_t *base; /* the C struct; NULL for a nil element without one */
    const struct bark_field_row *holder; /* the field this is the value of; NULL for the root */
    const struct bark_field_row *field; /* being written */
    size_t holder_item; /* which item of a repeated holder this is */
    size_t item, items_begun; /* of a repeated field: the one being written, and how many so far */
    size_t mark; /* scratch height below this frame */
    uint16_t next, end; /* fields to look at, counted from the type's first */
    uint16_t name; /* name row of the element to close; BARK_NONE for a group, which has none */
    uint8_t ns;
};

/* A namespace declared on the start tag that is still being written. */
struct bark_encode_local {
    struct bark_encode_local *up;
    struct bark_slice uri, prefix;
};

/* How tags of a namespace begin, see encode_run_tag.h. */
enum { BARK_ENCODE_LEAD = 32 };

struct bark_encode_lead {
    uint8_t open[BARK_ENCODE_LEAD], close[BARK_ENCODE_LEAD]; /* "<p:" and "</p:" */
    const uint8_t
        *pool_steps; /* where the pool's last step begins: names that end before it are copied whole */
    uint16_t of; /* namespace row + 1; 0: of none */
    uint8_t len; /* of open; close has one byte more */
};

struct bark_encoder {
    const struct bark_image *image;
    const struct bark_limits *limits;
    struct bark_arena *arena;
    struct bark_out *out;
    struct bark_error *err;
    const struct bark_xop_writer *xop; /* the caller's, or NULL: all octets go in line */
    struct bark_joined root; /* its name */
    uint64_t namespaces; /* bark_root_namespaces() */
    struct bark_value_scope scope;
    struct bark_value_error error; /* of the value that is being written */
    struct bark_encode_frame *top;
    struct bark_encode_local *locals;
    size_t locals_mark; /* scratch height below the first of them */
    uint32_t local_count;
    size_t depth; /* open elements */
    size_t stem; /* underscores that start a generated prefix: more than any prefix of the image has */
    bool xsi_free; /* no prefix of the image is "xsi" */
    bool tag_open; /* "<name ..." is written and ">" or "/>" is owed */
#ifndef BARK_COMPACT
    struct bark_encode_lead lead;
#endif
};

/* Fails with the path of what is being written. */
enum bark_code bark_encode_fail(struct bark_encoder *e, enum bark_code code, const char *rule);
#ifdef BARK_TERSE
#define bark_encode_fail(e, code, rule) bark_encode_fail(e, code, BARK_RULE(rule))
#endif

/* encode_tag.c */
enum bark_code bark_encode_names_init(struct bark_encoder *e);
enum bark_code bark_encode_start(struct bark_encoder *e, uint8_t ns, uint16_t name);
void bark_encode_end(struct bark_encoder *e, uint8_t ns, uint16_t name);
/* Writes the ">" that may be owed: content follows. */
static inline void bark_encode_content(struct bark_encoder *e)
{
    uint8_t *const window = bark_out_window(e->out, 1);
    if (!e->tag_open)
        return;
    e->tag_open = false;
    if (window) {
        *window = '>';
        bark_out_take(e->out, 1);
    } else {
        bark_out_byte(e->out, '>');
    }
}
/* Whether the root element declares the namespace of this row. */
static inline bool bark_encode_on_root(const struct bark_encoder *e, uint8_t row)
{
    return row > 0 && row < 64 && (e->namespaces >> row & 1);
}
/* Gives back what the last start tag declared; its text is written. */
static inline void bark_encode_locals_drop(struct bark_encoder *e)
{
    if (!e->locals)
        return;
    bark_scratch_pop(e->arena, e->locals_mark);
    e->locals = NULL;
    e->local_count = 0;
}
/* Makes sure that a prefix for the namespace is in scope on the open start tag. */
enum bark_code bark_encode_declare(struct bark_encoder *e, struct bark_slice uri);
/* The prefix of a namespace that is in scope; NULL when none is. */
struct bark_slice bark_encode_prefix(const struct bark_encoder *e, struct bark_slice uri);
/* Writes a name in a namespace that is in scope, or in none. */
void bark_encode_name(struct bark_encoder *e, struct bark_slice uri, struct bark_slice local);
/* Writes xsi:nil="true" on the open start tag. */
enum bark_code bark_encode_nil(struct bark_encoder *e);
/* Writes xsi:type on the open start tag. */
enum bark_code bark_encode_xsi_type(struct bark_encoder *e, struct bark_slice uri, struct bark_slice local);
struct bark_slice bark_encode_uri(const struct bark_image *image, uint8_t ns);
bool bark_encode_same(struct bark_slice a, struct bark_slice b);

/* encode_run.c: writes the fields of the top frame that are in their usual form, up to one that is not. */
#ifdef BARK_COMPACT
static inline void bark_encode_run(struct bark_encoder *e)
{
    (void)e; /* the general way writes everything */
}
#else
void bark_encode_run(struct bark_encoder *e);
#endif
/* The same for one declared attribute; false: nothing was written. */
#ifdef BARK_COMPACT
static inline bool bark_encode_run_attribute(struct bark_encoder *e, const struct bark_field_row *field)
{
    (void)e, (void)field;
    return false;
}
#else
bool bark_encode_run_attribute(struct bark_encoder *e, const struct bark_field_row *field);
#endif

/* encode_attribute.c: the attributes of the top frame's struct. */
enum bark_code bark_encode_attributes(struct bark_encoder *e);
/* [XSD1 3.10.4] Whether a wildcard lets a namespace in. */
bool bark_encode_allows(const struct bark_image *image, const struct bark_wildcard_row *wildcard,
                        struct bark_slice uri);

/* encode_value.c: a value into the open tag's content or into an attribute, with its default or fixed text
 * minded. */
enum bark_code bark_encode_value(struct bark_encoder *e, const struct bark_field_row *field, uint16_t type,
                                 const void *member, enum bark_xml_place place);
/* Makes the namespaces of QNames in the value known on the open start tag. */
enum bark_code bark_encode_qnames_declare(struct bark_encoder *e, uint16_t type, const void *member);
static inline enum bark_code bark_encode_value_declare(struct bark_encoder *e, uint16_t type,
                                                       const void *member)
{
    const uint8_t kind = e->image->types[type].kind;
    return kind == BARK_KIND_QNAME || kind == BARK_KIND_LIST ? bark_encode_qnames_declare(e, type, member)
                                                             : BARK_OK;
}

/* Where a member stands, and whether it is there. */
static inline const void *bark_encode_member(const struct bark_encode_frame *frame,
                                             const struct bark_field_row *field)
{
    return frame->base + field->offset;
}
enum bark_presence bark_encode_presence(const struct bark_encoder *e, const struct bark_encode_frame *frame,
                                        const struct bark_field_row *field);

#endif
