/* auth/digest.c - the server's side of Digest [RFC7616]: qop "auth", SHA-256, and MD5 for old peers when
 * allowed.
 *
 * The order is: form, then the digest, then the nonce. A peer that does not know the password learns nothing
 * from the answer about the nonce, and cannot fill the table of nonces.
 */
#include "auth/auth.h"

#include "base/slice.h"
#include "http/chars.h"

#include <string.h>

enum { COUNT_DIGITS = 8 };

enum param {
    USERNAME,
    USERNAME_EXT,
    REALM,
    NONCE,
    URI,
    RESPONSE,
    ALGORITHM,
    CNONCE,
    QOP,
    COUNT,
    USERHASH,
    PARAMS
};

static const char *const names[PARAMS] = { "username",  "username*", "realm", "nonce", "uri",     "response",
                                           "algorithm", "cnonce",    "qop",   "nc",    "userhash" };

/* Every parameter once, unescaped. */
struct digest {
    struct bark_slice value[PARAMS];
    uint8_t room[PARAMS][BARK_AUTH_PARAM_MAX];
    uint8_t unknown[BARK_AUTH_PARAM_MAX];
};

static size_t param_index(struct bark_slice name)
{
    size_t i = 0;
    while (i < PARAMS && !bark_slice_reads(name, names[i]))
        i++;
    return i;
}

/* [RFC8187 3.2] UTF-8''percent-encoded, into the place of username. */
static bool name_ext_read(struct digest *d)
{
    static const char prefix[] = "utf-8''";
    struct bark_slice s = d->value[USERNAME_EXT];
    size_t len = 0;
    if (s.len < sizeof prefix - 1 ||
        !bark_slice_reads((struct bark_slice){ s.ptr, sizeof prefix - 1 }, prefix))
        return false;
    s.ptr += sizeof prefix - 1;
    s.len -= sizeof prefix - 1;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c == '%') {
            if (s.len - i < 3 || !bark_auth_unhex((struct bark_slice){ s.ptr + i + 1, 2 }, &c, 1) || c < ' ')
                return false;
            i += 2;
        }
        d->room[USERNAME][len++] = c; /* never longer than the parameter it comes from */
    }
    d->value[USERNAME] = (struct bark_slice){ d->room[USERNAME], len };
    return true;
}

/* NULL, or what is wrong with the form. */
static const char *params_read(struct digest *d, struct bark_slice list)
{
    struct bark_auth_param param;
    bool broken;
    while (bark_auth_param_next(&list, &param, d->unknown, &broken)) {
        size_t i = param_index(param.name);
        if (i == PARAMS)
            continue; /* [RFC7616 3.4] auth-param: unknown ones are ignored */
        if (d->value[i].ptr)
            return "[RFC7616 3.4] a parameter stands twice";
        if (param.quoted)
            memcpy(d->room[i], d->unknown, param.value.len);
        d->value[i] = (struct bark_slice){ param.quoted ? d->room[i] : param.value.ptr, param.value.len };
    }
    if (broken)
        return "[RFC9110 11.2] not a list of parameters, or one is too long";
    if (d->value[USERNAME_EXT].ptr && (d->value[USERNAME].ptr || !name_ext_read(d)))
        return "[RFC7616 3.4] username* beside username, or not UTF-8''...";
    for (size_t i = 0; i < PARAMS; i++) {
        if (!d->value[i].ptr && i != USERNAME_EXT && i != ALGORITHM && i != USERHASH)
            return "[RFC7616 3.4] username, realm, nonce, uri, response, cnonce, qop or nc is missing";
    }
    if (!bark_slice_reads(d->value[QOP], "auth"))
        return "[RFC7616 3.4] qop is auth";
    if (d->value[COUNT].len != COUNT_DIGITS || !bark_http_all(d->value[COUNT], BARK_HTTP_HEX))
        return "[RFC7616 3.4] nc has eight hex digits";
    if (d->value[USERHASH].ptr && !bark_slice_reads(d->value[USERHASH], "false"))
        return "[RFC7616 3.4] userhash was not offered";
    return NULL;
}

/* [RFC7616 3.4] no algorithm means MD5. False for one that is not offered. */
static bool algorithm_read(const struct bark_auth *auth, struct bark_slice text, enum bark_hash *hash)
{
    const bool md5 = !text.ptr || bark_slice_reads(text, "MD5");
    *hash = md5 ? BARK_HASH_MD5 : BARK_HASH_SHA256;
    if (!md5 && !bark_slice_reads(text, "SHA-256"))
        return false;
    return (auth->options.schemes & (unsigned)(md5 ? BARK_AUTH_DIGEST_MD5 : BARK_AUTH_DIGEST_SHA256)) != 0;
}

/* Is the response that of this user's password? Unknown users are computed like known ones. */
static bool response_is_right(const struct bark_auth_check *c, const struct digest *d, enum bark_hash hash,
                              const struct bark_user *user)
{
    const struct bark_crypto *crypto = c->auth->options.crypto;
    const size_t digits = 2 * bark_hash_bytes(hash);
    char ha1[2 * BARK_HASH_BYTES_MAX], right[2 * BARK_HASH_BYTES_MAX];
    uint8_t given[BARK_HASH_BYTES_MAX], wanted[BARK_HASH_BYTES_MAX];
    const struct bark_digest_parts parts = { .hash = hash,
                                             .ha1 = { (const uint8_t *)ha1, digits },
                                             .nonce = d->value[NONCE],
                                             .count = d->value[COUNT],
                                             .cnonce = d->value[CNONCE],
                                             .qop = d->value[QOP],
                                             .method = c->request->method,
                                             .uri = d->value[URI] };
    bool usable = !user->ha1_only || hash == BARK_HASH_SHA256, equal;
    /* Also for who has a digest: everybody costs the same. */
    enum bark_code code =
        bark_digest_ha1_of_user(crypto, hash, d->value[USERNAME], bark_auth_text(c->auth->realm), user, ha1);
    if (user->ha1_only && hash == BARK_HASH_SHA256)
        bark_auth_hex(user->ha1, sizeof user->ha1, ha1);
    if (!code)
        code = bark_digest_response(crypto, &parts, right);
    /* Compared as bytes, so that the case of a digit does not matter. */
    equal = !code && bark_auth_unhex(d->value[RESPONSE], given, digits / 2) &&
            bark_auth_unhex((struct bark_slice){ (const uint8_t *)right, digits }, wanted, digits / 2) &&
            bark_secret_equal((struct bark_slice){ given, digits / 2 },
                              (struct bark_slice){ wanted, digits / 2 });
    bark_secret_wipe(ha1, sizeof ha1);
    bark_secret_wipe(right, sizeof right);
    bark_secret_wipe(wanted, sizeof wanted);
    return equal && usable;
}

static uint32_t count_read(struct bark_slice digits)
{
    uint32_t count = 0;
    for (size_t i = 0; i < digits.len; i++)
        count = count << 4 | bark_http_hex(digits.ptr[i]);
    return count;
}

/* The password is right; is the nonce? */
static struct bark_auth_verdict nonce_check(const struct bark_auth_check *c, const struct digest *d)
{
    const uint64_t now_ns = c->request->monotonic_ns;
    const uint32_t count = count_read(d->value[COUNT]);
    uint8_t id[8];
    uint64_t end_ms;
    bool good;
    enum bark_auth_result result;
    if (!bark_auth_nonce_read(c->auth, d->value[NONCE], now_ns, id, &end_ms, &good) || !good || count == 0)
        return (struct bark_auth_verdict){ BARK_AUTH_STALE, "[RFC7616 3.3] the nonce is old or not ours" };
    result = bark_auth_nonce_use(c->auth, id, end_ms, count, now_ns);
    return (struct bark_auth_verdict){ result, result == BARK_AUTH_KNOWN ? NULL
                                               : result == BARK_AUTH_STALE
                                                   ? "[RFC7616 5.3] this nc of the nonce was used before"
                                                   : "bark_auth_options.nonces: as many are in use" };
}

struct bark_auth_verdict bark_auth_digest(const struct bark_auth_check *c)
{
    struct digest d = { 0 };
    struct bark_user user;
    struct bark_auth_verdict verdict = { BARK_AUTH_WRONG, "[RFC7616 3.4] no such user with that password" };
    enum bark_hash hash;
    bool exists, right;
    const char *broken = params_read(&d, c->credentials);
    if (broken)
        return (struct bark_auth_verdict){ BARK_AUTH_BROKEN, broken };
    if (!bark_slice_equal(d.value[URI], c->request->target))
        return (struct bark_auth_verdict){ BARK_AUTH_BROKEN,
                                           "[RFC7616 3.4.6] uri is not the request's target" };
    if (!algorithm_read(c->auth, d.value[ALGORITHM], &hash))
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7616 3.4] the algorithm was not offered" };
    if (!bark_slice_equal(d.value[REALM], bark_auth_text(c->auth->realm)))
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7616 3.4] the realm is another one" };
    exists = bark_auth_user_find(c->auth, d.value[USERNAME], &user);
    right = response_is_right(c, &d, hash, &user);
    if (exists && right) {
        verdict = nonce_check(c, &d);
        if (verdict.result == BARK_AUTH_KNOWN &&
            !bark_auth_known(c->who, d.value[USERNAME], user.level,
                             hash == BARK_HASH_MD5 ? BARK_AUTH_DIGEST_MD5 : BARK_AUTH_DIGEST_SHA256))
            verdict = (struct bark_auth_verdict){ BARK_AUTH_WRONG, "the user's name is too long" };
    }
    bark_secret_wipe(&user, sizeof user);
    return verdict;
}
