/* model/xsd11.c - what is taken of XML Schema 1.1: open content, xs:all with elements that repeat, and the
 * names of what is left aside.
 *
 * `validate --strict` judges schemas by XSD 1.0 and refuses them all. Elsewhere a construct that has no
 * effect here gets a warning which names it: nothing is dropped in silence.
 */
#include "model/build.h"

/* ---- what is left aside ---- */

static void construct_report(struct soapc_builder *b, enum soapc_node_kind kind, struct soapc_place place)
{
    bool ignored = kind == SOAPC_XS_assert || kind == SOAPC_XS_assertion || kind == SOAPC_XS_alternative;
    if (b->docs->strict)
        soapc_error(b->diag, SOAPC_E_NOT_SUPPORTED, place, "not part of XSD 1.0: %s (XSD 1.1)",
                    soapc_kind_name(kind));
    else if (ignored)
        soapc_warning(b->diag, SOAPC_W_NOT_CHECKED, place, "%s (XSD 1.1) has no effect: it is not evaluated",
                      soapc_kind_name(kind));
}

static void node_check(struct soapc_builder *b, const struct soapc_document *doc,
                       const struct soapc_node *node)
{
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_child *child = &node->children.items[i];
        switch ((enum soapc_node_kind)child->kind) {
        case SOAPC_XS_alternative:
        case SOAPC_XS_assert:
        case SOAPC_XS_assertion:
            construct_report(b, (enum soapc_node_kind)child->kind,
                             (struct soapc_place){ doc->file, child->as.raw->at });
            break;
        case SOAPC_XS_defaultOpenContent:
        case SOAPC_XS_explicitTimezone:
        case SOAPC_XS_openContent:
        case SOAPC_XS_override:
            construct_report(b, (enum soapc_node_kind)child->kind,
                             (struct soapc_place){ doc->file, child->as.node->at });
            break;
        default:
            break;
        }
    }
}

void soapc_xsd11_check(struct soapc_builder *b)
{
    for (size_t d = 0; d < b->docs->count; d++) {
        const struct soapc_document *doc = &b->docs->items[d];
        for (struct soapc_node *node = doc->root; node; node = soapc_node_next(node))
            if (node->kind < SOAPC_XS_END)
                node_check(b, doc, node);
    }
}

/* ---- xs:all ---- */

/* [XSD11-1 3.8.1] Elements of xs:all may repeat. The tables read it as a repeated choice: any order, any
 * number; how often each one comes is judged by `validate`. */
void soapc_all_repeats(struct soapc_builder *b, struct soapc_particle *all)
{
    struct soapc_particle *asked = SOAPC_NEW(b, struct soapc_particle);
    *asked = *all;
    all->repeated_all = asked;
    all->kind = SOAPC_PARTICLE_CHOICE;
    all->min = 0;
    all->max = SOAPC_UNBOUNDED;
    all->items = NULL;
    all->count = all->cap = 0;
    for (size_t i = 0; i < asked->count; i++) {
        struct soapc_particle *one = SOAPC_NEW(b, struct soapc_particle);
        *one = *asked->items[i];
        one->min = one->max = 1;
        struct soapc_particle **slot = SOAPC_PUSH(b, all->items, all->count, all->cap);
        *slot = one;
    }
    soapc_warning(
        b->diag, SOAPC_W_NOT_CHECKED, all->place,
        "xs:all with elements that repeat (XSD 1.1) is read as a repeated choice: the tables do not "
        "count them, `soapbark validate` does");
}

/* ---- open content ---- */

static const struct soapc_node *child_find(const struct soapc_node *node, enum soapc_node_kind kind)
{
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i].kind == kind)
            return node->children.items[i].as.node;
    return NULL;
}

/* The schema's xs:defaultOpenContent. It stands before all declarations: what comes after those is not looked
 * at, since each type asks. */
static const struct soapc_node *default_find(const struct soapc_node *schema)
{
    for (size_t i = 0; i < schema->children.count; i++) {
        switch ((enum soapc_node_kind)schema->children.items[i].kind) {
        case SOAPC_XS_defaultOpenContent:
            return schema->children.items[i].as.node;
        case SOAPC_XS_annotation:
        case SOAPC_XS_import:
        case SOAPC_XS_include:
        case SOAPC_XS_redefine:
        case SOAPC_XS_override:
            break;
        default:
            return NULL;
        }
    }
    return NULL;
}

static bool mode_is(const struct soapc_node *open, const char *mode)
{
    for (size_t i = 0; i < open->foreign.count; i++)
        if (bark_text_equal(open->foreign.items[i].name.local, "mode"))
            return bark_text_equal(open->foreign.items[i].value, mode);
    return strcmp(mode, "interleave") == 0;
}

/* [XSD11-1 3.4.2.3] The type's own openContent, else the schema's default. */
void soapc_open_content_read(struct soapc_builder *b, const struct soapc_scope *scope,
                             const struct soapc_node *node, struct soapc_type *t)
{
    const struct soapc_node *open = child_find(node, SOAPC_XS_openContent), *any;
    if (!open)
        open = default_find(scope->schema);
    any = open ? child_find(open, SOAPC_XS_any) : NULL;
    if (!any || b->docs->strict || mode_is(open, "none"))
        return;
    t->open = soapc_wildcard_build(b, scope, any);
    t->open_suffix = mode_is(open, "suffix");
}

static void any_push(struct soapc_builder *b, struct soapc_particle *to, struct soapc_wildcard *w)
{
    struct soapc_particle *any = SOAPC_NEW(b, struct soapc_particle);
    *any = (struct soapc_particle){
        .kind = SOAPC_PARTICLE_ANY, .max = SOAPC_UNBOUNDED, .place = w->place, .wildcard = w
    };
    struct soapc_particle **slot = SOAPC_PUSH(b, to->items, to->count, to->cap);
    *slot = any;
}

static void part_push(struct soapc_builder *b, const struct soapc_type *t, struct soapc_particle *to,
                      struct soapc_particle *part)
{
    if (part->kind == SOAPC_PARTICLE_ALL)
        soapc_error(b->diag, SOAPC_E_NOT_SUPPORTED, part->place,
                    "not supported: xs:openContent around xs:all");
    if (!t->open_suffix && part->max > 1)
        soapc_warning(b->diag, SOAPC_W_NOT_CHECKED, part->place,
                      "open content is read before and after what repeats here, not inside");
    struct soapc_particle **slot = SOAPC_PUSH(b, to->items, to->count, to->cap);
    *slot = part;
}

/* What the wildcard lets in stands where the mode says: at the end, or between the parts of the content. */
struct soapc_particle *soapc_content_open(struct soapc_builder *b, const struct soapc_type *t,
                                          struct soapc_particle *content)
{
    struct soapc_particle *p = SOAPC_NEW(b, struct soapc_particle);
    *p = (struct soapc_particle){
        .kind = SOAPC_PARTICLE_SEQUENCE, .min = 1, .max = 1, .place = t->open->place
    };
    bool parts =
        content && content->kind == SOAPC_PARTICLE_SEQUENCE && content->min == 1 && content->max == 1;
    if (content && (t->open_suffix || !parts)) {
        if (!t->open_suffix)
            any_push(b, p, t->open);
        part_push(b, t, p, content);
    }
    for (size_t i = 0; parts && !t->open_suffix && i < content->count; i++) {
        any_push(b, p, t->open);
        part_push(b, t, p, content->items[i]);
    }
    any_push(b, p, t->open);
    return p;
}
