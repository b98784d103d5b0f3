/* compare/values.c - two simple types: kinds, facets, enumerations, lists, unions.
 */
#include "compare/compare.h"

#include <stdlib.h>
#include <string.h>

static bool is_text(enum bark_kind kind)
{
    return kind >= BARK_KIND_STRING && kind <= BARK_KIND_TOKEN;
}

/* How wide an integer kind is: each takes all of those before it of its sign; 0: none. */
static int width(enum bark_kind kind)
{
    switch (kind) {
    case BARK_KIND_INT8:
    case BARK_KIND_UINT8:
        return 1;
    case BARK_KIND_INT16:
    case BARK_KIND_UINT16:
        return 2;
    case BARK_KIND_INT32:
    case BARK_KIND_UINT32:
        return 3;
    case BARK_KIND_INT64:
    case BARK_KIND_UINT64:
        return 4;
    case BARK_KIND_INTEGER:
        return 5;
    case BARK_KIND_DECIMAL:
        return 6;
    default:
        return 0;
    }
}

static bool is_unsigned(enum bark_kind kind)
{
    return kind >= BARK_KIND_UINT8 && kind <= BARK_KIND_UINT64;
}

/* Whether every value of x is one of y, by kind alone. */
static bool kind_includes(enum bark_kind y, enum bark_kind x)
{
    if (x == y || is_text(y))
        return true;
    if (!width(x) || width(x) > width(y))
        return false;
    if (width(y) >= 5)
        return true;
    return is_unsigned(y) ? is_unsigned(x) : !is_unsigned(x) || width(x) < width(y);
}

static enum soapc_effect kinds_compare(enum bark_kind before, enum bark_kind after)
{
    const bool wider = kind_includes(after, before), narrower = kind_includes(before, after);
    if (wider && narrower)
        return SOAPC_EFFECT_NONE;
    return wider ? SOAPC_WIDENS : narrower ? SOAPC_NARROWS : SOAPC_WIDENS_AND_NARROWS;
}

/* ---- facets ---- */

static const struct soapc_pfacet *facet_find(const struct soapc_ptype *t, enum bark_facet_kind kind)
{
    for (size_t i = 0; i < t->facet_count; i++)
        if (t->facets[i].kind == kind)
            return &t->facets[i];
    return NULL;
}

static bool is_lower(enum bark_facet_kind kind)
{
    return kind == BARK_FACET_MIN_LENGTH || kind == BARK_FACET_MIN_INCLUSIVE ||
           kind == BARK_FACET_MIN_EXCLUSIVE;
}

/* A facet that both have: numbers are told apart by size, others by their text. */
static enum soapc_effect facet_compare(const struct soapc_ptype *t, const struct soapc_pfacet *x,
                                       const struct soapc_pfacet *y)
{
    const bool bound = x->kind >= BARK_FACET_MIN_INCLUSIVE && x->kind <= BARK_FACET_MAX_EXCLUSIVE;
    double a = (double)x->value, b = (double)y->value;
    if (bound && strcmp(x->text, y->text) == 0)
        return SOAPC_EFFECT_NONE;
    if (bound && width(t->kind) == 0 && t->kind != BARK_KIND_FLOAT && t->kind != BARK_KIND_DOUBLE)
        return SOAPC_WIDENS_AND_NARROWS; /* times: not told apart here */
    if (bound) {
        a = strtod(x->text, NULL);
        b = strtod(y->text, NULL);
    }
    if (a < b || a > b)
        return (a < b) == is_lower(x->kind) ? SOAPC_NARROWS : SOAPC_WIDENS;
    return bound ? SOAPC_WIDENS_AND_NARROWS : SOAPC_EFFECT_NONE; /* equal to a double, not in their digits */
}

static void facet_report(struct soapc_comparison *c, const struct soapc_pair *p, enum soapc_effect effect,
                         enum bark_facet_kind kind, const char *what)
{
    soapc_change_add(c, p->directions, effect, false, p->label, p->was, p->is,
                     soapc_plan_printf(c->after, "%s %s", soapc_facet_words[kind], what));
}

static bool has_pattern(const struct soapc_plan *plan, const struct soapc_ptype *t, const char *text)
{
    for (size_t i = 0; i < t->facet_count; i++)
        if (t->facets[i].kind == BARK_FACET_PATTERN &&
            strcmp(plan->patterns[t->facets[i].value].text, text) == 0)
            return true;
    return false;
}

/* Patterns must all match: one more narrows, one less widens. */
static void patterns_compare(struct soapc_comparison *c, const struct soapc_pair *p)
{
    unsigned effect = SOAPC_EFFECT_NONE;
    for (size_t i = 0; i < p->after->facet_count; i++)
        if (p->after->facets[i].kind == BARK_FACET_PATTERN &&
            !has_pattern(c->before, p->before, c->after->patterns[p->after->facets[i].value].text))
            effect |= SOAPC_NARROWS;
    for (size_t i = 0; i < p->before->facet_count; i++)
        if (p->before->facets[i].kind == BARK_FACET_PATTERN &&
            !has_pattern(c->after, p->after, c->before->patterns[p->before->facets[i].value].text))
            effect |= SOAPC_WIDENS;
    if (effect)
        facet_report(c, p, (enum soapc_effect)effect, BARK_FACET_PATTERN,
                     effect == SOAPC_WIDENS    ? "removed"
                     : effect == SOAPC_NARROWS ? "added"
                                               : "changed");
}

static bool has_value(const struct soapc_ptype *t, const char *text)
{
    for (size_t i = 0; i < t->facet_count; i++)
        if (t->facets[i].kind == BARK_FACET_ENUMERATION && strcmp(t->facets[i].text, text) == 0)
            return true;
    return false;
}

/* Enumerations that are facets, of numbers and times. */
static void values_list_compare(struct soapc_comparison *c, const struct soapc_pair *p)
{
    unsigned effect = SOAPC_EFFECT_NONE;
    const bool before = facet_find(p->before, BARK_FACET_ENUMERATION),
               after = facet_find(p->after, BARK_FACET_ENUMERATION);
    if (before != after) {
        facet_report(c, p, after ? SOAPC_NARROWS : SOAPC_WIDENS, BARK_FACET_ENUMERATION,
                     after ? "added" : "removed");
        return;
    }
    for (size_t i = 0; before && i < p->after->facet_count; i++)
        if (p->after->facets[i].kind == BARK_FACET_ENUMERATION &&
            !has_value(p->before, p->after->facets[i].text))
            effect |= SOAPC_WIDENS;
    for (size_t i = 0; before && i < p->before->facet_count; i++)
        if (p->before->facets[i].kind == BARK_FACET_ENUMERATION &&
            !has_value(p->after, p->before->facets[i].text))
            effect |= SOAPC_NARROWS;
    if (effect)
        facet_report(c, p, (enum soapc_effect)effect, BARK_FACET_ENUMERATION, "changed");
}

static void facets_compare(struct soapc_comparison *c, const struct soapc_pair *p)
{
    for (int k = 0; k < BARK_FACET_COUNT; k++) {
        const enum bark_facet_kind kind = (enum bark_facet_kind)k;
        const struct soapc_pfacet *x = facet_find(p->before, kind), *y = facet_find(p->after, kind);
        if (kind == BARK_FACET_PATTERN || kind == BARK_FACET_ENUMERATION || kind == BARK_FACET_WHITESPACE)
            continue;
        if (kind == BARK_FACET_MEDIA) { /* no value breaks it */
            if (!x != !y || (x && strcmp(x->text, y->text) != 0))
                facet_report(c, p, SOAPC_EFFECT_NONE, kind, "changed");
            continue;
        }
        if (x && y && facet_compare(p->after, x, y) != SOAPC_EFFECT_NONE)
            facet_report(c, p, facet_compare(p->after, x, y), kind, "changed");
        else if (!x != !y)
            facet_report(c, p, x ? SOAPC_WIDENS : SOAPC_NARROWS, kind, x ? "removed" : "added");
    }
    patterns_compare(c, p);
    values_list_compare(c, p);
}

/* ---- enumerations, lists, unions ---- */

static bool enum_has(const struct soapc_ptype *t, const char *value)
{
    for (size_t i = 0; i < t->value_count; i++)
        if (strcmp(t->values[i], value) == 0)
            return true;
    return false;
}

static void enums_compare(struct soapc_comparison *c, const struct soapc_pair *p)
{
    for (size_t i = 0; i < p->after->value_count; i++)
        if (!enum_has(p->before, p->after->values[i]))
            soapc_change_add(c, p->directions, SOAPC_WIDENS, false, p->label, p->was, p->is,
                             soapc_plan_printf(c->after, "value '%s' added", p->after->values[i]));
    for (size_t i = 0; i < p->before->value_count; i++)
        if (!enum_has(p->after, p->before->values[i]))
            soapc_change_add(c, p->directions, SOAPC_NARROWS, true, p->label, p->was, p->is,
                             soapc_plan_printf(c->after, "value '%s' removed", p->before->values[i]));
}

/* Everything but lists and unions. */
static void atoms_compare(struct soapc_comparison *c, const struct soapc_pair *p)
{
    const struct soapc_ptype *x = p->before, *y = p->after;
    if (x->kind == BARK_KIND_ENUM && y->kind == BARK_KIND_ENUM) {
        enums_compare(c, p);
    } else if (x->kind <= BARK_KIND_GROUP || y->kind <= BARK_KIND_GROUP) {
        soapc_change_add(c, p->directions, SOAPC_WIDENS_AND_NARROWS, true, p->label, p->was, p->is,
                         "simple and complex type changed places");
        return;
    } else if (x->kind != y->kind) {
        const enum soapc_effect effect = kinds_compare(x->kind, y->kind);
        if (effect || !is_text(x->kind) ||
            !is_text(y->kind)) /* those differ in white space alone, and not in C */
            soapc_change_add(c, p->directions, effect, true, p->label, p->was, p->is,
                             "kind of value changed");
    }
    facets_compare(c, p);
}

static void unions_compare(struct soapc_comparison *c, const struct soapc_pair *p)
{
    const size_t was = p->before->union_count, is = p->after->union_count;
    for (size_t i = 0; i < was && i < is; i++) {
        struct soapc_pair member = *p;
        member.before = p->before->union_members[i];
        member.after = p->after->union_members[i];
        atoms_compare(c, &member);
    }
    if (was != is)
        soapc_change_add(c, p->directions, was < is ? SOAPC_WIDENS : SOAPC_NARROWS, false, p->label, p->was,
                         p->is,
                         was < is ? "member type of the union added" : "member type of the union removed");
    facets_compare(c, p);
}

void soapc_values_compare(struct soapc_comparison *c, const struct soapc_pair *pair)
{
    struct soapc_pair p = *pair;
    if (p.before->kind == BARK_KIND_LIST && p.after->kind == BARK_KIND_LIST) {
        facets_compare(c, &p);
        p.before = p.before->item;
        p.after = p.after->item;
    }
    if (p.before->kind == BARK_KIND_UNION && p.after->kind == BARK_KIND_UNION)
        unions_compare(c, &p);
    else
        atoms_compare(c, &p);
}
