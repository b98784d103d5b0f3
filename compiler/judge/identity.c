/* judge/identity.c - key, unique and keyref [XSD1 3.11.4].
 *
 * An element whose declaration has constraints opens a scope. Below it the selector finds targets; a target
 * waits for its fields until it ends, and then has a key: its values, one after the other. Keys of a scope
 * are sorted when it ends, so that equal ones meet. Keys of scopes that ended are kept in the order of the
 * document: those that came after a scope opened are the ones that its keyrefs may name.
 */
#include "judge/walk.h"

#include <stdlib.h>
#include <string.h>

struct key {
    const struct soapc_identity *identity;
    struct bark_slice bytes;
    size_t offset; /* of the target */
    bool hidden; /* a scope around this one's has a key of its own like it */
};

struct judge_scope {
    size_t depth; /* index of its frame */
    size_t closed_from; /* keys before it are of scopes elsewhere */
    const struct soapc_element *declaration;
    struct judge_list *keys; /* of each constraint */
};

struct field {
    struct bark_slice value;
    size_t depth; /* index of the frame it will be read from */
    const uint8_t *source; /* of an attribute's value: two alternatives may take the same one */
    bool pending, found;
};

struct target {
    size_t scope, identity; /* indices */
    size_t depth;
    struct field *fields;
};

static struct judge_scope *scopes(const struct judge *j)
{
    return j->scopes.items;
}

static struct target *targets(const struct judge *j)
{
    return j->targets.items;
}

static const struct soapc_identity *target_identity(const struct judge *j, const struct target *t)
{
    return scopes(j)[t->scope].declaration->identities[t->identity];
}

static bool step_takes(const struct soapc_step *step, struct bark_slice uri, struct bark_slice local)
{
    return (step->any_ns || judge_same(uri, step->name.ns)) &&
           (step->any_local || judge_same(local, step->name.local));
}

/* Whether the first `count` steps lead from one open element to another one in or below it. */
static bool path_leads(const struct judge *j, const struct soapc_path *path, size_t count, size_t from,
                       size_t to)
{
    const struct judge_frame *frames = j->frames.items;
    const size_t between = to - from;
    if (path->descendant ? between < count : between != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct judge_frame *frame = &frames[to - count + 1 + i];
        if (!step_takes(&path->steps[i], frame->uri, frame->local))
            return false;
    }
    return true;
}

static enum bark_code scope_open(struct judge *j, const struct soapc_element *declaration, size_t depth)
{
    struct judge_scope *scope = soapc_judge_grow(j, &j->scopes, sizeof *scope);
    if (!scope)
        return j->r.failed;
    *scope =
        (struct judge_scope){ .depth = depth, .closed_from = j->closed.count, .declaration = declaration };
    scope->keys = bark_arena_alloc(j->arena, declaration->identity_count, sizeof *scope->keys);
    return scope->keys ? BARK_OK : soapc_judge_full(j);
}

static enum bark_code target_open(struct judge *j, size_t scope, size_t identity, size_t depth)
{
    struct target *t = soapc_judge_grow(j, &j->targets, sizeof *t);
    if (!t)
        return j->r.failed;
    *t = (struct target){ .scope = scope, .identity = identity, .depth = depth };
    t->fields = bark_arena_alloc(j->arena, target_identity(j, t)->field_count + 1, sizeof *t->fields);
    return t->fields ? BARK_OK : soapc_judge_full(j);
}

/* The targets that the element is, of all scopes around it. */
static enum bark_code targets_find(struct judge *j, size_t depth)
{
    for (size_t s = 0; s < j->scopes.count; s++) {
        const struct soapc_element *declaration = scopes(j)[s].declaration;
        for (size_t i = 0; i < declaration->identity_count; i++) {
            const struct soapc_paths *selector = &declaration->identities[i]->selector;
            bool found = false;
            for (size_t p = 0; p < selector->count && !found; p++)
                found =
                    path_leads(j, &selector->items[p], selector->items[p].count, scopes(j)[s].depth, depth);
            if (found && target_open(j, s, i, depth) != BARK_OK)
                return j->r.failed;
        }
    }
    return BARK_OK;
}

static enum bark_code field_twice(struct judge *j, size_t offset)
{
    return bark_xml_fail(&j->r, BARK_ERR_UNEXPECTED, offset,
                         "[XSD1 3.11.4] a field of an identity constraint has one value at most");
}

/* source tells one attribute from another. */
static enum bark_code attribute_take(struct judge *j, struct field *field, const struct soapc_type *type,
                                     struct bark_slice text, const uint8_t *source)
{
    if (field->found && field->source == source)
        return BARK_OK;
    if (field->found || field->pending)
        return field_twice(j, judge_top(j)->offset);
    field->found = true;
    field->source = source;
    return soapc_key_make(j, type, text, &field->value) ? BARK_OK : soapc_judge_full(j);
}

/* The attributes of the element that a field's last step takes, and those that it has by default. */
static enum bark_code attributes_take(struct judge *j, const struct bark_xml_event *ev, struct field *field,
                                      const struct soapc_step *step)
{
    const struct soapc_type *type = judge_top(j)->type;
    for (size_t i = 0; i < ev->attribute_count; i++) {
        const struct bark_xml_attribute *a = &ev->attributes[i];
        const struct soapc_type *found;
        struct bark_slice text;
        if (!step_takes(step, a->name.uri, a->name.local))
            continue;
        if (!soapc_judge_attribute_type(j, type, &a->name, &found))
            return soapc_judge_full(j);
        if (!found)
            continue;
        if (bark_xml_attribute_text(&j->r, a, &text) != BARK_OK ||
            attribute_take(j, field, found, text, a->raw.ptr) != BARK_OK)
            return j->r.failed;
    }
    for (size_t i = 0; type->complex && i < type->attributes.count && !field->found; i++) {
        const struct soapc_attribute_use *use = type->attributes.items[i];
        const char *text = use->fixed_text ? use->fixed_text : use->default_text;
        const struct soapc_name *name = &use->attribute->name;
        const struct bark_slice uri = { (const uint8_t *)name->ns, strlen(name->ns) };
        const struct bark_slice local = { (const uint8_t *)name->local, strlen(name->local) };
        if (text && step_takes(step, uri, local) &&
            attribute_take(j, field, use->attribute->type,
                           (struct bark_slice){ (const uint8_t *)text, strlen(text) },
                           (const uint8_t *)text) != BARK_OK)
            return j->r.failed;
    }
    return BARK_OK;
}

static enum bark_code field_match(struct judge *j, const struct bark_xml_event *ev, const struct target *t,
                                  struct field *field, const struct soapc_path *path)
{
    const size_t depth = j->frames.count - 1;
    const bool attribute = path->count && path->steps[path->count - 1].attribute;
    if (!path_leads(j, path, path->count - attribute, t->depth, depth))
        return BARK_OK;
    if (attribute)
        return attributes_take(j, ev, field, &path->steps[path->count - 1]);
    if (field->pending && field->depth == depth)
        return BARK_OK; /* two alternatives, one element */
    if (field->pending || field->found)
        return field_twice(j, ev->offset);
    field->pending = true;
    field->depth = depth;
    return BARK_OK;
}

enum bark_code soapc_identity_start(struct judge *j, const struct bark_xml_event *ev)
{
    const struct soapc_element *declaration = judge_top(j)->declaration;
    const size_t depth = j->frames.count - 1;
    if (declaration && declaration->identity_count && scope_open(j, declaration, depth) != BARK_OK)
        return j->r.failed;
    if (targets_find(j, depth) != BARK_OK)
        return j->r.failed;
    for (size_t i = 0; i < j->targets.count; i++) {
        const struct target *t = &targets(j)[i];
        const struct soapc_identity *identity = target_identity(j, t);
        for (size_t f = 0; f < identity->field_count; f++)
            for (size_t p = 0; p < identity->fields[f].count; p++)
                if (field_match(j, ev, t, &t->fields[f], &identity->fields[f].items[p]) != BARK_OK)
                    return j->r.failed;
    }
    return BARK_OK;
}

/* The element of the top frame ends: fields that it is get its value. A nil one has none. */
static enum bark_code fields_end(struct judge *j, const struct target *t, size_t depth)
{
    const struct judge_frame *frame = judge_top(j);
    const struct soapc_type *simple = soapc_judge_simple(frame->type);
    for (size_t f = 0; f < target_identity(j, t)->field_count; f++) {
        struct field *field = &t->fields[f];
        if (!field->pending || field->depth != depth)
            continue;
        if (!simple && frame->declaration)
            return bark_xml_fail(&j->r, BARK_ERR_UNEXPECTED, frame->offset,
                                 "[XSD1 3.11.4] a field of an identity constraint is of a simple type");
        field->pending = false;
        field->found = simple && !frame->nil;
        if (field->found && !soapc_key_make(j, simple, frame->text, &field->value))
            return soapc_judge_full(j);
    }
    return BARK_OK;
}

/* A target that has all its fields has a key: sizes and values, so that no two differ in their seams alone.
 */
static enum bark_code target_close(struct judge *j, const struct target *t)
{
    const struct soapc_identity *identity = target_identity(j, t);
    const size_t offset = judge_top(j)->offset;
    size_t size = 0, at = 0;
    uint8_t *bytes;
    struct key *key;
    for (size_t f = 0; f < identity->field_count; f++) {
        if (!t->fields[f].found && identity->kind == SOAPC_IDENTITY_KEY)
            return bark_xml_fail(&j->r, BARK_ERR_MISSING, offset,
                                 "[XSD1 3.11.4] a field of this key is absent");
        if (!t->fields[f].found)
            return BARK_OK;
        size += sizeof(size_t) + t->fields[f].value.len;
    }
    bytes = bark_arena_alloc(j->arena, size + 1, 1);
    if (!bytes)
        return soapc_judge_full(j);
    for (size_t f = 0; f < identity->field_count; f++) {
        const struct bark_slice value = t->fields[f].value;
        memcpy(bytes + at, &value.len, sizeof value.len);
        memcpy(bytes + at + sizeof value.len, value.ptr, value.len);
        at += sizeof value.len + value.len;
    }
    key = soapc_judge_grow(j, &scopes(j)[t->scope].keys[t->identity], sizeof *key);
    if (!key)
        return j->r.failed;
    *key = (struct key){ identity, { bytes, size }, offset, false };
    return BARK_OK;
}

static int keys_compare(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->bytes.len != y->bytes.len)
        return x->bytes.len < y->bytes.len ? -1 : 1;
    return memcmp(x->bytes.ptr, y->bytes.ptr, x->bytes.len);
}

/* [XSD1 3.11.5] A scope's own keys go before those of scopes inside it. The list is sorted. */
static void inner_hide(const struct judge *j, const struct judge_scope *scope, const struct judge_list *list)
{
    struct key *closed = j->closed.items;
    const struct key *own = list->items;
    for (size_t i = scope->closed_from; list->count && i < j->closed.count; i++)
        if (closed[i].identity == own->identity &&
            bsearch(&closed[i], own, list->count, sizeof *own, keys_compare))
            closed[i].hidden = true;
}

static enum bark_code unique_check(struct judge *j, const struct judge_scope *scope,
                                   const struct judge_list *list)
{
    struct key *keys = list->items;
    if (list->count)
        qsort(keys, list->count, sizeof *keys, keys_compare);
    for (size_t i = 1; i < list->count; i++)
        if (keys_compare(&keys[i - 1], &keys[i]) == 0)
            return bark_xml_fail_found(&j->r, BARK_ERR_UNEXPECTED,
                                       keys[i].offset > keys[i - 1].offset ? keys[i].offset
                                                                           : keys[i - 1].offset,
                                       "[XSD1 3.11.4] the values of a key or unique constraint come once",
                                       (struct bark_slice){ (const uint8_t *)keys[i].identity->name.local,
                                                            strlen(keys[i].identity->name.local) });
    inner_hide(j, scope, list);
    for (size_t i = 0; i < list->count; i++) {
        struct key *kept = soapc_judge_grow(j, &j->closed, sizeof *kept);
        if (!kept)
            return j->r.failed;
        *kept = keys[i];
    }
    return BARK_OK;
}

/* [XSD1 3.11.5] Two scopes beside each other that have the same key have none for those around them. */
static size_t rivals_drop(struct key *keys, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0, next; i < count; i = next) {
        next = i + 1;
        while (next < count && keys_compare(&keys[i], &keys[next]) == 0)
            next++;
        if (next == i + 1)
            keys[kept++] = keys[i];
    }
    return kept;
}

static enum bark_code keyref_check(struct judge *j, const struct judge_scope *scope,
                                   const struct judge_list *list)
{
    const struct key *refs = list->items, *closed = j->closed.items;
    struct key *named;
    size_t count = 0;
    if (!list->count)
        return BARK_OK;
    named = bark_arena_alloc(j->arena, j->closed.count - scope->closed_from + 1, sizeof *named);
    if (!named)
        return soapc_judge_full(j);
    for (size_t i = scope->closed_from; i < j->closed.count; i++)
        if (closed[i].identity == refs[0].identity->refer && !closed[i].hidden)
            named[count++] = closed[i];
    qsort(named, count, sizeof *named, keys_compare);
    count = rivals_drop(named, count);
    for (size_t i = 0; i < list->count; i++)
        if (!bsearch(&refs[i], named, count, sizeof *named, keys_compare))
            return bark_xml_fail_found(&j->r, BARK_ERR_MISSING, refs[i].offset,
                                       "[XSD1 3.11.4] no key has the values of this keyref",
                                       (struct bark_slice){ (const uint8_t *)refs[i].identity->name.local,
                                                            strlen(refs[i].identity->name.local) });
    return BARK_OK;
}

/* Keys first: keyrefs of the same element may name them. */
static enum bark_code scope_close(struct judge *j, const struct judge_scope *scope)
{
    const struct soapc_element *e = scope->declaration;
    for (size_t i = 0; i < e->identity_count; i++)
        if (e->identities[i]->kind != SOAPC_IDENTITY_KEYREF &&
            unique_check(j, scope, &scope->keys[i]) != BARK_OK)
            return j->r.failed;
    for (size_t i = 0; i < e->identity_count; i++)
        if (e->identities[i]->kind == SOAPC_IDENTITY_KEYREF &&
            keyref_check(j, scope, &scope->keys[i]) != BARK_OK)
            return j->r.failed;
    return BARK_OK;
}

enum bark_code soapc_identity_end(struct judge *j)
{
    const size_t depth = j->frames.count - 1;
    for (size_t i = 0; i < j->targets.count; i++)
        if (fields_end(j, &targets(j)[i], depth) != BARK_OK)
            return j->r.failed;
    while (j->targets.count && targets(j)[j->targets.count - 1].depth == depth)
        if (target_close(j, &targets(j)[--j->targets.count]) != BARK_OK)
            return j->r.failed;
    while (j->scopes.count && scopes(j)[j->scopes.count - 1].depth == depth)
        if (scope_close(j, &scopes(j)[--j->scopes.count]) != BARK_OK)
            return j->r.failed;
    return BARK_OK;
}
