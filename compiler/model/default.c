/* model/default.c - default and fixed values must be values of their type [XSD1 3.2.6, 3.3.6].
 *
 * They are noted while declarations are built and checked when all types are derived.
 */
#include "model/build.h"
#include "model/value.h"

void soapc_defaults_note(struct soapc_builder *b, const struct soapc_scope *scope,
                         const struct soapc_node *node, const struct soapc_element *element,
                         const struct soapc_attribute *attribute)
{
    static const uint8_t slots[] = { SOAPC_TEXT_default, SOAPC_TEXT_fixed };
    for (size_t i = 0; i < sizeof slots; i++) {
        if (!node->text[slots[i]].ptr)
            continue;
        const char *name = soapc_text_name(SOAPC_XS_element, slots[i]);
        struct soapc_value_use *use = SOAPC_PUSH(b, b->value_uses, b->value_use_count, b->value_use_cap);
        *use = (struct soapc_value_use){ element, attribute, soapc_intern(b, node->text[slots[i]]),
                                         soapc_attribute_place(b->diag, scope->doc->file, node->at, name) };
    }
}

static const char *type_label(const struct soapc_type *t)
{
    return t->name.local ? t->name.local : t->context ? t->context : "anonymous";
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
}

void soapc_defaults_check(struct soapc_builder *b)
{
    for (size_t i = 0; i < b->value_use_count; i++)
        value_check(b, &b->value_uses[i]);
}
