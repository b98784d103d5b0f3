/* compiler/diag.c - keeps the compiler's messages and prints them with their source lines.
 *
 * Messages are kept until the end, because the stages find errors in their own order and people read files
 * from the top. An error and the notes after it are one group; groups are sorted, a group stays together.
 */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "diag.h"

#include "budget.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXCERPT_MAX = 120, ERROR_MAX = 20 };

struct soapc_diag *soapc_diag_new(void)
{
    struct soapc_diag *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->error_max = ERROR_MAX;
    d->memory_max = (size_t)SOAPC_MEMORY_DEFAULT << 20;
    return d;
}

void soapc_diag_free(struct soapc_diag *d)
{
    if (!d)
        return;
    for (uint32_t i = 0; i < d->source_count; i++) {
        free(d->sources[i].path);
        free(d->sources[i].text);
    }
    for (size_t i = 0; i < d->message_count; i++)
        free(d->messages[i].text);
    free(d->sources);
    free(d->messages);
    free(d);
}

uint32_t soapc_diag_source(struct soapc_diag *d, const char *path, char *text, size_t size,
                           struct soapc_place from)
{
    char *copy = strdup(path);
    if (copy && d->source_count == d->source_cap) {
        uint32_t cap = d->source_cap ? d->source_cap * 2 : 16;
        struct soapc_source *grown = realloc(d->sources, cap * sizeof *grown);
        if (grown) {
            d->sources = grown;
            d->source_cap = cap;
        }
    }
    if (!copy || d->source_count == d->source_cap) {
        d->out_of_memory = true;
        free(copy);
        free(text);
        return SOAPC_NO_FILE;
    }
    d->sources[d->source_count] =
        (struct soapc_source){ .path = copy, .text = text, .size = size, .from = from, .catalog = false };
    return d->source_count++;
}

static void message_add(struct soapc_diag *d, enum soapc_severity severity, enum soapc_code code,
                        struct soapc_place place, const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));

static void message_add(struct soapc_diag *d, enum soapc_severity severity, enum soapc_code code,
                        struct soapc_place place, const char *format, va_list args)
{
    if (d->message_count == d->message_cap) {
        size_t cap = d->message_cap ? d->message_cap * 2 : 32;
        struct soapc_message *grown = realloc(d->messages, cap * sizeof *grown);
        if (!grown) {
            d->out_of_memory = true;
            return;
        }
        d->messages = grown;
        d->message_cap = cap;
    }
    char text[2048]; /* names are bounded, file lists are not: vsnprintf cuts */
    vsnprintf(text, sizeof text, format, args);
    char *copy = strdup(text);
    if (!copy) {
        d->out_of_memory = true;
        return;
    }
    size_t leader = d->message_count;
    if (severity == SOAPC_NOTE && leader > 0)
        leader = d->messages[leader - 1].leader;
    d->messages[d->message_count++] = (struct soapc_message){ severity, code, place, leader, copy };
}

void soapc_error(struct soapc_diag *d, enum soapc_code code, struct soapc_place place, const char *format,
                 ...)
{
    d->dropping = d->error_count++ >= d->error_max;
    if (d->dropping)
        return;
    va_list args;
    va_start(args, format);
    message_add(d, SOAPC_ERROR, code, place, format, args);
    va_end(args);
}

void soapc_warning(struct soapc_diag *d, enum soapc_code code, struct soapc_place place, const char *format,
                   ...)
{
    d->dropping = d->error_count >= d->error_max;
    if (d->dropping)
        return;
    va_list args;
    va_start(args, format);
    message_add(d, SOAPC_WARNING, code, place, format, args);
    va_end(args);
}

void soapc_note(struct soapc_diag *d, struct soapc_place place, const char *format, ...)
{
    if (d->dropping)
        return;
    va_list args;
    va_start(args, format);
    message_add(d, SOAPC_NOTE, SOAPC_NO_CODE, place, format, args);
    va_end(args);
}

/* The line that holds offset at: its first byte and its length. */
static const char *line_find(const struct soapc_source *s, size_t at, size_t *len)
{
    if (at > s->size)
        at = s->size;
    size_t begin = at, end = at;
    while (begin > 0 && s->text[begin - 1] != '\n')
        begin--;
    while (end < s->size && s->text[end] != '\n' && s->text[end] != '\r')
        end++;
    *len = end - begin;
    return s->text + begin;
}

void soapc_diag_locate(const struct soapc_diag *d, struct soapc_place place, uint32_t *line, uint32_t *column)
{
    *line = *column = 0;
    if (place.file >= d->source_count)
        return;
    const struct soapc_source *s = &d->sources[place.file];
    size_t at = place.at > s->size ? s->size : place.at, len;
    const char *begin = line_find(s, at, &len);
    uint32_t lines = 1;
    for (const char *p = s->text; p < begin; p++)
        lines += *p == '\n';
    *line = lines;
    *column = (uint32_t)(s->text + at - begin) + 1;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The source line and a caret under the place. A long line (generated files have lines of megabytes) is shown
 * around the place only. */
static void excerpt_print(const struct soapc_source *s, size_t at, uint32_t line, struct bark_out *out)
{
    size_t len;
    const char *begin = line_find(s, at, &len);
    size_t caret = (size_t)(s->text + (at > s->size ? s->size : at) - begin), from = 0;
    if (len == 0)
        return;
    if (len > EXCERPT_MAX && caret > EXCERPT_MAX / 2) {
        from = caret - EXCERPT_MAX / 2;
        while (from < caret && is_continuation(begin[from]))
            from++;
    }
    size_t to = len - from > EXCERPT_MAX ? from + EXCERPT_MAX : len;
    while (to > from && to < len && is_continuation(begin[to]))
        to--;
    char head[32];
    int head_len = snprintf(head, sizeof head, "%6u | ", line);
    bark_out_put(out, head, (size_t)head_len);
    for (size_t i = from; i < to; i++) {
        const unsigned char c = (unsigned char)begin[i];
        const bool c1 = c == 0xc2 && i + 1 < to && (unsigned char)begin[i + 1] < 0xa0; /* U+0080 to U+009F */
        bark_out_byte(out, c == '\t' || (c >= ' ' && c != 0x7f && !c1) ? c : '?');
        i += c1;
    }
    bark_out_text(out, "\n       | ");
    for (size_t i = from; i < caret && i < to; i++)
        if (!is_continuation(begin[i]))
            bark_out_byte(out, begin[i] == '\t' ? '\t' : ' ');
    bark_out_text(out, "^\n");
}

static void message_print(const struct soapc_diag *d, const struct soapc_message *m, bool excerpt,
                          struct bark_out *out)
{
    static const char *const words[] = {
        [SOAPC_ERROR] = "error", [SOAPC_WARNING] = "warning", [SOAPC_NOTE] = "note"
    };
    bool has_file = m->place.file < d->source_count;
    uint32_t line, column;
    char code[SOAPC_CODE_TEXT];
    soapc_diag_locate(d, m->place, &line, &column);
    if (has_file) {
        bark_out_text(out, d->sources[m->place.file].path);
        bark_out_byte(out, ':');
        bark_out_u64(out, line);
        bark_out_byte(out, ':');
        bark_out_u64(out, column);
        bark_out_text(out, ": ");
    }
    bark_out_text(out, words[m->severity]);
    soapc_code_print(m->code, code);
    if (code[0]) {
        bark_out_byte(out, '[');
        bark_out_text(out, code);
        bark_out_byte(out, ']');
    }
    bark_out_text(out, ": ");
    bark_out_text(out, m->text);
    bark_out_byte(out, '\n');
    if (has_file && excerpt)
        excerpt_print(&d->sources[m->place.file], m->place.at, line, out);
}

/* How the file of a message came to be read, innermost first. Sources point to earlier ones only, so this
 * ends. */
static void chain_print(const struct soapc_diag *d, uint32_t file, struct bark_out *out)
{
    while (file < d->source_count && d->sources[file].from.file < file) {
        char imported[] = "imported here";
        const struct soapc_message note = { .severity = SOAPC_NOTE,
                                            .place = d->sources[file].from,
                                            .text = imported };
        message_print(d, &note, false, out);
        file = note.place.file;
    }
}

static const struct soapc_message *sort_base(const void *p)
{
    return *(const struct soapc_message *const *)p;
}

static int message_compare(const void *a, const void *b)
{
    const struct soapc_message *x = sort_base(a), *y = sort_base(b);
    if (x->place.file != y->place.file)
        return x->place.file < y->place.file ? -1 : 1;
    if (x->place.at != y->place.at)
        return x->place.at < y->place.at ? -1 : 1;
    return x < y ? -1 : x > y; /* qsort is not stable; all live in one array */
}

static void totals_print(const struct soapc_diag *d, struct bark_out *out)
{
    if (d->out_of_memory)
        bark_out_text(out, "error[E0702]: out of memory\n");
    if (d->error_count == 0)
        return;
    bark_out_u64(out, d->error_count);
    bark_out_text(out, d->error_count == 1 ? " error" : " errors");
    if (d->error_count > d->error_max) {
        bark_out_text(out, ", the first ");
        bark_out_u64(out, d->error_max);
        bark_out_text(out, " shown");
    }
    bark_out_text(out, "\n");
}

const struct soapc_message **soapc_diag_sorted(const struct soapc_diag *d, size_t *count)
{
    const struct soapc_message **sorted = calloc(d->message_count + 1, sizeof *sorted);
    *count = 0;
    if (!sorted)
        return NULL;
    for (size_t i = 0; i < d->message_count; i++)
        if (d->messages[i].leader == i)
            sorted[(*count)++] = &d->messages[i];
    qsort(sorted, *count, sizeof *sorted, message_compare);
    return sorted;
}

void soapc_diag_print(const struct soapc_diag *d, struct bark_out *out)
{
    size_t count;
    const struct soapc_message **sorted = soapc_diag_sorted(d, &count);
    uint32_t chained = SOAPC_NO_FILE;
    if (!sorted) {
        bark_out_text(out, "error[E0702]: out of memory\n");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct soapc_message *m = sorted[i];
        message_print(d, m, true, out);
        for (size_t n = m->leader + 1; n < d->message_count && d->messages[n].leader == m->leader; n++) {
            const struct soapc_message *note = &d->messages[n];
            message_print(d, note, note->place.file != m->place.file || note->place.at != m->place.at, out);
        }
        if (m->place.file != chained)
            chain_print(d, m->place.file, out);
        chained = m->place.file;
    }
    free((void *)sorted);
    totals_print(d, out);
}

enum { GUESS_MAX = 64 };

/* Optimal string alignment distance: insertions, deletions, changes, swaps of neighbours. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][GUESS_MAX + 1];
    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *over = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && over[j - 2] + 1 < best)
                best = over[j - 2] + 1;
            row[j] = best;
        }
    }
    return rows[a_len % 3][b_len];
}

/* Whether one text is before the other in the alphabet. */
static bool text_before(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
    return order ? order < 0 : a_len < b_len;
}

void soapc_guess_offer(struct soapc_guess *g, const char *candidate)
{
    soapc_guess_offer_text(g, candidate, strlen(candidate));
}

void soapc_guess_offer_text(struct soapc_guess *g, const char *candidate, size_t b)
{
    size_t a = strlen(g->wanted);
    size_t allowed = a < 3 ? 1 : a / 3;
    if (g->best)
        allowed = g->distance;
    if (a == 0 || a > GUESS_MAX || b > GUESS_MAX || (a > b ? a - b : b - a) > allowed)
        return;
    size_t distance = edit_distance(g->wanted, a, candidate, b);
    /* Equals go by the alphabet, so that the order of offers does not show. */
    if (g->best && distance == g->distance && !text_before(candidate, b, g->best, g->best_len))
        return;
    if (distance > 0 && distance <= allowed) {
        g->best = candidate;
        g->best_len = b;
        g->distance = distance;
    }
}
