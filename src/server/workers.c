/* server/workers.c - threads for handlers that take their time, behind a queue that can be full.
 *
 *     loop: request complete --> queue --> worker: serve() into its own arena and reply buffer
 *     loop: answer sent or kept <-- mail <-- worker waits until its reply buffer is free again
 *
 * A request on its way through here still sits in its connection, whose loop does not touch it meanwhile; so
 * a queued request costs one pointer. A handler cannot be interrupted: when its request's deadline passes,
 * the peer is told and its socket closed, and the slot stays taken until the handler has returned.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

bool bark_thread_start(pthread_t *id, void *(*main)(void *), void *arg)
{
    sigset_t all, before;
    bool started;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(id, NULL, main, arg) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum bark_code bark_workers_init(struct bark_workers *w, struct bark_driver *driver, uint32_t count,
                                 uint32_t queue, struct bark_error *err)
{
    const size_t arena_bytes = (size_t)driver->limits.arena_bytes;
    if (count == 0)
        return BARK_OK;
    w->items = calloc(count, sizeof *w->items);
    w->queue = calloc(queue, sizeof *w->queue);
    if (!w->items || !w->queue)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the workers");
    if (pthread_mutex_init(&w->lock, NULL) != 0 || pthread_cond_init(&w->work, NULL) != 0 ||
        pthread_cond_init(&w->taken, NULL) != 0)
        return bark_fail(err, BARK_ERR_IO, 0, "the system gives no lock");
    w->queue_size = queue;
    for (uint32_t i = 0; i < count; i++) {
        struct bark_worker *one = &w->items[i];
        w->count++;
        one->workers = w;
        one->driver = driver;
        one->arena_memory = malloc(arena_bytes);
        if (!one->arena_memory || !bark_reply_init(&one->reply, &driver->limits))
            return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the workers");
        bark_arena_init(&one->arena, one->arena_memory, arena_bytes);
    }
    return BARK_OK;
}

void bark_workers_free(struct bark_workers *w)
{
    for (uint32_t i = 0; i < w->count; i++) {
        bark_download_drop(w->items[i].answer.download, BARK_ERR_IO); /* of an answer that nobody took */
        bark_reply_free(&w->items[i].reply);
        free(w->items[i].arena_memory);
    }
    if (w->queue_size) {
        (void)pthread_mutex_destroy(&w->lock);
        (void)pthread_cond_destroy(&w->work);
        (void)pthread_cond_destroy(&w->taken);
    }
    free(w->items);
    free(w->queue);
    *w = (struct bark_workers){ .count = 0 };
}

/* The next request, or NULL when the workers are to end. */
static struct bark_connection *work_take(struct bark_workers *w, struct bark_loop **loop)
{
    struct bark_connection *c = NULL;
    (void)pthread_mutex_lock(&w->lock);
    if (*loop)
        w->busy--; /* with the request of before */
    *loop = NULL;
    while (w->queued == 0 && !w->ending)
        (void)pthread_cond_wait(&w->work, &w->lock);
    if (w->queued > 0 && !w->ending) {
        c = w->queue[w->first].connection;
        *loop = w->queue[w->first].loop;
        w->first = (w->first + 1) % w->queue_size;
        w->queued--;
        w->busy++;
    }
    (void)pthread_mutex_unlock(&w->lock);
    return c;
}

/* Hands the answer to the loop of its connection, and waits until the reply buffer is free again. */
static void answer_hand_over(struct bark_worker *own, struct bark_loop *loop)
{
    struct bark_workers *w = own->workers;
    own->handed = true; /* before the loop can see it; the locks order the two */
    (void)pthread_mutex_lock(&loop->mail.lock);
    own->next = loop->mail.answers;
    loop->mail.answers = own;
    (void)pthread_mutex_unlock(&loop->mail.lock);
    bark_loop_wake(loop);
    (void)pthread_mutex_lock(&w->lock);
    while (own->handed && !w->ending)
        (void)pthread_cond_wait(&w->taken, &w->lock);
    (void)pthread_mutex_unlock(&w->lock);
}

static void *worker_main(void *arg)
{
    struct bark_worker *own = arg;
    struct bark_loop *loop = NULL;
    struct bark_connection *c;
    while ((c = work_take(own->workers, &loop)) != NULL) {
        own->connection = c;
        bark_reply_make(&own->answer, own->driver, c, &own->arena, &own->reply);
        bark_reply_compress(&own->reply, &own->answer, own->driver, &c->reader);
        answer_hand_over(own, loop);
    }
    return NULL;
}

enum bark_code bark_workers_start(struct bark_workers *w, struct bark_error *err)
{
    while (w->started < w->count) {
        if (!bark_thread_start(&w->items[w->started].id, worker_main, &w->items[w->started]))
            return bark_fail(err, BARK_ERR_IO, 0, "the system gives no thread");
        w->started++;
    }
    return BARK_OK;
}

void bark_workers_end(struct bark_workers *w)
{
    if (w->started == 0)
        return;
    (void)pthread_mutex_lock(&w->lock);
    w->ending = true;
    (void)pthread_cond_broadcast(&w->work);
    (void)pthread_cond_broadcast(&w->taken);
    (void)pthread_mutex_unlock(&w->lock);
    for (; w->started > 0; w->started--)
        (void)pthread_join(w->items[w->started - 1].id, NULL);
}

bool bark_workers_give(struct bark_workers *w, struct bark_loop *loop, struct bark_connection *c)
{
    bool room;
    (void)pthread_mutex_lock(&w->lock);
    room = w->queued < w->queue_size;
    if (room) {
        w->queue[(w->first + w->queued) % w->queue_size] = (struct bark_work){ loop, c };
        w->queued++;
        (void)pthread_cond_signal(&w->work);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return room;
}

void bark_worker_release(struct bark_worker *worker)
{
    struct bark_workers *w = worker->workers;
    (void)pthread_mutex_lock(&w->lock);
    worker->handed = false;
    (void)pthread_cond_broadcast(&w->taken);
    (void)pthread_mutex_unlock(&w->lock);
}
