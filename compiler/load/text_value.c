/* load/text_value.c - the forms that attribute values of XSD and WSDL have: numbers, booleans, words out of a
 * set, names.
 *
 * [XSD1 appendix A] and [WSDL11 A.4] state them as types; checked here and not by the decoder, so that a
 * wrong one is one error among others. White space around a value is gone already.
 */
#include "engine/value_kind.h"
#include "load/node.h"
#include "xml/chars.h"

#include <string.h>

static bool text_is(struct bark_text t, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bark_text_equal(t, words[i]))
            return true;
    return false;
}

/* A list of words out of a set, or "#all" alone. */
static bool derivation_list_is(struct bark_text t, const char *const *words, size_t count)
{
    if (bark_text_equal(t, "#all"))
        return true;
    for (size_t from = 0; from < t.len;) {
        size_t to = from;
        while (to < t.len && t.ptr[to] != ' ')
            to++;
        if (!text_is((struct bark_text){ t.ptr + from, to - from }, words, count))
            return false;
        from = to + 1;
    }
    return true;
}

bool soapc_text_is_uri(struct bark_text t)
{
    return bark_text_form_is(BARK_KIND_ANYURI, (struct bark_slice){ (const uint8_t *)t.ptr, t.len });
}

static const char *uri_fault(struct bark_text t)
{
    return soapc_text_is_uri(t) ? NULL : "is not a URI [XSD2 3.2.17]";
}

static bool digits_are(struct bark_text t)
{
    size_t from = t.len > 1 && t.ptr[0] == '+';
    for (size_t i = from; i < t.len; i++)
        if (t.ptr[i] < '0' || t.ptr[i] > '9')
            return false;
    return t.len > from;
}

bool soapc_text_is_ncname(struct bark_text t)
{
    return bark_xml_is_name((struct bark_slice){ (const uint8_t *)t.ptr, t.len }, BARK_XML_NCNAME);
}

#define WORDS(...) \
    static const char *const words[] = { __VA_ARGS__ }; \
    const size_t count = sizeof words / sizeof *words;

static const char *boolean_fault(struct bark_text t)
{
    WORDS("true", "false", "1", "0")
    return text_is(t, words, count) ? NULL : "is not a boolean";
}

/* What is wrong with the text of an attribute of the schema vocabulary, or NULL. */
static const char *xs_fault(const struct soapc_node *node, unsigned slot, struct bark_text t)
{
    switch ((enum soapc_xs_text)slot) {
    case SOAPC_TEXT_name:
    case SOAPC_TEXT_id:
        return soapc_text_is_ncname(t) ? NULL : "is not a name without colon (NCName)";
    case SOAPC_TEXT_minOccurs:
        return digits_are(t) ? NULL : "is not a whole number";
    case SOAPC_TEXT_maxOccurs:
        return digits_are(t) || bark_text_equal(t, "unbounded") ? NULL
                                                                : "is neither a whole number nor 'unbounded'";
    case SOAPC_TEXT_abstract:
    case SOAPC_TEXT_nillable:
    case SOAPC_TEXT_mixed:
        return boolean_fault(t);
    case SOAPC_TEXT_fixed: /* of a facet */
        return node->kind == SOAPC_XS_element || node->kind == SOAPC_XS_attribute ? NULL : boolean_fault(t);
    case SOAPC_TEXT_use: {
        WORDS("optional", "required", "prohibited")
        return text_is(t, words, count) ? NULL : "is not one of optional, required, prohibited";
    }
    case SOAPC_TEXT_form:
    case SOAPC_TEXT_elementFormDefault:
    case SOAPC_TEXT_attributeFormDefault: {
        WORDS("qualified", "unqualified")
        return text_is(t, words, count) ? NULL : "is neither qualified nor unqualified";
    }
    case SOAPC_TEXT_processContents: {
        WORDS("strict", "lax", "skip")
        return text_is(t, words, count) ? NULL : "is not one of strict, lax, skip";
    }
    case SOAPC_TEXT_block:
    case SOAPC_TEXT_blockDefault: {
        WORDS("extension", "restriction", "substitution")
        return derivation_list_is(t, words, node->kind == SOAPC_XS_complexType ? 2 : count)
                   ? NULL
                   : "is not a list of derivation methods";
    }
    case SOAPC_TEXT_final:
    case SOAPC_TEXT_finalDefault: { /* of simple types the first three, of the others the last two */
        WORDS("list", "union", "restriction", "extension")
        bool simple = node->kind == SOAPC_XS_simpleType, any = slot == SOAPC_TEXT_finalDefault;
        return derivation_list_is(t, words + (simple || any ? 0 : 2),
                                  any      ? count
                                  : simple ? 3
                                           : 2)
                   ? NULL
                   : "is not a list of derivation methods";
    }
    case SOAPC_TEXT_targetNamespace:
        return t.len > 0 ? uri_fault(t) : "is empty; leave the attribute out to have no namespace";
    case SOAPC_TEXT_namespace: /* of a wildcard: a list, of which the model knows more */
        return node->kind == SOAPC_XS_import ? uri_fault(t) : NULL;
    case SOAPC_TEXT_schemaLocation:
    case SOAPC_TEXT_source:
    case SOAPC_TEXT_system:
        return uri_fault(t);
    case SOAPC_TEXT_default:
    case SOAPC_TEXT_value:
    case SOAPC_TEXT_version:
    case SOAPC_TEXT_xpath:
    case SOAPC_TEXT_public:
    case SOAPC_XS_TEXT_COUNT:
        break;
    }
    return NULL;
}

/* What an element of a message is named after. */
static bool names_element(unsigned kind)
{
    return kind == SOAPC_WSDL_MESSAGE || kind == SOAPC_WSDL_PART || kind == SOAPC_WSDL_OPERATION;
}

static const char *wsdl_fault(unsigned kind, unsigned slot, struct bark_text t)
{
    if (slot == SOAPC_WTEXT_name && names_element(kind) && !soapc_text_is_ncname(t))
        return "is not a name without colon (NCName)";
    if (slot == SOAPC_WTEXT_style && !bark_text_equal(t, "rpc") && !bark_text_equal(t, "document"))
        return "is neither rpc nor document";
    if (slot == SOAPC_WTEXT_use && !bark_text_equal(t, "literal") && !bark_text_equal(t, "encoded"))
        return "is neither literal nor encoded";
    return NULL;
}

const char *soapc_text_fault(const struct soapc_node *node, unsigned slot, struct bark_text t)
{
    return node->kind < SOAPC_XS_END ? xs_fault(node, slot, t) : wsdl_fault(node->kind, slot, t);
}
