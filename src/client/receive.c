/* client/receive.c - an answer whose parts go to a receiver as they come: the mirror of server/upload.c.
 *
 *     head of the answer: multipart, status 200? --> envelope collected, read --> parts to the receiver -->
 * end
 *                          \--(anything else)--> held and read as ever
 *
 * The envelope lies in the exchange's buffer, which does not grow any more once it is complete; the struct
 * may point into it.
 */
#include "client/client.h"

#include "soap/receive.h"

static const struct bark_streaming any_length = { .body_bytes = UINT64_MAX };

static bool answer_begin(void *user, const struct bark_http_reader *reader)
{
    struct bark_client *c = user;
    const struct bark_http_message *m = &reader->message;
    bool encoded;
    if (!bark_http_content_coding(reader, NULL, &encoded)) /* expand.c refuses it when it is there */
        return false;
    if (m->status != 200 || !c->attachments->is_multipart(m->content_type))
        return false;
    c->receive = c->attachments->receiving->accept(m->content_type, c->bounds, &c->limits, c->receiver,
                                                   c->receiver_state, &c->arena, &c->receive_error);
    return c->receive != NULL;
}

/* The envelope is complete; its members' octets are to come. */
static enum bark_code envelope_read(struct bark_client *c, struct bark_error *err)
{
    struct bark_decode_options options = { .unknown = &c->unknown };
    struct bark_receiving_answer *came = bark_arena_alloc(&c->arena, 1, sizeof *came);
    const struct bark_soap_package *p;
    if (!came)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "the memory budget does not hold one answer");
    p = c->attachments->receiving->package(c->receive, (struct bark_slice){ c->now->body, c->now->body_len });
    c->package = *p;
    options.xop = p->xop ? &p->reader : NULL;
    came->code = bark_soap_reply_read_with(c->image, c->operation, p->envelope, &options, &c->limits,
                                           &c->arena, &came->headers, &came->out, &c->fault, err);
    if (came->code != BARK_OK && came->code != BARK_ERR_FAULT)
        return came->code;
    c->came = came;
    return BARK_OK;
}

static enum bark_code error_take(struct bark_client *c, struct bark_error *err)
{
    if (err && err->code == BARK_OK)
        *err = c->receive_error;
    return c->receive_error.code;
}

static enum bark_code answer_data(void *user, struct bark_slice span, struct bark_error *err)
{
    struct bark_client *c = user;
    const struct bark_soap_receiving *ops = c->attachments->receiving;
    struct bark_slice in = span;
    enum bark_soap_collected got;
    enum bark_code code;
    if (c->came)
        return ops->feed(c->receive, in) ? BARK_OK : error_take(c, err);
    got = ops->collect(c->receive, &in);
    code = bark_exchange_keep(c->now, (struct bark_slice){ span.ptr, span.len - in.len }, err);
    if (code != BARK_OK)
        return code;
    switch (got) {
    case BARK_SOAP_COLLECT_MORE:
        break;
    case BARK_SOAP_COLLECT_ROOT:
        code = envelope_read(c, err);
        if (code == BARK_OK && !ops->feed(c->receive, in))
            code = error_take(c, err);
        break;
    case BARK_SOAP_COLLECT_WHOLE:
        return bark_fail(
            err, BARK_ERR_SOAP, 0,
            "[RFC2387 3.2] the envelope is not the first part of an answer that is to be streamed");
    case BARK_SOAP_COLLECT_REFUSED:
        return error_take(c, err);
    }
    return code;
}

void bark_client_receive_begin(struct bark_client *c)
{
    c->receive = NULL;
    c->came = NULL;
    c->receive_error = (struct bark_error){ 0 };
    c->sink =
        (struct bark_exchange_sink){ c->bounds ? c->bounds->body_bytes : 0, answer_begin, answer_data, c };
    c->sending.sink = c->receiver ? &c->sink : NULL;
}

enum bark_code bark_client_receive_end(struct bark_client *c, enum bark_code code, struct bark_error *err)
{
    const struct bark_receiver *receiver = c->receiver;
    if (!receiver)
        return code;
    if (code == BARK_OK && c->receive) {
        if (c->came)
            c->attachments->receiving->finish(c->receive);
        code = c->attachments->receiving->code(c->receive);
        if (code != BARK_OK)
            (void)error_take(c, err);
    } else if (code == BARK_OK && receiver->finish) {
        code = receiver->finish(c->receiver_state, NULL);
        if (code != BARK_OK)
            (void)bark_fail(err, code, 0, "the receiver of the parts stops");
    }
    c->receiver = NULL;
    c->receive = NULL;
    c->came = NULL;
    if (receiver->close)
        receiver->close(c->receiver_state, code);
    return code;
}

enum bark_code bark_client_receive(struct bark_client *client, const struct bark_streaming *bounds,
                                   const struct bark_receiver *receiver, void *state, struct bark_error *err)
{
    if (!client->attachments || client->under_way || client->receiver)
        return bark_fail(err, BARK_ERR_USE, 0,
                         "a receiver is for a client with attachments, between its calls, and one for each");
    client->bounds = bounds ? bounds : &any_length;
    client->receiver = receiver;
    client->receiver_state = state;
    return BARK_OK;
}
