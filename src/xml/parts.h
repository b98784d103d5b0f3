/* xml/parts.h - what the parts of the reader share: its stacks, byte classes, and entrances to one another.
 *
 *   reader.c   documents: prolog, end tags, order of events     tag.c    start tags and their attributes
 *   text.c     character data, references, flattening           scope.c  namespaces
 *   declaration.c  the XML declaration                          fail.c   errors with place and path
 *   plain.c    all of these, where nothing special stands       scan.c   runs of plain characters
 *   window.c   a message that is read through a window
 *   instruction.c  processing instructions, where a document may have them
 */
#ifndef BARK_XML_PARTS_H
#define BARK_XML_PARTS_H

#include "base/slice.h"
#include "xml/reader.h"
#include "xml/window.h"

#include <string.h>

#define BARK_XML_COLD UINT32_MAX

struct bark_xml_binding {
    struct bark_slice prefix; /* empty: the default namespace */
    struct bark_slice
        uri; /* empty only for the default: "no namespace"; equal ones in scope share their bytes */
    struct bark_slice quoted; /* the URI as it stands in the input, with its quotes */
    uint16_t ns;
    bool used; /* a name in an element or attribute was resolved by it since the mark was last cleared */
};

struct bark_xml_open {
    const uint8_t *name; /* as in the start tag, prefix included */
    uint32_t len, prefix_len;
    uint32_t binding; /* of the name; BARK_XML_COLD: no namespace */
    uint32_t bindings; /* how many were in scope before its tag */
    uint32_t index; /* for paths, 0: unknown */
};

/* reader.c: leaves the element whose END was given. */
void bark_xml_leave(struct bark_xml_reader *r);

/* What a byte is allowed to be, in one table look-up. */
enum bark_xml_class {
    BARK_XML_NAME_BYTE = 1, /* ASCII NameChar without the colon */
    BARK_XML_START_BYTE = 2, /* ASCII NameStartChar without the colon */
    BARK_XML_SPACE_BYTE = 4,
    BARK_XML_TEXT_BYTE = 8, /* stands for itself in character data, whatever follows */
    BARK_XML_VALUE_BYTE = 16 /* stands for itself in an attribute value, and is no quote */
};

extern const uint8_t bark_xml_classes[256];

static inline bool bark_xml_byte_is(uint8_t byte, enum bark_xml_class wanted)
{
    return (bark_xml_classes[byte] & (unsigned)wanted) != 0;
}

static inline size_t bark_xml_left(const struct bark_xml_reader *r)
{
    return (size_t)(r->end - r->at);
}

static inline size_t bark_xml_offset(const struct bark_xml_reader *r)
{
    return bark_xml_place(r, r->at);
}

/* Skips white space; true when there was some. */
bool bark_xml_space_run(struct bark_xml_reader *r);
static inline bool bark_xml_skip_space(struct bark_xml_reader *r)
{
    return r->at < r->end && bark_xml_byte_is(*r->at, BARK_XML_SPACE_BYTE) && bark_xml_space_run(r);
}

/* True when the input goes on with this text. */
static inline bool bark_xml_at(const struct bark_xml_reader *r, const char *text)
{
    const size_t len = strlen(text);
    return len <= bark_xml_left(r) && memcmp(r->at, text, len) == 0;
}

/* True at a '<' that ends a text: one of a tag, or of something that is refused. */
static inline bool bark_xml_at_tag(const struct bark_xml_reader *r)
{
    if (*r->at != '<')
        return false;
    if (r->instructions && bark_xml_at(r, "<?"))
        return false;
    return bark_xml_left(r) < 2 || r->at[1] != '!' ||
           (!bark_xml_at(r, "<!--") && !bark_xml_at(r, "<![CDATA["));
}

/* fail.c: fails at r->at and shows the character there. */
enum bark_code bark_xml_fail_here(struct bark_xml_reader *r, enum bark_code code, const char *rule);
#ifdef BARK_TERSE
#define bark_xml_fail_here(r, code, rule) bark_xml_fail_here(r, code, BARK_RULE(rule))
#endif

/* fail.c: the byte at r->at is not allowed where it stands: bad UTF-8, no character of XML, or simply not
 * what the rule wants. */
enum bark_code bark_xml_fail_byte(struct bark_xml_reader *r, const char *rule);
#ifdef BARK_TERSE
#define bark_xml_fail_byte(r, rule) bark_xml_fail_byte(r, BARK_RULE(rule))
#endif

/* declaration.c: reads the XML declaration at r->at, which starts with "<?xml". */
enum bark_code bark_xml_declaration(struct bark_xml_reader *r);

/* instruction.c: skips the processing instruction at r->at, which starts with "<?". */
enum bark_code bark_xml_skip_instruction(struct bark_xml_reader *r);

/* tag.c: moves over one NCName that ends before stop. False at a byte that no name begins with, or that is
 * not UTF-8. */
bool bark_xml_ncname_skip(struct bark_xml_reader *r, const uint8_t *stop);

/* tag.c: reads the start tag at r->at, which is a '<'. */
enum bark_code bark_xml_start_tag(struct bark_xml_reader *r, struct bark_xml_event *ev);

/* text.c: reads character data up to the next tag; skips the comment at r->at; reads an attribute value up to
 * its closing quote, which is left for the caller. */
enum bark_code bark_xml_text_run(struct bark_xml_reader *r, struct bark_xml_event *ev);
enum bark_code bark_xml_skip_comment(struct bark_xml_reader *r);

/* text.c: holds limits.text_bytes. */
enum bark_code bark_xml_text_check(struct bark_xml_reader *r, size_t len);

/* text.c: the same from where a comment or CDATA section goes on. With a window, the section may still be
 * open when they return. */
enum bark_code bark_xml_comment_rest(struct bark_xml_reader *r);
enum bark_code bark_xml_cdata_rest(struct bark_xml_reader *r, struct bark_xml_event *ev);

/* text.c: takes one character beyond ASCII at r->at, and adds its bytes to *len. */
enum bark_code bark_xml_char_take(struct bark_xml_reader *r, size_t *len);

/* text.c: the reference at `at`, which is a '&': bytes taken and its code point, 0 when it is none; and a
 * code point as UTF-8, up to 4 bytes. */
size_t bark_xml_reference_take(const uint8_t *at, const uint8_t *end, uint32_t *point);
size_t bark_xml_utf8_put(uint32_t point, uint8_t *out);

enum bark_code bark_xml_value_run(struct bark_xml_reader *r, uint8_t quote,
                                  struct bark_xml_attribute *attribute);

/* text.c: writes the text that raw stands for, whose length the scan has counted. out may be raw itself: no
 * text is longer than what it stands for. */
enum bark_xml_flatten { BARK_XML_FLATTEN_TEXT, BARK_XML_FLATTEN_VALUE, BARK_XML_FLATTEN_CDATA };
void bark_xml_flatten(struct bark_slice raw, enum bark_xml_flatten how, uint8_t *out);

/* scope.c: declares a namespace: name is "xmlns" or "xmlns:prefix". */
enum bark_code bark_xml_bind(struct bark_xml_reader *r, const struct bark_xml_attribute *declaration);

/* scope.c: after a start tag was read: no prefix may be declared twice on it, counted from the binding
 * first. */
enum bark_code bark_xml_bindings_unique(struct bark_xml_reader *r, uint32_t first);

/* scope.c: fills in uri and ns of a name; the binding's index, or BARK_XML_COLD for no namespace. */
enum bark_code bark_xml_resolve_element(struct bark_xml_reader *r, struct bark_xml_name *name,
                                        uint32_t *binding);
enum bark_code bark_xml_resolve_attribute(struct bark_xml_reader *r, struct bark_xml_name *name);

/* scope.c: the innermost binding of a prefix, or BARK_XML_COLD. */
uint32_t bark_xml_binding_find(const struct bark_xml_reader *r, struct bark_slice prefix);

/* scope.c: forgets the bindings of an element that is left. */
void bark_xml_unbind(struct bark_xml_reader *r, uint32_t count);

/* scope.c: the name of an open element with what its binding says. */
struct bark_xml_name bark_xml_open_name(const struct bark_xml_reader *r, const struct bark_xml_open *open);

/* scope.c: the bindings that the reader starts with: just xml. */
void bark_xml_scope_init(struct bark_xml_reader *r);

/* order.c: sorts count numbers in place by the caller's order, without recursion, in n log n compares. */
void bark_xml_sort(uint32_t *order, uint32_t count, const void *context,
                   int (*compare)(const void *context, uint32_t a, uint32_t b));

#endif
