/* model/model_testing.h - for tests: a model from texts in memory, and its diagnostics as one text. */
#ifndef SOAPC_MODEL_TESTING_H
#define SOAPC_MODEL_TESTING_H

#include "load/load.h"
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static inline void test_load_with(struct test_world *w, const char *path,
                                  const struct soapc_load_options *options)
{
    *w = (struct test_world){ .diag = soapc_diag_new() };
    struct soapc_documents *docs = soapc_load(path, options, w->diag);
    w->model = docs ? soapc_model_new(docs) : NULL;
    soapc_documents_free(docs);
    struct bark_out out;
    bark_out_init(&out, w->messages, sizeof w->messages - 1);
    soapc_diag_print(w->diag, &out);
    w->messages[out.pos] = '\0';
}

static inline void test_load(struct test_world *w, const struct test_file *files)
{
    /* The reader takes its context without const and does not write it. */
    struct soapc_load_options options = { .read = test_read,
                                          .context = (void *)(uintptr_t)files,
                                          .strict = true };
    test_load_with(w, files[0].name, &options);
}

/* A file of a folder, as it is and offline. */
static inline void test_load_file(struct test_world *w, const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    test_load_with(w, path, NULL);
}

/* Where the official ONVIF files are: $SOAPBARK_ONVIF, or ../shared/onvif; NULL where there are none. */
static inline const char *test_onvif_folder(void)
{
    const char *folder = getenv("SOAPBARK_ONVIF");
    struct stat st;
    if (!folder)
        folder = "../shared/onvif";
    return stat(folder, &st) == 0 ? folder : NULL;
}

static inline void test_free(struct test_world *w)
{
    soapc_model_free(w->model);
    soapc_diag_free(w->diag);
}

#define TEST_XS "xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t'"

#endif
