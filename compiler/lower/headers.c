/* lower/headers.c - header blocks of an operation: their roots, and the header structs that C gets for them.
 *
 * A soap:header names one part of a message; the part's element is a root like any other [WSDL11 3.7]. What
 * cannot be such a block is left out with a warning that says why: the operation works without it.
 */
#include "lower/plan.h"

#include <string.h>

static void leave_out(struct soapc_plan *plan, const struct soapc_header *h, const char *why)
{
    soapc_warning(plan->diag, SOAPC_W_LEFT_OUT, h->place, "header '%s' is left out: %s", h->part->name, why);
}

/* Why this header cannot be a block, or NULL. */
static const char *header_unsupported(const struct soapc_header *h)
{
    if (!h->part->element)
        return "its part has a type, and [WSI-BP11 R2205] asks for an element";
    if (h->encoded)
        return "use=\"encoded\"";
    if (h->part->element->abstract)
        return "its element is abstract";
    if (h->part->element->name.ns[0] == '\0')
        return "its element has no namespace, and [SOAP12-1 5.2] asks for one";
    return NULL;
}

static bool header_add(struct soapc_plan *plan, struct soapc_pheaders *list, const struct soapc_header *h)
{
    const char *why = header_unsupported(h);
    if (!why && list->count == BARK_HEADERS_MAX)
        why = "the tables hold at most 32 for an operation";
    if (why) {
        leave_out(plan, h, why);
        return true;
    }
    size_t root = soapc_root_of(plan, h->part->element);
    if (root == BARK_NONE)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].root == root)
            return true;
    struct soapc_pheader *items = soapc_plan_grow(plan, list->items, list->count, &list->cap, sizeof *items);
    const char *member = soapc_nameset_add(&list->members, plan->arena,
                                           soapc_cname(plan->arena, NULL, h->part->element->name.local));
    if (!items || !member)
        return false;
    list->items = items;
    items[list->count++] = (struct soapc_pheader){ .root = root, .member = member };
    return true;
}

static bool payload_add(struct soapc_plan *plan, const struct soapc_payload *payload,
                        struct soapc_pheaders *blocks, struct soapc_pheaders *faults)
{
    for (size_t i = 0; i < payload->header_count; i++)
        if (!header_add(plan, payload->headers[i].fault ? faults : blocks, &payload->headers[i]))
            return false;
    return true;
}

bool soapc_headers_select(struct soapc_plan *plan, struct soapc_poperation *op)
{
    const struct soapc_bound_operation *bound = op->bound;
    const bool outbound = (op->flags & BARK_OPERATION_OUTBOUND) != 0;
    if (!bound)
        return true;
    /* Members of header structs, beside the last one of each. */
    if (!soapc_nameset_add(&op->headers.members, plan->arena, "must_understand") ||
        !soapc_nameset_add(&op->answer_headers.members, plan->arena, "must_understand"))
        return false;
    if (!payload_add(plan, outbound ? &bound->output : &bound->input, &op->headers, &op->header_faults) ||
        !payload_add(plan, outbound ? &bound->input : &bound->output, &op->answer_headers,
                     &op->header_faults))
        return false;
    if (op->headers.count + op->answer_headers.count + op->header_faults.count > 0)
        op->flags |= BARK_OPERATION_HEADERS;
    return !plan->failed;
}
