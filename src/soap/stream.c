/* soap/stream.c - one request through the window: bytes in, the steps of serve.c, an answer at the end.
 *
 * serve.c reads what is in the window and says when it needs more; this file fills the window, as
 * engine/stream.c does for a document without an envelope.
 */
#include "soapbark/soap_stream.h"

#include "soap/serve.h"

struct bark_soap_stream_state {
    struct bark_soap_serving *serving;
    struct bark_soap_windowed windowed;
    bool due; /* the answer */
};

/* What reads whole messages only. */
static const char *set_up_wrongly(const struct bark_service *service, const void *window, size_t window_size)
{
    const struct bark_service_row *row = &service->image->services[service->service_row];
    uint16_t i;
    if (!window || window_size < BARK_WINDOW_MIN)
        return "[R4] a window has at least BARK_WINDOW_MIN bytes";
    if (service->layer)
        return "a service with a layer of its own reads whole messages";
    for (i = 0; i < row->count; i++)
        if (bark_operation_flags(service->image, (uint16_t)(row->first + i)) & BARK_OPERATION_ENCODED)
            return "[SOAP11 5] encoded operations read whole messages";
    return NULL;
}

static enum bark_code set_up_refuse(struct bark_soap_stream_state *s)
{
    s->due = true;
    bark_soap_serving_fail(s->serving, BARK_ERR_USE);
    return BARK_ERR_USE;
}

enum bark_code bark_soap_stream_open(struct bark_soap_stream *stream, const struct bark_service *service,
                                     const struct bark_limits *limits,
                                     const struct bark_soap_request *request, const struct bark_sink *sinks,
                                     size_t sink_count, struct bark_arena *arena, void *window,
                                     size_t window_size, struct bark_soap_reply *reply)
{
    enum { CHILD_DEPTH = 3 }; /* Envelope, Body, and the element that paths begin with */
    const char *const rule = set_up_wrongly(service, window, window_size);
    struct bark_soap_stream_state *s = bark_arena_alloc(arena, 1, sizeof *s);
    *stream = (struct bark_soap_stream){ .request = request, .reply = reply };
    *reply = (struct bark_soap_reply){ .operation = BARK_NONE };
    if (s)
        s->serving = bark_soap_serving_new(service, limits, request, arena, reply);
    if (!s || !s->serving)
        return bark_fail(&reply->error, BARK_ERR_MEMORY, 0, "the memory budget does not hold one request");
    stream->state = s;
    if (rule) {
        (void)bark_fail(&reply->error, BARK_ERR_USE, 0, rule);
        return set_up_refuse(s);
    }
    s->windowed.w.memory = window;
    s->windowed.w.size = window_size;
    if (!bark_soap_serving_open(s->serving, &s->windowed)) {
        s->due = true;
        return reply->error.code == BARK_ERR_MEMORY ? BARK_ERR_MEMORY : BARK_ERR_FAULT;
    }
    s->windowed.decoder.r = bark_soap_serving_reader(s->serving);
    s->windowed.decoder.image = service->image;
    if (sink_count && bark_sinks_open(&s->windowed.decoder, BARK_NONE, CHILD_DEPTH, sinks, sink_count,
                                      &s->windowed.sinks) != BARK_OK)
        return set_up_refuse(s);
    return BARK_MORE;
}

static void go(struct bark_soap_stream_state *s)
{
    s->due = !bark_soap_serving_read(s->serving);
}

enum bark_code bark_soap_stream_feed(struct bark_soap_stream *stream, struct bark_slice bytes)
{
    struct bark_soap_stream_state *s = stream->state;
    while (s && !s->due && bytes.len > 0) {
        const size_t taken = bark_xml_window_add(bark_soap_serving_reader(s->serving), bytes);
        s->windowed.w.cut = taken == 0; /* what is read is gone already: the window is full of one token */
        go(s);
        bytes.ptr += taken;
        bytes.len -= taken;
    }
    return s && !s->due ? BARK_MORE : BARK_ERR_FAULT;
}

void bark_soap_stream_finish(struct bark_soap_stream *stream, struct bark_out *out)
{
    struct bark_soap_stream_state *s = stream->state;
    if (!s) {
        bark_soap_serving_unmade(stream->request, out, stream->reply);
        return;
    }
    if (!s->due) {
        s->windowed.w.final = true;
        s->windowed.w.cut = false;
        go(s);
    }
    bark_soap_serving_answer(s->serving, out);
    stream->state = NULL;
}
