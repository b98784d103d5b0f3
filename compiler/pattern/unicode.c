/* pattern/unicode.c - finds the characters of a property or of a multi-character escape.
 */
#include "pattern/unicode.h"

#include <string.h>

static const char category_names[][3] = {
#define X(name) #name,
    SOAPC_CATEGORIES(X)
#undef X
};

static uint8_t letter_upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

/* [XSD2 F.1.1] One letter names all categories that begin with it; a second one, in lower case, picks one. */
static bool category_matches(size_t category, struct bark_slice name)
{
    const char *own = category_names[category];
    if (name.ptr[0] != (uint8_t)own[0])
        return false;
    return name.len == 1 ||
           (name.ptr[1] != letter_upper(name.ptr[1]) && letter_upper(name.ptr[1]) == (uint8_t)own[1]);
}

static bool categories_add(struct soapc_charset *set, struct bark_slice name)
{
    bool wanted[SOAPC_CATEGORY_COUNT] = { false }, any = false;
    if (name.len < 1 || name.len > 2)
        return false;
    for (size_t i = 0; i < SOAPC_CATEGORY_COUNT; i++)
        any |= wanted[i] = category_matches(i, name);
    for (size_t i = 0; any && i < soapc_unicode_category_count; i++) {
        uint32_t row = soapc_unicode_categories[i];
        uint32_t end = i + 1 < soapc_unicode_category_count ? soapc_unicode_categories[i + 1] >> 8
                                                            : SOAPC_CODE_POINT_LAST + 1;
        if (wanted[row & 0xff] && (row & 0xff) != SOAPC_CS)
            soapc_charset_add(set, row >> 8, end - 1);
    }
    return any;
}

static bool block_add(struct soapc_charset *set, struct bark_slice name)
{
    bool found = false;
    for (size_t i = 0; i < soapc_unicode_block_count; i++) {
        const struct soapc_unicode_block *row = &soapc_unicode_blocks[i];
        if (strlen(row->name) == name.len && memcmp(row->name, name.ptr, name.len) == 0) {
            soapc_charset_add(set, row->first, row->last);
            found = true;
        }
    }
    return found;
}

bool soapc_unicode_add(struct soapc_charset *set, struct bark_slice property)
{
    if (property.len > 2 && memcmp(property.ptr, "Is", 2) == 0)
        return block_add(set, (struct bark_slice){ property.ptr + 2, property.len - 2 });
    return categories_add(set, property);
}

/* [XML1 2.3] NameStartChar, and the rest of NameChar. */
static const struct soapc_range name_start[] = {
    { ':', ':' },       { 'A', 'Z' },       { '_', '_' },       { 'a', 'z' },
    { 0xc0, 0xd6 },     { 0xd8, 0xf6 },     { 0xf8, 0x2ff },    { 0x370, 0x37d },
    { 0x37f, 0x1fff },  { 0x200c, 0x200d }, { 0x2070, 0x218f }, { 0x2c00, 0x2fef },
    { 0x3001, 0xd7ff }, { 0xf900, 0xfdcf }, { 0xfdf0, 0xfffd }, { 0x10000, 0xeffff },
};
static const struct soapc_range name_more[] = {
    { '-', '.' }, { '0', '9' }, { 0xb7, 0xb7 }, { 0x300, 0x36f }, { 0x203f, 0x2040 },
};

static void ranges_add(struct soapc_charset *set, const struct soapc_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        soapc_charset_add(set, ranges[i].first, ranges[i].last);
}

bool soapc_unicode_add_escape(struct soapc_charset *set, uint8_t letter)
{
    static const struct soapc_range space[] = { { '\t', '\n' }, { '\r', '\r' }, { ' ', ' ' } };
    static const uint8_t not_word[] = "PZC";
    struct soapc_charset other;
    switch (letter) {
    case 's':
        ranges_add(set, space, sizeof space / sizeof *space);
        return true;
    case 'c':
        ranges_add(set, name_more, sizeof name_more / sizeof *name_more);
        ranges_add(set, name_start, sizeof name_start / sizeof *name_start);
        return true;
    case 'i':
        ranges_add(set, name_start, sizeof name_start / sizeof *name_start);
        return true;
    case 'd':
        return soapc_unicode_add(set, (struct bark_slice){ (const uint8_t *)"Nd", 2 });
    case 'w':
        soapc_charset_init(&other, set->arena);
        for (size_t i = 0; i < 3; i++)
            (void)categories_add(&other, (struct bark_slice){ &not_word[i], 1 });
        soapc_charset_complement(&other);
        soapc_charset_add_set(set, &other);
        return true;
    default:
        return false;
    }
}
