/* engine/encode_plan.c - the quick way of writing by a plan (plan.h): what encode_run.c does, with less to
 * ask.
 *
 * The place in the output, and whether a '>' is owed, are kept out of memory; a tag is one copy of two steps;
 * a struct that has attributes only needs no frame. What a plan row calls GENERAL, what the last few hundred
 * bytes of the output might not hold, and whatever else is not in its usual form is refused: then
 * encode_run.c, and after it encode.c, has its turn at the same field.
 */
#ifndef BARK_COMPACT

#include "engine/plan.h"

#include "engine/encode.h"
#include "engine/encode_run_value.h"
#include "engine/run.h"
#include "xml/short.h"

enum {
    TAG_ROOM = BARK_PLAN_TAG_MAX + BARK_PLAN_STEP + 16, /* one tag, the bytes of its last step, and marks */
    VALUE_ROOM = 2 * TAG_ROOM + FORM_MAX /* an element of a value of limited length */
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

/* A value of a kind that the row does not tell, or not in its usual form. */
BARK_APART uint8_t *other_value(struct bark_encoder *e, const struct bark_type_row *type, const void *member,
                                enum bark_xml_place in, uint8_t *to, const uint8_t *end)
{
    return value_put(e, type, member, in, to, end);
}

BARK_INLINE uint8_t *number_put(uint8_t *to, uint64_t magnitude, bool negative)
{
    *to = '-';
    return bark_digits_quick(to + negative, magnitude);
}

BARK_INLINE uint8_t *text_put(uint8_t *to, const uint8_t *end, const uint8_t *text, size_t len,
                              enum bark_xml_place in)
{
    if (len > BARK_XML_SHORT_MAX || end - to < BARK_XML_SHORT_MAX)
        return bark_xml_escape_into(to, (size_t)(end - to), (struct bark_slice){ text, len }, in);
    return bark_xml_short_put(to, text, len, in)
               ? to + len
               : bark_xml_escape_into(to, (size_t)(end - to), (struct bark_slice){ text, len }, in);
}

/* The value, up to end, where VALUE_ROOM is; NULL when it is refused. An empty string gives `to`. */
BARK_INLINE uint8_t *plan_value_put(struct bark_encoder *e, const struct bark_plan_field *f,
                                    const void *member, enum bark_xml_place in, uint8_t *to,
                                    const uint8_t *end)
{
    switch ((enum bark_plan_value)f->value) {
    case BARK_PLAN_STRING: {
        const struct bark_text *text = member;
        if (!text->ptr || text->len > f->most)
            break;
        return text_put(to, end, (const uint8_t *)text->ptr, text->len, in);
    }
    case BARK_PLAN_ENUM: {
        const uint32_t value = bark_enum_get(f->type, member);
        struct bark_slice text;
        if (value - 1 >= f->type->count)
            return NULL;
        text = bark_image_name(e->image, e->image->lists[f->type->first + value - 1]);
        return text.len ? text_put(to, end, text.ptr, text.len, in) : NULL;
    }
    case BARK_PLAN_BOOLEAN: {
        const bool truth = *(const bool *)member;
        memcpy(to, truth ? "true " : "false", 5);
        return to + (truth ? 4 : 5);
    }
    case BARK_PLAN_INT32: {
        const int64_t value = *(const int32_t *)member;
        return number_put(to, (uint64_t)(value < 0 ? -value : value), value < 0);
    }
    case BARK_PLAN_UINT32:
        return number_put(to, *(const uint32_t *)member, false);
    case BARK_PLAN_INT64: {
        const int64_t value = *(const int64_t *)member;
        return number_put(to, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
    }
    case BARK_PLAN_FLOAT:
        return to + bark_float_form(to, (enum bark_kind)f->type->kind, member);
    case BARK_PLAN_OTHER:
        break;
    }
    return other_value(e, f->type, member, in, to, end);
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
BARK_INLINE struct bark_encode_frame *frame_push(struct bark_encoder *e, const struct place *p,
                                                 const struct bark_plan_field *f, const void *base)
{
    const size_t mark = bark_scratch_mark(e->arena);
    struct bark_encode_frame *frame = (void *)bark_run_push(e->arena, sizeof *frame);
    const struct bark_field_row *field = e->image->fields + (f - p->plan->fields);
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
static void frame_drop(struct bark_encoder *e)
{
    const struct bark_encode_frame *frame = e->top;
    e->top = frame->up;
    e->arena->allocs--;
    bark_scratch_pop(e->arena, frame->mark);
}

/* The start tag of a struct, and a frame for what is in it. */
BARK_INLINE bool struct_enter(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                              const void *base)
{
    struct bark_encode_frame *frame;
    uint8_t *to = p->to;
    if (p->end - to < VALUE_ROOM)
        return false;
    frame = frame_push(e, p, f, base);
    if (!frame)
        return false;
    *to = '>';
    to = tag_copy(to + p->owed, f->tag, f->tag_len) - 1;
    to = attributes_put(e, p, f->type, base, to);
    if (!to) {
        frame_drop(e);
        return false;
    }
    frame->next = f->type->extra;
    frame->name = e->image->fields[f - p->plan->fields].name;
    frame->ns = f->ns;
    e->depth++;
    p->to = to;
    p->owed = true;
    return true;
}

/* A struct that has attributes only: no frame, but the room for one is asked for as if. */
BARK_INLINE bool leaf_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                          const void *base)
{
    struct bark_arena *arena = e->arena;
    const size_t need = bark_run_aligned(sizeof(struct bark_encode_frame));
    uint8_t *to = p->to;
    if (p->end - to < VALUE_ROOM || !bark_run_grants(arena, need))
        return false;
    arena->scratch += need;
    bark_run_count(arena);
    *to = '>';
    to = tag_copy(to + p->owed, f->tag, f->tag_len) - 1;
    to = attributes_put(e, p, f->type, base, to);
    arena->scratch -= need;
    if (!to || p->end - to < 2) {
        arena->allocs--;
        return false;
    }
    *to++ = '/';
    *to++ = '>';
    p->to = to;
    p->owed = false;
    return true;
}

/* A group has no tag, and of a choice only the field that `which` tells. */
BARK_INLINE bool group_enter(struct bark_encoder *e, const struct place *p, const struct bark_plan_field *f,
                             const void *base)
{
    uint16_t which = 0;
    struct bark_encode_frame *frame;
    if (f->type->model == BARK_MODEL_CHOICE) {
        memcpy(&which, (const uint8_t *)base + f->type->presence, sizeof which);
        if (which == 0 || which > f->type->count)
            return false;
    }
    frame = frame_push(e, p, f, base);
    if (!frame)
        return false;
    if (which) {
        frame->next = (uint16_t)(which - 1);
        frame->end = which;
    }
    return true;
}

/* A struct or group that stands at base. */
BARK_INLINE enum outcome part_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                  enum bark_plan_op op, const void *base)
{
    if (!base)
        return REFUSED;
    if (op == BARK_PLAN_LEAF)
        return leaf_put(e, p, f, base) ? WRITTEN : REFUSED;
    if (op == BARK_PLAN_GROUP)
        return group_enter(e, p, f, base) ? ENTERED : REFUSED;
    return struct_enter(e, p, f, base) ? ENTERED : REFUSED;
}

/* A single struct or group, if it is there. */
BARK_INLINE enum outcome single_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                    enum bark_plan_op op, const uint8_t *base)
{
    const void *member = base + f->offset;
    enum standing standing = standing_of(f, base);
    if (f->flags & BARK_PLAN_BEHIND && standing != UNCLEAR) {
        member = *(const void *const *)member;
        if (f->presence == BARK_PLAN_HAS && (member != NULL) != (standing == STANDS))
            return REFUSED;
        standing = member ? STANDS : f->flags & BARK_PLAN_MAY_LACK ? LACKS : UNCLEAR;
    }
    if (standing != STANDS)
        return standing == LACKS ? WRITTEN : REFUSED;
    return part_put(e, p, f, op, member);
}

/* The items of a repeated member from where it stands: those without a frame all, else the next one. */
BARK_INLINE enum outcome items_put(struct bark_encoder *e, struct place *p, const struct bark_plan_field *f,
                                   enum bark_plan_op op, const uint8_t *base)
{
    struct bark_encode_frame *frame = e->top;
    const struct bark_array *array = (const void *)(base + f->offset);
    const uint8_t *const items = array->items;
    size_t i = frame->items_begun;
    enum outcome outcome = WRITTEN;
    if (array->nil || (array->count && !items) || (array->count == 0 && !(f->flags & BARK_PLAN_MAY_LACK)))
        return REFUSED;
    for (; i < array->count && outcome == WRITTEN; i += outcome != REFUSED) {
        const void *item = items + i * f->size;
        if (op == BARK_PLAN_VALUE) {
            outcome = element_put(e, p, f, item) ? WRITTEN : REFUSED;
        } else {
            frame->item = i;
            outcome = part_put(e, p, f, op, item);
        }
    }
    frame->items_begun = outcome == WRITTEN ? 0 : i;
    frame->item = outcome == ENTERED ? frame->item : 0;
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
    switch ((enum bark_plan_op)f->op) {
    case BARK_PLAN_SKIP:
        return WRITTEN;
    case BARK_PLAN_NOTHING:
        return *(const size_t *)(const void *)(base + f->where) ? REFUSED : WRITTEN;
    case BARK_PLAN_TEXT:
        return content_put(e, p, f, base);
    case BARK_PLAN_LEAF:
    case BARK_PLAN_STRUCT:
        return namespace_fits(p, f) ? single_put(e, p, f, (enum bark_plan_op)f->op, base) : REFUSED;
    case BARK_PLAN_GROUP:
        return single_put(e, p, f, BARK_PLAN_GROUP, base);
    case BARK_PLAN_VALUES:
    case BARK_PLAN_LEAVES:
    case BARK_PLAN_STRUCTS:
        return namespace_fits(p, f) ? items_put(e, p, f, (enum bark_plan_op)(f->op - 1), base) : REFUSED;
    case BARK_PLAN_GROUPS:
        return items_put(e, p, f, BARK_PLAN_GROUP, base);
    case BARK_PLAN_VALUE:
    case BARK_PLAN_GENERAL:
        break;
    }
    return REFUSED;
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
    bark_scratch_pop(e->arena, frame->mark);
    return true;
}

void bark_encode_plan(struct bark_encoder *e, const struct bark_plan *plan)
{
    struct bark_out *out = e->out;
    enum outcome outcome = WRITTEN;
    struct place p = { out->base + out->pos, bark_run_end(out), plan, e->namespaces | 1, e->tag_open };
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
