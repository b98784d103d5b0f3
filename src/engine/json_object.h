/* engine/json_object.h - what one JSON object holds: the members of a struct, and of the groups inside it
 * that occur once, as one flat list of slots with names (docs/json.md).
 *
 * Slots stand on the scratch end of the arena, in schema order, each group followed by its members. They are
 * built anew for each object, so that the decoder can note in them what it has seen.
 */
#ifndef BARK_ENGINE_JSON_OBJECT_H
#define BARK_ENGINE_JSON_OBJECT_H

#include "soapbark/arena.h"
#include "soapbark/image.h"
#include "json/writer.h"

struct bark_json_slot {
    /* The struct or group that has the member; NULL: not known or not there. Aligned so that slots have no
     * gaps between them where pointers have 4 bytes either. */
    _Alignas(BARK_ALIGN) uint8_t *holder;
    uint16_t field; /* field row */
    uint16_t owner; /* type row of the holder */
    uint16_t
        parent; /* slot of the GROUP field that leads to the holder; BARK_NONE: the object's own struct */
    uint16_t seen; /* decoder: the member was there */
};

struct bark_json_object {
    const struct bark_image *image;
    struct bark_json_slot *top; /* slot 0; slot n stands n places below, as the scratch grows downwards */
    uint16_t count;
};

static inline struct bark_json_slot *bark_json_slot(const struct bark_json_object *o, uint16_t index)
{
    return o->top - index;
}

static inline const struct bark_field_row *bark_json_field(const struct bark_json_object *o, uint16_t index)
{
    return &o->image->fields[bark_json_slot(o, index)->field];
}

/* Pushes the slots of a STRUCT or GROUP row at base. BARK_ERR_MEMORY, or BARK_ERR_LIMIT when there are more
 * than a slot number can count. */
BARK_MUST_CHECK enum bark_code bark_json_object_push(struct bark_arena *arena, const struct bark_image *image,
                                                     uint16_t type, void *base, struct bark_json_object *o);

/* True for the slot of a group whose members are slots themselves: one that occurs once. */
bool bark_json_slot_inline(const struct bark_json_object *o, uint16_t index);

/* The alternative, from 1, that a slot is of its holder; 0 when the holder is no choice. */
uint16_t bark_json_slot_alternative(const struct bark_json_object *o, uint16_t index);

/* Where the holder's `which` is; only for choices. */
static inline uint16_t *bark_json_slot_which(const struct bark_json_object *o, uint16_t index)
{
    const struct bark_json_slot *s = bark_json_slot(o, index);
    return (uint16_t *)(void *)(s->holder + o->image->types[s->owner].presence);
}

/* The has_ byte of a slot whose holder is known, or NULL. */
uint8_t *bark_json_slot_has(const struct bark_json_object *o, uint16_t index);

/* The member's name, whole: "Name", "@token", "s:Name", "Name#2", "#text". */
struct bark_json_name {
    const char *mark; /* "@" or "" */
    struct bark_slice prefix, local;
    uint16_t number; /* 0: none */
};
struct bark_json_name bark_json_slot_name(const struct bark_json_object *o, uint16_t index);
void bark_json_name_write(const struct bark_json_name *name, struct bark_json_writer *w);
/* Appends the name to a text of an error record. */
void bark_json_name_report(const struct bark_json_name *name, char *field, size_t size);

/* The slot with that name, BARK_NONE when there is none. Looks at `guess` and onwards first. */
uint16_t bark_json_object_find(const struct bark_json_object *o, struct bark_slice name, uint16_t guess);

#endif
