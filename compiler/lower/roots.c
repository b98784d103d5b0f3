/* lower/roots.c - root rows: a request and its answer share one.
 *
 * Most services name the two elements of an operation alike: GetUsers and GetUsersResponse, or
 * GetUsersRequest and GetUsersResponse. Such a pair is one row with what the names have in common, which is
 * the operation's own name too, as a rule. How names end, namespaces and bits are a group, which rows share.
 * All other roots have a row alone.
 */
#include "lower/put.h"

#include <string.h>

/* Sharing looks at this many sets of namespaces and groups, so that a hostile schema costs no square. */
enum { SHARED_SETS = 256, SET_ENTRIES = 4 };
_Static_assert((int)SET_ENTRIES == (int)BARK_ROOT_NAMESPACES && (int)SET_ENTRIES == (int)BARK_ROOT_GROUP,
               "both are shared by the same look at LISTS");

static const char *const tails[] = { "", "Request", "Response" };

static uint16_t type_row(const struct soapc_ptype *t)
{
    return t ? (uint16_t)t->row : BARK_NONE;
}

/* Whether the name is the stem and one of the tails. */
static bool has_stem(const char *name, const char *stem, size_t len)
{
    if (strlen(name) < len || memcmp(name, stem, len) != 0)
        return false;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
        if (strcmp(name + len, tails[i]) == 0)
            return true;
    return false;
}

static const char *local_of(const struct soapc_plan *plan, size_t root)
{
    return plan->roots[root].element->name.local;
}

/* How many bytes of the input's name it has in common with the output's: the operation's name, or what stands
 * before "Request". 0: not in this way. Without output (BARK_NONE) the input's name alone counts. */
static size_t stem_find(const struct soapc_plan *plan, const struct soapc_poperation *op)
{
    static const char request[] = "Request";
    const char *in = local_of(plan, op->input), *name = op->operation->name;
    const char *out = op->output == BARK_NONE ? in : local_of(plan, op->output);
    size_t len = strlen(name);
    if (len && has_stem(in, name, len) && has_stem(out, name, len))
        return len;
    len = strlen(in);
    if (len > sizeof request - 1 && strcmp(in + len - (sizeof request - 1), request) == 0)
        len -= sizeof request - 1;
    return len && has_stem(out, in, len) ? len : 0;
}

/* The first operation of a root decides. */
static void pairs_make(struct soapc_plan *plan)
{
    for (size_t i = 0; i < plan->operation_count; i++) {
        const struct soapc_poperation *op = &plan->operations[i];
        if (op->input == BARK_NONE || plan->roots[op->input].stem)
            continue;
        struct soapc_proot *in = &plan->roots[op->input],
                           *out = op->output == BARK_NONE ? NULL : &plan->roots[op->output];
        const size_t stem = stem_find(plan, op);
        if (!stem || in == out || (out && out->stem))
            continue;
        in->stem = stem;
        if (out) {
            out->stem = stem;
            out->is_answer = true;
            in->answer = out;
        }
    }
}

/* Numbers of roots, once it is known how many rows there are. */
static size_t roots_number(struct soapc_plan *plan)
{
    size_t rows = 0;
    for (size_t i = 0; i < plan->root_count; i++)
        if (!plan->roots[i].is_answer)
            plan->roots[i].number = rows++;
    for (size_t i = 0; i < plan->root_count; i++)
        if (plan->roots[i].answer)
            plan->roots[i].answer->number = rows + plan->roots[i].number;
    return rows;
}

uint16_t soapc_root_number(const struct soapc_plan *plan, size_t root)
{
    return root == BARK_NONE ? (uint16_t)BARK_NONE : (uint16_t)plan->roots[root].number;
}

bool soapc_root_pairs(const struct soapc_plan *plan, size_t input, size_t output)
{
    return input != BARK_NONE && plan->roots[input].answer == &plan->roots[output];
}

bool soapc_root_names(const struct soapc_plan *plan, size_t input, const char *name)
{
    return input != BARK_NONE && strlen(name) == plan->roots[input].stem &&
           memcmp(local_of(plan, input), name, plan->roots[input].stem) == 0;
}

/* The row but for its group, which comes when its namespaces are known. */
static bool root_put(struct soapc_put *b, const struct soapc_proot *root)
{
    const struct soapc_element *element = root->element;
    const char *local = element->name.local, *stem = local;
    struct bark_root_row row = { .type = { type_row(root->type),
                                           root->answer ? type_row(root->answer->type) : BARK_NONE } };
    struct bark_root_row *items = soapc_put_row(b, BARK_SECTION_ROOTS, b->rows->roots, sizeof *items);
    if (!items)
        return false;
    b->rows->roots = items;
    if (local[root->stem])
        stem = bark_arena_text(b->plan->arena, local, root->stem);
    if (!stem) {
        b->plan->failed = true;
        return false;
    }
    if (!soapc_put_name(b, stem, element->place, &row.name))
        return false;
    items[b->rows->count[BARK_SECTION_ROOTS]++] = row;
    return true;
}

static uint64_t namespace_bit(uint8_t ns)
{
    return ns < 64 ? UINT64_C(1) << ns : 0;
}

/* Room for the walk of a root's types: seen by which root, and those to come. */
struct reach {
    uint32_t *seen, stamp;
    uint16_t *queue;
};

/* Namespaces that a message of this root may use: those of every element and attribute that it can reach. */
static void namespaces_find(struct soapc_put *b, struct soapc_proot *root, uint8_t ns, struct reach *reach)
{
    const struct soapc_rows *rows = b->rows;
    uint64_t namespaces = namespace_bit(ns);
    size_t count = 0;
    reach->stamp++;
    reach->queue[count++] = type_row(root->type);
    reach->seen[type_row(root->type)] = reach->stamp;
    for (size_t next = 0; next < count; next++) {
        const struct bark_type_row *type = &rows->types[reach->queue[next]];
        for (size_t i = type->first; type->kind <= BARK_KIND_GROUP && i < (size_t)type->first + type->count;
             i++) {
            const struct bark_field_row *field = &rows->fields[i];
            namespaces |= namespace_bit(rows->traits[field->trait].ns);
            if (field->type != BARK_NONE && reach->seen[field->type] != reach->stamp) {
                reach->seen[field->type] = reach->stamp;
                reach->queue[count++] = field->type;
            }
        }
    }
    root->namespaces = namespaces & ~UINT64_C(1); /* "no namespace" needs no declaration */
}

/* The four LISTS entries, which earlier roots may have put. */
static bool set_put(struct soapc_put *b, uint16_t start, const uint16_t *set, uint16_t *row)
{
    const uint16_t *lists = b->rows->lists;
    const size_t end = b->rows->count[BARK_SECTION_LISTS];
    for (size_t at = start, sets = 0; at < end && sets < SHARED_SETS; at += SET_ENTRIES, sets++) {
        if (memcmp(&lists[at], set, SET_ENTRIES * sizeof *set) == 0) {
            *row = (uint16_t)at;
            return true;
        }
    }
    *row = (uint16_t)end;
    for (size_t i = 0; i < SET_ENTRIES; i++)
        if (!soapc_put_list(b, set[i]))
            return false;
    return true;
}

/* Trait row and tail of a root. */
static bool side_put(struct soapc_put *b, uint16_t start, struct soapc_proot *root, struct reach *reach,
                     uint16_t *trait_row, uint16_t *tail)
{
    const struct soapc_name *name = &root->element->name;
    struct bark_trait_row trait = { .bits = root->element->nillable ? BARK_F_NILLABLE : 0,
                                    .has = BARK_NO_HAS,
                                    .extra = BARK_NONE };
    if (soapc_name_is_secret(name->local) && root->type->kind != BARK_KIND_STRUCT)
        trait.bits |= BARK_F_SECRET;
    if (!soapc_put_namespace_byte(b, name->ns, &trait.ns))
        return false;
    namespaces_find(b, root, trait.ns, reach);
    const uint64_t set = root->namespaces;
    const uint16_t parts[] = { (uint16_t)set, (uint16_t)(set >> 16), (uint16_t)(set >> 32),
                               (uint16_t)(set >> 48) };
    if ((set && !set_put(b, start, parts, &trait.extra)) || !soapc_put_trait(b, trait, trait_row))
        return false;
    *tail = BARK_NONE;
    return !name->local[root->stem] ||
           soapc_put_name(b, name->local + root->stem, root->element->place, tail);
}

static bool group_put(struct soapc_put *b, uint16_t start, struct soapc_proot *root, struct reach *reach)
{
    uint16_t group[BARK_ROOT_GROUP];
    uint16_t *const trait = group + BARK_GROUP_TRAIT, *const tail = group + BARK_GROUP_TAIL;
    if (!side_put(b, start, root, reach, &trait[0], &tail[0]))
        return false;
    trait[1] = trait[0];
    tail[1] = BARK_NONE;
    if (root->answer && !side_put(b, start, root->answer, reach, &trait[1], &tail[1]))
        return false;
    return set_put(b, start, group, &b->rows->roots[root->number].group);
}

bool soapc_put_roots(struct soapc_put *b)
{
    struct soapc_plan *plan = b->plan;
    const size_t types = b->rows->count[BARK_SECTION_TYPES];
    const uint16_t start = soapc_put_end(b, BARK_SECTION_LISTS);
    struct reach reach = { soapc_plan_alloc(plan, types + 1, sizeof *reach.seen), 0,
                           soapc_plan_alloc(plan, types + 1, sizeof *reach.queue) };
    if (!reach.seen || !reach.queue)
        return false;
    pairs_make(plan);
    for (size_t i = 0; i < plan->root_count; i++)
        if (!plan->roots[i].stem)
            plan->roots[i].stem = strlen(local_of(plan, i));
    if (roots_number(plan) > SOAPC_ROOTS_MAX) {
        soapc_error(plan->diag, SOAPC_E_TABLE_LIMIT, SOAPC_NOWHERE,
                    "the tables hold at most %d root elements; slice with --operations", SOAPC_ROOTS_MAX);
        return false;
    }
    for (size_t i = 0; i < plan->root_count; i++)
        if (!plan->roots[i].is_answer && !root_put(b, &plan->roots[i]))
            return false;
    for (size_t i = 0; i < plan->root_count; i++)
        if (!plan->roots[i].is_answer && !group_put(b, start, &plan->roots[i], &reach))
            return false;
    return true;
}
