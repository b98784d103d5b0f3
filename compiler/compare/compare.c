/* compare/compare.c - operations first, then the types that their messages reach, pair by pair.
 *
 * Two passes: the first pairs types and works out in which directions each pair travels, until nothing
 * changes; the second compares each pair once. So a type that is used in requests and answers gives one line
 * for both.
 */
#include "compare/compare.h"

#include <string.h>

static size_t pair_slot(const struct soapc_comparison *c, const struct soapc_ptype *x,
                        const struct soapc_ptype *y)
{
    size_t slot = (x->row * 31 + y->row) & (c->slot_cap - 1);
    while (c->slots[slot] &&
           (c->pairs[c->slots[slot] - 1].before != x || c->pairs[c->slots[slot] - 1].after != y))
        slot = (slot + 1) & (c->slot_cap - 1);
    return slot;
}

static bool slots_reserve(struct soapc_comparison *c)
{
    if (c->slot_cap && c->pair_count < c->slot_cap / 2)
        return true;
    c->slot_cap = c->slot_cap ? 2 * c->slot_cap : 256;
    c->slots = soapc_plan_alloc(c->after, c->slot_cap, sizeof *c->slots);
    for (size_t i = 0; c->slots && i < c->pair_count; i++)
        c->slots[pair_slot(c, c->pairs[i].before, c->pairs[i].after)] = i + 1;
    return c->slots != NULL;
}

static bool has_fields(const struct soapc_ptype *t)
{
    return t->kind == BARK_KIND_STRUCT || t->kind == BARK_KIND_GROUP;
}

void soapc_pair_add(struct soapc_comparison *c, const struct soapc_pair *pair, bool report)
{
    const bool enums = pair->before->kind == BARK_KIND_ENUM && pair->after->kind == BARK_KIND_ENUM;
    if (!enums && !(has_fields(pair->before) && has_fields(pair->after))) {
        if (report)
            soapc_values_compare(c, pair);
        return;
    }
    if (!slots_reserve(c))
        return;
    const size_t slot = pair_slot(c, pair->before, pair->after);
    if (c->slots[slot]) {
        c->pairs[c->slots[slot] - 1].directions |= pair->directions;
        return;
    }
    struct soapc_pair *pairs =
        soapc_plan_grow(c->after, c->pairs, c->pair_count, &c->pair_cap, sizeof *pairs);
    if (!pairs)
        return;
    c->pairs = pairs;
    pairs[c->pair_count] = *pair;
    c->slots[slot] = ++c->pair_count;
}

static void roots_pair(struct soapc_comparison *c, const struct soapc_proot *x, const struct soapc_proot *y,
                       uint8_t directions)
{
    const bool value = !has_fields(y->type);
    const char *label = y->type->local && !value ? y->type->local : y->element->name.local;
    const struct soapc_pair pair = { x->type,
                                     y->type,
                                     label,
                                     value ? x->element->place : x->type->place,
                                     value ? y->element->place : y->type->place,
                                     directions };
    soapc_pair_add(c, &pair, true);
}

/* The directions in which an effect breaks the side that stays behind. */
static uint8_t broken(const struct soapc_comparison *c, uint8_t directions, enum soapc_effect effect)
{
    const unsigned request = c->client_moves ? SOAPC_WIDENS : SOAPC_NARROWS, reply = 3u ^ request;
    return (uint8_t)((effect & request ? directions & SOAPC_REQUEST : 0) |
                     (effect & reply ? directions & SOAPC_REPLY : 0));
}

void soapc_change_add(struct soapc_comparison *c, uint8_t directions, enum soapc_effect effect, bool source,
                      const char *component, struct soapc_place before, struct soapc_place after,
                      const char *text)
{
    struct soapc_change *changes =
        soapc_plan_grow(c->after, c->changes, c->change_count, &c->change_cap, sizeof *changes);
    const uint8_t breaks = broken(c, directions, effect);
    if (!changes)
        return;
    c->changes = changes;
    changes[c->change_count++] = (struct soapc_change){ .class_of = breaks   ? SOAPC_WIRE_BREAKING
                                                                    : source ? SOAPC_SOURCE_BREAKING
                                                                             : SOAPC_COMPATIBLE,
                                                        .directions = breaks ? breaks : directions,
                                                        .component = component ? component : "",
                                                        .text = text ? text : "",
                                                        .before = before,
                                                        .after = after };
}

/* ---- operations ---- */

static bool is_wanted(const struct soapc_comparison *c, const struct soapc_poperation *op)
{
    bool wanted = c->operation_count == 0;
    for (size_t i = 0; i < c->operation_count; i++)
        wanted |= strcmp(c->operations[i], op->operation->name) == 0;
    return wanted;
}

static const struct soapc_poperation *operation_find(const struct soapc_plan *in, const struct soapc_plan *of,
                                                     const struct soapc_poperation *op)
{
    const struct soapc_name *service = &of->services[op->service].port_type->name;
    for (size_t i = 0; i < in->operation_count; i++) {
        const struct soapc_name *other = &in->services[in->operations[i].service].port_type->name;
        if (strcmp(in->operations[i].operation->name, op->operation->name) == 0 &&
            strcmp(other->local, service->local) == 0 && strcmp(other->ns, service->ns) == 0)
            return &in->operations[i];
    }
    return NULL;
}

/* Parameters of an HTTP binding, and an answer that is one value: their element has the message's name, and
 * is never written. */
static bool is_nameless(const struct soapc_poperation *op, uint8_t direction)
{
    return soapc_operation_is_http(op) &&
           (direction == SOAPC_REQUEST ? op->bound->http.form != SOAPC_HTTP_XML
                                       : op->bound->http.media != NULL || op->bound->http.answer.count);
}

static void roots_compare(struct soapc_comparison *c, const struct soapc_poperation *op, size_t before,
                          size_t after, uint8_t direction, struct soapc_place was, struct soapc_place is)
{
    const struct soapc_proot *x = before == BARK_NONE ? NULL : &c->before->roots[before];
    const struct soapc_proot *y = after == BARK_NONE ? NULL : &c->after->roots[after];
    if (!x && !y)
        return;
    if (x && y && is_nameless(op, direction)) {
        roots_pair(c, x, y, direction);
        return;
    }
    if (!x || !y || strcmp(x->element->name.local, y->element->name.local) != 0 ||
        strcmp(x->element->name.ns, y->element->name.ns) != 0) {
        soapc_change_add(c, direction, SOAPC_WIDENS_AND_NARROWS, true, op->operation->name, was, is,
                         direction == SOAPC_REQUEST ? "another element is the request"
                                                    : "another element is the answer");
        return;
    }
    roots_pair(c, x, y, direction);
}

static bool has_fault(const struct soapc_plan *plan, const struct soapc_poperation *op,
                      const struct soapc_name *name, size_t *root)
{
    for (size_t i = 0; i < op->fault_count; i++) {
        const struct soapc_name *other = &plan->roots[op->faults[i]].element->name;
        *root = op->faults[i];
        if (strcmp(other->local, name->local) == 0 && strcmp(other->ns, name->ns) == 0)
            return true;
    }
    return false;
}

/* A fault that a client does not know still is a fault to it. */
static void faults_compare(struct soapc_comparison *c, const struct soapc_poperation *x,
                           const struct soapc_poperation *y)
{
    const struct soapc_place was = x->operation->place, is = y->operation->place;
    size_t other;
    for (size_t i = 0; i < y->fault_count; i++) {
        const struct soapc_proot *root = &c->after->roots[y->faults[i]];
        if (has_fault(c->before, x, &root->element->name, &other))
            roots_pair(c, &c->before->roots[other], root, SOAPC_REPLY);
        else
            soapc_change_add(c, SOAPC_REPLY, SOAPC_EFFECT_NONE, false, y->operation->name, was, is,
                             soapc_plan_printf(c->after, "fault '%s' added", root->element->name.local));
    }
    for (size_t i = 0; i < x->fault_count; i++) {
        const struct soapc_name *name = &c->before->roots[x->faults[i]].element->name;
        if (!has_fault(c->after, y, name, &other))
            soapc_change_add(c, SOAPC_REPLY, SOAPC_EFFECT_NONE, true, y->operation->name, was, is,
                             soapc_plan_printf(c->after, "fault '%s' removed", name->local));
    }
}

/* [WSDL11 5.3] Attachments by name: the service takes all that are bound, and no other. */
static const struct soapc_attachment *part_find(const struct soapc_pparts *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].attachment->part->name, name) == 0)
            return list->items[i].attachment;
    return NULL;
}

static void parts_compare(struct soapc_comparison *c, const struct soapc_poperation *op,
                          const struct soapc_pparts *x, const struct soapc_pparts *y, uint8_t direction)
{
    for (size_t i = 0; i < y->count; i++) {
        const struct soapc_attachment *is = y->items[i].attachment, *was = part_find(x, is->part->name);
        if (!was)
            soapc_change_add(c, direction, SOAPC_WIDENS_AND_NARROWS, true, op->operation->name, SOAPC_NOWHERE,
                             is->part->place,
                             soapc_plan_printf(c->after, "attachment '%s' added", is->part->name));
        else if (strcmp(was->types ? was->types : "", is->types ? is->types : "") != 0)
            soapc_change_add(
                c, direction, SOAPC_WIDENS_AND_NARROWS, false, op->operation->name, was->part->place,
                is->part->place,
                soapc_plan_printf(c->after, "media types of attachment '%s' changed", is->part->name));
    }
    for (size_t i = 0; i < x->count; i++) {
        const struct soapc_attachment *was = x->items[i].attachment;
        if (!part_find(y, was->part->name))
            soapc_change_add(c, direction, SOAPC_WIDENS_AND_NARROWS, true, op->operation->name,
                             was->part->place, SOAPC_NOWHERE,
                             soapc_plan_printf(c->after, "attachment '%s' removed", was->part->name));
    }
}

/* The HTTP binding of the operation that has verb and location, or NULL. */
static const struct soapc_bound_operation *http_find(const struct soapc_plan *plan,
                                                     const struct soapc_poperation *op,
                                                     const struct soapc_bound_operation *like)
{
    for (size_t i = 0; i < plan->http_count; i++) {
        const struct soapc_bound_operation *bound = plan->https[i].bound;
        if (&plan->operations[plan->https[i].operation] == op && bound->http.post == like->http.post &&
            strcmp(soapc_http_location(bound), soapc_http_location(like)) == 0)
            return bound;
    }
    return NULL;
}

static const char *http_label(struct soapc_comparison *c, const struct soapc_bound_operation *bound,
                              const char *what)
{
    return soapc_plan_printf(c->after, "%s /%s %s", bound->http.post ? "POST" : "GET",
                             soapc_http_location(bound), what);
}

/* The same verb and location: how parameters and answer travel. */
static void http_compare(struct soapc_comparison *c, const char *name, const struct soapc_bound_operation *x,
                         const struct soapc_bound_operation *y)
{
    const char *was = x->http.media ? x->http.media : soapc_http_lines(c->before, &x->http.answer);
    const char *is = y->http.media ? y->http.media : soapc_http_lines(c->after, &y->http.answer);
    if (x->http.form != y->http.form ||
        strcmp(soapc_http_lines(c->before, &x->http.parts), soapc_http_lines(c->after, &y->http.parts)) != 0)
        soapc_change_add(c, SOAPC_REQUEST, SOAPC_WIDENS_AND_NARROWS, false, name, x->place, y->place,
                         http_label(c, y, "takes its parameters in another way"));
    if (strcmp(was, is) != 0)
        soapc_change_add(c, SOAPC_REPLY, SOAPC_WIDENS_AND_NARROWS, false, name, x->place, y->place,
                         http_label(c, y, "answers in another way"));
}

/* HTTP bindings: verb and location are what a client has to know [WSDL11 4]. */
static void https_compare(struct soapc_comparison *c, const struct soapc_poperation *x,
                          const struct soapc_poperation *y)
{
    const char *name = y->operation->name;
    for (size_t i = 0; i < c->after->http_count; i++) {
        const struct soapc_bound_operation *is = c->after->https[i].bound;
        if (&c->after->operations[c->after->https[i].operation] != y)
            continue;
        const struct soapc_bound_operation *was = http_find(c->before, x, is);
        if (was)
            http_compare(c, name, was, is);
        else
            soapc_change_add(c, SOAPC_REQUEST, SOAPC_WIDENS, false, name, SOAPC_NOWHERE, is->place,
                             http_label(c, is, "is one more way to call it"));
    }
    for (size_t i = 0; i < c->before->http_count; i++) {
        const struct soapc_bound_operation *was = c->before->https[i].bound;
        if (&c->before->operations[c->before->https[i].operation] == x && !http_find(c->after, y, was))
            soapc_change_add(c, SOAPC_REQUEST, SOAPC_NARROWS, false, name, was->place, SOAPC_NOWHERE,
                             http_label(c, was, "does not call it any more"));
    }
}

static void operation_compare(struct soapc_comparison *c, const struct soapc_poperation *x,
                              const struct soapc_poperation *y)
{
    const uint16_t versions = BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12;
    const struct soapc_place was = x->operation->place, is = y->operation->place;
    const char *name = y->operation->name;
    const bool one_way = (x->flags ^ y->flags) & BARK_OPERATION_ONE_WAY;
    if (strcmp(x->action, y->action) != 0)
        soapc_change_add(c, SOAPC_REQUEST, SOAPC_WIDENS_AND_NARROWS, false, name, was, is, "action changed");
    if (x->flags & versions & ~y->flags)
        soapc_change_add(c, SOAPC_REQUEST, SOAPC_NARROWS, false, name, was, is,
                         "a version of SOAP is no longer bound");
    if (y->flags & versions & ~x->flags)
        soapc_change_add(c, SOAPC_REQUEST, SOAPC_WIDENS, false, name, was, is,
                         "one more version of SOAP is bound");
    if ((x->flags ^ y->flags) & BARK_OPERATION_RPC)
        soapc_change_add(c, SOAPC_REQUEST | SOAPC_REPLY, SOAPC_WIDENS_AND_NARROWS, true, name, was, is,
                         "style changed");
    if (one_way)
        soapc_change_add(c, SOAPC_REPLY, SOAPC_WIDENS_AND_NARROWS, true, name, was, is,
                         y->flags & BARK_OPERATION_ONE_WAY ? "has no answer now" : "has an answer now");
    roots_compare(c, y, x->input, y->input, SOAPC_REQUEST, was, is);
    if (!one_way)
        roots_compare(c, y, x->output, y->output, SOAPC_REPLY, was, is);
    faults_compare(c, x, y);
    parts_compare(c, y, &x->parts, &y->parts, SOAPC_REQUEST);
    parts_compare(c, y, &x->answer_parts, &y->answer_parts, SOAPC_REPLY);
    https_compare(c, x, y);
}

static void operations_compare(struct soapc_comparison *c)
{
    for (size_t i = 0; i < c->after->operation_count; i++) {
        const struct soapc_poperation *y = &c->after->operations[i],
                                      *x = operation_find(c->before, c->after, y);
        if (!is_wanted(c, y))
            continue;
        if (x)
            operation_compare(c, x, y);
        else
            soapc_change_add(c, SOAPC_REQUEST | SOAPC_REPLY,
                             c->client_moves ? SOAPC_WIDENS : SOAPC_EFFECT_NONE, false, y->operation->name,
                             SOAPC_NOWHERE, y->operation->place, "operation added");
    }
    for (size_t i = 0; i < c->before->operation_count; i++) {
        const struct soapc_poperation *x = &c->before->operations[i];
        if (is_wanted(c, x) && !operation_find(c->after, c->before, x))
            soapc_change_add(c, SOAPC_REQUEST, SOAPC_NARROWS, true, x->operation->name, x->operation->place,
                             SOAPC_NOWHERE, "operation removed");
    }
}

static size_t root_find(const struct soapc_plan *plan, const struct soapc_name *name)
{
    for (size_t i = 0; i < plan->root_count; i++)
        if (strcmp(plan->roots[i].element->name.local, name->local) == 0 &&
            strcmp(plan->roots[i].element->name.ns, name->ns) == 0)
            return i;
    return BARK_NONE;
}

/* Schemas without a service: documents by their root, which the old version wrote and the new one reads. */
static void elements_compare(struct soapc_comparison *c)
{
    struct soapc_plan *x = c->before, *y = c->after;
    for (size_t i = 0; i < y->root_count; i++) {
        const struct soapc_element *e = y->roots[i].element;
        const size_t root = root_find(x, &e->name);
        if (root == BARK_NONE)
            soapc_change_add(c, SOAPC_REQUEST, SOAPC_WIDENS, false, e->name.local, SOAPC_NOWHERE, e->place,
                             "element added");
        else
            roots_pair(c, &x->roots[root], &y->roots[i], SOAPC_REQUEST);
    }
    for (size_t i = 0; i < x->root_count; i++) {
        const struct soapc_element *e = x->roots[i].element;
        if (root_find(y, &e->name) == BARK_NONE)
            soapc_change_add(c, SOAPC_REQUEST, SOAPC_NARROWS, true, e->name.local, e->place, SOAPC_NOWHERE,
                             "element removed");
    }
}

/* ---- types ---- */

static bool is_typed(const struct soapc_ptype *t)
{
    return t->model == BARK_MODEL_TYPED;
}

/* Only one of the two takes types by xsi:type. The declared type goes on with its counterpart. */
static void typed_compare(struct soapc_comparison *c, const struct soapc_pair *pair, bool report)
{
    const struct soapc_pair p = *pair;
    const bool now = is_typed(p.after);
    const struct soapc_ptype *typed = now ? p.after : p.before;
    if (report) {
        soapc_change_add(c, p.directions, now ? SOAPC_WIDENS : SOAPC_NARROWS, true, p.label, p.was, p.is,
                         now ? "derived types may stand here now" : "derived types may no longer stand here");
        return;
    }
    if (typed->flags & BARK_TYPE_ABSTRACT)
        return;
    struct soapc_pair declared = p;
    declared.before = now ? p.before : typed->fields[0].type;
    declared.after = now ? typed->fields[0].type : p.after;
    soapc_pair_add(c, &declared, false);
}

static void pair_compare(struct soapc_comparison *c, size_t index, bool report)
{
    const struct soapc_pair p = c->pairs[index];
    const bool names = p.before->c_name && p.after->c_name && p.before->kind == p.after->kind &&
                       p.after->kind != BARK_KIND_GROUP && strcmp(p.before->c_name, p.after->c_name) != 0;
    if (report && names && is_typed(p.before) == is_typed(p.after))
        soapc_change_add(
            c, p.directions, SOAPC_EFFECT_NONE, true, p.label, p.was, p.is,
            soapc_plan_printf(c->after, "the C type is %s, was %s", p.after->c_name, p.before->c_name));
    if (!has_fields(p.after) && report)
        soapc_values_compare(c, &p);
    else if (has_fields(p.after) && is_typed(p.before) != is_typed(p.after))
        typed_compare(c, &p, report);
    else if (has_fields(p.after))
        soapc_fields_compare(c, &p, report);
}

bool soapc_compare(struct soapc_comparison *c)
{
    size_t count;
    unsigned sum, last = 0;
    operations_compare(c);
    if (c->before->service_count == 0 && c->after->service_count == 0)
        elements_compare(c);
    do { /* directions spread along the pairs; each pair gains two bits at most */
        for (size_t i = 0; i < c->pair_count && !c->after->failed; i++)
            pair_compare(c, i, false);
        sum = 0;
        count = c->pair_count;
        for (size_t i = 0; i < count; i++)
            sum += c->pairs[i].directions + 4u;
    } while (!c->after->failed && sum != last && (last = sum) != 0);
    for (size_t i = 0; i < count && !c->after->failed; i++)
        pair_compare(c, i, true);
    return !c->after->failed && !c->before->failed;
}

enum soapc_class soapc_comparison_worst(const struct soapc_comparison *c)
{
    enum soapc_class worst = SOAPC_COMPATIBLE;
    for (size_t i = 0; i < c->change_count; i++)
        worst = c->changes[i].class_of > worst ? c->changes[i].class_of : worst;
    return worst;
}
