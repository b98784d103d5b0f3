/* model/official_test.c - the official ONVIF files, where they are at hand: $SOAPBARK_ONVIF, or
 * ../shared/onvif. Every one of them, as it is and offline.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "model/model_testing.h"
#include "testkit.h"

#include <dirent.h>
#include <sys/stat.h>
#include <time.h>

static struct test_world world;

TEST(the_device_service_resolves_offline)
{
    const char *folder = test_onvif_folder();
    struct timespec begin, end;
    if (!folder)
        SKIP("no ONVIF files");
    clock_gettime(CLOCK_MONOTONIC, &begin);
    test_load_file(&world, folder, "ver10/device/wsdl/devicemgmt.wsdl");
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

/* Loads one file and complains about anything that is said of it. */
static void file_check(const char *folder, const char *name)
{
    test_load_file(&world, folder, name);
    if (strcmp(name, "ver10/federatedsearch.wsdl") == 0) { /* imports an ISO schema by URL */
        CHECK(strstr(world.messages,
                     "federatedsearch.wsdl:14:4: error[E0104]: cannot find the import of namespace "
                     "'urn:mpeg:mpqf:schema:2008'") != NULL);
        CHECK(world.diag->error_count == 1);
    } else {
        CHECK_IN(name, world.messages[0] == '\0');
        CHECK_TEXT(world.messages, "");
    }
    test_free(&world);
}

/* Every WSDL and XSD below a folder; the list is a queue of folders, so that depth costs nothing. */
static size_t folder_check(const char *root)
{
    char queue[64][256] = { "ver10", "ver20" };
    size_t count = 2, files = 0;
    for (size_t i = 0; i < count; i++) {
        char path[1024];
        struct dirent *entry;
        snprintf(path, sizeof path, "%s/%s", root, queue[i]);
        DIR *d = opendir(path);
        CHECK_IN(path, d != NULL);
        while (d && (entry = readdir(d)) != NULL) {
            char name[600];
            struct stat st;
            const char *dot = strrchr(entry->d_name, '.');
            if (entry->d_name[0] == '.')
                continue;
            snprintf(name, sizeof name, "%s/%s", queue[i], entry->d_name);
            snprintf(path, sizeof path, "%s/%s", root, name);
            if (stat(path, &st) != 0)
                continue;
            if (S_ISDIR(st.st_mode) && count < 64 && strlen(name) < sizeof queue[0]) {
                memcpy(queue[count++], name, strlen(name) + 1);
            } else if (dot && (strcmp(dot, ".wsdl") == 0 || strcmp(dot, ".xsd") == 0)) {
                file_check(root, name);
                files++;
            }
        }
        if (d)
            closedir(d);
    }
    return files;
}

TEST(every_onvif_file_loads_or_names_what_is_absent)
{
    const char *folder = test_onvif_folder();
    if (!folder)
        SKIP("no ONVIF files");
    size_t files = folder_check(folder);
    printf("# %zu files\n", files);
    CHECK(files > 30);
}

TEST_MAIN(RUN(the_device_service_resolves_offline) RUN(every_onvif_file_loads_or_names_what_is_absent))
