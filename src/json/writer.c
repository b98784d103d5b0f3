/* json/writer.c - JSON text in two styles: compact, and one member a line with two spaces a level.
 */
#include "json/writer.h"

#include "base/digits.h"

#include <string.h>

void bark_json_writer_init(struct bark_json_writer *w, struct bark_out *out, enum bark_json_style style)
{
    *w = (struct bark_json_writer){ .out = out, .style = style, .empty = true };
}

static void line_break(struct bark_json_writer *w)
{
    uint32_t i;
    if (w->style != BARK_JSON_PRETTY)
        return;
    bark_out_byte(w->out, '\n');
    for (i = 0; i < w->depth; i++)
        bark_out_text(w->out, "  ");
}

/* What stands before a value or name. */
static void place_take(struct bark_json_writer *w)
{
    if (!w->named) {
        if (!w->empty)
            bark_out_byte(w->out, ',');
        if (w->depth > 0)
            line_break(w);
    }
    w->named = false;
    w->empty = false;
}

void bark_json_write_open(struct bark_json_writer *w, uint8_t bracket)
{
    place_take(w);
    bark_out_byte(w->out, bracket);
    w->depth++;
    w->empty = true;
}

void bark_json_write_close(struct bark_json_writer *w, uint8_t bracket)
{
    w->depth--;
    if (!w->empty)
        line_break(w);
    bark_out_byte(w->out, bracket);
    w->empty = false;
}

void bark_json_write_literal(struct bark_json_writer *w, struct bark_slice text)
{
    place_take(w);
    bark_out_put(w->out, text.ptr, text.len);
}

void bark_json_write_start(struct bark_json_writer *w)
{
    place_take(w);
    bark_out_byte(w->out, '"');
}

/* [RFC8259 7] What must be escaped is, and so are DEL and the controls of U+0080 to U+009F, which would steer
 * a terminal that JSON is printed on; everything else is written as it is. */
static void escape_put(struct bark_out *out, uint8_t c)
{
    static const char values[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *value = c ? strchr(values, c) : NULL;
    bark_out_byte(out, '\\');
    if (value) {
        bark_out_byte(out, (uint8_t)names[value - values]);
        return;
    }
    bark_out_text(out, "u00");
    bark_out_byte(out, bark_hex_lower[c >> 4]);
    bark_out_byte(out, bark_hex_lower[c & 15]);
}

/* True at the two bytes of U+0080 to U+009F. */
static bool is_c1(struct bark_slice text, size_t at)
{
    return text.ptr[at] == 0xc2 && at + 1 < text.len && text.ptr[at + 1] < 0xa0;
}

void bark_json_write_piece(struct bark_json_writer *w, struct bark_slice text)
{
    size_t i, from = 0;
    for (i = 0; i < text.len; i++) {
        const uint8_t c = text.ptr[i];
        const bool c1 = is_c1(text, i);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !c1)
            continue;
        bark_out_put(w->out, text.ptr + from, i - from);
        i += c1; /* the second byte has the code point's bits */
        escape_put(w->out, text.ptr[i]);
        from = i + 1;
    }
    if (from < text.len)
        bark_out_put(w->out, text.ptr + from, text.len - from);
}

void bark_json_write_end(struct bark_json_writer *w)
{
    bark_out_byte(w->out, '"');
}

void bark_json_write_name_end(struct bark_json_writer *w)
{
    bark_out_text(w->out, w->style == BARK_JSON_PRETTY ? "\": " : "\":");
    w->named = true;
}

void bark_json_write_string(struct bark_json_writer *w, struct bark_slice text)
{
    bark_json_write_start(w);
    bark_json_write_piece(w, text);
    bark_json_write_end(w);
}
