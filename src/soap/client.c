/* soap/client.c - the other side of the wire: writes requests, reads answers and faults.
 */
#include "soap/dispatch.h"
#include "soap/fault.h"
#include "soap/fault_read.h"

#include "base/slice.h"
#include "engine/engine.h"

enum bark_code bark_soap_request_write_headers(const struct bark_image *image, uint16_t operation,
                                               enum bark_soap_version version, const void *headers,
                                               const void *in, const struct bark_limits *limits,
                                               struct bark_arena *arena, struct bark_out *out,
                                               struct bark_error *err)
{
    return bark_soap_request_write_with(image, operation, version, NULL, headers, in, limits, arena, out,
                                        err);
}

enum bark_code bark_soap_request_write_with(const struct bark_image *image, uint16_t operation,
                                            enum bark_soap_version version,
                                            const struct bark_encode_options *options, const void *headers,
                                            const void *in, const struct bark_limits *limits,
                                            struct bark_arena *arena, struct bark_out *out,
                                            struct bark_error *err)
{
    const struct bark_header_roots h = bark_image_headers(image, operation);
    const struct bark_soap_blocks blocks = { .image = image,
                                             .dialect = bark_soap_dialect(version),
                                             .roots = h.input,
                                             .count = h.input_count,
                                             .headers = headers,
                                             .encode = options,
                                             .limits = limits,
                                             .arena = arena };
    uint16_t root = image->operations[operation].input;
    if ((root == BARK_NONE) != (in == NULL))
        return bark_fail(err, BARK_ERR_USE, 0,
                         "an operation with an input needs its struct, one without has none");
    if (headers && h.input_count == 0)
        return bark_fail(err, BARK_ERR_USE, 0, "[WSDL11 3.7] the operation declares no headers");
    enum bark_code code = bark_soap_envelope_begin(&blocks, NULL, NULL, out, err);
    if (!code && root != BARK_NONE)
        code = bark_soap_body_write(&blocks, operation, root, in, out, err);
    bark_soap_body_end(out);
    if (!code && !bark_out_ok(out))
        code = bark_fail(err, BARK_ERR_LIMIT, 0, "the request does not fit its buffer");
    return code;
}

enum bark_code bark_soap_request_write(const struct bark_image *image, uint16_t operation,
                                       enum bark_soap_version version, const void *in,
                                       const struct bark_limits *limits, struct bark_arena *arena,
                                       struct bark_out *out, struct bark_error *err)
{
    return bark_soap_request_write_headers(image, operation, version, NULL, in, limits, arena, out, err);
}

static enum bark_code answer_refuse(struct bark_soap_envelope *e, const struct bark_xml_event *start,
                                    struct bark_error *err, const char *rule)
{
    enum bark_code code = bark_xml_fail(&e->xml, BARK_ERR_UNEXPECTED, start->offset, rule);
    if (start->kind == BARK_XML_START)
        bark_soap_name_report(err, start->name.uri, start->name.local);
    return code;
}

static bool element_is_root(const struct bark_image *image, uint16_t root, const struct bark_xml_name *name)
{
    return name->ns == bark_root_ns(image, root) && bark_root_is(image, root, name->local);
}

static enum bark_code answer_read(struct bark_soap_envelope *e, const struct bark_image *image,
                                  uint16_t operation, const struct bark_decode_options *options, void **out,
                                  struct bark_soap_fault *fault, struct bark_error *err)
{
    uint16_t root = bark_operation_output(image, operation);
    struct bark_xml_event start;
    bool empty = false, is_fault = false;
    enum bark_code code = bark_soap_envelope_body(e, &start, &empty);
    if (code)
        return code;
    if (empty) {
        if (root != BARK_NONE)
            return answer_refuse(e, &start, err, "[WSDL11 3.5] the answer's Body is empty");
    } else if (bark_slice_is(start.name.uri, e->dialect->ns) && bark_slice_is(start.name.local, "Fault")) {
        is_fault = true;
        code = bark_soap_fault_read(e, fault);
    } else if (root == BARK_NONE || !element_is_root(image, root, &start.name)) {
        return answer_refuse(e, &start, err,
                             "[WSDL11 3.5] the answer holds another element than the operation's");
    } else {
        code = bark_soap_body_read(e, operation, &start, bark_root_type(image, root), options, out);
    }
    if (!code)
        code = bark_soap_envelope_end(e);
    return !code && is_fault ? BARK_ERR_FAULT : code;
}

/* A fault's header may say more about it; an answer's go into the header struct. */
static enum bark_code answer_headers_take(struct bark_soap_envelope *e, uint16_t operation, bool is_fault,
                                          const void **headers, struct bark_soap_fault *fault)
{
    const struct bark_header_roots h = bark_image_headers(e->image, operation);
    void *own = NULL;
    if (!is_fault) {
        enum bark_code code = bark_soap_headers_settle(e, h.output, h.output_count, &own);
        *headers = own;
        return code;
    }
    for (const struct bark_soap_entry *entry = e->entries; entry; entry = entry->next)
        for (uint16_t i = 0; i < h.fault_count; i++)
            if (entry->root == h.faults[i]) {
                fault->header_root = entry->root;
                fault->header = entry->value;
            }
    return BARK_ERR_FAULT;
}

enum bark_code bark_soap_reply_read_headers(const struct bark_image *image, uint16_t operation,
                                            struct bark_slice body, const struct bark_limits *limits,
                                            struct bark_arena *arena, const void **headers, void **out,
                                            struct bark_soap_fault *fault, struct bark_error *err)
{
    return bark_soap_reply_read_with(image, operation, body, NULL, limits, arena, headers, out, fault, err);
}

static void unknown_begin(const struct bark_decode_options *options)
{
    if (options && options->unknown)
        *options->unknown = (struct bark_unknown){ .policy = options->unknown->policy };
}

enum bark_code bark_soap_reply_read_with(const struct bark_image *image, uint16_t operation,
                                         struct bark_slice body, const struct bark_decode_options *options,
                                         const struct bark_limits *limits, struct bark_arena *arena,
                                         const void **headers, void **out, struct bark_soap_fault *fault,
                                         struct bark_error *err)
{
    struct bark_soap_envelope *e = bark_arena_alloc(arena, 1, sizeof *e);
    struct bark_error own = { 0 };
    enum bark_code code;
    if (!err)
        err = &own;
    *headers = *out = NULL;
    *fault = (struct bark_soap_fault){ 0 };
    unknown_begin(options);
    if (!e)
        return bark_fail(err, BARK_ERR_MEMORY, 0, "the memory budget does not hold one answer");
    code = bark_soap_envelope_open(e, image, body, limits, arena, err);
    e->first_operation = operation;
    e->operation_count = 1;
    e->is_answer = true;
    if (!code)
        code = answer_read(e, image, operation, options, out, fault, err);
    if (!code || code == BARK_ERR_FAULT)
        code = answer_headers_take(e, operation, code == BARK_ERR_FAULT, headers, fault);
    if (code) {
        *headers = *out = NULL;
        unknown_begin(options);
    }
    if (code != BARK_ERR_FAULT)
        *fault = (struct bark_soap_fault){ 0 };
    return code;
}

enum bark_code bark_soap_reply_read(const struct bark_image *image, uint16_t operation,
                                    struct bark_slice body, const struct bark_limits *limits,
                                    struct bark_arena *arena, void **out, struct bark_soap_fault *fault,
                                    struct bark_error *err)
{
    const void *headers;
    return bark_soap_reply_read_headers(image, operation, body, limits, arena, &headers, out, fault, err);
}
