/* lower/plan.h - the lowered form: what the C structs and the rows of the table image will be.
 *
 *     model --select--> roots, operations --shape--> types and fields --order--> embedding, row order
 *           --layout--> sizes, offsets --rows--> the sections of the image
 *
 * One plan serves both outputs: the printer states offsets with offsetof, the image builder takes the numbers
 * that layout worked out for this machine, and everything else is the same row. All memory is the plan's.
 */
#ifndef SOAPC_LOWER_PLAN_H
#define SOAPC_LOWER_PLAN_H

#include "lower/cname.h"
#include "model/model.h"

struct soapc_ptype;

struct soapc_pfacet {
    enum bark_facet_kind kind;
    const char *text; /* "" when it has none */
    int64_t value; /* PATTERN: index into soapc_plan.patterns */
};

/* A member of a struct or group; becomes a field row. */
struct soapc_pfield {
    enum bark_field_kind kind;
    uint16_t bits; /* enum bark_field_bits */
    const char *ns, *local; /* name on the wire; local is NULL where there is none */
    const struct soapc_given *given; /* the C name that the overrides file wants, or NULL */
    const char *member; /* C name */
    const char *has_member; /* C name of its has_ byte, or NULL */
    const char *alternative; /* in a choice: the enumerator for `which` */
    struct soapc_ptype *type; /* NULL: ANY, ANY_ATTRIBUTE, CONTENT */
    const struct soapc_wildcard *wildcard; /* ANY, ANY_ATTRIBUTE */
    uint32_t min, max;
    const char *text; /* default or fixed value, or NULL */
    const char *content_types; /* of an element's octets, or NULL */
    struct soapc_place place;
    size_t size, align, offset; /* of the member, on this machine */
    uint8_t has; /* as in bark_field_row */
};

struct soapc_pfirst {
    const char *ns, *local;
    const struct soapc_wildcard *wildcard; /* instead of a name */
};

/* A type; becomes a type row. */
struct soapc_ptype {
    enum bark_kind kind;
    enum bark_model model;
    uint8_t flags; /* enum bark_type_flags without the alignment */
    const char *ns, *local; /* local is NULL when anonymous */
    const struct soapc_type *source; /* NULL: groups, plain values */
    const char *content_types; /* BASE64 of an element that says what its octets are; else NULL */
    const char *c_name; /* STRUCT, GROUP, ENUM: the tag; NULL for other values */
    struct soapc_place place;
    struct soapc_pfield *fields; /* STRUCT, GROUP */
    size_t field_count, field_cap, attribute_count;
    struct soapc_nameset members; /* C names in use */
    struct soapc_ptype *item; /* LIST */
    struct soapc_ptype **union_members; /* UNION */
    size_t union_count, union_cap;
    const char **values, **enumerators; /* ENUM: texts and C names */
    size_t value_count;
    struct soapc_pfacet *facets;
    size_t facet_count, facet_cap;
    struct soapc_pfirst *firsts; /* GROUP */
    size_t first_count, first_cap;
    struct soapc_ptype *same; /* an equal value type that is used instead, or NULL */
    size_t size, align, presence;
    struct soapc_ptype *twin; /* an equal struct, which has the row of both, or NULL (share.c) */
    size_t row; /* its type row */
    uint32_t visit, low, component; /* for ordering */
    bool done;
};

struct soapc_ppattern {
    const char *text;
    uint16_t states, classes;
    const uint8_t *class_of, *accept;
    const uint16_t *next;
};

struct soapc_proot {
    const struct soapc_element *element;
    struct soapc_ptype *type;
    const char *c_name; /* of the enumerator with its number */
    uint64_t namespaces;
    /* roots.c: */
    size_t number; /* in the image */
    size_t stem; /* how much of the name its row has; the rest is a tail */
    struct soapc_proot *answer; /* the other side of its row, or NULL */
    bool is_answer; /* it is another root's */
};

/* A namespace and the prefix that C names and the wire have for it. */
struct soapc_pspace {
    const char *uri, *prefix;
    const char *c_prefix; /* the prefix as C writes it; "" for none */
};

/* Header blocks of one direction, or header faults; in C a struct with a pointer for each. */
struct soapc_pheader {
    size_t root;
    const char *member; /* C name */
};

struct soapc_pheaders {
    struct soapc_pheader *items;
    size_t count, cap;
    struct soapc_nameset members;
    const char *c_name; /* tag of the struct; NULL when count is 0 */
    const char *accessor; /* of the struct in a struct bark_call */
};

/* Parts that travel beside one direction of an operation. */
struct soapc_ppart {
    const struct soapc_attachment *attachment;
    const char *find, *attach; /* C functions: of whoever gets the message, and of whoever sends it */
};

struct soapc_pparts {
    struct soapc_ppart *items;
    size_t count, cap;
};

struct soapc_poperation {
    const struct soapc_bound_operation *bound; /* NULL when no binding speaks of it */
    const struct soapc_operation *operation;
    const char *c_name; /* of the handler; unique in its service */
    const char *function, *enumerator; /* of the client's call, and of its row number */
    const char *header_function; /* of the call with header blocks, or NULL */
    const char *start_function, *step_function; /* of the call that does not wait */
    size_t service;
    size_t input, output; /* roots; BARK_NONE */
    uint8_t flags;
    size_t *faults;
    size_t fault_count;
    struct soapc_pheaders headers, answer_headers, header_faults;
    struct soapc_pparts parts, answer_parts;
    const char *action;
};

/* An HTTP binding of an operation; becomes an HTTP row. */
struct soapc_phttp {
    size_t operation;
    const struct soapc_bound_operation *bound;
    const char *enumerator; /* of its row number */
};

/* Whether HTTP bindings alone have it. */
static inline bool soapc_operation_is_http(const struct soapc_poperation *op)
{
    return !(op->flags & (BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12));
}

struct soapc_pservice {
    const struct soapc_port_type *port_type;
    const char *c_name; /* prefix_PortType */
    const char *parts; /* C name of the array of parts, a row an operation; NULL: no operation has any */
    size_t first, count; /* operations */
    const char *address;
};

/* Sections as they will stand in the image; layout-dependent members hold this machine's numbers. */
struct soapc_rows {
    struct bark_namespace_row *namespaces;
    uint32_t *names;
    struct bark_type_row *types;
    struct bark_field_row *fields;
    struct bark_trait_row *traits;
    struct bark_extra_row *extras;
    struct bark_facet_row *facets;
    struct bark_pattern_row *patterns;
    struct bark_first_row *firsts;
    struct bark_wildcard_row *wildcards;
    uint16_t *lists;
    struct bark_root_row *roots;
    struct bark_operation_row *operations;
    struct bark_service_row *services;
    struct bark_http_row *https;
    size_t http_count;
    uint8_t *pool;
    uint16_t *name_bytes; /* what each name adds to the pool: 0 where it stands in another one */
    size_t count[BARK_SECTION_COUNT], cap[BARK_SECTION_COUNT];
    size_t pool_text; /* bytes of the pool before the first DFA table */
};

/* Which declared types make an element polymorphic; docs/decisions/0007-xsi-type.md. */
enum soapc_polymorphic {
    SOAPC_POLYMORPHIC_COMPLEX, /* complex types that others derive from; the default */
    SOAPC_POLYMORPHIC_NONE,
    SOAPC_POLYMORPHIC_ABSTRACT, /* those that cannot be used without xsi:type */
    SOAPC_POLYMORPHIC_ALL /* simple types and anyType too */
};

struct soapc_plan {
    struct bark_arena *arena;
    const struct soapc_model *model;
    struct soapc_diag *diag;
    bool assess; /* as in soapc_lower_options */
    struct soapc_ptype *undeclared, *elements,
        *attributes; /* of the DECLARED row; the last two may be NULL */
    bool failed; /* memory ran out: stages stop, soapc_lower() reports it */
    struct soapc_ptype **types; /* in the order of rows once ordered */
    size_t type_count, type_cap;
    struct soapc_proot *roots;
    size_t root_count, root_cap;
    size_t *root_slots, root_slot_cap; /* hash of an element's address -> root + 1 */
    struct soapc_poperation *operations;
    size_t operation_count, operation_cap;
    struct soapc_pservice *services;
    size_t service_count, service_cap;
    struct soapc_phttp *https; /* in the order of their operations */
    size_t http_count, http_cap;
    const struct soapc_operation *
        *asides; /* no SOAP or HTTP binding has them: not in the tables, named in the bill */
    size_t aside_count, aside_cap;
    struct soapc_ppattern *patterns;
    size_t pattern_count, pattern_cap;
    struct soapc_pspace *spaces; /* the namespaces of everything that has a name */
    size_t space_count, space_cap;
    const char **type_names; /* of model->types: C tag, NULL for built-in ones */
    struct soapc_nameset globals; /* C names with file scope */
    struct soapc_ptype **by_type; /* of model->types */
    enum soapc_polymorphic polymorphic;
    struct soapc_typed *typed; /* of model->types; made on first use */
    uint32_t typed_rounds;
    struct soapc_ptype *plain[BARK_KIND_COUNT]; /* built-in values without facets */
    struct soapc_rows rows;
};

struct soapc_lower_options {
    enum soapc_polymorphic polymorphic;
    const char *const *operations; /* only these of every port type; none: all */
    size_t operation_count;
    bool assess; /* for validate: wildcard and mixed content is judged, not kept; never printed as C */
    bool all_elements; /* every global element is a root, for validate; always so without operations */
};

/* Lowers the model. Errors and warnings go to diag; NULL after an error. The model must outlive the plan.
 * Cost: linear in what the roots reach, save for sorting. One thread a plan. */
struct soapc_plan *soapc_lower(const struct soapc_model *model, const struct soapc_lower_options *options,
                               struct soapc_diag *diag);
void soapc_plan_free(struct soapc_plan *plan);

/* ---- stages; each returns false after an error that it has reported, or when memory is used up */

bool soapc_plan_check(struct soapc_plan *plan);
bool soapc_names_assign(struct soapc_plan *plan);
bool soapc_plan_select(struct soapc_plan *plan, const struct soapc_lower_options *options);
bool soapc_plan_shape(struct soapc_plan *plan);
bool soapc_plan_order(struct soapc_plan *plan);
bool soapc_plan_layout(struct soapc_plan *plan);
bool soapc_plan_share(struct soapc_plan *plan);
bool soapc_rows_build(struct soapc_plan *plan);

/* ---- helpers of the stages */

/* Zeroed memory of the plan; NULL when it is used up. */
void *soapc_plan_alloc(struct soapc_plan *plan, size_t count, size_t size);
/* Room for one more item: the array, perhaps moved; NULL when memory is used up. */
void *soapc_plan_grow(struct soapc_plan *plan, void *items, size_t count, size_t *cap, size_t size);
/* Types by their hash, one of each kind of equal ones: share.c. */
struct soapc_ptype_set {
    struct soapc_ptype **slots;
    size_t cap; /* a power of two, at least twice the types of the plan */
};
bool soapc_ptype_set_init(struct soapc_plan *plan, struct soapc_ptype_set *set);
/* The one that is equal and was added before; or NULL, and t is in the set now. */
struct soapc_ptype *soapc_ptype_set_add(struct soapc_ptype_set *set, struct soapc_ptype *t, size_t hash,
                                        bool (*equal)(const struct soapc_ptype *,
                                                      const struct soapc_ptype *));
const char *soapc_plan_printf(struct soapc_plan *plan, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The prefix of a namespace; "" for none. */
const char *soapc_plan_prefix(const struct soapc_plan *plan, const char *ns);
/* The same as the start of C names. */
const char *soapc_plan_c_prefix(const struct soapc_plan *plan, const char *ns);

/* Adds a name that the overrides file gives, to which none is added when it is taken: that is an error. */
const char *soapc_plan_given(struct soapc_plan *plan, struct soapc_nameset *set, const char *name,
                             const struct soapc_given *given);

/* The plan's type for a type of the model; its inside may be shaped later. NULL when memory is used up. */
struct soapc_ptype *soapc_ptype_of(struct soapc_plan *plan, const struct soapc_type *type);
struct soapc_ptype *soapc_ptype_new(struct soapc_plan *plan, enum bark_kind kind);
bool soapc_shape_value(struct soapc_plan *plan, struct soapc_ptype *t);
bool soapc_shape_struct(struct soapc_plan *plan, struct soapc_ptype *t);
/* counts.c: marks content that a message does not divide into groups. */
bool soapc_counts_mark(struct soapc_plan *plan, const struct soapc_ptype *t);
/* The types of the DECLARED row [docs/table-format.md, T38]. */
bool soapc_shape_declared(struct soapc_plan *plan);
enum bark_kind soapc_value_kind(const struct soapc_type *type);
bool soapc_value_is_plain(const struct soapc_type *type);

/* In C a struct of `which` and a union. */
static inline bool soapc_is_tagged(const struct soapc_ptype *t)
{
    return t->model == BARK_MODEL_CHOICE || t->model == BARK_MODEL_TYPED;
}

/* The type of an element's member: the declared one, or a TYPED struct of all that may stand there by
 * xsi:type.
 */
struct soapc_ptype *soapc_ptype_of_element(struct soapc_plan *plan, const struct soapc_element *element);

/* What may stand where the head is referred to: the head unless abstract, and its substitution group,
 * transitively, in the order of the schema. False only when memory is used up. */
bool soapc_substitutes_find(struct soapc_plan *plan, const struct soapc_element *head,
                            const struct soapc_element ***found, size_t *count);

/* The root of an element, added when it is new; BARK_NONE when memory is used up. */
size_t soapc_root_of(struct soapc_plan *plan, const struct soapc_element *element);

/* roots.c, once their rows are there. The number in the image of a root (or BARK_NONE); whether output is the
 * other side of input's row; whether input's row has this name. */
uint16_t soapc_root_number(const struct soapc_plan *plan, size_t root);
bool soapc_root_pairs(const struct soapc_plan *plan, size_t input, size_t output);
bool soapc_root_names(const struct soapc_plan *plan, size_t input, const char *name);

/* Adds the HTTP bindings of the operation that was added last (lower/http.c). */
/* The location without the slash that separates it from the address, and the address of its port, or "". */
const char *soapc_http_location(const struct soapc_bound_operation *bound);
const char *soapc_http_address(const struct soapc_plan *plan, const struct soapc_phttp *http);
bool soapc_https_select(struct soapc_plan *plan);
/* The parts of a multipart/related message as a table has them: "name types", LF between; "" for none. */
const char *soapc_http_lines(struct soapc_plan *plan, const struct soapc_related *list);
/* The first HTTP binding of an operation: one that can be generated, or else one that cannot; NULL: none. */
const struct soapc_bound_operation *soapc_http_view(const struct soapc_operation *operation);

/* Fills the header lists of an operation (lower/headers.c). */
bool soapc_headers_select(struct soapc_plan *plan, struct soapc_poperation *op);

/* Size and alignment of a kind's C type; false for structs and groups. */
bool soapc_kind_layout(enum bark_kind kind, size_t *size, size_t *align);

/* Whether a value of this kind says by itself that it is absent (docs/table-format.md, T24). */
bool soapc_kind_tells_absence(enum bark_kind kind);

/* Whether an element of this name holds a secret. */
bool soapc_name_is_secret(const char *local);

#endif
