/* table/check.c - proves an image before anything follows it.
 *
 * bark_image_open() goes through the image in the order in which trust can grow: the head (T1 to T5), the
 * sections (T6, T7), the pool (T8, T32), then every row. After it the engine may use each index and offset
 * without looking again, because a wrong one cannot exist. docs/table-format.md states the rules and what
 * they promise; check_pool.c, check_type.c, check_struct.c, check_typed.c and check_message.c prove the
 * parts.
 */
#include "table/check.h"
#include "table/kind_layout.h"

#include "soapbark/out.h"

#include <assert.h>
#include <string.h>

/* The layout of every row is a contract with flash and files. */
static_assert(sizeof(struct bark_image_head) == 16 + 8 * BARK_SECTION_COUNT, "docs/table-format.md");
static_assert(sizeof(struct bark_namespace_row) == 12, "docs/table-format.md");
static_assert(sizeof(struct bark_type_row) == 16, "docs/table-format.md");
static_assert(sizeof(struct bark_field_row) == 8, "docs/table-format.md");
static_assert(sizeof(struct bark_trait_row) == 6, "docs/table-format.md");
static_assert(sizeof(struct bark_extra_row) == 16, "docs/table-format.md");
static_assert(sizeof(struct bark_facet_row) == 16, "docs/table-format.md");
static_assert(sizeof(struct bark_pattern_row) == 20, "docs/table-format.md");
static_assert(sizeof(struct bark_first_row) == 4, "docs/table-format.md");
static_assert(sizeof(struct bark_wildcard_row) == 8, "docs/table-format.md");
static_assert(sizeof(struct bark_root_row) == 8, "docs/table-format.md");
static_assert(sizeof(struct bark_operation_row) == 4, "docs/table-format.md");
static_assert(sizeof(struct bark_service_row) == 16, "docs/table-format.md");
static_assert(sizeof(struct bark_http_row) == 16, "docs/table-format.md");
static_assert(sizeof(struct bark_image_http_head) == 24 + 8 * BARK_SECTION_COUNT, "docs/table-format.md");

enum { IMAGE_ALIGN = 8, ROWS_MAX = 65535, NAMESPACES_MAX = 256, ROOTS_MAX = 32767 };

/* A section's name, the size of its rows, and where struct bark_image has its view: a pointer and a count. */
static const struct {
    const char *name;
    uint8_t row_bytes, rows, count;
} sections[] = {
#define SECTION(id, member, size) \
    [BARK_SECTION_##id] = { #member, sizeof *((struct bark_image *)0)->member, \
                            offsetof(struct bark_image, member), offsetof(struct bark_image, size) }
    SECTION(NAMESPACES, namespaces, namespace_count),
    SECTION(NAMES, names, name_count),
    SECTION(TYPES, types, type_count),
    SECTION(FIELDS, fields, field_count),
    SECTION(TRAITS, traits, trait_count),
    SECTION(EXTRAS, extras, extra_count),
    SECTION(FACETS, facets, facet_count),
    SECTION(PATTERNS, patterns, pattern_count),
    SECTION(FIRSTS, firsts, first_count),
    SECTION(WILDCARDS, wildcards, wildcard_count),
    SECTION(LISTS, lists, list_count),
    SECTION(ROOTS, roots, root_count),
    SECTION(OPERATIONS, operations, operation_count),
    SECTION(SERVICES, services, service_count),
    SECTION(POOL, pool, pool_size),
#undef SECTION
};
static_assert(sizeof(struct bark_image) <= UINT8_MAX, "sections[] has a byte for each place in it");
static_assert(sizeof sections / sizeof *sections == BARK_SECTION_COUNT, "a new section needs its row size");

/* The path of a row's refusal. */
static void row_name(struct bark_error *err, enum bark_section section, size_t index)
{
    struct bark_out path;
    bark_out_init(&path, err->path, sizeof err->path - 1);
    bark_out_text(&path, sections[section].name);
    bark_out_byte(&path, '[');
    bark_out_u64(&path, index);
    bark_out_byte(&path, ']');
    err->path[path.pos] = '\0';
}

enum bark_code(bark_check_refuse)(const struct bark_check *c, enum bark_section section, size_t index,
                                  const char *rule)
{
    const struct bark_image_head *head = (const void *)c->image->base;
    if (!c->err || c->err->code != BARK_OK)
        return BARK_ERR_IMAGE;
    if (BARK_HAS_REPORT)
        row_name(c->err, section, index);
    return bark_fail(c->err, BARK_ERR_IMAGE,
                     head->sections[section].offset + index * sections[section].row_bytes, rule);
}

bool bark_check_text(const struct bark_check *c, uint32_t offset, uint32_t len)
{
    const uint8_t *pool = c->image->pool;
    return offset < c->texts_end && len < c->texts_end - offset && (pool[offset] & 0xc0) != 0x80 &&
           pool[offset + len] == 0;
}

bool bark_check_name(const struct bark_check *c, uint16_t row)
{
    const uint8_t *pool = c->image->pool;
    const uint32_t offset = bark_name_offset(c->image->names[row]), len = bark_name_len(c->image->names[row]);
    return offset < c->texts_end && len < c->texts_end - offset && (pool[offset] & 0xc0) != 0x80 &&
           (pool[offset + len] & 0xc0) != 0x80;
}

bool bark_check_range(uint32_t first, uint32_t count, uint32_t total, uint32_t *end)
{
    if (count == 0)
        return true;
    if (first < *end || first > total || count > total - first)
        return false;
    *end = first + count;
    return true;
}

/* The machine's layout class. */
static bool layout_fits(const struct bark_image_head *head)
{
    return head->pointer_bytes == sizeof(void *) && head->size_t_bytes == sizeof(size_t) &&
           head->int64_align == _Alignof(int64_t);
}

/* T1 to T5. */
static enum bark_code head_check(struct bark_slice data, struct bark_error *err)
{
    const struct bark_image_head *head = (const void *)data.ptr;
    if (data.len < sizeof *head || (uintptr_t)data.ptr % IMAGE_ALIGN != 0 || head->magic != BARK_IMAGE_MAGIC)
        return bark_fail(err, BARK_ERR_IMAGE, 0,
                         "T1: an image is aligned to 8 bytes and starts with its head");
    if (head->major != BARK_IMAGE_MAJOR || head->minor > BARK_IMAGE_MINOR)
        return bark_fail(err, BARK_ERR_IMAGE, offsetof(struct bark_image_head, major),
                         "T2: the image needs another version of the engine");
    if (head->size != data.len)
        return bark_fail(err, BARK_ERR_IMAGE, offsetof(struct bark_image_head, size),
                         "T3: the size in the head is the size of the data");
    if (!layout_fits(head))
        return bark_fail(err, BARK_ERR_IMAGE, offsetof(struct bark_image_head, pointer_bytes),
                         "T4: the image was built for another layout class");
    if (head->section_count != BARK_SECTION_COUNT &&
        (head->section_count != BARK_SECTION_COUNT + 1 || data.len < sizeof(struct bark_image_http_head)))
        return bark_fail(err, BARK_ERR_IMAGE, offsetof(struct bark_image_head, section_count),
                         "T5: the head lists the sections of its version");
    return BARK_OK;
}

/* T6, T7. */
static enum bark_code sections_check(const struct bark_image_head *head, struct bark_error *err)
{
    const bool has_http = head->section_count > BARK_SECTION_COUNT;
    size_t end = has_http ? sizeof(struct bark_image_http_head) : sizeof *head, i;
    for (i = 0; i < BARK_SECTION_COUNT; i++) {
        const struct bark_image_section s = head->sections[i];
        const size_t at = offsetof(struct bark_image_head, sections) + i * sizeof s;
        const uint32_t max = i == BARK_SECTION_POOL         ? UINT32_MAX
                             : i == BARK_SECTION_NAMESPACES ? NAMESPACES_MAX
                             : i == BARK_SECTION_ROOTS      ? ROOTS_MAX
                                                            : ROWS_MAX;
        const bool needed = i == BARK_SECTION_POOL || i == BARK_SECTION_NAMESPACES;
        if (s.count > max || (needed && s.count == 0))
            return bark_fail(err, BARK_ERR_IMAGE, at, "T7: a section has as many rows as indices can reach");
        if (s.count == 0)
            continue;
        if (s.offset % IMAGE_ALIGN != 0 || s.offset < end || s.offset > head->size ||
            s.count > (head->size - s.offset) / sections[i].row_bytes)
            return bark_fail(err, BARK_ERR_IMAGE, at,
                             "T6: sections are aligned to 8 bytes, in order, inside the image");
        end = s.offset + (size_t)s.count * sections[i].row_bytes;
    }
    if (has_http) {
        const struct bark_image_section s = ((const struct bark_image_http_head *)(const void *)head)->http;
        const size_t at = offsetof(struct bark_image_http_head, http);
        if (s.count == 0 || s.count > ROWS_MAX)
            return bark_fail(err, BARK_ERR_IMAGE, at, "T7: a section has as many rows as indices can reach");
        if (s.offset % IMAGE_ALIGN != 0 || s.offset < end || s.offset > head->size ||
            s.count > (head->size - s.offset) / sizeof(struct bark_http_row))
            return bark_fail(err, BARK_ERR_IMAGE, at,
                             "T6: sections are aligned to 8 bytes, in order, inside the image");
    }
    return BARK_OK;
}

/* Fills the views. Only an image whose sections were proved to be inside it comes here. A section without any
 * row is seen at the head, which is never a row. */
static void views_set(struct bark_image *im, struct bark_slice data)
{
    const struct bark_image_head *head = (const void *)data.ptr;
    size_t i;
    *im = (struct bark_image){ .base = data.ptr, .size = data.len };
    for (i = 0; i < BARK_SECTION_COUNT; i++) {
        const struct bark_image_section s = head->sections[i];
        const void *rows = s.count ? data.ptr + s.offset : data.ptr;
        memcpy((uint8_t *)im + sections[i].rows, &rows, sizeof rows);
        memcpy((uint8_t *)im + sections[i].count, &s.count, sizeof s.count);
    }
    im->https = (const void *)data.ptr;
    if (head->section_count > BARK_SECTION_COUNT) {
        const struct bark_image_http_head *with_http = (const void *)data.ptr;
        im->https = (const void *)(data.ptr + with_http->http.offset);
        im->http_count = with_http->http.count;
    }
}

/* T11. First of all, because every other look at a field goes through its trait row. */
static enum bark_code traits_check(const struct bark_check *c)
{
    const struct bark_image *im = c->image;
    uint32_t i;
    for (i = 0; i < im->field_count; i++)
        if (im->fields[i].trait >= im->trait_count)
            return bark_check_refuse(c, BARK_SECTION_FIELDS, i, BARK_RULE_T11);
    return BARK_OK;
}

static enum bark_code rows_check(struct bark_check *c)
{
    enum bark_code code = traits_check(c);
    uint32_t i;
    if (code == BARK_OK)
        code = bark_check_patterns(c);
    if (code == BARK_OK)
        code = bark_check_pool(c);
    if (code == BARK_OK)
        code = bark_check_texts(c);
    for (i = 0; code == BARK_OK && i < c->image->type_count; i++)
        code = bark_check_type(c, i);
    if (code == BARK_OK)
        code = bark_check_wildcards(c);
    for (i = 0; code == BARK_OK && i < c->image->type_count; i++)
        code = bark_check_members(c, i); /* looks at other type rows, so all of them are proved before */
    if (code == BARK_OK)
        code = bark_check_messages(c);
    return BARK_HAS_HTTP && code == BARK_OK ? bark_check_https(c) : code;
}

/* What this engine was built without [T12]. It depends on the build, so the compiler could not know it. */
static enum bark_code left_out_check(const struct bark_check *c)
{
    const struct bark_image *im = c->image;
    const uint32_t traits = BARK_F_LEFT_OUT ? im->trait_count : 0;
    uint32_t i;
    for (i = 0; i < im->type_count; i++)
        if (bark_type_left_out(&im->types[i]))
            return bark_check_refuse(c, BARK_SECTION_TYPES, i, BARK_RULE_LEFT_OUT);
    if (im->wildcard_count > 0 &&
        (!BARK_HAS_WILDCARD || (!BARK_HAS_VALIDATION && im->wildcards[0].mode == BARK_WILDCARD_DECLARED)))
        return bark_check_refuse(c, BARK_SECTION_WILDCARDS, 0, BARK_RULE_LEFT_OUT);
    for (i = 0; i < traits; i++)
        if (im->traits[i].bits & BARK_F_LEFT_OUT)
            return bark_check_refuse(c, BARK_SECTION_TRAITS, i, BARK_RULE_LEFT_OUT);
    if (!BARK_HAS_HTTP && im->http_count > 0)
        return bark_fail(c->err, BARK_ERR_IMAGE, offsetof(struct bark_image_head, section_count),
                         BARK_RULE_LEFT_OUT);
    return BARK_OK;
}

/* The head, the sections, and that the build has what the types need; *image has its views then, and is all
 * zero otherwise. */
static enum bark_code frame_check(struct bark_image *image, struct bark_slice data, struct bark_error *err)
{
    enum bark_code code;
    *image = (struct bark_image){ 0 };
    if (err)
        *err = (struct bark_error){ 0 };
    code = head_check(data, err);
    if (code == BARK_OK)
        code = sections_check((const void *)data.ptr, err);
    if (code != BARK_OK)
        return code;
    views_set(image, data);
    return left_out_check(&(struct bark_check){ .image = image, .err = err });
}

enum bark_code bark_image_open(struct bark_image *image, struct bark_slice data, struct bark_error *err)
{
    struct bark_check check = { .image = image, .err = err };
    enum bark_code code = frame_check(image, data, err);
    if (code == BARK_OK)
        code = rows_check(&check);
    if (code != BARK_OK)
        *image = (struct bark_image){ 0 };
    return code;
}

enum bark_code bark_image_open_unproved(struct bark_image *image, struct bark_slice data,
                                        struct bark_error *err)
{
    const enum bark_code code = frame_check(image, data, err);
    if (code != BARK_OK)
        *image = (struct bark_image){ 0 };
    return code;
}
