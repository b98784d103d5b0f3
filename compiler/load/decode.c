/* load/decode.c - one text to one document: the engine decodes, then every node learns its kind and its
 * parent.
 *
 * Memory is one reserve for each document, as large as the cap allows and untouched until used; what the
 * decoder did not need is given back at once.
 */
#include "budget.h"
#include "load/doctype.h"
#include "load/node.h"
#include "reserve.h"
#include "soapbark/codec.h"

#include <stdlib.h>
#include <string.h>

enum { LINK_MAX = 10000, PAGE = 65536 };

static struct bark_limits limits_make(const struct soapc_load_options *options,
                                      const struct soapc_document *doc)
{
    struct bark_limits l = bark_limits_server;
    l.body_bytes = options->file_bytes_max;
    l.arena_bytes = doc->memory_size;
    l.depth = options->depth_max;
    l.attributes = 512;
    l.namespaces = 1024;
    l.elements = 8 * 1000 * 1000;
    l.items = 8 * 1000 * 1000;
    l.text_bytes = (uint32_t)(options->file_bytes_max < UINT32_MAX ? options->file_bytes_max : UINT32_MAX);
    l.name_bytes = 1023;
    return l;
}

/* A misspelt element: every name of the vocabularies is a candidate. */
static void name_guess(const struct bark_error *err, struct soapc_place place, struct soapc_diag *diag)
{
    struct soapc_guess guess = { .wanted = err->found };
    for (unsigned kind = 1; kind < SOAPC_WSDL_ANY; kind++) {
        const char *colon = strchr(soapc_kind_name((enum soapc_node_kind)kind), ':');
        if (colon)
            soapc_guess_offer(&guess, colon + 1);
    }
    if (guess.best)
        soapc_note(diag, place, "did you mean '%s'?", guess.best);
    if (strstr(err->expected, err->found))
        soapc_note(diag, place, "the name is right, but not its namespace");
}

/* The engine's error as one of ours. */
static void error_report(const struct bark_error *err, uint32_t file, struct soapc_diag *diag)
{
    struct soapc_place place = { file, err->offset > UINT32_MAX ? UINT32_MAX : (uint32_t)err->offset };
    const char *rule = err->rule ? err->rule : bark_code_text(err->code);
    bool unexpected = err->code == BARK_ERR_UNEXPECTED && err->found[0] && err->found[0] != ' ';
    if (unexpected && strcmp(err->found, "description") == 0) {
        soapc_error(diag, SOAPC_E_NOT_SUPPORTED, place,
                    "not supported: a description in WSDL 2.0, whose root this is");
        soapc_note(
            diag, place,
            "soapbark reads WSDL 1.1, whose root is 'definitions': ask whoever made this for that form");
        return;
    }
    if (unexpected && err->expected[0]) /* all names of the vocabulary are no help */
        soapc_error(diag, SOAPC_E_XML, place, "%s (found %s)", rule, err->found);
    else if (err->expected[0] && err->found[0])
        soapc_error(diag, SOAPC_E_XML, place, "%s (expected %s, found %s)", rule, err->expected, err->found);
    else if (err->expected[0])
        soapc_error(diag, SOAPC_E_XML, place, "%s (expected %s)", rule, err->expected);
    else if (err->found[0])
        soapc_error(diag, SOAPC_E_XML, place, "%s (found %s)", rule, err->found);
    else
        soapc_error(diag, SOAPC_E_XML, place, "%s", rule);
    if (unexpected)
        name_guess(err, place, diag);
}

static bool link_add(struct soapc_document *doc, struct soapc_node *node)
{
    if (doc->link_count == LINK_MAX)
        return false;
    if (doc->link_count == doc->link_cap) {
        size_t cap = doc->link_cap ? doc->link_cap * 2 : 8;
        struct soapc_link *grown = realloc(doc->links, cap * sizeof *grown);
        if (!grown)
            return false;
        doc->links = grown;
        doc->link_cap = cap;
    }
    doc->links[doc->link_count++] = (struct soapc_link){ .node = node, .document = SOAPC_NO_DOCUMENT };
    return true;
}

static bool kind_is_link(enum soapc_node_kind kind)
{
    return kind == SOAPC_XS_import || kind == SOAPC_XS_include || kind == SOAPC_XS_redefine ||
           kind == SOAPC_XS_override || kind == SOAPC_WSDL_IMPORT;
}

/* Gives a node's children their kinds and parent. */
static void children_name(struct soapc_node *node)
{
    bool xs = node->kind < SOAPC_XS_END;
    for (size_t i = 0; i < node->children.count; i++) {
        struct soapc_child *child = &node->children.items[i];
        uint8_t soap = 0;
        enum soapc_node_kind kind = xs ? soapc_xs_kind(child->which) : soapc_wsdl_kind(child->which, &soap);
        child->kind = (uint16_t)kind;
        if (kind == SOAPC_WSDL_ANY || soapc_kind_is_raw(kind))
            continue;
        child->as.node->kind = (uint16_t)kind;
        child->as.node->soap = soap;
        child->as.node->parent = node;
        child->as.node->index = (uint32_t)i;
    }
}

static struct soapc_node *node_from(struct soapc_node *parent, size_t first)
{
    for (size_t i = first; i < parent->children.count; i++) {
        enum soapc_node_kind kind = (enum soapc_node_kind)parent->children.items[i].kind;
        if (kind != SOAPC_WSDL_ANY && !soapc_kind_is_raw(kind))
            return parent->children.items[i].as.node;
    }
    return NULL;
}

struct soapc_node *soapc_node_next(struct soapc_node *node)
{
    struct soapc_node *next = node_from(node, 0);
    for (struct soapc_node *n = node; !next && n->parent; n = n->parent)
        next = node_from(n->parent, n->index + 1);
    return next;
}

static bool nodes_name(struct soapc_document *doc)
{
    bool ok = true;
    for (struct soapc_node *node = doc->root; ok && node; node = soapc_node_next(node)) {
        children_name(node);
        if (kind_is_link((enum soapc_node_kind)node->kind))
            ok = link_add(doc, node);
    }
    return ok;
}

static bool text_decode(struct soapc_document *doc, const char *text, size_t size,
                        const struct soapc_load_options *options, struct soapc_diag *diag)
{
    struct bark_error err = { .code = BARK_OK };
    struct bark_limits limits = limits_make(options, doc);
    struct bark_image image;
    struct bark_arena arena;
    void *msg = NULL;
    uint16_t root = BARK_NONE;
    if (bark_image_open(&image, soapc_vocabulary(), &err) != BARK_OK) {
        error_report(&err, SOAPC_NO_FILE, diag);
        return false;
    }
    bark_arena_init(&arena, doc->memory, doc->memory_size);
    const bool whole = doc->memory_size / PAGE == options->memory_max / PAGE;
    struct bark_slice in = { (const uint8_t *)text, size };
    if (bark_decode(&image, BARK_NONE, in, &limits, &arena, &msg, &root, &err) != BARK_OK) {
        if (err.code == BARK_ERR_MEMORY && !whole)
            soapc_budget_report(diag, (struct soapc_place){ doc->file, (uint32_t)err.offset });
        else if (err.code == BARK_ERR_MEMORY)
            soapc_error(
                diag, SOAPC_E_MEMORY, (struct soapc_place){ doc->file, (uint32_t)err.offset },
                "the decoded form of this file needs more than the memory budget of one file, %zu MiB",
                options->memory_max >> 20);
        else
            error_report(&err, doc->file, diag);
        return false;
    }
    doc->root = msg;
    doc->kind = root == SOAPC_ROOT_SCHEMA ? SOAPC_DOCUMENT_SCHEMA : SOAPC_DOCUMENT_WSDL;
    doc->root->kind = root == SOAPC_ROOT_SCHEMA ? SOAPC_XS_schema : SOAPC_WSDL_DEFINITIONS;
    size_t keep = (arena.used + PAGE - 1) / PAGE * PAGE;
    if (keep > 0 && keep < doc->memory_size) {
        soapc_reserve_free((uint8_t *)doc->memory + keep, doc->memory_size - keep);
        soapc_budget_give(diag, doc->memory_size - keep);
        doc->memory_size = keep;
    }
    return true;
}

bool soapc_document_decode(struct soapc_document *doc, uint32_t file,
                           const struct soapc_load_options *options, struct soapc_diag *diag)
{
    doc->file = file;
    if (!soapc_doctype_take(diag, file))
        return false;
    const size_t left = soapc_budget_left(diag);
    doc->memory_size = (left < options->memory_max ? left : options->memory_max) / PAGE * PAGE;
    if (!soapc_budget_take(diag, doc->memory_size ? doc->memory_size : PAGE)) {
        doc->memory_size = 0;
        return false;
    }
    doc->memory = soapc_reserve(doc->memory_size);
    if (!doc->memory) {
        soapc_budget_give(diag, doc->memory_size);
        diag->out_of_memory = true;
        return false;
    }
    const struct soapc_source *source = &diag->sources[file];
    char *text = soapc_text_prepare(source->text, source->size, doc);
    if (!text)
        diag->out_of_memory = true;
    bool ok = text && text_decode(doc, text, source->size, options, diag);
    free(text);
    if (ok && !nodes_name(doc)) {
        soapc_error(diag, SOAPC_E_TOO_BIG, (struct soapc_place){ file, 0 },
                    "too many imports in one file, or no memory for them");
        ok = false;
    }
    if (!ok)
        doc->root = NULL;
    return ok;
}

void soapc_document_release(struct soapc_document *doc)
{
    for (size_t i = 0; i < doc->link_count; i++)
        free(doc->links[i].tried);
    free(doc->links);
    free(doc->prefixes);
    free(doc->url);
    soapc_reserve_free(doc->memory, doc->memory_size);
}
