/* tls/name_test.c - names of certificates, pins as text, and the table of sessions. */
#include "tls/tls.h"

#include "testkit.h"

static const struct {
    const char *stated, *host;
    bool matches;
} name_cases[] = {
    { "a.example", "a.example", true },
    { "A.Example", "a.eXample", true },
    { "a.example", "b.example", false },
    { "a.example", "a.example.org", false },
    { "a.example", "xa.example", false },
    { "", "a", false },
    { "*.b.example", "a.b.example", true },
    { "*.b.example", "b.example", false },
    { "*.b.example", "x.a.b.example", false },
    { "*.b.example", ".b.example", false },
    { "*.B.example", "a.b.Example", true },
    { "*.com", "example.com", false },
    { "*", "localhost", false },
    { "*.", "a.", false },
    { "a*.b.example", "ab.b.example", false },
    { "*a.b.example", "aa.b.example", false },
    { "*.*.example", "a.b.example", false },
    { "x.*.example", "x.b.example", false },
};

TEST(names)
{
    for (size_t i = 0; i < sizeof name_cases / sizeof *name_cases; i++) {
        const struct bark_slice stated = { (const uint8_t *)name_cases[i].stated,
                                           strlen(name_cases[i].stated) };
        CHECK_IN(name_cases[i].stated,
                 bark_tls_name_matches(stated, name_cases[i].host) == name_cases[i].matches);
    }
    /* A NUL inside is a byte like others: "a.example\0.evil" is not "a.example". */
    CHECK(
        !bark_tls_name_matches((struct bark_slice){ (const uint8_t *)"a.example\0.evil", 15 }, "a.example"));
}

TEST(addresses)
{
    uint8_t bytes[16];
    CHECK(bark_tls_address_read("127.0.0.1", bytes) == 4 && bytes[0] == 127 && bytes[3] == 1);
    CHECK(bark_tls_address_read("::1", bytes) == 16 && bytes[15] == 1);
    CHECK(bark_tls_address_read("localhost", bytes) == 0);
    CHECK(bark_tls_address_read("127.1", bytes) == 0);
}

TEST(pins)
{
    static const char hex[] = "00FF0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e";
    static const char *const right[] = { hex, "AP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=",
                                         "sha256/AP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=",
                                         "sha256//AP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4=" };
    static const char *const wrong[] = { "",
                                         "00",
                                         "sha256/",
                                         "AP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4",
                                         "AP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR5=",
                                         "AP8BAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhsc*R4=",
                                         "g0FF0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e" };
    uint8_t first[BARK_TLS_PIN_BYTES], pin[BARK_TLS_PIN_BYTES];
    CHECK(bark_tls_pin_read(hex, first, NULL) == BARK_OK && first[1] == 0xff && first[31] == 0x1e);
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        CHECK_IN(right[i],
                 bark_tls_pin_read(right[i], pin, NULL) == BARK_OK && memcmp(pin, first, sizeof pin) == 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_IN(wrong[i], bark_tls_pin_read(wrong[i], pin, NULL) == BARK_ERR_USE);
}

TEST(sessions)
{
    static struct bark_tls_session table[BARK_TLS_SESSIONS];
    static char longest[300];
    int value = 0;
    char host[] = "a";
    CHECK(bark_tls_session_find(table, "a", 1) == NULL);
    for (unsigned i = 0; i < BARK_TLS_SESSIONS + 2u; i++) {
        struct bark_tls_session *entry;
        host[0] = (char)('a' + i);
        entry = bark_tls_session_place(table, host, 443);
        CHECK(entry != NULL);
        entry->value = &value;
        entry->until_ns = i;
        CHECK(bark_tls_session_find(table, host, 443) == entry);
        CHECK(bark_tls_session_place(table, host, 443) == entry);
        CHECK(bark_tls_session_find(table, host, 444) == NULL);
    }
    CHECK(bark_tls_session_find(table, "a", 443) == NULL); /* those that would have ended first made room */
    CHECK(bark_tls_session_find(table, "b", 443) == NULL);
    CHECK(bark_tls_session_find(table, "c", 443) != NULL);
    memset(longest, 'x', sizeof longest - 1);
    CHECK(bark_tls_session_place(table, longest, 443) == NULL);
}

TEST_MAIN(RUN(names) RUN(addresses) RUN(pins) RUN(sessions))
