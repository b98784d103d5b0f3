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
 * What is wrong is told where it stands in the message as it came. A refusal of a source knows its place
 * there; an error in the literal form is looked for by writing that form once more, up to the byte in
 * question (encoded_place.c), so that a message without errors pays nothing for it.
 *
 * A reference to an element around it, or more than these bounds allow, refuses the message:
 */
#include "soap/encoded_read.h"

#include "base/scratch.h"
#include "base/slice.h"
#include "engine/engine.h"
#include "soap/encoded.h"

enum {
    INDEPENDENT_MAX = 4096, /* elements beside the operation's own */
    REFERENCES_MAX = 4096 /* hrefs followed in one message */
};

static const char memory_rule[] = "[R3] the memory budget does not hold the encoded message";

static const char *encoding_ns(const struct bark_soap_rewriting *w)
{
    return bark_soap_encoding_ns(w->e->dialect->version);
}

/* At an offset in the source that is read. */
static enum bark_code refuse(struct bark_soap_rewriting *w, enum bark_code code, size_t at, const char *rule)
{
    return bark_xml_fail(&w->sources[w->source_count - 1]->xml, code, at, rule);
}

static enum bark_code memory_refuse(struct bark_soap_rewriting *w)
{
    return bark_xml_fail(&w->e->xml, BARK_ERR_MEMORY, w->place, memory_rule);
}

/* ---- the elements of the Body ---- */

static enum bark_code id_find(struct bark_soap_rewriting *w, const struct bark_xml_event *start,
                              struct bark_slice *id)
{
    for (size_t i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        const bool own = w->e->dialect->version == BARK_SOAP_11 ? a->name.uri.len == 0
                                                                : bark_slice_is(a->name.uri, encoding_ns(w));
        if (own && bark_slice_is(a->name.local, "id"))
            return bark_xml_attribute_text(&w->e->xml, a, id);
    }
    return BARK_OK;
}

static enum bark_code independent_take(struct bark_soap_rewriting *w, const struct bark_xml_event *start)
{
    struct bark_xml_reader *xml = &w->e->xml;
    struct bark_soap_independent *one = bark_arena_alloc(xml->arena, 1, sizeof *one);
    w->place = start->offset;
    if (!one)
        return memory_refuse(w);
    one->from = start->offset;
    one->name_end = bark_xml_place(xml, start->name.local.ptr + start->name.local.len) - start->offset;
    enum bark_code code = id_find(w, start, &one->id);
    for (struct bark_soap_independent *other = w->first; !code && other; other = other->next)
        if (one->id.len && bark_slice_equal(one->id, other->id))
            code =
                bark_xml_fail(xml, BARK_ERR_SOAP, start->offset, "[SOAP11 5.4.1] two elements have one id");
    if (!code)
        code = bark_capture_element(xml, start, &one->any);
    if (!code)
        one->declared = one->any.xml.len - (bark_xml_place(xml, xml->at) - one->from);
    one->next = w->first;
    w->first = one;
    return code;
}

/* After the operation's element: independent ones, up to the Body's end. */
static enum bark_code body_take(struct bark_soap_rewriting *w)
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

static enum bark_code source_push(struct bark_soap_rewriting *w, struct bark_soap_independent *from,
                                  struct bark_xml_event *start)
{
    struct bark_arena *arena = w->e->xml.arena;
    const size_t mark = arena->used;
    struct bark_soap_source *s = bark_arena_alloc(arena, 1, sizeof *s);
    if (!s)
        return memory_refuse(w);
    *s = (struct bark_soap_source){ .from = from, .mark = mark, .floor = w->depth };
    w->sources[w->source_count++] = s;
    from->open = true;
    const struct bark_slice text = { (const uint8_t *)from->any.xml.ptr, from->any.xml.len };
    enum bark_code code = bark_xml_open(&s->xml, text, w->e->xml.limits, arena, w->e->xml.err);
    if (!code)
        bark_xml_use_image(&s->xml, w->e->image);
    return code ? code : bark_xml_next(&s->xml, start);
}

static void source_pop(struct bark_soap_rewriting *w)
{
    struct bark_soap_source *s = w->sources[--w->source_count];
    s->from->open = false;
    w->e->xml.arena->used = s->mark; /* nothing outside the source was taken from the arena meanwhile */
}

static struct bark_soap_independent *independent_find(const struct bark_soap_rewriting *w,
                                                      struct bark_slice id)
{
    for (struct bark_soap_independent *one = w->first; one; one = one->next)
        if (id.len && bark_slice_equal(one->id, id))
            return one;
    return NULL;
}

/* ---- one element ---- */

/* [SOAP11 5.4.2.2] A position that says what the order says is taken; any other would leave items out. */
static enum bark_code position_check(struct bark_soap_rewriting *w, const struct bark_soap_term *position)
{
    struct bark_soap_level *around = w->depth > 0 ? &w->levels[w->depth - 1] : NULL;
    uint8_t text[16];
    struct bark_out out;
    const uint32_t index = around ? around->items++ : 0;
    if (!position->text.len)
        return BARK_OK;
    bark_out_init(&out, text, sizeof text);
    bark_out_byte(&out, '[');
    bark_out_u64(&out, index);
    bark_out_byte(&out, ']');
    return bark_slice_equal(position->text, bark_out_bytes(&out))
               ? BARK_OK
               : refuse(w, BARK_ERR_SOAP, position->at,
                        "[SOAP11 5.4.2.2] an array whose items are not each in its place is not taken");
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
static enum bark_code attributes_write(struct bark_soap_rewriting *w, struct bark_soap_source *s,
                                       const struct bark_xml_event *start)
{
    struct bark_out *out = &w->out;
    for (size_t i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *a = &start->attributes[i];
        const bool bare = a->name.uri.len == 0;
        struct bark_slice text;
        if (bark_slice_is(a->name.uri, BARK_SOAP_XSI) || bark_slice_is(a->name.uri, encoding_ns(w)) ||
            bark_slice_is(a->name.uri, w->e->dialect->ns) ||
            (bare && w->e->dialect->version == BARK_SOAP_11 &&
             (bark_slice_is(a->name.local, "id") || bark_slice_is(a->name.local, "href"))))
            continue;
        enum bark_code code = bark_xml_attribute_text(&s->xml, a, &text);
        if (code)
            return code;
        bark_soap_piece(w, s, bark_xml_place(&s->xml, a->name.local.ptr));
        if (!bare)
            declare(out, "a", i, a->name.uri);
        bark_out_text(out, bare ? " " : " a");
        if (!bare) {
            bark_out_u64(out, i);
            bark_out_byte(out, ':');
        }
        bark_out_put(out, a->name.local.ptr, a->name.local.len);
        bark_out_text(out, "=\"");
        bark_soap_piece(w, s, bark_xml_place(&s->xml, a->raw.ptr));
        bark_write_attribute_text(out, text);
        bark_out_byte(out, '"');
    }
    return BARK_OK;
}

/* A type of a namespace that the tables do not know is a hint about something else than our structs. */
static void type_write(struct bark_soap_rewriting *w, const struct bark_soap_source *s,
                       const struct bark_soap_term *type)
{
    struct bark_slice local, uri = bark_soap_qname_uri(&s->xml, type->text, &local);
    bool known = false;
    for (uint32_t i = 1; i < w->e->image->namespace_count && !known; i++) {
        const struct bark_namespace_row *row = &w->e->image->namespaces[i];
        known = uri.len > 0 &&
                bark_slice_equal(uri, (struct bark_slice){ w->e->image->pool + row->uri, row->uri_len });
    }
    if (!known || bark_slice_is(uri, "http://www.w3.org/2001/XMLSchema"))
        return;
    bark_soap_piece(w, s, type->at);
    declare(&w->out, "t", 0, uri);
    bark_out_text(&w->out, " i0:type=\"t0:");
    bark_write_attribute_text(&w->out, local);
    bark_out_byte(&w->out, '"');
}

static enum bark_code inlined_note(struct bark_soap_rewriting *w, struct bark_soap_level *level,
                                   struct bark_slice id)
{
    level->own = bark_scratch_push(w->e->xml.arena, sizeof *level->own);
    if (!level->own)
        return memory_refuse(w);
    *level->own = (struct bark_soap_inlined){ .next = w->inlined, .id = id, .begin = w->out.pos };
    w->inlined = level->own;
    return BARK_OK;
}

static const struct bark_soap_inlined *inlined_find(const struct bark_soap_rewriting *w, struct bark_slice id)
{
    for (const struct bark_soap_inlined *one = w->inlined; one; one = one->next)
        if (bark_slice_equal(one->id, id))
            return one;
    return NULL;
}

static const struct bark_slice item = { (const uint8_t *)"item", 4 };

/* Writes what an element before was written as, under the name of the accessor that refers to it. Its own
 * declarations are n0, i0 and the like, so this one is r0. */
static enum bark_code inlined_copy(struct bark_soap_rewriting *w, const struct bark_soap_inlined *from,
                                   const struct bark_xml_name *name)
{
    const bool member = w->depth > 0 && w->levels[w->depth - 1].array,
               prefixed = !member && name->uri.len > 0;
    const struct bark_slice local = member ? item : name->local;
    struct bark_soap_copy *copy = bark_scratch_push(w->e->xml.arena, sizeof *copy);
    if (!copy)
        return memory_refuse(w);
    bark_out_text(&w->out, prefixed ? "<r0:" : "<");
    bark_out_put(&w->out, local.ptr, local.len);
    if (prefixed)
        declare(&w->out, "r", 0, name->uri);
    *copy = (struct bark_soap_copy){ w->copies, w->out.pos, from->begin, from->end - from->begin };
    w->copies = copy;
    if (bark_out_ok(&w->out))
        bark_out_put(&w->out, w->out.base + from->begin, from->end - from->begin);
    bark_out_text(&w->out, prefixed ? "</r0:" : "</");
    bark_out_put(&w->out, local.ptr, local.len);
    bark_out_byte(&w->out, '>');
    return BARK_OK;
}

/* The accessor's name stands at w->place already. */
static enum bark_code start_write(struct bark_soap_rewriting *w, struct bark_soap_source *s,
                                  const struct bark_xml_event *start, const struct bark_xml_name *name,
                                  const struct bark_soap_terms *t)
{
    struct bark_out *out = &w->out;
    enum bark_code code = BARK_OK;
    if (w->depth == w->e->xml.limits->depth)
        return refuse(w, BARK_ERR_LIMIT, start->offset, "limits.depth: too many nested elements");
    const bool member = w->depth > 0 && w->levels[w->depth - 1].array;
    struct bark_soap_level *level = &w->levels[w->depth++];
    *level = (struct bark_soap_level){ .local = member ? item : name->local, .array = t->array };
    bark_out_byte(out, '<');
    if (!member && name->uri.len) {
        level->prefix = (struct bark_slice){ (const uint8_t *)"n0:", 3 };
        bark_out_put(out, level->prefix.ptr, level->prefix.len);
    }
    bark_out_put(out, level->local.ptr, level->local.len);
    if (t->id.len)
        code = inlined_note(w, level, t->id);
    bark_soap_piece(w, s, start->offset);
    if (level->prefix.len)
        declare(out, "n", 0, name->uri);
    if (t->nil || t->type.text.len)
        declare(out, "i", 0, (struct bark_slice){ (const uint8_t *)BARK_SOAP_XSI, sizeof BARK_SOAP_XSI - 1 });
    if (t->nil) {
        bark_soap_piece(w, s, t->nil_at);
        bark_out_text(out, " i0:nil=\"true\"");
    }
    if (t->type.text.len && !t->array)
        type_write(w, s, &t->type);
    if (!code)
        code = attributes_write(w, s, start);
    bark_out_byte(out, '>');
    return code;
}

/* Sources whose root has ended, or was a reference to what stands elsewhere. */
static void sources_end(struct bark_soap_rewriting *w)
{
    while (w->source_count > 0 && w->sources[w->source_count - 1]->floor == w->depth)
        source_pop(w);
}

/* One step of a reference; *start is then what it leads to, or *done tells that it was copied. */
static enum bark_code reference_follow(struct bark_soap_rewriting *w, struct bark_soap_source *s,
                                       const struct bark_xml_name *name, const struct bark_soap_term *href,
                                       struct bark_xml_event *start, bool *done)
{
    struct bark_soap_independent *target = independent_find(w, href->text);
    const struct bark_soap_inlined *copied = target ? NULL : inlined_find(w, href->text);
    const char *why = NULL;
    if (!target && !copied)
        return refuse(
            w, BARK_ERR_SOAP, href->at,
            "[SOAP11 5.4.1] a reference names no independent element of the Body, nor one before it");
    if (target ? target->open : copied->end == 0)
        return refuse(w, BARK_ERR_SOAP, href->at, "[row 9] a reference to an element around it has no end");
    if (++w->references > REFERENCES_MAX)
        why = "[row 9] more than 4096 references in a message";
    else if (target && w->source_count == BARK_SOAP_NESTED_MAX)
        why = "[row 9] more than 16 references one inside the other";
    if (why)
        return refuse(w, BARK_ERR_LIMIT, href->at, why);
    enum bark_code code = bark_skip_element(&s->xml);
    if (code || target)
        return code ? code : source_push(w, target, start);
    *done = true;
    return inlined_copy(w, copied, name);
}

/* Follows references from the element just started, then writes the start tag of what is found. */
static enum bark_code element_start(struct bark_soap_rewriting *w, struct bark_soap_source *s,
                                    struct bark_xml_event start)
{
    const struct bark_xml_name name = start.name;
    bark_soap_piece(w, s, start.offset);
    for (bool done = false, accessor = true;; accessor = false) {
        struct bark_soap_terms t;
        enum bark_code code = bark_soap_terms_read(&s->xml, w->e->dialect, &start, &t);
        if (!code && accessor)
            code = position_check(w, &t.position);
        if (!code && !t.refers)
            return start_write(w, s, &start, &name, &t);
        if (!code)
            code = reference_follow(w, s, &name, &t.href, &start, &done);
        if (done)
            sources_end(w);
        if (code || done)
            return code;
        s = w->sources[w->source_count - 1];
    }
}

static void element_end(struct bark_soap_rewriting *w)
{
    const struct bark_soap_level *level = &w->levels[--w->depth];
    if (level->own)
        level->own->end = w->out.pos;
    bark_out_text(&w->out, "</");
    bark_out_put(&w->out, level->prefix.ptr, level->prefix.len);
    bark_out_put(&w->out, level->local.ptr, level->local.len);
    bark_out_byte(&w->out, '>');
}

/* Writes until the operation's element has ended, or the place that is looked for is passed. A source ends
 * with its root; one that only refers to another has nothing of its own to end, so several may end at once.
 */
static enum bark_code tree_write(struct bark_soap_rewriting *w)
{
    while (w->depth > 0 && w->out.pos <= w->sought) {
        struct bark_soap_source *s = w->sources[w->source_count - 1];
        struct bark_xml_event ev;
        struct bark_slice text;
        enum bark_code code = bark_xml_next(&s->xml, &ev);
        if (!code && ev.kind == BARK_XML_START) {
            code = element_start(w, s, ev);
        } else if (!code && ev.kind == BARK_XML_TEXT) {
            bark_soap_piece(w, s, ev.offset);
            code = bark_xml_text(&s->xml, &ev, &text);
            if (!code)
                bark_write_text(&w->out, text);
        } else if (!code && ev.kind == BARK_XML_END) {
            bark_soap_piece(w, s, ev.offset);
            element_end(w);
            sources_end(w);
        }
        if (!code && !bark_out_ok(&w->out))
            code = bark_xml_fail(&w->e->xml, BARK_ERR_LIMIT, w->place,
                                 "[row 9] references make the message larger than its memory allows");
        if (code)
            return code;
    }
    return BARK_OK;
}

/* ---- the whole ---- */

enum bark_code bark_soap_literal_write(struct bark_soap_rewriting *w)
{
    struct bark_arena *arena = w->e->xml.arena;
    struct bark_xml_event first;
    arena->used = w->room_end;
    bark_scratch_pop(arena, w->scratch);
    bark_out_init(&w->out, w->room, w->room_size);
    w->depth = w->source_count = w->references = 0;
    w->inlined = NULL;
    w->copies = NULL;
    for (struct bark_soap_independent *one = w->first; one; one = one->next)
        one->open = false;
    enum bark_code code = source_push(w, w->own, &first);
    if (!code)
        code = element_start(w, w->sources[0], first);
    if (!code)
        code = tree_write(w);
    return code;
}

static enum bark_code literal_make(struct bark_soap_rewriting *w, const struct bark_xml_event *start,
                                   struct bark_slice *literal)
{
    struct bark_arena *arena = w->e->xml.arena;
    const struct bark_limits *limits = w->e->xml.limits;
    enum bark_code code = independent_take(w, start);
    w->own = w->first;
    if (!code)
        code = body_take(w);
    if (code)
        return code;
    w->place = start->offset;
    w->levels = bark_arena_room(arena, limits->depth, sizeof *w->levels);
    w->room_size = (arena->cap - arena->used - arena->scratch) / 3;
    if (w->room_size > limits->body_bytes)
        w->room_size = (size_t)limits->body_bytes;
    w->room = w->levels && w->room_size ? bark_arena_room(arena, w->room_size, 1) : NULL;
    if (!w->room)
        return memory_refuse(w);
    w->room_end = arena->used;
    w->scratch = bark_scratch_mark(arena);
    code = bark_soap_literal_write(w);
    if (code)
        bark_soap_place_refusal(w);
    bark_scratch_pop(arena, w->scratch);
    /* What is left of the room goes back: sources were the last to take from the arena, and are gone. */
    arena->used =
        (size_t)(w->room - arena->base) + ((w->out.pos + BARK_ALIGN - 1) & ~(size_t)(BARK_ALIGN - 1));
    *literal = bark_out_bytes(&w->out);
    return code;
}

enum bark_code bark_soap_encoded_read(struct bark_soap_envelope *e, const struct bark_xml_event *start,
                                      uint16_t type, void **msg)
{
    struct bark_soap_rewriting *w = bark_arena_alloc(e->xml.arena, 1, sizeof *w);
    struct bark_xml_reader *xml = bark_arena_alloc(e->xml.arena, 1, sizeof *xml);
    struct bark_xml_event first;
    struct bark_slice literal = { 0 };
    *msg = NULL;
    if (!w || !xml)
        return bark_xml_fail(&e->xml, BARK_ERR_MEMORY, start->offset, memory_rule);
    w->e = e;
    w->sought = SIZE_MAX;
    enum bark_code code = literal_make(w, start, &literal);
    if (code)
        return code;
    code = bark_xml_open(xml, literal, e->xml.limits, e->xml.arena, e->xml.err);
    if (!code) {
        bark_xml_use_image(xml, e->image);
        code = bark_xml_next(xml, &first);
    }
    if (!code)
        code = bark_decode_element_unordered(xml, e->image, &first, type, msg);
    if (code)
        bark_soap_place_error(w);
    return code;
}
