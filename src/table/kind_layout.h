/* table/kind_layout.h - size and alignment of the C type of each value kind (include/soapbark/image.h), on
 * this machine.
 */
#ifndef BARK_TABLE_KIND_LAYOUT_H
#define BARK_TABLE_KIND_LAYOUT_H

#include "soapbark/image.h"

struct bark_kind_layout {
    uint8_t size, align;
};

/* 0 and 0 for kinds whose rows say it themselves: STRUCT, GROUP, ENUM. */
extern const struct bark_kind_layout bark_kind_layouts[BARK_KIND_COUNT];

/* Families of values that a build leaves out to be smaller (SOAPBARK_WITHOUT, docs/size.md). An image that
 * has a row of such a kind is refused when it is opened [T12], so that no message ever meets it. */
static inline bool bark_kind_left_out(uint8_t kind)
{
    switch (kind) {
#ifdef BARK_WITHOUT_DECIMAL
    case BARK_KIND_INTEGER:
    case BARK_KIND_DECIMAL:
        return true;
#endif
#ifdef BARK_WITHOUT_FLOAT
    case BARK_KIND_FLOAT:
    case BARK_KIND_DOUBLE:
        return true;
#endif
#ifdef BARK_WITHOUT_DURATION
    case BARK_KIND_DURATION:
        return true;
#endif
#ifdef BARK_WITHOUT_BINARY
    case BARK_KIND_BASE64:
    case BARK_KIND_HEX:
        return true;
#endif
#ifdef BARK_WITHOUT_QNAME
    case BARK_KIND_QNAME:
        return true;
#endif
    default:
#ifdef BARK_WITHOUT_TIME
        return kind >= BARK_KIND_DATETIME && kind <= BARK_KIND_GDAY;
#else
        return false;
#endif
    }
}

#endif
