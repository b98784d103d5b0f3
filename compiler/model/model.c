/* model/model.c - documents in, resolved model out: the order of work that build.h lists.
 */
#include "model/build.h"

#include <stdlib.h>

/* What outlives the build, and what look-ups need. */
struct whole {
    struct soapc_model model; /* first: soapc_model_free() and the look-ups come with its address */
    struct soapc_symbols symbols;
};

static void queue_run(struct soapc_builder *b)
{
    while (b->queue_next < b->queue_count) {
        struct soapc_work work = b->queue[b->queue_next++]; /* a copy: running it may move the queue */
        work.run(b, &work);
    }
}

/* ---- namespaces and their prefixes ---- */

static struct soapc_namespace *namespace_get(struct soapc_builder *b, const char *uri)
{
    struct soapc_model *m = b->model;
    for (size_t i = 0; i < m->namespace_count; i++)
        if (m->namespaces[i].uri == uri)
            return &m->namespaces[i];
    struct soapc_namespace *n = SOAPC_PUSH(b, m->namespaces, m->namespace_count, m->namespace_cap);
    n->uri = uri;
    return n;
}

static void prefixes_take(struct soapc_builder *b, const struct soapc_document *doc)
{
    for (size_t i = 0; i < doc->prefix_count; i++) {
        const struct soapc_prefix *p = &doc->prefixes[i];
        if (p->prefix.len == 0 || p->uri.len == 0)
            continue;
        const char *uri = soapc_pool_text(b->pool, (const char *)p->uri.ptr, p->uri.len);
        struct soapc_model *m = b->model;
        for (size_t n = 0; n < m->namespace_count; n++)
            if (m->namespaces[n].uri == uri && !m->namespaces[n].prefix)
                m->namespaces[n].prefix =
                    soapc_pool_text(b->pool, (const char *)p->prefix.ptr, p->prefix.len);
    }
}

static void namespaces_collect(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->scope_count; i++) {
        struct soapc_namespace *n = namespace_get(b, b->scopes[i]->target_ns);
        n->used_by_root = n->used_by_root || b->scopes[i]->doc == &b->docs->items[0];
    }
    for (size_t d = 0; d < b->docs->count; d++) {
        const struct soapc_node *root = b->docs->items[d].root;
        struct bark_text ns = { NULL, 0 };
        if (root && root->kind == SOAPC_WSDL_DEFINITIONS)
            ns = root->text[SOAPC_WTEXT_targetNamespace];
        else if (root)
            ns = root->text[SOAPC_TEXT_targetNamespace];
        if (d == 0)
            b->model->target_ns = ns.len ? soapc_intern(b, ns) : b->empty;
        if (ns.len && root->kind == SOAPC_WSDL_DEFINITIONS) {
            struct soapc_namespace *n = namespace_get(b, soapc_intern(b, ns));
            n->used_by_root = n->used_by_root || d == 0;
        }
    }
    namespace_get(b, b->xs);
    for (size_t d = 0; d < b->docs->count; d++)
        prefixes_take(b, &b->docs->items[d]);
}

/* An import that nothing refers to may stay unfound [XSD1 4.2.3]; people should know all the same. */
static void missing_warn(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->missing_count; i++) {
        const struct soapc_missing *m = &b->missing[i];
        if (!m->reported && m->link->tried && m->link->tried[0])
            soapc_warning(b->diag, SOAPC_W_IMPORT_UNUSED, m->place,
                          "cannot find this import (tried %s); nothing refers to it", m->link->tried);
    }
}

static bool namespace_is_loaded(const struct soapc_builder *b, const char *ns)
{
    for (size_t i = 0; i < b->scope_count; i++)
        if (b->scopes[i]->target_ns == ns)
            return true;
    return false;
}

/* Imports that another document's schemas meet are not missing at all. Includes always are. */
static void missing_sort_out(struct soapc_builder *b)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->missing_count; i++)
        if (b->missing[i].link->node->kind != SOAPC_XS_import || !namespace_is_loaded(b, b->missing[i].ns))
            b->missing[kept++] = b->missing[i];
    b->missing_count = kept;
}

static void model_build(struct soapc_builder *b)
{
    b->empty = soapc_pool_text(b->pool, "", 0);
    b->xs = soapc_pool_text(b->pool, "http://www.w3.org/2001/XMLSchema", 32);
    soapc_builtins_make(b);
    soapc_schemas_collect(b);
    missing_sort_out(b);
    soapc_ids_check(b);
    soapc_xsd11_check(b);
    soapc_globals_declare(b);
    queue_run(b);
    soapc_keyrefs_settle(b);
    soapc_groups_fill(b);
    soapc_elements_settle(b);
    soapc_types_derive(b);
    soapc_encoding_settle(b);
    soapc_content_types_settle(b);
    soapc_substitutions_check(b);
    soapc_notations_check(b);
    soapc_restrictions_check(b);
    soapc_particles_attribute(b);
    soapc_elements_agree(b);
    soapc_defaults_check(b);
    soapc_services_build(b);
    namespaces_collect(b);
    soapc_documentation_collect(b);
    missing_warn(b);
}

struct soapc_model *soapc_model_new(const struct soapc_documents *docs)
{
    struct whole *whole = calloc(1, sizeof *whole);
    if (!whole)
        return NULL;
    struct soapc_builder *b = calloc(1, sizeof *b);
    whole->model.pool = soapc_pool_new(docs->diag);
    if (!b || !whole->model.pool) {
        docs->diag->out_of_memory = true;
        free(b);
        soapc_model_free(&whole->model);
        return NULL;
    }
    b->model = &whole->model;
    b->pool = whole->model.pool;
    b->docs = docs;
    b->diag = docs->diag;
    model_build(b);
    whole->symbols = b->symbols;
    soapc_matcher_free(&b->matcher);
    free(b);
    return &whole->model;
}

void soapc_model_free(struct soapc_model *model)
{
    if (!model)
        return;
    soapc_pool_free(model->pool);
    free(model);
}

/* Looks up without interning: a text that the pool has never seen names nothing. */
static void *find(const struct soapc_model *m, enum soapc_space space, const char *ns, const char *local)
{
    const struct whole *whole = (const struct whole *)(const void *)m;
    struct soapc_name name = { soapc_pool_find(m->pool, ns, strlen(ns)),
                               soapc_pool_find(m->pool, local, strlen(local)) };
    return name.ns && name.local ? soapc_symbol_find(&whole->symbols, space, name) : NULL;
}

struct soapc_type *soapc_model_type(const struct soapc_model *m, const char *ns, const char *local)
{
    return find(m, SOAPC_SPACE_TYPE, ns, local);
}

struct soapc_element *soapc_model_element(const struct soapc_model *m, const char *ns, const char *local)
{
    return find(m, SOAPC_SPACE_ELEMENT, ns, local);
}

struct soapc_attribute *soapc_model_attribute(const struct soapc_model *m, const char *ns, const char *local)
{
    return find(m, SOAPC_SPACE_ATTRIBUTE, ns, local);
}

struct soapc_binding *soapc_model_binding(const struct soapc_model *m, const char *ns, const char *local)
{
    return find(m, SOAPC_SPACE_BINDING, ns, local);
}
