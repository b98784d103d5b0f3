/* soap/stream_test.c - requests through a window: every case of cases/soap/serve.txt, whole, cut off, damaged
 * and cut in pieces, is answered byte for byte as bark_soap_serve() answers it; sinks; wrong set-ups; memory.
 */
#include "soap/test_cases.h"
#include "soapbark/soap_stream.h"

#include "soap/dialect.h"
#include "soap/header.h"

#include <stdlib.h>

static struct exchange x, y; /* in memory, through a window */
static unsigned long compared, small;

struct feeding {
    size_t window, first, then; /* bytes of the window, of the first piece and of each after it */
};

static struct bark_soap_request request_of(const char *type, const char *action)
{
    return (struct bark_soap_request){ .content_type = { (const uint8_t *)type, strlen(type) },
                                       .soap_action = { (const uint8_t *)action, strlen(action) } };
}

/* Feeds what is left of the message from pieces of their own, so that a sanitizer sees a read past them. */
static void feed(struct bark_soap_stream *s, struct bark_slice in, struct feeding f)
{
    size_t at = 0, piece = f.first;
    enum bark_code code = BARK_MORE;
    while (code == BARK_MORE && at < in.len) {
        const size_t len = piece < in.len - at ? piece : in.len - at;
        uint8_t *copy = malloc(len);
        if (!copy)
            exit(2);
        memcpy(copy, in.ptr + at, len);
        code = bark_soap_stream_feed(s, (struct bark_slice){ copy, len });
        free(copy);
        at += len;
        piece = f.then;
    }
    CHECK(code == BARK_MORE || code == BARK_ERR_FAULT);
}

static enum bark_code window_run(const struct bark_service *service, const struct bark_soap_request *request,
                                 struct bark_slice in, struct feeding f, const struct bark_sink *sinks,
                                 size_t sink_count)
{
    struct bark_soap_stream s;
    uint8_t *window = malloc(f.window);
    enum bark_code code;
    if (!window)
        exit(2);
    bark_out_init(&y.out, y.text, sizeof y.text - 1);
    code = bark_soap_stream_open(&s, service, &bark_limits_device, request, sinks, sink_count, &y.arena,
                                 window, f.window, &y.reply);
    if (code == BARK_MORE)
        feed(&s, in, f);
    bark_soap_stream_finish(&s, &y.out);
    CHECK(bark_soap_stream_feed(&s, in) == BARK_ERR_FAULT);
    y.text[y.out.pos] = '\0';
    free(window);
    return code;
}

static void compare(const struct bark_soap_request *request, struct bark_slice in, struct feeding f)
{
    exchange_init(&y, sizeof y.memory);
    (void)window_run(&test_port, request, in, f, NULL, 0);
    compared++;
    if (y.reply.error.rule && strstr(y.reply.error.rule, "longer than the window") && y.reply.is_fault) {
        small++;
        return;
    }
    if (x.reply.http_status != y.reply.http_status || strcmp(x.text, y.text) != 0 ||
        strcmp(x.reply.content_type, y.reply.content_type) != 0 || x.reply.operation != y.reply.operation ||
        x.reply.error.offset != y.reply.error.offset || x.reply.error.rule != y.reply.error.rule)
        testkit_fail(__FILE__, __LINE__, "%s: window %zu, cuts %zu+%zu: %u %s\n# not %u %s", wire.name,
                     f.window, f.first, f.then, y.reply.http_status, y.text, x.reply.http_status, x.text);
}

static void whole_run(struct bark_slice in)
{
    exchange_init(&x, sizeof x.memory);
    exchange_run(&x, wire.type, wire.action, (const char *)in.ptr, in.len);
}

static void case_pieces(void)
{
    static const size_t windows[] = { 256, 1024, 2048 };
    const struct bark_soap_request request = request_of(wire.type, wire.action);
    const struct bark_slice in = { (const uint8_t *)wire.request, wire.request_len };
    whole_run(in);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        compare(&request, in, (struct feeding){ windows[i], in.len + 1, 1 });
        for (size_t n = 1; n < 5; n++)
            compare(&request, in, (struct feeding){ windows[i], n, n });
    }
    for (size_t cut = 1; cut < in.len && in.len < 1500; cut++)
        compare(&request, in, (struct feeding){ 1024, cut, in.len });
}

/* Each proper beginning, and the message with a byte that means something in each place. */
static void case_damaged(void)
{
    static const char bytes[] = "<>&/\"x: ";
    static char text[CASE_TEXT];
    const struct bark_soap_request request = request_of(wire.type, wire.action);
    const size_t len = wire.request_len;
    for (size_t at = 0; at < len && len < 1000; at++) {
        const struct bark_slice cut = { (const uint8_t *)wire.request, at };
        const struct bark_slice in = { (const uint8_t *)text, len };
        whole_run(cut);
        compare(&request, cut, (struct feeding){ 1024, 1 + at % 5, 1 + at % 7 });
        memcpy(text, wire.request, len);
        text[at] = bytes[at % (sizeof bytes - 1)];
        whole_run(in);
        compare(&request, in, (struct feeding){ 1024, 1 + at % 3, 1 + at % 11 });
    }
}

static void case_without_memory(void)
{
    const struct bark_soap_request request = request_of(wire.type, wire.action);
    const struct bark_slice in = { (const uint8_t *)wire.request, wire.request_len };
    uint64_t n = 0;
    do {
        exchange_init(&y, sizeof y.memory);
        y.arena.fail_at = ++n;
        (void)window_run(&test_port, &request, in, (struct feeding){ 2048, 7, 7 }, NULL, 0);
        if (y.arena.allocs < n)
            break;
        CHECK_IN(wire.name,
                 y.reply.http_status == 500 && y.reply.is_fault && strstr(y.text, "</s:Envelope>"));
        CHECK_IN(wire.name, y.reply.error.code == BARK_ERR_MEMORY);
    } while (n < 10000);
    CHECK_IN(wire.name, n > 3 && y.reply.http_status == wire.status);
}

TEST(cases_in_pieces)
{
    CHECK(cases_each(case_pieces, false) > 60);
    CHECK(compared > 5000 && small < compared / 10);
}

TEST(cases_cut_off_and_damaged)
{
    CHECK(cases_each(case_damaged, false) > 60);
    CHECK(compared > 10000 && small < compared / 10);
}

TEST(cases_with_each_allocation_refused)
{
    CHECK(cases_each(case_without_memory, true) > 60);
}

/* ---- sinks ---- */

struct got {
    char text[256];
    size_t len, values;
    enum bark_code say;
};

static enum bark_code got_take(void *user, struct bark_slice piece)
{
    struct got *g = (struct got *)user;
    if (piece.len > sizeof g->text - g->len)
        return BARK_ERR_LIMIT;
    memcpy(g->text + g->len, piece.ptr, piece.len);
    g->len += piece.len;
    return g->say;
}

static enum bark_code got_end(void *user)
{
    ((struct got *)user)->values++;
    return BARK_OK;
}

#define ENVELOPE(content) \
    "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Header><h xmlns=\"urn:h\">" \
    "<Text>no</Text></h></e:Header><e:Body><Echo xmlns=\"urn:t\">" content "</Echo></e:Body></e:Envelope>"

TEST(a_member_goes_to_a_sink)
{
    static const char text[] = ENVELOPE("<Text>one &amp; <![CDATA[two]]> three</Text><Count>7</Count>");
    const struct bark_soap_request request = request_of("application/soap+xml", "");
    const struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 };
    CHECK(test_service_build());
    for (size_t n = 1; n < 300; n += 13) {
        struct got got = { .len = 0 };
        const struct bark_sink sink = {
            .path = "/Echo/Text", .take = got_take, .end = got_end, .user = &got
        };
        exchange_init(&y, sizeof y.memory);
        CHECK(window_run(&test_port, &request, in, (struct feeding){ 512, n, n }, &sink, 1) == BARK_MORE);
        CHECK(y.reply.http_status == 200 && strstr(y.text, "Count>7<") && !strstr(y.text, "one"));
        CHECK(got.values == 1 && got.len == 15 && memcmp(got.text, "one & two three", 15) == 0);
    }
}

TEST(a_sink_that_refuses_ends_the_request)
{
    static const char text[] = ENVELOPE("<Text>one</Text>");
    const struct bark_soap_request request = request_of("application/soap+xml", "");
    const struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 };
    struct got got = { .say = BARK_ERR_LIMIT };
    const struct bark_sink sink = { .path = "/Echo/Text", .take = got_take, .end = got_end, .user = &got };
    unsigned calls;
    CHECK(test_service_build());
    calls = test_service.calls;
    exchange_init(&y, sizeof y.memory);
    CHECK(window_run(&test_port, &request, in, (struct feeding){ 512, 99, 99 }, &sink, 1) == BARK_MORE);
    CHECK(y.reply.http_status == 400 && y.reply.error.code == BARK_ERR_LIMIT && got.values == 0);
    CHECK(strstr(y.text, "/Envelope/Body/Echo/Text: the sink of this value refused it"));
    CHECK(test_service.calls == calls);
}

/* ---- set-ups ---- */

TEST(wrong_set_ups_are_told)
{
    static const struct bark_soap_layer layer = { .readers = NULL };
    const struct bark_soap_request request = request_of("application/soap+xml", "");
    const struct bark_sink good = { .path = "/Echo/Text", .take = got_take };
    const struct bark_sink wrong[] = { { .path = "/Echo/Count", .take = got_take },
                                       { .path = "/Echo/Txet", .take = got_take },
                                       { .path = "/Envelope/Body/Echo/Text", .take = got_take } };
    struct bark_service service = test_port;
    const struct bark_slice in = { (const uint8_t *)"<a/>", 4 };
    CHECK(test_service_build());
    for (size_t i = 0; i < 5; i++) {
        service.layer = i == 3 ? &layer : NULL;
        exchange_init(&y, sizeof y.memory);
        CHECK(window_run(&service, &request, in, (struct feeding){ i == 4 ? 255 : 256, 1, 1 },
                         i < 3 ? &wrong[i] : &good, 1) == BARK_ERR_USE);
        CHECK(y.reply.http_status == 500 && y.reply.error.code == BARK_ERR_USE && y.reply.error.rule);
        CHECK(strstr(y.text, "</s:Envelope>") && !strstr(y.text, "sink") && !strstr(y.text, "window"));
    }
}

TEST(multipart_requests_are_refused)
{
    const struct bark_soap_request request = request_of("multipart/related; boundary=a", "");
    struct bark_service service = test_port;
    const struct bark_slice in = { (const uint8_t *)"--a", 3 };
    service.attachments = &bark_soap_attachments;
    CHECK(test_service_build());
    exchange_init(&y, sizeof y.memory);
    CHECK(window_run(&service, &request, in, (struct feeding){ 256, 1, 1 }, NULL, 0) == BARK_ERR_FAULT);
    CHECK(y.reply.http_status == 415);
}

TEST(every_budget_gives_an_answer_or_a_fault)
{
    static const char text[] = ENVELOPE("<Text>hello</Text>");
    const struct bark_soap_request request = request_of("application/soap+xml", "");
    const struct bark_slice in = { (const uint8_t *)text, sizeof text - 1 };
    bool served = false;
    CHECK(test_service_build());
    for (size_t budget = 0; budget <= 64 * 1024; budget += 64) {
        exchange_init(&y, budget);
        (void)window_run(&test_port, &request, in, (struct feeding){ 512, 50, 50 }, NULL, 0);
        CHECK(y.arena.peak <= budget);
        CHECK(y.reply.http_status == 200 ||
              (!served && y.reply.http_status == 500 && strstr(y.text, "</s:Envelope>")));
        served = served || y.reply.http_status == 200;
    }
    CHECK(served);
}

TEST_MAIN(RUN(cases_in_pieces) RUN(cases_cut_off_and_damaged) RUN(cases_with_each_allocation_refused)
              RUN(a_member_goes_to_a_sink) RUN(a_sink_that_refuses_ends_the_request)
                  RUN(wrong_set_ups_are_told) RUN(multipart_requests_are_refused)
                      RUN(every_budget_gives_an_answer_or_a_fault))
