/* model/value.c - asks the engine whether a text is a value, and which of two bounds is larger.
 *
 * The compiler has no readers of its own for numbers, dates and names: what it accepts in a schema is what
 * the engine will accept in a message. One type row on the stack stands for a built-in type.
 */
#include "model/value.h"

#include "engine/value_kind.h"
#include "model/build.h"

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
static enum bark_code builtin_read(enum soapc_builtin id, struct bark_slice text,
                                   union bark_value_room *value, struct bark_arena *arena)
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
    if (!ops->order || builtin_read(type, x, &a, &arena) != BARK_OK ||
        builtin_read(type, y, &b, &arena) != BARK_OK)
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

static bool atomic_fits(const struct soapc_type *t, struct bark_slice text)
{
    uint64_t memory[ROOM / 8];
    struct bark_arena arena;
    union bark_value_room value;
    if (!is_atomic_builtin(t->builtin))
        return true;
    bark_arena_init(&arena, memory, sizeof memory);
    enum bark_code code = builtin_read(t->builtin, text, &value, &arena);
    if (code != BARK_OK)
        return code == BARK_ERR_MEMORY || code == BARK_ERR_LIMIT;
    if (t->facets.count > FACETS_MAX)
        return true; /* a thousand values against a thousand others: not worth the time */
    for (size_t i = 0; i < t->facets.count; i++)
        if (!bound_holds(t, &t->facets.items[i], text))
            return false;
    return enumerations_hold(t, text);
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

static bool any_atomic_fits(const struct soapc_type *t, struct bark_slice text)
{
    const struct soapc_type *leaves[LEAVES_MAX];
    size_t count;
    if (!leaves_find(t, leaves, &count))
        return true;
    for (size_t i = 0; i < count; i++)
        if (leaves[i]->variety == SOAPC_LIST || atomic_fits(leaves[i], text))
            return true;
    return false;
}

static bool items_fit(const struct soapc_type *list, struct bark_slice text)
{
    for (size_t from = 0; from < text.len;) {
        size_t to = from;
        while (to < text.len && !is_blank(text.ptr[to]))
            to++;
        if (to > from && !any_atomic_fits(list->item, (struct bark_slice){ text.ptr + from, to - from }))
            return false;
        from = to + 1;
    }
    return true;
}

bool soapc_value_fits(const struct soapc_type *type, const char *text)
{
    const struct soapc_type *leaves[LEAVES_MAX];
    size_t count;
    if (type->complex || !leaves_find(type, leaves, &count))
        return true;
    for (size_t i = 0; i < count; i++)
        if (leaves[i]->variety == SOAPC_LIST ? items_fit(leaves[i], slice_of(text))
                                             : atomic_fits(leaves[i], slice_of(text)))
            return true;
    return count == 0;
}
