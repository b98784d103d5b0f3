/* soapbark/auth.h - who is calling, and what may they call: HTTP authentication and access classes.
 *
 * Basic [RFC7617], Digest [RFC7616], bearer tokens [RFC6750, RFC7519] and client certificates, behind one
 * user store. A request that brings no credentials is anonymous; one whose credentials are wrong reaches no
 * handler, whatever it asks for. Unknown users, users without a password and wrong passwords take the same
 * path, in the same time [R11].
 *
 * State (the replay cache of nonces, the table of peers that guess) has a fixed size, taken at start, and
 * outlives requests; the engine knows nothing of it. No cryptography of its own: soapbark/crypto.h.
 */
#ifndef SOAPBARK_AUTH_H
#define SOAPBARK_AUTH_H

#include "soapbark/crypto.h"
#include "soapbark/out.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What kind of operation it is [ONVIF-CORE, Default access policy]. 0 is for operations that nobody classed:
 * nobody may call them. */
enum bark_access {
    BARK_ACCESS_NOBODY,
    BARK_ACCESS_PRE_AUTH, /* for everybody, without credentials */
    BARK_ACCESS_READ_SYSTEM,
    BARK_ACCESS_READ_SYSTEM_SENSITIVE,
    BARK_ACCESS_READ_SYSTEM_SECRET,
    BARK_ACCESS_WRITE_SYSTEM,
    BARK_ACCESS_UNRECOVERABLE,
    BARK_ACCESS_READ_MEDIA,
    BARK_ACCESS_ACTUATE,
    BARK_ACCESS_COUNT
};

enum bark_level { BARK_LEVEL_ANONYMOUS, BARK_LEVEL_USER, BARK_LEVEL_OPERATOR, BARK_LEVEL_ADMINISTRATOR };

/** May somebody of this level call operations of this class? False for values out of range. */
bool bark_access_allowed(enum bark_access access, enum bark_level level);

enum { BARK_USER_NAME_MAX = 64, BARK_USER_PASSWORD_MAX = 128 }; /* bytes, without the NUL */

/** A user as the store has it. Wiped after each use. */
struct bark_user {
    enum bark_level level; /* ANONYMOUS: may not log in */
    /* The password, NUL-terminated; a user with an empty one cannot log in. */
    char password[BARK_USER_PASSWORD_MAX + 1];
    /* Or, when ha1_only: SHA-256 of name ":" realm ":" password, so that no password need be kept. MD5
     * digests are not possible then. */
    bool ha1_only;
    uint8_t ha1[32];
};

/** Where users come from. The functions are called from any thread and do their own locking. */
struct bark_user_store {
    void *context;
    /* Fills *user and returns true, or returns false when nobody has that name (UTF-8, compared as bytes). */
    bool (*find)(void *context, struct bark_slice name, struct bark_user *user);
    /* Whose certificate is it? spki is the SHA-256 of its public key (SubjectPublicKeyInfo). The name goes
     * into `name`, BARK_USER_NAME_MAX + 1 bytes. NULL: certificates are no identity. */
    bool (*find_certificate)(void *context, struct bark_slice spki, char *name, enum bark_level *level);
};

enum bark_auth_scheme {
    BARK_AUTH_DIGEST_SHA256 = 1,
    BARK_AUTH_DIGEST_MD5 = 2, /* for old peers: MD5 is broken, though not in this use */
    BARK_AUTH_BASIC = 4, /* over TLS only; see insecure_basic_without_tls */
    BARK_AUTH_BEARER = 8, /* over TLS only */
    BARK_AUTH_CERTIFICATE = 16 /* the client certificate of the TLS session */
};

/** A key that tokens may be signed with. Its algorithm is fixed here: what the token's header says is
 * compared with it and chooses nothing. */
struct bark_token_key {
    const struct bark_public_key *key;
    enum bark_signature algorithm;
    const char *id; /* the token's "kid" must be this; NULL: any, or none */
};

struct bark_auth_options {
    const struct bark_crypto *crypto; /* bark_crypto_default() */
    const struct bark_user_store *users;
    const char *realm; /* 1 to 64 printable ASCII characters without '"' and '\' */
    unsigned schemes; /* bits of enum bark_auth_scheme, one at least */
    bool insecure_basic_without_tls;
    /* Bearer: keys, and what the claims "iss" and "aud" must be (both wanted). The level comes from the claim
     * "roles": onvif:Administrator, onvif:Operator, onvif:User [ONVIF-CORE, JWT]. */
    const struct bark_token_key *keys;
    size_t key_count;
    const char *issuer, *audience;
    uint32_t nonce_s; /* how long a Digest nonce is good; 0: 300 */
    uint32_t nonces; /* that are in use at a time; a full cache answers 503; 0: 1,024 */
    uint32_t peers; /* that guess, remembered at a time; 0: 256 */
    uint32_t tries; /* wrong credentials in a row before a peer has to wait; 0: 5 */
    uint32_t wait_s; /* the first wait; each further wrong try doubles it, up to 15 minutes; 0: 5 */
};

struct bark_auth; /* shared by all threads of a server */

/** NULL with *err when an option is wrong or there is no memory. Copies the options and the realm; what they
 * point to else must outlive it. */
struct bark_auth *bark_auth_new(const struct bark_auth_options *options, struct bark_error *err);
void bark_auth_free(struct bark_auth *auth);

/** What a request says about who sends it. Slices are borrowed for the call. */
struct bark_auth_request {
    struct bark_slice method, target; /* of the request line, as sent */
    struct bark_slice authorization; /* the Authorization field; ptr NULL: there is none */
    size_t authorization_count; /* how many such fields came */
    struct bark_slice
        certificate; /* SHA-256 of the public key of the verified client certificate, or empty */
    uint8_t peer[16]; /* who guesses: compared as bytes */
    bool secure; /* the request came over TLS */
    uint64_t wall_ns, monotonic_ns;
};

enum bark_auth_result {
    BARK_AUTH_ANONYMOUS, /* no credentials */
    BARK_AUTH_KNOWN, /* *who is filled */
    BARK_AUTH_WRONG, /* answer 401 with a challenge */
    BARK_AUTH_STALE, /* right, but for an old nonce: 401 with a challenge that says so */
    BARK_AUTH_BROKEN, /* the field is not what its scheme says: 400 */
    BARK_AUTH_WAIT, /* the peer guessed too often: 429 */
    BARK_AUTH_BUSY /* the cache of nonces is full: 503 */
};

struct bark_identity {
    enum bark_level level;
    enum bark_auth_scheme scheme;
    char name[BARK_USER_NAME_MAX + 1]; /* as the store or the token has it; UTF-8 */
};

/** Judges the credentials of a request. *who is all zero unless KNOWN. rule (may be NULL) gets static text
 * for the log when the result is WRONG or worse. Cost: a few hashes, or one signature check; linear in the
 * field. Threads: any. Rules: [RFC7616 3.4], [RFC7617 2], [RFC7519 7.2], [R11]. */
enum bark_auth_result bark_auth_check(struct bark_auth *auth, const struct bark_auth_request *request,
                                      struct bark_identity *who, const char **rule);

/** Writes the WWW-Authenticate fields of a 401, strongest scheme first [RFC7616 3.7], each with its CRLF.
 * Schemes that need TLS are offered over TLS only. */
void bark_auth_challenge_write(struct bark_auth *auth, bool secure, bool stale, uint64_t monotonic_ns,
                               struct bark_out *out);

enum { BARK_AUTH_CHALLENGE_BYTES = 1024 }; /* room for all of them */

/** Client side: the value of an Authorization field for a challenge (the value of a WWW-Authenticate field
 * that starts with "Digest"). count is how often this nonce was answered, this time included. Errors:
 * BARK_ERR_HTTP when the challenge is not one that can be answered (qop auth, SHA-256, or MD5 when
 * allow_md5), BARK_ERR_LIMIT when out is full. Rule: [RFC7616 3.4]. */
BARK_MUST_CHECK enum bark_code
bark_digest_answer_write(const struct bark_crypto *crypto, struct bark_slice challenge, const char *user,
                         const char *password, const char *method, struct bark_slice target, uint32_t count,
                         bool allow_md5, struct bark_out *out, struct bark_error *err);

#ifdef __cplusplus
}
#endif
#endif
