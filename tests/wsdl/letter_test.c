/* wsdl/letter_test.c - HTTP bindings in multipart/related, in one process: letters that are right, and those
 * that an attacker sends [WSDL11 5.4, RFC2387, rows 22 and 23].
 */
#include "parcels_service.h"

#include "soap/httpbind.h"
#include "soapbark/codec.h"
#include "testkit.h"

#include <stdio.h>
#include <string.h>

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[4 * 1024 * 1024];
static struct bark_arena arena;
static char reply_bytes[8192];
static struct bark_out answer;
static struct bark_soap_reply reply;

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

static void post(const char *path, const char *type, struct bark_slice body, const struct bark_limits *limits,
                 uint64_t fail_at)
{
    const struct bark_service service = parcels_service(&image, true);
    const struct bark_soap_request rest = { .content_type = slice(type),
                                            .body = body,
                                            .random = "0123456789" };
    struct bark_http_call call = { .path = slice(path), .request = &rest };
    bool other;
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    reply = (struct bark_soap_reply){ .http_status = 0 };
    call.row = service.http->find(&service, call.path, true, &other);
    service.http->serve(&service, limits, &call, &arena, &answer, &reply);
    reply_bytes[answer.pos] = '\0';
}

static void letter(const char *type, struct bark_slice body, const struct bark_limits *limits,
                   uint64_t fail_at)
{
    post("/parcels/letter", type, body, limits, fail_at);
}

/* "|" is a boundary line's start. */
#define TYPE "multipart/related; boundary=b"
#define PART(LINES, VALUE) "|\r\n" LINES "\r\n\r\n" VALUE "\r\n"
#define ORDER_XML "<p:Order xmlns:p=\"urn:parcels\"><p:to>me</p:to><p:grams>7</p:grams></p:Order>"
#define SEAL_XML "<seal xmlns:p=\"urn:parcels\"><p:colour>red</p:colour></seal>"
#define ORDER PART("Content-Type: text/xml; charset=UTF-8", ORDER_XML)
#define CODE PART("Content-Type: text/plain", "AB1")
#define SCAN PART("Content-Type: image/jpeg", "\r\n--\r\n-|")
#define PAGES PART("Content-Type: text/xml", "<pages>3</pages>")
#define SEAL PART("Content-Type: text/xml", SEAL_XML)
#define END "|--\r\n"
#define NAMED(NAME, TYPE, VALUE) PART("Content-ID: <" NAME "=1@x>\r\nContent-Type: " TYPE, VALUE)
#define GOOD "7 grams"

static const struct {
    const char *label, *type, *body;
    unsigned status;
    const char *part;
} letters[] = {
    { "in their order", TYPE, ORDER CODE SCAN PAGES SEAL END, 200, "3 pages, 7 grams" },
    { "by their names, in any order", TYPE,
      NAMED("seal", "text/xml", SEAL_XML) NAMED("pages", "text/xml", "<pages> 4 </pages>")
          NAMED("%73can", "image/png", "x") NAMED("code", "text/plain; charset=us-ascii", "AB1")
              NAMED("order", "text/xml", "<?xml version='1.0'?>" ORDER_XML) END,
      200, "4 pages, 7 grams, 1 octets" },
    { "type and start", "Multipart/Related; type=\"text/plain\"; start=\"<c@x>\"; boundary=\"b\"",
      ORDER PART("Content-ID: <c@x>\r\nContent-Type: text/plain", "AB1") SCAN PAGES SEAL END, 200, GOOD },
    { "a preamble", TYPE, "to whom it may concern\r\n" ORDER CODE SCAN PAGES SEAL END, 200, GOOD },
    { "an epilogue", TYPE, ORDER CODE SCAN PAGES SEAL END "yours", 200, GOOD },
    { "the handler refuses", TYPE,
      ORDER CODE SCAN PAGES PART("Content-Type: text/xml",
                                 "<seal xmlns:p=\"urn:parcels\"><p:colour>none</p:colour></seal>") END,
      400, "AB1 has no seal" },
    /* the whole */
    { "no boundary", "multipart/related", ORDER CODE SCAN PAGES SEAL END, 400, "[RFC2046 5.1.1]" },
    { "two boundaries", TYPE "; boundary=c", ORDER CODE SCAN PAGES SEAL END, 415, "Content-Type" },
    { "another boundary", "multipart/related; boundary=c", ORDER CODE SCAN PAGES SEAL END, 400,
      "[RFC2046 5.1.1]" },
    { "a form", "multipart/form-data; boundary=b", ORDER CODE SCAN PAGES SEAL END, 415, "Content-Type" },
    { "XML alone", "text/xml", ORDER_XML, 415, "Content-Type" },
    { "no type at all", NULL, ORDER CODE SCAN PAGES SEAL END, 415, "Content-Type" },
    { "empty", TYPE, "", 400, "[RFC2046 5.1.1]" },
    { "no part", TYPE, END, 400, "[RFC2046 5.1.1]" },
    { "no end", TYPE, ORDER CODE SCAN PAGES SEAL, 400, "[RFC2046 5.1.1]" },
    { "LF alone", TYPE, "|\nContent-Type: text/xml\n\n" ORDER_XML "\n" END, 400, "[RFC2046 5.1.1]" },
    { "a line that begins as the boundary", TYPE, ORDER CODE PART("Content-Type: image/png", "\r\n|b") END,
      400, "[RFC2046 5.1.1]" },
    { "start names nothing", TYPE "; start=\"<c@x>\"", ORDER CODE SCAN PAGES SEAL END, 400, "[RFC2387 3.2]" },
    { "type is another", TYPE "; type=\"text/html\"", ORDER CODE SCAN PAGES SEAL END, 400, "[RFC2387 3.1]" },
    /* which is which */
    { "one is missing", TYPE, ORDER CODE SCAN PAGES END, 400, "[WSDL11 5.3]" },
    { "one too many", TYPE, ORDER CODE SCAN PAGES SEAL CODE END, 400, "[WSDL11 5.3]" },
    { "another order", TYPE, CODE ORDER SCAN PAGES SEAL END, 400, "[WSDL11 5.3] a part has another media" },
    { "one has a name, and no other", TYPE, ORDER NAMED("code", "text/plain", "AB1") SCAN PAGES SEAL END, 400,
      "[WSDL11 5.3]" },
    { "one name twice", TYPE,
      NAMED("order", "text/xml", ORDER_XML) NAMED("code", "text/plain", "AB1")
          PART("Content-ID: <code=2@x>\r\nContent-Type: text/plain", "AB2") NAMED("scan", "image/png", "x")
              NAMED("pages", "text/xml", "<pages>3</pages>") NAMED("seal", "text/xml", SEAL_XML) END,
      400, "[WSDL11 5.3]" },
    { "all, and one that nobody names", TYPE,
      NAMED("order", "text/xml", ORDER_XML) NAMED("code", "text/plain", "AB1") NAMED("scan", "image/png", "x")
          NAMED("pages", "text/xml", "<pages>3</pages>") NAMED("seal", "text/xml", SEAL_XML) CODE END,
      400, "[SECURITY row 22]" },
    { "one Content-ID twice", TYPE, ORDER NAMED("x", "text/plain", "a") NAMED("x", "image/png", "b") END, 400,
      "[SECURITY row 23]" },
    /* heads */
    { "a type that is not bound", TYPE, ORDER CODE PART("Content-Type: image/gif", "x") PAGES SEAL END, 400,
      "[WSDL11 5.3] a part has another media type" },
    { "no type", TYPE, ORDER CODE PART("X: y", "x") PAGES SEAL END, 400,
      "[WSDL11 5.3] a part has another media type" },
    { "base64", TYPE,
      ORDER CODE PART("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", "eA==") PAGES SEAL END,
      400, "[RFC2045 6]" },
    { "binary", TYPE,
      ORDER CODE PART("Content-Type: image/png\r\nContent-Transfer-Encoding: Binary", "x") PAGES SEAL END,
      200, GOOD },
    { "two types", TYPE,
      ORDER CODE PART("Content-Type: image/png\r\nContent-Type: image/jpeg", "x") PAGES SEAL END, 400,
      "[RFC2045 3]" },
    { "a document in another charset", TYPE,
      PART("Content-Type: text/xml; charset=utf-16", ORDER_XML) CODE SCAN PAGES SEAL END, 400,
      "[RFC3629 3]" },
    { "a text in another charset", TYPE,
      ORDER PART("Content-Type: text/plain; charset=latin1", "AB1") SCAN PAGES SEAL END, 400, "[RFC3629 3]" },
    /* values */
    { "a text outside its facets", TYPE, ORDER PART("Content-Type: text/plain", "AB") SCAN PAGES SEAL END,
      400, "code: [XSD2 4.3.4]" },
    { "a text that is not UTF-8", TYPE, ORDER PART("Content-Type: text/plain", "\xff") SCAN PAGES SEAL END,
      400, "code: " },
    { "octets outside their facets", TYPE, ORDER CODE PART("Content-Type: image/png", "") PAGES SEAL END, 400,
      "scan: [XSD2 4.3.2]" },
    { "a number outside its type", TYPE,
      ORDER CODE SCAN PART("Content-Type: text/xml", "<pages>256</pages>") SEAL END, 400, "256" },
    { "a number in another element", TYPE,
      ORDER CODE SCAN PART("Content-Type: text/xml", "<page>2</page>") SEAL END, 400, "[XSD1 3.3.4]" },
    { "a number in no element", TYPE, ORDER CODE SCAN PART("Content-Type: text/xml", "2") SEAL END, 400,
      "(at byte " },
    { "another root", TYPE, PART("Content-Type: text/xml", "<Order/>") CODE SCAN PAGES SEAL END, 400,
      "[XSD1 3.3.4]" },
    { "an element that does not belong there", TYPE,
      ORDER CODE SCAN PAGES PART("Content-Type: text/xml",
                                 "<seal xmlns:p=\"urn:parcels\"><p:colour/><p:x/></seal>") END,
      400, "/seal/x: " },
    { "a DOCTYPE", TYPE, PART("Content-Type: text/xml", "<!DOCTYPE a><a/>") CODE SCAN PAGES SEAL END, 400,
      "DOCTYPE" },
    { "two roots", TYPE, ORDER CODE SCAN PART("Content-Type: text/xml", "<pages>1</pages><pages/>") SEAL END,
      400, "[XML1" },
};

/* The body with "--b" for each "|". */
static struct bark_slice multipart(const char *body, char *room)
{
    size_t len = 0;
    for (; *body; body++) {
        memcpy(room + len, *body == '|' ? "--b" : body, *body == '|' ? 3 : 1);
        len += *body == '|' ? 3 : 1;
    }
    return (struct bark_slice){ (const uint8_t *)room, len };
}

TEST(tables_open)
{
    struct bark_error err = { 0 };
    CHECK(bark_image_open(&image, parcels_tables(), &err) == BARK_OK);
}

TEST(requests)
{
    char room[4096];
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        const struct bark_slice body = multipart(letters[i].body, room);
        bool found = false;
        letter(letters[i].type, body, &bark_limits_server, 0);
        for (size_t k = 0; k + strlen(letters[i].part) <= answer.pos; k++)
            found |= memcmp(reply_bytes + k, letters[i].part, strlen(letters[i].part)) == 0;
        CHECK_IN(letters[i].label, reply.http_status == letters[i].status && found);
        if (reply.http_status != letters[i].status || !found)
            printf("# %s: %u %s\n", letters[i].label, reply.http_status, reply_bytes);
    }
}

/* The answer's parts, in the order of the WSDL, each with its name and type. */
TEST(answers)
{
    static const char *const wanted[] = {
        "--bark_30313233343536373839000000000000\r\nContent-Type: text/xml; charset=utf-8\r\n",
        "Content-ID: <Body=1@soapbark>\r\n\r\n<p:Status",
        "<p:where>me</p:where><p:asked>red</p:asked></p:Status>\r\n--bark_",
        "Content-Type: application/octet-stream\r\n",
        "Content-ID: <copy=2@soapbark>\r\n\r\nxy\r\n--bark_",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-ID: <remark=3@soapbark>\r\n\r\n3 pages, 7 grams, 2 octets, \xc3\xa4\r\n--bark_",
    };
    char room[4096];
    letter(TYPE, multipart(ORDER CODE PART("Content-Type: image/png", "xy") PAGES SEAL END, room),
           &bark_limits_server, 0);
    CHECK(reply.http_status == 200);
    CHECK_TEXT(reply.content_type, "multipart/related; type=\"text/xml\"; "
                                   "boundary=\"bark_30313233343536373839000000000000\"");
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK_IN(wanted[i], strstr(reply_bytes, wanted[i]) != NULL);
    /* the boundary in a part: another one is taken */
    letter(TYPE,
           multipart(ORDER CODE PART("Content-Type: image/png", "x--bark_30313233343536373839000000000000")
                         PAGES SEAL END,
                     room),
           &bark_limits_server, 0);
    CHECK(reply.http_status == 200);
    CHECK_TEXT(reply.content_type, "multipart/related; type=\"text/xml\"; "
                                   "boundary=\"barka30313233343536373839000000000000\"");
    CHECK(strstr(reply_bytes, "--barka30313233343536373839000000000000--\r\n") != NULL);
}

/* Limits of parts, of heads and of texts; each allocation refused in turn; cut short anywhere. */
TEST(limits)
{
    struct bark_limits limits = bark_limits_server;
    char room[4096];
    const struct bark_slice body = multipart(ORDER CODE SCAN PAGES SEAL END, room);
    limits.mime_parts = 5;
    letter(TYPE, body, &limits, 0);
    CHECK(reply.http_status == 200);
    limits.mime_parts = 4;
    letter(TYPE, body, &limits, 0);
    CHECK(reply.http_status == 400 && strstr(reply_bytes, "limits.mime_parts"));
    limits.mime_parts = 5;
    limits.mime_head_bytes = 30;
    letter(TYPE, body, &limits, 0);
    CHECK(reply.http_status == 400 && strstr(reply_bytes, "limits.mime_head_bytes"));
    limits = bark_limits_server;
    limits.text_bytes = 2;
    letter(TYPE, body, &limits, 0);
    CHECK(reply.http_status == 400 && strstr(reply_bytes, "[R4]"));
    for (uint64_t n = 1; n < 200; n++) {
        letter(TYPE, body, &bark_limits_server, n);
        CHECK(reply.http_status == 413 || reply.http_status == 500 || reply.http_status == 400 ||
              (reply.http_status == 200 && strstr(reply_bytes, GOOD)));
    }
    CHECK(reply.http_status == 200);
    for (size_t len = 0; len + 2 < body.len; len++) {
        letter(TYPE, (struct bark_slice){ body.ptr, len }, &bark_limits_server, 0);
        CHECK(reply.http_status == 400);
    }
}

static uint16_t row_of(unsigned flag)
{
    uint16_t row = 0;
    while (row < image.http_count && !(image.https[row].flags & flag))
        row++;
    return row;
}

/* What the client's side writes, the server's reads; and the other way. */
TEST(round_trip)
{
    const struct p_LetterIn sent = { .code = bark_text("AB1"),
                                     .Order = { .to = bark_text("<&>"), .grams = 9 },
                                     .scan = { (const uint8_t *)"\r\n--bark", 8 },
                                     .pages = 200,
                                     .seal = { .colour = bark_text("--bark_") } };
    struct p_LetterIn lacking = sent;
    struct bark_unknown unknown = { .policy = BARK_UNKNOWN_COLLECT };
    const struct bark_decode_options options = { .unknown = &unknown };
    const uint16_t row = row_of(BARK_HTTP_RELATED);
    struct bark_error err = { 0 };
    uint8_t room[2048];
    char type[256], body[8192];
    struct bark_out out, said;
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, room, sizeof room);
    bark_out_init(&said, (uint8_t *)type, sizeof type);
    CHECK(bark_http_binding.request_type(&image, row, "bark_1", &said));
    bark_out_byte(&said, '\0');
    CHECK_TEXT(type, "multipart/related; type=\"text/xml\"; boundary=\"bark_1\"");
    CHECK(bark_http_binding.request_body(&image, row, "bark_1", &sent, &bark_limits_server, &arena, &out,
                                         &err) == BARK_OK);
    letter(type, bark_out_bytes(&out), &bark_limits_server, 0);
    CHECK(reply.http_status == 200);
    memcpy(body, reply_bytes, answer.pos);
    CHECK(bark_http_binding.reply_read(&image, row, slice(reply.content_type),
                                       (struct bark_slice){ (const uint8_t *)body, answer.pos }, &options,
                                       &bark_limits_server, &arena, &msg, &err) == BARK_OK);
    const struct p_LetterOut *got = msg;
    CHECK(got && bark_text_equal(got->Status.where, "<&>") && bark_text_equal(got->Status.asked, "--bark_"));
    CHECK(got && got->copy.len == 8 && memcmp(got->copy.ptr, "\r\n--bark", 8) == 0);
    CHECK(got && bark_text_equal(got->remark, "200 pages, 9 grams, 8 octets, \xc3\xa4") &&
          unknown.count == 0);
    CHECK(bark_http_binding.reply_read(&image, row, slice("text/xml"), slice("<a/>"), &options,
                                       &bark_limits_server, &arena, &msg, &err) == BARK_ERR_HTTP);
    CHECK(!msg);
    bark_out_init(&out, room, 60);
    CHECK(bark_http_binding.request_body(&image, row, "bark_1", &sent, &bark_limits_server, &arena, &out,
                                         &err) == BARK_ERR_LIMIT);
    lacking.scan.ptr = NULL;
    bark_out_init(&out, room, sizeof room);
    CHECK(bark_http_binding.request_body(&image, row, "bark_1", &lacking, &bark_limits_server, &arena, &out,
                                         &err) == BARK_ERR_MISSING);
    CHECK_TEXT(err.path, "scan");
    bark_out_init(&out, room, sizeof room); /* a boundary that a part holds */
    CHECK(bark_http_binding.request_body(&image, row, "bark", &sent, &bark_limits_server, &arena, &out,
                                         &err) == BARK_ERR_USE);
}

/* A client passes over what it does not know, in every document. */
TEST(unknown_in_answers)
{
    static const char answer_text[] =
        "|\r\nContent-Type: text/xml\r\n\r\n<p:Status xmlns:p='urn:parcels'><p:code>AB1</p:code><p:where/>"
        "<p:asked/><p:more>1</p:more></p:Status>\r\n|\r\nContent-Type: a/b\r\n\r\nx\r\n|\r\n\r\ny\r\n|--";
    struct bark_unknown unknown = { .policy = BARK_UNKNOWN_COLLECT };
    const struct bark_decode_options options = { .unknown = &unknown };
    struct bark_error err = { 0 };
    char room[1024];
    void *msg;
    bark_arena_init(&arena, memory, sizeof memory);
    CHECK(bark_http_binding.reply_read(&image, row_of(BARK_HTTP_ANSWER_RELATED), slice(TYPE),
                                       multipart(answer_text, room), &options, &bark_limits_server, &arena,
                                       &msg, &err) == BARK_OK);
    CHECK(unknown.count == 1 && unknown.first && bark_text_equal(unknown.first->local, "more"));
}

/* [WSDL11 5.6] XML of a part that has a type: the element is called as the part. */
TEST(typed_documents)
{
    post("/parcels/seal", "application/x-www-form-urlencoded", slice("colour=blue"), &bark_limits_server, 0);
    CHECK(reply.http_status == 200);
    CHECK(strstr(reply_bytes,
                 "<seal xmlns:p=\"urn:parcels\"><p:colour>blue</p:colour><p:mark>*</p:mark></seal>") != NULL);
    if (!strstr(reply_bytes, "</seal>"))
        printf("# %s\n", reply_bytes);
}

TEST_MAIN(RUN(tables_open) RUN(requests) RUN(answers) RUN(limits) RUN(round_trip) RUN(unknown_in_answers)
              RUN(typed_documents))
