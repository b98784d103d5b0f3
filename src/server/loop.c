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
#include <unistd.h>

enum { EVENTS_A_WAKE_UP = 64, REPLY_BYTES_FIRST = 8192 };

static const uint64_t NS_PER_MS = 1000u * 1000u;

static bool memory_take(struct bark_loop *loop)
{
    const struct bark_limits *l = &loop->limits;
    loop->table_size = l->connections + BARK_LOOP_SPARE;
    loop->table = calloc(loop->table_size, sizeof *loop->table);
    loop->heads = calloc(l->connections, sizeof *loop->heads);
    loop->head_block = calloc(l->connections, l->http_head_bytes); /* pages come with their first use */
    loop->input = malloc(BARK_LOOP_INPUT);
    loop->reply.cap = BARK_LOOP_HEAD_ROOM + REPLY_BYTES_FIRST;
    loop->reply.ptr = malloc(loop->reply.cap);
    loop->arena_memory = malloc((size_t)l->arena_bytes);
    if (!loop->table || !loop->heads || !loop->head_block || !loop->input || !loop->reply.ptr ||
        !loop->arena_memory)
        return false;
    bark_arena_init(&loop->arena, loop->arena_memory, (size_t)l->arena_bytes);
    for (uint32_t i = 0; i < loop->table_size; i++)
        loop->table[i].next_free = i + 1;
    loop->table[l->connections - 1].next_free = UINT32_MAX;
    loop->table[loop->table_size - 1].next_free = UINT32_MAX;
    loop->free_first = 0;
    loop->spare_first = l->connections;
    for (uint32_t i = 0; i < l->connections; i++) /* the first one is on top, so that few pages are touched */
        loop->heads[i] = loop->head_block + (size_t)(l->connections - 1 - i) * l->http_head_bytes;
    loop->heads_free = l->connections;
    return true;
}

static bool watch(struct bark_loop *loop, int fd, void *tag)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = tag };
    return epoll_ctl(loop->poll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* Sizes that this machine can address, with room to add to them [R1]. */
static bool limits_fit(const struct bark_limits *l)
{
    const uint64_t most = SIZE_MAX / 4;
    return l->body_bytes <= most && l->reply_bytes <= most && l->arena_bytes <= most &&
           l->connections <= UINT32_MAX / 4;
}

enum bark_code bark_loop_init(struct bark_loop *loop, const struct bark_limits *limits, uint64_t buffer_bytes,
                              const struct bark_loop_service *service, int listen_fd, int stop_fd,
                              struct bark_error *err)
{
    *loop = (struct bark_loop){ .limits = *limits,
                                .service = *service,
                                .listen_fd = listen_fd,
                                .stop_fd = stop_fd,
                                .poll_fd = -1,
                                .reserve_fd = -1,
                                .buffer_bytes_max = buffer_bytes > SIZE_MAX ? SIZE_MAX : (size_t)buffer_bytes,
                                .due_ns = UINT64_MAX };
    if (!limits_fit(limits))
        return bark_fail(err, BARK_ERR_USE, 0, "a limit is more than this machine can address");
    if (!memory_take(loop)) {
        bark_loop_free(loop);
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the connection table and its buffers");
    }
    loop->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (loop->poll_fd < 0 || loop->reserve_fd < 0 || !watch(loop, listen_fd, &loop->listen_fd) ||
        !watch(loop, stop_fd, &loop->stop_fd)) {
        bark_loop_free(loop);
        return bark_fail(err, BARK_ERR_IO, 0, "cannot watch the listening socket");
    }
    return BARK_OK;
}

void bark_loop_free(struct bark_loop *loop)
{
    if (loop->table) {
        for (uint32_t i = 0; i < loop->table_size; i++) {
            if (loop->table[i].state != BARK_CONNECTION_FREE)
                bark_connection_close(loop, &loop->table[i]);
        }
    }
    if (loop->poll_fd >= 0)
        close(loop->poll_fd);
    if (loop->reserve_fd >= 0)
        close(loop->reserve_fd);
    free(loop->table);
    free(loop->heads);
    free(loop->head_block);
    free(loop->input);
    free(loop->reply.ptr);
    free(loop->arena_memory);
    *loop = (struct bark_loop){ .poll_fd = -1, .reserve_fd = -1, .listen_fd = -1, .stop_fd = -1 };
}

/* No more connections; those between requests end, after a last look at what may have come. */
static void stop_begin(struct bark_loop *loop)
{
    if (loop->stopping)
        return;
    loop->stopping = true;
    (void)epoll_ctl(loop->poll_fd, EPOLL_CTL_DEL, loop->stop_fd, NULL);
    (void)epoll_ctl(loop->poll_fd, EPOLL_CTL_DEL, loop->listen_fd, NULL);
    loop->listen_fd = -1;
    for (uint32_t i = 0; i < loop->table_size; i++) {
        struct bark_connection *c = &loop->table[i];
        if (c->state == BARK_CONNECTION_READ && !c->reader.head)
            bark_connection_readable(loop, c);
        if (c->state == BARK_CONNECTION_READ && !c->reader.head)
            bark_connection_close(loop, c);
    }
}

static void deadlines_check(struct bark_loop *loop)
{
    loop->due_ns = UINT64_MAX;
    if (loop->accept_ns && loop->now_ns >= loop->accept_ns)
        bark_loop_accept_pause(loop, false);
    else if (loop->accept_ns)
        loop->due_ns = loop->accept_ns;
    for (uint32_t i = 0; i < loop->table_size; i++) {
        struct bark_connection *c = &loop->table[i];
        if (c->state == BARK_CONNECTION_FREE)
            continue;
        if (c->deadline_ns <= loop->now_ns)
            bark_connection_late(loop, c);
        else if (c->deadline_ns < loop->due_ns)
            loop->due_ns = c->deadline_ns;
    }
}

static void event_handle(struct bark_loop *loop, const struct epoll_event *event)
{
    struct bark_connection *c = event->data.ptr;
    if (event->data.ptr == &loop->stop_fd) {
        stop_begin(loop);
    } else if (event->data.ptr == &loop->listen_fd) {
        if (!loop->stopping)
            bark_loop_accept(loop);
    } else if (c->state == BARK_CONNECTION_WRITE) {
        bark_connection_writable(loop, c); /* an error or hang-up shows as a failed send */
    } else if (c->state != BARK_CONNECTION_FREE) {
        /* Or the slot's connection ended within this wake-up: a new one finds nothing to read, no harm. */
        bark_connection_readable(loop, c);
    }
}

static int timeout_ms(const struct bark_loop *loop)
{
    uint64_t now_ns, ms;
    if (loop->due_ns == UINT64_MAX)
        return -1;
    now_ns = bark_net_monotonic_ns();
    ms = loop->due_ns <= now_ns ? 0 : (loop->due_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS;
    return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

enum bark_code bark_loop_run(struct bark_loop *loop, struct bark_error *err)
{
    struct epoll_event events[EVENTS_A_WAKE_UP];
    while (!loop->stopping || loop->open_count > 0) {
        int n = epoll_wait(loop->poll_fd, events, EVENTS_A_WAKE_UP, timeout_ms(loop));
        if (n < 0 && errno != EINTR)
            return bark_fail(err, BARK_ERR_IO, 0, "waiting for events failed");
        loop->now_ns = bark_net_monotonic_ns();
        for (int i = 0; i < n; i++)
            event_handle(loop, &events[i]);
        if (loop->now_ns >= loop->due_ns)
            deadlines_check(loop);
    }
    return BARK_OK;
}
