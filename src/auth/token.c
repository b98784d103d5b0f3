/* auth/token.c - bearer tokens: signed JSON Web Tokens in compact form [RFC7515 3.1, RFC7519], over TLS only.
 *
 * The token chooses nothing. Keys and their algorithms come from the configuration; the header's "alg" has to
 * agree with the key's, so neither "none" nor a public key used as a secret is possible [RFC8725 3.1]. The
 * signature is checked before a claim is read. Claims: exp, iss and aud are wanted, nbf and iat are heeded,
 * sub is the name, roles give the level.
 */
#include "auth/auth.h"

#include "http/chars.h"
#include "json/reader.h"

#include <string.h>

enum { PART_MAX = 4096, ARENA_BYTES = 6144, SIGNATURE_MAX = 1024, LEEWAY_S = 60, SECONDS_DIGITS = 12 };

/* Before this the clock was never set [SECURITY row 18]: no token can be judged. 2020-01-01. */
static const uint64_t CLOCK_SET_S = UINT64_C(1577836800);

static const char *const algorithms[BARK_SIGNATURE_COUNT] = {
    [BARK_SIGNATURE_RS256] = "RS256", [BARK_SIGNATURE_RS384] = "RS384", [BARK_SIGNATURE_RS512] = "RS512",
    [BARK_SIGNATURE_PS256] = "PS256", [BARK_SIGNATURE_ES256] = "ES256", [BARK_SIGNATURE_ES384] = "ES384",
};

enum member { ALG, KID, CRIT, EXP, NBF, IAT, ISS, AUD, SUB, ROLES, MEMBERS };

static const char *const members[MEMBERS] = { "alg", "kid", "crit", "exp", "nbf",
                                              "iat", "iss", "aud",  "sub", "roles" };

/* What a JSON object of a token says, as far as it is looked at. */
struct claims {
    unsigned seen; /* bits of enum member */
    struct bark_slice text[MEMBERS]; /* strings; in the arena or the input */
    uint64_t seconds[MEMBERS];
    bool audience;
    enum bark_level level;
};

static bool text_is(struct bark_slice s, const char *text)
{
    const size_t len = strlen(text);
    return s.ptr && s.len == len && memcmp(s.ptr, text, len) == 0;
}

/* [RFC7519 2] NumericDate: seconds, maybe with a fraction, which is dropped. */
static bool seconds_read(struct bark_slice number, uint64_t *seconds)
{
    const uint8_t *dot = memchr(number.ptr, '.', number.len);
    if (dot)
        number.len = (size_t)(dot - number.ptr);
    return number.len <= SECONDS_DIGITS && bark_http_digits(number, seconds);
}

static enum bark_level role_level(struct bark_slice role)
{
    static const char *const roles[] = { [BARK_LEVEL_USER] = "onvif:User",
                                         [BARK_LEVEL_OPERATOR] = "onvif:Operator",
                                         [BARK_LEVEL_ADMINISTRATOR] = "onvif:Administrator" };
    for (unsigned i = BARK_LEVEL_USER; i <= BARK_LEVEL_ADMINISTRATOR; i++) {
        if (text_is(role, roles[i]))
            return (enum bark_level)i;
    }
    return BARK_LEVEL_ANONYMOUS;
}

/* A string that is a claim's value, or one of its list. */
static void string_take(struct claims *claims, enum member member, struct bark_slice text,
                        const char *audience)
{
    claims->text[member] = text;
    if (member == AUD && audience && text_is(text, audience))
        claims->audience = true;
    if (member == ROLES && role_level(text) > claims->level)
        claims->level = role_level(text);
}

/* One value; only strings and numbers say something, and lists of strings for aud and roles. */
static bool value_read(struct bark_json_reader *r, struct claims *claims, enum member member,
                       const char *audience)
{
    struct bark_json_event ev;
    uint32_t depth = 0;
    bool in_list = false; /* the value is a list, not an object */
    do {
        struct bark_slice text;
        if (bark_json_next(r, &ev) != BARK_OK)
            return false;
        if (ev.kind == BARK_JSON_OBJECT || ev.kind == BARK_JSON_ARRAY) {
            in_list = depth == 0 ? ev.kind == BARK_JSON_ARRAY : in_list;
            depth++;
        } else if (ev.kind == BARK_JSON_OBJECT_END || ev.kind == BARK_JSON_ARRAY_END) {
            depth--;
        } else if (ev.kind == BARK_JSON_STRING && member != MEMBERS &&
                   (depth == 0 || (depth == 1 && in_list && (member == AUD || member == ROLES)))) {
            if (bark_json_text(r, &ev, &text) != BARK_OK)
                return false;
            string_take(claims, member, text, audience);
        } else if (ev.kind == BARK_JSON_NUMBER && depth == 0 && member != MEMBERS) {
            if (!seconds_read(ev.raw, &claims->seconds[member]))
                return false;
        }
    } while (depth > 0);
    return true;
}

/* A whole object; false when it is not one, or a member that counts stands twice. */
static bool object_read(struct bark_slice json, struct bark_arena *arena, const char *audience,
                        struct claims *claims)
{
    struct bark_json_reader r;
    struct bark_json_event ev;
    struct bark_error err = { 0 };
    *claims = (struct claims){ 0 };
    if (bark_json_open(&r, json, &bark_limits_device, arena, &err) != BARK_OK ||
        bark_json_next(&r, &ev) != BARK_OK || ev.kind != BARK_JSON_OBJECT)
        return false;
    for (;;) {
        struct bark_slice name;
        unsigned member = 0;
        if (bark_json_next(&r, &ev) != BARK_OK)
            return false;
        if (ev.kind == BARK_JSON_OBJECT_END)
            break;
        if (bark_json_text(&r, &ev, &name) != BARK_OK)
            return false;
        while (member < MEMBERS && !text_is(name, members[member]))
            member++;
        if (member < MEMBERS && (claims->seen >> member & 1) != 0)
            return false;
        claims->seen |= member < MEMBERS ? 1u << member : 0;
        if (!value_read(&r, claims, (enum member)member, audience))
            return false;
    }
    return bark_json_next(&r, &ev) == BARK_OK && ev.kind == BARK_JSON_EOF;
}

/* The configured key that the header may mean; NULL: there is none. */
static const struct bark_token_key *key_find(const struct bark_auth_options *o, const struct claims *header)
{
    for (size_t i = 0; i < o->key_count; i++) {
        const struct bark_token_key *key = &o->keys[i];
        if ((unsigned)key->algorithm < BARK_SIGNATURE_COUNT &&
            text_is(header->text[ALG], algorithms[key->algorithm]) &&
            (!key->id || text_is(header->text[KID], key->id)))
            return key;
    }
    return NULL;
}

static const char *claims_wrong(const struct bark_auth_options *o, const struct claims *c, uint64_t now_s)
{
    if (now_s < CLOCK_SET_S)
        return "[SECURITY row 18] the clock is not set: tokens cannot be judged";
    if (!(c->seen & 1u << EXP) || now_s >= c->seconds[EXP] + LEEWAY_S)
        return "[RFC7519 4.1.4] the token has expired, or says not when it does";
    if ((c->seen & 1u << NBF) && now_s + LEEWAY_S < c->seconds[NBF])
        return "[RFC7519 4.1.5] the token is not valid yet";
    if ((c->seen & 1u << IAT) && now_s + LEEWAY_S < c->seconds[IAT])
        return "[RFC7519 4.1.6] the token was issued in the future";
    if (!c->text[ISS].ptr || !text_is(c->text[ISS], o->issuer))
        return "[RFC7519 4.1.1] the token is from another issuer";
    if (!c->audience)
        return "[RFC7519 4.1.3] the token is for another audience";
    return c->level == BARK_LEVEL_ANONYMOUS ? "[ONVIF-CORE] the token has none of the roles" : NULL;
}

/* header.payload.signature: the three parts, decoded. */
struct token {
    struct bark_slice signed_text; /* the first two as they stand */
    uint8_t header[PART_MAX / 4], payload[PART_MAX], signature[SIGNATURE_MAX];
    size_t header_len, payload_len, signature_len;
};

static bool parts_read(struct bark_slice text, struct token *t)
{
    struct bark_slice rest = text, part[3];
    for (int i = 0; i < 3; i++) {
        if (!rest.ptr)
            return false;
        part[i] = bark_http_split(&rest, '.');
    }
    t->signed_text = (struct bark_slice){ text.ptr, part[0].len + 1 + part[1].len };
    return !rest.ptr && bark_auth_base64(part[0], true, t->header, sizeof t->header, &t->header_len) &&
           bark_auth_base64(part[1], true, t->payload, sizeof t->payload, &t->payload_len) &&
           bark_auth_base64(part[2], true, t->signature, sizeof t->signature, &t->signature_len);
}

struct bark_auth_verdict bark_auth_token(const struct bark_auth_check *c)
{
    const struct bark_auth_options *o = &c->auth->options;
    _Alignas(BARK_ALIGN) uint8_t memory[ARENA_BYTES];
    struct bark_arena arena;
    struct token t;
    struct claims claims;
    const struct bark_token_key *key;
    const char *wrong;
    if (!c->request->secure)
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC6750 5.3] tokens are taken over TLS only" };
    bark_arena_init(&arena, memory, sizeof memory);
    if (!parts_read(c->credentials, &t) ||
        !object_read((struct bark_slice){ t.header, t.header_len }, &arena, NULL, &claims))
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7515 3.1] not a signed token, or too long" };
    key = claims.seen & 1u << CRIT ? NULL : key_find(o, &claims);
    if (!key)
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7515 4.1] no key for the token's header" };
    if (o->crypto->verify(key->key, key->algorithm, &t.signed_text, 1,
                          (struct bark_slice){ t.signature, t.signature_len }) != BARK_OK)
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG, "[RFC7515 5.2] the signature is not the key's" };
    bark_arena_reset(&arena);
    if (!object_read((struct bark_slice){ t.payload, t.payload_len }, &arena, o->audience, &claims))
        return (struct bark_auth_verdict){ BARK_AUTH_WRONG,
                                           "[RFC7519 7.2] the claims are not a JSON object" };
    wrong = claims_wrong(o, &claims, c->request->wall_ns / UINT64_C(1000000000));
    if (!wrong && !bark_auth_known(c->who, claims.text[SUB], claims.level, BARK_AUTH_BEARER))
        wrong = "[RFC7519 4.1.2] sub is missing, or longer than a user's name";
    return (struct bark_auth_verdict){ wrong ? BARK_AUTH_WRONG : BARK_AUTH_KNOWN, wrong };
}
