/* engine/capture.c - elements kept as text, and text checked before it is written.
 *
 * A captured element is the bytes of the message, copied once, with the namespace declarations put into its
 * start tag that it takes from outside. They are found while the element is skipped: the reader marks each
 * binding that a name of an element or attribute needed. A prefix may also stand in a value (QNames, topic
 * expressions), which no mark can tell, so every "prefix:" in the bytes counts as a use. [XMLNS 6]
 *
 * What is copied was checked by the reader, so that it can be written anywhere without another look.
 */
#include "engine/capture.h"

#include "base/scratch.h"
#include "xml/parts.h"

#include <assert.h>

static const char memory_rule[] = "[R3] the memory budget does not hold this element's text";

/* A declaration to put in at a place of the text. */
struct inject {
    size_t at;
    uint32_t binding; /* BARK_XML_COLD: xmlns="" */
};

/* What was captured up to and without the byte at this offset of the message. */
static struct bark_slice raw_upto(const struct bark_xml_reader *r, const struct bark_capture *c, size_t end)
{
    if (bark_xml_windowed(r))
        return (struct bark_slice){ bark_xml_collected(r).ptr, end - c->from };
    return (struct bark_slice){ r->begin + c->from, end - c->from };
}

static void child_begin(struct bark_xml_reader *r, struct bark_capture *c, const struct bark_xml_event *start)
{
    const struct bark_xml_open *open = &r->open[r->depth - 1];
    size_t i;
    c->child = start->offset - c->from;
    c->name_end = bark_xml_place(r, start->name.local.ptr + start->name.local.len) - c->from;
    c->child_depth = r->depth;
    c->outer = open->bindings;
    for (i = 0; i < c->outer; i++)
        r->bindings[i].used = false;
    r->bare = open->binding == BARK_XML_COLD;
    if (!r->bare)
        r->bindings[open->binding].used = true;
    for (i = 0; i < start->attribute_count; i++) {
        const struct bark_slice prefix = start->attributes[i].name.prefix;
        if (prefix.len)
            r->bindings[bark_xml_binding_find(r, prefix)].used = true;
    }
}

/* The name that ends before the colon at `at`; empty when there is none. Each colon ends the name of the next
 * one, so that the bytes of a text are looked at once [R7]. */
static struct bark_slice name_before(struct bark_slice raw, const uint8_t *at)
{
    const uint8_t *from = at;
    while (from > raw.ptr && (from[-1] >= 0x80 || bark_xml_byte_is(from[-1], BARK_XML_NAME_BYTE)))
        from--;
    return (struct bark_slice){ from, (size_t)(at - from) };
}

/* Marks the bindings whose prefix stands before a colon anywhere in the element. */
static void mark_prefixes(struct bark_xml_reader *r, const struct bark_capture *c, struct bark_slice raw)
{
    const uint8_t *at = raw.ptr, *const end = raw.ptr + raw.len;
    while ((at = memchr(at, ':', (size_t)(end - at))) != NULL) {
        const struct bark_slice name = name_before(raw, at);
        uint32_t i;
        for (i = 1; i < c->outer && name.len > 0; i++)
            if (!r->bindings[i].used && r->bindings[i].prefix.len == name.len &&
                r->bindings[i].prefix.ptr[0] == name.ptr[0] && bark_slice_equal(r->bindings[i].prefix, name))
                r->bindings[i].used = true;
        at++;
    }
}

static enum bark_code inject_push(struct bark_xml_reader *r, const struct bark_capture *c, uint32_t binding)
{
    struct inject *inject = bark_scratch_push(r->arena, sizeof *inject);
    if (!inject || (bark_xml_windowed(r) && !bark_xml_collect_fits(r)))
        return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_offset(r), memory_rule);
    *inject = (struct inject){ c->name_end, binding };
    return BARK_OK;
}

/* At the END of an element in it: pushes what that needs from outside. */
static enum bark_code child_end(struct bark_xml_reader *r, struct bark_capture *c)
{
    struct bark_slice raw = raw_upto(r, c, bark_xml_offset(r));
    uint32_t i;
    c->child_depth = 0;
    raw.ptr += c->child;
    raw.len -= c->child;
    mark_prefixes(r, c, raw);
    for (i = 1; i < c->outer; i++) /* 0 is xml, which nobody declares */
        if (r->bindings[i].used && bark_xml_binding_find(r, r->bindings[i].prefix) == i &&
            inject_push(r, c, i) != BARK_OK)
            return r->failed;
    if (r->bare && bark_xml_binding_find(r, (struct bark_slice){ 0 }) == BARK_XML_COLD)
        return inject_push(r, c, BARK_XML_COLD);
    return BARK_OK;
}

static void inject_write(const struct bark_xml_reader *r, uint32_t binding, struct bark_out *out)
{
    const struct bark_xml_binding *b;
    if (binding == BARK_XML_COLD) {
        bark_out_text(out, " xmlns=\"\"");
        return;
    }
    b = &r->bindings[binding];
    bark_out_text(out, b->prefix.len ? " xmlns:" : " xmlns");
    bark_out_put(out, b->prefix.ptr, b->prefix.len);
    bark_out_byte(out, '=');
    bark_out_put(out, b->quoted.ptr, b->quoted.len);
}

static size_t inject_len(const struct bark_xml_reader *r, uint32_t binding)
{
    const struct bark_xml_binding *b = &r->bindings[binding];
    if (binding == BARK_XML_COLD)
        return sizeof " xmlns=\"\"" - 1;
    return (b->prefix.len ? sizeof " xmlns:" : sizeof " xmlns") - 1 + b->prefix.len + 1 + b->quoted.len;
}

/* Copies raw with all that was pushed since the mark, and pops it. Scratch grows downwards: the first inject
 * has the highest address. The last piece is copied first, so that raw may lie where the copy begins. */
static enum bark_code text_build(struct bark_xml_reader *r, const struct bark_capture *c,
                                 struct bark_slice raw, struct bark_text *text)
{
    const struct inject *const newest =
        (const struct inject *)(const void *)(r->arena->base + (r->arena->cap - r->arena->scratch));
    const size_t count = (bark_scratch_mark(r->arena) - c->mark) / sizeof *newest;
    size_t i, left = raw.len, len = raw.len, to;
    uint8_t *copy;
    for (i = 0; i < count; i++)
        if (__builtin_add_overflow(len, inject_len(r, newest[i].binding), &len))
            return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_offset(r), memory_rule);
    if (bark_xml_windowed(r))
        bark_xml_collect_end(r);
    copy = len < SIZE_MAX ? bark_arena_room(r->arena, len + 1, 1) : NULL;
    if (!copy)
        return bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_windowed(r) ? bark_xml_offset(r) : c->from,
                             memory_rule);
    copy[len] = '\0';
    for (i = 0, to = len; i < count; i++) {
        const size_t piece = left - newest[i].at, injected = inject_len(r, newest[i].binding);
        struct bark_out out;
        to -= piece;
        left -= piece;
        memmove(copy + to, raw.ptr + left, piece);
        to -= injected;
        bark_out_init(&out, copy + to, injected);
        inject_write(r, newest[i].binding, &out);
        assert(bark_out_ok(&out));
        assert(out.pos == injected);
    }
    assert(to == left);
    memmove(copy, raw.ptr, left);
    bark_scratch_pop(r->arena, c->mark);
    *text = (struct bark_text){ (const char *)copy, len };
    return BARK_OK;
}

enum bark_code bark_skip_element(struct bark_xml_reader *r)
{
    const uint32_t depth = r->depth;
    struct bark_xml_event ev;
    do {
        if (bark_xml_next(r, &ev) != BARK_OK)
            return r->failed;
    } while (ev.kind != BARK_XML_END || r->depth != depth);
    return BARK_OK;
}

/* Through a window, what is captured is kept as it passes by. */
static enum bark_code keep(struct bark_xml_reader *r, const uint8_t *from)
{
    return bark_xml_collect(r, from, (size_t)(r->at - from))
               ? BARK_OK
               : bark_xml_fail(r, BARK_ERR_MEMORY, bark_xml_offset(r), memory_rule);
}

enum bark_code bark_capture_begin(struct bark_xml_reader *r, const struct bark_xml_event *start,
                                  struct bark_capture *c)
{
    *c = (struct bark_capture){ .from = start ? start->offset : bark_xml_offset(r),
                                .mark = bark_scratch_mark(r->arena),
                                .depth = r->depth,
                                .content = !start };
    if (start)
        child_begin(r, c, start);
    if (!bark_xml_windowed(r))
        return BARK_OK;
    bark_xml_collect_begin(r);
    return start ? keep(r, r->begin + (start->offset - r->before)) : BARK_OK;
}

enum bark_code bark_capture_next(struct bark_xml_reader *r, struct bark_capture *c, struct bark_text *text,
                                 bool *done)
{
    const uint8_t *const from = r->at;
    struct bark_xml_event ev;
    enum bark_code code = bark_xml_next(r, &ev);
    *done = false;
    if (code == BARK_OK && bark_xml_windowed(r))
        code = keep(r, from);
    if (code != BARK_OK)
        return code;
    if (ev.kind == BARK_XML_START && c->child_depth == 0)
        child_begin(r, c, &ev);
    if (ev.kind != BARK_XML_END)
        return BARK_OK;
    if (r->depth == c->child_depth && child_end(r, c) != BARK_OK)
        return r->failed;
    if (r->depth != c->depth)
        return BARK_OK;
    *done = true;
    return text_build(r, c, raw_upto(r, c, c->content ? ev.offset : bark_xml_offset(r)), text);
}

static enum bark_code capture_all(struct bark_xml_reader *r, const struct bark_xml_event *start,
                                  struct bark_text *text)
{
    struct bark_capture c;
    bool done = false;
    enum bark_code code = bark_capture_begin(r, start, &c);
    *text = (struct bark_text){ 0 };
    while (code == BARK_OK && !done)
        code = bark_capture_next(r, &c, text, &done);
    return code;
}

enum bark_code bark_capture_element(struct bark_xml_reader *r, const struct bark_xml_event *start,
                                    struct bark_any *any)
{
    *any = (struct bark_any){ 0 };
    return capture_all(r, start, &any->xml);
}

enum bark_code bark_capture_content(struct bark_xml_reader *r, struct bark_text *text)
{
    return capture_all(r, NULL, text);
}

/* Reads xml as content and counts its elements and its texts that are not blank. */
static enum bark_code content_check(struct bark_xml_reader *r, size_t *elements, size_t *texts)
{
    struct bark_xml_event ev;
    *elements = *texts = 0;
    for (;;) {
        if (bark_xml_next(r, &ev) != BARK_OK)
            return r->failed;
        if (ev.kind == BARK_XML_EOF)
            return BARK_OK;
        *elements += ev.kind == BARK_XML_START;
        *texts += ev.kind == BARK_XML_TEXT;
        if (ev.kind == BARK_XML_START && bark_skip_element(r) != BARK_OK)
            return r->failed;
    }
}

static enum bark_code checked_write(struct bark_out *out, struct bark_slice xml, bool one_element,
                                    const struct bark_limits *limits, struct bark_arena *arena,
                                    struct bark_error *err)
{
    const size_t used = arena->used;
    struct bark_xml_reader r;
    size_t elements, texts;
    enum bark_code code = bark_xml_open_content(&r, xml, limits, arena, err);
    if (code == BARK_OK)
        code = content_check(&r, &elements, &texts);
    if (code == BARK_OK && one_element && (elements != 1 || texts != 0))
        code = bark_xml_fail(&r, BARK_ERR_XML, 0, "[XML1 2.1] a fragment is one element and nothing else");
    arena->used = used;
    if (code != BARK_OK)
        return code;
    bark_out_put(out, xml.ptr, xml.len);
    if (!bark_out_ok(out))
        return bark_fail(err, BARK_ERR_LIMIT, 0, "[R4] the output has no room for this fragment");
    return BARK_OK;
}

enum bark_code bark_write_fragment(struct bark_out *out, struct bark_slice xml,
                                   const struct bark_limits *limits, struct bark_arena *arena,
                                   struct bark_error *err)
{
    return checked_write(out, xml, true, limits, arena, err);
}

enum bark_code bark_write_content(struct bark_out *out, struct bark_slice xml,
                                  const struct bark_limits *limits, struct bark_arena *arena,
                                  struct bark_error *err)
{
    return checked_write(out, xml, false, limits, arena, err);
}
