/* compiler/diag_test.c - what people see: places, excerpts, carets, notes, order, caps, guesses. */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "diag.h"
#include "testkit.h"

#include <stdlib.h>
#include <string.h>

static char printed[8192];

static struct soapc_diag *diag_new(const char *name, const char *text)
{
    struct soapc_diag *d = soapc_diag_new();
    CHECK(soapc_diag_source(d, name, strdup(text), strlen(text), SOAPC_NOWHERE) == 0);
    return d;
}

static void expect(struct soapc_diag *d, const char *want)
{
    struct bark_out out;
    bark_out_init(&out, printed, sizeof printed - 1);
    soapc_diag_print(d, &out);
    printed[out.pos] = '\0';
    CHECK_TEXT(printed, want);
    soapc_diag_free(d);
}

static struct soapc_place at(uint32_t file, uint32_t offset)
{
    return (struct soapc_place){ file, offset };
}

TEST(places_and_carets)
{
    struct soapc_diag *d = diag_new("a.xsd", "one\n\ttwo x\r\nthr\xc3\xa4\xc3\xa4 y\n\nlast");
    soapc_error(d, SOAPC_E_XML, at(0, 0), "first byte");
    soapc_error(d, SOAPC_E_XML, at(0, 9), "behind a %s", "tab");
    soapc_error(d, SOAPC_E_XML, at(0, 20), "behind two letters of two bytes");
    soapc_error(d, SOAPC_E_XML, at(0, 22), "an empty line has no excerpt");
    soapc_error(d, SOAPC_E_XML, at(0, 27), "the end");
    soapc_error(d, SOAPC_E_XML, at(0, 999), "past the end");
    soapc_error(d, SOAPC_E_XML, SOAPC_NOWHERE, "no place at all");
    expect(d, "a.xsd:1:1: error[E0103]: first byte\n"
              "     1 | one\n"
              "       | ^\n"
              "a.xsd:2:6: error[E0103]: behind a tab\n"
              "     2 | \ttwo x\n"
              "       | \t    ^\n"
              "a.xsd:3:9: error[E0103]: behind two letters of two bytes\n"
              "     3 | thr\xc3\xa4\xc3\xa4 y\n"
              "       |       ^\n"
              "a.xsd:4:1: error[E0103]: an empty line has no excerpt\n"
              "a.xsd:5:5: error[E0103]: the end\n"
              "     5 | last\n"
              "       |     ^\n"
              "a.xsd:5:5: error[E0103]: past the end\n"
              "     5 | last\n"
              "       |     ^\n"
              "error[E0103]: no place at all\n"
              "7 errors\n");
}

TEST(sorted_with_notes_and_chain)
{
    struct soapc_diag *d = diag_new("main.wsdl", "import\nimport\n");
    CHECK(soapc_diag_source(d, "b.xsd", strdup("bbb\n"), 4, at(0, 7)) == 1);
    CHECK(soapc_diag_source(d, "c.xsd", strdup("ccc\n"), 4, at(1, 1)) == 2);
    soapc_error(d, SOAPC_E_XML, at(2, 2), "in c");
    soapc_note(d, at(2, 2), "same place: no second excerpt");
    soapc_note(d, at(1, 0), "another place");
    soapc_warning(d, SOAPC_W_EXTENSION, at(0, 7), "careful");
    soapc_error(d, SOAPC_E_XML, at(2, 0), "earlier in c");
    soapc_error(d, SOAPC_E_XML, at(0, 0), "in main");
    expect(d, "main.wsdl:1:1: error[E0103]: in main\n"
              "     1 | import\n"
              "       | ^\n"
              "main.wsdl:2:1: warning[W0208]: careful\n"
              "     2 | import\n"
              "       | ^\n"
              "c.xsd:1:1: error[E0103]: earlier in c\n"
              "     1 | ccc\n"
              "       | ^\n"
              "b.xsd:1:2: note: imported here\n"
              "main.wsdl:2:1: note: imported here\n"
              "c.xsd:1:3: error[E0103]: in c\n"
              "     1 | ccc\n"
              "       |   ^\n"
              "c.xsd:1:3: note: same place: no second excerpt\n"
              "b.xsd:1:1: note: another place\n"
              "     1 | bbb\n"
              "       | ^\n"
              "3 errors\n");
}

TEST(long_lines_are_cut_around_the_place)
{
    char text[5001];
    memset(text, 'x', 5000);
    text[5000] = '\0';
    memcpy(text + 3000, "HERE", 4);
    struct soapc_diag *d = diag_new("long.xsd", text);
    soapc_error(d, SOAPC_E_XML, at(0, 3000), "far out");
    char want[512];
    int head = snprintf(want, sizeof want, "long.xsd:1:3001: error[E0103]: far out\n     1 | ");
    memset(want + head, 'x', 60);
    memcpy(want + head + 60, "HERE", 4);
    memset(want + head + 64, 'x', 56);
    int more =
        snprintf(want + head + 120, sizeof want - (size_t)head - 120, "\n       | %60s^\n1 error\n", "");
    CHECK(more > 0);
    expect(d, want);
}

TEST(the_cap_counts_on)
{
    struct soapc_diag *d = diag_new("a", "abcdef");
    d->error_max = 2;
    for (uint32_t i = 0; i < 5; i++) {
        soapc_error(d, SOAPC_E_XML, at(0, i), "number %u", i);
        soapc_note(d, SOAPC_NOWHERE, "of %u", i);
    }
    expect(d, "a:1:1: error[E0103]: number 0\n     1 | abcdef\n       | ^\nnote: of 0\n"
              "a:1:2: error[E0103]: number 1\n     1 | abcdef\n       |  ^\nnote: of 1\n"
              "5 errors, the first 2 shown\n");
}

TEST(control_bytes_are_not_printed)
{
    struct soapc_diag *d = diag_new("a", "x\x1b[31mred\x01y\x7f\xc2\x9b"
                                         "2J\xc2\xa0");
    soapc_error(d, SOAPC_E_XML, at(0, 0), "escape");
    expect(d, "a:1:1: error[E0103]: escape\n     1 | x?[31mred?y??2J\xc2\xa0\n       | ^\n1 error\n");
}

TEST(guesses)
{
    static const struct {
        const char *wanted, *candidates[4], *best;
    } cases[] = {
        { "Scpoe", { "Scope", "Scale" }, "Scope" }, /* neighbours swapped count once */
        { "complextype", { "simpleType", "complexType" }, "complexType" },
        { "ab", { "xy" }, NULL },
        { "name", { "name" }, NULL }, /* the same name is no guess */
        { "colour", { "color", "dolour" }, "color" }, /* equals: the alphabet decides */
        { "colour", { "dolour", "color" }, "color" },
        { "Temperature", { "Pressure", "Humidity" }, NULL },
        { "", { "a" }, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct soapc_guess g = { .wanted = cases[i].wanted };
        for (size_t n = 0; n < 4 && cases[i].candidates[n]; n++)
            soapc_guess_offer(&g, cases[i].candidates[n]);
        CHECK_TEXT(g.best ? g.best : "-", cases[i].best ? cases[i].best : "-");
    }
}

TEST_MAIN(RUN(places_and_carets) RUN(sorted_with_notes_and_chain) RUN(long_lines_are_cut_around_the_place)
              RUN(the_cap_counts_on) RUN(control_bytes_are_not_printed) RUN(guesses))
