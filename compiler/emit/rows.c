/* emit/rows.c - rows as C initialisers.
 */
#include "emit/rows.h"
#include "emit/c.h"

#include <inttypes.h>
#include <string.h>

enum { COMMENT_MAX = 48 };

/* A text inside a comment: whatever could end it or confuse a reader becomes '?'. */
static void comment_print(struct soapc_text *out, const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len && i < COMMENT_MAX; i++) {
        const char c = (char)text[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           (c && strchr("_-.:#", c));
        soapc_text_put(out, plain ? &c : "?", 1);
    }
    if (len > COMMENT_MAX)
        soapc_text_printf(out, "...");
}

static void name_comment(const struct soapc_rows *rows, struct soapc_text *out, uint16_t row)
{
    const uint32_t name = rows->names[row];
    comment_print(out, rows->pool + bark_name_offset(name), bark_name_len(name));
}

static void index_print(struct soapc_text *out, const char *member, uint16_t index)
{
    if (index == BARK_NONE)
        soapc_text_printf(out, ".%s = BARK_NONE, ", member);
    else
        soapc_text_printf(out, ".%s = %u, ", member, index);
}

static const char *const kinds[BARK_KIND_COUNT] = {
#define KIND(name) [BARK_KIND_##name] = "BARK_KIND_" #name
    KIND(STRUCT),     KIND(GROUP),   KIND(ENUM),      KIND(LIST),   KIND(UNION),    KIND(STRING),
    KIND(NORMALIZED), KIND(TOKEN),   KIND(LANGUAGE),  KIND(NAME),   KIND(NCNAME),   KIND(NMTOKEN),
    KIND(ANYURI),     KIND(BOOLEAN), KIND(INT8),      KIND(INT16),  KIND(INT32),    KIND(INT64),
    KIND(UINT8),      KIND(UINT16),  KIND(UINT32),    KIND(UINT64), KIND(INTEGER),  KIND(DECIMAL),
    KIND(FLOAT),      KIND(DOUBLE),  KIND(DATETIME),  KIND(DATE),   KIND(TIME),     KIND(GYEAR),
    KIND(GYEARMONTH), KIND(GMONTH),  KIND(GMONTHDAY), KIND(GDAY),   KIND(DURATION), KIND(BASE64),
    KIND(HEX),        KIND(QNAME),
#undef KIND
};
static const char *const models[] = { "BARK_MODEL_NONE", "BARK_MODEL_SEQUENCE", "BARK_MODEL_CHOICE",
                                      "BARK_MODEL_ALL",  "BARK_MODEL_VALUE",    "BARK_MODEL_RAW",
                                      "BARK_MODEL_TYPED" };
static const char *const field_kinds[] = { "BARK_FIELD_ELEMENT", "BARK_FIELD_ATTRIBUTE",
                                           "BARK_FIELD_TEXT",    "BARK_FIELD_GROUP",
                                           "BARK_FIELD_ANY",     "BARK_FIELD_ANY_ATTRIBUTE",
                                           "BARK_FIELD_CONTENT", "BARK_FIELD_POSITION",
                                           "BARK_FIELD_TYPE" };
static const struct {
    uint16_t bit;
    const char *name;
} field_bits[] = {
    { BARK_F_REQUIRED, "BARK_F_REQUIRED" }, { BARK_F_REPEATED, "BARK_F_REPEATED" },
    { BARK_F_POINTER, "BARK_F_POINTER" },   { BARK_F_NILLABLE, "BARK_F_NILLABLE" },
    { BARK_F_DEFAULT, "BARK_F_DEFAULT" },   { BARK_F_FIXED, "BARK_F_FIXED" },
    { BARK_F_OCCURS, "BARK_F_OCCURS" },     { BARK_F_SECRET, "BARK_F_SECRET" },
    { BARK_F_DIVIDES, "BARK_F_DIVIDES" },   { BARK_F_DIVIDED, "BARK_F_DIVIDED" },
};

static void bits_print(struct soapc_text *out, uint16_t bits)
{
    for (size_t i = 0; i < sizeof field_bits / sizeof *field_bits; i++)
        if (bits & field_bits[i].bit)
            soapc_text_printf(out, " | (int)%s", field_bits[i].name);
}

static void namespaces_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_NAMESPACES]; i++) {
        const struct bark_namespace_row *row = &rows->namespaces[i];
        soapc_text_printf(out,
                          "        { .uri = %" PRIu32 ", .prefix = %" PRIu32
                          ", .uri_len = %u, .prefix_len = %u }, /* %zu ",
                          row->uri, row->prefix, row->uri_len, row->prefix_len, i);
        comment_print(out, rows->pool + row->prefix, row->prefix_len);
        soapc_text_printf(out, " */\n");
    }
}

static void names_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_NAMES]; i++) {
        soapc_text_printf(out, "        BARK_NAME(%" PRIu32 ", %" PRIu32 "), /* %zu ",
                          bark_name_offset(rows->names[i]), bark_name_len(rows->names[i]), i);
        name_comment(rows, out, (uint16_t)i);
        soapc_text_printf(out, " */\n");
    }
}

/* Size, flags and presence of a struct are the compiler's; of a value, the row's. */
static void type_print(const struct soapc_ptype *t, const struct bark_type_row *row, struct soapc_text *out)
{
    if (t->twin)
        return;
    const bool is_struct = t->kind <= BARK_KIND_GROUP;
    soapc_text_printf(out, "        { .kind = %s, ", kinds[row->kind]);
    if (row->model)
        soapc_text_printf(out, ".model = %s, ", models[row->model]);
    if (is_struct)
        soapc_text_printf(out, ".flags = BARK_TYPE_ALIGN_OF(struct %s)%s%s%s, ", t->c_name,
                          row->flags & BARK_TYPE_ABSTRACT ? " | BARK_TYPE_ABSTRACT" : "",
                          row->flags & BARK_TYPE_ARRAY ? " | BARK_TYPE_ARRAY" : "",
                          row->flags & BARK_TYPE_NULLABLE ? " | BARK_TYPE_NULLABLE" : "");
    else if (row->flags)
        soapc_text_printf(out, ".flags = BARK_TYPE_PLAIN, ");
    soapc_text_printf(out, ".ns = %u, .size = sizeof(%s%s), ", row->ns, soapc_c_keyword(t), soapc_c_type(t));
    soapc_text_printf(out, ".first = %u, .count = %u, .extra = %u, ", row->first, row->count, row->extra);
    if (is_struct && soapc_is_tagged(t))
        soapc_text_printf(out, ".presence = offsetof(struct %s, which), ", t->c_name);
    for (size_t i = 0; is_struct && !soapc_is_tagged(t) && i < t->field_count; i++)
        if (t->fields[i].has_member && t->fields[i].has == 0)
            soapc_text_printf(out, ".presence = offsetof(struct %s, %s), ", t->c_name,
                              t->fields[i].has_member);
    if (!is_struct)
        soapc_text_printf(out, ".presence = %u, ", row->presence);
    index_print(out, "name", row->name);
    soapc_text_printf(out, "}, /* %zu %s */\n", t->row, soapc_c_type(t));
}

static void fields_print(const struct soapc_plan *plan, struct soapc_text *out)
{
    const struct bark_field_row *row = plan->rows.fields;
    for (size_t i = 0; i < plan->type_count; i++) {
        const struct soapc_ptype *t = plan->types[i];
        if (t->twin)
            continue;
        if (t->field_count)
            soapc_text_printf(out, "        /* %s */\n", t->c_name);
        for (size_t k = 0; k < t->field_count; k++, row++) {
            soapc_text_printf(out, "        { ");
            index_print(out, "name", row->name);
            soapc_text_printf(out, ".offset = offsetof(struct %s, %s), ", t->c_name, t->fields[k].member);
            index_print(out, "type", row->type);
            soapc_text_printf(out, ".trait = %u },\n", row->trait);
        }
    }
}

static void traits_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_TRAITS]; i++) {
        const struct bark_trait_row *row = &rows->traits[i];
        soapc_text_printf(out, "        { .bits = %s", field_kinds[row->bits & BARK_F_KIND]);
        bits_print(out, row->bits);
        soapc_text_printf(out, ", .ns = %u, ", row->ns);
        soapc_text_printf(out, row->has == BARK_NO_HAS ? ".has = BARK_NO_HAS, " : ".has = %u, ", row->has);
        index_print(out, "extra", row->extra);
        soapc_text_printf(out, "}, /* %zu */\n", i);
    }
}

static void facets_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    static const char *const facet_kinds[BARK_FACET_COUNT] = {
        "LENGTH",          "MIN_LENGTH",    "MAX_LENGTH",    "PATTERN",       "ENUMERATION",
        "MIN_INCLUSIVE",   "MAX_INCLUSIVE", "MIN_EXCLUSIVE", "MAX_EXCLUSIVE", "TOTAL_DIGITS",
        "FRACTION_DIGITS", "WHITESPACE",    "MEDIA",
    };
    for (size_t i = 0; i < rows->count[BARK_SECTION_FACETS]; i++) {
        const struct bark_facet_row *row = &rows->facets[i];
        soapc_text_printf(out, "        { .kind = BARK_FACET_%s, .text_len = %u, .text = %" PRIu32 ", ",
                          facet_kinds[row->kind], row->text_len, row->text);
        if (row->value == INT64_MIN)
            soapc_text_printf(out, ".value = INT64_MIN },\n");
        else
            soapc_text_printf(out, ".value = INT64_C(%" PRId64 ") },\n", row->value);
    }
}

static void patterns_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_PATTERNS]; i++) {
        const struct bark_pattern_row *row = &rows->patterns[i];
        soapc_text_printf(out,
                          "        { .classes_map = %" PRIu32 ", .next = %" PRIu32 ", .accept = %" PRIu32
                          ", .states = %u, .classes = %u, .source = %" PRIu32 " },\n",
                          row->classes_map, row->next, row->accept, row->states, row->classes, row->source);
    }
}

static void firsts_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_FIRSTS]; i++) {
        const struct bark_first_row *row = &rows->firsts[i];
        soapc_text_printf(out, "        { .name = %u, .ns = %u, .kind = %s }, /* %zu */\n", row->name,
                          row->ns, field_kinds[row->kind], i);
    }
}

static void wildcards_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    static const char *const modes[] = { "BARK_WILDCARD_ANY", "BARK_WILDCARD_NOT", "BARK_WILDCARD_LIST" };
    for (size_t i = 0; i < rows->count[BARK_SECTION_WILDCARDS]; i++) {
        const struct bark_wildcard_row *row = &rows->wildcards[i];
        soapc_text_printf(out, "        { .mode = %s, .process = %u, .first = %u, .count = %u },\n",
                          modes[row->mode], row->process, row->first, row->count);
    }
}

static void lists_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    enum { PER_LINE = 16 };
    const size_t count = rows->count[BARK_SECTION_LISTS];
    for (size_t i = 0; i < count; i++)
        soapc_text_printf(out, "%s%u,%s", i % PER_LINE ? " " : "        ", rows->lists[i],
                          i % PER_LINE == PER_LINE - 1 || i + 1 == count ? "\n" : "");
}

static void extras_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_EXTRAS]; i++) {
        const struct bark_extra_row *row = &rows->extras[i];
        soapc_text_printf(out,
                          "        { .occurs_min = %" PRIu32 "u, .occurs_max = %" PRIu32 "u, .text = %" PRIu32
                          ", .text_len = %" PRIu32 " },\n",
                          row->occurs_min, row->occurs_max, row->text, row->text_len);
    }
}

static void roots_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_ROOTS]; i++) {
        const struct bark_root_row *row = &rows->roots[i];
        soapc_text_printf(out, "        { .name = %u, .group = %u, .type = { %u, ", row->name, row->group,
                          row->type[0]);
        if (row->type[1] == BARK_NONE)
            soapc_text_printf(out, "BARK_NONE } }, /* %zu ", i);
        else
            soapc_text_printf(out, "%u } }, /* %zu, %zu ", row->type[1], i,
                              rows->count[BARK_SECTION_ROOTS] + i);
        name_comment(rows, out, row->name);
        soapc_text_printf(out, " */\n");
    }
}

/* As bark_operation_name(). */
static uint16_t operation_name(const struct soapc_rows *rows, size_t operation)
{
    const struct bark_operation_row *row = &rows->operations[operation];
    const uint16_t own = rows->lists[row->binding + BARK_BINDING_NAME];
    return own != BARK_NONE ? own : rows->roots[row->input % rows->count[BARK_SECTION_ROOTS]].name;
}

static void operations_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_OPERATIONS]; i++) {
        const struct bark_operation_row *row = &rows->operations[i];
        soapc_text_printf(out, "        { ");
        index_print(out, "input", row->input);
        soapc_text_printf(out, ".binding = %u }, /* %zu ", row->binding, i);
        name_comment(rows, out, operation_name(rows, i));
        soapc_text_printf(out, " */\n");
    }
}

static void services_print(const struct soapc_rows *rows, struct soapc_text *out)
{
    for (size_t i = 0; i < rows->count[BARK_SECTION_SERVICES]; i++) {
        const struct bark_service_row *row = &rows->services[i];
        soapc_text_printf(out,
                          "        { .name = %u, .first = %u, .count = %u, .ns = %u, .address = %" PRIu32
                          ", .address_len = %" PRIu32 " },\n",
                          row->name, row->first, row->count, row->ns, row->address, row->address_len);
    }
}

void soapc_emit_https(const struct soapc_plan *plan, struct soapc_text *out)
{
    const struct soapc_rows *rows = &plan->rows;
    if (!rows->http_count)
        return;
    soapc_text_printf(out, "    .https = {\n");
    for (size_t i = 0; i < rows->http_count; i++) {
        const struct bark_http_row *row = &rows->https[i];
        soapc_text_printf(out,
                          "        { .operation = %u, .flags = 0%s%s%s%s%s%s%s, .location = %" PRIu32
                          ", .media = %" PRIu32 ", .location_len = %u, .media_len = %u }, /* %zu ",
                          row->operation, row->flags & BARK_HTTP_POST ? " | BARK_HTTP_POST" : "",
                          row->flags & BARK_HTTP_REPLACED ? " | BARK_HTTP_REPLACED" : "",
                          row->flags & BARK_HTTP_XML ? " | BARK_HTTP_XML" : "",
                          row->flags & BARK_HTTP_PARTS ? " | BARK_HTTP_PARTS" : "",
                          row->flags & BARK_HTTP_RELATED ? " | BARK_HTTP_RELATED" : "",
                          row->flags & BARK_HTTP_ANSWER_RELATED ? " | BARK_HTTP_ANSWER_RELATED" : "",
                          row->flags & BARK_HTTP_CONTENT ? " | BARK_HTTP_CONTENT" : "", row->location,
                          row->media, row->location_len, row->media_len, i);
        name_comment(rows, out, operation_name(rows, row->operation));
        soapc_text_printf(out, " */\n");
    }
    soapc_text_printf(out, "    },\n");
}

void soapc_emit_rows(const struct soapc_plan *plan, enum bark_section section, struct soapc_text *out)
{
    static void (*const printers[BARK_SECTION_COUNT])(const struct soapc_rows *, struct soapc_text *) = {
        [BARK_SECTION_NAMESPACES] = namespaces_print, [BARK_SECTION_NAMES] = names_print,
        [BARK_SECTION_TRAITS] = traits_print,         [BARK_SECTION_EXTRAS] = extras_print,
        [BARK_SECTION_FACETS] = facets_print,         [BARK_SECTION_PATTERNS] = patterns_print,
        [BARK_SECTION_FIRSTS] = firsts_print,         [BARK_SECTION_WILDCARDS] = wildcards_print,
        [BARK_SECTION_LISTS] = lists_print,           [BARK_SECTION_ROOTS] = roots_print,
        [BARK_SECTION_OPERATIONS] = operations_print, [BARK_SECTION_SERVICES] = services_print,
    };
    if (section == BARK_SECTION_FIELDS)
        fields_print(plan, out);
    else if (section == BARK_SECTION_TYPES)
        for (size_t i = 0; i < plan->type_count; i++)
            type_print(plan->types[i], &plan->rows.types[plan->types[i]->row], out);
    else if (printers[section])
        printers[section](&plan->rows, out);
}
