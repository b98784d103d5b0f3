/* table/check_message.c - proves what names other rows and has no layout: wildcards, FIRSTS, roots,
 * operations and services (T33 to T36, T38, T39).
 */
#include "table/check.h"

static bool name_or_none(const struct bark_image *im, uint16_t name)
{
    return name == BARK_NONE || name < im->name_count;
}

#define KNOWN_FLAGS \
    (BARK_OPERATION_ONE_WAY | BARK_OPERATION_RPC | BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12 | \
     BARK_OPERATION_HEADERS | BARK_OPERATION_OUTBOUND | BARK_OPERATION_ENCODED | \
     BARK_OPERATION_ACTION_NAMED | BARK_OPERATION_PAIRED)

/* T38. The type rows are proved before. */
static enum bark_code declared_check(struct bark_check *c, uint32_t index)
{
    const struct bark_image *im = c->image;
    const struct bark_wildcard_row *row = &im->wildcards[index];
    const uint16_t *types = &im->lists[row->first];
    bool good = index == 0 && row->count == 3 && types[0] < im->type_count &&
                im->types[types[0]].kind == BARK_KIND_STRUCT;
    good = good && (types[1] == BARK_NONE ||
                    (types[1] < im->type_count && im->types[types[1]].model == BARK_MODEL_CHOICE));
    good = good && (types[2] == BARK_NONE ||
                    (types[2] < im->type_count && im->types[types[2]].kind == BARK_KIND_STRUCT));
    return good ? BARK_OK
                : bark_check_refuse(c, BARK_SECTION_WILDCARDS, index,
                                    "T38: DECLARED is row 0 and names a struct, a choice of elements and a "
                                    "struct of attributes");
}

static enum bark_code wildcard_check(struct bark_check *c, uint32_t index, uint32_t *lists_end)
{
    const struct bark_image *im = c->image;
    const struct bark_wildcard_row *row = &im->wildcards[index];
    uint32_t i;
    if (row->mode > BARK_WILDCARD_DECLARED || row->process > 2 || row->drop > 1 || row->reserved != 0)
        return bark_check_refuse(c, BARK_SECTION_WILDCARDS, index,
                                 "T12: modes are known, reserved bytes are 0");
    if ((row->mode == BARK_WILDCARD_ANY && row->count != 0) ||
        (row->mode == BARK_WILDCARD_NOT && row->count != 1) ||
        !bark_check_range(row->first, row->count, im->list_count, lists_end))
        return bark_check_refuse(
            c, BARK_SECTION_WILDCARDS, index,
            "T33: a wildcard's namespaces exist, in row order, as many as its mode wants");
    if (row->mode == BARK_WILDCARD_DECLARED)
        return declared_check(c, index);
    for (i = row->first; i < (uint32_t)row->first + row->count; i++) {
        if (im->lists[i] >= im->namespace_count)
            return bark_check_refuse(c, BARK_SECTION_LISTS, i, BARK_RULE_T11);
    }
    return BARK_OK;
}

const char *bark_check_wildcard_used(const struct bark_image *im, uint16_t row)
{
    if (row >= im->wildcard_count)
        return BARK_RULE_T11;
    return im->wildcards[row].mode == BARK_WILDCARD_DECLARED ? "T38: nothing refers to the DECLARED row"
                                                             : NULL;
}

static const char *first_broken(const struct bark_image *im, const struct bark_first_row *row)
{
    if (row->kind == BARK_FIELD_ELEMENT)
        return row->name < im->name_count && row->ns < im->namespace_count ? NULL : BARK_RULE_T11;
    if (row->kind != BARK_FIELD_ANY || row->ns != 0)
        return "T12: a group opens with an element or a wildcard";
    return bark_check_wildcard_used(im, row->name);
}

enum bark_code bark_check_wildcards(struct bark_check *c)
{
    uint32_t i, lists_end = 0;
    for (i = 0; i < c->image->wildcard_count; i++) {
        const enum bark_code code = wildcard_check(c, i, &lists_end);
        if (code != BARK_OK)
            return code;
    }
    for (i = 0; i < c->image->first_count; i++) {
        const char *rule = first_broken(c->image, &c->image->firsts[i]);
        if (rule)
            return bark_check_refuse(c, BARK_SECTION_FIRSTS, i, rule);
    }
    return BARK_OK;
}

/* T34 for one side of a row whose group is there. The side may be no root. */
static const char *side_broken(const struct bark_image *im, const struct bark_root_row *row, size_t side)
{
    const uint16_t *group = im->lists + row->group;
    const uint16_t trait_row = group[BARK_GROUP_TRAIT + side], type = row->type[side];
    const uint32_t root = (uint32_t)(row - im->roots) + (side ? im->root_count : 0);
    const struct bark_trait_row *trait;
    if (trait_row >= im->trait_count || !name_or_none(im, group[BARK_GROUP_TAIL + side]) ||
        (type != BARK_NONE && type >= im->type_count))
        return BARK_RULE_T11;
    trait = &im->traits[trait_row];
    if (trait->ns >= im->namespace_count)
        return BARK_RULE_T11;
    if ((trait->bits & ~(BARK_F_NILLABLE | BARK_F_SECRET)) != 0 || trait->has != BARK_NO_HAS)
        return "T12: reserved bits and bytes are 0";
    if ((type != BARK_NONE && im->types[type].kind == BARK_KIND_GROUP) ||
        (trait->extra != BARK_NONE &&
         (im->list_count < BARK_ROOT_NAMESPACES || trait->extra > im->list_count - BARK_ROOT_NAMESPACES)) ||
        (im->namespace_count < 64 && (bark_root_namespaces(im, (uint16_t)root) >> im->namespace_count) != 0))
        return "T34: a root has a struct or value type and uses namespaces that exist";
    return NULL;
}

/* T34. */
static enum bark_code root_check(struct bark_check *c, uint32_t index)
{
    const struct bark_image *im = c->image;
    const struct bark_root_row *row = &im->roots[index];
    const char *rule = NULL;
    size_t side;
    if (row->name >= im->name_count || im->list_count < BARK_ROOT_GROUP ||
        row->group > im->list_count - BARK_ROOT_GROUP)
        rule = BARK_RULE_T11;
    else if (row->type[0] == BARK_NONE && row->type[1] == BARK_NONE)
        rule = "T34: a row of roots has one at least";
    for (side = 0; side < 2 && !rule; side++)
        rule = side_broken(im, row, side);
    return rule ? bark_check_refuse(c, BARK_SECTION_ROOTS, index, rule) : BARK_OK;
}

static bool root_or_none(const struct bark_image *im, uint16_t root)
{
    return root == BARK_NONE || bark_root_type(im, root) != BARK_NONE;
}

/* T39. How many LISTS entries the headers at `at` are, or 0 when they break the rule. */
static uint32_t headers_size(const struct bark_image *im, uint32_t at)
{
    uint32_t sum = 0, i;
    if (at > im->list_count || im->list_count - at < 3)
        return 0;
    for (i = 0; i < 3; i++) {
        if (im->lists[at + i] > BARK_HEADERS_MAX)
            return 0;
        sum += im->lists[at + i];
    }
    return sum == 0 || im->list_count - at - 3 < sum ? 0 : 3 + sum;
}

/* T39. Roots that exist, each once in its list: a header struct has one pointer for each. */
static enum bark_code headers_check(struct bark_check *c, uint32_t at)
{
    const struct bark_image *im = c->image;
    const uint16_t *counts = &im->lists[at];
    uint32_t list, i, k, first = at + 3;
    for (list = 0; list < 3; first += counts[list++])
        for (i = 0; i < counts[list]; i++) {
            if (bark_root_type(im, im->lists[first + i]) == BARK_NONE)
                return bark_check_refuse(c, BARK_SECTION_LISTS, first + i, BARK_RULE_T11);
            for (k = 0; k < i; k++)
                if (im->lists[first + k] == im->lists[first + i])
                    return bark_check_refuse(c, BARK_SECTION_LISTS, first + i,
                                             "T39: a header root stands once in its list");
        }
    return BARK_OK;
}

/* T11, T12, T35, T39 for the LISTS entries from `at` on. *lists_end is where the binding before ends, and
 * moves.
 */
static const char *binding_broken(const struct bark_image *im, uint32_t at, uint32_t *lists_end)
{
    static const char rule[] = "T35: bindings of operations exist, in row order, without overlap";
    const uint16_t *binding = im->lists + at;
    uint32_t size = BARK_BINDING_ENTRIES;
    unsigned flags;
    if (at > im->list_count || im->list_count - at < BARK_BINDING_ENTRIES ||
        binding[BARK_BINDING_FAULTS] > UINT8_MAX)
        return rule;
    flags = binding[BARK_BINDING_FLAGS];
    if (binding[BARK_BINDING_SERVICE] >= im->service_count || !name_or_none(im, binding[BARK_BINDING_NAME]) ||
        !root_or_none(im, binding[BARK_BINDING_OUTPUT]) ||
        !name_or_none(im, binding[BARK_BINDING_ACTION_BASE]) ||
        !name_or_none(im, binding[BARK_BINDING_ACTION_END]))
        return BARK_RULE_T11;
    if ((flags & ~(unsigned)KNOWN_FLAGS) != 0 ||
        (flags & BARK_OPERATION_ACTION_NAMED && binding[BARK_BINDING_ACTION_END] != BARK_NONE) ||
        (flags & BARK_OPERATION_PAIRED && binding[BARK_BINDING_OUTPUT] != BARK_NONE))
        return "T12: reserved bits and bytes are 0";
    size += binding[BARK_BINDING_FAULTS];
    if (flags & BARK_OPERATION_HEADERS) {
        const uint32_t headers = headers_size(im, at + size);
        if (headers == 0)
            return "T39: after the faults stand three counts, at most 32 each and not all 0, and as many "
                   "header "
                   "roots";
        size += headers;
    }
    return bark_check_range(at, size, im->list_count, lists_end) ? NULL : rule;
}

/* What a binding's faults and headers name exists. */
static enum bark_code binding_roots_check(struct bark_check *c, uint32_t at)
{
    const struct bark_image *im = c->image;
    const uint32_t faults = at + BARK_BINDING_ENTRIES, end = faults + im->lists[at + BARK_BINDING_FAULTS];
    uint32_t i;
    for (i = faults; i < end; i++) {
        if (bark_root_type(im, im->lists[i]) == BARK_NONE)
            return bark_check_refuse(c, BARK_SECTION_LISTS, i, BARK_RULE_T11);
    }
    return im->lists[at + BARK_BINDING_FLAGS] & BARK_OPERATION_HEADERS ? headers_check(c, end) : BARK_OK;
}

/* T35. The ranges of services are proved before. An operation may share its neighbour's binding, which is
 * then proved already: so the whole stays linear. */
static enum bark_code operation_check(struct bark_check *c, uint32_t index, uint32_t *lists_end)
{
    const struct bark_image *im = c->image;
    const struct bark_operation_row *row = &im->operations[index];
    const bool shared = index > 0 && row[-1].binding == row->binding;
    const struct bark_service_row *service;
    const uint16_t *binding;
    const char *rule = root_or_none(im, row->input) ? NULL : BARK_RULE_T11;
    unsigned flags;
    if (!rule && !shared)
        rule = binding_broken(im, row->binding, lists_end);
    if (rule)
        return bark_check_refuse(c, BARK_SECTION_OPERATIONS, index, rule);
    binding = im->lists + row->binding;
    flags = binding[BARK_BINDING_FLAGS];
    if ((binding[BARK_BINDING_NAME] == BARK_NONE && row->input == BARK_NONE) ||
        (flags & BARK_OPERATION_PAIRED &&
         (row->input >= im->root_count || im->roots[row->input].type[1] == BARK_NONE)))
        return bark_check_refuse(c, BARK_SECTION_OPERATIONS, index,
                                 "T35: an operation has a name, and the roots that its binding speaks of");
    service = &im->services[binding[BARK_BINDING_SERVICE]];
    if (index < service->first || index - service->first >= service->count ||
        (flags & BARK_OPERATION_ONE_WAY && bark_operation_output(im, (uint16_t)index) != BARK_NONE))
        return bark_check_refuse(
            c, BARK_SECTION_OPERATIONS, index,
            "T35: an operation is in its service's range, and a one-way one has no output");
    return shared ? BARK_OK : binding_roots_check(c, row->binding);
}

/* T36. */
static enum bark_code service_check(struct bark_check *c, uint32_t index, uint32_t *operations_end)
{
    const struct bark_image *im = c->image;
    const struct bark_service_row *row = &im->services[index];
    if (row->name >= im->name_count || row->ns >= im->namespace_count)
        return bark_check_refuse(c, BARK_SECTION_SERVICES, index, BARK_RULE_T11);
    if (row->reserved != 0)
        return bark_check_refuse(c, BARK_SECTION_SERVICES, index, "T12: reserved bits and bytes are 0");
    if (!bark_check_text(c, row->address, row->address_len))
        return bark_check_refuse(c, BARK_SECTION_SERVICES, index, BARK_RULE_T9);
    if (!bark_check_range(row->first, row->count, im->operation_count, operations_end))
        return bark_check_refuse(c, BARK_SECTION_SERVICES, index,
                                 "T36: the operations of a service exist, in row order, without overlap");
    return BARK_OK;
}

enum bark_code bark_check_messages(struct bark_check *c)
{
    enum bark_code code = BARK_OK;
    uint32_t i, operations_end = 0, lists_end = 0;
    for (i = 0; code == BARK_OK && i < c->image->root_count; i++)
        code = root_check(c, i);
    for (i = 0; code == BARK_OK && i < c->image->service_count; i++)
        code = service_check(c, i, &operations_end);
    for (i = 0; code == BARK_OK && i < c->image->operation_count; i++)
        code = operation_check(c, i, &lists_end);
    return code;
}
