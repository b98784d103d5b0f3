/* attach/parcel_test.c - parts that a WSDL binds beside the envelope: which attachment is which part, what is
 * refused, and the generated functions of both ends.
 */
#include "parcel_service.h"

#include "soapbark/client.h"
#include "soapbark/server.h"
#include "testkit.h"

#include <pthread.h>
#include <stdlib.h>

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[256 * 1024];
static struct bark_arena arena;
static char reply_bytes[16 * 1024 + 1];
static struct bark_out answer;
static struct bark_soap_reply reply;

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static void serve(const struct bark_service *service, const char *type, const char *body)
{
    struct bark_soap_request r = { .content_type = slice(type), .body = slice(body) };
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    bark_soap_serve(service, &bark_limits_device, &r, &arena, &answer, &reply);
    reply_bytes[answer.pos] = '\0';
}

#define SWA "multipart/related; type=\"text/xml\"; boundary=b"
#define ENV(body) \
    "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>" body "</e:Body></" \
    "e:Envelope>"
#define NOTE(text) ENV("<p:Send xmlns:p=\"urn:parcel\"><Note>" text "</Note></p:Send>")
#define ROOT(body) "--b\r\nContent-Type: text/xml\r\n\r\n" body
#define SEND ROOT(NOTE("n"))
#define PLAIN ENV("<p:Plain xmlns:p=\"urn:parcel\"><Note>n</Note></p:Plain>")
#define PART(id, type, content) "\r\n--b\r\nContent-ID: <" id ">\r\nContent-Type: " type "\r\n\r\n" content
#define END "\r\n--b--\r\n"

static const struct {
    const char *name, *type, *body;
    unsigned status;
    const char *want; /* in the answer */
} cases[] = {
    { "named", SWA,
      SEND PART("photo=1@x", "image/png", "abc") PART("St%C3%BCckliste=2@x", "text/plain", "de") END, 200,
      "<Bytes>3002</Bytes>" },
    { "named, in another order", SWA,
      SEND PART("St%C3%BCckliste=2@x", "text/plain", "de") PART("photo=1@x", "IMAGE/JPEG; q=1", "abc") END,
      200, "<Bytes>3002</Bytes>" },
    { "named, escaped where it need not be", SWA,
      SEND PART("%70hoto=1@x", "image/png", "a") PART("St%C3%BCckliste=2@x", "text/xml", "") END, 200,
      "<Bytes>1000</Bytes>" },
    { "by place, when none is named", SWA, SEND PART("1", "image/png", "ab") PART("2", "text/plain", "c") END,
      200, "<Bytes>2001</Bytes>" },
    { "by place, without identifiers", SWA,
      SEND "\r\n--b\r\nContent-Type: image/png\r\n\r\nab\r\n--b\r\nContent-Type: text/plain\r\n\r\nc" END,
      200, "<Bytes>2001</Bytes>" },
    { "by place, the wrong way round", SWA,
      SEND PART("1", "text/plain", "ab") PART("2", "image/png", "c") END, 500, "another media type" },
    { "one is named, the other not", SWA,
      SEND PART("photo=1@x", "image/png", "ab") PART("2", "text/plain", "c") END, 500, "did not come" },
    { "named twice", SWA,
      SEND PART("photo=1@x", "image/png", "a") PART("photo=2@x", "image/png", "b")
          PART("St%C3%BCckliste=2@y", "text/plain", "c") END,
      500, "did not come" },
    { "one too many", SWA,
      SEND PART("photo=1@x", "image/png", "a") PART("St%C3%BCckliste=2@x", "text/plain", "c")
          PART("3", "text/plain", "c") END,
      500, "value of any member" },
    { "none", "text/xml", NOTE("n"), 500, "did not come" },
    { "one, by place", SWA, SEND PART("1", "image/png", "ab") END, 500, "did not come" },
    { "a name that only begins so", SWA,
      SEND PART("photograph=1@x", "image/png", "ab") PART("phot=1@x", "text/plain", "c") END, 200,
      "<Bytes>2001</Bytes>" }, /* names no part: by place */
    { "a name without a rest", SWA,
      SEND PART("photo=", "image/png", "ab") PART("St%C3%BCckliste=2@x", "text/a", "c") END, 500,
      "did not come" },
    { "a broken escape", SWA,
      SEND PART("%7", "image/png", "ab") PART("St%C3%BCckliste=2@x", "text/a", "c") END, 500,
      "did not come" },
    { "another type", SWA,
      SEND PART("photo=1@x", "image/gif", "a") PART("St%C3%BCckliste=2@x", "text/plain", "c") END, 500,
      "image/png, image/jpeg" },
    { "a type that only begins so", SWA,
      SEND PART("photo=1@x", "image/pngx", "a") PART("St%C3%BCckliste=2@x", "text/plain", "c") END, 500,
      "another media type" },
    { "no type", SWA,
      SEND "\r\n--b\r\nContent-ID: <photo=1@x>\r\n\r\na" PART("St%C3%BCckliste=2@x", "text/a", "c") END, 500,
      "another media type" },
    { "the answer lacks its part", SWA,
      ROOT(NOTE("nothing")) PART("1", "image/png", "ab") PART("2", "text/plain", "c") END, 500,
      "operation failed" },
    { "an operation without parts", "text/xml", PLAIN, 200, "<Bytes>1</Bytes>" },
    { "a part that none is bound to", SWA, ROOT(PLAIN) PART("photo=1@x", "image/png", "a") END, 500,
      "value of any member" },
};

TEST(cases_are_judged)
{
    struct bark_error err = { 0 };
    CHECK(bark_image_open(&image, parcel_tables(), &err) == BARK_OK);
    const struct bark_service service = parcel_service(&image, "/");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        serve(&service, cases[i].type, cases[i].body);
        CHECK_IN(cases[i].name, reply.http_status == cases[i].status);
        CHECK_IN(cases[i].name, strstr(reply_bytes, cases[i].want) != NULL);
    }
    /* The peer is not told what the handler forgot; the log is. */
    serve(&service, SWA, ROOT(NOTE("nothing")) PART("1", "image/png", "ab") PART("2", "text/plain", "c") END);
    CHECK(reply.error.code == BARK_ERR_MISSING && strcmp(reply.error.expected, "receipt") == 0);
}

/* A service that lists no parts lets the handler look. */
TEST(without_a_list_of_parts_the_handler_looks)
{
    struct bark_error err = { 0 };
    CHECK(bark_image_open(&image, parcel_tables(), &err) == BARK_OK);
    struct bark_service service = parcel_service(&image, "/");
    service.parts = NULL;
    service.loose_attachments = true;
    serve(&service, SWA, SEND PART("photo=1@x", "image/gif", "a") END);
    CHECK(reply.http_status == 500 && strstr(reply_bytes, "judged, and not there"));
    serve(&service, SWA, SEND PART("1", "image/png", "ab") PART("2", "text/a", "c") PART("3", "a/b", "") END);
    CHECK(reply.http_status == 500 && strstr(reply_bytes, "judged, and not there"));
    serve(&service, SWA, SEND PART("1", "image/png", "ab") PART("2", "text/a", "c") END);
    CHECK(reply.http_status == 200 && strstr(reply_bytes, "<Bytes>2001</Bytes>"));
}

/* ---- both ends over a socket ---- */

static void *server_thread(void *server)
{
    struct bark_error err = { 0 };
    CHECK(bark_server_run(server, &err) == BARK_OK);
    return NULL;
}

static void client_run(const char *url, bool mtom)
{
    static const uint8_t octets[] = "octets";
    const struct bark_bytes photo = { octets, 6 }, list = { octets, 2 };
    const struct bark_client_options options = {
        .url = url, .image = &image, .attachments = &bark_soap_attachments, .mtom = mtom
    };
    const struct par_Send in = { .Note = bark_text("n") };
    const struct par_Peek peek = { .Label = bark_text("image/x-test") };
    const struct par_SendResponse *sent;
    const struct par_Seen *seen;
    const struct bark_attachment *part;
    struct bark_error err = { 0 };
    struct bark_client *client = bark_client_new(&options, &err);
    if (!client)
        abort();
    CHECK(par_Parcel_Send_Stu00FCckliste_attach(client, bark_text("text/csv"), list));
    CHECK(par_Parcel_Send_photo_attach(client, (struct bark_text){ NULL, 0 }, photo));
    CHECK(par_Parcel_Send(client, &in, &sent, &err) == BARK_OK);
    CHECK(sent && sent->Bytes == 6002);
    part = par_Parcel_Send_answer_receipt_of(client);
    CHECK(part && bark_text_equal(part->content_type, "application/pdf") && part->content.len == 6);
    CHECK(part && bark_text_equal(part->content_id, "receipt=1@soapbark"));
    CHECK(par_Parcel_Peek(client, &peek, &seen, &err) == BARK_OK);
    part = par_Parcel_Peek_answer_photo_of(client);
    CHECK(part && seen && (int64_t)part->content.len == seen->Bytes);
    CHECK(part && bark_text_equal(part->content_type, "image/x-test"));
    CHECK(par_Parcel_Send_answer_receipt_of(client) == NULL); /* not of that type */
    CHECK(par_Parcel_Send(client, &in, &sent, &err) == BARK_ERR_FAULT);
    bark_client_free(client);
}

TEST(client_and_server)
{
    struct bark_error err = { 0 };
    pthread_t thread;
    char url[64];
    CHECK(bark_image_open(&image, parcel_tables(), &err) == BARK_OK);
    struct bark_service service = parcel_service(&image, "/parcel");
    const struct bark_service *services[] = { &service };
    const struct bark_server_options options = { .listen = "127.0.0.1:0",
                                                 .services = services,
                                                 .service_count = 1 };
    struct bark_server *server = bark_server_new(&options, &err);
    if (!server || pthread_create(&thread, NULL, server_thread, server) != 0)
        abort();
    snprintf(url, sizeof url, "http://127.0.0.1:%u/parcel", (unsigned)bark_server_port(server));
    client_run(url, false);
    client_run(url, true);
    bark_server_stop(server);
    pthread_join(thread, NULL);
    bark_server_free(server);
}

TEST_MAIN(RUN(cases_are_judged) RUN(without_a_list_of_parts_the_handler_looks) RUN(client_and_server))
