/* base/secret.c - what code that handles secrets needs besides a crypto library: comparing and forgetting,
 * lengths of hashes, and public keys built from their numbers.
 */
#include "soapbark/crypto.h"

#include <string.h>

size_t bark_hash_bytes(enum bark_hash hash)
{
    static const uint8_t bytes[BARK_HASH_COUNT] = { [BARK_HASH_MD5] = 16,
                                                    [BARK_HASH_SHA1] = 20,
                                                    [BARK_HASH_SHA256] = 32,
                                                    [BARK_HASH_SHA384] = 48,
                                                    [BARK_HASH_SHA512] = 64 };
    return (unsigned)hash < BARK_HASH_COUNT ? bytes[hash] : 0;
}

/* volatile: neither loop may be left early, or left out, by a compiler that sees what comes of it. */
bool bark_secret_equal(struct bark_slice a, struct bark_slice b)
{
    volatile uint8_t differing = 0;
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        differing = (uint8_t)(differing | (a.ptr[i] ^ b.ptr[i]));
    return differing == 0;
}

void bark_secret_wipe(void *mem, size_t size)
{
    volatile uint8_t *at = mem;
    for (size_t i = 0; i < size; i++)
        at[i] = 0;
}

/* DER is written from its end to its beginning, so that a length is known when its turn comes. */
struct der {
    uint8_t *base;
    size_t at; /* the first byte written */
};

/* False when there is no room left. */
static bool der_put(struct der *d, const void *bytes, size_t len)
{
    if (len > d->at)
        return false;
    d->at -= len;
    if (len)
        memcpy(d->base + d->at, bytes, len);
    return true;
}

/* Tag and length before the `len` bytes that stand at d->at. [X690 8.1.3] */
static bool der_head(struct der *d, uint8_t tag, size_t len)
{
    const uint8_t shorter[] = { tag, (uint8_t)len }, middle[] = { tag, 0x81, (uint8_t)len };
    const uint8_t longer[] = { tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len };
    if (len < 0x80)
        return der_put(d, shorter, sizeof shorter);
    return len <= 0xff ? der_put(d, middle, sizeof middle) : der_put(d, longer, sizeof longer);
}

/* [X690 8.3] without leading zeros, but with one where the number would read as negative. */
static bool der_number(struct der *d, struct bark_slice number)
{
    static const uint8_t zero[1] = { 0 };
    const size_t end = d->at;
    while (number.len > 0 && number.ptr[0] == 0) {
        number.ptr++;
        number.len--;
    }
    if (number.len == 0 || !der_put(d, number.ptr, number.len))
        return false;
    if ((number.ptr[0] & 0x80) && !der_put(d, zero, 1))
        return false;
    return der_head(d, 0x02, end - d->at);
}

/* What was built moves to the front. */
static size_t der_finish(const struct der *d, size_t cap, bool fine)
{
    const size_t len = cap - d->at;
    if (!fine) {
        memset(d->base, 0, cap);
        return 0;
    }
    memmove(d->base, d->base + d->at, len);
    return len;
}

/* The bit string that ends a SubjectPublicKeyInfo has no unused bits; algorithm and frame follow it here. */
static bool der_frame(struct der *d, size_t cap, const uint8_t *algorithm, size_t algorithm_len)
{
    static const uint8_t zero[1] = { 0 };
    return der_put(d, zero, 1) && der_head(d, 0x03, cap - d->at) && der_put(d, algorithm, algorithm_len) &&
           der_head(d, 0x30, cap - d->at);
}

size_t bark_spki_from_rsa(struct bark_slice modulus, struct bark_slice exponent, uint8_t *der)
{
    /* SEQUENCE { rsaEncryption 1.2.840.113549.1.1.1, NULL } */
    static const uint8_t algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                         0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
    struct der d = { der, BARK_SPKI_RSA_MAX };
    const bool fine = der_number(&d, exponent) && der_number(&d, modulus) &&
                      der_head(&d, 0x30, BARK_SPKI_RSA_MAX - d.at) &&
                      der_frame(&d, BARK_SPKI_RSA_MAX, algorithm, sizeof algorithm);
    return der_finish(&d, BARK_SPKI_RSA_MAX, fine);
}

size_t bark_spki_from_point(struct bark_slice x, struct bark_slice y, uint8_t *der)
{
    /* SEQUENCE { ecPublicKey 1.2.840.10045.2.1, prime256v1 1.2.840.10045.3.1.7 or secp384r1 1.3.132.0.34 } */
    static const uint8_t p256[] = { 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
    static const uint8_t p384[] = { 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                                    0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22 };
    static const uint8_t uncompressed[1] = { 0x04 };
    struct der d = { der, BARK_SPKI_RSA_MAX };
    const bool fine =
        (x.len == 32 || x.len == 48) && y.len == x.len && der_put(&d, y.ptr, y.len) &&
        der_put(&d, x.ptr, x.len) && der_put(&d, uncompressed, 1) &&
        der_frame(&d, BARK_SPKI_RSA_MAX, x.len == 32 ? p256 : p384, x.len == 32 ? sizeof p256 : sizeof p384);
    return der_finish(&d, BARK_SPKI_RSA_MAX, fine);
}
