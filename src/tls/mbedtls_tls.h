/* tls/mbedtls_tls.h - what the mbedTLS files share. Written for 2.28; where 3.x differs, both forms are here.
 */
#ifndef BARK_TLS_MBEDTLS_TLS_H
#define BARK_TLS_MBEDTLS_TLS_H

#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include "tls/tls.h"

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crl.h>
#include <mbedtls/x509_crt.h>
#include <pthread.h>
#include <stdatomic.h>

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#define BARK_MBEDTLS_3 1
#endif

struct mbedtls_client;
struct mbedtls_state;

/* What a certificate of the other side must satisfy, besides its chain. */
struct mbedtls_rules {
    bool skip; /* the chain */
    bool of_client; /* the other side is a client */
    unsigned rsa_bits_min;
    const mbedtls_x509_crl *revoked; /* NULL: nobody asks */
    size_t pin_count;
    uint8_t pins[BARK_TLS_PINS_MAX][BARK_TLS_PIN_BYTES];
};

struct mbedtls_counts {
    atomic_ullong handshakes, resumed, failed;
};

/* One connection's. */
struct mbedtls_session {
    mbedtls_ssl_context ssl;
    const struct mbedtls_rules *rules;
    int fd;
    bool done, broken, ended;
    bool pinned; /* a pinned key was in the chain */
    enum bark_tls_trouble trouble;
    struct mbedtls_counts *counts; /* of a server, until the handshake is over; else NULL */
    struct mbedtls_state *state; /* of a server; else NULL */
    struct mbedtls_client *client; /* else NULL */
    uint16_t port;
    char host[254];
};

struct mbedtls_identity {
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
};

/* mbedtls_context.c */
int bark_mbedtls_random(void *unused, unsigned char *mem, size_t size);
/* Protocol and algorithms; false without memory. */
BARK_MUST_CHECK bool bark_mbedtls_config(mbedtls_ssl_config *config, bool server);
void bark_mbedtls_identity_init(struct mbedtls_identity *identity);
BARK_MUST_CHECK enum bark_code bark_mbedtls_identity_read(const struct bark_tls_certificate *from,
                                                          struct mbedtls_identity *identity,
                                                          struct bark_error *err);
void bark_mbedtls_identity_drop(struct mbedtls_identity *identity);
BARK_MUST_CHECK enum bark_code bark_mbedtls_trust(mbedtls_x509_crt *list, const char *file,
                                                  struct bark_slice memory, struct bark_error *err);
/* Revocation lists in PEM. */
BARK_MUST_CHECK enum bark_code bark_mbedtls_revocations(mbedtls_x509_crl *list, const char *file,
                                                        struct bark_slice memory, struct bark_error *err);

/* mbedtls_verify.c: for mbedtls_ssl_set_verify(); user is the session. */
int bark_mbedtls_verify(void *user, mbedtls_x509_crt *certificate, int depth, uint32_t *flags);
enum bark_tls_trouble bark_mbedtls_trouble_of(uint32_t flags);
/* Is the certificate for this host name or address? */
bool bark_mbedtls_is_for(const mbedtls_x509_crt *certificate, const char *host);
bool bark_mbedtls_key_hash(const mbedtls_x509_crt *certificate, uint8_t digest[32]);

/* mbedtls_stream.c: the session becomes the stream's; NULL without memory. */
struct mbedtls_session *bark_mbedtls_session_new(struct bark_net_stream *s, const mbedtls_ssl_config *config,
                                                 const struct mbedtls_rules *rules);
/* mbedtls_server.c, mbedtls_client.c */
void bark_mbedtls_state_release(struct mbedtls_state *state);
void bark_mbedtls_client_keep(struct mbedtls_session *session);

#endif
