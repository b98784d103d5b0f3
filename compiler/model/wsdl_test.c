/* model/wsdl_test.c - service descriptions: what operations send and receive, per binding. */
#include "model/model_testing.h"
#include "testkit.h"

static struct test_world world;

#define HEAD \
    "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' " \
    "xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/'" \
    " xmlns:s12='http://schemas.xmlsoap.org/wsdl/soap12/' xmlns:xs='http://www.w3.org/2001/XMLSchema'" \
    " xmlns:h='http://schemas.xmlsoap.org/wsdl/http/' xmlns:mime='http://schemas.xmlsoap.org/wsdl/mime/'" \
    " xmlns:t='urn:t' targetNamespace='urn:t'>\n"
#define TYPES \
    "<w:types><xs:schema targetNamespace='urn:t'><xs:element name='In'/><xs:element name='Out'/>" \
    "<xs:element name='Oops'/><xs:element name='Hdr'/></xs:schema></w:types>\n"
#define MESSAGES \
    "<w:message name='I'><w:part name='p' element='t:In'/></w:message>" \
    "<w:message name='O'><w:part name='p' element='t:Out'/></w:message>" \
    "<w:message name='F'><w:part name='p' element='t:Oops'/></w:message>" \
    "<w:message name='H'><w:part name='h' element='t:Hdr'/></w:message>\n"
#define PORT_TYPE \
    "<w:portType name='P'><w:operation name='Op'><w:input message='t:I'/><w:output message='t:O'/>" \
    "<w:fault name='Bad' message='t:F'/></w:operation></w:portType>\n"
#define TAIL "</w:definitions>"

static void wsdl_load(const char *text)
{
    const struct test_file files[] = { { "main.wsdl", text }, { NULL, NULL } };
    test_load(&world, files);
}

static const struct soapc_bound_operation *bound_get(const char *binding, size_t i)
{
    static const struct soapc_bound_operation none = { .action = "missing" };
    struct soapc_binding *b = world.model ? soapc_model_binding(world.model, "urn:t", binding) : NULL;
    CHECK_IN(binding, b && i < b->count);
    return b && i < b->count ? b->operations[i] : &none;
}

TEST(document_literal)
{
    wsdl_load(
        HEAD TYPES MESSAGES PORT_TYPE
        "<w:binding name='B' type='t:P'><s12:binding transport='http://schemas.xmlsoap.org/soap/http'/>"
        "<w:operation name='Op'><s12:operation soapAction='urn:t/Op'/><w:input><s12:header message='t:H' "
        "part='h' "
        "use='literal'/><s12:body use='literal'/></w:input><w:output><s12:body use='literal'/></w:output>"
        "<w:fault name='Bad'><s12:fault name='Bad' use='literal'/></w:fault></w:operation></w:binding>"
        "<w:service name='S'><w:port name='Q' binding='t:B'><s12:address location='http://h/x'/></w:port>"
        "</w:service>" TAIL);
    CHECK_TEXT(world.messages, "");
    const struct soapc_bound_operation *op = bound_get("B", 0);
    CHECK_TEXT(op->action, "urn:t/Op");
    CHECK(op->unsupported == NULL && op->style == SOAPC_DOCUMENT);
    CHECK(op->input.root == soapc_model_element(world.model, "urn:t", "In"));
    CHECK(op->output.root == soapc_model_element(world.model, "urn:t", "Out"));
    CHECK(op->fault_count == 1 && op->faults[0].detail == soapc_model_element(world.model, "urn:t", "Oops"));
    CHECK(op->input.header_count == 1);
    if (op->input.header_count == 1)
        CHECK(op->input.headers[0].part->element == soapc_model_element(world.model, "urn:t", "Hdr"));
    CHECK(world.model->bindings[0]->protocol == SOAPC_PROTOCOL_SOAP12);
    CHECK(world.model->service_count == 1 && world.model->services[0]->port_count == 1);
    CHECK_TEXT(world.model->services[0]->ports[0].address, "http://h/x");
    CHECK(world.model->services[0]->ports[0].binding == world.model->bindings[0]);
    CHECK_TEXT(op->operation->input.name, "OpRequest"); /* [WSDL11 2.4.5] */
    CHECK_TEXT(op->operation->output.name, "OpResponse");
    test_free(&world);
}

#define RPC(letter, name, use) \
    "<w:binding name='" name "' type='t:R'><" letter \
    ":binding style='rpc'/><w:operation name='Add'><" letter ":operation soapAction=''/><w:input><" letter \
    ":body use='" use "' namespace='urn:rpc'/></w:input><w:output><" letter ":body use='" use \
    "' namespace='urn:rpc'/></w:output></w:operation></w:binding>\n"

TEST(rpc_wrappers)
{
    wsdl_load(
        HEAD
        "<w:message name='I'><w:part name='a' type='xs:int'/><w:part name='b' type='xs:int'/></w:message>"
        "<w:message name='O'/><w:portType name='R'><w:operation name='Add'><w:input message='t:I'/>"
        "<w:output message='t:O'/></w:operation></w:portType>" RPC("s", "B11", "literal")
            RPC("s12", "B12", "literal") RPC("s", "E", "encoded") TAIL);
    CHECK_TEXT(world.messages, "");
    const struct soapc_bound_operation *one = bound_get("B11", 0), *two = bound_get("B12", 0);
    CHECK(one->input.root && one->input.root == two->input.root); /* shared */
    CHECK(one->output.root && one->output.root != one->input.root);
    if (one->input.root && one->output.root) {
        const struct soapc_type *t = one->input.root->type;
        CHECK_TEXT(one->input.root->name.ns, "urn:rpc");
        CHECK_TEXT(one->input.root->name.local, "Add");
        CHECK_TEXT(one->output.root->name.local, "AddResponse");
        CHECK(t->particle && t->particle->count == 2);
        if (t->particle && t->particle->count == 2) {
            CHECK_TEXT(t->particle->items[1]->element->name.local, "b");
            CHECK_TEXT(t->particle->items[1]->element->name.ns, ""); /* [WSDL11 3.5], WS-I R2735 */
        }
        CHECK(one->output.root->type->content == SOAPC_CONTENT_EMPTY);
    }
    CHECK(one->unsupported == NULL);
    CHECK_TEXT(bound_get("E", 0)->unsupported ? bound_get("E", 0)->unsupported : "",
               "rpc/encoded, which --soap-encoding takes");
    test_free(&world);
}

TEST(overloads_one_way_and_other_protocols)
{
    wsdl_load(
        HEAD TYPES MESSAGES
        "<w:portType name='P'><w:operation name='Op'><w:input name='A' message='t:I'/></w:operation>"
        "<w:operation name='Op'><w:input name='B' message='t:O'/></w:operation>"
        "<w:operation name='Note'><w:output message='t:O'/></w:operation></w:portType>"
        "<w:binding name='B' type='t:P'><s:binding/><w:operation name='Op'><s:operation/><w:input name='B'>"
        "<s:body use='literal'/></w:input></w:operation><w:operation name='Note'><s:operation/><w:output>"
        "<mime:multipartRelated><mime:part><s:body use='literal'/></mime:part><mime:part><mime:content "
        "type='a/b'/>"
        "</mime:part></mime:multipartRelated></w:output></w:operation></w:binding>"
        "<w:binding name='G' type='t:P'><h:binding verb='GET'/><w:operation name='Op'><h:operation "
        "location='/o'/>"
        "<w:input name='A'><h:urlEncoded/></w:input></w:operation></w:binding>" TAIL);
    CHECK_TEXT(world.messages, "");
    CHECK(bound_get("B", 0)->input.root == soapc_model_element(world.model, "urn:t", "Out"));
    CHECK(bound_get("B", 0)->operation->output.message == NULL);
    CHECK(bound_get("B", 1)->operation->notification && bound_get("B", 1)->unsupported == NULL);
    CHECK(bound_get("B", 1)->output.root == soapc_model_element(world.model, "urn:t", "Out"));
    CHECK(bound_get("G", 0)->unsupported != NULL);
    test_free(&world);
}

/* [WSDL11 5.3] A part that mime:content carries is not in the body, whether soap:body says so or not. */
TEST(attachments_are_no_body_parts)
{
    wsdl_load(
        HEAD TYPES
        "<w:message name='I'><w:part name='p' element='t:In'/><w:part name='file' type='xs:base64Binary'/>"
        "</w:message><w:portType name='P'><w:operation name='Op'><w:input message='t:I'/></w:operation>"
        "</w:portType><w:binding name='B' type='t:P'><s:binding/><w:operation name='Op'><w:input>"
        "<mime:multipartRelated><mime:part><s:body use='literal'/></mime:part><mime:part>"
        "<mime:content part='file' type='image/jpeg'/><mime:content part='file' type='image/png'/>"
        "</mime:part></mime:multipartRelated></w:input></w:operation></w:binding>" TAIL);
    CHECK_TEXT(world.messages, "");
    const struct soapc_payload *in = &bound_get("B", 0)->input;
    CHECK(bound_get("B", 0)->unsupported == NULL);
    CHECK(in->root == soapc_model_element(world.model, "urn:t", "In"));
    CHECK(in->attachment_count == 1);
    if (in->attachment_count == 1) {
        CHECK_TEXT(in->attachments[0].part->name, "file");
        CHECK_TEXT(in->attachments[0].types, "image/jpeg, image/png");
    }
    test_free(&world);
}

#define MULTIPART(contents) \
    HEAD TYPES \
        "<w:message name='I'><w:part name='p' element='t:In'/><w:part name='file' type='xs:base64Binary'/>" \
        "</w:message><w:portType name='P'><w:operation name='Op'><w:input message='t:I'/></w:operation>" \
        "</w:portType><w:binding name='B' type='t:P'><s:binding/><w:operation name='Op'><w:input>\n" \
        "<mime:multipartRelated><mime:part><s:body parts='p' " \
        "use='literal'/></mime:part><mime:part>\n" contents \
        "</mime:part></mime:multipartRelated></w:input></w:operation></w:binding>" TAIL

/* Parts and media types that are none are said at their place. */
TEST(attachments_are_checked)
{
    static const struct {
        const char *contents, *messages;
    } checks[] = {
        { "<mime:content part='file'/>", "" },
        { "<mime:content part='file' type='*/*'/><mime:mimeXml part='file'/>", "" },
        { "<mime:content part='file' type='image/png; q=0.5; n=&quot;a,b&quot; , text/*'/>", "" },
        { "<mime:content part='fiel'/>", "main.wsdl:5:21: error[E0301]: message 'I' has no part 'fiel'" },
        { "<mime:content type='a/b'/>",
          "main.wsdl:5:1: error[E0202]: mime:content needs the attribute 'part': message 'I' has 2 parts" },
        { "<mime:content part='file' type='png'/>", NULL },
        { "<mime:content part='file' type=''/>", NULL },
        { "<mime:content part='file' type='image/'/>", NULL },
        { "<mime:content part='file' type='/png'/>", NULL },
        { "<mime:content part='file' type='image/p*'/>", NULL },
        { "<mime:content part='file' type='*/png'/>", NULL },
        { "<mime:content part='file' type='image/png,'/>", NULL },
        { "<mime:content part='file' type='image/png;'/>", NULL },
        { "<mime:content part='file' type='image/png; q'/>", NULL },
        { "<mime:content part='file' type='image/png; q=&quot;a'/>", NULL },
        { "<mime:content part='file' type='image/png&#10;X-Y: z'/>", NULL },
        { "<mime:content part='file' type='image/png; q=&quot;a&#10;b text/xml&quot;'/>", NULL },
        { "<mime:content part='file' type='image/png; q=&quot;a\\&#10;b&quot;'/>", NULL },
        { "<mime:content part='file' type='im\xc3\xa4ge/png'/>", NULL },
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        char text[2048];
        (void)snprintf(text, sizeof text, MULTIPART("%s"), checks[i].contents);
        wsdl_load(text);
        if (checks[i].messages)
            CHECK_IN(checks[i].contents, checks[i].messages[0]
                                             ? strstr(world.messages, checks[i].messages) != NULL
                                             : !world.messages[0]);
        else
            CHECK_IN(checks[i].contents,
                     strstr(world.messages, "E0203") && strstr(world.messages, "media types"));
        test_free(&world);
    }
}

/* Names of parts, operations and messages become elements, lines of tables and members. */
TEST(names_that_are_markup_are_refused)
{
    static const struct {
        const char *part, *operation, *message, *says;
    } checks[] = {
        { "p", "Op", "I", "" },
        { "p>&lt;q", "Op", "I", "'p><q' is not a name without colon" },
        { "p text/xml&#10;q", "Op", "I", "is not a name without colon" },
        { "", "Op", "I", "'' is not a name without colon" },
        { "p", "Op x='1'", "I", "'Op x='1'' is not a name without colon" },
        { "p", "t:Op", "I", "'t:Op' is not a name without colon" },
        { "p", "Op", "1", "'1' is not a name without colon" },
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        char text[2048];
        (void)snprintf(text, sizeof text,
                       HEAD TYPES "<w:message name=\"%s\"><w:part name=\"%s\" type='xs:int'/></w:message>"
                                  "<w:portType name='P'><w:operation name=\"%s\"><w:input message='t:I'/>"
                                  "</w:operation></w:portType>" TAIL,
                       checks[i].message, checks[i].part, checks[i].operation);
        wsdl_load(text);
        CHECK_IN(checks[i].part, strstr(world.messages, checks[i].says) != NULL);
        CHECK_IN(checks[i].part, (world.messages[0] == '\0') == (checks[i].says[0] == '\0'));
        test_free(&world);
    }
}

TEST(rpc_part_of_an_element)
{
    wsdl_load(HEAD TYPES
              "<w:message name='I'><w:part name='p' element='t:In'/><w:part name='q' type='xs:int'/>"
              "</w:message><w:message name='O'/><w:portType name='R'><w:operation name='Add'><w:input "
              "message='t:I'/><w:output message='t:O'/></w:operation></w:portType>" RPC("s", "B", "literal")
                  TAIL);
    CHECK_TEXT(world.messages, "");
    const struct soapc_element *root = bound_get("B", 0)->input.root;
    CHECK(root && root->type->particle && root->type->particle->count == 2);
    if (root && root->type->particle && root->type->particle->count == 2)
        CHECK(root->type->particle->items[0]->element == soapc_model_element(world.model, "urn:t", "In"));
    test_free(&world);
}

TEST(imports_of_descriptions)
{
    const struct test_file files[] = {
        { "main.wsdl",
          "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:t='urn:t' targetNamespace='urn:m'"
          " xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/'>"
          "<w:import namespace='urn:t' location='sub.wsdl'/>"
          "<w:service name='S'><w:port name='Q' binding='t:B'/></w:service></w:definitions>" },
        { "sub.wsdl", HEAD "<w:import namespace='urn:t' location='types.xsd'/>" MESSAGES PORT_TYPE
                           "<w:binding name='B' type='t:P'><s:binding/></w:binding>" TAIL },
        { "types.xsd",
          "<xs:schema " TEST_XS "><xs:element name='In'/><xs:element name='Out'/><xs:element name='Oops'/>"
          "<xs:element name='Hdr'/></xs:schema>" },
        { NULL, NULL }
    };
    test_load(&world, files);
    CHECK_TEXT(world.messages, "");
    CHECK(world.model && world.model->service_count == 1);
    CHECK(world.model && world.model->services[0]->ports[0].binding == world.model->bindings[0]);
    CHECK_TEXT(world.model ? world.model->target_ns : "", "urn:m");
    test_free(&world);
}

TEST(namespaces_and_prefixes)
{
    wsdl_load(HEAD "<w:types><xs:schema targetNamespace='urn:a' xmlns:first='urn:a' xmlns:second='urn:a'/>"
                   "<xs:schema targetNamespace='urn:b'/></w:types>" TAIL);
    CHECK_TEXT(world.messages, "");
    static const struct {
        const char *uri, *prefix;
    } want[] = { { "urn:a", "first" },
                 { "urn:b", NULL },
                 { "urn:t", "t" },
                 { "http://www.w3.org/2001/XMLSchema", "xs" } };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        bool found = false;
        for (size_t n = 0; n < world.model->namespace_count; n++) {
            const struct soapc_namespace *ns = &world.model->namespaces[n];
            if (strcmp(ns->uri, want[i].uri) != 0)
                continue;
            found = true;
            CHECK_TEXT(ns->prefix ? ns->prefix : "-", want[i].prefix ? want[i].prefix : "-");
        }
        CHECK_IN(want[i].uri, found);
    }
    test_free(&world);
}

static const struct {
    const char *label, *text, *want[2];
} wrong[] = {
    { "unknown message",
      HEAD TYPES
      "<w:message name='In'/><w:portType name='P'><w:operation name='Op'>\n<w:input message='t:Inn'/>"
      "</w:operation></w:portType>" TAIL,
      { "main.wsdl:4:19: error[E0301]: no message 'Inn' in namespace 'urn:t'",
        "main.wsdl:4:19: note: did you mean 'In'?" } },
    { "unknown binding",
      HEAD TYPES MESSAGES PORT_TYPE
      "<w:binding name='Bind' type='t:P'/><w:service name='S'>\n<w:port name='Q' "
      "binding='t:Bnd'/></w:service>" TAIL,
      { "main.wsdl:6:27: error[E0301]: no binding 'Bnd' in namespace 'urn:t'",
        "main.wsdl:6:27: note: did you mean 'Bind'?" } },
    { "unknown operation",
      HEAD TYPES MESSAGES PORT_TYPE
      "<w:binding name='B' type='t:P'>\n<w:operation name='Opp'/></w:binding>" TAIL,
      { "main.wsdl:6:20: error[E0301]: port type 'P' has no operation 'Opp'",
        "main.wsdl:6:20: note: did you mean 'Op'?" } },
    { "unknown header part",
      HEAD TYPES MESSAGES PORT_TYPE
      "<w:binding name='B' type='t:P'><s:binding/><w:operation name='Op'><w:input>\n<s:header message='t:H' "
      "part='hh' use='literal'/><s:body use='literal'/></w:input></w:operation></w:binding>" TAIL,
      { "main.wsdl:6:31: error[E0301]: message 'H' has no part 'hh'",
        "main.wsdl:6:31: note: did you mean 'h'?" } },
    { "part without anything",
      HEAD "<w:message name='M'>\n<w:part name='p'/></w:message>" TAIL,
      { "main.wsdl:3:1: error[E0202]: part 'p' needs an 'element' or a 'type'", NULL } },
    { "part twice",
      HEAD "<w:message name='M'><w:part name='p' type='xs:int'/>\n<w:part name='p' "
           "type='xs:int'/></w:message>" TAIL,
      { "main.wsdl:3:1: error[E0302]: part 'p' is declared twice in message 'M'",
        "main.wsdl:2:21: note: the first one" } },
    { "no body",
      HEAD TYPES MESSAGES PORT_TYPE
      "<w:binding name='B' type='t:P'><s:binding/><w:operation name='Op'>\n<w:input/>"
      "</w:operation></w:binding>" TAIL,
      { "main.wsdl:6:1: error[E0602]: wsdl:input has no soap:body", NULL } },
    { "use of another kind",
      HEAD TYPES MESSAGES PORT_TYPE
      "<w:binding name='B' type='t:P'><s:binding/><w:operation name='Op'><w:input>\n"
      "<s:body use='verbatim'/></w:input></w:operation></w:binding>" TAIL,
      { "main.wsdl:6:14: error[E0203]: 'verbatim' is neither literal nor encoded", NULL } },
    { "stray attribute is a warning",
      HEAD "<w:message name='M' targetNamespace='urn:t'/>" TAIL,
      { "main.wsdl:2:38: warning[W0207]: wsdl:message has no attribute 'targetNamespace'; it is ignored",
        NULL } },
    { "schema reference in an inline schema",
      HEAD "<w:types><xs:schema>\n<xs:element name='e' type='t:T'/></xs:schema></w:types>" TAIL,
      { "main.wsdl:3:28: error[E0303]: no type 'T': no schema of namespace 'urn:t' was imported", NULL } },
    { "required extension",
      HEAD "\n<x:ext xmlns:x='urn:x' w:required='true'><x:in/></x:ext><x:ext xmlns:x='urn:x' "
           "w:required='false'/>" TAIL,
      { "main.wsdl:1:1: warning[W0208]: the required extension element 'x:ext' in wsdl:definitions is not "
        "understood",
        NULL } },
    { "root of WSDL 2.0",
      "<description xmlns='http://www.w3.org/ns/wsdl'/>",
      { "main.wsdl:1:1: error[E0901]: not supported: a description in WSDL 2.0",
        "note: soapbark reads WSDL 1.1" } },
};

TEST(wrong_descriptions_are_explained)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        wsdl_load(wrong[i].text);
        for (size_t n = 0; n < 2 && wrong[i].want[n]; n++) {
            CHECK_IN(wrong[i].label, strstr(world.messages, wrong[i].want[n]) != NULL);
            if (!strstr(world.messages, wrong[i].want[n]))
                printf("# wanted %s\n# got %s\n", wrong[i].want[n], world.messages);
        }
        test_free(&world);
    }
}

TEST_MAIN(RUN(document_literal) RUN(rpc_wrappers) RUN(overloads_one_way_and_other_protocols)
              RUN(attachments_are_no_body_parts) RUN(attachments_are_checked)
                  RUN(names_that_are_markup_are_refused) RUN(rpc_part_of_an_element)
                      RUN(imports_of_descriptions) RUN(namespaces_and_prefixes)
                          RUN(wrong_descriptions_are_explained))
