/* tls/mbedtls_server.c - the server's side by mbedTLS: certificates, names, client certificates, reload.
 *
 * As in openssl_server.c: a `state` is never changed, a reload swaps the pointer, and every connection holds
 * a reference. Its keys for session tickets go with it.
 */
#define _GNU_SOURCE
#include "tls/mbedtls_tls.h"

#include <mbedtls/ssl_ticket.h>
#include <stdlib.h>
#include <string.h>

enum { TICKET_S = 3600, NAME_BYTES_MAX = 253 };

struct mbedtls_state {
    atomic_uint references;
    mbedtls_ssl_config config;
    mbedtls_ssl_ticket_context tickets;
    mbedtls_x509_crt clients; /* who may vouch for them */
    mbedtls_x509_crl revoked; /* what they have taken back */
    struct mbedtls_rules rules;
    struct mbedtls_counts *counts; /* the server's */
    size_t count;
    struct mbedtls_identity identities[BARK_TLS_CERTIFICATES_MAX];
};

struct mbedtls_server {
    struct bark_tls_server base; /* first */
    pthread_mutex_t lock; /* of the pointer to the state */
    struct mbedtls_state *state;
    struct mbedtls_counts counts;
};

void bark_mbedtls_state_release(struct mbedtls_state *state)
{
    if (!state || atomic_fetch_sub(&state->references, 1) != 1)
        return;
    mbedtls_ssl_config_free(&state->config);
    mbedtls_ssl_ticket_free(&state->tickets);
    mbedtls_x509_crt_free(&state->clients);
    mbedtls_x509_crl_free(&state->revoked);
    for (size_t i = 0; i < state->count; i++)
        bark_mbedtls_identity_drop(&state->identities[i]);
    free(state);
}

/* [RFC6066 3] the certificate that is for the name asked for; the first one when there is none. */
static int certificate_choose(void *user, mbedtls_ssl_context *ssl, const unsigned char *name, size_t len)
{
    struct mbedtls_state *state = user;
    char host[NAME_BYTES_MAX + 1];
    if (len == 0 || len > NAME_BYTES_MAX || memchr(name, '\0', len))
        return 0;
    memcpy(host, name, len);
    host[len] = '\0';
    for (size_t i = 0; i < state->count; i++) {
        struct mbedtls_identity *identity = &state->identities[i];
        if (bark_mbedtls_is_for(&identity->chain, host))
            return mbedtls_ssl_set_hs_own_cert(ssl, &identity->chain, &identity->key);
    }
    return 0;
}

static int ticket_write(void *user, const mbedtls_ssl_session *session, unsigned char *start,
                        const unsigned char *end, size_t *written, uint32_t *lifetime)
{
    struct mbedtls_state *state = user;
    return mbedtls_ssl_ticket_write(&state->tickets, session, start, end, written, lifetime);
}

/* mbedTLS does not tell afterwards whether a session was resumed; a ticket that is taken means it is. */
static int ticket_parse(void *user, mbedtls_ssl_session *session, unsigned char *ticket, size_t size)
{
    struct mbedtls_state *state = user;
    const int returned = mbedtls_ssl_ticket_parse(&state->tickets, session, ticket, size);
    if (returned == 0)
        atomic_fetch_add(&state->counts->resumed, 1);
    return returned;
}

static enum bark_code clients_set(struct mbedtls_state *state, const struct bark_tls_server_options *options,
                                  struct bark_error *err)
{
    enum bark_code code;
    state->rules = (struct mbedtls_rules){ .of_client = true, .rsa_bits_min = BARK_TLS_RSA_VERIFY_BITS };
    mbedtls_ssl_conf_authmode(&state->config, MBEDTLS_SSL_VERIFY_NONE);
    if (options->clients == BARK_TLS_CLIENTS_ANONYMOUS)
        return BARK_OK;
    code = bark_mbedtls_trust(&state->clients, options->client_ca_file, options->client_ca, err);
    if (code == BARK_OK && (options->client_crl_file || options->client_crl.len)) {
        code = bark_mbedtls_revocations(&state->revoked, options->client_crl_file, options->client_crl, err);
        state->rules.revoked = &state->revoked;
    }
    if (code != BARK_OK)
        return code;
    mbedtls_ssl_conf_ca_chain(&state->config, &state->clients, state->rules.revoked ? &state->revoked : NULL);
    mbedtls_ssl_conf_authmode(&state->config, options->clients == BARK_TLS_CLIENTS_VERIFIED
                                                  ? MBEDTLS_SSL_VERIFY_REQUIRED
                                                  : MBEDTLS_SSL_VERIFY_OPTIONAL);
    return BARK_OK;
}

static enum bark_code state_fill(struct mbedtls_state *state, const struct bark_tls_server_options *options,
                                 struct bark_error *err)
{
    if (options->certificate_count == 0 || options->certificate_count > BARK_TLS_CERTIFICATES_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a TLS server needs a certificate, and may have 16");
    if (!bark_mbedtls_config(&state->config, true) ||
        mbedtls_ssl_ticket_setup(&state->tickets, bark_mbedtls_random, NULL, MBEDTLS_CIPHER_AES_256_GCM,
                                 TICKET_S) != 0)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    for (size_t i = 0; i < options->certificate_count; i++) {
        enum bark_code code;
        bark_mbedtls_identity_init(&state->identities[i]);
        state->count++;
        code = bark_mbedtls_identity_read(&options->certificates[i], &state->identities[i], err);
        if (code != BARK_OK)
            return code;
    }
    if (mbedtls_ssl_conf_own_cert(&state->config, &state->identities[0].chain, &state->identities[0].key) !=
        0)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    mbedtls_ssl_conf_sni(&state->config, certificate_choose, state);
    mbedtls_ssl_conf_session_tickets_cb(&state->config, ticket_write, ticket_parse, state);
    return clients_set(state, options, err);
}

static struct mbedtls_state *state_new(struct mbedtls_server *server,
                                       const struct bark_tls_server_options *options, struct bark_error *err)
{
    struct mbedtls_state *state = calloc(1, sizeof *state);
    if (!state) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
        return NULL;
    }
    atomic_init(&state->references, 1);
    state->counts = &server->counts;
    mbedtls_ssl_config_init(&state->config);
    mbedtls_ssl_ticket_init(&state->tickets);
    mbedtls_x509_crt_init(&state->clients);
    mbedtls_x509_crl_init(&state->revoked);
    if (state_fill(state, options, err) == BARK_OK)
        return state;
    bark_mbedtls_state_release(state);
    return NULL;
}

static enum bark_code server_attach(struct bark_net_tls *tls, struct bark_net_stream *s, const char *host,
                                    uint16_t port, struct bark_error *err)
{
    struct mbedtls_server *server = (struct mbedtls_server *)tls;
    struct mbedtls_state *state;
    struct mbedtls_session *session;
    (void)host;
    (void)port;
    pthread_mutex_lock(&server->lock);
    state = server->state;
    atomic_fetch_add(&state->references, 1);
    pthread_mutex_unlock(&server->lock);
    session = bark_mbedtls_session_new(s, &state->config, &state->rules);
    if (!session) {
        bark_mbedtls_state_release(state);
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a TLS connection");
    }
    session->state = state;
    session->counts = &server->counts;
    return BARK_OK;
}

static struct bark_net_tls_counts server_counts(const struct bark_net_tls *tls)
{
    const struct bark_tls_counts c =
        bark_tls_server_counts((const struct bark_tls_server *)tls); /* net is its first member */
    return (struct bark_net_tls_counts){ c.handshakes, c.resumed, c.failed };
}

struct bark_tls_server *bark_tls_server_new(const struct bark_tls_server_options *options,
                                            struct bark_error *err)
{
    struct mbedtls_server *server = calloc(1, sizeof *server);
    if (!server || pthread_mutex_init(&server->lock, NULL) != 0) {
        free(server);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
        return NULL;
    }
    server->base.net.attach = server_attach;
    server->base.net.counts = server_counts;
    server->state = state_new(server, options, err);
    if (server->state)
        return &server->base;
    bark_tls_server_free(&server->base);
    return NULL;
}

void bark_tls_server_free(struct bark_tls_server *tls)
{
    struct mbedtls_server *server = (struct mbedtls_server *)tls;
    if (!server)
        return;
    bark_mbedtls_state_release(server->state);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

enum bark_code bark_tls_server_reload(struct bark_tls_server *tls,
                                      const struct bark_tls_server_options *options, struct bark_error *err)
{
    struct mbedtls_server *server = (struct mbedtls_server *)tls;
    struct bark_error own = { 0 };
    struct mbedtls_state *old, *state = state_new(server, options, &own);
    if (!state) {
        if (err && err->code == BARK_OK)
            *err = own;
        return own.code;
    }
    pthread_mutex_lock(&server->lock);
    old = server->state;
    server->state = state;
    pthread_mutex_unlock(&server->lock);
    bark_mbedtls_state_release(old);
    return BARK_OK;
}

struct bark_tls_counts bark_tls_server_counts(const struct bark_tls_server *tls)
{
    struct mbedtls_server *server = bark_tls_mutable(tls);
    return (struct bark_tls_counts){ .handshakes = atomic_load(&server->counts.handshakes),
                                     .resumed = atomic_load(&server->counts.resumed),
                                     .failed = atomic_load(&server->counts.failed) };
}
