/* judge/walk.c - goes from element to element and keeps each one's declaration and type.
 *
 * The tables have accepted the document, so nothing is checked again here: a child's declaration is the one
 * of its name in the parent's type [XSD1 3.8.6: elements of one name are declared alike], or a global one
 * where a wildcard takes it.
 */
#include "judge/walk.h"

#include <string.h>

enum { GROW_FIRST = 16 };

enum bark_code soapc_judge_full(struct judge *j)
{
    return bark_xml_fail(&j->r, BARK_ERR_LIMIT, 0,
                         "[R4] limits.arena_bytes: the memory of one message is used up");
}

void *soapc_judge_grow(struct judge *j, struct judge_list *list, size_t size)
{
    if (list->count == list->cap) {
        const size_t cap = list->cap ? list->cap * 2 : GROW_FIRST;
        void *items = bark_arena_alloc(j->arena, cap, size);
        if (!items) {
            soapc_judge_full(j);
            return NULL;
        }
        if (list->count)
            memcpy(items, list->items, list->count * size);
        list->items = items;
        list->cap = cap;
    }
    return (char *)list->items + list->count++ * size;
}

/* [XSD1 2.6.1] The type that xsi:type names; the tables know that it is one. */
static bool type_named(struct judge *j, const struct bark_xml_attribute *a, const struct soapc_type **type)
{
    struct bark_slice text, prefix = { NULL, 0 }, uri;
    const char *ns, *local;
    const struct soapc_type *found;
    if (bark_xml_attribute_text(&j->r, a, &text) != BARK_OK ||
        !soapc_key_text(j, j->model->types[SOAPC_BUILTIN_QNAME], text, &text))
        return false;
    const uint8_t *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    if (colon) {
        prefix = (struct bark_slice){ text.ptr, (size_t)(colon - text.ptr) };
        text = (struct bark_slice){ colon + 1, text.len - prefix.len - 1 };
    }
    if (!bark_xml_lookup(&j->r, prefix, &uri))
        return true;
    ns = bark_arena_text(j->arena, uri.ptr, uri.len);
    local = bark_arena_text(j->arena, text.ptr, text.len);
    found = ns && local ? soapc_model_type(j->model, ns, local) : NULL;
    if (found)
        *type = found;
    return ns && local;
}

static enum bark_code xsi_read(struct judge *j, const struct bark_xml_event *ev, struct judge_frame *frame)
{
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (a->name.ns != BARK_NS_XSI)
            continue;
        if (judge_same(a->name.local, "type") && !type_named(j, a, &frame->type))
            return j->r.failed ? j->r.failed : soapc_judge_full(j);
        /* The tables know that it is a boolean; it says something of declared elements only [XSD1 3.3.4]. */
        if (judge_same(a->name.local, "nil") && frame->declaration)
            frame->nil =
                memchr(a->raw.ptr, '1', a->raw.len) || memchr(a->raw.ptr, 't', a->raw.len) == a->raw.ptr;
    }
    return BARK_OK;
}

/* IDs among the attributes; a wildcard's are judged by their global declarations. */
static enum bark_code attributes_judge(struct judge *j, const struct bark_xml_event *ev,
                                       const struct soapc_type *type)
{
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        const struct soapc_type *found;
        struct bark_slice text;
        if (!soapc_judge_attribute_type(j, type, &a->name, &found))
            return soapc_judge_full(j);
        if (!found)
            continue;
        if (bark_xml_attribute_text(&j->r, a, &text) != BARK_OK ||
            soapc_judge_id(j, found, text, (size_t)(a->raw.ptr - j->r.begin)) != BARK_OK)
            return j->r.failed;
    }
    return BARK_OK;
}

/* [XSD1 3.3.4, 5.2.2.2] A fixed value for mixed content: text that is it to the letter, and no elements. */
static bool is_fixed_mixed(const struct judge_frame *frame)
{
    return !frame->skip && frame->declaration && frame->declaration->fixed_text && frame->type->complex &&
           frame->type->mixed && !frame->nil;
}

static enum bark_code fixed_mixed_refuse(struct judge *j, size_t offset)
{
    return bark_xml_fail(&j->r, BARK_ERR_FACET, offset,
                         "[XSD1 3.3.4] mixed content with a fixed value is that text, without elements");
}

static enum bark_code start_judge(struct judge *j, const struct bark_xml_event *ev)
{
    struct judge_frame next = { .uri = ev->name.uri,
                                .local = ev->name.local,
                                .offset = ev->offset,
                                .type = j->model->types[SOAPC_BUILTIN_ANY_TYPE] };
    struct judge_frame *frame;
    if (j->frames.count > 0 && is_fixed_mixed(judge_top(j)))
        return fixed_mixed_refuse(j, ev->offset);
    if (j->frames.count == 0)
        next.declaration = soapc_judge_global(j, &ev->name);
    else if (judge_top(j)->skip)
        next.skip = true;
    else if (!soapc_judge_child(j, judge_top(j)->type, &ev->name, &next.declaration, &next.skip))
        return soapc_judge_full(j);
    if (next.declaration)
        next.type = next.declaration->type;
    if (!next.skip && xsi_read(j, ev, &next) != BARK_OK)
        return j->r.failed;
    if (j->frames.count > 0)
        soapc_all_count(judge_top(j), &next);
    if (!soapc_all_start(j, &next))
        return soapc_judge_full(j);
    frame = soapc_judge_grow(j, &j->frames, sizeof *frame);
    if (!frame)
        return j->r.failed;
    *frame = next;
    if (next.skip)
        return BARK_OK;
    if (attributes_judge(j, ev, next.type) != BARK_OK)
        return j->r.failed;
    return soapc_identity_start(j, ev);
}

static enum bark_code end_judge(struct judge *j)
{
    struct judge_frame *frame = judge_top(j);
    const struct soapc_type *simple = soapc_judge_simple(frame->type);
    const struct soapc_element *e = frame->declaration;
    if (is_fixed_mixed(frame) && frame->text.len && !judge_same(frame->text, e->fixed_text))
        return fixed_mixed_refuse(j, frame->offset);
    if (frame->text.len == 0 && e && !frame->nil && (e->default_text || e->fixed_text)) {
        const char *text = e->fixed_text ? e->fixed_text : e->default_text;
        frame->text = (struct bark_slice){ (const uint8_t *)text, strlen(text) };
    }
    if (!frame->skip && simple && !frame->nil &&
        soapc_judge_id(j, simple, frame->text, frame->offset) != BARK_OK)
        return j->r.failed;
    if (soapc_all_end(j, frame) != BARK_OK)
        return j->r.failed;
    if (!frame->skip && soapc_identity_end(j) != BARK_OK)
        return j->r.failed;
    j->frames.count--;
    return BARK_OK;
}

/* [XSD1 3.4.4] cvc-complex-type 2.1: content that is empty has no white space either. */
static bool is_empty(const struct judge_frame *frame)
{
    return !frame->skip && frame->type->complex && frame->type->content == SOAPC_CONTENT_EMPTY &&
           !frame->type->mixed;
}

static enum bark_code text_judge(struct judge *j, const struct bark_xml_event *ev)
{
    struct judge_frame *frame = judge_top(j);
    struct bark_slice text;
    if (soapc_judge_simple(frame->type) || is_fixed_mixed(frame))
        return bark_xml_text(&j->r, ev, &frame->text);
    if (!is_empty(frame))
        return BARK_OK;
    if (bark_xml_text(&j->r, ev, &text) != BARK_OK)
        return j->r.failed;
    return text.len ? bark_xml_fail(&j->r, BARK_ERR_UNEXPECTED, frame->offset,
                                    "[XSD1 3.4.4] this element is empty: it has no text, nor white space")
                    : BARK_OK;
}

static enum bark_code event_judge(struct judge *j, const struct bark_xml_event *ev)
{
    switch (ev->kind) {
    case BARK_XML_START:
        return start_judge(j, ev);
    case BARK_XML_END:
        return end_judge(j);
    case BARK_XML_TEXT:
        return text_judge(j, ev);
    case BARK_XML_PIECE: /* only through a window */
    case BARK_XML_EOF:
        break;
    }
    return soapc_judge_ids_end(j);
}

enum bark_code soapc_judge(const struct soapc_model *model, struct bark_slice in,
                           const struct bark_limits *limits, struct bark_arena *arena, struct bark_error *err)
{
    struct judge j = { .model = model, .arena = arena };
    struct bark_xml_event ev;
    enum bark_code code;
    *err = (struct bark_error){ 0 };
    code = bark_xml_open(&j.r, in, limits, arena, err);
    if (code != BARK_OK)
        return code;
    j.known = bark_arena_alloc(arena, model->type_count, sizeof(struct judge_known *));
    if (!j.known)
        return soapc_judge_full(&j);
    do {
        code = bark_xml_next(&j.r, &ev);
        if (code == BARK_OK)
            code = event_judge(&j, &ev);
    } while (code == BARK_OK && ev.kind != BARK_XML_EOF);
    return code;
}
