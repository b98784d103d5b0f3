/* lower/counts.c - which repeated groups the engine does not read as the schema means them [XSD1 3.8.4].
 *
 * The engine gives each group as many of a repeated part as may come. That is right unless the next part
 * could as well begin the group once more: from "a a" in (a{1,2}, b?){2} the first group takes both, and none
 * is left for the second. Unique particle attribution [XSD1 3.8.6] allows such content, since all the a are
 * the same particle. Exactly these parts are meant:
 *
 *     the group repeats; everything else in it may be absent, so that the part is its first and its last;
 *     the part may come more often than it must, and
 *         the group must come twice or more: it may come too seldom, or
 *         the part must come twice or more, up to a bound: too few may be left for the last group.
 *
 * `validate` counts in all ways (judge/content.c); who gets code is warned. Single parts that melted into
 * their group without a gap are gone by now (content.c).
 */
#include "lower/plan.h"

/* A struct, or a group and where it stands. */
struct place {
    const struct soapc_ptype *t;
    const struct soapc_pfield *field; /* in the place around it; NULL: the struct itself */
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

/* The group around the field that may be divided wrongly, or NULL. Cost: linear in the depth. */
static const struct soapc_pfield *group_find(const struct place *places, size_t at,
                                             const struct soapc_pfield *part)
{
    const struct soapc_pfield *f = part;
    while (places[at].field && is_alone(&places[at], f)) {
        f = places[at].field;
        if (divides_wrongly(f, part))
            return f;
        at = places[at].around;
    }
    return NULL;
}

static bool field_check(struct soapc_plan *plan, const struct place *places, size_t at,
                        const struct soapc_pfield *f)
{
    const struct soapc_pfield *group = f->max > 1 ? group_find(places, at, f) : NULL;
    if (!group)
        return true;
    soapc_warning(plan->diag, SOAPC_W_COUNTS, f->place,
                  "'%s' repeats in a group that repeats: a message is refused where the first groups take so "
                  "many that the last ones have too few",
                  f->local ? f->local : f->member);
    soapc_note(plan->diag, group->place, "the group is here");
    return false; /* one of a type is enough */
}

bool soapc_counts_check(struct soapc_plan *plan, const struct soapc_ptype *t)
{
    size_t count = 0, cap = 0;
    struct place *places = soapc_plan_grow(plan, NULL, 0, &cap, sizeof *places);
    if (!places)
        return false;
    places[count++] = (struct place){ .t = t };
    for (size_t at = 0; at < count; at++) {
        const struct soapc_ptype *holder = places[at].t;
        for (size_t i = holder->attribute_count; i < holder->field_count; i++)
            places[at].musts += least(&holder->fields[i]) > 0;
        for (size_t i = holder->attribute_count; i < holder->field_count; i++) {
            const struct soapc_pfield *f = &holder->fields[i];
            if (!field_check(plan, places, at, f))
                return true;
            if (f->kind != BARK_FIELD_GROUP)
                continue;
            struct place *more = soapc_plan_grow(plan, places, count, &cap, sizeof *places);
            if (!more)
                return false;
            places = more;
            places[count++] = (struct place){ .t = f->type, .field = f, .around = at };
        }
    }
    return true;
}
