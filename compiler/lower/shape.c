/* lower/shape.c - gives every type that a root needs its fields or facets, breadth first.
 *
 * soapc_ptype_of() hands out types whose inside is still empty; this stage fills them one after the other
 * until no empty one is left. So the walk needs no recursion, and a type that contains itself is no problem.
 */
#include "lower/plan.h"

#include <string.h>

struct soapc_ptype *soapc_ptype_new(struct soapc_plan *plan, enum bark_kind kind)
{
    struct soapc_ptype **items =
        soapc_plan_grow(plan, plan->types, plan->type_count, &plan->type_cap, sizeof(struct soapc_ptype *));
    struct soapc_ptype *t = items ? soapc_plan_alloc(plan, 1, sizeof *t) : NULL;
    if (!t)
        return NULL;
    plan->types = items;
    items[plan->type_count++] = t;
    t->kind = kind;
    t->ns = "";
    t->place = SOAPC_NOWHERE;
    return t;
}

static struct soapc_ptype *plain_of(struct soapc_plan *plan, enum bark_kind kind)
{
    if (!plan->plain[kind])
        plan->plain[kind] = soapc_ptype_new(plan, kind);
    return plan->plain[kind];
}

struct soapc_ptype *soapc_ptype_of(struct soapc_plan *plan, const struct soapc_type *type)
{
    struct soapc_ptype *t = plan->by_type[type->index];
    if (t)
        return t;
    if (!type->complex && type->builtin == SOAPC_BUILTIN_ANY_TYPE)
        return plain_of(plan, BARK_KIND_STRING);
    if (!type->complex && soapc_value_is_plain(type)) {
        t = plain_of(plan, soapc_value_kind(type));
    } else {
        t = soapc_ptype_new(plan, type->complex ? BARK_KIND_STRUCT : soapc_value_kind(type));
        if (!t)
            return NULL;
        t->source = type;
        t->place = type->place;
        if (t->kind == BARK_KIND_STRUCT || t->kind == BARK_KIND_ENUM) {
            t->ns = type->name.ns;
            t->local = type->name.local;
            t->c_name = type->is_builtin ? "xs_anyType" : plan->type_names[type->index];
        }
    }
    plan->by_type[type->index] = t;
    return t;
}

static bool facets_equal(const struct soapc_ptype *a, const struct soapc_ptype *b)
{
    const char *x = a->content_types ? a->content_types : "", *y = b->content_types ? b->content_types : "";
    if (strcmp(x, y) != 0 || a->kind != b->kind || a->facet_count != b->facet_count || a->item != b->item ||
        a->union_count != b->union_count)
        return false;
    for (size_t i = 0; i < a->union_count; i++)
        if (a->union_members[i] != b->union_members[i])
            return false;
    for (size_t i = 0; i < a->facet_count; i++)
        if (a->facets[i].kind != b->facets[i].kind || a->facets[i].value != b->facets[i].value ||
            strcmp(a->facets[i].text, b->facets[i].text) != 0)
            return false;
    return true;
}

static size_t facets_hash(const struct soapc_ptype *t)
{
    size_t hash = (size_t)t->kind * 31 + t->facet_count;
    for (size_t i = 0; i < t->facet_count; i++)
        hash = hash * 31 + (size_t)t->facets[i].kind * 7 + (size_t)t->facets[i].value;
    return hash;
}

/* Values that differ in nothing but their name share the row of the first one. Enumerations keep theirs: they
 * are types in C. */
static bool values_merge(struct soapc_plan *plan)
{
    struct soapc_ptype_set set;
    if (!soapc_ptype_set_init(plan, &set))
        return false;
    for (size_t i = 0; i < plan->type_count; i++) {
        struct soapc_ptype *t = plan->types[i];
        if (t->kind == BARK_KIND_STRUCT || t->kind == BARK_KIND_GROUP || t->kind == BARK_KIND_ENUM)
            continue;
        t->same = soapc_ptype_set_add(&set, t, facets_hash(t), facets_equal);
    }
    return true;
}

static void same_follow(struct soapc_ptype **type)
{
    if (*type && (*type)->same)
        *type = (*type)->same;
}

static void references_follow(struct soapc_plan *plan)
{
    for (size_t i = 0; i < plan->type_count; i++) {
        struct soapc_ptype *t = plan->types[i];
        same_follow(&t->item);
        for (size_t k = 0; k < t->union_count; k++)
            same_follow(&t->union_members[k]);
        for (size_t k = 0; k < t->field_count; k++)
            same_follow(&t->fields[k].type);
    }
    for (size_t i = 0; i < plan->root_count; i++)
        same_follow(&plan->roots[i].type);
}

bool soapc_plan_shape(struct soapc_plan *plan)
{
    bool good = !plan->assess || soapc_shape_declared(plan);
    for (size_t i = 0; i < plan->type_count && !plan->failed; i++) {
        struct soapc_ptype *t = plan->types[i];
        if (t->done)
            continue;
        t->done = true;
        /* After an error the rest is shaped all the same, so that one run reports all errors. */
        good &= t->kind == BARK_KIND_STRUCT ? soapc_shape_struct(plan, t) : soapc_shape_value(plan, t);
    }
    if (!good || plan->failed || !values_merge(plan))
        return false;
    references_follow(plan);
    return true;
}
