/* model/restrict_test.c - content models that restrict others [XSD1 3.9.6], and elements of one name in one
 * content [XSD1 3.8.6]: for each rule a content that keeps it and one that breaks it.
 */
#include "model/model_testing.h"
#include "testkit.h"

static struct test_world world;

#define SEQ(inside) "<xs:sequence>" inside "</xs:sequence>"
#define SEQS(occurs, inside) "<xs:sequence " occurs ">" inside "</xs:sequence>"
#define CHOICE(inside) "<xs:choice>" inside "</xs:choice>"
#define CHOICES(occurs, inside) "<xs:choice " occurs ">" inside "</xs:choice>"
#define ALL(inside) "<xs:all>" inside "</xs:all>"
#define E(name, more) "<xs:element name='" name "' " more "/>"
#define INT(name) E(name, "type='xs:int'")
#define OPT "minOccurs='0'"
#define MANY "maxOccurs='unbounded'"
#define REF(name, more) "<xs:element ref='t:" name "' " more "/>"
#define UNIQUE(name) \
    "<xs:element name='a'><xs:unique name='" name "'><xs:selector xpath='b'/><xs:field xpath='c'/>" \
    "</xs:unique></xs:element>"
#define ANY(more) "<xs:any " more "/>"

/* The content of the base; one that restricts it; one that does not. */
static const struct {
    const char *label, *base, *right, *wrong;
} contents[] = {
    { "occurrences narrow", SEQ(E("a", OPT " maxOccurs='5'")), SEQ(E("a", "maxOccurs='5'")),
      SEQ(E("a", "maxOccurs='6'")) },
    { "minima too", SEQ(E("a", "minOccurs='2' maxOccurs='5'")), SEQ(E("a", "minOccurs='3' maxOccurs='3'")),
      SEQ(E("a", "maxOccurs='5'")) },
    { "millions are numbers", SEQ(E("a", "minOccurs='0' maxOccurs='4000000'")),
      SEQ(E("a", "minOccurs='3999999' maxOccurs='4000000'")), SEQ(E("a", "maxOccurs='4000001'")) },
    { "names are the base's", SEQ(INT("a") E("b", OPT)), SEQ(INT("a")), SEQ(INT("a") E("c", OPT)) },
    { "types restrict", SEQ(E("a", "type='xs:integer'")), SEQ(E("a", "type='xs:int'")),
      SEQ(E("a", "type='xs:string'")) },
    { "nillable is not added", SEQ(E("a", "")), SEQ(E("a", "nillable='false'")),
      SEQ(E("a", "nillable='true'")) },
    { "blocks stay", SEQ(E("a", "block='extension'")), SEQ(E("a", "block='#all'")), SEQ(E("a", "")) },
    { "fixed values stay", SEQ(E("a", "type='xs:decimal' fixed='1.0'")),
      SEQ(E("a", "type='xs:decimal' fixed='1'")), SEQ(E("a", "type='xs:decimal' fixed='2'")) },
    { "fixed values stay fixed", SEQ(E("a", "type='xs:int' fixed='1'")),
      SEQ(E("a", "type='xs:int' fixed='01'")), SEQ(E("a", "type='xs:int'")) },
    { "constraints are not added", SEQ(UNIQUE("k")), SEQ(E("a", "")), SEQ(UNIQUE("l")) },
    { "what is left out may be absent", SEQ(INT("a") E("b", OPT) INT("c")), SEQ(INT("a") INT("c")),
      SEQ(INT("a") E("b", "")) },
    { "order is kept", SEQ(E("a", OPT) E("b", OPT)), SEQ(E("a", OPT) E("b", OPT)),
      SEQ(E("b", OPT) E("a", OPT)) },
    { "pointless groups are looked through", SEQ(SEQ(INT("a") CHOICE(INT("b")))),
      SEQ(INT("a") SEQ(SEQ(INT("b")))), SEQ(INT("a") CHOICES(OPT, INT("b"))) },
    { "a choice of fewer", CHOICE(INT("a") INT("b") INT("c")), CHOICE(INT("a") INT("c")),
      CHOICE(INT("a") INT("d")) },
    { "a choice in order", CHOICE(INT("a") INT("b")), CHOICE(INT("a") INT("b")), CHOICE(INT("b") INT("a")) },
    { "a choice taken as often", CHOICES("maxOccurs='3'", INT("a") INT("b")),
      CHOICES("maxOccurs='2'", INT("a") INT("b")), CHOICES("maxOccurs='4'", INT("a") INT("b")) },
    { "one of a choice", CHOICE(INT("a") INT("b")), SEQ(INT("b")), SEQ(INT("d")) },
    { "a sequence out of a repeated choice", CHOICES("minOccurs='0' " MANY, INT("a") INT("b")),
      SEQ(INT("b") INT("a") INT("b")), SEQ(INT("b") INT("c")) },
    { "as many as the choice repeats", CHOICES("maxOccurs='2'", INT("a") INT("b")), SEQ(INT("b") INT("a")),
      SEQ(INT("b") INT("a") INT("b")) },
    { "a sequence out of an all", ALL(INT("a") INT("b") E("c", OPT)), SEQ(INT("b") INT("a")),
      SEQ(INT("b") E("c", "")) },
    { "an all once each", ALL(INT("a") E("b", OPT)), ALL(INT("a")), SEQ(INT("a") INT("a")) },
    { "an all from a sequence is none", SEQ(INT("a") INT("b")), SEQ(INT("a") INT("b")),
      ALL(INT("a") INT("b")) },
    { "a choice from a sequence is none", SEQ(E("a", OPT) E("b", OPT)), SEQ(E("b", OPT)),
      CHOICE(INT("a") INT("b")) },
    { "wildcards take elements", SEQ(ANY("namespace='##local'")), SEQ(INT("a")), SEQ(REF("h", "")) },
    { "wildcards take as many", SEQ(ANY(OPT " maxOccurs='2'")), SEQ(E("a", "maxOccurs='2'")),
      SEQ(E("a", "maxOccurs='3'")) },
    { "wildcards get narrower", SEQ(ANY("namespace='urn:a urn:b'")), SEQ(ANY("namespace='urn:b'")),
      SEQ(ANY("namespace='urn:c'")) },
    { "wildcards stay as strict", SEQ(ANY("processContents='lax'")), SEQ(ANY("")),
      SEQ(ANY("processContents='skip'")) },
    { "no wildcard for an element", SEQ(INT("a")), SEQ(INT("a")), SEQ(ANY("")) },
    { "wildcards take groups whole", SEQ(ANY("minOccurs='2' maxOccurs='4'")),
      SEQ(INT("a") E("b", "maxOccurs='3'")), SEQ(INT("a") E("b", "maxOccurs='4'")) },
    { "members of substitution groups", SEQ(REF("h", "maxOccurs='2'")), SEQ(REF("m", "maxOccurs='2'")),
      SEQ(REF("n", "")) },
    { "heads out of a choice of all", CHOICE(REF("h", "") REF("m", "")), SEQ(REF("m", "")),
      SEQ(REF("n", "")) },
    { "a choice out of a head", SEQ(REF("h", "")), CHOICE(REF("h", "") REF("m", "")),
      CHOICE(REF("h", "") REF("n", "")) },
    { "content that may be absent", SEQ(E("a", OPT)), "", SEQ(E("a", OPT) E("b", OPT)) },
    { "groups in groups", SEQ(SEQS(MANY, INT("a") E("b", OPT)) INT("c")),
      SEQ(SEQS("maxOccurs='2'", INT("a")) INT("c")),
      SEQ(SEQS(MANY, INT("a") E("b", "maxOccurs='2'")) INT("c")) },
};

static void schema_load(const char *body)
{
    static char text[8192];
    snprintf(
        text, sizeof text,
        "<xs:schema " TEST_XS ">\n<xs:element name='h' type='xs:int'/>"
        "<xs:element name='m' type='xs:int' substitutionGroup='t:h'/><xs:element name='n'/>%s</xs:schema>",
        body);
    const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
    test_load(&world, files);
}

static void restriction_load(const char *base, const char *own)
{
    static char body[4096];
    snprintf(body, sizeof body,
             "<xs:complexType name='B'>%s</xs:complexType><xs:complexType name='T'><xs:complexContent>"
             "<xs:restriction base='t:B'>%s</xs:restriction></xs:complexContent></xs:complexType>",
             base, own);
    schema_load(body);
}

static bool was_said(enum soapc_code code)
{
    for (size_t i = 0; i < world.diag->message_count; i++)
        if (world.diag->messages[i].code == code)
            return true;
    return false;
}

TEST(contents_restrict)
{
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        restriction_load(contents[i].base, contents[i].right);
        CHECK_IN(contents[i].label, !was_said(SOAPC_E_RESTRICTION));
        if (world.diag->error_count)
            printf("# refused: %s\n", world.messages);
        test_free(&world);
        restriction_load(contents[i].base, contents[i].wrong);
        CHECK_IN(contents[i].label, was_said(SOAPC_E_RESTRICTION));
        test_free(&world);
    }
}

/* A base that requires something, narrowed to nothing; a base of nothing, restricted to something. */
TEST(emptiness_restricts)
{
    restriction_load(SEQ(INT("a")), "");
    CHECK(strstr(world.messages, "error[E0511]: the base type 'B' has elements that may not be left out"));
    test_free(&world);
    restriction_load("", SEQ(INT("a")));
    CHECK(strstr(world.messages, "error[E0511]: the base type 'B' has no element content to restrict"));
    test_free(&world);
    restriction_load("", "<xs:sequence/>");
    CHECK_TEXT(world.messages, "");
    test_free(&world);
}

#define TYPE(inside) "<xs:complexType name='T'>" inside "</xs:complexType>"
#define LOCAL(name) \
    "<xs:element name='" name "'><xs:simpleType><xs:restriction " \
    "base='xs:int'/></xs:simpleType></xs:element>"

static const struct {
    const char *label, *right, *wrong;
} names[] = {
    { "one type", TYPE(SEQ(INT("a") INT("b") INT("a"))),
      TYPE(SEQ(INT("a") INT("b") E("a", "type='xs:long'"))) },
    { "types without a name", TYPE(SEQ(LOCAL("a") INT("b"))), TYPE(SEQ(LOCAL("a") INT("b") LOCAL("a"))) },
    { "qualified or not are two names", TYPE(SEQ(REF("h", "") E("h", "type='xs:long'"))),
      TYPE(SEQ(REF("h", "") E("h", "form='qualified' type='xs:long'"))) },
    { "substitutes count", TYPE(SEQ(REF("h", "") E("m", "form='qualified' type='xs:int'"))),
      TYPE(SEQ(REF("h", "") INT("b") E("m", "form='qualified' type='xs:long'"))) },
    { "a group twice is one declaration",
      "<xs:group name='G'>" SEQ(LOCAL("a")) "</xs:group>" TYPE(
          SEQ("<xs:group ref='t:G'/>" INT("b") "<xs:group ref='t:G'/>")),
      "<xs:group name='G'>" SEQ(LOCAL("a")) "</xs:group>" TYPE(
          SEQ("<xs:group ref='t:G'/>" INT("b") INT("a"))) },
};

TEST(names_have_one_type)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        schema_load(names[i].right);
        CHECK_IN(names[i].label, !was_said(SOAPC_E_INCONSISTENT));
        test_free(&world);
        schema_load(names[i].wrong);
        CHECK_IN(names[i].label, was_said(SOAPC_E_INCONSISTENT));
        test_free(&world);
    }
}

/* Redefinitions that restrict what they do not refer to [XSD1 4.2.2]. */
static const struct {
    const char *body, *want; /* NULL: nothing */
} redefinitions[] = {
    { "<xs:group name='G'>" SEQ(INT("a")) "</xs:group>", NULL },
    { "<xs:group name='G'>" SEQ(INT("b")) "</xs:group>",
      "error[E0511]: the group is no valid restriction of the group 'G': this 'b' does not fit it" },
    { "<xs:attributeGroup name='A'><xs:attribute name='a' type='xs:byte' "
      "use='required'/></xs:attributeGroup>",
      NULL },
    { "<xs:attributeGroup name='A'/>", "error[E0505]: attribute 'a' is required in the base group" },
    { "<xs:attributeGroup name='A'><xs:attribute name='a' type='xs:byte'/></xs:attributeGroup>",
      "error[E0505]: attribute 'a' is required in the base group" },
    { "<xs:attributeGroup name='A'><xs:attribute name='a' use='required'/></xs:attributeGroup>",
      "error[E0505]: the type of attribute 'a' is not derived from its type in the base" },
    { "<xs:attributeGroup name='A'><xs:attribute name='a' type='xs:int' use='required'/><xs:attribute "
      "name='c'/></xs:attributeGroup>",
      "error[E0505]: the base group has no attribute 'c' to restrict" },
};

TEST(redefinitions_restrict)
{
    for (size_t i = 0; i < sizeof redefinitions / sizeof *redefinitions; i++) {
        static char text[2048];
        snprintf(text, sizeof text,
                 "<xs:schema " TEST_XS
                 ">\n<xs:redefine schemaLocation='base.xsd'>%s</xs:redefine></xs:schema>",
                 redefinitions[i].body);
        const struct test_file files[] = {
            { "main.xsd", text },
            { "base.xsd",
              "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:group name='G'>" SEQ(
                  INT("a") E("b", OPT)) "</xs:group><xs:attributeGroup name='A'><xs:attribute name='a' "
                                        "type='xs:int' use='required'/></xs:attributeGroup></xs:schema>" },
            { NULL, NULL }
        };
        test_load(&world, files);
        if (redefinitions[i].want)
            CHECK_TEXT(strstr(world.messages, redefinitions[i].want) ? "" : world.messages, "");
        else
            CHECK_TEXT(world.messages, "");
        test_free(&world);
    }
}

/* Attributes of restricted types keep the base's type and fixed value. */
static const struct {
    const char *own, *want;
} attributes[] = {
    { "<xs:attribute name='a' type='xs:byte'/>", NULL },
    { "<xs:attribute name='a' type='xs:string'/>",
      "the type of attribute 'a' is not derived from its type in the base" },
    { "<xs:attribute name='f' type='xs:int' fixed='07'/>", NULL },
    { "<xs:attribute name='f' type='xs:int' fixed='8'/>", "attribute 'f' is fixed to '7' in the base" },
    { "<xs:attribute name='f' type='xs:int'/>", "attribute 'f' is fixed to '7' in the base" },
    { "<xs:attribute name='f' use='prohibited'/>", NULL },
};

TEST(attributes_restrict)
{
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        restriction_load(
            "<xs:attribute name='a' type='xs:int'/><xs:attribute name='f' type='xs:int' fixed='7'/>",
            attributes[i].own);
        CHECK((world.diag->error_count > 0) == (attributes[i].want != NULL));
        CHECK(!attributes[i].want || strstr(world.messages, attributes[i].want));
        test_free(&world);
    }
}

TEST_MAIN(RUN(contents_restrict) RUN(emptiness_restricts) RUN(names_have_one_type) RUN(redefinitions_restrict)
              RUN(attributes_restrict))
