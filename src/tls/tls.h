/* tls/tls.h - what the two back ends share.
 *
 * openssl_*.c and mbedtls_*.c are two ways to do the same; a build has one of them, as SOAPBARK_TLS says. The
 * other files of this folder know neither library.
 */
#ifndef BARK_TLS_TLS_H
#define BARK_TLS_TLS_H

#include "net/net.h"
#include "soapbark/crypto.h"

enum {
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
