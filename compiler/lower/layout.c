/* lower/layout.c - where members stand in their structs, by the rules of this machine's C compiler.
 *
 * Members go by falling alignment, stable in schema order; has_ bytes come last (docs/table-format.md). The
 * printer writes members in the same order and leaves the numbers to offsetof, so that other machines get
 * theirs.
 */
#include "lower/plan.h"
#include "table/kind_layout.h"

#include <assert.h>

/* A required struct larger than this is held by pointer, so that deep nesting cannot outgrow 16-bit offsets.
 */
enum { EMBED_MAX = 8192, SIZE_MAX_BYTES = 0xffff, HAS_MAX = 254 };

bool soapc_kind_layout(enum bark_kind kind, size_t *size, size_t *align)
{
    /* Any enum of int's size: a compiler of this machine. */
    static const struct bark_kind_layout enumeration = { sizeof(enum bark_presence),
                                                         _Alignof(enum bark_presence) };
    const struct bark_kind_layout *layout = kind == BARK_KIND_ENUM ? &enumeration : &bark_kind_layouts[kind];
    *size = layout->size;
    *align = layout->align;
    return layout->size != 0;
}

bool soapc_kind_tells_absence(enum bark_kind kind)
{
    return kind == BARK_KIND_ENUM || kind == BARK_KIND_UNION || kind == BARK_KIND_INTEGER ||
           kind == BARK_KIND_DECIMAL || kind == BARK_KIND_BASE64 || kind == BARK_KIND_HEX ||
           kind == BARK_KIND_QNAME || (kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI);
}

static size_t round_up(size_t value, size_t align)
{
    return (value + align - 1) / align * align;
}

static void member_measure(struct soapc_pfield *field)
{
    if ((field->bits & BARK_F_REPEATED) || field->kind == BARK_FIELD_ANY_ATTRIBUTE) {
        field->size = sizeof(struct bark_array);
        field->align = _Alignof(struct bark_array);
    } else if (field->bits & BARK_F_POINTER) {
        field->size = sizeof(void *);
        field->align = _Alignof(void *);
    } else if (field->type) {
        field->size = field->type->size;
        field->align = field->type->align;
    } else { /* ANY, CONTENT: a text */
        field->size = sizeof(struct bark_text);
        field->align = _Alignof(struct bark_text);
    }
}

/* T24: what needs a has_ byte. */
static bool needs_has(const struct soapc_ptype *t, const struct soapc_pfield *field)
{
    const bool nil = (field->bits & (BARK_F_NILLABLE | BARK_F_REPEATED)) == BARK_F_NILLABLE;
    const bool absent = !(field->bits & (BARK_F_REQUIRED | BARK_F_REPEATED | BARK_F_POINTER)) &&
                        !soapc_is_tagged(t) &&
                        (field->kind == BARK_FIELD_ELEMENT || field->kind == BARK_FIELD_ATTRIBUTE);
    assert(field->type || !absent);
    return nil ||
           (absent && !soapc_kind_tells_absence(field->type->kind) && field->type->model != BARK_MODEL_TYPED);
}

static bool has_bytes_give(struct soapc_plan *plan, struct soapc_ptype *t, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < t->field_count; i++) {
        struct soapc_pfield *field = &t->fields[i];
        if (!needs_has(t, field))
            continue;
        if (*count > HAS_MAX) {
            soapc_error(plan->diag, SOAPC_E_TABLE_LIMIT, t->place,
                        "'%s' has more than %d members that need a has_ byte", t->c_name, HAS_MAX + 1);
            return false;
        }
        field->has = (uint8_t)(*count)++;
        field->has_member =
            soapc_nameset_add(&t->members, plan->arena, soapc_plan_printf(plan, "has_%s", field->member));
        if (!field->has_member)
            return false;
    }
    return true;
}

static size_t members_place(struct soapc_ptype *t)
{
    size_t at = 0;
    for (size_t align = 8; align; align /= 2) {
        for (size_t i = 0; i < t->field_count; i++) {
            struct soapc_pfield *field = &t->fields[i];
            if (field->align != align)
                continue;
            at = round_up(at, align);
            field->offset = at;
            at += field->size;
        }
    }
    return at;
}

static size_t alternatives_place(struct soapc_ptype *t, size_t at)
{
    size_t largest = 0;
    at = round_up(at, t->align);
    for (size_t i = 0; i < t->field_count; i++) {
        t->fields[i].offset = at;
        largest = t->fields[i].size > largest ? t->fields[i].size : largest;
    }
    return at + largest;
}

static bool struct_layout(struct soapc_plan *plan, struct soapc_ptype *t)
{
    size_t has_count, union_align = 1;
    for (size_t i = 0; i < t->field_count; i++) {
        struct soapc_pfield *field = &t->fields[i];
        const bool is_struct = field->type && field->type->kind <= BARK_KIND_GROUP;
        if (is_struct && !(field->bits & BARK_F_REPEATED) && field->type->size > EMBED_MAX)
            field->bits |= BARK_F_POINTER;
        member_measure(field);
        union_align = field->align > union_align ? field->align : union_align;
    }
    if (!has_bytes_give(plan, t, &has_count))
        return false;
    t->align = union_align;
    if (soapc_is_tagged(t)) {
        /* which, has_ bytes, then the union at its own alignment */
        t->presence = 0;
        t->size = alternatives_place(t, sizeof(uint16_t) + has_count);
        t->align = t->align < _Alignof(uint16_t) ? _Alignof(uint16_t) : t->align;
    } else {
        t->presence = members_place(t);
        t->size = t->presence + has_count;
        t->presence = has_count ? t->presence : 0;
    }
    t->size = round_up(t->size ? t->size : 1, t->align);
    if (t->size > SIZE_MAX_BYTES) {
        soapc_error(plan->diag, SOAPC_E_TABLE_LIMIT, t->place,
                    "'%s' needs %zu bytes; a struct has at most %d", t->c_name, t->size, SIZE_MAX_BYTES);
        return false;
    }
    return true;
}

bool soapc_plan_layout(struct soapc_plan *plan)
{
    for (size_t i = 0; i < plan->type_count; i++) {
        struct soapc_ptype *t = plan->types[i];
        if (t->kind == BARK_KIND_STRUCT || t->kind == BARK_KIND_GROUP) {
            if (!struct_layout(plan, t))
                return false;
        } else {
            (void)soapc_kind_layout(t->kind, &t->size, &t->align);
        }
    }
    return true;
}
