/* client/credentials.c - the client's side of HTTP authentication: which challenge is answered, and how
 * often.
 *
 * Of several challenges Digest with SHA-256 comes first, then MD5 where an option allows it, then Basic over
 * TLS. An answer that was right serves the calls that follow: the same nonce with the next count
 * [RFC7616 3.4], or Basic again. A server that refuses is not asked again and again, since it counts:
 *
 *     401 to a request without credentials      answered
 *     401 to a nonce of an earlier call         answered, when the challenge is another one
 *     401 that says stale=true                  answered once a call: the password was right
 *     any other 401                             the end; what was kept is forgotten
 */
#include "client/credentials.h"

#include "auth/auth.h"
#include "http/chars.h"

#include <stdlib.h>
#include <string.h>

static size_t text_len(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static char *text_copy(struct bark_out *o, const char *text)
{
    char *start = (char *)o->base + o->pos;
    if (!text)
        return NULL;
    bark_out_put(o, text, strlen(text) + 1);
    return start;
}

/* [RFC6750 2.1] b64token */
static bool token_is_fine(const char *text)
{
    size_t n = 0;
    for (; text[n] && text[n] != '='; n++) {
        if (!bark_http_is((uint8_t)text[n], BARK_HTTP_TOKEN) && text[n] != '/')
            return false;
    }
    for (size_t i = n; text[i]; i++) {
        if (text[i] != '=')
            return false;
    }
    return n > 0;
}

static enum bark_code options_check(const struct bark_client_options *o, bool secure, struct bark_error *err)
{
    if ((o->user == NULL) != (o->password == NULL))
        return bark_fail(err, BARK_ERR_USE, 0, "user and password belong together");
    if (o->user && o->token)
        return bark_fail(err, BARK_ERR_USE, 0, "a client has a user or a token, not both");
    if (o->token && !secure)
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC6750 5.3] a token goes over https only");
    if (o->token && !token_is_fine(o->token))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC6750 2.1] a byte cannot stand in a token");
    return BARK_OK;
}

enum bark_code bark_credentials_open(struct bark_credentials *c, const struct bark_client_options *options,
                                     bool secure, struct bark_error *err)
{
    struct bark_out o;
    enum bark_code code = options_check(options, secure, err);
    *c = (struct bark_credentials){ .crypto = options->crypto,
                                    .md5 = options->digest_md5,
                                    .basic = secure || options->insecure_basic_without_tls };
    c->memory_len = text_len(options->user) + text_len(options->password) + text_len(options->token);
    if (code != BARK_OK || c->memory_len == 0)
        return code;
    c->memory = malloc(c->memory_len);
    if (!c->memory)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the credentials");
    bark_out_init(&o, c->memory, c->memory_len);
    c->user = text_copy(&o, options->user);
    c->password = text_copy(&o, options->password);
    c->token = text_copy(&o, options->token);
    return BARK_OK;
}

void bark_credentials_close(struct bark_credentials *c)
{
    if (c->memory)
        bark_secret_wipe(c->memory, c->memory_len);
    free(c->memory);
    *c = (struct bark_credentials){ 0 };
}

size_t bark_credentials_room(const struct bark_credentials *c, size_t target_len)
{
    enum { FIXED = 512 };
    if (c->token)
        return strlen(c->token) + FIXED;
    if (!c->user)
        return 0;
    /* Quoting doubles at most; Basic makes four bytes of three. */
    return 2 * (strlen(c->user) + strlen(c->password) + BARK_CHALLENGE_MAX + target_len) + FIXED;
}

void bark_credentials_begin(struct bark_credentials *c)
{
    c->sent = false;
    c->stale_taken = false;
    c->old = c->challenge_len > 0;
}

static void base64_write(struct bark_out *out, const char *user, const char *password)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t name = strlen(user), len = name + 1 + strlen(password);
    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = 0;
        for (size_t k = i; k < i + 3; k++) {
            uint8_t byte = 0;
            if (k < len)
                byte = k < name ? (uint8_t)user[k] : k == name ? ':' : (uint8_t)password[k - name - 1];
            group = group << 8 | byte;
        }
        bark_out_byte(out, (uint8_t)digits[group >> 18]);
        bark_out_byte(out, (uint8_t)digits[group >> 12 & 63]);
        bark_out_byte(out, i + 1 < len ? (uint8_t)digits[group >> 6 & 63] : '=');
        bark_out_byte(out, i + 2 < len ? (uint8_t)digits[group & 63] : '=');
    }
}

/* [RFC7617 2] the name ends at the first colon, so it has none; control characters are in neither. */
static bool basic_can_hold(const char *user, const char *password)
{
    return !strchr(user, ':') && bark_http_all(bark_auth_text(user), BARK_HTTP_VALUE) &&
           bark_http_all(bark_auth_text(password), BARK_HTTP_VALUE);
}

bool bark_credentials_basic_write(const char *user, const char *password, struct bark_out *out)
{
    if (!basic_can_hold(user, password))
        return false;
    bark_out_text(out, "Basic ");
    base64_write(out, user, password);
    return bark_out_ok(out);
}

static enum bark_code digest_write(const struct bark_credentials *c, struct bark_slice challenge,
                                   const char *method, struct bark_slice target, uint32_t count, bool md5,
                                   struct bark_out *out, struct bark_error *err)
{
    return bark_digest_answer_write(c->crypto, challenge, c->user, c->password, method, target, count, md5,
                                    out, err);
}

enum bark_code bark_credentials_write(struct bark_credentials *c, const char *method,
                                      struct bark_slice target, struct bark_out *out, struct bark_error *err)
{
    const struct bark_slice challenge = { c->challenge, c->challenge_len };
    if (c->token) {
        bark_out_text(out, "Bearer ");
        bark_out_text(out, c->token);
        return bark_out_ok(out) ? BARK_OK : bark_fail(err, BARK_ERR_LIMIT, 0, "no room for the token");
    }
    c->sent = false;
    if (c->count == UINT32_MAX)
        c->challenge_len = 0;
    if (!c->user || c->challenge_len == 0)
        return BARK_OK;
    c->sent = true;
    if (!c->challenge_basic)
        return digest_write(c, challenge, method, target, ++c->count, c->md5, out, err);
    return bark_credentials_basic_write(c->user, c->password, out)
               ? BARK_OK
               : bark_fail(err, BARK_ERR_USE, 0, "[RFC7617 2] user or password cannot stand in Basic");
}

static bool scheme_is(struct bark_slice challenge, const char *scheme)
{
    const size_t len = strlen(scheme);
    return challenge.len >= len && bark_slice_reads((struct bark_slice){ challenge.ptr, len }, scheme) &&
           (challenge.len == len || challenge.ptr[len] == ' ');
}

/* How good it is: 0 for one that cannot be answered. The writer of answers knows best what it can write. */
static unsigned challenge_rank(const struct bark_credentials *c, struct bark_slice challenge)
{
    uint8_t room[4 * BARK_CHALLENGE_MAX];
    const struct bark_slice target = bark_auth_text("/");
    struct bark_credentials probe = *c;
    if (challenge.len > BARK_CHALLENGE_MAX)
        return 0;
    if (scheme_is(challenge, "Basic"))
        return c->basic && basic_can_hold(c->user, c->password) ? 1 : 0;
    if (!c->crypto)
        return 0;
    probe.user = probe.password = (char[]){ "" };
    for (unsigned md5 = 0; md5 <= c->md5; md5++) {
        struct bark_out out;
        bark_out_init(&out, room, sizeof room);
        if (digest_write(&probe, challenge, "POST", target, 1, md5 != 0, &out, NULL) == BARK_OK)
            return md5 ? 2 : 3;
    }
    return 0;
}

static bool says_stale(struct bark_slice challenge)
{
    static const char scheme[] = "Digest ";
    struct bark_auth_param param;
    uint8_t room[BARK_AUTH_PARAM_MAX];
    bool broken;
    if (!scheme_is(challenge, "Digest") || challenge.len < sizeof scheme)
        return false;
    challenge.ptr += sizeof scheme - 1;
    challenge.len -= sizeof scheme - 1;
    while (bark_auth_param_next(&challenge, &param, room, &broken)) {
        if (bark_slice_reads(param.name, "stale"))
            return bark_slice_reads(param.value, "true");
    }
    return false;
}

static struct bark_slice challenge_choose(const struct bark_credentials *c,
                                          const struct bark_http_reader *reader, unsigned *rank)
{
    struct bark_slice field, best = { 0 };
    *rank = 0;
    for (size_t n = 0; bark_http_field_nth(reader, "WWW-Authenticate", n, &field); n++) {
        struct bark_slice challenge;
        while (bark_challenge_next(&field, &challenge)) {
            const unsigned found = challenge_rank(c, challenge);
            if (found > *rank) {
                *rank = found;
                best = challenge;
            }
        }
    }
    return best;
}

bool bark_credentials_challenged(struct bark_credentials *c, const struct bark_http_reader *reader)
{
    struct bark_slice challenge;
    unsigned rank;
    bool stale, same;
    if (!c->user)
        return false;
    challenge = challenge_choose(c, reader, &rank);
    stale = rank > 1 && says_stale(challenge);
    same =
        challenge.len == c->challenge_len && rank && memcmp(challenge.ptr, c->challenge, challenge.len) == 0;
    if (rank == 0 || (c->sent && same) || (c->sent && !c->old && (!stale || c->stale_taken))) {
        c->challenge_len = 0;
        return false;
    }
    c->stale_taken = c->stale_taken || (c->sent && stale);
    memcpy(c->challenge, challenge.ptr, challenge.len);
    c->challenge_len = challenge.len;
    c->challenge_basic = rank == 1;
    c->count = 0;
    c->old = false;
    return true;
}
