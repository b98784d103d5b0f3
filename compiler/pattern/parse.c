/* pattern/parse.c - the grammar of [XSD2 F] as one loop with an explicit stack of open groups.
 *
 *     regExp ::= branch ('|' branch)*      branch ::= piece*      piece ::= atom quantifier?
 *
 * A group on the stack remembers where its current branch began in the program, so that "concatenate" and
 * "alternate" are written as soon as their right operand is complete.
 */
#include "base/scratch.h"
#include "pattern/class_parse.h"
#include "pattern/program.h"

#include <string.h>

struct group {
    size_t offset; /* of its '(' */
    bool has_piece; /* the current branch has a piece already */
    bool has_branch; /* a branch is complete and waits for its alternative */
};

struct parser {
    struct soapc_program *program;
    struct bark_slice text;
    size_t at;
    struct group *groups;
    size_t depth; /* groups open, the whole expression included */
    size_t atom_start; /* step where the latest atom began */
};

enum bark_code soapc_pattern_fail(struct soapc_program *program, enum bark_code code, size_t offset,
                                  const char *rule)
{
    if (!program->error.rule)
        program->error = (struct soapc_pattern_error){ offset, rule };
    return code;
}

static enum bark_code parser_refuse(struct parser *p, size_t offset, const char *rule)
{
    return soapc_pattern_fail(p->program, BARK_ERR_TYPE, offset, rule);
}

static enum bark_code step_add(struct soapc_program *program, struct soapc_step step)
{
    program->positions += step.op == SOAPC_OP_SET;
    if (program->count == SOAPC_PATTERN_STEPS || program->positions > SOAPC_PATTERN_POSITIONS)
        return soapc_pattern_fail(program, BARK_ERR_LIMIT, 0,
                                  "pattern needs more than 4096 positions once its counters are unrolled");
    program->steps[program->count++] = step;
    return BARK_OK;
}

static enum bark_code op_add(struct parser *p, enum soapc_op op)
{
    return step_add(p->program, (struct soapc_step){ (uint16_t)op, 0 });
}

/* The current branch ends: an empty one matches the empty string, and joins the one before it. */
static enum bark_code branch_end(struct parser *p)
{
    struct group *g = &p->groups[p->depth - 1];
    enum bark_code code = BARK_OK;
    if (!g->has_piece)
        code = op_add(p, SOAPC_OP_EMPTY);
    if (code == BARK_OK && g->has_branch)
        code = op_add(p, SOAPC_OP_ALT);
    g->has_piece = false;
    g->has_branch = true;
    return code;
}

static enum bark_code steps_copy(struct soapc_program *program, size_t start, size_t count)
{
    enum bark_code code = BARK_OK;
    for (size_t i = 0; i < count && code == BARK_OK; i++)
        code = step_add(program, program->steps[start + i]);
    return code;
}

/* Unrolls atom{min,max}: min copies, then (atom(atom ...)?)? so that each copy follows only the one before
 * it. max UINT32_MAX is unbounded. The atom's own steps serve as the first copy. */
static enum bark_code atom_repeat(struct parser *p, uint32_t min, uint32_t max)
{
    struct soapc_program *program = p->program;
    size_t start = p->atom_start, length = program->count - start;
    enum bark_code code = BARK_OK;
    if (max == 0) {
        for (size_t i = start; i < program->count; i++)
            program->positions -= program->steps[i].op == SOAPC_OP_SET;
        program->count = start;
        return op_add(p, SOAPC_OP_EMPTY);
    }
    uint32_t copies = max == UINT32_MAX ? min + 1 : max;
    if (copies > SOAPC_PATTERN_STEPS)
        return soapc_pattern_fail(program, BARK_ERR_LIMIT, p->at,
                                  "pattern needs more than 4096 positions once its counters are unrolled");
    for (uint32_t i = 1; i < copies && code == BARK_OK; i++)
        code = steps_copy(program, start, length);
    if (max == UINT32_MAX && code == BARK_OK)
        code = op_add(p, SOAPC_OP_STAR);
    for (uint32_t i = min; i < copies && max != UINT32_MAX && code == BARK_OK; i++) {
        code = op_add(p, SOAPC_OP_OPT);
        if (i + 1 < copies && code == BARK_OK)
            code = op_add(p, SOAPC_OP_CAT);
    }
    uint32_t parts = min + (copies > min);
    for (uint32_t i = 1; i < parts && code == BARK_OK; i++)
        code = op_add(p, SOAPC_OP_CAT);
    return code;
}

static bool peek(const struct parser *p, uint8_t c)
{
    return p->at < p->text.len && p->text.ptr[p->at] == c;
}

/* Digits; saturates far above every limit. False when there are none. */
static bool number_read(struct parser *p, uint32_t *value)
{
    size_t start = p->at;
    *value = 0;
    while (p->at < p->text.len && p->text.ptr[p->at] >= '0' && p->text.ptr[p->at] <= '9') {
        *value = *value > 100000000 ? *value : *value * 10 + (uint32_t)(p->text.ptr[p->at] - '0');
        p->at++;
    }
    return p->at > start;
}

/* [XSD2 F] quantity ::= n,m | n, | n   The '{' is taken. */
static enum bark_code quantity_read(struct parser *p)
{
    uint32_t min, max;
    size_t start = p->at;
    if (!number_read(p, &min))
        return parser_refuse(p, p->at,
                             "[XSD2 F] '{' begins a quantity, {n} or {n,m}; write \\{ for the character");
    max = min;
    if (peek(p, ',')) {
        p->at++;
        if (!number_read(p, &max))
            max = UINT32_MAX;
    }
    if (!peek(p, '}'))
        return parser_refuse(p, p->at, "[XSD2 F] a quantity ends with '}'");
    p->at++;
    if (max < min)
        return parser_refuse(p, start, "[XSD2 F] a quantity's second number is not below its first");
    return atom_repeat(p, min, max);
}

/* What follows an atom: an optional quantifier, then the atom joins its branch. */
static enum bark_code piece_end(struct parser *p)
{
    enum bark_code code = BARK_OK;
    struct group *g = &p->groups[p->depth - 1];
    uint8_t c = p->at < p->text.len ? p->text.ptr[p->at] : 0;
    if (c == '?' || c == '*' || c == '+' || c == '{')
        p->at++;
    if (c == '?')
        code = op_add(p, SOAPC_OP_OPT);
    else if (c == '*')
        code = op_add(p, SOAPC_OP_STAR);
    else if (c == '+')
        code = atom_repeat(p, 1, UINT32_MAX);
    else if (c == '{')
        code = quantity_read(p);
    if (code == BARK_OK && g->has_piece)
        code = op_add(p, SOAPC_OP_CAT);
    g->has_piece = true;
    return code;
}

static enum bark_code group_open(struct parser *p)
{
    p->groups[p->depth++] = (struct group){ .offset = p->at++ };
    return BARK_OK;
}

static enum bark_code group_close(struct parser *p, const size_t *starts)
{
    if (p->depth == 1)
        return parser_refuse(p, p->at, "[XSD2 F] ')' without '('; write \\) for the character");
    enum bark_code code = branch_end(p);
    p->depth--;
    p->at++;
    p->atom_start = starts[p->depth];
    return code == BARK_OK ? piece_end(p) : code;
}

/* The first set with the same characters as this one, which may be itself. */
static size_t set_find(const struct soapc_program *program, const struct soapc_charset *set)
{
    size_t i = 0;
    while (program->sets[i].count != set->count ||
           (set->count && /* an empty set has no ranges at all: \p{Cs} */
            memcmp(program->sets[i].ranges, set->ranges, set->count * sizeof *set->ranges) != 0))
        i++;
    return i;
}

static enum bark_code set_atom_read(struct parser *p)
{
    struct soapc_program *program = p->program;
    if (program->set_count == SOAPC_PATTERN_SETS)
        return soapc_pattern_fail(program, BARK_ERR_LIMIT, p->at,
                                  "pattern has more than 1024 different characters and classes");
    const size_t mark = program->arena->used;
    struct soapc_charset *set = &program->sets[program->set_count];
    enum bark_code code = soapc_class_read(program, p->text, &p->at, set);
    if (code != BARK_OK)
        return code;
    const size_t known = set_find(program, set);
    if (known == program->set_count)
        program->set_count++;
    else
        program->arena->used = mark;
    p->atom_start = program->count;
    code = step_add(program, (struct soapc_step){ SOAPC_OP_SET, (uint16_t)known });
    return code == BARK_OK ? piece_end(p) : code;
}

static enum bark_code parser_step(struct parser *p, size_t *starts)
{
    enum bark_code code;
    switch (p->text.ptr[p->at]) {
    case '(':
        starts[p->depth] = p->program->count;
        return group_open(p);
    case ')':
        return group_close(p, starts);
    case '|':
        code = branch_end(p);
        p->at++;
        return code;
    case '?':
    case '*':
    case '+':
    case '{':
        return parser_refuse(p, p->at,
                             "[XSD2 F] a quantifier follows an atom; write \\ before it for the character");
    case '}':
    case ']':
        return parser_refuse(p, p->at, "[XSD2 F] this character stands for itself only after a \\");
    default:
        return set_atom_read(p);
    }
}

enum bark_code soapc_pattern_parse(struct soapc_program *program, struct bark_slice text)
{
    /* One group a '(' at most, and the whole expression. */
    struct parser p = { .program = program, .text = text };
    size_t *starts = bark_arena_alloc(program->arena, text.len + 1, sizeof *starts);
    p.groups = bark_arena_alloc(program->arena, text.len + 1, sizeof *p.groups);
    program->steps = bark_arena_room(program->arena, SOAPC_PATTERN_STEPS, sizeof *program->steps);
    program->sets = bark_arena_alloc(program->arena, SOAPC_PATTERN_SETS, sizeof *program->sets);
    if (!starts || !p.groups || !program->steps || !program->sets)
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of working memory");
    p.groups[p.depth++] = (struct group){ 0 };
    while (p.at < text.len) {
        enum bark_code code = parser_step(&p, starts);
        if (code != BARK_OK)
            return code;
    }
    if (p.depth > 1)
        return parser_refuse(&p, p.groups[p.depth - 1].offset, "[XSD2 F] '(' without ')'");
    return branch_end(&p);
}
