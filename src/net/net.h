/* net/net.h - sockets: addresses as text, listening, connecting, and a stream that a TLS session can replace.
 *
 * Nothing here blocks except bark_net_wait(), which has a deadline, and a look-up in bark_net_resolve().
 * Every descriptor is non-blocking and closed on exec; nothing raises SIGPIPE.
 */
#ifndef BARK_NET_H
#define BARK_NET_H

#include "soapbark/base.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>

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

struct bark_net_tls;

/* A socket that listens. */
struct bark_listener {
    int fd;
    struct bark_net_address bound;
    struct bark_net_tls *tls; /* for every connection that comes in here; NULL: plain. The server's to set */
    char *path; /* of a Unix socket: the file to remove at the end, while it is still this one */
    dev_t device;
    ino_t file;
};

/* Listens (listen.c). The forms of the text:
 *     127.0.0.1:80, [::1]:80, localhost:80   [::] takes IPv6 only
 *     *:80             IPv6 and IPv4 on one socket; IPv4 alone where there is no IPv6
 *     unix:/run/x      mode (0: 0600). What a server that has ended left there is replaced; a living server
 * and files that are no sockets are not fd:3             a descriptor that listens already systemd,
 * systemd:0, systemd:NAME   the only descriptor of a socket unit [sd_listen_fds(3)], the one with that
 * number, or that name Descriptors that were inherited are set to non-blocking and closed on exec. */
BARK_MUST_CHECK enum bark_code bark_net_listen(const char *text, unsigned mode,
                                               struct bark_listener *listener, struct bark_error *err);

/* Listens on a descriptor that another process has opened from this text, and passed on. */
BARK_MUST_CHECK enum bark_code bark_net_listen_adopt(const char *text, int fd, struct bark_listener *listener,
                                                     struct bark_error *err);

/* Closes it. remove: and takes away the file of a Unix socket, unless another server has put its own there.
 */
void bark_net_listen_close(struct bark_listener *listener, bool remove);

/* A Unix socket that listens for packets, where another one may be listening now: it is replaced at once,
 * never absent. For the control path of a server. */
BARK_MUST_CHECK enum bark_code bark_net_listen_control(const char *path, struct bark_listener *listener,
                                                       struct bark_error *err);

/* Connected to such a socket, or -1: there is none, or nobody listens. */
int bark_net_connect_control(const char *path);

/* One packet with descriptors [unix(7)]. send: whether it went. receive: the bytes of the packet and the
 * descriptors, which are closed on exec; -1 when nothing is there, or it was cut. */
enum { BARK_NET_PASS_MAX = 64 };
bool bark_net_pass_send(int fd, struct bark_slice bytes, const int *fds, size_t count);
ssize_t bark_net_pass_receive(int fd, void *mem, size_t size, int *fds, size_t *count);

enum bark_net_result {
    BARK_NET_DONE, /* *count bytes moved, one at least */
    BARK_NET_WANT_READ, /* nothing moved; try again when the descriptor is readable */
    BARK_NET_WANT_WRITE, /* nothing moved; try again when it is writable */
    BARK_NET_END, /* the peer closed its side in order */
    BARK_NET_FAILED /* the connection is gone */
};

/* The addresses of a host, at most BARK_NET_ADDRESSES of them. A host that is not a number is looked up by
 * the system's resolver, which blocks and keeps its own time: only with lookup, else BARK_ERR_USE. */
enum { BARK_NET_ADDRESSES = 16 };
BARK_MUST_CHECK enum bark_code bark_net_resolve(const char *host, uint16_t port, bool lookup,
                                                struct bark_net_address *list, size_t *count,
                                                struct bark_error *err);

/* Begins to connect: a non-blocking socket, or -1. Writable means that bark_net_connect_end() knows more:
 * DONE, WANT_WRITE (not yet) or FAILED. The descriptor stays the caller's. */
int bark_net_connect_begin(const struct bark_net_address *address);
int bark_net_connect_begin_unix(const char *path);
enum bark_net_result bark_net_connect_end(int fd);

/* What carries the bytes. Plain sockets have one row of functions; a TLS adapter has another, and may ask to
 * write when it is told to read. A recv() of BARK_NET_RECORD bytes or more leaves nothing inside an adapter
 * that poll() on the descriptor would not tell. */
enum { BARK_NET_RECORD = 16 * 1024 };
struct bark_net_stream;
struct bark_net_identity;
struct bark_net_stream_ops {
    enum bark_net_result (*recv)(struct bark_net_stream *s, void *mem, size_t size, size_t *count);
    enum bark_net_result (*send)(struct bark_net_stream *s, const void *mem, size_t size, size_t *count);
    void (*end)(struct bark_net_stream *s); /* says that no more will be sent; reading goes on */
    void (*close)(struct bark_net_stream *s);
    /* NULL where there is nothing to do. DONE before anything is received or sent; a recv() or send() before
     * that does the handshake first. */
    enum bark_net_result (*handshake)(struct bark_net_stream *s);
    /* Why the stream failed, or NULL where nothing more is known. */
    void (*explain)(const struct bark_net_stream *s, struct bark_error *err);
    /* Who the other side has proved to be; NULL where nothing is ever proved. */
    bool (*identity)(const struct bark_net_stream *s, struct bark_net_identity *identity);
};

/* What a verified certificate says about the other side. */
struct bark_net_identity {
    uint8_t key_sha256[32]; /* of its SubjectPublicKeyInfo */
    char common_name[65]; /* [RFC5280 A.1] ub-common-name is 64; empty when there is none, or a longer one */
};

struct bark_net_stream {
    const struct bark_net_stream_ops *ops;
    void *session; /* of the adapter */
    int fd;
};

extern const struct bark_net_stream_ops bark_net_plain;

/* What puts TLS on a connection: the first member of the two public objects, whose rest only the library
 * soapbark_tls knows. So the server and the client call what they were given, and link to no TLS. */
struct bark_net_tls_counts {
    uint64_t handshakes, resumed, failed; /* as struct bark_tls_counts */
};
struct bark_net_tls {
    /* Gives a connected stream other functions and a session. host and port: whom a client means to reach;
     * NULL and 0 at a server. The stream is as before when this fails. */
    enum bark_code (*attach)(struct bark_net_tls *tls, struct bark_net_stream *s, const char *host,
                             uint16_t port, struct bark_error *err);
    struct bark_net_tls_counts (*counts)(const struct bark_net_tls *tls); /* of a server; NULL: none */
};
struct bark_tls_server {
    struct bark_net_tls net;
};
struct bark_tls_client {
    struct bark_net_tls net;
};

/* Waits for POLLIN or POLLOUT until the deadline (monotonic): BARK_OK, BARK_ERR_TIMEOUT or BARK_ERR_IO. */
BARK_MUST_CHECK enum bark_code bark_net_wait(int fd, short events, uint64_t deadline_ns);

uint64_t bark_net_monotonic_ns(void);
uint64_t bark_net_wall_ns(void);

#endif
