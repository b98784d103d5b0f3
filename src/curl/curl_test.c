/* curl/curl_test.c - what must not reach libcurl: fields with more than a field in them. What libcurl and its
 * peers do is in tests/client/curl_test.py.
 */
#include "client/exchange.h"
#include "soapbark/curl.h"
#include "testkit.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

static const struct bark_limits limits = {
    .body_bytes = 64, .reply_bytes = 4096, .http_headers = 8, .http_head_bytes = 512
};

/* A request by libcurl to a socket that listens and never answers: how begin() judges it. */
static enum bark_code begin(const struct bark_listener *listener, struct bark_exchange_request *request)
{
    struct bark_error err = { 0 };
    struct bark_curl *curl = bark_curl_new(NULL, &err);
    struct bark_exchange_options options = { .limits = &limits, .carrier = bark_curl_carrier(curl) };
    struct bark_exchange x;
    struct bark_exchange_answer answer;
    uint8_t message[256 + 5] = { 0 };
    char url[64];
    enum bark_code code;
    snprintf(url, sizeof url, "http://127.0.0.1:%u/s?q", bark_net_address_port(&listener->bound));
    options.url = url;
    request->room = message;
    request->room_len = 256;
    request->body_len = 5;
    request->deadline_ns = bark_net_monotonic_ns() + UINT64_C(60000000000);
    CHECK(bark_exchange_open_with(&x, &options, &err) == BARK_OK);
    code = bark_exchange_begin(&x, request, &err);
    CHECK(code == err.code);
    if (code == BARK_OK)
        CHECK(bark_exchange_step(&x, &answer, &err) == BARK_MORE);
    else
        CHECK(bark_exchange_step(&x, &answer, &err) == BARK_ERR_USE);
    bark_exchange_close(&x);
    bark_curl_free(curl);
    return code;
}

TEST(no_field_ends_another)
{
    static const char *const texts[] = { "\"urn:a\r\nX: y\"", "\"urn:a\nX: y\"", "\"urn:a\rX: y\"", "a\x01",
                                         "a\x7F" };
    struct bark_error err = { 0 };
    struct bark_listener listener;
    CHECK(bark_net_listen("127.0.0.1:0", 0, &listener, &err) == BARK_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct bark_slice value = { (const uint8_t *)texts[i], strlen(texts[i]) };
        struct bark_exchange_request action = { .content_type = "text/xml", .action = texts[i] };
        struct bark_exchange_request type = { .content_type = texts[i] };
        struct bark_exchange_request who = { .content_type = "text/xml", .authorization = value };
        CHECK(begin(&listener, &action) == BARK_ERR_USE);
        CHECK(begin(&listener, &type) == BARK_ERR_USE);
        CHECK(begin(&listener, &who) == BARK_ERR_USE);
    }
    CHECK(accept(listener.fd, NULL, NULL) < 0); /* nothing came here */
    struct bark_exchange_request fine = { .content_type = "text/xml", .action = "\"urn:a\"" };
    CHECK(begin(&listener, &fine) == BARK_OK);
    bark_net_listen_close(&listener, false);
}

TEST(options_are_judged)
{
    static const struct {
        struct bark_curl_options options;
        bool fine;
    } cases[] = { { { 0 }, true },
                  { { .proxy = "socks5h://[::1]:1080" }, true },
                  { { .proxy = "https://proxy.example:8443", .proxy_user = "a", .proxy_password = "b" },
                    true },
                  { { .proxy = "proxy.example:8080" }, false },
                  { { .proxy = "http://a:b@proxy.example" }, false },
                  { { .proxy = "http://proxy.example\r\nX:1" }, false },
                  { { .proxy_user = "a", .proxy_password = "b" }, false },
                  { { .proxy = "http://p:1", .proxy_user = "a" }, false },
                  { { .certificate_file = "a" }, false },
                  { { .http = (enum bark_curl_http)3 }, false } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bark_error err = { 0 };
        struct bark_curl *curl = bark_curl_new(&cases[i].options, &err);
        CHECK((curl != NULL) == cases[i].fine);
        CHECK(err.code == (cases[i].fine ? BARK_OK : BARK_ERR_USE));
        bark_curl_free(curl);
    }
    CHECK(strncmp(bark_curl_version(), "libcurl/", 8) == 0);
}

TEST_MAIN(RUN(no_field_ends_another) RUN(options_are_judged))
