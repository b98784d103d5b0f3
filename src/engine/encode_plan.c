/* engine/encode_plan.c - the quick way of writing by a plan (plan.h): what encode_run.c does, with less to
 * ask.
 *
 * The place in the output, and whether a '>' is owed, are kept out of memory; a tag is one copy of two steps;
 * a struct that has attributes only needs no frame. What a plan row calls GENERAL, what the last few hundred
 * bytes of the output might not hold, and whatever else is not in its usual form is refused: then
 * encode_run.c, and after it encode.c, has its turn at the same field.
 */
#ifndef BARK_COMPACT

#include "engine/encode_plan_value.h"

#include "base/digits.h"
#include "engine/run.h"

enum {
    TAG_ROOM = BARK_PLAN_TAG_MAX + BARK_PLAN_STEP + 16, /* one tag, the bytes of its last step, and marks */
    VALUE_ROOM = 2 * TAG_ROOM + BARK_PLAN_FORM_MAX /* an element of a value of limited length */
};

enum outcome { REFUSED, WRITTEN, ENTERED };

/* Where writing has got to. A copy of the encoder's own, which is brought up to date when it is left. */
struct place {
    uint8_t *to, *end;
    const struct bark_plan *plan;
    uint64_t namespaces; /* that need no declaration, by row */
    bool owed; /* the start tag's '>' */
};

struct step {
    uint64_t words[BARK_PLAN_STEP / sizeof(uint64_t)];
};

/* Copies a text of a plan; up to a step more is written. */
BARK_INLINE uint8_t *tag_copy(uint8_t *to, const uint8_t *tag, size_t len)
{
    struct step step;
    memcpy(&step, tag, sizeof step);
    memcpy(to, &step, sizeof step);
    if (len > sizeof step) {
        memcpy(&step, tag + sizeof step, sizeof step);
        memcpy(to + sizeof step, &step, sizeof step);
        if (len > 2 * sizeof step)
            to[2 * sizeof step] = tag[2 * sizeof step]; /* an end tag may have one more */
    }
    return to + len;
}

BARK_INLINE uint8_t *text_put(uint8_t *to, const uint8_t *end, const uint8_t *text, size_t len,
                              enum bark_xml_place in)
{
    if (len <= BARK_XML_SHORT_MAX && bark_xml_short_put(to, text, len, bark_plan_short_flags(in)))
        return to + len;
    return bark_xml_escape_into(to, (size_t)(end - to), (struct bark_slice){ text, len }, in);
}

/* A string or an enumeration's text; ptr NULL: it is not for the quick way. */
BARK_INLINE struct bark_slice text_of_row(const struct bark_encoder *e, const struct bark_plan_field *f,
                                          const void *member)
{
    const struct bark_text *held = member;
    struct bark_slice text = { NULL, 0 };
    if (f->value == BARK_PLAN_STRING) {
        if (held->len <= f->most)
            text = (struct bark_slice){ (const uint8_t *)held->ptr, held->len };
    } else {
        const uint32_t value = bark_enum_get(f->type, member);
        if (value - 1 < f->type->count)
            text = bark_image_name(e->image, e->image->lists[f->type->first + value - 1]);
    }
    return text;
}

BARK_INLINE uint8_t *integer_put(const struct bark_plan_field *f, const void *member, uint8_t *to)
{
    int64_t value = f->value == BARK_PLAN_INT32    ? *(const int32_t *)member
                    : f->value == BARK_PLAN_UINT32 ? (int64_t) * (const uint32_t *)member
                                                   : *(const int64_t *)member;
    const uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *to = '-';
    to += value < 0;
    return magnitude < 100000000 ? bark_digits_short(to, (uint32_t)magnitude)
                                 : bark_digits_ahead(to, magnitude);
}

/* The value, up to end, where VALUE_ROOM is; NULL when it is refused. An empty string gives `to`. */
BARK_INLINE uint8_t *plan_value_put(struct bark_encoder *e, const struct bark_plan_field *f,
                                    const void *member, enum bark_xml_place in, uint8_t *to,
                                    const uint8_t *end)
{
    if (f->value >= BARK_PLAN_INT32 && f->value <= BARK_PLAN_INT64)
        return integer_put(f, member, to);
    if (f->value == BARK_PLAN_STRING || f->value == BARK_PLAN_ENUM) {
        const struct bark_slice text = text_of_row(e, f, member);
        if (text.ptr)
            return text_put(to, end, text.ptr, text.len, in);
    } else if (f->value == BARK_PLAN_BOOLEAN) {
        const bool truth = bark_boolean_get(member);
        memcpy(to, truth ? "true " : "false", 5);
        return to + 5 - truth;
    } else if (f->value == BARK_PLAN_FLOAT) {
        return to + bark_float_form(to, (enum bark_kind)f->type->kind, member);
    }
    return bark_plan_value_put(e, f, member, in, to, end);
}

/* How a member stands: there, not there, or for somebody else to say. */
enum standing { LACKS, STANDS, UNCLEAR };

BARK_INLINE enum standing standing_of(const struct bark_plan_field *f, const uint8_t *base)
{
    bool there = true;
    if (f->presence == BARK_PLAN_HAS) {
        const uint8_t has = base[f->where];
        if (has > BARK_PRESENT)
            return UNCLEAR;
        there = has;
    } else if (f->presence == BARK_PLAN_POINTER) {
        there = *(const void *const *)(const void *)(base + f->where) != NULL;
    } else if (f->presence == BARK_PLAN_NUMBER) {
        there = bark_enum_get(f->type, base + f->offset) != 0;
    }
    if (there)
        return STANDS;
    return f->flags & BARK_PLAN_MAY_LACK ? LACKS : UNCLEAR;
}

BARK_INLINE bool namespace_fits(const struct place *p, const struct bark_plan_field *f)
{
    return p->namespaces >> f->ns & 1;
}

/* One element of a simple type. */
BARK_INLINE bool element_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                             const void *member)
{
    uint8_t *to = p->to, *content;
    if (p->end - to < VALUE_ROOM)
        return false;
    *to = '>';
    content = tag_copy(to + p->owed, f->tag, f->tag_len);
    to = plan_value_put(e, f, member, BARK_XML_IN_TEXT, content, p->end);
    if (!to || p->end - to < TAG_ROOM)
        return false;
    if (to == content) { /* an empty element; so says encode_value.c */
        to[-1] = '/';
        *to++ = '>';
    } else {
        to = tag_copy(to, f->tag + f->tag_len, f->tag_len + 1U);
    }
    p->to = to;
    p->owed = false;
    return true;
}

/* The attributes of a struct at base, from `to` on. */
BARK_INLINE uint8_t *attributes_put(struct bark_encoder *e, const struct place *p,
                                    const struct bark_type_row *type, const uint8_t *base, uint8_t *to)
{
    const struct bark_plan_field *f = p->plan->fields + type->first, *const last = f + type->extra;
    for (; f < last; f++) {
        enum standing standing;
        if (f->op != BARK_PLAN_VALUE) {
            if (f->op == BARK_PLAN_SKIP ||
                (f->op == BARK_PLAN_NOTHING && !*(const size_t *)(const void *)(base + f->where)))
                continue;
            return NULL;
        }
        standing = standing_of(f, base);
        if (standing == LACKS)
            continue;
        if (standing == UNCLEAR || p->end - to < VALUE_ROOM)
            return NULL;
        to = tag_copy(to, f->tag, f->tag_len);
        to = plan_value_put(e, f, base + f->offset, BARK_XML_IN_ATTRIBUTE, to, p->end);
        if (!to || to == p->end)
            return NULL;
        *to++ = '"';
    }
    return to;
}

/* A frame as encode.c makes it; NULL when there is no room. */
BARK_INLINE struct bark_encode_frame *frame_push(struct bark_encoder *e, const struct bark_plan *plan,
                                                 const struct bark_plan_field *f, const void *base)
{
    const size_t mark = bark_scratch_mark(e->arena);
    struct bark_encode_frame *frame = (void *)bark_run_push(e->arena, sizeof *frame);
    const struct bark_field_row *field = e->image->fields + (f - plan->fields);
    if (!frame)
        return NULL;
    *frame = (struct bark_encode_frame){ .up = e->top,
                                         .type = f->type,
                                         .base = base,
                                         .holder = field,
                                         .holder_item = e->top->item,
                                         .mark = mark,
                                         .end = f->type->count,
                                         .name = BARK_NONE };
    e->top->field = field;
    e->top = frame;
    return frame;
}

/* Undoes frame_push(), as if it had never been: whoever does it again asks for the same. */
BARK_APART void frame_drop(struct bark_encoder *e, const struct bark_encode_frame *frame)
{
    e->arena->allocs--;
    e->top = frame->up;
    bark_scratch_pop(e->arena, frame->mark);
}

/* A struct that has attributes only: no frame, but the room for one is asked for as if. */
BARK_INLINE bool leaf_room(struct bark_arena *arena)
{
    const size_t need = bark_run_aligned(sizeof(struct bark_encode_frame));
    if (!bark_run_grants(arena, need))
        return false;
    arena->scratch += need;
    bark_run_count(arena);
    arena->scratch -= need;
    return true;
}

/* Structs that have attributes only, from the first item on; how many were written. */
BARK_APART size_t leaves_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                             const uint8_t *item, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++, item += f->size) {
        uint8_t *to = p->to;
        if (p->end - to < VALUE_ROOM || !leaf_room(e->arena))
            break;
        *to = '>';
        to = tag_copy(to + p->owed, f->tag, f->tag_len) - 1;
        to = attributes_put(e, p, f->type, item, to);
        if (!to || p->end - to < 2) {
            e->arena->allocs--;
            break;
        }
        *to++ = '/';
        *to++ = '>';
        p->to = to;
        p->owed = false;
    }
    return i;
}

/* Elements of a simple type. */
BARK_APART size_t values_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                             const uint8_t *item, size_t count)
{
    size_t i;
    for (i = 0; i < count && element_put(e, p, f, item); i++)
        item += f->size;
    return i;
}

/* The start tag of a struct, and a frame for what is in it. */
BARK_INLINE bool struct_enter(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                              const void *base)
{
    struct bark_encode_frame *frame;
    uint8_t *to = p->to;
    if (p->end - to < VALUE_ROOM)
        return false;
    frame = frame_push(e, p->plan, f, base);
    if (!frame)
        return false;
    *to = '>';
    to = tag_copy(to + p->owed, f->tag, f->tag_len) - 1;
    to = attributes_put(e, p, f->type, base, to);
    if (!to) {
        frame_drop(e, frame);
        return false;
    }
    p->owed = true;
    p->to = to;
    frame->next = f->type->extra;
    frame->name = f->name;
    frame->ns = f->ns;
    e->depth++;
    return true;
}

/* A group has no tag, and of a choice only the field that `which` tells. */
BARK_APART bool group_enter(struct bark_encoder *e, const struct bark_plan *plan,
                            const struct bark_plan_field *f, const void *base)
{
    uint16_t which = 0;
    struct bark_encode_frame *frame;
    if (f->type->model == BARK_MODEL_CHOICE) {
        memcpy(&which, (const uint8_t *)base + f->type->presence, sizeof which);
        if (which == 0 || which > f->type->count)
            return false;
    }
    frame = frame_push(e, plan, f, base);
    if (!frame)
        return false;
    if (which) {
        frame->next = (uint16_t)(which - 1);
        frame->end = which;
    }
    return true;
}

/* What a single member stands for: itself or what it points to; NULL when there is nothing to write. */
BARK_INLINE enum standing single_of(const struct bark_plan_field *f, const uint8_t *base,
                                    const uint8_t **item)
{
    enum standing standing = standing_of(f, base);
    *item = base + f->offset;
    if (f->flags & BARK_PLAN_BEHIND && standing != UNCLEAR) {
        *item = *(const void *const *)(const void *)*item;
        if (f->presence == BARK_PLAN_HAS && (*item != NULL) != (standing == STANDS))
            return UNCLEAR;
        standing = *item ? STANDS : f->flags & BARK_PLAN_MAY_LACK ? LACKS : UNCLEAR;
    }
    return standing;
}

/* Up to count items, from one on, that need no frame: how many were written. What is called gets a copy of
 * the place, so that the place itself need not be in memory. */
BARK_INLINE size_t flat_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                            bool leaf, const uint8_t *item, size_t count)
{
    struct place copy = *p;
    count = leaf ? leaves_put(e, &copy, f, item, count) : values_put(e, &copy, f, item, count);
    p->to = copy.to;
    p->owed = copy.owed;
    return count;
}

/* A struct or group, or a struct that is a leaf. */
BARK_INLINE enum outcome part_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                  bool group, const uint8_t *item)
{
    return (group ? group_enter(e, p->plan, f, item) : struct_enter(e, p, f, item)) ? ENTERED : REFUSED;
}

BARK_INLINE bool is_flat(unsigned op)
{
    return op <= BARK_PLAN_LEAVES;
}

/* The items of a repeated member from where it stands: those without a frame all, else the next one. */
BARK_INLINE enum outcome items_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                   const uint8_t *base, const uint8_t **entered)
{
    struct bark_encode_frame *const frame = e->top;
    const struct bark_array *array = (const void *)(base + f->offset);
    const size_t i = frame->items_begun, count = array->count;
    const uint8_t *item = array->items;
    if (array->nil || (count && !item) || (count == 0 && !(f->flags & BARK_PLAN_MAY_LACK)))
        return REFUSED;
    if (i == count) {
        frame->items_begun = 0;
        frame->item = 0;
        return WRITTEN;
    }
    item += i * f->size;
    if (!is_flat(f->op)) {
        frame->item = i;
        *entered = item;
        return ENTERED;
    }
    frame->items_begun = i + flat_put(e, p, f, f->op == BARK_PLAN_LEAVES, item, count - i);
    if (frame->items_begun < count)
        return REFUSED;
    frame->items_begun = 0;
    return WRITTEN;
}

/* A struct or group, and whatever is repeated. */
BARK_INLINE enum outcome member_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                    const uint8_t *base)
{
    const bool many = (f->op - BARK_PLAN_VALUE) % 2;
    const uint8_t *item;
    enum outcome outcome = ENTERED;
    if (!namespace_fits(p, f))
        return REFUSED;
    if (many) {
        outcome = items_put(e, p, f, base, &item);
    } else {
        const enum standing standing = single_of(f, base, &item);
        if (standing != STANDS)
            return standing == LACKS ? WRITTEN : REFUSED;
        if (f->op == BARK_PLAN_LEAF)
            return flat_put(e, p, f, true, item, 1) ? WRITTEN : REFUSED;
    }
    if (outcome != ENTERED)
        return outcome;
    outcome = part_put(e, p, f, f->op >= BARK_PLAN_GROUP, item);
    if (many && outcome == ENTERED)
        e->top->up->items_begun++;
    return outcome;
}

/* The value of a struct with simple content. */
BARK_INLINE enum outcome content_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                     const uint8_t *base)
{
    const struct bark_field_row *holder = e->top->holder;
    uint8_t *to = p->to, *content;
    if ((holder && bark_field_bits(e->image, holder) & (BARK_F_DEFAULT | BARK_F_FIXED)) ||
        p->end - to < VALUE_ROOM || standing_of(f, base) != STANDS)
        return REFUSED;
    *to = '>';
    content = to + p->owed;
    to = plan_value_put(e, f, base + f->offset, BARK_XML_IN_TEXT, content, p->end);
    if (!to || to == content)
        return REFUSED;
    p->to = to;
    p->owed = false;
    return WRITTEN;
}

BARK_INLINE enum outcome field_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                   const uint8_t *base)
{
    if (f->op == BARK_PLAN_VALUE) {
        const enum standing standing = standing_of(f, base);
        if (standing != STANDS)
            return standing == LACKS ? WRITTEN : REFUSED;
        return namespace_fits(p, f) && element_put(e, p, f, base + f->offset) ? WRITTEN : REFUSED;
    }
    if (f->op > BARK_PLAN_VALUE)
        return member_put(e, p, f, base);
    if (f->op == BARK_PLAN_NOTHING)
        return *(const size_t *)(const void *)(base + f->where) ? REFUSED : WRITTEN;
    if (f->op == BARK_PLAN_TEXT)
        return content_put(e, p, f, base);
    return f->op == BARK_PLAN_SKIP ? WRITTEN : REFUSED;
}

/* The end of the top frame, which is not the root's. */
BARK_INLINE bool frame_end(struct bark_encoder *e, struct place *p)
{
    struct bark_encode_frame *frame = e->top;
    if (!frame->up)
        return false;
    if (frame->name != BARK_NONE) {
        const struct bark_plan_field *f = p->plan->fields + (frame->holder - e->image->fields);
        if (!f->tag_len || p->end - p->to < TAG_ROOM)
            return false;
        if (p->owed) {
            *p->to++ = '/';
            *p->to++ = '>';
        } else {
            p->to = tag_copy(p->to, f->tag + f->tag_len, f->tag_len + 1U);
        }
        p->owed = false;
        e->depth--;
    }
    e->top = frame->up;
    e->arena->scratch = frame->mark; /* bark_scratch_pop() */
    return true;
}

void bark_encode_plan(struct bark_encoder *e, const struct bark_plan *plan)
{
    struct bark_out *out = e->out;
    enum outcome outcome = WRITTEN;
    struct place p = { out->base + out->pos, &out->base[out->cap], plan, e->namespaces | 1, e->tag_open };
    if (e->locals || out->failed || !out->base)
        return;
    while (outcome != REFUSED && e->depth < e->limits->depth) {
        struct bark_encode_frame *frame = e->top;
        const struct bark_plan_field *const fields = plan->fields + frame->type->first;
        const struct bark_plan_field *f = &fields[frame->next], *const last = &fields[frame->end];
        const uint8_t *const base = frame->base;
        outcome = WRITTEN;
        while (f < last && outcome == WRITTEN) {
            outcome = field_put(e, &p, f, base);
            f += outcome == WRITTEN ||
                 (outcome == ENTERED && (f->op == BARK_PLAN_STRUCT || f->op == BARK_PLAN_GROUP));
        }
        frame->next = (uint16_t)(f - fields);
        if (outcome == WRITTEN && !frame_end(e, &p))
            break;
    }
    out->pos = (size_t)(p.to - out->base);
    e->tag_open = p.owed;
}

#endif
