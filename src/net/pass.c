/* net/pass.c - descriptors from one process to another, over a Unix socket [unix(7)]. */
#define _GNU_SOURCE
#include "net/net.h"

#include <string.h>
#include <unistd.h>

/* Room for the descriptors, aligned as the control message wants it. */
union pass_room {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * BARK_NET_PASS_MAX)];
};

bool bark_net_pass_send(int fd, struct bark_slice bytes, const int *fds, size_t count)
{
    union pass_room room = { .bytes = { 0 } };
    struct iovec part = { .iov_len = bytes.len };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    struct cmsghdr *c;
    if (count > BARK_NET_PASS_MAX)
        return false;
    memcpy(&part.iov_base, &bytes.ptr, sizeof part.iov_base); /* iovec has no const; sendmsg() only reads */
    if (count > 0) {
        message.msg_control = room.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * count);
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)bytes.len;
}

ssize_t bark_net_pass_receive(int fd, void *mem, size_t size, int *fds, size_t *count)
{
    union pass_room room = { .bytes = { 0 } };
    struct iovec part = { .iov_base = mem, .iov_len = size };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes
    };
    ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    *count = 0;
    if (n < 0)
        return -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t more = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); /* the kernel gives one such message */
        if (more > BARK_NET_PASS_MAX - *count)
            more = BARK_NET_PASS_MAX - *count;
        memcpy(fds + *count, CMSG_DATA(c), sizeof(int) * more);
        *count += more;
    }
    if (!(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
        return n;
    for (size_t i = 0; i < *count; i++)
        close(fds[i]);
    *count = 0;
    return -1;
}
