/* server/driver.c - the loops of a server, from the first socket to the last connection.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { THREADS_MAX = 256, QUEUE_MAX = 65536, EVENTS_PER_S = 20 };

static const uint64_t NS_PER_MS = 1000u * 1000u;

/* Sizes that this machine can address, with room to add to them [R1]. */
static bool limits_fit(const struct bark_limits *l)
{
    const uint64_t most = SIZE_MAX / 4;
    return l->body_bytes <= most && l->reply_bytes <= most && l->arena_bytes <= most &&
           l->connections <= UINT32_MAX / 4;
}

/* Eight full bodies and answers by default, and a quarter of it, but not less than one of each, for one peer.
 */
static void budget_set(struct bark_driver *d, uint64_t max, uint64_t max_per_peer)
{
    const uint64_t one = d->limits.body_bytes + d->limits.reply_bytes; /* no overflow: limits_fit() */
    if (max == 0 && __builtin_mul_overflow(one, 8, &max))
        max = UINT64_MAX;
    if (max_per_peer == 0)
        max_per_peer = max / 4 > one ? max / 4 : one;
    d->budget.max = max > SIZE_MAX ? SIZE_MAX : (size_t)max;
    d->budget.max_per_peer = max_per_peer > d->budget.max ? d->budget.max : (size_t)max_per_peer;
}

static bool is_secure(const char *text)
{
    return text && strncmp(text, "tls:", 4) == 0;
}

/* Those that a predecessor hands over, and the others anew. */
static enum bark_code listeners_open(struct bark_driver *d, const struct bark_driver_options *options,
                                     struct bark_error *err)
{
    enum bark_code code = BARK_OK;
    if (options->listen_count > BARK_NET_PASS_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a server listens on at most 64 addresses");
    d->listeners = calloc(options->listen_count, sizeof *d->listeners);
    d->listen_texts = calloc(options->listen_count, sizeof *d->listen_texts);
    if (!d->listeners || !d->listen_texts)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the server");
    for (; d->listener_count < options->listen_count; d->listener_count++) {
        d->listeners[d->listener_count].fd = -1;
        d->listen_texts[d->listener_count] = options->listen[d->listener_count];
        if (is_secure(d->listen_texts[d->listener_count]) && !options->tls)
            return bark_fail(err, BARK_ERR_USE, 0, "an address with \"tls:\" needs the option tls");
    }
    if (options->handover_path)
        code = bark_handover_take(d, options, err);
    for (size_t i = 0; i < d->listener_count && code == BARK_OK; i++) {
        struct bark_listener *l = &d->listeners[i];
        const bool secure = is_secure(d->listen_texts[i]);
        if (l->fd < 0)
            code = bark_net_listen(d->listen_texts[i] + (secure ? 4 : 0), options->unix_mode, l, err);
        l->tls = secure ? &options->tls->net : NULL;
    }
    return code;
}

static enum bark_code loops_open(struct bark_driver *d, uint32_t count, struct bark_error *err)
{
    const uint32_t share = d->limits.connections / count, more = d->limits.connections % count;
    d->loops = calloc(count, sizeof *d->loops);
    if (!d->loops)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the server");
    for (uint32_t i = 0; i < count; i++) {
        enum bark_code code = bark_loop_init(&d->loops[i], d, i, share + (i < more ? 1 : 0), err);
        if (code != BARK_OK)
            return code;
        d->loop_count++;
    }
    atomic_store(&d->accepting, count);
    return BARK_OK;
}

enum bark_code bark_driver_init(struct bark_driver *d, const struct bark_driver_options *options,
                                struct bark_error *err)
{
    const uint32_t threads = options->threads ? options->threads : 1;
    const uint32_t drain_ms = options->drain_ms ? options->drain_ms : options->limits->request_ms;
    enum bark_code code;
    *d = (struct bark_driver){ .limits = *options->limits,
                               .service = options->service,
                               .coding = options->coding,
                               .compress_bytes = options->compress_bytes,
                               .server_name = options->server_name,
                               .tls = options->tls ? &options->tls->net : NULL,
                               .drain_ns = drain_ms * NS_PER_MS,
                               .log = options->log,
                               .log_user = options->log_user,
                               .log_events_per_s =
                                   options->log_events_per_s ? options->log_events_per_s : EVENTS_PER_S,
                               .request_ids = options->request_ids,
                               .id_prefix = (uint32_t)(bark_net_wall_ns() / 1000000000u),
                               .handover = { options->handover_path, { .fd = -1 }, -1, -1 },
                               .stop_fd = -1 };
    if (!limits_fit(&d->limits))
        return bark_fail(err, BARK_ERR_USE, 0, "a limit is more than this machine can address");
    if (options->workers > THREADS_MAX || options->queue > QUEUE_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "workers: at most 256; queue: at most 65536");
    if (threads > THREADS_MAX || threads > d->limits.connections)
        return bark_fail(err, BARK_ERR_USE, 0, "threads: at most 256, and a connection for each");
    budget_set(d, options->buffer_bytes, options->buffer_bytes_per_peer);
    code = listeners_open(d, options, err);
    if (code != BARK_OK)
        return code;
    d->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (d->stop_fd < 0)
        return bark_fail(err, BARK_ERR_IO, 0, "the system has no descriptor left");
    if (pthread_mutex_init(&d->log_lock, NULL) != 0)
        return bark_fail(err, BARK_ERR_IO, 0, "the system gives no lock");
    if (!bark_peers_init(&d->peers, d->limits.connections))
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the server");
    code = bark_workers_init(&d->workers, d, options->workers,
                             options->queue ? options->queue : options->workers * 4, err);
    if (code == BARK_OK)
        code = loops_open(d, threads, err);
    if (code == BARK_OK && d->handover.predecessor_fd < 0)
        code = bark_handover_ready(d, err); /* nobody has to wait for us: be there for the next one */
    return code;
}

void bark_driver_free(struct bark_driver *d)
{
    if (d->limits.connections == 0)
        return; /* never initialised */
    bark_workers_end(&d->workers);
    for (uint32_t i = 0; i < d->loop_count; i++)
        bark_loop_free(&d->loops[i]);
    bark_workers_free(&d->workers);
    (void)bark_events_flush(d, bark_net_monotonic_ns(), true);
    assert(atomic_load(&d->budget.used) == 0);
    bark_peers_free(&d->peers);
    for (size_t i = 0; i < d->listener_count; i++)
        bark_net_listen_close(&d->listeners[i], !atomic_load(&d->handed_over));
    bark_handover_free(d);
    if (d->stop_fd >= 0)
        close(d->stop_fd);
    free(d->loops);
    free(d->listeners);
    free(d->listen_texts);
    *d = (struct bark_driver){ .stop_fd = -1 };
}

struct thread {
    pthread_t id;
    struct bark_loop *loop;
    struct bark_error err;
};

/* A loop that cannot go on ends the others too: a server that half works hides its trouble. */
static enum bark_code loop_run(struct bark_loop *loop, struct bark_error *err)
{
    while (!bark_loop_done(loop)) {
        enum bark_code code = bark_loop_turn(loop, -1, err);
        if (code != BARK_OK) {
            bark_loop_stop(loop);
            bark_driver_stop(loop->driver);
            return code;
        }
    }
    return BARK_OK;
}

static void *thread_main(void *arg)
{
    struct thread *t = arg;
    (void)loop_run(t->loop, &t->err); /* the error record tells */
    return NULL;
}

enum bark_code bark_driver_begin(struct bark_driver *d, struct bark_error *err)
{
    enum bark_code code = bark_workers_start(&d->workers, err);
    return code == BARK_OK ? bark_handover_ready(d, err) : code;
}

void bark_driver_end(struct bark_driver *d)
{
    bark_workers_end(&d->workers);
}

/* How many run besides the caller's; those that do not get a thread accept nothing, and all are stopped. */
static uint32_t threads_start(struct bark_driver *d, struct thread *threads)
{
    for (uint32_t i = 1; i < d->loop_count; i++) {
        threads[i].loop = &d->loops[i];
        if (!bark_thread_start(&threads[i].id, thread_main, &threads[i])) {
            atomic_fetch_sub(&d->accepting, d->loop_count - i);
            bark_driver_stop(d);
            return i - 1;
        }
    }
    return d->loop_count - 1;
}

enum bark_code bark_driver_run(struct bark_driver *d, struct bark_error *err)
{
    struct thread *threads = calloc(d->loop_count, sizeof *threads);
    uint32_t started;
    enum bark_code code;
    if (!threads)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the server");
    code = bark_driver_begin(d, err);
    if (code != BARK_OK) {
        free(threads);
        return code;
    }
    started = threads_start(d, threads);
    if (started < d->loop_count - 1)
        code = bark_fail(err, BARK_ERR_IO, 0, "the system gives no thread");
    if (loop_run(&d->loops[0], err) != BARK_OK)
        code = BARK_ERR_IO;
    for (uint32_t i = 1; i <= started; i++) {
        (void)pthread_join(threads[i].id, NULL);
        if (threads[i].err.code != BARK_OK && code == BARK_OK) {
            code = threads[i].err.code;
            if (err)
                *err = threads[i].err;
        }
    }
    free(threads);
    bark_driver_end(d);
    return code;
}

void bark_driver_stop(struct bark_driver *d)
{
    const uint64_t one = 1;
    const int before = errno; /* of what a signal handler interrupts */
    ssize_t n = write(d->stop_fd, &one, sizeof one); /* fails only when it was told often before */
    (void)n;
    errno = before;
}
