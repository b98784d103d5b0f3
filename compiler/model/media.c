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

/* Behind a quoted string that starts here; NULL: it does not end, or has a control character, which would end
 * a line of a head or of an HTTP row's parts. */
static const char *quoted_skip(const char *at)
{
    for (at++; *at >= ' ' && *at <= '~' && *at != '"'; at++)
        if (*at == '\\' && at[1] >= ' ' && at[1] <= '~')
            at++;
    return *at == '"' ? at + 1 : NULL;
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

/* The namespaces of 2004 and 2005 have the same attribute. */
static bool is_xmime(struct bark_text ns)
{
    return bark_text_equal(ns, "http://www.w3.org/2005/05/xmlmime") ||
           bark_text_equal(ns, "http://www.w3.org/2004/11/xmlmime");
}

const char *soapc_content_types_read(struct soapc_builder *b, const struct soapc_scope *s,
                                     const struct soapc_node *node)
{
    for (size_t i = 0; i < node->foreign.count; i++) {
        const struct bark_any_attribute *a = &node->foreign.items[i];
        if (!is_xmime(a->name.ns) || !bark_text_equal(a->name.local, "expectedContentTypes"))
            continue;
        const char *ranges = soapc_intern(b, a->value);
        struct soapc_place place =
            soapc_attribute_place(b->diag, s->doc->file, node->at, "expectedContentTypes");
        return soapc_media_check(b, ranges, place) ? ranges : NULL;
    }
    return NULL;
}

/* [XMIME 3] Octets: base64Binary or hexBinary, or a complex type of such a value. */
static bool holds_octets(const struct soapc_type *t)
{
    if (t->complex && t->content == SOAPC_CONTENT_SIMPLE && t->value)
        t = t->value;
    return t->broken ||
           (!t->complex && t->variety == SOAPC_ATOMIC &&
            (t->builtin == SOAPC_BUILTIN_BASE64_BINARY || t->builtin == SOAPC_BUILTIN_HEX_BINARY));
}

void soapc_content_types_settle(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->all_element_count; i++) {
        struct soapc_element *e = b->all_elements[i];
        if (!e->type)
            continue;
        if (e->content_types && !holds_octets(e->type))
            soapc_warning(b->diag, SOAPC_W_IGNORED_ATTRIBUTE, e->place,
                          "expectedContentTypes says nothing about element '%s': it is not of binary type",
                          e->name.local);
        if (!holds_octets(e->type))
            e->content_types = NULL;
        else if (!e->content_types)
            e->content_types = e->type->content_types;
    }
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
