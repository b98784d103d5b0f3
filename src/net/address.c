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

/* Decimal digits, NUL-terminated; returns how many. */
static size_t number_text(char *text, uint32_t n)
{
    size_t len = 1;
    for (uint32_t rest = n; rest >= 10; rest /= 10)
        len++;
    text[len] = '\0';
    for (size_t i = 1; i <= len; i++, n /= 10)
        text[len - i] = (char)('0' + n % 10);
    return len;
}

size_t bark_net_address_text(const struct bark_net_address *address, char *text)
{
    bool six = address->is.any.sa_family == AF_INET6;
    const void *bytes =
        six ? (const void *)&address->is.v6.sin6_addr : (const void *)&address->is.v4.sin_addr;
    unsigned port = ntohs(six ? address->is.v6.sin6_port : address->is.v4.sin_port);
    size_t len = 0;
    text[0] = '\0';
    if (address->is.any.sa_family == AF_UNIX) {
        memcpy(text, "unix:", 5);
        return 5 + number_text(text + 5, address->is.local.user);
    }
    if (six)
        text[len++] = '[';
    if (!inet_ntop(six ? AF_INET6 : AF_INET, bytes, text + len, BARK_NET_ADDRESS_TEXT - 8))
        return 0;
    len += strlen(text + len);
    if (six)
        text[len++] = ']';
    text[len++] = ':';
    return len + number_text(text + len, port);
}

struct bark_net_peer_key bark_net_peer_key(const struct bark_net_address *address)
{
    struct bark_net_peer_key key = { { 0 } };
    if (address->is.any.sa_family == AF_INET6) {
        const struct in6_addr *six = &address->is.v6.sin6_addr;
        memcpy(key.bytes, six, IN6_IS_ADDR_LINKLOCAL(six) ? 16 : 8);
    } else if (address->is.any.sa_family == AF_INET) {
        key.bytes[10] = key.bytes[11] = 0xff; /* [RFC4291 2.5.5.2]; no IPv6 network of 64 bits looks so */
        memcpy(key.bytes + 12, &address->is.v4.sin_addr, 4);
    } else {
        key.bytes[8] = 1;
        memcpy(key.bytes + 12, &address->is.local.user, 4);
    }
    return key;
}

void bark_net_address_unmap(struct bark_net_address *address)
{
    struct sockaddr_in four = { .sin_family = AF_INET };
    if (address->is.any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&address->is.v6.sin6_addr))
        return;
    four.sin_port = address->is.v6.sin6_port;
    memcpy(&four.sin_addr, &address->is.v6.sin6_addr.s6_addr[12], 4);
    address->is.v4 = four;
    address->len = sizeof four;
}

uint16_t bark_net_address_port(const struct bark_net_address *address)
{
    if (address->is.any.sa_family == AF_INET6)
        return ntohs(address->is.v6.sin6_port);
    return address->is.any.sa_family == AF_INET ? ntohs(address->is.v4.sin_port) : 0;
}

bool bark_net_is_loopback(const struct bark_net_address *address)
{
    if (address->is.any.sa_family == AF_UNIX)
        return true;
    if (address->is.any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->is.v6.sin6_addr);
    return (ntohl(address->is.v4.sin_addr.s_addr) >> 24) == 127;
}
