/* load/doctype_read.c - the declarations of a document type declaration [XML1 2.8, 3.3, 4.2].
 *
 * Each is read to its end by its grammar, as far as that says where it ends and what it declares. Nothing is
 * looked up and nothing expanded here.
 */
#include "load/doctype.h"
#include "xml/chars.h"
#include "xml/parts.h"

#include <stdlib.h>
#include <string.h>

static bool fail(const struct soapc_doctype *d, const char *rule)
{
    soapc_error(d->diag, SOAPC_E_XML, (struct soapc_place){ d->file, (uint32_t)d->at }, "%s", rule);
    return false;
}

bool soapc_doctype_at(struct soapc_doctype *d, const char *mark)
{
    const size_t len = strlen(mark);
    if (d->size - d->at < len || memcmp(d->text + d->at, mark, len) != 0)
        return false;
    d->at += len;
    return true;
}

/* Over white space; false when there is none. */
static bool blank_pass(struct soapc_doctype *d)
{
    const size_t from = d->at;
    while (d->at < d->size && bark_xml_byte_is((uint8_t)d->text[d->at], BARK_XML_SPACE_BYTE))
        d->at++;
    return d->at > from;
}

static bool blank_must(struct soapc_doctype *d)
{
    return blank_pass(d) || fail(d, "[XML1 2.8] white space is expected here");
}

/* Over everything up to a mark, and over the mark. */
static bool behind(struct soapc_doctype *d, const char *mark, const char *rule)
{
    const size_t from = d->at;
    while (d->at < d->size && !soapc_doctype_at(d, mark))
        d->at++;
    if (d->at < d->size)
        return true;
    d->at = from;
    return fail(d, rule);
}

static bool name_take(struct soapc_doctype *d, struct bark_slice *name)
{
    const size_t from = d->at;
    while (d->at < d->size && !strchr(" \t\r\n<>()[]|;%&'\"=", d->text[d->at]))
        d->at++;
    *name = (struct bark_slice){ (const uint8_t *)d->text + from, d->at - from };
    if (bark_xml_is_name(*name, BARK_XML_NAME))
        return true;
    d->at = from;
    return fail(d, "[XML1 2.3] a name is expected here");
}

/* A literal, without its quotes. */
static bool literal_take(struct soapc_doctype *d, struct bark_slice *literal)
{
    const char quote = d->at < d->size ? d->text[d->at] : '\0';
    if (quote != '"' && quote != '\'')
        return fail(d, "[XML1 2.3] a literal in quotes is expected here");
    const char *from = d->text + d->at + 1;
    const char *end = memchr(from, quote, d->size - d->at - 1);
    if (!end)
        return fail(d, "[XML1 2.3] this literal has no end");
    *literal = (struct bark_slice){ (const uint8_t *)from, (size_t)(end - from) };
    d->at = (size_t)(end - d->text) + 1;
    return true;
}

/* SYSTEM and a literal, or PUBLIC and two [XML1 4.2.2]. *found: it was one. */
static bool external_take(struct soapc_doctype *d, bool *found)
{
    struct bark_slice literal;
    const bool public = soapc_doctype_at(d, "PUBLIC");
    *found = public || soapc_doctype_at(d, "SYSTEM");
    if (!*found)
        return true;
    return blank_must(d) && (!public || (literal_take(d, &literal) && blank_must(d))) &&
           literal_take(d, &literal);
}

static bool declaration_end(struct soapc_doctype *d)
{
    blank_pass(d);
    return soapc_doctype_at(d, ">") || fail(d, "[XML1 2.8] the '>' of this declaration is expected here");
}

static bool slices_equal(struct bark_slice a, struct bark_slice b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The code point of a character reference at '&', and the byte behind it; false when it is none. */
static bool reference_point(const char *at, const char *end, uint32_t *point, const char **next)
{
    uint32_t value = 0;
    if (end - at < 4 || at[1] != '#')
        return false;
    const uint32_t base = at[2] == 'x' ? 16 : 10;
    const char *p = at + (base == 16 ? 3 : 2), *const digits = p;
    for (; p < end && *p != ';'; p++) {
        const char low = *p >= 'A' && *p <= 'F' ? (char)(*p + ('a' - 'A')) : *p;
        const uint32_t digit = low >= '0' && low <= '9'                 ? (uint32_t)(low - '0')
                               : base == 16 && low >= 'a' && low <= 'f' ? (uint32_t)(low - 'a') + 10
                                                                        : 99;
        if (digit == 99 || value > 0x10ffff)
            return false;
        value = value * base + digit;
    }
    *point = value;
    *next = p + 1;
    return p < end && p > digits && bark_xml_is_char(value);
}

/* The text that stands for an entity [XML1 4.5]: character references are replaced, others stay. It is never
 * longer than the literal. */
static bool entity_text(struct soapc_doctype *d, struct bark_slice literal, struct soapc_entity *entity)
{
    const char *at = (const char *)literal.ptr, *const end = at + literal.len;
    entity->text = malloc(literal.len + 1);
    if (!entity->text) {
        d->diag->out_of_memory = true;
        return false;
    }
    while (at < end) {
        uint32_t point;
        const bool reference = *at == '&' && end - at > 1 && at[1] == '#';
        d->at = (size_t)(at - d->text);
        if (*at == '%')
            return fail(d, "[XML1 2.8] no parameter entity within a declaration");
        if (reference && !reference_point(at, end, &point, &at))
            return fail(d, "[XML1 4.1] this is no character reference");
        if (reference)
            entity->len += bark_xml_utf8_put(point, (uint8_t *)entity->text + entity->len);
        else
            entity->text[entity->len++] = *at++;
    }
    return true;
}

static bool too_many(const struct soapc_doctype *d, const char *what)
{
    soapc_error(d->diag, SOAPC_E_TOO_BIG, (struct soapc_place){ d->file, (uint32_t)d->at },
                "more than %d %s in one document", SOAPC_DECLARED_MAX, what);
    return false;
}

/* Keeps an entity; the first of a name counts [XML1 4.2]. */
static bool entity_add(struct soapc_doctype *d, struct bark_slice name, const struct bark_slice *literal)
{
    for (size_t i = 0; i < d->entity_count; i++)
        if (slices_equal(d->entities[i].name, name))
            return true;
    if (d->entity_count == SOAPC_DECLARED_MAX)
        return too_many(d, "entities");
    struct soapc_entity *entity = &d->entities[d->entity_count++];
    *entity = (struct soapc_entity){ .name = name };
    return !literal || entity_text(d, *literal, entity);
}

/* <!ENTITY name "text"> and its other forms, from behind the word on. */
static bool entity_read(struct soapc_doctype *d)
{
    struct bark_slice name, literal, notation;
    bool external;
    if (!blank_must(d))
        return false;
    const bool parameter = soapc_doctype_at(d, "%");
    if ((parameter && !blank_must(d)) || !name_take(d, &name) || !blank_must(d) ||
        !external_take(d, &external) || (!external && !literal_take(d, &literal)))
        return false;
    const size_t end = d->at;
    if (!parameter && !d->blind && !entity_add(d, name, external ? NULL : &literal))
        return false;
    d->at = end;
    if (external && blank_pass(d) && soapc_doctype_at(d, "NDATA") &&
        !(blank_must(d) && name_take(d, &notation)))
        return false;
    return declaration_end(d);
}

/* The type of an attribute [XML1 3.3.1]: a word, or a list in brackets, or both. */
static bool attribute_type_pass(struct soapc_doctype *d)
{
    struct bark_slice word;
    if (d->at < d->size && d->text[d->at] != '(') {
        if (!name_take(d, &word))
            return false;
        if (word.len != 8 || memcmp(word.ptr, "NOTATION", 8) != 0)
            return true;
        blank_pass(d);
    }
    return soapc_doctype_at(d, "(") ? behind(d, ")", "[XML1 3.3.1] this list has no end")
                                    : fail(d, "[XML1 3.3.1] a list in brackets is expected here");
}

static bool default_add(struct soapc_doctype *d, const struct soapc_default *given)
{
    for (size_t i = 0; i < d->default_count; i++)
        if (slices_equal(d->defaults[i].element, given->element) &&
            slices_equal(d->defaults[i].attribute, given->attribute))
            return true;
    if (d->default_count == SOAPC_DECLARED_MAX)
        return too_many(d, "values for absent attributes");
    d->defaults[d->default_count++] = *given;
    return true;
}

/* One attribute of <!ATTLIST, from its name on. */
static bool attribute_read(struct soapc_doctype *d, struct bark_slice element)
{
    struct soapc_default given = { .element = element };
    if (!name_take(d, &given.attribute) || !blank_must(d) || !attribute_type_pass(d) || !blank_must(d))
        return false;
    if (soapc_doctype_at(d, "#REQUIRED") || soapc_doctype_at(d, "#IMPLIED"))
        return true;
    if (soapc_doctype_at(d, "#FIXED") && !blank_must(d))
        return false;
    return literal_take(d, &given.value) && (d->blind || default_add(d, &given));
}

/* <!ATTLIST element attribute type value ...>, from behind the word on. */
static bool attributes_read(struct soapc_doctype *d)
{
    struct bark_slice element;
    if (!blank_must(d) || !name_take(d, &element))
        return false;
    while (blank_pass(d) && d->at < d->size && d->text[d->at] != '>')
        if (!attribute_read(d, element))
            return false;
    return declaration_end(d);
}

/* Over a declaration that says nothing to a processor which does not validate. */
static bool declaration_pass(struct soapc_doctype *d)
{
    struct bark_slice literal;
    while (d->at < d->size && d->text[d->at] != '>' && d->text[d->at] != '<') {
        const bool quoted = d->text[d->at] == '"' || d->text[d->at] == '\'';
        if (quoted && !literal_take(d, &literal))
            return false;
        d->at += !quoted;
    }
    return declaration_end(d);
}

/* %name; between declarations: it is not looked up, and what follows may depend on it [XML1 5.1]. */
static bool parameter_pass(struct soapc_doctype *d)
{
    struct bark_slice name;
    d->elsewhere = d->blind = true;
    return name_take(d, &name) &&
           (soapc_doctype_at(d, ";") || fail(d, "[XML1 4.1] a reference ends with ';'"));
}

/* What stands between '[' and ']'. */
static bool subset_read(struct soapc_doctype *d)
{
    bool good = true;
    while (good && d->at < d->size) {
        if (blank_pass(d))
            continue;
        if (soapc_doctype_at(d, "]"))
            return true;
        if (soapc_doctype_at(d, "<!--"))
            good = behind(d, "-->", "[XML1 2.5] this comment has no end");
        else if (soapc_doctype_at(d, "<?"))
            good = behind(d, "?>", "[XML1 2.6] this processing instruction has no end");
        else if (soapc_doctype_at(d, "<!ENTITY"))
            good = entity_read(d);
        else if (soapc_doctype_at(d, "<!ATTLIST"))
            good = attributes_read(d);
        else if (soapc_doctype_at(d, "<!ELEMENT") || soapc_doctype_at(d, "<!NOTATION"))
            good = declaration_pass(d);
        else if (soapc_doctype_at(d, "%"))
            good = parameter_pass(d);
        else
            good = fail(d, "[XML1 2.8] a declaration or ']' is expected here");
    }
    return good && fail(d, "[XML1 2.8] the document type declaration has no end");
}

bool soapc_doctype_read(struct soapc_doctype *d)
{
    struct bark_slice root;
    if (!soapc_doctype_at(d, "<!DOCTYPE") || !blank_must(d) || !name_take(d, &root))
        return false;
    blank_pass(d);
    if (!external_take(d, &d->elsewhere))
        return false;
    blank_pass(d);
    return (!soapc_doctype_at(d, "[") || subset_read(d)) && declaration_end(d);
}
