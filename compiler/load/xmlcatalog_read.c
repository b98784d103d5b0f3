/* load/xmlcatalog_read.c - one catalog file to its rules. [XMLCAT 6]
 *
 * The engine's XML reader gives the tags. Groups only set what their entries inherit, so rules become one
 * flat list; what is in force is kept by depth. Elements of other namespaces are passed over, with all that
 * is in them.
 */
#define _POSIX_C_SOURCE 200809L /* strdup, strndup */
#include "base/percent.h"
#include "base/slice.h"
#include "load/doctype.h"
#include "load/node.h"
#include "load/url.h"
#include "load/xmlcatalog.h"
#include "xml/reader.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, RULES_MAX = 100000, ROOM = 1 << 20, HEX_BYTES = 3 };

static const char catalog_ns[] = "urn:oasis:names:tc:entity:xmlns:xml:catalog";

/* The entries: their own attribute that is compared, and the one that says where to go. */
static const struct entry {
    const char *name, *match, *target;
    enum soapc_catalog_kind kind;
} entries[] = {
    { "public", "publicId", "uri", SOAPC_CATALOG_PUBLIC },
    { "system", "systemId", "uri", SOAPC_CATALOG_SYSTEM },
    { "rewriteSystem", "systemIdStartString", "rewritePrefix", SOAPC_CATALOG_REWRITE_SYSTEM },
    { "systemSuffix", "systemIdSuffix", "uri", SOAPC_CATALOG_SYSTEM_SUFFIX },
    { "delegatePublic", "publicIdStartString", "catalog", SOAPC_CATALOG_DELEGATE_PUBLIC },
    { "delegateSystem", "systemIdStartString", "catalog", SOAPC_CATALOG_DELEGATE_SYSTEM },
    { "uri", "name", "uri", SOAPC_CATALOG_URI },
    { "rewriteURI", "uriStartString", "rewritePrefix", SOAPC_CATALOG_REWRITE_URI },
    { "uriSuffix", "uriSuffix", "uri", SOAPC_CATALOG_URI_SUFFIX },
    { "delegateURI", "uriStartString", "catalog", SOAPC_CATALOG_DELEGATE_URI },
    { "nextCatalog", NULL, "catalog", SOAPC_CATALOG_NEXT },
};

/* What catalog and group set for what they hold. */
struct scope {
    char *base;
    bool prefer_public;
};

struct reading {
    struct soapc_catalog_file *file;
    struct soapc_diag *diag;
    struct bark_xml_reader r;
    struct scope scopes[DEPTH_MAX + 2]; /* by depth of elements; 0 is the file itself */
    uint32_t source;
};

char *soapc_catalog_public(const char *id, size_t len)
{
    char *out = malloc(len + 1), *to = out;
    if (!out)
        return NULL;
    for (size_t i = 0; i < len; i++) {
        const bool blank = id[i] == ' ' || id[i] == '\t' || id[i] == '\n' || id[i] == '\r';
        if (!blank)
            *to++ = id[i];
        else if (to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

char *soapc_catalog_uri(const char *id, size_t len)
{
    if (len > SIZE_MAX / HEX_BYTES - 1)
        return NULL;
    char *out = malloc(len * HEX_BYTES + 1), *to = out;
    for (size_t i = 0; out && i < len; i++) {
        const unsigned char c = (unsigned char)id[i];
        if (c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}", c)) {
            *to++ = (char)c;
            continue;
        }
        to = bark_percent_put(to, c);
    }
    if (out)
        *to = '\0';
    return out;
}

static struct soapc_place place_of(const struct reading *g, const struct bark_xml_event *ev)
{
    return (struct soapc_place){ g->source, ev->offset > UINT32_MAX ? UINT32_MAX : (uint32_t)ev->offset };
}

/* An attribute's text in the arena, or an absent slice; uri is its namespace. False: the reader failed. */
static bool attribute_get(struct reading *g, const struct bark_xml_event *ev, const char *uri,
                          const char *name, struct bark_slice *text)
{
    *text = (struct bark_slice){ NULL, 0 };
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        if (bark_slice_is(a->name.uri, uri) && bark_slice_is(a->name.local, name))
            return bark_xml_attribute_text(&g->r, a, text) == BARK_OK;
    }
    return true;
}

static bool rule_add(struct soapc_catalog_file *file, struct soapc_catalog_rule rule)
{
    if (file->count == file->cap) {
        const size_t cap = file->cap ? file->cap * 2 : 32;
        struct soapc_catalog_rule *grown = realloc(file->rules, cap * sizeof *grown);
        if (!grown)
            return false;
        file->rules = grown;
        file->cap = cap;
    }
    file->rules[file->count++] = rule;
    return true;
}

static bool entry_read(struct reading *g, const struct bark_xml_event *ev, const struct entry *e,
                       const struct scope *scope)
{
    struct bark_slice match = { NULL, 0 }, target;
    if ((e->match && !attribute_get(g, ev, "", e->match, &match)) ||
        !attribute_get(g, ev, "", e->target, &target))
        return false;
    if (!target.ptr || (e->match && !match.ptr)) {
        soapc_error(g->diag, SOAPC_E_MISSING_ATTRIBUTE, place_of(g, ev),
                    "<%s> of a catalog needs the attribute %s", e->name, target.ptr ? e->match : e->target);
        return true;
    }
    if (g->file->count == RULES_MAX) {
        soapc_error(g->diag, SOAPC_E_TOO_BIG, place_of(g, ev), "a catalog has more than %d entries",
                    RULES_MAX);
        return false;
    }
    const bool public = e->kind == SOAPC_CATALOG_PUBLIC || e->kind == SOAPC_CATALOG_DELEGATE_PUBLIC;
    struct soapc_catalog_rule rule = { .kind = e->kind,
                                       .prefer_public = scope->prefer_public,
                                       .target = strndup((const char *)target.ptr, target.len),
                                       .base = strdup(scope->base),
                                       .place = place_of(g, ev) };
    if (e->match)
        rule.match = public ? soapc_catalog_public((const char *)match.ptr, match.len)
                            : soapc_catalog_uri((const char *)match.ptr, match.len);
    if (rule.target && rule.base && (rule.match || !e->match) && rule_add(g->file, rule))
        return true;
    free(rule.match);
    free(rule.target);
    free(rule.base);
    g->diag->out_of_memory = true;
    return false;
}

/* Sets what an element's children inherit: xml:base and prefer. */
static bool scope_enter(struct reading *g, const struct bark_xml_event *ev, uint32_t depth)
{
    const struct scope *outer = &g->scopes[depth - 1];
    struct scope *own = &g->scopes[depth];
    struct bark_slice base, prefer;
    if (!attribute_get(g, ev, "http://www.w3.org/XML/1998/namespace", "base", &base) ||
        !attribute_get(g, ev, "", "prefer", &prefer))
        return false;
    char *reference = strndup(base.ptr ? (const char *)base.ptr : "", base.len);
    free(own->base);
    own->base = !reference ? NULL : base.len ? soapc_url_base(outer->base, reference) : strdup(outer->base);
    own->prefer_public = prefer.ptr ? bark_slice_is(prefer, "public") : outer->prefer_public;
    free(reference);
    if (!own->base)
        g->diag->out_of_memory = true;
    if (prefer.ptr && !bark_slice_is(prefer, "public") && !bark_slice_is(prefer, "system"))
        soapc_error(g->diag, SOAPC_E_ATTRIBUTE_VALUE, place_of(g, ev), "prefer is 'public' or 'system'");
    return own->base != NULL;
}

static bool element_read(struct reading *g, const struct bark_xml_event *ev, uint32_t depth)
{
    struct soapc_guess guess = { .wanted = NULL };
    char name[64];
    const size_t len = ev->name.local.len < sizeof name ? ev->name.local.len : sizeof name - 1;
    memcpy(name, ev->name.local.ptr, len);
    name[len] = '\0';
    if (!scope_enter(g, ev, depth))
        return false;
    if (depth == 1) {
        if (strcmp(name, "catalog") != 0)
            soapc_error(g->diag, SOAPC_E_MISPLACED_ELEMENT, place_of(g, ev),
                        "the root of a catalog is <catalog>, not <%s>", name);
        return true;
    }
    if (strcmp(name, "group") == 0)
        return true;
    guess.wanted = name;
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (strcmp(name, entries[i].name) == 0)
            return entry_read(g, ev, &entries[i], &g->scopes[depth]);
        soapc_guess_offer(&guess, entries[i].name);
    }
    soapc_error(g->diag, SOAPC_E_MISPLACED_ELEMENT, place_of(g, ev), "a catalog has no element <%s>", name);
    if (guess.best)
        soapc_note(g->diag, place_of(g, ev), "did you mean '%s'?", guess.best);
    return true;
}

static bool events_read(struct reading *g)
{
    uint32_t depth = 0, skipped = 0; /* skipped: depth of the foreign element that we are in */
    for (;;) {
        struct bark_xml_event ev;
        if (bark_xml_next(&g->r, &ev) != BARK_OK)
            return false;
        if (ev.kind == BARK_XML_EOF)
            return true;
        if (ev.kind == BARK_XML_START) {
            const bool ours = bark_slice_is(ev.name.uri, catalog_ns);
            depth++;
            if (depth == 1 && !ours)
                soapc_error(g->diag, SOAPC_E_MISPLACED_ELEMENT, place_of(g, &ev),
                            "this is no catalog: its root is not in the namespace %s", catalog_ns);
            if (skipped == 0 && !ours)
                skipped = depth;
            if (skipped == 0 && !element_read(g, &ev, depth))
                return false;
        } else if (ev.kind == BARK_XML_END) {
            if (skipped == depth)
                skipped = 0;
            depth--;
        }
    }
}

static bool text_read(struct reading *g, char *text, size_t size)
{
    struct bark_limits limits = bark_limits_server;
    struct bark_error err = { .code = BARK_OK };
    struct bark_arena arena;
    limits.depth = DEPTH_MAX;
    limits.body_bytes = size;
    limits.arena_bytes = ROOM + size * 2;
    limits.elements = RULES_MAX * 2;
    void *room = malloc(limits.arena_bytes);
    if (!room) {
        g->diag->out_of_memory = true;
        return false;
    }
    bark_arena_init(&arena, room, limits.arena_bytes);
    const struct bark_slice in = { (const uint8_t *)text, size };
    const bool good = bark_xml_open(&g->r, in, &limits, &arena, &err) == BARK_OK && events_read(g);
    if (err.code != BARK_OK) {
        const struct soapc_place place = { g->source,
                                           err.offset > UINT32_MAX ? UINT32_MAX : (uint32_t)err.offset };
        soapc_error(g->diag, SOAPC_E_XML, place, "%s", err.rule ? err.rule : bark_code_text(err.code));
    }
    free(room);
    return good;
}

bool soapc_catalog_read(struct soapc_catalog_file *file, uint32_t source, struct soapc_diag *diag)
{
    struct reading g = { .file = file, .diag = diag, .source = source };
    struct soapc_document unused = { .file = source };
    if (!soapc_doctype_take(diag, source))
        return false;
    const size_t size = diag->sources[source].size;
    char *text = soapc_text_prepare(diag->sources[source].text, size, &unused);
    g.scopes[0] = (struct scope){ strdup(file->path), true };
    bool good = text && g.scopes[0].base;
    if (!good)
        diag->out_of_memory = true;
    good = good && text_read(&g, text, size);
    for (size_t i = 0; i < sizeof g.scopes / sizeof *g.scopes; i++)
        free(g.scopes[i].base);
    soapc_document_release(&unused);
    free(text);
    return good;
}

void soapc_catalog_release(struct soapc_catalog_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->rules[i].match);
        free(file->rules[i].target);
        free(file->rules[i].base);
    }
    free(file->rules);
    free(file->path);
}
