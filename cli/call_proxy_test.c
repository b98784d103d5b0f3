/* cli/call_proxy_test.c - which proxy, and for whom none. The command is no library, so its file is part of
 * this one. */
#include "call_proxy.c"
#include "testkit.h"

static const struct {
    const char *url, *no_proxy;
    bool bypassed;
} lists[] = {
    { "http://a.example/x", NULL, false },
    { "http://a.example/x", "", false },
    { "http://a.example/x", "*", true },
    { "http://a.example/x", "b.example, A.Example", true },
    { "http://a.example/x", "example", true },
    { "http://a.example/x", ".example", true },
    { "http://a.example/x", "ample", false },
    { "http://a.example/x", "b.a.example", false },
    { "http://a.example/x", "a.example.", false },
    { "http://a.example/x", "a.example:80", true },
    { "https://a.example/x", "a.example:80", false },
    { "https://a.example", "a.example:443", true },
    { "http://a.example:8080?x", "a.example:8080", true },
    { "http://a.example:8080/", "a.example:80", false },
    { "http://127.0.0.1:1/", "localhost,127.0.0.1", true },
    { "http://[::1]:1/", "::1", true },
    { "http://[::1]:1/", "[::1]", true },
    { "http://[::1]:1/", "[::1]:2", false },
    { "http://a.example/b.example", "b.example", false },
    { "unix:/a:/b", "*", false },
};

TEST(no_proxy_lists)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        CHECK_IN(lists[i].no_proxy ? lists[i].no_proxy : lists[i].url,
                 cli_proxy_is_bypassed(lists[i].url, lists[i].no_proxy) == lists[i].bypassed);
}

static const struct {
    const char *text, *proxy, *user, *password; /* proxy NULL: refused */
} proxies[] = {
    { "http://127.0.0.1:8888", "http://127.0.0.1:8888", NULL, NULL },
    { "HTTP://127.0.0.1:8888/", "http://127.0.0.1:8888", NULL, NULL },
    { "proxy.example:3128", "http://proxy.example:3128", NULL, NULL },
    { "http://ada:l0ve@proxy.example:3128/", "http://proxy.example:3128", "ada", "l0ve" },
    { "http://ada:a%40%3a%zz%00%4@p:1", "http://p:1", "ada", "a@:%zz%00%4" },
    { "http://ada@p:1", "http://p:1", "ada", "" },
    { "http://a@b:c@p:1", "http://p:1", "a@b", "c" },
    { "https://p:1", NULL, NULL, NULL },
    { "socks5://p:1", NULL, NULL, NULL },
    { "http://", NULL, NULL, NULL },
    { "", NULL, NULL, NULL },
};

TEST(proxies_as_text)
{
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        struct cli_proxy proxy = { 0 };
        const bool fine = cli_proxy_read(proxies[i].text, &proxy);
        CHECK_IN(proxies[i].text, fine == (proxies[i].proxy != NULL));
        if (fine && proxies[i].proxy)
            CHECK_TEXT(proxy.url, proxies[i].proxy);
        CHECK_IN(proxies[i].text, (proxy.user != NULL) == (proxies[i].user != NULL));
        if (proxy.user && proxies[i].user) {
            CHECK_TEXT(proxy.user, proxies[i].user);
            CHECK_TEXT(proxy.password, proxies[i].password);
        }
        cli_proxy_free(&proxy);
    }
}

TEST_MAIN(RUN(no_proxy_lists) RUN(proxies_as_text))
