/* tls/mbedtls_make.c - makes a key and a certificate signed by itself, by mbedTLS. */
#include "tls/mbedtls_tls.h"

#include "soapbark/values.h"

#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>
#include <stdio.h>
#include <string.h>

enum { NAMES_DER_MAX = 16 * 258 + 4, NAME_DNS = 0x82, NAME_ADDRESS = 0x87 };

static bool key_make(mbedtls_pk_context *key, enum bark_tls_key_kind kind)
{
    if (kind == BARK_TLS_KEY_RSA3072)
        return mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)) == 0 &&
               mbedtls_rsa_gen_key(mbedtls_pk_rsa(*key), bark_mbedtls_random, NULL, BARK_TLS_RSA_OWN_BITS,
                                   65537) == 0;
    return mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) == 0 &&
           mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key), bark_mbedtls_random, NULL) == 0;
}

/* [RFC5280 4.2.1.6] SEQUENCE OF GeneralName; the length of the sequence always takes two bytes and their
 * count where it needs them [X690 10.1], so the names are written behind room for it. */
static bool names_add(mbedtls_x509write_cert *certificate, const struct bark_tls_wish *wish)
{
    uint8_t der[NAMES_DER_MAX];
    size_t at = 4, head = 4, len;
    for (size_t i = 0; i < wish->name_count; i++) {
        uint8_t address[16];
        const size_t address_len = bark_tls_address_read(wish->names[i], address);
        const size_t name_len = address_len ? address_len : strlen(wish->names[i]);
        if (name_len > 253 || name_len + 3 > sizeof der - at)
            return false;
        der[at++] = address_len ? NAME_ADDRESS : NAME_DNS;
        if (name_len >= 0x80)
            der[at++] = 0x81;
        der[at++] = (uint8_t)name_len;
        memcpy(der + at, address_len ? (const char *)address : wish->names[i], name_len);
        at += name_len;
    }
    len = at - head;
    der[--head] = (uint8_t)len;
    if (len > 0xff)
        der[--head] = (uint8_t)(len >> 8);
    if (len >= 0x80)
        der[--head] = len > 0xff ? 0x82 : 0x81;
    der[--head] = 0x30;
    return mbedtls_x509write_crt_set_extension(certificate, MBEDTLS_OID_SUBJECT_ALT_NAME,
                                               MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0, der + head,
                                               at - head) == 0;
}

/* SEQUENCE { id-kp-serverAuth } [RFC5280 4.2.1.12] */
static bool purpose_add(mbedtls_x509write_cert *certificate)
{
    static const uint8_t der[] = { 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
    return mbedtls_x509write_crt_set_extension(certificate, MBEDTLS_OID_EXTENDED_KEY_USAGE,
                                               MBEDTLS_OID_SIZE(MBEDTLS_OID_EXTENDED_KEY_USAGE), 0, der,
                                               sizeof der) == 0;
}

/* "YYYYMMDDHHMMSS" */
static void date_text(char text[32], int64_t seconds)
{
    const struct bark_time t = bark_time_of_unix(seconds, 0);
    (void)snprintf(text, 32, "%04u%02u%02u%02u%02u%02u", (unsigned)t.year, t.month, t.day, t.hour, t.minute,
                   t.second);
}

static bool serial_set(mbedtls_x509write_cert *certificate, const struct bark_tls_wish *wish)
{
#ifdef BARK_MBEDTLS_3
    uint8_t serial[sizeof wish->serial];
    memcpy(serial, wish->serial, sizeof serial);
    return mbedtls_x509write_crt_set_serial_raw(certificate, serial, sizeof serial) == 0;
#else
    mbedtls_mpi serial;
    bool fine;
    mbedtls_mpi_init(&serial);
    fine = mbedtls_mpi_read_binary(&serial, wish->serial, sizeof wish->serial) == 0 &&
           mbedtls_x509write_crt_set_serial(certificate, &serial) == 0;
    mbedtls_mpi_free(&serial);
    return fine;
#endif
}

static bool certificate_fill(mbedtls_x509write_cert *certificate, mbedtls_pk_context *key,
                             const struct bark_tls_wish *wish)
{
    char begin[32], end[32], subject[80];
    if (strpbrk(wish->common_name, ",=\\+\"<>;#") != NULL) /* would be more than a name to mbedTLS's parser */
        return false;
    date_text(begin, wish->begin_s);
    date_text(end, wish->end_s);
    (void)snprintf(subject, sizeof subject, "CN=%s", wish->common_name);
    mbedtls_x509write_crt_set_version(certificate, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(certificate, MBEDTLS_MD_SHA256);
    mbedtls_x509write_crt_set_subject_key(certificate, key);
    mbedtls_x509write_crt_set_issuer_key(certificate, key);
    return serial_set(certificate, wish) &&
           mbedtls_x509write_crt_set_validity(certificate, begin, end) == 0 &&
           mbedtls_x509write_crt_set_subject_name(certificate, subject) == 0 &&
           mbedtls_x509write_crt_set_issuer_name(certificate, subject) == 0 && names_add(certificate, wish) &&
           mbedtls_x509write_crt_set_basic_constraints(certificate, 0, -1) == 0 &&
           mbedtls_x509write_crt_set_key_usage(certificate, MBEDTLS_X509_KU_DIGITAL_SIGNATURE) == 0 &&
           purpose_add(certificate) && mbedtls_x509write_crt_set_subject_key_identifier(certificate) == 0;
}

bool bark_tls_make(const struct bark_tls_wish *wish, struct bark_tls_made *made)
{
    mbedtls_x509write_cert certificate;
    mbedtls_pk_context key;
    bool fine;
    mbedtls_x509write_crt_init(&certificate);
    mbedtls_pk_init(&key);
    fine = key_make(&key, wish->kind) && certificate_fill(&certificate, &key, wish) &&
           mbedtls_x509write_crt_pem(&certificate, (unsigned char *)made->chain, sizeof made->chain,
                                     bark_mbedtls_random, NULL) == 0 &&
           mbedtls_pk_write_key_pem(&key, (unsigned char *)made->key, sizeof made->key) == 0;
    mbedtls_x509write_crt_free(&certificate);
    mbedtls_pk_free(&key); /* clears what is private */
    return fine;
}
