/* soapbark/crypto.h - hashes, random bytes and signature checks, by way of a table of functions.
 *
 * Soapbark has no cryptography of its own. The library soapbark_tls fills the table from OpenSSL or mbedTLS;
 * code that needs a hash takes the table as an argument, so the rest of Soapbark links to neither of the two,
 * and a device with a hardware engine may bring a table of its own.
 *
 * Every function of the table may be called from any thread. Input comes in parts, which count as one text:
 * H(name ":" realm ":" password) needs no buffer.
 */
#ifndef SOAPBARK_CRYPTO_H
#define SOAPBARK_CRYPTO_H

#include "soapbark/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** MD5 and SHA-1 are for old peers only: whoever calls decides where they are still allowed. */
enum bark_hash {
    BARK_HASH_MD5,
    BARK_HASH_SHA1,
    BARK_HASH_SHA256,
    BARK_HASH_SHA384,
    BARK_HASH_SHA512,
    BARK_HASH_COUNT
};

enum { BARK_HASH_BYTES_MAX = 64 };

/** 16, 20, 32, 48 or 64; 0 for a value that is no hash. */
size_t bark_hash_bytes(enum bark_hash hash);

/** Signatures as JOSE names them [RFC7518 3.1]. An ES signature is r and s side by side, 64 or 96 bytes. */
enum bark_signature {
    BARK_SIGNATURE_RS256, /* RSA PKCS#1 v1.5 with SHA-256 */
    BARK_SIGNATURE_RS384,
    BARK_SIGNATURE_RS512,
    BARK_SIGNATURE_PS256, /* RSA PSS with SHA-256, MGF1 of the same, 32 bytes of salt */
    BARK_SIGNATURE_ES256, /* ECDSA on P-256 with SHA-256 */
    BARK_SIGNATURE_ES384, /* ECDSA on P-384 with SHA-384 */
    BARK_SIGNATURE_COUNT
};

struct bark_hash_state; /* a hash under way */
struct bark_public_key;

struct bark_crypto {
    const char *name; /* "OpenSSL", "mbedTLS" */

    /** The hash of all parts into bark_hash_bytes(hash) bytes. BARK_ERR_USE when the library does not have
     * the hash (MD5 in a FIPS build), BARK_ERR_MEMORY. The digest is zero after a failure. */
    BARK_MUST_CHECK enum bark_code (*hash)(enum bark_hash hash, const struct bark_slice *parts, size_t count,
                                           uint8_t *digest);
    /** HMAC [RFC2104 2] likewise. */
    BARK_MUST_CHECK enum bark_code (*hmac)(enum bark_hash hash, struct bark_slice key,
                                           const struct bark_slice *parts, size_t count, uint8_t *mac);

    /** A hash in steps, for what is not in memory at once. NULL when it cannot be had. hash_end() writes the
     * digest unless that is NULL, and frees the state in any case; hash_end(NULL, ...) is fine and fails. */
    struct bark_hash_state *(*hash_new)(enum bark_hash hash);
    BARK_MUST_CHECK enum bark_code (*hash_add)(struct bark_hash_state *state, struct bark_slice bytes);
    enum bark_code (*hash_end)(struct bark_hash_state *state, uint8_t *digest);

    /** Bytes that nobody can guess: keys, nonces, tokens. Waits only while the system has just started. */
    BARK_MUST_CHECK enum bark_code (*random)(void *mem, size_t size);

    /** A public key from PEM ("PUBLIC KEY" or "CERTIFICATE") or DER (SubjectPublicKeyInfo or certificate;
     * the certificate's dates and issuer are not looked at). NULL with *err when the bytes are not one, or
     * the key is weak: RSA under 2048 bits [RFC7518 3.3], curves other than P-256 and P-384. */
    struct bark_public_key *(*key_new)(struct bark_slice bytes, struct bark_error *err);
    void (*key_free)(struct bark_public_key *key);

    /** BARK_OK when the signature over all parts was made with the key's private half; BARK_ERR_USE when the
     * key is of another kind than the signature, or on another curve; else BARK_ERR_TYPE. */
    BARK_MUST_CHECK enum bark_code (*verify)(const struct bark_public_key *key, enum bark_signature signature,
                                             const struct bark_slice *parts, size_t count,
                                             struct bark_slice value);
};

/** The table of the library that soapbark_tls was built with. In libsoapbark_tls only. */
const struct bark_crypto *bark_crypto_default(void);

/** Are the bytes the same? Takes the same time wherever they differ; only the lengths may show in it. For
 * passwords, digests and tokens. In libsoapbark, as are the two below. */
BARK_MUST_CHECK bool bark_secret_equal(struct bark_slice a, struct bark_slice b);

/** Overwrites with zeros, also where a compiler sees that nobody reads them again. */
void bark_secret_wipe(void *mem, size_t size);

enum { BARK_SPKI_RSA_MAX = 1100 }; /* room for a key of 8192 bits */

/** SubjectPublicKeyInfo [RFC5280 4.1.2.7] from the numbers of a JWK [RFC7518 6.2.1, 6.3.1], for key_new().
 * Numbers are big-endian; a point's x and y have 32 or 48 bytes each, leading zeros included. der has
 * BARK_SPKI_RSA_MAX bytes. Returns the length, or 0 when the numbers are too long or have no such length. */
size_t bark_spki_from_rsa(struct bark_slice modulus, struct bark_slice exponent, uint8_t *der);
size_t bark_spki_from_point(struct bark_slice x, struct bark_slice y, uint8_t *der);

#ifdef __cplusplus
}
#endif
#endif
