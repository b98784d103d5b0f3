/* engine/form.c - the grammar of queries, forms and paths: pairs, escapes, and values between literals.
 *
 * [RFC3986 2.1] An escape is "%" and two hex digits, and nothing else. Octets that no URI holds as they are
 * (controls, space, beyond ASCII) are refused too, in bodies as well: a client that sends them has not
 * encoded its form, and its "&" or "+" would be taken for ours.
 */
#include "engine/form.h"

#include "base/bytes.h"
#include "base/digits.h"

#include <string.h>

size_t bark_form_unescape(struct bark_slice raw, bool plus, uint8_t *room, size_t *bad)
{
    size_t len = 0, i;
    *bad = raw.len;
    for (i = 0; i < raw.len; i++) {
        const uint8_t c = raw.ptr[i];
        if (c == '%') {
            const int high = raw.len - i > 2 ? bark_hex_value(raw.ptr[i + 1]) : -1;
            const int low = raw.len - i > 2 ? bark_hex_value(raw.ptr[i + 2]) : -1;
            if (high < 0 || low < 0)
                break;
            room[len++] = (uint8_t)(high * 16 + low);
            i += 2;
        } else if (c <= ' ' || c >= 0x7f) {
            break;
        } else {
            room[len++] = c == '+' && plus ? ' ' : c;
        }
    }
    if (i < raw.len)
        *bad = i;
    return len;
}

static bool is_unreserved(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void bark_form_escape(struct bark_out *out, struct bark_slice text, uint8_t also)
{
    size_t i, from = 0;
    for (i = 0; i < text.len; i++) {
        const uint8_t c = text.ptr[i];
        if (is_unreserved(c) && c != also)
            continue;
        bark_out_put(out, text.ptr + from, i - from);
        bark_out_byte(out, '%');
        bark_out_byte(out, bark_hex_upper[c >> 4]);
        bark_out_byte(out, bark_hex_upper[c & 15]);
        from = i + 1;
    }
    bark_out_put(out, text.ptr + from, text.len - from);
}

uint16_t bark_form_field(const struct bark_image *image, uint16_t type, struct bark_slice name, uint16_t from)
{
    const struct bark_type_row *row = &image->types[type];
    uint16_t i;
    for (i = 0; i < row->count; i++) {
        const uint16_t field = (uint16_t)(row->first + ((uint32_t)(from - row->first) + i) % row->count);
        const struct bark_slice own = bark_image_name(image, image->fields[field].name);
        if (own.len == name.len && bark_bytes_equal(own.ptr, name.ptr, name.len))
            return field;
    }
    return BARK_NONE;
}

/* ---- pairs ---- */

static bool pair_next(struct bark_form_source *s, struct bark_form_pair *pair)
{
    const uint8_t *stop, *equals;
    while (s->at < s->in.len && s->in.ptr[s->at] == '&')
        s->at++;
    if (s->at >= s->in.len)
        return false;
    stop = memchr(s->in.ptr + s->at, '&', s->in.len - s->at);
    stop = stop ? stop : s->in.ptr + s->in.len;
    *pair = (struct bark_form_pair){ .name = { s->in.ptr + s->at, (size_t)(stop - s->in.ptr) - s->at },
                                     .value = { stop, 0 },
                                     .name_at = s->at };
    equals = memchr(pair->name.ptr, '=', pair->name.len);
    if (equals) {
        pair->name.len = (size_t)(equals - pair->name.ptr);
        pair->value = (struct bark_slice){ equals + 1, (size_t)(stop - equals) - 1 };
    }
    pair->value_at = (size_t)(pair->value.ptr - s->in.ptr);
    s->at = (size_t)(stop - s->in.ptr);
    return true;
}

/* ---- paths [WSDL11 4.7] ---- */

/* "(part)" at that place of the pattern: its length, 0 when it is none. */
static size_t part_at(const struct bark_form_source *s, size_t at, struct bark_slice *name)
{
    const uint8_t *const open = s->pattern.ptr + at;
    const uint8_t *close;
    if (at >= s->pattern.len || *open != '(')
        return 0;
    close = memchr(open, ')', s->pattern.len - at);
    if (!close)
        return 0;
    *name = (struct bark_slice){ open + 1, (size_t)(close - open) - 1 };
    return bark_form_field(s->image, s->type, *name, s->image->types[s->type].first) == BARK_NONE
               ? 0
               : name->len + 2;
}

/* The literal from that place of the pattern to its next part or end. */
static struct bark_slice literal_at(const struct bark_form_source *s, size_t at)
{
    struct bark_slice ignored;
    size_t end = at;
    while (end < s->pattern.len && part_at(s, end, &ignored) == 0)
        end++;
    return (struct bark_slice){ s->pattern.ptr + at, end - at };
}

static bool literal_take(struct bark_form_source *s, struct bark_slice literal)
{
    if (s->in.len - s->at < literal.len || memcmp(s->in.ptr + s->at, literal.ptr, literal.len) != 0)
        return false;
    s->at += literal.len;
    s->pattern_at += literal.len;
    return true;
}

/* How long the value at the source's place is: up to where the literal after it stands for the first time, or
 * to the end of the segment. */
static size_t value_len(const struct bark_form_source *s, struct bark_slice literal)
{
    const size_t left = s->in.len - s->at;
    size_t len = 0;
    for (; len < left; len++) {
        const uint8_t *const at = s->in.ptr + s->at + len;
        if (literal.len && left - len >= literal.len && memcmp(at, literal.ptr, literal.len) == 0)
            break;
        if (*at == '/')
            break;
    }
    return len;
}

static bool path_next(struct bark_form_source *s, struct bark_form_pair *pair)
{
    struct bark_slice name, literal;
    size_t part;
    if (s->broken)
        return false;
    s->broken = !literal_take(s, literal_at(s, s->pattern_at));
    part = s->broken ? 0 : part_at(s, s->pattern_at, &name);
    if (part == 0) {
        s->broken |= s->at != s->in.len;
        return false;
    }
    s->pattern_at += part;
    literal = literal_at(s, s->pattern_at);
    *pair = (struct bark_form_pair){ .name = name, .name_at = s->at, .value_at = s->at };
    pair->value = (struct bark_slice){ s->in.ptr + s->at, value_len(s, literal) };
    s->at += pair->value.len;
    return true;
}

static bool part_next(struct bark_form_source *s, struct bark_form_pair *pair)
{
    if (s->at >= s->part_count)
        return false;
    *pair = s->parts[s->at++];
    return true;
}

bool bark_form_next(struct bark_form_source *s, struct bark_form_pair *pair)
{
    if (s->parts)
        return part_next(s, pair);
    return s->pattern.ptr ? path_next(s, pair) : pair_next(s, pair);
}
