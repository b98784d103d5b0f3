/* table/typed.h - the order of the types that xsi:type may name (T37), for the checker that proves it and the
 * engine that searches by it.
 */
#ifndef BARK_TABLE_TYPED_H
#define BARK_TABLE_TYPED_H

#include "soapbark/image.h"

/* Less than, equal to or greater than 0, as the name of the TYPE field stands before, at or after the name
 * given: shorter local names first, then by bytes; then namespaces in the same way. */
int bark_typed_compare(const struct bark_image *image, const struct bark_field_row *f, struct bark_slice uri,
                       struct bark_slice local);

#endif
