/* model/consistent.c - Element Declarations Consistent [XSD1 3.8.6]: elements of one name inside one content
 * model have one type, also those that may stand in for another.
 *
 * Each content model is walked once, groups shared by several references once as well, and the names it meets
 * go into a table. Two elements whose types have no name, and that are not one declaration, never agree.
 *
 * The work is bounded for the whole model; what lies beyond is not checked.
 */
#include "model/build.h"

#include <stdint.h>

enum { WORK_MAX = 20000000 };

/* Buckets of another round are free: each content model is a round. */
struct bucket {
    const void *ns, *local; /* of a name; a group's items with ns NULL */
    uint32_t round;
    const struct soapc_element *element;
    struct soapc_place place; /* of the first particle with it */
};

struct consistency {
    struct soapc_builder *b;
    struct bucket *buckets; /* open addressing, at most half full */
    size_t count, cap;
    uint32_t round;
    const struct soapc_particle **stack;
    size_t depth, stack_cap;
    const struct soapc_element **elements; /* an element and its substitutes */
    size_t element_count, element_cap;
    size_t work;
};

static struct bucket *bucket_find(const struct consistency *c, const void *ns, const void *local)
{
    uint64_t h = (uint64_t)(uintptr_t)ns * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(uintptr_t)local;
    h *= UINT64_C(0xff51afd7ed558ccd);
    size_t i = (size_t)(h ^ h >> 32) & (c->cap - 1);
    while (c->buckets[i].round == c->round && (c->buckets[i].ns != ns || c->buckets[i].local != local))
        i = (i + 1) & (c->cap - 1);
    return &c->buckets[i];
}

static void buckets_grow(struct consistency *c)
{
    struct bucket *old = c->buckets;
    size_t cap = c->cap;
    if ((c->count + 1) * 2 <= cap)
        return;
    c->cap = cap ? cap * 2 : 1024;
    c->buckets = soapc_pool_alloc(c->b->pool, c->cap * sizeof *c->buckets);
    for (size_t i = 0; i < cap; i++)
        if (old[i].round == c->round)
            *bucket_find(c, old[i].ns, old[i].local) = old[i];
}

/* False when it was there already; *at is its bucket. */
static bool enter(struct consistency *c, const void *ns, const void *local, struct bucket **at)
{
    buckets_grow(c);
    *at = bucket_find(c, ns, local);
    if ((*at)->round == c->round)
        return false;
    **at = (struct bucket){ .ns = ns, .local = local, .round = c->round };
    c->count++;
    return true;
}

static void element_meet(struct consistency *c, const struct soapc_element *e, struct soapc_place place)
{
    struct bucket *at;
    if (enter(c, e->name.ns, e->name.local, &at)) {
        at->element = e;
        at->place = place;
        return;
    }
    if (at->element->type == e->type)
        return;
    soapc_error(c->b->diag, SOAPC_E_INCONSISTENT, place,
                "element '%s' has another type here than before in the same content", e->name.local);
    soapc_note(c->b->diag, at->place, "the first one is here");
}

static void element_offer(struct consistency *c, const struct soapc_element *e)
{
    const struct soapc_element **slot = SOAPC_PUSH(c->b, c->elements, c->element_count, c->element_cap);
    *slot = e;
}

/* "Implicitly contained": the members of its substitution group too. */
static void element_take(struct consistency *c, const struct soapc_element *e, struct soapc_place place)
{
    c->element_count = 0;
    element_offer(c, e);
    for (size_t i = 0; i < c->element_count && c->work < WORK_MAX; i++, c->work++) {
        const struct soapc_element *at = c->elements[i];
        if (soapc_substitute_is_let(e, at, &c->work))
            element_meet(c, at, place);
        for (size_t s = 0; !(e->block & SOAPC_BY_SUBSTITUTION) && s < at->substitute_count; s++)
            element_offer(c, at->substitutes[s]);
    }
}

static void content_check(struct consistency *c, const struct soapc_particle *content)
{
    struct bucket *at;
    c->round++;
    c->count = 0;
    c->depth = 0;
    const struct soapc_particle **slot = SOAPC_PUSH(c->b, c->stack, c->depth, c->stack_cap);
    *slot = content;
    while (c->depth > 0 && c->work < WORK_MAX) {
        const struct soapc_particle *p = c->stack[--c->depth];
        c->work++;
        if (p->kind == SOAPC_PARTICLE_ELEMENT)
            element_take(c, p->element, p->place);
        if (p->kind == SOAPC_PARTICLE_ELEMENT || p->kind == SOAPC_PARTICLE_ANY || p->count == 0 ||
            !enter(c, NULL, p->items, &at))
            continue;
        for (size_t i = p->count; i-- > 0;) {
            slot = SOAPC_PUSH(c->b, c->stack, c->depth, c->stack_cap);
            *slot = p->items[i];
        }
    }
}

void soapc_elements_agree(struct soapc_builder *b)
{
    struct consistency c = { .b = b };
    for (size_t i = 0; i < b->model->type_count && c.work < WORK_MAX; i++) {
        const struct soapc_type *t = b->model->types[i];
        if (t->complex && !t->is_builtin && t->particle && (!t->base || t->particle != t->base->particle))
            content_check(&c, t->particle);
    }
}
