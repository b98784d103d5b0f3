/* net/listen.c - sockets that listen: opened from a text, inherited, or adopted from another process.
 *
 * A Unix socket is a file, and files outlive their servers. A new one is bound beside its place and moved
 * into it, so that there is no moment without a server; what is moved away is only ever a socket that nobody
 * answers.
 */
#define _GNU_SOURCE
#include "net/net.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, UNIX_MODE = 0600, FIRST_ACTIVATED = 3, INHERITED_MAX = 9999 };

/* Decimal digits up to `end`, at most INHERITED_MAX; -1: something else. */
static int number_read(const char *text, char end)
{
    int n = 0;
    if (*text == end)
        return -1;
    for (; *text != end; text++) {
        if (*text < '0' || *text > '9' || n > INHERITED_MAX / 10)
            return -1;
        n = n * 10 + (*text - '0');
    }
    return n;
}

/* A socket that somebody else opened and listens on. */
static bool inherited_check(int fd)
{
    int listening = 0;
    socklen_t len = sizeof listening;
    return fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) == 0 && listening &&
           fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

/* The index of the only item with this name in "a:b:c"; -1: none or several. */
static int name_find(const char *names, const char *name)
{
    const size_t len = strlen(name);
    int found = -1;
    for (int index = 0; names; index++) {
        const char *end = strchr(names, ':');
        size_t item = end ? (size_t)(end - names) : strlen(names);
        if (item == len && memcmp(names, name, len) == 0) {
            if (found >= 0)
                return -1;
            found = index;
        }
        names = end ? end + 1 : NULL;
    }
    return found;
}

/* [sd_listen_fds(3)] LISTEN_PID says for whom the descriptors are, LISTEN_FDS how many follow the first one.
 */
static int activated_find(const char *text)
{
    const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
    char own[16];
    int known, index;
    snprintf(own, sizeof own, "%ld", (long)getpid());
    if (!pid || !fds || strcmp(pid, own) != 0)
        return -1;
    known = number_read(fds, '\0');
    if (text[0] == '\0')
        index = known == 1 ? 0 : -1;
    else if (text[0] != ':')
        return -1;
    else if ((index = number_read(text + 1, '\0')) < 0)
        index = name_find(getenv("LISTEN_FDNAMES"), text + 1);
    return index >= 0 && index < known ? FIRST_ACTIVATED + index : -1;
}

static bool unix_address(const char *path, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    if (path[0] == '\0' || path[0] == '@' || strlen(path) >= sizeof address->sun_path)
        return false;
    memcpy(address->sun_path, path, strlen(path) + 1);
    return true;
}

/* Does anybody answer there? ECONNREFUSED is the kernel's word that nobody does [connect(2)]. */
static bool unix_is_stale(const char *path, int type)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool stale;
    if (fd < 0 || !unix_address(path, &address)) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    stale = connect(fd, (const struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED;
    close(fd);
    return stale;
}

static void file_note(struct bark_listener *l)
{
    struct stat is;
    if (!l->path || stat(l->path, &is) != 0)
        return;
    l->device = is.st_dev;
    l->file = is.st_ino;
}

/* Bound beside the path with its mode from the start, listening, and only then moved to where it is looked
 * for. */
static bool unix_bind(int fd, const char *path, unsigned mode)
{
    struct sockaddr_un address;
    char beside[sizeof address.sun_path];
    int written = snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid());
    if (written < 0 || (size_t)written >= sizeof beside || !unix_address(beside, &address)) {
        errno = ENAMETOOLONG;
        return false;
    }
    (void)unlink(beside); /* of a process with our number that ended here */
    if (fchmod(fd, mode) != 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return false;
    if (chmod(beside, mode) == 0 && listen(fd, BACKLOG) == 0 && rename(beside, path) == 0)
        return true;
    (void)unlink(beside);
    return false;
}

static enum bark_code unix_listen(const char *path, int type, unsigned mode, bool replace,
                                  struct bark_listener *l, struct bark_error *err)
{
    struct sockaddr_un address;
    struct stat is;
    bool there;
    if (!unix_address(path, &address))
        return bark_fail(err, BARK_ERR_USE, 5, "a Unix socket's path has 1 to 107 bytes and no leading @");
    there = lstat(path, &is) == 0;
    if (there && !S_ISSOCK(is.st_mode))
        return bark_fail(err, BARK_ERR_USE, 5, "the path of the Unix socket is taken by another file");
    if (there && !replace && !unix_is_stale(path, type))
        return bark_fail(err, BARK_ERR_IO, 0, "the address to listen on is in use");
    l->path = strdup(path);
    l->fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (!l->path || l->fd < 0 || !unix_bind(l->fd, path, mode ? mode : UNIX_MODE)) {
        bark_net_listen_close(l, false);
        return bark_fail(err, BARK_ERR_IO, 0, "cannot listen on the address");
    }
    file_note(l);
    return BARK_OK;
}

/* v6only: -1 leaves it as it is. */
static int socket_listen(const struct bark_net_address *address, int v6only)
{
    int one = 1, why;
    int fd = socket(address->is.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
        (v6only < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) == 0) &&
        bind(fd, &address->is.any, address->len) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    why = errno;
    close(fd);
    errno = why;
    return -1;
}

/* "*:80": both families on one socket, or IPv4 where the system has no IPv6. */
static enum bark_code both_listen(const char *port, int *fd, struct bark_error *err)
{
    struct bark_net_address address;
    char text[BARK_NET_ADDRESS_TEXT];
    if (snprintf(text, sizeof text, "[::]%s", port) >= (int)sizeof text ||
        bark_net_address_read(text, &address, err) != BARK_OK)
        return bark_fail(err, BARK_ERR_USE, 0, "an address ends in a colon and a port up to 65535");
    *fd = socket_listen(&address, 0);
    if (*fd >= 0 || errno == EADDRINUSE)
        return BARK_OK;
    snprintf(text, sizeof text, "0.0.0.0%s", port);
    if (bark_net_address_read(text, &address, err) != BARK_OK)
        return BARK_ERR_USE;
    *fd = socket_listen(&address, -1);
    return BARK_OK;
}

static enum bark_code inherited_listen(const char *text, int *fd, struct bark_error *err)
{
    const bool activated = strncmp(text, "systemd", 7) == 0;
    *fd = activated ? activated_find(text + 7) : number_read(text + 3, '\0');
    if (inherited_check(*fd))
        return BARK_OK;
    *fd = -1;
    return activated ? bark_fail(err, BARK_ERR_USE, 0, "no such descriptor was passed by socket activation")
                     : bark_fail(err, BARK_ERR_USE, 0, "fd:N names a descriptor that listens");
}

/* Where it listens, from the kernel. */
static bool bound_read(struct bark_listener *l)
{
    memset(&l->bound, 0, sizeof l->bound);
    l->bound.len = sizeof l->bound.is;
    if (l->fd < 0 || getsockname(l->fd, &l->bound.is.any, &l->bound.len) != 0)
        return false;
    if (l->bound.is.any.sa_family == AF_UNIX) /* the path does not fit, nor is it needed */
        l->bound =
            (struct bark_net_address){ .is.local = { AF_UNIX, geteuid() }, .len = sizeof l->bound.is.local };
    return true;
}

enum bark_code bark_net_listen(const char *text, unsigned mode, struct bark_listener *l,
                               struct bark_error *err)
{
    enum bark_code code = BARK_OK;
    *l = (struct bark_listener){ .fd = -1 };
    if (strncmp(text, "unix:", 5) == 0) {
        code = unix_listen(text + 5, SOCK_STREAM, mode, false, l, err);
    } else if (strncmp(text, "fd:", 3) == 0 || strncmp(text, "systemd", 7) == 0) {
        code = inherited_listen(text, &l->fd, err);
    } else if (strncmp(text, "*:", 2) == 0) {
        code = both_listen(text + 1, &l->fd, err);
    } else {
        code = bark_net_address_read(text, &l->bound, err);
        if (code == BARK_OK)
            l->fd = socket_listen(&l->bound, l->bound.is.any.sa_family == AF_INET6 ? 1 : -1);
    }
    if (code == BARK_OK && bound_read(l))
        return BARK_OK;
    if (code == BARK_OK)
        code = bark_fail(err, BARK_ERR_IO, 0,
                         errno == EADDRINUSE ? "the address to listen on is in use"
                                             : "cannot listen on the address");
    bark_net_listen_close(l, true);
    return code;
}

enum bark_code bark_net_listen_adopt(const char *text, int fd, struct bark_listener *l,
                                     struct bark_error *err)
{
    *l = (struct bark_listener){ .fd = fd };
    if (strncmp(text, "unix:", 5) == 0)
        l->path = strdup(text + 5);
    file_note(l);
    if (inherited_check(fd) && bound_read(l))
        return BARK_OK;
    bark_net_listen_close(l, false);
    return bark_fail(err, BARK_ERR_IO, 0, "a descriptor that was handed over does not listen");
}

void bark_net_listen_close(struct bark_listener *l, bool remove)
{
    struct stat is;
    if (remove && l->path && stat(l->path, &is) == 0 && is.st_dev == l->device && is.st_ino == l->file)
        (void)unlink(l->path);
    if (l->fd >= 0)
        close(l->fd);
    free(l->path);
    *l = (struct bark_listener){ .fd = -1 };
}

enum bark_code bark_net_listen_control(const char *path, struct bark_listener *l, struct bark_error *err)
{
    *l = (struct bark_listener){ .fd = -1 };
    return unix_listen(path, SOCK_SEQPACKET, UNIX_MODE, true, l, err);
}

int bark_net_connect_control(const char *path)
{
    struct sockaddr_un address;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && unix_address(path, &address) &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}
