/* model/model_testing.h - for tests: a model from texts in memory, and its diagnostics as one text. */
#ifndef SOAPC_MODEL_TESTING_H
#define SOAPC_MODEL_TESTING_H

#include "load/load.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>

/* The files of a small world; the list ends with a NULL name. */
struct test_file {
    const char *name, *text;
};

struct test_world {
    struct soapc_diag *diag;
    struct soapc_model *model; /* NULL when the first file cannot be read */
    char messages[16384]; /* all diagnostics as printed */
};

static bool test_read(void *context, const char *path, char **text, size_t *size)
{
    const struct test_file *files = context;
    for (; files->name; files++) {
        if (strcmp(files->name, path) != 0)
            continue;
        *size = strlen(files->text);
        *text = malloc(*size + 1);
        if (*text)
            memcpy(*text, files->text, *size + 1);
        return *text != NULL;
    }
    return false;
}

static inline void test_load(struct test_world *w, const struct test_file *files)
{
    /* The reader takes its context without const and does not write it. */
    struct soapc_load_options options = { .read = test_read,
                                          .context = (void *)(uintptr_t)files,
                                          .strict = true };
    *w = (struct test_world){ .diag = soapc_diag_new() };
    struct soapc_documents *docs = soapc_load(files[0].name, &options, w->diag);
    w->model = docs ? soapc_model_new(docs) : NULL;
    soapc_documents_free(docs);
    struct bark_out out;
    bark_out_init(&out, w->messages, sizeof w->messages - 1);
    soapc_diag_print(w->diag, &out);
    w->messages[out.pos] = '\0';
}

static inline void test_free(struct test_world *w)
{
    soapc_model_free(w->model);
    soapc_diag_free(w->diag);
}

#define TEST_XS "xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'"

#endif
