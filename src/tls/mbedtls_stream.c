/* tls/mbedtls_stream.c - a stream whose bytes go through mbedTLS. */
#define _GNU_SOURCE
#include "tls/mbedtls_tls.h"

#include <errno.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/oid.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DRAIN_READS = 16 };

static int socket_send(void *user, const unsigned char *mem, size_t size)
{
    const struct mbedtls_session *session = user;
    ssize_t n;
    do {
        n = send(session->fd, mem, size, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n >= 0)
        return (int)n; /* a record at most */
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? MBEDTLS_ERR_SSL_WANT_WRITE
                                                                       : MBEDTLS_ERR_NET_SEND_FAILED;
}

static int socket_recv(void *user, unsigned char *mem, size_t size)
{
    const struct mbedtls_session *session = user;
    ssize_t n;
    do {
        n = recv(session->fd, mem, size, 0);
    } while (n < 0 && errno == EINTR);
    if (n >= 0)
        return (int)n; /* 0 becomes MBEDTLS_ERR_SSL_CONN_EOF */
    return errno == EAGAIN || errno == EWOULDBLOCK ? MBEDTLS_ERR_SSL_WANT_READ : MBEDTLS_ERR_NET_RECV_FAILED;
}

static enum bark_tls_trouble trouble_of(const struct mbedtls_session *session, int returned)
{
    const uint32_t flags = mbedtls_ssl_get_verify_result(&session->ssl);
    switch (returned) {
    case 0:
    case MBEDTLS_ERR_SSL_CONN_EOF:
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
    case MBEDTLS_ERR_NET_RECV_FAILED:
    case MBEDTLS_ERR_NET_SEND_FAILED:
    case MBEDTLS_ERR_NET_CONN_RESET:
        return session->done ? BARK_TLS_TRUNCATED : BARK_TLS_CLOSED;
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return BARK_TLS_ALERT;
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
        return flags && flags != UINT32_MAX ? bark_mbedtls_trouble_of(flags) : BARK_TLS_CERTIFICATE;
    default:
        if (returned == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE)
            return BARK_TLS_NO_CERTIFICATE;
        return BARK_TLS_PROTOCOL;
    }
}

static enum bark_net_result trouble_note(struct mbedtls_session *session, int returned)
{
    session->broken = true;
    if (session->trouble == BARK_TLS_FINE)
        session->trouble = trouble_of(session, returned);
    if (session->counts && !session->done)
        atomic_fetch_add(&session->counts->failed, 1);
    session->counts = NULL; /* counted once */
    return BARK_NET_FAILED;
}

static enum bark_net_result stream_handshake(struct bark_net_stream *s)
{
    struct mbedtls_session *session = s->session;
    int returned;
    if (session->done)
        return BARK_NET_DONE;
    if (session->broken)
        return BARK_NET_FAILED;
    returned = mbedtls_ssl_handshake(&session->ssl);
    if (returned == MBEDTLS_ERR_SSL_WANT_READ)
        return BARK_NET_WANT_READ;
    if (returned == MBEDTLS_ERR_SSL_WANT_WRITE)
        return BARK_NET_WANT_WRITE;
    if (returned != 0 || session->trouble != BARK_TLS_FINE)
        return trouble_note(session, returned);
    session->done = true;
    if (session->counts)
        atomic_fetch_add(&session->counts->handshakes, 1);
    session->counts = NULL;
    if (session->client)
        bark_mbedtls_client_keep(session);
    return BARK_NET_DONE;
}

static enum bark_net_result result_of(struct mbedtls_session *session, int returned, size_t *count)
{
    if (returned > 0) {
        *count = (size_t)returned;
        return BARK_NET_DONE;
    }
    if (returned == MBEDTLS_ERR_SSL_WANT_READ)
        return BARK_NET_WANT_READ;
    return returned == MBEDTLS_ERR_SSL_WANT_WRITE ? BARK_NET_WANT_WRITE : trouble_note(session, returned);
}

static enum bark_net_result stream_recv(struct bark_net_stream *s, void *mem, size_t size, size_t *count)
{
    struct mbedtls_session *session = s->session;
    enum bark_net_result result = stream_handshake(s);
    int returned;
    *count = 0;
    if (result != BARK_NET_DONE)
        return result;
    if (session->broken)
        return BARK_NET_FAILED;
    if (session->ended)
        return BARK_NET_END;
    returned = mbedtls_ssl_read(&session->ssl, mem, size);
#ifdef BARK_MBEDTLS_3
    while (returned == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
        bark_mbedtls_client_keep(session);
        returned = mbedtls_ssl_read(&session->ssl, mem, size);
    }
#endif
    if (returned == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        session->ended = true;
        return BARK_NET_END;
    }
    return result_of(session, returned, count);
}

static enum bark_net_result stream_send(struct bark_net_stream *s, const void *mem, size_t size,
                                        size_t *count)
{
    struct mbedtls_session *session = s->session;
    enum bark_net_result result = stream_handshake(s);
    *count = 0;
    if (result != BARK_NET_DONE)
        return result;
    if (session->broken || size == 0)
        return BARK_NET_FAILED;
    return result_of(session, mbedtls_ssl_write(&session->ssl, mem, size), count);
}

/* "close_notify", if it can be sent now. */
static void goodbye(struct mbedtls_session *session)
{
    if (session->done && !session->broken)
        (void)mbedtls_ssl_close_notify(&session->ssl);
}

static void stream_end(struct bark_net_stream *s)
{
    goodbye(s->session);
    (void)shutdown(s->fd, SHUT_WR);
}

/* A socket that is closed with unread input is reset, and the peer may lose the alert that says why. */
static void drain(int fd)
{
    char dropped[4096];
    (void)shutdown(fd, SHUT_WR);
    for (unsigned i = 0; i < DRAIN_READS; i++) {
        ssize_t n = recv(fd, dropped, sizeof dropped, MSG_DONTWAIT);
        if (n <= 0)
            return;
    }
}

static void stream_close(struct bark_net_stream *s)
{
    struct mbedtls_session *session = s->session;
    if (session) {
        goodbye(session);
        if (session->broken)
            drain(s->fd);
        mbedtls_ssl_free(&session->ssl);
        bark_mbedtls_state_release(session->state);
        free(session);
    }
    if (s->fd >= 0)
        close(s->fd);
    *s = (struct bark_net_stream){ .ops = &bark_net_plain, .fd = -1 };
}

static void stream_explain(const struct bark_net_stream *s, struct bark_error *err)
{
    const struct mbedtls_session *session = s->session;
    if (session->trouble != BARK_TLS_FINE)
        bark_tls_explain(session->trouble, NULL, err);
}

static bool stream_identity(const struct bark_net_stream *s, struct bark_net_identity *identity)
{
    const struct mbedtls_session *session = s->session;
    const mbedtls_x509_crt *certificate = session->done ? mbedtls_ssl_get_peer_cert(&session->ssl) : NULL;
    const mbedtls_asn1_named_data *part;
    memset(identity, 0, sizeof *identity);
    if (!certificate || mbedtls_ssl_get_verify_result(&session->ssl) != 0 ||
        !bark_mbedtls_key_hash(certificate, identity->key_sha256))
        return false;
    for (part = &certificate->subject; part; part = part->next) {
        if (part->oid.len != MBEDTLS_OID_SIZE(MBEDTLS_OID_AT_CN) ||
            memcmp(part->oid.p, MBEDTLS_OID_AT_CN, part->oid.len) != 0)
            continue;
        /* Too long, or with a NUL inside: then it is not the name that the certificate states. */
        if (part->val.len < sizeof identity->common_name && !memchr(part->val.p, '\0', part->val.len))
            memcpy(identity->common_name, part->val.p, part->val.len);
        break;
    }
    return true;
}

static const struct bark_net_stream_ops stream_ops = {
    .recv = stream_recv,
    .send = stream_send,
    .end = stream_end,
    .close = stream_close,
    .handshake = stream_handshake,
    .explain = stream_explain,
    .identity = stream_identity,
};

struct mbedtls_session *bark_mbedtls_session_new(struct bark_net_stream *s, const mbedtls_ssl_config *config,
                                                 const struct mbedtls_rules *rules)
{
    struct mbedtls_session *session = calloc(1, sizeof *session);
    if (!session)
        return NULL;
    mbedtls_ssl_init(&session->ssl);
    if (mbedtls_ssl_setup(&session->ssl, config) != 0) {
        mbedtls_ssl_free(&session->ssl);
        free(session);
        return NULL;
    }
    session->fd = s->fd;
    session->rules = rules;
    mbedtls_ssl_set_bio(&session->ssl, session, socket_send, socket_recv, NULL);
    mbedtls_ssl_set_verify(&session->ssl, bark_mbedtls_verify, session);
    s->ops = &stream_ops;
    s->session = session;
    return session;
}
