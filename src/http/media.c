/* http/media.c - media types: does a body claim to be XML in UTF-8?
 *
 * A browser can post text/plain or a form to any address without asking; it cannot post an XML type without a
 * permission that this server never gives. So the check is part of row 35, not a courtesy.
 */
#include "http/chars.h"
#include "soapbark/http.h"

static const char *const xml_types[] = { "text/xml", "application/xml", "application/soap+xml" };

/* Takes one parameter's value, a token or a quoted string [RFC9110 5.6.6], off *rest. */
static bool value_take(struct bark_slice *rest, struct bark_slice *value)
{
    size_t n = 0;
    if (rest->len == 0 || rest->ptr[0] != '"') {
        while (n < rest->len && bark_http_is(rest->ptr[n], BARK_HTTP_TOKEN))
            n++;
        *value = (struct bark_slice){ rest->ptr, n };
        rest->ptr += n;
        rest->len -= n;
        return n > 0;
    }
    for (n = 1; n < rest->len && rest->ptr[n] != '"'; n++) {
        if (rest->ptr[n] == '\\')
            n++; /* the byte after it stands for itself, also a quote */
    }
    if (n >= rest->len)
        return false;
    *value = (struct bark_slice){ rest->ptr + 1, n - 1 };
    rest->ptr += n + 1;
    rest->len -= n + 1;
    return true;
}

bool bark_http_media_is_xml(struct bark_slice content_type)
{
    struct bark_slice rest = content_type, type = bark_http_trim(bark_http_split(&rest, ';'));
    bool known = false, charset_seen = false;
    for (size_t i = 0; i < sizeof xml_types / sizeof *xml_types; i++)
        known |= bark_http_equal(type, xml_types[i]);
    if (!known)
        return false;
    while (rest.len > 0) {
        struct bark_slice name, value;
        rest = bark_http_trim(rest);
        if (rest.len == 0)
            return true; /* a lone ';' at the end is common and says nothing */
        name = bark_http_split(&rest, '=');
        if (!rest.ptr || !bark_http_all(name, BARK_HTTP_TOKEN) || !value_take(&rest, &value))
            return false;
        if (bark_http_equal(name, "charset")) {
            if (charset_seen || (!bark_http_equal(value, "utf-8") && !bark_http_equal(value, "us-ascii")))
                return false;
            charset_seen = true;
        }
        rest = bark_http_trim(rest);
        if (rest.len > 0 && rest.ptr[0] != ';')
            return false;
        if (rest.len > 0) {
            rest.ptr++;
            rest.len--;
        }
    }
    return true;
}
