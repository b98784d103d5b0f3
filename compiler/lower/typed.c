/* lower/typed.c - which types may stand in an element by xsi:type [XSD1 3.3.4], and the tagged union of them.
 *
 * An element is polymorphic when the rule that was asked for says so and some named type derives from its
 * declared one by steps that `block` lets pass. The union does not depend on what is sliced away: it lists
 * every such type of the model, so a slice gives the same structs as the whole.
 */
#include "lower/plan.h"

#include <stdlib.h>
#include <string.h>

enum { EXTENSION = SOAPC_BY_EXTENSION, RESTRICTION = SOAPC_BY_RESTRICTION, MASKS = 4 };

/* What was made for a declared type, by what is blocked. */
struct soapc_typed {
    struct soapc_ptype *made[MASKS];
    uint32_t stamp; /* the round that has this type as a target */
    uint32_t known; /* the round that knows the next three: whether a target is above, and by which steps */
    const struct soapc_type *below; /* where the walk that is under way came from */
    uint8_t steps;
    bool reaches;
    bool is_base; /* some type derives from it, or is a member of it */
};

/* One search for the types derived from another. */
struct search {
    struct soapc_plan *plan;
    const struct soapc_type **found;
    size_t count, blocked;
    uint32_t round;
    unsigned mask;
};

/* [XSD1 3.14.6] To a block, a list or union is a restriction of anySimpleType. */
static unsigned step_of(const struct soapc_type *type)
{
    return type->derivation == SOAPC_BY_EXTENSION ? EXTENSION : RESTRICTION;
}

static bool bases_mark(struct soapc_plan *plan)
{
    const struct soapc_model *model = plan->model;
    plan->typed = soapc_plan_alloc(plan, model->type_count + 1, sizeof *plan->typed);
    if (!plan->typed)
        return false;
    for (size_t i = 0; i < model->type_count; i++) {
        const struct soapc_type *type = model->types[i];
        /* A type that no message can name says nothing; one that a message can name may have bases without.
         */
        for (const struct soapc_type *up = type->name.local ? type->base : NULL;
             up && !plan->typed[up->index].is_base; up = up->base)
            plan->typed[up->index].is_base = true;
        if (!type->complex && type->member_count)
            plan->typed[i].is_base = true;
    }
    return true;
}

/* [XSD1 3.14.6] What derives from a member of a union derives from the union, also from members of members.
 */
static bool targets_mark(struct search *s, const struct soapc_type *declared)
{
    const size_t room = s->plan->model->type_count + 1;
    struct soapc_typed *typed = s->plan->typed;
    const struct soapc_type **queue = soapc_plan_alloc(s->plan, room, sizeof(struct soapc_type *));
    size_t count = 0;
    if (!queue)
        return false;
    queue[count++] = declared;
    typed[declared->index].stamp = s->round;
    for (size_t next = 0; next < count; next++) {
        const struct soapc_type *type = queue[next];
        for (size_t i = 0; !type->complex && i < type->member_count; i++) {
            const struct soapc_type *member = type->members[i];
            if (typed[member->index].stamp == s->round)
                continue;
            typed[member->index].stamp = s->round;
            queue[count++] = member;
        }
    }
    return true;
}

/* [XSD1 3.4.6, 3.14.6] Whether the type derives from a target; *blocked: only by steps that are blocked. The
 * walk up ends at a type that an earlier one passed, so that a search costs a step a type, however long the
 * chains are. */
static bool derives(const struct search *s, const struct soapc_type *type, bool *blocked)
{
    struct soapc_typed *typed = s->plan->typed;
    const struct soapc_type *up = type, *last = NULL;
    bool reaches;
    uint8_t steps = 0;
    while (up && typed[up->index].stamp != s->round && typed[up->index].known != s->round) {
        typed[up->index].below = last;
        last = up;
        up = up->base;
    }
    reaches = up && (typed[up->index].stamp == s->round || typed[up->index].reaches);
    if (up && typed[up->index].stamp != s->round)
        steps = typed[up->index].steps;
    for (; last; last = typed[last->index].below) {
        steps |= (uint8_t)step_of(last);
        typed[last->index].steps = steps;
        typed[last->index].reaches = reaches;
        typed[last->index].known = s->round;
    }
    *blocked = reaches && (steps & s->mask);
    return reaches && !*blocked;
}

/* Shorter local names first, then by bytes; then namespaces in the same way (docs/table-format.md, T37). */
static int names_compare(const void *a, const void *b)
{
    const struct soapc_name *x = &(*(const struct soapc_type *const *)a)->name;
    const struct soapc_name *y = &(*(const struct soapc_type *const *)b)->name;
    const size_t lens[] = { strlen(x->local), strlen(y->local), strlen(x->ns), strlen(y->ns) };
    int order;
    if (lens[0] != lens[1])
        return lens[0] < lens[1] ? -1 : 1;
    order = memcmp(x->local, y->local, lens[0]);
    if (order || lens[2] == lens[3])
        return order ? order : memcmp(x->ns, y->ns, lens[2]);
    return lens[2] < lens[3] ? -1 : 1;
}

/* Every type that may be named besides the declared one, in order. */
static bool derived_find(struct search *s, const struct soapc_type *declared)
{
    const struct soapc_model *model = s->plan->model;
    s->found = soapc_plan_alloc(s->plan, model->type_count + 1, sizeof(struct soapc_type *));
    if (!s->found || !targets_mark(s, declared))
        return false;
    for (size_t i = 0; i < model->type_count; i++) {
        const struct soapc_type *type = model->types[i];
        bool blocked;
        if (type == declared || !type->name.local || (type->complex && type->abstract))
            continue;
        if (derives(s, type, &blocked))
            s->found[s->count++] = type;
        s->blocked += blocked;
    }
    qsort(s->found, s->count, sizeof(struct soapc_type *), names_compare);
    return true;
}

static bool alternative_add(struct soapc_plan *plan, struct soapc_ptype *t, const struct soapc_type *type)
{
    struct soapc_ptype *inner = soapc_ptype_of(plan, type);
    struct soapc_pfield *field = &t->fields[t->field_count];
    const char *name = soapc_cname(plan->arena, NULL, type->name.local);
    if (!inner)
        return false;
    *field = (struct soapc_pfield){ .kind = BARK_FIELD_TYPE,
                                    .bits = inner->kind == BARK_KIND_STRUCT ? BARK_F_POINTER : 0,
                                    .ns = type->name.ns,
                                    .local = type->name.local,
                                    .type = inner,
                                    .min = 1,
                                    .max = 1,
                                    .place = type->place,
                                    .has = BARK_NO_HAS };
    field->member = soapc_nameset_add(&t->members, plan->arena, name);
    field->alternative =
        field->member ? soapc_nameset_add(&plan->globals, plan->arena,
                                          soapc_plan_printf(plan, "%s_is_%s", t->c_name, field->member))
                      : NULL;
    t->field_count++;
    return field->alternative != NULL;
}

static const char *union_name(struct soapc_plan *plan, const struct soapc_type *declared, unsigned mask)
{
    static const char *const suffixes[MASKS] = { "", "_by_restriction", "_by_extension", "_by_membership" };
    const char *name = plan->type_names[declared->index];
    if (!name)
        name = soapc_plan_printf(plan, "xs_%s", declared->name.local);
    return soapc_nameset_add(&plan->globals, plan->arena,
                             soapc_plan_printf(plan, "%s_typed%s", name, suffixes[mask]));
}

static struct soapc_ptype *union_make(struct search *s, const struct soapc_type *declared)
{
    struct soapc_plan *plan = s->plan;
    struct soapc_ptype *t = soapc_ptype_new(plan, BARK_KIND_STRUCT);
    if (!t)
        return NULL;
    t->model = BARK_MODEL_TYPED;
    t->ns = declared->name.ns;
    t->local = declared->name.local;
    t->place = declared->place;
    t->done = true; /* shaped here, not by the queue */
    t->flags = declared->complex && declared->abstract ? BARK_TYPE_ABSTRACT : 0;
    t->c_name = union_name(plan, declared, s->mask);
    t->fields = soapc_plan_alloc(plan, s->count + 1, sizeof *t->fields);
    if (!t->c_name || !t->fields)
        return NULL;
    if (!t->flags && !alternative_add(plan, t, declared))
        return NULL;
    for (size_t i = 0; i < s->count; i++)
        if (!alternative_add(plan, t, s->found[i]))
            return NULL;
    return t;
}

static bool is_asked_for(const struct soapc_plan *plan, const struct soapc_type *type)
{
    switch (plan->polymorphic) {
    case SOAPC_POLYMORPHIC_NONE:
        break;
    case SOAPC_POLYMORPHIC_ABSTRACT:
        return type->complex && type->abstract;
    case SOAPC_POLYMORPHIC_COMPLEX:
        return type->complex && !type->is_builtin;
    case SOAPC_POLYMORPHIC_ALL:
        return true;
    }
    return false;
}

/* A union of the declared type alone: a simple type's row has no name, as equal ones share it, and that of
 * anyType takes whatever is named, also what is blocked. */
static bool stands_alone(const struct search *s, const struct soapc_type *type)
{
    return type->complex ? type->is_builtin && s->blocked : !type->is_builtin;
}

static struct soapc_ptype *declared_or_typed(struct soapc_plan *plan, const struct soapc_element *element)
{
    const struct soapc_type *declared = element->type;
    struct search s = { .plan = plan, .mask = element->block | (declared->complex ? declared->block : 0u) };
    struct soapc_ptype **made;
    s.mask &= EXTENSION | RESTRICTION;
    if (!declared->name.local || !is_asked_for(plan, declared))
        return soapc_ptype_of(plan, declared);
    if (!plan->typed && !bases_mark(plan))
        return NULL;
    if (!plan->typed[declared->index].is_base && !stands_alone(&s, declared))
        return soapc_ptype_of(plan, declared);
    made = plan->typed[declared->index].made;
    if (made[s.mask])
        return made[s.mask];
    s.round = ++plan->typed_rounds;
    if (!derived_find(&s, declared))
        return NULL;
    if (s.blocked == 0 && made[0])
        return made[s.mask] = made[0];
    s.mask = s.blocked ? s.mask : 0;
    made[s.mask] =
        s.count || stands_alone(&s, declared) ? union_make(&s, declared) : soapc_ptype_of(plan, declared);
    return made[s.mask];
}

/* base64Binary of an element that says what its octets are [XMIME 3]: a type of its own, which equal ones
 * share later. */
static struct soapc_ptype *media_make(struct soapc_plan *plan, const struct soapc_element *element)
{
    struct soapc_ptype *t = soapc_ptype_new(plan, BARK_KIND_BASE64);
    if (!t)
        return NULL;
    t->source = element->type;
    t->place = element->type->place;
    t->content_types = element->content_types;
    return t;
}

struct soapc_ptype *soapc_ptype_of_element(struct soapc_plan *plan, const struct soapc_element *element)
{
    struct soapc_ptype *t = declared_or_typed(plan, element);
    return t && t->kind == BARK_KIND_BASE64 && element->content_types ? media_make(plan, element) : t;
}
