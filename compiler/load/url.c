/* load/url.c - relative references by the algorithm of [RFC3986 5.2], as text.
 *
 * Only URLs with an authority are bases here; everything else is a path of this machine (load/path.c).
 */
#include "load/url.h"

#include "load/node.h"

#include <stdlib.h>
#include <string.h>

size_t soapc_url_authority(const char *url)
{
    const char *colon = strstr(url, "://");
    if (!colon || !soapc_path_is_url(url))
        return 0;
    return (size_t)(colon - url) + 3 + strcspn(colon + 3, "/?#");
}

/* [RFC3986 5.2.4] in place; path begins with '/'. */
static void dots_remove(char *path)
{
    char *to = path;
    for (const char *p = path; *p == '/';) {
        const size_t len = strcspn(p + 1, "/");
        const bool last = p[1 + len] == '\0';
        const bool dot = len == 1 && p[1] == '.', dots = len == 2 && p[1] == '.' && p[2] == '.';
        const char *next = p + 1 + len;
        if (dots)
            while (to > path && *--to != '/')
                continue;
        if (!dot && !dots) {
            memmove(to, p, len + 1);
            to += len + 1;
        } else if (last) {
            *to++ = '/';
        }
        p = next;
        if (last)
            break;
    }
    *to = '\0';
}

/* head (of head_len bytes), path (of path_len bytes), then rest up to its fragment. */
static char *parts_join(const char *head, size_t head_len, const char *path, size_t path_len,
                        const char *rest)
{
    const size_t rest_len = strcspn(rest, "#"), query = strcspn(rest, "?#");
    char *url = malloc(head_len + path_len + rest_len + 2);
    char *from = url ? url + head_len : NULL;
    if (!url)
        return NULL;
    memcpy(url, head, head_len);
    if (path_len == 0 && rest[0] != '/')
        from[path_len++] = '/';
    else
        memcpy(from, path, path_len);
    memcpy(from + path_len, rest, query);
    from[path_len + query] = '\0';
    dots_remove(from);
    const size_t len = strlen(from);
    memcpy(from + len, rest + query, rest_len - query);
    from[len + rest_len - query] = '\0';
    return url;
}

char *soapc_url_join(const char *base, const char *reference)
{
    size_t authority = soapc_url_authority(reference);
    if (authority > 0)
        return parts_join(reference, authority, "", 0, reference + authority);
    authority = soapc_url_authority(base);
    if (soapc_path_is_url(reference)) { /* urn: */
        const size_t len = strcspn(reference, "#");
        char *urn = malloc(len + 1);
        if (!urn)
            return NULL;
        memcpy(urn, reference, len);
        urn[len] = '\0';
        return urn;
    }
    if (strncmp(reference, "file:", 5) == 0 || authority == 0)
        return soapc_path_join(base, reference);
    if (strncmp(reference, "//", 2) == 0) {
        const size_t scheme = (size_t)(strchr(base, ':') - base) + 1;
        const size_t host = 2 + strcspn(reference + 2, "/?#");
        char *head = malloc(scheme + host + 1);
        if (!head)
            return NULL;
        memcpy(head, base, scheme);
        memcpy(head + scheme, reference, host);
        char *url = parts_join(head, scheme + host, "", 0, reference + host);
        free(head);
        return url;
    }
    const char *path = base + authority;
    size_t keep = strcspn(path, "?#");
    if (reference[0] == '/')
        keep = 0;
    else if (reference[0] == '\0' || reference[0] == '#')
        keep = strcspn(path, "#"); /* the base itself */
    else if (reference[0] != '?')
        while (keep > 0 && path[keep - 1] != '/')
            keep--;
    return parts_join(base, authority, path, keep, reference);
}

char *soapc_url_base(const char *base, const char *reference)
{
    const size_t len = strlen(reference);
    char *url = soapc_url_join(base, reference);
    const size_t end = url ? strlen(url) : 0;
    if (!url || len == 0 || reference[len - 1] != '/' || (end > 0 && url[end - 1] == '/'))
        return url;
    char *longer = realloc(url, end + 2);
    if (!longer) {
        free(url);
        return NULL;
    }
    longer[end] = '/';
    longer[end + 1] = '\0';
    return longer;
}
