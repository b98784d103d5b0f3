/* onvif/device_auth.c - who may call the device: its authenticator, as the command line wants it.
 *
 * Digest with SHA-256 unless the owner says otherwise; the rest is asked for by name. Hashes and signatures
 * come from the TLS library, so a build without one has no authentication, and its device says so instead of
 * serving everybody.
 */
#include "device_auth.h"

#include <stdio.h>
#include <string.h>

#ifdef SOAPBARK_HAS_TLS

static const char realm[] = "Soapbark device";

static bool algorithm_of(const char *name, enum bark_signature *algorithm)
{
    static const struct {
        const char *name;
        enum bark_signature algorithm;
    } all[] = { { "ES256", BARK_SIGNATURE_ES256 }, { "ES384", BARK_SIGNATURE_ES384 },
                { "RS256", BARK_SIGNATURE_RS256 }, { "RS384", BARK_SIGNATURE_RS384 },
                { "RS512", BARK_SIGNATURE_RS512 }, { "PS256", BARK_SIGNATURE_PS256 } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, name) == 0) {
            *algorithm = all[i].algorithm;
            return true;
        }
    }
    return false;
}

static enum bark_code token_key_read(struct onvif_auth *auth, const struct onvif_auth_options *o,
                                     struct bark_error *err)
{
    uint8_t pem[16 * 1024];
    FILE *file = fopen(o->token_key, "rb");
    size_t len = file ? fread(pem, 1, sizeof pem, file) : 0;
    const bool whole = file && feof(file) && !ferror(file);
    if (file)
        fclose(file);
    if (!whole)
        return bark_fail(err, BARK_ERR_USE, 0, "the file of --token-key cannot be read");
    if (!algorithm_of(o->token_algorithm, &auth->token_key.algorithm))
        return bark_fail(err, BARK_ERR_USE, 0,
                         "--token-algorithm is ES256, ES384, RS256, RS384, RS512 or PS256");
    auth->key = bark_crypto_default()->key_new((struct bark_slice){ pem, len }, err);
    auth->token_key.key = auth->key;
    return auth->key ? BARK_OK : BARK_ERR_USE;
}

enum bark_code onvif_auth_open(struct onvif_auth *auth, const struct onvif_auth_options *o,
                               struct onvif_backend *backend, struct bark_error *err)
{
    struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                         .users = &auth->store,
                                         .realm = realm,
                                         .schemes = BARK_AUTH_DIGEST_SHA256 };
    *auth = (struct onvif_auth){ .store = onvif_user_store(backend) };
    if (o->md5)
        options.schemes |= BARK_AUTH_DIGEST_MD5;
    if (o->md5_only)
        options.schemes = BARK_AUTH_DIGEST_MD5;
    if (o->basic)
        options.schemes |= BARK_AUTH_BASIC;
    if (o->certificates)
        options.schemes |= BARK_AUTH_CERTIFICATE;
    if (o->token_key) {
        enum bark_code code = token_key_read(auth, o, err);
        if (code)
            return code;
        options.schemes |= BARK_AUTH_BEARER;
        options.keys = &auth->token_key;
        options.key_count = 1;
        options.issuer = o->token_issuer;
        options.audience = o->token_audience;
        backend->tokens = true;
    }
    auth->auth = bark_auth_new(&options, err);
    if (!auth->auth) {
        onvif_auth_close(auth);
        return BARK_ERR_USE;
    }
    backend->asks = true;
    return BARK_OK;
}

void onvif_auth_close(struct onvif_auth *auth)
{
    bark_auth_free(auth->auth);
    if (auth->key)
        bark_crypto_default()->key_free(auth->key);
    *auth = (struct onvif_auth){ .auth = NULL };
}

#else

enum bark_code onvif_auth_open(struct onvif_auth *auth, const struct onvif_auth_options *o,
                               struct onvif_backend *backend, struct bark_error *err)
{
    *auth = (struct onvif_auth){ .auth = NULL };
    (void)o;
    (void)backend;
    return bark_fail(err, BARK_ERR_USE, 0,
                     "this build has no TLS library (SOAPBARK_TLS), so it cannot ask who calls: "
                     "--insecure-no-authentication serves this machine without");
}

void onvif_auth_close(struct onvif_auth *auth)
{
    (void)auth;
}

#endif
