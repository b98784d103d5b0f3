/* pattern/pattern_fuzz.c - any bytes as a regular expression: an automaton that is whole, or a reason, and
 * both ways of asking agree.
 *
 * Up to the first NUL the input is the pattern, what follows is a text to match. The memory is static: to a
 * sanitizer every block of that size costs a hundred times what most patterns do.
 */
#include "pattern/pattern.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DFA_BYTES = SOAPC_PATTERN_BYTE_STATES * 2 * 257 };

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static void dfa_expect(const struct soapc_dfa *dfa)
{
    expect(dfa->states >= 2 && dfa->states <= SOAPC_PATTERN_BYTE_STATES && dfa->classes >= 1 &&
           dfa->classes <= 256);
    for (size_t i = 0; i < 256; i++)
        expect(dfa->class_of[i] < dfa->classes);
    for (size_t i = 0; i < (size_t)dfa->states * dfa->classes; i++)
        expect(dfa->next[i] < dfa->states);
    for (size_t i = 0; i < dfa->classes; i++)
        expect(dfa->next[i] == 0); /* the dead state stays dead */
    expect(!dfa->accept[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    struct bark_slice pattern = { data, nul ? (size_t)(nul - data) : size }, text = { data, 0 };
    struct soapc_pattern_error error, checked;
    struct soapc_dfa dfa;
    static _Alignas(BARK_ALIGN) uint8_t work[SOAPC_PATTERN_WORK], memory[DFA_BYTES];
    struct bark_arena arena;
    if (nul)
        text = (struct bark_slice){ nul + 1, size - pattern.len - 1 };
    bark_arena_init(&arena, memory, DFA_BYTES);
    enum bark_code code = soapc_pattern_run(work, pattern, &arena, &dfa, &error);
    enum bark_code parsed = soapc_pattern_run(work, pattern, NULL, NULL, &checked);
    expect(parsed != BARK_ERR_TYPE || code == BARK_ERR_TYPE);
    expect(code != BARK_OK || parsed == BARK_OK);
    if (code == BARK_OK) {
        dfa_expect(&dfa);
        (void)soapc_dfa_matches(&dfa, text);
    } else {
        expect(error.rule && error.offset <= pattern.len && dfa.states == 0);
    }
    return 0;
}
