/* model/official_test.c - the official ONVIF files, where they are at hand: $SOAPBARK_ONVIF, or
 * ../shared/onvif.
 *
 * The catalog's own statements are compared with the published schemas: the same global names, of the same
 * kinds and types.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "load/catalog.h"
#include "model/model_testing.h"
#include "testkit.h"

#include <sys/stat.h>
#include <time.h>

static struct test_world world;

static const char *folder_get(void)
{
    const char *folder = getenv("SOAPBARK_ONVIF");
    struct stat st;
    if (!folder)
        folder = "../shared/onvif";
    return stat(folder, &st) == 0 ? folder : NULL;
}

static void file_load(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    world = (struct test_world){ .diag = soapc_diag_new() };
    struct soapc_documents *docs = soapc_load(path, NULL, world.diag);
    world.model = docs ? soapc_model_new(docs) : NULL;
    soapc_documents_free(docs);
    struct bark_out out;
    bark_out_init(&out, world.messages, sizeof world.messages - 1);
    soapc_diag_print(world.diag, &out);
    world.messages[out.pos] = '\0';
}

TEST(the_device_service_resolves_offline)
{
    const char *folder = folder_get();
    struct timespec begin, end;
    if (!folder)
        SKIP("no ONVIF files");
    clock_gettime(CLOCK_MONOTONIC, &begin);
    file_load(folder, "ver10/device/wsdl/devicemgmt.wsdl");
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("# devicemgmt.wsdl: %ld ms\n",
           (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000);
    CHECK_TEXT(world.messages, "");
    const char *ns = "http://www.onvif.org/ver10/device/wsdl";
    struct soapc_binding *b = world.model ? soapc_model_binding(world.model, ns, "DeviceBinding") : NULL;
    CHECK(b && b->count > 90 && b->protocol == SOAPC_PROTOCOL_SOAP12);
    for (size_t i = 0; b && i < b->count; i++) {
        CHECK_IN(b->operations[i]->operation->name, b->operations[i]->unsupported == NULL);
        CHECK_IN(b->operations[i]->operation->name,
                 b->operations[i]->input.root && b->operations[i]->output.root);
    }
    struct soapc_type *t =
        soapc_model_type(world.model, "http://www.onvif.org/ver10/schema", "AttachmentData");
    CHECK(t && t->particle && t->particle->count == 1); /* holds xop:Include, from the catalog */
    for (size_t i = 0; i < world.model->namespace_count; i++)
        if (strcmp(world.model->namespaces[i].uri, ns) == 0)
            CHECK_TEXT(world.model->namespaces[i].prefix, "tds");
    test_free(&world);
}

/* What a global is, as one word to compare. */
static const char *type_word(const struct soapc_type *t, char *text, size_t size)
{
    const char *kind = t->complex                  ? t->content == SOAPC_CONTENT_SIMPLE ? "value"
                                                     : t->mixed                         ? "mixed"
                                                                                        : "complex"
                       : t->variety == SOAPC_LIST  ? "list"
                       : t->variety == SOAPC_UNION ? "union"
                                                   : "simple";
    snprintf(text, size, "%s:%s:%s:%zu%s", t->name.local ? t->name.local : "", kind,
             t->base && t->base->name.local ? t->base->name.local : "", t->attributes.count,
             t->any_attribute ? "+" : "");
    return text;
}

/* Everything that one model declares in a namespace, the other declares alike. */
static void globals_compare(const struct soapc_model *from, const struct soapc_model *to, const char *ns)
{
    char x[512], y[512];
    for (size_t i = 0; i < from->type_count; i++) {
        const struct soapc_type *a = from->types[i], *b;
        if (!a->name.local || strcmp(a->name.ns, ns) != 0)
            continue;
        b = soapc_model_type(to, ns, a->name.local);
        CHECK_IN(a->name.local, b != NULL);
        if (b)
            CHECK_TEXT(type_word(a, x, sizeof x), type_word(b, y, sizeof y));
    }
    for (size_t i = 0; i < from->element_count; i++) {
        const struct soapc_element *a = from->elements[i], *b;
        if (strcmp(a->name.ns, ns) != 0)
            continue;
        b = soapc_model_element(to, ns, a->name.local);
        CHECK_IN(a->name.local, b != NULL);
        if (b)
            CHECK_IN(a->name.local, a->nillable == b->nillable && a->abstract == b->abstract &&
                                        !a->default_text == !b->default_text);
        if (b)
            CHECK_TEXT(type_word(a->type, x, sizeof x), type_word(b->type, y, sizeof y));
    }
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
    };
    const char *folder = folder_get();
    if (!folder)
        SKIP("no ONVIF files");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const struct soapc_catalog_entry *entry = soapc_catalog_find(files[i].ns, strlen(files[i].ns));
        CHECK_IN(files[i].ns, entry != NULL);
        if (!entry)
            continue;
        const struct test_file own[] = { { entry->name, (const char *)entry->text }, { NULL, NULL } };
        test_load(&world, own);
        struct test_world ours = world;
        file_load(folder, files[i].file);
        CHECK_TEXT(world.messages, "");
        CHECK_IN(files[i].file, ours.model && world.model);
        if (ours.model && world.model) {
            globals_compare(world.model, ours.model, files[i].ns);
            globals_compare(ours.model, world.model, files[i].ns);
        }
        test_free(&ours);
        test_free(&world);
    }
}

TEST(onvif_files_load_or_name_what_is_absent)
{
    static const char *const files[] = {
        "ver10/media/wsdl/media.wsdl",
        "ver20/media/wsdl/media.wsdl",
        "ver10/events/wsdl/event.wsdl",
        "ver10/events/wsdl/event-vs.wsdl",
        "ver20/imaging/wsdl/imaging.wsdl",
        "ver20/ptz/wsdl/ptz.wsdl",
        "ver10/deviceio.wsdl",
        "ver20/analytics/wsdl/analytics.wsdl",
        "ver10/schema/metadatastream.xsd",
        "ver10/recording.wsdl",
        "ver10/appmgmt/wsdl/appmgmt.wsdl",
        "ver10/display/display.wsdl",
    };
    const char *folder = folder_get();
    if (!folder)
        SKIP("no ONVIF files");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        file_load(folder, files[i]);
        CHECK_TEXT(world.messages, "");
        test_free(&world);
    }
    file_load(folder, "ver10/federatedsearch.wsdl"); /* imports an ISO schema by URL */
    CHECK(strstr(world.messages,
                 "federatedsearch.wsdl:14:4: error[E0104]: cannot find the import of namespace "
                 "'urn:mpeg:mpqf:schema:2008'") != NULL);
    CHECK(world.diag->error_count == 1);
    test_free(&world);
}

TEST_MAIN(RUN(the_device_service_resolves_offline) RUN(the_catalog_declares_what_the_published_schemas_do)
              RUN(onvif_files_load_or_name_what_is_absent))
