/* auth/auth_fuzz.c - any bytes as an Authorization field, and as a challenge for the client's side.
 *
 * Hashes and signatures are replaced by ones that are always right: every hash and seal is zero, every
 * token's signature is the key's. So an input reaches what lies behind them: the table of nonces, and the
 * claims of a token. The first byte says how the request came; each input is judged twice, by the same
 * authenticator.
 */
#include "soapbark/auth.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bark_public_key {
    uint8_t unused;
};

static enum bark_code zero_hash(enum bark_hash hash, const struct bark_slice *parts, size_t count,
                                uint8_t *digest)
{
    (void)parts;
    (void)count;
    memset(digest, 0, bark_hash_bytes(hash));
    return BARK_OK;
}

static enum bark_code zero_hmac(enum bark_hash hash, struct bark_slice key, const struct bark_slice *parts,
                                size_t count, uint8_t *mac)
{
    (void)key;
    return zero_hash(hash, parts, count, mac);
}

static enum bark_code fixed_random(void *mem, size_t size)
{
    memset(mem, 7, size);
    return BARK_OK;
}

static enum bark_code right_signature(const struct bark_public_key *key, enum bark_signature signature,
                                      const struct bark_slice *parts, size_t count, struct bark_slice value)
{
    (void)key;
    (void)signature;
    (void)parts;
    (void)count;
    return value.len > 0 ? BARK_OK : BARK_ERR_TYPE;
}

static const struct bark_crypto crypto = { .name = "always right",
                                           .hash = zero_hash,
                                           .hmac = zero_hmac,
                                           .random = fixed_random,
                                           .verify = right_signature };

/* Names of one or two letters exist; "aa" has an empty password, which nobody can log in with. */
static bool user_find(void *context, struct bark_slice name, struct bark_user *user)
{
    (void)context;
    if (name.len == 0 || name.len > 2)
        return false;
    user->level = BARK_LEVEL_OPERATOR;
    if (name.len == 1)
        memcpy(user->password, "password", sizeof "password");
    return true;
}

static void judge(struct bark_auth *auth, const struct bark_auth_request *request)
{
    struct bark_identity who, nobody = { .level = BARK_LEVEL_ANONYMOUS };
    const char *rule = NULL;
    const enum bark_auth_result result = bark_auth_check(auth, request, &who, &rule);
    if (result == BARK_AUTH_KNOWN) {
        const size_t len = strlen(who.name);
        if (len == 0 || len > BARK_USER_NAME_MAX || who.level < BARK_LEVEL_USER ||
            who.level > BARK_LEVEL_ADMINISTRATOR || rule)
            abort();
        if (who.scheme == BARK_AUTH_BEARER && !request->secure)
            abort();
        if (who.scheme != BARK_AUTH_BEARER && len > 1)
            abort();
    } else if (memcmp(&who, &nobody, sizeof who) != 0 || (result != BARK_AUTH_ANONYMOUS && !rule)) {
        abort();
    }
}

static void answer(struct bark_slice challenge, bool allow_md5)
{
    uint8_t room[2048];
    struct bark_out out;
    struct bark_error err = { 0 };
    const struct bark_slice target = { (const uint8_t *)"/t", 2 };
    bark_out_init(&out, room, sizeof room);
    if (bark_digest_answer_write(&crypto, challenge, "u", "p", "POST", target, 1, allow_md5, &out, &err) !=
        BARK_OK)
        return;
    for (size_t i = 0; i < out.pos; i++)
        if ((room[i] < ' ' && room[i] != '\t') || room[i] == 0x7f)
            abort(); /* a challenge must not write a header line of its own */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct bark_user_store store = { .find = user_find };
    static const struct bark_public_key key;
    const struct bark_token_key keys[] = { { &key, BARK_SIGNATURE_ES256, NULL },
                                           { &key, BARK_SIGNATURE_RS256, "k" } };
    const struct bark_auth_options options = { .crypto = &crypto,
                                               .users = &store,
                                               .realm = "r",
                                               .schemes = BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_DIGEST_MD5 |
                                                          BARK_AUTH_BASIC | BARK_AUTH_BEARER,
                                               .keys = keys,
                                               .key_count = 2,
                                               .issuer = "i",
                                               .audience = "a",
                                               .nonces = 2,
                                               .peers = 2 };
    struct bark_error err = { 0 };
    struct bark_auth *auth = bark_auth_new(&options, &err);
    if (!auth)
        abort();
    if (size > 0) {
        const struct bark_auth_request request = { .method = { (const uint8_t *)"POST", 4 },
                                                   .target = { (const uint8_t *)"/t", 2 },
                                                   .authorization = { data + 1, size - 1 },
                                                   .authorization_count = 1 + (data[0] >> 7),
                                                   .secure = data[0] & 1,
                                                   .wall_ns = UINT64_C(1796040000) * 1000000000,
                                                   .monotonic_ns = UINT64_C(1000000000) };
        judge(auth, &request);
        judge(auth, &request);
        answer(request.authorization, data[0] & 2);
    }
    bark_auth_free(auth);
    return 0;
}
