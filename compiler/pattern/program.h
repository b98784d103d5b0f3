/* pattern/program.h - the stages between a pattern's text and its automaton.
 */
#ifndef SOAPC_PATTERN_PROGRAM_H
#define SOAPC_PATTERN_PROGRAM_H

#include "pattern/charset.h"
#include "pattern/pattern.h"

/* One step of a postfix program. In postfix a subexpression is a contiguous run of steps, so that a counter
 * is unrolled by copying, and no stage needs recursion. */
enum soapc_op { SOAPC_OP_SET, SOAPC_OP_EMPTY, SOAPC_OP_CAT, SOAPC_OP_ALT, SOAPC_OP_STAR, SOAPC_OP_OPT };

struct soapc_step {
    uint16_t op; /* enum soapc_op */
    uint16_t set; /* SET: index of the character set */
};

enum { SOAPC_PATTERN_STEPS = 4 * SOAPC_PATTERN_POSITIONS, SOAPC_PATTERN_SETS = 1024 };

struct soapc_program {
    struct soapc_step *steps; /* SOAPC_PATTERN_STEPS of them */
    size_t count, positions;
    struct soapc_charset *sets; /* SOAPC_PATTERN_SETS of them, normalised */
    size_t set_count;
    struct bark_arena *arena; /* working memory */
    struct soapc_pattern_error error;
};

/* Reads the text into a program. */
BARK_MUST_CHECK enum bark_code soapc_pattern_parse(struct soapc_program *program, struct bark_slice text);

/* The alphabet: characters that no set of the program tells apart form a class. */
struct soapc_class_range {
    uint32_t first, last;
    uint16_t character_class;
};

/* A DFA over character classes, minimal; state 0 dead, 1 start, numbered in order of discovery. */
struct soapc_class_dfa {
    struct soapc_class_range *ranges; /* cover every character, ascending */
    size_t range_count;
    size_t states, classes;
    uint16_t *next; /* states * classes */
    uint8_t *accept;
};

BARK_MUST_CHECK enum bark_code soapc_program_determinise(struct soapc_program *program,
                                                         struct soapc_class_dfa *out);

void soapc_class_dfa_minimise(struct soapc_class_dfa *dfa, uint16_t *work /* 3 * states */);

/* Spells the characters as UTF-8. The arrays of *out live in the given arena. */
BARK_MUST_CHECK enum bark_code soapc_class_dfa_to_bytes(struct soapc_program *program,
                                                        const struct soapc_class_dfa *dfa,
                                                        struct bark_arena *arena, struct soapc_dfa *out);

/* Records the first error; returns the code. */
enum bark_code soapc_pattern_fail(struct soapc_program *program, enum bark_code code, size_t offset,
                                  const char *rule);

#endif
