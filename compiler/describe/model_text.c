/* describe/model_text.c - the model as lines of text, for reviews: what a change of the schema changes shows
 * as a line.
 *
 * A line starts with the component that it is about, so that it can be read and searched alone. Types are
 * sorted by namespace and name, services and operations by name; members stand in the order of the content,
 * which matters.
 */
#include "describe/words.h"

#include <stdlib.h>
#include <string.h>

struct text {
    struct soapc_plan *plan;
    struct bark_out *out;
};

static void put(struct text *t, const char *text)
{
    bark_out_text(t->out, text);
}

/* In quotes, one line whatever is in it. */
static void quoted_put(struct text *t, const char *text)
{
    bark_out_byte(t->out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            bark_out_byte(t->out, '\\');
        if (*text == '\n' || *text == '\r' || *text == '\t')
            put(t, *text == '\n' ? "\\n" : *text == '\r' ? "\\r" : "\\t");
        else
            bark_out_byte(t->out, (uint8_t)*text);
    }
    bark_out_byte(t->out, '"');
}

static void name_put(struct text *t, const char *ns, const char *local)
{
    if (ns[0]) {
        put(t, "{");
        put(t, ns);
        put(t, "}");
    }
    put(t, local);
}

static void type_name_put(struct text *t, const struct soapc_type *type)
{
    if (type->is_builtin) {
        put(t, "xs:");
        put(t, type->name.local);
        return;
    }
    name_put(t, type->name.ns, soapc_type_label(type));
}

static void occurs_put(struct text *t, uint32_t min, uint32_t max)
{
    char text[32];
    soapc_occurs_words(min, max, text);
    put(t, " ");
    put(t, text);
}

static void value_put(struct text *t, const char *word, const char *value)
{
    if (!value)
        return;
    put(t, word);
    quoted_put(t, value);
}

static void line_start(struct text *t, const struct soapc_type *type)
{
    put(t, "type ");
    type_name_put(t, type);
}

/* ---- types ---- */

static void wildcard_put(struct text *t, const struct soapc_wildcard *w)
{
    static const char *const processes[] = { "strict", "lax", "skip" };
    put(t, w->mode == BARK_WILDCARD_ANY ? " any" : w->mode == BARK_WILDCARD_NOT ? " not" : " of");
    for (size_t i = 0; i < w->namespace_count; i++) {
        put(t, " {");
        put(t, w->namespaces[i]);
        put(t, "}");
    }
    put(t, " ");
    put(t, processes[w->process]);
}

static void content_put(struct text *t, const struct soapc_type *type)
{
    static const char *const words[] = { [SOAPC_PARTICLE_ELEMENT] = "element",
                                         [SOAPC_PARTICLE_ANY] = "wildcard",
                                         [SOAPC_PARTICLE_SEQUENCE] = "sequence",
                                         [SOAPC_PARTICLE_CHOICE] = "choice",
                                         [SOAPC_PARTICLE_ALL] = "all" };
    struct soapc_content_walk walk;
    const struct soapc_particle *p;
    size_t depth;
    soapc_content_start(&walk, t->plan, type->particle);
    while ((p = soapc_content_next(&walk, &depth)) != NULL) {
        line_start(t, type);
        put(t, "  ");
        for (size_t i = 0; i < depth; i++)
            put(t, ". ");
        put(t, words[p->kind]);
        if (p->element) {
            put(t, " ");
            name_put(t, p->element->name.ns, p->element->name.local);
            put(t, ": ");
            type_name_put(t, p->element->type);
        }
        if (p->wildcard)
            wildcard_put(t, p->wildcard);
        occurs_put(t, p->min, p->max);
        if (p->element && p->element->nillable)
            put(t, " nillable");
        if (p->element)
            value_put(t, " octets=", p->element->content_types);
        if (p->element)
            value_put(t, p->element->fixed_text ? " fixed=" : " default=",
                      p->element->fixed_text ? p->element->fixed_text : p->element->default_text);
        put(t, "\n");
    }
}

static void attributes_put(struct text *t, const struct soapc_type *type)
{
    for (size_t i = 0; i < type->attributes.count; i++) {
        const struct soapc_attribute_use *use = type->attributes.items[i];
        line_start(t, type);
        put(t, "  @");
        name_put(t, use->attribute->name.ns, use->attribute->name.local);
        put(t, ": ");
        type_name_put(t, use->attribute->type);
        put(t, use->required ? " required" : " optional");
        value_put(t, use->fixed_text ? " fixed=" : " default=",
                  use->fixed_text ? use->fixed_text : use->default_text);
        put(t, "\n");
    }
    if (type->any_attribute) {
        line_start(t, type);
        put(t, "  @ wildcard");
        wildcard_put(t, type->any_attribute);
        put(t, "\n");
    }
}

static void facets_put(struct text *t, const struct soapc_type *type)
{
    for (size_t i = 0; i < type->facets.count; i++) {
        const struct soapc_facet *f = &type->facets.items[i];
        const char *word = soapc_facet_word(f->kind);
        if (f->builtin || !word)
            continue;
        line_start(t, type);
        put(t, "  ");
        put(t, word);
        put(t, " ");
        quoted_put(t, f->text);
        put(t, "\n");
    }
}

static void type_put(struct text *t, const struct soapc_type *type)
{
    line_start(t, type);
    put(t, type->complex ? " complex" : " simple");
    if (type->abstract)
        put(t, " abstract");
    if (type->mixed)
        put(t, " mixed");
    if (type->base && !(type->complex && type->base->is_builtin && type->base->complex) && !type->item &&
        !type->member_count) {
        put(t, " ");
        put(t, soapc_derivation_word(type));
        put(t, " ");
        type_name_put(t, type->base);
    }
    if (type->item) {
        put(t, " lists ");
        type_name_put(t, type->item);
    }
    for (size_t i = 0; i < type->member_count; i++) {
        put(t, i ? ", " : " unites ");
        type_name_put(t, type->members[i]);
    }
    if (type->complex && type->content == SOAPC_CONTENT_SIMPLE && type->value) {
        put(t, " value ");
        type_name_put(t, type->value);
    }
    put(t, "\n");
    if (type->complex)
        attributes_put(t, type);
    if (type->complex && type->content == SOAPC_CONTENT_ELEMENTS)
        content_put(t, type);
    if (!type->complex)
        facets_put(t, type);
}

/* ---- elements, services ---- */

static int roots_compare(const void *a, const void *b)
{
    const struct soapc_name *x = &(*(const struct soapc_proot *const *)a)->element->name;
    const struct soapc_name *y = &(*(const struct soapc_proot *const *)b)->element->name;
    int order = strcmp(x->ns, y->ns);
    return order ? order : strcmp(x->local, y->local);
}

static void elements_put(struct text *t)
{
    const struct soapc_plan *plan = t->plan;
    const struct soapc_proot **roots =
        soapc_plan_alloc(t->plan, plan->root_count + 1, sizeof(struct soapc_proot *));
    for (size_t i = 0; roots && i < plan->root_count; i++)
        roots[i] = &plan->roots[i];
    if (roots)
        qsort(roots, plan->root_count, sizeof(struct soapc_proot *), roots_compare);
    for (size_t i = 0; roots && i < plan->root_count; i++) {
        const struct soapc_element *e = roots[i]->element;
        put(t, "element ");
        name_put(t, e->name.ns, e->name.local);
        put(t, ": ");
        type_name_put(t, e->type);
        if (e->head) {
            put(t, " stands for ");
            name_put(t, e->head->name.ns, e->head->name.local);
        }
        if (e->nillable)
            put(t, " nillable");
        value_put(t, " octets=", e->content_types);
        value_put(t,
                  e->fixed_text ? " fixed=" : " default=", e->fixed_text ? e->fixed_text : e->default_text);
        put(t, "\n");
    }
}

static void root_put(struct text *t, const char *word, size_t root)
{
    if (root == BARK_NONE)
        return;
    put(t, word);
    name_put(t, t->plan->roots[root].element->name.ns, t->plan->roots[root].element->name.local);
}

/* [WSDL11 5.3] */
static void parts_put(struct text *t, const char *word, const struct soapc_pparts *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct soapc_attachment *a = list->items[i].attachment;
        value_put(t, word, a->part->name);
        value_put(t, ":", a->types);
    }
}

static void related_put(struct text *t, const char *word, const struct soapc_related *list)
{
    for (size_t i = 0; i < list->count; i++) {
        value_put(t, word, list->items[i].part->name);
        value_put(t, ":", list->items[i].types);
    }
}

/* " get=/quote": verb and location, what travels otherwise than as parameters, and an answer that is one
 * value.
 */
static void https_put(struct text *t, const struct soapc_poperation *op)
{
    static const char *const forms[] = { [SOAPC_HTTP_ENCODED] = "",
                                         [SOAPC_HTTP_REPLACED] = ":path",
                                         [SOAPC_HTTP_XML] = ":xml",
                                         [SOAPC_HTTP_PARTS] = ":form-data",
                                         [SOAPC_HTTP_RELATED] = ":related" };
    for (size_t i = 0; i < t->plan->http_count; i++) {
        const struct soapc_bound_operation *bound = t->plan->https[i].bound;
        if (&t->plan->operations[t->plan->https[i].operation] != op)
            continue;
        value_put(t, bound->http.post ? " post=" : " get=",
                  soapc_plan_printf(t->plan, "/%s", soapc_http_location(bound)));
        put(t, forms[bound->http.form]);
        related_put(t, " part=", &bound->http.parts);
        value_put(t, ":", bound->http.media);
        related_put(t, " answer-part=", &bound->http.answer);
    }
}

static int operations_compare(const void *a, const void *b)
{
    const struct soapc_poperation *x = *(const struct soapc_poperation *const *)a;
    const struct soapc_poperation *y = *(const struct soapc_poperation *const *)b;
    return strcmp(x->function, y->function);
}

static void operations_put(struct text *t)
{
    const struct soapc_plan *plan = t->plan;
    const struct soapc_poperation **ops =
        soapc_plan_alloc(t->plan, plan->operation_count + 1, sizeof(struct soapc_poperation *));
    for (size_t i = 0; ops && i < plan->operation_count; i++)
        ops[i] = &plan->operations[i];
    if (ops)
        qsort(ops, plan->operation_count, sizeof(struct soapc_poperation *), operations_compare);
    for (size_t i = 0; ops && i < plan->operation_count; i++) {
        const struct soapc_poperation *op = ops[i];
        put(t, "operation ");
        name_put(t, plan->services[op->service].port_type->name.ns,
                 plan->services[op->service].port_type->name.local);
        put(t, "/");
        put(t, op->operation->name);
        put(t, soapc_operation_is_http(op) ? "" : op->flags & BARK_OPERATION_RPC ? " rpc" : " document");
        put(t, op->flags & BARK_OPERATION_SOAP11 ? " soap11" : "");
        put(t, op->flags & BARK_OPERATION_SOAP12 ? " soap12" : "");
        https_put(t, op);
        value_put(t, " action=", op->action[0] ? op->action : NULL);
        root_put(t, " in=", op->input);
        root_put(t, " out=", op->output);
        for (size_t k = 0; k < op->fault_count; k++)
            root_put(t, " fault=", op->faults[k]);
        parts_put(t, " attached=", &op->parts);
        parts_put(t, " answer-attached=", &op->answer_parts);
        put(t, op->flags & BARK_OPERATION_ONE_WAY ? " one-way\n" : "\n");
    }
}

void soapc_describe_model(struct soapc_plan *plan, const struct soapc_describe_options *options,
                          struct bark_out *out)
{
    struct text t = { plan, out };
    size_t count = 0;
    const struct soapc_type **types = soapc_types_sorted(plan, &count);
    put(&t, "# ");
    put(&t, options->command);
    put(&t, "\n");
    operations_put(&t);
    elements_put(&t);
    for (size_t i = 0; types && i < count; i++)
        type_put(&t, types[i]);
}
