/* tls/openssl_verify.c - is the other side's certificate good enough? [R13]
 *
 * All of it happens inside the handshake: who is refused gets an alert, and not one byte of what we have to
 * say. OpenSSL verifies signatures, dates, purposes and the host name; keys and pins are looked at here.
 */
#include "tls/openssl_tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

bool bark_openssl_key_hash(const X509 *certificate, uint8_t digest[32])
{
    const X509_PUBKEY *key = X509_get_X509_PUBKEY(certificate);
    unsigned char *der = NULL;
    const int n = i2d_X509_PUBKEY(key, &der);
    struct bark_slice bytes = { der, n > 0 ? (size_t)n : 0 };
    const bool fine = n > 0 && bark_crypto_default()->hash(BARK_HASH_SHA256, &bytes, 1, digest) == BARK_OK;
    OPENSSL_free(der);
    return fine;
}

static enum bark_tls_trouble trouble_of(int error)
{
    switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return BARK_TLS_NAME;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return BARK_TLS_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return BARK_TLS_EARLY;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return BARK_TLS_UNTRUSTED;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return BARK_TLS_WEAK;
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_INVALID_CA:
        return BARK_TLS_PURPOSE;
    default:
        return BARK_TLS_CERTIFICATE;
    }
}

static bool key_is_strong(const X509 *certificate, unsigned rsa_bits_min)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    const int kind = key ? EVP_PKEY_get_base_id(key) : 0;
    char group[32] = "";
    if (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS)
        return EVP_PKEY_get_bits(key) >= (int)rsa_bits_min && EVP_PKEY_get_bits(key) <= BARK_TLS_RSA_BITS_MAX;
    return kind == EVP_PKEY_EC && EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0);
}

static bool pin_found(const struct openssl_rules *rules, const X509 *certificate)
{
    uint8_t digest[32];
    if (!certificate || !bark_openssl_key_hash(certificate, digest))
        return false;
    for (size_t i = 0; i < rules->pin_count; i++) {
        if (memcmp(rules->pins[i], digest, sizeof digest) == 0)
            return true;
    }
    return false;
}

/* [RFC7469 2.6] any certificate of a verified chain may be the pinned one. Of a chain that nobody verified
 * only the first counts: its key is the one that the handshake proves. */
static bool pins_hold(const struct openssl_rules *rules, X509_STORE_CTX *store)
{
    const STACK_OF(X509) *chain = rules->skip ? NULL : X509_STORE_CTX_get0_chain(store);
    if (rules->pin_count == 0 || pin_found(rules, X509_STORE_CTX_get0_cert(store)))
        return true;
    for (int i = 0; chain && i < sk_X509_num(chain); i++) {
        if (pin_found(rules, sk_X509_value(chain, i)))
            return true;
    }
    return false;
}

static int refuse(X509_STORE_CTX *store, struct openssl_session *session, enum bark_tls_trouble trouble,
                  const char *detail)
{
    session->trouble = trouble;
    session->detail = detail;
    if (X509_STORE_CTX_get_error(store) == X509_V_OK)
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

int bark_openssl_verify(X509_STORE_CTX *store, void *rules_given)
{
    const struct openssl_rules *rules = rules_given;
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct openssl_session *session = SSL_get_app_data(ssl);
    const X509 *certificate = X509_STORE_CTX_get0_cert(store);
    if (!certificate)
        return refuse(store, session, BARK_TLS_CERTIFICATE, NULL);
    if (!rules->skip && X509_verify_cert(store) != 1) {
        const int error = X509_STORE_CTX_get_error(store);
        return refuse(store, session, trouble_of(error), X509_verify_cert_error_string(error));
    }
    if (!rules->skip && !key_is_strong(certificate, rules->rsa_bits_min))
        return refuse(store, session, BARK_TLS_WEAK, "the key is too weak");
    if (!pins_hold(rules, store))
        return refuse(store, session, BARK_TLS_PIN, NULL);
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}
