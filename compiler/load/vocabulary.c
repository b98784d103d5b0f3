/* load/vocabulary.c - XSD and WSDL themselves as a table image, written by hand.
 *
 * The compiler is the first user of its own engine: the rows below have the form that it generates for
 * everybody else (docs/table-format.md). Two structs, struct soapc_node and struct soapc_raw, serve all
 * elements; one choice for each vocabulary lists the children. Lists in load/node.h make rows, names and
 * enumerators, so they cannot drift.
 *
 * The pool is a struct of char arrays, so that offsetof() gives the offset of a text as a constant.
 */
#include "load/node.h"

/* Every name once, whatever it is used for. */
/* clang-format off */
#define NAMES(X) \
    X(all) X(annotation) X(any) X(anyAttribute) X(attribute) X(attributeGroup) X(choice) X(complexContent) \
    X(complexType) X(element) X(enumeration) X(extension) X(field) X(fractionDigits) X(group) X(import) \
    X(include) X(key) X(keyref) X(length) X(list) X(maxExclusive) X(maxInclusive) X(maxLength) \
    X(minExclusive) X(minInclusive) X(minLength) X(notation) X(pattern) X(redefine) X(restriction) \
    X(schema) X(selector) X(sequence) X(simpleContent) X(simpleType) X(totalDigits) X(union) X(unique) \
    X(whiteSpace) X(appinfo) X(documentation) X(alternative) X(assert) X(assertion) X(defaultOpenContent) \
    X(explicitTimezone) X(openContent) X(override) X(definitions) X(types) X(message) X(part) X(portType) \
    X(operation) X(input) X(output) X(fault) X(binding) X(service) X(port) X(body) X(header) \
    X(headerfault) X(address) X(urlEncoded) X(urlReplacement) X(multipartRelated) X(content) X(mimeXml) \
    X(name) X(targetNamespace) X(namespace) X(use) X(id) X(minOccurs) X(maxOccurs) X(default) X(fixed) \
    X(form) X(value) X(source) X(processContents) X(schemaLocation) X(elementFormDefault) \
    X(attributeFormDefault) X(blockDefault) X(finalDefault) X(block) X(final) X(abstract) X(nillable) \
    X(mixed) X(version) X(xpath) X(public) X(system) X(location) X(parameterOrder) X(style) X(transport) \
    X(soapAction) X(soapActionRequired) X(parts) X(encodingStyle) X(verb) X(type) X(base) X(ref) \
    X(itemType) X(substitutionGroup) X(refer) X(memberTypes)
/* clang-format on */

#define NAMESPACES(X) \
    X(XS, "http://www.w3.org/2001/XMLSchema", "xs") \
    X(WSDL, "http://schemas.xmlsoap.org/wsdl/", "wsdl") \
    X(SOAP11, "http://schemas.xmlsoap.org/wsdl/soap/", "soap") \
    X(SOAP12, "http://schemas.xmlsoap.org/wsdl/soap12/", "soap12") \
    X(HTTP, "http://schemas.xmlsoap.org/wsdl/http/", "http") \
    X(MIME, "http://schemas.xmlsoap.org/wsdl/mime/", "mime")

enum {
    NS_NONE,
#define X(id, uri, prefix) NS_##id,
    NAMESPACES(X)
#undef X
        NS_COUNT
};

#define X(name) NAME_##name,
enum { NAMES(X) NAME_COUNT };
#undef X

/* Groups stand before the structs that hold them (T21). */
enum {
    TYPE_TOKEN,
    TYPE_STRING,
    TYPE_QNAME,
    TYPE_QNAMES,
    TYPE_RAW,
    TYPE_XS_CHILD,
    TYPE_XS,
    TYPE_WSDL_CHILD,
    TYPE_WSDL,
    TYPE_COUNT
};

#define ONE(...) +1
enum {
    XS_CHILDREN = 0 SOAPC_XS_ELEMENTS(ONE, ONE),
    WSDL_CHILDREN = 2 SOAPC_WSDL_ELEMENTS(ONE, ONE), /* xs:schema before, the wildcard after */
    RAW_FIELDS = 3,
    XS_ATTRIBUTES = 3 + SOAPC_XS_TEXT_COUNT + SOAPC_XS_QNAME_COUNT,
    WSDL_ATTRIBUTES = 2 + SOAPC_WSDL_TEXT_COUNT + SOAPC_WSDL_QNAME_COUNT,
    FIELD_RAW = 0,
    FIELD_XS_CHILD = FIELD_RAW + RAW_FIELDS,
    FIELD_XS = FIELD_XS_CHILD + XS_CHILDREN,
    FIELD_WSDL_CHILD = FIELD_XS + XS_ATTRIBUTES + 1,
    FIELD_WSDL = FIELD_WSDL_CHILD + WSDL_CHILDREN,
    FIELD_COUNT = FIELD_WSDL + WSDL_ATTRIBUTES + 1
};
/* One trait of children and one of roots for each namespace. */
enum {
    TRAIT_POSITION,
    TRAIT_CONTENT,
    TRAIT_ATTRIBUTE,
    TRAIT_MEMBER_TYPES,
    TRAIT_ANY_ATTRIBUTE,
    TRAIT_ANY,
    TRAIT_GROUP,
    TRAIT_CHILD,
    TRAIT_ROOT = TRAIT_CHILD + NS_COUNT,
    TRAIT_COUNT = TRAIT_ROOT + NS_COUNT
};
enum { WILDCARD_ATTRIBUTES, WILDCARD_ELEMENTS, WILDCARD_COUNT };

struct pool {
    char empty[1];
#define X(id, text, brief) \
    char uri_##id[sizeof text]; \
    char prefix_##id[sizeof brief];
    NAMESPACES(X)
#undef X
#define X(name) char name_##name[sizeof #name];
    NAMES(X)
#undef X
};

struct vocabulary {
    struct bark_image_head head;
    _Alignas(8) struct bark_namespace_row namespaces[NS_COUNT];
    _Alignas(8) uint32_t names[NAME_COUNT];
    _Alignas(8) struct bark_type_row types[TYPE_COUNT];
    _Alignas(8) struct bark_field_row fields[FIELD_COUNT];
    _Alignas(8) struct bark_trait_row traits[TRAIT_COUNT];
    _Alignas(8) struct bark_first_row firsts[XS_CHILDREN + WSDL_CHILDREN];
    _Alignas(8) struct bark_wildcard_row wildcards[WILDCARD_COUNT];
    _Alignas(8) uint16_t lists[1 + 2 * BARK_ROOT_GROUP];
    _Alignas(8) struct bark_root_row roots[2];
    _Alignas(8) struct pool pool;
};

#define SECTION(id, member, count_) \
    [BARK_SECTION_##id] = { .offset = offsetof(struct vocabulary, member), .count = (count_) }

#define VALUE_TYPE(kind_, ctype) \
    { \
        .kind = (kind_), .flags = BARK_TYPE_PLAIN, .size = sizeof(ctype), .name = BARK_NONE \
    }

#define ATTRIBUTE(name_, member, type_) \
    { .name = NAME_##name_, .offset = (uint16_t)(member), .type = (type_), .trait = TRAIT_ATTRIBUTE },
#define TEXT_AT(slot) (offsetof(struct soapc_node, text) + (slot) * sizeof(struct bark_text))
#define QNAME_AT(slot) (offsetof(struct soapc_node, qname) + (slot) * sizeof(struct bark_qname))

#define FIELD(name_, member, type_, trait_) \
    { .name = (name_), .offset = (uint16_t)(member), .type = (type_), .trait = (trait_) },

/* Fields that node and raw structs share: the place, and attributes that the vocabulary does not name. */
#define FIELDS_COMMON(type_) \
    FIELD(BARK_NONE, offsetof(struct type_, at), BARK_NONE, TRAIT_POSITION) \
    FIELD(WILDCARD_ATTRIBUTES, offsetof(struct type_, foreign), BARK_NONE, TRAIT_ANY_ATTRIBUTE)

#define CHILD(ns_, name_, type_) \
    FIELD(NAME_##name_, offsetof(struct soapc_child, as), type_, TRAIT_CHILD + (ns_))

/* clang-format off */
static const struct vocabulary vocabulary = {
    .head = {
        .magic = BARK_IMAGE_MAGIC,
        .major = BARK_IMAGE_MAJOR,
        .minor = BARK_IMAGE_MINOR,
        .size = sizeof(struct vocabulary),
        .pointer_bytes = sizeof(void *),
        .size_t_bytes = sizeof(size_t),
        .int64_align = _Alignof(int64_t),
        .section_count = BARK_SECTION_COUNT,
        .sections = {
            SECTION(NAMESPACES, namespaces, NS_COUNT),
            SECTION(NAMES, names, NAME_COUNT),
            SECTION(TYPES, types, TYPE_COUNT),
            SECTION(FIELDS, fields, FIELD_COUNT),
            SECTION(TRAITS, traits, TRAIT_COUNT),
            SECTION(FIRSTS, firsts, XS_CHILDREN + WSDL_CHILDREN),
            SECTION(WILDCARDS, wildcards, WILDCARD_COUNT),
            SECTION(LISTS, lists, 1 + 2 * BARK_ROOT_GROUP),
            SECTION(ROOTS, roots, 2),
            SECTION(POOL, pool, sizeof(struct pool)),
        },
    },
    .namespaces = {
        { .uri = 0, .prefix = 0 },
#define X(id, text, brief) \
    { .uri = offsetof(struct pool, uri_##id), \
      .uri_len = sizeof text - 1, \
      .prefix = offsetof(struct pool, prefix_##id), \
      .prefix_len = sizeof brief - 1 },
        NAMESPACES(X)
#undef X
    },
    .names = {
#define X(name) BARK_NAME(offsetof(struct pool, name_##name), sizeof #name - 1),
        NAMES(X)
#undef X
    },
    .types = {
        [TYPE_TOKEN] = VALUE_TYPE(BARK_KIND_TOKEN, struct bark_text),
        [TYPE_STRING] = VALUE_TYPE(BARK_KIND_STRING, struct bark_text),
        [TYPE_QNAME] = VALUE_TYPE(BARK_KIND_QNAME, struct bark_qname),
        [TYPE_QNAMES] = { .kind = BARK_KIND_LIST, .flags = BARK_TYPE_PLAIN, .size = sizeof(struct bark_array),
                          .first = TYPE_QNAME, .name = BARK_NONE },
        [TYPE_RAW] = { .kind = BARK_KIND_STRUCT, .model = BARK_MODEL_RAW,
                       .flags = BARK_TYPE_ALIGN_OF(struct soapc_raw), .size = sizeof(struct soapc_raw),
                       .first = FIELD_RAW, .count = RAW_FIELDS, .extra = 2, .name = BARK_NONE },
        [TYPE_XS_CHILD] = { .kind = BARK_KIND_GROUP, .model = BARK_MODEL_CHOICE,
                            .flags = BARK_TYPE_ALIGN_OF(struct soapc_child), .size = sizeof(struct soapc_child),
                            .first = FIELD_XS_CHILD, .count = XS_CHILDREN, .extra = 0,
                            .presence = offsetof(struct soapc_child, which), .name = XS_CHILDREN },
        [TYPE_XS] = { .kind = BARK_KIND_STRUCT, .model = BARK_MODEL_SEQUENCE,
                      .flags = BARK_TYPE_ALIGN_OF(struct soapc_node), .size = sizeof(struct soapc_node),
                      .first = FIELD_XS, .count = XS_ATTRIBUTES + 1, .extra = XS_ATTRIBUTES,
                      .presence = offsetof(struct soapc_node, has_member_types), .name = BARK_NONE },
        [TYPE_WSDL_CHILD] = { .kind = BARK_KIND_GROUP, .model = BARK_MODEL_CHOICE,
                              .flags = BARK_TYPE_ALIGN_OF(struct soapc_child), .size = sizeof(struct soapc_child),
                              .first = FIELD_WSDL_CHILD, .count = WSDL_CHILDREN, .extra = XS_CHILDREN,
                              .presence = offsetof(struct soapc_child, which), .name = WSDL_CHILDREN },
        [TYPE_WSDL] = { .kind = BARK_KIND_STRUCT, .model = BARK_MODEL_SEQUENCE,
                        .flags = BARK_TYPE_ALIGN_OF(struct soapc_node), .size = sizeof(struct soapc_node),
                        .first = FIELD_WSDL, .count = WSDL_ATTRIBUTES + 1, .extra = WSDL_ATTRIBUTES,
                        .presence = offsetof(struct soapc_node, has_member_types), .name = BARK_NONE },
    },
    .fields = {
        FIELDS_COMMON(soapc_raw)
        FIELD(BARK_NONE, offsetof(struct soapc_raw, content), BARK_NONE, TRAIT_CONTENT)
#define N(name_) CHILD(NS_XS, name_, TYPE_XS)
#define R(name_) CHILD(NS_XS, name_, TYPE_RAW)
        SOAPC_XS_ELEMENTS(N, R)
#undef N
#undef R
        FIELDS_COMMON(soapc_node)
        { .name = NAME_memberTypes, .offset = offsetof(struct soapc_node, member_types), .type = TYPE_QNAMES,
          .trait = TRAIT_MEMBER_TYPES },
#define T(name_) ATTRIBUTE(name_, TEXT_AT(SOAPC_TEXT_##name_), TYPE_TOKEN)
#define S(name_) ATTRIBUTE(name_, TEXT_AT(SOAPC_TEXT_##name_), TYPE_STRING)
#define Q(name_) ATTRIBUTE(name_, QNAME_AT(SOAPC_QNAME_##name_), TYPE_QNAME)
        SOAPC_XS_TEXTS(T, S) SOAPC_XS_QNAMES(Q)
#undef T
#undef S
#undef Q
        FIELD(BARK_NONE, offsetof(struct soapc_node, children), TYPE_XS_CHILD, TRAIT_GROUP)
        CHILD(NS_XS, schema, TYPE_XS)
#define N(ns_, name_, kind_) CHILD(NS_##ns_, name_, TYPE_WSDL)
#define R(ns_, name_, kind_) CHILD(NS_##ns_, name_, TYPE_RAW)
        SOAPC_WSDL_ELEMENTS(N, R)
#undef N
#undef R
        FIELD(WILDCARD_ELEMENTS, offsetof(struct soapc_child, as), BARK_NONE, TRAIT_ANY)
        FIELDS_COMMON(soapc_node)
#define T(name_) ATTRIBUTE(name_, TEXT_AT(SOAPC_WTEXT_##name_), TYPE_TOKEN)
#define Q(name_) ATTRIBUTE(name_, QNAME_AT(SOAPC_WQNAME_##name_), TYPE_QNAME)
        SOAPC_WSDL_TEXTS(T, T) SOAPC_WSDL_QNAMES(Q)
#undef T
#undef Q
        FIELD(BARK_NONE, offsetof(struct soapc_node, children), TYPE_WSDL_CHILD, TRAIT_GROUP)
    },
    .traits = {
#define TRAIT(id, bits_, ns_, has_) [id] = { .bits = (bits_), .ns = (ns_), .has = (has_), .extra = BARK_NONE },
        TRAIT(TRAIT_POSITION, BARK_FIELD_POSITION, NS_NONE, BARK_NO_HAS)
        TRAIT(TRAIT_CONTENT, BARK_FIELD_CONTENT, NS_NONE, BARK_NO_HAS)
        TRAIT(TRAIT_ATTRIBUTE, BARK_FIELD_ATTRIBUTE, NS_NONE, BARK_NO_HAS)
        TRAIT(TRAIT_MEMBER_TYPES, BARK_FIELD_ATTRIBUTE, NS_NONE, 0)
        TRAIT(TRAIT_ANY_ATTRIBUTE, BARK_FIELD_ANY_ATTRIBUTE, NS_NONE, BARK_NO_HAS)
        TRAIT(TRAIT_ANY, BARK_FIELD_ANY | BARK_F_REQUIRED, NS_NONE, BARK_NO_HAS)
        TRAIT(TRAIT_GROUP, BARK_FIELD_GROUP | BARK_F_REPEATED, NS_NONE, BARK_NO_HAS)
#define X(id, text, brief) \
    TRAIT(TRAIT_CHILD + NS_##id, BARK_FIELD_ELEMENT | BARK_F_REQUIRED | BARK_F_POINTER, NS_##id, BARK_NO_HAS) \
    TRAIT(TRAIT_ROOT + NS_##id, 0, NS_##id, BARK_NO_HAS)
        NAMESPACES(X)
#undef X
#undef TRAIT
    },
    .firsts = {
#define N(name_) { .name = NAME_##name_, .ns = NS_XS, .kind = BARK_FIELD_ELEMENT },
        SOAPC_XS_ELEMENTS(N, N)
        N(schema)
#undef N
#define N(ns_, name_, kind_) { .name = NAME_##name_, .ns = NS_##ns_, .kind = BARK_FIELD_ELEMENT },
        SOAPC_WSDL_ELEMENTS(N, N)
#undef N
        { .name = WILDCARD_ELEMENTS, .kind = BARK_FIELD_ANY },
    },
    .wildcards = {
        [WILDCARD_ATTRIBUTES] = { .mode = BARK_WILDCARD_ANY, .process = 2 },
        /* [WSDL11 2.1.3] Extension elements are of another namespace than WSDL's. */
        [WILDCARD_ELEMENTS] = { .mode = BARK_WILDCARD_NOT, .process = 2, .first = 0, .count = 1 },
    },
#define GROUP(ns_) TRAIT_ROOT + (ns_), TRAIT_ROOT + (ns_), BARK_NONE, BARK_NONE
    .lists = { NS_WSDL, GROUP(NS_XS), GROUP(NS_WSDL) },
#undef GROUP
    .roots = {
        [SOAPC_ROOT_SCHEMA] = { .name = NAME_schema, .group = 1, .type = { TYPE_XS, BARK_NONE } },
        [SOAPC_ROOT_DEFINITIONS] = { .name = NAME_definitions,
                                     .group = 1 + BARK_ROOT_GROUP,
                                     .type = { TYPE_WSDL, BARK_NONE } },
    },
    .pool = {
#define X(id, text, brief) .uri_##id = text, .prefix_##id = brief,
        NAMESPACES(X)
#undef X
#define X(name) .name_##name = #name,
        NAMES(X)
#undef X
    },
};
/* clang-format on */

struct bark_slice soapc_vocabulary(void)
{
    return (struct bark_slice){ (const uint8_t *)&vocabulary, sizeof vocabulary };
}

enum soapc_node_kind soapc_xs_kind(uint16_t which)
{
    return which <= XS_CHILDREN ? (enum soapc_node_kind)which : SOAPC_KIND_NONE;
}

enum soapc_node_kind soapc_wsdl_kind(uint16_t which, uint8_t *soap)
{
    static const struct {
        uint8_t kind, soap;
    } kinds[WSDL_CHILDREN + 1] = {
        { SOAPC_KIND_NONE, 0 },
        { SOAPC_XS_schema, 0 },
#define N(ns_, name_, kind_) \
    { SOAPC_WSDL_##kind_, NS_##ns_ == NS_SOAP11 ? 11 : NS_##ns_ == NS_SOAP12 ? 12 : 0 },
        SOAPC_WSDL_ELEMENTS(N, N)
#undef N
            { SOAPC_WSDL_ANY, 0 },
    };
    if (which > WSDL_CHILDREN)
        return SOAPC_KIND_NONE;
    *soap = kinds[which].soap;
    return (enum soapc_node_kind)kinds[which].kind;
}

const char *soapc_kind_name(enum soapc_node_kind kind)
{
    static const char *const names[SOAPC_KIND_COUNT] = {
#define X(name) [SOAPC_XS_##name] = "xs:" #name,
        SOAPC_XS_ELEMENTS(X, X)
#undef X
            [SOAPC_WSDL_DEFINITIONS] = "wsdl:definitions",
        [SOAPC_WSDL_IMPORT] = "wsdl:import",
        [SOAPC_WSDL_TYPES] = "wsdl:types",
        [SOAPC_WSDL_MESSAGE] = "wsdl:message",
        [SOAPC_WSDL_PART] = "wsdl:part",
        [SOAPC_WSDL_PORT_TYPE] = "wsdl:portType",
        [SOAPC_WSDL_OPERATION] = "wsdl:operation",
        [SOAPC_WSDL_INPUT] = "wsdl:input",
        [SOAPC_WSDL_OUTPUT] = "wsdl:output",
        [SOAPC_WSDL_FAULT] = "wsdl:fault",
        [SOAPC_WSDL_BINDING] = "wsdl:binding",
        [SOAPC_WSDL_SERVICE] = "wsdl:service",
        [SOAPC_WSDL_PORT] = "wsdl:port",
        [SOAPC_WSDL_DOCUMENTATION] = "wsdl:documentation",
        [SOAPC_WSDL_SOAP_BINDING] = "soap:binding",
        [SOAPC_WSDL_SOAP_OPERATION] = "soap:operation",
        [SOAPC_WSDL_SOAP_BODY] = "soap:body",
        [SOAPC_WSDL_SOAP_HEADER] = "soap:header",
        [SOAPC_WSDL_SOAP_HEADERFAULT] = "soap:headerfault",
        [SOAPC_WSDL_SOAP_FAULT] = "soap:fault",
        [SOAPC_WSDL_SOAP_ADDRESS] = "soap:address",
        [SOAPC_WSDL_HTTP_BINDING] = "http:binding",
        [SOAPC_WSDL_HTTP_OPERATION] = "http:operation",
        [SOAPC_WSDL_HTTP_ADDRESS] = "http:address",
        [SOAPC_WSDL_HTTP_ENCODED] = "http:urlEncoded",
        [SOAPC_WSDL_HTTP_REPLACED] = "http:urlReplacement",
        [SOAPC_WSDL_MIME_RELATED] = "mime:multipartRelated",
        [SOAPC_WSDL_MIME_PART] = "mime:part",
        [SOAPC_WSDL_MIME_CONTENT] = "mime:content",
        [SOAPC_WSDL_MIME_XML] = "mime:mimeXml",
    };
    return kind < SOAPC_KIND_COUNT && names[kind] ? names[kind] : "an extension element";
}

const char *soapc_text_name(enum soapc_node_kind kind, unsigned slot)
{
#define T(name) #name,
    static const char *const xs[] = { SOAPC_XS_TEXTS(T, T) };
    static const char *const wsdl[] = { SOAPC_WSDL_TEXTS(T, T) };
#undef T
    if (kind < SOAPC_XS_END)
        return slot < SOAPC_XS_TEXT_COUNT ? xs[slot] : "";
    return slot < SOAPC_WSDL_TEXT_COUNT ? wsdl[slot] : "";
}

const char *soapc_qname_name(enum soapc_node_kind kind, unsigned slot)
{
#define Q(name) #name,
    static const char *const xs[] = { SOAPC_XS_QNAMES(Q) };
    static const char *const wsdl[] = { SOAPC_WSDL_QNAMES(Q) };
#undef Q
    if (kind < SOAPC_XS_END)
        return slot < SOAPC_XS_QNAME_COUNT ? xs[slot] : "";
    return slot < SOAPC_WSDL_QNAME_COUNT ? wsdl[slot] : "";
}

bool soapc_kind_is_raw(enum soapc_node_kind kind)
{
    return (kind >= SOAPC_XS_appinfo && kind < SOAPC_XS_END) || kind == SOAPC_WSDL_DOCUMENTATION ||
           kind == SOAPC_WSDL_HTTP_ENCODED || kind == SOAPC_WSDL_HTTP_REPLACED ||
           kind == SOAPC_WSDL_MIME_CONTENT || kind == SOAPC_WSDL_MIME_XML;
}
