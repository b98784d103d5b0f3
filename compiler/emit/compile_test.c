/* emit/compile_test.c - whole runs: from the files of cases/compile to golden C, and over the real files of
 * ../shared where they are.
 *
 * SOAPBARK_UPDATE=1 writes the golden files anew; the difference is then a reviewer's to judge.
 */
#define _POSIX_C_SOURCE 200809L /* popen, clock_gettime */
#include "emit/bill.h"
#include "emit/c.h"
#include "emit/image.h"
#include "load/load.h"
#include "model/model_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "testkit.h"

/* Everything that one compilation gives. */
struct output {
    struct soapc_diag *diag;
    struct soapc_plan *plan;
    struct soapc_model *model;
    struct soapc_text header, source;
};

static void output_free(struct output *o)
{
    soapc_text_free(&o->header);
    soapc_text_free(&o->source);
    soapc_plan_free(o->plan);
    soapc_model_free(o->model);
    soapc_diag_free(o->diag);
}

static void diag_show(const struct soapc_diag *diag)
{
    static uint8_t bytes[1 << 16];
    struct bark_out out;
    bark_out_init(&out, bytes, sizeof bytes);
    soapc_diag_print(diag, &out);
    testkit_fail(__FILE__, __LINE__, "%.*s", (int)out.pos, (const char *)bytes);
}

/* True when the file compiled; *o is to be freed in any case. */
static bool compile(const char *path, const struct soapc_c_options *c,
                    const struct soapc_lower_options *options, struct output *o)
{
    const struct soapc_load_options load = { .path_count = 0 };
    *o = (struct output){ .diag = soapc_diag_new() };
    struct soapc_documents *documents = soapc_load(path, &load, o->diag);
    if (documents && o->diag->error_count == 0)
        o->model = soapc_model_new(documents);
    soapc_documents_free(documents);
    if (o->model && o->diag->error_count == 0)
        o->plan = soapc_lower(o->model, options, o->diag);
    if (!o->plan)
        return false;
    soapc_emit_header(o->plan, c, &o->header);
    soapc_emit_source(o->plan, c, &o->source);
    return true;
}

static bool image_opens(const char *label, const struct soapc_plan *plan, size_t *size)
{
    struct soapc_image image;
    struct bark_image opened;
    struct bark_error err = { 0 };
    if (!soapc_image_of_plan(plan, &image))
        return false;
    bool good = bark_image_open(&opened, image.bytes, &err) == BARK_OK;
    if (!good)
        testkit_fail(__FILE__, __LINE__, "%s: %s", label, err.rule);
    *size = image.bytes.len;
    soapc_image_free(&image);
    return good;
}

static void golden_check(const char *path, const struct soapc_text *text)
{
    static char bytes[1 << 20];
    FILE *file;
    if (getenv("SOAPBARK_UPDATE")) {
        file = fopen(path, "wb");
        CHECK_IN(path, file && fwrite(text->bytes, 1, text->len, file) == text->len);
    } else {
        file = fopen(path, "rb");
        size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        CHECK_IN(path, size == text->len && memcmp(bytes, text->bytes, size) == 0);
    }
    if (file)
        fclose(file);
}

static const char *const slice_names[] = { "GetUsers" };

static const struct {
    const char *file, *name, *command;
    struct soapc_lower_options options;
} golden[] = {
    { "users.wsdl", "users", "soapbark compile users.wsdl", { .operation_count = 0 } },
    { "users.wsdl",
      "users_slice",
      "soapbark compile users.wsdl --operations GetUsers --name users_slice",
      { .operations = slice_names, .operation_count = 1 } },
    { "shapes.xsd", "shapes", "soapbark compile shapes.xsd", { .operation_count = 0 } },
    { "sum.wsdl", "sum", "soapbark compile sum.wsdl", { .operation_count = 0 } },
    { "zoo.xsd", "zoo", "soapbark compile zoo.xsd", { .operation_count = 0 } },
    { "zoo.xsd",
      "zoo_all",
      "soapbark compile zoo.xsd --name zoo_all --polymorphic all",
      { .polymorphic = SOAPC_POLYMORPHIC_ALL } },
};

TEST(cases_give_their_golden_files)
{
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        const struct soapc_c_options c = { golden[i].name, golden[i].command, false, false };
        char path[512];
        struct output once, again;
        size_t size;
        snprintf(path, sizeof path, "%s/cases/compile/%s", SOAPBARK_SOURCE_DIR, golden[i].file);
        if (!compile(path, &c, &golden[i].options, &once))
            diag_show(once.diag);
        CHECK_IN(path, compile(path, &c, &golden[i].options, &again));
        if (once.plan && again.plan) {
            CHECK_IN(path, once.header.len == again.header.len && once.source.len == again.source.len);
            CHECK_IN(path, memcmp(once.header.bytes, again.header.bytes, once.header.len) == 0);
            CHECK_IN(path, memcmp(once.source.bytes, again.source.bytes, once.source.len) == 0);
            CHECK_IN(path, image_opens(path, once.plan, &size));
            snprintf(path, sizeof path, "%s/cases/compile/%s.h.golden", SOAPBARK_SOURCE_DIR, golden[i].name);
            golden_check(path, &once.header);
            snprintf(path, sizeof path, "%s/cases/compile/%s.c.golden", SOAPBARK_SOURCE_DIR, golden[i].name);
            golden_check(path, &once.source);
        }
        output_free(&once);
        output_free(&again);
    }
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static size_t lines_count(const struct soapc_text *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->len; i++)
        lines += text->bytes[i] == '\n';
    return lines;
}

TEST(onvif_device_service_figures)
{
    static const char file[] = "ver10/device/wsdl/devicemgmt.wsdl";
    const char *folder = test_onvif_folder();
    const struct soapc_c_options c = { "devicemgmt", "soapbark compile devicemgmt.wsdl", false, false };
    const struct soapc_lower_options options = { .operation_count = 0 };
    char path[512];
    struct output o;
    size_t size = 0;
    if (!folder)
        SKIP("the ONVIF files are not here");
    snprintf(path, sizeof path, "%s/%s", folder, file);
    const double start = seconds();
    if (!compile(path, &c, &options, &o))
        diag_show(o.diag);
    const double took = seconds() - start;
    if (o.plan && image_opens(path, o.plan, &size)) {
        printf("# devicemgmt.wsdl: %.3f s, %zu lines of C, %zu operations, %zu bytes of tables, %zu an "
               "operation, "
               "%zu fields\n",
               took, lines_count(&o.header) + lines_count(&o.source), o.plan->operation_count, size,
               size / o.plan->operation_count, o.plan->rows.count[BARK_SECTION_FIELDS]);
        CHECK(size / o.plan->operation_count < 1024); /* DESIGN: under 1 KB an operation */
    }
    output_free(&o);
}

/* Each is digested, or refused with a message; what is digested opens. */
TEST(real_files_never_crash_the_compiler)
{
    const struct soapc_c_options c = { "real", "soapbark compile", false, false };
    const struct soapc_lower_options options = { .all_elements = true };
    char line[1024];
    size_t good = 0, refused = 0, size;
    FILE *files =
        popen("find '" SOAPBARK_SOURCE_DIR "/../shared/wsdl' '" SOAPBARK_SOURCE_DIR "/../shared/onvif' "
              "-name '*.wsdl' -o -name '*.xsd' 2>/dev/null",
              "r");
    while (files && fgets(line, sizeof line, files)) {
        struct output o;
        line[strcspn(line, "\n")] = '\0';
        if (compile(line, &c, &options, &o)) {
            CHECK_IN(line, image_opens(line, o.plan, &size));
            good++;
        } else {
            CHECK_IN(line, o.diag->error_count > 0);
            refused++;
        }
        output_free(&o);
    }
    if (files)
        pclose(files);
    if (good + refused == 0)
        SKIP("the real files are not here");
    printf("# %zu real files digested, %zu refused\n", good, refused);
    CHECK(good > refused);
}

TEST_MAIN(RUN(cases_give_their_golden_files) RUN(onvif_device_service_figures)
              RUN(real_files_never_crash_the_compiler))
