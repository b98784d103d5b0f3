/* lower/value.c - simple types to value rows: kind, facets, enumerations, list items, union members.
 *
 * Types that say nothing new share the row of their built-in type, types with equal facets share one row, and
 * what a kind enforces anyway (an int's range, a token's white space) is not said again.
 */
#include "lower/plan.h"
#include "pattern/pattern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    enum bark_kind kind;
    const char *name;
} builtins[] = {
#define X(id, text, base, row_kind) [SOAPC_BUILTIN_##id] = { row_kind, text },
    SOAPC_BUILTINS(X)
#undef X
};

static bool is_stringy(enum bark_kind kind)
{
    return kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI;
}

static const struct soapc_facet *facet_find(const struct soapc_type *type, enum bark_facet_kind kind)
{
    for (size_t i = 0; i < type->facets.count; i++)
        if (type->facets.items[i].kind == kind)
            return &type->facets.items[i];
    return NULL;
}

/* [XSD2 4.3.6] 0 preserve, 1 replace, 2 collapse. */
static uint64_t white_space(const struct soapc_type *type)
{
    const struct soapc_facet *facet = facet_find(type, BARK_FACET_WHITESPACE);
    if (facet)
        return facet->number;
    switch (builtins[type->builtin].kind) {
    case BARK_KIND_STRING:
        return 0;
    case BARK_KIND_NORMALIZED:
        return 1;
    default:
        return 2;
    }
}

static bool fits_int64(const struct soapc_facet *low, const struct soapc_facet *high)
{
    const struct soapc_facet *both[] = { low, high };
    for (size_t i = 0; i < 2; i++) {
        char *end;
        if (!both[i])
            return false;
        errno = 0;
        (void)strtoll(both[i]->text, &end, 10);
        if (errno || end == both[i]->text)
            return false;
    }
    return true;
}

/* docs/table-format.md: an integer whose facets keep it inside int64_t is one. */
static bool integer_is_bounded(const struct soapc_type *type)
{
    const struct soapc_facet *low = facet_find(type, BARK_FACET_MIN_INCLUSIVE);
    const struct soapc_facet *high = facet_find(type, BARK_FACET_MAX_INCLUSIVE);
    const struct soapc_facet *digits = facet_find(type, BARK_FACET_TOTAL_DIGITS);
    low = low ? low : facet_find(type, BARK_FACET_MIN_EXCLUSIVE);
    high = high ? high : facet_find(type, BARK_FACET_MAX_EXCLUSIVE);
    return (digits && digits->number <= 18) || fits_int64(low, high);
}

static bool is_enumeration(const struct soapc_type *type, enum bark_kind kind)
{
    size_t count = 0;
    if (!is_stringy(kind))
        return false;
    for (size_t i = 0; i < type->facets.count; i++) {
        const struct soapc_facet *facet = &type->facets.items[i];
        if (facet->kind != BARK_FACET_ENUMERATION)
            continue;
        if (strlen(facet->text) > BARK_NAME_LEN_MAX)
            return false; /* stays a facet: its texts may be longer */
        count++;
    }
    return count > 0;
}

enum bark_kind soapc_value_kind(const struct soapc_type *type)
{
    if (type->variety == SOAPC_LIST)
        return BARK_KIND_LIST;
    if (type->variety == SOAPC_UNION)
        return BARK_KIND_UNION;
    enum bark_kind kind = builtins[type->builtin].kind;
    if (is_enumeration(type, kind))
        return BARK_KIND_ENUM;
    if (kind == BARK_KIND_STRING || kind == BARK_KIND_NORMALIZED) {
        if (type->builtin == SOAPC_BUILTIN_ANY_SIMPLE_TYPE)
            return BARK_KIND_STRING;
        uint64_t white = white_space(type);
        return white == 2 ? BARK_KIND_TOKEN : white == 1 ? BARK_KIND_NORMALIZED : BARK_KIND_STRING;
    }
    if (kind == BARK_KIND_INTEGER && integer_is_bounded(type))
        return BARK_KIND_INT64;
    return kind;
}

/* Whether the row's kind does not say this facet already. */
static bool facet_is_needed(const struct soapc_type *type, const struct soapc_facet *facet,
                            enum bark_kind kind)
{
    switch (facet->kind) {
    case BARK_FACET_WHITESPACE:
        return kind == BARK_KIND_ENUM && facet->number != 0;
    case BARK_FACET_ENUMERATION:
        return kind != BARK_KIND_ENUM;
    case BARK_FACET_MIN_INCLUSIVE:
    case BARK_FACET_MAX_INCLUSIVE:
    case BARK_FACET_MIN_EXCLUSIVE:
    case BARK_FACET_MAX_EXCLUSIVE:
        return !facet->builtin || builtins[type->builtin].kind == BARK_KIND_INTEGER;
    case BARK_FACET_LENGTH:
    case BARK_FACET_MIN_LENGTH:
    case BARK_FACET_MAX_LENGTH:
        /* [XSD2 4.3.1] The length of a QName or NOTATION means nothing. */
        return (!facet->builtin || kind == BARK_KIND_LIST) && kind != BARK_KIND_QNAME;
    case BARK_FACET_PATTERN:
    case BARK_FACET_TOTAL_DIGITS:
    case BARK_FACET_FRACTION_DIGITS:
    case BARK_FACET_MEDIA:
    case BARK_FACET_COUNT:
        break;
    }
    return !facet->builtin;
}

bool soapc_value_is_plain(const struct soapc_type *type)
{
    enum bark_kind kind = soapc_value_kind(type);
    if (kind == BARK_KIND_ENUM || kind == BARK_KIND_LIST || kind == BARK_KIND_UNION)
        return false;
    for (size_t i = 0; i < type->facets.count; i++)
        if (facet_is_needed(type, &type->facets.items[i], kind))
            return false;
    return true;
}

static const char *facet_text(struct soapc_plan *plan, enum bark_kind kind, const struct soapc_facet *facet)
{
    if (facet->kind != BARK_FACET_ENUMERATION &&
        (facet->kind < BARK_FACET_MIN_INCLUSIVE || facet->kind > BARK_FACET_MAX_EXCLUSIVE))
        return "";
    /* A table has no prefixes in scope: the name is spelled with its namespace. */
    if (kind == BARK_KIND_QNAME && facet->qname.local)
        return soapc_plan_printf(plan, "{%s}%s", facet->qname.ns, facet->qname.local);
    return facet->text;
}

enum { PATTERN_SHOWN = 80 }; /* bytes of a pattern that a message shows: what is wrong must still be seen */

static const char *shown_end(const char *pattern)
{
    return strlen(pattern) > PATTERN_SHOWN ? "..." : "";
}

/* Index of the compiled pattern; SIZE_MAX after an error. */
static size_t pattern_of(struct soapc_plan *plan, const struct soapc_facet *facet)
{
    struct soapc_dfa dfa;
    struct soapc_pattern_error error;
    for (size_t i = 0; i < plan->pattern_count; i++)
        if (strcmp(plan->patterns[i].text, facet->text) == 0)
            return i;
    struct soapc_ppattern *patterns =
        soapc_plan_grow(plan, plan->patterns, plan->pattern_count, &plan->pattern_cap, sizeof *patterns);
    if (!patterns)
        return SIZE_MAX;
    plan->patterns = patterns;
    struct bark_slice text = { (const uint8_t *)facet->text, strlen(facet->text) };
    if (soapc_pattern_compile(text, plan->arena, &dfa, &error) != BARK_OK) {
        soapc_error(plan->diag, SOAPC_E_PATTERN, facet->place,
                    "pattern '%.*s%s' cannot be used: at byte %zu: %s", PATTERN_SHOWN, facet->text,
                    shown_end(facet->text), error.offset + 1, error.rule);
        return SIZE_MAX;
    }
    uint8_t *class_of = soapc_plan_alloc(plan, sizeof dfa.class_of, 1);
    if (!class_of)
        return SIZE_MAX;
    memcpy(class_of, dfa.class_of, sizeof dfa.class_of);
    patterns[plan->pattern_count] =
        (struct soapc_ppattern){ facet->text, dfa.states, dfa.classes, class_of, dfa.accept, dfa.next };
    return plan->pattern_count++;
}

static int64_t bound_value(enum bark_kind kind, const char *text)
{
    if (kind == BARK_KIND_UINT64) {
        uint64_t bits = strtoull(text[0] == '+' ? text + 1 : text, NULL, 10);
        int64_t value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    return strtoll(text, NULL, 10);
}

static bool facet_add(struct soapc_plan *plan, struct soapc_ptype *t, const struct soapc_facet *facet)
{
    struct soapc_pfacet *items =
        soapc_plan_grow(plan, t->facets, t->facet_count, &t->facet_cap, sizeof *items);
    if (!items)
        return false;
    t->facets = items;
    struct soapc_pfacet *row = &items[t->facet_count];
    *row = (struct soapc_pfacet){ .kind = facet->kind, .text = facet_text(plan, t->kind, facet) };
    if (facet->kind == BARK_FACET_PATTERN) {
        size_t pattern = pattern_of(plan, facet);
        if (pattern == SIZE_MAX)
            return false;
        row->value = (int64_t)pattern;
    } else if (facet->kind >= BARK_FACET_MIN_INCLUSIVE && facet->kind <= BARK_FACET_MAX_EXCLUSIVE) {
        if (t->kind >= BARK_KIND_INT8 && t->kind <= BARK_KIND_UINT64)
            row->value = bound_value(t->kind, facet->text);
    } else if (facet->kind != BARK_FACET_ENUMERATION) {
        row->value = facet->number > INT64_MAX ? INT64_MAX : (int64_t)facet->number;
    }
    t->facet_count++;
    return row->text != NULL;
}

static bool enumeration_shape(struct soapc_plan *plan, struct soapc_ptype *t)
{
    const struct soapc_facets *facets = &t->source->facets;
    t->values = soapc_plan_alloc(plan, facets->count, sizeof *t->values);
    t->enumerators = soapc_plan_alloc(plan, facets->count, sizeof *t->enumerators);
    if (!t->values || !t->enumerators)
        return false;
    for (size_t i = 0; i < facets->count; i++) {
        const char *text = facets->items[i].text;
        if (facets->items[i].kind != BARK_FACET_ENUMERATION)
            continue;
        const struct soapc_given *given = facets->items[i].given;
        if (given)
            text = given->name;
        const char *name = soapc_cname(plan->arena, t->c_name, text[0] ? text : "empty");
        t->values[t->value_count] = facets->items[i].text;
        t->enumerators[t->value_count] = name && given ? soapc_plan_given(plan, &plan->globals, name, given)
                                                       : soapc_nameset_add(&plan->globals, plan->arena, name);
        if (!t->enumerators[t->value_count++])
            return false;
    }
    return true;
}

static bool union_member_add(struct soapc_plan *plan, struct soapc_ptype *t, const struct soapc_type *member)
{
    struct soapc_ptype **items =
        soapc_plan_grow(plan, t->union_members, t->union_count, &t->union_cap, sizeof(struct soapc_ptype *));
    struct soapc_ptype *type = items ? soapc_ptype_of(plan, member) : NULL;
    if (!type)
        return false;
    t->union_members = items;
    items[t->union_count++] = type;
    return true;
}

/* T28 lets no union stand in a union: members of a member union take its place, in order. The stack holds
 * what is still to be added; a schema cannot nest unions in circles [XSD2 2.5.1.3]. */
static bool union_shape(struct soapc_plan *plan, struct soapc_ptype *t)
{
    enum { OPEN_MAX = 4096 };
    const struct soapc_type *open[OPEN_MAX];
    size_t depth = 0;
    for (size_t i = t->source->member_count; i && depth < OPEN_MAX; i--)
        open[depth++] = t->source->members[i - 1];
    while (depth) {
        const struct soapc_type *member = open[--depth];
        bool nested = !member->complex && member->variety == SOAPC_UNION;
        if (nested && depth + member->member_count > OPEN_MAX) {
            soapc_error(plan->diag, SOAPC_E_TOO_BIG, t->place, "a union with more than %d member types",
                        OPEN_MAX);
            return false;
        }
        for (size_t i = member->member_count; nested && i; i--)
            open[depth++] = member->members[i - 1];
        if (!nested && !union_member_add(plan, t, member))
            return false;
    }
    if (t->union_count == 0) /* only after an error that load or model reported */
        return union_member_add(plan, t, plan->model->types[SOAPC_BUILTIN_STRING]);
    return true;
}

/* The media type that octets are sent as: the first of the list that has no star, without parameters (a "q"
 * is none of the type's). */
static const char *media_type(struct soapc_plan *plan, const char *ranges)
{
    for (const char *at = ranges; *at;) {
        bool quoted = false;
        at += strspn(at, " ,");
        const size_t len = strcspn(at, ";, ");
        if (!memchr(at, '*', len))
            return soapc_plan_printf(plan, "%.*s", (int)len, at);
        for (; *at && (quoted || *at != ','); at++)
            quoted ^= *at == '"';
    }
    return NULL;
}

static bool media_add(struct soapc_plan *plan, struct soapc_ptype *t)
{
    const char *text = media_type(plan, t->content_types);
    struct soapc_pfacet *items =
        text ? soapc_plan_grow(plan, t->facets, t->facet_count, &t->facet_cap, sizeof *items) : NULL;
    if (!items)
        return !plan->failed; /* only ranges: nothing to be sent as */
    t->facets = items;
    items[t->facet_count++] = (struct soapc_pfacet){ .kind = BARK_FACET_MEDIA, .text = text };
    return true;
}

bool soapc_shape_value(struct soapc_plan *plan, struct soapc_ptype *t)
{
    const struct soapc_type *type = t->source;
    if (!type) {
        t->flags = BARK_TYPE_PLAIN;
        return true;
    }
    if (t->kind == BARK_KIND_ENUM && !enumeration_shape(plan, t))
        return false;
    if (t->kind == BARK_KIND_UNION && !union_shape(plan, t))
        return false;
    if (t->kind == BARK_KIND_LIST) {
        t->item = soapc_ptype_of(plan, type->item);
        if (!t->item)
            return false;
    }
    for (size_t i = 0; i < type->facets.count; i++)
        if (facet_is_needed(type, &type->facets.items[i], t->kind) &&
            !facet_add(plan, t, &type->facets.items[i]))
            return false;
    /* The engine's ENUM keeps white space unless a row says otherwise. */
    struct soapc_facet white = { .kind = BARK_FACET_WHITESPACE, .number = white_space(type), .text = "" };
    if (t->kind == BARK_KIND_ENUM && white.number && !facet_find(type, BARK_FACET_WHITESPACE) &&
        !facet_add(plan, t, &white))
        return false;
    if (t->content_types && !media_add(plan, t))
        return false;
    t->flags = t->facet_count ? 0 : BARK_TYPE_PLAIN;
    return true;
}

/* [XSD2 4.3.4.1] Every pattern of the schema is a regular expression, those of types that nobody needs too.
 * Each is looked at alone: joined by '|', as the effective facets hold them, two halves of nonsense could
 * make sense. */
bool soapc_plan_check(struct soapc_plan *plan)
{
    struct soapc_pattern_error error;
    bool good = true;
    for (size_t i = 0; i < plan->model->type_count; i++) {
        const struct soapc_facets *facets = &plan->model->types[i]->own_facets;
        for (size_t k = 0; k < facets->count; k++) {
            const struct soapc_facet *facet = &facets->items[k];
            struct bark_slice text = { (const uint8_t *)facet->text, strlen(facet->text) };
            if (facet->kind != BARK_FACET_PATTERN || facet->builtin ||
                soapc_pattern_check(text, &error) != BARK_ERR_TYPE)
                continue;
            soapc_error(plan->diag, SOAPC_E_PATTERN, facet->place,
                        "'%.*s%s' is no regular expression: at byte %zu: %s", PATTERN_SHOWN, facet->text,
                        shown_end(facet->text), error.offset + 1, error.rule);
            good = false;
        }
    }
    return good;
}
