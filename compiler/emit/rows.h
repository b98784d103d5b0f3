/* emit/rows.h - the rows of one section as C initialisers, one line each, with a comment that names the row.
 */
#ifndef SOAPC_EMIT_ROWS_H
#define SOAPC_EMIT_ROWS_H

#include "emit/text.h"
#include "lower/plan.h"

/* Any section but the pool. */
void soapc_emit_rows(const struct soapc_plan *plan, enum bark_section section, struct soapc_text *out);

/* The pool as a string literal, a line a text; its last NUL is the literal's own. */
void soapc_emit_pool(const struct soapc_plan *plan, struct soapc_text *out);

#endif
