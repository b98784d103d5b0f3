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

enum { NUMBERS_TRIED = 16 };

/* Numbers are tried one by one; beyond sixteen by doubling, so that a hundred thousand things of one name
 * cost no square. A number that is free after one that is not is then halved in upon: as a rule the first. */
static size_t number_find(const struct soapc_nameset *set, char *text, size_t size, const char *wanted)
{
    size_t taken = 1, free_one = 2;
    for (;; free_one += free_one < NUMBERS_TRIED ? 1 : free_one) {
        snprintf(text, size, "%s_%zu", wanted, free_one);
        if (!set->slots[name_slot(set, text)])
            break;
        taken = free_one;
    }
    while (free_one - taken > 1) {
        const size_t middle = taken + (free_one - taken) / 2;
        snprintf(text, size, "%s_%zu", wanted, middle);
        if (set->slots[name_slot(set, text)])
            taken = middle;
        else
            free_one = middle;
    }
    return free_one;
}

const char *soapc_nameset_add(struct soapc_nameset *set, struct bark_arena *arena, const char *name)
{
    if (!name || !nameset_reserve(set, arena))
        return NULL;
    size_t slot = name_slot(set, name), size = strlen(name) + 24;
    if (set->slots[slot]) {
        char *next = bark_arena_alloc(arena, size, 1);
        if (!next)
            return NULL;
        snprintf(next, size, "%s_%zu", name, number_find(set, next, size, name));
        name = next;
        slot = name_slot(set, name);
    }
    set->slots[slot] = name;
    set->count++;
    return name;
}
