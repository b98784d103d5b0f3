/* base/lines.c - counting lines, eight bytes at a time where none ends.
 */
#include "base/lines.h"

#include "base/bytes.h"

/* Whether a byte of the word is this one. */
static bool word_has(uint64_t word, uint8_t byte)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), rest = word ^ ones * byte;
    return ((rest - ones) & ~rest & ones << 7) != 0;
}

void bark_lines_advance(struct bark_lines *lines, const uint8_t *bytes, size_t count)
{
    const size_t to = lines->upto + count;
    for (; lines->upto < to; lines->upto++, bytes++) {
        const uint8_t byte = *bytes;
        if (!lines->cr && to - lines->upto >= sizeof(uint64_t)) {
            const uint64_t word = bark_word_at(bytes);
            if (!word_has(word, '\n') && !word_has(word, '\r')) {
                lines->upto += sizeof word - 1; /* and one more */
                bytes += sizeof word - 1;
                continue;
            }
        }
        if (byte == '\r' || (byte == '\n' && !lines->cr))
            lines->line++;
        if (byte == '\r' || byte == '\n')
            lines->start = lines->upto + 1;
        lines->cr = byte == '\r';
    }
}

void bark_lines_report(struct bark_error *err, size_t line, size_t column)
{
    err->line = line > UINT32_MAX ? UINT32_MAX : (uint32_t)line;
    err->column = column > UINT32_MAX ? UINT32_MAX : (uint32_t)column;
}
