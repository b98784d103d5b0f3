/* auth/auth_test.c - who gets in: user by password by scheme by state, replays, guessing, forms; with a clock
 * that stands where the test says.
 */
#include "soapbark/auth.h"
#include "testkit.h"

#include <stdlib.h>

enum { FIELD = 2048, TOKEN_LINE = 16384, PEM = 1024 };

static const uint64_t SECOND = UINT64_C(1000000000);
static const uint64_t TOKENS_NOW = UINT64_C(1796040000);
static const char target[] = "/onvif/device_service";

static struct bark_slice text_slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* ---- a store */

static bool user_find(void *context, struct bark_slice name, struct bark_user *user)
{
    static const struct {
        const char *name, *password;
        enum bark_level level;
    } users[] = {
        { "admin", "correct horse", BARK_LEVEL_ADMINISTRATOR },
        { "guest", "letmein77", BARK_LEVEL_USER },
        { "empty", "",
          BARK_LEVEL_ADMINISTRATOR }, /* CVE-2026-79395: any password when the stored one is empty */
        { "off", "correct horse", BARK_LEVEL_ANONYMOUS },
        { "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?", BARK_LEVEL_OPERATOR },
        { "Mufasa", "Circle of Life", BARK_LEVEL_USER },
        { "kept", NULL, BARK_LEVEL_USER }, /* its digest is all that is kept */
    };
    const struct bark_slice pair = text_slice("kept:device:long secret");
    (void)context;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        if (strlen(users[i].name) == name.len && memcmp(users[i].name, name.ptr, name.len) == 0) {
            user->level = users[i].level;
            user->ha1_only = !users[i].password;
            if (user->ha1_only)
                return bark_crypto_default()->hash(BARK_HASH_SHA256, &pair, 1, user->ha1) == BARK_OK;
            memcpy(user->password, users[i].password, strlen(users[i].password) + 1);
            return true;
        }
    }
    return false;
}

static bool certificate_find(void *context, struct bark_slice spki, char *name, enum bark_level *level)
{
    (void)context;
    if (spki.len != 32 || spki.ptr[0] != 7)
        return false;
    memcpy(name, "operator", 9);
    *level = BARK_LEVEL_OPERATOR;
    return true;
}

static const struct bark_user_store store = { .find = user_find, .find_certificate = certificate_find };

static struct bark_auth *auth_of(unsigned schemes)
{
    const struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                               .users = &store,
                                               .realm = "device",
                                               .schemes = schemes,
                                               .nonces = 8,
                                               .peers = 4 };
    struct bark_error err = { 0 };
    struct bark_auth *auth = bark_auth_new(&options, &err);
    CHECK(auth != NULL);
    return auth;
}

static struct bark_auth_request request_of(const char *field, uint64_t now_s)
{
    return (struct bark_auth_request){ .method = text_slice("POST"),
                                       .target = text_slice(target),
                                       .authorization = text_slice(field),
                                       .authorization_count = 1,
                                       .peer = { 1 },
                                       .secure = true,
                                       .wall_ns = TOKENS_NOW * SECOND,
                                       .monotonic_ns = now_s * SECOND };
}

static enum bark_auth_result ask(struct bark_auth *auth, const struct bark_auth_request *request,
                                 struct bark_identity *who)
{
    const char *rule;
    enum bark_auth_result result = bark_auth_check(auth, request, who, &rule);
    CHECK((result == BARK_AUTH_KNOWN) == (who->level != BARK_LEVEL_ANONYMOUS));
    CHECK((result >= BARK_AUTH_WRONG) == (rule != NULL));
    return result;
}

/* The challenge of a scheme, as a client picks it from a 401. */
static void challenge_of(struct bark_auth *auth, const char *algorithm, uint64_t now_s, char *text)
{
    static const char name[] = "WWW-Authenticate: ";
    char all[BARK_AUTH_CHALLENGE_BYTES + 1] = "";
    struct bark_out out = { .base = (uint8_t *)all, .cap = BARK_AUTH_CHALLENGE_BYTES };
    char *line, *end;
    bark_auth_challenge_write(auth, true, false, now_s * SECOND, &out);
    CHECK(bark_out_ok(&out));
    line = strstr(all, algorithm);
    *text = '\0';
    if (!line)
        return;
    while (line > all && line[-1] != '\n')
        line--;
    line += sizeof name - 1;
    end = strstr(line, "\r\n");
    memcpy(text, line, (size_t)(end - line));
    text[end - line] = '\0';
}

static bool answer_to(const char *challenge, const char *user, const char *password, uint32_t count,
                      char *field)
{
    struct bark_out out = { .base = (uint8_t *)field, .cap = FIELD - 1 };
    struct bark_error err = { 0 };
    enum bark_code code =
        bark_digest_answer_write(bark_crypto_default(), text_slice(challenge), user, password, "POST",
                                 text_slice(target), count, true, &out, &err);
    field[out.pos] = '\0';
    return code == BARK_OK;
}

/* ---- tests */

TEST(levels_and_classes)
{
    static const char *const rows[BARK_ACCESS_COUNT] = { "----", "auoA", "-uoA", "--oA", "---A",
                                                         "---A", "---A", "-uoA", "--oA" };
    for (unsigned access = 0; access < BARK_ACCESS_COUNT; access++) {
        for (unsigned level = 0; level < 4; level++)
            CHECK_IN(rows[access], bark_access_allowed((enum bark_access)access, (enum bark_level)level) ==
                                       (rows[access][level] != '-'));
    }
    CHECK(!bark_access_allowed(BARK_ACCESS_COUNT, BARK_LEVEL_ADMINISTRATOR));
    CHECK(!bark_access_allowed(BARK_ACCESS_PRE_AUTH, (enum bark_level)(BARK_LEVEL_ADMINISTRATOR + 1)));
}

static const struct {
    const char *user, *password;
    enum bark_level level; /* ANONYMOUS: wrong */
} logins[] = {
    { "admin", "correct horse", BARK_LEVEL_ADMINISTRATOR },
    { "guest", "letmein77", BARK_LEVEL_USER },
    { "J\xc3\xa4s\xc3\xb8n Doe", "Secret, or not?", BARK_LEVEL_OPERATOR },
    { "admin", "Correct horse", BARK_LEVEL_ANONYMOUS },
    { "admin", "correct hors", BARK_LEVEL_ANONYMOUS },
    { "admin", "correct horse ", BARK_LEVEL_ANONYMOUS },
    { "admin", "letmein77", BARK_LEVEL_ANONYMOUS },
    { "admin", "", BARK_LEVEL_ANONYMOUS },
    { "Admin", "correct horse", BARK_LEVEL_ANONYMOUS },
    { "", "", BARK_LEVEL_ANONYMOUS },
    { "nobody", "", BARK_LEVEL_ANONYMOUS },
    { "nobody", "correct horse", BARK_LEVEL_ANONYMOUS },
    { "empty", "", BARK_LEVEL_ANONYMOUS },
    { "empty", "anything", BARK_LEVEL_ANONYMOUS },
    { "off", "correct horse", BARK_LEVEL_ANONYMOUS },
};

TEST(past_2026_79395)
{
    static const char *const algorithms[] = { "SHA-256", "MD5" };
    char challenge[FIELD], field[FIELD];
    struct bark_identity who;
    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        const bool right = logins[i].level != BARK_LEVEL_ANONYMOUS;
        for (size_t k = 0; k < 2; k++) {
            struct bark_auth *auth = auth_of(BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_DIGEST_MD5);
            challenge_of(auth, algorithms[k], 1000, challenge);
            CHECK(answer_to(challenge, logins[i].user, logins[i].password, 1, field));
            struct bark_auth_request request = request_of(field, 1001);
            CHECK_IN(logins[i].user,
                     ask(auth, &request, &who) == (right ? BARK_AUTH_KNOWN : BARK_AUTH_WRONG));
            CHECK_IN(logins[i].user, who.level == logins[i].level);
            CHECK_IN(logins[i].user, !right || strcmp(who.name, logins[i].user) == 0);
            bark_auth_free(auth);
        }
    }
}

/* [RFC7616 3.9.1]: the example, by way of a nonce that is not ours, so the right password is "stale". */
TEST(digest_example_of_the_rfc)
{
    static const struct {
        const char *algorithm, *response;
        enum bark_auth_result result;
    } rows[] = {
        { "MD5", "8ca523f5e9506fed4657c9700eebdbec", BARK_AUTH_STALE },
        { "SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", BARK_AUTH_STALE },
        { "SHA-256", "753927FA0E85D155564E2E272A28D1802CA10DAF4496794697CF8DB5856CB6C1", BARK_AUTH_STALE },
        { "SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c0", BARK_AUTH_WRONG }
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                                   .users = &store,
                                                   .realm = "http-auth@example.org",
                                                   .schemes =
                                                       BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_DIGEST_MD5 };
        struct bark_auth *auth = bark_auth_new(&options, NULL);
        struct bark_identity who;
        char field[FIELD];
        snprintf(field, sizeof field,
                 "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
                 "algorithm=%s, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
                 "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, response=\"%s\"",
                 rows[i].algorithm, rows[i].response);
        struct bark_auth_request request = request_of(field, 1);
        request.method = text_slice("GET");
        request.target = text_slice("/dir/index.html");
        CHECK_IN(rows[i].response, ask(auth, &request, &who) == rows[i].result);
        bark_auth_free(auth);
    }
}

TEST(past_2022_30563)
{
    struct bark_auth *auth = auth_of(BARK_AUTH_DIGEST_SHA256);
    char challenge[FIELD], first[FIELD], field[FIELD];
    struct bark_identity who;
    challenge_of(auth, "SHA-256", 1000, challenge);
    CHECK(answer_to(challenge, "admin", "correct horse", 1, first));
    struct bark_auth_request request = request_of(first, 1000);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN);
    for (uint64_t later = 0; later <= 299; later += 299) { /* captured and sent again */
        request = request_of(first, 1000 + later);
        CHECK(ask(auth, &request, &who) == BARK_AUTH_STALE);
    }
    CHECK(answer_to(challenge, "admin", "correct horse", 100, field));
    request = request_of(field, 1299);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN);
    for (uint32_t count = 99; count > 36; count--) { /* overtaken on other connections: each once */
        CHECK(answer_to(challenge, "admin", "correct horse", count, field));
        request = request_of(field, 1299);
        CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN);
        CHECK(ask(auth, &request, &who) == BARK_AUTH_STALE);
    }
    CHECK(answer_to(challenge, "admin", "correct horse", 36, field)); /* too far behind to be told apart */
    request = request_of(field, 1299);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_STALE);
    CHECK(answer_to(challenge, "admin", "correct horse", 101, field));
    request = request_of(field, 1300); /* the nonce is 300 s old */
    CHECK(ask(auth, &request, &who) == BARK_AUTH_STALE);
    bark_auth_free(auth);
}

/* Nonces of others cost nothing; only those that were answered rightly are kept, and a full cache denies. */
TEST(past_2026_88278)
{
    struct bark_auth *auth = auth_of(BARK_AUTH_DIGEST_SHA256);
    char challenge[FIELD], field[FIELD];
    struct bark_identity who;
    struct bark_auth_request request;
    for (int i = 0; i < 100000; i++)
        challenge_of(auth, "SHA-256", 10, challenge);
    for (int i = 0; i < 10; i++) {
        challenge_of(auth, "SHA-256", 10, challenge);
        CHECK(answer_to(challenge, "admin", "correct horse", 1, field));
        request = request_of(field, 20);
        CHECK(ask(auth, &request, &who) == (i < 8 ? BARK_AUTH_KNOWN : BARK_AUTH_BUSY));
    }
    challenge_of(auth, "SHA-256", 310, challenge); /* the eight have ended */
    CHECK(answer_to(challenge, "admin", "correct horse", 1, field));
    request = request_of(field, 310);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN);
    bark_auth_free(auth);
}

/* A nonce of another process, or with one bit changed, is none of ours; nobody learns so without a password.
 */
TEST(nonces_are_sealed)
{
    struct bark_auth *ours = auth_of(BARK_AUTH_DIGEST_SHA256), *theirs = auth_of(BARK_AUTH_DIGEST_SHA256);
    char challenge[FIELD], field[FIELD];
    struct bark_identity who;
    challenge_of(theirs, "SHA-256", 1000, challenge);
    CHECK(answer_to(challenge, "admin", "correct horse", 1, field));
    struct bark_auth_request request = request_of(field, 1000);
    CHECK(ask(ours, &request, &who) == BARK_AUTH_STALE);
    CHECK(answer_to(challenge, "admin", "wrong", 1, field));
    request = request_of(field, 1000);
    CHECK(ask(ours, &request, &who) == BARK_AUTH_WRONG);
    challenge_of(ours, "SHA-256", 1000, challenge);
    char *nonce = strstr(challenge, "nonce=\"") + 7;
    for (int at = 0; at < 64; at++) {
        const char was = nonce[at];
        nonce[at] = was == '0' ? '1' : '0';
        CHECK(answer_to(challenge, "admin", "correct horse", 1, field));
        request = request_of(field, 1000);
        CHECK(ask(ours, &request, &who) == BARK_AUTH_STALE);
        nonce[at] = was;
    }
    bark_auth_free(ours);
    bark_auth_free(theirs);
}

TEST(guessing_waits)
{
    struct bark_auth *auth = auth_of(BARK_AUTH_BASIC | BARK_AUTH_DIGEST_SHA256);
    struct bark_identity who;
    struct bark_auth_request wrong = request_of("Basic YWRtaW46d3Jvbmc=", 100);
    struct bark_auth_request right = request_of("Basic YWRtaW46Y29ycmVjdCBob3JzZQ==", 100);
    unsigned compared = 0;
    for (int i = 0; i < 5; i++)
        CHECK(ask(auth, &wrong, &who) == BARK_AUTH_WRONG);
    CHECK(ask(auth, &wrong, &who) == BARK_AUTH_WAIT);
    CHECK(ask(auth, &right, &who) == BARK_AUTH_WAIT); /* not even the right one, or waiting would tell */
    right.peer[0] = 2;
    CHECK(ask(auth, &right, &who) == BARK_AUTH_KNOWN); /* others are served */
    right.peer[0] = 1;
    right.monotonic_ns = 105 * SECOND;
    CHECK(ask(auth, &right, &who) == BARK_AUTH_KNOWN);
    for (uint64_t s = 0; s < 10000; s++) { /* 10,000 tries, one a second */
        wrong.monotonic_ns = (106 + s) * SECOND;
        compared += ask(auth, &wrong, &who) == BARK_AUTH_WRONG;
    }
    CHECK(compared < 30);
    wrong.monotonic_ns += 2000 * SECOND; /* forgotten */
    for (int i = 0; i < 5; i++)
        CHECK(ask(auth, &wrong, &who) == BARK_AUTH_WRONG);
    for (unsigned peer = 10; peer < 250; peer++) { /* many peers push each other out of the table, no more */
        wrong.peer[0] = (uint8_t)peer;
        CHECK(ask(auth, &wrong, &who) == BARK_AUTH_WRONG);
    }
    right.peer[0] = 251;
    CHECK(ask(auth, &right, &who) == BARK_AUTH_KNOWN);
    bark_auth_free(auth);
}

#define D(params) "Digest username=\"admin\", realm=\"device\", uri=\"/onvif/device_service\", " params
#define REST "nonce=\"00\", nc=00000001, cnonce=\"x\", qop=auth, algorithm=SHA-256, response=\"00\""

static const struct {
    const char *field;
    enum bark_auth_result result;
} forms[] = {
    { D(REST), BARK_AUTH_WRONG },
    { "", BARK_AUTH_WRONG },
    { "Negotiate abcd", BARK_AUTH_WRONG },
    { "Digest", BARK_AUTH_BROKEN },
    { "Digest ", BARK_AUTH_BROKEN },
    { "Digest ,,,", BARK_AUTH_BROKEN },
    { D(REST ", nc=00000001"), BARK_AUTH_BROKEN },
    { D(REST ", username*=UTF-8''admin"), BARK_AUTH_BROKEN },
    { D("nonce=\"00\", nc=1, cnonce=\"x\", qop=auth, response=\"00\""), BARK_AUTH_BROKEN },
    { D("nonce=\"00\", nc=0000000g, cnonce=\"x\", qop=auth, response=\"00\""), BARK_AUTH_BROKEN },
    { D("nonce=\"00\", nc=00000001, cnonce=\"x\", qop=auth-int, response=\"00\""), BARK_AUTH_BROKEN },
    { D("nonce=\"00\", nc=00000001, cnonce=\"x\", response=\"00\""), BARK_AUTH_BROKEN },
    { D("nonce=\"00, nc=00000001, cnonce=x, qop=auth, response=00"), BARK_AUTH_BROKEN },
    { D("nonce=\"00\" nc=00000001, cnonce=\"x\", qop=auth, response=\"00\""), BARK_AUTH_BROKEN },
    { D("nonce=, nc=00000001, cnonce=\"x\", qop=auth, response=\"00\""), BARK_AUTH_BROKEN },
    { D(REST ", userhash=true"), BARK_AUTH_BROKEN },
    { D(REST ", new=\"thing\""), BARK_AUTH_WRONG },
    { D("nonce=\"00\", nc=00000001, cnonce=\"x\", qop=auth, algorithm=SHA-512, response=\"00\""),
      BARK_AUTH_WRONG },
    { D("nonce=\"00\", nc=00000001, cnonce=\"x\", qop=auth, algorithm=SHA-256-sess, response=\"00\""),
      BARK_AUTH_WRONG },
    { D("nonce=\"00\", nc=00000001, cnonce=\"x\", qop=auth, response=\"00\""), BARK_AUTH_WRONG }, /* MD5 */
    { "Digest username=\"admin\", realm=\"device\", uri=\"/other\", " REST, BARK_AUTH_BROKEN },
    { "Digest username=\"admin\", realm=\"other\", uri=\"/onvif/device_service\", " REST, BARK_AUTH_WRONG },
    { "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"device\", uri=\"/onvif/device_service\", " REST,
      BARK_AUTH_WRONG },
    { "Digest username*=UTF-8''%zz, realm=\"device\", uri=\"/onvif/device_service\", " REST,
      BARK_AUTH_BROKEN },
    { "Digest username*=latin-1''x, realm=\"device\", uri=\"/onvif/device_service\", " REST,
      BARK_AUTH_BROKEN },
    { "Basic", BARK_AUTH_BROKEN },
    { "Basic YWRtaW4=", BARK_AUTH_BROKEN }, /* no colon */
    { "Basic YWRtaW46Y29ycmVjdCBob3JzZQ=", BARK_AUTH_BROKEN }, /* padding */
    { "Basic YWRtaW46Y29ycmVjdCBob3JzZR==", BARK_AUTH_BROKEN }, /* loose bits */
    { "Basic YWRtaW46Y29ycmVjdCBob3JzZQ==x", BARK_AUTH_BROKEN },
    { "basic  YWRtaW46Y29ycmVjdCBob3JzZQ==", BARK_AUTH_KNOWN },
    { "Basic Og==", BARK_AUTH_WRONG },
};

TEST(forms_of_the_field)
{
    struct bark_identity who;
    char truncated[FIELD];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct bark_auth *auth = auth_of(BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_BASIC);
        struct bark_auth_request request = request_of(forms[i].field, 5);
        CHECK_IN(forms[i].field, ask(auth, &request, &who) == forms[i].result);
        for (size_t cut = 0; cut < strlen(forms[i].field);
             cut++) { /* every beginning of it: never a way in */
            memcpy(truncated, forms[i].field, cut);
            request.authorization = (struct bark_slice){ (const uint8_t *)truncated, cut };
            CHECK_IN(forms[i].field, ask(auth, &request, &who) != BARK_AUTH_KNOWN);
        }
        request = request_of(forms[i].field, 5);
        request.authorization_count = 2;
        CHECK(ask(auth, &request, &who) == BARK_AUTH_BROKEN);
        bark_auth_free(auth);
    }
}

TEST(secrets_travel_over_tls_only)
{
    struct bark_auth_options options = {
        .crypto = bark_crypto_default(), .users = &store, .realm = "device", .schemes = BARK_AUTH_BASIC
    };
    struct bark_auth_request request = request_of("Basic YWRtaW46Y29ycmVjdCBob3JzZQ==", 1);
    struct bark_identity who;
    char challenge[FIELD] = "";
    request.secure = false;
    for (int insecure = 0; insecure < 2; insecure++) {
        struct bark_out out = { .base = (uint8_t *)challenge, .cap = sizeof challenge - 1 };
        options.insecure_basic_without_tls = insecure;
        struct bark_auth *auth = bark_auth_new(&options, NULL);
        CHECK(ask(auth, &request, &who) == (insecure ? BARK_AUTH_KNOWN : BARK_AUTH_WRONG));
        bark_auth_challenge_write(auth, false, false, 0, &out);
        CHECK((out.pos > 0) == (insecure != 0));
        bark_auth_free(auth);
    }
}

TEST(a_digest_of_the_password_is_enough)
{
    struct bark_auth *auth = auth_of(BARK_AUTH_BASIC | BARK_AUTH_DIGEST_SHA256 | BARK_AUTH_DIGEST_MD5);
    struct bark_identity who;
    char challenge[FIELD], field[FIELD];
    struct bark_auth_request request = request_of("Basic a2VwdDpsb25nIHNlY3JldA==", 1);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN);
    request = request_of("Basic a2VwdDpsb25nIHNlY3JldB==", 1);
    CHECK(ask(auth, &request, &who) != BARK_AUTH_KNOWN);
    request = request_of("Basic a2VwdDo=", 1); /* no password, as the store has none */
    CHECK(ask(auth, &request, &who) == BARK_AUTH_WRONG);
    challenge_of(auth, "SHA-256", 1, challenge);
    CHECK(answer_to(challenge, "kept", "long secret", 1, field));
    request = request_of(field, 1);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN);
    CHECK(answer_to(challenge, "kept", "", 2, field));
    request = request_of(field, 1);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_WRONG);
    challenge_of(auth, "MD5", 1, challenge); /* its digest is of SHA-256 */
    CHECK(answer_to(challenge, "kept", "long secret", 1, field));
    request = request_of(field, 1);
    CHECK(ask(auth, &request, &who) == BARK_AUTH_WRONG);
    bark_auth_free(auth);
}

TEST(certificates_and_nobody)
{
    struct bark_auth *auth = auth_of(BARK_AUTH_CERTIFICATE | BARK_AUTH_DIGEST_SHA256);
    uint8_t spki[32] = { 7 };
    struct bark_identity who;
    struct bark_auth_request request = request_of("", 1);
    request.authorization = (struct bark_slice){ 0 };
    request.authorization_count = 0;
    CHECK(ask(auth, &request, &who) == BARK_AUTH_ANONYMOUS);
    request.certificate = (struct bark_slice){ spki, sizeof spki };
    CHECK(ask(auth, &request, &who) == BARK_AUTH_KNOWN && who.level == BARK_LEVEL_OPERATOR);
    spki[0] = 8; /* a valid certificate of nobody that the store knows */
    CHECK(ask(auth, &request, &who) == BARK_AUTH_ANONYMOUS);
    spki[0] = 7;
    request = request_of("Digest username=\"x\"", 1); /* wrong credentials beside a right certificate */
    request.certificate = (struct bark_slice){ spki, sizeof spki };
    CHECK(ask(auth, &request, &who) == BARK_AUTH_BROKEN);
    bark_auth_free(auth);
}

/* The key stands in the comments at the head of the file. */
static struct bark_public_key *tokens_key(FILE *file)
{
    char line[256], pem[PEM] = "";
    struct bark_error err = { 0 };
    while (fgets(line, sizeof line, file) && !strstr(pem, "-----END")) {
        const char *text = line + 2;
        if (pem[0] || strstr(line, "-----BEGIN"))
            strncat(pem, text, sizeof pem - strlen(pem) - 1);
    }
    return bark_crypto_default()->key_new(text_slice(pem), &err);
}

TEST(bearer_tokens)
{
    static const char *const levels[] = { "wrong", "user", "operator", "administrator" };
    static char line[TOKEN_LINE], field[TOKEN_LINE];
    FILE *file = fopen("cases/auth/tokens.txt", "r");
    struct bark_public_key *public_key = file ? tokens_key(file) : NULL;
    unsigned count = 0;
    CHECK(public_key != NULL);
    while (public_key && fgets(line, sizeof line, file)) {
        const struct bark_token_key key = { .key = public_key,
                                            .algorithm = BARK_SIGNATURE_ES256,
                                            .id = "k1" };
        const struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                                   .users = &store,
                                                   .realm = "device",
                                                   .schemes = BARK_AUTH_BEARER,
                                                   .keys = &key,
                                                   .key_count = 1,
                                                   .issuer = "https://idp.example",
                                                   .audience = "camera-1" };
        char *level = strstr(line, " | "), *token = level ? strstr(level + 3, " | ") : NULL;
        struct bark_auth *auth;
        struct bark_identity who;
        unsigned wanted = 0;
        if (line[0] == '#' || !token)
            continue;
        *level = *token = '\0';
        token[3 + strcspn(token + 3, "\n")] = '\0';
        while (wanted < 3 && strcmp(level + 3, levels[wanted]) != 0)
            wanted++;
        snprintf(field, sizeof field, "Bearer %s", token + 3);
        auth = bark_auth_new(&options, NULL);
        struct bark_auth_request request = request_of(field, 1);
        CHECK_IN(line, ask(auth, &request, &who) == (wanted ? BARK_AUTH_KNOWN : BARK_AUTH_WRONG));
        CHECK_IN(line, who.level == (enum bark_level)wanted);
        request.wall_ns = 86400 * SECOND; /* a cold start without a clock [row 18] */
        CHECK_IN(line, ask(auth, &request, &who) == BARK_AUTH_WRONG);
        request = request_of(field, 1);
        request.secure = false;
        CHECK_IN(line, ask(auth, &request, &who) == BARK_AUTH_WRONG);
        bark_auth_free(auth);
        count++;
    }
    CHECK(count >= 50);
    if (file)
        fclose(file);
    if (public_key)
        bark_crypto_default()->key_free(public_key);
}

TEST(options_are_judged)
{
    const struct bark_auth_options good = {
        .crypto = bark_crypto_default(), .users = &store, .realm = "x", .schemes = BARK_AUTH_BASIC
    };
    const struct bark_user_store no_find = { .find = NULL };
    struct bark_auth_options wrong[8];
    for (size_t i = 0; i < 8; i++)
        wrong[i] = good;
    wrong[0].crypto = NULL;
    wrong[1].users = &no_find;
    wrong[2].realm = "";
    wrong[3].realm = "a\"b";
    wrong[4].realm = "a\r\nb";
    wrong[5].schemes = 0;
    wrong[6].schemes = 64;
    wrong[7].schemes = BARK_AUTH_BEARER;
    for (size_t i = 0; i < 8; i++) {
        struct bark_error err = { 0 };
        CHECK(bark_auth_new(&wrong[i], &err) == NULL && err.code == BARK_ERR_USE && err.rule);
    }
}

TEST_MAIN(RUN(levels_and_classes) RUN(past_2026_79395) RUN(digest_example_of_the_rfc) RUN(past_2022_30563)
              RUN(past_2026_88278) RUN(nonces_are_sealed) RUN(guessing_waits) RUN(forms_of_the_field)
                  RUN(secrets_travel_over_tls_only) RUN(a_digest_of_the_password_is_enough)
                      RUN(certificates_and_nobody) RUN(bearer_tokens) RUN(options_are_judged))
