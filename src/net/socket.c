/* net/socket.c - connecting, waiting, and the plain stream.
 *
 * Interrupted calls are repeated; errors that only mean "not now" become WANT_READ or WANT_WRITE; everything
 * else ends the connection, since nothing can be known about a socket that failed once.
 */
#define _GNU_SOURCE
#include "net/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) != 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t bark_net_monotonic_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t bark_net_wall_ns(void)
{
    return clock_ns(CLOCK_REALTIME);
}

enum bark_code bark_net_wait(int fd, short events, uint64_t deadline_ns)
{
    for (;;) {
        struct pollfd p = { .fd = fd, .events = events };
        uint64_t now = bark_net_monotonic_ns();
        uint64_t left_ms = now >= deadline_ns ? 0 : (deadline_ns - now + 999999u) / 1000000u;
        int n = poll(&p, 1, left_ms > 1000000u ? 1000000 : (int)left_ms);
        if (n > 0)
            return BARK_OK; /* readiness or an error, which the next call on it reports */
        if (n == 0 && bark_net_monotonic_ns() >= deadline_ns)
            return BARK_ERR_TIMEOUT;
        if (n < 0 && errno != EINTR)
            return BARK_ERR_IO;
    }
}

/* A connect() that was interrupted goes on by itself, or has not begun; a second one tells [connect(2)]. */
static int socket_connect(int family, const struct sockaddr *address, socklen_t len)
{
    int s = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), done;
    if (s < 0)
        return -1;
    do {
        done = connect(s, address, len);
    } while (done != 0 && errno == EINTR);
    if (done == 0 || errno == EINPROGRESS || errno == EALREADY || errno == EISCONN)
        return s;
    close(s);
    return -1;
}

int bark_net_connect_begin(const struct bark_net_address *address)
{
    return socket_connect(address->is.any.sa_family, &address->is.any, address->len);
}

int bark_net_connect_begin_unix(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    return socket_connect(AF_UNIX, (const struct sockaddr *)&address, sizeof address);
}

/* SO_ERROR is 0 while it goes on, too: only a socket that knows its peer is connected. */
enum bark_net_result bark_net_connect_end(int fd)
{
    struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
    int one = 1, failure = 0;
    socklen_t len = sizeof failure, peer_len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) != 0 || failure != 0)
        return BARK_NET_FAILED;
    if (getpeername(fd, (struct sockaddr *)&peer, &peer_len) != 0)
        return errno == ENOTCONN ? BARK_NET_WANT_WRITE : BARK_NET_FAILED;
    if (peer.ss_family != AF_UNIX) /* only speed is lost when it fails */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return BARK_NET_DONE;
}

enum bark_code bark_net_resolve(const char *host, uint16_t port, bool lookup, struct bark_net_address *list,
                                size_t *count, struct bark_error *err)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char service[8] = "";
    size_t at = sizeof service - 1;
    *count = 0;
    for (unsigned rest = port; at > 0 && (rest || at == sizeof service - 1); rest /= 10)
        service[--at] = (char)('0' + rest % 10);
    if (getaddrinfo(host, service + at, &hints, &found) != 0) {
        if (!lookup)
            return bark_fail(err, BARK_ERR_USE, 0, "a host name has to be looked up before");
        hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
        if (getaddrinfo(host, service + at, &hints, &found) != 0)
            return bark_fail(err, BARK_ERR_IO, 0, "the host name cannot be resolved");
    }
    for (const struct addrinfo *a = found; a && *count < BARK_NET_ADDRESSES; a = a->ai_next) {
        if (a->ai_addrlen > sizeof list->is)
            continue;
        list[*count] = (struct bark_net_address){ .len = a->ai_addrlen };
        memcpy(&list[(*count)++].is, a->ai_addr, a->ai_addrlen);
    }
    freeaddrinfo(found);
    return *count ? BARK_OK : bark_fail(err, BARK_ERR_IO, 0, "the host name has no address");
}

static enum bark_net_result plain_recv(struct bark_net_stream *s, void *mem, size_t size, size_t *count)
{
    ssize_t n;
    *count = 0;
    do {
        n = recv(s->fd, mem, size, 0);
    } while (n < 0 && errno == EINTR);
    if (n > 0) {
        *count = (size_t)n;
        return BARK_NET_DONE;
    }
    if (n == 0)
        return BARK_NET_END;
    return errno == EAGAIN || errno == EWOULDBLOCK ? BARK_NET_WANT_READ : BARK_NET_FAILED;
}

static enum bark_net_result plain_send(struct bark_net_stream *s, const void *mem, size_t size, size_t *count)
{
    ssize_t n;
    *count = 0;
    do {
        n = send(s->fd, mem, size, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n > 0) {
        *count = (size_t)n;
        return BARK_NET_DONE;
    }
    return n == 0 || errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? BARK_NET_WANT_WRITE
                                                                                 : BARK_NET_FAILED;
}

static void plain_end(struct bark_net_stream *s)
{
    (void)shutdown(s->fd, SHUT_WR); /* fails only on a connection that is gone already */
}

static void plain_close(struct bark_net_stream *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

const struct bark_net_stream_ops bark_net_plain = {
    .recv = plain_recv, .send = plain_send, .end = plain_end, .close = plain_close
};
