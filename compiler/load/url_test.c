/* load/url_test.c - the examples of [RFC3986 5.4], and paths. */
#include "load/url.h"

#include "testkit.h"

#include <stdlib.h>

TEST(references_as_the_rfc_resolves_them)
{
    static const struct {
        const char *base, *reference, *target;
    } rows[] = {
#define ROW(reference, target) { "http://a/b/c/d;p?q", reference, target },
        /* 5.4.1 */
        ROW("g", "http://a/b/c/g") ROW("./g", "http://a/b/c/g") ROW("g/", "http://a/b/c/g/")
            ROW("/g", "http://a/g") ROW("//g", "http://g/") ROW("?y", "http://a/b/c/d;p?y")
                ROW("g?y", "http://a/b/c/g?y") ROW("#s", "http://a/b/c/d;p?q") ROW("g#s", "http://a/b/c/g")
                    ROW("g?y#s", "http://a/b/c/g?y") ROW(";x", "http://a/b/c/;x")
                        ROW("g;x=1/./y", "http://a/b/c/g;x=1/y") ROW("", "http://a/b/c/d;p?q")
                            ROW(".", "http://a/b/c/") ROW("./", "http://a/b/c/") ROW("..", "http://a/b/")
                                ROW("../", "http://a/b/") ROW("../g", "http://a/b/g")
                                    ROW("../..", "http://a/") ROW("../../g", "http://a/g")
        /* 5.4.2 */
        ROW("../../../g", "http://a/g") ROW("/./g", "http://a/g") ROW("/../g", "http://a/g")
            ROW("g.", "http://a/b/c/g.") ROW("..g", "http://a/b/c/..g") ROW("./../g", "http://a/b/g")
                ROW("g/./h", "http://a/b/c/g/h") ROW("g/../h", "http://a/b/c/h")
                    ROW("g?y/../x", "http://a/b/c/g?y/../x")
#undef ROW
                        { "http://a", "g", "http://a/g" },
        { "http://a", "https://b/./x?q#f", "https://b/x?q" },
        { "http://a?q", "?y", "http://a/?y" },
        { "folder/catalog.xml", "x/../y.xsd", "folder/y.xsd" },
        { "folder/catalog.xml", "http://b", "http://b/" },
        { "http://a/b", "file:///etc/x", "/etc/x" },
        { "http://a/b", "urn:x:y", "urn:x:y" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *target = soapc_url_join(rows[i].base, rows[i].reference);
        CHECK_TEXT(target ? target : "(none)", rows[i].target);
        free(target);
    }
}

TEST(a_base_keeps_its_last_slash)
{
    char *path = soapc_url_base("folder/catalog.xml", "schemas/");
    char *url = soapc_url_base("http://a/b", "c/");
    CHECK_TEXT(path, "folder/schemas/");
    CHECK_TEXT(url, "http://a/c/");
    CHECK(soapc_url_authority("https://a:1?x") == 11);
    CHECK(soapc_url_authority("folder/x") == 0);
    free(path);
    free(url);
}

TEST_MAIN(RUN(references_as_the_rfc_resolves_them) RUN(a_base_keeps_its_last_slash))
