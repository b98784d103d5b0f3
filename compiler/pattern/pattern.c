/* pattern/pattern.c - runs the stages of pattern.h in one block of working memory.
 */
#include "pattern/pattern.h"
#include "pattern/program.h"
#include "reserve.h"

enum { TEXT_MAX = 0xffff };

static enum bark_code text_parse(struct soapc_program *program, struct bark_slice text)
{
    if (text.len > TEXT_MAX)
        return soapc_pattern_fail(program, BARK_ERR_LIMIT, TEXT_MAX, "pattern is longer than 65535 bytes");
    return soapc_pattern_parse(program, text);
}

static enum bark_code stages_run(struct soapc_program *program, struct bark_slice text,
                                 struct bark_arena *arena, struct soapc_dfa *dfa)
{
    struct soapc_class_dfa characters = { 0 };
    enum bark_code code = text_parse(program, text);
    if (code == BARK_OK)
        code = soapc_program_determinise(program, &characters);
    if (code != BARK_OK)
        return code;
    uint16_t *work = bark_arena_alloc(program->arena, 3 * characters.states, sizeof *work);
    if (!work)
        return soapc_pattern_fail(program, BARK_ERR_MEMORY, 0, "out of working memory");
    soapc_class_dfa_minimise(&characters, work);
    return soapc_class_dfa_to_bytes(program, &characters, arena, dfa);
}

enum bark_code soapc_pattern_run(void *memory, struct bark_slice text, struct bark_arena *arena,
                                 struct soapc_dfa *dfa, struct soapc_pattern_error *error)
{
    struct bark_arena work;
    struct soapc_program program = { .arena = &work };
    bark_arena_init(&work, memory, SOAPC_PATTERN_WORK);
    if (dfa)
        *dfa = (struct soapc_dfa){ 0 };
    enum bark_code code = dfa ? stages_run(&program, text, arena, dfa) : text_parse(&program, text);
    *error = program.error;
    return code;
}

static enum bark_code own_run(struct bark_slice text, struct bark_arena *arena, struct soapc_dfa *dfa,
                              struct soapc_pattern_error *error)
{
    void *memory = soapc_reserve(SOAPC_PATTERN_WORK);
    *error = (struct soapc_pattern_error){ 0, "out of working memory" };
    if (!memory)
        return BARK_ERR_MEMORY;
    enum bark_code code = soapc_pattern_run(memory, text, arena, dfa, error);
    soapc_reserve_free(memory, SOAPC_PATTERN_WORK);
    return code;
}

enum bark_code soapc_pattern_compile(struct bark_slice text, struct bark_arena *arena, struct soapc_dfa *dfa,
                                     struct soapc_pattern_error *error)
{
    *dfa = (struct soapc_dfa){ 0 };
    return own_run(text, arena, dfa, error);
}

enum bark_code soapc_pattern_check(struct bark_slice text, struct soapc_pattern_error *error)
{
    return own_run(text, NULL, NULL, error);
}

bool soapc_dfa_matches(const struct soapc_dfa *dfa, struct bark_slice text)
{
    uint16_t state = 1;
    for (size_t i = 0; i < text.len && state; i++)
        state = dfa->next[state * dfa->classes + dfa->class_of[text.ptr[i]]];
    return dfa->accept[state];
}
