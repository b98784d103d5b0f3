/* emit/source.c - NAME.c: the table image as one constant struct, and the dispatch functions.
 *
 * A row says in words what does not depend on the machine as numbers: offsets, sizes and alignments are
 * offsetof, sizeof and _Alignof, so that the same file serves every target. Static assertions hold what the
 * format takes for granted about the compiler's layout.
 */
#include "emit/c.h"
#include "emit/rows.h"

#include <string.h>

/* A struct whose row is another one's has its layout. */
static void twin_print(const struct soapc_ptype *t, struct soapc_text *out)
{
    soapc_text_printf(out, "_Static_assert(sizeof(struct %s) == sizeof(struct %s), \"they share a row\");\n",
                      t->c_name, t->twin->c_name);
    for (size_t i = 0; i < t->field_count; i++)
        soapc_text_printf(out,
                          "_Static_assert(offsetof(struct %s, %s) == offsetof(struct %s, %s), "
                          "\"they share a row\");\n",
                          t->c_name, t->fields[i].member, t->twin->c_name, t->twin->fields[i].member);
}

static void asserts_print(const struct soapc_plan *plan, struct soapc_text *out)
{
    for (size_t i = 0; i < plan->type_count; i++) {
        const struct soapc_ptype *t = plan->types[i];
        const char *before = NULL;
        if (t->kind > BARK_KIND_GROUP)
            continue;
        if (t->twin) {
            twin_print(t, out);
            continue;
        }
        soapc_text_printf(out, "_Static_assert(sizeof(struct %s) <= UINT16_MAX, \"offsets have 16 bits\");\n",
                          t->c_name);
        for (size_t k = 0; k < t->field_count; k++) {
            const char *has = t->fields[k].has_member;
            if (has && before)
                soapc_text_printf(out,
                                  "_Static_assert(offsetof(struct %s, %s) == offsetof(struct %s, %s) + 1, "
                                  "\"has_ bytes stand together\");\n",
                                  t->c_name, has, t->c_name, before);
            else if (has && t->model == BARK_MODEL_CHOICE)
                soapc_text_printf(
                    out, "_Static_assert(offsetof(struct %s, %s) == 2, \"has_ bytes follow which\");\n",
                    t->c_name, has);
            before = has ? has : before;
        }
    }
    soapc_text_printf(out, "\n");
}

static const struct {
    const char *member, *row, *index;
} sections[BARK_SECTION_COUNT] = {
    [BARK_SECTION_NAMESPACES] = { "namespaces", "struct bark_namespace_row", "BARK_SECTION_NAMESPACES" },
    [BARK_SECTION_NAMES] = { "names", "uint32_t", "BARK_SECTION_NAMES" },
    [BARK_SECTION_TYPES] = { "types", "struct bark_type_row", "BARK_SECTION_TYPES" },
    [BARK_SECTION_FIELDS] = { "fields", "struct bark_field_row", "BARK_SECTION_FIELDS" },
    [BARK_SECTION_TRAITS] = { "traits", "struct bark_trait_row", "BARK_SECTION_TRAITS" },
    [BARK_SECTION_EXTRAS] = { "extras", "struct bark_extra_row", "BARK_SECTION_EXTRAS" },
    [BARK_SECTION_FACETS] = { "facets", "struct bark_facet_row", "BARK_SECTION_FACETS" },
    [BARK_SECTION_PATTERNS] = { "patterns", "struct bark_pattern_row", "BARK_SECTION_PATTERNS" },
    [BARK_SECTION_FIRSTS] = { "firsts", "struct bark_first_row", "BARK_SECTION_FIRSTS" },
    [BARK_SECTION_WILDCARDS] = { "wildcards", "struct bark_wildcard_row", "BARK_SECTION_WILDCARDS" },
    [BARK_SECTION_LISTS] = { "lists", "uint16_t", "BARK_SECTION_LISTS" },
    [BARK_SECTION_ROOTS] = { "roots", "struct bark_root_row", "BARK_SECTION_ROOTS" },
    [BARK_SECTION_OPERATIONS] = { "operations", "struct bark_operation_row", "BARK_SECTION_OPERATIONS" },
    [BARK_SECTION_SERVICES] = { "services", "struct bark_service_row", "BARK_SECTION_SERVICES" },
    [BARK_SECTION_POOL] = { "pool0", "uint8_t", "BARK_SECTION_POOL" },
};

static void image_type_print(const struct soapc_plan *plan, const char *name, struct soapc_text *out)
{
    soapc_text_printf(out, "struct %s_image {\n    _Alignas(8) struct bark_image_head head;\n", name);
    if (plan->rows.http_count)
        soapc_text_printf(out, "    struct bark_image_section http;\n");
    for (size_t i = 0; i < BARK_SECTION_COUNT; i++)
        if (plan->rows.count[i] && i != BARK_SECTION_POOL)
            soapc_text_printf(out, "    _Alignas(8) %s %s[%zu];\n", sections[i].row, sections[i].member,
                              plan->rows.count[i]);
    soapc_emit_pool_members(plan, out);
    if (plan->rows.http_count)
        soapc_text_printf(out, "    _Alignas(8) struct bark_http_row https[%zu];\n", plan->rows.http_count);
    soapc_text_printf(out, "};\n\n");
}

static void head_print(const struct soapc_plan *plan, const char *name, struct soapc_text *out)
{
    soapc_text_printf(out,
                      "    .head = {\n"
                      "        .magic = BARK_IMAGE_MAGIC, .major = %d, .minor = %d,\n"
                      "        .size = sizeof(struct %s_image), .pointer_bytes = sizeof(void *),\n"
                      "        .size_t_bytes = sizeof(size_t), .int64_align = _Alignof(int64_t),\n"
                      "        .section_count = %d,\n        .sections = {\n",
                      BARK_IMAGE_MAJOR, BARK_IMAGE_MINOR, name,
                      BARK_SECTION_COUNT + (plan->rows.http_count ? 1 : 0));
    for (size_t i = 0; i < BARK_SECTION_COUNT; i++)
        if (plan->rows.count[i])
            soapc_text_printf(out, "            [%s] = { offsetof(struct %s_image, %s), %zu },\n",
                              sections[i].index, name, sections[i].member, plan->rows.count[i]);
    soapc_text_printf(out, "        },\n    },\n");
    if (plan->rows.http_count)
        soapc_text_printf(out, "    .http = { offsetof(struct %s_image, https), %zu },\n", name,
                          plan->rows.http_count);
}

static void section_print(const struct soapc_plan *plan, enum bark_section section, struct soapc_text *out)
{
    if (plan->rows.count[section] == 0)
        return;
    if (section == BARK_SECTION_POOL) {
        soapc_emit_pool(plan, out);
        return;
    }
    soapc_text_printf(out, "    .%s = {\n", sections[section].member);
    soapc_emit_rows(plan, section, out);
    soapc_text_printf(out, "    },\n");
}

void soapc_emit_source(const struct soapc_plan *plan, const struct soapc_c_options *options,
                       struct soapc_text *out)
{
    const char *name = options->name;
    soapc_emit_notice(options, ".c", out);
    soapc_text_printf(out, "#include \"%s.h\"\n\n#include <stddef.h>\n\n", name);
    asserts_print(plan, out);
    image_type_print(plan, name, out);
    soapc_text_printf(out, "static const struct %s_image image = {\n", name);
    head_print(plan, name, out);
    for (size_t i = 0; i < BARK_SECTION_COUNT; i++)
        section_print(plan, (enum bark_section)i, out);
    soapc_emit_https(plan, out);
    soapc_text_printf(out,
                      "};\n\nstruct bark_slice %s_tables(void)\n{\n"
                      "    struct bark_slice bytes = { (const uint8_t *)&image, sizeof image };\n"
                      "    return bytes;\n}\n",
                      name);
    for (size_t i = 0; i < plan->service_count; i++) {
        soapc_text_printf(out, "\n");
        soapc_emit_service_source(plan, i, out);
    }
}
