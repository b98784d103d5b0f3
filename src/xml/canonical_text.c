/* xml/canonical_text.c - canonical XML, byte by byte: text, values, comments, instructions.
 *
 * What comes here has been checked by the reader, so this file only translates: what a reference or a line
 * end stands for is written, escaped where the canonical form wants it. Nothing is gathered: each run of
 * bytes that stay as they are goes to out at once.
 */
#include "xml/canonical.h"

#include "xml/parts.h"

/* [C14N10 2.3] What is written for a byte, or NULL when it stands for itself. */
static const char *escape_of(uint8_t byte, enum bark_canonical_place place)
{
    const bool suite = place == BARK_CANONICAL_ESCAPED, value = place == BARK_CANONICAL_VALUE;
    if (place == BARK_CANONICAL_PLAIN)
        return NULL;
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return value ? NULL : "&gt;";
    case '"':
        return value || suite ? "&quot;" : NULL;
    case '\r':
        return suite ? "&#13;" : "&#xD;";
    case '\t':
        return suite ? "&#9;" : value ? "&#x9;" : NULL;
    case '\n':
        return suite ? "&#10;" : value ? "&#xA;" : NULL;
    default:
        return NULL;
    }
}

static void byte_write(struct bark_out *out, uint8_t byte, enum bark_canonical_place place)
{
    const char *escape = escape_of(byte, place);
    if (escape)
        bark_out_text(out, escape);
    else
        bark_out_byte(out, byte);
}

/* Characters that stand for themselves, line ends aside [XML1 2.11], which value turns into spaces
 * [XML1 3.3.3].
 */
static void run_write(struct bark_out *out, const uint8_t *at, const uint8_t *end,
                      enum bark_canonical_place place, bool value)
{
    while (at < end) {
        const uint8_t *from = at;
        while (at < end && (*at > '>' || (*at != '\r' && !escape_of(*at, place) &&
                                          !(value && (*at == '\t' || *at == '\n')))))
            at++;
        bark_out_put(out, from, (size_t)(at - from));
        if (at == end)
            return;
        if (*at == '\r' && end - at > 1 && at[1] == '\n')
            at++;
        if (value && bark_xml_byte_is(*at, BARK_XML_SPACE_BYTE))
            bark_out_byte(out, ' ');
        else
            byte_write(out, *at == '\r' ? '\n' : *at, place);
        at++;
    }
}

static size_t reference_write(struct bark_out *out, const uint8_t *at, const uint8_t *end,
                              enum bark_canonical_place place)
{
    uint32_t point = 0;
    uint8_t bytes[4];
    const size_t taken = bark_xml_reference_take(at, end, &point);
    if (point < 0x80)
        byte_write(out, (uint8_t)point, place);
    else
        bark_out_put(out, bytes, bark_xml_utf8_put(point, bytes));
    return taken;
}

static enum bark_canonical_place place_of(const struct bark_canonical *what, enum bark_canonical_place place)
{
    return what->method == BARK_CANONICAL_SUITE ? BARK_CANONICAL_ESCAPED : place;
}

void bark_canonical_value(struct bark_out *out, struct bark_slice raw, const struct bark_canonical *what)
{
    const enum bark_canonical_place place = place_of(what, BARK_CANONICAL_VALUE);
    const uint8_t *at = raw.ptr, *const end = raw.ptr + raw.len;
    while (at < end) {
        const uint8_t *reference = memchr(at, '&', (size_t)(end - at));
        const uint8_t *stop = reference ? reference : end;
        run_write(out, at, stop, place, true);
        at = reference ? stop + reference_write(out, stop, end, place) : stop;
    }
}

/* The first place of text at or behind `at`, or end: what was checked has one. */
static const uint8_t *behind(const uint8_t *at, const uint8_t *end, const char *text)
{
    const size_t len = strlen(text);
    while ((size_t)(end - at) >= len) {
        const uint8_t *next = memchr(at, text[0], (size_t)(end - at) - len + 1);
        if (!next)
            break;
        if (memcmp(next, text, len) == 0)
            return next;
        at = next + 1;
    }
    return end;
}

/* [C14N10 2.3] The comment at `at`; returns its end. */
static const uint8_t *comment_write(struct bark_out *out, const uint8_t *at, const uint8_t *end, bool wanted)
{
    const uint8_t *stop = behind(at + 4, end, "-->");
    if (wanted) {
        bark_out_text(out, "<!--");
        run_write(out, at + 4, stop, BARK_CANONICAL_PLAIN, false);
        bark_out_text(out, "-->");
    }
    return stop + 3;
}

/* [C14N10 2.3] One space between target and data, none where there is no data; the suite's form has it
 * always. */
static const uint8_t *instruction_write(struct bark_out *out, const uint8_t *at, const uint8_t *end,
                                        bool suite)
{
    const uint8_t *stop = behind(at + 2, end, "?>"), *data;
    for (data = at; data < stop && !bark_xml_byte_is(*data, BARK_XML_SPACE_BYTE); data++)
        ;
    bark_out_put(out, at, (size_t)(data - at));
    while (data < stop && bark_xml_byte_is(*data, BARK_XML_SPACE_BYTE))
        data++;
    if (data < stop || suite)
        bark_out_byte(out, ' ');
    run_write(out, data, stop, BARK_CANONICAL_PLAIN, false);
    bark_out_text(out, "?>");
    return stop + 2;
}

/* The comment, instruction or CDATA section at `at`, which is a '<'; returns its end. */
static const uint8_t *markup_write(struct bark_out *out, const uint8_t *at, const uint8_t *end,
                                   const struct bark_canonical *what, enum bark_canonical_place place)
{
    const uint8_t *stop;
    if (at[1] == '?')
        return instruction_write(out, at, end, what->method == BARK_CANONICAL_SUITE);
    if (at[2] == '-')
        return comment_write(out, at, end, what->comments);
    stop = behind(at + 9, end, "]]>");
    run_write(out, at + 9, stop, place, false);
    return stop + 3;
}

void bark_canonical_text(struct bark_out *out, struct bark_slice raw, const struct bark_canonical *what)
{
    const enum bark_canonical_place place = place_of(what, BARK_CANONICAL_TEXT);
    const uint8_t *at = raw.ptr, *const end = raw.ptr + raw.len;
    while (at < end) {
        const uint8_t *stop = at;
        while (stop < end && *stop != '&' && *stop != '<')
            stop++;
        run_write(out, at, stop, place, false);
        if (stop == end)
            return;
        at = *stop == '&' ? stop + reference_write(out, stop, end, place)
                          : markup_write(out, stop, end, what, place);
    }
}

void bark_canonical_outside(struct bark_out *out, struct bark_slice raw, const struct bark_canonical *what,
                            bool after)
{
    const bool suite = what->method == BARK_CANONICAL_SUITE;
    const uint8_t *at = raw.ptr, *const end = raw.ptr + raw.len;
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        const bool written = at[1] == '?' || what->comments;
        if (written && after && !suite)
            bark_out_byte(out, '\n');
        at = markup_write(out, at, end, what, BARK_CANONICAL_TEXT);
        if (written && !after && !suite)
            bark_out_byte(out, '\n');
    }
}
