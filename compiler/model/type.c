/* model/type.c - simple and complex type definitions from their nodes: what the type itself says.
 *
 * Bases, items and members are looked up here; what follows from them (facets, inherited attributes and
 * content) waits for derive.c, when every type knows its base.
 */
#include "model/build.h"

#include <stdlib.h>

void soapc_work_add(struct soapc_builder *b, struct soapc_work work)
{
    struct soapc_work *slot = SOAPC_PUSH(b, b->queue, b->queue_count, b->queue_cap);
    *slot = work;
}

enum { ALL_BITS = 31, COMPLEX_BITS = SOAPC_BY_EXTENSION | SOAPC_BY_RESTRICTION };

struct soapc_type *soapc_type_new(struct soapc_builder *b, const struct soapc_scope *scope,
                                  const struct soapc_node *node)
{
    struct soapc_model *m = b->model;
    struct soapc_type *t = SOAPC_NEW(b, struct soapc_type);
    t->name.ns = scope->target_ns;
    t->place = soapc_node_place(scope, node);
    t->index = (uint32_t)m->type_count;
    t->complex = node->kind == SOAPC_XS_complexType;
    t->derivation = SOAPC_BY_RESTRICTION;
    t->base = m->types[t->complex ? SOAPC_BUILTIN_ANY_TYPE : SOAPC_BUILTIN_ANY_SIMPLE_TYPE];
    struct soapc_type **slot = SOAPC_PUSH(b, m->types, m->type_count, m->type_cap);
    *slot = t;
    return t;
}

static void type_build(struct soapc_builder *b, const struct soapc_work *work);

void soapc_type_queue(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                      struct soapc_type *type, const char *context)
{
    soapc_work_add(b,
                   (struct soapc_work){
                       .run = type_build, .scope = scope, .node = node, .object = type, .context = context });
}

struct soapc_type *soapc_type_anonymous(struct soapc_builder *b, const struct soapc_scope *scope,
                                        const struct soapc_node *node, const char *context)
{
    struct soapc_type *t = soapc_type_new(b, scope, node);
    t->context = context;
    if (node->text[SOAPC_TEXT_name].ptr)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE,
                    soapc_attribute_place(b->diag, scope->doc->file, node->at, "name"),
                    "a type inside another declaration has no name");
    soapc_type_queue(b, scope, node, t, context);
    return t;
}

struct soapc_type *soapc_type_reference(struct soapc_builder *b, const struct soapc_scope *scope,
                                        const struct soapc_node *node, const char *attribute,
                                        struct bark_qname q, bool simple)
{
    enum soapc_builtin instead = simple ? SOAPC_BUILTIN_ANY_SIMPLE_TYPE : SOAPC_BUILTIN_ANY_TYPE;
    struct soapc_name name = soapc_qname(b, scope, q);
    struct soapc_type *t = soapc_reference(b, scope, node, attribute, SOAPC_SPACE_TYPE, name);
    if (!t)
        return b->model->types[instead];
    if (simple && t->complex) {
        struct soapc_place place = soapc_attribute_place(b->diag, scope->doc->file, node->at, attribute);
        soapc_error(b->diag, SOAPC_E_WRONG_KIND, place,
                    "'%s' is a complex type; a simple type is needed here", name.local);
        soapc_note(b->diag, t->place, "it is declared here");
        return b->model->types[instead];
    }
    return t;
}

static const struct soapc_node *child_of_kind(const struct soapc_node *node, enum soapc_node_kind kind)
{
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i].kind == kind)
            return node->children.items[i].as.node;
    return NULL;
}

/* ---- facets as written ---- */

static enum bark_facet_kind facet_kind(enum soapc_node_kind kind)
{
    static const struct {
        uint8_t node, facet;
    } kinds[] = {
        { SOAPC_XS_length, BARK_FACET_LENGTH },
        { SOAPC_XS_minLength, BARK_FACET_MIN_LENGTH },
        { SOAPC_XS_maxLength, BARK_FACET_MAX_LENGTH },
        { SOAPC_XS_pattern, BARK_FACET_PATTERN },
        { SOAPC_XS_enumeration, BARK_FACET_ENUMERATION },
        { SOAPC_XS_minInclusive, BARK_FACET_MIN_INCLUSIVE },
        { SOAPC_XS_maxInclusive, BARK_FACET_MAX_INCLUSIVE },
        { SOAPC_XS_minExclusive, BARK_FACET_MIN_EXCLUSIVE },
        { SOAPC_XS_maxExclusive, BARK_FACET_MAX_EXCLUSIVE },
        { SOAPC_XS_totalDigits, BARK_FACET_TOTAL_DIGITS },
        { SOAPC_XS_fractionDigits, BARK_FACET_FRACTION_DIGITS },
        { SOAPC_XS_whiteSpace, BARK_FACET_WHITESPACE },
        { SOAPC_XS_explicitTimezone, BARK_FACET_PATTERN }, /* zone_read() */
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].node == kind)
            return (enum bark_facet_kind)kinds[i].facet;
    return BARK_FACET_COUNT;
}

static bool kind_is_number(enum bark_facet_kind kind)
{
    return kind == BARK_FACET_LENGTH || kind == BARK_FACET_MIN_LENGTH || kind == BARK_FACET_MAX_LENGTH ||
           kind == BARK_FACET_TOTAL_DIGITS || kind == BARK_FACET_FRACTION_DIGITS;
}

static struct bark_text text_collapse(struct bark_text t)
{
    while (t.len && strchr(" \t\n\r", t.ptr[0])) {
        t.ptr++;
        t.len--;
    }
    while (t.len && strchr(" \t\n\r", t.ptr[t.len - 1]))
        t.len--;
    return t;
}

/* Digits to a number; a number too large for 64 bits is as good as the largest. */
static bool number_read(struct bark_text t, uint64_t *number)
{
    *number = 0;
    if (t.len > 1 && t.ptr[0] == '+') {
        t.ptr++;
        t.len--;
    }
    for (size_t i = 0; i < t.len; i++) {
        if (t.ptr[i] < '0' || t.ptr[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(t.ptr[i] - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    return t.len > 0;
}

/* The value of a facet; patterns and enumerations of strings keep their white space, all else has none to
 * keep. */
static void facet_value(struct soapc_builder *b, const struct soapc_scope *scope,
                        const struct soapc_node *node, struct soapc_facet *f)
{
    static const char *const spaces[] = { "preserve", "replace", "collapse" };
    struct bark_text value = node->text[SOAPC_TEXT_value];
    if (f->kind != BARK_FACET_PATTERN && f->kind != BARK_FACET_ENUMERATION)
        value = text_collapse(value);
    f->text = soapc_intern(b, value);
    f->place = soapc_attribute_place(b->diag, scope->doc->file, node->at, "value");
    if (kind_is_number(f->kind) && !number_read(value, &f->number))
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_VALUE, f->place, "'%s' is not a whole number", f->text);
    if (f->kind == BARK_FACET_TOTAL_DIGITS && f->number == 0)
        soapc_error(b->diag, SOAPC_E_ATTRIBUTE_VALUE, f->place,
                    "totalDigits is at least 1"); /* [XSD2 4.3.11] positiveInteger */
    if (f->kind == BARK_FACET_WHITESPACE) {
        for (f->number = 0; f->number < 3 && strcmp(f->text, spaces[f->number]) != 0;)
            f->number++;
        if (f->number == 3)
            soapc_error(b->diag, SOAPC_E_ATTRIBUTE_VALUE, f->place,
                        "'%s' is not one of preserve, replace, collapse", f->text);
    }
    /* A value that looks like a QName is resolved while its prefixes are at hand; whether it is one, the type
     * tells. */
    if (f->kind == BARK_FACET_ENUMERATION) {
        struct bark_text name = text_collapse(value);
        const char *colon = memchr(name.ptr, ':', name.len);
        size_t head = colon ? (size_t)(colon - name.ptr) : 0, skip = colon ? head + 1 : 0;
        /* [XSD2 3.2.18] Without a prefix it is in the default namespace, or in none. */
        struct bark_slice uri = soapc_prefix_lookup(b->diag, scope->doc, node,
                                                    (struct bark_slice){ (const uint8_t *)name.ptr, head });
        if ((uri.ptr || !colon) && skip < name.len)
            f->qname =
                (struct soapc_name){ soapc_pool_text(b->pool, uri.ptr ? (const char *)uri.ptr : "", uri.len),
                                     soapc_pool_text(b->pool, name.ptr + skip, name.len - skip) };
    }
}

/* [XSD11-2 4.3.14] explicitTimezone says something about the text: a pattern holds it. */
static void zone_read(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                      struct soapc_facet *f)
{
    static const struct {
        const char *word, *pattern;
    } words[] = { { "required", SOAPC_ZONE_REQUIRED },
                  { "prohibited", SOAPC_ZONE_PROHIBITED },
                  { "optional", ".*" } };
    struct bark_text value = text_collapse(node->text[SOAPC_TEXT_value]);
    f->zone = true;
    f->text = soapc_pool_text(b->pool, ".*", 2);
    f->place = soapc_attribute_place(b->diag, scope->doc->file, node->at, "value");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!bark_text_equal(value, words[i].word))
            continue;
        f->text = soapc_pool_text(b->pool, words[i].pattern, strlen(words[i].pattern));
        return;
    }
    soapc_error(b->diag, SOAPC_E_ATTRIBUTE_VALUE, f->place, "not one of required, prohibited, optional");
}

void soapc_facets_read(struct soapc_builder *b, const struct soapc_scope *scope,
                       const struct soapc_node *node, struct soapc_facets *facets)
{
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_node *child = soapc_child_node(&node->children.items[i]);
        enum bark_facet_kind kind = child ? facet_kind((enum soapc_node_kind)child->kind) : BARK_FACET_COUNT;
        if (kind == BARK_FACET_COUNT || !child->text[SOAPC_TEXT_value].ptr)
            continue;
        struct soapc_facet *f = SOAPC_PUSH(b, facets->items, facets->count, facets->cap);
        f->kind = kind;
        struct bark_text fixed = child->text[SOAPC_TEXT_fixed];
        f->fixed = bark_text_equal(fixed, "true") || bark_text_equal(fixed, "1");
        if (child->kind == SOAPC_XS_explicitTimezone)
            zone_read(b, scope, child, f);
        else
            facet_value(b, scope, child, f);
    }
}

/* ---- simple types ---- */

/* The one type that an attribute or a child names; an error when there are both or neither. */
static struct soapc_type *type_or_child(struct soapc_builder *b, const struct soapc_work *w,
                                        const struct soapc_node *node, enum soapc_xs_qname slot,
                                        const char *suffix)
{
    const char *attribute = soapc_qname_name(SOAPC_XS_element, slot);
    const struct soapc_node *child = child_of_kind(node, SOAPC_XS_simpleType);
    struct bark_qname q = node->qname[slot];
    if (q.local.ptr && child)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, soapc_node_place(w->scope, child),
                    "%s has both a '%s' and a type of its own",
                    soapc_kind_name((enum soapc_node_kind)node->kind), attribute);
    if (q.local.ptr)
        return soapc_type_reference(b, w->scope, node, attribute, q, true);
    if (child)
        return soapc_type_anonymous(b, w->scope, child, soapc_pool_join(b->pool, w->context, suffix, ""));
    soapc_error(b->diag, SOAPC_E_MISSING_ELEMENT, soapc_node_place(w->scope, node),
                "%s needs a '%s' or an xs:simpleType in it",
                soapc_kind_name((enum soapc_node_kind)node->kind), attribute);
    return b->model->types[SOAPC_BUILTIN_ANY_SIMPLE_TYPE];
}

static void restriction_build(struct soapc_builder *b, const struct soapc_work *w,
                              const struct soapc_node *node, struct soapc_type *t)
{
    t->derivation = SOAPC_BY_RESTRICTION;
    t->base = type_or_child(b, w, node, SOAPC_QNAME_base, "/base");
    if (t->base == b->model->types[SOAPC_BUILTIN_ANY_SIMPLE_TYPE] &&
        node->qname[SOAPC_QNAME_base].local.ptr &&
        bark_text_equal(node->qname[SOAPC_QNAME_base].local, "anySimpleType")) /* [XSD1 3.14.6] */
        soapc_error(b->diag, SOAPC_E_FACET_MISPLACED, soapc_node_place(w->scope, node),
                    "anySimpleType cannot be restricted");
    soapc_facets_read(b, w->scope, node, &t->own_facets);
}

static void union_build(struct soapc_builder *b, const struct soapc_work *w, const struct soapc_node *node,
                        struct soapc_type *t)
{
    size_t cap = 0;
    t->derivation = SOAPC_BY_UNION;
    t->variety = SOAPC_UNION;
    for (size_t i = 0; i < node->member_types.count; i++) {
        struct soapc_type **slot = SOAPC_PUSH(b, t->members, t->member_count, cap);
        *slot = soapc_type_reference(b, w->scope, node, "memberTypes", node->member_types.items[i], true);
    }
    for (size_t i = 0; i < node->children.count; i++) {
        if (node->children.items[i].kind != SOAPC_XS_simpleType)
            continue;
        char number[24] = "/member";
        size_t digits = t->member_count + 1;
        size_t at = strlen(number), power = 1;
        while (digits / power >= 10)
            power *= 10;
        for (; power > 0 && at < sizeof number - 1; power /= 10)
            number[at++] = (char)('0' + digits / power % 10);
        struct soapc_type **slot = SOAPC_PUSH(b, t->members, t->member_count, cap);
        *slot = soapc_type_anonymous(b, w->scope, node->children.items[i].as.node,
                                     soapc_pool_join(b->pool, w->context, number, ""));
    }
    if (t->member_count == 0) { /* [XSD2 4.1.2] legal nowhere: such a type has no values */
        soapc_error(b->diag, SOAPC_E_MISSING_ELEMENT, soapc_node_place(w->scope, node),
                    "xs:union has no member types");
        struct soapc_type **slot = SOAPC_PUSH(b, t->members, t->member_count, cap);
        *slot = b->model->types[SOAPC_BUILTIN_ANY_SIMPLE_TYPE];
    }
}

static void simple_build(struct soapc_builder *b, const struct soapc_work *w, struct soapc_type *t)
{
    for (size_t i = 0; i < w->node->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&w->node->children.items[i]);
        if (!node)
            continue;
        if (node->kind == SOAPC_XS_restriction) {
            restriction_build(b, w, node, t);
        } else if (node->kind == SOAPC_XS_list) {
            t->derivation = SOAPC_BY_LIST;
            t->variety = SOAPC_LIST;
            t->item = type_or_child(b, w, node, SOAPC_QNAME_itemType, "/item");
        } else if (node->kind == SOAPC_XS_union) {
            union_build(b, w, node, t);
        } else {
            continue;
        }
        return;
    }
}

/* ---- complex types ---- */

/* The namespace that the prefix of a name stands for at a node, or NULL. */
static const char *prefix_resolve(struct soapc_builder *b, const struct soapc_scope *s,
                                  const struct soapc_node *node, const char *name)
{
    const char *colon = strchr(name, ':');
    struct bark_slice prefix = { (const uint8_t *)name, colon ? (size_t)(colon - name) : 0 };
    struct bark_slice uri = soapc_prefix_lookup(b->diag, s->doc, node, prefix);
    return uri.ptr ? soapc_intern(b, (struct bark_text){ (const char *)uri.ptr, uri.len }) : NULL;
}

/* rpc/encoded descriptions restrict soapenc:Array and name the item in wsdl:arrayType [WSDL11 2.2]. */
static void array_item_find(struct soapc_builder *b, const struct soapc_scope *s,
                            const struct soapc_node *node, struct soapc_type *t)
{
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_node *child = soapc_child_node(&node->children.items[i]);
        if (!child || child->kind != SOAPC_XS_attribute)
            continue;
        for (size_t a = 0; a < child->foreign.count; a++)
            if (bark_text_equal(child->foreign.items[a].name.local, "arrayType") &&
                bark_text_equal(child->foreign.items[a].name.ns, "http://schemas.xmlsoap.org/wsdl/"))
                t->array_item = soapc_intern(b, child->foreign.items[a].value);
        if (t->array_item && !t->array_ns)
            t->array_ns = prefix_resolve(b, s, child, t->array_item);
    }
}

/* simpleContent: the value's type is settled in derive.c, when the base has one; what is written here waits
 * in a type of its own, anonymous, with the facets and, as base, the inline simpleType if there is one. */
static void simple_content_build(struct soapc_builder *b, const struct soapc_work *w,
                                 const struct soapc_node *node, struct soapc_type *t)
{
    t->content = SOAPC_CONTENT_SIMPLE;
    if (node->kind != SOAPC_XS_restriction)
        return;
    const struct soapc_node *inner = child_of_kind(node, SOAPC_XS_simpleType);
    struct soapc_facets facets = { NULL, 0, 0 };
    soapc_facets_read(b, w->scope, node, &facets);
    if (!inner && facets.count == 0)
        return;
    t->value = soapc_type_new(b, w->scope, node);
    t->value->context = soapc_pool_join(b->pool, w->context, "/value", "");
    t->value->base = inner ? soapc_type_anonymous(b, w->scope, inner,
                                                  soapc_pool_join(b->pool, w->context, "/value/base", ""))
                           : NULL;
    t->value->own_facets = facets;
}

static void derivation_build(struct soapc_builder *b, const struct soapc_work *w,
                             const struct soapc_node *content, struct soapc_type *t)
{
    const struct soapc_node *node = child_of_kind(content, SOAPC_XS_extension);
    t->derivation = node ? SOAPC_BY_EXTENSION : SOAPC_BY_RESTRICTION;
    if (!node)
        node = child_of_kind(content, SOAPC_XS_restriction);
    if (!node) {
        t->broken = true;
        return;
    }
    struct bark_qname q = node->qname[SOAPC_QNAME_base];
    if (q.local.ptr) {
        t->base = soapc_type_reference(b, w->scope, node, "base", q, false);
    } else {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, soapc_node_place(w->scope, node),
                    "%s needs the attribute 'base'", soapc_kind_name((enum soapc_node_kind)node->kind));
        t->broken = true;
    }
    if (content->kind == SOAPC_XS_simpleContent) {
        simple_content_build(b, w, node, t);
    } else {
        if (!t->base->complex) {
            soapc_error(b->diag, SOAPC_E_WRONG_KIND,
                        soapc_attribute_place(b->diag, w->scope->doc->file, node->at, "base"),
                        "'%s' is a simple type; complex content needs a complex one as base",
                        t->base->name.local);
            t->base = b->model->types[SOAPC_BUILTIN_ANY_TYPE];
        }
        t->own_particle = soapc_content_build(b, w->scope, node, w->context);
        soapc_open_content_read(b, w->scope, node, t);
    }
    array_item_find(b, w->scope, node, t);
    soapc_attributes_build(b, w->scope, node, &t->own_attributes, &t->own_any_attribute, NULL, w->context);
}

static bool flag_is(struct bark_text t)
{
    return bark_text_equal(t, "true") || bark_text_equal(t, "1");
}

static void complex_build(struct soapc_builder *b, const struct soapc_work *w, struct soapc_type *t)
{
    const struct soapc_node *node = w->node;
    const struct soapc_node *content = child_of_kind(node, SOAPC_XS_complexContent);
    if (!content)
        content = child_of_kind(node, SOAPC_XS_simpleContent);
    t->abstract = flag_is(node->text[SOAPC_TEXT_abstract]);
    t->mixed = flag_is(node->text[SOAPC_TEXT_mixed]);
    if (content && content->text[SOAPC_TEXT_mixed].ptr) /* [XSD1 3.4.2] the inner attribute wins */
        t->mixed = flag_is(content->text[SOAPC_TEXT_mixed]);
    if (content) {
        derivation_build(b, w, content, t);
        return;
    }
    t->own_particle = soapc_content_build(b, w->scope, node, w->context);
    soapc_open_content_read(b, w->scope, node, t);
    soapc_attributes_build(b, w->scope, node, &t->own_attributes, &t->own_any_attribute, NULL, w->context);
}

static void type_build(struct soapc_builder *b, const struct soapc_work *work)
{
    struct soapc_type *t = work->object;
    struct bark_text block = work->node->text[SOAPC_TEXT_block], final = work->node->text[SOAPC_TEXT_final];
    uint8_t all = t->complex ? COMPLEX_BITS : ALL_BITS;
    t->block = soapc_has(block) ? soapc_derivations(block, all) : work->scope->block_default & all;
    t->final = soapc_has(final) ? soapc_derivations(final, all) : work->scope->final_default & all;
    t->content_types = soapc_content_types_read(b, work->scope, work->node);
    if (t->complex)
        complex_build(b, work, t);
    else
        simple_build(b, work, t);
}
