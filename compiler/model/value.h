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

/* Whether two texts are one value of a simple type: as values where the type can tell, else as texts. */
bool soapc_values_equal(const struct soapc_type *type, const char *x, const char *y);

#endif
