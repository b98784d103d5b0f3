/* engine/value_test.c - simple values: what every kind reads, refuses and writes. */
#include "engine/value_testing.h"
#include "testkit.h"

#include <stdlib.h>

/* Reading text gives a value that is written as `want`; NULL: refused with the code. */
struct lexical {
    const char *text;
    const char *want;
    enum bark_code code;
};

static void lexicals_run(enum bark_kind kind, const struct lexical *cases, size_t count)
{
    struct values v;
    const uint16_t type = values_open(&v, kind);
    size_t i;
    for (i = 0; i < count; i++) {
        const char *got;
        enum bark_code code = values_read(&v, type, cases[i].text, strlen(cases[i].text));
        CHECK_IN(cases[i].text, code == cases[i].code);
        CHECK_IN(cases[i].text, (code == BARK_OK) == (v.error.rule == NULL));
        if (code != BARK_OK) {
            CHECK_IN(cases[i].text, values_member_zero(&v) && v.arena.used == 0);
            continue;
        }
        got = values_write(&v, type, &code);
        CHECK_IN(cases[i].text, code == BARK_OK);
        if (code == BARK_OK && cases[i].want)
            CHECK_TEXT(got, cases[i].want);
    }
}
#define LEXICALS(kind, cases) lexicals_run(kind, cases, sizeof cases / sizeof *cases)

static const struct lexical boolean_cases[] = {
    { "true", "true", BARK_OK },
    { "false", "false", BARK_OK },
    { "1", "true", BARK_OK },
    { "0", "false", BARK_OK },
    { " \t\r\ntrue\n", "true", BARK_OK }, /* [XSD2 4.3.6] collapse */
    { "", NULL, BARK_ERR_TYPE },
    { " ", NULL, BARK_ERR_TYPE },
    { "TRUE", NULL, BARK_ERR_TYPE },
    { "True", NULL, BARK_ERR_TYPE },
    { "yes", NULL, BARK_ERR_TYPE },
    { "2", NULL, BARK_ERR_TYPE },
    { "01", NULL, BARK_ERR_TYPE },
    { "+1", NULL, BARK_ERR_TYPE },
    { "-0", NULL, BARK_ERR_TYPE },
    { "1.0", NULL, BARK_ERR_TYPE },
    { "true false", NULL, BARK_ERR_TYPE },
    { "tru", NULL, BARK_ERR_TYPE },
    { "truee", NULL, BARK_ERR_TYPE },
    { "f", NULL, BARK_ERR_TYPE },
    { "\xc2\xa0true", NULL, BARK_ERR_TYPE }, /* U+00A0 is not white space here */
};

TEST(boolean_lexicals)
{
    LEXICALS(BARK_KIND_BOOLEAN, boolean_cases);
}

static const struct lexical int32_cases[] = {
    { "0", "0", BARK_OK },
    { "-0", "0", BARK_OK },
    { "+0", "0", BARK_OK },
    { "+7", "7", BARK_OK }, /* [XSD2 3.3.13.1] a leading plus is legal */
    { "007", "7", BARK_OK },
    { "-007", "-7", BARK_OK },
    { "2147483647", "2147483647", BARK_OK },
    { "-2147483648", "-2147483648", BARK_OK },
    { "00000000000000000000000000002147483647", "2147483647", BARK_OK },
    { " 12 ", "12", BARK_OK },
    { "2147483648", NULL, BARK_ERR_TYPE }, /* one past: refused, not wrapped */
    { "-2147483649", NULL, BARK_ERR_TYPE },
    { "4294967296", NULL, BARK_ERR_TYPE },
    { "18446744073709551616", NULL, BARK_ERR_TYPE }, /* 2^64 would wrap to 0 */
    { "99999999999999999999999999", NULL, BARK_ERR_TYPE },
    { "", NULL, BARK_ERR_TYPE },
    { "+", NULL, BARK_ERR_TYPE },
    { "-", NULL, BARK_ERR_TYPE },
    { "--1", NULL, BARK_ERR_TYPE },
    { "+-1", NULL, BARK_ERR_TYPE },
    { "1 2", NULL, BARK_ERR_TYPE },
    { "1.", NULL, BARK_ERR_TYPE },
    { "1.0", NULL, BARK_ERR_TYPE },
    { "1e3", NULL, BARK_ERR_TYPE },
    { "0x10", NULL, BARK_ERR_TYPE },
    { "1a", NULL, BARK_ERR_TYPE },
    { "1,000", NULL, BARK_ERR_TYPE },
    { "\xd9\xa1", NULL, BARK_ERR_TYPE }, /* ARABIC-INDIC DIGIT ONE */
};

TEST(int32_lexicals)
{
    LEXICALS(BARK_KIND_INT32, int32_cases);
}

TEST_MAIN(RUN(boolean_lexicals) RUN(int32_lexicals))
