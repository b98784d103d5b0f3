/* auth/digest_hash.c - the hashes of Digest [RFC7616 3.4.1], the same for both sides. */
#include "auth/auth.h"

enum { BLOCK_BYTES = 64, LENGTH_BYTES = 8 };

static enum bark_code hash_hex(const struct bark_crypto *crypto, enum bark_hash hash,
                               const struct bark_slice *parts, size_t count, char *hex)
{
    uint8_t digest[BARK_HASH_BYTES_MAX];
    enum bark_code code = crypto->hash(hash, parts, count, digest);
    bark_auth_hex(digest, bark_hash_bytes(hash), hex);
    bark_secret_wipe(digest, sizeof digest);
    return code;
}

enum bark_code bark_digest_ha1(const struct bark_crypto *crypto, enum bark_hash hash, struct bark_slice user,
                               struct bark_slice realm, struct bark_slice password, char *hex)
{
    const struct bark_slice colon = bark_auth_text(":");
    const struct bark_slice parts[] = { user, colon, realm, colon, password };
    return hash_hex(crypto, hash, parts, sizeof parts / sizeof *parts, hex);
}

/* How often MD5 and SHA-256 run their inner function over so many bytes and the padding. */
static size_t blocks_of(size_t bytes)
{
    return (bytes + LENGTH_BYTES + BLOCK_BYTES) / BLOCK_BYTES;
}

/* A longer password takes more blocks to hash, and the made-up one of an unknown user has a length too: its
 * time would tell which names exist. So what is left to the longest password is hashed as well [R11]. */
enum bark_code bark_digest_ha1_of_user(const struct bark_crypto *crypto, enum bark_hash hash,
                                       struct bark_slice name, struct bark_slice realm,
                                       const struct bark_user *user, char *hex)
{
    static const uint8_t filler[4 * BLOCK_BYTES] = { 0 };
    const size_t before = name.len + realm.len + 2;
    struct bark_slice password = { (const uint8_t *)user->password, 0 };
    struct bark_slice rest = { filler, 0 };
    char unused[2 * BARK_HASH_BYTES_MAX];
    unsigned in_it = 1;
    for (size_t i = 0; i < BARK_USER_PASSWORD_MAX; i++) { /* all of it, whatever the length */
        in_it &= (unsigned)(user->password[i] != '\0');
        password.len += in_it;
    }
    rest.len =
        (1 + blocks_of(before + BARK_USER_PASSWORD_MAX) - blocks_of(before + password.len)) * BLOCK_BYTES -
        LENGTH_BYTES - 1;
    enum bark_code code = bark_digest_ha1(crypto, hash, name, realm, password, hex);
    return code ? code : hash_hex(crypto, hash, &rest, 1, unused);
}

enum bark_code bark_digest_response(const struct bark_crypto *crypto, const struct bark_digest_parts *p,
                                    char *hex)
{
    char ha2[2 * BARK_HASH_BYTES_MAX];
    const struct bark_slice colon = bark_auth_text(":");
    const struct bark_slice request[] = { p->method, colon, p->uri };
    const struct bark_slice all[] = { p->ha1,
                                      colon,
                                      p->nonce,
                                      colon,
                                      p->count,
                                      colon,
                                      p->cnonce,
                                      colon,
                                      p->qop,
                                      colon,
                                      { (const uint8_t *)ha2, 2 * bark_hash_bytes(p->hash) } };
    enum bark_code code = hash_hex(crypto, p->hash, request, sizeof request / sizeof *request, ha2);
    if (!code)
        code = hash_hex(crypto, p->hash, all, sizeof all / sizeof *all, hex);
    return code;
}
