/* table/kind_name.c - what each kind is called: those of values as XML Schema calls its types [XSD2 3]. */
#include "table/kind_name.h"

#include <assert.h>

static const char *const kind_names[] = {
    [BARK_KIND_STRUCT] = "struct",
    [BARK_KIND_GROUP] = "group",
    [BARK_KIND_ENUM] = "enum",
    [BARK_KIND_LIST] = "list",
    [BARK_KIND_UNION] = "union",
    [BARK_KIND_STRING] = "string",
    [BARK_KIND_NORMALIZED] = "normalizedString",
    [BARK_KIND_TOKEN] = "token",
    [BARK_KIND_LANGUAGE] = "language",
    [BARK_KIND_NAME] = "Name",
    [BARK_KIND_NCNAME] = "NCName",
    [BARK_KIND_NMTOKEN] = "NMTOKEN",
    [BARK_KIND_ANYURI] = "anyURI",
    [BARK_KIND_BOOLEAN] = "boolean",
    [BARK_KIND_INT8] = "byte",
    [BARK_KIND_INT16] = "short",
    [BARK_KIND_INT32] = "int",
    [BARK_KIND_INT64] = "long",
    [BARK_KIND_UINT8] = "unsignedByte",
    [BARK_KIND_UINT16] = "unsignedShort",
    [BARK_KIND_UINT32] = "unsignedInt",
    [BARK_KIND_UINT64] = "unsignedLong",
    [BARK_KIND_INTEGER] = "integer",
    [BARK_KIND_DECIMAL] = "decimal",
    [BARK_KIND_FLOAT] = "float",
    [BARK_KIND_DOUBLE] = "double",
    [BARK_KIND_DATETIME] = "dateTime",
    [BARK_KIND_DATE] = "date",
    [BARK_KIND_TIME] = "time",
    [BARK_KIND_GYEAR] = "gYear",
    [BARK_KIND_GYEARMONTH] = "gYearMonth",
    [BARK_KIND_GMONTH] = "gMonth",
    [BARK_KIND_GMONTHDAY] = "gMonthDay",
    [BARK_KIND_GDAY] = "gDay",
    [BARK_KIND_DURATION] = "duration",
    [BARK_KIND_BASE64] = "base64Binary",
    [BARK_KIND_HEX] = "hexBinary",
    [BARK_KIND_QNAME] = "QName",
};
static_assert(sizeof kind_names / sizeof *kind_names == BARK_KIND_COUNT, "a new kind needs its name");

const char *bark_kind_name(uint8_t kind)
{
    return kind < BARK_KIND_COUNT ? kind_names[kind] : "?";
}
