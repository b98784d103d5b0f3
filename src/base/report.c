/* base/report.c - texts of the error record.
 */
#include "base/report.h"

#include "base/utf8.h"

#include <string.h>

#if BARK_HAS_REPORT

static const char cut_mark[] = "...";

static bool is_cut(const char *field, size_t used)
{
    const size_t mark = sizeof cut_mark - 1;
    return used >= mark && memcmp(field + used - mark, cut_mark, mark) == 0;
}

/* Ends the field with the mark, at a place where no character is torn. */
static void field_cut(char *field, size_t size, size_t used)
{
    const size_t last = size - sizeof cut_mark;
    size_t at = used < last ? used : last;
    while (at > 0 && ((uint8_t)field[at] & 0xc0) == 0x80)
        at--;
    memcpy(field + at, cut_mark, sizeof cut_mark);
}

/* What a person can see and every format can carry: no control characters, and neither of the two code points
 * that are no characters of XML [XML1 2.2], because a fault quotes these texts. */
static bool is_shown(uint32_t point)
{
    return point >= 0x20 && point != 0x7f && !(point >= 0x80 && point < 0xa0) && point != 0xfffe &&
           point != 0xffff;
}

void bark_report_add(char *field, size_t size, struct bark_slice text)
{
    size_t used = strlen(field), i = 0;
    if (is_cut(field, used) && size - used < sizeof cut_mark + 4)
        return;
    while (i < text.len) {
        uint32_t point;
        size_t len = bark_utf8_take(text.ptr + i, text.ptr + text.len, &point);
        const bool shown = len != 0 && is_shown(point);
        if ((shown ? len : 1) >= size - used) {
            field_cut(field, size, used);
            return;
        }
        if (shown)
            memcpy(field + used, text.ptr + i, len);
        else
            field[used] = '?';
        used += shown ? len : 1;
        i += len ? len : 1;
        field[used] = '\0';
    }
}

void bark_report_say(char *field, size_t size, const char *text)
{
    bark_report_add(field, size, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

void bark_report_expect(struct bark_error *err, struct bark_slice text)
{
    static const char many[] = "one of: ";
    char first[BARK_ERROR_TEXT];
    if (err->expected[0] == '\0') {
        bark_report_add(err->expected, sizeof err->expected, text);
        return;
    }
    if (strncmp(err->expected, many, sizeof many - 1) != 0) {
        memcpy(first, err->expected, sizeof first);
        err->expected[0] = '\0';
        bark_report_say(err->expected, sizeof err->expected, many);
        bark_report_say(err->expected, sizeof err->expected, first);
    }
    bark_report_say(err->expected, sizeof err->expected, ", ");
    bark_report_add(err->expected, sizeof err->expected, text);
}

#endif

void bark_report_place(struct bark_error *err, const uint8_t *begin, size_t at)
{
    size_t i, line = 1, start = 0;
    for (i = 0; i < at; i++)
        if (begin[i] == '\n' || (begin[i] == '\r' && (i + 1 == at || begin[i + 1] != '\n'))) {
            line++;
            start = i + 1;
        }
    err->line = line > UINT32_MAX ? UINT32_MAX : (uint32_t)line;
    err->column = at - start >= UINT32_MAX ? UINT32_MAX : (uint32_t)(at - start + 1);
}
