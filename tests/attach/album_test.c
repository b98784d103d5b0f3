/* attach/album_test.c - messages of several parts through bark_soap_serve(): what is taken, and what is
 * refused (rows 22 and 23), and answers that are read back.
 */
#include "album_cases.h"
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
    reply.content_type = bark_soap_attachments.end(&parts, NULL, &answer);
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
    CHECK(stored &&
          bark_text_equal(stored->Attachments, mtom ? "[1@soapbark image/png 300000 included]" : ""));
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
