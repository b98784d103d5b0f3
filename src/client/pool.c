/* client/pool.c - idle connections, for whoever calls the same origin next.
 *
 * A table of fixed size under a mutex. The newest connection of an origin is taken first, so that the others
 * grow old and go; what is closed is closed outside the mutex, since a TLS session says goodbye to a socket.
 */
#define _GNU_SOURCE
#include "client/pool.h"

#include "soapbark/crypto.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 16, IDLE_MS = 30000, CONNECTIONS_MAX = 4096 };

struct idle {
    struct bark_net_stream stream; /* fd is -1 in a free place */
    char *origin;
    const struct bark_net_tls *tls;
    uint64_t since_ns;
};

struct bark_client_pool {
    pthread_mutex_t lock;
    uint64_t idle_ns;
    struct bark_pool_counts counts;
    uint32_t size;
    struct idle places[];
};

struct bark_client_pool *bark_client_pool_new(const struct bark_client_pool_options *options,
                                              struct bark_error *err)
{
    const uint32_t size = options && options->connections ? options->connections : CONNECTIONS;
    const uint32_t idle_ms = options && options->idle_ms ? options->idle_ms : IDLE_MS;
    struct bark_client_pool *pool;
    if (size > CONNECTIONS_MAX) {
        (void)bark_fail(err, BARK_ERR_USE, 0, "a pool keeps at most 4096 connections");
        return NULL;
    }
    pool = calloc(1, sizeof *pool + size * sizeof *pool->places);
    if (!pool || pthread_mutex_init(&pool->lock, NULL) != 0) {
        free(pool);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the pool");
        return NULL;
    }
    pool->size = size;
    pool->idle_ns = UINT64_C(1000000) * idle_ms;
    for (uint32_t i = 0; i < size; i++)
        pool->places[i].stream = (struct bark_net_stream){ .ops = &bark_net_plain, .fd = -1 };
    return pool;
}

/* The origin may hold what a proxy was told as a password. */
static void idle_close(struct idle *place)
{
    if (place->stream.fd < 0)
        return;
    place->stream.ops->close(&place->stream);
    bark_secret_wipe(place->origin, strlen(place->origin));
    free(place->origin);
}

/* Out of the table, to be closed later. */
static struct idle place_empty(struct bark_client_pool *pool, uint32_t i)
{
    const struct idle was = pool->places[i];
    pool->places[i] = (struct idle){ .stream = { .ops = &bark_net_plain, .fd = -1 } };
    pool->counts.idle--;
    return was;
}

void bark_client_pool_free(struct bark_client_pool *pool)
{
    if (!pool)
        return;
    for (uint32_t i = 0; i < pool->size; i++)
        idle_close(&pool->places[i]);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

/* One connection that has been idle for too long, if there is one. */
static bool old_one_close(struct bark_client_pool *pool)
{
    const uint64_t now = bark_net_monotonic_ns();
    struct idle old = { .stream = { .fd = -1 } };
    pthread_mutex_lock(&pool->lock);
    for (uint32_t i = 0; i < pool->size && old.stream.fd < 0; i++) {
        const struct idle *place = &pool->places[i];
        if (place->stream.fd >= 0 && now - place->since_ns >= pool->idle_ns) {
            old = place_empty(pool, i);
            pool->counts.expired++;
        }
    }
    pthread_mutex_unlock(&pool->lock);
    idle_close(&old);
    return old.origin != NULL;
}

bool bark_pool_take(struct bark_client_pool *pool, const char *origin, const struct bark_net_tls *tls,
                    struct bark_net_stream *stream)
{
    struct idle found = { .stream = { .fd = -1 } };
    uint32_t best;
    while (old_one_close(pool))
        ;
    pthread_mutex_lock(&pool->lock);
    best = pool->size;
    for (uint32_t i = 0; i < pool->size; i++) {
        const struct idle *place = &pool->places[i];
        if (place->stream.fd >= 0 && place->tls == tls && strcmp(place->origin, origin) == 0 &&
            (best == pool->size || place->since_ns > pool->places[best].since_ns))
            best = i;
    }
    if (best < pool->size)
        found = place_empty(pool, best);
    pthread_mutex_unlock(&pool->lock);
    if (found.stream.fd < 0)
        return false;
    *stream = found.stream;
    bark_secret_wipe(found.origin, strlen(found.origin));
    free(found.origin);
    return true;
}

void bark_pool_give(struct bark_client_pool *pool, const char *origin, const struct bark_net_tls *tls,
                    struct bark_net_stream *stream)
{
    struct idle mine = { .stream = *stream, .tls = tls, .since_ns = bark_net_monotonic_ns() };
    struct idle oldest = { .stream = { .fd = -1 } };
    uint32_t place = 0;
    *stream = (struct bark_net_stream){ .ops = &bark_net_plain, .fd = -1 };
    mine.origin = strdup(origin);
    if (!mine.origin) {
        mine.stream.ops->close(&mine.stream);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    for (uint32_t i = 0; i < pool->size && pool->places[place].stream.fd >= 0; i++) {
        if (pool->places[i].stream.fd < 0 || pool->places[i].since_ns < pool->places[place].since_ns)
            place = i;
    }
    if (pool->places[place].stream.fd >= 0) {
        oldest = place_empty(pool, place);
        pool->counts.displaced++;
    }
    pool->places[place] = mine;
    pool->counts.idle++;
    pthread_mutex_unlock(&pool->lock);
    idle_close(&oldest);
}

void bark_pool_note(struct bark_client_pool *pool, enum bark_pool_event event)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    switch (event) {
    case BARK_POOL_MADE:
        pool->counts.made++;
        break;
    case BARK_POOL_REUSED:
        pool->counts.reused++;
        break;
    case BARK_POOL_CLOSED_BY_PEER:
        pool->counts.closed_by_peer++;
        break;
    case BARK_POOL_AGAIN:
        pool->counts.again++;
        break;
    }
    pthread_mutex_unlock(&pool->lock);
}

struct bark_pool_counts bark_client_pool_counts(struct bark_client_pool *pool)
{
    struct bark_pool_counts counts;
    pthread_mutex_lock(&pool->lock);
    counts = pool->counts;
    pthread_mutex_unlock(&pool->lock);
    return counts;
}
