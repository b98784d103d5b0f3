/* engine/decode_run.c - the elements that nearly all of a message consists of, in one loop.
 *
 * A message that follows its schema goes on, tag after tag, with the member that the table says comes next,
 * in its plain form: "<p:name>value</p:name>", "<p:name a="1">", "</p:name>", white space between them. This
 * file takes such elements as they stand, with a value read straight from the input, and moves the decoder on
 * by whole elements. It never fails: where anything else stands, however slightly, it takes nothing of that
 * element and leaves it to the general way (decode.c), which knows every form and every error. So all it has
 * to prove is that what it takes, the general way would have taken in the same way; a refusal needs no
 * reason.
 *
 * A step looks at most BARK_QUICK_AHEAD bytes ahead without asking, so the last bytes of an input are always
 * read the general way, and so is an element whose end is not there yet.
 */
#ifndef BARK_COMPACT

#include "engine/decode_run.h"
#include "engine/plan.h"

#include "base/bytes.h"

#include <string.h>

enum { CANDIDATES = 16 }; /* fields looked at before the general way is quicker */

/* The start of a tag of this binding, '<' and prefix and ':', as one word to compare with. */
static bool lead_set(struct bark_run *run, uint32_t binding)
{
    struct bark_xml_reader *r = run->r;
    uint8_t word[8] = { '<' }, mask[8] = { 0xff };
    size_t i, len = 1;
    run->lead.binding = binding;
    run->lead.ns = 0;
    if (binding != BARK_XML_COLD) {
        const struct bark_slice prefix = r->bindings[binding].prefix;
        if (prefix.len > BARK_RUN_PREFIX)
            return false;
        run->lead.ns = r->bindings[binding].ns;
        r->bindings[binding].used = true;
        for (i = 0; i < prefix.len; i++)
            word[len++] = prefix.ptr[i];
        if (prefix.len)
            word[len++] = ':';
    } else {
        r->bare = true;
    }
    memset(mask, 0xff, len);
    run->lead.word = bark_word_at(word);
    run->lead.mask = bark_word_at(mask);
    run->lead.len = (uint8_t)len;
    r->hot = binding;
    return true;
}

bool bark_run_lead_find(struct bark_run *run, const uint8_t *at)
{
    const struct bark_run_lead last = run->lead;
    struct bark_slice prefix = { at + 1, 0 };
    uint32_t binding;
    if (run->other.len > 1 && (bark_word_at(at) & run->other.mask) == run->other.word) {
        run->lead = run->other;
        run->other = last;
        run->r->hot = run->lead.binding;
        return true;
    }
    while (prefix.len <= BARK_RUN_PREFIX && bark_xml_byte_is(prefix.ptr[prefix.len], BARK_XML_NAME_BYTE))
        prefix.len++;
    if (prefix.ptr[prefix.len] != ':')
        prefix.len = 0; /* or a prefix that is too long: then no name fits */
    binding = bark_xml_binding_find(run->r, prefix);
    if ((binding == BARK_XML_COLD && prefix.len) || binding == last.binding || !lead_set(run, binding))
        return false;
    run->other = last;
    return true;
}

/* Takes the top frame up for the steps to come; false when it is none for them. */
BARK_INLINE bool frame_set(struct bark_run *run)
{
    const struct bark_decode_frame *frame = run->d->top;
    const struct bark_type_row *row;
    if (!frame || frame->nil)
        return false;
    row = &run->image->types[frame->type];
    run->row = row;
    return row->model == BARK_MODEL_SEQUENCE || row->model == BARK_MODEL_CHOICE ||
           row->model == BARK_MODEL_ALL;
}

/* Whether the name at local is the field's, whole. Eight bytes are readable there. */
BARK_INLINE bool name_is(const struct bark_run *run, const struct bark_field_row *f,
                         const struct bark_trait_row *trait, const uint8_t *local, size_t *len)
{
    const uint32_t row = run->image->names[f->name];
    *len = bark_name_len(row);
    if (trait->ns != run->lead.ns ||
        (*len > sizeof(uint64_t) && *len + BARK_QUICK_AHEAD > (size_t)(run->r->end - local)) ||
        !bark_run_name(run->image, row, local))
        return false;
    return local[*len] == '>' || local[*len] == '/' || local[*len] <= ' '; /* what it is, is seen later */
}

/* The field that may come next and has the name at local, behind the lead; or NULL. */
BARK_INLINE const struct bark_field_row *field_find(const struct bark_run *run, const uint8_t *local,
                                                    size_t *len)
{
    const struct bark_decode_frame *frame = run->d->top;
    const struct bark_field_row *const fields = run->image->fields, *f = fields + frame->at;
    const struct bark_field_row *end = fields + run->row->first + run->row->count;
    const struct bark_trait_row *trait;
    if (frame->count) { /* of the field in turn */
        trait = bark_field_trait(run->image, f);
        if (trait->bits & BARK_F_REPEATED) {
            const struct bark_extra_row *bounds =
                trait->bits & BARK_F_OCCURS ? &run->image->extras[trait->extra] : NULL;
            if (trait->bits & BARK_F_KIND) /* no ELEMENT, which is 0 */
                return NULL;
            if ((!bounds || frame->count < bounds->occurs_max) && name_is(run, f, trait, local, len))
                return f;
            if (bounds && frame->count < bounds->occurs_min)
                return NULL;
        }
        f++;
    }
    end = end - f > CANDIDATES ? f + CANDIDATES : end;
    for (; f < end; f++) {
        trait = bark_field_trait(run->image, f);
        if (trait->bits & BARK_F_KIND)
            return NULL;
        if (name_is(run, f, trait, local, len))
            return f;
        if (trait->bits & BARK_F_REQUIRED)
            return NULL;
    }
    return NULL;
}

/* Makes the field the one in turn. What is open before it ends, if there is room to. */
BARK_INLINE bool frame_move(struct bark_run *run, uint16_t at)
{
    struct bark_decode_frame *frame = run->d->top;
    if (frame->at == at)
        return true;
    if (frame->array && !bark_run_finish(run, frame))
        return false;
    frame->at = at;
    frame->count = 0;
    return true;
}

/* The room of a simple value: never behind a pointer. */
BARK_INLINE uint8_t *leaf_room(const struct bark_run *run, const struct bark_field_row *f, unsigned bits,
                               size_t size)
{
    struct bark_arena *a = run->r->arena;
    struct bark_decode_frame *frame = run->d->top;
    uint64_t *words;
    if (!(bits & BARK_F_REPEATED))
        return frame->base + f->offset;
    if (bits & BARK_F_NILLABLE)
        return NULL;
    if (!frame->array) {
        frame->array = true;
        frame->array_mark = bark_scratch_mark(a);
    }
    words = (uint64_t *)(void *)bark_run_push(a, size);
    if (!words)
        return NULL;
    words[0] = 0;
    if (size > sizeof *words)
        memset(words, 0, bark_run_aligned(size));
    return (uint8_t *)words;
}

const uint8_t *bark_run_tag_rest(const struct bark_run *run, const uint8_t *at)
{
    at = bark_scan_space(at, run->r->end);
    if (run->r->end - at > 1 && at[0] == '/' && at[1] == '>')
        return at + 1;
    return at < run->r->end && *at == '>' ? at : NULL;
}

/* The value of an element without content. */
static bool nothing_take(struct bark_run *run, const struct bark_type_row *type, void *room)
{
    static const uint8_t nothing[1];
    if (type->kind == BARK_KIND_STRING && type->flags & BARK_TYPE_PLAIN)
        return bark_run_grants(run->r->arena, BARK_ALIGN) && bark_run_text_keep(run, 0, room);
    return bark_value_read(&run->d->scope, (uint16_t)(type - run->image->types),
                           (struct bark_slice){ nothing, 0 }, room, &run->d->error) == BARK_OK;
}

/* The whole element of a simple type whose start tag ends with the '>' at close; or nothing. */
BARK_INLINE bool leaf_take(struct bark_run *run, const struct bark_run_tag *tag, const uint8_t *close,
                           const struct bark_field_row *f, const struct bark_type_row *type)
{
    struct bark_xml_reader *r = run->r;
    struct bark_decode_frame *frame = run->d->top;
    const struct bark_run_undo undo = bark_run_undo_of(r->arena);
    const struct bark_trait_row *trait = bark_field_trait(run->image, f);
    const uint8_t *to = close + 1;
    uint8_t *room;
    if (trait->bits & BARK_F_DEFAULT && (close[-1] == '/' || to == r->end || *to == '<'))
        return false; /* no text, or a comment alone */
    room = leaf_room(run, f, trait->bits, type->size);
    if (!room)
        return false;
    if (close[-1] == '/') {
        if (!nothing_take(run, type, room))
            return bark_run_undone(r->arena, &undo, room, type->size);
    } else {
        to = bark_run_quick(run, type, to, '<', room);
        if (!to || !(to = bark_run_leaf_end(run, tag, to)))
            return bark_run_undone(r->arena, &undo, room, type->size);
    }
    r->at = to;
    bark_run_taken(run, frame, f);
    return true;
}

/* The start tag at `at`, with all of its element when that is a simple value. */
BARK_INLINE bool start_take(struct bark_run *run, const uint8_t *at)
{
    struct bark_xml_reader *r = run->r;
    const struct bark_limits *limits = r->limits;
    const struct bark_field_row *f;
    const struct bark_type_row *type;
    struct bark_run_tag tag = { .at = at };
    size_t len = 0;
    if ((bark_word_at(at) & run->lead.mask) != run->lead.word && !bark_run_lead_find(run, at))
        return false;
    f = run->row->model == BARK_MODEL_SEQUENCE ? field_find(run, at + run->lead.len, &len) : NULL;
    if (!f && run->lead.len == 1 && bark_run_lead_find(run, at))
        return true; /* not without a prefix: the next step tries that */
    if (!f && !(f = bark_run_place(run, at + run->lead.len, &len)))
        return false;
    if (bark_field_bits(run->image, f) & BARK_F_FIXED)
        return false;
    tag.len = run->lead.len - 1U + len;
    if (r->elements == limits->elements || r->depth == limits->depth || tag.len > limits->name_bytes ||
        !frame_move(run, (uint16_t)(f - run->image->fields)) || run->d->top->count >= limits->items)
        return false;
    type = &run->image->types[f->type];
    if (type->model == BARK_MODEL_NONE) {
        const uint8_t *close = at + tag.len + 1;
        if (*close != '>' && !(close = bark_run_tag_rest(run, close)))
            return false;
        return leaf_take(run, &tag, close, f, type);
    }
    if (type->kind != BARK_KIND_STRUCT || type->flags & BARK_TYPE_ABSTRACT ||
        bark_field_bits(run->image, f) & BARK_F_DEFAULT)
        return false;
    if (type->model == BARK_MODEL_VALUE)
        return bark_run_simple(run, &tag, f, type);
    return type->model == BARK_MODEL_SEQUENCE && bark_run_struct(run, &tag, f, type) && frame_set(run);
}

/* How often a field must come at least; a group may do without any element, which is not looked at here. */
static uint32_t field_min(const struct bark_image *image, const struct bark_field_row *f)
{
    if (bark_field_bits(image, f) & BARK_F_OCCURS)
        return bark_field_extra(image, f)->occurs_min;
    return (bark_field_bits(image, f) & BARK_F_REQUIRED) != 0;
}

bool bark_run_fields_met(const struct bark_image *image, uint32_t at, uint32_t end, uint32_t count)
{
    for (; at < end; at++, count = 0)
        if (count < field_min(image, &image->fields[at]))
            return false;
    return true;
}

/* The end tag at `at`, of the top frame's struct. The frame that was pushed first is left to the caller. */
BARK_INLINE bool end_take(struct bark_run *run, const uint8_t *at)
{
    struct bark_decoder *d = run->d;
    struct bark_xml_reader *r = run->r;
    struct bark_decode_frame *frame = d->top;
    const struct bark_xml_open *open = &r->open[r->depth - 1];
    const uint8_t *close = at + open->len + 2;
    if (!frame->up || open->len + 3U > (size_t)(r->end - at) ||
        !bark_bytes_equal_ahead(at + 2, open->name, open->len))
        return false;
    if (*close != '>' && (*close == '/' || !(close = bark_run_tag_rest(run, close)) || close[-1] == '/'))
        return false;
    if (frame->group || frame->seen) {
        if (!bark_run_groups_end(run))
            return false;
        frame = d->top;
    } else if (!bark_run_fields_met(run->image, frame->at, (uint32_t)run->row->first + run->row->count,
                                    frame->count)) {
        return false;
    }
    if (frame->array && !bark_run_finish(run, frame))
        return false;
    d->top = frame->up;
    r->secret = frame->secret_before;
    bark_scratch_pop(r->arena, frame->mark);
    r->at = close + 1;
    r->depth--;
    if (r->binding_count != open->bindings) {
        bark_xml_unbind(r, open->bindings);
        return false; /* the leads may mean something else now */
    }
    return frame_set(run);
}

/* The next tag, white space before it passed over. */
BARK_INLINE bool step(struct bark_run *run)
{
    struct bark_xml_reader *r = run->r;
    const uint8_t *at = r->at;
    if ((size_t)(r->end - at) < BARK_QUICK_AHEAD)
        return false;
    if (*at != '<') {
        at = bark_scan_space(at, r->end);
        if ((size_t)(r->end - at) < BARK_QUICK_AHEAD || *at != '<' ||
            (size_t)(at - r->at) > r->limits->text_bytes)
            return false;
    }
    return at[1] == '/' ? end_take(run, at) : start_take(run, at);
}

void bark_decode_run(struct bark_decoder *d)
{
    struct bark_run run = { .d = d, .r = d->r, .image = d->image, .lead = { .word = 1 } }; /* no lead yet */
    if (d->r->failed != BARK_OK || d->r->pending_end || bark_xml_windowed(d->r) || d->general)
        return;
    if (d->r->leaving)
        bark_xml_leave(d->r);
    if (d->r->depth == 0 || !frame_set(&run) ||
        (d->r->hot < d->r->binding_count && !lead_set(&run, d->r->hot)))
        return;
    do {
        if (BARK_HAS_PLAN && d->image->plan) {
            d->image->plan->decode(&run, d->image->plan);
            if (!frame_set(&run))
                return;
        }
    } while (step(&run));
}

#endif
