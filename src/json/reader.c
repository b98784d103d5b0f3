/* json/reader.c - the JSON tokenizer and the grammar around it.
 *
 * The grammar needs one state and one bit for each open object or array. Everything outside strings is ASCII;
 * UTF-8 is validated inside strings, where alone it may stand.
 *
 * The input may be a window (json/window.h), that gets more bytes later. A name, number or literal that is
 * not whole in it is left alone, and the call is made again; r->known says how much of it was looked at, so
 * that bytes that come one by one cost no more than all at once [R7]. Strings that are values come in pieces.
 */
#include "json/reader.h"

#include "base/digits.h"
#include "base/report.h"
#include "base/scratch.h"
#include "base/utf8.h"
#include "json/window.h"

#include <string.h>

enum {
    CHARACTER_BYTES = 12, /* of the longest, an escaped pair */
    LITERAL_BYTES = 5
};

static const char name_rule[] = "[RFC8259 4] a name in quotes is wanted here",
                  colon_rule[] = "[RFC8259 4] a colon follows a name";

static size_t offset_of(const struct bark_json_reader *r, const uint8_t *at)
{
    return r->before + (size_t)(at - r->begin);
}

/* Whether more bytes may come behind the last one. */
static bool may_grow(const struct bark_json_reader *r)
{
    return BARK_HAS_WINDOW && r->grows;
}

void bark_json_place_report(const struct bark_json_reader *r, size_t at)
{
    if (bark_json_windowed(r))
        r->window->ops->place(r, at);
    else
        bark_report_place(r->err, r->begin, at);
}

enum bark_code(bark_json_fail)(struct bark_json_reader *r, enum bark_code code, size_t at, const char *rule)
{
    if (!r->err || r->err->code != BARK_OK)
        return code;
    bark_json_place_report(r, at);
    return bark_fail(r->err, code, at, rule);
}

static enum bark_code fail_here(struct bark_json_reader *r, enum bark_code code, const uint8_t *at,
                                const char *rule)
{
    return bark_json_fail(r, code, offset_of(r, at), rule);
}

enum bark_code bark_json_open(struct bark_json_reader *r, struct bark_slice in,
                              const struct bark_limits *limits, struct bark_arena *arena,
                              struct bark_error *err)
{
    const uint8_t *begin = in.ptr ? in.ptr : (const uint8_t *)"";
    *r = (struct bark_json_reader){ .begin = begin,
                                    .at = begin,
                                    .end = begin + in.len,
                                    .limits = limits,
                                    .arena = arena,
                                    .err = err,
                                    .plain = true };
    r->open = bark_arena_alloc(arena, (size_t)limits->depth / 8 + 1, 1);
    if (!r->open)
        return bark_json_fail(r, BARK_ERR_MEMORY, 0,
                              "the memory budget has no room for the stack of a JSON text");
    return BARK_OK;
}

static void space_skip(struct bark_json_reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool in_object(const struct bark_json_reader *r)
{
    return r->depth > 0 && (r->open[(r->depth - 1) / 8] >> (r->depth - 1) % 8 & 1) != 0;
}

static enum bark_code container_open(struct bark_json_reader *r, struct bark_json_event *ev, bool object)
{
    uint8_t *bits;
    if (r->depth >= r->limits->depth)
        return fail_here(r, BARK_ERR_LIMIT, r->at, "limits.depth: objects and arrays are nested too deep");
    bits = &r->open[r->depth / 8];
    *bits = (uint8_t)((*bits & ~(1u << r->depth % 8)) | (unsigned)object << r->depth % 8);
    r->depth++;
    r->at++;
    r->state = object ? BARK_JSON_WANT_NAME_OR_END : BARK_JSON_WANT_VALUE_OR_END;
    ev->kind = object ? BARK_JSON_OBJECT : BARK_JSON_ARRAY;
    return BARK_OK;
}

static enum bark_code container_close(struct bark_json_reader *r, struct bark_json_event *ev)
{
    ev->kind = in_object(r) ? BARK_JSON_OBJECT_END : BARK_JSON_ARRAY_END;
    r->depth--;
    r->at++;
    r->state = BARK_JSON_WANT_COMMA_OR_END;
    return BARK_OK;
}

/* Four hexadecimal digits at `at`; false when there are none before end. */
static bool hex4_take(const uint8_t *at, const uint8_t *end, uint32_t *unit)
{
    size_t i;
    if ((size_t)(end - at) < 4)
        return false;
    *unit = 0;
    for (i = 0; i < 4; i++) {
        const int digit = bark_hex_value(at[i]);
        if (digit < 0)
            return false;
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* [RFC8259 7] The escape whose backslash is at `at`: its code point and its length, 0 when it is none. A
 * surrogate counts only as half of a pair [RFC8259 8.2]. */
static size_t escape_take(const uint8_t *at, const uint8_t *end, uint32_t *point)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *name;
    uint32_t low;
    if (end - at < 2)
        return 0;
    if (at[1] != 'u') {
        name = at[1] ? strchr(names, at[1]) : NULL;
        *point = name ? (uint8_t)values[name - names] : 0;
        return name ? 2 : 0;
    }
    if (!hex4_take(at + 2, end, point) || is_low(*point))
        return 0;
    if (!is_high(*point))
        return 6;
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u' || !hex4_take(at + 8, end, &low) || !is_low(low))
        return 0;
    *point = 0x10000 + ((*point - 0xd800) << 10 | (low - 0xdc00));
    return 12;
}

/* Takes one character of a string, escaped or not. */
static enum bark_code character_take(struct bark_json_reader *r, bool *plain)
{
    uint32_t point;
    size_t len;
    if (*r->at == '\\') {
        *plain = false;
        len = escape_take(r->at, r->end, &point);
        if (len == 0)
            return fail_here(r, BARK_ERR_JSON, r->at,
                             "[RFC8259 7] an escape is one of the eight or \\uXXXX, pairs whole");
    } else if (*r->at < 0x20) {
        return fail_here(r, BARK_ERR_JSON, r->at, "[RFC8259 7] control characters are escaped in strings");
    } else {
        len = bark_utf8_take(r->at, r->end, &point);
        if (len == 0)
            return fail_here(r, BARK_ERR_UTF8, r->at, "[RFC8259 8.1] JSON text is UTF-8");
    }
    r->at += len;
    return BARK_OK;
}

/* Takes characters of a string that begins at that offset, up to its quote, the end, or (in a window) one
 * that may not be whole. *len: bytes so far. */
static enum bark_code characters_take(struct bark_json_reader *r, size_t start, size_t *len, bool *plain,
                                      uint32_t bytes_max, const char *limit)
{
    while (r->at < r->end && *r->at != '"') {
        const uint8_t *const from = r->at;
        enum bark_code code;
        if (may_grow(r) && (size_t)(r->end - from) < CHARACTER_BYTES && (*from == '\\' || *from >= 0x80))
            break;
        code = character_take(r, plain);
        if (code != BARK_OK)
            return code;
        *len += (size_t)(r->at - from);
        if (*len > bytes_max)
            return bark_json_fail(r, BARK_ERR_LIMIT, start, limit);
    }
    if (r->at == r->end && !may_grow(r))
        return fail_here(r, BARK_ERR_JSON, r->at, "[RFC8259 7] the text ends inside a string");
    return r->at < r->end && *r->at == '"' ? BARK_OK : BARK_MORE;
}

/* The name whose quote is at r->at. */
static enum bark_code name_read(struct bark_json_reader *r, struct bark_json_event *ev)
{
    const uint8_t *const quote = r->at, *const start = quote + 1;
    size_t len = r->known;
    enum bark_code code;
    r->at = start + len;
    code = characters_take(r, offset_of(r, start), &len, &r->plain, r->limits->name_bytes,
                           "limits.name_bytes: a name is too long");
    r->known = 0;
    if (code == BARK_MORE) {
        r->known = len;
        r->at = quote;
    }
    if (code != BARK_OK)
        return code;
    ev->kind = BARK_JSON_NAME;
    ev->raw = (struct bark_slice){ start, len };
    ev->plain = r->plain;
    r->at++;
    r->plain = true;
    r->state = BARK_JSON_WANT_COLON;
    return BARK_OK;
}

/* The string that is a value; r->at is at its quote, or in a window inside it. */
static enum bark_code string_read(struct bark_json_reader *r, struct bark_json_event *ev)
{
    const uint8_t *const from = r->at + !r->inside;
    const size_t start = r->inside ? r->string : offset_of(r, from);
    size_t len = r->inside ? r->known : 0;
    enum bark_code code;
    r->at = from;
    r->string = start;
    code = characters_take(r, start, &len, &r->plain, r->limits->text_bytes,
                           "limits.text_bytes: a string is too long");
    r->known = len;
    if (code != BARK_OK && code != BARK_MORE)
        return code;
    ev->kind = BARK_JSON_STRING;
    ev->offset = start - 1;
    ev->plain = r->plain;
    ev->raw = (struct bark_slice){ from, (size_t)(r->at - from) };
    if (BARK_HAS_WINDOW && (code == BARK_MORE || r->inside)) {
        const enum bark_code taken = r->window->ops->piece(r, ev, code == BARK_OK);
        code = taken == BARK_OK ? code : taken;
    }
    r->inside = code == BARK_MORE;
    if (code != BARK_OK)
        return code;
    r->at++;
    r->known = 0;
    r->plain = true;
    r->state = BARK_JSON_WANT_COMMA_OR_END;
    return BARK_OK;
}

static const uint8_t *digits_skip(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* [RFC8259 6] The end of the number at `at`, or NULL. */
static const uint8_t *number_end(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *start;
    if (at < end && *at == '-')
        at++;
    start = at;
    at = digits_skip(at, end);
    if (at == start || (*start == '0' && at - start > 1))
        return NULL;
    if (at < end && *at == '.') {
        start = ++at;
        at = digits_skip(at, end);
        if (at == start)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        start = at;
        at = digits_skip(at, end);
        if (at == start)
            return NULL;
    }
    return at;
}

bool bark_json_is_number(struct bark_slice text)
{
    return text.len > 0 && number_end(text.ptr, text.ptr + text.len) == text.ptr + text.len;
}

/* Whether the number at r->at may go on behind the end of the window. */
static bool number_open(struct bark_json_reader *r)
{
    const uint8_t *at = r->at + r->known;
    while (at < r->end &&
           ((*at >= '0' && *at <= '9') || *at == '.' || *at == '-' || *at == '+' || (*at | 0x20) == 'e'))
        at++;
    r->known = at == r->end ? (size_t)(at - r->at) : 0;
    return at == r->end;
}

static enum bark_code number_read(struct bark_json_reader *r, struct bark_json_event *ev)
{
    const uint8_t *end;
    if (may_grow(r) && number_open(r))
        return BARK_MORE;
    r->known = 0;
    end = number_end(r->at, r->end);
    if (!end)
        return fail_here(r, BARK_ERR_JSON, r->at,
                         "[RFC8259 6] a number has digits, no leading zero, and digits after '.' and 'e'");
    if ((size_t)(end - r->at) > r->limits->text_bytes)
        return fail_here(r, BARK_ERR_LIMIT, r->at, "limits.text_bytes: a number is too long");
    ev->kind = BARK_JSON_NUMBER;
    ev->raw = (struct bark_slice){ r->at, (size_t)(end - r->at) };
    r->at = end;
    r->values++;
    r->state = BARK_JSON_WANT_COMMA_OR_END;
    return BARK_OK;
}

static enum bark_code literal_read(struct bark_json_reader *r, struct bark_json_event *ev)
{
    static const struct {
        const char *text;
        size_t len;
        enum bark_json_kind kind;
    } literals[] = { { "true", 4, BARK_JSON_TRUE },
                     { "false", 5, BARK_JSON_FALSE },
                     { "null", 4, BARK_JSON_NULL } };
    size_t i;
    if (may_grow(r) && r->end - r->at < LITERAL_BYTES)
        return BARK_MORE;
    for (i = 0; i < sizeof literals / sizeof *literals; i++) {
        if ((size_t)(r->end - r->at) >= literals[i].len &&
            memcmp(r->at, literals[i].text, literals[i].len) == 0) {
            ev->kind = literals[i].kind;
            ev->raw = (struct bark_slice){ r->at, literals[i].len };
            r->at += literals[i].len;
            r->values++;
            r->state = BARK_JSON_WANT_COMMA_OR_END;
            return BARK_OK;
        }
    }
    return fail_here(r, BARK_ERR_JSON, r->at, "[RFC8259 3] a value is wanted here");
}

static enum bark_code value_read(struct bark_json_reader *r, struct bark_json_event *ev)
{
    if (r->values >= r->limits->elements)
        return fail_here(r, BARK_ERR_LIMIT, r->at, "limits.elements: the text has too many values");
    if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9'))
        return number_read(r, ev);
    if (*r->at != '{' && *r->at != '[' && *r->at != '"')
        return literal_read(r, ev);
    r->values++;
    return *r->at == '"' ? string_read(r, ev) : container_open(r, ev, *r->at == '{');
}

/* What the state asks for is not there, nor anything else. */
static enum bark_code end_read(struct bark_json_reader *r, struct bark_json_event *ev)
{
    const char *rule = "[RFC8259 2] the text ends inside an object or array";
    if (may_grow(r))
        return BARK_MORE;
    ev->kind = BARK_JSON_EOF;
    if (r->depth == 0 && r->state == BARK_JSON_WANT_COMMA_OR_END)
        return BARK_OK;
    if (r->state == BARK_JSON_WANT_NAME)
        rule = name_rule;
    else if (r->state == BARK_JSON_WANT_COLON)
        rule = colon_rule;
    else if (r->depth == 0)
        rule = "[RFC8259 2] a JSON text is one value";
    return fail_here(r, BARK_ERR_JSON, r->at, rule);
}

/* After a value: *read says whether an event came of it; else a comma did. */
static enum bark_code after_value(struct bark_json_reader *r, struct bark_json_event *ev, bool *read)
{
    const bool object = in_object(r);
    *read = true;
    if (r->depth == 0)
        return fail_here(r, BARK_ERR_JSON, r->at, "[RFC8259 2] nothing follows the value");
    if (*r->at == (object ? '}' : ']'))
        return container_close(r, ev);
    if (*r->at != ',')
        return fail_here(r, BARK_ERR_JSON, r->at,
                         "[RFC8259 4, 5] a comma or the end of the object or array is wanted");
    r->at++;
    r->state = object ? BARK_JSON_WANT_NAME : BARK_JSON_WANT_VALUE;
    *read = false;
    return BARK_OK;
}

/* What stands at r->at; *read as above. */
static enum bark_code token_read(struct bark_json_reader *r, struct bark_json_event *ev, bool *read)
{
    *read = true;
    switch (r->state) {
    case BARK_JSON_WANT_VALUE:
        break;
    case BARK_JSON_WANT_VALUE_OR_END:
        if (*r->at == ']')
            return container_close(r, ev);
        break;
    case BARK_JSON_WANT_NAME:
    case BARK_JSON_WANT_NAME_OR_END:
        if (*r->at == '"')
            return name_read(r, ev);
        if (*r->at == '}' && r->state == BARK_JSON_WANT_NAME_OR_END)
            return container_close(r, ev);
        return fail_here(r, BARK_ERR_JSON, r->at, name_rule);
    case BARK_JSON_WANT_COLON:
        if (*r->at != ':')
            return fail_here(r, BARK_ERR_JSON, r->at, colon_rule);
        r->at++;
        r->state = BARK_JSON_WANT_VALUE;
        *read = false;
        return BARK_OK;
    case BARK_JSON_WANT_COMMA_OR_END:
        return after_value(r, ev, read);
    }
    return value_read(r, ev);
}

enum bark_code bark_json_next(struct bark_json_reader *r, struct bark_json_event *ev)
{
    enum bark_code code = BARK_OK;
    bool read = false;
    *ev = (struct bark_json_event){ .plain = true };
    if (BARK_HAS_WINDOW && r->inside)
        return string_read(r, ev);
    while (code == BARK_OK && !read) {
        space_skip(r);
        ev->offset = offset_of(r, r->at);
        if (r->at == r->end)
            return end_read(r, ev);
        code = token_read(r, ev, &read);
    }
    return code;
}

/* UTF-8 of a code point that escape_take() gave; bytes written. */
static size_t utf8_put(uint32_t point, uint8_t *to)
{
    if (point < 0x80) {
        to[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (uint8_t)(0xc0 | point >> 6);
        to[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        to[0] = (uint8_t)(0xe0 | point >> 12);
        to[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        to[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    to[0] = (uint8_t)(0xf0 | point >> 18);
    to[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    to[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    to[3] = (uint8_t)(0x80 | (point & 0x3f));
    return 4;
}

/* Resolves the escapes of raw; to may be raw's own bytes, as what they stand for is shorter. How many bytes.
 */
size_t bark_json_flatten(struct bark_slice raw, uint8_t *to)
{
    const uint8_t *at = raw.ptr, *const end = raw.ptr + raw.len;
    size_t len = 0;
    while (at < end) {
        uint32_t point = 0;
        if (*at != '\\') {
            to[len++] = *at++;
            continue;
        }
        at += escape_take(at, end, &point); /* never 0: the string was read before */
        len += utf8_put(point, to + len);
    }
    return len;
}

enum bark_code bark_json_text(struct bark_json_reader *r, const struct bark_json_event *ev,
                              struct bark_slice *text)
{
    const size_t used = r->arena->used;
    uint8_t *copy;
    *text = ev->raw;
    r->room = (struct bark_slice){ NULL, 0 };
    if (ev->kept)
        r->room = (struct bark_slice){ ev->raw.ptr, (ev->raw.len + BARK_ALIGN) & ~(size_t)(BARK_ALIGN - 1) };
    if (ev->plain)
        return BARK_OK;
    copy = bark_arena_room(r->arena, ev->raw.len + 1, 1); /* an escape is longer than what it stands for */
    if (!copy) {
        *text = (struct bark_slice){ NULL, 0 };
        return bark_json_fail(r, BARK_ERR_MEMORY, ev->offset, "the memory budget has no room for a string");
    }
    r->room = (struct bark_slice){ copy, r->arena->used - used };
    *text = (struct bark_slice){ copy, bark_json_flatten(ev->raw, copy) };
    return BARK_OK;
}

const void *bark_json_settle(struct bark_json_reader *r, const void *block)
{
    struct bark_arena *a = r->arena;
    uint8_t *const top = a->base + a->used, *to;
    const uint8_t *const behind = r->room.ptr ? r->room.ptr + r->room.len : NULL;
    if (!behind || (behind != top && behind != block))
        return block;
    a->used -= r->room.len;
    to = a->base + a->used - (size_t)(top - behind);
    memmove(to, behind, (size_t)(top - behind));
    r->room.ptr = NULL;
    return behind == block ? to : block;
}
