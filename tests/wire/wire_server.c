/* tests/wire/wire_server.c - the event loop with two small services, for tests at the level of bytes.
 *
 *     wire_server LISTEN [member=value ...]
 *
 * Starts from the limits of a small device; each member=value changes one. POST /echo answers the body, /slow
 * too but after slow_ms and on a worker when there are any, /large answers `large` bytes. Prints "port N"
 * when it listens, a JSON line for each request (unless quiet=1; events_per_s=N rations refusals, ids=1 gives
 * ids), and stops at SIGTERM. Requests for other paths, methods and types are refused as a SOAP server would.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include "base/slice.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    struct bark_limits limits;
    uint64_t buffer_bytes, buffer_bytes_per_peer, large, quiet, threads, drain_ms, workers, queue, slow_ms,
        unix_mode, events_per_s, ids;
    const char *listen[8], *handover_path;
    size_t listen_count;
};

static struct bark_driver driver;

static void stop(int signal_number)
{
    (void)signal_number;
    bark_driver_stop(&driver);
}

static void admit(void *user, const struct bark_http_reader *reader, struct bark_route *route,
                  struct bark_refusal *refusal)
{
    const struct bark_http_message *m = &reader->message;
    (void)user;
    (void)route;
    if (m->host.ptr && !bark_http_message_host_allowed(m, NULL, 0))
        *refusal = (struct bark_refusal){ .status = 403, .rule = "host" };
    else if (!bark_slice_is(m->path, "/echo") && !bark_slice_is(m->path, "/large") &&
             !bark_slice_is(m->path, "/slow"))
        *refusal = (struct bark_refusal){ .status = 404, .rule = "path" };
    else if (!bark_slice_is(m->method, "POST"))
        *refusal = (struct bark_refusal){ .status = 405, .allow = "POST", .rule = "method" };
}

static void serve(void *user, const struct bark_loop_request *request, struct bark_out *out)
{
    const struct settings *settings = user;
    request->answer->status = 200;
    request->answer->content_type = "text/xml";
    if (bark_slice_is(request->reader->message.path, "/slow"))
        usleep((useconds_t)(settings->slow_ms * 1000));
    if (!bark_slice_is(request->reader->message.path, "/large")) {
        bark_out_put(out, request->body.ptr, request->body.len);
        return;
    }
    for (uint64_t i = 0; i < settings->large; i++)
        bark_out_byte(out, (uint8_t)('a' + i % 26));
}

static bool slow(void *user, const struct bark_http_reader *reader, const struct bark_route *route,
                 struct bark_slice body, struct bark_arena *arena)
{
    (void)user;
    (void)route;
    (void)body;
    (void)arena;
    return bark_slice_is(reader->message.path, "/slow");
}

static bool set(struct settings *s, const char *assignment)
{
    const struct {
        const char *name;
        uint32_t *small;
        uint64_t *wide;
    } members[] = {
        { "body_bytes", NULL, &s->limits.body_bytes },
        { "reply_bytes", NULL, &s->limits.reply_bytes },
        { "buffer_bytes", NULL, &s->buffer_bytes },
        { "buffer_bytes_per_peer", NULL, &s->buffer_bytes_per_peer },
        { "threads", NULL, &s->threads },
        { "drain_ms", NULL, &s->drain_ms },
        { "workers", NULL, &s->workers },
        { "queue", NULL, &s->queue },
        { "slow_ms", NULL, &s->slow_ms },
        { "unix_mode", NULL, &s->unix_mode },
        { "large", NULL, &s->large },
        { "events_per_s", NULL, &s->events_per_s },
        { "ids", NULL, &s->ids },
        { "quiet", NULL, &s->quiet },
        { "http_headers", &s->limits.http_headers, NULL },
        { "http_head_bytes", &s->limits.http_head_bytes, NULL },
        { "head_ms", &s->limits.head_ms, NULL },
        { "request_ms", &s->limits.request_ms, NULL },
        { "body_bytes_per_s", &s->limits.body_bytes_per_s, NULL },
        { "connections", &s->limits.connections, NULL },
        { "connections_per_peer", &s->limits.connections_per_peer, NULL },
        { "requests_per_connection", &s->limits.requests_per_connection, NULL },
    };
    if (strncmp(assignment, "listen=", 7) == 0 && s->listen_count < sizeof s->listen / sizeof *s->listen) {
        s->listen[s->listen_count++] = assignment + 7;
        return true;
    }
    if (strncmp(assignment, "handover_path=", 14) == 0) {
        s->handover_path = assignment + 14;
        return true;
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        size_t len = strlen(members[i].name);
        if (strncmp(assignment, members[i].name, len) != 0 || assignment[len] != '=')
            continue;
        unsigned long long value = strtoull(assignment + len + 1, NULL, 10);
        if (members[i].small)
            *members[i].small = (uint32_t)value;
        else
            *members[i].wide = value;
        return true;
    }
    return false;
}

static int run(struct settings *settings)
{
    static struct bark_log_file log_file = { .fd = STDOUT_FILENO };
    const struct bark_driver_options options = {
        .limits = &settings->limits,
        .service = { .user = settings, .admit = admit, .serve = serve, .slow = slow },
        .listen = settings->listen,
        .listen_count = settings->listen_count,
        .unix_mode = (unsigned)settings->unix_mode,
        .handover_path = settings->handover_path,
        .buffer_bytes = settings->buffer_bytes,
        .buffer_bytes_per_peer = settings->buffer_bytes_per_peer,
        .threads = (uint32_t)settings->threads,
        .workers = (uint32_t)settings->workers,
        .queue = (uint32_t)settings->queue,
        .drain_ms = (uint32_t)settings->drain_ms,
        .log = settings->quiet ? NULL : bark_log_json_line,
        .log_user = &log_file,
        .log_events_per_s = settings->events_per_s ? (uint32_t)settings->events_per_s : UINT32_MAX,
        .request_ids = settings->ids != 0
    };
    struct sigaction action = { .sa_handler = stop };
    struct bark_error err = { 0 };
    char text[256];
    if (bark_driver_init(&driver, &options, &err) == BARK_OK && bark_driver_begin(&driver, &err) == BARK_OK) {
        sigaction(SIGTERM, &action, NULL);
        printf("port");
        for (size_t i = 0; i < driver.listener_count; i++)
            printf(" %u", bark_net_address_port(&driver.listeners[i].bound));
        printf("\n");
        fflush(stdout);
        if (bark_driver_run(&driver, &err) == BARK_OK) {
            size_t held = atomic_load(&driver.budget.used);
            bark_driver_free(&driver);
            return held == 0 ? 0 : 3; /* every buffer came back to the budget */
        }
    }
    bark_driver_free(&driver);
    bark_error_text(&err, text, sizeof text);
    fprintf(stderr, "wire_server: %s\n", text);
    return 1;
}

int main(int argc, char **argv)
{
    struct settings settings = { .limits = { .body_bytes = 256 * 1024,
                                             .arena_bytes = 512 * 1024,
                                             .reply_bytes = 256 * 1024,
                                             .http_headers = 32,
                                             .http_head_bytes = 8 * 1024,
                                             .head_ms = 5000,
                                             .request_ms = 30000,
                                             .body_bytes_per_s = 1024,
                                             .connections = 16,
                                             .connections_per_peer = 16,
                                             .requests_per_connection = 100 },
                                 .buffer_bytes = 4 * 1024 * 1024,
                                 .large = 100000 };
    if (argc < 2) {
        fprintf(stderr, "usage: wire_server LISTEN [member=value ...]\n");
        return 2;
    }
    settings.listen[settings.listen_count++] = argv[1];
    for (int i = 2; i < argc; i++) {
        if (!set(&settings, argv[i])) {
            fprintf(stderr, "wire_server: %s is not a member\n", argv[i]);
            return 2;
        }
    }
    return run(&settings);
}
