/* engine/division.c - whether the elements of repeated groups can be divided as the schema demands.
 *
 * A run is what the message does not divide: the items of one part in groups that follow each other with
 * nothing between them. K items of a part that comes m to n times make any number of groups from K/n, rounded
 * up, to K/m, rounded down. Where groups are parts of groups again, it is these numbers, least and most, that
 * are added up and divided once more. All of the numbers between are possible at each level, so two are
 * enough.
 */
#include "engine/division.h"
#include "engine/engine.h"

#include <string.h>

/* Groups of one field, the one that is counted, and the run of a part that is open. */
struct level {
    const struct bark_type_row *type;
    const uint8_t *next; /* group */
    size_t left; /* groups from there on */
    const uint8_t *base;
    const struct bark_field_row *field, *end; /* what is left to see of the group at base */
    bool counted; /* some part has counted that group */
    const struct bark_field_row *part; /* NULL: no run is open */
    uint64_t least, most; /* what the part may be in the run: items, or groups */
};

struct division {
    const struct bark_image *image;
    size_t at; /* the level that is counted */
    struct level levels[BARK_DIVISION_LEVELS];
    uint64_t least, most; /* groups of the outermost field */
};

static uint64_t *least_of(struct division *v, size_t at)
{
    return at ? &v->levels[at - 1].least : &v->least;
}

/* So many groups of a level more. */
static void groups_add(struct division *v, size_t at, uint64_t least, uint64_t most)
{
    uint64_t *const to = at ? &v->levels[at - 1].most : &v->most;
    *least_of(v, at) += least; /* at most as many as there are items */
    *to = most > UINT64_MAX - *to ? UINT64_MAX : *to + most;
}

/* Ends the runs that are open at this level and inside it, innermost first. */
static bool runs_end(struct division *v, size_t upto)
{
    size_t at = BARK_DIVISION_LEVELS;
    while (at-- > upto) {
        struct level *level = &v->levels[at];
        struct bark_occurs occurs;
        uint64_t least, most;
        if (!level->part)
            continue;
        occurs = bark_field_occurs(v->image, level->part);
        least = occurs.max == UINT32_MAX ? level->least > 0
                                         : level->least / occurs.max + (level->least % occurs.max != 0);
        most = occurs.min ? level->most / occurs.min : UINT64_MAX;
        if (least > most)
            return false;
        groups_add(v, at, least, most);
        level->part = NULL;
    }
    return true;
}

/* Takes up the next group of a level. */
static void group_next(const struct bark_image *image, struct level *level)
{
    const struct bark_type_row *type = level->type;
    level->base = level->next;
    level->next += type->size;
    level->left--;
    level->counted = false;
    level->field = &image->fields[type->first];
    level->end = level->field + type->count;
    if (type->model == BARK_MODEL_CHOICE) {
        uint16_t which;
        memcpy(&which, level->base + type->presence, sizeof which);
        level->field += which && which <= type->count ? which - 1 : type->count;
        level->end = level->field < level->end ? level->field + 1 : level->end;
    }
}

/* Counts the items of the part, or makes them the next level's groups. */
static bool part_count(struct division *v, const struct bark_field_row *part, const uint8_t *member)
{
    struct level *level = &v->levels[v->at];
    const unsigned bits = bark_field_bits(v->image, part);
    struct bark_array items = { .count = 1 };
    if (bits & BARK_F_REPEATED)
        memcpy(&items, member, sizeof items);
    else if (bits & BARK_F_POINTER)
        memcpy(&items.items, member, sizeof items.items);
    if ((bits & BARK_F_KIND) != BARK_FIELD_GROUP) {
        level->least += items.count;
        level->most += items.count;
        return true;
    }
    if (v->at + 1 == BARK_DIVISION_LEVELS)
        return false;
    level[1].type = &v->image->types[part->type];
    level[1].next = bits & (BARK_F_REPEATED | BARK_F_POINTER) ? items.items : member;
    level[1].left =
        level[1].next ? items.count : 0; /* a program's mistake, which is somebody else's to tell */
    level[1].field = level[1].end;
    v->at++;
    return true;
}

/* A member of the group that is counted. What comes after a part ends its run; two parts in one group share
 * it. */
static bool member_count(struct division *v, const struct bark_field_row *f)
{
    struct level *level = &v->levels[v->at];
    if (bark_member_presence(v->image, level->type, level->base, f) == BARK_ABSENT)
        return true;
    if (level->part && level->part != f && !runs_end(v, v->at))
        return false;
    if (!(bark_field_bits(v->image, f) & BARK_F_DIVIDED))
        return true;
    if (!level->part) {
        level->part = f;
        level->least = level->most = 0;
        if (level->counted && *least_of(v, v->at))
            --*least_of(v, v->at);
    }
    level->counted = true;
    return part_count(v, f, level->base + f->offset);
}

bool bark_division_holds(const struct bark_image *image, const struct bark_field_row *f,
                         const struct bark_array *groups)
{
    const struct bark_occurs occurs = bark_field_occurs(image, f);
    struct division v = { .image = image };
    v.levels[0].type = &image->types[f->type];
    v.levels[0].next = groups->items;
    v.levels[0].left = groups->items ? groups->count : 0;
    for (;;) {
        struct level *level = &v.levels[v.at];
        if (level->field < level->end) {
            if (!member_count(&v, level->field++))
                return false;
            continue;
        }
        if (level->base && !level->counted)
            groups_add(&v, v.at, 1, 1);
        level->base = NULL;
        if (level->left > 0)
            group_next(image, level);
        else if (v.at-- == 0)
            break;
    }
    return runs_end(&v, 0) && v.least <= occurs.max && v.most >= occurs.min;
}
