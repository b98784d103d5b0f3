/* soap/dialect.h - what differs between SOAP 1.1 and 1.2, as one row a version.
 *
 * The envelope's namespace decides which row a message is read and answered by [SOAP11 4.1.2, SOAP12-1
 * 5.1.1]. Code that would ask "is this 1.2?" looks here first.
 */
#ifndef BARK_SOAP_DIALECT_H
#define BARK_SOAP_DIALECT_H

#include "soapbark/soap.h"

enum { BARK_FAULT_CODES = BARK_FAULT_DATA_ENCODING_UNKNOWN + 1 };

struct bark_soap_dialect {
    enum bark_soap_version version;
    const char *ns; /* of Envelope, Header, Body, Fault and their attributes */
    const char *media_type;
    const char *content_type; /* of an answer */
    const char *role_attribute; /* "actor" in 1.1, "role" in 1.2 */
    const char *role_next;
    const char *role_ultimate; /* "" in 1.1, which has no name for it */
    const char *encoding_none; /* the encodingStyle value that says "literal"; "" in 1.1 [SOAP11 4.1.1] */
    const char *codes[BARK_FAULT_CODES]; /* local names of enum bark_fault_code */
    unsigned sender_status; /* HTTP status of a Sender fault; all others are 500 */
    bool boolean_words; /* mustUnderstand may also be "true" or "false" */
    bool open_trailer; /* elements of other namespaces may follow the Body */
};

/* The row of a version; SOAP 1.1's for any other number. Never NULL. */
const struct bark_soap_dialect *bark_soap_dialect(enum bark_soap_version version);

/* The row whose envelope namespace this is, or NULL. */
const struct bark_soap_dialect *bark_soap_dialect_of_ns(struct bark_slice uri);

/* The row whose own Content-Type this is, byte for byte, or NULL. */
const struct bark_soap_dialect *bark_soap_dialect_of_content_type(struct bark_slice content_type);

/* The row of a media type without parameters (any case), or NULL. */
const struct bark_soap_dialect *bark_soap_dialect_of_media(struct bark_slice media_type);

/* The HTTP status of a fault [SOAP11 6.2, SOAP12-2 7.5.2.2 table 20]. */
unsigned bark_soap_fault_status(const struct bark_soap_dialect *d, enum bark_fault_code code);

#endif
