/* model/encoding.c - what SOAP encoding means by a schema, once the option says that it is spoken.
 *
 * A type that restricts soapenc:Array is a list of items, whatever they are called [SOAP11 5.4.2,
 * WSDL11 2.2]; here it becomes a sequence of `item`, as the engine's reader of encoded messages calls them.
 * And soapenc:int and its kin are the simple types with id and href, which the reader has resolved before a
 * value is looked at.
 */
#include "model/build.h"

static bool is_encoding(const char *ns)
{
    return strcmp(ns, "http://schemas.xmlsoap.org/soap/encoding/") == 0 ||
           strcmp(ns, "http://www.w3.org/2003/05/soap-encoding") == 0;
}

struct soapc_type *soapc_encoding_plain(const struct soapc_builder *b, struct soapc_type *t)
{
    const bool simple = t->complex && t->content == SOAPC_CONTENT_SIMPLE && t->value;
    return b->docs->soap_encoding && simple && is_encoding(t->name.ns) ? t->value : t;
}

/* "xsd:int[]", "t:Item[3]": the name before the bracket. */
static struct soapc_type *item_named(struct soapc_builder *b, const struct soapc_type *t)
{
    const char *text = t->array_item, *bracket = strchr(text, '['), *colon = strchr(text, ':');
    const char *local = colon && (!bracket || colon < bracket) ? colon + 1 : text;
    size_t len = bracket ? (size_t)(bracket - local) : strlen(local);
    if (bracket && strchr(bracket, ',')) {
        soapc_error(b->diag, SOAPC_E_NOT_SUPPORTED, t->place,
                    "not supported: an array of more than one dimension ('%s')", text);
        return NULL;
    }
    struct soapc_name name = { t->array_ns, soapc_intern(b, (struct bark_text){ local, len }) };
    struct soapc_type *item = t->array_ns ? soapc_symbol_find(&b->symbols, SOAPC_SPACE_TYPE, name) : NULL;
    if (!item)
        soapc_error(b->diag, SOAPC_E_UNKNOWN_NAME, t->place, "wsdl:arrayType names no type: '%s'", text);
    return item;
}

/* The type of the only element that the array's own content declares. */
static struct soapc_type *item_declared(const struct soapc_type *t)
{
    const struct soapc_particle *p = t->own_particle;
    while (p && p->kind != SOAPC_PARTICLE_ELEMENT)
        p = p->kind == SOAPC_PARTICLE_SEQUENCE && p->count == 1 ? p->items[0] : NULL;
    return p ? p->element->type : NULL;
}

static struct soapc_particle *particle_new(struct soapc_builder *b, enum soapc_particle_kind kind,
                                           struct soapc_place place)
{
    struct soapc_particle *p = SOAPC_NEW(b, struct soapc_particle);
    *p = (struct soapc_particle){ .kind = kind, .min = 1, .max = 1, .place = place };
    return p;
}

static void array_settle(struct soapc_builder *b, struct soapc_type *t, struct soapc_type *item)
{
    struct soapc_element *e = SOAPC_NEW(b, struct soapc_element);
    struct soapc_particle *sequence = particle_new(b, SOAPC_PARTICLE_SEQUENCE, t->place);
    struct soapc_particle *p = particle_new(b, SOAPC_PARTICLE_ELEMENT, t->place);
    *e = (struct soapc_element){ .name = { b->empty, soapc_intern(b, bark_text("item")) },
                                 .place = t->place,
                                 .type = item,
                                 .index = (uint32_t)b->all_element_count };
    struct soapc_element **all = SOAPC_PUSH(b, b->all_elements, b->all_element_count, b->all_element_cap);
    *all = e;
    p->element = e;
    p->min = 0;
    p->max = SOAPC_UNBOUNDED;
    struct soapc_particle **slot = SOAPC_PUSH(b, sequence->items, sequence->count, sequence->cap);
    *slot = p;
    t->base = b->model->types[SOAPC_BUILTIN_ANY_TYPE];
    t->content = SOAPC_CONTENT_ELEMENTS;
    t->particle = t->own_particle = sequence;
    t->attributes = t->own_attributes = (struct soapc_attribute_uses){ 0 };
    t->any_attribute = t->own_any_attribute = NULL;
    t->encoded_array = true;
}

/* "xsd:int[][]" is an array of arrays: each pair of brackets but the first is an anonymous type more. */
static struct soapc_type *item_nested(struct soapc_builder *b, const struct soapc_type *t,
                                      struct soapc_type *item)
{
    const char *context = t->name.local ? t->name.local : t->context;
    const char *bracket = t->array_item ? strchr(t->array_item, '[') : NULL;
    while (bracket && (bracket = strchr(bracket + 1, '[')) != NULL) {
        struct soapc_type *array = SOAPC_NEW(b, struct soapc_type);
        context = soapc_pool_join(b->pool, context, "/item", "");
        *array = (struct soapc_type){ .name = { .ns = t->name.ns },
                                      .context = context,
                                      .place = t->place,
                                      .index = (uint32_t)b->model->type_count,
                                      .complex = true,
                                      .derivation = SOAPC_BY_RESTRICTION };
        struct soapc_type **slot = SOAPC_PUSH(b, b->model->types, b->model->type_count, b->model->type_cap);
        *slot = array;
        array_settle(b, array, item);
        item = array;
    }
    return item;
}

static bool is_array(const struct soapc_type *t)
{
    return t->complex && !t->is_builtin && t->base && t->base->name.local && is_encoding(t->base->name.ns) &&
           strcmp(t->base->name.local, "Array") == 0 && t->derivation == SOAPC_BY_RESTRICTION;
}

struct soapc_type *soapc_encoding_item(struct soapc_builder *b, const struct soapc_type *t)
{
    if (!is_array(t))
        return NULL;
    return t->array_item && !strchr(t->array_item, ',') ? item_named(b, t) : item_declared(t);
}

void soapc_encoding_settle(struct soapc_builder *b)
{
    struct soapc_model *m = b->model;
    if (!b->docs->soap_encoding)
        return;
    for (size_t i = 0; i < b->all_element_count; i++) {
        struct soapc_element *e = b->all_elements[i];
        e->type = soapc_encoding_plain(b, e->type);
    }
    for (size_t i = 0; i < m->type_count; i++) {
        struct soapc_type *t = m->types[i];
        if (!is_array(t) || is_encoding(t->name.ns))
            continue;
        struct soapc_type *item = t->array_item ? item_named(b, t) : item_declared(t);
        if (item)
            array_settle(b, t, item_nested(b, t, soapc_encoding_plain(b, item)));
    }
}
