/* xml/chars.c - the character classes of XML 1.0. */
#include "xml/chars.h"

#include "base/utf8.h"
#include "xml/scan.h"

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
    /* One bit a character: "-", ".", digits, ":"; letters and "_". */
    static const uint64_t ascii[2] = { UINT64_C(0x07ff600000000000), UINT64_C(0x07fffffe87fffffe) };
    if (point < 0x80)
        return ascii[point / 64] >> point % 64 & 1;
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
        uint32_t point = *at;
        const size_t len = point < 0x80 ? 1 : bark_utf8_take(at, end, &point);
        if (len == 0 || !(first ? bark_xml_is_name_start(point) : bark_xml_is_name_char(point)))
            return false;
        if (form == BARK_XML_NCNAME && point == ':')
            return false;
        first = false;
        at += len;
    }
    return true;
}

size_t bark_xml_chars_span(struct bark_slice text)
{
    const uint8_t *at = text.ptr, *const end = text.ptr + text.len;
    while (text.len > 0 && (at = bark_scan_text(at, end)) < end) {
        if (*at >= 0x80 || !bark_xml_is_char(*at))
            break;
        at++; /* a character that only XML's syntax treats in a special way */
    }
    return text.len > 0 ? (size_t)(at - text.ptr) : 0;
}
