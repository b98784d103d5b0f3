/* xml/reader.h - pulls events out of an XML document, one at a time, without recursion.
 *
 * The reader checks everything that well-formedness and namespaces ask of a document without DTD [XML1,
 * XMLNS], holds every limit that a tag can break, and keeps the stack of open elements for the end-tag check.
 * It knows no schema, but resolves each name to a namespace row of the image it was last told of, so that the
 * engine compares two bytes instead of a URI.
 */
#ifndef BARK_XML_READER_H
#define BARK_XML_READER_H

#include "base/without.h"
#include "soapbark/arena.h"
#include "soapbark/image.h"
#include "soapbark/limits.h"

/* Namespace ids of names: a namespace row of the current image (0: no namespace), or one of these. */
enum {
    BARK_NS_XSI = 0xfffd, /* http://www.w3.org/2001/XMLSchema-instance */
    BARK_NS_UNKNOWN = 0xfffe /* bound, but not in the image; compare URIs */
};

struct bark_xml_name {
    struct bark_slice prefix; /* empty when there is none */
    struct bark_slice local;
    struct bark_slice uri; /* of the namespace; empty for none */
    uint16_t ns;
};

struct bark_xml_attribute {
    struct bark_xml_name name;
    struct bark_slice raw; /* between the quotes, in the input */
    size_t text_len; /* bytes of its text, once flattened */
    bool plain; /* raw needs neither references resolved nor white space normalised */
};

enum bark_xml_event_kind { BARK_XML_START, BARK_XML_END, BARK_XML_TEXT, BARK_XML_EOF, BARK_XML_PIECE };

/* TEXT comes whole up to the next tag: references, CDATA sections, comments and such processing instructions
 * as are allowed are part of raw until bark_xml_text() flattens them. An empty-element tag gives START, then
 * END. With a window (xml/window.h), each text comes as PIECEs, and then TEXT says what all of it was. */
struct bark_xml_event {
    enum bark_xml_event_kind kind;
    size_t offset; /* of the '<' or of the first text byte */
    struct bark_xml_name name; /* START, END */
    const struct bark_xml_attribute *attributes; /* START; xmlns ones left out; valid until the next call */
    size_t attribute_count;
    struct bark_slice raw; /* TEXT */
    size_t text_len; /* TEXT: its bytes once flattened; 0 when there is nothing but comments */
    bool plain; /* TEXT: raw is the text itself */
    bool blank; /* TEXT: nothing but white space, comments aside */
    bool predicted; /* START: the name is the one that bark_xml_predict() told */
};

struct bark_xml_binding; /* prefix -> URI, in scope */
struct bark_xml_window; /* window.h */
struct bark_xml_open; /* an element whose end tag is still to come */

struct bark_xml_reader {
    const uint8_t *begin, *at, *end; /* invariant: begin <= at <= end */
    size_t before; /* bytes of the message before begin that are gone: 0 unless there is a window */
    const struct bark_limits *limits;
    struct bark_arena *arena;
    const struct bark_image *image;
    struct bark_error *err;
    struct bark_xml_window *window; /* NULL: the message is there as a whole */
    struct bark_xml_binding *bindings; /* limits->namespaces of them, and the built-in one */
    struct bark_xml_open *open; /* limits->depth of them */
    struct bark_xml_attribute *attributes; /* limits->attributes of them */
    uint32_t *order; /* room to sort attributes or bindings in */
    struct bark_slice predicted; /* local name of the element that is likely next; empty: no guess */
    uint16_t predicted_ns;
    uint32_t hot; /* the binding of the last element name; BARK_XML_COLD when bindings changed since */
    uint32_t binding_count, depth, elements;
    enum bark_code failed; /* the first failure; every later call repeats it */
    bool pending_end; /* an empty-element tag's END is owed */
    bool leaving; /* END was given: the next call leaves the element */
    bool seen_root;
    bool content; /* the input is the content of an element, not a document */
    bool instructions; /* a document of one's own: processing instructions are passed over. Set by hand after
                        * opening, and never where messages are read [R5]; such a reader has no plain forms */
    bool bare; /* an element in no namespace was met; for who captures fragments */
    bool secret; /* what is read now must not show in an error */
};

/* The reader's window, or NULL. */
static inline struct bark_xml_window *bark_xml_windowed(const struct bark_xml_reader *r)
{
    return BARK_HAS_WINDOW ? r->window : NULL;
}

/* The offset in the message of a byte that is still in memory. */
static inline size_t bark_xml_place(const struct bark_xml_reader *r, const uint8_t *at)
{
    return r->before + (size_t)(at - r->begin);
}

/* Takes the frames it needs from the arena. err is the caller's record and is filled on the first failure. A
 * UTF-8 byte order mark is skipped; an XML declaration is checked and must name UTF-8 or no encoding. */
BARK_MUST_CHECK enum bark_code bark_xml_open(struct bark_xml_reader *r, struct bark_slice in,
                                             const struct bark_limits *limits, struct bark_arena *arena,
                                             struct bark_error *err);

/* The same for text that is the content of some element: any run of text and elements, no declaration. */
BARK_MUST_CHECK enum bark_code bark_xml_open_content(struct bark_xml_reader *r, struct bark_slice in,
                                                     const struct bark_limits *limits,
                                                     struct bark_arena *arena, struct bark_error *err);

/* Bytes that opening a reader takes from the arena. */
size_t bark_xml_frames_bytes(const struct bark_limits *limits);

/* Resolve names against this image from now on; bindings in scope are resolved again. May be called between
 * events. */
void bark_xml_use_image(struct bark_xml_reader *r, const struct bark_image *image);

/* The next event. After EOF the document was complete and well-formed. An element is left at the call after
 * its END, so that r->depth, the path and the bindings are still its own while END is looked at. */
BARK_MUST_CHECK enum bark_code bark_xml_next(struct bark_xml_reader *r, struct bark_xml_event *ev);

/* Tells which element is likely next. A guess that comes true saves looking at the name byte by byte; one
 * that does not costs one compare. Holds for the next call of bark_xml_next() only; local must be an NCName.
 */
static inline void bark_xml_predict(struct bark_xml_reader *r, uint16_t ns, struct bark_slice local)
{
#ifdef BARK_COMPACT
    (void)r, (void)ns, (void)local; /* no name is guessed */
#else
    r->predicted_ns = ns;
    r->predicted = local;
#endif
}

/* The text of a TEXT event or an attribute with references, CDATA and line ends resolved [XML1 2.11, 3.3.3]:
 * a slice of the input when plain, else a copy in the arena. */
BARK_MUST_CHECK enum bark_code bark_xml_text(struct bark_xml_reader *r, const struct bark_xml_event *ev,
                                             struct bark_slice *text);
BARK_MUST_CHECK enum bark_code bark_xml_attribute_text(struct bark_xml_reader *r,
                                                       const struct bark_xml_attribute *attribute,
                                                       struct bark_slice *text);

/* The plain forms that nearly every message consists of, each in one step. Where exactly such a form does not
 * stand, nothing is taken and bark_xml_next() tells what does, and what is wrong with it. To be called in an
 * element only; what each takes is what bark_xml_next() would have taken.
 *
 * bark_xml_plain_tag    passes over white space before a start tag with a prefix that has been met, and tells
 *                       its namespace and where its local name begins.
 * bark_xml_plain_enter  enters that element when its tag is local and '>': START without attributes.
 * bark_xml_plain_enter_beside  both at once, when the prefix is the one of the innermost open element, and so
 *                       the namespace is too.
 * bark_xml_plain_text   TEXT, not empty and flat already, up to a tag.
 * bark_xml_plain_end    passes over white space before the end tag of the open element, and over it: END. */
struct bark_xml_plain {
    const uint8_t *tag, *local;
    uint32_t binding;
    uint16_t ns;
};
#ifdef BARK_COMPACT
static inline bool bark_xml_plain_enter_beside(struct bark_xml_reader *r, struct bark_slice local)
{
    (void)r, (void)local;
    return false; /* bark_xml_next() reads everything */
}
static inline bool bark_xml_plain_text(struct bark_xml_reader *r, struct bark_slice *text)
{
    (void)r, (void)text;
    return false;
}
static inline bool bark_xml_plain_end(struct bark_xml_reader *r, size_t *offset)
{
    (void)r, (void)offset;
    return false;
}
#else
bool bark_xml_plain_tag(struct bark_xml_reader *r, struct bark_xml_plain *plain);
bool bark_xml_plain_enter(struct bark_xml_reader *r, const struct bark_xml_plain *plain,
                          struct bark_slice local);
bool bark_xml_plain_enter_beside(struct bark_xml_reader *r, struct bark_slice local);
bool bark_xml_plain_text(struct bark_xml_reader *r, struct bark_slice *text);
bool bark_xml_plain_end(struct bark_xml_reader *r, size_t *offset);
#endif

/* The URI a prefix is bound to here; false when it is not bound. The empty prefix gives the default
 * namespace. */
bool bark_xml_lookup(const struct bark_xml_reader *r, struct bark_slice prefix, struct bark_slice *uri);

/* Numbers the innermost open element for paths: n gives /Name[n], 0 gives /Name. */
void bark_xml_number(struct bark_xml_reader *r, uint32_t n);

/* Writes the path of open elements behind what path holds, and the attribute's name when it is not empty;
 * when it is too long, the steps nearest to the end. NUL-terminated. */
void bark_xml_path(const struct bark_xml_reader *r, char *path, size_t size, struct bark_slice attribute);

/* Remembers the failure and puts offset, line, column and path into the caller's record; the rest of it is
 * for the caller, whose call it is only when this gives true: there is a record and no earlier error in it.
 */
bool bark_xml_fail_place(struct bark_xml_reader *r, enum bark_code code, size_t at);

/* Fails with the reader's position, line and column counted, and the path of open elements. */
enum bark_code bark_xml_fail(struct bark_xml_reader *r, enum bark_code code, size_t at, const char *rule);
#ifdef BARK_TERSE
#define bark_xml_fail(r, code, at, rule) bark_xml_fail(r, code, at, BARK_RULE(rule))
#endif

/* The same with the text that was found there; "***" stands for it while r->secret. */
enum bark_code bark_xml_fail_found(struct bark_xml_reader *r, enum bark_code code, size_t at,
                                   const char *rule, struct bark_slice found);
#ifdef BARK_TERSE
#define bark_xml_fail_found(r, code, at, rule, ...) \
    bark_xml_fail_found(r, code, at, BARK_RULE(rule), __VA_ARGS__)
#endif

#endif
