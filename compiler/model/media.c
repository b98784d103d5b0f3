/* model/media.c - lists of media ranges: what mime:content and xmime:expectedContentTypes say of octets.
 *
 *     list = range *( "," range )     range = type "/" subtype *( ";" name "=" value )
 *
 * as the Accept field of HTTP has them [RFC9110 12.5.1, XMIME 3]; a star may stand for a subtype, or for
 * both.
 */
#include "model/build.h"

static bool is_token(char c)
{
    return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", c);
}

static const char *spaces_skip(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

static const char *token_skip(const char *at)
{
    while (*at && is_token(*at))
        at++;
    return at;
}

/* Behind a quoted string that starts here; NULL: it does not end. */
static const char *quoted_skip(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : NULL;
}

/* Behind `; name=value` pairs; NULL: they are none. */
static const char *parameters_skip(const char *at)
{
    for (at = spaces_skip(at); *at == ';'; at = spaces_skip(at)) {
        const char *name = spaces_skip(at + 1), *value = token_skip(name);
        if (value == name || *value != '=')
            return NULL;
        value++;
        at = *value == '"' ? quoted_skip(value) : token_skip(value);
        if (!at || at == value)
            return NULL;
    }
    return at;
}

/* Behind one range; NULL: there is none. */
static const char *range_skip(const char *at)
{
    const char *type = at, *slash = token_skip(type);
    const char *end = *slash == '/' ? token_skip(slash + 1) : NULL;
    const size_t len = (size_t)(slash - type);
    if (!end || len == 0 || end == slash + 1)
        return NULL;
    const bool any_type = memchr(type, '*', len) != NULL,
               any = memchr(slash, '*', (size_t)(end - slash)) != NULL;
    if (any && end - slash != 2) /* part of a name */
        return NULL;
    if (any_type && (len != 1 || !any))
        return NULL;
    return parameters_skip(end);
}

bool soapc_media_check(struct soapc_builder *b, const char *ranges, struct soapc_place place)
{
    const char *at = spaces_skip(ranges);
    for (;;) {
        const char *end = range_skip(at);
        if (end && !*end)
            return true;
        if (!end || *end != ',')
            break;
        at = spaces_skip(end + 1);
    }
    soapc_error(b->diag, SOAPC_E_ATTRIBUTE_VALUE, place,
                "'%s' is no list of media types, such as \"image/png, image/*\"", ranges);
    return false;
}
