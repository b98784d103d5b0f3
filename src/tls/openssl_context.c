/* tls/openssl_context.c - protocol and algorithms, certificates and keys, by OpenSSL.
 *
 * Everything is set here, whatever the system's openssl.cnf says.
 */
#include "base/report.h"
#include "tls/openssl_tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { CHAIN_BYTES_MAX = 64 * 1024, SESSION_S = 3600 };

/* [ONVIF-CORE] Security Baseline: AES-GCM with ephemeral keys, SHA-2. */
static bool algorithms_set(SSL_CTX *ctx)
{
    return SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(ctx, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                                        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384") == 1 &&
           SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384") == 1 &&
           SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1 &&
           SSL_CTX_set1_sigalgs_list(ctx, "ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA-PSS+SHA384:"
                                          "RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512") == 1;
}

SSL_CTX *bark_openssl_context_new(const SSL_METHOD *method)
{
    SSL_CTX *ctx = SSL_CTX_new(method);
    if (!ctx)
        return NULL;
    SSL_CTX_set_security_level(ctx, 2); /* 112 bits: no SHA-1 in a chain, no RSA below 2048 */
    SSL_CTX_clear_options(ctx, SSL_CTX_get_options(ctx));
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_SINGLE_ECDH_USE);
    /* A rest is sent from another buffer than the whole was; idle connections keep no buffers. */
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_read_ahead(ctx, 0); /* BARK_NET_RECORD: nothing is left behind inside */
    SSL_CTX_set_verify_depth(ctx, BARK_TLS_DEPTH_MAX);
    SSL_CTX_set_max_cert_list(ctx, CHAIN_BYTES_MAX);
    SSL_CTX_set_timeout(ctx, SESSION_S);
    if (algorithms_set(ctx))
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}

/* A key with a pass phrase is not asked for at the terminal. */
static int no_pass_phrase(char *text, int most, int writing, void *user)
{
    (void)text;
    (void)most;
    (void)writing;
    (void)user;
    return -1;
}

static BIO *bio_of(const uint8_t *pem, size_t len)
{
    return len <= INT_MAX ? BIO_new_mem_buf(pem, (int)len) : NULL;
}

/* The next certificate of a PEM text: NULL at its end, and *fine is false when it broke before. */
static X509 *next_certificate(BIO *bio, bool *fine)
{
    X509 *certificate = PEM_read_bio_X509(bio, NULL, no_pass_phrase, NULL);
    if (!certificate && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        *fine = false;
    ERR_clear_error();
    return certificate;
}

static bool chain_read(struct openssl_identity *identity, const uint8_t *pem, size_t len)
{
    BIO *bio = bio_of(pem, len);
    X509 *next;
    bool fine = bio != NULL;
    identity->chain = sk_X509_new_null();
    if (fine)
        identity->certificate = next_certificate(bio, &fine);
    fine = fine && identity->certificate && identity->chain;
    while (fine && (next = next_certificate(bio, &fine)) != NULL) {
        if (sk_X509_push(identity->chain, next) > 0)
            continue;
        X509_free(next);
        fine = false;
    }
    BIO_free(bio);
    return fine;
}

static const char *weakness_of(EVP_PKEY *key)
{
    char group[32] = "";
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        return EVP_PKEY_get_bits(key) >= BARK_TLS_RSA_OWN_BITS
                   ? NULL
                   : "[ONVIF-CORE, Security Baseline] an RSA key needs 3072 bits at least";
    case EVP_PKEY_EC:
        if (EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
            (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0))
            return NULL;
        return "[ONVIF-CORE, Security Baseline] an ECDSA key is on the curve P-256 or P-384";
    default:
        return "[ONVIF-CORE, Security Baseline] a key is RSA or ECDSA";
    }
}

static enum bark_code fail_about(struct bark_error *err, const char *rule, const char *file)
{
    const bool first = err && err->code == BARK_OK;
    ERR_clear_error();
    (void)bark_fail(err, BARK_ERR_USE, 0, rule);
    if (first && file)
        bark_report_say(err->found, sizeof err->found, file);
    return BARK_ERR_USE;
}

static enum bark_code identity_fill(const struct bark_tls_certificate *from,
                                    struct openssl_identity *identity, const uint8_t *chain, size_t chain_len,
                                    const uint8_t *key, size_t key_len, struct bark_error *err)
{
    BIO *bio;
    const char *weakness;
    if (!chain_read(identity, chain, chain_len))
        return fail_about(err, "this is no certificate chain in PEM", from->chain_file);
    bio = bio_of(key, key_len);
    if (bio)
        identity->key = PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL);
    BIO_free(bio);
    if (!identity->key)
        return fail_about(err, "this is no private key in PEM, or it has a pass phrase", from->key_file);
    if (X509_check_private_key(identity->certificate, identity->key) != 1)
        return fail_about(err, "the private key is not the certificate's", from->key_file);
    weakness = weakness_of(identity->key);
    return weakness ? fail_about(err, weakness, from->key_file) : BARK_OK;
}

enum bark_code bark_openssl_identity_read(const struct bark_tls_certificate *from,
                                          struct openssl_identity *identity, struct bark_error *err)
{
    size_t chain_len = 0, key_len = 0;
    uint8_t *chain = bark_tls_pem_take(from->chain_file, from->chain, &chain_len, err);
    uint8_t *key = chain ? bark_tls_pem_take(from->key_file, from->key, &key_len, err) : NULL;
    enum bark_code code = BARK_ERR_IO;
    memset(identity, 0, sizeof *identity);
    if (key)
        code = identity_fill(from, identity, chain, chain_len, key, key_len, err);
    bark_tls_file_drop(chain, chain_len);
    bark_tls_file_drop(key, key_len);
    if (code != BARK_OK)
        bark_openssl_identity_drop(identity);
    return code;
}

void bark_openssl_identity_drop(struct openssl_identity *identity)
{
    X509_free(identity->certificate);
    sk_X509_pop_free(identity->chain, X509_free);
    EVP_PKEY_free(identity->key); /* clears what is private */
    memset(identity, 0, sizeof *identity);
}

enum bark_code bark_openssl_trust(SSL_CTX *ctx, const char *file, struct bark_slice memory, bool names,
                                  struct bark_error *err)
{
    size_t len = 0, found = 0;
    uint8_t *pem = bark_tls_pem_take(file, memory, &len, err);
    BIO *bio = pem ? bio_of(pem, len) : NULL;
    X509 *next;
    bool fine = bio != NULL;
    while (fine && (next = next_certificate(bio, &fine)) != NULL) {
        /* What its extensions say is kept in the certificate when it is first asked for: now, not by the
         * first of several threads that verify at once. */
        (void)X509_check_purpose(next, -1, 0);
        fine = X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), next) == 1 &&
               (!names || SSL_CTX_add_client_CA(ctx, next) == 1);
        X509_free(next);
        found++;
    }
    BIO_free(bio);
    bark_tls_file_drop(pem, len);
    if (!pem)
        return BARK_ERR_IO;
    return fine && found ? BARK_OK : fail_about(err, "there is no certificate to trust, in PEM", file);
}

/* [RFC5280 6.3] of the whole chain: a list that is missing or out of date is a refusal. */
enum bark_code bark_openssl_revocations(SSL_CTX *ctx, const char *file, struct bark_slice memory,
                                        struct bark_error *err)
{
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);
    size_t len = 0, found = 0;
    uint8_t *pem = bark_tls_pem_take(file, memory, &len, err);
    BIO *bio = pem ? bio_of(pem, len) : NULL;
    X509_CRL *next;
    bool fine = bio != NULL;
    ERR_clear_error();
    while (fine && (next = PEM_read_bio_X509_CRL(bio, NULL, no_pass_phrase, NULL)) != NULL) {
        fine = X509_STORE_add_crl(store, next) == 1;
        X509_CRL_free(next);
        found++;
    }
    /* As with certificates: nothing more is the end, anything else is broken. */
    fine = fine && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    BIO_free(bio);
    bark_tls_file_drop(pem, len);
    if (!pem)
        return BARK_ERR_IO;
    if (!fine || !found)
        return fail_about(err, "there is no revocation list, in PEM", file);
    ERR_clear_error();
    return X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1
               ? BARK_OK
               : bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
}

const char *bark_tls_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING)[0] ? OpenSSL_version(OPENSSL_VERSION) : "OpenSSL";
}
