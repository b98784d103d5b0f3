/* emit/arena_bound.c - the most memory that a message's values can take, where the schema bounds it.
 *
 * A text is bounded by maxLength or an enumeration, a repeated member by maxOccurs. A type that can contain
 * itself is not bounded. Types are worked out depth first with a stack of our own; each once.
 */
#include "emit/bill.h"

#include <stdlib.h>
#include <string.h>

enum { UTF8_MAX = 4, ALIGN = 8 };

/* What a value of the type takes besides its own struct. */
struct bound {
    uint64_t bytes; /* UINT64_MAX: unbounded */
    const struct soapc_pfield *why; /* struct: the first unbounded member */
    uint8_t state; /* 0 new, 1 under way, 2 known */
};

struct frame {
    const struct soapc_ptype *type;
    size_t next;
};

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static uint64_t round_up(uint64_t a)
{
    return add(a, ALIGN - 1) == UINT64_MAX ? UINT64_MAX : (a + ALIGN - 1) / ALIGN * ALIGN;
}

/* The bound that a length facet sets; UINT64_MAX without one. */
static uint64_t length_max(const struct soapc_ptype *t)
{
    uint64_t most = UINT64_MAX;
    for (size_t i = 0; i < t->facet_count; i++) {
        const struct soapc_pfacet *facet = &t->facets[i];
        bool bounds = facet->kind == BARK_FACET_LENGTH || facet->kind == BARK_FACET_MAX_LENGTH ||
                      (facet->kind == BARK_FACET_TOTAL_DIGITS && t->kind == BARK_KIND_INTEGER);
        if (bounds && (uint64_t)facet->value < most)
            most = (uint64_t)facet->value;
    }
    return most;
}

/* Octets of a text of at most so many characters, its NUL included. */
static uint64_t text_bytes(const struct soapc_ptype *t, uint64_t each)
{
    uint64_t most = length_max(t);
    for (size_t i = 0; most == UINT64_MAX && i < t->facet_count; i++) /* the longest of an enumeration */
        if (t->facets[i].kind == BARK_FACET_ENUMERATION)
            return UINT64_MAX;
    return most == UINT64_MAX ? most : round_up(add(multiply(most, each), 1));
}

static uint64_t atom_bytes(const struct soapc_ptype *t)
{
    if ((t->kind >= BARK_KIND_STRING && t->kind <= BARK_KIND_ANYURI) || t->kind == BARK_KIND_INTEGER)
        return text_bytes(t, UTF8_MAX);
    if (t->kind == BARK_KIND_BASE64 || t->kind == BARK_KIND_HEX)
        return text_bytes(t, 1);
    if (t->kind == BARK_KIND_UNION || t->kind == BARK_KIND_DECIMAL || t->kind == BARK_KIND_QNAME)
        return UINT64_MAX;
    return 0;
}

static uint64_t value_bytes(const struct soapc_ptype *t)
{
    if (t->kind == BARK_KIND_LIST) /* its items are no lists (T28) */
        return multiply(length_max(t), add(t->item->size, atom_bytes(t->item)));
    return atom_bytes(t);
}

static uint64_t field_bytes(const struct bound *bounds, const struct soapc_pfield *field)
{
    const struct soapc_ptype *t = field->type;
    if (!t)
        return UINT64_MAX; /* any, any attributes, raw content */
    const struct bound *inner = &bounds[t->row];
    uint64_t each =
        t->kind <= BARK_KIND_GROUP ? (inner->state == 2 ? inner->bytes : UINT64_MAX) : value_bytes(t);
    if (field->bits & BARK_F_REPEATED) {
        uint64_t items = field->max == SOAPC_UNBOUNDED ? UINT64_MAX : field->max;
        return multiply(items, add(round_up(t->size), add(each, field->bits & BARK_F_NILLABLE ? 1 : 0)));
    }
    return field->bits & BARK_F_POINTER ? add(round_up(t->size), each) : each;
}

static void type_settle(struct bound *bounds, const struct soapc_ptype *t)
{
    struct bound *own = &bounds[t->row];
    uint64_t sum = 0;
    for (size_t i = 0; i < t->field_count; i++) {
        uint64_t bytes = field_bytes(bounds, &t->fields[i]);
        if (bytes == UINT64_MAX && !own->why)
            own->why = &t->fields[i];
        sum = !soapc_is_tagged(t) ? add(sum, bytes) : bytes > sum ? bytes : sum;
    }
    own->bytes = sum;
    own->state = 2;
}

static void bounds_find(struct bound *bounds, struct frame *frames, const struct soapc_ptype *start)
{
    size_t depth = 0;
    bounds[start->row].state = 1;
    frames[depth++] = (struct frame){ start, 0 };
    while (depth) {
        struct frame *top = &frames[depth - 1];
        if (top->next == top->type->field_count) {
            type_settle(bounds, top->type);
            depth--;
            continue;
        }
        const struct soapc_ptype *t = top->type->fields[top->next++].type;
        if (t && t->kind <= BARK_KIND_GROUP && bounds[t->row].state == 0) {
            bounds[t->row].state = 1;
            frames[depth++] = (struct frame){ t, 0 };
        }
    }
}

/* "User.Username": follows the first unbounded members down to the one that is unbounded itself. */
static const char *path_print(struct soapc_plan *plan, const struct bound *bounds,
                              const struct soapc_ptype *t)
{
    const char *path = "";
    for (size_t steps = 0; steps < 16 && t && t->kind <= BARK_KIND_GROUP && bounds[t->row].why; steps++) {
        const struct soapc_pfield *why = bounds[t->row].why;
        path = soapc_plan_printf(plan, "%s%s%s", path, path[0] ? "." : "", why->member);
        if (!path || ((why->bits & BARK_F_REPEATED) && why->max == SOAPC_UNBOUNDED))
            return path;
        t = why->type;
    }
    return path[0] ? path : "its text";
}

uint64_t soapc_arena_bound(struct soapc_plan *plan, size_t root, const char **why)
{
    const struct soapc_ptype *t = plan->roots[root].type;
    struct bound *bounds = calloc(plan->type_count + 1, sizeof *bounds);
    struct frame *frames = calloc(plan->type_count + 1, sizeof *frames);
    uint64_t most = UINT64_MAX;
    *why = NULL;
    if (bounds && frames) {
        if (t->kind <= BARK_KIND_GROUP)
            bounds_find(bounds, frames, t);
        most = add(round_up(t->size), t->kind <= BARK_KIND_GROUP ? bounds[t->row].bytes : value_bytes(t));
        if (most == UINT64_MAX)
            *why = path_print(plan, bounds, t);
    }
    free(bounds);
    free(frames);
    return most;
}
