/* lower/http_test.c - HTTP bindings from WSDL to rows: what is taken, what is left out and why, what is
 * wrong.
 */
#include "lower/plan.h"
#include "model/model_testing.h"
#include "testkit.h"

#include <stdio.h>

static struct test_world world;
static struct soapc_plan *plan;
static char messages[8192];

#define HEAD \
    "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' " \
    "xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:xs='http://www.w3.org/2001/XMLSchema' " \
    "xmlns:h='http://schemas.xmlsoap.org/wsdl/http/' xmlns:m='http://schemas.xmlsoap.org/wsdl/mime/' " \
    "xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' xmlns:t='urn:t' targetNamespace='urn:t'>" \
    "<w:types><xs:schema targetNamespace='urn:t'><xs:import " \
    "namespace='http://schemas.xmlsoap.org/soap/encoding/'/>" \
    "<xs:element name='Out' type='xs:string'/><xs:element name='Two' type='t:Two'/>" \
    "<xs:complexType name='Two'><xs:sequence><xs:element name='a'/><xs:element name='b'/></xs:sequence>" \
    "</xs:complexType><xs:complexType name='Many'><xs:sequence><xs:element name='i' type='xs:int' " \
    "minOccurs='0' " \
    "maxOccurs='unbounded'/></xs:sequence></xs:complexType><xs:complexType name='Old'><xs:complexContent>" \
    "<xs:restriction base='c:Array'><xs:sequence><xs:element name='S' type='xs:string' minOccurs='0' " \
    "maxOccurs='unbounded'/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>" \
    "<xs:element name='Nil' type='xs:string' nillable='true'/><xs:element name='Head' type='xs:string'/>" \
    "<xs:element name='Member' type='xs:string' substitutionGroup='t:Head'/>" \
    "</xs:schema></w:types><w:message name='I'>"
/* Then the parts of the input, the parts of the output, the binding's verb and the rest of its operation. */
#define OUT "</w:message><w:message name='O'>"
#define PORT_TYPE \
    "</w:message><w:portType name='P'><w:operation name='Op'><w:input message='t:I'/><w:output " \
    "message='t:O'/>" \
    "</w:operation></w:portType>"
#define BINDING(verb, operation) \
    "<w:binding name='B' type='t:P'><h:binding verb='" verb "'/><w:operation name='Op'>\n" operation \
    "</w:operation></w:binding>"
#define TAIL "</w:definitions>"
#define A "<w:part name='a' type='xs:int'/>"
#define BODY "<w:part name='Body' element='t:Out'/>"
#define AT(location) "<h:operation location='" location "'/>"
#define ENCODED "<w:input><h:urlEncoded/></w:input>"
#define REPLACED "<w:input><h:urlReplacement/></w:input>"
#define FORM "<w:input><m:content type='application/x-www-form-urlencoded'/></w:input>"
#define XML "<w:output><m:mimeXml part='Body'/></w:output>"
#define RELATED(part) "<w:input><m:multipartRelated><m:part>" part "</m:part></m:multipartRelated></w:input>"
#define B "<w:part name='b' type='xs:string'/>"
#define RPC \
    "<w:binding name='S' type='t:P'><s:binding style='rpc'/><w:operation name='Op'><s:operation/><w:input>" \
    "<s:body use='literal' namespace='urn:rpc'/></w:input><w:output><s:body use='literal' " \
    "namespace='urn:rpc'/>" \
    "</w:output></w:operation></w:binding>"

static void lower(const char *text)
{
    static const struct soapc_lower_options options = { .polymorphic = SOAPC_POLYMORPHIC_COMPLEX };
    const struct test_file files[] = { { "main.wsdl", text }, { NULL, NULL } };
    struct bark_out out;
    test_load(&world, files);
    plan = world.model && !world.diag->error_count ? soapc_lower(world.model, &options, world.diag) : NULL;
    bark_out_init(&out, messages, sizeof messages - 1);
    soapc_diag_print(world.diag, &out);
    messages[out.pos] = '\0';
}

static void end(void)
{
    soapc_plan_free(plan);
    test_free(&world);
}

static const struct {
    const char *label, *text;
    unsigned flags; /* of the HTTP row */
    const char *fields; /* of the input: "name*:kind" */
} taken[] = {
    { "query", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/op") ENCODED XML) TAIL, 0, "a:int" },
    { "form", HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/op") FORM XML) TAIL, BARK_HTTP_POST, "a:int" },
    { "form by urlEncoded", HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/op") ENCODED XML) TAIL,
      BARK_HTTP_POST, "a:int" },
    { "form in parts",
      HEAD A OUT BODY PORT_TYPE BINDING(
          "POST", AT("/op") "<w:input><m:content type='multipart/form-data; charset=utf-8'/></w:input>" XML)
          TAIL,
      BARK_HTTP_POST | BARK_HTTP_PARTS, "a:int" },
    { "path", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("o/(a)x(b)") REPLACED XML) TAIL, BARK_HTTP_REPLACED,
      "a:int" },
    { "array",
      HEAD "<w:part name='n' type='t:Many'/>" OUT BODY PORT_TYPE BINDING("GET", AT("") ENCODED XML) TAIL, 0,
      "n*:int" },
    { "array of .NET",
      HEAD "<w:part name='n' type='t:Old'/>" OUT BODY PORT_TYPE BINDING("GET", AT("") ENCODED XML) TAIL, 0,
      "n*:string" },
    { "element of a simple type",
      HEAD "<w:part name='n' element='t:Out'/>" OUT BODY PORT_TYPE BINDING("GET", AT("/o%20") ENCODED XML)
          TAIL,
      0, "n:string" },
    { "no parts", HEAD OUT BODY PORT_TYPE BINDING("GET", AT("/o") "<w:input/>" XML) TAIL, 0, "" },
    { "no answer", HEAD A OUT PORT_TYPE BINDING("GET", AT("/o") ENCODED "<w:output/>") TAIL, 0, "a:int" },
    { "XML in",
      HEAD "<w:part name='x' element='t:Two'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") "<w:input><m:content type='application/xml' part='x'/></w:input>" XML) TAIL,
      BARK_HTTP_POST | BARK_HTTP_XML, "a:struct b:struct" },
    { "text out",
      HEAD A OUT "<w:part name='x' type='xs:int'/>" PORT_TYPE BINDING(
          "GET", AT("/o") ENCODED "<w:output><m:content type='text/plain' part='x'/></w:output>") TAIL,
      BARK_HTTP_CONTENT, "a:int" },
    { "the alternative that can be written",
      HEAD A OUT "<w:part name='x' type='xs:int'/>" PORT_TYPE BINDING(
          "GET", AT("/o") ENCODED
          "<w:output><m:content type='text/*'/><m:content type='text/csv'/></w:output>") TAIL,
      BARK_HTTP_CONTENT, "a:int" },
    { "parts in and out, in the binding's order",
      HEAD A B "<w:part name='x' element='t:Two'/>" OUT BODY PORT_TYPE BINDING(
          "POST",
          AT("/o") RELATED("<m:mimeXml part='x'/></m:part><m:part><m:content part='b'/><m:mimeXml part='b'/>"
                           "</m:part><m:part><m:content part='a' type='text/csv'/><m:content part='a' "
                           "type='text/*'/>") "<w:output><m:multipartRelated><m:part><m:mimeXml/></m:part></"
                                              "m:multipartRelated></w:output>") TAIL,
      BARK_HTTP_POST | BARK_HTTP_RELATED | BARK_HTTP_ANSWER_RELATED, "Two:struct b:string a:int" },
    { "a typed part as XML",
      HEAD A OUT "<w:part name='Body' type='xs:int'/>" PORT_TYPE BINDING("GET", AT("/o") ENCODED XML) TAIL, 0,
      "a:int" },
    { "two parts of one element, typed parts as XML, anything that is XML",
      HEAD
      "<w:part name='x' element='t:Two'/><w:part name='y' element='t:Two'/><w:part name='n' type='xs:int'/>"
      "<w:part name='z' type='t:Two'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") RELATED("<m:mimeXml part='x'/></m:part><m:part><m:content part='y' "
                                   "type='application/x+xml'/></m:part><m:part><m:mimeXml part='n'/>"
                                   "</m:part><m:part><m:content part='z' type='*/*'/>") XML) TAIL,
      BARK_HTTP_POST | BARK_HTTP_RELATED, "Two:struct Two:struct n:int z:struct" },
    { "a list of types, of which the first decides",
      HEAD A "<w:part name='x' element='t:Two'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") RELATED("<m:content part='a' type='image/a,application/b+xml'/></m:part><m:part>"
                                   "<m:content part='x' type='text/xml,image/a'/>") XML) TAIL,
      BARK_HTTP_POST | BARK_HTTP_RELATED, "a:int Two:struct" },
};

static void fields_print(const struct soapc_ptype *t, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; t && i < t->field_count && len < size; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        const char *kind = f->type->kind == BARK_KIND_INT32    ? "int"
                           : f->type->kind == BARK_KIND_STRING ? "string"
                                                               : "struct";
        len += (size_t)snprintf(text + len, size - len, "%s%s%s:%s", i ? " " : "", f->local,
                                f->bits & BARK_F_REPEATED ? "*" : "", kind);
    }
}

TEST(bindings_become_rows)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        char fields[256];
        lower(taken[i].text);
        CHECK_IN(taken[i].label, plan && plan->rows.http_count == 1 && messages[0] == '\0');
        if (messages[0])
            printf("# %s\n", messages);
        if (plan && plan->rows.http_count == 1) {
            const struct soapc_poperation *op = &plan->operations[0];
            fields_print(op->input == BARK_NONE ? NULL : plan->roots[op->input].type, fields, sizeof fields);
            CHECK_TEXT(fields, taken[i].fields);
            CHECK_IN(taken[i].label, plan->rows.https[0].flags == taken[i].flags);
            CHECK_IN(taken[i].label, op->flags == 0);
        }
        end();
    }
}

/* One handler for SOAP and HTTP where they carry the same; two verbs are two rows. */
TEST(bindings_share_an_operation)
{
    lower(HEAD A OUT "<w:part name='Body' type='xs:int'/>" PORT_TYPE
                     "<w:binding name='G' type='t:P'><h:binding verb='GET'/><w:operation name='Op'>" AT("/a")
                         ENCODED
          "<w:output><m:content type='text/plain'/></w:output></w:operation></w:binding>" RPC BINDING(
              "POST", AT("/a") FORM "<w:output><m:content type='text/plain'/></w:output>") TAIL);
    CHECK_TEXT(messages, "");
    CHECK(plan && plan->operation_count == 1 && plan->rows.http_count == 2);
    CHECK(plan && plan->operations[0].flags == (BARK_OPERATION_RPC | BARK_OPERATION_SOAP11));
    end();
}

static const struct {
    const char *label, *text, *want;
} refused[] = {
    { "verb", HEAD A OUT BODY PORT_TYPE BINDING("PUT", AT("/o") ENCODED XML) TAIL,
      "error[E0604]: the verb of an HTTP binding is GET or POST, not 'PUT'" },
    { "no verb", HEAD A OUT BODY PORT_TYPE "<w:binding name='B' type='t:P'><h:binding/></w:binding>" TAIL,
      "error[E0202]: http:binding needs the attribute 'verb'" },
    { "no http:operation", HEAD A OUT BODY PORT_TYPE BINDING("GET", ENCODED XML) TAIL,
      "error[E0205]: an operation of an HTTP binding needs an http:operation" },
    { "no location", HEAD A OUT BODY PORT_TYPE BINDING("GET", "<h:operation/>" ENCODED XML) TAIL,
      "main.wsdl:2:1: error[E0202]: http:operation needs the attribute 'location'" },
    { "query in the location", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/o?x=1") ENCODED XML) TAIL,
      "main.wsdl:2:24: error[E0604]: the location '/o?x=1' is no relative path: it has a '?' at 3" },
    { "space in the location", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/a b") ENCODED XML) TAIL,
      "it has a ' ' at 3" },
    { "percent in the location", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/%4") ENCODED XML) TAIL,
      "it has a '%' at 2" },
    { "both",
      HEAD A OUT BODY PORT_TYPE BINDING(
          "GET", AT("/o") "<w:input><h:urlEncoded/><h:urlReplacement/></w:input>" XML) TAIL,
      "main.wsdl:2:53: error[E0604]: parts travel by http:urlEncoded or by http:urlReplacement, not by "
      "both" },
    { "a body for GET", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/o") FORM XML) TAIL,
      "error[E0604]: a GET has no body" },
    { "part not in the path", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/(b)") REPLACED XML) TAIL,
      "error[E0604]: the location has no '(a)' for its part" },
    { "part twice in the path", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/(a)/(a)") REPLACED XML) TAIL,
      "error[E0604]: part 'a' stands twice in the location" },
    { "nothing between",
      HEAD A "<w:part name='b' type='xs:int'/>" OUT BODY PORT_TYPE BINDING("GET", AT("/(a)(b)") REPLACED XML)
          TAIL,
      "error[E0604]: nothing stands between the parts 'a' and 'b' in the location" },
    { "unknown part",
      HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/o") ENCODED
                                        "<w:output><m:mimeXml part='Bode'/></w:output>") TAIL,
      "its mime: element names the part 'Bode', which its message does not have" },
    { "same verb and location",
      HEAD A OUT BODY "</w:message><w:portType name='P'><w:operation name='Op'><w:input message='t:I'/>"
                      "<w:output message='t:O'/></w:operation><w:operation name='Op2'><w:input "
                      "message='t:I'/></w:operation></w:portType>"
                      "<w:binding name='B' type='t:P'><h:binding verb='GET'/><w:operation name='Op'>" AT("/o")
                          ENCODED XML "</w:operation>\n<w:operation name='Op2'>" AT("/o") ENCODED
      "</w:operation></w:binding>" TAIL,
      "main.wsdl:2:1: error[E0604]: another operation of the port type has the same verb and location '/o'" },
    /* left out, with the reason */
    { "struct as a part",
      HEAD "<w:part name='x' type='t:Two'/>" OUT BODY PORT_TYPE BINDING("GET", AT("/o") ENCODED XML) TAIL,
      "warning[W0603]: operation 'Op' is left out: part 'x' is not of a simple type, nor an array of one" },
    { "anyType",
      HEAD "<w:part name='x' type='xs:anyType'/>" OUT BODY PORT_TYPE BINDING("GET", AT("/o") ENCODED XML)
          TAIL,
      "warning[W0603]: operation 'Op' is left out: part 'x' is not of a simple type" },
    { "array in a path",
      HEAD "<w:part name='n' type='t:Many'/>" OUT BODY PORT_TYPE BINDING("GET", AT("/(n)") REPLACED XML) TAIL,
      "part 'n' is an array, and [WSDL11 4.7] a path has room for one value" },
    { "nothing said of the input", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/o") "<w:input/>" XML) TAIL,
      "nothing says how its parts travel" },
    { "nothing said of the output",
      HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/o") ENCODED "<w:output/>") TAIL,
      "nothing says how its answer is written" },
    /* multipart/related */
    { "parts for GET", HEAD A OUT BODY PORT_TYPE BINDING("GET", AT("/o") RELATED("<m:content/>") XML) TAIL,
      "main.wsdl:2:38: error[E0604]: a GET has no body" },
    { "an envelope",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<s:body use='literal'/>") XML) TAIL,
      "warning[W0603]: operation 'Op' is left out: a mime:part has a soap:body, and the binding has no" },
    { "nothing in a part", HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("") XML) TAIL,
      "a mime:part says nothing of its content" },
    { "no parts named",
      HEAD A B OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content/>") XML) TAIL,
      "its mime: element does not say which part is meant" },
    { "a part in no mime:part",
      HEAD A B OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content part='a'/>") XML) TAIL,
      "part 'b' is in no mime:part" },
    { "a part in two",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content/></m:part><m:part><m:content/>")
                                                    XML) TAIL,
      "part 'a' stands in two mime:part elements" },
    { "two parts in one",
      HEAD A B OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") RELATED("<m:content part='a'/><m:content part='b'/>") XML) TAIL,
      "part 'b' is an alternative of another part" },
    { "an unknown one",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content part='x'/>") XML) TAIL,
      "its mime: element names the part 'x', which its message does not have" },
    { "no media type",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content type='x'/>") XML) TAIL,
      "main.wsdl:2:83: error[E0203]: 'x' is no list of media types" },
    { "a struct as a text",
      HEAD "<w:part name='x' type='t:Two'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") RELATED("<m:content type='text/plain'/>") XML) TAIL,
      "part 'x' is not of a simple type, so it is XML or nothing" },
    { "a text of an XML type",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content type='text/xml'/>") XML) TAIL,
      "part 'a' has a simple type: mime:mimeXml would say that it is XML" },
    { "a text whose first type is one of XML",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content type='text/xml,image/a'/>") XML)
          TAIL,
      "part 'a' has a simple type: mime:mimeXml would say that it is XML" },
    { "no type that could be said",
      HEAD A OUT BODY PORT_TYPE BINDING("POST", AT("/o") RELATED("<m:content type='image/*'/>") XML) TAIL,
      "part 'a' may be of many types, and none is named that it could be sent as" },
    { "an element that may be nil",
      HEAD "<w:part name='x' element='t:Nil'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") RELATED("<m:mimeXml/>") XML) TAIL,
      "part 'x' is of an element that may be nil, or has a default or fixed value" },
    { "an element that is a head",
      HEAD "<w:part name='x' element='t:Head'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o") RELATED("<m:mimeXml/>") XML) TAIL,
      "part 'x' is of an element that others stand for" },
    { "struct as text",
      HEAD A OUT "<w:part name='x' type='t:Two'/>" PORT_TYPE BINDING(
          "GET", AT("/o") ENCODED "<w:output><m:content type='text/plain'/></w:output>") TAIL,
      "part 'x' is not one value, so it is no text" },
    { "any media type",
      HEAD A OUT "<w:part name='x' type='xs:int'/>" PORT_TYPE BINDING(
          "GET", AT("/o") ENCODED "<w:output><m:content/></w:output>") TAIL,
      "its mime:content does not name one media type" },
    { "media type of the input",
      HEAD A OUT BODY PORT_TYPE BINDING("POST",
                                        AT("/o") "<w:input><m:content type='text/csv'/></w:input>" XML) TAIL,
      "its input is of a media type that is neither XML nor a form" },
    { "beside SOAP", HEAD A OUT BODY PORT_TYPE RPC BINDING("GET", AT("/o") ENCODED XML) TAIL,
      "warning[W0605]: the HTTP binding of operation 'Op' is left out: its answer is not that of" },
    { "a secret in a query",
      HEAD "<w:part name='newPassword' type='xs:string'/>" OUT BODY PORT_TYPE BINDING(
          "GET", AT("/o") ENCODED XML) TAIL,
      "warning[W0606]: the address of operation 'Op' holds a secret: part 'newPassword'" },
    { "a secret in a path",
      HEAD "<w:part name='secret' type='xs:string'/>" OUT BODY PORT_TYPE BINDING(
          "POST", AT("/o/(secret)") REPLACED XML) TAIL,
      "warning[W0606]: the address of operation 'Op' holds a secret: part 'secret'" },
};

TEST(what_is_not_taken_is_said)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        lower(refused[i].text);
        CHECK_IN(refused[i].label, strstr(messages, refused[i].want) != NULL);
        if (!strstr(messages, refused[i].want))
            printf("# wanted %s\n# got %s\n", refused[i].want, messages);
        end();
    }
}

TEST(a_secret_in_a_body_is_none_in_an_address)
{
    lower(HEAD "<w:part name='secret' type='xs:string'/>" OUT BODY PORT_TYPE BINDING(
        "POST", AT("/o") ENCODED XML) TAIL);
    CHECK(plan && plan->http_count == 1);
    CHECK_TEXT(messages, "");
    end();
}

TEST_MAIN(RUN(bindings_become_rows) RUN(bindings_share_an_operation) RUN(what_is_not_taken_is_said)
              RUN(a_secret_in_a_body_is_none_in_an_address))
