/* table/kind_layout.h - size and alignment of the C type of each value kind (include/soapbark/image.h), on
 * this machine.
 */
#ifndef BARK_TABLE_KIND_LAYOUT_H
#define BARK_TABLE_KIND_LAYOUT_H

#include "base/without.h"
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
#ifdef BARK_WITHOUT_LIST
    case BARK_KIND_LIST:
    case BARK_KIND_UNION:
        return true;
#endif
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

/* Likewise for types that need a part which was left out. */
static inline bool bark_type_left_out(const struct bark_type_row *row)
{
    return bark_kind_left_out(row->kind) || (!BARK_HAS_TYPED && row->model == BARK_MODEL_TYPED) ||
           (!BARK_HAS_WILDCARD && row->model == BARK_MODEL_RAW) ||
           (!BARK_HAS_GROUP && (row->kind == BARK_KIND_GROUP || row->model == BARK_MODEL_CHOICE ||
                                row->model == BARK_MODEL_ALL)) ||
           (!BARK_HAS_VALIDATION && row->kind == BARK_KIND_STRUCT && row->flags & BARK_TYPE_MIXED);
}

#endif
