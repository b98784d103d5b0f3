/* lower/put.c - appends to the sections of an image; texts, names, namespaces and wildcards are shared.
 */
#include "lower/put.h"

#include <stdio.h>
#include <string.h>

static const char *const section_names[] = {
    "namespaces", "names",     "types", "fields", "traits",     "extras",   "facets", "patterns",
    "firsts",     "wildcards", "lists", "roots",  "operations", "services", "pool",
};

static size_t text_slot_find(const struct soapc_text_index *index, const char *text)
{
    uint32_t hash = 2166136261u;
    for (const char *p = text; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 16777619u;
    size_t slot = hash & (index->cap - 1);
    while (index->slots[slot].text && strcmp(index->slots[slot].text, text) != 0)
        slot = (slot + 1) & (index->cap - 1);
    return slot;
}

/* The slot of a text, new (text NULL) or known. NULL: memory. */
static struct soapc_text_slot *text_slot_of(struct soapc_plan *plan, struct soapc_text_index *index,
                                            const char *text)
{
    if (index->cap == 0 || index->count >= index->cap / 2) {
        struct soapc_text_index grown = { .count = index->count, .cap = index->cap ? 2 * index->cap : 256 };
        grown.slots = soapc_plan_alloc(plan, grown.cap, sizeof *grown.slots);
        if (!grown.slots)
            return NULL;
        for (size_t i = 0; i < index->cap; i++)
            if (index->slots[i].text)
                grown.slots[text_slot_find(&grown, index->slots[i].text)] = index->slots[i];
        *index = grown;
    }
    return &index->slots[text_slot_find(index, text)];
}

/* Room for one more row of a section; NULL after an error. *array is the section's array. */
void *soapc_put_row(struct soapc_put *b, enum bark_section section, void *array, size_t size)
{
    struct soapc_rows *rows = b->rows;
    if (rows->count[section] >= ROWS_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, SOAPC_NOWHERE,
                    "the tables need more than %d rows of %s; slice with --operations", ROWS_MAX,
                    section_names[section]);
        b->plan->failed = true;
        return NULL;
    }
    return soapc_plan_grow(b->plan, array, rows->count[section], &rows->cap[section], size);
}

bool soapc_put_bytes(struct soapc_put *b, const void *bytes, size_t len, uint32_t *offset)
{
    struct soapc_rows *rows = b->rows;
    size_t *count = &rows->count[BARK_SECTION_POOL], *cap = &rows->cap[BARK_SECTION_POOL];
    if (len > *cap - *count) {
        size_t more = 2 * (*cap + len) + 1024;
        uint8_t *grown = soapc_plan_alloc(b->plan, more, 1);
        if (!grown)
            return false;
        if (*count)
            memcpy(grown, rows->pool, *count);
        rows->pool = grown;
        *cap = more;
    }
    memcpy(rows->pool + *count, bytes, len);
    *offset = (uint32_t)*count;
    *count += len;
    return true;
}

bool soapc_put_text(struct soapc_put *b, const char *text, uint32_t *offset)
{
    struct soapc_text_slot *slot = text_slot_of(b->plan, &b->pooled, text);
    if (!slot)
        return false;
    if (slot->text) {
        *offset = slot->value;
        return true;
    }
    if (!soapc_put_bytes(b, text, strlen(text) + 1, offset))
        return false;
    *slot = (struct soapc_text_slot){ text, *offset };
    b->pooled.count++;
    return true;
}

bool soapc_put_name(struct soapc_put *b, const char *text, struct soapc_place place, uint16_t *row)
{
    struct soapc_text_slot *slot = text_slot_of(b->plan, &b->named, text);
    if (!slot)
        return false;
    if (!slot->text) {
        const size_t count = b->rows->count[BARK_SECTION_NAMES];
        if (strlen(text) > BARK_NAME_LEN_MAX) {
            soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, place,
                        "name '%.40s...' does not fit: names have at most %d bytes", text, BARK_NAME_LEN_MAX);
            return false;
        }
        uint32_t *names = soapc_put_row(b, BARK_SECTION_NAMES, b->rows->names, sizeof *names);
        const char **texts =
            soapc_plan_grow(b->plan, (void *)b->name_texts, count, &b->name_cap, sizeof *b->name_texts);
        if (!names || !texts)
            return false;
        b->rows->names = names;
        b->name_texts = texts;
        names[count] = 0; /* until soapc_put_names_place() */
        texts[count] = text;
        *slot = (struct soapc_text_slot){ text, (uint32_t)count };
        b->rows->count[BARK_SECTION_NAMES]++;
        b->named.count++;
    }
    *row = (uint16_t)slot->value;
    return true;
}

bool soapc_put_trait(struct soapc_put *b, struct bark_trait_row trait, uint16_t *row)
{
    enum { KEY_BYTES = 2 * sizeof trait + 4 };
    char key[KEY_BYTES];
    snprintf(key, sizeof key, "%x.%x.%x.%x", trait.bits, trait.ns, trait.has, trait.extra);
    struct soapc_text_slot *slot = text_slot_of(b->plan, &b->traited, key);
    if (!slot)
        return false;
    if (!slot->text) {
        struct bark_trait_row *items = soapc_put_row(b, BARK_SECTION_TRAITS, b->rows->traits, sizeof *items);
        const char *text = soapc_plan_printf(b->plan, "%s", key);
        if (!items || !text)
            return false;
        b->rows->traits = items;
        *slot = (struct soapc_text_slot){ text, soapc_put_end(b, BARK_SECTION_TRAITS) };
        b->traited.count++;
        items[b->rows->count[BARK_SECTION_TRAITS]++] = trait;
    }
    *row = (uint16_t)slot->value;
    return true;
}

bool soapc_put_namespace(struct soapc_put *b, const char *uri, uint16_t *row)
{
    struct soapc_rows *rows = b->rows;
    size_t count = rows->count[BARK_SECTION_NAMESPACES];
    for (size_t i = 0; i < count; i++) {
        if (strcmp(b->uris[i], uri) == 0) {
            *row = (uint16_t)i;
            return true;
        }
    }
    const char *prefix = soapc_plan_prefix(b->plan, uri);
    if (count == NAMESPACES_MAX || strlen(uri) > ROWS_MAX || strlen(prefix) > ROWS_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, SOAPC_NOWHERE,
                    "the tables hold at most %d namespaces, of at most %d bytes; slice with --operations",
                    NAMESPACES_MAX, ROWS_MAX);
        return false;
    }
    struct bark_namespace_row *items =
        soapc_put_row(b, BARK_SECTION_NAMESPACES, rows->namespaces, sizeof *items);
    if (!items)
        return false;
    rows->namespaces = items;
    items[count] = (struct bark_namespace_row){ .uri_len = (uint16_t)strlen(uri),
                                                .prefix_len = (uint16_t)strlen(prefix) };
    b->uris[count] = uri;
    rows->count[BARK_SECTION_NAMESPACES]++;
    *row = (uint16_t)count;
    return soapc_put_text(b, uri, &items[count].uri) && soapc_put_text(b, prefix, &items[count].prefix);
}

bool soapc_put_namespace_byte(struct soapc_put *b, const char *uri, uint8_t *byte)
{
    uint16_t row;
    if (!soapc_put_namespace(b, uri, &row))
        return false;
    *byte = (uint8_t)row;
    return true;
}

bool soapc_put_list(struct soapc_put *b, uint16_t value)
{
    uint16_t *lists = soapc_put_row(b, BARK_SECTION_LISTS, b->rows->lists, sizeof *lists);
    if (!lists)
        return false;
    b->rows->lists = lists;
    lists[b->rows->count[BARK_SECTION_LISTS]++] = value;
    return true;
}

uint16_t soapc_put_end(const struct soapc_put *b, enum bark_section section)
{
    return (uint16_t)b->rows->count[section];
}

/* Wildcard rows are made on first use, so their ranges in LISTS are in row order. */
bool soapc_put_wildcard(struct soapc_put *b, const struct soapc_wildcard *w, uint16_t *row)
{
    struct soapc_rows *rows = b->rows;
    uint16_t spaces[NAMESPACES_MAX];
    size_t count = w->mode == BARK_WILDCARD_ANY ? 0 : w->namespace_count;
    if (count > NAMESPACES_MAX)
        count = NAMESPACES_MAX; /* soapc_put_namespace() refuses more distinct ones */
    for (size_t i = 0; i < count; i++)
        if (!soapc_put_namespace(b, w->namespaces[i], &spaces[i]))
            return false;
    for (size_t i = 0; i < rows->count[BARK_SECTION_WILDCARDS]; i++) {
        const struct bark_wildcard_row *known = &rows->wildcards[i];
        if (known->mode == w->mode && known->process == w->process && known->count == count &&
            (count == 0 || memcmp(rows->lists + known->first, spaces, count * sizeof *spaces) == 0)) {
            *row = (uint16_t)i;
            return true;
        }
    }
    struct bark_wildcard_row *items =
        soapc_put_row(b, BARK_SECTION_WILDCARDS, rows->wildcards, sizeof *items);
    if (!items)
        return false;
    rows->wildcards = items;
    *row = soapc_put_end(b, BARK_SECTION_WILDCARDS);
    items[*row] = (struct bark_wildcard_row){ .mode = (uint8_t)w->mode,
                                              .process = w->process,
                                              .first = count ? soapc_put_end(b, BARK_SECTION_LISTS) : 0,
                                              .count = (uint16_t)count };
    rows->count[BARK_SECTION_WILDCARDS]++;
    for (size_t i = 0; i < count; i++)
        if (!soapc_put_list(b, spaces[i]))
            return false;
    return true;
}

static uint16_t declared_row(const struct soapc_ptype *t)
{
    return t->field_count ? (uint16_t)t->row : BARK_NONE;
}

bool soapc_put_declared(struct soapc_put *b)
{
    const struct soapc_plan *plan = b->plan;
    struct soapc_rows *rows = b->rows;
    struct bark_wildcard_row *items =
        soapc_put_row(b, BARK_SECTION_WILDCARDS, rows->wildcards, sizeof *items);
    if (!items)
        return false;
    rows->wildcards = items;
    items[rows->count[BARK_SECTION_WILDCARDS]++] = (struct bark_wildcard_row){
        .mode = BARK_WILDCARD_DECLARED, .first = soapc_put_end(b, BARK_SECTION_LISTS), .count = 3
    };
    return soapc_put_list(b, (uint16_t)plan->undeclared->row) &&
           soapc_put_list(b, declared_row(plan->elements)) &&
           soapc_put_list(b, declared_row(plan->attributes));
}
