/* tests/json/schemas_test.c - real schemas: compiled in memory, proved, printed, and filled with random
 * messages that must agree in JSON and XML; then the same images damaged.
 *
 * The examples are always there; the official ONVIF files when they stand in $SOAPBARK_ONVIF or
 * ../shared/onvif.
 */
#include "emit/image.h"
#include "json_property.h"
#include "load/load.h"
#include "lower/plan.h"
#include "model/model.h"
#include "table/print.h"

#include <stdio.h>

enum { MESSAGES_PER_ROOT = 5, DAMAGES = 400, PRINT_BYTES = 1 << 21 };

/* Compiles a file into an image in memory. */
static bool schema_compile(const char *path, enum soapc_polymorphic rule, struct soapc_image *image)
{
    const struct soapc_lower_options lower = { .all_elements = true, .polymorphic = rule };
    const struct soapc_load_options load = { .paths = NULL };
    struct soapc_diag *diag = soapc_diag_new();
    struct soapc_documents *docs = diag ? soapc_load(path, &load, diag) : NULL;
    struct soapc_model *model = docs ? soapc_model_new(docs) : NULL;
    const bool done = model && diag->error_count == 0 && soapc_image_build(model, &lower, diag, image);
    if (model)
        soapc_model_free(model);
    if (docs)
        soapc_documents_free(docs);
    soapc_diag_free(diag);
    return done;
}

static void image_print_check(const char *path, const struct bark_image *image)
{
    char *text = malloc(PRINT_BYTES);
    struct bark_out out;
    if (!text)
        return;
    bark_out_init(&out, text, PRINT_BYTES);
    bark_image_print(image, &out);
    CHECK_IN(path, bark_out_ok(&out));
    CHECK_IN(path, out.pos > 6 && memcmp(text, "image ", 6) == 0);
    free(text);
}

/* A random byte of the rows gets the value of another one; what is still accepted runs a message of a random
 * root. Nothing is expected but that no sanitizer speaks. */
static void damage_run(const struct bark_image *good)
{
    static struct jp_maker maker;
    struct bark_arena arena;
    uint8_t *copy = malloc(good->size);
    void *memory = malloc(JP_ARENA), *slots = malloc(JP_ARENA);
    char *room = malloc(3 * (size_t)JP_TEXT);
    unsigned i;
    maker.image = good;
    maker.random = 9765;
    bark_arena_init(&maker.arena, slots, JP_ARENA);
    for (i = 0; i < DAMAGES && copy && memory && room && good->root_count > 0; i++) {
        const uint16_t root = (uint16_t)jp_random(&maker, bark_root_end(good));
        const uint32_t rows = (uint32_t)(good->pool - good->base);
        struct bark_image image;
        struct bark_error err;
        void *msg;
        memcpy(copy, good->base, good->size);
        copy[128 + jp_random(&maker, rows - 128)] = copy[128 + jp_random(&maker, rows - 128)];
        if (bark_root_type(good, root) == BARK_NONE || !json_message_make(&maker, root, room, JP_TEXT) ||
            bark_image_open(&image, (struct bark_slice){ copy, good->size }, &err) != BARK_OK)
            continue;
        bark_arena_init(&arena, memory, JP_ARENA);
        if (bark_root_type(&image, root) != BARK_NONE &&
            bark_decode_json(&image, root, (struct bark_slice){ (const uint8_t *)room, strlen(room) },
                             &bark_limits_server, &arena, &msg, &err) == BARK_OK)
            (void)!jp_encode(&image, root, msg, &arena, room + JP_TEXT, room + 2 * (size_t)JP_TEXT, &err);
    }
    free(copy);
    free(memory);
    free(slots);
    free(room);
}

static void schema_check(const char *path, enum soapc_polymorphic rule)
{
    struct soapc_image compiled = { .memory = NULL };
    struct bark_error err;
    struct bark_image image;
    CHECK_IN(path, schema_compile(path, rule, &compiled));
    CHECK_IN(path, bark_image_open(&image, compiled.bytes, &err) == BARK_OK);
    if (image.base) {
        const struct jp_sum sum = json_property_check(&image, MESSAGES_PER_ROOT, 20170718);
        CHECK_IN(path, sum.made > 0);
        CHECK_IN(path, sum.valid > sum.made / 4);
        printf("# %s: %zu bytes, %u roots, %lu messages, %lu valid\n", path, image.size,
               (unsigned)image.root_count, sum.made, sum.valid);
        image_print_check(path, &image);
        damage_run(&image);
    }
    soapc_image_free(&compiled);
}

TEST(examples)
{
    schema_check("examples/thermostat/thermostat.wsdl", SOAPC_POLYMORPHIC_COMPLEX);
    schema_check("examples/device/device.wsdl", SOAPC_POLYMORPHIC_ALL);
}

/* Elements of several types, of simple ones too. */
TEST(types_by_name)
{
    schema_check("cases/compile/zoo.xsd", SOAPC_POLYMORPHIC_COMPLEX);
    schema_check("cases/compile/zoo.xsd", SOAPC_POLYMORPHIC_ALL);
}

/* FocusOptions20Extension of imaging.wsdl has ##any before an element, against [XSD1 3.8.6]. */
TEST(onvif)
{
    static const char *const files[] = { "ver10/device/wsdl/devicemgmt.wsdl",
                                         "ver20/media/wsdl/media.wsdl",
                                         "ver10/events/wsdl/event.wsdl",
                                         "ver20/ptz/wsdl/ptz.wsdl",
                                         "ver20/imaging/wsdl/imaging.wsdl",
                                         "ver20/analytics/wsdl/analytics.wsdl",
                                         "ver10/advancedsecurity/wsdl/advancedsecurity.wsdl",
                                         "ver10/recording.wsdl" };
    const char *folder = getenv("SOAPBARK_ONVIF");
    char path[1024];
    FILE *file;
    size_t i;
    if (!folder)
        folder = "../shared/onvif";
    snprintf(path, sizeof path, "%s/%s", folder, files[0]);
    file = fopen(path, "rb");
    if (!file)
        SKIP("the official ONVIF files are not here (SOAPBARK_ONVIF)");
    fclose(file);
    for (i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        schema_check(path, SOAPC_POLYMORPHIC_COMPLEX);
    }
}

TEST_MAIN(RUN(examples) RUN(types_by_name) RUN(onvif))
