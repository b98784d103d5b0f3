/* server/loop.h - one event loop: its connections, its buffers, and how they go from state to state.
 *
 * A loop belongs to one thread. Everything it may ever hold is known at start: its share of the connection
 * table, a pool of head buffers (lent to connections that are inside a request; an idle one has none), one
 * arena, one input buffer, and a budget for bodies and unsent answers that all loops share.
 *
 *     accept --> READ --(request complete: serve)--> READ ...
 *                |  |                   \--(the peer reads slowly)--> WRITE --> READ
 *                |  \--(slow handler)--> WORK --(answer made)--> READ or WRITE
 *                |                          \--(too late, peer gone)--> GONE --(handler done)--> closed
 *                \--(refused)--> LINGER --> closed
 */
#ifndef BARK_SERVER_LOOP_H
#define BARK_SERVER_LOOP_H

#include "server/driver.h"
#include "server/metrics.h"
#include "soapbark/auth.h"

enum {
    BARK_LOOP_INPUT = 16 * 1024, /* bytes of one recv() */
    BARK_LOOP_HEAD_ROOM = 1536, /* kept free before an answer's body for its head */
    BARK_REQUEST_ID_MAX = 64, /* bytes */
    BARK_LOOP_SPARE = 16 /* slots above the loop's share that only say 503 and linger */
};

/* Over so long a rate is measured (limits.body_bytes_per_s). */
#define BARK_LOOP_RATE_NS (5u * UINT64_C(1000000000))

/* Memory that grows by need, within the budget. */
struct bark_buffer {
    uint8_t *ptr;
    size_t len, cap;
};

enum bark_connection_state {
    BARK_CONNECTION_FREE,
    BARK_CONNECTION_READ,
    BARK_CONNECTION_WRITE,
    BARK_CONNECTION_LINGER,
    BARK_CONNECTION_WORK, /* a worker reads its request: nothing of it may be touched */
    BARK_CONNECTION_GONE /* likewise, and the socket is closed already */
};

struct bark_connection {
    struct bark_net_stream stream;
    const struct bark_listener *listener; /* where it came in */
    struct bark_peer *peer; /* whose share it counts against; NULL in a spare slot */
    struct bark_net_address address;
    char peer_text[BARK_NET_ADDRESS_TEXT];
    struct bark_net_identity *identity; /* of a client that showed a certificate; else NULL */
    struct bark_identity *caller; /* who calls, when that was judged before the body was expanded */
    struct bark_http_reader reader; /* its head buffer is on loan from the loop's pool */
    struct bark_route route; /* what its head means; once headed */
    struct bark_buffer body; /* what has come of a body that is not in the input buffer as a whole */
    struct bark_slice body_span; /* or all of it, inside the input buffer; only during one pass */
    struct bark_buffer out; /* what the peer has not taken yet of an answer */
    size_t out_sent;
    struct bark_download *download; /* what is left of its answer, behind what is in out; NULL: nothing */
    struct bark_upload *upload; /* what takes its body as it comes; NULL: nothing does */
    struct bark_buffer held; /* input behind a request whose answer is not sent yet */
    uint64_t deadline_ns; /* monotonic, as all times here */
    uint64_t request_ns; /* the first byte of the request */
    uint64_t body_ns; /* the end of its head, while a body is awaited; else 0 */
    uint64_t lingered; /* bytes read and dropped since the refusal */
    uint32_t requests;
    uint32_t next_free;
    uint32_t events; /* what epoll is asked for: EPOLLIN, EPOLLOUT or 0 */
    uint8_t state; /* enum bark_connection_state */
    bool headed; /* the head of its request is complete */
    bool encoded; /* the body under way is in the driver's coding */
    bool handshaking; /* TLS is not ready yet */
    bool closing; /* after the answer under way */
    bool ended; /* the peer sends no more */
    bool refused; /* its input is not read to the end: linger before closing */
};

/* Where an answer is written: a body behind room for its head. */
struct bark_reply {
    uint8_t *ptr;
    size_t cap, max;
    uint64_t date_s; /* the second that `date` is the Date field of; 0: none yet */
    uint8_t date[BARK_HTTP_DATE_BYTES];
};

/* What a service made of a request; the body is in a reply buffer. */
struct bark_answer {
    struct bark_http_answer http;
    struct bark_text operation, user;
    struct bark_error error;
    struct bark_download *download; /* behind the body; whoever sends the answer takes it over */
    size_t body_len;
    uint64_t arena_peak;
    bool head_only; /* the answer to HEAD */
    unsigned fault; /* 1 + enum bark_fault_code; 0: it is none */
    bool framing; /* the request breaks HTTP */
    uint64_t number; /* of the request */
    char id[BARK_REQUEST_ID_MAX + 1]; /* empty: it has none */
};

/* A connection that another loop has accepted for this one. Its slot is promised, its peer counted. */
struct bark_arrival {
    int fd;
    struct bark_net_address address;
    struct bark_peer *peer;
    const struct bark_listener *listener;
};

/* Holds as many arrivals as the loop has slots; each is promised before it is sent, so it never overflows. */
struct bark_mail {
    pthread_mutex_t lock;
    struct bark_arrival *items;
    uint32_t count;
    struct bark_worker *answers; /* of workers that have one for this loop */
    int fd; /* readable when there is mail, or news of the driver */
};

struct bark_loop {
    struct bark_driver *driver;
    struct bark_limits limits; /* the driver's, close at hand */
    int poll_fd, reserve_fd;
    uint32_t index, share; /* slots for connections; spare ones follow them */
    struct bark_connection *table;
    uint32_t table_size, open_count, free_first;
    uint32_t spare_first; /* the free list of the spare slots */
    atomic_uint used; /* slots of the share that are taken or promised */
    uint8_t **heads; /* stack of free head buffers */
    uint8_t *head_block;
    uint32_t heads_free;
    uint8_t *input;
    struct bark_reply reply;
    struct bark_answer answer; /* the one under way; kept here, as it is large */
    struct bark_error err; /* of the input that is looked at; likewise */
    struct bark_arena arena;
    void *arena_memory;
    struct bark_mail mail;
    struct bark_metrics metrics;
    uint64_t now_ns; /* monotonic, read once a wake-up */
    uint64_t due_ns; /* no deadline passes before this */
    uint64_t accept_ns; /* accepting pauses until then when the system lacks descriptors; 0: it does not */
    uint64_t log_ns; /* log entries that were held back are counted then; 0: there are none */
    uint64_t drain_end_ns; /* once stopping: what is open then is closed */
    bool stopping;
};

/* Who an event is for: the kind in the upper half of its 64 bits, an index in the lower one. */
enum bark_loop_tag {
    BARK_TAG_CONNECTION,
    BARK_TAG_LISTENER,
    BARK_TAG_STOP,
    BARK_TAG_MAIL,
    BARK_TAG_HANDOVER
};

/* loop.c */
BARK_MUST_CHECK enum bark_code bark_loop_init(struct bark_loop *loop, struct bark_driver *driver,
                                              uint32_t index, uint32_t share, struct bark_error *err);
void bark_loop_free(struct bark_loop *loop);
/* One wake-up, after at most timeout_ms (-1: whenever something is due). */
BARK_MUST_CHECK enum bark_code bark_loop_turn(struct bark_loop *loop, int timeout_ms, struct bark_error *err);
/* Milliseconds until something is due; -1: nothing is. */
int bark_loop_due_ms(const struct bark_loop *loop);
/* Accepts nothing more, and ends what is between requests. */
void bark_loop_stop(struct bark_loop *loop);
/* Stopped, and nothing is under way any more. */
bool bark_loop_done(struct bark_loop *loop);
/* epoll_ctl() with a tag. */
bool bark_loop_watch(struct bark_loop *loop, int operation, int fd, uint32_t events, enum bark_loop_tag tag,
                     uint32_t index);

/* accept.c */
void bark_loop_accept(struct bark_loop *loop, const struct bark_listener *listener);
void bark_loop_accept_pause(struct bark_loop *loop, bool pause);
/* Starts or ends watching the listeners. */
bool bark_loop_listen(struct bark_loop *loop, bool listen);
void bark_loop_mail_take(struct bark_loop *loop);
void bark_loop_wake(struct bark_loop *loop);

/* connection.c */
void bark_connection_open(struct bark_loop *loop, struct bark_connection *c, int fd);
void bark_connection_close(struct bark_loop *loop, struct bark_connection *c);
void bark_connection_readable(struct bark_loop *loop, struct bark_connection *c);
void bark_connection_writable(struct bark_loop *loop, struct bark_connection *c);
/* The answer is with the peer as a whole. */
void bark_connection_answered(struct bark_loop *loop, struct bark_connection *c);
/* The answer that a worker made is on its way: what follows on the connection? */
void bark_connection_resume(struct bark_loop *loop, struct bark_connection *c);
void bark_connection_late(struct bark_loop *loop, struct bark_connection *c);
/* Registers for exactly these events; closes the connection when that fails. */
void bark_connection_interest(struct bark_loop *loop, struct bark_connection *c, uint32_t events);
void bark_connection_deadline(struct bark_loop *loop, struct bark_connection *c, uint64_t deadline_ns);

/* answer.c: each sends, or keeps for later what the peer does not take now. */
void bark_answer_serve(struct bark_loop *loop, struct bark_connection *c);
void bark_answer_refuse(struct bark_loop *loop, struct bark_connection *c, const struct bark_refusal *refusal,
                        const struct bark_error *error);
/* A worker's answer has come. */
void bark_answer_deliver(struct bark_loop *loop, struct bark_worker *worker);
/* The request under work is too late: its peer is told, its socket closed. */
void bark_answer_abandon(struct bark_loop *loop, struct bark_connection *c, const char *rule);
void bark_answer_handshake_failed(struct bark_loop *loop, const struct bark_connection *c); /* logs it */
void bark_answer_continue(struct bark_loop *loop, struct bark_connection *c);

/* An answer that is made, in this reply buffer: it is numbered, framed, logged and sent. */
void bark_answer_send(struct bark_loop *loop, struct bark_connection *c, struct bark_answer *answer,
                      struct bark_reply *reply);

/* upload.c: a request whose parts are taken as they come. What it needs is of one allocation of the budget.
 */
struct bark_upload {
    const struct bark_soap_receiving *soap;
    struct bark_soap_receive *receive; /* in the arena */
    struct bark_loop_request request;
    struct bark_answer answer;
    struct bark_soap_request message;
    struct bark_soap_reply reply;
    struct bark_arena arena; /* behind this struct */
    size_t size; /* of the allocation */
    uint64_t mark_ns, mark_bytes; /* from where on the rate is measured */
    bool passing; /* the envelope is served, its parts come */
};
/* The service's side of it. */
struct bark_loop_uploads {
    /* Fills u->soap and u->receive; false: the body is to be held as a whole. */
    bool (*begin)(void *user, struct bark_upload *u);
    /* Of the answer just written: what its head and the log need. */
    void (*answered)(void *user, struct bark_upload *u, struct bark_out *out);
};
/* The head is complete. False: the request was refused. */
BARK_MUST_CHECK bool bark_upload_begin(struct bark_loop *loop, struct bark_connection *c);
void bark_upload_feed(struct bark_loop *loop, struct bark_connection *c, struct bark_slice span);
/* The body is over. False: it was held as a whole, to be served as any other. */
BARK_MUST_CHECK bool bark_upload_end(struct bark_loop *loop, struct bark_connection *c);
/* Nothing more of it will come: its receiver is told why. */
void bark_upload_abort(struct bark_connection *c, enum bark_code why);
void bark_upload_drop(struct bark_loop *loop, struct bark_connection *c);
/* Slower than limits.body_bytes_per_s for as long as that may be? */
BARK_MUST_CHECK bool bark_upload_slow(const struct bark_loop *loop, struct bark_connection *c,
                                      uint64_t grace_ns);

/* download.c: the parts of an answer that come from sources. */
struct bark_download {
    const struct bark_soap_sending *soap;
    struct bark_outgoing *parts; /* behind this struct, in one allocation */
    uint64_t length; /* of all that follows the envelope; BARK_LENGTH_UNKNOWN */
    uint64_t sent, mark_sent, mark_ns; /* from where on the rate is measured */
    bool chunked, over;
};
/* Takes the sources over; NULL when there is no memory, and nothing happened. */
struct bark_download *bark_download_new(const struct bark_soap_sending *soap, struct bark_soap_parts *parts);
void bark_download_drop(struct bark_download *d, enum bark_code why);
/* The answer's head is about to be written. */
void bark_download_begin(struct bark_download *d, struct bark_answer *answer,
                         const struct bark_http_message *m, uint64_t now_ns);
/* The next piece, in the reply buffer. *code: BARK_MORE there is one, BARK_OK that was all, else why there is
 * none. */
struct bark_slice bark_download_next(struct bark_download *d, struct bark_reply *r, enum bark_code *code);
bool bark_download_slow(struct bark_download *d, const struct bark_loop *loop);

/* capture.c. Texts are borrowed; the arena lends room. */
struct bark_capture_exchange {
    const struct bark_image *image;
    const struct bark_limits *limits;
    struct bark_arena *arena;
    struct bark_text operation;
    struct bark_slice path, content_type, soap_action, request, answer;
    unsigned status;
    const char *answer_type;
    const struct bark_http_binding *http; /* NULL: it is SOAP, and nothing below is set */
    struct bark_slice query;
    size_t base; /* of struct bark_http_target */
    uint16_t http_row;
    bool is_fault, is_get;
};
void bark_capture_put(struct bark_capture *capture, const struct bark_capture_exchange *exchange);

/* metrics.c: counts what the log is told; writes what all loops have counted. */
BARK_MUST_CHECK bool bark_metrics_init(struct bark_metrics *m, uint32_t groups);
void bark_metrics_free(struct bark_metrics *m);
void bark_metrics_request(struct bark_metrics *m, const struct bark_request_log *entry, uint32_t group,
                          unsigned fault);
void bark_metrics_write(struct bark_driver *driver, struct bark_out *out);

/* reply.c */
BARK_MUST_CHECK bool bark_reply_init(struct bark_reply *r, const struct bark_limits *limits);
void bark_reply_free(struct bark_reply *r);
struct bark_out bark_reply_start(struct bark_reply *r);
/* Asks the service whether the body of a complete request is worth expanding; *answer is filled when its
 * answer is made already. c->caller is set otherwise, where there is one. */
enum bark_coded_verdict bark_reply_judge(struct bark_answer *answer, struct bark_driver *driver,
                                         struct bark_connection *c, struct bark_arena *arena,
                                         struct bark_reply *r);
/* Serves the complete request of a connection, into this arena and reply buffer. */
void bark_reply_make(struct bark_answer *answer, struct bark_driver *driver, const struct bark_connection *c,
                     struct bark_arena *arena, struct bark_reply *r);
/* What a service is asked about this connection's request, and where its answer goes. */
struct bark_loop_request bark_reply_ask(struct bark_answer *answer, const struct bark_connection *c,
                                        struct bark_arena *arena);
/* The answer's body is written to out, which was started here. */
void bark_reply_done(struct bark_answer *answer, const struct bark_loop_request *request,
                     const struct bark_out *out);
/* The request gets its number, and its id when ids are on. */
void bark_request_name(struct bark_driver *driver, const struct bark_connection *c,
                       struct bark_answer *answer);
/* expand.c: puts the expanded body of a request in the place of what came; false: the request was answered.
 */
BARK_MUST_CHECK bool bark_body_expand(struct bark_loop *loop, struct bark_connection *c);
/* Compresses an answer when server and peer want that. */
void bark_reply_compress(struct bark_reply *r, struct bark_answer *answer, const struct bark_driver *driver,
                         const struct bark_http_reader *request);
/* Head and body as one piece of the reply buffer; a head that cannot be written becomes a bare 500. */
struct bark_slice bark_reply_frame(struct bark_reply *r, struct bark_answer *answer);

/* workers.c. Threads with an arena and a reply buffer each, and the queue before them. */
struct bark_work {
    struct bark_loop *loop;
    struct bark_connection *connection;
};
struct bark_worker {
    pthread_t id;
    struct bark_workers *workers;
    struct bark_driver *driver;
    struct bark_connection *connection; /* whose request it serves */
    struct bark_arena arena;
    void *arena_memory;
    struct bark_reply reply;
    struct bark_answer answer;
    struct bark_worker *next; /* in the mail of a loop */
    bool handed; /* the loop has not let go of the answer yet */
};
BARK_MUST_CHECK enum bark_code bark_workers_init(struct bark_workers *w, struct bark_driver *driver,
                                                 uint32_t count, uint32_t queue, struct bark_error *err);
void bark_workers_free(struct bark_workers *w);
BARK_MUST_CHECK enum bark_code bark_workers_start(struct bark_workers *w, struct bark_error *err);
void bark_workers_end(struct bark_workers *w);
/* Queues a complete request; false when the queue is full. */
BARK_MUST_CHECK bool bark_workers_give(struct bark_workers *w, struct bark_loop *loop,
                                       struct bark_connection *c);
/* The answer is sent or kept: the worker may go on. */
void bark_worker_release(struct bark_worker *worker);
/* A thread that gets no signals: they stay with the thread that runs the server. */
BARK_MUST_CHECK bool bark_thread_start(pthread_t *id, void *(*main)(void *), void *arg);

/* buffer.c: false when the budget, the peer's share of it, or the system has no more; the buffer is as it was
 * then. */
BARK_MUST_CHECK bool bark_buffer_add(struct bark_loop *loop, struct bark_connection *c, struct bark_buffer *b,
                                     struct bark_slice bytes, size_t max);
void bark_buffer_drop(struct bark_loop *loop, struct bark_connection *c, struct bark_buffer *b);

/* service.c: the SOAP services of a server behind the two questions. */
struct bark_soap_host {
    const struct bark_limits *limits;
    const struct bark_service *const *services;
    size_t service_count;
    const char *const *host_names;
    size_t host_name_count;
    const struct bark_slow_service *slow;
    size_t slow_count;
    const struct bark_resource *resources;
    size_t resource_count;
    struct bark_auth *auth; /* NULL: everybody may call everything */
    struct bark_capture *capture; /* NULL: none */
    const char *metrics_path; /* NULL: none */
    uint8_t metrics_access;
    struct bark_driver *driver; /* whose counts those are */
};
const char *bark_soap_host_group_name(void *user, uint32_t group);
void bark_soap_host_admit(void *user, const struct bark_http_reader *reader, struct bark_route *route,
                          struct bark_refusal *refusal);
bool bark_soap_host_slow(void *user, const struct bark_http_reader *reader, const struct bark_route *route,
                         struct bark_slice body, struct bark_arena *arena);
enum bark_coded_verdict bark_soap_host_judge(void *user, const struct bark_loop_request *request,
                                             struct bark_identity *who, struct bark_out *out);
void bark_soap_host_serve(void *user, const struct bark_loop_request *request, struct bark_out *out);
const struct bark_streaming *bark_soap_host_streams(void *user, const struct bark_http_reader *reader,
                                                    const struct bark_route *route);
extern const struct bark_loop_uploads bark_soap_host_uploads;

/* resource.c */
const struct bark_resource *bark_resource_find(const struct bark_soap_host *host,
                                               const struct bark_http_message *m);
void bark_resource_serve(const struct bark_resource *r, const struct bark_loop_request *request,
                         struct bark_out *out);
/* Texts that go into heads, judged before the first request. */
BARK_MUST_CHECK enum bark_code bark_resources_check(const struct bark_resource *resources, size_t count,
                                                    const char *server_name, struct bark_error *err);
/* authenticate.c: who calls? False: the answer is made already, and no service is to see the request.
 * may_be_empty: a POST without a body is a call, as of an operation without parameters. */
BARK_MUST_CHECK bool bark_caller_check(const struct bark_soap_host *host,
                                       const struct bark_loop_request *request, bool may_be_empty,
                                       struct bark_identity *who, struct bark_out *out);
/* Completes a 401 with the challenges of all schemes. */
void bark_caller_challenge(const struct bark_soap_host *host, const struct bark_loop_request *request,
                           bool stale);
/* May this caller get the resource? False: the answer is made already. */
BARK_MUST_CHECK bool bark_caller_may_get(const struct bark_soap_host *host,
                                         const struct bark_loop_request *request,
                                         const struct bark_resource *resource,
                                         const struct bark_identity *who, struct bark_out *out);
/* May this caller call any operation of the service that agrees with the action, or the only one, an
 * operation row? False: as above. */
BARK_MUST_CHECK bool bark_caller_may_call_any(const struct bark_soap_host *host,
                                              const struct bark_loop_request *request,
                                              const struct bark_service *service, uint16_t only,
                                              struct bark_slice action, const struct bark_identity *who,
                                              struct bark_out *out);
/* For bark_soap_request.permit. */
enum bark_soap_permission bark_caller_permit(const struct bark_soap_request *request,
                                             const struct bark_service *service, uint16_t operation);

#endif
