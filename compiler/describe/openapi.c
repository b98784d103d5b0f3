/* describe/openapi.c - the JSON face of a service as OpenAPI 3.1: one path an operation, POST, schemas
 * shared.
 *
 *     POST /PortType/Operation    the request's JSON in, the answer's JSON out (docs/json.md); 204 for
 * one-way ones 4XX, 5XX                    a fault: code, subcodes, reason, and in detail the elements that
 * the WSDL names
 *
 * Operations that HTTP bindings alone have get no JSON face; openapi_http.c writes those bindings as they
 * are.
 */
#include "describe/openapi.h"

#include "base/percent.h"

#include <string.h>

/* A part of a path: all but unreserved characters escaped [RFC3986 2.3]. */
static const char *path_part(struct soapc_plan *plan, const char *text)
{
    char *part = soapc_plan_alloc(plan, BARK_PERCENT_BYTES * strlen(text) + 1, 1), *to = part;
    for (const char *p = text; part && *p; p++) {
        const uint8_t c = (uint8_t)*p;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c))
            *to++ = *p;
        else
            to = bark_percent_put(to, c);
    }
    return part ? part : "";
}

static void content_put(struct soapc_json *j, const char *schema)
{
    soapc_json_open(j, "content", '{');
    soapc_json_open(j, "application/json", '{');
    soapc_json_open(j, "schema", '{');
    soapc_json_ref(j, schema);
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
}

/* Whether an operation names faults; their details are one schema then. */
static const char *faults_name(struct soapc_plan *plan, const struct soapc_poperation *op)
{
    return op->fault_count ? soapc_plan_printf(plan, "%s.fault", op->function) : "soap.fault";
}

static void responses_put(struct soapc_json *j, const struct soapc_poperation *op)
{
    static const char *const refused[] = { "4XX", "5XX" };
    const bool answers = op->output != BARK_NONE;
    soapc_json_open(j, "responses", '{');
    soapc_json_open(j, answers ? "200" : "204", '{');
    soapc_json_pair(j, "description", answers ? "The answer." : "Accepted; there is no answer.");
    if (answers)
        content_put(j, j->plan->roots[op->output].c_name);
    soapc_json_close(j, '}');
    for (size_t i = 0; i < 2; i++) {
        soapc_json_open(j, refused[i], '{');
        soapc_json_pair(j, "description", i ? "A fault of the service." : "A fault of the caller.");
        content_put(j, faults_name(j->plan, op));
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, '}');
}

/* JSON has no room for what travels beside an envelope: named for SOAP callers, as an extension. */
static void parts_put(struct soapc_json *j, const char *name, const struct soapc_pparts *list)
{
    if (!list->count)
        return;
    soapc_json_open(j, name, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct soapc_attachment *a = list->items[i].attachment;
        soapc_json_open(j, NULL, '{');
        soapc_json_pair(j, "name", a->part->name);
        if (a->types)
            soapc_json_pair(j, "contentTypes", a->types);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, ']');
}

static void operation_put(struct soapc_json *j, const struct soapc_poperation *op)
{
    const struct soapc_pservice *service = &j->plan->services[op->service];
    const char *about = soapc_model_documentation(j->plan->model, op->operation->place);
    const char *path =
        soapc_plan_printf(j->plan, "/%s/%s", path_part(j->plan, service->port_type->name.local),
                          path_part(j->plan, op->operation->name));
    soapc_json_open(j, path, '{');
    soapc_json_open(j, "post", '{');
    soapc_json_pair(j, "operationId", op->function);
    soapc_json_open(j, "tags", '[');
    soapc_json_text(j, service->port_type->name.local);
    soapc_json_close(j, ']');
    soapc_json_pair(j, "summary", op->operation->name);
    if (about)
        soapc_json_pair(j, "description", about);
    parts_put(j, "x-soap-request-attachments", &op->parts);
    parts_put(j, "x-soap-answer-attachments", &op->answer_parts);
    if (op->input != BARK_NONE) {
        soapc_json_open(j, "requestBody", '{');
        soapc_json_name(j, "required");
        soapc_json_literal(j, "true");
        content_put(j, j->plan->roots[op->input].c_name);
        soapc_json_close(j, '}');
    }
    responses_put(j, op);
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
}

/* The members that every fault has; detail NULL: any. */
static void fault_put(struct soapc_json *j, const struct soapc_poperation *op)
{
    static const char *const texts[] = { "code", "reason" };
    soapc_json_open(j, op ? faults_name(j->plan, op) : "soap.fault", '{');
    soapc_json_pair(j, "type", "object");
    soapc_json_open(j, "properties", '{');
    for (size_t i = 0; i < 2; i++) {
        soapc_json_open(j, texts[i], '{');
        soapc_json_pair(j, "type", "string");
        soapc_json_close(j, '}');
    }
    soapc_json_open(j, "subcodes", '{');
    soapc_json_pair(j, "type", "array");
    soapc_json_open(j, "items", '{');
    soapc_json_pair(j, "type", "string");
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
    soapc_json_open(j, "detail", '{');
    for (size_t i = 0; op && i < op->fault_count; i++) {
        const struct soapc_proot *root = &j->plan->roots[op->faults[i]];
        if (i == 0) {
            soapc_json_pair(j, "type", "object");
            soapc_json_open(j, "properties", '{');
        }
        soapc_json_open(j, root->element->name.local, '{');
        soapc_json_ref(j, root->c_name);
        soapc_json_close(j, '}');
    }
    if (op && op->fault_count)
        soapc_json_close(j, '}');
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
    soapc_json_open(j, "required", '[');
    soapc_json_text(j, "code");
    soapc_json_text(j, "reason");
    soapc_json_close(j, ']');
    soapc_json_close(j, '}');
}

bool soapc_openapi_is_address(const char *address)
{
    return address[0] && !strpbrk(address, "{} \"<>\\^`|");
}

static void servers_put(struct soapc_json *j)
{
    bool open = false;
    for (size_t i = 0; i < j->plan->service_count; i++) {
        const char *address = j->plan->services[i].address;
        bool seen = !soapc_openapi_is_address(address);
        for (size_t k = 0; k < i; k++)
            seen |= strcmp(j->plan->services[k].address, address) == 0;
        if (seen)
            continue;
        if (!open)
            soapc_json_open(j, "servers", '[');
        open = true;
        soapc_json_open(j, NULL, '{');
        soapc_json_pair(j, "url", address);
        soapc_json_close(j, '}');
    }
    if (open)
        soapc_json_close(j, ']');
}

static void tags_put(struct soapc_json *j)
{
    soapc_json_open(j, "tags", '[');
    for (size_t i = 0; i < j->plan->service_count; i++) {
        const struct soapc_port_type *port_type = j->plan->services[i].port_type;
        const char *about = soapc_model_documentation(j->plan->model, port_type->place);
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen |= strcmp(j->plan->services[k].port_type->name.local, port_type->name.local) == 0;
        if (seen)
            continue;
        soapc_json_open(j, NULL, '{');
        soapc_json_pair(j, "name", port_type->name.local);
        if (about)
            soapc_json_pair(j, "description", about);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, ']');
}

/* Whether an operation of this path was written before: port types of two namespaces, or overloads. */
static bool path_is_taken(const struct soapc_plan *plan, size_t index)
{
    const struct soapc_poperation *op = &plan->operations[index];
    for (size_t i = 0; i < index; i++)
        if (strcmp(plan->operations[i].operation->name, op->operation->name) == 0 &&
            strcmp(plan->services[plan->operations[i].service].port_type->name.local,
                   plan->services[op->service].port_type->name.local) == 0)
            return true;
    return false;
}

void soapc_describe_openapi(struct soapc_plan *plan, const struct soapc_describe_options *options,
                            struct bark_out *out)
{
    struct soapc_json j = { .plan = plan, .refs = "#/components/schemas/" };
    bark_json_writer_init(&j.w, out, BARK_JSON_PRETTY);
    soapc_json_open(&j, NULL, '{');
    soapc_json_pair(&j, "openapi", "3.1.0");
    soapc_json_open(&j, "info", '{');
    soapc_json_pair(&j, "title", options->title);
    soapc_json_pair(&j, "version", "1");
    soapc_json_pair(&j, "description", soapc_plan_printf(plan, "Generated by: %s", options->command));
    soapc_json_close(&j, '}');
    servers_put(&j);
    tags_put(&j);
    soapc_json_open(&j, "paths", '{');
    for (size_t i = 0; i < plan->operation_count; i++)
        if (!soapc_operation_is_http(&plan->operations[i]) && !path_is_taken(plan, i))
            operation_put(&j, &plan->operations[i]);
    soapc_openapi_https(&j);
    soapc_json_close(&j, '}');
    soapc_json_open(&j, "components", '{');
    soapc_json_open(&j, "schemas", '{');
    soapc_json_definitions(&j);
    fault_put(&j, NULL);
    for (size_t i = 0; i < plan->operation_count; i++)
        if (plan->operations[i].fault_count && !path_is_taken(plan, i))
            fault_put(&j, &plan->operations[i]);
    soapc_json_close(&j, '}');
    soapc_json_close(&j, '}');
    soapc_json_close(&j, '}');
    bark_out_byte(out, '\n');
}
