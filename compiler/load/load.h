/* load/load.h - files to documents: finds and decodes a WSDL or XSD and everything it imports, offline.
 *
 * Reading goes through the engine: load/vocabulary.c holds the table images of WSDL and XSD, bark_decode()
 * fills the structs of load/node.h. What this stage knows is files, places and the shape of documents; names
 * and types are the model's business.
 *
 * Nothing is ever fetched. A schemaLocation or wsdl:import location is looked up
 *   0. in the catalogs of the user (xmlcatalog.h),
 *   1. beside the file that imports it (and below each --path folder, whole and by its last part),
 *   2. by namespace in the built-in catalog.
 * A schema of the catalog that a document names by URL is found by its namespace. [R12]
 */
#ifndef SOAPC_LOAD_H
#define SOAPC_LOAD_H

#include "diag.h"

struct soapc_node;

enum soapc_document_kind { SOAPC_DOCUMENT_SCHEMA, SOAPC_DOCUMENT_WSDL };

/* What an import, include, redefine or wsdl:import turned out to name. */
struct soapc_link {
    struct soapc_node *node; /* the statement */
    uint32_t document; /* index into soapc_documents.items; SOAPC_NO_DOCUMENT when nothing was found */
    char *tried; /* not found: the places that were looked at, for a note; NULL when there was nothing to try:
                  * an import without location, which any schema of that namespace meets */
};

enum { SOAPC_NO_DOCUMENT = UINT32_MAX };

/* A namespace declaration, in the order of the text. The slices lie in the source. */
struct soapc_prefix {
    struct bark_slice prefix, uri; /* prefix is empty for xmlns="..." */
    uint32_t at;
};

/* One decoded document. */
struct soapc_document {
    enum soapc_document_kind kind;
    uint32_t file; /* its source in the diagnostics */
    struct soapc_node *root; /* xs:schema or wsdl:definitions; NULL when the text could not be decoded */
    struct soapc_link *links;
    size_t link_count, link_cap;
    struct soapc_prefix *prefixes;
    size_t prefix_count, prefix_cap;
    char *url; /* where it is published, when it was asked for by a URL; what its relative locations belong to
                */
    void *memory; /* the decoder's arena */
    size_t memory_size;
};

struct soapc_documents {
    struct soapc_document *items; /* items[0] is the file that was asked for */
    size_t count, cap;
    struct soapc_diag *diag; /* borrowed */
    bool strict; /* of the options; the first file is a schema */
    bool soap_encoding; /* of the options */
};

/* Every bound that input of the compiler meets [R4]; 0 takes the default given here. */
struct soapc_load_options {
    const char *const *paths; /* --path folders, in the order of search */
    size_t path_count;
    const char *const *catalogs; /* --catalog files (OASIS XML Catalogs), asked before anything else */
    size_t catalog_count;
    const char *lock; /* --locked: the lock file that every file must stand in; NULL: none */
    size_t file_max; /* files in all: 1000 */
    size_t file_bytes_max; /* one file: 64 MiB */
    size_t memory_max; /* the decoded form of one file: 256 MiB */
    uint32_t depth_max; /* nested elements: 256 */
    size_t budget; /* bytes for the whole run, later stages too (budget.h): 2 GiB */
    void (*end)(const struct soapc_diag *d); /* both as in soapc_diag */
    unsigned end_format;
    bool soap_encoding; /* rpc/encoded operations are taken, and SOAP arrays are lists */
    bool strict; /* schema files: content that takes an element two ways is an error (docs/decisions/0008) */
    /* Reads a file whole: malloc'ed, NUL after *size bytes. False: there is no such file. NULL: the file
     * system. For tests and for embedders. */
    bool (*read)(void *context, const char *path, char **text, size_t *size);
    void *context;
};

/* Loads path and all it needs. Errors go to diag; what could be loaded is returned even then, NULL only when
 * memory is short or the first file cannot be read. Free with soapc_documents_free() once the model is built.
 */
struct soapc_documents *soapc_load(const char *path, const struct soapc_load_options *options,
                                   struct soapc_diag *diag);
void soapc_documents_free(struct soapc_documents *docs);

/* The document that a statement of doc names, or SOAPC_NO_DOCUMENT. */
const struct soapc_link *soapc_document_link(const struct soapc_document *doc, const struct soapc_node *node);

/* Turns the bytes of a file into UTF-8 (from UTF-16, ISO-8859-1, windows-1252 or US-ASCII, as mark or
 * declaration say; the declaration then names UTF-8). *text is malloc'ed and may be replaced. False when the
 * encoding is not one of these, or is not that of the bytes; *encoding then names it. */
bool soapc_text_to_utf8(char **text, size_t *size, char *encoding, size_t encoding_size);

#endif
