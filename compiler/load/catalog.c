/* load/catalog.c - finds the catalog's statement of a namespace. */
#include "load/catalog.h"

#include <string.h>

const struct soapc_catalog_entry *soapc_catalog_find(const char *ns, size_t ns_len)
{
    size_t count;
    const struct soapc_catalog_entry *entries = soapc_catalog_entries(&count);
    for (size_t i = 0; i < count; i++)
        if (strlen(entries[i].ns) == ns_len && memcmp(entries[i].ns, ns, ns_len) == 0)
            return &entries[i];
    return NULL;
}
