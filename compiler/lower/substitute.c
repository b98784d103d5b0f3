/* lower/substitute.c - which elements may stand where another one is referred to: its substitution group.
 */
#include "lower/plan.h"

/* [XSD1 3.3.6] Whether the head's or its type's `block` keeps this element from standing in for it:
 * derivation steps between the two types that are blocked. */
static bool substitute_is_blocked(const struct soapc_element *head, const struct soapc_element *element)
{
    const unsigned block = head->block | (head->type->complex ? head->type->block : 0u);
    unsigned steps = 0;
    for (const struct soapc_type *t = element->type; t && t != head->type; t = t->base)
        steps |= t->derivation;
    return (steps & block & (SOAPC_BY_EXTENSION | SOAPC_BY_RESTRICTION)) != 0;
}

bool soapc_substitutes_find(struct soapc_plan *plan, const struct soapc_element *head,
                            const struct soapc_element ***found, size_t *count)
{
    const struct soapc_element **queue = NULL;
    size_t seen = 1, cap = 0;
    *found = NULL;
    *count = 0;
    queue = soapc_plan_grow(plan, NULL, 0, &cap, sizeof(struct soapc_element *));
    if (!queue)
        return false;
    queue[0] = head;
    for (size_t next = 0; next < seen; next++) {
        const struct soapc_element *element = queue[next];
        const bool closed = head->block & SOAPC_BY_SUBSTITUTION;
        for (size_t i = 0; i < element->substitute_count && !closed; i++) {
            queue = soapc_plan_grow(plan, queue, seen, &cap, sizeof(struct soapc_element *));
            if (!queue)
                return false;
            /* An element has one head, so only a circle through this one could come back. */
            if (element->substitutes[i] != head)
                queue[seen++] = element->substitutes[i];
        }
    }
    for (size_t i = 0; i < seen; i++)
        if (!queue[i]->abstract && !substitute_is_blocked(head, queue[i]))
            queue[(*count)++] = queue[i];
    *found = queue;
    return true;
}
