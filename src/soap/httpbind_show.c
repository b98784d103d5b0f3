/* soap/httpbind_show.c - what of a request by an HTTP binding, and of its answer, may be shown: as
 * soap/redact.c does it for XML.
 *
 * The rows say what a parameter is: one whose name they do not know, or call secret anywhere, keeps its name
 * and loses its value. Names and values stay escaped as they came, so that no octet of them can end a line.
 * An answer that is one value becomes one line too: what has no place in a line is "*", any text.
 */
#include "soap/httpbind.h"

#include "base/bytes.h"
#include "base/scratch.h"
#include "base/slice.h"
#include "engine/form.h"
#include "soap/redact.h"

#include <string.h>

/* Any member of that name being secret, all are. */
static bool name_is_secret(const struct bark_image *image, struct bark_slice name)
{
    for (uint32_t i = 0; i < image->field_count; i++) {
        const struct bark_field_row *f = &image->fields[i];
        if ((bark_field_bits(image, f) & BARK_F_SECRET) && bark_field_kind(image, f) == BARK_FIELD_ELEMENT &&
            bark_slice_equal(bark_image_name(image, f->name), name))
            return true;
    }
    return false;
}

static bool pair_shows(const struct bark_image *image, uint16_t type, const struct bark_form_pair *pair,
                       bool path, struct bark_arena *arena)
{
    const size_t mark = bark_scratch_mark(arena);
    struct bark_slice name = pair->name;
    size_t bad = name.len;
    bool shows;
    if (!path) {
        uint8_t *room = bark_scratch_room(arena, name.len + 1);
        if (!room)
            return false;
        name = (struct bark_slice){ room, bark_form_unescape(pair->name, true, room, &bad) };
    }
    shows = bad == pair->name.len &&
            bark_form_field(image, type, name, image->types[type].first) != BARK_NONE &&
            !name_is_secret(image, name);
    bark_scratch_pop(arena, mark);
    return shows;
}

/* Parameters: what stands between the values stays as it is. */
static bool pairs_put(const struct bark_image *image, uint16_t row, struct bark_slice pattern,
                      struct bark_slice in, const char *placeholder, struct bark_arena *arena,
                      struct bark_out *out)
{
    const uint16_t input = image->operations[image->https[row].operation].input;
    struct bark_form_source s = { .image = image, .in = in, .pattern = pattern };
    struct bark_form_pair pair;
    size_t from = 0;
    if (in.len == 0)
        return true;
    if (input == BARK_NONE)
        return false; /* nobody knows what that is */
    s.type = bark_root_type(image, input);
    while (bark_form_next(&s, &pair)) {
        if (pair_shows(image, s.type, &pair, pattern.ptr != NULL, arena))
            continue;
        bark_out_put(out, in.ptr + from, pair.value_at - from);
        bark_out_text(out, placeholder);
        from = pair.value_at + pair.value.len;
    }
    bark_out_put(out, in.ptr + from, in.len - from);
    return !s.broken;
}

bool bark_http_show_target(const struct bark_image *image, uint16_t row,
                           const struct bark_http_target *target, const char *placeholder,
                           struct bark_arena *arena, struct bark_out *out)
{
    static const struct bark_slice none = { NULL, 0 };
    const bool replaced = bark_http_replaces(image, row);
    const struct bark_slice tail = { target->path.ptr + target->base, target->path.len - target->base };
    bark_out_put(out, target->path.ptr, replaced ? target->base : target->path.len);
    if (replaced && !pairs_put(image, row, bark_http_location(image, row), tail, placeholder, arena, out))
        return false;
    if (!target->query.ptr)
        return true;
    bark_out_byte(out, '?');
    return pairs_put(image, row, none, target->query, placeholder, arena, out);
}

bool bark_http_show_body(const struct bark_image *image, uint16_t row, struct bark_slice body,
                         const char *placeholder, const struct bark_limits *limits, struct bark_arena *arena,
                         struct bark_out *out)
{
    static const struct bark_slice none = { NULL, 0 };
    if (image->https[row].flags & (BARK_HTTP_PARTS | BARK_HTTP_RELATED))
        return false; /* octets have no place in a case, which is lines of text */
    if (image->https[row].flags & BARK_HTTP_XML)
        return bark_redact_write(image, body, placeholder, limits, arena, out);
    return pairs_put(image, row, none, body, placeholder, arena, out);
}

/* The answer's one member, when it may be shown and is a text. */
static bool value_shows(const struct bark_image *image, uint16_t output)
{
    const struct bark_field_row *f = &image->fields[image->types[bark_root_type(image, output)].first];
    const uint8_t kind = image->types[f->type].kind;
    return kind != BARK_KIND_BASE64 && kind != BARK_KIND_HEX &&
           !name_is_secret(image, bark_image_name(image, f->name));
}

/* One line of a case: no control characters, no indentation, and not the line that ends it. */
static void line_put(struct bark_slice text, struct bark_out *out)
{
    const bool ends = text.len >= 3 && memcmp(text.ptr, "end", 3) == 0;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.ptr[i];
        bark_out_byte(out, c < ' ' || c == 0x7f || (i == 0 && (c == ' ' || ends)) ? '*' : c);
    }
}

bool bark_http_show_answer(const struct bark_image *image, uint16_t row, struct bark_slice answer,
                           bool is_fault, const struct bark_limits *limits, struct bark_arena *arena,
                           struct bark_out *out)
{
    const uint16_t output = bark_operation_output(image, image->https[row].operation);
    if (answer.len == 0)
        return true;
    if (is_fault || output == BARK_NONE || (image->https[row].flags & BARK_HTTP_ANSWER_RELATED)) {
        bark_out_byte(out, '*'); /* what a fault says in words; parts have no place in a line */
        return bark_out_ok(out);
    }
    if (!(image->https[row].flags & BARK_HTTP_CONTENT))
        return bark_redact_write(image, answer, "*", limits, arena, out);
    if (value_shows(image, output))
        line_put(answer, out);
    else
        bark_out_byte(out, '*');
    return bark_out_ok(out);
}
