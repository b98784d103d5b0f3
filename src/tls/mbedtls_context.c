/* tls/mbedtls_context.c - protocol and algorithms, certificates and keys, by mbedTLS. */
#define _GNU_SOURCE
#include "tls/mbedtls_tls.h"

#include "base/report.h"

#ifdef BARK_MBEDTLS_3
#include <psa/crypto.h>
#endif

int bark_mbedtls_random(void *unused, unsigned char *mem, size_t size)
{
    (void)unused;
    return bark_tls_random(mem, size) == BARK_OK ? 0 : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

/* [ONVIF-CORE] Security Baseline: AES-GCM with ephemeral keys, SHA-2. */
static void algorithms_set(mbedtls_ssl_config *config)
{
    static const int suites[] = {
#ifdef BARK_MBEDTLS_3
        MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
        MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#endif
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        0
    };
    mbedtls_ssl_conf_ciphersuites(config, suites);
#ifdef BARK_MBEDTLS_3
    static const uint16_t groups[] = { MBEDTLS_SSL_IANA_TLS_GROUP_X25519,
                                       MBEDTLS_SSL_IANA_TLS_GROUP_SECP256R1,
                                       MBEDTLS_SSL_IANA_TLS_GROUP_SECP384R1,
                                       MBEDTLS_SSL_IANA_TLS_GROUP_NONE };
    static const uint16_t signatures[] = { MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
                                           MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
                                           MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
                                           MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
                                           MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
                                           MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
                                           MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
                                           MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
                                           MBEDTLS_TLS1_3_SIG_NONE };
    mbedtls_ssl_conf_groups(config, groups);
    mbedtls_ssl_conf_sig_algs(config, signatures);
#else
    static const mbedtls_ecp_group_id curves[] = { MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP256R1,
                                                   MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_NONE };
    static const int hashes[] = { MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512, MBEDTLS_MD_NONE };
    mbedtls_ssl_conf_curves(config, curves);
    mbedtls_ssl_conf_sig_hashes(config, hashes);
#endif
}

bool bark_mbedtls_config(mbedtls_ssl_config *config, bool server)
{
    static const char *protocols[] = { "http/1.1", NULL };
    static const mbedtls_x509_crt_profile profile = { .allowed_mds = MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) |
                                                                     MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
                                                                     MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
                                                      .allowed_pks = UINT32_MAX,
                                                      .allowed_curves =
                                                          MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP256R1) |
                                                          MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP384R1),
                                                      .rsa_min_bitlen = BARK_TLS_RSA_VERIFY_BITS };
#ifdef BARK_MBEDTLS_3
    if (psa_crypto_init() != PSA_SUCCESS)
        return false;
#endif
    if (mbedtls_ssl_config_defaults(config, server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
                                    MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0)
        return false;
    mbedtls_ssl_conf_rng(config, bark_mbedtls_random, NULL);
#ifdef BARK_MBEDTLS_3
    mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
    mbedtls_ssl_conf_cert_profile(config, &profile);
#ifdef MBEDTLS_SSL_RENEGOTIATION
    mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    algorithms_set(config);
    return mbedtls_ssl_conf_alpn_protocols(config, protocols) == 0;
}

static enum bark_code fail_about(struct bark_error *err, const char *rule, const char *file)
{
    const bool first = err && err->code == BARK_OK;
    (void)bark_fail(err, BARK_ERR_USE, 0, rule);
    if (first && file)
        bark_report_say(err->found, sizeof err->found, file);
    return BARK_ERR_USE;
}

static const char *weakness_of(const mbedtls_pk_context *key)
{
    if (mbedtls_pk_can_do(key, MBEDTLS_PK_RSA))
        return mbedtls_pk_get_bitlen(key) >= BARK_TLS_RSA_OWN_BITS
                   ? NULL
                   : "[ONVIF-CORE, Security Baseline] an RSA key needs 3072 bits at least";
    if (!mbedtls_pk_can_do(key, MBEDTLS_PK_ECDSA))
        return "[ONVIF-CORE, Security Baseline] a key is RSA or ECDSA";
    if (mbedtls_pk_ec(*key)->grp.id == MBEDTLS_ECP_DP_SECP256R1 ||
        mbedtls_pk_ec(*key)->grp.id == MBEDTLS_ECP_DP_SECP384R1)
        return NULL;
    return "[ONVIF-CORE, Security Baseline] an ECDSA key is on the curve P-256 or P-384";
}

static bool key_parse(mbedtls_pk_context *key, const uint8_t *pem, size_t len)
{
#ifdef BARK_MBEDTLS_3
    return mbedtls_pk_parse_key(key, pem, len + 1, NULL, 0, bark_mbedtls_random, NULL) == 0;
#else
    return mbedtls_pk_parse_key(key, pem, len + 1, NULL, 0) == 0;
#endif
}

static bool keys_match(const mbedtls_pk_context *public_key, const mbedtls_pk_context *key)
{
#ifdef BARK_MBEDTLS_3
    return mbedtls_pk_check_pair(public_key, key, bark_mbedtls_random, NULL) == 0;
#else
    return mbedtls_pk_check_pair(public_key, key) == 0;
#endif
}

void bark_mbedtls_identity_init(struct mbedtls_identity *identity)
{
    mbedtls_x509_crt_init(&identity->chain);
    mbedtls_pk_init(&identity->key);
}

/* The parsers count the NUL that ends a PEM text. */
enum bark_code bark_mbedtls_identity_read(const struct bark_tls_certificate *from,
                                          struct mbedtls_identity *identity, struct bark_error *err)
{
    size_t chain_len = 0, key_len = 0;
    uint8_t *chain = bark_tls_pem_take(from->chain_file, from->chain, &chain_len, err);
    uint8_t *key = chain ? bark_tls_pem_take(from->key_file, from->key, &key_len, err) : NULL;
    enum bark_code code = BARK_OK;
    const char *weakness = NULL;
    if (!key)
        code = BARK_ERR_IO;
    else if (mbedtls_x509_crt_parse(&identity->chain, chain, chain_len + 1) != 0)
        code = fail_about(err, "this is no certificate chain in PEM", from->chain_file);
    else if (!key_parse(&identity->key, key, key_len))
        code = fail_about(err, "this is no private key in PEM, or it has a pass phrase", from->key_file);
    else if (!keys_match(&identity->chain.pk, &identity->key))
        code = fail_about(err, "the private key is not the certificate's", from->key_file);
    else if ((weakness = weakness_of(&identity->key)) != NULL)
        code = fail_about(err, weakness, from->key_file);
    bark_tls_file_drop(chain, chain_len);
    bark_tls_file_drop(key, key_len);
    return code;
}

void bark_mbedtls_identity_drop(struct mbedtls_identity *identity)
{
    mbedtls_x509_crt_free(&identity->chain);
    mbedtls_pk_free(&identity->key); /* clears what is private */
}

enum bark_code bark_mbedtls_trust(mbedtls_x509_crt *list, const char *file, struct bark_slice memory,
                                  struct bark_error *err)
{
    size_t len = 0;
    uint8_t *pem = bark_tls_pem_take(file, memory, &len, err);
    const bool fine = pem && mbedtls_x509_crt_parse(list, pem, len + 1) == 0 && list->raw.len > 0;
    bark_tls_file_drop(pem, len);
    if (!pem)
        return BARK_ERR_IO;
    return fine ? BARK_OK : fail_about(err, "there is no certificate to trust, in PEM", file);
}

enum bark_code bark_mbedtls_revocations(mbedtls_x509_crl *list, const char *file, struct bark_slice memory,
                                        struct bark_error *err)
{
    size_t len = 0;
    uint8_t *pem = bark_tls_pem_take(file, memory, &len, err);
    const bool fine = pem && mbedtls_x509_crl_parse(list, pem, len + 1) == 0 && list->raw.len > 0;
    bark_tls_file_drop(pem, len);
    if (!pem)
        return BARK_ERR_IO;
    return fine ? BARK_OK : fail_about(err, "there is no revocation list, in PEM", file);
}

const char *bark_tls_version(void)
{
    return MBEDTLS_VERSION_STRING_FULL;
}
