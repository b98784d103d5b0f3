/* bench/floor.c - the floor under every HTTP server on this machine: epoll, recv, send, and nothing else.
 *
 *     bench_floor BODY_BYTES
 *
 * Whatever comes in one recv() counts as one request and gets the same answer, made before the first one. Our
 * server is measured against it in the same run: the difference is what HTTP, SOAP and the handler cost.
 * Prints "port N"; ends with its parent's signal.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT = 16384, EVENTS = 64, HEAD = 256 };

struct answer {
    char *text;
    size_t len;
};

static struct answer answer_make(size_t body_bytes)
{
    struct answer a = { malloc(HEAD + body_bytes), 0 };
    if (!a.text)
        exit(1);
    a.len =
        (size_t)snprintf(a.text, HEAD,
                         "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                         "Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: %zu\r\n\r\n",
                         body_bytes);
    memset(a.text + a.len, 'x', body_bytes);
    a.len += body_bytes;
    return a;
}

static int port_open(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 1024) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        exit(1);
    printf("port %u\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void connection_accept(int epoll, int listener)
{
    int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        close(fd);
}

static void connection_answer(int fd, const struct answer *answer)
{
    static char input[INPUT];
    ssize_t n = recv(fd, input, sizeof input, 0);
    if (n <= 0 || send(fd, answer->text, answer->len, MSG_NOSIGNAL) != (ssize_t)answer->len)
        close(fd);
}

int main(int argc, char **argv)
{
    struct answer answer = answer_make(argc > 1 ? strtoul(argv[1], NULL, 10) : 0);
    int listener = port_open(), epoll = epoll_create1(0);
    struct epoll_event events[EVENTS] = { { .events = EPOLLIN, .data.fd = listener } };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &events[0]) != 0)
        return 1;
    for (;;) {
        int n = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                connection_accept(epoll, listener);
            else
                connection_answer(events[i].data.fd, &answer);
        }
    }
}
