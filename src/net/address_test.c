/* net/address_test.c - addresses as text and back. */
#include "net/net.h"
#include "testkit.h"

static const struct {
    const char *text, *back; /* back NULL: refused */
    bool loopback;
} cases[] = {
    { "127.0.0.1:8080", "127.0.0.1:8080", true },
    { "127.1.2.3:1", "127.1.2.3:1", true },
    { "localhost:0", "127.0.0.1:0", true },
    { "0.0.0.0:65535", "0.0.0.0:65535", false },
    { "[::1]:80", "[::1]:80", true },
    { "[::]:0", "[::]:0", false },
    { "[2001:DB8::0:1]:443", "[2001:db8::1]:443", false },
    { "", NULL, false },
    { "127.0.0.1", NULL, false },
    { "127.0.0.1:", NULL, false },
    { "127.0.0.1:65536", NULL, false },
    { "127.0.0.1:080808", NULL, false },
    { "127.0.0.1:8a", NULL, false },
    { "127.0.0:80", NULL, false },
    { "::1:80", NULL, false },
    { "[::1:80", NULL, false },
    { "[]:80", NULL, false },
    { "[", NULL, false },
    { "[127.0.0.1]:80", NULL, false },
    { "camera.example:80", NULL, false },
    { "1111111111111111111111111111111111111111111111111111111111111111111:80", NULL, false },
};

TEST(addresses)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bark_net_address address;
        struct bark_error err = { 0 };
        char text[BARK_NET_ADDRESS_TEXT];
        enum bark_code code = bark_net_address_read(cases[i].text, &address, &err);
        CHECK_IN(cases[i].text, (code == BARK_OK) == (cases[i].back != NULL));
        CHECK_IN(cases[i].text, (code == BARK_OK) == (err.rule == NULL));
        if (!cases[i].back || code != BARK_OK)
            continue;
        CHECK_IN(cases[i].text, bark_net_address_text(&address, text) == strlen(cases[i].back));
        CHECK_TEXT(text, cases[i].back);
        CHECK_IN(cases[i].text, bark_net_is_loopback(&address) == cases[i].loopback);
    }
}

TEST(peers_are_compared_without_their_ports)
{
    struct bark_net_address a, b, c, d;
    CHECK(bark_net_address_read("192.0.2.1:1", &a, NULL) == BARK_OK);
    CHECK(bark_net_address_read("192.0.2.1:2", &b, NULL) == BARK_OK);
    CHECK(bark_net_address_read("192.0.2.2:1", &c, NULL) == BARK_OK);
    CHECK(bark_net_address_read("[::1]:1", &d, NULL) == BARK_OK);
    CHECK(bark_net_same_host(&a, &b) && !bark_net_same_host(&a, &c));
    CHECK(!bark_net_same_host(&a, &d) && bark_net_same_host(&d, &d));
}

TEST_MAIN(RUN(addresses) RUN(peers_are_compared_without_their_ports))
