/* soap/receive.c - a request whose parts are handed on as they come, so that none has to fit in memory.
 *
 * The envelope must be the first part: from it alone it is decided whether the operation is known, who may
 * call it, whether every mandatory header is understood; then the handler runs. Only after that a byte of
 * another part is looked at. An xop:Include stands for octets that are not there yet: its member gets a mark,
 * the address of its reference in the arena, and the part that comes later is told to belong to that mark.
 *
 * Every rule of a message in memory holds (rows 22 and 23), each as soon as the bytes that break it are here:
 * a reference only to a part of this message, a part only for one reference, no part that nobody asked for.
 */
#include "soap/receive.h"

#include "base/report.h"
#include "base/slice.h"
#include "soap/dispatch.h"
#include "soap/serve.h"

#include <string.h>

/* A reference whose part is awaited, or an identifier that was there: a list of each. */
struct named {
    struct named *next;
    struct bark_text text;
    uint64_t length_min, length_max; /* of the octets that are awaited */
    bool came;
};

struct bark_soap_receive {
    const struct bark_service *service; /* NULL: an answer that a client reads */
    const struct bark_streaming *streaming;
    const struct bark_limits *limits;
    const struct bark_soap_request *request;
    struct bark_error *err;
    struct bark_arena *arena;
    struct bark_soap_serving *serving; /* of a request */
    const struct bark_receiver *receiver; /* of an answer, and so are: */
    void *receiver_state;
    enum bark_code code;
    struct bark_mime_type outer;
    struct bark_mime_reader mime;
    struct bark_soap_package package;
    size_t root_at, root_len; /* in the body */
    struct named *awaited, *seen;
    const struct named *current; /* whose octets the part in hand has, or NULL */
    uint32_t references;
};

static struct bark_slice slice_of(struct bark_text t)
{
    return (struct bark_slice){ (const uint8_t *)t.ptr, t.len };
}

static struct bark_slice brackets_drop(struct bark_slice s)
{
    if (s.len >= 2 && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>')
        return (struct bark_slice){ s.ptr + 1, s.len - 2 };
    return s;
}

/* A text that lives as long as the request; false: the arena is full. */
static bool text_keep(struct bark_soap_receive *r, struct bark_slice s, struct bark_text *text)
{
    *text = (struct bark_text){ NULL, 0 };
    if (!s.ptr)
        return true;
    *text = (struct bark_text){ bark_arena_text(r->arena, s.ptr, s.len), s.len };
    return text->ptr != NULL;
}

static struct named *named_add(struct bark_soap_receive *r, struct named **list, struct bark_slice text)
{
    struct named *one = bark_arena_alloc(r->arena, 1, sizeof *one);
    if (!one || !text_keep(r, text, &one->text))
        return NULL;
    one->next = *list;
    *list = one;
    return one;
}

static bool refuse(struct bark_soap_receive *r, enum bark_code code, const char *rule)
{
    const unsigned status = code == BARK_ERR_LIMIT ? 413 : 0;
    r->code = bark_fail(r->err, code, (size_t)r->mime.offset, rule);
    if (r->serving)
        bark_soap_serving_refuse(r->serving, r->code, status);
    return false;
}

/* Who takes the parts; NULL: nobody. */
static const struct bark_receiver *receiver_of(const struct bark_soap_receive *r, void **state,
                                               struct bark_call **call)
{
    *call = r->serving ? bark_soap_serving_call(r->serving) : NULL;
    *state = *call ? (*call)->receiver_state : r->receiver_state;
    return *call ? (*call)->receiver : r->receiver;
}

static bool judge(struct bark_soap_receive *r, enum bark_code said)
{
    r->code = said;
    if (r->serving)
        return bark_soap_serving_judge(r->serving, said);
    if (said != BARK_OK)
        r->code = bark_fail(r->err, said, (size_t)r->mime.offset, "the receiver of the parts stops");
    return said == BARK_OK;
}

static const char full[] = "[R3] the heads of the parts do not fit into the memory of one message";

/* An xop:Include asks for octets that are yet to come (row 22). */
static enum bark_code octets_await(void *user, struct bark_slice href, struct bark_bytes *octets,
                                   const char **rule)
{
    struct bark_soap_receive *r = user;
    struct named *one;
    *octets = (struct bark_bytes){ NULL, 0 };
    if (!bark_soap_cid_take(&href, rule))
        return BARK_ERR_SOAP;
    if (r->references + 1 >= r->limits->mime_parts) {
        *rule = "[SECURITY row 23] limits.mime_parts: the message refers to more parts than it may have";
        return BARK_ERR_LIMIT;
    }
    one = named_add(r, &r->awaited, href);
    if (!one) {
        *rule = full;
        return BARK_ERR_MEMORY;
    }
    r->references++;
    octets->ptr = (const uint8_t *)one->text.ptr;
    return BARK_OK;
}

/* Of the reference just noted. */
static void lengths_note(void *user, uint64_t length_min, uint64_t length_max)
{
    struct bark_soap_receive *r = user;
    r->awaited->length_min = length_min;
    r->awaited->length_max = length_max;
}

static struct bark_soap_receive *receive_new(struct bark_slice content_type, const struct bark_limits *limits,
                                             struct bark_arena *arena, struct bark_error *err)
{
    struct bark_soap_receive *r = bark_arena_alloc(arena, 1, sizeof *r);
    uint8_t *head = bark_arena_alloc(arena, limits->mime_head_bytes, 1);
    if (!r || !head || !bark_mime_type_read(content_type, &r->outer) ||
        !bark_mime_reader_init(&r->mime, r->outer.boundary, limits, head, limits->mime_head_bytes))
        return NULL;
    r->limits = limits;
    r->err = err;
    r->arena = arena;
    r->package.reader = (struct bark_xop_reader){ .octets = octets_await, .user = r, .later = lengths_note };
    return r;
}

static struct bark_soap_receive *receive_begin(const struct bark_service *service,
                                               const struct bark_limits *limits,
                                               const struct bark_soap_request *request,
                                               struct bark_arena *arena, struct bark_soap_reply *reply)
{
    struct bark_soap_receive *r = receive_new(request->content_type, limits, arena, &reply->error);
    if (!r)
        return NULL;
    r->service = service;
    r->streaming = service->streaming;
    r->request = request;
    r->serving = bark_soap_serving_new(service, limits, request, arena, reply);
    return r->serving ? r : NULL;
}

static struct bark_soap_receive *receive_accept(struct bark_slice content_type,
                                                const struct bark_streaming *streaming,
                                                const struct bark_limits *limits,
                                                const struct bark_receiver *receiver, void *state,
                                                struct bark_arena *arena, struct bark_error *err)
{
    struct bark_soap_receive *r = receive_new(content_type, limits, arena, err);
    if (!r) {
        (void)bark_fail(err, BARK_ERR_SOAP, 0,
                        "[RFC2046 5.1.1] multipart/related names a boundary of 1 to 70 characters");
        return NULL;
    }
    r->streaming = streaming;
    r->receiver = receiver;
    r->receiver_state = state;
    return r;
}

static const struct bark_soap_package *receive_package(struct bark_soap_receive *r, struct bark_slice body)
{
    r->package.envelope = (struct bark_slice){ body.ptr + r->root_at, r->root_len };
    return &r->package;
}

static enum bark_code receive_code(const struct bark_soap_receive *r)
{
    return r->code;
}

/* The head of the first part: is it the envelope's? */
static enum bark_soap_collected root_begin(struct bark_soap_receive *r)
{
    const struct bark_mime_part *part = &r->mime.part;
    const char *rule;
    struct bark_text type;
    if (r->outer.start.ptr &&
        !(part->content_id.ptr && bark_slice_equal(brackets_drop(r->outer.start), part->content_id)))
        return BARK_SOAP_COLLECT_WHOLE;
    r->root_at = (size_t)r->mime.offset;
    /* What is learned from the types points into them: the head buffer will hold other heads. */
    if (!text_keep(r, part->content_type, &type) ||
        (part->content_id.ptr && !named_add(r, &r->seen, part->content_id))) {
        (void)refuse(r, BARK_ERR_MEMORY, full);
        return BARK_SOAP_COLLECT_REFUSED;
    }
    rule = bark_soap_package_root(&r->package, &r->outer, slice_of(type));
    if (!rule)
        return BARK_SOAP_COLLECT_MORE;
    (void)refuse(r, BARK_ERR_SOAP, rule);
    return BARK_SOAP_COLLECT_REFUSED;
}

static uint32_t message_max(const struct bark_soap_receive *r)
{
    enum { MESSAGE_BYTES = 64 * 1024 };
    const uint32_t max = r->streaming->message_bytes;
    if (max)
        return max;
    return r->limits->body_bytes < MESSAGE_BYTES ? (uint32_t)r->limits->body_bytes : MESSAGE_BYTES;
}

static enum bark_soap_collected receive_collect(struct bark_soap_receive *r, struct bark_slice *in)
{
    for (;;) {
        struct bark_slice span;
        enum bark_soap_collected got = BARK_SOAP_COLLECT_MORE;
        switch (bark_mime_read(&r->mime, in, &span, r->err)) {
        case BARK_MIME_MORE:
            return BARK_SOAP_COLLECT_MORE;
        case BARK_MIME_PART:
            got = root_begin(r);
            if (got != BARK_SOAP_COLLECT_MORE)
                return got;
            break;
        case BARK_MIME_BODY:
            if (r->mime.part_bytes <= message_max(r))
                break;
            (void)refuse(r, BARK_ERR_LIMIT, "bark_streaming.message_bytes: the envelope is longer than that");
            return BARK_SOAP_COLLECT_REFUSED;
        case BARK_MIME_PART_END:
            r->root_len = (size_t)r->mime.part_bytes;
            return BARK_SOAP_COLLECT_ROOT;
        case BARK_MIME_REFUSED:
            (void)refuse(r, r->err->code, r->err->rule);
            return BARK_SOAP_COLLECT_REFUSED;
        }
    }
}

/* One whose operation cannot be found is refused soon. */
static bool receive_streams(const struct bark_soap_receive *r, struct bark_slice body,
                            struct bark_arena *scratch)
{
    const struct bark_slice envelope = { body.ptr + r->root_at, r->root_len };
    const struct bark_streaming *streaming = r->streaming;
    const struct bark_slice own = r->package.action;
    const struct bark_slice action = bark_soap_action_bare(own.len ? own : r->request->soap_action);
    const uint16_t first = r->service->image->services[r->service->service_row].first;
    uint16_t operation;
    if (!streaming->operations && !r->service->parts)
        return true;
    operation = bark_soap_operation_peek(r->service->image, r->service->service_row, envelope, action,
                                         r->limits, scratch);
    if (operation == BARK_NONE)
        return true;
    if (r->service->parts && r->service->parts[operation - first].input.count)
        return false; /* which attachment is which part is seen when all are there */
    for (size_t i = 0; i < streaming->operation_count && streaming->operations; i++)
        if (streaming->operations[i] == operation)
            return true;
    return !streaming->operations;
}

static bool receive_run(struct bark_soap_receive *r, struct bark_slice body)
{
    r->package.envelope = (struct bark_slice){ body.ptr + r->root_at, r->root_len };
    bark_soap_serving_call(r->serving)->receive = r;
    return bark_soap_serving_run(r->serving, &r->package);
}

/* Whose value the part is; false: two references mean it. */
static bool member_find(struct bark_soap_receive *r, struct bark_slice id, struct bark_bytes *member)
{
    *member = (struct bark_bytes){ NULL, 0 };
    r->current = NULL;
    for (struct named *one = r->awaited; one && id.ptr; one = one->next) {
        if (!bark_soap_cid_equal(slice_of(one->text), id))
            continue;
        if (member->ptr)
            return false;
        one->came = true;
        r->current = one;
        member->ptr = (const uint8_t *)one->text.ptr;
    }
    return true;
}

static bool part_begin(struct bark_soap_receive *r)
{
    const struct bark_mime_part *head = &r->mime.part;
    struct bark_passing_part part = { .index = r->mime.index - 1 };
    struct bark_call *call;
    void *state;
    const struct bark_receiver *receiver = receiver_of(r, &state, &call);
    for (const struct named *one = r->seen; one && head->content_id.ptr; one = one->next)
        if (bark_slice_equal(slice_of(one->text), head->content_id))
            return refuse(r, BARK_ERR_SOAP,
                          "[SECURITY row 23] two parts of the message have the same Content-ID");
    if (!member_find(r, head->content_id, &part.member))
        return refuse(r, BARK_ERR_SOAP, "[SECURITY row 22] a part of the message is referred to twice");
    if (!part.member.ptr && r->service && !r->service->loose_attachments)
        return refuse(r, BARK_ERR_UNEXPECTED,
                      "[SECURITY row 22] a part of the message is not the value of any member");
    if (!receiver)
        return refuse(r, BARK_ERR_UNEXPECTED,
                      "[SECURITY row 22] the operation takes no parts with this message");
    if (head->content_id.ptr) {
        if (!named_add(r, &r->seen, head->content_id))
            return refuse(r, BARK_ERR_MEMORY, full);
        part.content_id = r->seen->text;
    }
    if (!text_keep(r, head->content_type, &part.content_type) ||
        !text_keep(r, head->content_location, &part.content_location))
        return refuse(r, BARK_ERR_MEMORY, full);
    return !receiver->begin || judge(r, receiver->begin(state, call, &part));
}

static bool part_data(struct bark_soap_receive *r, struct bark_slice span)
{
    const uint64_t max = r->streaming->part_bytes;
    struct bark_call *call;
    void *state;
    const struct bark_receiver *receiver = receiver_of(r, &state, &call);
    if (max && r->mime.part_bytes > max)
        return refuse(r, BARK_ERR_LIMIT, "bark_streaming.part_bytes: a part is longer than that");
    if (r->current && r->mime.part_bytes > r->current->length_max)
        return refuse(r, BARK_ERR_FACET,
                      "[XSD2 4.3.3] the value that a part is to be is longer than its type allows");
    return !receiver->data || judge(r, receiver->data(state, call, span));
}

static bool part_end(struct bark_soap_receive *r)
{
    struct bark_call *call;
    void *state;
    const struct bark_receiver *receiver = receiver_of(r, &state, &call);
    if (r->current && r->mime.part_bytes < r->current->length_min)
        return refuse(r, BARK_ERR_FACET,
                      "[XSD2 4.3.2] the value that a part is to be is shorter than its type allows");
    return !receiver->end || judge(r, receiver->end(state, call));
}

static bool receive_feed(struct bark_soap_receive *r, struct bark_slice in)
{
    for (;;) {
        struct bark_slice span;
        bool on = true;
        switch (bark_mime_read(&r->mime, &in, &span, r->err)) {
        case BARK_MIME_MORE:
            return true;
        case BARK_MIME_PART:
            on = part_begin(r);
            break;
        case BARK_MIME_BODY:
            on = part_data(r, span);
            break;
        case BARK_MIME_PART_END:
            on = part_end(r);
            break;
        case BARK_MIME_REFUSED:
            return refuse(r, r->err->code, r->err->rule);
        }
        if (!on)
            return false;
    }
}

static void receive_finish(struct bark_soap_receive *r)
{
    struct bark_call *call;
    void *state;
    const struct bark_receiver *receiver = receiver_of(r, &state, &call);
    const enum bark_code code = bark_mime_read_end(&r->mime, r->err);
    if (code != BARK_OK) {
        (void)refuse(r, code, r->err->rule);
        return;
    }
    for (const struct named *one = r->awaited; one; one = one->next)
        if (!one->came) {
            (void)refuse(
                r, BARK_ERR_SOAP,
                "[SECURITY row 22] xop:Include refers to a part that the message does not have beside its "
                "envelope");
            return;
        }
    if (receiver && receiver->finish)
        (void)!judge(r, receiver->finish(state, call));
}

static void receive_answer(struct bark_soap_receive *r, struct bark_out *out)
{
    bark_soap_serving_answer(r->serving, out);
}

static void receive_abort(struct bark_soap_receive *r, enum bark_code why)
{
    bark_soap_serving_abort(r->serving, why);
}

static bool receive_awaits(const struct bark_soap_receive *r, struct bark_bytes member)
{
    for (const struct named *one = r->awaited; one && member.ptr; one = one->next)
        if ((const uint8_t *)one->text.ptr == member.ptr)
            return true;
    return false;
}

static bool receive_awaits_any(const struct bark_soap_receive *r)
{
    return r->awaited != NULL;
}

const struct bark_soap_receiving bark_soap_receiving = { .begin = receive_begin,
                                                         .accept = receive_accept,
                                                         .package = receive_package,
                                                         .code = receive_code,
                                                         .collect = receive_collect,
                                                         .streams = receive_streams,
                                                         .run = receive_run,
                                                         .feed = receive_feed,
                                                         .finish = receive_finish,
                                                         .answer = receive_answer,
                                                         .abort = receive_abort,
                                                         .awaits = receive_awaits,
                                                         .awaits_any = receive_awaits_any };
