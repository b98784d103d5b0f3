/* override/read.c - the text of an overrides file as statements: words between blanks, '#' before a comment,
 * double quotes around what has blanks in it ("" inside quotes is one quote).
 */
#include "override/override.h"

#include "model/pool.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool soapc_is_identifier(const char *text)
{
    if (!text[0] || (text[0] >= '0' && text[0] <= '9'))
        return false;
    for (const char *p = text; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_'))
            return false;
    return true;
}

bool soapc_is_number(const char *text, uint32_t *number)
{
    uint64_t value = 0;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9')
            return false;
        value = value * 10 + (uint64_t)(*p - '0');
        if (value >= UINT32_MAX)
            return false;
    }
    *number = (uint32_t)value;
    return text[0] != '\0';
}

static size_t line_length(const struct soapc_override *o)
{
    const char *end = memchr(o->text + o->at, '\n', o->size - o->at);
    return end ? (size_t)(end - (o->text + o->at)) : o->size - o->at;
}

/* One word from o->at on, which is not blank; false after an error. */
static bool word_read(struct soapc_override *o, struct soapc_word *word)
{
    char *text = soapc_pool_alloc(o->model->pool, line_length(o) + 1);
    size_t len = 0;
    bool quoted = false;
    word->place = (struct soapc_place){ o->file, (uint32_t)o->at };
    for (; o->at < o->size && o->text[o->at] != '\n'; o->at++) {
        const char c = o->text[o->at];
        if (!quoted && is_blank(c))
            break;
        if (c == '"' && quoted && o->at + 1 < o->size && o->text[o->at + 1] == '"')
            text[len++] = o->text[o->at++];
        else if (c == '"')
            quoted = !quoted;
        else
            text[len++] = c;
    }
    word->text = soapc_pool_text(o->model->pool, text, len);
    if (quoted)
        soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, word->place, "this quote does not end in its line");
    return !quoted;
}

static void line_end(struct soapc_override *o)
{
    while (o->at < o->size && o->text[o->at] != '\n')
        o->at++;
}

/* Words up to the line's end or a comment; false after an error. */
static bool words_read(struct soapc_override *o, struct soapc_statement *s)
{
    for (s->count = 0;;) {
        while (o->at < o->size && is_blank(o->text[o->at]))
            o->at++;
        s->end = (struct soapc_place){ o->file, (uint32_t)o->at };
        if (o->at == o->size || o->text[o->at] == '\n' || o->text[o->at] == '#')
            return true;
        if (s->count == SOAPC_OVERRIDE_WORDS) {
            soapc_error(o->diag, SOAPC_E_OVERRIDE_FORM, s->end, "a statement has no more than %d words",
                        SOAPC_OVERRIDE_WORDS);
            return false;
        }
        if (!word_read(o, &s->words[s->count++]))
            return false;
    }
}

bool soapc_statement_read(struct soapc_override *o, struct soapc_statement *s)
{
    while (o->at < o->size) {
        const bool good = words_read(o, s);
        line_end(o);
        o->at += o->at < o->size;
        if (good && s->count)
            return true;
    }
    return false;
}
