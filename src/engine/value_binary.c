/* engine/value_binary.c - base64Binary and hexBinary: octets as text.
 *
 * [XSD2 3.2.16] Base64 in groups of four, spaces allowed between characters, padding only at the end and with
 * its spare bits zero: each octet sequence has one spelling apart from spaces, so nothing can hide in it.
 */
#include "base/digits.h"
#include "base/scratch.h"
#include "engine/base64.h"
#include "engine/value_kind.h"
#include "xml/chars.h"

#include <string.h>

static enum bark_code octets_alloc(const struct bark_value_call *call, size_t len, uint8_t **octets)
{
    *octets = bark_arena_room(call->scope->arena, len, 1);
    return *octets ? BARK_OK
                   : bark_value_refuse(call, BARK_ERR_MEMORY, "[R3] the octets do not fit the memory budget");
}

/* Fills octets, which have room for three a group; their number goes to *len. */
static bool groups_read(struct bark_slice text, uint8_t *octets, size_t *len)
{
    uint8_t group[4];
    size_t i, n = 0, pads = 0;
    *len = 0;
    for (i = 0; i < text.len; i++) {
        uint8_t c;
        if (n == 0 && pads == 0) {
            const size_t whole =
                bark_base64_groups((struct bark_slice){ text.ptr + i, text.len - i }, octets + *len);
            i += 4 * whole;
            *len += 3 * whole;
        }
        c = text.ptr[i];
        if (bark_xml_is_space(c))
            continue;
        if (c == '=' ? n < 2 || pads == 2 : pads > 0)
            return false; /* padding stands in the last two places, and nothing after it */
        pads += c == '=';
        group[n] = c == '=' ? 0 : bark_base64_values[c];
        if (group[n++] == BARK_BASE64_NONE)
            return false;
        if (n < 4)
            continue;
        if (!bark_base64_group(group, pads, octets + *len))
            return false;
        *len += 3 - pads;
        n = 0;
    }
    return n == 0;
}

enum bark_code bark_base64_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    struct bark_bytes *bytes = member;
    uint8_t *octets;
    struct bark_arena *arena = call->scope->arena;
    const size_t used = arena->used;
    const enum bark_code code = octets_alloc(call, text.len / 4 * 3, &octets);
    if (code != BARK_OK)
        return code;
    if (!groups_read(text, octets, &bytes->len))
        return BARK_ERR_TYPE;
    bytes->ptr = octets;
    /* Spaces need no room: what was taken for them goes back. */
    arena->used = used + (bytes->len + BARK_ALIGN - 1) / BARK_ALIGN * BARK_ALIGN;
    return BARK_OK;
}

enum bark_code bark_base64_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    enum { PIECE = 48, LARGE = 3072 }; /* octets; whole groups, so that only the last piece is padded */
    const struct bark_bytes *bytes = member;
    uint8_t room[PIECE / 3 * 4], *window;
    size_t i, len;
    (void)call;
    for (i = 0; i < bytes->len; i += len) {
        len = bytes->len - i < LARGE ? bytes->len - i : LARGE;
        window = bark_out_window(out, (len + 2) / 3 * 4);
        if (!window && len > PIECE) {
            len = PIECE;
            window = bark_out_window(out, sizeof room);
        }
        if (window)
            bark_out_take(out, bark_base64_form(window, bytes->ptr + i, len));
        else
            bark_out_put(out, room, bark_base64_form(room, bytes->ptr + i, len));
    }
    return BARK_OK;
}

enum bark_code bark_hex_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    struct bark_bytes *bytes = member;
    uint8_t *octets;
    size_t i;
    const enum bark_code code = octets_alloc(call, text.len / 2, &octets);
    if (code != BARK_OK)
        return code;
    if (text.len % 2 != 0)
        return BARK_ERR_TYPE;
    for (i = 0; i < text.len; i += 2) {
        const int high = bark_hex_value(text.ptr[i]), low = bark_hex_value(text.ptr[i + 1]);
        if (high < 0 || low < 0)
            return BARK_ERR_TYPE;
        octets[i / 2] = (uint8_t)(high << 4 | low);
    }
    bytes->ptr = octets;
    bytes->len = text.len / 2;
    return BARK_OK;
}

enum bark_code bark_hex_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    const struct bark_bytes *bytes = member;
    const uint8_t *const digits = call->form ? bark_hex_lower : bark_hex_upper;
    size_t i;
    for (i = 0; i < bytes->len; i++) {
        const uint8_t pair[2] = { digits[bytes->ptr[i] >> 4], digits[bytes->ptr[i] & 15] };
        bark_out_put(out, pair, sizeof pair); /* [XSD2 3.2.15.2] upper case is canonical */
    }
    return BARK_OK;
}

enum bark_order bark_bytes_order(enum bark_kind kind, const void *a, const void *b)
{
    const struct bark_bytes *x = a, *y = b;
    (void)kind;
    return x->len == y->len && memcmp(x->ptr, y->ptr, x->len) == 0 ? BARK_ORDER_EQUAL : BARK_ORDER_NONE;
}
