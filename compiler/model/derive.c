/* model/derive.c - what types have by their derivation, each after the types it needs.
 *
 * [XSD1 3.4.2] the content and attributes of complex types; [XSD1 3.14.2] variety and facets of simple ones.
 * A type that derives from itself is cut loose from its base and reported; everything after that can count on
 * bases that end.
 */
#include "model/build.h"
#include "model/value.h"

enum need_tag { NEED_BASE, NEED_VALUE, NEED_ITEM, NEED_MEMBER };

static const char *type_label(const struct soapc_type *t)
{
    return t->name.local ? t->name.local : t->context ? t->context : "anonymous";
}

/* ---- simple types ---- */

static bool has_list(const struct soapc_type *t)
{
    if (t->variety != SOAPC_UNION)
        return t->variety == SOAPC_LIST;
    for (size_t i = 0; i < t->member_count; i++)
        if (t->members[i]->variety == SOAPC_LIST)
            return true;
    return false;
}

static void final_check(struct soapc_builder *b, const struct soapc_type *t, const struct soapc_type *from,
                        uint8_t how)
{
    static const char *const words[] = { [SOAPC_BY_EXTENSION] = "extension",
                                         [SOAPC_BY_RESTRICTION] = "restriction",
                                         [SOAPC_BY_LIST] = "list",
                                         [SOAPC_BY_UNION] = "union" };
    if (!(from->final & how))
        return;
    soapc_error(b->diag, SOAPC_E_FINAL, t->place, "type '%s' is final for %s", type_label(from), words[how]);
    if (from->place.file != SOAPC_NO_FILE)
        soapc_note(b->diag, from->place, "it is declared here");
}

static void simple_derive(struct soapc_builder *b, struct soapc_type *t)
{
    if (t->derivation == SOAPC_BY_LIST) {
        final_check(b, t, t->item, SOAPC_BY_LIST);
        if (has_list(t->item) && !t->is_builtin) /* [XSD2 2.5.1.2] */
            soapc_error(b->diag, SOAPC_E_LIST_OF_LISTS, t->place, "the items of a list cannot be lists");
    } else if (t->derivation == SOAPC_BY_UNION) {
        for (size_t i = 0; i < t->member_count; i++)
            final_check(b, t, t->members[i], SOAPC_BY_UNION);
    } else if (!t->is_builtin) {
        final_check(b, t, t->base, SOAPC_BY_RESTRICTION);
        t->variety = t->base->variety;
        t->item = t->base->item;
        t->members = t->base->members;
        t->member_count = t->base->member_count;
    }
    if (!t->is_builtin)
        t->builtin = t->derivation == SOAPC_BY_RESTRICTION ? t->base->builtin : SOAPC_BUILTIN_ANY_SIMPLE_TYPE;
    soapc_facets_derive(b, t);
}

/* ---- attributes ---- */

/* [XSD1 3.2.2] A use without a value of its own has the declaration's. */
static void values_settle(struct soapc_builder *b, const struct soapc_attribute_uses *uses)
{
    for (size_t i = 0; i < uses->count; i++) {
        struct soapc_attribute_use *use = uses->items[i];
        const struct soapc_attribute *a = use->attribute;
        if (a->fixed_text && ((use->fixed_text && strcmp(use->fixed_text, a->fixed_text) != 0) ||
                              (use->default_text && use->default_text != a->default_text)))
            soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, use->place,
                        "attribute '%s' is fixed to '%s' by its declaration", a->name.local,
                        a->fixed_text); /* [XSD1 3.5.6] au-props-correct 2 */
        if (!use->default_text && !use->fixed_text) {
            use->default_text = a->default_text;
            use->fixed_text = a->fixed_text;
        }
    }
}

/* [XSD1 3.4.6] derivation-ok-restriction 2.1.2 and 2.1.3, when all types are known. */
static void use_values_check(struct soapc_builder *b, const struct soapc_attribute_use *use,
                             const struct soapc_attribute_use *base)
{
    const struct soapc_attribute *a = use->attribute, *from = base->attribute;
    const char *fixed = use->fixed_text ? use->fixed_text : a->fixed_text;
    const char *wanted = base->fixed_text ? base->fixed_text : from->fixed_text;
    if (!soapc_type_derives(a->type, from->type, 0))
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, use->place,
                    "the type of attribute '%s' is not derived from its type in the base", a->name.local);
    else if (wanted && (!fixed || !soapc_values_equal(from->type, fixed, wanted)))
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, use->place,
                    "attribute '%s' is fixed to '%s' in the base", a->name.local, wanted);
    else
        return;
    soapc_note(b->diag, base->place, "it is declared here");
}

/* [XSD1 3.4.6] derivation-ok-restriction 2. what: "type" or "group". */
static void restriction_check(struct soapc_builder *b, const struct soapc_attribute_use *use,
                              const struct soapc_attribute_use *base, const struct soapc_wildcard *wildcard,
                              const char *what)
{
    const char *name = use->attribute->name.local;
    if (!base && !use->prohibited &&
        !(wildcard && soapc_wildcard_allows(b, wildcard, use->attribute->name.ns)))
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, use->place,
                    "the base %s has no attribute '%s' to restrict", what, name);
    if (base && base->required && !use->required)
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, use->place,
                    "attribute '%s' is required in the base %s", name, what);
}

/* [XSD1 3.4.6] derivation-ok-restriction 4. */
static void wildcard_restriction_check(struct soapc_builder *b, const struct soapc_wildcard *own,
                                       const struct soapc_wildcard *base, const char *what)
{
    if (!own)
        return;
    if (!base)
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, own->place,
                    "the base %s has no attribute wildcard to restrict", what);
    else if (!soapc_wildcard_subset(b, own, base))
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, own->place,
                    "the attribute wildcard lets in more than the base %s's", what);
    else if (own->process > base->process)
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, own->place,
                    "processContents is weaker than in the base %s's wildcard", what);
    else
        return;
    if (base)
        soapc_note(b->diag, base->place, "the base %s's wildcard is here", what);
}

/* [XSD1 4.2.2] src-redefine 7.2.2: an attribute group that takes another's place restricts it. */
void soapc_redefined_attributes_check(struct soapc_builder *b, const struct soapc_attribute_group *own,
                                      const struct soapc_attribute_group *old)
{
    for (size_t i = 0; i < own->uses.count; i++) {
        const struct soapc_attribute_use *use = own->uses.items[i];
        const struct soapc_attribute_use *base = soapc_use_find(b, &old->uses, use->attribute);
        restriction_check(b, use, base, old->wildcard, "group");
        if (base && !use->prohibited)
            use_values_check(b, use, base);
    }
    for (size_t i = 0; i < old->uses.count; i++) /* clause 3 */
        if (old->uses.items[i]->required && !soapc_use_find(b, &own->uses, old->uses.items[i]->attribute))
            soapc_error(b->diag, SOAPC_E_ATTRIBUTE_RESTRICTION, own->place,
                        "attribute '%s' is required in the base group",
                        old->uses.items[i]->attribute->name.local);
    wildcard_restriction_check(b, own->wildcard, old->wildcard, "group");
}

/* Attribute types are looked at when all are derived. */
static void restricted_values_check(struct soapc_builder *b, const struct soapc_type *t)
{
    if (!t->complex || t->is_builtin || t->broken || t->derivation != SOAPC_BY_RESTRICTION ||
        !t->base->complex)
        return;
    for (size_t i = 0; i < t->own_attributes.count; i++) {
        const struct soapc_attribute_use *own = t->own_attributes.items[i];
        const struct soapc_attribute_use *base = soapc_use_find(b, &t->base->attributes, own->attribute);
        if (base && base != own && !own->prohibited)
            use_values_check(b, own, base);
    }
}

/* [XSD1 3.4.6] ct-props-correct 5. */
static void ids_check(struct soapc_builder *b, const struct soapc_type *t)
{
    const struct soapc_attribute_use *first = NULL;
    for (size_t i = 0; i < t->attributes.count; i++) {
        const struct soapc_attribute_use *use = t->attributes.items[i];
        if (use->attribute->type->builtin != SOAPC_BUILTIN_ID)
            continue;
        if (first) {
            soapc_error(b->diag, SOAPC_E_DUPLICATE, use->place,
                        "'%s' is a second attribute of type ID in '%s'", use->attribute->name.local,
                        type_label(t));
            soapc_note(b->diag, first->place, "the first one is here");
            return;
        }
        first = use;
    }
}

static void attributes_derive(struct soapc_builder *b, struct soapc_type *t)
{
    const struct soapc_attribute_uses *base = &t->base->attributes;
    bool extends = t->derivation == SOAPC_BY_EXTENSION;
    values_settle(b, &t->own_attributes);
    for (size_t i = 0; t->base->complex && i < base->count; i++) {
        struct soapc_attribute_use *own = soapc_use_find(b, &t->own_attributes, base->items[i]->attribute);
        if (!own || extends) {
            soapc_use_push(b, &t->attributes, base->items[i]);
        } else if (!extends && !own->prohibited) {
            soapc_use_push(b, &t->attributes, own);
        }
    }
    for (size_t i = 0; i < t->own_attributes.count; i++) {
        struct soapc_attribute_use *own = t->own_attributes.items[i];
        struct soapc_attribute_use *inherited =
            t->base->complex ? soapc_use_find(b, base, own->attribute) : NULL;
        if (!extends && t->base->complex && !t->broken)
            restriction_check(b, own, inherited, t->base->any_attribute, "type");
        if (extends && inherited && !own->prohibited) {
            soapc_error(b->diag, SOAPC_E_DUPLICATE, own->place, "the base type has an attribute '%s' already",
                        own->attribute->name.local);
            soapc_note(b->diag, inherited->place, "it is declared here");
        }
        if (!inherited && !own->prohibited)
            soapc_use_push(b, &t->attributes, own);
    }
    t->any_attribute = t->own_any_attribute;
    if (extends && t->base->complex && t->base->any_attribute)
        t->any_attribute = t->own_any_attribute
                               ? soapc_wildcard_unite(b, t->own_any_attribute, t->base->any_attribute)
                               : t->base->any_attribute;
    if (!extends && t->base->complex && !t->broken && !t->base->is_builtin)
        wildcard_restriction_check(b, t->own_any_attribute, t->base->any_attribute, "type");
}

/* ---- content ---- */

/* [XSD1 3.4.2] "explicit content empty": nothing that an element could stand for. */
static bool is_empty(const struct soapc_particle *p)
{
    if (!p || p->max == 0)
        return true;
    if (p->kind == SOAPC_PARTICLE_SEQUENCE || p->kind == SOAPC_PARTICLE_ALL)
        return p->count == 0;
    return p->kind == SOAPC_PARTICLE_CHOICE && p->count == 0 && p->min == 0;
}

static struct soapc_particle *both(struct soapc_builder *b, struct soapc_particle *first,
                                   struct soapc_particle *second)
{
    struct soapc_particle *p = SOAPC_NEW(b, struct soapc_particle);
    *p = (struct soapc_particle){
        .kind = SOAPC_PARTICLE_SEQUENCE, .min = 1, .max = 1, .place = second->place, .cap = 2
    };
    p->items = soapc_pool_alloc(b->pool, 2 * sizeof *p->items);
    p->items[p->count++] = first;
    p->items[p->count++] = second;
    return p;
}

/* [XSD1 3.4.6] cos-ct-extends 1.4.3.2.2.1, derivation-ok-restriction 5.4.1 */
static void mixed_report(struct soapc_builder *b, const struct soapc_type *t)
{
    soapc_error(b->diag, SOAPC_E_CONTENT_KIND, t->place, "%s content cannot %s the %s content of '%s'",
                t->mixed ? "mixed" : "element-only",
                t->derivation == SOAPC_BY_EXTENSION ? "extend" : "restrict",
                t->base->mixed ? "mixed" : "element-only", type_label(t->base));
}

static void extension_content(struct soapc_builder *b, struct soapc_type *t)
{
    const struct soapc_type *base = t->base;
    if (base->content == SOAPC_CONTENT_SIMPLE && is_empty(t->own_particle)) {
        t->content = SOAPC_CONTENT_SIMPLE; /* attributes only: the base's content stays what it is */
        t->value = base->value;
        return;
    }
    if (base->content == SOAPC_CONTENT_SIMPLE) {
        soapc_error(b->diag, SOAPC_E_WRONG_KIND, t->place,
                    "the base type '%s' has simple content: extend it in xs:simpleContent", type_label(base));
        return;
    }
    if (is_empty(t->own_particle)) { /* mixed text beside nothing of one's own still extends a mixed base */
        t->content = base->content;
        t->particle = base->particle;
        if (t->mixed && !base->mixed && base->content == SOAPC_CONTENT_ELEMENTS && !t->broken)
            mixed_report(b, t);
        t->mixed = t->mixed || base->mixed;
        return;
    }
    t->content = SOAPC_CONTENT_ELEMENTS;
    if (base->content == SOAPC_CONTENT_EMPTY && !base->mixed) {
        t->particle = t->own_particle;
        return;
    }
    if (base->mixed != t->mixed)
        mixed_report(b, t);
    if (base->content == SOAPC_CONTENT_EMPTY) {
        t->particle = t->own_particle;
        return;
    }
    if (base->particle->kind == SOAPC_PARTICLE_ALL || t->own_particle->kind == SOAPC_PARTICLE_ALL)
        soapc_error(b->diag, SOAPC_E_ALL_LIMITED, t->own_particle->place,
                    "content with xs:all cannot be extended"); /* cos-all-limited */
    t->particle = both(b, base->particle, t->own_particle);
}

static void simple_content(struct soapc_builder *b, struct soapc_type *t)
{
    struct soapc_type *base = t->base, *inherited = NULL;
    if (!base->complex && t->derivation == SOAPC_BY_EXTENSION)
        inherited = base;
    else if (base->complex && base->content == SOAPC_CONTENT_SIMPLE)
        inherited = base->value;
    else if (base->complex && base->mixed && t->value && t->value->base)
        inherited = t->value->base; /* [XSD1 3.4.2] a mixed base may be narrowed to a simple type */
    if (!inherited) {
        if (!t->broken)
            soapc_error(b->diag, SOAPC_E_WRONG_KIND, t->place,
                        base->complex ? "the base type '%s' has no simple content"
                                      : "'%s' is a simple type: restrict it in an xs:simpleType",
                        type_label(base));
        inherited = b->model->types[SOAPC_BUILTIN_ANY_SIMPLE_TYPE];
    }
    if (!t->value) {
        t->value = inherited;
        return;
    }
    if (!t->value->base)
        t->value->base = inherited;
    simple_derive(b, t->value);
}

static void complex_derive(struct soapc_builder *b, struct soapc_type *t)
{
    if (t->is_builtin)
        return;
    if (!t->broken)
        final_check(b, t, t->base, (uint8_t)t->derivation);
    attributes_derive(b, t);
    if (t->open)
        t->own_particle = soapc_content_open(b, t, is_empty(t->own_particle) ? NULL : t->own_particle);
    if (t->content == SOAPC_CONTENT_SIMPLE) {
        simple_content(b, t);
    } else if (t->derivation == SOAPC_BY_EXTENSION) {
        extension_content(b, t);
    } else {
        if (t->mixed && !t->base->mixed && t->base->content != SOAPC_CONTENT_SIMPLE && !t->broken)
            mixed_report(b, t);
        if (!is_empty(t->own_particle)) {
            t->content = SOAPC_CONTENT_ELEMENTS;
            t->particle = t->own_particle;
        }
    }
}

/* ---- order ---- */

static void need_add(struct soapc_builder *b, struct soapc_need **needs, size_t *count, size_t *cap,
                     const struct soapc_type *from, const struct soapc_type *to, enum need_tag tag)
{
    if (!to)
        return;
    struct soapc_need *need = soapc_pool_push(b->pool, needs, count, cap, sizeof **needs);
    *need = (struct soapc_need){ from->index, to->index, (size_t)tag, false };
}

/* Cuts the need that closes a cycle. */
static void cycle_report(struct soapc_builder *b, struct soapc_type *t, const struct soapc_need *need)
{
    struct soapc_type *any =
        b->model->types[t->complex ? SOAPC_BUILTIN_ANY_TYPE : SOAPC_BUILTIN_ANY_SIMPLE_TYPE];
    struct soapc_type *to = b->model->types[need->to];
    soapc_error(b->diag, SOAPC_E_CYCLE, t->place, "type '%s' is derived from itself", type_label(t));
    if (to != t)
        soapc_note(b->diag, to->place, "by way of '%s'", type_label(to));
    t->broken = true;
    if (need->tag == NEED_BASE)
        t->base = any;
    else if (need->tag == NEED_ITEM)
        t->item = any;
    for (size_t i = 0; need->tag == NEED_MEMBER && i < t->member_count; i++)
        if (t->members[i] == to)
            t->members[i] = any;
}

void soapc_types_derive(struct soapc_builder *b)
{
    struct soapc_model *m = b->model;
    struct soapc_need *needs = NULL;
    size_t count = 0, cap = 0;
    uint8_t *with_owner =
        soapc_pool_alloc(b->pool, m->type_count + 1); /* values are derived with their type */
    for (size_t i = 0; i < m->type_count; i++) {
        const struct soapc_type *t = m->types[i];
        if (t->complex && t->value)
            with_owner[t->value->index] = 1;
    }
    for (size_t i = 0; i < m->type_count; i++) {
        const struct soapc_type *t = m->types[i];
        if (with_owner[i])
            continue;
        need_add(b, &needs, &count, &cap, t, t->base, NEED_BASE);
        if (t->complex && t->value)
            need_add(b, &needs, &count, &cap, t, t->value->base, NEED_VALUE);
        need_add(b, &needs, &count, &cap, t, t->item, NEED_ITEM);
        for (size_t n = 0; n < t->member_count; n++)
            need_add(b, &needs, &count, &cap, t, t->members[n], NEED_MEMBER);
    }
    const uint32_t *order = soapc_order(b, needs, count, m->type_count);
    for (size_t i = 0; i < count; i++)
        if (needs[i].closes_cycle)
            cycle_report(b, m->types[needs[i].from], &needs[i]);
    for (size_t i = 0; i < m->type_count; i++) {
        struct soapc_type *t = m->types[order[i]];
        if (with_owner[t->index])
            continue;
        if (t->complex)
            complex_derive(b, t);
        else
            simple_derive(b, t);
    }
    for (size_t i = 0; i < m->type_count; i++) {
        ids_check(b, m->types[i]);
        restricted_values_check(b, m->types[i]);
    }
}

void soapc_elements_settle(struct soapc_builder *b)
{
    struct soapc_need *needs = NULL;
    size_t count = 0, cap = 0;
    for (size_t i = 0; i < b->all_element_count; i++) {
        const struct soapc_element *e = b->all_elements[i];
        if (!e->head)
            continue;
        struct soapc_need *need = SOAPC_PUSH(b, needs, count, cap);
        *need = (struct soapc_need){ e->index, e->head->index, i, false };
    }
    const uint32_t *order = soapc_order(b, needs, count, b->all_element_count);
    for (size_t i = 0; i < count; i++) {
        struct soapc_element *e = b->all_elements[needs[i].from];
        if (!needs[i].closes_cycle)
            continue;
        soapc_error(b->diag, SOAPC_E_CYCLE, e->place, "element '%s' stands in for itself",
                    e->name.local); /* [XSD1 3.3.6] */
        e->head = NULL;
    }
    for (size_t i = 0; i < b->all_element_count; i++) {
        struct soapc_element *e = b->all_elements[order[i]];
        if (!e->type) /* [XSD1 3.3.2] the head's type, else anyType */
            e->type = e->head ? e->head->type : b->model->types[SOAPC_BUILTIN_ANY_TYPE];
    }
    for (size_t i = 0; i < b->all_element_count; i++) {
        struct soapc_element *e = b->all_elements[i];
        if (!e->head)
            continue;
        struct soapc_element **slot =
            SOAPC_PUSH(b, e->head->substitutes, e->head->substitute_count, e->head->substitute_cap);
        *slot = e;
    }
}
