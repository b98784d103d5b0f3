/* tls/signature.c - what a signature's name means, for every library. */
#include "tls/tls.h"

const struct bark_tls_signature *bark_tls_signature_of(enum bark_signature signature)
{
    static const struct bark_tls_signature rows[BARK_SIGNATURE_COUNT] = {
        [BARK_SIGNATURE_RS256] = { BARK_HASH_SHA256, 0, false },
        [BARK_SIGNATURE_RS384] = { BARK_HASH_SHA384, 0, false },
        [BARK_SIGNATURE_RS512] = { BARK_HASH_SHA512, 0, false },
        [BARK_SIGNATURE_PS256] = { BARK_HASH_SHA256, 0, true },
        [BARK_SIGNATURE_ES256] = { BARK_HASH_SHA256, 256, false },
        [BARK_SIGNATURE_ES384] = { BARK_HASH_SHA384, 384, false },
    };
    return (unsigned)signature < BARK_SIGNATURE_COUNT ? &rows[signature] : NULL;
}
