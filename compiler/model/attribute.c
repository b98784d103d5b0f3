/* model/attribute.c - attribute declarations, their uses, attribute groups, and the arithmetic of wildcards.
 */
#include "model/build.h"

static void attribute_fill(struct soapc_builder *b, const struct soapc_scope *scope,
                           const struct soapc_node *node, struct soapc_attribute *a, const char *context)
{
    const struct soapc_node *child = NULL;
    struct bark_qname type = node->qname[SOAPC_QNAME_type];
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i].kind == SOAPC_XS_simpleType)
            child = node->children.items[i].as.node;
    a->default_text = soapc_intern(b, node->text[SOAPC_TEXT_default]);
    a->fixed_text = soapc_intern(b, node->text[SOAPC_TEXT_fixed]);
    soapc_defaults_note(b, scope, node, NULL, a, &a->value_names);
    if (a->default_text && a->fixed_text)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, a->place,
                    "an attribute has a default or a fixed value, not both");
    if (type.local.ptr && child)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, soapc_node_place(scope, child),
                    "xs:attribute has both a 'type' and a type of its own");
    if (type.local.ptr)
        a->type = soapc_type_reference(b, scope, node, "type", type, true);
    else if (child)
        a->type = soapc_type_anonymous(b, scope, child, context);
    else
        a->type = b->model->types[SOAPC_BUILTIN_ANY_SIMPLE_TYPE];
}

/* [XSD1 3.2.6] no-xmlns, no-xsi */
static void name_check(struct soapc_builder *b, const struct soapc_attribute *a)
{
    if (strcmp(a->name.local, "xmlns") == 0)
        soapc_error(b->diag, SOAPC_E_RESERVED_NAME, a->place, "an attribute cannot be called xmlns");
    if (strcmp(a->name.ns, "http://www.w3.org/2001/XMLSchema-instance") == 0)
        soapc_error(b->diag, SOAPC_E_RESERVED_NAME, a->place,
                    "the attributes of the namespace of xsi:type are built in; no schema declares others");
}

void soapc_attribute_build(struct soapc_builder *b, const struct soapc_work *w)
{
    struct soapc_attribute *a = w->object;
    attribute_fill(b, w->scope, w->node, a, w->context);
    name_check(b, a);
}

static struct soapc_attribute *attribute_local(struct soapc_builder *b, const struct soapc_scope *scope,
                                               const struct soapc_node *node, const char *context)
{
    struct bark_text name = node->text[SOAPC_TEXT_name], form = node->text[SOAPC_TEXT_form];
    if (!name.len) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, soapc_node_place(scope, node),
                    "xs:attribute needs a 'name' or a 'ref'");
        return NULL;
    }
    bool qualified = form.ptr ? bark_text_equal(form, "qualified") : scope->attributes_qualified;
    struct soapc_attribute *a = SOAPC_NEW(b, struct soapc_attribute);
    a->name = (struct soapc_name){ qualified ? scope->target_ns : b->empty, soapc_intern(b, name) };
    a->place = soapc_node_place(scope, node);
    attribute_fill(b, scope, node, a, soapc_pool_join(b->pool, context, "@", a->name.local));
    name_check(b, a);
    return a;
}

/* A second one of a name is an error, save when a group brings the same declaration twice. A prohibited one
 * is none at all [XSD1 3.2.2]: it keeps its place only while there is no other. */
static void uses_add(struct soapc_builder *b, struct soapc_attribute_uses *uses,
                     struct soapc_attribute_use *use)
{
    struct soapc_attribute_use *first = soapc_use_find(b, uses, use->attribute);
    if (!first) {
        soapc_use_push(b, uses, use);
        return;
    }
    if (first->prohibited || use->prohibited) {
        if (first->prohibited)
            *first = *use;
        return;
    }
    if (first->place.file == use->place.file && first->place.at == use->place.at)
        return;
    soapc_error(b->diag, SOAPC_E_DUPLICATE, use->place, "attribute '%s' is declared twice",
                use->attribute->name.local);
    soapc_note(b->diag, first->place, "the first one is here"); /* [XSD1 3.4.6] ct-props-correct 4 */
}

static void use_build(struct soapc_builder *b, const struct soapc_scope *scope, const struct soapc_node *node,
                      struct soapc_attribute_uses *uses, bool group, const char *context)
{
    struct bark_qname ref = node->qname[SOAPC_QNAME_ref];
    struct bark_text use_text = node->text[SOAPC_TEXT_use];
    struct soapc_place place = soapc_node_place(scope, node);
    struct soapc_attribute_use *use = SOAPC_NEW(b, struct soapc_attribute_use);
    if (ref.local.ptr && (node->text[SOAPC_TEXT_name].ptr || node->text[SOAPC_TEXT_form].ptr ||
                          node->qname[SOAPC_QNAME_type].local.ptr)) /* [XSD1 3.2.3] src-attribute 3 */
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, place,
                    "an attribute reference has no name, form or type; the declaration says it");
    if (ref.local.ptr)
        use->attribute =
            soapc_reference(b, scope, node, "ref", SOAPC_SPACE_ATTRIBUTE, soapc_qname(b, scope, ref));
    else
        use->attribute = attribute_local(b, scope, node, context);
    if (!use->attribute)
        return;
    if (ref.local.ptr)
        soapc_defaults_note(b, scope, node, NULL, use->attribute, &use->value_names);
    use->place = place;
    use->required = bark_text_equal(use_text, "required");
    use->prohibited = bark_text_equal(use_text, "prohibited");
    use->default_text = soapc_intern(b, node->text[SOAPC_TEXT_default]);
    use->fixed_text = soapc_intern(b, node->text[SOAPC_TEXT_fixed]);
    if (use->default_text && use_text.ptr && !bark_text_equal(use_text, "optional")) /* src-attribute 2 */
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, place, "an attribute with a default value is optional");
    if (!(group && use->prohibited)) /* [XSD1 3.2.2] only a restriction itself may take one away */
        uses_add(b, uses, use);
}

void soapc_attributes_build(struct soapc_builder *b, const struct soapc_scope *scope,
                            const struct soapc_node *parent, struct soapc_attribute_uses *uses,
                            struct soapc_wildcard **wildcard, struct soapc_attribute_group *inside,
                            const char *context)
{
    for (size_t i = 0; i < parent->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&parent->children.items[i]);
        if (node && node->kind == SOAPC_XS_attribute)
            use_build(b, scope, node, uses, inside != NULL, context);
        if (node && node->kind == SOAPC_XS_anyAttribute)
            *wildcard = soapc_wildcard_build(b, scope, node);
        if (!node || node->kind != SOAPC_XS_attributeGroup)
            continue;
        struct bark_qname ref = node->qname[SOAPC_QNAME_ref];
        struct soapc_place place = soapc_node_place(scope, node);
        if (!ref.local.ptr) {
            soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, place, "xs:attributeGroup needs a 'ref' here");
            continue;
        }
        struct soapc_attribute_group *g =
            soapc_reference(b, scope, node, "ref", SOAPC_SPACE_ATTRIBUTE_GROUP, soapc_qname(b, scope, ref));
        if (!g)
            continue;
        struct soapc_attributes_use *use =
            SOAPC_PUSH(b, b->attributes_uses, b->attributes_use_count, b->attributes_use_cap);
        *use = (struct soapc_attributes_use){ g, inside, uses, wildcard, place };
    }
}

void soapc_attribute_group_build(struct soapc_builder *b, const struct soapc_work *w)
{
    struct soapc_attribute_group *g = w->object;
    soapc_attributes_build(b, w->scope, w->node, &g->uses, &g->wildcard, g, w->context);
}

/* Pours one group's attributes into the place that refers to it. Called when the group itself is complete. */
void soapc_attributes_pour(struct soapc_builder *b, const struct soapc_attributes_use *use)
{
    for (size_t i = 0; i < use->group->uses.count; i++)
        uses_add(b, use->uses, use->group->uses.items[i]);
    if (!use->group->wildcard)
        return;
    *use->wildcard = *use->wildcard ? soapc_wildcard_intersect(b, *use->wildcard, use->group->wildcard)
                                    : use->group->wildcard;
}

/* ---- wildcards as sets of namespaces ---- */

static bool listed(const struct soapc_wildcard *w, const char *ns)
{
    for (size_t i = 0; i < w->namespace_count; i++)
        if (w->namespaces[i] == ns)
            return true;
    return false;
}

bool soapc_wildcard_allows(const struct soapc_builder *b, const struct soapc_wildcard *w, const char *ns)
{
    if (w->mode == BARK_WILDCARD_ANY)
        return true;
    if (w->mode == BARK_WILDCARD_LIST)
        return listed(w, ns);
    return ns != b->empty && !listed(w, ns); /* [XSD1 3.10.1] not: absent is refused too */
}

/* [XSD1 3.10.6] Wildcard Subset. */
bool soapc_wildcard_subset(const struct soapc_builder *b, const struct soapc_wildcard *x,
                           const struct soapc_wildcard *y)
{
    if (y->mode == BARK_WILDCARD_ANY || x->mode == BARK_WILDCARD_ANY)
        return y->mode == BARK_WILDCARD_ANY;
    if (x->mode == BARK_WILDCARD_NOT)
        return y->mode == BARK_WILDCARD_NOT && x->namespaces[0] == y->namespaces[0];
    for (size_t i = 0; i < x->namespace_count; i++)
        if (!soapc_wildcard_allows(b, y, x->namespaces[i]))
            return false;
    return true;
}

static struct soapc_wildcard *copy_with(struct soapc_builder *b, const struct soapc_wildcard *like,
                                        enum bark_wildcard_mode mode)
{
    struct soapc_wildcard *w = SOAPC_NEW(b, struct soapc_wildcard);
    *w = (struct soapc_wildcard){ .mode = mode, .process = like->process, .place = like->place };
    return w;
}

static void listed_add(struct soapc_builder *b, struct soapc_wildcard *w, size_t *cap, const char *ns)
{
    if (listed(w, ns))
        return;
    const char **slot = SOAPC_PUSH(b, w->namespaces, w->namespace_count, *cap);
    *slot = ns;
}

/* [XSD1 3.10.6] Attribute Wildcard Intersection. process is the first one's. */
struct soapc_wildcard *soapc_wildcard_intersect(struct soapc_builder *b, struct soapc_wildcard *x,
                                                struct soapc_wildcard *y)
{
    const struct soapc_wildcard *list = x->mode == BARK_WILDCARD_LIST ? x : y;
    const struct soapc_wildcard *other = list == x ? y : x;
    size_t cap = 0;
    if (y->mode == BARK_WILDCARD_ANY)
        return x;
    if (list->mode == BARK_WILDCARD_LIST) {
        struct soapc_wildcard *w = copy_with(b, x, BARK_WILDCARD_LIST);
        for (size_t i = 0; i < list->namespace_count; i++)
            if (soapc_wildcard_allows(b, other, list->namespaces[i]))
                listed_add(b, w, &cap, list->namespaces[i]);
        return w;
    }
    if (x->mode == BARK_WILDCARD_ANY) {
        struct soapc_wildcard *w = copy_with(b, x, y->mode);
        w->namespaces = y->namespaces;
        w->namespace_count = y->namespace_count;
        return w;
    }
    if (x->namespaces[0] != y->namespaces[0] && x->namespaces[0] != b->empty && y->namespaces[0] != b->empty)
        soapc_error(b->diag, SOAPC_E_WILDCARD_FORM, x->place,
                    "two wildcards exclude different namespaces: their intersection has no form");
    return x->namespaces[0] == b->empty ? y : x;
}

/* [XSD1 3.10.6] Attribute Wildcard Union. process is the first one's. */
struct soapc_wildcard *soapc_wildcard_unite(struct soapc_builder *b, struct soapc_wildcard *x,
                                            struct soapc_wildcard *y)
{
    size_t cap = 0;
    if (x->mode == BARK_WILDCARD_ANY || y->mode == BARK_WILDCARD_ANY)
        return copy_with(b, x, BARK_WILDCARD_ANY);
    if (x->mode == BARK_WILDCARD_LIST && y->mode == BARK_WILDCARD_LIST) {
        struct soapc_wildcard *w = copy_with(b, x, BARK_WILDCARD_LIST);
        for (size_t i = 0; i < x->namespace_count; i++)
            listed_add(b, w, &cap, x->namespaces[i]);
        for (size_t i = 0; i < y->namespace_count; i++)
            listed_add(b, w, &cap, y->namespaces[i]);
        return w;
    }
    const struct soapc_wildcard *not = x->mode == BARK_WILDCARD_NOT ? x : y, *other = not == x ? y : x;
    const char *left_out = not ->namespaces[0];
    if (other->mode == BARK_WILDCARD_NOT && other->namespaces[0] == left_out)
        return x;
    /* What is left outside: the excluded namespace and "absent", minus what the other one lets in. */
    bool ns_in = soapc_wildcard_allows(b, other, left_out),
         absent_in = soapc_wildcard_allows(b, other, b->empty);
    if (left_out == b->empty)
        ns_in = absent_in;
    if (ns_in && absent_in)
        return copy_with(b, x, BARK_WILDCARD_ANY);
    struct soapc_wildcard *w = copy_with(b, x, BARK_WILDCARD_NOT);
    if (!ns_in && absent_in)
        soapc_error(b->diag, SOAPC_E_WILDCARD_FORM, x->place,
                    "the union with the inherited wildcard has no form");
    listed_add(b, w, &cap, ns_in ? b->empty : left_out);
    return w;
}
