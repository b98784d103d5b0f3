/* client/client.c - the life of a client: its options become what a call needs.
 *
 * Memory: one arena for the answer's values, reset by each call; one buffer for the request that grows up to
 * limits.reply_bytes; the exchange's own buffers; copies of the texts, those that are secret wiped at the
 * end.
 */
#include "client/client.h"

#include "soapbark/crypto.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_BYTES_FIRST = 8192, BASIC_FIXED = 16, MTOM_BYTES = 768 };

/* The proxy's URL, and behind it what it is told. */
static enum bark_code proxy_copy(struct bark_client *c, const struct bark_client_options *o,
                                 struct bark_error *err)
{
    const size_t url = o->proxy ? strlen(o->proxy) + 1 : 0;
    size_t told = 0;
    struct bark_out out;
    if ((o->proxy_user == NULL) != (o->proxy_password == NULL) || (o->proxy_user && !o->proxy))
        return bark_fail(err, BARK_ERR_USE, 0, "a proxy's user and password belong to a proxy, and together");
    if (!o->proxy)
        return BARK_OK;
    if (o->proxy_user)
        told = 2 * (strlen(o->proxy_user) + strlen(o->proxy_password)) + BASIC_FIXED;
    c->proxy = malloc(url + told);
    if (!c->proxy)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the proxy's name");
    c->proxy_len = url + told;
    memcpy(c->proxy, o->proxy, url);
    c->way.proxy = c->proxy;
    if (!o->proxy_user)
        return BARK_OK;
    bark_out_init(&out, c->proxy + url, told);
    if (!bark_credentials_basic_write(o->proxy_user, o->proxy_password, &out))
        return bark_fail(err, BARK_ERR_USE, 0,
                         "[RFC7617 2] the proxy's user or password cannot stand in Basic");
    bark_out_byte(&out, '\0');
    c->way.proxy_authorization = c->proxy + url;
    return bark_out_ok(&out) ? BARK_OK : bark_fail(err, BARK_ERR_LIMIT, 0, "no room for the proxy's user");
}

static enum bark_code way_open(struct bark_client *c, const struct bark_client_options *options,
                               struct bark_error *err)
{
    enum bark_code code = proxy_copy(c, options, err);
    if (code == BARK_OK && options->carrier && (options->tls || options->pool || options->proxy))
        code = bark_fail(err, BARK_ERR_USE, 0, "a carrier has TLS, connections and a proxy of its own");
    c->way.limits = &c->limits;
    c->way.tls = options->tls;
    c->way.pool = options->pool;
    c->way.once = options->send_once;
    c->way.carrier = options->carrier;
    if (code == BARK_OK) {
        struct bark_exchange_options way = c->way;
        way.url = options->url;
        code = bark_exchange_open_with(&c->exchange, &way, err);
    }
    if (code == BARK_OK)
        code = bark_credentials_open(&c->credentials, options, c->exchange.secure, err);
    return code;
}

static enum bark_code memory_open(struct bark_client *c, struct bark_error *err)
{
    size_t target = strlen(c->exchange.target);
    if (c->redirects && target < BARK_REDIRECT_MAX)
        target = BARK_REDIRECT_MAX;
    if (c->http && target < BARK_CLIENT_TARGET_MAX)
        target = BARK_CLIENT_TARGET_MAX; /* which an Authorization field repeats */
    if (c->limits.arena_bytes > SIZE_MAX / 4)
        return bark_fail(err, BARK_ERR_USE, 0, "limits.arena_bytes: more than this machine can address");
    c->arena_memory = malloc((size_t)c->limits.arena_bytes);
    c->request = malloc(REQUEST_BYTES_FIRST);
    if (c->attachments)
        c->waiting = calloc(c->limits.mime_parts, sizeof *c->waiting);
    c->request_cap = REQUEST_BYTES_FIRST;
    c->authorization_cap = bark_credentials_room(&c->credentials, target);
    c->authorization = c->authorization_cap ? malloc(c->authorization_cap) : NULL;
    c->location = c->redirects ? malloc(BARK_REDIRECT_MAX + 1) : NULL;
    if (!c->arena_memory || !c->request || (c->authorization_cap && !c->authorization) ||
        (c->redirects && !c->location) || (c->attachments && !c->waiting))
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the client's arena");
    bark_arena_init(&c->arena, c->arena_memory, (size_t)c->limits.arena_bytes);
    return BARK_OK;
}

static enum bark_code client_open(struct bark_client *c, const struct bark_client_options *options,
                                  struct bark_error *err)
{
    enum bark_code code;
    if (!options->url || !options->image)
        return bark_fail(err, BARK_ERR_USE, 0, "a client needs a URL and an image");
    code = bark_limits_check(&c->limits, err);
    if (code == BARK_OK)
        code = way_open(c, options, err);
    return code == BARK_OK ? memory_open(c, err) : code;
}

struct bark_client *bark_client_new(const struct bark_client_options *options, struct bark_error *err)
{
    const struct bark_net_stream none = { .ops = &bark_net_plain, .fd = -1 };
    struct bark_client *c = calloc(1, sizeof *c);
    uint32_t timeout_ms;
    if (!c) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the client");
        return NULL;
    }
    c->image = options->image;
    c->version = options->version;
    c->unknown.policy = options->unknown;
    c->attachments = options->attachments;
    c->http = options->http;
    c->by = options->by;
    c->mtom = options->attachments && options->mtom;
    c->mtom_bytes = options->mtom_bytes ? options->mtom_bytes : MTOM_BYTES;
    c->limits = options->limits ? *options->limits : bark_limits_server;
    c->coding = options->coding;
    c->compress_bytes = options->compress_bytes;
    c->redirects = options->redirects;
    c->redirects_other_origins = options->redirects_other_origins;
    timeout_ms = options->timeout_ms ? options->timeout_ms : c->limits.request_ms;
    c->timeout_ns = UINT64_C(1000000) * timeout_ms;
    c->exchange.stream = none;
    c->elsewhere.stream = none;
    c->now = &c->exchange;
    if (client_open(c, options, err) != BARK_OK) {
        bark_client_free(c);
        return NULL;
    }
    return c;
}

void bark_client_free(struct bark_client *client)
{
    if (!client)
        return;
    bark_client_cancel(client);
    bark_client_sources_close(client, BARK_ERR_IO);
    (void)!bark_client_receive_end(client, BARK_ERR_IO, NULL);
    bark_exchange_close(&client->exchange);
    bark_exchange_close(&client->elsewhere);
    bark_credentials_close(&client->credentials);
    if (client->proxy)
        bark_secret_wipe(client->proxy, client->proxy_len);
    free(client->proxy);
    free(client->location);
    free(client->waiting);
    free(client->authorization);
    free(client->arena_memory);
    free(client->request);
    free(client);
}

enum bark_code bark_client_resolve(struct bark_client *client, struct bark_error *err)
{
    return bark_exchange_resolve(&client->exchange, err);
}
