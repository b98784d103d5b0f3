/* base/report.h - fills the texts of an error record: what was found, what would have been fine, and where.
 *
 * Whatever a peer sent may end up here, so every text goes in through bark_report_add(): valid UTF-8, control
 * characters replaced, cut with "..." where it does not fit [row 40].
 */
#ifndef BARK_BASE_REPORT_H
#define BARK_BASE_REPORT_H

#include "base/without.h"
#include "soapbark/base.h"

/* No error, as all zeroes would say it, without a write to all of the room for its texts. */
static inline void bark_error_clear(struct bark_error *err)
{
    err->code = BARK_OK;
    err->offset = 0;
    err->line = err->column = 0;
    err->rule = NULL;
    err->path[0] = err->expected[0] = err->found[0] = '\0';
}

#if BARK_HAS_REPORT

/* Appends text to the NUL-terminated field of size bytes (at least 4). Once a text was cut, nothing more is
 * added. */
void bark_report_add(char *field, size_t size, struct bark_slice text);

/* The same for our own texts. */
void bark_report_say(char *field, size_t size, const char *text);

/* Appends one more alternative to err->expected: "A", then "one of: A, B", "one of: A, B, C". */
void bark_report_expect(struct bark_error *err, struct bark_slice text);

#else

static inline void bark_report_add(char *field, size_t size, struct bark_slice text)
{
    (void)field, (void)size, (void)text; /* the texts of errors are left out */
}
static inline void bark_report_say(char *field, size_t size, const char *text)
{
    (void)field, (void)size, (void)text;
}
static inline void bark_report_expect(struct bark_error *err, struct bark_slice text)
{
    (void)err, (void)text;
}

#endif

/* Sets err->line and err->column of the byte at begin + at, counting lines as [XML1 2.11] does. */
void bark_report_place(struct bark_error *err, const uint8_t *begin, size_t at);

#endif
