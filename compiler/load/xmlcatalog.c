/* load/xmlcatalog.c - resolves a name by the rules of catalogs. [XMLCAT 7]
 *
 * A search is a queue of catalog files. In each, an exact entry wins, then the longest rewrite, then the
 * longest suffix; delegates replace the queue by their own catalogs, longest prefix first, and nothing else
 * is asked any more; else the file's next catalogs come right after it. A file is asked once a search, so
 * circles end.
 */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "load/xmlcatalog.h"

#include "load/node.h"
#include "load/url.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 100, QUEUE_MAX = 1000, NONE = UINT32_MAX };

/* A catalog that a search still has to ask. */
struct waiting {
    const char *path; /* borrowed from the options, or owned by the rule's joined path below */
    char *owned;
    struct soapc_place place;
};

struct soapc_catalogs {
    struct soapc_diag *diag;
    const struct soapc_load_options *options;
    struct soapc_catalog_file files[FILES_MAX];
    size_t count;
    bool full; /* told already */
};

struct search {
    struct soapc_catalogs *c;
    enum soapc_catalog_kind exact, rewrite, suffix, delegate; /* NEXT: this family has none */
    const char *id;
    bool has_system; /* a system identifier was looked up before: public entries must be preferred */
    bool asked[FILES_MAX];
    struct waiting queue[QUEUE_MAX];
    size_t at, count;
};

struct soapc_catalogs *soapc_catalogs_new(const struct soapc_load_options *options, struct soapc_diag *diag)
{
    struct soapc_catalogs *c = calloc(1, sizeof *c);
    if (c) {
        c->diag = diag;
        c->options = options;
    }
    return c;
}

void soapc_catalogs_free(struct soapc_catalogs *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        soapc_catalog_release(&c->files[i]);
    free(c);
}

/* The file of a path, read when it is asked for the first time. NONE after an error. */
static uint32_t file_get(struct soapc_catalogs *c, const char *path, struct soapc_place place)
{
    char *text = NULL, encoding[48] = "";
    size_t size = 0;
    for (uint32_t i = 0; i < c->count; i++)
        if (strcmp(c->files[i].path, path) == 0)
            return i;
    if (c->count == FILES_MAX) {
        if (!c->full)
            soapc_error(c->diag, SOAPC_E_TOO_BIG, place, "more than %d catalogs are named", FILES_MAX);
        c->full = true;
        return NONE;
    }
    struct soapc_catalog_file *file = &c->files[c->count];
    *file = (struct soapc_catalog_file){ .path = strdup(path) };
    if (!file->path) {
        c->diag->out_of_memory = true;
        return NONE;
    }
    c->count++; /* also when it cannot be read: one error is enough */
    if (soapc_path_is_url(path) || !c->options->read(c->options->context, path, &text, &size)) {
        soapc_error(c->diag, SOAPC_E_UNREADABLE, place, "cannot read the catalog '%s'", path);
        return (uint32_t)(c->count - 1);
    }
    const bool readable = soapc_text_to_utf8(&text, &size, encoding, sizeof encoding);
    const uint32_t source = soapc_diag_source(c->diag, path, text, size, place);
    if (source == SOAPC_NO_FILE)
        return NONE;
    if (!readable)
        soapc_error(c->diag, SOAPC_E_NOT_SUPPORTED, (struct soapc_place){ source, 0 },
                    "the encoding '%s' is not supported", encoding);
    else if (size > c->options->file_bytes_max)
        soapc_error(c->diag, SOAPC_E_TOO_BIG, (struct soapc_place){ source, 0 },
                    "the file has %zu bytes, the limit is %zu", size, c->options->file_bytes_max);
    else
        (void)soapc_catalog_read(file, source, c->diag); /* what is wrong has been said */
    return (uint32_t)(c->count - 1);
}

static void queue_clear(struct search *s)
{
    for (size_t i = s->at; i < s->count; i++)
        free(s->queue[i].owned);
    s->at = s->count = 0;
}

/* Puts a rule's catalog at a place of the queue. */
static void queue_insert(struct search *s, size_t at, const struct soapc_catalog_rule *rule)
{
    if (s->count == QUEUE_MAX) {
        if (!s->c->full)
            soapc_error(s->c->diag, SOAPC_E_TOO_BIG, rule->place, "a search comes to more than %d catalogs",
                        QUEUE_MAX);
        s->c->full = true;
        return;
    }
    char *path = soapc_url_join(rule->base, rule->target);
    if (!path) {
        s->c->diag->out_of_memory = true;
        return;
    }
    memmove(&s->queue[at + 1], &s->queue[at], (s->count - at) * sizeof *s->queue);
    s->queue[at] = (struct waiting){ path, path, rule->place };
    s->count++;
}

static bool rule_starts(const struct soapc_catalog_rule *rule, const char *id)
{
    return strncmp(id, rule->match, strlen(rule->match)) == 0;
}

static bool rule_ends(const struct soapc_catalog_rule *rule, const char *id)
{
    const size_t len = strlen(id), tail = strlen(rule->match);
    return tail <= len && strcmp(id + len - tail, rule->match) == 0;
}

/* The rule of a file that decides: exact, else longest rewrite, else longest suffix. */
static const struct soapc_catalog_rule *rule_find(const struct search *s,
                                                  const struct soapc_catalog_file *file)
{
    const struct soapc_catalog_rule *rewrite = NULL, *suffix = NULL;
    for (size_t i = 0; i < file->count; i++) {
        const struct soapc_catalog_rule *rule = &file->rules[i];
        if (rule->kind == SOAPC_CATALOG_NEXT)
            continue;
        if (rule->kind == s->exact && strcmp(rule->match, s->id) == 0 &&
            (rule->kind != SOAPC_CATALOG_PUBLIC || rule->prefer_public || !s->has_system))
            return rule;
        if (rule->kind == s->rewrite && rule_starts(rule, s->id) &&
            (!rewrite || strlen(rule->match) > strlen(rewrite->match)))
            rewrite = rule;
        if (rule->kind == s->suffix && rule_ends(rule, s->id) &&
            (!suffix || strlen(rule->match) > strlen(suffix->match)))
            suffix = rule;
    }
    return rewrite ? rewrite : suffix;
}

static char *rule_follow(const struct search *s, const struct soapc_catalog_rule *rule)
{
    const char *rest = rule->kind == s->rewrite ? s->id + strlen(rule->match) : "";
    const size_t len = strlen(rule->target), tail = strlen(rest);
    char *reference = malloc(len + tail + 1), *target = NULL;
    if (reference) {
        memcpy(reference, rule->target, len);
        memcpy(reference + len, rest, tail + 1);
        target = soapc_url_join(rule->base, reference);
    }
    if (!target)
        s->c->diag->out_of_memory = true;
    free(reference);
    return target;
}

/* Delegates of a file that concern the name: they become the queue, longest prefix first, in order among
 * equals. */
static bool delegates_queue(struct search *s, const struct soapc_catalog_file *file)
{
    size_t lengths[QUEUE_MAX], found = 0;
    for (size_t i = 0; i < file->count; i++) {
        const struct soapc_catalog_rule *rule = &file->rules[i];
        if (rule->kind != s->delegate || rule->kind == SOAPC_CATALOG_NEXT || !rule_starts(rule, s->id) ||
            (rule->kind == SOAPC_CATALOG_DELEGATE_PUBLIC && s->has_system && !rule->prefer_public))
            continue;
        if (found == 0)
            queue_clear(s);
        size_t at = 0;
        while (at < found && lengths[at] >= strlen(rule->match))
            at++;
        const size_t before = s->count;
        queue_insert(s, at, rule);
        if (s->count == before)
            break;
        memmove(&lengths[at + 1], &lengths[at], (found - at) * sizeof *lengths);
        lengths[at] = strlen(rule->match);
        found++;
    }
    return found > 0;
}

static void nexts_queue(struct search *s, const struct soapc_catalog_file *file)
{
    size_t at = s->at;
    for (size_t i = 0; i < file->count; i++) {
        const size_t before = s->count;
        if (file->rules[i].kind == SOAPC_CATALOG_NEXT)
            queue_insert(s, at, &file->rules[i]);
        at += s->count - before;
    }
}

static char *search_run(struct search *s)
{
    char *target = NULL;
    while (!target && s->at < s->count) {
        struct waiting next = s->queue[s->at++];
        const uint32_t file = file_get(s->c, next.path, next.place);
        free(next.owned);
        if (file == NONE || s->asked[file])
            continue;
        s->asked[file] = true;
        const struct soapc_catalog_rule *rule = rule_find(s, &s->c->files[file]);
        if (rule)
            target = rule_follow(s, rule);
        else if (!delegates_queue(s, &s->c->files[file]))
            nexts_queue(s, &s->c->files[file]);
        if (rule && !target)
            break;
    }
    queue_clear(s);
    return target;
}

enum family { FAMILY_SYSTEM, FAMILY_URI, FAMILY_PUBLIC };

static char *name_resolve(struct soapc_catalogs *c, enum family family, const char *name, bool has_system)
{
    static const enum soapc_catalog_kind kinds[][4] = {
        [FAMILY_SYSTEM] = { SOAPC_CATALOG_SYSTEM, SOAPC_CATALOG_REWRITE_SYSTEM, SOAPC_CATALOG_SYSTEM_SUFFIX,
                            SOAPC_CATALOG_DELEGATE_SYSTEM },
        [FAMILY_URI] = { SOAPC_CATALOG_URI, SOAPC_CATALOG_REWRITE_URI, SOAPC_CATALOG_URI_SUFFIX,
                         SOAPC_CATALOG_DELEGATE_URI },
        [FAMILY_PUBLIC] = { SOAPC_CATALOG_PUBLIC, SOAPC_CATALOG_NEXT, SOAPC_CATALOG_NEXT,
                            SOAPC_CATALOG_DELEGATE_PUBLIC },
    };
    struct search *s = calloc(1, sizeof *s);
    char *id = family == FAMILY_PUBLIC ? soapc_catalog_public(name, strlen(name))
                                       : soapc_catalog_uri(name, strlen(name));
    char *target = NULL;
    if (s && id) {
        s->c = c;
        s->id = id;
        s->has_system = has_system;
        s->exact = kinds[family][0];
        s->rewrite = kinds[family][1];
        s->suffix = kinds[family][2];
        s->delegate = kinds[family][3];
        for (size_t i = 0; i < c->options->catalog_count && i < QUEUE_MAX; i++)
            s->queue[s->count++] = (struct waiting){ c->options->catalogs[i], NULL, SOAPC_NOWHERE };
        target = search_run(s);
    } else {
        c->diag->out_of_memory = true;
    }
    free(id);
    free(s);
    return target;
}

char *soapc_catalogs_resolve(struct soapc_catalogs *c, const char *ns, const char *location, const char *base)
{
    char *target = NULL;
    if (location)
        target = name_resolve(c, FAMILY_SYSTEM, location, false);
    if (!target && location)
        target = name_resolve(c, FAMILY_URI, location, false);
    if (!target && location && base && !soapc_path_is_url(location)) {
        char *absolute = soapc_url_join(base, location);
        target = absolute ? name_resolve(c, FAMILY_SYSTEM, absolute, false) : NULL;
        if (!target && absolute)
            target = name_resolve(c, FAMILY_URI, absolute, false);
        free(absolute);
    }
    if (!target && ns)
        target = name_resolve(c, FAMILY_PUBLIC, ns, location != NULL);
    if (!target && ns)
        target = name_resolve(c, FAMILY_URI, ns, false);
    return target;
}
