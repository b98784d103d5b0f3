/* emit/service.c - what a port type becomes: a struct of handlers, the function that calls them, client
 * calls.
 */
#include "emit/c.h"

#include <string.h>

/* The struct of an operation's input or output; NULL when it has none. */
static const struct soapc_ptype *message_type(const struct soapc_plan *plan, size_t root)
{
    return root == BARK_NONE ? NULL : plan->roots[root].type;
}

static void parameter_print(struct soapc_text *out, const char *before, const struct soapc_ptype *t,
                            const char *name, const char *after)
{
    if (t)
        soapc_text_printf(out, "%s%s%s %s%s", before, soapc_c_keyword(t), soapc_c_type(t), name, after);
}

/* ---- header blocks ---- */

static void header_struct_print(const struct soapc_plan *plan, const struct soapc_pheaders *list,
                                struct soapc_text *out)
{
    if (!list->count)
        return;
    soapc_text_printf(out, "struct %s {\n", list->c_name);
    for (size_t i = 0; i < list->count; i++) {
        const struct soapc_ptype *t = plan->roots[list->items[i].root].type;
        soapc_text_printf(out, "    const %s%s *%s;\n", soapc_c_keyword(t), soapc_c_type(t),
                          list->items[i].member);
    }
    soapc_text_printf(out, "    uint32_t must_understand; /* bit n: of the block of member n */\n};\n\n");
}

static void headers_print(const struct soapc_plan *plan, const struct soapc_poperation *op,
                          struct soapc_text *out)
{
    if (!(op->flags & BARK_OPERATION_HEADERS))
        return;
    soapc_text_printf(out, "/* Header blocks of %s. */\n", op->operation->name);
    header_struct_print(plan, &op->headers, out);
    header_struct_print(plan, &op->answer_headers, out);
    if (op->headers.count)
        soapc_text_printf(out,
                          "static inline const struct %s *%s(const struct bark_call *call)\n{\n"
                          "    return (const struct %s *)call->headers;\n}\n\n",
                          op->headers.c_name, op->headers.accessor, op->headers.c_name);
    if (op->answer_headers.count)
        soapc_text_printf(out,
                          "static inline struct %s *%s(const struct bark_call *call)\n{\n"
                          "    return (struct %s *)call->answer_headers;\n}\n\n",
                          op->answer_headers.c_name, op->answer_headers.accessor, op->answer_headers.c_name);
    for (size_t i = 0; i < op->header_faults.count; i++)
        soapc_text_printf(out, "/* bark_call_fault_header(call, %s, const %s%s *) tells about a header. */\n",
                          plan->roots[op->header_faults.items[i].root].c_name,
                          soapc_c_keyword(plan->roots[op->header_faults.items[i].root].type),
                          soapc_c_type(plan->roots[op->header_faults.items[i].root].type));
    if (op->header_faults.count)
        soapc_text_printf(out, "\n");
}

/* ---- handlers and calls ---- */

static void handlers_print(const struct soapc_plan *plan, const struct soapc_pservice *service,
                           struct soapc_text *out)
{
    soapc_text_printf(out, "struct %s_handlers {\n", service->c_name);
    for (size_t i = service->first; i < service->first + service->count; i++) {
        const struct soapc_poperation *op = &plan->operations[i];
        if (op->flags & BARK_OPERATION_OUTBOUND)
            soapc_text_printf(out,
                              "    /* The service sends the next one: whoever receives it handles it. */\n");
        soapc_text_printf(out, "    enum bark_code (*%s)(", op->c_name);
        parameter_print(out, "const ", message_type(plan, op->input), "*in", ", ");
        parameter_print(out, "", message_type(plan, op->output), "*out", ", ");
        soapc_text_printf(out, "struct bark_call *call);\n");
    }
    soapc_text_printf(out, "};\n\n");
}

/* What a call got, by its own types: the end of a function. */
static void results_print(const struct soapc_ptype *answer, const char *headers, struct soapc_text *out)
{
    if (headers)
        soapc_text_printf(out, "    *answer_headers = (const struct %s *)blocks;\n", headers);
    if (answer)
        soapc_text_printf(out, "    *out = (const %s%s *)message;\n", soapc_c_keyword(answer),
                          soapc_c_type(answer));
    soapc_text_printf(out, headers || answer ? "    return code;\n}\n\n" : "}\n\n");
}

/* The call of an operation; the one with headers has a suffix and two parameters more. */
static void client_print(const struct soapc_plan *plan, const struct soapc_poperation *op, bool with_headers,
                         struct soapc_text *out)
{
    const struct soapc_ptype *in = message_type(plan, op->input), *answer = message_type(plan, op->output);
    const char *sent = with_headers && op->headers.count ? op->headers.c_name : NULL;
    const char *got = with_headers && op->answer_headers.count ? op->answer_headers.c_name : NULL;
    soapc_text_printf(out, "BARK_MUST_CHECK static inline enum bark_code %s(struct bark_client *client, ",
                      with_headers ? op->header_function : op->function);
    if (sent)
        soapc_text_printf(out, "const struct %s *headers, ", sent);
    parameter_print(out, "const ", in, "*in", ", ");
    if (got)
        soapc_text_printf(out, "const struct %s **answer_headers, ", got);
    parameter_print(out, "const ", answer, "**out", ", ");
    soapc_text_printf(out, "struct bark_error *err)\n{\n    void *message = NULL;\n");
    if (got)
        soapc_text_printf(out, "    const void *blocks = NULL;\n");
    if (got || answer)
        soapc_text_printf(out, "    enum bark_code code = ");
    else
        soapc_text_printf(out, "    return ");
    if (with_headers)
        soapc_text_printf(out, "bark_client_call_headers(client, %s, %s, %s, %s, &message, err);\n",
                          op->enumerator, sent ? "headers" : "NULL", in ? "in" : "NULL",
                          got ? "&blocks" : "NULL");
    else
        soapc_text_printf(out, "bark_client_call(client, %s, %s, &message, err);\n", op->enumerator,
                          in ? "in" : "NULL");
    results_print(answer, got, out);
}

/* The same without waiting: one function that begins the call, and one that goes on with it. */
static void steps_print(const struct soapc_plan *plan, const struct soapc_poperation *op,
                        struct soapc_text *out)
{
    const struct soapc_ptype *in = message_type(plan, op->input), *answer = message_type(plan, op->output);
    const char *got = op->answer_headers.count ? op->answer_headers.c_name : NULL;
    soapc_text_printf(out, "BARK_MUST_CHECK static inline enum bark_code %s(struct bark_client *client, ",
                      op->start_function);
    if (op->headers.count)
        soapc_text_printf(out, "const struct %s *headers, ", op->headers.c_name);
    parameter_print(out, "const ", in, "*in", ", ");
    soapc_text_printf(
        out, "struct bark_error *err)\n{\n    return bark_client_start(client, %s, %s, %s, err);\n}\n\n",
        op->enumerator, op->headers.count ? "headers" : "NULL", in ? "in" : "NULL");
    soapc_text_printf(out,
                      "BARK_MUST_CHECK static inline enum bark_code %s(struct bark_client *client, struct "
                      "bark_client_wait *wait, ",
                      op->step_function);
    if (got)
        soapc_text_printf(out, "const struct %s **answer_headers, ", got);
    parameter_print(out, "const ", answer, "**out", ", ");
    soapc_text_printf(out, "struct bark_error *err)\n{\n    void *message = NULL;\n");
    if (got)
        soapc_text_printf(out, "    const void *blocks = NULL;\n");
    soapc_text_printf(out, "    %s bark_client_step_of(client, %s, wait, %s, &message, err);\n",
                      got || answer ? "enum bark_code code =" : "return", op->enumerator,
                      got ? "&blocks" : "NULL");
    results_print(answer, got, out);
}

void soapc_emit_service_header(const struct soapc_plan *plan, size_t index,
                               const struct soapc_c_options *options, struct soapc_text *out)
{
    const struct soapc_model *about = options->comments ? plan->model : NULL;
    const struct soapc_pservice *service = &plan->services[index];
    const size_t end = service->first + service->count;
    soapc_emit_comment(about, service->port_type->place, "", out);
    soapc_text_printf(out, "/* Port type %s: its service row, and its operation rows for calls. */\n",
                      service->port_type->name.local);
    soapc_text_printf(out, "enum { %s_row = %zu };\n\nenum %s_operation {\n", service->c_name, index,
                      service->c_name);
    for (size_t i = service->first; i < end; i++) {
        soapc_emit_comment(about, plan->operations[i].operation->place, "    ", out);
        soapc_text_printf(out, "    %s = %zu%s\n", plan->operations[i].enumerator, i, i + 1 < end ? "," : "");
    }
    soapc_text_printf(out, "};\n\n");
    for (size_t i = service->first; i < end; i++)
        headers_print(plan, &plan->operations[i], out);
    soapc_emit_parts_header(plan, service, out);
    handlers_print(plan, service, out);
    soapc_text_printf(out,
                      "/* For bark_service.dispatch, with a struct %s_handlers as bark_service.handlers. */\n"
                      "enum bark_code %s_dispatch(const void *handlers, uint16_t operation_in_service,\n"
                      "    const void *in, void *out, struct bark_call *call);\n\n",
                      service->c_name, service->c_name);
    for (size_t i = service->first; i < end; i++) {
        client_print(plan, &plan->operations[i], false, out);
        if (plan->operations[i].header_function)
            client_print(plan, &plan->operations[i], true, out);
        if (options->async)
            steps_print(plan, &plan->operations[i], out);
    }
}

static void case_print(const struct soapc_plan *plan, size_t number, const struct soapc_poperation *op,
                       struct soapc_text *out)
{
    const struct soapc_ptype *in = message_type(plan, op->input), *answer = message_type(plan, op->output);
    soapc_text_printf(out,
                      "    case %zu:\n        if (!own->%s)\n            break;\n        return own->%s(",
                      number, op->c_name, op->c_name);
    if (in)
        soapc_text_printf(out, "(const %s%s *)in, ", soapc_c_keyword(in), soapc_c_type(in));
    if (answer)
        soapc_text_printf(out, "(%s%s *)out, ", soapc_c_keyword(answer), soapc_c_type(answer));
    soapc_text_printf(out, "call);\n");
}

void soapc_emit_service_source(const struct soapc_plan *plan, size_t index, struct soapc_text *out)
{
    const struct soapc_pservice *service = &plan->services[index];
    soapc_emit_parts_source(plan, service, out);
    soapc_text_printf(out,
                      "enum bark_code %s_dispatch(const void *handlers, uint16_t operation_in_service,\n"
                      "    const void *in, void *out, struct bark_call *call)\n{\n"
                      "    const struct %s_handlers *own = (const struct %s_handlers *)handlers;\n"
                      "    (void)in;\n    (void)out;\n"
                      "    switch (operation_in_service) {\n",
                      service->c_name, service->c_name, service->c_name);
    for (size_t i = 0; i < service->count; i++)
        case_print(plan, i, &plan->operations[service->first + i], out);
    soapc_text_printf(
        out, "    default:\n        break;\n    }\n    return bark_call_not_implemented(call);\n}\n\n");
}
