/* cli/exchange_file.c - exchanges as text: cut into lines in place, nothing is copied.
 */
#include "exchange_file.h"

#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_exchange_open(struct cli_exchange_file *file, const char *path, size_t size_max)
{
    size_t size;
    *file = (struct cli_exchange_file){ .path = path };
    file->text = file->at = cli_file_read(path, size_max, &size);
    if (file->text && strlen(file->text) != size) {
        cli_error("%s: a NUL is no text", path);
        file->wrong = true;
        file->at += size;
    }
    return file->text != NULL;
}

void cli_exchange_close(struct cli_exchange_file *file)
{
    free(file->text);
}

/* The next line without its end, or NULL. */
static char *line_next(struct cli_exchange_file *file)
{
    char *line = file->at, *end;
    if (!*line)
        return NULL;
    end = line + strcspn(line, "\n");
    file->at = *end ? end + 1 : end;
    *end = '\0';
    file->line++;
    return line;
}

static bool starts(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* Lines up to the one that begins with `word` become one text: joined by separator (or by nothing, without
 * their indentation). That line, or NULL when the file ends before it. */
static char *block_read(struct cli_exchange_file *file, const char *word, char separator,
                        struct bark_slice *block)
{
    char *to = file->at, *line;
    const char *begin = to;
    while ((line = line_next(file)) != NULL && !starts(line, word)) {
        const char *from = separator ? line : line + strspn(line, " ");
        const size_t len = strlen(from);
        if (separator && to != begin)
            *to++ = separator;
        memmove(to, from, len); /* never ahead of what is still to be read */
        to += len;
    }
    *block = (struct bark_slice){ (const uint8_t *)begin, (size_t)(to - begin) };
    return line;
}

static bool wrong(struct cli_exchange_file *file, const char *what)
{
    cli_error("%s:%zu: %s", file->path, file->line, what);
    file->wrong = true;
    return false;
}

bool cli_exchange_next(struct cli_exchange_file *file, struct cli_exchange *x)
{
    char *line;
    *x = (struct cli_exchange){ .name = "", .path = "", .type = "", .action = "", .want_type = "" };
    while ((line = file->wrong ? NULL : line_next(file)) != NULL) {
        if (starts(line, "case ")) {
            x->name = line + 5;
        } else if (starts(line, "path ")) {
            x->path = line + 5;
        } else if (strcmp(line, "method GET") == 0 || strcmp(line, "method POST") == 0) {
            x->is_get = line[7] == 'G';
        } else if (starts(line, "type ")) {
            x->type = line + 5;
        } else if (starts(line, "action ")) {
            x->action = line + 7;
        } else if (strcmp(line, "send") == 0) {
            line = block_read(file, "want ", '\n', &x->request);
            if (!line)
                return wrong(file, "a case without \"want\"");
            x->status = (unsigned)strtoul(line + 5, &line, 10);
            x->want_type = line + strspn(line, " ");
            return block_read(file, "end", 0, &x->answer) || wrong(file, "a case without \"end\"");
        } else if (*line && *line != '#') {
            return wrong(file, "not a line of a case");
        }
    }
    if (x->name[0] && !file->wrong)
        return wrong(file, "a case without \"send\"");
    return false;
}

/* 2026-11-30T17:04:15...: how long it is; 0: it is no time. */
static size_t time_length(const uint8_t *at, size_t len)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    size_t i = 0;
    for (; i < sizeof form - 1; i++) {
        if (i == len || (form[i] == 'd' ? at[i] < '0' || at[i] > '9' : at[i] != (uint8_t)form[i]))
            return 0;
    }
    while (i < len && memchr("0123456789.:+-Z", at[i], 15))
        i++;
    return i;
}

void cli_exchange_print(const struct cli_exchange *x)
{
    printf("case %s\n", x->name);
    if (x->is_get)
        printf("method GET\n");
    if (x->path[0])
        printf("path %s\n", x->path);
    if (x->type[0])
        printf("type %s\n", x->type);
    if (x->action[0])
        printf("action %s\n", x->action);
    printf("send\n%.*s\nwant %u %s\n", (int)x->request.len, (const char *)x->request.ptr, x->status,
           x->want_type);
    for (size_t i = 0; i < x->answer.len;) {
        const size_t n = time_length(x->answer.ptr + i, x->answer.len - i);
        putchar(n ? '*' : x->answer.ptr[i]);
        i += n ? n : 1;
    }
    printf("\nend\n");
}
