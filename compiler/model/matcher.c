/* model/matcher.c - a small round-robin cache of automata.
 *
 * A schema decides how many patterns it has and how often each is asked for in turn; the work of making
 * automata is therefore bounded as a whole, and what lies beyond is not checked.
 */
#include "model/matcher.h"

#include <stdlib.h>
#include <string.h>

enum {
    DFA_BYTES = SOAPC_PATTERN_BYTE_STATES * 2 * 257, /* the largest one; untouched pages cost nothing */
    WORK_MAX = 1 << 26, /* cells of automata */
    WORK_FAILED = 1 << 20 /* what a pattern that has none may have cost */
};

static void kept_fill(struct soapc_matcher *m, size_t at, const char *pattern)
{
    struct bark_arena arena;
    struct soapc_pattern_error error;
    void *memory = malloc(DFA_BYTES);
    free(m->kept[at].memory);
    m->kept[at].pattern = pattern;
    m->kept[at].memory = memory;
    m->kept[at].dfa = (struct soapc_dfa){ 0 };
    if (!memory)
        return;
    bark_arena_init(&arena, memory, DFA_BYTES);
    struct bark_slice text = { (const uint8_t *)pattern, strlen(pattern) };
    if (soapc_pattern_compile(text, &arena, &m->kept[at].dfa, &error) == BARK_OK)
        m->work += (size_t)m->kept[at].dfa.states * m->kept[at].dfa.classes + 1024;
    else
        m->work += WORK_FAILED;
}

bool soapc_matcher_matches(struct soapc_matcher *m, const char *pattern, struct bark_slice text)
{
    size_t at = 0;
    while (at < SOAPC_MATCHER_KEPT && m->kept[at].pattern != pattern)
        at++;
    if (at == SOAPC_MATCHER_KEPT) {
        if (m->work >= WORK_MAX)
            return true;
        at = m->next;
        m->next = (m->next + 1) % SOAPC_MATCHER_KEPT;
        kept_fill(m, at, pattern);
    }
    return m->kept[at].dfa.states == 0 || soapc_dfa_matches(&m->kept[at].dfa, text);
}

void soapc_matcher_free(struct soapc_matcher *m)
{
    for (size_t i = 0; i < SOAPC_MATCHER_KEPT; i++)
        free(m->kept[i].memory);
    *m = (struct soapc_matcher){ .next = 0 };
}
