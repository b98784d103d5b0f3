/* onvif/device.c - soapbark-device: the ONVIF device service as a program.
 *
 *     soapbark-device --listen 127.0.0.1:8000 --tls-listen 0.0.0.0:443 --state /var/lib/device
 *
 * It asks who calls, unless the command line says that nobody is asked; then it serves the machine it runs on
 * and nobody else. Addresses that others can reach want TLS, or an option whose name says that it is
 * insecure.
 */
#include "handlers/handlers.h"

#include "device_auth.h"
#include "device_tls.h"
#include "soapbark/server.h"
#include "state_file.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: soapbark-device [--listen HOST:PORT] [--tls-listen HOST:PORT] [--state FOLDER] [OPTION...]\n"
    "\n"
    "Serves the ONVIF device service at /onvif/device_service, over SOAP 1.1 and SOAP 1.2.\n"
    "\n"
    "  --listen HOST:PORT   where (default 127.0.0.1:8000); port 0 takes a free one and prints it\n"
    "  --tls-listen HOST:PORT   and where with TLS; needs --state\n"
    "  --state FOLDER       where the device keeps its users and settings (device.state) and its key and\n"
    "                       certificate (device.key, device.pem): made at the first start, signed by itself; "
    "put\n"
    "                       others in their place, and SIGHUP takes them into use. Without it, users and "
    "settings\n"
    "                       end with the program\n"
    "  --host-name NAME     a name that clients may use for this machine, besides its addresses and "
    "localhost;\n"
    "                       up to four times. Requests for other names get 403, so that a web page "
    "elsewhere\n"
    "                       cannot reach the device through a name of its own\n"
    "  --server-limits      the limits of a server instead of those of a small device: more connections, "
    "more\n"
    "                       requests on each, larger messages (docs/security-model.md)\n"
    "  --threads N          event loops, each on a thread of its own (default 1, at most 64)\n"
    "  --handover PATH      a control socket (mode 0600): a device that is started with the same --handover, "
    "\n"
    "                       --listen, --tls-listen and --state takes over the listening sockets, and this "
    "one\n"
    "                       ends after the requests under way; no request is lost\n"
    "  --metrics            what the device counts, as OpenMetrics text at /metrics, for this machine only\n"
    "  --capture FOLDER     write exchanges there, secrets replaced, for soapbark replay "
    "(docs/observability.md)\n"
    "  --quiet              no log; otherwise one JSON line a request on standard error\n"
    "\n"
    "Who calls is asked by HTTP Digest with SHA-256. A device without users answers what everybody may "
    "know,\n"
    "and CreateUsers, which has to make an administrator: do that before others can reach it "
    "(docs/auth.md).\n"
    "\n"
    "  --digest-md5         Digest with MD5 too, for old clients\n"
    "  --digest-md5-only    and not with SHA-256, for those that look at the first challenge only (PHP)\n"
    "  --basic              Basic too, over TLS only\n"
    "  --token-key FILE     JSON Web Tokens too, over TLS only, signed with the private half of this key "
    "(PEM),\n"
    "  --token-issuer TEXT  whose claim iss is this,\n"
    "  --token-audience TEXT    whose claim aud is this,\n"
    "  --token-algorithm ALG    and whose algorithm is ES256 (the default), ES384, RS256, RS384, RS512 or "
    "PS256\n"
    "  --client-ca FILE     ask clients for a certificate, over TLS, that one of these authorities (PEM) "
    "vouches\n"
    "                       for; SIGHUP reads the file again\n"
    "  --client-crl FILE    revocation lists (PEM) of those authorities: clients without a list of today are "
    "refused;\n"
    "                       SIGHUP reads the file again\n"
    "  --client-key USER=PIN    whose public key has this SHA-256 (64 hexadecimal digits, or Base64 as in a "
    "pin)\n"
    "                       is that user of the device; up to 16 times\n"
    "  --client-certificates-only   no TLS handshake without such a certificate\n"
    "  --insecure-listen-beyond-loopback\n"
    "                       allow --listen to name an address that others can reach: what is said there "
    "without\n"
    "                       TLS, others can read and change\n"
    "  --insecure-no-authentication\n"
    "                       ask nobody who they are; for this machine only\n"
    "\n"
    "Ends on SIGINT and SIGTERM, after the requests under way. Exit status: 0 ended so, 1 could not serve,\n"
    "2 the command line is wrong.\n";

enum { HOST_NAMES = 4, CLIENT_KEYS = 16, THREADS_MAX = 64 };

struct options {
    const char *listen, *tls_listen, *state, *capture, *handover, *client_ca, *client_crl, *threads_text;
    struct onvif_client_key client_keys[CLIENT_KEYS];
    char client_users[CLIENT_KEYS][ONVIF_USERNAME_MAX + 1];
    size_t client_key_count;
    uint32_t threads;
    bool clients_verified;
    const char *host_names[HOST_NAMES];
    size_t host_name_count;
    struct onvif_auth_options auth;
    bool beyond_loopback, no_authentication, server_limits, quiet, metrics;
};

/* USER=PIN; a user's name may have '=' in it, and so may Base64 at its end. */
static bool client_key_read(struct options *o, const char *text)
{
    struct bark_error ignored = { 0 };
    for (const char *at = strchr(text, '='); at && o->client_key_count < CLIENT_KEYS;
         at = strchr(at + 1, '=')) {
        const size_t len = (size_t)(at - text);
        char *user = o->client_users[o->client_key_count];
        struct onvif_client_key *key = &o->client_keys[o->client_key_count];
        if (len == 0 || len > ONVIF_USERNAME_MAX || !onvif_pin_read(at + 1, key->spki, &ignored))
            continue;
        memcpy(user, text, len);
        user[len] = '\0';
        key->user = user;
        o->client_key_count++;
        return true;
    }
    return false;
}

static bool threads_read(struct options *o)
{
    const char *text = o->threads_text ? o->threads_text : "1";
    const size_t len = strlen(text);
    o->threads = 0;
    if (len == 0 || len > 2 || strspn(text, "0123456789") != len)
        return false;
    for (; *text; text++)
        o->threads = o->threads * 10 + (uint32_t)(*text - '0');
    return o->threads >= 1 && o->threads <= THREADS_MAX;
}

static bool options_read(struct options *o, int count, char **words)
{
    const struct {
        const char *name;
        const char **text; /* what follows the word */
        bool *flag; /* or what it switches on */
    } known[] = {
        { "--listen", &o->listen, NULL },
        { "--tls-listen", &o->tls_listen, NULL },
        { "--state", &o->state, NULL },
        { "--token-key", &o->auth.token_key, NULL },
        { "--token-algorithm", &o->auth.token_algorithm, NULL },
        { "--token-issuer", &o->auth.token_issuer, NULL },
        { "--token-audience", &o->auth.token_audience, NULL },
        { "--digest-md5", NULL, &o->auth.md5 },
        { "--digest-md5-only", NULL, &o->auth.md5_only },
        { "--basic", NULL, &o->auth.basic },
        { "--insecure-listen-beyond-loopback", NULL, &o->beyond_loopback },
        { "--insecure-no-authentication", NULL, &o->no_authentication },
        { "--server-limits", NULL, &o->server_limits },
        { "--metrics", NULL, &o->metrics },
        { "--capture", &o->capture, NULL },
        { "--client-ca", &o->client_ca, NULL },
        { "--client-crl", &o->client_crl, NULL },
        { "--client-certificates-only", NULL, &o->clients_verified },
        { "--threads", &o->threads_text, NULL },
        { "--handover", &o->handover, NULL },
        { "--quiet", NULL, &o->quiet },
    };
    *o = (struct options){ .listen = "127.0.0.1:8000" };
    for (int i = 1; i < count; i++) {
        size_t k = 0;
        if (strcmp(words[i], "--host-name") == 0 && i + 1 < count && o->host_name_count < HOST_NAMES) {
            o->host_names[o->host_name_count++] = words[++i];
            continue;
        }
        if (strcmp(words[i], "--client-key") == 0 && i + 1 < count) {
            if (!client_key_read(o, words[++i]))
                return false;
            continue;
        }
        while (k < sizeof known / sizeof *known && strcmp(known[k].name, words[i]) != 0)
            k++;
        if (k == sizeof known / sizeof *known || (known[k].text && i + 1 == count))
            return false;
        if (known[k].text)
            *known[k].text = words[++i];
        else
            *known[k].flag = true;
    }
    o->auth.certificates = o->client_key_count > 0;
    return threads_read(o);
}

/* What the options ask of each other; NULL when all is well. */
static const char *options_wrong(struct options *o)
{
    struct onvif_auth_options *a = &o->auth;
    if (!strrchr(o->listen, ':') || (o->tls_listen && !strrchr(o->tls_listen, ':')))
        return "an address is HOST:PORT";
    if (o->tls_listen && (!o->state || strlen(o->tls_listen) > 100))
        return "--tls-listen needs --state";
    if ((o->client_key_count > 0 || o->clients_verified || o->client_crl) && !o->client_ca)
        return "--client-key, --client-crl and --client-certificates-only need --client-ca";
    if (o->client_ca && !o->tls_listen)
        return "--client-ca is for --tls-listen";
    if (o->handover && !o->state)
        return "--handover needs --state: the next device would know no users";
    if (o->no_authentication && (a->certificates || a->md5 || a->md5_only || a->basic || a->token_key))
        return "--insecure-no-authentication asks nobody";
    if ((a->basic || a->token_key) && !o->tls_listen)
        return "--basic and --token-key are for --tls-listen";
    if (!a->token_key != !a->token_issuer || !a->token_key != !a->token_audience ||
        (a->token_algorithm && !a->token_key))
        return "--token-key, --token-issuer and --token-audience belong together";
    if (a->token_key && !a->token_algorithm)
        a->token_algorithm = "ES256";
    return NULL;
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
    pthread_t thread;
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
    return pthread_sigmask(SIG_BLOCK, &set, NULL) == 0 &&
           pthread_create(&watch->thread, NULL, signal_wait, watch) == 0;
}

/* Before anything that the thread may look at is freed: a server that was handed over ends without a signal.
 */
static void signals_leave(struct watch *watch)
{
    (void)pthread_kill(watch->thread, SIGTERM);
    (void)pthread_join(watch->thread, NULL);
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

/* The folder stays open as long as the program runs. */
static struct bark_capture *capture_open(const char *folder, struct bark_error *err)
{
    const struct bark_capture_options to = { .directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
    if (to.directory < 0) {
        (void)bark_fail(err, BARK_ERR_IO, 0, "--capture names no folder that can be opened");
        return NULL;
    }
    return bark_capture_new(&to, err);
}

static int serve(const struct options *o, const struct bark_service *service, struct bark_auth *auth,
                 char *address, size_t size)
{
    struct bark_log_file log_to = { .fd = 2 };
    struct bark_error err = { 0 };
    struct bark_server_options options = { .listen = o->listen,
                                           .threads = o->threads,
                                           .handover_path = o->handover,
                                           .limits =
                                               o->server_limits ? &bark_limits_server : &bark_limits_device,
                                           .services = &service,
                                           .service_count = 1,
                                           .auth = auth,
                                           .host_names = o->host_names,
                                           .host_name_count = o->host_name_count,
                                           .metrics_path = o->metrics ? "/metrics" : NULL,
                                           .log = o->quiet ? NULL : bark_log_json_line,
                                           .log_user = &log_to };
    struct watch watch = { .tls = { .client_ca = o->client_ca,
                                    .client_crl = o->client_crl,
                                    .clients_verified = o->clients_verified } };
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
    options.capture = o->capture ? capture_open(o->capture, &err) : NULL;
    struct bark_server *server = watch.server =
        o->capture && !options.capture ? NULL : bark_server_new(&options, &err);
    if (!server) {
        bark_capture_free(options.capture);
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
        signals_leave(&watch);
    }
    bark_server_free(server);
    bark_capture_free(options.capture);
    onvif_tls_close(&watch.tls);
    return status;
}

/* May it listen there? */
static bool places_allowed(const struct options *o)
{
    const bool far = !is_loopback(o->listen), tls_far = o->tls_listen && !is_loopback(o->tls_listen);
    if (o->no_authentication && (far || tls_far)) {
        fprintf(stderr,
                "soapbark-device: %s is not a loopback address (127.x.y.z or [::1]), and a device that asks "
                "nobody who they are serves its own machine only\n",
                far ? o->listen : o->tls_listen);
        return false;
    }
    if (far && !o->beyond_loopback) {
        fprintf(
            stderr,
            "soapbark-device: %s is not a loopback address (127.x.y.z or [::1]), and without TLS others can "
            "read and change what is said there;\nuse --tls-listen, or say "
            "--insecure-listen-beyond-loopback when that is meant\n",
            o->listen);
        return false;
    }
    return true;
}

/* Threads, and the device that takes over, share the state. */
static void backend_share(const struct options *o, struct onvif_backend *backend, pthread_mutex_t *lock)
{
    if (o->threads > 1 || o->handover)
        backend->lock = lock;
    if (o->handover)
        onvif_state_share(backend);
}

/* A plan for the service's tables, to be freed behind them; NULL: there is none, and all is the same, only
 * slower. */
static void *plan_make(struct bark_image *image)
{
    const size_t size = bark_plan_size(image);
    void *plan = size ? malloc(size) : NULL;
    if (plan && bark_plan_make(image, plan, size) == BARK_OK)
        return plan;
    free(plan);
    return NULL;
}

static int device_run(const struct options *o, struct onvif_backend *backend)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    char address[64];
    struct bark_service service;
    struct bark_image image;
    struct bark_error err = { 0 };
    struct onvif_state_file file;
    struct onvif_auth auth = { .auth = NULL };
    void *plan;
    int status;
    if (o->state && onvif_state_open(&file, o->state, backend, &err) != BARK_OK)
        return failure(&err);
    backend_share(o, backend, &lock);
    backend->client_keys = o->client_keys;
    backend->client_key_count = o->client_key_count;
    if (!o->no_authentication && onvif_auth_open(&auth, &o->auth, backend, &err) != BARK_OK)
        return failure(&err);
    if (onvif_device_service(&service, &image, backend, &err) != BARK_OK) {
        onvif_auth_close(&auth);
        return failure(&err);
    }
    plan = plan_make(&image);
    backend->address = address; /* serve() learns the port and fills it in */
    backend->tls = o->tls_listen != NULL;
    if (backend->asks && !backend->tokens && backend->state.user_count == 0)
        fprintf(stderr, "soapbark-device: there are no users yet: whoever calls CreateUsers first makes the "
                        "administrator\n");
    status = serve(o, &service, auth.auth, address, sizeof address);
    onvif_auth_close(&auth);
    free(plan);
    return status;
}

int main(int count, char **words)
{
    struct onvif_backend backend; /* the device's state lives as long as the program */
    struct options o;
    const char *wrong;
    int status;
    if (count == 2 && strcmp(words[1], "--help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    if (!options_read(&o, count, words)) {
        fputs(help, stderr);
        return 2;
    }
    wrong = options_wrong(&o);
    if (wrong) {
        fprintf(stderr, "%s\nsoapbark-device: %s\n", help, wrong);
        return 2;
    }
    if (!places_allowed(&o))
        return 2;
    onvif_backend_init(&backend);
    status = device_run(&o, &backend);
    bark_secret_wipe(&backend, sizeof backend); /* the passwords */
    return status;
}
