/* client/pool.h - the inner side of the pool: connections go in and out. */
#ifndef BARK_CLIENT_POOL_H
#define BARK_CLIENT_POOL_H

#include "net/net.h"
#include "soapbark/client.h"

enum bark_pool_event { BARK_POOL_MADE, BARK_POOL_REUSED, BARK_POOL_CLOSED_BY_PEER, BARK_POOL_AGAIN };

/* The connection of this origin that was used last; false when there is none. origin compares as text, tls as
 * a pointer. */
BARK_MUST_CHECK bool bark_pool_take(struct bark_client_pool *pool, const char *origin,
                                    const struct bark_net_tls *tls, struct bark_net_stream *stream);

/* Keeps the connection, or closes it: it is the pool's from here on. */
void bark_pool_give(struct bark_client_pool *pool, const char *origin, const struct bark_net_tls *tls,
                    struct bark_net_stream *stream);

void bark_pool_note(struct bark_client_pool *pool, enum bark_pool_event event);

#endif
