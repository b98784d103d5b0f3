/* soap/dialect.c - the two rows, and how to find one. */
#include "soap/dialect.h"

#include "base/slice.h"

#include <string.h>

static const struct bark_soap_dialect dialects[] = {
    {
        .version = BARK_SOAP_11,
        .ns = "http://schemas.xmlsoap.org/soap/envelope/",
        .media_type = "text/xml",
        .content_type = "text/xml; charset=utf-8",
        .role_attribute = "actor",
        .role_next = "http://schemas.xmlsoap.org/soap/actor/next",
        .role_ultimate = "",
        .encoding_none = "",
        /* [SOAP11 4.4.1] 1.1 has no code for an unknown encoding: the sender's message is at fault. */
        .codes = { "Client", "Server", "VersionMismatch", "MustUnderstand", "Client" },
        .sender_status = 500,
        .boolean_words = false,
        .open_trailer = true,
    },
    {
        .version = BARK_SOAP_12,
        .ns = "http://www.w3.org/2003/05/soap-envelope",
        .media_type = "application/soap+xml",
        .content_type = "application/soap+xml; charset=utf-8",
        .role_attribute = "role",
        .role_next = "http://www.w3.org/2003/05/soap-envelope/role/next",
        .role_ultimate = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
        .encoding_none = "http://www.w3.org/2003/05/soap-envelope/encoding/none",
        .codes = { "Sender", "Receiver", "VersionMismatch", "MustUnderstand", "DataEncodingUnknown" },
        .sender_status = 400,
        .boolean_words = true,
        .open_trailer = false,
    },
};
enum { DIALECTS = sizeof dialects / sizeof *dialects };

const struct bark_soap_dialect *bark_soap_dialect(enum bark_soap_version version)
{
    return version == BARK_SOAP_12 ? &dialects[1] : &dialects[0];
}

const struct bark_soap_dialect *bark_soap_dialect_of_ns(struct bark_slice uri)
{
    for (size_t i = 0; i < DIALECTS; i++)
        if (bark_slice_is(uri, dialects[i].ns))
            return &dialects[i];
    return NULL;
}

const struct bark_soap_dialect *bark_soap_dialect_of_content_type(struct bark_slice content_type)
{
    for (size_t i = 0; i < DIALECTS; i++)
        if (bark_slice_is(content_type, dialects[i].content_type))
            return &dialects[i];
    return NULL;
}

const struct bark_soap_dialect *bark_soap_dialect_of_media(struct bark_slice media_type)
{
    for (size_t i = 0; i < DIALECTS; i++)
        if (bark_slice_reads(media_type, dialects[i].media_type))
            return &dialects[i];
    return NULL;
}

unsigned bark_soap_fault_status(const struct bark_soap_dialect *d, enum bark_fault_code code)
{
    return code == BARK_FAULT_SENDER ? d->sender_status : 500;
}
