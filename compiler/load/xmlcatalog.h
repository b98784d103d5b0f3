/* load/xmlcatalog.h - OASIS XML Catalogs: files of the user's that say where a schema stands. [XMLCAT]
 *
 * A location is looked up as a system identifier, then as a URI; a namespace as a public identifier and as a
 * URI, as other schema tools do. Nothing is fetched: what a catalog names must be a file in the end.
 */
#ifndef SOAPC_XMLCATALOG_H
#define SOAPC_XMLCATALOG_H

#include "load/load.h"

struct soapc_catalogs;

/* The catalogs of options->catalogs, in the order of search. Errors go to diag, with their places; files are
 * read when a search first comes to them. NULL when memory is short. */
struct soapc_catalogs *soapc_catalogs_new(const struct soapc_load_options *options, struct soapc_diag *diag);
void soapc_catalogs_free(struct soapc_catalogs *c);

/* Where the schema stands that an import names, malloc'ed, or NULL when no catalog says so. ns and location
 * may be NULL; base is the URL that location is relative to, or NULL. */
char *soapc_catalogs_resolve(struct soapc_catalogs *c, const char *ns, const char *location,
                             const char *base);

/* ---- xmlcatalog_read.c ---- */

enum soapc_catalog_kind {
    SOAPC_CATALOG_PUBLIC,
    SOAPC_CATALOG_SYSTEM,
    SOAPC_CATALOG_REWRITE_SYSTEM,
    SOAPC_CATALOG_SYSTEM_SUFFIX,
    SOAPC_CATALOG_DELEGATE_PUBLIC,
    SOAPC_CATALOG_DELEGATE_SYSTEM,
    SOAPC_CATALOG_URI,
    SOAPC_CATALOG_REWRITE_URI,
    SOAPC_CATALOG_URI_SUFFIX,
    SOAPC_CATALOG_DELEGATE_URI,
    SOAPC_CATALOG_NEXT
};

struct soapc_catalog_rule {
    enum soapc_catalog_kind kind;
    bool prefer_public; /* of the group it stands in */
    char *match; /* what it is about, normalised; NULL for NEXT */
    char *target; /* as written */
    char *base; /* what target is relative to */
    struct soapc_place place;
};

struct soapc_catalog_file {
    char *path;
    struct soapc_catalog_rule *rules; /* in document order */
    size_t count, cap;
};

/* Reads the text of source `source` of diag into *file. False when memory is short or the file is wrong; the
 * error is in diag. */
bool soapc_catalog_read(struct soapc_catalog_file *file, uint32_t source, struct soapc_diag *diag);
void soapc_catalog_release(struct soapc_catalog_file *file);

/* Identifiers as catalogs compare them, malloc'ed: [XMLCAT 6.2] white space of public ones, [XMLCAT 6.3]
 * escapes of others. */
char *soapc_catalog_public(const char *id, size_t len);
char *soapc_catalog_uri(const char *id, size_t len);

#endif
