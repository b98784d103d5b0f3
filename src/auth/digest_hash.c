/* auth/digest_hash.c - the hashes of Digest [RFC7616 3.4.1], the same for both sides. */
#include "auth/auth.h"

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
