/* net/net.h - sockets: addresses as text, listening, connecting, and a stream that a TLS session can replace.
 *
 * Nothing here blocks except bark_net_connect() and bark_net_wait(), which have a deadline. Every descriptor
 * is non-blocking and closed on exec; nothing raises SIGPIPE.
 */
#ifndef BARK_NET_H
#define BARK_NET_H

#include "soapbark/base.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* A peer on a Unix socket has no address; the user it runs as stands for it. */
struct bark_net_local {
    sa_family_t family; /* AF_UNIX */
    uid_t user;
};

/* One address with its length: IPv4, IPv6, or the user behind a Unix socket. */
struct bark_net_address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct bark_net_local local;
    } is;
    socklen_t len;
};

enum { BARK_NET_ADDRESS_TEXT = 64 };

/* "127.0.0.1:80", "[::1]:0", "localhost:80"; numbers only, nothing is looked up. */
BARK_MUST_CHECK enum bark_code bark_net_address_read(const char *text, struct bark_net_address *address,
                                                     struct bark_error *err);

/* The same form back, NUL-terminated; text holds BARK_NET_ADDRESS_TEXT bytes. Returns the length. */
size_t bark_net_address_text(const struct bark_net_address *address, char *text);

/* Whoever can have many addresses is one peer: an IPv4 address, an IPv6 network of 64 bits (a link-local
 * address as a whole: there all neighbours share the network), a user of this machine. Keys compare as bytes.
 */
struct bark_net_peer_key {
    uint8_t bytes[16];
};
struct bark_net_peer_key bark_net_peer_key(const struct bark_net_address *address);

/* An IPv4 peer of a socket for both families comes as ::ffff:a.b.c.d; this makes it the IPv4 address it is.
 */
void bark_net_address_unmap(struct bark_net_address *address);

/* 0 for a Unix socket. */
uint16_t bark_net_address_port(const struct bark_net_address *address);

bool bark_net_is_loopback(const struct bark_net_address *address);

/* A listening socket into *fd. "fd:N" takes over a descriptor that listens already: socket activation, or the
 * handover from an older process. */
BARK_MUST_CHECK enum bark_code bark_net_listen(const char *text, int *fd, struct bark_net_address *bound,
                                               struct bark_error *err);

/* A connected socket into *fd; tries every address of the host until the deadline (monotonic). A host that is
 * not a number is looked up by the system's resolver, which keeps its own time. */
BARK_MUST_CHECK enum bark_code bark_net_connect(const char *host, uint16_t port, uint64_t deadline_ns,
                                                int *fd, struct bark_error *err);

enum bark_net_result {
    BARK_NET_DONE, /* *count bytes moved, one at least */
    BARK_NET_WANT_READ, /* nothing moved; try again when the descriptor is readable */
    BARK_NET_WANT_WRITE, /* nothing moved; try again when it is writable */
    BARK_NET_END, /* the peer closed its side in order */
    BARK_NET_FAILED /* the connection is gone */
};

/* What carries the bytes. Plain sockets have one row of functions; a TLS adapter has another, and may ask to
 * write when it is told to read. */
struct bark_net_stream;
struct bark_net_stream_ops {
    enum bark_net_result (*recv)(struct bark_net_stream *s, void *mem, size_t size, size_t *count);
    enum bark_net_result (*send)(struct bark_net_stream *s, const void *mem, size_t size, size_t *count);
    void (*end)(struct bark_net_stream *s); /* says that no more will be sent; reading goes on */
    void (*close)(struct bark_net_stream *s);
};

struct bark_net_stream {
    const struct bark_net_stream_ops *ops;
    void *session; /* of the adapter */
    int fd;
};

extern const struct bark_net_stream_ops bark_net_plain;

/* Waits for POLLIN or POLLOUT until the deadline (monotonic): BARK_OK, BARK_ERR_TIMEOUT or BARK_ERR_IO. */
BARK_MUST_CHECK enum bark_code bark_net_wait(int fd, short events, uint64_t deadline_ns);

uint64_t bark_net_monotonic_ns(void);
uint64_t bark_net_wall_ns(void);

#endif
