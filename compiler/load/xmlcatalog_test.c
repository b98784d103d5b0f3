/* load/xmlcatalog_test.c - searches in catalogs that stand in memory. [XMLCAT 7] */
#include "load/xmlcatalog.h"

#include "testkit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CATALOG(content) \
    "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog' xmlns:x='urn:other'>" content "</catalog>"

/* name, text; the first is the one that is asked */
struct file {
    const char *name, *text;
};

static bool memory_read(void *context, const char *path, char **text, size_t *size)
{
    for (const struct file *f = context; f->name; f++) {
        if (strcmp(f->name, path) != 0)
            continue;
        *size = strlen(f->text);
        *text = malloc(*size + 1);
        if (*text)
            memcpy(*text, f->text, *size + 1);
        return *text != NULL;
    }
    return false;
}

static char messages[4096];

/* Resolves with the first file as the only catalog. "-" stands for nothing found; messages has what was said.
 */
static const char *resolve(const struct file *files, const char *ns, const char *location, const char *base)
{
    static char answer[512];
    struct soapc_diag *diag = soapc_diag_new();
    const char *catalogs[] = { files[0].name };
    const struct soapc_load_options options = { .catalogs = catalogs,
                                                .catalog_count = 1,
                                                .file_bytes_max = 1 << 20,
                                                .read = memory_read,
                                                .context = (void *)(uintptr_t)files };
    struct soapc_catalogs *c = soapc_catalogs_new(&options, diag);
    char *target = soapc_catalogs_resolve(c, ns, location, base);
    struct bark_out out;
    snprintf(answer, sizeof answer, "%s", target ? target : "-");
    bark_out_init(&out, messages, sizeof messages - 1);
    soapc_diag_print(diag, &out);
    messages[out.pos] = '\0';
    free(target);
    soapc_catalogs_free(c);
    soapc_diag_free(diag);
    return answer;
}

TEST(entries_of_every_kind)
{
    static const struct {
        const char *content, *ns, *location, *want;
    } rows[] = {
        { "<system systemId='http://h/a.xsd' uri='a.xsd'/>", "urn:a", "http://h/a.xsd", "dir/a.xsd" },
        { "<uri name='http://h/a.xsd' uri='a.xsd'/>", "urn:a", "http://h/a.xsd", "dir/a.xsd" },
        { "<uri name='urn:a' uri='a.xsd'/>", "urn:a", "http://h/a.xsd", "dir/a.xsd" },
        { "<uri name='urn:a' uri='a.xsd'/>", "urn:a", NULL, "dir/a.xsd" },
        { "<public publicId=' urn:a ' uri='a.xsd'/>", "urn:a", NULL, "dir/a.xsd" },
        { "<public publicId='urn:a' uri='a.xsd'/>", "urn:b", NULL, "-" },
        { "<uri name='urn:a' uri='file:///s/a%20b.xsd'/>", "urn:a", NULL, "/s/a b.xsd" },
        { "<uri name='urn:a' uri='http://m/a.xsd'/>", "urn:a", NULL, "http://m/a.xsd" },
        { "<rewriteSystem systemIdStartString='http://h/' rewritePrefix='copy/'/>", "urn:a",
          "http://h/x/../a.xsd", "dir/copy/a.xsd" },
        { "<rewriteURI uriStartString='http://h/' rewritePrefix='copy/'/>"
          "<rewriteURI uriStartString='http://h/deep/' rewritePrefix='/d/'/>",
          "urn:a", "http://h/deep/a.xsd", "/d/a.xsd" },
        { "<rewriteURI uriStartString='http://h/' rewritePrefix='copy/'/><uri name='http://h/a' uri='one'/>",
          NULL, "http://h/a", "dir/one" },
        { "<systemSuffix systemIdSuffix='a.xsd' uri='s'/><systemSuffix systemIdSuffix='/a.xsd' "
          "uri='longer'/>",
          NULL, "http://h/a.xsd", "dir/longer" },
        { "<uriSuffix uriSuffix='b/a.xsd' uri='s'/>", NULL, "http://h/a.xsd", "-" },
        { "<uriSuffix uriSuffix='a.xsd' uri='s'/><rewriteURI uriStartString='http://h/' rewritePrefix='r/'/>",
          NULL, "http://h/a.xsd", "dir/r/a.xsd" },
        { "<group xml:base='inner/'><uri name='urn:a' uri='a'/></group>", "urn:a", NULL, "dir/inner/a" },
        { "<group xml:base='http://m/x/y'><uri name='urn:a' uri='../a'/></group>", "urn:a", NULL,
          "http://m/a" },
        { "<group xml:base='i/'><uri xml:base='j/' name='urn:a' uri='a'/></group>", "urn:a", NULL,
          "dir/i/j/a" },
        { "<group prefer='system'><public publicId='urn:a' uri='a'/></group>", "urn:a", "http://h/a", "-" },
        { "<group prefer='system'><public publicId='urn:a' uri='a'/></group>", "urn:a", NULL, "dir/a" },
        { "<group prefer='system'><x:y><uri name='urn:a' uri='no'/></x:y></group>", "urn:a", NULL, "-" },
        { "<uri name='http://h/\xc3\xa4 b' uri='a'/>", NULL, "http://h/%C3%A4%20b", "dir/a" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1024];
        snprintf(text, sizeof text, CATALOG("%s"), rows[i].content);
        const struct file files[] = { { "dir/catalog.xml", text }, { NULL, NULL } };
        CHECK_TEXT(resolve(files, rows[i].ns, rows[i].location, NULL), rows[i].want);
        CHECK_TEXT(messages, "");
    }
}

TEST(delegates_and_next_catalogs)
{
    static const struct file files[] = {
        { "c", CATALOG("<delegateURI uriStartString='http://h/' catalog='d1'/>"
                       "<delegateURI uriStartString='http://h/x' catalog='d2'/>"
                       "<nextCatalog catalog='n1'/><nextCatalog catalog='n2'/>") },
        { "d1", CATALOG("<uri name='http://h/x/a' uri='of-d1'/><uri name='http://h/b' uri='of-d1'/>") },
        { "d2", CATALOG("<uri name='http://h/x/a' uri='of-d2'/>") },
        { "n1", CATALOG("<nextCatalog catalog='n3'/><nextCatalog catalog='c'/>") },
        { "n2", CATALOG("<uri name='http://h/c' uri='of-n2'/><uri name='urn:z' uri='of-n2'/>") },
        { "n3", CATALOG("<uri name='urn:z' uri='of-n3'/>") },
        { NULL, NULL },
    };
    CHECK_TEXT(resolve(files, NULL, "http://h/x/a", NULL), "of-d2"); /* the longest prefix first */
    CHECK_TEXT(resolve(files, NULL, "http://h/b", NULL), "of-d1");
    CHECK_TEXT(resolve(files, NULL, "http://h/c", NULL), "-"); /* delegated: nothing else is asked */
    CHECK_TEXT(resolve(files, "urn:z", NULL, NULL), "of-n3"); /* depth first; the circle ends */
    CHECK_TEXT(resolve(files, "urn:y", NULL, NULL), "-");
    CHECK_TEXT(resolve(files, NULL, "b", "http://h/x"),
               "of-d1"); /* relative to where the document is published */
    CHECK_TEXT(messages, "");
}

TEST(wrong_catalogs_are_said)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { CATALOG("<uri name='x'/>"), "error[E0202]: <uri> of a catalog needs the attribute uri" },
        { CATALOG("<url name='x' uri='y'/>"), "did you mean 'uri'?" },
        { CATALOG("<group prefer='both'/>"), "error[E0203]: prefer is 'public' or 'system'" },
        { CATALOG("<nextCatalog catalog='absent'/>"), "error[E0101]: cannot read the catalog 'absent'" },
        { CATALOG("<nextCatalog catalog='http://h/c'/>"), "cannot read the catalog 'http://h/c'" },
        { "<catalog/>", "is not in the namespace urn:oasis" },
        { "<catalog xmlns='urn:oasis:names:tc:entity:xmlns:xml:catalog'><group></catalog>", "error[E0103]" },
        { "<!DOCTYPE catalog [<!ENTITY a 'b'>]><catalog>&c;</catalog>", "error[E0103]" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct file files[] = { { "catalog.xml", rows[i].text }, { NULL, NULL } };
        CHECK_TEXT(resolve(files, "urn:a", NULL, NULL), "-");
        CHECK_IN(messages, strstr(messages, rows[i].want) != NULL);
    }
}

TEST(a_doctype_that_only_names_the_dtd_is_passed_over)
{
    static const struct file files[] = {
        { "c", "<?xml version='1.0'?><!-- <!DOCTYPE --><!DOCTYPE catalog PUBLIC '-//OASIS//DTD XML Catalogs "
               "V1.1//EN' "
               "'http://x/catalog.dtd'>" CATALOG("<uri name='urn:a' uri='a'/>") },
        { NULL, NULL },
    };
    CHECK_TEXT(resolve(files, "urn:a", NULL, NULL), "a");
    CHECK_TEXT(messages, "");
}

TEST(catalogs_are_counted)
{
    enum { COUNT = 120 };
    static struct file files[COUNT + 1];
    static char names[COUNT + 1][16], texts[COUNT][256];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "c%d", i);
        snprintf(texts[i], sizeof texts[i], CATALOG("<nextCatalog catalog='c%d'/>"), i + 1);
        files[i] = (struct file){ names[i], texts[i] };
    }
    CHECK_TEXT(resolve(files, "urn:a", NULL, NULL), "-");
    CHECK_IN(messages, strstr(messages, "error[E0102]: more than 100 catalogs are named") != NULL);
}

TEST_MAIN(RUN(entries_of_every_kind) RUN(delegates_and_next_catalogs) RUN(wrong_catalogs_are_said)
              RUN(a_doctype_that_only_names_the_dtd_is_passed_over) RUN(catalogs_are_counted))
