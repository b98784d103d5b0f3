/* engine/facet_test.c - facets on every kind that can have them, both ways.
 *
 * A row is a type with one or two facets, and values that meet them or do not. What is refused when read is
 * refused when written too: the writer gets the value from a bench without facets.
 */
#include "engine/value_testing.h"

struct facet {
    enum bark_facet_kind kind;
    const char *text;
    int64_t value;
};

struct facet_case {
    enum bark_kind kind;
    struct facet facets[2];
    const char *good[6], *bad[6];
    const char *rule; /* of the bad ones */
};

#define MIN(bound) \
    { \
        BARK_FACET_MIN_INCLUSIVE, bound, 0 \
    }
#define MAX(bound) \
    { \
        BARK_FACET_MAX_INCLUSIVE, bound, 0 \
    }
#define ABOVE(bound) \
    { \
        BARK_FACET_MIN_EXCLUSIVE, bound, 0 \
    }
#define BELOW(bound) \
    { \
        BARK_FACET_MAX_EXCLUSIVE, bound, 0 \
    }
#define ONE_OF(text) \
    { \
        BARK_FACET_ENUMERATION, text, 0 \
    }
#define NO_FACET \
    { \
        BARK_FACET_COUNT, NULL, 0 \
    }

static const struct facet_case cases[] = {
    { BARK_KIND_STRING,
      { { BARK_FACET_LENGTH, "", 2 }, NO_FACET },
      { "ab", "\xc3\xa9\xf0\x9f\x8c\xb3", "  " }, /* characters, not bytes */
      { "", "a", "abc", "\xc3\xa9" },
      "4.3.1" },
    { BARK_KIND_STRING, { { BARK_FACET_MIN_LENGTH, "", 1 }, NO_FACET }, { "a", " " }, { "" }, "4.3.2" },
    { BARK_KIND_TOKEN,
      { { BARK_FACET_MAX_LENGTH, "", 3 }, NO_FACET },
      { "", "abc", "  abc  ", "a  b" }, /* after white space is collapsed */
      { "abcd", "a b c" },
      "4.3.3" },
    { BARK_KIND_ANYURI, { { BARK_FACET_MAX_LENGTH, "", 5 }, NO_FACET }, { "urn:a" }, { "urn:ab" }, "4.3.3" },
    { BARK_KIND_BASE64,
      { { BARK_FACET_LENGTH, "", 3 }, NO_FACET },
      { "AAAA" },
      { "", "AAA=", "AAAAAAAA" },
      "4.3.1" },
    { BARK_KIND_HEX, { { BARK_FACET_MAX_LENGTH, "", 2 }, NO_FACET }, { "", "0000" }, { "000000" }, "4.3.3" },
    { BARK_KIND_HEX,
      { ONE_OF("0aFF"), ONE_OF("00") },
      { "0AFF", "0aff", "00" },
      { "", "0000", "0a" },
      "4.3.5" },
    { BARK_KIND_INT8,
      { { BARK_FACET_MIN_INCLUSIVE, "-5", -5 }, { BARK_FACET_MAX_EXCLUSIVE, "7", 7 } },
      { "-5", "0", "6" },
      { "-6", "7", "127", "-128" },
      "4.3." },
    { BARK_KIND_INT64,
      { { BARK_FACET_MIN_EXCLUSIVE, "", INT64_MIN }, { BARK_FACET_MAX_INCLUSIVE, "", INT64_MAX - 1 } },
      { "-9223372036854775807", "9223372036854775806" },
      { "-9223372036854775808", "9223372036854775807" },
      "4.3." },
    { BARK_KIND_UINT64,
      { { BARK_FACET_MIN_INCLUSIVE, "", 1 }, { BARK_FACET_MAX_INCLUSIVE, "", (int64_t)(UINT64_MAX - 1) } },
      { "1", "9223372036854775808", "18446744073709551614" },
      { "0", "18446744073709551615" },
      "4.3." },
    { BARK_KIND_UINT8,
      { { BARK_FACET_MAX_INCLUSIVE, "", 100 }, NO_FACET },
      { "0", "100" },
      { "101", "255" },
      "4.3.7" },
    { BARK_KIND_INT32, { ONE_OF("1"), ONE_OF("+02") }, { "1", "2", "002" }, { "0", "3", "12" }, "4.3.5" },
    { BARK_KIND_INT32,
      { { BARK_FACET_TOTAL_DIGITS, "", 3 }, NO_FACET },
      { "0", "999", "-999", "000123" },
      { "1000", "-1000", "2147483647" },
      "4.3.11" },
    { BARK_KIND_INTEGER,
      { MIN("-100000000000000000000"), MAX("100000000000000000000") },
      { "-100000000000000000000", "0", "+100000000000000000000", "0000000000000000000000000000001" },
      { "-100000000000000000001", "100000000000000000001", "999999999999999999999" },
      "4.3." },
    { BARK_KIND_DECIMAL,
      { ABOVE("0"), BELOW("1.50") },
      { "0.000000000000000000000000000001", "1.4999999999999999999", "1" },
      { "0", "-0.0", "1.5", "1.500", "2", "-1" },
      "4.3." },
    { BARK_KIND_DECIMAL,
      { { BARK_FACET_TOTAL_DIGITS, "", 4 }, { BARK_FACET_FRACTION_DIGITS, "", 2 } },
      { "12.34", "0012.3400", "-1234", ".12", "0" },
      { "123.45", "12345", "1.234", "0.001" },
      "4.3.1" },
    { BARK_KIND_DECIMAL,
      { ONE_OF("1.0"), ONE_OF("-.5") },
      { "1", "01.000", "-0.50" },
      { "0", "1.1", "0.5" },
      "4.3.5" },
    { BARK_KIND_DOUBLE,
      { MIN("-1.5"), BELOW("INF") },
      { "-1.5", "0", "1e308" },
      { "-1.6", "-INF", "INF", "NaN" }, /* NaN is not ordered: no bound is met */
      "4.3." },
    { BARK_KIND_FLOAT, { ONE_OF("NaN"), ONE_OF("0.1") }, { "NaN", "1e-1" }, { "0", "INF" }, "4.3.5" },
    { BARK_KIND_DATETIME,
      { MIN("2000-01-01T00:00:00Z"), BELOW("2000-12-31T00:00:00Z") },
      { "2000-01-01T00:00:00Z", "2000-01-01T01:00:00+01:00", "2000-06-01T00:00:00" },
      { "1999-12-31T23:59:59Z", "2000-01-01T00:00:00+01:00", "2000-01-01T10:00:00", "2000-12-31T00:00:00Z" },
      "4.3." }, /* without a zone: only where it cannot matter */
    { BARK_KIND_DATE,
      { ABOVE("2000-02-28"), MAX("2000-03-01") },
      { "2000-02-29", "2000-03-01" },
      { "2000-02-28", "2000-03-02", "2000-02-28Z" },
      "4.3." },
    { BARK_KIND_TIME,
      { MIN("08:00:00"), MAX("18:00:00") },
      { "08:00:00", "17:59:59.9" },
      { "07:59:59", "18:00:00.1" },
      "4.3." },
    { BARK_KIND_GYEAR, { MIN("1990"), NO_FACET }, { "1990", "12000" }, { "1989", "-2000" }, "4.3.10" },
    { BARK_KIND_GMONTHDAY, { MAX("--06-30"), NO_FACET }, { "--06-30", "--01-01" }, { "--07-01" }, "4.3.7" },
    { BARK_KIND_DURATION,
      { ABOVE("PT0S"), MAX("P1M") },
      { "PT1S", "P27D", "P1M" },
      { "PT0S", "-PT1S", "P28D", "P31D", "P32D" }, /* 28 to 31 days are neither more nor less than a month */
      "4.3." },
    { BARK_KIND_DURATION,
      { ONE_OF("P1Y"), ONE_OF("PT1H") },
      { "P12M", "PT60M" },
      { "P365D", "PT61M" },
      "4.3.5" },
    { BARK_KIND_BOOLEAN, { ONE_OF("true"), NO_FACET }, { "true", "1" }, { "false", "0" }, "4.3.5" },
    { BARK_KIND_NCNAME, { ONE_OF("a"), ONE_OF("b") }, { "a", " b " }, { "c", "A" }, "4.3.5" },
};

static uint16_t bench_open(struct values *v, const struct facet_case *c)
{
    size_t i;
    const uint16_t type = values_open(v, c->kind);
    values_type(v, c->kind); /* the same kind without facets, at type + 1 */
    for (i = 0; i < 2; i++)
        if (c->facets[i].text)
            values_facet(v, type, c->facets[i].kind, c->facets[i].text, c->facets[i].value);
    return type;
}

static void text_try(struct values *v, uint16_t type, const struct facet_case *c, const char *text, bool good)
{
    enum bark_code code = values_read(v, type, text, strlen(text));
    CHECK_IN(text, code == (good ? BARK_OK : BARK_ERR_FACET));
    if (!good)
        CHECK_IN(text, v->error.rule && strstr(v->error.rule, c->rule) && values_member_zero(v));
    CHECK_IN(text, values_read(v, (uint16_t)(type + 1), text, strlen(text)) == BARK_OK);
    values_write(v, type, &code);
    CHECK_IN(text, code == (good ? BARK_OK : BARK_ERR_FACET));
}

TEST(facets_hold_when_read_and_when_written)
{
    static struct values v;
    size_t i, k;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint16_t type = bench_open(&v, &cases[i]);
        for (k = 0; k < 6 && cases[i].good[k]; k++)
            text_try(&v, type, &cases[i], cases[i].good[k], true);
        for (k = 0; k < 6 && cases[i].bad[k]; k++)
            text_try(&v, type, &cases[i], cases[i].bad[k], false);
    }
}

/* [a-z]+ as the rows of an image: class 1 is a letter, state 1 the start, state 2 accepts. */
static void pattern_add(struct values *v, uint16_t type)
{
    static const uint8_t next[] = { 0, 0, 0, 2, 0, 2 }, accept[] = { 1 << 2 };
    uint8_t map[256] = { 0 };
    memset(&map['a'], 1, 26);
    v->patterns[0] = (struct bark_pattern_row){ .classes_map = values_pool(v, map, sizeof map),
                                                .next = values_pool(v, next, sizeof next),
                                                .accept = values_pool(v, accept, sizeof accept),
                                                .states = 3,
                                                .classes = 2,
                                                .source = values_pool(v, "[a-z]+", 6) };
    values_facet(v, type, BARK_FACET_PATTERN, "", 0);
}

static bool expected_is(const struct values *v, size_t i, const char *text)
{
    const struct bark_slice s = v->error.expected[i];
    return i < v->error.expected_count && s.len == strlen(text) && memcmp(s.ptr, text, s.len) == 0;
}

TEST(patterns_judge_the_lexical_form)
{
    static struct values v;
    enum bark_code code;
    uint16_t type = values_open(&v, BARK_KIND_TOKEN);
    pattern_add(&v, type);
    CHECK(values_read(&v, type, " abc\n", 5) == BARK_OK);
    CHECK_TEXT(values_write(&v, type, &code), "abc");
    CHECK(values_read(&v, type, "", 0) == BARK_ERR_FACET);
    CHECK(values_read(&v, type, "aBc", 3) == BARK_ERR_FACET);
    CHECK(expected_is(&v, 0, "[a-z]+") && strstr(v.error.rule, "4.3.4"));
    CHECK(values_read(&v, type, "a\xc3\xa9", 3) == BARK_ERR_FACET);
    v.member.text = bark_text("Abc");
    values_write(&v, type, &code);
    CHECK(code == BARK_ERR_FACET);

    /* A boolean is written as true, whatever digit it came from. */
    type = values_open(&v, BARK_KIND_BOOLEAN);
    pattern_add(&v, type);
    CHECK(values_read(&v, type, "1", 1) == BARK_ERR_FACET);
    CHECK(values_read(&v, type, "true", 4) == BARK_OK);
    CHECK_TEXT(values_write(&v, type, &code), "true");

    /* An enumeration, and a text longer than the buffer that patterns are fed from. */
    type = values_open(&v, BARK_KIND_ENUM);
    values_enumerator(&v, type, "on");
    values_enumerator(&v, type, "OFF");
    pattern_add(&v, type);
    CHECK(values_read(&v, type, "on", 2) == BARK_OK);
    CHECK(values_read(&v, type, "OFF", 3) == BARK_ERR_FACET);
}

TEST(patterns_are_fed_in_pieces)
{
    static struct values v;
    static char text[1001];
    enum bark_code code;
    uint16_t list;
    const uint16_t item = values_open(&v, BARK_KIND_STRING);
    struct bark_text items[1] = { { text, 1000 } };
    list = values_type(&v, BARK_KIND_LIST);
    v.types[list].first = item;
    pattern_add(&v, list);
    memset(text, 'x', 1000);
    v.member.list = (struct bark_array){ .items = items, .count = 1 };
    CHECK_TEXT(values_write(&v, list, &code), text);
    CHECK(code == BARK_OK);
    text[900] = 'X';
    values_write(&v, list, &code);
    CHECK(code == BARK_ERR_FACET);
}

TEST(several_patterns_must_all_match)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_STRING);
    pattern_add(&v, type);
    /* The second one accepts the empty text too: its start state accepts. */
    v.patterns[1] = v.patterns[0];
    v.patterns[1].accept = values_pool(&v, "\2", 1);
    values_facet(&v, type, BARK_FACET_PATTERN, "", 1);
    CHECK(values_read(&v, type, "abc", 3) == BARK_ERR_FACET); /* only the first */
    CHECK(values_read(&v, type, "", 0) == BARK_ERR_FACET); /* only the second */
    v.patterns[1].accept = v.patterns[0].accept;
    CHECK(values_read(&v, type, "abc", 3) == BARK_OK);
}

/* a{N} needs N + 2 states: the dead one, and one for each length. */
TEST(patterns_of_few_and_many_states)
{
    static const uint16_t lengths[] = { 6, 7, 253, 254, 255, 256, 300 };
    for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++) {
        static struct values v;
        static uint8_t next[2 * 2 * 302], accept[302 / 8 + 1];
        const uint16_t length = lengths[n], states = (uint16_t)(length + 2),
                       type = values_open(&v, BARK_KIND_STRING);
        const size_t cell = states > 256 ? 2 : 1;
        uint8_t map[256] = { 0 };
        char text[302];
        memset(next, 0, sizeof next);
        memset(accept, 0, sizeof accept);
        memset(text, 'a', sizeof text);
        map['a'] = 1;
        for (size_t state = 1; state <= length; state++) {
            next[cell * (2 * state + 1)] = (uint8_t)(state + 1);
            if (cell > 1)
                next[cell * (2 * state + 1) + 1] = (uint8_t)((state + 1) >> 8);
        }
        accept[(length + 1) / 8] = (uint8_t)(1u << (length + 1) % 8);
        v.patterns[0] = (struct bark_pattern_row){ .classes_map = values_pool(&v, map, sizeof map),
                                                   .next = values_pool(&v, next, 2 * cell * states),
                                                   .accept = values_pool(&v, accept, states / 8u + 1),
                                                   .states = states,
                                                   .classes = 2,
                                                   .source = values_pool(&v, "a{N}", 4) };
        values_facet(&v, type, BARK_FACET_PATTERN, "", 0);
        CHECK(values_read(&v, type, text, length) == BARK_OK);
        CHECK(values_read(&v, type, text, length + 1u) == BARK_ERR_FACET);
        CHECK(values_read(&v, type, text, length - 1u) == BARK_ERR_FACET);
        text[0] = 'b';
        CHECK(values_read(&v, type, text, length) == BARK_ERR_FACET);
    }
}

TEST(what_was_expected_is_said)
{
    static struct values v;
    struct bark_error err = { .code = BARK_OK };
    uint16_t i, type = values_open(&v, BARK_KIND_DECIMAL);
    values_facet(&v, type, BARK_FACET_MAX_INCLUSIVE, "12.5", 0);
    CHECK(values_read(&v, type, "13", 2) == BARK_ERR_FACET);
    CHECK(expected_is(&v, 0, "12.5"));
    bark_value_explain(&v.error, BARK_ERR_FACET, (struct bark_slice){ (const uint8_t *)"13\n", 3 }, &err);
    CHECK(err.code == BARK_ERR_FACET && strstr(err.rule, "[XSD2 4.3.7]"));
    CHECK_TEXT(err.expected, "12.5");
    CHECK_TEXT(err.found, "13?");
    bark_value_explain(&v.error, BARK_ERR_TYPE, (struct bark_slice){ NULL, 0 }, &err);
    CHECK(err.code == BARK_ERR_FACET); /* the first error stays */

    type = values_open(&v, BARK_KIND_INT32);
    for (i = 0; i < 10; i++)
        values_facet(&v, type, BARK_FACET_ENUMERATION, (const char *[]){ "10", "20" }[i % 2], 0);
    CHECK(values_read(&v, type, "30", 2) == BARK_ERR_FACET);
    CHECK(v.error.expected_count == 8 && v.error.expected_more);
    err = (struct bark_error){ .code = BARK_OK };
    bark_value_explain(&v.error, BARK_ERR_FACET, (struct bark_slice){ NULL, 0 }, &err);
    CHECK_TEXT(err.expected, "one of: 10, 20, 10, 20, 10, 20, 10, 20, ...");
}

TEST(white_space_facets_only_tighten)
{
    static struct values v;
    uint16_t type = values_open(&v, BARK_KIND_STRING);
    values_facet(&v, type, BARK_FACET_WHITESPACE, "", BARK_WHITE_COLLAPSE);
    CHECK(values_read(&v, type, " a \t b ", 7) == BARK_OK && bark_text_equal(v.member.text, "a b"));
    type = values_open(&v, BARK_KIND_STRING);
    values_facet(&v, type, BARK_FACET_WHITESPACE, "", BARK_WHITE_REPLACE);
    CHECK(values_read(&v, type, " a\tb ", 5) == BARK_OK && bark_text_equal(v.member.text, " a b "));
    type = values_open(&v, BARK_KIND_TOKEN);
    values_facet(&v, type, BARK_FACET_WHITESPACE, "", BARK_WHITE_PRESERVE);
    CHECK(values_read(&v, type, " a ", 3) == BARK_OK && bark_text_equal(v.member.text, "a"));
}

static bool same(struct values *v, uint16_t type, const char *text)
{
    bool is = false;
    CHECK(bark_value_is(&v->scope, type, &v->member,
                        (struct bark_slice){ (const uint8_t *)text, strlen(text) }, &is,
                        &v->error) == BARK_OK);
    return is;
}

TEST(fixed_values_are_equal_in_value)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_DECIMAL);
    CHECK(values_read(&v, type, "1.50", 4) == BARK_OK);
    CHECK(same(&v, type, "01.5") && !same(&v, type, "1.51") && !same(&v, type, "x"));
}

/* An integer that xsi:type names where the declared decimal has a fixed value. */
TEST(fixed_decimals_that_integers_are)
{
    static const enum bark_kind kinds[] = { BARK_KIND_INT8, BARK_KIND_UINT64, BARK_KIND_INTEGER };
    static struct values v;
    size_t i;
    for (i = 0; i < 3; i++) {
        const uint16_t type = values_open(&v, kinds[i]);
        CHECK(values_read(&v, type, "10", 2) == BARK_OK);
        CHECK(same(&v, type, "10.0") && same(&v, type, "+010.000") && same(&v, type, "10."));
        CHECK(!same(&v, type, "10.01") && !same(&v, type, "1.0") && !same(&v, type, "100.0") &&
              !same(&v, type, "-10.0") && !same(&v, type, "10.0.0") && !same(&v, type, ".10"));
        CHECK(values_read(&v, type, "0", 1) == BARK_OK);
        CHECK(same(&v, type, ".0") && same(&v, type, "-.00") && same(&v, type, "0.0") &&
              same(&v, type, "00"));
        CHECK(!same(&v, type, "") && !same(&v, type, ".1"));
    }
}

/* Memory that runs out while a facet is looked at is not the value's fault. */
TEST(no_memory_is_not_a_broken_facet)
{
    static const enum bark_facet_kind kinds[] = { BARK_FACET_MAX_INCLUSIVE, BARK_FACET_ENUMERATION };
    static struct values v;
    size_t i;
    uint64_t n, total;
    for (i = 0; i < 2; i++) {
        const uint16_t type = values_open(&v, BARK_KIND_DECIMAL);
        values_facet(&v, type, kinds[i], "5", 0);
        CHECK(values_read(&v, type, "5.0", 3) == BARK_OK);
        total = v.arena.allocs;
        CHECK(total == 2);
        for (n = 1; n <= total; n++) {
            v.arena.fail_at = n;
            CHECK(values_read(&v, type, "5.0", 3) == BARK_ERR_MEMORY);
            CHECK(v.error.rule && values_member_zero(&v) && v.arena.used == 0);
        }
        v.arena.fail_at = 0;
    }
}

TEST_MAIN(RUN(facets_hold_when_read_and_when_written) RUN(patterns_judge_the_lexical_form)
              RUN(patterns_are_fed_in_pieces) RUN(several_patterns_must_all_match)
                  RUN(patterns_of_few_and_many_states) RUN(what_was_expected_is_said)
                      RUN(white_space_facets_only_tighten) RUN(fixed_values_are_equal_in_value)
                          RUN(fixed_decimals_that_integers_are) RUN(no_memory_is_not_a_broken_facet))
