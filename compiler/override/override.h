/* override/override.h - an overrides file: what its owner wants otherwise than the schema has it.
 *
 * A line is a statement, a statement is a few words (docs/overrides.md). They change the resolved model
 * before it is lowered, so that the C structs and the table rows, which both come from the model, agree. A
 * statement that is not understood, names nothing, or would change nothing is an error at its place in the
 * file.
 *
 *     text --read--> statements --find--> components of the model --apply, retype--> the model, changed
 */
#ifndef SOAPC_OVERRIDE_H
#define SOAPC_OVERRIDE_H

#include "model/model.h"

/* Applies the text of an overrides file. path is what messages call it; text comes from malloc with a NUL
 * after size bytes and is diag's from here on. False after an error, which is in diag; the model must not be
 * used then. The model's prefixes, types and particles change in place; memory is the model's. One thread. */
BARK_MUST_CHECK bool soapc_overrides_apply(struct soapc_model *model, const char *path, char *text,
                                           size_t size, struct soapc_diag *diag);

/* ---- what the files of this folder share ---- */

enum { SOAPC_OVERRIDE_WORDS = 6 };

/* A word of a statement; quotes are off. */
struct soapc_word {
    const char *text;
    struct soapc_place place;
};

struct soapc_statement {
    struct soapc_word words[SOAPC_OVERRIDE_WORDS];
    size_t count;
    struct soapc_place end; /* where one more word would stand */
};

struct soapc_override {
    struct soapc_model *model;
    struct soapc_diag *diag;
    const char *text; /* of the file */
    size_t size, at;
    uint32_t file;
};

/* read.c: the next statement that has words; false at the end of the file. Errors (an open quote, too many
 * words) are reported, and the line is passed over. */
bool soapc_statement_read(struct soapc_override *o, struct soapc_statement *s);
/* A C identifier that may stand alone. */
bool soapc_is_identifier(const char *text);
/* A decimal number below UINT32_MAX, nothing else. */
bool soapc_is_number(const char *text, uint32_t *number);

/* A member of a complex type: all particles of one element name, or one attribute. */
struct soapc_member {
    struct soapc_type *type;
    struct soapc_attribute_use *attribute; /* or NULL */
    struct soapc_particle **particles, **parents; /* elements: where each stands */
    size_t count;
};

/* find.c: what a word names; NULL and false after an error with a guess. */
struct soapc_type *soapc_override_type(struct soapc_override *o, const struct soapc_word *word);
bool soapc_override_member(struct soapc_override *o, const struct soapc_word *word,
                           struct soapc_member *member);
struct soapc_operation *soapc_override_operation(struct soapc_override *o, const struct soapc_word *word,
                                                 struct soapc_port_type **port_type);
/* Calls visit for every element particle below p, with what holds it; no recursion. */
void soapc_particles_visit(struct soapc_model *model, struct soapc_particle *p,
                           void (*visit)(void *context, struct soapc_particle *p,
                                         struct soapc_particle *parent),
                           void *context);

/* retype.c: the statements map and relax. */
void soapc_override_map(struct soapc_override *o, const struct soapc_statement *s);
void soapc_override_relax(struct soapc_override *o, const struct soapc_statement *s);

#endif
