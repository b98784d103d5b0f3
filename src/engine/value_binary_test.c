/* engine/value_binary_test.c - octets: each has one spelling. */
#include "engine/value_testing.h"

static const struct lexical base64_cases[] = {
    { "", "", BARK_OK },
    { " ", "", BARK_OK },
    { "AA==", "AA==", BARK_OK },
    { "AAA=", "AAA=", BARK_OK },
    { "AAAA", "AAAA", BARK_OK },
    { "/+8=", "/+8=", BARK_OK },
    { "Zm9vYmFy", "Zm9vYmFy", BARK_OK },
    { "Zm9v YmFy", "Zm9vYmFy", BARK_OK }, /* [XSD2 3.2.16] a space may stand after any character */
    { "Z m 9 v", "Zm9v", BARK_OK },
    { "\n Zm9v\r\n\tYmE= \n", "Zm9vYmE=", BARK_OK },
    { "A A = =", "AA==", BARK_OK },
    { "A", NULL, BARK_ERR_TYPE },
    { "AA", NULL, BARK_ERR_TYPE },
    { "AAA", NULL, BARK_ERR_TYPE },
    { "AAAAA", NULL, BARK_ERR_TYPE },
    { "AA=", NULL, BARK_ERR_TYPE },
    { "A===", NULL, BARK_ERR_TYPE },
    { "====", NULL, BARK_ERR_TYPE },
    { "=AAA", NULL, BARK_ERR_TYPE },
    { "A=AA", NULL, BARK_ERR_TYPE },
    { "AA=A", NULL, BARK_ERR_TYPE },
    { "AA==AAAA", NULL, BARK_ERR_TYPE },
    { "AAA=AAA=", NULL, BARK_ERR_TYPE },
    { "AAAA====", NULL, BARK_ERR_TYPE },
    { "AB==", NULL, BARK_ERR_TYPE }, /* spare bits are zero */
    { "AAB=", NULL, BARK_ERR_TYPE },
    { "AA-_", NULL, BARK_ERR_TYPE }, /* the URL alphabet is another one */
    { "AA.A", NULL, BARK_ERR_TYPE },
    { "AAA\xc3\xa9", NULL, BARK_ERR_TYPE },
    { "AAAA\xc2\xa0", NULL, BARK_ERR_TYPE },
};

static const struct lexical hex_cases[] = {
    { "", "", BARK_OK },
    { "00", "00", BARK_OK },
    { "0fb7", "0FB7", BARK_OK }, /* [XSD2 3.2.15.2] canonical is upper case */
    { "0FB7", "0FB7", BARK_OK },
    { " DeadBeef\n", "DEADBEEF", BARK_OK },
    { "0123456789abcdefABCDEF", "0123456789ABCDEFABCDEF", BARK_OK },
    { "0", NULL, BARK_ERR_TYPE },
    { "000", NULL, BARK_ERR_TYPE },
    { "0g", NULL, BARK_ERR_TYPE },
    { "g0", NULL, BARK_ERR_TYPE },
    { "00 00", NULL, BARK_ERR_TYPE },
    { "0x00", NULL, BARK_ERR_TYPE },
    { "-0", NULL, BARK_ERR_TYPE },
    { "00:00", NULL, BARK_ERR_TYPE },
    { "@0", NULL, BARK_ERR_TYPE },
    { "`0", NULL, BARK_ERR_TYPE },
    { "0/", NULL, BARK_ERR_TYPE },
    { "0:", NULL, BARK_ERR_TYPE },
    { "\xc3\xa9", NULL, BARK_ERR_TYPE },
    { "AA==", NULL, BARK_ERR_TYPE },
};

TEST(binary_lexicals)
{
    LEXICALS(BARK_KIND_BASE64, base64_cases);
    LEXICALS(BARK_KIND_HEX, hex_cases);
}

/* Every pair of last digits: exactly those with zero spare bits are read. */
TEST(base64_has_one_spelling)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_BASE64);
    unsigned i, accepted[2] = { 0, 0 };
    for (i = 0; i < 64; i++) {
        const char one[4] = { 'Q', alphabet[i], '=', '=' }, two[4] = { 'Q', 'Q', alphabet[i], '=' };
        accepted[0] += values_read(&v, type, one, 4) == BARK_OK;
        accepted[1] += values_read(&v, type, two, 4) == BARK_OK;
    }
    CHECK(accepted[0] == 4 && accepted[1] == 16);
}

TEST(octets_of_every_length_come_back)
{
    static const enum bark_kind kinds[] = { BARK_KIND_BASE64, BARK_KIND_HEX };
    static struct values v;
    static uint8_t octets[300];
    size_t i, k, len;
    for (i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(i * 7 + i / 256);
    for (k = 0; k < 2; k++) {
        const uint16_t type = values_open(&v, kinds[k]);
        for (len = 0; len <= sizeof octets; len++) {
            enum bark_code code;
            static char text[1000];
            v.member.bytes = (struct bark_bytes){ octets, len };
            memcpy(text, values_write(&v, type, &code), sizeof text);
            CHECK(code == BARK_OK);
            CHECK(values_read(&v, type, text, strlen(text)) == BARK_OK);
            CHECK(v.member.bytes.len == len && memcmp(v.member.bytes.ptr, octets, len) == 0);
        }
    }
}

TEST(octets_over_the_budget_are_refused)
{
    static struct values v;
    const uint16_t type = values_open(&v, BARK_KIND_BASE64);
    v.arena.cap = 8;
    CHECK(values_read(&v, type, "AAAAAAAAAAAA", 12) == BARK_ERR_MEMORY);
    CHECK(values_member_zero(&v) && v.arena.used == 0);
    CHECK(values_read(&v, type, "AAAAAAAA", 8) == BARK_OK);
}

TEST_MAIN(RUN(binary_lexicals) RUN(base64_has_one_spelling) RUN(octets_of_every_length_come_back)
              RUN(octets_over_the_budget_are_refused))
