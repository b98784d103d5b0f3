/* client/client_test.c - our client calls our server: both versions, faults, limits, many calls, one thread
 * each.
 */
#include "client/exchange.h"
#include "soap/test_service.h"
#include "soapbark/client.h"
#include "soapbark/server.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

struct site {
    struct bark_server *server;
    struct bark_client *client;
    pthread_t thread;
    struct bark_error err;
    char url[64];
    char log_operation[32]; /* of the last request */
    unsigned log_count, log_status;
    bool log_error;
};

static void request_note(void *user, const struct bark_request_log *entry)
{
    struct site *s = user;
    s->log_count++;
    s->log_status = entry->status;
    s->log_error = entry->error != NULL;
    snprintf(s->log_operation, sizeof s->log_operation, "%.*s", (int)entry->operation.len,
             entry->operation.ptr);
}

static void *server_thread(void *user)
{
    struct site *s = user;
    struct bark_error err = { 0 };
    return bark_server_run(s->server, &err) == BARK_OK ? NULL : s;
}

static void client_make(struct site *s, enum bark_soap_version version, const struct bark_limits *limits)
{
    struct bark_client_options options = {
        .url = s->url, .image = &test_service.image, .version = version, .limits = limits, .timeout_ms = 5000
    };
    bark_client_free(s->client);
    s->client = bark_client_new(&options, &s->err);
    if (!s->client)
        abort();
}

static void site_open(struct site *s)
{
    static const struct bark_service *const services[] = { &test_port };
    struct bark_server_options options = { .listen = "127.0.0.1:0",
                                           .limits = &bark_limits_device,
                                           .services = services,
                                           .service_count = 1,
                                           .log = request_note,
                                           .log_user = s };
    memset(s, 0, sizeof *s);
    if (!test_service_build())
        abort();
    s->server = bark_server_new(&options, &s->err);
    if (!s->server || pthread_create(&s->thread, NULL, server_thread, s) != 0)
        abort();
    snprintf(s->url, sizeof s->url, "http://127.0.0.1:%u/t", (unsigned)bark_server_port(s->server));
    client_make(s, 0, NULL);
}

/* The log is written by the server's thread: look at it only after this. */
static void site_close(struct site *s)
{
    void *failed = s;
    bark_client_free(s->client);
    bark_server_stop(s->server);
    pthread_join(s->thread, &failed);
    CHECK(failed == NULL);
    bark_server_free(s->server);
}

static enum bark_code echo(struct site *s, const char *text, struct echo **out)
{
    struct echo in = { .Text = bark_text(text), .Count = 42, .has_Count = 1 };
    void *result = NULL;
    enum bark_code code;
    s->err = (struct bark_error){ 0 };
    code = bark_client_call(s->client, OP_ECHO, &in, &result, &s->err);
    *out = result;
    return code;
}

TEST(calls_in_both_versions)
{
    struct site s;
    site_open(&s);
    for (unsigned version = 11; version <= 12; version++) {
        client_make(&s, (enum bark_soap_version)version, NULL);
        for (unsigned i = 0; i < 150; i++) { /* more than requests_per_connection: it reconnects unnoticed */
            struct echo *out;
            CHECK(echo(&s, "hello <&>", &out) == BARK_OK);
            CHECK(out && bark_text_equal(out->Text, "hello <&>") && out->Count == 42 && out->has_Count);
        }
    }
    site_close(&s);
    CHECK(s.log_count == 300 && s.log_status == 200 && !s.log_error);
    CHECK_TEXT(s.log_operation, "Echo");
}

TEST(one_way_and_empty_operations)
{
    struct site s;
    struct echo in = { .Text = bark_text("note") };
    void *out = &s;
    site_open(&s);
    CHECK(bark_client_call(s.client, OP_NOTIFY, &in, &out, &s.err) == BARK_OK && out == NULL);
    CHECK(bark_client_call(s.client, OP_NOTHING, NULL, &out, &s.err) == BARK_OK && out == NULL);
    CHECK(bark_client_call(s.client, OP_NOTHING, NULL, NULL, &s.err) == BARK_OK);
    CHECK(bark_client_call(s.client, 3, NULL, &out, &s.err) == BARK_ERR_USE);
    site_close(&s);
    CHECK(test_service.notified == 1);
}

TEST(steps_know_their_operation)
{
    struct site s;
    struct echo in = { .Text = bark_text("step") };
    struct bark_client_wait wait = { .fd = 5 };
    struct bark_error err = { 0 };
    void *out = &s;
    enum bark_code code;
    site_open(&s);
    CHECK(bark_client_step_of(s.client, OP_ECHO, &wait, NULL, &out, &err) == BARK_ERR_USE && wait.fd == -1);
    CHECK(bark_client_start(s.client, OP_ECHO, NULL, &in, &s.err) == BARK_OK);
    out = &s;
    err = (struct bark_error){ 0 };
    CHECK(bark_client_step_of(s.client, OP_NOTIFY, &wait, NULL, &out, &err) == BARK_ERR_USE);
    CHECK(out == &s && strstr(err.rule, "another operation") != NULL);
    while ((code = bark_client_step_of(s.client, OP_ECHO, &wait, NULL, &out, &s.err)) == BARK_MORE) {
        struct pollfd fd = { .fd = wait.fd, .events = wait.events };
        (void)poll(&fd, 1, wait.timeout_ms);
    }
    CHECK(code == BARK_OK && out && bark_text_equal(((struct echo *)out)->Text, "step"));
    site_close(&s);
}

TEST(faults_come_with_their_reason)
{
    struct site s;
    struct echo *out;
    site_open(&s);
    for (unsigned version = 11; version <= 12; version++) {
        client_make(&s, (enum bark_soap_version)version, NULL);
        CHECK(echo(&s, "fault", &out) == BARK_ERR_FAULT && out == NULL);
        CHECK(bark_text_equal(bark_client_fault(s.client)->reason, "no <tags>, please"));
        CHECK(s.err.code == BARK_ERR_FAULT && strcmp(s.err.found, "no <tags>, please") == 0);
        CHECK(bark_client_raw_reply(s.client).len > 100);
        CHECK(echo(&s, "crash", &out) == BARK_ERR_FAULT);
        CHECK(echo(&s, "fine", &out) == BARK_OK && bark_client_fault(s.client)->reason.ptr == NULL);
    }
    site_close(&s);
}

/* A struct that breaks its schema is refused here; the server never sees it. */
TEST(what_the_schema_forbids_is_not_sent)
{
    struct site s;
    struct echo in = { .Text = bark_text("x"), .Count = 100, .has_Count = 1 };
    void *out = &s;
    site_open(&s);
    CHECK(bark_client_call(s.client, OP_ECHO, &in, &out, &s.err) == BARK_ERR_FACET && out == NULL);
    in = (struct echo){ 0 };
    s.err = (struct bark_error){ 0 };
    CHECK(bark_client_call(s.client, OP_ECHO, &in, &out, &s.err) == BARK_ERR_MISSING);
    site_close(&s);
    CHECK(s.log_count == 0);
}

TEST(limits_of_both_sides)
{
    struct site s;
    struct echo *out;
    struct bark_limits limits = bark_limits_server;
    static char text[300 * 1024];
    site_open(&s);
    memset(text, 'a', sizeof text - 1);
    CHECK(echo(&s, text, &out) == BARK_ERR_HTTP); /* the server's: 413 before it has read the body */
    CHECK(strncmp(s.err.found, "HTTP 413", 8) == 0);
    text[60000] = '\0';
    CHECK(echo(&s, text, &out) == BARK_OK && out->Text.len == 60000);
    limits.body_bytes = 50000;
    client_make(&s, 0, &limits);
    CHECK(echo(&s, text, &out) == BARK_ERR_LIMIT && out == NULL); /* ours: the answer is too long */
    limits.reply_bytes = 50000;
    client_make(&s, 0, &limits);
    CHECK(echo(&s, text, &out) == BARK_ERR_LIMIT && out == NULL); /* ours: the request is */
    CHECK(echo(&s, "short", &out) == BARK_OK);
    limits.arena_bytes = 64;
    client_make(&s, 0, &limits);
    CHECK(echo(&s, "short", &out) == BARK_ERR_MEMORY && out == NULL);
    site_close(&s);
}

TEST(an_answer_can_be_the_next_request)
{
    struct site s;
    struct echo *out;
    void *next = NULL;
    site_open(&s);
    CHECK(echo(&s, "again", &out) == BARK_OK);
    for (unsigned i = 0; i < 5 && out; i++) {
        CHECK(bark_client_call(s.client, OP_ECHO, out, &next, &s.err) == BARK_OK);
        out = next;
        CHECK(out && bark_text_equal(out->Text, "again"));
    }
    site_close(&s);
}

TEST(options_are_checked)
{
    struct bark_error err = { 0 };
    struct bark_limits none = { 0 };
    static const struct bark_service *const services[] = { &test_port };
    struct bark_server_options server = { .listen = "127.0.0.1:0", .services = services };
    struct bark_client_options client = { .url = "http://127.0.0.1:1/t", .image = &test_service.image };
    CHECK(bark_server_new(&server, &err) == NULL && err.code == BARK_ERR_USE);
    server.service_count = 1;
    server.limits = &none;
    err = (struct bark_error){ 0 };
    CHECK(bark_server_new(&server, &err) == NULL && err.code == BARK_ERR_USE);
    server.limits = NULL;
    server.listen = "nowhere";
    err = (struct bark_error){ 0 };
    CHECK(bark_server_new(&server, &err) == NULL && err.code == BARK_ERR_USE);
    client.limits = &none;
    err = (struct bark_error){ 0 };
    CHECK(bark_client_new(&client, &err) == NULL && err.code == BARK_ERR_USE);
    client.limits = NULL;
    client.url = "ftp://127.0.0.1/";
    err = (struct bark_error){ 0 };
    CHECK(bark_client_new(&client, &err) == NULL && err.code == BARK_ERR_USE);
    bark_server_free(NULL);
    bark_client_free(NULL);
}

TEST_MAIN(RUN(calls_in_both_versions) RUN(one_way_and_empty_operations) RUN(steps_know_their_operation)
              RUN(faults_come_with_their_reason) RUN(what_the_schema_forbids_is_not_sent)
                  RUN(limits_of_both_sides) RUN(an_answer_can_be_the_next_request) RUN(options_are_checked))
