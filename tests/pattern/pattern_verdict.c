/* pattern/pattern_verdict.c - what the pattern compiler thinks of a line: "P" and a pattern makes it the
 * current one and answers "ok", "wrong" or "large"; "T" and a text answers "yes" or "no".
 */
#include "pattern/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1 << 16, ARENA_BYTES = 64 << 20 };

struct desk {
    struct bark_arena arena;
    struct soapc_dfa dfa;
    bool ready;
};

static const char *pattern_take(struct desk *desk, struct bark_slice text)
{
    struct soapc_pattern_error error;
    bark_arena_reset(&desk->arena);
    enum bark_code code = soapc_pattern_compile(text, &desk->arena, &desk->dfa, &error);
    desk->ready = code == BARK_OK;
    return code == BARK_OK ? "ok" : code == BARK_ERR_LIMIT ? "large" : "wrong";
}

int main(void)
{
    char *line = malloc(LINE_MAX_BYTES);
    void *memory = malloc(ARENA_BYTES);
    struct desk desk = { .ready = false };
    if (!line || !memory)
        return 1;
    bark_arena_init(&desk.arena, memory, ARENA_BYTES);
    while (fgets(line, LINE_MAX_BYTES, stdin)) {
        size_t len = strcspn(line, "\n");
        struct bark_slice text = { (const uint8_t *)line + 1, len ? len - 1 : 0 };
        if (line[0] == 'P')
            puts(pattern_take(&desk, text));
        else
            puts(desk.ready && soapc_dfa_matches(&desk.dfa, text) ? "yes" : "no");
    }
    free(memory);
    free(line);
    return 0;
}
