/* tests/auth/timing.c - does the time of a wrong login tell why it was wrong? [R11]
 *
 *     auth_timing SAMPLES ROUNDS
 *
 * Three kinds of wrong logins in random order: a user that does not exist, a user with a wrong password, and
 * one with a much longer wrong password in the store. For each pair, Welch's t of the times in nanoseconds,
 * the slowest tenth left out, since that is the machine and not the code. Prints "t NAME ROUND VALUE"; the
 * script beside it judges.
 */
#define _POSIX_C_SOURCE 200809L

#include "soapbark/auth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CLASSES = 3, FIELD = 1024 };

static const char *const names[CLASSES] = { "otto", "anna", "lang" };

static bool user_find(void *context, struct bark_slice name, struct bark_user *user)
{
    (void)context;
    /* As a careful store does: everything compared, as much copied in any case. */
    const struct bark_slice one = { (const uint8_t *)"anna", 4 }, other = { (const uint8_t *)"lang", 4 };
    const bool anna = bark_secret_equal(name, one), lang = bark_secret_equal(name, other);
    memset(user->password, 'p', BARK_USER_PASSWORD_MAX);
    user->password[lang ? BARK_USER_PASSWORD_MAX : 12] = '\0';
    user->level = BARK_LEVEL_ADMINISTRATOR;
    return anna || lang;
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static uint64_t random_next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A nonce of the authenticator, out of its challenge. */
static bool nonce_take(struct bark_auth *auth, char *nonce, size_t size)
{
    uint8_t text[BARK_AUTH_CHALLENGE_BYTES + 1];
    struct bark_out out;
    bark_out_init(&out, text, BARK_AUTH_CHALLENGE_BYTES);
    bark_auth_challenge_write(auth, false, false, now_ns(), &out);
    text[out.pos] = '\0';
    const char *at = strstr((const char *)text, "nonce=\"");
    return at && snprintf(nonce, size, "%.64s", at + strlen("nonce=\"")) == 64;
}

static uint64_t login_ns(struct bark_auth *auth, const char *field)
{
    const struct bark_auth_request request = { .method = { (const uint8_t *)"POST", 4 },
                                               .target = { (const uint8_t *)"/t", 2 },
                                               .authorization = { (const uint8_t *)field, strlen(field) },
                                               .authorization_count = 1,
                                               .monotonic_ns = now_ns() };
    struct bark_identity who;
    const uint64_t start = now_ns();
    const enum bark_auth_result result = bark_auth_check(auth, &request, &who, NULL);
    const uint64_t end = now_ns();
    if (result != BARK_AUTH_WRONG) {
        fprintf(stderr, "auth_timing: a wrong login was judged %d\n", (int)result);
        exit(1);
    }
    return end - start;
}

static int by_size(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

struct sum {
    double mean, variance;
    size_t n;
};

static struct sum sum_of(uint64_t *times, size_t n)
{
    struct sum s = { .n = n - n / 10 };
    qsort(times, n, sizeof *times, by_size);
    for (size_t i = 0; i < s.n; i++)
        s.mean += (double)times[i];
    s.mean /= (double)s.n;
    for (size_t i = 0; i < s.n; i++)
        s.variance += ((double)times[i] - s.mean) * ((double)times[i] - s.mean);
    s.variance /= (double)(s.n - 1);
    return s;
}

static void round_run(struct bark_auth *auth, size_t samples, unsigned round, uint64_t *times)
{
    char nonce[65], field[CLASSES][FIELD];
    uint64_t state = now_ns() | 1;
    size_t filled[CLASSES] = { 0 };
    struct sum sums[CLASSES];
    if (!nonce_take(auth, nonce, sizeof nonce))
        exit(1);
    for (int i = 0; i < CLASSES; i++)
        snprintf(field[i], FIELD,
                 "Digest username=\"%s\", realm=\"device\", nonce=\"%s\", uri=\"/t\", algorithm=SHA-256, "
                 "qop=auth, nc=00000001, cnonce=\"00112233\", response=\"%064d\"",
                 names[i], nonce, 0);
    for (size_t i = 0; i < samples * CLASSES;) {
        const unsigned which = (unsigned)(random_next(&state) % CLASSES);
        if (filled[which] == samples)
            continue;
        times[which * samples + filled[which]++] = login_ns(auth, field[which]);
        i++;
    }
    for (unsigned i = 0; i < CLASSES; i++)
        sums[i] = sum_of(times + i * samples, samples);
    for (unsigned i = 0; i < CLASSES; i++) {
        const unsigned j = (i + 1) % CLASSES;
        const double error =
            sqrt(sums[i].variance / (double)sums[i].n + sums[j].variance / (double)sums[j].n);
        printf("t %s/%s %u %.2f (%.0f ns, %.0f ns)\n", names[i], names[j], round,
               fabs(sums[i].mean - sums[j].mean) / error, sums[i].mean, sums[j].mean);
    }
}

int main(int count, char **words)
{
    static const struct bark_user_store store = { .find = user_find };
    const struct bark_auth_options options = { .crypto = bark_crypto_default(),
                                               .users = &store,
                                               .realm = "device",
                                               .schemes = BARK_AUTH_DIGEST_SHA256,
                                               .tries = UINT32_MAX, /* no waiting */
                                               .peers = 1 };
    const size_t samples = count == 3 ? strtoul(words[1], NULL, 10) : 0;
    const unsigned rounds = count == 3 ? (unsigned)strtoul(words[2], NULL, 10) : 0;
    struct bark_error err = { 0 };
    if (samples < 10 || samples > 1000000 || rounds == 0) {
        fprintf(stderr, "usage: auth_timing SAMPLES ROUNDS\n");
        return 2;
    }
    struct bark_auth *auth = bark_auth_new(&options, &err);
    uint64_t *times = calloc(samples * CLASSES, sizeof *times);
    if (!auth || !times)
        return 1;
    for (unsigned round = 0; round < rounds; round++)
        round_run(auth, samples, round, times);
    free(times);
    bark_auth_free(auth);
    return 0;
}
