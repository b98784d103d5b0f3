/* tls/mbedtls_verify.c - is the other side's certificate good enough? [R13]
 *
 * mbedTLS verifies signatures and dates and calls back for each certificate, the topmost first. Names, keys,
 * purpose and pins are looked at here: 2.28 knows no addresses, and takes a common name for a host name. The
 * first trouble ends the handshake; with MBEDTLS_SSL_VERIFY_OPTIONAL alone it would go on.
 */
#include "tls/mbedtls_tls.h"

#include <mbedtls/oid.h>
#include <string.h>

enum { NAME_DNS = 0x82, NAME_ADDRESS = 0x87 }; /* [RFC5280 4.2.1.6] GeneralName, the tags */

enum bark_tls_trouble bark_mbedtls_trouble_of(uint32_t flags)
{
    if (flags & (MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY))
        return BARK_TLS_WEAK;
    if (flags & MBEDTLS_X509_BADCERT_EXPIRED)
        return BARK_TLS_EXPIRED;
    if (flags & MBEDTLS_X509_BADCERT_FUTURE)
        return BARK_TLS_EARLY;
    if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED)
        return BARK_TLS_UNTRUSTED;
    if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH)
        return BARK_TLS_NAME;
    if (flags & (MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE))
        return BARK_TLS_PURPOSE;
    if (flags & MBEDTLS_X509_BADCERT_MISSING)
        return BARK_TLS_NO_CERTIFICATE;
    return flags ? BARK_TLS_CERTIFICATE : BARK_TLS_FINE;
}

bool bark_mbedtls_is_for(const mbedtls_x509_crt *certificate, const char *host)
{
    const mbedtls_x509_sequence *name = &certificate->subject_alt_names;
    uint8_t address[16];
    const size_t address_len = bark_tls_address_read(host, address);
    for (; name; name = name->next) {
        const struct bark_slice stated = { name->buf.p, name->buf.len };
        if (address_len) {
            if (name->buf.tag == NAME_ADDRESS && stated.len == address_len &&
                memcmp(stated.ptr, address, address_len) == 0)
                return true;
        } else if (name->buf.tag == NAME_DNS && bark_tls_name_matches(stated, host)) {
            return true;
        }
    }
    return false;
}

bool bark_mbedtls_key_hash(const mbedtls_x509_crt *certificate, uint8_t digest[32])
{
    uint8_t der[BARK_SPKI_RSA_MAX + 64];
    mbedtls_pk_context *key = bark_tls_mutable(&certificate->pk);
    const int n = mbedtls_pk_write_pubkey_der(key, der, sizeof der); /* at the end of der */
    const struct bark_slice bytes = { der + sizeof der - (n > 0 ? (size_t)n : 0), n > 0 ? (size_t)n : 0 };
    return n > 0 && bark_crypto_default()->hash(BARK_HASH_SHA256, &bytes, 1, digest) == BARK_OK;
}

static bool key_is_strong(const mbedtls_pk_context *key, unsigned rsa_bits_min)
{
    if (mbedtls_pk_can_do(key, MBEDTLS_PK_RSA))
        return mbedtls_pk_get_bitlen(key) >= rsa_bits_min &&
               mbedtls_pk_get_bitlen(key) <= BARK_TLS_RSA_BITS_MAX;
    return mbedtls_pk_can_do(key, MBEDTLS_PK_ECDSA) &&
           (mbedtls_pk_ec(*key)->grp.id == MBEDTLS_ECP_DP_SECP256R1 ||
            mbedtls_pk_ec(*key)->grp.id == MBEDTLS_ECP_DP_SECP384R1);
}

static bool is_pinned(const struct mbedtls_rules *rules, const mbedtls_x509_crt *certificate)
{
    uint8_t digest[32];
    if (rules->pin_count == 0 || !bark_mbedtls_key_hash(certificate, digest))
        return false;
    for (size_t i = 0; i < rules->pin_count; i++) {
        if (memcmp(rules->pins[i], digest, sizeof digest) == 0)
            return true;
    }
    return false;
}

/* What is asked of the certificate that the handshake proves. */
static enum bark_tls_trouble own_trouble(const struct mbedtls_session *session,
                                         const mbedtls_x509_crt *certificate)
{
    const struct mbedtls_rules *rules = session->rules;
    const char *purpose = rules->of_client ? MBEDTLS_OID_CLIENT_AUTH : MBEDTLS_OID_SERVER_AUTH;
    if (rules->skip)
        return BARK_TLS_FINE;
    if (!rules->of_client && !bark_mbedtls_is_for(certificate, session->host))
        return BARK_TLS_NAME;
    if (mbedtls_x509_crt_check_extended_key_usage(certificate, purpose,
                                                  MBEDTLS_OID_SIZE(MBEDTLS_OID_CLIENT_AUTH)) != 0)
        return BARK_TLS_PURPOSE;
    return key_is_strong(&certificate->pk, rules->rsa_bits_min) ? BARK_TLS_FINE : BARK_TLS_WEAK;
}

/* mbedTLS passes a certificate over whose issuer has no list; here that is a refusal, as with OpenSSL. */
static bool is_listed(const struct mbedtls_rules *rules, const mbedtls_x509_crt *certificate)
{
    const mbedtls_x509_buf *issuer = &certificate->issuer_raw;
    for (const mbedtls_x509_crl *list = rules->revoked; list; list = list->next) {
        if (list->issuer_raw.len == issuer->len && memcmp(list->issuer_raw.p, issuer->p, issuer->len) == 0)
            return true;
    }
    return !rules->revoked;
}

int bark_mbedtls_verify(void *user, mbedtls_x509_crt *certificate, int depth, uint32_t *flags)
{
    struct mbedtls_session *session = user;
    const struct mbedtls_rules *rules = session->rules;
    if (rules->skip)
        *flags = 0;
    if (session->trouble == BARK_TLS_FINE)
        session->trouble = bark_mbedtls_trouble_of(*flags);
    if (session->trouble == BARK_TLS_FINE && !is_listed(rules, certificate))
        session->trouble = BARK_TLS_CERTIFICATE;
    if ((!rules->skip || depth == 0) && is_pinned(rules, certificate))
        session->pinned = true;
    if (depth > 0)
        return 0;
    if (session->trouble == BARK_TLS_FINE)
        session->trouble = own_trouble(session, certificate);
    if (session->trouble == BARK_TLS_FINE && rules->pin_count > 0 && !session->pinned)
        session->trouble = BARK_TLS_PIN;
    return session->trouble == BARK_TLS_FINE ? 0 : MBEDTLS_ERR_X509_FATAL_ERROR;
}
