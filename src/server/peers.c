/* server/peers.c - who is connected, and how often: one table for all loops.
 *
 * connections_per_peer holds exactly, whichever loops the connections are on: counting is under one lock,
 * taken once when a connection comes and once when it goes.
 */
#include "server/driver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool bark_peers_init(struct bark_peers *peers, uint32_t size)
{
    *peers = (struct bark_peers){ .size = size };
    peers->table = calloc(size, sizeof *peers->table);
    if (peers->table && pthread_mutex_init(&peers->lock, NULL) == 0)
        return true;
    free(peers->table);
    peers->table = NULL;
    return false;
}

void bark_peers_free(struct bark_peers *peers)
{
    if (!peers->table)
        return;
    (void)pthread_mutex_destroy(&peers->lock);
    free(peers->table);
    *peers = (struct bark_peers){ 0 };
}

/* The entry of a key, else a free one, else NULL. */
static struct bark_peer *entry_find(struct bark_peers *peers, const struct bark_net_peer_key *key)
{
    struct bark_peer *vacant = peers->top < peers->size ? &peers->table[peers->top] : NULL;
    for (uint32_t i = 0; i < peers->top; i++) {
        struct bark_peer *p = &peers->table[i];
        if (p->connections == 0)
            vacant = p;
        else if (memcmp(&p->key, key, sizeof *key) == 0)
            return p;
    }
    return vacant;
}

struct bark_peer *bark_peers_enter(struct bark_peers *peers, const struct bark_net_address *address,
                                   uint32_t max, bool *crowded)
{
    const struct bark_net_peer_key key = bark_net_peer_key(address);
    struct bark_peer *p;
    *crowded = false;
    (void)pthread_mutex_lock(&peers->lock);
    p = entry_find(peers, &key);
    if (p && p->connections >= max) {
        *crowded = true;
        p = NULL;
    }
    if (p && p->connections++ == 0) {
        p->key = key;
        if (p == &peers->table[peers->top])
            peers->top++;
    }
    (void)pthread_mutex_unlock(&peers->lock);
    return p;
}

void bark_peers_leave(struct bark_peers *peers, struct bark_peer *peer)
{
    (void)pthread_mutex_lock(&peers->lock);
    assert(peer->connections > 0);
    peer->connections--;
    while (peers->top > 0 && peers->table[peers->top - 1].connections == 0)
        peers->top--;
    (void)pthread_mutex_unlock(&peers->lock);
}
