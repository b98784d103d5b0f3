/* soap/fault.h - a fault as a whole envelope, in the words of either version.
 */
#ifndef BARK_SOAP_FAULT_H
#define BARK_SOAP_FAULT_H

#include "soap/header.h"

struct bark_soap_fault_message {
    const struct bark_soap_dialect *dialect;
    const struct bark_fault *fault;
    const struct bark_soap_envelope *request; /* what was not understood; NULL when no envelope was read */
    const struct bark_image *image; /* for a typed detail */
    const struct bark_soap_layer *layer; /* may add headers; NULL: none */
    const struct bark_limits *limits;
    struct bark_arena *arena; /* for a typed detail */
};

/* Writes the envelope. Errors: what bark_encode() says of a typed detail, BARK_ERR_LIMIT when out refuses;
 * what was written is then to be thrown away. */
BARK_MUST_CHECK enum bark_code bark_soap_fault_write(const struct bark_soap_fault_message *m,
                                                     struct bark_out *out, struct bark_error *err);

/* The fault for when nothing else can be said: a Receiver fault from constants only. */
void bark_soap_fault_minimal(const struct bark_soap_dialect *d, struct bark_out *out);

/* <s:Envelope>, a Header when there is something for it, <s:Body>; and their ends. layer may be NULL, and so
 * may request then. */
BARK_MUST_CHECK enum bark_code bark_soap_envelope_begin(const struct bark_soap_blocks *b,
                                                        const struct bark_soap_layer *layer,
                                                        const struct bark_soap_envelope *request,
                                                        struct bark_out *out, struct bark_error *err);
void bark_soap_body_begin(const struct bark_soap_dialect *d, struct bark_out *out);
void bark_soap_body_end(struct bark_out *out);

#endif
