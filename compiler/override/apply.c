/* override/apply.c - one statement after the other: prefix, rename, drop, cap; retype.c has map and relax.
 *
 * Names in C live in the model as `given`, beside the names of the wire, which no statement changes. What is
 * dropped is taken out of the particle, so that every type that has it by derivation or by a group loses it
 * too.
 */
#include "override/override.h"

#include "base/utf8.h"
#include "model/pool.h"

#include <string.h>

typedef void statement_run(struct soapc_override *o, const struct soapc_statement *s);

static const struct soapc_given *given_new(struct soapc_override *o, const struct soapc_word *name)
{
    struct soapc_given *given;
    if (!soapc_is_identifier(name->text)) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, name->place, "'%s' is no C identifier", name->text);
        return NULL;
    }
    given = soapc_pool_alloc(o->model->pool, sizeof *given);
    *given = (struct soapc_given){ name->text, name->place };
    return given;
}

/* ---- prefix NAME URI ---- */

static struct soapc_namespace *namespace_find(struct soapc_override *o, const char *uri)
{
    for (size_t i = 0; i < o->model->namespace_count; i++)
        if (strcmp(o->model->namespaces[i].uri, uri) == 0)
            return &o->model->namespaces[i];
    return NULL;
}

static void prefix_run(struct soapc_override *o, const struct soapc_statement *s)
{
    static const char *const ours[] = { "bark", "xs", "xml", "xsi" };
    const struct soapc_word *name = &s->words[1], *uri = &s->words[2];
    struct soapc_namespace *n = namespace_find(o, uri->text);
    struct soapc_guess guess = { .wanted = uri->text };
    if (!n || strcmp(uri->text, "") == 0) {
        for (size_t i = 0; i < o->model->namespace_count; i++)
            soapc_guess_offer(&guess, o->model->namespaces[i].uri);
        soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, uri->place, "no document declares the namespace '%s'",
                    uri->text);
        if (guess.best)
            soapc_note(o->diag, uri->place, "did you mean '%s'?", guess.best);
        return;
    }
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(ours[i], name->text) == 0 || strcmp(n->uri, "http://www.w3.org/2001/XMLSchema") == 0) {
            soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, name->place, "the prefix '%s' is fixed", ours[i]);
            return;
        }
    for (size_t i = 0; i < o->model->namespace_count; i++)
        if (o->model->namespaces[i].given && o->model->namespaces[i].given->name == name->text) {
            soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, name->place,
                        "another namespace has the prefix '%s' already", name->text);
            return;
        }
    if (n->given)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, uri->place,
                    "this namespace has been given a prefix already");
    else
        n->given = given_new(o, name);
}

/* ---- rename KIND WHAT NAME ---- */

static void given_set(struct soapc_override *o, const struct soapc_given **slot,
                      const struct soapc_statement *s)
{
    if (*slot)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, s->words[2].place, "'%s' is renamed a second time",
                    s->words[2].text);
    else
        *slot = given_new(o, &s->words[3]);
}

static void rename_type(struct soapc_override *o, const struct soapc_statement *s)
{
    struct soapc_type *t = soapc_override_type(o, &s->words[2]);
    if (t && t->is_builtin)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, s->words[2].place, "a built-in type has no name in C");
    else if (t)
        given_set(o, &t->given, s);
}

static void rename_member(struct soapc_override *o, const struct soapc_statement *s)
{
    struct soapc_member m;
    if (!soapc_override_member(o, &s->words[2], &m))
        return;
    if (m.attribute)
        given_set(o, &m.attribute->given, s);
    for (size_t i = 0; i < m.count; i++)
        given_set(o, &m.particles[i]->given, s);
}

/* us:Level=admin */
static void rename_value(struct soapc_override *o, const struct soapc_statement *s)
{
    const char *equals = strchr(s->words[2].text, '=');
    struct soapc_guess guess = { .wanted = equals ? equals + 1 : "" };
    if (!equals) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, s->words[2].place, "a value is written TYPE=VALUE");
        return;
    }
    const char *name = s->words[2].text;
    struct soapc_word word = { soapc_pool_text(o->model->pool, name, (size_t)(equals - name)),
                               s->words[2].place };
    struct soapc_type *t = soapc_override_type(o, &word);
    for (size_t i = 0; t && i < t->facets.count; i++) {
        if (t->facets.items[i].kind != BARK_FACET_ENUMERATION)
            continue;
        if (strcmp(t->facets.items[i].text, equals + 1) == 0) {
            given_set(o, &t->facets.items[i].given, s);
            return;
        }
        soapc_guess_offer(&guess, t->facets.items[i].text);
    }
    if (!t)
        return;
    soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word.place, "type '%s' has no value '%s'", word.text,
                equals + 1);
    if (guess.best)
        soapc_note(o->diag, word.place, "did you mean '%s'?", guess.best);
}

static void rename_operation(struct soapc_override *o, const struct soapc_statement *s)
{
    struct soapc_port_type *port_type;
    struct soapc_operation *op = soapc_override_operation(o, &s->words[2], &port_type);
    if (op)
        given_set(o, &op->given, s);
}

/* ---- drop KIND WHAT ---- */

/* What may be absent where it stands: by itself, or as one of several alternatives. */
static bool is_optional(const struct soapc_particle *p, const struct soapc_particle *parent)
{
    return p->min == 0 || (parent->kind == SOAPC_PARTICLE_CHOICE && parent->count > 1);
}

static void particle_remove(struct soapc_particle *parent, const struct soapc_particle *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < parent->count; i++)
        if (parent->items[i] != p)
            parent->items[kept++] = parent->items[i];
    parent->count = kept;
}

/* Derived types have a list of their own of the attributes that they inherit. */
static void attribute_remove(struct soapc_model *model, const struct soapc_attribute_use *use)
{
    for (size_t i = 0; i < model->type_count; i++) {
        struct soapc_attribute_uses *uses = &model->types[i]->attributes;
        size_t kept = 0;
        for (size_t k = 0; k < uses->count; k++)
            if (uses->items[k] != use)
                uses->items[kept++] = uses->items[k];
        uses->count = kept;
    }
}

static void drop_member(struct soapc_override *o, const struct soapc_statement *s)
{
    struct soapc_member m;
    if (!soapc_override_member(o, &s->words[2], &m))
        return;
    for (size_t i = 0; i < m.count; i++) {
        if (is_optional(m.particles[i], m.parents[i])) {
            particle_remove(m.parents[i], m.particles[i]);
            continue;
        }
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, s->words[2].place,
                    "'%s' is required, so it cannot be dropped", s->words[2].text);
        soapc_note(o->diag, m.particles[i]->place, "it is declared here");
    }
    if (m.attribute && m.attribute->required)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, s->words[2].place,
                    "attribute '%s' is required, so it cannot be dropped", s->words[2].text);
    else if (m.attribute)
        attribute_remove(o->model, m.attribute);
}

static void drop_operation(struct soapc_override *o, const struct soapc_statement *s)
{
    struct soapc_port_type *port_type;
    const struct soapc_operation *op = soapc_override_operation(o, &s->words[2], &port_type);
    size_t kept = 0;
    if (!op)
        return;
    for (size_t i = 0; i < port_type->count; i++)
        if (port_type->operations[i] != op)
            port_type->operations[kept++] = port_type->operations[i];
    port_type->count = kept;
    for (size_t b = 0; b < o->model->binding_count; b++) {
        struct soapc_binding *binding = o->model->bindings[b];
        kept = 0;
        for (size_t i = 0; i < binding->count; i++)
            if (binding->operations[i]->operation != op)
                binding->operations[kept++] = binding->operations[i];
        binding->count = kept;
    }
}

/* ---- cap TYPE/MEMBER COUNT ---- */

static void cap_run(struct soapc_override *o, const struct soapc_statement *s)
{
    const struct soapc_word *what = &s->words[1], *count = &s->words[2];
    struct soapc_member m;
    uint32_t max;
    if (!soapc_is_number(count->text, &max) || max == 0) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, count->place, "'%s' is no count from 1 on", count->text);
        return;
    }
    if (!soapc_override_member(o, what, &m))
        return;
    if (m.attribute)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, what->place, "an attribute does not repeat");
    for (size_t i = 0; i < m.count; i++) {
        struct soapc_particle *p = m.particles[i];
        if (p->max <= max || p->min > max) {
            soapc_error(o->diag, SOAPC_E_OVERRIDE_USE, count->place,
                        p->min > max ? "'%s' comes %u times at least" : "'%s' comes %u times at most already",
                        what->text, p->min > max ? p->min : p->max);
            soapc_note(o->diag, p->place, "it is declared here");
            continue;
        }
        p->max = max;
    }
}

/* ---- the statements ---- */

static const struct {
    const char *verb, *kind; /* kind NULL: the statement has none */
    size_t words_min, words_max;
    const char *form;
    statement_run *run;
} statements[] = {
    { "prefix", NULL, 3, 3, "prefix NAME NAMESPACE", prefix_run },
    { "rename", "type", 4, 4, "rename type TYPE NAME", rename_type },
    { "rename", "member", 4, 4, "rename member TYPE/MEMBER NAME", rename_member },
    { "rename", "value", 4, 4, "rename value TYPE=VALUE NAME", rename_value },
    { "rename", "operation", 4, 4, "rename operation OPERATION NAME", rename_operation },
    { "drop", "member", 3, 3, "drop member TYPE/MEMBER", drop_member },
    { "drop", "operation", 3, 3, "drop operation OPERATION", drop_operation },
    { "cap", NULL, 3, 3, "cap TYPE/MEMBER COUNT", cap_run },
    { "map", "type", 4, 4, "map type TYPE BUILT-IN", soapc_override_map },
    { "map", "member", 4, 4, "map member TYPE/MEMBER BUILT-IN", soapc_override_map },
    { "relax", NULL, 3, 4, "relax TYPE FACET [VALUE]", soapc_override_relax },
};
enum { STATEMENT_COUNT = sizeof statements / sizeof *statements };

/* The row of a statement; STATEMENT_COUNT after an error. */
static size_t statement_find(struct soapc_override *o, const struct soapc_statement *s)
{
    struct soapc_guess verb = { .wanted = s->words[0].text };
    struct soapc_guess kind = { .wanted = s->count > 1 ? s->words[1].text : "" };
    bool known = false;
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        soapc_guess_offer(&verb, statements[i].verb);
        if (strcmp(statements[i].verb, s->words[0].text) != 0)
            continue;
        known = true;
        if (!statements[i].kind || strcmp(statements[i].kind, kind.wanted) == 0)
            return i;
        soapc_guess_offer(&kind, statements[i].kind);
    }
    if (!known)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, s->words[0].place, "no statement '%s'", s->words[0].text);
    else
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, s->count > 1 ? s->words[1].place : s->end,
                    "%s what? '%s' is not known here", s->words[0].text, kind.wanted);
    const char *best = known ? kind.best : verb.best;
    if (best)
        soapc_note(o->diag, s->words[known && s->count > 1].place, "did you mean '%s'?", best);
    return STATEMENT_COUNT;
}

static void statement_apply(struct soapc_override *o, const struct soapc_statement *s)
{
    const size_t row = statement_find(o, s);
    if (row == STATEMENT_COUNT)
        return;
    if (s->count >= statements[row].words_min && s->count <= statements[row].words_max) {
        statements[row].run(o, s);
        return;
    }
    const bool few = s->count < statements[row].words_min;
    soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, few ? s->end : s->words[statements[row].words_max].place,
                "%s here; the form is: %s", few ? "a word is missing" : "one word too many",
                statements[row].form);
}

/* The first byte that is NUL or no UTF-8; size when there is none. */
static size_t bad_byte(const char *text, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)text;
    uint32_t point;
    for (size_t at = 0; at < size;) {
        const size_t took = bark_utf8_take(bytes + at, bytes + size, &point);
        if (took == 0 || bytes[at] == 0)
            return at;
        at += took;
    }
    return size;
}

bool soapc_overrides_apply(struct soapc_model *model, const char *path, char *text, size_t size,
                           struct soapc_diag *diag)
{
    const size_t errors = diag->error_count;
    struct soapc_override o = { .model = model, .diag = diag, .text = text, .size = size };
    struct soapc_statement s;
    o.file = soapc_diag_source(diag, path, text, size, SOAPC_NOWHERE);
    if (o.file == SOAPC_NO_FILE) {
        soapc_error(diag, SOAPC_E_MEMORY, SOAPC_NOWHERE, "out of memory");
        return false;
    }
    const size_t bad = bad_byte(text, size);
    if (bad < size) {
        soapc_error(diag, SOAPC_E_OVERRIDE_FORM, (struct soapc_place){ o.file, (uint32_t)bad },
                    "this byte is not UTF-8 text");
        return false;
    }
    while (soapc_statement_read(&o, &s))
        statement_apply(&o, &s);
    return diag->error_count == errors;
}
