/* attach/album_test.c - messages of several parts through bark_soap_serve(): what is taken, and what is
 * refused (rows 22 and 23), and answers that are read back.
 */
#include "album_service.h"

#include "soap/attach.h"
#include "soapbark/client.h"
#include "soapbark/server.h"
#include "testkit.h"

#include <pthread.h>
#include <stdlib.h>

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[512 * 1024];
static struct bark_arena arena;
static char reply_bytes[64 * 1024 + 1];
static struct bark_out answer;
static struct bark_soap_reply reply;

static bool ready(void)
{
    struct bark_error err = { 0 };
    return bark_image_open(&image, album_tables(), &err) == BARK_OK;
}

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static void serve(const char *type, const char *body, bool loose, bool takes, size_t room)
{
    struct bark_service service = album_service(&image, "/", loose);
    struct bark_soap_request r = { .content_type = slice(type), .body = slice(body) };
    if (!takes)
        service.attachments = NULL;
    bark_arena_init(&arena, memory, room);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    bark_soap_serve(&service, &bark_limits_device, &r, &arena, &answer, &reply);
    reply_bytes[answer.pos] = '\0';
}

#define MTOM11 \
    "multipart/related; type=\"application/xop+xml\"; boundary=b; start=\"<r>\"; start-info=\"text/xml\""
#define MTOM12 \
    "multipart/related; type=\"application/xop+xml\"; boundary=b; start=\"<r>\"; " \
    "start-info=\"application/soap+xml; action=\\\"urn:album/Store\\\"\"; action=\"urn:album/Store\""
#define SWA "multipart/related; type=\"text/xml\"; boundary=b; start=\"<r>\""
#define ROOT11 \
    "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\nContent-ID: <r>\r\n\r\n"
#define ROOT12 \
    "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"\r\nContent-ID: " \
    "<r>\r\n\r\n"
#define ROOTSWA "--b\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\n\r\n"
#define ENV(ns, body) "<e:Envelope xmlns:e=\"" ns "\"><e:Body>" body "</e:Body></e:Envelope>"
#define ENV11(body) ENV("http://schemas.xmlsoap.org/soap/envelope/", body)
#define ENV12(body) ENV("http://www.w3.org/2003/05/soap-envelope", body)
#define STORE(members) "<Store xmlns=\"urn:album\"><Name>n</Name>" members "</Store>"
#define INCLUDE(href) "<i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\" href=\"" href "\"/>"
#define PICTURE(content) "<Picture>" content "</Picture>"
#define PART(id, content) "\r\n--b\r\nContent-ID: <" id ">\r\n\r\n" content
#define END "\r\n--b--\r\n"

static const struct {
    const char *name, *type, *body;
    bool loose;
    unsigned status;
    const char *want; /* in the answer */
} cases[] = {
    { "mtom11", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a@x")))) PART("a@x", "abc") END, 0, 200,
      "<tns:Bytes>3</tns:Bytes>" },
    { "mtom12", MTOM12, ROOT12 ENV12(STORE(PICTURE(INCLUDE("cid:a%40x")))) PART("a@x", "ab\r\n") END, 0, 200,
      "<tns:Bytes>4</tns:Bytes>" },
    { "empty part", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "") END, 0, 200,
      "<tns:Bytes>0</tns:Bytes>" },
    { "no octets beside", MTOM11, ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 200,
      "<tns:Bytes>3</tns:Bytes>" },
    { "root last", MTOM11,
      "--b\r\nContent-ID: <a>\r\n\r\nabcd\r\n" ROOT11 ENV11(STORE(PICTURE(INCLUDE("CID:a")))) END, 0, 200,
      "<tns:Bytes>4</tns:Bytes>" },
    { "several members", MTOM11,
      ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:p")) "<Icon>" INCLUDE("cid:i") "</Icon><Page>" INCLUDE(
          "cid:1") "</Page><Page>YQ==</Page><Extra format=\"f\">" INCLUDE("cid:e") "</Extra>"))
          PART("i", "ii") PART("p", "ppp") PART("1", "1111") PART("e", "eeeee") END,
      0, 200, "<tns:Bytes>15</tns:Bytes>" },
    { "facet of a part", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("") "<Icon>" INCLUDE("cid:i") "</Icon>")) PART("i", "12345678901234567") END,
      0, 500, "longer than its type" },
    { "facet met", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("") "<Icon>" INCLUDE("cid:i") "</Icon>")) PART("i", "1234567890123456") END,
      0, 200, "<tns:Bytes>16</tns:Bytes>" },
    { "swa", SWA, ROOTSWA ENV11(STORE(PICTURE("YWJj"))) PART("x", "12345") END, 1, 200, "[x - 5]" },
    { "swa, both kinds", MTOM11,
      ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "abc") PART("x", "1") END, 1, 200,
      "[a - 3 included][x - 1]" },
    { "no id", SWA, ROOTSWA ENV11(STORE(PICTURE("YWJj"))) "\r\n--b\r\nContent-Type: a/b\r\n\r\nxy" END, 1,
      200, "[- a/b 2]" },
    /* row 22 */
    { "past_cxf_xop_fetch", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("http://127.0.0.1:1/")))) END, 0, 500,
      "by cid:" },
    { "past_cxf_xop_file", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("file:///etc/passwd")))) END, 0, 500,
      "by cid:" },
    { "no scheme", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("a")))) PART("a", "x") END, 0, 500, "by cid:" },
    { "no such part", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:b")))) PART("a", "x") END, 0, 500,
      "does not have beside" },
    { "the envelope itself", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:r")))) END, 0, 500,
      "does not have beside" },
    { "twice", MTOM11,
      ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")) "<Page>" INCLUDE("cid:a") "</Page>")) PART("a", "x") END,
      0, 500, "twice" },
    { "unused part", MTOM11, ROOT11 ENV11(STORE(PICTURE("YWJj"))) PART("a", "x") END, 0, 500, "any member" },
    { "bad escape", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:%4")))) PART("a", "x") END, 0, 500,
      "does not have beside" },
    { "no href", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("<i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\"/>"))) END, 0,
      500, "no href" },
    { "other attribute", MTOM11,
      ROOT11 ENV11(
          STORE(PICTURE("<i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\" src=\"cid:a\"/>")))
          PART("a", "x") END,
      0, 500, "one attribute" },
    { "text beside", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a") "YQ=="))) PART("a", "x") END, 0, 500,
      "only content" },
    { "text before", MTOM11, ROOT11 ENV11(STORE(PICTURE("YQ==" INCLUDE("cid:a")))) PART("a", "x") END, 0, 500,
      "no elements in it" },
    { "in a string", MTOM11,
      ROOT11 ENV11("<Store xmlns=\"urn:album\"><Name>" INCLUDE("cid:a") "</Name></Store>") PART("a", "x") END,
      0, 500, "no elements in it" },
    { "not mtom", SWA, ROOTSWA ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "x") END, 1, 500,
      "no elements in it" },
    { "plain message", "text/xml", ENV11(STORE(PICTURE(INCLUDE("cid:a")))), 0, 500, "no elements in it" },
    /* row 23 */
    { "same id", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "x") PART("a", "y") END, 0,
      500, "same Content-ID" },
    { "no final boundary", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "x"), 0, 500,
      "last boundary" },
    { "wrong start", "multipart/related; type=\"application/xop+xml\"; boundary=b; start=\"<q>\"",
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500, "start names" },
    { "wrong type", "multipart/related; type=\"text/xml\"; boundary=b",
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500, "media type of the root" },
    { "no type", "multipart/related; boundary=b", ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500,
      "media type of the root" },
    { "no boundary", "multipart/related; type=\"application/xop+xml\"",
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500, "names a boundary" },
    { "too many parts", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) PART("1", "") PART("2", "") PART("3", "") PART("4", "")
          PART("5", "") PART("6", "") PART("7", "") PART("8", "") END,
      1, 500, "limits.mime_parts" },
    { "other action", MTOM12 "; x=y", ROOT12 ENV12("<Fetch xmlns=\"urn:album\"><Size>1</Size></Fetch>") END,
      0, 400, "another operation" },
    { "other version", MTOM11, ROOT11 ENV12(STORE(PICTURE("YWJj"))) END, 0, 415, "another version" },
    { "other charset", MTOM11,
      "--b\r\nContent-Type: application/xop+xml; charset=utf-16; type=\"text/xml\"\r\nContent-ID: "
      "<r>\r\n\r\n" ENV11(STORE(PICTURE("YWJj"))) END,
      0, 500, "charset" },
};

TEST(cases_are_judged)
{
    CHECK(ready());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        serve(cases[i].type, cases[i].body, cases[i].loose, true, sizeof memory);
        if (reply.http_status != cases[i].status || !strstr(reply_bytes, cases[i].want))
            testkit_fail(__FILE__, __LINE__, "%s: %u %s", cases[i].name, reply.http_status, reply_bytes);
        CHECK_IN(cases[i].name, (reply.error.code == BARK_OK) == (reply.http_status == 200));
    }
}

/* Every budget up to what is needed ends in a fault, never in half a message. */
TEST(memory_is_refused_in_order)
{
    CHECK(ready());
    for (size_t i = 0; i < 6; i++) {
        size_t room = 0;
        do {
            room += 64;
            serve(cases[i].type, cases[i].body, cases[i].loose, true, room);
            CHECK_IN(cases[i].name,
                     reply.http_status == 200 || reply.http_status == 500 || reply.http_status == 400);
        } while (reply.http_status != 200 && room + 64 < sizeof memory);
        CHECK_IN(cases[i].name, reply.http_status == 200);
    }
}

TEST(without_the_part_of_the_library_it_is_415)
{
    CHECK(ready());
    serve(cases[0].type, cases[0].body, false, false, sizeof memory);
    CHECK(reply.http_status == 415 && reply.is_fault);
}

/* The answer to an MTOM request, opened again. */
static void answer_open(struct bark_soap_package *p)
{
    static _Alignas(BARK_ALIGN) uint8_t room[64 * 1024];
    static struct bark_arena own;
    struct bark_error err = { 0 };
    bark_arena_init(&own, room, sizeof room);
    CHECK(bark_soap_attachments.open(p, slice(reply.content_type), bark_out_bytes(&answer),
                                     &bark_limits_server, &own, &err) == BARK_OK);
    if (err.code)
        testkit_fail(__FILE__, __LINE__, "%s: %s", err.rule, reply_bytes);
}

#define FETCH(members) "<Fetch xmlns=\"urn:album\">" members "</Fetch>"

TEST(answers_to_mtom_are_mtom)
{
    struct bark_soap_package p;
    struct bark_bytes octets;
    const char *rule;
    CHECK(ready());
    serve(MTOM11, ROOT11 ENV11(FETCH("<Size>5000</Size><Pages>2</Pages>")) END, false, true, sizeof memory);
    CHECK(reply.http_status == 200);
    answer_open(&p);
    CHECK(p.xop && p.count == 3 && p.dialect->version == BARK_SOAP_11);
    for (size_t i = 0; i < p.count && p.count == 3; i++) {
        CHECK(p.parts[i].content.len == 5000 && p.parts[i].content.ptr[4999] == album_octet(4999));
    }
    CHECK(p.reader.octets(&p, slice("cid:2@soapbark"), &octets, &rule) == BARK_OK);
    CHECK(p.reader.octets(&p, slice("cid:2@soapbark"), &octets, &rule) == BARK_ERR_SOAP);
    /* Short values stay in line, and so does what is over the number of parts. */
    serve(MTOM11, ROOT11 ENV11(FETCH("<Size>10</Size>")) END, false, true, sizeof memory);
    answer_open(&p);
    CHECK(p.count == 0 && strstr(reply_bytes, "Picture>AB8+"));
    serve(MTOM11, ROOT11 ENV11(FETCH("<Size>900</Size><Pages>9</Pages>")) END, false, true, sizeof memory);
    answer_open(&p);
    CHECK(p.count == bark_limits_device.mime_parts - 1 && strstr(reply_bytes, "Page>AB8+"));
    /* A plain request gets a plain answer; a fault is one too. */
    serve("text/xml", ENV11(FETCH("<Size>5000</Size>")), false, true, sizeof memory);
    CHECK_TEXT(reply.content_type, "text/xml; charset=utf-8");
    serve(MTOM11, ROOT11 ENV11(FETCH("<Size>200000</Size>")) END, false, true, sizeof memory);
    CHECK(reply.http_status == 500);
    CHECK_TEXT(reply.content_type, "text/xml; charset=utf-8");
}

TEST(handlers_attach)
{
    struct bark_soap_package p;
    CHECK(ready());
    serve("text/xml", ENV11(FETCH("<Size>9</Size><Attach>true</Attach>")), false, true, sizeof memory);
    CHECK(reply.http_status == 200 && strstr(reply_bytes, "cid:1@soapbark"));
    answer_open(&p);
    CHECK(!p.xop && p.count == 1 && p.parts[0].content.len == 9);
    CHECK(p.count == 1 && bark_text_equal(p.parts[0].content_type, "image/x-test"));
    serve("text/xml", ENV11(FETCH("<Size>9</Size><Attach>true</Attach>")), false, false, sizeof memory);
    CHECK(reply.http_status == 500 && reply.error.code == BARK_ERR_USE);
}

/* The boundary made from the seed stands in a part: another one is taken. */
TEST(boundaries_avoid_what_the_parts_hold)
{
    static const uint8_t seed[16];
    static const char *const contents[] = { "--bark_00000000000000000000000000000000",
                                            "--barka00000000000000000000000000000000" };
    struct bark_soap_parts parts = { .dialect = bark_soap_dialect(BARK_SOAP_11), .arena = &arena, .left = 4 };
    struct bark_soap_package p;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    bark_soap_attachments.begin(&parts, seed, &answer);
    bark_out_text(&answer, "<x/>");
    for (size_t i = 0; i < 2; i++)
        CHECK(bark_soap_attachments.add(
            &parts, NULL, bark_text("a/b"),
            (struct bark_bytes){ (const uint8_t *)contents[i], strlen(contents[i]) }));
    reply.content_type = bark_soap_attachments.end(&parts, slice(""), &answer);
    CHECK(reply.content_type && strstr(reply.content_type, "boundary=\"barkb0000"));
    answer_open(&p);
    CHECK(p.count == 2 && p.parts[1].content.len == strlen(contents[1]));
}

static void *server_thread(void *server)
{
    struct bark_error err = { 0 };
    CHECK(bark_server_run(server, &err) == BARK_OK);
    return NULL;
}

/* MTOM and attachments there and back, in both versions, over a socket. */
static void client_run(const char *url, enum bark_soap_version version, bool mtom)
{
    static uint8_t octets[300000];
    struct bark_client_options options = {
        .url = url, .image = &image, .version = version, .attachments = &bark_soap_attachments, .mtom = mtom
    };
    struct bark_error err = { 0 };
    struct bark_client *client = bark_client_new(&options, &err);
    struct tns_Store in = { .Name = bark_text("n"), .Picture = { octets, sizeof octets } };
    const struct tns_Fetch fetch = { .Size = 70000, .Pages = 2, .has_Pages = 1 };
    const struct tns_Fetch attach = { .Size = 50, .Attach = 1, .has_Attach = 1 };
    const struct tns_StoreResponse *stored;
    const struct tns_FetchResponse *fetched;
    const struct bark_attachment *parts;
    size_t count;
    if (!client)
        abort();
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = album_octet(i);
    CHECK(tns_Album_Store(client, &in, &stored, &err) == BARK_OK);
    CHECK(stored && stored->Bytes == sizeof octets && stored->Sum == album_sum(0, in.Picture));
    CHECK(stored && bark_text_equal(stored->Attachments,
                                    mtom ? "[1@soapbark application/octet-stream 300000 included]" : ""));
    CHECK_TEXT(bark_client_attach(client, bark_text("a/b"), (struct bark_bytes){ octets, 5 }), "1@soapbark");
    CHECK(tns_Album_Store(client, &in, &stored, &err) == BARK_OK);
    CHECK(stored && strstr(stored->Attachments.ptr, "[1@soapbark a/b 5]"));
    CHECK(tns_Album_Fetch(client, &fetch, &fetched, &err) == BARK_OK);
    CHECK(fetched && fetched->Page.count == 2 && fetched->Page.items[1].len == 70000);
    CHECK(fetched && memcmp(fetched->Page.items[1].ptr, octets, 70000) == 0);
    parts = bark_client_attachments(client, &count);
    CHECK(count == (mtom ? 3 : 0) && (!mtom || parts[0].included));
    CHECK(tns_Album_Fetch(client, &attach, &fetched, &err) == BARK_OK);
    parts = bark_client_attachments(client, &count);
    CHECK(count == 1 && parts && parts[0].content.len == 50 && !parts[0].included);
    for (uint32_t i = 1; i < bark_limits_server.mime_parts; i++)
        CHECK(bark_client_attach(client, bark_text("a/b"), (struct bark_bytes){ octets, 5 }));
    CHECK(!bark_client_attach(client, bark_text("a/b"), (struct bark_bytes){ octets, 5 }));
    bark_client_free(client);
}

TEST(client_and_server)
{
    struct bark_error err = { 0 };
    pthread_t thread;
    char url[64];
    CHECK(ready());
    struct bark_service service = album_service(&image, "/album", true);
    const struct bark_service *services[] = { &service };
    const struct bark_server_options options = { .listen = "127.0.0.1:0",
                                                 .services = services,
                                                 .service_count = 1 };
    struct bark_server *server = bark_server_new(&options, &err);
    if (!server || pthread_create(&thread, NULL, server_thread, server) != 0)
        abort();
    snprintf(url, sizeof url, "http://127.0.0.1:%u/album", (unsigned)bark_server_port(server));
    for (unsigned i = 0; i < 4; i++)
        client_run(url, i & 1 ? BARK_SOAP_12 : BARK_SOAP_11, i >= 2);
    bark_server_stop(server);
    pthread_join(thread, NULL);
    bark_server_free(server);
}

TEST_MAIN(RUN(cases_are_judged) RUN(memory_is_refused_in_order) RUN(without_the_part_of_the_library_it_is_415)
              RUN(answers_to_mtom_are_mtom) RUN(handlers_attach) RUN(boundaries_avoid_what_the_parts_hold)
                  RUN(client_and_server))
