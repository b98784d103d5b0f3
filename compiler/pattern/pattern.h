/* pattern/pattern.h - XSD regular expressions to minimal automata over UTF-8 bytes [XSD2 F].
 *
 *     text --parse--> postfix program --> NFA --subsets--> DFA over character classes --minimise-->
 *     --spell characters as UTF-8--> DFA over bytes
 *
 * Everything is decided when the schema is compiled: matching is one table step a byte, never backtracking.
 * What cannot be small is refused with a clear error: counters are unrolled, so `(a{1000}){1000}` is over the
 * limit.
 */
#ifndef SOAPC_PATTERN_PATTERN_H
#define SOAPC_PATTERN_PATTERN_H

#include "soapbark/arena.h"

enum {
    SOAPC_PATTERN_POSITIONS = 4096, /* characters of the pattern once its counters are unrolled */
    SOAPC_PATTERN_STATES = 2048, /* DFA states over characters */
    SOAPC_PATTERN_BYTE_STATES = 8192, /* DFA states over bytes */
    SOAPC_PATTERN_WORK = 96 << 20 /* bytes of working memory, few of which most patterns touch */
};

/* As struct bark_pattern_row says: state 0 is dead, state 1 is the start. */
struct soapc_dfa {
    uint8_t class_of[256]; /* byte -> class */
    uint16_t states, classes;
    uint16_t *next; /* states * classes */
    uint8_t *accept; /* a byte a state, 1: accepting */
};

struct soapc_pattern_error {
    size_t offset; /* in the pattern's text, bytes */
    const char *rule; /* static, with its section */
};

/* Compiles one pattern facet's text (UTF-8) into *dfa, whose arrays live in the arena.
 *
 * Errors: BARK_ERR_TYPE for a text that is no regular expression, BARK_ERR_LIMIT for one that needs too many
 * states, BARK_ERR_MEMORY; *error says where and why, *dfa is all zero then.
 * Cost: states * classes; a few megabytes of working memory, given back. Threads: safe while arenas differ.
 */
BARK_MUST_CHECK enum bark_code soapc_pattern_compile(struct bark_slice text, struct bark_arena *arena,
                                                     struct soapc_dfa *dfa,
                                                     struct soapc_pattern_error *error);

/* Whether the text is a regular expression, without making its automaton: BARK_OK, BARK_ERR_TYPE,
 * BARK_ERR_LIMIT when its counters unroll beyond the limit, BARK_ERR_MEMORY. */
BARK_MUST_CHECK enum bark_code soapc_pattern_check(struct bark_slice text, struct soapc_pattern_error *error);

/* The two in one, in working memory of the caller's: SOAPC_PATTERN_WORK bytes, aligned as BARK_ALIGN says.
 * dfa NULL: the second. */
BARK_MUST_CHECK enum bark_code soapc_pattern_run(void *memory, struct bark_slice text,
                                                 struct bark_arena *arena, struct soapc_dfa *dfa,
                                                 struct soapc_pattern_error *error);

/* Whether the whole text matches. */
bool soapc_dfa_matches(const struct soapc_dfa *dfa, struct bark_slice text);

#endif
