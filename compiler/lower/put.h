/* lower/put.h - appending to the sections of an image.
 *
 * Every function returns false (or NULL) after an error that it has reported.
 */
#ifndef SOAPC_LOWER_PUT_H
#define SOAPC_LOWER_PUT_H

#include "lower/plan.h"

enum { ROWS_MAX = 0xffff, NAMESPACES_MAX = 256, SOAPC_ROOTS_MAX = 32767 };

/* A hash of what was put already, by text: pool offsets, or name rows. */
struct soapc_text_slot {
    const char *text;
    uint32_t value;
};

struct soapc_text_index {
    struct soapc_text_slot *slots;
    size_t count, cap;
};

struct soapc_put {
    struct soapc_plan *plan;
    struct soapc_rows *rows;
    struct soapc_text_index pooled, named, traited; /* by texts, names, numbers of trait rows */
    const char **uris; /* of the namespace rows */
    const char **name_texts; /* of the name rows */
    size_t name_cap;
    size_t binding, binding_end; /* LISTS entries of the newest binding */
};

/* Room for one more row of a section whose array this is: the array, perhaps moved. The caller fills the row
 * and counts it. */
void *soapc_put_row(struct soapc_put *b, enum bark_section section, void *array, size_t size);

bool soapc_put_bytes(struct soapc_put *b, const void *bytes, size_t len, uint32_t *offset);
bool soapc_put_text(struct soapc_put *b, const char *text, uint32_t *offset);
bool soapc_put_name(struct soapc_put *b, const char *text, struct soapc_place place, uint16_t *row);
/* texts.c: every name row gets its text, after the last one was put. */
bool soapc_put_names_place(struct soapc_put *b);
/* roots.c: rows of roots, and their groups. The types' rows are there. */
bool soapc_put_roots(struct soapc_put *b);
/* Trait rows are there once. */
bool soapc_put_trait(struct soapc_put *b, struct bark_trait_row trait, uint16_t *row);
bool soapc_put_namespace(struct soapc_put *b, const char *uri, uint16_t *row);
bool soapc_put_namespace_byte(struct soapc_put *b, const char *uri, uint8_t *byte);
bool soapc_put_list(struct soapc_put *b, uint16_t value);
/* The DECLARED row, before all other wildcards. */
bool soapc_put_declared(struct soapc_put *b);
bool soapc_put_wildcard(struct soapc_put *b, const struct soapc_wildcard *w, uint16_t *row);

/* The number of the next row of a section. */
uint16_t soapc_put_end(const struct soapc_put *b, enum bark_section section);

#endif
