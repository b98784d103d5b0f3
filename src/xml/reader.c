/* xml/reader.c - the order of a document: declaration, prolog, elements, end.
 *
 * One call of bark_xml_next() moves over one tag or one run of text. The only state between calls is the
 * position and two stacks of fixed size: open elements and bindings in scope. So depth costs what the limits
 * say and nothing grows with the length of the input [R3, R4, R6].
 *
 * DOCTYPE is refused at its first bytes, and there is no code that could read on [R5]. So are processing
 * instructions, unless the caller says that the input is a document of one's own and no message: Devil's Ivy
 * lived in the code that skipped them (docs/decisions/0010).
 */
#include "base/report.h"
#include "base/scratch.h"
#include "xml/parts.h"

#include <assert.h>

enum { END_NAME_SHOWN = 40 };

static const char end_name_rule[] = "[XML1 3] an end tag has the name of its start tag";

#define N BARK_XML_NAME_BYTE
#define S BARK_XML_START_BYTE
#define B BARK_XML_SPACE_BYTE
#define T BARK_XML_TEXT_BYTE
#define V BARK_XML_VALUE_BYTE
#define LETTER (N | S | T | V)
#define LETTERS LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER, LETTER
#define DIGIT (N | T | V)
#define SIGN (T | V)

const uint8_t bark_xml_classes[256] = {
    ['\t'] = B | T,
    ['\n'] = B | T,
    ['\r'] = B, /* stands for a line feed [XML1 2.11] */
    [' '] = B | T | V,
    ['!'] = SIGN,
    ['"'] = T,
    ['#'] = SIGN,
    SIGN,
    SIGN, /* # $ % */
    ['\''] = T,
    ['('] = SIGN,
    SIGN,
    SIGN,
    SIGN,
    SIGN, /* ( ) * + , */
    ['-'] = DIGIT,
    DIGIT, /* - . */
    ['/'] = SIGN,
    ['0'] = DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    DIGIT,
    [':'] = SIGN,
    SIGN, /* : ; */
    ['='] = SIGN,
    SIGN,
    SIGN,
    SIGN, /* = > ? @ */
    ['A'] = LETTERS,
    LETTERS,
    LETTER,
    LETTER,
    ['['] = SIGN,
    SIGN, /* [ \ */
    [']'] = V, /* may begin the forbidden "]]>" */
    ['^'] = SIGN,
    ['_'] = LETTER,
    ['`'] = SIGN,
    ['a'] = LETTERS,
    LETTERS,
    LETTER,
    LETTER,
    ['{'] = SIGN,
    SIGN,
    SIGN,
    SIGN, /* { | } ~ */
    [0x7f] = SIGN,
};

bool bark_xml_space_run(struct bark_xml_reader *r)
{
    const uint8_t *from = r->at;
    while (r->at < r->end && bark_xml_byte_is(*r->at, BARK_XML_SPACE_BYTE))
        r->at++;
    return r->at > from;
}

size_t bark_xml_frames_bytes(const struct bark_limits *l)
{
    const size_t order = l->attributes > l->namespaces ? l->attributes : l->namespaces;
    return l->depth * sizeof(struct bark_xml_open) +
           ((size_t)l->namespaces + 1) * sizeof(struct bark_xml_binding) +
           l->attributes * sizeof(struct bark_xml_attribute) + order * sizeof(uint32_t);
}

/* Every entry is written as a whole when it is pushed, so none of this needs zeroes first. */
static enum bark_code frames_take(struct bark_xml_reader *r)
{
    const struct bark_limits *l = r->limits;
    const uint32_t order = l->attributes > l->namespaces ? l->attributes : l->namespaces;
    r->open = bark_arena_room(r->arena, l->depth, sizeof *r->open);
    r->bindings = bark_arena_room(r->arena, (size_t)l->namespaces + 1, sizeof *r->bindings);
    r->attributes = bark_arena_room(r->arena, l->attributes, sizeof *r->attributes);
    r->order = bark_arena_room(r->arena, order, sizeof *r->order);
    if (!r->open || !r->bindings || !r->attributes || !r->order)
        return bark_xml_fail(r, BARK_ERR_MEMORY, 0,
                             "[R3] the memory budget does not hold the reader's frames");
    bark_xml_scope_init(r);
    return BARK_OK;
}

static enum bark_code reader_init(struct bark_xml_reader *r, struct bark_slice in,
                                  const struct bark_limits *limits, struct bark_arena *arena,
                                  struct bark_error *err)
{
    static const uint8_t nothing[1];
    const uint8_t *begin = in.len ? in.ptr : nothing;
    *r = (struct bark_xml_reader){
        .begin = begin, .at = begin, .end = begin + in.len, .limits = limits, .arena = arena, .err = err
    };
    r->hot = BARK_XML_COLD;
    if (bark_limits_check(limits, err) != BARK_OK)
        return r->failed = BARK_ERR_USE;
    return frames_take(r);
}

/* Byte order mark and declaration. */
static enum bark_code document_begin(struct bark_xml_reader *r)
{
    /* [XML1 4.3.3, F.1] A mark of another encoding than UTF-8 is no text for us [row 28]. */
    if (bark_xml_at(r, "\xfe\xff") || bark_xml_at(r, "\xff\xfe"))
        return bark_xml_fail(r, BARK_ERR_UTF8, 0, "[XML1 4.3.3] only UTF-8 is read, this is UTF-16");
    if (bark_xml_at(r, "\xef\xbb\xbf"))
        r->at += 3;
    if (bark_xml_at(r, "<?xml") && bark_xml_left(r) > 5 && bark_xml_byte_is(r->at[5], BARK_XML_SPACE_BYTE))
        return bark_xml_declaration(r);
    return BARK_OK;
}

enum bark_code bark_xml_open(struct bark_xml_reader *r, struct bark_slice in,
                             const struct bark_limits *limits, struct bark_arena *arena,
                             struct bark_error *err)
{
    const enum bark_code code = reader_init(r, in, limits, arena, err);
    return code == BARK_OK ? document_begin(r) : code;
}

enum bark_code bark_xml_open_window(struct bark_xml_reader *r, struct bark_xml_window *w,
                                    const struct bark_limits *limits, struct bark_arena *arena,
                                    struct bark_error *err)
{
    const struct bark_slice nothing = { w->memory, 0 };
    enum bark_code code;
    *w = (struct bark_xml_window){ .memory = w->memory, .size = w->size, .lines = { .line = 1 } };
    code = reader_init(r, nothing, limits, arena, err);
    if (code != BARK_OK)
        return code;
    r->begin = r->at = r->end = w->memory;
    r->window = w;
    w->names = bark_arena_alloc(arena, limits->depth, sizeof *w->names);
    w->bindings = bark_arena_alloc(arena, (size_t)limits->namespaces + 1, sizeof *w->bindings);
    if (!w->names || !w->bindings)
        return bark_xml_fail(r, BARK_ERR_MEMORY, 0,
                             "[R3] the memory budget does not hold the reader's frames");
    return BARK_OK;
}

enum bark_code bark_xml_open_content(struct bark_xml_reader *r, struct bark_slice in,
                                     const struct bark_limits *limits, struct bark_arena *arena,
                                     struct bark_error *err)
{
    const enum bark_code code = reader_init(r, in, limits, arena, err);
    if (code != BARK_OK)
        return code;
    /* The element around the content has no name and is never left. */
    r->open[0] = (struct bark_xml_open){ .name = r->begin, .binding = BARK_XML_COLD, .bindings = 1 };
    r->depth = 1;
    r->content = true;
    return BARK_OK;
}

void bark_xml_leave(struct bark_xml_reader *r)
{
    assert(r->depth > 0);
    r->depth--;
    bark_xml_unbind(r, r->open[r->depth].bindings);
    r->leaving = false;
}

static enum bark_code end_give(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    ev->kind = BARK_XML_END;
    ev->name = bark_xml_open_name(r, &r->open[r->depth - 1]);
    r->pending_end = false;
    r->leaving = true;
    return BARK_OK;
}

/* An end tag with another name than the element that is open; shows both. */
static enum bark_code end_tag_refuse(struct bark_xml_reader *r, struct bark_slice wanted)
{
    struct bark_slice found = { r->at, 0 };
    while (found.len < bark_xml_left(r) && found.len < END_NAME_SHOWN &&
           !bark_xml_byte_is(r->at[found.len], BARK_XML_SPACE_BYTE) && r->at[found.len] != '>' &&
           r->at[found.len] != '<')
        found.len++;
    if (found.len == 0)
        bark_xml_fail_here(r, BARK_ERR_XML, end_name_rule);
    else
        bark_xml_fail_found(r, BARK_ERR_XML, bark_xml_offset(r), end_name_rule, found);
    if (BARK_HAS_REPORT && r->err) {
        bark_report_say(r->err->expected, sizeof r->err->expected, "</");
        bark_report_add(r->err->expected, sizeof r->err->expected, wanted);
        bark_report_say(r->err->expected, sizeof r->err->expected, ">");
    }
    return r->failed;
}

/* [XML1 3 WFC: Element Type Match] The name in the end tag is the one in the start tag, byte for byte, and
 * therefore needs no look at its characters. */
static enum bark_code end_tag(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    const struct bark_xml_open *open = &r->open[r->depth - 1];
    const struct bark_slice name = { open->name, open->len };
    const uint8_t *from = r->at;
    r->at += 2;
    if (name.len > bark_xml_left(r) || memcmp(r->at, name.ptr, name.len) != 0)
        return end_tag_refuse(r, name);
    r->at += name.len;
    bark_xml_skip_space(r);
    if (r->at == r->end || *r->at != '>')
        return bark_xml_fail_byte(r, "[XML1 3.1] an end tag ends with its name and '>'");
    r->at++;
    ev->offset = bark_xml_place(r, from);
    return end_give(r, ev);
}

/* What starts with "<!" or "<?" where only tags may stand. Nothing of it is read [R5]. */
static enum bark_code markup_refuse(struct bark_xml_reader *r)
{
    if (bark_xml_at(r, "<!DOCTYPE"))
        return bark_xml_fail_here(r, BARK_ERR_XML, "[R5] [SOAP11 3] [SOAP12-1 5] a DOCTYPE is refused");
    if (bark_xml_at(r, "<?"))
        return bark_xml_fail_here(r, BARK_ERR_XML,
                                  "[R5] [SOAP11 3] [SOAP12-1 5] a processing instruction is refused");
    r->at += 2;
    return bark_xml_fail_byte(r, "[XML1 2.4] '<!' opens a comment or, in an element, a CDATA section");
}

/* What starts with '<' and is neither comment nor CDATA section. */
static enum bark_code markup(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    const uint8_t next = bark_xml_left(r) > 1 ? r->at[1] : 0;
    if (bark_xml_windowed(r) && bark_xml_window_tag(r))
        return BARK_MORE;
    ev->offset = bark_xml_offset(r);
    if (next == '/') {
        if (r->depth > (r->content ? 1U : 0U))
            return end_tag(r, ev);
        return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.1] an end tag without a start tag");
    }
    if (next == '!' || next == '?')
        return markup_refuse(r);
    if (r->depth == 0 && r->seen_root)
        return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.1] a document has one root element");
    return bark_xml_start_tag(r, ev);
}

/* Before and after the root element [XML1 2.8]: white space, comments, and instructions where they may be. */
static enum bark_code outside(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    for (;;) {
        enum bark_code code;
        if (bark_xml_windowed(r) && bark_xml_windowed(r)->section == BARK_SECTION_COMMENT) {
            if (bark_xml_comment_rest(r) != BARK_OK)
                return r->failed;
            if (bark_xml_windowed(r)->section == BARK_SECTION_COMMENT)
                return BARK_MORE;
        }
        bark_xml_skip_space(r);
        if (bark_xml_windowed(r) && bark_xml_window_short(r))
            return BARK_MORE;
        if (bark_xml_at(r, "<!--"))
            code = bark_xml_skip_comment(r);
        else if (r->instructions && bark_xml_at(r, "<?"))
            code = bark_xml_skip_instruction(r);
        else
            break;
        if (code != BARK_OK)
            return code;
    }
    if (r->at < r->end) {
        if (*r->at == '<')
            return markup(r, ev);
        return bark_xml_fail_byte(r,
                                  "[XML1 2.8] only comments and white space stand outside the root element");
    }
    if (!r->seen_root)
        return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.1] a document has a root element");
    ev->kind = BARK_XML_EOF;
    ev->offset = bark_xml_offset(r);
    return BARK_OK;
}

/* Inside an element. */
static enum bark_code inside(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    if (bark_xml_windowed(r)) {
        bool tag;
        const enum bark_code code = bark_xml_window_inside(r, ev, &tag);
        if (!tag)
            return code;
    }
    if (r->at == r->end) {
        if (!r->content || r->depth > 1)
            return bark_xml_fail_here(r, BARK_ERR_XML, "[XML1 2.1] every element has an end tag");
        ev->kind = BARK_XML_EOF;
        ev->offset = bark_xml_offset(r);
        return BARK_OK;
    }
    if (bark_xml_at_tag(r))
        return markup(r, ev);
    ev->kind = BARK_XML_TEXT;
    ev->offset = bark_xml_offset(r);
    ev->plain = true;
    ev->blank = true;
    return bark_xml_text_run(r, ev);
}

enum bark_code bark_xml_next(struct bark_xml_reader *r, struct bark_xml_event *ev)
{
    enum bark_code code;
    *ev = (struct bark_xml_event){ .kind = BARK_XML_EOF };
    if (r->failed != BARK_OK)
        return r->failed;
    if (r->leaving)
        bark_xml_leave(r);
    if (r->pending_end) {
        ev->offset = bark_xml_offset(r);
        return end_give(r, ev);
    }
    if (bark_xml_windowed(r) && !bark_xml_windowed(r)->opened) {
        if (bark_xml_window_opens(r))
            return BARK_MORE;
        bark_xml_windowed(r)->opened = true;
        if (document_begin(r) != BARK_OK)
            return r->failed;
    }
    code = r->depth == 0 ? outside(r, ev) : inside(r, ev);
    r->predicted.len = 0;
    return code;
}

void bark_xml_number(struct bark_xml_reader *r, uint32_t n)
{
    assert(r->depth > 0);
    r->open[r->depth - 1].index = n;
}
