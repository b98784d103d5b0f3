/* model/notation.c - types of NOTATION: their enumerated values are names of notations, and a declaration has
 * one of them, not xs:NOTATION itself [XSD2 3.2.19].
 */
#include "model/build.h"

/* A name without prefix means the includer's namespace in a schema that has none itself [XSD1 4.2.1]. */
static bool is_declared(const struct soapc_builder *b, struct soapc_name name)
{
    if (soapc_symbol_find(&b->symbols, SOAPC_SPACE_NOTATION, name))
        return true;
    for (size_t i = 0; i < b->scope_count && name.ns == b->empty; i++)
        if (b->scopes[i]->chameleon &&
            soapc_symbol_find(&b->symbols, SOAPC_SPACE_NOTATION,
                              (struct soapc_name){ b->scopes[i]->target_ns, name.local }))
            return true;
    return false;
}

/* enumeration-valid-restriction: a value of NOTATION is the name of one. */
static void values_check(struct soapc_builder *b, const struct soapc_type *t)
{
    for (size_t i = 0; i < t->own_facets.count; i++) {
        const struct soapc_facet *f = &t->own_facets.items[i];
        if (f->kind == BARK_FACET_ENUMERATION && f->qname.local && !is_declared(b, f->qname))
            soapc_error(b->diag, SOAPC_E_UNKNOWN_NAME, f->place, "no notation '%s' in namespace '%s'",
                        f->qname.local, f->qname.ns);
    }
}

static bool is_bare(const struct soapc_type *t)
{
    if (t->complex || t->variety != SOAPC_ATOMIC || t->builtin != SOAPC_BUILTIN_NOTATION)
        return false;
    for (size_t i = 0; i < t->facets.count; i++)
        if (t->facets.items[i].kind == BARK_FACET_ENUMERATION)
            return false;
    return true;
}

/* enumeration-required-notation */
static void declaration_check(struct soapc_builder *b, const struct soapc_type *t, struct soapc_place place,
                              const char *name)
{
    if (is_bare(t))
        soapc_error(b->diag, SOAPC_E_MISSING_ELEMENT, place,
                    "'%s' is of type NOTATION, which needs xs:enumeration in a type of its own", name);
}

void soapc_notations_check(struct soapc_builder *b)
{
    const struct soapc_model *m = b->model;
    for (size_t i = 0; i < m->type_count; i++) {
        const struct soapc_type *t = m->types[i];
        if (!t->complex && !t->is_builtin && t->builtin == SOAPC_BUILTIN_NOTATION)
            values_check(b, t);
        for (size_t a = 0; t->complex && a < t->own_attributes.count; a++)
            if (!t->own_attributes.items[a]->attribute->global)
                declaration_check(b, t->own_attributes.items[a]->attribute->type,
                                  t->own_attributes.items[a]->place,
                                  t->own_attributes.items[a]->attribute->name.local);
    }
    for (size_t i = 0; i < m->attribute_count; i++)
        declaration_check(b, m->attributes[i]->type, m->attributes[i]->place, m->attributes[i]->name.local);
    for (size_t i = 0; i < b->all_element_count; i++) {
        const struct soapc_type *t = b->all_elements[i]->type;
        t = t->complex && t->content == SOAPC_CONTENT_SIMPLE ? t->value : t;
        declaration_check(b, t, b->all_elements[i]->place, b->all_elements[i]->name.local);
    }
}
