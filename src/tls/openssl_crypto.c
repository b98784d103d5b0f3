/* tls/openssl_crypto.c - the crypto table by OpenSSL 3. */
#include "tls/tls.h"

#include <limits.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

enum { SIGNATURE_DER_MAX = 128 };

static const EVP_MD *digest_of(enum bark_hash hash)
{
    switch (hash) {
    case BARK_HASH_MD5:
        return EVP_md5();
    case BARK_HASH_SHA1:
        return EVP_sha1();
    case BARK_HASH_SHA256:
        return EVP_sha256();
    case BARK_HASH_SHA384:
        return EVP_sha384();
    case BARK_HASH_SHA512:
        return EVP_sha512();
    case BARK_HASH_COUNT:
        break;
    }
    return NULL;
}

/* struct bark_hash_state is OpenSSL's own context under another name. */
static struct bark_hash_state *hash_new(enum bark_hash hash)
{
    const EVP_MD *md = digest_of(hash);
    EVP_MD_CTX *ctx = md ? EVP_MD_CTX_new() : NULL;
    if (ctx && EVP_DigestInit_ex(ctx, md, NULL) != 1) {
        EVP_MD_CTX_free(ctx);
        ctx = NULL;
    }
    ERR_clear_error();
    return (struct bark_hash_state *)ctx;
}

static enum bark_code hash_add(struct bark_hash_state *state, struct bark_slice bytes)
{
    return EVP_DigestUpdate((EVP_MD_CTX *)state, bytes.ptr, bytes.len) == 1 ? BARK_OK : BARK_ERR_MEMORY;
}

static enum bark_code hash_end(struct bark_hash_state *state, uint8_t *digest)
{
    EVP_MD_CTX *ctx = (EVP_MD_CTX *)state;
    enum bark_code code = BARK_ERR_USE;
    if (ctx && digest)
        code = EVP_DigestFinal_ex(ctx, digest, NULL) == 1 ? BARK_OK : BARK_ERR_MEMORY;
    EVP_MD_CTX_free(ctx);
    return code;
}

static enum bark_code hash_all(enum bark_hash hash, const struct bark_slice *parts, size_t count,
                               uint8_t *digest)
{
    struct bark_hash_state *state = hash_new(hash);
    enum bark_code code = state ? BARK_OK : BARK_ERR_USE, end;
    for (size_t i = 0; i < count && code == BARK_OK; i++)
        code = hash_add(state, parts[i]);
    end = hash_end(state, digest);
    if (code == BARK_OK)
        code = end;
    if (code != BARK_OK)
        memset(digest, 0, bark_hash_bytes(hash));
    return code;
}

static enum bark_code hmac_all(enum bark_hash hash, struct bark_slice key, const struct bark_slice *parts,
                               size_t count, uint8_t *mac)
{
    static const uint8_t empty[1] = { 0 };
    const EVP_MD *md = digest_of(hash);
    size_t len = bark_hash_bytes(hash);
    EVP_PKEY *secret = NULL;
    EVP_MD_CTX *ctx = NULL;
    bool fine = false;
    if (md)
        secret = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL, key.len ? key.ptr : empty, key.len);
    if (secret)
        ctx = EVP_MD_CTX_new();
    fine = ctx && EVP_DigestSignInit(ctx, NULL, md, NULL, secret) == 1;
    for (size_t i = 0; i < count && fine; i++)
        fine = EVP_DigestSignUpdate(ctx, parts[i].ptr, parts[i].len) == 1;
    fine = fine && EVP_DigestSignFinal(ctx, mac, &len) == 1 && len == bark_hash_bytes(hash);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(secret);
    ERR_clear_error();
    if (!fine)
        memset(mac, 0, bark_hash_bytes(hash));
    return fine ? BARK_OK : BARK_ERR_USE;
}

/* ---- public keys ---- */

static EVP_PKEY *key_of_certificate(X509 *certificate)
{
    EVP_PKEY *key = certificate ? X509_get_pubkey(certificate) : NULL;
    X509_free(certificate);
    return key;
}

/* PEM of either kind, else DER of either kind; DER with bytes behind it is neither. */
static EVP_PKEY *key_parse(struct bark_slice bytes)
{
    const unsigned char *at = bytes.ptr;
    EVP_PKEY *key = NULL;
    BIO *bio;
    if (bytes.len == 0 || bytes.len > INT_MAX / 2)
        return NULL;
    bio = BIO_new_mem_buf(bytes.ptr, (int)bytes.len);
    if (bio)
        key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
    if (bio && !key && BIO_reset(bio) == 1)
        key = key_of_certificate(PEM_read_bio_X509(bio, NULL, NULL, NULL));
    BIO_free(bio);
    if (key)
        return key;
    key = d2i_PUBKEY(NULL, &at, (long)bytes.len);
    if (!key) {
        at = bytes.ptr;
        key = key_of_certificate(d2i_X509(NULL, &at, (long)bytes.len));
    }
    if (key && at != bytes.ptr + bytes.len) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

/* The bits of the curve that the key is on; 0 when it is none of ours. */
static unsigned curve_bits(const EVP_PKEY *key)
{
    char name[32];
    size_t len = 0;
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
        EVP_PKEY_get_group_name(key, name, sizeof name, &len) != 1)
        return 0;
    if (strcmp(name, "prime256v1") == 0 || strcmp(name, "P-256") == 0)
        return 256;
    return strcmp(name, "secp384r1") == 0 || strcmp(name, "P-384") == 0 ? 384 : 0;
}

static struct bark_public_key *key_new(struct bark_slice bytes, struct bark_error *err)
{
    EVP_PKEY *key = key_parse(bytes);
    const char *why = NULL;
    if (!key)
        why = "[RFC5280 4.1.2.7] these bytes are no public key or certificate, in PEM or DER";
    else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) < BARK_TLS_RSA_VERIFY_BITS)
        why = "[RFC7518 3.3] an RSA key needs 2048 bits at least";
    else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) > BARK_TLS_RSA_BITS_MAX)
        why = "an RSA key may have 8192 bits at most";
    else if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA && curve_bits(key) == 0)
        why = "[RFC7518 3.1] a public key is RSA, or on the curve P-256 or P-384";
    ERR_clear_error();
    if (!why)
        return (struct bark_public_key *)key;
    EVP_PKEY_free(key);
    (void)bark_fail(err, BARK_ERR_TYPE, 0, why);
    return NULL;
}

static void key_free(struct bark_public_key *key)
{
    EVP_PKEY_free((EVP_PKEY *)key);
}

/* [RFC7518 3.4] r and s side by side become the DER that OpenSSL reads. The length, or 0. */
static size_t signature_der(struct bark_slice value, uint8_t *der)
{
    const int half = (int)(value.len / 2);
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(value.ptr, half, NULL), *s = BN_bin2bn(value.ptr + half, half, NULL);
    int n = 0;
    if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1) {
        r = s = NULL; /* now the signature's */
        n = i2d_ECDSA_SIG(sig, NULL);
        if (n > 0 && n <= SIGNATURE_DER_MAX)
            n = i2d_ECDSA_SIG(sig, &der);
        else
            n = 0;
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(sig);
    return n > 0 ? (size_t)n : 0;
}

static bool verify_parts(EVP_PKEY *key, const struct bark_tls_signature *row, const struct bark_slice *parts,
                         size_t count, struct bark_slice value)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pkey = NULL; /* lives in ctx */
    bool fine = ctx && EVP_DigestVerifyInit(ctx, &pkey, digest_of(row->hash), NULL, key) == 1;
    if (fine && row->pss)
        fine = EVP_PKEY_CTX_set_rsa_padding(pkey, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey, RSA_PSS_SALTLEN_DIGEST) == 1;
    for (size_t i = 0; i < count && fine; i++)
        fine = EVP_DigestVerifyUpdate(ctx, parts[i].ptr, parts[i].len) == 1;
    fine = fine && EVP_DigestVerifyFinal(ctx, value.ptr, value.len) == 1;
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return fine;
}

static enum bark_code verify(const struct bark_public_key *public_key, enum bark_signature signature,
                             const struct bark_slice *parts, size_t count, struct bark_slice value)
{
    const struct bark_tls_signature *row = bark_tls_signature_of(signature);
    EVP_PKEY *key = bark_tls_mutable(public_key);
    uint8_t der[SIGNATURE_DER_MAX];
    if (!row || !key)
        return BARK_ERR_USE;
    if (row->curve_bits != curve_bits(key))
        return BARK_ERR_USE;
    if (row->curve_bits) {
        if (value.len != row->curve_bits / 4)
            return BARK_ERR_TYPE;
        value = (struct bark_slice){ der, signature_der(value, der) };
    }
    if (value.len == 0)
        return BARK_ERR_TYPE;
    return verify_parts(key, row, parts, count, value) ? BARK_OK : BARK_ERR_TYPE;
}

const struct bark_crypto *bark_crypto_default(void)
{
    static const struct bark_crypto table = { .name = "OpenSSL",
                                              .hash = hash_all,
                                              .hmac = hmac_all,
                                              .hash_new = hash_new,
                                              .hash_add = hash_add,
                                              .hash_end = hash_end,
                                              .random = bark_tls_random,
                                              .key_new = key_new,
                                              .key_free = key_free,
                                              .verify = verify };
    return &table;
}
