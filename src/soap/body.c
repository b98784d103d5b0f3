/* soap/body.c - the body's element: literal by the engine, encoded by whoever the image names.
 */
#include "engine/engine.h"
#include "soap/encoded.h"
#include "soap/header.h"

static const char unset_rule[] = "[SOAP11 5] the operation is encoded, and bark_image.encoding is not set";

enum bark_code bark_soap_body_read(struct bark_soap_envelope *e, uint16_t operation,
                                   const struct bark_xml_event *start, uint16_t type,
                                   const struct bark_decode_options *options, void **msg)
{
    if (!(bark_operation_flags(e->image, operation) & BARK_OPERATION_ENCODED))
        return bark_decode_element_with(&e->xml, e->image, start, type, options, msg);
    if (!e->image->encoding)
        return bark_xml_fail(&e->xml, BARK_ERR_USE, start->offset, unset_rule);
    return e->image->encoding->read(e, start, type, msg);
}

enum bark_code bark_soap_body_write(const struct bark_soap_blocks *b, uint16_t operation, uint16_t root,
                                    const void *msg, struct bark_out *out, struct bark_error *err)
{
    if (!(bark_operation_flags(b->image, operation) & BARK_OPERATION_ENCODED))
        return bark_encode_with(b->image, root, msg, b->encode, b->limits, b->arena, out, err);
    if (!b->image->encoding)
        return bark_fail(err, BARK_ERR_USE, 0, unset_rule);
    return b->image->encoding->write(b->image, root, b->dialect->version, msg, b->limits, b->arena, out, err);
}
