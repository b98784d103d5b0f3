/* lower/order.c - which members are pointers, and the order of type rows.
 *
 * C needs an embedded struct to be complete, and the checker (T21) wants it to have the smaller row number.
 * Types that contain each other by value form a strongly connected component [Tarjan]; inside one, members
 * become pointers. That choice does not depend on where the walk begins, so a slice gives the same structs as
 * the whole.
 */
#include "lower/plan.h"

struct frame {
    struct soapc_ptype *type;
    size_t next; /* field to look at */
};

struct walk {
    struct soapc_plan *plan;
    struct frame *frames; /* as many as types */
    size_t depth;
    struct soapc_ptype **stack; /* Tarjan's */
    size_t stack_count;
    uint32_t visits, components;
    struct soapc_ptype **order;
    size_t order_count;
};

static bool has_fields(const struct soapc_ptype *t)
{
    return t->kind == BARK_KIND_STRUCT || t->kind == BARK_KIND_GROUP;
}

/* The type that must stand before the holder because of this field, or NULL. */
static struct soapc_ptype *field_needs(const struct soapc_pfield *field)
{
    if (!field->type || !has_fields(field->type))
        return NULL;
    if (field->type->kind == BARK_KIND_GROUP || !(field->bits & (BARK_F_REPEATED | BARK_F_POINTER)))
        return field->type;
    return NULL;
}

/* Optional structs and groups are pointers, save where `which` tells: in a choice, and of a TYPED struct. */
static void optional_point(struct soapc_ptype *t)
{
    for (size_t i = 0; i < t->field_count; i++) {
        struct soapc_pfield *field = &t->fields[i];
        bool optional = !(field->bits & (BARK_F_REQUIRED | BARK_F_REPEATED)) && !soapc_is_tagged(t);
        bool tells = field->type && field->type->model == BARK_MODEL_TYPED;
        if (field->type && has_fields(field->type) && optional && !tells)
            field->bits |= BARK_F_POINTER;
    }
}

static void component_close(struct walk *w, struct soapc_ptype *root)
{
    struct soapc_ptype *t;
    w->components++;
    do {
        t = w->stack[--w->stack_count];
        t->component = w->components;
    } while (t != root);
}

static void type_enter(struct walk *w, struct soapc_ptype *t)
{
    t->visit = t->low = ++w->visits;
    w->stack[w->stack_count++] = t;
    w->frames[w->depth++] = (struct frame){ t, 0 };
}

static void components_find(struct walk *w, struct soapc_ptype *start)
{
    type_enter(w, start);
    while (w->depth) {
        struct frame *top = &w->frames[w->depth - 1];
        struct soapc_ptype *t = top->type;
        if (top->next < t->field_count) {
            struct soapc_ptype *need = field_needs(&t->fields[top->next++]);
            if (need && !need->visit)
                type_enter(w, need);
            else if (need && !need->component && need->visit < t->low)
                t->low = need->visit;
            continue;
        }
        if (t->low == t->visit)
            component_close(w, t);
        w->depth--;
        if (w->depth && t->low < w->frames[w->depth - 1].type->low)
            w->frames[w->depth - 1].type->low = t->low;
    }
}

static void cycles_point(struct soapc_ptype *t)
{
    for (size_t i = 0; i < t->field_count; i++) {
        struct soapc_ptype *need = field_needs(&t->fields[i]);
        if (need && need->kind == BARK_KIND_STRUCT && need->component == t->component)
            t->fields[i].bits |= BARK_F_POINTER;
    }
}

/* What a type needs comes before it. */
static void type_place(struct walk *w, struct soapc_ptype *start)
{
    w->frames[w->depth++] = (struct frame){ start, 0 };
    start->visit = 0;
    while (w->depth) {
        struct frame *top = &w->frames[w->depth - 1];
        if (top->next == top->type->field_count) {
            w->order[w->order_count++] = top->type;
            w->depth--;
            continue;
        }
        struct soapc_ptype *need = field_needs(&top->type->fields[top->next++]);
        if (need && need->visit) { /* not yet entered by this walk */
            need->visit = 0;
            w->frames[w->depth++] = (struct frame){ need, 0 };
        }
    }
}

static bool is_dropped(const struct soapc_ptype *t)
{
    return t->same || (t->kind == BARK_KIND_GROUP && t->field_count == 0);
}

bool soapc_plan_order(struct soapc_plan *plan)
{
    const size_t count = plan->type_count;
    struct walk w = { .plan = plan };
    w.frames = soapc_plan_alloc(plan, count + 1, sizeof *w.frames);
    w.stack = soapc_plan_alloc(plan, count + 1, sizeof(struct soapc_ptype *));
    w.order = soapc_plan_alloc(plan, count + 1, sizeof(struct soapc_ptype *));
    if (!w.frames || !w.stack || !w.order)
        return false;
    for (size_t i = 0; i < count; i++)
        optional_point(plan->types[i]);
    for (size_t i = 0; i < count; i++)
        if (has_fields(plan->types[i]) && !plan->types[i]->visit)
            components_find(&w, plan->types[i]);
    for (size_t i = 0; i < count; i++)
        cycles_point(plan->types[i]);
    for (size_t i = 0; i < count; i++)
        if (!has_fields(plan->types[i]) && !is_dropped(plan->types[i]))
            w.order[w.order_count++] = plan->types[i];
    for (size_t i = 0; i < count; i++)
        if (has_fields(plan->types[i]) && plan->types[i]->visit && !is_dropped(plan->types[i]))
            type_place(&w, plan->types[i]);
    plan->types = w.order;
    plan->type_count = w.order_count;
    return true;
}
