/* engine/decode_run.h - what the two halves of the quick way share.
 *
 *   decode_run.c         tags: which member comes, what ends; elements of simple types
 *   decode_run_struct.c  elements of structs: attributes, frames
 *   decode_run_group.c   members of groups, choices and "all"
 *   decode_run_text.c    values: texts with references, facets, base64
 *   decode_plan.c        tags and values again, for images that have a plan
 */
#ifndef BARK_ENGINE_DECODE_RUN_H
#define BARK_ENGINE_DECODE_RUN_H

#include "engine/decode.h"
#include "engine/run.h"
#include "engine/value_kind.h"
#include "xml/parts.h"
#include "xml/scan.h"
#include "xml/vector.h"

#include <string.h>

enum { BARK_RUN_PREFIX = 6 }; /* with '<' and ':' a word */

/* How a start tag of a namespace begins here. len 0: of none that is known yet. */
struct bark_run_lead {
    uint64_t word, mask;
    uint32_t binding;
    uint16_t ns;
    uint8_t len;
};

struct bark_run {
    struct bark_decoder *d;
    struct bark_xml_reader *r;
    const struct bark_image *image;
    struct bark_run_lead lead, other; /* the last prefix and the one before it */
    const struct bark_type_row *row; /* of the top frame */
};

/* A start tag whose name is at + 1 and len bytes long. */
struct bark_run_tag {
    const uint8_t *at;
    size_t len;
};

/* Makes the prefix of the tag at `at` the last one, which it is not: the one before it, or one that is looked
 * for. */
bool bark_run_lead_find(struct bark_run *run, const uint8_t *at);

/* Enters the struct whose start tag this is, attributes included; or nothing. */
bool bark_run_struct(struct bark_run *run, const struct bark_run_tag *tag, const struct bark_field_row *f,
                     const struct bark_type_row *type);

/* The whole element of a struct with simple content, or nothing. */
bool bark_run_simple(struct bark_run *run, const struct bark_run_tag *tag, const struct bark_field_row *f,
                     const struct bark_type_row *type);

/* Room for a member that is zero, without a pointer to it; NULL when there is none for the asking. */
uint8_t *bark_run_room(struct bark_run *run, const struct bark_field_row *f, size_t size);

/* The element whose name is at local, of the last lead, in the groups that may come or go here: opens and
 * closes groups until its field is the one in turn of the top frame, and gives that, and the name's length;
 * or NULL. Groups that were moved before that are where the general way would move them. */
const struct bark_field_row *bark_run_place(struct bark_run *run, const uint8_t *local, size_t *len);

/* Closes the groups in which the end tag of an element may stand; false when one needs more. */
bool bark_run_groups_end(struct bark_run *run);

/* The '>' behind the white space at `at`, or the one of "/>"; NULL when there is none. */
const uint8_t *bark_run_tag_rest(const struct bark_run *run, const uint8_t *at);

/* A value of any simple type, facets and all, up to stop: the address of that, or NULL. */
const uint8_t *bark_run_value(struct bark_run *run, const struct bark_type_row *type, const uint8_t *at,
                              uint8_t stop, void *room);

/* Base64 without white space, up to stop, straight into the arena; or NULL. */
const uint8_t *bark_run_octets(const struct bark_run *run, const uint8_t *at, uint8_t stop,
                               struct bark_bytes *bytes);

/* bark_member_finish(), or nothing when the arena has no room for that. */
bool bark_run_finish(struct bark_run *run, struct bark_decode_frame *frame);

/* Whether the fields from `at` on, of which the first came count times, need no more elements. */
bool bark_run_fields_met(const struct bark_image *image, uint32_t at, uint32_t end, uint32_t count);

/* What an element may have taken before it proves to be none of ours. */
struct bark_run_undo {
    size_t used, scratch;
    uint64_t allocs;
};

BARK_INLINE struct bark_run_undo bark_run_undo_of(const struct bark_arena *a)
{
    const struct bark_run_undo undo = { a->used, a->scratch, a->allocs };
    return undo;
}

BARK_INLINE bool bark_run_undone(struct bark_arena *a, const struct bark_run_undo *undo, uint8_t *room,
                                 size_t size)
{
    a->allocs = undo->allocs; /* the general way asks for the same again */
    a->used = undo->used;
    a->scratch = undo->scratch;
    memset(room, 0, size);
    return false;
}

/* Whether a name row's text stands at `at`, where eight bytes are readable, and all of a longer text. A short
 * name is compared as one word, unless the pool ends before that does. */
BARK_INLINE bool bark_run_name(const struct bark_image *image, uint32_t row, const uint8_t *at)
{
    const uint32_t offset = bark_name_offset(row), len = bark_name_len(row);
    const uint8_t *const name = image->pool + offset;
    if (len <= sizeof(uint64_t) && offset + sizeof(uint64_t) <= image->pool_size)
        return (bark_word_little(at) ^ bark_word_little(name)) << ((64 - 8 * len) & 63) == 0;
    return bark_bytes_equal(at, name, len);
}

/* The element is taken: its member says so. */
BARK_INLINE void bark_run_mark(const struct bark_run *run, const struct bark_type_row *row, uint8_t *base,
                               const struct bark_field_row *f)
{
    const uint8_t has = bark_field_has(run->image, f);
    if (has != BARK_NO_HAS)
        base[row->presence + (row->model == BARK_MODEL_CHOICE ? sizeof(uint16_t) : 0) + has] = BARK_PRESENT;
}

/* The same, and that the field of the frame has come once more. */
BARK_INLINE void bark_run_taken(struct bark_run *run, struct bark_decode_frame *frame,
                                const struct bark_field_row *f)
{
    run->r->elements++;
    frame->count++;
    if (frame->seen)
        frame->seen[f - run->image->fields - run->row->first] = 1;
    bark_run_mark(run, run->row, frame->base, f);
}

/* Behind the end tag at `at`, which is of the start tag; NULL when it is not, or not as plain as that. */
BARK_INLINE const uint8_t *bark_run_leaf_end(const struct bark_run *run, const struct bark_run_tag *tag,
                                             const uint8_t *at)
{
    const uint8_t *close = at + tag->len + 2;
    if ((size_t)(run->r->end - at) < tag->len + 3 + sizeof(uint64_t) || at[1] != '/' ||
        !bark_bytes_equal_ahead(at + 2, tag->at + 1, tag->len))
        return NULL;
    if (*close != '>' && (*close == '/' || !(close = bark_run_tag_rest(run, close)) || close[-1] == '/'))
        return NULL;
    return close + 1;
}

#ifdef BARK_VECTOR

/* Bytes that end a run of ASCII which stands for itself: before '<', or before a quote in an attribute. */
BARK_INLINE bark_vector bark_run_stops(bark_vector v, uint8_t stop)
{
    const bark_vector odd = bark_vector_odd(v);
    const bark_vector marks = bark_vector_or(bark_vector_is(v, '<'), bark_vector_is(v, '&'));
    if (stop != '<')
        return bark_vector_or(odd, bark_vector_or(marks, bark_vector_is(v, stop)));
    return bark_vector_or(
        bark_vector_and_not(odd, bark_vector_or(bark_vector_is(v, '\t'), bark_vector_is(v, '\n'))),
        bark_vector_or(marks, bark_vector_is(v, ']')));
}

#endif

/* The rest of a text that is not plain from a byte on: up to that, len bytes have been copied. */
const uint8_t *bark_run_text_rest(const struct bark_run *run, const uint8_t *at, size_t len, uint8_t stop,
                                  struct bark_text *text);

/* The text that was copied to the end of what the arena holds, if it may be that long. */
BARK_INLINE bool bark_run_text_keep(const struct bark_run *run, size_t len, struct bark_text *text)
{
    struct bark_arena *a = run->r->arena;
    uint8_t *const to = a->base + a->used;
    const size_t need = bark_run_aligned(len + 1);
    if (len > run->r->limits->text_bytes || !bark_run_grants(a, need))
        return false;
    to[len] = '\0';
    a->used += need;
    bark_run_count(a);
    *text = (struct bark_text){ (const char *)to, len };
    return true;
}

/* A string up to stop, copied while it is scanned. */
BARK_INLINE const uint8_t *bark_run_text(const struct bark_run *run, const uint8_t *at, uint8_t stop,
                                         struct bark_text *text)
{
    size_t len = 0;
#ifdef BARK_VECTOR
    const struct bark_arena *a = run->r->arena;
    uint8_t *const to = a->base + a->used;
    const size_t left = (size_t)(run->r->end - at), free = a->cap - a->used - a->scratch;
    while (left - len >= BARK_VECTOR && free - len > BARK_VECTOR) {
        const bark_vector v = bark_vector_load(at + len);
        const uint64_t ends = bark_vector_mask(bark_run_stops(v, stop));
        bark_vector_store(to + len, v);
        if (ends) {
            len += bark_vector_first(ends);
            if (at[len] != stop)
                break;
            return bark_run_text_keep(run, len, text) ? at + len : NULL;
        }
        len += BARK_VECTOR;
    }
#endif
    return bark_run_text_rest(run, at, len, stop, text);
}

/* A value straight from the input, in the quickest way there is: the address of stop, or NULL. */
BARK_INLINE const uint8_t *bark_run_quick(struct bark_run *run, const struct bark_type_row *type,
                                          const uint8_t *at, uint8_t stop, void *room)
{
    const struct bark_kind_ops *ops = bark_kind_row((enum bark_kind)type->kind);
    if (type->flags & BARK_TYPE_PLAIN && (size_t)(run->r->end - at) >= BARK_QUICK_AHEAD) {
        const struct bark_value_call call = { &run->d->scope, type, &run->d->error, 0 };
        const uint8_t *to;
        if (type->kind == BARK_KIND_STRING)
            return bark_run_text(run, at, stop, room);
        if (type->kind == BARK_KIND_BASE64)
            to = bark_run_octets(run, at, stop, room);
        else
            to = ops->quick ? ops->quick(&call, at, stop, room) : NULL;
        if (to)
            return to;
        memset(room, 0, type->size);
    }
    return bark_run_value(run, type, at, stop, room);
}

#endif
