/* emit/bill.c - bytes of tables for each operation.
 *
 * An operation needs the types that its messages reach, and with them fields, facets, list entries, names and
 * texts. Each such piece has a price; who needs it decides whose bill it stands on. What nobody reaches
 * through a message (head, services, namespaces, texts of facets, padding) is common, so that the sum is the
 * image to the byte.
 */
#include "emit/bill.h"
#include "emit/image.h"

#include <stdlib.h>
#include <string.h>

enum { NOBODY = 0, SEVERAL = UINT32_MAX };

/* Rows of one kind: who needs each one (operation from 1), the operation that met it last, its price. */
struct pieces {
    uint32_t *owner, *met, *price;
    size_t count;
};

struct counter {
    const struct soapc_plan *plan;
    struct pieces types, names, traits, extras, patterns, wildcards, roots;
    uint16_t *queue; /* types of the current operation */
    size_t queue_count;
    uint32_t operation; /* from 1 */
    size_t bytes; /* of the current operation */
};

static void piece_count(struct counter *c, struct pieces *pieces, size_t index, size_t price)
{
    if (pieces->met[index] == c->operation)
        return;
    pieces->met[index] = c->operation;
    pieces->owner[index] = pieces->owner[index] == NOBODY ? c->operation : SEVERAL;
    pieces->price[index] = (uint32_t)price;
    c->bytes += price;
}

/* A name that stands in another one costs no text of its own. */
static size_t name_price(const struct soapc_rows *rows, uint16_t name)
{
    return sizeof(uint32_t) + rows->name_bytes[name];
}

static void name_count(struct counter *c, uint16_t name)
{
    if (name != BARK_NONE)
        piece_count(c, &c->names, name, name_price(&c->plan->rows, name));
}

static size_t pattern_price(const struct bark_pattern_row *row)
{
    return sizeof *row + BARK_PATTERN_MAP + (size_t)bark_pattern_next_bytes(row) +
           bark_pattern_accept_bytes(row);
}

/* Rows that belong to one type and to nothing else. */
static size_t type_price(const struct bark_type_row *row)
{
    size_t price = sizeof *row;
    if (row->kind == BARK_KIND_STRUCT || row->kind == BARK_KIND_GROUP) {
        price += row->count * sizeof(struct bark_field_row);
        if (row->kind == BARK_KIND_GROUP)
            price += row->name * sizeof(struct bark_first_row);
        return price;
    }
    if (row->kind == BARK_KIND_ENUM || row->kind == BARK_KIND_UNION)
        price += row->count * sizeof(uint16_t);
    return price + row->presence * sizeof(struct bark_facet_row);
}

static void type_need(struct counter *c, uint16_t type)
{
    if (type == BARK_NONE || c->types.met[type] == c->operation)
        return;
    piece_count(c, &c->types, type, type_price(&c->plan->rows.types[type]));
    c->queue[c->queue_count++] = type;
}

static void trait_count(struct counter *c, uint16_t trait)
{
    piece_count(c, &c->traits, trait, sizeof(struct bark_trait_row));
}

static void field_count(struct counter *c, const struct bark_field_row *field)
{
    const struct soapc_rows *rows = &c->plan->rows;
    const enum bark_field_kind kind = (enum bark_field_kind)(rows->traits[field->trait].bits & BARK_F_KIND);
    if (kind == BARK_FIELD_ANY || kind == BARK_FIELD_ANY_ATTRIBUTE) {
        const struct bark_wildcard_row *row = &rows->wildcards[field->name];
        piece_count(c, &c->wildcards, field->name, sizeof *row + row->count * sizeof(uint16_t));
    } else {
        name_count(c, field->name);
    }
    trait_count(c, field->trait);
    if (rows->traits[field->trait].extra != BARK_NONE)
        piece_count(c, &c->extras, rows->traits[field->trait].extra, sizeof(struct bark_extra_row));
    type_need(c, field->type);
}

static void type_count(struct counter *c, const struct bark_type_row *row)
{
    const struct soapc_rows *rows = &c->plan->rows;
    if (row->kind != BARK_KIND_GROUP)
        name_count(c, row->name);
    if (row->kind == BARK_KIND_STRUCT || row->kind == BARK_KIND_GROUP) {
        for (size_t i = row->first; i < (size_t)row->first + row->count; i++)
            field_count(c, &rows->fields[i]);
        return;
    }
    if (row->kind == BARK_KIND_LIST)
        type_need(c, row->first);
    for (size_t i = row->first; i < (size_t)row->first + row->count; i++) {
        if (row->kind == BARK_KIND_ENUM)
            name_count(c, rows->lists[i]);
        else
            type_need(c, rows->lists[i]);
    }
    for (size_t i = row->extra; i < (size_t)row->extra + row->presence; i++)
        if (rows->facets[i].kind == BARK_FACET_PATTERN)
            piece_count(c, &c->patterns, (size_t)rows->facets[i].value,
                        pattern_price(&rows->patterns[rows->facets[i].value]));
}

/* A row has two roots: who needs one of them needs it. */
static void root_count(struct counter *c, size_t root)
{
    if (root == BARK_NONE)
        return;
    const struct soapc_rows *rows = &c->plan->rows;
    const size_t number = c->plan->roots[root].number, side = number >= c->roots.count;
    const struct bark_root_row *row = &rows->roots[number % c->roots.count];
    piece_count(c, &c->roots, number % c->roots.count, sizeof *row);
    trait_count(c, rows->lists[row->group + BARK_GROUP_TRAIT + side]);
    name_count(c, row->name);
    name_count(c, rows->lists[row->group + BARK_GROUP_TAIL + side]);
    type_need(c, row->type[side]);
}

static size_t headers_price(const struct soapc_poperation *op)
{
    const size_t count = op->headers.count + op->answer_headers.count + op->header_faults.count;
    return count ? (count + 3) * sizeof(uint16_t) : 0;
}

static void headers_count(struct counter *c, const struct soapc_pheaders *list)
{
    for (size_t i = 0; i < list->count; i++)
        root_count(c, list->items[i].root);
}

static size_t operation_price(const struct soapc_rows *rows, size_t index)
{
    const uint16_t *binding = rows->lists + rows->operations[index].binding;
    const bool shared = index > 0 && rows->operations[index - 1].binding == rows->operations[index].binding;
    return sizeof *rows->operations +
           (shared ? 0 : (BARK_BINDING_ENTRIES + binding[BARK_BINDING_FAULTS]) * sizeof *binding);
}

static void operation_count(struct counter *c, size_t index)
{
    const struct soapc_poperation *op = &c->plan->operations[index];
    const uint16_t *binding = c->plan->rows.lists + c->plan->rows.operations[index].binding;
    c->operation = (uint32_t)index + 1;
    c->queue_count = c->bytes = 0;
    name_count(c, binding[BARK_BINDING_NAME]);
    name_count(c, binding[BARK_BINDING_ACTION_BASE]);
    name_count(c, binding[BARK_BINDING_ACTION_END]);
    root_count(c, op->input);
    root_count(c, op->output);
    for (size_t i = 0; i < op->fault_count; i++)
        root_count(c, op->faults[i]);
    headers_count(c, &op->headers);
    headers_count(c, &op->answer_headers);
    headers_count(c, &op->header_faults);
    for (size_t next = 0; next < c->queue_count; next++)
        type_count(c, &c->plan->rows.types[c->queue[next]]);
}

static bool pieces_new(struct pieces *pieces, size_t count)
{
    pieces->owner = calloc(count + 1, 3 * sizeof *pieces->owner);
    if (!pieces->owner)
        return false;
    pieces->met = pieces->owner + count + 1;
    pieces->price = pieces->met + count + 1;
    pieces->count = count;
    return true;
}

static size_t pieces_unneeded(const struct pieces *pieces)
{
    size_t count = 0;
    for (size_t i = 0; i < pieces->count; i++)
        count += pieces->owner[i] == NOBODY;
    return count;
}

static void pieces_settle(const struct pieces *pieces, struct soapc_bill *bill)
{
    for (size_t i = 0; i < pieces->count; i++) {
        if (pieces->owner[i] == SEVERAL)
            bill->shared += pieces->price[i];
        else if (pieces->owner[i] != NOBODY)
            bill->operations[pieces->owner[i] - 1].exclusive += pieces->price[i];
    }
}

static bool counter_new(struct counter *c, const struct soapc_plan *plan)
{
    const size_t *count = plan->rows.count;
    c->plan = plan;
    c->queue = calloc(count[BARK_SECTION_TYPES] + 1, sizeof *c->queue);
    return c->queue && pieces_new(&c->types, count[BARK_SECTION_TYPES]) &&
           pieces_new(&c->names, count[BARK_SECTION_NAMES]) &&
           pieces_new(&c->traits, count[BARK_SECTION_TRAITS]) &&
           pieces_new(&c->extras, count[BARK_SECTION_EXTRAS]) &&
           pieces_new(&c->patterns, count[BARK_SECTION_PATTERNS]) &&
           pieces_new(&c->wildcards, count[BARK_SECTION_WILDCARDS]) &&
           pieces_new(&c->roots, count[BARK_SECTION_ROOTS]);
}

static void counter_free(struct counter *c)
{
    free(c->queue);
    free(c->types.owner);
    free(c->names.owner);
    free(c->extras.owner);
    free(c->traits.owner);
    free(c->patterns.owner);
    free(c->wildcards.owner);
    free(c->roots.owner);
}

static void counter_run(struct counter *c, struct soapc_bill *bill)
{
    const size_t count = c->plan->operation_count;
    for (size_t i = 0; i < count; i++) {
        const size_t own = operation_price(&c->plan->rows, i) + headers_price(&c->plan->operations[i]);
        operation_count(c, i);
        bill->operations[i].bytes = c->bytes + own;
        bill->operations[i].exclusive = own;
    }
    pieces_settle(&c->types, bill);
    pieces_settle(&c->names, bill);
    pieces_settle(&c->extras, bill);
    pieces_settle(&c->traits, bill);
    pieces_settle(&c->patterns, bill);
    pieces_settle(&c->wildcards, bill);
    pieces_settle(&c->roots, bill);
    bill->unneeded = pieces_unneeded(&c->types) + pieces_unneeded(&c->traits) + pieces_unneeded(&c->extras) +
                     pieces_unneeded(&c->wildcards) + pieces_unneeded(&c->roots);
    bill->common = bill->total - bill->shared;
    for (size_t i = 0; i < count; i++)
        bill->common -= bill->operations[i].exclusive;
}

bool soapc_bill_make(const struct soapc_plan *plan, struct soapc_bill *bill)
{
    struct counter c = { .plan = plan };
    *bill = (struct soapc_bill){ .total = soapc_image_size(&plan->rows) };
    bill->operations = calloc(plan->operation_count + 1, sizeof *bill->operations);
    bool ready = bill->operations && counter_new(&c, plan);
    if (ready)
        counter_run(&c, bill);
    else
        soapc_bill_free(bill);
    counter_free(&c);
    return ready;
}

void soapc_bill_free(struct soapc_bill *bill)
{
    free(bill->operations);
    *bill = (struct soapc_bill){ 0 };
}

static bool arena_print(struct soapc_plan *plan, const char *what, size_t root, struct soapc_text *out)
{
    const char *why = NULL;
    if (root == BARK_NONE)
        return true;
    uint64_t bound = soapc_arena_bound(plan, root, &why);
    if (bound == UINT64_MAX && !why)
        return false;
    if (bound == UINT64_MAX)
        soapc_text_printf(out, "    %s: unbounded: %s\n", what, why);
    else
        soapc_text_printf(out, "    %s: at most %llu bytes\n", what, (unsigned long long)bound);
    return true;
}

/* Bytes of a struct that hold nothing: what alignment costs. Members stand by falling alignment, so all of it
 * is at the end of a struct, or between `which` and its union. */
static size_t padding(const struct soapc_ptype *t)
{
    size_t used = soapc_is_tagged(t) ? sizeof(uint16_t) : 0, largest = 0;
    for (size_t i = 0; i < t->field_count; i++) {
        largest = t->fields[i].size > largest ? t->fields[i].size : largest;
        used += (soapc_is_tagged(t) ? 0 : t->fields[i].size) + (t->fields[i].has_member != NULL);
    }
    used += soapc_is_tagged(t) ? largest : 0;
    return t->field_count ? t->size - used : 0;
}

static void structs_print(const struct soapc_plan *plan, struct soapc_text *out)
{
    size_t count = 0, bytes = 0, lost = 0;
    for (size_t i = 0; i < plan->type_count; i++) {
        const struct soapc_ptype *t = plan->types[i];
        if (t->kind > BARK_KIND_GROUP)
            continue;
        count++;
        bytes += t->size;
        lost += padding(t);
    }
    soapc_text_printf(out, "structs: %zu, %zu bytes together, %zu of them padding\n", count, bytes, lost);
}

/* What SOAPBARK_WITHOUT may name for these tables: the values and the parts of the engine that no row of
 * theirs needs. */
static void without_print(const struct soapc_plan *plan, struct soapc_text *out)
{
    static const struct {
        const char *name;
        uint8_t first, last; /* kinds */
    } families[] = {
        { "binary", BARK_KIND_BASE64, BARK_KIND_HEX },
        { "decimal", BARK_KIND_INTEGER, BARK_KIND_DECIMAL },
        { "duration", BARK_KIND_DURATION, BARK_KIND_DURATION },
        { "float", BARK_KIND_FLOAT, BARK_KIND_DOUBLE },
        { "list", BARK_KIND_LIST, BARK_KIND_UNION },
        { "qname", BARK_KIND_QNAME, BARK_KIND_QNAME },
        { "time", BARK_KIND_DATETIME, BARK_KIND_GDAY },
    };
    const size_t *const count = plan->rows.count;
    bool kinds[BARK_KIND_COUNT] = { false }, models[BARK_MODEL_TYPED + 1] = { false };
    unsigned bits = 0;
    for (size_t i = 0; i < count[BARK_SECTION_TYPES]; i++) {
        kinds[plan->rows.types[i].kind] = true;
        models[plan->rows.types[i].model] = true;
    }
    for (size_t i = 0; i < count[BARK_SECTION_TRAITS]; i++)
        bits |= plan->rows.traits[i].bits;
    const struct {
        const char *name;
        bool needed;
    } parts[] = {
        { "default", bits & (BARK_F_DEFAULT | BARK_F_FIXED) },
        { "group", kinds[BARK_KIND_GROUP] || models[BARK_MODEL_CHOICE] || models[BARK_MODEL_ALL] },
        { "http", plan->rows.http_count > 0 },
        { "nil", bits & BARK_F_NILLABLE },
        { "typed", models[BARK_MODEL_TYPED] },
        { "wildcard", count[BARK_SECTION_WILDCARDS] > 0 || models[BARK_MODEL_RAW] },
    };
    soapc_text_printf(out, "an engine for these tables only: -DSOAPBARK_WITHOUT=\"");
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        bool needed = false;
        for (size_t k = families[i].first; k <= families[i].last; k++)
            needed = needed || kinds[k];
        soapc_text_printf(out, "%s%s", needed ? "" : families[i].name, needed ? "" : ";");
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        soapc_text_printf(out, "%s%s", parts[i].needed ? "" : parts[i].name, parts[i].needed ? "" : ";");
    soapc_text_printf(out, "validation\"\n");
}

bool soapc_bill_print(struct soapc_plan *plan, struct soapc_text *out)
{
    struct soapc_bill bill;
    size_t fields = 0;
    for (size_t i = 0; i < plan->type_count; i++)
        fields += plan->types[i]->field_count;
    if (!soapc_bill_make(plan, &bill))
        return false;
    if (plan->operation_count)
        soapc_text_printf(out, "tables, bytes: needed, of these by no other operation\n");
    for (size_t i = 0; i < plan->operation_count; i++)
        soapc_text_printf(out, "%8zu %8zu  %s\n", bill.operations[i].bytes, bill.operations[i].exclusive,
                          plan->operations[i].operation->name);
    soapc_text_printf(out, "tables: %zu bytes in all; shared by operations %zu, common %zu\n", bill.total,
                      bill.shared, bill.common);
    if (plan->operation_count)
        soapc_text_printf(out, "operations: %zu, %zu bytes each\n", plan->operation_count,
                          bill.total / plan->operation_count);
    for (size_t i = 0; i < plan->aside_count; i++)
        soapc_text_printf(out, "%s %s%s",
                          i ? "," : "no SOAP or HTTP binding, so not in the tables:", plan->asides[i]->name,
                          i + 1 < plan->aside_count ? "" : "\n");
    if (fields)
        soapc_text_printf(out, "fields: %zu, %zu.%zu bytes each\n", fields, bill.total / fields,
                          bill.total * 10 / fields % 10);
    without_print(plan, out);
    if (plan->operation_count && bill.unneeded)
        soapc_text_printf(out, "rows that no operation needs: %zu\n", bill.unneeded);
    soapc_bill_free(&bill);
    structs_print(plan, out);
    soapc_text_printf(out, "arena of a message's values, worst case by the schema\n");
    bool good = true;
    for (size_t i = 0; good && i < plan->operation_count; i++) {
        soapc_text_printf(out, "  %s\n", plan->operations[i].operation->name);
        good = arena_print(plan, "request", plan->operations[i].input, out) &&
               arena_print(plan, "answer", plan->operations[i].output, out);
    }
    for (size_t i = 0; good && plan->operation_count == 0 && i < plan->root_count; i++)
        good = arena_print(plan, plan->roots[i].element->name.local, i, out);
    return good && !out->failed;
}
