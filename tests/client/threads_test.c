/* client/threads_test.c - several threads, each with clients of its own, and one pool and one TLS client for
 * them all; plain and https servers in the same process. Under the thread sanitizer (.ci/run) it is the proof
 * that pool, sessions and crypto are shared as their headers say.
 */
#define _GNU_SOURCE
#include "thermostat.h"

#include "soapbark/client.h"
#include "soapbark/server.h"
#include "soapbark/tls.h"
#include "testkit.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 12, SERVERS = 2 };

static struct bark_image image;

static enum bark_code get_temperature(const struct thermo_GetTemperature *in,
                                      struct thermo_GetTemperatureResponse *out, struct bark_call *call)
{
    (void)in;
    out->Celsius = 20.5;
    out->Target = 21;
    out->MeasuredAt = bark_time_of_unix((int64_t)(call->now_ns / 1000000000u), 0);
    return BARK_OK;
}

static const struct thermo_Thermostat_handlers handlers = { .GetTemperature = get_temperature };

struct scene {
    struct bark_server *servers[SERVERS]; /* plain, https; the second may be NULL */
    pthread_t runs[SERVERS];
    char urls[SERVERS][64];
    struct bark_client_pool *pool;
    struct bark_tls_client *tls;
    unsigned calls; /* that were answered; under lock */
    pthread_mutex_t lock;
};

static void *server_run(void *user)
{
    struct bark_error err = { 0 };
    if (bark_server_run(user, &err) != BARK_OK)
        abort();
    return NULL;
}

static void server_start(struct scene *s, unsigned i, struct bark_tls_server *tls)
{
    static struct bark_service service;
    static const struct bark_service *const services[] = { &service };
    const struct bark_server_options options = { .listen = i == 0 ? "127.0.0.1:0" : "tls:127.0.0.1:0",
                                                 .tls = tls,
                                                 .services = services,
                                                 .service_count = 1 };
    struct bark_error err = { 0 };
    service = (struct bark_service){ .path = "/thermostat",
                                     .image = &image,
                                     .service_row = thermo_Thermostat_row,
                                     .dispatch = thermo_Thermostat_dispatch,
                                     .handlers = &handlers };
    s->servers[i] = bark_server_new(&options, &err);
    if (!s->servers[i] || pthread_create(&s->runs[i], NULL, server_run, s->servers[i]) != 0)
        abort();
    snprintf(s->urls[i], sizeof s->urls[i], "http%s://127.0.0.1:%u/thermostat", i == 0 ? "" : "s",
             (unsigned)bark_server_port(s->servers[i]));
}

/* A new client for every second call, so that connections wander from thread to thread. */
static void *calls_run(void *user)
{
    struct scene *s = user;
    unsigned answered = 0;
    for (unsigned n = 0; n < ROUNDS * SERVERS; n++) {
        struct bark_client_options options = {
            .url = s->urls[n % SERVERS], .image = &image, .pool = s->pool, .tls = s->tls, .timeout_ms = 60000
        };
        const struct thermo_GetTemperature in = { 0 };
        const struct thermo_GetTemperatureResponse *out;
        struct bark_error err = { 0 };
        struct bark_client *client = options.url[0] ? bark_client_new(&options, &err) : NULL;
        for (unsigned twice = 0; client && twice < 2; twice++)
            answered +=
                thermo_Thermostat_GetTemperature(client, &in, &out, &err) == BARK_OK && out->Celsius == 20.5;
        if (err.code != BARK_OK)
            printf("# %s: %s %s\n", options.url, err.rule, err.found);
        bark_client_free(client);
    }
    pthread_mutex_lock(&s->lock);
    s->calls += answered;
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void scene_run(struct scene *s, uint32_t connections)
{
    const struct bark_client_pool_options options = { .connections = connections };
    pthread_t threads[THREADS];
    struct bark_error err = { 0 };
    struct bark_pool_counts counts;
    const unsigned want = THREADS * ROUNDS * 2 * (s->servers[1] ? SERVERS : 1);
    s->calls = 0;
    s->pool = bark_client_pool_new(&options, &err);
    for (unsigned i = 0; i < THREADS; i++)
        if (!s->pool || pthread_create(&threads[i], NULL, calls_run, s) != 0)
            abort();
    for (unsigned i = 0; i < 50; i++)
        (void)bark_client_pool_counts(s->pool); /* from another thread than theirs */
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    counts = bark_client_pool_counts(s->pool);
    CHECK(s->calls == want);
    CHECK(counts.made + counts.reused == want + counts.again);
    CHECK(counts.idle <= connections && counts.made >= (s->servers[1] ? 2 : 1));
    CHECK(connections == 1 || counts.reused > want / 2);
    bark_client_pool_free(s->pool);
}

#ifdef HAS_TLS
static struct bark_tls_server *tls_make(struct scene *s, const char *folder)
{
    static const char *const names[] = { "127.0.0.1" };
    char chain[64], key[64];
    struct bark_error err = { 0 };
    snprintf(chain, sizeof chain, "%s/chain", folder);
    snprintf(key, sizeof key, "%s/key", folder);
    const struct bark_tls_self_signed_options made = {
        .chain_file = chain, .key_file = key, .names = names, .name_count = 1
    };
    const struct bark_tls_certificate certificate = { .chain_file = chain, .key_file = key };
    const struct bark_tls_server_options server = { .certificates = &certificate, .certificate_count = 1 };
    const struct bark_tls_client_options client = { .ca_file = chain };
    if (bark_tls_self_signed(&made, &err) != BARK_OK)
        abort();
    s->tls = bark_tls_client_new(&client, &err);
    struct bark_tls_server *tls = bark_tls_server_new(&server, &err);
    if (!s->tls || !tls)
        abort();
    (void)unlink(chain);
    (void)unlink(key);
    return tls;
}
#endif

TEST(one_pool_for_all_threads)
{
    static struct scene s = { .lock = PTHREAD_MUTEX_INITIALIZER };
    struct bark_error err = { 0 };
    CHECK(bark_image_open(&image, thermostat_tables(), &err) == BARK_OK);
    server_start(&s, 0, NULL);
#ifdef HAS_TLS
    char folder[] = "/tmp/soapbark-threads-XXXXXX";
    if (!mkdtemp(folder))
        abort();
    struct bark_tls_server *tls = tls_make(&s, folder);
    server_start(&s, 1, tls);
#endif
    scene_run(&s, 1); /* most connections give way to others */
    scene_run(&s, 16); /* none does */
    for (unsigned i = 0; i < SERVERS && s.servers[i]; i++) {
        bark_server_stop(s.servers[i]);
        pthread_join(s.runs[i], NULL);
        bark_server_free(s.servers[i]);
    }
#ifdef HAS_TLS
    const struct bark_tls_counts counts = bark_tls_server_counts(tls);
    CHECK(counts.handshakes > 1 && counts.resumed > 0 && counts.failed == 0);
    bark_tls_client_free(s.tls);
    bark_tls_server_free(tls);
    CHECK(rmdir(folder) == 0);
#endif
}

TEST_MAIN(RUN(one_pool_for_all_threads))
