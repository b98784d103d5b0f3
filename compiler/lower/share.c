/* lower/share.c - type rows are numbered, and structs that are the same to the engine get the same one.
 *
 * A hundred responses without content are a hundred structs in C and one row: what a row says is the layout
 * and the members, and the root that refers to it has the name. Only equal names (an anonymous type has
 * none), equal members in equal order, of the same rows, are the same; then the members stand at equal
 * offsets on every machine, because C sees the same types in the same order, and emit/source.c asserts it. A
 * member whose type has its row later (through a pointer) is compared by that type itself, so a struct that
 * contains itself is never shared.
 */
#include "lower/plan.h"

#include <string.h>

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool wildcards_equal(const struct soapc_wildcard *a, const struct soapc_wildcard *b)
{
    if (a == b || !a || !b)
        return a == b;
    if (a->mode != b->mode || a->process != b->process || a->namespace_count != b->namespace_count)
        return false;
    for (size_t i = 0; i < a->namespace_count; i++)
        if (strcmp(a->namespaces[i], b->namespaces[i]) != 0)
            return false;
    return true;
}

/* The struct whose row this type has, as far as it is known. */
static const struct soapc_ptype *first_of(const struct soapc_ptype *t)
{
    return t && t->twin ? t->twin : t;
}

static bool fields_equal(const struct soapc_pfield *a, const struct soapc_pfield *b)
{
    return a->kind == b->kind && a->bits == b->bits && a->offset == b->offset && a->has == b->has &&
           first_of(a->type) == first_of(b->type) && a->min == b->min && a->max == b->max &&
           texts_equal(a->local, b->local) && (!a->local || texts_equal(a->ns, b->ns)) &&
           texts_equal(a->text, b->text) && wildcards_equal(a->wildcard, b->wildcard);
}

static bool structs_equal(const struct soapc_ptype *a, const struct soapc_ptype *b)
{
    if (a->model != b->model || a->flags != b->flags || a->size != b->size || a->align != b->align ||
        a->presence != b->presence || a->attribute_count != b->attribute_count ||
        a->field_count != b->field_count || !texts_equal(a->local, b->local) ||
        (a->local && !texts_equal(a->ns, b->ns)))
        return false;
    for (size_t i = 0; i < a->field_count; i++)
        if (!fields_equal(&a->fields[i], &b->fields[i]))
            return false;
    return true;
}

static size_t text_hash(size_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash;
}

static size_t struct_hash(const struct soapc_ptype *t)
{
    size_t hash = text_hash(2166136261u + t->size, t->local);
    for (size_t i = 0; i < t->field_count; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        const size_t numbers[] = { f->bits, f->offset, f->min, f->max, (uintptr_t)first_of(f->type) };
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            hash = (hash ^ numbers[k]) * 16777619u;
        hash = text_hash(text_hash(text_hash(hash, f->local), f->ns), f->text);
    }
    return hash ^ hash >> 16;
}

bool soapc_ptype_set_init(struct soapc_plan *plan, struct soapc_ptype_set *set)
{
    set->cap = 64;
    while (set->cap < 2 * plan->type_count)
        set->cap *= 2;
    set->slots = soapc_plan_alloc(plan, set->cap, sizeof(struct soapc_ptype *));
    return set->slots != NULL;
}

struct soapc_ptype *soapc_ptype_set_add(struct soapc_ptype_set *set, struct soapc_ptype *t, size_t hash,
                                        bool (*equal)(const struct soapc_ptype *, const struct soapc_ptype *))
{
    size_t slot = hash & (set->cap - 1);
    while (set->slots[slot] && !equal(set->slots[slot], t))
        slot = (slot + 1) & (set->cap - 1);
    if (!set->slots[slot]) {
        set->slots[slot] = t;
        return NULL;
    }
    return set->slots[slot];
}

bool soapc_plan_share(struct soapc_plan *plan)
{
    struct soapc_ptype_set set;
    size_t rows = 0;
    if (!soapc_ptype_set_init(plan, &set))
        return false;
    for (size_t i = 0; i < plan->type_count; i++) {
        struct soapc_ptype *t = plan->types[i];
        t->row = rows;
        if (t->kind == BARK_KIND_STRUCT)
            t->twin = soapc_ptype_set_add(&set, t, struct_hash(t), structs_equal);
        if (t->twin)
            t->row = t->twin->row;
        else
            rows++;
    }
    return true;
}
