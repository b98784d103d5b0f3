/* load/node.h - a WSDL or XSD document as the engine decodes it: one struct for every element.
 *
 * docs/decisions/0003-generic-nodes.md says why there is one generic node and not a struct for each element:
 * names that refer to something are resolved by the engine (QName), all other attributes stay text, so that a
 * wrong document gives many precise errors (load/grammar.c) and not one refusal.
 *
 * Texts and nodes live in the document's memory.
 */
#ifndef SOAPC_NODE_H
#define SOAPC_NODE_H

#include "load/load.h"
#include "soapbark/image.h"

/* The elements of XML Schema: N is a node, R is kept raw. The last two lines have those of XSD 1.1
 * (model/xsd11.c). */
/* clang-format off */
#define SOAPC_XS_ELEMENTS(N, R) \
    N(all) N(annotation) N(any) N(anyAttribute) N(attribute) N(attributeGroup) N(choice) N(complexContent) \
    N(complexType) N(element) N(enumeration) N(extension) N(field) N(fractionDigits) N(group) N(import) \
    N(include) N(key) N(keyref) N(length) N(list) N(maxExclusive) N(maxInclusive) N(maxLength) \
    N(minExclusive) N(minInclusive) N(minLength) N(notation) N(pattern) N(redefine) N(restriction) \
    N(schema) N(selector) N(sequence) N(simpleContent) N(simpleType) N(totalDigits) N(union) N(unique) \
    N(whiteSpace) N(defaultOpenContent) N(explicitTimezone) N(openContent) N(override) R(appinfo) \
    R(documentation) R(alternative) R(assert) R(assertion)
/* clang-format on */

/* The elements of WSDL 1.1 and of its SOAP, HTTP and MIME bindings: type letter, namespace, name, kind. */
/* clang-format off */
#define SOAPC_WSDL_ELEMENTS(N, R) \
    N(WSDL, definitions, DEFINITIONS) N(WSDL, import, IMPORT) N(WSDL, types, TYPES) \
    N(WSDL, message, MESSAGE) N(WSDL, part, PART) N(WSDL, portType, PORT_TYPE) \
    N(WSDL, operation, OPERATION) N(WSDL, input, INPUT) N(WSDL, output, OUTPUT) N(WSDL, fault, FAULT) \
    N(WSDL, binding, BINDING) N(WSDL, service, SERVICE) N(WSDL, port, PORT) \
    R(WSDL, documentation, DOCUMENTATION) N(SOAP11, binding, SOAP_BINDING) \
    N(SOAP11, operation, SOAP_OPERATION) N(SOAP11, body, SOAP_BODY) N(SOAP11, header, SOAP_HEADER) \
    N(SOAP11, headerfault, SOAP_HEADERFAULT) N(SOAP11, fault, SOAP_FAULT) N(SOAP11, address, SOAP_ADDRESS) \
    N(SOAP12, binding, SOAP_BINDING) N(SOAP12, operation, SOAP_OPERATION) N(SOAP12, body, SOAP_BODY) \
    N(SOAP12, header, SOAP_HEADER) N(SOAP12, headerfault, SOAP_HEADERFAULT) N(SOAP12, fault, SOAP_FAULT) \
    N(SOAP12, address, SOAP_ADDRESS) N(HTTP, binding, HTTP_BINDING) N(HTTP, operation, HTTP_OPERATION) \
    N(HTTP, address, HTTP_ADDRESS) R(HTTP, urlEncoded, HTTP_ENCODED) \
    R(HTTP, urlReplacement, HTTP_REPLACED) \
    N(MIME, multipartRelated, MIME_RELATED) N(MIME, part, MIME_PART) R(MIME, content, MIME_CONTENT) \
    R(MIME, mimeXml, MIME_XML)
/* clang-format on */

enum soapc_node_kind {
    SOAPC_KIND_NONE,
#define X(name) SOAPC_XS_##name,
    SOAPC_XS_ELEMENTS(X, X)
#undef X
        SOAPC_XS_END,
    SOAPC_WSDL_DEFINITIONS,
    SOAPC_WSDL_IMPORT,
    SOAPC_WSDL_TYPES,
    SOAPC_WSDL_MESSAGE,
    SOAPC_WSDL_PART,
    SOAPC_WSDL_PORT_TYPE,
    SOAPC_WSDL_OPERATION,
    SOAPC_WSDL_INPUT,
    SOAPC_WSDL_OUTPUT,
    SOAPC_WSDL_FAULT,
    SOAPC_WSDL_BINDING,
    SOAPC_WSDL_SERVICE,
    SOAPC_WSDL_PORT,
    SOAPC_WSDL_DOCUMENTATION,
    SOAPC_WSDL_SOAP_BINDING,
    SOAPC_WSDL_SOAP_OPERATION,
    SOAPC_WSDL_SOAP_BODY,
    SOAPC_WSDL_SOAP_HEADER,
    SOAPC_WSDL_SOAP_HEADERFAULT,
    SOAPC_WSDL_SOAP_FAULT,
    SOAPC_WSDL_SOAP_ADDRESS,
    SOAPC_WSDL_HTTP_BINDING,
    SOAPC_WSDL_HTTP_OPERATION,
    SOAPC_WSDL_HTTP_ADDRESS,
    SOAPC_WSDL_HTTP_ENCODED,
    SOAPC_WSDL_HTTP_REPLACED,
    SOAPC_WSDL_MIME_RELATED,
    SOAPC_WSDL_MIME_PART,
    SOAPC_WSDL_MIME_CONTENT,
    SOAPC_WSDL_MIME_XML,
    SOAPC_WSDL_ANY, /* an extension element of a namespace we do not know */
    SOAPC_KIND_COUNT
};

/* Attributes kept as text: T collapses white space, S keeps it. The first four stand in the same slots in
 * both vocabularies. */
/* clang-format off */
#define SOAPC_XS_TEXTS(T, S) \
    T(name) T(targetNamespace) T(namespace) T(use) T(id) T(minOccurs) T(maxOccurs) S(default) S(fixed) \
    T(form) S(value) T(source) T(processContents) T(schemaLocation) T(elementFormDefault) \
    T(attributeFormDefault) T(blockDefault) T(finalDefault) T(block) T(final) T(abstract) T(nillable) \
    T(mixed) T(version) T(xpath) T(public) T(system)
/* clang-format on */
/* clang-format off */
#define SOAPC_WSDL_TEXTS(T, S) \
    T(name) T(targetNamespace) T(namespace) T(use) T(location) T(parameterOrder) T(style) T(transport) \
    T(soapAction) T(soapActionRequired) T(parts) T(part) T(encodingStyle) T(verb)
/* clang-format on */

/* Attributes that are QNames. */
#define SOAPC_XS_QNAMES(Q) Q(type) Q(base) Q(ref) Q(itemType) Q(substitutionGroup) Q(refer)
#define SOAPC_WSDL_QNAMES(Q) Q(type) Q(message) Q(element) Q(binding)

#define X(name) SOAPC_TEXT_##name,
enum soapc_xs_text { SOAPC_XS_TEXTS(X, X) SOAPC_XS_TEXT_COUNT };
#undef X
#define X(name) SOAPC_WTEXT_##name,
enum soapc_wsdl_text { SOAPC_WSDL_TEXTS(X, X) SOAPC_WSDL_TEXT_COUNT };
#undef X
#define X(name) SOAPC_QNAME_##name,
enum soapc_xs_qname { SOAPC_XS_QNAMES(X) SOAPC_XS_QNAME_COUNT };
#undef X
#define X(name) SOAPC_WQNAME_##name,
enum soapc_wsdl_qname { SOAPC_WSDL_QNAMES(X) SOAPC_WSDL_QNAME_COUNT };
#undef X

struct soapc_node;

/* Content kept as it stands: documentation, appinfo and other things we read past. */
struct soapc_raw {
    struct {
        struct bark_any_attribute *items;
        size_t count;
        uint8_t *nil;
    } foreign;
    struct bark_text content;
    uint32_t at;
};

/* One child: `which` and the union as the table format lays out a choice, and after them what the loader
 * adds. */
struct soapc_child {
    uint16_t which;
    uint16_t kind; /* enum soapc_node_kind, set by the loader */
    union {
        struct soapc_node *node;
        struct soapc_raw *raw;
        struct bark_any any;
    } as;
};

struct soapc_node {
    struct {
        struct soapc_child *items; /* in document order */
        size_t count;
        uint8_t *nil;
    } children;
    struct {
        struct bark_any_attribute *items; /* attributes that the vocabulary does not have */
        size_t count;
        uint8_t *nil;
    } foreign;
    struct {
        struct bark_qname *items;
        size_t count;
        uint8_t *nil;
    } member_types;
    struct bark_qname qname[SOAPC_XS_QNAME_COUNT]; /* enum soapc_xs_qname or soapc_wsdl_qname */
    struct bark_text text[SOAPC_XS_TEXT_COUNT]; /* enum soapc_xs_text or soapc_wsdl_text */
    struct soapc_node *parent; /* set by the loader; NULL at the root */
    uint32_t at; /* byte offset of the '<' */
    uint32_t index; /* place among the parent's children, set by the loader */
    uint16_t kind; /* enum soapc_node_kind, set by the loader */
    uint8_t soap; /* SOAP_... kinds: 11 or 12, set by the loader */
    uint8_t has_member_types;
};

/* ---- vocabulary.c ---- */

enum soapc_root { SOAPC_ROOT_SCHEMA, SOAPC_ROOT_DEFINITIONS };

/* The table image of both vocabularies, ready for bark_image_open(). Root rows are enum soapc_root. */
struct bark_slice soapc_vocabulary(void);

/* The kind of a child from its place in its parent's choice. */
enum soapc_node_kind soapc_xs_kind(uint16_t which);
enum soapc_node_kind soapc_wsdl_kind(uint16_t which, uint8_t *soap);

/* "xs:element", "wsdl:portType": for messages. Static. */
const char *soapc_kind_name(enum soapc_node_kind kind);
const char *soapc_text_name(enum soapc_node_kind kind, unsigned slot);
const char *soapc_qname_name(enum soapc_node_kind kind, unsigned slot);

/* True for kinds whose child member is `as.raw`. */
bool soapc_kind_is_raw(enum soapc_node_kind kind);

/* ---- grammar.c ---- */

/* Checks a document's structure: which attributes and which children in which order each element may have,
 * and the values of attributes that are enumerations, numbers or names. Reports every error; never stops at
 * the first. */
void soapc_grammar_check(const struct soapc_document *doc, struct soapc_diag *diag);

/* ---- decode.c ---- */

/* Decodes the text of a source and fills *doc: nodes with their kinds and parents, links still without
 * documents. False when it was refused; the error is in diag and doc->root is NULL. */
bool soapc_document_decode(struct soapc_document *doc, uint32_t file,
                           const struct soapc_load_options *options, struct soapc_diag *diag);
void soapc_document_release(struct soapc_document *doc);

/* The next node in document order, NULL after the last one. Raw content and extension elements are passed
 * over. */
struct soapc_node *soapc_node_next(struct soapc_node *node);

/* ---- path.c ---- */

/* Reads a file of the file system; the default of soapc_load_options.read. */
bool soapc_file_read(void *context, const char *path, char **text, size_t *size);

/* The path of a location named in the file `from`, malloc'ed, "." and ".." worked out; NULL when memory is
 * short. */
char *soapc_path_join(const char *from, const char *location);

/* True for "http://..." and its like; file URLs are paths. */
bool soapc_path_is_url(const char *location);

/* ---- text_value.c ---- */

/* What is wrong with the text of an attribute, as the end of a sentence ("is not a boolean"), or NULL. */
const char *soapc_text_fault(const struct soapc_node *node, unsigned slot, struct bark_text t);

/* What is a URI reference once its characters are escaped, white space at its ends aside. */
bool soapc_text_is_uri(struct bark_text t);

/* A name without colon [XMLNS 4]. */
bool soapc_text_is_ncname(struct bark_text t);

/* ---- text.c ---- */

/* True when a mark stands at `at`; and the byte behind the first one from `from` on, or size. */
bool soapc_text_at(const char *text, size_t size, size_t at, const char *mark);
size_t soapc_text_behind(const char *text, size_t size, size_t from, const char *mark);

/* The byte behind the name of the tag that begins at `at`. Then its attributes, one by one: each call gives
 * where the next may begin, or size at the tag's end. */
size_t soapc_tag_name_end(const char *text, size_t size, size_t at);
size_t soapc_tag_attribute(const char *text, size_t size, size_t at, struct bark_slice *name,
                           struct bark_slice *value);

/* A malloc'ed copy for the decoder, which refuses processing instructions [R5]: schema documents carry them
 * for browsers (xml-stylesheet), so they become spaces here. Collects the namespace declarations on the way.
 */
char *soapc_text_prepare(const char *text, size_t size, struct soapc_document *doc);

/* The URI that a prefix stands for at a node; NULL ptr when it is not bound. The slice lies in the source, or
 * is static. */
struct bark_slice soapc_prefix_lookup(const struct soapc_diag *diag, const struct soapc_document *doc,
                                      const struct soapc_node *node, struct bark_slice prefix);

/* Where the value of an attribute stands: the byte after its opening quote; the element's own offset when the
 * attribute is not there. Looks at the source text, so it is for messages only. */
struct soapc_place soapc_attribute_place(const struct soapc_diag *diag, uint32_t file, uint32_t element,
                                         const char *name);

#endif
