/* model/model.h - the resolved model: what the schemas and service descriptions say, with every name looked
 * up.
 *
 * Plain structs that point at each other; the model owns them all and frees them at once. It says the same as
 * the "schema components" of [XSD1 3] and the abstract part of WSDL 1.1 [WSDL11 2], plus what the SOAP
 * bindings make of it. Later stages read it and never write it.
 *
 * Conventions
 *   text      NUL-terminated UTF-8, interned: equal texts have equal addresses inside one model. ns is "" for
 * no namespace and never NULL; local is NULL for an anonymous component. arrays    `items` and `count`, in
 * document order; of pointers, so that a component has one address. place     where the component stands;
 * built-in ones have SOAPC_NOWHERE. flattened what XSD derives is worked out: effective facets, the
 * attributes and content a type really has. The `own_` members keep what the type itself says, for schema
 * checks and for `--emit model`.
 */
#ifndef SOAPC_MODEL_H
#define SOAPC_MODEL_H

#include "diag.h"
#include "soapbark/image.h"

struct soapc_documents;
struct soapc_pool;
struct soapc_type;
struct soapc_element;

enum { SOAPC_UNBOUNDED = UINT32_MAX };

struct soapc_name {
    const char *ns;
    const char *local;
};

/* A name in C that an overrides file gives (override/override.h); the wire keeps its own. */
struct soapc_given {
    const char *name; /* a C identifier */
    struct soapc_place place; /* in the overrides file */
};

/* ---- simple types ----------------------------------------------------------------------------------------
 */

/* One list makes the enumerators, the names and the table of built-in types [XSD2 3]: enumerator, name, base,
 * and the kind of row that carries it. */
#define SOAPC_BUILTINS(X) \
    X(ANY_TYPE, "anyType", ANY_TYPE, BARK_KIND_STRUCT) \
    X(ANY_SIMPLE_TYPE, "anySimpleType", ANY_TYPE, BARK_KIND_STRING) \
    X(STRING, "string", ANY_SIMPLE_TYPE, BARK_KIND_STRING) \
    X(NORMALIZED_STRING, "normalizedString", STRING, BARK_KIND_NORMALIZED) \
    X(TOKEN, "token", NORMALIZED_STRING, BARK_KIND_TOKEN) \
    X(LANGUAGE, "language", TOKEN, BARK_KIND_LANGUAGE) \
    X(NMTOKEN, "NMTOKEN", TOKEN, BARK_KIND_NMTOKEN) \
    X(NMTOKENS, "NMTOKENS", ANY_SIMPLE_TYPE, BARK_KIND_LIST) \
    X(NAME, "Name", TOKEN, BARK_KIND_NAME) \
    X(NCNAME, "NCName", NAME, BARK_KIND_NCNAME) \
    X(ID, "ID", NCNAME, BARK_KIND_NCNAME) \
    X(IDREF, "IDREF", NCNAME, BARK_KIND_NCNAME) \
    X(IDREFS, "IDREFS", ANY_SIMPLE_TYPE, BARK_KIND_LIST) \
    X(ENTITY, "ENTITY", NCNAME, BARK_KIND_NCNAME) \
    X(ENTITIES, "ENTITIES", ANY_SIMPLE_TYPE, BARK_KIND_LIST) \
    X(BOOLEAN, "boolean", ANY_SIMPLE_TYPE, BARK_KIND_BOOLEAN) \
    X(BASE64_BINARY, "base64Binary", ANY_SIMPLE_TYPE, BARK_KIND_BASE64) \
    X(HEX_BINARY, "hexBinary", ANY_SIMPLE_TYPE, BARK_KIND_HEX) \
    X(FLOAT, "float", ANY_SIMPLE_TYPE, BARK_KIND_FLOAT) \
    X(DOUBLE, "double", ANY_SIMPLE_TYPE, BARK_KIND_DOUBLE) \
    X(DECIMAL, "decimal", ANY_SIMPLE_TYPE, BARK_KIND_DECIMAL) \
    X(INTEGER, "integer", DECIMAL, BARK_KIND_INTEGER) \
    X(NON_POSITIVE_INTEGER, "nonPositiveInteger", INTEGER, BARK_KIND_INTEGER) \
    X(NEGATIVE_INTEGER, "negativeInteger", NON_POSITIVE_INTEGER, BARK_KIND_INTEGER) \
    X(LONG, "long", INTEGER, BARK_KIND_INT64) \
    X(INT, "int", LONG, BARK_KIND_INT32) \
    X(SHORT, "short", INT, BARK_KIND_INT16) \
    X(BYTE, "byte", SHORT, BARK_KIND_INT8) \
    X(NON_NEGATIVE_INTEGER, "nonNegativeInteger", INTEGER, BARK_KIND_INTEGER) \
    X(UNSIGNED_LONG, "unsignedLong", NON_NEGATIVE_INTEGER, BARK_KIND_UINT64) \
    X(UNSIGNED_INT, "unsignedInt", UNSIGNED_LONG, BARK_KIND_UINT32) \
    X(UNSIGNED_SHORT, "unsignedShort", UNSIGNED_INT, BARK_KIND_UINT16) \
    X(UNSIGNED_BYTE, "unsignedByte", UNSIGNED_SHORT, BARK_KIND_UINT8) \
    X(POSITIVE_INTEGER, "positiveInteger", NON_NEGATIVE_INTEGER, BARK_KIND_INTEGER) \
    X(ANY_URI, "anyURI", ANY_SIMPLE_TYPE, BARK_KIND_ANYURI) \
    X(QNAME, "QName", ANY_SIMPLE_TYPE, BARK_KIND_QNAME) \
    X(NOTATION, "NOTATION", ANY_SIMPLE_TYPE, BARK_KIND_QNAME) \
    X(DURATION, "duration", ANY_SIMPLE_TYPE, BARK_KIND_DURATION) \
    X(DAY_TIME_DURATION, "dayTimeDuration", DURATION, BARK_KIND_DURATION) \
    X(YEAR_MONTH_DURATION, "yearMonthDuration", DURATION, BARK_KIND_DURATION) \
    X(DATE_TIME, "dateTime", ANY_SIMPLE_TYPE, BARK_KIND_DATETIME) \
    X(DATE_TIME_STAMP, "dateTimeStamp", DATE_TIME, BARK_KIND_DATETIME) \
    X(TIME, "time", ANY_SIMPLE_TYPE, BARK_KIND_TIME) \
    X(DATE, "date", ANY_SIMPLE_TYPE, BARK_KIND_DATE) \
    X(G_YEAR_MONTH, "gYearMonth", ANY_SIMPLE_TYPE, BARK_KIND_GYEARMONTH) \
    X(G_YEAR, "gYear", ANY_SIMPLE_TYPE, BARK_KIND_GYEAR) \
    X(G_MONTH_DAY, "gMonthDay", ANY_SIMPLE_TYPE, BARK_KIND_GMONTHDAY) \
    X(G_DAY, "gDay", ANY_SIMPLE_TYPE, BARK_KIND_GDAY) \
    X(G_MONTH, "gMonth", ANY_SIMPLE_TYPE, BARK_KIND_GMONTH)

enum soapc_builtin {
#define X(id, name, base, kind) SOAPC_BUILTIN_##id,
    SOAPC_BUILTINS(X)
#undef X
        SOAPC_BUILTIN_COUNT
};

enum soapc_variety { SOAPC_ATOMIC, SOAPC_LIST, SOAPC_UNION };

/* A facet as written. Its kind is that of the image, so that lower needs no second list. */
struct soapc_facet {
    enum bark_facet_kind kind;
    const char *text; /* value attribute; white space as the type's own whiteSpace leaves it */
    uint64_t number; /* LENGTH kinds, digit counts, and WHITESPACE (0, 1, 2) */
    struct soapc_place place;
    bool zone; /* PATTERN: stands for explicitTimezone (XSD 1.1), and adds up with the step's patterns */
    bool fixed; /* fixed="true" */
    bool builtin; /* comes with a built-in type [XSD2 3.3]: the row's kind holds it already, save for the
                   * bounds of nonNegativeInteger and its like */
    /* Values of QName and NOTATION types, resolved where they stand; else local is NULL. */
    struct soapc_name qname;
    const struct soapc_given *given; /* ENUMERATION: the value's name in C, or NULL */
};

/* What a schema calls each kind of facet. */
extern const char *const soapc_facet_words[BARK_FACET_COUNT];

struct soapc_facets {
    struct soapc_facet *items;
    size_t count, cap;
};

/* ---- attributes, wildcards
 * --------------------------------------------------------------------------------- */

struct soapc_attribute {
    struct soapc_name name; /* ns is "" for an unqualified local one */
    struct soapc_place place;
    struct soapc_type *type;
    const char *default_text, *fixed_text; /* NULL: none */
    const char
        *value_names; /* the same when the type is QName, or a list of them: spelt "{namespace}local" */
    bool global;
};

struct soapc_attribute_use {
    struct soapc_attribute *attribute; /* of an attribute ref: the global one itself */
    struct soapc_place place;
    const char *default_text, *fixed_text; /* effective: the use's own, else the declaration's */
    const char *value_names; /* of the use's own, as in soapc_attribute */
    const struct soapc_given *given; /* or NULL */
    bool required;
    bool prohibited; /* in own_attributes only: takes away an inherited one in a restriction [XSD1 3.2.2] */
};

struct soapc_attribute_uses {
    struct soapc_attribute_use **items;
    size_t count, cap;
};

struct soapc_wildcard {
    enum bark_wildcard_mode
        mode; /* NOT: every namespace but namespaces[0] and "no namespace" [XSD1 3.10.1] */
    uint8_t process; /* 0 strict, 1 lax, 2 skip */
    const char **namespaces; /* LIST, NOT; "" is "no namespace" */
    size_t namespace_count;
    struct soapc_place place;
};

/* ---- content
 * ----------------------------------------------------------------------------------------------- */

enum soapc_particle_kind {
    SOAPC_PARTICLE_ELEMENT,
    SOAPC_PARTICLE_ANY,
    SOAPC_PARTICLE_SEQUENCE,
    SOAPC_PARTICLE_CHOICE,
    SOAPC_PARTICLE_ALL
};

/* Particles with max 0 are left out. A group reference has become the group's own sequence, choice or all
 * with the reference's occurrence. An element reference points at the global element itself. */
struct soapc_particle {
    enum soapc_particle_kind kind;
    uint32_t min, max; /* SOAPC_UNBOUNDED */
    struct soapc_place place;
    struct soapc_element *element; /* ELEMENT */
    struct soapc_wildcard *wildcard; /* ANY */
    struct soapc_particle **items; /* SEQUENCE, CHOICE, ALL; shared between all references of one group */
    size_t count, cap;
    const struct soapc_group *group; /* the named group this came from, or NULL */
    const struct soapc_particle *repeated_all; /* CHOICE that stands for an xs:all whose elements repeat: the
                                                * xs:all itself, with its occurrences (XSD 1.1); or NULL */
    const struct soapc_given *given; /* ELEMENT: the member's name in C, or NULL */
};

struct soapc_group {
    struct soapc_name name;
    struct soapc_place place;
    uint32_t index; /* in soapc_model.groups */
    struct soapc_particle *particle; /* SEQUENCE, CHOICE or ALL with both occurrences 1 */
};

struct soapc_attribute_group {
    struct soapc_name name;
    struct soapc_place place;
    uint32_t index; /* in soapc_model.attribute_groups */
    struct soapc_attribute_uses uses; /* flattened */
    struct soapc_wildcard *wildcard; /* or NULL */
};

/* ---- types
 * ------------------------------------------------------------------------------------------------- */

enum soapc_derivation {
    SOAPC_BY_NONE = 0, /* anyType only */
    SOAPC_BY_EXTENSION = 1,
    SOAPC_BY_RESTRICTION = 2,
    SOAPC_BY_LIST = 4,
    SOAPC_BY_UNION = 8,
    SOAPC_BY_SUBSTITUTION = 16 /* in block and final sets */
};

enum soapc_content { SOAPC_CONTENT_EMPTY, SOAPC_CONTENT_SIMPLE, SOAPC_CONTENT_ELEMENTS };

/* A simple or a complex type. */
struct soapc_type {
    struct soapc_name name; /* local is NULL when anonymous; ns is the schema's target namespace even then */
    const char *context; /* anonymous: what it is the type of, outermost first: "GetServices", "User/Level",
                          * "Item@unit"; list items and union members add "/item", "/member1" ... */
    const struct soapc_given *given; /* the name in C after the prefix, or NULL */
    struct soapc_place place;
    uint32_t index; /* in soapc_model.types */
    bool complex;
    enum soapc_derivation derivation; /* how it comes from its base */
    struct soapc_type *base; /* NULL for anyType; anySimpleType for lists and unions made directly */
    uint8_t block, final; /* enum soapc_derivation bits */
    enum soapc_builtin
        builtin; /* nearest built-in ancestor; the type itself when it is built in. ANY_SIMPLE_TYPE
                  * for lists and unions, ANY_TYPE for complex types without a built-in below */
    bool is_builtin;
    bool broken; /* an error was reported about it: stay silent about what follows from that */

    /* simple */
    enum soapc_variety variety;
    struct soapc_type *item; /* LIST */
    struct soapc_type **members; /* UNION, in order; a member that is a union stays one type */
    size_t member_count;
    struct soapc_facets own_facets;
    /* After the whole derivation: at most one of each kind, but any number of ENUMERATION (those of the
     * nearest step that has some) and one PATTERN for each step with patterns (its alternatives joined by '|'
     * [XSD2 4.3.4.3]; all steps must match). Inherited bounds that a nearer step replaces are gone. */
    struct soapc_facets facets;

    /* complex */
    const char *content_types; /* xmime:expectedContentTypes of its declaration, or NULL */

    bool abstract, mixed;
    enum soapc_content content;
    struct soapc_type *value; /* SIMPLE: the simple type of the value, facets included */
    struct soapc_particle *
        particle; /* ELEMENTS: all of it; an extension is a sequence of the base's and its own [XSD1 3.4.2] */
    struct soapc_particle *own_particle;
    struct soapc_attribute_uses attributes; /* all of them, base's first, none prohibited */
    struct soapc_attribute_uses own_attributes;
    struct soapc_wildcard *any_attribute, *own_any_attribute; /* or NULL */
    struct soapc_wildcard *open; /* own open content (XSD 1.1), or NULL; particle holds it already */
    bool open_suffix;
    const char *array_item; /* SOAP encoding: wsdl:arrayType as written, or NULL */
    const char *array_ns; /* what its prefix stands for; NULL when that is not bound */
    bool encoded_array; /* made of a SOAP array: a sequence of `item` (model/encoding.c) */
};

/* ---- identity constraints [XSD1 3.11]
 * ------------------------------------------------------------------------------ */

enum soapc_identity_kind { SOAPC_IDENTITY_KEY, SOAPC_IDENTITY_UNIQUE, SOAPC_IDENTITY_KEYREF };

/* One step of a path: to children, or to an attribute. */
struct soapc_step {
    struct soapc_name name; /* ns "" for no namespace: paths know no default namespace [XSD1 3.11.6] */
    bool any_ns, any_local; /* '*' is both; 'p:*' any_local alone; name.local is NULL then */
    bool attribute; /* last step of a field only */
};

/* Steps from the element on, in order; "." is no step, so count 0 is the element itself. */
struct soapc_path {
    struct soapc_step *steps;
    size_t count;
    bool descendant; /* ".//": the steps start at the element or at any one below it */
};

/* The alternatives of a selector or field. */
struct soapc_paths {
    const char *text; /* as written, or NULL after an error */
    struct soapc_path *items;
    size_t count; /* 0 only after an error */
};

struct soapc_identity {
    enum soapc_identity_kind kind;
    struct soapc_name name;
    struct soapc_place place;
    struct soapc_paths selector, *fields;
    size_t field_count, field_cap;
    struct soapc_identity *refer; /* KEYREF: the key or unique, with as many fields; NULL after an error */
};

/* A global or local element declaration. */
struct soapc_element {
    struct soapc_name name; /* ns is "" for an unqualified local one */
    struct soapc_place place;
    struct soapc_type *type;
    const char *default_text, *fixed_text; /* NULL: none */
    const char *value_names; /* as in soapc_attribute */
    const char *content_types; /* media ranges of its octets [XMIME 3]; NULL: nothing is said */
    uint32_t index; /* among all element declarations, local ones too; each has its own */
    bool global, nillable, abstract;
    uint8_t block, final; /* enum soapc_derivation bits */
    struct soapc_element *head; /* substitution group, or NULL */
    struct soapc_element **substitutes; /* elements whose head this is, directly, blocked or not */
    size_t substitute_count, substitute_cap;
    struct soapc_identity **identities; /* key, unique, keyref; in document order */
    size_t identity_count, identity_cap;
};

/* ---- services [WSDL11]
 * ----------------------------------------------------------------------------------------- */

/* A message part: an element, or a type that rpc wraps in an element of the part's name. */
struct soapc_part {
    const char *name;
    struct soapc_place place;
    struct soapc_element *element; /* one of the two is set */
    struct soapc_type *type;
    bool repeated; /* made of an array for an HTTP binding: a parameter for each item of `type` */
};

struct soapc_wsdl_message {
    struct soapc_name name;
    struct soapc_place place;
    struct soapc_part *parts;
    size_t part_count, part_cap;
};

/* An input, output or fault of a port type's operation. */
struct soapc_io {
    const char *name; /* as written, or the default of [WSDL11 2.4.5]; NULL: this io is absent */
    struct soapc_wsdl_message *message;
    const char *action; /* wsa:Action attribute, or NULL */
    struct soapc_place place;
};

struct soapc_operation {
    const char *name;
    const struct soapc_given *given; /* its name in C, or NULL */
    struct soapc_place place;
    struct soapc_io input,
        output; /* both: request-response or solicit-response; one: one-way or notification */
    bool notification; /* output comes first or alone: the service sends */
    struct soapc_io *faults;
    size_t fault_count, fault_cap;
    struct soapc_bound_operation *http_first, *http_last; /* what HTTP bindings say of it, in their order */
};

struct soapc_port_type {
    struct soapc_name name;
    struct soapc_place place;
    struct soapc_operation **operations;
    size_t count, cap;
};

enum soapc_protocol {
    SOAPC_PROTOCOL_OTHER,
    SOAPC_PROTOCOL_SOAP11,
    SOAPC_PROTOCOL_SOAP12,
    SOAPC_PROTOCOL_HTTP
};
enum soapc_style { SOAPC_DOCUMENT, SOAPC_RPC };

/* A soap:header or soap:headerfault: one part of a message, as a header block. */
struct soapc_header {
    struct soapc_wsdl_message *message;
    const struct soapc_part *part;
    bool encoded;
    bool fault; /* headerfault */
    struct soapc_place place;
};

/* A part that travels beside the envelope, in its own MIME part [WSDL11 5.3]. */
struct soapc_attachment {
    const struct soapc_part *part;
    const char *types; /* media ranges, ", " between them; NULL: any */
};

/* What a binding makes of one direction of an operation. */
struct soapc_payload {
    /* The element in the SOAP body. NULL: no body child (or the direction does not exist). For rpc/literal it
     * is made here: named as the operation (with "Response" for an output), in soap:body's namespace, of an
     * anonymous sequence of unqualified elements, one for each part [WSDL11 3.5]. For document/literal it is
     * the part's element; a part with type= becomes the content of the body and has `body_type` instead. */
    struct soapc_element *root;
    struct soapc_type *body_type;
    bool encoded; /* use="encoded" */
    struct soapc_header *headers;
    size_t header_count, header_cap;
    struct soapc_attachment *attachments; /* each part once */
    size_t attachment_count, attachment_cap;
    struct soapc_place place;
};

struct soapc_fault {
    const char *name;
    struct soapc_element *detail; /* or NULL: type= parts have no element */
    struct soapc_place place;
};

/* How the parts of an input travel by an HTTP binding [WSDL11 4.6, 4.7, 5.3]. */
enum soapc_http_form {
    SOAPC_HTTP_ENCODED, /* name=value pairs: in the query of a GET, in the body of a POST */
    SOAPC_HTTP_REPLACED, /* in the path, where the location says "(part)" */
    SOAPC_HTTP_XML, /* POST: the part's element is the body */
    SOAPC_HTTP_PARTS, /* POST: multipart/form-data, a part for each parameter [RFC7578] */
    SOAPC_HTTP_RELATED /* POST: multipart/related, a part for each member [WSDL11 5.4] */
};

/* The parts of a multipart/related message without SOAP, in their order: member by member those of the root.
 * The types of one that is XML begin with a type of XML. */
struct soapc_related {
    struct soapc_attachment *items;
    struct soapc_element **documents; /* of each: its element when it is XML, or NULL */
    size_t count;
};

/* What an HTTP binding says of an operation. The input's root holds the parameters, one unqualified member a
 * part, in an element that is never written; it is NULL when there are none. */
struct soapc_http {
    bool post;
    enum soapc_http_form form;
    const char *location; /* as written, relative to the port's address */
    const char *media; /* the answer is one text, or octets, of this type; NULL: it is the root as XML */
    struct soapc_related parts; /* of a RELATED input */
    struct soapc_related answer; /* of an answer in multipart/related; empty: it is another */
};

struct soapc_bound_operation {
    struct soapc_operation *operation;
    enum soapc_style style;
    const char *action; /* soapAction; "" when absent */
    bool action_required;
    struct soapc_payload input, output;
    struct soapc_fault *faults;
    size_t fault_count, fault_cap;
    const char *unsupported; /* NULL, or why this operation cannot be generated: "rpc/encoded" ... */
    struct soapc_http http; /* of a binding of SOAPC_PROTOCOL_HTTP */
    struct soapc_bound_operation *http_next; /* the same operation in the next of them */
    struct soapc_place place;
};

struct soapc_binding {
    struct soapc_name name;
    struct soapc_place place;
    enum soapc_protocol protocol;
    const char *transport; /* URI as written, or NULL */
    bool post; /* HTTP: the verb is POST, not GET */
    struct soapc_port_type *port_type;
    struct soapc_bound_operation **operations; /* in document order */
    size_t count, cap;
};

struct soapc_port {
    const char *name;
    struct soapc_place place;
    struct soapc_binding *binding; /* NULL after an error */
    const char *address; /* NULL when the port names none */
};

struct soapc_service {
    struct soapc_name name;
    struct soapc_place place;
    struct soapc_port *ports;
    size_t port_count, port_cap;
};

/* ---- the whole
 * --------------------------------------------------------------------------------------------------- */

struct soapc_namespace {
    const char *uri;
    const char
        *prefix; /* the one the documents declare first for it, the asked-for file's choice winning; two
                  * namespaces may have the same one;
                    NULL when none does */
    const struct soapc_given *given; /* replaces prefix, in C and on the wire; or NULL */
    bool used_by_root; /* the file that was asked for, or one it includes, has it as target namespace */
};

struct soapc_documentation {
    struct soapc_place place; /* of the component */
    const char *text; /* plain; '\n' between paragraphs */
};

struct soapc_model {
    struct soapc_pool *pool; /* all memory of the model */
    struct soapc_namespace *namespaces;
    size_t namespace_count, namespace_cap;
    struct soapc_type **types; /* every type, built-in first (types[SOAPC_BUILTIN_x]), anonymous ones too */
    size_t type_count, type_cap;
    struct soapc_element **elements; /* global ones; also those that rpc bindings make */
    size_t element_count, element_cap;
    struct soapc_attribute **attributes; /* global ones */
    size_t attribute_count, attribute_cap;
    struct soapc_group **groups;
    size_t group_count, group_cap;
    struct soapc_attribute_group **attribute_groups;
    size_t attribute_group_count, attribute_group_cap;
    struct soapc_wsdl_message **messages;
    size_t message_count, message_cap;
    struct soapc_port_type **port_types;
    size_t port_type_count, port_type_cap;
    struct soapc_binding **bindings;
    size_t binding_count, binding_cap;
    struct soapc_service **services;
    size_t service_count, service_cap;
    struct soapc_documentation *documentation; /* sorted by place */
    size_t documentation_count;
    const char *target_ns; /* of the file that was asked for */
    bool has_wsdl;
};

/* Builds the model of loaded documents. Errors go to docs->diag: the caller looks at its error_count. The
 * model is complete in the sense that no pointer a comment above does not call optional is NULL, even after
 * errors. NULL only when memory is short. The documents may be freed afterwards; the diagnostics must live
 * on. */
struct soapc_model *soapc_model_new(const struct soapc_documents *docs);
void soapc_model_free(struct soapc_model *model);

/* Look-ups by name, NULL when there is none. Constant time. ns "" is no namespace. */
struct soapc_type *soapc_model_type(const struct soapc_model *m, const char *ns, const char *local);
struct soapc_element *soapc_model_element(const struct soapc_model *m, const char *ns, const char *local);
struct soapc_attribute *soapc_model_attribute(const struct soapc_model *m, const char *ns, const char *local);
/* Whether an element of a head's substitution group may stand in for it: nothing blocks that. True of the
 * head itself. *work grows by the steps it took. */
bool soapc_substitute_is_let(const struct soapc_element *head, const struct soapc_element *element,
                             size_t *work);
/* What is written about the component at a place, as plain text with '\n' between paragraphs; NULL: nothing.
 */
const char *soapc_model_documentation(const struct soapc_model *m, struct soapc_place place);
struct soapc_binding *soapc_model_binding(const struct soapc_model *m, const char *ns, const char *local);

#endif
