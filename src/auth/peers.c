/* auth/peers.c - peers that guess: after some wrong tries a peer waits, and each further one doubles the
 * wait.
 *
 * A table of fixed size, searched from end to end: no hash is keyed by a peer. When it is full the peer that
 * failed longest ago makes room, so a flood of addresses costs the guesser more than the table. Who waits is
 * not even compared with a password: the answer tells nothing. A right password does not clear the count, or
 * whoever has a small account could guess at a great one between two logins; a quarter of an hour without a
 * failure does.
 */
#include "auth/auth.h"

#include <string.h>

enum { WAIT_MAX_S = 15 * 60, FORGOTTEN_MS = WAIT_MAX_S * 1000 };

static const uint64_t NS_PER_MS = 1000u * 1000u;

/* The peer's entry, unless its last failure is forgotten. */
static struct bark_auth_peer *peer_find(struct bark_auth *auth, const uint8_t *key, uint64_t now_ms)
{
    for (uint32_t i = 0; i < auth->options.peers; i++) {
        struct bark_auth_peer *peer = &auth->peers[i];
        if (peer->failures > 0 && memcmp(peer->key, key, sizeof peer->key) == 0) {
            if (now_ms - peer->last_ms > FORGOTTEN_MS)
                *peer = (struct bark_auth_peer){ .failures = 0 };
            return peer->failures > 0 ? peer : NULL;
        }
    }
    return NULL;
}

/* A free entry, or that of the peer whose last failure is the oldest. */
static struct bark_auth_peer *peer_room(struct bark_auth *auth)
{
    struct bark_auth_peer *oldest = &auth->peers[0];
    for (uint32_t i = 0; i < auth->options.peers; i++) {
        if (auth->peers[i].failures == 0)
            return &auth->peers[i];
        if (auth->peers[i].last_ms < oldest->last_ms)
            oldest = &auth->peers[i];
    }
    *oldest = (struct bark_auth_peer){ .failures = 0 };
    return oldest;
}

bool bark_auth_peer_waits(struct bark_auth *auth, const uint8_t *key, uint64_t monotonic_ns)
{
    const struct bark_auth_peer *peer;
    bool waits;
    pthread_mutex_lock(&auth->lock);
    peer = peer_find(auth, key, monotonic_ns / NS_PER_MS);
    waits = peer && monotonic_ns / NS_PER_MS < peer->until_ms;
    pthread_mutex_unlock(&auth->lock);
    return waits;
}

void bark_auth_peer_failed(struct bark_auth *auth, const uint8_t *key, uint64_t monotonic_ns)
{
    struct bark_auth_peer *peer;
    uint64_t wait_s = auth->options.wait_s;
    pthread_mutex_lock(&auth->lock);
    peer = peer_find(auth, key, monotonic_ns / NS_PER_MS);
    if (!peer)
        peer = peer_room(auth);
    memcpy(peer->key, key, sizeof peer->key);
    if (peer->failures < UINT32_MAX)
        peer->failures++;
    peer->last_ms = monotonic_ns / NS_PER_MS;
    if (peer->failures >= auth->options.tries) {
        for (uint32_t n = auth->options.tries; n < peer->failures && wait_s < WAIT_MAX_S; n++)
            wait_s *= 2;
        if (wait_s > WAIT_MAX_S)
            wait_s = WAIT_MAX_S;
        peer->until_ms = peer->last_ms + wait_s * 1000;
    }
    pthread_mutex_unlock(&auth->lock);
}
