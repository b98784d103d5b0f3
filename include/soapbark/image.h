/* soapbark/image.h - the table image: what a WSDL or XSD becomes. docs/table-format.md is the law, this is
 * its C.
 *
 * An image is one block of constant data: a head, then sections of equal rows. Rows refer to each other by
 * index and to text by offset, never by pointer, so the same bytes work from flash, from a file and from
 * memory. Nothing in an image is followed before bark_image_open() has proved every index and offset of it.
 */
#ifndef SOAPBARK_IMAGE_H
#define SOAPBARK_IMAGE_H

#include "soapbark/base.h"
#include "soapbark/left_out.h"
#include "soapbark/values.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BARK_IMAGE_MAGIC UINT32_C(0x4b524142) /* "BARK" on a little-endian machine */

enum {
    BARK_IMAGE_MAJOR = 3, /* an engine runs every image of its own major version ... */
    BARK_IMAGE_MINOR = 0, /* ... whose minor version is not newer than the engine's */
    BARK_NONE = 0xffff /* "no row" in any uint16_t index */
};

enum bark_section {
    BARK_SECTION_NAMESPACES, /* struct bark_namespace_row; row 0 is "no namespace" */
    BARK_SECTION_NAMES, /* uint32_t, see bark_name_pack() */
    BARK_SECTION_TYPES, /* struct bark_type_row */
    BARK_SECTION_FIELDS, /* struct bark_field_row */
    BARK_SECTION_TRAITS, /* struct bark_trait_row */
    BARK_SECTION_EXTRAS, /* struct bark_extra_row */
    BARK_SECTION_FACETS, /* struct bark_facet_row */
    BARK_SECTION_PATTERNS, /* struct bark_pattern_row */
    BARK_SECTION_FIRSTS, /* struct bark_first_row */
    BARK_SECTION_WILDCARDS, /* struct bark_wildcard_row */
    BARK_SECTION_LISTS, /* uint16_t: enum value names, union members, wildcard namespaces, namespaces of
                         * roots, bindings of operations */
    BARK_SECTION_ROOTS, /* struct bark_root_row */
    BARK_SECTION_OPERATIONS, /* struct bark_operation_row */
    BARK_SECTION_SERVICES, /* struct bark_service_row */
    BARK_SECTION_POOL, /* bytes: texts, UTF-8; then the DFA tables of patterns */
    BARK_SECTION_COUNT
};

struct bark_image_section {
    uint32_t offset; /* from the start of the image, a multiple of 8 */
    uint32_t count; /* rows; bytes for the pool */
};

struct bark_image_head {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t size; /* of the whole image, in bytes */
    uint8_t pointer_bytes; /* layout class: an image built for another one is refused */
    uint8_t size_t_bytes;
    uint8_t int64_align;
    uint8_t section_count; /* BARK_SECTION_COUNT; one more: struct bark_image_http_head */
    struct bark_image_section sections[BARK_SECTION_COUNT];
};

/* The head of an image whose operations have HTTP bindings: one more section, after the pool. */
struct bark_image_http_head {
    struct bark_image_head head;
    struct bark_image_section http; /* struct bark_http_row */
};

struct bark_namespace_row {
    uint32_t uri; /* pool offset */
    uint32_t prefix; /* pool offset: the prefix the writer prefers */
    uint16_t uri_len;
    uint16_t prefix_len;
};

/* A name row: where a local name (or an enumeration text, or a part of an action) stands in the pool. Names
 * may overlap there, and no NUL ends them. */
enum { BARK_NAME_OFFSET_BITS = 22, BARK_NAME_LEN_BITS = 10, BARK_NAME_LEN_MAX = 1023 };
#define BARK_NAME_OFFSET_MAX ((UINT32_C(1) << BARK_NAME_OFFSET_BITS) - 1)

static inline uint32_t bark_name_offset(uint32_t row)
{
    return row & BARK_NAME_OFFSET_MAX;
}

static inline uint32_t bark_name_len(uint32_t row)
{
    return row >> BARK_NAME_OFFSET_BITS;
}

/* Constant expression, so that generated initialisers can use it. */
#define BARK_NAME(offset, len) ((uint32_t)(offset) | (uint32_t)(len) << BARK_NAME_OFFSET_BITS)

/* What a type row describes. The C type of each value kind stands beside it. */
enum bark_kind {
    BARK_KIND_STRUCT, /* a complex type; a generated struct */
    BARK_KIND_GROUP, /* a nested sequence or choice; a struct inside a struct, no tag of its own on the wire
                      */
    BARK_KIND_ENUM, /* string with enumeration; the generated enum, from 1 in schema order, 0 absent */
    BARK_KIND_LIST, /* struct bark_array of the item type */
    BARK_KIND_UNION, /* struct bark_union */
    BARK_KIND_STRING, /* struct bark_text, white space kept: string */
    BARK_KIND_NORMALIZED, /* struct bark_text, white space replaced: normalizedString */
    BARK_KIND_TOKEN, /* struct bark_text, white space collapsed: token, anySimpleType */
    BARK_KIND_LANGUAGE, /* struct bark_text */
    BARK_KIND_NAME, /* struct bark_text */
    BARK_KIND_NCNAME, /* struct bark_text: NCName, ID, IDREF, ENTITY */
    BARK_KIND_NMTOKEN, /* struct bark_text */
    BARK_KIND_ANYURI, /* struct bark_text */
    BARK_KIND_BOOLEAN, /* bool */
    BARK_KIND_INT8, /* int8_t: byte */
    BARK_KIND_INT16, /* int16_t: short */
    BARK_KIND_INT32, /* int32_t: int */
    BARK_KIND_INT64, /* int64_t: long, or an integer whose facets keep it in range */
    BARK_KIND_UINT8, /* uint8_t: unsignedByte */
    BARK_KIND_UINT16, /* uint16_t: unsignedShort */
    BARK_KIND_UINT32, /* uint32_t: unsignedInt */
    BARK_KIND_UINT64, /* uint64_t: unsignedLong */
    BARK_KIND_INTEGER, /* struct bark_text: integer of any length, lexical form without white space */
    BARK_KIND_DECIMAL, /* struct bark_text, the same */
    BARK_KIND_FLOAT, /* float */
    BARK_KIND_DOUBLE, /* double */
    BARK_KIND_DATETIME, /* struct bark_time, as all of the next eight */
    BARK_KIND_DATE,
    BARK_KIND_TIME,
    BARK_KIND_GYEAR,
    BARK_KIND_GYEARMONTH,
    BARK_KIND_GMONTH,
    BARK_KIND_GMONTHDAY,
    BARK_KIND_GDAY,
    BARK_KIND_DURATION, /* struct bark_duration */
    BARK_KIND_BASE64, /* struct bark_bytes */
    BARK_KIND_HEX, /* struct bark_bytes */
    BARK_KIND_QNAME, /* struct bark_qname: QName, NOTATION */
    BARK_KIND_COUNT
};

enum bark_model {
    BARK_MODEL_NONE, /* value kinds */
    BARK_MODEL_SEQUENCE, /* STRUCT, GROUP: fields in this order */
    BARK_MODEL_CHOICE, /* GROUP only: one of the fields; `which` tells which, from 1, 0 none */
    BARK_MODEL_ALL, /* STRUCT: fields in any order, each at most once */
    BARK_MODEL_VALUE, /* STRUCT with simple content: one TEXT field */
    BARK_MODEL_RAW, /* STRUCT with mixed or any content: one CONTENT field keeps it as text */
    BARK_MODEL_TYPED /* STRUCT: a value of one of several types, told by xsi:type; `which` tells which TYPE
                      * field, from 1, 0 none. Since 1.1 */
};

enum bark_type_flags {
    BARK_TYPE_ABSTRACT = 1, /* STRUCT: may not appear on the wire itself; TYPED: xsi:type must name a type */
    BARK_TYPE_NULLABLE = 2, /* GROUP: no element at all satisfies it */
    BARK_TYPE_PLAIN = 4, /* value kinds: no facet rows; set by the compiler, proved by the checker */
    BARK_TYPE_MIXED = 8, /* STRUCT of model SEQUENCE or ALL: text may stand between elements, and is dropped.
                          * For images that validate */
    BARK_TYPE_ARRAY = 0x40, /* STRUCT: a SOAP array, its one member are the items. Since 1.2 */
    /* STRUCT, GROUP: two bits tell _Alignof the C struct. All other bits are 0. */
    BARK_TYPE_ALIGN_8 = 0x00,
    BARK_TYPE_ALIGN_4 = 0x10,
    BARK_TYPE_ALIGN_2 = 0x20,
    BARK_TYPE_ALIGN_1 = 0x30,
    BARK_TYPE_ALIGN = 0x30
};

/* The alignment bits of a C type; a constant expression for generated initialisers. */
#define BARK_TYPE_ALIGN_OF(type) \
    (_Alignof(type) >= 8   ? BARK_TYPE_ALIGN_8 \
     : _Alignof(type) == 4 ? BARK_TYPE_ALIGN_4 \
     : _Alignof(type) == 2 ? BARK_TYPE_ALIGN_2 \
                           : BARK_TYPE_ALIGN_1)

/* The middle members of a type row, by kind:
 *
 *   first     STRUCT, GROUP: first field row. ENUM: first LISTS entry (a name row each). LIST: the item's
 *             type row. UNION: first LISTS entry (a type row each). Others: 0.
 *   count     STRUCT, GROUP: field rows. ENUM, UNION: LISTS entries. Others: 0.
 *   extra     STRUCT: how many of the first fields are attributes, 0 for TYPED. GROUP: first FIRSTS row.
 *             Value kinds: first facet row.
 *   presence  STRUCT, sequence GROUP: offset of the first has_ byte. Choice GROUP, TYPED: offset of
 *             `uint16_t which`; a choice's has_ bytes follow. Value kinds: number of facet rows.
 *   name      name row, BARK_NONE when anonymous. GROUP: number of FIRSTS rows.
 */
struct bark_type_row {
    uint8_t kind; /* enum bark_kind */
    uint8_t model; /* enum bark_model */
    uint8_t flags; /* enum bark_type_flags */
    uint8_t ns; /* namespace row of the type's name */
    uint16_t size; /* sizeof the C type */
    uint16_t first, count, extra, presence, name;
};

/* The low four bits of bark_trait_row.bits. */
enum bark_field_kind {
    BARK_FIELD_ELEMENT,
    BARK_FIELD_ATTRIBUTE,
    BARK_FIELD_TEXT, /* the value of a VALUE struct */
    BARK_FIELD_GROUP, /* a nested sequence or choice */
    BARK_FIELD_ANY, /* element wildcard; struct bark_any, name is a wildcard row */
    BARK_FIELD_ANY_ATTRIBUTE, /* attribute wildcard; always a struct bark_array of bark_any_attribute, without
                                 the REPEATED bit; name is a wildcard row */
    BARK_FIELD_CONTENT, /* struct bark_text: the whole content of a RAW struct as a fragment */
    BARK_FIELD_POSITION, /* uint32_t: byte offset of the element in its document; never written */
    BARK_FIELD_TYPE, /* TYPED only: a type that xsi:type may name; name and ns are the type's. A struct's
                      * pointer, or a value */
    BARK_FIELD_KIND_COUNT
};

enum bark_field_bits {
    BARK_F_KIND = 0x000f,
    BARK_F_REQUIRED = 0x0010, /* minOccurs >= 1, use="required" */
    BARK_F_REPEATED = 0x0020, /* maxOccurs > 1: the member is a struct bark_array */
    BARK_F_SECRET = 0x0040, /* the value is a secret: logs and diagnostics show *** */
    BARK_F_NILLABLE = 0x0080, /* xsi:nil is allowed; the has_ byte (or the array's nil bytes) tells */
    BARK_F_DEFAULT = 0x0100, /* the extra row holds a default value's text */
    BARK_F_FIXED = 0x0200, /* the extra row holds the only legal value's text */
    BARK_F_OCCURS = 0x0400, /* the extra row holds minOccurs and maxOccurs */
    BARK_F_POINTER = 0x0800, /* the member is a pointer to the value; NULL is absent */
    BARK_F_DIVIDES = 0x1000, /* a repeated GROUP whose items are judged together: any division of their
                              * elements that fits the occurrence bounds will do */
    BARK_F_DIVIDED = 0x2000 /* in such a group: a part that may stand in several of the groups that follow
                             * each other */
};

/* What fields have in common: of the fields of a service there are dozens of kinds only, so a kind is a row
 * of its own, and a field tells which it is of. Roots share these rows. */
struct bark_trait_row {
    uint16_t bits; /* enum bark_field_kind | enum bark_field_bits */
    uint8_t ns; /* namespace row of the name */
    uint8_t has; /* its has_ byte is at presence + has, in a choice at presence + 2 + has; or BARK_NO_HAS */
    uint16_t extra; /* extra row or BARK_NONE. Of a root: first of BARK_ROOT_NAMESPACES LISTS entries, see
                     * bark_root_namespaces(), or BARK_NONE: none */
};

enum { BARK_NO_HAS = 0xff };
enum { BARK_DIVISION_LEVELS = 8 }; /* groups in groups that are judged together, DIVIDES the first */

struct bark_field_row {
    uint16_t name; /* name row; wildcard row for ANY and ANY_ATTRIBUTE; BARK_NONE where there is no name */
    uint16_t offset; /* offsetof the member */
    uint16_t type; /* type row; BARK_NONE for ANY, ANY_ATTRIBUTE, CONTENT, POSITION */
    uint16_t trait; /* trait row */
};

struct bark_extra_row {
    uint32_t occurs_min, occurs_max; /* UINT32_MAX: unbounded */
    uint32_t text; /* pool offset of the default or fixed value */
    uint32_t text_len;
};

enum bark_facet_kind {
    BARK_FACET_LENGTH, /* value: characters, octets or items */
    BARK_FACET_MIN_LENGTH,
    BARK_FACET_MAX_LENGTH,
    BARK_FACET_PATTERN, /* value: pattern row; several rows of one type must all match */
    BARK_FACET_ENUMERATION, /* text: one allowed value; consecutive rows are alternatives (not for ENUM types)
                             */
    BARK_FACET_MIN_INCLUSIVE, /* text: the bound's lexical form; value: the bound itself for INT8 ... UINT64
                               */
    BARK_FACET_MAX_INCLUSIVE,
    BARK_FACET_MIN_EXCLUSIVE,
    BARK_FACET_MAX_EXCLUSIVE,
    BARK_FACET_TOTAL_DIGITS, /* value */
    BARK_FACET_FRACTION_DIGITS, /* value */
    BARK_FACET_WHITESPACE, /* value: 0 preserve, 1 replace, 2 collapse */
    BARK_FACET_MEDIA, /* text: the media type of base64 octets that travel beside the message; no value breaks
                         it */
    BARK_FACET_COUNT
};

struct bark_facet_row {
    uint8_t kind; /* enum bark_facet_kind */
    uint8_t reserved;
    uint16_t text_len;
    uint32_t text; /* pool offset */
    int64_t value; /* UINT64 bounds are stored as their bit pattern */
};

/* A pattern as a DFA over UTF-8 bytes. State 0 is dead, state 1 is the start. In the pool, in this order: 256
 * bytes that map a byte to its class; states * classes next states, next[state * classes + class], a byte
 * each, or a little-endian uint16_t each when there are more than 256 states; a bit for each state, the
 * lowest of a byte first (1: accepting). */
struct bark_pattern_row {
    uint32_t classes_map, next, accept; /* pool offsets */
    uint16_t states, classes;
    uint32_t source; /* pool offset of the facet's own text, for diagnostics */
};

enum { BARK_PATTERN_MAP = 256, BARK_PATTERN_NARROW = 256 /* states that a byte can name */ };

/* Bytes of the table of next states, and of the accepting bits. */
static inline uint64_t bark_pattern_next_bytes(const struct bark_pattern_row *row)
{
    return (uint64_t)(row->states > BARK_PATTERN_NARROW ? 2 : 1) * row->states * row->classes;
}

static inline uint32_t bark_pattern_accept_bytes(const struct bark_pattern_row *row)
{
    return (row->states + 7u) / 8;
}

/* One element that may open a group. */
struct bark_first_row {
    uint16_t name; /* name row, or wildcard row */
    uint8_t ns;
    uint8_t kind; /* BARK_FIELD_ELEMENT or BARK_FIELD_ANY */
};

enum bark_wildcard_mode {
    BARK_WILDCARD_ANY,
    BARK_WILDCARD_NOT,
    BARK_WILDCARD_LIST,
    /* Row 0 only, and no wildcard at all: this image validates. Three LISTS entries: the type row of an
     * element that is not declared, a choice group of all global elements, a struct of all global attributes;
     * BARK_NONE for the last two where there are none. */
    BARK_WILDCARD_DECLARED
};

enum bark_process { BARK_PROCESS_STRICT, BARK_PROCESS_LAX, BARK_PROCESS_SKIP };

/* namespace="##other" is NOT with its one listed namespace (and no namespace is refused too). */
struct bark_wildcard_row {
    uint8_t mode; /* enum bark_wildcard_mode */
    uint8_t process; /* enum bark_process; heeded by images with a DECLARED row */
    uint8_t drop; /* 1: checked for well-formedness and not kept */
    uint8_t reserved;
    uint16_t first, count; /* LISTS entries: namespace rows */
};

/* Two global elements that can be a message's root: a request and its answer, whose names differ in how they
 * end; or one element alone. Root number r is side 0 of row r, and root number root_count + r is side 1 of
 * it. */
struct bark_root_row {
    uint16_t name; /* name row: what both names start with */
    uint16_t group; /* first of BARK_ROOT_GROUP LISTS entries, which rows share */
    uint16_t type[2]; /* type rows of both sides; BARK_NONE: there is no such root. One at least is */
};

/* What roots have in common, in LISTS; two entries each, one for either side. */
enum {
    BARK_GROUP_TRAIT = 0, /* trait rows: bits BARK_F_NILLABLE and BARK_F_SECRET, and no has_ byte */
    BARK_GROUP_TAIL = 2, /* name rows: what the name goes on with, or BARK_NONE */
    BARK_ROOT_GROUP = 4
};

/* 64 bits, the lowest 16 first. Roots share them. */
enum { BARK_ROOT_NAMESPACES = 4 };

enum bark_operation_flags {
    BARK_OPERATION_ONE_WAY = 1, /* no output message */
    BARK_OPERATION_RPC = 2, /* rpc/literal: the root is the wrapper element */
    BARK_OPERATION_SOAP11 = 4, /* reached by SOAP 1.1, by SOAP 1.2; both when no binding says how. Neither: */
    BARK_OPERATION_SOAP12 = 8, /* HTTP bindings alone have it */
    BARK_OPERATION_HEADERS = 16, /* header roots stand in LISTS, right after the faults. Since 1.2 */
    BARK_OPERATION_ENCODED = 64, /* rpc/encoded: see bark_image.encoding. Since 1.2 */
    BARK_OPERATION_OUTBOUND = 32, /* notification, solicit-response: the service sends the input message and
                                   * waits for the output, if there is one. Since 1.2 */
    BARK_OPERATION_ACTION_NAMED =
        128, /* the action ends with the operation's name; ACTION_END is BARK_NONE */
    BARK_OPERATION_PAIRED = 256 /* the output is the other side of the input's row; OUTPUT is BARK_NONE */
};

/* HEADERS: after the faults' LISTS entries come three counts (header blocks of the input, of the output,
 * header faults; each up to BARK_HEADERS_MAX), then as many root numbers. */
enum { BARK_HEADERS_MAX = 32 };

struct bark_operation_row {
    uint16_t input; /* root number; BARK_NONE for an empty body */
    uint16_t binding; /* first LISTS entry of its binding, which neighbours share */
};

/* A binding in LISTS: these entries, then the faults (root numbers), then the headers, see HEADERS. */
enum bark_binding_entry {
    BARK_BINDING_SERVICE, /* service row */
    BARK_BINDING_NAME, /* name row of the operation; BARK_NONE: that of the input's row */
    BARK_BINDING_OUTPUT, /* root number; BARK_NONE when there is none, or by PAIRED */
    BARK_BINDING_ACTION_BASE, /* name rows that are the SOAP action one after the other, or BARK_NONE */
    BARK_BINDING_ACTION_END,
    BARK_BINDING_FLAGS, /* enum bark_operation_flags */
    BARK_BINDING_FAULTS, /* how many faults, up to 255 */
    BARK_BINDING_ENTRIES
};

/* A port type with its operations, in the order of the WSDL. */
struct bark_service_row {
    uint16_t name; /* name row: the port type */
    uint16_t first, count; /* operation rows */
    uint8_t ns;
    uint8_t reserved;
    uint32_t address; /* pool offset of the first port's address; length 0 when the WSDL names none */
    uint32_t address_len;
};

enum bark_http_flags {
    BARK_HTTP_POST = 1, /* called with POST; else with GET */
    BARK_HTTP_REPLACED = 2, /* parameters stand in the path, where the location says "(name)"; else in the
                             * query of a GET, in the form that is the body of a POST */
    BARK_HTTP_XML = 4, /* POST: the body is the input's root as XML */
    BARK_HTTP_CONTENT = 8, /* the answer is the value of the output's one member; else its root as XML */
    BARK_HTTP_PARTS = 16, /* POST: the form is multipart/form-data, a part for each parameter */
    BARK_HTTP_RELATED = 32, /* POST: the body is multipart/related, a part for each member */
    BARK_HTTP_ANSWER_RELATED = 64 /* the answer is */
};

/* A way to call an operation without SOAP [WSDL11 4]: verb, and location behind the service's path. An
 * operation may have several; rows stand in the order of their operations. */
struct bark_http_row {
    uint16_t operation; /* operation row */
    uint16_t flags; /* enum bark_http_flags */
    uint32_t location; /* pool offset */
    uint32_t media; /* pool offset. Lines, LF between: "name types" for each member of a RELATED input, then
                     * of an ANSWER_RELATED output, XML where its first type is; a CONTENT answer's type */
    uint16_t location_len, media_len;
};

struct bark_soap_encoding;
struct bark_plan;

/** A proved image, with its sections as arrays. Fill it with bark_image_open(); read it from any number of
 * threads. */
struct bark_image {
    const uint8_t *base;
    size_t size;
    const struct bark_namespace_row *namespaces;
    const uint32_t *names;
    const struct bark_type_row *types;
    const struct bark_field_row *fields;
    const struct bark_trait_row *traits;
    const struct bark_extra_row *extras;
    const struct bark_facet_row *facets;
    const struct bark_pattern_row *patterns;
    const struct bark_first_row *firsts;
    const struct bark_wildcard_row *wildcards;
    const uint16_t *lists;
    const struct bark_root_row *roots;
    const struct bark_operation_row *operations;
    const struct bark_service_row *services;
    const struct bark_http_row *https;
    const uint8_t *pool;
    uint32_t namespace_count, name_count, type_count, field_count, trait_count, extra_count, facet_count,
        pattern_count, first_count, wildcard_count, list_count, root_count, operation_count, service_count,
        http_count, pool_size;
    /* Yours to set after bark_image_open(), to &bark_soap_encoding of soapbark/soap.h: how ENCODED operations
     * are read and written. NULL: they are refused, and none of that code is linked. */
    const struct bark_soap_encoding *encoding;
    /* Set by bark_plan_make() of soapbark/codec.h, for quick writing; NULL: the rows above do. */
    const struct bark_plan *plan;
};

/** Proves every index, offset, size and combination of flags in the image, then fills *image with views of
 * it.
 *
 *  data   the image, aligned to 8 bytes; borrowed, must outlive *image.
 *  Errors: BARK_ERR_IMAGE with the broken rule of docs/table-format.md and the byte offset of the row.
 *  Cost: linear in the image. Threads: safe. */
BARK_MUST_CHECK enum bark_code bark_image_open(struct bark_image *image, struct bark_slice data,
                                               struct bark_error *err);

/** The same without the proof of the rows: only for constant data of this very program, generated by
 * `soapbark compile`, on a device that cannot spare the checker's 8 KB (docs/size.md). An image that anybody
 * could have changed after the compiler made it (a file, an update, memory that can be written) makes the
 * engine read and write anywhere: open it with bark_image_open(). In a debug build, and in your tests, do the
 * same.
 *
 *  Errors: BARK_ERR_IMAGE by rules T1 to T7, and T12 for values that the engine was built without.
 *  Cost: linear in the type rows. Threads: safe. */
BARK_MUST_CHECK enum bark_code bark_image_open_unproved(struct bark_image *image, struct bark_slice data,
                                                        struct bark_error *err);

/** Text of a name row. The row must be < image->name_count. No NUL ends it. */
static inline struct bark_slice bark_image_name(const struct bark_image *image, uint16_t row)
{
    uint32_t n = image->names[row];
    struct bark_slice s = { image->pool + bark_name_offset(n), bark_name_len(n) };
    return s;
}

/** The number of the root of this name, or BARK_NONE. Linear in the number of roots. */
uint16_t bark_image_find_root(const struct bark_image *image, struct bark_slice ns, struct bark_slice local);

/** The operation row of a name, or BARK_NONE. With service = BARK_NONE every service is searched. */
uint16_t bark_image_find_operation(const struct bark_image *image, uint16_t service, struct bark_slice name);

/** What a field's trait row says: constant time. The extra row is there when bits say DEFAULT, FIXED or
 * OCCURS.
 */
static inline const struct bark_trait_row *bark_field_trait(const struct bark_image *image,
                                                            const struct bark_field_row *f)
{
    return &image->traits[f->trait];
}

static inline unsigned bark_field_bits(const struct bark_image *image, const struct bark_field_row *f)
{
    return bark_field_trait(image, f)->bits & ~(unsigned)BARK_F_LEFT_OUT;
}

static inline enum bark_field_kind bark_field_kind(const struct bark_image *image,
                                                   const struct bark_field_row *f)
{
    return (enum bark_field_kind)(bark_field_bits(image, f) & BARK_F_KIND);
}

static inline uint8_t bark_field_ns(const struct bark_image *image, const struct bark_field_row *f)
{
    return bark_field_trait(image, f)->ns;
}

static inline uint8_t bark_field_has(const struct bark_image *image, const struct bark_field_row *f)
{
    return bark_field_trait(image, f)->has;
}

static inline const struct bark_extra_row *bark_field_extra(const struct bark_image *image,
                                                            const struct bark_field_row *f)
{
    return &image->extras[bark_field_trait(image, f)->extra];
}

/** A text in two pieces, one after the other; either may be empty. */
struct bark_joined {
    struct bark_slice head, tail;
};

/** Whether the pieces together are this text. */
bool bark_joined_is(const struct bark_joined *joined, struct bark_slice text);

/** All numbers that roots of the image may have are smaller; not each of them is one. */
static inline uint32_t bark_root_end(const struct bark_image *image)
{
    return 2 * image->root_count;
}

/** The type row of a root; BARK_NONE when the image has no root of this number, whatever the number is. */
uint16_t bark_root_type(const struct bark_image *image, uint32_t root);

/** Of a root that exists: its trait row, which has its namespace row, its NILLABLE and SECRET bits. */
const struct bark_trait_row *bark_root_trait(const struct bark_image *image, uint16_t root);

static inline uint8_t bark_root_ns(const struct bark_image *image, uint16_t root)
{
    return bark_root_trait(image, root)->ns;
}

static inline unsigned bark_root_bits(const struct bark_image *image, uint16_t root)
{
    return bark_root_trait(image, root)->bits;
}

/** Local name of a root that exists. No NUL ends it. */
struct bark_joined bark_root_name(const struct bark_image *image, uint16_t root);

/** Whether there is a root of this number, and it has this local name. */
bool bark_root_is(const struct bark_image *image, uint32_t root, struct bark_slice local);

/** The LISTS entries of an operation's binding, enum bark_binding_entry. */
static inline const uint16_t *bark_operation_binding(const struct bark_image *image, uint16_t operation)
{
    return image->lists + image->operations[operation].binding;
}

/** enum bark_operation_flags of an operation row. */
static inline unsigned bark_operation_flags(const struct bark_image *image, uint16_t operation)
{
    return bark_operation_binding(image, operation)[BARK_BINDING_FLAGS];
}

/** Whether HTTP bindings alone have an operation: no SOAP message reaches it. */
static inline bool bark_operation_is_http(const struct bark_image *image, uint16_t operation)
{
    return !(bark_operation_flags(image, operation) & (BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12));
}

/** Name of an operation row. No NUL ends it. */
struct bark_slice bark_operation_name(const struct bark_image *image, uint16_t operation);

/** The root that an operation row is answered with; BARK_NONE when there is none. */
uint16_t bark_operation_output(const struct bark_image *image, uint16_t operation);

/** The SOAP action of an operation row; empty when it has none. */
struct bark_joined bark_operation_action(const struct bark_image *image, uint16_t operation);

/** Bit n: an encoded message of this root may use namespace row n (n < 64). */
uint64_t bark_root_namespaces(const struct bark_image *image, uint16_t root);

/** The header blocks that an operation's messages may carry: root numbers, in the order of the generated
 * header structs. */
struct bark_header_roots {
    const uint16_t *input, *output, *faults;
    uint16_t input_count, output_count, fault_count;
};

/** Those of an operation row; all counts are 0 when it has none. Constant time. */
struct bark_header_roots bark_image_headers(const struct bark_image *image, uint16_t operation);

/** The text of an enumerator (value from 1), absent text when value is out of range. */
struct bark_text bark_image_enum_text(const struct bark_image *image, uint16_t type, uint32_t value);

#ifdef __cplusplus
}
#endif
#endif
