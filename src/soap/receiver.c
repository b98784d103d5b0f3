/* soap/receiver.c - a handler's receiver, when the message is in memory already: it sees what it would see of
 * a stream, so that one handler serves both.
 */
#include "soap/receive.h"

enum bark_code bark_call_receive(struct bark_call *call, const struct bark_receiver *receiver, void *state)
{
    if (call->receiver)
        return bark_fail(&call->error, BARK_ERR_USE, 0, "the call has a receiver already");
    call->receiver = receiver;
    call->receiver_state = state;
    return BARK_OK;
}

bool bark_call_awaits(const struct bark_call *call, struct bark_bytes member)
{
    if (call->receive)
        return call->service->attachments->receiving->awaits(call->receive, member);
    for (size_t i = 0; i < call->attachment_count && member.ptr; i++)
        if (call->attachments[i].included && call->attachments[i].content.ptr == member.ptr)
            return true;
    return false;
}

void bark_receiver_close(struct bark_call *call, enum bark_code verdict)
{
    const struct bark_receiver *receiver = call->receiver;
    call->receiver = NULL;
    if (receiver && receiver->close)
        receiver->close(call->receiver_state, verdict);
}

static enum bark_code part_pass(struct bark_call *call, uint32_t index)
{
    const struct bark_attachment *a = &call->attachments[index];
    const struct bark_receiver *r = call->receiver;
    const struct bark_passing_part part = { .content_id = a->content_id,
                                            .content_type = a->content_type,
                                            .content_location = a->content_location,
                                            .member =
                                                a->included ? a->content : (struct bark_bytes){ NULL, 0 },
                                            .index = index };
    enum bark_code code = r->begin ? r->begin(call->receiver_state, call, &part) : BARK_OK;
    if (code == BARK_OK && r->data && a->content.len)
        code = r->data(call->receiver_state, call, (struct bark_slice){ a->content.ptr, a->content.len });
    if (code == BARK_OK && r->end)
        code = r->end(call->receiver_state, call);
    return code;
}

enum bark_code bark_receiver_whole(struct bark_call *call)
{
    enum bark_code code = BARK_OK;
    if (!call->receiver)
        return code;
    for (uint32_t i = 0; i < call->attachment_count && code == BARK_OK; i++)
        code = part_pass(call, i);
    if (code == BARK_OK && call->receiver->finish)
        code = call->receiver->finish(call->receiver_state, call);
    return code;
}
