/* net/address.c - addresses as text and back. */
#define _GNU_SOURCE
#include "net/net.h"

#include <arpa/inet.h>
#include <string.h>

/* 0 ... 65535 in decimal digits up to the end of the text. */
static bool port_read(const char *text, uint16_t *port)
{
    unsigned value = 0;
    size_t n = 0;
    for (; text[n] >= '0' && text[n] <= '9' && n < 5; n++)
        value = value * 10 + (unsigned)(text[n] - '0');
    *port = (uint16_t)value;
    return n > 0 && text[n] == '\0' && value <= UINT16_MAX;
}

static bool host_read(const char *host, bool bracketed, uint16_t port, struct bark_net_address *address)
{
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (bracketed) {
        address->is.v6.sin6_family = AF_INET6;
        address->is.v6.sin6_port = htons(port);
        address->len = sizeof address->is.v6;
        return inet_pton(AF_INET6, host, &address->is.v6.sin6_addr) == 1;
    }
    address->is.v4.sin_family = AF_INET;
    address->is.v4.sin_port = htons(port);
    address->len = sizeof address->is.v4;
    return inet_pton(AF_INET, host, &address->is.v4.sin_addr) == 1;
}

enum bark_code bark_net_address_read(const char *text, struct bark_net_address *address,
                                     struct bark_error *err)
{
    const char *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[';
    char host[BARK_NET_ADDRESS_TEXT];
    size_t start = bracketed ? 1 : 0, len;
    uint16_t port;
    memset(address, 0, sizeof *address);
    if (!colon || !port_read(colon + 1, &port))
        return bark_fail(err, BARK_ERR_USE, 0, "an address ends in a colon and a port up to 65535");
    len = (size_t)(colon - text);
    if (bracketed && (len < 2 || text[len - 1] != ']'))
        return bark_fail(err, BARK_ERR_USE, 0, "an IPv6 address stands in brackets");
    len -= bracketed ? 2 : 0;
    if (len >= sizeof host)
        return bark_fail(err, BARK_ERR_USE, 0, "the address is too long");
    memcpy(host, text + start, len);
    host[len] = '\0';
    if (!host_read(host, bracketed, port, address)) {
        memset(address, 0, sizeof *address);
        return bark_fail(err, BARK_ERR_USE, start,
                         "an IPv4 address, a bracketed IPv6 address or localhost is needed");
    }
    return BARK_OK;
}

size_t bark_net_address_text(const struct bark_net_address *address, char *text)
{
    bool six = address->is.any.sa_family == AF_INET6;
    const void *bytes =
        six ? (const void *)&address->is.v6.sin6_addr : (const void *)&address->is.v4.sin_addr;
    unsigned port = ntohs(six ? address->is.v6.sin6_port : address->is.v4.sin_port);
    size_t len = 0, digits = 1;
    text[0] = '\0';
    if (six)
        text[len++] = '[';
    if (!inet_ntop(six ? AF_INET6 : AF_INET, bytes, text + len, BARK_NET_ADDRESS_TEXT - 8))
        return 0;
    len += strlen(text + len);
    if (six)
        text[len++] = ']';
    text[len++] = ':';
    for (unsigned rest = port; rest >= 10; rest /= 10)
        digits++;
    len += digits;
    text[len] = '\0';
    for (size_t i = 1; i <= digits; i++, port /= 10)
        text[len - i] = (char)('0' + port % 10);
    return len;
}

bool bark_net_same_host(const struct bark_net_address *a, const struct bark_net_address *b)
{
    if (a->is.any.sa_family != b->is.any.sa_family)
        return false;
    if (a->is.any.sa_family == AF_INET6)
        return memcmp(&a->is.v6.sin6_addr, &b->is.v6.sin6_addr, sizeof a->is.v6.sin6_addr) == 0;
    return a->is.v4.sin_addr.s_addr == b->is.v4.sin_addr.s_addr;
}

bool bark_net_is_loopback(const struct bark_net_address *address)
{
    if (address->is.any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->is.v6.sin6_addr);
    return (ntohl(address->is.v4.sin_addr.s_addr) >> 24) == 127;
}
