/* engine/encode_tag.c - start tags, end tags, and namespace declarations. [XMLNS]
 *
 * Every namespace of the image has a prefix of its own, and the root element declares those that its message
 * may use, so most tags declare nothing. Anything else (namespaces past the root's bit mask, of QName values,
 * of attributes that a wildcard let in) is declared on the very tag that needs it. Prefixes made up for that
 * start with more underscores than any prefix of the image, so that they hide none. There is never a default
 * namespace: a name without prefix is in no namespace.
 */
#include "engine/encode.h"

#include "base/scratch.h"
#include "xml/chars.h"

#include <string.h>

static const char xml_uri[] = "http://www.w3.org/XML/1998/namespace";
static const char xmlns_uri[] = "http://www.w3.org/2000/xmlns/";
static const char xsi_uri[] = "http://www.w3.org/2001/XMLSchema-instance";

static struct bark_slice text_slice(const char *text)
{
    const struct bark_slice s = { (const uint8_t *)text, strlen(text) };
    return s;
}

bool bark_encode_same(struct bark_slice a, struct bark_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

struct bark_slice bark_encode_uri(const struct bark_image *image, uint8_t ns)
{
    const struct bark_namespace_row *row = &image->namespaces[ns];
    const struct bark_slice s = { image->pool + row->uri, row->uri_len };
    return s;
}

static struct bark_slice row_prefix(const struct bark_image *image, uint8_t ns)
{
    const struct bark_namespace_row *row = &image->namespaces[ns];
    const struct bark_slice s = { image->pool + row->prefix, row->prefix_len };
    return s;
}

static const char prefix_rule[] = "[XMLNS 3] a namespace of the image has no prefix";

enum bark_code bark_encode_names_init(struct bark_encoder *e)
{
    uint32_t i;
    e->stem = 1;
    e->xsi_free = true;
    for (i = 1; i < e->image->namespace_count; i++) {
        const struct bark_slice prefix = row_prefix(e->image, (uint8_t)i);
        size_t run = 0;
        /* A namespace that only a wildcard lists has none: no row's name is in it. */
        if (prefix.len == 0 && bark_encode_on_root(e, (uint8_t)i))
            return bark_encode_fail(e, BARK_ERR_IMAGE, prefix_rule);
        while (run < prefix.len && prefix.ptr[run] == '_')
            run++;
        if (run >= e->stem)
            e->stem = run + 1;
        if (bark_encode_same(prefix, text_slice("xsi")))
            e->xsi_free = false;
    }
    return BARK_OK;
}

/* The row of a URI that has a prefix, or 0. */
static uint8_t row_find(const struct bark_image *image, struct bark_slice uri)
{
    uint32_t i;
    for (i = 1; i < image->namespace_count; i++)
        if (image->namespaces[i].prefix_len > 0 && bark_encode_same(bark_encode_uri(image, (uint8_t)i), uri))
            return (uint8_t)i;
    return 0;
}

static const struct bark_encode_local *local_find(const struct bark_encoder *e, struct bark_slice uri)
{
    const struct bark_encode_local *local = e->locals;
    while (local && !bark_encode_same(local->uri, uri))
        local = local->up;
    return local;
}

static void declaration_write(struct bark_encoder *e, struct bark_slice prefix, struct bark_slice uri)
{
    bark_out_text(e->out, " xmlns:");
    bark_out_put(e->out, prefix.ptr, prefix.len);
    bark_out_text(e->out, "=\"");
    bark_xml_escape(e->out, uri, BARK_XML_IN_ATTRIBUTE);
    bark_out_byte(e->out, '"');
}

/* Makes up the prefix with the number, on the scratch end of the arena; NULL when there is no room. */
static struct bark_slice prefix_make(struct bark_encoder *e, uint32_t number)
{
    const size_t size = e->stem + 10; /* digits of a uint32_t */
    uint8_t *text = bark_scratch_push(e->arena, size);
    struct bark_out out;
    if (!text)
        return (struct bark_slice){ NULL, 0 };
    memset(text, '_', e->stem);
    bark_out_init(&out, text, size);
    out.pos = e->stem;
    bark_out_u64(&out, number);
    return bark_out_bytes(&out);
}

static enum bark_code local_push(struct bark_encoder *e, struct bark_slice uri, uint8_t row)
{
    struct bark_encode_local *local;
    if (!e->locals)
        e->locals_mark = bark_scratch_mark(e->arena);
    if (e->local_count >= e->limits->namespaces)
        return bark_encode_fail(e, BARK_ERR_LIMIT,
                                "[R4] one tag needs more namespaces than limits.namespaces");
    local = bark_scratch_push(e->arena, sizeof *local);
    if (!local)
        return bark_encode_fail(e, BARK_ERR_MEMORY, "[R3] no room for a namespace declaration");
    local->up = e->locals;
    local->uri = uri;
    e->locals = local;
    e->local_count++;
    if (row > 0)
        local->prefix = row_prefix(e->image, row);
    else if (e->xsi_free && bark_encode_same(uri, text_slice(xsi_uri)))
        local->prefix = text_slice("xsi"); /* any prefix would do, but people look for this one */
    else
        local->prefix = prefix_make(e, e->local_count);
    if (!local->prefix.ptr)
        return bark_encode_fail(e, BARK_ERR_MEMORY, "[R3] no room for a namespace declaration");
    declaration_write(e, local->prefix, uri);
    return BARK_OK;
}

enum bark_code bark_encode_declare(struct bark_encoder *e, struct bark_slice uri)
{
    uint8_t row;
    if (uri.len == 0)
        return BARK_OK;
    row = row_find(e->image, uri);
    if (bark_encode_on_root(e, row) || local_find(e, uri) || bark_encode_same(uri, text_slice(xml_uri)))
        return BARK_OK;
    if (bark_encode_same(uri, text_slice(xmlns_uri)))
        return bark_encode_fail(e, BARK_ERR_NAMESPACE, "[XMLNS 3] nothing but xmlns is in that namespace");
    if (bark_xml_chars_span(uri) != uri.len)
        return bark_encode_fail(e, BARK_ERR_TYPE,
                                "[XML1 2.2] a namespace holds a character XML cannot carry");
    return local_push(e, uri, row);
}

struct bark_slice bark_encode_prefix(const struct bark_encoder *e, struct bark_slice uri)
{
    const struct bark_encode_local *local = local_find(e, uri);
    uint8_t row;
    if (local)
        return local->prefix;
    if (bark_encode_same(uri, text_slice(xml_uri)))
        return text_slice("xml"); /* [XMLNS 3] bound from the start */
    row = row_find(e->image, uri);
    return bark_encode_on_root(e, row) ? row_prefix(e->image, row) : (struct bark_slice){ NULL, 0 };
}

void bark_encode_name(struct bark_encoder *e, struct bark_slice uri, struct bark_slice local)
{
    if (uri.len > 0) {
        const struct bark_slice prefix = bark_encode_prefix(e, uri);
        bark_out_put(e->out, prefix.ptr, prefix.len);
        bark_out_byte(e->out, ':');
    }
    bark_out_put(e->out, local.ptr, local.len);
}

enum { STEP = 16, TAG_MARKS = 4 /* "</", ":" and ">" */ };

/* Copies in whole steps, which costs less than a call for names: up to a step more is read and written. */
static uint8_t *steps_copy(uint8_t *to, struct bark_slice from)
{
    size_t i;
    for (i = 0; i < from.len; i += STEP)
        memcpy(to + i, from.ptr + i, STEP);
    return to + from.len;
}

/* Whether a step more than the text is still in the pool. */
static bool step_fits(const struct bark_image *image, struct bark_slice text)
{
    return (size_t)(image->pool + image->pool_size - text.ptr) >= text.len + STEP;
}

/* Opening mark, name, and ">" when it is the end tag's. The names of tags need no search: their row is known.
 * The root's may go on behind its row's. */
static void tag_write(struct bark_encoder *e, uint8_t ns, uint16_t name, bool end)
{
    const struct bark_slice prefix = row_prefix(e->image, ns), local = bark_image_name(e->image, name);
    uint8_t *const window = bark_out_window(e->out, prefix.len + local.len + 2 * STEP + TAG_MARKS), *to;
    if (window && e->depth > 0 && step_fits(e->image, prefix) && step_fits(e->image, local)) {
        to = window;
        *to++ = '<';
        *to = '/';
        to = steps_copy(to + end, prefix);
        *to = ':';
        to = steps_copy(to + (ns > 0), local);
        *to = '>';
        bark_out_take(e->out, (size_t)(to + end - window));
        return;
    }
    bark_out_text(e->out, end ? "</" : "<");
    bark_out_put(e->out, prefix.ptr, prefix.len);
    if (ns > 0)
        bark_out_byte(e->out, ':');
    bark_out_put(e->out, local.ptr, local.len);
    if (e->depth == 0)
        bark_out_put(e->out, e->root.tail.ptr, e->root.tail.len);
    if (end)
        bark_out_byte(e->out, '>');
}

static void root_declare(struct bark_encoder *e)
{
    uint32_t i;
    for (i = 1; i < e->image->namespace_count && i < 64; i++) {
        const struct bark_slice uri = bark_encode_uri(e->image, (uint8_t)i);
        if (bark_encode_on_root(e, (uint8_t)i) && !bark_encode_same(uri, text_slice(xml_uri)))
            declaration_write(e, row_prefix(e->image, (uint8_t)i), uri);
    }
}

enum bark_code bark_encode_start(struct bark_encoder *e, uint8_t ns, uint16_t name)
{
    if (e->depth >= e->limits->depth)
        return bark_encode_fail(e, BARK_ERR_LIMIT, "[R4] elements are nested deeper than limits.depth");
    if (ns > 0 && e->image->namespaces[ns].prefix_len == 0)
        return bark_encode_fail(e, BARK_ERR_IMAGE, prefix_rule);
    bark_encode_content(e);
    bark_encode_locals_drop(e);
    tag_write(e, ns, name, false);
    e->tag_open = true;
    if (e->depth++ == 0)
        root_declare(e);
    return bark_encode_on_root(e, ns) ? BARK_OK : bark_encode_declare(e, bark_encode_uri(e->image, ns));
}

void bark_encode_end(struct bark_encoder *e, uint8_t ns, uint16_t name)
{
    bark_encode_locals_drop(e);
    e->depth--;
    if (e->tag_open) {
        bark_out_text(e->out, "/>");
        e->tag_open = false;
        return;
    }
    tag_write(e, ns, name, true);
}

/* The start of an attribute in the namespace of xsi, up to its value. */
static enum bark_code xsi_attribute_open(struct bark_encoder *e, const char *local)
{
    const enum bark_code code = bark_encode_declare(e, text_slice(xsi_uri));
    if (code != BARK_OK)
        return code;
    bark_out_byte(e->out, ' ');
    bark_encode_name(e, text_slice(xsi_uri), text_slice(local));
    bark_out_text(e->out, "=\"");
    return BARK_OK;
}

enum bark_code bark_encode_nil(struct bark_encoder *e)
{
    const enum bark_code code = xsi_attribute_open(e, "nil");
    bark_out_text(e->out, code == BARK_OK ? "true\"" : "");
    return code;
}

enum bark_code bark_encode_xsi_type(struct bark_encoder *e, struct bark_slice uri, struct bark_slice local)
{
    enum bark_code code = bark_encode_declare(e, uri); /* a declaration cannot stand inside the attribute */
    if (code == BARK_OK)
        code = xsi_attribute_open(e, "type");
    if (code != BARK_OK)
        return code;
    bark_encode_name(e, uri, local);
    bark_out_byte(e->out, '"');
    return BARK_OK;
}
