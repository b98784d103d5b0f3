/* engine/value_testing.h - a bench for the tests of values: an image made by hand, with one type per call.
 *
 * Tests may use malloc-free static memory of any size; what matters is that a type, its facets and its texts
 * can be stated in a line.
 */
#ifndef BARK_ENGINE_VALUE_TESTING_H
#define BARK_ENGINE_VALUE_TESTING_H

#include "engine/value_kind.h"

#include "testkit.h"

struct values {
    struct bark_image image;
    struct bark_type_row types[16];
    struct bark_facet_row facets[16];
    struct bark_pattern_row patterns[2];
    uint32_t names[16];
    uint16_t lists[16];
    uint8_t pool[4096];
    struct bark_limits limits;
    struct bark_arena arena;
    struct bark_value_scope scope;
    struct bark_value_error error;
    union bark_value_room member;
    _Alignas(BARK_ALIGN) uint8_t memory[1 << 18];
    char text[1 << 18];
};

static inline uint32_t values_pool(struct values *v, const void *bytes, size_t len)
{
    const uint32_t at = v->image.pool_size;
    memcpy(v->pool + at, bytes, len);
    v->pool[at + len] = 0;
    v->image.pool_size += (uint32_t)len + 1;
    return at;
}

static inline uint16_t values_sizeof(enum bark_kind kind)
{
    const uint8_t size = bark_kind_row(kind)->size;
    return size ? size : sizeof(uint32_t); /* an enum */
}

/* Adds a type row without facets. */
static inline uint16_t values_type(struct values *v, enum bark_kind kind)
{
    const uint16_t type = (uint16_t)v->image.type_count++;
    v->types[type] = (struct bark_type_row){
        .kind = (uint8_t)kind, .flags = BARK_TYPE_PLAIN, .size = values_sizeof(kind), .name = BARK_NONE
    };
    return type;
}

/* Adds a facet row to the type that was added last. */
static inline void values_facet(struct values *v, uint16_t type, enum bark_facet_kind kind, const char *text,
                                int64_t value)
{
    struct bark_type_row *row = &v->types[type];
    if (row->flags & BARK_TYPE_PLAIN)
        row->extra = (uint16_t)v->image.facet_count;
    row->flags = 0;
    row->presence++;
    v->facets[v->image.facet_count++] = (struct bark_facet_row){ .kind = (uint8_t)kind,
                                                                 .text_len = (uint16_t)strlen(text),
                                                                 .text = values_pool(v, text, strlen(text)),
                                                                 .value = value };
}

/* Adds an entry of the type's list section: enumerators as names, union members as types. */
static inline void values_entry(struct values *v, uint16_t type, uint16_t entry)
{
    struct bark_type_row *row = &v->types[type];
    if (row->count++ == 0)
        row->first = (uint16_t)v->image.list_count;
    v->lists[v->image.list_count++] = entry;
}

static inline void values_enumerator(struct values *v, uint16_t type, const char *text)
{
    const uint16_t name = (uint16_t)v->image.name_count++;
    v->names[name] = BARK_NAME(values_pool(v, text, strlen(text)), strlen(text));
    values_entry(v, type, name);
}

/* Fills a bench and adds one type. */
static inline uint16_t values_open(struct values *v, enum bark_kind kind)
{
    memset(v, 0, offsetof(struct values, memory));
    v->image.types = v->types;
    v->image.facets = v->facets;
    v->image.patterns = v->patterns;
    v->image.names = v->names;
    v->image.lists = v->lists;
    v->image.pool = v->pool;
    v->limits.items = 100;
    bark_arena_init(&v->arena, v->memory, sizeof v->memory);
    v->scope = (struct bark_value_scope){ .image = &v->image, .limits = &v->limits, .arena = &v->arena };
    return values_type(v, kind);
}

static inline enum bark_code values_read(struct values *v, uint16_t type, const char *text, size_t len)
{
    bark_arena_reset(&v->arena);
    memset(&v->member, 0, sizeof v->member);
    return bark_value_read(&v->scope, type, (struct bark_slice){ (const uint8_t *)text, len }, &v->member,
                           &v->error);
}

/* What the member is written as, NUL-terminated. */
static inline const char *values_write(struct values *v, uint16_t type, enum bark_code *code)
{
    struct bark_out out;
    const size_t used = v->arena.used;
    bark_out_init(&out, v->text, sizeof v->text - 1);
    *code = bark_value_write(&v->scope, type, &v->member, &out, &v->error);
    if (*code == BARK_OK && (!bark_out_ok(&out) || v->arena.used != used))
        *code = BARK_ERR_USE; /* writing gives the arena back */
    v->text[out.pos] = '\0';
    return v->text;
}

static inline bool values_member_zero(const struct values *v)
{
    const uint8_t *bytes = (const uint8_t *)&v->member;
    size_t i;
    for (i = 0; i < sizeof v->member; i++)
        if (bytes[i])
            return false;
    return true;
}

/* Reading text gives a value that is written as `want`, and read again gives it again; else the code. */
struct lexical {
    const char *text;
    const char *want;
    enum bark_code code;
};

/* Writes what was read, reads what was written, and writes that: the same. */
static inline void values_round_trip(struct values *v, uint16_t type, const struct lexical *c)
{
    static char first[sizeof v->text];
    enum bark_code code;
    const char *got = values_write(v, type, &code);
    CHECK_IN(c->text, code == BARK_OK);
    CHECK_TEXT(got, c->want);
    memcpy(first, got, strlen(got) + 1);
    code = values_read(v, type, first, strlen(first));
    CHECK_IN(c->text, code == BARK_OK);
    CHECK_TEXT(values_write(v, type, &code), first);
}

static inline void values_lexicals(struct values *v, uint16_t type, const struct lexical *cases, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++) {
        const enum bark_code code = values_read(v, type, cases[i].text, strlen(cases[i].text));
        if (code != cases[i].code)
            testkit_fail(__FILE__, __LINE__, "\"%s\": code %d, want %d", cases[i].text, code, cases[i].code);
        CHECK_IN(cases[i].text, (code == BARK_OK) == (v->error.rule == NULL));
        if (code != BARK_OK)
            CHECK_IN(cases[i].text, values_member_zero(v) && v->arena.used == 0);
        else if (cases[i].code == BARK_OK)
            values_round_trip(v, type, &cases[i]);
    }
}

/* A table of cases for one kind without facets. */
#define LEXICALS(kind, cases) \
    do { \
        static struct values bench; \
        const uint16_t type_ = values_open(&bench, kind); \
        values_lexicals(&bench, type_, cases, sizeof cases / sizeof *cases); \
    } while (0)

#endif
