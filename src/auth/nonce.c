/* auth/nonce.c - nonces of Digest: made without memory, remembered only while they are in use.
 *
 *     time of birth (8 bytes, ms) | random id (8) | HMAC-SHA-256 of both under the process's key, cut to 16
 *
 * So a peer without a password costs no memory, however many challenges it asks for. The first right answer
 * to a nonce puts it into a table, where the counts that were used are noted until the nonce ends: a request
 * that is sent again is refused [RFC7616 5.3]. Counts may overtake each other by 63, as they do on several
 * connections.
 */
#include "auth/auth.h"

#include <string.h>

enum { HALF = 8, SEAL = 16, COUNTS_BELOW = 64 };

static const uint64_t NS_PER_MS = 1000u * 1000u;

static enum bark_code seal_make(const struct bark_auth *auth, const uint8_t *head, uint8_t *seal)
{
    uint8_t mac[BARK_HASH_BYTES_MAX];
    const struct bark_slice key = { auth->key, sizeof auth->key }, text = { head, 2 * HALF };
    enum bark_code code = auth->options.crypto->hmac(BARK_HASH_SHA256, key, &text, 1, mac);
    memcpy(seal, mac, SEAL);
    return code;
}

enum bark_code bark_auth_nonce_make(struct bark_auth *auth, uint64_t monotonic_ns, char *text)
{
    uint8_t nonce[BARK_AUTH_NONCE_BYTES];
    uint64_t born_ms = monotonic_ns / NS_PER_MS;
    enum bark_code code;
    for (unsigned i = 0; i < HALF; i++)
        nonce[i] = (uint8_t)(born_ms >> (56 - 8 * i));
    code = auth->options.crypto->random(nonce + HALF, HALF);
    if (!code)
        code = seal_make(auth, nonce, nonce + 2 * HALF);
    bark_auth_hex(nonce, sizeof nonce, text);
    return code;
}

bool bark_auth_nonce_read(struct bark_auth *auth, struct bark_slice text, uint64_t monotonic_ns, uint8_t *id,
                          uint64_t *end_ms, bool *good)
{
    uint8_t nonce[BARK_AUTH_NONCE_BYTES], seal[SEAL];
    const uint64_t now_ms = monotonic_ns / NS_PER_MS, life_ms = auth->options.nonce_s * UINT64_C(1000);
    uint64_t born_ms = 0;
    *good = false;
    if (!bark_auth_unhex(text, nonce, sizeof nonce) || seal_make(auth, nonce, seal) != BARK_OK ||
        !bark_secret_equal((struct bark_slice){ seal, SEAL }, (struct bark_slice){ nonce + 2 * HALF, SEAL }))
        return false;
    for (unsigned i = 0; i < HALF; i++)
        born_ms = born_ms << 8 | nonce[i];
    memcpy(id, nonce + HALF, HALF);
    *end_ms = born_ms + life_ms; /* ours, so it cannot wrap */
    *good = now_ms < *end_ms;
    return true;
}

/* The nonce's entry, else a free one, else one that has ended; NULL: the cache is full. */
static struct bark_auth_use *use_find(struct bark_auth *auth, const uint8_t *id, uint64_t now_ms)
{
    struct bark_auth_use *room = NULL;
    for (uint32_t i = 0; i < auth->options.nonces; i++) {
        struct bark_auth_use *use = &auth->uses[i];
        if (use->end_ms > now_ms && memcmp(use->id, id, sizeof use->id) == 0)
            return use;
        if (!room && use->end_ms <= now_ms)
            room = use;
    }
    if (room)
        *room = (struct bark_auth_use){ .end_ms = 0 };
    return room;
}

/* Was this count not seen yet? Notes it. */
static bool count_take(struct bark_auth_use *use, uint32_t count)
{
    if (count > use->top) {
        const uint32_t up = count - use->top;
        use->below = up < COUNTS_BELOW ? use->below << up | 1 : 1;
        use->top = count;
        return true;
    }
    const uint32_t down = use->top - count;
    if (down >= COUNTS_BELOW || (use->below >> down & 1) != 0)
        return false;
    use->below |= UINT64_C(1) << down;
    return true;
}

enum bark_auth_result bark_auth_nonce_use(struct bark_auth *auth, const uint8_t *id, uint64_t end_ms,
                                          uint32_t count, uint64_t monotonic_ns)
{
    enum bark_auth_result result = BARK_AUTH_BUSY;
    struct bark_auth_use *use;
    pthread_mutex_lock(&auth->lock);
    use = use_find(auth, id, monotonic_ns / NS_PER_MS);
    if (use) {
        memcpy(use->id, id, sizeof use->id);
        use->end_ms = end_ms;
        result = count_take(use, count) ? BARK_AUTH_KNOWN : BARK_AUTH_STALE;
    }
    pthread_mutex_unlock(&auth->lock);
    return result;
}
