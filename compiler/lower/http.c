/* lower/http.c - which HTTP bindings of an operation the tables carry.
 *
 * An operation has one handler, so it has one struct each way: those of its SOAP binding, when it has one. An
 * HTTP binding joins it when it carries the same parts in the same way; else it is left out, with a warning.
 */
#include "lower/plan.h"

#include <stdio.h>
#include <string.h>

const struct soapc_bound_operation *soapc_http_view(const struct soapc_operation *operation)
{
    const struct soapc_bound_operation *bound = operation->http_first;
    while (bound && bound->unsupported)
        bound = bound->http_next;
    return bound ? bound : operation->http_first;
}

const char *soapc_http_location(const struct soapc_bound_operation *bound)
{
    return bound->http.location + (bound->http.location[0] == '/');
}

const char *soapc_http_lines(struct soapc_plan *plan, const struct soapc_related *list)
{
    size_t room = 1;
    char *lines, *at;
    for (size_t i = 0; i < list->count; i++)
        room += strlen(list->items[i].part->name) + strlen(list->items[i].types) + 2;
    lines = at = soapc_plan_alloc(plan, room, 1);
    for (size_t i = 0; lines && i < list->count; i++)
        at += snprintf(at, (size_t)(lines + room - at), "%s%s %s", i ? "\n" : "", list->items[i].part->name,
                       list->items[i].types);
    return lines ? lines : "";
}

static bool binds(const struct soapc_binding *binding, const struct soapc_bound_operation *bound)
{
    size_t i = 0;
    while (i < binding->count && binding->operations[i] != bound)
        i++;
    return i < binding->count;
}

const char *soapc_http_address(const struct soapc_plan *plan, const struct soapc_phttp *http)
{
    for (size_t i = 0; i < plan->model->service_count; i++) {
        const struct soapc_service *service = plan->model->services[i];
        for (size_t k = 0; k < service->port_count; k++) {
            const struct soapc_port *port = &service->ports[k];
            if (port->binding && port->address && binds(port->binding, http->bound))
                return port->address;
        }
    }
    return "";
}

/* [WSDL11 4] Verb and location are all that tells the operations of one address apart. */
static bool is_taken(struct soapc_plan *plan, const struct soapc_bound_operation *bound)
{
    const size_t first = plan->services[plan->service_count].first;
    for (size_t i = 0; i < plan->http_count; i++) {
        const struct soapc_phttp *other = &plan->https[i];
        if (other->operation < first || other->bound->http.post != bound->http.post ||
            strcmp(soapc_http_location(other->bound), soapc_http_location(bound)) != 0)
            continue;
        soapc_error(plan->diag, SOAPC_E_HTTP_BINDING, bound->place,
                    "another operation of the port type has the same verb and location '%s'",
                    bound->http.location);
        soapc_note(plan->diag, other->bound->place, "it is here");
        return true;
    }
    return false;
}

/* A struct without members and none at all: an operation without parameters has either. */
static bool is_nothing(const struct soapc_element *root)
{
    return !root || (root->type->complex && root->type->content == SOAPC_CONTENT_EMPTY &&
                     root->type->attributes.count == 0);
}

static const char *difference(const struct soapc_poperation *op, const struct soapc_bound_operation *bound)
{
    const struct soapc_bound_operation *main = op->bound;
    if (bound->unsupported)
        return bound->unsupported;
    if (op->flags & BARK_OPERATION_OUTBOUND)
        return "the service starts the operation";
    if (main->input.root != bound->input.root && !(is_nothing(main->input.root) && !bound->input.root))
        return "its parameters are not what the operation's first binding sends";
    if (main->output.root != bound->output.root)
        return "its answer is not that of the operation's first binding";
    return NULL;
}

/* [RFC9110 17.9] Addresses are kept and shown in many places. */
static void secrets_tell(const struct soapc_plan *plan, const struct soapc_bound_operation *bound)
{
    const struct soapc_wsdl_message *message = bound->operation->input.message;
    if (bound->http.post && bound->http.form != SOAPC_HTTP_REPLACED)
        return;
    for (size_t i = 0; message && i < message->part_count; i++)
        if (soapc_name_is_secret(message->parts[i].name))
            soapc_warning(plan->diag, SOAPC_W_HTTP_SECRET, bound->place,
                          "the address of operation '%s' holds a secret: part '%s'", bound->operation->name,
                          message->parts[i].name);
}

/* A part that is a document is read and written as the root that it is. */
static bool documents_add(struct soapc_plan *plan, const struct soapc_related *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->documents[i] && soapc_root_of(plan, list->documents[i]) == BARK_NONE)
            return false;
    return true;
}

bool soapc_https_select(struct soapc_plan *plan)
{
    const size_t index = plan->operation_count - 1;
    const struct soapc_poperation *op = &plan->operations[index];
    const struct soapc_bound_operation *bound = op->operation->http_first;
    for (; bound; bound = bound->http_next) {
        const char *why = difference(op, bound);
        if (why) {
            soapc_warning(plan->diag, SOAPC_W_HTTP_LEFT_OUT, bound->place,
                          "the HTTP binding of operation '%s' is left out: %s", op->operation->name, why);
            continue;
        }
        if (is_taken(plan, bound))
            continue;
        secrets_tell(plan, bound);
        struct soapc_phttp *items =
            soapc_plan_grow(plan, plan->https, plan->http_count, &plan->http_cap, sizeof *items);
        if (!items)
            return false;
        plan->https = items;
        items[plan->http_count++] = (struct soapc_phttp){ .operation = index, .bound = bound };
        if (!documents_add(plan, &bound->http.parts) || !documents_add(plan, &bound->http.answer))
            return false;
    }
    return true;
}
