/* engine/decode_plan.c - the elements of a message that has a plan (plan.h), in one loop.
 *
 * The same as decode_run.c, one step further: a row of the plan tells at once what a field needs, and where
 * reading stands (the place in the input, the field in turn, the ends of the arena's free room, what the
 * limits leave) is kept here, and told to reader, frame and arena only when somebody else goes on. What is
 * taken is what nearly all messages consist of: tags without white space in them, attributes in the schema's
 * order, values in their usual form. Where anything else stands nothing is taken, and decode_run.c looks at
 * the same place; so, here too, nothing fails, and a refusal needs no reason.
 */
#ifndef BARK_COMPACT

#include "engine/decode_plan_value.h"

/* Readable where a tag or an attribute begins: its name with a prefix, a value's beginning. */
enum { AHEAD = 144, SPACE_MAX = 16, TEXT_LEAST = 64 };
static_assert(AHEAD >= SPACE_MAX + 2 + BARK_RUN_PREFIX + BARK_TAKE_NAME_MAX + 2 + BARK_QUICK_AHEAD,
              "a tag, and as much of its value as a kind's quick way may look at");

/* What may be given back. */
struct undo {
    uint8_t *low, *high;
    uint64_t grants;
};

BARK_INLINE struct undo undo_of(const struct walk *w)
{
    const struct undo undo = { w->low, w->high, w->grants };
    return undo;
}

BARK_APART bool undone(struct walk *w, const struct undo *undo, uint8_t *room, size_t size)
{
    w->low = undo->low;
    w->high = undo->high;
    w->grants = undo->grants;
    memset(room, 0, size);
    return false;
}

static void lead_take(struct walk *w)
{
    const struct bark_run_lead *lead = &w->run->lead;
    w->lead = lead->word;
    w->mask = lead->mask;
    w->lead_len = lead->len;
    w->ns = lead->ns;
}

/* Another prefix than the last. */
BARK_APART bool lead_find(struct walk *w, const uint8_t *at)
{
    if (!bark_run_lead_find(w->run, at))
        return false;
    lead_take(w);
    return true;
}

/* The top frame; false when it is none for these steps. */
static bool frame_take(struct walk *w)
{
    struct bark_decode_frame *frame = w->run->d->top;
    const struct bark_type_row *row = &w->run->image->types[frame->type];
    const struct bark_plan_take *const first = w->takes + row->first;
    w->frame = frame;
    w->base = frame->base;
    w->turn = w->takes + frame->at;
    w->last = first + row->count;
    w->count = frame->count;
    return row->model == BARK_MODEL_SEQUENCE && !frame->seen && w->turn < w->last &&
           w->r->depth < w->r->limits->depth;
}

BARK_INLINE void frame_give(const struct walk *w)
{
    w->frame->at = (uint16_t)(w->turn - w->takes);
    w->frame->count = w->count;
}

/* The open array of the field in turn ends. */
BARK_APART bool array_end(struct walk *w)
{
    bool done;
    frame_give(w);
    arena_give(w);
    done = bark_run_finish(w->run, w->frame);
    arena_take(w);
    return done;
}

/* Whether the name at `at`, whose first word is given, begins as the field's. */
BARK_INLINE bool name_is(const struct bark_plan_take *f, uint64_t word, const uint8_t *at)
{
    if ((word ^ f->name) << f->shift)
        return false;
    if (f->len <= sizeof word)
        return true;
    if (f->len <= 2 * sizeof word)
        return bark_word_at(at + f->len - sizeof word) == bark_word_at(f->text + f->len - sizeof word);
    return bark_bytes_equal(at + sizeof word, f->text + sizeof word, f->len - sizeof word);
}

/* The field that may come next and has the name at local; or NULL. */
BARK_INLINE const struct bark_plan_take *field_find(const struct walk *w, const uint8_t *local)
{
    const struct bark_plan_take *f = w->turn;
    const uint64_t word = bark_word_little(local);
    if (w->count) {
        if (f->flags & BARK_TAKE_MANY) {
            if (f->op == BARK_TAKE_GENERAL)
                return NULL;
            if (name_is(f, word, local) && f->ns == w->ns)
                return f;
        }
        f++;
    }
    for (; f < w->last && f->op != BARK_TAKE_GENERAL; f++) {
        if (name_is(f, word, local) && f->ns == w->ns)
            return f;
        if (f->flags & BARK_TAKE_MUST)
            break;
    }
    return NULL;
}

/* Whether the end tag at `at` has the name, len bytes; ten bytes and the name's are readable there, eight at
 * name. */
BARK_INLINE bool end_is(const uint8_t *at, const uint8_t *name, size_t len)
{
    at += 2;
    if (len <= sizeof(uint64_t))
        return (bark_word_little(at) ^ bark_word_little(name)) << ((64 - 8 * len) & 63) == 0;
    if (bark_word_at(at) != bark_word_at(name))
        return false;
    if (len <= 2 * sizeof(uint64_t))
        return bark_word_at(at + len - sizeof(uint64_t)) == bark_word_at(name + len - sizeof(uint64_t));
    return bark_bytes_equal(at + sizeof(uint64_t), name + sizeof(uint64_t), len - sizeof(uint64_t));
}

/* Room on the scratch end for one more item; NULL when there is none. */
BARK_INLINE uint8_t *item_room(struct walk *w, size_t size)
{
    const size_t need = bark_run_aligned(size);
    if (need > (size_t)(w->high - w->low) || !w->grants || w->count >= w->items)
        return NULL;
    if (!w->frame->array) {
        const struct bark_arena *a = w->r->arena;
        w->frame->array = true;
        w->frame->array_mark = a->cap - (size_t)(w->high - a->base);
    }
    w->high -= need;
    w->grants--;
    return w->high;
}

/* The element whose tag is at `at` and which is the field's has been taken. */
BARK_INLINE void taken(struct walk *w, const struct bark_plan_take *f, const uint8_t *to)
{
    w->at = to;
    w->count++;
    w->elements--;
    if (f->flags & BARK_TAKE_HAS)
        w->base[f->where] = BARK_PRESENT;
}

/* The element of a simple type. len: of the tag, with its '<' and '>'. */
BARK_INLINE bool leaf_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at, size_t len)
{
    const struct undo undo = undo_of(w);
    uint8_t *room = w->base + f->offset;
    const uint8_t *to;
    if (f->flags & BARK_TAKE_MANY) {
        room = item_room(w, f->size);
        if (!room)
            return false;
        memset(room, 0, sizeof(uint64_t));
        if (f->size > sizeof(uint64_t))
            memset(room, 0, bark_run_aligned(f->size));
    }
    to = value_take(w, f, at + len, '<', room);
    if (!to || (size_t)(w->end - to) < BARK_QUICK_AHEAD || to[1] != '/' || !end_is(to, at + 1, len - 1))
        return undone(w, &undo, room, f->size);
    taken(w, f, to + len + 1);
    return true;
}

/* The attributes of a struct at base, up to the '>' or "/>" that it gives; or NULL. */
BARK_INLINE const uint8_t *attributes_take(struct walk *w, const struct bark_type_row *type,
                                           const uint8_t *tag, const uint8_t *at, uint8_t *base)
{
    const struct bark_plan_take *f = w->takes + type->first, *const last = f + type->extra;
    if (type->extra > w->r->limits->attributes)
        return NULL;
    for (; f < last; f++) {
        if (f->op == BARK_TAKE_VALUE && w->end - at >= AHEAD && *at == ' ' &&
            name_is(f, bark_word_little(at + 1), at + 1)) {
            at = value_take(w, f, at + 1 + f->len, '"', base + f->offset);
            if (!at)
                return NULL;
            at++;
            if (f->flags & BARK_TAKE_HAS)
                base[f->where] = BARK_PRESENT;
        } else if (f->op == BARK_TAKE_POSITION) {
            const size_t offset = bark_xml_place(w->r, tag);
            const uint32_t offset32 = offset > UINT32_MAX ? UINT32_MAX : (uint32_t)offset;
            memcpy(base + f->offset, &offset32, sizeof offset32);
        } else if (f->flags & BARK_TAKE_MUST) {
            return NULL;
        }
    }
    return w->end - at > 1 && (*at == '>' || (*at == '/' && at[1] == '>')) ? at : NULL;
}

/* A frame for the struct at base, whose tag ends at `to`, and which is open then. */
BARK_INLINE bool struct_open(struct walk *w, const struct bark_plan_take *f, const uint8_t *at, size_t len,
                             uint8_t *base, uint32_t index)
{
    const struct bark_arena *a = w->r->arena;
    const struct bark_run_lead *lead = &w->run->lead;
    const struct bark_type_row *type = f->type;
    struct bark_xml_reader *r = w->r;
    struct bark_decode_frame *frame;
    const size_t need = bark_run_aligned(sizeof *frame), mark = a->cap - (size_t)(w->high - a->base);
    if (need > (size_t)(w->high - w->low) || !w->grants || type->count == type->extra)
        return false;
    w->high -= need;
    w->grants--;
    frame = (void *)w->high;
    *frame = (struct bark_decode_frame){ .up = w->frame,
                                         .base = base,
                                         .mark = mark,
                                         .type = (uint16_t)(type - w->run->image->types),
                                         .at = (uint16_t)(type->first + type->extra),
                                         .secret_before = r->secret };
    r->secret = r->secret || f->flags & BARK_TAKE_SECRET;
    r->open[r->depth++] = (struct bark_xml_open){ .name = at + 1,
                                                  .len = (uint32_t)len,
                                                  .prefix_len = lead->len > 1 ? lead->len - 2U : 0,
                                                  .binding = lead->binding,
                                                  .bindings = r->binding_count,
                                                  .index = index };
    w->run->d->top = frame;
    return true;
}

/* The struct whose start tag is at `at`; its name ends len bytes behind that. */
BARK_INLINE bool struct_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at, size_t len)
{
    const struct bark_type_row *type = f->type;
    const struct undo undo = undo_of(w);
    uint8_t *room = w->base + f->offset, *const base = w->base;
    const uint8_t *to = at + len;
    if (f->flags & BARK_TAKE_MANY) {
        room = item_room(w, f->size);
        if (!room)
            return false;
        memset(room, 0, f->size);
    } else if (f->flags & BARK_TAKE_BEHIND) {
        const size_t need = bark_run_aligned(f->size);
        room = w->low;
        if (need > (size_t)(w->high - room) || !w->grants)
            return false;
        w->low += need;
        w->grants--;
        memset(room, 0, need);
    }
    if (*to != '>' || type->extra)
        to = attributes_take(w, type, at, to, room);
    if (!to)
        return undone(w, &undo, room, f->size);
    if (*to == '/') {
        if (!bark_run_fields_met(w->run->image, (uint32_t)type->first + type->extra,
                                 (uint32_t)type->first + type->count, 0))
            return undone(w, &undo, room, f->size);
        taken(w, f, to + 2);
    } else {
        const uint32_t index = f->flags & BARK_TAKE_MANY ? w->count + 1 : 0;
        if (!struct_open(w, f, at, len - 1, room, index))
            return undone(w, &undo, room, f->size);
        taken(w, f, to + 1);
        frame_give(w);
    }
    if (f->flags & BARK_TAKE_BEHIND)
        memcpy(base + f->offset, &room, sizeof room);
    return *to == '/' || frame_take(w);
}

/* The start tag at `at`. */
BARK_INLINE bool start_take(struct walk *w, const uint8_t *at)
{
    const struct bark_plan_take *f;
    size_t len;
    if (!w->elements || ((bark_word_at(at) & w->mask) != w->lead && !lead_find(w, at)))
        return false;
    f = field_find(w, at + w->lead_len);
    if (!f)
        return false;
    len = w->lead_len + f->len;
    if (at[len] != '>' && f->op != BARK_TAKE_STRUCT)
        return false;
    if (at[len] != '>' && at[len] != ' ' && at[len] != '/')
        return false;
    if (f != w->turn) {
        if (w->frame->array && !array_end(w))
            return false;
        w->turn = f;
        w->count = 0;
    }
    return f->op == BARK_TAKE_VALUE ? leaf_take(w, f, at, len + 1) : struct_take(w, f, at, len);
}

/* The end tag at `at`, of the top frame's struct. */
BARK_INLINE bool end_take(struct walk *w, const uint8_t *at)
{
    struct bark_xml_reader *r = w->r;
    const struct bark_decode_frame *frame = w->frame;
    const struct bark_xml_open *open = &r->open[r->depth - 1];
    const unsigned flags = w->turn->flags;
    const size_t len = open->len;
    if (!frame->up || frame->group || r->binding_count != open->bindings ||
        len > BARK_RUN_PREFIX + 1 + BARK_TAKE_NAME_MAX || !end_is(at, open->name, len) || at[len + 2] != '>')
        return false;
    if (!(flags & BARK_TAKE_REST) || flags & (w->count ? BARK_TAKE_BOUNDS : BARK_TAKE_MUST))
        return false;
    if (frame->array && !array_end(w))
        return false;
    least_note(w);
    w->run->d->top = frame->up;
    r->secret = frame->secret_before;
    w->high = r->arena->base + (r->arena->cap - frame->mark);
    r->depth--;
    w->at = at + len + 3;
    return frame_take(w);
}

/* Behind white space; NULL when that is longer than it usually is, or no tag follows. */
BARK_INLINE const uint8_t *space_skip(const uint8_t *at, const uint8_t *end)
{
#ifdef BARK_VECTOR
    const bark_vector v = bark_vector_load(at);
    const uint64_t others =
        bark_vector_mask(bark_vector_not(bark_vector_or(bark_vector_is(v, ' '), bark_vector_is(v, '\n'))));
    if (others && at[bark_vector_first(others)] == '<')
        return at + bark_vector_first(others);
#endif
    if (end - at < AHEAD + TEXT_LEAST)
        return NULL;
    end = at + TEXT_LEAST;
    at = bark_scan_space(at, end);
    return at < end && *at == '<' ? at : NULL;
}

BARK_INLINE bool step(struct walk *w)
{
    const uint8_t *at = w->at;
    if (w->end - at < AHEAD)
        return false;
    if (*at != '<') {
        at = space_skip(at, w->end);
        if (!at)
            return false;
    }
    return at[1] == '/' ? end_take(w, at) : start_take(w, at);
}

void bark_decode_plan(struct bark_run *run, const struct bark_plan *plan)
{
    struct bark_xml_reader *r = run->r;
    const struct bark_limits *limits = r->limits;
    struct walk w = { .run = run,
                      .r = r,
                      .takes = plan->takes,
                      .at = r->at,
                      .end = r->end,
                      .elements = limits->elements - r->elements,
                      .items = limits->items,
                      .least = SIZE_MAX,
                      .text_bytes = limits->text_bytes,
                      .call = { &run->d->scope, NULL, &run->d->error, 0 } };
    if (limits->text_bytes < TEXT_LEAST || limits->items == 0 || r->elements > limits->elements ||
        limits->name_bytes < BARK_RUN_PREFIX + 1 + BARK_TAKE_NAME_MAX)
        return;
    lead_take(&w);
    arena_take(&w);
    if (!frame_take(&w))
        return;
    while (step(&w))
        ;
    if (w.frame == run->d->top)
        frame_give(&w);
    arena_give(&w);
    r->elements = limits->elements - w.elements;
    r->at = w.at;
}

#endif
