/* server/reply.c - a reply buffer: an answer's body behind room for a head, so that both leave in one send().
 *
 * Each loop has one, and each worker. It keeps what it has grown to, up to limits.reply_bytes.
 */
#include "server/loop.h"

#include "base/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_FIRST = 8192 };

static const uint64_t NS_PER_S = 1000u * 1000u * 1000u;

bool bark_reply_init(struct bark_reply *r, const struct bark_limits *limits)
{
    *r = (struct bark_reply){ .cap = BARK_LOOP_HEAD_ROOM + BYTES_FIRST,
                              .max = BARK_LOOP_HEAD_ROOM + (size_t)limits->reply_bytes };
    r->ptr = malloc(r->cap);
    return r->ptr != NULL;
}

void bark_reply_free(struct bark_reply *r)
{
    free(r->ptr);
    *r = (struct bark_reply){ .ptr = NULL };
}

/* make_room of the reply: doubles, up to limits.reply_bytes behind the room for the head. */
static bool reply_grow(struct bark_out *o, size_t need)
{
    struct bark_reply *r = o->user;
    size_t cap = r->cap > r->max / 2 ? r->max : r->cap * 2;
    uint8_t *grown;
    if (need > r->max - o->pos)
        return false;
    if (cap < o->pos + need)
        cap = o->pos + need;
    grown = realloc(r->ptr, cap);
    if (!grown)
        return false;
    r->ptr = grown;
    r->cap = cap;
    o->base = grown;
    o->cap = cap;
    return true;
}

/* The buffer may be larger than the limit, which then is what counts. */
struct bark_out bark_reply_start(struct bark_reply *r)
{
    return (struct bark_out){ .base = r->ptr,
                              .pos = BARK_LOOP_HEAD_ROOM,
                              .cap = r->cap < r->max ? r->cap : r->max,
                              .make_room = reply_grow,
                              .user = r };
}

/* The request gets its number, and its id when ids are on: its own one if nothing can hide in it. */
void bark_request_name(struct bark_driver *d, const struct bark_connection *c, struct bark_answer *answer)
{
    struct bark_slice own = { 0 };
    answer->number = 1 + atomic_fetch_add_explicit(&d->request_count, 1, memory_order_relaxed);
    answer->id[0] = '\0';
    if (!d->request_ids)
        return;
    if (c->headed && bark_http_field(&c->reader, "X-Request-Id", &own) == 1 && bark_request_id_valid(own)) {
        memcpy(answer->id, own.ptr, own.len);
        answer->id[own.len] = '\0';
    } else {
        (void)snprintf(answer->id, sizeof answer->id, "%08x-%llu", (unsigned)d->id_prefix,
                       (unsigned long long)answer->number);
    }
    answer->http.request_id = answer->id;
}

/* As it is until a service has filled it. */
static void answer_begin(struct bark_answer *answer, uint64_t wall_ns, bool head_only)
{
    answer->http = (struct bark_http_answer){ .status = 500, .now_ns = wall_ns };
    answer->operation = answer->user = (struct bark_text){ "", 0 };
    bark_error_clear(&answer->error);
    answer->download = NULL;
    answer->body_len = 0;
    answer->arena_peak = 0;
    answer->head_only = head_only;
    answer->fault = 0;
    answer->framing = false;
    answer->number = 0;
    answer->id[0] = '\0';
}

/* A request as the service sees it, and its answer as it is until the service has filled it. */
struct bark_loop_request bark_reply_ask(struct bark_answer *answer, const struct bark_connection *c,
                                        struct bark_arena *arena)
{
    static const struct bark_net_peer_key nobody = { { 0 } };
    const struct bark_slice method = c->reader.message.method;
    const struct bark_loop_request request = {
        .reader = &c->reader,
        .route = &c->route,
        .body = c->body_span.len ? c->body_span : (struct bark_slice){ c->body.ptr, c->body.len },
        .peer = { c->peer_text, strlen(c->peer_text) },
        .identity = c->identity,
        .secure = c->listener->tls != NULL,
        .local = c->address.is.any.sa_family == AF_UNIX || bark_net_is_loopback(&c->address),
        .wall_ns = bark_net_wall_ns(),
        .arena = arena,
        .answer = &answer->http,
        .operation = &answer->operation,
        .user = &answer->user,
        .peer_key = c->peer ? c->peer->key : nobody,
        .error = &answer->error,
        .fault = &answer->fault,
        .download = &answer->download,
        .caller = c->caller,
        .streamed = c->upload != NULL
    };
    answer_begin(answer, request.wall_ns, method.len == 4 && memcmp(method.ptr, "HEAD", 4) == 0);
    bark_arena_reset(arena);
    return request; /* without an id so far */
}

void bark_reply_done(struct bark_answer *answer, const struct bark_loop_request *request,
                     const struct bark_out *out)
{
    if (bark_out_ok(out))
        answer->body_len = out->pos - BARK_LOOP_HEAD_ROOM;
    else
        answer->http = (struct bark_http_answer){ .status = 500, .now_ns = request->wall_ns };
    if (!bark_out_ok(out)) {
        bark_download_drop(answer->download, BARK_ERR_LIMIT);
        answer->download = NULL;
    }
    answer->arena_peak = request->arena->peak;
}

enum bark_coded_verdict bark_reply_judge(struct bark_answer *answer, struct bark_driver *driver,
                                         struct bark_connection *c, struct bark_arena *arena,
                                         struct bark_reply *r)
{
    const struct bark_loop_service *service = &driver->service;
    struct bark_out out = bark_reply_start(r);
    const struct bark_loop_request request = bark_reply_ask(answer, c, arena);
    enum bark_coded_verdict verdict = BARK_CODED_ANSWERED;
    if (!service->judge)
        return BARK_CODED_EXPAND;
    c->caller = calloc(1, sizeof *c->caller); /* with the connection: the log names the caller later */
    if (c->caller)
        verdict = service->judge(service->user, &request, c->caller, &out);
    else
        answer->http.status = 503;
    if (verdict == BARK_CODED_LEAVE) {
        free(c->caller);
        c->caller = NULL;
    }
    bark_reply_done(answer, &request, &out);
    return verdict;
}

void bark_reply_make(struct bark_answer *answer, struct bark_driver *driver, const struct bark_connection *c,
                     struct bark_arena *arena, struct bark_reply *r)
{
    struct bark_out out = bark_reply_start(r);
    struct bark_loop_request request = bark_reply_ask(answer, c, arena);
    bark_request_name(driver, c, answer);
    request.id = (struct bark_text){ answer->id, strlen(answer->id) };
    driver->service.serve(driver->service.user, &request, &out);
    bark_reply_done(answer, &request, &out);
}

/* Many answers are of one second. */
static struct bark_slice date_of(struct bark_reply *r, uint64_t now_ns)
{
    const uint64_t now_s = now_ns / NS_PER_S;
    struct bark_out o;
    if (now_s != r->date_s) {
        bark_out_init(&o, r->date, sizeof r->date);
        bark_http_date_write(&o, now_ns);
        r->date_s = bark_out_ok(&o) ? now_s : 0;
    }
    return r->date_s ? (struct bark_slice){ r->date, sizeof r->date } : (struct bark_slice){ 0 };
}

struct bark_slice bark_reply_frame(struct bark_reply *r, struct bark_answer *answer)
{
    struct bark_http_answer *http = &answer->http;
    uint8_t *head;
    struct bark_out o;
    http->content_length = answer->body_len;
    http->date = date_of(r, http->now_ns);
    if (answer->download && !http->chunked && !http->until_close)
        http->content_length += answer->download->length;
    bark_out_init(&o, r->ptr, BARK_LOOP_HEAD_ROOM);
    bark_http_answer_write(&o, http);
    if (http->chunked)
        bark_http_chunk_write(&o, answer->body_len);
    if (!bark_out_ok(&o)) {
        bark_download_drop(answer->download, BARK_ERR_HTTP);
        answer->download = NULL;
        answer->body_len = 0;
        *http = (struct bark_http_answer){
            .status = 500, .now_ns = http->now_ns, .date = http->date, .close = http->close
        };
        bark_out_init(&o, r->ptr, BARK_LOOP_HEAD_ROOM);
        bark_http_answer_write(&o, http);
    }
    head = r->ptr + (BARK_LOOP_HEAD_ROOM - o.pos);
    memmove(head, r->ptr, o.pos); /* up to the body */
    return (struct bark_slice){ head, o.pos + (answer->head_only ? 0 : answer->body_len) };
}
