/* tests/wide_rows.h - rows as a test writes and bends them: all of a field, root or operation in one place.
 *
 * In an image what fields have in common stands in trait rows, and what operations have in common in
 * bindings. A test that changes one field wants to change no other, so here each has what it needs, and
 * packing gives each a trait row of its own.
 */
#ifndef WIDE_ROWS_H
#define WIDE_ROWS_H

#include "soapbark/image.h"

struct wide_field {
    uint16_t name, offset, type, extra, bits;
    uint8_t ns, has;
};

struct wide_root {
    uint16_t name, type, namespaces;
    uint8_t bits, ns;
};

struct wide_operation {
    uint16_t name, service, input, output, action_base, action_end;
    uint16_t first_fault; /* LISTS entries: faults, then headers */
    uint16_t flags;
    uint8_t fault_count;
};

/* Field i is of trait i. */
static inline void wide_fields_pack(const struct wide_field *wide, size_t count,
                                    struct bark_field_row *fields, struct bark_trait_row *traits)
{
    size_t i;
    for (i = 0; i < count; i++) {
        fields[i] = (struct bark_field_row){ wide[i].name, wide[i].offset, wide[i].type, (uint16_t)i };
        traits[i] = (struct bark_trait_row){ wide[i].bits, wide[i].ns, wide[i].has, wide[i].extra };
    }
}

/* Root i is of trait first + i. */
static inline void wide_roots_pack(const struct wide_root *wide, size_t count, struct bark_root_row *roots,
                                   struct bark_trait_row *traits, size_t first)
{
    size_t i;
    for (i = 0; i < count; i++) {
        roots[i] = (struct bark_root_row){ wide[i].name, wide[i].type, (uint16_t)(first + i) };
        traits[first + i] =
            (struct bark_trait_row){ wide[i].bits, wide[i].ns, BARK_NO_HAS, wide[i].namespaces };
    }
}

#endif
