/* pattern/minimise.c - merges states that no text tells apart [Moore].
 *
 * States start in two classes, accepting or not. In each round, states whose successors lie in the same
 * classes stay together; when a round splits nothing, classes are the states of the minimal automaton.
 */
#include "pattern/program.h"

#include <string.h>

enum { BUCKETS = 2 * SOAPC_PATTERN_STATES };

struct round {
    const struct soapc_class_dfa *dfa;
    const uint16_t *before; /* state -> class */
    uint16_t *after;
    uint16_t *first; /* class of this round -> its first state */
    uint16_t buckets[BUCKETS]; /* class of this round + 1 */
};

static uint32_t state_hash(const struct round *r, size_t state)
{
    const uint16_t *next = r->dfa->next + state * r->dfa->classes;
    uint32_t hash = 2166136261u ^ r->before[state];
    for (size_t c = 0; c < r->dfa->classes; c++)
        hash = (hash ^ r->before[next[c]]) * 16777619u;
    return hash;
}

static bool states_alike(const struct round *r, size_t a, size_t b)
{
    size_t classes = r->dfa->classes;
    if (r->before[a] != r->before[b])
        return false;
    for (size_t c = 0; c < classes; c++)
        if (r->before[r->dfa->next[a * classes + c]] != r->before[r->dfa->next[b * classes + c]])
            return false;
    return true;
}

/* One round; returns the number of classes. */
static size_t round_run(struct round *r)
{
    size_t count = 0;
    memset(r->buckets, 0, sizeof r->buckets);
    for (size_t state = 0; state < r->dfa->states; state++) {
        size_t bucket = state_hash(r, state) % BUCKETS;
        while (r->buckets[bucket] && !states_alike(r, r->first[r->buckets[bucket] - 1], state))
            bucket = (bucket + 1) % BUCKETS;
        if (!r->buckets[bucket]) {
            r->first[count++] = (uint16_t)state;
            r->buckets[bucket] = (uint16_t)count;
        }
        r->after[state] = (uint16_t)(r->buckets[bucket] - 1);
    }
    return count;
}

/* Classes are numbered by their first state, so 0 stays dead. A row moves only downwards. */
static void rows_merge(struct soapc_class_dfa *dfa, const uint16_t *class_of, const uint16_t *first,
                       size_t count)
{
    if (class_of[1] == class_of[0]) { /* nothing matches; the start is a state of its own all the same */
        memset(dfa->next, 0, 2 * dfa->classes * sizeof *dfa->next);
        dfa->states = 2;
        return;
    }
    for (size_t to = 0; to < count; to++) {
        for (size_t c = 0; c < dfa->classes; c++)
            dfa->next[to * dfa->classes + c] = class_of[dfa->next[first[to] * dfa->classes + c]];
        dfa->accept[to] = dfa->accept[first[to]];
    }
    dfa->states = count;
}

void soapc_class_dfa_minimise(struct soapc_class_dfa *dfa, uint16_t *work)
{
    struct round r = { .dfa = dfa, .first = work + 2 * dfa->states };
    uint16_t *before = work, *after = work + dfa->states;
    size_t count = 0, last;
    for (size_t i = 0; i < dfa->states; i++)
        before[i] = dfa->accept[i];
    do {
        last = count;
        r.before = before;
        r.after = after;
        count = round_run(&r);
        uint16_t *swap = before;
        before = after;
        after = swap;
    } while (count != last);
    rows_merge(dfa, before, r.first, count);
}
