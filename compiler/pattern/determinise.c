/* pattern/determinise.c - postfix program to NFA [Thompson], NFA to DFA by subsets.
 *
 * The alphabet is first cut into classes: between two neighbouring range borders of any set no character can
 * be told from another. A pattern with three atoms has a handful of classes, whatever Unicode holds.
 */
#include "base/scratch.h"
#include "pattern/program.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NFA_NONE = 0xffff, NFA_STATES = 2 * SOAPC_PATTERN_STEPS, SUBSETS_MEMBERS = 1 << 20 };

/* A state either consumes a character of a set, or forks without consuming (edge[1] may be NFA_NONE). */
struct nfa_state {
    uint16_t set; /* NFA_NONE: a fork */
    uint16_t edge[2];
};

struct fragment {
    uint16_t start, end; /* end: a fork whose edge[0] is still open */
};

struct builder {
    struct soapc_program *program;
    struct nfa_state *nfa;
    size_t nfa_count;
    uint8_t *set_has; /* set_count * classes: whether a set holds a class */
    struct soapc_class_dfa *dfa;
    uint16_t *members; /* of all subsets, one after the other */
    size_t *subset_at; /* state -> where its members begin; one more for the end */
    size_t member_count;
    uint32_t *seen; /* NFA state -> number of the closure that last met it */
    uint32_t closure;
    uint16_t *stack;
    uint16_t *buckets; /* hash of a subset -> state */
};

enum { BUCKETS = 2 * SOAPC_PATTERN_STATES };

static uint16_t state_add(struct builder *b, uint16_t set, uint16_t first, uint16_t second)
{
    b->nfa[b->nfa_count] = (struct nfa_state){ set, { first, second } };
    return (uint16_t)b->nfa_count++;
}

/* Builds the NFA; at most two states a step, so NFA_STATES are enough. */
static struct fragment nfa_build(struct builder *b, struct fragment *stack)
{
    size_t depth = 0;
    for (size_t i = 0; i < b->program->count; i++) {
        struct soapc_step step = b->program->steps[i];
        struct fragment *top = depth ? &stack[depth - 1] : NULL;
        struct fragment *under = depth > 1 ? &stack[depth - 2] : NULL;
        uint16_t end, start;
        switch ((enum soapc_op)step.op) {
        case SOAPC_OP_SET:
            end = state_add(b, NFA_NONE, NFA_NONE, NFA_NONE);
            stack[depth++] = (struct fragment){ state_add(b, step.set, end, NFA_NONE), end };
            break;
        case SOAPC_OP_EMPTY:
            end = state_add(b, NFA_NONE, NFA_NONE, NFA_NONE);
            stack[depth++] = (struct fragment){ end, end };
            break;
        case SOAPC_OP_CAT:
            assert(under);
            b->nfa[under->end].edge[0] = top->start;
            under->end = top->end;
            depth--;
            break;
        case SOAPC_OP_ALT:
            assert(under);
            end = state_add(b, NFA_NONE, NFA_NONE, NFA_NONE);
            start = state_add(b, NFA_NONE, under->start, top->start);
            b->nfa[under->end].edge[0] = b->nfa[top->end].edge[0] = end;
            *under = (struct fragment){ start, end };
            depth--;
            break;
        case SOAPC_OP_STAR:
        case SOAPC_OP_OPT:
            assert(top);
            end = state_add(b, NFA_NONE, NFA_NONE, NFA_NONE);
            start = state_add(b, NFA_NONE, top->start, end);
            b->nfa[top->end].edge[0] = step.op == SOAPC_OP_STAR ? start : end;
            *top = (struct fragment){ start, end };
            break;
        }
    }
    return stack[0];
}

static int border_compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Every place where some set begins or ends, sorted, without repeats. */
static uint32_t *borders_collect(struct soapc_program *program, size_t *count)
{
    size_t n = 1;
    for (size_t i = 0; i < program->set_count; i++)
        n += 2 * program->sets[i].count;
    uint32_t *borders = bark_arena_alloc(program->arena, n, sizeof *borders);
    if (!borders)
        return NULL;
    n = 0;
    borders[n++] = 0;
    for (size_t i = 0; i < program->set_count; i++) {
        for (size_t k = 0; k < program->sets[i].count; k++) {
            borders[n++] = program->sets[i].ranges[k].first;
            borders[n++] = program->sets[i].ranges[k].last + 1;
        }
    }
    qsort(borders, n, sizeof *borders, border_compare);
    size_t kept = 0;
    for (size_t i = 1; i < n; i++)
        if (borders[i] != borders[kept])
            borders[++kept] = borders[i];
    *count = kept + 1;
    return borders;
}

struct splitter {
    uint16_t *split; /* class -> the new class of those of its ranges that the set holds */
    uint8_t *inside; /* range -> whether the set holds it */
    uint8_t *outside; /* class -> whether the set leaves some of its ranges out */
};

/* A class splits into those of its ranges that the set holds and those that it does not. */
static void alphabet_split(struct soapc_class_dfa *dfa, const struct soapc_charset *set, struct splitter *w)
{
    size_t at = 0;
    memset(w->split, 0xff, dfa->classes * sizeof *w->split);
    memset(w->outside, 0, dfa->classes);
    for (size_t i = 0; i < dfa->range_count; i++) {
        while (at < set->count && set->ranges[at].last < dfa->ranges[i].first)
            at++;
        w->inside[i] = at < set->count && set->ranges[at].first <= dfa->ranges[i].first;
        w->outside[dfa->ranges[i].character_class] |= !w->inside[i];
    }
    for (size_t i = 0; i < dfa->range_count; i++) {
        uint16_t c = dfa->ranges[i].character_class;
        if (!w->inside[i] || !w->outside[c])
            continue;
        if (w->split[c] == 0xffff)
            w->split[c] = (uint16_t)dfa->classes++;
        dfa->ranges[i].character_class = w->split[c];
    }
}

static enum bark_code alphabet_build(struct builder *b)
{
    struct soapc_program *program = b->program;
    struct soapc_class_dfa *dfa = b->dfa;
    size_t count = 0;
    uint32_t *borders = borders_collect(program, &count);
    struct splitter w = { bark_arena_alloc(program->arena, count + 1, sizeof *w.split),
                          bark_arena_alloc(program->arena, count + 1, 1),
                          bark_arena_alloc(program->arena, count + 1, 1) };
    dfa->ranges = bark_arena_alloc(program->arena, count, sizeof *dfa->ranges);
    if (!borders || !w.split || !w.inside || !w.outside || !dfa->ranges || count >= UINT16_MAX)
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of working memory");
    if (borders[count - 1] > SOAPC_CODE_POINT_LAST)
        count--;
    for (size_t i = 0; i < count; i++) {
        uint32_t last = i + 1 < count ? borders[i + 1] - 1 : SOAPC_CODE_POINT_LAST;
        dfa->ranges[i] = (struct soapc_class_range){ borders[i], last, 0 };
    }
    dfa->range_count = count;
    dfa->classes = 1;
    for (size_t s = 0; s < program->set_count; s++)
        alphabet_split(dfa, &program->sets[s], &w);
    return BARK_OK;
}

static enum bark_code set_columns_build(struct builder *b)
{
    struct soapc_program *program = b->program;
    size_t classes = b->dfa->classes;
    b->set_has = bark_arena_alloc(program->arena, program->set_count + 1, classes);
    if (!b->set_has)
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of working memory");
    for (size_t s = 0; s < program->set_count; s++) {
        const struct soapc_charset *set = &program->sets[s];
        size_t at = 0;
        for (size_t i = 0; i < b->dfa->range_count && at < set->count; i++) {
            const struct soapc_class_range *range = &b->dfa->ranges[i];
            while (at < set->count && set->ranges[at].last < range->first)
                at++;
            if (at < set->count && set->ranges[at].first <= range->first)
                b->set_has[s * classes + range->character_class] = 1;
        }
    }
    return BARK_OK;
}

/* Adds to the subset under construction what the state reaches without consuming; only consuming states and
 * the final one are kept. */
static bool closure_add(struct builder *b, uint16_t from, uint16_t final)
{
    size_t depth = 0;
    if (b->seen[from] == b->closure)
        return true;
    b->seen[from] = b->closure;
    b->stack[depth++] = from;
    while (depth) {
        uint16_t at = b->stack[--depth];
        const struct nfa_state *state = &b->nfa[at];
        if (state->set != NFA_NONE || at == final) {
            if (b->member_count == SUBSETS_MEMBERS)
                return false;
            b->members[b->member_count++] = at;
            continue;
        }
        for (size_t i = 0; i < 2; i++) {
            uint16_t to = state->edge[i];
            if (to != NFA_NONE && b->seen[to] != b->closure) {
                b->seen[to] = b->closure;
                b->stack[depth++] = to;
            }
        }
    }
    return true;
}

static int member_compare(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* The DFA state of the subset just collected behind the known ones: found again, or new. NFA_NONE: too many.
 */
static uint16_t subset_intern(struct builder *b)
{
    size_t states = b->dfa->states, start = b->subset_at[states], count = b->member_count - start;
    uint16_t *members = b->members + start;
    uint32_t hash = 2166136261u;
    qsort(members, count, sizeof *members, member_compare);
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ members[i]) * 16777619u;
    size_t bucket = hash % BUCKETS;
    for (; b->buckets[bucket]; bucket = (bucket + 1) % BUCKETS) {
        uint16_t state = (uint16_t)(b->buckets[bucket] - 1);
        size_t its_start = b->subset_at[state], its_count = b->subset_at[state + 1] - its_start;
        if (its_count == count && memcmp(b->members + its_start, members, count * sizeof *members) == 0) {
            b->member_count = start;
            return state;
        }
    }
    if (states == SOAPC_PATTERN_STATES)
        return NFA_NONE;
    b->buckets[bucket] = (uint16_t)(states + 1);
    b->subset_at[++b->dfa->states] = b->member_count;
    return (uint16_t)states;
}

/* What grows from its start is not cleared: a simple pattern touches few of its pages. */
static enum bark_code builder_init(struct builder *b)
{
    struct bark_arena *arena = b->program->arena;
    b->members = bark_arena_room(arena, SUBSETS_MEMBERS, sizeof *b->members);
    b->subset_at = bark_arena_alloc(arena, SOAPC_PATTERN_STATES + 2, sizeof *b->subset_at);
    b->seen = bark_arena_alloc(arena, NFA_STATES + 1, sizeof *b->seen);
    b->stack = bark_arena_room(arena, NFA_STATES + 1, sizeof *b->stack);
    b->buckets = bark_arena_alloc(arena, BUCKETS, sizeof *b->buckets);
    b->dfa->next = bark_arena_room(arena, SOAPC_PATTERN_STATES, b->dfa->classes * sizeof *b->dfa->next);
    b->dfa->accept = bark_arena_alloc(arena, SOAPC_PATTERN_STATES, 1);
    if (!b->members || !b->subset_at || !b->seen || !b->stack || !b->buckets || !b->dfa->next ||
        !b->dfa->accept)
        return soapc_pattern_fail(b->program, BARK_ERR_MEMORY, 0, "out of working memory");
    return BARK_OK;
}

/* State 0 is the empty subset, state 1 the start; the queue is the order of discovery. */
static enum bark_code subsets_build(struct builder *b, struct fragment whole)
{
    struct soapc_class_dfa *dfa = b->dfa;
    (void)subset_intern(b);
    b->closure = 1;
    bool room = closure_add(b, whole.start, whole.end);
    (void)subset_intern(b);
    for (size_t state = 0; state < dfa->states && room; state++) {
        for (size_t c = 0; c < dfa->classes && room; c++) {
            b->closure++;
            for (size_t m = b->subset_at[state]; m < b->subset_at[state + 1] && room; m++) {
                const struct nfa_state *from = &b->nfa[b->members[m]];
                if (from->set != NFA_NONE && b->set_has[(size_t)from->set * dfa->classes + c])
                    room = closure_add(b, from->edge[0], whole.end);
            }
            uint16_t to = room ? subset_intern(b) : NFA_NONE;
            room = to != NFA_NONE;
            dfa->next[state * dfa->classes + c] = to;
        }
        for (size_t m = b->subset_at[state]; m < b->subset_at[state + 1]; m++)
            dfa->accept[state] |= b->members[m] == whole.end;
    }
    return room ? BARK_OK
                : soapc_pattern_fail(b->program, BARK_ERR_LIMIT, 0, "pattern needs more than 2048 states");
}

enum bark_code soapc_program_determinise(struct soapc_program *program, struct soapc_class_dfa *out)
{
    struct builder b = { .program = program, .dfa = out };
    struct fragment *stack = bark_arena_alloc(program->arena, program->count, sizeof *stack);
    b.nfa = bark_arena_room(program->arena, NFA_STATES, sizeof *b.nfa);
    if (!stack || !b.nfa)
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of working memory");
    enum bark_code code = alphabet_build(&b);
    if (code == BARK_OK)
        code = set_columns_build(&b);
    if (code == BARK_OK)
        code = builder_init(&b);
    return code == BARK_OK ? subsets_build(&b, nfa_build(&b, stack)) : code;
}
