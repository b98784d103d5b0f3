/* server/accept.c - new connections: a slot of the table, or a short "503" and goodbye.
 *
 * A full table must not look like a dead server, so a few spare slots say 503 and wait until the peer has
 * read it. When even those are taken, the connection is closed at once.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { ACCEPTS_A_WAKE_UP = 64 };

static const uint64_t PAUSE_NS = 100u * 1000u * 1000u;

/* Linear in the table: a fraction of what accept() itself costs. */
static uint32_t peer_count(const struct bark_loop *loop, const struct bark_net_address *peer)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < loop->limits.connections; i++) {
        const struct bark_connection *c = &loop->table[i];
        if (c->state != BARK_CONNECTION_FREE && bark_net_same_host(&c->peer, peer))
            count++;
    }
    return count;
}

static struct bark_connection *slot_take(uint32_t *first, struct bark_connection *table)
{
    struct bark_connection *c;
    if (*first == UINT32_MAX)
        return NULL;
    c = &table[*first];
    *first = c->next_free;
    return c;
}

static void connection_place(struct bark_loop *loop, int fd, const struct bark_net_address *peer)
{
    struct bark_connection *c = NULL;
    int one = 1;
    bool crowded = peer_count(loop, peer) >= loop->limits.connections_per_peer;
    if (!crowded)
        c = slot_take(&loop->free_first, loop->table);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only speed is lost when it fails */
    if (c) {
        *c = (struct bark_connection){ .peer = *peer };
        bark_connection_open(loop, c, fd);
        return;
    }
    c = slot_take(&loop->spare_first, loop->table);
    if (!c) {
        close(fd);
        return;
    }
    *c = (struct bark_connection){ .peer = *peer, .spare = true };
    bark_connection_open(loop, c, fd);
    if (c->state == BARK_CONNECTION_READ)
        bark_answer_refuse(
            loop, c,
            &(struct bark_refusal){ .status = 503,
                                    .rule = crowded ? "limits.connections_per_peer" : "limits.connections" },
            NULL);
}

void bark_loop_accept_pause(struct bark_loop *loop, bool pause)
{
    struct epoll_event event = { .events = pause ? 0 : EPOLLIN, .data.ptr = &loop->listen_fd };
    loop->accept_ns = 0;
    if (loop->listen_fd < 0 || epoll_ctl(loop->poll_fd, EPOLL_CTL_MOD, loop->listen_fd, &event) != 0 ||
        !pause)
        return;
    loop->accept_ns = loop->now_ns + PAUSE_NS;
    if (loop->accept_ns < loop->due_ns)
        loop->due_ns = loop->accept_ns;
}

/* No descriptor is left for a connection that waits: the one held in reserve serves to take it and close it,
 * so that the peer learns at once; and accepting pauses, or the loop would spin. */
static void descriptors_exhausted(struct bark_loop *loop)
{
    int fd;
    if (loop->reserve_fd >= 0) {
        close(loop->reserve_fd);
        fd = accept4(loop->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0)
            close(fd);
        loop->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    bark_loop_accept_pause(loop, true);
}

void bark_loop_accept(struct bark_loop *loop)
{
    for (unsigned i = 0; i < ACCEPTS_A_WAKE_UP; i++) {
        struct bark_net_address peer;
        int fd;
        memset(&peer, 0, sizeof peer);
        peer.len = sizeof peer.is;
        fd = accept4(loop->listen_fd, &peer.is.any, &peer.len, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            connection_place(loop, fd, &peer);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            descriptors_exhausted(loop);
        else if (errno == EINTR || errno == ECONNABORTED)
            continue;
        return; /* EAGAIN, or trouble of one connection [accept(2)]: the next wake-up tries again */
    }
}
