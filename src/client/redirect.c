/* client/redirect.c - where a redirect leads, and whether we go there.
 *
 * Only 307 and 308 keep method and body [RFC9110 15.4.8, 15.4.9]; for a SOAP request the others mean nothing.
 * An address in an answer is somebody else's wish: without the options it is not opened [R12], with them it
 * may be a path of the same origin; another origin has an option of its own, gets no credentials, and is
 * never less safe than the one that named it.
 */
#include "client/client.h"
#include "http/chars.h"

#include <string.h>

/* The Location without its fragment, which is not for servers; empty when there is not one, or it is long. */
static struct bark_slice location_read(const struct bark_exchange *x)
{
    struct bark_slice value, none = { 0 };
    if (bark_http_field(&x->reader, "Location", &value) != 1 || value.len == 0)
        return none;
    value = bark_http_split(&value, '#');
    return value.len > BARK_REDIRECT_MAX ? none : value;
}

static bool is_origin(const struct bark_exchange *x, const struct bark_http_url *url)
{
    return !x->path && url->secure == x->secure && url->port == x->port &&
           bark_slice_reads(url->host, x->host);
}

static void target_set(struct bark_client *c, struct bark_slice target)
{
    memmove(c->location, target.ptr, target.len);
    c->location[target.len] = '\0';
    c->sending.target = c->location;
}

static bool origin_change(struct bark_client *c, struct bark_slice location, const struct bark_http_url *url)
{
    struct bark_exchange_options way = c->way;
    struct bark_exchange fresh;
    if (!c->redirects_other_origins || (c->now->secure && !url->secure) || c->now->path)
        return false;
    memmove(c->location, location.ptr, location.len);
    c->location[location.len] = '\0';
    way.url = c->location;
    if (bark_exchange_open_with(&fresh, &way, NULL) != BARK_OK) {
        bark_exchange_close(&fresh);
        return false; /* and the answer that said so is still there */
    }
    bark_exchange_close(&c->elsewhere);
    c->elsewhere = fresh;
    c->now = &c->elsewhere;
    c->sending.target = NULL;
    return true;
}

bool bark_client_redirected(struct bark_client *c)
{
    const unsigned status = c->now->reader.message.status;
    struct bark_http_url url;
    struct bark_slice location;
    char copy[BARK_REDIRECT_MAX];
    if (c->redirects_left == 0 || (status != 307 && status != 308))
        return false;
    location = location_read(c->now);
    if (location.len == 0)
        return false;
    memcpy(copy, location.ptr, location.len); /* the head it stands in may be given up below */
    location.ptr = (const uint8_t *)copy;
    if (location.ptr[0] == '/' && (location.len == 1 || location.ptr[1] != '/')) {
        if (!bark_http_all(location, BARK_HTTP_TARGET))
            return false;
        target_set(c, location);
    } else if (bark_http_url_read(location, &url, NULL) != BARK_OK) {
        return false;
    } else if (is_origin(c->now, &url)) {
        target_set(c, url.target);
    } else if (!origin_change(c, location, &url)) {
        return false;
    }
    c->redirects_left--;
    return true;
}

void bark_client_return(struct bark_client *c)
{
    if (c->elsewhere.texts)
        bark_exchange_close(&c->elsewhere);
    c->now = &c->exchange;
    c->sending.target = NULL;
}
