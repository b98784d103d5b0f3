/* xml/canonical_test.c - canonical forms, case by case: those of the specifications' examples in words of our
 * own, and what is around them; every size of the pieces that go out, every allocation, every cut.
 */
#include "xml/canonical.h"

#include "guard.h"
#include "testkit.h"

#include <stdlib.h>

static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
static struct bark_error err;

enum {
    INC = BARK_CANONICAL_INCLUSIVE,
    INC11 = BARK_CANONICAL_INCLUSIVE_11,
    EXC = BARK_CANONICAL_EXCLUSIVE,
    SUITE = BARK_CANONICAL_SUITE,
    COMMENTS = 16,
    METHOD = 15
};

/* In a case, ^ stands before the element that the part is, ~ before the one that is left out. */
static const struct form {
    unsigned how;
    const char *prefixes; /* words; "-" is the default namespace */
    const char *in, *want;
} forms[] = {
    /* [C14N10 3.1] around the root element */
    { INC, "",
      "<?xml version=\"1.0\"?>\n\n<?style  href=\"a.css\"\n?>\n<!-- one -->\n<doc>x</doc>\n\n<?last?>\n<!-- "
      "two -->\n",
      "<?style href=\"a.css\"\n?>\n<doc>x</doc>\n<?last?>" },
    { INC | COMMENTS, "",
      "<?xml version=\"1.0\"?>\n<?style  href=\"a.css\"\n?>\n<!-- one "
      "-->\n<doc>x<!--\r\nin--></doc>\n<?last?>\n<!-- two -->\n",
      "<?style href=\"a.css\"\n?>\n<!-- one -->\n<doc>x<!--\nin--></doc>\n<?last?>\n<!-- two -->" },
    /* [C14N10 3.2] white space stays */
    { INC, "", "<doc>\n   <a/>  \r\n<b>\r \t</b></doc>\n", "<doc>\n   <a></a>  \n<b>\n \t</b></doc>" },
    /* [C14N10 3.3] tags: order of declarations and attributes, superfluous declarations, xmlns="" */
    { INC, "",
      "<d><e1   /><e2   ></e2><e3   name = \"e3\"  id='x'/><e5 a:at='out' b:at=\"sorted\" at2='all' at='I' "
      "xmlns:b='http://ietf' xmlns:a=\"http://w3\" xmlns='http://example'/></d>",
      "<d><e1></e1><e2></e2><e3 id=\"x\" name=\"e3\"></e3><e5 xmlns=\"http://example\" xmlns:a=\"http://w3\" "
      "xmlns:b=\"http://ietf\" at=\"I\" at2=\"all\" b:at=\"sorted\" a:at=\"out\"></e5></d>" },
    { INC, "",
      "<e6 xmlns='' xmlns:a='u'><e7 xmlns='v'><e8 xmlns='' xmlns:a='u'><e9 xmlns='' "
      "xmlns:a='w'/></e8></e7></e6>",
      "<e6 xmlns:a=\"u\"><e7 xmlns=\"v\"><e8 xmlns=\"\"><e9 xmlns:a=\"w\"></e9></e8></e7></e6>" },
    /* [C14N10 3.4] characters */
    { INC, "",
      "<d t='a&#9;b&#xA;c&#xd;d\te\nf\r\ng'>&#xD;x<![CDATA[a>\"0\" && "
      "x<'9'\r\n]]>&gt;&quot;\"'&#65;&#xe9;&#x1F600;</d>",
      "<d t=\"a&#x9;b&#xA;c&#xD;d e f g\">&#xD;xa&gt;\"0\" &amp;&amp; "
      "x&lt;'9'\n&gt;\"\"'A\xc3\xa9\xf0\x9f\x98\x80</d>" },
    { INC, "", "<d a='&lt;&gt;&amp;&quot;&apos;\"' b=\"'\"/>",
      "<d a=\"&lt;>&amp;&quot;'&quot;\" b=\"'\"></d>" },
    { INC, "", "<d xmlns:a='u&amp;&#x20;v' a:b=''/>", "<d xmlns:a=\"u&amp; v\" a:b=\"\"></d>" },
    { INC, "", "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><d>\xc2\xa9</d>", "<d>\xc2\xa9</d>" },
    { INC, "", "<d xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>",
      "<d xml:lang=\"en\"></d>" },
    { INC, "", "<d><?a?><?b   ?><?c  d\r\ne?></d>", "<d><?a?><?b?><?c d\ne?></d>" },
    { INC, "", "<d><e>1</e>~<f><f/></f><g/></d>", "<d><e>1</e><g></g></d>" },
    { INC, "", "<d>^<f a='1'>~<f/>2</f><g/></d>", "<f a=\"1\">2</f>" },
    /* [C14N10 2.4] a part gets what is in scope and the xml: attributes around it */
    { INC, "",
      "<a xmlns='u' xmlns:p='v' xml:lang='en' xml:id='i'><b xmlns:p='w' xml:lang='de' "
      "xml:space='preserve'>^<c x='1'><d/></c></b></a>",
      "<c xmlns=\"u\" xmlns:p=\"w\" x=\"1\" xml:id=\"i\" xml:lang=\"de\" "
      "xml:space=\"preserve\"><d></d></c>" },
    { INC, "", "<a xml:lang='en'><b xml:lang='fr'/>^<c xml:lang='de'/></a>", "<c xml:lang=\"de\"></c>" },
    { INC, "", "<a xmlns='u'>^<c xmlns=''/></a>", "<c></c>" },
    { INC11, "", "<a xmlns='u' xml:lang='en' xml:id='i' xml:x='y'>^<c/></a>",
      "<c xmlns=\"u\" xml:lang=\"en\"></c>" },
    { INC11, "", "<a xml:base='http://a/b'><c/></a>", "<a xml:base=\"http://a/b\"><c></c></a>" },
    /* [C14N11 2.4] the fix-up: of xml:base values around the part, and its own */
    { INC11, "", "<a xml:base='http://a/b'>^<c/></a>", "<c xml:base=\"http://a/b\"></c>" },
    { INC11, "", "<a xml:base='http://a/b/c'>^<c xml:base='../x?y&amp;z#f' z='1'/></a>",
      "<c z=\"1\" xml:base=\"http://a/x?y&amp;z\"></c>" },
    { INC11, "", "<a xml:base='foo/bar'><b xml:base='..'><b xml:base='no'/>^<c xml:base='x'/></b></a>",
      "<c xml:base=\"x\"></c>" },
    { INC11, "", "<a><b xml:base='..'><c xml:base='..'>^<d xml:base='x'/></c></b></a>",
      "<d xml:base=\"../../x\"></d>" },
    { INC11, "", "<a xml:base='abc/'>^<c xml:base='../'><d xml:base='e'/></c></a>",
      "<c><d xml:base=\"e\"></d></c>" },
    { INC11, "", "<a xml:base='u&quot;&lt;&#9;/'>^<c xml:base='v'/></a>",
      "<c xml:base=\"u&quot;&lt;&#x9;/v\"></c>" },
    { INC11, "", "<a>^<c xml:base=''/></a>", "<c xml:base=\"\"></c>" },
    { INC11, "", "<a xml:base=''>^<c/></a>", "<c></c>" },
    { INC, "", "<a xml:base='http://a/'>^<c xml:base='b'/></a>", "<c xml:base=\"b\"></c>" },
    { EXC, "", "<a xml:base='http://a/'>^<c/></a>", "<c></c>" },
    /* [EXCC14N 2.2] one element in two envelopes has one form */
    { EXC, "",
      "<n0:local xmlns:n0='foo:bar' xmlns:n3='ftp://e'>^<n1:elem2 xmlns:n1='http://e' xml:lang='en'>"
      "<n3:stuff xmlns:n3='ftp://e'/></n1:elem2></n0:local>",
      "<n1:elem2 xmlns:n1=\"http://e\" xml:lang=\"en\"><n3:stuff "
      "xmlns:n3=\"ftp://e\"></n3:stuff></n1:elem2>" },
    { EXC, "",
      "<n2:pdu xmlns:n1='http://e' xmlns:n2='http://f' xml:lang='fr' xml:space='preserve'>^<n1:elem2 "
      "xmlns:n1='http://e' "
      "xml:lang='en'><n3:stuff xmlns:n3='ftp://e'/></n1:elem2></n2:pdu>",
      "<n1:elem2 xmlns:n1=\"http://e\" xml:lang=\"en\"><n3:stuff "
      "xmlns:n3=\"ftp://e\"></n3:stuff></n1:elem2>" },
    { INC, "",
      "<n2:pdu xmlns:n1='http://e' xmlns:n2='http://f' xml:lang='fr' xml:space='preserve'>^<n1:elem2 "
      "xmlns:n1='http://e' "
      "xml:lang='en'><n3:stuff xmlns:n3='ftp://e'/></n1:elem2></n2:pdu>",
      "<n1:elem2 xmlns:n1=\"http://e\" xmlns:n2=\"http://f\" xml:lang=\"en\" "
      "xml:space=\"preserve\"><n3:stuff "
      "xmlns:n3=\"ftp://e\"></n3:stuff></n1:elem2>" },
    /* [EXCC14N 3] what names use, where they use it */
    { EXC, "", "<a xmlns:p='u' xmlns:q='v' xmlns:r='w'><b p:x='1' q:y='2'/><p:c/><p:d><p:e/><q:f/></p:d></a>",
      "<a><b xmlns:p=\"u\" xmlns:q=\"v\" p:x=\"1\" q:y=\"2\"></b><p:c xmlns:p=\"u\"></p:c><p:d "
      "xmlns:p=\"u\"><p:e></p:e>"
      "<q:f xmlns:q=\"v\"></q:f></p:d></a>" },
    { EXC, "", "<p:a xmlns='d' xmlns:p='u'><b/><p:b><c xmlns=''><d xmlns='d'/></c></p:b></p:a>",
      "<p:a xmlns:p=\"u\"><b xmlns=\"d\"></b><p:b><c><d xmlns=\"d\"></d></c></p:b></p:a>" },
    { EXC, "", "<a xmlns='d'><p:b xmlns:p='u'><c xmlns=''/></p:b></a>",
      "<a xmlns=\"d\"><p:b xmlns:p=\"u\"><c xmlns=\"\"></c></p:b></a>" },
    { EXC, "", "<p:a xmlns:p='u'><p:b xmlns:p='v'><p:c xmlns:p='u'/></p:b><p:d/></p:a>",
      "<p:a xmlns:p=\"u\"><p:b xmlns:p=\"v\"><p:c xmlns:p=\"u\"></p:c></p:b><p:d></p:d></p:a>" },
    { EXC, "", "<p:a xmlns:p='u' xmlns:q='u' q:x='1' p:x2='2'/>",
      "<p:a xmlns:p=\"u\" xmlns:q=\"u\" q:x=\"1\" p:x2=\"2\"></p:a>" },
    /* the PrefixList */
    { EXC, "q -", "<a xmlns='d' xmlns:p='u' xmlns:q='v'>^<p:b><c xmlns:q='w'/></p:b></a>",
      "<p:b xmlns=\"d\" xmlns:p=\"u\" xmlns:q=\"v\"><c xmlns:q=\"w\"></c></p:b>" },
    { EXC, "q none", "<a xmlns:q='v'><q:b xmlns:q='v'/></a>", "<a xmlns:q=\"v\"><q:b></q:b></a>" },
    { EXC, "-", "<p:a xmlns='d' xmlns:p='u'><p:b xmlns=''/></p:a>",
      "<p:a xmlns=\"d\" xmlns:p=\"u\"><p:b xmlns=\"\"></p:b></p:a>" },
    /* [XMLCONF] */
    { SUITE, "", "<?p?>\n<d  xmlns:b='v' b='1' a='&#9;&quot;>'><!-- c -->\n<?q  r?></d><?z s?>",
      "<?p ?><d a=\"&#9;&quot;&gt;\" b=\"1\" xmlns:b=\"v\">&#10;<?q r?></d><?z s?>" },
};
enum { FORMS = sizeof forms / sizeof *forms };

/* A case made ready: the marks taken out. */
struct ready {
    char text[1024];
    struct bark_slice in, prefixes[4];
    struct bark_canonical what;
};

static void ready_make(const struct form *form, struct ready *r)
{
    const char *p;
    size_t len = 0;
    *r = (struct ready){ .what = { .method = (enum bark_canonical_method)(form->how & METHOD),
                                   .comments = form->how & COMMENTS,
                                   .instructions = true,
                                   .prefixes = r->prefixes } };
    for (p = form->in; *p; p++) {
        if (*p == '^') {
            r->what.part = true;
            r->what.element = len;
        } else if (*p == '~') {
            r->what.omits = true;
            r->what.omitted = len;
        } else {
            r->text[len++] = *p;
        }
    }
    r->in = (struct bark_slice){ (const uint8_t *)r->text, len };
    for (p = form->prefixes; *p; p += *p == ' ') {
        const size_t n = strcspn(p, " ");
        r->prefixes[r->what.prefix_count++] = (struct bark_slice){ (const uint8_t *)p, *p == '-' ? 0 : n };
        p += n;
    }
}

static enum bark_code write_form(const struct ready *r, const struct bark_limits *limits,
                                 struct bark_out *out, uint64_t fail_at, uint64_t *allocs)
{
    struct bark_arena arena;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    code = bark_canonical_write(r->in, &r->what, limits, &arena, out, &err);
    CHECK(arena.used == 0 && arena.scratch == 0);
    if (allocs)
        *allocs = arena.allocs;
    return code;
}

TEST(forms_are_as_specified)
{
    size_t i;
    for (i = 0; i < FORMS; i++) {
        char got[1024], why[512];
        struct bark_out out;
        struct ready r;
        ready_make(&forms[i], &r);
        bark_out_init(&out, got, sizeof got - 1);
        if (write_form(&r, &bark_limits_device, &out, 0, NULL) != BARK_OK) {
            bark_error_text(&err, why, sizeof why);
            testkit_fail(__FILE__, __LINE__, "%s: %s", forms[i].in, why);
            continue;
        }
        got[out.pos] = '\0';
        CHECK_TEXT(got, forms[i].want);
    }
}

/* A sink that takes pieces, as a digest does. */
struct sink {
    char text[1024];
    size_t len, pieces;
};

static bool sink_take(struct bark_out *o, size_t need)
{
    struct sink *s = o->user;
    if (need > o->cap || s->len + o->pos >= sizeof s->text)
        return false;
    memcpy(s->text + s->len, o->base, o->pos);
    s->len += o->pos;
    s->pieces++;
    o->pos = 0;
    return true;
}

/* The largest run of bytes that goes out at once is a case's longest text. */
TEST(pieces_of_every_size_make_the_same_form)
{
    size_t i, size;
    for (i = 0; i < FORMS; i++)
        for (size = 1; size < 64; size++) {
            uint8_t piece[64];
            struct sink sink = { .len = 0 };
            struct bark_out out;
            struct ready r;
            enum bark_code code;
            ready_make(&forms[i], &r);
            bark_out_init(&out, piece, size);
            out.make_room = sink_take;
            out.user = &sink;
            code = write_form(&r, &bark_limits_device, &out, 0, NULL);
            if (code != BARK_OK) {
                CHECK_IN(forms[i].in, code == BARK_ERR_LIMIT && size < 32);
                continue;
            }
            CHECK(sink_take(&out, 0));
            sink.text[sink.len] = '\0';
            CHECK_TEXT(sink.text, forms[i].want);
        }
}

TEST(a_buffer_without_room_is_a_limit)
{
    size_t i, size;
    for (i = 0; i < FORMS; i++)
        for (size = 0; size < strlen(forms[i].want); size++) {
            char got[1024];
            struct bark_out out;
            struct ready r;
            ready_make(&forms[i], &r);
            bark_out_init(&out, got, size);
            CHECK_IN(forms[i].in, write_form(&r, &bark_limits_device, &out, 0, NULL) == BARK_ERR_LIMIT);
        }
}

TEST(every_refused_allocation_is_told)
{
    size_t i;
    for (i = 0; i < FORMS; i++) {
        uint64_t allocs = 0, n;
        char got[1024];
        struct bark_out out;
        struct ready r;
        ready_make(&forms[i], &r);
        bark_out_init(&out, got, sizeof got);
        CHECK(write_form(&r, &bark_limits_device, &out, 0, &allocs) == BARK_OK);
        for (n = 1; n <= allocs; n++) {
            bark_out_init(&out, got, sizeof got);
            CHECK_IN(forms[i].in, write_form(&r, &bark_limits_device, &out, n, NULL) == BARK_ERR_MEMORY);
        }
    }
}

/* The document ends anywhere, before memory that must not be touched. */
TEST(every_cut_is_refused_or_whole)
{
    struct guard guard;
    size_t i, cut;
    if (!guard_open(&guard, 1))
        SKIP("no guard pages here");
    for (i = 0; i < FORMS; i++) {
        struct ready r;
        size_t whole = 0;
        ready_make(&forms[i], &r);
        for (cut = 0; cut <= r.in.len; cut++) {
            char got[1024];
            struct bark_out out;
            struct ready part = r;
            part.what.prefixes = part.prefixes;
            part.in = guard_put(&guard, r.text, cut);
            bark_out_init(&out, got, sizeof got);
            if (write_form(&part, &bark_limits_device, &out, 0, NULL) == BARK_OK)
                whole++;
            else
                CHECK_IN(forms[i].in, err.code != BARK_OK && err.rule && cut < r.in.len);
        }
        CHECK_IN(forms[i].in, whole >= 1);
    }
    guard_close(&guard);
}

static enum bark_code refuse(const char *text, struct bark_canonical what)
{
    char got[1024];
    struct bark_out out;
    struct ready r = { .in = { (const uint8_t *)text, strlen(text) }, .what = what };
    bark_out_init(&out, got, sizeof got);
    return write_form(&r, &bark_limits_device, &out, 0, NULL);
}

TEST(what_is_asked_wrongly_is_refused)
{
    const struct bark_canonical message = { .method = BARK_CANONICAL_EXCLUSIVE };
    struct bark_canonical part = { .part = true, .element = 1 };
    CHECK(refuse("<a><?p?></a>", message) == BARK_ERR_XML && strstr(err.rule, "[R5]"));
    CHECK(refuse("<?p?><a/>", message) == BARK_ERR_XML && strstr(err.rule, "[R5]"));
    CHECK(refuse("<!DOCTYPE a><a/>", (struct bark_canonical){ .instructions = true }) == BARK_ERR_XML);
    CHECK(refuse("<a><b/></a>", part) == BARK_ERR_USE);
    part.element = 3;
    CHECK(refuse("<a><b/></a>", part) == BARK_OK);
    part.element = 4000;
    CHECK(refuse("<a><b/></a>", part) == BARK_ERR_USE && err.offset == 11);
    part.element = 3;
    part.method = BARK_CANONICAL_SUITE;
    CHECK(refuse("<a><b/></a>", part) == BARK_ERR_USE);
    part.method = BARK_CANONICAL_INCLUSIVE_11;
    part.element = 14;
    CHECK(refuse("<a xml:base=''><b/></a>", part) == BARK_ERR_USE); /* 14 is in the tag */
    part.element = 15;
    CHECK(refuse("<a xml:base=''><b/></a>", part) == BARK_OK);
}

/* [RFC3986 5.4] with a base that has everything, [C14N11 2.4, A] with bases that have little. */
TEST(references_are_joined_as_specified)
{
    static const struct {
        const char *base, *reference, *want;
    } cases[] = {
        { "http://a/b/c/d;p?q", "g:h", "g:h" },
        { "http://a/b/c/d;p?q", "g", "http://a/b/c/g" },
        { "http://a/b/c/d;p?q", "./g/", "http://a/b/c/g/" },
        { "http://a/b/c/d;p?q", "/g", "http://a/g" },
        { "http://a/b/c/d;p?q", "//g", "http://g" },
        { "http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y" },
        { "http://a/b/c/d;p?q", "g?y/./x#s", "http://a/b/c/g?y/./x" },
        { "http://a/b/c/d;p?q", "#s", "http://a/b/c/d;p?q" },
        { "http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q" },
        { "http://a/b/c/d;p?q", ";x=1", "http://a/b/c/;x=1" },
        { "http://a/b/c/d;p?q", ".", "http://a/b/c/" },
        { "http://a/b/c/d;p?q", "..", "http://a/b/" },
        { "http://a/b/c/d;p?q", "../../g", "http://a/g" },
        { "http://a/b/c/d;p?q", "../../../../g", "http://a/g" },
        { "http://a/b/c/d;p?q", "/./g/../..h", "http://a/..h" },
        { "http://a", "b", "http://a/b" },
        { "a:b", "c", "a:c" },
        { "abc/", "../", "" },
        { "../", "../", "../../" },
        { "..", "..", "../../" },
        { "a/..", "b", "b" },
        { "..", "?x", "../?x" },
        { "..", "", "../" },
        { "", "x/y", "x/y" },
        { "", "no/.././/pseudo-netpath/seg/file.ext", "pseudo-netpath/seg/file.ext" },
        { "", "yes/no//..//.///pseudo-netpath/seg/file.ext", "yes/pseudo-netpath/seg/file.ext" },
        { "", "../../no/../..", "../../../" },
        { "", "no/../..", "../" },
        { "", "no/..", "" },
        { "", "..yes/..no/..no/..no/../../../..yes/", "..yes/..yes/" },
        { "", "./.", "" },
        { "", "///no/..", "///" }, /* an empty authority */
        { "x", "yes/no/../yes/no/no/../..", "yes/yes/" },
        { "/a/b/c/", "./../../g", "/a/g" },
        { "/a", "../../x", "/x" },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bark_slice base = { (const uint8_t *)cases[i].base, strlen(cases[i].base) };
        const struct bark_slice r = { (const uint8_t *)cases[i].reference, strlen(cases[i].reference) };
        const size_t size = base.len + r.len + 2;
        uint8_t *room = malloc(size), *to = malloc(size);
        struct bark_out out;
        if (!room || !to)
            exit(2);
        bark_out_init(&out, to, size);
        bark_canonical_join(base, r, room, &out);
        CHECK_IN(cases[i].reference, bark_out_ok(&out));
        if (out.pos != strlen(cases[i].want) || memcmp(to, cases[i].want, out.pos) != 0)
            testkit_fail(__FILE__, __LINE__, "%s with %s: %.*s, not %s", cases[i].base, cases[i].reference,
                         (int)out.pos, (const char *)to, cases[i].want);
        free(room);
        free(to);
    }
}

static enum bark_code find(const char *text, const char *value, size_t *element)
{
    static const char uri[] = "urn:wsu";
    const struct bark_canonical_id ids[] = {
        { { (const uint8_t *)uri, sizeof uri - 1 }, { (const uint8_t *)"Id", 2 } },
        { { NULL, 0 }, { (const uint8_t *)"ID", 2 } },
    };
    struct bark_arena arena;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_canonical_find((struct bark_slice){ (const uint8_t *)text, strlen(text) }, ids, 2,
                               (struct bark_slice){ (const uint8_t *)value, strlen(value) },
                               &bark_limits_device, &arena, element, &err);
    CHECK(arena.used == 0);
    return code;
}

TEST(elements_are_found_by_their_only_id)
{
    size_t at = 0;
    CHECK(find("<a><b ID='x'/><c xmlns:w='urn:wsu' w:Id='y'/></a>", "x", &at) == BARK_OK && at == 3);
    CHECK(find("<a><b ID='x'/><c xmlns:w='urn:wsu' w:Id='y'/></a>", "y", &at) == BARK_OK && at == 14);
    CHECK(find("<a><b ID='&#120;'/></a>", "x", &at) == BARK_OK && at == 3);
    CHECK(find("<a><b Id='x' id='x'/></a>", "x", &at) == BARK_ERR_MISSING && at == 0);
    CHECK(find("<a><b ID='x'/><c xmlns:w='urn:wsu' w:Id='x'/></a>", "x", &at) == BARK_ERR_UNEXPECTED &&
          at == 0);
    CHECK(err.offset == 14);
    CHECK(find("<a ID='x'><b ID='x'/></a>", "x", &at) == BARK_ERR_UNEXPECTED);
    CHECK(find("<a ID='x'><b></a>", "x", &at) == BARK_ERR_XML && at == 0);
}

TEST_MAIN(RUN(forms_are_as_specified) RUN(pieces_of_every_size_make_the_same_form)
              RUN(a_buffer_without_room_is_a_limit) RUN(every_refused_allocation_is_told)
                  RUN(every_cut_is_refused_or_whole) RUN(what_is_asked_wrongly_is_refused)
                      RUN(references_are_joined_as_specified) RUN(elements_are_found_by_their_only_id))
