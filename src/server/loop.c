/* server/loop.c - the loop itself: wake up, look at sockets, look at the clock.
 *
 * Deadlines need no heap of timers: the loop knows a time before which none can pass, and only when that
 * comes it walks the table once. An idle server sleeps without end.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { EVENTS_A_WAKE_UP = 64 };

static const uint64_t NS_PER_MS = 1000u * 1000u;

static bool memory_take(struct bark_loop *loop)
{
    const struct bark_limits *l = &loop->limits;
    loop->table_size = loop->share + BARK_LOOP_SPARE;
    loop->table = calloc(loop->table_size, sizeof *loop->table);
    loop->mail.items = calloc(loop->share, sizeof *loop->mail.items);
    loop->heads = calloc(loop->share, sizeof *loop->heads);
    loop->head_block = calloc(loop->share, l->http_head_bytes); /* pages come with their first use */
    loop->input = malloc(BARK_LOOP_INPUT);
    loop->arena_memory = malloc((size_t)l->arena_bytes);
    if (!loop->table || !loop->mail.items || !loop->heads || !loop->head_block || !loop->input ||
        !loop->arena_memory || !bark_reply_init(&loop->reply, l) ||
        !bark_metrics_init(&loop->metrics, loop->driver->service.group_count))
        return false;
    bark_arena_init(&loop->arena, loop->arena_memory, (size_t)l->arena_bytes);
    for (uint32_t i = 0; i < loop->table_size; i++)
        loop->table[i].next_free = i + 1;
    loop->table[loop->share - 1].next_free = UINT32_MAX;
    loop->table[loop->table_size - 1].next_free = UINT32_MAX;
    loop->free_first = 0;
    loop->spare_first = loop->share;
    for (uint32_t i = 0; i < loop->share; i++) /* the first one is on top, so that few pages are touched */
        loop->heads[i] = loop->head_block + (size_t)(loop->share - 1 - i) * l->http_head_bytes;
    loop->heads_free = loop->share;
    return true;
}

bool bark_loop_watch(struct bark_loop *loop, int operation, int fd, uint32_t events, enum bark_loop_tag tag,
                     uint32_t index)
{
    struct epoll_event event = { .events = events, .data.u64 = (uint64_t)tag << 32 | index };
    return epoll_ctl(loop->poll_fd, operation, fd, &event) == 0;
}

enum bark_code bark_loop_init(struct bark_loop *loop, struct bark_driver *driver, uint32_t index,
                              uint32_t share, struct bark_error *err)
{
    *loop = (struct bark_loop){ .driver = driver,
                                .limits = driver->limits,
                                .index = index,
                                .share = share,
                                .poll_fd = -1,
                                .reserve_fd = -1,
                                .mail.fd = -1,
                                .due_ns = UINT64_MAX };
    if (pthread_mutex_init(&loop->mail.lock, NULL) != 0)
        return bark_fail(err, BARK_ERR_IO, 0, "the system gives no lock");
    if (!memory_take(loop)) {
        bark_loop_free(loop);
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the connection table and its buffers");
    }
    loop->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    loop->mail.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->poll_fd < 0 || loop->reserve_fd < 0 || loop->mail.fd < 0 || !bark_loop_listen(loop, true) ||
        !bark_loop_watch(loop, EPOLL_CTL_ADD, driver->stop_fd, EPOLLIN, BARK_TAG_STOP, 0) ||
        !bark_loop_watch(loop, EPOLL_CTL_ADD, loop->mail.fd, EPOLLIN, BARK_TAG_MAIL, 0)) {
        bark_loop_free(loop);
        return bark_fail(err, BARK_ERR_IO, 0, "cannot watch the listening socket");
    }
    return BARK_OK;
}

static void descriptor_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

void bark_loop_free(struct bark_loop *loop)
{
    if (!loop->driver)
        return;
    if (loop->table) {
        for (uint32_t i = 0; i < loop->table_size; i++) {
            while (loop->table[i].state != BARK_CONNECTION_FREE) /* twice when a worker had it */
                bark_connection_close(loop, &loop->table[i]);
        }
    }
    for (uint32_t i = 0; i < loop->mail.count; i++)
        close(loop->mail.items[i].fd);
    descriptor_close(loop->poll_fd);
    descriptor_close(loop->reserve_fd);
    descriptor_close(loop->mail.fd);
    (void)pthread_mutex_destroy(&loop->mail.lock);
    free(loop->table);
    free(loop->mail.items);
    free(loop->heads);
    free(loop->head_block);
    free(loop->input);
    bark_reply_free(&loop->reply);
    bark_metrics_free(&loop->metrics);
    free(loop->arena_memory);
    *loop = (struct bark_loop){ .driver = NULL };
}

/* Those between requests end, after a last look at what may have come. */
static void idle_close(struct bark_loop *loop)
{
    for (uint32_t i = 0; i < loop->table_size; i++) {
        struct bark_connection *c = &loop->table[i];
        if (c->state == BARK_CONNECTION_READ && !c->reader.head)
            bark_connection_readable(loop, c);
        if (c->state == BARK_CONNECTION_READ && !c->reader.head && !c->handshaking)
            bark_connection_close(loop, c); /* who is within a handshake has a request to make */
    }
}

void bark_loop_stop(struct bark_loop *loop)
{
    struct bark_driver *d = loop->driver;
    if (loop->stopping)
        return;
    (void)bark_loop_watch(loop, EPOLL_CTL_DEL, d->stop_fd, 0, BARK_TAG_STOP, 0);
    (void)bark_loop_listen(loop, false);
    loop->stopping = true;
    loop->drain_end_ns = loop->now_ns + d->drain_ns;
    if (loop->drain_end_ns < loop->due_ns)
        loop->due_ns = loop->drain_end_ns;
    if (!atomic_load(&d->handed_over))
        idle_close(loop);
    if (atomic_fetch_sub(&d->accepting, 1) > 1)
        return;
    for (uint32_t i = 0; i < d->loop_count;
         i++) /* no mail will come any more: those that wait for it may end */
        bark_loop_wake(&d->loops[i]);
}

static void deadlines_check(struct bark_loop *loop)
{
    const bool over = loop->stopping && loop->now_ns >= loop->drain_end_ns;
    loop->due_ns = loop->stopping && !over ? loop->drain_end_ns : UINT64_MAX;
    if (loop->accept_ns && loop->now_ns >= loop->accept_ns)
        bark_loop_accept_pause(loop, false);
    if (loop->accept_ns && loop->accept_ns < loop->due_ns)
        loop->due_ns = loop->accept_ns;
    if (loop->log_ns && loop->now_ns >= loop->log_ns)
        loop->log_ns = bark_events_flush(loop->driver, loop->now_ns, false);
    if (loop->log_ns && loop->log_ns < loop->due_ns)
        loop->due_ns = loop->log_ns;
    for (uint32_t i = 0; i < loop->table_size; i++) {
        struct bark_connection *c = &loop->table[i];
        if (c->state == BARK_CONNECTION_FREE || c->state == BARK_CONNECTION_GONE)
            continue;
        if (over)
            bark_connection_close(loop, c);
        else if (c->deadline_ns <= loop->now_ns)
            bark_connection_late(loop, c);
        else if (c->deadline_ns < loop->due_ns)
            loop->due_ns = c->deadline_ns;
    }
}

/* The slot's connection may have ended within this wake-up: a new one finds nothing to read or write, no
 * harm. */
static void connection_event(struct bark_loop *loop, struct bark_connection *c, uint32_t events)
{
    switch ((enum bark_connection_state)c->state) {
    case BARK_CONNECTION_FREE:
    case BARK_CONNECTION_GONE:
        break;
    case BARK_CONNECTION_WRITE:
        bark_connection_writable(loop, c); /* an error or hang-up shows as a failed send */
        break;
    case BARK_CONNECTION_READ:
    case BARK_CONNECTION_LINGER:
        bark_connection_readable(loop, c);
        break;
    case BARK_CONNECTION_WORK:
        if (events & (EPOLLHUP | EPOLLERR)) /* nobody is left to answer */
            bark_answer_abandon(loop, c, "the peer has gone");
        break;
    }
}

static void event_handle(struct bark_loop *loop, uint64_t tag, uint32_t events)
{
    const uint32_t index = (uint32_t)(tag & UINT32_MAX);
    switch ((enum bark_loop_tag)(tag >> 32)) {
    case BARK_TAG_CONNECTION:
        connection_event(loop, &loop->table[index], events);
        break;
    case BARK_TAG_LISTENER:
        if (!loop->stopping)
            bark_loop_accept(loop, &loop->driver->listeners[index]);
        break;
    case BARK_TAG_STOP:
        bark_loop_stop(loop);
        break;
    case BARK_TAG_MAIL:
        bark_loop_mail_take(loop);
        break;
    case BARK_TAG_HANDOVER:
        bark_handover_event(loop, index);
        break;
    }
}

int bark_loop_due_ms(const struct bark_loop *loop)
{
    uint64_t now_ns, ms;
    if (loop->due_ns == UINT64_MAX)
        return -1;
    now_ns = bark_net_monotonic_ns();
    ms = loop->due_ns <= now_ns ? 0 : (loop->due_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;
    return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

bool bark_loop_done(struct bark_loop *loop)
{
    bool empty;
    if (!loop->stopping || loop->open_count > 0 || atomic_load(&loop->driver->accepting) > 0)
        return false;
    (void)pthread_mutex_lock(&loop->mail.lock);
    empty = loop->mail.count == 0;
    (void)pthread_mutex_unlock(&loop->mail.lock);
    return empty;
}

enum bark_code bark_loop_turn(struct bark_loop *loop, int timeout_ms, struct bark_error *err)
{
    struct epoll_event events[EVENTS_A_WAKE_UP];
    const int due = bark_loop_due_ms(loop);
    int n = epoll_wait(loop->poll_fd, events, EVENTS_A_WAKE_UP,
                       timeout_ms < 0 || (due >= 0 && due < timeout_ms) ? due : timeout_ms);
    if (n < 0 && errno != EINTR)
        return bark_fail(err, BARK_ERR_IO, 0, "waiting for events failed");
    loop->now_ns = bark_net_monotonic_ns();
    for (int i = 0; i < n; i++)
        event_handle(loop, events[i].data.u64, events[i].events);
    if (loop->now_ns >= loop->due_ns)
        deadlines_check(loop);
    return BARK_OK;
}
