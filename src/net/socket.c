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

/* Connects to one address: BARK_OK with *fd, or why not. */
static enum bark_code address_connect(const struct addrinfo *a, uint64_t deadline_ns, int *fd)
{
    int one = 1, failure = 0;
    socklen_t len = sizeof failure;
    enum bark_code code = BARK_OK;
    int s = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0)
        return BARK_ERR_IO;
    if (connect(s, a->ai_addr, a->ai_addrlen) != 0) {
        if (errno == EINPROGRESS || errno == EINTR)
            code = bark_net_wait(s, POLLOUT, deadline_ns);
        else
            code = BARK_ERR_IO;
        if (code == BARK_OK && (getsockopt(s, SOL_SOCKET, SO_ERROR, &failure, &len) != 0 || failure != 0))
            code = BARK_ERR_IO;
    }
    if (code != BARK_OK) {
        close(s);
        return code;
    }
    (void)setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only speed is lost when it fails */
    *fd = s;
    return BARK_OK;
}

enum bark_code bark_net_connect(const char *host, uint16_t port, uint64_t deadline_ns, int *fd,
                                struct bark_error *err)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char service[8] = "";
    enum bark_code code = BARK_ERR_IO;
    size_t at = sizeof service - 1;
    *fd = -1;
    for (unsigned rest = port; at > 0 && (rest || at == sizeof service - 1); rest /= 10)
        service[--at] = (char)('0' + rest % 10);
    if (getaddrinfo(host, service + at, &hints, &found) != 0) {
        hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
        if (getaddrinfo(host, service + at, &hints, &found) != 0)
            return bark_fail(err, BARK_ERR_IO, 0, "the host name cannot be resolved");
    }
    for (const struct addrinfo *a = found; a && code != BARK_OK && code != BARK_ERR_TIMEOUT; a = a->ai_next)
        code = address_connect(a, deadline_ns, fd);
    freeaddrinfo(found);
    if (code == BARK_ERR_TIMEOUT)
        return bark_fail(err, code, 0, "the connection was not made in time");
    if (code != BARK_OK)
        return bark_fail(err, code, 0, "the connection was refused or the host cannot be reached");
    return BARK_OK;
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
