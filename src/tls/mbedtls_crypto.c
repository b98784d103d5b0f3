/* tls/mbedtls_crypto.c - the crypto table by mbedTLS, 2.28 or 3.x. */
#define _GNU_SOURCE
#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include "tls/tls.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_DER_MAX = 128, PEM_BYTES_MAX = 64 * 1024 };

static const mbedtls_md_info_t *digest_of(enum bark_hash hash)
{
    switch (hash) {
    case BARK_HASH_MD5:
        return mbedtls_md_info_from_type(MBEDTLS_MD_MD5);
    case BARK_HASH_SHA1:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA1);
    case BARK_HASH_SHA256:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    case BARK_HASH_SHA384:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA384);
    case BARK_HASH_SHA512:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA512);
    case BARK_HASH_COUNT:
        break;
    }
    return NULL;
}

static mbedtls_md_type_t digest_type(enum bark_hash hash)
{
    const mbedtls_md_info_t *md = digest_of(hash);
    return md ? mbedtls_md_get_type(md) : MBEDTLS_MD_NONE;
}

struct bark_hash_state {
    mbedtls_md_context_t md;
};

static struct bark_hash_state *hash_new(enum bark_hash hash)
{
    const mbedtls_md_info_t *md = digest_of(hash);
    struct bark_hash_state *state = md ? calloc(1, sizeof *state) : NULL;
    if (!state)
        return NULL;
    mbedtls_md_init(&state->md);
    if (mbedtls_md_setup(&state->md, md, 0) == 0 && mbedtls_md_starts(&state->md) == 0)
        return state;
    mbedtls_md_free(&state->md);
    free(state);
    return NULL;
}

static enum bark_code hash_add(struct bark_hash_state *state, struct bark_slice bytes)
{
    if (bytes.len == 0)
        return BARK_OK;
    return mbedtls_md_update(&state->md, bytes.ptr, bytes.len) == 0 ? BARK_OK : BARK_ERR_MEMORY;
}

static enum bark_code hash_end(struct bark_hash_state *state, uint8_t *digest)
{
    enum bark_code code = BARK_ERR_USE;
    if (state && digest)
        code = mbedtls_md_finish(&state->md, digest) == 0 ? BARK_OK : BARK_ERR_MEMORY;
    if (state)
        mbedtls_md_free(&state->md);
    free(state);
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
    const mbedtls_md_info_t *md = digest_of(hash);
    mbedtls_md_context_t ctx;
    bool fine;
    mbedtls_md_init(&ctx);
    fine = md && mbedtls_md_setup(&ctx, md, 1) == 0 &&
           mbedtls_md_hmac_starts(&ctx, key.len ? key.ptr : empty, key.len) == 0;
    for (size_t i = 0; i < count && fine; i++)
        fine = parts[i].len == 0 || mbedtls_md_hmac_update(&ctx, parts[i].ptr, parts[i].len) == 0;
    fine = fine && mbedtls_md_hmac_finish(&ctx, mac) == 0;
    mbedtls_md_free(&ctx);
    if (!fine)
        memset(mac, 0, bark_hash_bytes(hash));
    return fine ? BARK_OK : BARK_ERR_USE;
}

/* ---- public keys ---- */

/* A key of its own, or inside the certificate that it came with. */
struct bark_public_key {
    mbedtls_pk_context own;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context *pk;
};

/* The parsers take PEM only with a NUL at its end, which is counted; DER is given to them as it is. */
static bool key_parse(struct bark_public_key *key, struct bark_slice bytes)
{
    static const char begin[] = "-----BEGIN ";
    const bool pem = bytes.len > sizeof begin && memmem(bytes.ptr, bytes.len, begin, sizeof begin - 1);
    uint8_t *copy;
    size_t len = bytes.len;
    if (len == 0 || len > PEM_BYTES_MAX)
        return false;
    copy = calloc(1, len + 1);
    if (!copy)
        return false;
    memcpy(copy, bytes.ptr, len);
    if (pem)
        len++;
    if (mbedtls_pk_parse_public_key(&key->own, copy, len) == 0) {
        key->pk = &key->own;
    } else if (pem ? mbedtls_x509_crt_parse(&key->certificate, copy, len) == 0
                   : mbedtls_x509_crt_parse_der(&key->certificate, copy, len) == 0) {
        if (pem || key->certificate.raw.len == len)
            key->pk = &key->certificate.pk;
    }
    free(copy);
    return key->pk != NULL;
}

static unsigned curve_bits(const mbedtls_pk_context *pk)
{
    if (!mbedtls_pk_can_do(pk, MBEDTLS_PK_ECDSA))
        return 0;
    switch (mbedtls_pk_ec(*pk)->grp.id) {
    case MBEDTLS_ECP_DP_SECP256R1:
        return 256;
    case MBEDTLS_ECP_DP_SECP384R1:
        return 384;
    default:
        return 0;
    }
}

static void key_free(struct bark_public_key *key)
{
    if (!key)
        return;
    mbedtls_pk_free(&key->own);
    mbedtls_x509_crt_free(&key->certificate);
    free(key);
}

static struct bark_public_key *key_new(struct bark_slice bytes, struct bark_error *err)
{
    struct bark_public_key *key = calloc(1, sizeof *key);
    const char *why = NULL;
    if (!key) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a key");
        return NULL;
    }
    mbedtls_pk_init(&key->own);
    mbedtls_x509_crt_init(&key->certificate);
    if (!key_parse(key, bytes))
        why = "[RFC5280 4.1.2.7] these bytes are no public key or certificate, in PEM or DER";
    else if (mbedtls_pk_can_do(key->pk, MBEDTLS_PK_RSA) &&
             mbedtls_pk_get_bitlen(key->pk) < BARK_TLS_RSA_VERIFY_BITS)
        why = "[RFC7518 3.3] an RSA key needs 2048 bits at least";
    else if (mbedtls_pk_can_do(key->pk, MBEDTLS_PK_RSA) &&
             mbedtls_pk_get_bitlen(key->pk) > BARK_TLS_RSA_BITS_MAX)
        why = "an RSA key may have 8192 bits at most";
    else if (!mbedtls_pk_can_do(key->pk, MBEDTLS_PK_RSA) && curve_bits(key->pk) == 0)
        why = "[RFC7518 3.1] a public key is RSA, or on the curve P-256 or P-384";
    if (!why)
        return key;
    key_free(key);
    (void)bark_fail(err, BARK_ERR_TYPE, 0, why);
    return NULL;
}

static enum bark_code ecdsa_verify(mbedtls_pk_context *pk, const uint8_t *digest, size_t digest_len,
                                   struct bark_slice value)
{
    mbedtls_ecp_keypair *pair = mbedtls_pk_ec(*pk);
    const size_t half = value.len / 2;
    mbedtls_mpi r, s;
    bool fine;
    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    fine = mbedtls_mpi_read_binary(&r, value.ptr, half) == 0 &&
           mbedtls_mpi_read_binary(&s, value.ptr + half, half) == 0 &&
           mbedtls_ecdsa_verify(&pair->grp, digest, digest_len, &pair->Q, &r, &s) == 0;
    mbedtls_mpi_free(&r);
    mbedtls_mpi_free(&s);
    return fine ? BARK_OK : BARK_ERR_TYPE;
}

/* mbedTLS checks that a PKCS#1 signature is as long as the modulus; a longer value is refused here too. */
static enum bark_code rsa_verify(mbedtls_pk_context *pk, const struct bark_tls_signature *row,
                                 const uint8_t *digest, size_t digest_len, struct bark_slice value)
{
    const mbedtls_pk_rsassa_pss_options pss = { .mgf1_hash_id = digest_type(row->hash),
                                                .expected_salt_len = (int)digest_len };
    int result;
    if (value.len != mbedtls_pk_get_len(pk))
        return BARK_ERR_TYPE;
    if (row->pss)
        result = mbedtls_pk_verify_ext(MBEDTLS_PK_RSASSA_PSS, &pss, pk, digest_type(row->hash), digest,
                                       digest_len, value.ptr, value.len);
    else
        result = mbedtls_pk_verify(pk, digest_type(row->hash), digest, digest_len, value.ptr, value.len);
    return result == 0 ? BARK_OK : BARK_ERR_TYPE;
}

static enum bark_code verify(const struct bark_public_key *key, enum bark_signature signature,
                             const struct bark_slice *parts, size_t count, struct bark_slice value)
{
    const struct bark_tls_signature *row = bark_tls_signature_of(signature);
    uint8_t digest[BARK_HASH_BYTES_MAX];
    enum bark_code code;
    if (!row || !key)
        return BARK_ERR_USE;
    if (row->curve_bits != curve_bits(key->pk))
        return BARK_ERR_USE;
    if (row->curve_bits && value.len != row->curve_bits / 4)
        return BARK_ERR_TYPE;
    code = hash_all(row->hash, parts, count, digest);
    if (code != BARK_OK)
        return code;
    if (row->curve_bits)
        return ecdsa_verify(key->pk, digest, bark_hash_bytes(row->hash), value);
    return rsa_verify(key->pk, row, digest, bark_hash_bytes(row->hash), value);
}

const struct bark_crypto *bark_crypto_default(void)
{
    static const struct bark_crypto table = { .name = "mbedTLS",
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
