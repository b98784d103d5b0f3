/* base/lines.h - lines of a text that passes by in pieces, counted as errors count them: as
 * bark_report_place() does in a text that is there as a whole.
 */
#ifndef BARK_BASE_LINES_H
#define BARK_BASE_LINES_H

#include "soapbark/base.h"

/* Lines up to an offset. Starts as { .line = 1 }. */
struct bark_lines {
    size_t upto, line, start; /* start: the offset where the line begins */
    bool cr; /* the byte before is a carriage return */
};

/* Goes on over count bytes, that stand at upto. */
void bark_lines_advance(struct bark_lines *lines, const uint8_t *bytes, size_t count);

/* Sets err->line and err->column; neither is more than 32 bits. */
void bark_lines_report(struct bark_error *err, size_t line, size_t column);

#endif
