/* judge/known.c - the elements that a complex type declares, by name, and its wildcards.
 *
 * A type's particles are gathered once, when the first element of it comes; the stack for that holds no more
 * particles than the tables have fields.
 */
#include "judge/walk.h"

#include <string.h>

struct judge_known {
    struct judge_list elements; /* const struct soapc_element * */
    struct judge_list wildcards; /* const struct soapc_wildcard * */
};

static bool pointer_add(struct judge *j, struct judge_list *list, const void *pointer)
{
    const void **item = soapc_judge_grow(j, list, sizeof *item);
    if (item)
        *item = pointer;
    return item != NULL;
}

static bool known_fill(struct judge *j, struct judge_known *known, const struct soapc_particle *root)
{
    struct judge_list open = { 0 };
    if (!pointer_add(j, &open, root))
        return false;
    while (open.count) {
        const struct soapc_particle *p = ((const struct soapc_particle **)open.items)[--open.count];
        bool good = true;
        if (p->kind == SOAPC_PARTICLE_ELEMENT)
            good = pointer_add(j, &known->elements, p->element);
        else if (p->kind == SOAPC_PARTICLE_ANY)
            good = pointer_add(j, &known->wildcards, p->wildcard);
        for (size_t i = p->count; good && i; i--)
            good = pointer_add(j, &open, p->items[i - 1]);
        if (!good)
            return false;
    }
    return true;
}

static struct judge_known *known_of(struct judge *j, const struct soapc_type *type)
{
    struct judge_known **slot = &j->known[type->index];
    if (*slot)
        return *slot;
    *slot = bark_arena_alloc(j->arena, 1, sizeof **slot);
    if (!*slot || (type->particle && !known_fill(j, *slot, type->particle)))
        return NULL;
    return *slot;
}

bool soapc_judge_wildcard_takes(const struct soapc_wildcard *w, struct bark_slice uri)
{
    bool listed = false;
    for (size_t i = 0; i < w->namespace_count; i++)
        listed = listed || judge_same(uri, w->namespaces[i]);
    return w->mode == BARK_WILDCARD_ANY || (w->mode == BARK_WILDCARD_NOT ? !listed && uri.len > 0 : listed);
}

const struct soapc_element *soapc_judge_global(struct judge *j, const struct bark_xml_name *name)
{
    const char *ns = bark_arena_text(j->arena, name->uri.ptr, name->uri.len);
    const char *local = bark_arena_text(j->arena, name->local.ptr, name->local.len);
    return ns && local ? soapc_model_element(j->model, ns, local) : NULL;
}

static const struct soapc_element *element_find(const struct judge_known *known,
                                                const struct bark_xml_name *name)
{
    const struct soapc_element *const *elements = known->elements.items;
    for (size_t i = 0; i < known->elements.count; i++)
        if (judge_same(name->local, elements[i]->name.local) && judge_same(name->uri, elements[i]->name.ns))
            return elements[i];
    return NULL;
}

/* [XSD1 3.3.6] Whether the element may stand for one that the type declares. */
static bool stands_in(const struct judge_known *known, const struct soapc_element *element)
{
    const struct soapc_element *const *elements = known->elements.items;
    size_t steps = 0;
    for (const struct soapc_element *head = element->head; head && steps < UINT16_MAX;
         head = head->head, steps++)
        for (size_t i = 0; i < known->elements.count; i++)
            if (elements[i] == head)
                return true;
    return false;
}

bool soapc_judge_child(struct judge *j, const struct soapc_type *type, const struct bark_xml_name *name,
                       const struct soapc_element **element, bool *skip)
{
    const struct judge_known *known = known_of(j, type);
    const struct soapc_wildcard *const *wildcards;
    *skip = false;
    *element = known ? element_find(known, name) : NULL;
    if (*element || !known)
        return known != NULL;
    *element = soapc_judge_global(j, name);
    if (*element && stands_in(known, *element))
        return true;
    wildcards = known->wildcards.items;
    for (size_t i = 0; i < known->wildcards.count; i++)
        if (soapc_judge_wildcard_takes(wildcards[i], name->uri)) {
            *skip = wildcards[i]->process == BARK_PROCESS_SKIP;
            break;
        }
    return true;
}

const struct soapc_attribute_use *soapc_judge_attribute(const struct soapc_type *type, struct bark_slice uri,
                                                        struct bark_slice local)
{
    for (size_t i = 0; type->complex && i < type->attributes.count; i++) {
        const struct soapc_attribute_use *use = type->attributes.items[i];
        if (judge_same(local, use->attribute->name.local) && judge_same(uri, use->attribute->name.ns))
            return use;
    }
    return NULL;
}

bool soapc_judge_attribute_type(struct judge *j, const struct soapc_type *type,
                                const struct bark_xml_name *name, const struct soapc_type **found)
{
    const struct soapc_attribute_use *use = soapc_judge_attribute(type, name->uri, name->local);
    const struct soapc_wildcard *w = type->complex ? type->any_attribute : NULL;
    const char *ns, *local;
    const struct soapc_attribute *attribute;
    *found = use ? use->attribute->type : NULL;
    if (use || !w || w->process == BARK_PROCESS_SKIP || !soapc_judge_wildcard_takes(w, name->uri))
        return true;
    ns = bark_arena_text(j->arena, name->uri.ptr, name->uri.len);
    local = bark_arena_text(j->arena, name->local.ptr, name->local.len);
    if (!ns || !local)
        return false;
    attribute = soapc_model_attribute(j->model, ns, local);
    *found = attribute ? attribute->type : NULL;
    return true;
}

const struct soapc_type *soapc_judge_simple(const struct soapc_type *type)
{
    return !type->complex ? type : type->content == SOAPC_CONTENT_SIMPLE ? type->value : NULL;
}
