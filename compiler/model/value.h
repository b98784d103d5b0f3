/* model/value.h - values of built-in types, by the engine's own readers and orders. */
#ifndef SOAPC_VALUE_H
#define SOAPC_VALUE_H

#include "model/matcher.h"
#include "model/model.h"

enum soapc_order { SOAPC_LESS, SOAPC_EQUAL, SOAPC_GREATER, SOAPC_NO_ORDER };

/* True when text is a value of a simple type: the forms of the built-in types below it, items of lists,
 * members of unions; and its facets. Prefixes of QNames are taken as bound. Patterns are looked at when there
 * is a matcher (NULL: none). True as well when that cannot be told. */
bool soapc_value_matches(struct soapc_matcher *matcher, const struct soapc_type *type, const char *text);

/* The same without patterns. */
bool soapc_value_fits(const struct soapc_type *type, const char *text);

/* How two bounds of a built-in type compare [XSD2 4.2.2]; SOAPC_NO_ORDER also when one of them is no value.
 */
enum soapc_order soapc_value_order(enum soapc_builtin type, const char *x, const char *y);

/* A text, collapsed, as a value of a built-in type that is no list. BARK_OK, or why not; BARK_ERR_MEMORY and
 * BARK_ERR_LIMIT mean that it cannot be told. */
union bark_value_room;
enum bark_code soapc_builtin_read(enum soapc_builtin id, struct bark_slice text, union bark_value_room *value,
                                  struct bark_arena *arena);

/* value_bytes.c: bytes that two texts share exactly when they are one value of a type of time or duration;
 * how many, 0 for other types, for texts that are no value, and for years beyond a thousand million. */
enum { SOAPC_VALUE_BYTES = 160 };
size_t soapc_value_bytes(enum soapc_builtin type, struct bark_slice text, char *out);

/* Whether two texts are one value of a simple type: as values where the type can tell, else as texts. */
bool soapc_values_equal(const struct soapc_type *type, const char *x, const char *y);

/* The text as its type's white space facet leaves it [XSD2 4.3.6], in out, which has room for all of it. */
struct bark_slice soapc_value_normalise(const struct soapc_type *t, struct bark_slice text, uint8_t *out);

#endif
