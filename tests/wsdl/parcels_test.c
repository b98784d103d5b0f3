/* wsdl/parcels_test.c - HTTP bindings in one process: queries, forms and paths, those that are right and
 * those that an attacker sends [WSDL11 4, RFC3986 2.1].
 */
#include "parcels_service.h"

#include "soap/httpbind.h"
#include "soapbark/codec.h"
#include "testkit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[4 * 1024 * 1024];
static struct bark_arena arena;
static char reply_bytes[262144];
static struct bark_out answer;
static struct bark_soap_reply reply;

static bool ready(void)
{
    struct bark_error err = { 0 };
    bark_arena_init(&arena, memory, sizeof memory);
    return bark_image_open(&image, parcels_tables(), &err) == BARK_OK;
}

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

/* One request, as the server would hand it on. 404 and 405 are the server's words for what find() says. */
static void request_at(bool post, const char *path, struct bark_slice query, const char *type,
                       struct bark_slice body, const struct bark_limits *limits, uint64_t fail_at)
{
    const struct bark_service service = parcels_service(&image, post);
    const struct bark_soap_request rest = { .content_type = slice(type),
                                            .body = body,
                                            .host = bark_text("h") };
    bool other;
    struct bark_http_call call = { .path = slice(path), .query = query, .request = &rest };
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
    reply = (struct bark_soap_reply){ .http_status = 0 };
    call.row = service.http->find(&service, call.path, post, &other);
    if (call.row == BARK_NONE)
        reply.http_status = other ? 405 : 404;
    else
        service.http->serve(&service, limits, &call, &arena, &answer, &reply);
    reply_bytes[answer.pos] = '\0';
}

static void get(const char *path, const char *query)
{
    request_at(false, path, slice(query), NULL, slice(NULL), &bark_limits_server, 0);
}

#define QUOTE "grams=100&service=fast&sizes=2+3"

static const struct {
    const char *path, *query;
    unsigned status;
    const char *part;
} gets[] = {
    { "/parcels/quote", QUOTE, 200, "<p:cents>30</p:cents>" },
    { "/parcels/quote", QUOTE, 200, "<p:volume>6</p:volume>" },
    { "/parcels/quote", QUOTE "&notes=a&notes=b%26c&notes=", 200,
      "<p:note>a</p:note><p:note>b&amp;c</p:note><p:note/>" },
    { "/parcels/quote", "notes=a&sizes=2&grams=%31%30%30&service=slow&notes=b&sizes=5&sizes=1+1", 200,
      "<p:note>a</p:note><p:note>b</p:note><p:volume>10</p:volume>" },
    { "/parcels/quote", "&&" QUOTE "&", 200, "<p:volume>6</p:volume>" },
    { "/parcels/quote", QUOTE "&notes=%C3%A4+%2b", 200, "<p:note>\xc3\xa4 +</p:note>" },
    { "/parcels/quote", QUOTE "&notes", 200, "<p:note/>" },
    { "/parcels/quote", QUOTE "&notes=a=b", 200, "<p:note>a=b</p:note>" },
    { "/parcels/quote", "grams=-5&service=fast&sizes=", 400, "a parcel weighs something, not -5 grams" },
    /* types and facets, by the readers of XML */
    { "/parcels/quote", "grams=1e2&service=fast&sizes=2", 400, "grams: " },
    { "/parcels/quote", "grams=2147483648&service=fast&sizes=2", 400, "grams: " },
    { "/parcels/quote", "grams=1&service=quick&sizes=2", 400, "service: " },
    { "/parcels/quote", "grams=1&service=quick&sizes=2", 400, "one of: slow, fast" },
    { "/parcels/quote", "grams=1&service=fast&sizes=2+70000", 400, "sizes: " },
    { "/parcels/quote", "grams=1&service=quick&sizes=2", 400, "(at byte 16)" },
    /* names */
    { "/parcels/quote", "grams=100&service=fast", 400,
      "sizes: [WSDL11 4.6] a parameter of the operation is" },
    { "/parcels/quote", NULL, 400, "grams: [WSDL11 4.6] a parameter of the operation is missing" },
    { "/parcels/quote", QUOTE "&grams=100", 400, "grams: [WSDL11 4.6] this parameter stands only once" },
    { "/parcels/quote", QUOTE "&gram=1", 400, "gram: [WSDL11 4.6] the operation has no such parameter" },
    { "/parcels/quote", QUOTE "&Grams=1", 400, "the operation has no such parameter" },
    { "/parcels/quote", QUOTE "&=1", 400, "the operation has no such parameter" },
    { "/parcels/quote", QUOTE "&gr%61ms=1", 400, "stands only once" },
    /* escapes */
    { "/parcels/quote", QUOTE "&notes=%", 400, "notes: [RFC3986 2.1]" },
    { "/parcels/quote", QUOTE "&notes=%4", 400, "notes: [RFC3986 2.1]" },
    { "/parcels/quote", QUOTE "&notes=%4&notes=1", 400, "(at byte 39)" },
    { "/parcels/quote", QUOTE "&notes=%gg", 400, "[RFC3986 2.1]" },
    { "/parcels/quote", QUOTE "&notes=%+1", 400, "[RFC3986 2.1]" },
    { "/parcels/quote", QUOTE "&n%6=1", 400, "[RFC3986 2.1]" },
    { "/parcels/quote", QUOTE "&notes=a%00b", 400, "[XML1 2.2]" },
    { "/parcels/quote", QUOTE "&notes=%1F", 400, "[XML1 2.2]" },
    { "/parcels/quote", QUOTE "&notes=%FF", 400, "[RFC3629 3]" },
    { "/parcels/quote", QUOTE "&notes=%C0%AF", 400, "[RFC3629 3]" },
    { "/parcels/quote", QUOTE "&notes=%ED%A0%80", 400, "[RFC3629 3]" },
    { "/parcels/quote", QUOTE "&notes=%C3", 400, "[RFC3629 3]" },
    { "/parcels/quote", QUOTE "&%00=1", 400, "[XML1 2.2]" },
    { "/parcels/quote", QUOTE "&notes=\xc3\xa4", 400, "has to be escaped" },
    { "/parcels/quote", QUOTE "&notes=a b", 400, "has to be escaped" },
    /* paths */
    { "/parcels/status/AB12/at/Ulm.xml", NULL, 200, "<p:code>AB12</p:code><p:where>Ulm</p:where>" },
    { "/parcels/status/AB12/at/Bad%20Ems%2Fx.xml", NULL, 200, "<p:where>Bad Ems/x</p:where>" },
    { "/parcels/status/AB12/at/a+b.xml", NULL, 200, "<p:where>a+b</p:where>" },
    { "/parcels/status/AB12/at/.xml", NULL, 200, "<p:where/>" },
    { "/parcels/status/12/at/Ulm.xml", NULL, 400, "code: " },
    { "/parcels/status/AB12/at/%zz.xml", NULL, 400, "place: [RFC3986 2.1]" },
    { "/parcels/status/AB12/at/%00.xml", NULL, 400, "place: [XML1 2.2]" },
    { "/parcels/status/AB12/at/Ulm.xml", "x=1", 400, "no parameters in this place" },
    { "/parcels/status/AB12/at/Ulm", NULL, 404, "" },
    { "/parcels/status/AB12/at/a/b.xml", NULL, 404, "" },
    { "/parcels/status/AB12/at/Ulm.xml/", NULL, 404, "" },
    { "/parcels/status/AB12/at/Ulm.xmlx", NULL, 404, "" },
    { "/parcels/status//at/Ulm.xml", NULL, 400, "code: " },
    /* bare answers, and nothing to say */
    { "/parcels/label", "text=To+you", 200, "* To you *\n" },
    { "/parcels/label", "text=%0D%0ASet-Cookie:+x", 200, "* \r\nSet-Cookie: x *\n" },
    { "/parcels/count", NULL, 200, "42" },
    { "/parcels/count", "", 200, "42" },
    { "/parcels/count", "x=1", 400, "no parameters in this place" },
    /* no other spelling of a path */
    { "/parcels", QUOTE, 404, "" },
    { "/parcels/", QUOTE, 404, "" },
    { "/parcels/quote/", QUOTE, 404, "" },
    { "/parcels//quote", QUOTE, 404, "" },
    { "/parcels/%71uote", QUOTE, 404, "" },
    { "/parcelsquote", QUOTE, 404, "" },
    { "/parcels/Quote", QUOTE, 404, "" },
    { "/parcels/order", NULL, 404, "" }, /* another service has it */
};

TEST(queries)
{
    for (size_t i = 0; i < sizeof gets / sizeof *gets; i++) {
        get(gets[i].path, gets[i].query);
        CHECK_IN(gets[i].query ? gets[i].query : gets[i].path, reply.http_status == gets[i].status);
        CHECK_IN(reply_bytes, strstr(reply_bytes, gets[i].part) != NULL);
    }
    get("/parcels/label", "text=x");
    CHECK_TEXT(reply.content_type, "text/plain; charset=utf-8");
    get("/parcels/quote", QUOTE);
    CHECK_TEXT(reply.content_type, "text/xml; charset=utf-8");
    get("/parcels/quote", "grams=1&x=2");
    CHECK_TEXT(reply.content_type, "text/plain; charset=utf-8");
}

#define FORM "application/x-www-form-urlencoded"
#define ORDER "<o:Order xmlns:o='urn:parcels'><o:to>me</o:to><o:grams>7</o:grams></o:Order>"

static const struct {
    const char *path, *query, *type, *body;
    unsigned status;
    const char *part;
} posts[] = {
    { "/parcels/quote", NULL, FORM, QUOTE, 200, "<p:cents>30</p:cents>" },
    { "/parcels/quote", NULL, FORM "; charset=UTF-8", QUOTE, 200, "<p:cents>30</p:cents>" },
    { "/parcels/quote", NULL, FORM, QUOTE "&notes=%", 400, "notes: [RFC3986 2.1]" },
    { "/parcels/quote", NULL, FORM, "", 400, "grams: " },
    { "/parcels/quote", QUOTE, FORM, "", 400, "no parameters in this place" },
    { "/parcels/quote", "a=1", FORM, QUOTE, 400, "no parameters in this place" },
    { "/parcels/quote", NULL, FORM "; charset=latin1", QUOTE, 415, "Content-Type" },
    { "/parcels/quote", NULL, "multipart/form-data; boundary=x", QUOTE, 415, "Content-Type" },
    { "/parcels/quote", NULL, "text/plain", QUOTE, 415, "Content-Type" },
    { "/parcels/quote", NULL, "", QUOTE, 415, "Content-Type" },
    { "/parcels/order", NULL, "text/xml", ORDER, 200, "<p:code>AA7</p:code><p:where>me</p:where>" },
    { "/parcels/order", NULL, "application/xml; charset=utf-8", ORDER, 200, "AA7" },
    { "/parcels/order", NULL, "text/xml", "<o:Order xmlns:o='urn:parcels'/>", 400, "1:" },
    { "/parcels/order", NULL, "text/xml", "<o:Other xmlns:o='urn:parcels'/>", 400, "1:" },
    { "/parcels/order", NULL, "text/xml", "<!DOCTYPE a><a/>", 400, "1:" },
    { "/parcels/order", NULL, "text/xml", "", 400, "" },
    { "/parcels/order", NULL, FORM, "order=1", 415, "Content-Type" },
    { "/parcels/note", NULL, FORM, "text=hello", 202, "" },
    { "/parcels/note", NULL, FORM, "text=fail", 500, "no ink" },
    { "/parcels/label", NULL, FORM, "text=x", 404, "" },
};

TEST(forms)
{
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        request_at(true, posts[i].path, slice(posts[i].query), posts[i].type, slice(posts[i].body),
                   &bark_limits_server, 0);
        CHECK_IN(posts[i].body, reply.http_status == posts[i].status);
        CHECK_IN(reply_bytes, strstr(reply_bytes, posts[i].part) != NULL);
    }
}

/* Parts of a multipart form. "|" is a boundary line's start; the body ends with the last. */
#define PARTS "multipart/form-data; boundary=b"
#define PART(NAME, VALUE) "|\r\nContent-Disposition: form-data; name=\"" NAME "\"\r\n\r\n" VALUE "\r\n"
#define HEAD(LINES, VALUE) "|\r\n" LINES "\r\n\r\n" VALUE "\r\n"
#define CODE PART("code", "AB1")
#define SIZES PART("sizes", "2 3")
#define PICTURE \
    HEAD("content-disposition: Form-Data; NAME=picture; filename=\"a;b.png\"\r\nContent-Type: image/png", \
         "\x01\xff\r\n--\r\n-bb\r\n--")
#define END "|--\r\n"

static const struct {
    const char *label, *type, *body;
    unsigned status;
    const char *part;
} multiparts[] = {
    { "all", PARTS, CODE PICTURE PART("notes", "a") PART("notes", "b") SIZES END, 200,
      "\x01\xff\r\n--\r\n-bb\r\n--" },
    { "any order, lists item by item", PARTS,
      SIZES PICTURE PART("sizes", "4") CODE PART("notes", "") PART("notes", "fail") END, 400,
      "2 notes, 3 sizes, code AB1" },
    { "quoted boundary", "Multipart/Form-Data;boundary=\"b\"", CODE PICTURE SIZES END, 200, "\x01\xff" },
    { "text is not unescaped", PARTS, PART("code", "A%42") PICTURE SIZES END, 400, "A%42" },
    { "no boundary", "multipart/form-data", CODE PICTURE SIZES END, 400, "[RFC7578 4.1]" },
    { "another boundary", "multipart/form-data; boundary=c", CODE PICTURE SIZES END, 400, "[RFC2046 5.1.1]" },
    { "two boundaries", PARTS "; boundary=c", CODE PICTURE SIZES END, 415, "Content-Type" },
    { "related", "multipart/related; boundary=b", CODE PICTURE SIZES END, 415, "Content-Type" },
    { "urlencoded", FORM, "code=AB1", 415, "Content-Type" },
    { "a line that begins as the boundary", PARTS, CODE PART("picture", "\r\n|b") SIZES END, 400,
      "[RFC2046 5.1.1]" },
    { "missing", PARTS, PICTURE SIZES END, 400, "code: [WSDL11 4.6]" },
    { "nothing", PARTS, END, 400, "code: [WSDL11 4.6]" },
    { "empty", PARTS, "", 400, "[RFC2046 5.1.1]" },
    { "unknown", PARTS, CODE PICTURE SIZES PART("x", "1") END, 400, "x: " },
    { "twice", PARTS, CODE PICTURE SIZES CODE END, 400,
      "code: [WSDL11 4.6] this parameter stands only once" },
    { "octets twice", PARTS, CODE PICTURE PICTURE SIZES END, 400, "picture: " },
    { "octets outside their facets", PARTS, CODE PART("picture", "") SIZES END, 400,
      "picture: [XSD2 4.3.2]" },
    { "not UTF-8", PARTS, CODE PICTURE SIZES PART("notes", "\xff") END, 400, "notes: " },
    { "says that it is UTF-8", PARTS,
      HEAD("Content-Disposition: form-data; name=code\r\nContent-Type: text/plain; charset=\"UTF-8\"", "AB1")
          PICTURE SIZES END,
      200, "\x01\xff" },
    { "another charset", PARTS,
      HEAD("Content-Disposition: form-data; name=code\r\nContent-Type: text/plain; charset=latin1", "AB1")
          PICTURE SIZES END,
      400, "code: [RFC7578 5.1.2]" },
    { "malformed type", PARTS,
      HEAD("Content-Disposition: form-data; name=code\r\nContent-Type: text/plain; charset=\"x", "AB1")
          PICTURE SIZES END,
      400, "[RFC2045 5.1]" },
    { "parts in a part", PARTS,
      HEAD("Content-Disposition: form-data; name=code\r\nContent-Type: multipart/mixed; boundary=c", "AB1")
          PICTURE SIZES END,
      400, "[RFC7578 4.3]" },
    { "base64", PARTS,
      HEAD("Content-Disposition: form-data; name=code\r\nContent-Transfer-Encoding: base64", "QUIx")
          PICTURE SIZES END,
      400, "[RFC2045 6]" },
    { "no disposition", PARTS, HEAD("Content-Type: text/plain", "AB1") PICTURE SIZES END, 400,
      "[RFC7578 4.2]" },
    { "no name", PARTS, HEAD("Content-Disposition: form-data", "AB1") PICTURE SIZES END, 400,
      "[RFC7578 4.2]" },
    { "attachment", PARTS, HEAD("Content-Disposition: attachment; name=code", "AB1") PICTURE SIZES END, 400,
      "[RFC7578 4.2]" },
    { "two names", PARTS,
      HEAD("Content-Disposition: form-data; name=code; name=notes", "AB1") PICTURE SIZES END, 400,
      "[RFC7578 4.2]" },
    { "a name in another charset", PARTS,
      HEAD("Content-Disposition: form-data; name*=UTF-8''code", "AB1") PICTURE SIZES END, 400,
      "[RFC7578 4.2]" },
    { "a backslash in a name", PARTS,
      HEAD("Content-Disposition: form-data; name=\"co\\de\"", "AB1") PICTURE SIZES END, 400,
      "[RFC7578 4.2]" },
    { "a name inside a filename", PARTS,
      HEAD("Content-Disposition: form-data; filename=\"a\\\"; name=\\\"notes\"; name=\"code\"", "AB1")
          PICTURE SIZES END,
      200, "\x01\xff" },
    { "a quote that does not end", PARTS,
      HEAD("Content-Disposition: form-data; name=\"code", "AB1") PICTURE SIZES END, 400, "[RFC7578 4.2]" },
    { "two dispositions", PARTS,
      HEAD("Content-Disposition: form-data; name=code\r\nContent-Disposition: form-data; name=notes", "AB1")
          PICTURE SIZES END,
      400, "[RFC2045 3]" },
    { "LF alone", PARTS, "|\nContent-Disposition: form-data; name=code\n\nAB1\n" PICTURE SIZES END, 400,
      "[RFC2046 5.1.1]" },
    { "no end", PARTS, CODE PICTURE SIZES, 400, "[RFC2046 5.1.1]" },
    { "a name of markup", PARTS, CODE PICTURE SIZES PART("<b>", "1") END, 400, "<b>: " },
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

TEST(multipart_forms)
{
    char room[4096];
    for (size_t i = 0; i < sizeof multiparts / sizeof *multiparts; i++) {
        request_at(true, "/parcels/picture", slice(NULL), multiparts[i].type,
                   multipart(multiparts[i].body, room), &bark_limits_server, 0);
        CHECK_IN(multiparts[i].label, reply.http_status == multiparts[i].status);
        CHECK_IN(multiparts[i].label, strstr(reply_bytes, multiparts[i].part) != NULL);
        if (!strstr(reply_bytes, multiparts[i].part))
            printf("# %s: %u %s\n", multiparts[i].label, reply.http_status, reply_bytes);
    }
    CHECK(reply.http_status == 400);
}

/* Limits of parts, of heads and of texts; and each allocation refused in turn. */
TEST(multipart_limits)
{
    struct bark_limits limits = bark_limits_server;
    char room[4096];
    const struct bark_slice body = multipart(CODE PICTURE PART("notes", "abcdefgh") SIZES END, room);
    limits.mime_parts = 4;
    request_at(true, "/parcels/picture", slice(NULL), PARTS, body, &limits, 0);
    CHECK(reply.http_status == 200);
    limits.mime_parts = 3;
    request_at(true, "/parcels/picture", slice(NULL), PARTS, body, &limits, 0);
    CHECK(reply.http_status == 400 && strstr(reply_bytes, "limits.mime_parts"));
    limits.mime_parts = 4;
    limits.mime_head_bytes = 60;
    request_at(true, "/parcels/picture", slice(NULL), PARTS, body, &limits, 0);
    CHECK(reply.http_status == 400 && strstr(reply_bytes, "limits.mime_head_bytes"));
    limits = bark_limits_server;
    limits.text_bytes = 8;
    request_at(true, "/parcels/picture", slice(NULL), PARTS, body, &limits, 0);
    CHECK(reply.http_status == 200);
    limits.text_bytes = 7;
    request_at(true, "/parcels/picture", slice(NULL), PARTS, body, &limits, 0);
    CHECK(reply.http_status == 400 && strstr(reply_bytes, "notes: [R4]"));
    for (uint64_t n = 1; n < 60; n++) {
        request_at(true, "/parcels/picture", slice(NULL), PARTS, body, &bark_limits_server, n);
        CHECK(reply.http_status == 413 || reply.http_status == 500 || reply.http_status == 400 ||
              (reply.http_status == 200 && answer.pos == 15));
    }
    CHECK(reply.http_status == 200);
}

/* Cut short anywhere, it is refused. */
TEST(multipart_prefixes)
{
    char room[4096];
    const struct bark_slice body = multipart(CODE PICTURE SIZES END, room);
    for (size_t len = 0; len < body.len; len++) {
        request_at(true, "/parcels/picture", slice(NULL), PARTS, (struct bark_slice){ body.ptr, len },
                   &bark_limits_server, 0);
        CHECK(reply.http_status == (len + 2 < body.len ? 400U : len + 2 == body.len ? 200U : 400U));
    }
}

/* What the client's side writes, the server's reads. */
TEST(multipart_round_trip)
{
    struct bark_text notes[2] = { bark_text("a\r\n--b&=%"), bark_text("") };
    uint16_t sizes[2] = { 7, 8 };
    const struct p_PictureIn sent = { .code = bark_text("AB1"),
                                      .picture = { (const uint8_t *)"\r\n--bark", 8 },
                                      .notes = { notes, 2, NULL },
                                      .sizes = { sizes, 2, NULL } };
    struct bark_error err = { 0 };
    uint8_t room[1024];
    char type[128];
    struct bark_out out, said;
    uint16_t row = 0;
    while (row < image.http_count && !(image.https[row].flags & BARK_HTTP_PARTS))
        row++;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, room, sizeof room);
    bark_out_init(&said, (uint8_t *)type, sizeof type);
    CHECK(bark_http_binding.request_type(&image, row, "bark1", &said));
    bark_out_byte(&said, '\0');
    CHECK_TEXT(type, "multipart/form-data; boundary=bark1");
    CHECK(bark_http_binding.request_body(&image, row, "bark1", &sent, &bark_limits_server, &arena, &out,
                                         &err) == BARK_OK);
    request_at(true, "/parcels/picture", slice(NULL), type, bark_out_bytes(&out), &bark_limits_server, 0);
    CHECK(reply.http_status == 200 && answer.pos == 8 && memcmp(reply_bytes, "\r\n--bark", 8) == 0);
    bark_out_init(&out, room, 60);
    CHECK(bark_http_binding.request_body(&image, row, "bark1", &sent, &bark_limits_server, &arena, &out,
                                         &err) == BARK_ERR_LIMIT);
}

/* A query of n times the same text, and what becomes of it. */
static void flood(const char *first, const char *more, size_t n, const struct bark_limits *limits)
{
    const size_t len = strlen(more), head = strlen(first);
    char *text = malloc(head + n * len + 1);
    memcpy(text, first, head + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + head + i * len, more, len);
    request_at(false, "/parcels/quote", (struct bark_slice){ (const uint8_t *)text, head + n * len }, NULL,
               slice(NULL), limits, 0);
    free(text);
}

TEST(floods)
{
    struct bark_limits limits = bark_limits_server;
    flood(QUOTE, "&notes=a", 1000, &limits);
    CHECK(reply.http_status == 200);
    limits.items = 1000;
    flood(QUOTE, "&notes=a", 1000, &limits);
    CHECK(reply.http_status == 200);
    flood(QUOTE, "&notes=a", 1001, &limits);
    CHECK(reply.http_status == 400);
    CHECK(strstr(reply_bytes, "limits.items") != NULL);
    flood(QUOTE, "&notes=a", 100000, &bark_limits_device);
    CHECK(reply.http_status == 400);
    flood(QUOTE, "&x=a", 100000, &bark_limits_server);
    CHECK(reply.http_status == 400);
    limits = bark_limits_server;
    limits.elements = 1003;
    flood(QUOTE, "&notes=a", 1000, &limits);
    CHECK(reply.http_status == 200);
    flood(QUOTE, "&notes=a", 1001, &limits);
    CHECK(strstr(reply_bytes, "limits.elements") != NULL);
    limits.text_bytes = 1000;
    flood(QUOTE "&notes=", "%41", 1000, &limits);
    CHECK(reply.http_status == 200);
    flood(QUOTE "&notes=", "%41", 1001, &limits);
    CHECK(reply.http_status == 400);
    flood("grams=1&service=slow&sizes=1", "&sizes=1", 499, &limits); /* with the spaces between, 999 bytes */
    CHECK(reply.http_status == 200);
    flood("grams=1&service=slow&sizes=1", "&sizes=1", 500, &limits);
    CHECK(reply.http_status == 400);
    limits.name_bytes = 100;
    flood(QUOTE "&x", "%79", 99, &limits);
    CHECK(strstr(reply_bytes, "no such parameter") != NULL);
    flood(QUOTE "&x", "%79", 100, &limits);
    CHECK(strstr(reply_bytes, "longer than limits allow") != NULL);
}

/* Each allocation refused in turn [R3]: a refusal, or the answer, and nothing half. */
TEST(no_memory)
{
    for (uint64_t n = 1; n < 200; n++) {
        request_at(false, "/parcels/quote", slice(QUOTE "&notes=a&notes=b&sizes=4"), NULL, slice(NULL),
                   &bark_limits_server, n);
        CHECK(reply.http_status == 413 || reply.http_status == 500 || reply.http_status == 400 ||
              (reply.http_status == 200 && strstr(reply_bytes, "<p:volume>24</p:volume></p:Quote>")));
    }
    CHECK(reply.http_status == 200);
}

/* What the encoder writes, the decoder reads. */
TEST(round_trips)
{
    static const char *const texts[] = {
        "", "a", "a b+c&d=e%f", "\xc3\xa4/\xe2\x82\xac", "?#;,:@!$'()*.xml", "\r\n\t<>"
    };
    uint8_t room[512];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct bark_text notes[2] = { bark_text(texts[i]), bark_text("x") };
        uint16_t sizes[2] = { 7, 8 };
        const struct p_QuoteIn sent = {
            .notes = { notes, 2, NULL }, .sizes = { sizes, 2, NULL }, .grams = -3, .service = p_Service_slow
        };
        const struct p_StatusIn status = { bark_text("AB1"), bark_text(texts[i]) };
        const struct bark_slice pattern = slice("s/(code).(place).xml"), none = { NULL, 0 };
        struct bark_error err = { 0 };
        struct bark_out out;
        void *msg;
        bark_arena_init(&arena, memory, sizeof memory);
        bark_out_init(&out, room, sizeof room);
        CHECK(bark_encode_form(&image, p_QuoteIn_root, none, &sent, &bark_limits_server, &arena, &out,
                               &err) == BARK_OK);
        CHECK(bark_decode_form(&image, p_QuoteIn_root, none, bark_out_bytes(&out), NULL, &bark_limits_server,
                               &arena, &msg, &err) == BARK_OK);
        const struct p_QuoteIn *got = msg;
        CHECK(got && got->notes.count == 2 && got->sizes.count == 2 && got->sizes.items[1] == 8);
        CHECK(got && bark_text_equal(got->notes.items[0], texts[i]) && got->grams == -3);
        bark_out_init(&out, room, sizeof room);
        CHECK(bark_encode_form(&image, p_StatusIn_root, pattern, &status, &bark_limits_server, &arena, &out,
                               &err) == BARK_OK);
        CHECK(bark_decode_form(&image, p_StatusIn_root, pattern, bark_out_bytes(&out), NULL,
                               &bark_limits_server, &arena, &msg, &err) == BARK_OK);
        CHECK(msg && bark_text_equal(((const struct p_StatusIn *)msg)->place, texts[i]));
    }
}

/* The client asks for the code of HTTP bindings too. */
TEST(client_without)
{
    const struct bark_client_options options = { .url = "http://127.0.0.1:1/x", .image = &image };
    const struct p_LabelIn in = { bark_text("x") };
    const struct p_LabelOut *out;
    struct bark_error err = { 0 };
    struct bark_client *client = bark_client_new(&options, &err);
    CHECK(client && p_ParcelsGet_GetLabel(client, &in, &out, &err) == BARK_ERR_USE && !out);
    bark_client_free(client);
}

/* The policy for unknown parameters. */
TEST(unknown_parameters)
{
    struct bark_unknown unknown = { .policy = BARK_UNKNOWN_COLLECT };
    const struct bark_decode_options options = { .unknown = &unknown };
    const struct bark_slice none = { NULL, 0 };
    struct bark_error err = { 0 };
    void *msg;
    CHECK(bark_decode_form(&image, p_LabelIn_root, none, slice("a=1&text=x&b%20=%2B"), &options,
                           &bark_limits_server, &arena, &msg, &err) == BARK_OK);
    CHECK(msg && bark_text_equal(((const struct p_LabelIn *)msg)->text, "x"));
    CHECK(unknown.count == 2 && unknown.last && bark_text_equal(unknown.last->local, "b ") &&
          bark_text_equal(unknown.last->text, "+") && unknown.last->offset == 11);
    unknown.policy = BARK_UNKNOWN_IGNORE;
    CHECK(bark_decode_form(&image, p_LabelIn_root, none, slice("a=1&text=x"), &options, &bark_limits_server,
                           &arena, &msg, &err) == BARK_OK);
    CHECK(unknown.count == 1 && !unknown.first);
    CHECK(bark_decode_form(&image, p_LabelIn_root, none, slice("a=%00&text=x"), &options, &bark_limits_server,
                           &arena, &msg, &err) == BARK_ERR_UTF8);
    CHECK(!msg && unknown.count == 0);
    CHECK(bark_decode_form(&image, p_Quote_root, none, slice(""), NULL, &bark_limits_server, &arena, &msg,
                           &err) == BARK_ERR_MISSING);
}

TEST(tables_open)
{
    CHECK(ready());
}

TEST_MAIN(RUN(tables_open) RUN(queries) RUN(forms) RUN(multipart_forms) RUN(multipart_limits)
              RUN(multipart_prefixes) RUN(multipart_round_trip) RUN(floods) RUN(no_memory) RUN(round_trips)
                  RUN(unknown_parameters) RUN(client_without))
