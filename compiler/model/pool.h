/* model/pool.h - the memory of a model: blocks that only grow, texts kept once, arrays that double.
 *
 * Nothing is freed singly; the model goes as a whole. This is a program that people run on their own schemas,
 * so when memory is short, or the model outgrows the budget [R4], the pool says so and ends the process with
 * status 2 (what a schema that cannot be used gives): the builders need not thread "no memory" through every
 * line. The engine, which reads strangers' input on devices, never does that.
 */
#ifndef SOAPC_POOL_H
#define SOAPC_POOL_H

#include "budget.h"
#include "soapbark/values.h"

struct soapc_pool;

/* Memory from the budget of d, which outlives the pool. NULL when memory is short already. */
struct soapc_pool *soapc_pool_new(struct soapc_diag *d);
void soapc_pool_free(struct soapc_pool *p);

/* Zeroed memory, aligned for anything. */
void *soapc_pool_alloc(struct soapc_pool *p, size_t size);

/* The one copy of a text; equal texts give equal addresses. */
const char *soapc_pool_text(struct soapc_pool *p, const char *text, size_t len);

/* The one copy if there is one, else NULL; makes none. */
const char *soapc_pool_find(const struct soapc_pool *p, const char *text, size_t len);

/* Interned "a" + "b" + "c". */
const char *soapc_pool_join(struct soapc_pool *p, const char *a, const char *b, const char *c);

/* Room for one more item of `size` bytes at the end of an array: returns its address, zeroed, and counts it.
 * items points to the array's pointer. */
void *soapc_pool_push(struct soapc_pool *p, void *items, size_t *count, size_t *cap, size_t size);

#endif
