/* tls/openssl_make.c - makes a key and a certificate signed by itself, by OpenSSL. */
#include "tls/tls.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

static GENERAL_NAME *name_make(const char *text)
{
    uint8_t address[16];
    const size_t address_len = bark_tls_address_read(text, address);
    const size_t len = address_len ? address_len : strlen(text);
    ASN1_STRING *value = ASN1_STRING_type_new(address_len ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (name && value && len <= INT_MAX &&
        ASN1_STRING_set(value, address_len ? (const void *)address : text, (int)len) == 1) {
        GENERAL_NAME_set0_value(name, address_len ? GEN_IPADD : GEN_DNS, value);
        return name;
    }
    ASN1_STRING_free(value);
    GENERAL_NAME_free(name);
    return NULL;
}

/* [RFC5280 4.2.1.6] */
static bool names_add(X509 *certificate, const struct bark_tls_wish *wish)
{
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    bool fine = names != NULL;
    for (size_t i = 0; i < wish->name_count && fine; i++) {
        GENERAL_NAME *name = name_make(wish->names[i]);
        fine = name && sk_GENERAL_NAME_push(names, name) > 0;
        if (!fine)
            GENERAL_NAME_free(name);
    }
    fine = fine && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1;
    GENERAL_NAMES_free(names);
    return fine;
}

static bool extension_add(X509 *certificate, int nid, const char *text)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool fine;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, text);
    fine = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return fine;
}

static bool serial_set(X509 *certificate, const struct bark_tls_wish *wish)
{
    BIGNUM *number = BN_bin2bn(wish->serial, sizeof wish->serial, NULL);
    const bool fine = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return fine;
}

static bool certificate_fill(X509 *certificate, EVP_PKEY *key, const struct bark_tls_wish *wish)
{
    X509_NAME *subject = X509_get_subject_name(certificate); /* the issuer, too */
    return X509_set_version(certificate, X509_VERSION_3) == 1 && serial_set(certificate, wish) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)wish->begin_s) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)wish->end_s) &&
           X509_set_pubkey(certificate, key) == 1 &&
           X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                      (const unsigned char *)wish->common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 && names_add(certificate, wish) &&
           extension_add(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           extension_add(certificate, NID_key_usage, "critical,digitalSignature") &&
           extension_add(certificate, NID_ext_key_usage, "serverAuth") &&
           extension_add(certificate, NID_subject_key_identifier, "hash") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static bool text_take(BIO *bio, char *text, size_t size)
{
    char *bytes = NULL;
    const long n = BIO_get_mem_data(bio, &bytes);
    if (n <= 0 || (size_t)n >= size)
        return false;
    memcpy(text, bytes, (size_t)n);
    text[n] = '\0';
    return true;
}

bool bark_tls_make(const struct bark_tls_wish *wish, struct bark_tls_made *made)
{
    EVP_PKEY *key =
        wish->kind == BARK_TLS_KEY_RSA3072 ? EVP_RSA_gen(BARK_TLS_RSA_OWN_BITS) : EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *key_pem = BIO_new(BIO_s_secmem()),
        *chain_pem = BIO_new(BIO_s_mem()); /* the first is wiped when freed */
    const bool fine =
        key && certificate && key_pem && chain_pem && certificate_fill(certificate, key, wish) &&
        PEM_write_bio_PKCS8PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
        PEM_write_bio_X509(chain_pem, certificate) == 1 && text_take(key_pem, made->key, sizeof made->key) &&
        text_take(chain_pem, made->chain, sizeof made->chain);
    BIO_free(key_pem);
    BIO_free(chain_pem);
    X509_free(certificate);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return fine;
}
