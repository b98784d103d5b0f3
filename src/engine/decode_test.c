/* engine/decode_test.c - messages to structs: every kind of member, and every way to break its schema.
 */
#include "engine/decode_testing.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
static struct bark_arena arena;
static struct bark_error err;

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* Decodes the text as the root; NULL after an error, which is then in err. */
static void *decode(uint16_t root, const char *text)
{
    void *msg;
    uint16_t got;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    code = bark_decode(test_image(), root, slice(text), &bark_limits_device, &arena, &msg, &got, &err);
    CHECK((msg == NULL) == (code != BARK_OK));
    CHECK(err.code == code);
    CHECK(arena.scratch == 0 || code != BARK_OK);
    return msg;
}

#define O "<Order xmlns='urn:test' id='5'"
#define END "</Order>"

TEST(a_message_with_every_member)
{
    struct order *o = decode(
        ROOT_ORDER,
        "<?xml version='1.0'?>\n" O " mode='green' v=' 01 '>\n <Name>a&amp;b</Name><Count>-3</Count><Note/>"
        "<Tag>t1</Tag> <Tag/><Tag><![CDATA[<t3>]]></Tag>"
        "<Line><Text>l1</Text></Line><Line><Text>l2</Text><Line><Text>inner</Text></Line></Line>"
        "<Bank>b</Bank><Code>9</Code><Key>1</Key><Value>one</Value><Key>2</Key><Key>3</Key>"
        "<Secret>s</Secret><Level>8</Level><Answer>42</Answer><Size>1</Size><Size>-2</Size>"
        "<x xmlns='urn:x'>y</x>" END);
    if (!o) {
        char text[512];
        bark_error_text(&err, text, sizeof text);
        testkit_fail(__FILE__, __LINE__, "%s", text);
        return;
    }
    CHECK(o->id == 5 && o->mode == COLOR_GREEN && o->v == 1 && o->has_v == BARK_PRESENT);
    CHECK_TEXT(o->Name.ptr, "a&b");
    CHECK(o->Count == -3 && o->has_Count == BARK_PRESENT);
    CHECK(o->has_Note == BARK_PRESENT && o->Note.ptr && o->Note.len == 0);
    CHECK(o->Tag.count == 3);
    CHECK_TEXT(o->Tag.items[0].ptr, "t1");
    CHECK_TEXT(o->Tag.items[1].ptr, "");
    CHECK_TEXT(o->Tag.items[2].ptr, "<t3>");
    CHECK(o->Line.count == 2 && o->Line.items[0].Line == NULL);
    CHECK_TEXT(o->Line.items[1].Text.ptr, "l2");
    CHECK_TEXT(o->Line.items[1].Line->Text.ptr, "inner");
    CHECK(o->Line.items[0].position > 0 && o->Line.items[0].position < o->Line.items[1].position);
    CHECK(o->payment.which == 2 && o->payment.bank.Code == 9 && o->payment.bank.has_Code == BARK_PRESENT);
    CHECK_TEXT(o->payment.bank.Bank.ptr, "b");
    CHECK(o->pairs.count == 3 && o->pairs.items[2].Key == 3 && o->pairs.items[2].Value.ptr == NULL);
    CHECK_TEXT(o->pairs.items[0].Value.ptr, "one");
    CHECK(o->Level == 8 && o->Answer == 42);
    CHECK(o->Size.count == 2 && o->Size.items[1] == -2 && o->Size.nil == NULL);
    CHECK(o->any.count == 1);
    CHECK_TEXT(o->any.items[0].xml.ptr, "<x xmlns='urn:x'>y</x>");
}

TEST(absent_members_are_zero_and_defaults_are_filled)
{
    struct order *o =
        decode(ROOT_ORDER, O "><Name/><Card>c</Card><Level/><Answer><!-- none --></Answer>" END);
    CHECK(o != NULL);
    if (!o)
        return;
    CHECK(o->mode == COLOR_RED && o->v == 1 && o->has_v == BARK_PRESENT);
    CHECK(o->has_Count == BARK_ABSENT && o->Count == 0 && o->Note.ptr == NULL && o->has_Note == BARK_ABSENT);
    CHECK(o->Tag.items == NULL && o->Tag.count == 0 && o->Line.count == 0 && o->any.count == 0);
    CHECK(o->payment.which == 1);
    CHECK_TEXT(o->payment.Card.ptr, "c");
    CHECK(o->Level == 7 && o->has_Level == BARK_PRESENT && o->Answer == 42);
}

TEST(nil_is_kept_for_members_and_items)
{
    struct order *o = decode(ROOT_ORDER, O " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><Name/>"
                                           "<Note xsi:nil='true'/><Card/><Size>1</Size><Size xsi:nil=' 1 '/>"
                                           "<Size xsi:nil='0'>3</Size>" END);
    CHECK(o != NULL);
    if (!o)
        return;
    CHECK(o->has_Note == BARK_NIL && o->Note.ptr == NULL);
    CHECK(o->Size.count == 3 && o->Size.nil && !o->Size.nil[0] && o->Size.nil[1] && !o->Size.nil[2]);
    CHECK(o->Size.items[0] == 1 && o->Size.items[1] == 0 && o->Size.items[2] == 3);
    CHECK(decode(ROOT_BLANK, "<Blank xmlns='urn:test' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "
                             "i:nil='true'></Blank>") != NULL);
}

TEST(a_recursive_repeated_choice_reads_like_a_schema_document)
{
    struct node *n =
        decode(BARK_NONE, "<t:Node xmlns:t='urn:test'><t:Leaf>1</t:Leaf><t:Node><t:Leaf>2</t:Leaf>"
                          "<t:Leaf>3</t:Leaf><t:Node/></t:Node><t:Leaf>4</t:Leaf></t:Node>");
    CHECK(n != NULL);
    if (!n)
        return;
    CHECK(n->content.count == 3);
    CHECK(n->content.items[0].which == 2 && n->content.items[0].Leaf == 1);
    CHECK(n->content.items[1].which == 1 && n->content.items[1].Node->content.count == 3);
    CHECK(n->content.items[1].Node->content.items[1].Leaf == 3);
    CHECK(n->content.items[1].Node->content.items[2].Node->content.items == NULL);
    CHECK(n->content.items[2].Leaf == 4);
}

TEST(other_models)
{
    const struct all *a = decode(ROOT_ALL, "<All xmlns='urn:test'><C>3</C><A>1</A></All>");
    const struct price *p;
    const struct mixed *m;
    const struct bark_array *list;
    const int32_t *blank;
    CHECK(a && a->A == 1 && a->C == 3 && a->has_C == BARK_PRESENT && a->B.ptr == NULL);
    p = decode(ROOT_PRICE, "<Price xmlns='urn:test' unit='EUR'> 12 </Price>");
    CHECK(p && p->value == 12 && bark_text_equal(p->unit, "EUR"));
    list = decode(ROOT_TAGS, "<Tags xmlns='urn:test'> 1 2  3 </Tags>");
    CHECK(list && list->count == 3 && ((const int32_t *)list->items)[2] == 3);
    blank = decode(ROOT_BLANK, "<Blank xmlns='urn:test'>77</Blank>");
    CHECK(blank && *blank == 77);
    m = decode(ROOT_MIXED, "<t:Mixed xmlns:t='urn:test' xmlns:u='urn:u' lang='de'>a &lt; <t:b u:c='1'/>"
                           "<!-- c --><d>u:x</d> e</t:Mixed>");
    CHECK(m != NULL);
    if (m)
        CHECK_TEXT(m->content.ptr, "a &lt; <t:b xmlns:t='urn:test' xmlns:u='urn:u' u:c='1'/><!-- c -->"
                                   "<d xmlns:u='urn:u' xmlns=\"\">u:x</d> e");
    m = decode(ROOT_MIXED, "<Mixed xmlns='urn:test'/>");
    CHECK(m && m->content.ptr && m->content.len == 0);
}

TEST(wildcards_keep_drop_and_refuse)
{
    const struct loose *l = decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><q/><gone/><gone>x</gone></Loose>");
    const struct order *o;
    const struct bark_any_attribute *items;
    CHECK(l != NULL);
    if (l)
        CHECK_TEXT(l->any.xml.ptr, "<q xmlns='urn:test'/>");
    o = decode(ROOT_ORDER, O " xmlns:u='urn:u' u:one='1&#10;' xml:lang='en'><Name/><Card/>" END);
    CHECK(o && o->any_attributes.count == 2);
    if (!o)
        return;
    items = o->any_attributes.items;
    CHECK_TEXT(items[0].name.ns.ptr, "urn:u");
    CHECK_TEXT(items[0].name.local.ptr, "one");
    CHECK_TEXT(items[0].value.ptr, "1\n");
    CHECK_TEXT(items[1].name.ns.ptr, "http://www.w3.org/XML/1998/namespace");
}

#define XSI " xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='http://www.w3.org/2001/XMLSchema' "

TEST(xsi_attributes_that_say_nothing_new_are_accepted)
{
    CHECK(decode(ROOT_ORDER,
                 "<t:Order xmlns:t='urn:test' id='1'" XSI "i:type='t:Order' i:schemaLocation='a b'>"
                 "<t:Name i:type='x:string' i:noNamespaceSchemaLocation='c'/><t:Card/></t:Order>"));
}

static const struct {
    uint16_t root;
    const char *text;
    enum bark_code code;
    const char *path, *rule, *expected, *found;
} bad[] = {
    { ROOT_ORDER, "<Order xmlns='urn:test'/>", BARK_ERR_MISSING, "/Order", "[XSD1 3.4.4]", "id", "" },
    { ROOT_ORDER, "<Order/>", BARK_ERR_UNEXPECTED, "/Order", "[XSD1 3.3.4]", "Order", "{}Order" },
    { BARK_NONE, "<Oder xmlns='urn:test'/>", BARK_ERR_UNEXPECTED, "/Oder", "[XSD1 3.3.4]",
      "one of: Order, Node, All, Price, Mixed, Blank, Tags, Loose", "Oder" },
    { ROOT_ORDER, O "/>", BARK_ERR_MISSING, "/Order", "[XSD1 3.8.4]", "Name", "" },
    { ROOT_ORDER, O "><Name/>" END, BARK_ERR_MISSING, "/Order", "[XSD1 3.8.4]", "one of: Card, Bank", "" },
    { ROOT_ORDER, O "><Count>1</Count>" END, BARK_ERR_MISSING, "/Order/Count", "[XSD1 3.8.4]", "Name",
      "Count" },
    { ROOT_ORDER, O "><Name/><Level>1</Level>" END, BARK_ERR_MISSING, "/Order/Level", "[XSD1 3.8.4]",
      "one of: Count, Note, Tag, Line, Card, Bank", "Level" },
    { ROOT_ORDER, O "><Name/><Name/>" END, BARK_ERR_UNEXPECTED, "/Order/Name", "[R8]", NULL, "Name" },
    { ROOT_ORDER, O "><Name/><Tag/><Tag/><Tag/><Tag/><Card/>" END, BARK_ERR_UNEXPECTED, "/Order/Tag", "[R8]",
      "one of: Line, Card, Bank", "Tag" },
    { ROOT_ORDER, O "><Name/><Card/><Bank/>" END, BARK_ERR_UNEXPECTED, "/Order/Bank", "[XSD1 3.8.4]", NULL,
      "Bank" },
    { ROOT_ORDER, O "><Name/><Card/><Value/>" END, BARK_ERR_UNEXPECTED, "/Order/Value", "[XSD1 3.8.4]",
      "one of: Key, Secret, Level, Answer, Size, another element", "Value" },
    { ROOT_ALL, "<All xmlns='urn:test'><A xmlns='urn:x'>1</A></All>", BARK_ERR_UNEXPECTED, "/All/A",
      "[XSD1 3.8.4]", "one of: A, B, C", "{urn:x}A" },
    { ROOT_ORDER, O "><Name/><Card/><x/>" END, BARK_ERR_UNEXPECTED, "/Order/x", "[XSD1 3.8.4]", NULL, "x" },
    { ROOT_ORDER, O "><Name/><Card/><x xmlns=''/>" END, BARK_ERR_UNEXPECTED, "/Order/x", "[XSD1 3.8.4]", NULL,
      "x" },
    { ROOT_ORDER, O "><Name/>text" END, BARK_ERR_UNEXPECTED, "/Order", "[XSD1 3.4.4]", "", "text" },
    { ROOT_ORDER, O "><Name><b/></Name>" END, BARK_ERR_UNEXPECTED, "/Order/Name/b", "[XSD1 3.3.4]", "", "b" },
    { ROOT_ORDER, O "><Name>x<b/></Name>" END, BARK_ERR_UNEXPECTED, "/Order/Name/b", "[XSD1 3.3.4]", "",
      "b" },
    { ROOT_ORDER, O "><Name b='1'/>" END, BARK_ERR_UNEXPECTED, "/Order/Name/@b", "[XSD1 3.4.4]", "", "b" },
    { ROOT_ORDER, O " other='1'><Name/>" END, BARK_ERR_UNEXPECTED, "/Order/@other", "[XSD1 3.4.4]", "",
      "other" },
    { ROOT_ORDER, O "><Name/><Count>x1</Count>" END, BARK_ERR_TYPE, "/Order/Count", "[XSD2 3.3.17]", NULL,
      "x1" },
    { ROOT_ORDER, O "><Name/><Card/><Size>1</Size><Size>40000</Size>" END, BARK_ERR_TYPE, "/Order/Size[2]",
      "[XSD2", NULL, "40000" },
    { ROOT_ORDER, O "><Name/><Line><Text/></Line><Line><Text/><Line/></Line>" END, BARK_ERR_MISSING,
      "/Order/Line[2]/Line", "[XSD1 3.8.4]", "Text", "" },
    { ROOT_ORDER, O " mode='blue'/>", BARK_ERR_FACET, "/Order/@mode", "[XSD2", "one of: red, green", "blue" },
    { ROOT_ORDER, O " v='2'/>", BARK_ERR_FACET, "/Order/@v", "[XSD1 3.3.4]", "1", "2" },
    { ROOT_ORDER, O "><Name/><Card/><Answer>41</Answer>" END, BARK_ERR_FACET, "/Order/Answer", "[XSD1 3.3.4]",
      "42", "41" },
    { ROOT_ORDER, O "><Name/><Card/><Level>hunter2</Level>" END, BARK_ERR_TYPE, "/Order/Level", "[XSD2", NULL,
      "hunter2" },
    { ROOT_ALL, "<All xmlns='urn:test'><B/></All>", BARK_ERR_MISSING, "/All", "[XSD1 3.8.4]", "A", "" },
    { ROOT_ALL, "<All xmlns='urn:test'><A>1</A><A>2</A></All>", BARK_ERR_UNEXPECTED, "/All/A", "[XSD1 3.8.1]",
      "one of: B, C", "A" },
    { ROOT_ALL, "<All xmlns='urn:test'><D/></All>", BARK_ERR_UNEXPECTED, "/All/D", "[XSD1 3.8.4]",
      "one of: A, B, C", "D" },
    { ROOT_PRICE, "<Price xmlns='urn:test'/>", BARK_ERR_TYPE, "/Price", "[XSD2", NULL, "" },
    { ROOT_LOOSE, "<Loose xmlns='urn:test'/>", BARK_ERR_MISSING, "/Loose", "[XSD1 3.8.4]", "another element",
      "" },
    { ROOT_ORDER, O XSI "i:nil='true'/>", BARK_ERR_UNEXPECTED, "/Order/@nil", "[XSD1 3.3.4]", "", "true" },
    { ROOT_ORDER, O XSI "><Name/><Note i:nil='true'> </Note>" END, BARK_ERR_UNEXPECTED, "/Order/Note",
      "[XSD1 3.3.4]", "", " " },
    { ROOT_ORDER, O XSI "><Name/><Note i:nil='true'><b/></Note>" END, BARK_ERR_UNEXPECTED, "/Order/Note/b",
      "[XSD1 3.3.4]", "", "b" },
    { ROOT_ORDER, O XSI "><Name/><Note i:nil='maybe'/>" END, BARK_ERR_TYPE, "/Order/Note/@nil",
      "[XSD1 2.6.2]", "", "maybe" },
    { ROOT_ORDER, O XSI "i:type='x:Order'/>", BARK_ERR_UNEXPECTED, "/Order/@type", "[XSD1 3.3.4]", "Order",
      "x:Order" },
    { ROOT_ORDER, O XSI "i:type='y:Order'/>", BARK_ERR_NAMESPACE, "/Order/@type", "[XSD1 2.6.1]", "",
      "y:Order" },
    { ROOT_ORDER, O XSI "i:Type='t:Order'/>", BARK_ERR_UNEXPECTED, "/Order/@Type", "[XSD1 3.2.7]", "",
      "Type" },
    { ROOT_BLANK, "<Blank xmlns='urn:test'" XSI "i:type='x:short'>1</Blank>", BARK_ERR_UNEXPECTED,
      "/Blank/@type", "[XSD1 3.3.4]", "", "x:short" },
    { ROOT_MIXED, "<Mixed xmlns='urn:test'><a></b></Mixed>", BARK_ERR_XML, "/Mixed/a", "[XML1 3]", "</a>",
      "b" },
    { ROOT_NODE, "<Node xmlns='urn:test'/><Node/>", BARK_ERR_XML, "", "[XML1 2.1]", "", "<" },
};

TEST(a_message_that_breaks_its_schema_is_refused_with_path_and_rule)
{
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_IN(bad[i].text, decode(bad[i].root, bad[i].text) == NULL);
        if (err.code != bad[i].code || strcmp(err.path, bad[i].path) != 0 || !err.rule ||
            strncmp(err.rule, bad[i].rule, strlen(bad[i].rule)) != 0 ||
            (bad[i].expected && strcmp(err.expected, bad[i].expected) != 0) ||
            strcmp(err.found, bad[i].found) != 0)
            testkit_fail(__FILE__, __LINE__, "%s\n#   code %d, path %s, %s; expected %s; found %s",
                         bad[i].text, (int)err.code, err.path, err.rule ? err.rule : "", err.expected,
                         err.found);
    }
}

/* Each of these is wrong at or inside a member that is a secret. */
TEST(a_secret_does_not_show_in_an_error)
{
    static const char *const texts[] = {
        O "><Name/><Card/><Secret>hunter2<b/></Secret>" END,
        O "><Name/><Card/><Secret>hunter2&hunter2;</Secret>" END,
        O "><Name/><Card/><Secret>&hunter2;</Secret>" END,
        O "><Name/><Card/><Secret>hunter2</hunter2>" END,
        O "><Name/><Card/><Secret><hunter2/></Secret>" END,
        O "><Name/><Card/><Secret><![CDATA[hunter2\x01]]></Secret>" END,
    };
    size_t i;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_IN(texts[i], decode(ROOT_ORDER, texts[i]) == NULL);
        CHECK_IN(texts[i], !strstr(err.found, "h"));
        CHECK_IN(texts[i], strstr(err.found, "***"));
    }
}

TEST_MAIN(RUN(a_message_with_every_member) RUN(absent_members_are_zero_and_defaults_are_filled)
              RUN(nil_is_kept_for_members_and_items)
                  RUN(a_recursive_repeated_choice_reads_like_a_schema_document) RUN(other_models)
                      RUN(wildcards_keep_drop_and_refuse)
                          RUN(xsi_attributes_that_say_nothing_new_are_accepted)
                              RUN(a_message_that_breaks_its_schema_is_refused_with_path_and_rule)
                                  RUN(a_secret_does_not_show_in_an_error))
