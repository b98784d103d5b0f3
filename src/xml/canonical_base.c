/* xml/canonical_base.c - two values of xml:base made one, for a part whose surroundings are left out.
 *
 * [C14N11 2.4] This is resolving a reference [RFC3986 5.2] with differences: the base may be relative, and
 * then so is the result, which may begin with "../"; slashes that follow each other are one; a ".." at the
 * end gets its slash; a fragment is dropped. Nothing is looked at but the characters.
 */
#include "xml/canonical.h"

#include <string.h>

/* What [RFC3986 B] finds in a reference. Absent parts have ptr == NULL, but the path, which may be empty. */
struct parts {
    struct bark_slice scheme, authority, path, query;
};

/* Bytes before the first one that is among these, or all. */
static size_t span(struct bark_slice s, const char *ends)
{
    size_t i = 0;
    while (i < s.len && !memchr(ends, s.ptr[i], strlen(ends)))
        i++;
    return i;
}

/* The first n bytes off the front, and skip more behind them. */
static struct bark_slice take(struct bark_slice *s, size_t n, size_t skip)
{
    const struct bark_slice taken = { s->ptr, n };
    s->ptr += n + skip;
    s->len -= n + skip;
    return taken;
}

static struct parts parts_of(struct bark_slice s)
{
    struct parts p = { .path = { NULL, 0 } };
    size_t n = span(s, ":/?#");
    if (n > 0 && n < s.len && s.ptr[n] == ':')
        p.scheme = take(&s, n, 1);
    if (s.len >= 2 && s.ptr[0] == '/' && s.ptr[1] == '/') {
        (void)take(&s, 2, 0);
        p.authority = take(&s, span(s, "/?#"), 0);
    }
    p.path = take(&s, span(s, "?#"), 0);
    if (s.len && s.ptr[0] == '?') {
        (void)take(&s, 1, 0);
        p.query = take(&s, span(s, "#"), 0);
    }
    return p;
}

static void put(struct bark_out *out, struct bark_slice s)
{
    bark_out_put(out, s.ptr, s.len);
}

static bool is_up(struct bark_slice s)
{
    return s.len == 2 && s.ptr[0] == '.' && s.ptr[1] == '.';
}

/* Takes the last segment, and its slash, off what was written since `from`; false when there is none that
 * ".." could leave. */
static bool segment_drop(struct bark_out *out, size_t from)
{
    size_t at = out->pos;
    if (at == from)
        return false;
    for (at--; at > from && out->base[at - 1] != '/'; at--)
        ;
    if (is_up((struct bark_slice){ out->base + at, out->pos - 1 - at }))
        return false;
    out->pos = at;
    return true;
}

/* [RFC3986 5.2.4] as [C14N11 2.4] has it: the path without "." and "..", the parts in it following each
 * other.
 */
static void path_put(struct bark_out *out, struct bark_slice path)
{
    const bool absolute = path.len && path.ptr[0] == '/';
    size_t from;
    if (absolute)
        bark_out_byte(out, '/');
    from = out->pos;
    while (path.len) {
        const size_t n = span(path, "/");
        const bool last = n == path.len;
        const struct bark_slice segment = take(&path, n, last ? 0 : 1);
        if (n == 0 || (n == 1 && segment.ptr[0] == '.'))
            continue;
        if (is_up(segment) && (segment_drop(out, from) || absolute))
            continue;
        put(out, segment);
        if (!last || is_up(segment))
            bark_out_byte(out, '/');
    }
}

/* How much of the path is before its last segment. */
static size_t folder_len(struct bark_slice path)
{
    size_t n = path.len;
    while (n > 0 && path.ptr[n - 1] != '/')
        n--;
    return n;
}

/* [C14N11 2.4] The base's path as it stands; a ".." at its end has a slash. */
static bool folder_put(struct bark_out *out, struct bark_slice path)
{
    const size_t n = folder_len(path);
    const bool up = is_up((struct bark_slice){ path.ptr + n, path.len - n });
    put(out, path);
    if (up)
        bark_out_byte(out, '/');
    return up;
}

/* [RFC3986 5.2.3] The path of the base up to its last slash, and the reference's. */
static void merge(const struct parts *base, struct bark_slice path, struct bark_out *out)
{
    const size_t n = folder_len(base->path);
    if (folder_put(out, base->path)) {
        put(out, path);
        return;
    }
    out->pos = 0;
    if (base->path.len == 0 && base->authority.ptr)
        bark_out_byte(out, '/');
    else
        bark_out_put(out, base->path.ptr, n);
    put(out, path);
}

void bark_canonical_join(struct bark_slice base_text, struct bark_slice reference, uint8_t *room,
                         struct bark_out *out)
{
    const struct parts base = parts_of(base_text), r = parts_of(reference);
    const bool own_authority = r.scheme.ptr || r.authority.ptr;
    const struct bark_slice scheme = r.scheme.ptr ? r.scheme : base.scheme;
    const struct bark_slice authority = own_authority ? r.authority : base.authority;
    const struct bark_slice query = !own_authority && r.path.len == 0 && !r.query.ptr ? base.query : r.query;
    struct bark_out merged;
    if (scheme.ptr) {
        put(out, scheme);
        bark_out_byte(out, ':');
    }
    if (authority.ptr) {
        bark_out_text(out, "//");
        put(out, authority);
    }
    bark_out_init(&merged, room, base_text.len + reference.len + 2);
    if (own_authority || (r.path.len && r.path.ptr[0] == '/')) {
        path_put(out, r.path);
    } else if (r.path.len == 0) {
        (void)folder_put(out, base.path);
    } else {
        merge(&base, r.path, &merged);
        path_put(out, bark_out_bytes(&merged));
    }
    if (query.ptr) {
        bark_out_byte(out, '?');
        put(out, query);
    }
}
