/* describe/words.c - components in words: facets, occurrences, names; and the order in which they are
 * described.
 */
#include "describe/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *soapc_facet_word(enum bark_facet_kind kind)
{
    return kind < BARK_FACET_WHITESPACE ? soapc_facet_words[kind] : NULL;
}

void soapc_occurs_words(uint32_t min, uint32_t max, char text[32])
{
    if (max == SOAPC_UNBOUNDED)
        (void)snprintf(text, 32, "%u..unbounded", (unsigned)min);
    else
        (void)snprintf(text, 32, "%u..%u", (unsigned)min, (unsigned)max);
}

const char *soapc_derivation_word(const struct soapc_type *t)
{
    switch (t->derivation) {
    case SOAPC_BY_EXTENSION:
        return "extends";
    case SOAPC_BY_RESTRICTION:
        return "restricts";
    case SOAPC_BY_LIST:
        return "lists";
    case SOAPC_BY_UNION:
        return "unites";
    case SOAPC_BY_NONE:
    case SOAPC_BY_SUBSTITUTION:
        break;
    }
    return "";
}

const char *soapc_type_label(const struct soapc_type *t)
{
    return t->name.local ? t->name.local : t->context ? t->context : "type";
}

bool soapc_type_is_used(const struct soapc_plan *plan, const struct soapc_type *t)
{
    return !t->is_builtin && plan->by_type[t->index] != NULL;
}

static int types_compare(const void *a, const void *b)
{
    const struct soapc_type *x = *(const struct soapc_type *const *)a,
                            *y = *(const struct soapc_type *const *)b;
    int order = strcmp(x->name.ns, y->name.ns);
    order = order ? order : strcmp(soapc_type_label(x), soapc_type_label(y));
    return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

const struct soapc_type **soapc_types_sorted(struct soapc_plan *plan, size_t *count)
{
    const struct soapc_model *m = plan->model;
    const struct soapc_type **types = soapc_plan_alloc(plan, m->type_count + 1, sizeof(struct soapc_type *));
    *count = 0;
    for (size_t i = 0; types && i < m->type_count; i++)
        if (soapc_type_is_used(plan, m->types[i]))
            types[(*count)++] = m->types[i];
    if (types)
        qsort(types, *count, sizeof(struct soapc_type *), types_compare);
    return types;
}

static void walk_push(struct soapc_content_walk *w, const struct soapc_particle *p, size_t depth)
{
    void *grown = soapc_plan_grow(w->plan, w->stack, w->count, &w->cap, sizeof *w->stack);
    if (!grown)
        return;
    w->stack = grown;
    w->stack[w->count].particle = p;
    w->stack[w->count++].depth = depth;
}

void soapc_content_start(struct soapc_content_walk *w, struct soapc_plan *plan,
                         const struct soapc_particle *p)
{
    *w = (struct soapc_content_walk){ .plan = plan };
    if (p)
        walk_push(w, p, 0);
}

const struct soapc_particle *soapc_content_next(struct soapc_content_walk *w, size_t *depth)
{
    if (w->count == 0 || w->plan->failed)
        return NULL;
    const struct soapc_particle *p = w->stack[--w->count].particle;
    *depth = w->stack[w->count].depth;
    for (size_t i = p->kind >= SOAPC_PARTICLE_SEQUENCE ? p->count : 0; i; i--)
        walk_push(w, p->items[i - 1], *depth + 1);
    return p;
}
