/* engine/value_white.c - the whiteSpace facet. [XSD2 4.3.6]
 *
 * It is the one facet that changes a value instead of judging it, so it runs before everything else: replace
 * turns tabs and line ends into spaces; collapse also trims and makes runs of spaces one.
 */
#include "base/bytes.h"
#include "engine/value_kind.h"
#include "xml/chars.h"

#include <string.h>

enum bark_white bark_white_of(const struct bark_image *image, const struct bark_type_row *type)
{
    uint8_t white = bark_kind_row((enum bark_kind)type->kind)->white;
    uint16_t i;
    if (type->flags & BARK_TYPE_PLAIN)
        return (enum bark_white)white;
    for (i = 0; i < type->presence; i++) {
        const struct bark_facet_row *facet = &image->facets[type->extra + i];
        if (facet->kind == BARK_FACET_WHITESPACE && facet->value > white)
            white = (uint8_t)facet->value; /* a restriction may only do more [XSD2 4.3.6.4] */
    }
    return (enum bark_white)white;
}

static struct bark_slice trim(struct bark_slice text)
{
    while (text.len > 0 && bark_xml_is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && bark_xml_is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

#ifndef BARK_COMPACT

/* No byte of the word is 0x20 or less. */
static bool no_space(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return ((word - ones * 0x21) & ~word & ones << 7) == 0;
}

#endif

bool bark_white_done(enum bark_white white, struct bark_slice text)
{
    size_t i = 0;
    bool before = true; /* a space stands before, or the start */
    if (white == BARK_WHITE_PRESERVE)
        return true;
#ifndef BARK_COMPACT
    for (; text.len - i >= sizeof(uint64_t) && no_space(bark_word_at(text.ptr + i)); i += sizeof(uint64_t))
        before = false;
    if (i > 0 && text.len - i < sizeof(uint64_t) &&
        no_space(bark_word_at(text.ptr + (text.len - sizeof(uint64_t)))))
        return true; /* nor in the last ones, together with some that were seen */
#endif
    for (; i < text.len; i++) {
        const uint8_t c = text.ptr[i];
        if (c == '\t' || c == '\n' || c == '\r')
            return false;
        if (white == BARK_WHITE_COLLAPSE && c == ' ' && before)
            return false;
        before = c == ' ';
    }
    return white == BARK_WHITE_REPLACE || text.len == 0 || !before;
}

enum bark_code bark_white_apply(const struct bark_value_call *call, struct bark_slice *text)
{
    const enum bark_white white = bark_white_of(call->scope->image, call->type);
    size_t i, len = 0;
    char *copy;
    if (white == BARK_WHITE_COLLAPSE)
        *text = trim(*text);
    /* No form of these kinds has a space inside but base64, which passes over it: trimmed is enough, unless a
     * pattern looks at the text. */
    if (call->type->flags & BARK_TYPE_PLAIN && call->type->kind >= BARK_KIND_BOOLEAN)
        return BARK_OK;
    if (bark_white_done(white, *text))
        return BARK_OK;
    copy = bark_arena_text(call->scope->arena, text->ptr, text->len);
    if (!copy)
        return bark_value_refuse(call, BARK_ERR_MEMORY, "[R3] the text does not fit the memory budget");
    for (i = 0; i < text->len; i++) {
        const bool space = bark_xml_is_space(text->ptr[i]);
        if (space && white == BARK_WHITE_COLLAPSE && copy[len - 1] == ' ')
            continue; /* len > 0: the text was trimmed */
        copy[len++] = space ? ' ' : (char)text->ptr[i];
    }
    copy[len] = '\0';
    *text = (struct bark_slice){ (const uint8_t *)copy, len };
    return BARK_OK;
}

bool bark_white_item(struct bark_slice *text, struct bark_slice *item)
{
    *text = trim(*text);
    *item = (struct bark_slice){ text->ptr, 0 };
    while (item->len < text->len && !bark_xml_is_space(item->ptr[item->len]))
        item->len++;
    text->len -= item->len;
    text->ptr = item->len ? text->ptr + item->len : text->ptr;
    return item->len > 0;
}
