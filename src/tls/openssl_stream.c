/* tls/openssl_stream.c - a stream whose bytes go through OpenSSL.
 *
 * OpenSSL's own socket code calls write(), which raises SIGPIPE when the peer has gone; so it gets sockets by
 * way of a small BIO that calls recv() and send().
 *
 * OpenSSL keeps a queue of errors for each thread. It is emptied before every call, so that what
 * SSL_get_error() finds there belongs to this call.
 */
#define _GNU_SOURCE
#include "tls/openssl_tls.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DRAIN_READS = 16 };

/* ---- the socket as OpenSSL sees it ---- */

static int socket_of(BIO *bio)
{
    const struct openssl_session *session = BIO_get_data(bio);
    return session->fd;
}

static int socket_read(BIO *bio, char *mem, size_t size, size_t *count)
{
    ssize_t n;
    *count = 0;
    BIO_clear_retry_flags(bio);
    do {
        n = recv(socket_of(bio), mem, size, 0);
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        *count = (size_t)n;
    else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        BIO_set_retry_read(bio);
    else if (n == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return n > 0;
}

static int socket_write(BIO *bio, const char *mem, size_t size, size_t *count)
{
    ssize_t n;
    *count = 0;
    BIO_clear_retry_flags(bio);
    do {
        n = send(socket_of(bio), mem, size, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        *count = (size_t)n;
    else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
        BIO_set_retry_write(bio);
    return n > 0;
}

static long socket_control(BIO *bio, int command, long number, void *pointer)
{
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH;
}

BIO_METHOD *bark_openssl_socket_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "soapbark socket");
    if (method && BIO_meth_set_read_ex(method, socket_read) == 1 &&
        BIO_meth_set_write_ex(method, socket_write) == 1 && BIO_meth_set_ctrl(method, socket_control) == 1)
        return method;
    BIO_meth_free(method);
    return NULL;
}

/* ---- what failed, and why ---- */

static enum bark_tls_trouble trouble_of(unsigned long code, bool done)
{
    const int reason = ERR_GET_REASON(code);
    if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
        return BARK_TLS_NO_CERTIFICATE;
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return done ? BARK_TLS_TRUNCATED : BARK_TLS_CLOSED;
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET &&
        reason < SSL_AD_REASON_OFFSET + 256)
        return BARK_TLS_ALERT;
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return BARK_TLS_CERTIFICATE;
    return BARK_TLS_PROTOCOL;
}

/* The first failure counts; the verification has its own, better words, and they come first. */
static void trouble_note(struct openssl_session *session, bool by_library)
{
    const unsigned long code = by_library ? ERR_peek_error() : 0;
    session->broken = true;
    if (session->trouble == BARK_TLS_FINE) {
        session->trouble =
            code ? trouble_of(code, session->done) : (session->done ? BARK_TLS_TRUNCATED : BARK_TLS_CLOSED);
        session->detail = code ? ERR_reason_error_string(code) : NULL;
    }
    if (session->counts && !session->done)
        atomic_fetch_add(&session->counts->failed, 1);
    session->counts = NULL; /* counted once */
    ERR_clear_error();
}

static enum bark_net_result result_of(struct openssl_session *session, int returned)
{
    const int error = SSL_get_error(session->ssl, returned);
    switch (error) {
    case SSL_ERROR_WANT_READ:
        return BARK_NET_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
        return BARK_NET_WANT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return BARK_NET_END;
    default: /* [SSL_get_error(3)] a system call failed, or the protocol */
        trouble_note(session, error == SSL_ERROR_SSL);
        return BARK_NET_FAILED;
    }
}

/* ---- the functions of the stream ---- */

static void handshake_done(struct openssl_session *session)
{
    session->done = true;
    if (session->counts) {
        atomic_fetch_add(&session->counts->handshakes, 1);
        if (SSL_session_reused(session->ssl))
            atomic_fetch_add(&session->counts->resumed, 1);
        session->counts = NULL;
    }
}

static enum bark_net_result stream_handshake(struct bark_net_stream *s)
{
    struct openssl_session *session = s->session;
    int returned;
    if (session->done)
        return BARK_NET_DONE;
    if (session->broken)
        return BARK_NET_FAILED;
    ERR_clear_error();
    returned = SSL_do_handshake(session->ssl);
    if (returned != 1) {
        const enum bark_net_result result = result_of(session, returned);
        if (result == BARK_NET_END) /* an alert "close_notify" in place of a handshake */
            trouble_note(session, false);
        return result == BARK_NET_END ? BARK_NET_FAILED : result;
    }
    handshake_done(session);
    return BARK_NET_DONE;
}

static enum bark_net_result stream_recv(struct bark_net_stream *s, void *mem, size_t size, size_t *count)
{
    struct openssl_session *session = s->session;
    enum bark_net_result result = stream_handshake(s);
    int returned;
    *count = 0;
    if (result != BARK_NET_DONE)
        return result;
    if (session->broken)
        return BARK_NET_FAILED;
    ERR_clear_error();
    returned = SSL_read_ex(session->ssl, mem, size, count);
    if (returned == 1)
        return BARK_NET_DONE;
    *count = 0;
    return result_of(session, returned);
}

static enum bark_net_result stream_send(struct bark_net_stream *s, const void *mem, size_t size,
                                        size_t *count)
{
    struct openssl_session *session = s->session;
    enum bark_net_result result = stream_handshake(s);
    int returned;
    *count = 0;
    if (result != BARK_NET_DONE)
        return result;
    if (session->broken)
        return BARK_NET_FAILED;
    ERR_clear_error();
    returned = SSL_write_ex(session->ssl, mem, size, count);
    if (returned == 1)
        return BARK_NET_DONE;
    *count = 0;
    result = result_of(session, returned);
    return result == BARK_NET_END ? BARK_NET_FAILED : result;
}

/* "close_notify", if it can be sent now: a peer that does not take it will not miss it either. */
static void goodbye(struct openssl_session *session)
{
    if (!session->done || session->broken || (SSL_get_shutdown(session->ssl) & SSL_SENT_SHUTDOWN))
        return;
    ERR_clear_error();
    (void)SSL_shutdown(session->ssl);
    ERR_clear_error();
}

static void stream_end(struct bark_net_stream *s)
{
    goodbye(s->session);
    (void)shutdown(s->fd, SHUT_WR);
}

/* A socket that is closed with unread input is reset, and the peer may lose the alert that says why. So after
 * a failure what has come is read and dropped; a little of it, since the peer may send without end. */
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
    struct openssl_session *session = s->session;
    if (session) {
        goodbye(session);
        if (session->broken)
            drain(s->fd);
        SSL_free(session->ssl);
        bark_openssl_state_release(session->state);
        ERR_clear_error();
        free(session);
    }
    if (s->fd >= 0)
        close(s->fd);
    *s = (struct bark_net_stream){ .ops = &bark_net_plain, .fd = -1 };
}

static void stream_explain(const struct bark_net_stream *s, struct bark_error *err)
{
    const struct openssl_session *session = s->session;
    if (session->trouble != BARK_TLS_FINE)
        bark_tls_explain(session->trouble, session->detail, err);
}

static bool stream_identity(const struct bark_net_stream *s, struct bark_net_identity *identity)
{
    const struct openssl_session *session = s->session;
    X509 *certificate = session->done ? SSL_get0_peer_certificate(session->ssl) : NULL;
    int n;
    memset(identity, 0, sizeof *identity);
    if (!certificate || SSL_get_verify_result(session->ssl) != X509_V_OK ||
        !bark_openssl_key_hash(certificate, identity->key_sha256))
        return false;
    n = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, identity->common_name,
                                  sizeof identity->common_name);
    /* Cut, or with a NUL inside: then it is not the name that the certificate states. */
    if (n < 0 || (size_t)n >= sizeof identity->common_name || strlen(identity->common_name) != (size_t)n)
        memset(identity->common_name, 0, sizeof identity->common_name);
    ERR_clear_error();
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

struct openssl_session *bark_openssl_session_new(struct bark_net_stream *s, SSL *ssl, BIO_METHOD *method)
{
    struct openssl_session *session = ssl ? calloc(1, sizeof *session) : NULL;
    BIO *bio = session ? BIO_new(method) : NULL;
    if (!bio) {
        SSL_free(ssl);
        free(session);
        ERR_clear_error();
        return NULL;
    }
    session->ssl = ssl;
    session->fd = s->fd;
    BIO_set_data(bio, session);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_app_data(ssl, session);
    s->ops = &stream_ops;
    s->session = session;
    return session;
}
