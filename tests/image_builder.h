/* tests/image_builder.h - builds small table images row by row, for tests.
 *
 * The compiler proper is compiler/lower; this one only appends, so that a test can also build what no
 * compiler would. Rows go in the order that docs/table-format.md asks for, by the test's own care.
 */
#ifndef IMAGE_BUILDER_H
#define IMAGE_BUILDER_H

#include "wide_rows.h"

#include <stdlib.h>
#include <string.h>

enum { IB_ROWS = 256, IB_POOL = 16384, IB_IMAGE = 65536 };

struct image_builder {
    struct bark_namespace_row namespaces[16];
    uint32_t names[IB_ROWS];
    struct bark_type_row types[IB_ROWS];
    struct wide_field fields[IB_ROWS];
    struct bark_extra_row extras[IB_ROWS];
    struct bark_facet_row facets[IB_ROWS];
    struct bark_pattern_row patterns[16];
    struct bark_first_row firsts[IB_ROWS];
    struct bark_wildcard_row wildcards[IB_ROWS];
    uint16_t lists[2 * IB_ROWS];
    struct wide_root roots[IB_ROWS];
    struct wide_operation operations[IB_ROWS];
    struct bark_service_row services[16];
    struct bark_http_row https[16];
    uint32_t http_count;
    uint8_t pool[IB_POOL];
    uint32_t count[BARK_SECTION_COUNT];
    /* What ib_finish() makes of fields, roots and operations. */
    struct bark_field_row field_rows[IB_ROWS];
    struct bark_root_row root_rows[IB_ROWS];
    struct bark_operation_row operation_rows[IB_ROWS];
    struct bark_trait_row traits[2 * IB_ROWS];
    uint16_t packed_lists[12 * IB_ROWS];
    _Alignas(8) uint8_t image[IB_IMAGE];
};

/* The next row number of a section; a full section ends the test program. */
static inline uint16_t ib_row(struct image_builder *b, enum bark_section section, uint32_t rows)
{
    const uint32_t at = b->count[section];
    if (at >= rows)
        abort();
    b->count[section]++;
    return (uint16_t)at;
}

/* Appends bytes and a NUL to the pool, or finds them there. */
static inline uint32_t ib_text(struct image_builder *b, const char *text)
{
    const size_t len = strlen(text) + 1;
    uint32_t at = 0;
    while (at < b->count[BARK_SECTION_POOL]) {
        const size_t here = strlen((const char *)b->pool + at) + 1;
        if (here == len && memcmp(b->pool + at, text, len) == 0)
            return at;
        at += (uint32_t)here;
    }
    if (len > IB_POOL - at)
        abort();
    memcpy(b->pool + at, text, len);
    b->count[BARK_SECTION_POOL] += (uint32_t)len;
    return at;
}

static inline uint16_t ib_name(struct image_builder *b, const char *text)
{
    const uint32_t row = BARK_NAME(ib_text(b, text), strlen(text));
    uint32_t i;
    for (i = 0; i < b->count[BARK_SECTION_NAMES]; i++) {
        if (b->names[i] == row)
            return (uint16_t)i;
    }
    i = ib_row(b, BARK_SECTION_NAMES, IB_ROWS);
    b->names[i] = row;
    return (uint16_t)i;
}

static inline uint8_t ib_namespace(struct image_builder *b, const char *uri, const char *prefix)
{
    const uint16_t i = ib_row(b, BARK_SECTION_NAMESPACES, 16);
    b->namespaces[i] = (struct bark_namespace_row){ ib_text(b, uri), ib_text(b, prefix),
                                                    (uint16_t)strlen(uri), (uint16_t)strlen(prefix) };
    return (uint8_t)i;
}

/* Starts an empty image: the empty text and namespace row 0. */
static inline void ib_init(struct image_builder *b)
{
    memset(b, 0, sizeof *b);
    ib_text(b, "");
    ib_namespace(b, "", "");
}

#define IB_APPEND(name, section, row_type, member) \
    static inline uint16_t name(struct image_builder *b, row_type row) \
    { \
        const uint16_t i = ib_row(b, section, (uint32_t)(sizeof b->member / sizeof *b->member)); \
        b->member[i] = row; \
        return i; \
    }
IB_APPEND(ib_type, BARK_SECTION_TYPES, struct bark_type_row, types)
IB_APPEND(ib_field, BARK_SECTION_FIELDS, struct wide_field, fields)
IB_APPEND(ib_extra, BARK_SECTION_EXTRAS, struct bark_extra_row, extras)
IB_APPEND(ib_facet, BARK_SECTION_FACETS, struct bark_facet_row, facets)
IB_APPEND(ib_first, BARK_SECTION_FIRSTS, struct bark_first_row, firsts)
IB_APPEND(ib_wildcard, BARK_SECTION_WILDCARDS, struct bark_wildcard_row, wildcards)
IB_APPEND(ib_list, BARK_SECTION_LISTS, uint16_t, lists)
IB_APPEND(ib_root, BARK_SECTION_ROOTS, struct wide_root, roots)
IB_APPEND(ib_operation, BARK_SECTION_OPERATIONS, struct wide_operation, operations)
IB_APPEND(ib_service, BARK_SECTION_SERVICES, struct bark_service_row, services)
#undef IB_APPEND

/* A root's set of namespaces. */
static inline uint16_t ib_namespaces(struct image_builder *b, uint64_t set)
{
    const uint16_t at = ib_list(b, (uint16_t)set);
    unsigned i;
    for (i = 1; i < BARK_ROOT_NAMESPACES; i++)
        ib_list(b, (uint16_t)(set >> 16 * i));
    return at;
}

/* A value type without facets. */
static inline uint16_t ib_plain(struct image_builder *b, enum bark_kind kind, size_t size)
{
    return ib_type(
        b, (struct bark_type_row){
               .kind = (uint8_t)kind, .flags = BARK_TYPE_PLAIN, .size = (uint16_t)size, .name = BARK_NONE });
}

/* A pattern's tables. Call it when every text is in the pool. */
static inline uint16_t ib_pattern(struct image_builder *b, uint32_t source, const uint8_t map[256],
                                  const uint16_t *next, const uint8_t *accept, uint16_t states,
                                  uint16_t classes)
{
    const uint16_t i = ib_row(b, BARK_SECTION_PATTERNS, 16);
    struct bark_pattern_row row = { .states = states, .classes = classes, .source = source };
    const uint32_t next_bytes = (uint32_t)bark_pattern_next_bytes(&row), cell = next_bytes / states / classes;
    uint32_t at = b->count[BARK_SECTION_POOL], k;
    row.classes_map = at;
    row.next = at + BARK_PATTERN_MAP;
    row.accept = row.next + next_bytes;
    if (BARK_PATTERN_MAP + next_bytes + states > IB_POOL - at)
        abort();
    b->patterns[i] = row;
    memcpy(b->pool + at, map, BARK_PATTERN_MAP);
    for (k = 0; k < (uint32_t)states * classes; k++) {
        b->pool[row.next + cell * k] = (uint8_t)next[k];
        if (cell > 1)
            b->pool[row.next + cell * k + 1] = (uint8_t)(next[k] >> 8);
    }
    for (k = 0; k < states; k++)
        b->pool[row.accept + k / 8] |= (uint8_t)(accept[k] << k % 8);
    b->count[BARK_SECTION_POOL] = row.accept + bark_pattern_accept_bytes(&row);
    return i;
}

/* How many LISTS entries the faults and headers of an operation are; those that there are, if a test broke
 * them.
 */
static inline uint32_t ib_binding_tail(const struct image_builder *b, const struct wide_operation *op)
{
    const uint32_t end = b->count[BARK_SECTION_LISTS];
    uint32_t size = op->fault_count, at = (uint32_t)op->first_fault + op->fault_count, i;
    if (op->flags & BARK_OPERATION_HEADERS && at + 3 <= end) {
        size += 3;
        for (i = 0; i < 3; i++)
            size += b->lists[at + i];
    }
    return op->first_fault > end ? 0 : size < end - op->first_fault ? size : end - op->first_fault;
}

/* Bindings stand behind all other LISTS entries, those of groups of roots in between. */
static inline uint32_t ib_messages_pack(struct image_builder *b)
{
    const uint32_t roots = b->count[BARK_SECTION_ROOTS];
    uint32_t at = b->count[BARK_SECTION_LISTS], i;
    memcpy(b->packed_lists, b->lists, at * sizeof *b->lists);
    if (at + BARK_ROOT_GROUP * roots > sizeof b->packed_lists / sizeof *b->packed_lists)
        abort();
    wide_roots_pack(b->roots, roots, b->root_rows, b->traits, b->count[BARK_SECTION_FIELDS],
                    b->packed_lists + at, at);
    at += BARK_ROOT_GROUP * roots;
    for (i = 0; i < b->count[BARK_SECTION_OPERATIONS]; i++) {
        const struct wide_operation *op = &b->operations[i];
        const uint32_t tail = ib_binding_tail(b, op);
        const uint16_t binding[BARK_BINDING_ENTRIES] = { op->service,     op->name,       op->output,
                                                         op->action_base, op->action_end, op->flags,
                                                         op->fault_count };
        if (at + BARK_BINDING_ENTRIES + tail > sizeof b->packed_lists / sizeof *b->packed_lists)
            abort();
        b->operation_rows[i] = (struct bark_operation_row){ op->input, (uint16_t)at };
        memcpy(b->packed_lists + at, binding, sizeof binding);
        memcpy(b->packed_lists + at + BARK_BINDING_ENTRIES, b->lists + op->first_fault,
               tail * sizeof *b->lists);
        at += BARK_BINDING_ENTRIES + tail;
    }
    return at;
}

/* Lays the sections out behind a head. The slice lives as long as the builder. */
static inline struct bark_slice ib_finish(struct image_builder *b)
{
    const struct {
        const void *rows;
        size_t row_bytes;
    } sections[] = {
        { b->namespaces, sizeof *b->namespaces },
        { b->names, sizeof *b->names },
        { b->types, sizeof *b->types },
        { b->field_rows, sizeof *b->field_rows },
        { b->traits, sizeof *b->traits },
        { b->extras, sizeof *b->extras },
        { b->facets, sizeof *b->facets },
        { b->patterns, sizeof *b->patterns },
        { b->firsts, sizeof *b->firsts },
        { b->wildcards, sizeof *b->wildcards },
        { b->packed_lists, sizeof *b->packed_lists },
        { b->root_rows, sizeof *b->root_rows },
        { b->operation_rows, sizeof *b->operation_rows },
        { b->services, sizeof *b->services },
        { b->pool, 1 },
    };
    struct bark_image_head head = { .magic = BARK_IMAGE_MAGIC,
                                    .major = BARK_IMAGE_MAJOR,
                                    .minor = BARK_IMAGE_MINOR,
                                    .pointer_bytes = sizeof(void *),
                                    .size_t_bytes = sizeof(size_t),
                                    .int64_align = _Alignof(int64_t),
                                    .section_count =
                                        (uint8_t)(BARK_SECTION_COUNT + (b->http_count ? 1 : 0)) };
    struct bark_image_section http = { 0, b->http_count };
    size_t at = b->http_count ? sizeof(struct bark_image_http_head) : sizeof head, i;
    uint32_t counts[BARK_SECTION_COUNT];
    memcpy(counts, b->count, sizeof counts);
    counts[BARK_SECTION_TRAITS] = counts[BARK_SECTION_FIELDS] + counts[BARK_SECTION_ROOTS];
    counts[BARK_SECTION_LISTS] = ib_messages_pack(b);
    wide_fields_pack(b->fields, counts[BARK_SECTION_FIELDS], b->field_rows, b->traits);
    memset(b->image, 0, sizeof b->image);
    for (i = 0; i < BARK_SECTION_COUNT; i++) {
        const size_t bytes = counts[i] * sections[i].row_bytes;
        if (bytes > sizeof b->image - at - 8)
            abort();
        head.sections[i] = (struct bark_image_section){ (uint32_t)at, counts[i] };
        memcpy(b->image + at, sections[i].rows, bytes);
        at = (at + bytes + 7) & ~(size_t)7;
    }
    if (b->http_count) {
        http.offset = (uint32_t)at;
        memcpy(b->image + sizeof head, &http, sizeof http);
        memcpy(b->image + at, b->https, b->http_count * sizeof *b->https);
        at += b->http_count * sizeof *b->https;
    }
    head.size = (uint32_t)at;
    memcpy(b->image, &head, sizeof head);
    return (struct bark_slice){ b->image, at };
}

#endif
