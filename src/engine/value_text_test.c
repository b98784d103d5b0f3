/* engine/value_text_test.c - the string family and boolean. */
#include "engine/value_testing.h"

static const struct lexical boolean_cases[] = {
    { "true", "true", BARK_OK },
    { "false", "false", BARK_OK },
    { "1", "true", BARK_OK },
    { "0", "false", BARK_OK },
    { " \t\r\ntrue\n", "true", BARK_OK }, /* [XSD2 4.3.6] collapse */
    { "", NULL, BARK_ERR_TYPE },
    { " ", NULL, BARK_ERR_TYPE },
    { "TRUE", NULL, BARK_ERR_TYPE },
    { "True", NULL, BARK_ERR_TYPE },
    { "yes", NULL, BARK_ERR_TYPE },
    { "2", NULL, BARK_ERR_TYPE },
    { "01", NULL, BARK_ERR_TYPE },
    { "+1", NULL, BARK_ERR_TYPE },
    { "-0", NULL, BARK_ERR_TYPE },
    { "1.0", NULL, BARK_ERR_TYPE },
    { "true false", NULL, BARK_ERR_TYPE },
    { "tru", NULL, BARK_ERR_TYPE },
    { "truee", NULL, BARK_ERR_TYPE },
    { "f", NULL, BARK_ERR_TYPE },
    { "\xc2\xa0true", NULL, BARK_ERR_TYPE }, /* U+00A0 is not white space here */
};

static const struct lexical string_cases[] = {
    { "", "", BARK_OK },
    { " a\tb\r\n ", " a\tb\r\n ", BARK_OK }, /* every space is kept */
    { "<&>\"'", "<&>\"'", BARK_OK }, /* escaping is another floor's work */
    { "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\xb3", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\xb3", BARK_OK },
    { "\x7f", "\x7f", BARK_OK },
    { "\xef\xbf\xbd", "\xef\xbf\xbd", BARK_OK },
    { "\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80", BARK_OK },
    { "12345678\x01", NULL, BARK_ERR_TYPE }, /* past a whole word of plain text */
    { "\x01", NULL, BARK_ERR_TYPE },
    { "\x1f", NULL, BARK_ERR_TYPE },
    { "\x0b", NULL, BARK_ERR_TYPE },
    { "\xef\xbf\xbe", NULL, BARK_ERR_TYPE }, /* U+FFFE */
    { "\xef\xbf\xbf", NULL, BARK_ERR_TYPE }, /* U+FFFF */
    { "\xed\xa0\x80", NULL, BARK_ERR_TYPE }, /* a surrogate */
    { "\xc0\x80", NULL, BARK_ERR_TYPE }, /* overlong */
    { "\xe0\x9f\xbf", NULL, BARK_ERR_TYPE },
    { "\xf0\x8f\xbf\xbf", NULL, BARK_ERR_TYPE },
    { "\xf4\x90\x80\x80", NULL, BARK_ERR_TYPE }, /* past U+10FFFF */
    { "abcdefg\xc3", NULL, BARK_ERR_TYPE }, /* cut */
    { "\xff", NULL, BARK_ERR_TYPE },
};

static const struct lexical normalized_cases[] = {
    { "a\tb\nc\rd", "a b c d", BARK_OK },
    { "\t", " ", BARK_OK },
    { "  a  b  ", "  a  b  ", BARK_OK },
    { "\r\n", "  ", BARK_OK },
    { "", "", BARK_OK },
    { "a\x02", NULL, BARK_ERR_TYPE },
};

static const struct lexical token_cases[] = {
    { "a\t\n b \r", "a b", BARK_OK },
    { " \n ", "", BARK_OK },
    { "a b", "a b", BARK_OK },
    { "a  b", "a b", BARK_OK },
    { "a\xc2\xa0 b", "a\xc2\xa0 b", BARK_OK }, /* U+00A0 is no white space */
    { "\x02", NULL, BARK_ERR_TYPE },
};

TEST(boolean_and_string_lexicals)
{
    LEXICALS(BARK_KIND_BOOLEAN, boolean_cases);
    LEXICALS(BARK_KIND_STRING, string_cases);
    LEXICALS(BARK_KIND_NORMALIZED, normalized_cases);
    LEXICALS(BARK_KIND_TOKEN, token_cases);
}

static const struct lexical language_cases[] = {
    { "en", "en", BARK_OK },
    { "en-GB", "en-GB", BARK_OK },
    { " de-AT-1996 ", "de-AT-1996", BARK_OK },
    { "i-navajo", "i-navajo", BARK_OK },
    { "x-12345678", "x-12345678", BARK_OK },
    { "abcdefgh", "abcdefgh", BARK_OK },
    { "a", "a", BARK_OK },
    { "x-1-2-3-4-5-6-7-8-9", "x-1-2-3-4-5-6-7-8-9", BARK_OK },
    { "", NULL, BARK_ERR_TYPE },
    { "-", NULL, BARK_ERR_TYPE },
    { "en-", NULL, BARK_ERR_TYPE },
    { "-en", NULL, BARK_ERR_TYPE },
    { "en--GB", NULL, BARK_ERR_TYPE },
    { "en_GB", NULL, BARK_ERR_TYPE },
    { "abcdefghi", NULL, BARK_ERR_TYPE },
    { "en-123456789", NULL, BARK_ERR_TYPE },
    { "1en", NULL, BARK_ERR_TYPE },
    { "e1", NULL, BARK_ERR_TYPE },
    { "en GB", NULL, BARK_ERR_TYPE },
    { "\xc3\xa9n", NULL, BARK_ERR_TYPE },
};

static const struct lexical name_cases[] = {
    { "a", "a", BARK_OK },
    { "_a.b-c:1", "_a.b-c:1", BARK_OK },
    { ":", ":", BARK_OK },
    { " \xc3\xa9t\xc3\xa9 ", "\xc3\xa9t\xc3\xa9", BARK_OK },
    { "a\xc2\xb7", "a\xc2\xb7", BARK_OK }, /* MIDDLE DOT may follow, not start */
    { "", NULL, BARK_ERR_TYPE },
    { "1a", NULL, BARK_ERR_TYPE },
    { "-a", NULL, BARK_ERR_TYPE },
    { ".a", NULL, BARK_ERR_TYPE },
    { "\xc2\xb7"
      "a",
      NULL, BARK_ERR_TYPE },
    { "a b", NULL, BARK_ERR_TYPE },
    { "a\xc3\x97", NULL, BARK_ERR_TYPE }, /* MULTIPLICATION SIGN */
    { "a/b", NULL, BARK_ERR_TYPE },
    { "a\xff", NULL, BARK_ERR_TYPE },
};

static const struct lexical ncname_cases[] = {
    { "a", "a", BARK_OK },
    { "_", "_", BARK_OK },
    { "a-b.c_d1", "a-b.c_d1", BARK_OK },
    { "\xf0\x90\x80\x80", "\xf0\x90\x80\x80", BARK_OK },
    { "a:b", NULL, BARK_ERR_TYPE },
    { ":a", NULL, BARK_ERR_TYPE },
    { "a:", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
    { "0", NULL, BARK_ERR_TYPE },
    { "a b", NULL, BARK_ERR_TYPE },
};

static const struct lexical nmtoken_cases[] = {
    { "1a", "1a", BARK_OK },        { "-", "-", BARK_OK },
    { "a:b:c", "a:b:c", BARK_OK },  { "\xc2\xb7", "\xc2\xb7", BARK_OK },
    { "", NULL, BARK_ERR_TYPE },    { "a b", NULL, BARK_ERR_TYPE },
    { "a,b", NULL, BARK_ERR_TYPE }, { "a+b", NULL, BARK_ERR_TYPE },
};

TEST(name_lexicals)
{
    LEXICALS(BARK_KIND_LANGUAGE, language_cases);
    LEXICALS(BARK_KIND_NAME, name_cases);
    LEXICALS(BARK_KIND_NCNAME, ncname_cases);
    LEXICALS(BARK_KIND_NMTOKEN, nmtoken_cases);
}

static const struct lexical uri_cases[] = {
    { "", "", BARK_OK }, /* a reference to the document itself */
    { "http://example.com/a?b=c#d", "http://example.com/a?b=c#d", BARK_OK },
    { " urn:a:b ", "urn:a:b", BARK_OK },
    { "../a/b", "../a/b", BARK_OK },
    { "#frag", "#frag", BARK_OK },
    { "//host", "//host", BARK_OK },
    { "http://[::1]:80/", "http://[::1]:80/", BARK_OK },
    { "http://example.com/a b", "http://example.com/a b", BARK_OK }, /* [XSD2 3.2.17] escaping mends it */
    { "http://\xc3\xa9/", "http://\xc3\xa9/", BARK_OK },
    { "a/b:c", "a/b:c", BARK_OK },
    { "%20", "%20", BARK_OK },
    { "onvif://www.onvif.org/type/ptz", "onvif://www.onvif.org/type/ptz", BARK_OK },
    { "x+y-z.1:a", "x+y-z.1:a", BARK_OK },
    { "%", NULL, BARK_ERR_TYPE },
    { "%2", NULL, BARK_ERR_TYPE },
    { "%zz", NULL, BARK_ERR_TYPE },
    { "a#b#c", NULL, BARK_ERR_TYPE },
    { ":a", NULL, BARK_ERR_TYPE },
    { "1a:b", NULL, BARK_ERR_TYPE },
    { "a b:c", NULL, BARK_ERR_TYPE },
    { "\x01", NULL, BARK_ERR_TYPE },
};

TEST(uri_lexicals)
{
    LEXICALS(BARK_KIND_ANYURI, uri_cases);
}

/* A handler's text that a reader would change is refused, instead of arriving as another value. */
TEST(white_space_that_would_be_lost_is_not_written)
{
    static const struct {
        enum bark_kind kind;
        const char *text;
        bool fine;
    } cases[] = {
        { BARK_KIND_STRING, " a\n", true },      { BARK_KIND_NORMALIZED, "  a  ", true },
        { BARK_KIND_NORMALIZED, "a\tb", false }, { BARK_KIND_TOKEN, "a b", true },
        { BARK_KIND_TOKEN, "", true },           { BARK_KIND_TOKEN, " a", false },
        { BARK_KIND_TOKEN, "a ", false },        { BARK_KIND_TOKEN, "a  b", false },
        { BARK_KIND_TOKEN, "a\nb", false },      { BARK_KIND_ANYURI, "http://a/ ", false },
        { BARK_KIND_ANYURI, "http://a/", true },
    };
    static struct values v;
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum bark_code code;
        const uint16_t type = values_open(&v, cases[i].kind);
        v.member.text = bark_text(cases[i].text);
        values_write(&v, type, &code);
        CHECK_IN(cases[i].text, code == (cases[i].fine ? BARK_OK : BARK_ERR_TYPE));
    }
}

/* One space at each place of a text, around the words that are looked at as one; then two. */
TEST(spaces_at_every_place)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_TOKEN);
    char text[40];
    size_t len, at, spaces;
    for (len = 1; len < sizeof text; len++)
        for (at = 0; at < len; at++)
            for (spaces = 0; spaces < 3; spaces++) {
                const bool two = spaces == 2 && at + 1 < len;
                enum bark_code code;
                memset(text, 'x', sizeof text);
                if (spaces)
                    text[at] = ' ';
                if (two)
                    text[at + 1] = ' ';
                v.member.text = (struct bark_text){ text, len };
                values_write(&v, type, &code);
                CHECK((code == BARK_OK) == (!spaces || (at > 0 && at + 1 < len && !two)));
            }
}

TEST(text_longer_than_an_output_buffer_is_written_in_pieces)
{
    static struct values v;
    static char text[5000];
    const uint16_t type = values_open(&v, BARK_KIND_STRING);
    enum bark_code code;
    memset(text, 'x', sizeof text - 1);
    CHECK(values_read(&v, type, text, sizeof text - 1) == BARK_OK);
    CHECK_TEXT(values_write(&v, type, &code), text);
    v.arena.cap = 100;
    CHECK(values_read(&v, type, text, sizeof text - 1) == BARK_ERR_MEMORY);
}

TEST_MAIN(RUN(boolean_and_string_lexicals) RUN(name_lexicals) RUN(uri_lexicals)
              RUN(white_space_that_would_be_lost_is_not_written) RUN(spaces_at_every_place)
                  RUN(text_longer_than_an_output_buffer_is_written_in_pieces))
