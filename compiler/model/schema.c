/* model/schema.c - which schemas take part, under which namespace, and what they declare at the top.
 *
 * A document may take part more than once: an included file without target namespace takes its includer's,
 * and may be included from several [XSD1 4.2.1]. So the unit of work is a scope: schema element plus target
 * namespace.
 */
#include "model/build.h"

uint8_t soapc_derivations(struct bark_text text, uint8_t all)
{
    static const struct {
        const char *word;
        uint8_t bit;
    } words[] = { { "extension", SOAPC_BY_EXTENSION },
                  { "restriction", SOAPC_BY_RESTRICTION },
                  { "list", SOAPC_BY_LIST },
                  { "union", SOAPC_BY_UNION },
                  { "substitution", SOAPC_BY_SUBSTITUTION } };
    uint8_t set = 0;
    if (bark_text_equal(text, "#all"))
        return all;
    for (size_t from = 0; from < text.len;) {
        size_t to = from;
        while (to < text.len && text.ptr[to] != ' ')
            to++;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (to - from == strlen(words[i].word) && memcmp(text.ptr + from, words[i].word, to - from) == 0)
                set |= words[i].bit;
        from = to + 1;
    }
    return set & all;
}

static struct soapc_scope *scope_find(struct soapc_builder *b, const struct soapc_node *schema,
                                      const char *ns)
{
    for (size_t i = 0; i < b->scope_count; i++)
        if (b->scopes[i]->schema == schema && b->scopes[i]->target_ns == ns)
            return b->scopes[i];
    return NULL;
}

/* includer_ns: NULL when the schema stands for itself. */
static void scope_add(struct soapc_builder *b, const struct soapc_document *doc,
                      const struct soapc_node *schema, const char *includer_ns)
{
    struct bark_text own = schema->text[SOAPC_TEXT_targetNamespace];
    const char *ns = own.len ? soapc_intern(b, own) : includer_ns ? includer_ns : b->empty;
    if (scope_find(b, schema, ns))
        return;
    struct soapc_scope *s = SOAPC_NEW(b, struct soapc_scope);
    s->doc = doc;
    s->schema = schema;
    s->target_ns = ns;
    s->chameleon = own.len == 0 && ns[0] != '\0';
    s->elements_qualified = bark_text_equal(schema->text[SOAPC_TEXT_elementFormDefault], "qualified");
    s->attributes_qualified = bark_text_equal(schema->text[SOAPC_TEXT_attributeFormDefault], "qualified");
    s->block_default = soapc_derivations(schema->text[SOAPC_TEXT_blockDefault],
                                         SOAPC_BY_EXTENSION | SOAPC_BY_RESTRICTION | SOAPC_BY_SUBSTITUTION);
    s->final_default =
        soapc_derivations(schema->text[SOAPC_TEXT_finalDefault],
                          SOAPC_BY_EXTENSION | SOAPC_BY_RESTRICTION | SOAPC_BY_LIST | SOAPC_BY_UNION);
    struct soapc_scope **slot = SOAPC_PUSH(b, b->scopes, b->scope_count, b->scope_cap);
    *slot = s;
}

/* reported: the file is there but was refused, and has its own error. */
static void missing_add(struct soapc_builder *b, const char *ns, const struct soapc_link *link,
                        struct soapc_place place, bool reported)
{
    struct soapc_missing *m = SOAPC_PUSH(b, b->missing, b->missing_count, b->missing_cap);
    *m = (struct soapc_missing){ ns, link, place, reported };
}

/* The document of a link when it can be used; else the link is noted as missing. */
static const struct soapc_document *link_document(struct soapc_builder *b, const char *ns,
                                                  const struct soapc_link *link, struct soapc_place place)
{
    if (link->document == SOAPC_NO_DOCUMENT) {
        missing_add(b, ns, link, place, false);
        return NULL;
    }
    const struct soapc_document *doc = &b->docs->items[link->document];
    if (doc->root)
        return doc;
    missing_add(b, ns, link, place, true);
    return NULL;
}

/* The schemas that a document offers to an import: itself, or the schemas inside a WSDL. */
static void document_import(struct soapc_builder *b, const struct soapc_document *doc, const char *ns,
                            struct soapc_place place)
{
    if (doc->root->kind != SOAPC_XS_schema)
        return; /* a WSDL: its schemas take part anyway */
    struct bark_text own = doc->root->text[SOAPC_TEXT_targetNamespace];
    const char *real = own.len ? soapc_intern(b, own) : b->empty;
    if (real != ns) {
        soapc_error(b->diag, SOAPC_E_IMPORT_WRONG, place,
                    "this import is for namespace '%s', but the file declares '%s'", ns, real);
        soapc_note(b->diag, (struct soapc_place){ doc->file, doc->root->at }, "its schema is here");
    }
    scope_add(b, doc, doc->root, NULL);
}

static void import_follow(struct soapc_builder *b, struct soapc_scope *s, const struct soapc_node *node)
{
    struct soapc_place place = soapc_node_place(s, node);
    struct bark_text named = node->text[SOAPC_TEXT_namespace];
    const char *ns = named.len ? soapc_intern(b, named) : b->empty;
    const struct soapc_link *link = soapc_document_link(s->doc, node);
    const char **slot = SOAPC_PUSH(b, s->imports, s->import_count, s->import_cap);
    *slot = ns;
    if (ns == s->target_ns && s->doc->kind == SOAPC_DOCUMENT_SCHEMA) /* [XSD1 4.2.3] src-import 1 */
        soapc_error(b->diag, SOAPC_E_IMPORT_WRONG, place,
                    "a schema cannot import its own namespace '%s'; use xs:include", ns);
    if (ns == b->xs || !link)
        return;
    const struct soapc_document *doc = link_document(b, ns, link, place);
    if (doc)
        document_import(b, doc, ns, place);
}

static void include_follow(struct soapc_builder *b, struct soapc_scope *s, const struct soapc_node *node)
{
    struct soapc_place place = soapc_node_place(s, node);
    const struct soapc_link *link = soapc_document_link(s->doc, node);
    if (!link)
        return;
    const struct soapc_document *doc = link_document(b, s->target_ns, link, place);
    if (!doc)
        return;
    if (doc->root->kind != SOAPC_XS_schema) {
        soapc_error(b->diag, SOAPC_E_IMPORT_WRONG, place, "the included file is not a schema");
        return;
    }
    struct bark_text own = doc->root->text[SOAPC_TEXT_targetNamespace];
    if (own.len && soapc_intern(b, own) != s->target_ns) { /* [XSD1 4.2.1] src-include 2 */
        soapc_error(b->diag, SOAPC_E_IMPORT_WRONG, place,
                    "the included file has the target namespace '%s', not '%s'", own.ptr, s->target_ns);
        soapc_note(b->diag, (struct soapc_place){ doc->file, doc->root->at }, "its schema is here");
        return;
    }
    scope_add(b, doc, doc->root, s->target_ns);
}

static void scope_follow(struct soapc_builder *b, struct soapc_scope *s)
{
    for (size_t i = 0; i < s->schema->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&s->schema->children.items[i]);
        if (!node)
            continue;
        if (node->kind == SOAPC_XS_import)
            import_follow(b, s, node);
        else if (node->kind == SOAPC_XS_include || node->kind == SOAPC_XS_redefine ||
                 node->kind == SOAPC_XS_override)
            include_follow(b, s, node);
    }
}

/* The schemas inside wsdl:types. */
static void wsdl_schemas_add(struct soapc_builder *b, const struct soapc_document *doc)
{
    for (size_t i = 0; i < doc->root->children.count; i++) {
        const struct soapc_node *types = soapc_child_node(&doc->root->children.items[i]);
        if (!types || types->kind != SOAPC_WSDL_TYPES)
            continue;
        for (size_t s = 0; s < types->children.count; s++)
            if (types->children.items[s].kind == SOAPC_XS_schema)
                scope_add(b, doc, types->children.items[s].as.node, NULL);
    }
}

/* The asked-for document, and all WSDLs: those were reached by wsdl:import, which asks for everything in
 * them. A schema file reached by wsdl:import (many do that) counts as well. Other schemas come by import and
 * include. */
void soapc_schemas_collect(struct soapc_builder *b)
{
    for (size_t d = 0; d < b->docs->count; d++) {
        const struct soapc_document *doc = &b->docs->items[d];
        if (doc->root && doc->root->kind == SOAPC_WSDL_DEFINITIONS)
            wsdl_schemas_add(b, doc);
        else if (doc->root && d == 0)
            scope_add(b, doc, doc->root, NULL);
        for (size_t i = 0; i < doc->link_count; i++) {
            const struct soapc_link *link = &doc->links[i];
            if (link->node->kind != SOAPC_WSDL_IMPORT)
                continue;
            struct soapc_place place = { doc->file, link->node->at };
            struct bark_text ns = link->node->text[SOAPC_WTEXT_namespace];
            const struct soapc_document *target =
                link_document(b, ns.len ? soapc_intern(b, ns) : b->empty, link, place);
            if (target && target->root->kind == SOAPC_XS_schema)
                scope_add(b, target, target->root, NULL);
        }
    }
    for (size_t d = 0; d < b->docs->count; d++) /* those that were loaded without an import */
        if (b->diag->sources[b->docs->items[d].file].catalog && b->docs->items[d].root &&
            b->docs->items[d].root->kind == SOAPC_XS_schema)
            scope_add(b, &b->docs->items[d], b->docs->items[d].root, NULL);
    for (size_t i = 0; i < b->scope_count; i++)
        scope_follow(b, b->scopes[i]);
}

/* ---- globals ---- */

static void type_declare(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node,
                         struct soapc_name name)
{
    const struct soapc_type *known = soapc_symbol_find(&b->symbols, SOAPC_SPACE_TYPE, name);
    if (known && known->is_builtin)
        return; /* the schema of schemas states what is built in [XSD1 appendix A] */
    struct soapc_type *t = soapc_type_new(b, s, node);
    t->name = name;
    if (soapc_symbol_add(b, SOAPC_SPACE_TYPE, name, t->place, t))
        soapc_type_queue(b, s, node, t, name.local);
}

static void element_declare(struct soapc_builder *b, const struct soapc_scope *s,
                            const struct soapc_node *node, struct soapc_name name)
{
    struct soapc_model *m = b->model;
    struct soapc_element *e = SOAPC_NEW(b, struct soapc_element);
    e->name = name;
    e->place = soapc_node_place(s, node);
    e->global = true;
    if (!soapc_symbol_add(b, SOAPC_SPACE_ELEMENT, name, e->place, e))
        return;
    struct soapc_element **slot = SOAPC_PUSH(b, m->elements, m->element_count, m->element_cap);
    *slot = e;
    soapc_work_add(
        b, (struct soapc_work){
               .run = soapc_element_build, .scope = s, .node = node, .object = e, .context = name.local });
}

static void attribute_declare(struct soapc_builder *b, const struct soapc_scope *s,
                              const struct soapc_node *node, struct soapc_name name)
{
    struct soapc_model *m = b->model;
    struct soapc_attribute *a = SOAPC_NEW(b, struct soapc_attribute);
    a->name = name;
    a->place = soapc_node_place(s, node);
    a->global = true;
    if (!soapc_symbol_add(b, SOAPC_SPACE_ATTRIBUTE, name, a->place, a))
        return;
    struct soapc_attribute **slot = SOAPC_PUSH(b, m->attributes, m->attribute_count, m->attribute_cap);
    *slot = a;
    soapc_work_add(b, (struct soapc_work){ .run = soapc_attribute_build,
                                           .scope = s,
                                           .node = node,
                                           .object = a,
                                           .context = soapc_pool_join(b->pool, "@", name.local, "") });
}

static void group_declare(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node,
                          struct soapc_name name)
{
    struct soapc_model *m = b->model;
    struct soapc_group *g = SOAPC_NEW(b, struct soapc_group);
    g->name = name;
    g->place = soapc_node_place(s, node);
    g->particle = SOAPC_NEW(b, struct soapc_particle);
    *g->particle = (struct soapc_particle){
        .kind = SOAPC_PARTICLE_SEQUENCE, .min = 1, .max = 1, .place = g->place, .group = g
    };
    if (!soapc_symbol_add(b, SOAPC_SPACE_GROUP, name, g->place, g))
        return;
    g->index = (uint32_t)m->group_count;
    struct soapc_group **slot = SOAPC_PUSH(b, m->groups, m->group_count, m->group_cap);
    *slot = g;
    soapc_work_add(b, (struct soapc_work){ .run = soapc_group_build,
                                           .scope = s,
                                           .node = node,
                                           .object = g,
                                           .context = name.local,
                                           .group = g });
}

static void attribute_group_declare(struct soapc_builder *b, const struct soapc_scope *s,
                                    const struct soapc_node *node, struct soapc_name name)
{
    struct soapc_model *m = b->model;
    struct soapc_attribute_group *g = SOAPC_NEW(b, struct soapc_attribute_group);
    g->name = name;
    g->place = soapc_node_place(s, node);
    if (!soapc_symbol_add(b, SOAPC_SPACE_ATTRIBUTE_GROUP, name, g->place, g))
        return;
    g->index = (uint32_t)m->attribute_group_count;
    struct soapc_attribute_group **slot =
        SOAPC_PUSH(b, m->attribute_groups, m->attribute_group_count, m->attribute_group_cap);
    *slot = g;
    soapc_work_add(b, (struct soapc_work){ .run = soapc_attribute_group_build,
                                           .scope = s,
                                           .node = node,
                                           .object = g,
                                           .context = name.local });
}

void soapc_global_declare(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node)
{
    struct bark_text text = node->text[SOAPC_TEXT_name];
    if (!text.len)
        return; /* the grammar has complained */
    struct soapc_name name = { s->target_ns, soapc_intern(b, text) };
    switch ((enum soapc_node_kind)node->kind) {
    case SOAPC_XS_simpleType:
    case SOAPC_XS_complexType:
        type_declare(b, s, node, name);
        break;
    case SOAPC_XS_element:
        element_declare(b, s, node, name);
        break;
    case SOAPC_XS_attribute:
        attribute_declare(b, s, node, name);
        break;
    case SOAPC_XS_group:
        group_declare(b, s, node, name);
        break;
    case SOAPC_XS_attributeGroup:
        attribute_group_declare(b, s, node, name);
        break;
    case SOAPC_XS_notation:
        /* A name that enumerations of NOTATION types use; nothing of it reaches a message [XSD1 3.12]. */
        if (!node->text[SOAPC_TEXT_public].ptr && !node->text[SOAPC_TEXT_system].ptr) /* [XSD1 3.12.1] */
            soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, soapc_node_place(s, node),
                        "notation '%s' needs 'public' or 'system'", name.local);
        soapc_symbol_add(b, SOAPC_SPACE_NOTATION, name, soapc_node_place(s, node), b->model);
        break;
    default: /* import, include, annotation, and what the grammar has refused */
        break;
    }
}

void soapc_globals_declare(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->scope_count; i++) {
        const struct soapc_scope *s = b->scopes[i];
        for (size_t c = 0; c < s->schema->children.count; c++) {
            const struct soapc_node *node = soapc_child_node(&s->schema->children.items[c]);
            if (node)
                soapc_global_declare(b, s, node);
        }
    }
    soapc_redefinitions_declare(b);
}
