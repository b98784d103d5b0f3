/* compare/fields.c - the members of two structs or groups: which stand for each other, what came, went, or
 * changed.
 *
 * Elements and attributes are told by name, nested groups and wildcards by their number. An element that a
 * wildcard of the other version takes anyway widens nothing. Where content was regrouped (a member moved into
 * a choice) the verdict is the careful one: gone from here, new there.
 */
#include "compare/compare.h"

#include <stdio.h>
#include <string.h>

static bool is_same(const struct soapc_pfield *x, const struct soapc_pfield *y)
{
    if (x->kind != y->kind)
        return false;
    if (x->kind == BARK_FIELD_GROUP)
        return x->type->model == y->type->model;
    return !x->local || !y->local || (strcmp(x->local, y->local) == 0 && strcmp(x->ns, y->ns) == 0);
}

/* The field of t that is the same as f, of as many before it; NULL: there is none. */
static const struct soapc_pfield *counterpart(const struct soapc_ptype *t, const struct soapc_ptype *of,
                                              const struct soapc_pfield *f)
{
    size_t before = 0;
    for (const struct soapc_pfield *x = of->fields; x < f; x++)
        before += is_same(x, f);
    for (size_t i = 0; i < t->field_count; i++)
        if (is_same(&t->fields[i], f) && before-- == 0)
            return &t->fields[i];
    return NULL;
}

static const char *field_words(struct soapc_comparison *c, const struct soapc_pfield *f)
{
    switch (f->kind) {
    case BARK_FIELD_ELEMENT:
        return soapc_plan_printf(c->after, "element '%s'", f->local);
    case BARK_FIELD_ATTRIBUTE:
        return soapc_plan_printf(c->after, "attribute '%s'", f->local);
    case BARK_FIELD_TYPE:
        return soapc_plan_printf(c->after, "derived type '%s'", f->local);
    case BARK_FIELD_GROUP:
        return f->type->model == BARK_MODEL_CHOICE ? "choice" : "sequence";
    case BARK_FIELD_ANY:
        return "wildcard";
    case BARK_FIELD_ANY_ATTRIBUTE:
        return "attribute wildcard";
    case BARK_FIELD_TEXT:
    case BARK_FIELD_CONTENT:
    case BARK_FIELD_POSITION:
    case BARK_FIELD_KIND_COUNT:
        break;
    }
    return "text";
}

/* [XSD1 3.10.4] */
static bool wildcard_takes(const struct soapc_wildcard *w, const char *ns)
{
    bool listed = false;
    for (size_t i = 0; i < w->namespace_count; i++)
        listed |= strcmp(w->namespaces[i], ns) == 0;
    return w->mode == BARK_WILDCARD_ANY || (w->mode == BARK_WILDCARD_NOT ? !listed && ns[0] : listed);
}

/* Whether a type without this field takes it by a wildcard. */
static bool is_taken_anyway(const struct soapc_ptype *t, const struct soapc_pfield *f)
{
    const enum bark_field_kind kind =
        f->kind == BARK_FIELD_ATTRIBUTE ? BARK_FIELD_ANY_ATTRIBUTE : BARK_FIELD_ANY;
    if (f->kind != BARK_FIELD_ATTRIBUTE && f->kind != BARK_FIELD_ELEMENT)
        return false;
    for (size_t i = 0; i < t->field_count; i++)
        if (t->fields[i].kind == kind && wildcard_takes(t->fields[i].wildcard, f->ns) &&
            (f->kind == BARK_FIELD_ATTRIBUTE || t->fields[i].max >= f->max))
            return true;
    return false;
}

static bool is_required(const struct soapc_ptype *t, const struct soapc_pfield *f)
{
    return !soapc_is_tagged(t) && f->min > 0 && f->kind != BARK_FIELD_ANY_ATTRIBUTE &&
           !(f->kind == BARK_FIELD_GROUP && (f->type->flags & BARK_TYPE_NULLABLE));
}

/* A field that only one version has. came: the new one. */
static void single_report(struct soapc_comparison *c, const struct soapc_pair *p,
                          const struct soapc_pfield *f, bool came)
{
    const struct soapc_ptype *with = came ? p->after : p->before, *without = came ? p->before : p->after;
    unsigned effect = is_taken_anyway(without, f) ? SOAPC_EFFECT_NONE : came ? SOAPC_WIDENS : SOAPC_NARROWS;
    if (is_required(with, f))
        effect |= came ? SOAPC_NARROWS : SOAPC_WIDENS;
    soapc_change_add(c, p->directions, (enum soapc_effect)effect, !came, p->label,
                     came ? without->place : f->place, came ? f->place : without->place,
                     soapc_plan_printf(c->after, "%s %s %s",
                                       is_required(with, f)    ? "required"
                                       : soapc_is_tagged(with) ? "alternative"
                                                               : "optional",
                                       field_words(c, f), came ? "added" : "removed"));
}

static void both_report(struct soapc_comparison *c, const struct soapc_pair *p, const struct soapc_pfield *x,
                        const struct soapc_pfield *y, unsigned effect, bool source, const char *what)
{
    soapc_change_add(c, p->directions, (enum soapc_effect)effect, source, p->label, x->place, y->place,
                     soapc_plan_printf(c->after, "%s: %s", field_words(c, y), what));
}

static void occurs_words(const struct soapc_pfield *f, char text[32])
{
    if (f->max == SOAPC_UNBOUNDED)
        (void)snprintf(text, 32, "%u..unbounded", (unsigned)f->min);
    else
        (void)snprintf(text, 32, "%u..%u", (unsigned)f->min, (unsigned)f->max);
}

/* Whether C sees the member in another way: by value or pointer, alone or repeated, with or without has_. */
static bool shape_differs(const struct soapc_pfield *x, const struct soapc_pfield *y)
{
    const uint16_t bits = BARK_F_REPEATED | BARK_F_POINTER;
    const bool names = x->member && y->member && strcmp(x->member, y->member) != 0;
    return ((x->bits ^ y->bits) & bits) || !x->has_member != !y->has_member || names;
}

static void wildcards_compare(struct soapc_comparison *c, const struct soapc_pair *p,
                              const struct soapc_pfield *x, const struct soapc_pfield *y)
{
    const struct soapc_wildcard *a = x->wildcard, *b = y->wildcard;
    unsigned effect = SOAPC_EFFECT_NONE;
    bool same = a->mode == b->mode && a->namespace_count == b->namespace_count;
    for (size_t i = 0; same && i < a->namespace_count; i++)
        same = strcmp(a->namespaces[i], b->namespaces[i]) == 0;
    if (!same)
        effect = b->mode == BARK_WILDCARD_ANY   ? SOAPC_WIDENS
                 : a->mode == BARK_WILDCARD_ANY ? SOAPC_NARROWS
                                                : SOAPC_WIDENS_AND_NARROWS;
    if (effect)
        both_report(c, p, x, y, effect, false, "namespaces changed");
    if (a->process != b->process)
        both_report(c, p, x, y, b->process > a->process ? SOAPC_WIDENS : SOAPC_NARROWS, false,
                    "processContents changed");
}

static void values_report(struct soapc_comparison *c, const struct soapc_pair *p,
                          const struct soapc_pfield *x, const struct soapc_pfield *y)
{
    const bool was_fixed = x->bits & BARK_F_FIXED, is_fixed = y->bits & BARK_F_FIXED;
    if (!x->text && !y->text)
        return;
    if (x->text && y->text && was_fixed == is_fixed && strcmp(x->text, y->text) == 0)
        return;
    if (was_fixed && !is_fixed)
        both_report(c, p, x, y, SOAPC_WIDENS, false, "no longer fixed");
    else if (is_fixed && !was_fixed)
        both_report(c, p, x, y, SOAPC_NARROWS, false, "fixed now");
    else /* what is left out means something else to both sides */
        both_report(c, p, x, y, SOAPC_WIDENS_AND_NARROWS, false,
                    was_fixed ? "fixed value changed" : "default value changed");
}

static void field_compare(struct soapc_comparison *c, const struct soapc_pair *p,
                          const struct soapc_pfield *x, const struct soapc_pfield *y)
{
    char was[32], is[32];
    unsigned effect = (y->min < x->min ? SOAPC_WIDENS : 0) | (y->min > x->min ? SOAPC_NARROWS : 0) |
                      (y->max > x->max ? SOAPC_WIDENS : 0) | (y->max < x->max ? SOAPC_NARROWS : 0);
    occurs_words(x, was);
    occurs_words(y, is);
    if (effect)
        both_report(c, p, x, y, effect, shape_differs(x, y),
                    soapc_plan_printf(c->after, "occurs %s, was %s", is, was));
    if ((x->bits ^ y->bits) & BARK_F_NILLABLE)
        both_report(c, p, x, y, y->bits & BARK_F_NILLABLE ? SOAPC_WIDENS : SOAPC_NARROWS, shape_differs(x, y),
                    y->bits & BARK_F_NILLABLE ? "may be nil now" : "may no longer be nil");
    if (!effect && !((x->bits ^ y->bits) & BARK_F_NILLABLE) && shape_differs(x, y))
        both_report(c, p, x, y, SOAPC_EFFECT_NONE, true, "another form in C");
    values_report(c, p, x, y);
    if (x->wildcard && y->wildcard)
        wildcards_compare(c, p, x, y);
}

/* Where the types of two fields go on. */
static void types_pair(struct soapc_comparison *c, const struct soapc_pair *p, const struct soapc_pfield *x,
                       const struct soapc_pfield *y, bool report)
{
    if (!x->type || !y->type)
        return;
    const bool value = x->type->kind > BARK_KIND_ENUM || y->type->kind > BARK_KIND_ENUM;
    const char *name = y->type->local;
    if (value || !name)
        name = y->local && (value ? report : !report)
                   ? soapc_plan_printf(c->after, "%s/%s", p->label, y->local)
                   : p->label;
    const struct soapc_pair pair = {
        x->type,      y->type, name, value ? x->place : x->type->place, value ? y->place : y->type->place,
        p->directions
    };
    soapc_pair_add(c, &pair, report);
}

/* [XSD1 3.8.4] In a sequence the order counts. */
static void order_report(struct soapc_comparison *c, const struct soapc_pair *p)
{
    const struct soapc_pfield *last = NULL;
    for (size_t i = p->after->attribute_count; i < p->after->field_count; i++) {
        const struct soapc_pfield *y = &p->after->fields[i], *x = counterpart(p->before, p->after, y);
        if (x && last && x < last) {
            both_report(c, p, x, y, SOAPC_WIDENS_AND_NARROWS, false, "stands in another order");
            return;
        }
        last = x ? x : last;
    }
}

static void models_report(struct soapc_comparison *c, const struct soapc_pair *p)
{
    const enum bark_model x = p->before->model, y = p->after->model;
    unsigned effect = SOAPC_WIDENS_AND_NARROWS;
    if (x == y)
        return;
    if ((x == BARK_MODEL_SEQUENCE && y == BARK_MODEL_ALL) || y == BARK_MODEL_RAW)
        effect = SOAPC_WIDENS;
    else if ((x == BARK_MODEL_ALL && y == BARK_MODEL_SEQUENCE) || x == BARK_MODEL_RAW)
        effect = SOAPC_NARROWS;
    soapc_change_add(c, p->directions, (enum soapc_effect)effect, x == BARK_MODEL_RAW || y == BARK_MODEL_RAW,
                     p->label, p->was, p->after->place, "kind of content changed");
}

void soapc_fields_compare(struct soapc_comparison *c, const struct soapc_pair *pair, bool report)
{
    const struct soapc_pair p = *pair; /* the list may move while pairs are added */
    const bool raw = p.before->model != p.after->model &&
                     (p.before->model == BARK_MODEL_RAW || p.after->model == BARK_MODEL_RAW);
    if (report)
        models_report(c, &p);
    for (size_t i = 0; i < p.after->field_count; i++) {
        const struct soapc_pfield *y = &p.after->fields[i], *x = counterpart(p.before, p.after, y);
        if (raw && y->kind != BARK_FIELD_ATTRIBUTE)
            continue;
        if (report && x)
            field_compare(c, &p, x, y);
        else if (report)
            single_report(c, &p, y, true);
        if (x)
            types_pair(c, &p, x, y, report);
    }
    for (size_t i = 0; report && i < p.before->field_count; i++)
        if (!(raw && p.before->fields[i].kind != BARK_FIELD_ATTRIBUTE) &&
            !counterpart(p.after, p.before, &p.before->fields[i]))
            single_report(c, &p, &p.before->fields[i], false);
    if (report && p.before->model == BARK_MODEL_SEQUENCE && p.after->model == BARK_MODEL_SEQUENCE)
        order_report(c, &p);
}
