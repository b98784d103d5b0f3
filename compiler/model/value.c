/* model/value.c - asks the engine whether a text is a value, and which of two bounds is larger.
 *
 * The compiler has no readers of its own for numbers, dates and names: what it accepts in a schema is what
 * the engine will accept in a message. One type row on the stack stands for a built-in type.
 */
#include "model/value.h"

#include "engine/value_kind.h"
#include "model/build.h"

#include <stdlib.h>

enum { ROOM = 4096, FACETS_MAX = 1000, LEAVES_MAX = 256 };

static const uint8_t kinds[SOAPC_BUILTIN_COUNT] = {
#define X(id, name, base, kind) [SOAPC_BUILTIN_##id] = kind,
    SOAPC_BUILTINS(X)
#undef X
};

/* Where QNames are looked at by form alone. */
static bool prefix_is_bound(const void *context, struct bark_slice prefix, struct bark_slice *uri)
{
    (void)context;
    *uri = (struct bark_slice){ (const uint8_t *)"urn:any", prefix.len ? 7 : 0 };
    return true;
}

/* BARK_OK, or why not; BARK_ERR_MEMORY and BARK_ERR_LIMIT mean that it cannot be told. */
enum bark_code soapc_builtin_read(enum soapc_builtin id, struct bark_slice text, union bark_value_room *value,
                                  struct bark_arena *arena)
{
    enum bark_kind kind = (enum bark_kind)kinds[id];
    const struct bark_kind_ops *ops = bark_kind_row(kind);
    const struct bark_type_row row = {
        .kind = (uint8_t)kind, .flags = BARK_TYPE_PLAIN, .size = ops->size, .name = BARK_NONE
    };
    const struct bark_image image = { .types = &row, .type_count = 1 };
    const struct bark_value_scope scope = {
        .image = &image, .limits = &bark_limits_server, .arena = arena, .prefix_to_uri = prefix_is_bound
    };
    struct bark_value_error error = { .rule = NULL };
    memset(value, 0, sizeof *value);
    return bark_value_read(&scope, 0, text, value, &error);
}

static bool is_atomic_builtin(enum soapc_builtin id)
{
    return id > SOAPC_BUILTIN_ANY_SIMPLE_TYPE && kinds[id] != BARK_KIND_LIST;
}

static enum soapc_order values_order(enum soapc_builtin type, struct bark_slice x, struct bark_slice y)
{
    static const uint8_t orders[] = { [BARK_ORDER_LESS] = SOAPC_LESS,
                                      [BARK_ORDER_EQUAL] = SOAPC_EQUAL,
                                      [BARK_ORDER_GREATER] = SOAPC_GREATER,
                                      [BARK_ORDER_NONE] = SOAPC_NO_ORDER };
    uint64_t memory[ROOM / 8];
    struct bark_arena arena;
    union bark_value_room a, b;
    bark_arena_init(&arena, memory, sizeof memory);
    if (!is_atomic_builtin(type))
        return SOAPC_NO_ORDER;
    const struct bark_kind_ops *ops = bark_kind_row((enum bark_kind)kinds[type]);
    if (!ops->order || soapc_builtin_read(type, x, &a, &arena) != BARK_OK ||
        soapc_builtin_read(type, y, &b, &arena) != BARK_OK)
        return SOAPC_NO_ORDER;
    return (enum soapc_order)orders[ops->order((enum bark_kind)kinds[type], &a, &b)];
}

static struct bark_slice slice_of(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

enum soapc_order soapc_value_order(enum soapc_builtin type, const char *x, const char *y)
{
    return values_order(type, slice_of(x), slice_of(y));
}

/* ---- a value against a type ---- */

static bool bound_holds(const struct soapc_type *t, const struct soapc_facet *f, struct bark_slice text)
{
    bool lower = f->kind == BARK_FACET_MIN_INCLUSIVE || f->kind == BARK_FACET_MIN_EXCLUSIVE;
    bool upper = f->kind == BARK_FACET_MAX_INCLUSIVE || f->kind == BARK_FACET_MAX_EXCLUSIVE;
    bool exclusive = f->kind == BARK_FACET_MIN_EXCLUSIVE || f->kind == BARK_FACET_MAX_EXCLUSIVE;
    if (!lower && !upper)
        return true;
    enum soapc_order order = values_order(t->builtin, text, slice_of(f->text));
    return order != (lower ? SOAPC_LESS : SOAPC_GREATER) && (order != SOAPC_EQUAL || !exclusive);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Kinds whose values are their texts: looking at those is enough. */
static bool is_text(enum bark_kind kind)
{
    return kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI;
}

static struct bark_slice collapsed_ends(const struct soapc_type *t, struct bark_slice text)
{
    bool kept = kinds[t->builtin] == BARK_KIND_STRING || kinds[t->builtin] == BARK_KIND_NORMALIZED;
    while (!kept && text.len && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (!kept && text.len && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* [XSD2 4.3.5] Equal as values where the type can tell, else as texts. QNames are equal or not by namespace,
 * which is not known here: any will do. */
static bool enumerations_hold(const struct soapc_type *t, struct bark_slice text)
{
    bool any = false, found = false;
    enum bark_kind kind = (enum bark_kind)kinds[t->builtin];
    text = collapsed_ends(t, text);
    for (size_t i = 0; i < t->facets.count && !found; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        if (f->kind != BARK_FACET_ENUMERATION)
            continue;
        struct bark_slice allowed = collapsed_ends(t, slice_of(f->text));
        any = true;
        found = kind == BARK_KIND_QNAME ||
                (allowed.len == text.len && memcmp(allowed.ptr, text.ptr, text.len) == 0) ||
                (!is_text(kind) && values_order(t->builtin, text, allowed) == SOAPC_EQUAL);
    }
    return !any || found;
}

bool soapc_values_equal(const struct soapc_type *type, const char *x, const char *y)
{
    struct bark_slice a = collapsed_ends(type, slice_of(x)), c = collapsed_ends(type, slice_of(y));
    if (a.len == c.len && memcmp(a.ptr, c.ptr, a.len) == 0)
        return true;
    return type->variety == SOAPC_ATOMIC && !is_text((enum bark_kind)kinds[type->builtin]) &&
           values_order(type->builtin, a, c) == SOAPC_EQUAL;
}

/* ---- facets of the text: patterns, lengths ---- */

/* What white space becomes: 0 itself, 1 a space each, 2 one space between words [XSD2 4.3.6]. */
static uint64_t white_space(const struct soapc_type *t)
{
    for (size_t i = 0; i < t->facets.count; i++)
        if (t->facets.items[i].kind == BARK_FACET_WHITESPACE)
            return t->facets.items[i].number;
    if (t->variety != SOAPC_ATOMIC)
        return t->variety == SOAPC_LIST ? 2 : 0;
    return kinds[t->builtin] == BARK_KIND_STRING ? 0 : kinds[t->builtin] == BARK_KIND_NORMALIZED ? 1 : 2;
}

/* Writes the text as its white space facet leaves it; out has room for all of it. */
struct bark_slice soapc_value_normalise(const struct soapc_type *t, struct bark_slice text, uint8_t *out)
{
    uint64_t rule = white_space(t);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool blank = is_blank(text.ptr[i]);
        if (blank && rule == 2 && (len == 0 || out[len - 1] == ' '))
            continue;
        out[len++] = blank && rule > 0 ? ' ' : text.ptr[i];
    }
    if (rule == 2 && len > 0 && out[len - 1] == ' ')
        len--;
    return (struct bark_slice){ out, len };
}

static size_t items_count(struct bark_slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += !is_blank(text.ptr[i]) && (i == 0 || is_blank(text.ptr[i - 1]));
    return count;
}

/* [XSD2 4.3.1] Items, octets or characters; false for the kinds that have no length. */
static bool length_of(const struct soapc_type *t, struct bark_slice text, uint64_t *length)
{
    enum bark_kind kind = (enum bark_kind)kinds[t->builtin];
    size_t digits = 0, characters = 0;
    for (size_t i = 0; i < text.len; i++) {
        digits += !is_blank(text.ptr[i]) && text.ptr[i] != '=';
        characters += (text.ptr[i] & 0xc0) != 0x80;
    }
    if (t->variety == SOAPC_LIST || kind == BARK_KIND_LIST)
        *length = items_count(text);
    else if (kind == BARK_KIND_HEX)
        *length = digits / 2;
    else if (kind == BARK_KIND_BASE64)
        *length = digits * 3 / 4;
    else if (is_text(kind))
        *length = characters;
    else
        return false;
    return true;
}

static bool length_holds(const struct soapc_type *t, const struct soapc_facet *f, struct bark_slice text)
{
    uint64_t length;
    if ((f->kind != BARK_FACET_LENGTH && f->kind != BARK_FACET_MIN_LENGTH &&
         f->kind != BARK_FACET_MAX_LENGTH) ||
        !length_of(t, text, &length))
        return true;
    return f->kind == BARK_FACET_LENGTH       ? length == f->number
           : f->kind == BARK_FACET_MIN_LENGTH ? length >= f->number
                                              : length <= f->number;
}

static bool text_facets_hold(struct soapc_matcher *matcher, const struct soapc_type *t,
                             struct bark_slice text)
{
    bool holds = true, any = false;
    for (size_t i = 0; i < t->facets.count && i < FACETS_MAX; i++)
        any = any || t->facets.items[i].kind < BARK_FACET_ENUMERATION;
    uint8_t *copy = any ? malloc(text.len + 1) : NULL;
    if (!copy)
        return true;
    text = soapc_value_normalise(t, text, copy);
    for (size_t i = 0; i < t->facets.count && holds; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        holds = length_holds(t, f, text);
        if (f->kind == BARK_FACET_PATTERN && !f->builtin && matcher && holds)
            holds = soapc_matcher_matches(matcher, f->text, text);
    }
    free(copy);
    return holds;
}

/* ---- one value ---- */

static bool digits_hold(const struct soapc_type *t, const struct soapc_facet *f,
                        const union bark_value_room *value)
{
    size_t total = 0, fraction = 0;
    if (f->kind != BARK_FACET_TOTAL_DIGITS && f->kind != BARK_FACET_FRACTION_DIGITS)
        return true;
    bark_number_digits((enum bark_kind)kinds[t->builtin], value, &total, &fraction);
    return (f->kind == BARK_FACET_TOTAL_DIGITS ? total : fraction) <= f->number;
}

static bool atomic_fits(struct soapc_matcher *matcher, const struct soapc_type *t, struct bark_slice text)
{
    uint64_t memory[ROOM / 8];
    struct bark_arena arena;
    union bark_value_room value;
    if (!is_atomic_builtin(t->builtin))
        return true;
    bark_arena_init(&arena, memory, sizeof memory);
    enum bark_code code = soapc_builtin_read(t->builtin, text, &value, &arena);
    if (code != BARK_OK)
        return code == BARK_ERR_MEMORY || code == BARK_ERR_LIMIT;
    if (t->facets.count > FACETS_MAX)
        return true; /* a thousand values against a thousand others: not worth the time */
    for (size_t i = 0; i < t->facets.count; i++)
        if (!bound_holds(t, &t->facets.items[i], text) || !digits_hold(t, &t->facets.items[i], &value))
            return false;
    return text_facets_hold(matcher, t, text) && enumerations_hold(t, text);
}

/* The types below a union that are no unions. False when there are too many to look at. */
static bool leaves_find(const struct soapc_type *t, const struct soapc_type **leaves, size_t *count)
{
    const struct soapc_type *stack[LEAVES_MAX];
    size_t depth = 0;
    *count = 0;
    stack[depth++] = t;
    while (depth > 0) {
        t = stack[--depth];
        if (t->variety != SOAPC_UNION) {
            if (*count == LEAVES_MAX)
                return false;
            leaves[(*count)++] = t;
            continue;
        }
        for (size_t i = t->member_count; i-- > 0;) {
            if (depth == LEAVES_MAX)
                return false;
            stack[depth++] = t->members[i];
        }
    }
    return true;
}

static bool any_atomic_fits(struct soapc_matcher *matcher, const struct soapc_type *t, struct bark_slice text)
{
    const struct soapc_type *leaves[LEAVES_MAX];
    size_t count;
    if (!leaves_find(t, leaves, &count))
        return true;
    for (size_t i = 0; i < count; i++)
        if (leaves[i]->variety == SOAPC_LIST || atomic_fits(matcher, leaves[i], text))
            return true;
    return false;
}

/* The next word of *text, which it loses; empty at the end. */
static struct bark_slice item_take(struct bark_slice *text)
{
    size_t from = 0, to;
    while (from < text->len && is_blank(text->ptr[from]))
        from++;
    for (to = from; to < text->len && !is_blank(text->ptr[to]);)
        to++;
    struct bark_slice item = { text->ptr + from, to - from };
    *text = (struct bark_slice){ text->ptr + to, text->len - to };
    return item;
}

/* Item by item as values, where all items are of one kind; else as texts. */
static bool lists_equal(const struct soapc_type *list, struct bark_slice x, struct bark_slice y)
{
    const struct soapc_type *of = list->item && list->item->variety == SOAPC_ATOMIC ? list->item : NULL;
    for (;;) {
        struct bark_slice a = item_take(&x), b = item_take(&y);
        if (a.len == 0 || b.len == 0)
            return a.len == b.len;
        if (a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0)
            continue;
        if (!of || is_text((enum bark_kind)kinds[of->builtin]) ||
            (kinds[of->builtin] != BARK_KIND_QNAME && values_order(of->builtin, a, b) != SOAPC_EQUAL))
            return false;
    }
}

static bool list_fits(struct soapc_matcher *matcher, const struct soapc_type *list, struct bark_slice text)
{
    struct bark_slice rest = text, item;
    bool any = false, found = false;
    while ((item = item_take(&rest)).len > 0)
        if (!any_atomic_fits(matcher, list->item, item))
            return false;
    for (size_t i = 0; i < list->facets.count && !found && list->facets.count <= FACETS_MAX; i++) {
        if (list->facets.items[i].kind != BARK_FACET_ENUMERATION)
            continue;
        any = true;
        found = lists_equal(list, text, slice_of(list->facets.items[i].text));
    }
    return (!any || found) && text_facets_hold(matcher, list, text);
}

/* A union's own enumerations and patterns; values by the first member that both are of. */
static bool union_holds(struct soapc_matcher *matcher, const struct soapc_type *t, const char *text,
                        const struct soapc_type *const *leaves, size_t count)
{
    bool any = false, found = false;
    if (t->facets.count > FACETS_MAX)
        return true;
    for (size_t i = 0; i < t->facets.count && !found; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        if (f->kind != BARK_FACET_ENUMERATION)
            continue;
        any = true;
        found = strcmp(f->text, text) == 0;
        for (size_t n = 0; n < count && !found; n++)
            found = leaves[n]->variety == SOAPC_LIST
                        ? lists_equal(leaves[n], slice_of(f->text), slice_of(text))
                        : soapc_values_equal(leaves[n], f->text, text);
    }
    return (!any || found) && text_facets_hold(matcher, t, slice_of(text));
}

bool soapc_value_matches(struct soapc_matcher *matcher, const struct soapc_type *type, const char *text)
{
    const struct soapc_type *leaves[LEAVES_MAX];
    size_t count;
    if (type->complex || !leaves_find(type, leaves, &count))
        return true;
    if (type->variety == SOAPC_UNION && !union_holds(matcher, type, text, leaves, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (leaves[i]->variety == SOAPC_LIST ? list_fits(matcher, leaves[i], slice_of(text))
                                             : atomic_fits(matcher, leaves[i], slice_of(text)))
            return true;
    return count == 0;
}

bool soapc_value_fits(const struct soapc_type *type, const char *text)
{
    return soapc_value_matches(NULL, type, text);
}
