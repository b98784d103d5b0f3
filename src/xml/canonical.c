/* xml/canonical.c - canonical XML: which declarations and attributes a tag shows, and in which order.
 *
 * The document is read once. Of what was written already only one thing matters later: which prefix stands
 * for which namespace in the output. That is a stack, `rendered`, cut back at each end tag. A tag offers
 * prefixes: by the inclusive methods those that it declares, by the exclusive one those that its names use
 * and those of the PrefixList that it declares; the element that a part begins with offers all that it has
 * from outside too. An offer is written when the innermost entry of its prefix says something else
 * [C14N10 2.3] [EXCC14N 3].
 *
 * Each entry stands for a declaration in scope, so limits.namespaces bounds the stack.
 */
#include "soapbark/canonical.h"

#include "base/scratch.h"
#include "xml/canonical.h"
#include "xml/parts.h"
#include "xml/writer.h"

#include <assert.h>

struct rendered {
    struct bark_slice prefix, uri, raw; /* raw: the URI as it stands in its declaration; empty: xmlns="" */
};

struct canonical {
    const struct bark_canonical *what;
    struct bark_xml_reader r;
    struct bark_out *out;
    struct rendered *rendered; /* limits->namespaces + 2 of them */
    uint32_t rendered_count, rendered_max;
    uint32_t *from; /* for each open element: rendered_count before it; limits->depth of them */
    struct bark_xml_attribute *attributes; /* of the tag that is written; attributes_max */
    uint32_t *order; /* for attributes and for declarations */
    struct bark_xml_attribute *outer; /* xml: attributes of what is open around the part; attributes_max */
    uint32_t *outer_depth; /* how deep the element of each is */
    uint32_t outer_count, attributes_max;
};

static bool is_exclusive(const struct canonical *c)
{
    return c->what->method == BARK_CANONICAL_EXCLUSIVE;
}

static enum bark_code frames_take(struct canonical *c, const struct bark_limits *l)
{
    const uint32_t declared = l->namespaces < UINT32_MAX - 2 ? l->namespaces + 2 : UINT32_MAX;
    c->rendered_max = declared;
    c->attributes_max = l->attributes < UINT32_MAX / 2 ? l->attributes * 2 : UINT32_MAX;
    c->rendered = bark_arena_room(c->r.arena, declared, sizeof *c->rendered);
    c->from = bark_arena_room(c->r.arena, l->depth, sizeof *c->from);
    c->attributes = bark_arena_room(c->r.arena, c->attributes_max, sizeof *c->attributes);
    c->outer = bark_arena_room(c->r.arena, c->attributes_max, sizeof *c->outer);
    c->outer_depth = bark_arena_room(c->r.arena, c->attributes_max, sizeof *c->outer_depth);
    c->order = bark_arena_room(c->r.arena, c->attributes_max > declared ? c->attributes_max : declared,
                               sizeof *c->order);
    if (!c->rendered || !c->from || !c->attributes || !c->outer || !c->outer_depth || !c->order)
        return bark_xml_fail(&c->r, BARK_ERR_MEMORY, 0, "[R3] the memory budget does not hold the frames");
    return BARK_OK;
}

/* ---- declarations ---- */

static bool prefix_is_listed(const struct canonical *c, struct bark_slice prefix)
{
    size_t i;
    for (i = 0; i < c->what->prefix_count; i++)
        if (bark_slice_equal(c->what->prefixes[i], prefix))
            return true;
    return false;
}

/* Writes it down that the tag shows this prefix, unless what is around it says the same already. */
static enum bark_code offer(struct canonical *c, struct bark_slice prefix, uint32_t binding)
{
    static const uint8_t nothing[1];
    struct rendered fresh = { .prefix = prefix, .raw = { nothing, 0 } };
    uint32_t i = c->rendered_count;
    if (bark_slice_equal(prefix, c->r.bindings[0].prefix)) /* [C14N10 2.3] xml is never declared */
        return BARK_OK;
    if (binding != BARK_XML_COLD) {
        const struct bark_slice quoted = c->r.bindings[binding].quoted;
        fresh.uri = c->r.bindings[binding].uri;
        fresh.raw = (struct bark_slice){ quoted.ptr + 1, quoted.len - 2 };
    }
    while (i > 0 && !bark_slice_equal(c->rendered[i - 1].prefix, prefix))
        i--;
    if (i > 0 ? bark_slice_equal(c->rendered[i - 1].uri, fresh.uri) : fresh.uri.len == 0)
        return BARK_OK;
    if (c->rendered_count == c->rendered_max)
        return bark_xml_fail(&c->r, BARK_ERR_LIMIT, bark_xml_offset(&c->r),
                             "[R4] limits.namespaces: too many namespace declarations in scope");
    c->rendered[c->rendered_count++] = fresh;
    return BARK_OK;
}

/* The prefixes that a name of the tag uses [EXCC14N 3]. */
static enum bark_code used_offer(struct canonical *c, const struct bark_xml_event *ev)
{
    size_t i;
    if (offer(c, ev->name.prefix, bark_xml_binding_find(&c->r, ev->name.prefix)) != BARK_OK)
        return c->r.failed;
    for (i = 0; i < ev->attribute_count; i++) {
        const struct bark_slice prefix = ev->attributes[i].name.prefix;
        if (prefix.len && offer(c, prefix, bark_xml_binding_find(&c->r, prefix)) != BARK_OK)
            return c->r.failed;
    }
    return BARK_OK;
}

static bool is_hidden(const struct canonical *c, uint32_t binding)
{
    return bark_xml_binding_find(&c->r, c->r.bindings[binding].prefix) != binding;
}

/* Everything that the tag declares, and for the first tag of a part what was declared around it. */
static enum bark_code declared_offer(struct canonical *c, bool first)
{
    const uint32_t from = first ? 1 : c->r.open[c->r.depth - 1].bindings;
    uint32_t i;
    for (i = from; i < c->r.binding_count; i++) {
        const struct bark_xml_binding *b = &c->r.bindings[i];
        if ((is_exclusive(c) && !prefix_is_listed(c, b->prefix)) || (first && is_hidden(c, i)))
            continue;
        if (offer(c, b->prefix, i) != BARK_OK)
            return c->r.failed;
    }
    return BARK_OK;
}

static int bytes_compare(struct bark_slice a, struct bark_slice b)
{
    const size_t len = a.len < b.len ? a.len : b.len;
    const int order = len ? memcmp(a.ptr, b.ptr, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int rendered_compare(const void *context, uint32_t a, uint32_t b)
{
    const struct rendered *rendered = context;
    return bytes_compare(rendered[a].prefix, rendered[b].prefix);
}

static void declaration_write(struct canonical *c, struct bark_slice prefix, struct bark_slice raw)
{
    bark_out_text(c->out, prefix.len ? " xmlns:" : " xmlns");
    bark_out_put(c->out, prefix.ptr, prefix.len);
    bark_out_text(c->out, "=\"");
    bark_canonical_value(c->out, raw, c->what);
    bark_out_byte(c->out, '"');
}

static void declarations_write(struct canonical *c, uint32_t from)
{
    const uint32_t count = c->rendered_count - from;
    uint32_t i;
    for (i = 0; i < count; i++)
        c->order[i] = from + i;
    bark_xml_sort(c->order, count, c->rendered, rendered_compare);
    for (i = 0; i < count; i++)
        declaration_write(c, c->rendered[c->order[i]].prefix, c->rendered[c->order[i]].raw);
}

/* ---- attributes ---- */

static bool is_xml(const struct canonical *c, const struct bark_xml_name *name)
{
    return name->prefix.len && bark_slice_equal(name->uri, c->r.bindings[0].uri);
}

static bool local_is(const struct bark_xml_name *name, const char *text)
{
    return name->local.len == strlen(text) && memcmp(name->local.ptr, text, name->local.len) == 0;
}

/* Elements around the part: the xml: attributes of those that are open are kept. */
static enum bark_code outer_keep(struct canonical *c, const struct bark_xml_event *ev)
{
    size_t i;
    for (i = 0; i < ev->attribute_count; i++) {
        if (!is_xml(c, &ev->attributes[i].name))
            continue;
        if (c->outer_count == c->attributes_max)
            return bark_xml_fail(&c->r, BARK_ERR_LIMIT, ev->offset,
                                 "[R4] limits.attributes: too many xml: attributes around the element");
        c->outer_depth[c->outer_count] = c->r.depth;
        c->outer[c->outer_count++] = ev->attributes[i];
    }
    return BARK_OK;
}

/* True when an xml: attribute from outside is one that the part inherits: all of them by [C14N10 2.4], those
 * of simple inheritance by [C14N11 2.4], none by [EXCC14N 3]. */
static bool is_inherited(const struct canonical *c, const struct bark_xml_name *name)
{
    if (c->what->method == BARK_CANONICAL_INCLUSIVE)
        return true;
    return c->what->method == BARK_CANONICAL_INCLUSIVE_11 &&
           (local_is(name, "lang") || local_is(name, "space"));
}

/* Where the tag's own xml: attribute of that name is among the count, or count. */
static uint32_t own_find(const struct canonical *c, uint32_t count, struct bark_slice local)
{
    uint32_t i = 0;
    while (i < count &&
           !(is_xml(c, &c->attributes[i].name) && bark_slice_equal(c->attributes[i].name.local, local)))
        i++;
    return i;
}

static enum bark_code attribute_add(struct canonical *c, uint32_t *count,
                                    const struct bark_xml_attribute *attribute)
{
    if (*count == c->attributes_max)
        return bark_xml_fail(&c->r, BARK_ERR_LIMIT, bark_xml_offset(&c->r),
                             "[R4] limits.attributes: too many attributes in one tag");
    c->attributes[(*count)++] = *attribute;
    return BARK_OK;
}

static enum bark_code inherit(struct canonical *c, uint32_t *count)
{
    uint32_t i;
    for (i = c->outer_count; i-- > 0;) { /* innermost first */
        const struct bark_xml_name *name = &c->outer[i].name;
        if (is_inherited(c, name) && own_find(c, *count, name->local) == *count &&
            attribute_add(c, count, &c->outer[i]) != BARK_OK)
            return c->r.failed;
    }
    return BARK_OK;
}

/* Text in the form that it would have between quotes. */
static bool value_quote(struct bark_arena *arena, struct bark_slice text, struct bark_slice *raw)
{
    enum { LONGEST = 6 }; /* "&quot;" */
    struct bark_out out;
    uint8_t *room = text.len <= SIZE_MAX / LONGEST ? bark_arena_room(arena, text.len, LONGEST) : NULL;
    if (!room)
        return false;
    bark_out_init(&out, room, text.len * LONGEST);
    bark_xml_escape(&out, text, BARK_XML_IN_ATTRIBUTE);
    *raw = bark_out_bytes(&out);
    return bark_out_ok(&out);
}

/* [C14N11 2.4] The values of xml:base around the part and on it, made one from the inside out. */
static enum bark_code bases_join(struct canonical *c, const struct bark_xml_attribute *own, size_t total,
                                 struct bark_slice *joined)
{
    uint8_t *const room = bark_arena_room(c->r.arena, total, 3);
    uint8_t *to = room, *other = room ? room + total : NULL;
    bool begun = own != NULL;
    struct bark_slice value = { NULL, 0 };
    uint32_t i;
    if (!room)
        return bark_xml_fail(&c->r, BARK_ERR_MEMORY, bark_xml_offset(&c->r),
                             "[R3] the memory budget does not hold this text");
    if (own && bark_xml_attribute_text(&c->r, own, &value) != BARK_OK)
        return c->r.failed;
    for (i = c->outer_count; i-- > 0;) {
        struct bark_slice base;
        struct bark_out out;
        uint8_t *const free = to;
        if (!local_is(&c->outer[i].name, "base"))
            continue;
        if (bark_xml_attribute_text(&c->r, &c->outer[i], &base) != BARK_OK)
            return c->r.failed;
        if (begun) {
            bark_out_init(&out, to, total);
            bark_canonical_join(base, value, room + 2 * total, &out);
            value = bark_out_bytes(&out);
            to = other;
            other = free;
        } else {
            value = base;
        }
        begun = true;
    }
    *joined = value;
    return BARK_OK;
}

/* [C14N11 2.4] The part's xml:base means what it meant where the part stood. An empty one is not written. */
static enum bark_code base_fix(struct canonical *c, uint32_t *count)
{
    static const uint8_t local[] = "base";
    const uint32_t at = own_find(c, *count, (struct bark_slice){ local, 4 });
    size_t total = at < *count ? c->attributes[at].text_len + 2 : 2;
    struct bark_xml_attribute fixed = { .name = { .local = { NULL, 0 } } };
    struct bark_slice joined = { NULL, 0 };
    uint32_t i;
    if (c->what->method != BARK_CANONICAL_INCLUSIVE_11)
        return BARK_OK;
    for (i = 0; i < c->outer_count; i++) {
        if (!local_is(&c->outer[i].name, "base"))
            continue;
        fixed = c->outer[i];
        total += c->outer[i].text_len + 2;
    }
    if (!fixed.name.local.ptr) /* none around it: its own stays as it is */
        return BARK_OK;
    if (bases_join(c, at < *count ? &c->attributes[at] : NULL, total, &joined) != BARK_OK)
        return c->r.failed;
    if (!value_quote(c->r.arena, joined, &fixed.raw))
        return bark_xml_fail(&c->r, BARK_ERR_MEMORY, bark_xml_offset(&c->r),
                             "[R3] the memory budget does not hold this text");
    if (at < *count)
        c->attributes[at] = c->attributes[--*count];
    return joined.len ? attribute_add(c, count, &fixed) : BARK_OK;
}

/* [C14N10 2.2] By namespace, then by local name; equal URIs stand at one address. */
static int attribute_compare(const void *context, uint32_t a, uint32_t b)
{
    const struct bark_xml_name *x = &((const struct bark_xml_attribute *)context)[a].name;
    const struct bark_xml_name *y = &((const struct bark_xml_attribute *)context)[b].name;
    const int order = x->uri.ptr == y->uri.ptr ? 0 : bytes_compare(x->uri, y->uri);
    return order != 0 ? order : bytes_compare(x->local, y->local);
}

/* The suite's form has them by the name as it is written, declarations among them. */
static struct bark_slice written_name(const struct bark_xml_name *name)
{
    return name->prefix.len ? (struct bark_slice){ name->prefix.ptr, name->prefix.len + 1 + name->local.len }
                            : name->local;
}

static int written_compare(const void *context, uint32_t a, uint32_t b)
{
    const struct bark_xml_attribute *attributes = context;
    return bytes_compare(written_name(&attributes[a].name), written_name(&attributes[b].name));
}

static void attributes_write(struct canonical *c, uint32_t count,
                             int (*compare)(const void *context, uint32_t a, uint32_t b))
{
    uint32_t i;
    for (i = 0; i < count; i++)
        c->order[i] = i;
    bark_xml_sort(c->order, count, c->attributes, compare);
    for (i = 0; i < count; i++) {
        const struct bark_xml_attribute *a = &c->attributes[c->order[i]];
        const struct bark_slice name = written_name(&a->name);
        bark_out_byte(c->out, ' ');
        bark_out_put(c->out, name.ptr, name.len);
        bark_out_text(c->out, "=\"");
        bark_canonical_value(c->out, a->raw, c->what);
        bark_out_byte(c->out, '"');
    }
}

/* ---- tags ---- */

static enum bark_code namespaces_write(struct canonical *c, const struct bark_xml_event *ev, bool first)
{
    const uint32_t from = c->from[c->r.depth - 1] = c->rendered_count;
    if (declared_offer(c, first) != BARK_OK || (is_exclusive(c) && used_offer(c, ev) != BARK_OK))
        return c->r.failed;
    declarations_write(c, from);
    return BARK_OK;
}

/* The declarations of the tag as attributes, behind the count that are there. */
static enum bark_code declarations_join(struct canonical *c, uint32_t *count)
{
    uint32_t i;
    for (i = c->r.open[c->r.depth - 1].bindings; i < c->r.binding_count; i++) {
        const struct bark_xml_binding *b = &c->r.bindings[i];
        struct bark_xml_attribute a = { .raw = { b->quoted.ptr + 1, b->quoted.len - 2 } };
        static const uint8_t xmlns[] = "xmlns";
        if (*count == c->attributes_max)
            return bark_xml_fail(&c->r, BARK_ERR_LIMIT, bark_xml_offset(&c->r),
                                 "[R4] limits.attributes: too many attributes in one tag");
        a.name.local = (struct bark_slice){ xmlns, 5 };
        if (b->prefix.len) /* it stands behind "xmlns:" in the input */
            a.name = (struct bark_xml_name){ .prefix = { b->prefix.ptr - 6, 5 }, .local = b->prefix };
        c->attributes[(*count)++] = a;
    }
    return BARK_OK;
}

static enum bark_code start_write(struct canonical *c, const struct bark_xml_event *ev, bool first)
{
    const struct bark_xml_open *open = &c->r.open[c->r.depth - 1];
    const bool suite = c->what->method == BARK_CANONICAL_SUITE;
    uint32_t count = (uint32_t)ev->attribute_count;
    bark_out_byte(c->out, '<');
    bark_out_put(c->out, open->name, open->len);
    if (count)
        memcpy(c->attributes, ev->attributes, count * sizeof *c->attributes);
    if (suite ? declarations_join(c, &count) != BARK_OK
              : namespaces_write(c, ev, first) != BARK_OK ||
                    (first && (inherit(c, &count) != BARK_OK || base_fix(c, &count) != BARK_OK)))
        return c->r.failed;
    attributes_write(c, count, suite ? written_compare : attribute_compare);
    bark_out_byte(c->out, '>');
    return BARK_OK;
}

static void end_write(struct canonical *c)
{
    const struct bark_xml_open *open = &c->r.open[c->r.depth - 1];
    bark_out_text(c->out, "</");
    bark_out_put(c->out, open->name, open->len);
    bark_out_byte(c->out, '>');
    if (c->what->method != BARK_CANONICAL_SUITE)
        c->rendered_count = c->from[c->r.depth - 1];
}

static enum bark_code element_skip(struct bark_xml_reader *r)
{
    const uint32_t depth = r->depth;
    struct bark_xml_event ev;
    do {
        if (bark_xml_next(r, &ev) != BARK_OK)
            return r->failed;
    } while (ev.kind != BARK_XML_END || r->depth != depth);
    return BARK_OK;
}

/* The element whose START is ev, up to its END. */
static enum bark_code element_write(struct canonical *c, struct bark_xml_event *ev)
{
    const uint32_t depth = c->r.depth;
    bool first = true, done = false;
    while (!done) {
        switch (ev->kind) {
        case BARK_XML_START:
            if (c->what->omits && ev->offset == c->what->omitted) {
                if (element_skip(&c->r) != BARK_OK)
                    return c->r.failed;
                done = c->r.depth == depth;
                break;
            }
            if (start_write(c, ev, first) != BARK_OK)
                return c->r.failed;
            first = false;
            break;
        case BARK_XML_TEXT:
            bark_canonical_text(c->out, ev->raw, c->what);
            break;
        case BARK_XML_END:
            end_write(c);
            done = c->r.depth == depth;
            break;
        case BARK_XML_EOF:
        case BARK_XML_PIECE: /* only through a window */
            break;
        }
        if (!bark_out_ok(c->out))
            return bark_xml_fail(&c->r, BARK_ERR_LIMIT, ev->offset,
                                 "[R4] the output has no room for the form");
        if (!done && bark_xml_next(&c->r, ev) != BARK_OK)
            return c->r.failed;
    }
    return BARK_OK;
}

/* Reads up to the element that the part is. */
static enum bark_code part_find(struct canonical *c, struct bark_xml_event *ev)
{
    for (;;) {
        if (bark_xml_next(&c->r, ev) != BARK_OK)
            return c->r.failed;
        if (ev->kind == BARK_XML_EOF || ev->offset > c->what->element)
            return bark_xml_fail(&c->r, BARK_ERR_USE,
                                 c->what->element < ev->offset ? c->what->element : ev->offset,
                                 "no element begins at this offset");
        if (ev->kind == BARK_XML_START && ev->offset == c->what->element)
            return BARK_OK;
        if (ev->kind == BARK_XML_START && outer_keep(c, ev) != BARK_OK)
            return c->r.failed;
        while (ev->kind == BARK_XML_END && c->outer_count > 0 &&
               c->outer_depth[c->outer_count - 1] == c->r.depth)
            c->outer_count--;
    }
}

static struct bark_slice between(const uint8_t *from, const uint8_t *to)
{
    return (struct bark_slice){ from, (size_t)(to - from) };
}

static enum bark_code document_write(struct canonical *c)
{
    const uint8_t *from = c->r.at;
    struct bark_xml_event ev;
    if (bark_xml_next(&c->r, &ev) != BARK_OK)
        return c->r.failed;
    bark_canonical_outside(c->out, between(from, c->r.begin + ev.offset), c->what, false);
    if (element_write(c, &ev) != BARK_OK)
        return c->r.failed;
    from = c->r.at;
    if (bark_xml_next(&c->r, &ev) != BARK_OK)
        return c->r.failed;
    assert(ev.kind == BARK_XML_EOF);
    bark_canonical_outside(c->out, between(from, c->r.end), c->what, true);
    return BARK_OK;
}

enum bark_code bark_canonical_write(struct bark_slice in, const struct bark_canonical *what,
                                    const struct bark_limits *limits, struct bark_arena *arena,
                                    struct bark_out *out, struct bark_error *err)
{
    struct canonical c = { .what = what, .out = out };
    const size_t used = arena->used;
    struct bark_xml_event ev;
    enum bark_code code;
    if (err)
        *err = (struct bark_error){ 0 };
    code = bark_xml_open(&c.r, in, limits, arena, err);
    c.r.instructions = what->instructions;
    if (code == BARK_OK && what->part && what->method == BARK_CANONICAL_SUITE)
        code = bark_xml_fail(&c.r, BARK_ERR_USE, 0, "[XMLCONF] the suite's form is one of whole documents");
    if (code == BARK_OK)
        code = frames_take(&c, limits);
    if (code == BARK_OK && what->part) {
        code = part_find(&c, &ev);
        if (code == BARK_OK)
            code = element_write(&c, &ev);
    } else if (code == BARK_OK) {
        code = document_write(&c);
    }
    if (code == BARK_OK && !bark_out_ok(out))
        code = bark_xml_fail(&c.r, BARK_ERR_LIMIT, 0, "[R4] the output has no room for the form");
    arena->used = used;
    return code;
}

/* ---- an element by its Id ---- */

/* True when the attribute is an Id of that value. */
static enum bark_code id_match(struct bark_xml_reader *r, const struct bark_xml_attribute *a,
                               const struct bark_canonical_id *ids, size_t count, struct bark_slice value,
                               bool *match)
{
    struct bark_slice text;
    size_t i;
    *match = false;
    for (i = 0; i < count; i++)
        if (bark_slice_equal(a->name.local, ids[i].local) && bark_slice_equal(a->name.uri, ids[i].uri))
            break;
    if (i == count || a->text_len != value.len)
        return BARK_OK;
    if (bark_xml_attribute_text(r, a, &text) != BARK_OK)
        return r->failed;
    *match = bark_slice_equal(text, value);
    return BARK_OK;
}

static enum bark_code id_find(struct bark_xml_reader *r, const struct bark_canonical_id *ids, size_t count,
                              struct bark_slice value, size_t *element)
{
    struct bark_xml_event ev = { .kind = BARK_XML_START };
    bool found = false;
    while (ev.kind != BARK_XML_EOF) {
        size_t i;
        bool match = false;
        if (bark_xml_next(r, &ev) != BARK_OK)
            return r->failed;
        for (i = 0; i < ev.attribute_count && !match; i++)
            if (id_match(r, &ev.attributes[i], ids, count, value, &match) != BARK_OK)
                return r->failed;
        if (match && found)
            return bark_xml_fail_found(r, BARK_ERR_UNEXPECTED, ev.offset,
                                       "[SECURITY row 14] two elements have this Id", value);
        if (match)
            *element = ev.offset;
        found = found || match;
    }
    return found ? BARK_OK
                 : bark_xml_fail_found(r, BARK_ERR_MISSING, 0, "[SECURITY row 14] no element has this Id",
                                       value);
}

enum bark_code bark_canonical_find(struct bark_slice in, const struct bark_canonical_id *ids, size_t count,
                                   struct bark_slice value, const struct bark_limits *limits,
                                   struct bark_arena *arena, size_t *element, struct bark_error *err)
{
    const size_t used = arena->used;
    struct bark_xml_reader r;
    enum bark_code code;
    *element = 0;
    if (err)
        *err = (struct bark_error){ 0 };
    code = bark_xml_open(&r, in, limits, arena, err);
    if (code == BARK_OK)
        code = id_find(&r, ids, count, value, element);
    if (code != BARK_OK)
        *element = 0;
    arena->used = used;
    return code;
}
