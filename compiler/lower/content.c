/* lower/content.c - complex types to structs: attributes, then content; nested particles to groups.
 *
 * A particle tree is walked with a stack of its own. What needs no struct of its own melts into the one
 * around it: a sequence with both occurrences 1 inside a sequence, a choice inside a choice, a group with a
 * single particle. An element with a substitution group is a choice of the elements that may stand there
 * [XSD1 3.3.4].
 */
#include "lower/plan.h"
#include "model/value.h"

#include <string.h>

struct open_particle {
    const struct soapc_particle *particle;
    size_t target; /* index into builder.targets */
};

/* Names wait until all fields are known, so that elements get theirs before attributes and wildcards. */
struct builder {
    struct soapc_plan *plan;
    struct soapc_ptype **targets; /* the struct, then its groups in the order they were met */
    size_t target_count, target_cap;
    struct open_particle *open;
    size_t open_count, open_cap;
};

static struct soapc_pfield *field_add(struct soapc_plan *plan, struct soapc_ptype *t,
                                      enum bark_field_kind kind)
{
    struct soapc_pfield *items =
        soapc_plan_grow(plan, t->fields, t->field_count, &t->field_cap, sizeof *items);
    if (!items)
        return NULL;
    t->fields = items;
    struct soapc_pfield *field = &items[t->field_count++];
    *field = (struct soapc_pfield){ .kind = kind, .ns = "", .min = 1, .max = 1, .has = BARK_NO_HAS };
    return field;
}

static void occurs_set(struct soapc_pfield *field, uint32_t min, uint32_t max)
{
    field->min = min;
    field->max = max;
    field->bits |= (min ? BARK_F_REQUIRED : 0) | (max > 1 ? BARK_F_REPEATED : 0);
    if (max > 1 && (max != SOAPC_UNBOUNDED || min > 1))
        field->bits |= BARK_F_OCCURS;
}

static bool holds_text(const struct soapc_ptype *type)
{
    if (type->model == BARK_MODEL_TYPED)
        type = type->fields[0].type;
    return (type->kind >= BARK_KIND_STRING && type->kind <= BARK_KIND_ANYURI) ||
           type->kind == BARK_KIND_BASE64 || type->kind == BARK_KIND_HEX ||
           (type->source && type->source->complex && type->source->value);
}

/* A default or fixed value as the declared type leaves it: xsi:type may name another, which would collapse
 * more. Names are given with their namespaces. */
static void text_set(struct soapc_plan *plan, struct soapc_pfield *field, const struct soapc_type *simple,
                     const char *default_text, const char *fixed_text, const char *names)
{
    const char *given = names ? names : fixed_text ? fixed_text : default_text;
    const size_t len = given ? strlen(given) : 0;
    char *text = given ? soapc_plan_alloc(plan, len + 1, 1) : NULL;
    if (!text)
        return;
    const struct bark_slice raw = { (const uint8_t *)given, len };
    const struct bark_slice kept = soapc_value_normalise(simple, raw, (uint8_t *)text);
    text[kept.len] = '\0';
    field->text = text;
    field->bits |= fixed_text ? BARK_F_FIXED : BARK_F_DEFAULT;
}

static bool element_add(struct soapc_plan *plan, struct soapc_ptype *t, const struct soapc_element *element,
                        uint32_t min, uint32_t max, struct soapc_place place)
{
    struct soapc_ptype *type = soapc_ptype_of_element(plan, element);
    struct soapc_pfield *field = type ? field_add(plan, t, BARK_FIELD_ELEMENT) : NULL;
    if (!field)
        return false;
    field->ns = element->name.ns;
    field->local = element->name.local;
    field->content_types = element->content_types;
    field->type = type;
    field->place = place;
    occurs_set(field, min, max);
    const struct soapc_type *simple = element->type->complex ? element->type->value : element->type;
    if (simple)
        text_set(plan, field, simple, element->default_text, element->fixed_text, element->value_names);
    if (element->nillable)
        field->bits |= BARK_F_NILLABLE;
    if (soapc_name_is_secret(field->local) && holds_text(type))
        field->bits |= BARK_F_SECRET;
    return true;
}

static bool attribute_add(struct soapc_plan *plan, struct soapc_ptype *t,
                          const struct soapc_attribute_use *use)
{
    struct soapc_ptype *type = soapc_ptype_of(plan, use->attribute->type);
    struct soapc_pfield *field = type ? field_add(plan, t, BARK_FIELD_ATTRIBUTE) : NULL;
    if (!field)
        return false;
    field->ns = use->attribute->name.ns;
    field->local = use->attribute->name.local;
    field->type = type;
    field->place = use->place;
    field->given = use->given;
    field->min = use->required;
    field->bits = use->required ? BARK_F_REQUIRED : 0;
    text_set(plan, field, use->attribute->type, use->default_text, use->fixed_text,
             use->value_names ? use->value_names : use->attribute->value_names);
    if (soapc_name_is_secret(field->local) && holds_text(type))
        field->bits |= BARK_F_SECRET;
    return true;
}

static bool attributes_add(struct soapc_plan *plan, struct soapc_ptype *t, const struct soapc_type *type)
{
    for (size_t i = 0; i < type->attributes.count; i++)
        if (!attribute_add(plan, t, type->attributes.items[i]))
            return false;
    if (type->any_attribute) {
        struct soapc_pfield *field = field_add(plan, t, BARK_FIELD_ANY_ATTRIBUTE);
        if (!field)
            return false;
        field->wildcard = type->any_attribute;
        field->place = type->any_attribute->place;
    }
    t->attribute_count = t->field_count;
    return true;
}

static struct soapc_ptype *group_add(struct builder *b, size_t holder, enum bark_model model, uint32_t min,
                                     uint32_t max, struct soapc_place place, const char *name)
{
    struct soapc_ptype *group = soapc_ptype_new(b->plan, BARK_KIND_GROUP);
    struct soapc_ptype **targets =
        soapc_plan_grow(b->plan, b->targets, b->target_count, &b->target_cap, sizeof(struct soapc_ptype *));
    if (targets)
        b->targets = targets;
    struct soapc_pfield *field =
        group && targets ? field_add(b->plan, b->targets[holder], BARK_FIELD_GROUP) : NULL;
    if (!field)
        return NULL;
    group->model = model;
    group->place = place;
    group->done = true; /* shaped here, not by the queue */
    field->type = group;
    field->place = place;
    field->member = name; /* a wish; names_give() makes it unique */
    occurs_set(field, min, max);
    b->targets[b->target_count++] = group;
    return group;
}

static bool particle_open(struct builder *b, const struct soapc_particle *particle, size_t target)
{
    struct open_particle *open = soapc_plan_grow(b->plan, b->open, b->open_count, &b->open_cap, sizeof *open);
    if (!open)
        return false;
    b->open = open;
    open[b->open_count++] = (struct open_particle){ particle, target };
    return true;
}

static bool children_open(struct builder *b, const struct soapc_particle *particle, size_t target)
{
    for (size_t i = particle->count; i; i--)
        if (!particle_open(b, particle->items[i - 1], target))
            return false;
    return true;
}

static bool alternatives_add(struct builder *b, struct soapc_ptype *t, const struct soapc_element **found,
                             size_t count, uint32_t min, struct soapc_place place)
{
    for (size_t i = 0; i < count; i++)
        if (!element_add(b->plan, t, found[i], min, 1, place))
            return false;
    return true;
}

/* [XSD1 3.3.4] An abstract element must come and nothing stands in for it, or a choice has nothing to choose
 * from [XSD1 3.8.4]: no content will do. The type of the element is made abstract too, so that it is refused
 * when it comes, and missed when it does not. */
static bool nothing_add(struct soapc_plan *plan, struct soapc_ptype *t, const struct soapc_particle *p,
                        uint32_t max)
{
    static const struct soapc_name unnamed = { "", "empty_choice" };
    const struct soapc_name *is = p->kind == SOAPC_PARTICLE_ELEMENT ? &p->element->name : &unnamed;
    struct soapc_ptype *nothing = soapc_ptype_new(plan, BARK_KIND_STRUCT);
    struct soapc_pfield *field = nothing ? field_add(plan, t, BARK_FIELD_ELEMENT) : NULL;
    const char *name = soapc_cname(plan->arena, soapc_plan_c_prefix(plan, is->ns), is->local);
    if (!field || !name)
        return false;
    nothing->model = BARK_MODEL_SEQUENCE;
    nothing->flags = BARK_TYPE_ABSTRACT;
    nothing->place = p->place;
    nothing->done = true;
    nothing->c_name = soapc_nameset_add(&plan->globals, plan->arena, name);
    field->ns = is->ns;
    field->local = is->local;
    field->type = nothing;
    field->place = p->place;
    occurs_set(field, p->min ? p->min : 1, max);
    return nothing->c_name != NULL;
}

/* The field that was added last gets the name that the overrides file has for its particle. */
static bool given_set(struct soapc_ptype *t, const struct soapc_particle *p)
{
    t->fields[t->field_count - 1].given = p->given;
    return true;
}

static bool element_open(struct builder *b, const struct soapc_particle *p, uint32_t min, uint32_t max,
                         size_t target)
{
    struct soapc_ptype *t = b->targets[target];
    const struct soapc_element **found;
    size_t count;
    if (!p->element->global || (!p->element->substitute_count && !p->element->abstract))
        return element_add(b->plan, t, p->element, min, max, p->place) && given_set(t, p);
    if (!soapc_substitutes_find(b->plan, p->element, &found, &count))
        return false;
    if (count == 0 && min == 0)
        return true; /* abstract, and nothing stands in for it: nothing can come here */
    if (count == 0)
        return nothing_add(b->plan, t, p, max);
    if (count == 1)
        return element_add(b->plan, t, found[0], min, max, p->place) && given_set(t, p);
    if (t->model == BARK_MODEL_ALL) /* holds elements only: each may come, at most once */
        return alternatives_add(b, t, found, count, 0, p->place);
    if (t->model == BARK_MODEL_CHOICE && min == 1 && max == 1)
        return alternatives_add(b, t, found, count, 1, p->place);
    struct soapc_ptype *group =
        group_add(b, target, BARK_MODEL_CHOICE, min, max, p->place, p->element->name.local);
    return group && given_set(b->targets[target], p) && alternatives_add(b, group, found, count, 1, p->place);
}

static bool wildcard_add(struct builder *b, const struct soapc_particle *p, uint32_t min, uint32_t max,
                         size_t target)
{
    struct soapc_pfield *field = field_add(b->plan, b->targets[target], BARK_FIELD_ANY);
    if (!field)
        return false;
    field->wildcard = p->wildcard;
    field->place = p->place;
    occurs_set(field, min, max);
    return true;
}

static uint64_t times(uint32_t a, uint32_t b)
{
    return a && b && (a == SOAPC_UNBOUNDED || b == SOAPC_UNBOUNDED) ? SOAPC_UNBOUNDED : (uint64_t)a * b;
}

/* Whether (x{c,d}){a,b} is the same as one x with one pair of bounds, which then replaces *min, *max: the
 * counts a*c ... b*d must leave no gap. */
static bool occurs_combine(uint32_t *min, uint32_t *max, uint32_t c, uint32_t d)
{
    const uint32_t a = *min, b = *max;
    const uint64_t low = times(a, c), high = times(b, d);
    const bool gapless = c <= 1 || a == b || (a >= 1 && times(a + 1, c) <= times(a, d) + 1);
    if (!gapless || low >= SOAPC_UNBOUNDED)
        return false;
    *min = (uint32_t)low;
    *max = high < SOAPC_UNBOUNDED ? (uint32_t)high : SOAPC_UNBOUNDED;
    return true;
}

static bool particle_add(struct builder *b, const struct soapc_particle *p, size_t target)
{
    const enum bark_model around = b->targets[target]->model;
    uint32_t min = p->min, max = p->max;
    while (p->kind >= SOAPC_PARTICLE_SEQUENCE && p->count == 1) {
        const struct soapc_particle *only = p->items[0];
        if (!occurs_combine(&min, &max, only->min, only->max))
            break;
        p = only;
    }
    if (p->kind == SOAPC_PARTICLE_ELEMENT)
        return element_open(b, p, min, max, target);
    if (p->kind == SOAPC_PARTICLE_ANY)
        return wildcard_add(b, p, min, max, target);
    if (p->count == 0 && p->kind == SOAPC_PARTICLE_CHOICE && min > 0)
        return nothing_add(b->plan, b->targets[target], p, max);
    if (p->count == 0) {
        /* [XSD1 3.8.4] An empty sequence is always satisfied; as an alternative, so is its choice. */
        if (around == BARK_MODEL_CHOICE)
            b->targets[target]->flags |= BARK_TYPE_NULLABLE;
        return true;
    }
    enum bark_model model = p->kind == SOAPC_PARTICLE_CHOICE ? BARK_MODEL_CHOICE : BARK_MODEL_SEQUENCE;
    if (min == 1 && max == 1 &&
        (around == model || (around == BARK_MODEL_ALL && model == BARK_MODEL_SEQUENCE)))
        return children_open(b, p, target);
    size_t group = b->target_count;
    return group_add(b, target, model, min, max, p->place,
                     model == BARK_MODEL_CHOICE ? "choice" : "sequence") &&
           children_open(b, p, group);
}

/* Groups without fields arise from empty particles; fields that hold them go, innermost first. */
static void empty_groups_drop(struct builder *b)
{
    for (size_t i = b->target_count; i; i--) {
        struct soapc_ptype *t = b->targets[i - 1];
        size_t kept = 0;
        for (size_t k = 0; k < t->field_count; k++) {
            const struct soapc_pfield *field = &t->fields[k];
            if (field->kind == BARK_FIELD_GROUP && field->type->field_count == 0) {
                if (t->model == BARK_MODEL_CHOICE)
                    t->flags |= BARK_TYPE_NULLABLE;
                continue;
            }
            t->fields[kept++] = *field;
        }
        t->field_count = kept;
    }
}

static bool first_add(struct soapc_plan *plan, struct soapc_ptype *group, struct soapc_pfirst first)
{
    struct soapc_pfirst *items =
        soapc_plan_grow(plan, group->firsts, group->first_count, &group->first_cap, sizeof *items);
    if (!items)
        return false;
    group->firsts = items;
    items[group->first_count++] = first;
    return true;
}

static bool field_is_optional(const struct soapc_pfield *field)
{
    return field->min == 0 || (field->kind == BARK_FIELD_GROUP && (field->type->flags & BARK_TYPE_NULLABLE));
}

/* Which elements may open a group, and whether nothing at all satisfies it; inner groups are known. */
static bool firsts_find(struct soapc_plan *plan, struct soapc_ptype *group)
{
    bool all_optional = true, any_optional = false;
    for (size_t i = 0; i < group->field_count; i++) {
        const struct soapc_pfield *field = &group->fields[i];
        bool reachable = group->model == BARK_MODEL_CHOICE || all_optional;
        all_optional = all_optional && field_is_optional(field);
        any_optional = any_optional || field_is_optional(field);
        if (!reachable)
            break;
        if (field->kind != BARK_FIELD_GROUP &&
            !first_add(plan, group, (struct soapc_pfirst){ field->ns, field->local, field->wildcard }))
            return false;
        for (size_t k = 0; field->kind == BARK_FIELD_GROUP && k < field->type->first_count; k++)
            if (!first_add(plan, group, field->type->firsts[k]))
                return false;
    }
    if (group->model == BARK_MODEL_CHOICE ? any_optional : all_optional)
        group->flags |= BARK_TYPE_NULLABLE;
    return true;
}

static const char *member_wish(const struct soapc_pfield *field)
{
    switch (field->kind) {
    case BARK_FIELD_TEXT:
        return "value";
    case BARK_FIELD_ANY:
        return "any";
    case BARK_FIELD_ANY_ATTRIBUTE:
        return "any_attributes";
    case BARK_FIELD_CONTENT:
        return "content";
    case BARK_FIELD_GROUP:
        return field->member;
    case BARK_FIELD_ELEMENT:
    case BARK_FIELD_ATTRIBUTE:
    case BARK_FIELD_POSITION:
    case BARK_FIELD_TYPE:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return field->local;
}

static int name_round(const struct soapc_pfield *field)
{
    return field->given ? 2 : field->kind != BARK_FIELD_ELEMENT;
}

/* One round gives names to the elements, the next to the rest; then come those of the overrides file, which
 * must be free. */
static bool members_name(struct soapc_plan *plan, struct soapc_ptype *t)
{
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < t->field_count; i++) {
            struct soapc_pfield *field = &t->fields[i];
            if (name_round(field) != round)
                continue;
            const char *wish =
                soapc_cname(plan->arena, NULL, field->given ? field->given->name : member_wish(field));
            if (wish && field->given && strcmp(wish, field->given->name) != 0)
                soapc_error(plan->diag, SOAPC_E_OVERRIDE_TAKEN, field->given->place,
                            "'%s' is a word of C or C++, or a macro of its headers", field->given->name);
            field->member = wish && field->given ? soapc_plan_given(plan, &t->members, wish, field->given)
                                                 : soapc_nameset_add(&t->members, plan->arena, wish);
            if (!field->member)
                return false;
        }
    }
    return true;
}

/* Tags of groups follow from their member's name, alternatives' enumerators from theirs. */
static bool names_give(struct builder *b)
{
    struct soapc_plan *plan = b->plan;
    for (size_t i = 0; i < b->target_count; i++) {
        struct soapc_ptype *t = b->targets[i];
        if (t->field_count == 0 && i)
            continue; /* dropped */
        if (!members_name(plan, t))
            return false;
        for (size_t k = 0; k < t->field_count; k++) {
            struct soapc_pfield *field = &t->fields[k];
            const char *name = soapc_plan_printf(plan, "%s_%s", t->c_name, field->member);
            if (field->kind == BARK_FIELD_GROUP)
                field->type->c_name = soapc_nameset_add(&plan->globals, plan->arena, name);
            if (t->model == BARK_MODEL_CHOICE)
                field->alternative =
                    soapc_nameset_add(&plan->globals, plan->arena,
                                      soapc_plan_printf(plan, "%s_is_%s", t->c_name, field->member));
        }
    }
    return !plan->failed;
}

static bool groups_finish(struct builder *b)
{
    empty_groups_drop(b);
    for (size_t i = b->target_count; i > 1; i--)
        if (!firsts_find(b->plan, b->targets[i - 1]))
            return false;
    return names_give(b) && soapc_counts_mark(b->plan, b->targets[0]);
}

/* The outermost particle once wrappers that say nothing are off. */
static const struct soapc_particle *particle_unwrap(const struct soapc_particle *p)
{
    while (p && p->kind != SOAPC_PARTICLE_ALL && p->kind >= SOAPC_PARTICLE_SEQUENCE && p->min == 1 &&
           p->max == 1 && p->count == 1 && p->items[0]->kind >= SOAPC_PARTICLE_SEQUENCE)
        p = p->items[0];
    return p;
}

static bool content_add(struct builder *b, struct soapc_ptype *t, const struct soapc_type *type)
{
    const struct soapc_particle *root = particle_unwrap(type->particle);
    if (!root)
        return true;
    if (root->kind == SOAPC_PARTICLE_ALL) {
        t->model = BARK_MODEL_ALL;
        if (!children_open(b, root, 0))
            return false;
    } else if (!particle_open(b, root, 0)) {
        return false;
    }
    while (b->open_count) {
        struct open_particle next = b->open[--b->open_count];
        if (!particle_add(b, next.particle, next.target))
            return false;
    }
    /* [XSD1 3.8.2] all with minOccurs 0 may be absent as a whole; its members are optional then. */
    for (size_t i = t->attribute_count;
         root->kind == SOAPC_PARTICLE_ALL && root->min == 0 && i < t->field_count; i++) {
        t->fields[i].min = 0;
        t->fields[i].bits &= (uint16_t)~BARK_F_REQUIRED;
    }
    return true;
}

bool soapc_shape_struct(struct soapc_plan *plan, struct soapc_ptype *t)
{
    const struct soapc_type *type = t->source;
    struct builder b = { .plan = plan };
    struct soapc_pfield *field = NULL;
    b.targets = soapc_plan_grow(plan, NULL, 0, &b.target_cap, sizeof(struct soapc_ptype *));
    if (!b.targets || !attributes_add(plan, t, type))
        return false;
    b.targets[b.target_count++] = t;
    t->model = BARK_MODEL_SEQUENCE;
    t->flags = type->abstract ? BARK_TYPE_ABSTRACT : 0;
    t->flags |= type->encoded_array ? BARK_TYPE_ARRAY : 0;
    if (type->content == SOAPC_CONTENT_SIMPLE) {
        t->model = BARK_MODEL_VALUE;
        struct soapc_ptype *value = soapc_ptype_of(plan, type->value);
        field = value ? field_add(plan, t, BARK_FIELD_TEXT) : NULL;
        if (!field)
            return false;
        field->type = value;
        field->bits = BARK_F_REQUIRED;
    } else if (!plan->assess &&
               (type->mixed || type->is_builtin)) { /* only anyType is built in and complex */
        t->model = BARK_MODEL_RAW;
        field = field_add(plan, t, BARK_FIELD_CONTENT);
        if (!field)
            return false;
    } else {
        t->flags |= type->mixed ? BARK_TYPE_MIXED : 0;
        if (type->content == SOAPC_CONTENT_ELEMENTS && !content_add(&b, t, type))
            return false;
    }
    return groups_finish(&b);
}

static struct soapc_ptype *declared_new(struct soapc_plan *plan, enum bark_kind kind, enum bark_model model,
                                        const char *c_name)
{
    struct soapc_ptype *t = soapc_ptype_new(plan, kind);
    if (t) {
        t->model = model;
        t->c_name = c_name;
        t->done = true; /* shaped here */
    }
    return t;
}

/* Elements are repeated, so that their group embeds none of them: nobody makes a value of it. */
static bool declared_elements(struct builder *b)
{
    const struct soapc_model *model = b->plan->model;
    struct soapc_ptype *t = b->targets[0];
    for (size_t i = 0; i < model->element_count; i++)
        if (!model->elements[i]->abstract && model->elements[i]->global &&
            !element_add(b->plan, t, model->elements[i], 1, SOAPC_UNBOUNDED, model->elements[i]->place))
            return false;
    return firsts_find(b->plan, t);
}

static bool declared_attributes(struct builder *b)
{
    const struct soapc_model *model = b->plan->model;
    for (size_t i = 0; i < model->attribute_count; i++) {
        struct soapc_attribute *a = model->attributes[i];
        const struct soapc_attribute_use use = {
            .attribute = a, .place = a->place, .default_text = a->default_text, .fixed_text = a->fixed_text
        };
        if (!attribute_add(b->plan, b->targets[0], &use))
            return false;
    }
    b->targets[0]->attribute_count = b->targets[0]->field_count;
    return true;
}

bool soapc_shape_declared(struct soapc_plan *plan)
{
    const struct soapc_element undeclared = { .name = { "", "" },
                                              .type = plan->model->types[SOAPC_BUILTIN_ANY_TYPE] };
    struct builder b = { .plan = plan };
    b.targets = soapc_plan_grow(plan, NULL, 0, &b.target_cap, sizeof(struct soapc_ptype *));
    plan->undeclared = soapc_ptype_of_element(plan, &undeclared);
    plan->elements = declared_new(plan, BARK_KIND_GROUP, BARK_MODEL_CHOICE, "declared_elements");
    plan->attributes = declared_new(plan, BARK_KIND_STRUCT, BARK_MODEL_SEQUENCE, "declared_attributes");
    if (!b.targets || !plan->undeclared || !plan->elements || !plan->attributes)
        return false;
    b.target_count = 1;
    b.targets[0] = plan->elements;
    if (!declared_elements(&b) || !names_give(&b))
        return false;
    b.targets[0] = plan->attributes;
    return declared_attributes(&b) && names_give(&b);
}
