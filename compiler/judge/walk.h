/* judge/walk.h - what the parts of the pass share.
 */
#ifndef SOAPC_JUDGE_WALK_H
#define SOAPC_JUDGE_WALK_H

#include "judge/judge.h"
#include "xml/reader.h"

/* An open element. */
struct judge_frame {
    const struct soapc_element *declaration; /* NULL: none */
    const struct soapc_type *type; /* anyType when nothing tells another */
    struct bark_slice uri, local;
    struct bark_slice text; /* of simple content */
    size_t offset;
    bool skip, nil;
    uint32_t *counts; /* all.c: of the elements of an xs:all in which some repeat, and of all; or NULL */
};

/* An array in the arena that doubles when it is full. */
struct judge_list {
    void *items;
    size_t count, cap;
};

struct judge_scope; /* identity.c: an element with constraints that is still open */
struct judge_known; /* known.c */

struct judge {
    struct bark_xml_reader r;
    const struct soapc_model *model;
    struct bark_arena *arena;
    struct judge_list frames, scopes, targets; /* judge_frame; identity.c's own */
    struct judge_list ids, idrefs; /* ids.c's own */
    struct judge_known **known; /* of model->types */
    struct judge_list closed; /* identity.c: keys of constraints that were met */
};

/* Room for one more item; NULL after a failure. */
void *soapc_judge_grow(struct judge *j, struct judge_list *list, size_t size);
enum bark_code soapc_judge_full(struct judge *j);

static inline struct judge_frame *judge_top(const struct judge *j)
{
    return (struct judge_frame *)j->frames.items + j->frames.count - 1;
}

static inline bool judge_same(struct bark_slice s, const char *text)
{
    return strlen(text) == s.len && (s.len == 0 || memcmp(s.ptr, text, s.len) == 0);
}

/* known.c: the declaration that a type has for a child, or the wildcard that takes it; false: memory is used
 * up. */
bool soapc_judge_child(struct judge *j, const struct soapc_type *type, const struct bark_xml_name *name,
                       const struct soapc_element **element, bool *skip);
/* [XSD1 3.10.4] */
bool soapc_judge_wildcard_takes(const struct soapc_wildcard *w, struct bark_slice uri);
/* The global declaration of a name, or NULL. */
const struct soapc_element *soapc_judge_global(struct judge *j, const struct bark_xml_name *name);
/* The use of an attribute: declared by the type, or NULL. */
const struct soapc_attribute_use *soapc_judge_attribute(const struct soapc_type *type, struct bark_slice uri,
                                                        struct bark_slice local);
/* The type of an attribute: as the element's type declares it, or as a global declaration does where a
 * wildcard takes it; *type NULL: none. False when memory is used up. */
bool soapc_judge_attribute_type(struct judge *j, const struct soapc_type *type,
                                const struct bark_xml_name *name, const struct soapc_type **found);
/* The simple type of an element's text, or NULL. */
const struct soapc_type *soapc_judge_simple(const struct soapc_type *type);

/* ids.c */
enum bark_code soapc_judge_id(struct judge *j, const struct soapc_type *type, struct bark_slice text,
                              size_t offset);
enum bark_code soapc_judge_ids_end(struct judge *j);

/* identity.c: at a start tag when the frame is pushed, and at the end tag before it is popped. */
enum bark_code soapc_identity_start(struct judge *j, const struct bark_xml_event *ev);
enum bark_code soapc_identity_end(struct judge *j);

/* all.c: when the frame is made, for each child of it, and at its end. */
bool soapc_all_start(struct judge *j, struct judge_frame *frame);
void soapc_all_count(const struct judge_frame *parent, const struct judge_frame *child);
enum bark_code soapc_all_end(struct judge *j, const struct judge_frame *frame);

/* key.c: a type, or of a union the member that takes the text; NULL when memory is used up. */
const struct soapc_type *soapc_key_member(struct judge *j, const struct soapc_type *type,
                                          struct bark_slice text);
/* Appends bytes that equal values of comparable types share; false when memory is used up. */
bool soapc_key_make(struct judge *j, const struct soapc_type *type, struct bark_slice text,
                    struct bark_slice *key);
/* White space as the type has it. */
bool soapc_key_text(struct judge *j, const struct soapc_type *type, struct bark_slice text,
                    struct bark_slice *out);

#endif
