/* compiler/budget.h - one bound for the memory of a run, which load, model, lower and output share [R4].
 *
 * Every stage has bounds of its own, but a schema must not get them all: what a stage takes, the later ones
 * have not. The account lives in the diagnostics, which every stage has. It counts what is asked of the
 * system, also pages that stay untouched, so that a run fits under the same figure of address space as well.
 */
#ifndef SOAPC_BUDGET_H
#define SOAPC_BUDGET_H

#include "diag.h"

/* MiB: what a run may have unless it is told otherwise, and the least that leaves room for anything. */
enum { SOAPC_MEMORY_DEFAULT = 2048, SOAPC_MEMORY_MIN = 192, SOAPC_MEMORY_MAX = 1 << 20 };

/* Bytes that are not taken yet, less a reserve for the working memory of patterns, which is fixed. */
size_t soapc_budget_left(const struct soapc_diag *d);

/* Takes bytes from the budget. False, after an error (once a run), when they are not there: then nothing is
 * taken. */
BARK_MUST_CHECK bool soapc_budget_take(struct soapc_diag *d, size_t bytes);
void soapc_budget_give(struct soapc_diag *d, size_t bytes);

/* The error of soapc_budget_take(), at a place. */
void soapc_budget_report(struct soapc_diag *d, struct soapc_place place);

#endif
