/* describe/json_value.c - the schema of one simple value: its JSON form (docs/json.md) and its facets.
 *
 * What is described is what soapbark writes; reading also takes every value as a string with the form of XSD.
 * Facets that JSON Schema has no word for (digits, bounds of dates and of long numbers, some regular
 * expressions) are left out, so that a schema lets pass a little more than the engine, never less of what is
 * written.
 */
#include "describe/json.h"

#include <string.h>

#define ZONE "(Z|[-+][0-9]{2}:[0-9]{2})?$"
#define CLOCK "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?"
#define YEAR "^-?[0-9]{4,}"

/* The lexical forms of kinds that are strings in JSON, roughly; NULL: any text. */
static const char *const forms[BARK_KIND_COUNT] = {
    [BARK_KIND_INT8] = "^[-+]?[0-9]+$",
    [BARK_KIND_INT16] = "^[-+]?[0-9]+$",
    [BARK_KIND_INT32] = "^[-+]?[0-9]+$",
    [BARK_KIND_INT64] = "^[-+]?[0-9]+$",
    [BARK_KIND_UINT8] = "^[-+]?[0-9]+$",
    [BARK_KIND_UINT16] = "^[-+]?[0-9]+$",
    [BARK_KIND_UINT32] = "^[-+]?[0-9]+$",
    [BARK_KIND_UINT64] = "^[-+]?[0-9]+$",
    [BARK_KIND_INTEGER] = "^[-+]?[0-9]+$",
    [BARK_KIND_DECIMAL] = "^[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)$",
    [BARK_KIND_FLOAT] = "^([-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?|-?INF|NaN)$",
    [BARK_KIND_DOUBLE] = "^([-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?|-?INF|NaN)$",
    [BARK_KIND_BOOLEAN] = "^(true|false|1|0)$",
    [BARK_KIND_DATETIME] = YEAR "-[0-9]{2}-[0-9]{2}T" CLOCK ZONE,
    [BARK_KIND_DATE] = YEAR "-[0-9]{2}-[0-9]{2}" ZONE,
    [BARK_KIND_TIME] = "^" CLOCK ZONE,
    [BARK_KIND_GYEAR] = YEAR ZONE,
    [BARK_KIND_GYEARMONTH] = YEAR "-[0-9]{2}" ZONE,
    [BARK_KIND_GMONTH] = "^--[0-9]{2}" ZONE,
    [BARK_KIND_GMONTHDAY] = "^--[0-9]{2}-[0-9]{2}" ZONE,
    [BARK_KIND_GDAY] = "^---[0-9]{2}" ZONE,
    [BARK_KIND_DURATION] =
        "^-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?$",
    [BARK_KIND_HEX] = "^([0-9A-Fa-f]{2})*$",
    [BARK_KIND_BASE64] = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
};

/* The ranges of integer kinds that are numbers in JSON always. */
static const char *const ranges[BARK_KIND_COUNT][2] = {
    [BARK_KIND_INT8] = { "-128", "127" },
    [BARK_KIND_INT16] = { "-32768", "32767" },
    [BARK_KIND_INT32] = { "-2147483648", "2147483647" },
    [BARK_KIND_UINT8] = { "0", "255" },
    [BARK_KIND_UINT16] = { "0", "65535" },
    [BARK_KIND_UINT32] = { "0", "4294967295" },
    [BARK_KIND_INT64] = { "-9007199254740991", "9007199254740991" },
    [BARK_KIND_UINT64] = { "0", "9007199254740991" },
    [BARK_KIND_INTEGER] = { "-9007199254740991", "9007199254740991" },
};

static bool is_stringy(enum bark_kind kind)
{
    return kind >= BARK_KIND_STRING && kind <= BARK_KIND_ANYURI;
}

/* Integers that are strings when they are long [RFC7493 2.2]. */
static bool is_long(enum bark_kind kind)
{
    return kind == BARK_KIND_INT64 || kind == BARK_KIND_UINT64 || kind == BARK_KIND_INTEGER;
}

const char *soapc_json_qname(struct soapc_plan *plan, const char *ns, const char *local)
{
    const char *text = ns[0] ? soapc_plan_printf(plan, "{%s}%s", ns, local) : local;
    return text ? text : "";
}

/* ---- regular expressions ---- */

/* Room for the worst character, and where it goes. */
struct dialect {
    char *text;
    size_t at;
    bool in_class;
};

static void dialect_put(struct dialect *d, const char *text)
{
    const size_t len = strlen(text);
    memcpy(d->text + d->at, text, len);
    d->at += len;
}

/* What stands after a backslash; false: it has no equal. */
static bool escape_put(struct dialect *d, char c)
{
    char same[] = { '\\', c, '\0' };
    switch (c) {
    case 's': /* [XSD2 F] the four blanks of XML, not those of Unicode */
        dialect_put(d, d->in_class ? " \\t\\n\\r" : "[ \\t\\n\\r]");
        return true;
    case 'd':
        dialect_put(d, d->in_class ? "0-9" : "[0-9]");
        return true;
    case '-':
        dialect_put(d, d->in_class ? "\\-" : "-");
        return true;
    default:
        if (!strchr("nrt\\|.?*+(){}[]^", c))
            return false; /* categories, blocks, names, and complements of all that */
        dialect_put(d, same);
        return true;
    }
}

/* [XSD2 F] The whole text has to match; '^' and '$' are characters; '.' is no line end; no subtraction here.
 */
const char *soapc_json_pattern(struct soapc_plan *plan, const char *pattern)
{
    struct dialect d = { .text = soapc_plan_alloc(plan, 12 * strlen(pattern) + 16, 1) };
    size_t class_start = 0;
    if (!d.text)
        return NULL;
    dialect_put(&d, "^(?:");
    for (const char *p = pattern; *p; p++) {
        char one[] = { *p, '\0' };
        if (*p == '\\') {
            if (!p[1] || !escape_put(&d, *++p))
                return NULL;
        } else if (d.in_class && *p == '[') {
            return NULL; /* subtraction */
        } else if (d.in_class) {
            const bool negation = *p == '^' && d.at == class_start;
            if (*p == ']')
                d.in_class = false;
            dialect_put(&d, *p == '^' && !negation ? "\\^" : one);
        } else if (*p == '[') {
            d.in_class = true;
            dialect_put(&d, one);
            class_start = d.at;
        } else {
            dialect_put(&d, *p == '.' ? "[^\\n\\r]" : *p == '^' ? "\\^" : *p == '$' ? "\\$" : one);
        }
    }
    dialect_put(&d, ")$");
    return d.text;
}

/* ---- numbers ---- */

/* A decimal or float of XSD as a number of JSON; NULL: it is none (INF), or too long to be read alike
 * everywhere. */
static const char *number_json(struct soapc_plan *plan, const char *text)
{
    const char *sign = text[0] == '-' ? "-" : "";
    text += text[0] == '-' || text[0] == '+';
    size_t whole = strspn(text, "0123456789"), zeros = strspn(text, "0");
    const char *rest = text + whole;
    size_t fraction = rest[0] == '.' ? strspn(rest + 1, "0123456789") : 0;
    const char *tail = rest[0] == '.' ? rest + 1 + fraction : rest;
    zeros = zeros < whole ? zeros : whole;
    if (tail[0] || whole + fraction == 0 || whole - zeros + fraction > 15)
        return NULL;
    return soapc_plan_printf(plan, "%s%.*s%s%.*s", whole == zeros && fraction == 0 ? "" : sign,
                             whole == zeros ? 1 : (int)(whole - zeros), whole == zeros ? "0" : text + zeros,
                             fraction ? "." : "", (int)fraction, fraction ? rest + 1 : "");
}

/* The bounds that the facets set, over the kind's own. */
static void bounds_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    static const char *const words[] = { [BARK_FACET_MIN_INCLUSIVE] = "minimum",
                                         [BARK_FACET_MAX_INCLUSIVE] = "maximum",
                                         [BARK_FACET_MIN_EXCLUSIVE] = "exclusiveMinimum",
                                         [BARK_FACET_MAX_EXCLUSIVE] = "exclusiveMaximum" };
    bool low = false, high = false;
    for (size_t i = 0; i < t->facet_count; i++) {
        const enum bark_facet_kind kind = t->facets[i].kind;
        if (kind < BARK_FACET_MIN_INCLUSIVE || kind > BARK_FACET_MAX_EXCLUSIVE)
            continue;
        const char *number = number_json(j->plan, t->facets[i].text);
        if (!number)
            continue;
        soapc_json_name(j, words[kind]);
        soapc_json_literal(j, number);
        low |= kind == BARK_FACET_MIN_INCLUSIVE || kind == BARK_FACET_MIN_EXCLUSIVE;
        high |= kind == BARK_FACET_MAX_INCLUSIVE || kind == BARK_FACET_MAX_EXCLUSIVE;
    }
    for (int i = 0; i < 2; i++) {
        if (!ranges[t->kind][i] || (i == 0 ? low : high))
            continue;
        soapc_json_name(j, i == 0 ? "minimum" : "maximum");
        soapc_json_literal(j, ranges[t->kind][i]);
    }
}

/* A number, and beside it the strings that stand for what numbers cannot say. */
static void number_put(struct soapc_json *j, const struct soapc_ptype *t, const char *type,
                       const char *text_form)
{
    if (text_form) {
        soapc_json_open(j, "anyOf", '[');
        soapc_json_open(j, NULL, '{');
    }
    soapc_json_pair(j, "type", type);
    bounds_put(j, t);
    if (text_form) {
        soapc_json_close(j, '}');
        soapc_json_open(j, NULL, '{');
        soapc_json_pair(j, "type", "string");
        soapc_json_pair(j, "pattern", text_form);
        soapc_json_close(j, '}');
        soapc_json_close(j, ']');
    }
}

/* ---- facets of texts and lists ---- */

static void length_put(struct soapc_json *j, const char *name, int64_t value)
{
    const char *number = soapc_plan_printf(j->plan, "%lld", (long long)value);
    soapc_json_name(j, name);
    soapc_json_literal(j, number ? number : "0");
}

static void lengths_put(struct soapc_json *j, const struct soapc_ptype *t, const char *least,
                        const char *most, int64_t times)
{
    for (size_t i = 0; i < t->facet_count; i++) {
        const enum bark_facet_kind kind = t->facets[i].kind;
        const int64_t value = t->facets[i].value > INT32_MAX ? INT32_MAX : t->facets[i].value;
        if (kind == BARK_FACET_LENGTH || kind == BARK_FACET_MIN_LENGTH)
            length_put(j, least, times * value);
        if (kind == BARK_FACET_LENGTH || (kind == BARK_FACET_MAX_LENGTH && t->facets[i].value < INT32_MAX))
            length_put(j, most, times * value);
    }
}

/* Patterns: one is a member, several stand in allOf. What cannot be said is a comment. */
static void patterns_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    bool open = false;
    for (int pass = 0; pass < 2; pass++) {
        size_t lost = 0;
        for (size_t i = 0; i < t->facet_count; i++) {
            if (t->facets[i].kind != BARK_FACET_PATTERN)
                continue;
            const char *text = j->plan->patterns[t->facets[i].value].text;
            const char *pattern = soapc_json_pattern(j->plan, text);
            if (pattern && pass == 0) {
                if (!open)
                    soapc_json_open(j, "allOf", '[');
                open = true;
                soapc_json_open(j, NULL, '{');
                soapc_json_pair(j, "pattern", pattern);
                soapc_json_close(j, '}');
            } else if (!pattern && pass == 1 && lost++ == 0) {
                soapc_json_pair(j, "$comment", soapc_plan_printf(j->plan, "XSD pattern: %s", text));
            }
        }
        if (open && pass == 0)
            soapc_json_close(j, ']');
    }
}

/* Enumerated values of a kind whose text is its value: those of numbers and times have several forms. */
static void enumeration_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    bool open = false;
    for (size_t i = 0; i < t->facet_count; i++) {
        if (t->facets[i].kind != BARK_FACET_ENUMERATION)
            continue;
        if (!open)
            soapc_json_open(j, "enum", '[');
        open = true;
        soapc_json_text(j, t->facets[i].text);
    }
    if (open)
        soapc_json_close(j, ']');
}

static void enum_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    soapc_json_open(j, "enum", '[');
    for (size_t i = 0; i < t->value_count; i++)
        soapc_json_text(j, t->values[i]);
    soapc_json_close(j, ']');
}

static void text_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    soapc_json_pair(j, "type", "string");
    if (t->kind == BARK_KIND_ENUM) {
        enum_put(j, t);
        return;
    }
    if (is_stringy(t->kind) || t->kind == BARK_KIND_HEX)
        lengths_put(j, t, "minLength", "maxLength", t->kind == BARK_KIND_HEX ? 2 : 1);
    if (is_stringy(t->kind) || t->kind == BARK_KIND_QNAME)
        enumeration_put(j, t);
    if (t->kind == BARK_KIND_BASE64)
        soapc_json_pair(j, "contentEncoding", "base64");
    if (t->content_types && !strpbrk(t->content_types, ",;*"))
        soapc_json_pair(j, "contentMediaType", t->content_types);
    else if (t->content_types)
        soapc_json_pair(j, "$comment", soapc_plan_printf(j->plan, "Content types: %s", t->content_types));
    if (forms[t->kind])
        soapc_json_pair(j, "pattern", forms[t->kind]);
    if (t->kind != BARK_KIND_QNAME) /* its pattern is about a prefix that JSON does not have */
        patterns_put(j, t);
}

/* Unions hold no unions [docs/table-format.md, T28]; a list between blanks is any text. */
static void union_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    soapc_json_pair(j, "type", "string");
    soapc_json_open(j, "anyOf", '[');
    for (size_t i = 0; i < t->union_count; i++) {
        const struct soapc_ptype *member = t->union_members[i];
        soapc_json_open(j, NULL, '{');
        if (member->kind == BARK_KIND_ENUM)
            soapc_json_ref(j, member->c_name);
        else if (member->kind != BARK_KIND_LIST)
            text_put(j, member);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, ']');
    enumeration_put(j, t);
    patterns_put(j, t);
}

/* Everything but lists. */
static void item_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    if (t->c_name && t->kind <= BARK_KIND_ENUM)
        soapc_json_ref(j, t->c_name);
    else if (t->kind == BARK_KIND_UNION)
        union_put(j, t);
    else if (t->kind == BARK_KIND_BOOLEAN)
        soapc_json_pair(j, "type", "boolean");
    else if (t->kind == BARK_KIND_DECIMAL)
        number_put(j, t, "number", forms[t->kind]);
    else if (t->kind == BARK_KIND_FLOAT || t->kind == BARK_KIND_DOUBLE)
        number_put(j, t, "number", "^(-?INF|NaN)$");
    else if (t->kind >= BARK_KIND_INT8 && t->kind <= BARK_KIND_INTEGER)
        number_put(j, t, "integer", is_long(t->kind) ? forms[t->kind] : NULL);
    else
        text_put(j, t);
}

void soapc_json_value(struct soapc_json *j, const struct soapc_ptype *t)
{
    if (t->kind != BARK_KIND_LIST) {
        item_put(j, t);
        return;
    }
    soapc_json_pair(j, "type", "array");
    lengths_put(j, t, "minItems", "maxItems", 1);
    soapc_json_open(j, "items", '{');
    item_put(j, t->item);
    soapc_json_close(j, '}');
}

void soapc_json_enumeration(struct soapc_json *j, const struct soapc_ptype *t)
{
    text_put(j, t);
}

void soapc_json_preset(struct soapc_json *j, const struct soapc_pfield *field)
{
    const struct soapc_ptype *t = field->type;
    const char *word = field->bits & BARK_F_FIXED ? "const" : "default";
    const char *number = NULL;
    if (!field->text || !t || t->model != BARK_MODEL_NONE)
        return;
    if (t->kind == BARK_KIND_ENUM || is_stringy(t->kind)) {
        if (t->kind == BARK_KIND_ENUM || t->kind == BARK_KIND_STRING) {
            soapc_json_name(j, word);
            soapc_json_text(j, field->text);
        }
        return;
    }
    if (t->kind == BARK_KIND_BOOLEAN)
        number = strcmp(field->text, "1") == 0 || strcmp(field->text, "true") == 0 ? "true" : "false";
    else if (t->kind >= BARK_KIND_INT8 && t->kind <= BARK_KIND_UINT32)
        number = number_json(j->plan, field->text);
    if (number) {
        soapc_json_name(j, word);
        soapc_json_literal(j, number);
    }
}
