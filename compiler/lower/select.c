/* lower/select.c - which operations, and which elements as roots.
 *
 * Port types become services. An operation is taken as its first usable SOAP binding describes it, and else
 * as its first usable HTTP binding; lower/http.c adds the others of those. A port type that no binding
 * mentions is taken as document/literal, so that an abstract WSDL gives usable code. What cannot be generated
 * is left out with a warning that says why.
 */
#include "lower/plan.h"

#include <string.h>

/* Everything that SOAP bindings say about one operation. */
struct bound_view {
    const struct soapc_bound_operation *bound; /* the first usable one */
    const struct soapc_bound_operation *refused; /* the first that is not */
    uint16_t flags;
    bool has_binding; /* some binding, SOAP or not, is of this port type */
};

/* prefix_local as C writes it. */
static const char *global_name(struct soapc_plan *plan, const char *ns, const char *local)
{
    return soapc_cname(plan->arena, soapc_plan_c_prefix(plan, ns), local);
}

/* The name with a suffix, kept apart from all others with file scope. */
static const char *global_suffix(struct soapc_plan *plan, const char *name, const char *suffix)
{
    const char *wish = name ? soapc_plan_printf(plan, "%s_%s", name, suffix) : NULL;
    return soapc_nameset_add(&plan->globals, plan->arena, wish);
}

enum { ROOTS_MAX = 0xfffe };

/* The slot of an element: its own, or the free one where it belongs. */
static size_t root_slot(const struct soapc_plan *plan, const struct soapc_element *element)
{
    size_t slot = ((uintptr_t)element >> 4) & (plan->root_slot_cap - 1);
    while (plan->root_slots[slot] && plan->roots[plan->root_slots[slot] - 1].element != element)
        slot = (slot + 1) & (plan->root_slot_cap - 1);
    return slot;
}

static bool root_slots_reserve(struct soapc_plan *plan)
{
    if (plan->root_slot_cap && plan->root_count < plan->root_slot_cap / 2)
        return true;
    plan->root_slot_cap = plan->root_slot_cap ? 2 * plan->root_slot_cap : 64;
    plan->root_slots = soapc_plan_alloc(plan, plan->root_slot_cap, sizeof *plan->root_slots);
    for (size_t i = 0; plan->root_slots && i < plan->root_count; i++)
        plan->root_slots[root_slot(plan, plan->roots[i].element)] = i + 1;
    return plan->root_slots != NULL;
}

size_t soapc_root_of(struct soapc_plan *plan, const struct soapc_element *element)
{
    if (!root_slots_reserve(plan))
        return BARK_NONE;
    size_t slot = root_slot(plan, element);
    if (plan->root_slots[slot])
        return plan->root_slots[slot] - 1;
    if (plan->root_count == ROOTS_MAX) {
        soapc_error(plan->diag, SOAPC_E_TABLE_LIMIT, element->place,
                    "the tables hold at most %d root elements; slice with --operations", ROOTS_MAX);
        return BARK_NONE;
    }
    struct soapc_proot *roots =
        soapc_plan_grow(plan, plan->roots, plan->root_count, &plan->root_cap, sizeof *roots);
    struct soapc_ptype *type = roots ? soapc_ptype_of_element(plan, element) : NULL;
    const char *name = global_suffix(plan, global_name(plan, element->name.ns, element->name.local), "root");
    if (!type || !name) {
        plan->failed = true;
        return BARK_NONE;
    }
    plan->roots = roots;
    roots[plan->root_count] = (struct soapc_proot){ .element = element, .type = type, .c_name = name };
    plan->root_slots[slot] = ++plan->root_count;
    return plan->root_count - 1;
}

static const char *bound_unsupported(const struct soapc_bound_operation *bound)
{
    if (bound->unsupported)
        return bound->unsupported;
    if (bound->input.body_type || bound->output.body_type)
        return "a message part with type= in document style";
    return NULL;
}

static struct bound_view operation_view(const struct soapc_plan *plan,
                                        const struct soapc_port_type *port_type,
                                        const struct soapc_operation *operation)
{
    struct bound_view view = { 0 };
    for (size_t i = 0; i < plan->model->binding_count; i++) {
        const struct soapc_binding *binding = plan->model->bindings[i];
        if (binding->port_type != port_type)
            continue;
        view.has_binding = true;
        for (size_t k = 0; k < binding->count; k++) {
            const struct soapc_bound_operation *bound = binding->operations[k];
            bool soap =
                binding->protocol == SOAPC_PROTOCOL_SOAP11 || binding->protocol == SOAPC_PROTOCOL_SOAP12;
            if (bound->operation != operation || !soap)
                continue;
            if (bound_unsupported(bound)) {
                view.refused = view.refused ? view.refused : bound;
                continue;
            }
            if (view.bound &&
                (view.bound->input.root != bound->input.root || view.bound->style != bound->style))
                continue;
            view.bound = view.bound ? view.bound : bound;
            view.flags |=
                binding->protocol == SOAPC_PROTOCOL_SOAP11 ? BARK_OPERATION_SOAP11 : BARK_OPERATION_SOAP12;
            view.flags |= bound->style == SOAPC_RPC ? BARK_OPERATION_RPC : 0;
            view.flags |= bound->input.encoded || bound->output.encoded ? BARK_OPERATION_ENCODED : 0;
        }
    }
    if (!view.has_binding) /* both are served */
        view.flags = BARK_OPERATION_SOAP11 | BARK_OPERATION_SOAP12;
    return view;
}

static bool is_wanted(const struct soapc_lower_options *options, const char *name)
{
    for (size_t i = 0; i < options->operation_count; i++)
        if (strcmp(options->operations[i], name) == 0)
            return true;
    return options->operation_count == 0;
}

/* The element of an unbound message: its only part's. */
static const struct soapc_element *unbound_root(const struct soapc_io *io)
{
    const struct soapc_wsdl_message *message = io->name ? io->message : NULL;
    return message && message->part_count == 1 ? message->parts[0].element : NULL;
}

static bool faults_select(struct soapc_plan *plan, struct soapc_poperation *op)
{
    const struct soapc_bound_operation *bound = op->bound;
    size_t count = bound ? bound->fault_count : op->operation->fault_count;
    op->faults = soapc_plan_alloc(plan, count, sizeof *op->faults);
    for (size_t i = 0; op->faults && i < count; i++) {
        const struct soapc_element *detail =
            bound ? bound->faults[i].detail : unbound_root(&op->operation->faults[i]);
        size_t root = detail && !detail->abstract ? soapc_root_of(plan, detail) : BARK_NONE;
        bool known = root == BARK_NONE;
        for (size_t k = 0; k < op->fault_count; k++)
            known |= op->faults[k] == root;
        if (!known)
            op->faults[op->fault_count++] = root;
    }
    return !plan->failed;
}

static void header_struct_name(struct soapc_plan *plan, struct soapc_pheaders *list, const char *function,
                               const char *suffix)
{
    if (!list->count)
        return;
    list->c_name = global_suffix(plan, function, suffix);
    list->accessor = global_suffix(plan, list->c_name, "of");
}

static bool call_names_assign(struct soapc_plan *plan, struct soapc_poperation *op)
{
    op->start_function = global_suffix(plan, op->function, "start");
    op->step_function = global_suffix(plan, op->function, "step");
    header_struct_name(plan, &op->headers, op->function, "headers");
    header_struct_name(plan, &op->answer_headers, op->function, "answer_headers");
    if (op->headers.count || op->answer_headers.count)
        op->header_function = global_suffix(plan, op->function, "with_headers");
    return !plan->failed;
}

/* [WSDL11 5.3] A part of a multipart: two functions, one for each end. */
static void parts_add(struct soapc_plan *plan, struct soapc_pparts *list, const char *function,
                      const char *suffix, const struct soapc_payload *payload)
{
    for (size_t i = 0; i < payload->attachment_count && !plan->failed; i++) {
        const struct soapc_attachment *a = &payload->attachments[i];
        struct soapc_ppart *items =
            soapc_plan_grow(plan, list->items, list->count, &list->cap, sizeof *items);
        const char *name = soapc_plan_printf(plan, "%s_%s%s", function, suffix,
                                             soapc_cname(plan->arena, NULL, a->part->name));
        if (!items)
            return;
        list->items = items;
        items[list->count++] = (struct soapc_ppart){ .attachment = a,
                                                     .find = global_suffix(plan, name, "of"),
                                                     .attach = global_suffix(plan, name, "attach") };
    }
}

static bool parts_select(struct soapc_plan *plan, struct soapc_poperation *op)
{
    const bool outbound = (op->flags & BARK_OPERATION_OUTBOUND) != 0;
    struct soapc_pservice *service = &plan->services[op->service];
    if (!op->bound)
        return true;
    parts_add(plan, &op->parts, op->function, "", outbound ? &op->bound->output : &op->bound->input);
    parts_add(plan, &op->answer_parts, op->function, "answer_",
              outbound ? &op->bound->input : &op->bound->output);
    if (!service->parts && op->parts.count + op->answer_parts.count > 0)
        service->parts = global_suffix(plan, service->c_name, "parts");
    return !plan->failed;
}

static bool operation_add(struct soapc_plan *plan, const struct soapc_operation *operation,
                          const struct bound_view *view, struct soapc_nameset *names)
{
    const char *service = plan->services[plan->service_count].c_name;
    const struct soapc_bound_operation *bound = view->bound;
    struct soapc_poperation *items =
        soapc_plan_grow(plan, plan->operations, plan->operation_count, &plan->operation_cap, sizeof *items);
    if (!items)
        return false;
    plan->operations = items;
    struct soapc_poperation *op = &items[plan->operation_count];
    const struct soapc_element *input = bound ? bound->input.root : unbound_root(&operation->input);
    const struct soapc_element *output = bound ? bound->output.root : unbound_root(&operation->output);
    bool answered = operation->output.name != NULL;
    if (operation->notification) { /* [WSDL11 2.4.3, 2.4.4] the service sends: what goes first is the input */
        const struct soapc_element *first = output;
        output = input;
        input = first;
        answered = operation->input.name != NULL;
    }
    *op = (struct soapc_poperation){
        .bound = bound,
        .operation = operation,
        .service = plan->service_count,
        .flags = (uint8_t)(view->flags | (operation->notification ? BARK_OPERATION_OUTBOUND : 0)),
        .action = bound && bound->action ? bound->action : ""
    };
    op->c_name = operation->given
                     ? soapc_plan_given(plan, names, operation->given->name, operation->given)
                     : soapc_nameset_add(names, plan->arena, soapc_cname(plan->arena, NULL, operation->name));
    op->enumerator = global_suffix(plan, soapc_plan_printf(plan, "%s_op", service), op->c_name);
    op->function = global_suffix(plan, service, op->c_name);
    op->input = input ? soapc_root_of(plan, input) : BARK_NONE;
    op->output = output ? soapc_root_of(plan, output) : BARK_NONE;
    if (!answered) {
        op->flags |= BARK_OPERATION_ONE_WAY;
        op->output = BARK_NONE;
    }
    plan->operation_count++;
    if (!op->c_name || !op->enumerator || !op->function || plan->failed)
        return false;
    return faults_select(plan, op) && soapc_headers_select(plan, op) && call_names_assign(plan, op) &&
           parts_select(plan, op);
}

static const char *port_type_address(const struct soapc_plan *plan, const struct soapc_port_type *port_type)
{
    for (size_t i = 0; i < plan->model->service_count; i++) {
        const struct soapc_service *service = plan->model->services[i];
        for (size_t k = 0; k < service->port_count; k++) {
            const struct soapc_port *port = &service->ports[k];
            if (port->binding && port->binding->port_type == port_type && port->address)
                return port->address;
        }
    }
    return "";
}

static bool aside_add(struct soapc_plan *plan, const struct soapc_operation *operation)
{
    const struct soapc_operation **items =
        soapc_plan_grow(plan, plan->asides, plan->aside_count, &plan->aside_cap, sizeof *items);
    if (!items)
        return false;
    plan->asides = items;
    items[plan->aside_count++] = operation;
    return true;
}

static bool operation_select(struct soapc_plan *plan, const struct soapc_port_type *port_type,
                             const struct soapc_operation *operation, struct soapc_nameset *names)
{
    struct bound_view view = operation_view(plan, port_type, operation);
    const struct soapc_bound_operation *http = soapc_http_view(operation);
    const char *why = NULL;
    if (!view.bound && http && !http->unsupported) {
        view.bound = http;
        view.flags = 0;
        view.refused = NULL;
    }
    if (!view.bound && (view.refused || http))
        why = bound_unsupported(view.refused ? view.refused : http);
    else if (!view.bound && view.has_binding)
        return aside_add(plan, operation); /* neither SOAP nor HTTP: no binding of ours */
    else if (!view.bound && operation->input.name && operation->input.message &&
             operation->input.message->part_count && !unbound_root(&operation->input))
        why = "no SOAP binding says how its message parts are written";
    if (why) {
        soapc_warning(plan->diag, SOAPC_W_LEFT_OUT, operation->place, "operation '%s' is left out: %s",
                      operation->name, why);
        return true;
    }
    return operation_add(plan, operation, &view, names) && soapc_https_select(plan);
}

static bool port_type_select(struct soapc_plan *plan, const struct soapc_port_type *port_type,
                             const struct soapc_lower_options *options)
{
    struct soapc_pservice *items =
        soapc_plan_grow(plan, plan->services, plan->service_count, &plan->service_cap, sizeof *items);
    struct soapc_nameset names = { 0 };
    if (!items)
        return false;
    plan->services = items;
    struct soapc_pservice *service = &items[plan->service_count];
    *service = (struct soapc_pservice){ .port_type = port_type, .first = plan->operation_count };
    service->c_name = soapc_nameset_add(&plan->globals, plan->arena,
                                        global_name(plan, port_type->name.ns, port_type->name.local));
    if (!service->c_name)
        return false;
    for (size_t i = 0; i < port_type->count; i++)
        if (is_wanted(options, port_type->operations[i]->name) &&
            !operation_select(plan, port_type, port_type->operations[i], &names))
            return false;
    service->count = plan->operation_count - service->first;
    if (service->count == 0)
        return true;
    service->address = port_type_address(plan, port_type);
    plan->service_count++;
    return true;
}

/* An operation that was asked for and that no port type has. */
static void unknown_report(struct soapc_plan *plan, const struct soapc_lower_options *options)
{
    for (size_t w = 0; w < options->operation_count; w++) {
        struct soapc_guess guess = { .wanted = options->operations[w] };
        bool found = false;
        for (size_t i = 0; i < plan->model->port_type_count; i++) {
            const struct soapc_port_type *port_type = plan->model->port_types[i];
            for (size_t k = 0; k < port_type->count; k++) {
                found |= strcmp(port_type->operations[k]->name, options->operations[w]) == 0;
                soapc_guess_offer(&guess, port_type->operations[k]->name);
            }
        }
        if (found)
            continue;
        soapc_error(plan->diag, SOAPC_E_UNKNOWN_NAME, SOAPC_NOWHERE, "no port type has an operation '%s'",
                    options->operations[w]);
        if (guess.best)
            soapc_note(plan->diag, SOAPC_NOWHERE, "did you mean '%s'?", guess.best);
    }
}

static bool elements_select(struct soapc_plan *plan)
{
    for (size_t i = 0; i < plan->model->element_count; i++) {
        const struct soapc_element *element = plan->model->elements[i];
        if (!element->abstract && soapc_root_of(plan, element) == BARK_NONE)
            return false;
    }
    return true;
}

bool soapc_plan_select(struct soapc_plan *plan, const struct soapc_lower_options *options)
{
    const struct soapc_model *model = plan->model;
    plan->polymorphic = options->polymorphic;
    plan->by_type = soapc_plan_alloc(plan, model->type_count + 1, sizeof *plan->by_type);
    if (!plan->by_type)
        return false;
    for (size_t i = 0; i < model->port_type_count; i++)
        if (!port_type_select(plan, model->port_types[i], options))
            return false;
    unknown_report(plan, options);
    if (options->all_elements || model->port_type_count == 0)
        return elements_select(plan);
    return true;
}
