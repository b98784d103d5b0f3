/* override/retype.c - the statements that change what values a type has: map, and relax.
 *
 * The model holds facets flattened: a derived type has a copy of what it inherits. A copy is known by its
 * place, so that a facet that is relaxed is relaxed in all types that have it from there, and what a nearer
 * type says itself stays.
 */
#include "override/override.h"

#include "model/pool.h"
#include "model/value.h"

#include <string.h>

static const struct {
    const char *name;
    enum soapc_builtin base;
} builtins[] = {
#define X(id, text, from, row_kind) [SOAPC_BUILTIN_##id] = { text, SOAPC_BUILTIN_##from },
    SOAPC_BUILTINS(X)
#undef X
};

/* The primitive type below a built-in one: values of one family have one value space [XSD2 3.2]. */
static enum soapc_builtin family(enum soapc_builtin b)
{
    while (builtins[b].base != SOAPC_BUILTIN_ANY_SIMPLE_TYPE && builtins[b].base != b)
        b = builtins[b].base;
    return b;
}

static bool can_be_mapped_to(enum soapc_builtin b)
{
    return b > SOAPC_BUILTIN_ANY_SIMPLE_TYPE && b != SOAPC_BUILTIN_NMTOKENS && b != SOAPC_BUILTIN_IDREFS &&
           b != SOAPC_BUILTIN_ENTITIES && b != SOAPC_BUILTIN_NOTATION;
}

/* SOAPC_BUILTIN_COUNT after an error. "xs:" may stand before the name. */
static enum soapc_builtin builtin_find(struct soapc_override *o, const struct soapc_word *word)
{
    const char *name = strncmp(word->text, "xs:", 3) == 0 ? word->text + 3 : word->text;
    struct soapc_guess guess = { .wanted = name };
    for (size_t i = 0; i < SOAPC_BUILTIN_COUNT; i++) {
        if (!can_be_mapped_to((enum soapc_builtin)i))
            continue;
        if (strcmp(builtins[i].name, name) == 0)
            return (enum soapc_builtin)i;
        soapc_guess_offer(&guess, builtins[i].name);
    }
    soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place, "no built-in type '%s' to map to", name);
    if (guess.best)
        soapc_note(o->diag, word->place, "did you mean '%s'?", guess.best);
    return SOAPC_BUILTIN_COUNT;
}

static bool is_bound(enum bark_facet_kind kind)
{
    return kind >= BARK_FACET_MIN_INCLUSIVE && kind <= BARK_FACET_MAX_EXCLUSIVE;
}

/* Whether a facet of the type that is mapped still says something about values of the new one. */
static bool facet_survives(const struct soapc_model *m, const struct soapc_facet *f, enum soapc_builtin from,
                           enum soapc_builtin to)
{
    if (f->builtin || family(from) != family(to))
        return false;
    if (f->kind == BARK_FACET_WHITESPACE)
        return to == SOAPC_BUILTIN_STRING || (to == SOAPC_BUILTIN_NORMALIZED_STRING && f->number == 2);
    return !(is_bound(f->kind) || f->kind == BARK_FACET_ENUMERATION) ||
           soapc_value_fits(m->types[to], f->text);
}

static void type_become(struct soapc_model *m, struct soapc_type *t, enum soapc_builtin to)
{
    const struct soapc_facets old = t->facets, *base = &m->types[to]->facets;
    const bool atomic = t->variety == SOAPC_ATOMIC;
    t->facets = (struct soapc_facets){ 0 };
    for (size_t i = 0; i < base->count; i++)
        *(struct soapc_facet *)soapc_pool_push(m->pool, &t->facets.items, &t->facets.count, &t->facets.cap,
                                               sizeof(struct soapc_facet)) = base->items[i];
    for (size_t i = 0; atomic && i < old.count; i++) {
        if (!facet_survives(m, &old.items[i], t->builtin, to))
            continue;
        struct soapc_facet *slot = NULL;
        for (size_t k = 0; k < t->facets.count; k++)
            if (t->facets.items[k].kind == old.items[i].kind && t->facets.items[k].builtin)
                slot = &t->facets.items[k];
        if (!slot)
            slot = soapc_pool_push(m->pool, &t->facets.items, &t->facets.count, &t->facets.cap,
                                   sizeof(struct soapc_facet));
        *slot = old.items[i];
    }
    t->builtin = to;
    t->variety = SOAPC_ATOMIC;
    t->item = NULL;
    t->members = NULL;
    t->member_count = 0;
}

/* Defaults that the new type does not have. */
struct default_search {
    struct soapc_override *o;
    struct soapc_place place;
};

static void default_check(struct default_search *s, const struct soapc_type *t, const char *default_text,
                          const char *fixed_text, struct soapc_place at)
{
    const char *text = fixed_text ? fixed_text : default_text;
    t = t->complex ? t->value : t;
    if (!text || !t || soapc_value_fits(t, text))
        return;
    soapc_error(s->o->diag, SOAPC_E_OVERRIDE_USE, s->place,
                "a default value, '%s', is no value of the new type", text);
    soapc_note(s->o->diag, at, "it is declared here");
}

static void default_visit(void *context, struct soapc_particle *p, struct soapc_particle *parent)
{
    const struct soapc_element *e = p->element;
    (void)parent;
    if (!e->global)
        default_check(context, e->type, e->default_text, e->fixed_text, e->place);
}

static void defaults_check(struct soapc_override *o, struct soapc_place place)
{
    const struct soapc_model *m = o->model;
    struct default_search s = { o, place };
    for (size_t i = 0; i < m->element_count; i++)
        default_check(&s, m->elements[i]->type, m->elements[i]->default_text, m->elements[i]->fixed_text,
                      m->elements[i]->place);
    for (size_t i = 0; i < m->type_count; i++) {
        const struct soapc_type *t = m->types[i];
        for (size_t k = 0; k < t->own_attributes.count; k++)
            if (!t->own_attributes.items[k]->prohibited)
                default_check(&s, t->own_attributes.items[k]->attribute->type,
                              t->own_attributes.items[k]->default_text,
                              t->own_attributes.items[k]->fixed_text, t->own_attributes.items[k]->place);
        soapc_particles_visit(o->model, t->own_particle, default_visit, &s);
    }
}

/* The type and what is derived from it; of a built-in one, what has it as nearest built-in one. */
static bool is_mapped_with(const struct soapc_type *t, const struct soapc_type *mapped)
{
    if (t->complex)
        return false;
    if (mapped->is_builtin)
        return t->variety == SOAPC_ATOMIC && t->builtin == mapped->builtin;
    while (t && t != mapped)
        t = t->base;
    return t != NULL;
}

static void type_map(struct soapc_override *o, const struct soapc_statement *s, enum soapc_builtin to)
{
    struct soapc_model *m = o->model;
    struct soapc_type *mapped = soapc_override_type(o, &s->words[2]);
    if (!mapped)
        return;
    const bool already = !mapped->complex && mapped->builtin == to && mapped->variety == SOAPC_ATOMIC;
    if (already || mapped->complex || mapped->builtin == SOAPC_BUILTIN_ANY_TYPE ||
        mapped == m->types[SOAPC_BUILTIN_ANY_SIMPLE_TYPE]) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, s->words[2].place,
                    already ? "'%s' is that type, or derived from it, already"
                            : "'%s' is no simple type that can be mapped",
                    s->words[2].text);
        return;
    }
    bool *with = soapc_pool_alloc(m->pool, m->type_count * sizeof *with);
    for (size_t i = 0; i < m->type_count; i++)
        with[i] = is_mapped_with(m->types[i], mapped);
    for (size_t i = 0; i < m->type_count; i++)
        if (with[i])
            type_become(m, m->types[i], to);
    for (size_t i = 0; i < m->type_count; i++)
        if (m->types[i]->complex && m->types[i]->content == SOAPC_CONTENT_SIMPLE && m->types[i]->value)
            m->types[i]->builtin = m->types[i]->value->builtin;
    defaults_check(o, s->words[2].place);
}

static void member_map(struct soapc_override *o, const struct soapc_statement *s, enum soapc_builtin to)
{
    struct soapc_type *type = o->model->types[to];
    const struct soapc_place place = s->words[2].place;
    struct soapc_member m;
    if (!soapc_override_member(o, &s->words[2], &m))
        return;
    const bool global = m.attribute ? m.attribute->attribute->global : m.particles[0]->element->global;
    const struct soapc_type *old = m.attribute ? m.attribute->attribute->type : m.particles[0]->element->type;
    if (global || old->complex || old == type) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, place,
                    global         ? "'%s' refers to a global declaration: map the type of that"
                    : old->complex ? "'%s' is of a complex type, which cannot be mapped"
                                   : "'%s' is of that type already",
                    s->words[2].text);
        return;
    }
    if (m.attribute)
        m.attribute->attribute->type = type;
    for (size_t i = 0; i < m.count; i++)
        if (!m.particles[i]->element->global && !m.particles[i]->element->type->complex)
            m.particles[i]->element->type = type;
    defaults_check(o, place);
}

void soapc_override_map(struct soapc_override *o, const struct soapc_statement *s)
{
    const enum soapc_builtin to = builtin_find(o, &s->words[3]);
    if (to == SOAPC_BUILTIN_COUNT)
        return;
    if (strcmp(s->words[1].text, "type") == 0)
        type_map(o, s, to);
    else
        member_map(o, s, to);
}

/* ---- relax ---- */

static const struct {
    const char *name;
    enum bark_facet_kind kind;
    int loosens; /* a number may be replaced by: 1 a larger one, -1 a smaller one, 0 any */
    bool number;
} facets[] = {
    { "pattern", BARK_FACET_PATTERN, 0, false },
    { "length", BARK_FACET_LENGTH, 0, true },
    { "minLength", BARK_FACET_MIN_LENGTH, -1, true },
    { "maxLength", BARK_FACET_MAX_LENGTH, 1, true },
    { "minInclusive", BARK_FACET_MIN_INCLUSIVE, 0, false },
    { "maxInclusive", BARK_FACET_MAX_INCLUSIVE, 0, false },
    { "minExclusive", BARK_FACET_MIN_EXCLUSIVE, 0, false },
    { "maxExclusive", BARK_FACET_MAX_EXCLUSIVE, 0, false },
    { "totalDigits", BARK_FACET_TOTAL_DIGITS, 1, true },
    { "fractionDigits", BARK_FACET_FRACTION_DIGITS, 1, true },
    { "enumeration", BARK_FACET_ENUMERATION, 0, false },
};
enum { FACET_COUNT = sizeof facets / sizeof *facets };

static size_t facet_find(struct soapc_override *o, const struct soapc_word *word)
{
    struct soapc_guess guess = { .wanted = word->text };
    for (size_t i = 0; i < FACET_COUNT; i++) {
        if (strcmp(facets[i].name, word->text) == 0)
            return i;
        soapc_guess_offer(&guess, facets[i].name);
    }
    soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, word->place, "no facet '%s' to relax", word->text);
    if (guess.best)
        soapc_note(o->diag, word->place, "did you mean '%s'?", guess.best);
    return FACET_COUNT;
}

/* Whether the new value may stand; number is its value where the facet has one. */
static bool value_check(struct soapc_override *o, const struct soapc_type *t, size_t row,
                        const struct soapc_word *value, uint32_t *number)
{
    const enum bark_facet_kind kind = facets[row].kind;
    const char *why = NULL;
    *number = 0;
    if (kind == BARK_FACET_ENUMERATION)
        why = "an enumeration is opened as a whole, without a value";
    else if (facets[row].number && !soapc_is_number(value->text, number))
        why = "this facet takes a whole number";
    else if (is_bound(kind) && !soapc_value_fits(o->model->types[t->builtin], value->text))
        why = "this is no value of the type";
    for (size_t i = 0; !why && i < t->facets.count; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        if (f->kind != kind)
            continue;
        if ((facets[row].loosens > 0 && *number < f->number) ||
            (facets[row].loosens < 0 && *number > f->number))
            why = "this would be narrower than the schema";
        enum soapc_order order =
            is_bound(kind) ? soapc_value_order(t->builtin, value->text, f->text) : SOAPC_EQUAL;
        const bool low = kind == BARK_FACET_MIN_INCLUSIVE || kind == BARK_FACET_MIN_EXCLUSIVE;
        if (order == SOAPC_NO_ORDER || order == (low ? SOAPC_GREATER : SOAPC_LESS))
            why = "this would be narrower than the schema";
    }
    if (why)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, value->place, "%s", why);
    return !why;
}

static bool derives(const struct soapc_type *t, const struct soapc_type *from)
{
    while (t && t != from)
        t = t->base;
    return t != NULL;
}

/* Takes from the list what stands in `gone` too (NULL: all of the kind) and puts the new facet there instead.
 */
static void facets_replace(struct soapc_override *o, struct soapc_facets *list, enum bark_facet_kind kind,
                           const struct soapc_facets *gone, const struct soapc_facet *instead)
{
    size_t kept = 0, before = list->count;
    for (size_t i = 0; i < before; i++) {
        const struct soapc_facet *f = &list->items[i];
        bool here = f->kind == kind && !f->builtin && !gone;
        for (size_t k = 0; gone && f->kind == kind && !f->builtin && k < gone->count; k++)
            here |= f->place.file == gone->items[k].place.file && f->place.at == gone->items[k].place.at;
        if (!here)
            list->items[kept++] = *f;
    }
    list->count = kept;
    if (kept < before && instead)
        *(struct soapc_facet *)soapc_pool_push(o->model->pool, &list->items, &list->count, &list->cap,
                                               sizeof *instead) = *instead;
}

void soapc_override_relax(struct soapc_override *o, const struct soapc_statement *s)
{
    const struct soapc_word *value = s->count == 4 ? &s->words[3] : NULL;
    const size_t row = facet_find(o, &s->words[2]);
    struct soapc_type *t = row == FACET_COUNT ? NULL : soapc_override_type(o, &s->words[1]);
    struct soapc_facets gone = { 0 };
    uint32_t number = 0;
    if (!t)
        return;
    t = t->complex && t->content == SOAPC_CONTENT_SIMPLE && t->value ? t->value : t;
    if (value && !value_check(o, t, row, value, &number))
        return;
    for (size_t i = 0; i < t->facets.count; i++)
        if (t->facets.items[i].kind == facets[row].kind && !t->facets.items[i].builtin)
            *(struct soapc_facet *)soapc_pool_push(o->model->pool, &gone.items, &gone.count, &gone.cap,
                                                   sizeof(struct soapc_facet)) = t->facets.items[i];
    if (gone.count == 0) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, s->words[2].place, "type '%s' has no facet %s",
                    s->words[1].text, facets[row].name);
        if (t->place.file != SOAPC_NO_FILE)
            soapc_note(o->diag, t->place, "the type is here");
        return;
    }
    const struct soapc_facet instead = { .kind = facets[row].kind,
                                         .text = value ? value->text : "",
                                         .number = number,
                                         .place = value ? value->place : SOAPC_NOWHERE };
    for (size_t i = 0; i < o->model->type_count; i++)
        if (derives(o->model->types[i], t))
            facets_replace(o, &o->model->types[i]->facets, facets[row].kind, &gone, value ? &instead : NULL);
    facets_replace(o, &t->own_facets, facets[row].kind, NULL, value ? &instead : NULL);
}
