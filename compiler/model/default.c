/* model/default.c - default and fixed values must be values of their type [XSD1 3.2.6, 3.3.6].
 *
 * They are noted while declarations are built and checked when all types are derived.
 */
#include "model/build.h"
#include "model/value.h"

#include <string.h>

void soapc_defaults_note(struct soapc_builder *b, const struct soapc_scope *scope,
                         const struct soapc_node *node, const struct soapc_element *element,
                         const struct soapc_attribute *attribute, const char **names)
{
    static const uint8_t slots[] = { SOAPC_TEXT_default, SOAPC_TEXT_fixed };
    for (size_t i = 0; i < sizeof slots; i++) {
        if (!node->text[slots[i]].ptr)
            continue;
        const char *name = soapc_text_name(SOAPC_XS_element, slots[i]);
        struct soapc_value_use *use = SOAPC_PUSH(b, b->value_uses, b->value_use_count, b->value_use_cap);
        *use = (struct soapc_value_use){ .element = element,
                                         .attribute = attribute,
                                         .text = soapc_intern(b, node->text[slots[i]]),
                                         .names = names,
                                         .place =
                                             soapc_attribute_place(b->diag, scope->doc->file, node->at, name),
                                         .scope = scope,
                                         .node = node };
    }
}

static const char *type_label(const struct soapc_type *t)
{
    return t->name.local ? t->name.local : t->context ? t->context : "anonymous";
}

/* The next word of a list, and what its prefix is bound to; false at the end of the text. */
static bool name_next(struct soapc_builder *b, const struct soapc_value_use *use, const char **text,
                      struct bark_slice *uri, struct bark_slice *local)
{
    static const char blanks[] = " \t\r\n";
    const char *from = *text + strspn(*text, blanks);
    const size_t len = strcspn(from, blanks);
    const char *colon = memchr(from, ':', len);
    const struct bark_slice prefix = { (const uint8_t *)from, colon ? (size_t)(colon - from) : 0 };
    const size_t head = colon ? prefix.len + 1 : 0;
    *text = from + len;
    *uri = soapc_prefix_lookup(b->diag, use->scope->doc, use->node, prefix);
    *local = (struct bark_slice){ (const uint8_t *)from + head, len - head };
    if (len > 0 && colon && !uri->ptr)
        soapc_error(b->diag, SOAPC_E_NOT_A_VALUE, use->place, "the prefix of '%.*s' is not bound here",
                    (int)len, from); /* [XSD2 3.2.18] */
    return len > 0;
}

/* A table has no prefixes in scope: names are spelt with their namespaces. */
static void names_spell(struct soapc_builder *b, const struct soapc_value_use *use)
{
    struct bark_slice uri, local;
    const char *at = use->text;
    size_t size = 1;
    while (name_next(b, use, &at, &uri, &local))
        size += uri.len + local.len + 3;
    char *names = soapc_pool_alloc(b->pool, size), *to = names;
    for (at = use->text; name_next(b, use, &at, &uri, &local);) {
        if (to > names)
            *to++ = ' ';
        *to++ = '{';
        memcpy(to, uri.ptr ? (const char *)uri.ptr : "", uri.len);
        to += uri.len;
        *to++ = '}';
        memcpy(to, local.ptr, local.len);
        to += local.len;
    }
    *to = '\0';
    *use->names = names;
}

static bool is_name(const struct soapc_type *t)
{
    return t->variety == SOAPC_ATOMIC &&
           (t->builtin == SOAPC_BUILTIN_QNAME || t->builtin == SOAPC_BUILTIN_NOTATION);
}

static void value_check(struct soapc_builder *b, const struct soapc_value_use *use)
{
    const struct soapc_type *t = use->element ? use->element->type : use->attribute->type;
    if (t->complex && t->content != SOAPC_CONTENT_SIMPLE) {
        if (!t->mixed && !t->broken) /* [XSD1 3.3.6] cos-valid-default 2.1 */
            soapc_error(b->diag, SOAPC_E_NO_DEFAULT, use->place,
                        "type '%s' has no text, so no default or fixed value", type_label(t));
        return;
    }
    if (t->complex)
        t = t->value;
    if (t->builtin == SOAPC_BUILTIN_ID) /* a-props-correct 3, e-props-correct 5 */
        soapc_error(b->diag, SOAPC_E_NO_DEFAULT, use->place,
                    "an ID has no default or fixed value: it would not stay unique");
    else if (!soapc_value_matches(&b->matcher, t, use->text))
        soapc_error(b->diag, SOAPC_E_NOT_A_VALUE, use->place, "'%s' is not a value of type '%s'", use->text,
                    type_label(t));
    else if (is_name(t) || (t->variety == SOAPC_LIST && is_name(t->item)))
        names_spell(b, use);
}

void soapc_defaults_check(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->value_use_count; i++)
        value_check(b, &b->value_uses[i]);
}
