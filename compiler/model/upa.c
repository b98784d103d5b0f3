/* model/upa.c - Unique Particle Attribution [XSD1 3.8.6, H]: at every point of a content model one particle
 * at most may take the next element, whatever comes after it.
 *
 * The content is laid out as a tree in which each use of a group is a node of its own. What may follow a node
 * is found by going up: the node again, when it repeats; then what stands behind it in each sequence around
 * it, as far as that may be absent. No automaton is made and no occurrence is unrolled: a counter matters
 * only when it is exact, since then the choice between "again" and "on" is the number's, not the reader's.
 *
 * The work is bounded for the whole model; what lies beyond is not checked.
 */
#include "model/build.h"

#include <stdint.h>

enum { NODES_MAX = 50000, WORK_MAX = 20000000, REPORTS_MAX = 64, NONE = UINT32_MAX };

struct node {
    const struct soapc_particle *particle;
    uint32_t parent, first, count; /* children are consecutive */
    bool nullable;
};

/* A particle that may take the next element. */
struct candidate {
    uint32_t node;
    uint32_t stage; /* how many steps up it was found */
    bool exact; /* found by repeating a node that occurs an exact number of times: no rival to later stages */
};

/* A candidate that takes a name, and the one before it with the same name. */
struct taker {
    struct soapc_name name;
    uint32_t candidate, next;
};

/* A name's newest taker. Buckets of another round are free: each point of the content is a round. */
struct bucket {
    struct soapc_name name;
    uint32_t round, head;
};

struct upa {
    struct soapc_builder *b;
    struct node *nodes;
    size_t count, cap;
    struct candidate *found;
    size_t found_count, found_cap;
    uint32_t *stack;
    size_t stack_count, stack_cap;
    struct taker *takers; /* of this round's candidates */
    size_t taker_count, taker_cap;
    struct bucket *buckets; /* open addressing, at most half full */
    size_t bucket_cap;
    uint32_t round;
    const struct soapc_element **elements; /* an element and its substitutes */
    size_t element_count, element_cap;
    uint32_t *wildcards; /* candidates that are wildcards */
    size_t wildcard_count, wildcard_cap;
    struct {
        const struct soapc_particle *x, *y;
    } reported[REPORTS_MAX];
    size_t reported_count;
    size_t work;
};

static bool is_leaf(const struct soapc_particle *p)
{
    return p->kind == SOAPC_PARTICLE_ELEMENT || p->kind == SOAPC_PARTICLE_ANY;
}

/* ---- the tree ---- */

static void node_add(struct upa *u, const struct soapc_particle *p, uint32_t parent)
{
    struct node *n = SOAPC_PUSH(u->b, u->nodes, u->count, u->cap);
    *n = (struct node){ .particle = p, .parent = parent };
}

static bool nullable(const struct upa *u, const struct node *n)
{
    const struct soapc_particle *p = n->particle;
    size_t empty = 0;
    if (p->min == 0 || is_leaf(p))
        return p->min == 0;
    for (uint32_t i = 0; i < n->count; i++)
        empty += u->nodes[n->first + i].nullable;
    return p->kind == SOAPC_PARTICLE_CHOICE ? empty > 0 : empty == n->count;
}

/* Breadth first, so that children come after their parents. False when it is too large. */
static bool tree_build(struct upa *u, const struct soapc_particle *root)
{
    u->count = 0;
    node_add(u, root, NONE);
    for (size_t i = 0; i < u->count; i++) {
        const struct soapc_particle *p = u->nodes[i].particle;
        if (is_leaf(p))
            continue;
        if (p->count > NODES_MAX - u->count)
            return false;
        u->nodes[i].first = (uint32_t)u->count;
        u->nodes[i].count = (uint32_t)p->count;
        for (size_t c = 0; c < p->count; c++)
            node_add(u, p->items[c], (uint32_t)i);
    }
    for (size_t i = u->count; i-- > 0;)
        u->nodes[i].nullable = nullable(u, &u->nodes[i]);
    u->work += u->count;
    return true;
}

/* ---- candidates ---- */

static void push(struct upa *u, uint32_t node)
{
    uint32_t *slot = SOAPC_PUSH(u->b, u->stack, u->stack_count, u->stack_cap);
    *slot = node;
}

/* What may come first in a node. */
static void first_find(struct upa *u, uint32_t node, uint32_t stage, bool exact)
{
    push(u, node);
    while (u->stack_count > 0) {
        uint32_t at = u->stack[--u->stack_count];
        const struct node *n = &u->nodes[at];
        u->work++;
        if (is_leaf(n->particle)) {
            struct candidate *c = SOAPC_PUSH(u->b, u->found, u->found_count, u->found_cap);
            *c = (struct candidate){ at, stage, exact };
        }
        for (uint32_t i = 0; i < n->count; i++) {
            push(u, n->first + i);
            if (n->particle->kind == SOAPC_PARTICLE_SEQUENCE && !u->nodes[n->first + i].nullable)
                break;
        }
    }
}

static bool body_is_nullable(const struct upa *u, const struct node *n)
{
    struct node once = *n;
    struct soapc_particle p = *n->particle;
    p.min = 1;
    once.particle = &p;
    return nullable(u, &once);
}

/* What may come after one occurrence of a node. */
static void follow_find(struct upa *u, uint32_t node)
{
    uint32_t stage = 0;
    while (node != NONE) {
        const struct node *n = &u->nodes[node];
        const struct soapc_particle *p = n->particle;
        if (p->max > 1)
            first_find(u, node, stage, p->min == p->max && !body_is_nullable(u, n));
        stage++;
        if (n->parent == NONE)
            return;
        const struct node *up = &u->nodes[n->parent];
        uint32_t next = node + 1, end = up->first + up->count;
        bool absent = true;
        for (; up->particle->kind == SOAPC_PARTICLE_SEQUENCE && next < end && absent; next++) {
            first_find(u, next, stage, false);
            absent = u->nodes[next].nullable;
        }
        if (!absent)
            return;
        node = n->parent;
        stage++;
    }
}

/* ---- rivals ---- */

static bool are_rivals(const struct candidate *x, const struct candidate *y)
{
    const struct candidate *inner = x->stage < y->stage ? x : y;
    return x->node != y->node && !(x->stage != y->stage && inner->exact);
}

static const char *label(const struct soapc_particle *p)
{
    return p->kind == SOAPC_PARTICLE_ANY ? "xs:any" : p->element->name.local;
}

static void rivals_report(struct upa *u, const struct candidate *cx, const struct candidate *cy)
{
    const struct soapc_particle *x = u->nodes[cx->node].particle, *y = u->nodes[cy->node].particle;
    bool strict = u->b->docs->strict; /* docs/decisions/0008-ambiguous-content.md */
    if (!strict && x->kind != y->kind)
        return; /* the engine gives the element to its own declaration, and what is left to the wildcard */
    for (size_t i = 0; i < u->reported_count; i++)
        if ((u->reported[i].x == x && u->reported[i].y == y) ||
            (u->reported[i].x == y && u->reported[i].y == x))
            return;
    if (u->reported_count == REPORTS_MAX)
        return;
    u->reported[u->reported_count].x = x;
    u->reported[u->reported_count++].y = y;
    if (y->place.file < x->place.file || (y->place.file == x->place.file && y->place.at < x->place.at)) {
        const struct soapc_particle *swap = x;
        x = y;
        y = swap;
    }
    if (strict)
        soapc_error(u->b->diag, SOAPC_E_AMBIGUOUS, y->place,
                    "'%s' and '%s' can take the same element (unique particle attribution)", label(x),
                    label(y));
    else
        soapc_warning(u->b->diag, SOAPC_W_AMBIGUOUS, y->place,
                      "'%s' and '%s' can take the same element; the first one that can does", label(x),
                      label(y));
    soapc_note(u->b->diag, x->place, "the first of the two is here");
}

static struct bucket *bucket_find(const struct upa *u, struct soapc_name name)
{
    uint64_t h =
        (uint64_t)(uintptr_t)name.ns * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(uintptr_t)name.local;
    h *= UINT64_C(0xff51afd7ed558ccd);
    size_t i = (size_t)(h ^ h >> 32) & (u->bucket_cap - 1);
    while (u->buckets[i].round == u->round &&
           (u->buckets[i].name.local != name.local || u->buckets[i].name.ns != name.ns))
        i = (i + 1) & (u->bucket_cap - 1);
    return &u->buckets[i];
}

static void buckets_grow(struct upa *u)
{
    if (u->taker_count * 2 < u->bucket_cap)
        return;
    u->bucket_cap = u->bucket_cap ? u->bucket_cap * 2 : 1024;
    u->buckets = soapc_pool_alloc(u->b->pool, u->bucket_cap * sizeof *u->buckets);
    for (size_t t = 0; t < u->taker_count; t++)
        *bucket_find(u, u->takers[t].name) = (struct bucket){ u->takers[t].name, u->round, (uint32_t)t };
}

/* Enters a name of a candidate; earlier ones of the name are its rivals. */
static void name_take(struct upa *u, uint32_t candidate, struct soapc_name name)
{
    buckets_grow(u);
    struct bucket *bucket = bucket_find(u, name);
    uint32_t before = bucket->round == u->round ? bucket->head : NONE;
    for (uint32_t t = before; t != NONE; t = u->takers[t].next, u->work++)
        if (are_rivals(&u->found[u->takers[t].candidate], &u->found[candidate]))
            rivals_report(u, &u->found[u->takers[t].candidate], &u->found[candidate]);
    *bucket = (struct bucket){ name, u->round, (uint32_t)u->taker_count };
    struct taker *taker = SOAPC_PUSH(u->b, u->takers, u->taker_count, u->taker_cap);
    *taker = (struct taker){ name, candidate, before };
    for (size_t i = 0; i < u->wildcard_count; i++, u->work++) {
        const struct candidate *w = &u->found[u->wildcards[i]];
        if (soapc_wildcard_allows(u->b, u->nodes[w->node].particle->wildcard, name.ns) &&
            are_rivals(w, &u->found[candidate]))
            rivals_report(u, w, &u->found[candidate]);
    }
}

static void element_offer(struct upa *u, const struct soapc_element *e)
{
    const struct soapc_element **slot = SOAPC_PUSH(u->b, u->elements, u->element_count, u->element_cap);
    *slot = e;
}

/* [XSD1 3.3.6] An element, and all that may stand in for it unless something blocks that. */
static void element_take(struct upa *u, uint32_t candidate, const struct soapc_element *e)
{
    u->element_count = 0;
    element_offer(u, e);
    for (size_t i = 0; i < u->element_count && u->work < WORK_MAX; i++) {
        const struct soapc_element *at = u->elements[i];
        if (soapc_substitute_is_let(e, at, &u->work))
            name_take(u, candidate, at->name);
        for (size_t s = 0; !(e->block & SOAPC_BY_SUBSTITUTION) && s < at->substitute_count; s++)
            element_offer(u, at->substitutes[s]);
        u->work++;
    }
}

static bool wildcards_overlap(const struct upa *u, const struct soapc_wildcard *x,
                              const struct soapc_wildcard *y)
{
    if (x->mode != BARK_WILDCARD_LIST && y->mode != BARK_WILDCARD_LIST)
        return true;
    const struct soapc_wildcard *list = x->mode == BARK_WILDCARD_LIST ? x : y, *other = list == x ? y : x;
    for (size_t i = 0; i < list->namespace_count; i++)
        if (soapc_wildcard_allows(u->b, other, list->namespaces[i]))
            return true;
    return false;
}

static void wildcard_take(struct upa *u, uint32_t candidate, const struct soapc_wildcard *wildcard)
{
    const struct candidate *c = &u->found[candidate];
    for (size_t t = 0; t < u->taker_count; t++, u->work++) {
        const struct candidate *other = &u->found[u->takers[t].candidate];
        if (soapc_wildcard_allows(u->b, wildcard, u->takers[t].name.ns) && are_rivals(other, c))
            rivals_report(u, other, c);
    }
    for (size_t i = 0; i < u->wildcard_count; i++, u->work++) {
        const struct candidate *other = &u->found[u->wildcards[i]];
        if (u->nodes[other->node].particle->wildcard !=
                wildcard && /* open content is one wildcard (XSD 1.1) */
            are_rivals(other, c) &&
            wildcards_overlap(u, u->nodes[other->node].particle->wildcard, wildcard))
            rivals_report(u, other, c);
    }
    uint32_t *slot = SOAPC_PUSH(u->b, u->wildcards, u->wildcard_count, u->wildcard_cap);
    *slot = candidate;
}

/* Compares the candidates of one point with each other, and forgets them. */
static void rivals_check(struct upa *u)
{
    u->round++;
    u->taker_count = u->wildcard_count = 0;
    for (size_t i = 0; i < u->found_count && u->work < WORK_MAX; i++) {
        const struct soapc_particle *p = u->nodes[u->found[i].node].particle;
        if (p->kind == SOAPC_PARTICLE_ELEMENT)
            element_take(u, (uint32_t)i, p->element);
        else
            wildcard_take(u, (uint32_t)i, p->wildcard);
    }
    u->found_count = 0;
}

/* After the last part of a model, and after any part of a choice that does not repeat, comes what comes after
 * the whole: asked once. */
static bool is_asked_above(const struct upa *u, uint32_t at)
{
    const struct node *n = &u->nodes[at];
    if (n->parent == NONE || n->particle->max > 1)
        return false;
    const struct node *up = &u->nodes[n->parent];
    return up->particle->kind != SOAPC_PARTICLE_SEQUENCE || at == up->first + up->count - 1;
}

static void content_check(struct upa *u, const struct soapc_particle *content)
{
    if (!tree_build(u, content))
        return;
    first_find(u, 0, 0, false);
    rivals_check(u);
    for (uint32_t i = 0; i < u->count && u->work < WORK_MAX; i++) {
        if (is_asked_above(u, i))
            continue;
        follow_find(u, i);
        rivals_check(u);
    }
}

void soapc_particles_attribute(struct soapc_builder *b)
{
    struct upa u = { .b = b };
    for (size_t i = 0; i < b->model->type_count && u.work < WORK_MAX; i++) {
        const struct soapc_type *t = b->model->types[i];
        if (t->complex && !t->is_builtin && t->particle && (!t->base || t->particle != t->base->particle))
            content_check(&u, t->particle);
    }
}
