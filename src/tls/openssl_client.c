/* tls/openssl_client.c - the client's side by OpenSSL: whom to trust, names, pins, sessions.
 *
 * A session is kept after its handshake has passed every check, and for an hour: then the chain is verified
 * again. [RFC8446 C.4] a TLS 1.3 ticket is used once, so that nobody can link two connections by it.
 */
#include "tls/openssl_tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

struct openssl_client {
    struct bark_tls_client base; /* first */
    SSL_CTX *ctx;
    BIO_METHOD *method;
    struct openssl_rules rules;
    pthread_mutex_t lock; /* of the sessions */
    struct bark_tls_session sessions[BARK_TLS_SESSIONS];
};

int bark_openssl_client_keep(SSL *ssl, SSL_SESSION *value)
{
    struct openssl_session *session = SSL_get_app_data(ssl);
    struct openssl_client *client = session->client;
    struct bark_tls_session *entry;
    pthread_mutex_lock(&client->lock);
    entry = bark_tls_session_place(client->sessions, session->host, session->port);
    if (entry) {
        SSL_SESSION_free(entry->value);
        entry->value = value; /* with the reference that we were given */
        entry->until_ns = bark_net_monotonic_ns() + BARK_TLS_SESSION_NS;
    }
    pthread_mutex_unlock(&client->lock);
    return entry != NULL;
}

static void session_resume(struct openssl_client *client, struct openssl_session *session)
{
    struct bark_tls_session *entry;
    pthread_mutex_lock(&client->lock);
    entry = bark_tls_session_find(client->sessions, session->host, session->port);
    if (entry) {
        const bool late = bark_net_monotonic_ns() >= entry->until_ns;
        if (!late)
            (void)SSL_set_session(session->ssl, entry->value); /* else a full handshake follows */
        if (late || SSL_SESSION_get_protocol_version(entry->value) >= TLS1_3_VERSION) {
            SSL_SESSION_free(entry->value);
            entry->value = NULL;
        }
    }
    pthread_mutex_unlock(&client->lock);
}

/* The name is asked for [RFC6066 3], an address is not, and both are what the certificate must state. */
static bool host_set(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    uint8_t address[16];
    const size_t address_len = bark_tls_address_read(host, address);
    if (address_len)
        return X509_VERIFY_PARAM_set1_ip(param, address, address_len) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                               X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return host[0] != '.' && /* which OpenSSL takes for any name that ends so */
           X509_VERIFY_PARAM_set1_host(param, host, strlen(host)) == 1 &&
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, bark_tls_mutable(host)) ==
               1;
}

static enum bark_code client_attach(struct bark_net_tls *tls, struct bark_net_stream *s, const char *host,
                                    uint16_t port, struct bark_error *err)
{
    struct openssl_client *client = (struct openssl_client *)tls;
    const size_t len = strlen(host);
    struct openssl_session *session;
    SSL *ssl;
    if (len == 0 || len >= sizeof session->host)
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC1035 2.3.4] a host name has 253 bytes at most");
    ssl = SSL_new(client->ctx);
    if (ssl && !host_set(ssl, host)) {
        SSL_free(ssl);
        ssl = NULL;
    }
    session = bark_openssl_session_new(s, ssl, client->method);
    if (!session)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a TLS connection");
    session->client = client;
    session->port = port;
    memcpy(session->host, host, len + 1);
    SSL_set_connect_state(ssl);
    session_resume(client, session);
    ERR_clear_error();
    return BARK_OK;
}

static enum bark_code certificate_set(SSL_CTX *ctx, const struct bark_tls_certificate *from,
                                      struct bark_error *err)
{
    struct openssl_identity identity;
    enum bark_code code = bark_openssl_identity_read(from, &identity, err);
    if (code != BARK_OK)
        return code;
    if (SSL_CTX_use_cert_and_key(ctx, identity.certificate, identity.key, identity.chain, 1) != 1)
        code = bark_fail(err, BARK_ERR_USE, 0, "the client's certificate is not one that TLS can use");
    bark_openssl_identity_drop(&identity);
    return code;
}

static enum bark_code trust_set(SSL_CTX *ctx, const struct bark_tls_client_options *options,
                                struct bark_error *err)
{
    if (options->ca_file || options->ca.len)
        return bark_openssl_trust(ctx, options->ca_file, options->ca, false, err);
    if (SSL_CTX_set_default_verify_paths(ctx) == 1)
        return BARK_OK;
    return bark_fail(err, BARK_ERR_IO, 0, "whom the system trusts cannot be read");
}

static enum bark_code client_open(struct openssl_client *client,
                                  const struct bark_tls_client_options *options, struct bark_error *err)
{
    static const unsigned char protocols[] = "\x08http/1.1";
    enum bark_code code;
    if (options->pin_count > BARK_TLS_PINS_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a client may have 16 pins");
    client->rules.pin_count = options->pin_count;
    for (size_t i = 0; i < options->pin_count; i++)
        memcpy(client->rules.pins[i], options->pins[i], BARK_TLS_PIN_BYTES);
    client->rules.rsa_bits_min = options->rsa_bits_min ? options->rsa_bits_min : BARK_TLS_RSA_VERIFY_BITS;
    client->method = bark_openssl_socket_method();
    client->ctx = bark_openssl_context_new(TLS_client_method());
    if (!client->method || !client->ctx)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS, or an OpenSSL without AES-GCM");
    /* Everything is verified as long as nobody says otherwise, and with pins always. */
    SSL_CTX_set_verify(client->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(client->ctx, bark_openssl_verify, &client->rules);
    SSL_CTX_set_session_cache_mode(client->ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client->ctx, bark_openssl_client_keep);
    if (SSL_CTX_set_alpn_protos(client->ctx, protocols, sizeof protocols - 1) != 0)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    code = trust_set(client->ctx, options, err);
    if (code == BARK_OK && options->certificate)
        code = certificate_set(client->ctx, options->certificate, err);
    return code;
}

struct bark_tls_client *bark_tls_client_new(const struct bark_tls_client_options *options,
                                            struct bark_error *err)
{
    const struct bark_tls_client_options usual = { 0 };
    struct openssl_client *client = calloc(1, sizeof *client);
    if (!client || pthread_mutex_init(&client->lock, NULL) != 0) {
        free(client);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
        return NULL;
    }
    client->base.net.attach = client_attach;
    if (client_open(client, options ? options : &usual, err) != BARK_OK) {
        bark_tls_client_free(&client->base);
        client = NULL;
    }
    ERR_clear_error();
    return client ? &client->base : NULL;
}

void bark_tls_client_free(struct bark_tls_client *tls)
{
    struct openssl_client *client = (struct openssl_client *)tls;
    if (!client)
        return;
    for (size_t i = 0; i < BARK_TLS_SESSIONS; i++)
        SSL_SESSION_free(client->sessions[i].value);
    SSL_CTX_free(client->ctx);
    BIO_meth_free(client->method);
    pthread_mutex_destroy(&client->lock);
    free(client);
}

void bark_tls_client_insecure_skip_verification(struct bark_tls_client *tls)
{
    struct openssl_client *client = (struct openssl_client *)tls;
    client->rules.skip = true;
}
