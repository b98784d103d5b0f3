/* base/error.c - the error record: the first failure wins, and it can be read. */
#include "soapbark/base.h"

#include <assert.h>
#include <stdio.h>

static const char *const code_texts[] = {
#define X(name, text) [BARK_##name] = text,
    BARK_CODES(X)
#undef X
};
static_assert(sizeof code_texts / sizeof *code_texts == BARK_CODE_COUNT, "a new code needs its text");

const char *bark_code_text(enum bark_code code)
{
    return (unsigned)code < BARK_CODE_COUNT ? code_texts[code] : "unknown code";
}

enum bark_code bark_fail(struct bark_error *err, enum bark_code code, size_t at, const char *rule)
{
    assert(code != BARK_OK);
    if (!err)
        return code;
    if (err->code == BARK_OK) {
        err->code = code;
        err->offset = at;
        err->rule = rule;
    }
    return err->code;
}

size_t bark_error_text(const struct bark_error *err, char *text, size_t size)
{
    char place[32] = "";
    int n;
    if (err->line)
        snprintf(place, sizeof place, "%u:%u: ", (unsigned)err->line, (unsigned)err->column);
    n = snprintf(text, size, "%s%s%s%s%s%s%s%s%s", place, err->path, err->path[0] ? ": " : "",
                 err->rule ? err->rule : bark_code_text(err->code), err->expected[0] ? "; expected " : "",
                 err->expected, err->found[0] ? "; found \"" : "", err->found, err->found[0] ? "\"" : "");
    return n < 0 ? 0 : (size_t)n;
}
