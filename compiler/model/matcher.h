/* model/matcher.h - patterns against texts while a schema is checked: a few automata are kept, for the many
 * enumerated values of one type.
 */
#ifndef SOAPC_MATCHER_H
#define SOAPC_MATCHER_H

#include "pattern/pattern.h"

enum { SOAPC_MATCHER_KEPT = 8 };

/* Zeroed is empty. */
struct soapc_matcher {
    struct {
        const char *pattern; /* interned: equal patterns have equal addresses; NULL: free */
        struct soapc_dfa dfa; /* states 0: it has no automaton, and every text matches */
        void *memory;
    } kept[SOAPC_MATCHER_KEPT];
    size_t next; /* the one to be replaced */
    size_t work;
};

/* Whether the whole text matches; true as well when that cannot be told: a pattern that is wrong or too large
 * (the tables' compiler says so), no memory, or more work than a schema may cause. */
bool soapc_matcher_matches(struct soapc_matcher *m, const char *pattern, struct bark_slice text);
void soapc_matcher_free(struct soapc_matcher *m);

#endif
