/* server/driver.h - what the event loops of one server share: sockets to accept from, limits, budgets, peers.
 *
 * N loops, one thread each, accept from the same sockets. A loop owns its share of the connection table and
 * everything in it; what is here is either constant while the server runs, or counted with atomics, or behind
 * a lock that is held for a few instructions.
 *
 *     listeners --> any loop accepts --> the loop with the fewest connections takes it (by mail)
 *
 * The memory of a server is known at start: the tables, one arena, one input and one reply buffer a loop, and
 * the budget for bodies and unsent answers.
 */
#ifndef BARK_SERVER_DRIVER_H
#define BARK_SERVER_DRIVER_H

#include "net/net.h"
#include "soapbark/arena.h"
#include "soapbark/http.h"
#include "soapbark/server.h"

#include <pthread.h>
#include <stdatomic.h>

struct bark_loop;
struct bark_work;
struct bark_worker;
struct bark_upload;
struct bark_download;
struct bark_loop_uploads;

/* One peer (bark_net_peer_key) and what it holds, over all loops. */
struct bark_peer {
    struct bark_net_peer_key key;
    uint32_t connections; /* 0: the entry is free. Under the lock of the table */
    atomic_size_t buffer_bytes;
};

/* As many entries as connections: a peer without one has no entry. No hash is keyed by the peer [R7]: finding
 * one is linear in the peers that are connected, and compares 16 bytes each. */
struct bark_peers {
    pthread_mutex_t lock;
    struct bark_peer *table;
    uint32_t size, top; /* every entry in use is below top */
};

/* Bytes for bodies under way and unsent answers: of all connections, and of those of one peer. */
struct bark_budget {
    size_t max, max_per_peer;
    atomic_size_t used;
};

/* What a request means, found once from its head. Members are the service's own; the loops look at group. */
struct bark_route {
    const struct bark_service *soap; /* whose path it is; NULL: nobody's */
    const struct bark_service *http; /* it is for an HTTP binding of this service; NULL: it is not */
    const char *http_allow; /* it would be by one of these methods */
    const struct bark_resource *resource; /* NULL: none has this target */
    uint32_t group; /* for counting; group_count: none */
    uint16_t http_row; /* of the image of http, or BARK_NONE */
    bool is_metrics;
};

/* What is answered before a body is read; status 0: nothing, go on. */
struct bark_refusal {
    unsigned status;
    const char *allow, *accept_encoding;
    const char *rule;
};

/* A complete request, and what its answer's head and log line need. */
struct bark_loop_request {
    const struct bark_http_reader *reader;
    const struct bark_route *route; /* as admit() filled it */
    struct bark_slice body;
    struct bark_text peer; /* address and port */
    struct bark_text id; /* empty where there is none */
    struct bark_net_peer_key peer_key;
    const struct bark_net_identity *identity; /* NULL: the client proved none */
    bool secure; /* came over TLS */
    bool local; /* from this machine */
    bool streamed; /* its body is not in `body`: it is under way */
    uint64_t wall_ns;
    struct bark_arena *arena; /* reset before; the whole request may use it */
    struct bark_http_answer *answer; /* status and content type are the service's to fill */
    struct bark_text *operation; /* for the log; must outlive the request */
    struct bark_text *user; /* likewise; NUL-terminated, in the arena */
    struct bark_error *error; /* likewise */
    struct bark_download **download; /* what follows the answer's envelope; NULL: it cannot follow */
    unsigned *fault; /* for counting: 1 + enum bark_fault_code when the answer is a fault */
    /* Who calls, when the service was asked for its verdict before the body was expanded; else NULL. */
    const struct bark_identity *caller;
};

/* What becomes of a body in a content coding. */
enum bark_coded_verdict {
    BARK_CODED_EXPAND,
    BARK_CODED_LEAVE, /* nobody reads it */
    BARK_CODED_ANSWERED /* whatever it says, the answer is made already */
};

/* What a server serves. Any loop may call, several at the same time: user is only read, or does its own
 * locking. */
struct bark_loop_service {
    void *user;
    /* *route and *refusal come zeroed, but for the group, which comes as group_count. */
    void (*admit)(void *user, const struct bark_http_reader *reader, struct bark_route *route,
                  struct bark_refusal *refusal);
    void (*serve)(void *user, const struct bark_loop_request *request, struct bark_out *out);
    /* Is this complete request one for a worker? Asked only when there are workers; NULL: none is. The arena
     * is reset before and after. */
    bool (*slow)(void *user, const struct bark_http_reader *reader, const struct bark_route *route,
                 struct bark_slice body, struct bark_arena *arena);
    /* Before a body in a content coding is expanded: does the head alone decide? *who is what serve() gets as
     * the caller after EXPAND. NULL: every body is expanded. */
    enum bark_coded_verdict (*judge)(void *user, const struct bark_loop_request *request,
                                     struct bark_identity *who, struct bark_out *out);
    const char *(*group_name)(void *user, uint32_t group);
    uint32_t group_count; /* of what requests are counted by */
    /* Are the parts of this request taken as they come? NULL: its body is collected. */
    const struct bark_streaming *(*streams)(void *user, const struct bark_http_reader *reader,
                                            const struct bark_route *route);
    const struct bark_loop_uploads *uploads; /* NULL: streams is NULL too */
    uint64_t streamed_max; /* the longest of such bodies; 0: there are none */
};

/* Threads for slow handlers; count 0: there are none. */
struct bark_workers {
    struct bark_worker *items;
    uint32_t count, started;
    pthread_mutex_t lock; /* of everything below, and of the workers' `handed` */
    pthread_cond_t work, taken;
    struct bark_work *queue; /* a ring */
    uint32_t queue_size, first, queued, busy;
    bool ending;
};

/* The successor of this process, and its predecessor. Loop 0's alone once it runs. */
struct bark_handover {
    const char *path; /* NULL: no handover */
    struct bark_listener control;
    int successor_fd, predecessor_fd;
};
enum bark_handover_socket { BARK_HANDOVER_CONTROL, BARK_HANDOVER_SUCCESSOR };

/* How many log entries of one event were told in the second under way, and how many were not. */
struct bark_log_ration {
    uint64_t begin_ns; /* monotonic */
    uint64_t suppressed;
    uint32_t told;
};

struct bark_driver_options {
    const struct bark_limits *limits; /* copied */
    struct bark_loop_service service;
    const char *const *listen; /* the texts must outlive the driver */
    size_t listen_count;
    unsigned unix_mode; /* of Unix sockets; 0: 0600 */
    const char *handover_path; /* NULL: none */
    const char *server_name; /* for the Server field; NULL: none */
    struct bark_tls_server *tls; /* for addresses that begin with "tls:" */
    const struct bark_http_coding *coding; /* NULL: none */
    uint32_t compress_bytes; /* answers of this length and longer; 0: none */
    uint64_t buffer_bytes, buffer_bytes_per_peer; /* 0: see bark_server_options */
    uint32_t threads; /* 0 and 1: the thread that runs the server */
    uint32_t workers, queue; /* threads for slow handlers, requests that may wait for one */
    uint32_t drain_ms; /* 0: limits.request_ms */
    void (*log)(void *user, const struct bark_request_log *entry);
    void *log_user;
    uint32_t log_events_per_s; /* as in bark_server_options, and so is: */
    bool request_ids;
};

struct bark_driver {
    struct bark_limits limits;
    struct bark_loop_service service;
    const struct bark_http_coding *coding;
    uint32_t compress_bytes;
    struct bark_listener *listeners;
    const char **listen_texts; /* what each was opened from */
    size_t listener_count;
    struct bark_handover handover;
    const struct bark_net_tls *tls; /* for what it counts; NULL: none */
    const char *server_name;
    struct bark_loop *loops;
    uint32_t loop_count;
    struct bark_workers workers;
    struct bark_peers peers;
    struct bark_budget budget;
    uint64_t drain_ns;
    void (*log)(void *user, const struct bark_request_log *entry);
    void *log_user;
    pthread_mutex_t log_lock; /* of the log and of the rations */
    struct bark_log_ration rations[BARK_LOG_EVENT_COUNT];
    uint32_t log_events_per_s;
    bool request_ids;
    uint32_t id_prefix; /* of the ids made here: when the process began */
    atomic_uint_fast64_t request_count;
    atomic_uint accepting; /* loops that may still send mail */
    atomic_bool handed_over; /* the stop is a handover: idle connections stay until their next request */
    int stop_fd; /* readable from the stop on; nobody reads it */
};

/* driver.c. After a failure bark_driver_free() is still to be called; it takes a zeroed driver too. */
BARK_MUST_CHECK enum bark_code bark_driver_init(struct bark_driver *driver,
                                                const struct bark_driver_options *options,
                                                struct bark_error *err);
void bark_driver_free(struct bark_driver *driver);
/* Runs all loops, one of them on the calling thread, until the stop and the end of what is under way. */
BARK_MUST_CHECK enum bark_code bark_driver_run(struct bark_driver *driver, struct bark_error *err);
/* The same step by step, for a program with a loop of its own and one thread: bark_driver_begin() once, then
 * bark_loop_turn() of loop 0, and bark_driver_end() when bark_loop_done() says so. */
BARK_MUST_CHECK enum bark_code bark_driver_begin(struct bark_driver *driver, struct bark_error *err);
void bark_driver_end(struct bark_driver *driver);
/* From any thread, and from a signal handler. */
void bark_driver_stop(struct bark_driver *driver);

/* event.c: one entry at a time, whichever loop it is from, within the ration of its event. flush tells what
 * seconds that are over (or all) have not told. Both return when there is something to flush, or 0. */
uint64_t bark_event_log(struct bark_driver *driver, const struct bark_request_log *entry, uint64_t now_ns);
uint64_t bark_events_flush(struct bark_driver *driver, uint64_t now_ns, bool all);
/* Is this what a client may call its request? */
bool bark_request_id_valid(struct bark_slice id);

/* handover.c. take: before the listeners are opened, adopts those that a predecessor has. ready: it may go.
 */
BARK_MUST_CHECK enum bark_code bark_handover_take(struct bark_driver *driver,
                                                  const struct bark_driver_options *options,
                                                  struct bark_error *err);
BARK_MUST_CHECK enum bark_code bark_handover_ready(struct bark_driver *driver, struct bark_error *err);
void bark_handover_event(struct bark_loop *loop, uint32_t which);
void bark_handover_free(struct bark_driver *driver);

/* peers.c */
BARK_MUST_CHECK bool bark_peers_init(struct bark_peers *peers, uint32_t size);
void bark_peers_free(struct bark_peers *peers);
/* Counts one connection more, or NULL when the peer has max of them (*crowded) or the table is full. */
struct bark_peer *bark_peers_enter(struct bark_peers *peers, const struct bark_net_address *address,
                                   uint32_t max, bool *crowded);
void bark_peers_leave(struct bark_peers *peers, struct bark_peer *peer);

/* buffer.c: false when the whole budget, or the share of the peer (which may be NULL), has less left. */
BARK_MUST_CHECK bool bark_budget_take(struct bark_budget *budget, struct bark_peer *peer, size_t bytes);
void bark_budget_give(struct bark_budget *budget, struct bark_peer *peer, size_t bytes);

#endif
