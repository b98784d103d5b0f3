/* emit/image.c - head and sections, one after the other, each at a multiple of 8.
 */
#include "emit/image.h"

#include "budget.h"

#include <stdlib.h>
#include <string.h>

enum { SECTION_ALIGN = 8 };

static const uint8_t row_sizes[BARK_SECTION_COUNT] = {
    [BARK_SECTION_NAMESPACES] = sizeof(struct bark_namespace_row),
    [BARK_SECTION_NAMES] = sizeof(uint32_t),
    [BARK_SECTION_TYPES] = sizeof(struct bark_type_row),
    [BARK_SECTION_FIELDS] = sizeof(struct bark_field_row),
    [BARK_SECTION_TRAITS] = sizeof(struct bark_trait_row),
    [BARK_SECTION_EXTRAS] = sizeof(struct bark_extra_row),
    [BARK_SECTION_FACETS] = sizeof(struct bark_facet_row),
    [BARK_SECTION_PATTERNS] = sizeof(struct bark_pattern_row),
    [BARK_SECTION_FIRSTS] = sizeof(struct bark_first_row),
    [BARK_SECTION_WILDCARDS] = sizeof(struct bark_wildcard_row),
    [BARK_SECTION_LISTS] = sizeof(uint16_t),
    [BARK_SECTION_ROOTS] = sizeof(struct bark_root_row),
    [BARK_SECTION_OPERATIONS] = sizeof(struct bark_operation_row),
    [BARK_SECTION_SERVICES] = sizeof(struct bark_service_row),
    [BARK_SECTION_POOL] = 1,
};

size_t soapc_row_size(enum bark_section section)
{
    return row_sizes[section];
}

const void *soapc_section_rows(const struct soapc_rows *rows, enum bark_section section)
{
    const void *const arrays[BARK_SECTION_COUNT] = {
        rows->namespaces, rows->names,  rows->types,      rows->fields,   rows->traits,
        rows->extras,     rows->facets, rows->patterns,   rows->firsts,   rows->wildcards,
        rows->lists,      rows->roots,  rows->operations, rows->services, rows->pool,
    };
    return arrays[section];
}

static size_t round_up(size_t value)
{
    return (value + SECTION_ALIGN - 1) / SECTION_ALIGN * SECTION_ALIGN;
}

/* An empty section has offset 0. Counts fit: put.c held them under 65,536, and the pool is a part of 512 MiB.
 */
static void head_fill(const struct soapc_rows *rows, struct bark_image_head *head,
                      struct bark_image_section *http)
{
    size_t at = rows->http_count ? sizeof(struct bark_image_http_head) : sizeof *head;
    *head =
        (struct bark_image_head){ .magic = BARK_IMAGE_MAGIC,
                                  .major = BARK_IMAGE_MAJOR,
                                  .minor = BARK_IMAGE_MINOR,
                                  .pointer_bytes = sizeof(void *),
                                  .size_t_bytes = sizeof(size_t),
                                  .int64_align = _Alignof(int64_t),
                                  .section_count = (uint8_t)(BARK_SECTION_COUNT + (rows->http_count != 0)) };
    for (size_t i = 0; i < BARK_SECTION_COUNT; i++) {
        if (rows->count[i] == 0)
            continue;
        head->sections[i].offset = (uint32_t)at;
        head->sections[i].count = (uint32_t)rows->count[i];
        at = round_up(at + rows->count[i] * row_sizes[i]);
    }
    *http = (struct bark_image_section){ rows->http_count ? (uint32_t)at : 0, (uint32_t)rows->http_count };
    head->size = (uint32_t)(at + rows->http_count * sizeof(struct bark_http_row));
}

size_t soapc_image_size(const struct soapc_rows *rows)
{
    struct bark_image_head head;
    struct bark_image_section http;
    head_fill(rows, &head, &http);
    return head.size;
}

bool soapc_image_of_plan(const struct soapc_plan *plan, struct soapc_image *image)
{
    struct bark_image_head head;
    struct bark_image_section http;
    *image = (struct soapc_image){ 0 };
    head_fill(&plan->rows, &head, &http);
    if (head.size > soapc_budget_left(plan->diag)) {
        soapc_budget_report(plan->diag, SOAPC_NOWHERE);
        return false;
    }
    uint8_t *bytes = calloc(1, head.size);
    if (!bytes) {
        soapc_error(plan->diag, SOAPC_E_MEMORY, SOAPC_NOWHERE, "out of memory");
        return false;
    }
    memcpy(bytes, &head, sizeof head);
    if (http.count) {
        memcpy(bytes + sizeof head, &http, sizeof http);
        memcpy(bytes + http.offset, plan->rows.https, http.count * sizeof *plan->rows.https);
    }
    for (size_t i = 0; i < BARK_SECTION_COUNT; i++)
        if (head.sections[i].count)
            memcpy(bytes + head.sections[i].offset, soapc_section_rows(&plan->rows, (enum bark_section)i),
                   plan->rows.count[i] * row_sizes[i]);
    image->memory = bytes;
    image->bytes = (struct bark_slice){ bytes, head.size };
    return true;
}

bool soapc_image_build(const struct soapc_model *model, const struct soapc_lower_options *options,
                       struct soapc_diag *diag, struct soapc_image *image)
{
    *image = (struct soapc_image){ 0 };
    struct soapc_plan *plan = soapc_lower(model, options, diag);
    bool built = plan && soapc_image_of_plan(plan, image);
    soapc_plan_free(plan);
    return built;
}

void soapc_image_free(struct soapc_image *image)
{
    free(image->memory);
    *image = (struct soapc_image){ 0 };
}
