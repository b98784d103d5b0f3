/* lower/counts.c - repeated groups whose elements a message does not divide [XSD1 3.8.4].
 *
 * From "a a" in (a{1,2}, b?){2} the decoder's first group takes both, and none is left for the second. Unique
 * particle attribution [XSD1 3.8.6] allows such content, since all the a are the same particle. The fields
 * are marked, and the engine judges their groups together (src/engine/division.h). It happens where
 *
 *     the group repeats; everything else in it may be absent, so that the part is its first and its last;
 *     the part may come more often than it must, and
 *         the group must come twice or more: it may come too seldom, or
 *         the part must come twice or more, up to a bound: too few may be left for the last group.
 *
 * A group may be such a part itself. So all of a chain is marked, from the outermost group in which the
 * elements stand alone to the innermost part: what is decided inside decides what is around. Single parts
 * that melted into their group without a gap are gone by now (content.c).
 */
#include "lower/plan.h"

/* A struct, or a group and where it stands. */
struct place {
    const struct soapc_ptype *t;
    struct soapc_pfield *field; /* in the place around it; NULL: the struct itself */
    size_t around, musts; /* musts: fields that must come */
};

static uint32_t least(const struct soapc_pfield *f)
{
    return f->kind == BARK_FIELD_GROUP && f->type->flags & BARK_TYPE_NULLABLE ? 0 : f->min;
}

/* Whether nothing else must come where the field stands. */
static bool is_alone(const struct place *p, const struct soapc_pfield *f)
{
    return p->t->model == BARK_MODEL_CHOICE || p->musts == (least(f) > 0);
}

static bool divides_wrongly(const struct soapc_pfield *group, const struct soapc_pfield *part)
{
    return group->max > 1 && part->max > least(part) &&
           (least(group) > 1 || (least(part) > 1 && part->max != SOAPC_UNBOUNDED));
}

/* The outermost group around a part in which that stands alone and which repeats, or NULL; *levels is how
 * deep the part is in it. *wrongly: whether one of the groups on the way may be divided wrongly. Cost: linear
 * in the depth. */
static struct soapc_pfield *group_find(const struct place *places, size_t at, const struct soapc_pfield *part,
                                       size_t *levels, bool *wrongly)
{
    const struct soapc_pfield *f = part;
    struct soapc_pfield *outermost = NULL;
    *wrongly = false;
    for (size_t depth = 1; places[at].field && is_alone(&places[at], f); depth++) {
        struct soapc_pfield *group = places[at].field;
        *wrongly = *wrongly || divides_wrongly(group, part);
        if (group->max > 1) {
            outermost = group;
            *levels = depth;
        }
        f = group;
        at = places[at].around;
    }
    return outermost;
}

/* Marks the part and what is between it and the outermost group. */
static void chain_mark(const struct place *places, size_t at, struct soapc_pfield *part,
                       const struct soapc_pfield *outermost)
{
    while (part != outermost) {
        part->bits |= BARK_F_DIVIDED;
        part = places[at].field;
        at = places[at].around;
    }
}

/* Two rounds: which outermost groups there are, and what is marked in them. */
static void part_look(struct soapc_plan *plan, const struct place *places, size_t at, struct soapc_pfield *f,
                      bool mark)
{
    bool wrongly;
    size_t levels = 0;
    struct soapc_pfield *group = f->max > 1 ? group_find(places, at, f, &levels, &wrongly) : NULL;
    if (!group)
        return;
    if (!mark && wrongly)
        group->bits |= BARK_F_DIVIDES;
    if (!mark || !(group->bits & BARK_F_DIVIDES))
        return;
    chain_mark(places, at, f, group);
    if (levels <= BARK_DIVISION_LEVELS)
        return;
    soapc_warning(
        plan->diag, SOAPC_W_COUNTS, f->place,
        "'%s' repeats in groups that repeat, nested more than %d deep: no message is taken that has it",
        f->local ? f->local : f->member, BARK_DIVISION_LEVELS);
    soapc_note(plan->diag, group->place, "the outermost group is here");
}

/* A struct's groups, and theirs. NULL: no memory. */
static struct place *places_of(struct soapc_plan *plan, const struct soapc_ptype *t, size_t *count)
{
    size_t cap = 0;
    struct place *places = soapc_plan_grow(plan, NULL, 0, &cap, sizeof *places);
    if (!places)
        return NULL;
    places[(*count)++] = (struct place){ .t = t };
    for (size_t at = 0; at < *count; at++) {
        const struct soapc_ptype *holder = places[at].t;
        for (size_t i = holder->attribute_count; i < holder->field_count; i++) {
            struct soapc_pfield *f = &holder->fields[i];
            places[at].musts += least(f) > 0;
            if (f->kind != BARK_FIELD_GROUP)
                continue;
            places = soapc_plan_grow(plan, places, *count, &cap, sizeof *places);
            if (!places)
                return NULL;
            places[(*count)++] = (struct place){ .t = f->type, .field = f, .around = at };
        }
    }
    return places;
}

bool soapc_counts_mark(struct soapc_plan *plan, const struct soapc_ptype *t)
{
    size_t count = 0;
    struct place *places = places_of(plan, t, &count);
    if (!places)
        return false;
    for (int mark = 0; mark <= 1; mark++)
        for (size_t at = 1; at < count; at++) {
            const struct soapc_ptype *holder = places[at].t;
            for (size_t i = holder->attribute_count; i < holder->field_count; i++)
                part_look(plan, places, at, &holder->fields[i], mark == 1);
        }
    return true;
}
