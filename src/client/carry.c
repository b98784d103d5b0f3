/* client/carry.c - an exchange whose bytes somebody else carries: see soapbark/carry.h.
 *
 * The answer comes as an HTTP/1.1 message that ends with its connection, and goes through the same reader,
 * with the same limits and to the same places as one from a socket. Only the stages before it are the
 * carrier's.
 */
#include "client/exchange.h"

#include "base/report.h"
#include "http/chars.h"

#include <poll.h>
#include <string.h>

static enum bark_code more_read(void *user, uint8_t *room, size_t cap, size_t *len)
{
    struct bark_exchange *x = user;
    enum bark_code code = x->more->read(x->more->user, room, cap, len);
    x->more_begun = true;
    x->more_over = code == BARK_OK;
    if (code != BARK_OK && code != BARK_MORE)
        return bark_fail(&x->own, code, 0, "a source of the request ends before its end");
    x->deadline_ns = bark_net_monotonic_ns() + x->patience_ns;
    return code;
}

static enum bark_code answer_take(void *user, struct bark_slice bytes)
{
    struct bark_exchange *x = user;
    enum bark_code code;
    x->answered = true;
    if (x->complete)
        return bark_fail(&x->own, BARK_ERR_HTTP, 0, "[RFC9112 6.3] bytes follow an answer that has no body");
    code = bark_exchange_feed(x, &bytes, &x->own);
    if (code != BARK_OK)
        return code;
    x->complete = true;
    return bytes.len
               ? bark_fail(&x->own, BARK_ERR_HTTP, 0, "[RFC9112 6.3] bytes follow an answer that has no body")
               : BARK_OK;
}

/* The fields stand where a head would; the body behind them, where it is. */
enum bark_code bark_exchange_carry(struct bark_exchange *x, const struct bark_exchange_request *request,
                                   struct bark_error *err)
{
    struct bark_carry_request carried = { .origin = x->origin,
                                          .target = request->target ? request->target : x->target,
                                          .body = { request->room + request->room_len, request->body_len },
                                          .once = x->once,
                                          .take = answer_take,
                                          .user = x };
    struct bark_out o;
    bark_out_init(&o, request->room, request->room_len);
    bark_exchange_fields_write(&o, request);
    bark_out_byte(&o, '\0');
    if (!bark_out_ok(&o))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC9110 5.5] the action cannot stand in a header field");
    carried.fields = (const char *)request->room;
    if (request->more) {
        carried.more = more_read;
        carried.more_length = request->more->length;
    }
    x->stage = BARK_EXCHANGE_CARRY;
    x->complete = false;
    bark_exchange_answer_await(x);
    return x->carrier->begin(x->carried, &carried, err);
}

enum bark_code bark_exchange_carry_step(struct bark_exchange *x)
{
    enum bark_code code;
    x->wait = (struct bark_client_wait){ .fd = -1 };
    if (bark_net_monotonic_ns() >= x->deadline_ns)
        return bark_fail(&x->own, BARK_ERR_TIMEOUT, 0, "the answer did not come in time");
    code = x->carrier->step(x->carried, &x->wait, &x->own);
    if (code == BARK_OK && !x->complete)
        return bark_exchange_answer_end(x);
    if (code != BARK_OK && code != BARK_MORE && !x->own.found[0] && x->answered && x->reader.message.status)
        bark_exchange_status_say(&x->own, x->reader.message.status); /* what had come says more than that */
    return code;
}
