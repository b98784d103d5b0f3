/* model/builtin.c - the built-in types [XSD2 3], as if a schema had declared them.
 */
#include "model/build.h"

static const struct {
    const char *name;
    enum soapc_builtin base;
    enum bark_kind kind;
} rows[SOAPC_BUILTIN_COUNT] = {
#define X(id, name, base, kind) [SOAPC_BUILTIN_##id] = { name, SOAPC_BUILTIN_##base, kind },
    SOAPC_BUILTINS(X)
#undef X
};

/* Bounds that a type adds to its base's [XSD2 3.3.14 to 3.3.25]. */
static const struct {
    enum soapc_builtin type;
    enum bark_facet_kind kind;
    const char *text;
} bounds[] = {
    { SOAPC_BUILTIN_NON_POSITIVE_INTEGER, BARK_FACET_MAX_INCLUSIVE, "0" },
    { SOAPC_BUILTIN_NEGATIVE_INTEGER, BARK_FACET_MAX_INCLUSIVE, "-1" },
    { SOAPC_BUILTIN_NON_NEGATIVE_INTEGER, BARK_FACET_MIN_INCLUSIVE, "0" },
    { SOAPC_BUILTIN_POSITIVE_INTEGER, BARK_FACET_MIN_INCLUSIVE, "1" },
    { SOAPC_BUILTIN_LONG, BARK_FACET_MIN_INCLUSIVE, "-9223372036854775808" },
    { SOAPC_BUILTIN_LONG, BARK_FACET_MAX_INCLUSIVE, "9223372036854775807" },
    { SOAPC_BUILTIN_INT, BARK_FACET_MIN_INCLUSIVE, "-2147483648" },
    { SOAPC_BUILTIN_INT, BARK_FACET_MAX_INCLUSIVE, "2147483647" },
    { SOAPC_BUILTIN_SHORT, BARK_FACET_MIN_INCLUSIVE, "-32768" },
    { SOAPC_BUILTIN_SHORT, BARK_FACET_MAX_INCLUSIVE, "32767" },
    { SOAPC_BUILTIN_BYTE, BARK_FACET_MIN_INCLUSIVE, "-128" },
    { SOAPC_BUILTIN_BYTE, BARK_FACET_MAX_INCLUSIVE, "127" },
    { SOAPC_BUILTIN_UNSIGNED_LONG, BARK_FACET_MAX_INCLUSIVE, "18446744073709551615" },
    { SOAPC_BUILTIN_UNSIGNED_INT, BARK_FACET_MAX_INCLUSIVE, "4294967295" },
    { SOAPC_BUILTIN_UNSIGNED_SHORT, BARK_FACET_MAX_INCLUSIVE, "65535" },
    { SOAPC_BUILTIN_UNSIGNED_BYTE, BARK_FACET_MAX_INCLUSIVE, "255" },
};

static void facet_add(struct soapc_builder *b, struct soapc_type *t, enum bark_facet_kind kind,
                      const char *text, uint64_t number)
{
    struct soapc_facet *f = SOAPC_PUSH(b, t->own_facets.items, t->own_facets.count, t->own_facets.cap);
    *f = (struct soapc_facet){ .kind = kind,
                               .text = soapc_pool_text(b->pool, text, strlen(text)),
                               .number = number,
                               .place = SOAPC_NOWHERE,
                               .builtin = true };
}

/* [XSD2 4.3.6] string keeps white space, normalizedString replaces it, lists and all other types collapse it.
 */
static void facets_add(struct soapc_builder *b, struct soapc_type *t, enum soapc_builtin id)
{
    if (id == SOAPC_BUILTIN_STRING)
        facet_add(b, t, BARK_FACET_WHITESPACE, "preserve", 0);
    else if (id == SOAPC_BUILTIN_NORMALIZED_STRING)
        facet_add(b, t, BARK_FACET_WHITESPACE, "replace", 1);
    else if (id == SOAPC_BUILTIN_TOKEN || rows[id].base == SOAPC_BUILTIN_ANY_SIMPLE_TYPE)
        facet_add(b, t, BARK_FACET_WHITESPACE, "collapse", 2);
    if (rows[id].kind == BARK_KIND_LIST)
        facet_add(b, t, BARK_FACET_MIN_LENGTH, "1", 1); /* [XSD2 3.3.5] and its kin */
    if (id == SOAPC_BUILTIN_INTEGER)
        facet_add(b, t, BARK_FACET_FRACTION_DIGITS, "0", 0);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].type == id)
            facet_add(b, t, bounds[i].kind, bounds[i].text, 0);
}

/* [XSD11-2 3.4.26 to 3.4.28] The patterns of the types of XSD 1.1, which the rows' kinds do not know. */
static const struct {
    enum soapc_builtin type;
    const char *pattern;
} patterns[] = {
    { SOAPC_BUILTIN_DAY_TIME_DURATION, "[^YM]*(T.*)?" },
    { SOAPC_BUILTIN_YEAR_MONTH_DURATION, "[^DT]*" },
    { SOAPC_BUILTIN_DATE_TIME_STAMP, SOAPC_ZONE_REQUIRED },
};

static void patterns_add(struct soapc_builder *b, struct soapc_type *t, enum soapc_builtin id)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (patterns[i].type != id)
            continue;
        facet_add(b, t, BARK_FACET_PATTERN, patterns[i].pattern, 0);
        t->own_facets.items[t->own_facets.count - 1].builtin = false;
    }
}

static const struct {
    enum soapc_builtin list, item;
} lists[] = {
    { SOAPC_BUILTIN_NMTOKENS, SOAPC_BUILTIN_NMTOKEN },
    { SOAPC_BUILTIN_IDREFS, SOAPC_BUILTIN_IDREF },
    { SOAPC_BUILTIN_ENTITIES, SOAPC_BUILTIN_ENTITY },
};

/* [XSD1 3.4.7] anyType: mixed, any elements in any number, any attributes, all lax. */
static void any_type_fill(struct soapc_builder *b, struct soapc_type *t)
{
    struct soapc_wildcard *w = SOAPC_NEW(b, struct soapc_wildcard);
    *w = (struct soapc_wildcard){ .mode = BARK_WILDCARD_ANY, .process = 1, .place = SOAPC_NOWHERE };
    struct soapc_particle *any = SOAPC_NEW(b, struct soapc_particle);
    *any = (struct soapc_particle){
        .kind = SOAPC_PARTICLE_ANY, .max = SOAPC_UNBOUNDED, .place = SOAPC_NOWHERE, .wildcard = w
    };
    struct soapc_particle *sequence = SOAPC_NEW(b, struct soapc_particle);
    *sequence = (struct soapc_particle){
        .kind = SOAPC_PARTICLE_SEQUENCE, .min = 1, .max = 1, .place = SOAPC_NOWHERE
    };
    struct soapc_particle **slot = SOAPC_PUSH(b, sequence->items, sequence->count, sequence->cap);
    *slot = any;
    t->complex = t->mixed = true;
    t->content = SOAPC_CONTENT_ELEMENTS;
    t->particle = t->own_particle = sequence;
    t->any_attribute = t->own_any_attribute = w;
}

void soapc_builtins_make(struct soapc_builder *b)
{
    struct soapc_model *m = b->model;
    for (unsigned id = 0; id < SOAPC_BUILTIN_COUNT; id++) {
        struct soapc_type *t = SOAPC_NEW(b, struct soapc_type);
        struct soapc_type **slot = SOAPC_PUSH(b, m->types, m->type_count, m->type_cap);
        *slot = t;
        t->name =
            (struct soapc_name){ b->xs, soapc_pool_text(b->pool, rows[id].name, strlen(rows[id].name)) };
        t->place = SOAPC_NOWHERE;
        t->index = id;
        t->is_builtin = true;
        t->builtin = (enum soapc_builtin)id;
        t->derivation = SOAPC_BY_RESTRICTION;
        t->variety = rows[id].kind == BARK_KIND_LIST ? SOAPC_LIST : SOAPC_ATOMIC;
        t->base = id == SOAPC_BUILTIN_ANY_TYPE ? NULL : m->types[rows[id].base]; /* bases stand before */
        if (id == SOAPC_BUILTIN_ANY_TYPE) {
            t->derivation = SOAPC_BY_NONE;
            any_type_fill(b, t);
        } else {
            facets_add(b, t, (enum soapc_builtin)id);
            patterns_add(b, t, (enum soapc_builtin)id);
        }
        soapc_symbol_add(b, SOAPC_SPACE_TYPE, t->name, t->place, t);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        m->types[lists[i].list]->item = m->types[lists[i].item];
        m->types[lists[i].list]->derivation = SOAPC_BY_LIST;
        m->types[lists[i].list]->builtin = lists[i].list;
    }
}
