/* lower/substitute.c - which elements may stand where another one is referred to: its substitution group.
 */
#include "lower/plan.h"

bool soapc_substitutes_find(struct soapc_plan *plan, const struct soapc_element *head,
                            const struct soapc_element ***found, size_t *count)
{
    const struct soapc_element **queue = NULL;
    size_t seen = 1, cap = 0, work = 0;
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
        if (!queue[i]->abstract && soapc_substitute_is_let(head, queue[i], &work))
            queue[(*count)++] = queue[i];
    *found = queue;
    return true;
}
