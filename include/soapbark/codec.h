/* soapbark/codec.h - the engine: XML or JSON text to C structs and back, driven by a table image.
 */
#ifndef SOAPBARK_CODEC_H
#define SOAPBARK_CODEC_H

#include "soapbark/arena.h"
#include "soapbark/image.h"
#include "soapbark/limits.h"
#include "soapbark/out.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Decodes one XML document into a C struct, strictly: what the schema does not know is an error.
 *
 *  in     the document, UTF-8. Not needed after the call: what *msg keeps is copied to the arena.
 *  root   a root of the image, or BARK_NONE to take the root that the document's element names;
 *         *root_out (may be NULL) tells which one it was.
 *  arena  gets the decoder's frames, arrays and strings; its ceiling bounds everything.
 *  msg    where the address of the struct (types[bark_root_type(image, root)].size bytes, in the arena) is
 * put.
 *
 *  Errors: code, position, path, rule and expected set of the first error; *msg is NULL then.
 *  Cost: linear in in.len; never calls malloc. Threads: safe while arenas differ.
 *  Rules: [XML1 2], [XMLNS], [XSD1 3.3.4, 3.4.4]. DOCTYPE and processing instructions are refused [R5]. */
BARK_MUST_CHECK enum bark_code bark_decode(const struct bark_image *image, uint16_t root,
                                           struct bark_slice in, const struct bark_limits *limits,
                                           struct bark_arena *arena, void **msg, uint16_t *root_out,
                                           struct bark_error *err);

/** What happens to elements and attributes that the schema does not know. */
enum bark_unknown_policy {
    BARK_UNKNOWN_REFUSE, /* an error */
    BARK_UNKNOWN_COLLECT, /* passed over and listed */
    BARK_UNKNOWN_IGNORE /* passed over and counted */
};

/** One that was passed over. Texts are in the arena. */
struct bark_skipped {
    struct bark_skipped *next;
    struct bark_text path; /* as in errors; /@name for an attribute */
    struct bark_text ns, local; /* its name */
    struct bark_text text; /* an element as XML, with the declarations it needs; an attribute's value. May
                            * hold what the schema calls secret */
    uint64_t offset; /* of its local name */
    bool attribute;
};

/** The policy, and what it forgave; the decoder sets all but policy. Unknown is a name that the type has
 * nowhere: a known member out of order, or one too many, is an error always. */
struct bark_unknown {
    enum bark_unknown_policy policy;
    uint32_t count; /* elements and attributes passed over; what stands in such an element is not counted */
    struct bark_skipped *first, *last; /* COLLECT: in the order of the document */
};

/** Where octets are that travel beside the XML: an xop:Include stands for the content of a base64Binary
 * element [XOP]. */
struct bark_xop_reader {
    /* Gives the octets that href means; they must live as long as the message. On a failure *rule says why.
     * Called once for each xop:Include, in the order of the document. */
    enum bark_code (*octets)(void *user, struct bark_slice href, struct bark_bytes *octets,
                             const char **rule);
    void *user;
    /* The octets come after the message: what octets() gives is a mark that says which, of length 0, and this
     * is told right after it how many there may be by the lengths of the type (0 and UINT64_MAX: any number),
     * for its caller to judge them by. Other facets, and fixed values, which only octets can meet, are
     * refused. NULL: the octets are here. */
    void (*later)(void *user, uint64_t length_min, uint64_t length_max);
};

struct bark_decode_options {
    struct bark_unknown *unknown; /* NULL: refuse */
    const struct bark_xop_reader *xop; /* NULL: an xop:Include is an element that does not belong there */
};

/** bark_decode() with options; options may be NULL. What is passed over is checked for well-formedness, and
 * all limits hold for it; collecting costs the arena its text. */
BARK_MUST_CHECK enum bark_code bark_decode_with(const struct bark_image *image, uint16_t root,
                                                struct bark_slice in,
                                                const struct bark_decode_options *options,
                                                const struct bark_limits *limits, struct bark_arena *arena,
                                                void **msg, uint16_t *root_out, struct bark_error *err);

/** Writes msg as the element of a root, declaring the namespaces it uses. No XML declaration.
 *
 *  arena  lends room for the frames, one for each level of nesting; all of it is given back.
 *  Errors: with the member's path: BARK_ERR_MISSING (a required member or chosen alternative is not there),
 *          _TYPE and _FACET (a value outside its type; docs/values.md), _UNEXPECTED (more items than may
 *          occur, something that a wildcard excludes), _XML and _NAMESPACE (fragments, attribute names),
 *          _USE (a struct that contradicts itself), _LIMIT (depth, attributes, namespaces, or out refuses),
 *          _MEMORY. What was written before an error is to be thrown away.
 *  Cost: linear in what is written. Threads: safe while outs and arenas differ.
 *  Rules: [XSD1 3.3.4, 3.4.4, 3.8.4], [XMLNS], [SECURITY row 29]. */
BARK_MUST_CHECK enum bark_code bark_encode(const struct bark_image *image, uint16_t root, const void *msg,
                                           const struct bark_limits *limits, struct bark_arena *arena,
                                           struct bark_out *out, struct bark_error *err);

/** How much memory bark_plan_make() wants for an image: some 120 bytes a field row. 0 where the library is
 * built without its quick ways. */
size_t bark_plan_size(const struct bark_image *image);

/** Makes a plan for an image, by which messages are then written and read faster: its rows unpacked, and its
 * tags ready to be copied. What is written or read, and every error, is the same with a plan and without.
 *
 *  image   an open one, whose rows and sections do not change any more. Copies made afterwards share the
 * plan. memory  bark_plan_size() bytes, aligned to BARK_ALIGN; lent until nobody uses the image any more.
 *  Errors: BARK_ERR_USE for memory that is too small or not aligned; the image has no plan then.
 *  Cost: linear in the field rows, once: some 200 instructions each. Threads: before others use the image. */
BARK_MUST_CHECK enum bark_code bark_plan_make(struct bark_image *image, void *memory, size_t size);

/** The other direction: octets that shall travel beside the XML. */
struct bark_xop_writer {
    /* Takes the octets of a base64Binary element and gives the reference to write; ptr NULL: in line, please.
     * The octets live until the message is written. media_type: what the schema expects them to be
     * (xmime:expectedContentTypes), of the image; empty when it says nothing. */
    struct bark_slice (*href)(void *user, struct bark_bytes octets, struct bark_slice media_type);
    void *user;
    /* Do these stand for octets that come later, and how many are there (UINT64_MAX: unknown)? They are
     * judged by a known length alone, so other facets and fixed values are refused. NULL: none do. */
    bool (*later)(void *user, struct bark_bytes octets, uint64_t *length);
};

struct bark_encode_options {
    const struct bark_xop_writer *xop; /* NULL: all in line */
};

/** bark_encode() with options; options may be NULL. */
BARK_MUST_CHECK enum bark_code bark_encode_with(const struct bark_image *image, uint16_t root,
                                                const void *msg, const struct bark_encode_options *options,
                                                const struct bark_limits *limits, struct bark_arena *arena,
                                                struct bark_out *out, struct bark_error *err);

/** Decodes one JSON text into the C struct of a root; docs/json.md states the mapping. The text is the
 * content of the root element, without its name.
 *
 *  in     the text, UTF-8. Not needed after the call.
 *  root   a root of the image.
 *  arena  gets the decoder's frames, arrays and strings; its ceiling bounds everything.
 *  msg    where the address of the struct is put.
 *
 *  Errors: code, position, path, rule and expected set of the first error; *msg is NULL then.
 *  Cost: linear in in.len times the members of the largest type. Threads: safe while arenas differ.
 *  Rules: [RFC8259], and the facets and occurrences of the schema, as for XML. */
BARK_MUST_CHECK enum bark_code bark_decode_json(const struct bark_image *image, uint16_t root,
                                                struct bark_slice in, const struct bark_limits *limits,
                                                struct bark_arena *arena, void **msg, struct bark_error *err);

enum bark_json_style { BARK_JSON_COMPACT, BARK_JSON_PRETTY };

/** Writes msg as one JSON text, without a line end after it.
 *
 *  arena  its scratch end holds the encoder's frames during the call; nothing of it stays in use.
 *
 *  Errors: as bark_encode(); BARK_ERR_MEMORY when the frames do not fit. */
BARK_MUST_CHECK enum bark_code bark_encode_json(const struct bark_image *image, uint16_t root,
                                                const void *msg, enum bark_json_style style,
                                                const struct bark_limits *limits, struct bark_arena *arena,
                                                struct bark_out *out, struct bark_error *err);

/** Decodes parameters into the C struct of a root, which is flat: its members are values, one parameter
 * each, or arrays of values, a parameter an item [WSDL11 4.6, 4.7]. A member of a list type takes one
 * parameter with its items, or several.
 *
 *  pattern  ptr NULL: in is pairs, "a=1&b=2", of a query or a form ("+" is a space). Else in is a path,
 * pattern the location that it follows, "(name)" where a value stands; a value ends where the text behind its
 * part begins, or with its segment. in       not needed after the call. options  may be NULL: parameters of
 * unknown names are refused. Without meaning here: xop.
 *
 *  Errors: code, byte offset and rule of the first one, err->path the parameter's name; *msg is NULL then. A
 *          "%" without two hex digits, an octet that has to be escaped, text that is not UTF-8 or holds
 *          characters that XML does not know, a second value of a member that is no array: refused.
 *  Limits: elements (parameters), items (of one name), name_bytes, text_bytes, and the arena.
 *  Cost: linear in in.len times the members of the struct. Threads: safe while arenas differ. */
BARK_MUST_CHECK enum bark_code bark_decode_form(const struct bark_image *image, uint16_t root,
                                                struct bark_slice pattern, struct bark_slice in,
                                                const struct bark_decode_options *options,
                                                const struct bark_limits *limits, struct bark_arena *arena,
                                                void **msg, struct bark_error *err);

/** Writes parameters, escaped for a query, a form body (pattern.ptr NULL) or a path. Errors: as
 * bark_encode(), err->path the parameter's name. */
BARK_MUST_CHECK enum bark_code bark_encode_form(const struct bark_image *image, uint16_t root,
                                                struct bark_slice pattern, const void *msg,
                                                const struct bark_limits *limits, struct bark_arena *arena,
                                                struct bark_out *out, struct bark_error *err);

/** The value of a root's only member by itself: binary types as their octets, others in their lexical form
 * [WSDL11 5.3]. */
BARK_MUST_CHECK enum bark_code bark_encode_bare(const struct bark_image *image, uint16_t root,
                                                const void *msg, const struct bark_limits *limits,
                                                struct bark_arena *arena, struct bark_out *out,
                                                struct bark_error *err);
BARK_MUST_CHECK enum bark_code bark_decode_bare(const struct bark_image *image, uint16_t root,
                                                struct bark_slice in, const struct bark_limits *limits,
                                                struct bark_arena *arena, void **msg, struct bark_error *err);

/** Checks a document for well-formedness with namespaces, nothing else. Same limits, same errors. */
BARK_MUST_CHECK enum bark_code bark_check_xml(struct bark_slice in, const struct bark_limits *limits,
                                              struct bark_arena *arena, struct bark_error *err);

/** The same for a document that is no message: processing instructions are checked and passed over. Not for
 * anything that a stranger sends as SOAP, which forbids them [R5] (docs/decisions/0010). */
BARK_MUST_CHECK enum bark_code bark_check_document(struct bark_slice in, const struct bark_limits *limits,
                                                   struct bark_arena *arena, struct bark_error *err);

#ifdef __cplusplus
}
#endif
#endif
