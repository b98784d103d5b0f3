/* lower/roots_test.c - which requests and answers share a row, and what the image says of them.
 */
#include "emit/image.h"
#include "lower/model_kit.h"

#include "testkit.h"

enum { OPERATIONS_MAX = 3 };

/* Operations, and how many rows their roots take; the names of the rows. */
static const struct {
    const char *label;
    struct {
        const char *name, *in, *out; /* out "": one way */
    } operations[OPERATIONS_MAX];
    const char *rows;
    bool paired[OPERATIONS_MAX];
} pair_cases[] = {
    { "as ONVIF does",
      { { "Get", "Get", "GetResponse" }, { "Set", "Set", "SetResponse" } },
      "Get Set ",
      { true, true } },
    { "request and response", { { "Get", "GetRequest", "GetResponse" } }, "Get ", { true } },
    { "another name", { { "fetch", "GetRequest", "GetResponse" } }, "Get ", { true } },
    { "response alone, another name", { { "fetch", "Get", "GetResponse" } }, "Get ", { true } },
    { "nothing alike", { { "Get", "Ask", "Answer" } }, "Ask Answer ", { false } },
    { "another end", { { "Get", "GetRequest", "GetReply" } }, "GetRequest GetReply ", { false } },
    { "one way", { { "Tell", "TellRequest", "" } }, "Tell ", { false } },
    { "only Request", { { "Get", "Request", "Response" } }, "Request Response ", { false } },
    { "same on both ways", { { "Echo", "Echo", "Echo" } }, "Echo ", { false } },
    { "a shared answer", { { "A", "A", "AResponse" }, { "B", "B", "AResponse" } }, "A B ", { true, false } },
    { "a shared request",
      { { "A", "A", "AResponse" }, { "A", "A", "BResponse" } },
      "A BResponse ",
      { true, false } },
    { "an answer that asks",
      { { "A", "A", "AResponse" }, { "AResponse", "AResponse", "B" } },
      "A B ",
      { true, false } },
    { "asked for before",
      { { "AResponse", "AResponse", "" }, { "A", "A", "AResponse" } },
      "AResponse A ",
      { false, false } },
    { "prefixes", { { "Get", "GetAll", "GetAllResponse" } }, "GetAll ", { true } },
};

static struct soapc_element *element_of(const char *name)
{
    for (size_t i = 0; i < kit.element_count; i++)
        if (strcmp(kit.elements[i]->name.local, name) == 0)
            return kit.elements[i];
    return kit_element(name, kit_builtin(SOAPC_BUILTIN_STRING), true);
}

static bool root_is(const struct bark_image *image, uint16_t root, const char *name)
{
    return bark_root_is(image, root, (struct bark_slice){ (const uint8_t *)name, strlen(name) });
}

/* The image says of each operation what the model does. */
static void operations_check(const struct bark_image *image, size_t index)
{
    const char *label = pair_cases[index].label;
    for (uint16_t i = 0; i < OPERATIONS_MAX && pair_cases[index].operations[i].name; i++) {
        const char *name = pair_cases[index].operations[i].name, *out = pair_cases[index].operations[i].out;
        const struct bark_slice own = bark_operation_name(image, i);
        const uint16_t output = bark_operation_output(image, i);
        CHECK_IN(label, own.len == strlen(name) && memcmp(own.ptr, name, own.len) == 0);
        CHECK_IN(label, root_is(image, image->operations[i].input, pair_cases[index].operations[i].in));
        CHECK_IN(label, *out ? root_is(image, output, out) : output == BARK_NONE);
        CHECK_IN(label,
                 !(bark_operation_flags(image, i) & BARK_OPERATION_PAIRED) != pair_cases[index].paired[i]);
    }
}

static void rows_check(const struct bark_image *image, const char *label, const char *want)
{
    char names[256];
    size_t at = 0;
    for (size_t i = 0; i < image->root_count; i++) {
        const struct bark_slice name = bark_image_name(image, image->roots[i].name);
        at += (size_t)snprintf(names + at, sizeof names - at, "%.*s ", (int)name.len, (const char *)name.ptr);
    }
    if (strcmp(names, want) != 0)
        testkit_fail(__FILE__, __LINE__, "%s: rows %s, not %s", label, names, want);
}

TEST(requests_and_answers_share_rows)
{
    for (size_t i = 0; i < sizeof pair_cases / sizeof *pair_cases; i++) {
        const struct soapc_lower_options options = { .operation_count = 0 };
        struct soapc_diag *diag = soapc_diag_new();
        struct soapc_image bytes = { .memory = NULL };
        struct bark_image image = { 0 };
        struct bark_error err = { 0 };
        kit_begin();
        struct soapc_binding *binding = kit_service("Port");
        for (size_t k = 0; k < OPERATIONS_MAX && pair_cases[i].operations[k].name; k++) {
            const char *out = pair_cases[i].operations[k].out;
            struct soapc_element *in = element_of(pair_cases[i].operations[k].in);
            kit_operation(binding, pair_cases[i].operations[k].name, in, *out ? element_of(out) : NULL);
        }
        CHECK_IN(pair_cases[i].label, soapc_image_build(&kit, &options, diag, &bytes));
        CHECK_IN(pair_cases[i].label, bark_image_open(&image, bytes.bytes, &err) == BARK_OK);
        if (image.base) {
            operations_check(&image, i);
            rows_check(&image, pair_cases[i].label, pair_cases[i].rows);
        } else {
            testkit_fail(__FILE__, __LINE__, "%s: %s", pair_cases[i].label, err.rule ? err.rule : "no image");
        }
        soapc_image_free(&bytes);
        soapc_diag_free(diag);
    }
}

TEST_MAIN(RUN(requests_and_answers_share_rows))
