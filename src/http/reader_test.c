/* http/reader_test.c - requests and answers as texts, in every delivery. */
#include "http_replay.h"

#define HOST "Host: a\r\n"

static const struct {
    const char *name, *text;
    unsigned status; /* 0: accepted */
    const char *path, *body;
    bool keep_alive;
} requests[] = {
    { "get", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, "/", "", true },
    { "blank line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, "/", "", true },
    { "length", "POST /s HTTP/1.1\r\nHost: a:80\r\nContent-Length: 3\r\n\r\nabc", 0, "/s", "abc", true },
    { "length with zeros", "POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 0003\r\n\r\nabc", 0, "/s", "abc",
      true },
    { "length 0", "POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 0, "/s", "", true },
    { "field names in any case", "POST /s HTTP/1.1\r\nhOST:a\r\ncOnTeNt-LeNgTh:\t3 \t\r\n\r\nabc", 0, "/s",
      "abc", true },
    { "chunked",
      "POST /s HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0A\r\n0123456789\r\n"
      "0\r\n\r\n",
      0, "/s", "abc0123456789", true },
    { "chunk extension",
      "POST /s HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
      "1;a=b;c=\"d;\"\r\nx\r\n000;e\r\n\r\n",
      0, "/s", "x", true },
    { "trailers",
      "POST /s HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
      "Content-Length: 7\r\nX:\r\n\r\n",
      0, "/s", "x", true },
    { "close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: te, Close\r\n\r\n", 0, "/", "", false },
    { "close in a second field", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection:close\r\n\r\n", 0,
      "/", "", false },
    { "version 1.0", "GET / HTTP/1.0\r\n\r\n", 0, "/", "", false },
    { "version 1.0 never stays open", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 0, "/", "", false },
    { "absolute form", "GET http://A:81/x/y?z HTTP/1.1\r\nHost: a:81\r\n\r\n", 0, "/x/y", "", true },
    { "absolute form, no path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", 0, "/", "", true },
    { "address as host", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0, "/", "", true },
    { "escapes stay", "GET /%2e%2E/a%00 HTTP/1.1\r\nHost: a\r\n\r\n", 0, "/%2e%2E/a%00", "", true },
    { "bytes above 127 in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \xc3\xa4\xff\r\n\r\n", 0, "/", "",
      true },

    { "not http", "\x16\x03\x01", 400, "", "", false },
    { "two blank lines before", "\r\n\r\nGET / HTTP/1.1\r\n", 400, "", "", false },
    { "bare LF after the start line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, "", "", false },
    { "bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400, "", "", false },
    { "bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, "", "", false },
    { "bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400, "", "", false },
    { "two CR", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n", 400, "", "", false },
    { "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "", "", false },
    { "no version", "GET /\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "version 2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "", "", false },
    { "version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "", "", false },
    { "method is no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "target without a slash", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "broken escape", "GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "broken escape 2", "GET /%g0 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "target byte above 127", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "no host", "GET / HTTP/1.1\r\n\r\n", 400, "", "", false },
    { "two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400, "", "", false },
    { "host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, "", "", false },
    { "host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "", "", false },
    { "host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "", "", false },
    { "host port 0", "GET / HTTP/1.1\r\nHost: a:0\r\n\r\n", 400, "", "", false },
    { "host port 65536", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400, "", "", false },
    { "absolute form, other host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "", "", false },
    { "absolute form, bad host, 1.0", "GET http://b@c/ HTTP/1.0\r\n\r\n", 400, "", "", false },
    { "folded field", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n", 400, "", "", false },
    { "white space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "", "", false },
    { "empty field name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400, "", "", false },
    { "no colon", "GET / HTTP/1.1\r\nHost: a\r\nfoo\r\n\r\n", 400, "", "", false },
    { "content type twice", "GET / HTTP/1.1\r\nHost: a\r\nContent-Type: a\r\nContent-Type: a\r\n\r\n", 400,
      "", "", false },
    { "action twice", "GET / HTTP/1.1\r\nHost: a\r\nSOAPAction: a\r\nSOAPAction: b\r\n\r\n", 400, "", "",
      false },
    { "expectation unknown", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", 417, "", "", false },
    { "length over the cap", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n", 413, "", "",
      false },
    { "length of 1 TB", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1099511627776\r\n\r\n", 413, "", "",
      false },
    { "length of 2^64", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n", 413, "",
      "", false },
};

TEST(requests)
{
    static struct replay got;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const char *name = requests[i].name;
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, name, requests[i].text, strlen(requests[i].text));
        if (requests[i].status) {
            CHECK_IN(name, got.last == BARK_HTTP_REFUSED && got.status == requests[i].status);
            CHECK_IN(name, got.error.code != BARK_OK && got.error.rule != NULL);
            continue;
        }
        CHECK_IN(name, got.last == BARK_HTTP_END && got.error.code == BARK_OK);
        CHECK_IN(name, got.consumed == strlen(requests[i].text));
        CHECK_IN(name, strcmp(got.path, requests[i].path) == 0);
        CHECK_IN(name, got.body_len == strlen(requests[i].body) &&
                           memcmp(got.body, requests[i].body, got.body_len) == 0);
        CHECK_IN(name, got.keep_alive == requests[i].keep_alive);
    }
}

static const struct {
    const char *name, *text;
    unsigned status, refused;
    const char *body;
    bool keep_alive;
} answers[] = {
    { "length", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, 0, "hi", true },
    { "empty reason", "HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n", 500, 0, "", true },
    { "chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", 200, 0, "hi",
      true },
    { "no content", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, 0, "", true },
    { "continue", "HTTP/1.1 100 Continue\r\n\r\n", 100, 0, "", true },
    { "1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, 0, "hi", false },
    { "both", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 400, "",
      false },
    { "two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi", 0, 400, "",
      false },
    { "blank line before", "\r\nHTTP/1.1 200 OK\r\n\r\n", 0, 400, "", false },
    { "no space after the status", "HTTP/1.1 200\r\n\r\n", 0, 400, "", false },
    { "status of two digits", "HTTP/1.1 20 OK\r\n\r\n", 0, 400, "", false },
    { "status 600", "HTTP/1.1 600 x\r\n\r\n", 0, 400, "", false },
    { "control byte in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n", 0, 400, "", false },
    { "over the cap", "HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n", 0, 413, "", false },
};

TEST(answers)
{
    static struct replay got;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const char *name = answers[i].name;
        replay_all(&got, BARK_HTTP_RESPONSE, &replay_limits, name, answers[i].text, strlen(answers[i].text));
        CHECK_IN(name, got.status == answers[i].refused);
        CHECK_IN(name, got.response_status == answers[i].status);
        CHECK_IN(name, got.last == (answers[i].refused ? BARK_HTTP_REFUSED : BARK_HTTP_END));
        CHECK_IN(name, got.body_len == strlen(answers[i].body) &&
                           memcmp(got.body, answers[i].body, got.body_len) == 0);
        CHECK_IN(name, got.keep_alive == answers[i].keep_alive);
    }
}

/* [RFC9112 6.3] rule 8: neither length nor chunks; the close ends it, and every other close is an error. */
TEST(close_ends_an_answer_only_where_it_may)
{
    uint8_t head[256];
    struct bark_http_reader r;
    struct bark_slice in = { (const uint8_t *)"HTTP/1.1 200 OK\r\n\r\nhello", 24 }, body;
    struct bark_error err = { 0 };
    bark_http_reader_init(&r, BARK_HTTP_RESPONSE, &replay_limits, head, sizeof head);
    CHECK(bark_http_read_close(&r, &err) == BARK_OK);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_HEAD);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_BODY && body.len == 5);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_MORE);
    CHECK(bark_http_read_close(&r, &err) == BARK_OK);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_END && !r.message.keep_alive);
    bark_http_reader_next(&r);
    in = (struct bark_slice){ (const uint8_t *)"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 43 };
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_HEAD);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_BODY);
    CHECK(bark_http_read_close(&r, &err) == BARK_ERR_HTTP && err.offset == 43);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_REFUSED);
}

TEST(pipelined_requests_come_in_order)
{
    static const char text[] = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxy"
                               "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                               "GET /c HTTP/1.1\r\nHost: h\r\n\r\n";
    uint8_t head[256];
    struct bark_http_reader r;
    struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 }, body;
    struct bark_error err = { 0 };
    bark_http_reader_init(&r, BARK_HTTP_REQUEST, &replay_limits, head, sizeof head);
    for (const char *path = "abc"; *path; path++) {
        CHECK(bark_http_reader_idle(&r));
        CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_HEAD);
        CHECK(!bark_http_reader_idle(&r));
        CHECK(r.message.path.len == 2 && r.message.path.ptr[1] == *path);
        while (bark_http_read(&r, &in, &body, &err) == BARK_HTTP_BODY)
            CHECK(body.len == 2);
        CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_END);
        bark_http_reader_next(&r);
    }
    CHECK(in.len == 0);
}

TEST(fields_can_be_looked_up)
{
    static const char text[] = "GET /a?q=1 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a:  2 \r\nEmpty:\r\n\r\n";
    uint8_t head[256];
    struct bark_http_reader r;
    struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 }, value;
    struct bark_error err = { 0 };
    bark_http_reader_init(&r, BARK_HTTP_REQUEST, &replay_limits, head, sizeof head);
    CHECK(bark_http_read(&r, &in, &value, &err) == BARK_HTTP_HEAD);
    CHECK(bark_http_field(&r, "X-a", &value) == 2 && value.len == 1 && value.ptr[0] == '1');
    CHECK(bark_http_field(&r, "empty", &value) == 1 && value.len == 0 && value.ptr != NULL);
    CHECK(bark_http_field(&r, "absent", &value) == 0 && value.ptr == NULL);
    CHECK(r.message.query.len == 3 && r.message.field_count == 4);
}

/* One filler of n bytes between two texts. */
static size_t text_fill(char *text, const char *before, size_t n, char filler, const char *after)
{
    size_t len = strlen(before);
    memcpy(text, before, len);
    memset(text + len, filler, n);
    memcpy(text + len + n, after, strlen(after));
    return len + n + strlen(after);
}

/* A construct of n bytes is taken at its limit and refused one past it; more than that changes nothing. */
static void limit_check(const char *name, const char *before, size_t at_limit, char filler, const char *after,
                        unsigned refusal)
{
    static char text[REPLAY_INPUT];
    static struct replay got;
    for (size_t n = at_limit - 1; n <= at_limit + 1; n++) {
        size_t len = text_fill(text, before, n, filler, after);
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, name, text, len);
        if (n <= at_limit)
            CHECK_IN(name, got.last == BARK_HTTP_END && got.consumed == len);
        else
            CHECK_IN(name, got.last == BARK_HTTP_REFUSED && got.status == refusal);
    }
    replay_play(&got, BARK_HTTP_REQUEST, &replay_limits, text,
                text_fill(text, before, REPLAY_INPUT - 512, filler, ""), REPLAY_INPUT, REPLAY_INPUT);
    CHECK_IN(name, got.last == BARK_HTTP_REFUSED && got.consumed < 2048);
}

TEST(limits_stop_every_endless_construct)
{
    static const char chunked[] = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    static const char last[] = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA:";
    static const char rest[] = "\r\n\r\n";
    size_t head = replay_limits.http_head_bytes;
    limit_check("target", "GET /", head - 5 - 22, 'a', " HTTP/1.1\r\nHost: a\r\n\r\n", 431);
    limit_check("field name", "GET / HTTP/1.1\r\nHost: a\r\n", head - 25 - 5, 'a', ":\r\n\r\n", 431);
    limit_check("field value", "GET / HTTP/1.1\r\nHost: a\r\nX:", head - 27 - 4, 'a', rest, 431);
    limit_check("extension", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0;", head - 2,
                'a', rest, 431);
    limit_check("trailer", last, head - 2 - 2, 'a', rest, 431);
    limit_check("size digits", chunked, 16, '0', rest, 400);
}

TEST(past_2026_0919)
{
    static struct replay got;
    static char text[REPLAY_INPUT];
    size_t len = text_fill(text, "GET /", 4000, 'a', " HTTP/1.1\r\nHost: a\r\n\r\n");
    replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, "long target", text, len);
    CHECK(got.last == BARK_HTTP_REFUSED && got.status == 414 &&
          got.consumed == replay_limits.http_head_bytes);
}

/* Headers at the limit, one more, for heads and for trailers. */
static void header_count_check(const char *before, const char *field, unsigned already)
{
    static char text[REPLAY_INPUT];
    static struct replay got;
    for (unsigned n = replay_limits.http_headers - 1; n <= replay_limits.http_headers + 1; n++) {
        size_t len = strlen(before);
        memcpy(text, before, len);
        for (unsigned i = already; i < n; i++) {
            memcpy(text + len, field, strlen(field));
            len += strlen(field);
        }
        memcpy(text + len, "\r\n", 2);
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, before, text, len + 2);
        if (n <= replay_limits.http_headers)
            CHECK_IN(before, got.last == BARK_HTTP_END);
        else
            CHECK_IN(before, got.last == BARK_HTTP_REFUSED && got.status == 431);
    }
}

TEST(past_2020_27539)
{
    header_count_check("GET / HTTP/1.1\r\nHost: a\r\n", "X:y\r\n", 1);
    header_count_check("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X:y\r\n", 0);
}

TEST(past_2026_57878)
{
    static char text[REPLAY_INPUT];
    static struct replay got;
    for (unsigned byte = 0; byte < 256; byte++) { /* every byte at every place of a small request */
        static const char request[] = "POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
        for (size_t at = 0; at < sizeof request - 1; at++) {
            memcpy(text, request, sizeof request - 1);
            text[at] = (char)byte;
            replay_play(&got, BARK_HTTP_REQUEST, &replay_limits, text, sizeof request - 1, 7, 5);
            CHECK(got.last != BARK_HTTP_END || got.body_len <= 9);
            CHECK(got.last != BARK_HTTP_REFUSED || (got.status >= 400 && got.error.rule));
        }
    }
}

/* The announced length allocates nothing and is judged before a byte of the body is read. */
TEST(past_2026_0918)
{
    static struct replay got;
    static const char text[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4294967297\r\n\r\nx";
    replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, "length", text, sizeof text - 1);
    CHECK(got.last == BARK_HTTP_REFUSED && got.status == 413 && got.body_len == 0);
    CHECK(got.consumed == sizeof text - 2);
}

/* A body ends where its length says; what follows is the next message, however much of it comes along. */
TEST(past_2026_34118)
{
    static struct replay got;
    static char text[REPLAY_INPUT];
    size_t len = text_fill(text, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", 9000, 'x', "");
    replay_play(&got, BARK_HTTP_REQUEST, &replay_limits, text, len, 50, 7);
    CHECK(got.last == BARK_HTTP_END && got.body_len == 3 && memcmp(got.body, "abc", 3) == 0);
    CHECK(got.consumed == len - 9000);
}

/* A credential has no buffer of its own, so none that it could overrun. */
TEST(past_2026_1871)
{
    size_t head = replay_limits.http_head_bytes;
    limit_check("authorization", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ", head - 46 - 4, 'A',
                "\r\n\r\n", 431);
}

/* What is left is computed, never counted down past zero: chunks up to the limit, then one byte more. */
TEST(past_2026_119756)
{
    static struct replay got;
    static char text[REPLAY_INPUT];
    for (unsigned more = 0; more < 2; more++) {
        size_t len =
            text_fill(text, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3ff\r\n", 1023,
                      'x', more ? "\r\n2\r\nyy\r\n0\r\n\r\n" : "\r\n1\r\ny\r\n0\r\n\r\n");
        replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, "chunks", text, len);
        CHECK(got.last == (more ? BARK_HTTP_REFUSED : BARK_HTTP_END));
        CHECK(got.status == (more ? 413 : 0) && got.body_len == (more ? 1023u : 1024u));
    }
}

/* Body growth is bounded by subtraction from the limit, never by a sum that could wrap. */
TEST(past_2025_14181)
{
    static struct replay got;
    struct bark_limits limits = replay_limits;
    static const char text[] =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nffffffffffffffff\r\nb";
    limits.body_bytes = UINT64_MAX;
    replay_all(&got, BARK_HTTP_RESPONSE, &limits, "chunk sum", text, sizeof text - 1);
    CHECK(got.last == BARK_HTTP_REFUSED && got.status == 413 && got.body_len == 1);
}

/* A limit that the head decides: of a length, and of chunks wherever they are. */
TEST(a_body_may_get_another_limit)
{
    static const struct {
        const char *head, *body;
        uint64_t max;
        bool fits;
    } rows[] = {
        { "Content-Length: 10", "", 10, true },
        { "Content-Length: 10", "", 9, false },
        { "Transfer-Encoding: chunked", "", 0, true },
        { "Transfer-Encoding: chunked", "a", 10, true },
        { "Transfer-Encoding: chunked", "a", 9, false },
        { "Transfer-Encoding: chunked", "a;x", 9, false },
        { "Transfer-Encoding: chunked", "a\r\n01234", 10, true },
        { "Transfer-Encoding: chunked", "a\r\n01234", 9, false },
        { "Transfer-Encoding: chunked", "5\r\n01234\r\n5", 10, true },
        { "Transfer-Encoding: chunked", "5\r\n01234\r\n5", 9, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t head[256];
        char text[256];
        struct bark_http_reader r;
        struct bark_slice in = { (const uint8_t *)text, 0 }, body;
        struct bark_error err = { 0 };
        enum bark_http_event event = BARK_HTTP_HEAD;
        in.len = (size_t)snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n%s",
                                  rows[i].head, rows[i].body);
        bark_http_reader_init(&r, BARK_HTTP_REQUEST, &replay_limits, head, sizeof head);
        while (event == BARK_HTTP_HEAD || event == BARK_HTTP_BODY)
            event = bark_http_read(&r, &in, &body, &err);
        CHECK_IN(rows[i].body, event == BARK_HTTP_MORE);
        CHECK_IN(rows[i].body, (bark_http_body_limit(&r, rows[i].max, &err) == BARK_OK) == rows[i].fits);
        CHECK_IN(rows[i].body, rows[i].fits || (r.status == 413 && err.code == BARK_ERR_LIMIT));
        CHECK_IN(rows[i].body, rows[i].fits || bark_http_read(&r, &in, &body, &err) == BARK_HTTP_REFUSED);
    }
}

/* A stream exactly as long as its buffer: one byte more is refused, none is written past. */
TEST(past_axis2c_1635)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    uint8_t *head = malloc(sizeof text - 1); /* its own allocation, so that a sanitizer sees its end */
    struct bark_http_reader r;
    struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 }, body;
    struct bark_error err = { 0 };
    bark_http_reader_init(&r, BARK_HTTP_REQUEST, &replay_limits, head, sizeof text - 1);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_HEAD);
    in = (struct bark_slice){ (const uint8_t *)text, sizeof text - 1 };
    bark_http_reader_init(&r, BARK_HTTP_REQUEST, &replay_limits, head, sizeof text - 2);
    CHECK(bark_http_read(&r, &in, &body, &err) == BARK_HTTP_REFUSED && r.status == 431);
    free(head);
}

/* Found by fuzzing: how much is handed out before the refusal must not depend on the pieces. */
TEST(a_body_until_the_close_stops_at_the_limit)
{
    static struct replay got;
    static char text[REPLAY_INPUT];
    for (size_t n = 1023; n <= 1025; n++) {
        size_t len = text_fill(text, "HTTP/1.1 200 OK\r\n\r\n", n, 'x', "");
        replay_all(&got, BARK_HTTP_RESPONSE, &replay_limits, "until the close", text, len);
        CHECK(got.last == (n > 1024 ? BARK_HTTP_REFUSED : BARK_HTTP_MORE) &&
              got.body_len == (n > 1024 ? 1024 : n));
    }
}

/* Feeds one piece again and again; the bytes of body that came out. A span is never copied, so 5 GiB take no
 * time. */
static uint64_t body_stream(struct bark_http_reader *r, uint64_t bytes, enum bark_http_event *event)
{
    static uint8_t piece[1 << 20];
    struct bark_error err = { 0 };
    uint64_t got = 0;
    *event = BARK_HTTP_MORE;
    while (bytes > 0 && *event != BARK_HTTP_REFUSED && *event != BARK_HTTP_END) {
        size_t len = bytes < sizeof piece ? (size_t)bytes : sizeof piece;
        struct bark_slice in = { piece, len }, body;
        bytes -= len;
        do {
            *event = bark_http_read(r, &in, &body, &err);
            got += body.len;
        } while (*event == BARK_HTTP_BODY);
    }
    return got;
}

static const struct {
    const char *name, *head;
    enum bark_http_role role;
    enum bark_http_event last; /* after exactly that many bytes */
} giants[] = {
    { "length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5368709121\r\n\r\n", BARK_HTTP_REQUEST,
      BARK_HTTP_END },
    { "chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n140000001\r\n",
      BARK_HTTP_REQUEST, BARK_HTTP_MORE },
    { "close", "HTTP/1.1 200 OK\r\n\r\n", BARK_HTTP_RESPONSE, BARK_HTTP_MORE },
};

/* Past every counter of 32 bits, with limits that let them through and with limits one byte short. */
TEST(bodies_past_4_gib_are_counted_right)
{
    const uint64_t bytes = 5u * (UINT64_C(1) << 30) + 1;
    struct bark_limits limits = replay_limits;
    for (size_t i = 0; i < 2 * (sizeof giants / sizeof *giants); i++) {
        const char *text = giants[i / 2].head;
        struct bark_slice in = { (const uint8_t *)text, strlen(text) }, body;
        struct bark_error err = { 0 };
        struct bark_http_reader r;
        static uint8_t head[1024];
        enum bark_http_event event;
        uint64_t got = 0;
        limits.body_bytes = bytes - i % 2;
        bark_http_reader_init(&r, giants[i / 2].role, &limits, head, sizeof head);
        event = bark_http_read(&r, &in, &body, &err);
        if (event == BARK_HTTP_HEAD && in.len > 0)
            event = bark_http_read(&r, &in, &body, &err); /* the chunk's size */
        if (event != BARK_HTTP_REFUSED)
            got = body_stream(&r, bytes, &event);
        if (i % 2 == 0)
            CHECK_IN(giants[i / 2].name, event == giants[i / 2].last && got == bytes);
        else
            CHECK_IN(giants[i / 2].name, event == BARK_HTTP_REFUSED && r.status == 413 && got < bytes);
    }
}

TEST(errors_have_line_and_column)
{
    static struct replay got;
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ab\x01\r\n\r\n";
    replay_all(&got, BARK_HTTP_REQUEST, &replay_limits, "place", text, sizeof text - 1);
    CHECK(got.error.line == 3 && got.error.column == 6 && got.error.offset == 30);
}

TEST_MAIN(RUN(requests) RUN(answers) RUN(close_ends_an_answer_only_where_it_may)
              RUN(pipelined_requests_come_in_order) RUN(fields_can_be_looked_up)
                  RUN(limits_stop_every_endless_construct) RUN(past_2026_0919) RUN(past_2020_27539)
                      RUN(past_2026_57878) RUN(past_2026_0918) RUN(past_2026_34118) RUN(past_2026_1871)
                          RUN(past_2026_119756) RUN(past_2025_14181) RUN(past_axis2c_1635)
                              RUN(a_body_until_the_close_stops_at_the_limit) RUN(a_body_may_get_another_limit)
                                  RUN(bodies_past_4_gib_are_counted_right) RUN(errors_have_line_and_column))
