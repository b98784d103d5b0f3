/* tests/json/typed_test.c - elements that may be of several types: cases/compile/zoo.xsd under each rule,
 * messages that are legal, and those that are not.
 *
 * A legal message is decoded, written as JSON, read back from that, and written as XML: both texts are
 * stated.
 */
#include "emit/image.h"
#include "load/load.h"
#include "lower/plan.h"
#include "model/model.h"
#include "soapbark/codec.h"
#include "testkit.h"

#include "../../cases/compile/zoo.h.golden" /* the structs, as the compiler prints them */

#include <stdio.h>
#include <stdlib.h>

enum { ARENA = 1 << 18, TEXT = 1 << 14, RULES = SOAPC_POLYMORPHIC_ALL + 1 };

static struct soapc_image compiled[RULES];
static struct bark_image images[RULES];
static _Alignas(BARK_ALIGN) uint8_t memory[ARENA];
static char json[TEXT], xml[TEXT];

static bool schema_compile(enum soapc_polymorphic rule)
{
    const struct soapc_lower_options lower = { .all_elements = true, .polymorphic = rule };
    const struct soapc_load_options load = { .paths = NULL };
    struct soapc_diag *diag = soapc_diag_new();
    struct soapc_documents *docs = diag ? soapc_load("cases/compile/zoo.xsd", &load, diag) : NULL;
    struct soapc_model *model = docs ? soapc_model_new(docs) : NULL;
    struct bark_error err;
    const bool done =
        model && diag->error_count == 0 && soapc_image_build(model, &lower, diag, &compiled[rule]);
    if (model)
        soapc_model_free(model);
    if (docs)
        soapc_documents_free(docs);
    soapc_diag_free(diag);
    return done && bark_image_open(&images[rule], compiled[rule].bytes, &err) == BARK_OK;
}

TEST(every_rule_compiles)
{
    int rule;
    for (rule = 0; rule < RULES; rule++)
        CHECK(schema_compile((enum soapc_polymorphic)rule));
}

static struct bark_slice slice_of(const char *text)
{
    const struct bark_slice s = { (const uint8_t *)text, strlen(text) };
    return s;
}

#define XSI "http://www.w3.org/2001/XMLSchema-instance"
#define XS "http://www.w3.org/2001/XMLSchema"
/* What senders write, and what our encoder writes. */
#define IN(content) \
    "<Zoo xmlns='urn:zoo' xmlns:z='urn:zoo' xmlns:i='" XSI "' xmlns:x='" XS "'>" content "</Zoo>"
#define OUT(content) "<z:Zoo xmlns:z=\"urn:zoo\">" content "</z:Zoo>"
#define OUT_XS(content) "<z:Zoo xmlns:z=\"urn:zoo\" xmlns:xs=\"" XS "\">" content "</z:Zoo>"
#define TYPE(name) " xmlns:xsi=\"" XSI "\" xsi:type=\"" name "\""

#define BIRD "<Name>Oskar</Name><Wingspan>0.5</Wingspan>"
#define BIRD_OUT "<z:Name>Oskar</z:Name><z:Wingspan>0.5</z:Wingspan>"
#define BIRD_JSON "\"@id\":1,\"Name\":\"Oskar\",\"Wingspan\":0.5"

enum {
    COMPLEX = SOAPC_POLYMORPHIC_COMPLEX,
    ABSTRACT = SOAPC_POLYMORPHIC_ABSTRACT,
    ALL = SOAPC_POLYMORPHIC_ALL
};

static const struct {
    int rule;
    const char *in, *json, *out;
} good[] = {
    { COMPLEX, IN("<Animal i:type='Bird' id='1'>" BIRD "</Animal>"),
      "{\"Animal\":[{\"#type\":\"{urn:zoo}Bird\"," BIRD_JSON "}]}",
      OUT("<z:Animal" TYPE("z:Bird") " id=\"1\">" BIRD_OUT "</z:Animal>") },
    /* Each item has its own type; a prefix is as good as another; white space around the name. */
    { ABSTRACT,
      IN("<Animal i:type=' z:Cat ' id='2'><Name>Tom</Name><Lives/></Animal><Animal i:type='z:Bird' "
         "id='1'>" BIRD "</Animal>"),
      "{\"Animal\":[{\"#type\":\"{urn:zoo}Cat\",\"@id\":2,\"Name\":\"Tom\",\"Lives\":9},"
      "{\"#type\":\"{urn:zoo}Bird\"," BIRD_JSON "}]}",
      OUT("<z:Animal" TYPE("z:Cat") " id=\"2\"><z:Name>Tom</z:Name><z:Lives>9</z:Lives></"
                                    "z:Animal><z:Animal" TYPE("z:Bird") " id=\"1\">" BIRD_OUT
                                                                        "</z:Animal>") },
    /* Types that hold themselves, two steps from the declared one, behind a pointer and in a choice of block.
     */
    { COMPLEX,
      IN("<Mascot i:type='Cat' id='2'><Name>Tom</Name><Lives>7</Lives><Kitten i:type='Bird' id='1'>" BIRD
         "</Kitten></Mascot>"),
      "{\"Mascot\":{\"#type\":\"{urn:zoo}Cat\",\"@id\":2,\"Name\":\"Tom\",\"Lives\":7,"
      "\"Kitten\":[{\"#type\":\"{urn:zoo}Bird\"," BIRD_JSON "}]}}",
      OUT("<z:Mascot" TYPE("z:Cat") " id=\"2\"><z:Name>Tom</z:Name><z:Lives>7</z:Lives><z:Kitten" TYPE(
          "z:Bird") " id=\"1\">" BIRD_OUT "</z:Kitten></z:Mascot>") },
    { COMPLEX, IN("<Mascot i:type='NamelessBird' id='1'><Name/><Wingspan>1</Wingspan></Mascot>"),
      "{\"Mascot\":{\"#type\":\"{urn:zoo}NamelessBird\",\"@id\":1,\"Name\":\"\",\"Wingspan\":1}}",
      OUT("<z:Mascot" TYPE("z:NamelessBird") " id=\"1\"><z:Name/><z:Wingspan>1</z:Wingspan></z:Mascot>") },
    { COMPLEX, IN("<Grown i:type='Bird' id='1'>" BIRD "</Grown>"),
      "{\"Grown\":{\"#type\":\"{urn:zoo}Bird\"," BIRD_JSON "}}",
      OUT("<z:Grown" TYPE("z:Bird") " id=\"1\">" BIRD_OUT "</z:Grown>") },
    /* nil of an abstract type is of a type all the same, and keeps attributes in XML. */
    { COMPLEX, IN("<Mascot i:type='Bird' id='1'>" BIRD "</Mascot>"),
      "{\"Mascot\":{\"#type\":\"{urn:zoo}Bird\"," BIRD_JSON "}}",
      OUT("<z:Mascot" TYPE("z:Bird") " id=\"1\">" BIRD_OUT "</z:Mascot>") },
    /* The declared type needs no name, and is written without. */
    { COMPLEX, IN("<Place><Row>3</Row></Place>"), "{\"Place\":{\"Row\":3}}",
      OUT("<z:Place><z:Row>3</z:Row></z:Place>") },
    { COMPLEX, IN("<Place i:type='Place'><Row>3</Row></Place>"), "{\"Place\":{\"Row\":3}}",
      OUT("<z:Place><z:Row>3</z:Row></z:Place>") },
    { ABSTRACT, IN("<Place i:type='Place'><Row>3</Row></Place>"), "{\"Place\":{\"Row\":3}}",
      OUT("<z:Place><z:Row>3</z:Row></z:Place>") },
    { COMPLEX, IN("<Place i:type='Aquarium'><Row>3</Row><Litres>80</Litres></Place>"),
      "{\"Place\":{\"#type\":\"{urn:zoo}Aquarium\",\"Row\":3,\"Litres\":80}}",
      OUT("<z:Place" TYPE("z:Aquarium") "><z:Row>3</z:Row><z:Litres>80</z:Litres></z:Place>") },
    /* Simple types: the named one judges the value. */
    { ALL, IN("<Visitors>400</Visitors>"), "{\"Visitors\":400}", OUT_XS("<z:Visitors>400</z:Visitors>") },
    { ALL, IN("<Visitors i:type='x:short'>400</Visitors>"),
      "{\"Visitors\":{\"#type\":\"{" XS "}short\",\"#text\":400}}",
      OUT_XS("<z:Visitors" TYPE("xs:short") ">400</z:Visitors>") },
    { ALL, IN("<Visitors i:type='Percent'>100</Visitors>"),
      "{\"Visitors\":{\"#type\":\"{urn:zoo}Percent\",\"#text\":100}}",
      OUT_XS("<z:Visitors" TYPE("z:Percent") ">100</z:Visitors>") },
    { ALL, IN("<Visitors i:type='Measured' unit='k'>4</Visitors>"),
      "{\"Visitors\":{\"#type\":\"{urn:zoo}Measured\",\"@unit\":\"k\",\"#text\":4}}",
      OUT_XS("<z:Visitors" TYPE("z:Measured") " unit=\"k\">4</z:Visitors>") },
    { ALL, IN("<Visitors i:nil='true'/>"), "{\"Visitors\":null}",
      OUT_XS("<z:Visitors xmlns:xsi=\"" XSI "\" xsi:nil=\"true\"/>") },
    /* A default is a value of the type that the message names. */
    { ALL, IN("<Fee/>"), "{\"Fee\":7}", OUT_XS("<z:Fee>7</z:Fee>") },
    { ALL, IN("<Fee i:type='x:byte'/>"), "{\"Fee\":{\"#type\":\"{" XS "}byte\",\"#text\":7}}",
      OUT_XS("<z:Fee" TYPE("xs:byte") ">7</z:Fee>") },
    { ALL, IN("<Fee i:type='Measured' unit='k'/>"),
      "{\"Fee\":{\"#type\":\"{urn:zoo}Measured\",\"@unit\":\"k\",\"#text\":7}}",
      OUT_XS("<z:Fee" TYPE("z:Measured") " unit=\"k\">7</z:Fee>") },
    /* anyType: every named type derives from it, lists too. */
    { ALL, IN("<Any i:type='x:NMTOKENS'>a b</Any>"),
      "{\"Any\":{\"#type\":\"{" XS "}NMTOKENS\",\"#text\":[\"a\",\"b\"]}}",
      OUT_XS("<z:Any" TYPE("xs:NMTOKENS") ">a b</z:Any>") },
    { ALL, IN("<Any i:type='Aquarium'><Row>3</Row><Litres>80</Litres></Any>"),
      "{\"Any\":{\"#type\":\"{urn:zoo}Aquarium\",\"Row\":3,\"Litres\":80}}",
      OUT_XS("<z:Any" TYPE("z:Aquarium") "><z:Row>3</z:Row><z:Litres>80</z:Litres></z:Any>") },
    { ALL, IN("<Any a='1'>some<z:b/></Any>"),
      "{\"Any\":{\"#attributes\":{\"a\":\"1\"},\"#content\":\"some<z:b xmlns:z='urn:zoo'/>\"}}",
      OUT_XS("<z:Any a=\"1\">some<z:b xmlns:z='urn:zoo'/></z:Any>") },
    /* Where anyType is a plain struct it keeps the type's name among its attributes. */
    { COMPLEX, IN("<Any i:type='x:int' a='1'>5</Any>"),
      "{\"Any\":{\"#attributes\":{\"{" XSI "}type\":\"{" XS "}int\",\"a\":\"1\"},\"#content\":\"5\"}}",
      OUT("<z:Any xmlns:xs=\"" XS "\" xmlns:xsi=\"" XSI "\" xsi:type=\"xs:int\" a=\"1\">5</z:Any>") },
    { COMPLEX, IN("<Any i:type='z:Any'/>"),
      "{\"Any\":{\"#attributes\":{\"{" XSI "}type\":\"{urn:zoo}Any\"},\"#content\":\"\"}}",
      OUT("<z:Any" TYPE("z:Any") "/>") },
    /* Substitution: members of members, each time another one; the abstract head itself never. */
    { COMPLEX, IN("<Warning>hot</Warning><Remark>r</Remark>"),
      "{\"#group\":[{\"Warning\":\"hot\"},{\"Remark\":\"r\"}]}",
      OUT("<z:Warning>hot</z:Warning><z:Remark>r</z:Remark>") },
    /* Roots: of an abstract type, and one that stands in for another. */
    { COMPLEX,
      "<z:Star xmlns:z='urn:zoo' xmlns:i='" XSI "' i:type='z:Bird' id='1'><z:Name>Oskar</z:Name>"
      "<z:Wingspan>0.5</z:Wingspan></z:Star>",
      "{\"#type\":\"{urn:zoo}Bird\"," BIRD_JSON "}",
      "<z:Star xmlns:z=\"urn:zoo\"" TYPE("z:Bird") " id=\"1\">" BIRD_OUT "</z:Star>" },
    { COMPLEX, "<Warning xmlns='urn:zoo'>hot</Warning>", "\"hot\"",
      "<z:Warning xmlns:z=\"urn:zoo\">hot</z:Warning>" },
};

static void text_check(const char *label, const struct bark_out *out, char *text, const char *want)
{
    text[out->pos < TEXT ? out->pos : TEXT - 1] = '\0';
    if (strcmp(text, want) != 0)
        testkit_fail(__FILE__, __LINE__, "%s\n#   gives %s\n#   not   %s", label, text, want);
}

TEST(legal_messages_go_from_xml_to_json_and_back)
{
    size_t i;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        const struct bark_image *image = &images[good[i].rule];
        struct bark_arena arena;
        struct bark_error err;
        struct bark_out out;
        uint16_t root;
        void *msg;
        bark_arena_init(&arena, memory, sizeof memory);
        if (bark_decode(image, BARK_NONE, slice_of(good[i].in), &bark_limits_server, &arena, &msg, &root,
                        &err) != BARK_OK) {
            testkit_fail(__FILE__, __LINE__, "%s: %s %s", good[i].in, err.path, err.rule);
            continue;
        }
        bark_out_init(&out, (uint8_t *)json, sizeof json);
        CHECK_IN(good[i].in, bark_encode_json(image, root, msg, BARK_JSON_COMPACT, &bark_limits_server,
                                              &arena, &out, &err) == BARK_OK);
        text_check(good[i].in, &out, json, good[i].json);
        CHECK_IN(json, bark_decode_json(image, root, slice_of(json), &bark_limits_server, &arena, &msg,
                                        &err) == BARK_OK);
        bark_out_init(&out, (uint8_t *)xml, sizeof xml);
        CHECK_IN(json, bark_encode(image, root, msg, &bark_limits_server, &arena, &out, &err) == BARK_OK);
        text_check(json, &out, xml, good[i].out);
        CHECK_IN(xml, bark_decode(image, BARK_NONE, slice_of(xml), &bark_limits_server, &arena, &msg, &root,
                                  &err) == BARK_OK);
    }
}

static const struct {
    int rule;
    const char *in;
    enum bark_code code;
    const char *path, *rule_start, *found;
} bad[] = {
    /* The declared type is abstract: it must be another. */
    { COMPLEX, IN("<Mascot id='1'><Name>n</Name></Mascot>"), BARK_ERR_UNEXPECTED, "/Zoo/Mascot",
      "[XSD1 3.4.4]", "" },
    { COMPLEX, IN("<Mascot i:type='Animal' id='1'><Name>n</Name></Mascot>"), BARK_ERR_UNEXPECTED,
      "/Zoo/Mascot/@type", "[XSD1 3.3.4]", "Animal" },
    { COMPLEX, IN("<Animal i:nil='true' id='1'/>"), BARK_ERR_UNEXPECTED, "/Zoo/Animal[1]", "[XSD1 3.4.4]",
      "" },
    /* No type of that name; of another namespace; one that is not derived; its base; one that is blocked. */
    { COMPLEX, IN("<Mascot i:type='Dog' id='1'/>"), BARK_ERR_UNEXPECTED, "/Zoo/Mascot/@type", "[XSD1 3.3.4]",
      "Dog" },
    { COMPLEX, IN("<Mascot i:type='x:Bird' id='1'>" BIRD "</Mascot>"), BARK_ERR_UNEXPECTED,
      "/Zoo/Mascot/@type", "[XSD1 3.3.4]", "x:Bird" },
    { COMPLEX, IN("<Mascot i:type='Aquarium'><Row>1</Row><Litres>1</Litres></Mascot>"), BARK_ERR_UNEXPECTED,
      "/Zoo/Mascot/@type", "[XSD1 3.3.4]", "Aquarium" },
    { COMPLEX, IN("<Grown i:type='NamelessBird' id='1'><Name/><Wingspan>1</Wingspan></Grown>"),
      BARK_ERR_UNEXPECTED, "/Zoo/Grown/@type", "[XSD1 3.3.4]", "NamelessBird" },
    { ABSTRACT, IN("<Place i:type='Aquarium'><Row>3</Row><Litres>80</Litres></Place>"), BARK_ERR_UNEXPECTED,
      "/Zoo/Place/@type", "[XSD1 3.3.4]", "Aquarium" },
    { SOAPC_POLYMORPHIC_NONE, IN("<Mascot i:type='Bird' id='1'>" BIRD "</Mascot>"), BARK_ERR_UNEXPECTED,
      "/Zoo/Mascot/@type", "[XSD1 3.3.4]", "Bird" },
    { COMPLEX, IN("<Place i:type='x:anyType'><Row>3</Row></Place>"), BARK_ERR_UNEXPECTED, "/Zoo/Place/@type",
      "[XSD1 3.3.4]", "x:anyType" },
    /* No name at all. */
    { COMPLEX, IN("<Mascot i:type='q:Bird' id='1'/>"), BARK_ERR_NAMESPACE, "/Zoo/Mascot/@type",
      "[XSD1 2.6.1]", "q:Bird" },
    { COMPLEX, IN("<Mascot i:type='' id='1'/>"), BARK_ERR_NAMESPACE, "/Zoo/Mascot/@type", "[XSD1 2.6.1]",
      "" },
    { COMPLEX, IN("<Mascot i:type='z:z:Bird' id='1'/>"), BARK_ERR_NAMESPACE, "/Zoo/Mascot/@type",
      "[XSD1 2.6.1]", "z:z:Bird" },
    /* The content is that of the type named. */
    { COMPLEX, IN("<Mascot i:type='Cat' id='1'>" BIRD "</Mascot>"), BARK_ERR_UNEXPECTED,
      "/Zoo/Mascot/Wingspan", "[XSD1 3.8.4]", "Wingspan" },
    { COMPLEX, IN("<Mascot i:type='Bird'>" BIRD "</Mascot>"), BARK_ERR_MISSING, "/Zoo/Mascot", "[XSD1 3.4.4]",
      "" },
    { COMPLEX, IN("<Mascot i:type='NamelessBird' id='1'>" BIRD "</Mascot>"), BARK_ERR_FACET,
      "/Zoo/Mascot/Name", "[XSD2 4.3.1]", "Oskar" },
    { ALL, IN("<Visitors i:type='Percent'>400</Visitors>"), BARK_ERR_FACET, "/Zoo/Visitors", "[XSD2 4.3.7]",
      "400" },
    { ALL, IN("<Visitors i:type='x:byte'>400</Visitors>"), BARK_ERR_TYPE, "/Zoo/Visitors", "[XSD2", "400" },
    { ALL, IN("<Visitors i:type='x:long'>4</Visitors>"), BARK_ERR_UNEXPECTED, "/Zoo/Visitors/@type",
      "[XSD1 3.3.4]", "x:long" },
    { ALL, IN("<Visitors i:type='x:short' unit='k'>4</Visitors>"), BARK_ERR_UNEXPECTED, "/Zoo/Visitors/@unit",
      "[XSD1 3.4.4]", "unit" },
    { ALL, IN("<Closed i:type='x:int'>1</Closed>"), BARK_ERR_UNEXPECTED, "/Zoo/Closed/@type", "[XSD1 3.3.4]",
      "x:int" },
    { ALL, IN("<Any i:type='Unknown'/>"), BARK_ERR_UNEXPECTED, "/Zoo/Any/@type", "[XSD1 3.3.4]", "Unknown" },
    { ALL, IN("<Any i:type='Animal' id='1'><Name/></Any>"), BARK_ERR_UNEXPECTED, "/Zoo/Any/@type",
      "[XSD1 3.3.4]", "Animal" },
    /* Substitution: an abstract head; a member's own type judges. */
    { COMPLEX, IN("<Note>n</Note>"), BARK_ERR_UNEXPECTED, "/Zoo/Note", "[XSD1 3.8.4]", "Note" },
    { COMPLEX, "<Note xmlns='urn:zoo'>n</Note>", BARK_ERR_UNEXPECTED, "/Note", "[XSD1 3.3.4]", "Note" },
    { COMPLEX, IN("<Warning>longer than twenty letters</Warning>"), BARK_ERR_FACET, "/Zoo/Warning",
      "[XSD2 4.3.3]", "longer than twenty letters" },
};

TEST(other_types_are_refused_by_name)
{
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct bark_arena arena;
        struct bark_error err;
        void *msg;
        enum bark_code code;
        bark_arena_init(&arena, memory, sizeof memory);
        code = bark_decode(&images[bad[i].rule], BARK_NONE, slice_of(bad[i].in), &bark_limits_server, &arena,
                           &msg, NULL, &err);
        if (code != bad[i].code || msg || strcmp(err.path, bad[i].path) != 0 || !err.rule ||
            strncmp(err.rule, bad[i].rule_start, strlen(bad[i].rule_start)) != 0 ||
            strcmp(err.found, bad[i].found) != 0)
            testkit_fail(__FILE__, __LINE__, "%s\n#   code %d at %s: %s; found %s", bad[i].in, (int)code,
                         err.path, err.rule ? err.rule : "", err.found);
    }
}

static const struct {
    int rule;
    const char *in;
    enum bark_code code;
    const char *path, *rule_part;
} bad_json[] = {
    { COMPLEX, "{\"Mascot\":{\"@id\":1,\"Name\":\"n\"}}", BARK_ERR_UNEXPECTED, "/Zoo/Mascot", "abstract" },
    { COMPLEX, "{\"Mascot\":{}}", BARK_ERR_UNEXPECTED, "/Zoo/Mascot", "abstract" },
    { COMPLEX, "{\"Mascot\":1}", BARK_ERR_UNEXPECTED, "/Zoo/Mascot", "abstract" },
    { COMPLEX, "{\"Mascot\":{\"@id\":1,\"#type\":\"{urn:zoo}Bird\"}}", BARK_ERR_UNEXPECTED, "/Zoo/Mascot",
      "abstract" },
    { COMPLEX, "{\"Mascot\":{\"#type\":\"{urn:zoo}Dog\"}}", BARK_ERR_UNEXPECTED, "/Zoo/Mascot",
      "[XSD1 3.3.4]" },
    { COMPLEX, "{\"Mascot\":{\"#type\":\"Bird\"}}", BARK_ERR_UNEXPECTED, "/Zoo/Mascot", "[XSD1 3.3.4]" },
    { COMPLEX, "{\"Mascot\":{\"#type\":7}}", BARK_ERR_TYPE, "/Zoo/Mascot", "string" },
    { COMPLEX, "{\"Mascot\":{\"#type\":\"{urn:zoo}Bird\",\"#type\":\"{urn:zoo}Bird\"}}", BARK_ERR_UNEXPECTED,
      "/Zoo/Mascot", "no member" },
    { COMPLEX, "{\"Mascot\":{\"#type\":\"{urn:zoo}Bird\"", BARK_ERR_JSON, "/Zoo/Mascot", "" },
    { COMPLEX, "{\"Place\":{\"Row\":1,\"#type\":\"{urn:zoo}Aquarium\"}}", BARK_ERR_UNEXPECTED, "/Zoo/Place",
      "no member" },
    { ALL, "{\"Fee\":{\"#type\":\"{" XS "}byte\"}}", BARK_ERR_MISSING, "/Zoo/Fee", "#text" },
    { ALL, "{\"Fee\":{\"#type\":\"{" XS "}byte\",\"x\":1}}", BARK_ERR_UNEXPECTED, "/Zoo/Fee", "#text" },
    { ALL, "{\"Fee\":{\"#type\":\"{" XS "}byte\",\"#text\":1,\"#text\":1}}", BARK_ERR_UNEXPECTED, "/Zoo/Fee",
      "#text" },
    { ALL, "{\"Fee\":{\"#type\":\"{" XS "}byte\",\"#text\":300}}", BARK_ERR_TYPE, "/Zoo/Fee", "[XSD2" },
    { ALL, "{\"Fee\":{\"#text\":1}}", BARK_ERR_TYPE, "/Zoo/Fee", "" },
    { ALL, "{\"Any\":{\"#type\":\"{" XS "}NMTOKENS\",\"#text\":[\"a b\"]}}", BARK_ERR_TYPE, "/Zoo/Any[1]",
      "" },
};

TEST(json_says_the_type_first_and_right)
{
    size_t i;
    for (i = 0; i < sizeof bad_json / sizeof *bad_json; i++) {
        const struct bark_image *image = &images[bad_json[i].rule];
        const uint16_t root = bark_image_find_root(image, slice_of("urn:zoo"), slice_of("Zoo"));
        struct bark_arena arena;
        struct bark_error err;
        void *msg;
        enum bark_code code;
        bark_arena_init(&arena, memory, sizeof memory);
        code =
            bark_decode_json(image, root, slice_of(bad_json[i].in), &bark_limits_server, &arena, &msg, &err);
        if (code != bad_json[i].code || msg || strcmp(err.path, bad_json[i].path) != 0 || !err.rule ||
            !strstr(err.rule, bad_json[i].rule_part))
            testkit_fail(__FILE__, __LINE__, "%s\n#   code %d at %s: %s; found %s", bad_json[i].in, (int)code,
                         err.path, err.rule ? err.rule : "", err.found);
    }
}

/* Writes a Zoo; true when that gives the error, or for BARK_OK the text. */
static void zoo_write(const struct z_Zoo *zoo, enum bark_code want, const char *text)
{
    struct bark_arena arena;
    struct bark_error err;
    struct bark_out out;
    enum bark_code code;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, (uint8_t *)xml, sizeof xml);
    code = bark_encode(&images[COMPLEX], z_Zoo_root, zoo, &bark_limits_server, &arena, &out, &err);
    CHECK_IN(text, code == want);
    if (want != BARK_OK) {
        CHECK_TEXT(err.path, text);
    } else {
        text_check("struct z_Zoo", &out, xml, text);
    }
}

static bool zoo_json(const struct z_Zoo *zoo)
{
    struct bark_arena arena;
    struct bark_error err;
    struct bark_out out;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, (uint8_t *)json, sizeof json);
    return bark_encode_json(&images[COMPLEX], z_Zoo_root, zoo, BARK_JSON_COMPACT, &bark_limits_server, &arena,
                            &out, &err) == BARK_OK;
}

/* What a handler may do with the union: fill it, leave it, and get it wrong. */
TEST(unions_in_c)
{
    struct z_Aquarium aquarium = { .Row = 3, .Litres = { "80", 2 } };
    struct z_Bird bird = { .Name = { "Oskar", 5 }, .Wingspan = 0.5, .id = 1 };
    struct z_Animal_typed animals[2] = { { .which = z_Animal_typed_is_Bird, .Bird = &bird } };
    uint8_t nil[2] = { 0, 1 };
    struct z_Zoo zoo = { .has_Visitors = BARK_ABSENT };
    zoo_write(&zoo, BARK_OK, "<z:Zoo xmlns:z=\"urn:zoo\"/>");
    zoo.Place = (struct z_Place_typed){ .which = z_Place_typed_is_Aquarium, .Aquarium = &aquarium };
    zoo_write(&zoo, BARK_OK,
              OUT("<z:Place" TYPE("z:Aquarium") "><z:Row>3</z:Row><z:Litres>80</z:Litres></z:Place>"));
    zoo.Place = (struct z_Place_typed){ .which = z_Place_typed_is_Aquarium };
    zoo_write(&zoo, BARK_ERR_MISSING, "/Zoo/Place");
    CHECK(!zoo_json(&zoo));
    zoo.Place.which = 3;
    CHECK(!zoo_json(&zoo));
    zoo_write(&zoo, BARK_ERR_USE, "/Zoo/Place");
    zoo.Place.which = 0;
    zoo.Animal.items = animals;
    zoo.Animal.count = 2;
    zoo_write(&zoo, BARK_ERR_MISSING, "/Zoo/Animal[2]");
    zoo.Animal.nil = nil; /* nil, of no type: the declared one is abstract */
    zoo_write(&zoo, BARK_ERR_MISSING, "/Zoo/Animal[2]");
    animals[1] = animals[0];
    zoo_write(&zoo, BARK_OK,
              OUT("<z:Animal" TYPE("z:Bird") " id=\"1\">" BIRD_OUT "</z:Animal><z:Animal" TYPE(
                  "z:Bird") " xsi:nil=\"true\" id=\"1\"/>"));
}

TEST(every_allocation_may_fail)
{
    size_t i;
    for (i = 0; i < sizeof good / sizeof *good; i++) {
        const struct bark_image *image = &images[good[i].rule];
        struct bark_arena arena;
        struct bark_error err;
        void *msg;
        uint16_t root;
        uint64_t n, total;
        bark_arena_init(&arena, memory, sizeof memory);
        CHECK_IN(good[i].in, bark_decode(image, BARK_NONE, slice_of(good[i].in), &bark_limits_device, &arena,
                                         &msg, &root, &err) == BARK_OK);
        total = arena.allocs;
        for (n = 1; n <= total; n++) {
            bark_arena_reset(&arena);
            arena.fail_at = n;
            CHECK_IN(good[i].in, bark_decode(image, BARK_NONE, slice_of(good[i].in), &bark_limits_device,
                                             &arena, &msg, NULL, &err) == BARK_ERR_MEMORY);
        }
        arena.fail_at = 0;
        bark_arena_reset(&arena);
        CHECK(bark_decode_json(image, root, slice_of(good[i].json), &bark_limits_device, &arena, &msg,
                               &err) == BARK_OK);
        total = arena.allocs;
        for (n = 1; n <= total; n++) {
            bark_arena_reset(&arena);
            arena.fail_at = n;
            CHECK_IN(good[i].json, bark_decode_json(image, root, slice_of(good[i].json), &bark_limits_device,
                                                    &arena, &msg, &err) == BARK_ERR_MEMORY);
        }
    }
}

TEST(images_end)
{
    int rule;
    for (rule = 0; rule < RULES; rule++)
        soapc_image_free(&compiled[rule]);
}

TEST_MAIN(RUN(every_rule_compiles) RUN(legal_messages_go_from_xml_to_json_and_back)
              RUN(other_types_are_refused_by_name) RUN(json_says_the_type_first_and_right) RUN(unions_in_c)
                  RUN(every_allocation_may_fail) RUN(images_end))
