/* attach/stream_test.c - the same messages with parts that are streamed: cut at every byte, the answer is
 * that of the whole message, and a receiver hears exactly once that it is over.
 */
#include "album_cases.h"
#include "album_service.h"

#include "soap/receive.h"
#include "soapbark/server.h"
#include "testkit.h"

static struct bark_image image;
static _Alignas(BARK_ALIGN) uint8_t memory[512 * 1024];
static _Alignas(BARK_ALIGN) uint8_t more_memory[512 * 1024];
static struct bark_arena arena, scratch;
static char reply_bytes[64 * 1024 + 1];
static struct bark_out answer;
static struct bark_soap_reply reply;

/* What a receiver was told. */
static struct {
    unsigned opened, closed, begun, ended, refuse_after; /* octets; 0: never */
    size_t octets;
    enum bark_code verdict;
} told;

struct store {
    const struct tns_Store *in;
    struct tns_StoreResponse *out;
    struct bark_text list;
    struct bark_passing_part part;
    size_t part_bytes;
};

static enum bark_code store_begin(void *state, struct bark_call *call, const struct bark_passing_part *part)
{
    struct store *s = state;
    (void)call;
    CHECK(told.begun == told.ended && !told.closed);
    told.begun++;
    s->part = *part;
    s->part_bytes = 0;
    return BARK_OK;
}

static enum bark_code store_data(void *state, struct bark_call *call, struct bark_slice octets)
{
    struct store *s = state;
    CHECK(octets.len > 0 && told.begun == told.ended + 1 && !told.closed);
    told.octets += octets.len;
    s->part_bytes += octets.len;
    if (told.refuse_after && told.octets >= told.refuse_after)
        return bark_call_fault(call, BARK_FAULT_SENDER, NULL, NULL, "enough of it");
    if (s->part.member.ptr)
        s->out->Bytes += (int64_t)octets.len;
    return BARK_OK;
}

static enum bark_code store_end(void *state, struct bark_call *call)
{
    struct store *s = state;
    const struct bark_passing_part *p = &s->part;
    told.ended++;
    s->list =
        bark_call_printf(call, "%s[%s %s %u%s]", s->list.ptr, p->content_id.ptr ? p->content_id.ptr : "-",
                         p->content_type.ptr ? p->content_type.ptr : "-", (unsigned)s->part_bytes,
                         p->member.ptr ? " included" : "");
    return BARK_OK;
}

static void member_count(struct store *s, struct bark_call *call, struct bark_bytes member)
{
    if (!bark_call_awaits(call, member))
        s->out->Bytes += (int64_t)member.len;
}

static enum bark_code store_finish(void *state, struct bark_call *call)
{
    struct store *s = state;
    CHECK(told.begun == told.ended && !told.closed);
    member_count(s, call, s->in->Picture);
    member_count(s, call, s->in->Icon);
    for (size_t i = 0; i < s->in->Page.count; i++)
        member_count(s, call, s->in->Page.items[i]);
    if (s->in->Extra)
        member_count(s, call, s->in->Extra->value);
    s->out->Attachments = s->list;
    return BARK_OK;
}

static void store_close(void *state, enum bark_code verdict)
{
    (void)state;
    told.closed++;
    told.verdict = verdict;
}

static enum bark_code store(const struct tns_Store *in, struct tns_StoreResponse *out, struct bark_call *call)
{
    static const struct bark_receiver receiver = { store_begin, store_data, store_end, store_finish,
                                                   store_close };
    struct store *s = bark_call_alloc(call, 1, sizeof *s);
    if (!s)
        return BARK_ERR_MEMORY;
    *s = (struct store){ .in = in, .out = out, .list = bark_text("") };
    told.opened++;
    return bark_call_receive(call, &receiver, s);
}

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static const struct bark_streaming all_stream = { .body_bytes = 1 << 20 };

static struct bark_service service_make(bool loose)
{
    static const struct tns_Album_handlers handlers = { .Store = store, .Fetch = album_fetch };
    struct bark_service service = album_service(&image, "/", loose);
    service.handlers = &handlers;
    service.streaming = &all_stream;
    return service;
}

static void begin(size_t room)
{
    memset(&told, 0, sizeof told);
    bark_arena_init(&arena, memory, room);
    bark_out_init(&answer, reply_bytes, sizeof reply_bytes - 1);
}

static void whole(const struct bark_service *service, const struct bark_soap_request *request)
{
    bark_arena_reset(&arena);
    bark_soap_serve(service, &bark_limits_device, request, &arena, &answer, &reply);
}

enum { CUT_NONE = 1 << 20, END_NEVER = 1 << 21 };

/* As server/upload.c does it, without a server. step: bytes of a piece. The body is copied piece by piece, so
 * that a sanitizer sees who looks at a piece of before. False: the peer has gone before the end. */
static void stream(const struct bark_service *service, const char *type, struct bark_slice body, size_t first,
                   size_t step, bool ends)
{
    static uint8_t kept[16 * 1024], piece[16 * 1024];
    const struct bark_soap_receiving *ops = &bark_soap_receiving;
    const struct bark_soap_request request = { .content_type = slice(type), .body = body };
    struct bark_soap_receive *r = ops->begin(service, &bark_limits_device, &request, &arena, &reply);
    size_t len = 0;
    bool running = false;
    if (!r) {
        whole(service, &request);
        return;
    }
    for (size_t at = 0, n = first; at < body.len; at += n, n = step) {
        struct bark_slice in = { piece, n < body.len - at ? n : body.len - at };
        n = in.len;
        memset(piece, '#', sizeof piece);
        memcpy(piece, body.ptr + at, n);
        if (!running) {
            const enum bark_soap_collected got = ops->collect(r, &in);
            memcpy(kept + len, piece, n - in.len);
            len += n - in.len;
            bark_arena_init(&scratch, more_memory, sizeof more_memory);
            if (got == BARK_SOAP_COLLECT_MORE)
                continue;
            if (got == BARK_SOAP_COLLECT_WHOLE ||
                (got == BARK_SOAP_COLLECT_ROOT &&
                 !ops->streams(r, (struct bark_slice){ kept, len }, &scratch))) {
                if (ends)
                    whole(service, &request);
                return;
            }
            if (got == BARK_SOAP_COLLECT_REFUSED || !ops->run(r, (struct bark_slice){ kept, len })) {
                ops->answer(r, &answer);
                return;
            }
            running = true;
        }
        if (!ops->feed(r, in)) {
            ops->answer(r, &answer);
            return;
        }
    }
    if (!ends) {
        ops->abort(r, BARK_ERR_IO);
    } else if (!running) {
        whole(service, &request);
    } else {
        ops->finish(r);
        ops->answer(r, &answer);
    }
}

static bool ready(void)
{
    struct bark_error err = { 0 };
    return image.pool || bark_image_open(&image, album_tables(), &err) == BARK_OK;
}

/* Octets that come later cannot meet a pattern. */
static bool has_pattern(const char *body)
{
    return strstr(body, "<Seal>") != NULL;
}

static void judge(size_t i, size_t cut)
{
    unsigned status = cases[i].status;
    const char *want = cases[i].want;
    reply_bytes[answer.pos] = '\0';
    if (strcmp(want, "does not have beside") == 0 && strstr(reply_bytes, "not the value of any member"))
        want = "not the value of any member"; /* a part that is there, and is not the one, is met first */
    if (has_pattern(cases[i].body)) {
        status = 500;
        want = "come after the message";
    } else if (reply.error.code == BARK_ERR_LIMIT) {
        status = 413;
    }
    if (reply.http_status != status || !strstr(reply_bytes, want))
        testkit_fail(__FILE__, __LINE__, "%s, cut at %zu: %u %s", cases[i].name, cut, reply.http_status,
                     reply_bytes);
    CHECK_IN(cases[i].name, told.closed == told.opened && told.opened <= 1);
    CHECK_IN(cases[i].name, !told.closed || (told.verdict == BARK_OK) == (status == 200));
}

TEST(whole_messages_reach_a_receiver)
{
    CHECK(ready());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bark_service service = service_make(cases[i].loose);
        const struct bark_soap_request request = { .content_type = slice(cases[i].type),
                                                   .body = slice(cases[i].body) };
        begin(sizeof memory);
        whole(&service, &request);
        reply_bytes[answer.pos] = '\0';
        if (reply.http_status != cases[i].status || !strstr(reply_bytes, cases[i].want))
            testkit_fail(__FILE__, __LINE__, "%s: %u %s", cases[i].name, reply.http_status, reply_bytes);
        CHECK_IN(cases[i].name, told.closed == told.opened);
    }
}

TEST(every_cut_gives_the_same)
{
    CHECK(ready());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bark_service service = service_make(cases[i].loose);
        const struct bark_slice body = slice(cases[i].body);
        for (size_t cut = 1; cut <= body.len; cut++) {
            begin(sizeof memory);
            stream(&service, cases[i].type, body, cut, body.len, true);
            judge(i, cut);
        }
        begin(sizeof memory);
        stream(&service, cases[i].type, body, 1, 1, true);
        judge(i, 1);
    }
}

/* A peer that goes, wherever that is: the receiver hears it once, or was never there. */
TEST(a_peer_may_go_anywhere)
{
    CHECK(ready());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bark_service service = service_make(cases[i].loose);
        if (cases[i].status != 200 || has_pattern(cases[i].body))
            continue;
        for (size_t len = 0; len < strlen(cases[i].body); len++) {
            begin(sizeof memory);
            stream(&service, cases[i].type, (struct bark_slice){ slice(cases[i].body).ptr, len }, 7, 11,
                   false);
            CHECK_IN(cases[i].name, told.closed == told.opened);
            CHECK_IN(cases[i].name, !told.closed || told.verdict != BARK_OK);
        }
    }
}

TEST(every_budget_ends_in_order)
{
    CHECK(ready());
    for (size_t i = 0; i < 6; i++) {
        const struct bark_service service = service_make(cases[i].loose);
        size_t room = 0;
        do {
            room += 64;
            begin(room);
            stream(&service, cases[i].type, slice(cases[i].body), 100, 100, true);
            CHECK_IN(cases[i].name, told.closed == told.opened);
            CHECK_IN(cases[i].name, reply.http_status == 200 || reply.http_status == 500);
        } while (reply.http_status != 200 && room + 64 < sizeof memory);
        CHECK_IN(cases[i].name, reply.http_status == 200);
    }
}

TEST(handlers_say_no)
{
    const struct bark_service service = service_make(false);
    CHECK(ready());
    for (unsigned after = 1; after <= 6; after++) {
        begin(sizeof memory);
        told.refuse_after = after;
        stream(&service, MTOM11,
               slice(ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "\r\nabcd") END), 9, 1, true);
        CHECK(reply.http_status == 500 && told.closed == 1 && told.verdict == BARK_ERR_FAULT);
        CHECK(told.octets >= after && told.octets <= after + 1 && told.ended == 0); /* CR LF comes as one */
        reply_bytes[answer.pos] = '\0';
        CHECK(strstr(reply_bytes, "enough of it"));
    }
}

/* What a stream has limits of its own for; each one below, at, and above it. */
static void limit_case(const struct bark_streaming *streaming, const char *body, bool fits, const char *want)
{
    struct bark_service service = service_make(false);
    service.streaming = streaming;
    begin(sizeof memory);
    stream(&service, MTOM11, slice(body), 50, 50, true);
    reply_bytes[answer.pos] = '\0';
    if (reply.http_status != (fits ? 200u : 413u) || (!fits && !strstr(reply_bytes, want)))
        testkit_fail(__FILE__, __LINE__, "%s: %u %s", want, reply.http_status, reply_bytes);
    CHECK_IN(want, told.closed == told.opened && (!told.closed || (told.verdict == BARK_OK) == fits));
}

TEST(limits_of_a_stream_hold)
{
    static const char body[] = ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "0123456789") END;
    const uint32_t envelope = sizeof(ENV11(STORE(PICTURE(INCLUDE("cid:a"))))) - 1;
    struct bark_streaming s = all_stream;
    CHECK(ready());
    for (unsigned n = 9; n <= 11; n++) {
        s.part_bytes = n;
        limit_case(&s, body, n >= 10, "part_bytes");
    }
    s = all_stream;
    for (uint32_t n = envelope - 1; n <= envelope + 1; n++) {
        s.message_bytes = n;
        limit_case(&s, body, n >= envelope, "message_bytes");
    }
}

/* An operation that does not look at parts that are yet to come must not take its members for empty ones. */
TEST(a_handler_that_does_not_receive_gets_no_empty_members)
{
    struct bark_service service = service_make(true);
    CHECK(ready());
    service.handlers = &album_handlers;
    begin(sizeof memory);
    stream(&service, MTOM11, slice(ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "abc") END), 9, 9,
           true);
    CHECK(reply.http_status == 500 && reply.error.code == BARK_ERR_USE);
    begin(sizeof memory);
    stream(&service, MTOM11, slice(ROOT11 ENV11(STORE(PICTURE("YWJj"))) END), 9, 9, true);
    CHECK(reply.http_status == 200);
}

/* What cannot work is refused before the first request. */
TEST(servers_that_cannot_stream_do_not_start)
{
    struct bark_service service = service_make(false);
    const struct bark_service *services[] = { &service };
    const uint16_t store_row = tns_Album_op_Store, fetch_row = tns_Album_op_Fetch;
    const struct bark_streaming stores = { .operations = &store_row,
                                           .operation_count = 1,
                                           .body_bytes = 1000 };
    const struct bark_streaming endless = { .operations = &store_row, .operation_count = 1 };
    const struct bark_streaming long_message = { .body_bytes = 1000, .message_bytes = 1001 };
    struct bark_slow_service slow = { .service = &service };
    struct bark_server_options options = {
        .listen = "127.0.0.1:0", .services = services, .service_count = 1, .workers = 1, .slow = &slow
    };
    const struct {
        const struct bark_streaming *streaming;
        const uint16_t *slow; /* NULL: all */
        size_t slow_count; /* 0: no slow service */
        bool attachments, starts;
    } rows[] = {
        { &stores, NULL, 0, true, true },
        { &stores, &fetch_row, 1, true, true },
        { &stores, &store_row, 1, true, false },
        { &stores, NULL, 1, true, false },
        { &all_stream, &fetch_row, 1, true, false },
        { &stores, NULL, 0, false, false },
        { &endless, NULL, 0, true, false },
        { &long_message, NULL, 0, true, false },
    };
    CHECK(ready());
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bark_error err = { 0 };
        struct bark_server *server;
        service.streaming = rows[i].streaming;
        service.attachments = rows[i].attachments ? &bark_soap_attachments : NULL;
        slow.operations = rows[i].slow;
        slow.operation_count = rows[i].slow ? 1 : 0;
        options.slow_count = rows[i].slow_count;
        server = bark_server_new(&options, &err);
        if ((server != NULL) != rows[i].starts || (!server && err.code != BARK_ERR_USE))
            testkit_fail(__FILE__, __LINE__, "row %zu: %s", i, err.rule ? err.rule : "started");
        bark_server_free(server);
    }
}

TEST_MAIN(RUN(whole_messages_reach_a_receiver) RUN(every_cut_gives_the_same) RUN(a_peer_may_go_anywhere)
              RUN(every_budget_ends_in_order) RUN(handlers_say_no) RUN(limits_of_a_stream_hold)
                  RUN(a_handler_that_does_not_receive_gets_no_empty_members)
                      RUN(servers_that_cannot_stream_do_not_start))
