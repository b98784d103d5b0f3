/* soapbark/server.h - serves SOAP services over HTTP, on one thread or several (epoll).
 *
 * Every connection has deadlines for its head, its body's rate and the whole request; the table of
 * connections is as large as limits.connections and does not grow. What is refused gets a small answer that
 * says the rule.
 */
#ifndef SOAPBARK_SERVER_H
#define SOAPBARK_SERVER_H

#include "soapbark/soap.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a log entry is about. All but REQUEST are rationed: see log_events_per_s. */
enum bark_log_event {
    BARK_LOG_REQUEST, /* it was served; the answer may be a handler's fault */
    BARK_LOG_REFUSED, /* for its path, method, type or Host */
    BARK_LOG_FRAMING_REFUSED, /* it breaks HTTP: perhaps an attempt at smuggling (row 31) */
    BARK_LOG_MESSAGE_REFUSED, /* its message is not what the service takes */
    BARK_LOG_LATE, /* it did not come in time: 408 */
    BARK_LOG_SHED, /* there was no room for it: 503 */
    BARK_LOG_LOGIN_FAILED, /* wrong credentials */
    BARK_LOG_LOCKED_OUT, /* the peer guessed too often: 429 */
    BARK_LOG_DENIED, /* who called, or who did not say who calls, may not */
    BARK_LOG_HANDSHAKE_FAILED, /* no request, but a TLS handshake that failed: status is 0 */
    BARK_LOG_EVENT_COUNT
};

/** "refused", "shed" ...: static; "request" for REQUEST. */
const char *bark_log_event_text(enum bark_log_event event);

/** One finished request, for the log. Texts are valid during the call only; secrets are already redacted. */
struct bark_request_log {
    enum bark_log_event event;
    /* Not 0: no request, but so many entries of this event that were not told. Nothing else is filled then
     * but now_ns. */
    uint64_t suppressed;
    uint64_t request; /* number of the request in this process, from 1 */
    struct bark_text id; /* with request_ids: the client's, or one made here; else empty */
    bool secure; /* came over TLS */
    uint64_t now_ns; /* wall clock */
    struct bark_text peer; /* "127.0.0.1:40312" */
    struct bark_text method, path;
    struct bark_text operation; /* empty when none was reached */
    struct bark_text user; /* who proved to be it; empty when nobody did */
    unsigned status; /* 0: no request, but a TLS handshake that failed, and error says why */
    uint64_t bytes_in, bytes_out, arena_peak, duration_ns;
    const struct bark_error *error; /* NULL when all went well */
};

/** Operations whose handlers take their time: they run on a worker, so that other connections do not wait. */
struct bark_slow_service {
    const struct bark_service *service;
    const uint16_t *operations; /* operation rows of the service's image; NULL: all of the service */
    size_t operation_count;
};

/** A resource being made for one request. */
struct bark_resource_call {
    struct bark_arena *arena; /* reset before each request; what bytes point to may live here */
    void *user; /* the resource's */
    struct bark_text peer;
    uint64_t now_ns; /* wall clock */
    struct bark_slice bytes; /* to be filled; the resource's bytes until then */
};

/** Something small that is got with GET or HEAD. Without options.auth whoever reaches the server and passes
 * the check of Host may have it; with it, `access` says who. */
struct bark_resource {
    const char *target; /* exact, query included: "/snapshot.jpg", "/onvif/device_service?wsdl" */
    const char *content_type;
    struct bark_slice bytes; /* at most limits.reply_bytes */
    /* Or, when not NULL: makes the bytes of each answer. Anything but BARK_OK answers 500. */
    enum bark_code (*fill)(struct bark_resource_call *call);
    void *user;
    const char *etag; /* "\"v1\"": a request that names it in If-None-Match gets 304; NULL: none */
    bool slow; /* fill() takes its time: it runs on a worker when there are any */
    uint8_t access; /* enum bark_access (soapbark/auth.h): who may get it where the server asks who calls */
};

/** Where captured exchanges go, and how many. What is too much or cannot be written is left out. */
struct bark_capture_options {
    int directory; /* descriptor of a directory, which must outlive the capture */
    uint32_t files; /* at most; 0: 1,000. Then nothing more is captured */
    uint32_t files_per_s; /* 0: 10 */
    uint32_t bytes; /* of one exchange; longer ones are left out; 0: 65,536 */
};
struct bark_capture; /* may be shared by the threads of a server */

/** NULL with *err when there is no memory. */
struct bark_capture *bark_capture_new(const struct bark_capture_options *options, struct bark_error *err);
/** After the server. */
void bark_capture_free(struct bark_capture *capture);

struct bark_tls_server;
struct bark_auth;
struct bark_http_coding;

/** What to serve. Everything pointed to must outlive the server, except limits, which are copied. */
struct bark_server_options {
    /* "127.0.0.1:8080", "[::1]:0" (IPv6 only), "*:8080" (both families); port 0 takes a free one.
     * "unix:/run/x" is a Unix socket: a stale one is replaced, a living one and other files are not. "fd:3"
     * is a socket that listens already, "systemd" the one of a socket unit, "systemd:0" or "systemd:NAME" one
     * of several. */
    const char *listen;
    /* "tls:[::]:443" speaks TLS on that address: see soapbark/tls.h; must outlive the server. */
    struct bark_tls_server *tls;
    /* Who calls, and what they may (soapbark/auth.h): then bark_service.access says of each operation who may
     * call it, and what has no class nobody may. NULL: everybody may call everything. */
    struct bark_auth *auth;
    const char *const *listen_more; /* further addresses, in the same form; at most 63 */
    size_t listen_more_count;
    unsigned unix_mode; /* permissions of Unix sockets; 0: 0600, this user alone */
    /* A path for the control socket (mode 0600) over which a successor takes the listening sockets. When a
     * server answers there, bark_server_new() takes over those whose text is the same, and bark_server_run()
     * tells it to drain; nothing is lost meanwhile. NULL: none. */
    const char *handover_path;
    const struct bark_limits *limits; /* NULL: bark_limits_server */
    const struct bark_service *const *services;
    size_t service_count;
    const struct bark_resource *resources;
    size_t resource_count;
    const char *server_name; /* for the Server field of answers; NULL: no such field */
    /* Names under which the server may be called (row 35). Addresses and "localhost" always are; a request
     * for another Host gets 403, so that a foreign web page cannot reach the server through a name of its
     * own. */
    const char *const *host_names;
    size_t host_name_count;
    /* Event loops, each on a thread of its own (bark_server_run()'s is one of them); 0: one. With more than
     * one, handlers run on several threads at the same time. The limits are the server's: connections are
     * divided among the loops, connections_per_peer counts over all of them. At most 256, or
     * limits.connections. */
    uint32_t threads;
    /* Threads for the handlers of the operations in slow, each with an arena and a reply buffer; 0: none, and
     * every handler runs on its loop. Requests wait for a worker in a queue of worker_queue places (0: four
     * for each worker); when it is full they get 503. A handler cannot be interrupted: past limits.request_ms
     * its peer gets 503, but its slot of the connection table is free only when it has returned. To find the
     * operation, the message is read up to the first element of its body twice. */
    uint32_t workers, worker_queue;
    const struct bark_slow_service *slow;
    size_t slow_count;
    /* Bytes for bodies under way and for answers that their peers have not taken, of all connections
     * together; beyond it a request gets 503. 0: eight times body_bytes + reply_bytes. */
    uint64_t buffer_bytes;
    /* The most of it that one peer may hold: an IPv4 address, an IPv6 network of 64 bits, a local user. 0: a
     * quarter of buffer_bytes, and at least body_bytes + reply_bytes. */
    uint64_t buffer_bytes_per_peer;
    /* &bark_gzip (soapbark/gzip.h): requests may come with that Content-Encoding, within limits.expansion.
     * NULL: they get 415. */
    const struct bark_http_coding *coding;
    /* Answers of so many bytes are compressed for peers that accept it; 0: none. Compressed answers over TLS
     * tell their length: not for services whose answers repeat what a stranger sends beside a secret. */
    uint32_t compress_bytes;
    uint32_t drain_ms; /* after a stop, requests under way may take so long; 0: limits.request_ms */
    /* NULL: no log. Called from the loops' threads, never from two at once. */
    void (*log)(void *user, const struct bark_request_log *entry);
    void *log_user;
    /* So many entries of each event that is no REQUEST are told in a second; the others are counted, and the
     * count is an entry of its own when the second is over. So a flood of requests that are refused does not
     * fill a disk. 0: 20; UINT32_MAX: all are told. */
    uint32_t log_events_per_s;
    /* Gives every request an id: what its one X-Request-Id field says when that is 1 to 64 letters, digits
     * and ". _ -", else one made here. The answer and the log carry it. */
    bool request_ids;
    /* An exact target, as "/metrics": what the server counts, as OpenMetrics text. Only for peers on this
     * machine, and those whom metrics_access (enum bark_access of soapbark/auth.h; 0: nobody) lets in where
     * auth is set; others get 403. A proxy on this machine must not pass it on. NULL: none. */
    const char *metrics_path;
    uint8_t metrics_access;
    /* Writes exchanges to files of mode 0600, in the form of tests/casefile.h, for `soapbark replay`. Secret
     * members, and everything that the tables do not know, are replaced; exchanges whose message was refused
     * are left out (docs/observability.md). For finding a fault, not for every day: files are written on the
     * thread that serves. NULL: no capture. */
    struct bark_capture *capture;
};

struct bark_server;

/** Listens, or NULL with *err. All memory that connections need is taken here, except what buffer_bytes
 * bounds: about connections * (http_head_bytes + 600 bytes) + threads * (arena_bytes + reply_bytes), most of
 * it untouched until it is used. */
struct bark_server *bark_server_new(const struct bark_server_options *options, struct bark_error *err);
/** The port of options.listen; 0 when that is a Unix socket. */
uint16_t bark_server_port(const struct bark_server *server);
/** Of options.listen (0) and options.listen_more (1 and up); 0 for an index beyond them. */
uint16_t bark_server_port_at(const struct bark_server *server, size_t index);

/** Serves on the calling thread, and on options.threads - 1 more that it starts and ends, until
 * bark_server_stop(). Once a server. Between requests a connection may stay idle for
 * limits.request_ms. BARK_ERR_IO when the system refuses to wait for events. */
BARK_MUST_CHECK enum bark_code bark_server_run(struct bark_server *server, struct bark_error *err);

/** Ends bark_server_run() after the requests under way: no connection is accepted any more, idle ones are
 * closed, answers announce the close; what is still open after options.drain_ms is closed. Safe from a signal
 * handler and from another thread. */
void bark_server_stop(struct bark_server *server);
/** True when a successor has taken the sockets: the run ends, or has ended, because of that. */
bool bark_server_handed_over(const struct bark_server *server);
void bark_server_free(struct bark_server *server);

/** For a program that has a loop of its own: instead of bark_server_run(), wait until the descriptor is
 * readable or bark_server_due_ms() have passed, then step, until the server is done. options.threads must be
 * 0 or 1; workers may be there. All of it on one thread. bark_server_stop() makes the descriptor readable.
 *
 *     while (!bark_server_done(server)) {
 *         poll(&(struct pollfd){ bark_server_fd(server), POLLIN, 0 }, 1, bark_server_due_ms(server));
 *         bark_server_step(server, &err);
 *     }
 *
 * examples/own_loop has this with poll() and with libuv. */
int bark_server_fd(const struct bark_server *server);
/** Milliseconds until something is due; -1: nothing is. Ask again after each step. */
int bark_server_due_ms(const struct bark_server *server);
/** Does what can be done now, and never waits. BARK_ERR_USE with several threads; BARK_ERR_IO when the system
 * refuses to tell events. */
BARK_MUST_CHECK enum bark_code bark_server_step(struct bark_server *server, struct bark_error *err);
/** Stopped, and nothing is under way any more. */
bool bark_server_done(struct bark_server *server);

/** Where log lines go; one a server. Starts as { .fd = N }. */
struct bark_log_file {
    int fd;
    uint64_t lost; /* lines that fd did not take since the last one that it took */
};

/** Writes a log entry as one JSON line (user points to a struct bark_log_file). Control characters and bytes
 * that are not UTF-8 are escaped [row 40]. One write() a line, of at most 4096 bytes. It never waits: a line
 * that the descriptor does not take at once, or whose reader is gone, is lost, and the next line that is
 * taken says in "lost" how many were. Waiting is still possible when another process fills the same pipe at
 * the same time and the descriptor is not O_NONBLOCK. */
void bark_log_json_line(void *user, const struct bark_request_log *entry);

#ifdef __cplusplus
}
#endif
#endif
