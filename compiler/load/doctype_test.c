/* load/doctype_test.c - document type declarations of schema documents: what is applied, what is passed over,
 * what is refused and where, and that no entity makes a document large. */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "load/doctype.h"
#include "testkit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text without its declaration, or the messages; free(). */
static char *taken(const char *text, bool *good)
{
    enum { ROOM = 1 << 21 };
    struct soapc_diag *diag = soapc_diag_new();
    char *copy = strdup(text), *result = malloc(ROOM);
    struct bark_out out;
    if (!diag || !copy || !result)
        abort();
    const uint32_t file = soapc_diag_source(diag, "a.xsd", copy, strlen(copy), SOAPC_NOWHERE);
    *good = soapc_doctype_take(diag, file);
    if (*good && diag->sources[file].size < ROOM) {
        memcpy(result, diag->sources[file].text, diag->sources[file].size + 1);
        CHECK(strlen(result) == diag->sources[file].size);
    } else {
        bark_out_init(&out, (uint8_t *)result, ROOM - 1);
        soapc_diag_print(diag, &out);
        result[out.pos] = '\0';
    }
    CHECK(*good == (diag->error_count == 0));
    soapc_diag_free(diag);
    return result;
}

static size_t lines(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == '\n';
    return count;
}

TEST(what_a_declaration_says_is_applied)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "<a>&lt;&#38;&b</a>", "<a>&lt;&#38;&b</a>" }, /* nothing to do, nothing done */
        { "<a><!DOCTYPE a></a>", "<a><!DOCTYPE a></a>" }, /* not where one may stand: for the reader */
        { "<!DOCTYPE a><a/>", "<a/>" },
        { "\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <!DOCTYPE b> --> <!DOCTYPE a\nSYSTEM 'b>'>\n<a/>",
          "\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <!DOCTYPE b> -->            \n            \n<a/>" },
        { "<!DOCTYPE a PUBLIC \"-//b'c\" 'd\"e'\n[<!-- ]> --><?f ]> ?><!ELEMENT a (b|c)*>\n"
          "<!NOTATION n PUBLIC '>'><!ATTLIST a id ID #IMPLIED b (c|d) #REQUIRED e NOTATION (n) "
          "#IMPLIED>]\n><a/>",
          "<a/>" },
        /* entities */
        { "<!DOCTYPE a [<!ENTITY b 'c'>]><a d='&b;&b;'>&b;<!--&b;--><![CDATA[&b;]]><?x &b;?></a>",
          "<a d='cc'>c<!--&b;--><![CDATA[&b;]]><?x &b;?></a>" },
        { "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY b 'd'>]><a>&b;</a>", "<a>c</a>" },
        { "<!DOCTYPE a [<!ENTITY b '-&c;-'><!ENTITY c '\"'>]><a d=\"&b;\"/>", "<a d=\"-&quot;-\"/>" },
        { "<!DOCTYPE a [<!ENTITY b \"'\n'\">]><a d='&b;'>&b;</a>",
          "<a d='&apos; &apos;'>&apos;&#10;&apos;</a>" },
        { "<!DOCTYPE a [<!ENTITY b '&#38;#38;&#x41;&#xe4;&lt;'>]><a>&b;</a>", "<a>&#38;A\xc3\xa4&lt;</a>" },
        { "<!DOCTYPE a [<!ENTITY lt '&#38;#60;'>]><a>&lt;</a>", "<a>&lt;</a>" },
        { "<!DOCTYPE a [<!ENTITY % p 'x'><!ENTITY p 'y'>]><a>&p;</a>", "<a>y</a>" },
        { "<!DOCTYPE a [<!ENTITY b SYSTEM 'c'><!ENTITY d PUBLIC 'e' 'f' NDATA g>]><a/>", "<a/>" },
        /* attributes that are not given */
        { "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>", "<a b='c'/>" },
        { "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a><a b='d'/></a>", "<a b='c'><a b='d'/></a>" },
        { "<!DOCTYPE a [<!ATTLIST a b CDATA 'c' d (e|f) \"e\">]><a g='>'></a>",
          "<a b='c' d=\"e\" g='>'></a>" },
        { "<!DOCTYPE a [<!ATTLIST x:a xmlns:x CDATA #FIXED 'urn:x'><!ATTLIST x:a xmlns:x CDATA 'urn:y'>]>"
          "<x:a><a/><x:ab/></x:a>",
          "<x:a xmlns:x='urn:x'><a/><x:ab/></x:a>" },
        { "<!DOCTYPE a [<!ENTITY e 'f'><!ATTLIST a b CDATA 'c&e;\n'>]><a/>", "<a b='cf '/>" },
        /* behind a parameter entity nothing is sure */
        { "<!DOCTYPE a [<!ENTITY % p SYSTEM 'q'>%p;<!ENTITY b 'c'><!ATTLIST a d CDATA 'e'>]><a>&lt;</a>",
          "<a>&lt;</a>" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool good;
        char *got = taken(cases[i].text, &good);
        const size_t len = strlen(got), end = strlen(cases[i].want);
        CHECK(good);
        CHECK(lines(got) == lines(cases[i].text));
        CHECK(len >= end && strspn(got, " \n") >= len - end); /* blanks, where the declaration was */
        CHECK_TEXT(len >= end ? got + (len - end) : got, cases[i].want);
        free(got);
    }
}

TEST(what_is_wrong_is_refused_where_it_stands)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "<!DOCTYPE>", "a.xsd:1:10: error[E0103]: [XML1 2.8] white space is expected here" },
        { "<!DOCTYPE ", "a.xsd:1:11: error[E0103]: [XML1 2.3] a name is expected here" },
        { "<!DOCTYPE a", "a.xsd:1:12: error[E0103]: [XML1 2.8] the '>' of this declaration" },
        { "<!DOCTYPE a SYSTEM>", "a.xsd:1:19: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a SYSTEM b>", "a.xsd:1:20: error[E0103]: [XML1 2.3] a literal in quotes" },
        { "<!DOCTYPE a SYSTEM 'b>", "a.xsd:1:20: error[E0103]: [XML1 2.3] this literal has no end" },
        { "<!DOCTYPE a PUBLIC 'b'>", "a.xsd:1:23: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [", "a.xsd:1:14: error[E0103]: [XML1 2.8] the document type declaration has no end" },
        { "<!DOCTYPE a [\n x]>", "a.xsd:2:2: error[E0103]: [XML1 2.8] a declaration or ']'" },
        { "<!DOCTYPE a [<!-- ]>", "a.xsd:1:18: error[E0103]: [XML1 2.5] this comment has no end" },
        { "<!DOCTYPE a [<?b]>", "a.xsd:1:16: error[E0103]: [XML1 2.6] this processing instruction" },
        { "<!DOCTYPE a [%]>", "a.xsd:1:15: error[E0103]: [XML1 2.3] a name is expected" },
        { "<!DOCTYPE a [%b]>", "a.xsd:1:16: error[E0103]: [XML1 4.1] a reference ends with ';'" },
        { "<!DOCTYPE a [<![INCLUDE[]]>]>", "a.xsd:1:14: error[E0103]: [XML1 2.8] a declaration or ']'" },
        { "<!DOCTYPE a [<!ELEMENT a <b>]>", "a.xsd:1:26: error[E0103]: [XML1 2.8] the '>' of this" },
        { "<!DOCTYPE a [<!ENTITY>]>", "a.xsd:1:22: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [<!ENTITY b>]>", "a.xsd:1:24: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [<!ENTITY %b 'c'>]>", "a.xsd:1:24: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [<!ENTITY b 'c' d>]>", "a.xsd:1:29: error[E0103]: [XML1 2.8] the '>' of this" },
        { "<!DOCTYPE a [<!ENTITY b 'c%d;'>]>", "a.xsd:1:27: error[E0103]: [XML1 2.8] no parameter entity" },
        { "<!DOCTYPE a [<!ENTITY b '&#0;'>]>", "a.xsd:1:26: error[E0103]: [XML1 4.1] this is no character" },
        { "<!DOCTYPE a [<!ENTITY b '&#x;'>]>", "a.xsd:1:26: error[E0103]: [XML1 4.1] this is no character" },
        { "<!DOCTYPE a [<!ENTITY b '&#1'>]>", "a.xsd:1:26: error[E0103]: [XML1 4.1] this is no character" },
        { "<!DOCTYPE a [<!ENTITY b '&#99999999999;'>]>", "a.xsd:1:26: error[E0103]: [XML1 4.1] this is no" },
        { "<!DOCTYPE a [<!ENTITY b SYSTEM 'c' NDATA>]>", "a.xsd:1:41: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [<!ATTLIST a b c>]>", "a.xsd:1:29: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [<!ATTLIST a b (c>]>", "a.xsd:1:29: error[E0103]: [XML1 3.3.1] this list has no end" },
        { "<!DOCTYPE a [<!ATTLIST a b NOTATION c>]>", "a.xsd:1:37: error[E0103]: [XML1 3.3.1] a list" },
        { "<!DOCTYPE a [<!ATTLIST a b c #FIXED>]>", "a.xsd:1:36: error[E0103]: [XML1 2.8] white space" },
        { "<!DOCTYPE a [<!ATTLIST a b c d>]>", "a.xsd:1:30: error[E0103]: [XML1 2.3] a literal in quotes" },
        { "<!DOCTYPE a []>\n<a>&b;</a>", "a.xsd:2:4: error[E0103]: [XML1 4.1] there is no entity 'b'" },
        { "<!DOCTYPE a SYSTEM 'c'>\n<a>&b;</a>", "note: only the document itself is read for declarations" },
        { "<!DOCTYPE a [<!ENTITY b SYSTEM '/etc/passwd'>]>\n<a>&b;</a>",
          "a.xsd:2:4: error[E0901]: not supported: the text of entity 'b' is in another file" },
        { "<!DOCTYPE a [<!ENTITY b '<c/>'>]>\n<a>&b;</a>",
          "a.xsd:2:4: error[E0901]: not supported: entity 'b' has markup in it" },
        { "<!DOCTYPE a [<!ENTITY b '&#60;c/>'>]>\n<a>&b;</a>",
          "a.xsd:2:4: error[E0901]: not supported: entity 'b' has markup in it" },
        { "<!DOCTYPE a [<!ENTITY b '&c;'><!ENTITY c '&b;'>]>\n<a>&b;</a>",
          "a.xsd:2:4: error[E0103]: [XML1 4.1] entity 'b' is part of itself" },
        { "<!DOCTYPE a [<!ENTITY b '&c;'>]>\n<a d='&b;'/>",
          "a.xsd:2:7: error[E0103]: [XML1 4.1] there is no entity 'c'" },
        { "<!DOCTYPE a [<!ATTLIST a b CDATA '&c;'>]>\n<a/>",
          "a.xsd:1:35: error[E0103]: [XML1 4.1] there is no entity 'c'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool good;
        char *got = taken(cases[i].text, &good);
        CHECK(!good);
        if (!strstr(got, cases[i].want))
            CHECK_TEXT(got, cases[i].want);
        free(got);
    }
}

/* Entities each of which is `width` references to the next one, and what the last one says. */
static void tower_expect(size_t floors, size_t width, const char *last, const char *want)
{
    char text[16384], *at = text, *const end = text + sizeof text;
    bool good;
    at += snprintf(at, (size_t)(end - at), "<!DOCTYPE a [");
    for (size_t floor = 0; floor < floors; floor++) {
        at += snprintf(at, (size_t)(end - at), "<!ENTITY e%zu '", floor);
        for (size_t i = 0; i < width && floor + 1 < floors; i++)
            at += snprintf(at, (size_t)(end - at), "&e%zu;", floor + 1);
        at += snprintf(at, (size_t)(end - at), "%s'>", floor + 1 < floors ? "" : last);
    }
    snprintf(at, (size_t)(end - at), "]><a>&e0;</a>");
    char *got = taken(text, &good);
    CHECK(good == !want);
    if (want && !strstr(got, want))
        CHECK_TEXT(got, want);
    free(got);
}

TEST(entities_have_bounds)
{
    tower_expect(16, 1, "x", NULL);
    tower_expect(17, 1, "x", "error[E0102]: entity 'e16' lies too deep in others");
    tower_expect(5, 16, "", NULL);
    tower_expect(6, 16, "", "error[E0102]: too many references to entities, with that to 'e5'");
    tower_expect(3, 100,
                 "One hundred and more characters of text, ten thousand times, are more than a document may "
                 "grow by: a mebibyte.",
                 "error[E0102]: the document grows too much by entity 'e2'");
    tower_expect(10, 10, "ha", "error[E0102]: ");
}

/* Declarations up to the bound, and one more. */
static void many_expect(const char *head, const char *tail, size_t count, bool want)
{
    const size_t room = 64 * (count + 1);
    char *text = malloc(room), *at = text;
    bool good;
    if (!text)
        abort();
    at += snprintf(at, room, "<!DOCTYPE a [");
    for (size_t i = 0; i < count; i++)
        at += snprintf(at, room - (size_t)(at - text), "%s%zu %s", head, i, tail);
    snprintf(at, room - (size_t)(at - text), "]><b/>");
    char *got = taken(text, &good);
    CHECK(good == want);
    CHECK(want || strstr(got, "error[E0102]: more than 1000 "));
    free(got);
    free(text);
}

TEST(declarations_have_bounds)
{
    many_expect("<!ENTITY e", "'x'>", SOAPC_DECLARED_MAX, true);
    many_expect("<!ENTITY e", "'x'>", SOAPC_DECLARED_MAX + 1, false);
    many_expect("<!ATTLIST a b", "CDATA 'x'>", SOAPC_DECLARED_MAX, true);
    many_expect("<!ATTLIST a b", "CDATA 'x'>", SOAPC_DECLARED_MAX + 1, false);
}

/* A thousand values for each of very many tags. */
TEST(defaults_cost_a_bounded_time)
{
    enum { TAGS = SOAPC_DEFAULT_WORK / SOAPC_DECLARED_MAX + 1 };
    char *text = malloc(64 * SOAPC_DECLARED_MAX + 4 * (size_t)TAGS + 64), *at = text;
    bool good;
    if (!text)
        abort();
    at += sprintf(at, "<!DOCTYPE a [");
    for (size_t i = 0; i < SOAPC_DECLARED_MAX; i++)
        at += sprintf(at, "<!ATTLIST a b%zu CDATA 'x'>", i);
    at += sprintf(at, "]>");
    for (size_t i = 0; i < TAGS; i++)
        at += sprintf(at, "<b/>");
    char *got = taken(text, &good);
    CHECK(!good && strstr(got, "error[E0102]: too many tags and attributes for so many declared values"));
    free(got);
    free(text);
}

/* Cut off anywhere it is refused, or the reader's business: never read beyond its end. */
TEST(cut_off_anywhere)
{
    static const char text[] =
        "<?xml version='1.0'?><!-- c --><!DOCTYPE a PUBLIC 'p' 's' [<!ENTITY b '&#65;c'>"
        "<!ENTITY % d SYSTEM 'e'><!ATTLIST a f NOTATION (g|h) #FIXED '&b;'><?i?>%d;]><a>&b;</a>";
    for (size_t len = 0; len < sizeof text; len++) {
        bool good;
        char cut[sizeof text];
        memcpy(cut, text, len);
        cut[len] = '\0';
        free(taken(cut, &good));
        CHECK(good == (len < strlen("<?xml version='1.0'?><!-- c --><!DOCTYPE") || len >= strlen(text) - 10));
    }
}

TEST_MAIN(RUN(what_a_declaration_says_is_applied) RUN(what_is_wrong_is_refused_where_it_stands)
              RUN(entities_have_bounds) RUN(declarations_have_bounds) RUN(defaults_cost_a_bounded_time)
                  RUN(cut_off_anywhere))
