/* emit/rows.h - the rows of one section as C initialisers, one line each, with a comment that names the row.
 */
#ifndef SOAPC_EMIT_ROWS_H
#define SOAPC_EMIT_ROWS_H

#include "lower/plan.h"
#include "text.h"

/* Any section but the pool. */
/* The HTTP rows, with their member; nothing when there are none. */
void soapc_emit_https(const struct soapc_plan *plan, struct soapc_text *out);
void soapc_emit_rows(const struct soapc_plan *plan, enum bark_section section, struct soapc_text *out);

/* The pool is two kinds of bytes: texts, as string literals that no compiler finds too long, and DFA tables,
 * as numbers. Members of the image's struct, then their initialisers. */
void soapc_emit_pool_members(const struct soapc_plan *plan, struct soapc_text *out);
void soapc_emit_pool(const struct soapc_plan *plan, struct soapc_text *out);

#endif
