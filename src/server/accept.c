/* server/accept.c - new connections: a slot of a table, or a short "503" and goodbye.
 *
 * Every loop accepts from every listening socket; the kernel wakes one of those that wait (EPOLLEXCLUSIVE).
 * The connection goes to the loop that has the fewest, by mail when that is another one, so no loop fills up
 * while others have room. docs/decisions/0009-shared-accept.md says why.
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

bool bark_loop_listen(struct bark_loop *loop, bool listen)
{
    struct bark_driver *d = loop->driver;
    bool fine = true;
    for (size_t i = 0; i < d->listener_count; i++) {
        if (!bark_loop_watch(loop, listen ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, d->listeners[i].fd,
                             EPOLLIN | EPOLLEXCLUSIVE, BARK_TAG_LISTENER, (uint32_t)i) &&
            errno != EEXIST) /* of a round that got half way */
            fine = false;
    }
    return fine;
}

void bark_loop_wake(struct bark_loop *loop)
{
    const uint64_t one = 1;
    ssize_t n = write(loop->mail.fd, &one, sizeof one); /* fails only when it was told often before */
    (void)n;
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

static void options_set(int fd, const struct bark_net_address *address)
{
    int one = 1;
    if (address->is.any.sa_family != AF_UNIX) /* only speed is lost when it fails */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

/* Into a slot that was promised. */
static void arrival_place(struct bark_loop *loop, const struct bark_arrival *a)
{
    struct bark_connection *c = slot_take(&loop->free_first, loop->table);
    bark_count(&loop->metrics.accepted, 1);
    options_set(a->fd, &a->address);
    *c = (struct bark_connection){ .address = a->address, .peer = a->peer, .listener = a->listener };
    bark_connection_open(loop, c, a->fd);
}

/* No slot: said from a spare one, if there is one left. */
static void arrival_refuse(struct bark_loop *loop, const struct bark_arrival *a, const char *rule)
{
    struct bark_connection *c = slot_take(&loop->spare_first, loop->table);
    bark_count(&loop->metrics.refused, 1);
    if (!c) {
        close(a->fd);
        return;
    }
    options_set(a->fd, &a->address);
    *c = (struct bark_connection){ .address = a->address, .listener = a->listener };
    bark_connection_open(loop, c, a->fd);
    if (c->state == BARK_CONNECTION_READ)
        bark_answer_refuse(loop, c, &(struct bark_refusal){ .status = 503, .rule = rule }, NULL);
}

/* Promises a slot of the loop, when it has one. */
static bool slot_promise(struct bark_loop *loop)
{
    unsigned used = atomic_load(&loop->used);
    do {
        if (used >= loop->share)
            return false;
    } while (!atomic_compare_exchange_weak(&loop->used, &used, used + 1));
    return true;
}

/* A loop with a slot for one more: the one with the fewest, and this one when it has hardly more; or NULL. */
static struct bark_loop *loop_choose(struct bark_loop *own)
{
    struct bark_driver *d = own->driver;
    struct bark_loop *best = own;
    unsigned least = atomic_load_explicit(&own->used, memory_order_relaxed);
    for (uint32_t i = 0; i < d->loop_count; i++) {
        unsigned used = atomic_load_explicit(&d->loops[i].used, memory_order_relaxed);
        if (used + 1 < least) {
            least = used;
            best = &d->loops[i];
        }
    }
    if (slot_promise(best))
        return best;
    for (uint32_t i = 0; i < d->loop_count;
         i++) { /* shares differ by one, and others choose at the same time */
        if (slot_promise(&d->loops[i]))
            return &d->loops[i];
    }
    return NULL;
}

static void mail_send(struct bark_loop *to, const struct bark_arrival *a)
{
    (void)pthread_mutex_lock(&to->mail.lock);
    to->mail.items[to->mail.count++] = *a;
    (void)pthread_mutex_unlock(&to->mail.lock);
    bark_loop_wake(to);
}

void bark_loop_mail_take(struct bark_loop *loop)
{
    struct bark_arrival a;
    struct bark_worker *answers, *next;
    uint64_t count;
    bool more;
    ssize_t n = read(loop->mail.fd, &count, sizeof count);
    (void)n;
    do {
        (void)pthread_mutex_lock(&loop->mail.lock);
        answers = loop->mail.answers;
        loop->mail.answers = NULL;
        more = loop->mail.count > 0;
        if (more)
            a = loop->mail.items[--loop->mail.count];
        (void)pthread_mutex_unlock(&loop->mail.lock);
        for (; answers; answers = next) {
            next = answers->next; /* the worker goes on while we look at the next one */
            bark_answer_deliver(loop, answers);
        }
        if (more)
            arrival_place(loop, &a);
    } while (more);
}

static void arrival_handle(struct bark_loop *loop, struct bark_arrival *a)
{
    struct bark_driver *d = loop->driver;
    struct bark_loop *to;
    bool crowded;
    a->peer = bark_peers_enter(&d->peers, &a->address, d->limits.connections_per_peer, &crowded);
    if (!a->peer) {
        arrival_refuse(loop, a, crowded ? "limits.connections_per_peer" : "limits.connections");
        return;
    }
    to = loop_choose(loop);
    if (to == loop) {
        arrival_place(loop, a);
    } else if (to) {
        mail_send(to, a);
    } else {
        bark_peers_leave(&d->peers, a->peer);
        a->peer = NULL;
        arrival_refuse(loop, a, "limits.connections");
    }
}

/* EPOLL_CTL_MOD is not for exclusive watches [epoll_ctl(2)]: they are ended and begun again. */
void bark_loop_accept_pause(struct bark_loop *loop, bool pause)
{
    loop->accept_ns = 0;
    if (loop->stopping)
        return;
    if (bark_loop_listen(loop, !pause) && !pause)
        return;
    loop->accept_ns = loop->now_ns + PAUSE_NS; /* also when it could not be begun again: tried once more */
    if (loop->accept_ns < loop->due_ns)
        loop->due_ns = loop->accept_ns;
}

/* No descriptor is left for a connection that waits: the one held in reserve serves to take it and close it,
 * so that the peer learns at once; and accepting pauses, or the loop would spin. */
static void descriptors_exhausted(struct bark_loop *loop, const struct bark_listener *listener)
{
    int fd;
    if (loop->reserve_fd >= 0) {
        close(loop->reserve_fd);
        fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0)
            close(fd);
        loop->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    bark_loop_accept_pause(loop, true);
}

/* Whoever connects to a Unix socket is known by its user. */
static void local_address(int fd, struct bark_net_address *address)
{
    struct ucred who = { .uid = UINT32_MAX };
    socklen_t len = sizeof who;
    memset(address, 0, sizeof *address);
    address->is.local.family = AF_UNIX;
    address->is.local.user = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 ? who.uid : UINT32_MAX;
    address->len = sizeof address->is.local;
}

void bark_loop_accept(struct bark_loop *loop, const struct bark_listener *listener)
{
    for (unsigned i = 0; i < ACCEPTS_A_WAKE_UP; i++) {
        struct bark_arrival a = { .listener = listener, .address = { .len = sizeof a.address.is } };
        a.fd = accept4(listener->fd, &a.address.is.any, &a.address.len, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (a.fd >= 0) {
            if (a.address.is.any.sa_family == AF_UNIX)
                local_address(a.fd, &a.address);
            bark_net_address_unmap(&a.address);
            arrival_handle(loop, &a);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            descriptors_exhausted(loop, listener);
        else if (errno == EINTR || errno == ECONNABORTED)
            continue;
        return; /* EAGAIN, or trouble of one connection [accept(2)]: the next wake-up tries again */
    }
}
