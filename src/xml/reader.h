/* xml/reader.h - pulls events out of an XML document, one at a time, without recursion.
 *
 * The reader checks everything that well-formedness and namespaces ask of a document without DTD [XML1,
 * XMLNS], holds every limit that a tag can break, and keeps the stack of open elements for the end-tag check.
 * It knows no schema, but resolves each name to a namespace row of the image it was last told of, so that the
 * engine compares two bytes instead of a URI.
 */
#ifndef BARK_XML_READER_H
#define BARK_XML_READER_H

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
    bool plain; /* raw needs neither references resolved nor white space normalised */
};

enum bark_xml_event_kind { BARK_XML_START, BARK_XML_END, BARK_XML_TEXT, BARK_XML_EOF };

/* TEXT comes whole up to the next tag: references, CDATA sections and comments inside it are part of raw
 * until bark_xml_text() flattens them. An empty-element tag gives START, then END. */
struct bark_xml_event {
    enum bark_xml_event_kind kind;
    size_t offset; /* of the '<' or of the first text byte */
    struct bark_xml_name name; /* START, END */
    const struct bark_xml_attribute *attributes; /* START; xmlns ones left out; valid until the next call */
    size_t attribute_count;
    struct bark_slice raw; /* TEXT */
    bool plain; /* TEXT: raw is the text itself */
    bool blank; /* TEXT: nothing but white space, comments aside */
};

struct bark_xml_binding; /* prefix -> URI, in scope */
struct bark_xml_open; /* an element whose end tag is still to come */

struct bark_xml_reader {
    const uint8_t *begin, *at, *end; /* invariant: begin <= at <= end */
    const struct bark_limits *limits;
    struct bark_arena *arena;
    const struct bark_image *image;
    struct bark_error *err;
    struct bark_xml_binding *bindings; /* limits->namespaces of them */
    struct bark_xml_open *open; /* limits->depth of them */
    struct bark_xml_attribute *attributes; /* limits->attributes of them */
    uint32_t binding_count, depth, elements;
    bool pending_end; /* an empty-element tag's END is owed */
    bool seen_root;
};

/* Takes the frames it needs from the arena. err is the caller's record and is filled on the first failure. A
 * UTF-8 byte order mark is skipped; an XML declaration is checked and must name UTF-8 or no encoding. */
BARK_MUST_CHECK enum bark_code bark_xml_open(struct bark_xml_reader *r, struct bark_slice in,
                                             const struct bark_limits *limits, struct bark_arena *arena,
                                             struct bark_error *err);

/* Resolve names against this image from now on; bindings in scope are resolved again. May be called between
 * events. */
void bark_xml_use_image(struct bark_xml_reader *r, const struct bark_image *image);

/* The next event. After EOF the document was complete and well-formed. */
BARK_MUST_CHECK enum bark_code bark_xml_next(struct bark_xml_reader *r, struct bark_xml_event *ev);

/* The text of a TEXT event or an attribute with references, CDATA and line ends resolved [XML1 2.11, 3.3.3]:
 * a slice of the input when plain, else a copy in the arena. */
BARK_MUST_CHECK enum bark_code bark_xml_text(struct bark_xml_reader *r, const struct bark_xml_event *ev,
                                             struct bark_slice *text);
BARK_MUST_CHECK enum bark_code bark_xml_attribute_text(struct bark_xml_reader *r,
                                                       const struct bark_xml_attribute *attribute,
                                                       struct bark_slice *text);

/* The URI a prefix is bound to here; false when it is not bound. The empty prefix gives the default
 * namespace. */
bool bark_xml_lookup(const struct bark_xml_reader *r, struct bark_slice prefix, struct bark_slice *uri);

/* Fails with the reader's position, line and column counted, and the path of open elements. */
enum bark_code bark_xml_fail(struct bark_xml_reader *r, enum bark_code code, size_t at, const char *rule);

#endif
