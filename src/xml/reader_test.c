/* xml/reader_test.c - documents and what the reader makes of them: refusals with place and rule, and events.
 */
#include "guard.h"
#include "soapbark/codec.h"
#include "testkit.h"
#include "xml/reader.h"

static _Alignas(BARK_ALIGN) uint8_t memory[64 * 1024];

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static enum bark_code check(struct bark_slice in, struct bark_error *err)
{
    struct bark_arena a;
    bark_arena_init(&a, memory, sizeof memory);
    return bark_check_xml(in, &bark_limits_device, &a, err);
}

static const char *const good[] = {
    "<a/>",
    "<a></a>",
    "<a />",
    "<a\t\r\n/>",
    "<a></a >",
    "\xef\xbb\xbf<a/>",
    "<?xml version='1.0'?><a/>",
    "<?xml version=\"1.0\" encoding=\"utf-8\" standalone='no' ?>\n<a/>\n",
    "<?xml version='1.1' encoding = \"UTF-8\"?><a/>", /* [XML1 2.8] read as 1.0 */
    "<?xml version='1.0' standalone='yes'?><a/>",
    "<!----><a/><!-- after -->",
    "<a>&lt;&gt;&amp;&quot;&apos;&#9;&#xA;&#x10FFFF;&#0000000000000000000000000065;</a>",
    "<a>]] ]> ] ]&gt; ></a>",
    "<a><![CDATA[<b>&]]]]><![CDATA[>]]></a>",
    "<a b='x' c=\"'\" d='\"' e='>'/>",
    "<_-.9/>",
    "<\xc3\xa9l\xc3\xa9ment \xc3\xa0='1'/>",
    "<\xf0\x90\x80\x80/>", /* [XML1 2.3] the fifth edition's names reach beyond the BMP */
    "<p:a xmlns:p='u'/>",
    "<p:a p:b='1' xmlns:p='u'/>", /* the declaration may follow */
    "<a xmlns='u'><b xmlns=''/></a>",
    "<a xml:lang='en' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
    "<a xmlns:p='u' xmlns:q='v' p:b='' q:b='' b=''/>",
    "<a xmlns:p='u'><b xmlns:p='v'><p:c/></b><p:d/></a>",
    "<a b1='' b2='' b3='' b4='' b5='' b6='' b7='' b8='' b9='' b10='' b11='' b12=''/>",
};

TEST(well_formed_documents_are_accepted)
{
    size_t i;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        struct bark_error err;
        char text[512];
        if (check(slice(good[i]), &err) != BARK_OK) {
            bark_error_text(&err, text, sizeof text);
            testkit_fail(__FILE__, __LINE__, "%s: %s", good[i], text);
        }
    }
}

/* [XML1 2.6] What a document may have, and a message may not [R5]. */
static const struct {
    const char *text;
    const char *rule; /* NULL: well-formed as a document */
} instructions[] = {
    { "<?x?><a/>", NULL },
    { "<?xml version='1.0'?>\n<?x-y \xc3\xa9? ?>\n<!-- --><a>1<?p?>2<!-- --><?p q?><b/><?p <a> & ]]> -- "
      "?></a><?z ?\?>",
      NULL },
    { "<a><?xm l?><?xmll?><?_?></a>", NULL },
    { "<a><?XmL x?></a>", "[XML1 2.6]" },
    { " <?xml version='1.0'?><a/>", "[XML1 2.6]" },
    { "<a><?xml?></a>", "[XML1 2.6]" },
    { "<a><? x?></a>", "[XML1 2.6]" },
    { "<a><?\?></a>", "[XML1 2.6]" },
    { "<a><?p:q?></a>", "[XML1 2.6]" },
    { "<a><?p", "[XML1 2.6]" },
    { "<a><?p ?", "[XML1 2.6]" },
    { "<a><?p /?/></a>", "[XML1 2.6]" },
    { "<a><?p\x01?></a>", "[XML1 2.2]" },
    { "<a><?p \x01?></a>", "[XML1 2.2]" },
    { "<a><?p \xc3?></a>", "[RFC3629" },
    { "<?p?>", "[XML1 2.1]" },
    { "<a/><?p?>x", "[XML1 2.8]" },
};

TEST(instructions_stand_in_documents_only)
{
    size_t i;
    for (i = 0; i < sizeof instructions / sizeof *instructions; i++) {
        const struct bark_slice in = slice(instructions[i].text);
        struct bark_arena a;
        struct bark_error err;
        bark_arena_init(&a, memory, sizeof memory);
        if (!instructions[i].rule)
            CHECK_IN(instructions[i].text, bark_check_document(in, &bark_limits_device, &a, &err) == BARK_OK);
        else if (bark_check_document(in, &bark_limits_device, &a, &err) == BARK_OK ||
                 !strstr(err.rule, instructions[i].rule))
            testkit_fail(__FILE__, __LINE__, "%s: %s", instructions[i].text,
                         err.rule ? err.rule : "accepted");
        CHECK_IN(instructions[i].text, check(in, &err) != BARK_OK);
        CHECK_IN(instructions[i].text,
                 strstr(err.rule, "[R5]") || strstr(instructions[i].text, "xml?>") || instructions[i].rule);
    }
}

/* The text around instructions is one text, without them. */
TEST(instructions_are_no_part_of_a_text)
{
    struct bark_arena a;
    struct bark_error err = { 0 };
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    struct bark_slice text;
    bark_arena_init(&a, memory, sizeof memory);
    CHECK(bark_xml_open(&r, slice("<a><?p?>x<?p <&?>&amp;<?q?><![CDATA[<?r?>]]></a>"), &bark_limits_device,
                        &a, &err) == BARK_OK);
    r.instructions = true;
    CHECK(bark_xml_next(&r, &ev) == BARK_OK && ev.kind == BARK_XML_START);
    CHECK(bark_xml_next(&r, &ev) == BARK_OK && ev.kind == BARK_XML_TEXT && !ev.plain && ev.text_len == 7);
    CHECK(bark_xml_text(&r, &ev, &text) == BARK_OK && text.len == 7 && memcmp(text.ptr, "x&<?r?>", 7) == 0);
    CHECK(bark_xml_next(&r, &ev) == BARK_OK && ev.kind == BARK_XML_END);
}

static const struct {
    const char *text;
    enum bark_code code;
    unsigned line, column;
    const char *rule; /* how the rule begins, or a part of it */
} bad[] = {
    { "", BARK_ERR_XML, 1, 1, "[XML1 2.1]" },
    { " \n ", BARK_ERR_XML, 2, 2, "[XML1 2.1]" },
    { "a", BARK_ERR_XML, 1, 1, "[XML1 2.8]" },
    { "<a>", BARK_ERR_XML, 1, 4, "[XML1 2.1]" },
    { "<a>\n<b>\r\n</a>", BARK_ERR_XML, 3, 3, "[XML1 3] an end tag" },
    { "<a>\r<b></a>", BARK_ERR_XML, 2, 6, "[XML1 3] an end tag" },
    { "<a/><b/>", BARK_ERR_XML, 1, 5, "[XML1 2.1]" },
    { "<a/></a>", BARK_ERR_XML, 1, 5, "[XML1 2.1]" },
    { "<a/>x", BARK_ERR_XML, 1, 5, "[XML1 2.8]" },
    { "<a></ab>", BARK_ERR_XML, 1, 7, "[XML1 3.1]" },
    { "<ab></a>", BARK_ERR_XML, 1, 7, "[XML1 3]" },
    { "<a></ a>", BARK_ERR_XML, 1, 6, "[XML1 3]" },
    { "< a/>", BARK_ERR_XML, 1, 2, "[XML1 2.3]" },
    { "<1/>", BARK_ERR_XML, 1, 2, "[XML1 2.3]" },
    { "<a", BARK_ERR_XML, 1, 3, "[XML1 3.1]" },
    { "<a /", BARK_ERR_XML, 1, 4, "[XML1 2.3]" },
    { "<a / >", BARK_ERR_XML, 1, 4, "[XML1 2.3]" },
    { "<a b/>", BARK_ERR_XML, 1, 5, "[XML1 3.1] '='" },
    { "<a b=c/>", BARK_ERR_XML, 1, 6, "[XML1 3.1]" },
    { "<a b='/>", BARK_ERR_XML, 1, 9, "[XML1 3.1]" },
    { "<a b='<'/>", BARK_ERR_XML, 1, 7, "[XML1 3.1] no '<'" },
    { "<a b=''c=''/>", BARK_ERR_XML, 1, 8, "white space" },
    { "<a b='' b=''/>", BARK_ERR_XML, 1, 9, "twice" },
    { "<a b1='' b2='' b3='' b4='' b5='' b6='' b7='' b8='' b9='' b3=''/>", BARK_ERR_XML, 1, 58, "twice" },
    { "<a <!-- --> b=''/>", BARK_ERR_XML, 1, 4, "[XML1 2.3]" },
    { "<a>&nbsp;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&lt</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>& lt;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&#;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&#x;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&#xg;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&#a;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&#X41;</a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a>&#0;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" },
    { "<a>&#8;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" },
    { "<a>&#xD800;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" },
    { "<a>&#xFFFE;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" },
    { "<a>&#x110000;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" },
    { "<a>&#4294967361;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" }, /* 2^32 + 65 must not wrap to A */
    { "<a>&#18446744073709551681;</a>", BARK_ERR_XML, 1, 4, "[XML1 4.1]" },
    { "<a b='&#0;'/>", BARK_ERR_XML, 1, 7, "[XML1 4.1]" },
    { "<a b='&c;'/>", BARK_ERR_XML, 1, 7, "[R5]" },
    { "<a>]]></a>", BARK_ERR_XML, 1, 4, "[XML1 2.4]" },
    { "<a>]]]></a>", BARK_ERR_XML, 1, 5, "[XML1 2.4]" },
    { "<a><![CDATA[</a>", BARK_ERR_XML, 1, 17, "[XML1 2.7]" },
    { "<a><![cdata[]]></a>", BARK_ERR_XML, 1, 6, "[XML1 2.4]" },
    { "<![CDATA[]]><a/>", BARK_ERR_XML, 1, 3, "[XML1 2.4]" },
    { "<a><!-- -- --></a>", BARK_ERR_XML, 1, 9, "[XML1 2.5]" },
    { "<a><!-- ---></a>", BARK_ERR_XML, 1, 9, "[XML1 2.5]" },
    { "<a><!-- </a>", BARK_ERR_XML, 1, 13, "[XML1 2.5]" },
    { "<a><!-></a>", BARK_ERR_XML, 1, 6, "[XML1 2.4]" },
    { "<a>\x01</a>", BARK_ERR_XML, 1, 4, "[XML1 2.2]" },
    { "<a>\x7f\x1f</a>", BARK_ERR_XML, 1, 5, "[XML1 2.2]" },
    { "<a><![CDATA[\x0b]]></a>", BARK_ERR_XML, 1, 13, "[XML1 2.2]" },
    { "<a><!--\x0c--></a>", BARK_ERR_XML, 1, 8, "[XML1 2.2]" },
    { "<a b='\x02'/>", BARK_ERR_XML, 1, 7, "[XML1 2.2]" },
    { "<a>\xef\xbf\xbf</a>", BARK_ERR_XML, 1, 4, "[XML1 2.2]" },
    { "<a>\xc0\x80</a>", BARK_ERR_UTF8, 1, 4, "[XML1 4.3.3]" },
    { "<a>\xed\xa0\x80</a>", BARK_ERR_UTF8, 1, 4, "[XML1 4.3.3]" },
    { "<a>\xe2\x82</a>", BARK_ERR_UTF8, 1, 4, "[XML1 4.3.3]" },
    { "<a b='\xff'/>", BARK_ERR_UTF8, 1, 7, "[XML1 4.3.3]" },
    { "<a\xff/>", BARK_ERR_UTF8, 1, 3, "[XML1 4.3.3]" },
    { "<a\xc3\x97/>", BARK_ERR_XML, 1, 3, "[XML1 3.1]" }, /* U+00D7 is no name character */
    { "<\xc2\xb7/>", BARK_ERR_XML, 1, 2, "[XML1 2.3]" }, /* U+00B7 is one, but starts no name */
    { "<!DOCTYPE a><a/>", BARK_ERR_XML, 1, 1, "[R5]" },
    { "<!DOCTYPE", BARK_ERR_XML, 1, 1, "[R5]" },
    { "<a><!DOCTYPE a></a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<!ENTITY a 'b'><a/>", BARK_ERR_XML, 1, 3, "[XML1 2.4]" },
    { "<?pi?><a/>", BARK_ERR_XML, 1, 1, "[R5]" },
    { "<?xml-stylesheet href='x'?><a/>", BARK_ERR_XML, 1, 1, "[R5]" },
    { " <?xml version='1.0'?><a/>", BARK_ERR_XML, 1, 2, "[R5]" },
    { "<a><?pi?></a>", BARK_ERR_XML, 1, 4, "[R5]" },
    { "<a/><?pi?>", BARK_ERR_XML, 1, 5, "[R5]" },
    { "<?xml?><a/>", BARK_ERR_XML, 1, 1, "[R5]" },
    { "<?xml ?><a/>", BARK_ERR_XML, 1, 7, "[XML1 2.8]" },
    { "<?xml encoding='UTF-8'?><a/>", BARK_ERR_XML, 1, 7, "[XML1 2.8]" },
    { "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>", BARK_ERR_XML, 1, 38, "[XML1 2.8]" },
    { "<?xml version='1.0'encoding='UTF-8'?><a/>", BARK_ERR_XML, 1, 20, "[XML1 2.8]" },
    { "<?xml version='2.0'?><a/>", BARK_ERR_XML, 1, 16, "[XML1 2.8]" },
    { "<?xml version='1.'?><a/>", BARK_ERR_XML, 1, 16, "[XML1 2.8]" },
    { "<?xml version='1.0' encoding='UTF-16'?><a/>", BARK_ERR_UTF8, 1, 31, "[XML1 4.3.3]" },
    { "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", BARK_ERR_UTF8, 1, 31, "[XML1 4.3.3]" },
    { "<?xml version='1.0' standalone='maybe'?><a/>", BARK_ERR_XML, 1, 33, "[XML1 2.9]" },
    { "<?xml version='1.0' standalone='yes'> <a/>", BARK_ERR_XML, 1, 37, "[XML1 2.8]" },
    { "\xfe\xff", BARK_ERR_UTF8, 1, 1, "UTF-16" },
    { "\xff\xfe<", BARK_ERR_UTF8, 1, 1, "UTF-16" },
    { "<p:a/>", BARK_ERR_NAMESPACE, 1, 2, "[XMLNS 5]" },
    { "<a p:b=''/>", BARK_ERR_NAMESPACE, 1, 4, "[XMLNS 5]" },
    { "<a><b xmlns:p='u'/><p:c/></a>", BARK_ERR_NAMESPACE, 1, 21, "[XMLNS 5]" },
    { "<xmlns:a/>", BARK_ERR_NAMESPACE, 1, 2, "[XMLNS 5]" },
    { "<:a/>", BARK_ERR_XML, 1, 2, "[XMLNS 3]" },
    { "<a:/>", BARK_ERR_XML, 1, 4, "[XMLNS 3]" },
    { "<a:b:c xmlns:a='u'/>", BARK_ERR_XML, 1, 5, "[XML1 3.1]" },
    { "<a xmlns:p=''/>", BARK_ERR_NAMESPACE, 1, 10, "[XMLNS 2.2]" },
    { "<a xmlns:xml='u'/>", BARK_ERR_NAMESPACE, 1, 10, "[XMLNS 3]" },
    { "<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>", BARK_ERR_NAMESPACE, 1, 10, "[XMLNS 3]" },
    { "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", BARK_ERR_NAMESPACE, 1, 4, "[XMLNS 3]" },
    { "<a xmlns='http://www.w3.org/2000/xmlns/'/>", BARK_ERR_NAMESPACE, 1, 4, "[XMLNS 3]" },
    { "<a xmlns:xmlns='u'/>", BARK_ERR_NAMESPACE, 1, 10, "[XMLNS 3]" },
    { "<a xmlns:p='u' xmlns:p='v'/>", BARK_ERR_XML, 1, 22, "twice" },
    { "<a xmlns='u' xmlns='v'/>", BARK_ERR_XML, 1, 20, "twice" },
    { "<a xmlns:pqr='u' xmlns:psr='v' xmlns:pqr='w'/>", BARK_ERR_XML, 1, 38, "twice" },
    { "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", BARK_ERR_XML, 1, 37, "[XMLNS 6.3]" },
    { "<a xmlns:p='u&amp;' xmlns:q='u&#38;' p:b='' q:b=''/>", BARK_ERR_XML, 1, 47, "[XMLNS 6.3]" },
};

TEST(other_documents_are_refused_with_place_and_rule)
{
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bark_error err;
        const enum bark_code code = check(slice(bad[i].text), &err);
        if (code != bad[i].code || err.code != code || err.line != bad[i].line ||
            err.column != bad[i].column || !strstr(err.rule, bad[i].rule))
            testkit_fail(__FILE__, __LINE__, "%s: code %d at %u:%u, %s", bad[i].text, (int)code,
                         (unsigned)err.line, (unsigned)err.column, err.rule ? err.rule : "no rule");
    }
}

/* Every prefix of a document must be refused, and reading it must not look past its end, where memory ends.
 */
TEST(every_prefix_of_a_document_is_refused)
{
    static const char whole[] =
        "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><!-- c --><p:a xmlns:p='u' "
        "b='&#65;&lt;\xc3\xa9'>t\xe2\x82\xac&amp;\r\n<![CDATA[\rx]]>]<b/><!-- d --></p:a>";
    struct guard guard = { 0 };
    size_t len;
    if (!guard_open(&guard, 1))
        SKIP("no memory before a page that cannot be read");
    for (len = 0; len < sizeof whole - 1; len++) {
        struct bark_error err;
        CHECK_IN(whole + len, check(guard_put(&guard, whole, len), &err) != BARK_OK);
        CHECK_IN(whole + len, err.offset <= len && err.rule != NULL);
    }
    CHECK(check(guard_put(&guard, whole, sizeof whole - 1), NULL) == BARK_OK);
    guard_close(&guard);
}

TEST(no_case_reads_past_its_end)
{
    struct guard guard = { 0 };
    size_t i, len;
    if (!guard_open(&guard, 1))
        SKIP("no memory before a page that cannot be read");
    for (i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_IN(good[i], check(guard_put(&guard, good[i], strlen(good[i])), NULL) == BARK_OK);
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        for (len = 0; len <= strlen(bad[i].text); len++)
            CHECK_IN(bad[i].text, check(guard_put(&guard, bad[i].text, len), NULL) != BARK_OK ||
                                      len < strlen(bad[i].text));
    guard_close(&guard);
}

/* Writes one line an event: "<{uri}local name=value>", "</...>", "text". */
static void trace(const char *document, char *out, size_t size)
{
    struct bark_arena a;
    struct bark_error err = { 0 };
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    enum bark_code code;
    struct bark_out o;
    bark_arena_init(&a, memory, sizeof memory);
    bark_out_init(&o, out, size - 1);
    for (code = bark_xml_open(&r, slice(document), &bark_limits_device, &a, &err); code == BARK_OK;) {
        struct bark_slice text;
        size_t i;
        code = bark_xml_next(&r, &ev);
        if (code != BARK_OK || ev.kind == BARK_XML_EOF)
            break;
        if (ev.kind == BARK_XML_TEXT) {
            bark_out_text(&o, ev.blank ? "blank(" : "text(");
            code = bark_xml_text(&r, &ev, &text);
            CHECK(text.len == ev.text_len);
            bark_out_put(&o, text.ptr, text.len);
            bark_out_text(&o, ")");
            continue;
        }
        bark_out_text(&o, ev.kind == BARK_XML_START ? "<{" : "</{");
        bark_out_put(&o, ev.name.uri.ptr, ev.name.uri.len);
        bark_out_text(&o, "}");
        bark_out_put(&o, ev.name.local.ptr, ev.name.local.len);
        for (i = 0; i < ev.attribute_count; i++) {
            code = bark_xml_attribute_text(&r, &ev.attributes[i], &text);
            CHECK(text.len == ev.attributes[i].text_len);
            bark_out_text(&o, " {");
            bark_out_put(&o, ev.attributes[i].name.uri.ptr, ev.attributes[i].name.uri.len);
            bark_out_text(&o, "}");
            bark_out_put(&o, ev.attributes[i].name.local.ptr, ev.attributes[i].name.local.len);
            bark_out_text(&o, "=");
            bark_out_put(&o, text.ptr, text.len);
        }
        bark_out_text(&o, ">");
    }
    if (code != BARK_OK)
        bark_out_text(&o, err.rule);
    out[o.pos] = '\0';
}

static const struct {
    const char *document, *events;
} traces[] = {
    { "<a/>", "<{}a></{}a>" },
    { "<a> <b>x</b>\n</a>", "<{}a>blank( )<{}b>text(x)</{}b>blank(\n)</{}a>" },
    { "<a>1\r\n2\r3&#13;</a>", "<{}a>text(1\n2\n3\r)</{}a>" }, /* [XML1 2.11] */
    { "<a b='1\r\n2\t3&#10;4'/>", "<{}a {}b=1 2 3\n4></{}a>" }, /* [XML1 3.3.3] */
    { "<a>x<!-- y -->z<![CDATA[<&>]]>&lt;</a>", "<{}a>text(xz<&><)</{}a>" },
    { "<a><!-- y --></a>", "<{}a>blank()</{}a>" },
    { "<a><![CDATA[\r\n \r]]></a>", "<{}a>blank(\n \n)</{}a>" },
    { "<a>&#233;&#x20AC;&#x1F333;</a>", "<{}a>text(\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\xb3)</{}a>" },
    { "<a xmlns='u' b='1'><c xmlns=''/><d/></a>", "<{u}a {}b=1><{}c></{}c><{u}d></{u}d></{u}a>" },
    { "<p:a xmlns:p='u' p:b='1' xml:lang='en'/>",
      "<{u}a {u}b=1 {http://www.w3.org/XML/1998/namespace}lang=en></{u}a>" },
    { "<p:a xmlns:p='u'><p:b xmlns:p='v'/><p:c/></p:a>", "<{u}a><{v}b></{v}b><{u}c></{u}c></{u}a>" },
    { "<a xmlns='u&amp;v'/>", "<{u&v}a></{u&v}a>" },
};

TEST(events_carry_names_and_texts)
{
    size_t i;
    for (i = 0; i < sizeof traces / sizeof *traces; i++) {
        char got[512];
        trace(traces[i].document, got, sizeof got);
        CHECK_TEXT(got, traces[i].events);
    }
}

TEST(errors_say_path_expected_and_found)
{
    struct bark_error err;
    char text[512];
    CHECK(check(slice("<p:a xmlns:p='u'>\n <b><p:c>x</p:d ></b></p:a>"), &err) == BARK_ERR_XML);
    CHECK_TEXT(err.path, "/a/b/c");
    CHECK_TEXT(err.expected, "</p:c>");
    CHECK(err.offset == 30 && err.line == 2 && err.column == 13);
    bark_error_text(&err, text, sizeof text);
    CHECK_TEXT(
        text,
        "2:13: /a/b/c: [XML1 3] an end tag has the name of its start tag; expected </p:c>; found \"p:d\"");
}

TEST_MAIN(RUN(instructions_stand_in_documents_only) RUN(instructions_are_no_part_of_a_text)
              RUN(well_formed_documents_are_accepted) RUN(other_documents_are_refused_with_place_and_rule)
                  RUN(every_prefix_of_a_document_is_refused) RUN(no_case_reads_past_its_end)
                      RUN(events_carry_names_and_texts) RUN(errors_say_path_expected_and_found))
