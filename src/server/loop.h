/* server/loop.h - one event loop: its connections, its buffers, and the two questions it asks about a
 * request.
 *
 * A loop belongs to one thread and shares nothing with another one, so a server may have several. Everything
 * it may ever hold is known at start: a table of connections, a pool of head buffers (lent to connections
 * that are inside a request; an idle one has none), one arena, one input buffer, and a budget for bodies and
 * unsent answers.
 *
 *     accept --> READ --(request complete: serve)--> READ ...
 *                  |                    \--(the peer reads slowly)--> WRITE --> READ
 *                  \--(refused)--> LINGER --> closed
 */
#ifndef BARK_SERVER_LOOP_H
#define BARK_SERVER_LOOP_H

#include "net/net.h"
#include "soapbark/arena.h"
#include "soapbark/http.h"
#include "soapbark/server.h"

enum {
    BARK_LOOP_INPUT = 16 * 1024, /* bytes of one recv() */
    BARK_LOOP_HEAD_ROOM = 512, /* kept free before an answer's body for its head */
    BARK_LOOP_SPARE = 16 /* slots above limits.connections that only say 503 and linger */
};

/* Memory that grows by need, within the budget of its loop. */
struct bark_buffer {
    uint8_t *ptr;
    size_t len, cap;
};

enum bark_connection_state {
    BARK_CONNECTION_FREE,
    BARK_CONNECTION_READ,
    BARK_CONNECTION_WRITE,
    BARK_CONNECTION_LINGER
};

struct bark_connection {
    struct bark_net_stream stream;
    struct bark_net_address peer;
    char peer_text[BARK_NET_ADDRESS_TEXT];
    struct bark_http_reader reader; /* its head buffer is on loan from the loop's pool */
    struct bark_buffer body; /* what has come of a body that is not in the input buffer as a whole */
    struct bark_slice body_span; /* or all of it, inside the input buffer; only during one pass */
    struct bark_buffer out; /* what the peer has not taken yet of an answer */
    size_t out_sent;
    struct bark_buffer held; /* input behind a request whose answer is not sent yet */
    uint64_t deadline_ns; /* monotonic, as all times here */
    uint64_t request_ns; /* the first byte of the request */
    uint64_t body_ns; /* the end of its head, while a body is awaited; else 0 */
    uint64_t lingered; /* bytes read and dropped since the refusal */
    uint32_t requests;
    uint32_t next_free;
    uint8_t state; /* enum bark_connection_state */
    bool spare; /* in a slot above limits.connections */
    bool closing; /* after the answer under way */
    bool ended; /* the peer sends no more */
    bool refused; /* its input is not read to the end: linger before closing */
    bool wants_write; /* registered for EPOLLOUT instead of EPOLLIN */
};

/* What is answered before a body is read; status 0: nothing, go on. */
struct bark_refusal {
    unsigned status;
    const char *allow;
    const char *rule;
};

/* A complete request, and what its answer's head and log line need. */
struct bark_loop_request {
    const struct bark_http_reader *reader;
    struct bark_slice body;
    struct bark_text peer; /* address and port */
    uint64_t wall_ns;
    struct bark_arena *arena; /* reset before; the whole request may use it */
    struct bark_http_answer *answer; /* status and content type are the service's to fill */
    struct bark_text *operation; /* for the log; must outlive the request */
    struct bark_error *error; /* likewise */
};

/* What a loop serves. The user pointer is shared by all loops of a server and only read. */
struct bark_loop_service {
    void *user;
    void (*admit)(void *user, const struct bark_http_reader *reader, struct bark_refusal *refusal);
    void (*serve)(void *user, const struct bark_loop_request *request, struct bark_out *out);
};

struct bark_loop {
    struct bark_limits limits;
    struct bark_loop_service service;
    void (*log)(void *user, const struct bark_request_log *entry);
    void *log_user;
    int poll_fd, stop_fd, listen_fd, reserve_fd;
    struct bark_connection *table;
    uint32_t table_size, open_count, free_first;
    uint32_t spare_open, spare_first; /* the free list of the spare slots */
    uint8_t **heads; /* stack of free head buffers */
    uint8_t *head_block;
    uint32_t heads_free;
    uint8_t *input;
    struct bark_buffer reply;
    struct bark_arena arena;
    void *arena_memory;
    size_t buffer_bytes, buffer_bytes_max;
    uint64_t now_ns; /* monotonic, read once a wake-up */
    uint64_t due_ns; /* no deadline passes before this */
    uint64_t accept_ns; /* accepting pauses until then when the system lacks descriptors; 0: it does not */
    uint64_t request_count;
    bool stopping;
};

/* loop.c. The listening socket stays the caller's. */
BARK_MUST_CHECK enum bark_code bark_loop_init(struct bark_loop *loop, const struct bark_limits *limits,
                                              uint64_t buffer_bytes, const struct bark_loop_service *service,
                                              int listen_fd, int stop_fd, struct bark_error *err);
void bark_loop_free(struct bark_loop *loop);
/* Serves until stop_fd becomes readable, then until the requests under way are answered. */
BARK_MUST_CHECK enum bark_code bark_loop_run(struct bark_loop *loop, struct bark_error *err);

/* accept.c */
void bark_loop_accept(struct bark_loop *loop);
void bark_loop_accept_pause(struct bark_loop *loop, bool pause);

/* connection.c */
void bark_connection_open(struct bark_loop *loop, struct bark_connection *c, int fd);
void bark_connection_close(struct bark_loop *loop, struct bark_connection *c);
void bark_connection_readable(struct bark_loop *loop, struct bark_connection *c);
void bark_connection_writable(struct bark_loop *loop, struct bark_connection *c);
/* The answer is with the peer as a whole. */
void bark_connection_answered(struct bark_loop *loop, struct bark_connection *c);
void bark_connection_late(struct bark_loop *loop, struct bark_connection *c);
/* Registers for EPOLLOUT alone, or for EPOLLIN alone; closes the connection when that fails. */
void bark_connection_interest(struct bark_loop *loop, struct bark_connection *c, bool wants_write);
void bark_connection_deadline(struct bark_loop *loop, struct bark_connection *c, uint64_t deadline_ns);

/* answer.c: each sends, or keeps for later what the peer does not take now. */
void bark_answer_serve(struct bark_loop *loop, struct bark_connection *c);
void bark_answer_refuse(struct bark_loop *loop, struct bark_connection *c, const struct bark_refusal *refusal,
                        const struct bark_error *error);
void bark_answer_continue(struct bark_loop *loop, struct bark_connection *c);

/* buffer.c: false when the budget or the system has no more; the buffer is as it was then. */
BARK_MUST_CHECK bool bark_buffer_add(struct bark_loop *loop, struct bark_buffer *b, const void *ptr,
                                     size_t len, size_t max);
void bark_buffer_drop(struct bark_loop *loop, struct bark_buffer *b);

/* service.c: the SOAP services of a server behind the two questions. */
struct bark_soap_host {
    const struct bark_limits *limits;
    const struct bark_service *const *services;
    size_t service_count;
    const char *const *host_names;
    size_t host_name_count;
};
void bark_soap_host_admit(void *user, const struct bark_http_reader *reader, struct bark_refusal *refusal);
void bark_soap_host_serve(void *user, const struct bark_loop_request *request, struct bark_out *out);

#endif
