/* server/service_test.c - which requests are admitted, judged by their heads alone (rows 35 and 36). */
#include "server/loop.h"
#include "testkit.h"

static const struct bark_service port = { .path = "/t" };
static const struct bark_service *const services[] = { &port };
static const char *const names[] = { "camera.example" };
static struct bark_soap_host host = { .limits = &bark_limits_device,
                                      .services = services,
                                      .service_count = 1,
                                      .host_names = names,
                                      .host_name_count = 1 };

#define TYPE "Content-Type: text/xml\r\n"

static const struct {
    const char *head;
    unsigned status; /* 0: admitted */
} heads[] = {
    { "POST /t HTTP/1.1\r\nHost: 192.0.2.1\r\n" TYPE "\r\n", 0 },
    { "POST /t HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n" TYPE "\r\n", 0 },
    { "POST /t HTTP/1.1\r\nHost: camera.example\r\nContent-Type: Application/SOAP+xml; "
      "charset=\"UTF-8\"\r\n\r\n",
      0 },
    { "POST http://localhost/t HTTP/1.1\r\nHost: localhost\r\n" TYPE "\r\n", 0 },
    { "POST /t HTTP/1.0\r\n" TYPE "\r\n", 0 },
    { "POST /t HTTP/1.1\r\nHost: evil.example\r\n" TYPE "\r\n", 403 },
    { "POST /t HTTP/1.1\r\nHost: camera.example.evil.example\r\n" TYPE "\r\n", 403 },
    { "POST http://evil.example/t HTTP/1.0\r\n" TYPE "\r\n", 403 },
    { "GET /t HTTP/1.1\r\nHost: a.example\r\n\r\n", 403 }, /* nothing is told to a stranger's page */
    { "GET /t HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n", 405 },
    { "HEAD /t HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n", 405 },
    { "OPTIONS /t HTTP/1.1\r\nHost: 192.0.2.1\r\nOrigin: http://evil.example\r\n\r\n", 405 }, /* no CORS */
    { "post /t HTTP/1.1\r\nHost: 192.0.2.1\r\n" TYPE "\r\n", 405 },
    { "POST /t HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n", 415 },
    { "POST /t HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Type: text/plain\r\n\r\n", 415 },
    { "POST /t HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n", 415 },
    { "POST /t HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n", 415 },
    { "POST /t HTTP/1.1\r\nHost: 192.0.2.1\r\nContent-Type: text/xml; charset=utf-16\r\n\r\n", 415 },
};

static unsigned admit(const char *text)
{
    static uint8_t head[4096];
    struct bark_http_reader reader;
    struct bark_refusal refusal;
    struct bark_route route;
    struct bark_slice in = { (const uint8_t *)text, strlen(text) }, body;
    struct bark_error err = { 0 };
    bark_http_reader_init(&reader, BARK_HTTP_REQUEST, &bark_limits_device, head, sizeof head);
    if (bark_http_read(&reader, &in, &body, &err) != BARK_HTTP_HEAD)
        return reader.status;
    bark_soap_host_admit(&host, &reader, &route, &refusal);
    CHECK_IN(text, (refusal.status == 0) == (refusal.rule == NULL));
    CHECK_IN(text, (refusal.status == 405) == (refusal.allow != NULL));
    return refusal.status;
}

TEST(requests_are_judged_by_their_heads)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        CHECK_IN(heads[i].head, admit(heads[i].head) == heads[i].status);
}

/* Thirty other spellings of the one path there is: none is it. */
static const char *const paths[] = {
    "/",
    "//t",
    "/t/",
    "/t//",
    "/./t",
    "/../t",
    "/x/../t",
    "/t/.",
    "/t/..",
    "/%74",
    "/%2ft",
    "/t%00",
    "/t%20",
    "/t?",
    "/t?wsdl",
    "/t;x",
    "/t%2e",
    "/T",
    "/t.",
    "/t%",
    "/t%zz",
    "/t\\",
    "\\t",
    "t",
    "*",
    "/t#x",
    "/..%2ft",
    "/%2e%2e/t",
    "/%252e/t",
    "/..;/t",
    "/t%c0%af",
    "http://192.0.2.1//t",
    "http://192.0.2.1",
};

TEST(a_path_matches_exactly_or_not_at_all)
{
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char text[256];
        unsigned status;
        snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: 192.0.2.1\r\n" TYPE "\r\n", paths[i]);
        status = admit(text);
        CHECK_IN(paths[i], status == 404 || status == 400);
    }
}

TEST_MAIN(RUN(requests_are_judged_by_their_heads) RUN(a_path_matches_exactly_or_not_at_all))
