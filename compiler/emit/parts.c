/* emit/parts.c - attachments that a WSDL binds: a constant array for bark_service.parts, and for each part a
 * function that finds it and one that sends it.
 */
#include "emit/c.h"

#include <string.h>

/* A media type or a name as a string literal. Both are strangers' texts; types are checked (model/media.c),
 * and what is no printable ASCII, or means something to C, is written in octal. */
static void literal_print(struct soapc_text *out, const char *text)
{
    soapc_text_printf(out, "\"");
    for (; *text; text++) {
        const uint8_t c = (uint8_t)*text;
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '?')
            soapc_text_printf(out, "\\%03o", (unsigned)c);
        else
            soapc_text_put(out, text, 1);
    }
    soapc_text_printf(out, "\"");
}

static void find_print(const struct soapc_pservice *service, size_t operation, size_t index,
                       const struct soapc_ppart *part, bool answer, struct soapc_text *out)
{
    const char *side = answer ? "output" : "input";
    soapc_text_printf(out, "static inline const struct bark_attachment *%s(const struct %s)\n{\n", part->find,
                      answer ? "bark_client *client" : "bark_call *call");
    if (answer)
        soapc_text_printf(out,
                          "    size_t count;\n"
                          "    const struct bark_attachment *all = bark_client_attachments(client, &count);\n"
                          "    return bark_part_find(&%s[%zu].%s, %zu, all, count);\n}\n\n",
                          service->parts, operation, side, index);
    else
        soapc_text_printf(out,
                          "    return bark_part_find(&%s[%zu].%s, %zu, call->attachments, "
                          "call->attachment_count);\n}\n\n",
                          service->parts, operation, side, index);
}

static void attach_print(const struct soapc_pservice *service, size_t operation, size_t index,
                         const struct soapc_ppart *part, bool answer, struct soapc_text *out)
{
    const char *kind = answer ? "call" : "client";
    soapc_text_printf(out,
                      "%sstatic inline %s %s(struct bark_%s *%s, struct bark_text content_type, "
                      "struct bark_bytes content)\n{\n"
                      "    %sbark_%s_attach_part(%s, &%s[%zu].%s.items[%zu], content_type, content);\n}\n\n",
                      answer ? "" : "BARK_MUST_CHECK ", answer ? "void" : "bool", part->attach, kind, kind,
                      answer ? "" : "return ", kind, kind, service->parts, operation,
                      answer ? "output" : "input", index);
}

static void list_print(const struct soapc_pservice *service, size_t operation, const char *name,
                       const struct soapc_pparts *list, bool answer, struct soapc_text *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct soapc_attachment *a = list->items[i].attachment;
        soapc_text_printf(out, "/* Part ");
        soapc_emit_words(a->part->name, out);
        soapc_text_printf(out, " beside the %s of ", answer ? "answer" : "request");
        soapc_emit_words(name, out);
        soapc_text_printf(out, ": ");
        soapc_emit_words(a->types ? a->types : "any type", out);
        soapc_text_printf(out, ". NULL when it did not come; an absent content_type is the first. */\n");
        find_print(service, operation, i, &list->items[i], answer, out);
        attach_print(service, operation, i, &list->items[i], answer, out);
    }
}

void soapc_emit_parts_header(const struct soapc_plan *plan, const struct soapc_pservice *service,
                             struct soapc_text *out)
{
    if (!service->parts)
        return;
    soapc_text_printf(out,
                      "/* For bark_service.parts: what travels beside the messages of each operation. */\n"
                      "extern const struct bark_operation_parts %s[%zu];\n\n",
                      service->parts, service->count);
    for (size_t i = 0; i < service->count; i++) {
        const struct soapc_poperation *op = &plan->operations[service->first + i];
        list_print(service, i, op->operation->name, &op->parts, false, out);
        list_print(service, i, op->operation->name, &op->answer_parts, true, out);
    }
}

static void items_print(const struct soapc_pservice *service, size_t operation, const char *side,
                        const struct soapc_pparts *list, struct soapc_text *out)
{
    if (!list->count)
        return;
    soapc_text_printf(out, "static const struct bark_part %s_%s_%zu[] = {\n", service->parts, side,
                      operation);
    for (size_t i = 0; i < list->count; i++) {
        const struct soapc_attachment *a = list->items[i].attachment;
        soapc_text_printf(out, "    { ");
        literal_print(out, a->part->name);
        soapc_text_printf(out, ", ");
        literal_print(out, a->types ? a->types : "");
        soapc_text_printf(out, " },\n");
    }
    soapc_text_printf(out, "};\n");
}

static void side_print(const struct soapc_pservice *service, size_t operation, const char *side,
                       const struct soapc_pparts *list, struct soapc_text *out)
{
    if (list->count)
        soapc_text_printf(out, "{ %s_%s_%zu, %zu }", service->parts, side, operation, list->count);
    else
        soapc_text_printf(out, "{ NULL, 0 }");
}

void soapc_emit_parts_source(const struct soapc_plan *plan, const struct soapc_pservice *service,
                             struct soapc_text *out)
{
    if (!service->parts)
        return;
    for (size_t i = 0; i < service->count; i++) {
        items_print(service, i, "in", &plan->operations[service->first + i].parts, out);
        items_print(service, i, "out", &plan->operations[service->first + i].answer_parts, out);
    }
    soapc_text_printf(out, "const struct bark_operation_parts %s[%zu] = {\n", service->parts, service->count);
    for (size_t i = 0; i < service->count; i++) {
        soapc_text_printf(out, "    { ");
        side_print(service, i, "in", &plan->operations[service->first + i].parts, out);
        soapc_text_printf(out, ", ");
        side_print(service, i, "out", &plan->operations[service->first + i].answer_parts, out);
        soapc_text_printf(out, " },\n");
    }
    soapc_text_printf(out, "};\n\n");
}
