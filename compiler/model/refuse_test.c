/* model/refuse_test.c - wrong schemas: what is said about them, and where. */
#include "model/model_testing.h"
#include "testkit.h"

static struct test_world world;

/* The schema is line 1, the body starts in line 2. Each line of `want` begins a line of the output, after the
 * file name. */
static const struct {
    const char *label, *body, *want[2];
} cases[] = {
    { "path with a predicate",
      "<xs:element name='a'><xs:key name='k'><xs:selector xpath='b[1]'/><xs:field "
      "xpath='.'/></xs:key></xs:element>",
      { "2:60: error[E0507]: the path 'b[1]' of xs:selector is not one of steps, '/', '|' and './/'" } },
    { "attribute in a selector",
      "<xs:element name='a'><xs:key name='k'><xs:selector xpath='b/@c'/><xs:field "
      "xpath='.'/></xs:key></xs:element>",
      { "2:61: error[E0507]: the path 'b/@c' of xs:selector is not one of steps, '/', '|' and './/'" } },
    { "attribute before the end",
      "<xs:element name='a'><xs:key name='k'><xs:selector xpath='b'/><xs:field "
      "xpath='@c/d'/></xs:key></xs:element>",
      { "2:82: error[E0507]: the path '@c/d' of xs:field is not one of steps, '/', '|', './/' and a last "
        "'@name'" } },
    { "unbound prefix in a path",
      "<xs:element name='a'><xs:key name='k'><xs:selector xpath='u:b'/><xs:field "
      "xpath='.'/></xs:key></xs:element>",
      { "2:61: error[E0507]: the path 'u:b' of xs:selector is not one of steps, '/', '|' and './/'" } },
    { "keyref to nothing",
      "<xs:element name='a'><xs:keyref name='r' refer='t:k'><xs:selector xpath='b'/><xs:field "
      "xpath='.'/></xs:keyref></xs:element>",
      { "2:49: error[E0301]: no identity constraint 'k' in namespace 'urn:t'" } },
    { "keyref with fewer fields",
      "<xs:element name='a'><xs:key name='k'><xs:selector xpath='b'/><xs:field xpath='.'/><xs:field "
      "xpath='@c'/></xs:key>\n<xs:keyref name='r' refer='t:k'><xs:selector xpath='b'/><xs:field "
      "xpath='.'/></xs:keyref></xs:element>",
      { "3:1: error[E0507]: keyref 'r' and 'k' differ in their number of fields: 1 and 2",
        "2:22: note: it is declared here" } },
    { "unknown type",
      "<xs:element name='a' type='t:Scpoe'/><xs:simpleType name='Scope'><xs:restriction "
      "base='xs:string'/></xs:simpleType>",
      { "2:28: error[E0301]: no type 'Scpoe' in namespace 'urn:t'", "2:28: note: did you mean 'Scope'?" } },
    { "unknown built-in",
      "<xs:element name='a' type='xs:strin'/>",
      { "2:28: error[E0301]: no type 'strin' in namespace 'http://www.w3.org/2001/XMLSchema'",
        "2:28: note: did you mean 'string'?" } },
    { "unknown namespace",
      "<xs:element name='a' xmlns:u='urn:u' type='u:T'/>",
      { "2:44: error[E0303]: no type 'T': no schema of namespace 'urn:u' was imported" } },
    { "unknown element ref",
      "<xs:complexType name='T'><xs:sequence><xs:element "
      "ref='t:rot'/></xs:sequence></xs:complexType><xs:element name='root'/>",
      { "2:56: error[E0301]: no element 'rot' in namespace 'urn:t'", "2:56: note: did you mean 'root'?" } },
    { "unknown attribute ref",
      "<xs:complexType name='T'><xs:attribute ref='t:none'/></xs:complexType>",
      { "2:45: error[E0301]: no attribute 'none' in namespace 'urn:t'" } },
    { "unknown group",
      "<xs:complexType name='T'><xs:group ref='t:g'/></xs:complexType>",
      { "2:41: error[E0301]: no group 'g' in namespace 'urn:t'" } },
    { "unknown attribute group",
      "<xs:complexType name='T'><xs:attributeGroup ref='t:g'/></xs:complexType>",
      { "2:50: error[E0301]: no attribute group 'g' in namespace 'urn:t'" } },
    { "duplicate type",
      "<xs:complexType name='T'/>\n<xs:simpleType name='T'><xs:restriction "
      "base='xs:string'/></xs:simpleType>",
      { "3:1: error[E0302]: type 'T' is declared twice in namespace 'urn:t'",
        "2:1: note: the first one is here" } },
    { "duplicate element",
      "<xs:element name='e'/>\n  <xs:element name='e'/>",
      { "3:3: error[E0302]: element 'e' is declared twice in namespace 'urn:t'",
        "2:1: note: the first one is here" } },
    { "duplicate attribute",
      "<xs:complexType name='T'><xs:attribute name='a'/>\n<xs:attribute name='a'/></xs:complexType>",
      { "3:1: error[E0302]: attribute 'a' is declared twice", "2:26: note: the first one is here" } },
    { "attribute in base already",
      "<xs:complexType name='B'><xs:attribute name='a'/></xs:complexType>\n<xs:complexType "
      "name='T'><xs:complexContent><xs:extension base='t:B'>\n<xs:attribute "
      "name='a'/></xs:extension></xs:complexContent></xs:complexType>",
      { "4:1: error[E0302]: the base type has an attribute 'a' already",
        "2:26: note: it is declared here" } },
    { "derived from itself",
      "<xs:complexType name='A'><xs:complexContent><xs:extension "
      "base='t:B'/></xs:complexContent></xs:complexType>\n<xs:complexType "
      "name='B'><xs:complexContent><xs:extension base='t:A'/></xs:complexContent></xs:complexType>",
      { "3:1: error[E0305]: type 'B' is derived from itself", "2:1: note: by way of 'A'" } },
    { "simple type from itself",
      "<xs:simpleType name='A'><xs:restriction base='t:A'/></xs:simpleType>",
      { "2:1: error[E0305]: type 'A' is derived from itself" } },
    { "union of itself",
      "<xs:simpleType name='A'><xs:union memberTypes='xs:int t:A'/></xs:simpleType>",
      { "2:1: error[E0305]: type 'A' is derived from itself" } },
    { "group in itself",
      "<xs:group name='g'><xs:sequence><xs:element name='a'/>\n<xs:group "
      "ref='t:g'/></xs:sequence></xs:group>",
      { "3:1: error[E0305]: group 'g' contains itself" } },
    { "attribute group in itself",
      "<xs:attributeGroup name='g'><xs:attribute name='a'/>\n<xs:attributeGroup "
      "ref='t:g'/></xs:attributeGroup>",
      { "3:1: error[E0305]: attribute group 'g' contains itself" } },
    { "substitution of itself",
      "<xs:element name='a' substitutionGroup='t:b'/>\n<xs:element name='b' substitutionGroup='t:a'/>",
      { "3:1: error[E0305]: element 'b' stands in for itself" } },
    { "facet not for type",
      "<xs:simpleType name='A'><xs:restriction base='xs:int'><xs:maxLength "
      "value='3'/></xs:restriction></xs:simpleType>",
      { "2:76: error[E0401]: maxLength does not apply to int" } },
    { "facet widens",
      "<xs:simpleType name='A'><xs:restriction base='xs:string'><xs:maxLength "
      "value='3'/></xs:restriction></xs:simpleType>\n<xs:simpleType name='B'><xs:restriction "
      "base='t:A'><xs:maxLength value='4'/></xs:restriction></xs:simpleType>",
      { "3:73: error[E0402]: maxLength '4' lets in more than the base type, whose maxLength is '3'",
        "2:79: note: the base's facet is here" } },
    { "bound widens built-in",
      "<xs:simpleType name='A'><xs:restriction base='xs:byte'><xs:maxInclusive "
      "value='128'/></xs:restriction></xs:simpleType>",
      { "2:80: error[E0404]: '128' is not a value of type byte" } },
    { "facet not a number",
      "<xs:simpleType name='A'><xs:restriction base='xs:string'><xs:length "
      "value='three'/></xs:restriction></xs:simpleType>",
      { "2:76: error[E0203]: 'three' is not a whole number" } },
    { "facet twice",
      "<xs:simpleType name='A'><xs:restriction base='xs:string'><xs:length value='3'/><xs:length "
      "value='3'/></xs:restriction></xs:simpleType>",
      { "2:98: error[E0401]: length stands here twice" } },
    { "facet fixed",
      "<xs:simpleType name='A'><xs:restriction base='xs:string'><xs:maxLength value='9' "
      "fixed='true'/></xs:restriction></xs:simpleType>\n<xs:simpleType name='B'><xs:restriction "
      "base='t:A'><xs:maxLength value='4'/></xs:restriction></xs:simpleType>",
      { "3:73: error[E0402]: maxLength is fixed to '9' by the base type" } },
    { "bounds cross",
      "<xs:simpleType name='A'><xs:restriction base='xs:decimal'><xs:minInclusive "
      "value='1.50'/><xs:maxExclusive value='1.5'/></xs:restriction></xs:simpleType>",
      { "2:83: error[E0403]: minInclusive 1.50 and maxExclusive 1.5 leave no value" } },
    { "bound of wrong form",
      "<xs:simpleType name='A'><xs:restriction base='xs:int'><xs:minInclusive "
      "value='1.5'/></xs:restriction></xs:simpleType>",
      { "2:79: error[E0404]: '1.5' is not a value of type int" } },
    { "lengths cross",
      "<xs:simpleType name='A'><xs:restriction base='xs:string'><xs:minLength value='5'/><xs:maxLength "
      "value='4'/></xs:restriction></xs:simpleType>",
      { "2:104: error[E0403]: minLength 5 is more than maxLength 4: no value is left" } },
    { "date bounds cross",
      "<xs:simpleType name='A'><xs:restriction base='xs:date'><xs:minInclusive value='2020-02-29'/>"
      "<xs:maxInclusive value='2020-02-28'/></xs:restriction></xs:simpleType>",
      { "2:80: error[E0403]: minInclusive 2020-02-29 and maxInclusive 2020-02-28 leave no value" } },
    { "no such day",
      "<xs:simpleType name='A'><xs:restriction base='xs:date'><xs:enumeration "
      "value='2021-02-29'/></xs:restriction>"
      "</xs:simpleType>",
      { "2:79: error[E0404]: '2021-02-29' is not a value of type date" } },
    { "enumeration outside the base's",
      "<xs:simpleType name='A'><xs:restriction base='xs:token'><xs:enumeration "
      "value='x'/></xs:restriction></xs:simpleType>\n"
      "<xs:simpleType name='B'><xs:restriction base='t:A'><xs:enumeration value=' x '/><xs:enumeration "
      "value='y'/>"
      "</xs:restriction></xs:simpleType>",
      { "3:104: error[E0404]: 'y' is not a value of type A" } },
    { "enumeration of a list",
      "<xs:simpleType name='L'><xs:list itemType='xs:int'/></xs:simpleType>\n<xs:simpleType name='M'>"
      "<xs:restriction base='t:L'><xs:enumeration value='1 2'/><xs:enumeration value='1 "
      "two'/></xs:restriction>"
      "</xs:simpleType>",
      { "3:104: error[E0404]: '1 two' is not a value of type L" } },
    { "default of an element",
      "<xs:element name='e' type='xs:boolean' default='maybe'/>",
      { "2:49: error[E0404]: 'maybe' is not a value of type 'boolean'" } },
    { "fixed value of an attribute in a union",
      "<xs:simpleType name='U'><xs:union memberTypes='xs:int xs:boolean'/></xs:simpleType>\n"
      "<xs:complexType name='C'><xs:attribute name='ok' type='t:U' default='true'/>\n"
      "<xs:attribute name='a' type='t:U' fixed='1.5'/></xs:complexType>",
      { "4:42: error[E0404]: '1.5' is not a value of type 'U'" } },
    { "default of element-only content",
      "<xs:complexType name='C'><xs:sequence><xs:element name='a'/></xs:sequence>"
      "</xs:complexType><xs:element name='e' type='t:C' default='x'/>",
      { "2:133: error[E0407]: type 'C' has no text, so no default or fixed value" } },
    { "default ID",
      "<xs:attribute name='a' type='xs:ID' default='x'/>",
      { "2:46: error[E0407]: an ID has no default or fixed value: it would not stay unique" } },
    { "list of lists",
      "<xs:simpleType name='A'><xs:list itemType='xs:NMTOKENS'/></xs:simpleType>",
      { "2:1: error[E0406]: the items of a list cannot be lists" } },
    { "complex type as attribute's",
      "<xs:complexType name='C'/>\n<xs:attribute name='a' type='t:C'/>",
      { "3:30: error[E0304]: 'C' is a complex type; a simple type is needed here",
        "2:1: note: it is declared here" } },
    { "simple base in complex content",
      "<xs:complexType name='C'><xs:complexContent><xs:extension "
      "base='xs:int'/></xs:complexContent></xs:complexType>",
      { "2:65: error[E0304]: 'int' is a simple type; complex content needs a complex one as base" } },
    { "no simple content to extend",
      "<xs:complexType name='B'><xs:sequence><xs:element "
      "name='a'/></xs:sequence></xs:complexType>\n<xs:complexType name='C'><xs:simpleContent><xs:extension "
      "base='t:B'/></xs:simpleContent></xs:complexType>",
      { "3:1: error[E0304]: the base type 'B' has no simple content" } },
    { "mixed extends unmixed",
      "<xs:complexType name='B'><xs:sequence><xs:element "
      "name='a'/></xs:sequence></xs:complexType>\n<xs:complexType name='C' "
      "mixed='true'><xs:complexContent><xs:extension base='t:B'><xs:sequence><xs:element "
      "name='b'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>",
      { "3:1: error[E0504]: mixed content cannot extend the element-only content of 'B'" } },
    { "final",
      "<xs:complexType name='B' final='extension'/>\n<xs:complexType "
      "name='C'><xs:complexContent><xs:extension base='t:B'/></xs:complexContent></xs:complexType>",
      { "3:1: error[E0503]: type 'B' is final for extension", "2:1: note: it is declared here" } },
    { "required made optional",
      "<xs:complexType name='B'><xs:attribute name='a' use='required'/></xs:complexType>\n<xs:complexType "
      "name='C'><xs:complexContent><xs:restriction base='t:B'><xs:attribute "
      "name='a'/></xs:restriction></xs:complexContent></xs:complexType>",
      { "3:72: error[E0505]: attribute 'a' is required in the base type" } },
    { "attribute not in the base",
      "<xs:complexType name='B'/>\n<xs:complexType name='C'><xs:complexContent><xs:restriction "
      "base='t:B'><xs:attribute name='a'/></xs:restriction></xs:complexContent></xs:complexType>",
      { "3:72: error[E0505]: the base type has no attribute 'a' to restrict" } },
    { "occurrence crosses",
      "<xs:complexType name='C'><xs:sequence minOccurs='3' maxOccurs='2'/></xs:complexType>",
      { "2:26: error[E0501]: minOccurs is 3, more than maxOccurs, which is 2" } },
    { "min without max",
      "<xs:complexType name='C'><xs:sequence><xs:element name='a' "
      "minOccurs='2'/></xs:sequence></xs:complexType>",
      { "2:39: error[E0501]: minOccurs is 2, more than maxOccurs, which is 1 when it is not given" } },
    { "all repeated",
      "<xs:complexType name='C'><xs:all maxOccurs='2'><xs:element name='a'/></xs:all></xs:complexType>",
      { "2:26: error[E0502]: xs:all occurs at most once" } },
    { "element of all repeated",
      "<xs:complexType name='C'><xs:all><xs:element name='a' maxOccurs='2'/></xs:all></xs:complexType>",
      { "2:34: error[E0502]: an element of xs:all occurs at most once" } },
    { "all inside a sequence",
      "<xs:complexType name='C'><xs:sequence><xs:group ref='t:g'/></xs:sequence></xs:complexType>\n<xs:group "
      "name='g'><xs:all><xs:element name='a'/></xs:all></xs:group>",
      { "2:39: error[E0502]: group 'g' is an xs:all, which can only be the whole content of a type" } },
    { "type twice on an element",
      "<xs:element name='a' type='xs:int'><xs:simpleType><xs:restriction "
      "base='xs:int'/></xs:simpleType></xs:element>",
      { "2:36: error[E0206]: xs:element has both a 'type' and a type of its own" } },
    { "default and fixed",
      "<xs:element name='a' type='xs:int' default='1' fixed='1'/>",
      { "2:1: error[E0206]: an element has a default or a fixed value, not both" } },
    { "reference with a type",
      "<xs:element name='a'/><xs:complexType name='C'><xs:sequence>\n<xs:element ref='t:a' "
      "type='xs:int'/></xs:sequence></xs:complexType>",
      { "3:29: error[E0206]: an element reference has no 'type'; the declaration says it" } },
    { "element without name",
      "<xs:complexType name='C'><xs:sequence>\n<xs:element type='xs:int'/></xs:sequence></xs:complexType>",
      { "3:1: error[E0202]: xs:element needs a 'name' or a 'ref'" } },
    { "fixed by declaration",
      "<xs:attribute name='a' fixed='1'/><xs:complexType name='C'>\n<xs:attribute ref='t:a' "
      "fixed='2'/></xs:complexType>",
      { "3:1: error[E0505]: attribute 'a' is fixed to '1' by its declaration" } },
    { "default of a required attribute",
      "<xs:complexType name='C'><xs:attribute name='a' use='required' default='1'/></xs:complexType>",
      { "2:26: error[E0206]: an attribute with a default value is optional" } },
    { "attribute called xmlns",
      "<xs:attribute name='xmlns'/>",
      { "2:1: error[E0306]: an attribute cannot be called xmlns" } },
    { "import of itself",
      "<xs:import namespace='urn:t'/>",
      { "2:1: error[E0105]: a schema cannot import its own namespace 'urn:t'; use xs:include" } },
    { "XSD 1.1",
      "<xs:complexType name='C'><xs:assert test='@a'/></xs:complexType>",
      { "2:26: error[E0901]: not part of XSD 1.0: xs:assert (XSD 1.1)" } },
    { "misplaced child",
      "<xs:complexType name='C'><xs:attribute name='a'/><xs:sequence/></xs:complexType>",
      { "2:50: error[E0204]: xs:sequence stands too late, or too often, in xs:complexType" } },
    { "child of another kind",
      "<xs:simpleType name='C'><xs:sequence/></xs:simpleType>",
      { "2:1: error[E0205]: xs:simpleType needs xs:restriction, xs:list or xs:union in it",
        "2:25: error[E0204]: xs:sequence is not allowed in xs:simpleType" } },
    { "beside complex content",
      "<xs:complexType name='C'><xs:complexContent><xs:extension "
      "base='xs:anyType'/></xs:complexContent><xs:attribute name='a'/></xs:complexType>",
      { "2:98: error[E0204]: xs:attribute cannot stand beside simple or complex content; it goes into the "
        "extension "
        "or restriction" } },
    { "empty group",
      "<xs:group name='g'/>",
      { "2:1: error[E0205]: xs:group needs xs:sequence, xs:choice or xs:all in it" } },
    { "unknown attribute of an element",
      "<xs:element name='a' typ='xs:int'/>",
      { "2:27: error[E0201]: xs:element has no attribute 'typ' here", "2:27: note: did you mean 'type'?" } },
    { "global with occurrence",
      "<xs:element name='a' minOccurs='0'/>",
      { "2:33: error[E0201]: xs:element has no attribute 'minOccurs' here" } },
    { "missing attribute",
      "<xs:complexType name='C'><xs:sequence/><xs:attribute/></xs:complexType>\n<xs:attribute/>",
      { "2:40: error[E0202]: xs:attribute needs a 'name' or a 'ref'",
        "3:1: error[E0202]: xs:attribute needs the attribute 'name'" } },
    { "not a name",
      "<xs:element name='1a'/>",
      { "2:19: error[E0203]: '1a' is not a name without colon (NCName)" } },
    { "not a boolean",
      "<xs:element name='a' nillable='yes'/>",
      { "2:32: error[E0203]: 'yes' is not a boolean" } },
    { "not a number of times",
      "<xs:complexType name='C'><xs:sequence maxOccurs='many'/></xs:complexType>",
      { "2:50: error[E0203]: 'many' is neither a whole number nor 'unbounded'" } },
    { "unknown element",
      "<xs:complextype name='C'/>",
      { "2:1: error[E0103]: [XSD1 3.8.4]", "2:1: note: did you mean 'complexType'?" } },
    { "a source that is no URI",
      "<xs:element name='a'><xs:annotation><xs:appinfo source='9a:b'/></xs:annotation></xs:element>",
      { "2:37: error[E0203]: '9a:b' is not a URI [XSD2 3.2.17]" } },
    { "a notation whose system is no URI",
      "<xs:element name='a'/><xs:notation name='n' system='%zz'/>",
      { "2:53: error[E0203]: '%zz' is not a URI [XSD2 3.2.17]" } },
    { "prefix not bound", "<xs:element name='a' type='u:T'/>", { "2:28: error[E0103]: [XSD2 3.2.18]" } },
    { "text between", "<xs:element name='a'/> oops", { "2:23: error[E0103]: [XSD1 3.4.4]" } },
    { "not well-formed", "<xs:element name='a'></xs:elemen>", { "2:24: error[E0103]: [XML1 3]" } },
};

TEST(wrong_schemas_are_explained)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static char text[4096];
        snprintf(text, sizeof text, "<xs:schema " TEST_XS ">\n%s</xs:schema>", cases[i].body);
        const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
        test_load(&world, files);
        CHECK_IN(cases[i].label, world.diag->error_count > 0);
        for (size_t n = 0; n < 2 && cases[i].want[n]; n++) {
            char line[512];
            snprintf(line, sizeof line, "main.xsd:%s", cases[i].want[n]);
            CHECK_IN(cases[i].label, strstr(world.messages, line) != NULL);
            if (!strstr(world.messages, line))
                printf("# wanted %s\n# got %s\n", line, world.messages);
        }
        test_free(&world);
    }
}

TEST(several_errors_in_one_run)
{
    const struct test_file files[] = { { "main.xsd", "<xs:schema " TEST_XS ">\n"
                                                     "<xs:element name='b' type='t:Y'/>\n"
                                                     "<xs:element name='a' typo='1' type='t:X'/>\n"
                                                     "<xs:element name='b'/>\n"
                                                     "</xs:schema>" },
                                       { NULL, NULL } };
    test_load(&world, files);
    CHECK(world.diag->error_count == 4);
    const char *order[] = { "main.xsd:2:28", "main.xsd:3:28", "main.xsd:3:37", "main.xsd:4:1", "4 errors" };
    const char *at = world.messages;
    for (size_t i = 0; i < sizeof order / sizeof *order && at; i++) {
        at = strstr(at, order[i]);
        CHECK_IN(order[i], at != NULL);
    }
    test_free(&world);
}

TEST_MAIN(RUN(wrong_schemas_are_explained) RUN(several_errors_in_one_run))
