/* base/error.c - the error record: the first failure wins, and it can be read. */
#include "soapbark/base.h"

#include <assert.h>
#include <string.h>

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

enum bark_code(bark_fail)(struct bark_error *err, enum bark_code code, size_t at, const char *rule)
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

/* A text of len characters, of which those that fit stand in at[0..size). */
struct line {
    char *at;
    size_t size, len;
};

static void line_add(struct line *line, const char *text)
{
    for (; *text != '\0'; text++, line->len++)
        if (line->len < line->size)
            line->at[line->len] = *text;
}

static void line_add_number(struct line *line, uint32_t value)
{
    char digits[11] = "";
    size_t at = sizeof digits - 1;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    line_add(line, digits + at);
}

size_t bark_error_text(const struct bark_error *err, char *text, size_t size)
{
    struct line line = { text, size, 0 };
    if (err->line) {
        line_add_number(&line, err->line);
        line_add(&line, ":");
        line_add_number(&line, err->column);
        line_add(&line, ": ");
    }
    line_add(&line, err->path);
    line_add(&line, err->path[0] ? ": " : "");
    line_add(&line, err->rule ? err->rule : bark_code_text(err->code));
    line_add(&line, err->expected[0] ? "; expected " : "");
    line_add(&line, err->expected);
    line_add(&line, err->found[0] ? "; found \"" : "");
    line_add(&line, err->found);
    line_add(&line, err->found[0] ? "\"" : "");
    if (size > 0)
        text[line.len < size ? line.len : size - 1] = '\0';
    return line.len;
}
