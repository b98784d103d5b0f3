/* model/group.c - references to groups become what they refer to.
 *
 * A model group reference takes over the kind and the list of the group's own particle; the list is shared
 * and not copied, so a group used a thousand times costs its size once. Attribute groups are poured out,
 * innermost first. No group may contain itself [XSD1 3.8.6, 3.6.6].
 */
#include "model/build.h"

static void particle_remove(struct soapc_particle *p)
{
    p->min = p->max = 0;
    p->items = NULL;
    p->count = p->cap = 0;
}

static void use_fill(struct soapc_builder *b, const struct soapc_group_use *use)
{
    const struct soapc_particle *from = use->group->particle;
    use->particle->kind = from->kind;
    use->particle->items = from->items;
    use->particle->count = from->count;
    use->particle->cap = from->count;
    if (from->kind != SOAPC_PARTICLE_ALL && !from->repeated_all)
        return;
    bool repeats = use->particle->max > 1;
    if (from->repeated_all) {
        use->particle->min = 0;
        use->particle->max = SOAPC_UNBOUNDED;
        use->particle->repeated_all = from->repeated_all;
    }
    if (use->nested || repeats) /* [XSD1 3.8.6] cos-all-limited 1 */
        soapc_error(b->diag, SOAPC_E_ALL_LIMITED, use->place,
                    "group '%s' is an xs:all, which can only be the whole content of a type",
                    use->group->name.local);
}

static void model_groups_fill(struct soapc_builder *b)
{
    size_t count = 0, cap = 0;
    struct soapc_need *needs = NULL;
    for (size_t i = 0; i < b->group_use_count; i++) {
        if (!b->group_uses[i].inside)
            continue;
        struct soapc_need *need = SOAPC_PUSH(b, needs, count, cap);
        *need =
            (struct soapc_need){ b->group_uses[i].inside->index, b->group_uses[i].group->index, i, false };
    }
    soapc_order(b, needs, count, b->model->group_count);
    for (size_t i = 0; i < b->group_use_count; i++)
        use_fill(b, &b->group_uses[i]);
    for (size_t i = 0; i < count; i++) {
        if (!needs[i].closes_cycle)
            continue;
        const struct soapc_group_use *use = &b->group_uses[needs[i].tag];
        soapc_error(b->diag, SOAPC_E_CYCLE, use->place, "group '%s' contains itself", use->group->name.local);
        particle_remove(use->particle);
    }
}

static void attribute_groups_fill(struct soapc_builder *b)
{
    struct soapc_model *m = b->model;
    size_t count = 0, cap = 0, at = 0;
    struct soapc_need *needs = NULL;
    for (size_t i = 0; i < b->attributes_use_count; i++) {
        const struct soapc_attributes_use *use = &b->attributes_uses[i];
        if (!use->inside)
            continue;
        struct soapc_need *need = SOAPC_PUSH(b, needs, count, cap);
        *need = (struct soapc_need){ use->inside->index, use->group->index, i, false };
    }
    const uint32_t *order = soapc_order(b, needs, count, m->attribute_group_count);
    size_t *first = soapc_pool_alloc(b->pool, (m->attribute_group_count + 1) * sizeof *first);
    for (size_t g = 0; g < m->attribute_group_count; g++) {
        first[g] = at;
        while (at < count && needs[at].from == g)
            at++;
    }
    for (size_t i = 0; i < m->attribute_group_count; i++) {
        for (size_t n = first[order[i]]; n < count && needs[n].from == order[i]; n++) {
            const struct soapc_attributes_use *use = &b->attributes_uses[needs[n].tag];
            if (needs[n].closes_cycle)
                soapc_error(b->diag, SOAPC_E_CYCLE, use->place, "attribute group '%s' contains itself",
                            use->group->name.local);
            else
                soapc_attributes_pour(b, use);
        }
    }
    for (size_t i = 0; i < b->attributes_use_count; i++)
        if (!b->attributes_uses[i].inside)
            soapc_attributes_pour(b, &b->attributes_uses[i]);
}

void soapc_groups_fill(struct soapc_builder *b)
{
    model_groups_fill(b);
    attribute_groups_fill(b);
}
