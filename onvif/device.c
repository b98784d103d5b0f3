/* onvif/device.c - soapbark-device: the ONVIF device service as a program.
 *
 *     soapbark-device --listen 127.0.0.1:8000
 *
 * There is no authentication yet, so it serves the machine it runs on and nobody else, unless the owner says
 * on the command line that this is meant.
 */
#include "handlers/handlers.h"

#include "device_tls.h"
#include "soapbark/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: soapbark-device [--listen HOST:PORT] [--insecure-listen-beyond-loopback] [--server-limits] "
    "[--quiet]\n"
    "\n"
    "Serves the ONVIF device service at /onvif/device_service, over SOAP 1.1 and SOAP 1.2.\n"
    "\n"
    "  --listen HOST:PORT   where (default 127.0.0.1:8000); port 0 takes a free one and prints it\n"
    "  --tls-listen HOST:PORT   and where with TLS; needs --state\n"
    "  --state FOLDER       where the device keeps its key and certificate (device.key, device.pem): made at "
    "the\n"
    "                       first start, signed by itself; put others in their place, and SIGHUP takes them "
    "into use\n"
    "  --insecure-listen-beyond-loopback\n"
    "                       allow addresses that others can reach; nobody is asked who they are\n"
    "  --host-name NAME     a name that clients may use for this machine, besides its addresses and "
    "localhost;\n"
    "                       up to four times. Requests for other names get 403, so that a web page "
    "elsewhere\n"
    "                       cannot reach the device through a name of its own\n"
    "  --server-limits      the limits of a server instead of those of a small device: more connections, "
    "more\n"
    "                       requests on each, larger messages (docs/security-model.md)\n"
    "  --quiet              no log; otherwise one JSON line a request on standard error\n"
    "\n"
    "Ends on SIGINT and SIGTERM, after the requests under way. Exit status: 0 ended so, 1 could not serve,\n"
    "2 the command line is wrong.\n";

enum { HOST_NAMES = 4 };

struct options {
    const char *listen, *tls_listen, *state;
    const char *host_names[HOST_NAMES];
    size_t host_name_count;
    bool beyond_loopback, server_limits, quiet;
};

static bool options_read(struct options *o, int count, char **words)
{
    *o = (struct options){ .listen = "127.0.0.1:8000" };
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--listen") == 0 && i + 1 < count)
            o->listen = words[++i];
        else if (strcmp(words[i], "--tls-listen") == 0 && i + 1 < count)
            o->tls_listen = words[++i];
        else if (strcmp(words[i], "--state") == 0 && i + 1 < count)
            o->state = words[++i];
        else if (strcmp(words[i], "--insecure-listen-beyond-loopback") == 0)
            o->beyond_loopback = true;
        else if (strcmp(words[i], "--host-name") == 0 && i + 1 < count && o->host_name_count < HOST_NAMES)
            o->host_names[o->host_name_count++] = words[++i];
        else if (strcmp(words[i], "--server-limits") == 0)
            o->server_limits = true;
        else if (strcmp(words[i], "--quiet") == 0)
            o->quiet = true;
        else
            return false;
    }
    return true;
}

/* 127.x.y.z and [::1] in their numeric form; a name could mean another machine tomorrow. */
static bool is_loopback(const char *listen)
{
    if (strncmp(listen, "[::1]:", 6) == 0)
        return true;
    return strncmp(listen, "127.", 4) == 0 && strspn(listen + 4, "0123456789.") == strcspn(listen + 4, ":");
}

/* Waits for the signal that ends the program; every other thread has them blocked. */
struct watch {
    struct bark_server *server;
    struct onvif_tls tls;
};

static int failure(const struct bark_error *err)
{
    char text[640];
    bark_error_text(err, text, sizeof text);
    fprintf(stderr, "soapbark-device: %s\n", text);
    return 1;
}

static sigset_t signals_of_interest(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

static void *signal_wait(void *user)
{
    struct watch *watch = user;
    const sigset_t set = signals_of_interest();
    int which = 0;
    while (sigwait(&set, &which) == 0 && which == SIGHUP) {
        struct bark_error err = { 0 };
        if (onvif_tls_reload(&watch->tls, &err) != BARK_OK)
            (void)failure(&err); /* the certificate of before stays in use */
    }
    bark_server_stop(watch->server);
    return NULL;
}

static bool signals_watch(struct watch *watch)
{
    const sigset_t set = signals_of_interest();
    pthread_t thread;
    return pthread_sigmask(SIG_BLOCK, &set, NULL) == 0 &&
           pthread_create(&thread, NULL, signal_wait, watch) == 0 && pthread_detach(thread) == 0;
}

static int host_bytes(const char *listen)
{
    return (int)(strrchr(listen, ':') - listen);
}

/* When signals are watched: whoever has read this may send one. */
static void urls_print(const struct options *o, const struct bark_server *server, const char *address)
{
    printf("soapbark-device: http://%s" ONVIF_DEVICE_PATH "\n", address);
    if (o->tls_listen)
        printf("soapbark-device: https://%.*s:%u" ONVIF_DEVICE_PATH "\n", host_bytes(o->tls_listen),
               o->tls_listen, (unsigned)bark_server_port_at(server, 1));
    fflush(stdout);
}

static int serve(const struct options *o, const struct bark_service *service, char *address, size_t size)
{
    struct bark_log_file log_to = { .fd = 2 };
    struct bark_error err = { 0 };
    struct bark_server_options options = { .listen = o->listen,
                                           .limits =
                                               o->server_limits ? &bark_limits_server : &bark_limits_device,
                                           .services = &service,
                                           .service_count = 1,
                                           .host_names = o->host_names,
                                           .host_name_count = o->host_name_count,
                                           .log = o->quiet ? NULL : bark_log_json_line,
                                           .log_user = &log_to };
    struct watch watch = { 0 };
    char secure[128] = "tls:";
    const char *const more[] = { secure };
    if (o->tls_listen) {
        strncat(secure, o->tls_listen, sizeof secure - sizeof "tls:");
        if (onvif_tls_open(&watch.tls, o->state, o->tls_listen, o->host_names, o->host_name_count, &err) !=
            BARK_OK)
            return failure(&err);
        options.tls = watch.tls.server;
        options.listen_more = more;
        options.listen_more_count = 1;
    }
    struct bark_server *server = watch.server = bark_server_new(&options, &err);
    if (!server) {
        onvif_tls_close(&watch.tls);
        return failure(&err);
    }
    snprintf(address, size, "%.*s:%u", host_bytes(o->listen), o->listen, (unsigned)bark_server_port(server));
    int status = 0;
    if (!signals_watch(&watch)) {
        fprintf(stderr, "soapbark-device: no thread for signals\n");
        status = 1;
    } else {
        urls_print(o, server, address);
        if (bark_server_run(server, &err) != BARK_OK)
            status = failure(&err);
    }
    bark_server_free(server);
    onvif_tls_close(&watch.tls);
    return status;
}

int main(int count, char **words)
{
    struct onvif_backend backend; /* the device's state lives as long as the program */
    char address[64];
    struct bark_service service;
    struct bark_image image;
    struct bark_error err = { 0 };
    struct options o;
    if (count == 2 && strcmp(words[1], "--help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    if (!options_read(&o, count, words) || !strrchr(o.listen, ':') ||
        (o.tls_listen && (!o.state || !strrchr(o.tls_listen, ':') || strlen(o.tls_listen) > 100))) {
        fputs(help, stderr);
        return 2;
    }
    if (!o.beyond_loopback && (!is_loopback(o.listen) || (o.tls_listen && !is_loopback(o.tls_listen)))) {
        fprintf(
            stderr,
            "soapbark-device: %s is not a loopback address (127.x.y.z or [::1]), and this device asks nobody "
            "who they are;\nsay --insecure-listen-beyond-loopback when that is meant\n",
            is_loopback(o.listen) ? o.tls_listen : o.listen);
        return 2;
    }
    onvif_backend_init(&backend);
    if (onvif_device_service(&service, &image, &backend, &err) != BARK_OK)
        return failure(&err);
    backend.address = address; /* serve() learns the port and fills it in */
    return serve(&o, &service, address, sizeof address);
}
