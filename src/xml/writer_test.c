/* xml/writer_test.c - every character in every place, and texts that no XML can carry. */
#include "xml/writer.h"

#include "base/utf8.h"
#include "testkit.h"
#include "xml/chars.h"

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* What the writer makes of the text; NULL when it refuses. */
static const char *written(void (*write)(struct bark_out *, struct bark_slice), struct bark_slice text)
{
    static char memory[256];
    struct bark_out out;
    bark_out_init(&out, memory, sizeof memory - 1);
    write(&out, text);
    memory[out.pos] = '\0';
    return bark_out_ok(&out) ? memory : NULL;
}

TEST(markup_is_escaped_for_its_place)
{
    static const struct {
        const char *text, *in_text, *in_attribute;
    } cases[] = {
        { "", "", "" },
        { "plain", "plain", "plain" },
        { "&", "&amp;", "&amp;" },
        { "<a>", "&lt;a&gt;", "&lt;a&gt;" },
        { "]]>", "]]&gt;", "]]&gt;" }, /* [XML1 2.4] */
        { "\"'", "\"'", "&quot;'" },
        { "\t\n\r", "\t\n&#xD;",
          "&#x9;&#xA;&#xD;" }, /* [XML1 2.11, 3.3.3] a reader would change the raw ones */
        { "&amp;", "&amp;amp;", "&amp;amp;" },
        { "a<\xc3\xa9>b", "a&lt;\xc3\xa9&gt;b", "a&lt;\xc3\xa9&gt;b" },
        { "\x7f\xc2\x80", "\x7f\xc2\x80", "\x7f\xc2\x80" },
    };
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_TEXT(written(bark_write_text, slice(cases[i].text)), cases[i].in_text);
        CHECK_TEXT(written(bark_write_attribute_text, slice(cases[i].text)), cases[i].in_attribute);
    }
}

TEST(what_xml_cannot_carry_is_refused)
{
    static const char *const bad[] = { "\x01",         "\x08",         "\x0b",         "\x1f",
                                       "ok then \x02", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xed\xbf\xbf",
                                       "\xc0\xaf",     "\xff",         "cut \xe2\x82", "\xf5\x80\x80\x80" };
    static const uint8_t nul[] = { 'a', 0, 'b' };
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_IN(bad[i], written(bark_write_text, slice(bad[i])) == NULL);
        CHECK_IN(bad[i], written(bark_write_attribute_text, slice(bad[i])) == NULL);
    }
    CHECK(written(bark_write_text, (struct bark_slice){ nul, sizeof nul }) == NULL);
}

/* Each ASCII character between two others: nothing raw is left that opens a tag, ends an attribute or names
 * an entity. */
TEST(no_character_escapes_its_place)
{
    unsigned c;
    for (c = 1; c < 0x80; c++) {
        const char text[] = { 'a', (char)c, 'b', '\0' };
        const char *got = written(bark_write_attribute_text, slice(text));
        CHECK((got != NULL) == (c >= 0x20 || c == '\t' || c == '\n' || c == '\r'));
        CHECK(!got || !strpbrk(got, "<>\"\t\n\r"));
        CHECK(!got || !strchr(got, '&') || strchr(got, ';'));
    }
}

TEST(pieces_give_the_same_as_the_whole)
{
    static const char text[] = "a<b>&\"c\r\xc3\xa9]]>";
    static char whole[128], pieces[128];
    struct bark_out out;
    size_t i, len;
    bark_out_init(&out, whole, sizeof whole);
    bark_xml_escape(&out, slice(text), BARK_XML_IN_ATTRIBUTE);
    len = out.pos;
    bark_out_init(&out, pieces, sizeof pieces);
    for (i = 0; i < sizeof text - 1; i++)
        bark_xml_escape(&out, (struct bark_slice){ (const uint8_t *)text + i, 1 }, BARK_XML_IN_ATTRIBUTE);
    CHECK(bark_out_ok(&out) && out.pos == len && memcmp(whole, pieces, len) == 0);
}

/* [XML1 2.2] Char, written down once more as the production has it. */
TEST(characters_of_xml)
{
    uint32_t c;
    for (c = 0; c <= 0x10ffff; c++) {
        const bool want = c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c <= 0xd7ff) ||
                          (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
        if (c < 0xd800 || c > 0xdfff) /* surrogates never leave the UTF-8 decoder */
            CHECK(bark_xml_is_char(c) == want);
    }
}

/* A span ends at the first byte that is wrong, wherever in a word of eight it stands. */
TEST(spans_end_at_the_first_wrong_byte)
{
    char text[33];
    size_t at, len;
    for (len = 1; len < sizeof text; len++)
        for (at = 0; at < len; at++) {
            memset(text, 'x', len);
            text[at] = '\x02';
            CHECK(bark_xml_chars_span((struct bark_slice){ (const uint8_t *)text, len }) == at);
            text[at] = '\x80';
            CHECK(bark_xml_chars_span((struct bark_slice){ (const uint8_t *)text, len }) == at);
            text[at] = '\t';
            CHECK(bark_xml_chars_span((struct bark_slice){ (const uint8_t *)text, len }) == len);
        }
}

/* [XML1 2.3] The borders of each range of NameStartChar, and what NameChar adds. */
TEST(name_characters)
{
    static const uint32_t starts[] = { 'A',    'Z',    'a',    'z',    '_',     ':',    0xc0,   0xd6,
                                       0xd8,   0xf6,   0xf8,   0x2ff,  0x370,   0x37d,  0x37f,  0x1fff,
                                       0x200c, 0x200d, 0x2070, 0x218f, 0x2c00,  0x2fef, 0x3001, 0xd7ff,
                                       0xf900, 0xfdcf, 0xfdf0, 0xfffd, 0x10000, 0xeffff };
    static const uint32_t followers[] = { '-', '.', '0', '9', 0xb7, 0x300, 0x36f, 0x203f, 0x2040 };
    static const uint32_t others[] = { '@',    '[',    '`',    '{',    '/',    ';',     ' ',
                                       0xbf,   0xd7,   0xf7,   0x37e,  0x2000, 0x200b,  0x200e,
                                       0x203e, 0x2041, 0x206f, 0x2190, 0x2bff, 0x2ff0,  0x3000,
                                       0xe000, 0xf8ff, 0xfdd0, 0xfdef, 0xfffe, 0xf0000, 0x10ffff };
    size_t i;
    for (i = 0; i < sizeof starts / sizeof *starts; i++)
        CHECK(bark_xml_is_name_start(starts[i]) && bark_xml_is_name_char(starts[i]));
    for (i = 0; i < sizeof followers / sizeof *followers; i++)
        CHECK(!bark_xml_is_name_start(followers[i]) && bark_xml_is_name_char(followers[i]));
    for (i = 0; i < sizeof others / sizeof *others; i++)
        CHECK(!bark_xml_is_name_start(others[i]) && !bark_xml_is_name_char(others[i]));
}

/* Every byte at every place of texts of up to 40 bytes, between bytes that need nothing: what a byte becomes
 * does not depend on where it stands. */
TEST(a_byte_is_escaped_alike_in_every_place)
{
    uint8_t text[40], alone[16], whole[80];
    unsigned place, byte;
    size_t len, at;
    for (place = BARK_XML_IN_TEXT; place <= BARK_XML_IN_ATTRIBUTE; place++)
        for (byte = 0; byte < 256; byte++)
            for (len = 1; len <= sizeof text; len++)
                for (at = 0; at < len; at++) {
                    struct bark_out one, all;
                    bool same;
                    memset(text, 'x', len);
                    text[at] = (uint8_t)byte;
                    bark_out_init(&one, alone, sizeof alone);
                    bark_out_init(&all, whole, sizeof whole);
                    bark_xml_escape(&one, (struct bark_slice){ text + at, 1 }, (enum bark_xml_place)place);
                    bark_xml_escape(&all, (struct bark_slice){ text, len }, (enum bark_xml_place)place);
                    same = all.pos == len - 1 + one.pos && memcmp(whole, text, at) == 0 &&
                           memcmp(whole + at, alone, one.pos) == 0 &&
                           memcmp(whole + at + one.pos, text + at + 1, len - at - 1) == 0;
                    CHECK(same);
                }
}

/* Mixtures of all that is looked at, written in one go: the same as piece by piece, or nothing; and nothing
 * at all beyond the room. */
TEST(in_one_go_or_not_at_all)
{
    static const char *const parts[] = {
        "x",  "plain text of a line", "\xc3\xa4",         ">",    "]", "&", "<", "\r", "\n", "]]>",
        "\"", "\xe2\x82\xac",         "\xf0\x9f\x98\x80", "\xff", "\1"
    };
    static char text[512];
    static uint8_t whole[4096], go[4096];
    uint64_t seed = 1;
    unsigned round, taken = 0;
    for (round = 0; round < 20000; round++) {
        const enum bark_xml_place place = round % 2 ? BARK_XML_IN_TEXT : BARK_XML_IN_ATTRIBUTE;
        const size_t kinds = round % 3 ? 13 : 15; /* the last two are refused */
        struct bark_slice in = { (const uint8_t *)text, 0 };
        struct bark_out out;
        size_t count, room;
        const uint8_t *end;
        for (count = round % 18; count > 0; count--) {
            const char *part;
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            part = parts[(seed >> 33) % kinds];
            memcpy(text + in.len, part, strlen(part));
            in.len += strlen(part);
        }
        bark_out_init(&out, whole, sizeof whole);
        (place == BARK_XML_IN_TEXT ? bark_write_text : bark_write_attribute_text)(&out, in);
        room = round % 5 ? sizeof go - 1 : out.pos + seed % 80;
        memset(go, '#', sizeof go);
        end = bark_xml_escape_into(go, room, in, place);
        CHECK(go[room] == '#');
        CHECK(!end || (bark_out_ok(&out) && end == go + out.pos && memcmp(go, whole, out.pos) == 0));
        CHECK(end || !bark_out_ok(&out) || room < sizeof go - 1);
        taken += end != NULL;
    }
    CHECK(taken > 10000);
}

TEST_MAIN(RUN(markup_is_escaped_for_its_place) RUN(what_xml_cannot_carry_is_refused)
              RUN(no_character_escapes_its_place) RUN(a_byte_is_escaped_alike_in_every_place)
                  RUN(pieces_give_the_same_as_the_whole) RUN(characters_of_xml)
                      RUN(spans_end_at_the_first_wrong_byte) RUN(name_characters)
                          RUN(in_one_go_or_not_at_all))
