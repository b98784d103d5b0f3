/* client/exchange_test.c - the client against a server that plays a script: whole answers, cut ones, none.
 *
 * The server is a thread with a listening socket. For each connection it reads requests of a known length and
 * sends what the script says, byte by byte when asked to.
 */
#define _GNU_SOURCE
#include "client/exchange.h"
#include "testkit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { ACTS_MAX = 4 };

/* What one connection is given: an answer a request, then the close. */
struct act {
    const char *answers[3]; /* ends at NULL; an empty answer closes at once */
    bool hold; /* keep the connection open after the last answer until the peer closes */
};

struct stage {
    struct act acts[ACTS_MAX]; /* one a connection; ends at an act without answers */
    bool bytewise;
    int fd;
    unsigned connections, requests;
    size_t first_request_len;
    char first_request[512];
};

static const struct bark_limits limits = {
    .body_bytes = 64, .reply_bytes = 4096, .http_headers = 8, .http_head_bytes = 512
};

/* Reads one request: its head and its body of five bytes. */
static bool request_take(struct stage *stage, int fd)
{
    char text[512];
    size_t len = 0;
    for (;;) {
        ssize_t n = recv(fd, text + len, sizeof text - 1 - len, 0);
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        if (end && len - (size_t)(end - text) >= 9)
            break;
    }
    if (stage->requests++ == 0) {
        memcpy(stage->first_request, text, len + 1);
        stage->first_request_len = len;
    }
    return true;
}

static void answer_play(const struct stage *stage, int fd, const char *text)
{
    size_t len = strlen(text), step = stage->bytewise ? 1 : len;
    for (size_t at = 0; at < len; at += step) {
        if (send(fd, text + at, step, MSG_NOSIGNAL) <= 0)
            return;
    }
}

static void *stage_run(void *user)
{
    struct stage *stage = user;
    for (unsigned i = 0; i < ACTS_MAX && stage->acts[i].answers[0]; i++) {
        const struct act *act = &stage->acts[i];
        char byte;
        int fd = accept(stage->fd, NULL, NULL);
        stage->connections++;
        for (unsigned n = 0; n < 3 && act->answers[n] && act->answers[n][0] && request_take(stage, fd); n++)
            answer_play(stage, fd, act->answers[n]);
        while (act->hold && recv(fd, &byte, 1, 0) > 0)
            ;
        close(fd);
    }
    return NULL;
}

struct scene {
    struct stage stage;
    pthread_t thread;
    struct bark_exchange exchange;
    uint8_t message[256 + 5];
    struct bark_exchange_answer answer;
    struct bark_error err;
};

static void scene_open(struct scene *s, const struct act *acts, size_t count, bool bytewise)
{
    struct bark_listener listener;
    char url[64];
    memset(s, 0, sizeof *s);
    memcpy(s->stage.acts, acts, count * sizeof *acts);
    s->stage.bytewise = bytewise;
    if (bark_net_listen("127.0.0.1:0", 0, &listener, &s->err) != BARK_OK)
        abort();
    s->stage.fd = listener.fd;
    if (fcntl(s->stage.fd, F_SETFL, 0) != 0) /* the thread has nothing else to do than to wait */
        abort();
    if (pthread_create(&s->thread, NULL, stage_run, &s->stage) != 0)
        abort();
    snprintf(url, sizeof url, "http://127.0.0.1:%u/s?q", bark_net_address_port(&listener.bound));
    CHECK(bark_exchange_open(&s->exchange, url, &limits, NULL, &s->err) == BARK_OK);
}

static void scene_close(struct scene *s)
{
    bark_exchange_close(&s->exchange);
    pthread_join(s->thread, NULL);
    close(s->stage.fd);
}

static enum bark_code ask(struct scene *s, unsigned timeout_ms)
{
    struct bark_exchange_request request = { .content_type = "text/xml",
                                             .action = "\"urn:a\"",
                                             .room = s->message,
                                             .room_len = 256,
                                             .body_len = 5,
                                             .deadline_ns =
                                                 bark_net_monotonic_ns() + timeout_ms * UINT64_C(1000000) };
    s->err = (struct bark_error){ 0 };
    memcpy(s->message + 256, "hello", 5);
    return bark_exchange_post(&s->exchange, &request, &s->answer, &s->err);
}

#define OK2 "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\nhi"

static const struct {
    const char *name, *text;
    enum bark_code code;
    unsigned status;
    const char *body;
} cases[] = {
    { "length", OK2, BARK_OK, 200, "hi" },
    { "chunked", "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\nA: b\r\n\r\n",
      BARK_OK, 500, "hi" },
    { "until the close", "HTTP/1.0 200 OK\r\n\r\nhi there", BARK_OK, 200, "hi there" },
    { "interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\n" OK2, BARK_OK, 200,
      "hi" },
    { "no content", "HTTP/1.1 204 No Content\r\n\r\n", BARK_OK, 204, "" },
    { "redirect is not followed",
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", BARK_OK, 302, "" },
    { "bytes behind the answer", OK2 "HTTP/1.1 200 OK\r\n", BARK_OK, 200, "hi" },
    { "all of the body limit",
      "HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n"
      "0123456789012345678901234567890123456789012345678901234567890123",
      BARK_OK, 200, "0123456789012345678901234567890123456789012345678901234567890123" },
    { "over the body limit", "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n", BARK_ERR_LIMIT, 0, "" },
    { "chunks over the body limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n41\r\n",
      BARK_ERR_LIMIT, 0, "" },
    { "until the close, over the body limit",
      "HTTP/1.1 200 OK\r\n\r\n"
      "01234567890123456789012345678901234567890123456789012345678901234",
      BARK_ERR_LIMIT, 0, "" },
    { "cut in the head", "HTTP/1.1 200 OK\r\nContent-Le", BARK_ERR_HTTP, 0, "" },
    { "cut in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", BARK_ERR_HTTP, 0, "" },
    { "cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi", BARK_ERR_HTTP, 0,
      "" },
    { "no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", BARK_ERR_HTTP, 0, "" },
    { "endless interim answers",
      "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 "
      "C\r\n\r\n"
      "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 "
      "C\r\n\r\n" OK2,
      BARK_ERR_HTTP, 0, "" },
    { "switching protocols", "HTTP/1.1 101 Switching\r\n\r\n", BARK_ERR_HTTP, 0, "" },
};

TEST(answers_whole_and_byte_by_byte)
{
    static struct scene s;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const char *name = cases[i / 2].name;
        const struct act act = { .answers = { cases[i / 2].text } };
        scene_open(&s, &act, 1, i % 2 != 0);
        CHECK_IN(name, ask(&s, 10000) == cases[i / 2].code);
        CHECK_IN(name, s.answer.status == cases[i / 2].status);
        CHECK_IN(name, s.answer.body.len == strlen(cases[i / 2].body));
        if (s.answer.body.len == strlen(cases[i / 2].body) && s.answer.body.len > 0)
            CHECK_IN(name, memcmp(s.answer.body.ptr, cases[i / 2].body, s.answer.body.len) == 0);
        CHECK_IN(name, (s.err.rule == NULL) == (cases[i / 2].code == BARK_OK));
        scene_close(&s);
    }
}

TEST(request_as_it_goes_out)
{
    static struct scene s;
    const struct act act = { .answers = { OK2 } };
    char want[512];
    scene_open(&s, &act, 1, false);
    CHECK(ask(&s, 10000) == BARK_OK);
    CHECK(s.answer.content_type.len == 8);
    snprintf(want, sizeof want,
             "POST /s?q HTTP/1.1\r\nHost: %s\r\nContent-Type: text/xml\r\nSOAPAction: \"urn:a\"\r\n"
             "Content-Length: 5\r\n\r\nhello",
             s.exchange.authority);
    scene_close(&s);
    CHECK_TEXT(s.stage.first_request, want);
}

TEST(one_connection_serves_many_calls)
{
    static struct scene s;
    const struct act act = { .answers = { OK2, OK2, OK2 } };
    scene_open(&s, &act, 1, false);
    for (unsigned i = 0; i < 3; i++)
        CHECK(ask(&s, 10000) == BARK_OK);
    scene_close(&s);
    CHECK(s.stage.connections == 1 && s.stage.requests == 3);
}

/* The server closes after an answer without saying so: the next call makes a new connection, unnoticed. */
TEST(a_connection_closed_in_between_is_made_anew)
{
    static struct scene s;
    const struct act acts[] = { { .answers = { OK2 } }, { .answers = { OK2 } } };
    scene_open(&s, acts, 2, false);
    CHECK(ask(&s, 10000) == BARK_OK);
    CHECK(ask(&s, 10000) == BARK_OK);
    scene_close(&s);
    CHECK(s.stage.connections == 2 && s.stage.requests == 2);
}

/* A first connection that is closed without an answer is not tried again: the server may have acted. */
TEST(nothing_is_sent_twice_on_a_fresh_connection)
{
    static struct scene s;
    const struct act acts[] = { { .answers = { "" } } };
    scene_open(&s, acts, 1, false);
    CHECK(ask(&s, 10000) == BARK_ERR_IO);
    CHECK(s.err.rule != NULL);
    scene_close(&s);
    CHECK(s.stage.connections == 1);
}

TEST(deadlines_hold)
{
    static struct scene s;
    const struct act acts[] = { { .answers = { "HTTP/1.1 200 OK\r\nContent-Le" }, .hold = true } };
    uint64_t before = bark_net_monotonic_ns();
    scene_open(&s, acts, 1, false);
    CHECK(ask(&s, 150) == BARK_ERR_TIMEOUT);
    CHECK(bark_net_monotonic_ns() - before < UINT64_C(5000000000));
    scene_close(&s);
}

TEST(hosts_that_do_not_answer)
{
    static struct scene s;
    memset(&s, 0, sizeof s);
    CHECK(bark_exchange_open(&s.exchange, "http://127.0.0.1:1/", &limits, NULL, &s.err) == BARK_OK);
    CHECK(ask(&s, 1000) == BARK_ERR_IO);
    bark_exchange_close(&s.exchange);
    s.err = (struct bark_error){ 0 };
    CHECK(bark_exchange_open(&s.exchange, "https://127.0.0.1/", &limits, NULL, &s.err) == BARK_ERR_USE);
    bark_exchange_close(&s.exchange);
    CHECK(bark_exchange_open(&s.exchange, "http://a b/", &limits, NULL, &s.err) == BARK_ERR_USE);
    bark_exchange_close(&s.exchange);
}

/* Row 32 on our own side: an action with a line break is refused, nothing is sent. */
TEST(an_action_cannot_open_a_line)
{
    static struct scene s;
    struct bark_exchange_request request = { .content_type = "text/xml",
                                             .action = "\"a\r\nX: y\"",
                                             .room = s.message,
                                             .room_len = 256,
                                             .deadline_ns = UINT64_MAX };
    memset(&s, 0, sizeof s);
    CHECK(bark_exchange_open(&s.exchange, "http://127.0.0.1:1/", &limits, NULL, &s.err) == BARK_OK);
    CHECK(bark_exchange_post(&s.exchange, &request, &s.answer, &s.err) == BARK_ERR_USE);
    bark_exchange_close(&s.exchange);
}

TEST_MAIN(RUN(answers_whole_and_byte_by_byte) RUN(request_as_it_goes_out)
              RUN(one_connection_serves_many_calls) RUN(a_connection_closed_in_between_is_made_anew)
                  RUN(nothing_is_sent_twice_on_a_fresh_connection) RUN(deadlines_hold)
                      RUN(hosts_that_do_not_answer) RUN(an_action_cannot_open_a_line))
