/* model/catalog_test.c - the built-in statements of the standard schemas: each is sound by itself, and says
 * what the published schema says, component by component, where that is at hand ($SOAPBARK_ONVIF, or
 * ../shared/onvif; $SOAPBARK_PUBLISHED names a folder with more, by the catalog's file names).
 */
#include "load/catalog.h"

#include "model/model_testing.h"
#include "testkit.h"

#include <sys/stat.h>

static struct test_world world;

static void entry_load(const struct soapc_catalog_entry *entry)
{
    const struct test_file own[] = { { entry->name, (const char *)entry->text }, { NULL, NULL } };
    test_load(&world, own);
}

/* ---- what a component is, as a line of text ---- */

static void name_write(struct bark_out *o, struct soapc_name name)
{
    bark_out_text(o, name.local ? name.ns : "");
    bark_out_byte(o, '|');
    bark_out_text(o, name.local ? name.local : "(anonymous)");
}

static void number_write(struct bark_out *o, uint32_t number)
{
    if (number == SOAPC_UNBOUNDED)
        bark_out_byte(o, '*');
    else
        bark_out_u64(o, number);
}

static void wildcard_write(struct bark_out *o, const struct soapc_wildcard *w)
{
    bark_out_text(o, " any(");
    bark_out_u64(o, w->mode);
    bark_out_u64(o, w->process);
    for (size_t i = 0; i < w->namespace_count; i++) {
        bark_out_byte(o, ' ');
        bark_out_text(o, w->namespaces[i]);
    }
    bark_out_byte(o, ')');
}

/* A type's content, in prefix form. A group inside another of the same kind, once, is the other's own. */
static void particle_write(struct bark_out *o, const struct soapc_particle *root)
{
    static const char *const words[] = {
        [SOAPC_PARTICLE_SEQUENCE] = " seq", [SOAPC_PARTICLE_CHOICE] = " choice", [SOAPC_PARTICLE_ALL] = " all"
    };
    struct {
        const struct soapc_particle *p;
        size_t next;
    } stack[64];
    size_t depth = 1;
    stack[0].p = root;
    stack[0].next = 0;
    while (depth > 0) {
        const struct soapc_particle *p = stack[depth - 1].p;
        const bool leaf = p->kind == SOAPC_PARTICLE_ELEMENT || p->kind == SOAPC_PARTICLE_ANY;
        if (stack[depth - 1].next == 0) {
            if (p->kind == SOAPC_PARTICLE_ELEMENT) {
                bark_out_byte(o, ' ');
                name_write(o, p->element->name);
                bark_out_text(o, p->element->global ? "" : ":");
                if (!p->element->global)
                    name_write(o, p->element->type->name);
            } else if (p->kind == SOAPC_PARTICLE_ANY) {
                wildcard_write(o, p->wildcard);
            } else {
                bark_out_text(o, words[p->kind]);
                bark_out_byte(o, '[');
            }
        }
        if (!leaf && stack[depth - 1].next < p->count && depth < 64) {
            stack[depth].p = p->items[stack[depth - 1].next++];
            stack[depth].next = 0;
            depth++;
            continue;
        }
        bark_out_text(o, leaf ? "{" : " ]{");
        number_write(o, p->min);
        bark_out_byte(o, ',');
        number_write(o, p->max);
        bark_out_byte(o, '}');
        depth--;
    }
}

static void attributes_write(struct bark_out *o, const struct soapc_type *t)
{
    const char *last = "";
    for (size_t n = 0; n < t->attributes.count; n++) { /* by name: their order says nothing */
        const struct soapc_attribute_use *least = NULL;
        for (size_t i = 0; i < t->attributes.count; i++) {
            const struct soapc_attribute_use *use = t->attributes.items[i];
            if (strcmp(use->attribute->name.local, last) > 0 &&
                (!least || strcmp(use->attribute->name.local, least->attribute->name.local) < 0))
                least = use;
        }
        if (!least)
            break; /* two of one local name: ours have none */
        last = least->attribute->name.local;
        bark_out_text(o, " @");
        name_write(o, least->attribute->name);
        bark_out_byte(o, ':');
        name_write(o, least->attribute->type->name);
        bark_out_text(o, least->required ? "!" : "");
        bark_out_text(o, least->default_text ? "=" : "");
        bark_out_text(o, least->default_text ? least->default_text : "");
    }
    if (t->any_attribute) {
        bark_out_text(o, " @");
        wildcard_write(o, t->any_attribute);
    }
}

static void facets_write(struct bark_out *o, const struct soapc_facets *facets)
{
    for (size_t i = 0; i < facets->count; i++) {
        const struct soapc_facet *f = &facets->items[i];
        if (f->builtin)
            continue;
        bark_out_text(o, " facet ");
        bark_out_u64(o, f->kind);
        bark_out_byte(o, '=');
        if (f->kind == BARK_FACET_PATTERN) /* ours are in our own words */
            continue;
        bark_out_text(o, f->qname.local ? f->qname.local : f->text);
    }
}

static const char *type_text(const struct soapc_type *t, char *text, size_t size)
{
    struct bark_out o;
    bark_out_init(&o, text, size - 1);
    name_write(&o, t->name);
    bark_out_text(&o, t->complex                  ? " complex"
                      : t->variety == SOAPC_LIST  ? " list"
                      : t->variety == SOAPC_UNION ? " union"
                                                  : " simple");
    bark_out_text(&o, t->mixed ? " mixed" : "");
    bark_out_text(&o, t->abstract ? " abstract" : "");
    bark_out_text(&o, " of ");
    if (t->base)
        name_write(&o, t->base->name);
    if (t->item)
        name_write(&o, t->item->name);
    for (size_t i = 0; i < t->member_count; i++)
        name_write(&o, t->members[i]->name);
    facets_write(&o, t->value ? &t->value->facets : &t->facets);
    if (t->particle)
        particle_write(&o, t->particle);
    attributes_write(&o, t);
    text[o.pos] = '\0';
    return text;
}

enum { TEXT_MAX = 8192 };

static void elements_compare(const struct soapc_model *from, const struct soapc_model *to, const char *ns)
{
    static char x[TEXT_MAX], y[TEXT_MAX];
    for (size_t i = 0; i < from->element_count; i++) {
        const struct soapc_element *a = from->elements[i], *b;
        if (strcmp(a->name.ns, ns) != 0)
            continue;
        b = soapc_model_element(to, ns, a->name.local);
        CHECK_IN(a->name.local, b != NULL);
        if (!b)
            continue;
        CHECK_IN(a->name.local, a->nillable == b->nillable && a->abstract == b->abstract);
        CHECK_IN(a->name.local, !a->default_text == !b->default_text);
        CHECK_TEXT(type_text(a->type, x, sizeof x), type_text(b->type, y, sizeof y));
    }
}

/* Everything that one model declares in a namespace, the other declares alike. */
static void globals_compare(const struct soapc_model *from, const struct soapc_model *to, const char *ns)
{
    static char x[TEXT_MAX], y[TEXT_MAX];
    for (size_t i = 0; i < from->type_count; i++) {
        const struct soapc_type *a = from->types[i], *b;
        if (!a->name.local || strcmp(a->name.ns, ns) != 0)
            continue;
        b = soapc_model_type(to, ns, a->name.local);
        CHECK_IN(a->name.local, b != NULL);
        if (b)
            CHECK_TEXT(type_text(a, x, sizeof x), type_text(b, y, sizeof y));
    }
    elements_compare(from, to, ns);
    for (size_t i = 0; i < from->attribute_count; i++) {
        bool found = strcmp(from->attributes[i]->name.ns, ns) != 0;
        for (size_t n = 0; n < to->attribute_count; n++)
            found = found || (strcmp(to->attributes[n]->name.ns, ns) == 0 &&
                              strcmp(to->attributes[n]->name.local, from->attributes[i]->name.local) == 0);
        CHECK_IN(from->attributes[i]->name.local, found);
    }
    for (size_t i = 0; i < from->message_count; i++) {
        bool found = strcmp(from->messages[i]->name.ns, ns) != 0;
        for (size_t n = 0; n < to->message_count; n++)
            found = found || strcmp(to->messages[n]->name.local, from->messages[i]->name.local) == 0;
        CHECK_IN(from->messages[i]->name.local, found);
    }
    for (size_t i = 0; i < from->port_type_count; i++)
        CHECK_IN(from->port_types[i]->name.local,
                 i < to->port_type_count && to->port_types[i]->count == from->port_types[i]->count);
}

static void entry_compare(const struct soapc_catalog_entry *entry, const char *folder, const char *name)
{
    entry_load(entry);
    struct test_world ours = world;
    test_load_file(&world, folder, name);
    CHECK_TEXT(world.messages, "");
    CHECK_IN(name, ours.model && world.model);
    if (ours.model && world.model) {
        globals_compare(world.model, ours.model, entry->ns);
        globals_compare(ours.model, world.model, entry->ns);
    }
    test_free(&ours);
    test_free(&world);
}

TEST(the_catalog_declares_what_the_published_schemas_do)
{
    static const struct {
        const char *ns, *file;
    } files[] = {
        { "http://www.w3.org/XML/1998/namespace", "imports/xml.xsd" },
        { "http://www.w3.org/2005/05/xmlmime", "imports/xmlmime" },
        { "http://www.w3.org/2004/08/xop/include", "imports/include" },
        { "http://schemas.xmlsoap.org/soap/envelope/", "imports/envelope" },
        { "http://www.w3.org/2005/08/addressing", "imports/ws-addr.xsd" },
        { "http://docs.oasis-open.org/wsrf/bf-2", "imports/bf-2.xsd" },
        { "http://docs.oasis-open.org/wsrf/r-2", "imports/r-2.xsd" },
        { "http://docs.oasis-open.org/wsrf/rw-2", "imports/rw-2.wsdl" },
        { "http://docs.oasis-open.org/wsn/t-1", "imports/t-1.xsd" },
        { "http://docs.oasis-open.org/wsn/b-2", "imports/b-2.xsd" },
        { "http://docs.oasis-open.org/wsn/bw-2", "imports/bw-2.wsdl" },
        { "http://schemas.xmlsoap.org/ws/2005/04/discovery", "imports/ws-discovery.xsd" },
    };
    const char *folder = test_onvif_folder();
    if (!folder)
        SKIP("no ONVIF files");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct soapc_catalog_entry *entry = soapc_catalog_find(files[i].ns, strlen(files[i].ns));
        CHECK_IN(files[i].ns, entry != NULL);
        if (entry)
            entry_compare(entry, folder, files[i].file);
    }
}

TEST(the_catalog_declares_what_more_published_schemas_do)
{
    const char *folder = getenv("SOAPBARK_PUBLISHED");
    size_t count;
    const struct soapc_catalog_entry *entries = soapc_catalog_entries(&count);
    if (!folder)
        SKIP("no SOAPBARK_PUBLISHED");
    for (size_t i = 0; i < count; i++) {
        char path[1024];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", folder, entries[i].name);
        if (stat(path, &st) == 0)
            entry_compare(&entries[i], folder, entries[i].name);
    }
}

static bool entry_declares(const struct soapc_model *m, const char *ns)
{
    for (size_t i = 0; i < m->element_count; i++)
        if (strcmp(m->elements[i]->name.ns, ns) == 0)
            return true;
    for (size_t i = 0; i < m->attribute_count; i++)
        if (strcmp(m->attributes[i]->name.ns, ns) == 0)
            return true;
    for (size_t i = 0; i < m->message_count; i++)
        if (strcmp(m->messages[i]->name.ns, ns) == 0)
            return true;
    return false;
}

TEST(every_statement_is_sound_and_of_its_namespace)
{
    size_t count;
    const struct soapc_catalog_entry *entries = soapc_catalog_entries(&count);
    CHECK(count > 40);
    for (size_t i = 0; i < count; i++) {
        entry_load(&entries[i]);
        CHECK_TEXT(world.messages, "");
        CHECK_IN(entries[i].name, world.model != NULL);
        CHECK_IN(entries[i].name, world.model && entry_declares(world.model, entries[i].ns));
        CHECK_IN(entries[i].name, soapc_catalog_find(entries[i].ns, strlen(entries[i].ns)) == &entries[i]);
        test_free(&world);
    }
}

TEST_MAIN(RUN(every_statement_is_sound_and_of_its_namespace)
              RUN(the_catalog_declares_what_the_published_schemas_do)
                  RUN(the_catalog_declares_what_more_published_schemas_do))
