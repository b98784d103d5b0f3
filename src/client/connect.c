/* client/connect.c - from nothing to a connection that a request can be sent on: a kept one, or a socket, a
 * tunnel through a proxy and a TLS handshake, as the place wants.
 *
 * A kept connection is looked at before it is used: nothing may come on an idle one, so readable means that
 * the server has closed it, or speaks out of turn.
 */
#include "client/exchange.h"
#include "client/pool.h"

#include <poll.h>
#include <string.h>

void bark_exchange_disconnect(struct bark_exchange *x)
{
    x->stream.ops->close(&x->stream);
    x->kept = false;
    x->reused = false;
}

/* TLS may write when it wants to read, and the other way round. */
static enum bark_code want(struct bark_exchange *x, enum bark_net_result result)
{
    x->want = result == BARK_NET_WANT_READ ? POLLIN : POLLOUT;
    return BARK_MORE;
}

static bool is_open(struct bark_exchange *x)
{
    size_t n;
    return x->stream.ops->recv(&x->stream, x->input, 1, &n) == BARK_NET_WANT_READ;
}

/* A connection that is there already. */
static bool kept_take(struct bark_exchange *x)
{
    if (x->again || (!x->pool && !x->kept))
        return false;
    while (!x->pool || bark_pool_take(x->pool, x->origin, x->tls, &x->stream)) {
        x->kept = false;
        x->reused = is_open(x);
        if (x->reused)
            break;
        bark_exchange_disconnect(x);
        bark_pool_note(x->pool, BARK_POOL_CLOSED_BY_PEER);
        if (!x->pool)
            break;
    }
    if (x->reused)
        bark_pool_note(x->pool, BARK_POOL_REUSED);
    return x->reused;
}

/* ---- the socket ---- */

/* The next address that a connection can be begun to. */
static enum bark_code socket_begin(struct bark_exchange *x)
{
    if (x->path)
        x->stream.fd = x->address_at++ == 0 ? bark_net_connect_begin_unix(x->path) : -1;
    while (!x->path && x->stream.fd < 0 && x->address_at < x->address_count)
        x->stream.fd = bark_net_connect_begin(&x->addresses[x->address_at++]);
    if (x->stream.fd >= 0)
        return BARK_OK;
    return bark_fail(&x->own, BARK_ERR_IO, 0,
                     x->via ? "the connection to the proxy was refused, or it cannot be reached"
                            : "the connection was refused or the host cannot be reached");
}

static enum bark_code connect_begin(struct bark_exchange *x)
{
    enum bark_code code = BARK_OK;
    bark_exchange_disconnect(x);
    x->address_at = 0;
    if (!x->resolved && !x->path)
        code = bark_net_resolve(x->via ? x->via : x->host, x->via ? x->via_port : x->port, x->lookup,
                                x->addresses, &x->address_count, &x->own);
    return code == BARK_OK ? socket_begin(x) : code;
}

static enum bark_code connect_step(struct bark_exchange *x)
{
    enum bark_code code = BARK_OK;
    enum bark_net_result result;
    if (x->stream.fd < 0 || x->kept) {
        if (kept_take(x)) {
            x->stage = BARK_EXCHANGE_SEND;
            return BARK_OK;
        }
        code = connect_begin(x);
    }
    while (code == BARK_OK) {
        result = bark_net_connect_end(x->stream.fd);
        if (result == BARK_NET_WANT_WRITE)
            return want(x, result);
        if (result == BARK_NET_DONE)
            break;
        x->stream.ops->close(&x->stream);
        code = socket_begin(x);
    }
    if (code != BARK_OK)
        return code;
    bark_pool_note(x->pool, BARK_POOL_MADE);
    x->stage = x->tunnel ? BARK_EXCHANGE_TUNNEL_ASK : BARK_EXCHANGE_HANDSHAKE;
    if (x->tunnel)
        x->unsent = (struct bark_slice){ (const uint8_t *)x->tunnel, strlen(x->tunnel) };
    return BARK_OK;
}

/* ---- the tunnel ---- */

enum bark_code bark_exchange_send(struct bark_exchange *x)
{
    while (x->unsent.len > 0) {
        size_t n = 0;
        enum bark_net_result result = x->stream.ops->send(&x->stream, x->unsent.ptr, x->unsent.len, &n);
        if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE)
            return want(x, result);
        if (result != BARK_NET_DONE)
            return BARK_OK;
        x->unsent.ptr += n;
        x->unsent.len -= n;
    }
    return BARK_OK;
}

static enum bark_code tunnel_ask_step(struct bark_exchange *x)
{
    enum bark_code code = bark_exchange_send(x);
    if (code != BARK_OK)
        return code;
    bark_http_reader_init(&x->reader, BARK_HTTP_RESPONSE, &x->limits, x->head, x->limits.http_head_bytes);
    x->interim = 0;
    x->stage = BARK_EXCHANGE_TUNNEL_ANSWER;
    return BARK_OK;
}

static enum bark_code tunnel_refused(struct bark_exchange *x)
{
    const unsigned status = x->reader.message.status;
    enum bark_code code = bark_fail(&x->own, BARK_ERR_IO, 0,
                                    status == 407 ? "[RFC9110 15.5.8] the proxy wants to know who asks"
                                                  : "[RFC9110 9.3.6] the proxy refused the tunnel");
    bark_exchange_status_say(&x->own, status);
    return code;
}

/* [RFC9110 9.3.6] a 2xx opens the tunnel right behind its head, whatever its fields say about a body. In TLS
 * the client speaks first: a byte that is there already is not the server's. */
static enum bark_code tunnel_opened(struct bark_exchange *x, struct bark_slice rest)
{
    if (x->reader.message.status / 100 != 2)
        return tunnel_refused(x);
    if (rest.len > 0)
        return bark_fail(&x->own, BARK_ERR_HTTP, 0,
                         "[RFC9110 9.3.6] bytes before the tunnel's first are nobody's");
    x->stage = BARK_EXCHANGE_HANDSHAKE;
    return BARK_OK;
}

static enum bark_code tunnel_answer_step(struct bark_exchange *x)
{
    for (;;) {
        struct bark_slice in = { x->input, 0 }, span;
        enum bark_net_result result = x->stream.ops->recv(&x->stream, x->input, BARK_EXCHANGE_INPUT, &in.len);
        if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE)
            return want(x, result);
        if (result != BARK_NET_DONE)
            return bark_fail(&x->own, BARK_ERR_IO, 0, "the proxy closed the connection");
        for (bool more = false; !more;) {
            switch (bark_http_read(&x->reader, &in, &span, &x->own)) {
            case BARK_HTTP_HEAD:
                if (x->reader.message.status >= 200)
                    return tunnel_opened(x, in);
                if (++x->interim > 8)
                    return bark_fail(&x->own, BARK_ERR_HTTP, 0, "[RFC9110 15.2] no final answer comes");
                break;
            case BARK_HTTP_END:
                bark_http_reader_next(&x->reader);
                break;
            case BARK_HTTP_MORE:
                more = true;
                break;
            default:
                return bark_fail(&x->own, BARK_ERR_HTTP, 0, "the proxy's answer breaks HTTP");
            }
        }
        if (bark_net_monotonic_ns() >= x->deadline_ns) {
            x->want = POLLIN;
            return BARK_MORE; /* the next step says what that means */
        }
    }
}

/* ---- TLS ---- */

/* Until the server is who it should be, and not one byte is sent before. */
static enum bark_code handshake_step(struct bark_exchange *x)
{
    enum bark_net_result result;
    enum bark_code code;
    if (!x->tls) {
        x->stage = BARK_EXCHANGE_SEND;
        return BARK_OK;
    }
    if (!x->stream.session) {
        code = x->tls->attach(x->tls, &x->stream, x->host, x->port, &x->own);
        if (code != BARK_OK)
            return code;
    }
    result = x->stream.ops->handshake(&x->stream);
    if (result == BARK_NET_WANT_READ || result == BARK_NET_WANT_WRITE)
        return want(x, result);
    if (result == BARK_NET_DONE) {
        x->stage = BARK_EXCHANGE_SEND;
        return BARK_OK;
    }
    x->stream.ops->explain(&x->stream, &x->own);
    return bark_fail(&x->own, BARK_ERR_TLS, 0, "the TLS handshake failed");
}

enum bark_code bark_exchange_connect(struct bark_exchange *x)
{
    switch (x->stage) {
    case BARK_EXCHANGE_CONNECT:
        return connect_step(x);
    case BARK_EXCHANGE_TUNNEL_ASK:
        return tunnel_ask_step(x);
    case BARK_EXCHANGE_TUNNEL_ANSWER:
        return tunnel_answer_step(x);
    default:
        return handshake_step(x);
    }
}
