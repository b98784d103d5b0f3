/* model/symbols.c - names to components, and what to say when a name leads nowhere.
 *
 * Names are interned, so a key is two addresses and a number.
 */
#include "model/build.h"

#include <stdint.h>

static uint64_t name_hash(enum soapc_space space, struct soapc_name name)
{
    uint64_t h = (uint64_t)(uintptr_t)name.ns * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (uint64_t)(uintptr_t)name.local ^ (uint64_t)space << 56) * UINT64_C(0xff51afd7ed558ccd);
    return h ^ h >> 32;
}

static size_t bucket_find(const struct soapc_symbols *s, enum soapc_space space, struct soapc_name name)
{
    size_t i = (size_t)name_hash(space, name) & (s->cap - 1);
    while (s->buckets[i].object && (s->buckets[i].space != space || s->buckets[i].name.local != name.local ||
                                    s->buckets[i].name.ns != name.ns))
        i = (i + 1) & (s->cap - 1);
    return i;
}

void *soapc_symbol_find(const struct soapc_symbols *s, enum soapc_space space, struct soapc_name name)
{
    return s->cap ? s->buckets[bucket_find(s, space, name)].object : NULL;
}

static void symbols_grow(struct soapc_builder *b, struct soapc_symbols *s)
{
    struct soapc_symbols old = *s;
    s->cap = old.cap ? old.cap * 2 : 1024;
    s->buckets = soapc_pool_alloc(b->pool, s->cap * sizeof *s->buckets);
    for (size_t i = 0; i < old.cap; i++)
        if (old.buckets[i].object)
            s->buckets[bucket_find(s, old.buckets[i].space, old.buckets[i].name)] = old.buckets[i];
}

static const char *const space_words[] = {
    [SOAPC_SPACE_TYPE] = "type",
    [SOAPC_SPACE_ELEMENT] = "element",
    [SOAPC_SPACE_ATTRIBUTE] = "attribute",
    [SOAPC_SPACE_GROUP] = "group",
    [SOAPC_SPACE_ATTRIBUTE_GROUP] = "attribute group",
    [SOAPC_SPACE_NOTATION] = "notation",
    [SOAPC_SPACE_CONSTRAINT] = "identity constraint",
    [SOAPC_SPACE_MESSAGE] = "message",
    [SOAPC_SPACE_PORT_TYPE] = "port type",
    [SOAPC_SPACE_BINDING] = "binding",
    [SOAPC_SPACE_SERVICE] = "service",
};

bool soapc_symbol_add(struct soapc_builder *b, enum soapc_space space, struct soapc_name name,
                      struct soapc_place place, void *object)
{
    if (b->symbols.count * 2 >= b->symbols.cap)
        symbols_grow(b, &b->symbols);
    size_t i = bucket_find(&b->symbols, space, name);
    const struct soapc_symbol *known = &b->symbols.buckets[i];
    if (known->object) {
        soapc_error(b->diag, SOAPC_E_DUPLICATE, place, "%s '%s' is declared twice in namespace '%s'",
                    space_words[space], name.local, name.ns);
        soapc_note(b->diag, known->place, "the first one is here");
        return false;
    }
    b->symbols.buckets[i] = (struct soapc_symbol){ space, name, place, object };
    b->symbols.count++;
    return true;
}

void *soapc_symbol_take(struct soapc_builder *b, enum soapc_space space, struct soapc_name name)
{
    if (!b->symbols.cap)
        return NULL;
    struct soapc_symbol *bucket = &b->symbols.buckets[bucket_find(&b->symbols, space, name)];
    void *object = bucket->object;
    if (object) {
        bucket->object = NULL; /* the chain behind it is whole again once the name is entered anew */
        b->symbols.count--;
    }
    return object;
}

/* The list's address stands in for the namespace, both parts of the name for the local name. */
static struct soapc_name use_key(struct soapc_builder *b, const struct soapc_attribute_uses *uses,
                                 const struct soapc_attribute *attribute)
{
    return (struct soapc_name){ (const char *)uses,
                                soapc_pool_join(b->pool, attribute->name.ns, "\n", attribute->name.local) };
}

struct soapc_attribute_use *soapc_use_find(struct soapc_builder *b, const struct soapc_attribute_uses *uses,
                                           const struct soapc_attribute *attribute)
{
    return soapc_symbol_find(&b->uses, SOAPC_SPACE_ATTRIBUTE, use_key(b, uses, attribute));
}

void soapc_use_push(struct soapc_builder *b, struct soapc_attribute_uses *uses,
                    struct soapc_attribute_use *use)
{
    if (b->uses.count * 2 >= b->uses.cap)
        symbols_grow(b, &b->uses);
    struct soapc_name key = use_key(b, uses, use->attribute);
    size_t i = bucket_find(&b->uses, SOAPC_SPACE_ATTRIBUTE, key);
    if (!b->uses.buckets[i].object) {
        b->uses.buckets[i] = (struct soapc_symbol){ SOAPC_SPACE_ATTRIBUTE, key, use->place, use };
        b->uses.count++;
    }
    struct soapc_attribute_use **slot = SOAPC_PUSH(b, uses->items, uses->count, uses->cap);
    *slot = use;
}

const char *soapc_intern(struct soapc_builder *b, struct bark_text text)
{
    return text.ptr ? soapc_pool_text(b->pool, text.ptr, text.len) : NULL;
}

struct soapc_name soapc_qname(struct soapc_builder *b, const struct soapc_scope *scope, struct bark_qname q)
{
    struct soapc_name name = { q.ns.len ? soapc_intern(b, q.ns) : b->empty, soapc_intern(b, q.local) };
    if (scope->chameleon && name.ns == b->empty)
        name.ns = scope->target_ns;
    return name;
}

/* The nearest name in the same namespace; else the same name in another one. */
static void candidates_note(struct soapc_builder *b, struct soapc_place place, enum soapc_space space,
                            struct soapc_name name)
{
    struct soapc_guess guess = { .wanted = name.local };
    const struct soapc_symbol *elsewhere = NULL;
    if (b->diag->dropping) /* nobody will see it, and looking through everything takes time */
        return;
    for (size_t i = 0; i < b->symbols.cap; i++) {
        const struct soapc_symbol *s = &b->symbols.buckets[i];
        if (!s->object || s->space != space)
            continue;
        if (s->name.ns == name.ns)
            soapc_guess_offer(&guess, s->name.local);
        else if (s->name.local == name.local && (!elsewhere || strcmp(s->name.ns, elsewhere->name.ns) < 0))
            elsewhere = s;
    }
    if (guess.best)
        soapc_note(b->diag, place, "did you mean '%s'?", guess.best);
    else if (elsewhere)
        soapc_note(b->diag, elsewhere->place, "namespace '%s' has one of this name", elsewhere->name.ns);
}

/* A reference into a namespace whose import failed: the import is the error, once. */
static bool missing_report(struct soapc_builder *b, struct soapc_place place, enum soapc_space space,
                           struct soapc_name name)
{
    bool found = false;
    for (size_t i = 0; i < b->missing_count; i++) {
        struct soapc_missing *m = &b->missing[i];
        if (m->ns != name.ns)
            continue;
        found = true;
        if (m->reported)
            continue;
        m->reported = true;
        if (name.ns[0])
            soapc_error(b->diag, SOAPC_E_IMPORT_MISSING, m->place, "cannot find the import of namespace '%s'",
                        name.ns);
        else
            soapc_error(b->diag, SOAPC_E_IMPORT_MISSING, m->place, "cannot find this file");
        if (m->link->tried && m->link->tried[0])
            soapc_note(b->diag, m->place,
                       "tried %s; it is not in the catalog; --path DIR adds a folder to search",
                       m->link->tried);
        else
            soapc_note(b->diag, m->place, "it names no file and is not in the catalog");
        soapc_note(b->diag, place, "needed here, for %s '%s'", space_words[space], name.local);
    }
    return found;
}

static bool namespace_is_known(const struct soapc_builder *b, const char *ns)
{
    for (size_t i = 0; i < b->scope_count; i++)
        if (b->scopes[i]->target_ns == ns)
            return true;
    return ns == b->xs;
}

static bool namespace_is_imported(const struct soapc_builder *b, const struct soapc_scope *scope,
                                  const char *ns)
{
    if (ns == scope->target_ns || ns == b->xs || !scope->schema)
        return true;
    for (size_t i = 0; i < scope->import_count; i++)
        if (scope->imports[i] == ns)
            return true;
    return false;
}

void *soapc_reference(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                      const char *attribute, enum soapc_space space, struct soapc_name name)
{
    if (scope->redefined.local && scope->redefined.local == name.local && scope->redefined.ns == name.ns &&
        scope->redefined_space == space && soapc_is_redefined(node, space))
        return scope->redefined_object;
    void *object = soapc_symbol_find(&b->symbols, space, name);
    if (object && namespace_is_imported(b, scope, name.ns))
        return object;
    struct soapc_place place = soapc_attribute_place(b->diag, scope->doc->file, node->at, attribute);
    if (object) {
        /* [XSD1 4.2.3] src-resolve 4 asks for an import. Descriptions with several schemas inside forget it
         * often, and what is meant is clear; in a schema file of its own it is an error. */
        if (scope->doc->kind == SOAPC_DOCUMENT_SCHEMA) {
            soapc_error(b->diag, SOAPC_E_NOT_IMPORTED, place, "namespace '%s' is not imported here", name.ns);
            soapc_note(b->diag, place, "add <xs:import namespace=\"%s\"/>", name.ns);
        }
        return object;
    }
    if (missing_report(b, place, space, name))
        return NULL;
    if (!namespace_is_known(b, name.ns) && space <= SOAPC_SPACE_CONSTRAINT) {
        soapc_error(b->diag, SOAPC_E_NOT_IMPORTED, place,
                    "no %s '%s': no schema of namespace '%s' was imported", space_words[space], name.local,
                    name.ns);
        return NULL;
    }
    soapc_error(b->diag, SOAPC_E_UNKNOWN_NAME, place, "no %s '%s' in namespace '%s'", space_words[space],
                name.local, name.ns);
    candidates_note(b, place, space, name);
    return NULL;
}
