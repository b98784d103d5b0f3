/* emit/comment.c - documentation of the schema as C comments (soapbark compile --comments).
 *
 * The text is a stranger's. Nothing in it may end the comment, open another one, splice lines (a trigraph for
 * the back slash), or show code in another order than the compiler reads it (bidirectional controls).
 */
#include "emit/c.h"

#include <string.h>

enum { LINE_BYTES = 96 };

/* U+202A to U+202E and U+2066 to U+2069, of three bytes in UTF-8; U+200E, U+200F, U+061C are marks without a
 * span. */
static bool is_bidi(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return b[0] == 0xe2 &&
           ((b[1] == 0x80 && b[2] >= 0xaa && b[2] <= 0xae) || (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9));
}

static void word_put(struct soapc_text *out, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const bool ends =
            i + 1 < len && ((word[i] == '*' && word[i + 1] == '/') ||
                            (word[i] == '/' && word[i + 1] == '*') || (word[i] == '?' && word[i + 1] == '?'));
        if (len - i >= 3 && is_bidi(word + i)) {
            soapc_text_put(out, "?", 1);
            i += 2;
            continue;
        }
        soapc_text_put(out, (uint8_t)word[i] < 0x20 || word[i] == 0x7f ? "?" : word + i, 1);
        if (ends)
            soapc_text_put(out, " ", 1);
    }
}

void soapc_emit_words(const char *text, struct soapc_text *out)
{
    word_put(out, text, strlen(text));
}

void soapc_emit_comment(const struct soapc_model *model, struct soapc_place place, const char *indent,
                        struct soapc_text *out)
{
    const char *text = model ? soapc_model_documentation(model, place) : NULL;
    size_t column = 0;
    if (!text)
        return;
    soapc_text_printf(out, "%s/* ", indent);
    while (*text) {
        const size_t len = strcspn(text, " \n");
        if (column && (column + len > LINE_BYTES || text[-1] == '\n')) {
            soapc_text_printf(out, "\n%s * ", indent);
            column = 0;
        } else if (column) {
            soapc_text_put(out, " ", 1);
        }
        word_put(out, text, len);
        column += len + 1;
        text += len + (text[len] != '\0');
    }
    soapc_text_printf(out, " */\n");
}
