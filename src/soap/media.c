/* soap/media.c - a media type and its parameters, the two that matter to SOAP picked out.
 *
 * The grammar is that of [RFC9110 5.6.6]: `; name=token` or `; name="quoted"`. A backslash inside quotes has
 * no use in a charset or a URI and is refused, so that nobody downstream can read the value in another way.
 */
#include "soap/media.h"

#include "base/slice.h"

#include <string.h>

static bool byte_is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* tchar of [RFC9110 5.6.2], with '/' and ':' added: action URIs are seen without quotes in practice. */
static bool byte_is_value(uint8_t c)
{
    return c > ' ' && c < 0x7f && c != '"' && c != ';' && c != ',' && c != '\\' && c != '=';
}

static size_t spaces_skip(struct bark_slice s, size_t at)
{
    while (at < s.len && byte_is_space(s.ptr[at]))
        at++;
    return at;
}

static struct bark_slice value_take(struct bark_slice s, size_t *at)
{
    size_t begin = *at;
    while (*at < s.len && byte_is_value(s.ptr[*at]))
        ++*at;
    return (struct bark_slice){ s.ptr + begin, *at - begin };
}

/* An opening quote stands at *at. */
static bool quoted_take(struct bark_slice s, size_t *at, struct bark_slice *value)
{
    size_t begin = ++*at;
    while (*at < s.len && s.ptr[*at] != '"' && s.ptr[*at] != '\\' && s.ptr[*at] >= ' ')
        ++*at;
    if (*at == s.len || s.ptr[*at] != '"')
        return false;
    *value = (struct bark_slice){ s.ptr + begin, *at - begin };
    ++*at;
    return true;
}

/* An action that stands twice could be read in two ways [row 12]. */
static bool parameter_take(struct bark_slice s, size_t *at, struct bark_soap_media *media)
{
    struct bark_slice name = value_take(s, at), value;
    if (name.len == 0 || *at == s.len || s.ptr[*at] != '=')
        return false;
    ++*at;
    if (*at < s.len && s.ptr[*at] == '"') {
        if (!quoted_take(s, at, &value))
            return false;
    } else {
        value = value_take(s, at);
    }
    if (bark_slice_reads(name, "charset"))
        return bark_slice_reads(value, "utf-8");
    if (bark_slice_reads(name, "action")) {
        if (media->action.ptr)
            return false;
        media->action = value;
    }
    return true;
}

/* What follows a media type: parameters to the end. */
static bool parameters_take(struct bark_slice content_type, size_t at, struct bark_soap_media *media)
{
    for (;;) {
        at = spaces_skip(content_type, at);
        if (at == content_type.len)
            return true;
        if (content_type.ptr[at] != ';')
            return false;
        at = spaces_skip(content_type, at + 1);
        /* An empty parameter, as in "text/xml;", is allowed by [RFC9110 5.6.6]. */
        if (at < content_type.len && content_type.ptr[at] != ';' && !parameter_take(content_type, &at, media))
            return false;
    }
}

bool bark_soap_media_is(struct bark_slice content_type, const char *type)
{
    struct bark_soap_media ignored = { 0 };
    size_t at = spaces_skip(content_type, 0);
    return content_type.len && bark_slice_reads(value_take(content_type, &at), type) &&
           parameters_take(content_type, at, &ignored);
}

bool bark_soap_media_is_xml(struct bark_slice content_type)
{
    return bark_soap_media_is(content_type, "text/xml") ||
           bark_soap_media_is(content_type, "application/xml");
}

bool bark_soap_media_read(struct bark_slice content_type, struct bark_soap_media *media)
{
    size_t at = spaces_skip(content_type, 0);
    *media = (struct bark_soap_media){ 0 };
    if (content_type.len == 0)
        return false;
    media->dialect = bark_soap_dialect_of_content_type(content_type);
    if (media->dialect)
        return true;
    media->dialect = bark_soap_dialect_of_media(value_take(content_type, &at));
    if (media->dialect && parameters_take(content_type, at, media))
        return true;
    *media = (struct bark_soap_media){ 0 };
    return false;
}
