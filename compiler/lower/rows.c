/* lower/rows.c - the sections of the table image, in the order that docs/table-format.md asks for.
 *
 * Ranges of fields, facets and list entries stand in the order of the types that own them; entries of types
 * come before those of wildcards, and those before faults. DFA tables follow the last text of the pool.
 */
#include "lower/put.h"

#include <limits.h>
#include <string.h>

/* Sharing looks at this many extra rows, so that a hostile schema costs no square. */
enum { SHARED_EXTRAS = 1024 };

static uint16_t row_of(const struct soapc_ptype *t)
{
    return t ? (uint16_t)t->row : BARK_NONE;
}

static uint8_t align_bits(size_t align)
{
    return align >= 8   ? BARK_TYPE_ALIGN_8
           : align == 4 ? BARK_TYPE_ALIGN_4
           : align == 2 ? BARK_TYPE_ALIGN_2
                        : BARK_TYPE_ALIGN_1;
}

static bool facet_put(struct soapc_put *b, const struct soapc_pfacet *facet, struct soapc_place place)
{
    const size_t len = strlen(facet->text);
    if (len > ROWS_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, place, "a facet's value has more than %d bytes",
                    ROWS_MAX);
        return false;
    }
    struct bark_facet_row *items = soapc_put_row(b, BARK_SECTION_FACETS, b->rows->facets, sizeof *items);
    if (!items)
        return false;
    b->rows->facets = items;
    struct bark_facet_row *row = &items[b->rows->count[BARK_SECTION_FACETS]++];
    *row = (struct bark_facet_row){ .kind = (uint8_t)facet->kind,
                                    .text_len = (uint16_t)len,
                                    .value = facet->value };
    return soapc_put_text(b, facet->text, &row->text);
}

/* First list entry and facet of a value type, and their counts. */
static bool value_put(struct soapc_put *b, const struct soapc_ptype *t, struct bark_type_row *row)
{
    if (t->kind == BARK_KIND_LIST)
        row->first = row_of(t->item);
    if (t->kind == BARK_KIND_ENUM || t->kind == BARK_KIND_UNION) {
        row->first = soapc_put_end(b, BARK_SECTION_LISTS);
        row->count = (uint16_t)(t->kind == BARK_KIND_ENUM ? t->value_count : t->union_count);
    }
    for (size_t i = 0; t->kind == BARK_KIND_ENUM && i < t->value_count; i++) {
        uint16_t name;
        if (!soapc_put_name(b, t->values[i], t->place, &name) || !soapc_put_list(b, name))
            return false;
    }
    for (size_t i = 0; t->kind == BARK_KIND_UNION && i < t->union_count; i++)
        if (!soapc_put_list(b, row_of(t->union_members[i])))
            return false;
    row->extra = t->facet_count ? soapc_put_end(b, BARK_SECTION_FACETS) : 0;
    row->presence = (uint16_t)t->facet_count;
    for (size_t i = 0; i < t->facet_count; i++)
        if (!facet_put(b, &t->facets[i], t->place))
            return false;
    return true;
}

static bool type_put(struct soapc_put *b, const struct soapc_ptype *t)
{
    struct bark_type_row *items = soapc_put_row(b, BARK_SECTION_TYPES, b->rows->types, sizeof *items);
    struct bark_type_row row = { .kind = (uint8_t)t->kind,
                                 .model = (uint8_t)t->model,
                                 .flags = t->flags,
                                 .size = (uint16_t)t->size,
                                 .name = BARK_NONE };
    if (!items)
        return false;
    b->rows->types = items;
    if (!soapc_put_namespace_byte(b, t->ns, &row.ns))
        return false;
    if (t->local && !soapc_put_name(b, t->local, t->place, &row.name))
        return false;
    if (t->kind > BARK_KIND_GROUP) {
        if (!value_put(b, t, &row))
            return false;
    } else {
        row.flags |= align_bits(t->align);
        row.presence = (uint16_t)t->presence;
        row.extra = (uint16_t)t->attribute_count; /* a group's FIRSTS and all fields come in a later round */
        row.count = (uint16_t)t->field_count;
    }
    items[b->rows->count[BARK_SECTION_TYPES]++] = row;
    return true;
}

static bool first_put(struct soapc_put *b, const struct soapc_pfirst *first, struct soapc_place place)
{
    struct bark_first_row row = { .kind = first->wildcard ? BARK_FIELD_ANY : BARK_FIELD_ELEMENT };
    struct bark_first_row *items = soapc_put_row(b, BARK_SECTION_FIRSTS, b->rows->firsts, sizeof *items);
    if (!items)
        return false;
    b->rows->firsts = items;
    if (first->wildcard ? !soapc_put_wildcard(b, first->wildcard, &row.name)
                        : !soapc_put_name(b, first->local, place, &row.name) ||
                              !soapc_put_namespace_byte(b, first->ns, &row.ns))
        return false;
    items[b->rows->count[BARK_SECTION_FIRSTS]++] = row;
    return true;
}

static bool extra_put(struct soapc_put *b, const struct soapc_pfield *field, uint16_t *index)
{
    struct bark_extra_row *items = soapc_put_row(b, BARK_SECTION_EXTRAS, b->rows->extras, sizeof *items);
    struct bark_extra_row row = { .occurs_min = 0 };
    const char *text = field->text ? field->text : "";
    if (!items || !soapc_put_text(b, text, &row.text))
        return false;
    b->rows->extras = items;
    row.text_len = (uint32_t)strlen(text);
    if (field->bits & BARK_F_OCCURS) {
        row.occurs_min = field->min;
        row.occurs_max = field->max;
    }
    const size_t known = b->rows->count[BARK_SECTION_EXTRAS];
    for (size_t i = 0; i < known && i < SHARED_EXTRAS; i++) {
        if (memcmp(&items[i], &row, sizeof row) == 0) {
            *index = (uint16_t)i;
            return true;
        }
    }
    *index = soapc_put_end(b, BARK_SECTION_EXTRAS);
    items[b->rows->count[BARK_SECTION_EXTRAS]++] = row;
    return true;
}

static bool field_put(struct soapc_put *b, const struct soapc_pfield *field)
{
    struct bark_field_row row = { .name = BARK_NONE,
                                  .offset = (uint16_t)field->offset,
                                  .type = row_of(field->type) };
    struct bark_trait_row trait = { .bits = (uint16_t)(field->kind | field->bits),
                                    .has = field->has,
                                    .extra = BARK_NONE };
    struct bark_field_row *items = soapc_put_row(b, BARK_SECTION_FIELDS, b->rows->fields, sizeof *items);
    if (!items)
        return false;
    b->rows->fields = items;
    if (field->wildcard && !soapc_put_wildcard(b, field->wildcard, &row.name))
        return false;
    if (field->local && (!soapc_put_name(b, field->local, field->place, &row.name) ||
                         !soapc_put_namespace_byte(b, field->ns, &trait.ns)))
        return false;
    if ((field->bits & (BARK_F_DEFAULT | BARK_F_FIXED | BARK_F_OCCURS)) && !extra_put(b, field, &trait.extra))
        return false;
    if (!soapc_put_trait(b, trait, &row.trait))
        return false;
    items[b->rows->count[BARK_SECTION_FIELDS]++] = row;
    return true;
}

static bool members_put(struct soapc_put *b, const struct soapc_ptype *t)
{
    struct bark_type_row *row = &b->rows->types[t->row];
    row->first = t->field_count ? soapc_put_end(b, BARK_SECTION_FIELDS) : 0;
    for (size_t i = 0; i < t->field_count; i++)
        if (!field_put(b, &t->fields[i]))
            return false;
    if (t->kind != BARK_KIND_GROUP)
        return true;
    row->extra = soapc_put_end(b, BARK_SECTION_FIRSTS);
    row->name = (uint16_t)t->first_count;
    for (size_t i = 0; i < t->first_count; i++)
        if (!first_put(b, &t->firsts[i], t->place))
            return false;
    return true;
}

/* [docs/table-format.md, T39] three counts, then the roots. */
static bool headers_put(struct soapc_put *b, const struct soapc_poperation *op)
{
    const struct soapc_pheaders *const lists[] = { &op->headers, &op->answer_headers, &op->header_faults };
    if (!(op->flags & BARK_OPERATION_HEADERS))
        return true;
    for (size_t i = 0; i < 3; i++)
        if (!soapc_put_list(b, (uint16_t)lists[i]->count))
            return false;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < lists[i]->count; k++)
            if (!soapc_put_list(b, soapc_root_number(b->plan, lists[i]->items[k].root)))
                return false;
    return true;
}

/* Where an action is cut: before the operation's name, or else behind the last '/' or '#'. */
static size_t action_cut(const char *action, const char *name)
{
    const size_t len = strlen(action), own = strlen(name);
    size_t cut = len;
    if (own <= len && strcmp(action + (len - own), name) == 0)
        return len - own;
    while (cut && action[cut - 1] != '/' && action[cut - 1] != '#')
        cut--;
    return cut;
}

static bool action_put(struct soapc_put *b, const struct soapc_poperation *op, uint16_t *binding)
{
    const size_t cut = action_cut(op->action, op->operation->name);
    const char *base = soapc_plan_printf(b->plan, "%.*s", (int)cut, op->action), *end = op->action + cut;
    if (!base)
        return false;
    if (cut > INT_MAX || cut > BARK_NAME_LEN_MAX || strlen(end) > BARK_NAME_LEN_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, op->operation->place,
                    "the action '%.40s...' is too long: %d bytes before and behind its last '/'", op->action,
                    BARK_NAME_LEN_MAX);
        return false;
    }
    if (*end && strcmp(end, op->operation->name) == 0)
        binding[BARK_BINDING_FLAGS] |= BARK_OPERATION_ACTION_NAMED;
    else if (*end && !soapc_put_name(b, end, op->operation->place, &binding[BARK_BINDING_ACTION_END]))
        return false;
    return !*base || soapc_put_name(b, base, op->operation->place, &binding[BARK_BINDING_ACTION_BASE]);
}

/* A binding's entries in LISTS, or those of the operation before when they are the same. */
static bool binding_put(struct soapc_put *b, const struct soapc_poperation *op, uint16_t *row)
{
    const size_t start = b->rows->count[BARK_SECTION_LISTS], known = b->binding_end - b->binding;
    uint16_t binding[BARK_BINDING_ENTRIES] = { [BARK_BINDING_SERVICE] = (uint16_t)op->service,
                                               [BARK_BINDING_NAME] = BARK_NONE,
                                               [BARK_BINDING_OUTPUT] = BARK_NONE,
                                               [BARK_BINDING_ACTION_BASE] = BARK_NONE,
                                               [BARK_BINDING_ACTION_END] = BARK_NONE,
                                               [BARK_BINDING_FLAGS] = op->flags,
                                               [BARK_BINDING_FAULTS] = (uint16_t)op->fault_count };
    if (!soapc_root_names(b->plan, op->input, op->operation->name) &&
        !soapc_put_name(b, op->operation->name, op->operation->place, &binding[BARK_BINDING_NAME]))
        return false;
    if (op->output != BARK_NONE && soapc_root_pairs(b->plan, op->input, op->output))
        binding[BARK_BINDING_FLAGS] |= BARK_OPERATION_PAIRED;
    else if (op->output != BARK_NONE)
        binding[BARK_BINDING_OUTPUT] = soapc_root_number(b->plan, op->output);
    if (!action_put(b, op, binding))
        return false;
    for (size_t i = 0; i < BARK_BINDING_ENTRIES; i++)
        if (!soapc_put_list(b, binding[i]))
            return false;
    for (size_t i = 0; i < op->fault_count; i++)
        if (!soapc_put_list(b, soapc_root_number(b->plan, op->faults[i])))
            return false;
    if (!headers_put(b, op))
        return false;
    const size_t end = b->rows->count[BARK_SECTION_LISTS];
    if (end - start == known && b->binding_end == start &&
        memcmp(b->rows->lists + b->binding, b->rows->lists + start, known * sizeof(uint16_t)) == 0) {
        b->rows->count[BARK_SECTION_LISTS] = start;
    } else {
        b->binding = start;
        b->binding_end = end;
    }
    *row = (uint16_t)b->binding;
    return true;
}

static bool operation_put(struct soapc_put *b, const struct soapc_poperation *op)
{
    struct bark_operation_row row = { .input = soapc_root_number(b->plan, op->input) };
    struct bark_operation_row *items =
        soapc_put_row(b, BARK_SECTION_OPERATIONS, b->rows->operations, sizeof *items);
    if (op->fault_count > UINT8_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, op->operation->place,
                    "the operation '%.40s' has more than %d faults", op->operation->name, UINT8_MAX);
        return false;
    }
    if (!items || !binding_put(b, op, &row.binding))
        return false;
    b->rows->operations = items;
    items[b->rows->count[BARK_SECTION_OPERATIONS]++] = row;
    return true;
}

static bool service_put(struct soapc_put *b, const struct soapc_pservice *service)
{
    const struct soapc_port_type *port_type = service->port_type;
    struct bark_service_row row = { .first = (uint16_t)service->first,
                                    .count = (uint16_t)service->count,
                                    .address_len = (uint32_t)strlen(service->address) };
    struct bark_service_row *items =
        soapc_put_row(b, BARK_SECTION_SERVICES, b->rows->services, sizeof *items);
    if (!items || !soapc_put_name(b, port_type->name.local, port_type->place, &row.name) ||
        !soapc_put_namespace_byte(b, port_type->name.ns, &row.ns) ||
        !soapc_put_text(b, service->address, &row.address))
        return false;
    b->rows->services = items;
    items[b->rows->count[BARK_SECTION_SERVICES]++] = row;
    return true;
}

static bool http_put(struct soapc_put *b, const struct soapc_phttp *http, struct bark_http_row *row)
{
    const struct soapc_http *how = &http->bound->http;
    const char *in = soapc_http_lines(b->plan, &how->parts), *out = soapc_http_lines(b->plan, &how->answer);
    const char *answer = how->media ? how->media : out;
    const char *media = soapc_plan_printf(b->plan, "%s%s%s", in, *in && *answer ? "\n" : "", answer);
    if (!media)
        return false;
    if (strlen(media) > UINT16_MAX) {
        soapc_error(b->plan->diag, SOAPC_E_TABLE_LIMIT, http->bound->place,
                    "the media types of a multipart message have at most %d characters", UINT16_MAX);
        return false;
    }
    *row = (struct bark_http_row){ .operation = (uint16_t)http->operation,
                                   .flags = (uint16_t)((how->post ? BARK_HTTP_POST : 0) |
                                                       (how->media ? BARK_HTTP_CONTENT : 0)),
                                   .location_len = (uint16_t)strlen(how->location),
                                   .media_len = (uint16_t)strlen(media) };
    if (http->bound->operation->input.message->part_count && how->form == SOAPC_HTTP_REPLACED)
        row->flags |= BARK_HTTP_REPLACED;
    if (how->form == SOAPC_HTTP_XML)
        row->flags |= BARK_HTTP_XML;
    if (http->bound->operation->input.message->part_count && how->form == SOAPC_HTTP_PARTS)
        row->flags |= BARK_HTTP_PARTS;
    if (how->form == SOAPC_HTTP_RELATED)
        row->flags |= BARK_HTTP_RELATED;
    if (how->answer.count)
        row->flags |= BARK_HTTP_ANSWER_RELATED;
    return soapc_put_text(b, how->location, &row->location) && soapc_put_text(b, media, &row->media);
}

static bool https_put(struct soapc_put *b)
{
    struct soapc_plan *plan = b->plan;
    if (plan->http_count == 0)
        return true;
    if (plan->http_count > ROWS_MAX) {
        soapc_error(plan->diag, SOAPC_E_TABLE_LIMIT, SOAPC_NOWHERE,
                    "the tables hold at most %d HTTP bindings of operations", ROWS_MAX);
        return false;
    }
    b->rows->https = soapc_plan_alloc(plan, plan->http_count, sizeof *b->rows->https);
    b->rows->http_count = plan->http_count;
    for (size_t i = 0; b->rows->https && i < plan->http_count; i++)
        if (!http_put(b, &plan->https[i], &b->rows->https[i]))
            return false;
    return b->rows->https != NULL;
}

static bool pattern_put(struct soapc_put *b, const struct soapc_ppattern *pattern)
{
    struct bark_pattern_row *items =
        soapc_put_row(b, BARK_SECTION_PATTERNS, b->rows->patterns, sizeof *items);
    struct bark_pattern_row row = { .states = pattern->states, .classes = pattern->classes };
    if (!items || !soapc_put_text(b, pattern->text, &row.source))
        return false;
    b->rows->patterns = items;
    items[b->rows->count[BARK_SECTION_PATTERNS]++] = row;
    return true;
}

/* After every text is in the pool. */
static bool pattern_tables_put(struct soapc_put *b, const struct soapc_ppattern *pattern,
                               struct bark_pattern_row *row)
{
    const size_t cells = (size_t)pattern->states * pattern->classes;
    const size_t next_bytes = (size_t)bark_pattern_next_bytes(row), cell = next_bytes / cells;
    uint8_t *next = soapc_plan_alloc(b->plan, next_bytes, 1);
    uint8_t *accept = soapc_plan_alloc(b->plan, bark_pattern_accept_bytes(row), 1);
    if (!next || !accept)
        return false;
    for (size_t i = 0; i < cells; i++) {
        next[cell * i] = (uint8_t)(pattern->next[i] & 0xff);
        if (cell > 1)
            next[cell * i + 1] = (uint8_t)(pattern->next[i] >> 8);
    }
    for (size_t i = 0; i < pattern->states; i++)
        accept[i / 8] |= (uint8_t)(pattern->accept[i] << i % 8);
    return soapc_put_bytes(b, pattern->class_of, BARK_PATTERN_MAP, &row->classes_map) &&
           soapc_put_bytes(b, next, next_bytes, &row->next) &&
           soapc_put_bytes(b, accept, bark_pattern_accept_bytes(row), &row->accept);
}

bool soapc_rows_build(struct soapc_plan *plan)
{
    struct soapc_put b = { .plan = plan, .rows = &plan->rows };
    uint32_t offset;
    uint16_t none;
    b.uris = soapc_plan_alloc(plan, NAMESPACES_MAX, sizeof *b.uris);
    bool good = b.uris && soapc_put_text(&b, "", &offset) && soapc_put_namespace(&b, "", &none);
    for (size_t i = 0; good && i < plan->root_count; i++) /* namespaces of messages get the low numbers */
        good = soapc_put_namespace(&b, plan->roots[i].element->name.ns, &none);
    for (size_t i = 0; good && i < plan->type_count; i++)
        good = plan->types[i]->twin || type_put(&b, plan->types[i]);
    good = good && (!plan->assess || soapc_put_declared(&b));
    for (size_t i = 0; good && i < plan->type_count; i++)
        if (plan->types[i]->kind <= BARK_KIND_GROUP && !plan->types[i]->twin)
            good = members_put(&b, plan->types[i]);
    good = good && soapc_put_roots(&b);
    for (size_t i = 0; good && i < plan->operation_count; i++)
        good = operation_put(&b, &plan->operations[i]);
    for (size_t i = 0; good && i < plan->service_count; i++)
        good = service_put(&b, &plan->services[i]);
    good = good && https_put(&b);
    for (size_t i = 0; good && i < plan->pattern_count; i++)
        good = pattern_put(&b, &plan->patterns[i]);
    good = good && soapc_put_names_place(&b);
    plan->rows.pool_text = plan->rows.count[BARK_SECTION_POOL];
    for (size_t i = 0; good && i < plan->pattern_count; i++)
        good = pattern_tables_put(&b, &plan->patterns[i], &plan->rows.patterns[i]);
    return good;
}
