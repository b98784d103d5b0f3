/* tests/client/caller.c - calls GetTemperature, with a client's options from the command line.
 *
 *     client_caller URL [NAME=VALUE ...]
 *
 * user password token proxy proxy_user proxy_password ca: texts; md5 basic other once: 1; redirects ms:
 * numbers. times=N calls, one after the other; pause=MS before each but the first; threads=N clients at once;
 * pool=N shares N idle connections, idle=MS; step=1 uses the calls that do not wait, and resolve=1 looks up
 * before; gzip=1 takes compressed answers, compress=N sends requests so; clients=1 makes a new client for
 * each call; curl=1 to 3: by way of libcurl, and which HTTP (one more than enum bark_curl_http), then proxy,
 * ca, cert, key, proxy_ca, pins and insecure=1 are libcurl's. A line a call: "ok CELSIUS" or "CODE: TEXT";
 * with a pool its counts last.
 */
#define _GNU_SOURCE
#include "thermostat.h"

#include "soapbark/auth.h"
#include "soapbark/client.h"
#include "soapbark/curl.h"
#include "soapbark/gzip.h"
#include "soapbark/tls.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS_MAX = 32 };

struct settings {
    struct bark_client_options client;
    struct bark_client_pool_options pool;
    const char *ca, *cert, *key, *proxy_ca, *pins;
    unsigned long curl, insecure, gzip;
    unsigned long times, pause, threads, step, resolve, clients, failed;
    pthread_mutex_t lock; /* of failed, and of the output's lines */
};

static bool number_set(struct settings *s, const char *name, unsigned long n)
{
    const struct {
        const char *name;
        unsigned long *long_target;
        uint32_t *target;
        bool *flag;
    } known[] = { { "times", &s->times, NULL, NULL },
                  { "pause", &s->pause, NULL, NULL },
                  { "threads", &s->threads, NULL, NULL },
                  { "step", &s->step, NULL, NULL },
                  { "resolve", &s->resolve, NULL, NULL },
                  { "clients", &s->clients, NULL, NULL },
                  { "curl", &s->curl, NULL, NULL },
                  { "gzip", &s->gzip, NULL, NULL },
                  { "compress", NULL, &s->client.compress_bytes, NULL },
                  { "insecure", &s->insecure, NULL, NULL },
                  { "pool", NULL, &s->pool.connections, NULL },
                  { "idle", NULL, &s->pool.idle_ms, NULL },
                  { "redirects", NULL, &s->client.redirects, NULL },
                  { "ms", NULL, &s->client.timeout_ms, NULL },
                  { "md5", NULL, NULL, &s->client.digest_md5 },
                  { "basic", NULL, NULL, &s->client.insecure_basic_without_tls },
                  { "once", NULL, NULL, &s->client.send_once },
                  { "other", NULL, NULL, &s->client.redirects_other_origins } };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        if (known[i].long_target)
            *known[i].long_target = n;
        else if (known[i].target)
            *known[i].target = (uint32_t)n;
        else
            *known[i].flag = n != 0;
        return true;
    }
    return false;
}

static bool set(struct settings *s, char *word)
{
    char *value = strchr(word, '=');
    const struct {
        const char *name, **target;
    } texts[] = { { "user", &s->client.user },
                  { "password", &s->client.password },
                  { "token", &s->client.token },
                  { "proxy", &s->client.proxy },
                  { "proxy_user", &s->client.proxy_user },
                  { "proxy_password", &s->client.proxy_password },
                  { "ca", &s->ca },
                  { "cert", &s->cert },
                  { "key", &s->key },
                  { "proxy_ca", &s->proxy_ca },
                  { "pins", &s->pins } };
    if (!value)
        return false;
    *value++ = '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].name, word) == 0) {
            *texts[i].target = value;
            return true;
        }
    }
    return number_set(s, word, strtoul(value, NULL, 10));
}

static int failure(const struct bark_error *err)
{
    char text[640];
    (void)bark_error_text(err, text, sizeof text);
    printf("%s: %s\n", bark_code_text(err->code), text);
    return 1;
}

/* The same call without waiting inside: poll() is ours. */
static enum bark_code step_call(struct bark_client *client, const void *in, void **out,
                                struct bark_error *err)
{
    struct bark_client_wait wait;
    enum bark_code code = bark_client_start(client, thermo_Thermostat_op_GetTemperature, NULL, in, err);
    if (code != BARK_OK)
        return code;
    while ((code = bark_client_step(client, &wait, NULL, out, err)) == BARK_MORE) {
        struct pollfd p = { .fd = wait.fd, .events = wait.events };
        (void)poll(&p, 1, wait.timeout_ms); /* whatever it says, the next step knows better */
    }
    return code;
}

static void call_once(struct settings *s, struct bark_client *client)
{
    const struct thermo_GetTemperature in = { 0 };
    void *out = NULL;
    struct bark_error err = { 0 };
    enum bark_code code = BARK_OK;
    if (s->resolve)
        code = bark_client_resolve(client, &err);
    if (code == BARK_OK)
        code = s->step ? step_call(client, &in, &out, &err)
                       : bark_client_call(client, thermo_Thermostat_op_GetTemperature, &in, &out, &err);
    pthread_mutex_lock(&s->lock);
    if (code == BARK_OK)
        printf("ok %.1f\n", ((const struct thermo_GetTemperatureResponse *)out)->Celsius);
    else
        s->failed += (unsigned long)failure(&err);
    pthread_mutex_unlock(&s->lock);
}

static void *calls_run(void *user)
{
    struct settings *s = user;
    struct bark_client *client = NULL;
    for (unsigned long i = 0; i < s->times; i++) {
        struct bark_error err = { 0 };
        const struct timespec pause = { .tv_sec = (time_t)(s->pause / 1000),
                                        .tv_nsec = (long)(s->pause % 1000) * 1000000 };
        if (i > 0 && s->pause)
            nanosleep(&pause, NULL);
        if (!client || s->clients) {
            bark_client_free(client);
            client = bark_client_new(&s->client, &err);
        }
        if (client) {
            call_once(s, client);
            continue;
        }
        pthread_mutex_lock(&s->lock);
        s->failed += (unsigned long)failure(&err);
        pthread_mutex_unlock(&s->lock);
        break;
    }
    bark_client_free(client);
    return NULL;
}

static void counts_print(struct bark_client_pool *pool)
{
    const struct bark_pool_counts c = bark_client_pool_counts(pool);
    printf("made %llu reused %llu closed_by_peer %llu again %llu expired %llu displaced %llu idle %llu\n",
           (unsigned long long)c.made, (unsigned long long)c.reused, (unsigned long long)c.closed_by_peer,
           (unsigned long long)c.again, (unsigned long long)c.expired, (unsigned long long)c.displaced,
           (unsigned long long)c.idle);
}

#ifdef HAS_CURL
/* TLS and proxy are libcurl's then. */
static struct bark_curl *curl_make(struct settings *s, struct bark_error *err)
{
    const struct bark_curl_options options = { .http = (enum bark_curl_http)(s->curl - 1),
                                               .ca_file = s->ca,
                                               .certificate_file = s->cert,
                                               .key_file = s->key,
                                               .pins = s->pins,
                                               .insecure_skip_verification = s->insecure != 0,
                                               .proxy = s->client.proxy,
                                               .proxy_user = s->client.proxy_user,
                                               .proxy_password = s->client.proxy_password,
                                               .proxy_ca_file = s->proxy_ca };
    struct bark_curl *curl = bark_curl_new(&options, err);
    s->client.proxy = s->client.proxy_user = s->client.proxy_password = NULL;
    s->client.carrier = curl ? bark_curl_carrier(curl) : NULL;
    return curl;
}
#endif

int main(int count, char **words)
{
    static struct settings s = { .times = 1, .threads = 1, .lock = PTHREAD_MUTEX_INITIALIZER };
    struct bark_error err = { 0 };
    struct bark_image image;
    pthread_t threads[THREADS_MAX];
    s.client.timeout_ms = 10000;
    if (count < 2 || bark_image_open(&image, thermostat_tables(), &err) != BARK_OK)
        return 2;
    s.client.url = words[1];
    s.client.image = &image;
    for (int i = 2; i < count; i++) {
        if (!set(&s, words[i]))
            return 2;
    }
#ifdef HAS_TLS
    const struct bark_tls_client_options tls = { .ca_file = s.ca };
    s.client.crypto = bark_crypto_default();
    s.client.tls = s.ca && !s.curl ? bark_tls_client_new(&tls, &err) : NULL;
    if (s.ca && !s.curl && !s.client.tls)
        return failure(&err);
#endif
#ifdef HAS_GZIP
    s.client.coding = s.gzip ? &bark_gzip : NULL;
#endif
#ifdef HAS_CURL
    struct bark_curl *curl = s.curl ? curl_make(&s, &err) : NULL;
    if (s.curl && !curl)
        return failure(&err);
#endif
    if (s.pool.connections && !(s.client.pool = bark_client_pool_new(&s.pool, &err)))
        return failure(&err);
    if (s.threads > THREADS_MAX)
        return 2;
    for (unsigned long i = 0; i < s.threads; i++) {
        if (pthread_create(&threads[i], NULL, calls_run, &s) != 0)
            return 2;
    }
    for (unsigned long i = 0; i < s.threads; i++)
        pthread_join(threads[i], NULL);
    if (s.client.pool)
        counts_print(s.client.pool);
    bark_client_pool_free(s.client.pool);
#ifdef HAS_CURL
    bark_curl_free(curl);
#endif
#ifdef HAS_TLS
    bark_tls_client_free(s.client.tls);
#endif
    return s.failed ? 1 : 0;
}
