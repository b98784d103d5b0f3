/* table/root.c - roots and operations: what their rows leave out because their neighbours say it.
 *
 * A request and its answer share a row, since their names start alike; what rows have in common (namespace,
 * how names end, service, SOAP action) stands in LISTS, once. So nearly all of a service is what its
 * operations differ in: a name and two types. None of this runs per element.
 */
#include "table/root.h"

#include <string.h>

/* The row of a root number, and which side of it. */
static const struct bark_root_row *row_of(const struct bark_image *image, uint32_t root, size_t *side)
{
    *side = root >= image->root_count;
    return &image->roots[root - (*side ? image->root_count : 0)];
}

static struct bark_slice name_or_empty(const struct bark_image *image, uint16_t row)
{
    const struct bark_slice none = { image->pool, 0 };
    return row == BARK_NONE ? none : bark_image_name(image, row);
}

bool bark_joined_is(const struct bark_joined *joined, struct bark_slice text)
{
    const size_t head = joined->head.len;
    return text.len == head + joined->tail.len &&
           (head == 0 || memcmp(text.ptr, joined->head.ptr, head) == 0) &&
           (text.len == head || memcmp(text.ptr + head, joined->tail.ptr, text.len - head) == 0);
}

uint16_t bark_root_type(const struct bark_image *image, uint32_t root)
{
    size_t side;
    return root < bark_root_end(image) ? row_of(image, root, &side)->type[side] : BARK_NONE;
}

const struct bark_trait_row *bark_root_trait(const struct bark_image *image, uint16_t root)
{
    size_t side;
    const struct bark_root_row *row = row_of(image, root, &side);
    return &image->traits[image->lists[row->group + BARK_GROUP_TRAIT + side]];
}

struct bark_joined bark_root_name(const struct bark_image *image, uint16_t root)
{
    size_t side;
    const struct bark_root_row *row = row_of(image, root, &side);
    return (struct bark_joined){ bark_image_name(image, row->name),
                                 name_or_empty(image, image->lists[row->group + BARK_GROUP_TAIL + side]) };
}

bool bark_root_is(const struct bark_image *image, uint32_t root, struct bark_slice local)
{
    const struct bark_root_row *row;
    struct bark_slice head, tail;
    size_t side;
    if (root >= bark_root_end(image) || !bark_root_may_be(image, root, local))
        return false;
    row = row_of(image, root, &side);
    head = bark_image_name(image, row->name);
    if (head.len > local.len || (head.len > 0 && memcmp(head.ptr, local.ptr, head.len) != 0))
        return false;
    tail = name_or_empty(image, image->lists[row->group + BARK_GROUP_TAIL + side]);
    return row->type[side] != BARK_NONE && tail.len == local.len - head.len &&
           (tail.len == 0 || memcmp(tail.ptr, local.ptr + head.len, tail.len) == 0);
}

static bool root_is(const struct bark_image *image, uint32_t root, struct bark_slice local, uint16_t ns)
{
    return bark_root_is(image, root, local) && bark_root_ns(image, (uint16_t)root) == ns;
}

uint16_t bark_root_named(const struct bark_image *image, struct bark_slice local, uint16_t ns)
{
    const uint32_t rows = image->root_count;
    uint32_t i, found = BARK_NONE;
    for (i = 0; i < rows; i++) {
        if (!bark_root_may_be(image, i, local))
            continue;
        if (root_is(image, i, local, ns))
            return (uint16_t)i;
        if (found == BARK_NONE && root_is(image, i + rows, local, ns))
            found = i + rows; /* unless a later row's first name is the same */
    }
    return (uint16_t)found;
}

uint64_t bark_root_namespaces(const struct bark_image *image, uint16_t root)
{
    const uint16_t at = bark_root_trait(image, root)->extra;
    uint64_t bits = 0;
    unsigned i;
    for (i = BARK_ROOT_NAMESPACES; at != BARK_NONE && i-- > 0;)
        bits = bits << 16 | image->lists[at + i];
    return bits;
}

struct bark_slice bark_operation_name(const struct bark_image *image, uint16_t operation)
{
    const uint16_t own = bark_operation_binding(image, operation)[BARK_BINDING_NAME];
    size_t side;
    return bark_image_name(
        image, own != BARK_NONE ? own : row_of(image, image->operations[operation].input, &side)->name);
}

uint16_t bark_operation_output(const struct bark_image *image, uint16_t operation)
{
    const uint16_t *binding = bark_operation_binding(image, operation);
    if (binding[BARK_BINDING_FLAGS] & BARK_OPERATION_PAIRED)
        return (uint16_t)(image->operations[operation].input + image->root_count);
    return binding[BARK_BINDING_OUTPUT];
}

struct bark_joined bark_operation_action(const struct bark_image *image, uint16_t operation)
{
    const uint16_t *binding = bark_operation_binding(image, operation);
    struct bark_joined action = { name_or_empty(image, binding[BARK_BINDING_ACTION_BASE]),
                                  name_or_empty(image, binding[BARK_BINDING_ACTION_END]) };
    if (binding[BARK_BINDING_FLAGS] & BARK_OPERATION_ACTION_NAMED)
        action.tail = bark_operation_name(image, operation);
    return action;
}

struct bark_header_roots bark_image_headers(const struct bark_image *image, uint16_t operation)
{
    const uint16_t *binding = bark_operation_binding(image, operation);
    struct bark_header_roots h = { NULL, NULL, NULL, 0, 0, 0 };
    if (binding[BARK_BINDING_FLAGS] & BARK_OPERATION_HEADERS) {
        const uint16_t *counts = binding + BARK_BINDING_ENTRIES + binding[BARK_BINDING_FAULTS];
        h.input_count = counts[0];
        h.output_count = counts[1];
        h.fault_count = counts[2];
        h.input = counts + 3;
        h.output = h.input + h.input_count;
        h.faults = h.output + h.output_count;
    }
    return h;
}
