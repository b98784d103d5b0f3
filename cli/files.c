/* cli/files.c - whole files in, growing buffers out.
 */
#include "cli.h"

#include "budget.h"

#include "load/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 * 1024 };

char *cli_text_copy(struct bark_slice text)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        return NULL;
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return copy;
}

/* Reads the stream to its end. NULL when memory is short or there is more than size_max. */
static char *stream_read(FILE *in, const char *path, size_t size_max, size_t *size)
{
    size_t cap = FIRST_ROOM, got;
    char *text = malloc(cap);
    *size = 0;
    while (text && (got = fread(text + *size, 1, cap - 1 - *size, in)) > 0) {
        char *more;
        *size += got;
        if (*size > size_max) {
            cli_error("%s: more than %zu bytes", path, size_max);
            free(text);
            return NULL;
        }
        if (*size < cap - 1)
            continue;
        cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
        more = realloc(text, cap);
        if (!more)
            free(text);
        text = more;
    }
    if (!text) {
        cli_error("%s: out of memory", path);
        return NULL;
    }
    text[*size] = '\0';
    return text;
}

char *cli_file_read(const char *path, size_t size_max, size_t *size)
{
    const bool from_stdin = strcmp(path, "-") == 0;
    FILE *in = from_stdin ? stdin : fopen(path, "rb");
    char *text;
    if (!in) {
        cli_error("%s: %s", path, strerror(errno));
        return NULL;
    }
    text = stream_read(in, path, size_max, size);
    if (text && ferror(in)) {
        cli_error("%s: %s", path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (!from_stdin && fclose(in) != 0 && text) {
        cli_error("%s: %s", path, strerror(errno));
        free(text);
        text = NULL;
    }
    return text;
}

char *cli_document_read(const char *path, size_t size_max, size_t *size, enum cli_status *status)
{
    char encoding[48] = "";
    char *text = cli_file_read(path, size_max, size);
    *status = CLI_TROUBLE;
    if (!text || soapc_text_to_utf8(&text, size, encoding, sizeof encoding))
        return text;
    if (encoding[0]) {
        *status = CLI_NO;
        cli_error("%s: the encoding '%s' is not read, or is not that of the file", path, encoding);
    } else {
        cli_error("%s: out of memory", path);
    }
    free(text);
    return NULL;
}

static bool buffer_grow(struct bark_out *o, size_t need)
{
    size_t cap = o->cap ? o->cap : FIRST_ROOM;
    uint8_t *more;
    if (need > SIZE_MAX / 2 - o->pos)
        return false;
    while (cap - o->pos < need)
        cap *= 2;
    if (o->user && !soapc_budget_take(o->user, cap - o->cap))
        return false;
    more = realloc(o->base, cap);
    if (!more && o->user)
        soapc_budget_give(o->user, cap - o->cap);
    if (!more)
        return false;
    o->base = more;
    o->cap = cap;
    return true;
}

void cli_buffer_init(struct bark_out *out)
{
    bark_out_init(out, NULL, 0);
    out->make_room = buffer_grow;
}

void cli_buffer_init_within(struct bark_out *out, struct soapc_diag *diag)
{
    cli_buffer_init(out);
    out->user = diag;
}

void cli_buffer_free(struct bark_out *out)
{
    if (out->user)
        soapc_budget_give(out->user, out->cap);
    free(out->base);
    cli_buffer_init(out);
}

bool cli_buffer_print(struct bark_out *out, bool to_stderr)
{
    FILE *to = to_stderr ? stderr : stdout;
    if (!bark_out_ok(out)) {
        cli_error("out of memory");
        return false;
    }
    fflush(stdout);
    if (out->pos > 0 && fwrite(out->base, 1, out->pos, to) != out->pos) {
        cli_error("cannot write: %s", strerror(errno));
        return false;
    }
    out->pos = 0;
    return true;
}
