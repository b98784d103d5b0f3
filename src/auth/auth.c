/* auth/auth.c - the authenticator: options, the way from an Authorization field to a verdict, and challenges.
 */
#include "auth/auth.h"

#include "http/chars.h"
#include "soapbark/http.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALL_SCHEMES = BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_DIGEST_MD5 | BARK_AUTH_BASIC | BARK_AUTH_BEARER |
                  BARK_AUTH_CERTIFICATE,
    NONCE_S = 300,
    NONCES = 1024,
    PEERS = 256,
    TRIES = 5,
    WAIT_S = 5,
    TABLE_MAX = 1 << 20
};

static const char *options_wrong(const struct bark_auth_options *o)
{
    const size_t realm = o->realm ? strlen(o->realm) : 0;
    if (!o->crypto || !o->users || !o->users->find)
        return "bark_auth_options: crypto and users are needed";
    if (realm == 0 || realm > BARK_AUTH_REALM_MAX)
        return "bark_auth_options.realm has 1 to 64 bytes";
    for (size_t i = 0; i < realm; i++) {
        if (o->realm[i] < ' ' || o->realm[i] > '~' || o->realm[i] == '"' || o->realm[i] == '\\')
            return "bark_auth_options.realm is printable ASCII without quotes and backslashes";
    }
    if (o->schemes == 0 || (o->schemes & ~(unsigned)ALL_SCHEMES) != 0)
        return "bark_auth_options.schemes are bits of enum bark_auth_scheme, one at least";
    if ((o->schemes & BARK_AUTH_BEARER) && (o->key_count == 0 || !o->keys || !o->issuer || !o->audience))
        return "bark_auth_options: bearer tokens need keys, issuer and audience";
    if ((o->schemes & BARK_AUTH_CERTIFICATE) && !o->users->find_certificate)
        return "bark_user_store.find_certificate is needed for certificates";
    if (o->nonces > TABLE_MAX || o->peers > TABLE_MAX)
        return "bark_auth_options: nonces and peers are at most 1,048,576";
    return NULL;
}

static uint32_t value_or(uint32_t value, uint32_t otherwise)
{
    return value ? value : otherwise;
}

struct bark_auth *bark_auth_new(const struct bark_auth_options *options, struct bark_error *err)
{
    const char *wrong = options_wrong(options);
    struct bark_auth *auth;
    uint8_t secret[32];
    if (wrong) {
        (void)bark_fail(err, BARK_ERR_USE, 0, wrong);
        return NULL;
    }
    auth = calloc(1, sizeof *auth);
    if (!auth) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for an authenticator");
        return NULL;
    }
    auth->options = *options;
    auth->options.nonce_s = value_or(options->nonce_s, NONCE_S);
    auth->options.nonces = value_or(options->nonces, NONCES);
    auth->options.peers = value_or(options->peers, PEERS);
    auth->options.tries = value_or(options->tries, TRIES);
    auth->options.wait_s = value_or(options->wait_s, WAIT_S);
    memcpy(auth->realm, options->realm, strlen(options->realm) + 1);
    auth->options.realm = auth->realm;
    auth->uses = calloc(auth->options.nonces, sizeof *auth->uses);
    auth->peers = calloc(auth->options.peers, sizeof *auth->peers);
    if (!auth->uses || !auth->peers || pthread_mutex_init(&auth->lock, NULL) != 0) {
        (void)bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for an authenticator");
        free(auth->uses);
        free(auth->peers);
        free(auth);
        return NULL;
    }
    if (options->crypto->random(auth->key, sizeof auth->key) != BARK_OK ||
        options->crypto->random(secret, sizeof secret) != BARK_OK) {
        (void)bark_fail(err, BARK_ERR_IO, 0, "the system gives no random bytes");
        bark_auth_free(auth);
        return NULL;
    }
    bark_auth_hex(secret, sizeof secret, auth->nobody.password);
    bark_secret_wipe(secret, sizeof secret);
    return auth;
}

void bark_auth_free(struct bark_auth *auth)
{
    if (!auth)
        return;
    pthread_mutex_destroy(&auth->lock);
    free(auth->uses);
    free(auth->peers);
    bark_secret_wipe(auth, sizeof *auth);
    free(auth);
}

bool bark_auth_user_find(const struct bark_auth *auth, struct bark_slice name, struct bark_user *user)
{
    const struct bark_user_store *store = auth->options.users;
    struct bark_user found = { .level = BARK_LEVEL_ANONYMOUS };
    const bool exists = store->find(store->context, name, &found) && found.level > BARK_LEVEL_ANONYMOUS &&
                        found.level <= BARK_LEVEL_ADMINISTRATOR && (found.ha1_only || found.password[0]);
    *user = *(exists ? &found : &auth->nobody); /* the same work for both [R11] */
    user->password[BARK_USER_PASSWORD_MAX] = '\0';
    bark_secret_wipe(&found, sizeof found);
    return exists;
}

bool bark_auth_known(struct bark_identity *who, struct bark_slice name, enum bark_level level,
                     enum bark_auth_scheme scheme)
{
    if (name.len == 0 || name.len > BARK_USER_NAME_MAX || memchr(name.ptr, '\0', name.len))
        return false;
    *who = (struct bark_identity){ .level = level, .scheme = scheme };
    memcpy(who->name, name.ptr, name.len);
    return true;
}

static struct bark_auth_verdict certificate_check(const struct bark_auth_check *c)
{
    const struct bark_user_store *store = c->auth->options.users;
    char name[BARK_USER_NAME_MAX + 1] = "";
    enum bark_level level = BARK_LEVEL_ANONYMOUS;
    if (store->find_certificate(store->context, c->request->certificate, name, &level) &&
        level > BARK_LEVEL_ANONYMOUS && level <= BARK_LEVEL_ADMINISTRATOR) {
        name[BARK_USER_NAME_MAX] = '\0';
        if (bark_auth_known(c->who, bark_auth_text(name), level, BARK_AUTH_CERTIFICATE))
            return (struct bark_auth_verdict){ BARK_AUTH_KNOWN, NULL };
    }
    return (struct bark_auth_verdict){ BARK_AUTH_ANONYMOUS, NULL };
}

/* The scheme's name, and what stands behind it [RFC9110 11.4]. */
static struct bark_auth_verdict credentials_check(struct bark_auth_check *c)
{
    const unsigned schemes = c->auth->options.schemes;
    struct bark_slice rest = bark_http_trim(c->request->authorization);
    const struct bark_slice scheme = bark_http_split(&rest, ' ');
    c->credentials = rest.ptr ? bark_http_trim(rest) : (struct bark_slice){ scheme.ptr, 0 };
    if (bark_slice_reads(scheme, "Digest") && (schemes & (BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_DIGEST_MD5)))
        return bark_auth_digest(c);
    if (bark_slice_reads(scheme, "Basic") && (schemes & BARK_AUTH_BASIC))
        return bark_auth_basic(c);
    if (bark_slice_reads(scheme, "Bearer") && (schemes & BARK_AUTH_BEARER))
        return bark_auth_token(c);
    return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC9110 11.6.2] a scheme that was not offered" };
}

enum bark_auth_result bark_auth_check(struct bark_auth *auth, const struct bark_auth_request *request,
                                      struct bark_identity *who, const char **rule)
{
    struct bark_auth_check c = { .auth = auth, .request = request, .who = who };
    struct bark_auth_verdict verdict = { BARK_AUTH_ANONYMOUS, NULL };
    *who = (struct bark_identity){ .level = BARK_LEVEL_ANONYMOUS };
    if (request->authorization_count > 1)
        verdict = (struct bark_auth_verdict){ BARK_AUTH_BROKEN, "[RFC9110 5.3] Authorization stands twice" };
    else if (request->authorization.ptr && bark_auth_peer_waits(auth, request->peer, request->monotonic_ns))
        verdict =
            (struct bark_auth_verdict){ BARK_AUTH_WAIT, "bark_auth_options.tries: too many wrong ones" };
    else if (request->authorization.ptr)
        verdict = credentials_check(&c);
    else if (request->certificate.len > 0 && (auth->options.schemes & BARK_AUTH_CERTIFICATE))
        verdict = certificate_check(&c);
    if (verdict.result == BARK_AUTH_WRONG)
        bark_auth_peer_failed(auth, request->peer, request->monotonic_ns);
    if (verdict.result != BARK_AUTH_KNOWN)
        *who = (struct bark_identity){ .level = BARK_LEVEL_ANONYMOUS };
    if (rule)
        *rule = verdict.rule;
    return verdict.result;
}

static void digest_challenge(struct bark_auth *auth, const char *algorithm, bool stale, uint64_t monotonic_ns,
                             struct bark_out *out)
{
    char nonce[BARK_AUTH_NONCE_TEXT];
    if (bark_auth_nonce_make(auth, monotonic_ns, nonce) != BARK_OK)
        return; /* without random bytes there is no challenge, and so no login */
    bark_out_text(out, "WWW-Authenticate: Digest realm=\"");
    bark_out_text(out, auth->realm);
    bark_out_text(out, "\", qop=\"auth\", algorithm=");
    bark_out_text(out, algorithm);
    bark_out_text(out, ", nonce=\"");
    bark_out_put(out, nonce, sizeof nonce);
    bark_out_text(out, stale ? "\", charset=UTF-8, stale=true\r\n" : "\", charset=UTF-8\r\n");
}

static void realm_challenge(const struct bark_auth *auth, const char *scheme, struct bark_out *out)
{
    bark_out_text(out, "WWW-Authenticate: ");
    bark_out_text(out, scheme);
    bark_out_text(out, " realm=\"");
    bark_out_text(out, auth->realm);
    bark_out_text(out, "\"\r\n");
}

void bark_auth_challenge_write(struct bark_auth *auth, bool secure, bool stale, uint64_t monotonic_ns,
                               struct bark_out *out)
{
    const unsigned schemes = auth->options.schemes;
    if ((schemes & BARK_AUTH_BEARER) && secure)
        realm_challenge(auth, "Bearer", out);
    if (schemes & BARK_AUTH_DIGEST_SHA256)
        digest_challenge(auth, "SHA-256", stale, monotonic_ns, out);
    if (schemes & BARK_AUTH_DIGEST_MD5)
        digest_challenge(auth, "MD5", stale, monotonic_ns, out);
    if ((schemes & BARK_AUTH_BASIC) && (secure || auth->options.insecure_basic_without_tls))
        realm_challenge(auth, "Basic", out);
}
