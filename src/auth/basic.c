/* auth/basic.c - Basic [RFC7617 2]: name and password in base64, which hides nothing. So it is taken over TLS
 * only, unless the owner said otherwise in an option whose name says what it is.
 */
#include "auth/auth.h"

#include <string.h>

enum { PAIR_MAX = BARK_USER_NAME_MAX + 1 + BARK_USER_PASSWORD_MAX, HA1_HEX = 64 };

/* Both passwords become a SHA-256 digest first: then their lengths do not show in the time of the compare,
 * and a store that keeps only digests works the same. */
static bool password_is_right(const struct bark_auth *auth, const struct bark_user *user,
                              struct bark_slice name, struct bark_slice password)
{
    const struct bark_crypto *crypto = auth->options.crypto;
    const struct bark_slice realm = bark_auth_text(auth->realm);
    char given[HA1_HEX], known[HA1_HEX];
    enum bark_code code = bark_digest_ha1(crypto, BARK_HASH_SHA256, name, realm, password, given);
    bool right;
    if (!code) /* also for who has a digest: everybody costs the same */
        code = bark_digest_ha1_of_user(crypto, BARK_HASH_SHA256, name, realm, user, known);
    if (user->ha1_only)
        bark_auth_hex(user->ha1, sizeof user->ha1, known);
    right = !code && bark_secret_equal((struct bark_slice){ (const uint8_t *)given, HA1_HEX },
                                       (struct bark_slice){ (const uint8_t *)known, HA1_HEX });
    bark_secret_wipe(given, sizeof given);
    bark_secret_wipe(known, sizeof known);
    return right;
}

static struct bark_auth_verdict pair_check(const struct bark_auth_check *c, struct bark_slice pair)
{
    const uint8_t *colon = pair.len ? memchr(pair.ptr, ':', pair.len) : NULL;
    struct bark_slice name, password;
    struct bark_user user;
    bool exists, right;
    if (!colon)
        return (struct bark_auth_verdict){ BARK_AUTH_BROKEN,
                                           "[RFC7617 2] no colon between name and password" };
    name = (struct bark_slice){ pair.ptr, (size_t)(colon - pair.ptr) };
    password = (struct bark_slice){ colon + 1, pair.len - name.len - 1 };
    exists = bark_auth_user_find(c->auth, name, &user);
    right = password_is_right(c->auth, &user, name, password);
    if (exists && right && password.len > 0 && bark_auth_known(c->who, name, user.level, BARK_AUTH_BASIC)) {
        bark_secret_wipe(&user, sizeof user);
        return (struct bark_auth_verdict){ BARK_AUTH_KNOWN, NULL };
    }
    bark_secret_wipe(&user, sizeof user);
    return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7617 2] no such user with that password" };
}

struct bark_auth_verdict bark_auth_basic(const struct bark_auth_check *c)
{
    uint8_t pair[PAIR_MAX];
    size_t len;
    struct bark_auth_verdict verdict;
    if (!c->request->secure && !c->auth->options.insecure_basic_without_tls)
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7617 4] Basic is taken over TLS only" };
    if (!bark_auth_base64(c->credentials, false, pair, sizeof pair, &len))
        return (struct bark_auth_verdict){ BARK_AUTH_BROKEN,
                                           "[RFC7617 2] the credentials are not base64 of name:password" };
    verdict = pair_check(c, (struct bark_slice){ pair, len });
    bark_secret_wipe(pair, sizeof pair);
    return verdict;
}
