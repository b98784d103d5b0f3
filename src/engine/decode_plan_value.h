/* engine/decode_plan_value.h - where decode_plan.c stands in a message, and the values that it reads there.
 *
 * Each function takes a value in its usual form, up to the byte that ends it, and tells where that is; NULL,
 * and anything at all in the member's room, when something else stands there.
 */
#ifndef BARK_ENGINE_DECODE_PLAN_VALUE_H
#define BARK_ENGINE_DECODE_PLAN_VALUE_H

#include "engine/decode_run.h"
#include "engine/plan.h"

#include "base/digits.h"

#include <string.h>

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

static inline void arena_take(struct walk *w)
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

static inline void arena_give(struct walk *w)
{
    struct bark_arena *a = w->r->arena;
    least_note(w);
    a->used = (size_t)(w->low - a->base);
    a->scratch = a->cap - (size_t)(w->high - a->base);
    a->allocs = a->fail_at - 1 - w->grants;
    if (a->cap - w->least > a->peak)
        a->peak = a->cap - w->least;
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

/* A text of len bytes that has been copied, and ends at `at`, becomes the member's. */
BARK_INLINE const uint8_t *text_keep(struct walk *w, const uint8_t *at, size_t len, struct bark_text *text)
{
    uint8_t *const to = w->low;
    to[len] = '\0';
    w->low = to + bark_run_aligned(len + 1);
    w->grants--;
    *text = (struct bark_text){ (const char *)to, len };
    return at;
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
            return text_keep(w, at + len, len, text);
        }
        len += BARK_VECTOR;
    }
#endif
    return text_rest(w, f, at, len, stop, text);
}

/* A URI as nearly all are: http or https, and no white space, '%' or '#', which would need a second look. */
BARK_INLINE const uint8_t *uri_take(struct walk *w, const struct bark_plan_take *f, const uint8_t *at,
                                    uint8_t stop, struct bark_text *text)
{
#ifdef BARK_VECTOR
    const size_t left = (size_t)(w->end - at), free = (size_t)(w->high - w->low);
    const size_t room = left < free ? left : free;
    const uint64_t begin = bark_word_little(at), http = bark_word_little((const uint8_t *)"http://");
    const bool usual = begin << 8 == http << 8 || begin == bark_word_little((const uint8_t *)"https://");
    size_t len = 0;
    while (usual && len + BARK_VECTOR < room) {
        const bark_vector v = bark_vector_load(at + len);
        const bark_vector marks = bark_vector_or(bark_vector_is(v, '%'), bark_vector_is(v, '#'));
        const bark_vector others = bark_vector_or(bark_vector_below(v, ' ' + 1), marks);
        const uint64_t ends = bark_vector_mask(bark_vector_or(bark_run_stops(v, stop), others));
        bark_vector_store(w->low + len, v);
        if (ends) {
            len += bark_vector_first(ends);
            if (at[len] != stop || len > w->text_bytes || !w->grants)
                break;
            return text_keep(w, at + len, len, text);
        }
        len += BARK_VECTOR;
    }
#endif
    return other_take(w, f, at, stop, text);
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
    case BARK_TAKE_URI:
        return uri_take(w, f, at, stop, room);
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

#endif
