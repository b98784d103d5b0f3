/* engine/value_qname.c - QName: a name that means nothing without the namespaces in scope.
 *
 * Reading resolves the prefix at once, so that a struct holds the namespace itself; writing asks for a prefix
 * that is in scope where the value stands. [XSD2 3.2.18] A name without a prefix is in the default namespace.
 * Where there are no prefixes, in JSON and in the image, a name is spelt with its namespace.
 */
#include "engine/value_kind.h"
#include "xml/chars.h"

#include <string.h>

/* "{uri}local", as JSON and the image have it; without braces the name is in no namespace. */
static enum bark_code spelt_read(const struct bark_value_call *call, struct bark_slice text,
                                 struct bark_qname *name)
{
    const uint8_t *close = text.len && text.ptr[0] == '{' ? memchr(text.ptr, '}', text.len) : NULL;
    const size_t head = close ? (size_t)(close - text.ptr) + 1 : 0;
    const struct bark_slice uri = { text.ptr + (head ? 1 : 0), head ? head - 2 : 0 };
    const struct bark_slice local = { text.ptr + head, text.len - head };
    enum bark_code code;
    if (!bark_xml_is_name(local, BARK_XML_NCNAME))
        return BARK_ERR_TYPE;
    code = bark_text_keep(call, uri, &name->ns);
    return code == BARK_OK ? bark_text_keep(call, local, &name->local) : code;
}

enum bark_code bark_qname_read(const struct bark_value_call *call, struct bark_slice text, void *member)
{
    const struct bark_value_scope *scope = call->scope;
    const uint8_t *colon = text.len ? memchr(text.ptr, ':', text.len) : NULL;
    struct bark_slice prefix = { text.ptr, 0 }, local = text, uri = { NULL, 0 };
    struct bark_qname *name = member;
    enum bark_code code;
    if (scope->no_prefixes)
        return spelt_read(call, text, name);
    if (colon) {
        prefix.len = (size_t)(colon - text.ptr);
        local.ptr = colon + 1;
        local.len = text.len - prefix.len - 1;
    }
    if (!bark_xml_is_name(local, BARK_XML_NCNAME) || (colon && !bark_xml_is_name(prefix, BARK_XML_NCNAME)))
        return BARK_ERR_TYPE;
    if (!scope->prefix_to_uri || !scope->prefix_to_uri(scope->context, prefix, &uri)) {
        if (colon)
            return bark_value_refuse(call, BARK_ERR_TYPE,
                                     "[XSD2 3.2.18] the prefix of a QName is bound to a namespace");
        uri.len = 0;
    }
    code = bark_text_keep(call, uri, &name->ns);
    return code == BARK_OK ? bark_text_keep(call, local, &name->local) : code;
}

enum bark_code bark_qname_write(const struct bark_value_call *call, const void *member, struct bark_out *out)
{
    const struct bark_value_scope *scope = call->scope;
    const struct bark_qname *name = member;
    const struct bark_slice uri = { (const uint8_t *)name->ns.ptr, name->ns.len };
    const struct bark_slice local = { (const uint8_t *)name->local.ptr, name->local.len };
    if (!bark_xml_is_name(local, BARK_XML_NCNAME))
        return BARK_ERR_TYPE;
    if (uri.len > 0 && scope->no_prefixes) {
        bark_out_byte(out, '{');
        bark_text_put(out, uri);
        bark_out_byte(out, '}');
    } else if (uri.len > 0) {
        struct bark_slice prefix = { NULL, 0 };
        if (scope->uri_to_prefix)
            prefix = scope->uri_to_prefix(scope->context, uri);
        if (!prefix.ptr)
            return bark_value_refuse(call, BARK_ERR_TYPE,
                                     "[XSD2 3.2.18] no prefix is in scope for the namespace of a QName");
        bark_text_put(out, prefix);
        if (prefix.len > 0)
            bark_out_byte(out, ':');
    }
    bark_text_put(out, local);
    return BARK_OK;
}
