/* load/fetch.c - a worklist of URLs: each file is got once, decoded, and its locations go to the end of the
 * list.
 *
 * A document from a stranger chooses the next URLs, so it chooses little: http and https only, hosts that the
 * user named, no file twice, and every bound is checked before the next byte is asked for. What the catalog
 * holds is not asked for. File names are made of letters that no file system and no lock file trips over.
 */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "load/fetch.h"

#include "base/percent.h"
#include "base/slice.h"
#include "load/catalog.h"
#include "load/node.h"
#include "load/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILES = 200,
    BYTES = 64 << 20,
    DEPTH = 32,
    NAME_MAX_BYTES = 400,
    PART_MAX = 100,
    DECODED_MAX = 256 << 20,
    NESTED_MAX = 256
};

struct fetching {
    struct soapc_fetch *fetch;
    struct soapc_fetch_options options;
    struct soapc_diag *diag;
};

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

static bool host_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return bark_slice_alike((struct bark_slice){ (const uint8_t *)a, a_len },
                            (struct bark_slice){ (const uint8_t *)b, b_len });
}

/* The authority of a URL: host, and port when there is one. */
static const char *authority_get(const char *url, size_t *len)
{
    const size_t end = soapc_url_authority(url);
    const char *from = end ? strstr(url, "://") + 3 : url;
    *len = end ? end - (size_t)(from - url) : 0;
    return from;
}

static bool is_web(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

bool soapc_fetch_allowed(const struct soapc_fetch_options *options, const char *first_url, const char *url)
{
    size_t len, first_len;
    const char *host = authority_get(url, &len), *first = authority_get(first_url, &first_len);
    if (!is_web(url))
        return false;
    if (host_same(host, len, first, first_len))
        return true;
    for (size_t i = 0; i < options->host_count; i++)
        if (strcmp(options->hosts[i], "*") == 0 ||
            host_same(host, len, options->hosts[i], strlen(options->hosts[i])))
            return true;
    return false;
}

static bool file_known(const struct soapc_fetch *fetch, const char *file)
{
    for (size_t i = 0; i < fetch->count; i++) /* file systems may ignore case */
        if (host_same(fetch->items[i].file, strlen(fetch->items[i].file), file, strlen(file)))
            return true;
    return false;
}

/* HOST/PATH of a URL as a file name: parts of plain letters, none of them "." or "..", no name twice. */
static char *file_name(const struct soapc_fetch *fetch, const char *url)
{
    char name[NAME_MAX_BYTES + 32];
    const char *p = strstr(url, "://") + 3;
    size_t len = 0, part = 0;
    for (; *p && len < NAME_MAX_BYTES; p++) {
        if (*p == '/' && part > 0) {
            name[len++] = '/';
            part = 0;
        } else if (*p != '/' && part < PART_MAX) {
            /* a part never begins with a dot: no "..", nothing hidden */
            name[len++] = is_plain(*p) && !(*p == '.' && part == 0) ? *p : '_';
            part++;
        }
    }
    if (part == 0) {
        memcpy(name + len, "index", 5);
        len += 5;
    }
    name[len] = '\0';
    for (unsigned n = 2; file_known(fetch, name) && n < FILES * 100; n++)
        snprintf(name + len, sizeof name - len, "-%u", n);
    return strdup(name);
}

static char *ns_escape(struct bark_text ns)
{
    char *out = malloc(ns.len * 3 + 2), *to = out;
    if (!out)
        return NULL;
    for (size_t i = 0; i < ns.len; i++) {
        const unsigned char c = (unsigned char)ns.ptr[i];
        if (c > ' ' && c != 0x7f) {
            *to++ = (char)c;
            continue;
        }
        to = bark_percent_put(to, c);
    }
    if (ns.len == 0)
        *to++ = '-';
    *to = '\0';
    return out;
}

static bool is_known(const struct soapc_fetch *fetch, const char *url)
{
    for (size_t i = 0; i < fetch->count; i++)
        if (strcmp(fetch->items[i].url, url) == 0)
            return true;
    return false;
}

/* A new row for a URL, still without content. NULL when memory is short. */
static struct soapc_fetched *item_add(struct soapc_fetch *fetch, const char *url, uint32_t depth)
{
    if (fetch->count == fetch->cap) {
        const size_t cap = fetch->cap ? fetch->cap * 2 : 16;
        struct soapc_fetched *grown = realloc(fetch->items, cap * sizeof *grown);
        if (!grown)
            return NULL;
        fetch->items = grown;
        fetch->cap = cap;
    }
    struct soapc_fetched item = { .url = strdup(url), .file = file_name(fetch, url), .depth = depth };
    if (!item.url || !item.file) {
        free(item.url);
        free(item.file);
        return NULL;
    }
    fetch->items[fetch->count] = item;
    return &fetch->items[fetch->count++];
}

/* Gets one URL and keeps its bytes. False after an error. */
static bool item_get(struct fetching *f, const char *url, uint32_t depth, struct soapc_place place)
{
    char why[256] = "";
    const size_t left = f->options.bytes_max - f->fetch->bytes;
    if (f->fetch->count >= f->options.file_max) {
        soapc_error(f->diag, SOAPC_E_TOO_BIG, place, "more than %zu files are imported", f->options.file_max);
        return false;
    }
    struct soapc_fetched *item = item_add(f->fetch, url, depth);
    if (!item) {
        f->diag->out_of_memory = true;
        return false;
    }
    if (!f->options.get(f->options.context, url, left, &item->text, &item->size, why, sizeof why)) {
        soapc_error(f->diag, SOAPC_E_UNREADABLE, place, "cannot fetch '%s': %s", url, why);
        f->fetch->count--;
        free(item->url);
        free(item->file);
        return false;
    }
    f->fetch->bytes += item->size;
    soapc_sha256(item->text, item->size, item->digest);
    return true;
}

/* One location of a document: got when it is new, allowed, and not of the catalog. */
static bool link_get(struct fetching *f, const struct soapc_fetched *from, const struct soapc_node *node,
                     struct soapc_place place)
{
    const struct bark_text location = node->kind == SOAPC_WSDL_IMPORT ? node->text[SOAPC_WTEXT_location]
                                                                      : node->text[SOAPC_TEXT_schemaLocation];
    const struct bark_text ns = node->text[SOAPC_TEXT_namespace];
    const bool import = node->kind == SOAPC_WSDL_IMPORT || node->kind == SOAPC_XS_import;
    if (!location.ptr || (import && ns.ptr && soapc_catalog_find(ns.ptr, ns.len)))
        return true;
    char *url = soapc_url_join(from->url, location.ptr);
    const uint32_t depth = from->depth + 1;
    bool good = true;
    if (!url) {
        f->diag->out_of_memory = true;
        return false;
    }
    if (!is_known(f->fetch, url)) {
        good = false;
        if (!is_web(url))
            soapc_error(f->diag, SOAPC_E_IMPORT_MISSING, place, "'%s' is neither http nor https: not fetched",
                        url);
        else if (!soapc_fetch_allowed(&f->options, f->fetch->items[0].url, url))
            soapc_error(f->diag, SOAPC_E_IMPORT_MISSING, place,
                        "'%s' is on another host: not fetched; --host allows it", url);
        else if (depth > f->options.depth_max)
            soapc_error(f->diag, SOAPC_E_TOO_BIG, place, "imports are more than %u deep",
                        f->options.depth_max);
        else
            good = item_get(f, url, depth, place);
    }
    free(url);
    return good;
}

/* Decodes one file and follows what it names. */
static bool item_follow(struct fetching *f, size_t index)
{
    const struct soapc_load_options load = { .file_bytes_max = f->options.bytes_max,
                                             .memory_max = DECODED_MAX,
                                             .depth_max = NESTED_MAX };
    struct soapc_fetched item = f->fetch->items[index]; /* a copy: the rows move */
    struct soapc_document doc = { .file = 0 };
    char encoding[48] = "", *text = malloc(item.size + 1);
    size_t size = item.size;
    bool good = true;
    if (!text) {
        f->diag->out_of_memory = true;
        return false;
    }
    memcpy(text, item.text, size);
    text[size] = '\0';
    const bool readable = soapc_text_to_utf8(&text, &size, encoding, sizeof encoding);
    const uint32_t source = soapc_diag_source(f->diag, item.url, text, size, SOAPC_NOWHERE);
    if (source == SOAPC_NO_FILE)
        return false;
    if (!readable) {
        soapc_error(f->diag, SOAPC_E_NOT_SUPPORTED, (struct soapc_place){ source, 0 },
                    "the encoding '%s' is not supported", encoding);
        return false;
    }
    if (!soapc_document_decode(&doc, source, &load, f->diag)) {
        soapc_document_release(&doc);
        return false;
    }
    f->fetch->items[index].ns = ns_escape(doc.root->text[SOAPC_TEXT_targetNamespace]);
    if (!f->fetch->items[index].ns)
        f->diag->out_of_memory = true;
    for (size_t i = 0; i < doc.link_count; i++)
        good = link_get(f, &item, doc.links[i].node, (struct soapc_place){ source, doc.links[i].node->at }) &&
               good;
    soapc_document_release(&doc);
    return good;
}

bool soapc_fetch_run(struct soapc_fetch *fetch, const char *url, const struct soapc_fetch_options *options,
                     struct soapc_diag *diag)
{
    struct fetching f = { fetch, *options, diag };
    *fetch = (struct soapc_fetch){ .items = NULL };
    f.options.file_max = options->file_max ? options->file_max : FILES;
    f.options.bytes_max = options->bytes_max ? options->bytes_max : BYTES;
    f.options.depth_max = options->depth_max ? options->depth_max : DEPTH;
    if (!is_web(url) || soapc_url_authority(url) == 0) {
        soapc_error(diag, SOAPC_E_UNREADABLE, SOAPC_NOWHERE, "'%s' is no http or https URL", url);
        return false;
    }
    char *clean = soapc_url_join(url, ""); /* no fragment, no dots */
    bool good = clean && item_get(&f, clean, 0, SOAPC_NOWHERE);
    if (!clean)
        diag->out_of_memory = true;
    free(clean);
    for (size_t i = 0; i < fetch->count; i++)
        good = item_follow(&f, i) && good;
    return good && !diag->out_of_memory;
}

void soapc_fetch_free(struct soapc_fetch *fetch)
{
    for (size_t i = 0; i < fetch->count; i++) {
        free(fetch->items[i].url);
        free(fetch->items[i].file);
        free(fetch->items[i].ns);
        free(fetch->items[i].text);
    }
    free(fetch->items);
    *fetch = (struct soapc_fetch){ .items = NULL };
}

void soapc_fetch_lock_print(const struct soapc_fetch *fetch, struct bark_out *out)
{
    bark_out_text(out, "# soapbark.lock: SHA256 SIZE FILE NAMESPACE URL\n");
    for (size_t i = 0; i < fetch->count; i++) {
        const struct soapc_fetched *item = &fetch->items[i];
        bark_out_text(out, item->digest);
        bark_out_byte(out, ' ');
        bark_out_u64(out, item->size);
        bark_out_byte(out, ' ');
        bark_out_text(out, item->file);
        bark_out_byte(out, ' ');
        bark_out_text(out, item->ns ? item->ns : "-");
        bark_out_byte(out, ' ');
        bark_out_text(out, item->url);
        bark_out_byte(out, '\n');
    }
}
