/* tls/mbedtls_client.c - the client's side by mbedTLS: whom to trust, names, pins, sessions. */
#define _GNU_SOURCE
#include "tls/mbedtls_tls.h"

#include <stdlib.h>
#include <string.h>

struct mbedtls_client {
    struct bark_tls_client base; /* first */
    mbedtls_ssl_config config;
    mbedtls_x509_crt trusted;
    struct mbedtls_identity identity;
    struct mbedtls_rules rules;
    pthread_mutex_t lock; /* of the sessions */
    struct bark_tls_session sessions[BARK_TLS_SESSIONS];
};

static void session_free(void *value)
{
    if (value)
        mbedtls_ssl_session_free(value);
    free(value);
}

void bark_mbedtls_client_keep(struct mbedtls_session *session)
{
    struct mbedtls_client *client = session->client;
    mbedtls_ssl_session *value = calloc(1, sizeof *value);
    struct bark_tls_session *entry = NULL;
    if (!value)
        return; /* the next handshake is a full one */
    mbedtls_ssl_session_init(value);
    pthread_mutex_lock(&client->lock);
    if (mbedtls_ssl_get_session(&session->ssl, value) == 0)
        entry = bark_tls_session_place(client->sessions, session->host, session->port);
    if (entry) {
        session_free(entry->value);
        entry->value = value;
        entry->until_ns = bark_net_monotonic_ns() + BARK_TLS_SESSION_NS;
    }
    pthread_mutex_unlock(&client->lock);
    if (!entry)
        session_free(value);
}

static void session_resume(struct mbedtls_client *client, struct mbedtls_session *session)
{
    struct bark_tls_session *entry;
    pthread_mutex_lock(&client->lock);
    entry = bark_tls_session_find(client->sessions, session->host, session->port);
    if (entry) {
        if (bark_net_monotonic_ns() < entry->until_ns)
            (void)mbedtls_ssl_set_session(&session->ssl, entry->value); /* else a full handshake follows */
        session_free(entry->value);
        entry->value = NULL;
    }
    pthread_mutex_unlock(&client->lock);
}

static enum bark_code client_attach(struct bark_net_tls *tls, struct bark_net_stream *s, const char *host,
                                    uint16_t port, struct bark_error *err)
{
    struct mbedtls_client *client = (struct mbedtls_client *)tls;
    const struct bark_net_stream before = *s;
    const size_t len = strlen(host);
    struct mbedtls_session *session;
    uint8_t address[16];
    if (len == 0 || len >= sizeof session->host)
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC1035 2.3.4] a host name has 253 bytes at most");
    session = bark_mbedtls_session_new(s, &client->config, &client->rules);
    /* The name is asked for [RFC6066 3], an address is not. */
    if (session &&
        mbedtls_ssl_set_hostname(&session->ssl, bark_tls_address_read(host, address) ? NULL : host) != 0) {
        mbedtls_ssl_free(&session->ssl);
        free(session);
        *s = before;
        session = NULL;
    }
    if (!session)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for a TLS connection");
    session->client = client;
    session->port = port;
    memcpy(session->host, host, len + 1);
    session_resume(client, session);
    return BARK_OK;
}

/* mbedTLS knows no place of its own. */
static enum bark_code system_trust(mbedtls_x509_crt *trusted, struct bark_error *err)
{
    static const char *const files[] = { "/etc/ssl/certs/ca-certificates.crt",
                                         "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (bark_tls_file_exists(files[i]) && mbedtls_x509_crt_parse_file(trusted, files[i]) >= 0 &&
            trusted->raw.len > 0)
            return BARK_OK;
    }
    return bark_fail(err, BARK_ERR_IO, 0, "whom the system trusts cannot be read: a file of CAs is needed");
}

static enum bark_code client_open(struct mbedtls_client *client,
                                  const struct bark_tls_client_options *options, struct bark_error *err)
{
    enum bark_code code;
    if (options->pin_count > BARK_TLS_PINS_MAX)
        return bark_fail(err, BARK_ERR_USE, 0, "a client may have 16 pins");
    client->rules.pin_count = options->pin_count;
    for (size_t i = 0; i < options->pin_count; i++)
        memcpy(client->rules.pins[i], options->pins[i], BARK_TLS_PIN_BYTES);
    client->rules.rsa_bits_min = options->rsa_bits_min ? options->rsa_bits_min : BARK_TLS_RSA_VERIFY_BITS;
    if (!bark_mbedtls_config(&client->config, false))
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    mbedtls_ssl_conf_authmode(&client->config, MBEDTLS_SSL_VERIFY_REQUIRED);
#if MBEDTLS_VERSION_NUMBER >= 0x03060100 && defined(MBEDTLS_SSL_PROTO_TLS1_3) /* before, it always told */
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        &client->config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
    if (options->ca_file || options->ca.len)
        code = bark_mbedtls_trust(&client->trusted, options->ca_file, options->ca, err);
    else
        code = system_trust(&client->trusted, err);
    if (code != BARK_OK)
        return code;
    mbedtls_ssl_conf_ca_chain(&client->config, &client->trusted, NULL);
    if (!options->certificate)
        return BARK_OK;
    code = bark_mbedtls_identity_read(options->certificate, &client->identity, err);
    if (code == BARK_OK &&
        mbedtls_ssl_conf_own_cert(&client->config, &client->identity.chain, &client->identity.key) != 0)
        code = bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
    return code;
}

struct bark_tls_client *bark_tls_client_new(const struct bark_tls_client_options *options,
                                            struct bark_error *err)
{
    const struct bark_tls_client_options usual = { 0 };
    struct mbedtls_client *client = calloc(1, sizeof *client);
    if (!client || pthread_mutex_init(&client->lock, NULL) != 0) {
        free(client);
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for TLS");
        return NULL;
    }
    client->base.net.attach = client_attach;
    mbedtls_ssl_config_init(&client->config);
    mbedtls_x509_crt_init(&client->trusted);
    bark_mbedtls_identity_init(&client->identity);
    if (client_open(client, options ? options : &usual, err) == BARK_OK)
        return &client->base;
    bark_tls_client_free(&client->base);
    return NULL;
}

void bark_tls_client_free(struct bark_tls_client *tls)
{
    struct mbedtls_client *client = (struct mbedtls_client *)tls;
    if (!client)
        return;
    for (size_t i = 0; i < BARK_TLS_SESSIONS; i++)
        session_free(client->sessions[i].value);
    mbedtls_ssl_config_free(&client->config);
    mbedtls_x509_crt_free(&client->trusted);
    bark_mbedtls_identity_drop(&client->identity);
    pthread_mutex_destroy(&client->lock);
    free(client);
}

void bark_tls_client_insecure_skip_verification(struct bark_tls_client *tls)
{
    struct mbedtls_client *client = (struct mbedtls_client *)tls;
    client->rules.skip = true;
    mbedtls_ssl_conf_authmode(&client->config, MBEDTLS_SSL_VERIFY_OPTIONAL); /* the callback is asked still */
}
