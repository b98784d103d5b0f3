/* client/place.c - where an exchange goes: a URL and maybe a proxy, taken apart and copied into one block.
 *
 *     http://host/x                       straight to the host
 *     http://host/x   through a proxy     to the proxy, with the whole URL in the request line
 * [RFC9112 3.2.2] https://host/x  through a proxy     a tunnel by CONNECT [RFC9110 9.3.6], TLS with the host
 * inside unix:/path:/x                       to a socket of this machine; Host says localhost
 *
 * The origin is a text that is the same for connections that may stand in for each other: scheme, host, port,
 * and what lies on the way, with what a proxy was told about us. So a tunnel that was opened with somebody's
 * password is nobody else's.
 */
#include "client/exchange.h"
#include "http/chars.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_DIGITS = 5, UNIX_PATH_MAX = 107 };

static const char unix_scheme[] = "unix:", unix_authority[] = "localhost";

struct place {
    struct bark_http_url url, proxy;
    struct bark_slice path; /* of a Unix socket */
    struct bark_slice told; /* the proxy */
    bool via;
};

static struct bark_slice text_slice(const char *text)
{
    return (struct bark_slice){ (const uint8_t *)text, strlen(text) };
}

/* "unix:" PATH [":" "/" SERVICE]: the path ends before the first colon that a slash follows. */
static enum bark_code unix_read(struct bark_slice text, struct place *place, struct bark_error *err)
{
    const size_t start = sizeof unix_scheme - 1;
    size_t end = start;
    while (end < text.len && !(text.ptr[end] == ':' && end + 1 < text.len && text.ptr[end + 1] == '/'))
        end++;
    place->path = (struct bark_slice){ text.ptr + start, end - start };
    if (place->path.len == 0 || place->path.len > UNIX_PATH_MAX)
        return bark_fail(err, BARK_ERR_USE, start, "a Unix socket's path has 1 to 107 bytes");
    place->url = (struct bark_http_url){ .host = text_slice(unix_authority),
                                         .authority = text_slice(unix_authority),
                                         .target = text_slice("/") };
    if (end < text.len)
        place->url.target = (struct bark_slice){ text.ptr + end + 1, text.len - end - 1 };
    if (!bark_http_all(place->url.target, BARK_HTTP_TARGET))
        return bark_fail(err, BARK_ERR_USE, end, "[RFC3986 3.3] a byte is not legal in a path");
    return BARK_OK;
}

static enum bark_code proxy_read(const struct bark_exchange_options *options, struct place *place,
                                 struct bark_error *err)
{
    if (!options->proxy || place->path.len)
        return BARK_OK;
    if (bark_http_url_read(text_slice(options->proxy), &place->proxy, err) != BARK_OK)
        return BARK_ERR_USE;
    if (place->proxy.secure || place->proxy.target.len != 1)
        return bark_fail(err, BARK_ERR_USE, 0, "a proxy is named as http://host:port");
    if (options->proxy_authorization)
        place->told = text_slice(options->proxy_authorization);
    if (!bark_http_all(place->told, BARK_HTTP_VALUE))
        return bark_fail(err, BARK_ERR_USE, 0, "[RFC9110 5.5] a byte is not legal in a header field");
    place->via = true;
    return BARK_OK;
}

static char *text_keep(struct bark_out *o, struct bark_slice text)
{
    char *start = (char *)o->base + o->pos;
    bark_out_put(o, text.ptr, text.len);
    bark_out_byte(o, '\0');
    return start;
}

static void host_write(struct bark_out *o, const struct bark_http_url *url)
{
    const bool bracketed = memchr(url->host.ptr, ':', url->host.len) != NULL;
    bark_out_text(o, bracketed ? "[" : "");
    bark_out_put(o, url->host.ptr, url->host.len);
    bark_out_text(o, bracketed ? "]:" : ":");
    bark_out_u64(o, url->port);
}

static char *origin_write(struct bark_out *o, const struct place *place)
{
    char *start = (char *)o->base + o->pos;
    bark_out_text(o, place->path.len ? "unix:" : place->url.secure ? "https://" : "http://");
    bark_out_put(o, place->path.ptr, place->path.len);
    if (!place->path.len)
        host_write(o, &place->url);
    if (place->via) {
        bark_out_text(o, " by ");
        host_write(o, &place->proxy);
        bark_out_byte(o, ' ');
        bark_out_put(o, place->told.ptr, place->told.len);
    }
    bark_out_byte(o, '\0');
    return start;
}

/* [RFC9110 9.3.6] the target of CONNECT is host and port, always both. */
static char *tunnel_write(struct bark_out *o, const struct place *place)
{
    char *start = (char *)o->base + o->pos;
    bark_out_text(o, "CONNECT ");
    host_write(o, &place->url);
    bark_out_text(o, " HTTP/1.1\r\nHost: ");
    host_write(o, &place->url);
    bark_out_text(o, "\r\n");
    if (place->told.len)
        bark_http_field_write(o, "Proxy-Authorization", place->told);
    bark_out_text(o, "\r\n");
    bark_out_byte(o, '\0');
    return start;
}

enum bark_code bark_exchange_place(struct bark_exchange *x, const struct bark_exchange_options *options,
                                   struct bark_error *err)
{
    const struct bark_slice text = text_slice(options->url);
    struct place place = { 0 };
    struct bark_out o;
    enum bark_code code;
    if (text.len >= sizeof unix_scheme - 1 && memcmp(text.ptr, unix_scheme, sizeof unix_scheme - 1) == 0)
        code = unix_read(text, &place, err);
    else
        code = bark_http_url_read(text, &place.url, err);
    if (code == BARK_OK)
        code = proxy_read(options, &place, err);
    if (code != BARK_OK)
        return BARK_ERR_USE;
    if (options->carrier && place.path.len)
        return bark_fail(err, BARK_ERR_USE, 0, "a carrier goes to http and https URLs only");
    if (place.url.secure && !options->tls && !options->carrier)
        return bark_fail(err, BARK_ERR_USE, 0, "an https URL needs the option tls: see soapbark/tls.h");
    x->texts_len =
        5 * (text.len + PORT_DIGITS) + 3 * (place.proxy.authority.len + PORT_DIGITS + place.told.len) + 160;
    x->texts = malloc(x->texts_len);
    if (!x->texts)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "no memory for the connection's texts");
    bark_out_init(&o, x->texts, x->texts_len);
    x->host = text_keep(&o, place.url.host);
    x->authority = text_keep(&o, place.url.authority);
    x->target = text_keep(&o, place.url.target);
    x->path = place.path.len ? text_keep(&o, place.path) : NULL;
    x->via = place.via ? text_keep(&o, place.proxy.host) : NULL;
    x->via_authorization = place.told.len ? text_keep(&o, place.told) : NULL;
    x->origin = origin_write(&o, &place);
    x->tunnel = place.via && place.url.secure ? tunnel_write(&o, &place) : NULL;
    x->port = place.url.port;
    x->via_port = place.proxy.port;
    x->secure = place.url.secure;
    x->tls = place.url.secure && options->tls ? &options->tls->net : NULL;
    return bark_out_ok(&o) ? BARK_OK : bark_fail(err, BARK_ERR_USE, 0, "the URL is too long");
}
