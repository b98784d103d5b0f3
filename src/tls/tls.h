/* tls/tls.h - what the two back ends share.
 *
 * openssl_*.c and mbedtls_*.c are two ways to do the same; a build has one of them, as SOAPBARK_TLS says. The
 * other files of this folder know neither library.
 */
#ifndef BARK_TLS_TLS_H
#define BARK_TLS_TLS_H

#include "net/net.h"
#include "soapbark/crypto.h"
#include "soapbark/tls.h"

enum {
    BARK_TLS_RSA_OWN_BITS = 3072, /* [ONVIF-CORE] the least of a key of our own: the Security Baseline */
    BARK_TLS_CERTIFICATES_MAX = 16,
    BARK_TLS_PINS_MAX = 16,
    BARK_TLS_DEPTH_MAX = 8, /* certificates of a chain */
    BARK_TLS_PEM_BYTES_MAX = 1024 * 1024, /* of a file */
    BARK_TLS_SESSIONS = 8, /* that a client keeps, one a server */
    BARK_TLS_RSA_VERIFY_BITS = 2048, /* [RFC7518 3.3] the least of a key that signed something */
    BARK_TLS_RSA_BITS_MAX = 8192 /* a longer one costs time that a stranger should not decide about */
};

/* What JOSE's name of a signature stands for; curve_bits is 0 for RSA. */
struct bark_tls_signature {
    enum bark_hash hash;
    unsigned curve_bits;
    bool pss;
};

/* signature.c: NULL for a value that is none. */
const struct bark_tls_signature *bark_tls_signature_of(enum bark_signature signature);

/* Why a handshake or a connection failed, in words that do not depend on the library. */
enum bark_tls_trouble {
    BARK_TLS_FINE,
    BARK_TLS_NAME,
    BARK_TLS_EXPIRED,
    BARK_TLS_EARLY,
    BARK_TLS_UNTRUSTED,
    BARK_TLS_WEAK,
    BARK_TLS_PURPOSE,
    BARK_TLS_PIN,
    BARK_TLS_CERTIFICATE,
    BARK_TLS_NO_CERTIFICATE,
    BARK_TLS_ALERT,
    BARK_TLS_PROTOCOL,
    BARK_TLS_TRUNCATED,
    BARK_TLS_CLOSED,
    BARK_TLS_TROUBLE_COUNT
};

/* trouble.c: records the trouble's rule, and the library's own words (or NULL) as what was found. */
void bark_tls_explain(enum bark_tls_trouble trouble, const char *detail, struct bark_error *err);

/* file.c: a whole file, NUL-terminated behind *len bytes, from malloc(); wiped and freed by _drop(). NULL
 * when it cannot be read. */
uint8_t *bark_tls_file_read(const char *path, size_t *len, struct bark_error *err);
void bark_tls_file_drop(uint8_t *bytes, size_t len);
/* Under another name first, mode 0600, synced, renamed. */
BARK_MUST_CHECK enum bark_code bark_tls_file_write(const char *path, struct bark_slice bytes,
                                                   struct bark_error *err);
bool bark_tls_file_exists(const char *path);
/* A PEM file, or what is in memory where none is named, as a copy to be dropped. */
uint8_t *bark_tls_pem_take(const char *path, struct bark_slice memory, size_t *len, struct bark_error *err);

/* name.c: [RFC9525 6.3] is the name that a certificate states for the host that is meant? A "*" stands for
 * the whole first label only. Neither ends in a dot. */
bool bark_tls_name_matches(struct bark_slice stated, const char *host);
/* 4 or 16 when the host is an address, whose bytes go to `bytes`; else 0. */
size_t bark_tls_address_read(const char *host, uint8_t bytes[16]);

/* sessions.c: what a client needs to resume, one entry a server; the value is the library's. Not locked. */
struct bark_tls_session {
    uint64_t until_ns; /* monotonic */
    void *value;
    uint16_t port;
    char host[254];
};
/* The entry of the server, or NULL. */
struct bark_tls_session *bark_tls_session_find(struct bark_tls_session *table, const char *host,
                                               uint16_t port);
/* An entry to fill for the server: its own, a free one, or the one that ends first. NULL when the host's name
 * is too long. A value in it is for the caller to free. */
struct bark_tls_session *bark_tls_session_place(struct bark_tls_session *table, const char *host,
                                                uint16_t port);
#define BARK_TLS_SESSION_NS (UINT64_C(3600) * 1000000000u) /* an hour: then the chain is verified anew */

/* What a back end has to make for bark_tls_self_signed(): key and certificate in PEM, NUL-terminated. */
struct bark_tls_made {
    char key[4096], chain[8192];
};
struct bark_tls_wish {
    enum bark_tls_key_kind kind;
    const char *common_name;
    const char *const *names;
    size_t name_count;
    uint8_t serial[16]; /* positive, big-endian */
    int64_t begin_s, end_s; /* Unix time */
};
BARK_MUST_CHECK bool bark_tls_make(const struct bark_tls_wish *wish, struct bark_tls_made *made);

/* random.c */
BARK_MUST_CHECK enum bark_code bark_tls_random(void *mem, size_t size);

/* Both libraries take keys that they only read without const. */
static inline void *bark_tls_mutable(const void *object)
{
    union {
        const void *given;
        void *taken;
    } u = { .given = object };
    return u.taken;
}

#endif
