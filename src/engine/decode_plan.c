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

#include "engine/decode_run.h"
#include "engine/plan.h"

#include "base/digits.h"

#include <string.h>

/* Readable where a tag or an attribute begins: its name with a prefix, a value's beginning. */
enum { AHEAD = 144, SPACE_MAX = 16, TEXT_LEAST = 64 };
static_assert(AHEAD >= SPACE_MAX + 2 + BARK_RUN_PREFIX + BARK_TAKE_NAME_MAX + 2 + BARK_QUICK_AHEAD,
              "a tag, and as much of its value as a kind's quick way may look at");

struct walk {
    struct bark_run *run;
    struct bark_xml_reader *r;
    const struct bark_plan_take *takes;
    const uint8_t *at, *end;
    /* The lead of decode_run.c. */
    uint64_t lead, mask;
    size_t lead_len;
    /* The top frame: its struct, the field in turn and how often it came, and where its fields end. */
    struct bark_decode_frame *frame;
    uint8_t *base;
    const struct bark_plan_take *turn, *last;
    uint32_t count;
    uint32_t elements; /* that the limits leave */
    uint32_t items;
    uint16_t ns; /* of the lead */
    /* The arena: free from low to high, the least that was free; allocations until one is refused. */
    uint8_t *low, *high;
    size_t least, text_bytes;
    uint64_t grants;
    struct bark_value_call call;
};

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

static void arena_take(struct walk *w)
{
    const struct bark_arena *a = w->r->arena;
    w->low = a->base + a->used;
    w->high = a->base + (a->cap - a->scratch);
    w->grants = a->fail_at - a->allocs - 1;
}

BARK_INLINE void least_note(struct walk *w)
{
    const size_t left = (size_t)(w->high - w->low);
    w->least = left < w->least ? left : w->least;
}

static void arena_give(struct walk *w)
{
    struct bark_arena *a = w->r->arena;
    least_note(w);
    a->used = (size_t)(w->low - a->base);
    a->scratch = a->cap - (size_t)(w->high - a->base);
    a->allocs = a->fail_at - 1 - w->grants;
    if (a->cap - w->least > a->peak)
        a->peak = a->cap - w->least;
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

/* A value of which only the rows of the image tell more. */
BARK_APART const uint8_t *other_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                     uint8_t stop, void *room)
{
    arena_give(w);
    at = bark_run_quick(w->run, f->type, at, stop, room);
    arena_take(w);
    return at;
}

/* The rest of a text of which len bytes have been copied. */
BARK_APART const uint8_t *text_rest(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                    size_t len, uint8_t stop, struct bark_text *text)
{
    arena_give(w);
    at = bark_run_text_rest(w->run, at, len, stop, text);
    arena_take(w);
    return at && (text->len <= f->most || f->most == BARK_TAKE_ANY_LENGTH) ? at : NULL;
}

/* bark_run_text() with the room that is known here. */
BARK_INLINE const uint8_t *text_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                     uint8_t stop, struct bark_text *text)
{
    size_t len = 0;
#ifdef BARK_VECTOR
    uint8_t *const to = w->low;
    const size_t left = (size_t)(w->end - at), free = (size_t)(w->high - to);
    const size_t room = left < free ? left : free;
    while (len + BARK_VECTOR < room) {
        const bark_vector v = bark_vector_load(at + len);
        const uint64_t ends = bark_vector_mask(bark_run_stops(v, stop));
        bark_vector_store(to + len, v);
        if (ends) {
            len += bark_vector_first(ends);
            if (at[len] != stop || len > f->most || len > w->text_bytes || !w->grants)
                break;
            to[len] = '\0';
            w->low = to + bark_run_aligned(len + 1);
            w->grants--;
            *text = (struct bark_text){ (const char *)to, len };
            return at + len;
        }
        len += BARK_VECTOR;
    }
#endif
    return text_rest(w, f, at, len, stop, text);
}

/* The enumerator that stands before stop, when it has less than eight bytes. */
BARK_INLINE const uint8_t *enum_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                     uint8_t stop, void *member)
{
    const struct bark_image *image = w->run->image;
    const uint16_t *const list = image->lists + f->type->first;
    const uint64_t ones = UINT64_C(0x0101010101010101), word = bark_word_little(at);
    const uint64_t marks = word ^ ones * stop, found = (marks - ones) & ~marks & ones << 7;
    uint32_t i, len, text_len;
    if (!found || image->pool_size < sizeof word) {
        w->call.type = f->type;
        return bark_enum_quick(&w->call, at, stop, member);
    }
    len = (uint32_t)__builtin_ctzll(found) / 8; /* the first mark is always right; one behind it may not be */
    for (i = 0; len && i < f->type->count; i++) {
        const uint32_t row = image->names[list[i]], offset = bark_name_offset(row);
        text_len = bark_name_len(row);
        if (text_len != len)
            continue;
        if (offset + sizeof word <= image->pool_size
                ? (bark_word_little(image->pool + offset) ^ word) << (64 - 8 * len) == 0
                : bark_bytes_equal(image->pool + offset, at, len)) {
            const uint32_t value = i + 1;
            if (f->size == sizeof value)
                memcpy(member, &value, sizeof value);
            else if (f->size == 1)
                *(uint8_t *)member = (uint8_t)value;
            else
                *(uint16_t *)member = (uint16_t)value;
            return at + len;
        }
    }
    return NULL;
}

BARK_INLINE const uint8_t *boolean_take(const uint8_t *at, uint8_t stop, bool *member)
{
    const uint64_t word = bark_word_little(at);
    const uint64_t yes = bark_word_little((const uint8_t *)"true   "),
                   no = bark_word_little((const uint8_t *)"false  ");
    size_t len = 1;
    if ((word ^ yes) << 32 == 0) {
        *member = true;
        len = 4;
    } else if ((word ^ no) << 24 == 0) {
        *member = false;
        len = 5;
    } else if ((*at | 1) == '1') {
        *member = *at == '1';
    } else {
        return NULL;
    }
    return at[len] == stop ? at + len : NULL;
}

/* Less than eight digits, which fit into any of the two. */
BARK_INLINE const uint8_t *int_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                    uint8_t stop, void *member)
{
    const bool negative = *at == '-';
    const uint8_t *const first = at + negative;
    const uint64_t bare = bark_digits_bare(bark_word_little(first));
    const unsigned run = bark_digits_run(bare);
    int32_t number;
    if (run == 0 || run == 8) {
        w->call.type = f->type;
        return bark_int_quick(&w->call, at, stop, member);
    }
    number = (int32_t)bark_digits_number(bare, run);
    number = negative ? -number : number;
    if (f->value == BARK_TAKE_INT32) {
        memcpy(member, &number, sizeof number);
    } else {
        const int64_t wide = number;
        memcpy(member, &wide, sizeof wide);
    }
    return first[run] == stop ? first + run : NULL;
}

/* A value up to stop; NULL, and anything in room, when it is not in its usual form. */
BARK_INLINE const uint8_t *value_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                      uint8_t stop, void *room)
{
    switch ((enum bark_take_value)f->value) {
    case BARK_TAKE_STRING:
        return text_take(w, f, at, stop, room);
    case BARK_TAKE_ENUM:
        return enum_take(w, f, at, stop, room);
    case BARK_TAKE_BOOLEAN:
        return boolean_take(at, stop, room);
    case BARK_TAKE_INT32:
    case BARK_TAKE_INT64:
        return int_take(w, f, at, stop, room);
    case BARK_TAKE_QUICK:
        w->call.type = f->type;
        return bark_kind_row((enum bark_kind)f->type->kind)->quick(&w->call, at, stop, room);
    case BARK_TAKE_OTHER:
        break;
    }
    return other_take(w, f, at, stop, room);
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
