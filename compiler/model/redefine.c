/* model/redefine.c - xs:redefine: components that take the place of those they are made from [XSD1 4.2.2].
 *
 * The redefined document takes part like an included one. Then each child of xs:redefine gets the name of the
 * component it changes, everywhere; the old component stays in the model without being found by name, save by
 * the one reference inside the new one that means it.
 */
#include "model/build.h"

static enum soapc_space space_of(const struct soapc_node *node)
{
    if (node->kind == SOAPC_XS_group)
        return SOAPC_SPACE_GROUP;
    return node->kind == SOAPC_XS_attributeGroup ? SOAPC_SPACE_ATTRIBUTE_GROUP : SOAPC_SPACE_TYPE;
}

/* References to the redefined component's own name inside the redefinition, as they may stand there: the base
 * of a type, group references anywhere below. */
struct found {
    size_t count;
    const struct soapc_node *first;
};

static bool means_old(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *top,
                      const struct soapc_node *node)
{
    bool base = node->kind == SOAPC_XS_restriction || node->kind == SOAPC_XS_extension;
    if (space_of(top) == SOAPC_SPACE_TYPE && !base)
        return false;
    if (space_of(top) != SOAPC_SPACE_TYPE && node->kind != top->kind)
        return false;
    struct bark_qname q = node->qname[base ? SOAPC_QNAME_base : SOAPC_QNAME_ref];
    if (!q.local.ptr)
        return false;
    struct soapc_name name = soapc_qname(b, s, q);
    return name.ns == s->redefined.ns && name.local == s->redefined.local;
}

bool soapc_is_redefined(const struct soapc_node *node, enum soapc_space space)
{
    const struct soapc_node *up = node->parent;
    if (space != SOAPC_SPACE_TYPE)
        return true;
    if (node->kind != SOAPC_XS_restriction && node->kind != SOAPC_XS_extension)
        return false;
    if (up && (up->kind == SOAPC_XS_simpleContent || up->kind == SOAPC_XS_complexContent))
        up = up->parent;
    return up && up->parent && up->parent->kind == SOAPC_XS_redefine;
}

/* All that stands below `top`; a type's base only where it is the type's own. */
static struct found references_find(struct soapc_builder *b, const struct soapc_scope *s,
                                    const struct soapc_node *top)
{
    struct found found = { 0, NULL };
    /* The walk reads only; the loader's function serves callers that write as well. */
    struct soapc_node *node =
        top->children.count ? soapc_node_next((struct soapc_node *)(uintptr_t)top) : NULL;
    while (node) {
        const struct soapc_node *up = node->parent;
        while (up && up != top)
            up = up->parent;
        if (!up)
            break;
        if (soapc_is_redefined(node, space_of(top)) && means_old(b, s, top, node))
            found.first = found.count++ ? found.first : node;
        node = soapc_node_next(node);
    }
    return found;
}

/* src-redefine 5, 6.1 and 7.1. True when the old component is referred to. */
static bool references_check(struct soapc_builder *b, const struct soapc_scope *s,
                             const struct soapc_node *node)
{
    struct found found = references_find(b, s, node);
    struct soapc_place place = soapc_node_place(s, node);
    if (space_of(node) == SOAPC_SPACE_TYPE && found.count != 1) {
        soapc_error(b->diag, SOAPC_E_REDEFINE, place,
                    "a redefinition of type '%s' is derived from '%s' itself", s->redefined.local,
                    s->redefined.local);
    } else if (found.count > 1) {
        soapc_error(b->diag, SOAPC_E_REDEFINE, place,
                    "the redefinition of '%s' refers to '%s' more than once", s->redefined.local,
                    s->redefined.local);
    } else if (found.count == 1 && node->kind == SOAPC_XS_group) {
        struct bark_text min = found.first->text[SOAPC_TEXT_minOccurs];
        struct bark_text max = found.first->text[SOAPC_TEXT_maxOccurs];
        if ((min.ptr && !bark_text_equal(min, "1")) || (max.ptr && !bark_text_equal(max, "1")))
            soapc_error(b->diag, SOAPC_E_REDEFINE, soapc_node_place(s, found.first),
                        "a redefined group stands in its redefinition exactly once");
    }
    return found.count > 0;
}

/* src-redefine 6.2 and 7.2: without a reference, the new one restricts the old one; asked when both are
 * built. */
static void restriction_note(struct soapc_builder *b, const struct soapc_scope *s)
{
    void *own = soapc_symbol_find(&b->symbols, s->redefined_space, s->redefined);
    if (!own || s->redefined_space == SOAPC_SPACE_TYPE)
        return;
    struct soapc_redefined *r = SOAPC_PUSH(b, b->redefined, b->redefined_count, b->redefined_cap);
    if (s->redefined_space == SOAPC_SPACE_GROUP)
        *r = (struct soapc_redefined){ own, s->redefined_object, NULL, NULL };
    else
        *r = (struct soapc_redefined){ NULL, NULL, own, s->redefined_object };
}

static struct soapc_place place_of(enum soapc_space space, const void *object)
{
    if (space == SOAPC_SPACE_TYPE)
        return ((const struct soapc_type *)object)->place;
    return space == SOAPC_SPACE_GROUP ? ((const struct soapc_group *)object)->place
                                      : ((const struct soapc_attribute_group *)object)->place;
}

static void component_redefine(struct soapc_builder *b, const struct soapc_scope *outer,
                               const struct soapc_node *node)
{
    struct bark_text text = node->text[SOAPC_TEXT_name];
    if (!text.len)
        return; /* the grammar has complained */
    struct soapc_scope *s = SOAPC_NEW(b, struct soapc_scope);
    *s = *outer;
    s->redefined = (struct soapc_name){ outer->target_ns, soapc_intern(b, text) };
    s->redefined_space = space_of(node);
    s->redefined_object = soapc_symbol_take(b, s->redefined_space, s->redefined);
    if (!s->redefined_object) {
        soapc_error(b->diag, SOAPC_E_REDEFINE, soapc_attribute_place(b->diag, s->doc->file, node->at, "name"),
                    "the redefined schema has no '%s' of this kind", s->redefined.local);
        return;
    }
    const struct soapc_place was = place_of(s->redefined_space, s->redefined_object);
    if (was.file == s->doc->file && was.at > node->parent->at && was.at < node->at) {
        soapc_error(b->diag, SOAPC_E_DUPLICATE, soapc_node_place(s, node), "'%s' is redefined twice here",
                    s->redefined.local); /* [XSD1 3.15.6] sch-props-correct 2 */
        soapc_note(b->diag, was, "the first time is here");
    }
    if (s->redefined_space == SOAPC_SPACE_TYPE) {
        struct soapc_type *old = s->redefined_object;
        old->name.local = NULL; /* the new one has the name */
        old->context = soapc_pool_join(b->pool, s->redefined.local, "/redefined", "");
    }
    bool refers = references_check(b, s, node);
    soapc_global_declare(b, s, node);
    if (!refers)
        restriction_note(b, s);
}

static enum soapc_space overridden_space(const struct soapc_node *node)
{
    switch ((enum soapc_node_kind)node->kind) {
    case SOAPC_XS_element:
        return SOAPC_SPACE_ELEMENT;
    case SOAPC_XS_attribute:
        return SOAPC_SPACE_ATTRIBUTE;
    case SOAPC_XS_notation:
        return SOAPC_SPACE_NOTATION;
    default:
        return space_of(node);
    }
}

/* An element declaration that another one replaces is no root of documents any more. */
static void element_forget(struct soapc_builder *b, const struct soapc_element *old)
{
    struct soapc_model *m = b->model;
    size_t kept = 0;
    for (size_t i = 0; i < m->element_count; i++)
        if (m->elements[i] != old)
            m->elements[kept++] = m->elements[i];
    m->element_count = kept;
}

/* [XSD11-1 4.2.5] The child of xs:override stands for the component of its name; without such a component it
 * is left aside. */
static void component_override(struct soapc_builder *b, const struct soapc_scope *s,
                               const struct soapc_node *node)
{
    struct bark_text text = node->text[SOAPC_TEXT_name];
    if (!text.len)
        return; /* the grammar has complained */
    struct soapc_name name = { s->target_ns, soapc_intern(b, text) };
    void *old = soapc_symbol_take(b, overridden_space(node), name);
    if (!old)
        return;
    if (overridden_space(node) == SOAPC_SPACE_TYPE) {
        ((struct soapc_type *)old)->name.local = NULL; /* the new one has the name */
        ((struct soapc_type *)old)->context = soapc_pool_join(b->pool, name.local, "/overridden", "");
    }
    if (overridden_space(node) == SOAPC_SPACE_ELEMENT)
        element_forget(b, old);
    soapc_global_declare(b, s, node);
}

/* The last scope first: what a redefined schema redefines itself is changed before. */
void soapc_redefinitions_declare(struct soapc_builder *b)
{
    for (size_t i = b->scope_count; i-- > 0;) {
        const struct soapc_scope *s = b->scopes[i];
        for (size_t c = 0; c < s->schema->children.count; c++) {
            const struct soapc_node *node = soapc_child_node(&s->schema->children.items[c]);
            if (!node || (node->kind != SOAPC_XS_redefine && node->kind != SOAPC_XS_override))
                continue;
            for (size_t r = 0; r < node->children.count; r++) {
                const struct soapc_node *child = soapc_child_node(&node->children.items[r]);
                if (child && child->kind != SOAPC_XS_annotation && node->kind == SOAPC_XS_override)
                    component_override(b, s, child);
                else if (child && child->kind != SOAPC_XS_annotation)
                    component_redefine(b, s, child);
            }
        }
    }
}
