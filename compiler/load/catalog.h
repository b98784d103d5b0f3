/* load/catalog.h - the standard schemas that come with the compiler, as texts inside the library.
 *
 * catalog/index names them; cmake/embed.cmake turns them into the array behind these two functions, so that
 * the program finds them wherever it is installed.
 */
#ifndef SOAPC_CATALOG_H
#define SOAPC_CATALOG_H

#include "soapbark/base.h"

struct soapc_catalog_entry {
    const char *ns; /* the namespace it declares */
    const char *name; /* the file's name inside catalog/ */
    const unsigned char *text; /* size bytes and a NUL */
    size_t size;
};

/* The entry of a namespace, or NULL. A WSDL and a schema of one namespace do not occur. */
const struct soapc_catalog_entry *soapc_catalog_find(const char *ns, size_t ns_len);

/* All entries, for listing and for tests. */
const struct soapc_catalog_entry *soapc_catalog_entries(size_t *count);

#endif
