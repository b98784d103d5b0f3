/* model/particle.c - content models and the elements in them: what the nodes themselves say.
 *
 * A particle that may never occur (maxOccurs 0) is checked and left out. A group reference gets its content
 * in group.c.
 */
#include "model/build.h"

/* [XSD1 3.9.1] minOccurs and maxOccurs; numbers beyond 32 bits are unbounded for all practical ends. */
static uint32_t occurs_read(struct bark_text t, uint32_t otherwise)
{
    uint32_t n = 0;
    if (!t.ptr)
        return otherwise;
    if (bark_text_equal(t, "unbounded"))
        return SOAPC_UNBOUNDED;
    for (size_t i = t.ptr[0] == '+'; i < t.len; i++) {
        if (t.ptr[i] < '0' || t.ptr[i] > '9')
            return otherwise; /* the grammar has complained */
        uint32_t digit = (uint32_t)(t.ptr[i] - '0');
        n = n > (UINT32_MAX - 1 - digit) / 10 ? UINT32_MAX - 1 : n * 10 + digit;
    }
    return n;
}

static struct soapc_particle *particle_new(struct soapc_builder *b, const struct soapc_scope *scope,
                                           const struct soapc_node *node, enum soapc_particle_kind kind)
{
    struct soapc_particle *p = SOAPC_NEW(b, struct soapc_particle);
    p->kind = kind;
    p->place = soapc_node_place(scope, node);
    p->min = occurs_read(node->text[SOAPC_TEXT_minOccurs], 1);
    p->max = occurs_read(node->text[SOAPC_TEXT_maxOccurs], 1);
    if (p->min > p->max) {
        soapc_error(b->diag, SOAPC_E_OCCURRENCE, p->place,
                    "minOccurs is %u, more than maxOccurs, which is %u%s", p->min, p->max,
                    node->text[SOAPC_TEXT_maxOccurs].ptr ? "" : " when it is not given");
        p->max = p->min;
    }
    if (kind == SOAPC_PARTICLE_ALL && (p->max > 1)) { /* [XSD1 3.8.6] cos-all-limited */
        soapc_error(b->diag, SOAPC_E_ALL_LIMITED, p->place, "xs:all occurs at most once");
        p->max = 1;
        p->min = p->min > 0;
    }
    return p;
}

/* ---- elements ---- */

static bool flag_is(struct bark_text t)
{
    return bark_text_equal(t, "true") || bark_text_equal(t, "1");
}

static const struct soapc_node *type_child(const struct soapc_node *node)
{
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i].kind == SOAPC_XS_simpleType ||
            node->children.items[i].kind == SOAPC_XS_complexType)
            return node->children.items[i].as.node;
    return NULL;
}

/* Everything but name and namespace, which global and local declarations get differently. */
void soapc_element_build(struct soapc_builder *b, const struct soapc_work *w)
{
    struct soapc_element *e = w->object;
    const struct soapc_node *node = w->node, *child = type_child(node);
    const uint8_t all = SOAPC_BY_EXTENSION | SOAPC_BY_RESTRICTION | SOAPC_BY_SUBSTITUTION;
    struct bark_qname type = node->qname[SOAPC_QNAME_type], head = node->qname[SOAPC_QNAME_substitutionGroup];
    struct bark_text block = node->text[SOAPC_TEXT_block], final = node->text[SOAPC_TEXT_final];
    e->index = (uint32_t)b->all_element_count;
    struct soapc_element **slot = SOAPC_PUSH(b, b->all_elements, b->all_element_count, b->all_element_cap);
    *slot = e;
    e->default_text = soapc_intern(b, node->text[SOAPC_TEXT_default]);
    e->fixed_text = soapc_intern(b, node->text[SOAPC_TEXT_fixed]);
    e->nillable = flag_is(node->text[SOAPC_TEXT_nillable]);
    e->abstract = flag_is(node->text[SOAPC_TEXT_abstract]);
    e->block = block.ptr ? soapc_derivations(block, all) : w->scope->block_default & all;
    e->final = final.ptr ? soapc_derivations(final, all) : w->scope->final_default & all;
    if (e->default_text && e->fixed_text)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, e->place,
                    "an element has a default or a fixed value, not both");
    if (type.local.ptr && child)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, soapc_node_place(w->scope, child),
                    "xs:element has both a 'type' and a type of its own");
    if (type.local.ptr)
        e->type = soapc_type_reference(b, w->scope, node, "type", type, false);
    else if (child)
        e->type = soapc_type_anonymous(b, w->scope, child, w->context);
    if (head.local.ptr)
        e->head = soapc_reference(b, w->scope, node, "substitutionGroup", SOAPC_SPACE_ELEMENT,
                                  soapc_qname(b, w->scope, head));
    e->content_types = soapc_content_types_read(b, w->scope, node);
    soapc_defaults_note(b, w->scope, node, e, NULL, &e->value_names);
    soapc_identities_build(b, w);
}

/* [XSD1 3.3.3] src-element 2: a reference says nothing but how often. */
static void element_reference_check(struct soapc_builder *b, const struct soapc_scope *scope,
                                    const struct soapc_node *node)
{
    static const uint8_t texts[] = { SOAPC_TEXT_name,  SOAPC_TEXT_default,  SOAPC_TEXT_fixed,
                                     SOAPC_TEXT_block, SOAPC_TEXT_nillable, SOAPC_TEXT_form };
    const char *bad = node->qname[SOAPC_QNAME_type].local.ptr ? "type" : NULL;
    for (size_t i = 0; i < sizeof texts && !bad; i++)
        if (node->text[texts[i]].ptr)
            bad = soapc_text_name(SOAPC_XS_element, texts[i]);
    if (bad)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE,
                    soapc_attribute_place(b->diag, scope->doc->file, node->at, bad),
                    "an element reference has no '%s'; the declaration says it", bad);
    else if (type_child(node))
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, soapc_node_place(scope, type_child(node)),
                    "an element reference has no type of its own");
}

static struct soapc_particle *element_particle(struct soapc_builder *b, const struct soapc_work *w,
                                               const struct soapc_node *node)
{
    struct soapc_particle *p = particle_new(b, w->scope, node, SOAPC_PARTICLE_ELEMENT);
    struct bark_qname ref = node->qname[SOAPC_QNAME_ref];
    if (ref.local.ptr) {
        element_reference_check(b, w->scope, node);
        p->element =
            soapc_reference(b, w->scope, node, "ref", SOAPC_SPACE_ELEMENT, soapc_qname(b, w->scope, ref));
        return p->element && p->max > 0 ? p : NULL;
    }
    struct bark_text name = node->text[SOAPC_TEXT_name], form = node->text[SOAPC_TEXT_form];
    if (!name.len) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, p->place, "xs:element needs a 'name' or a 'ref'");
        return NULL;
    }
    bool qualified = form.ptr ? bark_text_equal(form, "qualified") : w->scope->elements_qualified;
    struct soapc_element *e = SOAPC_NEW(b, struct soapc_element);
    e->name = (struct soapc_name){ qualified ? w->scope->target_ns : b->empty, soapc_intern(b, name) };
    e->place = p->place;
    p->element = e;
    soapc_work_add(
        b, (struct soapc_work){ .run = soapc_element_build,
                                .scope = w->scope,
                                .node = node,
                                .object = e,
                                .context = soapc_pool_join(b->pool, w->context, "/", e->name.local) });
    return p->max > 0 ? p : NULL;
}

/* ---- wildcards ---- */

static void wildcard_namespace_add(struct soapc_builder *b, struct soapc_wildcard *w, const char *ns,
                                   size_t *cap)
{
    for (size_t i = 0; i < w->namespace_count; i++)
        if (w->namespaces[i] == ns)
            return;
    const char **slot = SOAPC_PUSH(b, w->namespaces, w->namespace_count, *cap);
    *slot = ns;
}

/* [XSD1 3.10.2] */
struct soapc_wildcard *soapc_wildcard_build(struct soapc_builder *b, const struct soapc_scope *scope,
                                            const struct soapc_node *node)
{
    struct soapc_wildcard *w = SOAPC_NEW(b, struct soapc_wildcard);
    struct bark_text ns = node->text[SOAPC_TEXT_namespace], process = node->text[SOAPC_TEXT_processContents];
    size_t cap = 0;
    w->place = soapc_node_place(scope, node);
    w->process = bark_text_equal(process, "lax") ? 1 : bark_text_equal(process, "skip") ? 2 : 0;
    if (!ns.ptr || bark_text_equal(ns, "##any")) {
        w->mode = BARK_WILDCARD_ANY;
        return w;
    }
    if (bark_text_equal(ns, "##other")) {
        w->mode = BARK_WILDCARD_NOT;
        wildcard_namespace_add(b, w, scope->target_ns, &cap);
        return w;
    }
    w->mode = BARK_WILDCARD_LIST;
    for (size_t from = 0; from < ns.len;) {
        size_t to = from;
        while (to < ns.len && ns.ptr[to] != ' ')
            to++;
        struct bark_text word = { ns.ptr + from, to - from };
        if (bark_text_equal(word, "##targetNamespace"))
            wildcard_namespace_add(b, w, scope->target_ns, &cap);
        else if (bark_text_equal(word, "##local"))
            wildcard_namespace_add(b, w, b->empty, &cap);
        else if (word.len > 1 && word.ptr[0] == '#' && word.ptr[1] == '#')
            soapc_error(b->diag, SOAPC_E_ATTRIBUTE_VALUE,
                        soapc_attribute_place(b->diag, scope->doc->file, node->at, "namespace"),
                        "'%.*s' cannot stand here", (int)(word.len < 80 ? word.len : 80), word.ptr);
        else if (word.len > 0)
            wildcard_namespace_add(b, w, soapc_intern(b, word), &cap);
        from = to + 1;
    }
    return w;
}

/* ---- content models ---- */

static void model_build(struct soapc_builder *b, const struct soapc_work *w);

static struct soapc_particle *group_reference(struct soapc_builder *b, const struct soapc_work *w,
                                              const struct soapc_node *node)
{
    struct soapc_particle *p = particle_new(b, w->scope, node, SOAPC_PARTICLE_SEQUENCE);
    struct bark_qname ref = node->qname[SOAPC_QNAME_ref];
    if (!ref.local.ptr) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, p->place, "xs:group needs a 'ref' here");
        return NULL;
    }
    struct soapc_group *g =
        soapc_reference(b, w->scope, node, "ref", SOAPC_SPACE_GROUP, soapc_qname(b, w->scope, ref));
    if (!g || p->max == 0)
        return NULL;
    struct soapc_group_use *use = SOAPC_PUSH(b, b->group_uses, b->group_use_count, b->group_use_cap);
    *use = (struct soapc_group_use){ p, g, w->group, p->place, w->nesting > 0 };
    p->group = g;
    return p;
}

/* One particle from its node; what is inside a model is queued. NULL when it may not occur or is wrong. */
static struct soapc_particle *particle_build(struct soapc_builder *b, const struct soapc_work *w,
                                             const struct soapc_node *node)
{
    enum soapc_particle_kind kind = node->kind == SOAPC_XS_choice ? SOAPC_PARTICLE_CHOICE
                                    : node->kind == SOAPC_XS_all  ? SOAPC_PARTICLE_ALL
                                                                  : SOAPC_PARTICLE_SEQUENCE;
    if (node->kind == SOAPC_XS_element)
        return element_particle(b, w, node);
    if (node->kind == SOAPC_XS_group)
        return group_reference(b, w, node);
    if (node->kind == SOAPC_XS_any) {
        struct soapc_particle *any = particle_new(b, w->scope, node, SOAPC_PARTICLE_ANY);
        any->wildcard = soapc_wildcard_build(b, w->scope, node);
        return any->max > 0 ? any : NULL;
    }
    if (node->kind != SOAPC_XS_sequence && node->kind != SOAPC_XS_choice && node->kind != SOAPC_XS_all)
        return NULL;
    struct soapc_particle *p = particle_new(b, w->scope, node, kind);
    struct soapc_work inner = *w;
    inner.run = model_build;
    inner.node = node;
    inner.object = p;
    inner.nesting++;
    soapc_work_add(b, inner);
    return p->max > 0 ? p : NULL;
}

static void model_build(struct soapc_builder *b, const struct soapc_work *w)
{
    struct soapc_particle *model = w->object;
    struct soapc_work work = *w; /* the queue may move while children are added to it */
    bool repeats = false;
    for (size_t i = 0; i < work.node->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&work.node->children.items[i]);
        struct soapc_particle *p = node ? particle_build(b, &work, node) : NULL;
        if (!p)
            continue;
        if (model->kind == SOAPC_PARTICLE_ALL && p->max > 1 && !b->docs->strict) {
            repeats = true;
        } else if (model->kind == SOAPC_PARTICLE_ALL && p->max > 1) { /* [XSD1 3.8.6] cos-all-limited 2 */
            soapc_error(b->diag, SOAPC_E_ALL_LIMITED, p->place, "an element of xs:all occurs at most once");
            p->max = 1;
            p->min = p->min > 0;
        }
        struct soapc_particle **slot = SOAPC_PUSH(b, model->items, model->count, model->cap);
        *slot = p;
    }
    if (repeats)
        soapc_all_repeats(b, model);
}

struct soapc_particle *soapc_content_build(struct soapc_builder *b, const struct soapc_scope *scope,
                                           const struct soapc_node *parent, const char *context)
{
    struct soapc_work work = { .run = model_build, .scope = scope, .node = parent, .context = context };
    for (size_t i = 0; i < parent->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&parent->children.items[i]);
        if (node && (node->kind == SOAPC_XS_sequence || node->kind == SOAPC_XS_choice ||
                     node->kind == SOAPC_XS_all || node->kind == SOAPC_XS_group))
            return particle_build(b, &work, node);
    }
    return NULL;
}

void soapc_group_build(struct soapc_builder *b, const struct soapc_work *w)
{
    struct soapc_group *g = w->object;
    struct soapc_work work = *w;
    for (size_t i = 0; i < work.node->children.count; i++) {
        const struct soapc_node *node = soapc_child_node(&work.node->children.items[i]);
        if (!node ||
            (node->kind != SOAPC_XS_sequence && node->kind != SOAPC_XS_choice && node->kind != SOAPC_XS_all))
            continue;
        g->particle->kind = node->kind == SOAPC_XS_choice ? SOAPC_PARTICLE_CHOICE
                            : node->kind == SOAPC_XS_all  ? SOAPC_PARTICLE_ALL
                                                          : SOAPC_PARTICLE_SEQUENCE;
        struct soapc_work inner = work;
        inner.run = model_build;
        inner.node = node;
        inner.object = g->particle;
        inner.nesting = 1;
        soapc_work_add(b, inner);
        return;
    }
}
