/* engine/sink_octets.c - base64 and hexadecimal digits that come in pieces, made octets where they stand.
 *
 * Octets are fewer than their digits, so those of a piece fit into its own bytes. Only the digits that a
 * piece leaves over, and that its next one completes, have no place there: their octets go to a room of their
 * own, and are handed over first. The forms are those of value_binary.c.
 */
#include "base/digits.h"
#include "engine/base64.h"
#include "engine/sink.h"
#include "xml/chars.h"

/* Where the next octets go; those of digits that were left over do not fit in place. */
static uint8_t *place_of(struct bark_sink_octets *out, uint8_t *text, bool carried, size_t count)
{
    if (!carried) {
        out->len += count;
        return text + out->len - count;
    }
    out->own_len = count;
    return out->own;
}

/* [XSD2 3.2.15] Pairs of digits, nothing between them. */
static bool hex_take(struct bark_sink_value *v, uint8_t *text, size_t len, struct bark_sink_octets *out)
{
    bool carried = v->in_group > 0;
    size_t i;
    for (i = 0; i < len; i++) {
        const int digit = bark_hex_value(text[i]);
        if (digit < 0)
            return false;
        v->group[v->in_group++] = (uint8_t)digit;
        if (v->in_group < 2)
            continue;
        *place_of(out, text, carried, 1) = (uint8_t)(v->group[0] << 4 | v->group[1]);
        carried = false;
        v->in_group = 0;
    }
    return true;
}

/* [XSD2 3.2.16] Groups of four; padding stands in the last two places, and nothing after it. */
static bool base64_take(struct bark_sink_value *v, uint8_t *text, size_t len, struct bark_sink_octets *out)
{
    bool carried = v->in_group > 0;
    size_t i;
    for (i = 0; i < len; i++) {
        uint8_t c;
        if (v->in_group == 0 && v->pads == 0) {
            const size_t whole =
                bark_base64_groups((struct bark_slice){ text + i, len - i }, text + out->len);
            i += 4 * whole;
            out->len += 3 * whole;
        }
        c = text[i];
        if (bark_xml_is_space(c))
            continue;
        if (c == '=' ? v->in_group < 2 || v->pads == 2 : v->pads > 0)
            return false;
        v->pads = (uint8_t)(v->pads + (c == '='));
        v->group[v->in_group] = c == '=' ? 0 : bark_base64_values[c];
        if (v->group[v->in_group++] == BARK_BASE64_NONE)
            return false;
        if (v->in_group < 4)
            continue;
        v->in_group = 0;
        if (!bark_base64_group(v->group, v->pads, place_of(out, text, carried, 3U - v->pads)))
            return false;
        carried = false;
    }
    return true;
}

void bark_sink_octets(struct bark_sink_value *v, uint8_t *text, size_t len, struct bark_sink_octets *out)
{
    *out = (struct bark_sink_octets){ .len = 0 };
    if (v->type->kind == BARK_KIND_HEX ? !hex_take(v, text, len, out) : !base64_take(v, text, len, out)) {
        v->wrong = true;
        *out = (struct bark_sink_octets){ .len = 0 };
    }
}
