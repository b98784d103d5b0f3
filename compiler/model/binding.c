/* model/binding.c - what SOAP makes of a port type: which element stands in the body, which are headers
 * [WSDL11 3].
 */
#include "model/build.h"

const struct soapc_part *soapc_part_find(struct soapc_builder *b, const struct soapc_wsdl_message *m,
                                         struct bark_text name, struct soapc_place place)
{
    struct soapc_guess guess = { .wanted = name.ptr };
    for (size_t i = 0; i < m->part_count; i++)
        if (bark_text_equal(name, m->parts[i].name))
            return &m->parts[i];
    for (size_t i = 0; i < m->part_count; i++)
        soapc_guess_offer(&guess, m->parts[i].name);
    soapc_error(b->diag, SOAPC_E_UNKNOWN_NAME, place, "message '%s' has no part '%s'", m->name.local,
                name.ptr);
    if (guess.best)
        soapc_note(b->diag, place, "did you mean '%s'?", guess.best);
    return NULL;
}

/* ---- headers ---- */

static void header_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node,
                         struct soapc_payload *payload)
{
    struct bark_qname message = node->qname[SOAPC_WQNAME_message];
    struct bark_text part = node->text[SOAPC_WTEXT_part];
    struct soapc_header h = { .place = soapc_node_place(s, node),
                              .fault = node->kind == SOAPC_WSDL_SOAP_HEADERFAULT,
                              .encoded = bark_text_equal(node->text[SOAPC_WTEXT_use], "encoded") };
    if (!message.local.ptr || !part.ptr) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, h.place,
                    "%s needs the attributes 'message' and 'part'",
                    soapc_kind_name((enum soapc_node_kind)node->kind));
        return;
    }
    h.message = soapc_reference(b, s, node, "message", SOAPC_SPACE_MESSAGE, soapc_qname(b, s, message));
    if (!h.message)
        return;
    h.part =
        soapc_part_find(b, h.message, part, soapc_attribute_place(b->diag, s->doc->file, node->at, "part"));
    if (!h.part)
        return;
    struct soapc_header *slot = SOAPC_PUSH(b, payload->headers, payload->header_count, payload->header_cap);
    *slot = h;
}

static void headers_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *io,
                          struct soapc_payload *payload)
{
    for (size_t i = 0; i < io->children.count; i++) {
        if (io->children.items[i].kind != SOAPC_WSDL_SOAP_HEADER)
            continue;
        const struct soapc_node *header = io->children.items[i].as.node;
        header_build(b, s, header, payload);
        for (size_t f = 0; f < header->children.count; f++)
            if (header->children.items[f].kind == SOAPC_WSDL_SOAP_HEADERFAULT)
                header_build(b, s, header->children.items[f].as.node, payload);
    }
}

/* ---- bodies ---- */

static const struct soapc_node *body_find(const struct soapc_node *io)
{
    for (size_t i = 0; i < io->children.count; i++)
        if (io->children.items[i].kind == SOAPC_WSDL_SOAP_BODY)
            return io->children.items[i].as.node;
    return NULL;
}

static bool is_header(const struct soapc_payload *payload, const struct soapc_part *part)
{
    for (size_t i = 0; i < payload->header_count; i++)
        if (payload->headers[i].part == part)
            return true;
    return false;
}

static bool word_in(struct bark_text list, const char *word)
{
    size_t len = strlen(word);
    for (size_t from = 0; from < list.len;) {
        size_t to = from;
        while (to < list.len && list.ptr[to] != ' ')
            to++;
        if (to - from == len && memcmp(list.ptr + from, word, len) == 0)
            return true;
        from = to + 1;
    }
    return false;
}

bool soapc_body_lists(const struct soapc_node *body, const struct soapc_part *part)
{
    const struct bark_text listed = body->text[SOAPC_WTEXT_parts];
    return !listed.ptr || word_in(listed, part->name);
}

/* The parts that the body carries: those that soap:body lists, else all that are neither headers nor
 * attachments [WSDL11 3.5]. */
static const struct soapc_part **body_parts(struct soapc_builder *b, const struct soapc_wsdl_message *m,
                                            const struct soapc_node *body,
                                            const struct soapc_payload *payload, size_t *count)
{
    const struct soapc_part **parts = soapc_pool_alloc(b->pool, (m->part_count + 1) * sizeof *parts);
    const bool listed = body->text[SOAPC_WTEXT_parts].ptr != NULL;
    *count = 0;
    for (size_t i = 0; i < m->part_count; i++) {
        const struct soapc_part *part = &m->parts[i];
        if (soapc_body_lists(body, part) &&
            (listed || (!is_header(payload, part) && !soapc_is_attachment(payload, part))))
            parts[(*count)++] = part;
    }
    return parts;
}

/* The element of a part in its wrapper: unqualified, named as the part [WSDL11 3.5]. A part that names an
 * element, which [WSI-BP11 R2203] forbids and files in the wild do, stands there as that element. */
static struct soapc_element *part_element(struct soapc_builder *b, const struct soapc_part *part)
{
    if (part->element)
        return part->element;
    struct soapc_element *child = SOAPC_NEW(b, struct soapc_element);
    *child = (struct soapc_element){ .name = { b->empty, part->name },
                                     .place = part->place,
                                     .type = soapc_encoding_plain(b, part->type),
                                     .index = (uint32_t)b->all_element_count };
    struct soapc_element **all = SOAPC_PUSH(b, b->all_elements, b->all_element_count, b->all_element_cap);
    *all = child;
    return child;
}

/* [WSDL11 3.5] rpc: an element named as the operation holds one element a part. */
struct soapc_element *soapc_wrapper_make(struct soapc_builder *b, struct soapc_place place,
                                         struct soapc_name name, const struct soapc_part *const *parts,
                                         size_t count)
{
    struct soapc_model *m = b->model;
    struct soapc_element *e = SOAPC_NEW(b, struct soapc_element);
    struct soapc_type *t = SOAPC_NEW(b, struct soapc_type);
    struct soapc_particle *sequence = SOAPC_NEW(b, struct soapc_particle);
    *sequence =
        (struct soapc_particle){ .kind = SOAPC_PARTICLE_SEQUENCE, .min = 1, .max = 1, .place = place };
    *t = (struct soapc_type){ .name = { .ns = name.ns },
                              .context = name.local,
                              .place = place,
                              .index = (uint32_t)m->type_count,
                              .complex = true,
                              .derivation = SOAPC_BY_RESTRICTION,
                              .base = m->types[SOAPC_BUILTIN_ANY_TYPE],
                              .content = count ? SOAPC_CONTENT_ELEMENTS : SOAPC_CONTENT_EMPTY,
                              .particle = count ? sequence : NULL,
                              .own_particle = count ? sequence : NULL };
    *e = (struct soapc_element){ .name = name, .place = place, .type = t, .global = true };
    for (size_t i = 0; i < count; i++) {
        struct soapc_element *child = part_element(b, parts[i]);
        struct soapc_particle *p = SOAPC_NEW(b, struct soapc_particle);
        *p = (struct soapc_particle){
            .kind = SOAPC_PARTICLE_ELEMENT, .min = 1, .max = 1, .place = child->place, .element = child
        };
        if (parts[i]->repeated) {
            p->min = 0;
            p->max = SOAPC_UNBOUNDED;
        }
        struct soapc_particle **slot = SOAPC_PUSH(b, sequence->items, sequence->count, sequence->cap);
        *slot = p;
    }
    struct soapc_type **types = SOAPC_PUSH(b, m->types, m->type_count, m->type_cap);
    *types = t;
    e->index = (uint32_t)b->all_element_count;
    struct soapc_element **all = SOAPC_PUSH(b, b->all_elements, b->all_element_count, b->all_element_cap);
    *all = e;
    struct soapc_element **global = SOAPC_PUSH(b, m->elements, m->element_count, m->element_cap);
    *global = e;
    return e;
}

struct soapc_element *soapc_wrapper_search(struct soapc_builder *b, struct soapc_place place, const char *ns,
                                           const char *local, const struct soapc_part *const *parts,
                                           size_t count)
{
    for (size_t i = b->wrapper_first; i < b->model->element_count; i++) {
        struct soapc_element *e = b->model->elements[i];
        const struct soapc_particle *p = e->type->particle;
        bool same = e->name.local == local && (!ns || e->name.ns == ns) && e->place.at == place.at &&
                    e->place.file == place.file && (p ? p->count : 0) == count;
        for (size_t n = 0; same && n < count; n++)
            same = parts[n]->element
                       ? p->items[n]->element == parts[n]->element
                       : p->items[n]->element->name.local == parts[n]->name &&
                             p->items[n]->element->type == soapc_encoding_plain(b, parts[n]->type) &&
                             (p->items[n]->max != 1) == parts[n]->repeated;
        if (same)
            return e;
    }
    return NULL;
}

struct soapc_element *soapc_part_document(struct soapc_builder *b, const struct soapc_part *part)
{
    if (part->element)
        return part->element;
    for (size_t i = b->wrapper_first; i < b->model->element_count; i++) {
        struct soapc_element *e = b->model->elements[i];
        if (e->name.local == part->name && e->name.ns == b->empty &&
            e->type == soapc_encoding_plain(b, part->type) && e->place.at == part->place.at &&
            e->place.file == part->place.file)
            return e;
    }
    struct soapc_element *e = part_element(b, part);
    e->global = true;
    struct soapc_element **global =
        SOAPC_PUSH(b, b->model->elements, b->model->element_count, b->model->element_cap);
    *global = e;
    return e;
}

/* SOAP 1.1 and 1.2 bindings of one port type share their wrappers when namespace and parts agree. */
static struct soapc_element *wrapper_find(struct soapc_builder *b, const struct soapc_operation *op,
                                          const char *suffix, const char *ns, const struct soapc_part **parts,
                                          size_t count)
{
    struct soapc_name name = { ns, soapc_pool_join(b->pool, op->name, suffix, "") };
    struct soapc_element *e = soapc_wrapper_search(b, op->place, ns, name.local, parts, count);
    return e ? e : soapc_wrapper_make(b, op->place, name, parts, count);
}

static const char *document_payload(const struct soapc_part **parts, size_t count,
                                    struct soapc_payload *payload)
{
    if (count > 1)
        return "document style with more than one part in the body";
    if (count == 1 && parts[0]->element)
        payload->root = parts[0]->element;
    else if (count == 1)
        payload->body_type = parts[0]->type;
    return count == 1 && !parts[0]->element ? "document style with a part that has a type" : NULL;
}

/* One direction of a bound operation. Returns why it cannot be generated, or NULL. */
static const char *payload_build(struct soapc_builder *b, const struct soapc_scope *s,
                                 const struct soapc_node *io, const struct soapc_io *abstract,
                                 const struct soapc_operation *op, enum soapc_style style, bool output,
                                 struct soapc_payload *payload)
{
    const struct soapc_node *holder = soapc_envelope_find(io), *body = body_find(holder);
    size_t count;
    payload->place = soapc_node_place(s, io);
    headers_build(b, s, holder, payload);
    if (!abstract->message)
        return NULL;
    if (!body) {
        soapc_error(b->diag, SOAPC_E_NO_BODY, payload->place, "%s has no soap:body",
                    soapc_kind_name((enum soapc_node_kind)io->kind));
        return NULL;
    }
    soapc_attachments_build(b, s, io, body, abstract->message, payload);
    const struct soapc_part **parts = body_parts(b, abstract->message, body, payload, &count);
    payload->encoded = bark_text_equal(body->text[SOAPC_WTEXT_use], "encoded");
    if (style == SOAPC_DOCUMENT && payload->encoded)
        return "document/encoded";
    if (style == SOAPC_DOCUMENT)
        return document_payload(parts, count, payload);
    struct bark_text ns = body->text[SOAPC_WTEXT_namespace];
    const char *why =
        payload->encoded && !b->docs->soap_encoding ? "rpc/encoded, which --soap-encoding takes" : NULL;
    payload->root =
        wrapper_find(b, op, output ? "Response" : "", ns.len ? soapc_intern(b, ns) : b->empty, parts, count);
    return why;
}

/* ---- operations ---- */

const struct soapc_node *soapc_io_find(const struct soapc_node *node, enum soapc_node_kind kind)
{
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i].kind == kind)
            return node->children.items[i].as.node;
    return NULL;
}

static bool name_fits(struct soapc_builder *b, const struct soapc_node *io, const struct soapc_io *abstract)
{
    if (!io || !io->text[SOAPC_WTEXT_name].ptr)
        return true;
    return abstract->name && soapc_intern(b, io->text[SOAPC_WTEXT_name]) == abstract->name;
}

static bool is_bound(const struct soapc_binding *binding, const struct soapc_operation *op)
{
    for (size_t i = 0; i < binding->count; i++)
        if (binding->operations[i]->operation == op)
            return true;
    return false;
}

/* [WSDL11 2.5] By name; overloaded operations are told apart by the names of their input and output, and
 * where the binding gives none, by their order. */
static struct soapc_operation *operation_find(struct soapc_builder *b, const struct soapc_binding *binding,
                                              const struct soapc_node *node)
{
    const struct soapc_port_type *p = binding->port_type;
    const char *name = soapc_intern(b, node->text[SOAPC_WTEXT_name]);
    struct soapc_operation *loose = NULL;
    for (size_t i = 0; i < p->count; i++) {
        struct soapc_operation *op = p->operations[i];
        if (op->name != name)
            continue;
        if (name_fits(b, soapc_io_find(node, SOAPC_WSDL_INPUT), &op->input) &&
            name_fits(b, soapc_io_find(node, SOAPC_WSDL_OUTPUT), &op->output) && !is_bound(binding, op))
            return op;
        loose = loose ? loose : op;
    }
    return loose;
}

static void faults_build(struct soapc_builder *b, const struct soapc_operation *op,
                         struct soapc_bound_operation *bound)
{
    for (size_t i = 0; i < op->fault_count; i++) {
        const struct soapc_wsdl_message *m = op->faults[i].message;
        struct soapc_fault *f = SOAPC_PUSH(b, bound->faults, bound->fault_count, bound->fault_cap);
        *f = (struct soapc_fault){ op->faults[i].name, m->part_count ? m->parts[0].element : NULL,
                                   op->faults[i].place };
    }
}

static void operation_bind(struct soapc_builder *b, const struct soapc_scope *s,
                           const struct soapc_node *node, struct soapc_binding *binding,
                           enum soapc_style style)
{
    struct soapc_place place = soapc_node_place(s, node);
    struct soapc_operation *op = operation_find(b, binding, node);
    const struct soapc_node *soap = soapc_io_find(node, SOAPC_WSDL_SOAP_OPERATION);
    const struct soapc_node *input = soapc_io_find(node, SOAPC_WSDL_INPUT),
                            *output = soapc_io_find(node, SOAPC_WSDL_OUTPUT);
    if (!op) {
        struct soapc_guess guess = { .wanted = node->text[SOAPC_WTEXT_name].ptr };
        struct soapc_place at = soapc_attribute_place(b->diag, s->doc->file, node->at, "name");
        soapc_error(b->diag, SOAPC_E_UNKNOWN_NAME, at, "port type '%s' has no operation '%s'",
                    binding->port_type->name.local, guess.wanted);
        for (size_t i = 0; i < binding->port_type->count; i++)
            soapc_guess_offer(&guess, binding->port_type->operations[i]->name);
        if (guess.best)
            soapc_note(b->diag, at, "did you mean '%s'?", guess.best);
        return;
    }
    struct soapc_bound_operation *bound = SOAPC_NEW(b, struct soapc_bound_operation);
    struct soapc_bound_operation **slot = SOAPC_PUSH(b, binding->operations, binding->count, binding->cap);
    *slot = bound;
    bound->operation = op;
    bound->place = place;
    bound->action = b->empty;
    bound->style = style;
    if (soap && soap->text[SOAPC_WTEXT_style].ptr)
        bound->style = bark_text_equal(soap->text[SOAPC_WTEXT_style], "rpc") ? SOAPC_RPC : SOAPC_DOCUMENT;
    if (soap && soap->text[SOAPC_WTEXT_soapAction].ptr)
        bound->action = soapc_intern(b, soap->text[SOAPC_WTEXT_soapAction]);
    bound->action_required = soap && bark_text_equal(soap->text[SOAPC_WTEXT_soapActionRequired], "true");
    if (binding->protocol == SOAPC_PROTOCOL_HTTP) {
        soapc_http_bind(b, s, node, binding, bound);
        return;
    }
    faults_build(b, op, bound);
    if (binding->protocol == SOAPC_PROTOCOL_OTHER)
        bound->unsupported = "a binding that is not SOAP";
    if (bound->unsupported)
        return;
    if (input)
        bound->unsupported = payload_build(b, s, input, &op->input, op, bound->style, false, &bound->input);
    const char *why = NULL;
    if (output)
        why = payload_build(b, s, output, &op->output, op, bound->style, true, &bound->output);
    if (!bound->unsupported)
        bound->unsupported = why;
}

void soapc_binding_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node)
{
    struct soapc_model *m = b->model;
    struct bark_qname type = node->qname[SOAPC_WQNAME_type];
    struct soapc_binding *binding = SOAPC_NEW(b, struct soapc_binding);
    enum soapc_style style = SOAPC_DOCUMENT;
    binding->name = (struct soapc_name){ s->target_ns, soapc_intern(b, node->text[SOAPC_WTEXT_name]) };
    binding->place = soapc_node_place(s, node);
    if (!binding->name.local)
        return;
    if (!type.local.ptr) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, binding->place,
                    "wsdl:binding needs the attribute 'type'");
        return;
    }
    binding->port_type = soapc_reference(b, s, node, "type", SOAPC_SPACE_PORT_TYPE, soapc_qname(b, s, type));
    if (!binding->port_type ||
        !soapc_symbol_add(b, SOAPC_SPACE_BINDING, binding->name, binding->place, binding))
        return;
    struct soapc_binding **slot = SOAPC_PUSH(b, m->bindings, m->binding_count, m->binding_cap);
    *slot = binding;
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_node *child = soapc_child_node(&node->children.items[i]);
        if (child && child->kind == SOAPC_WSDL_HTTP_BINDING) {
            binding->protocol = SOAPC_PROTOCOL_HTTP;
            binding->post = soapc_http_verb_read(b, s, child);
        }
        if (!child || child->kind != SOAPC_WSDL_SOAP_BINDING)
            continue;
        binding->protocol = child->soap == 12 ? SOAPC_PROTOCOL_SOAP12 : SOAPC_PROTOCOL_SOAP11;
        binding->transport = soapc_intern(b, child->text[SOAPC_WTEXT_transport]);
        if (bark_text_equal(child->text[SOAPC_WTEXT_style], "rpc"))
            style = SOAPC_RPC;
    }
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_node *child = soapc_child_node(&node->children.items[i]);
        if (child && child->kind == SOAPC_WSDL_OPERATION && child->text[SOAPC_WTEXT_name].ptr)
            operation_bind(b, s, child, binding, style);
    }
}

void soapc_service_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node)
{
    struct soapc_model *m = b->model;
    struct soapc_service *service = SOAPC_NEW(b, struct soapc_service);
    service->name = (struct soapc_name){ s->target_ns, soapc_intern(b, node->text[SOAPC_WTEXT_name]) };
    service->place = soapc_node_place(s, node);
    if (!service->name.local ||
        !soapc_symbol_add(b, SOAPC_SPACE_SERVICE, service->name, service->place, service))
        return;
    struct soapc_service **slot = SOAPC_PUSH(b, m->services, m->service_count, m->service_cap);
    *slot = service;
    for (size_t i = 0; i < node->children.count; i++) {
        if (node->children.items[i].kind != SOAPC_WSDL_PORT)
            continue;
        const struct soapc_node *port = node->children.items[i].as.node;
        struct bark_qname binding = port->qname[SOAPC_WQNAME_binding];
        if (!port->text[SOAPC_WTEXT_name].ptr)
            continue;
        struct soapc_port *p = SOAPC_PUSH(b, service->ports, service->port_count, service->port_cap);
        *p = (struct soapc_port){ .name = soapc_intern(b, port->text[SOAPC_WTEXT_name]),
                                  .place = soapc_node_place(s, port) };
        if (!binding.local.ptr)
            soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, p->place,
                        "wsdl:port needs the attribute 'binding'");
        else
            p->binding =
                soapc_reference(b, s, port, "binding", SOAPC_SPACE_BINDING, soapc_qname(b, s, binding));
        for (size_t c = 0; c < port->children.count; c++)
            if (port->children.items[c].kind == SOAPC_WSDL_SOAP_ADDRESS ||
                port->children.items[c].kind == SOAPC_WSDL_HTTP_ADDRESS)
                p->address = soapc_intern(b, port->children.items[c].as.node->text[SOAPC_WTEXT_location]);
    }
}
