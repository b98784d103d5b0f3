/* tls/openssl_tls.h - what the OpenSSL files share: one TLS session on a socket, and certificates as loaded.
 */
#ifndef BARK_TLS_OPENSSL_TLS_H
#define BARK_TLS_OPENSSL_TLS_H

#include "tls/tls.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>

struct openssl_client;
struct openssl_state;

struct openssl_counts {
    atomic_ullong handshakes, resumed, failed;
};

/* One connection's. */
struct openssl_session {
    SSL *ssl;
    int fd;
    bool done; /* the handshake */
    bool broken; /* nothing more can be said, not even goodbye */
    enum bark_tls_trouble trouble;
    const char *detail; /* of the trouble: OpenSSL's own words, static */
    struct openssl_counts *counts; /* of a server, until the handshake is over; else NULL */
    struct openssl_state *state; /* of a server, likewise to be released; else NULL */
    struct openssl_client *client; /* else NULL */
    uint16_t port;
    char host[254];
};

/* openssl_stream.c. The session becomes the stream's; ssl has a context, and no descriptor yet. NULL when
 * there is no memory: then ssl is freed. */
struct openssl_session *bark_openssl_session_new(struct bark_net_stream *s, SSL *ssl, BIO_METHOD *method);
/* Sockets as OpenSSL sees them; for BIO_meth_free(). */
BIO_METHOD *bark_openssl_socket_method(void);

/* openssl_context.c: what both sides have in common, protocol and algorithms; NULL without memory. */
SSL_CTX *bark_openssl_context_new(const SSL_METHOD *method);

/* A certificate with its chain and key, from PEM; strength and match are checked. */
struct openssl_identity {
    X509 *certificate;
    STACK_OF(X509) * chain;
    EVP_PKEY *key;
};
BARK_MUST_CHECK enum bark_code bark_openssl_identity_read(const struct bark_tls_certificate *from,
                                                          struct openssl_identity *identity,
                                                          struct bark_error *err);
void bark_openssl_identity_drop(struct openssl_identity *identity);

/* Adds every certificate of a PEM text to whom the context trusts, and for `names` to what it asks for. */
BARK_MUST_CHECK enum bark_code bark_openssl_trust(SSL_CTX *ctx, const char *file, struct bark_slice memory,
                                                  bool names, struct bark_error *err);

/* Revocation lists in PEM, and the verification that asks them about the whole chain. */
BARK_MUST_CHECK enum bark_code bark_openssl_revocations(SSL_CTX *ctx, const char *file,
                                                        struct bark_slice memory, struct bark_error *err);

/* openssl_verify.c: X509_verify_cert() and what it does not look at. For SSL_CTX_set_cert_verify_callback();
 * the argument is the struct openssl_rules. */
struct openssl_rules {
    bool skip; /* the chain */
    unsigned rsa_bits_min;
    size_t pin_count;
    uint8_t pins[BARK_TLS_PINS_MAX][BARK_TLS_PIN_BYTES];
};
int bark_openssl_verify(X509_STORE_CTX *store, void *rules);
bool bark_openssl_key_hash(const X509 *certificate, uint8_t digest[32]);

/* openssl_server.c: one reference less; NULL is fine. */
void bark_openssl_state_release(struct openssl_state *state);

/* openssl_client.c: keeps a session for the next connection. */
int bark_openssl_client_keep(SSL *ssl, SSL_SESSION *value);

#endif
