/* call_fault.h - shows a fault to a person: what a peer says it was, on a terminal that the text must not
 * steer.
 */
#ifndef CLI_CALL_FAULT_H
#define CLI_CALL_FAULT_H

#include "soapbark/soap.h"

/* Code, subcodes, reason and detail, on standard error. */
void cli_fault_print(const struct bark_soap_fault *fault);

#endif
