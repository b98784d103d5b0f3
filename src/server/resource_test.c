/* server/resource_test.c - what a program may give as a resource, and which targets find it. */
#include "server/loop.h"
#include "testkit.h"

#define BYTES .content_type = "text/plain"

static const struct {
    const char *name;
    struct bark_resource resource;
    const char *server_name;
    bool fine;
} given[] = {
    { "plain", { .target = "/a", BYTES }, NULL, true },
    { "with a query and a tag", { .target = "/a?wsdl", BYTES, .etag = "\"1\"" }, "soapbark", true },
    { "no target", { BYTES }, NULL, false },
    { "relative", { .target = "a", BYTES }, NULL, false },
    { "no type", { .target = "/a" }, NULL, false },
    { "a type that ends the line", { .target = "/a", .content_type = "a/b\r\nX: y" }, NULL, false },
    { "tag without quotes", { .target = "/a", BYTES, .etag = "1" }, NULL, false },
    { "tag with one quote", { .target = "/a", BYTES, .etag = "\"1" }, NULL, false },
    { "empty tag", { .target = "/a", BYTES, .etag = "\"\"" }, NULL, false },
    { "tag with a quote inside", { .target = "/a", BYTES, .etag = "\"a\"b\"" }, NULL, false },
    { "tag that looks like what is between two", { .target = "/a", BYTES, .etag = "\", \"" }, NULL, false },
    { "server name that ends the line", { .target = "/a", BYTES }, "a\nb", false },
    { "empty server name", { .target = "/a", BYTES }, "", false },
};

TEST(resources_are_judged_at_the_start)
{
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        struct bark_error err = { 0 };
        enum bark_code code = bark_resources_check(&given[i].resource, 1, given[i].server_name, &err);
        CHECK_IN(given[i].name, (code == BARK_OK) == given[i].fine);
        CHECK_IN(given[i].name, (err.rule == NULL) == given[i].fine);
    }
}

static const struct bark_resource resources[] = { { .target = "/a", BYTES }, { .target = "/a?wsdl", BYTES } };
static const struct bark_soap_host host = { .resources = resources, .resource_count = 2 };

static const struct {
    const char *path, *query; /* NULL: none */
    int found; /* index, or -1 */
} asked[] = {
    { "/a", NULL, 0 },     { "/a", "wsdl", 1 },   { "/a", "", -1 },        { "/a", "WSDL", -1 },
    { "/a", "wsdl=", -1 }, { "/a", "wsdl&", -1 }, { "/a?wsdl", NULL, -1 }, { "/A", NULL, -1 },
    { "/a/", NULL, -1 },   { "//a", NULL, -1 },   { "/", NULL, -1 },       { "/%61", NULL, -1 },
    { "", NULL, -1 },
};

TEST(a_target_matches_exactly_or_not_at_all)
{
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct bark_http_message m = { .path = { (const uint8_t *)asked[i].path, strlen(asked[i].path) } };
        const struct bark_resource *found;
        if (asked[i].query)
            m.query = (struct bark_slice){ (const uint8_t *)asked[i].query, strlen(asked[i].query) };
        found = bark_resource_find(&host, &m);
        CHECK_IN(asked[i].path, found == (asked[i].found < 0 ? NULL : &resources[asked[i].found]));
    }
}

TEST_MAIN(RUN(resources_are_judged_at_the_start) RUN(a_target_matches_exactly_or_not_at_all))
