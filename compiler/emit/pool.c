/* emit/pool.c - the pool: texts as string literals, DFA tables as numbers.
 *
 * C compilers need not take literals of more than 4,095 characters [C11 5.2.4.1], so the texts are cut into
 * several arrays, each ending with a text; arrays of bytes stand in a struct without gaps. The last NUL of
 * each array is the literal's own.
 */
#include "emit/rows.h"

enum { LITERAL_MAX = 4000, NUMBERS_PER_LINE = 24, CHARACTERS_PER_LINE = 96 };

/* The end of the array of texts that starts here: behind the last NUL that fits, or behind the first. */
static size_t chunk_end(const struct soapc_rows *rows, size_t start)
{
    size_t end = start;
    for (size_t i = start; i < rows->pool_text && (end == start || i - start < LITERAL_MAX); i++)
        if (rows->pool[i] == 0)
            end = i + 1;
    return end;
}

void soapc_emit_pool_members(const struct soapc_plan *plan, struct soapc_text *out)
{
    const struct soapc_rows *rows = &plan->rows;
    size_t number = 0;
    for (size_t at = 0; at < rows->pool_text; number++) {
        const size_t end = chunk_end(rows, at);
        soapc_text_printf(out, "    %suint8_t pool%zu[%zu];\n", number ? "" : "_Alignas(8) ", number,
                          end - at);
        at = end;
    }
    if (rows->count[BARK_SECTION_POOL] > rows->pool_text)
        soapc_text_printf(out, "    uint8_t patterns_pool[%zu];\n",
                          rows->count[BARK_SECTION_POOL] - rows->pool_text);
}

static void byte_print(struct soapc_text *out, uint8_t c)
{
    const char plain = (char)c;
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '?') /* "??x" would be a trigraph */
        soapc_text_put(out, &plain, 1);
    else
        soapc_text_printf(out, "\\%03o", c);
}

void soapc_emit_pool(const struct soapc_plan *plan, struct soapc_text *out)
{
    const struct soapc_rows *rows = &plan->rows;
    size_t number = 0, at = 0;
    for (; at < rows->pool_text; number++) {
        const size_t end = chunk_end(rows, at) - 1;
        size_t on_line = 0;
        soapc_text_printf(out, "    .pool%zu =\n        \"", number);
        for (; at < end; at++) {
            byte_print(out, rows->pool[at]);
            if (rows->pool[at] == 0 || ++on_line == CHARACTERS_PER_LINE) {
                soapc_text_printf(out, "\"\n        \"");
                on_line = 0;
            }
        }
        soapc_text_printf(out, "\",\n");
        at = end + 1;
    }
    if (at == rows->count[BARK_SECTION_POOL])
        return;
    soapc_text_printf(out, "    .patterns_pool = {");
    for (size_t i = 0; at < rows->count[BARK_SECTION_POOL]; i++, at++)
        soapc_text_printf(out, "%s%u,", i % NUMBERS_PER_LINE ? " " : "\n        ", rows->pool[at]);
    soapc_text_printf(out, "\n    },\n");
}
