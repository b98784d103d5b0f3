/* model/facet.c - the facets that a simple type has after its whole derivation, and whether its own ones may
 * be there.
 *
 * [XSD2 4.3] A nearer facet replaces the inherited one of its kind (inclusive and exclusive bounds of one
 * side are one kind here), enumerations replace each other as a set, patterns add up.
 */
#include "model/build.h"
#include "model/value.h"

static enum soapc_builtin primitive_of(const struct soapc_model *m, enum soapc_builtin id)
{
    while (id > SOAPC_BUILTIN_ANY_SIMPLE_TYPE && m->types[id]->base->builtin > SOAPC_BUILTIN_ANY_SIMPLE_TYPE)
        id = m->types[id]->base->builtin;
    return id;
}

#define F(kind) (1U << BARK_FACET_##kind)
#define LENGTHS (F(LENGTH) | F(MIN_LENGTH) | F(MAX_LENGTH))
#define BOUNDS (F(MIN_INCLUSIVE) | F(MAX_INCLUSIVE) | F(MIN_EXCLUSIVE) | F(MAX_EXCLUSIVE))
#define COMMON (F(PATTERN) | F(ENUMERATION) | F(WHITESPACE))

/* [XSD2 4.1.5] Which facets apply to what. */
static unsigned facets_allowed(const struct soapc_model *m, const struct soapc_type *t)
{
    if (t->variety == SOAPC_UNION)
        return F(PATTERN) | F(ENUMERATION);
    if (t->variety == SOAPC_LIST)
        return LENGTHS | COMMON;
    switch (primitive_of(m, t->builtin)) {
    case SOAPC_BUILTIN_BOOLEAN:
        return F(PATTERN) | F(WHITESPACE);
    case SOAPC_BUILTIN_DECIMAL:
        return BOUNDS | COMMON | F(TOTAL_DIGITS) | F(FRACTION_DIGITS);
    case SOAPC_BUILTIN_STRING:
    case SOAPC_BUILTIN_HEX_BINARY:
    case SOAPC_BUILTIN_BASE64_BINARY:
    case SOAPC_BUILTIN_ANY_URI:
    case SOAPC_BUILTIN_QNAME:
    case SOAPC_BUILTIN_NOTATION:
        return LENGTHS | COMMON;
    case SOAPC_BUILTIN_ANY_SIMPLE_TYPE:
        return ~0U; /* stands in for a type that did not resolve */
    default: /* float, double, duration and the date types */
        return BOUNDS | COMMON;
    }
}

const char *const soapc_facet_words[BARK_FACET_COUNT] = {
    [BARK_FACET_LENGTH] = "length",
    [BARK_FACET_MIN_LENGTH] = "minLength",
    [BARK_FACET_MAX_LENGTH] = "maxLength",
    [BARK_FACET_PATTERN] = "pattern",
    [BARK_FACET_ENUMERATION] = "enumeration",
    [BARK_FACET_MIN_INCLUSIVE] = "minInclusive",
    [BARK_FACET_MAX_INCLUSIVE] = "maxInclusive",
    [BARK_FACET_MIN_EXCLUSIVE] = "minExclusive",
    [BARK_FACET_MAX_EXCLUSIVE] = "maxExclusive",
    [BARK_FACET_TOTAL_DIGITS] = "totalDigits",
    [BARK_FACET_FRACTION_DIGITS] = "fractionDigits",
    [BARK_FACET_WHITESPACE] = "whiteSpace",
    [BARK_FACET_MEDIA] = "media type",
};

static const struct soapc_facet *facet_find(const struct soapc_facets *f, enum bark_facet_kind kind)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].kind == kind)
            return &f->items[i];
    return NULL;
}

/* ---- comparing bounds ---- */

static bool is_lower(enum bark_facet_kind k)
{
    return k == BARK_FACET_MIN_INCLUSIVE || k == BARK_FACET_MIN_EXCLUSIVE;
}

static bool is_bound(enum bark_facet_kind k)
{
    return is_lower(k) || k == BARK_FACET_MAX_INCLUSIVE || k == BARK_FACET_MAX_EXCLUSIVE;
}

static bool is_exclusive(enum bark_facet_kind k)
{
    return k == BARK_FACET_MIN_EXCLUSIVE || k == BARK_FACET_MAX_EXCLUSIVE;
}

/* True when x, as a bound on the same side, lets in something that y does not [XSD2 4.3.7 to 4.3.10]. */
static bool bound_widens(enum soapc_builtin type, const struct soapc_facet *x, const struct soapc_facet *y)
{
    enum soapc_order order = soapc_value_order(type, x->text, y->text);
    if (order == SOAPC_EQUAL)
        return !is_exclusive(x->kind) && is_exclusive(y->kind);
    return order == (is_lower(x->kind) ? SOAPC_LESS : SOAPC_GREATER);
}

/* ---- one own facet against the base's ---- */

static void widening_report(struct soapc_builder *b, const struct soapc_facet *f,
                            const struct soapc_facet *base)
{
    soapc_error(b->diag, SOAPC_E_FACET_WIDENS, f->place,
                "%s '%s' lets in more than the base type, whose %s is '%s'", soapc_facet_words[f->kind],
                f->text, soapc_facet_words[base->kind], base->text);
    if (base->place.file != SOAPC_NO_FILE)
        soapc_note(b->diag, base->place, "the base's facet is here");
}

/* Two facets of one kind: texts of one value are the same. */
static bool facets_equal(enum soapc_builtin type, const struct soapc_facet *x, const struct soapc_facet *y)
{
    if (strcmp(x->text, y->text) == 0)
        return true;
    return is_bound(x->kind) ? soapc_value_order(type, x->text, y->text) == SOAPC_EQUAL
                             : x->number == y->number;
}

static void base_compare(struct soapc_builder *b, enum soapc_builtin type, const struct soapc_facet *f,
                         const struct soapc_facet *base)
{
    bool widens = false;
    switch (f->kind) {
    case BARK_FACET_LENGTH:
        widens = f->number != base->number;
        break;
    case BARK_FACET_MIN_LENGTH:
    case BARK_FACET_WHITESPACE:
        widens = f->number < base->number;
        break;
    case BARK_FACET_MAX_LENGTH:
    case BARK_FACET_TOTAL_DIGITS:
    case BARK_FACET_FRACTION_DIGITS:
        widens = f->number > base->number;
        break;
    case BARK_FACET_MIN_INCLUSIVE:
    case BARK_FACET_MAX_INCLUSIVE:
    case BARK_FACET_MIN_EXCLUSIVE:
    case BARK_FACET_MAX_EXCLUSIVE:
        widens = bound_widens(type, f, base);
        break;
    case BARK_FACET_PATTERN:
    case BARK_FACET_ENUMERATION:
    case BARK_FACET_MEDIA: /* no facet of a schema's */
    case BARK_FACET_COUNT:
        break;
    }
    if (widens)
        widening_report(b, f, base);
    else if (base->fixed && f->kind == base->kind && !facets_equal(type, f, base))
        soapc_error(b->diag, SOAPC_E_FACET_WIDENS, f->place, "%s is fixed to '%s' by the base type",
                    soapc_facet_words[f->kind], base->text);
}

/* [XSD2 4.3.5.4, 4.3.7.4] A bound or an enumerated value is a value of the base type. */
static bool value_check(struct soapc_builder *b, const struct soapc_type *t, const struct soapc_facet *f)
{
    const struct soapc_type *of = f->kind == BARK_FACET_ENUMERATION ? t->base : b->model->types[t->builtin];
    if (!is_bound(f->kind) && f->kind != BARK_FACET_ENUMERATION)
        return true;
    if (t->derivation != SOAPC_BY_RESTRICTION || soapc_value_matches(&b->matcher, of, f->text))
        return true;
    soapc_error(b->diag, SOAPC_E_NOT_A_VALUE, f->place, "'%s' is not a value of type %s", f->text,
                of->name.local ? of->name.local : of->context);
    return false;
}

static void own_check(struct soapc_builder *b, const struct soapc_type *t)
{
    unsigned seen = 0, allowed = facets_allowed(b->model, t);
    for (size_t i = 0; i < t->own_facets.count; i++) {
        const struct soapc_facet *f = &t->own_facets.items[i];
        unsigned bit = 1U << f->kind;
        bool repeats = f->kind == BARK_FACET_PATTERN || f->kind == BARK_FACET_ENUMERATION;
        if (!(allowed & bit) || (f->zone && !(allowed & F(MIN_INCLUSIVE)))) {
            const char *what = t->variety == SOAPC_LIST    ? "a list"
                               : t->variety == SOAPC_UNION ? "a union"
                                                           : b->model->types[t->builtin]->name.local;
            soapc_error(b->diag, SOAPC_E_FACET_MISPLACED, f->place, "%s does not apply to %s",
                        f->zone ? "explicitTimezone" : soapc_facet_words[f->kind], what);
            continue;
        }
        if ((seen & bit) && !repeats)
            soapc_error(b->diag, SOAPC_E_FACET_MISPLACED, f->place, "%s stands here twice",
                        soapc_facet_words[f->kind]);
        seen |= bit;
        if (!value_check(b, t, f))
            continue;
        for (size_t n = 0; t->derivation == SOAPC_BY_RESTRICTION && !repeats && n < t->base->facets.count;
             n++) {
            const struct soapc_facet *base = &t->base->facets.items[n];
            bool sides =
                is_bound(f->kind) && is_bound(base->kind) && is_lower(f->kind) == is_lower(base->kind);
            if (base->kind == f->kind || sides)
                base_compare(b, t->builtin, f, base);
        }
    }
    if ((seen & (F(MIN_INCLUSIVE) | F(MIN_EXCLUSIVE))) == (F(MIN_INCLUSIVE) | F(MIN_EXCLUSIVE)))
        soapc_error(b->diag, SOAPC_E_FACET_MISPLACED,
                    facet_find(&t->own_facets, BARK_FACET_MIN_EXCLUSIVE)->place,
                    "minInclusive and minExclusive exclude each other");
    if ((seen & (F(MAX_INCLUSIVE) | F(MAX_EXCLUSIVE))) == (F(MAX_INCLUSIVE) | F(MAX_EXCLUSIVE)))
        soapc_error(b->diag, SOAPC_E_FACET_MISPLACED,
                    facet_find(&t->own_facets, BARK_FACET_MAX_EXCLUSIVE)->place,
                    "maxInclusive and maxExclusive exclude each other");
}

/* ---- the effective set against itself ---- */

static void numbers_check(struct soapc_builder *b, const struct soapc_type *t, enum bark_facet_kind small,
                          enum bark_facet_kind large)
{
    const struct soapc_facet *x = facet_find(&t->facets, small), *y = facet_find(&t->facets, large);
    if (!x || !y || x->number <= y->number)
        return;
    struct soapc_place place =
        x->place.at > y->place.at || y->place.file == SOAPC_NO_FILE ? x->place : y->place;
    soapc_error(b->diag, SOAPC_E_NO_VALUE_LEFT, place, "%s %s is more than %s %s: no value is left",
                soapc_facet_words[small], x->text, soapc_facet_words[large], y->text);
}

static bool replaced(const struct soapc_facets *own, enum bark_facet_kind kind)
{
    for (size_t i = 0; i < own->count; i++) {
        enum bark_facet_kind k = own->items[i].kind;
        if (kind == k || (is_bound(kind) && is_bound(k) && is_lower(kind) == is_lower(k)))
            return kind != BARK_FACET_PATTERN;
    }
    return false;
}

static void bounds_check(struct soapc_builder *b, const struct soapc_type *t)
{
    const struct soapc_facet *low = NULL, *high = NULL;
    for (size_t i = 0; i < t->facets.count; i++) {
        const struct soapc_facet *f = &t->facets.items[i];
        if (is_bound(f->kind) && is_lower(f->kind))
            low = f;
        else if (is_bound(f->kind))
            high = f;
    }
    if (!low || !high)
        return;
    enum soapc_order order = soapc_value_order(t->builtin, low->text, high->text);
    bool one_step = replaced(&t->own_facets, low->kind) && replaced(&t->own_facets, high->kind);
    bool crosses_base =
        order == SOAPC_EQUAL && is_exclusive(low->kind) && is_exclusive(high->kind) && !one_step;
    if (order == SOAPC_LESS || order == SOAPC_NO_ORDER ||
        (order == SOAPC_EQUAL && is_exclusive(low->kind) == is_exclusive(high->kind) && !crosses_base))
        return; /* [XSD2 4.3.9.4] equal bounds of one kind are legal, exclusive ones in one step only */
    struct soapc_place place = low->builtin ? high->place : low->place;
    soapc_error(b->diag, SOAPC_E_NO_VALUE_LEFT, place, "%s %s and %s %s leave no value",
                soapc_facet_words[low->kind], low->text, soapc_facet_words[high->kind], high->text);
}

static void facet_push(struct soapc_builder *b, struct soapc_facets *f, const struct soapc_facet *facet)
{
    struct soapc_facet *slot = SOAPC_PUSH(b, f->items, f->count, f->cap);
    *slot = *facet;
}

/* [XSD2 4.3.4.3] The patterns of one step are alternatives. */
static void patterns_join(struct soapc_builder *b, struct soapc_type *t)
{
    struct soapc_facet joined = { .text = NULL };
    size_t len = 0, count = 0, at = 0;
    for (size_t i = 0; i < t->own_facets.count; i++)
        if (t->own_facets.items[i].kind == BARK_FACET_PATTERN && !t->own_facets.items[i].zone)
            len += strlen(t->own_facets.items[i].text) + 1;
    if (len == 0)
        return;
    char *text = soapc_pool_alloc(b->pool, len);
    for (size_t i = 0; i < t->own_facets.count; i++) {
        const struct soapc_facet *f = &t->own_facets.items[i];
        if (f->kind != BARK_FACET_PATTERN || f->zone)
            continue;
        if (count++ == 0)
            joined = *f;
        else
            text[at++] = '|';
        memcpy(text + at, f->text, strlen(f->text));
        at += strlen(f->text);
    }
    joined.text = soapc_pool_text(b->pool, text, at);
    facet_push(b, &t->facets, &joined);
}

/* [XSD2 4.3.1.4] length beside minLength or maxLength: only when these come, with that value, from a base;
 * if the base has length too, it has been asked the same. */
static void length_check(struct soapc_builder *b, const struct soapc_type *t, enum bark_facet_kind kind)
{
    const struct soapc_facet *length = facet_find(&t->facets, BARK_FACET_LENGTH);
    const struct soapc_facet *other = facet_find(&t->facets, kind);
    if (!length || !other || t->derivation != SOAPC_BY_RESTRICTION)
        return;
    const struct soapc_facet *inherited = facet_find(&t->base->facets, kind);
    if (!inherited || inherited->number != other->number)
        soapc_error(b->diag, SOAPC_E_FACET_MISPLACED, other->place, "length and %s exclude each other",
                    soapc_facet_words[kind]);
    else if (kind == BARK_FACET_MIN_LENGTH ? other->number > length->number : other->number < length->number)
        soapc_error(b->diag, SOAPC_E_NO_VALUE_LEFT, length->place, "length %s and %s %s leave no value",
                    length->text, soapc_facet_words[kind], other->text);
}

/* [XSD2 4.3.5] An enumerated value is one of the base type, whose white space it has. */
static void enumerations_normalise(struct soapc_builder *b, struct soapc_type *t)
{
    if (t->variety != SOAPC_ATOMIC || t->derivation != SOAPC_BY_RESTRICTION || !t->base || t->is_builtin)
        return;
    for (size_t i = 0; i < t->facets.count; i++) {
        struct soapc_facet *f = &t->facets.items[i];
        const struct bark_slice text = { (const uint8_t *)f->text, strlen(f->text) };
        if (f->kind != BARK_FACET_ENUMERATION || !strpbrk(f->text, " \t\r\n"))
            continue;
        uint8_t *room = soapc_pool_alloc(b->pool, text.len);
        const struct bark_slice plain = soapc_value_normalise(t->base, text, room);
        f->text = soapc_pool_text(b->pool, (const char *)plain.ptr, plain.len);
    }
}

void soapc_facets_derive(struct soapc_builder *b, struct soapc_type *t)
{
    if (!t->is_builtin)
        own_check(b, t);
    if (t->derivation == SOAPC_BY_RESTRICTION && t->base)
        for (size_t i = 0; i < t->base->facets.count; i++)
            if (!replaced(&t->own_facets, t->base->facets.items[i].kind))
                facet_push(b, &t->facets, &t->base->facets.items[i]);
    if (t->derivation == SOAPC_BY_LIST && !t->is_builtin) {
        struct soapc_facet collapse = { .kind = BARK_FACET_WHITESPACE,
                                        .text = soapc_pool_text(b->pool, "collapse", 8),
                                        .number = 2,
                                        .place = SOAPC_NOWHERE,
                                        .builtin = true };
        facet_push(b, &t->facets, &collapse);
    }
    for (size_t i = 0; i < t->own_facets.count; i++)
        if (t->own_facets.items[i].kind != BARK_FACET_PATTERN || t->own_facets.items[i].zone)
            facet_push(b, &t->facets, &t->own_facets.items[i]);
    enumerations_normalise(b, t);
    patterns_join(b, t);
    if (t->is_builtin)
        return;
    numbers_check(b, t, BARK_FACET_MIN_LENGTH, BARK_FACET_MAX_LENGTH);
    length_check(b, t, BARK_FACET_MIN_LENGTH);
    length_check(b, t, BARK_FACET_MAX_LENGTH);
    numbers_check(b, t, BARK_FACET_FRACTION_DIGITS, BARK_FACET_TOTAL_DIGITS);
    bounds_check(b, t);
}
