/* engine/sink_path.c - which elements a sink's path means: in the tables, when it is set up, and in the
 * message, while it is read.
 *
 * A path has local names only. In the message it is held against the names of the open elements. In the
 * tables it leads through members, the groups that they stand in, and the types that xsi:type may name, so
 * that a step may lead to several types; the set of them is bounded, and each must be one that a sink can
 * take.
 */
#include "engine/decode.h"
#include "engine/sink.h"
#include "xml/parts.h"

enum { TYPES_MAX = 64 }; /* that one step of a path leads to, groups and alternatives included */

struct walk {
    const struct bark_image *image;
    const char *rule; /* the first failure, or NULL */
    uint16_t types[TYPES_MAX];
    size_t count, done; /* in all; those whose fields were looked at */
};

static const char value_rule[] = "a sink takes string, normalizedString, token, base64Binary, hexBinary and "
                                 "types derived from these by lengths, patterns and white space";

static void type_add(struct walk *w, uint16_t type)
{
    size_t i;
    for (i = 0; i < w->count; i++)
        if (w->types[i] == type)
            return;
    if (w->count < TYPES_MAX)
        w->types[w->count++] = type;
    else
        w->rule = "a sink's path leads to too many types";
}

/* Takes the next step off the path: "/Name". */
static struct bark_slice step_take(const char **path)
{
    const char *at = *path + (**path == '/');
    size_t len = 0;
    while (at[len] && at[len] != '/')
        len++;
    *path = at + len;
    return (struct bark_slice){ (const uint8_t *)at, len };
}

/* The value of a field must not need to be there as a whole. */
static void field_check(struct walk *w, const struct bark_field_row *f)
{
    if (bark_field_bits(w->image, f) & BARK_F_FIXED)
        w->rule = "a sink cannot take a fixed value, which is compared as a whole";
}

/* Adds what stands inside the types of the walk: groups and alternatives to the walk itself, members of that
 * name to next. */
static void members_find(struct walk *w, struct bark_slice name, struct walk *next, bool last)
{
    const struct bark_image *image = w->image;
    for (; w->done < w->count; w->done++) {
        const struct bark_type_row *row = &image->types[w->types[w->done]];
        uint16_t i;
        if (row->kind != BARK_KIND_STRUCT && row->kind != BARK_KIND_GROUP)
            continue;
        for (i = 0; i < row->count; i++) {
            const struct bark_field_row *f = &image->fields[row->first + i];
            const enum bark_field_kind kind = bark_field_kind(image, f);
            if (kind == BARK_FIELD_GROUP || kind == BARK_FIELD_TYPE)
                type_add(w, f->type);
            if (kind != BARK_FIELD_ELEMENT || !bark_slice_equal(bark_image_name(image, f->name), name))
                continue;
            if (last)
                field_check(next, f);
            type_add(next, f->type);
        }
    }
}

/* The rows of a value's facets can be held against it as it passes. */
static void facets_check(struct walk *w, const struct bark_type_row *row)
{
    uint32_t patterns = 0;
    uint16_t i;
    for (i = 0; !(row->flags & BARK_TYPE_PLAIN) && i < row->presence; i++) {
        const uint8_t kind = w->image->facets[row->extra + i].kind;
        patterns += kind == BARK_FACET_PATTERN;
        if (kind == BARK_FACET_ENUMERATION)
            w->rule = "a sink cannot take a value of an enumeration, which is compared as a whole";
        else if (patterns > BARK_SINK_PATTERNS)
            w->rule = "a sink's value is held against BARK_SINK_PATTERNS patterns at most";
    }
}

/* Each type that the path ends at. */
static void values_check(struct walk *w)
{
    for (; w->done < w->count && !w->rule; w->done++) {
        const struct bark_type_row *row = &w->image->types[w->types[w->done]];
        uint16_t i;
        if (row->model == BARK_MODEL_TYPED) {
            for (i = 0; i < row->count; i++)
                type_add(w, w->image->fields[row->first + i].type);
        } else if (row->model == BARK_MODEL_VALUE) {
            const struct bark_field_row *f = &w->image->fields[row->first + row->extra];
            field_check(w, f);
            type_add(w, f->type);
        } else if (row->kind == BARK_KIND_STRING || row->kind == BARK_KIND_NORMALIZED ||
                   row->kind == BARK_KIND_TOKEN || row->kind == BARK_KIND_BASE64 ||
                   row->kind == BARK_KIND_HEX) {
            facets_check(w, row);
        } else {
            w->rule = row->kind == BARK_KIND_ENUM
                          ? "a sink cannot take a value of an enumeration, which is compared as a whole"
                          : value_rule;
        }
    }
}

/* NULL, or why the path is none. */
static const char *path_check(const struct bark_image *image, uint16_t root, const char *path)
{
    static const char nowhere[] = "a sink's path names no element of the schema";
    struct walk here = { .image = image }, next;
    struct bark_slice name = step_take(&path);
    uint32_t i;
    for (i = 0; i < bark_root_end(image); i++)
        if ((root == BARK_NONE || root == i) && bark_root_is(image, i, name))
            type_add(&here, bark_root_type(image, i));
    while (*path && here.count && !here.rule) {
        next = (struct walk){ .image = image };
        name = step_take(&path);
        members_find(&here, name, &next, *path == '\0');
        if (here.rule)
            return here.rule;
        here = next;
    }
    if (here.count == 0)
        return nowhere;
    values_check(&here);
    return here.rule;
}

const char *bark_sinks_refusal(const struct bark_image *image, uint16_t root, const struct bark_sink *sinks,
                               size_t count, struct bark_slice *bad)
{
    const char *rule = NULL;
    size_t i, k;
    for (i = 0; i < count && !rule; i++) {
        const char *const path = sinks[i].path ? sinks[i].path : "";
        if (!sinks[i].take)
            rule = "a sink takes pieces";
        else if (path[0] != '/')
            rule = "a sink's path begins with a slash";
        for (k = 0; k < i && !rule; k++)
            if (strcmp(path, sinks[k].path) == 0)
                rule = "two sinks have one path";
        if (!rule)
            rule = path_check(image, root, path);
        *bad = (struct bark_slice){ (const uint8_t *)path, strlen(path) };
    }
    return rule;
}

enum bark_code bark_sinks_open(struct bark_decoder *d, uint16_t root, uint32_t depth,
                               const struct bark_sink *sinks, size_t count, struct bark_sinks *made)
{
    struct bark_slice bad = { NULL, 0 };
    const char *const rule = bark_sinks_refusal(d->image, root, sinks, count, &bad);
    if (rule)
        return bark_xml_fail_found(d->r, BARK_ERR_USE, 0, rule, bad);
    *made = (struct bark_sinks){ .ops = &bark_sink_ops, .sinks = sinks, .count = count, .depth = depth };
    return BARK_OK;
}

static bool path_is(const struct bark_decoder *d, const char *path)
{
    const struct bark_xml_reader *r = d->r;
    uint32_t i;
    for (i = d->sinks->depth; i <= r->depth && *path; i++) {
        const struct bark_xml_open *open = &r->open[i - 1];
        const size_t skip = open->prefix_len ? open->prefix_len + 1 : 0;
        if (!bark_slice_equal(step_take(&path), (struct bark_slice){ open->name + skip, open->len - skip }))
            return false;
    }
    return i > r->depth && *path == '\0';
}

const struct bark_sink *bark_sink_find(const struct bark_decoder *d)
{
    size_t i;
    for (i = 0; i < d->sinks->count; i++)
        if (path_is(d, d->sinks->sinks[i].path))
            return &d->sinks->sinks[i];
    return NULL;
}
