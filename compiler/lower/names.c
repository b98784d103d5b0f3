/* lower/names.c - prefixes of namespaces and C tags of types.
 *
 * Names are given to every type of the model before anything is sliced away, so that a slice never renames
 * what it keeps. Named types come first: an anonymous type (named by the path of elements that leads to it)
 * never takes the name of one that the schema named itself.
 */
#include "lower/plan.h"

#include <string.h>

static const char xsd_namespace[] = "http://www.w3.org/2001/XMLSchema";

/* Namespaces whose prefix no document chooses: ours for XML Schema, and the one that XML itself binds [XMLNS
 * 3]. */
static const struct {
    const char *uri, *prefix;
} fixed[] = {
    { "", "" },
    { xsd_namespace, "xs" },
    { "http://www.w3.org/XML/1998/namespace", "xml" },
};

static const char *prefix_fixed(const char *uri)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(fixed[i].uri, uri) == 0)
            return fixed[i].prefix;
    return NULL;
}

/* Parts of a URI that say nothing about what it names. */
static bool is_filler(const char *word, size_t len)
{
    static const char *const fillers[] = { "http", "https", "urn",  "www",    "com",   "org", "net",
                                           "wsdl", "xsd",   "soap", "schema", "index", "php", "asmx" };
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (strlen(fillers[i]) == len && memcmp(fillers[i], word, len) == 0)
            return true;
    return false;
}

/* The last telling word of a URI: "http://tempuri.org/" gives "tempuri". */
static const char *prefix_derive(struct soapc_plan *plan, const char *uri)
{
    const char *best = "ns";
    size_t best_len = 2;
    for (const char *p = uri; *p;) {
        size_t len = 0;
        while ((p[len] >= 'a' && p[len] <= 'z') || (p[len] >= 'A' && p[len] <= 'Z'))
            len++;
        if (len > 1 && len <= 16 && !is_filler(p, len)) {
            best = p;
            best_len = len;
        }
        p += len ? len : 1;
    }
    return soapc_plan_printf(plan, "%.*s", (int)best_len, best);
}

static const char *space_prefix(const struct soapc_plan *plan, const char *uri)
{
    for (size_t i = 0; i < plan->space_count; i++)
        if (strcmp(plan->spaces[i].uri, uri) == 0)
            return plan->spaces[i].prefix;
    return NULL;
}

/* wish NULL or "": one is made from the URI. A namespace that is known keeps what it has. */
static bool space_add(struct soapc_plan *plan, struct soapc_nameset *used, const char *uri, const char *wish)
{
    const char *prefix = prefix_fixed(uri);
    if (space_prefix(plan, uri))
        return true;
    if (!prefix) {
        wish = wish && wish[0] ? wish : prefix_derive(plan, uri);
        prefix = soapc_nameset_add(used, plan->arena, wish);
    }
    struct soapc_pspace *spaces =
        soapc_plan_grow(plan, plan->spaces, plan->space_count, &plan->space_cap, sizeof *spaces);
    /* A prefix may hold '-' and '.', which C does not. */
    const char *c_prefix = prefix && prefix[0] ? soapc_cname(plan->arena, NULL, prefix) : "";
    if (!spaces || !prefix || !c_prefix)
        return false;
    plan->spaces = spaces;
    spaces[plan->space_count++] = (struct soapc_pspace){ uri, prefix, c_prefix };
    return true;
}

/* Prefixes that the overrides file gives first, then declared ones; then those that only a component names,
 * as soap:body's may. */
static bool prefixes_assign(struct soapc_plan *plan)
{
    /* Not for others: our own C prefix, the fixed ones, and the one that xsi:nil is written with. */
    static const char *const taken[] = { "bark", "xs", "xml", "xsi" };
    const struct soapc_model *model = plan->model;
    struct soapc_nameset used = { 0 };
    bool good = true;
    for (size_t i = 0; good && i < sizeof taken / sizeof *taken; i++)
        good = soapc_nameset_add(&used, plan->arena, taken[i]) != NULL;
    for (size_t i = 0; good && i < model->namespace_count; i++)
        good = !model->namespaces[i].given ||
               space_add(plan, &used, model->namespaces[i].uri, model->namespaces[i].given->name);
    for (size_t i = 0; good && i < model->namespace_count; i++)
        good = space_add(plan, &used, model->namespaces[i].uri, model->namespaces[i].prefix);
    for (size_t i = 0; good && i < model->type_count; i++)
        good = space_add(plan, &used, model->types[i]->name.ns, NULL);
    for (size_t i = 0; good && i < model->element_count; i++)
        good = space_add(plan, &used, model->elements[i]->name.ns, NULL);
    for (size_t i = 0; good && i < model->attribute_count; i++)
        good = space_add(plan, &used, model->attributes[i]->name.ns, NULL);
    for (size_t i = 0; good && i < model->port_type_count; i++)
        good = space_add(plan, &used, model->port_types[i]->name.ns, NULL);
    return good;
}

/* Only wildcards name other namespaces, and nothing is written with those. */
const char *soapc_plan_prefix(const struct soapc_plan *plan, const char *ns)
{
    const char *prefix = space_prefix(plan, ns);
    return prefix ? prefix : "";
}

const char *soapc_plan_c_prefix(const struct soapc_plan *plan, const char *ns)
{
    for (size_t i = 0; i < plan->space_count; i++)
        if (strcmp(plan->spaces[i].uri, ns) == 0)
            return plan->spaces[i].c_prefix;
    return "";
}

const char *soapc_plan_given(struct soapc_plan *plan, struct soapc_nameset *set, const char *name,
                             const struct soapc_given *given)
{
    const char *got = soapc_nameset_add(set, plan->arena, name);
    if (got && strcmp(got, name) != 0)
        soapc_error(plan->diag, SOAPC_E_OVERRIDE_TAKEN, given->place, "the C name '%s' is taken", name);
    return got;
}

static bool type_name_assign(struct soapc_plan *plan, const struct soapc_type *type)
{
    const char *text = type->name.local ? type->name.local : type->context;
    const char *c_prefix = soapc_plan_c_prefix(plan, type->name.ns);
    if (type->given)
        text = type->given->name;
    const char *name = soapc_cname(plan->arena, c_prefix, text ? text : "type");
    name = name && type->given ? soapc_plan_given(plan, &plan->globals, name, type->given)
                               : soapc_nameset_add(&plan->globals, plan->arena, name);
    plan->type_names[type->index] = name;
    return name != NULL;
}

/* Names of the schema first, then those of the overrides file, which must be free; then made ones. */
static int name_round(const struct soapc_type *type)
{
    return type->given ? 1 : type->name.local ? 0 : 2;
}

bool soapc_names_assign(struct soapc_plan *plan)
{
    const struct soapc_model *model = plan->model;
    plan->type_names = soapc_plan_alloc(plan, model->type_count + 1, sizeof *plan->type_names);
    if (!plan->type_names || !prefixes_assign(plan))
        return false;
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < model->type_count; i++)
            if (!model->types[i]->is_builtin && name_round(model->types[i]) == round &&
                !type_name_assign(plan, model->types[i]))
                return false;
    return true;
}
