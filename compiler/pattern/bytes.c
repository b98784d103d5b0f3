/* pattern/bytes.c - from characters to bytes: spells a class automaton as UTF-8.
 *
 * A lead byte leads to a node that has 64 children, one for each continuation byte; nodes with equal children
 * are one node. A DFA state inside a character is a node seen from a DFA state: 64 successors. Equal rows are
 * one state, so the result is minimal again: states between characters were minimal before, and no state
 * inside a character equals one between characters.
 */
#include "base/scratch.h"
#include "pattern/program.h"

#include <string.h>

enum {
    LEAVES = 64,
    NODES_MAX = 8192,
    NODE_BUCKETS = 2 * NODES_MAX,
    STATE_BUCKETS = 2 * SOAPC_PATTERN_BYTE_STATES,
    NO_CLASS = 0xffff /* no character: surrogates, overlong forms, beyond the last */
};

struct node {
    uint16_t level; /* continuation bytes still to come; 1: child is a class, else a node */
    uint16_t child[LEAVES];
};

struct speller {
    const struct soapc_class_dfa *dfa;
    struct node *nodes;
    size_t node_count;
    uint16_t *node_buckets; /* node + 1 */
    uint16_t lead[256]; /* lead byte -> node + 1; 0: none */
    uint16_t (*rows)[256]; /* byte state -> byte -> byte state */
    size_t states;
    uint16_t *state_buckets; /* byte state + 1 */
    bool failed;
};

static uint32_t children_hash(const uint16_t *child)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < LEAVES; i++)
        hash = (hash ^ child[i]) * 16777619u;
    return hash;
}

static uint16_t node_intern(struct speller *s, const struct node *node)
{
    size_t bucket = (children_hash(node->child) ^ node->level) % NODE_BUCKETS;
    for (; s->node_buckets[bucket]; bucket = (bucket + 1) % NODE_BUCKETS)
        if (memcmp(&s->nodes[s->node_buckets[bucket] - 1], node, sizeof *node) == 0)
            return (uint16_t)(s->node_buckets[bucket] - 1);
    if (s->node_count == NODES_MAX) {
        s->failed = true;
        return 0;
    }
    s->nodes[s->node_count++] = *node;
    s->node_buckets[bucket] = (uint16_t)s->node_count;
    return (uint16_t)(s->node_count - 1);
}

/* The range that holds the character. */
static const struct soapc_class_range *range_find(const struct soapc_class_dfa *dfa, uint32_t c)
{
    size_t low = 0, high = dfa->range_count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dfa->ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return &dfa->ranges[low];
}

static uint16_t uniform_node(struct speller *s, uint16_t level, uint16_t child)
{
    struct node node = { .level = level };
    for (size_t i = 0; i < LEAVES; i++)
        node.child[i] = child;
    return node_intern(s, &node);
}

/* The node of the 64 characters from base. */
static uint16_t node1_build(struct speller *s, uint32_t base)
{
    const struct soapc_class_range *range = range_find(s->dfa, base);
    struct node node = { .level = 1 };
    if (range->last >= base + LEAVES - 1)
        return uniform_node(s, 1, range->character_class);
    for (uint32_t i = 0; i < LEAVES; i++) {
        if (range->last < base + i)
            range++;
        node.child[i] = range->character_class;
    }
    return node_intern(s, &node);
}

/* The 4,096 characters from base. [RFC3629 3] Under 0x800 would be overlong; surrogates are refused. */
static uint16_t node2_build(struct speller *s, uint32_t base)
{
    const struct soapc_class_range *range = range_find(s->dfa, base);
    struct node node = { .level = 2 };
    if (range->last >= base + 0xfff && base != 0 && base != 0xd000)
        return uniform_node(s, 2, uniform_node(s, 1, range->character_class));
    for (uint32_t i = 0; i < LEAVES; i++) {
        uint32_t at = base + i * LEAVES;
        bool none = at < 0x800 || (at >= 0xd800 && at < 0xe000);
        node.child[i] = none ? uniform_node(s, 1, NO_CLASS) : node1_build(s, at);
    }
    return node_intern(s, &node);
}

/* The 262,144 characters from base. [RFC3629 3] Under 0x10000 would be overlong; 0x10ffff is the last. */
static uint16_t node3_build(struct speller *s, uint32_t base)
{
    const struct soapc_class_range *range = range_find(s->dfa, base);
    struct node node = { .level = 3 };
    if (range->last >= base + 0x3ffff && base != 0)
        return uniform_node(s, 3, uniform_node(s, 2, uniform_node(s, 1, range->character_class)));
    for (uint32_t i = 0; i < LEAVES; i++) {
        uint32_t at = base + i * LEAVES * LEAVES;
        bool none = at < 0x10000 || at > SOAPC_CODE_POINT_LAST;
        node.child[i] = none ? uniform_node(s, 2, uniform_node(s, 1, NO_CLASS)) : node2_build(s, at);
    }
    return node_intern(s, &node);
}

static void leads_build(struct speller *s)
{
    for (uint32_t b = 0xc2; b <= 0xdf; b++)
        s->lead[b] = (uint16_t)(node1_build(s, (b & 0x1f) << 6) + 1);
    for (uint32_t b = 0xe0; b <= 0xef; b++)
        s->lead[b] = (uint16_t)(node2_build(s, (b & 0x0f) << 12) + 1);
    for (uint32_t b = 0xf0; b <= 0xf4; b++)
        s->lead[b] = (uint16_t)(node3_build(s, (b & 0x07) << 18) + 1);
}

/* The byte state with these successors for 0x80 ... 0xbf and none for other bytes. */
static uint16_t row_intern(struct speller *s, const uint16_t *row)
{
    size_t bucket = children_hash(row) % STATE_BUCKETS, i = 0;
    while (i < LEAVES && row[i] == 0)
        i++;
    if (i == LEAVES)
        return 0;
    for (; s->state_buckets[bucket]; bucket = (bucket + 1) % STATE_BUCKETS)
        if (memcmp(&s->rows[s->state_buckets[bucket] - 1][0x80], row, LEAVES * sizeof *row) == 0)
            return (uint16_t)(s->state_buckets[bucket] - 1);
    if (s->states == SOAPC_PATTERN_BYTE_STATES) {
        s->failed = true;
        return 0;
    }
    memset(s->rows[s->states], 0, sizeof *s->rows);
    memcpy(&s->rows[s->states++][0x80], row, LEAVES * sizeof *row);
    s->state_buckets[bucket] = (uint16_t)s->states;
    return (uint16_t)(s->states - 1);
}

/* Fills the row of one state between characters. Children of a node come before it, so one pass over the
 * nodes finds all states inside characters. */
static void state_spell(struct speller *s, size_t state, uint16_t *seen /* node -> byte state */)
{
    const uint16_t *next = s->dfa->next + state * s->dfa->classes;
    uint16_t row[LEAVES];
    for (size_t n = 0; n < s->node_count && !s->failed; n++) {
        const struct node *node = &s->nodes[n];
        for (size_t i = 0; i < LEAVES; i++) {
            if (node->level > 1)
                row[i] = seen[node->child[i]];
            else
                row[i] = node->child[i] == NO_CLASS ? 0 : next[node->child[i]];
        }
        seen[n] = row_intern(s, row);
    }
    for (uint32_t b = 0; b < 0x80; b++)
        s->rows[state][b] = next[range_find(s->dfa, b)->character_class];
    for (size_t b = 0x80; b < 256; b++)
        s->rows[state][b] = s->lead[b] ? seen[s->lead[b] - 1] : 0;
}

static bool columns_equal(const struct speller *s, size_t a, size_t b)
{
    for (size_t state = 0; state < s->states; state++)
        if (s->rows[state][a] != s->rows[state][b])
            return false;
    return true;
}

/* Bytes whose columns are equal are one class, numbered by their first byte. */
static void byte_classes_build(const struct speller *s, struct soapc_dfa *out)
{
    uint8_t first[256] = { 0 };
    uint32_t hash[256] = { 0 };
    for (size_t state = 0; state < s->states; state++)
        for (size_t b = 0; b < 256; b++)
            hash[b] = (hash[b] ^ s->rows[state][b]) * 16777619u;
    for (size_t b = 0; b < 256; b++) {
        size_t c = 0;
        while (c < out->classes && (hash[first[c]] != hash[b] || !columns_equal(s, first[c], b)))
            c++;
        if (c == out->classes)
            first[out->classes++] = (uint8_t)b;
        out->class_of[b] = (uint8_t)c;
    }
}

/* Nodes and rows are written when they are made: a simple pattern touches few of their pages. */
static bool speller_init(struct speller *s, struct bark_arena *work)
{
    s->nodes = bark_arena_room(work, NODES_MAX, sizeof *s->nodes);
    s->node_buckets = bark_arena_alloc(work, NODE_BUCKETS, sizeof *s->node_buckets);
    s->rows = bark_arena_room(work, SOAPC_PATTERN_BYTE_STATES, sizeof *s->rows);
    s->state_buckets = bark_arena_alloc(work, STATE_BUCKETS, sizeof *s->state_buckets);
    s->states = s->dfa->states;
    if (!s->nodes || !s->node_buckets || !s->rows || !s->state_buckets)
        return false;
    memset(s->rows[0], 0, sizeof *s->rows); /* the dead state */
    return true;
}

enum bark_code soapc_class_dfa_to_bytes(struct soapc_program *program, const struct soapc_class_dfa *dfa,
                                        struct bark_arena *arena, struct soapc_dfa *out)
{
    struct speller s = { .dfa = dfa };
    uint16_t *seen = bark_arena_room(program->arena, NODES_MAX, sizeof *seen);
    if (!seen || !speller_init(&s, program->arena))
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of working memory");
    leads_build(&s);
    for (size_t state = 1; state < dfa->states && !s.failed; state++)
        state_spell(&s, state, seen);
    if (s.failed)
        return soapc_pattern_fail(program, BARK_ERR_LIMIT, 0,
                                  "pattern needs more than 8192 states over bytes");
    byte_classes_build(&s, out);
    out->states = (uint16_t)s.states;
    out->next = bark_arena_alloc(arena, s.states * out->classes, sizeof *out->next);
    out->accept = bark_arena_alloc(arena, s.states, 1);
    if (!out->next || !out->accept) {
        *out = (struct soapc_dfa){ 0 };
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of memory for the automaton");
    }
    for (size_t state = 0; state < s.states; state++)
        for (size_t b = 0; b < 256; b++)
            out->next[state * out->classes + out->class_of[b]] = s.rows[state][b];
    memcpy(out->accept, dfa->accept, dfa->states);
    return BARK_OK;
}
