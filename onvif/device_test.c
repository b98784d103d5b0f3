/* onvif/device_test.c - the device service by its wire messages: the files of cases/onvif.
 *
 * Each case runs whole; then, from the same state, cut at every byte, with each allocation refused in turn,
 * and through the HTTP reader in one piece, byte by byte, and split at every byte. Refused requests leave the
 * state as it was.
 */
#include "handlers/handlers.h"
#include "time_zone.h"

#include "casefile.h"
#include "soapbark/http.h"
#include "testkit.h"

#include <stdlib.h>

enum { MEMORY = 512 * 1024 };
static const uint64_t now_ns = UINT64_C(1782863998) * 1000000000; /* 2026-06-30T23:59:58Z */

static struct wire_case wire;
static struct onvif_backend backend;
static struct bark_service service;
static struct bark_image image;
static struct bark_arena arena;
static struct bark_out out;
static struct bark_soap_reply reply;
static _Alignas(BARK_ALIGN) uint8_t memory[MEMORY];
static char answer[64 * 1024];

static void serve(struct bark_slice type, struct bark_slice action, struct bark_slice body, uint64_t fail_at)
{
    struct bark_soap_request request = { .content_type = type,
                                         .soap_action = action,
                                         .body = body,
                                         .host = bark_text("camera.example:8000"),
                                         .now_ns = now_ns };
    bark_arena_init(&arena, memory, sizeof memory);
    arena.fail_at = fail_at;
    bark_out_init(&out, answer, sizeof answer - 1);
    bark_soap_serve(&service, &bark_limits_device, &request, &arena, &out, &reply);
    answer[out.pos] = '\0';
}

static struct bark_slice slice_of(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static void serve_case(size_t body_len, uint64_t fail_at)
{
    serve(slice_of(wire.type), slice_of(wire.action),
          (struct bark_slice){ (const uint8_t *)wire.request, body_len }, fail_at);
}

static bool state_is(const struct onvif_state *state)
{
    return memcmp(&backend.state, state, sizeof *state) == 0;
}

/* ---- what is done with each case; the state is put back before and after by the caller */

static void case_whole(const struct onvif_state *before)
{
    serve_case(wire.request_len, 0);
    CHECK_IN(wire.name, reply.http_status == wire.status);
    CHECK_IN(wire.name, strcmp(reply.content_type, wire.want_type) == 0);
    if (!casefile_match(wire.reply, answer))
        testkit_fail(__FILE__, __LINE__, "%s: got %u %s\n#   want %s", wire.name, reply.http_status, answer,
                     wire.reply);
    CHECK_IN(wire.name, reply.http_status == 200 || state_is(before));
    CHECK_IN(wire.name, strstr(answer, "corr3ct-horse") == NULL);
}

static void case_cut(const struct onvif_state *before)
{
    for (size_t n = 0; n < wire.request_len; n++) {
        /* Of its own, so that a sanitizer sees a read past the cut. */
        char *whole = malloc(wire.request_len), *cut = malloc(n ? n : 1);
        memcpy(whole, wire.request, wire.request_len);
        memcpy(cut, wire.request, n);
        serve(slice_of(wire.type), slice_of(wire.action), (struct bark_slice){ (const uint8_t *)cut, n }, 0);
        CHECK_IN(wire.name, reply.is_fault && (reply.http_status == 400 || reply.http_status == 500));
        CHECK_IN(wire.name, reply.error.code != BARK_OK && strstr(answer, "</s:Envelope>"));
        CHECK_IN(wire.name, state_is(before));
        free(whole);
        free(cut);
    }
}

static void case_without_memory(const struct onvif_state *before)
{
    struct onvif_state after;
    uint64_t n = 0;
    serve_case(wire.request_len, 0);
    unsigned status = reply.http_status;
    after = backend.state;
    do {
        backend.state = *before;
        serve_case(wire.request_len, ++n);
        if (arena.allocs < n)
            break;
        /* A fault of a handler keeps its code when only its words found no room. */
        CHECK_IN(wire.name, reply.is_fault && (reply.http_status == 500 || reply.http_status == status));
        CHECK_IN(wire.name, strstr(answer, "<s:Fault>") && strstr(answer, "</s:Envelope>"));
        CHECK_IN(wire.name, state_is(before) || state_is(&after)); /* wholly old or wholly new */
    } while (n < 100000);
    CHECK_IN(wire.name, n > 5 && n < 100000);
    CHECK_IN(wire.name, reply.http_status == status);
}

/* ---- through the HTTP reader */

static char http[CASE_TEXT + 1024];
static size_t http_len, head_len;

static void http_make(void)
{
    int n =
        snprintf(http, sizeof http,
                 "POST " ONVIF_DEVICE_PATH " HTTP/1.1\r\nHost: camera.example:8000\r\nContent-Type: %s\r\n"
                 "SOAPAction: %s\r\nContent-Length: %zu\r\n\r\n",
                 wire.type, wire.action[0] ? wire.action : "\"\"", wire.request_len);
    head_len = (size_t)n;
    memcpy(http + n, wire.request, wire.request_len);
    http_len = head_len + wire.request_len;
}

/* Feeds the message in pieces that end at the given places and serves it. */
static void http_serve(size_t piece, size_t split)
{
    static uint8_t head[8192], body[CASE_TEXT];
    struct bark_http_reader r;
    struct bark_slice in = { (const uint8_t *)http, 0 }, span;
    struct bark_error err = { 0 };
    size_t at = 0, body_len = 0;
    enum bark_http_event event;
    bark_http_reader_init(&r, BARK_HTTP_REQUEST, &bark_limits_device, head, sizeof head);
    do {
        event = bark_http_read(&r, &in, &span, &err);
        if (event == BARK_HTTP_MORE) {
            size_t next = split > at ? split : at + piece;
            next = next < http_len ? next : http_len;
            if (next == at)
                break;
            in = (struct bark_slice){ (const uint8_t *)http + at, next - at };
            at = next;
        } else if (event == BARK_HTTP_BODY) {
            memcpy(body + body_len, span.ptr, span.len);
            body_len += span.len;
        }
    } while (event != BARK_HTTP_END && event != BARK_HTTP_REFUSED);
    CHECK_IN(wire.name, event == BARK_HTTP_END && at == http_len && in.len == 0);
    serve(r.message.content_type, r.message.soap_action, (struct bark_slice){ body, body_len }, 0);
}

static void case_over_http(const struct onvif_state *before)
{
    static char whole[sizeof answer];
    struct onvif_state after;
    http_make();
    http_serve(http_len, 0);
    memcpy(whole, answer, out.pos + 1);
    after = backend.state;
    backend.state = *before;
    http_serve(1, 0);
    CHECK_IN(wire.name, strcmp(whole, answer) == 0 && state_is(&after));
    for (size_t split = 1; split < http_len; split++) {
        backend.state = *before;
        http_serve(http_len, split);
        CHECK_IN(wire.name, strcmp(whole, answer) == 0 && state_is(&after));
    }
    CHECK_IN(wire.name, casefile_match(wire.reply, answer));
}

static void *plan; /* NULL: the image has none */
static size_t plan_size;

/* Runs every case of every file in order; run() starts from the state that the cases before it left. */
static void cases_each(void (*run)(const struct onvif_state *before))
{
    static const char *const files[] = { "time", "device", "services", "scopes", "users" };
    struct bark_error err = { 0 };
    unsigned count = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[128];
        snprintf(path, sizeof path, "cases/onvif/%s.txt", files[i]);
        FILE *file = fopen(path, "r");
        onvif_backend_init(&backend);
        CHECK_IN(path, file != NULL);
        CHECK_IN(path, onvif_device_service(&service, &image, &backend, &err) == BARK_OK);
        if (plan)
            CHECK_IN(path,
                     (bark_plan_make(&image, plan, plan_size) == BARK_OK) == (bark_plan_size(&image) > 0));
        if (!file || err.code)
            return;
        for (; casefile_next(file, &wire); count++) {
            struct onvif_state before = backend.state;
            run(&before);
            backend.state = before;
            serve_case(wire.request_len, 0);
        }
        fclose(file);
    }
    CHECK(count > 70);
}

TEST(cases_whole)
{
    cases_each(case_whole);
}

TEST(cases_whole_by_a_plan)
{
    static _Alignas(BARK_ALIGN) uint8_t room[256 * 1024];
    plan = room;
    plan_size = sizeof room;
    cases_each(case_whole);
    plan = NULL;
}

TEST(cases_cut_at_every_byte)
{
    cases_each(case_cut);
}

TEST(cases_with_each_allocation_refused)
{
    cases_each(case_without_memory);
}

TEST(cases_over_http_whole_byte_by_byte_and_split)
{
    cases_each(case_over_http);
}

/* Every operation of the port type is dispatched: a handler, or the fault that ONVIF wants. */
TEST(every_operation_is_known)
{
    struct bark_error err = { 0 };
    onvif_backend_init(&backend);
    CHECK(onvif_device_service(&service, &image, &backend, &err) == BARK_OK);
    unsigned not_supported = 0;
    for (uint32_t i = 0; i < image.operation_count; i++) {
        struct bark_call call = { .service = &service,
                                  .arena = &arena,
                                  .limits = &bark_limits_device,
                                  .user = &backend,
                                  .fault.detail_root = BARK_NONE };
        static _Alignas(16) uint8_t in[4096], result[4096];
        memset(in, 0, sizeof in);
        memset(result, 0, sizeof result);
        bark_arena_init(&arena, memory, sizeof memory);
        arena.fail_at = 0;
        enum bark_code code = service.dispatch(service.handlers, (uint16_t)i, in, result, &call);
        if (code == BARK_ERR_FAULT && strcmp(call.fault.subcodes[0].local, "ActionNotSupported") == 0)
            not_supported++;
    }
    CHECK(image.operation_count > 90);
    CHECK(not_supported == image.operation_count - 13);
}

static bool save_refuse(void *context, const struct onvif_state *next)
{
    ++*(unsigned *)context;
    return next->scope_count == 1000;
}

TEST(a_change_that_cannot_be_saved_does_not_happen)
{
    unsigned saves = 0;
    struct bark_error err = { 0 };
    FILE *file = fopen("cases/onvif/users.txt", "r");
    onvif_backend_init(&backend);
    CHECK(file != NULL);
    CHECK(onvif_device_service(&service, &image, &backend, &err) == BARK_OK);
    backend.save = save_refuse;
    backend.context = &saves;
    const struct onvif_state before = backend.state;
    while (file && casefile_next(file, &wire))
        if (strcmp(wire.name, "users_create") == 0) {
            serve_case(wire.request_len, 0);
            CHECK(reply.http_status == 500 && strstr(answer, "ter:Action<"));
        }
    CHECK(saves == 1);
    CHECK(state_is(&before));
    if (file)
        fclose(file);
}

static const struct {
    const char *zone;
    bool valid;
} zones[] = {
    { "UTC0", true },
    { "CET-1CEST,M3.5.0,M10.5.0/3", true },
    { "CST-8", true },
    { "GMT+0", true },
    { "<+0330>-3:30", true },
    { "NST3:30:00NDT2:30,M3.2.0/0:01,M11.1.0/0:01", true },
    { "EST5EDT", true },
    { "EST5EDT,J60,J300/2", true },
    { "EST5EDT,59,299", true },
    { "", false },
    { "UTC", false }, /* the offset is not optional */
    { "UT0", false },
    { "<UT>0", false },
    { "<UTC0", false },
    { "CET-25", false },
    { "CET-1:60", false },
    { "CET-1:5", false },
    { "CET-1CEST,M3.5.0", false },
    { "CET-1CEST,M0.5.0,M10.5.0", false },
    { "CET-1CEST,M3.6.0,M10.5.0", false },
    { "CET-1CEST,M3.5.7,M10.5.0", false },
    { "CET-1CEST,J0,J1", false },
    { "CET-1CEST,366,1", false },
    { "CET-1CEST,M3.5.0,M10.5.0/", false },
    { "CET-1CEST,M3.5.0,M10.5.0 ", false },
    { "Europe/Berlin", false },
    { ":Europe/Berlin", false },
};

TEST(time_zones)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        CHECK_IN(zones[i].zone, onvif_time_zone_valid(bark_text(zones[i].zone)) == zones[i].valid);
    CHECK(!onvif_time_zone_valid((struct bark_text){ "UTC0\0x", 6 }));
    CHECK(!onvif_time_zone_valid((struct bark_text){ 0 }));
}

TEST_MAIN(RUN(cases_whole) RUN(cases_whole_by_a_plan) RUN(cases_cut_at_every_byte)
              RUN(cases_with_each_allocation_refused) RUN(cases_over_http_whole_byte_by_byte_and_split)
                  RUN(every_operation_is_known) RUN(a_change_that_cannot_be_saved_does_not_happen)
                      RUN(time_zones))
