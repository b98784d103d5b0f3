/* engine/value_qname_test.c - names resolved on the way in, and given a prefix on the way out. */
#include "engine/value_testing.h"

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static bool equal(struct bark_slice s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.ptr, text, s.len) == 0;
}

/* In scope: t for urn:t, u for urn:u, and urn:d as the default namespace when *context says so. */
static bool to_uri(const void *context, struct bark_slice prefix, struct bark_slice *uri)
{
    if (equal(prefix, "t"))
        *uri = slice("urn:t");
    else if (equal(prefix, "u"))
        *uri = slice("urn:u");
    else if (prefix.len == 0 && *(const bool *)context)
        *uri = slice("urn:d");
    else
        return false;
    return true;
}

static struct bark_slice to_prefix(void *context, struct bark_slice uri)
{
    (void)context;
    return equal(uri, "urn:t")   ? slice("t")
           : equal(uri, "urn:u") ? slice("u")
                                 : (struct bark_slice){ NULL, 0 };
}

TEST(qnames_are_resolved)
{
    static const struct {
        const char *text, *ns, *local; /* NULL: refused */
        bool with_default;
    } cases[] = {
        { "t:a", "urn:t", "a", false },
        { " u:a-b.c\n", "urn:u", "a-b.c", false },
        { "a", "", "a", false },
        { "a", "urn:d", "a", true },
        { "\xc3\xa9", "", "\xc3\xa9", false },
        { "x:a", NULL, NULL, false }, /* not bound */
        { "T:a", NULL, NULL, false },
        { "", NULL, NULL, true },
        { ":", NULL, NULL, true },
        { ":a", NULL, NULL, true },
        { "t:", NULL, NULL, true },
        { "t:a:b", NULL, NULL, true },
        { "t::a", NULL, NULL, true },
        { "t: a", NULL, NULL, true },
        { "t :a", NULL, NULL, true },
        { "a b", NULL, NULL, true },
        { "1a", NULL, NULL, true },
        { "t:1", NULL, NULL, true },
        { "1:a", NULL, NULL, true },
        { "{urn:t}a", NULL, NULL, true },
        { "t:a/b", NULL, NULL, true },
        { "\xff", NULL, NULL, true },
    };
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_QNAME);
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool with_default = cases[i].with_default;
        enum bark_code code;
        v.scope.prefix_to_uri = to_uri;
        v.scope.context = &with_default;
        code = values_read(&v, type, cases[i].text, strlen(cases[i].text));
        CHECK_IN(cases[i].text, code == (cases[i].ns ? BARK_OK : BARK_ERR_TYPE));
        if (code == BARK_OK)
            CHECK_IN(cases[i].text, bark_text_equal(v.member.qname.ns, cases[i].ns) &&
                                        bark_text_equal(v.member.qname.local, cases[i].local));
        else
            CHECK_IN(cases[i].text, values_member_zero(&v) && v.error.rule);
    }
}

TEST(qnames_are_written_with_a_prefix_in_scope)
{
    static const struct {
        const char *ns, *local, *want;
    } cases[] = {
        { "urn:t", "a", "t:a" },  { "", "a", "a" },         { "urn:x", "a", NULL }, { "urn:t", "", NULL },
        { "urn:t", "a:b", NULL }, { "urn:t", "a b", NULL }, { "", "<", NULL },
    };
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_QNAME);
    size_t i;
    v.scope.uri_to_prefix = to_prefix;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum bark_code code;
        const char *got;
        v.member.qname = (struct bark_qname){ bark_text(cases[i].ns), bark_text(cases[i].local) };
        got = values_write(&v, type, &code);
        CHECK_IN(cases[i].local, code == (cases[i].want ? BARK_OK : BARK_ERR_TYPE));
        if (code == BARK_OK)
            CHECK_TEXT(got, cases[i].want);
    }
}

/* A table has no prefixes in scope, so its texts spell the namespace out. */
TEST(qname_enumerations_spell_the_namespace)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_QNAME);
    bool with_default = false;
    values_facet(&v, type, BARK_FACET_ENUMERATION, "{urn:t}a", 0);
    values_facet(&v, type, BARK_FACET_ENUMERATION, "{}b", 0);
    v.scope.prefix_to_uri = to_uri;
    v.scope.context = &with_default;
    CHECK(values_read(&v, type, "t:a", 3) == BARK_OK);
    CHECK(values_read(&v, type, "b", 1) == BARK_OK);
    CHECK(values_read(&v, type, "u:a", 3) == BARK_ERR_FACET);
    CHECK(v.error.expected_count == 2);
    CHECK(values_read(&v, type, "t:b", 3) == BARK_ERR_FACET);
}

TEST_MAIN(RUN(qnames_are_resolved) RUN(qnames_are_written_with_a_prefix_in_scope)
              RUN(qname_enumerations_spell_the_namespace))
