/* override/find.c - what the words of a statement name: types, members, operations.
 *
 *     us:User  {urn:us}User  User         a type: by a prefix (of a prefix statement above, or of the
 * documents), by its namespace, or (no prefix) in the target namespace of the file that is compiled, else in
 * none us:GetUsers/Filter                  the anonymous type of an element: the path of elements that leads
 * to it us:User/Name  us:User/@id           a member of a type Users/GetUsers  GetUsers            an
 * operation, with its port type where the name alone is not enough
 */
#include "override/override.h"

#include "model/pool.h"

#include <string.h>

/* A word taken apart: the rest lies in the word. */
struct reference {
    const char *spaces[2]; /* the namespaces to look in, the second one may be NULL */
    const char *local; /* the rest, '/' included */
};

static const char *text_copy(struct soapc_override *o, const char *text, size_t len)
{
    return soapc_pool_text(o->model->pool, text, len);
}

/* The one namespace of a prefix. */
static bool prefix_find(struct soapc_override *o, const struct soapc_word *word, const char *prefix,
                        const char **uri)
{
    struct soapc_guess guess = { .wanted = prefix };
    const char *other = NULL;
    *uri = NULL;
    for (size_t i = 0; i < o->model->namespace_count; i++) {
        const struct soapc_namespace *n = &o->model->namespaces[i];
        if (n->given && strcmp(n->given->name, prefix) == 0) {
            *uri = n->uri;
            return true;
        }
        if (!n->prefix)
            continue;
        soapc_guess_offer(&guess, n->prefix);
        if (strcmp(n->prefix, prefix) != 0)
            continue;
        other = *uri ? *uri : other;
        *uri = n->uri;
    }
    if (*uri && !other)
        return true;
    if (*uri) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place,
                    "the documents bind prefix '%s' to two namespaces", prefix);
        soapc_note(o->diag, word->place, "write {%s} or {%s}", other, *uri);
        return false;
    }
    soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place, "no document binds the prefix '%s'", prefix);
    if (guess.best)
        soapc_note(o->diag, word->place, "did you mean '%s'?", guess.best);
    return false;
}

static bool reference_read(struct soapc_override *o, const struct soapc_word *word, struct reference *r)
{
    const char *text = word->text;
    const size_t head = strcspn(text, ":/@");
    *r = (struct reference){ .local = text };
    if (text[0] == '{') {
        const char *end = strchr(text, '}');
        if (!end) {
            soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, word->place, "'{' without '}'");
            return false;
        }
        r->spaces[0] = text_copy(o, text + 1, (size_t)(end - text - 1));
        r->local = end + 1;
        return true;
    }
    if (text[head] == ':') {
        r->local = text + head + 1;
        return prefix_find(o, word, text_copy(o, text, head), &r->spaces[0]);
    }
    r->spaces[0] = o->model->target_ns;
    r->spaces[1] = "";
    return true;
}

/* Named types first; then anonymous ones by their path. `from` goes on behind the last one found. */
static struct soapc_type *type_next(const struct soapc_model *m, const char *ns, const char *local,
                                    size_t *from)
{
    for (; *from < 2 * m->type_count; ++*from) {
        struct soapc_type *t = m->types[*from % m->type_count];
        const char *name = *from < m->type_count ? t->name.local : t->name.local ? NULL : t->context;
        if (name && strcmp(name, local) == 0 && strcmp(t->name.ns, ns) == 0) {
            ++*from;
            return t;
        }
    }
    return NULL;
}

static void type_missing(struct soapc_override *o, const struct soapc_word *word, const struct reference *r,
                         const char *local)
{
    struct soapc_guess guess = { .wanted = local };
    for (size_t i = 0; i < o->model->type_count; i++) {
        const struct soapc_type *t = o->model->types[i];
        const char *name = t->name.local ? t->name.local : t->context;
        if (name && (strcmp(t->name.ns, r->spaces[0]) == 0 || (r->spaces[1] && !t->name.ns[0])))
            soapc_guess_offer(&guess, name);
    }
    soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place, "no type '%s' in namespace '%s'", local,
                r->spaces[0]);
    if (guess.best)
        soapc_note(o->diag, word->place, "did you mean '%s'?", guess.best);
}

struct soapc_type *soapc_override_type(struct soapc_override *o, const struct soapc_word *word)
{
    struct reference r;
    if (!reference_read(o, word, &r))
        return NULL;
    for (size_t i = 0; i < 2 && r.spaces[i]; i++) {
        size_t from = 0;
        struct soapc_type *t = type_next(o->model, r.spaces[i], r.local, &from);
        if (t)
            return t;
    }
    type_missing(o, word, &r, r.local);
    return NULL;
}

/* ---- members ---- */

void soapc_particles_visit(struct soapc_model *model, struct soapc_particle *p,
                           void (*visit)(void *context, struct soapc_particle *p,
                                         struct soapc_particle *parent),
                           void *context)
{
    struct soapc_particle **stack = NULL;
    size_t count = 0, cap = 0;
    if (!p)
        return;
    *(struct soapc_particle **)soapc_pool_push(model->pool, &stack, &count, &cap,
                                               sizeof(struct soapc_particle *)) = p;
    while (count) {
        struct soapc_particle *at = stack[--count];
        for (size_t i = 0; at->kind >= SOAPC_PARTICLE_SEQUENCE && i < at->count; i++) {
            struct soapc_particle *child = at->items[i];
            if (child->kind == SOAPC_PARTICLE_ELEMENT)
                visit(context, child, at);
            else if (child->kind >= SOAPC_PARTICLE_SEQUENCE)
                *(struct soapc_particle **)soapc_pool_push(model->pool, &stack, &count, &cap,
                                                           sizeof(struct soapc_particle *)) = child;
        }
    }
}

/* A search for the members of one name. */
struct member_search {
    struct soapc_override *o;
    const char *local;
    struct soapc_member *member;
    size_t particle_cap, parent_count, parent_cap;
    struct soapc_guess guess;
};

static void member_visit(void *context, struct soapc_particle *p, struct soapc_particle *parent)
{
    struct member_search *s = context;
    struct soapc_pool *pool = s->o->model->pool;
    soapc_guess_offer(&s->guess, p->element->name.local);
    if (strcmp(p->element->name.local, s->local) != 0)
        return;
    for (size_t i = 0; i < s->member->count; i++)
        if (s->member->particles[i] == p)
            return; /* a group that is used twice */
    *(struct soapc_particle **)soapc_pool_push(pool, &s->member->particles, &s->member->count,
                                               &s->particle_cap, sizeof(struct soapc_particle *)) = p;
    *(struct soapc_particle **)soapc_pool_push(pool, &s->member->parents, &s->parent_count, &s->parent_cap,
                                               sizeof(struct soapc_particle *)) = parent;
}

static bool member_of(struct member_search *s, struct soapc_type *t)
{
    *s->member = (struct soapc_member){ .type = t };
    s->particle_cap = s->parent_count = s->parent_cap = 0;
    for (size_t i = 0; s->local[0] == '@' && i < t->attributes.count; i++) {
        const char *name = t->attributes.items[i]->attribute->name.local;
        if (strcmp(name, s->local + 1) == 0) {
            s->member->attribute = t->attributes.items[i];
            return true;
        }
        soapc_guess_offer(&s->guess, soapc_pool_join(s->o->model->pool, "@", name, ""));
    }
    if (s->local[0] != '@')
        soapc_particles_visit(s->o->model, t->particle, member_visit, s);
    return s->member->count > 0;
}

bool soapc_override_member(struct soapc_override *o, const struct soapc_word *word,
                           struct soapc_member *member)
{
    struct reference r;
    struct soapc_type *t = NULL;
    if (!reference_read(o, word, &r))
        return false;
    const char *slash = strrchr(r.local, '/');
    if (!slash || !slash[1] || slash == r.local) {
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, word->place,
                    "a member is written TYPE/MEMBER or TYPE/@ATTRIBUTE");
        return false;
    }
    const char *type = text_copy(o, r.local, (size_t)(slash - r.local));
    struct member_search s = {
        .o = o, .local = slash + 1, .member = member, .guess = { .wanted = slash + 1 }
    };
    for (size_t i = 0; i < 2 && r.spaces[i]; i++) {
        size_t from = 0;
        for (struct soapc_type *next; (next = type_next(o->model, r.spaces[i], type, &from)) != NULL;
             t = next)
            if (next->complex && member_of(&s, next))
                return true;
    }
    if (!t) {
        type_missing(o, word, &r, type);
        return false;
    }
    soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place, "type '%s' has no member '%s'", type, slash + 1);
    if (s.guess.best)
        soapc_note(o->diag, word->place, "did you mean '%s'?", s.guess.best);
    else if (t->place.file != SOAPC_NO_FILE)
        soapc_note(o->diag, t->place, "the type is here");
    return false;
}

/* ---- operations ---- */

struct soapc_operation *soapc_override_operation(struct soapc_override *o, const struct soapc_word *word,
                                                 struct soapc_port_type **port_type)
{
    const struct soapc_model *m = o->model;
    const char *slash = strchr(word->text, '/'), *name = slash ? slash + 1 : word->text;
    const size_t head = slash ? (size_t)(slash - word->text) : 0;
    struct soapc_guess guess = { .wanted = name };
    struct soapc_operation *found = NULL;
    for (size_t i = 0; i < m->port_type_count; i++) {
        const char *local = m->port_types[i]->name.local;
        if (slash && (strlen(local) != head || memcmp(local, word->text, head) != 0))
            continue;
        for (size_t k = 0; k < m->port_types[i]->count; k++) {
            struct soapc_operation *op = m->port_types[i]->operations[k];
            soapc_guess_offer(&guess, op->name);
            if (strcmp(op->name, name) != 0)
                continue;
            if (found) {
                soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place, "there are several operations '%s'",
                            name);
                soapc_note(o->diag, found->place, "one is here; write %s/%s", (*port_type)->name.local, name);
                soapc_note(o->diag, op->place, "another one is here");
                return NULL;
            }
            found = op;
            *port_type = m->port_types[i];
        }
    }
    if (found)
        return found;
    soapc_error(o->diag, SOAPC_E_OVERRIDE_NAME, word->place, "no port type has an operation '%s'",
                word->text);
    if (guess.best)
        soapc_note(o->diag, word->place, "did you mean '%s'?", guess.best);
    return NULL;
}
