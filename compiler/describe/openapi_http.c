/* describe/openapi_http.c - HTTP bindings in OpenAPI: no JSON face but what goes over the wire, with the path
 * and verb that the WSDL gives.
 *
 *     GET /status/{code}      a value in the path, from the location's "(code)"
 *     GET /quote              parameters in the query; a parameter that repeats is an array, exploded
 *     POST /quote             the same as a form, or in parts: octets have no schema then
 *                             [OpenAPI 3.1, binary data]
 *     POST /letter            or as multipart/related, the parts of an answer too
 *
 * A parameter's schema is the member of the request's, which components hold for JSON anyway. An XML body or
 * answer is a string to JSON Schema, whose description names the element.
 */
#include "base/percent.h"
#include "describe/json.h"
#include "describe/openapi.h"

#include <string.h>

/* "/status/{code}": parts become variables, and no other brace can stand in a location. */
static const char *path_make(const struct soapc_json *j, const struct soapc_phttp *http)
{
    const char *from = soapc_http_location(http->bound);
    char *path = soapc_plan_alloc(j->plan, strlen(from) + 2, 1);
    char *to = path;
    if (!path)
        return "";
    *to++ = '/';
    for (; *from; from++) {
        const bool part = http->bound->http.form == SOAPC_HTTP_REPLACED;
        *to++ = part && *from == '(' ? '{' : part && *from == ')' ? '}' : *from;
    }
    return path;
}

static const struct soapc_poperation *operation_of(const struct soapc_json *j, const struct soapc_phttp *http)
{
    return &j->plan->operations[http->operation];
}

static const struct soapc_ptype *parameters_of(const struct soapc_json *j, const struct soapc_phttp *http)
{
    const size_t input = operation_of(j, http)->input;
    return input == BARK_NONE || http->bound->http.form == SOAPC_HTTP_XML ? NULL : j->plan->roots[input].type;
}

/* The schema of a member by its place in components. A reference is a URI, so what is not ASCII in the name
 * is escaped [RFC3986 2.5]; a name has no '~', '/' or '%'. */
static void member_ref(struct soapc_json *j, const struct soapc_ptype *t, const char *local)
{
    char *name = soapc_plan_alloc(j->plan, BARK_PERCENT_BYTES * strlen(local) + 1, 1), *to = name;
    if (!name)
        return;
    for (; *local; local++) {
        const uint8_t c = (uint8_t)*local;
        if (c < 0x80)
            *to++ = *local;
        else
            to = bark_percent_put(to, c);
    }
    *to = '\0';
    soapc_json_ref(j, soapc_plan_printf(j->plan, "%s/properties/%s", t->c_name, name));
}

static void member_schema(struct soapc_json *j, const struct soapc_ptype *t, const struct soapc_pfield *f,
                          bool text)
{
    soapc_json_open(j, "schema", '{');
    if (text)
        soapc_json_pair(j, "type", "string");
    else
        member_ref(j, t, f->local);
    soapc_json_close(j, '}');
}

/* A list in a path is one text, its items with spaces between. */
static void parameters_put(struct soapc_json *j, const struct soapc_phttp *http)
{
    const struct soapc_ptype *t = parameters_of(j, http);
    const bool path = http->bound->http.form == SOAPC_HTTP_REPLACED;
    if (!t || !t->field_count || (http->bound->http.post && !path))
        return;
    soapc_json_open(j, "parameters", '[');
    for (size_t i = 0; i < t->field_count; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        soapc_json_open(j, NULL, '{');
        soapc_json_pair(j, "name", f->local);
        soapc_json_pair(j, "in", path ? "path" : "query");
        soapc_json_name(j, "required");
        soapc_json_literal(j, path || (f->bits & BARK_F_REQUIRED) ? "true" : "false");
        member_schema(j, t, f, path && f->type->kind == BARK_KIND_LIST);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, ']');
}

static void document_put(struct soapc_json *j, const struct soapc_name *name)
{
    soapc_json_pair(j, "type", "string");
    soapc_json_pair(
        j, "description",
        soapc_plan_printf(j->plan, "The element %s.", soapc_json_qname(j->plan, name->ns, name->local)));
}

static void xml_put(struct soapc_json *j, size_t root)
{
    soapc_json_open(j, "text/xml", '{');
    soapc_json_open(j, "schema", '{');
    document_put(j, &j->plan->roots[root].element->name);
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
}

/* The members one by one, as the ones that are octets are not what components say of them. */
static void octets_form_put(struct soapc_json *j, const struct soapc_ptype *t)
{
    bool any = false;
    soapc_json_pair(j, "type", "object");
    soapc_json_open(j, "properties", '{');
    for (size_t i = 0; i < t->field_count; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        const bool octets = f->type->kind == BARK_KIND_BASE64 || f->type->kind == BARK_KIND_HEX;
        soapc_json_open(j, f->local, '{');
        if (octets && (f->bits & BARK_F_REPEATED)) {
            soapc_json_pair(j, "type", "array");
            soapc_json_open(j, "items", '{');
            soapc_json_close(j, '}');
        } else if (!octets) {
            member_ref(j, t, f->local);
        }
        soapc_json_close(j, '}');
        any |= (f->bits & BARK_F_REQUIRED) != 0;
    }
    soapc_json_close(j, '}');
    if (!any)
        return;
    soapc_json_open(j, "required", '[');
    for (size_t i = 0; i < t->field_count; i++)
        if (t->fields[i].bits & BARK_F_REQUIRED)
            soapc_json_text(j, t->fields[i].local);
    soapc_json_close(j, ']');
}

/* Part by part; the types of each stand beside the schema [OpenAPI 3.1, encoding object]. */
static void related_put(struct soapc_json *j, const struct soapc_related *list, const struct soapc_ptype *t)
{
    soapc_json_open(j, "multipart/related", '{');
    soapc_json_open(j, "schema", '{');
    soapc_json_pair(j, "type", "object");
    soapc_json_open(j, "properties", '{');
    for (size_t i = 0; i < list->count && i < t->field_count; i++) {
        const struct soapc_pfield *f = &t->fields[i];
        soapc_json_open(j, list->items[i].part->name, '{');
        if (list->documents[i])
            document_put(j, &list->documents[i]->name);
        else if (f->type->kind != BARK_KIND_BASE64 && f->type->kind != BARK_KIND_HEX)
            member_ref(j, t, f->local);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, '}');
    soapc_json_open(j, "required", '[');
    for (size_t i = 0; i < list->count; i++)
        soapc_json_text(j, list->items[i].part->name);
    soapc_json_close(j, ']');
    soapc_json_close(j, '}');
    soapc_json_open(j, "encoding", '{');
    for (size_t i = 0; i < list->count; i++) {
        soapc_json_open(j, list->items[i].part->name, '{');
        soapc_json_pair(j, "contentType", list->items[i].types);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
}

/* A form. In parts, octets travel as they are, and a schema has no word for that: it is the empty one. */
static void form_put(struct soapc_json *j, const struct soapc_phttp *http, const struct soapc_ptype *t)
{
    const bool parts = http->bound->http.form == SOAPC_HTTP_PARTS;
    bool any = false;
    soapc_json_open(j, parts ? "multipart/form-data" : "application/x-www-form-urlencoded", '{');
    soapc_json_open(j, "schema", '{');
    for (size_t i = 0; parts && i < t->field_count; i++)
        any |= t->fields[i].type->kind == BARK_KIND_BASE64 || t->fields[i].type->kind == BARK_KIND_HEX;
    if (any)
        octets_form_put(j, t);
    else
        soapc_json_ref(j, t->c_name);
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
}

static void body_put(struct soapc_json *j, const struct soapc_phttp *http)
{
    const struct soapc_ptype *t = parameters_of(j, http);
    const bool xml = http->bound->http.form == SOAPC_HTTP_XML;
    if (!http->bound->http.post || http->bound->http.form == SOAPC_HTTP_REPLACED ||
        (!xml && (!t || !t->field_count)))
        return;
    soapc_json_open(j, "requestBody", '{');
    soapc_json_name(j, "required");
    soapc_json_literal(j, "true");
    soapc_json_open(j, "content", '{');
    if (xml) {
        xml_put(j, operation_of(j, http)->input);
    } else if (http->bound->http.form == SOAPC_HTTP_RELATED) {
        related_put(j, &http->bound->http.parts, t);
    } else {
        form_put(j, http, t);
    }
    soapc_json_close(j, '}');
    soapc_json_close(j, '}');
}

/* An answer that is one value: octets have no schema [OpenAPI 3.1, binary data]. */
static void bare_put(struct soapc_json *j, const struct soapc_phttp *http)
{
    const struct soapc_ptype *t = j->plan->roots[operation_of(j, http)->output].type;
    const enum bark_kind kind = t->field_count ? t->fields[0].type->kind : BARK_KIND_STRING;
    soapc_json_open(j, http->bound->http.media, '{');
    if (t->field_count && kind != BARK_KIND_BASE64 && kind != BARK_KIND_HEX)
        member_schema(j, t, &t->fields[0], kind == BARK_KIND_LIST);
    soapc_json_close(j, '}');
}

static void responses_put(struct soapc_json *j, const struct soapc_phttp *http)
{
    static const char *const refused[] = { "4XX", "5XX" };
    const struct soapc_poperation *op = operation_of(j, http);
    const bool answers = op->output != BARK_NONE;
    soapc_json_open(j, "responses", '{');
    soapc_json_open(j, op->flags & BARK_OPERATION_ONE_WAY ? "202" : "200", '{');
    soapc_json_pair(j, "description", answers ? "The answer." : "Accepted; the answer is empty.");
    if (answers) {
        soapc_json_open(j, "content", '{');
        if (http->bound->http.media)
            bare_put(j, http);
        else if (http->bound->http.answer.count)
            related_put(j, &http->bound->http.answer, j->plan->roots[op->output].type);
        else
            xml_put(j, op->output);
        soapc_json_close(j, '}');
    }
    soapc_json_close(j, '}');
    for (size_t i = 0; i < 2; i++) {
        soapc_json_open(j, refused[i], '{');
        soapc_json_pair(j, "description",
                        i ? "The service failed; one line says how."
                          : "The request was refused; one line says why.");
        soapc_json_open(j, "content", '{');
        soapc_json_open(j, "text/plain", '{');
        soapc_json_open(j, "schema", '{');
        soapc_json_pair(j, "type", "string");
        for (size_t k = 0; k < 4; k++)
            soapc_json_close(j, '}');
    }
    soapc_json_close(j, '}');
}

/* Is it the first HTTP binding of an operation that nothing else has? Then it has the operation's own name.
 */
static bool names_operation(const struct soapc_json *j, const struct soapc_phttp *http)
{
    return soapc_operation_is_http(operation_of(j, http)) &&
           (http == j->plan->https || http[-1].operation != http->operation);
}

static void binding_put(struct soapc_json *j, const struct soapc_phttp *http)
{
    const struct soapc_poperation *op = operation_of(j, http);
    const struct soapc_port_type *port_type = j->plan->services[op->service].port_type;
    const char *about = soapc_model_documentation(j->plan->model, op->operation->place);
    const char *verb = http->bound->http.post ? "post" : "get";
    const char *address = soapc_http_address(j->plan, http);
    soapc_json_open(j, verb, '{');
    soapc_json_pair(j, "operationId",
                    names_operation(j, http) ? op->function
                                             : soapc_plan_printf(j->plan, "%s.%s", op->function, verb));
    soapc_json_open(j, "tags", '[');
    soapc_json_text(j, port_type->name.local);
    soapc_json_close(j, ']');
    soapc_json_pair(j, "summary", op->operation->name);
    if (about)
        soapc_json_pair(j, "description", about);
    if (soapc_openapi_is_address(address)) {
        soapc_json_open(j, "servers", '[');
        soapc_json_open(j, NULL, '{');
        soapc_json_pair(j, "url", address);
        soapc_json_close(j, '}');
        soapc_json_close(j, ']');
    }
    parameters_put(j, http);
    body_put(j, http);
    responses_put(j, http);
    soapc_json_close(j, '}');
}

/* The first of the HTTP bindings from one on, and before another, that has the path; of a verb, or of any. */
static size_t path_find(const struct soapc_json *j, const char *const *paths, size_t from, size_t end,
                        const char *path, const bool *post)
{
    while (from < end &&
           (strcmp(paths[from], path) != 0 || (post && j->plan->https[from].bound->http.post != *post)))
        from++;
    return from;
}

/* Two of one path and verb can only be told apart by their addresses, for which OpenAPI has no room. */
void soapc_openapi_https(struct soapc_json *j)
{
    const struct soapc_plan *plan = j->plan;
    const char **paths = soapc_plan_alloc(j->plan, plan->http_count + 1, sizeof *paths);
    if (!paths)
        return;
    for (size_t i = 0; i < plan->http_count; i++)
        paths[i] = path_make(j, &plan->https[i]);
    for (size_t i = 0; i < plan->http_count; i++) {
        if (path_find(j, paths, 0, i, paths[i], NULL) < i)
            continue;
        soapc_json_open(j, paths[i], '{');
        for (size_t k = i; k < plan->http_count;
             k = path_find(j, paths, k + 1, plan->http_count, paths[i], NULL))
            if (path_find(j, paths, i, k, paths[i], &plan->https[k].bound->http.post) == k)
                binding_put(j, &plan->https[k]);
        soapc_json_close(j, '}');
    }
}
