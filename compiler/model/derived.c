/* model/derived.c - whether one type is validly derived from another, and what rests on that: substitution
 * groups, and the declarations of a restricted content.
 */
#include "model/build.h"

/* [XSD1 3.14.6] Type Derivation OK (Simple) 2.2.4: members of members are found through their own bases. */
static bool is_member(const struct soapc_type *t, const struct soapc_type *u)
{
    for (size_t i = 0; u->variety == SOAPC_UNION && !u->complex && i < u->member_count; i++)
        if (u->members[i] == t)
            return true;
    return false;
}

/* [XSD1 3.4.6] Type Derivation OK (Complex), [XSD1 3.14.6] (Simple): up the bases; a step that is one of
 * `without` breaks the chain. Lists and unions come from anySimpleType by restriction. */
bool soapc_type_derives(const struct soapc_type *t, const struct soapc_type *from, uint8_t without)
{
    while (t && t != from) {
        uint8_t how = (uint8_t)(t->complex && t->derivation == SOAPC_BY_EXTENSION ? SOAPC_BY_EXTENSION
                                                                                  : SOAPC_BY_RESTRICTION);
        if (t->broken)
            return true;
        if (how & without)
            return false;
        if (!t->complex && is_member(t, from) && from->own_facets.count == 0)
            return true;
        t = t->base;
    }
    return t != NULL;
}

/* [XSD1 3.3.6] Substitution Group OK (Transitive) 2.3: the derivation steps between the two types against
 * what the head, its type and the types on the way block. */
bool soapc_substitute_is_let(const struct soapc_element *head, const struct soapc_element *element,
                             size_t *work)
{
    unsigned block = head->block | (head->type->complex ? head->type->block : 0u), steps = 0;
    if (element == head)
        return true;
    for (const struct soapc_type *t = element->type; t && t != head->type; t = t->base) {
        ++*work;
        steps |= t->derivation;
        if (t != element->type && t->complex)
            block |= t->block;
    }
    return !(block & SOAPC_BY_SUBSTITUTION) &&
           (steps & block & (SOAPC_BY_EXTENSION | SOAPC_BY_RESTRICTION)) == 0;
}

/* [XSD1 3.3.6] e-props-correct 4. */
void soapc_substitutions_check(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->all_element_count; i++) {
        const struct soapc_element *e = b->all_elements[i];
        if (!e->head || !e->type || !e->head->type ||
            soapc_type_derives(e->type, e->head->type, e->head->final))
            continue;
        bool related = soapc_type_derives(e->type, e->head->type, 0);
        soapc_error(b->diag, SOAPC_E_CONTENT_KIND, e->place,
                    related
                        ? "the type of element '%s' is derived in a way that '%s' excludes by 'final'"
                        : "the type of element '%s' is not derived from that of '%s', which it stands in for",
                    e->name.local, e->head->name.local);
        soapc_note(b->diag, e->head->place, "the head of the substitution group is here");
    }
}
