/* engine/decode_rare_test.c - rows that few schemas have, guesses that come out wrong, and decoding inside
 * another document.
 */
#include "engine/decode_testing.h"
#include "testkit.h"

static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
static struct bark_error err;

/* The test schema with rows that a case may change. */
static struct {
    struct bark_image image;
    struct bark_type_row types[TYPE_COUNT];
    struct wide_field fields[TEST_FIELDS];
    struct wide_root roots[ROOT_COUNT];
    struct bark_field_row field_rows[TEST_FIELDS];
    struct bark_root_row root_rows[ROOT_COUNT];
    struct bark_trait_row traits[TEST_FIELDS + ROOT_COUNT];
    uint16_t groups[BARK_ROOT_GROUP * ROOT_COUNT]; /* as they stand in the test image */
    struct bark_first_row firsts[sizeof test_firsts / sizeof *test_firsts];
    struct bark_wildcard_row wildcards[WILD_COUNT];
} own;

/* What a case made of fields and roots. */
static void own_pack(void)
{
    wide_fields_pack(own.fields, TEST_FIELDS, own.field_rows, own.traits);
    wide_roots_pack(own.roots, ROOT_COUNT, own.root_rows, own.traits, TEST_FIELDS, own.groups, TEST_LISTS);
}

static void own_reset(void)
{
    own.image = *test_image();
    memcpy(own.types, test_types, sizeof test_types);
    memcpy(own.fields, test_fields, sizeof test_fields);
    memcpy(own.roots, test_roots, sizeof test_roots);
    memcpy(own.firsts, test_firsts, sizeof test_firsts);
    memcpy(own.wildcards, test_wildcards, sizeof test_wildcards);
    own.image.types = own.types;
    own.image.fields = own.field_rows;
    own.image.traits = own.traits;
    own.image.roots = own.root_rows;
    own.image.firsts = own.firsts;
    own.image.wildcards = own.wildcards;
    own_pack();
}

/* The field row of a struct by the name of its element or attribute. */
static struct wide_field *field(enum test_type type, enum test_name name)
{
    uint16_t i;
    for (i = 0; i < own.types[type].count; i++)
        if (own.fields[own.types[type].first + i].name == name)
            return &own.fields[own.types[type].first + i];
    testkit_fail(__FILE__, __LINE__, "no such field");
    return &own.fields[0];
}

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static void *decode(uint16_t root, const char *text)
{
    static struct bark_arena arena;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    own_pack();
    if (bark_decode(&own.image, root, slice(text), &bark_limits_device, &arena, &msg, NULL, &err) == BARK_OK)
        CHECK(arena.scratch == 0);
    return msg;
}

#define XSI " xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "

TEST(a_group_that_nothing_satisfies_may_be_absent)
{
    const struct order *o;
    own_reset();
    own.types[TYPE_PAYMENT].flags = BARK_TYPE_NULLABLE;
    o = decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/></Order>");
    CHECK(o && o->payment.which == 0);
    o = decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Card/></Order>");
    CHECK(o && o->payment.which == 1);
}

TEST(a_wildcard_with_a_list_takes_what_is_listed)
{
    own_reset();
    own.wildcards[WILD_ANY].mode = BARK_WILDCARD_LIST;
    own.wildcards[WILD_ANY].first = 2;
    own.wildcards[WILD_ANY].count = 1;
    CHECK(decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><a/></Loose>") != NULL);
    CHECK(decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><a xmlns='u'/></Loose>") == NULL);
    CHECK(decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><a xmlns=''/></Loose>") == NULL);
    CHECK(err.code == BARK_ERR_MISSING); /* the wildcard after it would take the element */
    CHECK_TEXT(err.expected, "another element");
}

/* As in FocusOptions20Extension of ONVIF's imaging service. */
TEST(a_name_goes_before_a_wildcard_that_stands_first)
{
    const struct loose *l;
    struct wide_field *rows;
    own_reset();
    rows = &own.fields[own.types[TYPE_LOOSE].first];
    rows[0] = rows[1];
    rows[0].offset = offsetof(struct loose, any);
    rows[1] = (struct wide_field){ .name = NAME_Name,
                                   .offset = offsetof(struct loose, rest),
                                   .type = TYPE_STRING,
                                   .bits = BARK_FIELD_ELEMENT,
                                   .ns = NS_TEST,
                                   .has = BARK_NO_HAS };
    l = decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><x/><Name>n</Name></Loose>");
    CHECK(l && bark_text_equal(*(const struct bark_text *)(const void *)&l->rest, "n"));
    CHECK(decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><Name/><x/></Loose>") == NULL);
    rows[1].bits = BARK_FIELD_GROUP;
    rows[1].type = TYPE_PAIR;
    l = decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><x/><Key>7</Key></Loose>");
    CHECK(l && ((const struct pair *)(const void *)&l->rest)->Key == 7);
    rows[0].bits |= BARK_F_REQUIRED; /* what must come is not passed over */
    CHECK(decode(ROOT_LOOSE, "<Loose xmlns='urn:test'><Key>7</Key></Loose>") != NULL);
}

TEST(anything_may_stand_for_any_type)
{
    static const char text[] = "<Mixed xmlns='urn:test'" XSI "xmlns:x='http://www.w3.org/2001/XMLSchema' "
                               "i:type='x:int'>1</Mixed>";
    const struct mixed *m;
    own_reset();
    CHECK(decode(ROOT_MIXED, text) == NULL);
    own.types[TYPE_MIXED].ns = NS_XSD;
    own.types[TYPE_MIXED].name = NAME_anyType;
    m = decode(ROOT_MIXED, text);
    CHECK(m && bark_text_equal(m->content, "1"));
    CHECK(decode(ROOT_MIXED, "<Mixed xmlns='urn:test'" XSI "i:type='x:int'>1</Mixed>") == NULL);
    CHECK(err.code == BARK_ERR_NAMESPACE);
}

TEST(an_abstract_type_is_refused)
{
    own_reset();
    own.types[TYPE_LINE].flags = BARK_TYPE_ABSTRACT;
    CHECK(decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Line/></Order>") == NULL);
    CHECK(err.code == BARK_ERR_UNEXPECTED && strstr(err.rule, "abstract"));
    CHECK_TEXT(err.path, "/Order/Line[1]");
}

TEST(nil_structs_keep_their_attributes_and_nothing_else)
{
    const struct price *p;
    const struct mixed *m;
    const struct order *o;
    own_reset();
    own.roots[ROOT_PRICE].bits = own.roots[ROOT_MIXED].bits = own.roots[ROOT_ORDER].bits = BARK_F_NILLABLE;
    p = decode(ROOT_PRICE, "<Price xmlns='urn:test'" XSI "unit='EUR' i:nil='true'/>");
    CHECK(p && p->value == 0 && bark_text_equal(p->unit, "EUR"));
    m = decode(ROOT_MIXED, "<Mixed xmlns='urn:test'" XSI "lang='de' i:nil='1'><!-- --></Mixed>");
    CHECK(m && m->content.ptr == NULL && bark_text_equal(m->lang, "de"));
    o = decode(ROOT_ORDER, "<Order xmlns='urn:test'" XSI "id='4' i:nil='true'><!-- --></Order>");
    CHECK(o && o->id == 4 && o->Name.ptr == NULL);
    CHECK(decode(ROOT_PRICE, "<Price xmlns='urn:test'" XSI "i:nil='true'>1</Price>") == NULL);
    CHECK(decode(ROOT_MIXED, "<Mixed xmlns='urn:test'" XSI "i:nil='true'><a/></Mixed>") == NULL);
    CHECK(decode(ROOT_ORDER, "<Order xmlns='urn:test'" XSI "id='4' i:nil='true'> </Order>") == NULL);
    CHECK(err.code == BARK_ERR_UNEXPECTED && strstr(err.rule, "nil"));
    CHECK(decode(ROOT_ORDER, "<Order xmlns='urn:test'" XSI "id='4' i:nil='true'><Name/></Order>") == NULL);
    CHECK(err.code == BARK_ERR_UNEXPECTED && strstr(err.rule, "nil"));
    CHECK(decode(ROOT_ORDER, "<Order xmlns='urn:test'" XSI "i:nil='true'/>") == NULL);
    CHECK(err.code == BARK_ERR_MISSING); /* the attribute is required all the same */
}

TEST(fixed_values_are_compared_as_values)
{
    own_reset();
    field(TYPE_ORDER, NAME_Answer)->bits |= BARK_F_NILLABLE;
    CHECK(decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Card/><Answer> +042 </Answer></Order>"));
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Card/><Answer>43</Answer></Order>"));
    CHECK(!decode(ROOT_ORDER,
                  "<Order xmlns='urn:test'" XSI "id='1'><Name/><Card/><Answer i:nil='1'/></Order>"));
    CHECK(err.code == BARK_ERR_UNEXPECTED && strstr(err.rule, "fixed"));
    field(TYPE_ORDER, NAME_mode)->bits = BARK_FIELD_ATTRIBUTE | BARK_F_FIXED;
    CHECK(decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1' mode='red'><Name/><Card/></Order>"));
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1' mode='green'><Name/><Card/></Order>"));
    CHECK(err.code == BARK_ERR_FACET);
    CHECK_TEXT(err.expected, "red");
}

TEST(a_secret_value_of_the_wrong_form_does_not_show)
{
    own_reset();
    field(TYPE_ORDER, NAME_Level)->bits |= BARK_F_SECRET;
    field(TYPE_ORDER, NAME_id)->bits |= BARK_F_SECRET;
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Card/><Level>hunter2</Level></Order>"));
    CHECK(err.code == BARK_ERR_TYPE);
    CHECK_TEXT(err.found, "***");
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='hunter2'/>"));
    CHECK_TEXT(err.found, "***");
    /* What follows a secret shows again; what is in a secret struct does not. */
    CHECK(!decode(ROOT_ORDER,
                  "<Order xmlns='urn:test' id='1'><Name/><Card/><Level>1</Level><Answer>x</Answer></Order>"));
    CHECK_TEXT(err.found, "x");
    field(TYPE_ORDER, NAME_Line)->bits |= BARK_F_SECRET;
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Line><Text/>hunter2</Line></Order>"));
    CHECK_TEXT(err.found, "***");
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Line><Text/></Line>shown</Order>"));
    CHECK_TEXT(err.found, "shown");
}

TEST(an_empty_type_has_no_content)
{
    own_reset();
    own.types[TYPE_ALL].model = BARK_MODEL_SEQUENCE;
    own.types[TYPE_ALL].count = 0;
    CHECK(decode(ROOT_ALL, "<All xmlns='urn:test'> <!-- --> </All>") != NULL);
    CHECK(decode(ROOT_ALL, "<All xmlns='urn:test'><A/></All>") == NULL);
    CHECK(err.code == BARK_ERR_UNEXPECTED);
    CHECK_TEXT(err.expected, "the end tag");
}

/* The checker proves indices, not that FIRSTS tell the truth. A lie must end in an error. */
TEST(firsts_that_lie_end_in_an_error)
{
    own_reset();
    own.firsts[0].name = NAME_Value; /* payment claims to begin with Value */
    own.firsts[2].name = NAME_Leaf; /* pairs claim to begin with Leaf */
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Value/></Order>"));
    CHECK(err.code == BARK_ERR_UNEXPECTED);
    CHECK_TEXT(err.expected, "one of: Card, Bank");
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Bank/><Leaf/></Order>"));
    CHECK(err.code == BARK_ERR_UNEXPECTED || err.code == BARK_ERR_MISSING);
    own.types[TYPE_PAIR].flags = BARK_TYPE_NULLABLE;
    field(TYPE_PAIR, NAME_Key)->bits &= (uint16_t)~BARK_F_REQUIRED;
    CHECK(!decode(ROOT_ORDER, "<Order xmlns='urn:test' id='1'><Name/><Bank/><Leaf/></Order>"));
    CHECK(err.code == BARK_ERR_LIMIT); /* empty items up to the limit, then the end */
}

TEST(names_in_values_are_resolved_where_they_stand)
{
    const struct bark_qname *q;
    own_reset();
    own.types[TYPE_INT].kind = BARK_KIND_QNAME;
    own.types[TYPE_INT].size = sizeof(struct bark_qname);
    q = decode(ROOT_BLANK, "<t:Blank xmlns:t='urn:test' xmlns:p='urn:p'> p:x </t:Blank>");
    CHECK(q && bark_text_equal(q->ns, "urn:p") && bark_text_equal(q->local, "x"));
    q = decode(ROOT_BLANK, "<Blank xmlns='urn:test'>x</Blank>");
    CHECK(q && bark_text_equal(q->ns, "urn:test"));
    q = decode(ROOT_BLANK, "<t:Blank xmlns:t='urn:test'>x</t:Blank>");
    CHECK(q && q->ns.len == 0);
    CHECK(!decode(ROOT_BLANK, "<t:Blank xmlns:t='urn:test'>p:x</t:Blank>"));
}

/* A guess of the next name is made of the bytes of the last prefix: it must not survive another meaning. */
TEST(a_guess_does_not_outlive_its_prefix)
{
    static const struct {
        const char *second;
        bool good;
    } cases[] = {
        { "<t:Leaf>2</t:Leaf>", true },
        { "<t:Leaf xmlns:t='urn:test'>2</t:Leaf>", true },
        { "<t:Leaf xmlns:t='urn:other'>2</t:Leaf>", false },
        { "<u:Leaf xmlns:u='urn:test'>2</u:Leaf>", true },
        { "<Leaf xmlns='urn:test'>2</Leaf>", true },
        { "<Leaf>2</Leaf>", false },
        { "<t:Leaf\n>2</t:Leaf\n>", true },
        { "<t:Leaf\xc3\xa9>2</t:Leaf\xc3\xa9>", false },
        { "<t:Leaf", false },
        { "<t:Leafy>2</t:Leafy>", false },
        { "<t:Leaf:x>2</t:Leaf:x>", false },
        { "<tt:Leaf>2</tt:Leaf>", false },
        { "<x/><t:Leaf>2</t:Leaf>", false },
        { "<t:Node xmlns:t='urn:other'/>", false },
        { "<t:Node xmlns:v='urn:v'><t:Leaf>3</t:Leaf></t:Node><t:Leaf>2</t:Leaf>", true },
    };
    size_t i;
    own_reset();
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[256];
        snprintf(text, sizeof text, "<t:Node xmlns:t='urn:test'><t:Leaf>1</t:Leaf>%s</t:Node>",
                 cases[i].second);
        CHECK_IN(text, (decode(ROOT_NODE, text) != NULL) == cases[i].good);
    }
}

/* As soap does it: the reader stands on an element inside an envelope. */
TEST(an_element_inside_another_document)
{
    static const char text[] =
        "<e:Envelope xmlns:e='urn:e' xmlns:t='urn:test'><e:Header/><e:Body><t:All><t:A>1</t:A>"
        "</t:All> <t:All><t:A>2</t:A></t:All><t:All><t:B/></t:All></e:Body></e:Envelope>";
    struct bark_arena arena;
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    int32_t n = 0;
    own_reset();
    err = (struct bark_error){ 0 };
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_xml_open(&r, slice(text), &bark_limits_device, &arena, &err) == BARK_OK);
    bark_xml_use_image(&r, &own.image);
    while (bark_xml_next(&r, &ev) == BARK_OK && ev.kind != BARK_XML_EOF) {
        void *msg;
        if (ev.kind != BARK_XML_START || ev.name.ns != NS_TEST)
            continue;
        if (bark_decode_element(&r, &own.image, &ev, TYPE_ALL, &msg) == BARK_OK)
            CHECK(((const struct all *)msg)->A == ++n);
        else
            CHECK(msg == NULL);
    }
    CHECK(n == 2 && err.code == BARK_ERR_MISSING);
    CHECK_TEXT(err.path, "/Envelope/Body/All");
    CHECK_TEXT(err.expected, "A");
}

TEST_MAIN(RUN(a_group_that_nothing_satisfies_may_be_absent) RUN(a_wildcard_with_a_list_takes_what_is_listed)
              RUN(a_name_goes_before_a_wildcard_that_stands_first) RUN(anything_may_stand_for_any_type)
                  RUN(an_abstract_type_is_refused) RUN(nil_structs_keep_their_attributes_and_nothing_else)
                      RUN(fixed_values_are_compared_as_values)
                          RUN(a_secret_value_of_the_wrong_form_does_not_show)
                              RUN(an_empty_type_has_no_content) RUN(firsts_that_lie_end_in_an_error)
                                  RUN(names_in_values_are_resolved_where_they_stand)
                                      RUN(a_guess_does_not_outlive_its_prefix)
                                          RUN(an_element_inside_another_document))
