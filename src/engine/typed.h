/* engine/typed.h - values whose type the message names with xsi:type [XSD1 2.6.1]: TYPED rows, in C a tagged
 * union of pointers and values.
 */
#ifndef BARK_ENGINE_TYPED_H
#define BARK_ENGINE_TYPED_H

#include "base/without.h"
#include "soapbark/image.h"

static inline bool bark_type_is_typed(const struct bark_image *image, uint16_t type)
{
    return BARK_HAS_TYPED && type != BARK_NONE && image->types[type].model == BARK_MODEL_TYPED;
}

/* Whether a row is that of the named type; of anyType, whose content is kept as it comes. */
bool bark_type_is_named(const struct bark_image *image, const struct bark_type_row *row,
                        struct bark_slice uri, struct bark_slice local);
bool bark_type_is_any(const struct bark_image *image, const struct bark_type_row *row);

/* The TYPE field of the row that has this name, or BARK_NONE. Cost: logarithmic in the types. */
uint16_t bark_typed_find(const struct bark_image *image, uint16_t type, struct bark_slice uri,
                         struct bark_slice local);

/* The TYPE field of the declared type itself; BARK_NONE when that is abstract. */
uint16_t bark_typed_declared(const struct bark_image *image, uint16_t type);

/* `which` of the union: 0, or the number of a TYPE field from 1. A caller's own number may be too large. */
uint16_t bark_typed_which(const struct bark_image *image, uint16_t type, const void *member);

/* Chooses the field. */
void bark_typed_choose(const struct bark_image *image, uint16_t type, uint16_t field, void *member);

/* Where the value of the chosen field is: behind its pointer, which may be NULL, or in place. */
const void *bark_typed_value(const struct bark_image *image, uint16_t field, const void *member);

#endif
