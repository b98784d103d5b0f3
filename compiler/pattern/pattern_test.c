/* pattern/pattern_test.c - patterns with texts that match and texts that do not [XSD2 F].
 */
#include "pattern/pattern.h"

#include <stdlib.h>

#include "testkit.h"

static union {
    uint64_t align;
    uint8_t bytes[8 << 20];
} memory; /* a test program may keep state */
static struct bark_arena arena;

static struct bark_slice slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

static enum bark_code compile(const char *pattern, struct soapc_dfa *dfa, struct soapc_pattern_error *error)
{
    bark_arena_init(&arena, memory.bytes, sizeof memory.bytes);
    return soapc_pattern_compile(slice(pattern), &arena, dfa, error);
}

enum { TEXTS = 8 };

static const struct {
    const char *pattern;
    const char *valid[TEXTS], *invalid[TEXTS];
} match_cases[] = {
    { "", { "" }, { "a" } },
    { "a", { "a" }, { "", "aa", "b" } },
    { "abc", { "abc" }, { "ab", "abcd", "xabc" } }, /* [XSD2 F] anchored at both ends */
    { "a|b", { "a", "b" }, { "", "ab", "c" } },
    { "|a", { "", "a" }, { "b" } },
    { "a||b", { "", "a", "b" }, { "ab" } },
    { "()", { "" }, { "(" } },
    { "(a|b)*c", { "c", "abac" }, { "", "ab", "cab" } },
    { "a?b+c*", { "b", "abbcc" }, { "ac", "aab" } },
    { "a{3}", { "aaa" }, { "aa", "aaaa" } },
    { "a{2,}", { "aa", "aaaaa" }, { "a", "" } },
    { "a{0,2}", { "", "a", "aa" }, { "aaa" } },
    { "a{1,3}b", { "ab", "aaab" }, { "b", "aaaab" } },
    { "a{0}", { "" }, { "a" } },
    { "a{0,0}b", { "b" }, { "ab" } },
    { "(ab){2,3}", { "abab", "ababab" }, { "ab", "abababab" } },
    { "((a{2}){2}){2}", { "aaaaaaaa" }, { "aaaaaaa", "aaaaaaaaa" } },
    { "((a*)*)*", { "", "aaaa" }, { "b" } },
    { "(a?){3}", { "", "a", "aaa" }, { "aaaa" } },
    { "[ -~]{8,63}", { "password", "with space ~!" }, { "short", "umlaut \xc3\xa4 here" } },
    { "[a-c]", { "a", "c" }, { "d", "-" } },
    { "[a-c0-9_]+", { "a9_" }, { "A" } },
    { "[^a-c]", { "d", "\xc3\xa9", "\xf0\x9f\x98\x80" }, { "a", "", "dd" } },
    { "[-a]", { "-", "a" }, { "b" } },
    { "[a-]", { "-", "a" }, { "b" } },
    { "[a^]", { "^", "a" }, { "b" } },
    { "[\\]\\[\\-\\^]+", { "][-^" }, { "\\" } },
    { "[a-z-[aeiou]]+", { "bcd" }, { "a", "bad" } },
    { "[a-z-[b-y-[m]]]", { "a", "m", "z" }, { "b", "y" } },
    { "[^a-z-[0-9]]", { "A", "-" }, { "5", "q" } },
    { "[a--[b]]", { "a", "-" }, { "b" } },
    { ".", { "a", "\xe2\x82\xac", "\xf4\x8f\xbf\xbf" }, { "\n", "\r", "", "ab" } },
    { "\\.\\*\\\\", { ".*\\" }, { "a*\\" } },
    { "\\n\\r\\t", { "\n\r\t" }, { "nrt" } },
    { "\\d{2}", { "12", "\xd9\xa1\xd9\xa2" }, { "1", "1a" } }, /* Arabic-Indic digits are Nd */
    { "\\D", { "a" }, { "1" } },
    { "\\s+", { " \t\n\r" }, { "\xc2\xa0", "a" } },
    { "\\S", { "\xc2\xa0" }, { " " } },
    { "\\i\\c*", { "a-b.1", "_x", "xs:int", "\xc3\xa9t\xc3\xa9" }, { "1a", "-a", "a b" } },
    { "\\I", { "1", "-" }, { "a", "_" } },
    { "\\C", { " ", "!" }, { "a", "-" } },
    { "\\w+", { "abc1", "\xd0\x96", "+" }, { "a b", "a.b", "_" } }, /* '+' is Sm, '_' is Pc */
    { "\\W", { ".", " ", "_" }, { "a" } },
    { "\\p{Lu}\\p{Ll}+", { "Abc", "\xc3\x84hm" }, { "abc", "ABC" } },
    { "\\P{L}", { "1" }, { "a" } },
    { "\\p{L}*", { "", "ab\xe6\xbc\xa2" }, { "a1" } },
    { "\\p{Nd}", { "7" }, { "x" } },
    { "\\p{Cs}?", { "" }, { "a" } },
    { "\\p{IsBasicLatin}+", { "abc~" }, { "\xc3\xa9" } },
    { "\\P{IsBasicLatin}", { "\xc3\xa9" }, { "a" } },
    { "\\p{IsGreek}", { "\xce\xb1" }, { "a" } }, /* the name that XSD 1.0 uses */
    { "[\\p{Lu}\\d-[B5]]+", { "AC6" }, { "B", "5", "a" } },
    { "\xc3\xa4{2}", { "\xc3\xa4\xc3\xa4" }, { "\xc3\xa4", "\xc3\xa4\xa4" } },
    { "[\xe4\xb8\x80-\xe9\xbf\xbf]", { "\xe6\xbc\xa2" }, { "a" } },
    { "\\-?[0-9]+(\\.[0-9]+)?", { "-1", "3.14" }, { ".5", "-" } },
    { "([A-Z]{2}\\d{3}|\\d{5})(-\\d{4})?", { "AB123", "12345-6789" }, { "AB12", "12345-" } },
    { "P[YMDTHMS0-9]*", { "P1Y" }, { "1Y" } },
    { "[a-[a]]", { NULL }, { "", "a", "b" } }, /* matches nothing, and is legal */
    { "(a|b)*a(a|b){6}", { "abbbbbb", "baaaaaaa" }, { "bbbbbbb" } },
    { "^a$", { "^a$" }, { "a" } }, /* no anchors in XSD */
};

TEST(texts_match_as_the_grammar_says)
{
    for (size_t i = 0; i < sizeof match_cases / sizeof *match_cases; i++) {
        struct soapc_dfa dfa;
        struct soapc_pattern_error error;
        enum bark_code code = compile(match_cases[i].pattern, &dfa, &error);
        CHECK_IN(match_cases[i].pattern, code == BARK_OK);
        CHECK_IN(match_cases[i].pattern,
                 soapc_pattern_check(slice(match_cases[i].pattern), &error) == BARK_OK);
        for (size_t k = 0; code == BARK_OK && k < TEXTS && match_cases[i].valid[k]; k++)
            CHECK_IN(match_cases[i].valid[k], soapc_dfa_matches(&dfa, slice(match_cases[i].valid[k])));
        for (size_t k = 0; code == BARK_OK && k < TEXTS && match_cases[i].invalid[k]; k++)
            CHECK_IN(match_cases[i].invalid[k], !soapc_dfa_matches(&dfa, slice(match_cases[i].invalid[k])));
    }
}

static const struct {
    const char *pattern;
    size_t offset;
    enum bark_code code;
} refused_cases[] = {
    { "(a", 0, BARK_ERR_TYPE },
    { "a)", 1, BARK_ERR_TYPE },
    { "*a", 0, BARK_ERR_TYPE },
    { "a**", 2, BARK_ERR_TYPE },
    { "a|+", 2, BARK_ERR_TYPE },
    { "[", 0, BARK_ERR_TYPE },
    { "[]", 0, BARK_ERR_TYPE },
    { "[^]", 0, BARK_ERR_TYPE },
    { "[a", 0, BARK_ERR_TYPE },
    { "a]", 1, BARK_ERR_TYPE },
    { "a}", 1, BARK_ERR_TYPE },
    { "[z-a]", 1, BARK_ERR_TYPE },
    { "[a-\\d]", 1, BARK_ERR_TYPE },
    { "[a-c-e]", 4, BARK_ERR_TYPE },
    { "[a[b]]", 2, BARK_ERR_TYPE },
    { "[a-[b]c]", 6, BARK_ERR_TYPE },
    { "a{", 2, BARK_ERR_TYPE },
    { "a{,3}", 2, BARK_ERR_TYPE },
    { "a{3,2}", 2, BARK_ERR_TYPE },
    { "a{3", 3, BARK_ERR_TYPE },
    { "\\", 0, BARK_ERR_TYPE },
    { "\\q", 0, BARK_ERR_TYPE },
    { "\\p{Xx}", 3, BARK_ERR_TYPE },
    { "\\p{IsNowhere}", 3, BARK_ERR_TYPE },
    { "\\p{LU}", 3, BARK_ERR_TYPE },
    { "\\pL", 2, BARK_ERR_TYPE },
    { "\\p{L", 2, BARK_ERR_TYPE },
    { "a(?:b)", 2, BARK_ERR_TYPE },
    { "\xff", 0, BARK_ERR_TYPE },
    { "\xc0\x80", 0, BARK_ERR_TYPE },
    { "(a{1000}){1000}", 0, BARK_ERR_LIMIT },
    { "a{100000000000000000000}", 24, BARK_ERR_LIMIT },
    { "(a|b)*a(a|b){20}", 0, BARK_ERR_LIMIT }, /* 2^20 states */
    { "((((a{9}){9}){9}){9}){9}", 0, BARK_ERR_LIMIT },
    { "(){1000000}", 11, BARK_ERR_LIMIT },
};

TEST(bad_patterns_are_refused_with_position)
{
    for (size_t i = 0; i < sizeof refused_cases / sizeof *refused_cases; i++) {
        struct soapc_dfa dfa;
        struct soapc_pattern_error error;
        CHECK_IN(refused_cases[i].pattern,
                 compile(refused_cases[i].pattern, &dfa, &error) == refused_cases[i].code);
        CHECK_IN(refused_cases[i].pattern, error.rule != NULL);
        if (error.offset != refused_cases[i].offset)
            testkit_fail(__FILE__, __LINE__, "%s: offset %zu (%s)", refused_cases[i].pattern, error.offset,
                         error.rule ? error.rule : "");
        CHECK_IN(refused_cases[i].pattern, dfa.next == NULL && dfa.states == 0);
        if (refused_cases[i].code == BARK_ERR_TYPE)
            CHECK_IN(refused_cases[i].pattern,
                     soapc_pattern_check(slice(refused_cases[i].pattern), &error) == BARK_ERR_TYPE);
    }
}

static const struct {
    const char *pattern;
    unsigned states, classes;
} size_cases[] = {
    { "[ -~]{8,63}", 65, 2 }, /* dead and 0 ... 63 characters */
    { "a|a|a", 3, 2 },
    { "(a|b)*", 2, 2 },
    { "ab|cb", 4, 3 }, /* both middles are one state; a and c one class */
};

/* Characters and classes count once each, however often they come. */
TEST(long_patterns_of_few_characters)
{
    enum { TIMES = 1500 };
    static char pattern[TIMES * 4 + 1];
    struct soapc_dfa dfa;
    struct soapc_pattern_error error;
    for (size_t i = 0; i < TIMES; i++)
        memcpy(pattern + i * 4, i % 2 ? "[Aa]" : "[Bb]", 4);
    CHECK(compile(pattern, &dfa, &error) == BARK_OK);
    CHECK(dfa.states == TIMES + 2 && dfa.classes == 3);
}

TEST(automata_are_minimal)
{
    for (size_t i = 0; i < sizeof size_cases / sizeof *size_cases; i++) {
        struct soapc_dfa dfa;
        struct soapc_pattern_error error;
        CHECK_IN(size_cases[i].pattern, compile(size_cases[i].pattern, &dfa, &error) == BARK_OK);
        if (dfa.states != size_cases[i].states || dfa.classes != size_cases[i].classes)
            testkit_fail(__FILE__, __LINE__, "%s: %u states, %u classes", size_cases[i].pattern, dfa.states,
                         dfa.classes);
    }
}

/* Ill-formed UTF-8 matches nothing, not even '.' or a complement. */
TEST(only_utf8_matches)
{
    static const char *const texts[] = { "\x80",         "\xc0\x80",         "\xe0\x80\x80",
                                         "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                                         "\xff",         "\xe2\x82" };
    struct soapc_dfa dfa;
    struct soapc_pattern_error error;
    CHECK(compile("[^a]*", &dfa, &error) == BARK_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_IN(texts[i], !soapc_dfa_matches(&dfa, slice(texts[i])));
}

/* Every nesting depth is fine: the parser does not recurse. */
TEST(deep_nesting_is_flat)
{
    enum { DEPTH = 30000 };
    static uint8_t text[2 * DEPTH + 1];
    struct soapc_dfa dfa;
    struct soapc_pattern_error error;
    memset(text, '(', DEPTH);
    text[DEPTH] = 'a';
    memset(text + DEPTH + 1, ')', DEPTH);
    bark_arena_init(&arena, memory.bytes, sizeof memory.bytes);
    CHECK(soapc_pattern_compile((struct bark_slice){ text, sizeof text }, &arena, &dfa, &error) == BARK_OK);
    CHECK(soapc_dfa_matches(&dfa, slice("a")));
    memset(text, '[', DEPTH);
    CHECK(soapc_pattern_compile((struct bark_slice){ text, DEPTH }, &arena, &dfa, &error) == BARK_ERR_TYPE);
}

TEST(a_full_arena_is_an_error)
{
    struct soapc_dfa dfa;
    struct soapc_pattern_error error;
    bark_arena_init(&arena, memory.bytes, 64);
    CHECK(soapc_pattern_compile(slice("[a-z]{1,40}"), &arena, &dfa, &error) == BARK_ERR_MEMORY);
    CHECK(dfa.next == NULL);
    CHECK(dfa.states == 0);
}

TEST_MAIN(RUN(texts_match_as_the_grammar_says) RUN(bad_patterns_are_refused_with_position)
              RUN(automata_are_minimal) RUN(long_patterns_of_few_characters) RUN(only_utf8_matches)
                  RUN(deep_nesting_is_flat) RUN(a_full_arena_is_an_error))
