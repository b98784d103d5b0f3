/* engine/decode_builtin.c - the names of XSD's own types, as xsi:type may use them.
 *
 * Many stacks write xsi:type="xs:string" on everything. That says nothing new when the declared type is the
 * built-in type itself, so it is accepted; a restriction of it has another name or none. [XSD1 3.3.4]
 */
#include "engine/decode.h"

#include <string.h>

static const char xsd_uri[] = "http://www.w3.org/2001/XMLSchema";

/* A kind may stand for several built-in types that read alike: each is listed. */
static const struct {
    const char *name;
    uint8_t kind;
} builtins[] = {
    { "string", BARK_KIND_STRING },
    { "normalizedString", BARK_KIND_NORMALIZED },
    { "token", BARK_KIND_TOKEN },
    { "anySimpleType", BARK_KIND_TOKEN },
    { "language", BARK_KIND_LANGUAGE },
    { "Name", BARK_KIND_NAME },
    { "NCName", BARK_KIND_NCNAME },
    { "ID", BARK_KIND_NCNAME },
    { "IDREF", BARK_KIND_NCNAME },
    { "ENTITY", BARK_KIND_NCNAME },
    { "NMTOKEN", BARK_KIND_NMTOKEN },
    { "anyURI", BARK_KIND_ANYURI },
    { "boolean", BARK_KIND_BOOLEAN },
    { "byte", BARK_KIND_INT8 },
    { "short", BARK_KIND_INT16 },
    { "int", BARK_KIND_INT32 },
    { "long", BARK_KIND_INT64 },
    { "unsignedByte", BARK_KIND_UINT8 },
    { "unsignedShort", BARK_KIND_UINT16 },
    { "unsignedInt", BARK_KIND_UINT32 },
    { "unsignedLong", BARK_KIND_UINT64 },
    { "integer", BARK_KIND_INTEGER },
    { "decimal", BARK_KIND_DECIMAL },
    { "float", BARK_KIND_FLOAT },
    { "double", BARK_KIND_DOUBLE },
    { "dateTime", BARK_KIND_DATETIME },
    { "date", BARK_KIND_DATE },
    { "time", BARK_KIND_TIME },
    { "gYear", BARK_KIND_GYEAR },
    { "gYearMonth", BARK_KIND_GYEARMONTH },
    { "gMonth", BARK_KIND_GMONTH },
    { "gMonthDay", BARK_KIND_GMONTHDAY },
    { "gDay", BARK_KIND_GDAY },
    { "duration", BARK_KIND_DURATION },
    { "base64Binary", BARK_KIND_BASE64 },
    { "hexBinary", BARK_KIND_HEX },
    { "QName", BARK_KIND_QNAME },
    { "NOTATION", BARK_KIND_QNAME },
};

bool bark_type_is_builtin(const struct bark_type_row *row, struct bark_slice uri, struct bark_slice local)
{
    size_t i;
    if (!(row->flags & BARK_TYPE_PLAIN) || uri.len != sizeof xsd_uri - 1 ||
        memcmp(uri.ptr, xsd_uri, uri.len) != 0)
        return false;
    for (i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (builtins[i].kind == row->kind && strlen(builtins[i].name) == local.len &&
            memcmp(builtins[i].name, local.ptr, local.len) == 0)
            return true;
    return false;
}
