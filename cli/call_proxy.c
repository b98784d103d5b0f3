/* cli/call_proxy.c - the form in which people write proxies, and the list of hosts that need none.
 *
 * There is no standard for either; this is what most programs take. A host matches an entry when it ends in
 * it, at a dot.
 */
#define _GNU_SOURCE
#include "call_proxy.h"

#include "soapbark/crypto.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void cli_secret_free(char *text)
{
    if (text)
        bark_secret_wipe(text, strlen(text));
    free(text);
}

void cli_proxy_free(struct cli_proxy *proxy)
{
    cli_secret_free(proxy->url);
    cli_secret_free(proxy->user);
    cli_secret_free(proxy->password);
    *proxy = (struct cli_proxy){ 0 };
}

struct host {
    const char *name;
    size_t len;
    const char *port; /* digits, or "" */
    size_t port_len;
};

/* "host", "host:port", "[address]:port", up to `end`. */
static struct host host_split(const char *text, size_t len)
{
    struct host h = { .name = text, .len = len, .port = "" };
    const char *bracket = len && text[0] == '[' ? memchr(text, ']', len) : NULL;
    const char *from = bracket ? bracket : text;
    const char *colon = memchr(from, ':', len - (size_t)(from - text));
    if (bracket) {
        h.name = text + 1;
        h.len = (size_t)(bracket - h.name);
    } else if (colon && memchr(colon + 1, ':', len - (size_t)(colon + 1 - text))) {
        return h; /* an IPv6 address without brackets has no port */
    } else if (colon) {
        h.len = (size_t)(colon - text);
    }
    if (colon) {
        h.port = colon + 1;
        h.port_len = len - (size_t)(h.port - text);
    }
    return h;
}

static bool host_matches(struct host host, struct host entry)
{
    while (entry.len > 0 && entry.name[0] == '.') {
        entry.name++;
        entry.len--;
    }
    if (entry.len == 0 || entry.len > host.len ||
        (entry.port_len > 0 &&
         (entry.port_len != host.port_len || memcmp(entry.port, host.port, entry.port_len) != 0)))
        return false;
    return strncasecmp(host.name + (host.len - entry.len), entry.name, entry.len) == 0 &&
           (host.len == entry.len || host.name[host.len - entry.len - 1] == '.');
}

bool cli_proxy_is_bypassed(const char *url, const char *no_proxy)
{
    const bool secure = strncmp(url, "https://", 8) == 0;
    const char *authority = strstr(url, "://");
    struct host host;
    if (!authority || !no_proxy)
        return false;
    authority += 3;
    host = host_split(authority, strcspn(authority, "/?"));
    if (host.port_len == 0) {
        host.port = secure ? "443" : "80";
        host.port_len = strlen(host.port);
    }
    while (*no_proxy) {
        const size_t len = strcspn(no_proxy, ", \t");
        if ((len == 1 && *no_proxy == '*') || (len && host_matches(host, host_split(no_proxy, len))))
            return true;
        no_proxy += len + (no_proxy[len] != '\0');
    }
    return false;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* [RFC3986 2.1]; a zero byte would end the text. */
static char *percent_decode(const char *text, size_t len)
{
    char *decoded = malloc(len + 1);
    size_t n = 0;
    for (size_t i = 0; decoded && i < len; i++) {
        int high = -1, low = -1;
        if (text[i] == '%' && len - i > 2) {
            high = hex(text[i + 1]);
            low = hex(text[i + 2]);
        }
        decoded[n] = text[i];
        if (high >= 0 && low >= 0 && high + low > 0) {
            decoded[n] = (char)(high << 4 | low);
            i += 2;
        }
        n++;
    }
    if (decoded)
        decoded[n] = '\0';
    return decoded;
}

bool cli_proxy_read(const char *text, struct cli_proxy *proxy)
{
    static const char scheme[] = "http://";
    const char *rest = strncasecmp(text, scheme, sizeof scheme - 1) == 0 ? text + sizeof scheme - 1 : text;
    const char *at = strrchr(rest, '@'), *colon;
    const char *host = at ? at + 1 : rest;
    size_t len = strlen(host);
    if (strstr(rest, "://"))
        return false;
    if (at) {
        colon = memchr(rest, ':', (size_t)(at - rest));
        proxy->user = percent_decode(rest, (size_t)((colon ? colon : at) - rest));
        proxy->password = percent_decode(colon ? colon + 1 : at, colon ? (size_t)(at - colon - 1) : 0);
        if (!proxy->user || !proxy->password)
            return false;
    }
    if (len > 0 && host[len - 1] == '/')
        len--;
    proxy->url = malloc(sizeof scheme + len);
    if (!proxy->url)
        return false;
    memcpy(proxy->url, scheme, sizeof scheme - 1);
    memcpy(proxy->url + sizeof scheme - 1, host, len);
    proxy->url[sizeof scheme - 1 + len] = '\0';
    return len > 0;
}
