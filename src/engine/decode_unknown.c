/* engine/decode_unknown.c - elements and attributes that the schema does not know, when the caller forgives
 * them.
 *
 * A newer peer sends members that this schema has not heard of. Strict decoding refuses them; a call may ask
 * to pass over them instead, and to be told. Forgiven is only what has a name that the type does not declare,
 * at the place where it stands: a member out of order, one too many, or text where none belongs are errors
 * all the same, because nobody can tell what was meant. What is passed over is read and checked like
 * everything else, and counts for all limits [R4].
 */
#include "engine/decode.h"

#include "base/scratch.h"

#include <string.h>

enum { GROUPS_DEEP = 32 };

/* Fields of a type and of the groups inside it, without recursion. */
struct walk {
    struct {
        uint32_t next, end;
    } level[GROUPS_DEEP];
    size_t depth;
};

static bool walk_into(const struct bark_decoder *d, struct walk *w, uint16_t type)
{
    const struct bark_type_row *row = &d->image->types[type];
    if (w->depth == GROUPS_DEEP)
        return false;
    w->level[w->depth].next = row->first;
    w->level[w->depth++].end = (uint32_t)row->first + row->count;
    return true;
}

/* True when a member of the struct has the name, wherever in it, or when it is too deep to tell. A wildcard
 * knows no names: what it would take elsewhere is unknown here. */
static bool struct_knows(const struct bark_decoder *d, uint16_t type, const struct bark_xml_name *name)
{
    struct walk w = { .depth = 0 };
    if (!walk_into(d, &w, type))
        return true;
    while (w.depth > 0) {
        const struct bark_field_row *f;
        if (w.level[w.depth - 1].next == w.level[w.depth - 1].end) {
            w.depth--;
            continue;
        }
        f = &d->image->fields[w.level[w.depth - 1].next++];
        if (bark_field_takes(d->image, f, name) == BARK_TAKES_NAME)
            return true;
        if (bark_field_kind(d->image, f) == BARK_FIELD_GROUP && !walk_into(d, &w, f->type))
            return true;
    }
    return false;
}

static bool forgives(const struct bark_decoder *d)
{
    return d->unknown && d->unknown->policy != BARK_UNKNOWN_REFUSE;
}

bool bark_unknown_element_is(const struct bark_decoder *d, const struct bark_xml_event *ev)
{
    const struct bark_decode_frame *frame = d->top;
    if (!forgives(d) || frame->nil)
        return false;
    while (frame->group)
        frame = frame->up;
    return !struct_knows(d, frame->type, &ev->name);
}

bool bark_unknown_attribute_is(const struct bark_decoder *d, const struct bark_xml_attribute *a)
{
    return forgives(d) && a->name.ns != BARK_NS_XSI;
}

static bool text_keep(struct bark_decoder *d, struct bark_slice text, struct bark_text *kept)
{
    *kept = (struct bark_text){ bark_arena_text(d->r->arena, text.ptr, text.len), text.len };
    return kept->ptr != NULL;
}

/* A record of what is passed over, with its path; NULL after a failure. It joins the list when it is whole.
 */
static struct bark_skipped *record_new(struct bark_decoder *d, const struct bark_xml_name *name,
                                       bool attribute)
{
    char path[BARK_ERROR_PATH] = "";
    struct bark_skipped *s = bark_arena_alloc(d->r->arena, 1, sizeof *s);
    if (s) {
        bark_xml_path(d->r, path, sizeof path, attribute ? name->local : (struct bark_slice){ 0 });
        s->attribute = attribute;
        s->offset = bark_xml_place(d->r, name->local.ptr);
    }
    if (!s || !text_keep(d, (struct bark_slice){ (const uint8_t *)path, strlen(path) }, &s->path) ||
        !text_keep(d, name->uri, &s->ns) || !text_keep(d, name->local, &s->local)) {
        bark_decode_full(d);
        return NULL;
    }
    return s;
}

void bark_unknown_add(struct bark_decoder *d, struct bark_skipped *s)
{
    if (d->unknown->last)
        d->unknown->last->next = s;
    else
        d->unknown->first = s;
    d->unknown->last = s;
}

enum bark_code bark_unknown_element_skip(struct bark_decoder *d, const struct bark_xml_event *ev)
{
    struct bark_skipped *s;
    d->unknown->count++;
    if (d->unknown->policy == BARK_UNKNOWN_IGNORE)
        return bark_leaf_skip(d);
    s = record_new(d, &ev->name, false);
    return s ? bark_leaf_capture(d, ev, &s->text, s) : d->r->failed;
}

enum bark_code bark_unknown_attribute_skip(struct bark_decoder *d, const struct bark_xml_attribute *a)
{
    const size_t mark = bark_scratch_mark(d->r->arena);
    struct bark_slice text;
    struct bark_skipped *s;
    d->unknown->count++;
    if (d->unknown->policy == BARK_UNKNOWN_IGNORE)
        return BARK_OK;
    s = record_new(d, &a->name, true);
    if (!s || bark_text_flat(d, a->raw, a->plain, a->text_len, true, &text) != BARK_OK)
        return d->r->failed;
    if (!text_keep(d, text, &s->text))
        return bark_decode_full(d);
    bark_scratch_pop(d->r->arena, mark);
    bark_unknown_add(d, s);
    return BARK_OK;
}
