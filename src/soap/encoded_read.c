/* soap/encoded_read.c - SOAP encoding on the way in: a graph becomes a tree, and the tree is decoded as ever
 * [SOAP11 5, SOAP12-2 3].
 *
 * The Body's elements are kept as fragments first, since what href="#id" points to may stand behind it. Then
 * the operation's element is written once more, as literal XML:
 *
 *     href                   the element that it names stands there, under the accessor's name: one beside
 *                            the operation's, or one in it that came before [SOAP12-2 3.1.5.3]
 *     members of an array    are called item, whatever they were called
 *     id, arrayType, offset  gone: an array's size is what comes, never what is announced [row 9]
 *     xsi:type               kept where it names a type of our schema, else a hint that is not needed
 *
 * A reference to an element around it, or more than these bounds allow, refuses the message:
 */
#include "soap/encoded.h"

#include "base/scratch.h"
#include "base/slice.h"
#include "engine/engine.h"

enum {
    INDEPENDENT_MAX = 4096, /* elements beside the operation's own */
    REFERENCES_MAX = 4096, /* hrefs followed in one message */
    NESTED_MAX = 16 /* of them, one inside the other */
};

static const char xsi[] = "http://www.w3.org/2001/XMLSchema-instance";
static const char memory_rule[] = "[R3] the memory budget does not hold the encoded message";

struct independent {
    struct independent *next;
    struct bark_any any;
    struct bark_slice id; /* empty: it has none */
    bool open; /* it is being written: a reference to it would have no end */
};

/* A fragment that is being written. */
struct source {
    struct bark_xml_reader xml;
    struct independent *from;
    size_t mark; /* of the arena, to give the reader's memory back */
    uint32_t floor; /* elements open below it */
};

/* An element with an id that stands inside another: where the literal form has what follows its name. */
struct inlined {
    struct inlined *next;
    struct bark_slice id;
    size_t begin, end; /* end 0: it is still open */
};

/* An element of the literal form that is open. */
struct level {
    struct bark_slice prefix, local;
    struct inlined *own; /* it has an id */
    uint32_t items; /* that began in it */
    bool array;
};

struct rewriting {
    struct bark_soap_envelope *e;
    struct independent *first;
    struct inlined *inlined; /* at the arena's scratch end: the other end is given back source by source */
    struct source *sources[NESTED_MAX];
    uint32_t source_count, references, depth;
    struct level *levels; /* limits->depth of them */
    struct bark_out out;
};

/* What SOAP encoding says about an element. */
struct terms {
    struct bark_slice href; /* without '#' */
    struct bark_slice type; /* xsi:type; empty: none */
    struct bark_slice id; /* empty: none, or one that no reference could spell */
    struct bark_slice position; /* in an array; empty: none */
    bool refers, array, nil;
};

static const char *encoding_ns(const struct rewriting *w)
{
    return bark_soap_encoding_ns(w->e->dialect->version);
}

static enum bark_code refuse(struct rewriting *w, enum bark_code code, const char *rule)
{
    return bark_xml_fail(&w->e->xml, code, 0, rule);
}

/* ---- the elements of the Body ---- */

static enum bark_code id_find(struct rewriting *w, const struct bark_xml_event *start, struct bark_slice *id)
{
    for (size_t i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        const bool own = w->e->dialect->version == BARK_SOAP_11 ? a->name.uri.len == 0
                                                                : bark_soap_is(a->name.uri, encoding_ns(w));
        if (own && bark_soap_is(a->name.local, "id"))
            return bark_xml_attribute_text(&w->e->xml, a, id);
    }
    return BARK_OK;
}

static enum bark_code independent_take(struct rewriting *w, const struct bark_xml_event *start)
{
    struct independent *one = bark_arena_alloc(w->e->xml.arena, 1, sizeof *one);
    if (!one)
        return refuse(w, BARK_ERR_MEMORY, memory_rule);
    enum bark_code code = id_find(w, start, &one->id);
    for (struct independent *other = w->first; !code && other; other = other->next)
        if (one->id.len && bark_slice_equal(one->id, other->id))
            code = refuse(w, BARK_ERR_SOAP, "[SOAP11 5.4.1] two elements have one id");
    if (!code)
        code = bark_capture_element(&w->e->xml, start, &one->any);
    one->next = w->first;
    w->first = one;
    return code;
}

/* After the operation's element: independent ones, up to the Body's end. */
static enum bark_code body_take(struct rewriting *w)
{
    struct bark_xml_event ev;
    for (uint32_t count = 0;;) {
        enum bark_code code = bark_xml_next(&w->e->xml, &ev);
        if (code)
            return code;
        if (ev.kind == BARK_XML_TEXT) {
            if (!ev.blank)
                return bark_xml_fail(
                    &w->e->xml, BARK_ERR_SOAP, ev.offset,
                    "[SOAP12-1 5.1] only white space stands between the parts of an envelope");
            continue;
        }
        if (ev.kind == BARK_XML_END) {
            w->e->state = BARK_SOAP_TRAILER;
            return BARK_OK;
        }
        if (++count > INDEPENDENT_MAX)
            return bark_xml_fail(&w->e->xml, BARK_ERR_LIMIT, ev.offset,
                                 "[row 9] more than 4096 independent elements in an encoded Body");
        code = independent_take(w, &ev);
        if (code)
            return code;
    }
}

/* ---- sources ---- */

static enum bark_code source_push(struct rewriting *w, struct independent *from, struct bark_xml_event *start)
{
    struct bark_arena *arena = w->e->xml.arena;
    const size_t mark = arena->used;
    struct source *s = w->source_count < NESTED_MAX ? bark_arena_alloc(arena, 1, sizeof *s) : NULL;
    if (w->source_count == NESTED_MAX)
        return refuse(w, BARK_ERR_LIMIT, "[row 9] more than 16 references one inside the other");
    if (!s)
        return refuse(w, BARK_ERR_MEMORY, memory_rule);
    *s = (struct source){ .from = from, .mark = mark, .floor = w->depth };
    w->sources[w->source_count++] = s;
    from->open = true;
    const struct bark_slice text = { (const uint8_t *)from->any.xml.ptr, from->any.xml.len };
    enum bark_code code = bark_xml_open(&s->xml, text, w->e->xml.limits, arena, w->e->xml.err);
    if (!code)
        bark_xml_use_image(&s->xml, w->e->image);
    return code ? code : bark_xml_next(&s->xml, start);
}

static void source_pop(struct rewriting *w)
{
    struct source *s = w->sources[--w->source_count];
    s->from->open = false;
    w->e->xml.arena->used = s->mark; /* nothing outside the source was taken from the arena meanwhile */
}

static struct independent *independent_find(const struct rewriting *w, struct bark_slice id)
{
    for (struct independent *one = w->first; one; one = one->next)
        if (id.len && bark_slice_equal(one->id, id))
            return one;
    return NULL;
}

/* ---- one element ---- */

static struct bark_slice qname_uri(const struct source *s, struct bark_slice qname, struct bark_slice *local)
{
    struct bark_slice prefix = { qname.ptr, 0 }, uri = { 0 };
    *local = qname;
    for (size_t i = 0; i < qname.len; i++)
        if (qname.ptr[i] == ':') {
            prefix.len = i;
            *local = (struct bark_slice){ qname.ptr + i + 1, qname.len - i - 1 };
            break;
        }
    if (!bark_xml_lookup(&s->xml, prefix, &uri))
        uri = (struct bark_slice){ 0 };
    return uri;
}

/* Whether a text has one of the bytes. */
static bool has_byte(struct bark_slice text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++)
        for (const char *b = bytes; *b; b++)
            if (text.ptr[i] == (uint8_t)*b)
                return true;
    return false;
}

/* [SOAP11 5.4.2, SOAP12-2 3.1.6] What our structs cannot hold: items of several dimensions in one row of
 * elements, items that are left out. To pass over it would move values. */
static const char *array_refused(const struct bark_xml_name *name, struct bark_slice text)
{
    if (bark_soap_is(name->local, "arrayType") && has_byte(text, ","))
        return "[SOAP11 5.4.2] an array of more than one dimension is not taken";
    if (bark_soap_is(name->local, "arraySize") && has_byte(text, " "))
        return "[SOAP12-2 3.1.6] an array of more than one dimension is not taken";
    if (bark_soap_is(name->local, "offset") && has_byte(text, "123456789"))
        return "[SOAP11 5.4.2.1] an array whose first items are left out is not taken";
    return NULL;
}

static void encoding_term(const struct bark_xml_name *name, struct bark_slice text, bool plain,
                          struct terms *t)
{
    if (bark_soap_is(name->local, "arrayType") || bark_soap_is(name->local, "itemType") ||
        bark_soap_is(name->local, "arraySize"))
        t->array = true;
    else if (bark_soap_is(name->local, "ref")) {
        t->refers = true;
        t->href = text;
    } else if (bark_soap_is(name->local, "id") && plain) {
        t->id = text;
    } else if (bark_soap_is(name->local, "position")) {
        t->position = text;
    }
}

/* [SOAP11 5.4.2.2] A position that says what the order says is taken; any other would leave items out. */
static enum bark_code position_check(struct rewriting *w, struct bark_slice position)
{
    struct level *around = w->depth > 0 ? &w->levels[w->depth - 1] : NULL;
    uint8_t text[16];
    struct bark_out out;
    const uint32_t index = around ? around->items++ : 0;
    if (!position.len)
        return BARK_OK;
    bark_out_init(&out, text, sizeof text);
    bark_out_byte(&out, '[');
    bark_out_u64(&out, index);
    bark_out_byte(&out, ']');
    return bark_slice_equal(position, bark_out_bytes(&out))
               ? BARK_OK
               : refuse(w, BARK_ERR_SOAP,
                        "[SOAP11 5.4.2.2] an array whose items are not each in its place is not taken");
}

/* [SOAP11 5.1] id and href are in no namespace. */
static enum bark_code bare_term(struct rewriting *w, const struct bark_xml_name *name, struct bark_slice text,
                                bool plain, struct terms *t)
{
    if (bark_soap_is(name->local, "id") && plain)
        t->id = text;
    if (!bark_soap_is(name->local, "href"))
        return BARK_OK;
    if (text.len == 0 || text.ptr[0] != '#')
        return refuse(w, BARK_ERR_SOAP, "[SOAP11 5.4.1] an href names an element of the same message");
    t->refers = true;
    t->href = (struct bark_slice){ text.ptr + 1, text.len - 1 };
    return BARK_OK;
}

static void xsi_term(struct rewriting *w, const struct source *s, const struct bark_xml_name *name,
                     struct bark_slice text, struct terms *t)
{
    struct bark_slice local;
    if (bark_soap_is(name->local, "nil") || bark_soap_is(name->local, "null")) {
        t->nil = bark_soap_is(text, "true") || bark_soap_is(text, "1");
    } else if (bark_soap_is(name->local, "type")) {
        const struct bark_slice uri = qname_uri(s, text, &local);
        if (bark_soap_is(uri, encoding_ns(w)))
            t->array = t->array || bark_soap_is(local, "Array");
        else
            t->type = text;
    }
}

static enum bark_code terms_read(struct rewriting *w, struct source *s, const struct bark_xml_event *start,
                                 struct terms *t)
{
    enum bark_code code = BARK_OK;
    for (size_t i = 0; !code && i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        struct bark_slice text;
        code = bark_xml_attribute_text(&s->xml, a, &text);
        if (code)
            break;
        if (bark_soap_is(a->name.uri, xsi))
            xsi_term(w, s, &a->name, text, t);
        else if (bark_soap_is(a->name.uri, encoding_ns(w))) {
            const char *why = array_refused(&a->name, text);
            if (why)
                return refuse(w, BARK_ERR_SOAP, why);
            encoding_term(&a->name, text, a->plain, t);
        } else if (w->e->dialect->version == BARK_SOAP_11 && a->name.uri.len == 0)
            code = bare_term(w, &a->name, text, a->plain, t);
    }
    return code;
}

/* ' xmlns:PREFIXn="uri"' */
static void declare(struct bark_out *out, const char *prefix, size_t n, struct bark_slice uri)
{
    bark_out_text(out, " xmlns:");
    bark_out_text(out, prefix);
    bark_out_u64(out, n);
    bark_out_text(out, "=\"");
    bark_write_attribute_text(out, uri);
    bark_out_byte(out, '"');
}

/* Attributes that are the schema's own. */
static enum bark_code attributes_write(struct rewriting *w, struct source *s,
                                       const struct bark_xml_event *start)
{
    struct bark_out *out = &w->out;
    for (size_t i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        const bool bare = a->name.uri.len == 0;
        struct bark_slice text;
        if (bark_soap_is(a->name.uri, xsi) || bark_soap_is(a->name.uri, encoding_ns(w)) ||
            bark_soap_is(a->name.uri, w->e->dialect->ns) ||
            (bare && w->e->dialect->version == BARK_SOAP_11 &&
             (bark_soap_is(a->name.local, "id") || bark_soap_is(a->name.local, "href"))))
            continue;
        enum bark_code code = bark_xml_attribute_text(&s->xml, a, &text);
        if (code)
            return code;
        if (!bare)
            declare(out, "a", i, a->name.uri);
        bark_out_text(out, bare ? " " : " a");
        if (!bare) {
            bark_out_u64(out, i);
            bark_out_byte(out, ':');
        }
        bark_out_put(out, a->name.local.ptr, a->name.local.len);
        bark_out_text(out, "=\"");
        bark_write_attribute_text(out, text);
        bark_out_byte(out, '"');
    }
    return BARK_OK;
}

/* A type of a namespace that the tables do not know is a hint about something else than our structs. */
static void type_write(struct rewriting *w, const struct source *s, struct bark_slice type)
{
    struct bark_slice local, uri = qname_uri(s, type, &local);
    bool known = false;
    for (uint32_t i = 1; i < w->e->image->namespace_count && !known; i++) {
        const struct bark_namespace_row *row = &w->e->image->namespaces[i];
        known = uri.len > 0 &&
                bark_slice_equal(uri, (struct bark_slice){ w->e->image->pool + row->uri, row->uri_len });
    }
    if (!known || bark_soap_is(uri, "http://www.w3.org/2001/XMLSchema"))
        return;
    declare(&w->out, "t", 0, uri);
    bark_out_text(&w->out, " i0:type=\"t0:");
    bark_write_attribute_text(&w->out, local);
    bark_out_byte(&w->out, '"');
}

static enum bark_code inlined_note(struct rewriting *w, struct level *level, struct bark_slice id)
{
    level->own = bark_scratch_push(w->e->xml.arena, sizeof *level->own);
    if (!level->own)
        return refuse(w, BARK_ERR_MEMORY, memory_rule);
    *level->own = (struct inlined){ .next = w->inlined, .id = id, .begin = w->out.pos };
    w->inlined = level->own;
    return BARK_OK;
}

static const struct inlined *inlined_find(const struct rewriting *w, struct bark_slice id)
{
    for (const struct inlined *one = w->inlined; one; one = one->next)
        if (bark_slice_equal(one->id, id))
            return one;
    return NULL;
}

static const struct bark_slice item = { (const uint8_t *)"item", 4 };

/* Writes what an element before was written as, under the name of the accessor that refers to it. Its own
 * declarations are n0, i0 and the like, so this one is r0. */
static void inlined_copy(struct rewriting *w, const struct inlined *from, const struct bark_xml_name *name)
{
    const bool member = w->depth > 0 && w->levels[w->depth - 1].array,
               prefixed = !member && name->uri.len > 0;
    const struct bark_slice local = member ? item : name->local;
    bark_out_text(&w->out, prefixed ? "<r0:" : "<");
    bark_out_put(&w->out, local.ptr, local.len);
    if (prefixed)
        declare(&w->out, "r", 0, name->uri);
    if (bark_out_ok(&w->out))
        bark_out_put(&w->out, w->out.base + from->begin, from->end - from->begin);
    bark_out_text(&w->out, prefixed ? "</r0:" : "</");
    bark_out_put(&w->out, local.ptr, local.len);
    bark_out_byte(&w->out, '>');
}

static enum bark_code start_write(struct rewriting *w, struct source *s, const struct bark_xml_event *start,
                                  const struct bark_xml_name *name, const struct terms *t)
{
    struct bark_out *out = &w->out;
    enum bark_code code = BARK_OK;
    if (w->depth == w->e->xml.limits->depth)
        return refuse(w, BARK_ERR_LIMIT, "limits.depth: too many nested elements");
    const bool member = w->depth > 0 && w->levels[w->depth - 1].array;
    struct level *level = &w->levels[w->depth++];
    *level = (struct level){ .local = member ? item : name->local, .array = t->array };
    bark_out_byte(out, '<');
    if (!member && name->uri.len) {
        level->prefix = (struct bark_slice){ (const uint8_t *)"n0:", 3 };
        bark_out_put(out, level->prefix.ptr, level->prefix.len);
    }
    bark_out_put(out, level->local.ptr, level->local.len);
    if (t->id.len)
        code = inlined_note(w, level, t->id);
    if (level->prefix.len)
        declare(out, "n", 0, name->uri);
    if (t->nil || t->type.len)
        declare(out, "i", 0, (struct bark_slice){ (const uint8_t *)xsi, sizeof xsi - 1 });
    if (t->nil)
        bark_out_text(out, " i0:nil=\"true\"");
    if (t->type.len && !t->array)
        type_write(w, s, t->type);
    if (!code)
        code = attributes_write(w, s, start);
    bark_out_byte(out, '>');
    return code;
}

/* Sources whose root has ended, or was a reference to what stands elsewhere. */
static void sources_end(struct rewriting *w)
{
    while (w->source_count > 0 && w->sources[w->source_count - 1]->floor == w->depth)
        source_pop(w);
}

/* One step of a reference; *start is then what it leads to, or *done tells that it was copied. */
static enum bark_code reference_follow(struct rewriting *w, struct source *s,
                                       const struct bark_xml_name *name, struct bark_slice id,
                                       struct bark_xml_event *start, bool *done)
{
    struct independent *target = independent_find(w, id);
    const struct inlined *copied = target ? NULL : inlined_find(w, id);
    if (!target && !copied)
        return refuse(
            w, BARK_ERR_SOAP,
            "[SOAP11 5.4.1] a reference names no independent element of the Body, nor one before it");
    if (target ? target->open : copied->end == 0)
        return refuse(w, BARK_ERR_SOAP, "[row 9] a reference to an element around it has no end");
    if (++w->references > REFERENCES_MAX)
        return refuse(w, BARK_ERR_LIMIT, "[row 9] more than 4096 references in a message");
    enum bark_code code = bark_skip_element(&s->xml);
    if (code || target)
        return code ? code : source_push(w, target, start);
    inlined_copy(w, copied, name);
    *done = true;
    return BARK_OK;
}

/* Follows references from the element just started, then writes the start tag of what is found. */
static enum bark_code element_start(struct rewriting *w, struct source *s, struct bark_xml_event start)
{
    const struct bark_xml_name name = start.name;
    for (bool done = false, accessor = true;; accessor = false) {
        struct terms t = { .nil = false };
        enum bark_code code = terms_read(w, s, &start, &t);
        if (!code && accessor)
            code = position_check(w, t.position);
        if (!code && !t.refers)
            return start_write(w, s, &start, &name, &t);
        if (!code)
            code = reference_follow(w, s, &name, t.href, &start, &done);
        if (done)
            sources_end(w);
        if (code || done)
            return code;
        s = w->sources[w->source_count - 1];
    }
}

static void element_end(struct rewriting *w)
{
    const struct level *level = &w->levels[--w->depth];
    if (level->own)
        level->own->end = w->out.pos;
    bark_out_text(&w->out, "</");
    bark_out_put(&w->out, level->prefix.ptr, level->prefix.len);
    bark_out_put(&w->out, level->local.ptr, level->local.len);
    bark_out_byte(&w->out, '>');
}

/* Writes until the operation's element has ended. A source ends with its root; one that only refers to
 * another has nothing of its own to end, so several may end at once. */
static enum bark_code tree_write(struct rewriting *w)
{
    while (w->depth > 0) {
        struct source *s = w->sources[w->source_count - 1];
        struct bark_xml_event ev;
        struct bark_slice text;
        enum bark_code code = bark_xml_next(&s->xml, &ev);
        if (!code && ev.kind == BARK_XML_START) {
            code = element_start(w, s, ev);
        } else if (!code && ev.kind == BARK_XML_TEXT) {
            code = bark_xml_text(&s->xml, &ev, &text);
            if (!code)
                bark_write_text(&w->out, text);
        } else if (!code && ev.kind == BARK_XML_END) {
            element_end(w);
            sources_end(w);
        }
        if (!code && !bark_out_ok(&w->out))
            code = refuse(w, BARK_ERR_LIMIT,
                          "[row 9] references make the message larger than its memory allows");
        if (code)
            return code;
    }
    return BARK_OK;
}

/* ---- the whole ---- */

static enum bark_code literal_make(struct rewriting *w, const struct bark_xml_event *start,
                                   struct bark_slice *literal)
{
    struct bark_arena *arena = w->e->xml.arena;
    const struct bark_limits *limits = w->e->xml.limits;
    struct independent *own;
    struct bark_xml_event first;
    enum bark_code code = independent_take(w, start);
    own = w->first;
    if (!code)
        code = body_take(w);
    if (code)
        return code;
    w->levels = bark_arena_room(arena, limits->depth, sizeof *w->levels);
    size_t size = (arena->cap - arena->used - arena->scratch) / 3;
    if (size > limits->body_bytes)
        size = (size_t)limits->body_bytes;
    uint8_t *bytes = w->levels && size ? bark_arena_room(arena, size, 1) : NULL;
    if (!bytes)
        return refuse(w, BARK_ERR_MEMORY, memory_rule);
    bark_out_init(&w->out, bytes, size);
    code = source_push(w, own, &first);
    if (!code)
        code = element_start(w, w->sources[0], first);
    if (!code)
        code = tree_write(w);
    /* What is left of the room goes back: sources were the last to take from the arena, and are gone. */
    arena->used = (size_t)(bytes - arena->base) + ((w->out.pos + BARK_ALIGN - 1) & ~(size_t)(BARK_ALIGN - 1));
    *literal = bark_out_bytes(&w->out);
    return code;
}

enum bark_code bark_soap_encoded_read(struct bark_soap_envelope *e, const struct bark_xml_event *start,
                                      uint16_t type, void **msg)
{
    struct rewriting *w = bark_arena_alloc(e->xml.arena, 1, sizeof *w);
    struct bark_xml_reader *xml = bark_arena_alloc(e->xml.arena, 1, sizeof *xml);
    struct bark_xml_event first;
    struct bark_slice literal = { 0 };
    *msg = NULL;
    if (!w || !xml)
        return bark_xml_fail(&e->xml, BARK_ERR_MEMORY, start->offset, memory_rule);
    w->e = e;
    const size_t scratch = bark_scratch_mark(e->xml.arena);
    enum bark_code code = literal_make(w, start, &literal);
    bark_scratch_pop(e->xml.arena, scratch);
    if (!code)
        code = bark_xml_open(xml, literal, e->xml.limits, e->xml.arena, e->xml.err);
    if (code)
        return code;
    bark_xml_use_image(xml, e->image);
    code = bark_xml_next(xml, &first);
    return code ? code : bark_decode_element_unordered(xml, e->image, &first, type, msg);
}
