/* xml/chars.c - the character classes of XML 1.0. */
#include "xml/chars.h"

#include "base/utf8.h"

#include <string.h>

struct range {
    uint32_t first, last;
};

/* [XML1 2.3] NameStartChar beyond ASCII. */
static const struct range start_ranges[] = {
    { 0xc0, 0xd6 },     { 0xd8, 0xf6 },     { 0xf8, 0x2ff },    { 0x370, 0x37d },
    { 0x37f, 0x1fff },  { 0x200c, 0x200d }, { 0x2070, 0x218f }, { 0x2c00, 0x2fef },
    { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf }, { 0xfdf0, 0xfffd }, { 0x10000, 0xeffff },
};

static bool is_letter(uint32_t point)
{
    return (point | 0x20) >= 'a' && (point | 0x20) <= 'z';
}

bool bark_xml_is_name_start(uint32_t point)
{
    size_t i;
    if (point < 0x80)
        return is_letter(point) || point == '_' || point == ':';
    for (i = 0; i < sizeof start_ranges / sizeof *start_ranges; i++)
        if (point <= start_ranges[i].last)
            return point >= start_ranges[i].first;
    return false;
}

bool bark_xml_is_name_char(uint32_t point)
{
    if (point < 0x80)
        return is_letter(point) || (point >= '0' && point <= '9') || point == '_' || point == ':' ||
               point == '-' || point == '.';
    return point == 0xb7 || (point >= 0x300 && point <= 0x36f) || point == 0x203f || point == 0x2040 ||
           bark_xml_is_name_start(point);
}

bool bark_xml_is_name(struct bark_slice text, enum bark_xml_name_form form)
{
    const uint8_t *at = text.ptr, *const end = text.ptr + text.len;
    bool first = form != BARK_XML_NMTOKEN;
    if (text.len == 0)
        return false;
    while (at < end) {
        uint32_t point;
        const size_t len = bark_utf8_take(at, end, &point);
        if (len == 0 || !(first ? bark_xml_is_name_start(point) : bark_xml_is_name_char(point)))
            return false;
        if (form == BARK_XML_NCNAME && point == ':')
            return false;
        first = false;
        at += len;
    }
    return true;
}

/* True when none of the eight bytes is beyond ASCII or a control character other than by accident of the
 * borrow: a false alarm only costs the slow path. */
static bool eight_plain(const uint8_t *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, at, 8);
    return ((word | (word - 0x20 * ones)) & 0x80 * ones) == 0;
}

size_t bark_xml_chars_span(struct bark_slice text)
{
    size_t i = 0;
    while (i < text.len) {
        uint32_t point;
        size_t len;
        if (text.len - i >= 8 && eight_plain(text.ptr + i)) {
            i += 8;
            continue;
        }
        len = bark_utf8_take(text.ptr + i, text.ptr + text.len, &point);
        if (len == 0 || !bark_xml_is_char(point))
            return i;
        i += len;
    }
    return i;
}
