/* tls/openssl_server.c - the server's side by OpenSSL: certificates, names, client certificates, reload.
 *
 * What a server was told lives in a `state`, which is never changed: a reload makes another one and swaps the
 * pointer. Every connection holds a reference, so the old one goes with its last connection. Its keys for
 * session tickets go with it.
 */
#include "tls/openssl_tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

struct openssl_state {
    atomic_uint references;
    SSL_CTX *ctx;
    struct openssl_rules rules; /* for clients */
    size_t count;
    struct openssl_identity identities[BARK_TLS_CERTIFICATES_MAX];
};

struct openssl_server {
    struct bark_tls_server base; /* first */
    pthread_mutex_t lock; /* of the pointer to the state */
    struct openssl_state *state;
    BIO_METHOD *method;
    struct openssl_counts counts;
};

void bark_openssl_state_release(struct openssl_state *state)
{
    if (!state || atomic_fetch_sub(&state->references, 1) != 1)
        return;
    SSL_CTX_free(state->ctx);
    for (size_t i = 0; i < state->count; i++)
        bark_openssl_identity_drop(&state->identities[i]);
    free(state);
}

/* [RFC6066 3] the certificate that is for the name asked for; the first one when there is none. */
static int certificate_choose(SSL *ssl, void *user)
{
    const struct openssl_state *state = user;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    for (size_t i = 0; name && i < state->count; i++) {
        const struct openssl_identity *identity = &state->identities[i];
        if (X509_check_host(identity->certificate, name, strlen(name), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                            NULL) != 1)
            continue;
        SSL_certs_clear(ssl); /* or the first one stays available beside it when its key is of another kind */
        return SSL_use_cert_and_key(ssl, identity->certificate, identity->key, identity->chain, 1);
    }
    return 1;
}

/* [RFC7301 3.2] a client that offers protocols and not ours is told so. */
static int protocol_choose(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                           const unsigned char *in, unsigned offered, void *user)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;
    (void)ssl;
    (void)user;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in, offered) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static enum bark_code clients_set(struct openssl_state *state, const struct bark_tls_server_options *options,
                                  struct bark_error *err)
{
    static const unsigned char context[] = "soapbark";
    int mode = SSL_VERIFY_PEER;
    enum bark_code code;
    /* A session says which clients it is for; without this, none that proved itself could resume. */
    if (SSL_CTX_set_session_id_context(state->ctx, context, sizeof context - 1) != 1)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    if (options->clients == BARK_TLS_CLIENTS_ANONYMOUS)
        return BARK_OK;
    code = bark_openssl_trust(state->ctx, options->client_ca_file, options->client_ca, true, err);
    if (code == BARK_OK && (options->client_crl_file || options->client_crl.len))
        code = bark_openssl_revocations(state->ctx, options->client_crl_file, options->client_crl, err);
    if (code != BARK_OK)
        return code;
    if (options->clients == BARK_TLS_CLIENTS_VERIFIED)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    state->rules.rsa_bits_min = BARK_TLS_RSA_VERIFY_BITS;
    SSL_CTX_set_verify(state->ctx, mode, NULL);
    SSL_CTX_set_cert_verify_callback(state->ctx, bark_openssl_verify, &state->rules);
    return BARK_OK;
}

static enum bark_code certificates_set(struct openssl_state *state,
                                       const struct bark_tls_server_options *options, struct bark_error *err)
{
    const struct openssl_identity *first = state->identities;
    for (size_t i = 0; i < options->certificate_count; i++) {
        enum bark_code code =
            bark_openssl_identity_read(&options->certificates[i], &state->identities[i], err);
        if (code != BARK_OK)
            return code;
        state->count++;
    }
    if (SSL_CTX_use_cert_and_key(state->ctx, first->certificate, first->key, first->chain, 1) == 1)
        return BARK_OK;
    return bark_fail(err, BARK_ERR_USE, 0,
                     "the certificate is not one that TLS can use: SHA-2, and a strong key");
}

static enum bark_code state_fill(struct openssl_state *state, const struct bark_tls_server_options *options,
                                 struct bark_error *err)
{
    enum bark_code code;
    if (options->certificate_count == 0 || options->certificate_count > BARK_TLS_CERTIFICATES_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a TLS server needs a certificate, and may have 16");
    state->ctx = bark_openssl_context_new(TLS_server_method());
    if (!state->ctx)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS, or an OpenSSL without AES-GCM");
    SSL_CTX_set_session_cache_mode(state->ctx, SSL_SESS_CACHE_OFF); /* tickets: the client keeps it all */
    SSL_CTX_set_num_tickets(state->ctx, 1);
    code = certificates_set(state, options, err);
    if (code != BARK_OK)
        return code;
    SSL_CTX_set_cert_cb(state->ctx, certificate_choose, state);
    SSL_CTX_set_alpn_select_cb(state->ctx, protocol_choose, NULL);
    return clients_set(state, options, err);
}

static struct openssl_state *state_new(const struct bark_tls_server_options *options, struct bark_error *err)
{
    struct openssl_state *state = calloc(1, sizeof *state);
    if (!state) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
        return NULL;
    }
    atomic_init(&state->references, 1);
    if (state_fill(state, options, err) != BARK_OK) {
        bark_openssl_state_release(state);
        state = NULL;
    }
    ERR_clear_error();
    return state;
}

static struct openssl_state *state_hold(struct openssl_server *server)
{
    struct openssl_state *state;
    pthread_mutex_lock(&server->lock);
    state = server->state;
    atomic_fetch_add(&state->references, 1);
    pthread_mutex_unlock(&server->lock);
    return state;
}

static enum bark_code server_attach(struct bark_net_tls *tls, struct bark_net_stream *s, const char *host,
                                    uint16_t port, struct bark_error *err)
{
    struct openssl_server *server = (struct openssl_server *)tls;
    struct openssl_state *state = state_hold(server);
    SSL *ssl = SSL_new(state->ctx);
    struct openssl_session *session = bark_openssl_session_new(s, ssl, server->method);
    (void)host;
    (void)port;
    if (!session) {
        bark_openssl_state_release(state);
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a TLS connection");
    }
    session->state = state;
    session->counts = &server->counts;
    SSL_set_accept_state(ssl);
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
    struct openssl_server *server = calloc(1, sizeof *server);
    if (!server || pthread_mutex_init(&server->lock, NULL) != 0) {
        free(server);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
        return NULL;
    }
    server->base.net.attach = server_attach;
    server->base.net.counts = server_counts;
    server->method = bark_openssl_socket_method();
    server->state = server->method ? state_new(options, err) : NULL;
    if (server->state)
        return &server->base;
    (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    bark_tls_server_free(&server->base);
    return NULL;
}

void bark_tls_server_free(struct bark_tls_server *tls)
{
    struct openssl_server *server = (struct openssl_server *)tls;
    if (!server)
        return;
    bark_openssl_state_release(server->state);
    BIO_meth_free(server->method);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

enum bark_code bark_tls_server_reload(struct bark_tls_server *tls,
                                      const struct bark_tls_server_options *options, struct bark_error *err)
{
    struct openssl_server *server = (struct openssl_server *)tls;
    struct bark_error own = { 0 };
    struct openssl_state *old, *state = state_new(options, &own);
    if (!state) {
        if (err && err->code == BARK_OK)
            *err = own;
        return own.code;
    }
    pthread_mutex_lock(&server->lock);
    old = server->state;
    server->state = state;
    pthread_mutex_unlock(&server->lock);
    bark_openssl_state_release(old);
    return BARK_OK;
}

struct bark_tls_counts bark_tls_server_counts(const struct bark_tls_server *tls)
{
    struct openssl_server *server = bark_tls_mutable(tls);
    return (struct bark_tls_counts){ .handshakes = atomic_load(&server->counts.handshakes),
                                     .resumed = atomic_load(&server->counts.resumed),
                                     .failed = atomic_load(&server->counts.failed) };
}
