/* tests/wide_rows.h - rows as a test writes and bends them: all of a field, root or operation in one place.
 *
 * In an image what fields have in common stands in trait rows, and what operations have in common in
 * bindings. A test that changes one field wants to change no other, so here each has what it needs, and
 * packing gives each a trait row of its own.
 */
#ifndef WIDE_ROWS_H
#define WIDE_ROWS_H

#include "soapbark/image.h"

#include <string.h>

struct wide_field {
    uint16_t name, offset, type, extra, bits;
    uint8_t ns, has;
};

struct wide_root {
    uint16_t name, type, namespaces;
    uint8_t bits, ns;
    uint16_t answer, tail; /* type and tail of the other side, 0: there is none */
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

/* Root i is side 0 of row i, of trait first + i; its group stands at lists + BARK_ROOT_GROUP * i of LISTS,
 * where `at` is. */
static inline void wide_roots_pack(const struct wide_root *wide, size_t count, struct bark_root_row *roots,
                                   struct bark_trait_row *traits, size_t first, uint16_t *at, size_t lists)
{
    size_t i;
    for (i = 0; i < count; i++) {
        const uint16_t trait = (uint16_t)(first + i);
        const uint16_t tail = wide[i].tail ? wide[i].tail : BARK_NONE;
        const uint16_t answer = wide[i].answer ? wide[i].answer : BARK_NONE;
        const uint16_t group[BARK_ROOT_GROUP] = { trait, trait, BARK_NONE, tail };
        roots[i] = (struct bark_root_row){ wide[i].name,
                                           (uint16_t)(lists + BARK_ROOT_GROUP * i),
                                           { wide[i].type, answer } };
        memcpy(at + BARK_ROOT_GROUP * i, group, sizeof group);
        traits[first + i] =
            (struct bark_trait_row){ wide[i].bits, wide[i].ns, BARK_NO_HAS, wide[i].namespaces };
    }
}

#endif
