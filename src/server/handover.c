/* server/handover.c - a new process takes over the listening sockets, and the old one drains.
 *
 *     new: connects to the control path      old: sends the texts of its listeners, and the descriptors
 *     new: is ready to serve, says "go"      old: accepts nothing more, ends when its connections have
 *
 * Both hold the same sockets, so whoever connects meanwhile waits in a queue that one of them empties. Until
 * "go" nothing has changed for the old one: a new process that fails before it leaves everything as it was.
 * The old one keeps idle connections until their next request, whose answer announces the close: closing them
 * at once would lose what their peers are about to send.
 *
 * The control path is a Unix socket of mode 0600, and only this user and root are answered.
 */
#define _GNU_SOURCE
#include "server/loop.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { PACKET_BYTES = 8192 };

static const uint64_t ANSWER_NS = 5u * UINT64_C(1000000000);
static const char greeting[] = "soapbark 1"; /* with its NUL the first text of the packet */
static const char go[] = "go";

/* Everything after the greeting as texts, each for one descriptor, in order; texts point into the packet. */
static bool packet_read(const char *packet, size_t len, const char **texts, size_t count)
{
    size_t at = sizeof greeting;
    if (len < sizeof greeting || memcmp(packet, greeting, sizeof greeting) != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *end = at < len ? memchr(packet + at, '\0', len - at) : NULL;
        if (!end)
            return false;
        texts[i] = packet + at;
        at = (size_t)(end - packet) + 1;
    }
    return at == len;
}

/* A listener of ours that the text is for and that is not open yet. */
static struct bark_listener *listener_find(struct bark_driver *d, const struct bark_driver_options *options,
                                           const char *text)
{
    for (size_t i = 0; i < options->listen_count; i++) {
        if (d->listeners[i].fd < 0 && strcmp(options->listen[i], text) == 0)
            return &d->listeners[i];
    }
    return NULL;
}

enum bark_code bark_handover_take(struct bark_driver *d, const struct bark_driver_options *options,
                                  struct bark_error *err)
{
    char packet[PACKET_BYTES];
    const char *texts[BARK_NET_PASS_MAX] = { NULL };
    int fds[BARK_NET_PASS_MAX] = { 0 };
    size_t count = 0, i = 0;
    ssize_t got = -1;
    enum bark_code code = BARK_OK;
    int fd = bark_net_connect_control(options->handover_path);
    if (fd < 0)
        return BARK_OK; /* nobody to take over from */
    d->handover.predecessor_fd = fd;
    if (bark_net_wait(fd, POLLIN, bark_net_monotonic_ns() + ANSWER_NS) == BARK_OK)
        got = bark_net_pass_receive(fd, packet, sizeof packet, fds, &count);
    if (got < 0 || !packet_read(packet, (size_t)got, texts, count))
        code = bark_fail(err, BARK_ERR_IO, 0, "the server at handover_path hands nothing over");
    for (; i < count && code == BARK_OK; i++) {
        assert(texts[i] != NULL); /* packet_read() has found as many as there are sockets */
        struct bark_listener *l = listener_find(d, options, texts[i]);
        if (l)
            code =
                bark_net_listen_adopt(texts[i] + (strncmp(texts[i], "tls:", 4) == 0 ? 4 : 0), fds[i], l, err);
        else
            close(fds[i]); /* we do not listen there any more */
    }
    for (; i < count; i++)
        close(fds[i]);
    return code;
}

enum bark_code bark_handover_ready(struct bark_driver *d, struct bark_error *err)
{
    struct bark_handover *h = &d->handover;
    enum bark_code code;
    if (!h->path || h->control.fd >= 0)
        return BARK_OK;
    code = bark_net_listen_control(h->path, &h->control, err);
    if (code == BARK_OK && !bark_loop_watch(&d->loops[0], EPOLL_CTL_ADD, h->control.fd, EPOLLIN,
                                            BARK_TAG_HANDOVER, BARK_HANDOVER_CONTROL))
        code = bark_fail(err, BARK_ERR_IO, 0, "cannot watch handover_path");
    if (code == BARK_OK && h->predecessor_fd >= 0 &&
        !bark_net_pass_send(h->predecessor_fd, (struct bark_slice){ (const uint8_t *)go, sizeof go }, NULL,
                            0))
        code = bark_fail(err, BARK_ERR_IO, 0, "the server at handover_path has gone");
    if (h->predecessor_fd >= 0)
        close(h->predecessor_fd);
    h->predecessor_fd = -1;
    return code;
}

void bark_handover_free(struct bark_driver *d)
{
    struct bark_handover *h = &d->handover;
    if (h->predecessor_fd >= 0)
        close(h->predecessor_fd);
    if (h->successor_fd >= 0)
        close(h->successor_fd);
    bark_net_listen_close(&h->control, !atomic_load(&d->handed_over));
}

static void successor_close(struct bark_handover *h)
{
    if (h->successor_fd >= 0)
        close(h->successor_fd); /* ends its watch too: nobody else has this description */
    h->successor_fd = -1;
}

static bool sockets_send(struct bark_driver *d, int fd)
{
    char packet[PACKET_BYTES];
    int fds[BARK_NET_PASS_MAX];
    struct bark_out o;
    bark_out_init(&o, packet, sizeof packet);
    bark_out_put(&o, greeting, sizeof greeting);
    for (size_t i = 0; i < d->listener_count; i++) {
        bark_out_put(&o, d->listen_texts[i], strlen(d->listen_texts[i]) + 1);
        fds[i] = d->listeners[i].fd; /* at most BARK_NET_PASS_MAX: bark_driver_init() */
    }
    return bark_out_ok(&o) && bark_net_pass_send(fd, bark_out_bytes(&o), fds, d->listener_count);
}

static bool may_take(int fd)
{
    struct ucred who;
    socklen_t len = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && (who.uid == geteuid() || who.uid == 0);
}

/* One successor at a time; a later one replaces an earlier one that has not said "go". */
static void successor_accept(struct bark_loop *loop)
{
    struct bark_handover *h = &loop->driver->handover;
    int fd = accept4(h->control.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    successor_close(h);
    h->successor_fd = fd;
    if (!may_take(fd) || !sockets_send(loop->driver, fd) ||
        !bark_loop_watch(loop, EPOLL_CTL_ADD, fd, EPOLLIN, BARK_TAG_HANDOVER, BARK_HANDOVER_SUCCESSOR))
        successor_close(h);
}

static void successor_read(struct bark_loop *loop)
{
    struct bark_handover *h = &loop->driver->handover;
    char packet[16];
    int fds[BARK_NET_PASS_MAX];
    size_t count;
    ssize_t n =
        h->successor_fd < 0 ? -1 : bark_net_pass_receive(h->successor_fd, packet, sizeof packet, fds, &count);
    if (h->successor_fd < 0)
        return;
    for (size_t i = 0; i < count; i++)
        close(fds[i]); /* nothing was asked for */
    if (n == sizeof go && memcmp(packet, go, sizeof go) == 0) {
        atomic_store(&loop->driver->handed_over, true); /* before the loops can see the stop */
        bark_driver_stop(loop->driver);
    }
    successor_close(h);
}

void bark_handover_event(struct bark_loop *loop, uint32_t which)
{
    if (which == BARK_HANDOVER_CONTROL)
        successor_accept(loop);
    else
        successor_read(loop);
}
