/* load/grammar.c - which attributes and children each element of XSD and WSDL may have.
 *
 * One row an element, taken from the "XML Representation Summary" of its component in [XSD1 3] and from
 * [WSDL11 2]. The decoder has checked that every element belongs to the vocabulary; here we say what stands
 * in the wrong place, and go on. Content is a list of slots passed from left to right: each child goes to the
 * first slot, from the last used one on, that takes it.
 */
#include "load/node.h"
#include "xml/reader.h"

#include <string.h>

#define K(name) (UINT64_C(1) << SOAPC_XS_##name)
#define W(name) (UINT64_C(1) << (SOAPC_WSDL_##name - SOAPC_XS_END))
#define T(name) (UINT32_C(1) << SOAPC_TEXT_##name)
#define WT(name) (UINT32_C(1) << SOAPC_WTEXT_##name)
#define Q(name) (UINT32_C(1) << SOAPC_QNAME_##name)
#define WQ(name) (UINT32_C(1) << SOAPC_WQNAME_##name)

#define OCCURS (T(minOccurs) | T(maxOccurs))
#define MODELS (K(group) | K(all) | K(choice) | K(sequence))
#define ATTRIBUTES \
    { K(attribute) | K(attributeGroup), 0, MANY }, { K(anyAttribute), 0, 1 }, \
    { \
        K(assert), 0, MANY \
    }
#define OPEN \
    { \
        K(openContent), 0, 1 \
    }
#define FACETS \
    (K(enumeration) | K(fractionDigits) | K(length) | K(maxExclusive) | K(maxInclusive) | K(maxLength) | \
     K(minExclusive) | K(minInclusive) | K(minLength) | K(pattern) | K(totalDigits) | K(whiteSpace) | \
     K(explicitTimezone) | K(assertion))
#define NOTE \
    { \
        K(annotation), 0, 1 \
    }
#define EXTRA (W(DOCUMENTATION) | W(ANY))

enum { MANY = 255, SLOTS_MAX = 7 };

struct slot {
    uint64_t kinds;
    uint8_t min, max;
};

struct row {
    uint8_t kind;
    uint64_t parents; /* 0: any; else only below one of these */
    uint32_t texts, qnames;
    uint32_t required; /* texts */
    struct slot slots[SLOTS_MAX];
};

#define FACET(name) \
    { \
        SOAPC_XS_##name, 0, T(value) | T(fixed) | T(id), 0, T(value), \
        { \
            NOTE \
        } \
    }

#define MODEL_PARTS (K(element) | K(group) | K(choice) | K(sequence) | K(any))

static const struct row xs_rows[] = {
    { SOAPC_XS_schema,
      0,
      T(targetNamespace) | T(version) | T(finalDefault) | T(blockDefault) | T(attributeFormDefault) |
          T(elementFormDefault) | T(id),
      0,
      0,
      { { K(include) | K(import) | K(redefine) | K(override) | K(annotation), 0, MANY },
        { K(defaultOpenContent), 0, 1 },
        { K(simpleType) | K(complexType) | K(group) | K(attributeGroup) | K(element) | K(attribute) |
              K(notation) | K(annotation),
          0, MANY } } },
    { SOAPC_XS_element,
      K(schema) | K(override),
      T(name) | T(default) | T(fixed) | T(abstract) | T(block) | T(final) | T(nillable) | T(id),
      Q(type) | Q(substitutionGroup),
      T(name),
      { NOTE,
        { K(simpleType) | K(complexType), 0, 1 },
        { K(alternative), 0, MANY },
        { K(unique) | K(key) | K(keyref), 0, MANY } } },
    { SOAPC_XS_element,
      0,
      T(name) | OCCURS | T(default) | T(fixed) | T(block) | T(nillable) | T(form) | T(id),
      Q(type) | Q(ref),
      0,
      { NOTE,
        { K(simpleType) | K(complexType), 0, 1 },
        { K(alternative), 0, MANY },
        { K(unique) | K(key) | K(keyref), 0, MANY } } },
    { SOAPC_XS_complexType,
      0,
      T(name) | T(mixed) | T(abstract) | T(block) | T(final) | T(id),
      0,
      0,
      { NOTE, OPEN, { K(simpleContent) | K(complexContent) | MODELS, 0, 1 }, ATTRIBUTES } },
    { SOAPC_XS_simpleContent, 0, T(id), 0, 0, { NOTE, { K(restriction) | K(extension), 1, 1 } } },
    { SOAPC_XS_complexContent, 0, T(mixed) | T(id), 0, 0, { NOTE, { K(restriction) | K(extension), 1, 1 } } },
    { SOAPC_XS_restriction,
      K(complexContent),
      T(id),
      Q(base),
      0,
      { NOTE, OPEN, { MODELS, 0, 1 }, ATTRIBUTES } },
    { SOAPC_XS_restriction,
      K(simpleContent),
      T(id),
      Q(base),
      0,
      { NOTE, { K(simpleType), 0, 1 }, { FACETS, 0, MANY }, ATTRIBUTES } },
    { SOAPC_XS_restriction, 0, T(id), Q(base), 0, { NOTE, { K(simpleType), 0, 1 }, { FACETS, 0, MANY } } },
    { SOAPC_XS_extension,
      K(complexContent),
      T(id),
      Q(base),
      0,
      { NOTE, OPEN, { MODELS, 0, 1 }, ATTRIBUTES } },
    { SOAPC_XS_extension, 0, T(id), Q(base), 0, { NOTE, ATTRIBUTES } },
    { SOAPC_XS_group,
      K(schema) | K(redefine) | K(override),
      T(name) | T(id),
      0,
      T(name),
      { NOTE, { K(all) | K(choice) | K(sequence), 1, 1 } } },
    { SOAPC_XS_group, 0, OCCURS | T(id), Q(ref), 0, { NOTE } },
    { SOAPC_XS_attributeGroup,
      K(schema) | K(redefine) | K(override),
      T(name) | T(id),
      0,
      T(name),
      { NOTE, ATTRIBUTES } },
    { SOAPC_XS_attributeGroup, 0, T(id), Q(ref), 0, { NOTE } },
    { SOAPC_XS_attribute,
      K(schema) | K(override),
      T(name) | T(default) | T(fixed) | T(id),
      Q(type),
      T(name),
      { NOTE, { K(simpleType), 0, 1 } } },
    { SOAPC_XS_attribute,
      0,
      T(name) | T(use) | T(default) | T(fixed) | T(form) | T(id),
      Q(type) | Q(ref),
      0,
      { NOTE, { K(simpleType), 0, 1 } } },
    /* The content of a group: how often it comes is said where the group is used [XSD1 A:
       simpleExplicitGroup]. */
    { SOAPC_XS_all, K(group), T(id), 0, 0, { NOTE, { K(element), 0, MANY } } },
    { SOAPC_XS_choice, K(group), T(id), 0, 0, { NOTE, { MODEL_PARTS, 0, MANY } } },
    { SOAPC_XS_sequence, K(group), T(id), 0, 0, { NOTE, { MODEL_PARTS, 0, MANY } } },
    { SOAPC_XS_all, 0, OCCURS | T(id), 0, 0, { NOTE, { K(element), 0, MANY } } },
    { SOAPC_XS_choice, 0, OCCURS | T(id), 0, 0, { NOTE, { MODEL_PARTS, 0, MANY } } },
    { SOAPC_XS_sequence, 0, OCCURS | T(id), 0, 0, { NOTE, { MODEL_PARTS, 0, MANY } } },
    { SOAPC_XS_any, 0, T(namespace) | T(processContents) | OCCURS | T(id), 0, 0, { NOTE } },
    { SOAPC_XS_anyAttribute, 0, T(namespace) | T(processContents) | T(id), 0, 0, { NOTE } },
    { SOAPC_XS_simpleType,
      0,
      T(name) | T(final) | T(id),
      0,
      0,
      { NOTE, { K(restriction) | K(list) | K(union), 1, 1 } } },
    { SOAPC_XS_list, 0, T(id), Q(itemType), 0, { NOTE, { K(simpleType), 0, 1 } } },
    { SOAPC_XS_union, 0, T(id), 0, 0, { NOTE, { K(simpleType), 0, MANY } } },
    { SOAPC_XS_enumeration, 0, T(value) | T(id), 0, T(value), { NOTE } },
    { SOAPC_XS_pattern, 0, T(value) | T(id), 0, T(value), { NOTE } },
    FACET(fractionDigits),
    FACET(length),
    FACET(maxExclusive),
    FACET(maxInclusive),
    FACET(maxLength),
    FACET(minExclusive),
    FACET(minInclusive),
    FACET(minLength),
    FACET(totalDigits),
    FACET(whiteSpace),
    FACET(explicitTimezone),
    { SOAPC_XS_import, 0, T(namespace) | T(schemaLocation) | T(id), 0, 0, { NOTE } },
    { SOAPC_XS_include, 0, T(schemaLocation) | T(id), 0, T(schemaLocation), { NOTE } },
    { SOAPC_XS_redefine,
      0,
      T(schemaLocation) | T(id),
      0,
      T(schemaLocation),
      { { K(annotation) | K(simpleType) | K(complexType) | K(group) | K(attributeGroup), 0, MANY } } },
    { SOAPC_XS_override,
      0,
      T(schemaLocation) | T(id),
      0,
      T(schemaLocation),
      { { K(annotation) | K(simpleType) | K(complexType) | K(group) | K(attributeGroup) | K(element) |
              K(attribute) | K(notation),
          0, MANY } } },
    { SOAPC_XS_notation, 0, T(name) | T(public) | T(system) | T(id), 0, T(name), { NOTE } },
    { SOAPC_XS_key, 0, T(name) | T(id), 0, T(name), { NOTE, { K(selector), 1, 1 }, { K(field), 1, MANY } } },
    { SOAPC_XS_unique,
      0,
      T(name) | T(id),
      0,
      T(name),
      { NOTE, { K(selector), 1, 1 }, { K(field), 1, MANY } } },
    { SOAPC_XS_keyref,
      0,
      T(name) | T(id),
      Q(refer),
      T(name),
      { NOTE, { K(selector), 1, 1 }, { K(field), 1, MANY } } },
    { SOAPC_XS_selector, 0, T(xpath) | T(id), 0, T(xpath), { NOTE } },
    { SOAPC_XS_field, 0, T(xpath) | T(id), 0, T(xpath), { NOTE } },
    { SOAPC_XS_annotation, 0, T(id), 0, 0, { { K(appinfo) | K(documentation), 0, MANY } } },
};

#define IO (WT(name) | WT(use) | WT(namespace) | WT(encodingStyle))
#define BODY \
    (W(SOAP_BODY) | W(SOAP_HEADER) | W(SOAP_FAULT) | W(HTTP_ENCODED) | W(HTTP_REPLACED) | W(MIME_RELATED) | \
     W(MIME_CONTENT) | W(MIME_XML))

/* Children in any order: published files keep none, and nothing depends on it. xs:schema has no bit of its
 * own here: it is bit 0, and only wsdl:types takes it. */
#define SCHEMA UINT64_C(1)
static const struct row wsdl_rows[] = {
    { SOAPC_WSDL_DEFINITIONS,
      0,
      WT(name) | WT(targetNamespace),
      0,
      0,
      { { W(IMPORT) | W(TYPES) | W(MESSAGE) | W(PORT_TYPE) | W(BINDING) | W(SERVICE) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_IMPORT, 0, WT(namespace) | WT(location), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_TYPES, 0, 0, 0, 0, { { SCHEMA | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_MESSAGE, 0, WT(name), 0, WT(name), { { W(PART) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_PART, 0, WT(name), WQ(type) | WQ(element), WT(name), { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_PORT_TYPE, 0, WT(name), 0, WT(name), { { W(OPERATION) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_OPERATION,
      0,
      WT(name) | WT(parameterOrder),
      0,
      WT(name),
      { { W(INPUT) | W(OUTPUT) | W(FAULT) | W(SOAP_OPERATION) | W(HTTP_OPERATION) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_INPUT, 0, WT(name), WQ(message), 0, { { BODY | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_OUTPUT, 0, WT(name), WQ(message), 0, { { BODY | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_FAULT, 0, WT(name), WQ(message), WT(name), { { BODY | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_BINDING,
      0,
      WT(name),
      WQ(type),
      WT(name),
      { { W(OPERATION) | W(SOAP_BINDING) | W(HTTP_BINDING) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SERVICE, 0, WT(name), 0, WT(name), { { W(PORT) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_PORT,
      0,
      WT(name),
      WQ(binding),
      WT(name),
      { { W(SOAP_ADDRESS) | W(HTTP_ADDRESS) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_BINDING, 0, WT(style) | WT(transport), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_OPERATION,
      0,
      WT(style) | WT(soapAction) | WT(soapActionRequired),
      0,
      0,
      { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_BODY, 0, IO | WT(parts), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_HEADER,
      0,
      IO | WT(part) | WT(parts),
      WQ(message),
      0,
      { { W(SOAP_HEADERFAULT) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_HEADERFAULT, 0, IO | WT(part), WQ(message), 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_FAULT, 0, IO | WT(parts), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_SOAP_ADDRESS, 0, WT(location), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_HTTP_BINDING, 0, WT(verb), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_HTTP_OPERATION, 0, WT(location), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_HTTP_ADDRESS, 0, WT(location), 0, 0, { { EXTRA, 0, MANY } } },
    { SOAPC_WSDL_MIME_RELATED, 0, 0, 0, 0, { { W(MIME_PART) | EXTRA, 0, MANY } } },
    { SOAPC_WSDL_MIME_PART,
      0,
      WT(name),
      0,
      0,
      { { W(SOAP_BODY) | W(SOAP_HEADER) | W(MIME_CONTENT) | W(MIME_XML) | EXTRA, 0, MANY } } },
};

struct checker {
    struct soapc_diag *diag;
    uint32_t file;
};

static const struct row *row_find(const struct soapc_node *node)
{
    bool xs = node->kind < SOAPC_XS_END;
    const struct row *rows = xs ? xs_rows : wsdl_rows;
    size_t count = xs ? sizeof xs_rows / sizeof *xs_rows : sizeof wsdl_rows / sizeof *wsdl_rows;
    uint64_t parent =
        node->parent && node->parent->kind < SOAPC_XS_END ? UINT64_C(1) << node->parent->kind : 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].kind == node->kind && (rows[i].parents == 0 || (rows[i].parents & parent) != 0))
            return &rows[i];
    return NULL;
}

static struct soapc_place node_place(const struct checker *c, const struct soapc_node *node)
{
    return (struct soapc_place){ c->file, node->at };
}

static struct soapc_place value_place(const struct checker *c, const struct soapc_node *node,
                                      const char *name)
{
    return soapc_attribute_place(c->diag, c->file, node->at, name);
}

/* ---- attributes ---- */

static void attribute_refuse(const struct checker *c, const struct soapc_node *node, const struct row *row,
                             const char *name)
{
    bool xs = node->kind < SOAPC_XS_END;
    struct soapc_guess guess = { .wanted = name };
    for (unsigned i = 0; i < (xs ? SOAPC_XS_TEXT_COUNT : SOAPC_WSDL_TEXT_COUNT); i++)
        if (row->texts & UINT32_C(1) << i)
            soapc_guess_offer(&guess, soapc_text_name((enum soapc_node_kind)node->kind, i));
    for (unsigned i = 0; i < (xs ? SOAPC_XS_QNAME_COUNT : SOAPC_WSDL_QNAME_COUNT); i++)
        if (row->qnames & UINT32_C(1) << i)
            soapc_guess_offer(&guess, soapc_qname_name((enum soapc_node_kind)node->kind, i));
    struct soapc_place place = value_place(c, node, name);
    /* Service descriptions in the wild carry stray attributes that change nothing: a warning. */
    if (xs)
        soapc_error(c->diag, SOAPC_E_UNKNOWN_ATTRIBUTE, place, "%s has no attribute '%s'%s",
                    soapc_kind_name((enum soapc_node_kind)node->kind), name, row->parents ? " here" : "");
    else
        soapc_warning(c->diag, SOAPC_W_IGNORED_ATTRIBUTE, place, "%s has no attribute '%s'; it is ignored",
                      soapc_kind_name((enum soapc_node_kind)node->kind), name);
    if (guess.best)
        soapc_note(c->diag, place, "did you mean '%s'?", guess.best);
}

static bool foreign_is_refused(const struct bark_any_attribute *a, bool xs)
{
    if (a->name.ns.len == 0)
        return true;
    return xs && bark_text_equal(a->name.ns, "http://www.w3.org/2001/XMLSchema");
}

static void attributes_check(const struct checker *c, const struct soapc_node *node, const struct row *row)
{
    enum soapc_node_kind kind = (enum soapc_node_kind)node->kind;
    bool xs = kind < SOAPC_XS_END;
    for (unsigned i = 0; i < (xs ? SOAPC_XS_TEXT_COUNT : SOAPC_WSDL_TEXT_COUNT); i++) {
        const char *name = soapc_text_name(kind, i), *fault = NULL;
        struct bark_text t = node->text[i];
        if (!t.ptr && (row->required & UINT32_C(1) << i))
            soapc_error(c->diag, SOAPC_E_MISSING_ATTRIBUTE, node_place(c, node),
                        "%s needs the attribute '%s'", soapc_kind_name(kind), name);
        if (!t.ptr)
            continue;
        if (!(row->texts & UINT32_C(1) << i))
            attribute_refuse(c, node, row, name);
        else
            fault = soapc_text_fault(node, i, t);
        if (fault)
            soapc_error(c->diag, SOAPC_E_ATTRIBUTE_VALUE, value_place(c, node, name), "'%s' %s", t.ptr,
                        fault);
    }
    for (unsigned i = 0; i < (xs ? SOAPC_XS_QNAME_COUNT : SOAPC_WSDL_QNAME_COUNT); i++)
        if (node->qname[i].local.ptr && !(row->qnames & UINT32_C(1) << i))
            attribute_refuse(c, node, row, soapc_qname_name(kind, i));
    if (node->has_member_types && kind != SOAPC_XS_union)
        attribute_refuse(c, node, row, "memberTypes");
    for (size_t i = 0; i < node->foreign.count; i++)
        if (foreign_is_refused(&node->foreign.items[i], xs))
            attribute_refuse(c, node, row, node->foreign.items[i].name.local.ptr);
}

/* ---- children ---- */

static uint64_t child_bit(const struct soapc_node *parent, enum soapc_node_kind kind)
{
    if (parent->kind < SOAPC_XS_END)
        return kind < SOAPC_XS_END ? UINT64_C(1) << kind : 0;
    if (kind == SOAPC_XS_schema)
        return SCHEMA;
    return kind > SOAPC_XS_END ? UINT64_C(1) << (kind - SOAPC_XS_END) : 0;
}

static uint32_t child_at(const struct soapc_child *child, const struct soapc_node *parent)
{
    enum soapc_node_kind kind = (enum soapc_node_kind)child->kind;
    if (kind == SOAPC_WSDL_ANY)
        return parent->at;
    return soapc_kind_is_raw(kind) ? child->as.raw->at : child->as.node->at;
}

static void child_refuse(const struct checker *c, const struct soapc_node *node,
                         const struct soapc_child *child, const struct row *row)
{
    enum soapc_node_kind kind = (enum soapc_node_kind)child->kind;
    struct soapc_place place = { c->file, child_at(child, node) };
    const char *parent = soapc_kind_name((enum soapc_node_kind)node->kind);
    uint64_t bit = child_bit(node, kind);
    bool elsewhere = false;
    for (size_t i = 0; i < SLOTS_MAX; i++)
        elsewhere = elsewhere || (row->slots[i].kinds & bit) != 0;
    if (elsewhere)
        soapc_error(c->diag, SOAPC_E_MISPLACED_ELEMENT, place, "%s stands too late, or too often, in %s",
                    soapc_kind_name(kind), parent);
    else
        soapc_error(c->diag, SOAPC_E_MISPLACED_ELEMENT, place, "%s is not allowed in %s%s",
                    soapc_kind_name(kind), parent, row->parents ? " here" : "");
}

/* [XSD2 3.3.3] */
static bool is_language(struct bark_text t)
{
    size_t part = 0;
    bool first = true;
    for (size_t i = 0; i < t.len; i++) {
        const unsigned char ch = (unsigned char)t.ptr[i];
        const bool letter = (ch | 32) >= 'a' && (ch | 32) <= 'z', digit = ch >= '0' && ch <= '9';
        if (ch == '-' && part > 0) {
            part = 0;
            first = false;
        } else if ((!letter && (first || !digit)) || ++part > 8) {
            return false;
        }
    }
    return part > 0;
}

/* [XSD1 3.13.2] What appinfo and documentation hold is free, not so their attributes. */
static void note_check(const struct checker *c, enum soapc_node_kind kind, const struct soapc_raw *raw)
{
    const struct soapc_place place = { c->file, raw->at };
    for (size_t i = 0; i < raw->foreign.count; i++) {
        const struct bark_any_attribute *a = &raw->foreign.items[i];
        const bool xml = bark_text_equal(a->name.ns, "http://www.w3.org/XML/1998/namespace");
        if (a->name.ns.len == 0 && !bark_text_equal(a->name.local, "source"))
            soapc_error(c->diag, SOAPC_E_UNKNOWN_ATTRIBUTE, place, "%s has no attribute '%s'",
                        soapc_kind_name(kind), a->name.local.ptr);
        if (a->name.ns.len == 0 && !soapc_text_is_uri(a->value))
            soapc_error(c->diag, SOAPC_E_ATTRIBUTE_VALUE, place, "'%s' is not a URI [XSD2 3.2.17]",
                        a->value.ptr);
        if (xml && bark_text_equal(a->name.local, "lang") && a->value.len && !is_language(a->value))
            soapc_error(c->diag, SOAPC_E_ATTRIBUTE_VALUE, place, "'%s' is not a language", a->value.ptr);
    }
}

static void children_check(const struct checker *c, const struct soapc_node *node, const struct row *row)
{
    size_t slot = 0;
    size_t used[SLOTS_MAX] = { 0 };
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_child *child = &node->children.items[i];
        uint64_t bit = child_bit(node, (enum soapc_node_kind)child->kind);
        size_t s = slot;
        while (s < SLOTS_MAX &&
               (!(row->slots[s].kinds & bit) || (row->slots[s].max != MANY && used[s] >= row->slots[s].max)))
            s++;
        if (s == SLOTS_MAX) {
            child_refuse(c, node, child, row);
            continue;
        }
        slot = s;
        used[s]++;
        if (child->kind == SOAPC_XS_documentation || child->kind == SOAPC_XS_appinfo)
            note_check(c, (enum soapc_node_kind)child->kind, child->as.raw);
    }
    for (size_t s = 0; s < SLOTS_MAX; s++) {
        if (used[s] >= row->slots[s].min)
            continue;
        const char *want = "a content model";
        if (row->slots[s].kinds == K(selector))
            want = "xs:selector";
        else if (row->slots[s].kinds == K(field))
            want = "xs:field";
        else if (row->slots[s].kinds & K(extension))
            want = "xs:extension or xs:restriction";
        else if (row->slots[s].kinds & K(union))
            want = "xs:restriction, xs:list or xs:union";
        else if (row->slots[s].kinds & K(sequence))
            want = "xs:sequence, xs:choice or xs:all";
        soapc_error(c->diag, SOAPC_E_MISSING_ELEMENT, node_place(c, node), "%s needs %s in it",
                    soapc_kind_name((enum soapc_node_kind)node->kind), want);
    }
}

/* [WSDL11 2.1.3] An extension that the author calls required changes what the description means; one that we
 * do not know is not passed over in silence. The fragment is well-formed: the engine made it. */
static bool extension_is_required(struct bark_text xml)
{
    uint8_t memory[16384];
    struct bark_arena arena;
    struct bark_xml_reader reader;
    struct bark_xml_event event;
    struct bark_error err = { .code = BARK_OK };
    struct bark_limits limits = bark_limits_device;
    struct bark_slice in = { (const uint8_t *)xml.ptr, xml.len };
    limits.body_bytes = UINT64_MAX;
    limits.name_bytes = 1023;
    if (!strstr(xml.ptr, "required")) /* nearly always */
        return false;
    bark_arena_init(&arena, memory, sizeof memory);
    if (bark_xml_open(&reader, in, &limits, &arena, &err) != BARK_OK ||
        bark_xml_next(&reader, &event) != BARK_OK || event.kind != BARK_XML_START)
        return true; /* too large to look into: better said than passed over */
    static const char wsdl[] = "http://schemas.xmlsoap.org/wsdl/";
    for (size_t i = 0; i < event.attribute_count; i++) {
        const struct bark_xml_attribute *a = &event.attributes[i];
        bool ours = a->name.uri.len == sizeof wsdl - 1 && memcmp(a->name.uri.ptr, wsdl, sizeof wsdl - 1) == 0;
        if (ours && a->name.local.len == 8 && memcmp(a->name.local.ptr, "required", 8) == 0)
            return a->raw.len > 0 && (a->raw.ptr[0] == 't' || a->raw.ptr[0] == '1');
    }
    return false;
}

static void extensions_check(const struct checker *c, const struct soapc_node *node)
{
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_child *child = &node->children.items[i];
        if (child->kind != SOAPC_WSDL_ANY || !extension_is_required(child->as.any.xml))
            continue;
        const char *xml = child->as.any.xml.ptr;
        soapc_warning(c->diag, SOAPC_W_EXTENSION, node_place(c, node),
                      "the required extension element '%.*s' in %s is not understood; it has no effect",
                      (int)strcspn(xml + 1, " \t\r\n/>"), xml + 1,
                      soapc_kind_name((enum soapc_node_kind)node->kind));
    }
}

/* [XSD1 3.4.2] simpleContent and complexContent hold everything; nothing else stands beside them. */
static void complex_type_check(const struct checker *c, const struct soapc_node *node)
{
    bool whole = false;
    for (size_t i = 0; i < node->children.count; i++) {
        enum soapc_node_kind kind = (enum soapc_node_kind)node->children.items[i].kind;
        if (whole)
            soapc_error(
                c->diag, SOAPC_E_MISPLACED_ELEMENT,
                (struct soapc_place){ c->file, child_at(&node->children.items[i], node) },
                "%s cannot stand beside simple or complex content; it goes into the extension or restriction",
                soapc_kind_name(kind));
        whole = whole || kind == SOAPC_XS_simpleContent || kind == SOAPC_XS_complexContent;
    }
}

void soapc_grammar_check(const struct soapc_document *doc, struct soapc_diag *diag)
{
    struct checker c = { diag, doc->file };
    for (struct soapc_node *node = doc->root; node; node = soapc_node_next(node)) {
        const struct row *row = row_find(node);
        if (row) {
            attributes_check(&c, node, row);
            children_check(&c, node, row);
        }
        if (node->kind == SOAPC_XS_complexType)
            complex_type_check(&c, node);
        if (node->kind > SOAPC_XS_END)
            extensions_check(&c, node);
    }
}
