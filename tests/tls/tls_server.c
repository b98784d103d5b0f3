/* tests/tls/tls_server.c - the event loop with TLS and one small service, for tests at the level of bytes.
 *
 *     tls_server LISTEN chain=FILE key=FILE [chain=FILE key=FILE ...] [member=value ...]
 *
 * POST /echo answers the body. Prints "port N" when it listens and a JSON line for each request; SIGHUP reads
 * the same files again, SIGUSR1 prints the counts, SIGTERM ends it.
 */
#define _GNU_SOURCE
#include "server/loop.h"
#include "soapbark/tls.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CERTIFICATES = 4 };

struct settings {
    struct bark_limits limits;
    uint64_t threads, clients, drain_ms;
    const char *handover_path;
    struct bark_tls_certificate certificates[CERTIFICATES];
    size_t chains, keys;
    struct bark_tls_server_options tls;
    struct bark_tls_server *server;
    struct bark_driver driver;
};

static void admit(void *user, const struct bark_http_reader *reader, struct bark_route *route,
                  struct bark_refusal *refusal)
{
    (void)user;
    (void)route;
    if (reader->message.path.len != 5 || memcmp(reader->message.path.ptr, "/echo", 5) != 0)
        *refusal = (struct bark_refusal){ .status = 404, .rule = "path" };
}

/* "/echo" with the Content-Type "text/x-who" answers who the client has proved to be. */
static void serve(void *user, const struct bark_loop_request *request, struct bark_out *out)
{
    static const char who[] = "text/x-who";
    const struct bark_slice type = request->reader->message.content_type;
    (void)user;
    request->answer->status = 200;
    request->answer->content_type = "text/xml";
    if (type.len != sizeof who - 1 || memcmp(type.ptr, who, type.len) != 0) {
        bark_out_put(out, request->body.ptr, request->body.len);
        return;
    }
    bark_out_text(out, request->secure ? "secure" : "plain");
    if (request->identity) {
        bark_out_text(out, " ");
        bark_out_text(out, request->identity->common_name);
    }
}

static const char *value_of(const char *assignment, const char *name)
{
    size_t len = strlen(name);
    return strncmp(assignment, name, len) == 0 && assignment[len] == '=' ? assignment + len + 1 : NULL;
}

static bool set(struct settings *s, const char *assignment)
{
    const struct {
        const char *name;
        uint32_t *small;
        uint64_t *wide;
    } members[] = {
        { "threads", NULL, &s->threads },
        { "clients", NULL, &s->clients },
        { "drain_ms", NULL, &s->drain_ms },
        { "head_ms", &s->limits.head_ms, NULL },
        { "request_ms", &s->limits.request_ms, NULL },
        { "connections", &s->limits.connections, NULL },
        { "connections_per_peer", &s->limits.connections_per_peer, NULL },
    };
    const char *value;
    if ((value = value_of(assignment, "chain")) != NULL && s->chains < CERTIFICATES)
        s->certificates[s->chains++].chain_file = value;
    else if ((value = value_of(assignment, "key")) != NULL && s->keys < CERTIFICATES)
        s->certificates[s->keys++].key_file = value;
    else if ((value = value_of(assignment, "ca")) != NULL)
        s->tls.client_ca_file = value;
    else if ((value = value_of(assignment, "crl")) != NULL)
        s->tls.client_crl_file = value;
    else if ((value = value_of(assignment, "handover_path")) != NULL)
        s->handover_path = value;
    for (size_t i = 0; i < sizeof members / sizeof *members && !value; i++) {
        value = value_of(assignment, members[i].name);
        if (value && members[i].small)
            *members[i].small = (uint32_t)strtoul(value, NULL, 10);
        else if (value)
            *members[i].wide = strtoul(value, NULL, 10);
    }
    return value != NULL;
}

static void error_print(const struct bark_error *err)
{
    char text[512];
    bark_error_text(err, text, sizeof text);
    fprintf(stderr, "tls_server: %s\n", text);
}

static sigset_t watched(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    return set;
}

static void *signals(void *user)
{
    struct settings *s = user;
    sigset_t set = watched();
    for (;;) {
        struct bark_error err = { 0 };
        struct bark_tls_counts counts = bark_tls_server_counts(s->server);
        int which = 0;
        sigwait(&set, &which);
        if (which == SIGTERM)
            break;
        if (which == SIGHUP && bark_tls_server_reload(s->server, &s->tls, &err) != BARK_OK)
            error_print(&err);
        counts = bark_tls_server_counts(s->server);
        fprintf(stderr, "counts %llu %llu %llu\n", (unsigned long long)counts.handshakes,
                (unsigned long long)counts.resumed, (unsigned long long)counts.failed);
    }
    bark_driver_stop(&s->driver);
    return NULL;
}

static enum bark_code run(struct settings *s, const char *listen, struct bark_error *err)
{
    struct bark_log_file log_file = { .fd = STDOUT_FILENO };
    const struct bark_driver_options options = { .limits = &s->limits,
                                                 .service = { .user = s, .admit = admit, .serve = serve },
                                                 .listen = &listen,
                                                 .listen_count = 1,
                                                 .tls = s->server,
                                                 .handover_path = s->handover_path,
                                                 .drain_ms = (uint32_t)s->drain_ms,
                                                 .threads = (uint32_t)s->threads,
                                                 .log = bark_log_json_line,
                                                 .log_user = &log_file };
    const sigset_t set = watched();
    pthread_t thread;
    enum bark_code code = bark_driver_init(&s->driver, &options, err);
    if (code == BARK_OK &&
        (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 || pthread_create(&thread, NULL, signals, s) != 0))
        code = bark_fail(err, BARK_ERR_IO, 0, "no thread for signals");
    if (code == BARK_OK)
        code = bark_driver_begin(&s->driver, err); /* a successor that was told of the port finds us ready */
    if (code == BARK_OK) {
        printf("port %u\n", bark_net_address_port(&s->driver.listeners[0].bound));
        fflush(stdout);
        code = bark_driver_run(&s->driver, err);
        (void)pthread_kill(thread, SIGTERM); /* after a handover nobody has sent it */
        pthread_join(thread, NULL);
    }
    bark_driver_free(&s->driver);
    return code;
}

int main(int argc, char **argv)
{
    static struct settings s = { .limits = { .body_bytes = 4 * 1024 * 1024,
                                             .arena_bytes = 64 * 1024,
                                             .reply_bytes = 4 * 1024 * 1024,
                                             .http_headers = 32,
                                             .http_head_bytes = 8 * 1024,
                                             .head_ms = 5000,
                                             .request_ms = 30000,
                                             .body_bytes_per_s = 1024,
                                             .connections = 16,
                                             .connections_per_peer = 16,
                                             .requests_per_connection = 100000 },
                                 .threads = 1 };
    struct bark_error err = { 0 };
    enum bark_code code;
    for (int i = 2; i < argc; i++) {
        if (!set(&s, argv[i])) {
            fprintf(stderr, "tls_server: %s is not a member\n", argv[i]);
            return 2;
        }
    }
    if (argc < 2 || s.chains != s.keys)
        return 2;
    s.tls.certificates = s.certificates;
    s.tls.certificate_count = s.chains;
    s.tls.clients = (enum bark_tls_client_certificates)s.clients;
    s.server = bark_tls_server_new(&s.tls, &err);
    code = s.server ? run(&s, argv[1], &err) : err.code;
    if (code != BARK_OK)
        error_print(&err);
    bark_tls_server_free(s.server);
    return code == BARK_OK ? 0 : 1;
}
