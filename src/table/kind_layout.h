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

#endif
