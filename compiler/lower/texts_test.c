/* lower/texts_test.c - the pool as one text: every name is in it, and what names share is there once.
 */
#include "lower/model_kit.h"
#include "lower/plan.h"

#include "testkit.h"

enum { NAMES_MAX = 24 };

/* Names of global elements, and the text of the pool that holds them. */
static const struct {
    const char *names[NAMES_MAX];
    const char *want;
} text_cases[] = {
    { { "GetUsers", "GetUsersResponse", "Users" }, "GetUsersResponse" }, /* start and end of another one */
    { { "DateTime", "TimeZone" }, "DateTimeZone" },
    { { "TimeZone", "DateTime" }, "DateTimeZone" },
    { { "abcd", "cdab" }, "abcdab" }, /* not in a ring: the last overlap is not taken */
    { { "aaa" }, "aaa" }, /* nor with itself */
    { { "xab", "abcd", "aby", "cdz" }, "xabcdz" }, /* of two followers with the same overlap, one */
    { { "ab", "bcd", "xbcd" }, "xbcd" },
    { { "abc", "bcd", "cde" }, "abcde" },
    { { "1bcde", "bcde2", "de34", "e2x" }, "1bcde2x" }, /* the longest overlap first */
    { { "a\xc3\xa9", "\xc3\xa9z" }, "a\xc3\xa9z" }, /* characters stay whole */
};

static struct soapc_plan *plan_make(struct soapc_diag *diag, const char *const *names, size_t count)
{
    const struct soapc_lower_options options = { .all_elements = true };
    kit_begin();
    for (size_t i = 0; i < count; i++)
        kit_element(names[i], kit_builtin(SOAPC_BUILTIN_STRING), true);
    return soapc_lower(&kit, &options, diag);
}

/* The texts of the roots are those of the model. */
static bool roots_are(const struct soapc_plan *plan, const char *const *names, size_t count)
{
    const struct soapc_rows *rows = &plan->rows;
    if (rows->count[BARK_SECTION_ROOTS] != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint32_t row = rows->names[rows->roots[i].name];
        if (bark_name_len(row) != strlen(names[i]) ||
            memcmp(rows->pool + bark_name_offset(row), names[i], strlen(names[i])) != 0)
            return false;
    }
    return true;
}

static bool pool_has(const struct soapc_plan *plan, const char *text)
{
    const size_t len = strlen(text), size = plan->rows.count[BARK_SECTION_POOL];
    for (size_t i = 0; i + len <= size; i++)
        if (memcmp(plan->rows.pool + i, text, len) == 0)
            return true;
    return false;
}

TEST(names_share_their_bytes)
{
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        struct soapc_diag *diag = soapc_diag_new();
        size_t count = 0;
        while (count < NAMES_MAX && text_cases[i].names[count])
            count++;
        struct soapc_plan *plan = plan_make(diag, text_cases[i].names, count);
        CHECK_IN(text_cases[i].want, plan != NULL);
        if (plan) {
            CHECK_IN(text_cases[i].want, roots_are(plan, text_cases[i].names, count));
            CHECK_IN(text_cases[i].want, pool_has(plan, text_cases[i].want));
        }
        soapc_plan_free(plan);
        soapc_diag_free(diag);
    }
}

/* Names that chain without end: each has the last 60 characters of the one before. Chains are cut, so that
 * the pool is a row of C literals of bounded length. */
TEST(chains_are_cut_for_literals)
{
    enum { COUNT = 60, STEP = 50, LEN = 70 };
    static char texts[COUNT][LEN + 1];
    const char *names[COUNT];
    struct soapc_diag *diag = soapc_diag_new();
    size_t run = 0, longest = 0;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < LEN; k++) { /* characters of one long text without a period */
            const size_t at = i * STEP + k;
            texts[i][k] = (char)('a' + (at * at / 7 + at / 26) % 26);
        }
        names[i] = texts[i];
    }
    struct soapc_plan *plan = plan_make(diag, names, COUNT);
    CHECK(plan && roots_are(plan, names, COUNT));
    for (size_t i = 0; plan && i < plan->rows.count[BARK_SECTION_POOL]; i++) {
        run = plan->rows.pool[i] ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    CHECK(longest > LEN && longest <= 2000);
    CHECK(plan && plan->rows.count[BARK_SECTION_POOL] < (size_t)COUNT * LEN); /* they overlap */
    soapc_plan_free(plan);
    soapc_diag_free(diag);
}

TEST_MAIN(RUN(names_share_their_bytes) RUN(chains_are_cut_for_literals))
