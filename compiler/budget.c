/* compiler/budget.c - the account that budget.h describes.
 */
#include "budget.h"

/* One automaton at work (pattern/pattern.c) and those kept by model/matcher.c. */
enum { RESERVE = 144 << 20 };

size_t soapc_budget_left(const struct soapc_diag *d)
{
    const size_t taken = d->memory_used + RESERVE;
    return d->memory_max > taken ? d->memory_max - taken : 0;
}

void soapc_budget_report(struct soapc_diag *d, struct soapc_place place)
{
    if (d->memory_told)
        return;
    d->memory_told = true;
    soapc_error(d, SOAPC_E_MEMORY, place, "the schema needs more than the memory budget of %zu MiB",
                d->memory_max >> 20);
    soapc_note(d, place, "--memory MIB gives more");
}

bool soapc_budget_take(struct soapc_diag *d, size_t bytes)
{
    if (bytes > soapc_budget_left(d)) {
        soapc_budget_report(d, SOAPC_NOWHERE);
        return false;
    }
    d->memory_used += bytes;
    return true;
}

void soapc_budget_give(struct soapc_diag *d, size_t bytes)
{
    d->memory_used -= bytes < d->memory_used ? bytes : d->memory_used;
}
