/* http/write_test.c - heads as they go out, and what the writers refuse; hosts, URLs. */
#include "soapbark/http.h"
#include "testkit.h"

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

TEST(answer_head)
{
    char text[256];
    struct bark_out o;
    bark_out_init(&o, text, sizeof text - 1);
    bark_http_answer_write(&o, &(struct bark_http_answer){ .status = 405,
                                                           .content_type = "text/plain",
                                                           .content_length = 12,
                                                           .allow = "POST",
                                                           .now_ns = UINT64_C(784111777) * 1000000000u,
                                                           .close = true });
    CHECK(bark_out_ok(&o));
    text[o.pos] = '\0';
    CHECK_TEXT(text, "HTTP/1.1 405 Method Not Allowed\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                     "Content-Type: text/plain\r\nContent-Length: 12\r\nAllow: POST\r\n"
                     "Connection: close\r\n\r\n");
}

static const struct {
    uint64_t seconds;
    const char *text;
} dates[] = {
    { 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
    { 784111777, "Sun, 06 Nov 1994 08:49:37 GMT" }, /* the example of [RFC9110 5.6.7] */
    { 951782399, "Mon, 28 Feb 2000 23:59:59 GMT" },
    { 951782400, "Tue, 29 Feb 2000 00:00:00 GMT" },
    { 951868800, "Wed, 01 Mar 2000 00:00:00 GMT" },
    { 1735689599, "Tue, 31 Dec 2024 23:59:59 GMT" },
    { 4107542400, "Mon, 01 Mar 2100 00:00:00 GMT" }, /* 2100 has no leap day */
};

TEST(dates)
{
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char text[64];
        struct bark_out o;
        bark_out_init(&o, text, sizeof text - 1);
        bark_http_date_write(&o, dates[i].seconds * 1000000000u);
        text[o.pos] = '\0';
        CHECK_TEXT(text, dates[i].text);
    }
}

/* Row 32: every byte in a value; what a head may not hold makes the output fail and writes nothing. */
TEST(field_values_cannot_open_a_line)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t value[3] = { 'a', (uint8_t)byte, 'b' };
        char text[64], name[4] = { 'a', (char)byte, 'b', '\0' };
        bool legal = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
        struct bark_out o;
        bark_out_init(&o, text, sizeof text);
        bark_http_field_write(&o, "X", (struct bark_slice){ value, 3 });
        CHECK(bark_out_ok(&o) == legal);
        CHECK(o.pos == (legal ? 8u : 0u));
        bark_out_init(&o, text, sizeof text);
        bark_http_field_write(&o, name, slice("v"));
        CHECK(bark_out_ok(&o) ==
              (byte == 0 || (byte > 0x20 && byte < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", (int)byte))));
        bark_out_init(&o, text, sizeof text);
        bark_http_request_line_write(&o, "POST", (struct bark_slice){ value, 3 });
        CHECK(bark_out_ok(&o) == (byte > 0x20 && byte < 0x7f && !strchr("\"#<>[\\]^`{|}", (int)byte)));
    }
}

TEST(a_failed_head_stays_failed)
{
    char text[256];
    struct bark_out o;
    bark_out_init(&o, text, sizeof text);
    bark_http_answer_write(&o, &(struct bark_http_answer){ .status = 200, .content_type = "a\r\nX: y" });
    CHECK(!bark_out_ok(&o));
    bark_out_init(&o, text, 20);
    bark_http_answer_write(&o, &(struct bark_http_answer){ .status = 200 });
    CHECK(!bark_out_ok(&o));
    bark_out_init(&o, text, sizeof text);
    bark_http_status_line_write(&o, 1000);
    CHECK(!bark_out_ok(&o));
    bark_out_init(&o, text, sizeof text);
    bark_http_request_line_write(&o, "PO ST", slice("/"));
    CHECK(!bark_out_ok(&o));
}

static const struct {
    const char *host;
    bool allowed;
} hosts[] = {
    { "192.0.2.1", true },
    { "192.0.2.1:8080", true },
    { "[2001:db8::1]", true },
    { "[::ffff:192.0.2.1]:80", true },
    { "localhost", true },
    { "LocalHost:80", true },
    { "camera.example", true },
    { "CAMERA.example:80", true },
    { "", false },
    { "evil.example", false },
    { "camera.example.evil.example", false },
    { "xcamera.example", false },
    { "localhost.evil.example", false },
    { "192.0.2.1.evil.example", false },
    { "192.0.2", false },
    { "192.0.2.256", false },
    { "192.0.2.01", false },
    { "3221225985", false },
    { "0xc0.0.2.1", false },
    { "[evil.example]", false },
    { "[::1", false },
    { "[::1]x", false },
    { "localhost:", false },
    { "localhost:99999", false },
    { "user@localhost", false },
};

TEST(hosts_of_strangers_are_refused)
{
    static const char *const names[] = { "camera.example" };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        CHECK_IN(hosts[i].host, bark_http_host_allowed(slice(hosts[i].host), names, 1) == hosts[i].allowed);
}

static const struct {
    const char *text, *host, *target;
    unsigned port; /* 0: refused */
} urls[] = {
    { "http://h", "h", "/", 80 },
    { "HTTP://h:8080/a/b?c=%20", "h", "/a/b?c=%20", 8080 },
    { "https://[::1]/x", "::1", "/x", 443 },
    { "http://[::1]:1/", "::1", "/", 1 },
    { "ftp://h/", "", "", 0 },
    { "h:80/x", "", "", 0 },
    { "http:///x", "", "", 0 },
    { "http://u:p@h/", "", "", 0 },
    { "http://h/#f", "", "", 0 },
    { "http://h?q", "", "", 0 },
    { "http://h:0/", "", "", 0 },
    { "http://h/a b", "", "", 0 },
    { "http://h/a\r\nX: y", "", "", 0 },
    { "http://h\r\n/", "", "", 0 },
    { "http", "", "", 0 },
    { "", "", "", 0 },
};

TEST(urls_are_taken_apart)
{
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        const char *text = urls[i].text;
        struct bark_http_url url;
        struct bark_error err = { 0 };
        enum bark_code code = bark_http_url_read(slice(text), &url, &err);
        CHECK_IN(text, (code == BARK_OK) == (urls[i].port != 0) && url.port == urls[i].port);
        CHECK_IN(text, (code == BARK_OK) == (err.rule == NULL));
        CHECK_IN(text, url.host.len == strlen(urls[i].host) && url.target.len == strlen(urls[i].target));
        if (code == BARK_OK) {
            CHECK_IN(text, memcmp(url.host.ptr, urls[i].host, url.host.len) == 0);
            CHECK_IN(text, memcmp(url.target.ptr, urls[i].target, url.target.len) == 0);
        }
    }
}

TEST(chunks)
{
    static const uint64_t lengths[] = { 1, 15, 16, 255, 4096, UINT64_MAX, 0 };
    char text[256];
    struct bark_out o;
    bark_out_init(&o, text, sizeof text - 1);
    bark_http_answer_write(&o,
                           &(struct bark_http_answer){ .status = 200, .content_length = 9, .chunked = true });
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        bark_http_chunk_write(&o, lengths[i]);
    text[o.pos] = '\0';
    CHECK(bark_out_ok(&o));
    CHECK_TEXT(
        text,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\r\nf\r\n\r\n10\r\n\r\nff\r\n\r\n1000\r\n"
        "\r\nffffffffffffffff\r\n\r\n0\r\n\r\n");
    bark_out_init(&o, text, sizeof text - 1);
    bark_http_answer_write(&o,
                           &(struct bark_http_answer){ .status = 200, .until_close = true, .close = true });
    text[o.pos] = '\0';
    CHECK_TEXT(text, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

TEST_MAIN(RUN(answer_head) RUN(chunks) RUN(dates) RUN(field_values_cannot_open_a_line)
              RUN(a_failed_head_stays_failed) RUN(hosts_of_strangers_are_refused) RUN(urls_are_taken_apart))
