/* table/kind_layout.c - the one list of what a value kind is in C; the checker proves rows by it, the
 * compiler lays structs out by it.
 */
#include "table/kind_layout.h"

#include <assert.h>

#define LAYOUT(type) \
    { \
        sizeof(type), _Alignof(type) \
    }

const struct bark_kind_layout bark_kind_layouts[] = {
    [BARK_KIND_LIST] = LAYOUT(struct bark_array),
    [BARK_KIND_UNION] = LAYOUT(struct bark_union),
    [BARK_KIND_STRING] = LAYOUT(struct bark_text),
    [BARK_KIND_NORMALIZED] = LAYOUT(struct bark_text),
    [BARK_KIND_TOKEN] = LAYOUT(struct bark_text),
    [BARK_KIND_LANGUAGE] = LAYOUT(struct bark_text),
    [BARK_KIND_NAME] = LAYOUT(struct bark_text),
    [BARK_KIND_NCNAME] = LAYOUT(struct bark_text),
    [BARK_KIND_NMTOKEN] = LAYOUT(struct bark_text),
    [BARK_KIND_ANYURI] = LAYOUT(struct bark_text),
    [BARK_KIND_BOOLEAN] = LAYOUT(bool),
    [BARK_KIND_INT8] = LAYOUT(int8_t),
    [BARK_KIND_INT16] = LAYOUT(int16_t),
    [BARK_KIND_INT32] = LAYOUT(int32_t),
    [BARK_KIND_INT64] = LAYOUT(int64_t),
    [BARK_KIND_UINT8] = LAYOUT(uint8_t),
    [BARK_KIND_UINT16] = LAYOUT(uint16_t),
    [BARK_KIND_UINT32] = LAYOUT(uint32_t),
    [BARK_KIND_UINT64] = LAYOUT(uint64_t),
    [BARK_KIND_INTEGER] = LAYOUT(struct bark_text),
    [BARK_KIND_DECIMAL] = LAYOUT(struct bark_text),
    [BARK_KIND_FLOAT] = LAYOUT(float),
    [BARK_KIND_DOUBLE] = LAYOUT(double),
    [BARK_KIND_DATETIME] = LAYOUT(struct bark_time),
    [BARK_KIND_DATE] = LAYOUT(struct bark_time),
    [BARK_KIND_TIME] = LAYOUT(struct bark_time),
    [BARK_KIND_GYEAR] = LAYOUT(struct bark_time),
    [BARK_KIND_GYEARMONTH] = LAYOUT(struct bark_time),
    [BARK_KIND_GMONTH] = LAYOUT(struct bark_time),
    [BARK_KIND_GMONTHDAY] = LAYOUT(struct bark_time),
    [BARK_KIND_GDAY] = LAYOUT(struct bark_time),
    [BARK_KIND_DURATION] = LAYOUT(struct bark_duration),
    [BARK_KIND_BASE64] = LAYOUT(struct bark_bytes),
    [BARK_KIND_HEX] = LAYOUT(struct bark_bytes),
    [BARK_KIND_QNAME] = LAYOUT(struct bark_qname),
};
static_assert(sizeof bark_kind_layouts / sizeof *bark_kind_layouts == BARK_KIND_COUNT,
              "a new kind needs its layout");
