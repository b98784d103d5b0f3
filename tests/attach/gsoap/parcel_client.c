/* attach/gsoap/parcel_client.c - gSOAP as a client of parcel.wsdl: SOAP with attachments, named as the WSDL
 * names them, or not at all. wsdl2h leaves the parts out; they are set by hand.
 */
#include "Parcel.nsmap"
#include "soapH.h"

#include <stdio.h>
#include <string.h>

static void parts_print(struct soap *soap)
{
    struct soap_multipart *part;
    for (part = soap->mime.list; part; part = part->next)
        printf("part %s %s %u\n", part->id ? part->id : "-", part->type ? part->type : "-",
               (unsigned)part->size);
}

static int parcel_send(struct soap *soap, const char *url, const char *photo, const char *photo_type,
                       const char *list)
{
    struct ns1__SendResponse sent = { 0 };
    int code;
    soap_set_mime(soap, NULL, "<root@gsoap>");
    soap_set_mime_attachment(soap, "\0octets", 7, SOAP_MIME_BINARY, photo_type, photo, NULL, NULL);
    soap_set_mime_attachment(soap, "a,b", 3, SOAP_MIME_8BIT, "text/csv", list, NULL, NULL);
    code = soap_call_ns1__Send(soap, url, NULL, "n", &sent);
    if (code == SOAP_OK) {
        printf("bytes %lld\n", (long long)sent.Bytes);
        parts_print(soap);
    } else {
        printf("fault %s\n", soap_fault_string(soap) ? soap_fault_string(soap) : "?");
    }
    soap_clr_mime(soap);
    soap_end(soap);
    return code;
}

int main(int argc, char **argv)
{
    struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE);
    struct ns1__PlainResponse plain = { 0 };
    if (argc < 2)
        return 2;
    parcel_send(soap, argv[1], "<photo=1@gsoap>", "image/png", "<St%C3%BCckliste=2@gsoap>");
    parcel_send(soap, argv[1], NULL, "image/png", NULL);
    parcel_send(soap, argv[1], "<photo=1@gsoap>", "image/gif", "<St%C3%BCckliste=2@gsoap>");
    if (soap_call_ns1__Plain(soap, argv[1], NULL, "four", &plain) == SOAP_OK)
        printf("plain %lld\n", (long long)plain.Bytes);
    soap_destroy(soap);
    soap_end(soap);
    soap_free(soap);
    return 0;
}
