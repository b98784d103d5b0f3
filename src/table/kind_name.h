/* table/kind_name.h - kinds by name. */
#ifndef BARK_TABLE_KIND_NAME_H
#define BARK_TABLE_KIND_NAME_H

#include "soapbark/image.h"

/* "struct", "enum"; from BARK_KIND_STRING on the name of the built-in type: "token". "?" for what is no kind.
 */
const char *bark_kind_name(uint8_t kind);

#endif
