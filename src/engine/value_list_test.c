/* engine/value_list_test.c - lists, unions, enumerations, and their mixtures. */
#include "engine/value_testing.h"

TEST(lists_are_items_between_white_space)
{
    static const struct lexical cases[] = {
        { "1 2 3", "1 2 3", BARK_OK },
        { "", "", BARK_OK },
        { " \n ", "", BARK_OK },
        { "\t1\r\n 2 ", "1 2", BARK_OK },
        { "7", "7", BARK_OK },
        { "01 +2 -0", "1 2 0", BARK_OK },
        { "1,2", NULL, BARK_ERR_TYPE },
        { "1 x", NULL, BARK_ERR_TYPE },
        { "1 2147483648", NULL, BARK_ERR_TYPE },
        { "1 2 3 4 5 6", NULL, BARK_ERR_LIMIT },
    };
    static struct values v;
    uint16_t list, item;
    item = values_open(&v, BARK_KIND_INT32);
    list = values_type(&v, BARK_KIND_LIST);
    v.types[list].first = item;
    v.limits.items = 5;
    values_lexicals(&v, list, cases, sizeof cases / sizeof *cases);
    CHECK(values_read(&v, list, "4 5", 3) == BARK_OK);
    CHECK(v.member.list.count == 2 && ((const int32_t *)v.member.list.items)[1] == 5);
}

TEST(list_items_that_would_split_are_not_written)
{
    static struct values v;
    struct bark_text items[2] = { { "a", 1 }, { "b c", 3 } };
    uint16_t list;
    enum bark_code code;
    const uint16_t item = values_open(&v, BARK_KIND_STRING);
    list = values_type(&v, BARK_KIND_LIST);
    v.types[list].first = item;
    v.member.list = (struct bark_array){ .items = items, .count = 2 };
    values_write(&v, list, &code);
    CHECK(code == BARK_ERR_TYPE);
    items[1] = (struct bark_text){ "", 0 };
    values_write(&v, list, &code);
    CHECK(code == BARK_ERR_TYPE);
    items[1] = (struct bark_text){ "bc", 2 };
    CHECK_TEXT(values_write(&v, list, &code), "a bc");
    items[1] = (struct bark_text){ NULL, 0 };
    values_write(&v, list, &code);
    CHECK(code == BARK_ERR_TYPE || code == BARK_ERR_MISSING);
}

TEST(list_facets_count_items)
{
    static struct values v;
    uint16_t list;
    const uint16_t item = values_open(&v, BARK_KIND_INT32);
    list = values_type(&v, BARK_KIND_LIST);
    v.types[list].first = item;
    values_facet(&v, list, BARK_FACET_MIN_LENGTH, "", 2);
    values_facet(&v, list, BARK_FACET_MAX_LENGTH, "", 3);
    values_facet(&v, list, BARK_FACET_ENUMERATION, "1 2", 0);
    values_facet(&v, list, BARK_FACET_ENUMERATION, "3 4 5", 0);
    CHECK(values_read(&v, list, "1", 1) == BARK_ERR_FACET);
    CHECK(strstr(v.error.rule, "4.3.2"));
    CHECK(values_read(&v, list, "1 2 3 4", 7) == BARK_ERR_FACET);
    CHECK(strstr(v.error.rule, "4.3.3"));
    CHECK(values_read(&v, list, " 01  2 ", 7) == BARK_OK); /* equal in value, item by item */
    CHECK(values_read(&v, list, "3 4 5", 5) == BARK_OK);
    CHECK(values_read(&v, list, "1 3", 3) == BARK_ERR_FACET);
    CHECK(values_read(&v, list, "3 4", 3) == BARK_ERR_FACET);
    CHECK(v.error.expected_count == 2);
}

/* int or "auto" or a list of booleans */
static uint16_t union_open(struct values *v)
{
    const uint16_t number = values_open(v, BARK_KIND_INT32), word = values_type(v, BARK_KIND_ENUM);
    const uint16_t truth = values_type(v, BARK_KIND_BOOLEAN), truths = values_type(v, BARK_KIND_LIST);
    const uint16_t type = values_type(v, BARK_KIND_UNION);
    values_enumerator(v, word, "auto");
    values_enumerator(v, word, "manual");
    v->types[truths].first = truth;
    values_entry(v, type, number);
    values_entry(v, type, word);
    values_entry(v, type, truths);
    return type;
}

TEST(unions_take_the_first_member_that_accepts)
{
    static const struct {
        const char *text, *want;
        uint16_t member;
    } cases[] = {
        { "1", "1", 0 },
        { " 12 ", "12", 0 },
        { "auto", "auto", 1 },
        { "true", "true", 2 },
        { "1 0 true", "1 0 true", 2 },
        { "", "", 2 },
        { "99999999999", NULL, 0 },
        { "automatic", NULL, 0 },
        { " auto", NULL, 0 },
    };
    static struct values v;
    const uint16_t type = union_open(&v);
    size_t i;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum bark_code code = values_read(&v, type, cases[i].text, strlen(cases[i].text));
        CHECK_IN(cases[i].text, code == (cases[i].want ? BARK_OK : BARK_ERR_TYPE));
        if (code != BARK_OK) {
            CHECK_IN(cases[i].text, values_member_zero(&v) && v.arena.used == 0);
            CHECK_IN(cases[i].text, v.error.expected_count == 2); /* what the enumeration would take */
            continue;
        }
        CHECK_IN(cases[i].text, v.member.choice.member == cases[i].member);
        CHECK_TEXT(values_write(&v, type, &code), cases[i].want);
        CHECK_IN(cases[i].text, code == BARK_OK);
    }
}

TEST(unions_are_checked_when_written)
{
    static struct values v;
    const uint16_t type = union_open(&v);
    enum bark_code code;
    v.member.choice = (struct bark_union){ bark_text("auto"), 0 }; /* not what member 0 takes */
    values_write(&v, type, &code);
    CHECK(code == BARK_ERR_TYPE);
    v.member.choice.member = 1;
    CHECK_TEXT(values_write(&v, type, &code), "auto");
    v.member.choice.member = 3;
    values_write(&v, type, &code);
    CHECK(code == BARK_ERR_TYPE);
    v.member.choice = (struct bark_union){ { NULL, 0 }, 0 };
    values_write(&v, type, &code);
    CHECK(code == BARK_ERR_MISSING);
}

TEST(lists_of_unions_and_their_facets)
{
    static struct values v;
    const uint16_t number = values_open(&v, BARK_KIND_INT8), word = values_type(&v, BARK_KIND_ENUM);
    const uint16_t either = values_type(&v, BARK_KIND_UNION), list = values_type(&v, BARK_KIND_LIST);
    enum bark_code code;
    values_enumerator(&v, word, "x");
    values_entry(&v, either, number);
    values_entry(&v, either, word);
    values_facet(&v, either, BARK_FACET_ENUMERATION, "x", 0);
    values_facet(&v, either, BARK_FACET_ENUMERATION, "5", 0);
    v.types[list].first = either;
    CHECK(values_read(&v, list, "x 5  x", 6) == BARK_OK);
    CHECK(v.member.list.count == 3);
    CHECK_TEXT(values_write(&v, list, &code), "x 5 x");
    CHECK(values_read(&v, list, "x 6", 3) == BARK_ERR_FACET);
    CHECK(values_read(&v, list, "x 128", 5) == BARK_ERR_TYPE);
}

/* [XSD2 2.5.1] A union may have a list of another union as a member; what would nest deeper ends there. */
TEST(unions_hold_lists_of_unions)
{
    static struct values v;
    const uint16_t number = values_open(&v, BARK_KIND_INT8), word = values_type(&v, BARK_KIND_ENUM);
    const uint16_t either = values_type(&v, BARK_KIND_UNION), list = values_type(&v, BARK_KIND_LIST);
    const uint16_t all = values_type(&v, BARK_KIND_ENUM), type = values_type(&v, BARK_KIND_UNION);
    enum bark_code code;
    values_enumerator(&v, word, "x");
    values_entry(&v, either, number);
    values_entry(&v, either, word);
    v.types[list].first = either;
    values_enumerator(&v, all, "##all");
    values_entry(&v, type, all);
    values_entry(&v, type, list);
    CHECK(values_read(&v, type, "##all", 5) == BARK_OK && v.member.choice.member == 0);
    CHECK(values_read(&v, type, " x  5 ", 6) == BARK_OK && v.member.choice.member == 1);
    CHECK_TEXT(values_write(&v, type, &code), "x 5");
    CHECK(values_read(&v, type, "x 128", 5) == BARK_ERR_TYPE);
    v.types[list].first = type;
    CHECK(values_read(&v, type, "##all x", 7) != BARK_OK);
    CHECK(values_read(&v, list, "##all x", 7) != BARK_OK);
}

TEST(enumerations_of_every_size)
{
    static struct values v;
    size_t bytes;
    for (bytes = 1; bytes <= 4; bytes *= 2) {
        const uint16_t type = values_open(&v, BARK_KIND_ENUM);
        enum bark_code code;
        v.types[type].size = (uint16_t)bytes;
        values_enumerator(&v, type, "");
        values_enumerator(&v, type, "On");
        values_enumerator(&v, type, "Off");
        CHECK(values_read(&v, type, "Off", 3) == BARK_OK);
        CHECK(bark_enum_get(&v.types[type], &v.member) == 3);
        CHECK_TEXT(values_write(&v, type, &code), "Off");
        CHECK(values_read(&v, type, "", 0) == BARK_OK);
        CHECK_TEXT(values_write(&v, type, &code), "");
        CHECK(values_read(&v, type, "off", 3) == BARK_ERR_FACET);
        CHECK(v.error.expected_count == 3 && values_member_zero(&v));
        CHECK(values_read(&v, type, " On", 3) == BARK_ERR_FACET); /* plain string keeps its spaces */
        CHECK(values_read(&v, type, "Onn", 3) == BARK_ERR_FACET);
        v.member.word = 0;
        values_write(&v, type, &code);
        CHECK(code == BARK_ERR_MISSING);
        memset(&v.member, 0x7f, sizeof v.member);
        values_write(&v, type, &code);
        CHECK(code == BARK_ERR_FACET);
        values_facet(&v, type, BARK_FACET_WHITESPACE, "", BARK_WHITE_COLLAPSE);
        CHECK(values_read(&v, type, "\n On ", 5) == BARK_OK); /* derived from token */
    }
}

/* [SECURITY row 38] Every allocation fails in turn: an error, and everything given back. */
TEST(allocations_that_fail_leave_nothing)
{
    static struct values v;
    const uint16_t type = union_open(&v);
    uint64_t n, total;
    CHECK(values_read(&v, type, " 1   0 true", 11) == BARK_OK);
    total = v.arena.allocs;
    CHECK(total > 1);
    for (n = 1; n <= total; n++) {
        v.arena.fail_at = n;
        CHECK(values_read(&v, type, " 1   0 true", 11) == BARK_ERR_MEMORY);
        CHECK(values_member_zero(&v) && v.arena.used == 0);
    }
}

TEST_MAIN(RUN(lists_are_items_between_white_space) RUN(list_items_that_would_split_are_not_written)
              RUN(list_facets_count_items) RUN(unions_take_the_first_member_that_accepts)
                  RUN(unions_are_checked_when_written) RUN(lists_of_unions_and_their_facets)
                      RUN(unions_hold_lists_of_unions) RUN(enumerations_of_every_size)
                          RUN(allocations_that_fail_leave_nothing))
