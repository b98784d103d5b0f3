/* soap/fault_read.h - reads a Fault element that a peer sent.
 */
#ifndef BARK_SOAP_FAULT_READ_H
#define BARK_SOAP_FAULT_READ_H

#include "soap/envelope.h"

/* Reads the Fault element just started, up to and with its END. Texts are copied to the reader's arena. */
BARK_MUST_CHECK enum bark_code bark_soap_fault_read(struct bark_soap_envelope *e,
                                                    struct bark_soap_fault *fault);

#endif
