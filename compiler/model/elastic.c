/* model/elastic.c - which content models have counters that one look cannot divide [XSD1 3.8.4].
 *
 * When a group repeats and a part of it does too, and one of the two must come twice or more, taking as many
 * parts as may come can leave too few for the rest. `validate` reads such content without counters and counts
 * afterwards in all ways (judge/content.c). More are named here than need it: to count is exact for all.
 */
#include "model/build.h"

enum { NODES_MAX = 2000, WORK_MAX = 20000000 };

struct open {
    const struct soapc_particle *p;
    bool repeats, counted; /* a group around it */
};

struct search {
    struct soapc_builder *b;
    struct open *stack;
    size_t count, cap, work;
};

static void push(struct search *s, const struct soapc_particle *p, bool repeats, bool counted)
{
    struct open *slot = SOAPC_PUSH(s->b, s->stack, s->count, s->cap);
    *slot = (struct open){ p, repeats, counted };
}

static bool is_elastic(struct search *s, const struct soapc_particle *root)
{
    size_t seen = 0;
    bool found = false;
    s->count = 0;
    push(s, root, false, false);
    while (s->count > 0) {
        const struct open at = s->stack[--s->count];
        const bool repeats = at.p->max > 1, counted = at.p->min > 1;
        s->work++;
        if (++seen > NODES_MAX)
            return false;
        found = found || (at.repeats && repeats && (at.counted || counted));
        if (at.p->kind == SOAPC_PARTICLE_ELEMENT || at.p->kind == SOAPC_PARTICLE_ANY)
            continue;
        for (size_t i = 0; i < at.p->count; i++)
            push(s, at.p->items[i], at.repeats || repeats, at.counted || (repeats && counted));
    }
    return found;
}

void soapc_elastic_find(struct soapc_builder *b)
{
    struct search s = { .b = b };
    for (size_t i = 0; i < b->model->type_count && s.work < WORK_MAX; i++) {
        struct soapc_type *t = b->model->types[i];
        if (t->complex && !t->is_builtin && t->particle)
            t->elastic = is_elastic(&s, t->particle);
    }
}
