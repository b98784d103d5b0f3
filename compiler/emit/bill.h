/* emit/bill.h - what the tables cost: bytes of each operation, and the arena that a message can need.
 */
#ifndef SOAPC_EMIT_BILL_H
#define SOAPC_EMIT_BILL_H

#include "lower/plan.h"
#include "text.h"

/* Bytes of rows and texts that an operation needs. exclusive: no other operation needs them. */
struct soapc_operation_bill {
    size_t bytes, exclusive;
};

struct soapc_bill {
    struct soapc_operation_bill *operations; /* one for each of the plan's; free() */
    size_t total; /* the image */
    size_t shared; /* needed by two operations or more */
    size_t unneeded; /* rows of types, roots, wildcards and extras that no operation reaches */
    size_t common; /* head, services, namespaces, facets' texts, alignment, and what no operation reaches */
};

/* total = the sum of all exclusive + shared + common. False when memory is short. */
BARK_MUST_CHECK bool soapc_bill_make(const struct soapc_plan *plan, struct soapc_bill *bill);
void soapc_bill_free(struct soapc_bill *bill);

/* The most that decoding a message of this root takes from its arena for structs, items and texts, in bytes;
 * UINT64_MAX when the schema sets no bound, and *why then is the path of the first member without one
 * ("User.Username"; in the plan's memory). */
uint64_t soapc_arena_bound(struct soapc_plan *plan, size_t root, const char **why);

/* The whole bill as text, for `soapbark compile`. */
bool soapc_bill_print(struct soapc_plan *plan, struct soapc_text *out);

#endif
