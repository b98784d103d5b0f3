/* lower/model_kit.h - small models made by hand, for tests of the stages behind the model.
 *
 * Only tests include it. Components live in one static block; kit_begin() forgets the model before.
 */
#ifndef SOAPC_LOWER_MODEL_KIT_H
#define SOAPC_LOWER_MODEL_KIT_H

#include "model/model.h"

#include <string.h>

enum { KIT_TYPES = 128, KIT_ITEMS = 64, KIT_BYTES = 1 << 20 };

static struct soapc_model kit; /* a test program may keep state */
static struct soapc_type *kit_types[KIT_TYPES];
static struct soapc_element *kit_elements[KIT_ITEMS];
static struct soapc_namespace kit_namespaces[8];
static struct soapc_port_type *kit_port_types[4];
static struct soapc_binding *kit_bindings[4];
static uint64_t kit_memory[KIT_BYTES / 8];
static size_t kit_used;

#define KIT_NS "http://example.org/kit"

static inline void *kit_alloc(size_t size)
{
    void *memory = (uint8_t *)kit_memory + kit_used;
    kit_used += (size + 15) / 16 * 16;
    return memory;
}

static inline struct soapc_type *kit_type(const char *local, bool complex, enum soapc_builtin builtin)
{
    struct soapc_type *t = kit_alloc(sizeof *t);
    *t = (struct soapc_type){ .name = { KIT_NS, local },
                              .complex = complex,
                              .builtin = builtin,
                              .place = SOAPC_NOWHERE,
                              .index = (uint32_t)kit.type_count };
    kit_types[kit.type_count++] = t;
    return t;
}

static inline void kit_begin(void)
{
    static const struct {
        const char *name;
        enum bark_kind kind;
    } rows[] = {
#define X(id, text, base, row_kind) { text, row_kind },
        SOAPC_BUILTINS(X)
#undef X
    };
    memset(kit_memory, 0, kit_used);
    kit_used = 0;
    kit = (struct soapc_model){ .types = kit_types,
                                .elements = kit_elements,
                                .namespaces = kit_namespaces,
                                .port_types = kit_port_types,
                                .bindings = kit_bindings,
                                .target_ns = KIT_NS };
    kit_namespaces[kit.namespace_count++] = (struct soapc_namespace){ KIT_NS, "k", NULL, true };
    for (int i = 0; i < SOAPC_BUILTIN_COUNT; i++) {
        struct soapc_type *t = kit_type(rows[i].name, i == SOAPC_BUILTIN_ANY_TYPE, (enum soapc_builtin)i);
        t->name.ns = "http://www.w3.org/2001/XMLSchema";
        t->is_builtin = true;
        t->mixed = i == SOAPC_BUILTIN_ANY_TYPE;
        t->variety = rows[i].kind == BARK_KIND_LIST ? SOAPC_LIST : SOAPC_ATOMIC;
        t->item = rows[i].kind == BARK_KIND_LIST ? kit_types[SOAPC_BUILTIN_NMTOKEN] : NULL;
    }
}

static inline struct soapc_type *kit_builtin(enum soapc_builtin id)
{
    return kit_types[id];
}

static inline void kit_facet(struct soapc_type *t, enum bark_facet_kind kind, const char *text,
                             uint64_t number)
{
    if (!t->facets.items)
        t->facets.items = kit_alloc(KIT_ITEMS * sizeof *t->facets.items);
    t->facets.items[t->facets.count++] =
        (struct soapc_facet){ .kind = kind, .text = text, .number = number, .place = SOAPC_NOWHERE };
}

static inline struct soapc_element *kit_element(const char *local, struct soapc_type *type, bool global)
{
    struct soapc_element *e = kit_alloc(sizeof *e);
    *e = (struct soapc_element){
        .name = { KIT_NS, local }, .type = type, .global = global, .place = SOAPC_NOWHERE
    };
    if (global)
        kit_elements[kit.element_count++] = e;
    return e;
}

static inline struct soapc_particle *kit_particle(enum soapc_particle_kind kind, uint32_t min, uint32_t max)
{
    struct soapc_particle *p = kit_alloc(sizeof *p);
    *p = (struct soapc_particle){ .kind = kind, .min = min, .max = max, .place = SOAPC_NOWHERE };
    return p;
}

/* Puts a particle into another one, and returns it. */
static inline struct soapc_particle *kit_put(struct soapc_particle *in, struct soapc_particle *p)
{
    if (!in->items)
        in->items = kit_alloc(KIT_ITEMS * sizeof(struct soapc_particle *));
    in->items[in->count++] = p;
    return p;
}

static inline struct soapc_particle *kit_use(struct soapc_particle *in, struct soapc_element *e, uint32_t min,
                                             uint32_t max)
{
    struct soapc_particle *p = kit_put(in, kit_particle(SOAPC_PARTICLE_ELEMENT, min, max));
    p->element = e;
    return p;
}

static inline struct soapc_particle *kit_member(struct soapc_particle *in, const char *local,
                                                struct soapc_type *type, uint32_t min, uint32_t max)
{
    return kit_use(in, kit_element(local, type, false), min, max);
}

static inline struct soapc_particle *kit_any(struct soapc_particle *in, uint32_t min, uint32_t max)
{
    struct soapc_particle *p = kit_put(in, kit_particle(SOAPC_PARTICLE_ANY, min, max));
    p->wildcard = kit_alloc(sizeof *p->wildcard);
    *p->wildcard = (struct soapc_wildcard){ .mode = BARK_WILDCARD_NOT, .process = 1, .namespace_count = 1 };
    p->wildcard->namespaces = kit_alloc(sizeof(const char *));
    p->wildcard->namespaces[0] = KIT_NS;
    return p;
}

/* A complex type whose content is a sequence (or choice, or all) that is returned in *content. */
static inline struct soapc_type *kit_complex(const char *local, enum soapc_particle_kind kind,
                                             struct soapc_particle **content)
{
    struct soapc_type *t = kit_type(local, true, SOAPC_BUILTIN_ANY_TYPE);
    t->content = SOAPC_CONTENT_ELEMENTS;
    t->particle = *content = kit_particle(kind, 1, 1);
    return t;
}

static inline void kit_attribute(struct soapc_type *t, const char *local, struct soapc_type *type,
                                 bool required, const char *default_text)
{
    struct soapc_attribute_use *use = kit_alloc(sizeof *use);
    struct soapc_attribute *a = kit_alloc(sizeof *a);
    *a = (struct soapc_attribute){ .name = { "", local }, .type = type, .place = SOAPC_NOWHERE };
    *use = (struct soapc_attribute_use){
        .attribute = a, .required = required, .default_text = default_text, .place = SOAPC_NOWHERE
    };
    if (!t->attributes.items)
        t->attributes.items = kit_alloc(KIT_ITEMS * sizeof(struct soapc_attribute_use *));
    t->attributes.items[t->attributes.count++] = use;
}

/* A port type with a SOAP 1.2 document/literal binding. */
static inline struct soapc_binding *kit_service(const char *local)
{
    struct soapc_port_type *p = kit_alloc(sizeof *p);
    struct soapc_binding *b = kit_alloc(sizeof *b);
    *p = (struct soapc_port_type){ .name = { KIT_NS, local }, .place = SOAPC_NOWHERE };
    p->operations = kit_alloc(KIT_ITEMS * sizeof(struct soapc_operation *));
    *b = (struct soapc_binding){ .port_type = p, .protocol = SOAPC_PROTOCOL_SOAP12, .place = SOAPC_NOWHERE };
    b->operations = kit_alloc(KIT_ITEMS * sizeof(struct soapc_bound_operation *));
    kit_port_types[kit.port_type_count++] = p;
    kit_bindings[kit.binding_count++] = b;
    return b;
}

static inline void kit_operation(struct soapc_binding *b, const char *name, struct soapc_element *in,
                                 struct soapc_element *out)
{
    struct soapc_operation *o = kit_alloc(sizeof *o);
    struct soapc_bound_operation *bound = kit_alloc(sizeof *bound);
    *o = (struct soapc_operation){ .name = name, .place = SOAPC_NOWHERE };
    o->input.name = name;
    o->output.name = out ? name : NULL;
    *bound = (struct soapc_bound_operation){ .operation = o, .action = "urn:act", .place = SOAPC_NOWHERE };
    bound->input.root = in;
    bound->output.root = out;
    b->port_type->operations[b->port_type->count++] = o;
    b->operations[b->count++] = bound;
}

#endif
