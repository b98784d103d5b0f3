/* load/load_test.c - finding files: imports, includes, cycles, what is missing, bounds, encodings, speed. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "load/catalog.h"
#include "load/node.h"
#include "model/model_testing.h"
#include "testkit.h"

#include <time.h>

static struct test_world world;

#define SCHEMA(attributes, body) \
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' " attributes ">\n" body "</xs:schema>"

/* Loads, and expects the whole output. */
static void load_expect(const char *label, const struct test_file *files, const char *messages)
{
    test_load(&world, files);
    if (strcmp(world.messages, messages) != 0)
        printf("# %s\n", label);
    CHECK_TEXT(world.messages, messages);
}

static bool has_element(const char *ns, const char *local)
{
    return world.model && soapc_model_element(world.model, ns, local) != NULL;
}

TEST(relative_paths_include_import)
{
    const struct test_file files[] = {
        { "a/b/main.xsd",
          SCHEMA("targetNamespace='urn:m' xmlns:o='urn:o'",
                 "<xs:include schemaLocation='./part.xsd'/><xs:include schemaLocation='..\\c/part%202.xsd'/>"
                 "<xs:import namespace='urn:o' schemaLocation='../other.xsd'/>"
                 "<xs:element name='m' type='o:T'/>") },
        { "a/b/part.xsd", SCHEMA("targetNamespace='urn:m'", "<xs:element name='p'/>") },
        { "a/c/part 2.xsd", SCHEMA("targetNamespace='urn:m'", "<xs:element name='q'/>") },
        { "a/other.xsd",
          SCHEMA("targetNamespace='urn:o'", "<xs:complexType name='T'/><xs:element name='o'/>") },
        { NULL, NULL }
    };
    load_expect("relative", files, "");
    CHECK(has_element("urn:m", "m") && has_element("urn:m", "p") && has_element("urn:m", "q"));
    CHECK(has_element("urn:o", "o"));
    CHECK(world.diag->source_count == 4);
    test_free(&world);
}

/* [XSD1 4.2.1] An included schema without namespace takes that of each includer, references too. */
TEST(chameleon_include)
{
    const struct test_file files[] = {
        { "main.xsd",
          SCHEMA("targetNamespace='urn:m'", "<xs:include schemaLocation='c.xsd'/>"
                                            "<xs:import namespace='urn:n' schemaLocation='n.xsd'/>") },
        { "n.xsd", SCHEMA("targetNamespace='urn:n'", "<xs:include schemaLocation='c.xsd'/>") },
        { "c.xsd",
          SCHEMA("elementFormDefault='qualified'",
                 "<xs:element name='e' type='T'/><xs:complexType name='T'><xs:sequence><xs:element name='x'/>"
                 "</xs:sequence></xs:complexType>") },
        { NULL, NULL }
    };
    load_expect("chameleon", files, "");
    struct soapc_element *m = soapc_model_element(world.model, "urn:m", "e");
    struct soapc_element *n = soapc_model_element(world.model, "urn:n", "e");
    CHECK(m && n && m->type != n->type);
    if (m && n) {
        CHECK_TEXT(m->type->name.ns, "urn:m");
        CHECK_TEXT(n->type->particle->items[0]->element->name.ns, "urn:n");
    }
    CHECK(!has_element("", "e"));
    test_free(&world);
}

TEST(circular_imports_and_includes_end)
{
    const struct test_file files[] = {
        { "a.xsd",
          SCHEMA("targetNamespace='urn:a' xmlns:b='urn:b'",
                 "<xs:import namespace='urn:b' schemaLocation='b.xsd'/><xs:include schemaLocation='a.xsd'/>"
                 "<xs:include schemaLocation='a2.xsd'/><xs:element name='x' type='b:T'/>") },
        { "a2.xsd", SCHEMA("targetNamespace='urn:a'",
                           "<xs:include schemaLocation='./a.xsd'/><xs:complexType name='S'/>") },
        { "b.xsd",
          SCHEMA("targetNamespace='urn:b' xmlns:a='urn:a'",
                 "<xs:import namespace='urn:a' schemaLocation='a.xsd'/><xs:complexType name='T'><xs:sequence>"
                 "<xs:element ref='a:x' minOccurs='0'/></xs:sequence></xs:complexType>") },
        { NULL, NULL }
    };
    load_expect("circle", files, "");
    CHECK(world.diag->source_count == 3);
    test_free(&world);
}

static const struct {
    const char *label;
    struct test_file files[3];
    const char *messages;
} missing_cases[] = {
    { "missing import that is needed",
      { { "d/main.xsd", SCHEMA("xmlns:o='urn:o'", "<xs:import namespace='urn:o' schemaLocation='x/o.xsd'/>\n"
                                                  "<xs:element name='e' type='o:T'/>") } },
      "d/main.xsd:2:1: error[E0104]: cannot find the import of namespace 'urn:o'\n"
      "     2 | <xs:import namespace='urn:o' schemaLocation='x/o.xsd'/>\n"
      "       | ^\n"
      "d/main.xsd:2:1: note: tried d/x/o.xsd; it is not in the catalog; --path DIR adds a folder to search\n"
      "d/main.xsd:3:28: note: needed here, for type 'T'\n"
      "     3 | <xs:element name='e' type='o:T'/></xs:schema>\n"
      "       |                            ^\n"
      "1 error\n" },
    { "missing import that nothing needs",
      { { "main.xsd", SCHEMA("", "<xs:import namespace='urn:o' schemaLocation='http://h/o.xsd'/>") } },
      "main.xsd:2:1: warning[W0106]: cannot find this import (tried http://h/o.xsd (never fetched)); nothing "
      "refers "
      "to it\n"
      "     2 | <xs:import namespace='urn:o' schemaLocation='http://h/o.xsd'/></xs:schema>\n"
      "       | ^\n" },
    { "error in an imported file",
      { { "main.xsd", SCHEMA("xmlns:o='urn:o'", "<xs:import namespace='urn:o' schemaLocation='o.xsd'/>"
                                                "<xs:element name='e' type='o:T'/>") },
        { "o.xsd", "<xs:schema\nxmlns:xs='http://www.w3.org/2001/XMLSchema'>\n<xs:element></xs:schema>" } },
      "o.xsd:3:15: error[E0103]: [XML1 3] an end tag has the name of its start tag (expected </xs:element>, "
      "found "
      "xs:schema)\n"
      "     3 | <xs:element></xs:schema>\n"
      "       |               ^\n"
      "main.xsd:2:1: note: imported here\n"
      "1 error\n" },
    { "WSDL 2.0",
      { { "main.xsd", "<description xmlns='http://www.w3.org/ns/wsdl' targetNamespace='urn:t'/>" } },
      "main.xsd:1:1: error[E0901]: not supported: a description in WSDL 2.0, whose root this is\n"
      "     1 | <description xmlns='http://www.w3.org/ns/wsdl' targetNamespace='urn:t'/>\n"
      "       | ^\n"
      "main.xsd:1:1: note: soapbark reads WSDL 1.1, whose root is 'definitions': ask whoever made this for "
      "that form\n"
      "1 error\n" },
    { "import of another namespace than declared",
      { { "main.xsd", SCHEMA("", "<xs:import namespace='urn:o' schemaLocation='o.xsd'/>") },
        { "o.xsd", SCHEMA("targetNamespace='urn:p'", "") } },
      "main.xsd:2:1: error[E0105]: this import is for namespace 'urn:o', but the file declares 'urn:p'\n"
      "     2 | <xs:import namespace='urn:o' schemaLocation='o.xsd'/></xs:schema>\n"
      "       | ^\n"
      "o.xsd:1:1: note: its schema is here\n"
      "     1 | <xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:p'>\n"
      "       | ^\n"
      "1 error\n" },
    { "include of another namespace",
      { { "main.xsd", SCHEMA("targetNamespace='urn:m'", "<xs:include schemaLocation='o.xsd'/>") },
        { "o.xsd", SCHEMA("targetNamespace='urn:p'", "") } },
      "main.xsd:2:1: error[E0105]: the included file has the target namespace 'urn:p', not 'urn:m'\n"
      "     2 | <xs:include schemaLocation='o.xsd'/></xs:schema>\n"
      "       | ^\n"
      "o.xsd:1:1: note: its schema is here\n"
      "     1 | <xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:p'>\n"
      "       | ^\n"
      "1 error\n" },
    { "reference without import",
      { { "main.xsd", SCHEMA("xmlns:o='urn:o'", "<xs:import namespace='urn:n' schemaLocation='n.xsd'/>"
                                                "<xs:element name='e' type='o:T'/>") } },
      "main.xsd:2:1: warning[W0106]: cannot find this import (tried n.xsd); nothing refers to it\n"
      "     2 | <xs:import namespace='urn:n' schemaLocation='n.xsd'/><xs:element name='e' "
      "type='o:T'/></xs:schema>\n"
      "       | ^\n"
      "main.xsd:2:81: error[E0303]: no type 'T': no schema of namespace 'urn:o' was imported\n"
      "     2 | <xs:import namespace='urn:n' schemaLocation='n.xsd'/><xs:element name='e' "
      "type='o:T'/></xs:schema>\n"
      "       |                                                                                 ^\n"
      "1 error\n" },
};

TEST(what_is_missing_is_named)
{
    for (size_t i = 0; i < sizeof missing_cases / sizeof *missing_cases; i++) {
        load_expect(missing_cases[i].label, missing_cases[i].files, missing_cases[i].messages);
        test_free(&world);
    }
}

TEST(first_file_must_exist)
{
    struct soapc_diag *diag = soapc_diag_new();
    CHECK(soapc_load("no/such/file.xsd", NULL, diag) == NULL);
    CHECK(diag->error_count == 1);
    soapc_diag_free(diag);
}

static void options_load(const struct test_file *files, struct soapc_load_options options)
{
    options.read = test_read;
    options.context = (void *)(uintptr_t)files;
    world = (struct test_world){ .diag = soapc_diag_new() };
    struct soapc_documents *docs = soapc_load(files[0].name, &options, world.diag);
    world.model = docs ? soapc_model_new(docs) : NULL;
    soapc_documents_free(docs);
    struct bark_out out;
    bark_out_init(&out, world.messages, sizeof world.messages - 1);
    soapc_diag_print(world.diag, &out);
    world.messages[out.pos] = '\0';
}

TEST(path_folders_hold_sites)
{
    static const char *const where[] = { "lib/host/p/o.xsd", "lib/p/o.xsd", "lib/o.xsd" };
    static const char *const folders[] = { "none", "lib" };
    for (size_t i = 0; i < 3; i++) {
        const struct test_file files[] = {
            { "main.xsd",
              SCHEMA("xmlns:o='urn:o'", "<xs:import namespace='urn:o' schemaLocation='http://host/p/o.xsd'/>"
                                        "<xs:element name='e' type='o:T'/>") },
            { where[i], SCHEMA("targetNamespace='urn:o'", "<xs:complexType name='T'/>") },
            { NULL, NULL }
        };
        options_load(files, (struct soapc_load_options){ .paths = folders, .path_count = 2 });
        CHECK_TEXT(world.messages, "");
        CHECK_IN(where[i], world.diag->source_count == 2);
        test_free(&world);
    }
}

TEST(copies_of_a_site_are_found)
{
    const struct test_file files[] = {
        { "copy/ver10/svc/a.xsd",
          SCHEMA("", "<xs:import namespace='urn:o' schemaLocation='http://host/ver10/schema/o.xsd'/>"
                     "<xs:element name='e' xmlns:o='urn:o' type='o:T'/>") },
        { "copy/ver10/schema/o.xsd", SCHEMA("targetNamespace='urn:o'", "<xs:complexType name='T'/>") },
        { NULL, NULL }
    };
    load_expect("copy", files, "");
    CHECK(world.diag->source_count == 2);
    test_free(&world);
}

TEST(bounds_hold)
{
    const struct test_file circle[] = {
        { "main.xsd",
          SCHEMA("", "<xs:include schemaLocation='1.xsd'/><xs:include schemaLocation='2.xsd'/>") },
        { "1.xsd", SCHEMA("", "") },
        { "2.xsd", SCHEMA("", "") },
        { NULL, NULL }
    };
    options_load(circle, (struct soapc_load_options){ .file_max = 2 });
    CHECK(strstr(world.messages, "main.xsd:2:37: error[E0102]: more than 2 files are imported") != NULL);
    test_free(&world);
    options_load(circle, (struct soapc_load_options){ .file_bytes_max = 100 });
    CHECK(strstr(world.messages, "bytes, the limit is 100") != NULL);
    test_free(&world);
    options_load(circle, (struct soapc_load_options){ .depth_max = 1 });
    CHECK(world.diag->error_count > 0);
    test_free(&world);
    options_load(circle, (struct soapc_load_options){ .memory_max = 65536 });
    CHECK(world.diag->error_count > 0); /* the decoder's frames alone need more */
    test_free(&world);
}

TEST(processing_instructions_and_encodings)
{
    static const char *const texts[] = {
        "<?xml version='1.0' encoding='utf-8'?>\n<?xml-stylesheet href=\"<x>\"?><!-- <?no?> -->" SCHEMA(
            "", "<?pi?><xs:element name='n'><?x y?></xs:element><?end?>") "<?last?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" SCHEMA("", "<!-- \xe4 --><xs:element name='n'/>"),
        "<?xml version='1.0' encoding='windows-1252'?>" SCHEMA("", "<!-- \x80 --><xs:element name='n'/>"),
        "\xef\xbb\xbf" SCHEMA("", "<xs:element name='n'/>"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct test_file files[] = { { "main.xsd", texts[i] }, { NULL, NULL } };
        load_expect("encoding", files, "");
        CHECK(has_element("", "n"));
        test_free(&world);
    }
    const struct test_file other[] = {
        { "main.xsd", "<?xml version='1.0' encoding='EBCDIC'?>" SCHEMA("", "") }, { NULL, NULL }
    };
    test_load(&world, other);
    CHECK(strstr(world.messages, "main.xsd:1:1: error[E0901]: the encoding 'EBCDIC' is not supported") !=
          NULL);
    test_free(&world);
    const struct test_file doctype[] = { { "main.xsd", "<!DOCTYPE xs:schema [<!ENTITY a 'b'>]>" SCHEMA(
                                                           "", "<xs:element name='&a;'/><bad/>") },
                                         { NULL, NULL } };
    test_load(&world, doctype);
    CHECK(strstr(world.messages, "main.xsd:2:23: error[E0103]: ") !=
          NULL); /* as the line reads with its text */
    test_free(&world);
}

TEST(utf16_is_converted)
{
    const char *plain = "<?xml version='1.0' encoding='UTF-16'?>" SCHEMA("", "<xs:element name='n'/>");
    size_t len = strlen(plain), size = len * 2 + 2;
    for (int little = 0; little < 2; little++) {
        char *text = calloc(size + 1, 1);
        char encoding[16];
        if (!text)
            return;
        text[little ? 0 : 1] = (char)0xff;
        text[little ? 1 : 0] = (char)0xfe;
        for (size_t i = 0; i < len; i++)
            text[2 + i * 2 + (little ? 0 : 1)] = plain[i];
        size_t got = size;
        CHECK(soapc_text_to_utf8(&text, &got, encoding, sizeof encoding));
        CHECK(got == len);
        CHECK(strncmp(text, "<?xml version='1.0' encoding='UTF-8' ?>", 39) == 0);
        CHECK_TEXT(text + 39, plain + 39);
        free(text);
    }
}

TEST(paths_join)
{
    static const struct {
        const char *from, *location, *want;
    } cases[] = {
        { "a/b.xsd", "c.xsd", "a/c.xsd" },
        { "a/b.xsd", "../c.xsd", "c.xsd" },
        { "b.xsd", "../../c.xsd", "../../c.xsd" },
        { "/x/y/b.xsd", "../../../c", "/../c" },
        { "a/b.xsd", "/c//d/./e", "/c/d/e" },
        { "a/b.xsd", "file:///t/e.xsd", "/t/e.xsd" },
        { "a/b.xsd", "c%20d.xsd#frag", "a/c d.xsd" },
        { "a/b.xsd", "%00%zz", "a/%00%zz" },
        { "", "..", ".." },
        { "a/b", "", "a" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = soapc_path_join(cases[i].from, cases[i].location);
        CHECK_TEXT(path ? path : "", cases[i].want);
        free(path);
    }
    CHECK(soapc_path_is_url("http://a/b") && soapc_path_is_url("urn:x") && !soapc_path_is_url("a/b:c"));
    CHECK(!soapc_path_is_url("file:///a") && !soapc_path_is_url("://x"));
}

/* 10^5 elements in one file, and a derivation 10^4 deep: linear time, no recursion. */
TEST(large_schemas_are_fast)
{
    const size_t count = 100000, room = count * 64 + 1024;
    char *text = malloc(room);
    struct timespec begin, end;
    if (!text)
        return;
    size_t at = (size_t)snprintf(text, room, "<xs:schema " TEST_XS "><xs:complexType name='D0'/>");
    for (size_t i = 1; i <= count; i++)
        at += (size_t)snprintf(text + at, room - at, "<xs:element name='e%zu' type='xs:int'/>", i);
    snprintf(text + at, room - at, "</xs:schema>");
    const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
    clock_gettime(CLOCK_MONOTONIC, &begin);
    test_load(&world, files);
    clock_gettime(CLOCK_MONOTONIC, &end);
    long ms = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
    printf("# %zu elements: %ld ms\n", count, ms);
    CHECK_TEXT(world.messages, "");
    CHECK(world.model && world.model->element_count == count);
    CHECK(ms < 10000); /* a slow machine under a sanitizer; quadratic work would take minutes */
    test_free(&world);
    free(text);
}

TEST(deep_derivations_are_fast)
{
    const size_t depth = 10000, room = depth * 256 + 1024;
    char *text = malloc(room);
    if (!text)
        return;
    size_t at = (size_t)snprintf(text, room, "<xs:schema " TEST_XS "><xs:complexType name='D0'/>");
    for (size_t i = depth; i > 0; i--)
        at += (size_t)snprintf(text + at, room - at,
                               "<xs:complexType name='D%zu'><xs:complexContent><xs:extension base='t:D%zu'/>"
                               "</xs:complexContent></xs:complexType>",
                               i, i - 1);
    snprintf(text + at, room - at, "</xs:schema>");
    const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
    test_load(&world, files);
    CHECK_TEXT(world.messages, "");
    test_free(&world);
    free(text);
}

/* Every entry of the catalog is a document without errors, under the namespace that the index gives it. */
TEST(catalog_is_sound)
{
    size_t count;
    const struct soapc_catalog_entry *entries = soapc_catalog_entries(&count);
    CHECK(count > 10);
    for (size_t i = 0; i < count; i++) {
        const struct test_file files[] = { { entries[i].name, (const char *)entries[i].text },
                                           { NULL, NULL } };
        load_expect(entries[i].name, files, "");
        CHECK_IN(entries[i].name, world.model && strcmp(world.model->target_ns, entries[i].ns) == 0);
        CHECK_IN(entries[i].name, soapc_catalog_find(entries[i].ns, strlen(entries[i].ns)) == &entries[i]);
        test_free(&world);
    }
}

TEST_MAIN(RUN(relative_paths_include_import) RUN(chameleon_include) RUN(circular_imports_and_includes_end)
              RUN(what_is_missing_is_named) RUN(first_file_must_exist) RUN(path_folders_hold_sites)
                  RUN(copies_of_a_site_are_found) RUN(bounds_hold) RUN(processing_instructions_and_encodings)
                      RUN(utf16_is_converted) RUN(paths_join) RUN(large_schemas_are_fast)
                          RUN(deep_derivations_are_fast) RUN(catalog_is_sound))
