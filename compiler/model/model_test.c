/* model/model_test.c - small schemas and what the model says of them. */
#include "model/model_testing.h"
#include "testkit.h"

static struct test_world world;

/* A schema of namespace urn:t around a body. */
static void schema_load(const char *attributes, const char *body)
{
    static char text[65536];
    snprintf(text, sizeof text, "<xs:schema " TEST_XS " %s>%s</xs:schema>", attributes, body);
    const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
    test_load(&world, files);
    CHECK_TEXT(world.messages, "");
    CHECK(world.model != NULL);
}

static const struct soapc_type *type_get(const char *name)
{
    static const struct soapc_type none = { .context = "missing" };
    const struct soapc_type *t = world.model ? soapc_model_type(world.model, "urn:t", name) : NULL;
    CHECK_IN(name, t != NULL);
    return t ? t : &none;
}

static const struct soapc_facet *facet_get(const struct soapc_type *t, enum bark_facet_kind kind)
{
    static const struct soapc_facet none = { .text = "missing" };
    for (size_t i = 0; i < t->facets.count; i++)
        if (t->facets.items[i].kind == kind)
            return &t->facets.items[i];
    return &none;
}

/* A content model as text: "(a,b?,(c|d)*,any+)"; 2..5 stands as "{2,5}". Written from a stack of its own. */
static const char *content_text(const struct soapc_particle *p, char *text, size_t size)
{
    struct {
        const struct soapc_particle *p;
        size_t next;
    } stack[16];
    size_t depth = 0, at = 0;
    text[0] = '\0';
    if (!p)
        return text;
    stack[depth++].p = p;
    stack[0].next = 0;
    while (depth > 0) {
        const struct soapc_particle *top = stack[depth - 1].p;
        size_t n = stack[depth - 1].next++;
        const char *between = top->kind == SOAPC_PARTICLE_CHOICE ? "|"
                              : top->kind == SOAPC_PARTICLE_ALL  ? "&"
                                                                 : ",";
        bool leaf = top->kind == SOAPC_PARTICLE_ELEMENT || top->kind == SOAPC_PARTICLE_ANY;
        if (leaf)
            at +=
                (size_t)snprintf(text + at, size - at, "%s", top->element ? top->element->name.local : "any");
        else if (n < top->count)
            at += (size_t)snprintf(text + at, size - at, "%s", n == 0 ? "(" : between);
        else
            at += (size_t)snprintf(text + at, size - at, "%s", top->count ? ")" : "()");
        if (!leaf && n < top->count && depth < 16) {
            stack[depth].p = top->items[n];
            stack[depth++].next = 0;
            continue;
        }
        if (top->min == 0 && top->max == 1)
            at += (size_t)snprintf(text + at, size - at, "?");
        else if (top->max == SOAPC_UNBOUNDED && top->min < 2)
            at += (size_t)snprintf(text + at, size - at, top->min ? "+" : "*");
        else if (top->min != 1 || top->max != 1)
            at += (size_t)snprintf(text + at, size - at, "{%u,%u}", top->min, top->max);
        depth--;
    }
    return text;
}

static const struct {
    const char *label, *body, *content; /* of type t:T */
} content_cases[] = {
    { "sequence", "<xs:element name='a'/><xs:element name='b' minOccurs='0'/>", "(a,b?)" },
    { "occurs",
      "<xs:element name='a' minOccurs='2' maxOccurs='5'/><xs:element name='b' maxOccurs='unbounded'/>",
      "(a{2,5},b+)" },
    { "never", "<xs:element name='a'/><xs:element name='b' minOccurs='0' maxOccurs='0'/>", "(a)" },
    { "counter", "<xs:element name='a' minOccurs='0' maxOccurs='4000000'/>", "(a{0,4000000})" },
    { "nested",
      "<xs:choice maxOccurs='unbounded'><xs:element name='a'/><xs:sequence minOccurs='0'><xs:element "
      "name='b'/>"
      "<xs:any/></xs:sequence></xs:choice>",
      "((a|(b,any)?)+)" },
    { "ref", "<xs:element ref='t:root' maxOccurs='2'/>", "(root{1,2})" },
    { "group",
      "<xs:group ref='t:g' minOccurs='0' maxOccurs='unbounded'/><xs:element name='m'/>"
      "<xs:group ref='t:g'/>",
      "((x|y)*,m,(x|y))" },
    { "group in group", "<xs:group ref='t:outer'/>", "((o,(x|y)?))" },
};

TEST(content_models)
{
    for (size_t i = 0; i < sizeof content_cases / sizeof *content_cases; i++) {
        char body[4096], text[256];
        snprintf(
            body, sizeof body,
            "<xs:complexType name='T'><xs:sequence>%s</xs:sequence></xs:complexType><xs:element name='root'/>"
            "<xs:group name='outer'><xs:sequence><xs:element name='o'/><xs:group ref='t:g' minOccurs='0'/>"
            "</xs:sequence></xs:group>"
            "<xs:group name='g'><xs:choice><xs:element name='x'/><xs:element "
            "name='y'/></xs:choice></xs:group>",
            content_cases[i].body);
        schema_load("", body);
        CHECK_TEXT(content_text(type_get("T")->particle, text, sizeof text), content_cases[i].content);
        test_free(&world);
    }
}

TEST(extension_puts_the_base_first)
{
    char text[256];
    schema_load("",
                "<xs:complexType name='D'><xs:complexContent><xs:extension base='t:B'><xs:choice><xs:element "
                "name='c'/>"
                "</xs:choice><xs:attribute name='z'/></xs:extension></xs:complexContent></xs:complexType>"
                "<xs:complexType name='B' abstract='true'><xs:sequence><xs:element name='a'/></xs:sequence>"
                "<xs:attribute name='y' use='required'/></xs:complexType>"
                "<xs:complexType name='E'><xs:complexContent><xs:extension base='t:D'/></xs:complexContent>"
                "</xs:complexType>");
    const struct soapc_type *d = type_get("D"), *e = type_get("E");
    CHECK_TEXT(content_text(d->particle, text, sizeof text), "((a),(c))");
    CHECK_TEXT(content_text(e->particle, text, sizeof text), "((a),(c))");
    CHECK(d->base == type_get("B"));
    CHECK(d->base->abstract);
    CHECK(d->derivation == SOAPC_BY_EXTENSION);
    CHECK(e->attributes.count == 2);
    if (e->attributes.count == 2) {
        CHECK_TEXT(e->attributes.items[0]->attribute->name.local, "y");
        CHECK(e->attributes.items[0]->required);
        CHECK_TEXT(e->attributes.items[1]->attribute->name.local, "z");
    }
    test_free(&world);
}

TEST(restriction_takes_attributes_over_and_away)
{
    schema_load(
        "",
        "<xs:complexType name='B'><xs:attribute name='a'/><xs:attribute name='b'/><xs:attribute name='c'/>"
        "</xs:complexType>"
        "<xs:complexType name='R'><xs:complexContent><xs:restriction base='t:B'>"
        "<xs:attribute name='b' use='prohibited'/><xs:attribute name='c' use='required' fixed='1'/>"
        "</xs:restriction></xs:complexContent></xs:complexType>");
    const struct soapc_type *r = type_get("R");
    CHECK(r->attributes.count == 2);
    CHECK(r->own_attributes.count == 2);
    if (r->attributes.count == 2) {
        CHECK_TEXT(r->attributes.items[0]->attribute->name.local, "a");
        CHECK_TEXT(r->attributes.items[1]->attribute->name.local, "c");
        CHECK_TEXT(r->attributes.items[1]->fixed_text, "1");
    }
    test_free(&world);
}

TEST(simple_content)
{
    schema_load(
        "",
        "<xs:complexType name='E'><xs:simpleContent><xs:extension base='xs:int'><xs:attribute name='u'/>"
        "</xs:extension></xs:simpleContent></xs:complexType>"
        "<xs:complexType name='R'><xs:simpleContent><xs:restriction base='t:E'><xs:maxInclusive value='9'/>"
        "</xs:restriction></xs:simpleContent></xs:complexType>"
        "<xs:complexType name='A'><xs:complexContent><xs:extension base='t:R'><xs:attribute name='v'/>"
        "</xs:extension></xs:complexContent></xs:complexType>");
    const struct soapc_type *e = type_get("E"), *r = type_get("R"), *a = type_get("A");
    CHECK(e->content == SOAPC_CONTENT_SIMPLE && e->value && e->value->builtin == SOAPC_BUILTIN_INT);
    CHECK(r->value && r->value->base == e->value);
    if (r->value)
        CHECK_TEXT(facet_get(r->value, BARK_FACET_MAX_INCLUSIVE)->text, "9");
    CHECK(r->attributes.count == 1);
    CHECK(a->content == SOAPC_CONTENT_SIMPLE && a->value == r->value && a->attributes.count == 2);
    test_free(&world);
}

TEST(form_defaults_and_references)
{
    char text[256];
    static const struct {
        const char *attributes, *local_ns, *attribute_ns;
    } cases[] = { { "", "", "" },
                  { "elementFormDefault='qualified'", "urn:t", "" },
                  { "attributeFormDefault='qualified'", "", "urn:t" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        schema_load(cases[i].attributes,
                    "<xs:element name='g'/><xs:attribute name='ga'/><xs:complexType name='T'><xs:sequence>"
                    "<xs:element name='l'/><xs:element ref='t:g'/><xs:element name='q' form='qualified'/>"
                    "<xs:element name='u' form='unqualified'/></xs:sequence><xs:attribute name='la'/>"
                    "<xs:attribute ref='t:ga'/></xs:complexType>");
        const struct soapc_type *t = type_get("T");
        CHECK_TEXT(content_text(t->particle, text, sizeof text), "(l,g,q,u)");
        if (t->particle && t->particle->count == 4 && t->attributes.count == 2) {
            CHECK_TEXT(t->particle->items[0]->element->name.ns, cases[i].local_ns);
            CHECK_TEXT(t->particle->items[1]->element->name.ns,
                       "urn:t"); /* a reference is always qualified */
            CHECK_TEXT(t->particle->items[2]->element->name.ns, "urn:t");
            CHECK_TEXT(t->particle->items[3]->element->name.ns, "");
            CHECK_TEXT(t->attributes.items[0]->attribute->name.ns, cases[i].attribute_ns);
            CHECK_TEXT(t->attributes.items[1]->attribute->name.ns, "urn:t");
        }
        test_free(&world);
    }
}

TEST(facets_of_the_whole_derivation)
{
    schema_load("",
                "<xs:simpleType name='A'><xs:restriction base='xs:int'><xs:minInclusive value='0'/>"
                "<xs:maxInclusive value='100'/><xs:pattern value='\\d+'/></xs:restriction></xs:simpleType>"
                "<xs:simpleType name='B'><xs:restriction base='t:A'><xs:maxExclusive value='50'/>"
                "<xs:pattern value='[1-3].*'/><xs:pattern value='4.*'/></xs:restriction></xs:simpleType>");
    const struct soapc_type *b = type_get("B");
    size_t patterns = 0;
    CHECK_TEXT(facet_get(b, BARK_FACET_MIN_INCLUSIVE)->text, "0");
    CHECK_TEXT(facet_get(b, BARK_FACET_MAX_EXCLUSIVE)->text, "50");
    CHECK_TEXT(facet_get(b, BARK_FACET_MAX_INCLUSIVE)->text, "missing");
    for (size_t i = 0; i < b->facets.count; i++)
        if (b->facets.items[i].kind == BARK_FACET_PATTERN)
            CHECK_TEXT(b->facets.items[i].text, patterns++ == 0 ? "\\d+" : "[1-3].*|4.*");
    CHECK(patterns == 2);
    CHECK(b->builtin == SOAPC_BUILTIN_INT);
    test_free(&world);
}

TEST(lists_and_unions)
{
    schema_load(
        "", "<xs:simpleType name='L'><xs:list itemType='xs:float'/></xs:simpleType>"
            "<xs:simpleType name='M'><xs:restriction base='t:L'><xs:maxLength value='3'/></xs:restriction>"
            "</xs:simpleType><xs:simpleType name='U'><xs:union memberTypes='t:L xs:date'><xs:simpleType>"
            "<xs:restriction base='xs:token'><xs:enumeration value='none'/></xs:restriction></xs:simpleType>"
            "</xs:union></xs:simpleType>");
    const struct soapc_type *m = type_get("M"), *u = type_get("U");
    CHECK(m->variety == SOAPC_LIST && m->item && m->item->builtin == SOAPC_BUILTIN_FLOAT);
    CHECK(facet_get(m, BARK_FACET_MAX_LENGTH)->number == 3);
    CHECK(facet_get(m, BARK_FACET_WHITESPACE)->number == 2);
    CHECK(u->variety == SOAPC_UNION && u->member_count == 3);
    if (u->member_count == 3) {
        CHECK(u->members[0] == type_get("L"));
        CHECK(u->members[1]->builtin == SOAPC_BUILTIN_DATE);
        CHECK_TEXT(u->members[2]->context, "U/member3");
    }
    test_free(&world);
}

TEST(anonymous_types_say_where_they_are)
{
    schema_load("",
                "<xs:element name='Get'><xs:complexType><xs:sequence><xs:element name='Item'><xs:complexType>"
                "<xs:attribute name='unit'><xs:simpleType><xs:restriction base='xs:string'/></xs:simpleType>"
                "</xs:attribute></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>");
    const struct soapc_element *e = world.model ? soapc_model_element(world.model, "urn:t", "Get") : NULL;
    CHECK(e != NULL);
    if (e && e->type->particle) {
        const struct soapc_type *item = e->type->particle->items[0]->element->type;
        CHECK_TEXT(e->type->context, "Get");
        CHECK_TEXT(item->context, "Get/Item");
        CHECK(item->attributes.count == 1);
        if (item->attributes.count == 1)
            CHECK_TEXT(item->attributes.items[0]->attribute->type->context, "Get/Item@unit");
    }
    test_free(&world);
}

TEST(wildcards)
{
    schema_load("",
                "<xs:complexType name='A'><xs:sequence><xs:any namespace='##other' processContents='lax'/>"
                "<xs:any namespace='##local urn:x ##targetNamespace' processContents='skip'/></xs:sequence>"
                "<xs:anyAttribute namespace='urn:x urn:y'/></xs:complexType>"
                "<xs:complexType name='B'><xs:complexContent><xs:extension base='t:A'>"
                "<xs:anyAttribute namespace='urn:z'/></xs:extension></xs:complexContent></xs:complexType>"
                "<xs:attributeGroup name='g'><xs:anyAttribute namespace='##other'/></xs:attributeGroup>"
                "<xs:complexType name='C'><xs:attributeGroup ref='t:g'/>"
                "<xs:anyAttribute namespace='urn:x urn:t ##local'/></xs:complexType>");
    const struct soapc_type *a = type_get("A"), *b = type_get("B"), *c = type_get("C");
    if (a->particle && a->particle->count == 2) {
        const struct soapc_wildcard *other = a->particle->items[0]->wildcard,
                                    *list = a->particle->items[1]->wildcard;
        CHECK(other->mode == BARK_WILDCARD_NOT && other->process == 1);
        CHECK_TEXT(other->namespaces[0], "urn:t");
        CHECK(list->mode == BARK_WILDCARD_LIST && list->process == 2 && list->namespace_count == 3);
        CHECK_TEXT(list->namespaces[0], "");
    }
    CHECK(b->any_attribute && b->any_attribute->namespace_count == 3); /* union with the base's */
    CHECK(c->any_attribute && c->any_attribute->namespace_count == 1); /* intersection with the group's */
    if (c->any_attribute && c->any_attribute->namespace_count == 1)
        CHECK_TEXT(c->any_attribute->namespaces[0], "urn:x");
    test_free(&world);
}

TEST(substitution_groups_and_element_properties)
{
    schema_load("", "<xs:element name='head' type='xs:int' abstract='true'/>"
                    "<xs:element name='one' substitutionGroup='t:head'/>"
                    "<xs:element name='two' substitutionGroup='t:one' nillable='true' default='7'/>");
    struct soapc_element *head = soapc_model_element(world.model, "urn:t", "head");
    struct soapc_element *two = soapc_model_element(world.model, "urn:t", "two");
    CHECK(head && head->abstract && head->substitute_count == 1);
    CHECK(two && two->nillable && two->head && two->type == head->type);
    CHECK(two && two->default_text && strcmp(two->default_text, "7") == 0);
    test_free(&world);
}

static void content_types_load(const char *attributes)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' "
                   "xmlns:m='http://www.w3.org/2005/05/xmlmime'><xs:element name='a' type='%s'/></xs:schema>",
                   attributes);
    const struct test_file files[] = { { "main.xsd", text }, { NULL, NULL } };
    test_load(&world, files);
}

/* [XMIME 3] */
TEST(content_types_are_kept_and_checked)
{
    static const char xmime[] = "xmlns:m='http://www.w3.org/2005/05/xmlmime'";
    schema_load(
        xmime,
        "<xs:element name='a' type='xs:base64Binary' m:expectedContentTypes='image/png, image/*;q=0.5'/>"
        "<xs:simpleType name='T' m:expectedContentTypes='text/plain'><xs:restriction base='xs:hexBinary'/>"
        "</xs:simpleType><xs:element name='b' type='t:T'/>"
        "<xs:element name='c' type='t:T' m:expectedContentTypes='*/*'/>"
        "<xs:complexType name='C'><xs:simpleContent><xs:extension base='xs:base64Binary'/></xs:simpleContent>"
        "</xs:complexType><xs:element name='d' type='t:C' m:expectedContentTypes='a/b'/>"
        "<xs:element name='e' type='xs:base64Binary'/>");
    static const char *const want[][2] = { { "a", "image/png, image/*;q=0.5" },
                                           { "b", "text/plain" },
                                           { "c", "*/*" },
                                           { "d", "a/b" },
                                           { "e", NULL } };
    CHECK_TEXT(world.messages, "");
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const struct soapc_element *e = soapc_model_element(world.model, "urn:t", want[i][0]);
        CHECK_IN(want[i][0], e && (want[i][1] ? e->content_types && strcmp(e->content_types, want[i][1]) == 0
                                              : e->content_types == NULL));
    }
    test_free(&world);
    content_types_load("xs:base64Binary' m:expectedContentTypes='png");
    CHECK(strstr(world.messages, "error[E0203]: 'png' is no list of media types"));
    test_free(&world);
    content_types_load("xs:string' m:expectedContentTypes='image/png");
    CHECK(strstr(world.messages, "warning[W0207]: expectedContentTypes says nothing about element 'a'"));
    test_free(&world);
}

TEST(builtins_are_all_there)
{
    schema_load("", "");
    for (unsigned i = 0; i < SOAPC_BUILTIN_COUNT; i++) {
        const struct soapc_type *t = world.model->types[i];
        CHECK_IN(t->name.local, t->builtin == i && t->is_builtin && t->index == i);
        CHECK_IN(t->name.local,
                 soapc_model_type(world.model, "http://www.w3.org/2001/XMLSchema", t->name.local) == t);
    }
    CHECK_TEXT(facet_get(world.model->types[SOAPC_BUILTIN_UNSIGNED_BYTE], BARK_FACET_MAX_INCLUSIVE)->text,
               "255");
    CHECK_TEXT(facet_get(world.model->types[SOAPC_BUILTIN_UNSIGNED_BYTE], BARK_FACET_MIN_INCLUSIVE)->text,
               "0");
    CHECK(world.model->types[SOAPC_BUILTIN_NMTOKENS]->item == world.model->types[SOAPC_BUILTIN_NMTOKEN]);
    CHECK(facet_get(world.model->types[SOAPC_BUILTIN_STRING], BARK_FACET_WHITESPACE)->number == 0);
    CHECK(facet_get(world.model->types[SOAPC_BUILTIN_NMTOKEN], BARK_FACET_WHITESPACE)->number == 2);
    test_free(&world);
}

TEST(qname_enumerations_know_their_namespace)
{
    schema_load("", "<xs:simpleType name='Q'><xs:restriction base='xs:QName'><xs:enumeration value='t:a'/>"
                    "<xs:enumeration xmlns:u='urn:u' value='u:b'/></xs:restriction></xs:simpleType>");
    const struct soapc_type *q = type_get("Q");
    CHECK(q->own_facets.count == 2);
    if (q->own_facets.count == 2 && q->own_facets.items[0].qname.local &&
        q->own_facets.items[1].qname.local) {
        CHECK_TEXT(q->own_facets.items[0].qname.ns, "urn:t");
        CHECK_TEXT(q->own_facets.items[1].qname.ns, "urn:u");
        CHECK_TEXT(q->own_facets.items[1].qname.local, "b");
    } else {
        FAIL("both values resolved");
    }
    test_free(&world);
}

TEST(identity_constraints_are_parsed)
{
    const struct test_file files[] = {
        { "main.xsd",
          "<xs:schema " TEST_XS "><xs:element name='r'>"
          "<xs:keyref name='f' refer='t:k'><xs:selector xpath='.'/><xs:field xpath='@xml:lang'/></xs:keyref>"
          "<xs:key name='k'><xs:selector xpath=' .//t:a / b|child::t:*|*'/>"
          "<xs:field xpath='c/attribute::t:d'/></xs:key></xs:element></xs:schema>" },
        { NULL, NULL }
    };
    test_load(&world, files);
    CHECK(world.diag->error_count == 0);
    const struct soapc_element *e = soapc_model_element(world.model, "urn:t", "r");
    CHECK(e->identity_count == 2 && e->identities[0]->refer == e->identities[1]);
    const struct soapc_identity *k = e->identities[1];
    CHECK_TEXT(e->identities[0]->fields[0].items[0].steps[0].name.ns, "http://www.w3.org/XML/1998/namespace");
    CHECK(e->identities[0]->selector.count == 1 && e->identities[0]->selector.items[0].count == 0);
    CHECK(k->kind == SOAPC_IDENTITY_KEY && k->selector.count == 3 && k->field_count == 1);
    const struct soapc_path *path = k->selector.items;
    CHECK(path[0].descendant && path[0].count == 2 && strcmp(path[0].steps[0].name.ns, "urn:t") == 0);
    CHECK(strcmp(path[0].steps[1].name.local, "b") == 0 && path[0].steps[1].name.ns[0] == '\0');
    CHECK(!path[1].descendant && path[1].steps[0].any_local && !path[1].steps[0].any_ns);
    CHECK(path[2].steps[0].any_ns && path[2].steps[0].any_local);
    const struct soapc_path *field = k->fields[0].items;
    CHECK(field->count == 2 && !field->steps[0].attribute && field->steps[1].attribute);
    test_free(&world);
}

TEST_MAIN(RUN(content_models) RUN(extension_puts_the_base_first)
              RUN(restriction_takes_attributes_over_and_away) RUN(simple_content)
                  RUN(form_defaults_and_references) RUN(facets_of_the_whole_derivation) RUN(lists_and_unions)
                      RUN(anonymous_types_say_where_they_are) RUN(wildcards)
                          RUN(substitution_groups_and_element_properties)
                              RUN(content_types_are_kept_and_checked) RUN(builtins_are_all_there)
                                  RUN(qname_enumerations_know_their_namespace)
                                      RUN(identity_constraints_are_parsed))
