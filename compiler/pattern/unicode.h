/* pattern/unicode.h - general categories and blocks, for \p{...} and the multi-character escapes.
 *
 * The data is a constant table made by tools/unicode-tables.py, which names its Unicode version.
 */
#ifndef SOAPC_PATTERN_UNICODE_H
#define SOAPC_PATTERN_UNICODE_H

#include "pattern/charset.h"

/* [XSD2 F.1.1] The two-letter categories; CS, the surrogates, are no characters that a document can carry. */
#define SOAPC_CATEGORIES(X) \
    X(LU) \
    X(LL) \
    X(LT) \
    X(LM) \
    X(LO) \
    X(MN) \
    X(MC) \
    X(ME) \
    X(ND) \
    X(NL) \
    X(NO) \
    X(PC) \
    X(PD) \
    X(PS) \
    X(PE) \
    X(PI) \
    X(PF) \
    X(PO) \
    X(ZS) \
    X(ZL) \
    X(ZP) \
    X(SM) \
    X(SC) \
    X(SK) \
    X(SO) \
    X(CC) \
    X(CF) \
    X(CS) \
    X(CO) \
    X(CN)

enum soapc_category {
#define X(name) SOAPC_##name,
    SOAPC_CATEGORIES(X)
#undef X
        SOAPC_CATEGORY_COUNT
};

struct soapc_unicode_block {
    const char *name; /* without spaces, as \p{Is...} spells it */
    uint32_t first, last;
};

/* Where the category changes: first code point << 8 | enum soapc_category, ascending from 0. */
extern const uint32_t soapc_unicode_categories[];
extern const size_t soapc_unicode_category_count;
extern const struct soapc_unicode_block soapc_unicode_blocks[]; /* sorted by name; a name may repeat */
extern const size_t soapc_unicode_block_count;

/* Adds the characters of a property ("L", "Nd", "IsBasicLatin") to the set. False when there is no such
 * property. */
bool soapc_unicode_add(struct soapc_charset *set, struct bark_slice property);

/* Adds what a multi-character escape stands for: s, i, c, d or w [XSD2 F.1.1]. False for another letter. */
bool soapc_unicode_add_escape(struct soapc_charset *set, uint8_t letter);

#endif
