/* soapbark/tls.h - TLS 1.2 and 1.3 for servers and clients.
 *
 * In the library soapbark_tls, which a build makes with OpenSSL 3 or with mbedTLS. A program that wants TLS
 * makes one of the two objects below and names it in the options of its server or client; programs that do
 * not have no TLS library in them.
 *
 * Algorithms are those of the ONVIF Security Baseline and cannot be weakened: ECDHE with X25519, P-256 or
 * P-384, AES-GCM, signatures with SHA-2, no renegotiation, no compression, no early data. With mbedTLS 2.28,
 * which has no TLS 1.3, it is TLS 1.2 alone.
 */
#ifndef SOAPBARK_TLS_H
#define SOAPBARK_TLS_H

#include "soapbark/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A certificate chain (own certificate first) and its private key, in PEM: from files, or else from memory.
 * The key is not encrypted: RSA of 3072 bits or more, or on P-256 or P-384. */
struct bark_tls_certificate {
    const char *chain_file, *key_file;
    struct bark_slice chain, key; /* used where no file is named; copied */
};

/* ---- server ---- */

enum bark_tls_client_certificates {
    BARK_TLS_CLIENTS_ANONYMOUS, /* not asked for one */
    BARK_TLS_CLIENTS_OPTIONAL, /* asked; one that cannot be verified ends the handshake */
    BARK_TLS_CLIENTS_VERIFIED /* asked, and no handshake succeeds without one */
};

struct bark_tls_server_options {
    /* The first one answers clients that name no server, or one that no certificate is for; the others are
     * chosen by the name that a client asks for [RFC6066 3], the first one that is for it. */
    const struct bark_tls_certificate *certificates;
    size_t certificate_count; /* 1 to 16 */
    enum bark_tls_client_certificates clients;
    const char *client_ca_file; /* PEM: who may vouch for clients; or else from memory */
    struct bark_slice client_ca;
    /* PEM: which of their certificates are revoked [RFC5280 5]; or else from memory; neither: not looked at.
     * Then every certificate of a client's chain, the authority's own too, needs a list of its issuer's that
     * is signed by it and not out of date: a client that no list speaks about is refused. A reload takes new
     * ones. */
    const char *client_crl_file;
    struct bark_slice client_crl;
};

struct bark_tls_server; /* may be shared by several servers and threads */

/** NULL with *err when a file cannot be read, a key does not belong to its certificate, or is too weak. */
struct bark_tls_server *bark_tls_server_new(const struct bark_tls_server_options *options,
                                            struct bark_error *err);
/** After the servers that use it, and after their connections. */
void bark_tls_server_free(struct bark_tls_server *tls);

/** Takes other certificates and client CAs into use, without a restart: new connections get the new ones,
 * those under way keep what they began with, and a session of before is not resumed, so that a client whose
 * CA is gone has to prove itself again. Nothing changes after an error. Any thread, at any time. */
BARK_MUST_CHECK enum bark_code bark_tls_server_reload(struct bark_tls_server *tls,
                                                      const struct bark_tls_server_options *options,
                                                      struct bark_error *err);

/** What has happened since the start. Any thread. */
struct bark_tls_counts {
    uint64_t handshakes; /* that succeeded */
    uint64_t resumed; /* of them, those by a session of before */
    uint64_t failed;
};
struct bark_tls_counts bark_tls_server_counts(const struct bark_tls_server *tls);

/* ---- client ---- */

enum { BARK_TLS_PIN_BYTES = 32 };

struct bark_tls_client_options {
    const char *ca_file; /* PEM: whom to trust, and nobody else; or else from memory; */
    struct bark_slice ca; /* neither: what the system trusts */
    const struct bark_tls_certificate *certificate; /* to show to servers that ask; NULL: none */
    /* Pins [RFC7469 2.4]: the SHA-256 of a SubjectPublicKeyInfo. When there are any, one certificate of the
     * verified chain must match one of them, besides being verified. */
    const uint8_t (*pins)[BARK_TLS_PIN_BYTES];
    size_t pin_count; /* up to 16 */
    unsigned rsa_bits_min; /* of the server's own key; 0: 2048. 3072 is the ONVIF Security Baseline's */
};

struct bark_tls_client; /* may be shared by several clients and threads; keeps sessions for resumption */

/** A client's side of TLS, or NULL with *err. Chain, dates and host name are verified [R13]; NULL options
 * mean just that, by what the system trusts. Everything is copied. */
struct bark_tls_client *bark_tls_client_new(const struct bark_tls_client_options *options,
                                            struct bark_error *err);
/** After the clients that use it. */
void bark_tls_client_free(struct bark_tls_client *tls);

/** Believes every certificate, whoever made it, for whichever name: whoever is on the path can read and
 * change everything. With pins, the server's own key must still match one of them, which makes this safe
 * again for a device whose key is known. Before the first connection. */
void bark_tls_client_insecure_skip_verification(struct bark_tls_client *tls);

/** Reads a pin as 64 hexadecimal digits or as 44 characters of Base64, with or without "sha256/" or
 * "sha256//" before it. */
BARK_MUST_CHECK enum bark_code bark_tls_pin_read(const char *text, uint8_t pin[BARK_TLS_PIN_BYTES],
                                                 struct bark_error *err);

/* ---- a key of one's own ---- */

enum bark_tls_key_kind { BARK_TLS_KEY_P256, BARK_TLS_KEY_RSA3072 };

struct bark_tls_self_signed_options {
    const char *chain_file, *key_file; /* in a folder that exists */
    enum bark_tls_key_kind kind;
    const char *common_name; /* NULL: the first name */
    const char *const *names; /* host names and addresses that the certificate is for, 1 to 16 */
    size_t name_count;
    uint32_t days; /* 0: 7300, twenty years: a device cannot ask anybody for a new one */
};

/** Makes a key and a certificate signed by itself, unless both files are there already: a device's first
 * start. Each file is written under another name first, with mode 0600, synced and renamed, the key before
 * the certificate; so a power cut leaves either nothing that counts or both. The serial number is random, the
 * validity begins a day ago, or in 2020 when the clock is not set yet. The key's memory is wiped. */
BARK_MUST_CHECK enum bark_code bark_tls_self_signed(const struct bark_tls_self_signed_options *options,
                                                    struct bark_error *err);

/** "OpenSSL 3.0.22", "mbed TLS 2.28.3": for a version line. Static. */
const char *bark_tls_version(void);

#ifdef __cplusplus
}
#endif
#endif
