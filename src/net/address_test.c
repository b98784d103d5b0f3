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

static bool one_peer(const char *a, const char *b)
{
    struct bark_net_address x, y;
    struct bark_net_peer_key p, q;
    if (bark_net_address_read(a, &x, NULL) != BARK_OK || bark_net_address_read(b, &y, NULL) != BARK_OK)
        return false;
    bark_net_address_unmap(&x);
    bark_net_address_unmap(&y);
    p = bark_net_peer_key(&x);
    q = bark_net_peer_key(&y);
    return memcmp(&p, &q, sizeof p) == 0;
}

TEST(peers_are_compared_without_their_ports)
{
    CHECK(one_peer("192.0.2.1:1", "192.0.2.1:2"));
    CHECK(!one_peer("192.0.2.1:1", "192.0.2.2:1"));
    CHECK(!one_peer("192.0.2.1:1", "[::1]:1"));
    CHECK(one_peer("[::1]:1", "[::1]:2"));
}

TEST(an_ipv6_network_of_64_bits_is_one_peer)
{
    CHECK(one_peer("[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff:ffff:ffff:ffff]:1"));
    CHECK(!one_peer("[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1"));
    CHECK(one_peer("[fe80::1]:1", "[fe80::1]:9")); /* neighbours on a link share fe80::/64 and are many */
    CHECK(!one_peer("[fe80::1]:1", "[fe80::2]:1"));
}

TEST(a_mapped_ipv4_peer_is_an_ipv4_peer)
{
    struct bark_net_address a;
    char text[BARK_NET_ADDRESS_TEXT];
    CHECK(one_peer("[::ffff:192.0.2.1]:1", "192.0.2.1:2"));
    CHECK(!one_peer("[::ffff:192.0.2.1]:1", "192.0.2.2:2"));
    CHECK(bark_net_address_read("[::ffff:192.0.2.1]:8080", &a, NULL) == BARK_OK);
    bark_net_address_unmap(&a);
    CHECK(bark_net_address_text(&a, text) == 14);
    CHECK_TEXT(text, "192.0.2.1:8080");
}

TEST(users_of_unix_sockets)
{
    struct bark_net_address a = { .is.local = { AF_UNIX, 1000 } },
                            b = { .is.local = { AF_UNIX, 4294967295u } };
    struct bark_net_peer_key p = bark_net_peer_key(&a), q = bark_net_peer_key(&b);
    char text[BARK_NET_ADDRESS_TEXT];
    CHECK(memcmp(&p, &q, sizeof p) != 0 && bark_net_is_loopback(&a));
    CHECK(bark_net_address_text(&a, text) == 9);
    CHECK_TEXT(text, "unix:1000");
    CHECK(bark_net_address_text(&b, text) == 15);
    CHECK_TEXT(text, "unix:4294967295");
}

TEST_MAIN(RUN(addresses) RUN(peers_are_compared_without_their_ports)
              RUN(an_ipv6_network_of_64_bits_is_one_peer) RUN(a_mapped_ipv4_peer_is_an_ipv4_peer)
                  RUN(users_of_unix_sockets))
