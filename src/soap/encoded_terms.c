/* soap/encoded_terms.c - id, href, arrayType and their like [SOAP11 5.4, SOAP12-2 3.1].
 *
 * Much of what SOAP encoding can say is a hint: what an array's size is going to be, which type of the
 * encoding a value has. What says that values stand elsewhere than where they are written is no hint, and is
 * followed (references) or refused.
 */
#include "soap/encoded_terms.h"

#include "base/slice.h"
#include "soap/encoded.h"

/* An attribute whose text has been read. */
struct said {
    const struct bark_xml_name *name;
    struct bark_soap_term term;
    bool plain;
};

static bool is_named(const struct said *a, const char *local)
{
    return bark_slice_is(a->name->local, local);
}

/* Whether a text has one of the bytes. */
static bool has_byte(struct bark_slice text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++)
        for (const char *b = bytes; *b; b++)
            if (text.ptr[i] == (uint8_t)*b)
                return true;
    return false;
}

/* [SOAP11 5.4.2, SOAP12-2 3.1.6] What our structs cannot hold: items of several dimensions in one row of
 * elements, items that are left out. To pass over it would move values. */
static const char *array_refused(const struct said *a)
{
    if (is_named(a, "arrayType") && has_byte(a->term.text, ","))
        return "[SOAP11 5.4.2] an array of more than one dimension is not taken";
    if (is_named(a, "arraySize") && has_byte(a->term.text, " "))
        return "[SOAP12-2 3.1.6] an array of more than one dimension is not taken";
    if (is_named(a, "offset") && has_byte(a->term.text, "123456789"))
        return "[SOAP11 5.4.2.1] an array whose first items are left out is not taken";
    return NULL;
}

static const char *encoding_term(const struct said *a, struct bark_soap_terms *t)
{
    if (is_named(a, "arrayType") || is_named(a, "itemType") || is_named(a, "arraySize")) {
        t->array = true;
    } else if (is_named(a, "ref")) {
        t->refers = true;
        t->href = a->term;
    } else if (is_named(a, "id") && a->plain) {
        t->id = a->term.text;
    } else if (is_named(a, "position")) {
        t->position = a->term;
    }
    return array_refused(a);
}

/* [SOAP11 5.1] id and href are in no namespace. */
static const char *bare_term(const struct said *a, struct bark_soap_terms *t)
{
    const struct bark_slice text = a->term.text;
    if (is_named(a, "id") && a->plain)
        t->id = text;
    if (!is_named(a, "href"))
        return NULL;
    if (text.len == 0 || text.ptr[0] != '#')
        return "[SOAP11 5.4.1] an href names an element of the same message";
    t->refers = true;
    t->href = (struct bark_soap_term){ { text.ptr + 1, text.len - 1 }, a->term.at };
    return NULL;
}

struct bark_slice bark_soap_qname_uri(const struct bark_xml_reader *xml, struct bark_slice qname,
                                      struct bark_slice *local)
{
    struct bark_slice prefix = { qname.ptr, 0 }, uri = { 0 };
    *local = qname;
    for (size_t i = 0; i < qname.len; i++)
        if (qname.ptr[i] == ':') {
            prefix.len = i;
            *local = (struct bark_slice){ qname.ptr + i + 1, qname.len - i - 1 };
            break;
        }
    if (!bark_xml_lookup(xml, prefix, &uri))
        uri = (struct bark_slice){ 0 };
    return uri;
}

static void xsi_term(const struct bark_xml_reader *xml, const char *encoding, const struct said *a,
                     struct bark_soap_terms *t)
{
    struct bark_slice local;
    if (is_named(a, "nil") || is_named(a, "null")) {
        t->nil = bark_slice_is(a->term.text, "true") || bark_slice_is(a->term.text, "1");
        t->nil_at = a->term.at;
    } else if (is_named(a, "type")) {
        if (bark_slice_is(bark_soap_qname_uri(xml, a->term.text, &local), encoding))
            t->array = t->array || bark_slice_is(local, "Array");
        else
            t->type = a->term;
    }
}

enum bark_code bark_soap_terms_read(struct bark_xml_reader *xml, const struct bark_soap_dialect *dialect,
                                    const struct bark_xml_event *start, struct bark_soap_terms *t)
{
    const char *const encoding = bark_soap_encoding_ns(dialect->version);
    *t = (struct bark_soap_terms){ .nil = false };
    for (size_t i = 0; i < start->attribute_count; i++) {
        const struct bark_xml_attribute *from = &start->attributes[i];
        struct said a = { .name = &from->name,
                          .term.at = bark_xml_place(xml, from->name.local.ptr),
                          .plain = from->plain };
        const char *why = NULL;
        enum bark_code code = bark_xml_attribute_text(xml, from, &a.term.text);
        if (code)
            return code;
        if (bark_slice_is(a.name->uri, BARK_SOAP_XSI))
            xsi_term(xml, encoding, &a, t);
        else if (bark_slice_is(a.name->uri, encoding))
            why = encoding_term(&a, t);
        else if (dialect->version == BARK_SOAP_11 && a.name->uri.len == 0)
            why = bare_term(&a, t);
        if (why)
            return bark_xml_fail(xml, BARK_ERR_SOAP, a.term.at, why);
    }
    return BARK_OK;
}
