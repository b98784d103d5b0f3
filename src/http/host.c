/* http/host.c - hosts: the authority grammar, and which Host values a device answers to (row 35). */
#include "http/chars.h"
#include "http/reader.h"

#include <string.h>

static bool port_read(struct bark_slice digits, uint16_t *port)
{
    uint64_t value;
    if (digits.len > 5 || !bark_http_digits(digits, &value) || value == 0 || value > UINT16_MAX)
        return false;
    *port = (uint16_t)value;
    return true;
}

/* [RFC3986 3.2.2] the inside of brackets: an IPv6 address by its bytes. Zone identifiers and IPvFuture are
 * refused. The address itself is judged by whoever connects to it. */
static bool ipv6_bytes(struct bark_slice s)
{
    bool colon = false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == ':')
            colon = true;
        else if (s.ptr[i] != '.' && !bark_http_is(s.ptr[i], BARK_HTTP_HEX))
            return false;
    }
    return colon && s.len <= 45;
}

bool bark_http_authority_read(struct bark_slice text, struct bark_slice *host, uint16_t *port,
                              bool *bracketed)
{
    struct bark_slice rest = text;
    *port = 0;
    *bracketed = text.len > 0 && text.ptr[0] == '[';
    if (*bracketed) {
        rest.ptr++;
        rest.len--;
        *host = bark_http_split(&rest, ']');
        if (!rest.ptr || !ipv6_bytes(*host))
            return false;
        if (rest.len == 0)
            return true;
        if (rest.ptr[0] != ':')
            return false;
        rest.ptr++;
        rest.len--;
        return port_read(rest, port);
    }
    *host = bark_http_split(&rest, ':');
    if (host->len == 0 || !bark_http_all(*host, BARK_HTTP_HOST))
        return false;
    return !rest.ptr || port_read(rest, port);
}

/* Four decimal numbers up to 255 without leading zeros, the one spelling of an IPv4 address. */
static bool ipv4_text(struct bark_slice s)
{
    unsigned dots = 0, digits = 0, value = 0;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned digit = s.ptr[i] - 0u - '0';
        if (digit > 9) {
            if (s.ptr[i] != '.' || digits == 0)
                return false;
            dots++;
            digits = value = 0;
            continue;
        }
        if (digits > 0 && value == 0)
            return false;
        value = value * 10 + digit;
        if (value > 255)
            return false;
        digits++;
    }
    return dots == 3 && digits > 0;
}

static bool name_allowed(struct bark_slice host, bool bracketed, const char *const *names, size_t count)
{
    if (bracketed || ipv4_text(host) || bark_slice_reads(host, "localhost"))
        return true;
    for (size_t i = 0; i < count; i++) {
        if (bark_slice_reads(host, names[i]))
            return true;
    }
    return false;
}

bool bark_http_host_allowed(struct bark_slice text, const char *const *names, size_t count)
{
    struct bark_slice host;
    uint16_t port;
    bool bracketed;
    return bark_http_authority_read(text, &host, &port, &bracketed) &&
           name_allowed(host, bracketed, names, count);
}

bool bark_http_message_host_allowed(const struct bark_http_message *m, const char *const *names, size_t count)
{
    return m->host.ptr && name_allowed(m->host_name, m->host_bracketed, names, count);
}

enum bark_code bark_http_url_read(struct bark_slice text, struct bark_http_url *url, struct bark_error *err)
{
    static const char plain[] = "http://", tls[] = "https://";
    struct bark_slice rest = text, scheme;
    struct bark_http_url u = { .port = 80 };
    size_t at;
    bool bracketed;
    *url = (struct bark_http_url){ 0 };
    scheme = (struct bark_slice){ text.ptr, sizeof plain - 1 };
    if (text.len >= scheme.len && !bark_slice_reads(scheme, plain))
        scheme.len = sizeof tls - 1;
    if (text.len < scheme.len || (!bark_slice_reads(scheme, plain) && !bark_slice_reads(scheme, tls)))
        return bark_fail(err, BARK_ERR_USE, 0, "a URL starts with http:// or https://");
    u.secure = scheme.len == sizeof tls - 1;
    for (at = scheme.len; at < rest.len && rest.ptr[at] != '/' && rest.ptr[at] != '?';)
        at++;
    u.authority = (struct bark_slice){ text.ptr + scheme.len, at - scheme.len };
    u.target = (struct bark_slice){ text.ptr + at, text.len - at };
    if (!bark_http_authority_read(u.authority, &u.host, &u.port, &bracketed))
        return bark_fail(err, BARK_ERR_USE, scheme.len, "[RFC3986 3.2] a URL names a host and maybe a port");
    if (!bark_http_target_valid(u.target))
        return bark_fail(err, BARK_ERR_USE, at, "[RFC3986 3.3] a byte or escape is not legal in a path");
    if (u.target.len > 0 && u.target.ptr[0] == '?')
        return bark_fail(err, BARK_ERR_USE, at, "a URL with a query needs a path before it");
    if (u.target.len == 0)
        u.target = (struct bark_slice){ (const uint8_t *)"/", 1 };
    if (u.port == 0)
        u.port = u.secure ? 443 : 80;
    *url = u;
    return BARK_OK;
}
