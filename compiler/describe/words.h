/* describe/words.h - components in words, for the reference and the text alike. */
#ifndef SOAPC_DESCRIBE_WORDS_H
#define SOAPC_DESCRIBE_WORDS_H

#include "describe/describe.h"

/* "minLength"; NULL for white space, which every type has. */
const char *soapc_facet_word(enum bark_facet_kind kind);
/* "0..1", "1..unbounded", into text. */
void soapc_occurs_words(uint32_t min, uint32_t max, char text[32]);
/* "extends", "restricts", "lists", "unites"; "" for none. */
const char *soapc_derivation_word(const struct soapc_type *t);
/* Whether the plan's messages need the type: what a slice leaves out is not described. */
bool soapc_type_is_used(const struct soapc_plan *plan, const struct soapc_type *t);
/* The used types, sorted by namespace and name; in the plan's memory, NULL when that is used up. */
const struct soapc_type **soapc_types_sorted(struct soapc_plan *plan, size_t *count);
/* The name of a type, or the path of elements that leads to it. */
const char *soapc_type_label(const struct soapc_type *t);

/* A walk over a type's content, each particle once, in order, with its depth; no recursion. */
struct soapc_content_walk {
    struct soapc_plan *plan;
    struct {
        const struct soapc_particle *particle;
        size_t depth;
    } * stack;
    size_t count, cap;
};
void soapc_content_start(struct soapc_content_walk *w, struct soapc_plan *plan,
                         const struct soapc_particle *p);
/* The next particle; NULL at the end. */
const struct soapc_particle *soapc_content_next(struct soapc_content_walk *w, size_t *depth);

#endif
