/* describe/doc.c - a reference of services, operations and types as one HTML page.
 *
 * The page fetches nothing and has no script: contents at the side, sections with anchors, links between
 * types. All text comes from a schema and is escaped. The markup is well-formed XML besides its DOCTYPE, so
 * that it can be checked and processed.
 */
#include "describe/doc.h"

#include <string.h>

void soapc_html_text(struct bark_out *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            bark_out_text(out, "&amp;");
            break;
        case '<':
            bark_out_text(out, "&lt;");
            break;
        case '>':
            bark_out_text(out, "&gt;");
            break;
        case '"':
            bark_out_text(out, "&quot;");
            break;
        case '\'':
            bark_out_text(out, "&#39;");
            break;
        default:
            bark_out_byte(out, (uint8_t)*text);
        }
    }
}

void soapc_doc_markup(struct soapc_doc *d, const char *markup)
{
    bark_out_text(d->out, markup);
}

void soapc_doc_text(struct soapc_doc *d, const char *text)
{
    soapc_html_text(d->out, text ? text : "");
}

void soapc_doc_about(struct soapc_doc *d, struct soapc_place place)
{
    const char *text = soapc_model_documentation(d->plan->model, place);
    while (text && text[0]) {
        const size_t len = strcspn(text, "\n");
        const char *paragraph = soapc_plan_printf(d->plan, "%.*s", (int)(len < 65536 ? len : 65536), text);
        soapc_doc_markup(d, "<p class=\"about\">");
        soapc_doc_text(d, paragraph);
        soapc_doc_markup(d, "</p>\n");
        text += len + (text[len] != '\0');
    }
}

void soapc_doc_type_link(struct soapc_doc *d, const struct soapc_type *t)
{
    const bool link = soapc_type_is_used(d->plan, t);
    if (link) {
        soapc_doc_markup(d, "<a href=\"#");
        soapc_doc_text(d, d->plan->type_names[t->index]);
        soapc_doc_markup(d, "\">");
    }
    soapc_doc_text(d, soapc_type_label(t));
    soapc_doc_markup(d, link ? "</a>" : "");
}

/* ---- services ---- */

static void root_put(struct soapc_doc *d, const char *word, size_t root)
{
    if (root == BARK_NONE)
        return;
    const struct soapc_element *e = d->plan->roots[root].element;
    soapc_doc_markup(d, "<dt>");
    soapc_doc_text(d, word);
    soapc_doc_markup(d, "</dt><dd><code>");
    soapc_doc_text(d, e->name.local);
    soapc_doc_markup(d, "</code> <span class=\"dim\">of type</span> ");
    soapc_doc_type_link(d, e->type);
    soapc_doc_markup(d, "</dd>\n");
}

/* [WSDL11 5.3] */
static void parts_put(struct soapc_doc *d, const char *word, const struct soapc_pparts *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct soapc_attachment *a = list->items[i].attachment;
        soapc_doc_markup(d, "<dt>");
        soapc_doc_text(d, word);
        soapc_doc_markup(d, "</dt><dd><code>");
        soapc_doc_text(d, a->part->name);
        soapc_doc_markup(d, "</code> <span class=\"dim\">of type</span> ");
        soapc_doc_text(d, a->types ? a->types : "any");
        soapc_doc_markup(d, "</dd>\n");
    }
}

static void related_put(struct soapc_doc *d, const struct soapc_related *list)
{
    for (size_t i = 0; i < list->count; i++) {
        soapc_doc_markup(d, i ? ", <code>" : " <code>");
        soapc_doc_text(d, list->items[i].part->name);
        soapc_doc_markup(d, "</code> <span class=\"dim\">of type</span> ");
        soapc_doc_text(d, list->items[i].types);
    }
}

/* How it is called without an envelope. */
static void https_put(struct soapc_doc *d, const struct soapc_poperation *op)
{
    static const char *const forms[] = { [SOAPC_HTTP_ENCODED] = "parameters",
                                         [SOAPC_HTTP_REPLACED] = "values in the path",
                                         [SOAPC_HTTP_XML] = "an XML body",
                                         [SOAPC_HTTP_PARTS] = "parameters as parts of a form",
                                         [SOAPC_HTTP_RELATED] = "parts in multipart/related:" };
    for (size_t i = 0; i < d->plan->http_count; i++) {
        const struct soapc_phttp *http = &d->plan->https[i];
        if (&d->plan->operations[http->operation] != op)
            continue;
        soapc_doc_markup(d, "<dt>HTTP</dt><dd><code>");
        soapc_doc_text(d, http->bound->http.post ? "POST " : "GET ");
        soapc_doc_text(d, soapc_http_address(d->plan, http));
        soapc_doc_text(d, "/");
        soapc_doc_text(d, soapc_http_location(http->bound));
        soapc_doc_markup(d, "</code> <span class=\"dim\">with</span> ");
        soapc_doc_text(d, op->input == BARK_NONE ? "nothing" : forms[http->bound->http.form]);
        related_put(d, &http->bound->http.parts);
        if (http->bound->http.answer.count) {
            soapc_doc_markup(d, "<span class=\"dim\">, answered in multipart/related:</span>");
            related_put(d, &http->bound->http.answer);
        }
        if (http->bound->http.media) {
            soapc_doc_markup(d, "<span class=\"dim\">, answered as</span> ");
            soapc_doc_text(d, http->bound->http.media);
        }
        soapc_doc_markup(d, "</dd>\n");
    }
}

static void operation_put(struct soapc_doc *d, const struct soapc_poperation *op)
{
    soapc_doc_markup(d, "<section id=\"");
    soapc_doc_text(d, op->function);
    soapc_doc_markup(d, "\"><h3>");
    soapc_doc_text(d, op->operation->name);
    soapc_doc_markup(d, "<span class=\"kind\">");
    soapc_doc_text(d, op->flags & BARK_OPERATION_ONE_WAY ? "one-way" : "");
    soapc_doc_markup(d, "</span></h3>\n");
    soapc_doc_about(d, op->operation->place);
    soapc_doc_markup(d, "<dl>");
    root_put(d, "Request", op->input);
    parts_put(d, "Beside it", &op->parts);
    root_put(d, "Answer", op->output);
    parts_put(d, "Beside it", &op->answer_parts);
    for (size_t i = 0; i < op->fault_count; i++)
        root_put(d, "Fault", op->faults[i]);
    https_put(d, op);
    if (op->action[0]) {
        soapc_doc_markup(d, "<dt>Action</dt><dd class=\"mono\">");
        soapc_doc_text(d, op->action);
        soapc_doc_markup(d, "</dd>\n");
    }
    soapc_doc_markup(d, "</dl></section>\n");
}

static void service_put(struct soapc_doc *d, const struct soapc_pservice *service)
{
    soapc_doc_markup(d, "<h2 id=\"");
    soapc_doc_text(d, service->c_name);
    soapc_doc_markup(d, "\">Service ");
    soapc_doc_text(d, service->port_type->name.local);
    soapc_doc_markup(d, "</h2>\n");
    soapc_doc_about(d, service->port_type->place);
    soapc_doc_markup(d, "<dl><dt>Namespace</dt><dd class=\"mono uri\">");
    soapc_doc_text(d, service->port_type->name.ns);
    soapc_doc_markup(d, "</dd>");
    if (service->address && service->address[0]) {
        soapc_doc_markup(d, "<dt>Address</dt><dd class=\"mono uri\">");
        soapc_doc_text(d, service->address);
        soapc_doc_markup(d, "</dd>");
    }
    soapc_doc_markup(d, "</dl>\n");
    for (size_t i = 0; i < service->count; i++)
        operation_put(d, &d->plan->operations[service->first + i]);
}

/* ---- the page ---- */

static void entry_put(struct soapc_doc *d, const char *id, const char *label)
{
    soapc_doc_markup(d, "<li><a href=\"#");
    soapc_doc_text(d, id);
    soapc_doc_markup(d, "\">");
    soapc_doc_text(d, label);
    soapc_doc_markup(d, "</a></li>\n");
}

static void contents_put(struct soapc_doc *d, const struct soapc_type *const *types, size_t count)
{
    soapc_doc_markup(d, "<nav aria-label=\"Contents\">\n");
    for (size_t i = 0; i < d->plan->service_count; i++) {
        const struct soapc_pservice *service = &d->plan->services[i];
        soapc_doc_markup(d, "<h2><a href=\"#");
        soapc_doc_text(d, service->c_name);
        soapc_doc_markup(d, "\">");
        soapc_doc_text(d, service->port_type->name.local);
        soapc_doc_markup(d, "</a></h2>\n<ul>\n");
        for (size_t k = 0; k < service->count; k++)
            entry_put(d, d->plan->operations[service->first + k].function,
                      d->plan->operations[service->first + k].operation->name);
        soapc_doc_markup(d, "</ul>\n");
    }
    for (size_t i = 0; i < count; i++) {
        const bool first = i == 0 || strcmp(types[i]->name.ns, types[i - 1]->name.ns) != 0;
        if (first) {
            const char *prefix = soapc_plan_prefix(d->plan, types[i]->name.ns);
            soapc_doc_markup(d, i ? "</ul>\n<h2>Types " : "<h2>Types ");
            soapc_doc_text(d, prefix);
            soapc_doc_markup(d, "</h2>\n<ul>\n");
        }
        entry_put(d, d->plan->type_names[types[i]->index], soapc_type_label(types[i]));
    }
    soapc_doc_markup(d, count ? "</ul>\n</nav>\n" : "</nav>\n");
}

static void types_put(struct soapc_doc *d, const struct soapc_type *const *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(types[i]->name.ns, types[i - 1]->name.ns) != 0) {
            soapc_doc_markup(d, "<h2>Types of <span class=\"mono uri\">");
            soapc_doc_text(d, types[i]->name.ns[0] ? types[i]->name.ns : "no namespace");
            soapc_doc_markup(d, "</span></h2>\n");
        }
        soapc_doc_type(d, types[i]);
    }
}

void soapc_describe_doc(struct soapc_plan *plan, const struct soapc_describe_options *options,
                        struct bark_out *out)
{
    struct soapc_doc d = { plan, out };
    size_t count = 0;
    const struct soapc_type *const *types = soapc_types_sorted(plan, &count);
    soapc_doc_markup(&d,
                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>");
    soapc_doc_text(&d, options->title);
    soapc_doc_markup(&d, "</title>\n<style>\n");
    soapc_doc_markup(&d, soapc_doc_style);
    soapc_doc_markup(&d, "</style>\n</head>\n<body>\n");
    contents_put(&d, types, types ? count : 0);
    soapc_doc_markup(&d, "<main>\n<h1>");
    soapc_doc_text(&d, options->title);
    soapc_doc_markup(&d, "</h1>\n<p class=\"dim\">Generated by <code>");
    soapc_doc_text(&d, options->command);
    soapc_doc_markup(&d, "</code></p>\n");
    for (size_t i = 0; i < plan->service_count; i++)
        service_put(&d, &plan->services[i]);
    types_put(&d, types, types ? count : 0);
    soapc_doc_markup(&d, "</main>\n</body>\n</html>\n");
}
