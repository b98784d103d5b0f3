/* load/load.c - follows imports until nothing new is named, without ever leaving this machine.
 *
 * A plain worklist: documents are appended, each one's links are resolved once, so cycles end by themselves
 * and depth of imports costs nothing. Imports that name no file, or one that is not there, wait until all
 * others are done: some other document may declare their namespace (WSDLs with several schemas inside do
 * that), else the catalog may.
 */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "load/node.h"

#include "budget.h"
#include "load/catalog.h"
#include "load/lock.h"
#include "load/url.h"
#include "load/xmlcatalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILES_MAX = 1000,
    FILE_BYTES_MAX = 64 << 20,
    MEMORY_MAX = 256 << 20,
    DEPTH_MAX = 256,
    TRIED_MAX = 1024
};

struct loader {
    struct soapc_documents *docs;
    struct soapc_load_options options;
    struct soapc_diag *diag;
    struct soapc_catalogs *catalogs; /* NULL: none were given */
    struct soapc_lock *lock; /* NULL: none was given */
};

static bool slice_equal(struct bark_text a, const char *b, size_t len)
{
    return a.len == len && (len == 0 || memcmp(a.ptr, b, len) == 0);
}

static uint32_t document_find(const struct loader *l, const char *path)
{
    for (size_t i = 0; i < l->docs->count; i++)
        if (strcmp(l->diag->sources[l->docs->items[i].file].path, path) == 0)
            return (uint32_t)i;
    return SOAPC_NO_DOCUMENT;
}

/* Takes text over. */
static uint32_t document_add(struct loader *l, const char *path, char *text, size_t size,
                             struct soapc_place from, bool catalog)
{
    struct soapc_documents *docs = l->docs;
    char encoding[48] = "";
    bool locked = !l->lock || catalog || soapc_lock_check(l->lock, path, text, size, from, l->diag);
    bool readable = soapc_text_to_utf8(&text, &size, encoding, sizeof encoding);
    uint32_t file = soapc_diag_source(l->diag, path, text, size, from);
    if (file == SOAPC_NO_FILE || !soapc_budget_take(l->diag, size))
        return SOAPC_NO_DOCUMENT;
    l->diag->sources[file].catalog = catalog;
    if (docs->count == docs->cap) {
        size_t cap = docs->cap ? docs->cap * 2 : 16;
        struct soapc_document *grown = realloc(docs->items, cap * sizeof *grown);
        if (!grown) {
            l->diag->out_of_memory = true;
            return SOAPC_NO_DOCUMENT;
        }
        docs->items = grown;
        docs->cap = cap;
    }
    struct soapc_document *doc = &docs->items[docs->count];
    *doc = (struct soapc_document){ .file = file };
    docs->count++;
    if (!locked)
        return (uint32_t)(docs->count - 1); /* not even read: the error is there */
    if (!readable)
        soapc_error(l->diag, SOAPC_E_NOT_SUPPORTED, (struct soapc_place){ file, 0 },
                    "the encoding '%s' is not supported", encoding);
    else if (size > l->options.file_bytes_max)
        soapc_error(l->diag, SOAPC_E_TOO_BIG, (struct soapc_place){ file, 0 },
                    "the file has %zu bytes, the limit is %zu", size, l->options.file_bytes_max);
    else if (soapc_document_decode(doc, file, &l->options, l->diag))
        soapc_grammar_check(doc, l->diag);
    return (uint32_t)(docs->count - 1);
}

/* The document at a path: one already there, or read now. The list of tried paths grows by it when there is
 * none. */
static uint32_t path_load(struct loader *l, const char *path, struct soapc_place from, char *tried)
{
    uint32_t known = document_find(l, path);
    char *text = NULL;
    size_t size = 0;
    if (known != SOAPC_NO_DOCUMENT)
        return known;
    if (!l->options.read(l->options.context, path, &text, &size)) {
        size_t len = strlen(tried);
        if (!strstr(tried, path))
            snprintf(tried + len, TRIED_MAX - len, "%s%s", len ? ", " : "", path);
        return SOAPC_NO_DOCUMENT;
    }
    if (l->docs->count >= l->options.file_max) {
        soapc_error(l->diag, SOAPC_E_TOO_BIG, from, "more than %zu files are imported", l->options.file_max);
        free(text);
        return SOAPC_NO_DOCUMENT;
    }
    return document_add(l, path, text, size, from, false);
}

/* Looks in one --path folder: the location as it is (a URL without its scheme), then without its first parts,
 * one by one, so that a folder may hold a site, a part of it, or just the file. */
static uint32_t folder_search(struct loader *l, const char *folder, const char *location,
                              struct soapc_place from, char *tried)
{
    const char *scheme = strstr(location, "://");
    const char *rest = scheme ? scheme + 3 : location;
    uint32_t found = SOAPC_NO_DOCUMENT;
    size_t len = strlen(folder);
    char *base = malloc(len + 2);
    if (!base)
        return found;
    memcpy(base, folder, len);
    memcpy(base + len, "/", 2);
    while (found == SOAPC_NO_DOCUMENT && *rest) {
        char *path = soapc_path_join(base, rest);
        if (path)
            found = path_load(l, path, from, tried);
        free(path);
        const char *slash = strchr(rest, '/');
        rest = slash ? slash + 1 : "";
    }

    free(base);
    return found;
}

enum { MIRROR_FOLDERS = 5 };

/* A URL whose last parts, two at least, are the path of a file below a folder that the importing file stands
 * in: a copy of a site keeps the site's layout. The namespace is compared afterwards, as for every import. */
static uint32_t mirror_search(struct loader *l, const char *importer, const char *location,
                              struct soapc_place from)
{
    const char *rest = strstr(location, "://");
    char *folder = soapc_path_join(importer, "");
    uint32_t found = SOAPC_NO_DOCUMENT;
    char unnamed[TRIED_MAX] = ""; /* guesses are not worth naming */
    rest = rest ? strchr(rest + 3, '/') : NULL;
    for (size_t up = 0; folder && rest && up < MIRROR_FOLDERS && found == SOAPC_NO_DOCUMENT; up++) {
        for (const char *part = rest; found == SOAPC_NO_DOCUMENT && strchr(part + 1, '/');
             part = strchr(part + 1, '/')) {
            size_t len = strlen(folder);
            char *path = malloc(len + strlen(part) + 1);
            if (!path)
                break;
            memcpy(path, folder, len);
            memcpy(path + len, part, strlen(part) + 1);
            found = path_load(l, path, from, unnamed);
            free(path);
        }
        char *slash = strrchr(folder, '/');
        if (!slash)
            break;
        *slash = '\0';
    }
    free(folder);
    return found;
}

/* Where a location that stands in a document is published; NULL when that is not known. */
static char *location_url(const struct loader *l, uint32_t document, const char *location)
{
    const char *base = l->docs->items[document].url;
    return base || soapc_path_is_url(location) ? soapc_url_join(base ? base : "", location) : NULL;
}

static uint32_t location_search(struct loader *l, uint32_t document, const char *location,
                                struct soapc_place from, char *tried)
{
    uint32_t found = SOAPC_NO_DOCUMENT;
    const struct soapc_source *source = &l->diag->sources[l->docs->items[document].file];
    if (!soapc_path_is_url(location) && !source->catalog) {
        char *path = soapc_path_join(source->path, location);
        if (path)
            found = path_load(l, path, from, tried);
        free(path);
    } else if (!source->catalog) {
        snprintf(tried, TRIED_MAX, "%s (never fetched)", location);
    }
    for (size_t i = 0; i < l->options.path_count && found == SOAPC_NO_DOCUMENT; i++)
        found = folder_search(l, l->options.paths[i], location, from, tried);
    if (found == SOAPC_NO_DOCUMENT && soapc_path_is_url(location) && !source->catalog)
        found = mirror_search(l, source->path, location, from);
    return found;
}

static struct bark_text link_location(const struct soapc_node *node)
{
    return node->kind == SOAPC_WSDL_IMPORT ? node->text[SOAPC_WTEXT_location]
                                           : node->text[SOAPC_TEXT_schemaLocation];
}

static uint32_t catalog_load(struct loader *l, struct bark_text ns, struct soapc_place from)
{
    const struct soapc_catalog_entry *entry = soapc_catalog_find(ns.ptr ? ns.ptr : "", ns.len);
    if (!entry)
        return SOAPC_NO_DOCUMENT;
    char path[256];
    snprintf(path, sizeof path, "catalog:%s", entry->name);
    uint32_t known = document_find(l, path);
    if (known != SOAPC_NO_DOCUMENT)
        return known;
    char *text = malloc(entry->size + 1);
    if (!text) {
        l->diag->out_of_memory = true;
        return SOAPC_NO_DOCUMENT;
    }
    memcpy(text, entry->text, entry->size);
    text[entry->size] = '\0';
    return document_add(l, path, text, entry->size, from, true);
}

/* What the user's catalogs say about a link: a path, or a URL to look for instead of the location. NULL:
 * nothing. */
static char *catalogs_ask(struct loader *l, uint32_t document, const struct soapc_node *node)
{
    const bool names_ns = node->kind == SOAPC_XS_import || node->kind == SOAPC_WSDL_IMPORT;
    const struct bark_text location = link_location(node);
    if (!l->catalogs || l->diag->sources[l->docs->items[document].file].catalog)
        return NULL;
    return soapc_catalogs_resolve(l->catalogs, names_ns ? node->text[SOAPC_TEXT_namespace].ptr : NULL,
                                  location.ptr, l->docs->items[document].url);
}

/* Resolves one link, if it names a file. */
static void link_follow(struct loader *l, uint32_t document, struct soapc_link *link)
{
    const struct bark_text location = link_location(link->node);
    const struct soapc_place from = { l->docs->items[document].file, link->node->at };
    char tried[TRIED_MAX] = "";
    char *mapped = catalogs_ask(l, document, link->node);
    char *url = location.ptr ? location_url(l, document, location.ptr) : NULL;
    uint32_t found = SOAPC_NO_DOCUMENT;
    const struct soapc_lock_entry *entry = url && l->lock ? soapc_lock_url(l->lock, url) : NULL;
    if (!mapped && entry)
        found = path_load(l, entry->path, from, tried);
    else if (mapped && !soapc_path_is_url(mapped))
        found = path_load(l, mapped, from, tried);
    else if (mapped)
        found = location_search(l, document, mapped, from, tried);
    else if (location.ptr)
        found = location_search(l, document, location.ptr, from, tried);
    link->document = found; /* links is not moved by loading: each document has its own */
    if (found == SOAPC_NO_DOCUMENT && (location.ptr || mapped))
        link->tried = strdup(tried);
    if (found != SOAPC_NO_DOCUMENT && !l->docs->items[found].url) {
        l->docs->items[found].url = url;
        url = NULL;
    }
    free(url);
    free(mapped);
}

/* Resolves the links of one document that name a file. */
static void links_follow(struct loader *l, uint32_t document)
{
    for (size_t i = 0; i < l->docs->items[document].link_count; i++)
        link_follow(l, document, &l->docs->items[document].links[i]);
}

/* True when some loaded document, or a schema inside a WSDL, has this target namespace. */
static bool namespace_is_loaded(const struct loader *l, struct bark_text ns)
{
    for (size_t d = 0; d < l->docs->count; d++) {
        const struct soapc_node *root = l->docs->items[d].root;
        if (!root)
            continue;
        if (slice_equal(root->text[SOAPC_TEXT_targetNamespace], ns.ptr, ns.len))
            return true;
        for (size_t i = 0; i < root->children.count && root->kind == SOAPC_WSDL_DEFINITIONS; i++) {
            if (root->children.items[i].kind != SOAPC_WSDL_TYPES)
                continue;
            const struct soapc_node *types = root->children.items[i].as.node;
            for (size_t s = 0; s < types->children.count; s++)
                if (types->children.items[s].kind == SOAPC_XS_schema &&
                    slice_equal(types->children.items[s].as.node->text[SOAPC_TEXT_targetNamespace], ns.ptr,
                                ns.len))
                    return true;
        }
    }
    return false;
}

/* Gives one import that found no file its catalog entry. Returns true when something was loaded. */
static bool catalog_follow(struct loader *l)
{
    for (size_t d = 0; d < l->docs->count; d++) {
        for (size_t i = 0; i < l->docs->items[d].link_count; i++) {
            struct soapc_link *link = &l->docs->items[d].links[i];
            bool import = link->node->kind == SOAPC_XS_import || link->node->kind == SOAPC_WSDL_IMPORT;
            struct bark_text ns = link->node->text[SOAPC_TEXT_namespace];
            if (link->document != SOAPC_NO_DOCUMENT || !import || !ns.ptr)
                continue;
            if (link->node->kind == SOAPC_XS_import && namespace_is_loaded(l, ns))
                continue; /* the model finds it by its namespace */
            size_t before = l->docs->count;
            struct soapc_place from = { l->docs->items[d].file, link->node->at };
            uint32_t found = catalog_load(l, ns, from);
            if (found == SOAPC_NO_DOCUMENT)
                continue;
            l->docs->items[d].links[i].document = found;
            if (l->docs->count > before)
                return true;
        }
    }
    return false;
}

static struct bark_text reference_ns(const struct soapc_node *node, size_t i)
{
    return node->qname[i].local.ptr ? node->qname[i].ns : (struct bark_text){ NULL, 0 };
}

/* Descriptions refer to the types of the SOAP encoding without importing them, more often than not. What the
 * schemas inside a WSDL refer to is taken from the catalog when nothing else has declared it. */
static bool references_follow(struct loader *l, uint32_t document)
{
    const struct soapc_document *doc = &l->docs->items[document]; /* moves when one is added: nodes do not */
    size_t before = l->docs->count;
    uint32_t file = doc->file;
    if (doc->kind != SOAPC_DOCUMENT_WSDL || l->diag->sources[doc->file].catalog)
        return false;
    for (struct soapc_node *node = doc->root; node; node = soapc_node_next(node)) {
        for (size_t i = 0; i < SOAPC_XS_QNAME_COUNT; i++) {
            struct bark_text ns = reference_ns(node, i);
            struct soapc_place from = { file, node->at };
            if (ns.len && soapc_catalog_find(ns.ptr, ns.len) && !namespace_is_loaded(l, ns))
                catalog_load(l, ns, from);
        }
    }
    return l->docs->count > before;
}

static bool all_references_follow(struct loader *l)
{
    bool more = false;
    for (uint32_t d = 0; d < l->docs->count; d++)
        more = references_follow(l, d) || more;
    return more;
}

static void everything_follow(struct loader *l)
{
    uint32_t done = 0;
    do {
        for (; done < l->docs->count; done++)
            links_follow(l, done);
    } while (catalog_follow(l) || all_references_follow(l));
}

static struct soapc_load_options options_fill(const struct soapc_load_options *given)
{
    struct soapc_load_options o = given ? *given : (struct soapc_load_options){ .paths = NULL };
    o.file_max = o.file_max ? o.file_max : FILES_MAX;
    o.file_bytes_max = o.file_bytes_max ? o.file_bytes_max : FILE_BYTES_MAX;
    o.memory_max = o.memory_max ? o.memory_max : MEMORY_MAX;
    o.depth_max = o.depth_max ? o.depth_max : DEPTH_MAX;
    o.read = o.read ? o.read : soapc_file_read;
    return o;
}

/* The lock knows where the first file came from. */
static void url_of_lock(struct loader *l, const char *path)
{
    const struct soapc_lock_entry *entry = l->lock ? soapc_lock_path(l->lock, path) : NULL;
    if (entry && l->docs->count > 0 && !(l->docs->items[0].url = strdup(entry->url)))
        l->diag->out_of_memory = true;
}

struct soapc_documents *soapc_load(const char *path, const struct soapc_load_options *options,
                                   struct soapc_diag *diag)
{
    struct loader l = { .options = options_fill(options), .diag = diag };
    char *text = NULL, *clean = soapc_path_join("", path);
    size_t size = 0;
    if (options && options->budget)
        diag->memory_max = options->budget;
    if (options && options->end) {
        diag->end = options->end;
        diag->end_format = options->end_format;
    }
    l.docs = calloc(1, sizeof *l.docs);
    if (l.options.catalog_count > 0)
        l.catalogs = soapc_catalogs_new(&l.options, diag);
    if (l.options.lock)
        l.lock = soapc_lock_read(&l.options, diag);
    if (!clean || !l.docs || (l.options.catalog_count > 0 && !l.catalogs)) {
        diag->out_of_memory = true;
    } else if (l.options.lock && !l.lock) {
        /* said already */
    } else if (!l.options.read(l.options.context, path, &text, &size)) {
        soapc_error(diag, SOAPC_E_UNREADABLE, SOAPC_NOWHERE, "cannot read '%s'", path);
    } else {
        l.docs->diag = diag;
        document_add(&l, clean, text, size, SOAPC_NOWHERE, false);
        url_of_lock(&l, clean);
        everything_follow(&l);
        l.docs->soap_encoding = l.options.soap_encoding;
        l.docs->strict = l.options.strict && l.docs->items[0].kind == SOAPC_DOCUMENT_SCHEMA;
    }
    free(clean);
    soapc_catalogs_free(l.catalogs);
    soapc_lock_free(l.lock);
    if (l.docs && l.docs->count == 0) {
        soapc_documents_free(l.docs);
        return NULL;
    }
    return l.docs;
}

void soapc_documents_free(struct soapc_documents *docs)
{
    if (!docs)
        return;
    for (size_t i = 0; i < docs->count; i++) {
        if (docs->items[i].memory)
            soapc_budget_give(docs->diag, docs->items[i].memory_size);
        soapc_document_release(&docs->items[i]);
    }
    free(docs->items);
    free(docs);
}

const struct soapc_link *soapc_document_link(const struct soapc_document *doc, const struct soapc_node *node)
{
    size_t low = 0, high = doc->link_count; /* links stand in document order */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (doc->links[middle].node->at < node->at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < doc->link_count && doc->links[low].node == node ? &doc->links[low] : NULL;
}
