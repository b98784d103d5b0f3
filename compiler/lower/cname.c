/* lower/cname.c - C identifiers: mapping, and a set that keeps names apart; reserved.c has the words of C.
 */
#include "lower/cname.h"

#include <stdio.h>
#include <string.h>

static bool is_plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The code point at *p, which is UTF-8 that a parser has checked; moves behind it. */
static uint32_t character_next(const uint8_t **p)
{
    uint32_t c = *(*p)++;
    uint32_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    if (more)
        c &= 0x3fu >> more;
    for (; more && (**p & 0xc0) == 0x80; more--)
        c = c << 6 | (*(*p)++ & 0x3fu);
    return c;
}

const char *soapc_cname(struct bark_arena *arena, const char *prefix, const char *text)
{
    const bool bare = !prefix || !prefix[0];
    size_t before = bare ? 0 : strlen(prefix) + 1, size = before + 4 * strlen(text) + 8;
    char *name = bark_arena_alloc(arena, size, 1);
    if (!name)
        return NULL;
    if (!bare)
        snprintf(name, size, "%s_", prefix);
    size_t at = before;
    for (const uint8_t *p = (const uint8_t *)text; *p;) {
        uint32_t c = character_next(&p);
        if (c < 0x80)
            name[at++] = is_plain((uint8_t)c) ? (char)c : '_';
        else
            at += (size_t)snprintf(name + at, size - at, "u%04X", (unsigned)c);
    }
    if (at == before)
        name[at++] = '_';
    if (bare && name[0] >= '0' && name[0] <= '9') {
        memmove(name + 1, name, at);
        name[0] = '_';
    }
    if (bare && soapc_is_reserved(name))
        name[at] = '_';
    return name;
}

static size_t name_slot(const struct soapc_nameset *set, const char *name)
{
    uint32_t hash = 2166136261u;
    for (const char *p = name; *p; p++)
        hash = (hash ^ (uint8_t)*p) * 16777619u;
    size_t slot = hash & (set->cap - 1);
    while (set->slots[slot] && strcmp(set->slots[slot], name) != 0)
        slot = (slot + 1) & (set->cap - 1);
    return slot;
}

static bool nameset_reserve(struct soapc_nameset *set, struct bark_arena *arena)
{
    if (set->cap && set->count < set->cap / 2)
        return true;
    struct soapc_nameset grown = { .cap = set->cap ? 2 * set->cap : 16 };
    grown.slots = bark_arena_alloc(arena, grown.cap, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < set->cap; i++)
        if (set->slots[i])
            grown.slots[name_slot(&grown, set->slots[i])] = set->slots[i];
    grown.count = set->count;
    *set = grown;
    return true;
}

const char *soapc_nameset_add(struct soapc_nameset *set, struct bark_arena *arena, const char *name)
{
    const char *wanted = name;
    if (!name || !nameset_reserve(set, arena))
        return NULL;
    size_t slot = name_slot(set, name), size = strlen(wanted) + 24;
    for (size_t number = 2; set->slots[slot]; number++) {
        char *next = bark_arena_alloc(arena, size, 1);
        if (!next)
            return NULL;
        snprintf(next, size, "%s_%zu", wanted, number);
        name = next;
        slot = name_slot(set, name);
    }
    set->slots[slot] = name;
    set->count++;
    return name;
}
