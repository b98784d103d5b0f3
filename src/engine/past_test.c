/* engine/past_test.c - bugs of other stacks, as shapes: would they have happened here?
 *
 * The table is docs/past-defects.md. Each test feeds the shape of the bug, bounded, never the original
 * trigger, and fails when the rule that keeps it out is removed.
 */
#include "engine/decode_testing.h"
#include "testkit.h"

#include <stdio.h>
#include <stdlib.h>

static _Alignas(BARK_ALIGN) uint8_t memory[64 * 1024 * 1024];
static uint8_t document[8 * 1024 * 1024];

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static enum bark_code check(struct bark_slice in, const struct bark_limits *limits, struct bark_error *err)
{
    struct bark_arena arena;
    bark_arena_init(&arena, memory, sizeof memory);
    return bark_check_xml(in, limits, &arena, err);
}

static enum bark_code decode(uint16_t root, struct bark_slice in, const struct bark_limits *limits,
                             void **msg, struct bark_error *err)
{
    struct bark_arena arena;
    bark_arena_init(&arena, memory, sizeof memory);
    return bark_decode(test_image(), root, in, limits, &arena, msg, NULL, err);
}

/* Head, n times the filler, tail. */
static struct bark_slice fill(const char *head, const char *filler, size_t n, const char *tail)
{
    size_t at = strlen(head), i;
    memcpy(document, head, at);
    for (i = 0; i < n; i++, at += strlen(filler))
        memcpy(document + at, filler, strlen(filler));
    memcpy(document + at, tail, strlen(tail));
    return (struct bark_slice){ document, at + strlen(tail) };
}

/* gSOAP: a counter that ran down while a processing instruction was skipped. Here no such skipping exists. */
TEST(past_2017_9765)
{
    static const char *const heads[] = { "<?", "<?xml-stylesheet ", "<a><?p", "<a/><?p", "<!-- --><?p" };
    size_t i;
    for (i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct bark_error err;
        CHECK(check(fill(heads[i], "x", 1 << 20, "?><a/>"), &bark_limits_server, &err) == BARK_ERR_XML);
        CHECK(err.offset == (size_t)(strstr(heads[i], "<?") - heads[i]) && strstr(err.rule, "[R5]"));
    }
}

/* gSOAP: limits of entity parsing. There are five entities and no others, however they are written. */
TEST(past_gsoap_entity)
{
    static const char *const bad[] = {
        "<a>&b;</a>",      "<a>&lt</a>",  "<a>&LT;</a>",      "<a>&;</a>",
        "<a>&nbsp;</a>",   "<a>&#;</a>",  "<a b='&b;'/>",     "<a>&lt ;</a>",
        "<a>&apos\n;</a>", "<a>&%b;</a>", "<a>&#x26;b;&</a>", "<a>&amp;&b;</a>"
    };
    struct bark_error err;
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_IN(bad[i], check(slice(bad[i]), &bark_limits_server, &err) == BARK_ERR_XML);
    /* A reference made of a reference stays text. */
    CHECK(check(slice("<a>&amp;lt;&#38;#60;</a>"), &bark_limits_server, &err) == BARK_OK);
}

/* expat, and Axis2/C 1708: everything a DTD can do. Refused before the first of it. */
TEST(past_expat_dtd)
{
    static const char *const bad[] = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a []><a/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<!DOCTYPE a [<!ENTITY b 'cc'><!ENTITY d '&b;&b;'><!ENTITY e '&d;&d;'>]><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///dev/null'>]><a>&b;</a>",
        "<!DOCTYPE a PUBLIC 'p' 'http://localhost/'><a/>",
        "<!DOCTYPE a SYSTEM 'http://localhost/'><a/>",
        "<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://localhost/'> %b;]><a/>",
        "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
        "<!DOCTYPE a [<!ELEMENT a (a?)>]><a/>",
        "<!DOCTYPE a [<!NOTATION n SYSTEM 'x'>]><a/>",
        "<!DOCTYPE a [<!ENTITY b '&b;'>]><a>&b;</a>",
    };
    struct bark_error err;
    size_t i;
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_IN(bad[i], check(slice(bad[i]), &bark_limits_server, &err) == BARK_ERR_XML);
        CHECK_IN(bad[i], err.offset == 0 && strstr(err.rule, "[R5]"));
    }
    CHECK(check(slice("<!doctype a><a/>"), &bark_limits_server, &err) == BARK_ERR_XML);
}

static bool stands_for_itself(uint8_t c)
{
    return c < 0x80 && (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') && c != '<' && c != '&';
}

/* expat: encodings, malformed input. All sequences of two bytes, and all of three that a three-byte lead
 * begins, as text: accepted when and only when they are characters of XML. */
TEST(past_expat_utf8)
{
    static uint8_t legal[1 << 16]; /* the code points of up to three bytes, by how they are written */
    struct bark_limits small = bark_limits_device;
    uint32_t point, n;
    small.depth = small.attributes = small.namespaces = 1;
    for (point = 0x80; point < 0x10000; point++)
        legal[point] = (point < 0xd800 || point > 0xdfff) && point < 0xfffe;
    for (n = 0; n < 0x10000; n++) {
        const uint8_t first = (uint8_t)(n >> 8), second = (uint8_t)n;
        const uint8_t text[] = { '<', 'a', '>', first, second, '<', '/', 'a', '>' };
        const bool two = (n & 0xe0c0) == 0xc080 && first >= 0xc2;
        const bool one = stands_for_itself(first) && stands_for_itself(second);
        CHECK((check((struct bark_slice){ text, sizeof text }, &small, NULL) == BARK_OK) == (one || two));
    }
    for (n = 0; n < 0x100000; n++) {
        const uint8_t text[] = { '<', 'a', '>', (uint8_t)(0xe0 | n >> 16), (uint8_t)(n >> 8), (uint8_t)n, '<',
                                 '/', 'a', '>' };
        const bool tails = (n & 0xc0c0) == 0x8080;
        const uint32_t value = (n >> 16) << 12 | (n >> 8 & 0x3f) << 6 | (n & 0x3f);
        const bool good = tails && value >= 0x800 && legal[value];
        const struct bark_slice in = { text, sizeof text };
        if ((check(in, &small, NULL) == BARK_OK) != good) {
            testkit_fail(__FILE__, __LINE__, "e0 + %05x", (unsigned)n);
            return;
        }
    }
}

/* expat: integer overflow, 28 times. Numbers at the edges of every width, and limits nobody can serve. */
TEST(past_expat_int)
{
    static const size_t members[] = { offsetof(struct bark_limits, depth),
                                      offsetof(struct bark_limits, attributes),
                                      offsetof(struct bark_limits, namespaces) };
    static const char *const numbers[] = {
        "65601",      "4294967361",         "18446744073709551681",
        "x100000041", "x10000000000000041", "340282366920938463463374607431768211521"
    };
    struct bark_error err;
    size_t i;
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[128];
        snprintf(text, sizeof text, "<a>&#%s;</a>", numbers[i]);
        CHECK_IN(text, check(slice(text), &bark_limits_server, &err) == (i == 0 ? BARK_OK : BARK_ERR_XML));
    }
    for (i = 0; i < sizeof members / sizeof *members; i++) {
        struct bark_limits limits = bark_limits_server;
        memset((uint8_t *)&limits + members[i], 0xff, sizeof(uint32_t));
        CHECK(check(slice("<a/>"), &limits, &err) == BARK_ERR_MEMORY);
    }
}

/* One tag with n attributes of different names. */
static struct bark_slice attributes(unsigned n)
{
    size_t at = (size_t)sprintf((char *)document, "<a");
    unsigned i;
    for (i = 0; i < n; i++)
        at += (size_t)sprintf((char *)document + at, " a%07u=''", i * 7919 % n);
    at += (size_t)sprintf((char *)document + at, "/>");
    return (struct bark_slice){ document, at };
}

/* expat, libxml2: time that grows faster than the input. 40,000 attributes took libxml2 1.7 s. The tag's work
 * is a sort, whose compares src/xml/order_test.c counts; compared pair by pair, this one would not end in a
 * minute. */
TEST(past_expat_time)
{
    struct bark_limits limits = bark_limits_server;
    limits.attributes = 200000;
    CHECK(check(attributes(160001), &limits, NULL) == BARK_OK); /* a prime: every name comes once */
    CHECK(check(attributes(200003), &limits, NULL) == BARK_ERR_LIMIT);
    CHECK(check(attributes(65), &bark_limits_server, NULL) == BARK_ERR_LIMIT);
}

/* expat: memory runs out in the middle. One owner, nothing to free, the next message is served. */
TEST(past_expat_oom)
{
    static const char text[] = "<a xmlns:p='&#117;' xmlns:q='v&amp;'><p:b q:c='&lt;'>&gt;</p:b></a>";
    struct bark_arena arena;
    struct bark_error err;
    uint64_t n, total;
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_check_xml(slice(text), &bark_limits_device, &arena, &err) == BARK_OK);
    total = arena.allocs;
    CHECK(total >= 6);
    for (n = 1; n <= total; n++) {
        bark_arena_reset(&arena);
        arena.fail_at = n;
        CHECK(bark_check_xml(slice(text), &bark_limits_device, &arena, &err) == BARK_ERR_MEMORY);
    }
    arena.fail_at = 0;
    bark_arena_reset(&arena);
    CHECK(bark_check_xml(slice(text), &bark_limits_device, &arena, &err) == BARK_OK);
}

/* expat: calls from inside a handler. There are no handlers; a call after the end or after an error changes
 * nothing. */
TEST(past_expat_reenter)
{
    struct bark_arena arena;
    struct bark_error err = { 0 };
    struct bark_xml_reader r;
    struct bark_xml_event ev;
    int i;
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_xml_open(&r, slice("<a></b>"), &bark_limits_device, &arena, &err) == BARK_OK);
    CHECK(bark_xml_next(&r, &ev) == BARK_OK && ev.kind == BARK_XML_START);
    for (i = 0; i < 3; i++)
        CHECK(bark_xml_next(&r, &ev) == BARK_ERR_XML && err.offset == 5);
    err = (struct bark_error){ 0 };
    CHECK(bark_xml_open(&r, slice("<a/>"), &bark_limits_device, &arena, &err) == BARK_OK);
    CHECK(bark_xml_next(&r, &ev) == BARK_OK && bark_xml_next(&r, &ev) == BARK_OK);
    for (i = 0; i < 3; i++)
        CHECK(bark_xml_next(&r, &ev) == BARK_OK && ev.kind == BARK_XML_EOF);
}

/* libxml2, and PHP CVE-2025-6491: names whose length goes through too small a type. */
TEST(past_libxml2_names)
{
    static const size_t sizes[] = { 1, 255, 256, 257, 1023, 32767, 32768, 65535, 65536, 65537, 1 << 20 };
    struct bark_limits limits = bark_limits_server;
    struct bark_error err;
    size_t i;
    limits.name_bytes = 1 << 21;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bark_slice in = fill("<", "x", sizes[i], ":y xmlns:");
        size_t at = in.len;
        memset(document + at, 'x', sizes[i]);
        at += sizes[i];
        at += (size_t)sprintf((char *)document + at, "='u'><z></w></");
        in.len = at;
        CHECK(check(in, &limits, &err) == BARK_ERR_XML); /* </w> */
        CHECK_TEXT(err.path, "/y/z");
        CHECK(err.offset == at - 4);
    }
}

TEST(past_2025_6491)
{
    struct bark_error err;
    CHECK(check(fill("<", "p", 1 << 20, ":a xmlns:p='u'/>"), &bark_limits_server, &err) == BARK_ERR_LIMIT);
    CHECK(strstr(err.rule, "limits.name_bytes") && err.offset == 1);
    CHECK(check(fill("<a xmlns:", "p", 1 << 20, "='u'/>"), &bark_limits_server, &err) == BARK_ERR_LIMIT);
}

/* libxml2: recursion on input. Half a million levels, read and decoded, when someone raises the limits so
 * far. */
TEST(past_libxml2_recursion)
{
    struct bark_limits limits = bark_limits_server;
    struct bark_error err;
    void *msg;
    struct bark_slice in = fill("<Node xmlns='urn:test'>", "<Node>", 500000, "");
    CHECK(decode(ROOT_NODE, in, &bark_limits_server, &msg, &err) == BARK_ERR_LIMIT);
    CHECK(strstr(err.rule, "limits.depth"));
    limits.depth = limits.elements = 600000;
    CHECK(check(in, &limits, &err) == BARK_ERR_XML && err.offset == in.len);
    limits.depth = 150000;
    in = fill("<Node xmlns='urn:test'>", "<Node>", 100000, "");
    memcpy(document + in.len, "x",
           1); /* refused at the bottom, with 100,000 frames of elements and of groups */
    in.len++;
    CHECK(decode(ROOT_NODE, in, &limits, &msg, &err) == BARK_ERR_XML || err.code == BARK_ERR_UNEXPECTED);
    CHECK(err.offset == in.len - 1 && strlen(err.path) < sizeof err.path);
    CHECK(strncmp(err.path, "/../Node/Node", 13) == 0);
}

/* A camera: repeated User elements ran over a fixed array. Here at most maxOccurs items, counted as they
 * come. */
TEST(past_2026_88284)
{
    size_t n;
    for (n = 0; n < 300; n += n < 6 ? 1 : 49) {
        struct bark_error err;
        void *msg;
        const enum bark_code code = decode(
            ROOT_ORDER, fill("<Order xmlns='urn:test' id='1'><Name/>", "<Tag>t</Tag>", n, "<Card/></Order>"),
            &bark_limits_device, &msg, &err);
        CHECK(code == (n <= 3 ? BARK_OK : BARK_ERR_UNEXPECTED));
        CHECK(code != BARK_OK || ((const struct order *)msg)->Tag.count == n);
        CHECK(code == BARK_OK || strstr(err.rule, "[R8]"));
    }
}

/* A camera: no memory limit in the SOAP parser. Here the arena is the limit, whatever the other limits say.
 */
TEST(past_2025_8065)
{
    static _Alignas(BARK_ALIGN) uint8_t small[64 * 1024];
    struct bark_limits limits = bark_limits_server;
    struct bark_arena arena;
    struct bark_error err;
    void *msg;
    limits.text_bytes = UINT32_MAX;
    bark_arena_init(&arena, small, sizeof small);
    CHECK(bark_decode(test_image(), ROOT_MIXED, fill("<Mixed xmlns='urn:test'>", "x", 1 << 20, "</Mixed>"),
                      &limits, &arena, &msg, NULL, &err) == BARK_ERR_MEMORY);
    bark_arena_reset(&arena);
    CHECK(bark_decode(test_image(), ROOT_NODE, fill("<Node xmlns='urn:test'>", "<Node/>", 60000, "</Node>"),
                      &limits, &arena, &msg, NULL, &err) == BARK_ERR_MEMORY);
    CHECK(msg == NULL && arena.peak <= sizeof small);
}

/* PHP: array sizes from the wire, as digits. Nothing here reads a size from the wire: no such attribute. */
TEST(past_php_21963)
{
    static const char *const sizes[] = { "2147483648", "-1", "", "x", "4294967297", "1 1 1 1 1 1 1 1", "*" };
    size_t i;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char text[256];
        struct bark_error err;
        void *msg;
        snprintf(
            text, sizeof text,
            "<Node xmlns='urn:test' xmlns:e='http://www.w3.org/2003/05/soap-encoding' e:arraySize='%s'/>",
            sizes[i]);
        CHECK_IN(sizes[i],
                 decode(ROOT_NODE, slice(text), &bark_limits_device, &msg, &err) == BARK_ERR_UNEXPECTED);
        CHECK_TEXT(err.path, "/Node/@arraySize");
    }
}

/* KDSoap: a polymorphic type that is not there. */
TEST(past_kdsoap_poly)
{
    static const char *const types[] = { "t:Missing", "t:Price", "Order",   "",
                                         ":",         "t:",      "q:Order", "x:anyType" };
    size_t i;
    for (i = 0; i < sizeof types / sizeof *types; i++) {
        char text[512];
        struct bark_error err;
        void *msg;
        snprintf(
            text, sizeof text,
            "<t:Order xmlns:t='urn:test' xmlns:x='http://www.w3.org/2001/XMLSchema' id='1' "
            "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='%s'><t:Name/><t:Card/></t:Order>",
            types[i]);
        CHECK_IN(types[i], decode(ROOT_ORDER, slice(text), &bark_limits_device, &msg, &err) != BARK_OK);
        CHECK_TEXT(err.path, "/Order/@type");
    }
}

/* lxml: state that survives an error. The same error record and arena, bad and good messages in turn. */
TEST(past_lxml_reuse)
{
    struct bark_arena arena;
    struct bark_error err;
    void *msg;
    int i;
    bark_arena_init(&arena, memory, 64 * 1024);
    memset(&err, 0x5a, sizeof err);
    for (i = 0; i < 4; i++) {
        bark_arena_reset(&arena);
        CHECK(bark_decode(test_image(), ROOT_ALL, slice("<All xmlns='urn:test'><A>1</A><B>x"),
                          &bark_limits_device, &arena, &msg, NULL, &err) == BARK_ERR_XML);
        CHECK(msg == NULL && err.line == 1);
        bark_arena_reset(&arena);
        CHECK(bark_decode(test_image(), ROOT_ALL, slice("<All xmlns='urn:test'><A>2</A></All>"),
                          &bark_limits_device, &arena, &msg, NULL, &err) == BARK_OK);
        CHECK(msg && ((const struct all *)msg)->A == 2 && ((const struct all *)msg)->B.ptr == NULL);
        CHECK(err.code == BARK_OK && err.path[0] == '\0' && err.found[0] == '\0');
    }
}

TEST_MAIN(RUN(past_2017_9765) RUN(past_gsoap_entity) RUN(past_expat_dtd) RUN(past_expat_utf8)
              RUN(past_expat_int) RUN(past_expat_time) RUN(past_expat_oom) RUN(past_expat_reenter)
                  RUN(past_libxml2_names) RUN(past_2025_6491) RUN(past_libxml2_recursion) RUN(past_2026_88284)
                      RUN(past_2025_8065) RUN(past_php_21963) RUN(past_kdsoap_poly) RUN(past_lxml_reuse))
