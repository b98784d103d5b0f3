/* tests/json/json_verdict.c - reads JSON texts, one a line as hexadecimal digits, and answers a line for
 * each: "-" when the reader refuses it, else "+" and the text as the writer writes its events, compact.
 */
#include "json/reader.h"
#include "json/writer.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 1 << 16 };

static char line[LINE_BYTES];
static uint8_t text[LINE_BYTES], copy[4 * LINE_BYTES];
static _Alignas(BARK_ALIGN) uint8_t memory[4 * LINE_BYTES];

static const char digits[] = "0123456789abcdef";

static const char *digit(char c)
{
    return c ? strchr(digits, c) : NULL;
}

/* The bytes of a line; its length. */
static size_t line_bytes(void)
{
    size_t len = 0;
    for (;;) {
        const char *high = digit(line[2 * len]), *low = high ? digit(line[2 * len + 1]) : NULL;
        if (!low)
            return len;
        text[len++] = (uint8_t)((high - digits) * 16 + (low - digits));
    }
}

static void event_write(struct bark_json_writer *w, const struct bark_json_event *ev, struct bark_slice value)
{
    switch (ev->kind) {
    case BARK_JSON_OBJECT:
        bark_json_write_open(w, '{');
        break;
    case BARK_JSON_ARRAY:
        bark_json_write_open(w, '[');
        break;
    case BARK_JSON_OBJECT_END:
        bark_json_write_close(w, '}');
        break;
    case BARK_JSON_ARRAY_END:
        bark_json_write_close(w, ']');
        break;
    case BARK_JSON_NAME:
        bark_json_write_start(w);
        bark_json_write_piece(w, value);
        bark_json_write_name_end(w);
        break;
    case BARK_JSON_STRING:
        bark_json_write_string(w, value);
        break;
    case BARK_JSON_NUMBER:
    case BARK_JSON_TRUE:
    case BARK_JSON_FALSE:
    case BARK_JSON_NULL:
        bark_json_write_literal(w, value);
        break;
    case BARK_JSON_EOF:
        break;
    }
}

static enum bark_code text_judge(size_t len, struct bark_out *out)
{
    struct bark_json_event ev = { .kind = BARK_JSON_NULL };
    struct bark_json_writer w;
    struct bark_json_reader r;
    struct bark_arena arena;
    struct bark_error err = { 0 };
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_json_writer_init(&w, out, BARK_JSON_COMPACT);
    code = bark_json_open(&r, (struct bark_slice){ text, len }, &bark_limits_server, &arena, &err);
    while (code == BARK_OK && ev.kind != BARK_JSON_EOF) {
        struct bark_slice value = { NULL, 0 };
        code = bark_json_next(&r, &ev);
        if (code == BARK_OK)
            code = bark_json_text(&r, &ev, &value);
        if (code == BARK_OK)
            event_write(&w, &ev, value);
    }
    return code;
}

int main(void)
{
    while (fgets(line, sizeof line, stdin)) {
        struct bark_out out;
        bark_out_init(&out, copy, sizeof copy);
        if (text_judge(line_bytes(), &out) == BARK_OK && bark_out_ok(&out))
            printf("+%.*s\n", (int)out.pos, (const char *)copy);
        else
            puts("-");
    }
    return 0;
}
