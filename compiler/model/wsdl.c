/* model/wsdl.c - messages and port types: what a service says, whatever carries it [WSDL11 2.3, 2.4].
 */
#include "model/build.h"

static void part_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node,
                       struct soapc_wsdl_message *m)
{
    struct bark_qname element = node->qname[SOAPC_WQNAME_element], type = node->qname[SOAPC_WQNAME_type];
    struct soapc_part part = { .name = soapc_intern(b, node->text[SOAPC_WTEXT_name]),
                               .place = soapc_node_place(s, node) };
    if (!part.name)
        return;
    for (size_t i = 0; i < m->part_count; i++) {
        if (m->parts[i].name != part.name)
            continue;
        soapc_error(b->diag, SOAPC_E_DUPLICATE, part.place, "part '%s' is declared twice in message '%s'",
                    part.name, m->name.local);
        soapc_note(b->diag, m->parts[i].place, "the first one is here");
        return;
    }
    if (element.local.ptr && type.local.ptr)
        soapc_error(b->diag, SOAPC_E_EXCLUSIVE, part.place, "a part has an element or a type, not both");
    if (element.local.ptr)
        part.element =
            soapc_reference(b, s, node, "element", SOAPC_SPACE_ELEMENT, soapc_qname(b, s, element));
    else if (type.local.ptr)
        part.type = soapc_type_reference(b, s, node, "type", type, false);
    else
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, part.place,
                    "part '%s' needs an 'element' or a 'type'", part.name);
    if (!part.element && !part.type)
        part.type = b->model->types[SOAPC_BUILTIN_ANY_TYPE];
    struct soapc_part *slot = SOAPC_PUSH(b, m->parts, m->part_count, m->part_cap);
    *slot = part;
}

static void message_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node)
{
    struct soapc_model *model = b->model;
    struct soapc_wsdl_message *m = SOAPC_NEW(b, struct soapc_wsdl_message);
    m->name = (struct soapc_name){ s->target_ns, soapc_intern(b, node->text[SOAPC_WTEXT_name]) };
    m->place = soapc_node_place(s, node);
    if (!m->name.local || !soapc_symbol_add(b, SOAPC_SPACE_MESSAGE, m->name, m->place, m))
        return;
    struct soapc_wsdl_message **slot =
        SOAPC_PUSH(b, model->messages, model->message_count, model->message_cap);
    *slot = m;
    for (size_t i = 0; i < node->children.count; i++)
        if (node->children.items[i].kind == SOAPC_WSDL_PART)
            part_build(b, s, node->children.items[i].as.node, m);
}

/* ---- port types ---- */

/* wsam:Action, wsaw:Action, wsa:Action: by local name, whatever the year. */
static const char *action_find(struct soapc_builder *b, const struct soapc_node *node)
{
    for (size_t i = 0; i < node->foreign.count; i++)
        if (node->foreign.items[i].name.ns.len &&
            bark_text_equal(node->foreign.items[i].name.local, "Action"))
            return soapc_intern(b, node->foreign.items[i].value);
    return NULL;
}

static bool io_build(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node,
                     struct soapc_io *io)
{
    struct bark_qname message = node->qname[SOAPC_WQNAME_message];
    io->place = soapc_node_place(s, node);
    io->name = soapc_intern(b, node->text[SOAPC_WTEXT_name]);
    io->action = action_find(b, node);
    if (!message.local.ptr) {
        soapc_error(b->diag, SOAPC_E_MISSING_ATTRIBUTE, io->place, "%s needs the attribute 'message'",
                    soapc_kind_name((enum soapc_node_kind)node->kind));
        return false;
    }
    io->message = soapc_reference(b, s, node, "message", SOAPC_SPACE_MESSAGE, soapc_qname(b, s, message));
    return io->message != NULL;
}

/* [WSDL11 2.4.5] */
static void names_default(struct soapc_builder *b, struct soapc_operation *op)
{
    bool both = op->input.message && op->output.message;
    if (op->input.message && !op->input.name)
        op->input.name = soapc_pool_join(b->pool, op->name,
                                         !both              ? ""
                                         : op->notification ? "Solicit"
                                                            : "Request",
                                         "");
    if (op->output.message && !op->output.name)
        op->output.name = soapc_pool_join(b->pool, op->name, both ? "Response" : "", "");
}

static struct soapc_operation *operation_build(struct soapc_builder *b, const struct soapc_scope *s,
                                               const struct soapc_node *node)
{
    struct soapc_operation *op = SOAPC_NEW(b, struct soapc_operation);
    bool sound = true, input_seen = false;
    op->name = soapc_intern(b, node->text[SOAPC_WTEXT_name]);
    op->place = soapc_node_place(s, node);
    for (size_t i = 0; i < node->children.count; i++) {
        const struct soapc_node *child = soapc_child_node(&node->children.items[i]);
        if (!child)
            continue;
        if (child->kind == SOAPC_WSDL_INPUT) {
            sound = io_build(b, s, child, &op->input) && sound;
            input_seen = true;
        } else if (child->kind == SOAPC_WSDL_OUTPUT) {
            sound = io_build(b, s, child, &op->output) && sound;
            op->notification = !input_seen;
        } else if (child->kind == SOAPC_WSDL_FAULT) {
            struct soapc_io fault = { .name = NULL };
            if (io_build(b, s, child, &fault) && fault.name) {
                struct soapc_io *slot = SOAPC_PUSH(b, op->faults, op->fault_count, op->fault_cap);
                *slot = fault;
            }
        }
    }
    if (!op->input.message && !op->output.message && sound)
        soapc_error(b->diag, SOAPC_E_NO_MESSAGES, op->place, "operation '%s' has neither input nor output",
                    op->name ? op->name : "");
    if (!op->name || !sound || (!op->input.message && !op->output.message))
        return NULL;
    names_default(b, op);
    return op;
}

static void port_type_build(struct soapc_builder *b, const struct soapc_scope *s,
                            const struct soapc_node *node)
{
    struct soapc_model *model = b->model;
    struct soapc_port_type *p = SOAPC_NEW(b, struct soapc_port_type);
    p->name = (struct soapc_name){ s->target_ns, soapc_intern(b, node->text[SOAPC_WTEXT_name]) };
    p->place = soapc_node_place(s, node);
    if (!p->name.local || !soapc_symbol_add(b, SOAPC_SPACE_PORT_TYPE, p->name, p->place, p))
        return;
    struct soapc_port_type **slot =
        SOAPC_PUSH(b, model->port_types, model->port_type_count, model->port_type_cap);
    *slot = p;
    for (size_t i = 0; i < node->children.count; i++) {
        if (node->children.items[i].kind != SOAPC_WSDL_OPERATION)
            continue;
        struct soapc_operation *op = operation_build(b, s, node->children.items[i].as.node);
        if (!op)
            continue;
        struct soapc_operation **place = SOAPC_PUSH(b, p->operations, p->count, p->cap);
        *place = op;
    }
}

/* ---- all documents, stage by stage: a later stage refers to an earlier one, in whatever file ---- */

typedef void stage(struct soapc_builder *b, const struct soapc_scope *s, const struct soapc_node *node);

static void stage_run(struct soapc_builder *b, const struct soapc_scope *scopes, enum soapc_node_kind kind,
                      stage *run)
{
    for (size_t d = 0; d < b->docs->count; d++) {
        const struct soapc_node *root = b->docs->items[d].root;
        if (!root || root->kind != SOAPC_WSDL_DEFINITIONS)
            continue;
        for (size_t i = 0; i < root->children.count; i++)
            if (root->children.items[i].kind == kind)
                run(b, &scopes[d], root->children.items[i].as.node);
    }
}

static bool is_http(const struct soapc_node *binding)
{
    return soapc_io_find(binding, SOAPC_WSDL_HTTP_BINDING) != NULL;
}

static void soap_binding_stage(struct soapc_builder *b, const struct soapc_scope *s,
                               const struct soapc_node *node)
{
    if (!is_http(node))
        soapc_binding_build(b, s, node);
}

/* After those of SOAP, whose structs they share where they can. */
static void http_binding_stage(struct soapc_builder *b, const struct soapc_scope *s,
                               const struct soapc_node *node)
{
    if (is_http(node))
        soapc_binding_build(b, s, node);
}

void soapc_services_build(struct soapc_builder *b)
{
    struct soapc_scope *scopes = soapc_pool_alloc(b->pool, (b->docs->count + 1) * sizeof *scopes);
    for (size_t d = 0; d < b->docs->count; d++) {
        const struct soapc_node *root = b->docs->items[d].root;
        scopes[d] = (struct soapc_scope){ .doc = &b->docs->items[d], .target_ns = b->empty };
        if (!root || root->kind != SOAPC_WSDL_DEFINITIONS)
            continue;
        b->model->has_wsdl = true;
        if (root->text[SOAPC_WTEXT_targetNamespace].len)
            scopes[d].target_ns = soapc_intern(b, root->text[SOAPC_WTEXT_targetNamespace]);
    }
    b->wrapper_first = b->model->element_count;
    stage_run(b, scopes, SOAPC_WSDL_MESSAGE, message_build);
    stage_run(b, scopes, SOAPC_WSDL_PORT_TYPE, port_type_build);
    stage_run(b, scopes, SOAPC_WSDL_BINDING, soap_binding_stage);
    stage_run(b, scopes, SOAPC_WSDL_BINDING, http_binding_stage);
    stage_run(b, scopes, SOAPC_WSDL_SERVICE, soapc_service_build);
}
