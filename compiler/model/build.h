/* model/build.h - what the files of this folder share while a model is made. Nothing else includes it.
 *
 * The order of work (model.c):
 *   1. schemas    every schema element with its target namespace; an included one takes its includer's
 *   2. declare    each global component gets its struct and its entry in the symbol table
 *   3. build      a queue of "this node becomes that struct"; references are looked up, nested declarations
 * queued
 *   4. derive     base before derived: groups into content, attribute groups, effective facets, attributes,
 * content
 *   5. services   messages, port types, bindings, services
 * The queue replaces recursion: a schema may nest and derive as deep as its owner likes.
 */
#ifndef SOAPC_BUILD_H
#define SOAPC_BUILD_H

#include "load/node.h"
#include "model/matcher.h"
#include "model/model.h"
#include "model/pool.h"

#include <string.h>

enum soapc_space {
    SOAPC_SPACE_TYPE,
    SOAPC_SPACE_ELEMENT,
    SOAPC_SPACE_ATTRIBUTE,
    SOAPC_SPACE_GROUP,
    SOAPC_SPACE_ATTRIBUTE_GROUP,
    SOAPC_SPACE_NOTATION,
    SOAPC_SPACE_CONSTRAINT, /* key, unique, keyref */
    SOAPC_SPACE_MESSAGE,
    SOAPC_SPACE_PORT_TYPE,
    SOAPC_SPACE_BINDING,
    SOAPC_SPACE_SERVICE
};

struct soapc_symbol {
    enum soapc_space space;
    struct soapc_name name;
    struct soapc_place place;
    void *object; /* NULL: free bucket */
};

struct soapc_symbols {
    struct soapc_symbol *buckets; /* open addressing, at most half full */
    size_t count, cap;
};

/* One schema element under one target namespace. */
struct soapc_scope {
    const struct soapc_document *doc;
    const struct soapc_node *schema; /* NULL for the WSDL part of a document */
    const char *target_ns;
    bool chameleon; /* has no target namespace itself: unprefixed references mean the includer's [XSD1 4.2.1]
                     */
    bool elements_qualified, attributes_qualified;
    uint8_t block_default, final_default;
    const char **imports; /* namespaces that references may use */
    size_t import_count, import_cap;
    /* Inside a redefinition: the name that means the old component [XSD1 4.2.2]; local is NULL elsewhere. */
    struct soapc_name redefined;
    enum soapc_space redefined_space;
    void *redefined_object;
};

struct soapc_builder;

/* One piece of queued work: make `object` from `node`. */
struct soapc_work {
    void (*run)(struct soapc_builder *b, const struct soapc_work *work);
    const struct soapc_scope *scope;
    const struct soapc_node *node;
    void *object;
    const char *context; /* for anonymous types below */
    struct soapc_group *group; /* the named group being built, or NULL */
    uint32_t nesting; /* content models around this one */
};

/* A group reference, to be filled in when all groups are built. */
struct soapc_group_use {
    struct soapc_particle *particle;
    struct soapc_group *group; /* what is used */
    struct soapc_group *inside; /* the group that uses it, or NULL */
    struct soapc_place place;
    bool nested; /* inside another content model: an xs:all may not be there */
};

/* An attribute group reference. */
struct soapc_attributes_use {
    struct soapc_attribute_group *group;
    struct soapc_attribute_group *inside; /* the group that uses it, or NULL */
    struct soapc_attribute_uses *uses; /* where they go */
    struct soapc_wildcard **wildcard;
    struct soapc_place place;
};

/* An import that found no file. */
struct soapc_missing {
    const char *ns;
    const struct soapc_link *link;
    struct soapc_place place;
    bool reported;
};

/* A default or fixed value, to be checked when its type is derived. One of element and attribute is set. */
struct soapc_value_use {
    const struct soapc_element *element;
    const struct soapc_attribute *attribute;
    const char *text, **names; /* names: the value_names of the declaration or use */
    struct soapc_place place;
    const struct soapc_scope *scope;
    const struct soapc_node *node; /* where its prefixes are bound */
};

/* A group and the one that it takes the place of without referring to it [XSD1 4.2.2]. */
struct soapc_redefined {
    const struct soapc_group *own, *old; /* NULL for attribute groups, */
    const struct soapc_attribute_group *own_attributes, *old_attributes; /* which are here */
};

/* A keyref, to be led to its key when all are known. */
struct soapc_keyref {
    struct soapc_identity *identity;
    const struct soapc_scope *scope;
    const struct soapc_node *node;
};

struct soapc_builder {
    struct soapc_model *model;
    struct soapc_pool *pool;
    const struct soapc_documents *docs;
    struct soapc_diag *diag;
    struct soapc_symbols symbols;
    struct soapc_symbols
        uses; /* attribute uses by list and name: lists of 10^5 must not take the square of that */
    struct soapc_scope **scopes;
    size_t scope_count, scope_cap;
    struct soapc_work *queue;
    size_t queue_count, queue_cap, queue_next;
    struct soapc_group_use *group_uses;
    size_t group_use_count, group_use_cap;
    struct soapc_attributes_use *attributes_uses;
    size_t attributes_use_count, attributes_use_cap;
    struct soapc_value_use *value_uses;
    size_t value_use_count, value_use_cap;
    struct soapc_redefined *redefined;
    size_t redefined_count, redefined_cap;
    struct soapc_keyref *keyrefs;
    size_t keyref_count, keyref_cap;
    struct soapc_matcher matcher;
    struct soapc_missing *missing;
    size_t missing_count, missing_cap;
    struct soapc_element **all_elements; /* local ones too: their types are settled last */
    size_t all_element_count, all_element_cap;
    size_t wrapper_first; /* elements from here on are made by rpc bindings */
    const char *empty; /* "" */
    const char *xs; /* the schema namespace */
};

/* A zeroed T of the pool; an array's next item. */
#define SOAPC_NEW(b, T) ((T *)soapc_pool_alloc((b)->pool, sizeof(T)))
#define SOAPC_PUSH(b, array, count, cap) \
    (soapc_pool_push((b)->pool, &(array), &(count), &(cap), sizeof *(array)))

static inline struct soapc_place soapc_node_place(const struct soapc_scope *s, const struct soapc_node *node)
{
    return (struct soapc_place){ s->doc->file, node->at };
}

static inline bool soapc_has(struct bark_text t)
{
    return t.ptr != NULL;
}

/* The child's node when it is one of the schema vocabulary's (not documentation and the like), else NULL. */
static inline const struct soapc_node *soapc_child_node(const struct soapc_child *child)
{
    enum soapc_node_kind kind = (enum soapc_node_kind)child->kind;
    return kind == SOAPC_WSDL_ANY || kind == SOAPC_KIND_NONE || soapc_kind_is_raw(kind) ? NULL
                                                                                        : child->as.node;
}

/* ---- symbols.c ---- */

void *soapc_symbol_find(const struct soapc_symbols *symbols, enum soapc_space space, struct soapc_name name);

/* Enters a component. A second one of the name is an error with a note where the first is; false then. */
bool soapc_symbol_add(struct soapc_builder *b, enum soapc_space space, struct soapc_name name,
                      struct soapc_place place, void *object);

/* Takes a component out of the table, to be entered anew at once. NULL when there is none. */
void *soapc_symbol_take(struct soapc_builder *b, enum soapc_space space, struct soapc_name name);

/* The same for attribute uses, which are unique in their list. */
struct soapc_attribute_use *soapc_use_find(struct soapc_builder *b, const struct soapc_attribute_uses *uses,
                                           const struct soapc_attribute *attribute);
void soapc_use_push(struct soapc_builder *b, struct soapc_attribute_uses *uses,
                    struct soapc_attribute_use *use);

const char *soapc_intern(struct soapc_builder *b, struct bark_text text);

/* A QName attribute as a name, chameleon rule applied. */
struct soapc_name soapc_qname(struct soapc_builder *b, const struct soapc_scope *scope, struct bark_qname q);

/* Looks a reference up. When there is nothing, reports it at the value of the attribute with a guess, the
 * import that failed, or the namespace that no one declares, and gives NULL. */
void *soapc_reference(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                      const char *attribute, enum soapc_space space, struct soapc_name name);

/* ---- schema.c ---- */

void soapc_schemas_collect(struct soapc_builder *b);
void soapc_globals_declare(struct soapc_builder *b);
void soapc_global_declare(struct soapc_builder *b, const struct soapc_scope *s,
                          const struct soapc_node *node);
uint8_t soapc_derivations(struct bark_text text, uint8_t all);

/* ---- redefine.c ---- */

void soapc_redefinitions_declare(struct soapc_builder *b);
/* True for a reference, of the redefined name, that means the old component: group references, and the base
 * of the type that stands below xs:redefine itself. */
bool soapc_is_redefined(const struct soapc_node *node, enum soapc_space space);

/* ---- type.c ---- */

struct soapc_type *soapc_type_new(struct soapc_builder *b, const struct soapc_scope *scope,
                                  const struct soapc_node *node);
void soapc_type_queue(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                      struct soapc_type *type, const char *context);
/* An anonymous type below something named by context. */
struct soapc_type *soapc_type_anonymous(struct soapc_builder *b, const struct soapc_scope *scope,
                                        const struct soapc_node *node, const char *context);
/* The type that an attribute names; anyType (or anySimpleType) when it does not resolve. */
struct soapc_type *soapc_type_reference(struct soapc_builder *b, const struct soapc_scope *scope,
                                        const struct soapc_node *node, const char *attribute,
                                        struct bark_qname q, bool simple);
void soapc_work_add(struct soapc_builder *b, struct soapc_work work);
void soapc_facets_read(struct soapc_builder *b, const struct soapc_scope *scope,
                       const struct soapc_node *node, struct soapc_facets *facets);

/* ---- particle.c ---- */

void soapc_group_build(struct soapc_builder *b, const struct soapc_work *work);
void soapc_element_build(struct soapc_builder *b, const struct soapc_work *work);
/* The content model of a type: a group, all, choice or sequence child; NULL when there is none or it may not
 * occur. */
struct soapc_particle *soapc_content_build(struct soapc_builder *b, const struct soapc_scope *scope,
                                           const struct soapc_node *parent, const char *context);
struct soapc_wildcard *soapc_wildcard_build(struct soapc_builder *b, const struct soapc_scope *scope,
                                            const struct soapc_node *node);

/* ---- attribute.c ---- */

void soapc_attribute_build(struct soapc_builder *b, const struct soapc_work *work);
void soapc_attribute_group_build(struct soapc_builder *b, const struct soapc_work *work);
void soapc_attributes_build(struct soapc_builder *b, const struct soapc_scope *scope,
                            const struct soapc_node *parent, struct soapc_attribute_uses *uses,
                            struct soapc_wildcard **wildcard, struct soapc_attribute_group *inside,
                            const char *context);
struct soapc_wildcard *soapc_wildcard_intersect(struct soapc_builder *b, struct soapc_wildcard *x,
                                                struct soapc_wildcard *y);
struct soapc_wildcard *soapc_wildcard_unite(struct soapc_builder *b, struct soapc_wildcard *x,
                                            struct soapc_wildcard *y);

/* Whether all that x lets in is let in by y [XSD1 3.10.6]. */
bool soapc_wildcard_subset(const struct soapc_builder *b, const struct soapc_wildcard *x,
                           const struct soapc_wildcard *y);
bool soapc_wildcard_allows(const struct soapc_builder *b, const struct soapc_wildcard *w, const char *ns);

/* Pours one group's attributes into the place that refers to it, when the group itself is complete. */
void soapc_attributes_pour(struct soapc_builder *b, const struct soapc_attributes_use *use);

/* ---- order.c ---- */

/* "from needs to". */
struct soapc_need {
    uint32_t from, to;
    size_t tag; /* the caller's */
    bool closes_cycle; /* set by soapc_order() */
};

/* An order of the things 0 .. count-1 in which each comes after all it needs, needs that close a cycle aside:
 * those are marked. Sorts needs by `from`, otherwise keeping their order. */
const uint32_t *soapc_order(struct soapc_builder *b, struct soapc_need *needs, size_t need_count,
                            size_t count);

/* ---- builtin.c, derive.c, facet.c, group.c ---- */

void soapc_builtins_make(struct soapc_builder *b);
void soapc_groups_fill(struct soapc_builder *b);
void soapc_types_derive(struct soapc_builder *b);
void soapc_redefined_attributes_check(struct soapc_builder *b, const struct soapc_attribute_group *own,
                                      const struct soapc_attribute_group *old);
void soapc_elements_settle(struct soapc_builder *b);
/* Effective facets from the base's and the type's own, which are checked against each other. */
void soapc_facets_derive(struct soapc_builder *b, struct soapc_type *type);

/* ---- default.c ---- */

/* Notes the default and fixed attributes of a node for soapc_defaults_check(), which fills *names. */
void soapc_defaults_note(struct soapc_builder *b, const struct soapc_scope *scope,
                         const struct soapc_node *node, const struct soapc_element *element,
                         const struct soapc_attribute *attribute, const char **names);
void soapc_defaults_check(struct soapc_builder *b);

/* ---- identity.c ---- */

/* The key, unique and keyref children of an element declaration (w->object). */
void soapc_identities_build(struct soapc_builder *b, const struct soapc_work *w);
void soapc_keyrefs_settle(struct soapc_builder *b);

/* ---- upa.c ---- */

void soapc_particles_attribute(struct soapc_builder *b);

/* ---- restrict.c, consistent.c ---- */

void soapc_restrictions_check(struct soapc_builder *b);
void soapc_elements_agree(struct soapc_builder *b);

/* ---- xsd11.c ---- */

/* Date and time values that have a time zone, and that have none [XSD11-2 4.3.14]. */
#define SOAPC_ZONE_REQUIRED ".*(Z|[+\\-][0-9]{2}:[0-9]{2})"
#define SOAPC_ZONE_PROHIBITED "[^:Z]*|[^Z+]*:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"

void soapc_xsd11_check(struct soapc_builder *b);
void soapc_all_repeats(struct soapc_builder *b, struct soapc_particle *all);
void soapc_open_content_read(struct soapc_builder *b, const struct soapc_scope *scope,
                             const struct soapc_node *node, struct soapc_type *t);
struct soapc_particle *soapc_content_open(struct soapc_builder *b, const struct soapc_type *t,
                                          struct soapc_particle *content);

/* ---- notation.c ---- */

void soapc_notations_check(struct soapc_builder *b);

/* ---- documentation.c ---- */

void soapc_documentation_collect(struct soapc_builder *b);

/* ---- id.c ---- */

void soapc_ids_check(struct soapc_builder *b);

/* ---- derived.c ---- */

/* True when t is `from` or comes from it without a step of the kinds `without` (SOAPC_BY_ bits). */
bool soapc_type_derives(const struct soapc_type *t, const struct soapc_type *from, uint8_t without);
void soapc_substitutions_check(struct soapc_builder *b);

/* ---- wsdl.c, binding.c ---- */

/* Arrays and simple types of SOAP encoding, when it is spoken. (encoding.c) */
void soapc_encoding_settle(struct soapc_builder *b);
struct soapc_type *soapc_encoding_plain(const struct soapc_builder *b, struct soapc_type *t);
/* What a restriction of soapenc:Array holds, whether SOAP encoding is spoken or not; NULL: it is none. */
struct soapc_type *soapc_encoding_item(struct soapc_builder *b, const struct soapc_type *t);
void soapc_services_build(struct soapc_builder *b);
/* Whether soap:body says, by its list or without one, that it has the part [WSDL11 3.5]. */
bool soapc_body_lists(const struct soapc_node *body, const struct soapc_part *part);
/* NULL after an error that it has reported at the place. */
const struct soapc_part *soapc_part_find(struct soapc_builder *b, const struct soapc_wsdl_message *m,
                                         struct bark_text name, struct soapc_place place);
void soapc_binding_build(struct soapc_builder *b, const struct soapc_scope *scope,
                         const struct soapc_node *node);
void soapc_service_build(struct soapc_builder *b, const struct soapc_scope *scope,
                         const struct soapc_node *node);

/* ---- multipart.c, media.c ---- */

/* The part of a multipart that holds the envelope, or the direction itself [WSDL11 5.2]. */
const struct soapc_node *soapc_envelope_find(const struct soapc_node *io);
/* payload->attachments: mime:content and mime:mimeXml in the parts of a multipart [WSDL11 5.3, 5.4]. */
void soapc_attachments_build(struct soapc_builder *b, const struct soapc_scope *s,
                             const struct soapc_node *io, const struct soapc_node *body,
                             const struct soapc_wsdl_message *m, struct soapc_payload *payload);
bool soapc_is_attachment(const struct soapc_payload *payload, const struct soapc_part *part);
/* xmime:expectedContentTypes of an element or type declaration, checked; NULL: there is none. */
const char *soapc_content_types_read(struct soapc_builder *b, const struct soapc_scope *s,
                                     const struct soapc_node *node);
/* Gives elements what their types say, and warns where it is said of what holds no octets. */
void soapc_content_types_settle(struct soapc_builder *b);
/* Reports what is no list of media ranges, and gives false. */
bool soapc_media_check(struct soapc_builder *b, const char *ranges, struct soapc_place place);
struct bark_text soapc_raw_attribute(const struct soapc_raw *raw, const char *name);
/* The wsdl:input, soap:operation ... of a bound operation, or NULL. */
const struct soapc_node *soapc_io_find(const struct soapc_node *node, enum soapc_node_kind kind);
/* An element that a binding makes of parts, and one that it made before; ns NULL: of whatever namespace. */
struct soapc_element *soapc_wrapper_make(struct soapc_builder *b, struct soapc_place place,
                                         struct soapc_name name, const struct soapc_part *const *parts,
                                         size_t count);
struct soapc_element *soapc_wrapper_search(struct soapc_builder *b, struct soapc_place place, const char *ns,
                                           const char *local, const struct soapc_part *const *parts,
                                           size_t count);
/* A part that is a document of its own: its element, or one of its type named as the part, as in rpc. */
struct soapc_element *soapc_part_document(struct soapc_builder *b, const struct soapc_part *part);

/* ---- http.c */

/* Whether the verb of an http:binding is POST. */
bool soapc_http_verb_read(struct soapc_builder *b, const struct soapc_scope *scope,
                          const struct soapc_node *node);
/* What an HTTP binding says of an operation, whose node is given; fills bound->http, the roots, unsupported.
 */
void soapc_http_bind(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                     const struct soapc_binding *binding, struct soapc_bound_operation *bound);

#endif
