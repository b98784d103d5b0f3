/* model/rules_test.c - rules of the specification about schemas: for each a schema that keeps it and one that
 * breaks it, with what is said.
 */
#include "model/model_testing.h"
#include "testkit.h"

static struct test_world world;

#define SIMPLE(name, inside) "<xs:simpleType name='" name "'>" inside "</xs:simpleType>"
#define FROM(base, inside) "<xs:restriction base='" base "'>" inside "</xs:restriction>"
#define COMPLEX(name, inside) "<xs:complexType name='" name "'>" inside "</xs:complexType>"
#define CONTENT(inside) "<xs:complexContent>" inside "</xs:complexContent>"
#define EXTEND(base, inside) "<xs:extension base='" base "'>" inside "</xs:extension>"
#define SEQ(inside) "<xs:sequence>" inside "</xs:sequence>"
#define CHOICE(inside) "<xs:choice>" inside "</xs:choice>"
#define INT(name) "<xs:element name='" name "' type='xs:int'/>"

/* What follows `want` on the line does not matter; the place is its beginning. */
static const struct {
    const char *label, *right, *wrong, *want;
} rules[] = {
    { "length beside minLength",
      SIMPLE("A", FROM("xs:string", "<xs:minLength value='1'/>"))
          SIMPLE("B", FROM("t:A", "<xs:length value='5'/>")),
      SIMPLE("A", FROM("xs:string", "<xs:length value='5'/><xs:minLength value='1'/>")),
      "error[E0401]: length and minLength exclude each other" },
    { "length beside maxLength",
      SIMPLE("A", FROM("xs:string", "<xs:maxLength value='9'/>"))
          SIMPLE("B", FROM("t:A", "<xs:length value='5'/>")),
      SIMPLE("A", FROM("xs:string", "<xs:length value='5'/><xs:maxLength value='10'/>")),
      "error[E0401]: length and maxLength exclude each other" },
    { "length within the inherited bounds",
      SIMPLE("A", FROM("xs:string", "<xs:maxLength value='5'/>"))
          SIMPLE("B", FROM("t:A", "<xs:length value='5'/>")),
      SIMPLE("A", FROM("xs:string", "<xs:maxLength value='4'/>"))
          SIMPLE("B", FROM("t:A", "<xs:length value='5'/>")),
      "error[E0403]: length 5 and maxLength 4 leave no value" },
    { "exclusive bounds leave a base's alone",
      SIMPLE("A", FROM("xs:int", "<xs:maxExclusive value='10'/>"))
          SIMPLE("B", FROM("t:A", "<xs:minExclusive value='8'/>")),
      SIMPLE("A", FROM("xs:int", "<xs:maxExclusive value='10'/>"))
          SIMPLE("B", FROM("t:A", "<xs:minExclusive value='10'/>")),
      "error[E0403]: minExclusive 10 and maxExclusive 10 leave no value" },
    { "ids", "<xs:element name='a' id='x'/><xs:element name='b' id='y'/>",
      "<xs:element name='a' id='x'/><xs:element name='b' id='x'/>",
      "2:55: error[E0302]: the id 'x' stands here twice" },
    { "a notation has an identifier", "<xs:notation name='n' system='s'/>", "<xs:notation name='n'/>",
      "2:1: error[E0202]: notation 'n' needs 'public' or 'system'" },
    { "mixed restricts mixed",
      "<xs:complexType name='B' mixed='true'>" SEQ(
          INT("a")) "</xs:complexType>"
                    "<xs:complexType name='T'><xs:complexContent mixed='true'>" FROM(
                        "t:B", SEQ(INT("a"))) "</xs:complexContent></xs:complexType>",
      COMPLEX("B", SEQ(INT("a"))) "<xs:complexType name='T'><xs:complexContent mixed='true'>" FROM(
          "t:B", SEQ(INT("a"))) "</xs:complexContent></xs:complexType>",
      "error[E0504]: mixed content cannot restrict the element-only content of 'B'" },
    { "mixed extends mixed, also with nothing of its own",
      "<xs:complexType name='B' mixed='true'>" SEQ(INT("a")) "</xs:complexType>" COMPLEX(
          "T", CONTENT(EXTEND("t:B", ""))),
      COMPLEX("B", SEQ(INT("a"))) "<xs:complexType name='T'><xs:complexContent mixed='true'>" EXTEND(
          "t:B", "") "</xs:complexContent></xs:complexType>",
      "error[E0504]: mixed content cannot extend the element-only content of 'B'" },
    { "one ID attribute",
      COMPLEX("T", "<xs:attribute name='a' type='xs:ID'/><xs:attribute name='b' type='xs:IDREF'/>"),
      COMPLEX("T", "<xs:attribute name='a' type='xs:ID'/><xs:attribute name='b' type='xs:ID'/>"),
      "2:63: error[E0302]: 'b' is a second attribute of type ID in 'T'" },
    { "attribute wildcards restrict wildcards",
      COMPLEX("B", "<xs:anyAttribute/>")
          COMPLEX("T", CONTENT(FROM("t:B", "<xs:anyAttribute namespace='##other'/>"))),
      COMPLEX("B", "") COMPLEX("T", CONTENT(FROM("t:B", "<xs:anyAttribute/>"))),
      "error[E0505]: the base type has no attribute wildcard to restrict" },
    { "attribute wildcards get narrower",
      COMPLEX("B", "<xs:anyAttribute namespace='##other'/>")
          COMPLEX("T", CONTENT(FROM("t:B", "<xs:anyAttribute namespace='urn:a urn:b'/>"))),
      COMPLEX("B", "<xs:anyAttribute namespace='##other'/>")
          COMPLEX("T", CONTENT(FROM("t:B", "<xs:anyAttribute namespace='urn:a ##local'/>"))),
      "error[E0505]: the attribute wildcard lets in more than the base type's" },
    { "attribute wildcards stay as strict",
      COMPLEX("B", "<xs:anyAttribute processContents='lax'/>")
          COMPLEX("T", CONTENT(FROM("t:B", "<xs:anyAttribute/>"))),
      COMPLEX("B", "<xs:anyAttribute processContents='lax'/>")
          COMPLEX("T", CONTENT(FROM("t:B", "<xs:anyAttribute processContents='skip'/>"))),
      "error[E0505]: processContents is weaker than in the base type's wildcard" },
    { "substitutes have derived types",
      "<xs:element name='h' type='xs:integer'/><xs:element name='e' type='xs:int' substitutionGroup='t:h'/>",
      "<xs:element name='h' type='xs:int'/><xs:element name='e' type='xs:integer' substitutionGroup='t:h'/>",
      "2:37: error[E0504]: the type of element 'e' is not derived from that of 'h', which it stands in for" },
    { "substitutes of a union are its members",
      SIMPLE(
          "U",
          "<xs:union memberTypes='xs:int xs:boolean'/>") "<xs:element name='h' type='t:U'/><xs:element "
                                                         "name='e' type='xs:short' substitutionGroup='t:h'/>",
      SIMPLE(
          "U",
          "<xs:union memberTypes='xs:int xs:boolean'/>") "<xs:element name='h' type='t:U'/><xs:element "
                                                         "name='e' type='xs:long' substitutionGroup='t:h'/>",
      "error[E0504]: the type of element 'e' is not derived from that of 'h', which it stands in for" },
    { "final heads",
      COMPLEX("B", "") COMPLEX(
          "T", CONTENT(EXTEND("t:B", ""))) "<xs:element name='h' type='t:B' final='restriction'/><xs:element "
                                           "name='e' type='t:T' substitutionGroup='t:h'/>",
      COMPLEX("B", "") COMPLEX(
          "T", CONTENT(EXTEND("t:B", ""))) "<xs:element name='h' type='t:B' final='extension'/><xs:element "
                                           "name='e' type='t:T' substitutionGroup='t:h'/>",
      "error[E0504]: the type of element 'e' is derived in a way that 'h' excludes by 'final'" },
    { "exact counters decide",
      COMPLEX("T", SEQ("<xs:element name='a' minOccurs='2' maxOccurs='2'/><xs:element name='a'/>")),
      COMPLEX("T", SEQ("<xs:element name='a' maxOccurs='2'/><xs:element name='a'/>")),
      "error[E0508]: 'a' and 'a' can take the same element" },
    { "counters are not unrolled",
      COMPLEX("T",
              SEQ("<xs:element name='a' maxOccurs='4000000'/><xs:element name='b' maxOccurs='4000000'/>")),
      COMPLEX("T", SEQ("<xs:element name='a' maxOccurs='4000000'/><xs:element name='b' "
                       "minOccurs='0'/><xs:element name='a'/>")),
      "error[E0508]: 'a' and 'a' can take the same element" },
    { "a wildcard and an element", COMPLEX("T", SEQ("<xs:any namespace='##other' minOccurs='0'/>" INT("a"))),
      COMPLEX("T", SEQ("<xs:any minOccurs='0'/>" INT("a"))),
      "error[E0508]: 'xs:any' and 'a' can take the same element" },
    { "two wildcards", COMPLEX("T", CHOICE("<xs:any namespace='urn:a'/><xs:any namespace='urn:b ##local'/>")),
      COMPLEX("T", CHOICE("<xs:any namespace='##other'/><xs:any namespace='urn:b'/>")),
      "error[E0508]: 'xs:any' and 'xs:any' can take the same element" },
    { "a loop of the whole",
      COMPLEX("T", "<xs:sequence maxOccurs='unbounded'>" INT(
                       "a") "<xs:element name='b' minOccurs='0'/></xs:sequence>"),
      COMPLEX("T", "<xs:sequence maxOccurs='unbounded'>" INT(
                       "a") "<xs:element name='a' type='xs:int' minOccurs='0'/></xs:sequence>"),
      "error[E0508]: 'a' and 'a' can take the same element" },
    { "substitutes are taken too",
      "<xs:element name='h' block='substitution'/><xs:element name='e' substitutionGroup='t:h'/>" COMPLEX(
          "T", CHOICE("<xs:element ref='t:h'/><xs:element ref='t:e'/>")),
      "<xs:element name='h'/><xs:element name='e' substitutionGroup='t:h'/>" COMPLEX(
          "T", CHOICE("<xs:element ref='t:h'/><xs:element ref='t:e'/>")),
      "error[E0508]: 'h' and 'e' can take the same element" },
    { "defaults match patterns",
      SIMPLE("S", FROM("xs:boolean",
                       "<xs:pattern value='true'/>")) "<xs:element name='e' type='t:S' default=' true'/>",
      SIMPLE("S", FROM("xs:boolean",
                       "<xs:pattern value='true'/>")) "<xs:element name='e' type='t:S' default='false'/>",
      "error[E0404]: 'false' is not a value of type 'S'" },
    { "fixed values have their length",
      SIMPLE("S", FROM("xs:string",
                       "<xs:maxLength value='2'/>")) "<xs:element name='e' type='t:S' fixed='&#233;&#233;'/>",
      SIMPLE("S",
             FROM("xs:string", "<xs:maxLength value='2'/>")) "<xs:element name='e' type='t:S' fixed='abc'/>",
      "error[E0404]: 'abc' is not a value of type 'S'" },
    { "octets are counted",
      SIMPLE("S", FROM("xs:base64Binary",
                       "<xs:length value='2'/>")) "<xs:element name='e' type='t:S' fixed='AAA='/>",
      SIMPLE("S", FROM("xs:base64Binary",
                       "<xs:length value='2'/>")) "<xs:element name='e' type='t:S' fixed='AAAA'/>",
      "error[E0404]: 'AAAA' is not a value of type 'S'" },
    { "items are counted", "<xs:element name='e' type='xs:NMTOKENS' default='a'/>",
      "<xs:element name='e' type='xs:NMTOKENS' default=' '/>",
      "error[E0404]: ' ' is not a value of type 'NMTOKENS'" },
    { "digits are counted",
      SIMPLE("S", FROM("xs:decimal",
                       "<xs:fractionDigits value='1'/>")) "<xs:element name='e' type='t:S' default='1.50'/>",
      SIMPLE("S", FROM("xs:decimal",
                       "<xs:fractionDigits value='1'/>")) "<xs:element name='e' type='t:S' default='1.05'/>",
      "error[E0404]: '1.05' is not a value of type 'S'" },
    { "enumerated values keep the base's patterns",
      SIMPLE("S", FROM("xs:string", "<xs:pattern value='[a-c]+'/>"))
          SIMPLE("U", FROM("t:S", "<xs:enumeration value='abc'/>")),
      SIMPLE("S", FROM("xs:string", "<xs:pattern value='[a-c]+'/>"))
          SIMPLE("U", FROM("t:S", "<xs:enumeration value='abd'/>")),
      "error[E0404]: 'abd' is not a value of type S" },
    { "enumerated lists",
      SIMPLE("L", "<xs:list itemType='xs:int'/>") SIMPLE(
          "M",
          FROM("t:L", "<xs:enumeration value='1 2'/>")) "<xs:element name='e' type='t:M' default='01  2'/>",
      SIMPLE("L", "<xs:list itemType='xs:int'/>") SIMPLE(
          "M",
          FROM("t:L", "<xs:enumeration value='1 2'/>")) "<xs:element name='e' type='t:M' default='1 2 2'/>",
      "error[E0404]: '1 2 2' is not a value of type 'M'" },
    { "enumerated unions",
      SIMPLE("L", "<xs:union memberTypes='xs:int xs:NCName'/>") SIMPLE(
          "M",
          FROM("t:L", "<xs:enumeration value='1'/><xs:enumeration value='x'/>")) "<xs:element name='e' "
                                                                                 "type='t:M' default='01'/>",
      SIMPLE("L", "<xs:union memberTypes='xs:int xs:NCName'/>") SIMPLE(
          "M", FROM("t:L", "<xs:enumeration value='1'/>")) "<xs:element name='e' type='t:M' default='2'/>",
      "error[E0404]: '2' is not a value of type 'M'" },
    { "notations are declared",
      "<xs:notation name='n' system='s'/>" SIMPLE("N", FROM("xs:NOTATION", "<xs:enumeration value='t:n'/>")),
      "<xs:notation name='n' system='s'/>" SIMPLE("N", FROM("xs:NOTATION", "<xs:enumeration value='t:m'/>")),
      "error[E0301]: no notation 'm' in namespace 'urn:t'" },
    { "notations are enumerated",
      "<xs:notation name='n' system='s'/>" SIMPLE(
          "N", FROM("xs:NOTATION", "<xs:enumeration value='t:n'/>")) "<xs:attribute name='a' type='t:N'/>",
      "<xs:attribute name='a' type='xs:NOTATION'/>",
      "error[E0205]: 'a' is of type NOTATION, which needs xs:enumeration" },
    { "an extension goes on after its base",
      COMPLEX("B", SEQ("<xs:element name='a' minOccurs='0'/>"))
          COMPLEX("T", CONTENT(EXTEND("t:B", SEQ(INT("b"))))),
      COMPLEX("B", SEQ("<xs:element name='a' minOccurs='0'/>"))
          COMPLEX("T", CONTENT(EXTEND("t:B", SEQ("<xs:element name='a'/>")))),
      "error[E0508]: 'a' and 'a' can take the same element" },
};

static void schema_load(const char *body)
{
    static char text[8192];
    snprintf(text, sizeof text, "<xs:schema " TEST_XS " elementFormDefault='qualified'>\n%s</xs:schema>",
             body);
    const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
    test_load(&world, files);
}

TEST(schema_rules)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        schema_load(rules[i].right);
        CHECK_IN(rules[i].label, world.diag->error_count == 0);
        if (world.diag->error_count)
            printf("# refused: %s\n", world.messages);
        test_free(&world);
        schema_load(rules[i].wrong);
        CHECK_IN(rules[i].label,
                 world.diag->error_count == 1 && strstr(world.messages, rules[i].want) != NULL);
        if (world.diag->error_count != 1 || !strstr(world.messages, rules[i].want))
            printf("# wanted %s\n# got %s\n", rules[i].want, world.messages);
        test_free(&world);
    }
}

/* Redefinitions of what base.xsd declares: the schema's children, and what is said, or NULL. */
static const struct {
    const char *label, *body, *want;
} redefinitions[] = {
    { "a type restricted", SIMPLE("S", FROM("t:S", "<xs:maxLength value='3'/>")), NULL },
    { "a type extended", COMPLEX("C", CONTENT(EXTEND("t:C", SEQ(INT("b"))))), NULL },
    { "a type not from itself", SIMPLE("S", FROM("xs:string", "")),
      "2:40: error[E0510]: a redefinition of type 'S' is derived from 'S' itself" },
    { "a group with more around it",
      "<xs:group name='G'>" SEQ(INT("b") "<xs:group ref='t:G'/>") "</xs:group>", NULL },
    { "a group twice", "<xs:group name='G'>" SEQ("<xs:group ref='t:G'/><xs:group ref='t:G'/>") "</xs:group>",
      "2:40: error[E0510]: the redefinition of 'G' refers to 'G' more than once" },
    { "a group, perhaps", "<xs:group name='G'>" SEQ("<xs:group ref='t:G' minOccurs='0'/>") "</xs:group>",
      "2:72: error[E0510]: a redefined group stands in its redefinition exactly once" },
    { "an attribute group with more",
      "<xs:attributeGroup name='A'><xs:attributeGroup ref='t:A'/><xs:attribute "
      "name='b'/></xs:attributeGroup>",
      NULL },
    { "what is not there", SIMPLE("N", FROM("t:N", "")),
      "error[E0510]: the redefined schema has no 'N' of this kind" },
};

TEST(redefinitions_take_the_old_ones_place)
{
    for (size_t i = 0; i < sizeof redefinitions / sizeof *redefinitions; i++) {
        static char text[2048];
        snprintf(text, sizeof text,
                 "<xs:schema " TEST_XS ">\n<xs:redefine schemaLocation='base.xsd'>%s</xs:redefine>"
                 "</xs:schema>",
                 redefinitions[i].body);
        const struct test_file files[] = {
            { "main.xsd", text },
            { "base.xsd",
              "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t'>"
              "<xs:element name='e' type='C'/>" SIMPLE("S", FROM("xs:string", ""))
                  COMPLEX("C", SEQ(INT("a"))) "<xs:group name='G'>" SEQ(
                      INT("a")) "</xs:group>"
                                "<xs:attributeGroup name='A'><xs:attribute "
                                "name='a'/></xs:attributeGroup>" COMPLEX(
                                    "U", "<xs:group ref='G'/><xs:attributeGroup ref='A'/>") "</xs:schema>" },
            { NULL, NULL }
        };
        const char *want = redefinitions[i].want;
        test_load(&world, files);
        CHECK_IN(redefinitions[i].label, world.diag->error_count == (want != NULL));
        CHECK_IN(redefinitions[i].label, !want || strstr(world.messages, want));
        if (world.diag->error_count != (want != NULL) || (want && !strstr(world.messages, want)))
            printf("# got %s\n", world.messages);
        const struct soapc_type *c = soapc_model_type(world.model, "urn:t", "C");
        const struct soapc_type *u = soapc_model_type(world.model, "urn:t", "U");
        CHECK_IN(redefinitions[i].label, soapc_model_element(world.model, "urn:t", "e")->type == c);
        if (i == 1)
            CHECK(c->particle->count == 2 && c->base->name.local == NULL && c->base->particle->count == 1);
        if (i == 3)
            CHECK(u->particle->count == 2);
        if (i == 6)
            CHECK(u->attributes.count == 2);
        test_free(&world);
    }
}

TEST_MAIN(RUN(schema_rules) RUN(redefinitions_take_the_old_ones_place))
