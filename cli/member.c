/* cli/member.c - walks a struct's fields and those of the groups inside it that occur once, which JSON does
 * not show.
 */
#include "member.h"

#include "diag.h"

#include <stdio.h>
#include <string.h>

/* Fields still to look at: a group's come before the rest of its parent's. */
struct walk {
    struct {
        uint16_t next, end;
    } level[32];
    size_t depth;
};

static void walk_into(struct walk *w, const struct bark_type_row *type)
{
    if (w->depth == sizeof w->level / sizeof *w->level)
        return;
    w->level[w->depth].next = type->first;
    w->level[w->depth].end = (uint16_t)(type->first + type->count);
    w->depth++;
}

/* The next field that JSON shows, or NULL. */
static const struct bark_field_row *walk_next(struct walk *w, const struct bark_image *image)
{
    while (w->depth > 0) {
        const struct bark_field_row *f;
        if (w->level[w->depth - 1].next == w->level[w->depth - 1].end) {
            w->depth--;
            continue;
        }
        f = &image->fields[w->level[w->depth - 1].next++];
        if (bark_field_kind(image, f) == BARK_FIELD_GROUP && !(bark_field_bits(image, f) & BARK_F_REPEATED))
            walk_into(w, &image->types[f->type]);
        else
            return f;
    }
    return NULL;
}

/* Without "#type" a value is of the declared type; BARK_NONE where that is abstract. */
static uint16_t declared_type(const struct bark_image *image, uint16_t type)
{
    const struct bark_type_row *row = type == BARK_NONE ? NULL : &image->types[type];
    if (!row || row->model != BARK_MODEL_TYPED)
        return type;
    return row->flags & BARK_TYPE_ABSTRACT ? (uint16_t)BARK_NONE : image->fields[row->first].type;
}

/* What JSON calls the field; false for what NAME=VALUE cannot fill. */
static bool member_of(const struct bark_image *image, const struct bark_field_row *f, struct cli_member *m)
{
    static const char *const fixed[BARK_FIELD_KIND_COUNT] = {
        [BARK_FIELD_TEXT] = "#text",
        [BARK_FIELD_GROUP] = "#group",
        [BARK_FIELD_ANY] = "#any",
        [BARK_FIELD_CONTENT] = "#content",
    };
    const enum bark_field_kind kind = bark_field_kind(image, f);
    *m = (struct cli_member){ .mark = "",
                              .type = declared_type(image, f->type),
                              .repeated = (bark_field_bits(image, f) & BARK_F_REPEATED) != 0 };
    if (fixed[kind]) {
        m->name = fixed[kind];
        m->name_len = strlen(m->name);
        return true;
    }
    if (kind != BARK_FIELD_ELEMENT && kind != BARK_FIELD_ATTRIBUTE)
        return false;
    if (kind == BARK_FIELD_ATTRIBUTE)
        m->mark = "@";
    m->name = (const char *)bark_image_name(image, f->name).ptr;
    m->name_len = bark_image_name(image, f->name).len;
    return true;
}

/* How much of path the member's name takes, or 0. */
static size_t name_match(const struct cli_member *m, const char *path)
{
    const size_t mark = strlen(m->mark), len = mark + m->name_len;
    if (strncmp(path, m->mark, mark) != 0 || strncmp(path + mark, m->name, m->name_len) != 0)
        return 0;
    return path[len] == '.' || path[len] == '[' || path[len] == '=' ? len : 0;
}

size_t cli_member_find(const struct bark_image *image, uint16_t type, const char *path,
                       struct cli_member *member, char *near, size_t size)
{
    char wanted[64];
    struct soapc_guess guess = { .wanted = wanted };
    struct walk w = { .depth = 0 };
    const struct bark_field_row *f;
    struct cli_member m;
    size_t best = 0;
    (void)snprintf(wanted, sizeof wanted, "%.*s", (int)strcspn(path, ".[=") & 0xffff, path);
    type = declared_type(image, type);
    if (type != BARK_NONE)
        walk_into(&w, &image->types[type]);
    while ((f = walk_next(&w, image)) != NULL) {
        size_t len;
        if (!member_of(image, f, &m))
            continue;
        soapc_guess_offer_text(&guess, m.name, m.name_len);
        len = name_match(&m, path);
        if (len > best) {
            best = len;
            *member = m;
        }
    }
    (void)snprintf(near, size, "%.*s", (int)guess.best_len, guess.best ? guess.best : "");
    return best;
}

bool cli_member_same(const struct cli_member *a, const struct cli_member *b)
{
    return a->name_len == b->name_len && strcmp(a->mark, b->mark) == 0 &&
           memcmp(a->name, b->name, a->name_len) == 0;
}

bool cli_member_has_members(const struct bark_image *image, const struct cli_member *member)
{
    if (member->type == BARK_NONE)
        return false;
    return image->types[member->type].kind == BARK_KIND_STRUCT ||
           image->types[member->type].kind == BARK_KIND_GROUP;
}
