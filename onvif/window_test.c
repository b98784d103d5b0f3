/* onvif/window_test.c - a request of 1 MB to an ONVIF service in less than 32 KB of memory, everything
 * counted: the arena, the window, the piece that comes in, the answer, the state of stream and sink, and the
 * stack, which is painted before and looked at after. The tables are constant and cost no memory.
 *
 * And the requests of cases/onvif through a window, against the same in memory.
 */
#include "handlers/handlers.h"
#include "soapbark/soap_stream.h"

#include "casefile.h"
#include "testkit.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    BUDGET = 32 * 1024,
    ARENA = 14 * 1024,
    WINDOW = 1024,
    PIECE = 512,
    ANSWER = 1024,
    STACK = 64 * 1024, /* lent; how much of it was used is measured */
    PAINT = 0xa5
};

/* What a small device has: all of it, and nothing else. */
static struct {
    _Alignas(BARK_ALIGN) uint8_t arena[ARENA];
    uint8_t window[WINDOW], piece[PIECE];
    char answer[ANSWER];
    struct bark_image image;
    struct bark_limits limits;
    struct bark_service service;
    struct bark_soap_request request;
    struct bark_soap_stream stream;
    struct bark_soap_reply reply;
    struct bark_arena memory;
    struct bark_out out;
    struct bark_sink sink;
    struct {
        uint64_t bytes, values;
        uint32_t hash;
    } got;
} device;

static size_t message_bytes, octets_each, answered;
static unsigned certificates;

static enum bark_code certificate_take(void *user, struct bark_slice piece)
{
    (void)user;
    for (size_t i = 0; i < piece.len; i++)
        device.got.hash = (device.got.hash ^ piece.ptr[i]) * 16777619;
    device.got.bytes += piece.len;
    return BARK_OK;
}

static enum bark_code certificate_end(void *user)
{
    (void)user;
    device.got.values++;
    return BARK_OK;
}

static enum bark_code certificates_load(const struct tds_LoadCertificates *in,
                                        struct tds_LoadCertificatesResponse *out, struct bark_call *call)
{
    (void)out;
    (void)call;
    CHECK(in->NVTCertificate.count == certificates);
    for (size_t i = 0; i < in->NVTCertificate.count; i++) {
        CHECK(bark_text_equal(in->NVTCertificate.items[i].CertificateID, "cert"));
        CHECK(in->NVTCertificate.items[i].Certificate.Data.len == 0);
    }
    return BARK_OK;
}

static const struct tds_Device_handlers handlers = { .LoadCertificates = certificates_load };

static void say(enum bark_code *code, const char *text)
{
    message_bytes += strlen(text);
    if (*code == BARK_MORE)
        *code =
            bark_soap_stream_feed(&device.stream, (struct bark_slice){ (const uint8_t *)text, strlen(text) });
}

/* Lines of 76 digits, as a certificate tool writes them: each 57 octets. */
static void digits_say(enum bark_code *code, size_t octets)
{
    static const char line[] =
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4\n";
    size_t filled = 0;
    for (size_t n = 0; n < octets; n += 57) {
        if (filled + 77 > sizeof device.piece) {
            if (*code == BARK_MORE)
                *code = bark_soap_stream_feed(&device.stream, (struct bark_slice){ device.piece, filled });
            message_bytes += filled;
            filled = 0;
        }
        memcpy(device.piece + filled, line, 77);
        filled += 77;
    }
    if (*code == BARK_MORE)
        *code = bark_soap_stream_feed(&device.stream, (struct bark_slice){ device.piece, filled });
    message_bytes += filled;
}

static void request_serve(void)
{
    static const char type[] = "application/soap+xml; charset=utf-8";
    enum bark_code code;
    bark_arena_init(&device.memory, device.arena, sizeof device.arena);
    bark_out_init(&device.out, device.answer, sizeof device.answer);
    device.request.content_type = (struct bark_slice){ (const uint8_t *)type, sizeof type - 1 };
    device.sink = (struct bark_sink){ .path = "/LoadCertificates/NVTCertificate/Certificate/Data",
                                      .take = certificate_take,
                                      .end = certificate_end };
    code =
        bark_soap_stream_open(&device.stream, &device.service, &device.limits, &device.request, &device.sink,
                              1, &device.memory, device.window, sizeof device.window, &device.reply);
    CHECK(code == BARK_MORE);
    message_bytes = 0;
    say(&code, "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header><u:Unknown "
               "xmlns:u=\"urn:u\">"
               "text</u:Unknown></s:Header><s:Body><tds:LoadCertificates "
               "xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\" "
               "xmlns:tt=\"http://www.onvif.org/ver10/schema\">");
    for (unsigned i = 0; i < certificates; i++) {
        say(&code,
            "<tds:NVTCertificate><tt:CertificateID>cert</tt:CertificateID><tt:Certificate><tt:Data>\n");
        digits_say(&code, octets_each);
        say(&code, "</tt:Data></tt:Certificate></tds:NVTCertificate>");
    }
    say(&code, "</tds:LoadCertificates></s:Body></s:Envelope>");
    bark_soap_stream_finish(&device.stream, &device.out);
    answered = device.out.pos;
}

static void *stack_run(void *unused)
{
    request_serve();
    return unused;
}

/* Runs on a painted stack; how many bytes of it were used. 0: there is no such thread here. */
static size_t stack_measure(void)
{
    static _Alignas(4096) uint8_t stack[STACK];
    pthread_attr_t attributes;
    pthread_t thread;
    size_t free = 0;
    memset(stack, PAINT, sizeof stack);
    if (pthread_attr_init(&attributes) != 0)
        return 0;
    if (pthread_attr_setstack(&attributes, stack, sizeof stack) != 0 ||
        pthread_create(&thread, &attributes, stack_run, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return 0;
    pthread_attr_destroy(&attributes);
    while (free < sizeof stack && stack[free] == PAINT)
        free++;
    return sizeof stack - free;
}

static bool device_make(void)
{
    struct bark_error err;
    memset(&device, 0, sizeof device);
    device.limits = bark_limits_device;
    device.limits.depth = 12;
    device.limits.namespaces = device.limits.attributes = 8;
    device.limits.text_bytes = 2 << 20;
    device.got.hash = 2166136261;
    if (bark_image_open(&device.image, devicemgmt_tables(), &err) != BARK_OK)
        return false;
    device.service = (struct bark_service){ .path = "/onvif/device_service",
                                            .image = &device.image,
                                            .service_row = tds_Device_row,
                                            .dispatch = tds_Device_dispatch,
                                            .handlers = &handlers };
    return true;
}

TEST(a_request_of_a_megabyte_in_32_kilobytes)
{
    uint32_t hash = 2166136261;
    size_t stack, sum;
    CHECK(device_make());
    certificates = 2;
    octets_each = 57 * 7000; /* 2 * 539,000 digits and line feeds */
    stack = stack_measure();
    if (stack == 0)
        SKIP("no threads with a stack of their own here");
    CHECK(device.reply.http_status == 200 && !device.reply.is_fault);
    CHECK(answered > 0 && message_bytes > 1 << 20);
    CHECK(device.got.values == 2 && device.got.bytes == 2 * octets_each);
    for (size_t i = 0; i < 2 * octets_each; i++)
        hash = (hash ^ (uint8_t)(i % 57)) * 16777619;
    CHECK(hash == device.got.hash);
    sum = sizeof device - ARENA + device.memory.peak + stack;
    printf("# a request of %zu bytes: arena %zu, window %d, piece %d, answer %d, everything static %zu, "
           "stack %zu, "
           "in all %zu bytes\n",
           message_bytes, device.memory.peak, WINDOW, PIECE, ANSWER, sizeof device - ARENA, stack, sum);
    CHECK(SANITIZED || sum < BUDGET); /* a sanitizer's stack frames are its own */
}

/* ---- the cases of cases/onvif ---- */

static struct wire_case wire;
static char answers[2][CASE_TEXT];
static struct bark_soap_reply replies[2];

static bool case_run(bool window, size_t piece)
{
    static _Alignas(BARK_ALIGN) uint8_t memory[512 * 1024];
    static uint8_t bytes[2048];
    static struct onvif_backend backend;
    struct bark_service service;
    struct bark_soap_stream stream;
    struct bark_soap_request request = { .content_type = { (const uint8_t *)wire.type, strlen(wire.type) },
                                         .soap_action = { (const uint8_t *)wire.action, strlen(wire.action) },
                                         .host = bark_text("camera.example:8000"),
                                         .now_ns = UINT64_C(1782863998) * 1000000000 };
    struct bark_error err;
    struct bark_arena arena;
    struct bark_out out;
    struct bark_soap_reply *reply = &replies[window];
    enum bark_code code = BARK_MORE;
    onvif_backend_init(&backend);
    if (onvif_device_service(&service, &device.image, &backend, &err) != BARK_OK)
        return false;
    bark_arena_init(&arena, memory, sizeof memory);
    bark_out_init(&out, answers[window], CASE_TEXT - 1);
    if (!window) {
        request.body = (struct bark_slice){ (const uint8_t *)wire.request, wire.request_len };
        bark_soap_serve(&service, &bark_limits_device, &request, &arena, &out, reply);
    } else {
        code = bark_soap_stream_open(&stream, &service, &bark_limits_device, &request, NULL, 0, &arena, bytes,
                                     sizeof bytes, reply);
        for (size_t at = 0; code == BARK_MORE && at < wire.request_len; at += piece)
            code = bark_soap_stream_feed(
                &stream,
                (struct bark_slice){ (const uint8_t *)wire.request + at,
                                     piece < wire.request_len - at ? piece : wire.request_len - at });
        bark_soap_stream_finish(&stream, &out);
    }
    answers[window][out.pos] = '\0';
    return true;
}

static unsigned file_run(const char *path)
{
    static const size_t pieces[] = { 1, 5, 100, CASE_TEXT };
    unsigned count = 0;
    FILE *file = fopen(path, "r");
    while (file && casefile_next(file, &wire)) {
        CHECK(case_run(false, 0));
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
            CHECK(case_run(true, pieces[i]));
            CHECK_IN(wire.name, replies[0].http_status == replies[1].http_status);
            CHECK_IN(wire.name, replies[0].error.offset == replies[1].error.offset);
            CHECK_IN(wire.name, strcmp(answers[0], answers[1]) == 0);
        }
        count++;
    }
    if (file)
        fclose(file);
    return count;
}

TEST(requests_are_answered_as_in_memory)
{
    CHECK(file_run("cases/onvif/device.txt") + file_run("cases/onvif/users.txt") > 20);
}

TEST_MAIN(RUN(a_request_of_a_megabyte_in_32_kilobytes) RUN(requests_are_answered_as_in_memory))
