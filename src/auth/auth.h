/* auth/auth.h - the parts of an authenticator, behind soapbark/auth.h. */
#ifndef BARK_AUTH_H
#define BARK_AUTH_H

#include "soapbark/auth.h"

#include <pthread.h>

enum {
    BARK_AUTH_REALM_MAX = 64,
    BARK_AUTH_PARAM_MAX = 512, /* bytes of one unescaped parameter */
    BARK_AUTH_NONCE_BYTES = 32,
    BARK_AUTH_NONCE_TEXT = 2 * BARK_AUTH_NONCE_BYTES
};

/* One nonce that was answered rightly, until it ends. */
struct bark_auth_use {
    uint8_t id[8];
    uint64_t end_ms; /* monotonic; 0: the entry is free */
    uint32_t top; /* the highest count seen */
    uint64_t below; /* bit n: count top - n was seen */
};

/* A peer that sent wrong credentials. */
struct bark_auth_peer {
    uint8_t key[16];
    uint32_t failures; /* in a row; 0: the entry is free */
    uint64_t last_ms, until_ms; /* monotonic */
};

struct bark_auth {
    struct bark_auth_options options; /* with its zeros replaced */
    char realm[BARK_AUTH_REALM_MAX + 1];
    uint8_t key[32]; /* of the nonces of this process */
    struct bark_user nobody; /* whom unknown names are compared with: a random password */
    pthread_mutex_t lock; /* of the two tables */
    struct bark_auth_use *uses;
    struct bark_auth_peer *peers;
};

/* Why a check ended as it did: result and text for the log in one. */
struct bark_auth_verdict {
    enum bark_auth_result result;
    const char *rule;
};

/* What a scheme's reader gets. */
struct bark_auth_check {
    struct bark_auth *auth;
    const struct bark_auth_request *request;
    struct bark_slice credentials; /* behind the scheme's name */
    struct bark_identity *who;
};

/* basic.c, digest.c, token.c */
struct bark_auth_verdict bark_auth_basic(const struct bark_auth_check *check);
struct bark_auth_verdict bark_auth_digest(const struct bark_auth_check *check);
struct bark_auth_verdict bark_auth_token(const struct bark_auth_check *check);

/* auth.c: the user of that name, or the nobody that nobody can be; true when there is one who may log in.
 * Wipe *user afterwards. */
BARK_MUST_CHECK bool bark_auth_user_find(const struct bark_auth *auth, struct bark_slice name,
                                         struct bark_user *user);
/* Fills *who with a name that fits; false when it does not. */
BARK_MUST_CHECK bool bark_auth_known(struct bark_identity *who, struct bark_slice name, enum bark_level level,
                                     enum bark_auth_scheme scheme);
static inline struct bark_slice bark_auth_text(const char *text)
{
    size_t len = 0;
    while (text[len])
        len++;
    return (struct bark_slice){ (const uint8_t *)text, len };
}

/* hex.c: lower-case hex; digits holds 2 * n bytes. */
void bark_auth_hex(const uint8_t *bytes, size_t n, char *digits);
/* False unless text is 2 * n hex digits. */
BARK_MUST_CHECK bool bark_auth_unhex(struct bark_slice text, uint8_t *bytes, size_t n);

/* base64.c: decodes strictly: no white space, no loose bits. url takes the alphabet of [RFC4648 5] without
 * padding, else section 4 with it. False when it is not base64, or longer than cap bytes. */
BARK_MUST_CHECK bool bark_auth_base64(struct bark_slice text, bool url, uint8_t *bytes, size_t cap,
                                      size_t *len);

/* params.c: the next name=value of a list [RFC9110 11.2]; false at its end and, with *broken set, where it is
 * not one. A quoted value is unescaped into room (BARK_AUTH_PARAM_MAX bytes). */
struct bark_auth_param {
    struct bark_slice name, value;
    bool quoted;
};
BARK_MUST_CHECK bool bark_auth_param_next(struct bark_slice *list, struct bark_auth_param *param,
                                          uint8_t *room, bool *broken);

/* digest_hash.c: the hex of response [RFC7616 3.4.1]; parts of a digest as they stand in the fields. */
struct bark_digest_parts {
    enum bark_hash hash;
    struct bark_slice ha1; /* its hex */
    struct bark_slice nonce, count, cnonce, qop, method, uri;
};
BARK_MUST_CHECK enum bark_code bark_digest_ha1(const struct bark_crypto *crypto, enum bark_hash hash,
                                               struct bark_slice user, struct bark_slice realm,
                                               struct bark_slice password, char *hex);
/* HA1 of a user of the store, in the same time for every length of the password. */
BARK_MUST_CHECK enum bark_code bark_digest_ha1_of_user(const struct bark_crypto *crypto, enum bark_hash hash,
                                                       struct bark_slice name, struct bark_slice realm,
                                                       const struct bark_user *user, char *hex);
BARK_MUST_CHECK enum bark_code bark_digest_response(const struct bark_crypto *crypto,
                                                    const struct bark_digest_parts *parts, char *hex);

/* nonce.c */
BARK_MUST_CHECK enum bark_code bark_auth_nonce_make(struct bark_auth *auth, uint64_t monotonic_ns,
                                                    char *text);
/* Ours, of this process? Then its id, and whether it is still good. */
BARK_MUST_CHECK bool bark_auth_nonce_read(struct bark_auth *auth, struct bark_slice text,
                                          uint64_t monotonic_ns, uint8_t *id, uint64_t *end_ms, bool *good);
/* Notes a use: KNOWN, STALE when this count was seen before, BUSY when the cache is full. */
enum bark_auth_result bark_auth_nonce_use(struct bark_auth *auth, const uint8_t *id, uint64_t end_ms,
                                          uint32_t count, uint64_t monotonic_ns);

/* peers.c */
BARK_MUST_CHECK bool bark_auth_peer_waits(struct bark_auth *auth, const uint8_t *key, uint64_t monotonic_ns);
void bark_auth_peer_failed(struct bark_auth *auth, const uint8_t *key, uint64_t monotonic_ns);

#endif
