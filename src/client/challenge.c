/* client/challenge.c - a WWW-Authenticate field is a list of challenges, and each of them a list too.
 *
 *     Digest realm="a, b", nonce="1", qop="auth", Basic realm="c", Negotiate oXQ=
 *
 * [RFC9110 11.6.1] What follows a comma belongs to the same challenge when it is name "=" value, and begins
 * another one when it is a scheme, which is followed by a blank, a comma, or nothing.
 */
#include "client/credentials.h"
#include "http/chars.h"

static size_t blanks(struct bark_slice s, size_t at)
{
    while (at < s.len && (s.ptr[at] == ' ' || s.ptr[at] == '\t'))
        at++;
    return at;
}

static size_t token(struct bark_slice s, size_t at)
{
    while (at < s.len && bark_http_is(s.ptr[at], BARK_HTTP_TOKEN))
        at++;
    return at;
}

/* Behind a comma: does a scheme stand here? */
static bool scheme_stands(struct bark_slice s, size_t at)
{
    const size_t end = token(s, at);
    const size_t after = blanks(s, end);
    return end > at && (after == s.len || s.ptr[after] != '=');
}

/* The next comma that is not inside quotes; the end when there is none. */
static size_t comma(struct bark_slice s, size_t at)
{
    bool quoted = false;
    for (; at < s.len && (quoted || s.ptr[at] != ','); at++) {
        if (s.ptr[at] == '"')
            quoted = !quoted;
        else if (quoted && s.ptr[at] == '\\')
            at++;
    }
    return at < s.len ? at : s.len;
}

bool bark_challenge_next(struct bark_slice *list, struct bark_slice *challenge)
{
    const struct bark_slice s = *list;
    size_t start = 0, end, next;
    *challenge = (struct bark_slice){ 0 };
    while (start < s.len && (s.ptr[start] == ',' || s.ptr[start] == ' ' || s.ptr[start] == '\t'))
        start++;
    if (start == s.len)
        return false;
    next = comma(s, start);
    for (;;) {
        end = next;
        while (next < s.len && (s.ptr[next] == ',' || s.ptr[next] == ' ' || s.ptr[next] == '\t'))
            next++;
        if (next == s.len || scheme_stands(s, next))
            break;
        next = comma(s, next);
    }
    *challenge = bark_http_trim((struct bark_slice){ s.ptr + start, end - start });
    *list = (struct bark_slice){ s.ptr + next, s.len - next };
    return true;
}
