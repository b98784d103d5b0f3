/* soap/encoded.h - SOAP encoding (section 5 of SOAP 1.1, part 2 of SOAP 1.2) around the literal engine.
 *
 * Linked only where bark_soap_encoding is named: servers and clients of literal services do not carry it.
 */
#ifndef BARK_SOAP_ENCODED_H
#define BARK_SOAP_ENCODED_H

#include "soap/envelope.h"

#define BARK_SOAP_XSI "http://www.w3.org/2001/XMLSchema-instance"

/* How bodies of rpc/encoded operations are read and written; see bark_service.encoding. */
struct bark_soap_encoding {
    /* Reads the Body's child just started and all that follows it, up to and with the Body's END. */
    enum bark_code (*read)(struct bark_soap_envelope *e, const struct bark_xml_event *start, uint16_t type,
                           void **msg);
    /* Writes the value of a root with xsi:type on each element and arrayType on arrays. */
    enum bark_code (*write)(const struct bark_image *image, uint16_t root, enum bark_soap_version version,
                            const void *msg, const struct bark_limits *limits, struct bark_arena *arena,
                            struct bark_out *out, struct bark_error *err);
};

/* The namespace of the encoding, which also names it in encodingStyle. */
static inline const char *bark_soap_encoding_ns(enum bark_soap_version version)
{
    return version == BARK_SOAP_11 ? "http://schemas.xmlsoap.org/soap/encoding/"
                                   : "http://www.w3.org/2003/05/soap-encoding";
}

BARK_MUST_CHECK enum bark_code bark_soap_encoded_read(struct bark_soap_envelope *e,
                                                      const struct bark_xml_event *start, uint16_t type,
                                                      void **msg);
BARK_MUST_CHECK enum bark_code bark_soap_encoded_write(const struct bark_image *image, uint16_t root,
                                                       enum bark_soap_version version, const void *msg,
                                                       const struct bark_limits *limits,
                                                       struct bark_arena *arena, struct bark_out *out,
                                                       struct bark_error *err);

#endif
