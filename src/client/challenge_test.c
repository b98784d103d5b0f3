/* client/challenge_test.c - where one challenge of a WWW-Authenticate field ends and the next begins. */
#include "client/credentials.h"
#include "testkit.h"

static const struct {
    const char *field;
    const char *challenges[5]; /* ends at NULL */
} cases[] = {
    { "", { NULL } },
    { " , ,\t,", { NULL } },
    { "Basic", { "Basic" } },
    { "Basic realm=\"x\"", { "Basic realm=\"x\"" } },
    { "Digest realm=\"a, b\", nonce=\"1\", Basic realm=\"c\"",
      { "Digest realm=\"a, b\", nonce=\"1\"", "Basic realm=\"c\"" } },
    { "Digest realm=\"a\\\", Basic \", nonce=1", { "Digest realm=\"a\\\", Basic \", nonce=1" } },
    { "Negotiate, NTLM oXQ==, Basic realm = \"x\" , charset=utf-8",
      { "Negotiate", "NTLM oXQ==", "Basic realm = \"x\" , charset=utf-8" } },
    { ",,Digest a=1,,b=2,,Basic,,", { "Digest a=1,,b=2", "Basic" } },
    { "Digest realm=\"never closed, Basic", { "Digest realm=\"never closed, Basic" } },
    { "Digest realm=\"ends in \\", { "Digest realm=\"ends in \\" } },
    { "A, B, C, D", { "A", "B", "C", "D" } },
};

TEST(challenges_of_a_field)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bark_slice list = { (const uint8_t *)cases[i].field, strlen(cases[i].field) }, one;
        size_t n = 0;
        for (; n < 5 && bark_challenge_next(&list, &one); n++) {
            const char *want = cases[i].challenges[n] ? cases[i].challenges[n] : "nothing";
            CHECK_IN(cases[i].field, one.len == strlen(want) && memcmp(one.ptr, want, one.len) == 0);
        }
        CHECK_IN(cases[i].field, n < 5 && cases[i].challenges[n] == NULL);
    }
}

/* Cut anywhere, it ends, and every challenge lies within the field. */
TEST(challenges_cut_anywhere)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t len = 0; len <= strlen(cases[i].field); len++) {
            struct bark_slice list = { (const uint8_t *)cases[i].field, len }, one;
            size_t n = 0;
            for (; n <= len && bark_challenge_next(&list, &one); n++)
                CHECK(one.len > 0 && one.len <= len);
            CHECK(n <= len);
        }
    }
}

TEST_MAIN(RUN(challenges_of_a_field) RUN(challenges_cut_anywhere))
